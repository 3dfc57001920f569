//! A delay by a part of a sample: a sinc under a Kaiser window.

use std::f64::consts::PI;

/// Samples the kernel reaches to either side.
pub(super) const REACH: usize = 48;
const TAPS: usize = 2 * REACH + 1;
/// Below −90 dB outside a transition of 0.06 of the sample rate.
const BETA: f64 = 9.0;

/// Delays a signal by [`REACH`] samples and a part of one, −0.5..0.5.
#[derive(Debug, Clone)]
pub(super) struct Fraction {
    kernel: Vec<f64>,
    past: Vec<f64>,
}

impl Fraction {
    pub(super) fn new(part: f64) -> Self {
        let kernel = (0..TAPS)
            .map(|k| {
                let t = k as f64 - REACH as f64 - part;
                let x = t / (REACH as f64 + 0.5);
                let window = bessel(BETA * (1.0 - x * x).max(0.0).sqrt()) / bessel(BETA);
                if t == 0.0 { window } else { window * (PI * t).sin() / (PI * t) }
            })
            .rev()
            .collect();
        Self { kernel, past: vec![0.0; TAPS - 1] }
    }

    /// Delays a block in place.
    pub(super) fn process(&mut self, block: &mut [f64]) {
        self.past.extend_from_slice(block);
        for (y, seen) in block.iter_mut().zip(self.past.windows(TAPS)) {
            *y = seen.iter().zip(&self.kernel).map(|(x, h)| x * h).sum();
        }
        self.past.drain(..block.len());
    }
}

/// The modified Bessel function of the first kind and order zero.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term, mut k) = (1.0, 1.0, 1.0);
    while term > 1e-17 * sum {
        term *= (x / 2.0 / k) * (x / 2.0 / k);
        sum += term;
        k += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_delayed_by_what_was_asked() {
        for part in [-0.5, -0.123, 0.0, 0.25, 0.5] {
            let tone = |n: f64| (n * 0.8 * PI).sin();
            let mut signal: Vec<f64> = (0..600).map(|n| tone(f64::from(n))).collect();
            let mut fraction = Fraction::new(part);
            for block in signal.chunks_mut(77) {
                fraction.process(block);
            }
            for (n, y) in signal.iter().enumerate().skip(2 * REACH) {
                let wanted = tone(n as f64 - REACH as f64 - part);
                assert!((y - wanted).abs() < 1e-4, "{part} {n}: {y} {wanted}");
            }
        }
    }
}
