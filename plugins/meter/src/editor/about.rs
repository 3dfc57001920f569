//! What the page says about its parameters.

use support::editor::{About, about};

pub(super) const ABOUT: &[About] = &[
    about("target", "What is ordered: the verdict holds the mix against it.", 0.0, 0.0),
    about("own-loudness", "The loudness ordered, where it is no known delivery.", 0.5, 0.1),
    about("own-tolerance", "How far from it is still on target, either way.", 0.1, 0.1),
    about("own-ceiling", "The highest true peak allowed.", 0.1, 0.1),
    about(
        "auto-reset",
        "When everything starts over by itself: when playback starts, or when it goes on from another place.",
        0.0,
        0.0,
    ),
    about(
        "freeze-when-stopped",
        "Measures nothing while the host's transport is stopped, once it has run.",
        0.0,
        0.0,
    ),
    about(
        "dual-mono",
        "Counts one channel as the two loudspeakers that will play it: 3 LU more.",
        0.0,
        0.0,
    ),
    about(
        "correlation-window",
        "What correlation, mono fold, balance and width look back on.",
        10.0,
        10.0,
    ),
    about("keep-history", "Saves the history with the session: under 1 MB.", 0.0, 0.0),
    about(
        "listen",
        "Listen to something else than the mix; nothing that is measured changes.",
        0.0,
        0.0,
    ),
    about("bypass", "The mix as it is, and nothing is measured.", 0.0, 0.0),
];
