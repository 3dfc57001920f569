//! What Stem Meter shows.

use super::{StemMeterDsp, Waiting};
use shared_dsp::loudness::LoudnessMaximum;
use shared_dsp::mix_meter::MixReadings;
use support::Reading;

/// The readings, each with its name among them, on the screen, and its unit.
macro_rules! readings {
    ($($(#[$doc:meta])* $shown:ident $name:literal $unit:literal)+) => {
        /// What Stem Meter shows, in the order of [`Shown`].
        pub const READINGS: &[Reading] = &[$(Reading { name: $name, unit: $unit }),+];

        /// Indices of [`READINGS`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Shown { $($(#[$doc])* $shown),+ }
    };
}

readings! {
    /// Loudness of the last 400 ms.
    Momentary "Momentary" "LUFS"
    /// Loudness of the last 3 s.
    ShortTerm "Short-term" "LUFS"
    /// Gated loudness of all that was measured.
    Integrated "Integrated" "LUFS"
    /// Loudness range.
    Range "Loudness range" "LU"
    /// 1 once the range rests on a minute.
    RangeStable "Loudness range stable" ""
    /// The loudest 400 ms.
    MomentaryMaximum "Momentary maximum" "LUFS"
    /// Where they ended.
    MomentaryMaximumAt "Momentary maximum at" "s"
    /// The loudest 3 s.
    ShortTermMaximum "Short-term maximum" "LUFS"
    /// Where they ended.
    ShortTermMaximumAt "Short-term maximum at" "s"
    /// True peak now, falling slowly.
    TruePeakLeft "True peak L" "dBTP"
    /// True peak now, falling slowly.
    TruePeakRight "True peak R" "dBTP"
    /// The same, held for a while.
    TruePeakHeldLeft "True peak L, held" "dBTP"
    /// The same, held for a while.
    TruePeakHeldRight "True peak R, held" "dBTP"
    /// Highest true peak by BS.1770's filter.
    ItuMaximumLeft "True peak maximum L, ITU 4x" "dBTP"
    /// Highest true peak by BS.1770's filter.
    ItuMaximumRight "True peak maximum R, ITU 4x" "dBTP"
    /// Highest true peak by the strict meter.
    StrictMaximumLeft "True peak maximum L, strict 16x" "dBTP"
    /// Highest true peak by the strict meter.
    StrictMaximumRight "True peak maximum R, strict 16x" "dBTP"
    /// Where it was, by BS.1770's filter.
    ItuMaximumLeftAt "True peak maximum L at, ITU 4x" "s"
    /// Where it was, by BS.1770's filter.
    ItuMaximumRightAt "True peak maximum R at, ITU 4x" "s"
    /// Where it was, by the strict meter.
    StrictMaximumLeftAt "True peak maximum L at, strict 16x" "s"
    /// Where it was, by the strict meter.
    StrictMaximumRightAt "True peak maximum R at, strict 16x" "s"
    /// Largest sample.
    SamplePeakLeft "Sample peak L" "dBFS"
    /// Largest sample.
    SamplePeakRight "Sample peak R" "dBFS"
    /// Peak to loudness ratio of all that was measured.
    Plr "Peak to loudness" "LU"
    /// Peak to short-term loudness ratio now.
    Psr "Peak to short-term loudness" "LU"
    /// The lowest of it.
    PsrLowest "Peak to short-term loudness, lowest" "LU"
    /// Where it was.
    PsrLowestAt "Peak to short-term loudness, lowest at" "s"
    /// Crest factor.
    CrestLeft "Crest factor L" "dB"
    /// Crest factor.
    CrestRight "Crest factor R" "dB"
    /// Volume indicator: 0 is a sine of −18 dBFS.
    VuLeft "VU L" "VU"
    /// Volume indicator: 0 is a sine of −18 dBFS.
    VuRight "VU R" "VU"
    /// Programme peak.
    PpmLeft "PPM L" "dBFS"
    /// Programme peak.
    PpmRight "PPM R" "dBFS"
    /// RMS of the K-system.
    RmsLeft "RMS L" "dBFS"
    /// RMS of the K-system.
    RmsRight "RMS R" "dBFS"
    /// Sample peak now, falling slowly.
    PeakLeft "Peak L" "dBFS"
    /// Sample peak now, falling slowly.
    PeakRight "Peak R" "dBFS"
    /// The same, held for a while.
    PeakHeldLeft "Peak L, held" "dBFS"
    /// The same, held for a while.
    PeakHeldRight "Peak R, held" "dBFS"
    /// Correlation of both channels.
    Correlation "Correlation" ""
    /// The lowest of it.
    CorrelationLowest "Correlation, lowest" ""
    /// Where it was.
    CorrelationLowestAt "Correlation, lowest at" "s"
    /// What mono loses now.
    Fold "Mono fold" "dB"
    /// What mono loses of all that was measured.
    FoldProgramme "Mono fold, programme" "dB"
    /// Correlation of the low band; what is said of the bands follows in one order.
    CorrelationLow "Correlation, low band" ""
    /// The lowest of it.
    CorrelationLowestLow "Correlation, lowest, low band" ""
    /// Where it was.
    CorrelationLowestLowAt "Correlation, lowest, low band at" "s"
    /// What mono loses now in the low band.
    FoldLow "Mono fold, low band" "dB"
    /// What mono loses of all that was measured in the low band.
    FoldProgrammeLow "Mono fold, programme, low band" "dB"
    /// Correlation of the middle band.
    CorrelationMid "Correlation, middle band" ""
    /// The lowest of it.
    CorrelationLowestMid "Correlation, lowest, middle band" ""
    /// Where it was.
    CorrelationLowestMidAt "Correlation, lowest, middle band at" "s"
    /// What mono loses now in the middle band.
    FoldMid "Mono fold, middle band" "dB"
    /// What mono loses of all that was measured in the middle band.
    FoldProgrammeMid "Mono fold, programme, middle band" "dB"
    /// Correlation of the high band.
    CorrelationHigh "Correlation, high band" ""
    /// The lowest of it.
    CorrelationLowestHigh "Correlation, lowest, high band" ""
    /// Where it was.
    CorrelationLowestHighAt "Correlation, lowest, high band at" "s"
    /// What mono loses now in the high band.
    FoldHigh "Mono fold, high band" "dB"
    /// What mono loses of all that was measured in the high band.
    FoldProgrammeHigh "Mono fold, programme, high band" "dB"
    /// How much louder the right side is than the left.
    Balance "Balance" "dB"
    /// How wide it is: 0 is mono, 1 two channels that have nothing in common.
    Width "Width" ""
    /// Gated loudness of the mix while the dialogue on the key speaks.
    Dialogue "Dialogue loudness" "LUFS"
    /// For how much of the time it does.
    DialogueShare "Dialogue share" ""
    /// How long was measured.
    Elapsed "Measured" "s"
    /// 1 when the key input is fed, 0 when not.
    KeyFed "Key fed" ""
    /// How many channels there are, 0 before the first block.
    Channels "Channels" ""
    /// Why nothing is measured: the number of a [`Waiting`].
    Waits "Waiting" ""
}

/// None: the history has a place of its own.
pub const TRACED: &[usize] = &[];

impl StemMeterDsp {
    /// Hands on what has a place of its own: the history.
    pub fn publish_traced(&mut self, _set: impl FnMut(usize, f32)) {
        self.write_history();
    }

    /// Hands over the readings by their index in [`READINGS`]; no number where there is none.
    pub fn publish(&self, mut set: impl FnMut(usize, f32)) {
        let read = self.meter.readings();
        let mut show = |shown: Shown, value: f64| set(shown as usize, value as f32);
        show_loudness(&read, &mut show);
        show_levels(&read, &mut show);
        show_image(&read, &mut show);
        show(Shown::KeyFed, f64::from(u8::from(self.key_watch.is_fed())));
        show(Shown::Channels, self.channels as f64);
        show(Shown::Waits, f64::from(self.waiting() as u8));
    }
}

fn known(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

fn show_loudness(read: &MixReadings, show: &mut impl FnMut(Shown, f64)) {
    show(Shown::Momentary, read.momentary_lufs);
    show(Shown::ShortTerm, read.shortterm_lufs);
    show(Shown::Integrated, read.integrated_lufs);
    show(Shown::Range, known(read.range_lu));
    show(Shown::RangeStable, f64::from(u8::from(read.range_is_stable)));
    let maxima: [(LoudnessMaximum, Shown, Shown); 2] = [
        (read.max_momentary, Shown::MomentaryMaximum, Shown::MomentaryMaximumAt),
        (read.max_shortterm, Shown::ShortTermMaximum, Shown::ShortTermMaximumAt),
    ];
    for (maximum, level, at) in maxima {
        show(level, maximum.lufs);
        show(at, maximum.end_s);
    }
    show(Shown::Plr, known(read.plr_lu));
    show(Shown::Psr, known(read.psr_lu));
    show(Shown::PsrLowest, known(read.lowest_psr_lu));
    show(Shown::PsrLowestAt, read.lowest_psr_s);
    show(Shown::Dialogue, known(read.dialogue_lufs));
    show(Shown::DialogueShare, read.dialogue_share);
    // Tenths of a second: what is shown of it moves no more often.
    show(Shown::Elapsed, (read.elapsed_s * 10.0).floor() / 10.0);
}

fn show_levels(read: &MixReadings, show: &mut impl FnMut(Shown, f64)) {
    use Shown::{
        CrestLeft, CrestRight, ItuMaximumLeft, ItuMaximumLeftAt, ItuMaximumRight,
        ItuMaximumRightAt, PeakHeldLeft, PeakHeldRight, PeakLeft, PeakRight, PpmLeft, PpmRight,
        RmsLeft, RmsRight, SamplePeakLeft, SamplePeakRight, StrictMaximumLeft, StrictMaximumLeftAt,
        StrictMaximumRight, StrictMaximumRightAt, TruePeakHeldLeft, TruePeakHeldRight,
        TruePeakLeft, TruePeakRight, VuLeft, VuRight,
    };
    for (side, true_peak) in read.true_peak.iter().enumerate() {
        show([TruePeakLeft, TruePeakRight][side], true_peak.now_dbtp);
        show([TruePeakHeldLeft, TruePeakHeldRight][side], true_peak.held_dbtp);
        show([ItuMaximumLeft, ItuMaximumRight][side], true_peak.max_itu_dbtp);
        show([ItuMaximumLeftAt, ItuMaximumRightAt][side], true_peak.max_itu_s);
        show([StrictMaximumLeft, StrictMaximumRight][side], true_peak.max_strict_dbtp);
        show([StrictMaximumLeftAt, StrictMaximumRightAt][side], true_peak.max_strict_s);
        show([SamplePeakLeft, SamplePeakRight][side], read.sample_peak_dbfs[side]);
        show([CrestLeft, CrestRight][side], known(read.crest_db[side]));
        show([VuLeft, VuRight][side], read.vu[side]);
        show([PpmLeft, PpmRight][side], read.ppm_dbfs[side]);
        show([RmsLeft, RmsRight][side], read.k_rms_dbfs[side]);
        show([PeakLeft, PeakRight][side], read.peak_dbfs[side]);
        show([PeakHeldLeft, PeakHeldRight][side], read.peak_held_dbfs[side]);
    }
}

fn show_image(read: &MixReadings, show: &mut impl FnMut(Shown, f64)) {
    use Shown::{
        CorrelationHigh, CorrelationLow, CorrelationLowestHigh, CorrelationLowestHighAt,
        CorrelationLowestLow, CorrelationLowestLowAt, CorrelationLowestMid, CorrelationLowestMidAt,
        CorrelationMid, FoldHigh, FoldLow, FoldMid, FoldProgrammeHigh, FoldProgrammeLow,
        FoldProgrammeMid,
    };
    show(Shown::Correlation, known(read.correlation));
    show(Shown::CorrelationLowest, known(read.lowest));
    show(Shown::CorrelationLowestAt, read.lowest_s);
    show(Shown::Fold, known(read.fold_loss_db));
    show(Shown::FoldProgramme, known(read.programme_fold_loss_db));
    for (n, band) in read.bands.iter().enumerate() {
        show([CorrelationLow, CorrelationMid, CorrelationHigh][n], known(band.correlation));
        let lowest = [CorrelationLowestLow, CorrelationLowestMid, CorrelationLowestHigh][n];
        show(lowest, known(band.lowest));
        let at = [CorrelationLowestLowAt, CorrelationLowestMidAt, CorrelationLowestHighAt][n];
        show(at, band.lowest_s);
        show([FoldLow, FoldMid, FoldHigh][n], known(band.fold_loss_db));
        let programme = [FoldProgrammeLow, FoldProgrammeMid, FoldProgrammeHigh][n];
        show(programme, known(band.programme_fold_loss_db));
    }
    show(Shown::Balance, known(read.balance_db));
    show(Shown::Width, known(read.width));
}

const _: () = assert!(Waiting::No as u8 == 0);
