//! How settings become sections: on a grid of 3000 ticks a second, for as long as anything moves.
//!
//! At a tick everything is where it went, is designed anew from where the settings glide, and departs
//! for the next tick.

use super::band::{Band, Kind};
use super::bound::POINTS;
use super::chain::{self, Part};
use super::cut::Cut;
use super::params::{BANDS, Placement};
use super::section::Section;
use super::{DynamicEq, shape, svf};
use crate::db;

impl DynamicEq {
    /// The numbers of band `b` for the next tick.
    fn design(&mut self, b: usize) {
        let rate = self.sample_rate_hz;
        let band = &mut self.bands[b];
        let chain = &mut self.chain;
        let Kind { band_type, slope, .. } = band.kind;
        let (frequency_hz, q, weight) = (band.frequency_hz(), band.q(), band.on.weight());
        let (gain_db, range_db) = if band_type.has_gain() {
            (band.gain_db.value(), band.range_db.value())
        } else {
            (0.0, 0.0)
        };
        let [last_weight, last_gain_db, last_range_db] =
            std::mem::replace(&mut band.last, [weight, gain_db, range_db]);
        let is_there = weight != 0.0 || last_weight != 0.0;
        let did_move = band.moves;
        let has_gain = !band_type.has_gain() || gain_db != 0.0 || last_gain_db != 0.0;
        band.is_heard = is_there && has_gain;
        band.moves = is_there && (range_db != 0.0 || last_range_db != 0.0);

        if band_type.has_slope() && band.is_heard {
            let (sections, count) = shape::cut_sections(band_type, slope, frequency_hz, q, rate);
            self.cuts[b].set_target(&sections[..count], weight);
        } else {
            self.cuts[b].clear();
        }

        let (still, still_second) = if band.is_heard && !band_type.has_slope() {
            let (first, second) = shape::sections(band_type, frequency_hz, gain_db, q, rate);
            let weight = if band_type.has_gain() && gain_db == 0.0 { 0.0 } else { weight };
            let change = |section: &Section| svf::change(section, weight);
            (Some(change(&first)), second.as_ref().map(change))
        } else {
            (None, None)
        };
        let (moving, moving_second) = if band.moves {
            let ((first, second), unit) =
                shape::full_move(band_type, frequency_hz, range_db, q, rate);
            let change = |section: &Section| svf::change(section, weight / unit);
            self.control.filters.set_target(b, &svf::output(&band.key_section(rate)));
            (Some(change(&first)), second.as_ref().map(change))
        } else {
            (None, None)
        };
        for (part, change) in
            Part::ALL.into_iter().zip([still, moving, still_second, moving_second])
        {
            chain.set(b, part, change);
        }
        self.control.set_range(b, if band.moves { range_db } else { 0.0 });
        self.control.set_moves(b, band.moves);
        if did_move != band.moves {
            // Fresh ears, tuned at once.
            chain.arrive_at(b, Part::Moving);
            chain.arrive_at(b, Part::MovingSecond);
            self.control.filters.arrive_lane(b);
            self.control.forget(b);
        }
    }

    /// Puts band `b` where its kind says.
    fn place(&mut self, b: usize) {
        let Kind { band_type, placement, .. } = self.bands[b].kind;
        let (take, put) = chain::placement(placement);
        self.chain.place(b, placement);
        self.cuts[b].place((take, put));
        self.control.place(b, take, shape::move_octaves_per_db(band_type));
    }

    /// How far moves overlap, if they can pass the bound together.
    fn update_overlaps(&mut self) {
        if !self.control.needs_overlaps() {
            self.control.set_overlaps(None);
            return;
        }
        let rate = self.sample_rate_hz;
        let mut overlaps = [[0.0; POINTS]; BANDS];
        for (j, band) in self.bands.iter().enumerate().filter(|(_, band)| band.moves) {
            let range_db = band.range_db.value();
            let (full, unit) = shape::full_move(
                band.kind.band_type,
                band.frequency_hz(),
                range_db,
                band.q(),
                rate,
            );
            let size = if range_db.abs() < 0.05 { 0.05f64.copysign(range_db) } else { range_db };
            for (i, other) in self.bands.iter().enumerate().filter(|(_, other)| other.moves) {
                if are_apart(band.kind.placement, other.kind.placement) {
                    continue;
                }
                let centre = other.frequency_hz().min(0.49 * rate);
                for (n, frequency_hz) in [centre, 10.0, 0.45 * rate].into_iter().enumerate() {
                    let [real, imaginary] = shape::response_of(&full, frequency_hz, rate);
                    let at_db = db::from_power((real * real + imaginary * imaginary).max(1e-30));
                    // A full move and the beginning of one differ in shape: the larger part counts.
                    let (at_full, at_first) = (at_db / size, (real - 1.0) / unit);
                    overlaps[j][n * BANDS + i] =
                        if at_first.abs() > at_full.abs() { at_first } else { at_full };
                }
            }
        }
        self.control.set_overlaps(Some(&overlaps));
    }

    /// A tick of the grid: everything is where it went, and goes on if it must.
    pub(super) fn tick(&mut self) {
        if self.is_gliding {
            self.arrive();
        }
        let goes_on = self.is_changed || !self.bands.iter().all(Band::is_settled);
        self.is_changed = false;
        if !goes_on {
            if self.is_gliding {
                // Once more, so that what has come to rest is known to rest.
                self.is_gliding = false;
                self.design_all();
                self.arrive();
            }
            return;
        }
        for b in 0..BANDS {
            if self.bands[b].tick() {
                for part in Part::ALL {
                    self.chain.forget(b, part);
                }
                self.cuts[b].reset();
                self.control.forget(b);
                self.place(b);
            }
        }
        self.design_all();
        let samples = self.ticks.left();
        self.chain.depart(samples);
        self.cuts.iter_mut().for_each(|cut| cut.depart(samples));
        self.control.depart(samples);
        self.is_gliding = true;
    }

    fn design_all(&mut self) {
        (0..BANDS).for_each(|b| self.design(b));
        self.update_overlaps();
    }

    fn arrive(&mut self) {
        self.chain.arrive();
        self.cuts.iter_mut().for_each(Cut::arrive);
        self.control.arrive();
    }

    /// Everything is where it was going.
    pub(super) fn finish(&mut self) {
        for b in 0..BANDS {
            self.bands[b].finish();
            self.bands[b].last = [0.0; 3];
            self.place(b);
        }
        self.design_all();
        self.arrive();
        self.early.arrive();
        self.mix.finish();
        self.output.finish();
        (self.is_gliding, self.is_changed) = (false, false);
    }
}

/// Whether what one band does never meets what the other does.
fn are_apart(a: Placement, b: Placement) -> bool {
    use Placement::{Left, Mid, Right, Side};
    matches!((a, b), (Left, Right) | (Right, Left) | (Mid, Side) | (Side, Mid))
}
