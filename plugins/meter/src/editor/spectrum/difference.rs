//! How a mix differs from a reference in tone, whatever their levels.
//!
//! The difference in decibels of two spectra, less its mean over 100 Hz to 10 kHz (each third of an octave
//! counting alike), so a reference that is louder as a whole differs by nothing.

use support::editor::spectrum::Spectrum;

/// Where levels are aligned, in Hz.
const ALIGNED_HZ: [f32; 2] = [100.0, 10_000.0];
/// What lies under this in dB is nothing that could be compared.
const LEAST_DB: f32 = -100.0;

/// The mix less the reference in dB at each frequency in Hz; no number where one of them is silent. Nothing
/// where they have nothing to be aligned by.
pub(super) fn difference(mix: &Spectrum, reference: &Spectrum) -> Spectrum {
    let between = |((hz, mix_db), (_, reference_db)): (&(f32, f32), &(f32, f32))| {
        let both = *mix_db > LEAST_DB && *reference_db > LEAST_DB;
        (*hz, if both { mix_db - reference_db } else { f32::NAN })
    };
    let raw: Spectrum = mix.iter().zip(reference).map(between).collect();
    let [low, high] = ALIGNED_HZ;
    let within = |(hz, db): &&(f32, f32)| *hz >= low && *hz <= high && db.is_finite();
    let aligned: Vec<f32> = raw.iter().filter(within).map(|(_, db)| *db).collect();
    if aligned.is_empty() {
        return Spectrum::new();
    }
    let mean_db = aligned.iter().sum::<f32>() / aligned.len() as f32;
    raw.into_iter().map(|(hz, db)| (hz, db - mean_db)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spectrum(level_db: impl Fn(f32) -> f32) -> Spectrum {
        (-16..=13)
            .map(|n| 1000.0 * 10f32.powf(n as f32 / 10.0))
            .map(|hz| (hz, level_db(hz)))
            .collect()
    }

    #[test]
    fn what_is_louder_as_a_whole_does_not_differ() {
        let found = difference(&spectrum(|_| -20.0), &spectrum(|_| -31.5));
        assert_eq!(found.len(), 30);
        assert!(found.iter().all(|(_, db)| db.abs() < 1e-4));
    }

    #[test]
    fn what_lies_outside_of_the_middle_does_not_move_the_rest() {
        let mix = spectrum(|hz| if hz > 11_000.0 { -14.0 } else { -20.0 });
        for (hz, db) in difference(&mix, &spectrum(|_| -26.0)) {
            assert!((db - if hz > 11_000.0 { 6.0 } else { 0.0 }).abs() < 1e-4, "{db} at {hz}");
        }
    }

    #[test]
    fn a_tilt_shows_as_one() {
        let found = difference(&spectrum(|hz| -20.0 + (hz / 1000.0).log2()), &spectrum(|_| -20.0));
        for pair in found.windows(2) {
            let rise = pair[1].1 - pair[0].1;
            assert!((rise - 0.1 / 2f32.log10()).abs() < 1e-3, "{rise}");
        }
    }

    #[test]
    fn silence_differs_by_nothing_that_has_a_number() {
        assert!(difference(&spectrum(|_| -140.0), &spectrum(|_| -20.0)).is_empty());
        let mix = spectrum(|hz| if hz < 60.0 { -140.0 } else { -20.0 });
        let found = difference(&mix, &spectrum(|_| -20.0));
        assert!(found[0].1.is_nan() && found[29].1.abs() < 1e-4);
        assert!(difference(&Spectrum::new(), &Spectrum::new()).is_empty());
    }
}
