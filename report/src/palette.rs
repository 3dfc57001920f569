//! The colours, by what they mean. Every word on every surface keeps a contrast of at least 4.5
//! to 1 (WCAG 2.2, 1.4.3).

/// A colour as 0xRRGGBB.
pub type Colour = u32;

/// Colours for one kind of light.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Palette {
    /// Behind everything.
    pub window: Colour,
    /// Behind a section.
    pub panel: Colour,
    /// Behind a drawing.
    pub well: Colour,
    /// Borders.
    pub line: Colour,
    /// Lines of scales.
    pub grid: Colour,
    /// What is read first.
    pub text: Colour,
    /// What is read second.
    pub quiet: Colour,
    /// Signal, and what passed.
    pub signal: Colour,
    /// Signal behind signal.
    pub faint_signal: Colour,
    /// Changes of gain, and what should be looked at.
    pub change: Colour,
    /// A change of gain behind another.
    pub faint_change: Colour,
    /// The key.
    pub key: Colour,
    /// Over.
    pub over: Colour,
}

/// On a dark surface.
pub const DARK: Palette = Palette {
    window: 0x0E_1214,
    panel: 0x15_1B1E,
    well: 0x0A_0D0F,
    line: 0x2A_343A,
    grid: 0x1D_2529,
    text: 0xEA_F1F3,
    quiet: 0x93_A1A8,
    signal: 0x35_CDBB,
    faint_signal: 0x1F_7268,
    change: 0xF5_AE42,
    faint_change: 0x7D_5A26,
    key: 0x7F_B2FF,
    over: 0xFF_6B61,
};

/// On a light surface, and on paper.
pub const LIGHT: Palette = Palette {
    window: 0xF4_F6F7,
    panel: 0xFF_FFFF,
    well: 0xF7_F9FA,
    line: 0xCB_D4D8,
    grid: 0xDF_E6E9,
    text: 0x12_181B,
    quiet: 0x55_626A,
    signal: 0x0B_766B,
    faint_signal: 0x7F_C4BC,
    change: 0x8F_5A00,
    faint_change: 0xE6_C080,
    key: 0x1F_5FBF,
    over: 0xB8_261C,
};

impl Palette {
    /// Custom properties for a style sheet.
    pub fn properties(&self) -> String {
        let named = [
            ("window", self.window),
            ("panel", self.panel),
            ("well", self.well),
            ("line", self.line),
            ("grid", self.grid),
            ("text", self.text),
            ("quiet", self.quiet),
            ("signal", self.signal),
            ("faint-signal", self.faint_signal),
            ("change", self.change),
            ("faint-change", self.faint_change),
            ("key", self.key),
            ("over", self.over),
        ];
        named.map(|(name, colour)| format!("--{name}:#{colour:06x};")).concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.2, relative luminance.
    fn luminance(colour: Colour) -> f64 {
        let part = |shift: u32| {
            let c = f64::from(colour >> shift & 0xFF) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    }

    fn contrast(a: Colour, b: Colour) -> f64 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        (a / b).max(b / a)
    }

    #[test]
    fn words_can_be_read_on_every_surface() {
        assert!((contrast(0, 0xFF_FFFF) - 21.0).abs() < 1e-9);
        for p in [DARK, LIGHT] {
            for surface in [p.window, p.panel, p.well] {
                for word in [p.text, p.quiet, p.signal, p.change, p.key, p.over] {
                    let found = contrast(word, surface);
                    assert!(found >= 4.5, "{word:06x} on {surface:06x}: {found:.2}");
                }
            }
        }
    }

    #[test]
    fn what_lies_behind_can_be_told_from_what_lies_before() {
        for p in [DARK, LIGHT] {
            for (faint, full) in [(p.faint_signal, p.signal), (p.faint_change, p.change)] {
                assert!(contrast(faint, full) > 1.9, "{faint:06x}");
                assert!(contrast(faint, p.well) > 1.5, "{faint:06x}");
            }
        }
    }
}
