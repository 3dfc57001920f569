//! The glide of a control value: two equal one-pole low-passes in a row.
//!
//! H(s) = 1 / (1 + sτ)², critically damped: no overshoot, no corner at the start, no memory but two
//! numbers, so a new target at any sample is simply followed. It advances one sample at a time from
//! reset, never by blocks, and lands on its target exactly once both states are within
//! [`LANDING`] of it: 0.0001 dB for a gain near 1, about 15 τ after a step of one.

/// Relative distance at which a ramp lands on its target.
pub const LANDING: f64 = 1e-5;

/// Default time constant τ of one pole in milliseconds: a step is 63.2 % done after 2.1 τ.
pub const DEFAULT_TIME_CONSTANT_MS: f64 = 3.0;

/// A gliding control value.
#[derive(Debug, Clone)]
pub struct Ramp {
    target: f64,
    first: f64,
    value: f64,
    coefficient: f64,
}

impl Ramp {
    /// A ramp at rest at `value`; call [`prepare`](Self::prepare) before using it.
    pub fn new(value: f64) -> Self {
        Self { target: value, first: value, value, coefficient: 1.0 }
    }

    /// Sets the sample rate and the time constant of one pole.
    pub fn prepare(&mut self, sample_rate_hz: f64, time_constant_ms: f64) {
        let samples = time_constant_ms * 1e-3 * sample_rate_hz;
        self.coefficient = -(-1.0 / samples).exp_m1();
    }

    /// Glides towards `target` from the next sample on.
    #[inline]
    pub fn set_target(&mut self, target: f64) {
        self.target = target;
    }

    /// Is at `target` at once.
    pub fn jump_to(&mut self, target: f64) {
        self.target = target;
        self.finish();
    }

    /// Ends the glide at its target.
    pub fn finish(&mut self) {
        self.first = self.target;
        self.value = self.target;
    }

    /// Where the glide goes.
    #[inline]
    pub fn target(&self) -> f64 {
        self.target
    }

    /// The value of the last sample.
    #[inline]
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Whether the value is exactly the target and will stay there.
    #[inline]
    pub fn is_settled(&self) -> bool {
        self.value == self.target && self.first == self.target
    }

    /// Advances by one sample and gives the new value.
    #[inline]
    #[allow(clippy::should_implement_trait, reason = "an endless control signal, not an iterator")]
    pub fn next(&mut self) -> f64 {
        if self.is_settled() {
            return self.value;
        }
        self.first += self.coefficient * (self.target - self.first);
        self.value += self.coefficient * (self.first - self.value);
        let near = LANDING * self.target.abs().max(1.0);
        if (self.first - self.target).abs() < near && (self.value - self.target).abs() < near {
            self.finish();
        }
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared() -> Ramp {
        let mut ramp = Ramp::new(0.0);
        ramp.prepare(48_000.0, 3.0);
        ramp
    }

    #[test]
    fn follows_the_step_response_of_two_equal_poles() {
        let mut ramp = prepared();
        ramp.set_target(1.0);
        let mut worst = 0f64;
        for n in 1..4000 {
            let t = f64::from(n) / 48_000.0 / 0.003;
            let analytic = 1.0 - (1.0 + t) * (-t).exp();
            worst = worst.max((ramp.next() - analytic).abs());
        }
        // One sample of a continuous-time response lies within half a sample of it.
        assert!(worst < 0.5 / 48_000.0 / 0.003, "{worst}");
    }

    #[test]
    fn never_overshoots_and_lands_exactly() {
        let mut ramp = prepared();
        for target in [1.0, 0.25, 8.0, 0.0, -1.0] {
            let from = ramp.value();
            ramp.set_target(target);
            for _ in 0..4800 {
                let v = ramp.next();
                assert!(v >= from.min(target) && v <= from.max(target));
            }
            assert!(ramp.is_settled());
            assert_eq!(ramp.value(), target);
        }
    }

    #[test]
    fn jumping_leaves_nothing_to_glide() {
        let mut ramp = prepared();
        ramp.set_target(1.0);
        ramp.next();
        ramp.jump_to(0.5);
        assert!(ramp.is_settled());
        assert_eq!(ramp.next(), 0.5);
    }
}
