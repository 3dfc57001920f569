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
