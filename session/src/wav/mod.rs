//! WAV files, read and written a block at a time.
//!
//! Our own few hundred lines, because of what the session must promise and no crate does: a
//! header is never believed further than the file reaches, nothing is allocated by what it
//! claims, every refusal says what is wrong, and reading never holds more than a block. The tests
//! hold both directions against `hound`.

mod header;
mod reader;
mod writer;

pub use reader::WavReader;
pub use writer::{Depth, PendingFile, WavWriter};

/// How samples are stored. All little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Unsigned 8-bit integers.
    Uint8,
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
            Self::Uint8 => 1,
            Self::Int16 => 2,
            Self::Int24 => 3,
            Self::Int32 | Self::Float32 => 4,
            Self::Float64 => 8,
        }
    }

    /// As people write it: `24`, `32f`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Uint8 => "8",
            Self::Int16 => "16",
            Self::Int24 => "24",
            Self::Int32 => "32",
            Self::Float32 => "32f",
            Self::Float64 => "64f",
        }
    }
}

/// What a WAV file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WavFormat {
    /// 1 or 2 in any file we accept.
    pub channels: u16,
    /// Samples per second and channel.
    pub sample_rate_hz: u32,
    /// How samples are stored.
    pub encoding: Encoding,
}
