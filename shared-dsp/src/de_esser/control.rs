//! From what is heard to what is taken off.
//!
//! ```text
//! s = 10·log10 (band/body)          Relative              s = 10·log10 band        Absolute
//! m = min(s − T, 10·log10 band − gate)
//! sibilant from m > 0 until m < −2 dB
//! asked = min(curve(s), range)      curve: from T − 2 dB on, a dB for a dB from T + 2 dB on
//! r = asked, linked, followed       w = 10^(−r/20) − 1
//! ```
//!
//! Quieter than the `gate` nothing is sibilant, however little body there is to it. The curve begins where
//! hysteresis ends, so letting go is no step.
//!
//! What remembers goes sample by sample, both channels in the halves of a register; what does not takes
//! two samples at once.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::detector::Detector;
use super::gate::Gate;
use super::params::{DeEsserParams, Detect};
use crate::compressor::control::{both, load_two, lower, store_two};
use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::delay::SEGMENT;
use crate::dynamics::ballistics::{Ballistics, Times};
use crate::dynamics::gain_computer::{Action, GainComputers};
use crate::dynamics::level::{DB_PER_OCTAVE_OF_POWER, Octaves};
use crate::eq::frame::{Frame, Frames};
use crate::fast_math::exp2;
use crate::four::{Four, Quad, WIDTH, Work, run};
use crate::ramp::Ramp;
use pulp::Arch;

/// How far below its opening it closes, in dB.
pub(super) const HYSTERESIS_DB: f64 = 2.0;
/// Width of the knee of the curve, which begins where it closes, in dB.
const KNEE_DB: f64 = 4.0;
/// log2 of the factor of a dB of reduction.
const OCTAVES_PER_DB: f64 = -0.5 / DB_PER_OCTAVE_OF_POWER;
const NOTHING: Quad = Quad::splat(0.0);
/// What a level in octaves is before anything was heard.
const UNHEARD: Quad = Quad::splat(f64::NEG_INFINITY);

/// What glides from tick to tick: the threshold in octaves of power, the link, and how much there is of
/// all of it.
#[derive(Debug, Clone, Copy)]
struct Numbers<F = Quad> {
    threshold: F,
    link: F,
    on: F,
    curve: GainComputers<F>,
}

impl Numbers {
    fn new() -> Self {
        Self { threshold: NOTHING, link: NOTHING, on: NOTHING, curve: GainComputers::new() }
    }

    #[inline(always)]
    fn load<F: Four>(&self, zero: F) -> Numbers<F> {
        let Self { threshold, link, on, curve } = self;
        let [threshold, link, on] = [threshold, link, on].map(
            #[inline(always)]
            |x| zero.load(*x),
        );
        Numbers { threshold, link, on, curve: curve.load(zero) }
    }
}

impl<F: Four> Numbers<F> {
    #[inline(always)]
    fn steps_to(&self, target: &Self, samples: F) -> Self {
        Self {
            threshold: (target.threshold - self.threshold) / samples,
            link: (target.link - self.link) / samples,
            on: (target.on - self.on) / samples,
            curve: self.curve.steps_to(&target.curve, samples),
        }
    }

    #[inline(always)]
    fn advance(&mut self, steps: &Self) {
        self.threshold = self.threshold + steps.threshold;
        self.link = self.link + steps.link;
        self.on = self.on + steps.on;
        self.curve.advance(&steps.curve);
    }

    #[inline(always)]
    fn store(&self) -> Numbers {
        Numbers {
            threshold: self.threshold.store(),
            link: self.link.store(),
            on: self.on.store(),
            curve: self.curve.store(),
        }
    }
}

/// What was heard and done since last asked.
#[allow(clippy::struct_field_names, reason = "names carry their units")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Extremes {
    /// The band against the body, where the gate was open, in dB; −∞ where it was not.
    pub(super) sibilance_db: f64,
    /// m in dB.
    pub(super) margin_db: f64,
    pub(super) reduction_db: [f64; 2],
}

/// Curve and ballistics of both channels.
#[derive(Debug, Clone)]
pub(super) struct Control {
    threshold_db: Ramp,
    range_db: Ramp,
    link: Ramp,
    /// How much there is of it: none while something else becomes of it.
    pub(super) on: Crossfade,
    now: Numbers,
    target: Numbers,
    steps: Numbers,
    detect: Detect,
    gate: Gate,
    ballistics: Ballistics,
    /// What the ballistics are set to, at a sample rate: to find it anew takes an iteration.
    times: Option<(Times, f64)>,
    /// 1 where it is sibilant.
    open: Quad,
    most_sibilant: Quad,
    most_margin: Quad,
    most_db: Quad,
    /// What is asked for in the last segment, and the margins there.
    asked: Frames,
    margins: Frames,
}

impl Control {
    /// Nothing is asked for.
    pub(super) fn new() -> Self {
        let mut on = Crossfade::new();
        on.jump_to(true);
        Self {
            threshold_db: Ramp::new(0.0),
            range_db: Ramp::new(0.0),
            link: Ramp::new(1.0),
            on,
            now: Numbers::new(),
            target: Numbers::new(),
            steps: Numbers::new(),
            detect: Detect::Relative,
            gate: Gate::new(),
            ballistics: Ballistics::new(),
            times: None,
            open: NOTHING,
            most_sibilant: UNHEARD,
            most_margin: UNHEARD,
            most_db: NOTHING,
            asked: [[0.0; 2]; SEGMENT],
            margins: [[0.0; 2]; SEGMENT],
        }
    }

    /// Sets the sample rate, how often it ticks, and how it glides.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64, ticks_per_second: f64, glide_ms: f64) {
        for ramp in [&mut self.threshold_db, &mut self.range_db, &mut self.link] {
            ramp.prepare(ticks_per_second, glide_ms);
        }
        self.on.prepare(ticks_per_second, DEFAULT_FADE_MS);
        self.gate.prepare(sample_rate_hz);
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        self.gate.reset();
        (0..WIDTH).for_each(|lane| self.ballistics.reset_lane(lane));
        self.open = NOTHING;
        self.take_extremes();
    }

    /// Takes the settings, which have to be sane; numbers glide.
    pub(super) fn set(&mut self, params: &DeEsserParams, sample_rate_hz: f64) {
        let DeEsserParams { attack_ms, release_ms, .. } = *params;
        self.threshold_db.set_target(params.threshold_db());
        self.range_db.set_target(params.range_db);
        self.link.set_target(params.link);
        let times = Times { attack_ms, hold_ms: 0.0, release_ms };
        if self.times != Some((times, sample_rate_hz)) {
            self.times = Some((times, sample_rate_hz));
            (0..WIDTH).for_each(|lane| self.ballistics.set(lane, sample_rate_hz, times));
        }
    }

    /// What is taken for sibilant from now on, at thresholds of its own.
    pub(super) fn place(&mut self, detect: Detect) {
        if self.detect != detect {
            self.detect = detect;
            self.threshold_db.finish();
            self.open = NOTHING;
        }
    }

    /// Whether there is nothing of it now.
    pub(super) fn is_silent(&self) -> bool {
        self.now.on == NOTHING
    }

    /// Whether nothing glides beyond the next tick.
    pub(super) fn is_settled(&self) -> bool {
        let ramps = [&self.threshold_db, &self.range_db, &self.link];
        self.on.is_settled() && ramps.iter().all(|ramp| ramp.is_settled())
    }

    /// Whether nothing is taken off until the settings change.
    pub(super) fn is_idle(&self) -> bool {
        self.range_db.is_settled() && self.range_db.value() == 0.0 && self.ballistics.rests()
    }

    fn design(&mut self) {
        self.target.threshold = Quad::splat(self.threshold_db.value() / DB_PER_OCTAVE_OF_POWER);
        self.target.link = Quad::splat(self.link.value());
        self.target.on = Quad::splat(self.on.weight());
        let threshold_db = 0.5 * KNEE_DB - HYSTERESIS_DB;
        let range_db = self.range_db.value();
        for lane in 0..WIDTH {
            self.target.curve.set(
                lane,
                Action::Above,
                threshold_db,
                f64::INFINITY,
                KNEE_DB,
                range_db,
            );
        }
    }

    /// Takes a step, to be done within `samples`.
    pub(super) fn depart(&mut self, samples: usize) {
        for ramp in [&mut self.threshold_db, &mut self.range_db, &mut self.link] {
            ramp.next();
        }
        self.on.next();
        self.design();
        let zero = crate::four::Plain::default();
        let (now, target) = (self.now.load(zero), self.target.load(zero));
        self.steps = now.steps_to(&target, zero.splat(samples as f64)).store();
    }

    /// Is where it was going by this tick.
    pub(super) fn arrive(&mut self) {
        self.now = self.target;
    }

    /// Is where it was going in the end, and there.
    pub(super) fn finish(&mut self) {
        for ramp in [&mut self.threshold_db, &mut self.range_db, &mut self.link] {
            ramp.finish();
        }
        self.on.jump_to(true);
        self.design();
        self.arrive();
    }

    /// What is too small to matter comes to rest.
    pub(super) fn snap(&mut self) {
        self.ballistics.snap();
    }

    /// A stretch further, at whose end the body of the key has these powers.
    pub(super) fn advance(&mut self, body: Frame) {
        self.gate.advance(body);
    }

    /// What was heard and done since last asked.
    pub(super) fn take_extremes(&mut self) -> Extremes {
        let highest = |quad: &mut Quad| {
            let Quad([a, b, c, d]) = std::mem::replace(quad, UNHEARD);
            DB_PER_OCTAVE_OF_POWER * a.max(b).max(c.max(d))
        };
        let sibilance_db = highest(&mut self.most_sibilant);
        let margin_db = highest(&mut self.most_margin);
        let Quad([left, right, ..]) = std::mem::take(&mut self.most_db);
        Extremes { sibilance_db, margin_db, reduction_db: [left, right] }
    }

    /// Asks for the segment of `length` heard last.
    pub(super) fn ask(&mut self, arch: Arch, detector: &Detector, length: usize, is_gliding: bool) {
        if is_gliding {
            run(arch, Ask::<'_, true> { control: self, detector, length });
        } else {
            run(arch, Ask::<'_, false> { control: self, detector, length });
        }
    }

    /// The w at every sample of what was asked for last; where that is odd, there has to be room for one
    /// more, which may be anything.
    pub(super) fn work(
        &mut self,
        arch: Arch,
        weights: &mut [Frame],
        length: usize,
        is_gliding: bool,
    ) {
        if is_gliding {
            let weights = &mut weights[..length];
            run(arch, Follow::<'_, true> { control: self, weights });
            run(arch, Weigh::<'_, true> { control: self, weights });
        } else {
            run(arch, Follow::<'_, false> { control: self, weights: &mut weights[..length] });
            run(arch, Weigh::<'_, false> { control: self, weights });
        }
    }
}

/// From powers to what is asked for.
struct Ask<'a, const GLIDES: bool> {
    control: &'a mut Control,
    detector: &'a Detector,
    length: usize,
}

/// What it takes.
struct Asking<F> {
    octaves: Octaves<F>,
    /// How much of the body is taken off the band.
    relative: F,
    gate: F,
    most_sibilant: F,
    most_margin: F,
}

impl<F: Four> Asking<F> {
    #[inline(always)]
    fn new(zero: F, control: &Control) -> Self {
        let (relative, gate) = match control.detect {
            Detect::Relative => (1.0, control.gate.relative()),
            Detect::Absolute => (0.0, Gate::absolute()),
        };
        Self {
            octaves: Octaves::new(zero),
            relative: zero.splat(relative),
            gate: zero.load(gate),
            most_sibilant: zero.load(control.most_sibilant),
            most_margin: zero.load(control.most_margin),
        }
    }

    /// What is asked for, and the margin.
    #[inline(always)]
    fn of(&mut self, numbers: &Numbers<F>, band: F, body: F) -> [F; 2] {
        let (band, body) = (self.octaves.of(band), self.octaves.of(body));
        let zero = band.splat(0.0);
        let above_gate = band - self.gate;
        let sibilance = above_gate.pick_above(zero, band - body, self.most_sibilant);
        self.most_sibilant = self.most_sibilant.larger(sibilance);
        let above = (band - self.relative * body) - numbers.threshold;
        let margin = above.smaller(above_gate);
        self.most_margin = self.most_margin.larger(margin);
        [numbers.curve.changes_db(above), margin]
    }
}

impl<const GLIDES: bool> Work for Ask<'_, GLIDES> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { control, detector: Detector { band, body, .. }, length } = self;
        let mut asking = Asking::new(zero, control);
        let mut numbers: Numbers<F> = control.now.load(zero);
        let Control { asked, margins, .. } = control;
        if GLIDES {
            let steps = control.steps.load(zero);
            for n in 0..length {
                let [change, margin] =
                    asking.of(&numbers, both(zero, band[n]), both(zero, body[n]));
                (asked[n], margins[n]) = (lower(change), lower(margin));
                numbers.advance(&steps);
            }
        } else {
            let powers = band.as_chunks::<2>().0.iter().zip(body.as_chunks::<2>().0);
            let to = asked.as_chunks_mut::<2>().0.iter_mut().zip(margins.as_chunks_mut::<2>().0);
            for ((band, body), (asked, margin)) in powers.zip(to).take(length.div_ceil(2)) {
                let [change, m] = asking.of(&numbers, load_two(zero, band), load_two(zero, body));
                store_two(change, asked);
                store_two(m, margin);
            }
        }
        control.most_sibilant = asking.most_sibilant.store();
        control.most_margin = asking.most_margin.store();
    }
}

/// From what is asked for to what is taken off, both in dB.
struct Follow<'a, const GLIDES: bool> {
    control: &'a mut Control,
    weights: &'a mut [Frame],
}

impl<const GLIDES: bool> Work for Follow<'_, GLIDES> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { control, weights } = self;
        let mut ballistics = control.ballistics.load(zero);
        let mut most = zero.load(control.most_db);
        let mut open = zero.load(control.open);
        let one = zero.splat(1.0);
        let closes = zero.splat(-HYSTERESIS_DB / DB_PER_OCTAVE_OF_POWER);
        let mut link = zero.load(control.now.link);
        let step = zero.load(control.steps.link);
        for ((weight, asked), margin) in
            weights.iter_mut().zip(&control.asked).zip(&control.margins)
        {
            let margin = both(zero, *margin);
            open = margin.pick_above(closes, open, zero);
            open = margin.pick_above(zero, one, open);
            let own = open * both(zero, *asked);
            let linked = own + link * (own.larger(own.swapped()) - own);
            if GLIDES {
                link = link + step;
            }
            let done = ballistics.next::<false>(linked);
            most = most.larger(done);
            *weight = lower(done);
        }
        control.ballistics.keep(&ballistics);
        control.most_db = most.store();
        control.open = open.store();
    }
}

/// From reductions in dB to w, in their place.
struct Weigh<'a, const GLIDES: bool> {
    control: &'a mut Control,
    weights: &'a mut [Frame],
}

impl<const GLIDES: bool> Work for Weigh<'_, GLIDES> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { control, weights } = self;
        let (octaves_per_db, one) = (zero.splat(OCTAVES_PER_DB), zero.splat(1.0));
        let mut numbers: Numbers<F> = control.now.load(zero);
        if GLIDES {
            let steps = control.steps.load(zero);
            for frame in weights {
                let w = numbers.on * (exp2(octaves_per_db * both(zero, *frame)) - one);
                *frame = lower(w);
                numbers.advance(&steps);
            }
            control.now = numbers.store();
            return;
        }
        for pair in weights.as_chunks_mut::<2>().0 {
            let w = numbers.on * (exp2(octaves_per_db * load_two(zero, pair)) - one);
            store_two(w, pair);
        }
    }
}
