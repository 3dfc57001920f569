//! Scales and where their numbers stand.

use crate::number;

/// A straight mapping of values to places. Values beyond its ends are held there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// The values at both ends.
    pub values: [f64; 2],
    /// The places of these values, in points.
    pub places: [f64; 2],
}

impl Scale {
    /// The place of `value`.
    pub fn place(&self, value: f64) -> f64 {
        let [from, to] = self.values;
        let share = (value - from) / (to - from);
        // What is no number stands where the scale begins.
        let share = if to == from || share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        self.places[0] + share * (self.places[1] - self.places[0])
    }
}

/// A number on a scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Its value.
    pub value: f64,
    /// How it reads.
    pub label: String,
}

/// The smallest of 1, 2, 3 and 6 times a power of ten, up to which `most` steps cover `span`: the
/// steps that levels are read in.
pub fn nice_step(span: f64, most: usize) -> f64 {
    let least = span.abs() / most.max(1) as f64;
    if !least.is_finite() || least <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 3.0, 6.0, 10.0].into_iter().find(|s| s * power >= least * (1.0 - 1e-9));
    step.unwrap_or(10.0) * power
}

/// At most `most` + 1 ticks between two levels, on multiples of a nice step.
pub fn decibel_ticks(low: f64, high: f64, most: usize) -> Vec<Tick> {
    let step = nice_step(high - low, most);
    let decimals = if step < 1.0 { (-step.log10()).ceil().clamp(0.0, 3.0) as usize } else { 0 };
    ticks(low, high, step, |value| number::fixed(value, decimals))
}

/// At most `most` + 1 ticks from the start to `seconds`, on whole seconds, minutes or hours.
pub fn time_ticks(seconds: f64, most: usize) -> Vec<Tick> {
    const STEPS: [f64; 16] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0,
        21_600.0, 86_400.0,
    ];
    let least = seconds / most.max(1) as f64;
    let step = STEPS.into_iter().find(|s| *s >= least);
    // Beyond days, whole days.
    let step = step.unwrap_or_else(|| 86_400.0 * (least / 86_400.0).ceil());
    ticks(0.0, seconds, step, number::clock)
}

fn ticks(low: f64, high: f64, step: f64, label: impl Fn(f64) -> String) -> Vec<Tick> {
    let (first, last) = ((low / step - 1e-9).ceil(), (high / step + 1e-9).floor());
    if !(first.is_finite() && last.is_finite() && last - first < 1000.0) {
        return Vec::new();
    }
    (first as i64..=last as i64)
        .map(|index| {
            let value = index as f64 * step;
            Tick { value, label: label(value) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_those_that_levels_are_read_in() {
        assert_eq!(nice_step(30.0, 5), 6.0);
        assert_eq!(nice_step(24.0, 4), 6.0);
        assert_eq!(nice_step(3.0, 3), 1.0);
        assert!((nice_step(1.0, 4) - 0.3).abs() < 1e-12);
        assert_eq!(nice_step(70.0, 7), 10.0);
        assert_eq!(nice_step(0.0, 4), 1.0);
        assert_eq!(nice_step(f64::NAN, 4), 1.0);
    }

    #[test]
    fn ticks_stand_on_multiples_within_the_ends() {
        let labels = |t: Vec<Tick>| t.into_iter().map(|t| t.label).collect::<Vec<_>>();
        let minus = |n: &str| format!("\u{2212}{n}");
        assert_eq!(
            labels(decibel_ticks(-33.0, -3.0, 5)),
            [minus("30"), minus("24"), minus("18"), minus("12"), minus("6")]
        );
        assert_eq!(
            labels(decibel_ticks(-0.6, 0.0, 3)),
            [minus("0.6"), minus("0.4"), minus("0.2"), "0.0".into()]
        );
        assert_eq!(
            labels(time_ticks(211.0, 8)),
            ["0:00", "0:30", "1:00", "1:30", "2:00", "2:30", "3:00", "3:30"]
        );
        assert_eq!(
            labels(time_ticks(7200.0, 4)),
            ["0:00", "30:00", "1:00:00", "1:30:00", "2:00:00"]
        );
        assert_eq!(labels(time_ticks(0.0, 4)), ["0:00"]);
        for seconds in [0.01, 3.0, 1e4, 1e7, 1e12, f64::INFINITY, f64::NAN] {
            assert!(time_ticks(seconds, 6).len() <= 7, "{seconds}");
        }
    }

    #[test]
    fn places_are_held_at_the_ends() {
        let scale = Scale { values: [-30.0, 0.0], places: [100.0, 0.0] };
        assert_eq!(scale.place(-15.0), 50.0);
        assert_eq!(scale.place(6.0), 0.0);
        assert_eq!(scale.place(-90.0), 100.0);
        assert_eq!(scale.place(f64::NAN), 100.0);
        assert_eq!(Scale { values: [1.0, 1.0], places: [5.0, 9.0] }.place(1.0), 5.0);
    }
}
