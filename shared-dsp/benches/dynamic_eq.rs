//! What the dynamic equaliser costs, on 48 kHz stereo in blocks of 64: `cargo bench --bench
//! dynamic_eq`. A name after `--` runs only that row, for a profiler.
#![allow(missing_docs, reason = "a program")]

mod harness;

use biquad::{Biquad, Coefficients, DirectForm2Transposed, ToHertz, Type};
use harness::{Audio, BLOCK, Bench, SAMPLE_RATE_HZ, in_place};
use shared_dsp::Processor;
use shared_dsp::eq::{
    BANDS, BandParams, BandType, DynamicEq, DynamicEqParams, KeySource, Placement, Slope,
};

/// Eight bells and shelves over the spectrum.
fn bands(change: impl Fn(usize, &mut BandParams)) -> DynamicEqParams {
    let mut params = DynamicEqParams::DEFAULT;
    for (b, band) in params.bands.iter_mut().enumerate() {
        *band = BandParams {
            on: true,
            band_type: [BandType::Bell, BandType::LowShelf, BandType::HighShelf][match b {
                0 => 1,
                7 => 2,
                _ => 0,
            }],
            frequency_hz: 60.0 * 2.2f64.powi(b as i32),
            gain_db: if b % 2 == 0 { 3.0 } else { -3.0 },
            q: 1.0,
            ..BandParams::DEFAULT
        };
        change(b, band);
    }
    params
}

fn moving(source: KeySource) -> DynamicEqParams {
    bands(|_, band| {
        (band.range_db, band.threshold_db, band.key_source) = (-6.0, -40.0, source);
        if source == KeySource::Difference {
            band.threshold_db = -6.0;
        }
    })
}

/// The static part as a plain cascade of the `biquad` crate.
fn cascade() -> impl FnMut(&mut [&mut [f32]]) {
    let filters = || -> Vec<DirectForm2Transposed<f64>> {
        bands(|_, _| {})
            .bands
            .iter()
            .map(|band| {
                let kind = match band.band_type {
                    BandType::LowShelf => Type::LowShelf(band.gain_db),
                    BandType::HighShelf => Type::HighShelf(band.gain_db),
                    _ => Type::PeakingEQ(band.gain_db),
                };
                let (rate, frequency) = (SAMPLE_RATE_HZ.hz(), band.frequency_hz.hz());
                let coefficients = Coefficients::<f64>::from_params(kind, rate, frequency, band.q);
                DirectForm2Transposed::new(coefficients.expect("frequencies below Nyquist"))
            })
            .collect()
    };
    let mut channels = [filters(), filters()];
    move |audio| {
        for (channel, filters) in audio.iter_mut().zip(&mut channels) {
            for sample in channel.iter_mut() {
                *sample =
                    filters.iter_mut().fold(f64::from(*sample), |x, filter| filter.run(x)) as f32;
            }
        }
    }
}

fn main() {
    let (music, noise) = (Audio::music(), Audio::noise());
    let only = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let mut bench = Bench::new(&music);
    let mut row = |name: &str, params: &DynamicEqParams| {
        let mut eq = DynamicEq::new();
        eq.prepare(SAMPLE_RATE_HZ, BLOCK);
        eq.set_params(params);
        let noise = &noise;
        let mut at = 0;
        let process = move |block: &mut [&mut [f32]]| {
            let key = noise.channels.each_ref().map(|channel| &channel[at..at + BLOCK]);
            at = (at + BLOCK) % noise.frames();
            eq.process(block, &key);
        };
        match &only {
            None => bench.row_in_place(name, &music, process),
            Some(only) if only == name => {
                let mut run = in_place(&music, process);
                (0..5).for_each(|_| run());
            }
            Some(_) => {}
        }
    };
    row("all bands off", &DynamicEqParams::DEFAULT);
    row("eight static bands", &bands(|_, _| {}));
    row(
        "eight static bands, Mid and Side",
        &bands(|b, band| {
            band.placement = [Placement::Mid, Placement::Side][b % 2];
        }),
    );
    row("eight dynamic, stem", &moving(KeySource::Internal));
    row("eight dynamic, key", &moving(KeySource::External));
    row("eight dynamic, difference", &moving(KeySource::Difference));
    row("eight dynamic, voice", &moving(KeySource::Voice));
    row("Unmask alone", &{
        let mut params = DynamicEqParams::DEFAULT;
        params.unmask.on = true;
        params
    });
    row("eight dynamic, key, and Unmask", &{
        let mut params = moving(KeySource::External);
        params.unmask.on = true;
        params
    });
    row("eight dynamic, stem and key in turns", &{
        let mut params = moving(KeySource::Internal);
        params.bands.iter_mut().step_by(2).for_each(|b| b.key_source = KeySource::External);
        params
    });
    row("eight dynamic, no static gain", &{
        let mut params = moving(KeySource::External);
        params.bands.iter_mut().for_each(|band| band.gain_db = 0.0);
        params
    });
    row("eight dynamic, Mid and Side", &{
        let mut params = moving(KeySource::Internal);
        for (b, band) in params.bands.iter_mut().enumerate() {
            band.placement = [Placement::Mid, Placement::Side][b % 2];
        }
        params
    });
    row("four dynamic, key", &{
        let mut params = moving(KeySource::External);
        params.bands[4..].fill(BandParams::DEFAULT);
        params
    });
    row("one dynamic, key", &{
        let mut params = moving(KeySource::External);
        params.bands[1..].fill(BandParams::DEFAULT);
        params
    });
    row(
        "two cuts of 48 dB per octave",
        &bands(|b, band| {
            band.on = b < BANDS / 4;
            band.band_type = [BandType::LowCut, BandType::HighCut][b % 2];
            (band.frequency_hz, band.slope) = ([40.0, 15_000.0][b % 2], Slope::Db48);
        }),
    );
    if only.is_none() {
        bench.row_in_place("biquad crate, eight static bands", &music, cascade());
        bench.compare_with_last("x biquad");
        bench.report("The dynamic equaliser", &music);
    }
}
