//! Values that move: points on a line, handed to a plugin as events, a block at a time.
//!
//! Straight lines are sampled every [`GRID`] samples, counted from the session's start, and at
//! their points; steps at the points alone. Nothing depends on where blocks begin. Events are made
//! when their block comes: two hours of a moving knob take no more room than its points.

use clack_host::events::event_types::ParamValueEvent;
use clack_host::events::io::EventBuffer;
use clack_host::prelude::{ClapId, Pckn};

/// Samples between two values on a straight line: 0.7 ms at 48 kHz, finer than any plugin's glide.
const GRID: u64 = 32;

/// A parameter's way through the session.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lane {
    id: u32,
    /// Session time in samples, never falling, and raw CLAP value.
    points: Vec<(u64, f64)>,
    linear: bool,
}

impl Lane {
    pub(super) fn new(id: u32, points: Vec<(u64, f64)>, linear: bool) -> Self {
        Self { id, points, linear }
    }

    /// CLAP id of the parameter.
    pub(super) fn id(&self) -> u32 {
        self.id
    }
}

/// A lane, and how far it has been played.
#[derive(Debug, Clone)]
struct Cursor {
    lane: Lane,
    /// The first point that is still to come.
    next_point: usize,
    /// Session time of the next event.
    next: Option<u64>,
    /// The value sent last.
    last: Option<f64>,
}

impl Cursor {
    fn new(lane: Lane) -> Self {
        let first = lane.points.first().copied();
        // The plugin has been set to the first value, and keeps it until the first point.
        Self { lane, next_point: 0, next: first.map(|p| p.0), last: first.map(|p| p.1) }
    }

    /// The next event before session time `end`: its time and value.
    fn pop(&mut self, end: u64) -> Option<(u64, f64)> {
        loop {
            let time = self.next.filter(|time| *time < end)?;
            let points = &self.lane.points;
            while points.get(self.next_point).is_some_and(|point| point.0 <= time) {
                self.next_point += 1;
            }
            let (from_time, from) = points[self.next_point - 1];
            let to = points.get(self.next_point).copied();
            let moves = self.lane.linear && to.is_some_and(|to| to.1 != from);
            let value = match to {
                Some((to_time, to)) if moves => {
                    let way = (time - from_time) as f64 / (to_time - from_time) as f64;
                    from + (to - from) * way
                }
                _ => from,
            };
            self.next = to.map(|(to_time, _)| {
                let on_grid = (time / GRID + 1) * GRID;
                if moves { on_grid.min(to_time) } else { to_time }
            });
            if self.last.replace(value) != Some(value) {
                return Some((time, value));
            }
        }
    }
}

/// All lanes of a plugin.
#[derive(Debug)]
pub(super) struct Player {
    lanes: Vec<Cursor>,
    input_latency: u64,
    due: Vec<(u64, u32, f64)>,
}

impl Player {
    pub(super) fn new(lanes: Vec<Lane>) -> Self {
        let lanes = lanes.into_iter().map(Cursor::new).collect();
        Self { lanes, input_latency: 0, due: Vec::new() }
    }

    /// How late the audio is that the plugin is given.
    pub(super) fn set_input_latency(&mut self, samples: u32) {
        self.input_latency = u64::from(samples);
    }

    /// Adds what happens in the `frames` samples from `position` on, in order of time.
    pub(super) fn push_events(&mut self, position: u64, frames: usize, events: &mut EventBuffer) {
        let Some(end) = (position + frames as u64).checked_sub(self.input_latency) else { return };
        for cursor in &mut self.lanes {
            while let Some((time, value)) = cursor.pop(end) {
                self.due.push((time + self.input_latency - position, cursor.lane.id, value));
            }
        }
        // Stable: what happens at one time stays in the session's order.
        self.due.sort_by_key(|event| event.0);
        for (offset, id, value) in self.due.drain(..) {
            if let Some(id) = ClapId::from_raw(id) {
                events.push(&ParamValueEvent::new(offset as u32, id, Pckn::match_all(), value));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything a lane sends, played in blocks.
    fn play(lane: &Lane, latency: u64, block: u64, end: u64) -> Vec<(u64, f64)> {
        let mut cursor = Cursor::new(lane.clone());
        let mut events = Vec::new();
        let mut position = 0;
        while position < end {
            position += block;
            if let Some(end) = position.checked_sub(latency) {
                while let Some((time, value)) = cursor.pop(end) {
                    events.push((time + latency, value));
                }
            }
        }
        events.retain(|event| event.0 < end);
        events
    }

    #[test]
    fn lines_meet_their_points_and_the_grid_whatever_the_block() {
        let lane = Lane::new(1, vec![(50, 1.0), (150, 3.0), (250, 3.0), (300, 0.0)], true);
        for latency in [0, 7, 500] {
            let whole = play(&lane, latency, 2000, 2000);
            for block in [1, 17, 32, 333] {
                assert_eq!(play(&lane, latency, block, 2000), whole);
            }
            let times: Vec<u64> = whole.iter().map(|e| e.0 - latency).collect();
            // Flat from 150 to 250: nothing to say. The first value was there before.
            assert_eq!(times, [64, 96, 128, 150, 256, 288, 300]);
            for (time, value) in whole {
                let t = (time - latency) as f64;
                let wanted = if t <= 150.0 { t / 50.0 } else { 3.0 * (300.0 - t) / 50.0 };
                assert!((value - wanted).abs() < 1e-12, "{t}: {value}");
            }
        }
    }

    #[test]
    fn steps_are_sent_at_their_points_alone() {
        let lane = Lane::new(1, vec![(0, 0.0), (100, 1.0), (200, 1.0), (300, 0.0)], false);
        assert_eq!(play(&lane, 0, 64, 1000), [(100, 1.0), (300, 0.0)]);
    }

    #[test]
    fn points_that_fall_on_one_sample_jump() {
        let lane = Lane::new(1, vec![(0, 0.0), (100, 1.0), (100, 5.0), (100, 2.0)], true);
        let events = play(&lane, 0, 64, 1000);
        assert_eq!(events.last(), Some(&(100, 2.0)));
        assert_eq!(events.iter().filter(|e| e.0 == 100).count(), 1);
    }

    #[test]
    fn one_point_is_a_value_that_stands() {
        let lane = Lane::new(1, vec![(70, 2.0)], true);
        assert_eq!(play(&lane, 0, 64, 1000), []);
    }

    #[test]
    fn two_hours_of_a_moving_knob_take_no_room() {
        let lane = Lane::new(1, vec![(0, 0.0), (2 * 3600 * 48_000, 1.0)], true);
        let mut cursor = Cursor::new(lane);
        let mut count = 0;
        while let Some((time, value)) = cursor.pop(u64::MAX) {
            count += 1;
            assert!((value - time as f64 / 345_600_000.0).abs() < 1e-12);
        }
        assert_eq!(count, 345_600_000 / GRID);
    }
}
