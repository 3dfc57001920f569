//! The page as a whole: well-formed, complete, free of anything from elsewhere.

mod common;

use report::Report;
use report::model::{BandGain, BandGains, GainTimeline, Timeline, VoiceToMusic, Waveform};
use roxmltree::{Document, Node, ParsingOptions};

fn parsed(page: &str, check: impl FnOnce(&Document<'_>)) {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    match Document::parse_with_options(page, options) {
        Ok(document) => check(&document),
        Err(error) => panic!("not well-formed: {error}"),
    }
}

fn texts(document: &Document<'_>) -> String {
    document.descendants().filter_map(|n| n.text().filter(|_| n.is_text())).collect()
}

fn tags<'a>(document: &'a Document<'a>, name: &str) -> Vec<Node<'a, 'a>> {
    document.descendants().filter(|n| n.tag_name().name() == name).collect()
}

#[test]
fn pages_are_well_formed_and_hold_nothing_from_elsewhere() {
    for report in [common::song(), common::awkward(), Report::default()] {
        let page = report::html(&report);
        parsed(&page, |document| {
            for forbidden in ["script", "link", "img", "iframe", "object", "image", "use", "a"] {
                assert!(tags(document, forbidden).is_empty(), "<{forbidden}>");
            }
            for node in document.descendants() {
                for attribute in node.attributes() {
                    let name = attribute.name();
                    assert!(!name.starts_with("on"), "{name}");
                    assert!(!["src", "href", "style"].contains(&name), "{name}");
                }
            }
        });
        assert!(!page.contains("url(") && !page.contains("@import"));
    }
}

#[test]
fn hostile_names_stay_text() {
    let page = report::html(&common::awkward());
    assert!(!page.contains("<script") && !page.contains('\0') && !page.contains('\u{202e}'));
    parsed(&page, |document| {
        let text = texts(document);
        assert!(text.matches("<script>alert(\"1\")</script> & 'quotes'").count() > 40);
        assert_eq!(
            tags(document, "title")
                .iter()
                .filter(|t| t
                    .parent_element()
                    .is_some_and(|p| p.has_tag_name(("http://www.w3.org/1999/xhtml", "head"))))
                .count(),
            1
        );
    });
}

#[test]
fn everything_known_is_on_the_page() {
    for report in [common::song(), common::awkward()] {
        let page = report::html(&report);
        parsed(&page, |document| {
            let text = texts(document);
            let seen = |wanted: &str| {
                let shown: String = wanted
                    .chars()
                    .map(|c| if c.is_control() || c == '\u{202e}' { '\u{fffd}' } else { c })
                    .collect();
                assert!(text.contains(&shown), "{shown} is not on the page");
            };
            for print in &report.prints {
                seen(&print.file);
                seen(&print.label);
            }
            for file in report.files.read.iter().chain(&report.files.written) {
                seen(&file.path);
                file.sha256.iter().for_each(|h| seen(h));
            }
            for plugin in &report.plugins {
                seen(&plugin.version);
                for parameter in &plugin.parameters {
                    seen(&parameter.name);
                    seen(&parameter.text);
                }
            }
            report.nulls.iter().for_each(|n| seen(&n.what));
            report.stems.iter().for_each(|s| seen(&s.name));
            report.warnings.iter().for_each(|w| seen(w));
        });
    }
}

#[test]
fn over_is_said_in_a_word() {
    let page = report::html(&common::awkward());
    parsed(&page, |document| {
        let over = document.descendants().filter(|n| n.attribute("class") == Some("over-text"));
        let said: Vec<&str> = over.filter_map(|n| n.text()).collect();
        // Three readings each of the master and of a version, and the latter's clipped samples.
        assert_eq!(said.iter().filter(|t| t.ends_with("over")).count(), 6, "{said:?}");
        assert_eq!(said.iter().filter(|t| t.ends_with("clipped")).count(), 1, "{said:?}");
    });
    assert!(page.contains("\u{2717} Fail: not as ordered"));
    let page = report::html(&common::song());
    assert!(page.contains("\u{2713} Pass: as ordered"));
    assert!(!page.contains("class=\"over"));
}

#[test]
fn one_report_is_one_page_and_one_file() {
    assert_eq!(report::html(&common::awkward()), report::html(&common::awkward()));
    for report in [common::song(), common::awkward()] {
        let bytes = report::json::write(&report).unwrap();
        let page = report::html(&report);
        // A number read back may differ in its last bit: the page does not show that many.
        assert!(report::html(&report::json::read::<Report>(&bytes).unwrap()) == page);
        assert!(page.len() < 1_500_000, "a page of {} bytes", page.len());
    }
}

#[test]
fn what_happened_to_a_band_is_drawn_and_said_where_it_happened_and_nowhere_else() {
    let maps = |report: &Report| {
        let page = report::html(report);
        let mut said = Vec::new();
        parsed(&page, |document| {
            let is_map = |n: &Node<'_, '_>| n.attribute("class") == Some("bands");
            let titles = document.descendants().filter(is_map);
            said.extend(titles.filter_map(|n| n.attribute("aria-label").map(str::to_owned)));
        });
        (said, page)
    };
    let mut report = common::song();
    let (said, page) = maps(&report);
    assert_eq!(said.len(), 1);
    let words =
        "2\u{2013}4 kHz: \u{2212}2.2 dB on average while moved, furthest \u{2212}2.5 dB at 0:00";
    assert!(said[0].starts_with("Gain of Music: Stem Dynamic EQ (insert 1)"), "{said:?}");
    assert!(said[0].contains(words), "{said:?}");
    assert!(said[0].ends_with(" % of the time"), "{said:?}");
    // In words above the map, and the number at the band's end.
    assert!(page.contains(&format!("<p>{words}")));
    assert!(page.contains("text-anchor=\"start\">\u{2212}2.2</text>"));

    // A band that moves where the whole does not is no insert that kept its level.
    let level = report.inserts[1].timeline.clone().unwrap();
    let still = |values: &[Option<f64>]| vec![Some(0.01); values.len()];
    let still = GainTimeline {
        mean_db: still(&level.mean_db),
        lowest_db: still(&level.lowest_db),
        highest_db: still(&level.highest_db),
        ..level
    };
    report.inserts[0].timeline = Some(still);
    let (said, page) = maps(&report);
    assert_eq!(said.len(), 1);
    assert!(!page.contains("Level kept within 0.05 dB"));

    let bands = report.inserts[0].bands.as_mut().unwrap();
    for band in &mut bands.bands {
        (band.mean_while_moved_db, band.moved_share) = (None, 0.0);
    }
    let (said, page) = maps(&report);
    assert!(said.is_empty());
    assert!(page.contains("Level kept within 0.05 dB: Music: Stem Dynamic EQ (insert 1)."));
}

#[test]
fn what_a_voice_gained_is_said_where_a_voice_is_the_key_and_nowhere_else() {
    let said = |report: &Report| {
        let mut said = Vec::new();
        parsed(&report::html(report), |document| {
            let paragraphs = tags(document, "p").into_iter().map(|p| {
                p.descendants().filter(Node::is_text).filter_map(|n| n.text()).collect::<String>()
            });
            said.extend(paragraphs.filter(|text| text.contains("Voice to music")));
        });
        said
    };
    let mut report = common::song();
    let ducked = "Voice to music, 2\u{2013}4 kHz: before \u{2212}1.3 dB, after +0.9 dB, gained 2.2 dB; \
                  mean duck 1.8 dB while the voice was there, 46 % of the time; ducked for 51 % of the \
                  music's time.";
    assert_eq!(said(&report), [format!("Keyed by Lead Vocal. {ducked}")]);
    // An insert that moved nothing has no drawing, and is named.
    let idle = report.inserts[0].voice_to_music.take();
    assert!(said(&report).is_empty());
    report.inserts[2].voice_to_music = idle;
    let named = format!("Drums: Stem Trim (insert 1), keyed by Lead Vocal. {ducked}");
    assert_eq!(said(&report), [named]);
    // In a sentence of its own where there is no number.
    let said = said(&common::awkward());
    assert_eq!(said.len(), 3);
    assert!(said[1].ends_with("Voice to music, 2\u{2013}4 kHz: the key was silent."), "{said:?}");
    assert!(said[2].contains("while the voice was there, under 1 % of the time"), "{said:?}");
}

#[test]
fn numbers_without_sense_still_give_a_page() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, 0.0, -5.0] {
        let mut report = common::song();
        report.seconds = value;
        let gain = GainTimeline {
            seconds_per_point: value,
            mean_db: vec![Some(value); 5],
            lowest_db: vec![Some(value); 3],
            highest_db: vec![],
        };
        report.prints[0].timeline = Some(Timeline {
            seconds_per_point: value,
            waveform: Waveform { min: vec![value; 4], max: vec![value; 9] },
            momentary_lufs: vec![Some(value); 2],
            short_term_lufs: vec![None, Some(value)],
            integrated_lufs: Some(vec![Some(value); 3]),
            true_peak_dbtp: Some(vec![Some(value)]),
            correlation: Some(vec![Some(value), None]),
        });
        report.inserts[0].timeline = Some(gain.clone());
        let band = BandGain {
            low_hz: value,
            high_hz: value,
            mean_while_moved_db: Some(value),
            furthest_db: Some(value),
            furthest_at_seconds: Some(value),
            moved_share: value,
            mean_db: vec![Some(value), None, Some(1.0)],
        };
        let moved = BandGain {
            mean_while_moved_db: Some(-2.0),
            moved_share: 0.5,
            mean_db: vec![],
            ..band.clone()
        };
        report.inserts[0].bands =
            Some(BandGains { seconds_per_point: value, bands: vec![band, moved] });
        report.inserts[0].voice_to_music = Some(VoiceToMusic {
            key: String::new(),
            key_level_dbfs: Some(value),
            voice_share: value,
            before_db: Some(value),
            after_db: Some(value),
            gained_db: Some(value),
            mean_duck_db: Some(value),
            ducked_share: value,
        });
        report.master.measurement.ours.integrated_lufs = Some(value);
        report.target = Some(report::model::Target::own(Some(value), value, Some(value)));
        if let Some(limiter) = &mut report.limiter {
            limiter.timeline = Some(gain);
            limiter.gain_db = value;
        }
        let page = report::html(&report);
        parsed(&page, |document| {
            for path in tags(document, "path") {
                let data = path.attribute("d").unwrap_or_default();
                assert!(!data.contains("NaN") && !data.contains("inf"), "{value}: {data}");
            }
        });
    }
}
