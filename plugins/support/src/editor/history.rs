//! Undo, redo, and the two settings to compare: data only.
//!
//! A step remembers the settings before and after it. Undoing it sets back only what it had changed,
//! so that what a host's automation moved meanwhile stays where it is.

use crate::presets::library::Key;

/// Most steps that can be undone.
const LIMIT: usize = 200;

/// Which of the two settings is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Slot {
    /// The first.
    #[default]
    A,
    /// The second.
    B,
}

impl Slot {
    /// The one that is not heard.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    /// Its letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

/// The values of all parameters, 0 to 1, in the order of the plugin.
pub type Snapshot = Vec<f32>;

/// A setting that is not heard, and the preset it came from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Setting {
    /// Its values.
    pub values: Snapshot,
    /// The preset it was loaded from or saved as.
    pub(crate) preset: Option<Key>,
}

/// All that undo brings back.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moment {
    /// What is heard.
    pub heard: Snapshot,
    /// The preset it was loaded from or saved as.
    pub(crate) preset: Option<Key>,
    /// Which of the two settings that is.
    pub slot: Slot,
    /// The other setting, once there is one.
    pub other: Option<Setting>,
}

/// One thing the user did.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it is called, for a tooltip: `Gain`, `A/B`.
    pub name: String,
    /// Everything before it.
    pub before: Moment,
    /// Everything after it.
    pub after: Moment,
}

/// A parameter to set: its index and its value, 0 to 1.
pub type Change = (usize, f32);

/// What the user did, and how far of it is undone.
#[derive(Debug, Clone, Default)]
pub struct History {
    steps: Vec<Step>,
    done: usize,
    /// Whether the last step may go on.
    goes_on: bool,
}

impl History {
    /// Adds a step; what was undone before can no longer be redone. A step that changes nothing is
    /// none.
    pub fn record(&mut self, step: Step) {
        self.goes_on = false;
        if step.before == step.after {
            return;
        }
        self.steps.truncate(self.done);
        self.steps.push(step);
        if self.steps.len() > LIMIT {
            self.steps.remove(0);
        }
        self.done = self.steps.len();
    }

    /// Adds a step, or lets the last one added here go on if it has the same name: for many small turns of a
    /// wheel.
    pub fn continue_or_record(&mut self, step: Step) {
        let goes_on = self.goes_on && self.done == self.steps.len();
        match self.steps.last_mut().filter(|last| goes_on && last.name == step.name) {
            Some(last) => last.after = step.after,
            None => self.record(step),
        }
        self.goes_on = true;
    }

    /// The name of the step that undo would take back.
    pub fn undoable(&self) -> Option<&str> {
        self.done.checked_sub(1).map(|last| self.steps[last].name.as_str())
    }

    /// The name of the step that redo would bring back.
    pub fn redoable(&self) -> Option<&str> {
        self.steps.get(self.done).map(|step| step.name.as_str())
    }

    /// Takes back the last step: what to set, and the moment to be in.
    pub fn undo(&mut self) -> Option<(Vec<Change>, Moment)> {
        self.done = self.done.checked_sub(1)?;
        let step = &self.steps[self.done];
        Some((changes(&step.after.heard, &step.before.heard), step.before.clone()))
    }

    /// Brings back the step last undone: what to set, and the moment to be in.
    pub fn redo(&mut self) -> Option<(Vec<Change>, Moment)> {
        let step = self.steps.get(self.done)?;
        self.done += 1;
        Some((changes(&step.before.heard, &step.after.heard), step.after.clone()))
    }
}

/// What has to be set to come from one snapshot to another.
pub fn changes(from: &[f32], to: &[f32]) -> Vec<Change> {
    let pairs = from.iter().zip(to).enumerate();
    pairs.filter(|(_, (from, to))| from != to).map(|(index, (_, to))| (index, *to)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(values: &[f32]) -> Moment {
        Moment { heard: values.to_vec(), ..Moment::default() }
    }

    fn step(name: &str, before: &[f32], after: &[f32]) -> Step {
        Step { name: name.to_owned(), before: moment(before), after: moment(after) }
    }

    #[test]
    fn undo_and_redo_walk_the_same_way() {
        let mut history = History::default();
        assert_eq!(history.undo(), None);
        history.record(step("Gain", &[0.0, 0.5], &[0.2, 0.5]));
        history.record(step("Ceiling", &[0.2, 0.5], &[0.2, 0.9]));
        assert_eq!(history.undoable(), Some("Ceiling"));
        assert_eq!(history.undo().expect("a step").0, [(1, 0.5)]);
        assert_eq!(history.undo().expect("a step").0, [(0, 0.0)]);
        assert_eq!(history.undo(), None);
        assert_eq!(history.redoable(), Some("Gain"));
        assert_eq!(history.redo().expect("a step").0, [(0, 0.2)]);
        assert_eq!(history.redo().expect("a step").0, [(1, 0.9)]);
        assert_eq!(history.redo(), None);
    }

    #[test]
    fn a_new_step_ends_what_could_be_redone() {
        let mut history = History::default();
        history.record(step("Gain", &[0.0], &[0.2]));
        history.undo();
        history.record(step("Link", &[0.0], &[0.7]));
        assert_eq!(history.redoable(), None);
        assert_eq!(history.undoable(), Some("Link"));
    }

    #[test]
    fn nothing_is_no_step() {
        let mut history = History::default();
        history.record(step("Gain", &[0.3], &[0.3]));
        assert_eq!(history.undoable(), None);
    }

    #[test]
    fn a_turn_that_goes_on_is_one_step() {
        let mut history = History::default();
        history.continue_or_record(step("Gain", &[0.0], &[0.1]));
        history.continue_or_record(step("Gain", &[0.1], &[0.2]));
        assert_eq!(history.undo().expect("a step").0, [(0, 0.0)]);
        assert_eq!(history.undo(), None);
        // What was undone is not continued.
        history.continue_or_record(step("Gain", &[0.0], &[0.4]));
        assert_eq!(history.undo().expect("a step").0, [(0, 0.0)]);
        // Nor is what was typed or dragged.
        history.record(step("Gain", &[0.0], &[0.5]));
        history.continue_or_record(step("Gain", &[0.5], &[0.6]));
        assert_eq!(history.undo().expect("a step").0, [(0, 0.5)]);
    }

    #[test]
    fn history_is_bounded() {
        let mut history = History::default();
        for i in 0..500 {
            history.record(step("Gain", &[i as f32], &[i as f32 + 1.0]));
        }
        let undone = std::iter::from_fn(|| history.undo()).count();
        assert_eq!(undone, LIMIT);
    }
}
