//! The list of editors, and how each is drawn.

use crate::programme;
use egui_kittest::Harness;
use image::RgbaImage;
use limiter::StemLimiter;
use stem_trim::StemTrim;
use support::StemPlugin;
use support::instance::Instance;

/// Frames in a host's block.
const BLOCK: usize = 480;
/// How often it is drawn before the picture: typefaces and layout settle, as do glides.
const PICTURES_BEFORE: usize = 30;
/// Of a display.
const PICTURES_PER_SECOND: f32 = 60.0;
const FRAMES_BETWEEN_PICTURES: usize = (programme::RATE_HZ / PICTURES_PER_SECOND) as usize;

/// Every editor there is: a plugin, and the settings its picture shows.
pub const SCENES: &[Scene] = &[
    Scene::of::<StemTrim>(
        "stem-trim",
        &[("gain", "-2.5"), ("role", "Lead Vocal"), ("high-pass", "80"), ("width", "120")],
    ),
    Scene::of::<StemLimiter>("limiter", &[("gain", "6"), ("ceiling", "-1"), ("mode", "Strict")]),
];

/// Parameters: id, and the text one would type.
pub type Settings<'a> = &'a [(&'a str, &'a str)];

/// One editor with something to show.
#[derive(Clone, Copy)]
pub struct Scene {
    /// Its file name, the plugin's crate.
    pub name: &'static str,
    /// Parameters that are not at their defaults.
    pub settings: Settings<'static>,
    open: fn(Settings<'_>, Settings<'_>) -> Window,
}

/// A window that nobody has opened yet, for some [`Scene`].
pub struct Window {
    /// Width and height at 100 %, in points.
    pub page: [f32; 2],
    /// Draws a frame of it into all of a `Ui`.
    pub draw: Box<dyn FnMut(&mut egui::Ui)>,
    /// Has the plugin hear as much more as lies between two frames.
    pub hear: Box<dyn FnMut()>,
}

impl Scene {
    const fn of<S: StemPlugin>(name: &'static str, settings: Settings<'static>) -> Self {
        Self { name, settings, open: open::<S> }
    }

    /// Its window once the plugin has heard the programme, some parameters moved afterwards.
    pub fn window(&self, moved: Settings<'_>) -> Window {
        (self.open)(self.settings, moved)
    }

    /// Its picture, `scale` times the size of the page.
    ///
    /// # Errors
    /// When nothing here can draw.
    pub fn picture(&self, scale: f32, moved: Settings<'_>) -> Result<RgbaImage, String> {
        let mut harness = harness(self.window(moved), scale);
        harness.run_steps(PICTURES_BEFORE);
        harness.render()
    }
}

/// The window on a screen of its own, `scale` times the size of the page.
pub fn harness(window: Window, scale: f32) -> Harness<'static> {
    let Window { page, mut draw, .. } = window;
    Harness::builder()
        .with_size(egui::Vec2::from(page) * scale)
        .with_step_dt(1.0 / PICTURES_PER_SECOND)
        .build_ui(move |ui| {
            let window = ui.ctx().viewport_rect();
            draw(&mut ui.new_child(egui::UiBuilder::new().max_rect(window)));
        })
}

fn open<S: StemPlugin>(settings: Settings<'_>, moved: Settings<'_>) -> Window {
    let mut instance = Instance::<S>::new(programme::RATE_HZ);
    let set = |instance: &Instance<S>, list: Settings<'_>| {
        for (id, text) in list {
            instance.set(id, text);
        }
    };
    instance.watch();
    set(&instance, settings);
    let programme = programme::stereo();
    let length = programme[0].len();
    let mut from = 0;
    let mut hear = move |instance: &mut Instance<S>, frames: usize| {
        let to = (from + frames).min(length);
        let [mut left, mut right] =
            [0, 1].map(|channel: usize| programme[channel][from..to].to_vec());
        instance.process(&mut [&mut left, &mut right], &[]);
        from = to % length;
    };
    (0..length / BLOCK).for_each(|_| hear(&mut instance, BLOCK));
    set(&instance, moved);
    let draw = Box::new(instance.window());
    let hear = Box::new(move || hear(&mut instance, FRAMES_BETWEEN_PICTURES));
    Window { page: S::PAGE, draw, hear }
}
