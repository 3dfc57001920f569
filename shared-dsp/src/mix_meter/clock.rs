//! How long has been measured: pauses stand still, a restart starts over.

/// Counts what is heard and what of it is measured, in samples.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    /// Since reset.
    heard: u64,
    /// Since reset or restart, without pauses.
    measured: u64,
    /// What was heard and not measured before the stretch that is measured now, or was last.
    lost: u64,
}

impl Clock {
    pub(super) fn has_heard(&self) -> bool {
        self.heard > 0
    }

    pub(super) fn measured(&self) -> u64 {
        self.measured
    }

    /// Measures again: what was heard meanwhile is lost.
    pub(super) fn resume(&mut self) {
        self.lost = self.heard - self.measured;
    }

    pub(super) fn restart(&mut self) {
        self.measured = 0;
        self.resume();
    }

    pub(super) fn advance(&mut self, samples: usize, measures: bool) {
        self.heard += samples as u64;
        if measures {
            self.measured += samples as u64;
        }
    }

    /// When a sample was measured that lies in this stretch, or the last one: its number counted from
    /// reset becomes one of those measured.
    pub(super) fn measured_at(&self, heard_at: u64) -> u64 {
        heard_at.saturating_sub(self.lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_stand_still_and_a_restart_starts_over() {
        let mut clock = Clock::default();
        clock.advance(100, true);
        assert_eq!((clock.measured(), clock.measured_at(70)), (100, 70));
        clock.advance(50, false);
        // Seen late, in the pause.
        assert_eq!((clock.measured(), clock.measured_at(99)), (100, 99));
        clock.resume();
        clock.advance(10, true);
        assert_eq!((clock.measured(), clock.measured_at(155)), (110, 105));
        clock.restart();
        clock.advance(5, true);
        assert_eq!((clock.measured(), clock.measured_at(163)), (5, 3));
    }
}
