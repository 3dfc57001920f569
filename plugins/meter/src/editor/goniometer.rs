//! The goniometer: every sample of the mix as a point, middle upwards and side across.

mod cloud;

use super::{MeterStage, clock, is_mono, shown};
use crate::dsp::Shown;
use cloud::Cloud;
use egui::{Align2, Color32, Rect, Sense, Shape, WidgetInfo, vec2};
use std::sync::{Arc, Mutex, PoisonError};
use support::editor::theme::{self, size};
use support::editor::tip;
use support::editor::widgets::{
    OUT_OF_PHASE, correlation_bar, correlation_meaning, correlation_text, label, panel,
};

/// A point's side at 100 %.
const DOT: f32 = 1.7;
/// Height of the bar and of the words beneath the picture, at 100 %.
const BAR: f32 = 10.0;
const WORDS: f32 = 15.0;
/// A balance of this much, in dB, is one channel alone.
const ONE_SIDE_DB: f32 = 59.9;
/// Two channels are one from this correlation on, below this width.
const SAME: [f32; 2] = [0.9995, 0.001];

const ABOUT: &str = "The mix as points: the middle up and down, the side across, left and right on the \
    diagonals. An upright line is mono; what lies flatter than the diagonals is out of phase and \
    cancels in mono. It is scaled to the peaks of late. The bar is the correlation, \u{2212}1 to +1, \
    its mark the lowest.";

/// Draws the panel.
pub(super) fn draw(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect).expand(look.px(6.0));
    let words = inside.with_min_y(inside.bottom() - look.px(WORDS));
    let bar = Rect::from_x_y_ranges(
        inside.x_range(),
        words.top() - look.px(BAR + 1.0)..=words.top() - look.px(1.0),
    );
    let picture = inside.with_max_y(bar.top() - look.px(6.0));
    stage.ui.painter().rect_filled(picture, look.corner(4.0), theme::WELL);
    let small = look.font(size::SMALL);
    let corners = picture.shrink2(look.size(7.0, 5.0));
    label(stage.ui, corners, Align2::LEFT_TOP, "Goniometer", small.clone(), theme::LABEL);
    let state = State::of(stage);
    let half = picture.width().min(picture.height()) * 0.5 - look.px(5.0);
    axes(stage, picture, half, is_mono(stage));
    cloud(stage, picture, half, state);
    let (word, colour) = state.word();
    if !word.is_empty() {
        let bold = look.bold(size::SMALL);
        label(stage.ui, corners, Align2::LEFT_BOTTOM, word, bold, colour);
    }
    beneath(stage, bar, words);
    let id = stage.ui.scope_id().with("goniometer");
    let response = stage.ui.interact(inside, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, "Goniometer picture"));
    let correlation = shown(stage, Shown::Correlation);
    let meaning = if is_mono(stage) { "one channel" } else { correlation_meaning(correlation) };
    let said = if word.is_empty() { meaning } else { word };
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(said));
    tip(look, &response, rect, ABOUT);
}

/// What there is to say of the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing.
    Plain,
    /// One channel, or two that are alike.
    Mono,
    /// The other channel is silent.
    LeftOnly,
    /// The other channel is silent.
    RightOnly,
    /// More is lost in mono than two unrelated channels lose.
    OutOfPhase,
}

impl State {
    fn of(stage: &MeterStage<'_, '_>) -> Self {
        let read = |reading| shown(stage, reading);
        Self::from(
            is_mono(stage),
            read(Shown::Correlation),
            read(Shown::Width),
            read(Shown::Balance),
        )
    }

    fn from(is_mono: bool, correlation: f32, width: f32, balance_db: f32) -> Self {
        let [same, narrow] = SAME;
        if is_mono || correlation >= same && width < narrow {
            Self::Mono
        } else if correlation < OUT_OF_PHASE {
            Self::OutOfPhase
        } else if balance_db >= ONE_SIDE_DB {
            Self::RightOnly
        } else if balance_db <= -ONE_SIDE_DB {
            Self::LeftOnly
        } else {
            Self::Plain
        }
    }

    fn word(self) -> (&'static str, Color32) {
        match self {
            Self::Plain => ("", theme::LABEL),
            Self::Mono => ("mono", theme::TEXT),
            Self::LeftOnly => ("left only", theme::TEXT),
            Self::RightOnly => ("right only", theme::TEXT),
            Self::OutOfPhase => ("out of phase", theme::OVER),
        }
    }
}

/// The frame that nothing leaves, and which way is what.
fn axes(stage: &MeterStage<'_, '_>, picture: Rect, half: f32, is_mono: bool) {
    let look = stage.look;
    let painter = stage.ui.painter();
    let centre = picture.center();
    let thin = look.stroke(1.0, theme::LINE);
    let place = |x: f32, y: f32| centre + half * vec2(x, y);
    painter.line_segment([place(0.0, -1.0), place(0.0, 1.0)], thin);
    let small = look.font(size::SMALL);
    let gap = look.px(4.0);
    let letter = |at, align, text: &str| {
        painter.text(at, align, text, small.clone(), theme::LABEL);
    };
    letter(place(0.0, -1.0) + vec2(look.px(7.0), -look.px(3.0)), Align2::LEFT_TOP, "M");
    if is_mono {
        return;
    }
    let corners = [place(0.0, -1.0), place(1.0, 0.0), place(0.0, 1.0), place(-1.0, 0.0)];
    painter.add(Shape::closed_line(corners.to_vec(), look.stroke(1.0, theme::TRACK)));
    painter.line_segment([place(-1.0, 0.0), place(1.0, 0.0)], thin);
    painter.line_segment([place(-0.5, -0.5), place(0.5, 0.5)], thin);
    painter.line_segment([place(0.5, -0.5), place(-0.5, 0.5)], thin);
    letter(place(-0.5, -0.5) - vec2(gap, gap * 0.5), Align2::RIGHT_BOTTOM, "L");
    letter(place(0.5, -0.5) + vec2(gap, -gap * 0.5), Align2::LEFT_BOTTOM, "R");
    letter(place(1.0, 0.0) + vec2(-gap * 0.5, gap), Align2::CENTER_TOP, "S");
}

/// The points.
fn cloud(stage: &MeterStage<'_, '_>, picture: Rect, half: f32, state: State) {
    let id = stage.ui.scope_id().with("goniometer points");
    let kept: Arc<Mutex<Cloud>> =
        stage.ui.data_mut(|data| data.get_temp_mut_or_default::<Arc<Mutex<Cloud>>>(id).clone());
    let mut cloud = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let now_s = stage.ui.input(|input| input.time);
    cloud.look(stage.taps, now_s);
    if cloud.dots.is_empty() {
        return;
    }
    // They fade though nothing new may come.
    stage.ui.ctx().request_repaint_after_secs(1.0 / 30.0);
    let out_of_phase = state == State::OutOfPhase;
    let mesh =
        cloud.mesh(now_s, stage.look.px(DOT), |at| picture.center() + half * at, out_of_phase);
    stage.ui.painter().with_clip_rect(picture).add(Shape::mesh(mesh));
}

/// The correlation: a bar, its number, and the lowest with when it was.
fn beneath(stage: &mut MeterStage<'_, '_>, bar: Rect, words: Rect) {
    let look = stage.look;
    let (now, lowest) = (shown(stage, Shown::Correlation), shown(stage, Shown::CorrelationLowest));
    correlation_bar(stage.ui, look, bar, now, lowest);
    let colour = if now < OUT_OF_PHASE { theme::OVER } else { theme::TEXT };
    let bold = look.bold(size::SMALL + 1.0);
    let number = correlation_text(now);
    label(stage.ui, words, Align2::LEFT_BOTTOM, &number, bold, colour);
    if lowest.is_finite() {
        let at = clock(shown(stage, Shown::CorrelationLowestAt), false);
        let text = format!("lowest {} at {at}", correlation_text(lowest));
        let small = look.font(size::SMALL);
        let colour = if lowest < OUT_OF_PHASE { theme::OVER } else { theme::LABEL };
        label(stage.ui, words, Align2::RIGHT_BOTTOM, &text, small, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_it_is() {
        let none = f32::NAN;
        for (is_mono, correlation, width, balance_db, state) in [
            (true, none, none, none, State::Mono),
            (false, none, none, none, State::Plain),
            (false, 1.0, 0.0, 0.0, State::Mono),
            (false, 1.0, 0.3, 6.0, State::Plain),
            (false, 0.5, 0.6, 0.3, State::Plain),
            (false, -0.3, 1.4, 0.3, State::OutOfPhase),
            (false, none, 1.0, 60.0, State::RightOnly),
            (false, none, 1.0, -60.0, State::LeftOnly),
        ] {
            assert_eq!(State::from(is_mono, correlation, width, balance_db), state);
        }
    }
}
