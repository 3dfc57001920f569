//! A fade between two signals that are both at hand.
//!
//! The weight of the second signal follows w = t²·(3 − 2t), t the elapsed part of the fade: the
//! cubic with flat ends, within 0.01 of a raised cosine but a polynomial, so it is the same number
//! on every machine. Equal gain (the weights sum to one), as is right for correlated signals. It
//! counts samples: exactly 0 before, exactly 1 after, and turned around midway it goes back the way
//! it came.

/// Default length of a fade in milliseconds.
pub const DEFAULT_FADE_MS: f64 = 20.0;

/// A weight that travels between exactly 0 and exactly 1.
#[derive(Debug, Clone)]
pub struct Crossfade {
    position_samples: u32,
    length_samples: u32,
    to_second: bool,
}

impl Crossfade {
    /// At rest on the first signal; call [`prepare`](Self::prepare) before using it.
    pub fn new() -> Self {
        Self { position_samples: 0, length_samples: 1, to_second: false }
    }

    /// Sets the sample rate and the length of a whole fade. Ends a running one.
    pub fn prepare(&mut self, sample_rate_hz: f64, fade_ms: f64) {
        self.length_samples = (fade_ms * 1e-3 * sample_rate_hz).round().max(1.0) as u32;
        self.finish();
    }

    /// Fades towards the second signal, or back to the first, from the next sample on.
    #[inline]
    pub fn fade_to(&mut self, second: bool) {
        self.to_second = second;
    }

    /// Is there at once.
    pub fn jump_to(&mut self, second: bool) {
        self.to_second = second;
        self.finish();
    }

    /// Ends the fade where it was going.
    pub fn finish(&mut self) {
        self.position_samples = if self.to_second { self.length_samples } else { 0 };
    }

    /// Whether the weight is exactly 0 and will stay there.
    #[inline]
    pub fn is_first(&self) -> bool {
        self.position_samples == 0 && !self.to_second
    }

    /// Whether the weight is exactly 1 and will stay there.
    #[inline]
    pub fn is_second(&self) -> bool {
        self.position_samples == self.length_samples && self.to_second
    }

    /// Whether the weight stands still.
    #[inline]
    pub fn is_settled(&self) -> bool {
        self.is_first() || self.is_second()
    }

    /// Samples until the weight stands still.
    #[inline]
    pub fn remaining_samples(&self) -> usize {
        let travelled = self.position_samples as usize;
        if self.to_second { self.length_samples as usize - travelled } else { travelled }
    }

    /// The weight of the second signal at the last sample.
    #[inline]
    pub fn weight(&self) -> f64 {
        if self.position_samples == 0 {
            return 0.0;
        }
        if self.position_samples == self.length_samples {
            return 1.0;
        }
        let t = f64::from(self.position_samples) / f64::from(self.length_samples);
        t * t * (3.0 - 2.0 * t)
    }

    /// Advances by one sample and gives the new weight of the second signal.
    #[inline]
    #[allow(clippy::should_implement_trait, reason = "an endless control signal, not an iterator")]
    pub fn next(&mut self) -> f64 {
        if self.to_second {
            self.position_samples = (self.position_samples + 1).min(self.length_samples);
        } else {
            self.position_samples = self.position_samples.saturating_sub(1);
        }
        self.weight()
    }
}

impl Default for Crossfade {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared() -> Crossfade {
        let mut fade = Crossfade::new();
        fade.prepare(48_000.0, DEFAULT_FADE_MS);
        fade
    }

    #[test]
    fn takes_its_time_and_ends_exactly() {
        let mut fade = prepared();
        assert!(fade.is_first() && fade.weight() == 0.0);
        fade.fade_to(true);
        for n in 1..=960u32 {
            assert!(!fade.is_settled());
            assert_eq!(fade.remaining_samples(), 961 - n as usize);
            let cosine = 0.5 - 0.5 * (std::f64::consts::PI * f64::from(n) / 960.0).cos();
            assert!((fade.next() - cosine).abs() < 0.0101);
        }
        assert!(fade.is_second());
        assert_eq!(fade.weight(), 1.0);
        assert_eq!(fade.next(), 1.0);
    }

    #[test]
    fn there_and_back_are_mirror_images() {
        let (mut there, mut back) = (prepared(), prepared());
        there.fade_to(true);
        back.jump_to(true);
        back.fade_to(false);
        for _ in 0..1000 {
            assert!((there.next() + back.next() - 1.0).abs() < 1e-15);
        }
        assert!(back.is_first());
    }

    #[test]
    fn turned_around_it_goes_back_the_way_it_came() {
        let mut fade = prepared();
        fade.fade_to(true);
        let way: Vec<f64> = (0..300).map(|_| fade.next()).collect();
        fade.fade_to(false);
        for w in way[..299].iter().rev() {
            assert_eq!(fade.next(), *w);
        }
        assert_eq!(fade.next(), 0.0);
        assert!(fade.is_first());
    }
}
