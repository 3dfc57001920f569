//! The header of the WAV files we write: with a broadcast extension if asked for (EBU Tech 3285,
//! version 1), and as RF64 where the sizes need it (EBU Tech 3306).

use super::{Depth, WavOptions};

/// The body of a ds64 chunk without a table: three sizes of 8 bytes and the table's length.
const DS64_BYTES: usize = 28;
/// A 32-bit size that says: the true one is in the ds64 chunk.
const SIZE_ELSEWHERE: u32 = u32::MAX;
/// Up to here a file is RIFF: its size has to be below [`SIZE_ELSEWHERE`].
pub(super) const LONGEST_RIFF_BYTES: u64 = SIZE_ELSEWHERE as u64 - 1;

/// A bext chunk of version 1 without a coding history, and where its parts begin.
const BEXT_BYTES: usize = 602;
const ORIGINATOR_AT: usize = 256;
const DATE_AT: usize = 320;
const TIME_AT: usize = 330;
const TIME_REFERENCE_AT: usize = 338;
const VERSION_AT: usize = 346;

/// Everything before the audio of a file of so many frames. Its length depends on the options
/// alone. Above `longest_riff_bytes` it is RF64.
pub(super) fn wav_header(options: &WavOptions, frames: u64, longest_riff_bytes: u64) -> Vec<u8> {
    let float = options.depth == Depth::Float32;
    let channels = options.channels();
    let sample_bytes = options.depth.encoding().bytes() as u16;
    let frame_bytes = sample_bytes * channels;
    let data_bytes = frames * u64::from(frame_bytes);

    let mut header = Vec::with_capacity(1024);
    header.extend(b"RIFF\0\0\0\0WAVE");
    // What becomes the ds64 chunk, which has to come first.
    chunk(&mut header, *b"JUNK", &[0; DS64_BYTES]);
    if let Some(broadcast) = &options.broadcast {
        let mut body = [0; BEXT_BYTES];
        text(&mut body[ORIGINATOR_AT..][..32], "Stemwright");
        text(&mut body[DATE_AT..][..10], broadcast.date.as_deref().unwrap_or_default());
        text(&mut body[TIME_AT..][..8], broadcast.time.as_deref().unwrap_or_default());
        let time_reference = broadcast.time_reference_samples.to_le_bytes();
        body[TIME_REFERENCE_AT..][..8].copy_from_slice(&time_reference);
        body[VERSION_AT..][..2].copy_from_slice(&1u16.to_le_bytes());
        chunk(&mut header, *b"bext", &body);
    }
    let bytes_per_second = options.sample_rate_hz * u32::from(frame_bytes);
    let mut format = Vec::with_capacity(18);
    format.extend(if float { 3u16 } else { 1 }.to_le_bytes());
    format.extend(channels.to_le_bytes());
    format.extend(options.sample_rate_hz.to_le_bytes());
    format.extend(bytes_per_second.to_le_bytes());
    format.extend(frame_bytes.to_le_bytes());
    format.extend((8 * sample_bytes).to_le_bytes());
    if float {
        format.extend(0u16.to_le_bytes());
    }
    chunk(&mut header, *b"fmt ", &format);
    // Formats other than PCM owe the number of frames.
    let fact_at = header.len() + 8;
    if float {
        chunk(&mut header, *b"fact", &[0; 4]);
    }
    chunk(&mut header, *b"data", &[]);

    // Now that it is known how long all of it is: the sizes.
    let riff_bytes = header.len() as u64 - 8 + data_bytes + (data_bytes & 1);
    let long = riff_bytes > longest_riff_bytes;
    let size = |bytes: u64| if long { SIZE_ELSEWHERE } else { bytes as u32 }.to_le_bytes();
    let data_size_at = header.len() - 4;
    header[4..8].copy_from_slice(&size(riff_bytes));
    header[data_size_at..].copy_from_slice(&size(data_bytes));
    if float {
        header[fact_at..][..4].copy_from_slice(&size(frames));
    }
    if long {
        header[..4].copy_from_slice(b"RF64");
        header[12..16].copy_from_slice(b"ds64");
        header[20..28].copy_from_slice(&riff_bytes.to_le_bytes());
        header[28..36].copy_from_slice(&data_bytes.to_le_bytes());
        header[36..44].copy_from_slice(&frames.to_le_bytes());
    }
    header
}

/// Appends a chunk; all of ours are of an even length.
fn chunk(header: &mut Vec<u8>, id: [u8; 4], body: &[u8]) {
    header.extend(id);
    header.extend((body.len() as u32).to_le_bytes());
    header.extend(body);
}

/// Fills a field with as much of `text` as it holds, in ASCII.
fn text(field: &mut [u8], text: &str) {
    for (byte, letter) in field.iter_mut().zip(text.chars()) {
        *byte = if letter.is_ascii() { letter as u8 } else { b'?' };
    }
}
