//! What is to be said of the null test: who is wrong, how, and what to do.

use super::diagnosis::{ABSENT_GAIN, Diagnosis};
use super::drift::Drift;
use super::faults::Fault;
use super::finding::{Finding, Severity};
use super::fit::{Filter, Who};
use super::movement::Movement;
use super::report::ChangeReport;
use super::residual::{Residual, Verdict};
use std::fmt::Write as _;

/// A gain off by more than this is a finding by itself, dB.
const GAIN_DB: f64 = 0.05;
/// So is a delay of this many samples.
const DELAY_SAMPLES: f64 = 0.001;
/// A change this many times its standard deviation is sure.
const SURE: f64 = 4.0;
/// A moving gain explains the rest if it leaves at most this share of it.
const MOVEMENT_LEAVES: f64 = 0.3;
/// And if it moves by more than this from low to high levels, dB.
const MOVEMENT_DB: f64 = 0.1;
/// Further above the floor than this there is something to explain, dB.
const ABOVE_FLOOR_DB: f64 = 10.0;
/// What is left after changes of gain and delay took away this much is their own inaccuracy, dB.
const ALL_BUT_DB: f64 = 30.0;
/// Twice as loud, dB.
const DOUBLE_DB: f64 = 6.0206;

/// A stem of the sum with all its equal files.
#[derive(Debug, Clone)]
pub(super) struct NamedPart {
    /// The file that counts as the stem.
    pub(super) file: String,
    /// Other files with the same audio.
    pub(super) extra: Vec<String>,
}

/// Everything the findings are made of.
pub(super) struct Evidence<'a> {
    pub(super) parts: &'a [NamedPart],
    pub(super) mix: &'a str,
    /// Whether the mix's name says that it is a master.
    pub(super) mastered: bool,
    pub(super) residual: Residual,
    pub(super) floor_dbfs: Option<f64>,
    pub(super) diagnosis: Option<&'a Diagnosis>,
    /// Numbers that no stem carries.
    pub(super) gaps: &'a [u32],
    /// Whether files of other lengths leave something at the end.
    pub(super) uneven: bool,
    pub(super) sample_rate_hz: u32,
}

/// Why the rest is left, once changes of gain and delay are undone.
enum Cause<'a> {
    Moves(Who, Movement),
    Drifts(Who, &'a Drift),
    Filtered(Who, &'a Filter),
}

impl Cause<'_> {
    /// Whether a change of gain and delay is only what a fit makes of this cause: what moves, or
    /// differs between bands, is not off by one number.
    fn covers(&self, fault: &Fault) -> bool {
        if fault.change.gain < ABSENT_GAIN {
            return false;
        }
        let of_itself = |who: &Who| fault.who == *who;
        match self {
            Self::Moves(who, _) => {
                of_itself(who) || (*who == Who::Whole && fault.change.delay.abs() < 0.5)
            }
            Self::Drifts(who, _) | Self::Filtered(who, _) => of_itself(who) || *who == Who::Whole,
        }
    }
}

impl Evidence<'_> {
    fn file(&self, who: Who) -> &str {
        match who {
            Who::Stem(i) => &self.parts[i].file,
            Who::Whole => self.mix,
        }
    }

    /// The changes, as the report lists them.
    pub(super) fn changes(&self) -> Vec<ChangeReport> {
        let faults = self.diagnosis.map_or(&[][..], |d| &d.faults);
        faults
            .iter()
            .map(|fault| {
                let Error { gain_db, delay_samples } = error(fault);
                let size = fault.change.gain.abs();
                ChangeReport {
                    file: self.file(fault.who).to_owned(),
                    gain_error_db: (size >= ABSENT_GAIN).then_some(gain_db),
                    gain_deviation_db: 8.686 * fault.deviation.gain / size.max(ABSENT_GAIN),
                    delay_samples,
                    delay_deviation_samples: fault.deviation.delay,
                    inverted: size >= ABSENT_GAIN && fault.change.gain < 0.0,
                }
            })
            .collect()
    }

    /// The findings.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        let verdict = self.residual.verdict(self.floor_dbfs);
        let cause = self.cause();
        if let Some(diagnosis) = self.diagnosis {
            for fault in &diagnosis.faults {
                if !cause.as_ref().is_some_and(|cause| cause.covers(fault)) {
                    self.judge_fault(fault, &mut findings);
                }
            }
        }
        match &cause {
            Some(Cause::Moves(who, movement)) => findings.push(self.moves(*who, movement)),
            Some(Cause::Drifts(who, drift)) => findings.push(self.drifts(*who, drift)),
            Some(Cause::Filtered(who, filter)) => findings.push(self.filtered(*who, filter)),
            None => findings.extend(self.missing()),
        }
        findings.extend(self.gaps_that_do_not_matter(verdict));
        findings.extend(self.null(verdict, !findings.is_empty()));
        findings
    }

    /// The cause that leaves least, if there is something to explain.
    fn cause(&self) -> Option<Cause<'_>> {
        let diagnosis = self.diagnosis?;
        let left = diagnosis.corrected.residual.rms_dbfs?;
        let floor = self.floor_dbfs.unwrap_or(-144.5);
        if left < floor + ABOVE_FLOOR_DB || diagnosis.improvement_db < -ALL_BUT_DB {
            return None;
        }
        let mut causes: Vec<(f64, Cause<'_>)> = Vec::new();
        for (index, movement) in diagnosis.corrected.movements.iter().enumerate() {
            let who = if index < self.parts.len() { Who::Stem(index) } else { Who::Whole };
            let moves = movement.moved_db.abs() > MOVEMENT_DB;
            if moves && movement.unexplained < MOVEMENT_LEAVES {
                causes.push((movement.unexplained, Cause::Moves(who, *movement)));
            }
        }
        if let Some((who, drift)) = &diagnosis.drift {
            causes.push((drift.left, Cause::Drifts(*who, drift)));
        }
        if let Some((who, filter)) = &diagnosis.filter {
            causes.push((filter.left_in_all, Cause::Filtered(*who, filter)));
        }
        causes.into_iter().min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, cause)| cause)
    }

    fn judge_fault(&self, fault: &Fault, findings: &mut Vec<Finding>) {
        let file = self.file(fault.who).to_owned();
        let whole = fault.who == Who::Whole;
        let mut find = |severity, code, file: &str, message: String, action: &str| {
            findings.push(Finding::of(severity, code, file, message, action));
        };
        let Error { gain_db, delay_samples } = error(fault);
        let size = fault.change.gain.abs();
        if size < ABSENT_GAIN {
            find(
                Severity::Fail,
                if whole { "mix-unrelated" } else { "stem-not-in-mix" },
                &file,
                if whole {
                    "holds nothing of the stems".to_owned()
                } else {
                    "is not in the mix: it was muted there, or belongs to another version"
                        .to_owned()
                },
                "ask for the stems and the mix of one session",
            );
            return;
        }
        if fault.change.gain < 0.0 {
            find(
                Severity::Fail,
                if whole { "mix-inverted" } else { "stem-inverted" },
                &file,
                "its polarity is inverted".to_owned(),
                "invert its polarity, and find the switch that did it",
            );
        }
        let gain_deviation = 8.686 * fault.deviation.gain / size;
        let extra = match fault.who {
            Who::Stem(i) => &self.parts[i].extra[..],
            Who::Whole => &[],
        };
        if !whole && (gain_db - DOUBLE_DB).abs() < GAIN_DB.max(SURE * gain_deviation) {
            if let Some(extra) = extra.first() {
                find(
                    Severity::Fail,
                    "stem-doubled",
                    extra,
                    format!("is {file} once more: the sum has it twice, and the mix once"),
                    "take one of the two files out",
                );
            } else {
                find(
                    Severity::Fail,
                    "stem-doubled",
                    &file,
                    format!("is twice in the sum: {gain_db:+.2} dB against the mix"),
                    "print it again from one track, or lower it by 6.02 dB",
                );
            }
        } else if gain_db.abs() > GAIN_DB && gain_db.abs() > SURE * gain_deviation {
            let (code, message) = if whole {
                ("mix-gain", format!("is {:+.2} dB against the sum of the stems", -gain_db))
            } else {
                ("stem-gain", format!("is {gain_db:+.2} dB against the mix"))
            };
            find(
                Severity::Fail,
                code,
                &file,
                message,
                if whole {
                    "set the master fader of both prints alike"
                } else {
                    "print it again with the fader where the mix has it, or trim it by that much"
                },
            );
        }
        if delay_samples.abs() >= DELAY_SAMPLES
            && delay_samples.abs() > SURE * fault.deviation.delay
        {
            let side = if delay_samples > 0.0 { "late" } else { "early" };
            let samples = delay_samples.abs();
            find(
                Severity::Fail,
                if whole { "mix-delay" } else { "stem-delay" },
                &file,
                format!(
                    "is {samples:.3} samples ({:.3} ms) {side}",
                    1000.0 * samples / f64::from(self.sample_rate_hz)
                ),
                "print it again with delay compensation on; whole samples can be moved back",
            );
        }
    }

    fn moves(&self, who: Who, movement: &Movement) -> Finding {
        let severity = self.severity();
        let moved = movement.moved_db;
        let file = self.file(who);
        match who {
            Who::Stem(_) if moved > 0.0 => Finding::of(
                severity,
                "stem-limited",
                file,
                format!(
                    "was printed through a limiter or compressor: at high levels it is {moved:.1} dB \
                     softer against the mix than at low ones"
                ),
                "print it again without it, or with the same processing as in the mix",
            ),
            Who::Stem(_) => Finding::of(
                severity,
                "stem-not-limited",
                file,
                format!(
                    "goes through a limiter or compressor in the mix, and not here: at high levels \
                     it is {:.1} dB louder against the mix than at low ones",
                    -moved
                ),
                "print it again with the processing it has in the mix",
            ),
            Who::Whole if moved < 0.0 => Finding::of(
                severity,
                "mix-limited",
                file,
                format!(
                    "was printed through a limiter or compressor on the mix bus, and the stems were \
                     not: it is {:.1} dB down at high levels",
                    -moved
                ),
                "print the mix with the mix bus bypassed, or the stems through it with its key on \
                 the mix",
            ),
            Who::Whole => Finding::of(
                severity,
                "mix-dynamics",
                file,
                format!("is {moved:.1} dB louder against the sum at high levels than at low ones"),
                "see what moves the level: an expander on the mix bus, or a compressor that all \
                 stems were printed through",
            ),
        }
    }

    fn drifts(&self, who: Who, drift: &Drift) -> Finding {
        let [first, last] = drift.ends;
        let message = match drift.ppm {
            Some(ppm) => format!(
                "drifts by {ppm:+.2} ppm against {}: from {:+.2} samples at the start to {:+.2} at \
                 the end",
                if who == Who::Whole { "the stems" } else { "the mix" },
                first,
                last
            ),
            None => format!(
                "its delay against the others changes on the way, from {first:+.2} to {last:+.2} \
                 samples: it was edited or stretched"
            ),
        };
        let code = if drift.ppm.is_some() { "drift" } else { "delay-changes" };
        Finding::of(
            self.severity(),
            code,
            self.file(who),
            message,
            "print all files in one pass from one session, on one clock",
        )
    }

    fn filtered(&self, who: Who, filter: &Filter) -> Finding {
        let rate = f64::from(self.sample_rate_hz);
        let most = |by: fn(f64, f64) -> bool| {
            filter.curve.iter().copied().reduce(|a, b| if by(a.1, b.1) { a } else { b })
        };
        let (lowest, highest) = (most(|a, b| a <= b), most(|a, b| a >= b));
        let place = |point: Option<(f64, f64)>| {
            point.map_or(String::new(), |(f, db)| format!("{db:+.1} dB at {:.0} Hz", f * rate))
        };
        let (places, file) = (format!("{} and {}", place(lowest), place(highest)), self.file(who));
        match who {
            Who::Whole => Finding::of(
                self.severity(),
                "mix-eq",
                file,
                format!("went through an equaliser that the stems did not: {places}"),
                "print the mix with the mix bus bypassed, or the stems through it",
            ),
            Who::Stem(_) => Finding::of(
                self.severity(),
                "stem-eq",
                file,
                format!("is filtered differently from the mix, which has it {places}"),
                "print it again with the processing it has in the mix",
            ),
        }
    }

    /// What is left and no stem explains.
    fn missing(&self) -> Option<Finding> {
        let diagnosis = self.diagnosis?;
        let left = diagnosis.corrected.residual;
        if self.mastered || left.verdict(self.floor_dbfs) < Verdict::Review {
            return None;
        }
        // What delays by parts of a sample cannot undo close to half the rate is nobody's fault.
        if diagnosis.improvement_db < -ALL_BUT_DB {
            return None;
        }
        let level = left.rms_dbfs.unwrap_or(0.0);
        let place = diagnosis.band_hz.map_or(String::new(), |[low, high]| {
            format!(", most of it between {} and {}", hertz(low), hertz(high))
        });
        let rest = format!(
            "what is left of the mix ({level:.1} dBFS{place}) is in none of the stems that are there"
        );
        Some(match self.gaps {
            [] => Finding::of_set(
                self.severity(),
                "missing-stem",
                format!("a stem seems to be missing: {rest}"),
                "ask for the stem that is missing, or for what was left in the mix alone",
            ),
            gaps => {
                let numbers: Vec<String> = gaps.iter().map(|n| format!("{n:02}")).collect();
                let be = if gaps.len() == 1 { "is" } else { "are" };
                Finding::of_set(
                    self.severity(),
                    "missing-stem",
                    format!("{} {be} missing: {rest}", numbers.join(", ")),
                    "ask for it by its number",
                )
            }
        })
    }

    /// A gap in the numbering of stems that sum to the mix all the same.
    fn gaps_that_do_not_matter(&self, verdict: Verdict) -> Option<Finding> {
        (!self.gaps.is_empty() && verdict <= Verdict::Pass).then(|| {
            let numbers: Vec<String> = self.gaps.iter().map(|n| format!("{n:02}")).collect();
            Finding::of_set(
                Severity::Note,
                "number-gap",
                format!(
                    "the numbering leaves out {}, and the stems sum to the mix all the same",
                    numbers.join(", ")
                ),
                "number the stems from 01 without a gap",
            )
        })
    }

    /// The verdict itself.
    fn null(&self, verdict: Verdict, explained: bool) -> Option<Finding> {
        let code = match verdict {
            Verdict::Identical | Verdict::Pass => return None,
            Verdict::Review => "null-review",
            Verdict::Fail => "null-fail",
        };
        let level = |value: Option<f64>| {
            value.map_or_else(|| "silence".to_owned(), |db| format!("{db:.1}"))
        };
        let mut message = format!(
            "the stems do not sum to {}: {} dBFS is left, {} dB relative to the mix",
            self.mix,
            level(self.residual.rms_dbfs),
            level(self.residual.relative_db)
        );
        if let Some([from, to]) = self.residual.span_seconds {
            // Writing to a string cannot fail.
            let _ = write!(message, ", from {from:.1} s to {to:.1} s");
        }
        let action = if self.mastered {
            "the mix here is a master: put the mix without mastering beside the stems"
        } else if explained || self.uneven {
            "mend the files named in the other findings, and check again"
        } else {
            "see whether the mix bus was on, or whether the prints are of one session"
        };
        Some(Finding::of_set(self.severity(), code, message, action))
    }

    fn severity(&self) -> Severity {
        match self.residual.verdict(self.floor_dbfs) {
            Verdict::Fail => Severity::Fail,
            _ => Severity::Review,
        }
    }
}

/// How wrong a stem (against the mix) or the mix (against the stems) is.
struct Error {
    gain_db: f64,
    delay_samples: f64,
}

/// A stem that has to be delayed is early; a mix that fits delayed stems is late.
fn error(fault: &Fault) -> Error {
    let delay_samples = match fault.who {
        Who::Stem(_) => -fault.change.delay,
        Who::Whole => fault.change.delay,
    };
    Error { gain_db: -20.0 * fault.change.gain.abs().max(1e-9).log10(), delay_samples }
}

fn hertz(frequency: f64) -> String {
    if frequency < 1000.0 {
        format!("{frequency:.0} Hz")
    } else {
        format!("{:.1} kHz", frequency / 1000.0)
    }
}
