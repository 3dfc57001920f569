//! The history of the session: loudness over time with what was ordered in it, true peaks and correlation
//! below, on one time ruler. Dragging over it shows that stretch, the wheel zooms, a double-click shows all.

mod columns;
mod lanes;
mod stretch;

use super::view::choice;
use super::{MeterStage, clock, titled};
use columns::Columns;
use egui::{Align2, Color32, Pos2, Rect, Sense, WidgetInfo, pos2, vec2};
use lanes::Lanes;
use report::draw::{Scale, time_ticks};
use stretch::{Follows, Stretch};
use support::editor::theme::{self, size};
use support::editor::widgets::{PickOption, Tone, button, label, number, pick};

pub(super) use stretch::show_all;

/// What the drawing is called.
pub(super) const OVER_TIME: &str = "Loudness over time";

/// Width of the numbers left of the lanes, and height of the ruler below, at 100 %.
const BESIDE: f32 = 34.0;
const RULER: f32 = 16.0;
/// Between two lanes.
const BETWEEN: f32 = 5.0;
/// Columns are so many pixels wide.
const PIXELS: f32 = 1.5;

/// Draws the panel.
pub(super) fn draw(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let (line, inside) = titled(stage, rect, "History");
    let look = stage.look;
    let plot = inside
        .with_min_x(inside.left() + look.px(BESIDE))
        .with_max_y(inside.bottom() - look.px(RULER));
    let total_s = stage.params.history.len() as f64 * 0.1;
    let lost_s = stage.params.history.lost() as f64 * 0.1;
    let stretch = stretch::get(stage.ui, total_s);
    let count = (plot.width() / PIXELS).max(8.0) as usize;
    let columns = columns::of(stage, stretch, count);
    let lanes = Lanes::within(stage, plot, look.px(BETWEEN));
    lanes.draw(stage, &columns);
    ruler(stage, plot, stretch, lost_s);
    let pointed = hands(stage, plot, stretch, total_s);
    legend(stage, line, &columns, stretch, pointed.map(|x| (x - plot.left()) / plot.width()));
    if let Some(x) = pointed {
        let stroke = look.stroke(1.0, theme::TRACK);
        stage.ui.painter().vline(x, plot.y_range(), stroke);
    }
    if columns.is_empty() {
        let text = "nothing measured yet";
        let font = look.font(size::BODY);
        label(stage.ui, lanes.loudness, Align2::CENTER_CENTER, text, font, theme::LABEL);
    }
}

/// Times below the lanes.
fn ruler(stage: &MeterStage<'_, '_>, plot: Rect, stretch: Stretch, lost_s: f64) {
    let look = stage.look;
    let most = (plot.width() / look.px(90.0)).max(2.0) as usize;
    let long = stretch.to_s - stretch.from_s;
    // Ticks are made from 0 on: as many as fit into the stretch, wherever it begins.
    let every = time_ticks(long.max(1.0), most).get(1).map_or(1.0, |tick| tick.value);
    let scale = Scale {
        values: [stretch.from_s, stretch.to_s],
        places: [plot.left(), plot.right()].map(f64::from),
    };
    let first = (stretch.from_s / every).ceil() as u64;
    let painter = stage.ui.painter();
    for n in 0..=most as u64 + 1 {
        let seconds = (first + n) as f64 * every;
        if seconds > stretch.to_s + 1e-6 {
            break;
        }
        let x = scale.place(seconds) as f32;
        painter.vline(x, plot.y_range(), look.stroke(1.0, theme::GRID));
        let at =
            pos2(x.clamp(plot.left() + look.px(12.0), plot.right() - look.px(12.0)), plot.bottom());
        let text = clock((seconds + lost_s) as f32, false);
        painter.text(
            at + vec2(0.0, look.px(2.0)),
            Align2::CENTER_TOP,
            text,
            look.font(size::SMALL),
            theme::LABEL,
        );
    }
}

/// What the lines are, and their values where the pointer is or at the end.
fn legend(
    stage: &mut MeterStage<'_, '_>,
    line: Rect,
    columns: &Columns,
    stretch: Stretch,
    pointed: Option<f32>,
) {
    let look = stage.look;
    let buttons_left = buttons(stage, line, stretch);
    let column = match pointed {
        Some(share) => columns.at(share),
        None => columns.last(),
    };
    let small = look.font(size::SMALL + 1.0);
    let mut left = line.left() + look.px(60.0);
    let mut say = |stage: &mut MeterStage<'_, '_>, text: &str, mark: Option<Color32>| {
        if let Some(colour) = mark {
            let square = Rect::from_center_size(
                pos2(left + look.px(5.0), line.center().y),
                look.size(10.0, 3.0),
            );
            stage.ui.painter().rect_filled(square, 0, colour);
            left += look.px(14.0);
        }
        if left + look.px(80.0) > buttons_left {
            return;
        }
        let place = line.with_min_x(left);
        let drawn = label(stage.ui, place, Align2::LEFT_CENTER, text, small.clone(), theme::LABEL);
        left = drawn.right() + look.px(12.0);
    };
    let level = |value: f32| number(value, 1);
    let value = |of: fn(&columns::Column) -> f32| column.map_or(f32::NAN, of);
    say(stage, &format!("M {}", level(value(|c| c.momentary[1]))), Some(theme::SIGNAL_BEFORE));
    say(stage, &format!("S {}", level(value(|c| c.shortterm[1]))), Some(theme::SIGNAL));
    say(stage, &format!("I {} LUFS", level(value(|c| c.integrated))), Some(theme::TEXT));
    say(stage, &format!("true peak {} dBTP", level(value(|c| c.true_peak))), Some(theme::TRACK));
    say(stage, &format!("correlation {}", number(value(|c| c.correlation), 2)), None);
    if let Some(share) = pointed {
        let seconds = stretch.from_s + f64::from(share) * (stretch.to_s - stretch.from_s);
        say(stage, &format!("at {}", clock(seconds as f32, true)), None);
    } else if stage.params.history.is_restored() {
        say(stage, "kept with the session", None);
    }
}

/// How much is shown; gives where the buttons begin.
fn buttons(stage: &mut MeterStage<'_, '_>, line: Rect, stretch: Stretch) -> f32 {
    let look = stage.look;
    let mut right = line.right();
    for (text, follows, hint) in [
        ("1 min", Follows::Last(60.0), "Follows the last minute."),
        ("10 min", Follows::Last(600.0), "Follows the last ten minutes."),
        ("All", Follows::All, "Shows all since the measurement began."),
    ] {
        let place = Rect::from_center_size(
            pos2(right - look.px(28.0), line.center().y),
            look.size(54.0, 22.0),
        );
        let lit = stretch.follows == follows;
        let tone = if lit { Tone::Lit(theme::SIGNAL) } else { Tone::Ready };
        if button(stage.ui, look, stage.desk, place, text, tone, hint) {
            match follows {
                Follows::Last(seconds) => stretch::follow(stage.ui, seconds),
                _ => stretch::follow_all(stage.ui),
            }
        }
        right = place.left() - look.px(4.0);
    }
    scale(stage, line, right - look.px(6.0))
}

/// The scale of the lane of loudness; gives where its choice begins.
fn scale(stage: &mut MeterStage<'_, '_>, line: Rect, right: f32) -> f32 {
    const OPTIONS: [PickOption<'_>; 3] = [
        PickOption { name: "LUFS", hint: "Loudness as it is." },
        PickOption { name: "EBU +9", hint: "Loudness against the target, \u{2212}18 to +9 LU." },
        PickOption { name: "EBU +18", hint: "Loudness against the target, \u{2212}36 to +18 LU." },
    ];
    let look = stage.look;
    let centre = pos2(right - look.px(46.0), line.center().y);
    let place = Rect::from_center_size(centre, look.size(92.0, 24.0));
    let chosen = stage.choices.get(choice::SCALE);
    if let Some(picked) =
        pick(stage.ui, look, stage.desk, place, "Loudness scale", chosen, &OPTIONS)
    {
        stage.choices.set(choice::SCALE, picked);
    }
    place.left() - look.px(6.0)
}

/// Dragging, zooming and pointing; gives where the pointer is.
fn hands(
    stage: &mut MeterStage<'_, '_>,
    plot: Rect,
    stretch: Stretch,
    total_s: f64,
) -> Option<f32> {
    let id = stage.ui.scope_id().with("session");
    let response = stage.ui.interact(plot, id, Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Image, true, OVER_TIME));
    let [from, to] = [stretch.from_s, stretch.to_s].map(|seconds| clock(seconds as f32, false));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(format!("{from} to {to}")));
    let time = |x: f32| {
        let share = f64::from(((x - plot.left()) / plot.width()).clamp(0.0, 1.0));
        stretch.from_s + share * (stretch.to_s - stretch.from_s)
    };
    if response.hovered() {
        stage.desk.hint("Drag over a stretch to see it, wheel to zoom, Shift-drag to move, double-click for all.");
    }
    if response.double_clicked() {
        stretch::follow_all(stage.ui);
        return None;
    }
    let shift = stage.ui.input(|input| input.modifiers.shift);
    if response.drag_started()
        && let Some(origin) = stage.ui.input(|input| input.pointer.press_origin())
    {
        stage.ui.data_mut(|data| data.insert_temp::<Pos2>(id, origin));
    }
    let from: Option<Pos2> = stage.ui.data(|data| data.get_temp(id));
    let now = response.interact_pointer_pos().or(response.hover_pos())?;
    if let Some(from) = from {
        if shift && response.dragged() {
            let moved = f64::from(response.drag_delta().x / plot.width());
            stretch::shift(stage.ui, stretch, -moved * (stretch.to_s - stretch.from_s), total_s);
        } else if response.dragged() {
            let chosen = Rect::from_x_y_ranges(
                from.x.min(now.x).max(plot.left())..=from.x.max(now.x).min(plot.right()),
                plot.y_range(),
            );
            stage.ui.painter().rect_filled(chosen, 0, theme::TEXT.gamma_multiply(0.12));
        } else if response.drag_stopped() && (from.x - now.x).abs() > stage.look.px(6.0) {
            let (a, b) = (time(from.x), time(now.x));
            stretch::show(stage.ui, [a.min(b), a.max(b)], total_s);
        }
    }
    let wheel = stage.ui.input(|input| input.smooth_scroll_delta().y);
    if response.hovered() && wheel != 0.0 {
        let factor = f64::from(-wheel / 200.0).exp();
        stretch::zoom(stage.ui, stretch, time(now.x), factor, total_s);
    }
    response.hovered().then_some(now.x.clamp(plot.left(), plot.right()))
}
