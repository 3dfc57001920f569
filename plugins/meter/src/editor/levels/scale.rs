//! Level meters on scales of their own: bars with a held line, zones, and numbers beside.

use crate::editor::MeterStage;
use egui::{Align2, Color32, Rect, Sense, WidgetInfo, pos2, vec2};
use support::editor::theme::{self, size};
use support::editor::tip;
use support::editor::widgets::{MARKS_VU, number, vu_share};

/// How a scale is laid out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Law {
    /// In proportion to the decibels, from its lowest to its highest.
    Decibels([f32; 2]),
    /// That of the volume indicator: in proportion to the voltage.
    Voltage,
}

/// A scale, in the unit of its meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) law: Law,
    /// What has a number.
    pub(super) marks: &'static [f32],
    /// Where a colour begins, rising; below the first it is signal.
    pub(super) zones: &'static [(f32, Color32)],
    /// What the level is held against.
    pub(super) reference: f32,
}

/// Over 0 it is over.
const OVER_ZERO: &[(f32, Color32)] = &[(0.0, theme::OVER)];
/// The zones of the K-System: from 0 on loud, from +4 on too loud for anything but a moment.
const KATZ: &[(f32, Color32)] = &[(0.0, theme::GAIN), (4.0, theme::OVER)];

/// Sample peak in dBFS.
pub(super) const PEAK: Scale = Scale {
    law: Law::Decibels([-60.0, 3.0]),
    marks: &[0.0, -6.0, -12.0, -18.0, -24.0, -36.0, -48.0, -60.0],
    zones: OVER_ZERO,
    reference: 0.0,
};
/// The volume indicator, in VU.
pub(super) const VU: Scale =
    Scale { law: Law::Voltage, marks: &MARKS_VU, zones: OVER_ZERO, reference: 0.0 };
/// The programme meter of type I, in dB over its permitted maximum.
pub(super) const PPM: Scale = Scale {
    law: Law::Decibels([-50.0, 5.0]),
    marks: &[5.0, 0.0, -5.0, -10.0, -15.0, -20.0, -30.0, -40.0, -50.0],
    zones: OVER_ZERO,
    reference: 0.0,
};
/// The K-System with its headroom in dB: 20, 14 or 12.
pub(super) const fn k(headroom_db: f32, marks: &'static [f32]) -> Scale {
    Scale { law: Law::Decibels([-30.0, headroom_db]), marks, zones: KATZ, reference: 0.0 }
}

impl Scale {
    /// Where a level lies, 0 at the foot and 1 at the top.
    pub(super) fn share(&self, level: f32) -> f32 {
        let share = match self.law {
            Law::Decibels([low, high]) => (level - low) / (high - low),
            Law::Voltage => vu_share(level),
        };
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }
}

/// A mark as it is written, with its sign.
fn text_of(mark: f32) -> String {
    if mark > 0.0 { format!("+{mark:.0}") } else { number(mark, 0) }
}

/// What one bar shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bar<'a> {
    /// Its channel, written below.
    pub(super) name: &'a str,
    /// The bar.
    pub(super) level: f32,
    /// A line across it, if there is one.
    pub(super) held: f32,
    /// What assistive technology calls it, and reads.
    pub(super) spoken: [&'a str; 2],
}

/// Width of the numbers beside, and height of the names below, at 100 %.
const BESIDE: f32 = 28.0;
const BELOW: f32 = 16.0;

/// Draws bars over a scale into `rect`; `about` is the tooltip.
pub(super) fn bars(
    stage: &mut MeterStage<'_, '_>,
    rect: Rect,
    scale: &Scale,
    bars: &[Bar<'_>],
    about: &str,
) {
    let look = stage.look;
    let wells = Rect::from_min_max(
        pos2(rect.left() + look.px(BESIDE), rect.top() + look.px(5.0)),
        pos2(rect.right(), rect.bottom() - look.px(BELOW)),
    );
    let gap = look.px(4.0);
    let count = bars.len().max(1) as f32;
    let width = (wells.width() - gap * (count - 1.0)) / count;
    let y = |level: f32| wells.bottom() - wells.height() * scale.share(level);
    numbers(stage, wells, scale);
    for (column, bar) in bars.iter().enumerate() {
        let left = wells.left() + (width + gap) * column as f32;
        let well = Rect::from_min_size(pos2(left, wells.top()), vec2(width, wells.height()));
        let painter = stage.ui.painter();
        painter.rect_filled(well, look.corner(2.0), theme::WELL);
        let inside = well.shrink2(look.size(2.0, 0.0));
        let top = y(bar.level);
        let mut foot = well.bottom();
        let starts = scale.zones.iter().map(|(from, _)| y(*from)).chain([well.top()]);
        let colours = [theme::SIGNAL].into_iter().chain(scale.zones.iter().map(|(_, of)| *of));
        for (end, colour) in starts.zip(colours) {
            let end = end.max(top);
            if end < foot {
                let part = Rect::from_x_y_ranges(inside.x_range(), end..=foot);
                painter.rect_filled(part, 0, colour);
                foot = end;
            }
        }
        let reference = y(scale.reference);
        painter.hline(well.x_range(), reference, look.stroke(1.0, theme::TRACK));
        if scale.share(bar.held) > 0.0 {
            let is_over = scale.zones.last().is_some_and(|(from, _)| bar.held >= *from);
            let colour = if is_over { theme::OVER } else { theme::TEXT };
            painter.hline(well.x_range(), y(bar.held), look.stroke(2.0, colour));
        }
        let at = pos2(well.center().x, rect.bottom());
        let small = look.font(size::SMALL);
        painter.text(at, Align2::CENTER_BOTTOM, bar.name, small, theme::LABEL);
        let [name, value] = bar.spoken;
        let id = stage.ui.scope_id().with(("level", name));
        let response = stage.ui.interact(well, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, name));
        stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
        tip(look, &response, rect, about);
    }
}

/// The scale's numbers, those first that the level is held against and that stand at the ends; where two
/// would touch, the later one is left out.
fn numbers(stage: &MeterStage<'_, '_>, wells: Rect, scale: &Scale) {
    let look = stage.look;
    let painter = stage.ui.painter();
    let (small, bold) = (look.font(size::SMALL - 1.0), look.bold(size::SMALL));
    let mut marks: Vec<f32> = scale.marks.to_vec();
    marks.sort_by(|a, b| {
        let rank = |mark: f32| (mark != scale.reference, mark.abs());
        rank(*a).partial_cmp(&rank(*b)).unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut taken: Vec<f32> = Vec::new();
    for mark in marks {
        let y = wells.bottom() - wells.height() * scale.share(mark);
        if taken.iter().any(|other| (other - y).abs() < look.px(size::SMALL - 1.0)) {
            continue;
        }
        taken.push(y);
        let is_main = mark == scale.reference;
        let colour = scale.zones.iter().rev().find(|(from, _)| mark > *from).map(|(_, of)| *of);
        let colour = if is_main { theme::TEXT } else { colour.unwrap_or(theme::LABEL) };
        let font = if is_main { bold.clone() } else { small.clone() };
        let at = pos2(wells.left() - look.px(6.0), y);
        painter.text(at, Align2::RIGHT_CENTER, text_of(mark), font, colour);
        let tick = wells.left() - look.px(4.0)..=wells.left() - look.px(1.0);
        painter.hline(tick, y, look.stroke(1.0, theme::TRACK));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_go_from_end_to_end() {
        for (scale, low, high) in
            [(PEAK, -60.0, 3.0), (PPM, -50.0, 5.0), (k(20.0, &[]), -30.0, 20.0)]
        {
            assert_eq!([scale.share(low), scale.share(high)], [0.0, 1.0]);
            assert!((scale.share(0.5 * (low + high)) - 0.5).abs() < 1e-6);
            assert_eq!([scale.share(f32::NAN), scale.share(f32::NEG_INFINITY)], [0.0; 2]);
            assert_eq!(scale.share(99.0), 1.0);
        }
        // IEC 60268-17: 0 VU at 71 % of the way to +3.
        assert!((VU.share(0.0) - 0.708).abs() < 0.001);
    }

    #[test]
    fn the_zones_are_those_of_katz() {
        assert_eq!(k(14.0, &[]).zones, [(0.0, theme::GAIN), (4.0, theme::OVER)]);
    }

    #[test]
    fn marks_have_their_signs() {
        assert_eq!(text_of(5.0), "+5");
        assert_eq!(text_of(0.0), "0");
        assert_eq!(text_of(-20.0), "\u{2212}20");
    }
}
