//! Three ways to follow a change with the same times.
//!
//! ```text
//! Clean   p ← max(c, c + ρ·(p − c))                   y ← y + α·(p − y)
//! Grab    p ← p + α·(c − p)                           α = attack where c > p, else release;  y = p
//! Bus     p ← max(c, c + ρ′·(p − c), ρ·p)             y ← y + α′·(p − y), down as Clean does
//! ```
//!
//! **Clean** is the smooth decoupled detector of [`Ballistics`]: it reaches what a sine asks for, and
//! hardly follows its cycle. **Grab** is the branching one (Giannoulis, Massberg and Reiss, JAES 60 (6),
//! 2012, equation 15 on decibels): one capacitor, charged at the peaks only, so that a sine is reduced
//! by less than a constant of its level, with more of its cycle left in the gain.
//!
//! **Bus** closes loops around Clean's first stage and around the rise of its second, as a console does whose side-chain has a VCA of
//! its own, that of the audio being its slave. What the loop's detector reads is the level L behind a
//! reduction r, so the law in the loop has to be f(L − r) = c(L) at rest, c being the static curve: of
//! slope c′/(1 − c′) where c has c′, which is ratio − 1 above the knee. Followed with a time constant τ,
//!
//! ```text
//! τ·dr/dt = f(L − r) − r = (c − r)/(1 − c′)           near rest, f being straight
//!                        = −r                         where L − r has fallen below the threshold
//! ```
//!
//! so a loop moves 1/(1 − c′) times as fast as its parts, up to the ratio: the farther above the
//! threshold and the steeper, the faster it grabs, and it lets go as fast while the key is still above
//! the threshold, but at its own pace once the key is gone. Sampled without a delay, the loop solved for
//! the new r at every step (backward Euler), it is stable for every time:
//!
//! ```text
//! α′ = o/(1 − c′ + o),   o = α/(1 − α)                ρ′ = (1 − c′)/(1 − c′ + o),   o = (1 − ρ)/ρ
//! ```
//!
//! Known deviation: within the knee f is taken as straight, with the slope it has at rest.
//!
//! An automatic release has two stages in all three: a base b follows a `share` of p within three
//! releases, lets go of it within eight, and y never falls below it. What is sustained falls to the
//! base in one release and from there slowly; what was short has charged none.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::ballistics::Ballistics;
use crate::four::Four;

/// A way to follow.
pub trait Character {
    /// Takes the changes asked for in dB ≥ 0 and the slopes of their curves (dB for a dB, below 1), and
    /// gives the changes to apply. `FULL` may be false where nothing [holds](Ballistics::holds) or has a
    /// [base](Ballistics::has_base), and the `share` of the base is 0.
    fn next<F: Four, const FULL: bool>(
        ballistics: &mut Ballistics<F>,
        asked: F,
        slope: F,
        share: F,
    ) -> F;
}

/// Smooth, and exact on sines.
#[derive(Debug, Clone, Copy)]
pub struct Clean;

/// Branching.
#[derive(Debug, Clone, Copy)]
pub struct Grab;

/// In a loop.
#[derive(Debug, Clone, Copy)]
pub struct Bus;

impl<F: Four> Ballistics<F> {
    /// The base goes towards a share of the peak. Gives what the second stage goes to.
    #[inline(always)]
    fn based<const FULL: bool>(&mut self, share: F) -> F {
        if !FULL {
            return self.peak;
        }
        let wanted = share * self.peak;
        let step = wanted.pick_above(self.base, self.charge, self.discharge);
        self.base = self.base + step * (wanted - self.base);
        self.peak.larger(self.base)
    }
}

impl Character for Clean {
    #[inline(always)]
    fn next<F: Four, const FULL: bool>(b: &mut Ballistics<F>, asked: F, _: F, share: F) -> F {
        let fallen = asked + b.decay * (b.peak - asked);
        b.take::<FULL>(asked, fallen);
        let target = b.based::<FULL>(share);
        let step = target.pick_above(b.value, b.rise, b.fall);
        b.value = b.value + step * (target - b.value);
        b.shown()
    }
}

impl Character for Grab {
    #[inline(always)]
    fn next<F: Four, const FULL: bool>(b: &mut Ballistics<F>, asked: F, _: F, share: F) -> F {
        b.branch::<FULL>(asked, b.rise, b.release);
        b.value = b.based::<FULL>(share);
        b.shown()
    }
}

impl Character for Bus {
    #[inline(always)]
    fn next<F: Four, const FULL: bool>(b: &mut Ballistics<F>, asked: F, slope: F, share: F) -> F {
        let open = asked.splat(1.0) - slope;
        let decay = open / (open + b.decay_odds);
        let fallen = (asked + decay * (b.peak - asked)).larger(b.decay * b.peak);
        b.take::<FULL>(asked, fallen);
        // The loop is as tight as where its peak was asked for.
        b.open = b.peak.pick_above(asked, b.open, open);
        let target = b.based::<FULL>(share);
        let rise = b.rise_odds / (b.open + b.rise_odds);
        let step = target.pick_above(b.value, rise, b.fall);
        b.value = b.value + step * (target - b.value);
        b.shown()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::ballistics::{RECOVERED_DB, Times};
    use crate::four::Plain;
    use crate::random::Random;

    const RATE: f64 = 48_000.0;

    struct Lane(Ballistics<Plain>);

    impl Lane {
        fn new(rate: f64, times: Times) -> Self {
            let mut ballistics = Ballistics::default();
            ballistics.set(1, rate, times);
            Self(ballistics.load(Plain::default()))
        }

        fn next<C: Character>(&mut self, asked_db: f64, slope: f64, share: f64) -> f64 {
            let [asked, slope, share] = [asked_db, slope, share].map(|x| Plain::default().splat(x));
            C::next::<Plain, true>(&mut self.0, asked, slope, share).store().0[1]
        }

        fn plain<C: Character>(&mut self, asked_db: f64, slope: f64) -> f64 {
            let zero = Plain::default();
            let [asked, slope] = [asked_db, slope].map(|x| zero.splat(x));
            C::next::<Plain, false>(&mut self.0, asked, slope, zero).store().0[1]
        }
    }

    const fn times(attack_ms: f64, release_ms: f64, hold_ms: f64) -> Times {
        Times { attack_ms, hold_ms, release_ms }
    }

    /// Times to 63.2 % of 9 dB and back, in ms.
    fn measured<C: Character>(rate: f64, set: Times, slope: f64) -> (f64, f64) {
        let mut lane = Lane::new(rate, set);
        let ms = 1000.0 / rate;
        let part = -(-1f64).exp_m1();
        let (mut attack, mut release) = (0.0, 0.0);
        while lane.next::<C>(9.0, slope, 0.0) < 9.0 * part {
            attack += ms;
        }
        while 9.0 - lane.next::<C>(9.0, slope, 0.0) > 1e-6 {}
        while lane.next::<C>(0.0, 0.0, 0.0) > 9.0 * (1.0 - part) {
            release += ms;
        }
        (attack, release)
    }

    #[test]
    fn a_branch_takes_its_times_exactly_and_so_does_a_hold() {
        for rate in [8_000.0, 48_000.0, 192_000.0] {
            for attack in [0.05, 1.0, 30.0, 250.0] {
                for release in [10.0, 150.0, 2500.0] {
                    for hold in [0.0, 20.0] {
                        let (a, r) = measured::<Grab>(rate, times(attack, release, hold), 0.5);
                        let near = |got: f64, want: f64| {
                            (got - want).abs() <= (0.01 * want).max(1000.0 / rate)
                        };
                        assert!(near(a, attack), "attack {attack}: {a} at {rate}");
                        assert!(near(r, release + hold), "release {release} after {hold}: {r}");
                    }
                }
            }
        }
    }

    #[test]
    fn clean_is_the_decoupled_detector_bit_for_bit() {
        let mut random = Random::new(8);
        for hold in [0.0, 3.0] {
            let (mut clean, mut plain) =
                (Lane::new(RATE, times(2.0, 30.0, hold)), Lane::new(RATE, times(2.0, 30.0, hold)));
            for n in 0..20_000 {
                let asked = if n / 1000 % 2 == 0 { 6.0 * random.unit() } else { 0.0 };
                let truth = plain.0.next::<true>(Plain::default().splat(asked)).store().0[1];
                assert_eq!(clean.next::<Clean>(asked, 0.3, 0.0), truth);
            }
        }
    }

    #[test]
    fn without_hold_and_base_the_shorter_way_is_the_same() {
        fn check<C: Character>() {
            let mut random = Random::new(6);
            let (mut long, mut short) =
                (Lane::new(RATE, times(1.0, 20.0, 0.0)), Lane::new(RATE, times(1.0, 20.0, 0.0)));
            for n in 0..20_000 {
                let asked = if n / 1000 % 2 == 0 { 6.0 * random.unit() } else { 0.0 };
                let slope = if asked > 0.0 { 0.75 } else { 0.0 };
                assert_eq!(long.next::<C>(asked, slope, 0.0), short.plain::<C>(asked, slope));
            }
        }
        check::<Clean>();
        check::<Grab>();
        check::<Bus>();
    }

    /// The loop as an equation: a law f behind a reduction, a capacitor after it, in tiny steps.
    fn circuit(ratio: f64, over_db: f64, tau_s: f64, seconds: f64) -> f64 {
        const STEPS: usize = 200_000;
        let dt = seconds / STEPS as f64;
        (0..STEPS).fold(0.0, |r: f64, _| {
            let law = (ratio - 1.0) * (over_db - r).max(0.0);
            r + dt / tau_s * (law - r)
        })
    }

    #[test]
    fn a_loop_is_faster_than_its_parts_by_the_ratio() {
        for ratio in [1.5, 2.0, 4.0, 10.0, 20.0] {
            for attack_ms in [0.05, 1.0, 30.0, 250.0] {
                let slope = 1.0 - 1.0 / ratio;
                let over_db = 9.0 / slope;
                let (attack, _) = measured::<Bus>(RATE, times(attack_ms, 600.0, 0.0), slope);
                let wanted = attack_ms / ratio;
                assert!((attack - wanted).abs() < (0.05 * wanted).max(1000.0 / RATE), "{attack}");
                // And as fast as the circuit.
                if attack_ms > 0.5 {
                    let mut lane = Lane::new(RATE, times(attack_ms, 600.0, 0.0));
                    for n in 1..2000 {
                        let got = lane.next::<Bus>(9.0, slope, 0.0);
                        if n % 200 == 0 {
                            let seconds = f64::from(n) / RATE;
                            let truth = circuit(ratio, over_db, 1e-3 * attack_ms, seconds);
                            assert!((got - truth).abs() < 0.05, "{got}, {truth} at {n}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_loop_lets_go_at_its_own_pace_once_the_key_is_gone_and_faster_while_it_is_not() {
        let release_of = |slope, to_db| {
            let mut lane = Lane::new(RATE, times(1.0, 200.0, 0.0));
            for _ in 0..48_000 {
                lane.next::<Bus>(12.0, slope, 0.0);
            }
            let goal = to_db + (12.0 - to_db) * (-1f64).exp();
            let mut samples = 0.0;
            while lane.next::<Bus>(to_db, if to_db > 0.0 { slope } else { 0.0 }, 0.0) > goal {
                samples += 1.0;
            }
            1000.0 * samples / RATE
        };
        let gone = release_of(0.75, 0.0);
        assert!((gone - 200.0).abs() < 10.0, "{gone}");
        let lower = release_of(0.75, 11.0);
        assert!((lower - 50.0).abs() < 3.0, "{lower}");
    }

    #[test]
    fn no_character_passes_what_was_asked_or_forgets_to_rest() {
        fn check<C: Character>() {
            let mut random = Random::new(4);
            let mut lane = Lane::new(RATE, times(0.05, 10.0, 1.0));
            let mut largest = 0f64;
            for n in 0..50_000 {
                let asked = if n / 1000 % 2 == 0 { 6.0 * random.unit() } else { 0.0 };
                largest = largest.max(asked);
                let slope = if asked > 0.0 { 0.95 * random.unit() } else { 0.0 };
                let value = lane.next::<C>(asked, slope, random.unit());
                assert!(value >= 0.0 && value <= largest);
            }
            let mut samples = 0;
            while lane.next::<C>(0.0, 0.0, 0.0) > 0.0 {
                samples += 1;
            }
            assert!(samples > 100 && samples < 48_000, "{samples}");
            let mut ballistics = Ballistics::new();
            ballistics.keep(&lane.0);
            for _ in 0..48_000 {
                lane.next::<C>(0.0, 0.0, 0.0);
            }
            ballistics.keep(&lane.0);
            ballistics.snap();
            assert!(ballistics.rests() && RECOVERED_DB > 0.0);
        }
        check::<Clean>();
        check::<Grab>();
        check::<Bus>();
    }

    #[test]
    fn what_is_sustained_falls_to_its_base_and_what_is_short_falls_away() {
        fn left_after<C: Character>(ms_of_change: usize, share: f64) -> f64 {
            let mut lane = Lane::new(RATE, times(1.0, 100.0, 0.0));
            for _ in 0..48 * ms_of_change {
                lane.next::<C>(10.0, 0.5, share);
            }
            for _ in 0..48 * 400 {
                lane.next::<C>(0.0, 0.0, share);
            }
            lane.next::<C>(0.0, 0.0, share)
        }
        fn check<C: Character>() {
            // Four releases after the end a single stage has let go. A base of eight that follows one of
            // one: 8/7·exp(−4/8) − 1/7·exp(−4).
            assert!(left_after::<C>(3000, 0.0) < 0.3);
            let sustained = left_after::<C>(3000, 1.0);
            let truth = 10.0 * (8.0 * (-0.5f64).exp() - (-4f64).exp()) / 7.0;
            assert!((sustained - truth).abs() < 0.05, "{sustained}, {truth}");
            let short = left_after::<C>(20, 1.0);
            assert!(short < 0.3 * sustained, "{short}");
        }
        check::<Clean>();
        check::<Grab>();
        check::<Bus>();
    }
}
