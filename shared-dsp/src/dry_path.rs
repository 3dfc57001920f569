//! The delay-matched dry signal, and what is listened to: bypass, Delta, Match, Key Listen.
//!
//! ```text
//! y = (1 − b)·[(1 − k)·(g·wet − d·dry) + k·key] + b·dry     dry[n] = x[n − latency], key likewise
//! ```
//!
//! b is the bypass, d the delta and k the key switch, each travelling between exactly 0 and exactly 1
//! along a [`Crossfade`]; g is the gain of [`LoudnessMatch`], exactly 1 while it is off. Wet and dry
//! are correlated, so the fade is equal-gain. Off, nothing is touched; bypassed, the output is the
//! delayed input bit for bit; and delta is wet − dry rounded once, so that dry + delta gives wet back
//! to within a rounding. With Match on, delta is what is changed besides the loudness.
//!
//! Bypass wins over all: a bypassed plugin passes its input whatever else is switched. The key wins
//! over delta and Match, and is heard at its own level.
//!
//! The caller brackets its processing: [`DryPath::capture`] before, [`DryPath::finish`] after, for
//! every block, on the same channels and length; a plugin that has a key calls
//! [`DryPath::capture_keyed`]. Because the input is remembered throughout, all switches find the true
//! past of the signal. Non-finite
//! input is remembered as silence.

use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::finite::to_f32;
use crate::loudness_match::LoudnessMatch;
use crate::past::Past;

/// What is listened to. All off is the processed signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Monitor {
    /// The input, delayed by the latency.
    pub bypass: bool,
    /// Only what the processing changes: wet − dry.
    pub delta: bool,
    /// The processed signal as loud as the input. For a path that is [matching](DryPath::matching).
    pub matched: bool,
    /// The key, delayed by the latency. For a path that is [keyed](DryPath::keyed); on any other it says
    /// that what was processed is the key already: it is heard as it is, and measured by nobody.
    pub key: bool,
}

impl Monitor {
    /// The processed signal.
    pub const OFF: Self = Self { bypass: false, delta: false, matched: false, key: false };
}

/// Remembers the input while it is processed, and blends it back in.
#[derive(Debug, Clone)]
pub struct DryPath {
    dry: Past,
    key: Option<Past>,
    matching: Option<LoudnessMatch>,
    bypass: Crossfade,
    delta: Crossfade,
    listen: Crossfade,
    /// Of what is bracketed.
    latency_samples: usize,
    /// Whether a sample has been heard since reset: from then on switches fade.
    started: bool,
}

impl DryPath {
    /// A path with bypass and delta; call [`prepare`](Self::prepare) before using it.
    pub fn new() -> Self {
        Self {
            dry: Past::default(),
            key: None,
            matching: None,
            bypass: Crossfade::new(),
            delta: Crossfade::new(),
            listen: Crossfade::new(),
            latency_samples: 0,
            started: false,
        }
    }

    /// The path with Match. It measures all the time, so that the gain is there when it is wanted.
    #[must_use]
    pub fn matching(self) -> Self {
        Self { matching: Some(LoudnessMatch::new()), ..self }
    }

    /// The path with a key to listen to: [`capture_keyed`](Self::capture_keyed) every block.
    #[must_use]
    pub fn keyed(self) -> Self {
        Self { key: Some(Past::default()), ..self }
    }

    /// Sets the sample rate, the longest block, and the longest latency of what is bracketed, which it
    /// counts as having until [`set_latency`](Self::set_latency). The only call that allocates. Leaves the
    /// path reset.
    pub fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize, longest_samples: usize) {
        self.latency_samples = longest_samples;
        for past in std::iter::once(&mut self.dry).chain(&mut self.key) {
            past.prepare(max_block_len, longest_samples);
        }
        if let Some(matching) = &mut self.matching {
            matching.prepare(sample_rate_hz);
        }
        for fade in [&mut self.bypass, &mut self.delta, &mut self.listen] {
            fade.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        }
        self.reset();
    }

    /// Sets the latency of what is bracketed, at most the one prepared: where a switch adds some. Does not
    /// allocate; forgets the signal if it changes anything. To be called between blocks.
    pub fn set_latency(&mut self, latency_samples: usize) {
        if self.latency_samples != latency_samples {
            self.latency_samples = latency_samples;
            for past in std::iter::once(&mut self.dry).chain(&mut self.key) {
                past.set_latency(latency_samples);
            }
            self.reset();
        }
    }

    /// Forgets the past; fades end where they were going.
    pub fn reset(&mut self) {
        for past in std::iter::once(&mut self.dry).chain(&mut self.key) {
            past.reset();
        }
        if let Some(matching) = &mut self.matching {
            matching.reset();
        }
        for fade in [&mut self.bypass, &mut self.delta, &mut self.listen] {
            fade.finish();
        }
        self.started = false;
    }

    /// Remembers the input of the block about to be processed: one or two channels of equal length,
    /// at most the `max_block_len` prepared. Its key, if the path has one, is silent.
    pub fn capture(&mut self, audio: &[impl AsRef<[f32]>]) {
        self.capture_keyed(audio, &[]);
    }

    /// Remembers input and key of the block about to be processed. A mono key is heard on both
    /// sides, a missing one is silence.
    pub fn capture_keyed(&mut self, audio: &[impl AsRef<[f32]>], key: &[&[f32]]) {
        let Some(first) = audio.first() else { return };
        self.dry.capture(audio, first.as_ref().len());
        if let Some(past) = &mut self.key {
            match key {
                [mono] => past.capture(&[mono, mono], self.dry.block_len()),
                _ => past.capture(key, self.dry.block_len()),
            }
        }
    }

    /// Blends what `monitor` asks for into the processed block. The first block after `prepare` or
    /// `reset` obeys it at once, later changes fade over [`DEFAULT_FADE_MS`].
    pub fn finish(&mut self, audio: &mut [&mut [f32]], monitor: Monitor) {
        let listen = monitor.key && self.key.is_some();
        let is_key = monitor.key && self.key.is_none();
        let switches = [
            (&mut self.bypass, monitor.bypass),
            (&mut self.delta, monitor.delta && !is_key),
            (&mut self.listen, listen),
        ];
        for (fade, on) in switches {
            if self.started { fade.fade_to(on) } else { fade.jump_to(on) }
        }
        if let Some(matching) = &mut self.matching {
            matching.set_on(monitor.matched && !is_key);
            matching.pause(is_key);
        }
        let length = self.dry.block_len();
        self.started |= length > 0;
        if self.matching.is_none() && self.is_wet() {
            return;
        }
        let mut from = 0;
        while from < length {
            let run = self.run_len(from);
            self.measure(audio, from, run);
            self.blend(audio, from, run);
            if let Some(matching) = &mut self.matching {
                matching.advance(run);
            }
            from += run;
        }
    }

    /// Whether the output is, and stays, exactly the dry signal: a caller may then spare itself
    /// the processing, if what it remembers allows that.
    pub fn is_bypassed(&self) -> bool {
        self.bypass.is_second()
    }

    /// The gain Match holds, in dB; none while it is off or has nothing to hold yet.
    pub fn match_db(&self) -> Option<f64> {
        self.matching.as_ref().and_then(LoudnessMatch::held_db)
    }

    /// How much of the block from `at` on can be worked on at once.
    fn run_len(&self, at: usize) -> usize {
        let pasts = std::iter::once(&self.dry).chain(&self.key).map(|past| past.run_len(at));
        let measured = self.matching.iter().map(LoudnessMatch::left);
        pasts.chain(measured).fold(usize::MAX, usize::min)
    }

    /// Whether the output is, and stays, exactly the processed signal.
    fn is_wet(&self) -> bool {
        let fades = [&self.bypass, &self.delta, &self.listen];
        fades.iter().all(|fade| fade.is_first()) && self.is_unmatched()
    }

    fn is_unmatched(&self) -> bool {
        self.matching.as_ref().is_none_or(LoudnessMatch::is_idle)
    }

    fn is_settled(&self) -> bool {
        let fades = [&self.bypass, &self.delta, &self.listen];
        let gain = self.matching.as_ref().is_none_or(LoudnessMatch::is_settled);
        fades.iter().all(|fade| fade.is_settled()) && gain
    }

    fn measure(&mut self, audio: &[&mut [f32]], at: usize, length: usize) {
        let Some(matching) = &mut self.matching else { return };
        let dry = |channel| self.dry.run(channel, at, length);
        match audio {
            [mono] => matching.measure(&[dry(0)], &[&mono[at..at + length]]),
            [left, right, ..] => {
                let wet = [&left[at..at + length], &right[at..at + length]];
                matching.measure(&[dry(0), dry(1)], &wet);
            }
            [] => {}
        }
    }

    fn blend(&mut self, audio: &mut [&mut [f32]], from: usize, length: usize) {
        let mut moved = 0;
        while moved < length && !self.is_settled() {
            let [bypass, delta, listen] =
                [&mut self.bypass, &mut self.delta, &mut self.listen].map(Crossfade::next);
            let gain = self.matching.as_mut().map_or(1.0, LoudnessMatch::next_gain);
            for (c, channel) in audio.iter_mut().enumerate() {
                let Some(sample) = channel.get_mut(from + moved) else { continue };
                let (wet, dry) =
                    (f64::from(*sample), f64::from(self.dry.run(c, from + moved, 1)[0]));
                let past = self.key.as_ref();
                let key = past.map_or(0.0, |key| f64::from(key.run(c, from + moved, 1)[0]));
                let heard = (1.0 - listen) * (gain * wet - delta * dry) + listen * key;
                *sample = to_f32((1.0 - bypass) * heard + bypass * dry);
            }
            moved += 1;
        }
        if moved == length || self.is_wet() {
            return;
        }
        let (from, length) = (from + moved, length - moved);
        for (c, channel) in audio.iter_mut().enumerate() {
            let end = (from + length).min(channel.len());
            let Some(wet) = channel.get_mut(from..end) else { continue };
            self.settled(wet, c, from);
        }
    }

    /// Gives one channel what it is to be once nothing moves any more.
    fn settled(&self, wet: &mut [f32], channel: usize, from: usize) {
        let dry = self.dry.run(channel, from, wet.len());
        if self.bypass.is_second() {
            wet.copy_from_slice(dry);
            return;
        }
        if let Some(key) = self.key.as_ref().filter(|_| self.listen.is_second()) {
            wet.copy_from_slice(key.run(channel, from, wet.len()));
            return;
        }
        if self.is_unmatched() {
            for (wet, dry) in wet.iter_mut().zip(dry) {
                // In f32 this is the exact difference rounded once.
                *wet = (*wet - *dry).clamp(f32::MIN, f32::MAX);
            }
            return;
        }
        let gain = self.matching.as_ref().map_or(1.0, LoudnessMatch::gain);
        let delta = self.delta.weight();
        for (wet, dry) in wet.iter_mut().zip(dry) {
            *wet = to_f32(gain * f64::from(*wet) - delta * f64::from(*dry));
        }
    }
}

impl Default for DryPath {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::programme;
    use crate::db;
    use crate::finite::or_silence;
    use crate::processor::Processor;
    use std::f64::consts::TAU;

    /// A gain with a latency, between `capture` and `finish`: a plugin in small.
    struct Plugin<const LATENCY: usize> {
        path: DryPath,
        past: [std::collections::VecDeque<f32>; 2],
        settings: (f32, Monitor),
    }

    impl<const LATENCY: usize> Plugin<LATENCY> {
        fn new() -> Self {
            Self::of(DryPath::new())
        }

        /// With all monitors there are.
        fn monitored() -> Self {
            Self::of(DryPath::new().matching().keyed())
        }

        fn of(path: DryPath) -> Self {
            Self { path, past: Default::default(), settings: (1.0, Monitor::default()) }
        }
    }

    impl<const LATENCY: usize> Processor for Plugin<LATENCY> {
        type Params = (f32, Monitor);

        fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize) {
            self.path.prepare(sample_rate_hz, max_block_len, LATENCY);
            self.past = std::array::from_fn(|_| std::iter::repeat_n(0.0, LATENCY + 1).collect());
            self.reset();
        }

        fn set_params(&mut self, settings: &Self::Params) {
            self.settings = *settings;
        }

        fn reset(&mut self) {
            self.path.reset();
            self.past.iter_mut().flatten().for_each(|x| *x = 0.0);
        }

        fn latency_samples(&self) -> usize {
            LATENCY
        }

        fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
            self.path.capture_keyed(audio, key);
            for (channel, past) in audio.iter_mut().zip(&mut self.past) {
                for x in channel.iter_mut() {
                    past.rotate_right(1);
                    past[0] = or_silence(*x);
                    *x = to_f32(f64::from(self.settings.0) * f64::from(past[LATENCY]));
                }
            }
            self.path.finish(audio, self.settings.1);
        }
    }

    const WET: Monitor = Monitor { bypass: false, delta: false, matched: false, key: false };
    const BYPASS: Monitor = Monitor { bypass: true, ..WET };
    const DELTA: Monitor = Monitor { delta: true, ..WET };
    const BOTH: Monitor = Monitor { bypass: true, ..DELTA };
    const MATCH: Monitor = Monitor { matched: true, ..WET };
    const KEY: Monitor = Monitor { key: true, ..WET };
    const ALL: Monitor = Monitor { bypass: true, delta: true, matched: true, key: true };

    fn run<const L: usize>(
        plugin: &mut Plugin<L>,
        settings: (f32, Monitor),
        input: &[Vec<f32>],
    ) -> Vec<Vec<f32>> {
        let mut output = input.to_vec();
        plugin.set_params(&settings);
        let length = output[0].len();
        for from in (0..length).step_by(333) {
            let mut views: Vec<&mut [f32]> =
                output.iter_mut().map(|c| &mut c[from..length.min(from + 333)]).collect();
            plugin.process(&mut views, &[]);
        }
        output
    }

    fn prepared<const L: usize>() -> Plugin<L> {
        let mut plugin = Plugin::new();
        plugin.prepare(48_000.0, 512);
        plugin
    }

    #[test]
    fn bypassed_it_is_the_delayed_input_bit_for_bit() {
        fn check<const L: usize>() {
            let input = programme(1, 2, 48_000.0);
            for monitor in [BYPASS, BOTH] {
                let output = run(&mut prepared::<L>(), (0.3, monitor), &input);
                for (x, y) in input.iter().zip(&output) {
                    assert!(y[..L].iter().all(|&y| y == 0.0));
                    assert_eq!(x[..x.len() - L], y[L..]);
                }
            }
        }
        check::<0>();
        check::<1>();
        check::<240>();
        check::<3000>();
    }

    #[test]
    fn another_latency_holds_at_once_and_finds_nothing_of_what_was() {
        let input = programme(4, 2, 48_000.0);
        let mut path = DryPath::new().matching().keyed();
        path.prepare(48_000.0, 512, 480);
        for latency in [480, 0, 96, 96, 480] {
            path.set_latency(latency);
            path.reset();
            for monitor in [BYPASS, KEY] {
                path.reset();
                let mut output = vec![vec![0.5f32; 9000]; 2];
                for from in (0..9000).step_by(500) {
                    let block = from..from + 500;
                    let heard: Vec<&[f32]> = input.iter().map(|c| &c[block.clone()]).collect();
                    path.capture_keyed(&heard, &heard);
                    let mut views: Vec<&mut [f32]> =
                        output.iter_mut().map(|c| &mut c[block.clone()]).collect();
                    path.finish(&mut views, monitor);
                }
                for (x, y) in input.iter().zip(&output) {
                    assert!(y[..latency].iter().all(|&y| y == 0.0), "{latency} {monitor:?}");
                    assert_eq!(x[..9000 - latency], y[latency..9000], "{latency} {monitor:?}");
                }
            }
        }
        // What is set again forgets nothing, another one all.
        let tone: Vec<f32> = (0..512).map(|n| (0.1 * n as f32).sin()).collect();
        let heard = |path: &mut DryPath| {
            path.capture(&[&tone[..]]);
            let mut output = tone.clone();
            path.finish(&mut [&mut output], BYPASS);
            output[0]
        };
        heard(&mut path);
        path.set_latency(480);
        assert_ne!(heard(&mut path), 0.0);
        path.set_latency(96);
        assert_eq!(heard(&mut path), 0.0);
    }

    #[test]
    fn dry_and_delta_sum_to_wet() {
        let input = programme(2, 2, 48_000.0);
        let [wet, dry, delta] =
            [WET, BYPASS, DELTA].map(|m| run(&mut prepared::<240>(), (0.7, m), &input));
        for c in 0..2 {
            for n in 0..wet[c].len() {
                let residue = f64::from(dry[c][n]) + f64::from(delta[c][n]) - f64::from(wet[c][n]);
                // The rounding of one f32 difference, far below the 1e-7 of the promise.
                assert!(residue.abs() <= f64::from(delta[c][n]).abs() * 2f64.powi(-24));
            }
        }
        let nothing = run(&mut prepared::<240>(), (1.0, DELTA), &input);
        assert!(nothing.iter().flatten().all(|&y| y == 0.0));
    }

    #[test]
    fn on_a_path_without_a_key_a_key_is_heard_as_it_is_and_leaves_match_alone() {
        let tone = |seconds: usize| -> Vec<Vec<f32>> {
            vec![(0..48_000 * seconds).map(|n| 0.1 * (0.13 * n as f32).sin()).collect()]
        };
        let mut plugin = Plugin::<64>::of(DryPath::new().matching());
        plugin.prepare(48_000.0, 512);
        run(&mut plugin, (0.5, WET), &tone(3));
        // What is heard of the key is a thousandth.
        let key = Monitor { delta: true, matched: true, ..KEY };
        run(&mut plugin, (0.001, key), &tone(1));
        let input = tone(8);
        let output = run(&mut plugin, (0.001, key), &input);
        for (x, y) in input[0].iter().zip(&output[0][64..]) {
            assert_eq!((f64::from(0.001f32) * f64::from(*x)) as f32, *y);
        }
        run(&mut plugin, (0.5, MATCH), &tone(1));
        let held_db = plugin.path.match_db().expect("a gain is held");
        assert!((held_db - 6.0206).abs() < 1e-2, "{held_db} dB");
    }

    #[test]
    fn switches_are_exact_at_both_ends_and_take_20_ms() {
        let input = programme(3, 2, 48_000.0);
        let steps = [WET, BYPASS, WET, DELTA, BYPASS, DELTA, BOTH, WET];
        let settled = steps.map(|m| {
            // What each monitor gives for the second of two passes of the programme.
            let mut plugin = prepared::<64>();
            run(&mut plugin, (0.5, m), &input);
            run(&mut plugin, (0.5, m), &input)
        });
        let mut plugin = prepared::<64>();
        run(&mut plugin, (0.5, WET), &input);
        for (monitor, expected) in steps.iter().zip(&settled) {
            let output = run(&mut plugin, (0.5, *monitor), &input);
            for (y, e) in output.iter().zip(expected) {
                assert_eq!(y[960..], e[960..], "{monitor:?}");
            }
        }
    }

    #[test]
    fn switching_does_not_click() {
        // A 100 Hz sine whose wet side has the opposite polarity: the worst a switch can do. A click
        // is energy in the second difference that neither signal has.
        let input: Vec<Vec<f32>> = vec![
            (0..12_000).map(|n| (TAU * 100.0 * f64::from(n) / 48_000.0).sin() as f32).collect(),
        ];
        let roughness = |x: &[f32]| {
            x.windows(3)
                .map(|w| (f64::from(w[0]) - 2.0 * f64::from(w[1]) + f64::from(w[2])).abs())
                .fold(0.0, f64::max)
        };
        let steady = roughness(&input[0]);
        let mut plugin = prepared::<0>();
        run(&mut plugin, (-1.0, WET), &input);
        for monitor in [BYPASS, DELTA, WET] {
            let output = run(&mut plugin, (-1.0, monitor), &input);
            let excess_db = db::from_gain(roughness(&output[0]) / steady);
            // Delta is twice as large here, hence 6 dB; the bends of the fade add under 1 dB.
            assert!(excess_db < 7.0, "{monitor:?}: {excess_db:.1} dB");
        }
    }

    /// Processes `input` keyed by `key`, in blocks of 333.
    fn run_keyed<const L: usize>(
        plugin: &mut Plugin<L>,
        settings: (f32, Monitor),
        input: &[Vec<f32>],
        key: &[Vec<f32>],
    ) -> Vec<Vec<f32>> {
        let mut output = input.to_vec();
        plugin.set_params(&settings);
        let length = output[0].len();
        for from in (0..length).step_by(333) {
            let range = from..length.min(from + 333);
            let mut views: Vec<&mut [f32]> =
                output.iter_mut().map(|c| &mut c[range.clone()]).collect();
            let keys: Vec<&[f32]> = key.iter().map(|c| &c[range.clone()]).collect();
            plugin.process(&mut views, &keys);
        }
        output
    }

    #[test]
    fn key_listen_is_the_delayed_key_bit_for_bit_and_bypass_wins() {
        let (input, key) = (programme(4, 2, 48_000.0), programme(5, 2, 48_000.0));
        let heard = |monitor, key: &[Vec<f32>]| {
            let mut plugin = Plugin::<331>::monitored();
            plugin.prepare(48_000.0, 512);
            run_keyed(&mut plugin, (0.5, monitor), &input, key)
        };
        for monitor in [KEY, Monitor { delta: true, matched: true, ..KEY }] {
            for (y, k) in heard(monitor, &key).iter().zip(&key) {
                assert!(y[..331].iter().all(|&y| y == 0.0));
                assert_eq!(y[331..], k[..k.len() - 331]);
            }
            let both_sides = heard(monitor, &key[..1]);
            assert_eq!(both_sides[0], both_sides[1]);
            assert!(heard(monitor, &[]).iter().flatten().all(|&y| y == 0.0));
        }
        assert_eq!(heard(ALL, &key), heard(BYPASS, &key));
    }

    #[test]
    fn a_path_without_a_key_or_match_is_not_changed_by_their_switches() {
        let input = programme(6, 2, 48_000.0);
        let switches = Monitor { matched: true, key: true, ..WET };
        let [with, without] = [switches, WET].map(|m| run(&mut prepared::<64>(), (0.5, m), &input));
        assert_eq!(with, without);
    }

    #[test]
    fn matched_it_is_the_wet_signal_at_one_gain_and_delta_what_else_is_changed() {
        let input = programme(7, 2, 48_000.0);
        let mut plugin = Plugin::<64>::monitored();
        plugin.prepare(48_000.0, 512);
        // Long enough for a measurement, then long enough to settle.
        for _ in 0..12 {
            run(&mut plugin, (0.25, WET), &input);
        }
        run(&mut plugin, (0.25, MATCH), &input);
        let held_db = plugin.path.match_db().expect("a measurement");
        assert!((held_db - db::from_gain(4.0)).abs() < 1e-6, "{held_db}");
        let matched = run(&mut plugin, (0.25, MATCH), &input);
        // A setting twice as loud is heard twice as loud: the gain is held.
        let louder = run(&mut plugin, (0.5, MATCH), &input);
        for (x, (m, l)) in input.iter().zip(matched.iter().zip(&louder)) {
            for n in 64..x.len() {
                assert!((m[n] - x[n - 64]).abs() <= 1e-6 * x[n - 64].abs().max(1e-3), "{n}");
                assert!((l[n] - 2.0 * x[n - 64]).abs() <= 2e-6 * x[n - 64].abs().max(1e-3), "{n}");
            }
        }
        // A gain is all that is changed, so nothing else is.
        let both = Monitor { delta: true, ..MATCH };
        run(&mut plugin, (0.25, both), &input);
        let rest = run(&mut plugin, (0.25, both), &input);
        assert!(rest.iter().flatten().all(|y| y.abs() < 1e-5));
        // Off again, it is untouched.
        run(&mut plugin, (0.25, WET), &input);
        assert_eq!(plugin.path.match_db(), None);
        let wet = run(&mut plugin, (0.25, WET), &input);
        assert!(wet[0][64..].iter().zip(&input[0]).all(|(y, x)| *y == 0.25 * x));
    }

    #[test]
    fn longer_blocks_than_prepared_and_no_channels_do_no_harm() {
        let mut path = DryPath::new();
        path.prepare(48_000.0, 16, 5);
        let mut long = [0.5f32; 40];
        path.capture(&[long]);
        path.finish(&mut [&mut long], BYPASS);
        let none: [&[f32]; 0] = [];
        path.capture(&none);
        path.finish(&mut [], BYPASS);
        let mut unprepared = DryPath::new();
        unprepared.capture(&[long]);
        unprepared.finish(&mut [&mut long], BYPASS);
    }

    crate::contract! {
        mod contract_without_latency;
        new: Plugin::<0>::new,
        settings: [(1.0, WET), (0.5, WET), (0.5, BYPASS), (0.5, DELTA), (-2.0, BOTH), (1.0, WET)],
    }

    crate::contract! {
        mod contract_with_latency;
        new: Plugin::<331>::new,
        settings: [(1.0, WET), (0.5, WET), (0.5, BYPASS), (0.5, DELTA), (-2.0, BOTH), (1.0, WET)],
    }

    crate::contract! {
        mod contract_with_all_monitors;
        new: Plugin::<331>::monitored,
        settings: [
            (1.0, WET), (0.5, MATCH), (0.5, MATCH), (0.5, KEY), (0.5, DELTA), (0.5, MATCH),
            (0.3, ALL), (-2.0, BYPASS), (1.0, WET),
        ],
    }
}
