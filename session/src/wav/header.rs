//! The header of a RIFF/WAVE file (Multimedia Programming Interface and Data Specifications 1.0,
//! and `WAVEFORMATEXTENSIBLE`), read without believing it.

use super::{Encoding, WavFormat};
use crate::error::{Error, Result};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// More chunks than any recorder writes; a file of empty chunks ends here.
const MOST_CHUNKS: usize = 4096;

const FORMAT_PCM: u16 = 1;
const FORMAT_FLOAT: u16 = 3;
const FORMAT_EXTENSIBLE: u16 = 0xFFFE;
/// The rest of a sub-format GUID whose first two bytes are a format tag.
const GUID_TAIL: [u8; 14] =
    [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

/// A header that has been read and checked against the file's length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) format: WavFormat,
    /// Where the audio begins, in bytes.
    pub(super) data_start: u64,
    /// Samples per channel.
    pub(super) frames: u64,
}

/// Reads the header of `file`, which is `file_bytes` long.
///
/// # Errors
/// A sentence about whatever is wrong with it.
pub(super) fn read<F: Read + Seek>(file: &mut F, file_bytes: u64, path: &Path) -> Result<Header> {
    let bad = |reason: &str| Error::BadWav { path: path.to_owned(), reason: reason.to_owned() };
    let io = |e: io::Error| {
        if e.kind() == io::ErrorKind::UnexpectedEof {
            bad("its header is cut short")
        } else {
            Error::read(path, e)
        }
    };

    if file_bytes == 0 {
        return Err(bad("the file is empty"));
    }
    let mut riff = [0; 12];
    file.read_exact(&mut riff).map_err(io)?;
    match &riff[..4] {
        b"RIFF" => {}
        b"RF64" | b"BW64" => return Err(bad("it is RF64, which this version does not read")),
        b"FORM" => return Err(bad("it is AIFF, which this version does not read")),
        _ => return Err(bad("it does not begin with RIFF")),
    }
    if &riff[8..] != b"WAVE" {
        return Err(bad("it is RIFF, but not WAVE"));
    }

    let mut format = None;
    let mut position = 12u64;
    for _ in 0..MOST_CHUNKS {
        if position + 8 > file_bytes {
            return Err(bad(if format.is_some() {
                "it has no data chunk"
            } else {
                "it has no format chunk"
            }));
        }
        let mut chunk = [0; 8];
        file.read_exact(&mut chunk).map_err(io)?;
        position += 8;
        let bytes = u64::from(u32_at(&chunk, 4));
        match &chunk[..4] {
            b"fmt " => {
                if !(16..=4096).contains(&bytes) {
                    return Err(bad("its format chunk has an impossible size"));
                }
                let mut body = [0; 40];
                let body = &mut body[..bytes.min(40) as usize];
                file.read_exact(body).map_err(io)?;
                format = Some(parse_format(body, path)?);
            }
            b"data" => {
                let format = format.ok_or_else(|| bad("its data comes before its format"))?;
                return measure(format, position, bytes, file_bytes, path);
            }
            _ => {}
        }
        // Chunks are padded to an even length.
        position += bytes + (bytes & 1);
        file.seek(SeekFrom::Start(position)).map_err(io)?;
    }
    Err(bad("it has thousands of chunks and no audio"))
}

/// The header once the audio is found: how many frames are promised, and are they there?
fn measure(
    format: WavFormat,
    data_start: u64,
    promised_bytes: u64,
    file_bytes: u64,
    path: &Path,
) -> Result<Header> {
    let found_bytes = file_bytes.saturating_sub(data_start);
    if promised_bytes > found_bytes {
        return Err(Error::Truncated { path: path.to_owned(), promised_bytes, found_bytes });
    }
    let frame_bytes = format.encoding.bytes() as u64 * u64::from(format.channels);
    if !promised_bytes.is_multiple_of(frame_bytes) {
        return Err(Error::BadWav {
            path: path.to_owned(),
            reason: "its audio does not end with a whole sample".to_owned(),
        });
    }
    let frames = promised_bytes / frame_bytes;
    if frames == 0 {
        // A recorder that was killed leaves a size of 0 and the audio behind it.
        return Err(if found_bytes > frame_bytes {
            Error::BadWav {
                path: path.to_owned(),
                reason: "its header was never finished".to_owned(),
            }
        } else {
            Error::EmptyWav(path.to_owned())
        });
    }
    Ok(Header { format, data_start, frames })
}

/// The format chunk's body, 16 to 40 bytes of it.
fn parse_format(body: &[u8], path: &Path) -> Result<WavFormat> {
    let bad = |reason: String| Error::BadWav { path: path.to_owned(), reason };
    let mut tag = u16_at(body, 0);
    let channels = u16_at(body, 2);
    let sample_rate_hz = u32_at(body, 4);
    let block_align = u16_at(body, 12);
    let bits = u16_at(body, 14);

    if tag == FORMAT_EXTENSIBLE {
        if body.len() < 40 || body[26..40] != GUID_TAIL {
            return Err(bad("its extended format is unknown".to_owned()));
        }
        tag = u16_at(body, 24);
    }
    if channels == 0 {
        return Err(bad("it claims to have no channels".to_owned()));
    }
    if channels > 2 {
        return Err(Error::TooManyChannels { path: path.to_owned(), channels });
    }
    if !(8_000..=384_000).contains(&sample_rate_hz) {
        return Err(bad(format!(
            "its sample rate of {sample_rate_hz} Hz is not within 8 to 384 kHz"
        )));
    }
    // 20 bits live in 24: what counts is the container.
    let encoding = match (tag, bits.div_ceil(8)) {
        (FORMAT_PCM, 1) => Encoding::Uint8,
        (FORMAT_PCM, 2) => Encoding::Int16,
        (FORMAT_PCM, 3) => Encoding::Int24,
        (FORMAT_PCM, 4) => Encoding::Int32,
        (FORMAT_FLOAT, 4) => Encoding::Float32,
        (FORMAT_FLOAT, 8) => Encoding::Float64,
        _ => {
            return Err(bad(format!(
                "its encoding (format {tag}, {bits} bits) is not PCM or float"
            )));
        }
    };
    if usize::from(block_align) != encoding.bytes() * usize::from(channels) {
        return Err(bad("its channels and bytes per sample contradict each other".to_owned()));
    }
    Ok(WavFormat { channels, sample_rate_hz, encoding })
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
