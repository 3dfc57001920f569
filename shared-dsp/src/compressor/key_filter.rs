//! What of the key is heard: a high-pass, a low-pass, a bell and a tilt in a row.
//!
//! ```text
//! x ──▶ + w·F₁(x) ──▶ + F₂ … F₄ ──▶       F = H − 1,  w from 0 to 1 as a filter fades in
//! ```
//!
//! The sections are the equaliser's, fitted to their analogue prototypes up to Nyquist, and like there
//! what is computed is the change: off is exact, and a bell or a tilt goes to nothing with its gain.
//! Frequencies, gains and Q glide on the grid of the curve, coefficients in straight lines in between.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::params::KeyFilter;
use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::db;
use crate::eq::BandType;
use crate::eq::frame::Frame;
use crate::eq::prototype::Prototype;
use crate::eq::section::Section;
use crate::eq::shape::sections;
use crate::eq::svf::{self, Coefficients, Filters, Gliding, step_four};
use crate::finite::snap;
use crate::four::{Four, Quad, Work, run};
use crate::ramp::Ramp;
use pulp::Arch;
use std::f64::consts::FRAC_1_SQRT_2;

/// High-pass, low-pass, bell, tilt.
const SECTIONS: usize = 4;
/// Where a tilt has its middle.
const TILT_HZ: f64 = 1000.0;
/// How gently it bends.
const TILT_Q: f64 = 0.4;

/// The sections of `filter` whose gains are not 0; `high` and `low` are the corners of the passes.
fn designed(
    filter: &KeyFilter,
    [high, low]: [Option<f64>; 2],
    sample_rate_hz: f64,
) -> [Option<Section>; SECTIONS] {
    let pass = |prototype, hz| Section::matched(&prototype, hz, sample_rate_hz);
    let gained = |kind, hz, gain_db: f64, q| {
        (gain_db != 0.0).then(|| sections(kind, hz, gain_db, q, sample_rate_hz).0)
    };
    [
        high.map(|hz| pass(Prototype::high_pass(2, 0, FRAC_1_SQRT_2), hz)),
        low.map(|hz| pass(Prototype::low_pass(2, 0, FRAC_1_SQRT_2), hz)),
        gained(BandType::Bell, filter.bell_hz, filter.bell_db, filter.bell_q),
        gained(BandType::Tilt, TILT_HZ, filter.tilt_db, TILT_Q),
    ]
}

/// How loud `frequency_hz` is heard, in dB: for drawings.
pub fn key_response_db(filter: &KeyFilter, frequency_hz: f64, sample_rate_hz: f64) -> f64 {
    let passes = [filter.high_pass_hz, filter.low_pass_hz];
    designed(filter, passes, sample_rate_hz)
        .iter()
        .flatten()
        .map(|section| {
            let [real, imaginary] = section.response(frequency_hz, sample_rate_hz);
            db::from_power((real * real + imaginary * imaginary).max(1e-30))
        })
        .sum()
}

/// The filters of the key.
#[derive(Debug, Clone)]
pub(super) struct KeyFilters {
    sample_rate_hz: f64,
    /// Corners of both passes and the bell's frequency in octaves of 1 Hz, the bell's gain and Q, the
    /// tilt's gain.
    ramps: [Ramp; 6],
    /// Whether the passes are heard.
    passes: [Crossfade; 2],
    filters: Gliding<SECTIONS>,
    states: [[Quad; 2]; SECTIONS],
    is_active: [bool; SECTIONS],
    /// What has gone to nothing by the next tick.
    leaves: [bool; SECTIONS],
}

impl KeyFilters {
    /// Everything is heard.
    pub(super) fn new() -> Self {
        let KeyFilter { bell_hz, bell_q, .. } = KeyFilter::DEFAULT;
        let ramps = [100f64.log2(), 10_000f64.log2(), bell_hz.log2(), 0.0, bell_q, 0.0];
        Self {
            sample_rate_hz: 48_000.0,
            ramps: ramps.map(Ramp::new),
            passes: [Crossfade::new(), Crossfade::new()],
            filters: Gliding::new(),
            states: Default::default(),
            is_active: [false; SECTIONS],
            leaves: [false; SECTIONS],
        }
    }

    /// Sets the sample rate, how often it ticks, and the time constant of each pole of a glide.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64, ticks_per_second: f64, glide_ms: f64) {
        self.sample_rate_hz = sample_rate_hz;
        self.ramps.iter_mut().for_each(|ramp| ramp.prepare(ticks_per_second, glide_ms));
        self.passes.iter_mut().for_each(|pass| pass.prepare(ticks_per_second, DEFAULT_FADE_MS));
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        self.states = Default::default();
    }

    /// Where they go, from the next tick on; `filter` has to be sane.
    pub(super) fn set(&mut self, filter: &KeyFilter) {
        let corners = [filter.high_pass_hz, filter.low_pass_hz];
        let [high, low, bell_hz, bell_db, bell_q, tilt_db] = &mut self.ramps;
        for ((pass, ramp), corner) in self.passes.iter_mut().zip([high, low]).zip(corners) {
            if let Some(hz) = corner {
                // One that is not heard has nowhere to glide from.
                if pass.is_first() { ramp.jump_to(hz.log2()) } else { ramp.set_target(hz.log2()) }
            }
            pass.fade_to(corner.is_some());
        }
        bell_hz.set_target(filter.bell_hz.log2());
        bell_db.set_target(filter.bell_db);
        bell_q.set_target(filter.bell_q);
        tilt_db.set_target(filter.tilt_db);
    }

    /// Whether nothing glides beyond the next tick.
    pub(super) fn is_settled(&self) -> bool {
        self.ramps.iter().all(Ramp::is_settled) && self.passes.iter().all(Crossfade::is_settled)
    }

    fn design(&mut self) {
        let [high, low, bell_hz, bell_db, bell_q, tilt_db] = self.ramps.each_ref().map(Ramp::value);
        let filter =
            KeyFilter { bell_hz: bell_hz.exp2(), bell_db, bell_q, tilt_db, ..KeyFilter::DEFAULT };
        let weights = [self.passes[0].weight(), self.passes[1].weight(), 1.0, 1.0];
        let passes = [(high, weights[0]), (low, weights[1])]
            .map(|(octaves, weight)| (weight > 0.0).then(|| octaves.exp2()));
        let sections = designed(&filter, passes, self.sample_rate_hz);
        for (index, (section, weight)) in sections.iter().zip(weights).enumerate() {
            self.aim(index, section.as_ref().map(|section| svf::change(section, weight)));
        }
    }

    /// Where a section goes until the next tick; to nothing if there is none. One that was not there has
    /// no past.
    fn aim(&mut self, index: usize, change: Option<Coefficients>) {
        self.leaves[index] = change.is_none() && self.is_active[index];
        if let Some(change) = change {
            self.filters.set_target(index, &change);
            if !self.is_active[index] {
                // Its poles are where they will be, and nothing of it is heard yet.
                self.is_active[index] = true;
                self.states[index] = Default::default();
                for (c, (now, target)) in self.filters.now.iter_mut().zip(change).enumerate() {
                    now[index] = if c < 3 { target } else { 0.0 };
                }
            }
        } else if self.leaves[index] {
            let now = self.filters.now.map(|c| c[index]);
            self.filters.set_target(index, &[now[0], now[1], now[2], 0.0, 0.0, 0.0]);
        }
    }

    /// Takes a step, to be done within `samples`.
    pub(super) fn depart(&mut self, samples: usize) {
        if self.is_settled() {
            // They are where they should be: something else glides.
            return;
        }
        self.ramps.iter_mut().for_each(|ramp| {
            ramp.next();
        });
        self.passes.iter_mut().for_each(|pass| {
            pass.next();
        });
        self.design();
        self.filters.depart(samples);
    }

    /// Is where it was going by this tick.
    pub(super) fn arrive(&mut self) {
        self.filters.arrive();
        for (is_active, leaves) in self.is_active.iter_mut().zip(&mut self.leaves) {
            *is_active &= !std::mem::take(leaves);
        }
    }

    /// Is where it was going in the end.
    pub(super) fn finish(&mut self) {
        self.ramps.iter_mut().for_each(Ramp::finish);
        self.passes.iter_mut().for_each(Crossfade::finish);
        self.design();
        self.arrive();
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        for state in self.states.as_flattened_mut() {
            *state = Quad(state.0.map(snap));
        }
    }

    /// Filters a stereo segment.
    pub(super) fn process(&mut self, arch: Arch, frames: &mut [Frame], is_gliding: bool) {
        let mut active = [0; SECTIONS];
        let mut count = 0;
        for index in (0..SECTIONS).filter(|index| self.is_active[*index]) {
            active[count] = index;
            count += 1;
        }
        let [a, b, c, d] = active;
        match count {
            0 => {}
            1 => self.row(arch, frames, [a], is_gliding),
            2 => self.row(arch, frames, [a, b], is_gliding),
            3 => self.row(arch, frames, [a, b, c], is_gliding),
            _ => self.row(arch, frames, [a, b, c, d], is_gliding),
        }
    }

    fn row<const N: usize>(
        &mut self,
        arch: Arch,
        frames: &mut [Frame],
        sections: [usize; N],
        is_gliding: bool,
    ) {
        if is_gliding {
            run(arch, Row::<'_, N, true> { filters: self, frames, sections });
        } else {
            run(arch, Row::<'_, N, false> { filters: self, frames, sections });
        }
    }
}

/// `N` sections on a segment.
struct Row<'a, const N: usize, const GLIDES: bool> {
    filters: &'a mut KeyFilters,
    frames: &'a mut [Frame],
    sections: [usize; N],
}

impl<const N: usize, const GLIDES: bool> Work for Row<'_, N, GLIDES> {
    type Output = ();

    /// All sections sample by sample: while one waits for its state, the next ones work.
    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { filters: KeyFilters { filters, states, .. }, frames, sections } = self;
        let of = |all: &[[f64; SECTIONS]; 6], index: usize| -> Filters<F> {
            std::array::from_fn(
                #[inline(always)]
                |c| zero.splat(all[c][index]),
            )
        };
        let mut now = sections.map(|index| of(&filters.now, index));
        let steps = sections.map(|index| of(&filters.step, index));
        let mut held = sections.map(|index| states[index].map(|state| zero.load(state)));
        for frame in frames {
            let [left, right] = *frame;
            let mut x = zero.load(Quad([left, right, left, right]));
            for s in 0..N {
                let [s1, s2] = &mut held[s];
                x = x + step_four(&now[s], s1, s2, x);
                if GLIDES {
                    for c in 0..6 {
                        now[s][c] = now[s][c] + steps[s][c];
                    }
                }
            }
            let [left, right, ..] = x.store().0;
            *frame = [left, right];
        }
        for (s, index) in sections.into_iter().enumerate() {
            states[index] = held[s].map(F::store);
            if GLIDES {
                for (kept, now) in filters.now.iter_mut().zip(now[s]) {
                    kept[index] = now.store().0[0];
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    const RATE: f64 = 48_000.0;
    const ALL: KeyFilter = KeyFilter {
        high_pass_hz: Some(120.0),
        low_pass_hz: Some(6000.0),
        bell_hz: 2000.0,
        bell_db: -9.0,
        bell_q: 2.0,
        tilt_db: 6.0,
    };

    fn at_once(filter: &KeyFilter) -> KeyFilters {
        let mut filters = KeyFilters::new();
        filters.prepare(RATE, 3000.0, 5.0);
        filters.set(filter);
        filters.finish();
        filters
    }

    fn level_db(filters: &mut KeyFilters, hz: f64) -> f64 {
        let mut frames: Vec<Frame> = (0..48_000)
            .map(|n| {
                let x = (TAU * hz * f64::from(n) / RATE).sin();
                [x, -0.5 * x]
            })
            .collect();
        filters.process(Arch::new(), &mut frames, false);
        assert!(frames.iter().all(|[l, r]| (l + 2.0 * r).abs() < 1e-9));
        let half = &frames[24_000..];
        db::from_power(2.0 * half.iter().map(|[l, _]| l * l).sum::<f64>() / 24_000.0)
    }

    #[test]
    fn a_sine_is_heard_as_loud_as_the_drawing_says() {
        let only = [
            KeyFilter { high_pass_hz: Some(500.0), ..KeyFilter::DEFAULT },
            KeyFilter { low_pass_hz: Some(500.0), ..KeyFilter::DEFAULT },
            KeyFilter { bell_db: 12.0, ..KeyFilter::DEFAULT },
            KeyFilter { tilt_db: -12.0, ..KeyFilter::DEFAULT },
            ALL,
        ];
        for filter in only {
            for hz in [40.0, 500.0, 1000.0, 2000.0, 12_000.0] {
                let got = level_db(&mut at_once(&filter), hz);
                let drawn = key_response_db(&filter, hz, RATE);
                assert!((got - drawn).abs() < 0.01, "{got}, {drawn} at {hz} of {filter:?}");
            }
        }
        // What they are, in figures.
        let near = |filter: usize, hz: f64, wanted_db: f64| {
            let got = key_response_db(&only[filter], hz, RATE);
            assert!((got - wanted_db).abs() < 0.1, "{got} at {hz}");
        };
        near(0, 500.0, -3.01);
        near(0, 50.0, -40.0);
        near(1, 500.0, -3.01);
        near(2, 1000.0, 12.0);
        near(3, 1000.0, 0.0);
        assert!(key_response_db(&only[3], 20.0, RATE) > 5.5);
        assert!(key_response_db(&only[3], 20_000.0, RATE) < -5.5);
        assert_eq!(key_response_db(&KeyFilter::DEFAULT, 100.0, RATE), 0.0);
    }

    #[test]
    fn glides_end_where_a_fresh_filter_is_and_off_is_exact() {
        let mut filters = at_once(&KeyFilter::DEFAULT);
        let go = |filters: &mut KeyFilters, to: &KeyFilter| {
            filters.set(to);
            let mut ticks = 0;
            loop {
                filters.arrive();
                if filters.is_settled() && ticks > 0 {
                    break;
                }
                filters.depart(16);
                let mut frames = [[0.3, -0.2]; 16];
                filters.process(Arch::new(), &mut frames, true);
                ticks += 1;
                assert!(ticks < 3000);
            }
            filters.depart(16);
            filters.arrive();
        };
        go(&mut filters, &ALL);
        let fresh = at_once(&ALL);
        for (a, b) in filters.filters.now.iter().zip(&fresh.filters.now) {
            for (a, b) in a.iter().zip(b) {
                assert!((a - b).abs() < 1e-9, "{a}, {b}");
            }
        }
        assert_eq!(filters.is_active, [true; SECTIONS]);
        go(&mut filters, &KeyFilter::DEFAULT);
        assert_eq!(filters.is_active, [false; SECTIONS]);
        let mut frames = [[0.3, -1e-40]; 64];
        filters.process(Arch::new(), &mut frames, false);
        assert_eq!(frames, [[0.3, -1e-40]; 64]);
    }
}
