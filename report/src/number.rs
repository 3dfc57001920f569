//! Numbers as people read them: a true minus, a fixed number of decimals, no negative zero.

/// `value` with `decimals` digits after the point.
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "no number".to_owned();
    }
    let digits = format!("{:.*}", decimals, value.abs());
    let is_zero = digits.bytes().all(|b| matches!(b, b'0' | b'.'));
    if value < 0.0 && !is_zero { format!("\u{2212}{digits}") } else { digits }
}

/// The same with a sign in front, unless it is 0.
pub fn signed(value: f64, decimals: usize) -> String {
    let digits = fixed(value, decimals);
    let is_zero = digits.bytes().all(|b| matches!(b, b'0' | b'.'));
    if value > 0.0 && !is_zero { format!("+{digits}") } else { digits }
}

/// A level, or `silent`.
pub fn level(value: Option<f64>, decimals: usize) -> String {
    value.map_or_else(|| "silent".to_owned(), |v| fixed(v, decimals))
}

/// A peak, whose sign matters, or `silent`.
pub fn peak(value: Option<f64>) -> String {
    value.map_or_else(|| "silent".to_owned(), |v| signed(v, 2))
}

/// A position or a length in time: `3:07`, `1:02:00`.
pub fn clock(seconds: f64) -> String {
    let whole = if seconds.is_finite() { seconds.max(0.0).round() as u64 } else { 0 };
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A moment to a tenth of a second: `0:12.4`, `1:02:00.0`.
pub fn moment(seconds: f64) -> String {
    let tenths = if seconds.is_finite() { (seconds.max(0.0) * 10.0).round() as u64 } else { 0 };
    format!("{}.{}", clock((tenths / 10) as f64), tenths % 10)
}

/// A whole number in groups of three: `10 080 000`, with spaces that do not break.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A share from 0 to 1: `61 %`, `under 1 %`.
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    let digits = if percent < 1.0 { "under 1".to_owned() } else { fixed(percent, 0) };
    format!("{digits} %")
}

/// The edge of a band in hertz, short: `63`, `2k`.
pub fn edge(hz: f64) -> String {
    if hz < 1000.0 { fixed(hz.round(), 0) } else { format!("{}k", fixed(hz / 1000.0, 0)) }
}

/// An octave band: `31–63 Hz`, `500 Hz–1 kHz`, `2–4 kHz`.
pub fn octave(low_hz: f64, high_hz: f64) -> String {
    let split = |hz: f64| if hz < 1000.0 { (hz.round(), "Hz") } else { (hz / 1000.0, "kHz") };
    let ((low, low_unit), (high, unit)) = (split(low_hz), split(high_hz));
    let between = if low_unit == unit { String::new() } else { format!(" {low_unit}") };
    format!("{}{between}\u{2013}{} {unit}", fixed(low, 0), fixed(high, 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_true_minuses_and_no_negative_zero() {
        assert_eq!(fixed(-14.04, 1), "\u{2212}14.0");
        assert_eq!(fixed(-0.004, 2), "0.00");
        assert_eq!(fixed(f64::NAN, 2), "no number");
        assert_eq!(signed(1.25, 1), "+1.2");
        assert_eq!(signed(0.004, 2), "0.00");
        assert_eq!(signed(-3.0, 1), "\u{2212}3.0");
        assert_eq!(level(None, 1), "silent");
        assert_eq!(peak(Some(0.25)), "+0.25");
    }

    #[test]
    fn time_reads_as_a_clock_does() {
        assert_eq!(clock(0.0), "0:00");
        assert_eq!(clock(187.2), "3:07");
        assert_eq!(clock(59.7), "1:00");
        assert_eq!(clock(7200.0), "2:00:00");
        assert_eq!(clock(f64::INFINITY), "0:00");
        assert_eq!(moment(12.44), "0:12.4");
        assert_eq!(moment(59.97), "1:00.0");
        assert_eq!(moment(3720.0), "1:02:00.0");
        assert_eq!(moment(f64::NAN), "0:00.0");
    }

    #[test]
    fn a_share_is_never_said_to_be_nothing() {
        assert_eq!([0.614, 0.01, 0.009, 1.0].map(percent), ["61 %", "1 %", "under 1 %", "100 %"]);
    }

    #[test]
    fn bands_are_named_by_their_edges() {
        assert_eq!(octave(31.25, 62.5), "31\u{2013}63 Hz");
        assert_eq!(octave(500.0, 1000.0), "500 Hz\u{2013}1 kHz");
        assert_eq!(octave(8000.0, 16_000.0), "8\u{2013}16 kHz");
        assert_eq!([62.5, 500.0, 16_000.0].map(edge), ["63", "500", "16k"]);
    }

    #[test]
    fn long_numbers_are_grouped() {
        assert_eq!(grouped(10), "10");
        assert_eq!(grouped(1_000), "1\u{202f}000");
        assert_eq!(grouped(10_080_000), "10\u{202f}080\u{202f}000");
    }
}
