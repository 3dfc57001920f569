//! What the channels are to each other, in all and by band, and what mono makes of it.

use super::measured::{BANDS, SAID_OF_BANDS};
use super::{MeterStage, clock, is_mono, mark, shown, titled};
use crate::dsp::Shown;
use egui::{Align2, Color32, Pos2, Rect, Sense, WidgetInfo, pos2};
use shared_dsp::mix_meter::CROSSOVERS_HZ;
use support::editor::theme::{self, size};
use support::editor::tip;
use support::editor::widgets::{
    OUT_OF_PHASE, correlation_bar, correlation_text, field, label, number,
};

/// From this loss on it is marked, as it is shown.
const MARKED_DB: f32 = -3.0;
/// Less than this is nothing to speak of, and more than the other is all of it.
const SLIGHT_DB: f32 = -1.0;
const ALL_DB: f32 = -20.0;

/// Places at 100 %: width of the names and of the columns of numbers, heights.
const NAMES: f32 = 38.0;
const NUMBER: f32 = 44.0;
const LOSS: f32 = 66.0;
const HEADER: f32 = 15.0;
const ROW: f32 = 24.0;
const BAR: f32 = 11.0;
const SENTENCE: f32 = 20.0;

/// What is said of the whole mix, in the order of what is said of its bands.
const SAID_OF_ALL: [Shown; 5] = [
    Shown::Correlation,
    Shown::CorrelationLowest,
    Shown::CorrelationLowestAt,
    Shown::Fold,
    Shown::FoldProgramme,
];

/// A line for the mix and one for each of its bands, from the top down: what is heard highest is drawn
/// highest.
fn lines() -> impl Iterator<Item = (&'static str, [Shown; 5])> {
    let bands = BANDS.into_iter().zip(SAID_OF_BANDS).rev();
    [("Full", SAID_OF_ALL)].into_iter().chain(bands)
}

const FOLD: &str = "In mono: what one loudspeaker loses of it beyond the 3 dB that any two unrelated \
    channels lose when they are added; 0 dB for those and for what is the same on both sides. So far: \
    the same for all that was measured.";

/// Draws the panel.
pub(super) fn draw(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let (line, below) = titled(stage, rect, "Correlation and mono fold");
    let window = Rect::from_center_size(
        pos2(line.right() - look.px(40.0), line.center().y),
        look.size(80.0, 24.0),
    );
    let index = stage.desk.index("correlation-window");
    field(stage.ui, look, stage.desk, index, window);
    let columns = Columns::new(stage, below);
    let header = below.with_max_y(below.top() + look.px(HEADER));
    columns.header(stage, header);
    let mut top = header.bottom();
    for line in lines() {
        let row = Rect::from_x_y_ranges(below.x_range(), top..=top + look.px(ROW));
        columns.line(stage, row, rect, line);
        top = row.bottom();
    }
    let foot = below.with_min_y(top + look.px(4.0));
    let small = look.font(size::SMALL + 1.0);
    let losses_db = SAID_OF_BANDS.map(|[.., so_far]| shown(stage, so_far));
    let (sentence, is_marked) = sentence(is_mono(stage), losses_db);
    let mut first = foot.with_max_y(foot.top() + look.px(SENTENCE));
    if is_marked {
        mark_loss(stage, pos2(first.left() + look.px(5.0), first.center().y));
        first.min.x += look.px(15.0);
    }
    let colour = if is_marked { theme::GAIN } else { theme::TEXT };
    label(stage.ui, first, Align2::LEFT_CENTER, &sentence, small.clone(), colour);
    let second = first.translate(egui::vec2(0.0, look.px(SENTENCE)));
    let second = second.with_min_x(foot.left());
    let (width, balance) = (shown(stage, Shown::Width), shown(stage, Shown::Balance));
    let numbers = [
        (Align2::LEFT_CENTER, format!("Width {}", number(width, 2)), "Width", WIDTH),
        (Align2::RIGHT_CENTER, format!("Balance {}", balance_text(balance)), "Balance", BALANCE),
    ];
    for (align, text, name, about) in numbers {
        let drawn = label(stage.ui, second, align, &text, small.clone(), theme::LABEL);
        let id = stage.ui.scope_id().with(("image", name));
        let response = stage.ui.interact(drawn, id, Sense::hover());
        tip(look, &response, drawn, about);
    }
}

const WIDTH: &str = "Width: 0 is mono, 1 two channels that have nothing in common or one alone, 2 what is \
    in the side alone.";
const BALANCE: &str = "Balance: by how much one side has more power than the other.";

fn balance_text(balance_db: f32) -> String {
    let side = match balance_db {
        db if db.is_nan() => return number(db, 1),
        db if db >= 0.05 => "R",
        db if db <= -0.05 => "L",
        _ => return "centred".to_owned(),
    };
    format!("{} dB {side}", number(balance_db.abs(), 1))
}

/// A loss as it is shown.
fn tenths(db: f32) -> f32 {
    (db * 10.0).round() / 10.0
}

fn is_marked(loss_db: f32) -> bool {
    tenths(loss_db) <= MARKED_DB
}

/// What the worst band does in mono, in words, and whether it is marked; losses of the bands from the
/// lowest on, over all that was measured.
fn sentence(is_mono: bool, losses_db: [f32; 3]) -> (String, bool) {
    if is_mono {
        return ("mono: nothing to fold".to_owned(), false);
    }
    let known = BANDS.into_iter().zip(losses_db).filter(|(_, db)| db.is_finite());
    let Some((name, worst)) = known.min_by(|a, b| a.1.total_cmp(&b.1)) else {
        return ("no stereo signal yet".to_owned(), false);
    };
    let text = match tenths(worst) {
        db if db > SLIGHT_DB => "within 1 dB in mono".to_owned(),
        db if db > ALL_DB => format!("{name} band loses {} dB in mono", number(-db, 1)),
        _ => format!("{name} band all but vanishes in mono"),
    };
    (text, is_marked(worst))
}

/// What marks a loss beside its colour.
fn mark_loss(stage: &MeterStage<'_, '_>, centre: Pos2) {
    mark::over(stage, centre + stage.look.size(0.0, 4.0), theme::GAIN);
}

/// The band's edges in words.
fn reach(name: &str) -> String {
    let [low, high] = CROSSOVERS_HZ;
    let khz = high / 1e3;
    match name {
        "High" => format!("High band, from {khz} kHz on"),
        "Mid" => format!("Middle band, {low} Hz to {khz} kHz"),
        "Low" => format!("Low band, up to {low} Hz"),
        _ => "The whole mix".to_owned(),
    }
}

/// Where things stand from left to right.
struct Columns {
    bar: [f32; 2],
    /// Right ends of the numbers: correlation, in mono, so far.
    ends: [f32; 3],
}

impl Columns {
    fn new(stage: &MeterStage<'_, '_>, below: Rect) -> Self {
        let look = stage.look;
        let far = below.right();
        let ends = [far - look.px(2.0 * LOSS), far - look.px(LOSS), far];
        let bar = [below.left() + look.px(NAMES), ends[0] - look.px(NUMBER)];
        Self { bar, ends }
    }

    fn header(&self, stage: &mut MeterStage<'_, '_>, line: Rect) {
        let small = stage.look.font(size::SMALL);
        let [left, right] = self.bar;
        let painter = stage.ui.painter();
        for (x, text, align) in [
            (left, "\u{2212}1", Align2::LEFT_CENTER),
            (0.5 * (left + right), "0", Align2::CENTER_CENTER),
            (right, "+1", Align2::RIGHT_CENTER),
        ] {
            painter.text(pos2(x, line.center().y), align, text, small.clone(), theme::LABEL);
        }
        for (end, text) in self.ends[1..].iter().zip(["in mono", "so far"]) {
            let place = line.with_max_x(*end);
            label(stage.ui, place, Align2::RIGHT_CENTER, text, small.clone(), theme::LABEL);
        }
    }

    fn line(
        &self,
        stage: &mut MeterStage<'_, '_>,
        row: Rect,
        panel: Rect,
        (name, said): (&str, [Shown; 5]),
    ) {
        let look = stage.look;
        let [now, lowest, lowest_at, in_mono, so_far] = said.map(|reading| shown(stage, reading));
        let losses = [in_mono, so_far];
        let body = look.font(size::BODY);
        label(stage.ui, row, Align2::LEFT_CENTER, name, body, theme::LABEL);
        let [left, right] = self.bar;
        let middle = row.center().y;
        let half = look.px(BAR) * 0.5;
        let bar = Rect::from_x_y_ranges(left..=right, middle - half..=middle + half);
        correlation_bar(stage.ui, look, bar, now, lowest);
        let bold = look.bold(size::SMALL + 1.0);
        let colour = if now < OUT_OF_PHASE { theme::OVER } else { theme::TEXT };
        let number_of = |ui: &egui::Ui, end: f32, text: &str, colour: Color32| {
            let at = pos2(end, middle);
            ui.painter().text(at, Align2::RIGHT_CENTER, text, bold.clone(), colour)
        };
        let text = correlation_text(now);
        number_of(stage.ui, self.ends[0], &text, colour);
        let texts = losses.map(loss_text);
        for ((end, loss), text) in self.ends[1..].iter().zip(losses).zip(&texts) {
            let colour = if is_marked(loss) { theme::GAIN } else { theme::TEXT };
            let drawn = number_of(stage.ui, *end, text, colour);
            if is_marked(loss) {
                mark_loss(stage, pos2(drawn.left() - look.px(8.0), middle));
            }
        }
        let id = stage.ui.scope_id().with(("image", name));
        let response = stage.ui.interact(row, id, Sense::hover());
        let spoken = format!("{name} band in mono");
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, &spoken));
        let low = if lowest.is_finite() {
            format!("lowest {} at {}", correlation_text(lowest), clock(lowest_at, false))
        } else {
            "no lowest yet".to_owned()
        };
        let [now_text, programme] = &texts;
        let value = format!("{now_text} now, {programme} so far, correlation {text}, {low}");
        stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
        let about = format!("{}. Correlation: {low}. {FOLD}", reach(name));
        tip(look, &response, panel, &about);
    }
}

fn loss_text(loss_db: f32) -> String {
    let text = number(loss_db, 1);
    if loss_db.is_finite() { format!("{text} dB") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_band_is_told_in_words() {
        let none = f32::NAN;
        for (is_mono, losses_db, text, marked) in [
            (true, [none; 3], "mono: nothing to fold", false),
            (false, [none; 3], "no stereo signal yet", false),
            (false, [-0.4, -0.94, 0.0], "within 1 dB in mono", false),
            (false, [0.0, -0.6, -2.8], "High band loses 2.8 dB in mono", false),
            (false, [none, -2.96, -0.1], "Mid band loses 3.0 dB in mono", true),
            (false, [-12.3, -1.0, none], "Low band loses 12.3 dB in mono", true),
            (false, [-3.0, -1.0, -60.0], "High band all but vanishes in mono", true),
        ] {
            assert_eq!(sentence(is_mono, losses_db), (text.to_owned(), marked));
        }
    }

    #[test]
    fn amber_begins_where_the_number_says_so() {
        for (loss_db, marked) in [(-2.94, false), (-2.96, true), (-60.0, true), (0.0, false)] {
            assert_eq!(is_marked(loss_db), marked, "{loss_db}");
        }
        assert!(!is_marked(f32::NAN));
    }

    #[test]
    fn balance_names_the_side() {
        assert_eq!(balance_text(0.34), "0.3 dB R");
        assert_eq!(balance_text(-1.2), "1.2 dB L");
        assert_eq!(balance_text(0.04), "centred");
        assert_eq!(balance_text(f32::NAN), "\u{2013}");
    }

    #[test]
    fn bands_say_where_they_end() {
        assert_eq!(reach("Low"), "Low band, up to 200 Hz");
        assert_eq!(reach("Mid"), "Middle band, 200 Hz to 4 kHz");
        assert_eq!(reach("High"), "High band, from 4 kHz on");
    }
}
