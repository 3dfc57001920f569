//! The figures: loudness, true peak, dynamics, and what the channels are to each other.

use super::{BODY, Card, STRONG, ink};
use crate::delivery::{At, Delivery, Line, Measured, Outcome};
use crate::draw::{Anchor, Drawing, Font, Ink, Scale};
use crate::number::{fixed, moment, percent, signed};

const LABEL: Font = Font { size: 12.0, strong: false };
const HUGE: Font = Font { size: 54.0, strong: true };
const LARGE: Font = Font { size: 42.0, strong: true };
const UNIT: Font = Font { size: 17.0, strong: false };
/// Between two rows of figures.
const ROW: f64 = 21.0;
/// What a bar of loudness shows to either side of its zone, LU.
const ASIDE_LU: f64 = 6.0;
/// A loss in mono from here on is marked, dB.
const MARKED_LOSS_DB: f64 = -3.0;

fn title(drawing: &mut Drawing, card: Card, text: &str) {
    let at = [card.inside()[0], card.top + 25.0];
    drawing.words(at, Anchor::Start, Ink::QuietText, BODY, text);
}

/// How wide a figure is in the font of pictures, whose digits and minus are of one width.
fn figure_width(font: Font, figure: &str) -> f64 {
    let em = |c: char| if c == '.' { 0.3 } else { 0.67 };
    font.size * figure.chars().map(em).sum::<f64>()
}

/// A large figure and its unit.
fn large(drawing: &mut Drawing, [x, y]: [f64; 2], font: Font, ink: Ink, value: &str, unit: &str) {
    drawing.words([x, y], Anchor::Start, ink, font, value);
    if !unit.is_empty() {
        let at = [x + figure_width(font, value) + 6.0, y];
        drawing.words(at, Anchor::Start, Ink::QuietText, UNIT, unit);
    }
}

/// A name on the left and a figure on the right.
fn row(drawing: &mut Drawing, card: Card, y: f64, name: &str, value: &str) {
    let [left, right] = card.inside();
    drawing.words([left, y], Anchor::Start, Ink::QuietText, BODY, name);
    drawing.words([right, y], Anchor::End, Ink::Text, STRONG, value);
}

fn or_silent(value: Option<f64>, decimals: usize) -> (String, bool) {
    value.map_or_else(|| ("silent".to_owned(), false), |value| (fixed(value, decimals), true))
}

/// The line of the verdict on `what`.
fn line<'a>(delivery: &'a Delivery, what: &[&str]) -> Option<&'a Line> {
    delivery.verdict.lines.iter().find(|line| what.contains(&line.what.as_str()))
}

/// The loudness against its zone, and the loudest windows.
pub(super) fn integrated(drawing: &mut Drawing, delivery: &Delivery, card: Card) {
    let (m, target) = (&delivery.measured, &delivery.verdict.target);
    let [left, right] = card.inside();
    let judged = line(delivery, &["Integrated", "Dialogue loudness"]);
    let gated = target.dialogue_gated && m.dialogue_lufs.is_some();
    title(drawing, card, if gated { "Dialogue loudness" } else { "Integrated" });
    let lufs = if gated { m.dialogue_lufs } else { m.integrated_lufs };
    let outcome = judged.map_or(Outcome::Noted, |line| line.outcome);
    let figure = match outcome {
        Outcome::Failed => ink(outcome),
        _ => Ink::Text,
    };
    let (value, is_there) = or_silent(lufs, 1);
    let at = [left, card.top + 82.0];
    large(drawing, at, HUGE, figure, &value, if is_there { "LUFS" } else { "" });

    if let Some(wanted) = target.lufs {
        let [below, above] = target.tolerance_lu;
        let (top, bottom) = (card.top + 100.0, card.top + 110.0);
        let ends = [wanted - below - ASIDE_LU, wanted + above + ASIDE_LU];
        let scale = Scale { values: ends, places: [left, right] };
        drawing.rectangle([left, top], [right, bottom], Ink::Well);
        let [low, high] = [wanted - below, wanted + above].map(|lufs| scale.place(lufs));
        let thin = (0.5 * (4.0 - (high - low))).max(0.0);
        drawing.rectangle([low - thin, top], [high + thin, bottom], Ink::FaintSignal);
        if let Some(lufs) = lufs {
            let x = scale.place(lufs).clamp(left + 2.0, right - 2.0);
            drawing.rectangle([x - 1.5, top - 4.0], [x + 1.5, bottom + 4.0], Ink::Text);
        }
    }
    if let Some(line) = judged {
        let y = card.top + 133.0;
        let limits = if line.limits.is_empty() { "none asked for" } else { &line.limits };
        drawing.words([left, y], Anchor::Start, Ink::QuietText, LABEL, limits);
        let word = Font { size: 14.0, strong: true };
        drawing.words([right, y], Anchor::End, ink(outcome), word, outcome.word());
    }
    let middle = 0.5 * (left + right);
    for (x, name, at) in [
        (left, "Short-term, highest", m.max_short_term_lufs),
        (middle, "Momentary, highest", m.max_momentary_lufs),
    ] {
        let font = Font { size: 18.0, strong: true };
        drawing.words([x, card.top + 165.0], Anchor::Start, Ink::QuietText, LABEL, name);
        let (value, _) = or_silent(at.map(|at| at.value), 1);
        drawing.words([x, card.top + 188.0], Anchor::Start, Ink::Text, font, value.as_str());
        if let Some(at) = at {
            let beside = [x + figure_width(font, &value) + 8.0, card.top + 188.0];
            let when = format!("at {}", moment(at.seconds));
            drawing.words(beside, Anchor::Start, Ink::QuietText, LABEL, when);
        }
    }
}

/// The highest true peak, and those of each channel by both meters.
pub(super) fn true_peak(drawing: &mut Drawing, delivery: &Delivery, card: Card) {
    let m = &delivery.measured;
    let [left, right] = card.inside();
    title(drawing, card, "True peak");
    let highest = m.highest_true_peak_dbtp();
    let judged = line(delivery, &["True peak"]);
    let outcome = judged.map_or(Outcome::Noted, |line| line.outcome);
    let over = outcome == Outcome::Failed;
    let figure = if over { Ink::Over } else { Ink::Text };
    let value = highest.map_or_else(|| "silent".to_owned(), |at| signed(at.value, 2));
    let unit = if highest.is_some() { "dBTP" } else { "" };
    large(drawing, [left, card.top + 72.0], LARGE, figure, &value, unit);

    let y = card.top + 101.0;
    let ceiling = delivery.verdict.target.ceiling_dbtp;
    if let (true, Some(at), Some(ceiling)) = (over, highest, ceiling) {
        drawing.rectangle([left, y - 16.0], [right, y + 7.0], Ink::Over);
        let by = at.value - ceiling;
        let decimals = if by < 0.095 { 2 } else { 1 };
        let said = format!("over by {} at {}", fixed(by, decimals), moment(at.seconds));
        let middle = [0.5 * (left + right), y];
        drawing.words(middle, Anchor::Middle, Ink::Well, STRONG, said);
    } else if let Some(line) = judged {
        let limits = if line.limits.is_empty() { "none asked for" } else { &line.limits };
        drawing.words([left, y], Anchor::Start, Ink::QuietText, LABEL, limits);
        let word = Font { size: 14.0, strong: true };
        drawing.words([right, y], Anchor::End, ink(outcome), word, outcome.word());
    }

    let columns = [right - 128.0, right - 60.0, right];
    let y = card.top + 137.0;
    for (x, name) in columns.into_iter().zip(["ITU 4\u{d7}", "16\u{d7}", "sample"]) {
        drawing.words([x, y], Anchor::End, Ink::QuietText, LABEL, name);
    }
    let sides: &[&str] = if m.peaks.len() == 1 { &["Mono"] } else { &["Left", "Right"] };
    for (index, (peaks, side)) in m.peaks.iter().zip(sides).enumerate() {
        let y = y + ROW * (index + 1) as f64;
        drawing.words([left, y], Anchor::Start, Ink::QuietText, BODY, *side);
        let value = |at: Option<At>| at.map(|at| at.value);
        let values = [value(peaks.itu_dbtp), value(peaks.strict_dbtp), peaks.sample_peak_dbfs];
        for (index, (x, value)) in columns.into_iter().zip(values).enumerate() {
            // A sample is no true peak, which alone is limited.
            let over = index < 2 && value.is_some_and(|v| delivery.verdict.target.is_over(v));
            let text = value.map_or_else(|| "\u{2013}".to_owned(), |v| signed(v, 2));
            let ink = if over { Ink::Over } else { Ink::Text };
            drawing.words([x, y], Anchor::End, ink, STRONG, text);
        }
    }
}

/// Range, ratios, dialogue.
pub(super) fn dynamics(drawing: &mut Drawing, m: &Measured, card: Card) {
    title(drawing, card, "Dynamics");
    let none = || "\u{2013}".to_owned();
    let with = |value: Option<f64>, unit: &str| {
        value.map_or_else(none, |value| format!("{} {unit}", fixed(value, 1)))
    };
    let crests: Vec<String> =
        m.peaks.iter().map(|peaks| peaks.crest_db.map_or_else(none, |db| fixed(db, 1))).collect();
    let mut rows = vec![
        ("Loudness range", with(m.range_lu, "LU")),
        ("Peak to loudness", with(m.plr_lu, "LU")),
        ("Densest 3 s (PSR)", with(m.lowest_psr_lu.map(|at| at.value), "LU")),
        ("Crest", format!("{} dB", crests.join(" / "))),
    ];
    if let Some(lufs) = m.dialogue_lufs {
        rows.push(("Dialogue", with(Some(lufs), "LUFS")));
        let share = m.dialogue_share.map_or_else(none, percent);
        rows.push(("Time with dialogue", share));
    }
    let mut y = card.top + 54.0;
    for (name, value) in rows {
        row(drawing, card, y, name, &value);
        y += ROW;
    }
    let mut notes = Vec::new();
    if m.range_lu.is_some() && !m.range_is_stable {
        notes.push("The range is unstable under 60 s.");
    }
    if m.dual_mono {
        notes.push("Mono, counted as two speakers.");
    }
    if m.alike {
        notes.push("Both channels are alike.");
    }
    let [left, _] = card.inside();
    for (index, note) in notes.iter().rev().enumerate() {
        let y = card.bottom - 16.0 - 17.0 * index as f64;
        drawing.words([left, y], Anchor::Start, Ink::QuietText, LABEL, *note);
    }
}

/// Correlation and what mono loses, in all and by band.
pub(super) fn image(drawing: &mut Drawing, m: &Measured, card: Card) {
    title(drawing, card, "Correlation and mono fold");
    let [left, right] = card.inside();
    if m.channels < 2 {
        let at = [left, card.top + 54.0];
        drawing.words(at, Anchor::Start, Ink::QuietText, BODY, "One channel: nothing to fold.");
        return;
    }
    let mut rows = vec![("All", m.correlation, m.fold_loss_db)];
    let bands = m.bands.iter().rev();
    rows.extend(bands.map(|band| (band.name.as_str(), band.correlation, band.fold_loss_db)));
    let scale = Scale { values: [-1.0, 1.0], places: [left + 48.0, right - 74.0] };
    let mut y = card.top + 48.0;
    for (text, value, anchor) in
        [("\u{2212}1", -1.0, Anchor::Start), ("0", 0.0, Anchor::Middle), ("+1", 1.0, Anchor::End)]
    {
        drawing.words([scale.place(value), y], anchor, Ink::QuietText, LABEL, text);
    }
    drawing.words([right, y], Anchor::End, Ink::QuietText, LABEL, "in mono");
    for (name, correlation, loss) in rows {
        y += 27.0;
        let (top, bottom) = (y - 11.0, y + 1.0);
        drawing.words([left, y], Anchor::Start, Ink::QuietText, BODY, name);
        let [from, to] = scale.places;
        drawing.rectangle([from, top], [to, bottom], Ink::Well);
        let zero = scale.place(0.0);
        if let Some(r) = correlation {
            let x = scale.place(r);
            let ink = if r < 0.0 { Ink::Change } else { Ink::Signal };
            let (from, to) = (x.min(zero - 1.0), x.max(zero + 1.0));
            let [from, to] = if r < 0.0 { [from, zero] } else { [zero, to] };
            drawing.rectangle([from, top + 2.0], [to, bottom - 2.0], ink);
        }
        drawing.rule([zero, top - 2.0], [zero, bottom + 2.0], Ink::Border, false);
        let said = loss.map_or_else(|| "\u{2013}".to_owned(), |db| format!("{} dB", fixed(db, 1)));
        let marked = loss.is_some_and(|db| db < MARKED_LOSS_DB);
        let ink = if marked { Ink::Change } else { Ink::Text };
        drawing.words([right, y], Anchor::End, ink, STRONG, said);
    }
    if let Some(at) = m.lowest_correlation {
        let said = format!("Lowest {} at {}", signed(at.value, 2), moment(at.seconds));
        let at = [left, card.bottom - 16.0];
        drawing.words(at, Anchor::Start, Ink::QuietText, LABEL, said);
    }
}
