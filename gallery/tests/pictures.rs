//! The committed pictures of the editors are what is drawn now; with `STEMWRIGHT_BLESS` set
//! (`cargo xtask screenshots`) they become it.

use egui_kittest::wgpu::WgpuTestRenderer;
use gallery::compare::{Difference, difference};
use gallery::{SCENES, Scene, not_run};
use image::RgbaImage;
use std::fs;
use std::path::{Path, PathBuf};

/// Sizes of the pictures, and what their names end with.
const SIZES: [(f32, &str); 2] = [(1.0, ""), (2.0, "@2x")];
const NO_DEVICE: &str = "pictures of the editors: nothing here can draw them; \
                         `sudo apt install mesa-vulkan-drivers` brings a Vulkan that can";

#[test]
fn pictures() {
    // The renderer panics where there is no device.
    if std::panic::catch_unwind(WgpuTestRenderer::new).is_err() {
        return not_run(NO_DEVICE);
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images");
    let differing = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures");
    let is_blessed = std::env::var_os("STEMWRIGHT_BLESS").is_some();
    let mut wrong = Vec::new();
    for scene in SCENES {
        for (scale, suffix) in SIZES {
            let file = format!("{}{suffix}.png", scene.name);
            let now = draw(scene, scale, &[]);
            if is_blessed {
                save(&now, &folder, &file);
            } else if let Err(error) = compare(scene, scale, &now, &folder.join(&file)) {
                let seen = save(&now, &differing, &file);
                wrong.push(format!("{error}; it is now {}", seen.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n`cargo xtask screenshots` draws them anew: look at them before you commit them",
        wrong.join("\n")
    );
}

fn compare(scene: &Scene, scale: f32, now: &RgbaImage, committed: &Path) -> Result<(), String> {
    let name = committed.display();
    let expected = image::open(committed).map_err(|error| format!("{name}: {error}"))?;
    let found = difference(&expected.into_rgba8(), now);
    println!("{name}: {found:?}");
    if !found.is_some_and(Difference::is_tolerable) {
        return Err(format!("{name} is not what is drawn now: {found:?}"));
    }
    // The comparison proves each time that it would see something.
    let moved = difference(now, &draw(scene, scale, &[scene.moved]));
    println!("    {:?}: {moved:?}", scene.moved);
    if moved.is_some_and(Difference::is_tolerable) {
        return Err(format!("{name} looks the same with {:?}: {moved:?}", scene.moved));
    }
    Ok(())
}

fn draw(scene: &Scene, scale: f32, moved: &[(&str, &str)]) -> RgbaImage {
    scene.picture(scale, moved).unwrap_or_else(|error| panic!("{}: {error}", scene.name))
}

fn save(picture: &RgbaImage, folder: &Path, file: &str) -> PathBuf {
    fs::create_dir_all(folder).expect("a folder for pictures");
    let path = folder.join(file);
    picture.save(&path).expect("the picture can be written");
    path
}
