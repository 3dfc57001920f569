//! A band on its way from what it was to what is wanted.

use super::params::{BandParams, BandType, KeyFilter, Placement, Slope};
use super::section::Section;
use crate::crossfade::Crossfade;
use crate::ramp::Ramp;
use std::f64::consts::FRAC_1_SQRT_2;

/// What of a band cannot glide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kind {
    pub(super) band_type: BandType,
    pub(super) slope: Slope,
    pub(super) placement: Placement,
}

/// A band on its way.
#[derive(Debug, Clone)]
pub(super) struct Band {
    pub(super) wanted: BandParams,
    pub(super) kind: Kind,
    pub(super) on: Crossfade,
    pub(super) octave: Ramp,
    pub(super) gain_db: Ramp,
    pub(super) log_q: Ramp,
    pub(super) range_db: Ramp,
    pub(super) key_octave: Ramp,
    pub(super) key_log_q: Ramp,
    /// Whether the move is computed, and the static filter or the cut.
    pub(super) moves: bool,
    pub(super) is_heard: bool,
    /// How much there was of the band, of its gain and of its range at the last tick: only what has
    /// been nothing for a whole tick is at rest.
    pub(super) last: [f64; 3],
}

pub(super) fn kind_of(band: &BandParams) -> Kind {
    // A slope is part of what the band is only where it has one.
    let slope = if band.band_type.has_slope() { band.slope } else { Slope::default() };
    Kind { band_type: band.band_type, slope, placement: band.placement }
}

impl Band {
    pub(super) fn new() -> Self {
        let wanted = BandParams::DEFAULT;
        Self {
            wanted,
            kind: kind_of(&wanted),
            on: Crossfade::new(),
            octave: Ramp::new(wanted.frequency_hz.log2()),
            gain_db: Ramp::new(0.0),
            log_q: Ramp::new(wanted.q.log2()),
            range_db: Ramp::new(0.0),
            key_octave: Ramp::new(wanted.key_frequency_hz.log2()),
            key_log_q: Ramp::new(wanted.key_q.log2()),
            moves: false,
            is_heard: false,
            last: [0.0; 3],
        }
    }

    pub(super) fn ramps(&mut self) -> [&mut Ramp; 6] {
        [
            &mut self.octave,
            &mut self.gain_db,
            &mut self.log_q,
            &mut self.range_db,
            &mut self.key_octave,
            &mut self.key_log_q,
        ]
    }

    pub(super) fn is_settled(&self) -> bool {
        let ramps = [
            &self.octave,
            &self.gain_db,
            &self.log_q,
            &self.range_db,
            &self.key_octave,
            &self.key_log_q,
        ];
        self.on.is_settled()
            && self.on.is_second() == self.wanted.on
            && (self.kind == kind_of(&self.wanted) || self.on.is_first())
            && ramps.iter().all(|ramp| ramp.is_settled())
    }

    pub(super) fn set(&mut self, wanted: &BandParams, scale: f64) {
        self.wanted = wanted.sane();
        let wanted = self.wanted;
        self.octave.set_target(wanted.frequency_hz.log2());
        self.gain_db.set_target(wanted.gain_db);
        self.log_q.set_target(wanted.q.log2());
        self.range_db.set_target(wanted.scaled_range_db(scale));
        self.key_octave.set_target(wanted.key_frequency_hz.log2());
        self.key_log_q.set_target(wanted.key_q.log2());
    }

    /// A tick further. Says whether the band is silent now, and may change its kind.
    pub(super) fn tick(&mut self) -> bool {
        let wanted_kind = kind_of(&self.wanted);
        let is_silent = self.on.weight() == 0.0;
        if is_silent {
            // Nobody hears it: there is nothing to glide from.
            self.kind = wanted_kind;
            self.ramps().into_iter().for_each(Ramp::finish);
        }
        self.on.fade_to(self.wanted.on && self.kind == wanted_kind);
        self.on.next();
        self.ramps().into_iter().for_each(|ramp| {
            ramp.next();
        });
        is_silent
    }

    /// Is where it was going.
    pub(super) fn finish(&mut self) {
        self.kind = kind_of(&self.wanted);
        self.on.jump_to(self.wanted.on);
        self.ramps().into_iter().for_each(Ramp::finish);
    }

    pub(super) fn frequency_hz(&self) -> f64 {
        self.octave.value().exp2()
    }

    pub(super) fn q(&self) -> f64 {
        self.log_q.value().exp2()
    }

    /// What of a signal its key filter lets through.
    pub(super) fn key_section(&self, sample_rate_hz: f64) -> Section {
        key_section(
            self.wanted.key_filter,
            self.kind.band_type,
            [self.frequency_hz(), self.q()],
            [self.key_octave.value().exp2(), self.key_log_q.value().exp2()],
            sample_rate_hz,
        )
    }
}

/// The section of a key filter, from the frequency and Q of the band and of its own. The plain
/// bilinear one: a detector does not care for a lopsided skirt at 15 kHz.
pub fn key_section(
    filter: KeyFilter,
    band_type: BandType,
    of_band: [f64; 2],
    own: [f64; 2],
    sample_rate_hz: f64,
) -> Section {
    let [frequency_hz, q] = if filter == KeyFilter::Follow { of_band } else { own };
    let (filter, q) = match (filter, band_type) {
        (KeyFilter::Follow, BandType::LowShelf | BandType::LowCut) => {
            (KeyFilter::LowPass, FRAC_1_SQRT_2)
        }
        (KeyFilter::Follow, BandType::HighShelf | BandType::HighCut) => {
            (KeyFilter::HighPass, FRAC_1_SQRT_2)
        }
        (KeyFilter::Follow, BandType::Tilt) => (KeyFilter::Off, q),
        (KeyFilter::Follow, _) => (KeyFilter::BandPass, q),
        own => (own.0, q),
    };
    let numerator = match filter {
        KeyFilter::LowPass => [1.0, 0.0, 0.0],
        KeyFilter::HighPass => [0.0, 0.0, 1.0],
        KeyFilter::Off => return Section::IDENTITY,
        KeyFilter::BandPass | KeyFilter::Follow => [0.0, 1.0 / q, 0.0],
    };
    Section::second_order(numerator, q, frequency_hz, sample_rate_hz)
}
