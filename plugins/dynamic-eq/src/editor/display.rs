//! The response of the bands over frequency, with the spectra behind it and the nodes on it.

use super::band::{self, What};
use super::collisions::collisions;
use super::view::{self, View};
use super::{BANDS, EqStage, Heard, band_in_hand, lanes, menu, parts, tag};
use crate::params::Type;
use egui::{Align2, Color32, Id, Rect, Sense, Shape, pos2, vec2};
use shared_dsp::db;
use shared_dsp::eq::BandType;
use shared_dsp::eq::key_section;
use support::editor::spectrum::{Analysis, spectra};
use support::editor::theme::{self, size};
use support::editor::widgets::curve::{
    Axes, Hands, Line, Node, Plot, Spectrum, nodes, plot, select,
};
use support::editor::widgets::{PickOption, Tone, button, label, number, panel, pick};
use support::editor::{Way, handle};
use support::spectrum::Point;

/// What the nodes are called on this page.
pub(super) const NODES: &str = "bands";
/// Their names, and what is written in them.
const NAMES: [&str; BANDS] =
    ["Band 1", "Band 2", "Band 3", "Band 4", "Band 5", "Band 6", "Band 7", "Band 8"];
pub(super) const MARKS: [&str; BANDS] = ["1", "2", "3", "4", "5", "6", "7", "8"];

/// The axis of the spectra: bottom and top in dBFS, and from line to line.
const SPECTRUM_DB: [f32; 2] = [-90.0, -18.0];
const SPECTRUM_STEP_DB: f32 = 12.0;
/// Width of its numbers at 100 %.
const BESIDE: f32 = 32.0;
/// Height of the row above the plot, and of what marks collisions at its foot, at 100 %.
const TOP: f32 = 26.0;
const FOOT: f32 = 8.0;

/// Behind curves: signal, and what the bands may reach, with the grid still to be seen.
fn signal_area() -> Color32 {
    theme::SIGNAL.gamma_multiply(0.30)
}
fn key_filter_colour() -> Color32 {
    theme::KEY.gamma_multiply(0.7)
}
fn reach_area() -> Color32 {
    theme::GAIN.gamma_multiply(0.20)
}

/// Draws the panel.
pub(super) fn draw(stage: &mut EqStage<'_, '_>, rect: Rect, heard: &Heard) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect).expand2(look.size(4.0, 4.0));
    let top = parts::row(look, inside, 0.0, TOP);
    let frozen = choices(stage, top);
    let mut below = inside.with_min_y(top.bottom() + look.px(8.0));
    if lanes::are_shown(stage) {
        let foot = below.with_min_y(below.bottom() - look.px(lanes::HEIGHT));
        below.max.y = foot.top() - look.px(6.0);
        lanes::draw(stage, foot);
    }
    let around = below.with_max_x(below.right() - look.px(BESIDE));
    let [most_db, step_db] = view::scale_db(stage.choices);
    let plot = plot(stage.ui, look, around, Axes::audible(most_db, step_db));
    draw_spectra(stage, &plot, top, heard, frozen);
    draw_unmask(stage, &plot, heard);
    draw_curves(stage, &plot, heard);
    let in_hand = band_in_hand(stage);
    draw_reach(stage, &plot, heard, in_hand);
    let hands = draw_nodes(stage, &plot, heard);
    if let Some(taken) = hands.taken {
        view::show_band(stage.choices, taken);
    }
    let pointed = hands.hovered.unwrap_or(band_in_hand(stage));
    tag::draw(stage, &plot, heard, pointed, hands.hovered.is_some());
    if let Some(place) = hands.added {
        add(stage, place, Type::Bell);
    }
    menu::show(stage, &plot, &hands);
}

/// Takes the first band that is off, makes it a new one of a type at a frequency in Hz and a gain in
/// dB, and shows it.
pub(super) fn add(stage: &mut EqStage<'_, '_>, [hz, db]: [f32; 2], band_type: Type) {
    let Some(free) = (0..BANDS).find(|at| !band::is_on(stage.desk, *at)) else {
        stage.desk.say(stage.ui, "All eight bands are in use: switch one off first.");
        return;
    };
    let desk = &mut *stage.desk;
    let has_gain = BandType::from(band_type).has_gain();
    let mut changes = band::defaults(desk, free);
    for (what, plain) in [
        (What::On, 1.0),
        (What::Type, band_type as i32 as f32),
        (What::Frequency, hz),
        (What::Gain, if has_gain { (db * 10.0).round() / 10.0 } else { 0.0 }),
    ] {
        let (index, value) = band::change(desk, free, what, plain);
        changes.retain(|(other, _)| *other != index);
        changes.push((index, value));
    }
    desk.edit_all(&changes);
    view::show_band(stage.choices, free);
    select(stage.ui, NODES, &[free]);
}

/// One thing to choose above the plot: its name, its width, and its options in the order of the list,
/// each by its place among those that are kept.
struct Above {
    view: View,
    name: &'static str,
    width: f32,
    options: &'static [(usize, &'static str, &'static str)],
}

const STEM: Above = Above {
    view: View::Stem,
    name: "Stem spectrum",
    width: 112.0,
    options: &[
        (0, "Stem out", "The spectrum of what goes out."),
        (1, "Stem in", "The spectrum of what comes in."),
        (2, "In and out", "What comes in as a line before what goes out."),
        (3, "No stem", "No spectrum of the stem."),
    ],
};
const SLOPE: Above = Above {
    view: View::Slope,
    name: "Spectrum slope",
    width: 108.0,
    options: &[
        (2, "0 dB/oct", "Flat where the sound is as dense at every frequency, as white noise is."),
        (1, "3 dB/oct", "Flat where every octave has the same power, as pink noise has."),
        (0, "4.5 dB/oct", "Flat for most music."),
    ],
};
const SPEED: Above = Above {
    view: View::Speed,
    name: "Spectrum speed",
    width: 92.0,
    options: &[
        (1, "Fast", "Spectra follow within a tenth of a second."),
        (0, "Medium", "Spectra follow within a quarter of a second."),
        (2, "Slow", "Spectra show the average of a second."),
    ],
};
const SCALE: Above = Above {
    view: View::Scale,
    name: "Display range",
    width: 86.0,
    options: &[
        (1, "\u{b1}6 dB", "The curves' scale; nothing that is heard changes."),
        (0, "\u{b1}12 dB", "The curves' scale; nothing that is heard changes."),
        (2, "\u{b1}24 dB", "The curves' scale; nothing that is heard changes."),
        (3, "\u{b1}30 dB", "The curves' scale; nothing that is heard changes."),
    ],
};

fn choose(stage: &mut EqStage<'_, '_>, place: Rect, what: &Above) {
    let kept = stage.choices.get(what.view as usize);
    let chosen = what.options.iter().position(|(at, ..)| *at == kept).unwrap_or(0);
    let options: Vec<PickOption<'_>> =
        what.options.iter().map(|(_, name, hint)| PickOption { name, hint }).collect();
    let picked = pick(stage.ui, stage.look, stage.desk, place, what.name, chosen, &options);
    if let Some((at, ..)) = picked.and_then(|picked| what.options.get(picked)) {
        stage.choices.set(what.view as usize, *at);
    }
}

/// What is looked at, above the plot; gives whether the spectra stand still.
fn choices(stage: &mut EqStage<'_, '_>, top: Rect) -> bool {
    let look = stage.look;
    let mut left = 0.0;
    let mut place = |width: f32| {
        let place = parts::cell(look, top, left, width);
        left += width + 6.0;
        place
    };
    choose(stage, place(STEM.width), &STEM);
    let key_at = View::Key as usize;
    let shows_key = stage.choices.get(key_at) == 0;
    let tone = if shows_key { Tone::Lit(theme::KEY) } else { Tone::Ready };
    let hint = "Whether the spectrum of the key is drawn, dashed.";
    if button(stage.ui, look, stage.desk, place(46.0), "Key", tone, hint) {
        stage.choices.set(key_at, usize::from(shows_key));
    }
    choose(stage, place(SLOPE.width), &SLOPE);
    choose(stage, place(SPEED.width), &SPEED);
    let id = Id::unique("frozen spectra");
    let frozen: bool = stage.ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let tone = if frozen { Tone::Lit(theme::SIGNAL) } else { Tone::Ready };
    let hint = "Holds the spectra as they are, until it is pressed again.";
    if button(stage.ui, look, stage.desk, place(64.0), "Freeze", tone, hint) {
        stage.ui.data_mut(|data| data.insert_temp(id, !frozen));
    }
    let right = top.with_min_x(top.right() - look.px(SCALE.width));
    choose(stage, right, &SCALE);
    frozen
}

fn draw_spectra(stage: &mut EqStage<'_, '_>, plot: &Plot, top: Rect, heard: &Heard, frozen: bool) {
    let look = stage.look;
    let [shows_input, shows_output, shows_key] = view::spectra(stage.choices);
    let slope_db = view::slope_db(stage.choices);
    let analysis = Analysis { time_s: view::time_s(stage.choices), slope_db, frozen };
    let seen = |shows: bool, point: Point| {
        let [seen] = if shows {
            spectra(stage.ui, "stem and key", stage.taps, analysis, [point])
        } else {
            [Vec::new()]
        };
        seen
    };
    let input = seen(shows_input, Point::Input);
    let output = seen(shows_output, Point::Output);
    let key = seen(shows_key, Point::Key);
    let style = |colour, filled, dashed| Spectrum { colour, filled, dashed, db: SPECTRUM_DB };
    let ui = &*stage.ui;
    let (filled, edge) =
        if shows_output { (&output, theme::SIGNAL) } else { (&input, theme::SIGNAL) };
    plot.spectrum(ui, look, &style(signal_area(), true, false), filled);
    if shows_input && shows_output {
        plot.spectrum(ui, look, &style(theme::TEXT.gamma_multiply(0.55), false, false), &input);
    }
    plot.spectrum(ui, look, &style(edge.gamma_multiply(0.75), false, false), filled);
    plot.spectrum(ui, look, &style(theme::KEY, false, true), &key);
    let places = collisions(filled, &key);
    for [from, to] in &places {
        let ends = plot.x(*from)..=plot.x(*to);
        let bottom = plot.rect.bottom();
        hatch(stage, Rect::from_x_y_ranges(ends, bottom - look.px(FOOT)..=bottom));
    }
    let painter = stage.ui.painter();
    let [bottom_db, top_db] = SPECTRUM_DB;
    let mut level = bottom_db + SPECTRUM_STEP_DB;
    while level < top_db {
        let share = (level - bottom_db) / (top_db - bottom_db);
        let y = plot.rect.bottom() - plot.rect.height() * share;
        let tick = [pos2(plot.rect.right(), y), pos2(plot.rect.right() + look.px(4.0), y)];
        painter.line_segment(tick, look.stroke(1.0, theme::SIGNAL_BEFORE));
        let at = pos2(plot.rect.right() + look.px(7.0), y);
        let small = look.font(size::SMALL);
        painter.text(at, Align2::LEFT_CENTER, number(level, 0), small, theme::LABEL);
        level += SPECTRUM_STEP_DB;
    }
    let at = pos2(plot.rect.right() + look.px(4.0), plot.rect.top() - look.px(2.0));
    painter.text(at, Align2::LEFT_TOP, "dBFS", look.font(size::SMALL), theme::LABEL);
    let key_filter = heard.moves(band_in_hand(stage));
    let both = !places.is_empty();
    let unmask = heard.unmask.is_some();
    legend(stage, top, [shows_input || shows_output, shows_key, both, key_filter, unmask]);
}

/// Marks a place where both are strong.
fn hatch(stage: &EqStage<'_, '_>, place: Rect) {
    let look = stage.look;
    let painter = stage.ui.painter().with_clip_rect(place.intersect(stage.ui.clip_rect()));
    painter.rect_filled(place, 0, theme::WELL);
    let (step, height) = (look.px(5.0), place.height());
    let mut x = place.left() - height;
    while x < place.right() {
        let line = [pos2(x, place.bottom()), pos2(x + height, place.top())];
        painter.line_segment(line, look.stroke(1.25, theme::TEXT));
        x += step;
    }
    painter.hline(place.x_range(), place.top(), look.stroke(1.0, theme::TEXT));
}

/// What is drawn how, in the row above the plot.
fn legend(stage: &mut EqStage<'_, '_>, top: Rect, shown: [bool; 5]) {
    let [stem, key, both, key_filter, unmask] = shown;
    let look = stage.look;
    let small = look.font(size::SMALL + 1.0);
    let mut right = top.right() - look.px(SCALE.width + 16.0);
    let middle = top.center().y;
    let mut item = |stage: &mut EqStage<'_, '_>, text: &str| {
        let place = top.with_max_x(right);
        let drawn = label(stage.ui, place, Align2::RIGHT_CENTER, text, small.clone(), theme::LABEL);
        let mark = Rect::from_center_size(
            pos2(drawn.left() - look.px(17.0), middle),
            look.size(22.0, 10.0),
        );
        right = mark.left() - look.px(16.0);
        mark
    };
    let line = |stage: &EqStage<'_, '_>, mark: Rect, width: f32, colour: Color32| {
        stage.ui.painter().hline(mark.x_range(), middle, look.stroke(width, colour));
    };
    let mark = item(stage, "now");
    line(stage, mark, 3.0, theme::GAIN);
    let mark = item(stage, "static");
    line(stage, mark, 1.25, theme::TEXT);
    let mark = item(stage, "may reach");
    stage.ui.painter().rect_filled(mark, look.corner(2.0), reach_area());
    if unmask {
        let mark = item(stage, "Unmask");
        stage.ui.painter().rect_filled(mark, look.corner(2.0), reach_area());
        dashed(stage, mark, theme::GAIN);
    }
    if key_filter {
        let mark = item(stage, "key filter");
        line(stage, mark, 1.0, key_filter_colour());
    }
    if both {
        let mark = item(stage, "both strong");
        hatch(stage, mark.shrink2(vec2(0.0, look.px(1.0))));
    }
    if key {
        let mark = item(stage, "key");
        dashed(stage, mark, theme::KEY);
    }
    if stem {
        let mark = item(stage, "stem");
        stage.ui.painter().rect_filled(mark, look.corner(2.0), signal_area());
        let stroke = look.stroke(1.25, theme::SIGNAL);
        stage.ui.painter().hline(mark.x_range(), mark.top(), stroke);
    }
}

/// A dashed line through the middle of a mark.
fn dashed(stage: &EqStage<'_, '_>, mark: Rect, colour: Color32) {
    let look = stage.look;
    let ends = [mark.left_center(), mark.right_center()];
    let stroke = look.stroke(1.5, colour);
    stage.ui.painter().extend(Shape::dashed_line(&ends, stroke, look.px(5.0), look.px(3.5)));
}

/// What Unmask alone does just now.
fn draw_unmask(stage: &EqStage<'_, '_>, plot: &Plot, heard: &Heard) {
    let Some(curve) = &heard.unmask else { return };
    plot.band(stage.ui, reach_area(), |_| 0.0, |hz| curve.at(hz));
    let line = Line { colour: theme::GAIN, width: 1.5, dashed: true };
    plot.line(stage.ui, stage.look, line, |hz| curve.at(hz));
}

/// The response of a band's key filter, where it moves.
fn draw_key_filter(stage: &EqStage<'_, '_>, plot: &Plot, heard: &Heard, in_hand: usize) {
    if !heard.moves(in_hand) {
        return;
    }
    let band = heard.bands[in_hand].band;
    let rate_hz = f64::from(stage.taps.rate_hz());
    let section = key_section(
        band.key_filter,
        band.band_type,
        [band.frequency_hz, band.q],
        [band.key_frequency_hz, band.key_q],
        rate_hz,
    );
    let level = |hz: f32| {
        let [real, imaginary] = section.response(f64::from(hz).min(0.49 * rate_hz), rate_hz);
        db::from_power((real * real + imaginary * imaginary).max(1e-30)) as f32
    };
    // A thin line, where the key's spectrum is dashed.
    let line = Line { colour: key_filter_colour(), width: 1.0, dashed: false };
    plot.line(stage.ui, stage.look, line, level);
}

fn draw_curves(stage: &mut EqStage<'_, '_>, plot: &Plot, heard: &Heard) {
    let look = stage.look;
    draw_key_filter(stage, plot, heard, band_in_hand(stage));
    for (count, (way, curves)) in heard.ways.iter().enumerate().rev() {
        let is_first = count == 0;
        if is_first {
            plot.band(stage.ui, reach_area(), |hz| curves.still.at(hz), |hz| curves.far.at(hz));
            let line = Line { colour: theme::TEXT, width: 1.25, dashed: false };
            plot.line(stage.ui, look, line, |hz| curves.still.at(hz));
        }
        let width = if is_first { 3.0 } else { 1.5 };
        let line = Line { colour: theme::GAIN, width, dashed: false };
        plot.line(stage.ui, look, line, |hz| curves.live.at(hz));
        if !way.name.is_empty() {
            // Beside each other, since curves meet.
            let x = plot.rect.right() - look.px(16.0 + 34.0 * count as f32);
            let y = plot.y(curves.live.at(plot.hz(x)));
            let at = pos2(
                x,
                (y - look.px(10.0)).clamp(plot.rect.top() + look.px(8.0), plot.rect.bottom()),
            );
            let font = look.bold(size::SMALL + 1.0);
            stage.ui.painter().text(at, Align2::CENTER_CENTER, way.name, font, theme::GAIN);
        }
    }
}

/// How far the band in hand may go and how far it has: an arm whose end can be dragged.
fn draw_reach(stage: &mut EqStage<'_, '_>, plot: &Plot, heard: &Heard, in_hand: usize) {
    let look = stage.look;
    let band = &heard.bands[in_hand];
    let index = band::index(stage.desk, in_hand, What::Range);
    let range_db = band::plain(stage.desk, in_hand, What::Range);
    // On its way through 0 it stays in the hand.
    let is_there = range_db != 0.0 || stage.desk.is_moving(index);
    if !band.band.on || !band.band.band_type.has_gain() || !is_there {
        return;
    }
    let x = plot.x(band::plain(stage.desk, in_hand, What::Frequency));
    let gain_db = band::plain(stage.desk, in_hand, What::Gain);
    let y = |db: f32| plot.y(db).clamp(plot.rect.top(), plot.rect.bottom());
    let (from, to, now) = (y(gain_db), y(gain_db + range_db), y(gain_db + band.move_db as f32));
    let cap = Rect::from_center_size(pos2(x, to), look.size(26.0, 14.0));
    let id = stage.ui.scope_id().with("range arm");
    let response = stage.ui.interact(cap, id, Sense::CLICK | Sense::DRAG);
    let control = stage.desk.control(index);
    // One dB of drag is one dB of the drawing.
    let span_db = control.plain_of(1.0) - control.plain_of(0.0);
    let way = plot.rect.height() * span_db / (plot.axes.db[1] - plot.axes.db[0]) / look.scale;
    handle(stage.ui, look, stage.desk, index, &response, Way::Up(Some(way)));
    let lit = response.hovered() || response.dragged();
    if lit {
        stage.ui.set_cursor_icon(egui::CursorIcon::ResizeVertical);
    }
    let painter = stage.ui.painter();
    painter.vline(x, egui::Rangef::new(from, to).as_positive(), look.stroke(1.25, theme::GAIN));
    let end = cap.center().x - look.px(9.0)..=cap.center().x + look.px(9.0);
    painter.hline(end, to, look.stroke(if lit { 4.0 } else { 2.5 }, theme::GAIN));
    if band.move_db != 0.0 {
        painter.circle(pos2(x, now), look.px(4.0), theme::GAIN, look.stroke(1.5, theme::WELL));
    }
    let text = stage.desk.text(index);
    let name = format!("Band {} range arm", in_hand + 1);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, &name));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
}

fn draw_nodes(stage: &mut EqStage<'_, '_>, plot: &Plot, heard: &Heard) -> Hands {
    let desk = &mut *stage.desk;
    let in_hand = view::band(stage.choices);
    let list: [Node<'_>; BANDS] = std::array::from_fn(|at| {
        let index = |what| band::index(desk, at, what);
        let on = band::is_on(desk, at);
        let has_gain = heard.bands[at].band.band_type.has_gain();
        let colour = match (on, heard.moves(at)) {
            (true, true) => theme::GAIN,
            (true, false) => theme::TEXT,
            (false, _) => theme::TRACK,
        };
        Node {
            name: NAMES[at],
            mark: MARKS[at],
            frequency: index(What::Frequency),
            gain: has_gain.then(|| index(What::Gain)),
            rest_db: 0.0,
            alt: has_gain.then(|| index(What::Range)),
            wheel: Some(index(What::Q)),
            enter: Some(index(if has_gain { What::Gain } else { What::Frequency })),
            colour,
            on,
            hidden: !on && at != in_hand,
        }
    });
    nodes(stage.ui, stage.look, desk, plot, NODES, &list)
}
