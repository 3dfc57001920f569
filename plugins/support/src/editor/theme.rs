//! How the editors look: every colour, size and typeface, named once.
//!
//! One meaning a colour, in every plugin: teal is signal and "good", amber is every change of gain,
//! blue is the key, red is over. Nothing is told by colour alone.

use egui::epaint::text::{FontInsert, FontPriority, InsertFontFamily};
use egui::{Color32, CornerRadius, FontData, FontFamily, FontId, Stroke, TextStyle, Vec2, vec2};

/// The window behind everything.
pub const WINDOW: Color32 = Color32::from_rgb(0x0E, 0x12, 0x14);
/// A panel on the window.
pub const PANEL: Color32 = Color32::from_rgb(0x15, 0x1B, 0x1E);
/// What is sunk into a panel: meters, histories, choices.
pub const WELL: Color32 = Color32::from_rgb(0x0A, 0x0D, 0x0F);
/// What stands out of a panel: knobs, the chosen of several.
pub const RAISED: Color32 = Color32::from_rgb(0x24, 0x2E, 0x33);
/// Edges of panels. Decoration: nothing depends on seeing it.
pub const LINE: Color32 = Color32::from_rgb(0x2A, 0x34, 0x3A);
/// A stretch of a scale where all is well. Decoration: its edges are drawn in [`SIGNAL`].
pub const ZONE: Color32 = Color32::from_rgb(0x16, 0x38, 0x36);
/// Lines of a scale behind a drawing. Decoration: the numbers beside them say the same.
pub const GRID: Color32 = Color32::from_rgb(0x1D, 0x25, 0x29);
/// The way a knob can go, the edge of what can be pressed.
pub const TRACK: Color32 = Color32::from_rgb(0x66, 0x75, 0x7D);
/// What is read first.
pub const TEXT: Color32 = Color32::from_rgb(0xEA, 0xF1, 0xF3);
/// What says what the rest is: labels, scales, hints.
pub const LABEL: Color32 = Color32::from_rgb(0x9B, 0xA8, 0xAE);
/// Signal, and "good".
pub const SIGNAL: Color32 = Color32::from_rgb(0x35, 0xCD, 0xBB);
/// Signal before it was changed, behind the signal after.
pub const SIGNAL_BEFORE: Color32 = Color32::from_rgb(0x2A, 0x7F, 0x79);
/// Every change of gain.
pub const GAIN: Color32 = Color32::from_rgb(0xF5, 0xAE, 0x42);
/// What a change of gain takes away, behind its curve. Decoration: the curve is drawn in [`GAIN`].
pub const GAIN_AREA: Color32 = Color32::from_rgb(0x3A, 0x2D, 0x16);
/// The key.
pub const KEY: Color32 = Color32::from_rgb(0x7F, 0xB2, 0xFF);
/// Over, and errors.
pub const OVER: Color32 = Color32::from_rgb(0xFF, 0x6B, 0x60);

/// Colours of text and the surfaces they are used on: a contrast of 4.5:1 or better.
pub const TEXT_ON: &[(Color32, &[Color32])] = &[
    (TEXT, &[WINDOW, PANEL, WELL, RAISED]),
    (LABEL, &[WINDOW, PANEL, WELL, RAISED]),
    (SIGNAL, &[WINDOW, PANEL, WELL, RAISED]),
    (GAIN, &[WINDOW, PANEL, WELL, RAISED]),
    (KEY, &[WINDOW, PANEL, WELL, RAISED]),
    (OVER, &[WINDOW, PANEL, WELL, RAISED]),
    (WELL, &[TEXT, GAIN]),
];
/// Colours of marks and the surfaces they are used on: a contrast of 3:1 or better.
pub const MARKS_ON: &[(Color32, &[Color32])] =
    &[(TRACK, &[WINDOW, PANEL, WELL]), (SIGNAL_BEFORE, &[WELL])];

/// Sizes at 100 %.
pub mod size {
    /// Units, scales.
    pub const SMALL: f32 = 11.0;
    /// Labels, values.
    pub const BODY: f32 = 13.0;
    /// A section's number, the plugin's name.
    pub const SECTION: f32 = 18.0;
    /// The one number of the page.
    pub const HERO: f32 = 46.0;
    /// Between things that belong together.
    pub const GAP: f32 = 8.0;
    /// Between panels, and from a panel's edge to what is in it.
    pub const MARGIN: f32 = 16.0;
    /// Corner of a panel.
    pub const CORNER: f32 = 8.0;
    /// Height of what is pressed.
    pub const BUTTON: f32 = 30.0;
}

const BOLD: &str = "semibold";

/// The theme at one size of the window: 1 is 100 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// How much larger than drawn everything is.
    pub scale: f32,
}

impl Look {
    /// The look that fits a page drawn for `page` into `window`, both in points.
    pub fn fitting(page: Vec2, window: Vec2) -> Self {
        let scale = (window.x / page.x).min(window.y / page.y);
        Self { scale: if scale.is_finite() { scale.clamp(0.5, 4.0) } else { 1.0 } }
    }

    /// A length of the drawing, in points.
    pub fn px(&self, length: f32) -> f32 {
        length * self.scale
    }

    /// A size of the drawing, in points.
    pub fn size(&self, x: f32, y: f32) -> Vec2 {
        vec2(x, y) * self.scale
    }

    /// The regular typeface at a size of the drawing.
    pub fn font(&self, size: f32) -> FontId {
        FontId::new(self.px(size), FontFamily::Proportional)
    }

    /// The bold typeface at a size of the drawing.
    pub fn bold(&self, size: f32) -> FontId {
        FontId::new(self.px(size), FontFamily::Name(BOLD.into()))
    }

    /// A line of the drawing's width.
    pub fn stroke(&self, width: f32, colour: Color32) -> Stroke {
        Stroke::new(self.px(width), colour)
    }

    /// A corner of the drawing.
    pub fn corner(&self, radius: f32) -> CornerRadius {
        CornerRadius::same(self.px(radius).round() as u8)
    }

    /// Gives egui's own parts (tooltips, text being typed) the same look.
    pub fn apply(&self, context: &egui::Context) {
        context.all_styles_mut(|style| {
            for (name, size) in [
                (TextStyle::Small, size::SMALL),
                (TextStyle::Body, size::BODY),
                (TextStyle::Button, size::BODY),
                (TextStyle::Monospace, size::BODY),
                (TextStyle::Heading, size::SECTION),
            ] {
                style.text_styles.insert(name, self.font(size));
            }
            style.spacing.item_spacing = self.size(size::GAP, size::GAP * 0.5);
            style.spacing.tooltip_width = self.px(280.0);
            let visuals = &mut style.visuals;
            *visuals = egui::Visuals::dark();
            visuals.override_text_color = Some(TEXT);
            visuals.panel_fill = WINDOW;
            visuals.window_fill = RAISED;
            visuals.window_stroke = Stroke::new(1.0, TRACK);
            visuals.window_corner_radius = self.corner(6.0);
            visuals.menu_corner_radius = self.corner(6.0);
            visuals.popup_shadow = egui::Shadow::NONE;
            visuals.text_edit_bg_color = Some(WELL);
            visuals.selection.bg_fill = Color32::from_rgb(0x1E, 0x5F, 0x58);
            visuals.selection.stroke = Stroke::new(1.0, TEXT);
        });
    }
}

/// Installs the typefaces: once per window.
pub fn install_fonts(context: &egui::Context) {
    let regular = include_bytes!("../../../../fonts/Inter-Regular-tabular.otf");
    let bold = include_bytes!("../../../../fonts/Inter-SemiBold-tabular.otf");
    let first = |family| InsertFontFamily { family, priority: FontPriority::Highest };
    context.add_font(FontInsert::new(
        "Inter",
        FontData::from_static(regular),
        vec![first(FontFamily::Proportional)],
    ));
    context.add_font(FontInsert::new(
        "Inter SemiBold",
        FontData::from_static(bold),
        vec![first(FontFamily::Name(BOLD.into()))],
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2, relative luminance.
    fn luminance(colour: Color32) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
    }

    /// WCAG 2.2, contrast ratio.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn contrast_of_black_and_white_is_21() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-9);
    }

    fn check(pairs: &[(Color32, &[Color32])], least: f64) {
        for (mark, surfaces) in pairs {
            for surface in *surfaces {
                let ratio = contrast(*mark, *surface);
                assert!(ratio >= least, "{mark:?} on {surface:?}: {ratio:.2} to 1");
            }
        }
    }

    #[test]
    fn text_is_legible() {
        check(TEXT_ON, 4.5);
    }

    #[test]
    fn marks_are_visible() {
        check(MARKS_ON, 3.0);
    }

    #[test]
    fn figures_are_tabular() {
        let context = egui::Context::default();
        install_fonts(&context);
        let look = Look { scale: 1.0 };
        let input = egui::RawInput::default;
        context.run_ui(input(), |_| {}).drop_without_applying_deltas();
        let output = context.run_ui(egui::RawInput::default(), |ui| {
            for font in [look.font(size::BODY), look.bold(size::HERO)] {
                let width = |text: &str| {
                    ui.painter().layout_no_wrap(text.to_owned(), font.clone(), TEXT).size().x
                };
                for digit in '0'..='9' {
                    let text: String = std::iter::repeat_n(digit, 8).collect();
                    assert!((width(&text) - width("00000000")).abs() < 0.5, "{digit}");
                }
            }
        });
        output.drop_without_applying_deltas();
    }

    #[test]
    fn a_look_fits_the_smaller_side() {
        let page = vec2(1000.0, 500.0);
        assert_eq!(Look::fitting(page, vec2(2000.0, 1000.0)).scale, 2.0);
        assert_eq!(Look::fitting(page, vec2(3000.0, 750.0)).scale, 1.5);
        assert_eq!(Look::fitting(page, vec2(0.0, 0.0)).scale, 0.5);
    }
}
