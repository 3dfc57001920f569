//! The page of Stem Meter: what was ordered and what is, and the pictures that explain it.

mod about;
mod goniometer;
mod image;
mod levels;
mod loudness;
mod mark;
mod measured;
mod peaks;
mod session;
mod spectrum;
mod strip;
#[cfg(test)]
mod tests;
mod verdict;
mod view;

use crate::StemMeter;
use crate::dsp::Shown;
use crate::params::Parameters;
use egui::{Align2, Rect, pos2};
use support::Face;
use support::editor::theme::{self, size};
use support::editor::widgets::{label, panel};
use support::editor::{About, PageChoice, Stage};

type MeterStage<'a, 'd> = Stage<'a, 'd, Parameters>;

/// Between panels, at 100 %.
const GAP: f32 = 12.0;

impl Face for StemMeter {
    type Params = Parameters;

    const PAGE: [f32; 2] = [1200.0, 800.0];
    const ABOUT: &'static [About] = about::ABOUT;
    const CHOICES: &'static [PageChoice] = view::CHOICES;

    fn body(stage: &mut MeterStage<'_, '_>, body: Rect) {
        let look = stage.look;
        let gap = look.px(GAP);
        let strip = body.with_max_y(body.top() + look.px(32.0));
        strip::draw(stage, strip);
        let rest = body.with_min_y(strip.bottom() + gap);
        if view::is_compact(stage) {
            compact(stage, rest);
        } else {
            full(stage, rest);
        }
    }
}

/// Everything.
fn full(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let gap = stage.look.px(GAP);
    let height = rect.height() - 2.0 * gap;
    let [top, middle, foot] = rows(rect, gap, [0.325 * height, 0.355 * height]);
    let [numbers, peaks, gonio, image] = columns(top, gap, [0.3, 0.21, 0.18]);
    loudness::draw(stage, numbers);
    peaks::draw(stage, peaks);
    goniometer::draw(stage, gonio);
    image::draw(stage, image);
    session::draw(stage, middle);
    let [levels, spectrum, verdict] = three(foot, gap, [0.2, 0.44]);
    levels::draw(stage, levels);
    spectrum::draw(stage, spectrum);
    verdict::draw(stage, verdict);
}

/// What is read across a room: the numbers, the history and the verdict.
fn compact(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let gap = stage.look.px(GAP);
    let height = rect.height() - 2.0 * gap;
    let [top, middle, foot] = rows(rect, gap, [0.4 * height, 0.25 * height]);
    let [numbers, peaks] = two(top, gap, 0.58);
    loudness::draw(stage, numbers);
    peaks::draw(stage, peaks);
    session::draw(stage, middle);
    verdict::draw(stage, foot);
}

fn rows(rect: Rect, gap: f32, heights: [f32; 2]) -> [Rect; 3] {
    let first = rect.with_max_y(rect.top() + heights[0]);
    let second = Rect::from_min_max(
        pos2(rect.left(), first.bottom() + gap),
        pos2(rect.right(), first.bottom() + gap + heights[1]),
    );
    [first, second, rect.with_min_y(second.bottom() + gap)]
}

fn two(rect: Rect, gap: f32, share: f32) -> [Rect; 2] {
    let left = rect.with_max_x(rect.left() + share * (rect.width() - gap));
    [left, rect.with_min_x(left.right() + gap)]
}

fn three(rect: Rect, gap: f32, shares: [f32; 2]) -> [Rect; 3] {
    let width = rect.width() - 2.0 * gap;
    let [left, rest] = two(rect, gap, shares[0] * width / (rect.width() - gap));
    let [middle, right] = two(rest, gap, shares[1] * width / (rest.width() - gap));
    [left, middle, right]
}

fn columns(rect: Rect, gap: f32, shares: [f32; 3]) -> [Rect; 4] {
    let width = rect.width() - 3.0 * gap;
    let [first, rest] = two(rect, gap, shares[0] * width / (rect.width() - gap));
    let [second, rest] = two(rest, gap, shares[1] * width / (rest.width() - gap));
    let [third, fourth] = two(rest, gap, shares[2] * width / (rest.width() - gap));
    [first, second, third, fourth]
}

/// A panel with a title; gives its title's line and what is left below.
fn titled(stage: &mut MeterStage<'_, '_>, rect: Rect, title: &str) -> (Rect, Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let line = inside.with_max_y(inside.top() + look.px(20.0));
    let small = look.font(size::SMALL + 1.0);
    label(stage.ui, line, Align2::LEFT_CENTER, title, small, theme::LABEL);
    (line, inside.with_min_y(line.bottom() + look.px(4.0)))
}

fn shown(stage: &MeterStage<'_, '_>, reading: Shown) -> f32 {
    stage.readings.get(reading as usize)
}

/// Whether the host runs it on one channel.
fn is_mono(stage: &MeterStage<'_, '_>) -> bool {
    shown(stage, Shown::Channels) == 1.0
}

/// Minutes and seconds, and hours where there are any; tenths where they matter.
fn clock(seconds: f32, tenths: bool) -> String {
    // Whole seconds are those that have passed; tenths are rounded, as they are told of a place.
    let all_tenths = if tenths { (seconds * 10.0).round() } else { seconds.floor() * 10.0 };
    let all_tenths = all_tenths.max(0.0) as u64;
    let (whole, tenth) = (all_tenths / 10, all_tenths % 10);
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    let tail = if tenths { format!(".{tenth}") } else { String::new() };
    if hours > 0 {
        format!("{hours}:{minutes:02}:{rest:02}{tail}")
    } else {
        format!("{minutes}:{rest:02}{tail}")
    }
}
