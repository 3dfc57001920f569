//! How a page is divided: rows from the top down, and parts of a row from the left.

use super::theme::Look;
use egui::{Rect, pos2, vec2};

/// A row of a height within a rectangle, its top at a distance from the rectangle's; both at 100 %.
pub fn row(look: Look, within: Rect, top: f32, height: f32) -> Rect {
    let corner = pos2(within.left(), within.top() + look.px(top));
    Rect::from_min_size(corner, vec2(within.width(), look.px(height)))
}

/// A part of a row of a width, its left at a distance from the row's; both at 100 %.
pub fn cell(look: Look, row: Rect, left: f32, width: f32) -> Rect {
    let corner = pos2(row.left() + look.px(left), row.top());
    Rect::from_min_size(corner, vec2(look.px(width), row.height()))
}
