//! What a frame of each editor costs us: `cargo run --release -p gallery --example frame_cost`.
//!
//! Everything between an input and a list of triangles, for a plugin that hears something: the page,
//! egui's own work, and cutting shapes into triangles. What the graphics driver does with them, and a
//! software rasteriser above all, is not in it.

use egui::{Context, RawInput, Rect, Vec2};
use gallery::SCENES;
use std::time::{Duration, Instant};

/// Frames measured of each editor, after as many that are not.
const FRAMES: usize = 600;
/// Between two frames of a display, in milliseconds.
const INTERVAL_MS: f64 = 1e3 / 60.0;

fn main() {
    println!(
        "{:<12} {:>5} {:>9} {:>9} {:>9} {:>8}",
        "ms", "%", "page", "egui", "triangles", "of 60 Hz"
    );
    for scene in SCENES {
        for scale in [1.0, 2.0] {
            let mut window = scene.window(&[]);
            let context = Context::default();
            let size = Vec2::from(window.page) * scale;
            let mut costs = [const { Vec::new() }; 3];
            for frame in 0..2 * FRAMES {
                (window.hear)();
                let input = RawInput {
                    screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, size)),
                    time: Some(frame as f64 / 60.0),
                    ..RawInput::default()
                };
                let mut page = Duration::ZERO;
                let begin = Instant::now();
                let mut output = context.run_ui(input, |ui| {
                    let begin = Instant::now();
                    let window_rect = ui.ctx().viewport_rect();
                    let mut all = ui.new_child(egui::UiBuilder::new().max_rect(window_rect));
                    (window.draw)(&mut all);
                    page += begin.elapsed();
                });
                let all = begin.elapsed();
                // No card is there to have its textures changed.
                output.textures_delta.clear();
                let begin = Instant::now();
                let triangles = context.tessellate(output.shapes, output.pixels_per_point);
                let cutting = begin.elapsed();
                if frame >= FRAMES {
                    assert!(!triangles.is_empty(), "nothing is drawn");
                    for (list, cost) in
                        costs.iter_mut().zip([page, all.saturating_sub(page), cutting])
                    {
                        list.push(cost);
                    }
                }
            }
            let [page, egui, cutting] = costs.map(median_ms);
            let share = (page + egui + cutting) / INTERVAL_MS * 100.0;
            println!(
                "{:<12} {:>5} {page:>9.3} {egui:>9.3} {cutting:>9.3} {share:>7.1} %",
                scene.name,
                scale * 100.0
            );
        }
    }
}

fn median_ms(mut costs: Vec<Duration>) -> f64 {
    costs.sort_unstable();
    costs[costs.len() / 2].as_secs_f64() * 1e3
}
