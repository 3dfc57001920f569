//! The volume indicator: how loud it feels to an engineer's eye.
//!
//! IEC 60268-17: a full-wave rectified mean on a movement that reaches 99 % in 300 ms and swings
//! 1 to 1.5 % past it. As a linear second-order system,
//! H(s) = ω²/(s² + 2ζωs + ω²), overshoot e^(−πζ/√(1−ζ²)), on mean |x|, scaled by π/2 so that a sine
//! reads its peak level: a sine at −18 dBFS reads 0 VU by default.
//!
//! ζ = 0.81272 gives 1.25 % overshoot, the middle of the tolerance, and ωt = 4.0536 is where its
//! step passes 0.99. The movement advances once a millisecond, on the mean of that millisecond
//! ([`hop_sums`](crate::hop_sums)), by the exact solution for a held input; a reading is at most one
//! millisecond behind the continuous system (tolerance of the 300 ms: ±10 %).
//!
//! Known deviation: none in the ballistics. On a hop grid of ⌊k·fs/1000⌋ hops differ by one sample.

use crate::db;
use crate::hop_sums::{HOPS_PER_SECOND, HopMeter, HopSums, Hopped};
use crate::processor::MAX_CHANNELS;

/// The level of a sine that reads 0 VU, by default, in dBFS.
pub const DEFAULT_REFERENCE_DBFS: f64 = -18.0;

const DAMPING: f64 = 0.812_72;
/// ω in rad/s: 99 % after 299.5 ms, which the 1 kHz steps show at 300.
const FREQUENCY: f64 = 4.0536 / 0.2995;

/// VU readings per channel. Alone, it is a [`VuMeter`].
#[derive(Debug, Clone)]
pub struct Vu {
    reference_dbfs: f64,
    step: Step,
    movement: [Movement; MAX_CHANNELS],
}

/// A VU meter with its own ears.
pub type VuMeter = Hopped<Vu>;

impl Default for Vu {
    fn default() -> Self {
        Self {
            reference_dbfs: DEFAULT_REFERENCE_DBFS,
            step: Step::over(1.0 / HOPS_PER_SECOND),
            movement: Default::default(),
        }
    }
}

impl Vu {
    /// Sets the level in dBFS of a sine that reads 0 VU. Kept over resets.
    pub fn set_reference_dbfs(&mut self, reference_dbfs: f64) {
        self.reference_dbfs = reference_dbfs;
    }

    /// The reading of a channel in VU; −∞ in silence.
    pub fn level_vu(&self, channel: usize) -> f64 {
        self.level_dbfs(channel) - self.reference_dbfs
    }

    /// The same as the level in dBFS of a sine that reads so.
    pub fn level_dbfs(&self, channel: usize) -> f64 {
        // The overshoot of a falling pointer ends a hair below zero, at the stop.
        db::from_gain(self.movement[channel].deflection.max(0.0))
    }
}

impl HopMeter for Vu {
    fn prepare(&mut self, _channels: usize) {
        self.reset();
    }

    fn reset(&mut self) {
        self.movement = Default::default();
    }

    #[inline]
    fn hop(&mut self, sums: &HopSums) {
        let scale = std::f64::consts::FRAC_PI_2 / sums.samples as f64;
        for (movement, magnitude) in self.movement.iter_mut().zip(sums.magnitude) {
            movement.advance(&self.step, magnitude * scale);
        }
    }
}

/// The pointer: where it is, and how fast it moves per radian of ωt.
#[derive(Debug, Clone, Copy, Default)]
struct Movement {
    deflection: f64,
    speed: f64,
}

impl Movement {
    #[inline]
    fn advance(&mut self, step: &Step, drive: f64) {
        let distance = self.deflection - drive;
        let [[a, b], [c, d]] = step.0;
        self.deflection = drive + (a * distance + b * self.speed);
        self.speed = c * distance + d * self.speed;
        // Below −600 dB it stands still, before it can turn denormal.
        if self.deflection.abs() < crate::finite::STATE_FLOOR && drive == 0.0 {
            *self = Self::default();
        }
    }
}

/// The exact motion over a time, from (distance to the drive, speed) to the same.
#[derive(Debug, Clone, Copy)]
struct Step([[f64; 2]; 2]);

impl Step {
    fn over(seconds: f64) -> Self {
        let t = FREQUENCY * seconds;
        let damped = (1.0 - DAMPING * DAMPING).sqrt();
        let decay = (-DAMPING * t).exp();
        let (sin, cos) = (damped * t).sin_cos();
        let across = decay * sin / damped;
        Self([[decay * cos + DAMPING * across, across], [-across, decay * cos - DAMPING * across]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Metered;
    use crate::processor::Meter;
    use std::f64::consts::TAU;

    const RATES_HZ: [f64; 6] = [8_000.0, 44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0];

    fn prepared(rate: f64) -> VuMeter {
        let mut vu = VuMeter::new(Vu::default());
        vu.prepare(rate, 2);
        vu
    }

    /// Not a fraction of the sample rate: then the samples would always meet the same phases.
    fn sine(level_dbfs: f64, frequency: f64, rate: f64, seconds: f64) -> Vec<f32> {
        let peak = db::to_gain(level_dbfs);
        (0..(seconds * rate) as usize)
            .map(|n| (peak * (TAU * frequency * n as f64 / rate).sin()) as f32)
            .collect()
    }

    #[test]
    fn a_sine_reads_its_level_against_the_reference() {
        for rate in RATES_HZ {
            let mut vu = prepared(rate);
            vu.process(&[&sine(-18.0, 1031.0, rate, 2.0), &sine(-21.0, 1031.0, rate, 2.0)]);
            assert!(vu.meter.level_vu(0).abs() < 0.01, "{} at {rate}", vu.meter.level_vu(0));
            assert!((vu.meter.level_vu(1) + 3.0).abs() < 0.01);
            assert!((vu.meter.level_dbfs(0) + 18.0).abs() < 0.01);
            vu.meter.set_reference_dbfs(-14.0);
            assert!((vu.meter.level_vu(0) + 4.0).abs() < 0.01);
        }
    }

    #[test]
    fn rises_to_99_percent_in_300_ms_and_overshoots_1_to_1_5_percent() {
        for rate in RATES_HZ {
            let mut vu = prepared(rate);
            let signal = sine(-18.0, 1031.0, rate, 1.0);
            let (mut risen_ms, mut highest) = (None, 0f64);
            for (n, x) in signal.iter().enumerate() {
                vu.process(&[&[*x]]);
                let deflection = db::to_gain(vu.meter.level_vu(0));
                if deflection >= 0.99 && risen_ms.is_none() {
                    risen_ms = Some((n + 1) as f64 / rate * 1e3);
                }
                highest = highest.max(deflection);
            }
            let risen_ms = risen_ms.unwrap();
            assert!((risen_ms - 300.0).abs() < 3.0, "{risen_ms} ms at {rate}");
            assert!(highest > 1.01 && highest < 1.015, "{highest} at {rate}");
            assert!((highest - 1.0125).abs() < 5e-4, "{highest} at {rate}");
        }
    }

    #[test]
    fn follows_the_closed_form_of_a_step() {
        let rate = 48_000.0;
        let mut vu = prepared(rate);
        let damped = (1.0 - DAMPING * DAMPING).sqrt();
        for ms in 1..1000 {
            vu.process(&[&[0.5; 48]]);
            let t = FREQUENCY * f64::from(ms) * 1e-3;
            let step = 1.0
                - (-DAMPING * t).exp()
                    * ((damped * t).cos() + DAMPING / damped * (damped * t).sin());
            let expected = 0.5 * std::f64::consts::FRAC_PI_2 * step;
            let got = db::to_gain(vu.meter.level_dbfs(0));
            assert!((got - expected).abs() < 1e-9, "{got} {expected} at {ms} ms");
        }
    }

    #[test]
    fn falls_as_it_rises_and_comes_to_rest() {
        let mut vu = prepared(48_000.0);
        vu.process(&[&sine(0.0, 1000.0, 48_000.0, 2.0)]);
        vu.process(&[&vec![0.0; (0.3 * 48_000.0) as usize]]);
        assert!(db::to_gain(vu.meter.level_dbfs(0)) < 0.0105);
        vu.process(&[&vec![0.0; 480_000]]);
        assert_eq!(vu.meter.level_dbfs(0), f64::NEG_INFINITY);
        assert_eq!(vu.meter.movement[0].speed, 0.0);
    }

    crate::contract! {
        mod contract_of_the_vu;
        new: || Metered::new(VuMeter::new(Vu::default())),
        settings: [()],
        observe: |block, out| out.extend([0, 1].map(|c| block.meter.meter.level_vu(c))),
    }
}
