use super::*;
use crate::contract::Contract;
use crate::processor::Processor;

/// A mix meter as a block that leaves the audio alone, with the key as its dialogue.
struct Alone<const CHANNELS: usize>(MixMeter);

impl<const CHANNELS: usize> Processor for Alone<CHANNELS> {
    type Params = (MixMeterParams, bool);

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        self.0.prepare(sample_rate_hz, CHANNELS);
    }

    fn set_params(&mut self, (params, paused): &Self::Params) {
        self.0.set_params(params);
        self.0.set_paused(*paused);
    }

    fn reset(&mut self) {
        self.0.reset();
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        let key = (!key.is_empty()).then_some(key);
        match audio {
            [mono] => self.0.process(&[mono], key),
            [left, right] => self.0.process(&[left, right], key),
            _ => {}
        }
        for channel in audio {
            crate::finite::silence_non_finite(channel);
        }
    }
}

fn observe<const CHANNELS: usize>(block: &Alone<CHANNELS>, out: &mut Vec<f64>) {
    // Infinities and nothing are bits as well; the shortest text that holds all of a number's.
    let mut meter = block.0.clone();
    let mut points = Vec::new();
    meter.drain_history(|point| points.push(point));
    let text = format!("{:?} {points:?}", meter.readings());
    out.extend(text.bytes().map(f64::from));
}

fn settings() -> Vec<(MixMeterParams, bool)> {
    let of = |correlation_window_ms, dual_mono| MixMeterParams { correlation_window_ms, dual_mono };
    vec![
        (MixMeterParams::DEFAULT, false),
        (of(50.0, false), false),
        (of(50.0, false), true),
        (of(120.0, true), false),
        (of(f64::NAN, true), false),
    ]
}

macro_rules! contract_of {
    ($name:ident, $channels:literal) => {
        mod $name {
            use super::*;

            fn contract() -> Contract<Alone<$channels>> {
                let new = || Alone(MixMeter::new());
                Contract { new, settings: settings(), observe: observe::<$channels> }
            }

            macro_rules! holds {
                ($test:ident) => {
                    #[test]
                    fn $test() {
                        contract().$test();
                    }
                };
            }

            holds!(reset_equals_fresh);
            holds!(block_invariance);
            holds!(finite_in_finite_out);
            holds!(non_finite_is_silence);
            holds!(neutral_is_a_pure_delay);
            holds!(no_allocation);
            holds!(odd_keys_are_silence);
        }
    };
}

contract_of!(contract_of_the_mix_meter, 2);
contract_of!(contract_of_the_mix_meter_in_mono, 1);
