//! Stem De-Esser: tames s-sounds on a vocal or dialogue stem, as loud or as soft as it was recorded.
//!
//! What is sibilant is judged against the voice's own body, so a whisper and a shout are heard alike.

pub mod dsp;
mod editor;
pub mod meters;
pub mod params;
mod presets;

use crate::dsp::StemDeEsserDsp;
use crate::params::{Key, Parameters};
use nice_plug::prelude::*;
use support::{Orders, Reading, Readings, Shell, StemPlugin};

/// Stem De-Esser.
pub struct StemDeEsser;

impl StemPlugin for StemDeEsser {
    const NAME: &'static str = "Stem De-Esser";
    const DESCRIPTION: &'static str =
        "De-esser for vocal and dialogue stems that hears s-sounds alike at every level";
    const CLAP_ID: &'static str = "org.stemwright.de-esser";
    const VST3_CLASS_ID: [u8; 16] = *b"StmwrDeEsser0001";
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::Deesser,
        ClapFeature::Mixing,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Dynamics];
    const HAS_KEY: bool = true;
    const MONITORS: &'static [&'static str] = &["key-listen", "match", "delta"];
    const PRESETS: &'static [&'static str] = presets::PRESETS;
    const READINGS: &'static [Reading] = dsp::READINGS;
    const TRACED: &'static [usize] = dsp::TRACED;
    const SPECTRA: bool = true;

    type Dsp = StemDeEsserDsp;

    fn settings(params: &Parameters) -> dsp::DeEsserSettings {
        params.settings()
    }

    fn publish_traced(dsp: &mut StemDeEsserDsp, readings: &Readings) {
        dsp.publish_traced(|index, value| readings.set(index, value));
    }

    fn publish(dsp: &mut StemDeEsserDsp, readings: &Readings) {
        dsp.publish(|index, value| readings.set(index, value));
    }

    fn obey(dsp: &mut StemDeEsserDsp, orders: Orders) {
        dsp.obey(orders);
    }

    fn match_db(dsp: &StemDeEsserDsp) -> Option<f64> {
        dsp.match_db()
    }

    fn why_idle(params: &Parameters, monitor: &str) -> Option<&'static str> {
        let is_external = params.channels.key.value() == Key::External;
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
        page.add_param(&params.detection.sensitivity);
        page.add_param(&params.reduction.range);
        page.add_param(&params.detection.low);
        page.add_param(&params.detection.high);
        page.add_param(&params.reduction.attack);
        page.add_param(&params.reduction.release);
        page.add_param(&params.reduction.mode);
        page.add_param(&params.detection.detect);
    }
}

nice_export_clap!(Shell<StemDeEsser>);
nice_export_vst3!(Shell<StemDeEsser>);

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
        support::presets::factory::check::<StemDeEsser>(&folder);
    }

    #[test]
    fn silence_comes_to_rest_on_the_page() {
        for (key, split) in [("Internal", "Off"), ("External", "On")] {
            let moves = support::instance::Instance::<StemDeEsser>::moves_in_silence(&[
                ("sensitivity", "100"),
                ("lookahead", "On"),
                ("split", split),
                ("key", key),
            ]);
            assert!(moves == 0, "drawn {moves} times in ten seconds");
        }
    }
}
