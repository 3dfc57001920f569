//! Gain, balance, width, channel modes and polarity as one 2×2 matrix.
//!
//! ```text
//! | left'  |   | left_from_left   left_from_right  |   | left  |
//! | right' | = | right_from_left  right_from_right | · | right |
//! ```
//!
//! Mid M = (L + R)/2 and side S = (L − R)/2, so that L = M + S and R = M − S (the convention of
//! Blumlein's British patent 394325, 1931, with the halves on the encoding side). Everything the
//! trim does to two channels is linear and without memory, so its stages multiply into four numbers
//! and cost the same however many are in use. Where every stage is neutral the product is
//! [`StereoMatrix::IDENTITY`] exactly: all factors are then 0 and 1.
//!
//! In a mono layout there is one channel and nothing to place: only `left_from_left` is heard.
//! [`StereoMatrix::mono`] and [`ChannelMode::mono_gain`] say what that is: gain and the polarity of
//! the left channel act, balance, width and the channel modes do nothing, and Side is silence,
//! because a mono signal is all mid.

use crate::db;

/// A linear map from two channels to two.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StereoMatrix {
    /// How much of the left input goes to the left output.
    pub left_from_left: f64,
    /// How much of the right input goes to the left output.
    pub left_from_right: f64,
    /// How much of the left input goes to the right output.
    pub right_from_left: f64,
    /// How much of the right input goes to the right output.
    pub right_from_right: f64,
}

/// Which of the two channels, or of their sum and difference, are heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChannelMode {
    /// Left and right as they are.
    #[default]
    Stereo,
    /// Left and right exchanged.
    Swap,
    /// The left channel in both.
    Left,
    /// The right channel in both.
    Right,
    /// (L + R)/2 in both: how the stem sounds on one loudspeaker.
    Mono,
    /// The mid part of the stereo signal, (L + R)/2 in both. The same signal as `Mono`, named for
    /// the user who prints Mid and Side: the two sum to the stereo signal.
    Mid,
    /// The side part of the stereo signal: (L − R)/2 left and its negative right.
    Side,
}

impl ChannelMode {
    /// All modes, in the order users see them.
    pub const ALL: [Self; 7] =
        [Self::Stereo, Self::Swap, Self::Left, Self::Right, Self::Mono, Self::Mid, Self::Side];

    /// The factor of this mode on a mono layout: a mono signal is both channels and all mid, so
    /// every mode leaves it alone but `Side`, which is silence.
    pub fn mono_gain(self) -> f64 {
        if self == Self::Side { 0.0 } else { 1.0 }
    }
}

impl StereoMatrix {
    /// Output = input.
    pub const IDENTITY: Self = Self::diagonal(1.0, 1.0);
    /// Output = 0.
    pub const SILENCE: Self = Self::diagonal(0.0, 0.0);

    const fn new(ll: f64, lr: f64, rl: f64, rr: f64) -> Self {
        Self { left_from_left: ll, left_from_right: lr, right_from_left: rl, right_from_right: rr }
    }

    /// A factor for each channel, nothing from one to the other.
    pub const fn diagonal(left: f64, right: f64) -> Self {
        Self::new(left, 0.0, 0.0, right)
    }

    /// One factor on both channels, as is right for a mono layout.
    pub const fn mono(factor: f64) -> Self {
        Self::diagonal(factor, factor)
    }

    /// The same gain on both channels; −∞ dB is silence, 0 dB exactly the identity.
    pub fn gain_db(gain_db: f64) -> Self {
        Self::mono(db::to_gain(gain_db))
    }

    /// Balance from −1 (only left) over 0 to +1 (only right): the channel on the far side is
    /// attenuated linearly, the near one stays at unity, so nothing ever gets louder. Values beyond
    /// ±1 count as ±1.
    pub fn balance(balance: f64) -> Self {
        Self::diagonal(1.0 - balance.clamp(0.0, 1.0), 1.0 + balance.clamp(-1.0, 0.0))
    }

    /// Width from 0 (mono) over 1 (as it is) to 2: the gain of the side; the mid is kept, so that
    /// the mono sum does not move. Values outside the range count as its ends.
    pub fn width(width: f64) -> Self {
        let width = width.clamp(0.0, 2.0);
        let (same, other) = (0.5 * (1.0 + width), 0.5 * (1.0 - width));
        Self::new(same, other, other, same)
    }

    /// What is heard of the two channels.
    pub const fn channel_mode(mode: ChannelMode) -> Self {
        match mode {
            ChannelMode::Stereo => Self::IDENTITY,
            ChannelMode::Swap => Self::new(0.0, 1.0, 1.0, 0.0),
            ChannelMode::Left => Self::new(1.0, 0.0, 1.0, 0.0),
            ChannelMode::Right => Self::new(0.0, 1.0, 0.0, 1.0),
            ChannelMode::Mono | ChannelMode::Mid => Self::new(0.5, 0.5, 0.5, 0.5),
            ChannelMode::Side => Self::new(0.5, -0.5, -0.5, 0.5),
        }
    }

    /// Turns the polarity of either channel around.
    pub const fn polarity(invert_left: bool, invert_right: bool) -> Self {
        Self::diagonal(if invert_left { -1.0 } else { 1.0 }, if invert_right { -1.0 } else { 1.0 })
    }

    /// The matrix of `self` followed by `next`: the product next · self.
    #[must_use]
    pub const fn then(self, next: Self) -> Self {
        Self::new(
            next.left_from_left * self.left_from_left + next.left_from_right * self.right_from_left,
            next.left_from_left * self.left_from_right
                + next.left_from_right * self.right_from_right,
            next.right_from_left * self.left_from_left
                + next.right_from_right * self.right_from_left,
            next.right_from_left * self.left_from_right
                + next.right_from_right * self.right_from_right,
        )
    }

    /// The outputs for one pair of samples.
    #[inline]
    pub fn apply(&self, left: f64, right: f64) -> (f64, f64) {
        (
            self.left_from_left * left + self.left_from_right * right,
            self.right_from_left * left + self.right_from_right * right,
        )
    }

    /// The four coefficients: left from left, left from right, right from left, right from right.
    pub const fn coefficients(&self) -> [f64; 4] {
        [self.left_from_left, self.left_from_right, self.right_from_left, self.right_from_right]
    }

    /// The matrix of four coefficients in the order of [`coefficients`](Self::coefficients).
    pub const fn from_coefficients([ll, lr, rl, rr]: [f64; 4]) -> Self {
        Self::new(ll, lr, rl, rr)
    }
}

impl Default for StereoMatrix {
    fn default() -> Self {
        Self::IDENTITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn pairs() -> impl Iterator<Item = (f64, f64)> {
        let mut random = Random::new(3);
        (0..1000).map(move |_| (random.bipolar(), random.bipolar()))
    }

    #[test]
    fn everything_neutral_is_exactly_the_identity() {
        let chain = StereoMatrix::polarity(false, false)
            .then(StereoMatrix::channel_mode(ChannelMode::Stereo))
            .then(StereoMatrix::width(1.0))
            .then(StereoMatrix::balance(0.0))
            .then(StereoMatrix::gain_db(0.0));
        assert_eq!(
            chain.coefficients().map(f64::to_bits),
            StereoMatrix::IDENTITY.coefficients().map(f64::to_bits)
        );
        assert_eq!(StereoMatrix::gain_db(f64::NEG_INFINITY).then(chain), StereoMatrix::SILENCE);
    }

    #[test]
    fn balance_attenuates_the_far_channel_only() {
        for step in -10..=10 {
            let b = f64::from(step) / 10.0;
            let m = StereoMatrix::balance(b);
            assert_eq!(m.left_from_left, 1.0 - b.max(0.0));
            assert_eq!(m.right_from_right, 1.0 + b.min(0.0));
            assert_eq!((m.left_from_right, m.right_from_left), (0.0, 0.0));
        }
        assert_eq!(StereoMatrix::balance(7.0), StereoMatrix::diagonal(0.0, 1.0));
        assert_eq!(StereoMatrix::balance(-7.0), StereoMatrix::diagonal(1.0, 0.0));
    }

    #[test]
    fn width_is_the_gain_of_the_side_and_keeps_the_mid() {
        for percent in [0, 1, 50, 99, 100, 101, 150, 200] {
            let width = f64::from(percent) / 100.0;
            let m = StereoMatrix::width(width);
            for (l, r) in pairs() {
                let (l2, r2) = m.apply(l, r);
                assert!(((l2 + r2) - (l + r)).abs() < 1e-15);
                assert!(((l2 - r2) - width * (l - r)).abs() < 1e-15);
            }
        }
        assert_eq!(StereoMatrix::width(0.0), StereoMatrix::channel_mode(ChannelMode::Mono));
    }

    #[test]
    fn channel_modes_say_what_they_do() {
        for (l, r) in pairs() {
            let (mid, side) = (0.5 * (l + r), 0.5 * (l - r));
            for (mode, expected) in [
                (ChannelMode::Stereo, (l, r)),
                (ChannelMode::Swap, (r, l)),
                (ChannelMode::Left, (l, l)),
                (ChannelMode::Right, (r, r)),
                (ChannelMode::Mono, (mid, mid)),
                (ChannelMode::Mid, (mid, mid)),
                (ChannelMode::Side, (side, -side)),
            ] {
                let (a, b) = StereoMatrix::channel_mode(mode).apply(l, r);
                assert!((a - expected.0).abs() < 1e-16 && (b - expected.1).abs() < 1e-16);
            }
        }
    }

    #[test]
    fn mid_and_side_prints_sum_to_the_stereo_signal() {
        // Exactly as matrices, in stereo and in mono.
        let mid = StereoMatrix::channel_mode(ChannelMode::Mid).coefficients();
        let side = StereoMatrix::channel_mode(ChannelMode::Side).coefficients();
        let sum: Vec<f64> = mid.iter().zip(side).map(|(m, s)| m + s).collect();
        assert_eq!(sum, StereoMatrix::IDENTITY.coefficients());
        assert_eq!(ChannelMode::Mid.mono_gain() + ChannelMode::Side.mono_gain(), 1.0);
    }

    #[test]
    fn then_is_one_after_the_other() {
        let mut random = Random::new(5);
        for (l, r) in pairs() {
            let [a, b] = [(); 2].map(|()| {
                StereoMatrix::from_coefficients([(); 4].map(|()| 4.0 * random.bipolar()))
            });
            let (l1, r1) = a.apply(l, r);
            let stepwise = b.apply(l1, r1);
            let at_once = a.then(b).apply(l, r);
            assert!((stepwise.0 - at_once.0).abs() < 1e-13);
            assert!((stepwise.1 - at_once.1).abs() < 1e-13);
        }
    }

    #[test]
    fn polarity_twice_is_nothing() {
        for (l, r) in [(true, false), (false, true), (true, true)] {
            let m = StereoMatrix::polarity(l, r);
            assert_eq!(m.then(m), StereoMatrix::IDENTITY);
        }
        assert_eq!(StereoMatrix::polarity(true, false).apply(0.5, 0.25), (-0.5, 0.25));
    }
}
