//! The page of Stem Dynamic EQ: what the bands do to every frequency, what moves them, and the band
//! in hand.

mod about;
mod band;
mod collisions;
mod curves;
mod detail;
mod display;
mod key_meter;
mod lanes;
mod list;
mod menu;
mod parts;
mod strip;
mod tag;
#[cfg(test)]
mod tests;
mod unmask;
mod view;
mod whole;

use crate::StemDynamicEq;
use crate::dsp::shown;
use crate::params::Parameters;
use curves::{Curve, Curves, Moving, Way};
use egui::Rect;
use shared_dsp::eq::{BANDS, Placement};
use shared_dsp::unmask::UnmaskPlacement;
use support::Face;
use support::editor::{About, PageChoice, Stage};
use view::Below;

type EqStage<'a, 'd> = Stage<'a, 'd, Parameters>;

/// Between panels, the height of the lower ones, and the width of the one on all bands, at 100 %.
const GAP: f32 = 12.0;
const LOWER: f32 = 268.0;
const WHOLE: f32 = 288.0;

impl Face for StemDynamicEq {
    type Params = Parameters;

    const PAGE: [f32; 2] = [1240.0, 800.0];
    const ABOUT: &'static [About] = about::ABOUT;
    const CHOICES: &'static [PageChoice] = view::CHOICES;

    fn body(stage: &mut EqStage<'_, '_>, body: Rect) {
        let gap = stage.look.px(GAP);
        let lower = body.with_min_y(body.bottom() - stage.look.px(LOWER));
        let whole = lower.with_min_x(lower.right() - stage.look.px(WHOLE));
        let bands = lower.with_max_x(whole.left() - gap);
        let heard = Heard::now(stage);
        display::draw(stage, body.with_max_y(lower.top() - gap), &heard);
        match view::below(stage.choices) {
            Below::Band => detail::draw(stage, bands, &heard),
            Below::List => list::draw(stage, bands, &heard),
            Below::Unmask => unmask::draw(stage, bands),
        }
        whole::draw(stage, whole, &heard);
    }
}

fn reading(stage: &EqStage<'_, '_>, index: usize) -> f32 {
    stage.readings.get(index)
}

/// The band whose controls are shown.
fn band_in_hand(stage: &EqStage<'_, '_>) -> usize {
    view::band(stage.choices)
}

/// What the bands do just now.
struct Heard {
    bands: [Moving; BANDS],
    /// The ways through them that differ, and their curves; that of the band in hand first.
    ways: Vec<(Way, Curves)>,
    /// What Unmask alone does, where it is on.
    unmask: Option<Curve>,
}

impl Heard {
    fn now(stage: &EqStage<'_, '_>) -> Self {
        let settings = stage.params.settings().eq;
        let bands = std::array::from_fn(|at| {
            let band = settings.bands[at];
            let moved = f64::from(reading(stage, shown::MOVE + at));
            Moving {
                band,
                range_db: band.scaled_range_db(settings.scale),
                move_db: if moved.is_finite() && band.on { moved } else { 0.0 },
            }
        });
        let rate_hz = f64::from(stage.taps.rate_hz());
        let unmask = settings.unmask.on.then(|| unmask::curve(stage));
        let unmask_on = match settings.unmask.placement {
            UnmaskPlacement::Mid => Placement::Mid,
            UnmaskPlacement::Stereo => Placement::Stereo,
            UnmaskPlacement::Side => Placement::Side,
        };
        let in_hand = match view::below(stage.choices) {
            Below::Unmask if unmask.is_some() => unmask_on,
            _ => settings.bands[band_in_hand(stage)].placement,
        };
        let mut ways = curves::ways(&bands, unmask.is_some().then_some(unmask_on));
        ways.sort_by_key(|way| !way.hears(in_hand));
        let ways = ways.into_iter().map(|way| {
            let unmask = unmask.as_ref().filter(|_| way.hears(unmask_on));
            (way, curves::curves(&bands, way, unmask, rate_hz))
        });
        Self { bands, ways: ways.collect(), unmask }
    }

    /// Whether a band moves, or would.
    fn moves(&self, band: usize) -> bool {
        self.bands[band].band.on && self.bands[band].range_db != 0.0
    }

    /// The largest move of all, in dB, and where, in Hz.
    fn largest_move(&self) -> (f32, f32) {
        let moves = self.ways.iter().map(|(_, curves)| curves.largest_move());
        moves.max_by(|a, b| a.0.abs().total_cmp(&b.0.abs())).unwrap_or_default()
    }

    /// Whether the most of a move, in dB, at a frequency in Hz is Unmask's.
    fn is_by_unmask(&self, move_db: f32, hz: f32) -> bool {
        self.unmask.as_ref().is_some_and(|curve| curve.at(hz) / move_db > 0.5)
    }
}
