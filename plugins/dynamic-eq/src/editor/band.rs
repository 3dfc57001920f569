//! The parameters of the bands, by what they are.

use shared_dsp::eq::BANDS;
use std::sync::OnceLock;
use support::editor::Desk;

/// One of a band's parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    On,
    Type,
    Frequency,
    Gain,
    Q,
    Slope,
    Placement,
    Range,
    Threshold,
    Ratio,
    Knee,
    Attack,
    Hold,
    Release,
    Action,
    Key,
    KeyFilter,
    KeyFrequency,
    KeyQ,
}

impl What {
    /// All of them, with their ids but for the band's number.
    pub(super) const ALL: [(Self, &'static str); 19] = [
        (Self::On, "on"),
        (Self::Type, "type"),
        (Self::Frequency, "frequency"),
        (Self::Gain, "gain"),
        (Self::Q, "q"),
        (Self::Slope, "slope"),
        (Self::Placement, "placement"),
        (Self::Range, "range"),
        (Self::Threshold, "threshold"),
        (Self::Ratio, "ratio"),
        (Self::Knee, "knee"),
        (Self::Attack, "attack"),
        (Self::Hold, "hold"),
        (Self::Release, "release"),
        (Self::Action, "action"),
        (Self::Key, "key"),
        (Self::KeyFilter, "key-filter"),
        (Self::KeyFrequency, "key-frequency"),
        (Self::KeyQ, "key-q"),
    ];
}

/// The index of a band's parameter; bands count from 0.
pub(super) fn index(desk: &Desk<'_>, band: usize, what: What) -> usize {
    // The same in every instance, and looked up by text once.
    static PLACES: OnceLock<[[usize; What::ALL.len()]; BANDS]> = OnceLock::new();
    let places = PLACES.get_or_init(|| {
        std::array::from_fn(|band| {
            What::ALL.map(|(_, id)| desk.index(&format!("{id}_{}", band + 1)))
        })
    });
    places[band][what as usize]
}

/// The value of a band's parameter in its own unit; the index of the variant for a choice.
pub(super) fn plain(desk: &Desk<'_>, band: usize, what: What) -> f32 {
    let index = index(desk, band, what);
    desk.control(index).plain_of(desk.value(index))
}

/// Whether a band is on.
pub(super) fn is_on(desk: &Desk<'_>, band: usize) -> bool {
    desk.value(index(desk, band, What::On)) > 0.5
}

/// What setting a band's parameter to a value in its own unit would change.
pub(super) fn change(desk: &Desk<'_>, band: usize, what: What, plain: f32) -> (usize, f32) {
    let index = index(desk, band, what);
    (index, desk.control(index).normalized_of(plain))
}

/// What setting all of a band's parameters to their defaults would change.
pub(super) fn defaults(desk: &Desk<'_>, band: usize) -> Vec<(usize, f32)> {
    let indices = What::ALL.map(|(what, _)| index(desk, band, what));
    indices.map(|index| (index, desk.control(index).default_normalized())).to_vec()
}

/// The values of all of a band's parameters, 0 to 1.
pub(super) fn values(desk: &Desk<'_>, band: usize) -> Vec<f32> {
    What::ALL.iter().map(|(what, _)| desk.value(index(desk, band, *what))).collect()
}

#[cfg(test)]
mod tests {
    use super::What;

    #[test]
    fn the_list_is_in_the_order_of_the_names() {
        for (place, (what, _)) in What::ALL.iter().enumerate() {
            assert_eq!(*what as usize, place);
        }
    }
}
