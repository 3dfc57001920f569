//! Butterworth high-pass, 12 or 24 dB per octave, 10 to 400 Hz, or off.
//!
//! ```text
//! |H(Ω)|² = 1 / (1 + (Ωc/Ω)^2N),  N = 2 or 4,    Ω = tan(π·f/fs)
//!
//! hp = (x − (g + k)·s1 − s2) / (1 + g·(g + k))    g = tan(π·fc/fs),  k = 1/Q
//! bp = g·hp + s1                                  s1 ← bp + g·hp
//! lp = g·bp + s2                                  s2 ← lp + g·bp
//! ```
//!
//! The topology-preserving state-variable filter (Zavalishin, "The Art of VA Filter Design", rev.
//! 2.1.2, 2020, chapter 4): bilinear transform with the cutoff prewarped, so −3.01 dB lies exactly
//! at the cutoff and the response is the closed form above. Stable while its cutoff moves (Wishnick,
//! "Time-varying filters for musical applications", DAFx-14), so a glide recomputes the coefficients
//! at every sample and nothing has to be interpolated. States are `f64`.
//!
//! One section (Q = 1/√2) is 12 dB per octave; two in a row (Q = 0.541 and 1.307) are 24. A change
//! of slope fades the second section in while the first glides to its other Q: both ends are exact,
//! and the second section never hears the low end that the first has removed, so there is no thump.
//! On and off crossfade with the input. Off is bit-exact and forgets the state.
//!
//! Deviation: the bilinear transform compresses frequencies near half the sample rate, where this
//! filter is flat; below 2 kHz and from 44.1 kHz up it is within 0.01 dB of the analog one.

use std::f64::consts::{PI, SQRT_2};

use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::finite::{or_silence, silence_non_finite, snap, to_f32};
use crate::processor::{MAX_CHANNELS, Processor};
use crate::ramp::Ramp;

/// Lowest cutoff in Hz.
pub const MIN_CUTOFF_HZ: f64 = 10.0;
/// Highest cutoff in Hz.
pub const MAX_CUTOFF_HZ: f64 = 400.0;

/// Time constant of the cutoff's glide, per pole: 400 Hz to 10 Hz in less than a fifth of a second.
const CUTOFF_TIME_CONSTANT_MS: f64 = 10.0;

/// k = 1/Q of the only section at 12 dB per octave.
const DAMPING_12: f64 = SQRT_2;
/// k = 1/Q = 2·sin(3π/8) of the first section at 24 dB per octave, Q = 0.541.
const DAMPING_24_FIRST: f64 = 1.847_759_065_022_573_5;
/// k = 1/Q = 2·sin(π/8) of the second section at 24 dB per octave, Q = 1.307.
const DAMPING_24_SECOND: f64 = 0.765_366_864_730_179_5;

/// How often states too small to matter are snapped to zero. The fastest decay there is (400 Hz at
/// 8 kHz) takes 6 samples for a factor of e, so from the floor of 1e-30 none gets near the denormals
/// at 1e-308 in this many.
const SNAP_INTERVAL_SAMPLES: usize = 64;

/// How steep the high-pass is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HighPassSlope {
    /// 12 dB per octave: second order.
    #[default]
    Db12,
    /// 24 dB per octave: fourth order.
    Db24,
}

/// What a user sets.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct HighPassParams {
    /// Cutoff in Hz, [`MIN_CUTOFF_HZ`] to [`MAX_CUTOFF_HZ`]; `None` is off.
    pub cutoff_hz: Option<f64>,
    /// How steep it is.
    pub slope: HighPassSlope,
}

/// The high-pass of the trim.
#[derive(Debug, Clone)]
pub struct HighPass {
    sample_rate_hz: f64,
    cutoff_hz: Ramp,
    /// From the input to the filtered signal.
    on: Crossfade,
    /// From 12 to 24 dB per octave.
    steep: Crossfade,
    first: Section,
    second: Section,
    states: [[State; 2]; MAX_CHANNELS],
    until_snap: usize,
    /// Whether a sample has been heard since reset: from then on changes glide.
    started: bool,
}

impl HighPass {
    /// A high-pass that is off; call `prepare` before using it.
    pub fn new() -> Self {
        Self {
            sample_rate_hz: 48_000.0,
            cutoff_hz: Ramp::new(MIN_CUTOFF_HZ),
            on: Crossfade::new(),
            steep: Crossfade::new(),
            first: Section::default(),
            second: Section::default(),
            states: Default::default(),
            until_snap: SNAP_INTERVAL_SAMPLES,
            started: false,
        }
    }

    /// Whether the output is, and stays, the input bit for bit.
    pub fn is_neutral(&self) -> bool {
        self.on.is_first()
    }

    fn is_gliding(&self) -> bool {
        !(self.cutoff_hz.is_settled() && self.on.is_settled() && self.steep.is_settled())
    }

    fn forget(&mut self) {
        self.states = Default::default();
        self.until_snap = SNAP_INTERVAL_SAMPLES;
    }

    fn update_sections(&mut self) {
        let g = prewarped(self.cutoff_hz.value(), self.sample_rate_hz);
        let damping = DAMPING_12 + self.steep.weight() * (DAMPING_24_FIRST - DAMPING_12);
        self.first = Section::new(g, damping);
        self.second = Section::new(g, DAMPING_24_SECOND);
    }

    /// One sample of every channel while something moves.
    fn process_gliding(&mut self, audio: &mut [&mut [f32]], at: usize) {
        self.cutoff_hz.next();
        let (on, steep) = (self.on.next(), self.steep.next());
        self.update_sections();
        let one_section = self.steep.is_first();
        for (channel, [first, second]) in audio.iter_mut().zip(&mut self.states) {
            let dry = f64::from(or_silence(channel[at]));
            let mut wet = self.first.process(first, dry);
            if one_section {
                *second = State::default();
            } else {
                wet += steep * (self.second.process(second, wet) - wet);
            }
            channel[at] = to_f32(dry + on * (wet - dry));
        }
        if self.on.is_first() {
            // Off, there is nobody to hear the rest of the glides.
            self.cutoff_hz.finish();
            self.steep.finish();
            self.forget();
        }
    }

    /// A run in which nothing moves.
    fn process_settled(&mut self, audio: &mut [&mut [f32]], from: usize, to: usize) {
        let (first, second) = (self.first, self.second);
        let steep = self.steep.is_second();
        match (audio, &mut self.states) {
            ([mono], [states, _]) if steep => {
                each_mono(&mut mono[from..to], states, |[s, t], x| {
                    second.process(t, first.process(s, x))
                });
            }
            ([mono], [states, _]) => {
                each_mono(&mut mono[from..to], states, |[s, _], x| first.process(s, x));
            }
            ([left, right, ..], states) if steep => {
                each_pair(&mut left[from..to], &mut right[from..to], states, |[s, t], x| {
                    second.process(t, first.process(s, x))
                });
            }
            ([left, right, ..], states) => {
                each_pair(&mut left[from..to], &mut right[from..to], states, |[s, _], x| {
                    first.process(s, x)
                });
            }
            ([], _) => {}
        }
    }
}

impl Default for HighPass {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for HighPass {
    type Params = HighPassParams;

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.cutoff_hz.prepare(sample_rate_hz, CUTOFF_TIME_CONSTANT_MS);
        self.on.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        self.steep.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        self.reset();
    }

    /// A cutoff that is not a number counts as off.
    fn set_params(&mut self, params: &HighPassParams) {
        let cutoff_hz = params.cutoff_hz.filter(|f| !f.is_nan());
        let steep = params.slope == HighPassSlope::Db24;
        if let Some(cutoff_hz) = cutoff_hz {
            self.cutoff_hz.set_target(cutoff_hz.clamp(MIN_CUTOFF_HZ, MAX_CUTOFF_HZ));
        }
        self.steep.fade_to(steep);
        if self.on.is_first() || !self.started {
            // Nothing is heard of the filter yet, so there is nothing to glide from.
            self.cutoff_hz.finish();
            self.steep.finish();
            self.update_sections();
        }
        self.on.fade_to(cutoff_hz.is_some());
        if !self.started {
            self.on.finish();
        }
    }

    fn reset(&mut self) {
        self.cutoff_hz.finish();
        self.on.finish();
        self.steep.finish();
        self.update_sections();
        self.forget();
        self.started = false;
    }

    fn process(&mut self, audio: &mut [&mut [f32]], _key: &[&[f32]]) {
        let length = audio.iter().map(|channel| channel.len()).min().unwrap_or(0);
        self.started |= length > 0;
        let mut at = 0;
        while at < length {
            if self.on.is_first() {
                for channel in audio.iter_mut() {
                    silence_non_finite(&mut channel[at..length]);
                }
                return;
            }
            let end = if self.is_gliding() {
                self.process_gliding(audio, at);
                at + 1
            } else {
                let end = length.min(at + self.until_snap);
                self.process_settled(audio, at, end);
                end
            };
            self.until_snap -= end - at;
            if self.until_snap == 0 {
                self.until_snap = SNAP_INTERVAL_SAMPLES;
                self.states.iter_mut().flatten().for_each(State::snap);
            }
            at = end;
        }
    }
}

/// g = tan(π·fc/fs) by the sixth convergent of Lambert's continued fraction, x/(1 − x²/(3 − x²/(5 −
/// …))): exact to the last bits below 0.05·fs, one division, and the same number on every machine,
/// which a library's tangent is not.
fn prewarped(cutoff_hz: f64, sample_rate_hz: f64) -> f64 {
    // 400 Hz at 8 kHz is 0.05; what lies above cannot be asked for.
    let x = PI * (cutoff_hz / sample_rate_hz).min(0.05);
    let x2 = x * x;
    let above = 10_395.0 + x2 * (-1260.0 + x2 * 21.0);
    let below = 10_395.0 + x2 * (-4725.0 + x2 * (210.0 - x2));
    x * above / below
}

/// The coefficients of one section.
#[derive(Debug, Clone, Copy, Default)]
struct Section {
    g: f64,
    /// g + k
    feedback: f64,
    /// 1 / (1 + g·(g + k))
    scale: f64,
}

/// The two integrators of one section.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    s1: f64,
    s2: f64,
}

impl Section {
    fn new(g: f64, damping: f64) -> Self {
        let feedback = g + damping;
        Self { g, feedback, scale: 1.0 / (1.0 + g * feedback) }
    }

    #[inline]
    fn process(&self, state: &mut State, x: f64) -> f64 {
        let hp = (x - self.feedback * state.s1 - state.s2) * self.scale;
        let v1 = self.g * hp;
        let bp = v1 + state.s1;
        let v2 = self.g * bp;
        let lp = v2 + state.s2;
        state.s1 = bp + v1;
        state.s2 = lp + v2;
        hp
    }
}

impl State {
    fn snap(&mut self) {
        self.s1 = snap(self.s1);
        self.s2 = snap(self.s2);
    }
}

#[inline]
fn each_mono(
    samples: &mut [f32],
    states: &mut [State; 2],
    filter: impl Fn(&mut [State; 2], f64) -> f64,
) {
    let mut local = *states;
    for sample in samples {
        *sample = to_f32(filter(&mut local, f64::from(or_silence(*sample))));
    }
    *states = local;
}

/// Both channels in step: two independent recursions hide each other's latency.
#[inline]
fn each_pair(
    left: &mut [f32],
    right: &mut [f32],
    states: &mut [[State; 2]; MAX_CHANNELS],
    filter: impl Fn(&mut [State; 2], f64) -> f64,
) {
    let [mut l, mut r] = *states;
    for (left, right) in left.iter_mut().zip(right) {
        *left = to_f32(filter(&mut l, f64::from(or_silence(*left))));
        *right = to_f32(filter(&mut r, f64::from(or_silence(*right))));
    }
    *states = [l, r];
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{RATES_HZ, programme};
    use crate::db;
    use realfft::RealFftPlanner;
    use std::f64::consts::{FRAC_1_SQRT_2, TAU};

    fn params(cutoff_hz: f64, slope: HighPassSlope) -> HighPassParams {
        HighPassParams { cutoff_hz: Some(cutoff_hz), slope }
    }

    fn prepared(rate: f64, params: HighPassParams) -> HighPass {
        let mut high_pass = HighPass::new();
        high_pass.prepare(rate, 512);
        high_pass.set_params(&params);
        high_pass
    }

    fn run(high_pass: &mut HighPass, input: &[f32]) -> Vec<f32> {
        let mut output = input.to_vec();
        for block in output.chunks_mut(509) {
            high_pass.process(&mut [block], &[]);
        }
        output
    }

    fn order(slope: HighPassSlope) -> i32 {
        if slope == HighPassSlope::Db12 { 2 } else { 4 }
    }

    /// The closed form, in decibels.
    fn butterworth_db(f: f64, cutoff: f64, rate: f64, order: i32) -> f64 {
        let ratio = (PI * cutoff / rate).tan() / (PI * f / rate).tan();
        -db::from_power(1.0 + ratio.powi(2 * order))
    }

    #[test]
    fn the_tangent_is_a_tangent() {
        for n in 1..=500 {
            let part = f64::from(n) / 10_000.0;
            let error = prewarped(part, 1.0) / (PI * part).tan() - 1.0;
            assert!(error.abs() < 4e-16, "{error:e} at {part}");
        }
    }

    #[test]
    fn the_transfer_function_is_the_closed_form() {
        for rate in RATES_HZ {
            for slope in [HighPassSlope::Db12, HighPassSlope::Db24] {
                for cutoff in [10.0, 80.0, 400.0] {
                    // Long enough for the slowest section to ring out below −140 dB.
                    let length = ((rate * 1.5) as usize).next_power_of_two();
                    let mut impulse = vec![0.0; length];
                    impulse[0] = 1.0;
                    let output = run(&mut prepared(rate, params(cutoff, slope)), &impulse);
                    let mut time: Vec<f64> = output.iter().map(|&x| x.into()).collect();
                    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(length);
                    let mut bins = fft.make_output_vec();
                    fft.process(&mut time, &mut bins).unwrap();
                    for (n, bin) in bins.iter().enumerate().take(length / 2).skip(1) {
                        let f = n as f64 * rate / length as f64;
                        let expected = butterworth_db(f, cutoff, rate, order(slope));
                        // Below this the rounding of the output to f32 is what one sees.
                        if expected > -70.0 {
                            let error = db::from_gain(bin.norm()) - expected;
                            assert!(error.abs() < 0.01, "{error} dB at {f} Hz, {cutoff} of {rate}");
                        }
                    }
                }
            }
        }
    }

    /// Settled gain for a sine, in decibels.
    fn gain_db(f: f64, rate: f64, params: HighPassParams) -> f64 {
        let length = (rate * 2.0) as usize;
        let input: Vec<f32> =
            (0..length).map(|n| (TAU * f * n as f64 / rate).sin() as f32).collect();
        let output = run(&mut prepared(rate, params), &input);
        // The second half: a second, a whole number of periods.
        let power = |x: &[f32]| x[length / 2..].iter().map(|&x| f64::from(x).powi(2)).sum::<f64>();
        db::from_power(power(&output) / power(&input))
    }

    #[test]
    fn has_3_db_at_the_cutoff_and_its_slope_below() {
        for rate in [8_000.0, 44_100.0, 96_000.0] {
            for (slope, per_octave) in [(HighPassSlope::Db12, 12.04), (HighPassSlope::Db24, 24.08)]
            {
                let p = params(80.0, slope);
                assert!((gain_db(80.0, rate, p) + 3.0103).abs() < 0.001);
                let (a, b) = (gain_db(10.0, rate, p), gain_db(5.0, rate, p));
                assert!((a - b - per_octave).abs() < 0.02, "{} dB", a - b);
                assert!(gain_db(1000.0, rate, p).abs() < 0.001);
            }
        }
    }

    #[test]
    fn stays_near_the_analog_filter_below_2k() {
        for cutoff in [10.0, 400.0] {
            for f in [20.0f64, 100.0, 400.0, 1000.0, 2000.0] {
                let analog = -db::from_power(1.0 + (cutoff / f).powi(8));
                assert!((butterworth_db(f, cutoff, 44_100.0, 4) - analog).abs() < 0.01);
            }
        }
    }

    /// Peak in decibels re full scale of all that lies above `edge_hz`, for a signal that begins and
    /// ends in the same steady state.
    fn peak_above_db(signal: &[f32], edge_hz: f64, rate: f64) -> f64 {
        let length = signal.len();
        let mut planner = RealFftPlanner::<f64>::new();
        let (forward, inverse) =
            (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
        let mut time: Vec<f64> = signal.iter().map(|&x| x.into()).collect();
        let mut bins = forward.make_output_vec();
        forward.process(&mut time, &mut bins).unwrap();
        bins[..(edge_hz * length as f64 / rate).ceil() as usize].fill(0.0.into());
        inverse.process(&mut bins, &mut time).unwrap();
        db::from_gain(time.iter().fold(0f64, |a, x| a.max(x.abs())) / length as f64)
    }

    /// A 100 Hz sine of 2 s while the parameters follow `plan` at the given times, told at the
    /// beginning of blocks of 512; the second second is judged, all after the filter has settled.
    fn residue_db(plan: impl Fn(f64) -> HighPassParams) -> f64 {
        let rate = 48_000.0;
        let mut high_pass = prepared(rate, plan(0.0));
        let mut output: Vec<f32> =
            (0..96_000).map(|n| (TAU * 100.0 * f64::from(n) / rate).sin() as f32).collect();
        for (block, samples) in output.chunks_mut(512).enumerate() {
            high_pass.set_params(&plan(block as f64 * 512.0 / rate));
            high_pass.process(&mut [samples], &[]);
        }
        peak_above_db(&output[48_000..], 1000.0, rate)
    }

    #[test]
    fn sweeps_without_zipper_and_switches_without_click() {
        let during = |t: f64, from: f64, to: f64| ((t - from) / (to - from)).clamp(0.0, 1.0);
        let sweep = residue_db(|t| {
            let up = during(t, 1.1, 1.2) - during(t, 1.4, 1.5);
            params(10.0 * 40f64.powf(up), HighPassSlope::Db24)
        });
        let jump = residue_db(|t| {
            let cutoff = if (1.2..1.5).contains(&t) { 400.0 } else { 10.0 };
            params(cutoff, HighPassSlope::Db12)
        });
        let off = residue_db(|t| HighPassParams {
            cutoff_hz: (1.2..1.5).contains(&t).then_some(100.0),
            slope: HighPassSlope::Db24,
        });
        let slope = residue_db(|t| {
            let steep = (1.2..1.5).contains(&t);
            params(80.0, if steep { HighPassSlope::Db24 } else { HighPassSlope::Db12 })
        });
        println!("sweep {sweep:.1}, jump {jump:.1}, off {off:.1}, slope {slope:.1} dBFS");
        for residue in [sweep, jump, off, slope] {
            assert!(residue < -70.0);
        }
    }

    #[test]
    fn a_change_of_slope_brings_no_low_end_back() {
        // A constant offset is what a filter started anew would let through for a while.
        let mut high_pass = prepared(48_000.0, params(10.0, HighPassSlope::Db12));
        run(&mut high_pass, &vec![1.0; 96_000]);
        for slope in [HighPassSlope::Db24, HighPassSlope::Db12] {
            high_pass.set_params(&params(10.0, slope));
            let output = run(&mut high_pass, &vec![1.0; 48_000]);
            assert!(output.iter().all(|y| y.abs() < 1e-6));
        }
    }

    #[test]
    fn off_is_bit_exact_once_faded() {
        let input = &programme(4, 1, 48_000.0)[0];
        let mut high_pass = prepared(48_000.0, params(100.0, HighPassSlope::Db24));
        run(&mut high_pass, input);
        high_pass.set_params(&HighPassParams::default());
        assert_eq!(run(&mut high_pass, input)[960..], input[960..]);
    }

    #[test]
    fn silence_ends_in_exact_silence() {
        for slope in [HighPassSlope::Db12, HighPassSlope::Db24] {
            for rate in [8_000.0, 48_000.0] {
                let mut high_pass = prepared(rate, params(400.0, slope));
                run(&mut high_pass, &programme(6, 1, rate)[0]);
                let tail = run(&mut high_pass, &vec![0.0; rate as usize]);
                assert_eq!(*tail.last().unwrap(), 0.0);
                assert!(tail.iter().all(|y| *y == 0.0 || y.is_normal()));
            }
        }
    }

    #[test]
    fn quality_factors_are_butterworths() {
        assert!((1.0 / DAMPING_12 - FRAC_1_SQRT_2).abs() < 1e-15);
        assert!((DAMPING_24_FIRST - 2.0 * (3.0 * PI / 8.0).sin()).abs() < 1e-15);
        assert!((DAMPING_24_SECOND - 2.0 * (PI / 8.0).sin()).abs() < 1e-15);
    }

    crate::contract! {
        mod contract_of_the_high_pass;
        new: HighPass::new,
        settings: [
            HighPassParams::default(),
            params(400.0, HighPassSlope::Db12),
            params(10.0, HighPassSlope::Db24),
            params(100.0, HighPassSlope::Db24),
            HighPassParams { cutoff_hz: None, slope: HighPassSlope::Db12 },
            params(60.0, HighPassSlope::Db12),
            params(60.0, HighPassSlope::Db24),
            params(300.0, HighPassSlope::Db12),
        ],
    }
}
