//! What is found from what was heard: the threshold for a reduction, and the one that holds it.

use super::parts::shown;
use super::{CompressorStage, view};
use crate::dsp::{HOPS, Shown};
use egui::{Id, Rect};
use shared_dsp::compressor::BusCompressorParams;
use shared_dsp::compressor::aim::{Hop, LEAST_HOP_MS, LevelHistory};
use support::editor::desk::Companion;
use support::editor::theme;
use support::editor::widgets::{Tone, button, number};
use support::trace::{COLUMNS, COLUMNS_PER_SECOND};

/// A threshold found is set to this many steps a dB.
const STEPS_PER_DB: f64 = 100.0;
/// What is asked counts as reached within this, in dB.
const REACHED_DB: f64 = 0.1;

/// What was heard from a column of the trace on: ten seconds at most.
fn heard_since(stage: &CompressorStage<'_, '_>, column: u64) -> LevelHistory {
    let trace = stage.trace;
    // Before the first reading there is nothing to be long.
    let hop_s = f64::from(shown(stage, Shown::HopSeconds)).max(1e-3 * LEAST_HOP_MS);
    let mut history = LevelHistory::new(hop_s);
    let written = trace.written();
    for column in column.max(written.saturating_sub(COLUMNS as u64))..written {
        let at = |field: usize| trace.get(column, field);
        let slow_share = at(Shown::SlowShare as usize);
        let hops = at(Shown::Hops as usize).clamp(0.0, HOPS as f32) as usize;
        let levels = (0..hops).map(|hop| at(Shown::FirstHop as usize + hop));
        for level_db in levels.filter(|level_db| level_db.is_finite() && slow_share.is_finite()) {
            history.push(Hop { level_db, slow_share });
        }
    }
    history
}

/// The threshold on the grid it is set on.
fn on_grid(threshold_db: f64) -> f32 {
    ((threshold_db * STEPS_PER_DB).round() / STEPS_PER_DB) as f32
}

/// Has Threshold go with Ratio, so that the average reduction of the last ten seconds stays what it was
/// when the gesture began: one gesture, one step of undo.
pub(super) fn hold_reduction(stage: &mut CompressorStage<'_, '_>) {
    // Without an event no gesture moves anything.
    let is_idle = stage.ui.input(|input| input.events.is_empty() && !input.pointer.any_down());
    if is_idle || !view::holds(stage.choices) {
        return;
    }
    let history = heard_since(stage, 0);
    let params = stage.params.settings().compressor;
    let to = move |[ratio, threshold_db]: [f32; 2], now: f32| {
        if now == ratio {
            return Some(threshold_db);
        }
        let before = BusCompressorParams {
            ratio: ratio.into(),
            threshold_db: threshold_db.into(),
            ..params
        };
        history.threshold_for_ratio(&before, now.into()).map(on_grid)
    };
    let (leader, follower) = (stage.desk.index("ratio"), stage.desk.index("threshold"));
    stage.desk.accompany(Companion { leader, follower, to: Box::new(to) });
}

/// The button Set for me: ten seconds of listening, or until pressed again, then one gesture.
pub(super) fn set_for_me(stage: &mut CompressorStage<'_, '_>, place: Rect) {
    let id = Id::unique("set for me");
    let written = stage.trace.written();
    let since: Option<u64> = stage.ui.data(|data| data.get_temp(id)).flatten();
    // It is the key that is listened to, so what counts is what came in and not the clock on the wall.
    let left_s = since.map(|since| {
        let heard = written.saturating_sub(since) as f64;
        (COLUMNS as f64 - heard).max(0.0) / COLUMNS_PER_SECOND
    });
    let words = match left_s {
        Some(left_s) => format!("listening {}", number(left_s.ceil() as f32, 0)),
        None => "Set for me".to_owned(),
    };
    let tone = if since.is_some() { Tone::Lit(theme::KEY) } else { Tone::Ready };
    let wanted_db = view::wanted_db(stage.choices);
    let hint = format!(
        "Listens for ten seconds, or until pressed again, and sets Threshold so that {wanted_db} dB \
         are taken off on average.",
    );
    let pressed = button(stage.ui, stage.look, stage.desk, place, &words, tone, &hint);
    let ends = pressed || left_s.is_some_and(|left_s| left_s <= 0.0);
    let goes_on = match since {
        Some(since) if ends => {
            take(stage, &heard_since(stage, since), wanted_db.into());
            None
        }
        None if pressed => Some(written),
        since => since,
    };
    if goes_on.is_some() {
        stage.ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
    }
    stage.ui.data_mut(|data| data.insert_temp(id, goes_on));
}

/// Sets the threshold that takes off so much of what was heard.
fn take(stage: &mut CompressorStage<'_, '_>, heard: &LevelHistory, wanted_db: f64) {
    let params = stage.params.settings().compressor;
    let Some(threshold_db) = heard.threshold_for(&params, wanted_db) else {
        stage.desk.say(stage.ui, "Nothing set: no key was heard.");
        return;
    };
    let threshold = on_grid(threshold_db);
    let index = stage.desk.index("threshold");
    let value = stage.desk.control(index).normalized_of(threshold);
    stage.desk.edit(index, value);
    let found = BusCompressorParams { threshold_db: threshold.into(), ..params };
    let reached_db = heard.average_reduction_db(&found).unwrap_or_default();
    if (reached_db - wanted_db).abs() > REACHED_DB {
        let text = format!(
            "Threshold ends here: it takes off {} dB on average, not {}.",
            number(reached_db as f32, 1),
            number(wanted_db as f32, 0),
        );
        stage.desk.say(stage.ui, &text);
    }
}
