//! What two channels are to each other: correlation, mono-fold loss, balance, width.
//!
//! Everything follows from three sums over a stretch of signal, Σl², Σr² and Σl·r:
//!
//! ```text
//! correlation  r = Σl·r / √(Σl²·Σr²)                          −1 … 1
//! fold loss    F = 10·log10(1 + 2·Σl·r / (Σl² + Σr²))          dB, at most 0
//! balance      B = 10·log10(Σr² / Σl²)                         dB, above 0 to the right
//! width        W = 2·S/(M + S),  M² = Σ(l+r)², S² = Σ(l−r)²    0 … 2
//! ```
//!
//! **Mono-fold loss.** One loudspeaker that plays ½(l + r) at twice the power gives
//! ½·Σ(l + r)² = ½·(Σl² + Σr²) + Σl·r, where two gave Σl² + Σr². The ratio is ½·(1 + c) with
//! c = 2·Σl·r / (Σl² + Σr²): nothing is lost of mono, 3.01 dB of anything unrelated, everything of
//! opposite polarity. Those 3 dB are the price of every stereo signal and no fault of a mix; the loss is
//! what comes on top, 10·log10(½·(1 + c)) + 3.01 = 10·log10(1 + c). It is never positive: that mono parts
//! keep more than unrelated ones is no gain to be had. So centre, hard panning and wide but unrelated
//! stereo read 0, and only what cancels reads less. At the bottom it is held at [`LARGEST_LOSS_DB`].
//!
//! **Width** is 0 for mono, 1 where mid and side are alike (unrelated channels, or one alone), 2 for
//! opposite polarity: the scale of a width control.
//!
//! None of the four has a meaning in silence (−140 dBFS RMS): correlation needs both channels, the others
//! one of them.

use crate::crest::SILENT_MEAN_SQUARE;
use crate::db;

/// The largest fold loss that is told, in dB: nothing is left.
pub const LARGEST_LOSS_DB: f64 = -60.0;
/// The largest balance that is told, in dB to either side: one channel alone.
pub const LARGEST_BALANCE_DB: f64 = 60.0;

/// The sums of a stretch of stereo signal.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StereoImage {
    /// Σl² and Σr².
    pub square: [f64; 2],
    /// Σl·r.
    pub product: f64,
    /// Number of samples.
    pub samples: usize,
}

impl StereoImage {
    /// Takes a further stretch in.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
    pub fn add(&mut self, other: &Self) {
        self.square[0] += other.square[0];
        self.square[1] += other.square[1];
        self.product += other.product;
        self.samples += other.samples;
    }

    /// The correlation, −1 to 1; none where a channel is silent.
    pub fn correlation(&self) -> Option<f64> {
        let floor = self.floor();
        let [left, right] = self.square;
        if left <= floor || right <= floor {
            return None;
        }
        // Two roots, because the product of the squares of extreme samples would overflow.
        Some((self.product / (left.sqrt() * right.sqrt())).clamp(-1.0, 1.0))
    }

    /// RMS of a channel in dBFS; −∞ in silence.
    pub fn rms_dbfs(&self, channel: usize) -> f64 {
        db::from_power(self.square[channel] / self.samples.max(1) as f64)
    }

    /// What mono loses beyond the 3 dB that unrelated channels do, [`LARGEST_LOSS_DB`] to 0 dB; none in
    /// silence.
    pub fn fold_loss_db(&self) -> Option<f64> {
        let all = self.heard()?;
        let kept = (1.0 + 2.0 * self.product / all).max(0.0);
        Some(db::from_power(kept).clamp(LARGEST_LOSS_DB, 0.0))
    }

    /// Right over left in dB, within ±[`LARGEST_BALANCE_DB`]; none in silence.
    pub fn balance_db(&self) -> Option<f64> {
        self.heard()?;
        let [left, right] = self.square;
        let balance_db = db::from_power(right / left);
        Some(balance_db.clamp(-LARGEST_BALANCE_DB, LARGEST_BALANCE_DB))
    }

    /// How wide it is: 0 mono, 1 unrelated or one channel alone, 2 side alone; none in silence.
    pub fn width(&self) -> Option<f64> {
        let all = self.heard()?;
        let [mid, side] = [1.0, -1.0].map(|sign| (all + sign * 2.0 * self.product).max(0.0).sqrt());
        Some(2.0 * side / (mid + side))
    }

    /// Σl² + Σr², if there is anything.
    fn heard(&self) -> Option<f64> {
        let [left, right] = self.square;
        (left > self.floor() || right > self.floor()).then_some(left + right)
    }

    fn floor(&self) -> f64 {
        SILENT_MEAN_SQUARE * self.samples as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(left: f64, right: f64, product: f64) -> StereoImage {
        StereoImage { square: [left, right], product, samples: 100 }
    }

    fn assert_near(got: Option<f64>, expected: f64) {
        let got = got.expect("not silent");
        assert!((got - expected).abs() < 1e-12, "{got}, not {expected}");
    }

    #[test]
    fn known_images_read_their_closed_forms() {
        // Mono, unrelated, turned, one side alone.
        for (image, correlation, loss, width) in [
            (image(4.0, 4.0, 4.0), Some(1.0), 0.0, 0.0),
            (image(4.0, 4.0, 0.0), Some(0.0), 0.0, 1.0),
            (image(4.0, 4.0, -4.0), Some(-1.0), LARGEST_LOSS_DB, 2.0),
            (image(0.0, 4.0, 0.0), None, 0.0, 1.0),
        ] {
            assert_eq!(image.correlation(), correlation);
            assert_near(image.fold_loss_db(), loss);
            assert_near(image.width(), width);
        }
        // Half of what there is cancels: 3 dB beyond the 3 dB.
        assert_near(image(1.0, 1.0, -0.5).fold_loss_db(), -10.0 * 2f64.log10());
        // Turned, but one side is a tenth of the other: (1 − 0.1)²/(1 + 0.01) of what there was.
        let loss = 10.0 * (0.81f64 / 1.01).log10();
        assert_near(image(1.0, 0.01, -0.1).fold_loss_db(), loss);
        // Side at a third of the mid.
        assert_near(image(1.0, 1.0, 0.8).width(), 0.5);
    }

    #[test]
    fn the_loss_is_what_a_sum_says_it_is() {
        // ½·Σ(l + r)² against Σl² + Σr², and 3.01 dB given back.
        for (l, r) in [(1.0, -0.3f64), (0.2, -0.9), (0.5, -0.25)] {
            let (stereo, mono) = (l * l + r * r, 0.5 * (l + r) * (l + r));
            let expected = 10.0 * f64::log10(2.0 * mono / stereo);
            assert_near(image(l * l, r * r, l * r).fold_loss_db(), expected.max(LARGEST_LOSS_DB));
        }
    }

    #[test]
    fn balance_leans_to_the_louder_side() {
        assert_near(image(1.0, 4.0, 0.0).balance_db(), 10.0 * 4f64.log10());
        assert_near(image(4.0, 1.0, 0.0).balance_db(), -10.0 * 4f64.log10());
        assert_near(image(1.0, 0.0, 0.0).balance_db(), -LARGEST_BALANCE_DB);
        assert_near(image(0.0, 1.0, 0.0).balance_db(), LARGEST_BALANCE_DB);
    }

    #[test]
    fn silence_has_no_image() {
        for silent in [StereoImage::default(), image(1e-13, 1e-13, 1e-13)] {
            assert_eq!(silent.correlation(), None);
            assert_eq!(silent.fold_loss_db(), None);
            assert_eq!(silent.balance_db(), None);
            assert_eq!(silent.width(), None);
        }
    }

    #[test]
    fn extreme_samples_stay_finite() {
        let huge = f64::from(f32::MAX).powi(2) * 1e6;
        for product in [-huge, 0.0, huge] {
            let image = image(huge, huge, product);
            for reading in
                [image.correlation(), image.fold_loss_db(), image.balance_db(), image.width()]
            {
                assert!(reading.expect("not silent").is_finite());
            }
        }
    }
}
