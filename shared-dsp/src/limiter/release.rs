//! How a reduction recovers.
//!
//! With e = 1 − gain, held over the lookahead:
//!
//! ```text
//! fast[n] = max(e[n], fast[n−1]·exp(−1/(fs·τ)))                    τ = release
//! slow[n] = slow[n−1] + k·(max of e over 30 ms − slow[n−1])        auto release only
//! out[n]  = max(fast[n], slow[n])
//! ```
//!
//! The exponential is in e, not in dB, as is usual for limiters: τ is the time in which the
//! reduction shrinks to 36.8 %, as a factor. The slow path rises with 300 ms and falls with 600 ms:
//! after a transient of a few milliseconds it has hardly moved and the fast path recovers alone,
//! while under sustained level it carries the reduction, and because its maximum spans 30 to 45 ms,
//! a period of 34 Hz at least, a bass note does not modulate it. Both paths are 0 once below 0.001 dB.

use super::RECOVERED;

/// The maximum spans two of these spells and what there is of a third.
const SPELL_MS: f64 = 15.0;
const SUSTAIN_RISE_MS: f64 = 300.0;
/// The time in which the slow path of an automatic release recovers, in milliseconds.
pub const AUTO_SLOW_RELEASE_MS: f64 = 600.0;

/// The times of a release at one sample rate.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct ReleaseTimes {
    release_ms: f64,
    decay: f64,
    rise: f64,
    fall: f64,
    auto: bool,
    spell_samples: usize,
}

impl ReleaseTimes {
    pub(super) fn new(sample_rate_hz: f64, release_ms: f64, auto: bool) -> Self {
        let per_sample = |ms: f64| -1.0 / (ms * 1e-3 * sample_rate_hz);
        Self {
            release_ms,
            decay: per_sample(release_ms).exp(),
            rise: -per_sample(SUSTAIN_RISE_MS).exp_m1(),
            fall: -per_sample(AUTO_SLOW_RELEASE_MS).exp_m1(),
            auto,
            spell_samples: (SPELL_MS * 1e-3 * sample_rate_hz) as usize,
        }
    }
}

/// The maxima of the last spells, newest first, and the largest of them. While there is nothing to
/// remember it stands still, so that it makes no difference whether it is asked.
#[derive(Debug, Clone, Copy, Default)]
struct Sustained {
    spells: [f64; 3],
    largest: f64,
    elapsed: usize,
}

impl Sustained {
    #[inline]
    fn next(&mut self, reduction: f64, spell_samples: usize) -> f64 {
        if reduction == 0.0 && self.largest == 0.0 {
            self.elapsed = 0;
            return 0.0;
        }
        self.elapsed += 1;
        if self.elapsed > spell_samples {
            self.elapsed = 1;
            self.spells = [reduction, self.spells[0], self.spells[1]];
            self.largest = self.spells.into_iter().fold(0.0, f64::max);
        } else if reduction > self.spells[0] {
            self.spells[0] = reduction;
            self.largest = self.largest.max(reduction);
        }
        self.largest
    }

    fn is_empty(&self) -> bool {
        self.largest == 0.0
    }
}

/// What a release would do if nothing asked for a reduction any more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReleaseState {
    /// The time in which the reduction would shrink to 36.8 %, in milliseconds; the fast path's own
    /// where there is none.
    pub time_constant_ms: f64,
    /// The slow path's part of the reduction: 0 where the fast one recovers alone, 1 where the slow one
    /// carries it.
    pub slow_share: f64,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Release {
    fast: f64,
    slow: f64,
    sustained: Sustained,
}

impl Release {
    #[inline]
    pub(super) fn is_idle(&self) -> bool {
        self.fast == 0.0 && self.slow == 0.0 && self.sustained.is_empty()
    }

    /// Both paths fall as exponentials, and the higher of them is the reduction.
    pub(super) fn state(&self, times: &ReleaseTimes) -> ReleaseState {
        let slow = if times.auto { self.slow } else { 0.0 };
        let reduction = self.fast.max(slow);
        if reduction == 0.0 {
            return ReleaseState { time_constant_ms: times.release_ms, slow_share: 0.0 };
        }
        let time = |path: f64, constant_ms: f64| constant_ms * (1.0 + (path / reduction).ln());
        let time_constant_ms =
            time(self.fast, times.release_ms).max(time(slow, AUTO_SLOW_RELEASE_MS));
        ReleaseState { time_constant_ms, slow_share: slow / reduction }
    }

    #[inline]
    pub(super) fn next(&mut self, reduction: f64, times: &ReleaseTimes) -> f64 {
        self.fast = recovered((self.fast * times.decay).max(reduction));
        // The maximum is followed even while auto is off, so that switching it on knows the past.
        let sustained = self.sustained.next(reduction, times.spell_samples);
        let target = if times.auto { sustained } else { 0.0 };
        let k = if target > self.slow { times.rise } else { times.fall };
        self.slow += k * (target - self.slow);
        if target == 0.0 {
            self.slow = recovered(self.slow);
        }
        if times.auto { self.fast.max(self.slow) } else { self.fast }
    }
}

#[inline]
fn recovered(reduction: f64) -> f64 {
    if reduction < RECOVERED { 0.0 } else { reduction }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(auto: bool, samples: usize, input: impl Fn(usize) -> f64) -> Vec<f64> {
        let mut release = Release::default();
        let times = ReleaseTimes::new(48_000.0, 50.0, auto);
        (0..samples).map(|n| release.next(input(n), &times)).collect()
    }

    #[test]
    fn recovers_to_37_percent_in_its_time_and_then_entirely() {
        let out = run(false, 48_000, |n| if n == 0 { 0.5 } else { 0.0 });
        assert!((out[2400] / 0.5 - (-1f64).exp()).abs() < 1e-3);
        assert_eq!(*out.last().expect("samples"), 0.0);
    }

    #[test]
    fn auto_is_fast_after_a_transient_and_slow_under_sustained_level() {
        let transient = run(true, 24_000, |n| if n < 240 { 0.5 } else { 0.0 });
        let sustained = run(true, 168_000, |n| if n < 144_000 { 0.5 } else { 0.0 });
        let after = 9600; // 200 ms
        assert!(transient[240 + after] < 0.06, "{}", transient[240 + after]);
        assert!(sustained[144_000 + after] > 0.3, "{}", sustained[144_000 + after]);
    }

    #[test]
    fn the_state_says_how_the_recovery_will_go() {
        let times = ReleaseTimes::new(48_000.0, 50.0, true);
        for (limited_ms, least_ms, most_ms) in
            [(5, 50.0, 51.0), (300, 300.0, 350.0), (3000, 590.0, 601.0)]
        {
            let mut release = Release::default();
            for _ in 0..limited_ms * 48 {
                release.next(0.5, &times);
            }
            let said = release.state(&times);
            assert!(
                (least_ms..most_ms).contains(&said.time_constant_ms),
                "{said:?} after {limited_ms} ms"
            );
            // The maximum over the last spells keeps the slow path up for a moment; from its end on all
            // goes as foretold.
            while !release.sustained.is_empty() {
                release.next(0.0, &times);
            }
            let said = release.state(&times);
            let start = release.fast.max(release.slow);
            let recovered = (1..96_000)
                .find(|_| release.next(0.0, &times) <= start * (-1f64).exp())
                .expect("it recovers") as f64
                / 48.0;
            let late = recovered - said.time_constant_ms;
            assert!(late.abs() < 0.1, "{said:?}, and it took {recovered} ms");
        }
        let idle = Release::default().state(&times);
        assert_eq!(idle, ReleaseState { time_constant_ms: 50.0, slow_share: 0.0 });
    }

    #[test]
    fn auto_does_not_follow_a_bass_note() {
        // Peaks of 50 Hz, 10 ms apart, once settled.
        let out = run(true, 240_000, |n| if n % 480 < 40 { 0.5 } else { 0.0 });
        let (low, high) =
            out[192_000..].iter().fold((1f64, 0f64), |(l, h), v| (l.min(*v), h.max(*v)));
        assert!(high - low < 1e-4, "{low} to {high}");
    }
}
