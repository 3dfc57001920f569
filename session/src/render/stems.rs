//! The stems' files: opened once to check them, and again for each pass.

use crate::audio_file::{AudioFormat, AudioReader, Depth, Encoding};
use crate::engine::Source;
use crate::error::{Error, Result};
use crate::role::Role;
use crate::template::Expanded;
use std::path::PathBuf;

/// The files of a session's stems, of one rate, on one time line.
pub(super) struct Stems {
    /// The files, in the session's order.
    pub(super) files: Vec<PathBuf>,
    /// What they play, as far as is known.
    pub(super) roles: Vec<Option<Role>>,
    /// What they hold.
    pub(super) formats: Vec<AudioFormat>,
    /// Where each begins, in samples after the session's start.
    starts: Vec<u64>,
    /// Where each says that it begins, in samples since midnight.
    pub(super) time_references_samples: Vec<Option<u64>>,
    /// Samples per second.
    pub(super) sample_rate_hz: u32,
    /// Samples per channel of the session: from its first stem's start to its last one's end.
    pub(super) frames: u64,
    /// Where the session begins, in samples since midnight, if its files say so.
    pub(super) time_reference_samples: Option<u64>,
    /// What was done to bring them into line, a sentence each.
    pub(super) remarks: Vec<String>,
}

impl Stems {
    /// Opens every file. All must be of one rate, and of one start and length unless they may be
    /// padded with silence: then each is put where its time reference says.
    ///
    /// # Errors
    /// Whatever is wrong with a file; [`Error::MixedRates`], [`Error::UnequalStarts`],
    /// [`Error::UnequalLengths`].
    pub(super) fn open(expanded: &Expanded, may_pad: bool) -> Result<Self> {
        let readers = expanded
            .files
            .iter()
            .map(|file| AudioReader::open(file))
            .collect::<Result<Vec<AudioReader>>>()?;
        let first = readers.first().ok_or_else(|| Error::NoStems(expanded.folder.clone()))?;
        let sample_rate_hz = first.format().sample_rate_hz;
        let starts_at: Vec<Option<u64>> =
            readers.iter().map(AudioReader::time_reference_samples).collect();
        // A file that does not say where it begins begins with the first that does.
        let known = starts_at.iter().flatten();
        let start = known.min().copied();
        let starts: Vec<u64> = starts_at
            .iter()
            .map(|at| at.or(start).map_or(0, |at| at - start.unwrap_or(at)))
            .collect();
        for (reader, &offset) in readers.iter().zip(&starts) {
            let (path, reference) = (reader.path().to_owned(), first.path().to_owned());
            if reader.format().sample_rate_hz != sample_rate_hz {
                return Err(Error::MixedRates {
                    path,
                    found_hz: reader.format().sample_rate_hz,
                    reference,
                    expected_hz: sample_rate_hz,
                });
            }
            if may_pad {
                continue;
            }
            if offset > 0 {
                return Err(Error::UnequalStarts {
                    path,
                    late_seconds: offset as f64 / f64::from(sample_rate_hz),
                });
            }
            if reader.frames() != first.frames() {
                return Err(Error::UnequalLengths {
                    path,
                    found_frames: reader.frames(),
                    reference,
                    expected_frames: first.frames(),
                });
            }
        }
        let end = |(reader, start): (&AudioReader, &u64)| start.saturating_add(reader.frames());
        let frames = readers.iter().zip(&starts).map(end).max().unwrap_or(0);
        let seconds = |samples: u64| samples as f64 / f64::from(sample_rate_hz);
        let mut remarks = Vec::new();
        for (reader, &offset) in readers.iter().zip(&starts) {
            let behind = frames - offset - reader.frames();
            if offset > 0 || behind > 0 {
                remarks.push(format!(
                    "'{}' was padded with {:.3} s of silence in front and {:.3} s behind",
                    reader.path().display(),
                    seconds(offset),
                    seconds(behind)
                ));
            }
        }
        Ok(Self {
            files: expanded.files.clone(),
            roles: expanded.session.stems.iter().map(|stem| stem.role).collect(),
            formats: readers.iter().map(AudioReader::format).collect(),
            starts,
            time_references_samples: starts_at,
            sample_rate_hz,
            frames,
            time_reference_samples: start,
            remarks,
        })
    }

    /// The audio of a stem, from the session's start.
    ///
    /// # Errors
    /// If the file cannot be opened any more.
    pub(super) fn source(&self, stem: usize) -> Result<Box<dyn Source>> {
        let reader = AudioReader::open(&self.files[stem])?;
        Ok(match self.starts[stem] {
            0 => Box::new(reader),
            silence => Box::new(Late { reader, silence }),
        })
    }

    /// The depth that holds what the deepest of the files holds.
    pub(super) fn depth(&self) -> Depth {
        let of = |format: &AudioFormat| match format.encoding {
            Encoding::Uint8 | Encoding::Int8 | Encoding::Int16 => Depth::Int16,
            Encoding::Int24 => Depth::Int24,
            Encoding::Int32 | Encoding::Float32 | Encoding::Float64 => Depth::Float32,
        };
        let depths: Vec<Depth> = self.formats.iter().map(of).collect();
        [Depth::Float32, Depth::Int24]
            .into_iter()
            .find(|depth| depths.contains(depth))
            .unwrap_or(Depth::Int16)
    }
}

/// A file after some silence.
struct Late {
    reader: AudioReader,
    silence: u64,
}

impl Source for Late {
    fn fill(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<()> {
        let silent = usize::try_from(self.silence).unwrap_or(usize::MAX).min(left.len());
        self.silence -= silent as u64;
        left[..silent].fill(0.0);
        right[..silent].fill(0.0);
        self.reader.fill(&mut left[silent..], &mut right[silent..])
    }
}

/// A source that is silent.
pub(super) struct Silence;

impl Source for Silence {
    fn fill(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<()> {
        left.fill(0.0);
        right.fill(0.0);
        Ok(())
    }
}
