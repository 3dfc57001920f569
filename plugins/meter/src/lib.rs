//! Stem Meter: the numbers a delivery is judged by, and the pictures that explain them.
//!
//! It changes nothing: what comes in goes out bit for bit, with no latency, unless one listens to
//! something else than the mix.

pub mod dsp;
mod editor;
mod export;
pub mod history;
pub mod params;
mod presets;

use crate::dsp::StemMeterDsp;
use crate::params::Parameters;
use nice_plug::prelude::*;
use support::{Orders, Reading, Readings, Shell, StemPlugin, Transport};

/// Stem Meter.
pub struct StemMeter;

impl StemPlugin for StemMeter {
    const NAME: &'static str = "Stem Meter";
    const DESCRIPTION: &'static str =
        "Loudness, true peak, correlation and mono fold of a mix, held against what was ordered";
    const CLAP_ID: &'static str = "org.stemwright.meter";
    const VST3_CLASS_ID: [u8; 16] = *b"StmwrMixMeter001";
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::Analyzer,
        ClapFeature::Mixing,
        ClapFeature::Mastering,
        ClapFeature::Stereo,
        ClapFeature::Mono,
    ];
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] =
        &[Vst3SubCategory::Fx, Vst3SubCategory::Analyzer, Vst3SubCategory::Mastering];
    const HAS_KEY: bool = true;
    const MONITORS: &'static [&'static str] = &["listen"];
    const PRESETS: &'static [&'static str] = presets::PRESETS;
    // How one works, whatever is delivered.
    const NOT_IN_PRESETS: &'static [&'static str] =
        &["auto-reset", "freeze-when-stopped", "correlation-window", "keep-history"];
    const READINGS: &'static [Reading] = dsp::READINGS;
    const TRACED: &'static [usize] = dsp::TRACED;
    const SPECTRA: bool = true;

    type Dsp = StemMeterDsp;

    fn settings(params: &Parameters) -> dsp::MeterSettings {
        params.settings()
    }

    fn connect(params: &Parameters, dsp: &mut StemMeterDsp) {
        dsp.connect(&params.history.0);
    }

    fn flush(dsp: &mut StemMeterDsp) {
        dsp.flush();
    }

    fn transport(dsp: &mut StemMeterDsp, transport: Transport) {
        dsp.follow(transport);
    }

    fn publish_traced(dsp: &mut StemMeterDsp, readings: &Readings) {
        dsp.publish_traced(|index, value| readings.set(index, value));
    }

    fn publish(dsp: &mut StemMeterDsp, readings: &Readings) {
        dsp.publish(|index, value| readings.set(index, value));
    }

    fn obey(dsp: &mut StemMeterDsp, orders: Orders) {
        dsp.obey(orders);
    }

    fn remote_controls(params: &Parameters, page: &mut impl RemoteControlsPage) {
        page.add_param(&params.target.delivery);
        page.add_param(&params.target.own_loudness);
        page.add_param(&params.target.own_tolerance);
        page.add_param(&params.target.own_ceiling);
        page.add_param(&params.measurement.reset);
        page.add_param(&params.measurement.freeze);
        page.add_param(&params.measurement.correlation_window);
        page.add_param(&params.listen);
    }
}

nice_export_clap!(Shell<StemMeter>);
nice_export_vst3!(Shell<StemMeter>);

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
        support::presets::factory::check::<StemMeter>(&folder);
    }

    #[test]
    fn silence_comes_to_rest_on_the_page() {
        // But for what moves by the tenth of a second: the time and the history.
        let moves = support::instance::Instance::<StemMeter>::moves_in_silence(&[]);
        assert!(moves <= 101, "drawn {moves} times in ten seconds");
    }
}
