//! How settings are handed to those who glide there.

use super::DynamicEq;
use super::auto_gain::auto_gain_db;
use super::band::key_section;
use super::listen::Target;
use super::params::{KeyFilter, KeySource, Listen, MAX_LOOKAHEAD_MS, Placement};
use crate::db;

/// More output gain than this is not given.
const MAX_OUTPUT_DB: f64 = 48.0;

impl DynamicEq {
    /// Hands the settings to those who glide there.
    pub(super) fn apply(&mut self) {
        let params = self.params;
        // Who asks anew gets a voice nobody has heard yet.
        self.heard_voice &= self.hears_voice();
        self.voice.set_key_level_lufs(params.key_level_lufs);
        self.unmask.set_params(&params.unmask);
        let scale = if params.scale.is_nan() { 1.0 } else { params.scale.clamp(0.0, 2.0) };
        for (b, (band, wanted)) in self.bands.iter_mut().zip(&params.bands).enumerate() {
            band.set(wanted, scale);
            let range_db = band.wanted.scaled_range_db(scale);
            self.control.set(b, &band.wanted, range_db, self.sample_rate_hz);
        }
        let mix = if params.mix.is_nan() { 1.0 } else { params.mix.clamp(0.0, 1.0) };
        self.mix.set_target(mix);
        let auto_db =
            if params.auto_gain { auto_gain_db(&params.bands, self.sample_rate_hz) } else { 0.0 };
        let output_db = if params.output_db.is_nan() { 0.0 } else { params.output_db };
        self.output.set_target(db::to_gain(output_db.min(MAX_OUTPUT_DB) + auto_db));
        let lookahead_ms = if params.lookahead_ms.is_nan() { 0.0 } else { params.lookahead_ms };
        let lookahead = (lookahead_ms.clamp(0.0, MAX_LOOKAHEAD_MS) * 1e-3 * self.sample_rate_hz)
            .round() as usize;
        let early = self.longest_lookahead().saturating_sub(lookahead);
        self.early.set_samples(early);
        self.listen.set(self.listen_target(), !self.started);
        self.is_changed = true;
        if !self.started {
            self.finish();
        }
    }

    /// What is listened to, resolved.
    fn listen_target(&self) -> Option<Target> {
        let rate = self.sample_rate_hz;
        let listen = self.params.listen?;
        let (Listen::Solo(b) | Listen::Key(b)) = listen;
        let band = self.params.bands.get(b)?.sane();
        let is_early = matches!(listen, Listen::Key(_));
        let filter = match (is_early, band.key_source) {
            (false, _) => KeyFilter::Follow,
            (true, KeySource::Voice) => KeyFilter::Off,
            (true, _) => band.key_filter,
        };
        let section = key_section(
            filter,
            band.band_type,
            [band.frequency_hz, band.q],
            [band.key_frequency_hz, band.key_q],
            rate,
        );
        let is_key = is_early && band.key_source != KeySource::Internal;
        let placement = if is_key { Placement::Stereo } else { band.placement };
        Some(Target { section, placement, is_key, is_early })
    }
}
