//! Builders for the suite's parameters: ranges in users' units, and text that round-trips.
//!
//! What a parameter shows it also understands, with and without the unit, in the other common units
//! of its kind, with a comma or a point, with a hyphen or a true minus sign: `-1`, `−1,0 dBTP`,
//! `2.5k`, `0.03 s`. Text that is not a number is refused, not read as zero. No parameter has a
//! smoother or a step: glides belong to the processors, steps to the editor.

use nice_plug::prelude::{BoolParam, Enum, FloatParam, FloatRange, Params};
use shared_dsp::dry_path::Monitor;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Reads a number that may carry one of `units`, each with its factor to the plain value. A bare
/// number means the plain unit; `k` before the unit means thousand.
pub fn parse_number(text: &str, units: &[(&str, f64)]) -> Option<f64> {
    let text = text.trim().replace('\u{2212}', "-").replace(',', ".");
    let lower = text.to_lowercase();
    // A remark in brackets (a delay in samples beside its milliseconds) is not part of the value.
    let lower = lower.split('(').next().unwrap_or_default().trim();
    let end = lower
        .char_indices()
        .find(|&(i, c)| {
            let exponent =
                c == 'e' && lower[i + 1..].starts_with(|d: char| d.is_ascii_digit() || d == '-');
            !(c.is_ascii_digit() || matches!(c, '.' | '+' | '-') || exponent)
        })
        .map_or(lower.len(), |(i, _)| i);
    let (number, unit) = lower.split_at(end);
    let number: f64 = number.parse().ok()?;
    let unit = unit.trim();
    let factor = if unit.is_empty() {
        1.0
    } else if let Some((_, factor)) = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))
    {
        *factor
    } else {
        let rest = unit.strip_prefix('k')?;
        let known =
            rest.is_empty() || units.iter().any(|(n, f)| *f == 1.0 && n.eq_ignore_ascii_case(rest));
        known.then_some(1000.0)?
    };
    Some(number * factor).filter(|v| v.is_finite())
}

/// The text of a number with `digits` decimals, never "-0".
fn fixed(value: f32, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| matches!(c, '0' | '.')) => rest.to_owned(),
        _ => text,
    }
}

/// How a continuous parameter is written and read.
struct Text {
    unit: &'static str,
    digits: fn(f32) -> usize,
    units: &'static [(&'static str, f64)],
}

/// A parameter whose default is a value that hosts can give back: they hand on what lies between 0
/// and 1, and where a range is skewed most values change by a last bit on the way there and back. A
/// default that did would sound another bit once a host has set everything to what it is.
fn float(name: &str, default: f32, range: FloatRange) -> FloatParam {
    let mut kept = default;
    for _ in 0..16 {
        kept = range.unnormalize(range.normalize(kept));
    }
    FloatParam::new(name, kept, range)
}

fn continuous(name: &str, default: f32, range: FloatRange, text: &Text) -> FloatParam {
    let &Text { unit, digits, units } = text;
    float(name, default, range)
        .with_value_to_string(Arc::new(move |v| format!("{} {unit}", fixed(v, digits(v)))))
        .with_string_to_value(Arc::new(move |t| parse_number(t, units).map(|v| v as f32)))
}

/// A level or gain in dB, linear in dB, shown to 0.01 dB.
pub fn decibels(name: &str, default_db: f32, min_db: f32, max_db: f32) -> FloatParam {
    let range = FloatRange::Linear { min: min_db, max: max_db };
    continuous(name, default_db, range, &Text { unit: "dB", digits: |_| 2, units: &[("db", 1.0)] })
}

/// A true-peak level in dBTP, linear in dB, shown to 0.01 dB.
pub fn true_peak(name: &str, default_dbtp: f32, min_dbtp: f32, max_dbtp: f32) -> FloatParam {
    let range = FloatRange::Linear { min: min_dbtp, max: max_dbtp };
    let units = &[("dbtp", 1.0), ("db", 1.0), ("dbfs", 1.0)];
    continuous(name, default_dbtp, range, &Text { unit: "dBTP", digits: |_| 2, units })
}

/// A loudness in LUFS, linear, shown to 0.1 LU.
pub fn loudness(name: &str, default_lufs: f32, min_lufs: f32, max_lufs: f32) -> FloatParam {
    let range = FloatRange::Linear { min: min_lufs, max: max_lufs };
    let text = Text { unit: "LUFS", digits: |_| 1, units: &[("lufs", 1.0), ("lkfs", 1.0)] };
    continuous(name, default_lufs, range, &text)
}

/// A difference of loudness in LU, linear, shown to 0.1 LU.
pub fn loudness_units(name: &str, default_lu: f32, min_lu: f32, max_lu: f32) -> FloatParam {
    let range = FloatRange::Linear { min: min_lu, max: max_lu };
    let text = Text { unit: "LU", digits: |_| 1, units: &[("lu", 1.0), ("db", 1.0)] };
    continuous(name, default_lu, range, &text)
}

/// A share in percent, shown to 0.1 %.
pub fn percent(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    let range = FloatRange::Linear { min, max };
    continuous(name, default, range, &Text { unit: "%", digits: |_| 1, units: &[("%", 1.0)] })
}

/// A balance from −100 (left) to +100 (right): `25.0 % L`, `C`, `10.0 % R`.
pub fn balance(name: &str) -> FloatParam {
    float(name, 0.0, FloatRange::Linear { min: -100.0, max: 100.0 })
        .with_value_to_string(Arc::new(|v| {
            let side = if v < 0.0 { "L" } else { "R" };
            let text = fixed(v.abs(), 1);
            if text == "0.0" { "C".to_owned() } else { format!("{text} % {side}") }
        }))
        .with_string_to_value(Arc::new(|text| {
            let lower = text.trim().to_lowercase();
            if matches!(lower.as_str(), "c" | "centre" | "center") {
                return Some(0.0);
            }
            let (number, sign) = match lower.strip_suffix('l') {
                Some(left) => (left, -1.0),
                None => (lower.strip_suffix('r').unwrap_or(&lower), 1.0),
            };
            parse_number(number, &[("%", 1.0)]).map(|v| (v * sign) as f32)
        }))
}

const TIME_UNITS: &[(&str, f64)] = &[("ms", 1.0), ("s", 1000.0), ("us", 1e-3), ("µs", 1e-3)];

/// A time in milliseconds with more room for short times, the more the wider the range, shown to
/// three figures or better.
pub fn milliseconds(name: &str, default_ms: f32, min_ms: f32, max_ms: f32) -> FloatParam {
    let decades = (max_ms / min_ms).log10();
    let factor = FloatRange::skew_factor(if decades > 2.0 { -2.0 } else { -1.0 });
    let range = FloatRange::Skewed { min: min_ms, max: max_ms, factor };
    let digits = |ms: f32| if ms < 10.0 { 2 } else { 1 };
    continuous(name, default_ms, range, &Text { unit: "ms", digits, units: TIME_UNITS })
}

/// A frequency in Hz, with as much room for every octave as a power of four can give, shown to three
/// figures or better and in kHz from 1 kHz on.
pub fn frequency(name: &str, default_hz: f32, min_hz: f32, max_hz: f32) -> FloatParam {
    let range =
        FloatRange::Skewed { min: min_hz, max: max_hz, factor: FloatRange::skew_factor(-2.0) };
    float(name, default_hz, range)
        .with_value_to_string(Arc::new(|hz| match hz {
            hz if hz >= 9999.5 => format!("{} kHz", fixed(hz / 1000.0, 2)),
            hz if hz >= 999.95 => format!("{} kHz", fixed(hz / 1000.0, 3)),
            hz => format!("{} Hz", fixed(hz, 1)),
        }))
        .with_string_to_value(Arc::new(|text| {
            parse_number(text, &[("hz", 1.0), ("khz", 1000.0)]).map(|hz| hz as f32)
        }))
}

/// A Q, with more room for low ones.
pub fn quality(name: &str, default: f32, min: f32, max: f32) -> FloatParam {
    let range = FloatRange::Skewed { min, max, factor: FloatRange::skew_factor(-2.0) };
    float(name, default, range)
        .with_value_to_string(Arc::new(|q| fixed(q, if q < 10.0 { 3 } else { 2 })))
        .with_string_to_value(Arc::new(|text| parse_number(text, &[]).map(|q| q as f32)))
}

/// A ratio from 1:1 to `max`:1, with more room for low ones: `4.00:1`. A bare number will do.
pub fn ratio(name: &str, default: f32, max: f32) -> FloatParam {
    let range = FloatRange::Skewed { min: 1.0, max, factor: FloatRange::skew_factor(-2.0) };
    float(name, default, range)
        .with_value_to_string(Arc::new(|ratio| {
            format!("{}:1", fixed(ratio, if ratio < 10.0 { 2 } else { 1 }))
        }))
        .with_string_to_value(Arc::new(|text| {
            let (ratio, one) = text.split_once(':').unwrap_or((text, "1"));
            let one = parse_number(one, &[]).filter(|one| *one > 0.0)?;
            parse_number(ratio, &[]).map(|ratio| (ratio / one) as f32)
        }))
}

/// The sample rate a parameter's text speaks of, known once the plugin is active.
#[derive(Debug, Clone, Default)]
pub struct SampleRate(Arc<AtomicU32>);

impl SampleRate {
    /// Takes over the rate of the running host.
    pub fn set_hz(&self, sample_rate_hz: f32) {
        self.0.store(sample_rate_hz.to_bits(), Ordering::Relaxed);
    }

    /// The rate in Hz, if the plugin has been active.
    pub fn hz(&self) -> Option<f32> {
        let hz = f32::from_bits(self.0.load(Ordering::Relaxed));
        (hz > 0.0).then_some(hz)
    }
}

/// A delay in milliseconds from 0, linear, shown to 0.001 ms and in samples: `1.000 ms (48.00
/// samples)`. Typed samples are understood too once the rate is known.
pub fn delay(name: &str, max_ms: f32, rate: &SampleRate) -> FloatParam {
    let (shown, typed) = (rate.clone(), rate.clone());
    float(name, 0.0, FloatRange::Linear { min: 0.0, max: max_ms })
        .with_value_to_string(Arc::new(move |ms| match shown.hz() {
            Some(hz) => format!("{} ms ({} samples)", fixed(ms, 3), fixed(ms * 1e-3 * hz, 2)),
            None => format!("{} ms", fixed(ms, 3)),
        }))
        .with_string_to_value(Arc::new(move |text| {
            let number = parse_number(text, TIME_UNITS);
            let per_sample_ms = typed.hz().map(|hz| 1e3 / f64::from(hz));
            let samples = per_sample_ms
                .and_then(|ms| parse_number(text, &[("samples", ms), ("sample", ms), ("smp", ms)]));
            number.or(samples).map(|v| v as f32)
        }))
}

/// A corner frequency that can be off: the range starts a tenth below `min_hz`, and what is nearer to
/// that start than to `min_hz` is `Off`, the default; from `min_hz` to `max_hz` there is more room
/// for the low frequencies. Shown to 0.1 Hz.
pub fn frequency_or_off(name: &str, min_hz: f32, max_hz: f32) -> FloatParam {
    let off = off_below(min_hz);
    let range = FloatRange::Skewed { min: off, max: max_hz, factor: FloatRange::skew_factor(-1.5) };
    float(name, off, range)
        .with_value_to_string(Arc::new(move |hz| {
            frequency_unless_off(hz, min_hz)
                .map_or("Off".to_owned(), |hz| format!("{} Hz", fixed(hz as f32, 1)))
        }))
        .with_string_to_value(Arc::new(move |text| {
            if text.trim().eq_ignore_ascii_case("off") {
                return Some(off);
            }
            parse_number(text, &[("hz", 1.0)]).map(|hz| hz as f32)
        }))
}

/// The value that means off, below a frequency range that starts at `min_hz`.
fn off_below(min_hz: f32) -> f32 {
    min_hz * 0.9
}

/// The frequency in Hz, or none when the value lies in the range's `Off` zone.
pub fn frequency_unless_off(hz: f32, min_hz: f32) -> Option<f64> {
    let nearer_to_off = hz < f32::midpoint(off_below(min_hz), min_hz);
    (!nearer_to_off).then_some(f64::from(hz.max(min_hz)))
}

/// The same for a corner above which nothing is heard: off, the default, lies a tenth above `max_hz`.
pub fn frequency_or_off_above(name: &str, min_hz: f32, max_hz: f32) -> FloatParam {
    let off = off_above(max_hz);
    let range = FloatRange::Skewed { min: min_hz, max: off, factor: FloatRange::skew_factor(-1.5) };
    float(name, off, range)
        .with_value_to_string(Arc::new(move |hz| match frequency_unless_off_above(hz, max_hz) {
            Some(hz) if hz >= 9999.5 => format!("{} kHz", fixed((hz / 1000.0) as f32, 2)),
            Some(hz) if hz >= 999.95 => format!("{} kHz", fixed((hz / 1000.0) as f32, 3)),
            Some(hz) => format!("{} Hz", fixed(hz as f32, 1)),
            None => "Off".to_owned(),
        }))
        .with_string_to_value(Arc::new(move |text| {
            if text.trim().eq_ignore_ascii_case("off") {
                return Some(off);
            }
            parse_number(text, &[("hz", 1.0), ("khz", 1000.0)]).map(|hz| hz as f32)
        }))
}

/// The value that means off, above a frequency range that ends at `max_hz`.
fn off_above(max_hz: f32) -> f32 {
    max_hz * 1.1
}

/// The frequency in Hz, or none when the value lies in the `Off` zone above the range.
pub fn frequency_unless_off_above(hz: f32, max_hz: f32) -> Option<f64> {
    let nearer_to_off = hz > f32::midpoint(off_above(max_hz), max_hz);
    (!nearer_to_off).then_some(f64::from(hz.min(max_hz)))
}

/// A switch that reads `On`/`Off`, `true`/`false`, `1`/`0`.
pub fn switch(name: &str, default: bool) -> BoolParam {
    BoolParam::new(name, default).with_string_to_value(Arc::new(parse_switch))
}

/// A monitor: how one listens, not how it sounds. Host-visible, not automatable, off on load.
pub fn monitor(name: &str) -> BoolParam {
    switch(name, false).non_automatable()
}

/// The bypass every plugin has.
pub fn bypass() -> BoolParam {
    switch("Bypass", false).make_bypass()
}

/// What a plugin that turns all of its stem by one key listens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Key {
    /// The stem.
    #[id = "internal"]
    Internal,
    /// The key input, and nothing else: instances with one key apply one gain.
    #[id = "external"]
    External,
}

/// The monitors of a plugin with a key, and its bypass: their ids are the same everywhere.
#[derive(Params)]
pub struct Monitors {
    /// The key instead of the output.
    #[id = "key-listen"]
    pub key_listen: BoolParam,
    /// The output as loud as the input.
    #[id = "match"]
    pub matched: BoolParam,
    /// What the plugin changes, alone.
    #[id = "delta"]
    pub delta: BoolParam,
    /// The delayed, unprocessed signal.
    #[id = "bypass"]
    pub bypass: BoolParam,
}

impl Default for Monitors {
    fn default() -> Self {
        Self {
            key_listen: monitor("Key Listen"),
            matched: monitor("Match"),
            delta: monitor("Delta"),
            bypass: bypass(),
        }
    }
}

impl Monitors {
    /// What is listened to.
    pub fn values(&self) -> Monitor {
        Monitor {
            bypass: self.bypass.value(),
            delta: self.delta.value(),
            matched: self.matched.value(),
            key: self.key_listen.value(),
        }
    }
}

fn parse_switch(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "on" | "true" | "yes" | "1" => Some(true),
        "off" | "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nice_plug::prelude::Param;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let db = &[("db", 1.0), ("dbtp", 1.0)];
        assert_eq!(parse_number("-1 dBTP", db), Some(-1.0));
        assert_eq!(parse_number("\u{2212}14", db), Some(-14.0));
        assert_eq!(parse_number("-0,5dB", db), Some(-0.5));
        assert_eq!(parse_number("+3", db), Some(3.0));
        assert_eq!(parse_number("2.5k", &[("hz", 1.0)]), Some(2500.0));
        assert_eq!(parse_number("2.5 kHz", &[("hz", 1.0)]), Some(2500.0));
        assert_eq!(parse_number("0.03 s", TIME_UNITS), Some(30.0));
        assert_eq!(parse_number("30 ms", TIME_UNITS), Some(30.0));
        assert_eq!(parse_number("1e-3 s", TIME_UNITS), Some(1.0));
        for bad in ["", "loud", "3 apples", "--1", "1.2.3", "nan", "inf", "-", "3 kdBFS?"] {
            assert_eq!(parse_number(bad, db), None, "{bad:?}");
        }
    }

    /// Text → value → text for every hundredth of a range.
    fn round_trips(param: &FloatParam) {
        for i in 0..=400 {
            let text = param.normalized_value_to_string(i as f32 / 400.0, true);
            let back = param.string_to_normalized_value(&text).expect(&text);
            assert_eq!(param.normalized_value_to_string(back, true), text);
        }
    }

    #[test]
    fn what_a_parameter_shows_it_understands() {
        let rate = SampleRate::default();
        round_trips(&decibels("Gain", 0.0, -24.0, 24.0));
        round_trips(&true_peak("Ceiling", -1.0, -12.0, 0.0));
        round_trips(&loudness("Key Level", -24.0, -60.0, 0.0));
        round_trips(&percent("Width", 100.0, 0.0, 200.0));
        round_trips(&balance("Balance"));
        round_trips(&milliseconds("Release", 50.0, 1.0, 1000.0));
        round_trips(&frequency_or_off("High-Pass", 10.0, 400.0));
        round_trips(&frequency_or_off_above("Low-Pass", 500.0, 20_000.0));
        round_trips(&frequency("Frequency", 1000.0, 20.0, 20_000.0));
        round_trips(&quality("Q", 0.707, 0.1, 24.0));
        round_trips(&ratio("Ratio", 4.0, 100.0));
        round_trips(&milliseconds("Hold", 0.0, 0.0, 1000.0));
        round_trips(&delay("Delay", 100.0, &rate));
        rate.set_hz(48_000.0);
        round_trips(&delay("Delay", 100.0, &rate));
    }

    #[test]
    fn frequencies_and_ratios_are_typed_as_people_write_them() {
        let frequency = frequency("Frequency", 1000.0, 20.0, 20_000.0);
        let hz = |text| {
            let typed = frequency.string_to_normalized_value(text);
            typed.map(|value| frequency.preview_plain(value).round())
        };
        for text in ["2.5k", "2.5 kHz", "2500", "2,5 k", "2500 Hz"] {
            assert_eq!(hz(text), Some(2500.0), "{text}");
        }
        assert_eq!(hz("high"), None);
        let ratio = ratio("Ratio", 4.0, 100.0);
        let to_one = |text| {
            let typed = ratio.string_to_normalized_value(text);
            typed.map(|value| (ratio.preview_plain(value) * 100.0).round() / 100.0)
        };
        for text in ["3", "3:1", "3.0 : 1", "6:2"] {
            assert_eq!(to_one(text), Some(3.0), "{text}");
        }
        for text in ["1:0", ":", "3:", "much"] {
            assert_eq!(to_one(text), None, "{text}");
        }
    }

    #[test]
    fn defaults_survive_a_host_that_sets_what_it_read() {
        for default in [60.0, 150.0, 300.0, 700.0, 1500.0, 6000.0, 12_000.0] {
            let param = frequency("Frequency", default, 20.0, 20_000.0);
            let plain = param.default_plain_value();
            assert!((plain / default - 1.0).abs() < 1e-5, "{plain}");
            assert_eq!(param.preview_plain(param.preview_normalized(plain)), plain);
        }
    }

    #[test]
    fn zero_has_no_sign() {
        let gain = decibels("Gain", 0.0, -24.0, 24.0);
        assert_eq!(
            gain.normalized_value_to_string(gain.preview_normalized(-0.001), true),
            "0.00 dB"
        );
    }

    #[test]
    fn a_delay_is_typed_in_samples_too() {
        let rate = SampleRate::default();
        let delay = delay("Delay", 100.0, &rate);
        assert_eq!(delay.string_to_normalized_value("48 samples"), None);
        rate.set_hz(48_000.0);
        let value = delay.string_to_normalized_value("48 samples").expect("a number of samples");
        assert!((delay.preview_plain(value) - 1.0).abs() < 1e-6);
        assert_eq!(delay.normalized_value_to_string(value, true), "1.000 ms (48.00 samples)");
    }

    #[test]
    fn off_is_a_value_of_its_own() {
        let corner = frequency_or_off("High-Pass", 10.0, 400.0);
        assert_eq!(corner.normalized_value_to_string(0.0, true), "Off");
        let off = corner.preview_plain(corner.string_to_normalized_value("off").expect("off"));
        assert_eq!(frequency_unless_off(off, 10.0), None);
        let ten = corner.preview_plain(corner.string_to_normalized_value("10 Hz").expect("10 Hz"));
        assert!(frequency_unless_off(ten, 10.0).is_some());
        let corner = frequency_or_off_above("Low-Pass", 500.0, 20_000.0);
        assert_eq!(corner.normalized_value_to_string(1.0, true), "Off");
        assert_eq!(frequency_unless_off_above(corner.default_plain_value(), 20_000.0), None);
        let hz = |text| {
            let value = corner.string_to_normalized_value(text).expect(text);
            frequency_unless_off_above(corner.preview_plain(value), 20_000.0)
        };
        assert_eq!(hz("off"), None);
        assert!(hz("20 kHz").is_some_and(|hz| (hz / 20_000.0 - 1.0).abs() < 1e-5));
        assert!(hz("2.5k").is_some_and(|hz| (hz / 2500.0 - 1.0).abs() < 1e-5));
    }

    #[test]
    fn a_switch_refuses_what_is_neither() {
        assert_eq!(parse_switch("On"), Some(true));
        assert_eq!(parse_switch("0"), Some(false));
        assert_eq!(parse_switch("maybe"), None);
    }
}
