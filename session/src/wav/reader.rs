//! Reading a WAV file a block at a time, always as stereo.

use super::{Encoding, WavFormat, header};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Frames decoded at once, whatever is asked for: bounds the scratch memory.
const CHUNK_FRAMES: usize = 4096;

/// An open WAV file and how far it has been read.
#[derive(Debug)]
pub struct WavReader {
    file: BufReader<File>,
    path: PathBuf,
    format: WavFormat,
    frames: u64,
    data_start: u64,
    position: u64,
    bytes: Vec<u8>,
}

impl WavReader {
    /// Opens `path` and checks its header against its length.
    ///
    /// # Errors
    /// A sentence about whatever is wrong with the file.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        let metadata = file.metadata().map_err(|e| Error::read(path, e))?;
        if !metadata.is_file() {
            return Err(Error::BadWav {
                path: path.to_owned(),
                reason: "it is not a file".to_owned(),
            });
        }
        let mut file = BufReader::with_capacity(1 << 16, file);
        let header = header::read(&mut file, metadata.len(), path)?;
        file.seek(SeekFrom::Start(header.data_start)).map_err(|e| Error::read(path, e))?;
        Ok(Self {
            file,
            path: path.to_owned(),
            format: header.format,
            frames: header.frames,
            data_start: header.data_start,
            position: 0,
            bytes: Vec::new(),
        })
    }

    /// The file's path, as given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the file holds.
    pub fn format(&self) -> WavFormat {
        self.format
    }

    /// Samples per channel.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Fills both sides with the next samples, full scale ±1; a mono file feeds both at unity.
    /// Returns how many were left to read; the rest of the block is untouched.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for a NaN or infinity, [`Error::Truncated`] if the file has shrunk
    /// since it was opened.
    pub fn read(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<usize> {
        let wanted = left.len().min(right.len());
        let mut done = 0;
        while done < wanted && self.position < self.frames {
            let remaining = usize::try_from(self.frames - self.position).unwrap_or(usize::MAX);
            let count = (wanted - done).min(CHUNK_FRAMES).min(remaining);
            self.read_chunk(&mut left[done..done + count], &mut right[done..done + count])?;
            done += count;
        }
        Ok(done)
    }

    fn read_chunk(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<()> {
        let sample_bytes = self.format.encoding.bytes();
        let channels = usize::from(self.format.channels);
        let frame_bytes = sample_bytes * channels;
        self.bytes.resize(left.len() * frame_bytes, 0);
        self.file.read_exact(&mut self.bytes).map_err(|e| self.explain(e))?;

        let encoding = self.format.encoding;
        let frames = self.bytes.chunks_exact(frame_bytes);
        for ((frame, l), r) in frames.zip(left.iter_mut()).zip(right.iter_mut()) {
            *l = decode(encoding, frame);
            *r = if channels == 2 { decode(encoding, &frame[sample_bytes..]) } else { *l };
        }
        if matches!(encoding, Encoding::Float32 | Encoding::Float64)
            && let Some(bad) =
                left.iter().zip(right.iter()).position(|(l, r)| !l.is_finite() || !r.is_finite())
        {
            let frame = self.position + bad as u64;
            return Err(Error::NotFinite {
                path: self.path.clone(),
                seconds: frame as f64 / f64::from(self.format.sample_rate_hz),
            });
        }
        self.position += left.len() as u64;
        Ok(())
    }

    /// A read that failed: has the file shrunk?
    fn explain(&self, error: io::Error) -> Error {
        if error.kind() != io::ErrorKind::UnexpectedEof {
            return Error::read(&self.path, error);
        }
        let frame_bytes = self.format.encoding.bytes() as u64 * u64::from(self.format.channels);
        let length = self.file.get_ref().metadata().map_or(0, |m| m.len());
        Error::Truncated {
            path: self.path.clone(),
            promised_bytes: self.frames * frame_bytes,
            found_bytes: length.saturating_sub(self.data_start),
        }
    }
}

/// The sample at the start of `bytes`, full scale ±1.
fn decode(encoding: Encoding, bytes: &[u8]) -> f64 {
    match encoding {
        Encoding::Uint8 => (f64::from(bytes[0]) - 128.0) / 128.0,
        Encoding::Int16 => f64::from(i16::from_le_bytes([bytes[0], bytes[1]])) / 32_768.0,
        // The top byte carries the sign: shift in from above, and back by dividing.
        Encoding::Int24 => {
            f64::from(i32::from_le_bytes([0, bytes[0], bytes[1], bytes[2]])) / 2_147_483_648.0
        }
        Encoding::Int32 => {
            f64::from(i32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
                / 2_147_483_648.0
        }
        Encoding::Float32 => {
            f64::from(f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
        }
        Encoding::Float64 => f64::from_le_bytes([
            bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn write(spec: hound::WavSpec, samples: &[i32]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut writer = hound::WavWriter::create(file.path(), spec).unwrap();
        for &s in samples {
            writer.write_sample(s).unwrap();
        }
        writer.finalize().unwrap();
        file
    }

    fn read_all(path: &Path, block: usize) -> Result<(Vec<f64>, Vec<f64>)> {
        let mut reader = WavReader::open(path)?;
        let (mut left, mut right) = (vec![], vec![]);
        loop {
            let (mut l, mut r) = (vec![0.0; block], vec![0.0; block]);
            let n = reader.read(&mut l, &mut r)?;
            if n == 0 {
                return Ok((left, right));
            }
            left.extend(&l[..n]);
            right.extend(&r[..n]);
        }
    }

    #[test]
    fn integers_of_every_depth_arrive_exactly() {
        for (bits, full) in [(8u16, 128i32), (16, 32_768), (24, 8_388_608), (32, i32::MIN)] {
            let spec = hound::WavSpec {
                channels: 2,
                sample_rate: 44_100,
                bits_per_sample: bits,
                sample_format: hound::SampleFormat::Int,
            };
            let full = f64::from(full).abs();
            let samples: Vec<i32> =
                (0..10_001).map(|i| ((i as f64 * 0.7).sin() * (full - 1.0)) as i32).collect();
            let file = write(spec, &samples[..10_000]);
            for block in [1, 7, 5000, 9000] {
                let (l, r) = read_all(file.path(), block).unwrap();
                assert_eq!(l.len(), 5000);
                for (i, pair) in samples[..10_000].chunks(2).enumerate() {
                    assert_eq!(l[i], f64::from(pair[0]) / full, "{bits} bits");
                    assert_eq!(r[i], f64::from(pair[1]) / full, "{bits} bits");
                }
            }
        }
    }

    #[test]
    fn mono_feeds_both_sides_at_unity() {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 48_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let file = write(spec, &[16_384, -8192]);
        let (l, r) = read_all(file.path(), 16).unwrap();
        assert_eq!(l, [0.5, -0.25]);
        assert_eq!(r, l);
    }

    #[test]
    fn a_nan_is_named_with_its_time() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: 48_000,
            bits_per_sample: 32,
            sample_format: hound::SampleFormat::Float,
        };
        let mut writer = hound::WavWriter::create(file.path(), spec).unwrap();
        for i in 0..48_000 {
            writer.write_sample(if i == 24_000 { f32::NAN } else { 0.0 }).unwrap();
        }
        writer.finalize().unwrap();
        let error = read_all(file.path(), 480).unwrap_err();
        assert!(matches!(error, Error::NotFinite { seconds: 0.5, .. }), "{error}");
    }

    #[test]
    fn every_cut_of_a_file_is_refused_with_a_sentence() {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 48_000,
            bits_per_sample: 24,
            sample_format: hound::SampleFormat::Int,
        };
        let whole = std::fs::read(write(spec, &[1; 64]).path()).unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        for length in 0..whole.len() {
            std::fs::write(file.path(), &whole[..length]).unwrap();
            let error = read_all(file.path(), 16).unwrap_err();
            let sentence = error.to_string();
            assert!(sentence.contains(&file.path().display().to_string()), "{sentence}");
        }
        std::fs::write(file.path(), &whole).unwrap();
        assert_eq!(read_all(file.path(), 16).unwrap().0.len(), 32);
    }

    #[test]
    fn a_file_that_shrinks_while_read_is_named() {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 48_000,
            bits_per_sample: 24,
            sample_format: hound::SampleFormat::Int,
        };
        let file = write(spec, &vec![5; 200_000]);
        let mut reader = WavReader::open(file.path()).unwrap();
        file.as_file().set_len(1000).unwrap();
        let (mut l, mut r) = (vec![0.0; 100_000], vec![0.0; 100_000]);
        let error = reader.read(&mut l, &mut r).unwrap_err();
        assert!(matches!(error, Error::Truncated { .. }), "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn hostile_bytes_never_panic(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..300),
            flips in proptest::collection::vec((0usize..120, any::<u8>()), 0..8),
            valid in any::<bool>(),
        ) {
            if valid {
                // A true header with a few bytes turned, which gets further in.
                let spec = hound::WavSpec {
                    channels: 2,
                    sample_rate: 48_000,
                    bits_per_sample: 24,
                    sample_format: hound::SampleFormat::Int,
                };
                bytes = std::fs::read(write(spec, &[7; 64]).path()).unwrap();
                for (at, value) in flips {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte = value;
                    }
                }
            } else if bytes.len() > 12 {
                bytes[..4].copy_from_slice(b"RIFF");
                bytes[8..12].copy_from_slice(b"WAVE");
            }
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), &bytes).unwrap();
            let _ = read_all(file.path(), 64);
        }
    }
}
