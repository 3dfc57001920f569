//! What a user sets on Unmask.

/// Most a bell may duck, in dB.
pub const MAX_DEPTH_DB: f64 = 12.0;
/// Range of the lower end of the focus, in Hz.
pub const FOCUS_LOW_HZ: [f64; 2] = [60.0, 2000.0];
/// Range of the upper end of the focus, in Hz.
pub const FOCUS_HIGH_HZ: [f64; 2] = [1000.0, 16_000.0];
/// Range of the speed, in ms.
pub const SPEED_MS: [f64; 2] = [5.0, 100.0];

/// What of the stem steps back. A mono layout is all mid: Side does nothing there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnmaskPlacement {
    /// (L + R)/2, where the voice is.
    #[default]
    Mid,
    /// Both channels.
    Stereo,
    /// (L − R)/2.
    Side,
}

impl UnmaskPlacement {
    /// All placements, in the order users see them.
    pub const ALL: [Self; 3] = [Self::Mid, Self::Stereo, Self::Side];
}

/// Settings of Unmask. Values outside their ranges count as their ends, what is not a number as the
/// default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnmaskParams {
    /// Whether it does anything.
    pub on: bool,
    /// The most the music steps back at any frequency, 0 to 12 dB.
    pub depth_db: f64,
    /// Below this nothing is ducked, 60 to 2000 Hz; the edge is as soft as a bell is wide.
    pub focus_low_hz: f64,
    /// Above this nothing is ducked, 1 to 16 kHz, and at least the lower end.
    pub focus_high_hz: f64,
    /// How fast the bells follow, 5 to 100 ms: the time to 63.2 % of a growing duck. A duck is held
    /// for two and a half times as long, and falls by 63.2 % in ten times as long.
    pub speed_ms: f64,
    /// What of the stem is heard and steps back.
    pub placement: UnmaskPlacement,
}

impl UnmaskParams {
    /// Off; once on, 3 dB of the mid between 500 Hz and 8 kHz: below, there is more of the music to be
    /// lost than of the words to be gained.
    pub const DEFAULT: Self = Self {
        on: false,
        depth_db: 3.0,
        focus_low_hz: 500.0,
        focus_high_hz: 8000.0,
        speed_ms: 20.0,
        placement: UnmaskPlacement::Mid,
    };

    /// The same with every value within its range.
    #[must_use]
    pub fn sane(&self) -> Self {
        let within = |x: f64, [low, high]: [f64; 2], default: f64| {
            if x.is_nan() { default } else { x.clamp(low, high) }
        };
        let d = Self::DEFAULT;
        let focus_low_hz = within(self.focus_low_hz, FOCUS_LOW_HZ, d.focus_low_hz);
        Self {
            depth_db: within(self.depth_db, [0.0, MAX_DEPTH_DB], d.depth_db),
            focus_low_hz,
            focus_high_hz: within(self.focus_high_hz, FOCUS_HIGH_HZ, d.focus_high_hz)
                .max(focus_low_hz),
            speed_ms: within(self.speed_ms, SPEED_MS, d.speed_ms),
            ..*self
        }
    }
}

impl Default for UnmaskParams {
    fn default() -> Self {
        Self::DEFAULT
    }
}
