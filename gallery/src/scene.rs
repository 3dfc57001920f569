//! The list of editors, and how each is drawn.

use crate::programme;
use bus_compressor::StemBusCompressor;
use de_esser::StemDeEsser;
use dynamic_eq::StemDynamicEq;
use egui_kittest::Harness;
use image::RgbaImage;
use limiter::StemLimiter;
use meter::StemMeter;
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
        ("gain", "-1"),
    ),
    Scene::of::<StemDynamicEq>("dynamic-eq", ROOM_FOR_A_VOICE, ("gain_1", "-2.5"))
        .keyed()
        .choosing(&[("band", "2"), ("spectrum-slope", "3")]),
    Scene::of::<StemDynamicEq>(
        "dynamic-eq-unmask",
        &[("unmask", "On"), ("unmask-depth", "4"), ("key-level", "-20")],
        ("unmask-depth", "8"),
    )
    .keyed()
    .choosing(&[("bands", "unmask"), ("spectrum-slope", "3")]),
    Scene::of::<StemBusCompressor>(
        "bus-compressor",
        &[("threshold", "-20"), ("ratio", "3"), ("character", "Bus"), ("key-high-pass", "90")],
        ("threshold", "-26"),
    ),
    Scene::of::<StemDeEsser>(
        "de-esser",
        &[("range", "8"), ("sensitivity", "45"), ("high", "10000")],
        ("low", "4600"),
    )
    .of_speech(),
    Scene::of::<StemLimiter>(
        "limiter",
        &[("gain", "6"), ("ceiling", "-1"), ("mode", "Strict")],
        ("gain", "-1"),
    ),
    Scene::of::<StemMeter>("meter", &[], ("target", "Podcast, stereo"))
        .hearing(programme::song, programme::reference)
        .live()
        .choosing(&[("slope", "3"), ("difference", "on")]),
];

/// A little less mud, air on top, and a step back where a voice is.
const ROOM_FOR_A_VOICE: Settings<'static> = &[
    ("on_1", "On"),
    ("frequency_1", "300"),
    ("gain_1", "-2"),
    ("q_1", "0.9"),
    ("on_2", "On"),
    ("frequency_2", "2900"),
    ("q_2", "1.2"),
    ("range_2", "-4"),
    ("threshold_2", "-21"),
    ("ratio_2", "2"),
    ("attack_2", "12"),
    ("release_2", "180"),
    ("key_2", "External"),
    ("on_3", "On"),
    ("type_3", "High Shelf"),
    ("frequency_3", "12000"),
    ("gain_3", "1"),
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
    /// A parameter elsewhere: a movement that has to be seen, small as it is.
    pub moved: (&'static str, &'static str),
    /// What it hears.
    programme: fn() -> [Vec<f32>; 2],
    key: Option<fn() -> [Vec<f32>; 2]>,
    /// Whether it goes on hearing while it is drawn: what it shows is gone half a second later.
    is_live: bool,
    /// What is chosen on its page: id, and the option's.
    chosen: Settings<'static>,
    open: fn(&Scene, Settings<'_>) -> Window,
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
    const fn of<S: StemPlugin>(
        name: &'static str,
        settings: Settings<'static>,
        moved: (&'static str, &'static str),
    ) -> Self {
        let programme = programme::stereo;
        Self {
            name,
            settings,
            moved,
            programme,
            key: None,
            is_live: false,
            chosen: &[],
            open: open::<S>,
        }
    }

    /// The same with a voice on the key input.
    const fn keyed(mut self) -> Self {
        self.key = Some(|| [programme::voice(), programme::voice()]);
        self
    }

    /// The same with another programme, and one on the key input.
    const fn hearing(
        mut self,
        programme: fn() -> [Vec<f32>; 2],
        key: fn() -> [Vec<f32>; 2],
    ) -> Self {
        (self.programme, self.key) = (programme, Some(key));
        self
    }

    /// The same with speech in the place of the mix.
    const fn of_speech(mut self) -> Self {
        self.programme = programme::speech;
        self
    }

    /// The same while it is heard.
    const fn live(mut self) -> Self {
        self.is_live = true;
        self
    }

    /// The same with some things chosen on its page.
    const fn choosing(mut self, chosen: Settings<'static>) -> Self {
        self.chosen = chosen;
        self
    }

    /// Its window once the plugin has heard the programme, some parameters moved afterwards.
    pub fn window(&self, moved: Settings<'_>) -> Window {
        (self.open)(self, moved)
    }

    /// Its picture, `scale` times the size of the page.
    ///
    /// # Errors
    /// When nothing here can draw.
    pub fn picture(&self, scale: f32, moved: Settings<'_>) -> Result<RgbaImage, String> {
        let mut window = self.window(moved);
        let mut hear = std::mem::replace(&mut window.hear, Box::new(|| {}));
        let mut harness = harness(window, scale);
        for _ in 0..PICTURES_BEFORE {
            if self.is_live {
                hear();
            }
            harness.run_steps(1);
        }
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

fn open<S: StemPlugin>(scene: &Scene, moved: Settings<'_>) -> Window {
    let mut instance = Instance::<S>::new(programme::RATE_HZ);
    let set = |instance: &Instance<S>, list: Settings<'_>| {
        for (id, text) in list {
            instance.set(id, text);
        }
    };
    instance.watch();
    set(&instance, scene.settings);
    for (id, option) in scene.chosen {
        instance.choose(id, option);
    }
    first_look(instance.window(), S::PAGE);
    let programme = (scene.programme)();
    let key = scene.key.map(|key| key());
    let length = programme[0].len();
    let mut from = 0;
    let mut hear = move |instance: &mut Instance<S>, frames: usize| {
        let to = (from + frames).min(length);
        let piece =
            |of: &[Vec<f32>; 2]| [0, 1].map(|channel: usize| of[channel][from..to].to_vec());
        let [mut left, mut right] = piece(&programme);
        let audio: &mut [&mut [f32]] = &mut [&mut left, &mut right];
        if let Some(key) = &key {
            let [mut left, mut right] = piece(key);
            instance.process(audio, &[&mut left, &mut right]);
        } else {
            instance.process(audio, &[]);
        }
        from = to % length;
    };
    (0..length / BLOCK).for_each(|_| hear(&mut instance, BLOCK));
    set(&instance, moved);
    let draw = Box::new(instance.window());
    let hear = Box::new(move || hear(&mut instance, FRAMES_BETWEEN_PICTURES));
    Window { page: S::PAGE, draw, hear }
}

/// Looks at the page before there is anything to hear: what is only kept once somebody looks (see
/// [`support::spectrum`]) is there from the beginning.
fn first_look(mut draw: impl FnMut(&mut egui::Ui), page: [f32; 2]) {
    let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, page.into());
    let context = egui::Context::default();
    for _ in 0..2 {
        let input = egui::RawInput { screen_rect: Some(screen), ..egui::RawInput::default() };
        context.run_ui(input, &mut draw).drop_without_applying_deltas();
    }
}
