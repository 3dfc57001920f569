//! Where the master stands against its target, and what to turn, in two short sentences.

use shared_dsp::targets::{Standing, Target};
use support::editor::widgets::number;

/// A true peak this far over is rounding.
const ROUNDING_DB: f64 = 0.005;
/// As far as Gain goes.
const MOST_GAIN_DB: f64 = 24.0;

/// How good the news is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// Nothing can be said yet, or nothing is asked for.
    None,
    /// As ordered.
    Good,
    /// Something is to be turned.
    Turn,
    /// A limit is passed.
    Over,
}

/// One sentence.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    pub(super) news: News,
    pub(super) text: String,
}

fn said(news: News, text: impl Into<String>) -> Said {
    Said { news, text: text.into() }
}

/// What is read and set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Master {
    pub(super) integrated_lufs: f64,
    /// By the strict meter; −∞ or NaN where there is none.
    pub(super) true_peak_dbtp: f64,
    pub(super) gain_db: f64,
    pub(super) ceiling_db: f64,
    /// Whether the ceiling holds samples alone.
    pub(super) sample_peak: bool,
    /// Whether the gain is another signal's, so that the ceiling binds that.
    pub(super) external_key: bool,
}

fn db(value: f64) -> String {
    number(value as f32, 1)
}

/// About the loudness.
pub(super) fn loudness(target: &Target, master: &Master) -> Said {
    let Some(wanted) = target.integrated_lufs else {
        return said(News::None, "no loudness is asked for");
    };
    let (news, text) = match target.standing(master.integrated_lufs) {
        None => (News::None, format!("play it: {} LUFS is asked for", db(wanted))),
        Some(Standing::OnTarget) => (News::Good, "on target".to_owned()),
        Some(Standing::Under(by)) if master.gain_db + by > MOST_GAIN_DB => {
            (News::Turn, format!("{0} LU under: raise the mix by {0} dB", db(by)))
        }
        Some(Standing::Under(by)) => {
            (News::Turn, format!("{0} LU under: raise Gain by {0} dB", db(by)))
        }
        Some(Standing::Over(by)) => {
            (News::Over, format!("{0} LU over: lower Gain by {0} dB", db(by)))
        }
    };
    match news {
        News::Good if target.dialogue_gated => {
            said(News::None, "in its range, but not dialogue-gated")
        }
        _ => said(news, text),
    }
}

/// About the true peak.
pub(super) fn true_peak(target: &Target, master: &Master) -> Said {
    let most = target.max_true_peak_dbtp;
    let over = master.true_peak_dbtp - most;
    let is_over = over > ROUNDING_DB;
    if master.ceiling_db > most + ROUNDING_DB {
        let what = if is_over {
            format!("peak {} dB over: set Ceiling to {} dBTP", number(over as f32, 2), db(most))
        } else {
            format!("set Ceiling to {} dBTP for this target", db(most))
        };
        return said(if is_over { News::Over } else { News::Turn }, what);
    }
    if is_over {
        let over = number(over as f32, 2);
        let turn = match master {
            Master { external_key: true, .. } => "the key sets the gain",
            Master { sample_peak: true, .. } => "choose Standard",
            _ => "choose Strict, or reset",
        };
        return said(News::Over, format!("peak {over} dB over: {turn}"));
    }
    if master.true_peak_dbtp.is_finite() {
        said(News::Good, format!("true peak within {} dBTP (strict 16\u{d7})", db(most)))
    } else {
        said(News::None, format!("true peak: {} dBTP at most", db(most)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Master = Master {
        integrated_lufs: -16.3,
        true_peak_dbtp: -1.0,
        gain_db: 4.0,
        ceiling_db: -1.0,
        sample_peak: false,
        external_key: false,
    };

    fn target(id: &str) -> &'static Target {
        Target::by_id(id).expect("known")
    }

    #[test]
    fn it_says_what_to_turn_and_how_far() {
        let streaming = target("streaming-14");
        for (lufs, gain_db, news, text) in [
            (-16.3, 4.0, News::Turn, "2.3 LU under: raise Gain by 2.3 dB"),
            (-16.3, 22.0, News::Turn, "2.3 LU under: raise the mix by 2.3 dB"),
            (-12.8, 4.0, News::Over, "1.2 LU over: lower Gain by 1.2 dB"),
            (-14.9, 4.0, News::Good, "on target"),
            (f64::NEG_INFINITY, 4.0, News::None, "play it: \u{2212}14.0 LUFS is asked for"),
        ] {
            let master = Master { integrated_lufs: lufs, gain_db, ..QUIET };
            assert_eq!(loudness(streaming, &master), said(news, text));
        }
    }

    #[test]
    fn a_target_gated_by_dialogue_is_never_met_without_the_gate() {
        let netflix = target("netflix-27");
        for lufs in [-27.0, -29.0, -25.0] {
            let master = Master { integrated_lufs: lufs, ..QUIET };
            assert_ne!(loudness(netflix, &master).news, News::Good);
        }
    }

    #[test]
    fn the_peak_is_held_against_what_the_target_allows() {
        let streaming = target("streaming-14");
        let heard = |change: Master| true_peak(streaming, &change);
        assert_eq!(heard(QUIET).news, News::Good);
        assert_eq!(
            heard(Master { ceiling_db: -0.5, true_peak_dbtp: -0.5, ..QUIET }),
            said(News::Over, "peak 0.50 dB over: set Ceiling to \u{2212}1.0 dBTP")
        );
        assert_eq!(
            heard(Master { ceiling_db: -0.5, true_peak_dbtp: -3.0, ..QUIET }),
            said(News::Turn, "set Ceiling to \u{2212}1.0 dBTP for this target")
        );
        let samples = Master { sample_peak: true, true_peak_dbtp: 0.0, ..QUIET };
        assert_eq!(heard(samples), said(News::Over, "peak 1.00 dB over: choose Standard"));
        let keyed = Master { external_key: true, true_peak_dbtp: 0.0, ..QUIET };
        assert_eq!(heard(keyed), said(News::Over, "peak 1.00 dB over: the key sets the gain"));
        assert_eq!(heard(Master { true_peak_dbtp: f64::NAN, ..QUIET }).news, News::None);
    }
}
