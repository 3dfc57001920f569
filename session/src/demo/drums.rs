//! Drums: kick, snare, hats, toms for the fill, and a crash. Synthesised hit by hit, so that
//! every one has its own transient.

use shared_dsp::random::Random;

use super::song::{FORM, Section, frame_at, frames};
use super::space::Room;
use super::stereo::Stereo;
use super::tone::{Decay, Filter, Phase};

/// Quarter-beat steps on which the kick falls.
const VERSE_KICK: [f64; 3] = [0.0, 1.75, 2.5];
const CHORUS_KICK: [f64; 4] = [0.0, 0.75, 2.0, 2.5];

/// The drum stem.
pub(super) fn play(random: Random) -> Stereo {
    let mut kit = Kit { stem: Stereo::silent(), random };
    for (index, bar) in FORM.iter().enumerate() {
        match bar.section {
            Section::Opening => {}
            Section::PickUp => {
                kit.hats(index, 0.0..4.0, 0.5, bar.intensity);
                kit.snare(index, 3.5, 0.45);
                kit.snare(index, 3.75, 0.6);
            }
            Section::Verse => {
                kit.groove(index, &VERSE_KICK, bar.intensity);
                kit.hats(index, 0.0..4.0, 0.5, bar.intensity);
            }
            Section::Fill => {
                kit.kick(index, 0.0, 0.8);
                kit.snare(index, 1.0, 0.75);
                kit.hats(index, 0.0..2.0, 0.5, bar.intensity);
                kit.fill(index);
            }
            Section::Chorus => {
                if index == 6 {
                    kit.crash(index, 0.8);
                }
                kit.groove(index, &CHORUS_KICK, bar.intensity);
                kit.snare(index, 2.25, 0.16);
                kit.hats(index, 0.0..4.0, 0.25, bar.intensity);
                kit.open_hat(index, 3.5, 0.5);
            }
            Section::Ending => {
                kit.kick(index, 0.0, 0.95);
                kit.crash(index, 0.9);
            }
        }
    }
    let room = Room { decay_s: 0.45, size: 0.45, brightness: 0.6 };
    let ambience = room.answer(&kit.stem);
    kit.stem.mix(&ambience, 0.12);
    kit.stem
}

/// The stem under way and the drummer's small unevenness.
struct Kit {
    stem: Stereo,
    random: Random,
}

impl Kit {
    fn groove(&mut self, bar: usize, kicks: &[f64], intensity: f64) {
        for &beat in kicks {
            self.kick(bar, beat, if beat == 0.0 { 1.0 } else { 0.8 } * intensity);
        }
        self.snare(bar, 1.0, 0.9 * intensity);
        self.snare(bar, 3.0, intensity);
    }

    fn fill(&mut self, bar: usize) {
        for (step, velocity) in [0.5, 0.35, 0.6, 0.75].into_iter().enumerate() {
            self.snare(bar, 2.0 + step as f64 * 0.25, velocity);
        }
        for (step, (frequency_hz, pan)) in
            [(196.0, -0.45), (196.0, -0.45), (147.0, 0.1), (98.0, 0.5)].into_iter().enumerate()
        {
            let velocity = 0.7 + 0.1 * step as f64;
            self.tom(bar, 3.0 + step as f64 * 0.25, frequency_hz, pan, velocity);
        }
    }

    fn kick(&mut self, bar: usize, beat: f64, velocity: f64) {
        let mut phase = Phase::starting_at(0.0);
        let mut body = Decay::new(0.12);
        let mut pitch = Decay::new(0.022);
        let mut click = Decay::new(0.0015);
        let sound: Vec<f64> = (0..frames(0.6))
            .map(|_| {
                phase.advance(49.0 + 170.0 * pitch.next());
                let beater = 0.7 * click.next() * self.random.bipolar();
                (1.6 * (phase.sine() * body.next() + beater)).tanh()
            })
            .collect();
        self.stem.place(frame_at(bar, beat), &sound, 0.95 * velocity, 0.0);
    }

    fn snare(&mut self, bar: usize, beat: f64, velocity: f64) {
        let mut tones = [Phase::starting_at(0.0), Phase::starting_at(0.25)];
        let mut head = Decay::new(0.045);
        let mut wires = Decay::new(0.03 + 0.07 * velocity);
        let mut snap = Decay::new(0.002);
        let mut body = Filter::new(1_900.0, 0.6);
        let mut rumble = Filter::new(700.0, 0.7);
        let sound: Vec<f64> = (0..frames(0.7))
            .map(|_| {
                tones[0].advance(187.0);
                tones[1].advance(331.0);
                let noise = self.random.bipolar();
                let rattle = rumble.run(0.6 * noise + 1.4 * body.run(noise).band).high;
                let drum = (tones[0].sine() + 0.5 * tones[1].sine()) * head.next();
                0.55 * drum + 0.75 * rattle * wires.next() + 0.8 * noise * snap.next()
            })
            .collect();
        let late = self.frames_late(0.002);
        self.stem.place(frame_at(bar, beat) + late, &sound, 0.75 * velocity, 0.05);
    }

    fn tom(&mut self, bar: usize, beat: f64, frequency_hz: f64, pan: f64, velocity: f64) {
        let mut phase = Phase::starting_at(0.0);
        let mut body = Decay::new(0.16);
        let mut pitch = Decay::new(0.03);
        let mut stick = Decay::new(0.003);
        let sound: Vec<f64> = (0..frames(0.8))
            .map(|_| {
                phase.advance(frequency_hz * (1.0 + 0.5 * pitch.next()));
                phase.sine() * body.next() + 0.5 * stick.next() * self.random.bipolar()
            })
            .collect();
        self.stem.place(frame_at(bar, beat), &sound, 0.8 * velocity, pan);
    }

    /// Closed hats every `step` beats, leaning on the beat.
    fn hats(&mut self, bar: usize, beats: std::ops::Range<f64>, step: f64, intensity: f64) {
        let count = ((beats.end - beats.start) / step).round() as usize;
        for stroke in 0..count {
            let beat = beats.start + stroke as f64 * step;
            let accent = match (beat / 0.25).round() as usize % 4 {
                0 => 1.0,
                2 => 0.7,
                _ => 0.4,
            };
            let velocity = accent * intensity * (0.9 + 0.2 * self.random.unit());
            self.cymbal(bar, beat, 0.028, frames(0.2), 0.30 * velocity, 0.35);
        }
    }

    fn open_hat(&mut self, bar: usize, beat: f64, velocity: f64) {
        self.cymbal(bar, beat, 0.14, frames(0.3), 0.30 * velocity, 0.35);
    }

    /// Metal: noise above 7 kHz with a few partials that share no root.
    fn cymbal(&mut self, bar: usize, beat: f64, time_s: f64, len: usize, gain: f64, pan: f64) {
        const PARTIALS_HZ: [f64; 4] = [6_120.0, 7_930.0, 9_410.0, 11_870.0];
        let mut partials = PARTIALS_HZ.map(|_| Phase::starting_at(self.random.unit()));
        let mut ring = Decay::new(time_s);
        let mut tick = Decay::new(0.001);
        let mut thin = Filter::new(7_200.0, 0.8);
        let sound: Vec<f64> = (0..len)
            .map(|frame| {
                let mut metal = 0.0;
                for (partial, frequency_hz) in partials.iter_mut().zip(PARTIALS_HZ) {
                    partial.advance(frequency_hz);
                    metal += 0.2 * partial.sine();
                }
                let noise = self.random.bipolar();
                let tail = 1.0 - frame as f64 / len as f64;
                thin.run(noise + metal).high * (ring.next() + 0.8 * tick.next()) * tail
            })
            .collect();
        let late = self.frames_late(0.003);
        self.stem.place(frame_at(bar, beat) + late, &sound, gain, pan);
    }

    /// A crash on the bar's first beat, with its own noise on each side.
    fn crash(&mut self, bar: usize, velocity: f64) {
        let mut ring = Decay::new(0.55);
        let mut burst = Decay::new(0.04);
        let mut thin = [Filter::new(3_800.0, 0.7); 2];
        let sound: Vec<[f64; 2]> = (0..frames(2.3))
            .map(|_| {
                let level = 0.5 * ring.next() + 0.7 * burst.next();
                let shared = self.random.bipolar();
                thin.each_mut().map(|side| {
                    let noise = 0.5 * shared + 0.8 * self.random.bipolar();
                    side.run(noise).high * level
                })
            })
            .collect();
        self.stem.place_stereo(frame_at(bar, 0.0), &sound, 0.26 * velocity);
    }

    /// How late a hand is, at most `most_s`.
    fn frames_late(&mut self, most_s: f64) -> usize {
        frames(most_s * self.random.unit())
    }
}
