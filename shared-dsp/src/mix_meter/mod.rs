//! Everything a mix is judged by, from one pass.
//!
//! Loudness ([`loudness`](crate::loudness)), true peak by the ITU's filter and strictly
//! ([`true_peak`](crate::true_peak)), VU, PPM, K-System level, sample peak, crest factor; correlation, mono-fold loss,
//! balance and width ([`stereo_image`](crate::stereo_image)), the first two in three bands as well;
//! the loudness of the mix while its dialogue speaks; and a history in steps of 100 ms.
//!
//! **Clocks.** Meters run on samples counted from reset. What is measured (integrals, maxima, lowest
//! values, the history, all times told) counts on a clock of its own: it stands still in a pause and starts
//! over at a [`restart`](MixMeter::restart), both to the sample.
//!
//! **A pause** holds what is measured. Bars go on with what is heard. The windows of M, S, crest, K,
//! correlation and the bands are emptied where it begins and where it ends, so they never hold both: they
//! fill anew, as they do after reset. Gating blocks and windows that would reach into a pause are left out.
//! (Within a pause, 10 ms that hold both count as paused.)
//!
//! **PSR** is the highest true peak of the last 30 steps of the history over the short-term loudness at
//! their end.
//!
//! Range: fs from 8 kHz; one or two channels. Known deviation: none but those of the meters in it.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

mod bands;
mod clock;
mod dialogue;
mod history;
mod levels;
mod measured;
mod readings;

pub use bands::{BANDS, CROSSOVERS_HZ};
pub use dialogue::RELATIVE_GATE_LU as DIALOGUE_GATE_LU;
pub use history::{HISTORY_STEPS, HistoryPoint, STEPS_PER_SECOND};
pub use readings::{BandReading, MixMeterParams, MixReadings, PeakReading};

use crate::clean_chunks::{CHUNK, CleanChunks};
use crate::correlation::WINDOW_RANGE_MS;
use crate::crest;
use crate::db;
use crate::four::run;
use crate::hop_sums::{HopGatherer, HopMeter, HopSums};
use crate::hop_window::slots;
use crate::lanes::largest_magnitude;
use crate::loudness::{HOPS_PER_SECOND, Loudness, LoudnessMaximum, peak_to_loudness_lu};
use crate::ppm::Ppm;
use crate::processor::{MAX_CHANNELS, Meter};
use crate::sample_grid::SampleGrid;
use crate::stereo_image::StereoImage;
use crate::true_peak::TruePeak;
use crate::vectorize::vectorize;
use bands::Bands;
use clock::Clock;
use dialogue::Dialogue;
use history::History;
use levels::Levels;
use measured::{Lowest, Mark, RecentPeaks};

/// The window of a K-System meter in ms.
pub const K_WINDOW_MS: f64 = 600.0;
/// Two channels with the same signal are twice the power of one.
const DUAL_MONO_WEIGHT: f64 = 2.0;

/// The meter. [`prepare`](Self::prepare) it before use.
#[derive(Debug, Clone)]
pub struct MixMeter {
    params: MixMeterParams,
    sample_rate_hz: f64,
    channels: usize,
    arch: pulp::Arch,
    /// Ends of 10 ms, counted from reset.
    hops: SampleGrid,
    /// Ends of 100 ms of what is measured.
    steps: SampleGrid,
    clock: Clock,
    paused: bool,
    /// Whether the last sample heard was paused.
    was_paused: bool,

    gatherer: HopGatherer,
    levels: Levels,
    ppm: Ppm,
    itu: TruePeak,
    strict: TruePeak,
    loudness: Loudness,
    bands: Bands,
    dialogue: Dialogue,
    history: History,

    /// Of true peaks, ITU and strict, per channel.
    peak_marks: [[Mark<f32>; MAX_CHANNELS]; 2],
    /// Of the loudest 400 ms and 3 s.
    loudness_marks: [Mark<u64>; 2],
    /// Slots of 10 ms that hold nothing but what is measured now, to the last one; −1 while the first is
    /// still to begin.
    own_slots: i64,
    /// Of the full band, then of the bands.
    lowest: [Lowest; 1 + BANDS],
    /// Everything measured: the full band, then the bands.
    programme: [StereoImage; 1 + BANDS],
    recent_peaks: RecentPeaks,
    psr_lu: Option<f64>,
    lowest_psr: Lowest,
}

impl Default for MixMeter {
    fn default() -> Self {
        Self::new()
    }
}

impl MixMeter {
    /// A meter with the default settings.
    pub fn new() -> Self {
        let params = MixMeterParams::DEFAULT;
        let (mut itu, mut strict) = (TruePeak::itu_4x(), TruePeak::strict_16x());
        itu.keep_recent(true);
        strict.follow_level(false);
        Self {
            params,
            sample_rate_hz: 48_000.0,
            channels: 0,
            arch: pulp::Arch::new(),
            hops: SampleGrid::default(),
            steps: SampleGrid::default(),
            clock: Clock::default(),
            paused: false,
            was_paused: false,
            gatherer: HopGatherer::default(),
            levels: Levels::new(params.correlation_window_ms),
            ppm: Ppm::default(),
            itu,
            strict,
            loudness: Loudness::new(),
            bands: Bands::default(),
            dialogue: Dialogue::default(),
            history: History::default(),
            peak_marks: Default::default(),
            loudness_marks: Default::default(),
            own_slots: 0,
            lowest: Default::default(),
            programme: Default::default(),
            recent_peaks: RecentPeaks::default(),
            psr_lu: None,
            lowest_psr: Lowest::default(),
        }
    }

    /// Sets the sample rate in Hz (8 to 384 kHz) and the number of channels, one or two. The only call that
    /// allocates. Leaves the meter reset, settings and a pause kept.
    pub fn prepare(&mut self, sample_rate_hz: f64, channels: usize) {
        let channels = channels.min(MAX_CHANNELS);
        (self.sample_rate_hz, self.channels) = (sample_rate_hz, channels);
        self.hops.prepare(sample_rate_hz, HOPS_PER_SECOND as f64);
        self.steps.prepare(sample_rate_hz, STEPS_PER_SECOND);
        self.gatherer.prepare(sample_rate_hz);
        self.levels.prepare(channels);
        self.ppm.prepare(sample_rate_hz, channels);
        self.itu.prepare(sample_rate_hz, channels);
        self.strict.prepare(sample_rate_hz, channels);
        self.loudness.prepare(sample_rate_hz, channels);
        self.bands.prepare(sample_rate_hz);
        self.dialogue.prepare(sample_rate_hz);
        self.weigh();
        self.reset();
    }

    /// Takes new settings, effective from the next sample on; the same ones change nothing.
    pub fn set_params(&mut self, params: &MixMeterParams) {
        if *params == self.params {
            return;
        }
        let dual_mono_moved = params.dual_mono != self.params.dual_mono;
        self.params = *params;
        self.levels.window.set_ms(self.window_ms());
        if dual_mono_moved && self.channels == 1 {
            self.weigh();
            if self.clock.has_heard() {
                self.loudness.empty_windows();
                self.restart();
            }
        }
    }

    /// The weight of a channel that two loudspeakers play.
    fn weigh(&mut self) {
        if self.channels == 1 {
            let weight = if self.params.dual_mono { DUAL_MONO_WEIGHT } else { 1.0 };
            self.loudness.set_channel_weight(0, weight);
        }
    }

    fn window_ms(&self) -> f64 {
        let [shortest, longest] = WINDOW_RANGE_MS;
        let wanted = self.params.correlation_window_ms;
        // NaN is not in the range, and clamping keeps it.
        if wanted > shortest { wanted.min(longest) } else { shortest }
    }

    /// Whether the falling true-peak bars follow the signal, as they do at first: they are only there to
    /// be looked at. Nothing else changes by a bit. Kept over resets.
    pub fn follow_levels(&mut self, follow: bool) {
        self.itu.follow_level(follow);
    }

    /// Forgets everything heard. Settings and a pause are kept.
    pub fn reset(&mut self) {
        self.hops.reset();
        self.steps.reset();
        self.clock = Clock::default();
        self.was_paused = false;
        self.gatherer.reset();
        HopMeter::reset(&mut self.levels);
        self.ppm.reset();
        self.itu.reset();
        self.strict.reset();
        self.loudness.reset();
        self.bands.reset();
        self.dialogue.reset();
        self.forget();
    }

    /// Starts the measurement over: forgets I, LRA, maxima, lowest values, dialogue, history and time. Bars
    /// and windows go on, and so does a pause. What is measured next is of what is heard from now on.
    pub fn restart(&mut self) {
        if !self.clock.has_heard() {
            return;
        }
        self.steps.reset();
        self.clock.restart();
        self.levels.peak.reset_maximum();
        self.itu.restart();
        self.strict.restart();
        self.loudness.restart();
        self.dialogue.restart();
        self.forget();
    }

    fn forget(&mut self) {
        self.history.clear();
        self.peak_marks = Default::default();
        self.loudness_marks = Default::default();
        self.own_slots = if self.hops.is_on_tick() { 0 } else { -1 };
        self.lowest = Default::default();
        self.programme = Default::default();
        self.recent_peaks = RecentPeaks::default();
        self.psr_lu = None;
        self.lowest_psr = Lowest::default();
    }

    /// Holds everything that is measured, or goes on, from the next sample on. Kept over resets.
    pub fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// Whether the measurement is on hold.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Reads a block: channels of equal length, any length. Channels beyond those prepared are ignored,
    /// and missing ones count as silent. `key` is the dialogue of the mix as a stem, one or two channels;
    /// beyond its end it is silent.
    pub fn process(&mut self, audio: &[&[f32]], key: Option<&[&[f32]]>) {
        let length = audio.first().map_or(0, |channel| channel.len());
        if length == 0 {
            return;
        }
        if self.paused != self.was_paused {
            self.turn();
        }
        let key = key.unwrap_or_default();
        let key_length = key.iter().map(|channel| channel.len()).min().unwrap_or(0);
        let arch = self.arch;
        vectorize(
            arch,
            #[inline(always)]
            || {
                let mut from = 0;
                while from < length {
                    let until_seam = key_length.checked_sub(from).filter(|left| *left > 0);
                    let step = until_seam.unwrap_or(CHUNK).min(CHUNK).min(length - from);
                    let (mut room, mut key_room) = Default::default();
                    let clean =
                        CleanChunks::pair(&mut room, audio, [0, 1], self.channels, from, step);
                    let key = if until_seam.is_some() { key } else { &[] };
                    let key =
                        CleanChunks::pair(&mut key_room, key, [0, 1], MAX_CHANNELS, from, step);
                    self.hear(clean, key, until_seam.is_none());
                    from += step;
                }
            },
        );
    }

    /// A pause begins or ends here.
    #[cold]
    fn turn(&mut self) {
        self.settle_peaks();
        self.was_paused = self.paused;
        let counts = !self.paused;
        if counts {
            self.clock.resume();
            self.loudness.resume();
        } else {
            self.loudness.pause();
        }
        self.itu.set_counts(counts);
        self.strict.set_counts(counts);
        self.levels.peak.set_counts(counts);
        self.gatherer.forget();
        self.levels.window.empty();
        self.loudness.empty_windows();
        self.bands.empty();
        self.dialogue.flush();
        self.own_slots = 0;
        self.recent_peaks = RecentPeaks::default();
        self.psr_lu = None;
    }

    /// Reads a clean chunk.
    #[inline(always)]
    fn hear(&mut self, mut chunk: [&[f32]; 2], mut key: [&[f32]; 2], no_key: bool) {
        let measures = !self.paused;
        while !chunk[0].is_empty() {
            let mut step = self.hops.left().min(chunk[0].len());
            if measures {
                step = step.min(self.steps.left());
            }
            let (piece, key_piece);
            (piece, chunk) = split(chunk, step);
            (key_piece, key) = split(key, step);
            self.gatherer.process_clean(piece, &mut self.levels);
            self.ppm.process_clean(piece);
            self.itu.process_clean(piece);
            self.strict.process_clean(piece);
            self.loudness.process_clean_pair(piece);
            run(self.arch, bands::Piece { bands: &mut self.bands, channels: piece });
            self.dialogue.hear(key_piece, no_key || is_silent(key_piece));
            self.clock.advance(step, measures);
            if self.hops.advance(step) {
                self.finish_hop(measures);
            }
            if measures && self.steps.advance(step) {
                self.finish_step();
            }
        }
    }

    /// Ends 10 ms.
    #[inline(never)]
    fn finish_hop(&mut self, measures: bool) {
        let step_samples = self.loudness.gating_step_samples();
        self.dialogue.finish_hop(self.loudness.gating_step(), step_samples);
        let bands = self.bands.finish_slot();
        if !measures {
            return;
        }
        self.settle_peaks();
        let now = self.clock.measured();
        for (mark, hop) in self.loudness_marks.iter_mut().zip(self.loudness.loudest_hops()) {
            mark.settle(hop, || now);
        }
        self.own_slots += 1;
        if self.own_slots == 0 {
            return;
        }
        let newest = self.levels.window.sums_of_ms(10.0).image();
        for (sum, image) in self.programme.iter_mut().zip([newest].iter().chain(&bands)) {
            sum.add(image);
        }
        if self.own_slots >= slots(self.window_ms()) as i64 {
            let images = self.images();
            for (lowest, image) in self.lowest.iter_mut().zip(images) {
                lowest.take(image.correlation(), now);
            }
        }
    }

    /// The full band, then the bands, over the window.
    #[inline]
    fn images(&self) -> [StereoImage; 1 + BANDS] {
        let [low, mid, high] = self.bands.newest(slots(self.window_ms()));
        [self.levels.window.sums().image(), low, mid, high]
    }

    /// Ends 100 ms of what is measured.
    #[inline(never)]
    fn finish_step(&mut self) {
        let [left, right] = [0, 1].map(|channel| self.itu.take_recent(channel));
        let peak = left.max(right);
        let shortterm_lufs = self.loudness.shortterm_lufs();
        self.psr_lu = self.recent_peaks.push(peak).and_then(|highest| {
            let is_heard = shortterm_lufs > crate::loudness::histogram::ABSOLUTE_GATE_LUFS;
            peak_to_loudness_lu(db::from_gain(highest.into()), shortterm_lufs).filter(|_| is_heard)
        });
        self.lowest_psr.take(self.psr_lu, self.clock.measured());
        let image = self.levels.window.sums().image();
        let or_nan = |reading: Option<f64>| reading.map_or(f32::NAN, |reading| reading as f32);
        self.history.push(HistoryPoint {
            step: self.steps.ticks() - 1,
            momentary_lufs: self.loudness.momentary_lufs() as f32,
            shortterm_lufs: shortterm_lufs as f32,
            integrated_lufs: self.loudness.integrated_lufs() as f32,
            true_peak_dbtp: db::from_gain(peak.into()) as f32,
            correlation: or_nan(image.correlation()),
            fold_loss_db: or_nan(image.fold_loss_db()),
        });
    }

    /// Hands out the steps of the history that wait, the oldest first. At most [`HISTORY_STEPS`] do.
    pub fn drain_history(&mut self, take: impl FnMut(HistoryPoint)) {
        self.history.drain(take);
    }

    /// Notes when the highest true peaks were.
    fn settle_peaks(&mut self) {
        let clock = self.clock;
        for (marks, meter) in self.peak_marks.iter_mut().zip([&self.itu, &self.strict]) {
            for (channel, mark) in marks.iter_mut().enumerate() {
                mark.settle(meter.max(channel), || {
                    clock.measured_at(meter.max_position_samples(channel))
                });
            }
        }
    }

    fn seconds(&self, samples: u64) -> f64 {
        samples as f64 / self.sample_rate_hz
    }

    /// Everything there is to read. Some thousand operations: for a screen, not for a sample.
    pub fn readings(&self) -> MixReadings {
        let loudness = &self.loudness;
        let true_peak = [0, 1].map(|channel| self.true_peak(channel));
        let highest = true_peak[0].max_itu_dbtp.max(true_peak[1].max_itu_dbtp);
        let second = self.levels.window.sums_of_ms(crest::WINDOW_MS);
        let k = self.levels.window.sums_of_ms(K_WINDOW_MS);
        let [full, ..] = self.images();
        MixReadings {
            momentary_lufs: loudness.momentary_lufs(),
            shortterm_lufs: loudness.shortterm_lufs(),
            integrated_lufs: loudness.integrated_lufs(),
            range_lu: loudness.range_bounds_lufs().map(|[low, high]| high - low),
            range_bounds_lufs: loudness.range_bounds_lufs(),
            range_is_stable: loudness.range_is_stable(),
            max_momentary: self.maximum(loudness.max_momentary(), 0),
            max_shortterm: self.maximum(loudness.max_shortterm(), 1),
            true_peak,
            sample_peak_dbfs: [0, 1].map(|c| self.levels.peak.max_dbfs(c)),
            plr_lu: loudness.plr_lu(highest),
            psr_lu: self.psr_lu,
            lowest_psr_lu: self.lowest_psr.value(),
            lowest_psr_s: self.seconds(self.lowest_psr.at()),
            crest_db: [0, 1].map(|c| crest::crest_db(&second, c)),
            vu: [0, 1].map(|c| self.levels.vu.level_vu(c)),
            ppm_dbfs: [0, 1].map(|c| self.ppm.level_dbfs(c)),
            k_rms_dbfs: [0, 1].map(|c| k_rms_dbfs(&k, c)),
            peak_dbfs: [0, 1].map(|c| self.levels.peak.level_dbfs(c)),
            peak_held_dbfs: [0, 1].map(|c| self.levels.peak.held_dbfs(c)),
            correlation: full.correlation(),
            lowest: self.lowest[0].value(),
            lowest_s: self.seconds(self.lowest[0].at()),
            bands: self.band_readings(),
            fold_loss_db: full.fold_loss_db(),
            programme_fold_loss_db: self.programme[0].fold_loss_db(),
            programme_correlation: self.programme[0].correlation(),
            programme_rms_dbfs: [0, 1].map(|c| self.programme[0].rms_dbfs(c)),
            balance_db: full.balance_db(),
            width: full.width(),
            dialogue_lufs: self.dialogue.lufs(),
            dialogue_share: self.dialogue.share(),
            elapsed_s: self.seconds(self.clock.measured()),
        }
    }

    fn true_peak(&self, channel: usize) -> PeakReading {
        let at_s = |which: usize, meter: &TruePeak| {
            let mut mark = self.peak_marks[which][channel];
            mark.settle(meter.max(channel), || {
                self.clock.measured_at(meter.max_position_samples(channel))
            });
            self.seconds(mark.at())
        };
        PeakReading {
            now_dbtp: self.itu.level_dbtp(channel),
            held_dbtp: self.itu.held_dbtp(channel),
            max_itu_dbtp: self.itu.max_dbtp(channel),
            max_itu_s: at_s(0, &self.itu),
            max_strict_dbtp: self.strict.max_dbtp(channel),
            max_strict_s: at_s(1, &self.strict),
        }
    }

    fn maximum(&self, maximum: LoudnessMaximum, which: usize) -> LoudnessMaximum {
        let end_sample = self.loudness_marks[which].at();
        LoudnessMaximum { lufs: maximum.lufs, end_sample, end_s: self.seconds(end_sample) }
    }

    fn band_readings(&self) -> [BandReading; BANDS] {
        let images = self.images();
        std::array::from_fn(|band| {
            let at = 1 + band;
            BandReading {
                correlation: images[at].correlation(),
                lowest: self.lowest[at].value(),
                lowest_s: self.seconds(self.lowest[at].at()),
                fold_loss_db: images[at].fold_loss_db(),
                programme_fold_loss_db: self.programme[at].fold_loss_db(),
                programme_correlation: self.programme[at].correlation(),
            }
        })
    }
}

/// RMS on the scale where a sine reads its peak.
fn k_rms_dbfs(sums: &HopSums, channel: usize) -> f64 {
    db::from_power(2.0 * sums.square[channel] / sums.samples.max(1) as f64)
}

#[inline(always)]
fn is_silent([left, right]: [&[f32]; 2]) -> bool {
    largest_magnitude(left) == 0.0 && largest_magnitude(right) == 0.0
}

/// Both channels up to `at`, and from there on.
#[inline(always)]
fn split([left, right]: [&[f32]; 2], at: usize) -> ([&[f32]; 2], [&[f32]; 2]) {
    let ((l, l_rest), (r, r_rest)) = (left.split_at(at), right.split_at(at));
    ([l, r], [l_rest, r_rest])
}

#[cfg(test)]
mod tests;
