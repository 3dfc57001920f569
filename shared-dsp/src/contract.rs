//! The contract suite: what every block promises, tested the same way for all of them.
//!
//! A block joins with one call of [`contract!`](crate::contract!); a meter joins as
//! [`Metered`]. The promises are those of [`Processor`]. Everything is compared bit for bit.
//!
//! The first of `settings` has to be neutral: with it, output = input delayed by the reported
//! latency. Automation is driven by stepping through all settings at fixed samples, a live key is
//! always connected, and every check runs in mono and stereo at every rate of [`RATES_HZ`].

use crate::processor::{Meter, Processor};
use crate::random::Random;

/// The sample rates every block is tested at.
pub const RATES_HZ: [f64; 7] =
    [8_000.0, 44_100.0, 48_000.0, 88_200.0, 96_000.0, 176_400.0, 192_000.0];

/// Longest block the suite sends.
const MAX_BLOCK: usize = 1024;
/// Length of the test programme in samples.
const LENGTH: usize = 12_000;
/// Distance between two parameter changes: coprime to every block length used.
const AUTOMATION_STEP: usize = 1_013;

/// A block under test.
pub struct Contract<P: Processor> {
    /// Makes a new block.
    pub new: fn() -> P,
    /// Settings to step through; the first is neutral.
    pub settings: Vec<P::Params>,
    /// What the block shows besides its audio: readings, states.
    pub observe: fn(&P, &mut Vec<f64>),
}

/// One or two channels of samples.
type Signal = Vec<Vec<f32>>;

/// The output and the readings of a run, as bits.
#[derive(PartialEq, Eq)]
struct Trace {
    audio: Vec<Vec<u32>>,
    observed: Vec<u64>,
}

impl<P: Processor> Contract<P> {
    fn each_layout(&self, mut check: impl FnMut(f64, usize)) {
        assert!(!self.settings.is_empty(), "the first setting, the neutral one, is missing");
        for rate in RATES_HZ {
            for channels in [1, 2] {
                check(rate, channels);
            }
        }
    }

    fn prepared(&self, rate: f64) -> P {
        let mut block = (self.new)();
        block.prepare(rate, MAX_BLOCK);
        block.set_params(&self.settings[0]);
        block
    }

    /// Runs `input` with automation through all settings, cut by `cuts` (cycled).
    fn run(&self, block: &mut P, input: &Signal, key: &Signal, cuts: &[usize]) -> Trace {
        let mut output = input.clone();
        let mut cut = cuts.iter().cycle();
        let length = input[0].len();
        let mut at = 0;
        while at < length {
            let step = at / AUTOMATION_STEP;
            block.set_params(&self.settings[step % self.settings.len()]);
            let next_change = (step + 1) * AUTOMATION_STEP;
            let wanted = *cut.next().expect("cycled");
            let end = (at + wanted).min(next_change).min(length);
            process(block, &mut output, key, at..end);
            at = end;
        }
        let mut observed = Vec::new();
        (self.observe)(block, &mut observed);
        Trace {
            audio: output.iter().map(|c| c.iter().map(|x| x.to_bits()).collect()).collect(),
            observed: observed.iter().map(|x| x.to_bits()).collect(),
        }
    }

    /// `reset`, and `prepare` at another rate, leave nothing behind.
    pub fn reset_equals_fresh(&self) {
        self.each_layout(|rate, channels| {
            let (input, key) = (programme(1, channels, rate), programme(2, channels, rate));
            let fresh = self.run(&mut self.prepared(rate), &input, &key, &[256]);

            let mut used = self.prepared(rate);
            self.run(&mut used, &key, &input, &[100]);
            used.reset();
            used.set_params(&self.settings[0]);
            used.reset();
            assert!(
                self.run(&mut used, &input, &key, &[256]) == fresh,
                "reset at {rate} Hz, {channels} ch"
            );

            let mut moved = self.prepared(31_250.0);
            self.run(&mut moved, &key, &input, &[100]);
            moved.set_params(&self.settings[0]);
            moved.prepare(rate, MAX_BLOCK);
            assert!(
                self.run(&mut moved, &input, &key, &[256]) == fresh,
                "prepare at {rate} Hz, {channels} ch"
            );
        });
    }

    /// The same bits for every way of cutting the signal into blocks.
    pub fn block_invariance(&self) {
        let mut random = Random::new(77);
        let ragged: Vec<usize> = (0..61).map(|_| 1 + (random.unit() * 700.0) as usize).collect();
        self.each_layout(|rate, channels| {
            let (input, key) = (programme(3, channels, rate), programme(4, channels, rate));
            let whole = self.run(&mut self.prepared(rate), &input, &key, &[MAX_BLOCK]);
            for cuts in [&[1][..], &[17], &[64], &[480], &ragged] {
                let other = self.run(&mut self.prepared(rate), &input, &key, cuts);
                assert!(other == whole, "blocks of {:?} at {rate} Hz, {channels} ch", &cuts[..1]);
            }
        });
    }

    /// Extreme but finite input never gives a non-finite output.
    pub fn finite_in_finite_out(&self) {
        self.each_layout(|rate, channels| {
            for level in [f32::MAX, 1e20, 1e-42] {
                let input = square(LENGTH, channels, level);
                let trace = self.run(&mut self.prepared(rate), &input, &input, &[480]);
                for (n, bits) in trace.audio.iter().flatten().enumerate() {
                    let x = f32::from_bits(*bits);
                    assert!(x.is_finite(), "{x} at {n} for ±{level:e}, {rate} Hz, {channels} ch");
                }
            }
        });
    }

    /// A non-finite sample, in the input or the key, acts exactly as silence.
    pub fn non_finite_is_silence(&self) {
        self.each_layout(|rate, channels| {
            let (mut input, mut key) = (programme(5, channels, rate), programme(6, channels, rate));
            let (mut silent_input, mut silent_key) = (input.clone(), key.clone());
            let mut random = Random::new(9);
            for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
                for _ in 0..40 {
                    let at = (random.unit() * LENGTH as f64) as usize;
                    let channel = (random.unit() * channels as f64) as usize;
                    input[channel][at] = bad;
                    silent_input[channel][at] = 0.0;
                    key[channel][LENGTH - 1 - at] = bad;
                    silent_key[channel][LENGTH - 1 - at] = 0.0;
                }
            }
            let hurt = self.run(&mut self.prepared(rate), &input, &key, &[256]);
            let calm = self.run(&mut self.prepared(rate), &silent_input, &silent_key, &[256]);
            assert!(hurt == calm, "at {rate} Hz, {channels} ch");
        });
    }

    /// Neutral is the input delayed by the reported latency, bit for bit; and that latency is the
    /// same for every setting. An impulse is part of the programme.
    pub fn neutral_is_a_pure_delay(&self) {
        self.each_layout(|rate, channels| {
            let mut block = self.prepared(rate);
            let latency = block.latency_samples();
            let key = programme(8, channels, rate);
            for mut input in [programme(7, channels, rate), vec![vec![0.0; LENGTH]; channels]] {
                for (c, channel) in input.iter_mut().enumerate() {
                    channel[500 + c] = 0.25;
                }
                block.reset();
                let mut output = input.clone();
                for from in (0..LENGTH).step_by(480) {
                    process(&mut block, &mut output, &key, from..(from + 480).min(LENGTH));
                }
                for (c, (x, y)) in input.iter().zip(&output).enumerate() {
                    for n in 0..LENGTH {
                        let expected = if n < latency { 0.0 } else { x[n - latency] };
                        assert!(
                            y[n] == expected,
                            "channel {c}, sample {n} at {rate} Hz: {} where {expected} went in {latency} samples before",
                            y[n],
                        );
                    }
                }
            }
            for setting in &self.settings {
                block.set_params(setting);
                assert_eq!(block.latency_samples(), latency, "latency moved with a parameter at {rate} Hz");
            }
        });
    }

    /// After `prepare`, nothing allocates.
    pub fn no_allocation(&self) {
        self.each_layout(|rate, channels| {
            let (input, key) = (programme(10, channels, rate), programme(11, channels, rate));
            let mut block = self.prepared(rate);
            let mut output = input.clone();
            let keys: Vec<&[f32]> = key.iter().map(Vec::as_slice).collect();
            let mut views: Vec<&mut [f32]> =
                output.iter_mut().map(|c| &mut c[..MAX_BLOCK]).collect();
            let cut: Vec<&[f32]> = keys.iter().map(|k| &k[..MAX_BLOCK]).collect();
            let info = allocation_counter::measure(|| {
                for setting in self.settings.iter().chain(&self.settings) {
                    block.set_params(setting);
                    for _ in 0..12 {
                        block.process(&mut views, &cut);
                    }
                }
                block.process(&mut views, &[]);
                block.reset();
            });
            assert_eq!(info.count_total, 0, "allocations at {rate} Hz, {channels} ch");
        });
    }

    /// No key at all, a mono key and a short key are silence where there is nothing, and harmless.
    pub fn odd_keys_are_silence(&self) {
        self.each_layout(|rate, channels| {
            let input = programme(12, channels, rate);
            let none = self.run(&mut self.prepared(rate), &input, &Signal::new(), &[256]);
            let silent = self.run(
                &mut self.prepared(rate),
                &input,
                &vec![vec![0.0; LENGTH]; channels],
                &[256],
            );
            assert!(none == silent, "no key differs from a silent one at {rate} Hz, {channels} ch");
            let mono_key = programme(13, 1, rate);
            self.run(&mut self.prepared(rate), &input, &mono_key, &[256]);
            let short = vec![programme(13, 1, rate)[0][..LENGTH / 2].to_vec(); channels];
            self.run(&mut self.prepared(rate), &input, &short, &[256]);
        });
    }
}

fn process<P: Processor>(
    block: &mut P,
    audio: &mut Signal,
    key: &Signal,
    range: std::ops::Range<usize>,
) {
    let keys: Vec<&[f32]> =
        key.iter().map(|k| &k[range.start.min(k.len())..range.end.min(k.len())]).collect();
    let mut views: Vec<&mut [f32]> = audio.iter_mut().map(|c| &mut c[range.clone()]).collect();
    block.process(&mut views, &keys);
}

/// A test programme: tones, noise, bursts well over full scale, and silence, different in each
/// channel.
pub fn programme(seed: u64, channels: usize, rate: f64) -> Signal {
    (0..channels)
        .map(|c| {
            let mut random = Random::new(seed * 16 + c as u64);
            let tone_hz = 80.0 + 900.0 * random.unit();
            (0..LENGTH)
                .map(|n| {
                    let phase = std::f64::consts::TAU * tone_hz * n as f64 / rate;
                    let section = n / 700 % 6;
                    let x = match section {
                        0 => 0.2 * phase.sin(),
                        1 => 0.6 * random.bipolar(),
                        2 => 2.0 * phase.sin() + 0.5 * random.bipolar(),
                        3 => 0.0,
                        4 => (3.0 * phase).sin().signum() * 0.9,
                        _ => 1e-5 * random.bipolar(),
                    };
                    x as f32
                })
                .collect()
        })
        .collect()
}

fn square(length: usize, channels: usize, level: f32) -> Signal {
    (0..channels)
        .map(|c| {
            (0..length).map(|n| if (n >> (3 + c)) & 1 == 0 { level } else { -level }).collect()
        })
        .collect()
}

/// A [`Meter`] as a [`Processor`] that leaves the audio alone, so that it can join the suite.
pub struct Metered<M: Meter> {
    /// The meter inside.
    pub meter: M,
    rate: f64,
    channels: usize,
}

impl<M: Meter> Metered<M> {
    /// Wraps a new meter.
    pub fn new(meter: M) -> Self {
        Self { meter, rate: 0.0, channels: 2 }
    }
}

impl<M: Meter> Processor for Metered<M> {
    type Params = ();

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        self.rate = sample_rate_hz;
        self.meter.prepare(self.rate, self.channels);
    }

    fn set_params(&mut self, (): &()) {}

    fn reset(&mut self) {
        self.meter.reset();
    }

    fn process(&mut self, audio: &mut [&mut [f32]], _key: &[&[f32]]) {
        match audio {
            [mono] => self.meter.process(&[mono]),
            [left, right] => self.meter.process(&[left, right]),
            _ => {}
        }
        // A meter has no output; what stands for it must not carry the NaN that was sent in.
        for channel in audio {
            crate::finite::silence_non_finite(channel);
        }
    }
}

/// Joins a block to the contract suite: one module of tests.
///
/// ```text
/// contract! {
///     mod contract_of_the_gain;
///     new: || Gain::new(),
///     settings: [GainParams { gain_db: 0.0 }, GainParams { gain_db: -6.0 }],
/// }
/// contract! {
///     mod contract_of_the_vu;
///     new: || Metered::new(Vu::new()),
///     settings: [()],
///     observe: |block, out| out.push(block.meter.level_db(0)),
/// }
/// ```
#[macro_export]
macro_rules! contract {
    (mod $name:ident; new: $new:expr, settings: [$($setting:expr),+ $(,)?] $(,)?) => {
        $crate::contract! { mod $name; new: $new, settings: [$($setting),+], observe: |_, _| {}, }
    };
    (mod $name:ident; new: $new:expr, settings: [$($setting:expr),+ $(,)?], observe: $observe:expr $(,)?) => {
        #[cfg(test)]
        mod $name {
            #[allow(unused_imports, reason = "what the block needs is the caller's")]
            use super::*;

            $crate::contract! { @tests ($new) ($($setting),+) ($observe)
                reset_equals_fresh block_invariance finite_in_finite_out non_finite_is_silence
                neutral_is_a_pure_delay no_allocation odd_keys_are_silence }
        }
    };
    (@tests $new:tt $settings:tt $observe:tt $($test:ident)+) => {
        $( $crate::contract! { @test $new $settings $observe $test } )+
    };
    (@test ($new:expr) ($($setting:expr),+) ($observe:expr) $test:ident) => {
        #[test]
        fn $test() {
            $crate::contract::Contract {
                new: $new,
                settings: vec![$($setting),+],
                observe: $observe,
            }
            .$test();
        }
    };
}

#[cfg(test)]
mod tests {
    //! The suite has to catch what it is there to catch.
    use super::*;

    /// A gain with one of several defects.
    struct Faulty {
        defect: Defect,
        memory: f32,
        calls: u32,
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Defect {
        None,
        KeepsMemory,
        CountsBlocks,
        SpreadsNan,
        Overflows,
        LiesAboutLatency,
        Allocates,
    }

    impl Processor for Faulty {
        type Params = ();
        fn prepare(&mut self, _: f64, _: usize) {
            self.reset();
        }
        fn set_params(&mut self, (): &()) {}
        fn reset(&mut self) {
            self.calls = 0;
            if self.defect != Defect::KeepsMemory {
                self.memory = 0.0;
            }
        }
        fn latency_samples(&self) -> usize {
            usize::from(self.defect == Defect::LiesAboutLatency)
        }
        fn process(&mut self, audio: &mut [&mut [f32]], _: &[&[f32]]) {
            self.calls += 1;
            if self.defect == Defect::Allocates {
                std::hint::black_box(vec![0u8; 16]);
            }
            for x in audio.iter_mut().flat_map(|c| c.iter_mut()) {
                if self.defect != Defect::SpreadsNan {
                    *x = crate::finite::or_silence(*x);
                }
                match self.defect {
                    Defect::KeepsMemory => {
                        self.memory = crate::finite::or_silence(self.memory * 0.5 + *x);
                        *x += self.memory * 1e-3;
                    }
                    Defect::CountsBlocks => *x += self.calls as f32,
                    Defect::Overflows => *x *= 2.0,
                    _ => {}
                }
            }
        }
    }

    fn suite(new: fn() -> Faulty) -> Contract<Faulty> {
        Contract { new, settings: vec![()], observe: |_, _| {} }
    }

    macro_rules! catches {
        ($($name:ident: $defect:ident by $check:ident,)+) => {$(
            #[test]
            #[should_panic(expected = "at ")]
            fn $name() {
                suite(|| Faulty { defect: Defect::$defect, memory: 0.0, calls: 0 }).$check();
            }
        )+};
    }

    catches! {
        catches_memory_kept: KeepsMemory by reset_equals_fresh,
        catches_block_dependence: CountsBlocks by block_invariance,
        catches_nan: SpreadsNan by non_finite_is_silence,
        catches_overflow: Overflows by finite_in_finite_out,
        catches_a_wrong_latency: LiesAboutLatency by neutral_is_a_pure_delay,
        catches_allocation: Allocates by no_allocation,
    }

    contract! {
        mod contract_of_a_faultless_block;
        new: || Faulty { defect: Defect::None, memory: 0.0, calls: 0 },
        settings: [()],
    }
}
