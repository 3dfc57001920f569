//! The headers of audio files, read without believing them.

mod aiff;
mod chunks;
mod wave;

use super::AudioFormat;
use crate::error::{Error, Result};
use chunks::Chunks;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

/// Sample rates we read, in Hz.
const RATES_HZ: std::ops::RangeInclusive<u32> = 8_000..=384_000;

/// A header that has been read and checked against the file's length.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) format: AudioFormat,
    /// Samples are stored with their most significant byte first.
    pub(super) big_endian: bool,
    /// Where the audio begins, in bytes.
    pub(super) data_start: u64,
    /// Samples per channel.
    pub(super) frames: u64,
    /// Samples from midnight to the first one, if a broadcast extension says so.
    pub(super) time_reference_samples: Option<u64>,
}

/// Reads the header of `file`, which is `file_bytes` long and stands at its beginning.
///
/// # Errors
/// A sentence about whatever is wrong with it.
pub(super) fn read<F: Read + Seek>(
    file: &mut BufReader<F>,
    file_bytes: u64,
    path: &Path,
) -> Result<Header> {
    let bad = |reason: &str| Err(bad(path, reason));
    if file_bytes == 0 {
        return bad("the file is empty");
    }
    let mut chunks = Chunks::new(file, file_bytes, path);
    let form: [u8; 12] = chunks.bytes()?;
    let kind = &form[8..];
    match &form[..4] {
        b"RIFF" | b"RF64" | b"BW64" if kind == b"WAVE" => wave::read(chunks),
        b"RIFF" | b"RF64" | b"BW64" => bad("it is RIFF, but not WAVE"),
        b"FORM" if kind == b"AIFF" || kind == b"AIFC" => aiff::read(chunks, kind == b"AIFC"),
        b"FORM" => bad("it is an IFF file, but not AIFF"),
        b"RIFX" => bad("it is RIFX, which is not read"),
        b"riff" => bad("it is Wave64, which is not read"),
        b"caff" => bad("it is a Core Audio file, which is not read"),
        b"fLaC" => bad("it is FLAC, which is not read"),
        b"OggS" => bad("it is Ogg, which is not read"),
        [b'I', b'D', b'3', _] | [0xFF, 0xE0..=0xFF, ..] => bad("it is MP3, which is not read"),
        _ => bad("it begins with neither RIFF nor FORM"),
    }
}

fn bad(path: &Path, reason: impl Into<String>) -> Error {
    Error::BadAudioFile { path: path.to_owned(), reason: reason.into() }
}

/// The channels and the rate, as far as any kind of file has to have them right.
fn check_format(path: &Path, channels: u16, sample_rate_hz: u32) -> Result<()> {
    if channels == 0 {
        return Err(bad(path, "it claims to have no channels"));
    }
    if channels > 2 {
        return Err(Error::TooManyChannels { path: path.to_owned(), channels });
    }
    if !RATES_HZ.contains(&sample_rate_hz) {
        let reason = format!("its sample rate of {sample_rate_hz} Hz is not within 8 to 384 kHz");
        return Err(bad(path, reason));
    }
    Ok(())
}

/// The number of frames, once the audio is found: are the bytes it takes there?
fn measure(
    path: &Path,
    format: AudioFormat,
    data_start: u64,
    promised_bytes: u64,
    file_bytes: u64,
) -> Result<u64> {
    let found_bytes = file_bytes.saturating_sub(data_start);
    if promised_bytes > found_bytes {
        return Err(Error::Truncated { path: path.to_owned(), promised_bytes, found_bytes });
    }
    let frame_bytes = format.encoding.bytes() as u64 * u64::from(format.channels);
    if !promised_bytes.is_multiple_of(frame_bytes) {
        return Err(bad(path, "its audio does not end with a whole sample"));
    }
    let frames = promised_bytes / frame_bytes;
    if frames == 0 {
        // A recorder that was killed leaves a size of 0 and the audio behind it.
        return Err(if found_bytes > frame_bytes {
            bad(path, "its header was never finished")
        } else {
            Error::NoAudio(path.to_owned())
        });
    }
    Ok(frames)
}
