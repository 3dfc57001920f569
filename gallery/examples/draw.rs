//! Every editor at any size: `cargo run -p gallery --example draw -- FOLDER SCALE [NAME [ID TEXT]...]`.
//!
//! For looking at what the committed pictures do not show: 75 and 300 %, other settings.

use gallery::SCENES;
use std::path::Path;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, scale, rest @ ..] = &words[..] else { panic!("a folder and a scale") };
    let scale: f32 = scale.parse().expect("a scale, 1 being 100 %");
    let wanted = rest.first();
    let moved: Vec<(&str, &str)> =
        rest.get(1..).unwrap_or_default().chunks_exact(2).map(|p| (&*p[0], &*p[1])).collect();
    for scene in SCENES.iter().filter(|scene| wanted.is_none_or(|name| name == scene.name)) {
        let picture = scene.picture(scale, &moved).unwrap_or_else(|error| panic!("{error}"));
        let path = Path::new(folder).join(format!("{}-{}.png", scene.name, scale * 100.0));
        picture.save(&path).expect("the picture can be written");
        println!("{}", path.display());
    }
}
