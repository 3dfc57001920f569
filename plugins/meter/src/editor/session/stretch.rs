//! Which stretch of the history is shown: kept with the window.

use crate::editor::MeterStage;
use egui::Ui;

/// The shortest stretch shown, in seconds.
const LEAST_S: f64 = 3.0;

/// A stretch of the history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stretch {
    pub(super) from_s: f64,
    pub(super) to_s: f64,
    /// What of it follows the end.
    pub(super) follows: Follows,
}

/// What follows the end of the history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Follows {
    /// All of it is shown.
    All,
    /// The last so many seconds are.
    Last(f64),
    /// Nothing: it stays where it is.
    Nothing,
}

/// What is kept.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kept {
    All,
    Last(f64),
    Fixed([f64; 2]),
}

fn keep(ui: &Ui, kept: Kept) {
    let id = ui.scope_id().with("stretch");
    ui.data_mut(|data| data.insert_temp(id, kept));
}

/// The stretch to show of a history of so many seconds.
pub(super) fn get(ui: &Ui, total_s: f64) -> Stretch {
    let id = ui.scope_id().with("stretch");
    of(ui.data(|data| data.get_temp(id)).unwrap_or(Kept::All), total_s)
}

fn of(kept: Kept, total_s: f64) -> Stretch {
    match kept {
        Kept::Fixed([from_s, to_s]) if from_s < total_s => {
            Stretch { from_s, to_s, follows: Follows::Nothing }
        }
        // Of what was looked at nothing is left: the measurement has started over.
        Kept::Fixed(_) | Kept::All => {
            Stretch { from_s: 0.0, to_s: total_s.max(10.0), follows: Follows::All }
        }
        Kept::Last(long) => {
            let to_s = total_s.max(long);
            Stretch { from_s: to_s - long, to_s, follows: Follows::Last(long) }
        }
    }
}

/// Shows the last so many seconds from now on.
pub(super) fn follow(ui: &Ui, seconds: f64) {
    keep(ui, Kept::Last(seconds));
}

/// Shows all of it from now on.
pub(super) fn follow_all(ui: &Ui) {
    keep(ui, Kept::All);
}

/// Shows all.
pub(in crate::editor) fn show_all(stage: &MeterStage<'_, '_>) {
    follow_all(stage.ui);
}

/// Shows a stretch of a history of so many seconds.
pub(super) fn show(ui: &Ui, stretch: [f64; 2], total_s: f64) {
    keep(ui, Kept::Fixed(within(stretch, total_s)));
}

/// A stretch that is long enough and lies within the history.
fn within([from, to]: [f64; 2], total_s: f64) -> [f64; 2] {
    let most = total_s.max(10.0);
    let long = (to - from).clamp(LEAST_S.min(most), most);
    let from = (0.5 * (from + to) - 0.5 * long).clamp(0.0, most - long);
    [from, from + long]
}

/// Moves what is shown by so many seconds.
pub(super) fn shift(ui: &Ui, stretch: Stretch, by_s: f64, total_s: f64) {
    show(ui, [stretch.from_s + by_s, stretch.to_s + by_s], total_s);
}

/// Shows `factor` times as much around a time.
pub(super) fn zoom(ui: &Ui, stretch: Stretch, around_s: f64, factor: f64, total_s: f64) {
    let [from, to] = [stretch.from_s, stretch.to_s].map(|end| around_s + factor * (end - around_s));
    if to - from >= total_s.max(10.0) {
        follow_all(ui);
    } else {
        show(ui, [from, to], total_s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_follows_the_end_or_stays_where_it_is() {
        let all = of(Kept::All, 100.0);
        assert_eq!([all.from_s, all.to_s], [0.0, 100.0]);
        let begun = of(Kept::All, 1.0);
        assert_eq!([begun.from_s, begun.to_s], [0.0, 10.0]);
        let minute = of(Kept::Last(60.0), 100.0);
        assert_eq!([minute.from_s, minute.to_s], [40.0, 100.0]);
        let early = of(Kept::Last(60.0), 20.0);
        assert_eq!([early.from_s, early.to_s], [0.0, 60.0]);
        let fixed = of(Kept::Fixed([10.0, 20.0]), 100.0);
        assert_eq!((fixed.from_s, fixed.to_s, fixed.follows), (10.0, 20.0, Follows::Nothing));
        assert_eq!(of(Kept::Fixed([10.0, 20.0]), 5.0).follows, Follows::All);
    }

    #[test]
    fn a_stretch_lies_within_the_history() {
        assert_eq!(within([10.0, 20.0], 100.0), [10.0, 20.0]);
        assert_eq!(within([-5.0, 5.0], 100.0), [0.0, 10.0]);
        assert_eq!(within([95.0, 115.0], 100.0), [80.0, 100.0]);
        assert_eq!(within([50.0, 50.0], 100.0), [48.5, 51.5]);
        assert_eq!(within([0.0, 1000.0], 100.0), [0.0, 100.0]);
    }
}
