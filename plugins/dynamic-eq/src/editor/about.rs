//! What the page says about each parameter, and how far a step goes.

use support::editor::About;

const fn about(id: &'static str, what: &'static str, step: f32, fine: f32) -> About {
    About { id, what, step, fine }
}

/// The parameters; those of the bands without their number.
pub(super) const ABOUT: &[About] = &[
    about("on", "Whether the band does anything.", 0.0, 0.0),
    about(
        "type",
        "What the band is; bells, shelves and tilts can move, the rest stands still.",
        0.0,
        0.0,
    ),
    about("frequency", "Where the band works.", 0.0, 0.0),
    about("gain", "Static gain: what the band does while nothing moves it.", 0.5, 0.1),
    about("q", "How narrow the band is; on a cut, how much its corner rings.", 0.0, 0.0),
    about("slope", "How steep the cut is.", 0.0, 0.0),
    about("placement", "What of the stem the band works on.", 0.0, 0.0),
    about("range", "The most the band may move from its static gain, up or down.", 0.5, 0.1),
    about("threshold", "Where the key starts to move the band; the line on the meter.", 1.0, 0.1),
    about("ratio", "How much of what lies past the threshold becomes movement.", 0.0, 0.0),
    about("knee", "How gently the movement sets in around the threshold.", 1.0, 0.1),
    about("attack", "Time to 63 % of a growing move, in dB.", 0.0, 0.0),
    about("hold", "How long the largest move is kept before it falls.", 0.0, 0.0),
    about("release", "Time to 63 % of the way back, in dB.", 0.0, 0.0),
    about("action", "Whether the band moves above its threshold or below it.", 0.0, 0.0),
    about(
        "key",
        "What moves the band: the stem, the key input, their difference in dB, or a voice on the key.",
        0.0,
        0.0,
    ),
    about(
        "key-filter",
        "What of its key the band hears; Follow is what it works on itself.",
        0.0,
        0.0,
    ),
    about("key-frequency", "Frequency of a key filter of the band's own.", 0.0, 0.0),
    about("key-q", "Q of a key filter of the band's own.", 0.0, 0.0),
    about(
        "unmask",
        "Makes the music step back where it covers the voice on the key input, while it speaks.",
        0.0,
        0.0,
    ),
    about("unmask-depth", "The most the music steps back at any frequency.", 0.5, 0.1),
    about("unmask-focus-low", "Below this nothing steps back.", 0.0, 0.0),
    about("unmask-focus-high", "Above this nothing steps back.", 0.0, 0.0),
    about(
        "unmask-speed",
        "Time to 63 % of a growing duck; it is held 2.5 times as long and falls in 10 times.",
        0.0,
        0.0,
    ),
    about(
        "unmask-placement",
        "What of the stem steps back; a voice is mostly in the mid.",
        0.0,
        0.0,
    ),
    about(
        "key-level",
        "How loud the voice on the key input is: where its reference starts. Learn finds it.",
        1.0,
        0.1,
    ),
    about("scale", "Makes all moves larger or smaller: 0 % stops them.", 5.0, 0.5),
    about(
        "lookahead",
        "Lets the bands move before the key does; adds 20 ms of latency, whatever the time.",
        0.0,
        0.0,
    ),
    about("lookahead-time", "How long before the key the bands move; adds no latency.", 1.0, 0.1),
    about(
        "mix",
        "How much of the equalised signal there is; the rest is the stem as it came.",
        5.0,
        0.5,
    ),
    about("output", "Gain at the end.", 0.5, 0.05),
    about("auto-gain", "Takes off the loudness the static curve adds, by estimate.", 0.0, 0.0),
    about("band-solo", "Listen to the part of the stem one band works on, alone.", 0.0, 0.0),
    about(
        "key-listen",
        "Listen to the key: the whole of it, or, with a band soloed, what that band hears of it.",
        0.0,
        0.0,
    ),
    about(
        "match",
        "Listen as loud as bypassed: one gain, measured when it goes on, then held.",
        0.0,
        0.0,
    ),
    about("delta", "Listen to what the equaliser changes, alone.", 0.0, 0.0),
    about("bypass", "The unprocessed signal, delayed alike.", 0.0, 0.0),
];
