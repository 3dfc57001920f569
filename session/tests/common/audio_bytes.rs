//! Audio files put together by hand, byte for byte from their specifications.

/// A file's name, its bytes, and whether its numbers are big-endian.
pub struct Fixture {
    /// What it is.
    pub name: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// AIFF, not RIFF.
    pub big_endian: bool,
}

/// A chunk with its header and padding.
pub fn chunk(id: &[u8], big_endian: bool, body: &[u8]) -> Vec<u8> {
    let size = body.len() as u32;
    let size = if big_endian { size.to_be_bytes() } else { size.to_le_bytes() };
    let mut bytes = [id, &size, body].concat();
    if body.len() % 2 == 1 {
        bytes.push(0);
    }
    bytes
}

/// A RIFF/WAVE file of these chunks.
pub fn wave(chunks: &[Vec<u8>]) -> Vec<u8> {
    form(b"RIFF", *b"WAVE", false, chunks)
}

/// An AIFF file of these chunks.
pub fn aiff(chunks: &[Vec<u8>]) -> Vec<u8> {
    form(b"FORM", *b"AIFF", true, chunks)
}

/// An AIFF-C file of these chunks.
pub fn aifc(chunks: &[Vec<u8>]) -> Vec<u8> {
    form(b"FORM", *b"AIFC", true, chunks)
}

fn form(id: &[u8], kind: [u8; 4], big_endian: bool, chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(id, big_endian, &[kind.as_slice(), &chunks.concat()].concat())
}

/// A plain format chunk.
pub fn fmt(tag: u16, channels: u16, rate_hz: u32, bits: u16) -> Vec<u8> {
    chunk(b"fmt ", false, &fmt_body(tag, channels, rate_hz, bits))
}

fn fmt_body(tag: u16, channels: u16, rate_hz: u32, bits: u16) -> Vec<u8> {
    let align = channels * bits.div_ceil(8);
    let mut body = Vec::new();
    body.extend(tag.to_le_bytes());
    body.extend(channels.to_le_bytes());
    body.extend(rate_hz.to_le_bytes());
    body.extend((rate_hz * u32::from(align)).to_le_bytes());
    body.extend(align.to_le_bytes());
    body.extend(bits.to_le_bytes());
    body
}

/// A `WAVEFORMATEXTENSIBLE` chunk of stereo PCM.
pub fn fmt_extensible(rate_hz: u32, bits: u16, valid_bits: u16) -> Vec<u8> {
    let mut body = fmt_body(0xFFFE, 2, rate_hz, bits);
    body.extend(22u16.to_le_bytes());
    body.extend(valid_bits.to_le_bytes());
    body.extend(3u32.to_le_bytes());
    // KSDATAFORMAT_SUBTYPE_PCM
    body.extend([1, 0, 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
    chunk(b"fmt ", false, &body)
}

/// A data chunk.
pub fn data(audio: &[u8]) -> Vec<u8> {
    chunk(b"data", false, audio)
}

/// A broadcast extension chunk of version 1 (EBU Tech 3285).
pub fn bext(time_reference_samples: u64) -> Vec<u8> {
    let mut body = vec![0; 602];
    body[..5].copy_from_slice(b"A day");
    body[338..346].copy_from_slice(&time_reference_samples.to_le_bytes());
    body[346] = 1;
    chunk(b"bext", false, &body)
}

/// RF64 (EBU Tech 3306) of a format chunk, more chunks, and audio whose size stands in the ds64
/// chunk alone.
pub fn rf64(id: &[u8], before: &[Vec<u8>], audio: &[u8]) -> Vec<u8> {
    let mut data = data(audio);
    data[4..8].fill(0xFF);
    let mut bytes = wave(&[ds64(audio.len() as u64, &[]), before.concat(), data]);
    let riff_bytes = bytes.len() as u64 - 8;
    bytes[..4].copy_from_slice(id);
    bytes[4..8].fill(0xFF);
    bytes[20..28].copy_from_slice(&riff_bytes.to_le_bytes());
    bytes
}

/// A ds64 chunk with a table of other chunks' sizes.
pub fn ds64(data_bytes: u64, table: &[([u8; 4], u64)]) -> Vec<u8> {
    let mut body = vec![0; 8];
    body.extend(data_bytes.to_le_bytes());
    body.extend(0u64.to_le_bytes());
    body.extend((table.len() as u32).to_le_bytes());
    for (id, bytes) in table {
        body.extend(id);
        body.extend(bytes.to_le_bytes());
    }
    chunk(b"ds64", false, &body)
}

/// An AIFF file's common chunk; with a compression type, that of AIFF-C.
pub fn comm(
    channels: u16,
    frames: u32,
    bits: u16,
    rate: [u8; 10],
    compression: Option<&[u8; 4]>,
) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(channels.to_be_bytes());
    body.extend(frames.to_be_bytes());
    body.extend(bits.to_be_bytes());
    body.extend(rate);
    if let Some(compression) = compression {
        body.extend(compression);
        // A Pascal string of an even length in all.
        body.extend(b"\x05named");
    }
    chunk(b"COMM", true, &body)
}

/// A sound data chunk whose audio begins after an offset.
pub fn ssnd(offset: u32, audio: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    body.extend(offset.to_be_bytes());
    body.extend(0u32.to_be_bytes());
    body.extend(vec![0xAA; offset as usize]);
    body.extend(audio);
    chunk(b"SSND", true, &body)
}

/// 44.1 kHz as an 80-bit extended float, as it stands in every AIFF file off a CD.
pub const RATE_44100: [u8; 10] = [0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0];
/// 48 kHz.
pub const RATE_48000: [u8; 10] = [0x40, 0x0E, 0xBB, 0x80, 0, 0, 0, 0, 0, 0];
/// 8 kHz.
pub const RATE_8000: [u8; 10] = [0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0];
/// 384 kHz.
pub const RATE_384000: [u8; 10] = [0x40, 0x11, 0xBB, 0x80, 0, 0, 0, 0, 0, 0];

/// One valid file of every kind, short, with other chunks about.
pub fn every_kind() -> Vec<Fixture> {
    let audio: Vec<u8> = (0..96u8).collect();
    let floats: Vec<u8> = (0..24u8).flat_map(|i| (f32::from(i) / 24.0).to_le_bytes()).collect();
    let swapped: Vec<u8> = floats.chunks(4).flat_map(|bytes| bytes.iter().rev().copied()).collect();
    let list = || chunk(b"LIST", false, b"INFOodd");
    let text = || chunk(b"NAME", true, b"odd");
    let riff = |name, bytes| Fixture { name, bytes, big_endian: false };
    let iff = |name, bytes| Fixture { name, bytes, big_endian: true };
    vec![
        riff("WAV, 24 bits", wave(&[list(), fmt(1, 2, 48_000, 24), data(&audio)])),
        riff("WAV, 8 bits, mono", wave(&[fmt(1, 1, 8_000, 8), data(&audio[..95]), list()])),
        riff("WAV, 32-bit float", wave(&[fmt(3, 2, 96_000, 32), data(&floats)])),
        riff("WAV, extensible", wave(&[fmt_extensible(44_100, 24, 20), data(&audio)])),
        riff("BWF", wave(&[bext(7_000_000_000), fmt(1, 2, 48_000, 16), data(&audio)])),
        riff("BWF, bext last", wave(&[fmt(1, 1, 48_000, 16), data(&audio), bext(48_000)])),
        riff("RF64", rf64(b"RF64", &[bext(1), fmt(1, 2, 48_000, 24)], &audio)),
        riff("BW64", rf64(b"BW64", &[fmt(3, 1, 48_000, 32)], &floats)),
        iff(
            "AIFF, 16 bits",
            aiff(&[text(), comm(2, 24, 16, RATE_44100, None), ssnd(0, &audio), text()]),
        ),
        iff(
            "AIFF, 24 bits, mono, offset",
            aiff(&[ssnd(6, &audio), text(), comm(1, 32, 24, RATE_48000, None)]),
        ),
        iff("AIFF-C, sowt", aifc(&[comm(2, 24, 16, RATE_48000, Some(b"sowt")), ssnd(0, &audio)])),
        iff("AIFF-C, fl32", aifc(&[comm(1, 24, 32, RATE_48000, Some(b"fl32")), ssnd(0, &swapped)])),
    ]
}
