//! Unmask: the music steps back where it covers the voice, only there, and only while the voice is
//! there.
//!
//! ```text
//! stem ──▶ ears ──┐
//!                 ├──▶ ask, a thousand times a second ──▶ duck of each band ──▶ weights ──┐
//! key ───▶ ears ──┤                                                                       │
//!      └─▶ voice ─┘ activity              audio ──▶ placement ──▶ twelve bells ──▶ + ─────┴──▶
//! ```
//!
//! Twelve bands, evenly on the scale of the ear's filters (`scale`), are listened to in stem and key
//! (`ears`); what the music covers of the voice is asked back (`ask`) and given by twelve bells whose
//! poles stay where they are (`bells`). There is no threshold and nothing to learn but where the
//! voice starts: levels are compared as mixed, and whether the voice is there at all is told by a
//! reference of its own ([`VoiceActivity`](crate::voice::VoiceActivity)).
//!
//! No latency. Where the audio is delayed against stem and key, the duck comes that much earlier.
//! Weights travel in straight lines from look to look; while all of them are 0 the audio is not
//! touched, and is what it was to the bit.
//!
//! The focus fades bands in and out: those between its ends are worked on in full, the band an end
//! falls into in part. No filter moves, so it may be automated. A change of placement fades the ducks
//! out and in again, 20 ms each, and so does switching.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the lanes of many arrays")]

mod ask;
pub mod bells;
mod ears;
mod outcome;
pub mod params;
mod processor;
pub mod scale;

use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::delay::SEGMENT;
use crate::eq::svf::step;
use crate::finite::snap;
use crate::ramp::Ramp;
use crate::sample_grid::SampleGrid;
use crate::vectorize::vectorize;
use ask::{Ask, LOOKS_PER_SECOND};
use bells::Bells;
use ears::{Ear, Gammatones};
use outcome::Outcome;
pub use outcome::OutcomeReadings;
pub use params::{UnmaskParams, UnmaskPlacement};
pub use processor::{StandaloneParams, StandaloneUnmask};
use pulp::Arch;
pub use scale::BANDS;
use scale::band_number;

/// Time constant of each pole of a glide in ms.
const GLIDE_MS: f64 = 5.0;

type Lanes = [f64; BANDS];
type States = [[Lanes; 2]; 2];

/// What an editor shows. Follows the looks, a thousand a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnmaskReadings {
    /// The duck of each band in dB ≥ 0; 0 for bands a low sample rate leaves out.
    pub duck_db: [f64; BANDS],
    /// How active the voice is, 0 to 1.
    pub activity: f64,
    /// What came of it since [`Unmask::reset_outcome`].
    pub outcome: OutcomeReadings,
}

/// The matrices of a placement: what is taken of left and right into one lane or two, and where the
/// change is put.
struct Matrix {
    take: [[f64; 2]; 2],
    put: [[f64; 2]; 2],
}

impl Matrix {
    fn of(placement: UnmaskPlacement) -> Self {
        match placement {
            UnmaskPlacement::Mid => {
                Self { take: [[0.5, 0.5], [0.0; 2]], put: [[1.0, 1.0], [0.0; 2]] }
            }
            UnmaskPlacement::Side => {
                Self { take: [[0.5, -0.5], [0.0; 2]], put: [[1.0, -1.0], [0.0; 2]] }
            }
            UnmaskPlacement::Stereo => {
                Self { take: [[1.0, 0.0], [0.0, 1.0]], put: [[1.0, 0.0], [0.0, 1.0]] }
            }
        }
    }
}

/// Unmask, for stereo audio in double precision.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub struct Unmask {
    wanted: UnmaskParams,
    placement: UnmaskPlacement,
    started: bool,
    grid: SampleGrid,
    fade: Crossfade,
    depth_db: Ramp,
    focus: [Ramp; 2],
    gammatones: Gammatones,
    of_stem: Ear,
    of_key: Ear,
    ask: Ask,
    bells: Bells,
    coefficients: [Lanes; 6],
    states: States,
    /// The weights now, where they are at the next look, and the way there for a sample.
    weights: Lanes,
    target: Lanes,
    slope: Lanes,
    duck_db: Lanes,
    activity: f64,
    /// Samples since the last look.
    gathered: usize,
    outcome: Outcome,
}

impl Unmask {
    /// Off; prepare it before use.
    pub fn new() -> Self {
        let wanted = UnmaskParams::DEFAULT;
        let bells = Bells::new(48_000.0);
        let mut all = Self {
            wanted,
            placement: wanted.placement,
            started: false,
            grid: SampleGrid::default(),
            fade: Crossfade::new(),
            depth_db: Ramp::new(wanted.depth_db),
            focus: [wanted.focus_low_hz, wanted.focus_high_hz].map(|hz| Ramp::new(band_number(hz))),
            gammatones: Gammatones::new(48_000.0),
            of_stem: Ear::new(),
            of_key: Ear::new(),
            ask: Ask::new(),
            coefficients: bells.coefficients(),
            bells,
            states: [[[0.0; BANDS]; 2]; 2],
            weights: [0.0; BANDS],
            target: [0.0; BANDS],
            slope: [0.0; BANDS],
            duck_db: [0.0; BANDS],
            activity: 0.0,
            gathered: 0,
            outcome: Outcome::new(),
        };
        all.prepare(48_000.0);
        all
    }

    /// Sets the sample rate in Hz. Leaves it reset, parameters kept. Does not allocate.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.grid.prepare(sample_rate_hz, LOOKS_PER_SECOND);
        self.fade.prepare(LOOKS_PER_SECOND, DEFAULT_FADE_MS);
        for ramp in std::iter::once(&mut self.depth_db).chain(&mut self.focus) {
            ramp.prepare(LOOKS_PER_SECOND, GLIDE_MS);
        }
        self.gammatones = Gammatones::new(sample_rate_hz);
        self.bells = Bells::new(sample_rate_hz);
        self.coefficients = self.bells.coefficients();
        self.outcome.prepare(sample_rate_hz);
        self.reset();
    }

    /// Takes new settings: at once before the first sample after a reset, gliding later.
    pub fn set_params(&mut self, params: &UnmaskParams) {
        let was_off = self.is_off();
        self.wanted = params.sane();
        self.depth_db.set_target(self.wanted.depth_db);
        let ends = [self.wanted.focus_low_hz, self.wanted.focus_high_hz];
        for (ramp, frequency_hz) in self.focus.iter_mut().zip(ends) {
            ramp.set_target(band_number(frequency_hz));
        }
        self.ask.set_speed(self.wanted.speed_ms);
        if !self.started || was_off {
            self.settle();
        }
        if !self.started {
            self.fade.jump_to(self.wanted.on);
        } else if was_off {
            self.fade.fade_to(self.wanted.on);
        }
    }

    /// Forgets the signal; glides end, and the outcome starts over.
    pub fn reset(&mut self) {
        self.started = false;
        self.settle();
        self.fade.jump_to(self.wanted.on);
        self.forget();
        self.outcome.reset();
    }

    /// The outcome starts over.
    pub fn reset_outcome(&mut self) {
        self.outcome.start_over();
    }

    /// Whether nothing is heard and nothing can be ducked, until settings change.
    pub fn is_off(&self) -> bool {
        self.fade.is_first() && !self.wanted.on
    }

    /// Lets samples pass that nobody works on while it is off; later settings glide from here on.
    pub fn pass(&mut self) {
        self.started = true;
    }

    /// Whether the audio is left alone until the next look at least.
    fn is_resting(&self) -> bool {
        self.weights == [0.0; BANDS] && self.target == [0.0; BANDS]
    }

    /// What an editor shows.
    pub fn readings(&self) -> UnmaskReadings {
        UnmaskReadings {
            duck_db: self.duck_db,
            activity: self.activity,
            outcome: self.outcome.readings(),
        }
    }

    /// Is where its settings say.
    fn settle(&mut self) {
        self.placement = self.wanted.placement;
        self.depth_db.finish();
        self.focus.iter_mut().for_each(Ramp::finish);
    }

    /// Has heard nothing.
    fn forget(&mut self) {
        self.grid.reset();
        self.of_stem = Ear::new();
        self.of_key = Ear::new();
        self.ask.reset();
        self.states = [[[0.0; BANDS]; 2]; 2];
        (self.weights, self.target) = ([0.0; BANDS], [0.0; BANDS]);
        (self.slope, self.duck_db) = ([0.0; BANDS], [0.0; BANDS]);
        (self.activity, self.gathered) = (0.0, 0);
    }

    /// Works on a segment of at most [`SEGMENT`] samples, in place. `stem` is what the ears hear of
    /// the audio, as it is or before a delay; all signals are finite and of one length. `activity` is
    /// how active the voice is at each sample. Mono audio comes as two channels alike.
    pub fn process(
        &mut self,
        arch: Arch,
        [left, right]: [&mut [f64]; 2],
        stem: [&[f64]; 2],
        key: [&[f64]; 2],
        activity: &[f64],
    ) {
        let length = left.len().min(SEGMENT);
        self.started |= length > 0;
        let mut from = 0;
        while from < length && !self.is_off() {
            let to = length.min(from + self.grid.left());
            self.activity = activity[to - 1];
            vectorize(
                arch,
                #[inline(always)]
                || {
                    let audio = [&mut left[from..to], &mut right[from..to]];
                    let (stem, key) = (part(stem, from, to), part(key, from, to));
                    match self.placement {
                        UnmaskPlacement::Stereo => self.piece::<2>(audio, stem, key),
                        UnmaskPlacement::Mid | UnmaskPlacement::Side => {
                            self.piece::<1>(audio, stem, key);
                        }
                    }
                    if self.grid.advance(to - from) {
                        self.look();
                    }
                },
            );
            from = to;
        }
    }

    /// A piece between two looks, in `LANES` of the stem's signals.
    #[inline(always)]
    fn piece<const LANES: usize>(
        &mut self,
        [left, right]: [&mut [f64]; 2],
        stem: [&[f64]; 2],
        key: [&[f64]; 2],
    ) {
        let length = left.len();
        let matrix = Matrix::of(self.placement);
        let mut taken = [[0.0; SEGMENT]; 2];
        for (taken, [of_left, of_right]) in taken.iter_mut().zip(&matrix.take).take(LANES) {
            for (to, (l, r)) in taken.iter_mut().zip(stem[0].iter().zip(stem[1])) {
                *to = of_left * l + of_right * r;
            }
        }
        self.of_stem.hear::<LANES>(&self.gammatones, part(views(&taken), 0, length));
        self.of_key.hear::<2>(&self.gammatones, key);
        self.gathered += length;

        let mut before = [[0.0; SEGMENT]; 2];
        before[0][..length].copy_from_slice(left);
        before[1][..length].copy_from_slice(right);
        if !self.is_resting() {
            self.duck::<LANES>(left, right, &matrix);
        }
        self.outcome.hear(key, part(views(&before), 0, length), [left, right]);
    }

    /// Takes off what the bells say.
    #[inline(always)]
    fn duck<const LANES: usize>(&mut self, left: &mut [f64], right: &mut [f64], matrix: &Matrix) {
        let (mut states, mut weights) = (self.states, self.weights);
        for (l, r) in left.iter_mut().zip(right) {
            let mut changes = [0.0; 2];
            for lane in 0..LANES {
                let [of_left, of_right] = matrix.take[lane];
                let [s1, s2] = &mut states[lane];
                let bands =
                    step(&self.coefficients, s1, s2, &[of_left * *l + of_right * *r; BANDS]);
                changes[lane] = weighted_sum(&bands, &weights);
            }
            for lane in 0..LANES {
                let [to_left, to_right] = matrix.put[lane];
                *l += to_left * changes[lane];
                *r += to_right * changes[lane];
            }
            for (weight, slope) in weights.iter_mut().zip(&self.slope) {
                *weight += slope;
            }
        }
        (self.states, self.weights) = (states, weights);
    }

    /// A look at what was heard, and what becomes of the bells until the next one.
    #[inline(always)]
    fn look(&mut self) {
        if self.fade.weight() == 0.0 && self.placement != self.wanted.placement {
            // Nobody hears it: other signals are taken from here on.
            self.placement = self.wanted.placement;
            self.of_stem = Ear::new();
            self.states = [[[0.0; BANDS]; 2]; 2];
        }
        self.fade.fade_to(self.wanted.on && self.placement == self.wanted.placement);
        let part = self.fade.next();
        let depth_db = self.depth_db.next();
        let [low, high] = self.focus.each_mut().map(Ramp::next);
        let mut focus = [0.0; BANDS];
        for (band, focus) in focus.iter_mut().enumerate() {
            let within = |distance: f64| (distance + 0.5).clamp(0.0, 1.0);
            *focus = within(band as f64 - low) * within(high - band as f64);
        }
        let samples = std::mem::take(&mut self.gathered);
        let channels = if self.placement == UnmaskPlacement::Stereo { 2 } else { 1 };
        let music = self.of_stem.look(&self.gammatones, samples, channels);
        let voice = self.of_key.look(&self.gammatones, samples, 2);
        let ducks = self.ask.next(&music, &voice, self.activity, depth_db, &focus);
        let mut deepest_db = 0.0;
        for (duck_db, asked_db) in self.duck_db.iter_mut().zip(ducks) {
            *duck_db = part * if asked_db < depth_db { asked_db } else { depth_db };
            deepest_db = if *duck_db > deepest_db { *duck_db } else { deepest_db };
        }
        self.duck_db[self.bells.count()..].fill(0.0);
        self.outcome.look(deepest_db, self.activity, music.iter().sum());

        self.weights = self.target;
        self.target = self.bells.weights(&self.duck_db);
        let per_sample = 1.0 / self.grid.left() as f64;
        for i in 0..BANDS {
            self.slope[i] = per_sample * (self.target[i] - self.weights[i]);
        }
        let is_resting = self.is_resting();
        for state in self.states.iter_mut().flatten().flatten() {
            *state = if is_resting { 0.0 } else { snap(*state) };
        }
        if self.is_off() {
            self.forget();
        }
    }
}

impl Default for Unmask {
    fn default() -> Self {
        Self::new()
    }
}

#[inline(always)]
fn part<'a>(of: [&'a [f64]; 2], from: usize, to: usize) -> [&'a [f64]; 2] {
    [&of[0][from..to], &of[1][from..to]]
}

#[inline(always)]
fn views(of: &[[f64; SEGMENT]; 2]) -> [&[f64]; 2] {
    [&of[0], &of[1]]
}

/// Σ of products, in the order of a vector of four lanes.
#[inline(always)]
fn weighted_sum(bands: &Lanes, weights: &Lanes) -> f64 {
    let mut sums = [0.0; 4];
    for first in (0..BANDS).step_by(4) {
        for i in 0..4 {
            sums[i] += bands[first + i] * weights[first + i];
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3])
}

#[cfg(test)]
mod tests;
