//! The points of the goniometer: where they lie, how long they glow.
//!
//! ```text
//! x = (r − l)/2,  y = (l + r)/2        p = max(|l|, |r|) / reference,   (x, y) ← (x, y)·p^(−1/2)
//! ```
//!
//! So left alone lies on the diagonal to the upper left, and both alike on the upright. The square root
//! keeps every direction and brings out what is quiet: a mix lives 16 dB under its peaks, which is 0.16 of
//! the way without it and 0.4 with it. The reference is the largest sample of late; it rises at once and
//! returns by 6 dB a second, so a quiet mix fills the picture and no peak leaves it: |x| + |y| ≤ 1. Under
//! −48 dBFS it rests, and noise does not fill anything.
//!
//! Points glow for 0.4 s and are at most 1500: of each stretch of samples one is picked at random, since
//! every n-th would turn a tone into a few points.

use egui::epaint::{Mesh, Vertex, WHITE_UV};
use egui::{Pos2, Rect, Vec2, vec2};
use shared_dsp::random::Random;
use std::collections::VecDeque;
use support::editor::theme;
use support::spectrum::{Point, Taps};

/// How long a point glows, in seconds, and how many there are at most.
const GLOW_S: f64 = 0.4;
const POINTS: usize = 1500;
/// What lies under this is silence: no point.
const LEAST: f32 = 3e-5;
/// The least reference, −48 dBFS, and how fast it returns.
const LEAST_REFERENCE: f32 = 0.003_981_072;
const RETURN_DB_PER_S: f32 = 6.0;

/// One sample of both channels, and when it was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dot {
    at_s: f64,
    frame: [f32; 2],
}

/// What still glows.
#[derive(Debug)]
pub(super) struct Cloud {
    pub(super) dots: VecDeque<Dot>,
    room: [Vec<f32>; 2],
    seen: u64,
    looked_s: f64,
    reference: f32,
    random: Random,
}

impl Default for Cloud {
    fn default() -> Self {
        Self {
            dots: VecDeque::with_capacity(POINTS),
            room: Default::default(),
            seen: 0,
            looked_s: 0.0,
            reference: LEAST_REFERENCE,
            random: Random::new(0x0067_6F6E_696F),
        }
    }
}

fn largest([left, right]: [f32; 2]) -> f32 {
    left.abs().max(right.abs())
}

/// Where a sample lies, in a frame of 1 to each side.
fn place([left, right]: [f32; 2], reference: f32) -> Vec2 {
    let share = largest([left, right]) / reference;
    if share <= 0.0 || !share.is_finite() {
        return Vec2::ZERO;
    }
    let scale = 0.5 / (reference * share.sqrt());
    scale * vec2(right - left, -(left + right))
}

impl Cloud {
    /// Takes in what has come since the last look.
    pub(super) fn look(&mut self, taps: &Taps, now_s: f64) {
        let elapsed_s = (now_s - self.looked_s).max(0.0);
        self.looked_s = now_s;
        let fresh = taps.latest(Point::Input, &mut [], &mut []).wrapping_sub(self.seen);
        let fresh = usize::try_from(fresh).unwrap_or(usize::MAX).min(taps.length());
        let [left, right] = &mut self.room;
        left.resize(fresh, 0.0);
        right.resize(fresh, 0.0);
        self.seen = taps.latest(Point::Input, left, right);
        let fallen = self.reference * 10f32.powf(-RETURN_DB_PER_S * elapsed_s as f32 / 20.0);
        self.reference = fallen.max(LEAST_REFERENCE);
        let rate_hz = f64::from(taps.rate_hz());
        let stretch = ((rate_hz * GLOW_S / POINTS as f64) as usize).max(1);
        for (n, (left, right)) in left.chunks(stretch).zip(right.chunks(stretch)).enumerate() {
            let picked = (self.random.unit() * left.len() as f64) as usize;
            let frame = [left[picked], right[picked]];
            let peak = left.iter().zip(right).map(|(l, r)| largest([*l, *r])).fold(0.0, f32::max);
            self.reference = self.reference.max(peak);
            if largest(frame) < LEAST {
                continue;
            }
            let ago_s = (fresh - n * stretch - picked) as f64 / rate_hz;
            self.dots.push_back(Dot { at_s: now_s - ago_s, frame });
        }
        while self.dots.len() > POINTS
            || self.dots.front().is_some_and(|dot| now_s - dot.at_s > GLOW_S)
        {
            self.dots.pop_front();
        }
        let glowing = self.dots.iter().map(|dot| largest(dot.frame)).fold(0.0, f32::max);
        self.reference = self.reference.max(glowing);
    }

    /// All of it in one mesh.
    pub(super) fn mesh(
        &self,
        now_s: f64,
        dot: f32,
        on_screen: impl Fn(Vec2) -> Pos2,
        out_of_phase: bool,
    ) -> Mesh {
        let mut mesh = Mesh::default();
        mesh.reserve_vertices(4 * self.dots.len());
        mesh.reserve_triangles(2 * self.dots.len());
        for Dot { at_s, frame } in &self.dots {
            let at = place(*frame, self.reference);
            let flat = out_of_phase && at.x.abs() > at.y.abs();
            let colour = if flat { theme::OVER } else { theme::SIGNAL };
            let left = (1.0 - (now_s - at_s) / GLOW_S).clamp(0.0, 1.0) as f32;
            let color = colour.gamma_multiply(0.08 + 0.92 * left * left);
            let square = Rect::from_center_size(on_screen(at), Vec2::splat(dot));
            let first = mesh.vertices.len() as u32;
            let corners = [
                square.left_top(),
                square.right_top(),
                square.right_bottom(),
                square.left_bottom(),
            ];
            mesh.vertices.extend(corners.map(|pos| Vertex { pos, uv: WHITE_UV, color }));
            mesh.add_triangle(first, first + 1, first + 2);
            mesh.add_triangle(first, first + 2, first + 3);
        }
        mesh
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    /// A cloud that has looked at some seconds of sound sixty times a second, and when that was.
    fn seen(seconds: f64, sound: impl Fn(f64) -> [f32; 2]) -> (Cloud, Taps, f64) {
        let (taps, mut cloud) = (Taps::default(), Cloud::default());
        cloud.look(&taps, 0.0);
        let looks = (seconds * 60.0) as usize;
        for n in 0..looks {
            let frames: Vec<[f32; 2]> =
                (n * 800..(n + 1) * 800).map(|at| sound(at as f64 / 48_000.0)).collect();
            let channel = |c: usize| frames.iter().map(|frame| frame[c]).collect::<Vec<f32>>();
            taps.push(Point::Input, &[&channel(0), &channel(1)]);
            cloud.look(&taps, (n + 1) as f64 / 60.0);
        }
        (cloud, taps, looks as f64 / 60.0)
    }

    fn places(cloud: &Cloud) -> Vec<Vec2> {
        cloud.dots.iter().map(|dot| place(dot.frame, cloud.reference)).collect()
    }

    fn tone(amplitude: f64) -> impl Fn(f64) -> f32 {
        move |s| (amplitude * (TAU * 997.0 * s).sin()) as f32
    }

    #[test]
    fn directions_are_those_of_the_channels() {
        for (frame, towards) in [
            ([0.5, 0.5], vec2(0.0, -1.0)),
            ([0.5, 0.0], vec2(-0.5, -0.5)),
            ([0.0, 0.5], vec2(0.5, -0.5)),
            ([0.5, -0.5], vec2(-1.0, 0.0)),
            ([-0.5, 0.5], vec2(1.0, 0.0)),
            ([-0.5, -0.5], vec2(0.0, 1.0)),
        ] {
            assert!((place(frame, 0.5) - towards).length() < 1e-6, "{frame:?}");
            // A quarter of it, 12 dB less, lies half as far, in the same direction.
            let less = place(frame.map(|x| 0.25 * x), 0.5);
            assert!((less - 0.5 * towards).length() < 1e-6, "{frame:?}: {less:?}");
        }
        assert_eq!(place([0.0, 0.0], 0.5), Vec2::ZERO);
    }

    #[test]
    fn nothing_leaves_the_frame_and_what_is_quiet_fills_it() {
        for amplitude in [4.0, 1.0, 0.1, 0.01] {
            let (left, right) = (tone(amplitude), tone(-0.7 * amplitude));
            // It gets 40 dB softer and louder again, faster than the reference returns.
            let swell = |s: f64| if (s * 3.0).fract() < 0.5 { 1.0 } else { 0.01 };
            let (cloud, _, _) = seen(2.0, |s| [left(s) * swell(s), right(s * 1.01) * swell(s)]);
            let reach = places(&cloud).iter().map(|at| at.x.abs() + at.y.abs()).fold(0.0, f32::max);
            assert!(reach <= 1.0 + 1e-5, "{amplitude}: {reach}");
            assert!(reach > 0.85, "{amplitude}: {reach}");
        }
    }

    #[test]
    fn mono_is_an_upright_line_and_what_cancels_lies_flat() {
        let wave = tone(0.3);
        let (cloud, ..) = seen(1.0, |s| [wave(s); 2]);
        assert!(places(&cloud).iter().all(|at| at.x == 0.0));
        let (cloud, ..) = seen(1.0, |s| [wave(s), -wave(s)]);
        assert!(places(&cloud).iter().all(|at| at.y == 0.0));
    }

    #[test]
    fn a_tone_is_not_a_few_points() {
        // Every 12th sample of 4 kHz would be one point.
        let (cloud, ..) = seen(1.0, |s| [(0.5 * (TAU * 4000.0 * s + 0.1).sin()) as f32; 2]);
        let mut heights: Vec<i32> =
            places(&cloud).iter().map(|at| (at.y * 1000.0).round() as i32).collect();
        heights.sort_unstable();
        heights.dedup();
        assert!(heights.len() >= 12, "{heights:?}");
    }

    #[test]
    fn it_has_so_many_points_at_every_rate_and_then_none() {
        for rate_hz in [8000.0f32, 44_100.0, 48_000.0, 192_000.0] {
            let (taps, mut cloud) = (Taps::default(), Cloud::default());
            taps.set_rate_hz(rate_hz);
            cloud.look(&taps, 0.0);
            let block = vec![0.3f32; (rate_hz / 60.0) as usize];
            for n in 1..=60 {
                taps.push(Point::Input, &[&block, &block]);
                cloud.look(&taps, f64::from(n) / 60.0);
            }
            let wanted = ((f64::from(rate_hz) * GLOW_S) as usize).min(POINTS);
            let count = cloud.dots.len();
            assert!(count <= POINTS && count > wanted * 9 / 10, "{count} at {rate_hz}");
            let mesh = cloud.mesh(1.0, 2.0, egui::Vec2::to_pos2, false);
            assert!(mesh.is_valid() && mesh.vertices.len() == 4 * count);
            cloud.look(&taps, 1.0 + 1.01 * GLOW_S);
            assert!(cloud.dots.is_empty(), "at {rate_hz}");
        }
    }

    #[test]
    fn silence_has_no_points() {
        let (cloud, ..) = seen(0.5, |_| [0.0; 2]);
        assert!(cloud.dots.is_empty());
        assert_eq!(cloud.reference, LEAST_REFERENCE);
    }

    #[test]
    fn the_reference_returns_slowly() {
        let wave = tone(1.0);
        let (mut cloud, taps, now_s) = seen(0.5, |s| [wave(s); 2]);
        let before = cloud.reference;
        taps.push(Point::Input, &[&vec![0.0; 9000], &vec![0.0; 9000]]);
        cloud.look(&taps, now_s + 2.0);
        let fallen_db = 20.0 * (before / cloud.reference).log10();
        assert!((fallen_db - 12.0).abs() < 0.01, "{fallen_db} dB in two seconds");
    }
}
