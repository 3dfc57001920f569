use super::*;
use crate::delivery::{At, Band, Channel};
use shared_dsp::targets;

fn target(id: &str) -> Target {
    Target::from(targets::Target::by_id(id).expect("known"))
}

fn at(value: f64, seconds: f64) -> At {
    At { value, seconds }
}

/// A stereo song of two minutes.
fn measured(lufs: f64, dbtp: f64) -> Measured {
    let channel = Channel {
        itu_dbtp: Some(at(dbtp - 0.1, 12.4)),
        strict_dbtp: Some(at(dbtp, 12.4)),
        ..Channel::default()
    };
    Measured {
        seconds: 120.0,
        sample_rate_hz: 48_000,
        channels: 2,
        integrated_lufs: Some(lufs),
        range_lu: Some(6.1),
        range_is_stable: true,
        max_short_term_lufs: Some(at(lufs + 2.0, 62.0)),
        max_momentary_lufs: Some(at(lufs + 4.0, 61.0)),
        peaks: vec![channel; 2],
        fold_loss_db: Some(-0.9),
        ..Measured::default()
    }
}

fn line<'a>(verdict: &'a Verdict, what: &str) -> &'a Line {
    verdict.lines.iter().find(|line| line.what == what).unwrap_or_else(|| panic!("{verdict:?}"))
}

#[test]
fn on_target_there_is_nothing_to_do() {
    let verdict = Verdict::of(&target("podcast-16"), &measured(-16.3, -1.2));
    assert_eq!((verdict.outcome, verdict.passed()), (Outcome::Passed, true));
    assert_eq!(verdict.sentence, "As asked: nothing to do");
    let loudness = line(&verdict, "Integrated");
    assert_eq!(loudness.measured, "\u{2212}16.3 LUFS");
    assert_eq!(loudness.limits, "\u{2212}17.0 to \u{2212}15.0 LUFS");
    let peak = line(&verdict, "True peak");
    assert_eq!((peak.measured.as_str(), peak.outcome), ("\u{2212}1.2 dBTP", Outcome::Passed));
    assert_eq!(peak.limits, "at most \u{2212}1.0 dBTP");
    assert_eq!(line(&verdict, "Loudness range").outcome, Outcome::Noted);
    assert_eq!(line(&verdict, "Mono fold").measured, "\u{2212}0.9 dB");
}

#[test]
fn raising_says_what_the_peak_then_costs() {
    let verdict = Verdict::of(&target("streaming-14"), &measured(-16.3, -2.2));
    assert_eq!(
        verdict.sentence,
        "2.3 LU under: raise by 2.3 dB; the true peak then needs 1.1 dB of limiting"
    );
    assert_eq!(line(&verdict, "True peak").outcome, Outcome::Passed);
    // With room above, a gain is all.
    let verdict = Verdict::of(&target("streaming-14"), &measured(-16.3, -3.4));
    assert_eq!(verdict.sentence, "2.3 LU under: raise by 2.3 dB");
    assert!(!verdict.passed());
    // As far as the limit on the short-term loudness.
    let verdict = Verdict::of(&target("ebu-r128-s1"), &measured(-26.0, -9.0));
    assert_eq!(verdict.sentence, "3.0 LU under: raise by 3.0 dB");
    let loud = Measured { max_short_term_lufs: Some(at(-20.4, 62.0)), ..measured(-26.0, -9.0) };
    let verdict = Verdict::of(&target("ebu-r128-s1"), &loud);
    assert_eq!(
        verdict.sentence,
        "3.0 LU under: raise by 3.0 dB; short-term loudness is then 0.6 LU over at 1:02.0"
    );
}

#[test]
fn a_peak_over_is_what_the_ceiling_is_lowered_by() {
    let verdict = Verdict::of(&target("podcast-16"), &measured(-16.3, -0.6));
    assert_eq!(
        verdict.sentence,
        "0.4 dB over at 0:12.4: lower the limiter\u{2019}s ceiling to \u{2212}1.0 dBTP: 0.4 dB more \
         reduction"
    );
    let peak = line(&verdict, "True peak");
    assert_eq!((peak.outcome, peak.at_seconds), (Outcome::Failed, Some(12.4)));
    // Where the meter of BS.1770 alone lets it pass, that is said.
    let verdict = Verdict::of(&target("podcast-16"), &measured(-16.3, -0.95));
    assert_eq!(
        verdict.sentence,
        "0.05 dB over at 0:12.4 by the strict reading (ITU 4\u{d7} reads \u{2212}1.05): lower the \
         limiter\u{2019}s ceiling to \u{2212}1.0 dBTP: 0.1 dB more reduction"
    );
    assert_eq!(line(&verdict, "True peak").measured, "\u{2212}0.95 dBTP");
}

#[test]
fn a_gain_that_the_loudness_asks_for_is_counted_into_the_peak() {
    // Lowering mends it.
    let verdict = Verdict::of(&target("podcast-16"), &measured(-12.9, -0.2));
    assert_eq!(verdict.sentence, "3.1 LU over: lower by 3.1 dB");
    assert_eq!(
        line(&verdict, "True peak").advice,
        "0.8 dB over at 0:12.4: lowering by 3.1 dB mends it"
    );
    // Lowering is not enough.
    let verdict = Verdict::of(&target("podcast-16"), &measured(-14.8, 1.0));
    let said = &line(&verdict, "True peak").advice;
    assert!(said.contains("after \u{2212}1.2 dB, lower"), "{said}");
    assert!(said.ends_with("0.8 dB more reduction"), "{said}");
    // Raising makes it worse.
    let verdict = Verdict::of(&target("podcast-16"), &measured(-18.0, -0.5));
    assert!(line(&verdict, "True peak").advice.ends_with("2.5 dB more reduction"));
    assert!(verdict.sentence.ends_with("the true peak then needs 2.5 dB of limiting"));
}

/// Doing what is said gives a pass: the gain, and then a limiter's ceiling.
#[test]
fn what_is_advised_is_enough() {
    for named in targets::TARGETS.iter().filter(|t| !t.dialogue_gated && !t.mono) {
        let target = Target::from(named);
        for n in 0..400 {
            let lufs = -30.0 + 0.0731 * f64::from(n);
            let before = measured(lufs, -8.0 + 0.0497 * f64::from(n % 200));
            let verdict = Verdict::of(&target, &before);
            let advice = &line(&verdict, "Integrated").advice;
            let number = |after: &str| -> Option<f64> {
                let rest = &advice[advice.find(after)? + after.len()..];
                rest.split(' ').next()?.parse().ok()
            };
            let gain = number("raise by ").or(number("lower by ").map(|db| -db)).unwrap_or(0.0);
            let mut after =
                measured(lufs + gain, before.peaks[0].strict_dbtp.unwrap().value + gain);
            after.max_short_term_lufs = Some(at(-40.0, 1.0));
            let peak = after.peaks[0].strict_dbtp.unwrap().value;
            if target.is_over(peak) {
                let said = if gain > 0.0 { advice } else { &line(&verdict, "True peak").advice };
                let known = said.contains("of limiting") || said.contains("more reduction");
                assert!(known, "{}: {lufs} {peak}: {said}", named.id);
                for channel in &mut after.peaks {
                    *channel = Channel {
                        strict_dbtp: Some(at(named.max_true_peak_dbtp, 1.0)),
                        ..*channel
                    };
                    channel.itu_dbtp = None;
                }
            }
            let verdict = Verdict::of(&target, &after);
            assert!(verdict.passed(), "{}: {lufs}, then {verdict:?}", named.id);
        }
    }
}

#[test]
fn dialogue_is_judged_by_itself_or_not_at_all() {
    let netflix = target("netflix-27");
    let mut programme = measured(-27.0, -3.0);
    let verdict = Verdict::of(&netflix, &programme);
    let loudness = line(&verdict, "Dialogue loudness");
    assert_eq!(loudness.measured, "\u{2212}27.0 LUFS, not dialogue-gated");
    assert_eq!(verdict.outcome, Outcome::NotMeasurable);
    assert!(!verdict.passed() && verdict.sentence.contains("dialogue stem"));
    programme.dialogue_lufs = Some(-26.0);
    programme.integrated_lufs = Some(-20.0);
    assert!(Verdict::of(&netflix, &programme).passed());
    programme.dialogue_lufs = Some(-31.5);
    let verdict = Verdict::of(&netflix, &programme);
    assert!(
        verdict.sentence.starts_with("4.5 LU under: raise by 4.5 dB; the true peak then needs")
    );
    // A programme that would pass never does without its dialogue, at any loudness.
    for lufs in -60..0 {
        assert!(!Verdict::of(&netflix, &measured(f64::from(lufs), -30.0)).passed());
    }
}

#[test]
fn mono_is_judged_as_one_channel() {
    let mono = target("podcast-19-mono");
    let one = Measured { channels: 1, fold_loss_db: None, ..measured(-19.0, -1.5) };
    assert!(Verdict::of(&mono, &one).passed());
    let counted_twice = Measured { dual_mono: true, ..one.clone() };
    let verdict = Verdict::of(&mono, &counted_twice);
    assert_eq!(line(&verdict, "Integrated").measured, "\u{2212}22.0 LUFS");
    let stereo = measured(-16.0, -1.5);
    let verdict = Verdict::of(&mono, &stereo);
    assert_eq!(verdict.sentence, "Fold it to mono, then measure again");
    assert_eq!(line(&verdict, "Integrated").outcome, Outcome::NotMeasurable);
    let alike = Measured { alike: true, ..stereo };
    let verdict = Verdict::of(&mono, &alike);
    assert_eq!(line(&verdict, "Integrated").outcome, Outcome::Passed);
    assert_eq!(line(&verdict, "Channels").outcome, Outcome::Failed);
    // Where stereo is asked for, how mono was counted is said.
    let verdict = Verdict::of(&target("podcast-16"), &one);
    assert!(line(&verdict, "Channels").measured.contains("3.0 LU more on two speakers"));
}

#[test]
fn silence_and_too_little_never_pass() {
    for named in targets::TARGETS {
        let target = Target::from(named);
        for seconds in [0.0, 1.0, 60.0] {
            let silent = Measured { seconds, channels: 2, ..Measured::default() };
            let verdict = Verdict::of(&target, &silent);
            assert!(!verdict.passed(), "{}: {verdict:?}", named.id);
        }
    }
    let short = Measured { seconds: 2.9, ..measured(-14.0, -2.0) };
    let verdict = Verdict::of(&target("streaming-14"), &short);
    assert_eq!(verdict.outcome, Outcome::NotMeasurable);
    assert_eq!(verdict.sentence, "Only 2.9 s measured: 3 s or more can be judged");
    let gone = Measured { integrated_lufs: None, ..measured(-14.0, -2.0) };
    assert_eq!(Verdict::of(&target("streaming-14"), &gone).outcome, Outcome::Failed);
    assert_eq!(Verdict::of(&target("vinyl-0.5"), &gone).outcome, Outcome::Failed);
}

#[test]
fn a_figure_never_rounds_to_the_other_side_of_its_limit() {
    let r128 = target("ebu-r128");
    let verdict = Verdict::of(&r128, &measured(-23.24, -9.0));
    assert_eq!(line(&verdict, "Integrated").measured, "\u{2212}23.24 LUFS");
    assert_eq!(verdict.sentence, "0.2 LU under: raise by 0.2 dB");
    assert!(Verdict::of(&r128, &measured(-23.2, -9.0)).passed());
    let verdict = Verdict::of(&Target::own(Some(-14.0), 0.0, Some(-1.25)), &measured(-14.0, -1.0));
    assert_eq!(line(&verdict, "Integrated").limits, "\u{2212}14.0 to \u{2212}14.0 LUFS");
    assert!(verdict.sentence.contains("\u{2212}1.25 dBTP"), "{}", verdict.sentence);
}

#[test]
fn limits_on_windows_and_range_are_held() {
    let s1 = target("ebu-r128-s1");
    let hot = Measured { max_short_term_lufs: Some(at(-16.6, 62.0)), ..measured(-23.0, -3.0) };
    let verdict = Verdict::of(&s1, &hot);
    assert_eq!(line(&verdict, "Short-term, max").measured, "\u{2212}16.6 LUFS at 1:02.0");
    assert_eq!(verdict.sentence, "1.4 LU over: hold that passage back by 1.4 dB");
    let loud = Measured { max_short_term_lufs: Some(at(-17.0, 62.0)), ..measured(-21.0, -3.0) };
    let verdict = Verdict::of(&s1, &loud);
    assert_eq!(
        line(&verdict, "Short-term, max").advice,
        "1.0 LU over: lowering by 2.0 dB mends it"
    );

    let narrow = Target { max_range_lu: Some(5.0), ..target("ebu-r128") };
    let verdict = Verdict::of(&narrow, &measured(-23.0, -3.0));
    assert!(verdict.sentence.starts_with("1.1 LU too wide"), "{}", verdict.sentence);
    let brief = Measured { range_is_stable: false, ..measured(-23.0, -3.0) };
    let verdict = Verdict::of(&narrow, &brief);
    assert_eq!(line(&verdict, "Loudness range").outcome, Outcome::Review);
    assert!(line(&verdict, "Loudness range").measured.ends_with("unstable under 60 s"));
    let momentary = Target { max_momentary_lufs: Some(-20.0), ..target("ebu-r128") };
    assert!(!Verdict::of(&momentary, &measured(-23.0, -3.0)).passed());
}

#[test]
fn what_mono_loses_is_worth_a_look_and_no_failure() {
    let band = |name: &str, loss: f64| Band {
        name: name.to_owned(),
        fold_loss_db: Some(loss),
        ..Band::default()
    };
    let wide = Measured {
        bands: vec![band("Low", 0.0), band("Mid", -0.6), band("High", -3.8)],
        ..measured(-16.0, -1.5)
    };
    let verdict = Verdict::of(&target("podcast-16"), &wide);
    assert_eq!((verdict.outcome, verdict.passed()), (Outcome::Review, true));
    let fold = line(&verdict, "Mono fold");
    assert_eq!(fold.measured, "\u{2212}0.9 dB, high \u{2212}3.8 dB");
    assert!(verdict.sentence.starts_with("High band loses 3.8 dB in mono"));
    let gone = Measured { fold_loss_db: Some(-40.0), ..measured(-16.0, -1.5) };
    let verdict = Verdict::of(&target("podcast-16"), &gone);
    assert!(verdict.sentence.starts_with("All of it loses 40.0 dB in mono"));
    let none = Measured { fold_loss_db: Some(0.0), ..measured(-16.0, -1.5) };
    assert_eq!(line(&Verdict::of(&target("podcast-16"), &none), "Mono fold").measured, "0.0 dB");
}

#[test]
fn nothing_asked_for_is_nothing_missed() {
    let verdict = Verdict::of(&Target::default(), &measured(-9.0, -0.1));
    assert_eq!((verdict.outcome, verdict.passed()), (Outcome::Noted, true));
    assert_eq!(verdict.sentence, "Nothing is asked for");
    let verdict = Verdict::of(&Target::default(), &measured(-9.0, 0.4));
    assert_eq!(verdict.outcome, Outcome::Review);
}

#[test]
fn figures_without_sense_give_sentences_all_the_same() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
        let mut odd = measured(value, value);
        odd.range_lu = Some(value);
        odd.fold_loss_db = Some(value);
        for named in targets::TARGETS {
            let verdict = Verdict::of(&Target::from(named), &odd);
            assert!(!verdict.passed() || value == f64::NEG_INFINITY, "{value}: {verdict:?}");
            for line in &verdict.lines {
                let said = line.said();
                assert!(!said.contains("NaN") && !said.contains("inf"), "{said}");
            }
        }
    }
}

#[test]
fn a_verdict_reads_back() {
    let verdict = Verdict::of(&target("streaming-14"), &measured(-16.3, -2.2));
    let text = serde_json::to_string(&verdict).unwrap();
    assert_eq!(serde_json::from_str::<Verdict>(&text).unwrap(), verdict);
}
