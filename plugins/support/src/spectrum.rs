//! Samples on their way from the audio thread to the editor, where spectra are made of them.
//!
//! Three taps: the input, the output and the key. A tap is a ring of atomics, as in
//! [`trace`](crate::trace): the audio thread is the only writer and never waits, and a picture that
//! sees a few samples of a moment later is no worse. A ring exists from the first time an editor
//! asks for it, and is written only while one is open: a plugin whose window was never opened has
//! none.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

/// Samples of a transform at rates up to [`BASE_HZ`].
const BASE_LENGTH: usize = 8192;
/// The rate up to which a transform has [`BASE_LENGTH`] samples; twice as many up to twice the rate.
const BASE_HZ: f32 = 50_000.0;
/// One ring for every doubling of the rate, up to 400 kHz.
const SIZES: usize = 4;
/// A ring is so many transforms long: what is read is never what is being written.
const ROOM: usize = 2;
/// The sample rate before the host has told it, in Hz.
const ASSUMED_HZ: f32 = 48_000.0;

/// Where in a plugin something is tapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// What comes in.
    Input,
    /// What goes out.
    Output,
    /// The key.
    Key,
}

impl Point {
    /// All points.
    pub const ALL: [Self; 3] = [Self::Input, Self::Output, Self::Key];
}

/// What a plugin lets its editor see of the sound itself.
#[derive(Debug)]
pub struct Taps {
    rate_hz: AtomicU32,
    heard: AtomicBool,
    rings: [[OnceLock<Ring>; SIZES]; Point::ALL.len()],
}

impl Default for Taps {
    fn default() -> Self {
        Self {
            rate_hz: AtomicU32::new(ASSUMED_HZ.to_bits()),
            heard: AtomicBool::new(false),
            rings: Default::default(),
        }
    }
}

/// Which of the sizes a rate in Hz takes.
fn size_of(rate_hz: f32) -> usize {
    (0..SIZES - 1).find(|size| rate_hz <= BASE_HZ * (1 << size) as f32).unwrap_or(SIZES - 1)
}

impl Taps {
    /// The host's sample rate in Hz; 48 kHz before it has told.
    pub fn rate_hz(&self) -> f32 {
        f32::from_bits(self.rate_hz.load(Ordering::Relaxed))
    }

    /// Takes over the sample rate in Hz.
    pub fn set_rate_hz(&self, rate_hz: f32) {
        self.rate_hz.store(rate_hz.to_bits(), Ordering::Relaxed);
    }

    /// Samples of one transform at this rate: about a sixth of a second.
    pub fn length(&self) -> usize {
        BASE_LENGTH << size_of(self.rate_hz())
    }

    /// Adds one block of one or two channels at a point; what is no number counts as silence. Real-time
    /// safe, for one writer; nothing happens before an editor has looked.
    pub fn push(&self, point: Point, channels: &[&[f32]]) {
        let ring = &self.rings[point as usize][size_of(self.rate_hz())];
        if let Some(ring) = ring.get()
            && ring.push(channels)
        {
            self.heard.store(true, Ordering::Relaxed);
        }
    }

    /// Whether anything but silence was added since the last call. For the audio thread.
    pub(crate) fn take_heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed) && self.heard.swap(false, Ordering::Relaxed)
    }

    /// Copies the latest samples at a point into `left` and `right`, both of one length up to
    /// [`length`](Self::length), and says how many there have been in all. For the editor's thread:
    /// the first look makes the ring.
    pub fn latest(&self, point: Point, left: &mut [f32], right: &mut [f32]) -> u64 {
        let size = size_of(self.rate_hz());
        let ring = self.rings[point as usize][size].get_or_init(|| Ring::new(BASE_LENGTH << size));
        ring.latest(left, right)
    }
}

/// The last samples of two channels.
#[derive(Debug)]
struct Ring {
    frames: Box<[[AtomicU32; 2]]>,
    written: AtomicU64,
}

impl Ring {
    fn new(length: usize) -> Self {
        let frame = |_| [const { AtomicU32::new(0) }; 2];
        Self { frames: (0..length * ROOM).map(frame).collect(), written: AtomicU64::new(0) }
    }

    fn at(&self, frame: u64) -> &[AtomicU32; 2] {
        &self.frames[(frame % self.frames.len() as u64) as usize]
    }

    /// Whether there was anything but silence in it.
    fn push(&self, channels: &[&[f32]]) -> bool {
        let (left, right) = match channels {
            [] => return false,
            [mono] => (*mono, *mono),
            [left, right, ..] => (*left, *right),
        };
        let from = self.written.load(Ordering::Relaxed);
        let mut heard = false;
        for ((frame, left), right) in (from..).zip(left).zip(right) {
            for (slot, sample) in self.at(frame).iter().zip([left, right]) {
                let sample = if sample.is_finite() { *sample } else { 0.0 };
                heard |= sample != 0.0;
                slot.store(sample.to_bits(), Ordering::Relaxed);
            }
        }
        let length = left.len().min(right.len()) as u64;
        self.written.store(from + length, Ordering::Release);
        heard
    }

    fn latest(&self, left: &mut [f32], right: &mut [f32]) -> u64 {
        let written = self.written.load(Ordering::Acquire);
        let length = left.len().min(right.len()) as u64;
        // Before the beginning there was silence, which is what the ring begins with.
        let from = written + self.frames.len() as u64 - length;
        for ((frame, left), right) in (from..).zip(left).zip(right) {
            for (slot, sample) in self.at(frame).iter().zip([left, right]) {
                *sample = f32::from_bits(slot.load(Ordering::Relaxed));
            }
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_samples_come_out_in_order() {
        let taps = Taps::default();
        taps.push(Point::Input, &[&[9.0; 4], &[9.0; 4]]);
        let (mut left, mut right) = ([1.0f32; 4], [1.0f32; 4]);
        // Nobody had looked.
        assert_eq!(taps.latest(Point::Input, &mut left, &mut right), 0);
        assert_eq!((left, right), ([0.0; 4], [0.0; 4]));
        assert!(!taps.take_heard());
        let ramp: Vec<f32> = (1..=50_000).map(|n| n as f32).collect();
        let turned: Vec<f32> = ramp.iter().map(|x| -x).collect();
        for (left, right) in ramp.chunks(251).zip(turned.chunks(251)) {
            taps.push(Point::Input, &[left, right]);
        }
        assert_eq!(taps.latest(Point::Input, &mut left, &mut right), 50_000);
        assert_eq!(left, [49_997.0, 49_998.0, 49_999.0, 50_000.0]);
        assert_eq!(right, [-49_997.0, -49_998.0, -49_999.0, -50_000.0]);
        assert!(taps.take_heard() && !taps.take_heard());
        // Other points, and other rates, are others.
        assert_eq!(taps.latest(Point::Key, &mut left, &mut right), 0);
        taps.set_rate_hz(96_000.0);
        assert_eq!(taps.latest(Point::Input, &mut left, &mut right), 0);
    }

    #[test]
    fn one_channel_counts_as_two_and_no_number_as_silence() {
        let taps = Taps::default();
        let (mut left, mut right) = ([1.0f32; 3], [1.0f32; 3]);
        taps.latest(Point::Key, &mut left, &mut right);
        taps.push(Point::Key, &[]);
        taps.push(Point::Key, &[&[0.5, f32::NAN, f32::INFINITY]]);
        assert_eq!(taps.latest(Point::Key, &mut left, &mut right), 3);
        assert_eq!((left, right), ([0.5, 0.0, 0.0], [0.5, 0.0, 0.0]));
        assert!(taps.take_heard());
        taps.push(Point::Key, &[&[0.0, f32::NAN]]);
        assert!(!taps.take_heard());
    }

    #[test]
    fn a_transform_takes_as_long_at_every_rate() {
        let taps = Taps::default();
        for (rate_hz, length) in [
            (8000.0, 8192),
            (44_100.0, 8192),
            (48_000.0, 8192),
            (96_000.0, 16_384),
            (192_000.0, 32_768),
            (384_000.0, 65_536),
            (f32::NAN, 65_536),
        ] {
            taps.set_rate_hz(rate_hz);
            assert_eq!(taps.length(), length, "{rate_hz}");
        }
    }

    #[test]
    fn the_audio_thread_takes_no_memory() {
        let taps = Taps::default();
        let block = [0.25f32; 256];
        let push = || {
            for _ in 0..200 {
                for point in Point::ALL {
                    taps.push(point, &[&block, &block]);
                }
            }
        };
        assert_eq!(allocation_counter::measure(push).count_total, 0);
        let (mut left, mut right) = (vec![0.0; taps.length()], vec![0.0; taps.length()]);
        for point in Point::ALL {
            taps.latest(point, &mut left, &mut right);
        }
        assert_eq!(allocation_counter::measure(push).count_total, 0);
        assert_eq!(taps.latest(Point::Output, &mut left, &mut right), 200 * 256);
    }
}
