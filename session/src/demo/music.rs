//! The music bed: a wide pad of detuned saws, and plucked chords that answer from side to side.

use shared_dsp::random::Random;

use super::song::{BEATS_PER_BAR, FORM, FRAMES_PER_BEAT, Section, frame_at, frames, note_hz};
use super::space::Room;
use super::stereo::Stereo;
use super::tone::{Decay, Filter, Phase, swell};

/// The order in which the plucks walk through the chord.
const WALK: [usize; 8] = [0, 2, 4, 3, 1, 3, 4, 2];

/// The music stem.
pub(super) fn play(mut random: Random) -> Stereo {
    let mut plucks = Stereo::silent();
    let mut pad = Stereo::silent();
    for (index, bar) in FORM.iter().enumerate() {
        let is_last = bar.section == Section::Ending;
        pad.place_stereo(
            frame_at(index, 0.0),
            &chord_pad(&bar.chord, bar.intensity, &mut random),
            0.05 + 0.04 * bar.intensity,
        );
        let strokes = if is_last { 1 } else { WALK.len() };
        for (stroke, &step) in WALK.iter().enumerate().take(strokes) {
            let note = bar.chord[step] + 12.0;
            let velocity = bar.intensity * if stroke % 4 == 0 { 1.0 } else { 0.7 };
            let side = if stroke % 2 == 0 { -0.7 } else { 0.7 };
            let sound = pluck(note_hz(note), velocity);
            let start = frame_at(index, stroke as f64 * 0.5);
            plucks.place(start, &sound, 0.16 * velocity, side);
            // The answer comes three quarters of a beat later from the other side.
            let echo = start + FRAMES_PER_BEAT * 3 / 4;
            plucks.place(echo, &sound, 0.06 * velocity, -side);
        }
        if matches!(bar.section, Section::Chorus | Section::Ending) {
            for (voice, &note) in bar.chord.iter().enumerate() {
                let sound = pluck(note_hz(note), bar.intensity);
                let pan = (voice as f64 - 2.0) * 0.3;
                plucks.place(frame_at(index, 0.0), &sound, 0.12, pan);
                if !is_last {
                    plucks.place(frame_at(index, 2.5), &sound, 0.09, pan);
                }
            }
        }
    }
    let hall = Room { decay_s: 1.9, size: 1.0, brightness: 0.45 };
    let mut stem = pad;
    stem.mix(&plucks, 1.0);
    let tail = hall.answer(&stem);
    stem.mix(&tail, 0.16);
    stem
}

/// A bar of the chord: two saws a side for each note, detuned differently left and right, which
/// is what makes it wide.
fn chord_pad(chord: &[f64; 5], intensity: f64, random: &mut Random) -> Vec<[f64; 2]> {
    const DETUNE: [[f64; 2]; 2] = [[-0.09, 0.06], [-0.05, 0.10]];
    let bar_len = BEATS_PER_BAR * FRAMES_PER_BEAT;
    let len = bar_len + frames(0.35);
    let mut saws: Vec<[[Phase; 2]; 2]> = chord
        .iter()
        .map(|_| [[(); 2]; 2].map(|side| side.map(|()| Phase::starting_at(random.unit()))))
        .collect();
    let cutoff_hz = 500.0 + 2_300.0 * intensity * intensity;
    let mut tone = [Filter::new(cutoff_hz, 0.7); 2];
    (0..len)
        .map(|frame| {
            let mut pair = [0.0; 2];
            for (note, voices) in chord.iter().zip(&mut saws) {
                for side in 0..2 {
                    for (phase, detune) in voices[side].iter_mut().zip(DETUNE[side]) {
                        phase.advance(note_hz(note + detune));
                        pair[side] += 0.5 * phase.saw();
                    }
                }
            }
            let gain = swell(frame, len, frames(0.25), frames(0.45));
            [0, 1].map(|side| tone[side].run(pair[side]).low * gain)
        })
        .collect()
}

/// A struck tine: a sine whose phase is shaken by itself an octave up, the more the harder it is
/// struck, and less as it rings (Chowning, JAES 21(7), 1973).
fn pluck(frequency_hz: f64, velocity: f64) -> Vec<f64> {
    let mut carrier = Phase::starting_at(0.0);
    let mut modulator = Phase::starting_at(0.0);
    let mut bright = Decay::new(0.12);
    let mut ring = Decay::new(0.55);
    let len = frames(1.6);
    (0..len)
        .map(|frame| {
            carrier.advance(frequency_hz);
            modulator.advance(2.0 * frequency_hz);
            let index = 1.4 * velocity * bright.next();
            let turns = carrier.turns() + index * modulator.sine() / std::f64::consts::TAU;
            let tone = Phase::starting_at(turns).sine();
            tone * ring.next() * swell(frame, len, frames(0.002), frames(0.2))
        })
        .collect()
}
