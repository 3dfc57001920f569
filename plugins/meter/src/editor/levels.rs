//! The level meters: peak, VU, programme meter, and the K-System.
//!
//! All of them are of the mix in dBFS, put on scales with references of their own: 0 VU is a sine of
//! −18 dBFS, the alignment level of EBU R 68; 0 on the programme meter, of type I in IEC 60268-10, is
//! that document's permitted maximum of −9 dBFS, so that the alignment tone reads −9 on it; 0 of the
//! K-System is 20, 14 or 12 dB under full scale, and a sine reads its peak (AES17).

mod scale;

use super::view::choice;
use super::{MeterStage, is_mono, shown, titled};
use crate::dsp::Shown;
use egui::{Align2, Color32, Rect, pos2};
use scale::{Bar, Scale, bars};
use support::editor::theme::{self, size};
use support::editor::widgets::{PickOption, label, number, pick};

/// The permitted maximum of EBU R 68 in dBFS: 0 on the programme meter.
const PERMITTED_MAXIMUM_DBFS: f32 = -9.0;
/// Full scale: a sample that reaches it is clipped, as far as anybody can tell.
const FULL_SCALE_DBFS: f32 = 0.0;

/// Height of the list, and width, at 100 %.
const PICK: [f32; 2] = [84.0, 24.0];
/// Width of the bars with their numbers, and from caption to caption on the right.
const BARS: f32 = 88.0;
const GROUP: f32 = 35.0;

const OPTIONS: [PickOption<'static>; 6] = [
    PickOption {
        name: "Peak",
        hint: "Sample peak in dBFS, falling by 20 dB in 1.7 s; the line is held for 1.5 s. Red: at full \
            scale.",
    },
    PickOption {
        name: "VU",
        hint: "Volume indicator, IEC 60268-17: reaches 99 % in 300 ms. 0 VU is a sine of \u{2212}18 dBFS.",
    },
    PickOption {
        name: "PPM",
        hint: "Programme meter, IEC 60268-10 type I. 0 dB is the permitted maximum of EBU R 68, \u{2212}9 \
            dBFS; its alignment tone of \u{2212}18 dBFS reads \u{2212}9.",
    },
    PickOption {
        name: "K-12",
        hint: "K-System for broadcast: RMS of 600 ms, 0 at \u{2212}12 dBFS. Amber from 0, red from +4; the \
            line is the peak.",
    },
    PickOption {
        name: "K-14",
        hint: "K-System for most music: RMS of 600 ms, 0 at \u{2212}14 dBFS. Amber from 0, red from +4; \
            the line is the peak.",
    },
    PickOption {
        name: "K-20",
        hint: "K-System for film and classical music: RMS of 600 ms, 0 at \u{2212}20 dBFS. Amber from 0, \
            red from +4; the line is the peak.",
    },
];

/// One way to meter.
struct Meter {
    scale: Scale,
    /// What the bars are called, and their unit.
    name: &'static str,
    unit: &'static str,
    /// The bars' readings, and what is added to them.
    bars: [Shown; 2],
    offset_db: f32,
    /// The lines', on the same scale.
    held: Option<[Shown; 2]>,
}

const PEAKS_HELD: [Shown; 2] = [Shown::PeakHeldLeft, Shown::PeakHeldRight];
const RMS: [Shown; 2] = [Shown::RmsLeft, Shown::RmsRight];
const K_12: Meter = k(12.0, "K-12", &[12.0, 8.0, 4.0, 0.0, -4.0, -10.0, -20.0, -30.0]);
const K_14: Meter = k(14.0, "K-14", &[14.0, 9.0, 4.0, 0.0, -4.0, -10.0, -20.0, -30.0]);
const K_20: Meter = k(20.0, "K-20", &[20.0, 15.0, 10.0, 4.0, 0.0, -4.0, -10.0, -20.0, -30.0]);

const fn k(headroom_db: f32, unit: &'static str, marks: &'static [f32]) -> Meter {
    Meter {
        scale: scale::k(headroom_db, marks),
        name: "RMS",
        unit,
        bars: RMS,
        offset_db: headroom_db,
        held: Some(PEAKS_HELD),
    }
}

/// In the order of [`OPTIONS`].
const METERS: [Meter; 6] = [
    Meter {
        scale: scale::PEAK,
        name: "Peak",
        unit: "dBFS",
        bars: [Shown::PeakLeft, Shown::PeakRight],
        offset_db: 0.0,
        held: Some(PEAKS_HELD),
    },
    Meter {
        scale: scale::VU,
        name: "VU",
        unit: "VU",
        bars: [Shown::VuLeft, Shown::VuRight],
        offset_db: 0.0,
        held: None,
    },
    Meter {
        scale: scale::PPM,
        name: "PPM",
        unit: "dB",
        bars: [Shown::PpmLeft, Shown::PpmRight],
        offset_db: -PERMITTED_MAXIMUM_DBFS,
        held: None,
    },
    K_12,
    K_14,
    K_20,
];

/// Draws the panel.
pub(super) fn draw(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let (line, below) = titled(stage, rect, "Levels");
    let [width, height] = PICK.map(|length| look.px(length));
    let place = Rect::from_x_y_ranges(
        line.right() - width..=line.right(),
        line.center().y - 0.5 * height..=line.center().y + 0.5 * height,
    );
    let chosen = stage.choices.get(choice::LEVELS).min(METERS.len() - 1);
    if let Some(to) = pick(stage.ui, look, stage.desk, place, "Level meter", chosen, &OPTIONS) {
        stage.choices.set(choice::LEVELS, to);
    }
    let below = below.with_min_y(below.top() + look.px(4.0));
    let meter = &METERS[chosen];
    let sides: &[&str] = if is_mono(stage) { &["M"] } else { &["L", "R"] };
    let levels: Vec<f32> =
        meter.bars.iter().map(|bar| shown(stage, *bar) + meter.offset_db).collect();
    let held: Vec<f32> = match meter.held {
        Some(held) => held.iter().map(|line| shown(stage, *line) + meter.offset_db).collect(),
        None => vec![f32::NAN; 2],
    };
    let spoken: Vec<[String; 2]> = sides
        .iter()
        .zip(&levels)
        .map(|(side, level)| {
            let name = format!("{} {side}", meter.name);
            [name, format!("{} {}", signed(*level), meter.unit)]
        })
        .collect();
    let drawn: Vec<Bar<'_>> = sides
        .iter()
        .enumerate()
        .map(|(n, name)| Bar {
            name: if sides.len() == 1 { "mono" } else { name },
            level: levels[n],
            held: held[n],
            spoken: [&spoken[n][0], &spoken[n][1]],
        })
        .collect();
    let place = below.with_max_x(below.left() + look.px(BARS));
    bars(stage, place, &meter.scale, &drawn, OPTIONS[chosen].hint);
    let numbers = below.with_min_x(place.right() + look.px(12.0));
    figures(stage, numbers, meter, sides.len());
}

/// The numbers beside the bars, a caption over each pair, and what has clipped.
fn figures(stage: &mut MeterStage<'_, '_>, rect: Rect, meter: &Meter, channels: usize) {
    let read = |of: [Shown; 2], offset_db: f32| of.map(|side| shown(stage, side) + offset_db);
    let true_peaks = read([Shown::TruePeakHeldLeft, Shown::TruePeakHeldRight], 0.0);
    let peaks = read(PEAKS_HELD, 0.0);
    let crest = read([Shown::CrestLeft, Shown::CrestRight], 0.0);
    let first = if meter.bars[0] == Shown::PeakLeft {
        ("True peak, dBTP".to_owned(), true_peaks.map(|db| (signed(db), over(db))))
    } else {
        let levels = read(meter.bars, meter.offset_db);
        let caption = if meter.name == meter.unit {
            meter.name.to_owned()
        } else {
            format!("{}, {}", meter.name, meter.unit)
        };
        (caption, levels.map(|level| (signed(level), theme::TEXT)))
    };
    let groups = [
        first,
        ("Sample peak, dBFS".to_owned(), peaks.map(|db| (signed(db), at_full_scale(db)))),
        ("Crest factor, dB".to_owned(), crest.map(|db| (number(db, 1), theme::TEXT))),
    ];
    let look = stage.look;
    let (small, bold) = (look.font(size::SMALL), look.bold(size::BODY + 1.0));
    let width = rect.width() / 2.0;
    for (row, (caption, pair)) in groups.iter().enumerate() {
        let top = rect.top() + look.px(GROUP) * row as f32;
        let line = Rect::from_x_y_ranges(rect.x_range(), top..=top + look.px(14.0));
        label(stage.ui, line, Align2::LEFT_CENTER, caption, small.clone(), theme::LABEL);
        for (column, (text, colour)) in pair.iter().take(channels).enumerate() {
            let at = pos2(rect.left() + width * column as f32, top + look.px(23.0));
            stage.ui.painter().text(at, Align2::LEFT_CENTER, text, bold.clone(), *colour);
        }
    }
    let clipped = read_clipped(stage, channels);
    let foot = rect.with_min_y(rect.bottom() - look.px(15.0));
    let (text, colour, font) = match clipped {
        Some(text) => (text, theme::OVER, look.bold(size::SMALL + 1.0)),
        None => ("not clipped", theme::LABEL, small),
    };
    label(stage.ui, foot, Align2::LEFT_BOTTOM, text, font, colour);
}

/// Which channels have been at full scale since the last reset.
fn read_clipped(stage: &MeterStage<'_, '_>, channels: usize) -> Option<&'static str> {
    let peaks = [Shown::SamplePeakLeft, Shown::SamplePeakRight].map(|side| shown(stage, side));
    clipped(peaks, channels)
}

fn clipped(peaks_dbfs: [f32; 2], channels: usize) -> Option<&'static str> {
    let [left, right] = peaks_dbfs.map(|peak| peak >= FULL_SCALE_DBFS);
    match (left, right && channels > 1) {
        (false, false) => None,
        (true, false) if channels > 1 => Some("clipped: L"),
        (false, true) => Some("clipped: R"),
        (true, true) => Some("clipped: L and R"),
        (true, false) => Some("clipped"),
    }
}

fn over(db: f32) -> Color32 {
    if db > FULL_SCALE_DBFS { theme::OVER } else { theme::TEXT }
}

fn at_full_scale(db: f32) -> Color32 {
    if db >= FULL_SCALE_DBFS { theme::OVER } else { theme::TEXT }
}

/// A level with its sign: what lies over a reference is told by it, too.
fn signed(level: f32) -> String {
    let text = number(level, 1);
    if level.is_finite() && level >= 0.05 { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::view::CHOICES;

    #[test]
    fn every_option_has_its_meter() {
        let ids = CHOICES[choice::LEVELS].options;
        assert_eq!(ids.len(), METERS.len());
        for ((id, option), meter) in ids.iter().zip(OPTIONS).zip(&METERS) {
            assert_eq!(*id, option.name.to_lowercase());
            assert!(meter.name == option.name || meter.unit == option.name, "{id}");
        }
    }

    #[test]
    fn references_are_those_of_the_documents() {
        // A sine of −18 dBFS: 0 VU by the reading itself, −9 on the programme meter.
        assert_eq!(-18.0 + METERS[2].offset_db, -9.0);
        for (meter, headroom_db) in [(&K_12, 12.0), (&K_14, 14.0), (&K_20, 20.0)] {
            assert_eq!(-headroom_db + meter.offset_db, 0.0);
            assert_eq!(meter.scale.share(meter.offset_db), 1.0, "full scale is the top");
            assert_eq!(meter.scale.marks[0], headroom_db);
        }
    }

    #[test]
    fn clipping_is_told_by_channel() {
        assert_eq!(clipped([-0.01, -0.01], 2), None);
        assert_eq!(clipped([0.0, -0.01], 2), Some("clipped: L"));
        assert_eq!(clipped([-0.01, 0.3], 2), Some("clipped: R"));
        assert_eq!(clipped([0.0, 0.0], 2), Some("clipped: L and R"));
        assert_eq!(clipped([0.0, f32::NAN], 1), Some("clipped"));
        assert_eq!(clipped([f32::NAN, f32::NAN], 2), None);
    }
}
