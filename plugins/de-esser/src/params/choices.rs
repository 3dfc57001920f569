//! What can be chosen, with the ids that sessions keep.

use nice_plug::prelude::*;

/// What is taken for sibilant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Detect {
    /// A band that is loud against the voice's body, however loud both are.
    #[id = "relative"]
    Relative,
    /// A band that is loud.
    #[id = "absolute"]
    Absolute,
}

impl From<Detect> for shared_dsp::de_esser::Detect {
    fn from(chosen: Detect) -> Self {
        match chosen {
            Detect::Relative => Self::Relative,
            Detect::Absolute => Self::Absolute,
        }
    }
}

/// What is turned down, unless it is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Mode {
    /// The band, with soft edges.
    #[id = "bell"]
    Bell,
    /// Everything from the lower end of the band on.
    #[id = "shelf"]
    Shelf,
    /// Everything.
    #[id = "wide"]
    Wide,
}

impl From<Mode> for shared_dsp::de_esser::Mode {
    fn from(chosen: Mode) -> Self {
        match chosen {
            Mode::Bell => Self::Bell,
            Mode::Shelf => Self::Shelf,
            Mode::Wide => Self::Wide,
        }
    }
}

/// Which two channels are listened to and turned down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum StereoMode {
    /// Left and right.
    #[id = "left-right"]
    #[name = "L/R"]
    LeftRight,
    /// What both share, and what tells them apart.
    #[id = "mid-side"]
    #[name = "M/S"]
    MidSide,
}

impl From<StereoMode> for shared_dsp::de_esser::StereoMode {
    fn from(chosen: StereoMode) -> Self {
        match chosen {
            StereoMode::LeftRight => Self::LeftRight,
            StereoMode::MidSide => Self::MidSide,
        }
    }
}
