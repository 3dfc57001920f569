//! What a mix was like, in steps of 100 ms.

/// Steps a second.
pub const STEPS_PER_SECOND: f64 = 10.0;
/// Steps that wait to be fetched: 3.2 s. Later ones push out the oldest.
pub const HISTORY_STEPS: usize = 32;

/// A step of 100 ms of the history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HistoryPoint {
    /// Which step it is, counted from 0 at reset or restart: it ends at (`step` + 1)·100 ms of what was
    /// measured.
    pub step: u64,
    /// Momentary loudness at its end in LUFS; −∞ in silence.
    pub momentary_lufs: f32,
    /// Short-term loudness at its end in LUFS; −∞ in silence.
    pub shortterm_lufs: f32,
    /// Integrated loudness at its end in LUFS; −∞ while nothing passed the gate.
    pub integrated_lufs: f32,
    /// The highest true peak within it by the ITU's filter, of both channels, in dBTP; −∞ in silence.
    pub true_peak_dbtp: f32,
    /// Correlation at its end, −1 to 1; NaN where there is none.
    pub correlation: f32,
    /// Mono-fold loss at its end in dB, at most 0; NaN where there is none.
    pub fold_loss_db: f32,
}

impl HistoryPoint {
    /// Silence.
    pub const NONE: Self = Self {
        step: 0,
        momentary_lufs: f32::NEG_INFINITY,
        shortterm_lufs: f32::NEG_INFINITY,
        integrated_lufs: f32::NEG_INFINITY,
        true_peak_dbtp: f32::NEG_INFINITY,
        correlation: f32::NAN,
        fold_loss_db: f32::NAN,
    };
}

/// The steps that wait.
#[derive(Debug, Clone)]
pub(super) struct History {
    ring: [HistoryPoint; HISTORY_STEPS],
    /// Where the next one goes.
    at: usize,
    waiting: usize,
}

impl Default for History {
    fn default() -> Self {
        Self { ring: [HistoryPoint::NONE; HISTORY_STEPS], at: 0, waiting: 0 }
    }
}

impl History {
    pub(super) fn clear(&mut self) {
        (self.at, self.waiting) = (0, 0);
    }

    pub(super) fn push(&mut self, point: HistoryPoint) {
        self.ring[self.at] = point;
        self.at = (self.at + 1) % HISTORY_STEPS;
        self.waiting = (self.waiting + 1).min(HISTORY_STEPS);
    }

    pub(super) fn drain(&mut self, mut take: impl FnMut(HistoryPoint)) {
        for back in (1..=std::mem::take(&mut self.waiting)).rev() {
            take(self.ring[(self.at + HISTORY_STEPS - back) % HISTORY_STEPS]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_too_long_is_pushed_out_by_the_newest() {
        let mut history = History::default();
        let drained = |history: &mut History| {
            let mut steps = Vec::new();
            history.drain(|point| steps.push(point.step));
            steps
        };
        assert_eq!(drained(&mut history), []);
        for from in [0, 100, 1000] {
            for count in [1, 31, 32, 33, 100] {
                let to = from + count;
                (from..to)
                    .for_each(|step| history.push(HistoryPoint { step, ..HistoryPoint::NONE }));
                let kept = count.min(HISTORY_STEPS as u64);
                assert_eq!(drained(&mut history), (to - kept..to).collect::<Vec<_>>());
            }
        }
        history.push(HistoryPoint::NONE);
        history.clear();
        assert_eq!(drained(&mut history), []);
    }
}
