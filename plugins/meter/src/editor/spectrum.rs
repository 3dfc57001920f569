//! The spectrum of the mix, in third-octave bands or as a line, with the reference on the key over it and
//! the difference between them.
//!
//! Held peaks stay for two seconds and then fall by 12 dB a second; a click forgets them. The difference
//! has a scale of its own to the right, its 0 in the middle.

mod difference;
mod held;
mod pointed;
mod words;

use super::view::choice;
use super::{MeterStage, shown};
use crate::dsp::Shown;
use difference::difference;
use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Align2, Color32, Pos2, Rect, Shape, pos2};
use held::Held;
use std::sync::{Arc, Mutex, PoisonError};
use support::editor::spectrum::{Analysis, Spectrum, band_edges_hz, spectra, third_octaves};
use support::editor::theme::{self, size};
use support::editor::widgets::curve::{Axes, Plot, Spectrum as Style, Ticks, plot};
use support::editor::widgets::{PickOption, Tone, button, label, number, panel, pick};
use support::spectrum::Point;

/// What is drawn: from 20 Hz to the upper edge of the highest band, and levels in dBFS.
const AXES: Axes =
    Axes { hz: [20.0, 22_400.0], db: [-72.0, 0.0], step_db: 12.0, ticks: Ticks::Decades };
/// The scale of the difference in dB, either way, its lines, and from where on it is marked.
const DIFFERENCE_DB: f32 = 12.0;
const DIFFERENCE_MARKS_DB: [f32; 5] = [-12.0, -6.0, 0.0, 6.0, 12.0];
const MARKED_DB: f32 = 3.0;

/// Sizes at 100 %: the row of choices, and the numbers of the difference.
const ROW: f32 = 26.0;
const BESIDE: f32 = 30.0;

struct Choice {
    index: usize,
    name: &'static str,
    width: f32,
    options: &'static [PickOption<'static>],
}

const KIND: Choice = Choice {
    index: choice::SPECTRUM,
    name: "Spectrum",
    width: 100.0,
    options: &[
        PickOption {
            name: "1/3 octave",
            hint: "The power in each third of an octave, IEC 61260's bands. A sine of full scale reads 0.",
        },
        PickOption {
            name: "FFT",
            hint: "A line, averaged over a twelfth of an octave: the power in such a band at 1 kHz.",
        },
    ],
};
const BAND_SLOPES: Choice = Choice {
    index: choice::SLOPE,
    name: "Slope",
    width: 92.0,
    options: &[
        PickOption { name: "0 dB/oct", hint: "The bands as they are: pink noise is flat." },
        PickOption { name: "3 dB/oct", hint: "Raised by 3 dB an octave from 1 kHz on." },
        PickOption { name: "4.5 dB/oct", hint: "Raised by 4.5 dB an octave from 1 kHz on." },
    ],
};
const LINE_SLOPES: Choice = Choice {
    options: &[
        PickOption { name: "0 dB/oct", hint: "The line as it is: white noise is flat." },
        PickOption { name: "3 dB/oct", hint: "Raised by 3 dB an octave: pink noise is flat." },
        PickOption { name: "4.5 dB/oct", hint: "Raised by 4.5 dB an octave: flat for most music." },
    ],
    ..BAND_SLOPES
};
const AVERAGING: Choice = Choice {
    index: choice::AVERAGING,
    name: "Averaging",
    width: 84.0,
    options: &[
        PickOption { name: "Medium", hint: "Follows within a quarter of a second." },
        PickOption {
            name: "Fast",
            hint: "Follows within a tenth of a second; below 200 Hz bands take \
            two thirds of a second.",
        },
        PickOption { name: "Slow", hint: "Shows the average of two seconds." },
    ],
};
/// In the order of its options, in seconds.
const TIMES_S: [f32; 3] = [0.25, 0.1, 2.0];
/// In the order of its options, in dB per octave.
const SLOPES_DB: [f32; 3] = [0.0, 3.0, 4.5];

const HOLD: &str = "Peak hold: peaks stay for two seconds, then fall by 12 dB a second. A click on the \
    spectrum forgets them.";
const DIFFERENCE: &str = "The mix less the reference on the key, aligned in level over 100 Hz to 10 kHz, \
    on the scale to the right. Amber: beyond 3 dB.";
const NO_KEY: &str = "no key connected";

/// What is looked at.
struct View {
    is_line: bool,
    slope: usize,
    is_held: bool,
    is_keyed: bool,
    is_difference: bool,
}

/// Draws the panel.
pub(super) fn draw(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect).expand(look.px(4.0));
    let top = inside.with_max_y(inside.top() + look.px(ROW));
    let view = choices(stage, top);
    let mut below = inside.with_min_y(top.bottom() + look.px(8.0));
    let beside = below.with_min_x(below.right() - look.px(BESIDE));
    if view.is_difference {
        below.max.x = beside.left();
    }
    let plot = plot(stage.ui, look, below, AXES);
    let [mix, reference] = levels(stage, &view);
    let held = held(stage, &plot, &view, &mix);
    draw_mix(stage, &plot, &view, &mix, &held);
    let differs = if view.is_difference { difference(&mix, &reference) } else { Spectrum::new() };
    if view.is_keyed {
        draw_reference(stage, &plot, &view, &reference);
    }
    if view.is_difference {
        draw_difference(stage, &plot, &view, &differs);
    }
    legend(stage, &plot, &view);
    pointed::point(stage, &plot, &view, [&mix, &reference, &differs]);
}

fn choose(stage: &mut MeterStage<'_, '_>, place: Rect, what: &Choice) -> usize {
    let chosen = stage.choices.get(what.index);
    let to = pick(stage.ui, stage.look, stage.desk, place, what.name, chosen, what.options);
    if let Some(to) = to {
        stage.choices.set(what.index, to);
    }
    stage.choices.get(what.index)
}

/// The row above the plot.
fn choices(stage: &mut MeterStage<'_, '_>, top: Rect) -> View {
    let look = stage.look;
    let gap = look.px(6.0);
    let mut left = top.left();
    let mut next = |width: f32| {
        let place = top.with_min_x(left).with_max_x(left + look.px(width));
        left = place.right() + gap;
        place
    };
    let is_line = choose(stage, next(KIND.width), &KIND) == 1;
    let slopes = if is_line { &LINE_SLOPES } else { &BAND_SLOPES };
    let slope = choose(stage, next(slopes.width), slopes);
    choose(stage, next(AVERAGING.width), &AVERAGING);
    let is_held = toggle(stage, next(76.0), "Peak hold", choice::HOLD, 0, true, HOLD);
    let is_keyed = shown(stage, Shown::KeyFed) > 0.5;
    let hint = if is_keyed { DIFFERENCE } else { NO_KEY };
    let place = next(84.0);
    let is_on = toggle(stage, place, "Difference", choice::DIFFERENCE, 1, is_keyed, hint);
    View { is_line, slope, is_held, is_keyed, is_difference: is_keyed && is_on }
}

/// A switch of the page, on at one of its two options.
fn toggle(
    stage: &mut MeterStage<'_, '_>,
    place: Rect,
    name: &str,
    index: usize,
    on: usize,
    enabled: bool,
    hint: &str,
) -> bool {
    let is_on = stage.choices.get(index) == on;
    let tone = match (enabled, is_on) {
        (false, _) => Tone::Idle,
        (true, true) => Tone::Lit(theme::SIGNAL),
        (true, false) => Tone::Ready,
    };
    if button(stage.ui, stage.look, stage.desk, place, name, tone, hint) {
        stage.choices.set(index, if is_on { 1 - on } else { on });
    }
    stage.choices.get(index) == on
}

/// The levels of mix and reference.
fn levels(stage: &MeterStage<'_, '_>, view: &View) -> [Spectrum; 2] {
    let time_s = TIMES_S[stage.choices.get(choice::AVERAGING).min(TIMES_S.len() - 1)];
    let slope_db = SLOPES_DB[view.slope.min(SLOPES_DB.len() - 1)];
    let analysis = Analysis { time_s, slope_db, frozen: false };
    let of = |point: Point| {
        let name = "mix and reference";
        let [found] = if view.is_line {
            spectra(stage.ui, name, stage.taps, analysis, [point])
        } else {
            third_octaves(stage.ui, name, stage.taps, analysis, [point])
        };
        found
    };
    // The key's ring is there from the first look: one that is fed later has a past.
    let reference = of(Point::Key);
    [of(Point::Input), if view.is_keyed { reference } else { Spectrum::new() }]
}

/// The held peaks, at the frequencies of the mix; none when they are off.
fn held(stage: &MeterStage<'_, '_>, plot: &Plot, view: &View, mix: &Spectrum) -> Spectrum {
    let id = stage.ui.scope_id().with("spectrum held");
    let kept: Arc<Mutex<Held>> =
        stage.ui.data_mut(|data| data.get_temp_mut_or_default::<Arc<Mutex<Held>>>(id).clone());
    let mut held = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let clicked = stage.ui.input(|input| {
        input.pointer.primary_clicked()
            && input.pointer.interact_pos().is_some_and(|at| plot.rect.contains(at))
    });
    if !view.is_held || clicked {
        held.clear();
    }
    if !view.is_held {
        return Spectrum::new();
    }
    let now_s = stage.ui.input(|input| input.time);
    let of = (usize::from(view.is_line), view.slope);
    if held.update(of, mix, plot.axes.db[0], now_s) {
        stage.ui.ctx().request_repaint_after_secs(1.0 / 30.0);
    }
    mix.iter().zip(held.peaks_db()).map(|((hz, _), db)| (*hz, db)).collect()
}

/// The band around a frequency from left to right, on the screen, with a gap to its neighbours.
fn band(plot: &Plot, hz: f32, gap: f32) -> egui::Rangef {
    let [low, high] = band_edges_hz(hz).map(|edge| plot.x(edge));
    egui::Rangef::new(low + 0.5 * gap, high - 0.5 * gap)
}

fn draw_mix(stage: &MeterStage<'_, '_>, plot: &Plot, view: &View, mix: &Spectrum, held: &Spectrum) {
    let look = stage.look;
    let painter = stage.ui.painter().with_clip_rect(plot.rect);
    // It steps back behind a difference.
    let strength = if view.is_difference { 0.5 } else { 1.0 };
    let (fill, edge) =
        (theme::SIGNAL.gamma_multiply(0.45 * strength), theme::SIGNAL.gamma_multiply(strength));
    if view.is_line {
        let style = |colour, filled| Style { colour, filled, dashed: false, db: AXES.db };
        plot.spectrum(stage.ui, look, &style(fill, true), mix);
        plot.spectrum(stage.ui, look, &style(edge, false), mix);
        plot.spectrum(stage.ui, look, &style(theme::SIGNAL_BEFORE, false), held);
        return;
    }
    let gap = look.px(3.0);
    for (hz, db) in mix.iter().filter(|(_, db)| *db > AXES.db[0]) {
        let place = Rect::from_x_y_ranges(band(plot, *hz, gap), plot.y(*db)..=plot.rect.bottom());
        painter.rect_filled(place, 0, fill);
        painter.hline(place.x_range(), place.top(), look.stroke(1.5, edge));
    }
    for (hz, db) in held.iter().filter(|(_, db)| *db > AXES.db[0]) {
        painter.hline(band(plot, *hz, gap), plot.y(*db), look.stroke(2.0, edge));
    }
}

/// What a spectrum is drawn through: bands go from edge to edge.
fn outline(view: &View, spectrum: &Spectrum) -> Spectrum {
    if view.is_line {
        return spectrum.clone();
    }
    let [low, high] = AXES.hz;
    spectrum
        .iter()
        .flat_map(|(hz, db)| band_edges_hz(*hz).map(|edge| (edge.clamp(low, high), *db)))
        .collect()
}

fn draw_reference(stage: &MeterStage<'_, '_>, plot: &Plot, view: &View, reference: &Spectrum) {
    let strength = if view.is_difference { 0.6 } else { 1.0 };
    let colour = theme::KEY.gamma_multiply(strength);
    let style = Style { colour, filled: false, dashed: true, db: AXES.db };
    plot.spectrum(stage.ui, stage.look, &style, &outline(view, reference));
}

/// The height of a difference: 0 in the middle.
fn difference_y(plot: &Plot, db: f32) -> f32 {
    let share = (db / DIFFERENCE_DB).clamp(-1.0, 1.0);
    plot.rect.center().y - 0.5 * plot.rect.height() * share
}

fn colour_of(difference_db: f32) -> Color32 {
    if difference_db.abs() > MARKED_DB { theme::GAIN } else { theme::TEXT }
}

fn draw_difference(stage: &MeterStage<'_, '_>, plot: &Plot, view: &View, differs: &Spectrum) {
    let look = stage.look;
    let painter = stage.ui.painter().with_clip_rect(plot.rect.expand(look.px(1.0)));
    let y = |db: f32| difference_y(plot, db);
    let zero = y(0.0);
    painter.hline(plot.rect.x_range(), zero, look.stroke(1.0, theme::LABEL));
    for edge in [-MARKED_DB, MARKED_DB] {
        let ends = [pos2(plot.rect.left(), y(edge)), pos2(plot.rect.right(), y(edge))];
        let thin = look.stroke(1.0, theme::TRACK);
        painter.extend(Shape::dashed_line(&ends, thin, look.px(2.0), look.px(4.0)));
    }
    let mut area = Mesh::default();
    let mut lines: Vec<(Color32, Vec<Pos2>)> = Vec::new();
    let steps = outline(view, differs);
    for pair in steps.windows(2).filter(|pair| pair.iter().all(|(_, db)| db.is_finite())) {
        let [(from_hz, from), (to_hz, to)] = [pair[0], pair[1]];
        let places = [pos2(plot.x(from_hz), y(from)), pos2(plot.x(to_hz), y(to))];
        let farther = if from.abs() > to.abs() { from } else { to };
        let colour = colour_of(farther);
        fill(&mut area, colour.gamma_multiply(0.22), places, zero);
        match lines.last_mut() {
            Some((last, line)) if *last == colour && line.last() == Some(&places[0]) => {
                line.push(places[1]);
            }
            _ => lines.push((colour, places.to_vec())),
        }
    }
    painter.add(Shape::mesh(area));
    for (colour, line) in lines {
        painter.add(Shape::line(line, look.stroke(2.0, colour)));
    }
    let painter = stage.ui.painter();
    let small = look.font(size::SMALL);
    for mark in DIFFERENCE_MARKS_DB {
        let tick =
            [pos2(plot.rect.right(), y(mark)), pos2(plot.rect.right() + look.px(3.0), y(mark))];
        painter.line_segment(tick, look.stroke(1.0, theme::TRACK));
        let at = pos2(plot.rect.right() + look.px(6.0), y(mark));
        let text = signed(mark, 0);
        painter.text(at, Align2::LEFT_CENTER, text, small.clone(), theme::LABEL);
    }
}

/// Fills from a level down or up to the middle.
fn fill(mesh: &mut Mesh, color: Color32, [from, to]: [Pos2; 2], zero: f32) {
    let first = mesh.vertices.len() as u32;
    let corners = [from, to, pos2(to.x, zero), pos2(from.x, zero)];
    mesh.vertices.extend(corners.map(|pos| Vertex { pos, uv: WHITE_UV, color }));
    mesh.add_triangle(first, first + 1, first + 2);
    mesh.add_triangle(first, first + 2, first + 3);
}

/// What is drawn how, in the plot's upper right corner.
fn legend(stage: &mut MeterStage<'_, '_>, plot: &Plot, view: &View) {
    let look = stage.look;
    let small = look.font(size::SMALL);
    let mut place = plot.rect.shrink2(look.size(8.0, 4.0));
    if !view.is_keyed {
        label(stage.ui, place, Align2::RIGHT_TOP, NO_KEY, small, theme::LABEL);
        return;
    }
    let difference = ("mix \u{2212} reference, dB", theme::TEXT, false);
    let difference = view.is_difference.then_some(difference);
    for (text, colour, dashed) in difference.into_iter().chain([("reference", theme::KEY, true)]) {
        let drawn = label(stage.ui, place, Align2::RIGHT_TOP, text, small.clone(), theme::LABEL);
        let middle = drawn.center().y;
        let [from, to] = [30.0, 6.0].map(|far| pos2(drawn.left() - look.px(far), middle));
        let stroke = look.stroke(1.5, colour);
        let painter = stage.ui.painter();
        if dashed {
            let line = Shape::dashed_line(&[from, to], stroke, look.px(5.0), look.px(3.5));
            painter.extend(line);
        } else {
            painter.line_segment([from, to], stroke);
        }
        place.max.x = from.x - look.px(14.0);
    }
}

fn signed(db: f32, decimals: usize) -> String {
    let text = number(db, decimals);
    if db >= 0.05 { format!("+{text}") } else { text }
}
