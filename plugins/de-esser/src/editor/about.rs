//! What the page says about each parameter, and how far a step goes.

use support::editor::{About, about};

/// Times that are set most, in ms.
const ATTACKS: &[f32] = &[0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0];
const RELEASES: &[f32] =
    &[5.0, 10.0, 20.0, 30.0, 40.0, 60.0, 80.0, 100.0, 150.0, 200.0, 300.0, 500.0];

/// The parameters.
pub(super) const ABOUT: &[About] = &[
    about(
        "detect",
        "What is sibilant: Relative, a band that is loud against the voice's body at any level; Absolute, a \
         loud band.",
        0.0,
        0.0,
    ),
    about("low", "Lower end of the sibilant band.", 0.0, 0.0),
    about("high", "Upper end of the sibilant band.", 0.0, 0.0),
    about("sensitivity", "How little is enough to be an s: the more, the more is found.", 1.0, 0.1),
    about("range", "The most that is taken off an s; at 0 dB nothing is.", 0.5, 0.1),
    about(
        "mode",
        "What is turned down: Bell the band, Shelf all from its lower end up, Wide the whole voice.",
        0.0,
        0.0,
    ),
    about(
        "split",
        "Splits the band off in linear phase, in the place of Bell, Shelf or Wide; adds 2 ms of latency.",
        0.0,
        0.0,
    ),
    about("attack", "Time to 63 % of a growing reduction, in dB.", 0.0, 0.0).stopping_at(ATTACKS),
    about("release", "Time to 63 % of the way back, in dB.", 0.0, 0.0).stopping_at(RELEASES),
    about(
        "lookahead",
        "Lets the gain move before the s does; adds 5 ms of latency, whatever the time.",
        0.0,
        0.0,
    ),
    about("lookahead-time", "How long before the s the gain moves; adds no latency.", 0.5, 0.1),
    about(
        "link",
        "How far the channels share one reduction: 100 % keeps the image still.",
        5.0,
        0.5,
    ),
    about(
        "stereo-mode",
        "Which two channels are listened to and turned down: left and right, or mid and side.",
        0.0,
        0.0,
    ),
    about(
        "key",
        "What is listened to: the stem, or the key input alone. With one key, stems get one gain.",
        0.0,
        0.0,
    ),
    about("key-listen", "Listen to what the detector hears: the band alone.", 0.0, 0.0),
    about(
        "match",
        "Listen as loud as bypassed: one gain, measured when it goes on, then held.",
        0.0,
        0.0,
    ),
    about("delta", "Listen to what the de-esser takes off, alone.", 0.0, 0.0),
    about("bypass", "The unprocessed signal, delayed alike.", 0.0, 0.0),
];
