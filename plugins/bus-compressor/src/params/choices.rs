//! What can be chosen, with the ids that sessions keep.

use nice_plug::prelude::*;

/// How the level is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Character {
    /// Decoupled and smooth.
    #[id = "clean"]
    Clean,
    /// One capacitor, charged by the peaks.
    #[id = "grab"]
    Grab,
    /// A loop around the side-chain's own gain: faster the more there is to do.
    #[id = "bus"]
    Bus,
}

impl From<Character> for shared_dsp::compressor::Character {
    fn from(chosen: Character) -> Self {
        match chosen {
            Character::Clean => Self::Clean,
            Character::Grab => Self::Grab,
            Character::Bus => Self::Bus,
        }
    }
}

/// What the level is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Detector {
    /// Every sample for itself.
    #[id = "peak"]
    Peak,
    /// The power over a time.
    #[id = "rms"]
    #[name = "RMS"]
    Rms,
}

impl From<Detector> for shared_dsp::compressor::Detector {
    fn from(chosen: Detector) -> Self {
        match chosen {
            Detector::Peak => Self::Peak,
            Detector::Rms => Self::Rms,
        }
    }
}

/// Which two channels are compressed.
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

impl From<StereoMode> for shared_dsp::compressor::StereoMode {
    fn from(chosen: StereoMode) -> Self {
        match chosen {
            StereoMode::LeftRight => Self::LeftRight,
            StereoMode::MidSide => Self::MidSide,
        }
    }
}
