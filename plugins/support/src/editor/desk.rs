//! What stands between the widgets and the parameters: gestures, undo, A/B, typed values.
//!
//! A host records automation from gestures: begin, any number of values, end. Every way to change a
//! parameter goes through [`Desk`], which begins and ends each gesture exactly once and remembers it
//! for undo.

use super::browser::Browser;
use super::history::{Change, History, Moment, Setting, Snapshot, Step, changes};
use crate::param_view::{Kind, ParamView};
use crate::presets::Preset;
use crate::presets::library::{Key, Library};
use nice_plug::context::gui::GuiContext;
use std::time::{Duration, Instant};

/// What a plugin's editor says about one of its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct About {
    /// The parameter's id; of one that there is several of, without the number behind it: `gain` speaks
    /// of `gain_1`, `gain_2` and so on.
    pub id: &'static str,
    /// What it does, in a sentence.
    pub what: &'static str,
    /// One notch of the wheel or press of an arrow key, in the parameter's unit; 0 for a hundredth
    /// of its way (the steps of a choice or a switch are its own).
    pub step: f32,
    /// The same with Shift, and the grid a dragged value lies on; 0 for a thousandth of its way and
    /// no grid.
    pub fine: f32,
    /// Where it stops: one step goes from one to the next, and a drag that comes near is there. In its unit,
    /// rising.
    pub detents: &'static [f32],
}

/// What is said about a parameter: its id, a sentence, and its steps.
pub const fn about(id: &'static str, what: &'static str, step: f32, fine: f32) -> About {
    About { id, what, step, fine, detents: &[] }
}

impl About {
    /// The same with values where it stops.
    #[must_use]
    pub const fn stopping_at(self, detents: &'static [f32]) -> Self {
        Self { detents, ..self }
    }
}

/// What of its way a drag may be from a detent and is there.
const NEAR_A_DETENT: f32 = 0.008;

/// A value being typed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Typing {
    /// Index of the parameter.
    pub(crate) index: usize,
    /// What has been typed.
    pub(crate) text: String,
    /// Whether it was tried and means nothing.
    pub(crate) refused: bool,
    /// Whether the field has taken the keyboard.
    pub(crate) focused: bool,
}

/// A gesture that has begun, on one parameter or on several at once.
#[derive(Debug, Clone)]
struct Gesture {
    before: Moment,
    /// Where each of its parameters is.
    moves: Vec<Change>,
}

impl Gesture {
    fn value(&self, index: usize) -> Option<f32> {
        self.moves.iter().find(|(moving, _)| *moving == index).map(|(_, value)| *value)
    }
}

/// A value on its way: a running host hands it back with its next block.
#[derive(Debug, Clone)]
struct Sent {
    index: usize,
    /// The parameter's value when it was sent.
    was: f32,
    value: f32,
    at: Instant,
}

/// How long a host may take to hand a value back before its own counts again.
const RETURN: Duration = Duration::from_millis(500);

/// Whether two values, 0 to 1, are the same but for what hosts and states round: they hand on the one
/// between 0 and 1 or the one in the parameter's unit, and where a range is skewed, a last bit of the
/// second is many of the first.
fn same(control: &ParamView<'_>, a: f32, b: f32) -> bool {
    const ROUNDED: f32 = 1e-6;
    let (plain_a, plain_b) = (control.plain_of(a), control.plain_of(b));
    (a - b).abs() <= ROUNDED
        || (plain_a - plain_b).abs() <= ROUNDED * plain_a.abs().max(plain_b.abs())
}

/// What outlives a frame: the undo history, the other of A and B, what is being typed. It outlives
/// the window too, so that an editor opened again can still undo.
#[derive(Debug, Clone, Default)]
pub struct Session {
    history: History,
    now: Moment,
    gesture: Option<Gesture>,
    /// What was last set and may not have come back yet.
    sent: Vec<Sent>,
    pub(crate) typing: Option<Typing>,
    /// What the footer says, and when it said it, in seconds of the window.
    pub(crate) message: Option<(String, f64)>,
    /// The presets there are, once they have been read.
    pub(crate) library: Option<Library>,
    /// The preset browser, while it is open.
    pub(crate) browser: Option<Browser>,
}

impl Session {
    /// The preset that what is heard came from.
    pub(crate) fn preset(&self) -> Option<&Key> {
        self.now.preset.as_ref()
    }

    /// What is heard has this preset's name from now on.
    pub(crate) fn set_preset(&mut self, preset: Option<Key>) {
        self.now.preset = preset;
    }

    /// Ends what was begun, when the window goes away in the middle of it.
    pub fn close(&mut self, controls: &[ParamView<'_>], host: &GuiContext) {
        for (index, _) in self.gesture.take().into_iter().flat_map(|gesture| gesture.moves) {
            controls[index].end(host);
        }
        self.typing = None;
        self.message = None;
        // Other windows may save presets meanwhile.
        self.library = None;
        self.browser = None;
    }
}

/// Where both parameters of a [`Companion`] were before the gesture and where the leader is now, in
/// their units, to where the follower goes; none leaves it alone.
pub type Follow = Box<dyn Fn([f32; 2], f32) -> Option<f32>>;

/// A parameter that goes with another one: what a gesture of the leader does to it is part of that
/// gesture, and of its step of undo.
pub struct Companion {
    /// Index of the one that hands move.
    pub leader: usize,
    /// Index of the one that goes with it.
    pub follower: usize,
    /// Where it goes.
    pub to: Follow,
}

/// The parameters as the widgets use them, for one frame.
pub struct Desk<'a> {
    controls: Vec<ParamView<'a>>,
    about: &'static [About],
    monitors: &'static [&'static str],
    host: &'a GuiContext,
    pub(crate) session: &'a mut Session,
    companion: Option<Companion>,
    /// What the footer says about what the pointer is over.
    pub(crate) hint: Option<String>,
}

impl<'a> Desk<'a> {
    /// A desk over `controls`, all of a plugin's parameters in their order.
    pub fn new(
        controls: Vec<ParamView<'a>>,
        about: &'static [About],
        monitors: &'static [&'static str],
        host: &'a GuiContext,
        session: &'a mut Session,
    ) -> Self {
        Self { controls, about, monitors, host, session, companion: None, hint: None }
    }

    /// Has the footer say something about what the pointer is over.
    pub fn set_hint(&mut self, hint: impl Into<String>) {
        self.hint = Some(hint.into());
    }

    /// Says in the footer, for some seconds, why something was not done.
    pub fn say(&mut self, ui: &egui::Ui, text: &str) {
        self.session.message = Some((text.to_owned(), ui.input(|input| input.time)));
    }

    /// The index of the parameter with an id.
    ///
    /// # Panics
    /// When there is none: a mistake in the editor, which its first picture shows.
    pub fn index(&self, id: &str) -> usize {
        let found = self.controls.iter().position(|control| control.id == id);
        found.unwrap_or_else(|| panic!("no parameter {id}"))
    }

    /// The parameter at an index.
    pub fn control(&self, index: usize) -> &ParamView<'a> {
        &self.controls[index]
    }

    /// All parameters, in the plugin's order.
    pub fn controls(&self) -> &[ParamView<'a>] {
        &self.controls
    }

    /// Says something in the footer about what the pointer is over.
    pub fn hint(&mut self, text: &str) {
        self.hint = Some(text.to_owned());
    }

    /// The value to show, 0 to 1: the one last set, while the host has not handed it back yet.
    pub fn value(&self, index: usize) -> f32 {
        let moving = self.session.gesture.as_ref().and_then(|gesture| gesture.value(index));
        moving.unwrap_or_else(|| self.settled(index))
    }

    /// The parameter's value, or the one just sent while the host has not answered with any.
    fn settled(&self, index: usize) -> f32 {
        let now = self.controls[index].normalized();
        let sent = self.session.sent.iter().find(|sent| sent.index == index);
        sent.filter(|sent| sent.was == now && sent.at.elapsed() < RETURN)
            .map_or(now, |sent| sent.value)
    }

    /// The value's text with its unit and a true minus sign.
    pub fn text(&self, index: usize) -> String {
        true_minus(&self.controls[index].text_of(self.value(index)))
    }

    /// What the plugin says about a parameter.
    pub fn about(&self, index: usize) -> Option<&'static About> {
        let id = self.controls[index].id.as_str();
        let of = |id: &str| self.about.iter().find(|about| about.id == id);
        of(id).or_else(|| of(unnumbered(id)?))
    }

    /// The tooltip: what it does, its range and its default.
    pub fn tooltip(&self, index: usize) -> String {
        let control = &self.controls[index];
        let what =
            self.about(index).map_or_else(|| format!("{}.", control.name()), |a| a.what.into());
        let text = |value| true_minus(&control.text_of(value));
        let default = text(control.default_normalized());
        match control.kind() {
            Kind::Continuous | Kind::Whole => {
                format!("{what} {} to {}, default {default}.", text(0.0), text(1.0))
            }
            Kind::Switch | Kind::Choice => format!("{what} Default {default}."),
        }
    }

    /// How far one step moves a value, 0 to 1, starting from `from`; `steps` may be negative.
    pub fn stepped(&self, index: usize, from: f32, steps: f32, fine: bool) -> f32 {
        let control = &self.controls[index];
        if let Some(count) = control.step_count() {
            return (from + steps / count.max(1) as f32).clamp(0.0, 1.0);
        }
        let about = self.about(index);
        let detents = about.map_or(&[][..], |about| about.detents);
        if !fine && !detents.is_empty() && steps.abs() >= 1.0 {
            return self.next_detent(index, from, steps.round() as i32, detents);
        }
        let step = about.map_or(0.0, |about| if fine { about.fine } else { about.step });
        if step <= 0.0 {
            return (from + steps * if fine { 0.001 } else { 0.01 }).clamp(0.0, 1.0);
        }
        let plain = control.plain_of(from) + steps * step;
        self.gridded(index, control.normalized_of(self.within(index, plain)))
    }

    /// So many detents on, the ends of the range among them.
    fn next_detent(&self, index: usize, from: f32, steps: i32, detents: &[f32]) -> f32 {
        const HERE: f32 = 1e-4;
        let control = &self.controls[index];
        let places = || detents.iter().map(|plain| control.normalized_of(*plain));
        (0..steps.abs()).fold(from, |value, _| {
            if steps > 0 {
                places().find(|place| *place > value + HERE).unwrap_or(1.0)
            } else {
                places().rev().find(|place| *place < value - HERE).unwrap_or(0.0)
            }
        })
    }

    /// A value moved by a share of the parameter's way, from where a drag began, on its grid.
    pub fn gridded(&self, index: usize, value: f32) -> f32 {
        let control = &self.controls[index];
        let value = value.clamp(0.0, 1.0);
        if let Some(count) = control.step_count() {
            let count = count.max(1) as f32;
            return (value * count).round() / count;
        }
        let about = self.about(index);
        let detents = about.map_or(&[][..], |about| about.detents);
        let places = detents.iter().map(|plain| control.normalized_of(*plain));
        if let Some(near) = places.into_iter().find(|place| (place - value).abs() < NEAR_A_DETENT) {
            return near;
        }
        let grid = about.map_or(0.0, |about| about.fine);
        if grid <= 0.0 {
            return value;
        }
        let plain = (control.plain_of(value) / grid).round() * grid;
        control.normalized_of(self.within(index, plain)).clamp(0.0, 1.0)
    }

    fn within(&self, index: usize, plain: f32) -> f32 {
        let (low, high) = (self.controls[index].plain_of(0.0), self.controls[index].plain_of(1.0));
        plain.clamp(low.min(high), low.max(high))
    }

    /// Begins a gesture. One that another widget left open ends first.
    pub fn begin(&mut self, index: usize) {
        self.end();
        self.session.gesture = Some(Gesture { before: self.moment(), moves: Vec::new() });
        self.join(index);
    }

    /// Begins one gesture on several parameters: one step of the history when it ends.
    pub fn begin_all(&mut self, indices: &[usize]) {
        let Some((first, rest)) = indices.split_first() else { return };
        self.begin(*first);
        for index in rest {
            self.join(*index);
        }
    }

    /// Lets the gesture under way move one more parameter; without one, nothing happens.
    pub fn join(&mut self, index: usize) {
        let value = self.settled(index);
        let gesture = self.session.gesture.as_mut();
        if let Some(gesture) = gesture.filter(|gesture| gesture.value(index).is_none()) {
            gesture.moves.push((index, value));
            self.controls[index].begin(self.host);
        }
    }

    /// Has a parameter go with another one for this frame.
    pub fn accompany(&mut self, companion: Companion) {
        self.companion = Some(companion);
    }

    /// Moves a parameter of the gesture, and what goes with it; one that is none of its, it leaves alone.
    pub fn set(&mut self, index: usize, value: f32) {
        self.put(index, value);
        if let Some(companion) = self.companion.take_if(|companion| companion.leader == index) {
            self.follow(&companion);
            self.companion = Some(companion);
        }
    }

    fn follow(&mut self, companion: &Companion) {
        let Companion { leader, follower, to } = companion;
        let Some(gesture) = self.session.gesture.as_ref().filter(|g| g.value(*leader).is_some())
        else {
            return;
        };
        let before = [*leader, *follower]
            .map(|index| self.controls[index].plain_of(gesture.before.heard[index]));
        let now = self.controls[*leader].plain_of(self.value(*leader));
        if let Some(plain) = to(before, now) {
            self.join(*follower);
            self.put(*follower, self.controls[*follower].normalized_of(plain));
        }
    }

    fn put(&mut self, index: usize, value: f32) {
        let moves = self.session.gesture.iter_mut().flat_map(|gesture| &mut gesture.moves);
        let value = value.clamp(0.0, 1.0);
        for (_, at) in moves.filter(|(moving, at)| *moving == index && *at != value) {
            *at = value;
            self.controls[index].set(self.host, value);
        }
    }

    /// Ends the gesture, if there is one, as one step of the history.
    pub fn end(&mut self) {
        self.finish(false);
    }

    fn finish(&mut self, goes_on: bool) {
        let Some(gesture) = self.session.gesture.take() else { return };
        self.session
            .sent
            .retain(|sent| sent.at.elapsed() < RETURN && gesture.value(sent.index).is_none());
        let mut after = gesture.before.clone();
        let mut names = Vec::new();
        for &(index, value) in &gesture.moves {
            let control = &self.controls[index];
            control.end(self.host);
            let was = control.normalized();
            if was != value {
                self.session.sent.push(Sent { index, was, value, at: Instant::now() });
            }
            if self.is_undoable(index) && after.heard[index] != value {
                after.heard[index] = value;
                names.push(control.name());
            }
        }
        if names.is_empty() {
            return;
        }
        let step = Step { name: names.join(", "), before: gesture.before, after };
        if goes_on {
            self.session.history.continue_or_record(step);
        } else {
            self.session.history.record(step);
        }
    }

    /// Whether a gesture of this parameter is under way.
    pub fn is_moving(&self, index: usize) -> bool {
        self.session.gesture.as_ref().is_some_and(|gesture| gesture.value(index).is_some())
    }

    /// Sets a parameter as one gesture and one step of the history.
    pub fn edit(&mut self, index: usize, value: f32) {
        self.begin(index);
        self.set(index, value);
        self.finish(false);
    }

    /// Sets several parameters as one gesture and one step of the history.
    pub fn edit_all(&mut self, changes: &[Change]) {
        self.begin_all(&changes.iter().map(|(index, _)| *index).collect::<Vec<_>>());
        for &(index, value) in changes {
            self.set(index, value);
        }
        self.finish(false);
    }

    /// Sets a parameter as one gesture that, with the ones before it on the same parameter, makes
    /// one step of the history: turns of a wheel, presses of an arrow key.
    pub fn nudge(&mut self, index: usize, value: f32) {
        if value != self.value(index) {
            self.begin(index);
            self.set(index, value);
            self.finish(true);
        }
    }

    /// Sets a parameter to its default.
    pub fn reset(&mut self, index: usize) {
        self.edit(index, self.controls[index].default_normalized());
    }

    /// What a typed text means for a parameter, 0 to 1: a number beyond its range ends there.
    pub fn parse(&self, index: usize, text: &str) -> Option<f32> {
        let value = self.controls[index].parse(text.trim())?;
        value.is_finite().then(|| value.clamp(0.0, 1.0))
    }

    /// Whether undo and A/B hold this parameter: not the monitors, which are how one listens, nor
    /// the bypass.
    fn is_undoable(&self, index: usize) -> bool {
        let control = &self.controls[index];
        !control.is_bypass() && !self.monitors.contains(&control.id.as_str())
    }

    /// The settings heard now; what undo does not hold stands at its default.
    fn snapshot(&self) -> Snapshot {
        let value = |index: usize| {
            let control = &self.controls[index];
            if self.is_undoable(index) { self.settled(index) } else { control.default_normalized() }
        };
        (0..self.controls.len()).map(value).collect()
    }

    fn moment(&self) -> Moment {
        Moment { heard: self.snapshot(), ..self.session.now.clone() }
    }

    fn apply(&mut self, changes: &[Change]) {
        self.end();
        self.session.sent.clear();
        for &(index, value) in changes {
            if self.is_undoable(index) {
                self.controls[index].begin(self.host);
                self.controls[index].set(self.host, value);
                self.controls[index].end(self.host);
            }
        }
    }

    /// What undo would take back, and what redo would bring back.
    pub fn undoable(&self) -> (Option<&str>, Option<&str>) {
        (self.session.history.undoable(), self.session.history.redoable())
    }

    /// Takes back the last step.
    pub fn undo(&mut self) {
        self.end();
        if let Some((changes, moment)) = self.session.history.undo() {
            self.apply(&changes);
            self.session.now = Moment { heard: Snapshot::new(), ..moment };
        }
    }

    /// Brings back the step last undone.
    pub fn redo(&mut self) {
        self.end();
        if let Some((changes, moment)) = self.session.history.redo() {
            self.apply(&changes);
            self.session.now = Moment { heard: Snapshot::new(), ..moment };
        }
    }

    /// Which of A and B is heard.
    pub fn slot(&self) -> super::history::Slot {
        self.session.now.slot
    }

    /// Whether the setting not heard differs from the one heard.
    pub fn slots_differ(&self) -> bool {
        self.session.now.other.as_ref().is_some_and(|other| other.values != self.snapshot())
    }

    /// Hears the other of A and B. Before anything was put into it, it is a copy of this one.
    pub fn compare(&mut self) {
        self.end();
        let before = self.moment();
        let here = Setting { values: before.heard.clone(), preset: before.preset.clone() };
        let there = before.other.clone().unwrap_or_else(|| here.clone());
        let after = Moment {
            heard: there.values,
            preset: there.preset,
            slot: before.slot.other(),
            other: Some(here),
        };
        self.apply(&changes(&before.heard, &after.heard));
        self.take(after.clone(), Step { name: "A/B".to_owned(), before, after });
    }

    /// Copies what is heard into the other of A and B.
    pub fn copy_to_other(&mut self) {
        self.end();
        let before = self.moment();
        let here = Setting { values: before.heard.clone(), preset: before.preset.clone() };
        let after = Moment { other: Some(here), ..before.clone() };
        self.take(after.clone(), Step { name: "Copy".to_owned(), before, after });
    }

    /// Loads a preset as one step of the history. What is no part of presets stays as it is.
    pub(crate) fn load(&mut self, key: &Key, preset: &Preset) {
        self.end();
        let before = self.moment();
        let mut after = Moment { preset: Some(key.clone()), ..before.clone() };
        for (heard, value) in after.heard.iter_mut().zip(&preset.values) {
            *heard = value.unwrap_or(*heard);
        }
        self.apply(&changes(&before.heard, &after.heard));
        self.take(after.clone(), Step { name: format!("preset {}", key.name), before, after });
    }

    /// Whether what is heard differs from a preset.
    pub(crate) fn differs(&self, preset: &Preset) -> bool {
        let differs = |(index, value): (usize, &Option<f32>)| {
            value.is_some_and(|value| !same(&self.controls[index], value, self.value(index)))
        };
        preset.values.iter().enumerate().any(differs)
    }

    /// What is heard now, 0 to 1 by parameter.
    pub(crate) fn heard(&self) -> Snapshot {
        self.snapshot()
    }

    fn take(&mut self, now: Moment, step: Step) {
        self.session.history.record(step);
        self.session.now = Moment { heard: Snapshot::new(), ..now };
    }
}

/// An id without the number that tells it from others of its kind.
fn unnumbered(id: &str) -> Option<&str> {
    let (id, number) = id.rsplit_once('_')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(id)
}

/// A text with true minus signs in place of hyphens before numbers.
pub fn true_minus(text: &str) -> String {
    let is_sign = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + 1..].chars().next();
        before.is_none_or(|c| !c.is_alphanumeric()) && after.is_some_and(|c| c.is_ascii_digit())
    };
    let sign = |(at, c): (usize, char)| if c == '-' && is_sign(at) { '\u{2212}' } else { c };
    text.char_indices().map(sign).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_loses_its_number_and_nothing_else() {
        let ids = ["gain_3", "key-filter_12", "a_1_2", "gain", "gain_", "low_cut", "gain_3b"];
        let without = ids.map(unnumbered);
        assert_eq!(
            without,
            [Some("gain"), Some("key-filter"), Some("a_1"), None, None, None, None]
        );
    }

    #[test]
    fn a_minus_is_a_minus_and_a_hyphen_a_hyphen() {
        assert_eq!(true_minus("-1.00 dBTP"), "\u{2212}1.00 dBTP");
        assert_eq!(true_minus("Vox -1"), "Vox \u{2212}1");
        assert_eq!(true_minus("Bit-exact, A-1"), "Bit-exact, A-1");
    }
}
