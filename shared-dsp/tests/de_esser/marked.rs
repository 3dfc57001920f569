//! The voices of two real sessions, with what matters marked by hand.
//!
//! `marked.csv` holds all that the readers have of s, z, sh and ch, 14 of them an s, and pauses in which
//! there is only breath or the room: begin and end in ms as read off spectrograms of 0.5 ms a line, of a
//! sibilant from where its noise above 3 kHz sets in to where it stops. No detector had a say. The
//! recordings end a little above 8 kHz.

use crate::singer::louder;
use crate::support::recordings::stem;
use crate::support::residue::between;
use crate::{RATE, WAYS, Way, by, energy, processed};
use shared_dsp::db;
use shared_dsp::de_esser::{DeEsserParams, Mode};
use std::ops::Range;

const TABLE: &str = include_str!("marked.csv");
/// By how much a voice is moved, in dB.
const MOVES_DB: [f64; 3] = [0.0, -15.0, 15.0];

/// A stretch of a voice, in samples, and what is heard in it.
#[derive(Debug, Clone, PartialEq)]
struct Mark {
    stem: [&'static str; 2],
    range: Range<usize>,
    sound: &'static str,
}

impl Mark {
    fn is_pause(&self) -> bool {
        ["breath", "room"].contains(&self.sound)
    }
}

fn marks() -> impl Iterator<Item = Mark> {
    TABLE.lines().skip(1).map(|line| {
        let [folder, stem, begin, end, sound, _word] =
            line.split(',').collect::<Vec<_>>().try_into().expect("six columns");
        let at = |ms: &str| (1e-3 * ms.parse::<f64>().expect("ms") * RATE) as usize;
        Mark { stem: [folder, stem], range: at(begin)..at(end), sound }
    })
}

/// A voice, what is marked in it, and what one would set for it.
struct Voice {
    name: &'static str,
    audio: Vec<f32>,
    marks: Vec<Mark>,
    params: DeEsserParams,
}

/// A man whose s lies low, and a woman, followed by another man, with one of 5 to 9 kHz.
fn voices() -> Vec<Voice> {
    let low = DeEsserParams { low_hz: 4000.0, ..DeEsserParams::DEFAULT };
    [(["song", "VoxLead"], low), (["podcast", "DX"], DeEsserParams::DEFAULT)]
        .into_iter()
        .filter_map(|(names, params)| {
            let [audio, _] = stem(names[0], names[1])?;
            let marks = marks().filter(|mark| mark.stem == names).collect();
            Some(Voice { name: names[0], audio, marks, params })
        })
        .collect()
}

impl Voice {
    fn moved(&self, gain_db: f64) -> Self {
        let Self { name, params, .. } = *self;
        Self { name, audio: louder(&self.audio, gain_db), marks: self.marks.clone(), params }
    }

    fn through(&self, way: Way) -> Vec<f32> {
        processed(&mut by(way, RATE, &self.params), &self.audio)
    }

    fn sibilants(&self) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(|mark| !mark.is_pause())
    }

    /// What each sibilant loses between the lower end of the band and 9 kHz, in dB.
    fn losses_db(&self, output: &[f32]) -> Vec<f64> {
        let band = [self.params.low_hz, 9000.0];
        let [before, after] = [&self.audio, output].map(|audio| between(audio, band, RATE));
        let energies =
            |mark: &Mark| [&before, &after].map(|audio| energy(&audio[mark.range.clone()]));
        self.sibilants().map(energies).map(|[a, b]| db::from_power(a / b)).collect()
    }

    /// What a stretch loses, in dB.
    fn lost_db(&self, output: &[f32], range: &Range<usize>) -> f64 {
        let [before, after] = [&self.audio[..], output].map(|audio| energy(&audio[range.clone()]));
        db::from_power(before / after)
    }

    /// What the words in the second before and after each sibilant lose, all sibilants left out, in dB.
    fn beside_db(&self, output: &[f32]) -> Vec<f64> {
        let second = RATE as usize;
        let mut is_word = vec![true; output.len()];
        for mark in self.sibilants() {
            is_word[mark.range.clone()].fill(false);
        }
        let lost_db = |range: Range<usize>| {
            let (mut before, mut after) = (0.0, 0.0);
            for n in range.filter(|n| is_word[*n]) {
                before += f64::from(self.audio[n]).powi(2);
                after += f64::from(output[n]).powi(2);
            }
            db::from_power(before / after)
        };
        let sides = |mark: &Mark| {
            let Range { start, end } = mark.range;
            [start.saturating_sub(second)..start, end..output.len().min(end + second)]
        };
        self.sibilants().flat_map(sides).map(lost_db).collect()
    }
}

/// The least and the middle one.
fn least_and_median(mut values: Vec<f64>) -> [f64; 2] {
    values.sort_by(f64::total_cmp);
    [values[0], values[values.len() / 2]]
}

#[test]
fn twenty_sibilants_and_more_are_marked() {
    let (pauses, sibilants): (Vec<Mark>, Vec<Mark>) = marks().partition(Mark::is_pause);
    assert!(sibilants.len() >= 20 && pauses.len() >= 10, "{}", sibilants.len());
    let seconds = |mark: &Mark| mark.range.len() as f64 / RATE;
    assert!(sibilants.iter().all(|mark| (0.05..0.15).contains(&seconds(mark))));
    assert!(pauses.iter().all(|mark| (0.15..0.5).contains(&seconds(mark))));
    let all: Vec<Mark> = marks().collect();
    let follow =
        |pair: &[Mark]| pair[0].stem != pair[1].stem || pair[0].range.end < pair[1].range.start;
    assert!(all.windows(2).all(follow));
}

#[test]
fn what_is_marked_comes_down_and_the_words_beside_it_stay() {
    for voice in voices() {
        for way in WAYS {
            let mut params = voice.params;
            // The least an s loses, the median, and the least of z, sh and ch. A shelf has come to all of
            // its depth only well above its corner.
            let mut wanted = [4.0, 5.5, 1.5];
            if way == Way::Of(Mode::Shelf) {
                wanted = [4.0, 5.0, 1.5];
            } else if way == Way::Of(Mode::Wide) {
                // Where the whole voice is turned down, one spares it, and lets go at once.
                (params.sensitivity, params.release_ms) = (0.4, 5.0);
                wanted = [2.0, 5.5, 0.0];
            }
            let mut means = Vec::new();
            for gain_db in MOVES_DB {
                let voice = Voice { params, ..voice.moved(gain_db) };
                let output = voice.through(way);
                let losses = voice.losses_db(&output);
                let of = |is_s: bool| {
                    let both = voice.sibilants().zip(&losses);
                    let of = both.filter(|(mark, _)| (mark.sound == "s") == is_s);
                    least_and_median(of.map(|(_, lost_db)| *lost_db).collect())
                };
                let [[least, median], [least_other, _]] = [of(true), of(false)];
                let beside = voice.beside_db(&output).into_iter().fold(0f64, |a, b| a.max(b.abs()));
                let what = format!("{} {way:?} at {gain_db:+} dB", voice.name);
                println!(
                    "{what}: an s loses {least:.2} dB or more, {median:.2} in the middle; z, sh and ch \
                     {least_other:.2} or more; the words beside them {beside:.3} at most"
                );
                assert!(least >= wanted[0] && median >= wanted[1], "{what}");
                assert!(least_other >= wanted[2] && losses.iter().all(|db| *db < 6.1), "{what}");
                assert!(beside <= 0.5, "{what}");
                means.push(losses.iter().sum::<f64>() / losses.len() as f64);
            }
            println!("    and {means:.3?} dB in the mean");
            assert!(means.iter().all(|mean| (mean - means[0]).abs() <= 0.5), "{means:?}: {way:?}");
        }
    }
}

/// The mean of what each 10 ms lose, in dB.
fn mean_loss_db(voice: &[f32], output: &[f32]) -> f64 {
    let losses: Vec<f64> = voice
        .chunks_exact(480)
        .zip(output.chunks_exact(480))
        .map(|(before, after)| [energy(before), energy(after)])
        .filter(|[before, _]| *before > 0.0)
        .map(|[before, after]| db::from_power(before / after))
        .collect();
    losses.iter().sum::<f64>() / losses.len() as f64
}

#[test]
fn recorded_voices_are_treated_alike_however_loud_they_are() {
    for voice in voices() {
        let mean_db = |gain_db: f64| {
            let voice = voice.moved(gain_db);
            mean_loss_db(&voice.audio, &voice.through(Way::Of(Mode::Wide)))
        };
        let as_it_is = mean_db(0.0);
        for gain_db in [-15.0, 15.0, 30.0] {
            let moved = mean_db(gain_db);
            println!("{}: {as_it_is:.3} dB, by {gain_db:+} dB {moved:.3}", voice.name);
            assert!((moved - as_it_is).abs() <= 0.5, "{}: {moved}, {as_it_is}", voice.name);
        }
    }
}

#[test]
fn the_room_between_words_is_left_alone_however_loud_it_is() {
    for voice in voices() {
        for gain_db in [-15.0, 0.0, 15.0, 30.0] {
            let voice = voice.moved(gain_db);
            let words = voice.sibilants().next().expect("one").range.start;
            for way in WAYS {
                let output = voice.through(way);
                for mark in voice.marks.iter().filter(|mark| mark.is_pause()) {
                    let lost_db = voice.lost_db(&output, &mark.range);
                    if lost_db != 0.0 && way == Way::Of(Mode::Wide) {
                        println!("{mark:?} at {gain_db:+} dB loses {lost_db:.4} dB");
                    }
                    // Before the first word only what is above −55 dBFS can be heard for an s.
                    let is_known = mark.range.start > words || gain_db <= 0.0;
                    // What a release leaves of the word before.
                    let is_left = lost_db.abs() < 0.01;
                    assert!(
                        is_left || mark.sound == "breath" || !is_known,
                        "{lost_db}: {mark:?}, {gain_db}, {way:?}"
                    );
                }
            }
        }
    }
}
