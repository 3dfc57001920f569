//! How many bits a file really uses: a 24-bit container may hold 16-bit audio.

/// A grid fine enough for every integer format: 32 bits.
const GRID: f64 = 2_147_483_648.0;

/// Gathers the lowest bit that is ever set.
#[derive(Debug, Clone, Copy)]
pub(super) struct EffectiveBits {
    /// All samples on the grid, or-ed together.
    used: i32,
    /// Whether all samples so far lie on the grid.
    on_grid: bool,
    float: bool,
}

impl EffectiveBits {
    pub(super) fn new(float: bool) -> Self {
        Self { used: 0, on_grid: true, float }
    }

    pub(super) fn write(&mut self, samples: &[f64]) {
        if self.float {
            if self.on_grid {
                self.on_grid = samples.iter().all(|x| {
                    let x = x * GRID;
                    x.abs() <= GRID && x == x.trunc()
                });
            }
            if !self.on_grid {
                return;
            }
        }
        self.used = samples.iter().fold(self.used, |used, x| used | (x * GRID) as i32);
    }

    /// Bits from the highest to the lowest that is ever set; `None` for true floats, and for
    /// digital silence.
    pub(super) fn reading(self) -> Option<u32> {
        // Floats have 24 bits to a number, at any level: few bits on a coarse grid mean integers.
        let bits = 32 - self.used.trailing_zeros();
        (self.on_grid && self.used != 0 && (!self.float || bits <= 24)).then_some(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(float: bool, samples: &[f64]) -> Option<u32> {
        let mut meter = EffectiveBits::new(float);
        for piece in samples.chunks(2) {
            meter.write(piece);
        }
        meter.reading()
    }

    #[test]
    fn the_lowest_bit_counts_over_the_whole_file() {
        let sixteen = [0.5, -1.0, 3.0 / 32_768.0, 0.0];
        assert_eq!(bits(false, &sixteen), Some(16));
        assert_eq!(bits(true, &sixteen), Some(16));
        assert_eq!(bits(false, &[0.5, 1.0 / 8_388_608.0]), Some(24));
        assert_eq!(bits(false, &[-1.0]), Some(1));
        assert_eq!(bits(false, &[0.0, 0.0]), None);
        assert_eq!(bits(true, &[0.1, 0.2]), None);
        assert_eq!(bits(true, &[f64::from(0.1f32), 1.5]), None);
        assert_eq!(bits(true, &[f64::NAN]), None);
    }
}
