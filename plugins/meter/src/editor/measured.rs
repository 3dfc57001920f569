//! What the page knows, as a delivery: the figures that the verdict, the export and the report share.

use super::{MeterStage, is_mono, shown};
use crate::dsp::Shown;
use report::delivery::{At, Band, Channel, Delivery, Measured};
use shared_dsp::mix_meter::CROSSOVERS_HZ;
use shared_dsp::processor::MAX_CHANNELS;

/// The names of the bands, from the lowest.
pub(super) const BANDS: [&str; 3] = ["Low", "Mid", "High"];
/// What is said of a band: correlation, the lowest and when, mono fold now and of all.
pub(super) const SAID_OF_BANDS: [[Shown; 5]; 3] = [
    [
        Shown::CorrelationLow,
        Shown::CorrelationLowestLow,
        Shown::CorrelationLowestLowAt,
        Shown::FoldLow,
        Shown::FoldProgrammeLow,
    ],
    [
        Shown::CorrelationMid,
        Shown::CorrelationLowestMid,
        Shown::CorrelationLowestMidAt,
        Shown::FoldMid,
        Shown::FoldProgrammeMid,
    ],
    [
        Shown::CorrelationHigh,
        Shown::CorrelationLowestHigh,
        Shown::CorrelationLowestHighAt,
        Shown::FoldHigh,
        Shown::FoldProgrammeHigh,
    ],
];

fn known(stage: &MeterStage<'_, '_>, reading: Shown) -> Option<f64> {
    Some(f64::from(shown(stage, reading))).filter(|value| value.is_finite())
}

fn at(stage: &MeterStage<'_, '_>, reading: Shown, when: Shown) -> Option<At> {
    let seconds = known(stage, when).unwrap_or_default();
    known(stage, reading).map(|value| At { value, seconds })
}

/// The peaks of a channel.
fn channel(stage: &MeterStage<'_, '_>, side: usize) -> Channel {
    let [itu, itu_at, strict, strict_at, sample, crest] = [
        [Shown::ItuMaximumLeft, Shown::ItuMaximumRight],
        [Shown::ItuMaximumLeftAt, Shown::ItuMaximumRightAt],
        [Shown::StrictMaximumLeft, Shown::StrictMaximumRight],
        [Shown::StrictMaximumLeftAt, Shown::StrictMaximumRightAt],
        [Shown::SamplePeakLeft, Shown::SamplePeakRight],
        [Shown::CrestLeft, Shown::CrestRight],
    ]
    .map(|sides| sides[side]);
    Channel {
        itu_dbtp: at(stage, itu, itu_at),
        strict_dbtp: at(stage, strict, strict_at),
        sample_peak_dbfs: known(stage, sample),
        crest_db: known(stage, crest),
    }
}

fn band(stage: &MeterStage<'_, '_>, band: usize) -> Band {
    let [correlation, lowest, lowest_at, _, programme] = SAID_OF_BANDS[band];
    Band {
        name: BANDS[band].to_owned(),
        low_hz: if band == 0 { 0.0 } else { CROSSOVERS_HZ[band - 1] },
        high_hz: CROSSOVERS_HZ.get(band).copied(),
        correlation: known(stage, correlation),
        lowest_correlation: at(stage, lowest, lowest_at),
        fold_loss_db: known(stage, programme),
    }
}

/// Everything measured since the measurement began.
pub(super) fn measured(stage: &MeterStage<'_, '_>) -> Measured {
    let mono = is_mono(stage);
    let channels = if mono { 1 } else { MAX_CHANNELS };
    let is_fed = shown(stage, Shown::KeyFed) > 0.0;
    let dialogue = known(stage, Shown::Dialogue);
    let has_dialogue = is_fed || dialogue.is_some();
    Measured {
        seconds: known(stage, Shown::Elapsed).unwrap_or_default(),
        sample_rate_hz: stage.taps.rate_hz() as u32,
        channels: channels as u16,
        dual_mono: mono && stage.params.measurement.dual_mono.value(),
        alike: false,
        integrated_lufs: known(stage, Shown::Integrated),
        range_lu: known(stage, Shown::Range),
        range_is_stable: shown(stage, Shown::RangeStable) > 0.0,
        max_momentary_lufs: at(stage, Shown::MomentaryMaximum, Shown::MomentaryMaximumAt),
        max_short_term_lufs: at(stage, Shown::ShortTermMaximum, Shown::ShortTermMaximumAt),
        peaks: (0..channels).map(|side| channel(stage, side)).collect(),
        plr_lu: known(stage, Shown::Plr),
        lowest_psr_lu: at(stage, Shown::PsrLowest, Shown::PsrLowestAt),
        correlation: known(stage, Shown::Correlation).filter(|_| !mono),
        lowest_correlation: at(stage, Shown::CorrelationLowest, Shown::CorrelationLowestAt)
            .filter(|_| !mono),
        fold_loss_db: known(stage, Shown::FoldProgramme).filter(|_| !mono),
        bands: if mono { Vec::new() } else { (0..BANDS.len()).map(|n| band(stage, n)).collect() },
        dialogue_lufs: dialogue,
        dialogue_share: has_dialogue.then(|| f64::from(shown(stage, Shown::DialogueShare))),
    }
}

/// The same against what was ordered.
pub(super) fn delivery(stage: &MeterStage<'_, '_>) -> Delivery {
    Delivery::new("", &stage.params.target(), measured(stage))
}
