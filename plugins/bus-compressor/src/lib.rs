//! Stem Bus Compressor: glue and punch for drum buses and mix buses.
//!
//! Keyed by the sum of the stems it gives every stem the same gain: the compressed stems then sum to the
//! compressed mix.

pub mod dsp;
mod editor;
pub mod meters;
pub mod params;
mod presets;

use crate::dsp::StemBusCompressorDsp;
use crate::params::{Key, Parameters};
use nice_plug::prelude::*;
use support::{Orders, Reading, Readings, Shell, StemPlugin};

/// Stem Bus Compressor.
pub struct StemBusCompressor;

impl StemPlugin for StemBusCompressor {
    const NAME: &'static str = "Stem Bus Compressor";
    const DESCRIPTION: &'static str =
        "Compressor for buses and mixes, and for stems that must still sum to the compressed mix";
    const CLAP_ID: &'static str = "org.stemwright.bus-compressor";
    const VST3_CLASS_ID: [u8; 16] = *b"StmwrBusCompr001";
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::Compressor,
        ClapFeature::Mixing,
        ClapFeature::Mastering,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Dynamics, Vst3SubCategory::Mastering];
    const HAS_KEY: bool = true;
    const MONITORS: &'static [&'static str] = &["key-listen", "match", "delta"];
    const PRESETS: &'static [&'static str] = presets::PRESETS;
    const READINGS: &'static [Reading] = dsp::READINGS;
    const TRACED: &'static [usize] = dsp::TRACED;

    type Dsp = StemBusCompressorDsp;

    fn settings(params: &Parameters) -> dsp::CompressorSettings {
        params.settings()
    }

    fn publish_traced(dsp: &mut StemBusCompressorDsp, readings: &Readings) {
        dsp.publish_traced(|index, value| readings.set(index, value));
    }

    fn publish(dsp: &mut StemBusCompressorDsp, readings: &Readings) {
        dsp.publish(|index, value| readings.set(index, value));
    }

    fn obey(dsp: &mut StemBusCompressorDsp, orders: Orders) {
        dsp.obey(orders);
    }

    fn match_db(dsp: &StemBusCompressorDsp) -> Option<f64> {
        dsp.match_db()
    }

    fn why_idle(params: &Parameters, monitor: &str) -> Option<&'static str> {
        let is_external = params.key.source.value() == Key::External;
        let hears_key = params.monitors.key_listen.value();
        match monitor {
            "match" if is_external => Some(
                "Match does nothing under an external key: stems with one key are to keep one gain.",
            ),
            "match" if hears_key => Some("Match does nothing while the key is listened to."),
            "delta" if hears_key => Some("Delta does nothing while the key is listened to."),
            _ => None,
        }
    }

    fn remote_controls(params: &Parameters, page: &mut impl RemoteControlsPage) {
        page.add_param(&params.compressor.threshold);
        page.add_param(&params.compressor.ratio);
        page.add_param(&params.compressor.knee);
        page.add_param(&params.compressor.attack);
        page.add_param(&params.compressor.release);
        page.add_param(&params.compressor.character);
        page.add_param(&params.output.makeup);
        page.add_param(&params.output.mix);
    }
}

nice_export_clap!(Shell<StemBusCompressor>);
nice_export_vst3!(Shell<StemBusCompressor>);

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
        support::presets::factory::check::<StemBusCompressor>(&folder);
    }
    #[test]
    fn silence_comes_to_rest_on_the_page() {
        for key in ["Internal", "External"] {
            let moves = support::instance::Instance::<StemBusCompressor>::moves_in_silence(&[
                ("threshold", "-30"),
                ("auto-release", "On"),
                ("lookahead", "On"),
                ("key", key),
            ]);
            assert!(moves == 0, "drawn {moves} times in ten seconds");
        }
    }
}
