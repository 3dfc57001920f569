//! The residual of a null test: what is left of the mix once the sum is taken away, how much that
//! is, the floor that the depths set, and the verdict.

use serde::Serialize;

/// Power of the error of TPDF-dithered rounding to one bit: a step of 2 has an error of step²/4.
const ONE_BIT_POWER: f64 = 1.0;
/// At most this much above the floor counts as identical.
const IDENTICAL_DB: f64 = 3.0;
const PASS_DB: f64 = -60.0;
const REVIEW_DB: f64 = -40.0;
/// Slots of the course over time: halved when they are full, so that memory does not grow.
const SLOTS: usize = 512;
/// A slot at first, in samples.
const FIRST_SLOT: u64 = 1024;

/// What a null test says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Nothing is left but what the depths cannot hold.
    Identical,
    /// At most −60 dB is left.
    Pass,
    /// At most −40 dB is left.
    Review,
    /// More is left.
    Fail,
}

impl Verdict {
    /// As the text shows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Pass => "pass",
            Self::Review => "review",
            Self::Fail => "fail",
        }
    }
}

/// How much is left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Residual {
    /// RMS, dBFS; `None` for digital silence.
    pub rms_dbfs: Option<f64>,
    /// RMS relative to the mix's RMS, dB.
    pub relative_db: Option<f64>,
    /// Highest sample, dBFS.
    pub peak_dbfs: Option<f64>,
    /// From where to where there is any to speak of, seconds.
    pub span_seconds: Option<[f64; 2]>,
}

impl Residual {
    /// The verdict, on the worse of the two numbers.
    pub(super) fn verdict(&self, floor_dbfs: Option<f64>) -> Verdict {
        let Some(rms_dbfs) = self.rms_dbfs else { return Verdict::Identical };
        if floor_dbfs.is_some_and(|floor| rms_dbfs <= floor + IDENTICAL_DB) {
            return Verdict::Identical;
        }
        match rms_dbfs.max(self.relative_db.unwrap_or(0.0)) {
            worse if worse <= PASS_DB => Verdict::Pass,
            worse if worse <= REVIEW_DB => Verdict::Review,
            _ => Verdict::Fail,
        }
    }
}

/// The floor of a null test of stems (and mix) with these effective bits, dBFS: TPDF-dithered
/// rounding to b bits leaves an error of step²/4 (Lipshitz, Wannamaker & Vanderkooy, JAES 1992),
/// −144.5 dBFS at 24 bits and −96.3 at 16, and the errors of N stems add to 10·log₁₀ N more. The mix
/// counts where it is coarser than the stems. `None` where nothing is rounded.
pub(super) fn floor_dbfs(stems: &[Option<u32>], mix: Option<u32>) -> Option<f64> {
    let power = |bits: u32| ONE_BIT_POWER * 4f64.powi(-(bits.min(32) as i32));
    let finest = stems.iter().flatten().max();
    let coarse_mix = mix.filter(|bits| finest.is_none_or(|finest| bits < finest));
    let sum: f64 = stems.iter().flatten().chain(&coarse_mix).map(|bits| power(*bits)).sum();
    (sum > 0.0).then(|| 10.0 * sum.log10())
}

/// Measures what is left.
#[derive(Debug, Clone)]
pub(super) struct ResidualMeter {
    rate: f64,
    frames: u64,
    left: f64,
    mix: f64,
    peak: f64,
    slot: u64,
    filled: u64,
    course: Vec<f64>,
}

impl ResidualMeter {
    pub(super) fn new(sample_rate_hz: u32) -> Self {
        Self {
            rate: f64::from(sample_rate_hz),
            frames: 0,
            left: 0.0,
            mix: 0.0,
            peak: 0.0,
            slot: FIRST_SLOT,
            filled: 0,
            course: vec![0.0],
        }
    }

    /// Takes a block of the mix and of the sum; what is left takes the place of the mix.
    pub(super) fn write_against(&mut self, mix: [&mut [f64]; 2], sum: [&[f64]; 2]) {
        self.mix += energy(mix[0]) + energy(mix[1]);
        let [left, right] = mix;
        for (side, sum) in [&mut *left, &mut *right].into_iter().zip(sum) {
            for (m, s) in side.iter_mut().zip(sum) {
                *m -= s;
            }
        }
        self.write([left, right]);
    }

    /// Takes a block of what is left.
    fn write(&mut self, left: [&[f64]; 2]) {
        for side in left {
            self.peak = side.iter().fold(self.peak, |peak, s| peak.max(s.abs()));
        }
        let length = left[0].len();
        let mut at = 0;
        while at < length {
            if self.filled == self.slot {
                self.next_slot();
            }
            let end = (at + (self.slot - self.filled) as usize).min(length);
            let part = energy(&left[0][at..end]) + energy(&left[1][at..end]);
            self.left += part;
            if let Some(slot) = self.course.last_mut() {
                *slot += part;
            }
            self.filled += (end - at) as u64;
            at = end;
        }
        self.frames += length as u64;
    }

    fn next_slot(&mut self) {
        self.filled = 0;
        if self.course.len() == SLOTS {
            self.course = self.course.chunks(2).map(|pair| pair.iter().sum()).collect();
            self.slot *= 2;
        }
        self.course.push(0.0);
    }

    pub(super) fn reading(&self) -> Residual {
        let power = self.left / (2 * self.frames.max(1)) as f64;
        // Where there is at least a thousandth of the mean, or what 24 bits can hold.
        let least = (1e-3 * self.left / self.course.len() as f64).max(1e-14 * self.slot as f64);
        let heard = |slot: &f64| *slot > least;
        let seconds = |slots: usize| slots as f64 * self.slot as f64 / self.rate;
        let whole = self.frames as f64 / self.rate;
        let first = self.course.iter().position(heard);
        let last = self.course.iter().rposition(heard);
        Residual {
            rms_dbfs: (power > 0.0).then(|| 10.0 * power.log10()),
            relative_db: (power > 0.0 && self.mix > 0.0)
                .then(|| 10.0 * (self.left / self.mix).log10()),
            peak_dbfs: super::file_meter::decibels(self.peak),
            span_seconds: first.zip(last).map(|(f, l)| [seconds(f), seconds(l + 1).min(whole)]),
        }
    }
}

fn energy(samples: &[f64]) -> f64 {
    let mut sums = [0f64; 8];
    let (pieces, rest) = samples.as_chunks::<8>();
    for piece in pieces {
        for (sum, x) in sums.iter_mut().zip(piece) {
            *sum += x * x;
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|x| x * x).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floor_is_that_of_tpdf_dither() {
        let near = |a: Option<f64>, b: f64| assert!((a.unwrap() - b).abs() < 0.05, "{a:?} {b}");
        near(floor_dbfs(&[Some(24)], Some(24)), -144.5);
        near(floor_dbfs(&[Some(16)], None), -96.3);
        near(floor_dbfs(&[Some(24); 6], Some(24)), -144.5 + 10.0 * 6f64.log10());
        near(floor_dbfs(&[Some(24); 6], Some(16)), -96.3);
        near(floor_dbfs(&[Some(16), Some(24)], Some(24)), -96.3);
        assert_eq!(floor_dbfs(&[None, None], None), None);
    }

    fn measure(left: &[f64], mix: &[f64], block: usize) -> Residual {
        let mut meter = ResidualMeter::new(1000);
        for (left, mix) in left.chunks(block).zip(mix.chunks(block)) {
            let sum: Vec<f64> = left.iter().zip(mix).map(|(l, m)| m - l).collect();
            let (mut a, mut b) = (mix.to_vec(), mix.to_vec());
            meter.write_against([&mut a, &mut b], [&sum, &sum]);
        }
        meter.reading()
    }

    #[test]
    fn the_residual_is_measured_absolutely_and_relatively_and_where_it_is() {
        let frames = 1 << 21;
        let mix = vec![0.1; frames];
        let mut left = vec![0.0; frames];
        left[frames / 2..frames / 4 * 3].fill(0.001);
        for block in [999, 40_000] {
            let reading = measure(&left, &mix, block);
            assert!((reading.rms_dbfs.unwrap() + 66.02).abs() < 0.01, "{reading:?}");
            assert!((reading.relative_db.unwrap() + 46.02).abs() < 0.01, "{reading:?}");
            assert!((reading.peak_dbfs.unwrap() + 60.0).abs() < 0.01, "{reading:?}");
            let [from, to] = reading.span_seconds.unwrap();
            assert!((from - 1048.576).abs() < 9.0 && (to - 1572.864).abs() < 9.0, "{reading:?}");
            assert_eq!(reading.verdict(None), Verdict::Review);
            assert_eq!(reading.verdict(Some(-65.0)), Verdict::Identical);
        }
        let silence = measure(&vec![0.0; 5000], &mix[..5000], 100);
        assert_eq!((silence.rms_dbfs, silence.span_seconds), (None, None));
        assert_eq!(silence.verdict(Some(-144.5)), Verdict::Identical);
    }

    #[test]
    fn the_verdict_is_on_the_worse_number() {
        let residual = |rms, relative| Residual {
            rms_dbfs: Some(rms),
            relative_db: Some(relative),
            peak_dbfs: None,
            span_seconds: None,
        };
        assert_eq!(residual(-80.0, -60.0).verdict(None), Verdict::Pass);
        assert_eq!(residual(-80.0, -59.9).verdict(None), Verdict::Review);
        assert_eq!(residual(-70.0, -40.0).verdict(None), Verdict::Review);
        assert_eq!(residual(-39.9, -50.0).verdict(None), Verdict::Fail);
    }
}
