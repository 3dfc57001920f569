//! What every insert did, and what every plugin was set to.

use super::section;
use crate::draw::svg::{self, Fit};
use crate::draw::{ROOM_FOR_NUMBER, band_chart, gain_chart};
use crate::markup::Markup;
use crate::model::{BandGain, BandGains, GainTimeline, Insert, PluginReport, Report};
use crate::number::{clock, fixed, grouped, level, octave, percent, signed};
use crate::voice;

/// Moves smaller than this are none, dB.
const LEAST_MOVE_DB: f64 = 0.05;
/// Size of an insert's chart in points.
const CHART: [f64; 2] = [340.0, 116.0];

/// Adds it.
pub(super) fn write(m: &mut Markup, report: &Report) {
    if !report.inserts.is_empty() {
        section(m, "What the inserts did to the level", |m| inserts(m, report));
    }
    if !report.plugins.is_empty() {
        section(m, "Plugins and settings", |m| {
            for plugin in &report.plugins {
                settings(m, plugin);
            }
        });
    }
}

fn inserts(m: &mut Markup, report: &Report) {
    let said = "Measured from outside: the audio on either side of each insert. The line is the mean \
                gain, the band its range. Where octave bands were moved by themselves, a map shows \
                when and which: the power that came out of a band against what went in. Where a \
                voice is the key, it is held against what the insert works on, the music, while the \
                voice is there.";
    m.leaf("p", &[("class", "quiet")], said);
    let (moved, still): (Vec<&Insert>, Vec<&Insert>) =
        report.inserts.iter().partition(|insert| moves(insert));
    m.element("div", &[("class", "charts")], |m| {
        for insert in &moved {
            chart(m, insert, report.seconds);
        }
    });
    let list = |wanted: bool| {
        let names = still.iter().filter(|i| i.identical == wanted).map(|i| name(i));
        names.collect::<Vec<_>>().join("; ")
    };
    for (identical, said) in
        [(true, "Bit for bit as they came in"), (false, "Level kept within 0.05 dB")]
    {
        let names = list(identical);
        if !names.is_empty() {
            m.leaf("p", &[("class", "neutral")], &format!("{said}: {names}."));
        }
    }
    for insert in still {
        if let Some(voice) = &insert.voice_to_music {
            let said = voice::said(voice);
            let said = format!("{}, keyed by {}. {said}.", name(insert), voice.key);
            m.leaf("p", &[("class", "neutral")], &said);
        }
    }
}

fn name(insert: &Insert) -> String {
    format!("{}: {} (insert {})", insert.channel, insert.plugin, insert.place)
}

/// Whether an insert moved the level, of everything or of a band.
fn moves(insert: &Insert) -> bool {
    if insert.bands.as_ref().is_some_and(|bands| bands.moved_most().is_some()) {
        return true;
    }
    let Some(gain) = &insert.timeline else { return !insert.identical };
    let all = gain.lowest_db.iter().chain(&gain.highest_db).flatten();
    !insert.identical && all.into_iter().any(|db| db.abs() > LEAST_MOVE_DB)
}

fn chart(m: &mut Markup, insert: &Insert, seconds: f64) {
    m.element("figure", &[], |m| {
        m.element("figcaption", &[], |m| {
            m.leaf("b", &[], &name(insert));
            let mut said = format!(
                "in {}, out {} dBFS RMS",
                level(insert.level_in_dbfs, 1),
                level(insert.level_out_dbfs, 1)
            );
            if let Some(deepest) = insert.timeline.as_ref().and_then(deepest) {
                said = format!("{said}; {deepest}");
            }
            m.leaf("span", &[], &said);
        });
        let bands = insert.bands.as_ref();
        let most = bands.and_then(|bands| Some((bands, bands.moved_most()?)));
        if let Some(gain) = &insert.timeline {
            // One clock for both drawings.
            let room = if most.is_some() { ROOM_FOR_NUMBER } else { 0.0 };
            let drawing = gain_chart(gain, seconds, CHART, room);
            let title = format!("Gain of {} over time, dB", name(insert));
            svg::write(m, &drawing, "gain", &title, Fit::Whole);
        }
        if let Some((bands, most)) = most {
            by_band(m, insert, bands, most, seconds);
        }
        if let Some(voice) = &insert.voice_to_music {
            m.element("p", &[], |m| {
                m.leaf("span", &[("class", "key")], &format!("Keyed by {}.", voice.key));
                m.text(&format!(" {}.", voice::said(voice)));
            });
        }
    });
}

/// What was done to the bands, and most to one of them.
fn by_band(m: &mut Markup, insert: &Insert, bands: &BandGains, most: &BandGain, seconds: f64) {
    m.leaf("p", &[], &moved(most));
    let title = format!("Gain of {} by octave band over time, dB: {}", name(insert), moved(most));
    svg::write(m, &band_chart(bands, seconds, CHART[0]), "bands", &title, Fit::Whole);
}

/// How far, when and how often a band was moved.
fn moved(band: &BandGain) -> String {
    let mut said = octave(band.low_hz, band.high_hz);
    if let Some(mean_db) = band.mean_while_moved_db {
        said = format!("{said}: {} dB on average while moved", signed(mean_db, 1));
    }
    if let (Some(db), Some(at)) = (band.furthest_db, band.furthest_at_seconds) {
        said = format!("{said}, furthest {} dB at {}", signed(db, 1), clock(at));
    }
    format!("{said}, {} of the time", percent(band.moved_share))
}

/// Where the level was moved furthest.
fn deepest(gain: &GainTimeline) -> Option<String> {
    let all = gain.lowest_db.iter().enumerate().chain(gain.highest_db.iter().enumerate());
    let furthest = all
        .filter_map(|(index, db)| db.map(|db| (index, db)))
        .reduce(|a, b| if b.1.abs() > a.1.abs() { b } else { a });
    furthest.map(|(index, db)| {
        let at = clock(index as f64 * gain.seconds_per_point);
        format!("furthest {} dB at {at}", signed(db, 1))
    })
}

fn settings(m: &mut Markup, plugin: &PluginReport) {
    m.element("details", &[], |m| {
        m.element("summary", &[], |m| {
            m.leaf("b", &[], &format!("{}: {}", plugin.channel, plugin.name));
            m.text(&format!(" {} ", plugin.version));
            if let Some(key) = &plugin.key {
                m.leaf("span", &[("class", "key")], &format!("keyed by {key} "));
            }
            let latency = grouped(plugin.latency_samples.into());
            let more = format!("{}, {}, {latency} samples", plugin.vendor, plugin.id);
            m.leaf("span", &[("class", "quiet")], &more);
        });
        m.element("ul", &[("class", "settings")], |m| {
            let mut module = "";
            for parameter in &plugin.parameters {
                if parameter.module != module {
                    module = &parameter.module;
                    m.element("li", &[("class", "module")], |m| m.leaf("span", &[], module));
                }
                m.element("li", &[], |m| {
                    m.leaf("span", &[], &parameter.name);
                    let text = &parameter.text;
                    let raw = || fixed(parameter.value, 4);
                    m.leaf("span", &[], &if text.is_empty() { raw() } else { text.clone() });
                });
            }
        });
    });
}
