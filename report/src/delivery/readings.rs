//! From the meter's readings to what was measured.

use super::measured::{At, Band, Channel, Measured};
use shared_dsp::mix_meter::{CROSSOVERS_HZ, MixReadings};

/// Names of the bands, from the lowest.
const BAND_NAMES: [&str; 3] = ["Low", "Mid", "High"];

impl Measured {
    /// What `readings` say of everything measured so far, of a programme of one or two channels.
    /// Whether the channels are alike is not among them.
    pub fn read(
        readings: &MixReadings,
        sample_rate_hz: u32,
        channels: u16,
        dual_mono: bool,
    ) -> Self {
        let r = readings;
        let stereo = channels > 1;
        let image = |of: Option<f64>| of.filter(|_| stereo).and_then(finite);
        let lowest = |value: Option<f64>, seconds| at(image(value), seconds);
        let edge = |band: usize| CROSSOVERS_HZ.get(band).copied();
        let bands = r.bands.iter().zip(BAND_NAMES).enumerate().map(|(index, (band, name))| Band {
            name: name.to_owned(),
            low_hz: index.checked_sub(1).and_then(edge).unwrap_or(0.0),
            high_hz: edge(index),
            correlation: image(band.programme_correlation),
            lowest_correlation: lowest(band.lowest, band.lowest_s),
            fold_loss_db: image(band.programme_fold_loss_db),
        });
        Self {
            seconds: r.elapsed_s,
            sample_rate_hz,
            channels,
            dual_mono: dual_mono && !stereo,
            alike: false,
            integrated_lufs: finite(r.integrated_lufs),
            range_lu: r.range_lu.and_then(finite),
            range_is_stable: r.range_is_stable,
            max_momentary_lufs: at(finite(r.max_momentary.lufs), r.max_momentary.end_s),
            max_short_term_lufs: at(finite(r.max_shortterm.lufs), r.max_shortterm.end_s),
            peaks: (0..usize::from(channels.clamp(1, 2))).map(|c| peaks(r, c)).collect(),
            plr_lu: r.plr_lu.and_then(finite),
            lowest_psr_lu: at(r.lowest_psr_lu, r.lowest_psr_s),
            correlation: image(r.programme_correlation),
            lowest_correlation: lowest(r.lowest, r.lowest_s),
            fold_loss_db: image(r.programme_fold_loss_db),
            bands: if stereo { bands.collect() } else { Vec::new() },
            dialogue_lufs: r.dialogue_lufs.and_then(finite),
            dialogue_share: r.dialogue_lufs.map(|_| r.dialogue_share),
        }
    }
}

fn peaks(readings: &MixReadings, channel: usize) -> Channel {
    let peak = &readings.true_peak[channel];
    let sample = readings.sample_peak_dbfs[channel];
    Channel {
        itu_dbtp: at(finite(peak.max_itu_dbtp), peak.max_itu_s),
        strict_dbtp: at(finite(peak.max_strict_dbtp), peak.max_strict_s),
        sample_peak_dbfs: finite(sample),
        crest_db: finite(sample - readings.programme_rms_dbfs[channel]),
    }
}

fn at(value: Option<f64>, seconds: f64) -> Option<At> {
    value.and_then(finite).map(|value| At { value, seconds })
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::mix_meter::MixMeter;
    use std::f64::consts::TAU;

    fn hear(channels: &[&[f32]], rate_hz: f64) -> Measured {
        let mut meter = MixMeter::new();
        meter.prepare(rate_hz, channels.len());
        meter.process(channels, None);
        Measured::read(&meter.readings(), rate_hz as u32, channels.len() as u16, false)
    }

    #[test]
    fn a_sine_is_what_its_closed_form_says() {
        let sine: Vec<f32> = (0..480_000)
            .map(|n| (0.5 * (TAU * 1000.0 * f64::from(n) / 48_000.0).sin()) as f32)
            .collect();
        let measured = hear(&[&sine, &sine], 48_000.0);
        let near = |value: Option<f64>, wanted: f64, within: f64| {
            assert!((value.unwrap() - wanted).abs() < within, "{value:?}, not {wanted}");
        };
        near(Some(measured.seconds), 10.0, 1e-9);
        // −6.02 dBFS in both channels.
        near(measured.integrated_lufs, -6.02, 0.05);
        near(measured.peaks[1].sample_peak_dbfs, -6.02, 0.01);
        near(measured.peaks[0].crest_db, 3.01, 0.01);
        near(measured.correlation, 1.0, 1e-6);
        near(measured.fold_loss_db, 0.0, 1e-6);
        let names: Vec<&str> = measured.bands.iter().map(|band| &*band.name).collect();
        assert_eq!(names, BAND_NAMES);
        assert_eq!((measured.bands[1].low_hz, measured.bands[1].high_hz), (200.0, Some(4000.0)));
        assert_eq!(measured.bands[2].high_hz, None);
        // One channel of it has no image.
        let mono = hear(&[&sine], 48_000.0);
        near(mono.integrated_lufs, -9.03, 0.05);
        assert_eq!((mono.correlation, mono.fold_loss_db, mono.peaks.len()), (None, None, 1));
        assert!(mono.bands.is_empty());
    }

    #[test]
    fn silence_reads_nothing() {
        let measured = hear(&[&vec![0.0; 48_000], &vec![0.0; 48_000]], 48_000.0);
        let nothing = (None, None, None);
        assert_eq!(
            (measured.integrated_lufs, measured.fold_loss_db, measured.correlation),
            nothing
        );
        assert_eq!(measured.highest_true_peak_dbtp(), None);
        assert_eq!((measured.dialogue_lufs, measured.dialogue_share), (None, None));
    }
}
