//! What deliveries ask for: loudness and true peak, each with where it is written and since when.
//!
//! One table for the meter, the limiter and the reports. A figure that its source does not give is
//! `None`; a tolerance that it does not give is ±1 LU, the smallest that people agree to hear.

/// One delivery.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Its name in saved sessions: a promise.
    pub id: &'static str,
    /// Its name on the screen.
    pub name: &'static str,
    /// Integrated loudness, in LUFS.
    pub integrated_lufs: Option<f64>,
    /// How far below and above that is still on target, in LU, both 0 or more.
    pub tolerance_lu: [f64; 2],
    /// The highest true peak allowed, in dBTP.
    pub max_true_peak_dbtp: f64,
    /// The highest short-term loudness allowed, in LUFS.
    pub max_shortterm_lufs: Option<f64>,
    /// The highest momentary loudness allowed, in LUFS.
    pub max_momentary_lufs: Option<f64>,
    /// The widest loudness range allowed, in LU.
    pub max_range_lu: Option<f64>,
    /// Whether the loudness is that of the dialogue alone.
    pub dialogue_gated: bool,
    /// Whether it is for programme in one channel.
    pub mono: bool,
    /// Who asks for it, and where.
    pub source: &'static str,
    /// Since when: a year, or when it was read.
    pub date: &'static str,
}

const NONE: Target = Target {
    id: "",
    name: "",
    integrated_lufs: None,
    tolerance_lu: [1.0, 1.0],
    max_true_peak_dbtp: -1.0,
    max_shortterm_lufs: None,
    max_momentary_lufs: None,
    max_range_lu: None,
    dialogue_gated: false,
    mono: false,
    source: "",
    date: "",
};

/// Every delivery known, music first. Ids stay; figures follow their sources.
pub const TARGETS: &[Target] = &[
    Target {
        id: "streaming-14",
        name: "Streaming, Spotify",
        integrated_lufs: Some(-14.0),
        source: "Spotify for Artists, Loudness normalization; louder masters \u{2212}2 dBTP",
        date: "2026",
        ..NONE
    },
    Target {
        id: "apple-16",
        name: "Apple Sound Check",
        integrated_lufs: Some(-16.0),
        source: "Apple Music, Sound Check, as measured: Apple prints no figure; peak by Apple Digital Masters",
        date: "2022",
        ..NONE
    },
    Target {
        id: "tidal-14",
        name: "Tidal",
        integrated_lufs: Some(-14.0),
        source: "TIDAL, loudness normalisation (BS.1770), louder turned down only; peak by AES77",
        date: "2016",
        ..NONE
    },
    Target {
        id: "aes-track-16",
        name: "AES streaming, track",
        integrated_lufs: Some(-16.0),
        tolerance_lu: [1.0, 0.2],
        source: "AES77 (from TD1008 of 2021), music normalised by track: 0.2 LU above at most",
        date: "2023",
        ..NONE
    },
    Target {
        id: "aes-speech-18",
        name: "AES streaming, speech",
        integrated_lufs: Some(-18.0),
        tolerance_lu: [2.0, 2.0],
        source: "AES77 (from TD1008 of 2021), speech and mixed content, measured as a whole",
        date: "2023",
        ..NONE
    },
    Target {
        id: "podcast-16",
        name: "Podcast, stereo",
        integrated_lufs: Some(-16.0),
        source: "Apple Podcasts for Creators, Audio requirements (AES77 asks \u{2212}18 of speech)",
        date: "2026",
        ..NONE
    },
    Target {
        id: "podcast-19-mono",
        name: "Podcast, mono",
        integrated_lufs: Some(-19.0),
        mono: true,
        source: "Custom of podcast hosts: as stereo, less 3 LU, since BS.1770 counts one channel once \
                 and players play it on two; Apple itself names \u{2212}16 for both",
        date: "2026",
        ..NONE
    },
    Target {
        id: "ebu-r128",
        name: "EBU R 128",
        integrated_lufs: Some(-23.0),
        tolerance_lu: [0.2, 0.2],
        source: "EBU R 128 v5.0: 0.2 LU is for errors of measurement; live programmes may be 1.0 LU off",
        date: "2023",
        ..NONE
    },
    Target {
        id: "ebu-r128-s1",
        name: "EBU R 128 s1, short",
        integrated_lufs: Some(-23.0),
        tolerance_lu: [0.2, 0.2],
        max_shortterm_lufs: Some(-18.0),
        source: "EBU R 128 s1 v3.0, short-form content: advertisements, promos",
        date: "2020",
        ..NONE
    },
    Target {
        id: "broadcast-2",
        name: "Broadcast at \u{2212}2 dBTP",
        integrated_lufs: Some(-23.0),
        tolerance_lu: [0.2, 0.2],
        max_true_peak_dbtp: -2.0,
        source: "EBU R 128, with the limiter of EBU Tech 3344 v2 before a lossy encoder",
        date: "2016",
        ..NONE
    },
    Target {
        id: "atsc-a85",
        name: "ATSC A/85",
        integrated_lufs: Some(-24.0),
        tolerance_lu: [2.0, 2.0],
        max_true_peak_dbtp: -2.0,
        source: "ATSC A/85, Annex M: exchange without metadata; long programmes by their dialogue",
        date: "2026",
        ..NONE
    },
    Target {
        id: "netflix-27",
        name: "Netflix",
        integrated_lufs: Some(-27.0),
        tolerance_lu: [2.0, 2.0],
        max_true_peak_dbtp: -2.0,
        dialogue_gated: true,
        source: "Netflix, Sound mix specifications v1.6, dialogue-gated",
        date: "2024",
        ..NONE
    },
    Target {
        id: "vinyl-0.5",
        name: "Vinyl-sourced",
        max_true_peak_dbtp: -0.5,
        source: "Custom of the trade; no standard gives a loudness",
        date: "2026",
        ..NONE
    },
    Target {
        id: "cd",
        name: "CD",
        max_true_peak_dbtp: -0.1,
        source: "Custom of mastering: IEC 60908 gives neither loudness nor peak. Held by true peak, so that \
                 no player's converter clips",
        date: "1999",
        ..NONE
    },
];

/// Where a loudness stands against a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standing {
    /// Too quiet, by this many LU to the target itself.
    Under(f64),
    /// Within the tolerance.
    OnTarget,
    /// Too loud, by this many LU to the target itself.
    Over(f64),
}

impl Target {
    /// The target with an id.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        TARGETS.iter().find(|target| target.id == id)
    }

    /// Where an integrated loudness stands; `None` where none is asked for, or none was measured. Judged
    /// in hundredths, as it is read.
    pub fn standing(&self, integrated_lufs: f64) -> Option<Standing> {
        standing(integrated_lufs, self.integrated_lufs?, self.tolerance_lu)
    }
}

/// Where a loudness stands against the one that is asked for, with what it may be below and above that,
/// in LU; `None` where none was measured. Judged in hundredths, as it is read.
pub fn standing(lufs: f64, wanted_lufs: f64, [below, above]: [f64; 2]) -> Option<Standing> {
    let off = lufs - wanted_lufs;
    if !off.is_finite() {
        return None;
    }
    let hundredths = (off * 100.0).round() / 100.0;
    Some(if hundredths < -below {
        Standing::Under(-off)
    } else if hundredths > above {
        Standing::Over(off)
    } else {
        Standing::OnTarget
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_says_who_asks_and_can_be_found() {
        for (n, target) in TARGETS.iter().enumerate() {
            assert_eq!(Target::by_id(target.id), Some(target), "two with one id");
            assert!(TARGETS[..n].iter().all(|other| other.name != target.name), "{}", target.name);
            assert!(!target.source.is_empty() && target.date.parse::<u16>().is_ok());
            assert!(target.max_true_peak_dbtp <= 0.0);
            assert!(target.integrated_lufs.is_none_or(|lufs| (-30.0..0.0).contains(&lufs)));
        }
        assert_eq!(Target::by_id("no-such"), None);
    }

    #[test]
    fn the_standing_is_that_to_the_target_itself() {
        let r128 = Target::by_id("ebu-r128").expect("known");
        assert_eq!(r128.standing(-25.5), Some(Standing::Under(2.5)));
        assert_eq!(r128.standing(-23.2), Some(Standing::OnTarget));
        assert_eq!(r128.standing(-22.8), Some(Standing::OnTarget));
        assert!(matches!(r128.standing(-23.21), Some(Standing::Under(_))));
        assert!(matches!(r128.standing(-22.79), Some(Standing::Over(_))));
        assert_eq!(r128.standing(-22.0), Some(Standing::Over(1.0)));
        assert_eq!(r128.standing(f64::NEG_INFINITY), None);
        assert_eq!(Target::by_id("vinyl-0.5").expect("known").standing(-10.0), None);
    }
}
