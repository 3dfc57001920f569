//! What Stem De-Esser measures: the peaks that come in, how sibilant they were and what they lost.
//!
//! What the de-esser reads is taken over as often as it does, and the most of it since is published: no s
//! is lost between two publications. Measured before the monitors, so that listening to the delta or the
//! bypass changes no reading.

use crate::dsp::Shown;
use shared_dsp::clean_chunks::for_each_clean_chunk;
use shared_dsp::db;
use shared_dsp::de_esser::{Readings, SIBILANCE_DB};
use shared_dsp::lanes::largest_magnitude;
use shared_dsp::processor::MAX_CHANNELS;

/// The groups of readings that start over on their own, a bit each.
pub mod group {
    /// The largest reduction.
    pub const MAXIMUM: u32 = 1;
}

/// Nothing heard and nothing done.
const NOTHING: Readings =
    Readings { reduction_db: [0.0; 2], sibilance_db: SIBILANCE_DB[0], sureness: 0.0 };

/// The meters of Stem De-Esser.
#[derive(Debug)]
pub struct DeEsserMeters {
    /// The largest sample since it was last taken.
    peak: f32,
    /// What the de-esser read last, and the most it read since that was last taken.
    last: Readings,
    most: Option<Readings>,
    published: Readings,
    largest_db: f64,
}

fn larger_of(a: &Readings, b: &Readings) -> Readings {
    Readings {
        reduction_db: [0, 1].map(|c: usize| a.reduction_db[c].max(b.reduction_db[c])),
        sibilance_db: a.sibilance_db.max(b.sibilance_db),
        sureness: a.sureness.max(b.sureness),
    }
}

impl DeEsserMeters {
    /// Nothing measured yet.
    pub fn new() -> Self {
        Self { peak: 0.0, last: NOTHING, most: None, published: NOTHING, largest_db: 0.0 }
    }

    /// Forgets everything heard.
    pub fn reset(&mut self) {
        *self = Self::new();
    }

    /// Starts these [`group`]s over.
    pub fn restart(&mut self, groups: u32) {
        if groups & group::MAXIMUM != 0 {
            self.largest_db = 0.0;
        }
    }

    /// Reads what comes in.
    pub fn hear_input(&mut self, audio: &[&mut [f32]]) {
        let mut hear = |audio: &[&[f32]]| {
            for_each_clean_chunk(audio, MAX_CHANNELS, |[left, right]| {
                self.peak = self.peak.max(largest_magnitude(left)).max(largest_magnitude(right));
            });
        };
        match audio {
            [mono] => hear(&[&**mono]),
            [left, right, ..] => hear(&[&**left, &**right]),
            [] => {}
        }
    }

    /// Takes over what the de-esser read.
    pub fn hear_done(&mut self, readings: &Readings) {
        if self.last != *readings {
            self.last = *readings;
            self.most = Some(self.most.map_or(*readings, |most| larger_of(&most, readings)));
        }
    }

    /// Hands over what histories keep, the most of everything since; that starts over.
    pub fn publish_traced(&mut self, mut set: impl FnMut(Shown, f64)) {
        self.published = self.most.take().unwrap_or(self.last);
        let Readings { reduction_db: [first, second], sibilance_db, sureness } = self.published;
        self.largest_db = self.largest_db.max(first).max(second);
        set(Shown::InputPeak, db::from_gain(std::mem::take(&mut self.peak).into()));
        set(Shown::GainReduction, first.max(second));
        set(Shown::Sibilance, sibilance_db);
        set(Shown::Sureness, sureness);
    }

    /// Hands over the rest but for what concerns the key.
    pub fn publish(&self, mut set: impl FnMut(Shown, f64)) {
        let [first, second] = self.published.reduction_db;
        set(Shown::ReductionFirst, first);
        set(Shown::ReductionSecond, second);
        set(Shown::ReductionMaximum, self.largest_db);
    }
}

impl Default for DeEsserMeters {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::READINGS;

    fn readings(reduction_db: [f64; 2], sibilance_db: f64, sureness: f64) -> Readings {
        Readings { reduction_db, sibilance_db, sureness }
    }

    fn read(meters: &mut DeEsserMeters) -> impl Fn(Shown) -> f64 + use<> {
        let mut all = vec![f64::NAN; READINGS.len()];
        meters.publish_traced(|shown, value| all[shown as usize] = value);
        meters.publish(|shown, value| all[shown as usize] = value);
        move |shown| all[shown as usize]
    }

    #[test]
    fn the_most_since_the_last_publication_is_told_and_then_what_is() {
        let mut meters = DeEsserMeters::new();
        meters.hear_done(&readings([1.0, 4.0], -3.0, 0.4));
        meters.hear_done(&readings([2.0, 0.5], 6.0, 0.9));
        meters.hear_done(&readings([0.25, 0.125], -20.0, 0.0));
        let at = read(&mut meters);
        assert_eq!([Shown::ReductionFirst, Shown::ReductionSecond].map(&at), [2.0, 4.0]);
        assert_eq!((at(Shown::GainReduction), at(Shown::Sibilance)), (4.0, 6.0));
        assert_eq!(at(Shown::Sureness), 0.9);
        // The same again, heard before as after a publication, is what is now.
        meters.hear_done(&readings([0.25, 0.125], -20.0, 0.0));
        let at = read(&mut meters);
        assert_eq!((at(Shown::GainReduction), at(Shown::Sibilance)), (0.25, -20.0));
    }

    #[test]
    fn the_largest_reduction_stays_until_it_starts_over() {
        let mut meters = DeEsserMeters::new();
        for db in [3.0, 7.0, 1.0] {
            meters.hear_done(&readings([db, 0.0], 0.0, 0.5));
            let _ = read(&mut meters);
        }
        assert_eq!(read(&mut meters)(Shown::ReductionMaximum), 7.0);
        meters.restart(group::MAXIMUM);
        assert_eq!(read(&mut meters)(Shown::ReductionMaximum), 1.0);
    }

    #[test]
    fn peaks_are_those_of_the_louder_channel_and_start_over() {
        let mut meters = DeEsserMeters::new();
        let (mut left, mut right) = ([0.25f32; 64], [-0.5f32; 64]);
        right[3] = f32::NAN;
        meters.hear_input(&[&mut left, &mut right]);
        assert!((read(&mut meters)(Shown::InputPeak) + 6.02).abs() < 0.01);
        assert_eq!(read(&mut meters)(Shown::InputPeak), f64::NEG_INFINITY);
        meters.hear_input(&[&mut left]);
        assert!((read(&mut meters)(Shown::InputPeak) + 12.04).abs() < 0.01);
    }
}
