//! Parameter texts as numbers with units, so that what was asked can be held against what a
//! plugin shows: `-1` and `-1.0 dBTP` are one value, `-30 dB` and `-24.0 dB` are not.

/// A number read from a parameter's text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantity {
    /// The value in the base unit: Hz, seconds, dB, percent, or whatever it is.
    pub value: f64,
    /// The step of the last digit shown, in the base unit.
    pub resolution: f64,
    /// What it is a quantity of.
    pub dimension: Dimension,
}

/// What a quantity measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// No unit given.
    Bare,
    /// dB, dBTP, dBFS, LUFS, LU.
    Level,
    /// Hz, kHz; the base is Hz.
    Frequency,
    /// ms, s; the base is the second.
    Time,
    /// Per cent.
    Percent,
    /// L, R: a position left (negative) or right.
    Side,
    /// Any other.
    Other,
}

impl Quantity {
    /// The number at the start of `text`, with its unit. `None` if there is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().replace(['\u{2212}', '\u{2013}'], "-");
        let unsigned = text.trim_start_matches(['+', '-']).trim_start();
        let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
        let digits_end =
            unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
        let digits = &unsigned[..digits_end];
        let number: f64 = digits.parse().ok().filter(|_| !digits.is_empty())?;
        let decimals = digits.split_once('.').map_or(0, |(_, d)| d.len().min(300)) as i32;

        let rest = unsigned[digits_end..].trim().to_lowercase();
        let unit = rest.split([' ', '(', ',']).next().unwrap_or("");
        // Sides stand behind the number and any unit: `30 L`, `30.0 % R`. Left is negative.
        let side = match rest.split(' ').next_back() {
            Some("l") => Some(-1.0),
            Some("r") => Some(1.0),
            _ => None,
        };
        if let Some(side) = side {
            let resolution = 10f64.powi(-decimals);
            let dimension = Dimension::Side;
            return Some(Self { value: side * sign * number, resolution, dimension });
        }
        let (dimension, scale) = match unit {
            "" => (Dimension::Bare, 1.0),
            "k" => (Dimension::Bare, 1000.0),
            "db" | "dbtp" | "dbfs" | "lufs" | "lu" | "dbu" | "dbov" => (Dimension::Level, 1.0),
            "hz" => (Dimension::Frequency, 1.0),
            "khz" => (Dimension::Frequency, 1000.0),
            "s" | "sec" => (Dimension::Time, 1.0),
            "ms" => (Dimension::Time, 1e-3),
            "us" | "\u{b5}s" | "\u{3bc}s" => (Dimension::Time, 1e-6),
            "%" => (Dimension::Percent, 1.0),
            _ => (Dimension::Other, 1.0),
        };
        let resolution = scale * 10f64.powi(-decimals);
        Some(Self { value: sign * number * scale, resolution, dimension })
    }

    /// Whether `shown`, what a plugin shows, is this value to the last digit it shows. A number
    /// without a unit takes the unit shown; times without one may be meant in ms.
    pub fn agrees_with(&self, shown: &Self) -> bool {
        let near = |asked: f64| {
            // Half a shown step, and what a normalised f32 can lose of a wide range.
            let tolerance = 0.5001 * shown.resolution + 1e-5 * shown.value.abs();
            (asked - shown.value).abs() <= tolerance
        };
        match (self.dimension, shown.dimension) {
            (Dimension::Bare, Dimension::Time) => near(self.value) || near(self.value * 1e-3),
            (Dimension::Bare, _) | (_, Dimension::Bare) => near(self.value),
            (asked, told) => asked == told && near(self.value),
        }
    }
}

/// `text` with its number a little larger and a little smaller, the unit kept.
pub fn neighbours(text: &str) -> Option<[String; 2]> {
    let text = text.trim().replace(['\u{2212}', '\u{2013}'], "-");
    let start = text.find(|c: char| c.is_ascii_digit() || c == '.')?;
    let length =
        text[start..].find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len() - start);
    let sign = if text[..start].contains('-') { -1.0 } else { 1.0 };
    let number = sign * text[start..start + length].parse::<f64>().ok()?;
    let step = if number == 0.0 { 1.0 } else { 0.02 * number.abs() };
    let unit = &text[start + length..];
    Some([number + step, number - step].map(|n| format!("{n}{unit}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agree(asked: &str, shown: &str) -> bool {
        let (Some(asked), Some(shown)) = (Quantity::parse(asked), Quantity::parse(shown)) else {
            panic!("{asked} {shown}");
        };
        asked.agrees_with(&shown)
    }

    #[test]
    fn equal_values_agree_however_they_are_written() {
        for (asked, shown) in [
            ("-1", "-1.0 dBTP"),
            ("-1 dB", "-1.00 dBTP"),
            ("\u{2212}1", "-1.0 dB"),
            ("+3", "3.0 dB"),
            ("2.5k", "2.50 kHz"),
            ("2500", "2.5 kHz"),
            ("2500 Hz", "2500 Hz"),
            ("30", "30.0 ms"),
            ("0.03 s", "30.0 ms"),
            ("1500 ms", "1.50 s"),
            ("12.5 ms", "12.50 ms (600 samples)"),
            ("50", "50%"),
            ("-30", "30 L"),
            ("-30", "30.0 % L"),
            ("30R", "30.0 % R"),
            ("3.4567 dB", "3.46 dB"),
            ("24", "24 bit"),
        ] {
            assert!(agree(asked, shown), "{asked} | {shown}");
        }
    }

    #[test]
    fn other_values_do_not() {
        for (asked, shown) in [
            ("-30 dB", "-24.0 dB"),
            ("-24.1 dB", "-24.0 dB"),
            ("2.5k", "2.50 Hz"),
            ("300 %", "200 %"),
            ("5 ms", "5.00 s"),
            ("1", "-1.0 dB"),
            ("1 dB", "1 Hz"),
            ("30", "30 L"),
        ] {
            assert!(!agree(asked, shown), "{asked} | {shown}");
        }
    }

    #[test]
    fn neighbours_keep_the_unit() {
        assert_eq!(neighbours("-50 Hz").unwrap(), ["-49 Hz", "-51 Hz"]);
        assert_eq!(neighbours("0").unwrap(), ["1", "-1"]);
        assert_eq!(neighbours("Off"), None);
    }

    #[test]
    fn words_are_no_numbers() {
        for text in ["Off", "", "-", "Lead Vocal", "dB 3", "1.2.3"] {
            assert_eq!(Quantity::parse(text), None, "{text}");
        }
    }
}
