//! AIFF (Audio Interchange File Format, version 1.3) and AIFF-C (draft of 26 August 1991), with
//! the compression types that do not compress. All numbers are big-endian.

use super::chunks::{Chunk, Chunks, part};
use super::{Header, bad, check_format, measure};
use crate::audio_file::{AudioFormat, Encoding};
use crate::error::{Error, Result};
use std::io::{Read, Seek};
use std::path::Path;

/// Bytes of an AIFF file's common chunk, and of an AIFF-C file's up to the name of its type.
const COMMON_BYTES: u64 = 18;
const COMMON_BYTES_C: u64 = 22;

/// What the common chunk says.
#[derive(Debug, Clone, Copy)]
struct Common {
    format: AudioFormat,
    big_endian: bool,
    frames: u64,
}

/// Reads the chunks of an AIFF file, of which the first 12 bytes are behind; `compressible` if it
/// is AIFF-C.
pub(super) fn read<F: Read + Seek>(
    mut chunks: Chunks<'_, F>,
    compressible: bool,
) -> Result<Header> {
    let path = chunks.path;
    let file_bytes = chunks.file_bytes;
    // Chunks come in any order.
    let mut common: Option<Common> = None;
    let mut sound: Option<Chunk> = None;
    let (common, sound) = loop {
        if let (Some(common), Some(sound)) = (common, sound) {
            break (common, sound);
        }
        let Some(chunk) = chunks.next(u32::from_be_bytes)? else {
            return Err(match common {
                None => bad(path, "it has no common chunk"),
                // A file without audio need not have the chunk.
                Some(Common { frames: 0, .. }) => Error::NoAudio(path.to_owned()),
                Some(_) => bad(path, "it has no sound data chunk"),
            });
        };
        match &chunk.id {
            b"COMM" => common = Some(read_common(&mut chunks, chunk, compressible)?),
            b"SSND" => sound = Some(chunk),
            _ => {}
        }
    };
    let Common { format, big_endian, .. } = common;

    // An offset into blocks, and the blocks' length, stand before the audio.
    if sound.start + 8 > file_bytes {
        return Err(bad(path, "its header is cut short"));
    }
    chunks.go_to(sound.start)?;
    let offset = u64::from(u32::from_be_bytes(chunks.bytes()?));
    let data_start = sound.start + 8 + offset;
    let promised_bytes =
        common.frames * u64::from(format.channels) * format.encoding.bytes() as u64;
    let frames = measure(path, format, data_start, promised_bytes, file_bytes)?;
    if 8 + offset + promised_bytes > sound.bytes {
        return Err(bad(path, "its common chunk promises more audio than its sound data chunk"));
    }
    Ok(Header { format, big_endian, data_start, frames, time_reference_samples: None })
}

fn read_common<F: Read + Seek>(
    chunks: &mut Chunks<'_, F>,
    chunk: Chunk,
    compressible: bool,
) -> Result<Common> {
    let path = chunks.path;
    let least_bytes = if compressible { COMMON_BYTES_C } else { COMMON_BYTES };
    if !(least_bytes..=4096).contains(&chunk.bytes) {
        return Err(bad(path, "its common chunk has an impossible size"));
    }
    let body: [u8; COMMON_BYTES as usize] = chunks.bytes()?;
    let compression = if compressible { chunks.bytes()? } else { *b"NONE" };

    let channels = u16::from_be_bytes(part(&body, 0));
    let frames = u64::from(u32::from_be_bytes(part(&body, 2)));
    let bits = u16::from_be_bytes(part(&body, 6));
    let rate_hz = extended(part(&body, 8));
    let sample_rate_hz = rate_hz.round() as u32;
    if (rate_hz - f64::from(sample_rate_hz)).abs() > 1e-3 && rate_hz < f64::from(u32::MAX) {
        return Err(bad(path, format!("its sample rate of {rate_hz} Hz is no whole number")));
    }
    check_format(path, channels, sample_rate_hz)?;
    let (encoding, big_endian) = encoding(path, compression, bits)?;
    let container_bits = 8 * encoding.bytes() as u16;
    // The types that name a size have the number of bits beside it, which many get wrong.
    let states_bits = matches!(&compression, b"NONE" | b"twos" | b"sowt");
    let valid_bits = Some(bits).filter(|&bits| states_bits && bits < container_bits);
    let format = AudioFormat { channels, sample_rate_hz, encoding, valid_bits };
    Ok(Common { format, big_endian, frames })
}

/// How samples of a compression type are stored, and whether big-endian.
fn encoding(path: &Path, compression: [u8; 4], bits: u16) -> Result<(Encoding, bool)> {
    let encoding = match &compression {
        b"NONE" | b"twos" | b"sowt" => Encoding::signed(bits.div_ceil(8)),
        b"raw " if bits == 8 => Some(Encoding::Uint8),
        b"raw " => None,
        b"in24" => Some(Encoding::Int24),
        b"in32" => Some(Encoding::Int32),
        b"fl32" | b"FL32" => Some(Encoding::Float32),
        b"fl64" | b"FL64" => Some(Encoding::Float64),
        _ => {
            let name = compression.escape_ascii();
            return Err(bad(path, format!("it is AIFF-C compressed with '{name}'")));
        }
    };
    let encoding = encoding
        .ok_or_else(|| bad(path, format!("its samples of {bits} bits are of no known kind")))?;
    Ok((encoding, &compression != b"sowt"))
}

/// An 80-bit extended float (IEEE 754, as the 68881 has it): a sign, 15 bits of exponent and 64 of
/// mantissa with its leading 1. Nonsense gives a number that is no sample rate.
fn extended([sign_and_exponent @ .., a, b, c, d, e, f, g, h]: [u8; 10]) -> f64 {
    let [high, low]: [u8; 2] = sign_and_exponent;
    if high & 0x80 != 0 {
        return 0.0;
    }
    let exponent = i32::from(u16::from_be_bytes([high, low])) - 16_383 - 63;
    u64::from_be_bytes([a, b, c, d, e, f, g, h]) as f64 * f64::from(exponent).exp2()
}
