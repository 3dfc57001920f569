//! The history as so many columns as are drawn.

use super::stretch::Stretch;
use crate::editor::MeterStage;
use crate::history::SessionHistory;
use std::sync::Arc;

/// A column: the lowest and the highest of what moves within it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Column {
    /// Lowest and highest momentary loudness in LUFS.
    pub(super) momentary: [f32; 2],
    /// Lowest and highest short-term loudness in LUFS.
    pub(super) shortterm: [f32; 2],
    /// The last integrated loudness in LUFS.
    pub(super) integrated: f32,
    /// The highest true peak in dBTP.
    pub(super) true_peak: f32,
    /// The lowest correlation; no number where there is none.
    pub(super) correlation: f32,
}

/// The columns of a stretch; those beyond the end are not there.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    columns: Arc<[Option<Column>]>,
}

/// What was asked for when columns were made.
type Asked = (u64, [u64; 2], usize);

/// The columns of a stretch, made anew when it or the history has changed.
pub(super) fn of(stage: &MeterStage<'_, '_>, stretch: Stretch, count: usize) -> Columns {
    let history = &stage.params.history;
    let bits = [stretch.from_s.to_bits(), stretch.to_s.to_bits()];
    let asked: Asked = (history.revision(), bits, count);
    let id = stage.ui.scope_id().with("columns");
    if let Some((made, columns)) = stage.ui.data(|data| data.get_temp::<(Asked, Columns)>(id))
        && made == asked
    {
        return columns;
    }
    let columns = folded(history, [stretch.from_s, stretch.to_s], count);
    stage.ui.data_mut(|data| data.insert_temp(id, (asked, columns.clone())));
    columns
}

fn folded(history: &SessionHistory, [from_s, to_s]: [f64; 2], count: usize) -> Columns {
    let steps = |seconds: f64| (seconds * 10.0).max(0.0);
    let (from, to) = (steps(from_s), steps(to_s));
    let each = (to - from) / count as f64;
    let length = history.len();
    let columns = (0..count).map(|column| {
        let first = (from + each * column as f64) as usize;
        let last = ((from + each * (column + 1) as f64) as usize).max(first + 1);
        (first < length).then(|| column_of(history, first, last.min(length)))
    });
    Columns { columns: columns.collect() }
}

fn column_of(history: &SessionHistory, first: usize, last: usize) -> Column {
    let mut column = Column {
        momentary: [f32::INFINITY, f32::NEG_INFINITY],
        shortterm: [f32::INFINITY, f32::NEG_INFINITY],
        integrated: f32::NEG_INFINITY,
        true_peak: f32::NEG_INFINITY,
        correlation: f32::NAN,
    };
    history.each(first..last, |step| {
        let stretch = |[low, high]: [f32; 2], value: f32| [low.min(value), high.max(value)];
        column.momentary = stretch(column.momentary, step.momentary_lufs);
        column.shortterm = stretch(column.shortterm, step.shortterm_lufs);
        column.integrated = step.integrated_lufs;
        column.true_peak = column.true_peak.max(step.true_peak_dbtp);
        column.correlation = column.correlation.min(step.correlation);
    });
    column
}

impl Columns {
    /// Whether there is nothing in them.
    pub(super) fn is_empty(&self) -> bool {
        self.columns.iter().all(Option::is_none)
    }

    /// Every column with its share of the width at its middle.
    pub(super) fn iter(&self) -> impl Iterator<Item = (f32, Option<&Column>)> {
        let width = 1.0 / self.columns.len().max(1) as f32;
        let place = move |n: usize| (n as f32 + 0.5) * width;
        self.columns.iter().enumerate().map(move |(n, column)| (place(n), column.as_ref()))
    }

    /// The column at a share of the width.
    pub(super) fn at(&self, share: f32) -> Option<&Column> {
        let last = self.columns.len().checked_sub(1)?;
        self.columns[((share * self.columns.len() as f32) as usize).min(last)].as_ref()
    }

    /// The last column.
    pub(super) fn last(&self) -> Option<&Column> {
        self.columns.iter().rev().flatten().next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::mix_meter::HistoryPoint;

    #[test]
    fn no_peak_is_lost_however_few_columns_there_are() {
        let history = SessionHistory::new();
        for step in 0..10_000u64 {
            history.push(&HistoryPoint {
                step,
                momentary_lufs: if step == 1234 { -3.0 } else { -20.0 },
                shortterm_lufs: -22.0,
                integrated_lufs: -23.0,
                true_peak_dbtp: if step == 7777 { 0.5 } else { -6.0 },
                correlation: if step == 4321 { -0.5 } else { 0.5 },
                fold_loss_db: 0.0,
            });
        }
        for count in [8, 100, 997, 5000] {
            let made = folded(&history, [0.0, 1000.0], count);
            let of = |of: fn(&Column) -> f32| made.iter().filter_map(move |(_, c)| c.map(of));
            assert_eq!(of(|c| c.true_peak).filter(|db| *db == 0.5).count(), 1, "{count}");
            assert_eq!(of(|c| c.correlation).filter(|r| *r == -0.5).count(), 1, "{count}");
            assert_eq!(of(|c| c.momentary[1]).filter(|m| *m == -3.0).count(), 1, "{count}");
            assert!(made.iter().all(|(_, column)| column.is_some()));
        }
        // A stretch that is longer than what there is, and one finer than the steps.
        let half = folded(&history, [0.0, 2000.0], 100);
        assert_eq!(half.iter().filter(|(_, column)| column.is_some()).count(), 50);
        let fine = folded(&history, [777.0, 778.0], 100);
        assert!(fine.iter().all(|(_, column)| column.is_some()));
        assert_eq!(fine.at(0.75).map(|c| c.true_peak), Some(0.5));
        assert!(folded(&SessionHistory::new(), [0.0, 10.0], 10).is_empty());
    }
}
