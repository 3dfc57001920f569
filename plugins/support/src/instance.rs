//! A plugin without a host: for pictures of its window and for measurements.

use crate::editor::bench::Recorder;
use crate::editor::desk::Session;
use crate::editor::theme;
use crate::editor::window::{Shared, draw, presets};
use crate::param_view::views;
use crate::shell::{Shell, StemPlugin};
use nice_plug::context::gui::GuiContext;
use std::sync::Arc;

/// One instance of a plugin: it processes, publishes and draws as it does in a host.
pub struct Instance<S: StemPlugin> {
    shell: Shell<S>,
    shared: Shared<S>,
}

impl<S: StemPlugin> Instance<S> {
    /// An instance at a sample rate in Hz, all parameters at their defaults.
    pub fn new(rate_hz: f32) -> Self {
        let mut shell = Shell::<S>::default();
        shell.prepare(rate_hz);
        let shared = shell.shared();
        Self { shell, shared }
    }

    /// Sets the parameter with an id to what a text means, as if it were typed.
    ///
    /// # Panics
    /// When there is no such parameter, or the text means nothing to it.
    pub fn set(&self, id: &str, text: &str) {
        let views = views(&*self.shared.params);
        let view = views.iter().find(|view| view.id == id);
        let view = view.unwrap_or_else(|| panic!("{} has no parameter {id}", S::NAME));
        let value = view.parse(text).unwrap_or_else(|| panic!("{id} cannot be {text}"));
        view.set_detached(value);
    }

    /// Chooses an option on the page, both by their ids.
    ///
    /// # Panics
    /// When there is no such choice, or it has no such option.
    pub fn choose(&self, id: &str, option: &str) {
        let index = S::CHOICES.iter().position(|choice| choice.id == id);
        let index = index.unwrap_or_else(|| panic!("{} has nothing named {id}", S::NAME));
        let option_at = S::CHOICES[index].options.iter().position(|other| *other == option);
        let option_at = option_at.unwrap_or_else(|| panic!("{id} cannot be {option}"));
        self.shared.choices.set(index, option_at);
    }

    /// Processes one block in place, keyed if there is a key.
    pub fn process(&mut self, audio: &mut [&mut [f32]], key: &[&mut [f32]]) {
        self.shell.run(audio, key);
    }

    /// The latest value of the reading at `index`, NaN when there is none.
    pub fn reading(&self, index: usize) -> f32 {
        self.shared.readings.get(index)
    }

    /// Has it measure for an editor that is open, from now on.
    pub fn watch(&self) {
        self.shared.readings.watch();
    }

    /// Plays two seconds of a tone and then silence to an instance set so and looked at, and counts the
    /// columns of the history in which any reading moved, in the ten seconds after the first half minute:
    /// what an open page would be drawn for in silence.
    pub fn moves_in_silence(settings: &[(&str, &str)]) -> usize {
        const BLOCK: usize = 800;
        let mut instance = Self::new(48_000.0);
        for (id, text) in settings {
            instance.set(id, text);
        }
        instance.watch();
        let mut play = |blocks: usize, level: f32| {
            let mut moves = 0;
            for block in 0..blocks {
                let mut tone: [f32; BLOCK] =
                    std::array::from_fn(|n| level * (0.1 * (block * BLOCK + n) as f32).sin());
                let mut other = tone;
                let mut keys = [tone; 2];
                let key: Vec<&mut [f32]> = keys.iter_mut().map(|key| &mut key[..]).collect();
                let before: Vec<u32> =
                    instance.shared.readings.iter().map(|(_, value)| value.to_bits()).collect();
                instance.process(&mut [&mut tone, &mut other], &key);
                let after = instance.shared.readings.iter().map(|(_, value)| value.to_bits());
                moves += usize::from(!before.into_iter().eq(after));
            }
            moves
        };
        assert!(play(120, 0.25) > 60, "a tone moves nothing");
        play(30 * 60, 0.0);
        play(10 * 60, 0.0)
    }

    /// What draws a frame of its window into all of a `Ui`, frame after frame.
    pub fn window(&self) -> impl FnMut(&mut egui::Ui) + use<S> {
        let shared = self.shared.clone();
        let host = Recorder { params: shared.params.clone(), ..Recorder::default() };
        let context = GuiContext::new(Arc::new(host));
        let mut session = Session::default();
        // Nobody's own presets: the picture is the same everywhere.
        let presets = presets::<S>(None);
        let mut has_fonts = false;
        move |ui| {
            // The typefaces arrive with the next frame, as in a window.
            if std::mem::replace(&mut has_fonts, true) {
                draw(ui, &shared, &presets, &mut session, &context);
            } else {
                theme::install_fonts(ui.ctx());
            }
        }
    }
}
