//! What can be chosen, with the ids that sessions keep.

use nice_plug::prelude::*;
use shared_dsp::eq::BANDS;

/// What a band is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Type {
    /// A bell; can move.
    #[id = "bell"]
    Bell,
    /// Everything below its frequency; can move.
    #[id = "low-shelf"]
    #[name = "Low Shelf"]
    LowShelf,
    /// Everything above its frequency; can move.
    #[id = "high-shelf"]
    #[name = "High Shelf"]
    HighShelf,
    /// Up above its frequency and down below it; can move.
    #[id = "tilt"]
    Tilt,
    /// Takes away what is below.
    #[id = "low-cut"]
    #[name = "Low Cut"]
    LowCut,
    /// Takes away what is above.
    #[id = "high-cut"]
    #[name = "High Cut"]
    HighCut,
    /// Takes away its frequency.
    #[id = "notch"]
    Notch,
    /// Leaves only what is around its frequency.
    #[id = "band-pass"]
    #[name = "Band-Pass"]
    BandPass,
}

impl From<Type> for shared_dsp::eq::BandType {
    fn from(chosen: Type) -> Self {
        match chosen {
            Type::Bell => Self::Bell,
            Type::LowShelf => Self::LowShelf,
            Type::HighShelf => Self::HighShelf,
            Type::Tilt => Self::Tilt,
            Type::LowCut => Self::LowCut,
            Type::HighCut => Self::HighCut,
            Type::Notch => Self::Notch,
            Type::BandPass => Self::BandPass,
        }
    }
}

/// How steep a cut is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Slope {
    /// 6 dB per octave.
    #[id = "6"]
    #[name = "6 dB/oct"]
    Db6,
    /// 12 dB per octave.
    #[id = "12"]
    #[name = "12 dB/oct"]
    Db12,
    /// 18 dB per octave.
    #[id = "18"]
    #[name = "18 dB/oct"]
    Db18,
    /// 24 dB per octave.
    #[id = "24"]
    #[name = "24 dB/oct"]
    Db24,
    /// 30 dB per octave.
    #[id = "30"]
    #[name = "30 dB/oct"]
    Db30,
    /// 36 dB per octave.
    #[id = "36"]
    #[name = "36 dB/oct"]
    Db36,
    /// 42 dB per octave.
    #[id = "42"]
    #[name = "42 dB/oct"]
    Db42,
    /// 48 dB per octave.
    #[id = "48"]
    #[name = "48 dB/oct"]
    Db48,
}

impl From<Slope> for shared_dsp::eq::Slope {
    fn from(chosen: Slope) -> Self {
        match chosen {
            Slope::Db6 => Self::Db6,
            Slope::Db12 => Self::Db12,
            Slope::Db18 => Self::Db18,
            Slope::Db24 => Self::Db24,
            Slope::Db30 => Self::Db30,
            Slope::Db36 => Self::Db36,
            Slope::Db42 => Self::Db42,
            Slope::Db48 => Self::Db48,
        }
    }
}

/// What of the stem a band works on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Placement {
    /// Both channels.
    #[id = "stereo"]
    Stereo,
    /// The left channel.
    #[id = "left"]
    Left,
    /// The right channel.
    #[id = "right"]
    Right,
    /// What both channels share.
    #[id = "mid"]
    Mid,
    /// What tells them apart.
    #[id = "side"]
    Side,
}

impl From<Placement> for shared_dsp::eq::Placement {
    fn from(chosen: Placement) -> Self {
        match chosen {
            Placement::Stereo => Self::Stereo,
            Placement::Left => Self::Left,
            Placement::Right => Self::Right,
            Placement::Mid => Self::Mid,
            Placement::Side => Self::Side,
        }
    }
}

/// On which side of its threshold a band moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Action {
    /// Where the level is above the threshold.
    #[id = "above"]
    Above,
    /// Where the level is below the threshold.
    #[id = "below"]
    Below,
}

impl From<Action> for shared_dsp::dynamics::gain_computer::Action {
    fn from(chosen: Action) -> Self {
        match chosen {
            Action::Above => Self::Above,
            Action::Below => Self::Below,
        }
    }
}

/// What moves a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum KeySource {
    /// The stem, in the band's placement.
    #[id = "internal"]
    Internal,
    /// The key input.
    #[id = "external"]
    External,
    /// How much louder the stem is than the key, in dB.
    #[id = "difference"]
    #[name = "Int - Ext"]
    Difference,
    /// How active the voice on the key input is.
    #[id = "voice"]
    Voice,
}

impl From<KeySource> for shared_dsp::eq::KeySource {
    fn from(chosen: KeySource) -> Self {
        match chosen {
            KeySource::Internal => Self::Internal,
            KeySource::External => Self::External,
            KeySource::Difference => Self::Difference,
            KeySource::Voice => Self::Voice,
        }
    }
}

/// What of its key a band hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum KeyFilter {
    /// What the band itself works on.
    #[id = "follow"]
    Follow,
    /// A band-pass of its own.
    #[id = "band-pass"]
    #[name = "Band-Pass"]
    BandPass,
    /// A low-pass of its own.
    #[id = "low-pass"]
    #[name = "Low-Pass"]
    LowPass,
    /// A high-pass of its own.
    #[id = "high-pass"]
    #[name = "High-Pass"]
    HighPass,
    /// Everything.
    #[id = "off"]
    Off,
}

impl From<KeyFilter> for shared_dsp::eq::KeyFilter {
    fn from(chosen: KeyFilter) -> Self {
        match chosen {
            KeyFilter::Follow => Self::Follow,
            KeyFilter::BandPass => Self::BandPass,
            KeyFilter::LowPass => Self::LowPass,
            KeyFilter::HighPass => Self::HighPass,
            KeyFilter::Off => Self::Off,
        }
    }
}

/// The band that is heard alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum BandSolo {
    /// None.
    #[id = "off"]
    Off,
    /// Band 1.
    #[id = "1"]
    #[name = "Band 1"]
    One,
    /// Band 2.
    #[id = "2"]
    #[name = "Band 2"]
    Two,
    /// Band 3.
    #[id = "3"]
    #[name = "Band 3"]
    Three,
    /// Band 4.
    #[id = "4"]
    #[name = "Band 4"]
    Four,
    /// Band 5.
    #[id = "5"]
    #[name = "Band 5"]
    Five,
    /// Band 6.
    #[id = "6"]
    #[name = "Band 6"]
    Six,
    /// Band 7.
    #[id = "7"]
    #[name = "Band 7"]
    Seven,
    /// Band 8.
    #[id = "8"]
    #[name = "Band 8"]
    Eight,
}

impl BandSolo {
    /// The index of the band from 0, if there is one.
    pub fn index(self) -> Option<usize> {
        (self as usize).checked_sub(1).filter(|band| *band < BANDS)
    }
}
