//! What a meter measured of a programme.

use serde::{Deserialize, Serialize};

/// A reading, and when it was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct At {
    /// The reading.
    pub value: f64,
    /// When, in seconds from the start: of a window, its end.
    pub seconds: f64,
}

/// The peaks of a channel. `None` where it is silent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Channel {
    /// Highest true peak as ITU-R BS.1770 annex 2 reads it, dBTP: what other meters show.
    pub itu_dbtp: Option<At>,
    /// The same on a 16 times finer grid, dBTP: the honest value.
    pub strict_dbtp: Option<At>,
    /// Highest sample, dBFS.
    pub sample_peak_dbfs: Option<f64>,
    /// Highest sample over RMS, dB.
    pub crest_db: Option<f64>,
}

/// What a band of a stereo programme does when it is folded to mono.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Band {
    /// Its name: `Low`, `Mid`, `High`.
    pub name: String,
    /// Its lower edge, Hz; 0 for the lowest.
    pub low_hz: f64,
    /// Its upper edge, Hz; `None` for the highest.
    pub high_hz: Option<f64>,
    /// Its correlation over the whole time, −1 to 1.
    pub correlation: Option<f64>,
    /// Its lowest correlation.
    pub lowest_correlation: Option<At>,
    /// What a mono speaker loses of it beyond the 3 dB that decorrelated stereo always does, dB, at most 0.
    pub fold_loss_db: Option<f64>,
}

/// What was measured of a whole programme. What was not measured, or is silence, is `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measured {
    /// What was measured, in seconds.
    pub seconds: f64,
    /// Samples per second.
    pub sample_rate_hz: u32,
    /// Channels: 1 or 2.
    pub channels: u16,
    /// Whether the one channel of a mono programme was counted as the two speakers that play it, which
    /// makes its loudness 3.01 LU higher.
    pub dual_mono: bool,
    /// Whether both channels of a stereo programme are alike, sample for sample.
    pub alike: bool,
    /// Integrated loudness, LUFS (ITU-R BS.1770-5).
    pub integrated_lufs: Option<f64>,
    /// Loudness range, LU (EBU Tech 3342).
    pub range_lu: Option<f64>,
    /// Whether the range rests on the 60 s that EBU Tech 3342 asks for.
    pub range_is_stable: bool,
    /// The loudest 400 ms, LUFS.
    pub max_momentary_lufs: Option<At>,
    /// The loudest 3 s, LUFS.
    pub max_short_term_lufs: Option<At>,
    /// Peaks, channel by channel.
    pub peaks: Vec<Channel>,
    /// Peak to loudness ratio: highest true peak (ITU) less integrated loudness, LU.
    pub plr_lu: Option<f64>,
    /// Lowest peak to short-term loudness ratio, LU.
    pub lowest_psr_lu: Option<At>,
    /// Correlation of left and right over the whole time, −1 to 1.
    pub correlation: Option<f64>,
    /// The lowest correlation of a sliding window.
    pub lowest_correlation: Option<At>,
    /// What a mono speaker loses beyond the 3 dB that decorrelated stereo always does, dB, at most 0.
    pub fold_loss_db: Option<f64>,
    /// Correlation and mono-fold loss by band, from the lowest.
    pub bands: Vec<Band>,
    /// Loudness of the programme while there is dialogue, LUFS; `None` without a dialogue stem.
    pub dialogue_lufs: Option<f64>,
    /// Share of the time in which there is dialogue, 0..1.
    pub dialogue_share: Option<f64>,
}

impl Measured {
    /// The highest true peak that any meter reads of any channel, dBTP.
    pub fn highest_true_peak_dbtp(&self) -> Option<At> {
        self.highest(|channel| [channel.itu_dbtp, channel.strict_dbtp])
    }

    /// The highest true peak of any channel by the meter of BS.1770, dBTP.
    pub fn itu_dbtp(&self) -> Option<At> {
        self.highest(|channel| [channel.itu_dbtp, None])
    }

    /// The highest true peak of any channel by the strict meter, dBTP.
    pub fn strict_dbtp(&self) -> Option<At> {
        self.highest(|channel| [channel.strict_dbtp, None])
    }

    /// The highest sample of any channel, dBFS.
    pub fn sample_peak_dbfs(&self) -> Option<f64> {
        self.peaks.iter().filter_map(|channel| channel.sample_peak_dbfs).reduce(f64::max)
    }

    fn highest(&self, of: impl Fn(&Channel) -> [Option<At>; 2]) -> Option<At> {
        let all = self.peaks.iter().flat_map(of).flatten().filter(|at| !at.value.is_nan());
        all.reduce(|a, b| if b.value > a.value { b } else { a })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_peak_is_that_of_any_meter_and_channel_with_its_time() {
        let at = |value: f64, seconds: f64| Some(At { value, seconds });
        let channel =
            |itu, strict| Channel { itu_dbtp: itu, strict_dbtp: strict, ..Channel::default() };
        let measured = Measured {
            peaks: vec![
                channel(at(-1.2, 3.0), at(-1.1, 3.0)),
                channel(at(-1.0, 7.0), at(f64::NAN, 1.0)),
                channel(None, None),
            ],
            ..Measured::default()
        };
        assert_eq!(measured.highest_true_peak_dbtp(), at(-1.0, 7.0));
        assert_eq!(measured.strict_dbtp(), at(-1.1, 3.0));
        assert_eq!(Measured::default().itu_dbtp(), None);
    }
}
