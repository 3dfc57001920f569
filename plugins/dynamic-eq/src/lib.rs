//! Stem Dynamic EQ: carves a stem by itself, or by another stem on the key input.
//!
//! Eight bands, each static, dynamic or both, and each with its own key: the stem, the key input, or
//! the difference between them.

pub mod dsp;
mod editor;
pub mod params;
mod presets;

use crate::dsp::StemDynamicEqDsp;
use crate::params::Parameters;
use nice_plug::prelude::*;
use shared_dsp::eq::{BandParams, KeySource};
use support::{Orders, Reading, Readings, Shell, StemPlugin};

/// Stem Dynamic EQ.
pub struct StemDynamicEq;

impl StemPlugin for StemDynamicEq {
    const NAME: &'static str = "Stem Dynamic EQ";
    const DESCRIPTION: &'static str = "Eight-band equaliser for stems, each band static or moved by the stem, by a key or by both";
    const CLAP_ID: &'static str = "org.stemwright.dynamic-eq";
    const VST3_CLASS_ID: [u8; 16] = *b"StmwrDynamicEq01";
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::Equalizer,
        ClapFeature::Mixing,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Eq, Vst3SubCategory::Dynamics];
    const HAS_KEY: bool = true;
    const MONITORS: &'static [&'static str] = &["band-solo", "key-listen", "match", "delta"];
    const PRESETS: &'static [&'static str] = presets::PRESETS;
    const READINGS: &'static [Reading] = dsp::READINGS;
    const TRACED: &'static [usize] = dsp::TRACED;
    const SPECTRA: bool = true;

    type Dsp = StemDynamicEqDsp;

    fn settings(params: &Parameters) -> dsp::EqSettings {
        params.settings()
    }

    fn publish_traced(dsp: &mut StemDynamicEqDsp, readings: &Readings) {
        dsp.publish_traced(|index, value| readings.set(index, value));
    }

    fn publish(dsp: &mut StemDynamicEqDsp, readings: &Readings) {
        dsp.publish(|index, value| readings.set(index, value));
    }

    fn obey(dsp: &mut StemDynamicEqDsp, orders: Orders) {
        dsp.obey(orders);
    }

    fn match_db(dsp: &StemDynamicEqDsp) -> Option<f64> {
        dsp.match_db()
    }

    fn why_idle(params: &Parameters, monitor: &str) -> Option<&'static str> {
        let is_soloed = params.band_solo.value().index().is_some();
        match monitor {
            "match" if is_soloed => Some("Match does nothing while a band is soloed."),
            "delta" if is_soloed => Some("Delta does nothing while a band is soloed."),
            _ => None,
        }
    }

    fn remote_controls(params: &Parameters, page: &mut impl RemoteControlsPage) {
        page.add_param(&params.dynamics.scale);
        page.add_param(&params.output.mix);
        page.add_param(&params.output.output);
        page.add_param(&params.output.auto_gain);
        page.add_param(&params.unmask.on);
        page.add_param(&params.unmask.depth);
        for band in &params.bands[..2] {
            page.add_param(&band.range);
        }
    }
}

/// Whether Unmask, or any band that is on and moves, listens to the key input.
pub fn hears_key(params: &Parameters) -> bool {
    let hears = |band: BandParams| {
        band.on && band.key_source != KeySource::Internal && band.scaled_range_db(1.0) != 0.0
    };
    params.unmask.on.value() || params.bands.iter().map(params::BandGroup::values).any(hears)
}

nice_export_clap!(Shell<StemDynamicEq>);
nice_export_vst3!(Shell<StemDynamicEq>);

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn param_ids() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("param-ids.txt");
        support::snapshot::check(&Parameters::default(), &file);
    }

    #[test]
    fn presets_can_all_be_loaded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("presets");
        support::presets::factory::check::<StemDynamicEq>(&folder);
    }

    #[test]
    fn silence_comes_to_rest_on_the_page() {
        // But for a count of seconds.
        let moves = support::instance::Instance::<StemDynamicEq>::moves_in_silence(&[
            ("unmask", "On"),
            ("on_1", "On"),
            ("range_1", "-6"),
            ("key_1", "External"),
        ]);
        assert!(moves <= 11, "drawn {moves} times in ten seconds");
    }
}
