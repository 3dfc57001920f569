//! The meters of a mix that live on sums of 1 ms.

use crate::hop_sums::{HopMeter, HopSums};
use crate::hop_window::HopWindow;
use crate::peak::Peak;
use crate::processor::MAX_CHANNELS;
use crate::vu::Vu;

/// Volume indicator, sample peaks, and the last second for everything that looks back on it.
#[derive(Debug, Clone)]
pub(super) struct Levels {
    pub(super) vu: Vu,
    pub(super) peak: Peak,
    pub(super) window: HopWindow,
}

impl Levels {
    pub(super) fn new(window_ms: f64) -> Self {
        Self { vu: Vu::default(), peak: Peak::default(), window: HopWindow::new(window_ms) }
    }
}

#[allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
impl HopMeter for Levels {
    fn prepare(&mut self, channels: usize) {
        self.vu.prepare(channels);
        self.peak.prepare(channels);
        self.window.reset();
    }

    fn reset(&mut self) {
        self.vu.reset();
        self.peak.reset();
        self.window.reset();
    }

    #[inline(always)]
    fn hop(&mut self, sums: &HopSums) {
        self.vu.hop(sums);
        self.peak.hop(sums);
        self.window.push(sums);
    }

    #[inline(always)]
    fn glimpse(&mut self, peak: [f32; MAX_CHANNELS]) {
        self.peak.glimpse(peak);
    }
}
