//! What was measured over the whole session, in steps of 100 ms.
//!
//! A ring of atomics that holds nine hours: the audio thread is the only writer and never waits; the
//! page and the session's saving read. A measurement that starts over begins a new history. On request
//! it is kept with the session ([`packed`]), and what a session kept is shown until the next
//! measurement begins.

pub mod packed;

use nice_plug::params::persist::PersistentField;
use packed::Packed;
use shared_dsp::mix_meter::HistoryPoint;
use std::ops::{Deref, Range};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Length of a step in ms.
pub const STEP_MS: u32 = 100;
/// Steps kept: nine hours.
pub const STEPS: usize = 9 * 3600 * 1000 / STEP_MS as usize;

/// Parts of a dB in which levels are held.
const PARTS: f32 = 100.0;
/// A level that is not there.
const NO_LEVEL: i16 = i16::MIN;
/// A correlation that is not there.
const NO_CORRELATION: i8 = i8::MIN;

/// A step in hundredths of a dB, and of the correlation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Held {
    /// M, S, I, TP.
    pub(crate) levels: [i16; 4],
    pub(crate) correlation: i8,
    /// What mono loses: not kept with a session.
    pub(crate) fold: i16,
}

impl Held {
    /// Silence.
    pub(crate) const NONE: Self =
        Self { levels: [NO_LEVEL; 4], correlation: NO_CORRELATION, fold: NO_LEVEL };

    fn of(point: &HistoryPoint) -> Self {
        let level = |db: f32| {
            if db.is_finite() {
                (db * PARTS).round().clamp(f32::from(NO_LEVEL + 1), f32::from(i16::MAX)) as i16
            } else {
                NO_LEVEL
            }
        };
        let correlation = if point.correlation.is_finite() {
            (point.correlation * 100.0).round().clamp(-100.0, 100.0) as i8
        } else {
            NO_CORRELATION
        };
        let levels = [
            point.momentary_lufs,
            point.shortterm_lufs,
            point.integrated_lufs,
            point.true_peak_dbtp,
        ];
        Self { levels: levels.map(level), correlation, fold: level(point.fold_loss_db) }
    }

    /// The step with this number.
    fn point(self, step: u64) -> HistoryPoint {
        let level = |level: i16, none: f32| {
            if level == NO_LEVEL { none } else { f32::from(level) / PARTS }
        };
        let [momentary_lufs, shortterm_lufs, integrated_lufs, true_peak_dbtp] =
            self.levels.map(|held| level(held, f32::NEG_INFINITY));
        let correlation = match self.correlation {
            NO_CORRELATION => f32::NAN,
            held => f32::from(held) / 100.0,
        };
        HistoryPoint {
            step,
            momentary_lufs,
            shortterm_lufs,
            integrated_lufs,
            true_peak_dbtp,
            correlation,
            fold_loss_db: level(self.fold, f32::NAN),
        }
    }
}

/// The history of a session.
#[derive(Debug)]
pub struct SessionHistory {
    levels: Box<[AtomicU64]>,
    images: Box<[AtomicU32]>,
    /// Steps written since the beginning, and of them those before the measurement under way.
    written: AtomicU64,
    begun: AtomicU64,
    /// Whether it is saved with the session.
    kept: AtomicBool,
    /// What a session kept, and whether it still counts.
    restored: Mutex<Arc<[Held]>>,
    shows_restored: AtomicBool,
}

impl Default for SessionHistory {
    fn default() -> Self {
        Self::new()
    }
}

impl SessionHistory {
    /// An empty history.
    pub fn new() -> Self {
        Self {
            levels: (0..STEPS).map(|_| AtomicU64::new(0)).collect(),
            images: (0..STEPS).map(|_| AtomicU32::new(0)).collect(),
            written: AtomicU64::new(0),
            begun: AtomicU64::new(0),
            kept: AtomicBool::new(false),
            restored: Mutex::new(Arc::new([])),
            shows_restored: AtomicBool::new(false),
        }
    }

    /// Adds a step. What a session kept gives way to the first that is not silent, since hosts that have
    /// just opened a session play silence. Real-time safe; for one writer.
    pub fn push(&self, point: &HistoryPoint) {
        if self.shows_restored.load(Ordering::Relaxed) {
            if !point.momentary_lufs.is_finite() {
                return;
            }
            self.shows_restored.store(false, Ordering::Relaxed);
        }
        let held = Held::of(point);
        let written = self.written.load(Ordering::Relaxed);
        let slot = (written % STEPS as u64) as usize;
        let packed =
            held.levels.iter().fold(0, |bits, level| (bits << 16) | u64::from(*level as u16));
        self.levels[slot].store(packed, Ordering::Relaxed);
        let image = (u32::from(held.fold as u16) << 8) | u32::from(held.correlation as u8);
        self.images[slot].store(image, Ordering::Relaxed);
        self.written.store(written + 1, Ordering::Release);
    }

    /// A new measurement begins. Real-time safe; for the writer.
    pub fn restart(&self) {
        self.forget();
        self.shows_restored.store(false, Ordering::Relaxed);
    }

    /// What was measured is forgotten, but not what the session kept: a host makes ready. Real-time safe;
    /// for the writer.
    pub fn forget(&self) {
        self.begun.store(self.written.load(Ordering::Relaxed), Ordering::Release);
    }

    /// Whether it is saved with the session from now on.
    pub fn keep(&self, keep: bool) {
        self.kept.store(keep, Ordering::Relaxed);
    }

    /// How many steps there are since the measurement began, or were kept by the session.
    pub fn len(&self) -> usize {
        if let Some(restored) = self.restored() {
            return restored.len();
        }
        let written = self.written.load(Ordering::Acquire);
        // The oldest slot may be under way.
        (written.saturating_sub(self.begun.load(Ordering::Acquire)) as usize).min(STEPS - 1)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether what is shown comes from the session and not from a measurement.
    pub fn is_restored(&self) -> bool {
        self.restored().is_some()
    }

    /// A number that changes whenever there is something new to draw.
    pub fn revision(&self) -> u64 {
        let restored = u64::from(self.shows_restored.load(Ordering::Relaxed));
        let written = self.written.load(Ordering::Acquire);
        (written << 24) ^ (self.begun.load(Ordering::Acquire) << 1) ^ restored
    }

    /// Steps of the measurement that went before those that are still there: after nine hours the oldest
    /// go.
    pub fn lost(&self) -> u64 {
        if self.is_restored() {
            return 0;
        }
        let written = self.written.load(Ordering::Acquire);
        written.saturating_sub(self.begun.load(Ordering::Acquire)) - self.len() as u64
    }

    /// All steps, from the oldest to the newest. Not for the audio thread.
    pub fn steps(&self) -> Vec<HistoryPoint> {
        let numbers = self.lost()..;
        self.held().into_iter().zip(numbers).map(|(held, step)| held.point(step)).collect()
    }

    /// Hands over some steps, counted from the oldest. Not for the audio thread.
    pub fn each(&self, steps: Range<usize>, mut take: impl FnMut(HistoryPoint)) {
        if let Some(restored) = self.restored() {
            let end = steps.end.min(restored.len());
            (steps.start.min(end)..end).for_each(|n| take(restored[n].point(n as u64)));
            return;
        }
        let length = self.len();
        let first = self.written.load(Ordering::Acquire) - length as u64;
        for step in steps.start..steps.end.min(length) {
            take(self.read(first + step as u64).point(step as u64));
        }
    }

    fn read(&self, step: u64) -> Held {
        let slot = (step % STEPS as u64) as usize;
        let packed = self.levels[slot].load(Ordering::Relaxed);
        let levels = [48, 32, 16, 0].map(|shift| (packed >> shift) as u16 as i16);
        let image = self.images[slot].load(Ordering::Relaxed);
        Held { levels, correlation: image as u8 as i8, fold: (image >> 8) as u16 as i16 }
    }

    fn restored(&self) -> Option<Arc<[Held]>> {
        self.shows_restored
            .load(Ordering::Relaxed)
            .then(|| self.restored.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn held(&self) -> Vec<Held> {
        if let Some(restored) = self.restored() {
            return restored.to_vec();
        }
        let length = self.len() as u64;
        let written = self.written.load(Ordering::Acquire);
        (written - length..written).map(|step| self.read(step)).collect()
    }
}

/// The history that processor and page share, as the host's session sees it.
#[derive(Debug, Clone, Default)]
pub struct SharedHistory(pub Arc<SessionHistory>);

impl Deref for SharedHistory {
    type Target = SessionHistory;

    fn deref(&self) -> &SessionHistory {
        &self.0
    }
}

/// Saved with the session, if that is asked for. Not called on the audio thread.
impl PersistentField<'_, Option<Packed>> for SharedHistory {
    fn set(&self, packed: Option<Packed>) {
        let restored: Arc<[Held]> =
            packed.and_then(|packed| packed.unpack()).unwrap_or_default().into();
        let shows = !restored.is_empty();
        *self.restored.lock().unwrap_or_else(PoisonError::into_inner) = restored;
        self.shows_restored.store(shows, Ordering::Relaxed);
    }

    fn map<F, R>(&self, with: F) -> R
    where
        F: Fn(&Option<Packed>) -> R,
    {
        let kept = self.kept.load(Ordering::Relaxed);
        with(&kept.then(|| Packed::of(&self.held())).filter(|packed| !packed.is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(n: usize) -> HistoryPoint {
        let lufs = -40.0 + (n % 2000) as f32 / 100.0;
        HistoryPoint {
            momentary_lufs: lufs,
            shortterm_lufs: lufs - 1.0,
            integrated_lufs: lufs - 2.0,
            true_peak_dbtp: lufs + 12.34,
            correlation: (n % 201) as f32 / 100.0 - 1.0,
            step: n as u64,
            fold_loss_db: -0.1 * (n % 100) as f32,
        }
    }

    #[test]
    fn what_is_written_is_read_to_a_hundredth() {
        let history = SessionHistory::new();
        assert!(history.is_empty());
        for n in 0..300 {
            history.push(&point(n));
        }
        history.push(&HistoryPoint {
            momentary_lufs: f32::NEG_INFINITY,
            shortterm_lufs: f32::NAN,
            integrated_lufs: -1e9,
            true_peak_dbtp: 1e9,
            correlation: f32::NAN,
            ..point(0)
        });
        let steps = history.steps();
        assert_eq!((steps.len(), history.len()), (301, 301));
        for (n, step) in steps[..300].iter().enumerate() {
            let expected = point(n);
            assert!((step.true_peak_dbtp - expected.true_peak_dbtp).abs() < 0.0051);
            assert!((step.shortterm_lufs - expected.shortterm_lufs).abs() < 0.0051);
            assert!((step.correlation - expected.correlation).abs() < 0.0051);
            assert!((step.fold_loss_db - expected.fold_loss_db).abs() < 0.0051);
            assert_eq!(step.step, n as u64);
        }
        let silent = steps[300];
        assert_eq!(silent.momentary_lufs, f32::NEG_INFINITY);
        assert_eq!(silent.shortterm_lufs, f32::NEG_INFINITY);
        assert!(silent.integrated_lufs.is_finite() && silent.true_peak_dbtp.is_finite());
        assert!(silent.correlation.is_nan());
    }

    #[test]
    fn a_new_measurement_begins_a_new_history() {
        let history = SessionHistory::new();
        (0..50).for_each(|n| history.push(&point(n)));
        let before = history.revision();
        history.restart();
        assert!(history.is_empty() && history.revision() != before);
        history.push(&point(7));
        assert_eq!(history.steps().len(), 1);
    }

    #[test]
    fn nine_hours_are_kept_and_the_oldest_go() {
        let history = SessionHistory::new();
        (0..STEPS + 100).for_each(|n| history.push(&point(n)));
        let steps = history.steps();
        assert_eq!(steps.len(), STEPS - 1);
        assert_eq!(history.lost(), 101);
        assert_eq!(steps[0], Held::of(&point(101)).point(101));
        assert_eq!(steps[STEPS - 2], Held::of(&point(STEPS + 99)).point(STEPS as u64 + 99));
    }

    #[test]
    fn a_session_keeps_it_on_request_alone() {
        let history = SharedHistory::default();
        (0..50).for_each(|n| history.push(&point(n)));
        assert!(history.map(Option::is_none));
        history.keep(true);
        let packed = history.map(Clone::clone).expect("kept");
        let loaded = SharedHistory::default();
        loaded.set(Some(packed));
        assert!(loaded.is_restored());
        assert_eq!(loaded.len(), 50);
        // It is saved again as it was loaded, and gives way to the next measurement.
        loaded.keep(true);
        assert!(loaded.map(Option::is_some));
        loaded.forget();
        loaded.push(&HistoryPoint { momentary_lufs: f32::NEG_INFINITY, ..point(3) });
        assert!(loaded.is_restored());
        loaded.push(&point(3));
        assert!(!loaded.is_restored());
        assert_eq!(loaded.len(), 1);
        // A state without one has none.
        loaded.restart();
        loaded.set(None);
        assert!(loaded.is_empty());
    }
}
