//! What Stem Meter does to the sound, which is nothing; and how it follows transport and page.

use super::*;
use shared_dsp::contract::programme;

const DEFAULT: MeterSettings = MeterSettings::DEFAULT;

shared_dsp::contract! {
    mod contract_of_stem_meter;
    new: StemMeterDsp::default,
    settings: [
        DEFAULT,
        MeterSettings { listen: Listen::Mono, ..DEFAULT },
        MeterSettings { correlation_window_ms: 1000.0, ..DEFAULT },
        MeterSettings { listen: Listen::SmallSpeaker, bypass: true, ..DEFAULT },
        MeterSettings { listen: Listen::SmallSpeaker, ..DEFAULT },
        MeterSettings { dual_mono: true, ..DEFAULT },
    ],
    observe: |meter, out| meter.publish(|_, value| out.push(f64::from(value))),
}

const PLAYS: Transport = Transport { playing: true, started: false, jumped: false };

fn prepared(settings: MeterSettings) -> (StemMeterDsp, Arc<SessionHistory>) {
    let history = Arc::new(SessionHistory::new());
    let mut meter = StemMeterDsp::default();
    meter.connect(&history);
    meter.prepare(48_000.0, 256);
    meter.set_params(&settings);
    (meter, history)
}

/// Plays seconds of a tone of a level as a host does, in blocks of 256 samples.
fn play(meter: &mut StemMeterDsp, seconds: f64, level: f32) {
    for block in 0..(seconds * 187.5).round() as usize {
        let wave = |n: usize| level * (0.13 * (256 * block + n) as f32).sin();
        let mut left: [f32; 256] = std::array::from_fn(wave);
        let mut right = left;
        meter.process(&mut [&mut left, &mut right], &[]);
        meter.publish_traced(|_, _| {});
    }
}

fn reading(meter: &StemMeterDsp, shown: Shown) -> f32 {
    let mut found = f32::NAN;
    meter.publish(|index, value| {
        if index == shown as usize {
            found = value;
        }
    });
    found
}

#[test]
fn every_reading_has_a_name() {
    let mut published = Vec::new();
    StemMeterDsp::default().publish(|index, _| published.push(index));
    published.sort_unstable();
    assert_eq!(published, (0..READINGS.len()).collect::<Vec<_>>());
}

#[test]
fn the_sound_passes_bit_for_bit_whatever_is_measured() {
    let audio = programme(2, 2, 48_000.0);
    let (mut meter, _) = prepared(DEFAULT);
    for (left, right) in audio[0].chunks(256).zip(audio[1].chunks(256)) {
        let (mut l, mut r) = (left.to_vec(), right.to_vec());
        meter.process(&mut [&mut l, &mut r], &[left, right]);
        assert_eq!((&l[..], &r[..]), (left, right));
    }
    assert!(reading(&meter, Shown::Momentary).is_finite());
}

#[test]
fn what_is_listened_to_is_measured_no_differently() {
    let (mut stereo, _) = prepared(DEFAULT);
    let (mut side, _) = prepared(MeterSettings { listen: Listen::Side, ..DEFAULT });
    play(&mut stereo, 4.0, 0.2);
    play(&mut side, 4.0, 0.2);
    let all = |meter: &StemMeterDsp| {
        let mut all = Vec::new();
        meter.publish(|_, value| all.push(value.to_bits()));
        all
    };
    assert_eq!(all(&stereo), all(&side));
}

#[test]
fn a_jump_or_a_start_begins_anew_as_was_asked() {
    let start = Transport { started: true, ..PLAYS };
    let jump = Transport { jumped: true, ..PLAYS };
    for (reset, at_start, at_jump) in
        [(ResetOn::Never, false, false), (ResetOn::Play, true, false), (ResetOn::Jump, false, true)]
    {
        for (transport, restarts) in [(PLAYS, false), (start, at_start), (jump, at_jump)] {
            let (mut meter, history) = prepared(MeterSettings { reset, ..DEFAULT });
            meter.follow(PLAYS);
            play(&mut meter, 2.0, 0.2);
            assert_eq!((reading(&meter, Shown::Elapsed), history.len()), (2.0, 20));
            meter.follow(transport);
            let expected = if restarts { (0.0, 0) } else { (2.0, 20) };
            assert_eq!((reading(&meter, Shown::Elapsed), history.len()), expected, "{reset:?}");
        }
    }
}

#[test]
fn it_waits_while_the_transport_is_stopped_if_there_is_one() {
    let (mut meter, history) = prepared(DEFAULT);
    // No host has said anything: it measures.
    play(&mut meter, 1.0, 0.2);
    assert_eq!(meter.waiting(), Waiting::No);
    meter.follow(PLAYS);
    play(&mut meter, 1.0, 0.2);
    meter.follow(Transport::default());
    assert_eq!(meter.waiting(), Waiting::Stopped);
    let before = reading(&meter, Shown::Integrated);
    play(&mut meter, 3.0, 0.9);
    assert_eq!(reading(&meter, Shown::Integrated), before);
    assert_eq!((reading(&meter, Shown::Elapsed), history.len()), (2.0, 20));
    meter.set_params(&MeterSettings { freeze: false, ..DEFAULT });
    assert_eq!(meter.waiting(), Waiting::No);
    play(&mut meter, 1.0, 0.9);
    assert_eq!(history.len(), 30);
}

#[test]
fn the_page_holds_it_and_starts_it_over() {
    let (mut meter, history) = prepared(DEFAULT);
    play(&mut meter, 1.0, 0.2);
    meter.obey(Orders { pause: ALL, ..Orders::default() });
    play(&mut meter, 1.0, 0.9);
    assert_eq!((meter.waiting(), history.len()), (Waiting::Held, 10));
    meter.obey(Orders::default());
    play(&mut meter, 1.0, 0.2);
    assert_eq!(history.len(), 20);
    meter.obey(Orders { restart: ALL, ..Orders::default() });
    assert_eq!((reading(&meter, Shown::Elapsed), history.len()), (0.0, 0));
    assert_eq!(reading(&meter, Shown::ItuMaximumLeft), f32::NEG_INFINITY);
}

#[test]
fn a_host_that_flushes_loses_no_measurement() {
    let (mut meter, history) = prepared(DEFAULT);
    play(&mut meter, 5.0, 0.2);
    let before = reading(&meter, Shown::Integrated);
    meter.flush();
    assert_eq!(reading(&meter, Shown::Integrated), before);
    assert_eq!(history.len(), 50);
    // One that makes ready starts over, as it may at another rate.
    meter.prepare(44_100.0, 256);
    assert!(history.is_empty());
}

#[test]
fn a_bypassed_meter_measures_nothing_and_plays_the_mix() {
    let settings = MeterSettings { bypass: true, listen: Listen::Side, ..DEFAULT };
    let (mut meter, history) = prepared(settings);
    let mut left = [0.5f32; 256];
    let mut right = [0.25f32; 256];
    meter.process(&mut [&mut left, &mut right], &[]);
    assert_eq!((left, right), ([0.5; 256], [0.25; 256]));
    play(&mut meter, 1.0, 0.2);
    assert_eq!((meter.waiting(), history.len()), (Waiting::Bypassed, 0));
}

#[test]
fn an_open_editor_changes_no_figure() {
    // Bars are for the eye, and rest while nobody looks.
    const BARS: [Shown; 4] = [
        Shown::TruePeakLeft,
        Shown::TruePeakRight,
        Shown::TruePeakHeldLeft,
        Shown::TruePeakHeldRight,
    ];
    let heard = |watched: bool| {
        let (mut meter, history) = prepared(DEFAULT);
        meter.obey(Orders { watched, ..Orders::default() });
        let audio = programme(5, 2, 48_000.0);
        for _ in 0..20 {
            for (left, right) in audio[0].chunks(256).zip(audio[1].chunks(256)) {
                let (mut l, mut r) = (left.to_vec(), right.to_vec());
                meter.process(&mut [&mut l, &mut r], &[]);
                meter.publish_traced(|_, _| {});
            }
        }
        let mut figures = Vec::new();
        meter.publish(|index, value| {
            if BARS.iter().all(|bar| *bar as usize != index) {
                figures.push((index, value.to_bits()));
            }
        });
        (figures, history.steps().iter().map(|step| format!("{step:?}")).collect::<Vec<_>>())
    };
    let (open, closed) = (heard(true), heard(false));
    assert_eq!(open.0, closed.0);
    assert_eq!(open.1, closed.1);
    assert!(open.1.len() > 40);
}
