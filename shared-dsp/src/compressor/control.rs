//! From the key to the factors of both channels.
//!
//! ```text
//! key ──▶ x² ──▶ level ──▶ curve ──▶ link ──▶ followed: r in dB ──▶ 1 + m·(M·10^(−r/20) − 1)
//! ```
//!
//! All from the key alone, so that instances with equal settings and one key have one gain. Under Bus
//! the level is that behind the loop's own reduction; since the loop is closed in decibels, behind the
//! detector, the key's own level is all that has to be measured (`dynamics::character`).
//!
//! What remembers goes sample by sample, both channels in the halves of a register; what does not takes
//! two samples at once.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::crest::CrestFactors;
use super::curve::{GlidingCurve, Numbers};
use super::params::{BusCompressorParams, Character, Detector};
use crate::delay::SEGMENT;
use crate::dynamics::ballistics::{Ballistics, Times};
use crate::dynamics::character::{self, Character as Follows};
use crate::dynamics::level::{DB_PER_OCTAVE_OF_POWER, Levels, Octaves, Reading};
use crate::eq::frame::{Frame, Frames};
use crate::fast_math::exp2;
use crate::four::{Four, Quad, WIDTH, Work, run};
use pulp::Arch;
use std::marker::PhantomData;

/// log2 of the factor of a dB of reduction.
const OCTAVES_PER_DB: f64 = -0.5 / DB_PER_OCTAVE_OF_POWER;
const NOTHING: Quad = Quad::splat(0.0);

/// A frame in both halves.
#[inline(always)]
pub(crate) fn both<F: Four>(zero: F, [left, right]: Frame) -> F {
    zero.load(Quad([left, right, left, right]))
}

/// The frame in the lower half.
#[inline(always)]
pub(crate) fn lower<F: Four>(lanes: F) -> Frame {
    let [left, right, ..] = lanes.store().0;
    [left, right]
}

/// Two frames.
#[inline(always)]
pub(crate) fn load_two<F: Four>(zero: F, frames: &[Frame; 2]) -> F {
    let [[a, b], [c, d]] = *frames;
    zero.load(Quad([a, b, c, d]))
}

/// The same way back.
#[inline(always)]
pub(crate) fn store_two<F: Four>(lanes: F, frames: &mut [Frame; 2]) {
    let [a, b, c, d] = lanes.store().0;
    *frames = [[a, b], [c, d]];
}

/// Detector, curve and ballistics of both channels.
#[derive(Debug, Clone)]
pub(super) struct Control {
    /// What is asked for, how it is linked and what becomes of it.
    pub(super) curve: GlidingCurve,
    levels: Levels,
    detector: Detector,
    character: Character,
    ballistics: Ballistics,
    /// What the ballistics are set to, at a sample rate: to find it anew takes an iteration.
    times: Option<(Times, f64)>,
    auto_release: bool,
    crest: CrestFactors,
    /// How far the channels share a crest factor: the link, which only curves glide to.
    link: f64,
    /// The largest power and reduction since last asked.
    loudest: Quad,
    most_db: Quad,
    /// The powers of a segment, and how steep the curve is there.
    powers: Frames,
    slopes: Frames,
}

impl Control {
    /// Nothing is asked for.
    pub(super) fn new() -> Self {
        Self {
            curve: GlidingCurve::new(),
            levels: Levels::new(),
            detector: Detector::Peak,
            character: Character::Clean,
            ballistics: Ballistics::new(),
            times: None,
            auto_release: false,
            crest: CrestFactors::new(),
            link: 1.0,
            loudest: NOTHING,
            most_db: NOTHING,
            powers: [[0.0; 2]; SEGMENT],
            slopes: [[0.0; 2]; SEGMENT],
        }
    }

    /// Sets the sample rate, how often the curve ticks, and how it glides.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64, ticks_per_second: f64, glide_ms: f64) {
        self.curve.prepare(ticks_per_second, glide_ms);
        self.crest.prepare(sample_rate_hz);
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        for lane in 0..WIDTH {
            self.levels.reset_lane(lane);
            self.ballistics.reset_lane(lane);
        }
        self.crest.reset();
        (self.loudest, self.most_db) = (NOTHING, NOTHING);
    }

    /// Takes the settings, which have to be sane; numbers of the curve glide.
    pub(super) fn set(&mut self, params: &BusCompressorParams, sample_rate_hz: f64) {
        self.curve.set(params);
        let BusCompressorParams { attack_ms, hold_ms, release_ms, rms_ms, .. } = *params;
        let reading = match params.detector {
            Detector::Peak => Reading::Peak,
            Detector::Rms => Reading::Power(rms_ms),
        };
        // Whoever is asked anew has heard nothing yet.
        let is_new = params.detector != self.detector;
        for lane in 0..WIDTH {
            self.levels.set(lane, sample_rate_hz, reading);
            if is_new {
                self.levels.reset_lane(lane);
            }
        }
        let times = Times { attack_ms, hold_ms, release_ms };
        if self.times != Some((times, sample_rate_hz)) {
            self.times = Some((times, sample_rate_hz));
            (0..WIDTH).for_each(|lane| self.ballistics.set(lane, sample_rate_hz, times));
        }
        if params.auto_release && !self.auto_release {
            self.crest.reset();
        }
        self.link = params.link;
        self.detector = params.detector;
        self.character = params.character;
        self.auto_release = params.auto_release;
    }

    /// Whether the factors are, and stay, exactly 1 until the settings change.
    pub(super) fn is_idle(&self) -> bool {
        self.curve.is_idle() && self.ballistics.rests()
    }

    /// How much of a reduction recovers slowly, by channel, 0 to 1.
    pub(super) fn slow_shares(&self) -> [f64; 2] {
        let Quad([first, second, ..]) = self.crest.shares();
        if self.auto_release { [first, second] } else { [0.0; 2] }
    }

    /// The largest power of the key, read as a sine's, and the largest reduction in dB since last asked, by
    /// channel.
    pub(super) fn take_extremes(&mut self) -> [[f64; 2]; 2] {
        [&mut self.loudest, &mut self.most_db].map(|quad| {
            let Quad([a, b, ..]) = std::mem::take(quad);
            [a, b]
        })
    }

    /// Every 64 samples: states too small to matter become 0, and crest factors are taken anew.
    pub(super) fn snap(&mut self) {
        self.levels.snap();
        self.ballistics.snap();
        if self.auto_release {
            self.crest.update();
        }
    }

    /// Hears a segment of the key.
    pub(super) fn hear(&mut self, arch: Arch, key: &[Frame]) {
        match (self.detector, self.auto_release) {
            (Detector::Peak, false) => run(arch, Hear::<'_, false, false>(self, key)),
            (Detector::Peak, true) => run(arch, Hear::<'_, false, true>(self, key)),
            (Detector::Rms, false) => run(arch, Hear::<'_, true, false>(self, key)),
            (Detector::Rms, true) => run(arch, Hear::<'_, true, true>(self, key)),
        }
    }

    /// The factors at every sample of the segment of `length` heard last; where that is odd, `factors` has
    /// room for one more, which may be anything.
    pub(super) fn work(
        &mut self,
        arch: Arch,
        factors: &mut [Frame],
        length: usize,
        is_gliding: bool,
    ) {
        if is_gliding {
            run(
                arch,
                Asked::<'_, true>(Segment { control: self, factors: &mut factors[..length] }),
            );
        } else {
            run(arch, Asked::<'_, false>(Segment { control: self, factors }));
        }
        self.follow(arch, &mut factors[..length]);
        if is_gliding {
            run(
                arch,
                Turned::<'_, true>(Segment { control: self, factors: &mut factors[..length] }),
            );
        } else {
            run(arch, Turned::<'_, false>(Segment { control: self, factors }));
        }
    }

    fn follow(&mut self, arch: Arch, factors: &mut [Frame]) {
        let is_full = self.ballistics.holds() || self.ballistics.has_base() || self.auto_release;
        match (self.character, is_full) {
            (Character::Clean, false) => self.follow_as::<character::Clean, false>(arch, factors),
            (Character::Clean, true) => self.follow_as::<character::Clean, true>(arch, factors),
            (Character::Grab, false) => self.follow_as::<character::Grab, false>(arch, factors),
            (Character::Grab, true) => self.follow_as::<character::Grab, true>(arch, factors),
            (Character::Bus, false) => self.follow_as::<character::Bus, false>(arch, factors),
            (Character::Bus, true) => self.follow_as::<character::Bus, true>(arch, factors),
        }
    }

    fn follow_as<C: Follows, const FULL: bool>(&mut self, arch: Arch, factors: &mut [Frame]) {
        run(arch, Followed::<'_, C, FULL>(Segment { control: self, factors }, PhantomData));
    }
}

/// From the key to its powers.
struct Hear<'a, const RMS: bool, const CREST: bool>(&'a mut Control, &'a [Frame]);

impl<const RMS: bool, const CREST: bool> Work for Hear<'_, RMS, CREST> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self(control, key) = self;
        let mut levels = control.levels.load(zero);
        let mut crest = control.crest.load(zero);
        let mut loudest = zero.load(control.loudest);
        let [link, unlinked] = [zero.splat(control.link), zero.splat(1.0 - control.link)];
        for (power, frame) in control.powers.iter_mut().zip(key) {
            let x = both(zero, *frame);
            let mut heard = x * x;
            if CREST {
                crest.hear(link * heard.larger(heard.swapped()) + unlinked * heard);
            }
            if RMS {
                heard = levels.next(heard);
            }
            loudest = loudest.larger(heard);
            *power = lower(heard);
        }
        control.levels.keep(&levels);
        control.crest.keep(&crest);
        control.loudest = loudest.store();
    }
}

/// A segment on its way from powers to factors.
struct Segment<'a> {
    control: &'a mut Control,
    factors: &'a mut [Frame],
}

struct Asked<'a, const GLIDES: bool>(Segment<'a>);
struct Followed<'a, C, const FULL: bool>(Segment<'a>, PhantomData<C>);
struct Turned<'a, const GLIDES: bool>(Segment<'a>);

impl<const GLIDES: bool> Work for Asked<'_, GLIDES> {
    type Output = ();

    /// From powers to what is asked for, in the place of the factors.
    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Segment { control: Control { curve, powers, slopes, .. }, factors } = self.0;
        let octaves = Octaves::new(zero);
        let mut numbers: Numbers<F> = curve.now.load(zero);
        if GLIDES {
            let steps = curve.steps.load(zero);
            for ((asked, slope), power) in factors.iter_mut().zip(slopes).zip(powers) {
                let (change, steep) = numbers.ask(octaves.of(both(zero, *power)));
                (*asked, *slope) = (lower(change), lower(steep));
                numbers.advance(&steps);
            }
            return;
        }
        let pairs = factors.as_chunks_mut::<2>().0.iter_mut();
        let slopes = slopes.as_chunks_mut::<2>().0;
        for ((asked, slope), power) in pairs.zip(slopes).zip(powers.as_chunks::<2>().0) {
            let (change, steep) = numbers.ask(octaves.of(load_two(zero, power)));
            store_two(change, asked);
            store_two(steep, slope);
        }
    }
}

impl<C: Follows, const FULL: bool> Work for Followed<'_, C, FULL> {
    type Output = ();

    /// From what is asked for to what is done, both in dB, in its place.
    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Segment { control, factors } = self.0;
        let mut ballistics = control.ballistics.load(zero);
        let mut most = zero.load(control.most_db);
        let share = if control.auto_release { zero.load(control.crest.shares()) } else { zero };
        for (frame, slope) in factors.iter_mut().zip(&control.slopes) {
            let [asked, slope] = [both(zero, *frame), both(zero, *slope)];
            let done = C::next::<F, FULL>(&mut ballistics, asked, slope, share);
            most = most.larger(done);
            *frame = lower(done);
        }
        control.ballistics.keep(&ballistics);
        control.most_db = most.store();
    }
}

impl<const GLIDES: bool> Work for Turned<'_, GLIDES> {
    type Output = ();

    /// From reductions in dB to factors, in their place.
    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Segment { control: Control { curve, .. }, factors } = self.0;
        let octaves_per_db = zero.splat(OCTAVES_PER_DB);
        let mut numbers: Numbers<F> = curve.now.load(zero);
        if GLIDES {
            let steps = curve.steps.load(zero);
            for frame in factors {
                let gain = exp2(octaves_per_db * both(zero, *frame));
                *frame = lower(numbers.factors(gain));
                numbers.advance(&steps);
            }
            curve.now = numbers.store();
            return;
        }
        for pair in factors.as_chunks_mut::<2>().0 {
            let gain = exp2(octaves_per_db * load_two(zero, pair));
            store_two(numbers.factors(gain), pair);
        }
    }
}

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}
