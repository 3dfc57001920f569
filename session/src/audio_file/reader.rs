//! Reading an audio file a block at a time, always as stereo.

use super::{AudioFormat, decode, header};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Frames decoded at once, whatever is asked for: bounds the scratch memory.
const CHUNK_FRAMES: usize = 4096;
/// Bytes fetched at once.
const BUFFER_BYTES: usize = 1 << 16;

/// An open audio file and how far it has been read.
#[derive(Debug)]
pub struct AudioReader<F = File> {
    file: BufReader<F>,
    path: PathBuf,
    header: header::Header,
    position: u64,
    bytes: Vec<u8>,
}

impl AudioReader {
    /// Opens `path` and checks its header against its length.
    ///
    /// # Errors
    /// A sentence about whatever is wrong with the file.
    pub fn open(path: &Path) -> Result<Self> {
        let file = File::open(path).map_err(|e| Error::read(path, e))?;
        let metadata = file.metadata().map_err(|e| Error::read(path, e))?;
        if !metadata.is_file() {
            return Err(Error::BadAudioFile {
                path: path.to_owned(),
                reason: "it is not a file".to_owned(),
            });
        }
        Self::new(file, path)
    }
}

impl<F: Read + Seek> AudioReader<F> {
    /// Reads the header of an audio file from wherever it is, and checks it against its length;
    /// `path` is for the sentences.
    ///
    /// # Errors
    /// A sentence about whatever is wrong with it.
    pub fn new(file: F, path: &Path) -> Result<Self> {
        let fail = |e| Error::read(path, e);
        let mut file = BufReader::with_capacity(BUFFER_BYTES, file);
        let file_bytes = file.seek(SeekFrom::End(0)).map_err(fail)?;
        file.rewind().map_err(fail)?;
        let header = header::read(&mut file, file_bytes, path)?;
        file.seek(SeekFrom::Start(header.data_start)).map_err(fail)?;
        Ok(Self { file, path: path.to_owned(), header, position: 0, bytes: Vec::new() })
    }

    /// The file's path, as given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the file holds.
    pub fn format(&self) -> AudioFormat {
        self.header.format
    }

    /// Samples per channel.
    pub fn frames(&self) -> u64 {
        self.header.frames
    }

    /// When the first sample was, in samples since midnight, if the file has a broadcast
    /// extension (EBU Tech 3285) that says so.
    pub fn time_reference_samples(&self) -> Option<u64> {
        self.header.time_reference_samples
    }

    /// Fills both sides with the next samples, full scale ±1; a mono file feeds both at unity.
    /// Returns how many were left to read; the rest of the block is untouched.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for a NaN or infinity, [`Error::Truncated`] if the file has shrunk
    /// since it was opened.
    pub fn read(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<usize> {
        let start = self.position;
        let done = self.read_raw(left, right)?;
        if self.header.format.encoding.is_float() {
            self.check_finite(start, &left[..done], &right[..done])?;
        }
        Ok(done)
    }

    /// Like [`Self::read`], but hands on what is no finite number as it is stored, for whoever
    /// counts such samples.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the file has shrunk since it was opened.
    pub fn read_raw(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<usize> {
        let wanted = left.len().min(right.len());
        let mut done = 0;
        while done < wanted && self.position < self.header.frames {
            let remaining = usize::try_from(self.frames() - self.position).unwrap_or(usize::MAX);
            let count = (wanted - done).min(CHUNK_FRAMES).min(remaining);
            self.read_chunk(&mut left[done..done + count], &mut right[done..done + count])?;
            done += count;
        }
        Ok(done)
    }

    fn read_chunk(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<()> {
        let AudioFormat { channels, encoding, .. } = self.header.format;
        self.bytes.resize(left.len() * usize::from(channels) * encoding.bytes(), 0);
        self.file.read_exact(&mut self.bytes).map_err(|e| self.explain(e))?;
        decode::block(encoding, self.header.big_endian, channels, &self.bytes, left, right);
        self.position += left.len() as u64;
        Ok(())
    }

    /// Looks at the block that began at frame `start`.
    fn check_finite(&self, start: u64, left: &[f64], right: &[f64]) -> Result<()> {
        // All of them first, without a branch for each: there is hardly ever one.
        let finite = |side: &[f64]| side.iter().fold(true, |all, s| all & s.is_finite());
        if finite(left) && finite(right) {
            return Ok(());
        }
        let mut frames = left.iter().zip(right);
        let bad = frames.position(|(l, r)| !l.is_finite() || !r.is_finite()).unwrap_or(0);
        Err(Error::NotFinite {
            path: self.path.clone(),
            seconds: (start + bad as u64) as f64 / f64::from(self.format().sample_rate_hz),
        })
    }

    /// A read that failed: has the file shrunk?
    fn explain(&mut self, error: io::Error) -> Error {
        if error.kind() != io::ErrorKind::UnexpectedEof {
            return Error::read(&self.path, error);
        }
        let AudioFormat { channels, encoding, .. } = self.header.format;
        let file_bytes = self.file.seek(SeekFrom::End(0)).unwrap_or(0);
        Error::Truncated {
            path: self.path.clone(),
            promised_bytes: self.frames() * u64::from(channels) * encoding.bytes() as u64,
            found_bytes: file_bytes.saturating_sub(self.header.data_start),
        }
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
        let mut reader = AudioReader::open(path)?;
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
        let mut reader = AudioReader::open(file.path()).unwrap();
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
