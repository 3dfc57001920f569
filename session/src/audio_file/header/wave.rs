//! RIFF/WAVE (Multimedia Programming Interface and Data Specifications 1.0, with
//! `WAVEFORMATEXTENSIBLE`), the Broadcast Wave extension (EBU Tech 3285), RF64 (EBU Tech 3306) and
//! BW64 (Recommendation ITU-R BS.2088).

use super::chunks::{Chunk, Chunks, part};
use super::{Header, bad, check_format, measure};
use crate::audio_file::{AudioFormat, Encoding};
use crate::error::Result;
use std::io::{Read, Seek};
use std::path::Path;

const FORMAT_PCM: u16 = 1;
const FORMAT_FLOAT: u16 = 3;
const FORMAT_EXTENSIBLE: u16 = 0xFFFE;
/// The rest of a sub-format GUID whose first two bytes are a format tag.
const GUID_TAIL: [u8; 14] =
    [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

/// Bytes of the plainest format chunk, and of an extensible one.
const PLAIN_FORMAT_BYTES: u64 = 16;
const EXTENSIBLE_FORMAT_BYTES: usize = 40;

/// A 32-bit size that says: the true one is in the ds64 chunk.
const SIZE_ELSEWHERE: u64 = 0xFFFF_FFFF;
/// Most entries of a ds64 chunk's table that are looked at. Written files have none: all chunks
/// but the audio are small.
const MOST_SIZES: u32 = 64;

/// Where the time reference stands in a bext chunk: behind five texts of 256, 32, 32, 10 and 8.
const TIME_REFERENCE_AT: u64 = 338;

/// Sizes beyond 4 GB.
#[derive(Debug, Clone, Copy)]
struct Ds64 {
    data_bytes: u64,
    /// Samples per channel; 0 where the writer did not count.
    frames: u64,
    /// Where the table of other chunks' sizes begins, and its entries.
    table_start: u64,
    table_len: u32,
}

/// Reads the chunks of a WAVE file, of which the first 12 bytes are behind.
pub(super) fn read<F: Read + Seek>(mut chunks: Chunks<'_, F>) -> Result<Header> {
    let path = chunks.path;
    let file_bytes = chunks.file_bytes;
    let mut format = None;
    let mut long = None;
    let mut time_reference_samples = None;
    let mut header = loop {
        let Some(mut chunk) = chunks.next(u32::from_le_bytes)? else {
            let missing = if format.is_some() { "data" } else { "format" };
            return Err(bad(path, format!("it has no {missing} chunk")));
        };
        if chunk.bytes == SIZE_ELSEWHERE {
            chunk.bytes = long_size(&mut chunks, chunk, long)?;
            chunks.end(chunk, chunk.bytes);
        }
        match &chunk.id {
            b"ds64" => long = Some(read_ds64(&mut chunks, chunk)?),
            b"bext" => time_reference_samples = read_time_reference(&mut chunks, chunk)?,
            b"fmt " => format = Some(read_format(&mut chunks, chunk)?),
            b"data" => {
                let format = format.ok_or_else(|| bad(path, "its data comes before its format"))?;
                let bytes = without_padding(chunk.bytes, format, long);
                let frames = measure(path, format, chunk.start, bytes, file_bytes)?;
                break Header {
                    format,
                    big_endian: false,
                    data_start: chunk.start,
                    frames,
                    time_reference_samples,
                };
            }
            _ => {}
        }
    };
    // Some write the broadcast extension behind the audio. Whatever else is wrong there, the
    // audio is not.
    while header.time_reference_samples.is_none()
        && let Ok(Some(chunk)) = chunks.next(u32::from_le_bytes)
    {
        if &chunk.id == b"bext" {
            header.time_reference_samples = read_time_reference(&mut chunks, chunk).unwrap_or(None);
            break;
        }
    }
    Ok(header)
}

/// The true size of a chunk that refers to the ds64 chunk.
fn long_size<F: Read + Seek>(
    chunks: &mut Chunks<'_, F>,
    chunk: Chunk,
    long: Option<Ds64>,
) -> Result<u64> {
    // A program that wrote into a pipe could not come back to fill in the size.
    let long = long.ok_or_else(|| bad(chunks.path, "its header was never finished"))?;
    if &chunk.id == b"data" {
        return Ok(long.data_bytes);
    }
    chunks.go_to(long.table_start)?;
    for _ in 0..long.table_len.min(MOST_SIZES) {
        let entry: [u8; 12] = chunks.bytes()?;
        if part::<4>(&entry, 0) == chunk.id {
            return Ok(u64::from_le_bytes(part(&entry, 4)));
        }
    }
    let id = chunk.id.escape_ascii();
    Err(bad(chunks.path, format!("its ds64 chunk does not give the size of its '{id}' chunk")))
}

/// The length of the audio without the byte that pads it to an even one, which ffmpeg counts in
/// where it writes RF64. The number of frames gives it away.
fn without_padding(bytes: u64, format: AudioFormat, long: Option<Ds64>) -> u64 {
    let frame_bytes = format.encoding.bytes() as u64 * u64::from(format.channels);
    match long.and_then(|long| long.frames.checked_mul(frame_bytes)) {
        Some(audio_bytes) if audio_bytes % 2 == 1 && audio_bytes + 1 == bytes => audio_bytes,
        _ => bytes,
    }
}

fn read_ds64<F: Read + Seek>(chunks: &mut Chunks<'_, F>, chunk: Chunk) -> Result<Ds64> {
    // The file's size, the audio's, the number of frames, and how many entries the table has.
    let body: [u8; 28] = chunks.bytes()?;
    Ok(Ds64 {
        data_bytes: u64::from_le_bytes(part(&body, 8)),
        frames: u64::from_le_bytes(part(&body, 16)),
        table_start: chunk.start + body.len() as u64,
        table_len: u32::from_le_bytes(part(&body, 24)),
    })
}

/// The time reference of a bext chunk, if the chunk is long enough to have one.
fn read_time_reference<F: Read + Seek>(
    chunks: &mut Chunks<'_, F>,
    chunk: Chunk,
) -> Result<Option<u64>> {
    if chunk.bytes < TIME_REFERENCE_AT + 8 {
        return Ok(None);
    }
    let at = chunk.start + TIME_REFERENCE_AT;
    if at + 8 > chunks.file_bytes {
        return Ok(None);
    }
    chunks.go_to(at)?;
    Ok(Some(u64::from_le_bytes(chunks.bytes()?)))
}

fn read_format<F: Read + Seek>(chunks: &mut Chunks<'_, F>, chunk: Chunk) -> Result<AudioFormat> {
    if !(PLAIN_FORMAT_BYTES..=4096).contains(&chunk.bytes) {
        return Err(bad(chunks.path, "its format chunk has an impossible size"));
    }
    let plain: [u8; PLAIN_FORMAT_BYTES as usize] = chunks.bytes()?;
    let mut body = [0; EXTENSIBLE_FORMAT_BYTES];
    body[..plain.len()].copy_from_slice(&plain);
    let extensible = chunk.bytes >= EXTENSIBLE_FORMAT_BYTES as u64;
    if extensible {
        body[plain.len()..].copy_from_slice(&chunks.bytes::<24>()?);
    }
    parse_format(&body, extensible, chunks.path)
}

/// The body of a format chunk; from its 17th byte on only where it is extensible.
fn parse_format(
    body: &[u8; EXTENSIBLE_FORMAT_BYTES],
    extensible: bool,
    path: &Path,
) -> Result<AudioFormat> {
    let u16_at = |at| u16::from_le_bytes(part(body, at));
    let mut tag = u16_at(0);
    let channels = u16_at(2);
    let sample_rate_hz = u32::from_le_bytes(part(body, 4));
    let block_align = u16_at(12);
    let bits = u16_at(14);
    let mut stated_bits = bits;
    if tag == FORMAT_EXTENSIBLE {
        if !extensible || body[26..] != GUID_TAIL {
            return Err(bad(path, "its extended format is unknown"));
        }
        stated_bits = u16_at(18);
        tag = u16_at(24);
    }
    check_format(path, channels, sample_rate_hz)?;

    // 20 bits live in 24: what counts is the container.
    let encoding = match (tag, bits.div_ceil(8)) {
        (FORMAT_PCM, 1) => Encoding::Uint8,
        (FORMAT_PCM, 2) => Encoding::Int16,
        (FORMAT_PCM, 3) => Encoding::Int24,
        (FORMAT_PCM, 4) => Encoding::Int32,
        (FORMAT_FLOAT, 4) => Encoding::Float32,
        (FORMAT_FLOAT, 8) => Encoding::Float64,
        _ => {
            let name = tag_name(tag);
            let reason = format!("its encoding ({name}, {bits} bits) is not PCM or float");
            return Err(bad(path, reason));
        }
    };
    if usize::from(block_align) != encoding.bytes() * usize::from(channels) {
        return Err(bad(path, "its channels and bytes per sample contradict each other"));
    }
    let container_bits = 8 * encoding.bytes() as u16;
    let valid_bits = Some(stated_bits).filter(|bits| (1..container_bits).contains(bits));
    Ok(AudioFormat { channels, sample_rate_hz, encoding, valid_bits })
}

/// What the commoner format tags stand for (Microsoft's `mmreg.h`).
fn tag_name(tag: u16) -> String {
    let name = match tag {
        FORMAT_PCM => "PCM",
        FORMAT_FLOAT => "float",
        0x02 => "ADPCM",
        0x06 => "A-law",
        0x07 => "mu-law",
        0x11 => "IMA ADPCM",
        0x50 => "MPEG",
        0x55 => "MP3",
        _ => return format!("format {tag}"),
    };
    name.to_owned()
}
