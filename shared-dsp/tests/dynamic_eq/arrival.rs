//! Settings that arrive while it runs end where those that were there from the start began.

use crate::{ON, prepared, with};
use shared_dsp::Processor;
use shared_dsp::eq::{BandParams, BandType, DynamicEqParams, Placement};

const RATE: f64 = 48_000.0;

fn processed(eq: &mut shared_dsp::eq::DynamicEq, input: &[Vec<f32>; 2]) -> [Vec<f32>; 2] {
    let mut output = input.clone();
    for from in (0..input[0].len()).step_by(256) {
        let to = (from + 256).min(input[0].len());
        let [left, right] = &mut output;
        let key: Vec<f32> = input[0][from..to].iter().rev().copied().collect();
        eq.process(&mut [&mut left[from..to], &mut right[from..to]], &[&key]);
    }
    output
}

#[test]
fn a_setting_that_arrives_later_is_the_same_setting() {
    let moving = BandParams { range_db: -6.0, threshold_db: -40.0, ..ON };
    let sets = [
        vec![moving],
        vec![BandParams { gain_db: -3.0, ..ON }],
        vec![BandParams { gain_db: -3.0, frequency_hz: 300.0, ..ON }],
        vec![BandParams { band_type: BandType::LowCut, frequency_hz: 80.0, ..ON }],
        vec![BandParams { gain_db: -3.0, placement: Placement::Mid, ..ON }],
        vec![moving, BandParams { frequency_hz: 300.0, ..moving }],
        vec![BandParams { gain_db: 2.0, ..ON }, BandParams { gain_db: -2.0, ..ON }],
    ];
    let noise = shared_dsp::contract::programme(11, 2, RATE);
    let input = [noise[0].clone(), noise[1].clone()];
    let silence = [vec![0.0; 9600], vec![0.0; 9600]];
    for bands in sets {
        let params = with(&bands);
        let expected = processed(&mut prepared(RATE, &params), &input);
        let mut late = prepared(RATE, &DynamicEqParams::DEFAULT);
        processed(&mut late, &silence);
        late.set_params(&params);
        processed(&mut late, &silence);
        let output = processed(&mut late, &input);
        let differs = output[0].iter().zip(&expected[0]).filter(|(a, b)| a != b).count();
        assert_eq!(differs, 0, "{bands:?}");
    }
}
