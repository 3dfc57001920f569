//! Clipped runs: three or more equal samples at the maximum.

/// Equal samples in a row that are a run.
const RUN: u32 = 3;

/// Counts runs at the maximum of one side, positive and negative apart: clipping need not be
/// symmetrical.
#[derive(Debug, Clone, Default)]
pub(super) struct Runs {
    polarity: [Polarity; 2],
    position: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Polarity {
    maximum: f64,
    run: u32,
    runs: u64,
    first: u64,
}

/// What was found at one maximum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Clipped {
    /// The maximum that the runs lie at, magnitude.
    pub(super) maximum: f64,
    pub(super) runs: u64,
    /// Where the first run began, in samples.
    pub(super) first: u64,
}

impl Runs {
    pub(super) fn write(&mut self, samples: &[f64]) {
        let (highest, lowest) =
            samples.iter().fold((0f64, 0f64), |(h, l), x| (h.max(*x), l.min(*x)));
        for (polarity, (sign, peak)) in
            self.polarity.iter_mut().zip([(1.0, highest), (-1.0, -lowest)])
        {
            // Nothing here reaches the maximum: nothing to count.
            if peak < polarity.maximum || peak <= 0.0 {
                polarity.run = 0;
                continue;
            }
            for (offset, x) in samples.iter().enumerate() {
                let x = sign * x;
                if x > polarity.maximum {
                    *polarity = Polarity { maximum: x, run: 1, runs: 0, first: 0 };
                } else if x == polarity.maximum {
                    polarity.run += 1;
                    if polarity.run == RUN {
                        if polarity.runs == 0 {
                            let end = self.position + offset as u64 + 1;
                            polarity.first = end - u64::from(RUN);
                        }
                        polarity.runs += 1;
                    }
                } else {
                    polarity.run = 0;
                }
            }
        }
        self.position += samples.len() as u64;
    }

    /// The runs at either maximum, where there are any.
    pub(super) fn readings(&self) -> impl Iterator<Item = Clipped> + '_ {
        let clipped = |p: &Polarity| Clipped { maximum: p.maximum, runs: p.runs, first: p.first };
        self.polarity.iter().filter(|p| p.runs > 0).map(clipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(samples: &[f64], block: usize) -> Vec<Clipped> {
        let mut runs = Runs::default();
        for piece in samples.chunks(block) {
            runs.write(piece);
        }
        runs.readings().collect()
    }

    #[test]
    fn runs_at_the_maximum_count_and_others_do_not() {
        let samples =
            [0.5, 0.5, 0.5, 0.1, 0.9, 0.9, 0.9, 0.9, 0.0, -1.0, -1.0, 0.9, 0.9, 0.9, 0.2, 0.9];
        for block in [1, 2, 3, 16] {
            let found = runs(&samples, block);
            assert_eq!(found, [Clipped { maximum: 0.9, runs: 2, first: 4 }], "{block}");
        }
        assert_eq!(runs(&[-1.0, -1.0, -1.0], 2), [Clipped { maximum: 1.0, runs: 1, first: 0 }]);
        assert_eq!(runs(&[0.0; 10], 4), []);
    }
}
