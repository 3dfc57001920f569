//! How a peak is shown: up at once, down at a stated rate, with a held line and a maximum.
//!
//! The bar falls by 20 dB in 1.7 s, the return of a type I programme meter (IEC 60268-10), a
//! thousandth of a second at a time. The held line stays on the highest bar for the hold time, then
//! drops to the bar. The maximum stays until reset. So does, for who draws a history, the highest peak
//! since it was taken last. Both may stand still for a while ([`PeakBallistics::set_counts`]).

use crate::db;
use crate::hop_sums::HOPS_PER_SECOND;

/// How fast the bar falls, by default, in dB/s.
pub const DEFAULT_DECAY_DB_PER_S: f64 = 20.0 / 1.7;
/// How long the held line stays, by default, in ms.
pub const DEFAULT_HOLD_MS: f64 = 1500.0;
/// Under this the bar is at its end: −400 dBFS, long before anything turns denormal.
const BOTTOM: f32 = 1e-20;
/// Where a falling bar has arrived, −160 dBFS: below what any meter shows, and a picture has not to be drawn
/// for it any more.
pub(crate) const BAR_BOTTOM: f32 = 1e-8;

/// Bar, held line and maximum of one channel, all as amplitudes.
#[derive(Debug, Clone, Copy)]
pub struct PeakBallistics {
    fall_per_hop: f32,
    hold_hops: u32,
    /// Whether bar and line are wanted, beside the maximum.
    follows: bool,
    /// Whether the highest peak since it was taken is wanted.
    keeps_recent: bool,
    /// Whether peaks count for what lasts.
    counts: bool,
    bar: f32,
    held: f32,
    hold_left: u32,
    maximum: f32,
    recent: f32,
}

impl Default for PeakBallistics {
    fn default() -> Self {
        Self {
            fall_per_hop: fall_per_hop(DEFAULT_DECAY_DB_PER_S),
            hold_hops: DEFAULT_HOLD_MS as u32,
            follows: true,
            keeps_recent: false,
            counts: true,
            bar: 0.0,
            held: 0.0,
            hold_left: 0,
            maximum: 0.0,
            recent: 0.0,
        }
    }
}

#[inline]
fn lower(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

fn fall_per_hop(decay_db_per_s: f64) -> f32 {
    db::to_gain(-decay_db_per_s / HOPS_PER_SECOND) as f32
}

impl PeakBallistics {
    /// Sets how fast the bar falls (dB/s) and how long the held line stays (ms, in whole ones).
    pub fn set(&mut self, decay_db_per_s: f64, hold_ms: f64) {
        self.fall_per_hop = fall_per_hop(decay_db_per_s);
        self.hold_hops = (hold_ms.max(0.0) * HOPS_PER_SECOND / 1000.0).round() as u32;
    }

    /// Whether bar and line follow the signal. While they do not they lie at the bottom, and only
    /// what passes the maximum has to be looked at. The maximum is the same either way.
    pub fn set_follows(&mut self, follows: bool) {
        if self.follows != follows {
            self.follows = follows;
            (self.bar, self.held, self.hold_left) = (0.0, 0.0, 0);
        }
    }

    /// Whether bar and line follow the signal.
    #[inline]
    pub fn follows(&self) -> bool {
        self.follows
    }

    /// Whether [`take_recent`](Self::take_recent) is going to be asked.
    pub fn set_keeps_recent(&mut self, keeps: bool) {
        self.keeps_recent = keeps;
        self.recent = 0.0;
    }

    /// Whether peaks count for the maximum and the recent peak, as they do at first and after a reset.
    /// Bar and line follow either way.
    pub fn set_counts(&mut self, counts: bool) {
        self.counts = counts;
    }

    /// Whether peaks count.
    pub fn counts(&self) -> bool {
        self.counts
    }

    /// Forgets everything but the settings.
    pub fn reset(&mut self) {
        *self = Self {
            fall_per_hop: self.fall_per_hop,
            hold_hops: self.hold_hops,
            follows: self.follows,
            keeps_recent: self.keeps_recent,
            ..Self::default()
        };
    }

    /// Forgets the maximum alone, and the recent peak.
    pub fn reset_maximum(&mut self) {
        (self.maximum, self.recent) = (0.0, 0.0);
    }

    /// The highest peak since the last call.
    pub fn take_recent(&mut self) -> f32 {
        std::mem::take(&mut self.recent)
    }

    /// Lets a millisecond pass.
    #[inline]
    pub fn fall(&mut self) {
        self.bar *= self.fall_per_hop;
        if self.bar < BAR_BOTTOM {
            self.bar = 0.0;
        }
        self.hold_left = self.hold_left.saturating_sub(1);
        if self.hold_left == 0 {
            self.held = self.bar;
        }
    }

    /// What is not above this changes nothing, and need not be taken.
    #[inline]
    pub fn threshold(&self) -> f32 {
        let bar = if self.follows { self.bar } else { f32::INFINITY };
        let lasting = match (self.counts, self.keeps_recent) {
            (false, _) => f32::INFINITY,
            (true, false) => self.maximum,
            (true, true) => lower(self.recent, self.maximum),
        };
        lower(bar, lasting)
    }

    /// Takes a peak; whether it is a new maximum.
    #[inline]
    pub fn raise(&mut self, peak: f32) -> bool {
        if peak < BOTTOM {
            return false;
        }
        if self.follows && peak > self.bar {
            self.bar = peak;
            if peak >= self.held {
                self.held = peak;
                self.hold_left = self.hold_hops;
            }
        }
        self.counts && self.raise_lasting(peak)
    }

    /// Takes a peak for the maximum and the recent peak alone, whether peaks count or not; whether it is a
    /// new maximum.
    #[inline]
    pub fn raise_lasting(&mut self, peak: f32) -> bool {
        if peak < BOTTOM {
            return false;
        }
        if self.keeps_recent && peak > self.recent {
            self.recent = peak;
        }
        let is_maximum = peak > self.maximum;
        if is_maximum {
            self.maximum = peak;
        }
        is_maximum
    }

    /// The falling bar.
    #[inline]
    pub fn bar(&self) -> f32 {
        self.bar
    }

    /// The held line.
    pub fn held(&self) -> f32 {
        self.held
    }

    /// The highest peak since reset.
    pub fn maximum(&self) -> f32 {
        self.maximum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn db_of(amplitude: f32) -> f64 {
        db::from_gain(amplitude.into())
    }

    #[test]
    fn falls_20_db_in_1_7_seconds() {
        let mut peak = PeakBallistics::default();
        assert!(peak.raise(1.0));
        (0..1700).for_each(|_| peak.fall());
        assert!((db_of(peak.bar()) + 20.0).abs() < 0.01, "{}", db_of(peak.bar()));
        assert_eq!(peak.maximum(), 1.0);
        (0..100_000).for_each(|_| peak.fall());
        assert_eq!(peak.bar(), 0.0);
        assert_eq!(peak.held(), 0.0);
    }

    #[test]
    fn the_line_is_held_for_its_time_then_drops_to_the_bar() {
        let mut peak = PeakBallistics::default();
        peak.set(20.0, 300.0);
        peak.raise(0.5);
        (0..299).for_each(|_| peak.fall());
        assert_eq!(peak.held(), 0.5);
        peak.fall();
        assert_eq!(peak.held(), peak.bar());
        assert!((db_of(peak.held()) - db_of(0.5) + 6.0).abs() < 0.01);
    }

    #[test]
    fn the_maximum_is_forgotten_alone() {
        let mut peak = PeakBallistics::default();
        peak.raise(0.5);
        assert_eq!(peak.threshold(), 0.5);
        peak.reset_maximum();
        assert_eq!((peak.bar(), peak.held(), peak.maximum()), (0.5, 0.5, 0.0));
        // Below the bar, which it leaves alone.
        assert!(peak.threshold() == 0.0 && peak.raise(0.3));
        assert_eq!((peak.bar(), peak.held(), peak.maximum()), (0.5, 0.5, 0.3));
    }

    #[test]
    fn the_maximum_needs_no_bar() {
        let mut peak = PeakBallistics::default();
        peak.raise(0.5);
        peak.set_follows(false);
        assert!(!peak.raise(0.4) && peak.raise(0.6));
        (0..100).for_each(|_| peak.fall());
        assert_eq!((peak.bar(), peak.held(), peak.maximum()), (0.0, 0.0, 0.6));
        assert_eq!(peak.threshold(), 0.6);
        peak.set_follows(true);
        assert!(!peak.raise(0.1));
        assert_eq!((peak.bar(), peak.held(), peak.threshold()), (0.1, 0.1, 0.1));
    }

    #[test]
    fn the_recent_peak_is_taken_and_starts_over() {
        let mut peak = PeakBallistics::default();
        peak.set_keeps_recent(true);
        peak.raise(0.5);
        assert_eq!(peak.take_recent(), 0.5);
        // Below bar and maximum, and yet the highest there is.
        assert_eq!(peak.threshold(), 0.0);
        peak.raise(0.2);
        peak.raise(0.1);
        assert_eq!(peak.threshold(), 0.2);
        assert_eq!((peak.take_recent(), peak.take_recent(), peak.maximum()), (0.2, 0.0, 0.5));
    }

    #[test]
    fn what_does_not_count_moves_the_bar_alone() {
        let mut peak = PeakBallistics::default();
        peak.set_keeps_recent(true);
        peak.set_counts(false);
        assert!(!peak.raise(0.5));
        assert_eq!((peak.bar(), peak.maximum(), peak.take_recent()), (0.5, 0.0, 0.0));
        assert_eq!(peak.threshold(), 0.5);
        peak.set_follows(false);
        assert_eq!(peak.threshold(), f32::INFINITY);
        assert!(peak.raise_lasting(0.125) && peak.take_recent() == 0.125);
        peak.set_counts(true);
        assert!(peak.raise(0.25) && peak.take_recent() == 0.25);
    }

    #[test]
    fn lower_peaks_change_nothing_and_higher_ones_everything() {
        let mut peak = PeakBallistics::default();
        peak.raise(0.5);
        assert!(!peak.raise(0.5) && !peak.raise(0.1));
        assert_eq!((peak.bar(), peak.held(), peak.maximum()), (0.5, 0.5, 0.5));
        assert!(peak.raise(0.6));
        assert_eq!((peak.bar(), peak.held(), peak.maximum()), (0.6, 0.6, 0.6));
        peak.reset();
        assert_eq!((peak.bar(), peak.held(), peak.maximum()), (0.0, 0.0, 0.0));
    }
}
