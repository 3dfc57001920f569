//! Where stem and key are both strong: where one hides the other.
//!
//! The ear takes in about a third of an octave at once, so both are averaged over that: the partials of
//! a voice are no places of their own.

/// A key this far below its strongest does not matter, in dB.
const KEY_MATTERS_DB: f32 = 15.0;
/// A stem this far below the key hides nothing, in dB.
const STEM_HIDES_DB: f32 = 6.0;
/// A key below this is none, in dB.
const LEAST_DB: f32 = -80.0;
/// What is narrower than a sixth of an octave is no place.
const NARROWEST: f32 = 1.122;

/// Points in half of a third of an octave, at 36 an octave.
const HALF: usize = 6;

/// A spectrum averaged over a third of an octave around each point, in dB.
fn broad(spectrum: &[(f32, f32)]) -> Vec<f32> {
    let mut below = vec![0.0f64];
    for (_, db) in spectrum {
        below.push(below[below.len() - 1] + 10f64.powf(f64::from(*db) / 10.0));
    }
    let mean = |point: usize| {
        let (from, to) = (point.saturating_sub(HALF), (point + HALF + 1).min(spectrum.len()));
        let power = (below[to] - below[from]) / (to - from) as f64;
        10.0 * power.max(1e-30).log10() as f32
    };
    (0..spectrum.len()).map(mean).collect()
}

/// The places where both are strong, from and to in Hz, of two spectra with the same frequencies.
pub(super) fn collisions(stem: &[(f32, f32)], key: &[(f32, f32)]) -> Vec<[f32; 2]> {
    let (stem_db, key_db) = (broad(stem), broad(key));
    let strongest = key_db.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut places: Vec<[f32; 2]> = Vec::new();
    let mut goes_on = false;
    for (((hz, _), stem_db), key_db) in stem.iter().zip(&stem_db).zip(&key_db) {
        let both = *key_db >= LEAST_DB
            && *key_db >= strongest - KEY_MATTERS_DB
            && *stem_db >= key_db - STEM_HIDES_DB;
        match places.last_mut() {
            Some(place) if both && goes_on => place[1] = *hz,
            _ if both => places.push([*hz, *hz]),
            _ => {}
        }
        goes_on = both;
    }
    places.retain(|[from, to]| to / from >= NARROWEST);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spectrum(level: impl Fn(f32) -> f32) -> Vec<(f32, f32)> {
        let hz = |n: i32| 20.0 * 2f32.powf(n as f32 / 36.0);
        (0..359).map(|n| (hz(n), level(hz(n)))).collect()
    }

    #[test]
    fn both_have_to_be_strong() {
        let voice = spectrum(|hz| if (300.0..4000.0).contains(&hz) { -40.0 } else { -90.0 });
        let dense = spectrum(|_| -43.0);
        let dark = spectrum(|hz| if hz < 250.0 { -30.0 } else { -60.0 });
        let both = collisions(&dense, &voice);
        assert_eq!(both.len(), 1);
        let [from, to] = both[0];
        assert!((260.0..310.0).contains(&from) && (3900.0..4500.0).contains(&to), "{from} {to}");
        assert_eq!(collisions(&dark, &voice), Vec::<[f32; 2]>::new());
        assert_eq!(collisions(&dense, &spectrum(|_| -140.0)), Vec::<[f32; 2]>::new());
        assert_eq!(collisions(&[], &voice), Vec::<[f32; 2]>::new());
    }

    #[test]
    fn the_partials_of_a_voice_are_one_place() {
        let partial = |hz: f32| (hz / 220.0 - (hz / 220.0).round()).abs() < 0.1;
        let voice = spectrum(|hz| if partial(hz) && hz < 3000.0 { -40.0 } else { -90.0 });
        let places = collisions(&spectrum(|_| -45.0), &voice);
        let widest = places.iter().map(|[from, to]| to / from).fold(0.0, f32::max);
        assert!(widest > 4.0, "{places:?}");
    }

    #[test]
    fn what_is_narrow_is_left_out_and_two_places_are_two() {
        let voice = spectrum(|_| -40.0);
        let near = |hz: f32, centre: f32, ratio: f32| (hz / centre).ln().abs() < ratio.ln();
        let stem = spectrum(|hz| {
            let is_there = near(hz, 100.0, 1.5) || near(hz, 2000.0, 1.5) || near(hz, 700.0, 1.02);
            if is_there { -40.0 } else { -80.0 }
        });
        assert_eq!(collisions(&stem, &voice).len(), 2);
    }
}
