//! Audio files: WAV, BWF, RF64, BW64, AIFF and AIFF-C read, WAV, BWF and RF64 written, a block at a
//! time.
//!
//! Our own few hundred lines, because of what the session must promise and no crate does: a
//! header is never believed further than the file reaches, nothing is allocated by what it
//! claims, every refusal says what is wrong, and reading never holds more than a block. The tests
//! hold both directions against `hound`, and the formats it does not know against ffmpeg.

mod decode;
mod encode;
mod header;
mod pending;
mod reader;
mod wav_header;
mod writer;

pub use pending::PendingFile;
pub use reader::AudioReader;
pub use writer::{Broadcast, Depth, WavOptions, WavWriter};

use std::path::Path;

/// Endings of the names of files we read, in lower case.
const EXTENSIONS: [&str; 7] = ["wav", "wave", "bwf", "rf64", "aif", "aiff", "aifc"];

/// Whether a file of this name should be one we read; what it is, only opening it tells.
pub fn is_audio_file(path: &Path) -> bool {
    path.extension().is_some_and(|e| EXTENSIONS.iter().any(|known| e.eq_ignore_ascii_case(known)))
}

/// How samples are stored, apart from the order of their bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Unsigned 8-bit integers, as in WAV.
    Uint8,
    /// Signed 8-bit integers, as in AIFF.
    Int8,
    /// Signed 16-bit integers.
    Int16,
    /// Signed 24-bit integers in three bytes.
    Int24,
    /// Signed 32-bit integers.
    Int32,
    /// 32-bit floats, full scale ±1.
    Float32,
    /// 64-bit floats, full scale ±1.
    Float64,
}

impl Encoding {
    /// Bytes of one sample.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Uint8 | Self::Int8 => 1,
            Self::Int16 => 2,
            Self::Int24 => 3,
            Self::Int32 | Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }

    /// Whether samples are floats, which may be no numbers at all.
    pub const fn is_float(self) -> bool {
        matches!(self, Self::Float32 | Self::Float64)
    }

    /// As people write it: `24`, `32f`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uint8 | Self::Int8 => "8",
            Self::Int16 => "16",
            Self::Int24 => "24",
            Self::Int32 => "32",
            Self::Float32 => "32f",
            Self::Float64 => "64f",
        }
    }

    /// The signed integers of so many whole bytes.
    const fn signed(bytes: u16) -> Option<Self> {
        match bytes {
            1 => Some(Self::Int8),
            2 => Some(Self::Int16),
            3 => Some(Self::Int24),
            4 => Some(Self::Int32),
            _ => None,
        }
    }
}

/// What an audio file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioFormat {
    /// 1 or 2 in any file we accept.
    pub channels: u16,
    /// Samples per second and channel.
    pub sample_rate_hz: u32,
    /// How samples are stored.
    pub encoding: Encoding,
    /// How many bits of a sample carry signal, where the header says so apart from the size of
    /// the container (20 bits live in 24, at the upper end): at most the container's.
    pub valid_bits: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audio_files_are_known_by_their_ending() {
        for name in ["a.wav", "b.WAVE", "c.Bwf", "d.rf64", "e.aif", "f.AIFF", "g.b.aifc"] {
            assert!(is_audio_file(Path::new(name)), "{name}");
        }
        for name in ["wav", ".wav", "a.mp3", "a.wav.part", "a.w64", "a"] {
            assert!(!is_audio_file(Path::new(name)), "{name}");
        }
    }
}
