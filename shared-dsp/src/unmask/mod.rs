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
use crate::eq::svf::{Filters, step_four};
use crate::finite::snap;
use crate::four::{Four, Quad, WIDTH, Work, run};
use crate::ramp::Ramp;
use crate::sample_grid::SampleGrid;
use ask::{Ask, LOOKS_PER_SECOND};
use bells::Bells;
use ears::{Ear, Gammatones};
use outcome::Outcome;
pub use outcome::OutcomeReadings;
pub use params::{UnmaskParams, UnmaskPlacement};
pub use processor::{StandaloneParams, StandaloneUnmask};
use pulp::Arch;
pub use scale::BANDS;
use scale::{GROUPS, band_number, grouped};

/// Time constant of each pole of a glide in ms.
const GLIDE_MS: f64 = 5.0;

const NOTHING: Quad = Quad::splat(0.0);

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
    coefficients: [Filters<Quad>; GROUPS],
    /// Of the bells, in each lane of the stem's signals.
    states: [[[Quad; 2]; GROUPS]; 2],
    /// The weights now, where they are at the next look, and the way there for a sample.
    weights: [Quad; GROUPS],
    target: [Quad; GROUPS],
    slopes: [Quad; GROUPS],
    duck_db: [f64; BANDS],
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
            states: [[[NOTHING; 2]; GROUPS]; 2],
            weights: [NOTHING; GROUPS],
            target: [NOTHING; GROUPS],
            slopes: [NOTHING; GROUPS],
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
        self.weights == [NOTHING; GROUPS] && self.target == [NOTHING; GROUPS]
    }

    /// The deepest duck of all bells in dB ≥ 0.
    pub fn deepest_duck_db(&self) -> f64 {
        self.duck_db.iter().fold(0.0, |a, b| if *b > a { *b } else { a })
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
        self.states = [[[NOTHING; 2]; GROUPS]; 2];
        (self.weights, self.target) = ([NOTHING; GROUPS], [NOTHING; GROUPS]);
        (self.slopes, self.duck_db) = ([NOTHING; GROUPS], [0.0; BANDS]);
        (self.activity, self.gathered) = (0.0, 0);
    }

    /// Works on a segment of at most [`SEGMENT`] frames, in place. `stem` is what the ears hear of the
    /// audio, as it is or before a delay; all signals are finite and of one length. `activity` is how
    /// active the voice is at each sample. Mono audio comes as two channels alike.
    pub fn process(
        &mut self,
        arch: Arch,
        audio: &mut [[f64; 2]],
        stem: &[[f64; 2]],
        key: &[[f64; 2]],
        activity: &[f64],
    ) {
        let length = audio.len().min(SEGMENT);
        self.started |= length > 0;
        let mut from = 0;
        while from < length && !self.is_off() {
            let to = length.min(from + self.grid.left());
            self.activity = activity[to - 1];
            let audio = &mut audio[from..to];
            let (stem, key) = (&stem[from..to], &key[from..to]);
            if self.placement == UnmaskPlacement::Stereo {
                run(arch, Piece::<2> { unmask: self, audio, stem, key });
            } else {
                run(arch, Piece::<1> { unmask: self, audio, stem, key });
            }
            from = to;
        }
    }

    /// Takes off what the bells say.
    #[inline(always)]
    fn duck<F: Four, const LANES: usize>(&mut self, zero: F, audio: &mut [[f64; 2]]) {
        let Matrix { take, put } = Matrix::of(self.placement);
        let mut filters = [[zero; 6]; GROUPS];
        let (mut weights, mut slopes) = ([zero; GROUPS], [zero; GROUPS]);
        let mut states = [[[zero; 2]; GROUPS]; LANES];
        for g in 0..GROUPS {
            for i in 0..6 {
                filters[g][i] = zero.load(self.coefficients[g][i]);
            }
            (weights[g], slopes[g]) = (zero.load(self.weights[g]), zero.load(self.slopes[g]));
            for lane in 0..LANES {
                let [s1, s2] = self.states[lane][g];
                states[lane][g] = [zero.load(s1), zero.load(s2)];
            }
        }
        for frame in audio {
            let [l, r] = *frame;
            for lane in 0..LANES {
                let u = zero.splat(take[lane][0] * l + take[lane][1] * r);
                let mut sum = zero;
                for g in 0..GROUPS {
                    let [s1, s2] = &mut states[lane][g];
                    sum = sum + weights[g] * step_four(&filters[g], s1, s2, u);
                }
                let Quad([a, b, c, d]) = sum.store();
                let change = (a + c) + (b + d);
                frame[0] += put[lane][0] * change;
                frame[1] += put[lane][1] * change;
            }
            for g in 0..GROUPS {
                weights[g] = weights[g] + slopes[g];
            }
        }
        for g in 0..GROUPS {
            self.weights[g] = weights[g].store();
            for lane in 0..LANES {
                let [s1, s2] = states[lane][g];
                self.states[lane][g] = [s1.store(), s2.store()];
            }
        }
    }

    /// A look at what was heard, and what becomes of the bells until the next one.
    #[inline(always)]
    fn look<F: Four>(&mut self, zero: F) {
        if self.fade.weight() == 0.0 && self.placement != self.wanted.placement {
            // Nobody hears it: other signals are taken from here on.
            self.placement = self.wanted.placement;
            self.of_stem = Ear::new();
            self.states = [[[NOTHING; 2]; GROUPS]; 2];
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
        let ducks = self.ask.next(zero, &music, &voice, self.activity, depth_db, &focus);
        let mut deepest_db = 0.0;
        for (duck_db, asked_db) in self.duck_db.iter_mut().zip(ducks) {
            *duck_db = part * if asked_db < depth_db { asked_db } else { depth_db };
            deepest_db = if *duck_db > deepest_db { *duck_db } else { deepest_db };
        }
        self.duck_db[self.bells.count()..].fill(0.0);
        self.outcome.look(deepest_db, self.activity, music.iter().sum());

        self.weights = self.target;
        self.target = grouped(&self.bells.weights(&self.duck_db));
        let per_sample = 1.0 / self.grid.left() as f64;
        for g in 0..GROUPS {
            for lane in 0..WIDTH {
                let way = self.target[g].0[lane] - self.weights[g].0[lane];
                self.slopes[g].0[lane] = per_sample * way;
            }
        }
        let is_resting = self.is_resting();
        for state in self.states.as_flattened_mut().as_flattened_mut() {
            *state = if is_resting { NOTHING } else { Quad(state.0.map(snap)) };
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

/// What is between two looks, or a part of it, in one lane of the stem's signals or two.
struct Piece<'a, const LANES: usize> {
    unmask: &'a mut Unmask,
    audio: &'a mut [[f64; 2]],
    stem: &'a [[f64; 2]],
    key: &'a [[f64; 2]],
}

impl<const LANES: usize> Work for Piece<'_, LANES> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { unmask, audio, stem, key } = self;
        let length = audio.len();
        let take = Matrix::of(unmask.placement).take;
        let mut taken = [[0.0; 2]; SEGMENT];
        for (taken, [l, r]) in taken.iter_mut().zip(stem) {
            for lane in 0..LANES {
                taken[lane] = take[lane][0] * l + take[lane][1] * r;
            }
        }
        let Unmask { of_stem, of_key, gammatones, .. } = unmask;
        of_stem.hear::<F, LANES>(zero, gammatones, &taken[..length]);
        of_key.hear::<F, 2>(zero, gammatones, key);
        unmask.gathered += length;

        let mut before = [[0.0; 2]; SEGMENT];
        before[..length].copy_from_slice(audio);
        if !unmask.is_resting() {
            unmask.duck::<F, LANES>(zero, audio);
        }
        unmask.outcome.hear(zero, key, &before[..length], audio);
        if unmask.grid.advance(length) {
            unmask.look(zero);
        }
    }
}

#[cfg(test)]
mod tests;
