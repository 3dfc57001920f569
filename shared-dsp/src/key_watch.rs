//! Whether a key input is fed: a disconnected one looks like silence.

use crate::finite::or_silence;

/// A key above this has been heard: −80 dBFS.
pub const KEY_FLOOR: f32 = 1e-4;
/// How long a key counts as fed after it was last heard, in seconds: longer than the pauses of speech.
pub const KEY_MEMORY_S: f64 = 2.0;

/// Watches a key. Counts in samples, so that the host's blocks change nothing.
#[derive(Debug, Clone, Default)]
pub struct KeyWatch {
    memory: usize,
    /// Samples for which the key still counts as fed.
    left: usize,
}

impl KeyWatch {
    /// Sets the sample rate. Leaves the watch reset.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.memory = (KEY_MEMORY_S * sample_rate_hz) as usize;
        self.reset();
    }

    /// Forgets what was heard.
    pub fn reset(&mut self) {
        self.left = 0;
    }

    /// Hears the key of a block of `length` samples: any channels, beyond its end it is silent.
    pub fn hear(&mut self, key: &[&[f32]], length: usize) {
        for channel in key {
            let samples = &channel[..channel.len().min(length)];
            if let Some(last) = samples.iter().rposition(|x| or_silence(*x).abs() > KEY_FLOOR) {
                self.left = self.left.max(self.memory + last + 1);
            }
        }
        self.left = self.left.saturating_sub(length);
    }

    /// Whether the key is fed.
    pub fn is_fed(&self) -> bool {
        self.left > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watch() -> KeyWatch {
        let mut watch = KeyWatch::default();
        watch.prepare(1000.0);
        watch
    }

    #[test]
    fn it_is_fed_for_two_seconds_after_it_was_last_heard() {
        for cut in [1, 7, 2500] {
            let mut watch = watch();
            let mut key = [0.0f32; 2500];
            key[99] = 2.0 * KEY_FLOOR;
            let mut heard = 0;
            for block in key.chunks(cut) {
                heard += block.len();
                watch.hear(&[&[], block], block.len());
                assert_eq!(watch.is_fed(), (100..2100).contains(&heard), "{heard} of {cut}");
            }
        }
    }

    #[test]
    fn what_is_too_soft_or_no_number_or_beyond_the_block_is_no_key() {
        let mut watch = watch();
        watch.hear(&[&[0.5 * KEY_FLOOR, f32::NAN, f32::INFINITY, 1.0]], 3);
        assert!(!watch.is_fed());
        watch.hear(&[], 10);
        watch.hear(&[&[-1.0]], 1);
        assert!(watch.is_fed());
        watch.reset();
        assert!(!watch.is_fed());
    }
}
