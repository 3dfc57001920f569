//! The dialogue-gated loudness, with dialogue that comes and goes.

use crate::signals::assert_near;
use crate::{ready, sine};
use shared_dsp::db;
use shared_dsp::mix_meter::MixMeter;

const RATE: f64 = 48_000.0;

/// A stretch of mix and dialogue: 1 kHz on both channels at these levels, in seconds.
fn play(meter: &mut MixMeter, mix_lufs: f64, dialogue_lufs: f64, seconds: f64, block: usize) {
    let [mix, dialogue] =
        [mix_lufs, dialogue_lufs].map(|l| sine(1000.0, db::to_gain(l), 0.0, seconds, RATE));
    for (mix, dialogue) in mix.chunks(block).zip(dialogue.chunks(block)) {
        meter.process(&[mix, mix], Some(&[dialogue, dialogue]));
    }
}

const NONE: f64 = f64::NEG_INFINITY;

#[test]
fn the_mix_counts_where_its_dialogue_is() {
    for block in [1, 64, 1000] {
        let mut meter = ready(RATE, 2);
        // Ten seconds of programme 10 LU louder than the dialogue, in between.
        for _ in 0..5 {
            play(&mut meter, -23.0, -25.0, 2.0, block);
            play(&mut meter, -13.0, NONE, 2.0, block);
        }
        // What waits to be judged.
        play(&mut meter, NONE, NONE, 0.4, block);
        let readings = meter.readings();
        // The 1 kHz tone reads its level; the ends of a filter's ring are all that is left of the music.
        assert_near(readings.dialogue_lufs.expect("heard"), -23.0, 0.1, "dialogue");
        assert_near(readings.dialogue_share, 10.0 / 20.1, 0.01, "share");
        assert_near(readings.integrated_lufs, -15.6, 0.4, "everything");
    }
}

#[test]
fn without_a_key_there_is_none() {
    let tone = sine(1000.0, 0.1, 0.0, 5.0, RATE);
    let silence = vec![0.0; tone.len()];
    for key in [None, Some(&[][..]), Some(&[&silence[..], &silence][..]), Some(&[&silence[..7]])] {
        let mut meter = ready(RATE, 2);
        meter.process(&[&tone, &tone], key);
        let readings = meter.readings();
        assert_eq!((readings.dialogue_lufs, readings.dialogue_share), (None, 0.0));
        assert!(readings.integrated_lufs > -24.0);
    }
}

#[test]
fn a_mono_and_a_short_key_count_where_they_are() {
    let mut meter = ready(RATE, 2);
    let (soft, loud) = (sine(1000.0, 0.1, 0.0, 4.0, RATE), sine(1000.0, 0.5, 0.0, 4.0, RATE));
    meter.process(&[&soft, &soft], Some(&[&soft]));
    // The key ends two seconds before the block does.
    let whole: Vec<f32> = soft[..96_000].iter().chain(&loud[96_000..]).copied().collect();
    meter.process(&[&whole, &whole], Some(&[&soft[..96_000]]));
    meter.process(&[&loud, &loud], None);
    let readings = meter.readings();
    assert_near(readings.dialogue_lufs.expect("heard"), -20.0, 0.15, "dialogue");
    // The last three steps wait to be judged.
    assert_near(readings.dialogue_share, 60.0 / 117.0, 0.01, "share");
}

#[test]
fn bleed_is_no_dialogue() {
    let mut meter = ready(RATE, 2);
    for _ in 0..4 {
        play(&mut meter, -23.0, -23.0, 3.0, 512);
        play(&mut meter, -18.0, -48.0, 3.0, 512);
    }
    let readings = meter.readings();
    assert_near(readings.dialogue_lufs.expect("heard"), -23.0, 0.1, "dialogue");
    assert_near(readings.dialogue_share, 0.5, 0.02, "share");
}
