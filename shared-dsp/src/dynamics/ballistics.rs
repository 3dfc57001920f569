//! How a change is followed: attack, hold, release.
//!
//! ```text
//! p ← c                        while c ≥ p: the peak of what is asked, held for the hold time,
//! p ← c + ρ·(p − c)            then falling towards it
//! y ← y + α·(p − y)            α = attack where p > y, else the shorter of attack and release/2
//! ```
//!
//! The smooth decoupled detector of Giannoulis, Massberg and Reiss (JAES 60 (6), 2012) on the change
//! in dB. Its two stages add up when they fall, so a release of its own would be longer than it says:
//! ρ is solved for, so that attack and release are both exactly the time to 63.2 % of the whole
//! change, for every pair of times. Where the attack is the longer one, the second stage takes half
//! the release to fall.
//!
//! What is within 0.001 dB of nothing is given as nothing: the gain is then exactly 1.
//!
//! The same times may be followed in other ways (`character`).

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::four::{Four, Quad, WIDTH};

/// A change in dB below this is none.
pub const RECOVERED_DB: f64 = 0.001;

/// Attack, hold and release of a lane, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// Time to 63.2 % of a growing change.
    pub attack_ms: f64,
    /// How long the largest change asked for is kept before it falls.
    pub hold_ms: f64,
    /// Time to 63.2 % of a falling change.
    pub release_ms: f64,
}

/// The ballistics of four lanes: in memory, or ready to compute with.
#[derive(Debug, Clone, Copy)]
pub struct Ballistics<F = Quad> {
    pub(super) rise: F,
    pub(super) fall: F,
    pub(super) decay: F,
    hold_samples: F,
    /// The part a release alone takes, without a stage behind it.
    pub(super) release: F,
    /// What is taken over what is left, in a sample: of the rise and the decay.
    pub(super) rise_odds: F,
    pub(super) decay_odds: F,
    /// How fast the base of an automatic release follows, up and down.
    pub(super) charge: F,
    pub(super) discharge: F,
    pub(super) peak: F,
    hold_left: F,
    pub(super) value: F,
    /// What a sustained change falls to at first.
    pub(super) base: F,
    /// One less the slope of the curve where the peak was asked for.
    pub(super) open: F,
}

/// How many releases the base of an automatic release takes to follow a sustained change.
pub const CHARGE_RELEASES: f64 = 3.0;
/// How many releases it takes to let go of it.
pub const DISCHARGE_RELEASES: f64 = 8.0;
/// Odds above this are certainty.
const MAX_ODDS: f64 = 1e9;

impl Default for Ballistics {
    fn default() -> Self {
        Self::new()
    }
}

impl Ballistics {
    /// Lanes at rest that follow at once.
    pub const fn new() -> Self {
        let [zero, one] = [Quad::splat(0.0), Quad::splat(1.0)];
        Self {
            rise: one,
            fall: one,
            decay: zero,
            hold_samples: zero,
            release: one,
            rise_odds: Quad::splat(MAX_ODDS),
            decay_odds: Quad::splat(MAX_ODDS),
            charge: one,
            discharge: one,
            peak: zero,
            hold_left: zero,
            value: zero,
            base: zero,
            open: one,
        }
    }

    /// Sets the times of a lane.
    pub fn set(&mut self, lane: usize, sample_rate_hz: f64, times: Times) {
        let samples = |ms: f64| (ms * 1e-3 * sample_rate_hz).max(1e-3);
        let (attack, release) = (samples(times.attack_ms), samples(times.release_ms));
        let second = attack.min(0.5 * release);
        let coefficient = |samples: f64| -(-1.0 / samples).exp_m1();
        let odds = |part: f64| (part / (1.0 - part)).min(MAX_ODDS);
        let rise = coefficient(attack);
        let decay = (-1.0 / first_of_two(second, release)).exp();
        (self.rise.0[lane], self.rise_odds.0[lane]) = (rise, odds(rise));
        self.fall.0[lane] = coefficient(second);
        (self.decay.0[lane], self.decay_odds.0[lane]) = (decay, odds(1.0 - decay));
        self.release.0[lane] = coefficient(release);
        self.charge.0[lane] = coefficient(CHARGE_RELEASES * release);
        self.discharge.0[lane] = coefficient(DISCHARGE_RELEASES * release);
        self.hold_samples.0[lane] = (times.hold_ms.max(0.0) * 1e-3 * sample_rate_hz).round();
    }

    /// Whether any lane has a hold time, or is still holding.
    pub fn holds(&self) -> bool {
        self.hold_samples != Quad::splat(0.0) || self.hold_left.0.iter().any(|left| *left > 0.0)
    }

    /// Whether any lane has a base to fall to.
    pub fn has_base(&self) -> bool {
        self.base != Quad::splat(0.0)
    }

    /// Whether nothing is followed in any lane.
    pub fn rests(&self) -> bool {
        let zero = Quad::splat(0.0);
        self.peak == zero && self.value == zero && self.base == zero
    }

    /// Forgets the past of a lane.
    pub fn reset_lane(&mut self, lane: usize) {
        (self.peak.0[lane], self.hold_left.0[lane], self.value.0[lane]) = (0.0, 0.0, 0.0);
        (self.base.0[lane], self.open.0[lane]) = (0.0, 1.0);
    }

    /// What is below [`RECOVERED_DB`] comes to rest, long before it could turn denormal.
    pub fn snap(&mut self) {
        for lane in 0..WIDTH {
            let most = self.peak.0[lane].max(self.value.0[lane]).max(self.base.0[lane]);
            if most < RECOVERED_DB {
                (self.peak.0[lane], self.value.0[lane], self.base.0[lane]) = (0.0, 0.0, 0.0);
            }
        }
    }

    /// Ready to compute with.
    #[inline(always)]
    pub fn load<F: Four>(&self, zero: F) -> Ballistics<F> {
        Ballistics {
            rise: zero.load(self.rise),
            fall: zero.load(self.fall),
            decay: zero.load(self.decay),
            hold_samples: zero.load(self.hold_samples),
            release: zero.load(self.release),
            rise_odds: zero.load(self.rise_odds),
            decay_odds: zero.load(self.decay_odds),
            charge: zero.load(self.charge),
            discharge: zero.load(self.discharge),
            peak: zero.load(self.peak),
            hold_left: zero.load(self.hold_left),
            value: zero.load(self.value),
            base: zero.load(self.base),
            open: zero.load(self.open),
        }
    }

    /// Takes back where `computed` has come to.
    #[inline(always)]
    pub fn keep<F: Four>(&mut self, computed: &Ballistics<F>) {
        self.peak = computed.peak.store();
        self.hold_left = computed.hold_left.store();
        self.value = computed.value.store();
        self.base = computed.base.store();
        self.open = computed.open.store();
    }
}

impl<F: Four> Ballistics<F> {
    /// Takes the changes asked for in dB ≥ 0 and gives those to apply. `HOLDS` may be false where
    /// nothing [holds](Ballistics::holds).
    #[inline(always)]
    pub fn next<const HOLDS: bool>(&mut self, asked: F) -> F {
        let fallen = asked + self.decay * (self.peak - asked);
        self.take::<HOLDS>(asked, fallen);
        let step = self.peak.pick_above(self.value, self.rise, self.fall);
        self.value = self.value + step * (self.peak - self.value);
        self.shown()
    }

    /// The first stage: the peak of what is asked and of where it has `fallen` to since, unless held.
    #[inline(always)]
    pub(super) fn take<const HOLDS: bool>(&mut self, asked: F, fallen: F) {
        let mut held = fallen;
        if HOLDS {
            held = self.hold_left.pick_above(asked.splat(0.0), self.peak, held);
            self.count_hold(asked);
        }
        self.peak = asked.larger(held);
    }

    /// A branch instead of stages: towards what is asked, by `rise` or by `fall`, unless held.
    #[inline(always)]
    pub(super) fn branch<const HOLDS: bool>(&mut self, asked: F, rise: F, mut fall: F) {
        if HOLDS {
            let zero = asked.splat(0.0);
            fall = self.hold_left.pick_above(zero, zero, fall);
        }
        let step = asked.pick_above(self.peak, rise, fall);
        if HOLDS {
            self.count_hold(asked);
        }
        self.peak = self.peak + step * (asked - self.peak);
    }

    /// The hold starts anew with everything asked that is no smaller than the peak.
    #[inline(always)]
    fn count_hold(&mut self, asked: F) {
        let left = self.hold_left - asked.splat(1.0);
        self.hold_left = self.peak.pick_above(asked, left, self.hold_samples);
    }

    /// The change to apply.
    #[inline(always)]
    pub(super) fn shown(&self) -> F {
        let zero = self.value.splat(0.0);
        self.value.pick_above(zero.splat(RECOVERED_DB), self.value, zero)
    }
}

/// The time constant that, followed by a pole of `second`, falls to 36.8 % after `whole`;
/// `second` is at most half of `whole`.
fn first_of_two(second: f64, whole: f64) -> f64 {
    // What is left of a step after two different poles; the equal pair is its limit.
    let left = |first: f64| {
        if (first / second - 1.0).abs() < 1e-6 {
            (1.0 + whole / first) * (-whole / first).exp()
        } else {
            let part = |tau: f64| tau * (-whole / tau).exp();
            (part(first) - part(second)) / (first - second)
        }
    };
    let (mut low, mut high) = (1e-3 * whole, whole);
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if left(middle) > (-1f64).exp() {
            high = middle;
        } else {
            low = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::four::Plain;

    struct Lane(Ballistics<Plain>);

    impl Lane {
        fn new(rate: f64, times: Times) -> Self {
            let mut ballistics = Ballistics::default();
            ballistics.set(1, rate, times);
            Self(ballistics.load(Plain::default()))
        }

        fn next(&mut self, asked_db: f64) -> f64 {
            self.0.next::<true>(Plain::default().splat(asked_db)).store().0[1]
        }
    }

    const PART: f64 = 0.632_120_558_828_557_7;

    fn times(rate: f64, attack_ms: f64, release_ms: f64, hold_ms: f64) -> (f64, f64, f64) {
        let mut ballistics = Lane::new(rate, Times { attack_ms, hold_ms, release_ms });
        let ms = 1000.0 / rate;
        let mut attack = 0.0;
        while ballistics.next(9.0) < 9.0 * PART {
            attack += ms;
        }
        while 9.0 - ballistics.next(9.0) > 1e-6 {}
        let (mut release, mut nothing) = (0.0, 0.0);
        while ballistics.next(0.0) > 9.0 * (1.0 - PART) {
            release += ms;
        }
        while ballistics.next(0.0) > 0.0 {
            nothing += ms;
        }
        (attack, release, nothing)
    }

    #[test]
    fn attack_and_release_are_the_time_to_63_percent() {
        for rate in [8_000.0, 48_000.0, 192_000.0] {
            for attack in [0.1, 1.0, 10.0, 100.0, 500.0] {
                for release in [5.0, 50.0, 500.0] {
                    for hold in [0.0, 20.0] {
                        let (a, r, nothing) = times(rate, attack, release, hold);
                        let sample = 1000.0 / rate;
                        let near =
                            |got: f64, want: f64| (got - want).abs() <= (0.05 * want).max(sample);
                        assert!(near(a, attack), "attack {attack}: {a} at {rate}");
                        assert!(near(r, release + hold), "release {release} after {hold}: {r}");
                        assert!(nothing < 12.0 * release + sample, "{nothing} for {release}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_change_never_passes_what_was_asked() {
        let mut random = crate::random::Random::new(4);
        let times = Times { attack_ms: 2.0, hold_ms: 1.0, release_ms: 20.0 };
        let mut ballistics = Lane::new(48_000.0, times);
        let mut largest = 0f64;
        for n in 0..50_000 {
            let asked = if n / 1000 % 2 == 0 { 6.0 * random.unit() } else { 0.0 };
            largest = largest.max(asked);
            let value = ballistics.next(asked);
            assert!(value >= 0.0 && value <= largest);
        }
    }

    #[test]
    fn without_a_hold_the_shorter_way_is_the_same() {
        let mut random = crate::random::Random::new(5);
        let times = Times { attack_ms: 1.0, hold_ms: 0.0, release_ms: 10.0 };
        let [mut long, mut short] = [Lane::new(48_000.0, times), Lane::new(48_000.0, times)];
        for n in 0..20_000 {
            let asked = if n / 1000 % 2 == 0 { 6.0 * random.unit() } else { 0.0 };
            let quad = short.0.next::<false>(Plain::default().splat(asked)).store();
            assert_eq!(long.next(asked), quad.0[1]);
        }
    }
}
