//! Effects: surf under the opening, a riser into the chorus, an impact, and bells at the end.

use shared_dsp::random::Random;

use super::song::{frame_at, frames, note_hz};
use super::space::Room;
use super::stereo::Stereo;
use super::tone::{Decay, Filter, Phase, smooth_step, swell};

/// The effects stem.
pub(super) fn play(mut random: Random) -> Stereo {
    let mut stem = Stereo::silent();
    stem.place_stereo(0, &surf(&mut random), 0.16);
    stem.place_stereo(frame_at(4, 2.0), &riser(&mut random), 0.16);
    stem.place(frame_at(6, 0.0), &impact(&mut random), 0.5, 0.0);
    for (step, note) in [84.0, 88.0, 91.0, 95.0, 96.0, 103.0].into_iter().enumerate() {
        let pan = if step % 2 == 0 { -0.5 } else { 0.5 };
        let start = frame_at(9, 0.5 + 0.25 * step as f64);
        stem.place(start, &bell(note_hz(note)), 0.045, pan);
    }
    let cave = Room { decay_s: 1.6, size: 0.9, brightness: 0.5 };
    let tail = cave.answer(&stem);
    stem.mix(&tail, 0.2);
    stem
}

/// Two waves that break on a beach, each side with its own water.
fn surf(random: &mut Random) -> Vec<[f64; 2]> {
    let len = frame_at(2, 2.0);
    let mut water = [Filter::new(600.0, 0.6); 2];
    (0..len)
        .map(|frame| {
            let position = frame as f64 / len as f64;
            let wave = (2.0 * std::f64::consts::PI * position).sin().powi(2);
            if frame % 32 == 0 {
                for side in &mut water {
                    side.tune(350.0 + 2_400.0 * wave * wave, 0.6);
                }
            }
            let gain = (0.25 + 0.75 * wave) * swell(frame, len, frames(0.5), frames(1.2));
            water.each_mut().map(|side| side.run(random.bipolar()).low * gain)
        })
        .collect()
}

/// Noise whose band climbs for a bar and a half and stops on the chorus.
fn riser(random: &mut Random) -> Vec<[f64; 2]> {
    let len = frame_at(1, 2.0);
    let mut band = [Filter::new(300.0, 2.0); 2];
    (0..len)
        .map(|frame| {
            let position = frame as f64 / len as f64;
            if frame % 32 == 0 {
                for side in &mut band {
                    side.tune(300.0 * (25.0f64).powf(position), 2.0);
                }
            }
            let gain = position * position * swell(frame, len, frames(0.2), frames(0.02));
            band.each_mut().map(|side| side.run(2.0 * random.bipolar()).band * gain)
        })
        .collect()
}

/// A boom that falls in pitch.
fn impact(random: &mut Random) -> Vec<f64> {
    let mut phase = Phase::starting_at(0.0);
    let mut boom = Decay::new(0.5);
    let mut fall = Decay::new(0.12);
    let mut dust = Decay::new(0.2);
    let mut dull = Filter::new(900.0, 0.7);
    let len = frames(2.4);
    (0..len)
        .map(|frame| {
            phase.advance(38.0 + 60.0 * fall.next());
            let debris = dull.run(random.bipolar()).low * dust.next();
            let fade = 1.0 - smooth_step(frame as f64 / len as f64);
            (phase.sine() * boom.next() + 0.8 * debris) * fade
        })
        .collect()
}

/// A small bell: partials in the ratios of a struck bar.
fn bell(frequency_hz: f64) -> Vec<f64> {
    const RATIOS: [(f64, f64, f64); 3] = [(1.0, 1.0, 0.7), (2.756, 0.4, 0.3), (5.404, 0.15, 0.12)];
    let mut partials = RATIOS.map(|(ratio, gain, time_s)| {
        (Phase::starting_at(0.0), frequency_hz * ratio, gain, Decay::new(time_s))
    });
    (0..frames(2.0))
        .map(|_| {
            partials
                .iter_mut()
                .map(|(phase, partial_hz, gain, decay)| {
                    phase.advance(*partial_hz);
                    *gain * phase.sine() * decay.next()
                })
                .sum()
        })
        .collect()
}
