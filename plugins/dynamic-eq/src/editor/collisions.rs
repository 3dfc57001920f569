//! Where stem and key are both strong: where one hides the other.

/// A key this far below its strongest does not matter, in dB.
const KEY_MATTERS_DB: f32 = 15.0;
/// A stem this far below the key hides nothing, in dB.
const STEM_HIDES_DB: f32 = 6.0;
/// A key below this is none, in dB.
const LEAST_DB: f32 = -80.0;
/// What is narrower than a sixth of an octave is no place.
const NARROWEST: f32 = 1.122;

/// The places where both are strong, from and to in Hz, of two spectra with the same frequencies.
pub(super) fn collisions(stem: &[(f32, f32)], key: &[(f32, f32)]) -> Vec<[f32; 2]> {
    let strongest = key.iter().map(|(_, db)| *db).fold(f32::NEG_INFINITY, f32::max);
    let mut places: Vec<[f32; 2]> = Vec::new();
    let mut goes_on = false;
    for ((hz, stem_db), (_, key_db)) in stem.iter().zip(key) {
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
        assert!((300.0..310.0).contains(&from) && (3900.0..4000.0).contains(&to), "{from} {to}");
        assert_eq!(collisions(&dark, &voice), Vec::<[f32; 2]>::new());
        assert_eq!(collisions(&dense, &spectrum(|_| -140.0)), Vec::<[f32; 2]>::new());
        assert_eq!(collisions(&[], &voice), Vec::<[f32; 2]>::new());
    }

    #[test]
    fn what_is_narrow_is_left_out_and_two_places_are_two() {
        let voice = spectrum(|_| -40.0);
        let near = |hz: f32, centre: f32, ratio: f32| (hz / centre).ln().abs() < ratio.ln();
        let stem = spectrum(|hz| {
            let is_there = near(hz, 100.0, 1.5) || near(hz, 2000.0, 1.5) || near(hz, 700.0, 1.03);
            if is_there { -40.0 } else { -80.0 }
        });
        assert_eq!(collisions(&stem, &voice).len(), 2);
    }
}
