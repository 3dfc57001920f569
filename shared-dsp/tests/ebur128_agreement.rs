//! The live meter against the `ebur128` crate, over random programme: within 0.01 LU.

use ebur128::{EbuR128, Mode};
use shared_dsp::Meter;
use shared_dsp::loudness::Loudness;
use shared_dsp::mix_meter::MixMeter;
use shared_dsp::random::Random;

const LU: f64 = 0.01;

/// A passage: noise of some colour and level, or a chord, panned somewhere.
struct Passage {
    gain: f64,
    colour: f64,
    pan: f64,
    tones_hz: [f64; 3],
    mix: f64,
}

impl Passage {
    fn random(random: &mut Random) -> Self {
        Self {
            gain: 10f64.powf(-(random.unit() * 70.0) / 20.0),
            colour: random.unit().powi(3),
            pan: random.unit(),
            tones_hz: std::array::from_fn(|_| 30.0 * 400f64.powf(random.unit())),
            mix: random.unit(),
        }
    }
}

/// Random passages of up to three seconds, in blocks of 100 ms, where both meters have a window's
/// end. (`ebur128` moves its window by the sample, ours by 10 ms.)
fn programme(seed: u64, rate: f64, channels: usize, mut each: impl FnMut(&[Vec<f32>])) {
    let mut random = Random::new(seed);
    let (mut low, mut time) = (0.0, 0.0f64);
    let block = (rate / 10.0) as usize;
    for _ in 0..12 {
        let passage = Passage::random(&mut random);
        for _ in 0..=(random.unit() * 30.0) as usize {
            let mut audio = vec![Vec::with_capacity(block); channels];
            for _ in 0..block {
                low += (0.02 + 0.98 * passage.colour) * (random.bipolar() - low);
                let tone: f64 = passage
                    .tones_hz
                    .iter()
                    .map(|hz| (std::f64::consts::TAU * hz * time).sin() / 3.0)
                    .sum();
                time += 1.0 / rate;
                let x = passage.gain * (low * passage.mix + tone * (1.0 - passage.mix));
                for (c, channel) in audio.iter_mut().enumerate() {
                    let place = (c as f64 / channels.max(2) as f64 - passage.pan).abs();
                    channel.push((x * (1.0 - place)) as f32);
                }
            }
            each(&audio);
        }
    }
}

#[track_caller]
fn assert_agree(ours: f64, theirs: f64, what: &str) {
    let agree = ours == theirs || (ours - theirs).abs() < LU;
    assert!(agree, "{what}: {ours}, and {theirs} by ebur128");
}

#[test]
fn momentary_shortterm_and_integrated_agree() {
    for (seed, rate) in
        [44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0, 22_050.0].into_iter().enumerate()
    {
        for channels in [1, 2, 5] {
            let mut ours = Loudness::new();
            ours.prepare(rate, channels);
            let mode = Mode::M | Mode::S | Mode::I;
            let mut theirs = EbuR128::new(channels as u32, rate as u32, mode).unwrap();
            let (mut blocks, mut compared) = (0, 0);
            programme(seed as u64, rate, channels, |audio| {
                let views: Vec<&[f32]> = audio.iter().map(Vec::as_slice).collect();
                ours.process(&views);
                theirs.add_frames_planar_f32(&views).unwrap();
                blocks += 1;
                let what = format!("block {blocks} of {channels} channels at {rate} Hz");
                assert_agree(ours.momentary_lufs(), theirs.loudness_momentary().unwrap(), &what);
                if blocks % 5 == 0 {
                    assert_agree(
                        ours.shortterm_lufs(),
                        theirs.loudness_shortterm().unwrap(),
                        &what,
                    );
                    assert_agree(ours.integrated_lufs(), theirs.loudness_global().unwrap(), &what);
                    compared += 1;
                }
            });
            assert!(compared > 10 && ours.integrated_lufs() > -70.0);
        }
    }
}

#[test]
fn the_mix_meter_agrees() {
    for (seed, rate) in [44_100.0, 48_000.0, 96_000.0].into_iter().enumerate() {
        for channels in [1, 2] {
            let mut ours = MixMeter::new();
            ours.prepare(rate, channels);
            let mode = Mode::M | Mode::S | Mode::I;
            let mut theirs = EbuR128::new(channels as u32, rate as u32, mode).unwrap();
            let mut blocks = 0;
            programme(20 + seed as u64, rate, channels, |audio| {
                let views: Vec<&[f32]> = audio.iter().map(Vec::as_slice).collect();
                ours.process(&views, None);
                theirs.add_frames_planar_f32(&views).unwrap();
                blocks += 1;
                let what = format!("block {blocks} of {channels} channels at {rate} Hz");
                let readings = ours.readings();
                assert_agree(readings.momentary_lufs, theirs.loudness_momentary().unwrap(), &what);
                if blocks % 5 == 0 {
                    let [shortterm, global] =
                        [theirs.loudness_shortterm(), theirs.loudness_global()];
                    assert_agree(readings.shortterm_lufs, shortterm.unwrap(), &what);
                    assert_agree(readings.integrated_lufs, global.unwrap(), &what);
                }
            });
            assert!(blocks > 50 && ours.readings().integrated_lufs > -70.0);
        }
    }
}

#[test]
fn the_range_agrees_on_steps_that_the_slower_hop_of_ebur128_can_follow() {
    let rate = 48_000.0;
    let mut ours = Loudness::new();
    ours.prepare(rate, 2);
    let mut theirs = EbuR128::new(2, rate as u32, Mode::LRA).unwrap();
    let mut random = Random::new(4);
    for second in 0..150 {
        let gain = 10f64.powf(-0.1 * f64::from(second / 10));
        let block: Vec<f32> =
            (0..rate as usize).map(|_| (gain * random.bipolar()) as f32).collect();
        ours.process(&[&block, &block]);
        theirs.add_frames_planar_f32(&[&block, &block]).unwrap();
    }
    let theirs = theirs.loudness_range().unwrap();
    assert!((ours.range_lu() - theirs).abs() < 0.3, "{} and {theirs}", ours.range_lu());
}
