//! f64 to stored samples, a block at a time: dither, rounding, clipping, and what came of it.

use super::Depth;
use shared_dsp::random::Random;

/// Adding and subtracting this rounds to the nearest whole number, for magnitudes below 2^51: at
/// 3 · 2^51 neighbouring f64 are 1 apart. A loop of it is made of vector instructions, which one
/// of `round` is not on every processor.
const ROUNDING: f64 = 6_755_399_441_055_744.0;

/// Turns blocks into bytes, and remembers how loud they were.
#[derive(Debug)]
pub(super) struct Encoder {
    depth: Depth,
    mono: bool,
    dither: Option<Random>,
    peak: f64,
    clipped: u64,
    values: Vec<f64>,
    bytes: Vec<u8>,
}

impl Encoder {
    pub(super) fn new(depth: Depth, mono: bool, dither: Option<Random>) -> Self {
        let (values, bytes) = (Vec::new(), Vec::new());
        Self { depth, mono, dither, peak: 0.0, clipped: 0, values, bytes }
    }

    /// The largest magnitude so far, before any clipping.
    pub(super) fn peak(&self) -> f64 {
        self.peak
    }

    /// Samples so far that were beyond full scale at an integer depth, and were clipped.
    pub(super) fn clipped(&self) -> u64 {
        self.clipped
    }

    /// The bytes of a block, full scale ±1; a mono file takes the left side. The scratch memory
    /// grows with the block.
    pub(super) fn encode(&mut self, left: &[f64], right: &[f64]) -> &[u8] {
        if self.mono {
            self.values.clear();
            self.values.extend_from_slice(left);
        } else {
            self.values.resize(2 * left.len(), 0.0);
            let (frames, _) = self.values.as_chunks_mut::<2>();
            for ((frame, &l), &r) in frames.iter_mut().zip(left).zip(right) {
                *frame = [l, r];
            }
        }
        let peak = largest(&self.values);
        self.peak = self.peak.max(peak);
        self.bytes.resize(self.values.len() * self.depth.encoding().bytes(), 0);
        match self.depth {
            Depth::Float32 => {
                let (samples, _) = self.bytes.as_chunks_mut();
                for (bytes, &value) in samples.iter_mut().zip(&self.values) {
                    *bytes = (value as f32).to_le_bytes();
                }
            }
            Depth::Int24 => {
                self.quantise(8_388_608.0, peak > 1.0);
                let (samples, _) = self.bytes.as_chunks_mut();
                for (bytes, &value) in samples.iter_mut().zip(&self.values) {
                    let [low, middle, high, _] = (value as i32).to_le_bytes();
                    *bytes = [low, middle, high];
                }
            }
            Depth::Int16 => {
                self.quantise(32_768.0, peak > 1.0);
                let (samples, _) = self.bytes.as_chunks_mut();
                for (bytes, &value) in samples.iter_mut().zip(&self.values) {
                    *bytes = (value as i16).to_le_bytes();
                }
            }
        }
        &self.bytes
    }

    /// To the nearest of `steps` on either side of zero, with triangular dither of ±1 step
    /// (Lipshitz, Wannamaker & Vanderkooy, JAES 1992): the error is then independent of the signal
    /// in mean and variance. `over` says that a value of the block is beyond full scale.
    fn quantise(&mut self, steps: f64, over: bool) {
        let (lowest, highest) = (-steps, steps - 1.0);
        if over {
            // Dither alone may tip a legal peak over; that is not a clip worth reporting.
            self.clipped += self.values.iter().filter(|v| v.abs() > 1.0).count() as u64;
        }
        for value in &mut self.values {
            *value *= steps;
        }
        if let Some(random) = &mut self.dither {
            for value in &mut self.values {
                *value += random.triangular();
            }
        }
        for value in &mut self.values {
            *value = ((*value + ROUNDING) - ROUNDING).clamp(lowest, highest);
        }
    }
}

/// The largest magnitude.
fn largest(values: &[f64]) -> f64 {
    // Several at once: one running maximum would have to wait for itself.
    let mut lanes = [0.0f64; 8];
    let larger = |lane: &mut f64, value: f64| {
        if value.abs() > *lane {
            *lane = value.abs();
        }
    };
    let (blocks, rest) = values.as_chunks::<8>();
    for block in blocks {
        for (lane, &value) in lanes.iter_mut().zip(block) {
            larger(lane, value);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(rest) {
        larger(lane, value);
    }
    lanes.into_iter().fold(0.0, f64::max)
}
