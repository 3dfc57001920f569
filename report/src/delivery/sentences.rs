//! What is said of loudness and peaks: the figure, the limits, and what to turn.
//!
//! A figure is shown to a tenth, and to a hundredth where a tenth could put it on the other side of its
//! limit. What is to be turned down or limited is rounded up to a tenth, so that doing it is enough.

use super::line::{Line, Outcome};
use super::measured::{At, Measured};
use crate::model::Target;
use crate::number::{fixed, moment, signed};
use shared_dsp::targets::Standing;

/// Less than this cannot be judged: the short-term window has not been full, s.
pub(super) const LEAST_SECONDS: f64 = 3.0;
/// What is said of less.
const JUDGED: &str = "3 s or more can be judged";
/// What a programme of one channel measures less than the same on both, LU.
pub(super) const ONE_CHANNEL_LU: f64 = 3.010_299_956_639_812;

/// Decimals that keep a figure on its side of the limits.
fn decimals(value: f64, limits: impl IntoIterator<Item = f64>) -> usize {
    if limits.into_iter().any(|limit| (value - limit).abs() < 0.1) { 2 } else { 1 }
}

/// `2.3`, or `0.04` where a tenth would be nothing.
pub(super) fn amount(value: f64) -> String {
    fixed(value, if value.abs() < 0.095 { 2 } else { 1 })
}

/// A gain as [`amount`] states it: what it brings with it is that of doing as one is told.
fn stated(gain_db: f64) -> f64 {
    let parts = if gain_db.abs() < 0.095 { 100.0 } else { 10.0 };
    (gain_db * parts).round() / parts
}

/// What has to be taken off so that no more than a rounding is over: up to a tenth.
pub(super) fn enough(over: f64) -> String {
    fixed(((over - Target::TOLERANCE_DB) * 10.0).ceil().max(1.0) / 10.0, 1)
}

/// ` at 0:12.4`.
fn when(at: At) -> String {
    format!(" at {}", moment(at.seconds))
}

/// The loudness that is judged.
enum Reading {
    /// It, in LUFS.
    Is(f64),
    /// Nothing was loud enough to count.
    Silent,
    /// It cannot be told: what was read instead, and what to do.
    Open(String, &'static str),
}

fn reading(target: &Target, measured: &Measured) -> Reading {
    let of_one_channel = |lufs: f64| {
        let twice = measured.dual_mono || measured.channels > 1;
        if target.mono && twice { lufs - ONE_CHANNEL_LU } else { lufs }
    };
    let level = |lufs: Option<f64>| {
        lufs.map_or_else(|| "silent".to_owned(), |lufs| format!("{} LUFS", fixed(lufs, 1)))
    };
    if target.mono && measured.channels > 1 && !measured.alike {
        let advice = "Fold it to mono, then measure again: two channels read otherwise than one";
        return Reading::Open(
            format!("{} of two channels", level(measured.integrated_lufs)),
            advice,
        );
    }
    if target.dialogue_gated {
        return match measured.dialogue_lufs {
            Some(lufs) => Reading::Is(of_one_channel(lufs)),
            None => Reading::Open(
                format!("{}, not dialogue-gated", level(measured.integrated_lufs)),
                "Measure it with its dialogue stem beside it: the dialogue alone is judged here",
            ),
        };
    }
    measured.integrated_lufs.map_or(Reading::Silent, |lufs| Reading::Is(of_one_channel(lufs)))
}

/// The line on the loudness, and the gain in dB that would bring it to the target: 0 where it is on
/// target, or nothing can be said.
pub(crate) fn loudness(target: &Target, measured: &Measured) -> (Line, f64) {
    let what = if target.dialogue_gated { "Dialogue loudness" } else { "Integrated" };
    let reading = reading(target, measured);
    let Some(wanted) = target.lufs else {
        let line = match reading {
            Reading::Is(lufs) => {
                Line::new(what, format!("{} LUFS", fixed(lufs, 1)), Outcome::Noted)
            }
            Reading::Open(said, _) => Line::new(what, said, Outcome::Noted),
            Reading::Silent => silent(what, measured),
        };
        return (line, 0.0);
    };
    let [below, above] = target.tolerance_lu;
    let (low, high) = (wanted - below, wanted + above);
    let limits = format!("{} to {} LUFS", exact(low), exact(high));
    let lufs = match reading {
        Reading::Is(lufs) => lufs,
        Reading::Silent => return (silent(what, measured).within(limits), 0.0),
        Reading::Open(said, advice) => {
            let line = Line::new(what, said, Outcome::NotMeasurable);
            return (line.within(limits).advising(advice), 0.0);
        }
    };
    let said = format!("{} LUFS", fixed(lufs, decimals(lufs, [low, high])));
    let line = |outcome| Line::new(what, said.clone(), outcome).within(limits.clone());
    if measured.seconds < LEAST_SECONDS {
        let advice = format!("Only {} s measured: {JUDGED}", fixed(measured.seconds, 1));
        return (line(Outcome::NotMeasurable).advising(advice), 0.0);
    }
    match target.standing(lufs) {
        None => (line(Outcome::NotMeasurable), 0.0),
        Some(Standing::OnTarget) => (line(Outcome::Passed), 0.0),
        Some(Standing::Over(by)) => {
            let gain_db = -stated(by);
            let costs = costs(target, measured, gain_db);
            let advice = format!("{0} LU over: lower by {0} dB{costs}", amount(by));
            (line(Outcome::Failed).advising(advice), gain_db)
        }
        Some(Standing::Under(by)) => {
            let gain_db = stated(by);
            let costs = costs(target, measured, gain_db);
            let advice = format!("{0} LU under: raise by {0} dB{costs}", amount(by));
            (line(Outcome::Failed).advising(advice), gain_db)
        }
    }
}

/// What is left to do after a gain, behind a semicolon.
fn costs(target: &Target, measured: &Measured, gain_db: f64) -> String {
    let mut costs = Vec::new();
    let peak = measured.highest_true_peak_dbtp().map(|at| at.value + gain_db);
    if let (Some(peak), Some(ceiling)) = (peak.filter(|p| target.is_over(*p)), target.ceiling_dbtp)
    {
        costs.push(format!("; the true peak then needs {} dB of limiting", enough(peak - ceiling)));
    }
    for (name, at, most) in windows(target, measured) {
        if let (Some(at), Some(most)) = (at, most)
            && is_over(at.value + gain_db, most)
        {
            let over = enough(at.value + gain_db - most);
            costs.push(format!(
                "; {name} loudness is then {over} LU over at {}",
                moment(at.seconds)
            ));
        }
    }
    costs.concat()
}

/// The loudness of windows: what it is called, the loudest, and the most that may be.
fn windows(target: &Target, measured: &Measured) -> [(&'static str, Option<At>, Option<f64>); 2] {
    [
        ("short-term", measured.max_short_term_lufs, target.max_short_term_lufs),
        ("momentary", measured.max_momentary_lufs, target.max_momentary_lufs),
    ]
}

/// Whether a loudness or a range is over its limit. Judged in hundredths, as it is read.
pub(super) fn is_over(value: f64, most: f64) -> bool {
    ((value - most) * 100.0).round() > 0.0
}

fn silent(what: &str, measured: &Measured) -> Line {
    if measured.seconds < LEAST_SECONDS {
        let said = format!("nothing in {} s", fixed(measured.seconds, 1));
        let advice = format!("Nothing measured: {JUDGED}");
        return Line::new(what, said, Outcome::NotMeasurable).advising(advice);
    }
    Line::new(what, "silent", Outcome::Failed)
        .advising("Nothing was loud enough to count: check what was measured")
}

/// The lines on the loudest windows, where they are limited, before a gain that the loudness asks for.
pub(super) fn loudest(target: &Target, measured: &Measured, gain_db: f64) -> Vec<Line> {
    let limited = windows(target, measured).into_iter().zip(["Short-term, max", "Momentary, max"]);
    let line = |((_, at, most), what): ((_, Option<At>, Option<f64>), _)| {
        let most = most?;
        let limits = format!("at most {} LUFS", fixed(most, 1));
        let Some(at) = at else {
            return Some(Line::new(what, "silent", Outcome::NotMeasurable).within(limits));
        };
        let said = format!("{} LUFS{}", fixed(at.value, decimals(at.value, [most])), when(at));
        let over = at.value - most;
        let line = if !is_over(at.value, most) {
            Line::new(what, said, Outcome::Passed)
        } else if is_over(at.value + gain_db, most) {
            let more = enough(over + gain_db);
            let first = after(gain_db);
            let advice =
                format!("{} LU over: {first}hold that passage back by {more} dB", amount(over));
            Line::new(what, said, Outcome::Failed).advising(advice)
        } else {
            let advice =
                format!("{} LU over: lowering by {} dB mends it", amount(over), amount(-gain_db));
            Line::new(what, said, Outcome::Failed).advising(advice)
        };
        Some(Line { at_seconds: Some(at.seconds), ..line.within(limits) })
    };
    limited.filter_map(line).collect()
}

/// What is to be done first.
fn after(gain_db: f64) -> String {
    if gain_db == 0.0 { String::new() } else { format!("after {} dB, ", signed(gain_db, 1)) }
}

/// The highest true peak.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Peak {
    /// By whichever meter reads highest, dBTP.
    pub(crate) dbtp: f64,
    /// When, if that is known, in seconds.
    pub(crate) seconds: Option<f64>,
    /// By the meter of BS.1770 alone, dBTP.
    pub(crate) itu_dbtp: Option<f64>,
}

impl Peak {
    /// That of a programme; `None` in silence.
    pub(crate) fn of(measured: &Measured) -> Option<Self> {
        let at = measured.highest_true_peak_dbtp()?;
        let itu_dbtp = measured.itu_dbtp().map(|at| at.value);
        Some(Self { dbtp: at.value, seconds: Some(at.seconds), itu_dbtp })
    }

    /// ` at 0:12.4`, if that is known.
    fn when(self) -> String {
        self.seconds.map(|seconds| format!(" at {}", moment(seconds))).unwrap_or_default()
    }

    /// Where the meter of BS.1770 alone would have let it pass.
    fn alone(self, target: &Target) -> String {
        self.itu_dbtp.filter(|itu| !target.is_over(*itu)).map_or_else(String::new, |itu| {
            format!(" by the strict reading (ITU 4\u{d7} reads {})", signed(itu, 2))
        })
    }
}

/// The line on the highest true peak, before a gain that the loudness asks for.
pub(crate) fn true_peak(target: &Target, peak: Option<Peak>, gain_db: f64) -> Line {
    const WHAT: &str = "True peak";
    let Some(peak) = peak else {
        let limits = target.ceiling_dbtp.map(ceiling_words);
        let outcome = if limits.is_some() { Outcome::NotMeasurable } else { Outcome::Noted };
        return Line::new(WHAT, "silent", outcome).within(limits.unwrap_or_default());
    };
    let said = |limit: f64| format!("{} dBTP", signed(peak.dbtp, decimals(peak.dbtp, [limit])));
    let line = match target.ceiling_dbtp {
        None if peak.dbtp > 0.0 => {
            let when = peak.when();
            let advice = format!("Over full scale{when}: a converter or an encoder will clip it");
            Line::new(WHAT, said(0.0), Outcome::Review).advising(advice)
        }
        None => Line::new(WHAT, said(0.0), Outcome::Noted),
        Some(ceiling) => {
            let over = target.is_over(peak.dbtp);
            let outcome = if over { Outcome::Failed } else { Outcome::Passed };
            let line = Line::new(WHAT, said(ceiling), outcome).within(ceiling_words(ceiling));
            if over { line.advising(over_ceiling(target, peak, ceiling, gain_db)) } else { line }
        }
    };
    Line { at_seconds: peak.seconds, ..line }
}

fn ceiling_words(ceiling_dbtp: f64) -> String {
    format!("at most {} dBTP", exact(ceiling_dbtp))
}

/// A limit as it was given: to a tenth, or to a hundredth where it has one.
fn exact(value: f64) -> String {
    let tenths = (value * 10.0).round() / 10.0;
    fixed(value, if (tenths - value).abs() < 1e-9 { 1 } else { 2 })
}

fn over_ceiling(target: &Target, peak: Peak, ceiling: f64, gain_db: f64) -> String {
    let (over, when) = (amount(peak.dbtp - ceiling), peak.when());
    if gain_db < 0.0 && !target.is_over(peak.dbtp + gain_db) {
        return format!("{over} dB over{when}: lowering by {} dB mends it", amount(-gain_db));
    }
    format!(
        "{over} dB over{when}{}: {}lower the limiter\u{2019}s ceiling to {} dBTP: {} dB more reduction",
        peak.alone(target),
        after(gain_db),
        exact(ceiling),
        enough(peak.dbtp + gain_db - ceiling)
    )
}
