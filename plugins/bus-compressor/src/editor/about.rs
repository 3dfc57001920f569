//! What the page says about each parameter, and how far a step goes.

use shared_dsp::compressor::params::RATIO_DETENTS;
use support::editor::{About, about};

/// What is set most.
const RATIOS: &[f32] = &{
    let mut ratios = [0.0; RATIO_DETENTS.len()];
    let mut at = 0;
    while at < ratios.len() {
        ratios[at] = RATIO_DETENTS[at] as f32;
        at += 1;
    }
    ratios
};

/// The parameters.
pub(super) const ABOUT: &[About] = &[
    about("threshold", "Where the key starts to compress; at 0 dB nothing does.", 1.0, 0.1),
    about("ratio", "How many dB of key leave one dB above the threshold.", 0.0, 0.0)
        .stopping_at(RATIOS),
    about("knee", "How gently it sets in around the threshold.", 1.0, 0.1),
    about("attack", "Time to 63 % of a growing reduction, in dB.", 0.0, 0.0),
    about("release", "Time to 63 % of the way back, in dB.", 0.0, 0.0),
    about(
        "auto-release",
        "What is sustained recovers in two stages, the second eight times as long.",
        0.0,
        0.0,
    ),
    about("hold", "How long the largest reduction is kept before it falls.", 0.0, 0.0),
    about("range", "The most that is taken off.", 1.0, 0.1),
    about(
        "character",
        "How the level is followed: Clean smooth, Grab charged by peaks, Bus faster the more there is.",
        0.0,
        0.0,
    ),
    about("detector", "What a level is: every sample, or the power over a time.", 0.0, 0.0),
    about("rms-time", "Over how long RMS reads the power.", 0.0, 0.0),
    about(
        "link",
        "How far the channels share one reduction: 100 % keeps the image still.",
        5.0,
        0.5,
    ),
    about(
        "stereo-mode",
        "Which two channels are compressed: left and right, or mid and side.",
        0.0,
        0.0,
    ),
    about(
        "lookahead",
        "Lets the gain move before the key does; adds 10 ms of latency, whatever the time.",
        0.0,
        0.0,
    ),
    about("lookahead-time", "How long before the key the gain moves; adds no latency.", 1.0, 0.1),
    about(
        "key",
        "What is listened to: the stem, or the key input alone. With one key, stems get one gain.",
        0.0,
        0.0,
    ),
    about("key-high-pass", "Below this the key is not heard, 12 dB per octave.", 0.0, 0.0),
    about("key-low-pass", "Above this the key is not heard, 12 dB per octave.", 0.0, 0.0),
    about("key-bell-frequency", "Where the key is heard louder or softer.", 0.0, 0.0),
    about("key-bell-gain", "How much louder or softer the key is heard there.", 0.5, 0.1),
    about("key-bell-q", "How narrow that is.", 0.0, 0.0),
    about("key-tilt", "How much louder the highest of the key is heard than the lowest.", 0.5, 0.1),
    about("makeup", "Gain of what is compressed.", 0.5, 0.1),
    about("auto-makeup", "Gives back half of what the curve takes off at 0 dBFS.", 0.0, 0.0),
    about(
        "mix",
        "How much of the compressed signal there is; the rest is the stem as it came.",
        5.0,
        0.5,
    ),
    about("key-listen", "Listen to what the detector hears: the key, after its filters.", 0.0, 0.0),
    about(
        "match",
        "Listen as loud as bypassed: one gain, measured when it goes on, then held.",
        0.0,
        0.0,
    ),
    about("delta", "Listen to what the compressor changes, alone.", 0.0, 0.0),
    about("bypass", "The unprocessed signal, delayed alike.", 0.0, 0.0),
];
