//! What a meter lets one hear: the mix on other loudspeakers.
//!
//! Stereo passes the signal bit for bit. The others are a matrix whose coefficients glide, and the
//! small loudspeaker after it a fade: nothing clicks. A small loudspeaker is one for both channels,
//! between a kitchen radio and a phone: Butterworth, 24 dB per octave below 250 Hz and 12 dB per octave
//! above 7 kHz, level at 1 kHz kept. It says what is left of a
//! bass where there is none, not how a certain box sounds.

use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::eq::section::Section;
use crate::eq::svf;
use crate::finite::{snap, to_f32};
use crate::matrix_mixer::MatrixMixer;
use crate::processor::{MAX_CHANNELS, Processor};
use crate::stereo_matrix::{ChannelMode, StereoMatrix};
use std::f64::consts::FRAC_1_SQRT_2;

/// What is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Listen {
    /// The mix as it is.
    #[default]
    Stereo,
    /// (L + R)/2 on both sides.
    Mono,
    /// (L − R)/2 on both sides.
    Side,
    /// The left channel on both sides.
    Left,
    /// The right channel on both sides.
    Right,
    /// (L + R)/2 through one small loudspeaker.
    SmallSpeaker,
}

impl Listen {
    /// All of them, in the order users see them.
    pub const ALL: [Self; 6] =
        [Self::Stereo, Self::Mono, Self::Side, Self::Left, Self::Right, Self::SmallSpeaker];

    /// The matrix of this choice; a mono layout is its own middle and has no side.
    fn matrix(self, channels: usize) -> StereoMatrix {
        if channels < 2 {
            return StereoMatrix::mono(if self == Self::Side { 0.0 } else { 1.0 });
        }
        match self {
            Self::Stereo => StereoMatrix::IDENTITY,
            Self::Mono | Self::SmallSpeaker => StereoMatrix::channel_mode(ChannelMode::Mono),
            Self::Side => StereoMatrix::from_coefficients([0.5, -0.5, 0.5, -0.5]),
            Self::Left => StereoMatrix::channel_mode(ChannelMode::Left),
            Self::Right => StereoMatrix::channel_mode(ChannelMode::Right),
        }
    }
}

/// The corners of the small loudspeaker in Hz.
pub const SMALL_SPEAKER_HZ: [f64; 2] = [250.0, 7000.0];
/// Q of the two sections of a Butterworth filter of fourth order.
const FOURTH_ORDER: [f64; 2] = [0.541_196_100_146_197, 1.306_562_964_876_377];
const SECTIONS: usize = 3;
/// How often states too small to matter are snapped to zero, as in [`high_pass`](crate::high_pass).
const SNAP_INTERVAL_SAMPLES: u32 = 64;

/// Coefficients of a section, the same for both channels.
type Lanes = [[f64; MAX_CHANNELS]; 6];

/// The monitor of a meter.
#[derive(Debug, Clone)]
pub struct ListenPath {
    listen: Listen,
    channels: usize,
    matrix: MatrixMixer,
    small: Crossfade,
    sections: [Lanes; SECTIONS],
    states: [[[f64; MAX_CHANNELS]; 2]; SECTIONS],
    until_snap: u32,
    /// Whether a sample has been heard since reset: from then on changes fade.
    started: bool,
}

impl ListenPath {
    /// Stereo; call [`prepare`](Processor::prepare) before using it.
    pub fn new() -> Self {
        Self {
            listen: Listen::Stereo,
            channels: MAX_CHANNELS,
            matrix: MatrixMixer::new(),
            small: Crossfade::new(),
            sections: [lanes(&Section::IDENTITY); SECTIONS],
            states: Default::default(),
            until_snap: SNAP_INTERVAL_SAMPLES,
            started: false,
        }
    }

    /// Whether the output is, and stays, the input bit for bit.
    pub fn is_neutral(&self) -> bool {
        self.small.is_first() && self.matrix.is_neutral(self.channels)
    }

    fn speaker(&mut self, samples: [f64; MAX_CHANNELS]) -> [f64; MAX_CHANNELS] {
        let mut x = samples;
        for (section, [first, second]) in self.sections.iter().zip(&mut self.states) {
            x = svf::step(section, first, second, &x);
        }
        x
    }

    fn snap_states(&mut self) {
        self.until_snap -= 1;
        if self.until_snap == 0 {
            self.until_snap = SNAP_INTERVAL_SAMPLES;
            for state in self.states.as_flattened_mut().as_flattened_mut() {
                *state = snap(*state);
            }
        }
    }

    /// The small loudspeaker, faded in over what the matrix gave.
    fn fade(&mut self, audio: &mut [&mut [f32]]) {
        let length = audio.iter().map(|channel| channel.len()).min().unwrap_or(0);
        for at in 0..length {
            if self.small.is_first() {
                // What is forgotten now is not heard when it comes back.
                self.states = Default::default();
                self.until_snap = SNAP_INTERVAL_SAMPLES;
                return;
            }
            let weight = self.small.next();
            let mut dry = [0.0; MAX_CHANNELS];
            for (dry, samples) in dry.iter_mut().zip(&*audio) {
                *dry = f64::from(samples[at]);
            }
            let wet = self.speaker(dry);
            for ((samples, dry), wet) in audio.iter_mut().zip(dry).zip(wet) {
                samples[at] = to_f32(dry + weight * (wet - dry));
            }
            self.snap_states();
        }
    }
}

fn lanes(section: &Section) -> Lanes {
    svf::output(section).map(|c| [c; MAX_CHANNELS])
}

impl Default for ListenPath {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for ListenPath {
    type Params = Listen;

    fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize) {
        self.matrix.prepare(sample_rate_hz, max_block_len);
        self.small.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        let [low, high] = SMALL_SPEAKER_HZ;
        let section = |numerator: [f64; 3], q: f64, hz: f64| {
            lanes(&Section::second_order(numerator, q, hz, sample_rate_hz))
        };
        let [first, second] = FOURTH_ORDER.map(|q| section([0.0, 0.0, 1.0], q, low));
        self.sections = [first, second, section([1.0, 0.0, 0.0], FRAC_1_SQRT_2, high)];
        self.reset();
    }

    fn set_params(&mut self, listen: &Listen) {
        if self.listen != *listen {
            self.listen = *listen;
            self.apply();
        }
    }

    fn reset(&mut self) {
        self.matrix.reset();
        self.small.finish();
        self.states = Default::default();
        self.until_snap = SNAP_INTERVAL_SAMPLES;
        self.started = false;
        self.apply();
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        if audio.first().is_none_or(|channel| channel.is_empty()) {
            return;
        }
        if audio.len() != self.channels {
            self.channels = audio.len();
            self.apply();
        }
        self.started = true;
        self.matrix.process(audio, key);
        self.fade(audio);
    }
}

impl ListenPath {
    fn apply(&mut self) {
        self.matrix.set_params(&self.listen.matrix(self.channels));
        let small = self.listen == Listen::SmallSpeaker;
        if self.started { self.small.fade_to(small) } else { self.small.jump_to(small) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::programme;
    use std::f64::consts::TAU;

    crate::contract! {
        mod contract_of_the_listen_path;
        new: ListenPath::new,
        settings: [
            Listen::Stereo,
            Listen::Mono,
            Listen::SmallSpeaker,
            Listen::Side,
            Listen::Left,
            Listen::Right,
        ],
        observe: |path, out| out.push(f64::from(u8::from(path.is_neutral()))),
    }

    fn heard(listen: Listen, left: &[f32], right: &[f32]) -> [Vec<f32>; 2] {
        let mut path = ListenPath::new();
        path.prepare(48_000.0, left.len());
        path.set_params(&listen);
        let (mut left, mut right) = (left.to_vec(), right.to_vec());
        path.process(&mut [&mut left, &mut right], &[]);
        [left, right]
    }

    #[test]
    fn each_is_what_it_says() {
        let audio = programme(3, 2, 48_000.0);
        let (l, r) = (&audio[0], &audio[1]);
        let each = |of: fn(f32, f32) -> f32| -> Vec<f32> {
            l.iter().zip(r).map(|(l, r)| of(*l, *r)).collect()
        };
        let mid = each(|l, r| f64::midpoint(f64::from(l), f64::from(r)) as f32);
        let side = each(|l, r| ((f64::from(l) - f64::from(r)) / 2.0) as f32);
        for (listen, expected) in [
            (Listen::Stereo, [l, r]),
            (Listen::Mono, [&mid, &mid]),
            (Listen::Side, [&side, &side]),
            (Listen::Left, [l, l]),
            (Listen::Right, [r, r]),
        ] {
            assert_eq!(heard(listen, l, r), expected.map(Clone::clone), "{listen:?}");
        }
    }

    #[test]
    fn the_small_loudspeaker_has_the_closed_form_of_its_filters() {
        let warped = |hz: f64| (std::f64::consts::PI * hz / 48_000.0).tan();
        for hz in [50.0, 125.0, 250.0, 1000.0, 3500.0, 7000.0, 14_000.0] {
            let wave: Vec<f32> = (0..48_000)
                .map(|n| (0.5 * (TAU * hz * f64::from(n) / 48_000.0).sin()) as f32)
                .collect();
            let [left, right] = heard(Listen::SmallSpeaker, &wave, &wave);
            assert_eq!(left, right);
            let power = |x: &[f32]| x[24_000..].iter().map(|x| f64::from(*x).powi(2)).sum::<f64>();
            let got = 10.0 * (power(&left) / power(&wave)).log10();
            let [low, high] = SMALL_SPEAKER_HZ.map(warped);
            let below = (low / warped(hz)).powi(8);
            let above = (warped(hz) / high).powi(4);
            let expected = -10.0 * ((1.0 + below) * (1.0 + above)).log10();
            assert!((got - expected).abs() < 0.02, "{got}, not {expected} dB at {hz} Hz");
        }
    }

    #[test]
    fn back_to_stereo_is_bit_exact_again() {
        let audio = programme(4, 2, 48_000.0);
        for listen in Listen::ALL {
            let mut path = ListenPath::new();
            path.prepare(48_000.0, 12_000);
            path.set_params(&listen);
            let run = |path: &mut ListenPath| {
                let (mut left, mut right) = (audio[0].clone(), audio[1].clone());
                path.process(&mut [&mut left, &mut right], &[]);
                [left, right]
            };
            run(&mut path);
            path.set_params(&Listen::Stereo);
            (0..4).for_each(|_| drop(run(&mut path)));
            assert!(path.is_neutral(), "{listen:?}");
            assert_eq!(run(&mut path).as_slice(), &audio[..2], "{listen:?}");
        }
    }

    #[test]
    fn a_change_does_not_click() {
        // A tone of 100 Hz: steps of its own are at most 0.0065 of full scale here.
        let wave = |n: usize| (0.5 * (TAU * 100.0 * n as f64 / 48_000.0).sin()) as f32;
        for from in Listen::ALL {
            for to in Listen::ALL {
                let mut path = ListenPath::new();
                path.prepare(48_000.0, 64);
                path.set_params(&from);
                let mut last = None;
                for block in 0..400 {
                    if block == 150 {
                        path.set_params(&to);
                    }
                    let mut left: [f32; 64] = std::array::from_fn(|n| wave(64 * block + n));
                    let mut right = left.map(|x| 0.25 * x);
                    path.process(&mut [&mut left, &mut right], &[]);
                    for x in left {
                        let step = last.map_or(0.0, |last: f32| (x - last).abs());
                        assert!(block == 0 || step < 0.012, "{from:?} to {to:?}: {step}");
                        last = Some(x);
                    }
                }
            }
        }
    }
}
