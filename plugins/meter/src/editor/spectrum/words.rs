//! Frequencies in words: hertz, and the note they lie by.

use support::editor::widgets::number;

const NAMES: [&str; 12] = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];
/// The concert pitch in Hz, and its place from C0 on, in semitones.
const PITCH_HZ: f32 = 440.0;
const PITCH: f32 = 57.0;

/// A frequency with three figures.
pub(super) fn hertz(hz: f32) -> String {
    match hz {
        hz if !hz.is_finite() => number(hz, 0),
        hz if hz >= 9995.0 => format!("{:.1} kHz", hz / 1e3),
        hz if hz >= 999.5 => format!("{:.2} kHz", hz / 1e3),
        hz if hz >= 99.95 => format!("{hz:.0} Hz"),
        hz => format!("{hz:.1} Hz"),
    }
}

/// A nominal frequency as it is called: 31.5 Hz, 1.25 kHz.
pub(super) fn nominal(hz: f32) -> String {
    let [value, unit] = if hz >= 1e3 { [hz / 1e3, 1.0] } else { [hz, 0.0] };
    let value = (value * 100.0).round() / 100.0;
    format!("{value} {}", if unit > 0.0 { "kHz" } else { "Hz" })
}

/// The nearest note, A4 being 440 Hz and C4 the middle C, with how far it is in cents.
pub(super) fn note(hz: f32) -> String {
    let place = PITCH + 12.0 * (hz / PITCH_HZ).log2();
    if !place.is_finite() || place < -0.5 {
        return number(f32::NAN, 0);
    }
    let nearest = place.round();
    let cents = (100.0 * (place - nearest)).round();
    let semitone = nearest as i32;
    let name = NAMES[semitone.rem_euclid(12) as usize];
    let octave = semitone.div_euclid(12);
    match cents {
        0.0 => format!("{name}{octave}"),
        cents if cents > 0.0 => format!("{name}{octave} +{cents:.0} ct"),
        cents => format!("{name}{octave} {} ct", number(cents, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_those_of_a_keyboard() {
        assert_eq!(note(440.0), "A4");
        assert_eq!(note(261.63), "C4");
        assert_eq!(note(27.5), "A0");
        assert_eq!(note(1000.0), "B5 +21 ct");
        assert_eq!(note(100.0), "G2 +35 ct");
        assert_eq!(note(4150.0), "C8 \u{2212}15 ct");
        assert_eq!(note(f32::NAN), "\u{2013}");
        assert_eq!(note(0.0), "\u{2013}");
    }

    #[test]
    fn hertz_have_three_figures() {
        assert_eq!(hertz(84.34), "84.3 Hz");
        assert_eq!(hertz(440.0), "440 Hz");
        assert_eq!(hertz(1016.0), "1.02 kHz");
        assert_eq!(hertz(12_340.0), "12.3 kHz");
        assert_eq!(
            [nominal(31.5), nominal(1250.0), nominal(16_000.0)],
            ["31.5 Hz", "1.25 kHz", "16 kHz"]
        );
    }
}
