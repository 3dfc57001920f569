//! The voice against the music from outside: of whatever is keyed by a voice, by what goes in and what
//! comes out.

use super::{Heard, VoiceToMusic};
use crate::delay::SEGMENT;
use crate::four::{Four, Work, run};
use crate::sample_grid::SampleGrid;
use crate::voice::{HOPS_PER_SECOND, VoiceActivity};
use pulp::Arch;

/// Hears a key and both sides of what it rules. Nothing allocates.
#[derive(Debug, Clone)]
pub struct KeyedMeter {
    arch: Arch,
    voice: VoiceActivity,
    meter: VoiceToMusic,
    grid: SampleGrid,
}

impl KeyedMeter {
    /// A meter at a sample rate in Hz, for a voice of so many LUFS, −60 to 0: where the reference that
    /// tells whether it is there starts, as in [`VoiceActivity`].
    pub fn new(sample_rate_hz: f64, key_level_lufs: f64) -> Self {
        let mut made = Self {
            arch: Arch::new(),
            voice: VoiceActivity::new(),
            meter: VoiceToMusic::new(),
            grid: SampleGrid::default(),
        };
        made.voice.prepare(sample_rate_hz);
        made.voice.set_key_level_lufs(key_level_lufs);
        made.meter.prepare(sample_rate_hz);
        made.grid.prepare(sample_rate_hz, HOPS_PER_SECOND);
        made
    }

    /// Hears the next samples, left and right of each signal, all of one length and in line. A sample
    /// that is no number is silence. What was heard is handed to `take` every millisecond.
    pub fn process(
        &mut self,
        key: [&[f64]; 2],
        before: [&[f64]; 2],
        after: [&[f64]; 2],
        mut take: impl FnMut(&Heard),
    ) {
        let length = key[0].len();
        let mut room = [[[0.0; 2]; SEGMENT]; 3];
        let mut activity = [0.0; SEGMENT];
        let mut from = 0;
        while from < length {
            let to = length.min(from + self.grid.left().min(SEGMENT));
            for (frames, signal) in room.iter_mut().zip([key, before, after]) {
                interleave(frames, signal.map(|side| &side[from..to]));
            }
            let [key, before, after] = room.each_ref().map(|frames| &frames[..to - from]);
            let activity = &mut activity[..to - from];
            self.voice.hear(self.arch, key, activity);
            run(self.arch, Piece { meter: &mut self.meter, key, before, after });
            if self.grid.advance(to - from) {
                take(&self.meter.look(activity[to - from - 1]));
            }
            from = to;
        }
    }

    /// The voice against the music between 2 and 4 kHz while the voice was active, as the stem came, in
    /// dB. None before a voice was heard over music.
    pub fn before_db(&self) -> Option<f64> {
        self.meter.before_db()
    }

    /// The same as the stem left.
    pub fn after_db(&self) -> Option<f64> {
        self.meter.after_db()
    }
}

/// Frames of both sides, silent where a sample is no number.
fn interleave(frames: &mut [[f64; 2]], [left, right]: [&[f64]; 2]) {
    let mut finite = true;
    for ((frame, l), r) in frames.iter_mut().zip(left).zip(right) {
        *frame = [*l, *r];
        finite &= l.is_finite() & r.is_finite();
    }
    if !finite {
        let odd = |sample: &&mut f64| !sample.is_finite();
        frames.as_flattened_mut().iter_mut().filter(odd).for_each(|sample| *sample = 0.0);
    }
}

/// A piece of all signals.
struct Piece<'a> {
    meter: &'a mut VoiceToMusic,
    key: &'a [[f64; 2]],
    before: &'a [[f64; 2]],
    after: &'a [[f64; 2]],
}

impl Work for Piece<'_> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        self.meter.hear(zero, self.key, self.before, self.after);
    }
}
