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
//! What is within 0.001 dB of nothing is nothing: the gain is then exactly 1.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the lanes of many arrays")]

use crate::lanes::pick;

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

/// The ballistics of `N` lanes.
#[derive(Debug, Clone, Copy)]
pub struct Ballistics<const N: usize> {
    rise: [f64; N],
    fall: [f64; N],
    decay: [f64; N],
    hold_samples: [f64; N],
    peak: [f64; N],
    hold_left: [f64; N],
    value: [f64; N],
}

impl<const N: usize> Default for Ballistics<N> {
    fn default() -> Self {
        Self {
            rise: [1.0; N],
            fall: [1.0; N],
            decay: [0.0; N],
            hold_samples: [0.0; N],
            peak: [0.0; N],
            hold_left: [0.0; N],
            value: [0.0; N],
        }
    }
}

impl<const N: usize> Ballistics<N> {
    /// Sets the times of a lane.
    pub fn set(&mut self, lane: usize, sample_rate_hz: f64, times: Times) {
        let samples = |ms: f64| (ms * 1e-3 * sample_rate_hz).max(1e-3);
        let (attack, release) = (samples(times.attack_ms), samples(times.release_ms));
        let second = attack.min(0.5 * release);
        let coefficient = |samples: f64| -(-1.0 / samples).exp_m1();
        self.rise[lane] = coefficient(attack);
        self.fall[lane] = coefficient(second);
        self.decay[lane] = (-1.0 / first_of_two(second, release)).exp();
        self.hold_samples[lane] = (times.hold_ms.max(0.0) * 1e-3 * sample_rate_hz).round();
    }

    /// Forgets the past of every lane.
    pub fn reset(&mut self) {
        for lane in 0..N {
            self.reset_lane(lane);
        }
    }

    /// Forgets the past of a lane.
    pub fn reset_lane(&mut self, lane: usize) {
        (self.peak[lane], self.hold_left[lane], self.value[lane]) = (0.0, 0.0, 0.0);
    }

    /// Takes the changes asked for in dB ≥ 0 and gives those to apply.
    #[inline(always)]
    pub fn next(&mut self, asked_db: &[f64; N]) -> [f64; N] {
        for i in 0..N {
            let (asked, peak, left) = (asked_db[i], self.peak[i], self.hold_left[i]);
            let hold = self.hold_samples[i];
            let fallen = asked + self.decay[i] * (peak - asked);
            let held = pick(left > 0.0, peak, fallen);
            self.peak[i] = pick(asked >= peak, asked, held);
            self.hold_left[i] = pick(asked >= peak, hold, left - 1.0);
        }
        for i in 0..N {
            let (peak, value) = (self.peak[i], self.value[i]);
            let step = pick(peak > value, self.rise[i], self.fall[i]);
            let value = value + step * (peak - value);
            let larger = if peak > value { peak } else { value };
            self.peak[i] = pick(larger < RECOVERED_DB, 0.0, peak);
            self.value[i] = pick(larger < RECOVERED_DB, 0.0, value);
        }
        self.value
    }

    /// The change applied last, in dB.
    pub fn value_db(&self, lane: usize) -> f64 {
        self.value[lane]
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

    const PART: f64 = 0.632_120_558_828_557_7;

    fn times(rate: f64, attack_ms: f64, release_ms: f64, hold_ms: f64) -> (f64, f64, f64) {
        let mut ballistics = Ballistics::<1>::default();
        ballistics.set(0, rate, Times { attack_ms, hold_ms, release_ms });
        let ms = 1000.0 / rate;
        let mut attack = 0.0;
        while ballistics.next(&[9.0])[0] < 9.0 * PART {
            attack += ms;
        }
        while 9.0 - ballistics.next(&[9.0])[0] > 1e-6 {}
        let (mut release, mut nothing) = (0.0, 0.0);
        while ballistics.next(&[0.0])[0] > 9.0 * (1.0 - PART) {
            release += ms;
        }
        while ballistics.next(&[0.0])[0] > 0.0 {
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
        let mut ballistics = Ballistics::<1>::default();
        ballistics.set(0, 48_000.0, Times { attack_ms: 2.0, hold_ms: 1.0, release_ms: 20.0 });
        let mut largest = 0f64;
        for n in 0..50_000 {
            let asked = if n / 1000 % 2 == 0 { 6.0 * random.unit() } else { 0.0 };
            largest = largest.max(asked);
            let value = ballistics.next(&[asked])[0];
            assert!(value >= 0.0 && value <= largest);
        }
    }
}
