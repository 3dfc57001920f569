//! Which stems are wrong: the fewest changes of gain and delay that explain what is left.
//!
//! All stems against the mix by least squares would give each a gain and a delay, and blame the
//! guitar for a little of the bass that is missing. So stems are blamed one at a time, the one
//! that explains most first (orthogonal matching pursuit; Pati, Rezaiifar & Krishnaprasad,
//! Asilomar 1993), and only if it explains what the others cannot: half of all that is left, or
//! half of it in several bands. All that are blamed are then fitted together again.

use super::fit::{Candidate, Change, Fit, Model, Who};

/// An improvement this many times its own uncertainty is no accident.
const SURE_SIGMAS: f64 = 6.0;
/// What a change must leave at most.
const HALF: f64 = 0.5;
/// In so many third-octave bands, unless it is in all together.
const BANDS: usize = 3;

/// What is wrong with one stem, or with the mix as a whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fault {
    pub(super) who: Who,
    pub(super) change: Change,
    /// Standard deviations of both.
    pub(super) deviation: Change,
}

/// The outcome of a search.
#[derive(Debug, Clone)]
pub(super) struct Faults {
    pub(super) model: Model,
    pub(super) list: Vec<Fault>,
    /// Who seems not to be in the mix, unless far from its place.
    pub(super) absent: Vec<Who>,
}

/// Everybody who may be blamed.
pub(super) fn everybody(stems: usize) -> impl Iterator<Item = Who> {
    // With one stem, it and the whole are the same thing.
    (0..stems).map(Who::Stem).chain((stems > 1).then_some(Who::Whole))
}

/// Searches from `model`, whose changes are taken as they are.
pub(super) fn search(fit: &Fit<'_>, mut model: Model) -> Faults {
    let stems = model.stems.len();
    let mut set: Vec<Who> = Vec::new();
    let mut absent: Vec<Who> = Vec::new();
    let mut deviations = Vec::new();
    while set.len() < stems {
        let left = fit.left(&model);
        let mut best: Option<(f64, Candidate)> = None;
        for who in everybody(stems).filter(|who| !set.contains(who)) {
            let Some(candidate) = fit.candidate(&model, &left, who) else { continue };
            if candidate.change.gain.abs() < 0.5
                && cut(&candidate, 0.75) >= 2
                && !absent.contains(&who)
            {
                absent.push(who);
            }
            let score = score(&candidate);
            if explains(&candidate) && best.as_ref().is_none_or(|(most, _)| score > *most) {
                best = Some((score, candidate));
            }
        }
        let Some((_, candidate)) = best else { break };
        match candidate.who {
            Who::Stem(i) => model.stems[i] = candidate.change,
            Who::Whole => model.whole = candidate.change,
        }
        set.push(candidate.who);
        deviations = fit.refine(&mut model, &set);
    }
    let list = set
        .iter()
        .zip(deviations)
        .map(|(&who, deviation)| {
            let change = match who {
                Who::Stem(i) => model.stems[i],
                Who::Whole => model.whole,
            };
            Fault { who, change, deviation }
        })
        .collect();
    Faults { model, list, absent }
}

fn cut(candidate: &Candidate, share: f64) -> usize {
    candidate.left.iter().filter(|left| **left < share).count()
}

fn explains(candidate: &Candidate) -> bool {
    candidate.sigmas > SURE_SIGMAS
        && (candidate.left_in_all < HALF || cut(candidate, HALF) >= BANDS)
}

/// How much is explained: mean over the bands and overall, in nepers of power.
fn score(candidate: &Candidate) -> f64 {
    let mean: f64 =
        candidate.left.iter().map(|l| -l.ln()).sum::<f64>() / candidate.left.len() as f64;
    mean - candidate.left_in_all.max(1e-12).ln()
}
