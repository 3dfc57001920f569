use super::*;
use crate::delivery::history::{self, HistoryPoint};
use crate::delivery::{At, Band, Channel, Measured};
use crate::model::Target;
use shared_dsp::targets::TARGETS;

fn measured(value: f64, channels: u16) -> Measured {
    let at = Some(At { value, seconds: 3599.97 });
    let peaks = Channel {
        itu_dbtp: at,
        strict_dbtp: at,
        sample_peak_dbfs: Some(value),
        crest_db: Some(value),
    };
    let band = |name: &str| Band {
        name: name.to_owned(),
        correlation: Some(value),
        fold_loss_db: Some(value),
        ..Band::default()
    };
    Measured {
        seconds: 36_000.0,
        sample_rate_hz: 44_100,
        channels,
        dual_mono: channels == 1,
        integrated_lufs: Some(value),
        range_lu: Some(value),
        max_momentary_lufs: at,
        max_short_term_lufs: at,
        peaks: vec![peaks; usize::from(channels)],
        plr_lu: Some(value),
        lowest_psr_lu: at,
        correlation: Some(value),
        lowest_correlation: at,
        fold_loss_db: Some(value),
        bands: ["Low", "Mid", "High"].map(band).to_vec(),
        dialogue_lufs: Some(value),
        dialogue_share: Some(0.5),
        ..Measured::default()
    }
}

fn deliveries() -> impl Iterator<Item = Delivery> {
    let long = "A very long name of a programme that somebody gave to a file ".repeat(8);
    TARGETS.iter().flat_map(move |named| {
        let long = long.clone();
        [-60.0, -23.0, 0.0, 3.5, 1e9, f64::NAN, f64::INFINITY].into_iter().flat_map(move |value| {
            let long = long.clone();
            [1, 2].map(move |channels| {
                let target = Target::from(named);
                Delivery {
                    created: "2026-05-12T14:03:00Z".to_owned(),
                    stemwright: "0.1.0".to_owned(),
                    history: Some(history::timeline(&[HistoryPoint::NONE; 20])),
                    ..Delivery::new(&*long, &target, measured(value, channels))
                }
            })
        })
    })
}

/// How far a shape reaches from left to right and from top to bottom.
fn reach(shape: &Shape) -> Vec<Place> {
    match shape {
        Shape::Line { points, .. } | Shape::Area { points, .. } => points.clone(),
        Shape::Text { at: [x, y], anchor, font, text, .. } => {
            let width = font.width(text);
            let left = match anchor {
                Anchor::Start => *x,
                Anchor::Middle => x - 0.5 * width,
                Anchor::End => x - width,
            };
            vec![[left, y - font.size], [left + width, *y]]
        }
    }
}

#[test]
fn whatever_was_measured_lies_on_the_page() {
    for delivery in deliveries().chain([Delivery::default()]) {
        let drawing = page(&delivery);
        assert!(drawing.height > 300.0 && drawing.height < 1200.0, "{}", drawing.height);
        for shape in &drawing.shapes {
            for [x, y] in reach(shape) {
                let inside = (0.0..=WIDTH).contains(&x) && (0.0..=drawing.height).contains(&y);
                assert!(inside, "{x} {y}: {shape:?}");
            }
        }
    }
}

#[test]
fn every_line_of_the_verdict_is_there_with_its_limits() {
    let target = Target::from(&TARGETS[0]);
    let delivery = Delivery::new("a.wav", &target, measured(-16.25, 2));
    let drawing = page(&delivery);
    let words: Vec<&str> = drawing
        .shapes
        .iter()
        .filter_map(|shape| if let Shape::Text { text, .. } = shape { Some(&**text) } else { None })
        .collect();
    for line in &delivery.verdict.lines {
        for part in [&line.what, &line.limits] {
            assert!(words.contains(&part.as_str()), "{part} in {words:?}");
        }
    }
    assert!(words.iter().any(|w| w.contains(&target.source)) && words.contains(&"a.wav"));
}

#[test]
fn words_are_shortened_or_broken_where_there_is_no_room() {
    assert_eq!(fit(BODY, "short", 100.0), "short");
    let cut = fit(BODY, &"long ".repeat(50), 100.0);
    assert!(cut.ends_with('\u{2026}') && BODY.width(&cut) <= 100.0, "{cut}");
    assert_eq!(fit(BODY, "x", 1.0), "");
    let lines = wrapped(BODY, "one two three four five six seven", 90.0);
    assert!(lines.len() > 1 && lines.iter().all(|line| BODY.width(line) <= 90.0), "{lines:?}");
    assert_eq!(lines.join(" "), "one two three four five six seven");
}
