//! The transform of two channels, and the power between any two frequencies that comes of it.

use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Plan, window and room.
pub(super) struct Transform {
    plan: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    /// What is transformed, the newest sample last.
    pub(super) left: Vec<f32>,
    /// See `left`.
    pub(super) right: Vec<f32>,
    windowed: Vec<f32>,
    bins: Vec<Complex32>,
    scratch: Vec<Complex32>,
    /// The power below the lower edge of each bin, where a sine of full scale has 1.
    power_below: Vec<f64>,
}

impl Transform {
    pub(super) fn new(length: usize) -> Self {
        let plan = RealFftPlanner::<f32>::new().plan_fft_forward(length);
        let turn = std::f64::consts::TAU / length as f64;
        let window = (0..length).map(|n| (0.5 - 0.5 * (turn * n as f64).cos()) as f32).collect();
        let room = || vec![0.0; length];
        let (bins, scratch) = (plan.make_output_vec(), plan.make_scratch_vec());
        let power_below = vec![0.0; bins.len() + 1];
        Self {
            plan,
            window,
            left: room(),
            right: room(),
            windowed: room(),
            bins,
            scratch,
            power_below,
        }
    }

    /// How many samples it takes.
    pub(super) fn len(&self) -> usize {
        self.window.len()
    }

    /// Forgets what it found.
    pub(super) fn silence(&mut self) {
        self.power_below.fill(0.0);
    }

    pub(super) fn run(&mut self) {
        self.power_below.fill(0.0);
        let length = self.window.len() as f64;
        // A sine of full scale has 3/32 of the length squared in the bins around it (Parseval, with
        // 3/8 as the window's mean square); half of it for each of two channels.
        let scale = 0.5 * 32.0 / (3.0 * length * length);
        for channel in [&self.left, &self.right] {
            for ((to, sample), window) in self.windowed.iter_mut().zip(channel).zip(&self.window) {
                *to = sample * window;
            }
            let done = self.plan.process_with_scratch(
                &mut self.windowed,
                &mut self.bins,
                &mut self.scratch,
            );
            if done.is_err() {
                return;
            }
            for (power, bin) in self.power_below[1..].iter_mut().zip(&self.bins) {
                *power += scale * f64::from(bin.norm_sqr());
            }
        }
        let mut below = 0.0;
        for power in &mut self.power_below {
            below += *power;
            *power = below;
        }
    }

    /// From bin to bin, in Hz.
    pub(super) fn bin_hz(&self, rate_hz: f32) -> f32 {
        rate_hz / self.window.len() as f32
    }

    /// The power between two places, in bins: a sine of full scale has 1.
    pub(super) fn power_between(&self, [from, to]: [f32; 2]) -> f64 {
        let below = |place: f32| {
            // A bin reaches half a bin to either side.
            let place = (place + 0.5).clamp(0.0, self.bins.len() as f32);
            let bin = (place as usize).min(self.bins.len() - 1);
            let (low, high) = (self.power_below[bin], self.power_below[bin + 1]);
            low + (high - low) * f64::from(place - bin as f32)
        };
        (below(to) - below(from)).max(0.0)
    }
}
