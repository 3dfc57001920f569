//! Stem Trim: the first insert of every stem.
//!
//! Gain, polarity, channels, balance, width, high-pass and delay; the role of the stem and the
//! version being printed; and what the stem measures. At default settings bit-exact, always at zero
//! latency.

pub mod dsp;
mod editor;
pub mod params;
mod presets;
pub mod set_level;
pub mod version;

use crate::dsp::Trim;
use crate::params::TrimParams;
use nice_plug::prelude::*;
use support::{Orders, Reading, Readings, Shell, StemPlugin};

/// Stem Trim.
pub struct StemTrim;

impl StemPlugin for StemTrim {
    const NAME: &'static str = "Stem Trim";
    const DESCRIPTION: &'static str =
        "Trims a stem and says what it measures; prints the versions a client asks for";
    const CLAP_ID: &'static str = "org.stemwright.stem-trim";
    const VST3_CLASS_ID: [u8; 16] = *b"StmwrStemTrim001";
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::Utility,
        ClapFeature::Mixing,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Tools];
    const HAS_KEY: bool = false;
    const PRESETS: &'static [&'static str] = presets::PRESETS;
    // They belong to the stem and to the print, whatever is done to its sound.
    const NOT_IN_PRESETS: &'static [&'static str] = &["role", "version", "vocal-step"];
    const READINGS: &'static [Reading] = dsp::READINGS;

    type Dsp = Trim;

    fn settings(params: &TrimParams) -> dsp::TrimSettings {
        params.settings()
    }

    fn publish(dsp: &mut Trim, readings: &Readings) {
        dsp.publish(|index, value| readings.set(index, value));
    }

    fn obey(dsp: &mut Trim, orders: Orders) {
        dsp.obey(orders);
    }

    fn sample_rate_changed(params: &TrimParams, sample_rate_hz: f32) {
        params.sample_rate.set_hz(sample_rate_hz);
    }

    fn remote_controls(params: &TrimParams, page: &mut impl RemoteControlsPage) {
        page.add_param(&params.trim.gain);
        page.add_param(&params.trim.balance);
        page.add_param(&params.trim.width);
        page.add_param(&params.filter.corner);
        page.add_param(&params.trim.delay);
        page.add_param(&params.print.version);
        page.add_param(&params.routing.polarity_left);
        page.add_param(&params.routing.polarity_right);
    }
}

nice_export_clap!(Shell<StemTrim>);
nice_export_vst3!(Shell<StemTrim>);

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn param_ids() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("param-ids.txt");
        support::snapshot::check(&TrimParams::default(), &file);
    }

    #[test]
    fn presets_can_all_be_loaded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("presets");
        support::presets::factory::check::<StemTrim>(&folder);
    }

    #[test]
    fn silence_comes_to_rest_on_the_page() {
        // But for a count of seconds.
        let moves = support::instance::Instance::<StemTrim>::moves_in_silence(&[]);
        assert!(moves <= 11, "drawn {moves} times in ten seconds");
    }
}
