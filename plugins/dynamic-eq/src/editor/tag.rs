//! The words at a node: where it is, how far it has moved, and how far it may.

use super::band::{self, What};
use super::parts::signed_db;
use super::{EqStage, Heard};
use egui::{Align2, Rect, StrokeKind, pos2, vec2};
use support::editor::theme::{self, size};
use support::editor::widgets::curve::Plot;
use support::editor::widgets::label;

/// From the farthest end of a band's arm to its tag, and within the tag, at 100 %.
const AWAY: f32 = 20.0;
const WITHIN: [f32; 2] = [10.0, 6.0];
const LINE: f32 = 17.0;

/// Draws the tag of a band; `is_pointed` if the pointer is on its node.
pub(super) fn draw(
    stage: &mut EqStage<'_, '_>,
    plot: &Plot,
    heard: &Heard,
    at: usize,
    is_pointed: bool,
) {
    let look = stage.look;
    let one = &heard.bands[at];
    let text = |what| stage.desk.text(band::index(stage.desk, at, what));
    let mut lines = Vec::new();
    if is_pointed {
        let gain = if one.band.band_type.has_gain() {
            format!("   {}", text(What::Gain))
        } else {
            String::new()
        };
        let place = format!("{}{gain}   Q {}", text(What::Frequency), text(What::Q));
        lines.push((place, look.font(size::BODY), theme::TEXT));
    }
    if heard.moves(at) {
        let now = format!("{} now", signed_db(one.move_db as f32));
        lines.push((now, look.bold(size::BODY + 1.0), theme::GAIN));
        let range = format!("range {}", signed_db(one.range_db as f32));
        lines.push((range, look.font(size::BODY), theme::LABEL));
    }
    if lines.is_empty() || !(one.band.on || is_pointed) {
        return;
    }
    let widths = lines.iter().map(|(text, font, colour)| {
        stage.ui.painter().layout_no_wrap(text.clone(), font.clone(), *colour).size().x
    });
    let width = widths.fold(0.0, f32::max) + look.px(2.0 * WITHIN[0]);
    let height = look.px(LINE * lines.len() as f32 + 2.0 * WITHIN[1]);
    let gain_db = band::plain(stage.desk, at, What::Gain);
    let gain_db = if one.band.band_type.has_gain() { gain_db } else { 0.0 };
    let [near, far] = [gain_db, gain_db + one.range_db as f32]
        .map(|db| plot.y(db).clamp(plot.rect.top(), plot.rect.bottom()));
    // On the side the band does not move to, where there is room.
    let (above, below) = (near.min(far) - look.px(AWAY) - height, near.max(far) + look.px(AWAY));
    let fits = |top: f32| top >= plot.rect.top() && top + height <= plot.rect.bottom();
    let top = match (far >= near, fits(above), fits(below)) {
        (true, true, _) | (false, true, false) => above,
        (_, _, true) => below,
        _ => plot.rect.top(),
    };
    let room = plot.rect.width() - width;
    let left = plot.x(band::plain(stage.desk, at, What::Frequency)) - width * 0.5;
    let left = left.clamp(plot.rect.left() + look.px(4.0), plot.rect.left() + room - look.px(4.0));
    let tag = Rect::from_min_size(pos2(left, top), vec2(width, height));
    let (corner, edge) = (look.corner(6.0), look.stroke(1.0, theme::TRACK));
    stage.ui.painter().rect(tag, corner, theme::RAISED, edge, StrokeKind::Inside);
    for (line, (text, font, colour)) in lines.into_iter().enumerate() {
        let middle = tag.top() + look.px(WITHIN[1] + LINE * (line as f32 + 0.5));
        let place =
            Rect::from_center_size(pos2(tag.center().x, middle), vec2(width, look.px(LINE)));
        label(stage.ui, place, Align2::CENTER_CENTER, &text, font, colour);
    }
}
