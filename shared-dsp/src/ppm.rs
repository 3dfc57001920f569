//! The programme meter: peaks as long as one hears them, quasi-peak in an engineer's words.
//!
//! IEC 60268-10, type I: a cell that every rectified sample above it charges, and that falls by 20 dB in
//! 1.7 s,
//!
//! ```text
//! v ← v + α·max(|x| − v, 0)      α = 1 − e^(−1/(τ·fs)),  τ = 1.5 ms
//! v ← v·10^(−20/(20·1.7·1000))   every millisecond
//! ```
//!
//! so that a burst of 5 kHz reads less, the shorter it is. The type's table, and this cell:
//!
//! | burst | standard | here |
//! | --- | --- | --- |
//! | 10 ms | −1 ±0.5 dB | −0.84 |
//! | 5 ms | −2 ±1 dB | −2.25 |
//! | 3 ms | −4 ±1 dB | −3.98 |
//! | 0.4 ms | −15 ±4 dB | −16.3 |
//!
//! A steady sine charges as much as it falls: with δ the fall in nepers a second, the cell stands at the v
//! that solves (2/π)·(√(1 − v²) − v·arccos v) = δ·τ·v, 0.19 dB under its peak, and readings are scaled by
//! that: a sine reads its peak level. Under −160 dBFS it has arrived at its end.
//!
//! Samples under the cell change nothing and are skipped. The fall falls on samples ⌊k·fs/1000⌋ counted
//! from reset. Range: fs from 8 kHz.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::clean_chunks::for_each_clean_chunk;
use crate::db;
use crate::hop_sums::HOPS_PER_SECOND;
use crate::lanes::largest_magnitude;
use crate::peak_ballistics::{BAR_BOTTOM, DEFAULT_DECAY_DB_PER_S};
use crate::processor::{MAX_CHANNELS, Meter};
use crate::sample_grid::SampleGrid;
use crate::vectorize::vectorize;
use std::f64::consts::{LN_10, PI};

/// Time constant of the charging cell in seconds.
const CHARGE_S: f64 = 0.0015;
/// Samples that are charged with, or skipped, together.
const SPAN: usize = 16;

/// Programme levels per channel.
#[derive(Debug, Clone)]
pub struct Ppm {
    charge: f64,
    fall: f64,
    scale: f64,
    channels: usize,
    arch: pulp::Arch,
    grid: SampleGrid,
    cells: [f64; MAX_CHANNELS],
}

impl Default for Ppm {
    fn default() -> Self {
        Self {
            charge: 1.0,
            fall: db::to_gain(-DEFAULT_DECAY_DB_PER_S / HOPS_PER_SECOND),
            scale: 1.0 / steady(),
            channels: 0,
            arch: pulp::Arch::new(),
            grid: SampleGrid::default(),
            cells: [0.0; MAX_CHANNELS],
        }
    }
}

/// Where the cell stands under a steady sine of 1.
fn steady() -> f64 {
    let fall = DEFAULT_DECAY_DB_PER_S * LN_10 / 20.0 * CHARGE_S;
    let charged = |v: f64| 2.0 / PI * ((1.0 - v * v).sqrt() - v * v.acos());
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let v = f64::midpoint(low, high);
        if charged(v) > fall * v { low = v } else { high = v }
    }
    low
}

impl Ppm {
    /// The level of a channel in dBFS, where a sine reads its peak; −∞ in silence.
    pub fn level_dbfs(&self, channel: usize) -> f64 {
        db::from_gain(self.cells[channel] * self.scale)
    }

    /// Reads a clean chunk.
    #[inline(always)]
    pub(crate) fn process_clean(&mut self, chunk: [&[f32]; MAX_CHANNELS]) {
        let mut from = 0;
        while from < chunk[0].len() {
            let step = self.grid.left().min(chunk[0].len() - from);
            for (cell, channel) in self.cells.iter_mut().zip(chunk) {
                for span in channel[from..from + step].chunks(SPAN) {
                    if f64::from(largest_magnitude(span)) > *cell {
                        *cell = charged(*cell, self.charge, span);
                    }
                }
            }
            from += step;
            if self.grid.advance(step) {
                for cell in &mut self.cells {
                    *cell *= self.fall;
                    if *cell < f64::from(BAR_BOTTOM) {
                        *cell = 0.0;
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn charged(mut cell: f64, charge: f64, span: &[f32]) -> f64 {
    for x in span {
        cell += charge * (f64::from(x.abs()) - cell).max(0.0);
    }
    cell
}

impl Meter for Ppm {
    fn prepare(&mut self, sample_rate_hz: f64, channels: usize) {
        self.channels = channels.min(MAX_CHANNELS);
        self.charge = -(-1.0 / (CHARGE_S * sample_rate_hz)).exp_m1();
        self.grid.prepare(sample_rate_hz, HOPS_PER_SECOND);
        self.reset();
    }

    fn reset(&mut self) {
        self.grid.reset();
        self.cells = [0.0; MAX_CHANNELS];
    }

    fn process(&mut self, audio: &[&[f32]]) {
        let arch = self.arch;
        vectorize(
            arch,
            #[inline(always)]
            || {
                for_each_clean_chunk(
                    audio,
                    self.channels,
                    #[inline(always)]
                    |chunk| self.process_clean(chunk),
                );
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Metered;
    use std::f64::consts::TAU;

    fn prepared(rate: f64) -> Ppm {
        let mut ppm = Ppm::default();
        ppm.prepare(rate, 2);
        ppm
    }

    fn tone(hz: f64, seconds: f64, rate: f64) -> Vec<f32> {
        let samples = (seconds * rate).round() as usize;
        (0..samples).map(|n| (0.5 * (TAU * hz * n as f64 / rate + 0.3).sin()) as f32).collect()
    }

    #[test]
    fn a_steady_sine_reads_its_peak() {
        for rate in [44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0] {
            for hz in [200.0, 997.0, 5_003.0] {
                let mut ppm = prepared(rate);
                ppm.process(&[&tone(hz, 1.0, rate)]);
                let error_db = ppm.level_dbfs(0) - 20.0 * 0.5f64.log10();
                assert!(error_db.abs() < 0.05, "{error_db} dB, {hz} Hz at {rate}");
                assert_eq!(ppm.level_dbfs(1), f64::NEG_INFINITY);
            }
        }
    }

    #[test]
    fn bursts_read_what_the_standard_asks() {
        for rate in [44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0] {
            let steady_db = {
                let mut ppm = prepared(rate);
                ppm.process(&[&tone(5_000.0, 1.0, rate)]);
                ppm.level_dbfs(0)
            };
            for (ms, expected_db, tolerance_db, stated_db) in [
                (10.0, -1.0, 0.5, -0.84),
                (5.0, -2.0, 1.0, -2.25),
                (3.0, -4.0, 1.0, -3.98),
                (0.4, -15.0, 4.0, -16.3),
            ] {
                let mut ppm = prepared(rate);
                ppm.process(&[&tone(5_000.0, ms * 1e-3, rate)]);
                let got_db = ppm.level_dbfs(0) - steady_db;
                assert!(
                    (got_db - expected_db).abs() <= tolerance_db,
                    "{ms} ms at {rate}: {got_db}"
                );
                assert!((got_db - stated_db).abs() < 0.45, "{ms} ms at {rate}: {got_db}");
            }
        }
    }

    #[test]
    fn it_returns_by_20_db_in_1_7_seconds() {
        let mut ppm = prepared(48_000.0);
        ppm.process(&[&tone(1_000.0, 1.0, 48_000.0)]);
        let before_db = ppm.level_dbfs(0);
        ppm.process(&[&vec![0.0; 81_600]]);
        assert!((ppm.level_dbfs(0) - before_db + 20.0).abs() < 0.02);
        ppm.process(&[&vec![0.0; 48_000 * 60]]);
        assert_eq!(ppm.level_dbfs(0), f64::NEG_INFINITY);
    }

    #[test]
    fn skipping_changes_no_bit() {
        let signal = crate::contract::programme(3, 1, 48_000.0).remove(0);
        let mut ppm = prepared(48_000.0);
        let mut cell = 0.0;
        for (n, x) in signal.iter().enumerate() {
            cell = charged(cell, ppm.charge, &[*x]);
            if (n + 1) % 48 == 0 {
                cell *= ppm.fall;
            }
        }
        ppm.process(&[&signal]);
        assert_eq!(ppm.cells[0].to_bits(), cell.to_bits());
    }

    crate::contract! {
        mod contract_of_the_programme_meter;
        new: || Metered::new(Ppm::default()),
        settings: [()],
        observe: |block, out| out.extend([0, 1].map(|c| block.meter.level_dbfs(c))),
    }
}
