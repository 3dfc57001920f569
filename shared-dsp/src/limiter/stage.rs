//! One limiting stage: detectors, one envelope a channel, and the gain of a segment.

use super::SEGMENT;
use super::detector::Detector;
use super::envelope::Envelope;
use super::release::{ReleaseState, ReleaseTimes};
use crate::interpolator::Interpolator;
use crate::processor::MAX_CHANNELS;

/// What a stage is to do with a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct StageSettings {
    /// The level not to be passed, as an amplitude.
    pub(super) ceiling: f64,
    /// Whether points between samples count.
    pub(super) between: bool,
    /// How far channels share the larger reduction, 0 to 1.
    pub(super) link: f64,
    pub(super) lookahead: usize,
    pub(super) times: ReleaseTimes,
}

/// The reductions of a segment, for each channel.
pub(super) type Reductions = [[f64; SEGMENT]; MAX_CHANNELS];

#[derive(Debug)]
pub(super) struct Stage {
    detectors: [Detector; MAX_CHANNELS],
    envelopes: [Envelope; MAX_CHANNELS],
    /// While both channels have always been asked for the same, the right envelope is not kept.
    twins: bool,
    requests: Reductions,
    pub(super) reductions: Reductions,
}

impl Stage {
    pub(super) fn new(interpolator: &Interpolator, tolerance_db: f64) -> Self {
        let detector = || Detector::new(interpolator.clone(), tolerance_db);
        Self {
            detectors: [detector(), detector()],
            envelopes: Default::default(),
            twins: true,
            requests: [[0.0; SEGMENT]; MAX_CHANNELS],
            reductions: [[0.0; SEGMENT]; MAX_CHANNELS],
        }
    }

    pub(super) fn prepare(&mut self, sample_rate_hz: f64, longest_lookahead: usize) {
        for envelope in &mut self.envelopes {
            envelope.prepare(sample_rate_hz, longest_lookahead);
        }
        self.reset();
    }

    pub(super) fn reset(&mut self) {
        self.detectors.iter_mut().for_each(Detector::reset);
        self.envelopes.iter_mut().for_each(Envelope::reset);
        self.twins = true;
    }

    pub(super) fn jump_to_lookahead(&mut self, lookahead: usize) {
        for envelope in &mut self.envelopes {
            envelope.jump_to_lookahead(lookahead);
        }
    }

    /// How the slower of the channels would recover now.
    pub(super) fn release_state(&self, times: &ReleaseTimes) -> ReleaseState {
        let [left, right] = &self.envelopes;
        let left = left.release_state(times);
        if self.twins {
            return left;
        }
        let right = right.release_state(times);
        if right.time_constant_ms > left.time_constant_ms { right } else { left }
    }

    /// Samples from a sample coming in to the position after it being read.
    pub(super) fn detector_delay(&self) -> usize {
        self.detectors[0].delay_samples()
    }

    /// What was heard before is not remembered.
    pub(super) fn forget(&mut self) {
        self.detectors.iter_mut().for_each(Detector::reset);
    }

    /// Lets the reductions recover without hearing anything. Says whether there is any.
    pub(super) fn coast(
        &mut self,
        channels: usize,
        length: usize,
        settings: &StageSettings,
    ) -> bool {
        self.follow(channels, length, false, settings)
    }

    /// Takes a segment of the key in and computes the reductions to apply to what came in
    /// `detector_delay` plus the longest lookahead earlier. Says whether there is any; if not,
    /// `reductions` are not written.
    pub(super) fn process(&mut self, key: &[&[f32]], settings: &StageSettings) -> bool {
        let length = key.first().map_or(0, |channel| channel.len());
        let mut any = false;
        for ((detector, channel), requests) in
            self.detectors.iter_mut().zip(key).zip(&mut self.requests)
        {
            any |= detector.requests(
                channel,
                settings.ceiling,
                settings.between,
                &mut requests[..length],
            );
        }
        if any && key.len() > 1 && settings.link > 0.0 {
            let [left, right] = &mut self.requests;
            for (l, r) in left[..length].iter_mut().zip(&mut right[..length]) {
                let largest = l.max(*r);
                // Written so that a full link is exact.
                *l = largest - (1.0 - settings.link) * (largest - *l);
                *r = largest - (1.0 - settings.link) * (largest - *r);
            }
        }
        self.follow(key.len(), length, any, settings)
    }

    fn follow(
        &mut self,
        channels: usize,
        length: usize,
        any: bool,
        settings: &StageSettings,
    ) -> bool {
        if !any {
            let used = if self.twins { 1 } else { channels };
            if self.envelopes[..used].iter().all(Envelope::is_idle) {
                return false;
            }
            for requests in &mut self.requests {
                requests[..length].fill(0.0);
            }
        }
        let [left, right] = &mut self.envelopes;
        let [left_requests, right_requests] = &self.requests;
        let same = channels < 2 || left_requests[..length] == right_requests[..length];
        if self.twins && !same {
            right.copy_from(left);
            self.twins = false;
        } else if !self.twins && same && left.is_twin_of(right) {
            self.twins = true;
        }
        let [left_out, right_out] = &mut self.reductions;
        let (lookahead, times) = (settings.lookahead, &settings.times);
        left.process(&left_requests[..length], lookahead, times, left_out);
        if self.twins {
            right_out[..length].copy_from_slice(&left_out[..length]);
        } else {
            right.process(&right_requests[..length], lookahead, times, right_out);
        }
        true
    }
}
