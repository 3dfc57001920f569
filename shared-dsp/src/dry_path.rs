//! The delay-matched dry signal: bypass and delta.
//!
//! ```text
//! y = (1 − b)·(wet − d·dry) + b·dry        dry[n] = x[n − latency]
//! ```
//!
//! b is the bypass and d the delta switch, each travelling between exactly 0 and exactly 1 along a
//! [`Crossfade`]. Wet and dry are correlated, so the fade is equal-gain. Off, nothing is touched;
//! bypassed, the output is the delayed input bit for bit; and delta is wet − dry rounded once, so
//! that dry + delta gives wet back to within a rounding. Bypass wins over delta: a bypassed plugin
//! passes its input whatever else is switched.
//!
//! The caller brackets its processing: [`DryPath::capture`] before, [`DryPath::finish`] after, for
//! every block, on the same channels and length. Because the input is remembered throughout, both
//! switches find the true past of the signal. Non-finite input is remembered as silence.

use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::finite::{or_silence, to_f32};
use crate::processor::MAX_CHANNELS;

/// What is listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Monitor {
    /// The input, delayed by the latency.
    pub bypass: bool,
    /// Only what the processing changes: wet − dry.
    pub delta: bool,
}

/// Remembers the input while it is processed, and blends it back in.
#[derive(Debug, Clone)]
pub struct DryPath {
    /// The last `latency + max_block_len` input samples of each channel, as rings.
    rings: [Vec<f32>; MAX_CHANNELS],
    /// Where the next block goes.
    write: usize,
    /// Where the block captured last begins, and its length.
    block_start: usize,
    block_len: usize,
    latency_samples: usize,
    max_block_len: usize,
    bypass: Crossfade,
    delta: Crossfade,
    /// Whether a sample has been heard since reset: from then on switches fade.
    started: bool,
}

impl DryPath {
    /// A path for nothing yet; call [`prepare`](Self::prepare) before using it.
    pub fn new() -> Self {
        Self {
            rings: [const { Vec::new() }; MAX_CHANNELS],
            write: 0,
            block_start: 0,
            block_len: 0,
            latency_samples: 0,
            max_block_len: 0,
            bypass: Crossfade::new(),
            delta: Crossfade::new(),
            started: false,
        }
    }

    /// Sets the sample rate, the longest block, and the latency of what is bracketed. The only call
    /// that allocates. Leaves the path reset.
    pub fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize, latency_samples: usize) {
        self.latency_samples = latency_samples;
        self.max_block_len = max_block_len;
        for ring in &mut self.rings {
            *ring = vec![0.0; latency_samples + max_block_len];
        }
        self.bypass.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        self.delta.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        self.reset();
    }

    /// Forgets the past; fades end where they were going.
    pub fn reset(&mut self) {
        for ring in &mut self.rings {
            ring.fill(0.0);
        }
        self.write = 0;
        self.block_start = 0;
        self.block_len = 0;
        self.bypass.finish();
        self.delta.finish();
        self.started = false;
    }

    /// Remembers the input of the block about to be processed: one or two channels of equal length,
    /// at most the `max_block_len` prepared.
    pub fn capture(&mut self, audio: &[impl AsRef<[f32]>]) {
        let Some(first) = audio.first() else { return };
        if self.latency_samples == 0 {
            // Nothing before this block will be asked for: stay in the same few cache lines.
            self.write = 0;
        }
        self.block_start = self.write;
        self.block_len = first.as_ref().len().min(self.max_block_len);
        for (ring, channel) in self.rings.iter_mut().zip(audio) {
            let channel = channel.as_ref();
            let channel = &channel[..self.block_len.min(channel.len())];
            let (before_seam, after_seam) =
                channel.split_at(channel.len().min(ring.len() - self.write));
            copy_finite(before_seam, &mut ring[self.write..]);
            copy_finite(after_seam, ring);
        }
        self.write = wrapped(self.write + self.block_len, self.rings[0].len());
    }

    /// Blends the dry signal into the processed block according to `monitor`. The first block after
    /// `prepare` or `reset` obeys it at once, later changes fade over [`DEFAULT_FADE_MS`].
    pub fn finish(&mut self, audio: &mut [&mut [f32]], monitor: Monitor) {
        if self.started {
            self.bypass.fade_to(monitor.bypass);
            self.delta.fade_to(monitor.delta);
        } else {
            self.bypass.jump_to(monitor.bypass);
            self.delta.jump_to(monitor.delta);
        }
        self.started |= self.block_len > 0;
        let mut at = 0;
        while at < self.block_len && !(self.bypass.is_settled() && self.delta.is_settled()) {
            let (bypass, delta) = (self.bypass.next(), self.delta.next());
            let from = self.dry_index(at);
            for (channel, ring) in audio.iter_mut().zip(&self.rings) {
                let Some(sample) = channel.get_mut(at) else { continue };
                let (wet, dry) = (f64::from(*sample), f64::from(ring[from]));
                *sample = to_f32((1.0 - bypass) * (wet - delta * dry) + bypass * dry);
            }
            at += 1;
        }
        if self.bypass.is_second() {
            self.each_dry_run(audio, at, |wet, dry| wet.copy_from_slice(dry));
        } else if self.delta.is_second() {
            self.each_dry_run(audio, at, |wet, dry| {
                for (wet, dry) in wet.iter_mut().zip(dry) {
                    // In f32 this is the exact difference rounded once.
                    *wet = (*wet - *dry).clamp(f32::MIN, f32::MAX);
                }
            });
        }
    }

    /// Whether the output is, and stays, exactly the dry signal: a caller may then spare itself
    /// the processing, if what it remembers allows that.
    pub fn is_bypassed(&self) -> bool {
        self.bypass.is_second()
    }

    /// The index in the rings of the dry sample that belongs to sample `at` of the block.
    fn dry_index(&self, at: usize) -> usize {
        let length = self.rings[0].len();
        wrapped(self.block_start + length - self.latency_samples + at, length)
    }

    /// Calls `each` with the processed block from sample `from` on and the dry samples that belong
    /// to it, in at most two runs a channel.
    fn each_dry_run(
        &self,
        audio: &mut [&mut [f32]],
        from: usize,
        each: impl Fn(&mut [f32], &[f32]),
    ) {
        if from >= self.block_len {
            return;
        }
        let start = self.dry_index(from);
        for (channel, ring) in audio.iter_mut().zip(&self.rings) {
            let end = self.block_len.min(channel.len());
            let Some(wet) = channel.get_mut(from..end) else { continue };
            let (before_seam, after_seam) = wet.split_at_mut(wet.len().min(ring.len() - start));
            each(before_seam, &ring[start..start + before_seam.len()]);
            each(after_seam, &ring[..after_seam.len()]);
        }
    }
}

impl Default for DryPath {
    fn default() -> Self {
        Self::new()
    }
}

#[inline]
fn copy_finite(from: &[f32], to: &mut [f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = or_silence(*from);
    }
}

/// `index` in a ring of `length`, for indices less than three times round.
#[inline]
fn wrapped(mut index: usize, length: usize) -> usize {
    while index >= length.max(1) {
        index -= length.max(1);
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::programme;
    use crate::db;
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
            Self {
                path: DryPath::new(),
                past: Default::default(),
                settings: (1.0, Monitor::default()),
            }
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

        fn process(&mut self, audio: &mut [&mut [f32]], _key: &[&[f32]]) {
            self.path.capture(audio);
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

    const WET: Monitor = Monitor { bypass: false, delta: false };
    const BYPASS: Monitor = Monitor { bypass: true, delta: false };
    const DELTA: Monitor = Monitor { bypass: false, delta: true };
    const BOTH: Monitor = Monitor { bypass: true, delta: true };

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
}
