//! What every instrument here is made of: a sine, a saw, a filter, decays.

use std::f64::consts::{PI, TAU};

use super::song::SAMPLE_RATE_HZ;

/// An oscillator's place in its cycle, in turns.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phase {
    turns: f64,
    step: f64,
}

impl Phase {
    /// A phase that starts `turns` into its cycle.
    pub(super) fn starting_at(turns: f64) -> Self {
        Self { turns: turns - turns.floor(), step: 0.0 }
    }

    /// Moves on by one sample at `frequency_hz`.
    pub(super) fn advance(&mut self, frequency_hz: f64) {
        self.step = frequency_hz / f64::from(SAMPLE_RATE_HZ);
        self.turns += self.step;
        self.turns -= self.turns.floor();
    }

    /// Where it is, in turns from 0 to 1.
    pub(super) fn turns(&self) -> f64 {
        self.turns
    }

    pub(super) fn sine(&self) -> f64 {
        (TAU * self.turns).sin()
    }

    /// A falling saw in −1..1 whose step is rounded by a two-sample polynomial, so that its
    /// aliases stay well under the music (Välimäki & Huovilainen, IEEE SPM 24(2), 2007).
    pub(super) fn saw(&self) -> f64 {
        let naive = 1.0 - 2.0 * self.turns;
        let correction = if self.turns < self.step {
            let x = self.turns / self.step;
            2.0 * x - x * x - 1.0
        } else if self.turns > 1.0 - self.step {
            let x = (self.turns - 1.0) / self.step;
            x * x + 2.0 * x + 1.0
        } else {
            0.0
        };
        naive + correction
    }
}

/// A state-variable filter in the topology-preserving form, which may be moved while it sounds
/// (Zavalishin, *The Art of VA Filter Design*, 2018, chapter 4).
#[derive(Debug, Clone, Copy)]
pub(super) struct Filter {
    g: f64,
    damping: f64,
    scale: f64,
    first: f64,
    second: f64,
}

/// The three outputs of a [`Filter`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Bands {
    pub(super) low: f64,
    /// Unity at the centre.
    pub(super) band: f64,
    pub(super) high: f64,
}

impl Filter {
    pub(super) fn new(frequency_hz: f64, q: f64) -> Self {
        let mut filter = Self { g: 0.0, damping: 0.0, scale: 0.0, first: 0.0, second: 0.0 };
        filter.tune(frequency_hz, q);
        filter
    }

    /// Moves the filter; its state stays, so nothing clicks.
    pub(super) fn tune(&mut self, frequency_hz: f64, q: f64) {
        let rate_hz = f64::from(SAMPLE_RATE_HZ);
        self.g = (PI * frequency_hz.min(0.45 * rate_hz) / rate_hz).tan();
        self.damping = 1.0 / q;
        self.scale = 1.0 / (1.0 + self.g * (self.g + self.damping));
    }

    pub(super) fn run(&mut self, input: f64) -> Bands {
        let high = (input - (self.damping + self.g) * self.first - self.second) * self.scale;
        let band = self.g * high + self.first;
        let low = self.g * band + self.second;
        self.first = self.g * high + band;
        self.second = self.g * band + low;
        Bands { low, band: band * self.damping, high }
    }
}

/// An exponential decay from 1: `time_s` is the time to 1/e.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decay {
    value: f64,
    factor: f64,
}

impl Decay {
    pub(super) fn new(time_s: f64) -> Self {
        Self { value: 1.0, factor: (-1.0 / (time_s * f64::from(SAMPLE_RATE_HZ))).exp() }
    }

    /// The value now; the next call gives the next sample's.
    pub(super) fn next(&mut self) -> f64 {
        let value = self.value;
        self.value *= self.factor;
        value
    }
}

/// A smooth rise from 0 to 1 while `position` goes from 0 to 1, flat outside.
pub(super) fn smooth_step(position: f64) -> f64 {
    let x = position.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// The gain at `frame` of a sound of `len` frames that fades in over `rise` and out over `fall`.
pub(super) fn swell(frame: usize, len: usize, rise: usize, fall: usize) -> f64 {
    let up = smooth_step(frame as f64 / rise.max(1) as f64);
    let down = smooth_step(len.saturating_sub(frame + 1) as f64 / fall.max(1) as f64);
    up * down
}
