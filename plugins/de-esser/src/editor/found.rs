//! The s-sounds of the last ten seconds, and what each lost.

use crate::dsp::Shown;
use support::trace::{COLUMNS, Trace};

/// From this sureness on something is an s; while there is any, it goes on.
const OPENS: f32 = 0.25;
/// So many columns without any do not end it yet: a hole of a thirtieth of a second.
const HOLE: u64 = 2;
/// So many columns after its end a reduction is still its own.
const AFTER: u64 = 3;

/// One s.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sibilant {
    /// Its first column of the trace, and the first after it.
    pub(super) from: u64,
    pub(super) to: u64,
    /// The most it lost, in dB ≥ 0.
    pub(super) lost_db: f32,
}

/// All that can still be seen, in their order.
pub(super) fn found(trace: &Trace) -> Vec<Sibilant> {
    let written = trace.written();
    let first = written.saturating_sub(COLUMNS as u64);
    let sureness = |column: u64| {
        let sure = trace.get(column, Shown::Sureness as usize);
        if sure.is_finite() { sure } else { 0.0 }
    };
    let mut runs: Vec<(u64, u64, bool)> = Vec::new();
    for column in (first..written).filter(|column| sureness(*column) > 0.0) {
        let opens = sureness(column) >= OPENS;
        match runs.last_mut().filter(|(_, to, _)| column <= *to + HOLE) {
            Some((_, to, is_one)) => (*to, *is_one) = (column + 1, *is_one || opens),
            None => runs.push((column, column + 1, opens)),
        }
    }
    let lost = |from: u64, to: u64| {
        let columns = from..(to + AFTER).min(written);
        let reductions = columns.map(|column| trace.get(column, Shown::GainReduction as usize));
        reductions.filter(|db| db.is_finite()).fold(0.0, f32::max)
    };
    let sibilant = |(from, to, _)| Sibilant { from, to, lost_db: lost(from, to) };
    runs.into_iter().filter(|(.., is_one)| *is_one).map(sibilant).collect()
}

/// What they lost on average, in dB; no number where there are none.
pub(super) fn average_lost_db(found: &[Sibilant]) -> f32 {
    let sum: f32 = found.iter().map(|sibilant| sibilant.lost_db).sum();
    if found.is_empty() { f32::NAN } else { sum / found.len() as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::TRACED;

    fn traced(columns: &[(f32, f32)]) -> Trace {
        let trace = Trace::new(TRACED.len());
        for (sureness, reduction_db) in columns {
            trace.push(|field| match field {
                field if field == Shown::Sureness as usize => *sureness,
                field if field == Shown::GainReduction as usize => *reduction_db,
                _ => 0.0,
            });
        }
        trace
    }

    #[test]
    fn an_s_begins_before_it_opens_and_has_the_most_it_lost() {
        let trace = traced(&[
            (0.0, 0.0),
            (0.1, 0.0),
            (0.6, 2.0),
            (0.9, 5.0),
            (0.2, 5.5),
            (0.0, 4.0),
            (0.0, 1.0),
        ]);
        assert_eq!(found(&trace), [Sibilant { from: 1, to: 5, lost_db: 5.5 }]);
    }

    #[test]
    fn what_never_opens_is_none_and_a_hole_ends_none() {
        let nearly = [(0.2, 0.0), (0.24, 0.0)];
        assert!(found(&traced(&nearly)).is_empty());
        let hole = [(0.5, 3.0), (0.0, 2.0), (0.0, 1.0), (0.5, 4.0)];
        assert_eq!(found(&traced(&hole)), [Sibilant { from: 0, to: 4, lost_db: 4.0 }]);
        let mut two = hole.to_vec();
        two.extend([(0.0, 1.0), (0.0, 0.5), (0.0, 0.0), (0.3, 1.5)]);
        let two = found(&traced(&two));
        assert_eq!(two.iter().map(|s| (s.from, s.to)).collect::<Vec<_>>(), [(0, 4), (7, 8)]);
        assert_eq!(average_lost_db(&two), 2.75);
        assert!(average_lost_db(&[]).is_nan());
    }

    #[test]
    fn what_has_scrolled_out_is_gone() {
        let trace = traced(&[(0.9, 6.0)]);
        for _ in 0..COLUMNS - 1 {
            trace.push(|_| 0.0);
        }
        assert_eq!(found(&trace).len(), 1);
        trace.push(|_| 0.0);
        assert!(found(&trace).is_empty());
    }
}
