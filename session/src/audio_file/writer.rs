//! Writing a WAV file: into a temporary file beside its destination, dithered and seeded, and
//! under its own name only once everything has succeeded.

use super::Encoding;
use crate::error::{Error, Result};
use crate::names::dither_seed;
use shared_dsp::random::Random;
use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Sample depth of what we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// 16-bit integers, TPDF dithered.
    Int16,
    /// 24-bit integers, TPDF dithered.
    Int24,
    /// 32-bit floats, as they are.
    Float32,
}

impl Depth {
    /// As file names write it: `16`, `24`, `32f`.
    pub const fn name(self) -> &'static str {
        self.encoding().name()
    }

    const fn encoding(self) -> Encoding {
        match self {
            Self::Int16 => Encoding::Int16,
            Self::Int24 => Encoding::Int24,
            Self::Float32 => Encoding::Float32,
        }
    }
}

/// Header bytes before the audio: RIFF, a 16-byte format and, for floats, the fact chunk that
/// formats other than PCM owe.
const PCM_HEADER_BYTES: u64 = 44;
const FLOAT_HEADER_BYTES: u64 = 58;

/// A stereo WAV file on its way.
#[derive(Debug)]
pub struct WavWriter {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
    depth: Depth,
    sample_rate_hz: u32,
    frames: u64,
    clipped: u64,
    dither: Random,
}

impl WavWriter {
    /// Begins `path` (its folder must exist). Nothing appears under that name until
    /// [`PendingFile::commit`]. The dither is seeded from the file's name.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn create(path: &Path, depth: Depth, sample_rate_hz: u32) -> Result<Self> {
        let temp = temporary(path)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut writer = Self {
            file: BufWriter::with_capacity(1 << 16, temp),
            path: path.to_owned(),
            depth,
            sample_rate_hz,
            frames: 0,
            clipped: 0,
            dither: Random::new(dither_seed(&name)),
        };
        writer.write_header()?;
        Ok(writer)
    }

    /// Appends a block, full scale ±1. Both sides are of one length.
    ///
    /// # Errors
    /// If the disk is full or the file would pass 4 GB.
    pub fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        self.frames += left.len() as u64;
        if self.data_bytes() + FLOAT_HEADER_BYTES > u64::from(u32::MAX) {
            return Err(Error::TooLongForWav(self.path.clone()));
        }
        for (&l, &r) in left.iter().zip(right) {
            for sample in [l, r] {
                let done = match self.depth {
                    Depth::Float32 => self.file.write_all(&(sample as f32).to_le_bytes()),
                    Depth::Int24 => {
                        let bytes = self.quantise(sample, 8_388_608.0).to_le_bytes();
                        self.file.write_all(&bytes[..3])
                    }
                    Depth::Int16 => {
                        let bytes = self.quantise(sample, 32_768.0).to_le_bytes();
                        self.file.write_all(&bytes[..2])
                    }
                };
                done.map_err(|e| Error::write(&self.path, e))?;
            }
        }
        Ok(())
    }

    /// Samples that were beyond full scale and had to be clipped (integer depths only).
    pub fn clipped(&self) -> u64 {
        self.clipped
    }

    /// Completes the header and the disk's copy; the file still waits for its name.
    ///
    /// # Errors
    /// If the disk is full.
    pub fn finish(mut self) -> Result<PendingFile> {
        let path = self.path.clone();
        let fail = |e| Error::write(&path, e);
        self.file.seek(SeekFrom::Start(0)).map_err(fail)?;
        self.write_header()?;
        let temp = self.file.into_inner().map_err(|e| fail(e.into_error()))?;
        temp.as_file().sync_all().map_err(fail)?;
        Ok(PendingFile { temp, path })
    }

    /// To the nearest step, with triangular dither of ±1 step (Lipshitz, Wannamaker &
    /// Vanderkooy, JAES 1992): the error is then independent of the signal in mean and variance.
    fn quantise(&mut self, sample: f64, steps: f64) -> i32 {
        let value = (sample * steps + self.dither.triangular()).round();
        if value >= steps || value < -steps {
            // Dither alone may tip a legal peak over; that is not a clip worth reporting.
            if sample.abs() > 1.0 {
                self.clipped += 1;
            }
            return value.clamp(-steps, steps - 1.0) as i32;
        }
        value as i32
    }

    fn data_bytes(&self) -> u64 {
        self.frames * 2 * self.depth.encoding().bytes() as u64
    }

    fn write_header(&mut self) -> Result<()> {
        let float = self.depth == Depth::Float32;
        let sample_bytes = self.depth.encoding().bytes() as u16;
        let data_bytes = self.data_bytes();
        let header_bytes = if float { FLOAT_HEADER_BYTES } else { PCM_HEADER_BYTES };
        // Chunks are padded to an even length; two channels make every length even.
        let mut header = Vec::with_capacity(header_bytes as usize);
        header.extend(b"RIFF");
        header.extend(((header_bytes - 8 + data_bytes) as u32).to_le_bytes());
        header.extend(b"WAVEfmt ");
        header.extend(if float { 18u32 } else { 16 }.to_le_bytes());
        header.extend(if float { 3u16 } else { 1 }.to_le_bytes());
        header.extend(2u16.to_le_bytes());
        header.extend(self.sample_rate_hz.to_le_bytes());
        header.extend((self.sample_rate_hz * 2 * u32::from(sample_bytes)).to_le_bytes());
        header.extend((2 * sample_bytes).to_le_bytes());
        header.extend((8 * sample_bytes).to_le_bytes());
        if float {
            header.extend(0u16.to_le_bytes());
            header.extend(b"fact");
            header.extend(4u32.to_le_bytes());
            header.extend((self.frames as u32).to_le_bytes());
        }
        header.extend(b"data");
        header.extend((data_bytes as u32).to_le_bytes());
        debug_assert_eq!(header.len() as u64, header_bytes);
        self.file.write_all(&header).map_err(|e| Error::write(&self.path, e))
    }
}

/// A complete file that does not bear its name yet; dropped, it vanishes.
#[derive(Debug)]
pub struct PendingFile {
    temp: NamedTempFile,
    path: PathBuf,
}

impl PendingFile {
    /// A small file with these contents, such as a report.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn with_contents(path: &Path, contents: &[u8]) -> Result<Self> {
        let mut temp = temporary(path)?;
        temp.write_all(contents).map_err(|e| Error::write(path, e))?;
        temp.as_file().sync_all().map_err(|e| Error::write(path, e))?;
        Ok(Self { temp, path: path.to_owned() })
    }

    /// Gives the file its name, replacing an earlier render's.
    ///
    /// # Errors
    /// If the folder has become unwritable.
    pub fn commit(self) -> Result<PathBuf> {
        let path = self.path;
        self.temp.persist(&path).map_err(|e| Error::write(&path, e.error))?;
        Ok(path)
    }
}

/// A temporary file in the folder of `path`, so that naming it is one step of the file system.
fn temporary(path: &Path) -> Result<NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".stemwright-").suffix(".part");
    let make = |file: &Path| -> std::io::Result<File> {
        // Unlike the crate's own files this one will be kept: ordinary permissions.
        File::options().read(true).write(true).create_new(true).open(file)
    };
    builder.make_in(folder, make).map_err(|e| Error::write(path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(name: &str, depth: Depth, blocks: &[usize], signal: &[f64]) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        let mut writer = WavWriter::create(&path, depth, 48_000).unwrap();
        let mut at = 0;
        for &block in blocks.iter().cycle() {
            let end = (at + block).min(signal.len());
            writer.write(&signal[at..end], &signal[at..end]).unwrap();
            at = end;
            if at == signal.len() {
                break;
            }
        }
        let pending = writer.finish().unwrap();
        assert!(!path.exists(), "nothing under its name before the end");
        pending.commit().unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        std::fs::read(&path).unwrap()
    }

    fn sine() -> Vec<f64> {
        (0..5000).map(|i| 0.5 * (f64::from(i) * 0.1).sin()).collect()
    }

    #[test]
    fn dither_is_reproducible_whatever_the_block_and_differs_by_name() {
        for depth in [Depth::Int16, Depth::Int24] {
            let one = render("a.wav", depth, &[5000], &sine());
            assert_eq!(one, render("a.wav", depth, &[1, 17, 640], &sine()));
            assert_ne!(one, render("b.wav", depth, &[5000], &sine()));
        }
    }

    #[test]
    fn hound_reads_what_we_write() {
        for (depth, bits, tolerance) in [
            (Depth::Int16, 16, 2.0 / 32_768.0),
            (Depth::Int24, 24, 2.0 / 8_388_608.0),
            (Depth::Float32, 32, 1e-7),
        ] {
            let bytes = render("a.wav", depth, &[300], &sine());
            let mut reader = hound::WavReader::new(&bytes[..]).unwrap();
            let spec = reader.spec();
            assert_eq!((spec.channels, spec.sample_rate, spec.bits_per_sample), (2, 48_000, bits));
            assert_eq!(reader.duration(), 5000);
            let read: Vec<f64> = if depth == Depth::Float32 {
                reader.samples::<f32>().map(|s| f64::from(s.unwrap())).collect()
            } else {
                let full = f64::from(1u32 << (bits - 1));
                reader.samples::<i32>().map(|s| f64::from(s.unwrap()) / full).collect()
            };
            for (i, wanted) in sine().iter().enumerate() {
                assert!((read[2 * i] - wanted).abs() <= tolerance);
                assert!((read[2 * i + 1] - wanted).abs() <= tolerance);
            }
        }
    }

    #[test]
    fn dither_is_triangular_and_two_channels_differ() {
        let bytes = render("a.wav", Depth::Int24, &[640], &vec![0.0; 20_000]);
        let mut reader = hound::WavReader::new(&bytes[..]).unwrap();
        let samples: Vec<i32> = reader.samples::<i32>().map(Result::unwrap).collect();
        assert!(samples.iter().all(|s| s.abs() <= 1));
        // Rounding a triangular value of ±1: |d| > 1/2 has probability 1/4.
        let share = samples.iter().filter(|s| **s != 0).count() as f64 / samples.len() as f64;
        assert!((share - 0.25).abs() < 0.01, "{share}");
        assert!(samples.chunks(2).any(|s| s[0] != s[1]));
    }

    #[test]
    fn beyond_full_scale_is_clipped_and_counted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wav");
        let mut writer = WavWriter::create(&path, Depth::Int16, 48_000).unwrap();
        writer.write(&[2.0, 1.0, -3.0], &[0.0, -1.0, 0.0]).unwrap();
        assert_eq!(writer.clipped(), 2);
        writer.finish().unwrap().commit().unwrap();
        let mut reader = hound::WavReader::open(&path).unwrap();
        let samples: Vec<i32> = reader.samples::<i32>().map(Result::unwrap).collect();
        assert_eq!((samples[0], samples[2]), (32_767, 32_767));
        assert_eq!(samples[4], -32_768);
    }

    #[test]
    fn a_dropped_writer_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer =
            WavWriter::create(&folder.path().join("a.wav"), Depth::Int24, 48_000).unwrap();
        writer.write(&[0.0; 100], &[0.0; 100]).unwrap();
        drop(writer);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
