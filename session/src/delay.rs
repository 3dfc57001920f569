//! Whole-sample delays that bring signals into line.

/// A stereo delay of a fixed number of samples; 0 passes through.
#[derive(Debug, Clone)]
pub struct Delay {
    ring: [Vec<f64>; 2],
    at: usize,
}

impl Delay {
    /// A delay of `samples`, empty.
    pub fn new(samples: u32) -> Self {
        let ring = vec![0.0; samples as usize];
        Self { ring: [ring.clone(), ring], at: 0 }
    }

    /// How many samples it delays.
    pub fn samples(&self) -> usize {
        self.ring[0].len()
    }

    /// Takes a block in and hands out what went in [`Self::samples`] ago.
    pub fn process(&mut self, input: [&[f64]; 2], output: [&mut [f64]; 2]) {
        let length = self.samples();
        if length == 0 {
            for (from, to) in input.into_iter().zip(output) {
                to.copy_from_slice(from);
            }
            return;
        }
        let start = self.at;
        for ((ring, from), to) in self.ring.iter_mut().zip(input).zip(output) {
            let mut at = start;
            for (x, y) in from.iter().zip(to) {
                *y = std::mem::replace(&mut ring[at], *x);
                at += 1;
                if at == length {
                    at = 0;
                }
            }
            self.at = at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_delays_by_its_length_whatever_the_block() {
        let input: Vec<f64> = (1..=100).map(f64::from).collect();
        for delay in [0, 1, 7, 99, 150] {
            for block in [1, 3, 64, 100] {
                let mut line = Delay::new(delay);
                let (mut left, mut right) = (vec![0.0; 100], vec![0.0; 100]);
                for at in (0..100).step_by(block) {
                    let end = (at + block).min(100);
                    let x = &input[at..end];
                    line.process([x, x], [&mut left[at..end], &mut right[at..end]]);
                }
                for (i, y) in left.iter().enumerate() {
                    let wanted = i.checked_sub(delay as usize).map_or(0.0, |j| input[j]);
                    assert_eq!(*y, wanted, "delay {delay}, block {block}");
                }
                assert_eq!(left, right);
            }
        }
    }
}
