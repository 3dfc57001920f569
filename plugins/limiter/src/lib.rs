//! Stem Limiter: the end of the mix bus.
//!
//! A true-peak limiter whose ceiling holds, and which, keyed by the sum of the stems, gives every
//! stem the same gain: the limited stems then sum to the limited mix.

pub mod dsp;
mod editor;
pub mod meters;
pub mod params;
mod presets;

use crate::dsp::StemLimiterDsp;
use crate::params::{Key, Parameters};
use nice_plug::prelude::*;
use support::{Orders, Reading, Readings, Shell, StemPlugin, Transport};

/// Stem Limiter.
pub struct StemLimiter;

impl StemPlugin for StemLimiter {
    const NAME: &'static str = "Stem Limiter";
    const DESCRIPTION: &'static str =
        "True-peak limiter for mixes, and for stems that must still sum to the limited mix";
    const CLAP_ID: &'static str = "org.stemwright.limiter";
    const VST3_CLASS_ID: [u8; 16] = *b"StmwrLimiter0001";
    const CLAP_FEATURES: &'static [ClapFeature] = &[
        ClapFeature::AudioEffect,
        ClapFeature::Limiter,
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

    type Dsp = StemLimiterDsp;

    fn settings(params: &Parameters) -> dsp::LimiterSettings {
        params.settings()
    }

    fn publish_traced(dsp: &mut StemLimiterDsp, readings: &Readings) {
        dsp.publish_traced(|index, value| readings.set(index, value));
    }

    fn publish(dsp: &mut StemLimiterDsp, readings: &Readings) {
        dsp.publish(|index, value| readings.set(index, value));
    }

    fn obey(dsp: &mut StemLimiterDsp, orders: Orders) {
        dsp.obey(orders);
    }

    fn match_db(dsp: &StemLimiterDsp) -> Option<f64> {
        dsp.match_db()
    }

    fn why_idle(params: &Parameters, monitor: &str) -> Option<&'static str> {
        match (monitor, params.key.source.value()) {
            ("match", Key::External) => Some(
                "Match does nothing under an external key: stems with one key are to keep one gain.",
            ),
            ("key-listen", Key::Internal) => {
                Some("Key Listen does nothing here: the key is the input itself.")
            }
            _ => None,
        }
    }

    fn transport(dsp: &mut StemLimiterDsp, transport: Transport) {
        if transport.started {
            dsp.restart_dither();
        }
    }

    fn remote_controls(params: &Parameters, page: &mut impl RemoteControlsPage) {
        page.add_param(&params.limiter.gain);
        page.add_param(&params.limiter.ceiling);
        page.add_param(&params.limiter.release);
        page.add_param(&params.limiter.auto_release);
        page.add_param(&params.limiter.lookahead);
        page.add_param(&params.limiter.link);
        page.add_param(&params.limiter.mode);
        page.add_param(&params.output.dither);
    }
}

nice_export_clap!(Shell<StemLimiter>);
nice_export_vst3!(Shell<StemLimiter>);

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
        support::presets::factory::check::<StemLimiter>(&folder);
    }

    #[test]
    fn histories_are_kept_always_and_the_rest_is_published_as_somebody_looks() {
        use crate::dsp::Shown;
        let (traced, rest) = (Shown::OutputPeak as usize, Shown::OutputMaximum as usize);
        for is_watched in [false, true] {
            let mut plugin = support::instance::Instance::<StemLimiter>::new(48_000.0);
            if is_watched {
                plugin.watch();
            }
            let (mut traced_at, mut rest_at) = (None, None);
            for block in 0..120 {
                let (mut left, mut right) = ([0.25; 240], [0.25; 240]);
                plugin.process(&mut [&mut left, &mut right], &[]);
                let ms = 5 * (block + 1);
                let is_there = |index| plugin.reading(index).is_finite().then_some(ms);
                traced_at = traced_at.or(is_there(traced));
                rest_at = rest_at.or(is_there(rest));
            }
            // The first picture after the latency of 7 ms; half a second while nobody looks.
            assert!(traced_at.is_some_and(|ms| ms <= 40), "{traced_at:?}");
            let wanted = if is_watched { 15..=40 } else { 480..=520 };
            assert!(rest_at.is_some_and(|ms| wanted.contains(&ms)), "{rest_at:?}, {is_watched}");
        }
    }

    #[test]
    fn silence_comes_to_rest_on_the_page() {
        // But for a count of seconds.
        let moves = support::instance::Instance::<StemLimiter>::moves_in_silence(&[]);
        assert!(moves <= 11, "drawn {moves} times in ten seconds");
    }
}
