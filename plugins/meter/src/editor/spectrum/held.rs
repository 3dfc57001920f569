//! Peaks of a spectrum that stay for a while and then fall.

/// How long a peak stays, in seconds, and how fast it falls then.
const HOLD_S: f64 = 2.0;
const FALL_DB_PER_S: f64 = 12.0;

/// The peaks of one kind of spectrum.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// What they are of: whatever changes a level without a change of sound.
    of: (usize, usize),
    peaks: Vec<Peak>,
    updated_s: f64,
}

#[derive(Debug, Clone, Copy)]
struct Peak {
    db: f32,
    since_s: f64,
}

impl Held {
    /// Takes in levels in dB as they are now. Says whether a peak is still to fall, down to `bottom_db`.
    pub(super) fn update(
        &mut self,
        of: (usize, usize),
        levels: &[(f32, f32)],
        bottom_db: f32,
        now_s: f64,
    ) -> bool {
        if self.of != of || self.peaks.len() != levels.len() {
            self.of = of;
            self.peaks = levels.iter().map(|(_, db)| Peak { db: *db, since_s: now_s }).collect();
        }
        let elapsed_s = (now_s - self.updated_s).max(0.0);
        self.updated_s = now_s;
        let mut falls = false;
        for (peak, (_, db)) in self.peaks.iter_mut().zip(levels) {
            let fell_s = (now_s - peak.since_s - HOLD_S).clamp(0.0, elapsed_s);
            peak.db -= (FALL_DB_PER_S * fell_s) as f32;
            if *db >= peak.db {
                *peak = Peak { db: *db, since_s: now_s };
            }
            falls |= peak.db > db.max(bottom_db);
        }
        falls
    }

    /// Forgets them all.
    pub(super) fn clear(&mut self) {
        self.peaks.clear();
    }

    /// The peaks in dB, in the order of the levels.
    pub(super) fn peaks_db(&self) -> impl Iterator<Item = f32> + '_ {
        self.peaks.iter().map(|peak| peak.db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(held: &Held) -> f32 {
        held.peaks_db().next().expect("one")
    }

    #[test]
    fn a_peak_stays_for_two_seconds_and_falls_by_12_db_in_one() {
        for frames_per_second in [10, 60, 144] {
            let mut held = Held::default();
            held.update((0, 0), &[(1000.0, -20.0)], -72.0, 0.0);
            let at = |n: i32| f64::from(n) / f64::from(frames_per_second);
            for n in 1..=3 * frames_per_second {
                assert!(held.update((0, 0), &[(1000.0, -60.0)], -72.0, at(n)));
                if n <= 2 * frames_per_second {
                    assert_eq!(only(&held), -20.0);
                }
            }
            assert!((only(&held) + 32.0).abs() < 0.01, "{}", only(&held));
            // It comes to rest on what is there.
            let mut n = 3 * frames_per_second;
            while held.update((0, 0), &[(1000.0, -60.0)], -72.0, at(n)) {
                n += 1;
            }
            assert_eq!(only(&held), -60.0);
            assert!((at(n) - (2.0 + 40.0 / 12.0)).abs() < 0.11, "{}", at(n));
        }
    }

    #[test]
    fn silence_comes_to_rest() {
        let mut held = Held::default();
        held.update((0, 0), &[(1000.0, -20.0)], -72.0, 0.0);
        let mut now_s = 0.0;
        while held.update((0, 0), &[(1000.0, -140.0)], -72.0, now_s) {
            now_s += 0.1;
            assert!(now_s < 8.0, "it never rests");
        }
    }

    #[test]
    fn another_kind_or_a_click_starts_over() {
        let mut held = Held::default();
        held.update((0, 0), &[(1000.0, -20.0)], -72.0, 0.0);
        held.update((1, 0), &[(1000.0, -50.0)], -72.0, 0.1);
        assert_eq!(only(&held), -50.0);
        held.update((1, 0), &[(1000.0, -30.0)], -72.0, 0.2);
        held.clear();
        held.update((1, 0), &[(1000.0, -50.0)], -72.0, 0.3);
        assert_eq!(only(&held), -50.0);
    }
}
