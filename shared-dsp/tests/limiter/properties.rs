//! The ceiling over random settings and random programme.

use crate::limit;
use crate::meter::true_peak;
use proptest::prelude::*;
use shared_dsp::limiter::{Detection, LimiterParams};
use shared_dsp::random::Random;

const LENGTH: usize = 6_000;

/// Something between a tone and noise, between steady and bursting, up to 20 dB over full scale.
fn programme(seed: u64) -> [Vec<f32>; 2] {
    let mut random = Random::new(seed);
    let (tone, noise) = (random.unit(), random.unit());
    let step = 0.01 + 1.2 * random.unit();
    let loud = 10f64.powf(random.unit());
    let spell = 50 + (random.unit() * 1500.0) as usize;
    [0.0, random.unit()].map(|phase| {
        let mut smooth = 0.0;
        (0..LENGTH)
            .map(|n| {
                // Two poles leave next to nothing above 0.42 fs.
                smooth += 0.25 * (random.bipolar() - smooth);
                let level = if (n / spell).is_multiple_of(2) { loud } else { 0.1 };
                (level * (tone * (n as f64 * step + phase).sin() + noise * smooth)) as f32
            })
            .collect()
    })
}

fn settings() -> impl Strategy<Value = LimiterParams> {
    let detection = prop_oneof![
        Just(Detection::Standard),
        Just(Detection::Strict),
        Just(Detection::SamplePeak)
    ];
    (-24.0..24.0, -12.0..0.0, 0.5..5.0, 1.0..1000.0, any::<bool>(), 0.0..=1.0, detection).prop_map(
        |(gain_db, ceiling_db, lookahead_ms, release_ms, auto_release, link, detection)| {
            LimiterParams {
                gain_db,
                ceiling_db,
                reserved: 0.0,
                lookahead_ms,
                release_ms,
                auto_release,
                link,
                detection,
                external_key: false,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_setting_passes_its_ceiling(params in settings(), seed in any::<u64>()) {
        let [left, right] = programme(seed);
        let ceiling = 10f64.powf(params.ceiling_db / 20.0);
        for channel in limit(48_000.0, params, [&left, &right], None) {
            let samples = channel.iter().fold(0f64, |max, x| max.max(f64::from(x.abs())));
            prop_assert!(samples <= ceiling, "a sample of {samples}");
            let allowed_db = match params.detection {
                Detection::Standard => 0.6,
                Detection::Strict => 0.05,
                Detection::SamplePeak => f64::INFINITY,
            };
            let over_db = 20.0 * (true_peak(&channel).max(1e-9) / ceiling).log10();
            prop_assert!(over_db <= allowed_db, "{over_db:+.3} dB");
        }
    }

    #[test]
    fn the_gain_never_rises_above_one(params in settings(), seed in any::<u64>()) {
        let [left, right] = programme(seed);
        let gain = 10f64.powf(params.gain_db / 20.0);
        let out = limit(48_000.0, params, [&left, &right], None);
        for (input, output) in [&left, &right].into_iter().zip(&out) {
            for (x, y) in input.iter().zip(output) {
                let unlimited = f64::from(*x) * gain;
                prop_assert!(f64::from(y.abs()) <= unlimited.abs() * (1.0 + 1e-6) + 1e-30);
                prop_assert!(unlimited * f64::from(*y) >= 0.0, "the polarity turned");
            }
        }
    }
}
