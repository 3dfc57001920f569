//! A history as a session keeps it: quantised, differences only, deflated, under a megabyte.
//!
//! M and true peak in fifths of a dB, S and I in tenths, correlation in fiftieths: finer than it can be
//! drawn. Series by series the differences from step to step, in as few bytes as they need (zigzag,
//! seven bits a byte), and all of it deflated; in the state's JSON as base64. What would pass
//! [`MOST_BYTES`] all the same is kept at half the steps: the louder of two, until it fits.

use super::Held;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use std::io::{Read as _, Write as _};

/// Most bytes of the deflated history: base64 makes four of three, and all of it stays under 1 MB.
pub const MOST_BYTES: usize = 700_000;
/// Most steps read back: more are no history of ours.
const MOST_STEPS: usize = super::STEPS;
/// What a step of each series is, in hundredths.
const UNITS: [i32; 5] = [20, 10, 10, 20, 2];
/// Said of a step that has no value.
const NOTHING: i32 = -10_000;

/// A kept history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packed {
    /// How it is packed.
    version: u32,
    /// Length of a step in ms.
    step_ms: u32,
    /// How many steps there are.
    steps: usize,
    /// The steps.
    data: String,
}

impl Packed {
    /// The version written here.
    const VERSION: u32 = 1;

    /// Packs a history.
    pub(crate) fn of(held: &[Held]) -> Self {
        let mut held = held.to_vec();
        let mut step_ms = super::STEP_MS;
        loop {
            let bytes = deflated(&held);
            if bytes.len() <= MOST_BYTES {
                let data = STANDARD.encode(bytes);
                return Self { version: Self::VERSION, step_ms, steps: held.len(), data };
            }
            held = held.chunks(2).map(louder).collect();
            step_ms *= 2;
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.steps == 0
    }

    /// The history in steps of 100 ms; none where this cannot be read.
    pub(crate) fn unpack(&self) -> Option<Vec<Held>> {
        let repeats = (self.step_ms / super::STEP_MS) as usize;
        let known = self.version == Self::VERSION && repeats.is_power_of_two();
        if !known || self.steps.checked_mul(repeats)? > MOST_STEPS + repeats {
            return None;
        }
        let bytes = STANDARD.decode(&self.data).ok()?;
        let held = inflated(&bytes, self.steps)?;
        let repeated = held.into_iter().flat_map(|held| std::iter::repeat_n(held, repeats));
        Some(repeated.take(MOST_STEPS).collect())
    }
}

/// Two steps as one: the louder of each level, the lower correlation.
fn louder(pair: &[Held]) -> Held {
    pair.iter()
        .copied()
        .reduce(|a, b| {
            let levels = std::array::from_fn(|n| a.levels[n].max(b.levels[n]));
            let correlation = match (a.correlation, b.correlation) {
                (super::NO_CORRELATION, known) | (known, super::NO_CORRELATION) => known,
                (a, b) => a.min(b),
            };
            Held { levels, correlation, ..Held::NONE }
        })
        .unwrap_or(Held::NONE)
}

/// The value of a series in its own steps.
fn value(held: &Held, series: usize) -> i32 {
    let (value, nothing) = match held.levels.get(series) {
        Some(level) => (i32::from(*level), *level == super::NO_LEVEL),
        None => (i32::from(held.correlation), held.correlation == super::NO_CORRELATION),
    };
    if nothing { NOTHING } else { (f64::from(value) / f64::from(UNITS[series])).round() as i32 }
}

fn deflated(held: &[Held]) -> Vec<u8> {
    let mut raw = Vec::with_capacity(UNITS.len() * held.len());
    for series in 0..UNITS.len() {
        let mut last = 0;
        for held in held {
            let now = value(held, series);
            put(&mut raw, now - last);
            last = now;
        }
    }
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing to memory cannot fail.
    let written = encoder.write_all(&raw).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

fn inflated(bytes: &[u8], steps: usize) -> Option<Vec<Held>> {
    let mut raw = Vec::new();
    let most = (steps * UNITS.len() * 5) as u64;
    DeflateDecoder::new(bytes).take(most + 1).read_to_end(&mut raw).ok()?;
    let mut raw = raw.into_iter();
    let mut held = vec![Held::NONE; steps];
    for (series, unit) in UNITS.into_iter().enumerate() {
        let mut now = 0i32;
        for held in &mut held {
            now = now.checked_add(take(&mut raw)?)?;
            if now == NOTHING {
                continue;
            }
            let value = now.checked_mul(unit)?;
            match held.levels.get_mut(series) {
                Some(level) => *level = i16::try_from(value).ok()?,
                None => held.correlation = i8::try_from(value).ok()?,
            }
        }
    }
    raw.next().is_none().then_some(held)
}

/// Small numbers of either sign in few bytes.
fn put(to: &mut Vec<u8>, number: i32) {
    let mut rest = ((number << 1) ^ (number >> 31)) as u32;
    while rest >= 0x80 {
        to.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    to.push(rest as u8);
}

fn take(from: &mut impl Iterator<Item = u8>) -> Option<i32> {
    let mut zigzag = 0u32;
    for shift in (0..35).step_by(7) {
        let byte = from.next()?;
        zigzag |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            return Some((zigzag >> 1) as i32 ^ -((zigzag & 1) as i32));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::random::Random;

    /// A programme whose loudness wanders as music does.
    fn programme(steps: usize, restless: f64) -> Vec<Held> {
        let mut random = Random::new(9);
        let (mut momentary, mut shortterm) = (-20.0, -20.0);
        (0..steps)
            .map(|n| {
                momentary += restless * random.bipolar() - 0.05 * (momentary + 20.0);
                shortterm += 0.13 * (momentary - shortterm);
                let peak = momentary + 10.0 + 4.0 * random.bipolar();
                let levels = [momentary, shortterm, -20.0, peak].map(|db| (db * 100.0) as i16);
                if n % 100 < 3 {
                    return Held::NONE;
                }
                let correlation = (60.0 + 30.0 * random.bipolar()) as i8;
                Held { levels, correlation, ..Held::NONE }
            })
            .collect()
    }

    #[test]
    fn what_is_packed_comes_back_as_near_as_it_is_drawn() {
        let held = programme(5000, 1.5);
        let back = Packed::of(&held).unpack().expect("readable");
        assert_eq!(back.len(), held.len());
        for (a, b) in held.iter().zip(&back) {
            for ((a, b), unit) in a.levels.iter().zip(b.levels).zip(UNITS) {
                assert!((i32::from(*a) - i32::from(b)).abs() <= unit / 2, "{a}, {b}");
                assert_eq!(*a == super::super::NO_LEVEL, b == super::super::NO_LEVEL);
            }
            assert!((i32::from(a.correlation) - i32::from(b.correlation)).abs() <= 1);
        }
        // Packed again it is the same text: a session saved twice does not change.
        assert_eq!(Packed::of(&back), Packed::of(&held));
    }

    #[test]
    fn eight_hours_stay_under_a_megabyte() {
        let steps = 8 * 36_000;
        for (restless, doubled) in [(1.5, 1), (40.0, 1)] {
            let packed = Packed::of(&programme(steps, restless));
            let bytes = serde_json::to_string(&packed).expect("text").len();
            assert!(bytes < 1_000_000, "{bytes} bytes");
            let back = packed.unpack().expect("readable");
            assert!(back.len().abs_diff(steps) <= 4, "{} steps", back.len());
            assert!(packed.step_ms >= super::super::STEP_MS * doubled);
        }
    }

    #[test]
    fn what_cannot_be_read_is_none() {
        let good = Packed::of(&programme(100, 1.0));
        let spoiled = [
            Packed { version: 2, ..good.clone() },
            Packed { step_ms: 0, ..good.clone() },
            Packed { step_ms: 300, ..good.clone() },
            Packed { steps: usize::MAX, ..good.clone() },
            Packed { steps: 99, ..good.clone() },
            Packed { steps: 101, ..good.clone() },
            Packed { data: "?".to_owned(), ..good.clone() },
            Packed { data: good.data[..20].to_owned(), ..good.clone() },
        ];
        for packed in spoiled {
            assert!(packed.unpack().is_none(), "{packed:?}");
        }
    }

    #[test]
    fn numbers_of_either_sign_come_back() {
        for number in [0, 1, -1, 63, -64, 64, 8191, -10_000, 20_000, i32::MAX, i32::MIN] {
            let mut bytes = Vec::new();
            put(&mut bytes, number);
            assert_eq!(take(&mut bytes.into_iter()), Some(number));
        }
    }
}
