//! What the plugins hear: some seconds of a made-up mix, the same every time.

use shared_dsp::random::Random;
use std::f64::consts::TAU;

/// Sample rate in Hz.
pub const RATE_HZ: f32 = 48_000.0;
/// Its length in seconds: enough to fill what scrolls.
pub const SECONDS: usize = 11;

/// Frames of a beat, at 112 beats a minute.
const BEAT: usize = (48_000.0 * 60.0 / 112.0) as usize;
/// Of the chord, from the bass up.
const CHORD_HZ: [f64; 4] = [55.0, 220.0, 277.18, 329.63];

/// Left and right of the whole programme, within full scale: a kick on each beat, noise between
/// them, and a chord that swells.
pub fn stereo() -> [Vec<f32>; 2] {
    let mut random = Random::new(0x0067_616C_6C65_7279);
    let frames = SECONDS * RATE_HZ as usize;
    let mut channels = [Vec::with_capacity(frames), Vec::with_capacity(frames)];
    for frame in 0..frames {
        let (beat, into) = (frame / BEAT, (frame % BEAT) as f64 / f64::from(RATE_HZ));
        let time = frame as f64 / f64::from(RATE_HZ);
        let kick = 0.7
            * (-into / 0.09).exp()
            * (TAU * (48.0 * into + 6.0 * (1.0 - (-into / 0.02).exp()))).sin();
        let snare =
            if beat % 2 == 1 { 0.35 * (-into / 0.05).exp() * random.bipolar() } else { 0.0 };
        let swell = 0.5 - 0.5 * (TAU * time / 7.0).cos();
        let tones = CHORD_HZ.map(|hz| 0.11 * (0.35 + 0.65 * swell) * (TAU * hz * time).sin());
        let middle = kick + snare + tones[0] * 1.6 + tones[2];
        let air = 0.02 * random.bipolar();
        for (channel, side) in channels.iter_mut().zip([1.0, -1.0]) {
            channel.push(
                (middle
                    + (1.0 + side) * 0.5 * tones[1]
                    + (1.0 - side) * 0.5 * tones[3]
                    + side * air) as f32,
            );
        }
    }
    channels
}

/// A song as a meter would see one before it is done: the voice in the middle over drums and bass, a chord
/// to the sides, and cymbals that were made wide by turning one side round.
pub fn song() -> [Vec<f32>; 2] {
    mix(&Mix {
        seed: 0x0000_736F_6E67,
        low: 0.75,
        chord: 1.0,
        cymbals: 0.16,
        turned: 0.8,
        gain: 0.85,
    })
}

/// A finished record to hold it against: less low end, and highs that mono keeps.
pub fn reference() -> [Vec<f32>; 2] {
    mix(&Mix { seed: 0x0072_6566, low: 0.5, chord: 1.2, cymbals: 0.09, turned: 0.1, gain: 0.7 })
}

/// What songs differ in.
struct Mix {
    seed: u64,
    /// Drums and bass; chord; cymbals, and which share of them is turned round.
    low: f64,
    chord: f64,
    cymbals: f64,
    turned: f64,
    gain: f64,
}

fn mix(mix: &Mix) -> [Vec<f32>; 2] {
    let mut random = Random::new(mix.seed);
    let voice = voice();
    let [mut last, mut room] = [0.0f64; 2];
    let frame = |(frame, voice): (usize, f32)| {
        let (beat, into) = (frame / BEAT, (frame % BEAT) as f64 / f64::from(RATE_HZ));
        let time = frame as f64 / f64::from(RATE_HZ);
        let sung = (TAU * time / 9.0).sin();
        let swing = |hz: f64| (TAU * hz * time).sin();
        let kick =
            (-into / 0.09).exp() * (TAU * (48.0 * into + 6.0 * (1.0 - (-into / 0.02).exp()))).sin();
        let bass = 0.35 * (swing(55.0) + 0.3 * swing(110.0));
        let noise = random.bipolar();
        let snare = if beat % 2 == 1 { 0.3 * (-into / 0.06).exp() * noise } else { 0.0 };
        // Hats on the eighths, highs only: the noise less what it was before.
        let eighth = (frame % (BEAT / 2)) as f64 / f64::from(RATE_HZ);
        let high = noise - last;
        last = noise;
        let hat = mix.cymbals * (0.25 + (-eighth / 0.05).exp()) * high;
        // Between them a wash that falls by 6 dB an octave.
        room += 0.02 * (random.bipolar() - room);
        let middle = mix.low * (0.6 * kick + bass) + 1.1 * f64::from(voice) + snare + 0.6 * room;
        [1.0, -1.0].map(|side: f64| {
            let chord: f64 = CHORD_HZ[1..]
                .iter()
                .zip([0.9, 0.1, -0.7])
                .flat_map(|(hz, place)| [1.0, 2.0, 3.0, 5.0].map(|n| (hz * n, place, n)))
                .map(|(hz, place, n)| (1.0 + side * place) / n * swing(hz))
                .sum();
            let chord = 0.03 * mix.chord * (1.0 + 0.5 * sung) * chord;
            let turn = 1.0 - mix.turned + side * mix.turned;
            (mix.gain * (middle + chord + turn * hat)) as f32
        })
    };
    let (left, right) =
        voice.into_iter().enumerate().map(frame).map(|[left, right]| (left, right)).unzip();
    [left, right]
}

/// What a voice is made of: partials of 165 Hz, shaped by five formants.
const VOICE_HZ: f64 = 165.0;
const FORMANTS: [[f64; 3]; 5] = [
    // Hz, width in Hz, amplitude.
    [620.0, 110.0, 1.0],
    [1180.0, 130.0, 0.7],
    [2650.0, 220.0, 0.45],
    [3400.0, 260.0, 0.3],
    [6800.0, 900.0, 0.06],
];
/// From syllable to syllable, the length of one, and of a phrase with its pause, in seconds.
const SYLLABLE_S: f64 = 0.31;
const SOUNDED_S: f64 = 0.24;
const PHRASE_S: f64 = 3.7;
const SUNG_S: f64 = 2.6;

/// Resonance of an s: the angle of its poles at 6.5 kHz, and their distance from the origin.
const S_HZ: f64 = 6500.0;
const S_RADIUS: f64 = 0.78;
/// How long an s takes, in seconds.
const S_S: f64 = 0.1;

/// The voice with an s at the end of every other syllable, as a mono stem on both channels.
pub fn speech() -> [Vec<f32>; 2] {
    let mut random = Random::new(0x0068_6973);
    let mut speech = sung(0.0);
    let turn = 2.0 * S_RADIUS * (TAU * S_HZ / f64::from(RATE_HZ)).cos();
    // Two resonators in a row, each with what it last gave.
    let mut past = [[0.0f64; 2]; 2];
    for (frame, sample) in speech.iter_mut().enumerate() {
        let time = frame as f64 / f64::from(RATE_HZ);
        let (syllable, into) = ((time / SYLLABLE_S) as usize, time % SYLLABLE_S);
        let mut s = 0.035 * random.bipolar();
        for past in &mut past {
            s += turn * past[0] - S_RADIUS * S_RADIUS * past[1];
            *past = [s, past[0]];
        }
        let since = into - (SYLLABLE_S - S_S);
        let swell = (since / 0.012).min((S_S - since) / 0.02).clamp(0.0, 1.0);
        let is_sung = (SECONDS as f64 - time) % PHRASE_S < SUNG_S;
        if is_sung && syllable % 2 == 0 {
            // Some are softer than others.
            let level = [1.0, 0.45, 0.7][syllable / 2 % 3];
            *sample += (level * swell * s) as f32;
        }
    }
    [speech.clone(), speech]
}

/// The voice of the programme, on one channel.
pub fn voice() -> Vec<f32> {
    sung(1.0)
}

/// A voice as long as the programme, on one channel: phrases of syllables that begin with a breath of
/// noise, more or less of it, with pauses between. It is sung as the programme ends.
fn sung(breath: f64) -> Vec<f32> {
    let mut random = Random::new(0x0076_6F69_6365);
    let partials: Vec<(f64, f64)> = (1..60)
        .map(|n| {
            let hz = VOICE_HZ * f64::from(n);
            let shaped = |[centre, width, amplitude]: [f64; 3]| {
                amplitude / (1.0 + ((hz - centre) / width).powi(2)).sqrt()
            };
            // What a throat gives away with frequency.
            let tilt = 0.06 / (1.0 + hz / 900.0);
            (hz, FORMANTS.into_iter().map(shaped).sum::<f64>() * tilt)
        })
        .collect();
    let frames = SECONDS * RATE_HZ as usize;
    let mut phases = vec![0.0f64; partials.len()];
    (0..frames)
        .map(|frame| {
            let time = frame as f64 / f64::from(RATE_HZ);
            let left = SECONDS as f64 - time;
            let is_sung = left % PHRASE_S < SUNG_S;
            let into = time % SYLLABLE_S;
            let swell = (into / 0.03).min((SOUNDED_S - into) / 0.06).clamp(0.0, 1.0);
            let vibrato = 1.0 + 0.012 * (TAU * 5.2 * time).sin();
            let tone: f64 = partials
                .iter()
                .zip(&mut phases)
                .map(|((hz, amplitude), phase)| {
                    *phase = (*phase + hz * vibrato / f64::from(RATE_HZ)).fract();
                    amplitude * (TAU * *phase).sin()
                })
                .sum();
            let breath = breath * (0.02 * (-into / 0.02).exp() + 0.002 * swell) * random.bipolar();
            if is_sung { (swell * tone + breath) as f32 } else { 0.0 }
        })
        .collect()
}
