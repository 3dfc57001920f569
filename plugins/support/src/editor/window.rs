//! The window of an editor: made anew each time it opens, at the size it last had.
//!
//! nice-plug's egui adapter takes the size when the plugin is made (nice-plug-egui lib.rs:104),
//! before the host restores any state. So the adapter's editor is made when a window opens, and
//! closed windows leave nothing behind but the undo history.

use super::choices::Choices;
use super::desk::Session;
use super::grip::grip;
use super::host_keys::{Forwarder, HostKeys};
use super::kept::{KeptPreset, KeptSize};
use super::page::{Facts, Shown, page};
use super::theme::{self, Look};
use crate::param_view::views;
use crate::presets::library::Source;
use crate::presets::{folder, left_alone};
use crate::readings::Readings;
use crate::shell::StemPlugin;
use crate::spectrum::Taps;
use crate::trace::Trace;
use egui::{Ui, ViewportCommand, vec2};
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::{LogicalSize, NativeSize};
use nice_plug::editor::{
    Editor, EditorHandle, HostMethods, Modifiers, ParentWindowHandle, ResizeHint, SpawnedEditor,
    VirtualKeyCode,
};
use nice_plug_egui::{
    EguiEditorHandle, EguiEditorState, EguiNiceSettings, Frame, NiceEguiApp, RepaintNotifier,
    baseview, create_egui_editor,
};
use std::error::Error;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Smallest and largest scale of a window.
pub(crate) const SCALES: [f32; 2] = [0.75, 3.0];

/// Everything an editor shares with its plugin.
pub(crate) struct Shared<S: StemPlugin> {
    pub(crate) params: Arc<S::Params>,
    pub(crate) readings: Arc<Readings>,
    pub(crate) trace: Arc<Trace>,
    pub(crate) taps: Arc<Taps>,
    pub(crate) facts: Arc<Facts>,
    pub(crate) size: Arc<KeptSize>,
    pub(crate) choices: Arc<Choices>,
    pub(crate) preset: Arc<KeptPreset>,
    pub(crate) repaint: RepaintNotifier,
}

impl<S: StemPlugin> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self {
            params: self.params.clone(),
            readings: self.readings.clone(),
            trace: self.trace.clone(),
            taps: self.taps.clone(),
            facts: self.facts.clone(),
            size: self.size.clone(),
            choices: self.choices.clone(),
            preset: self.preset.clone(),
            repaint: self.repaint.clone(),
        }
    }
}

/// The editor of one plugin instance, open or not.
pub struct StemEditor<S: StemPlugin> {
    shared: Shared<S>,
    session: Arc<Mutex<Session>>,
    /// The adapter's state of the window last opened.
    window: Mutex<Option<Arc<EguiEditorState>>>,
}

impl<S: StemPlugin> StemEditor<S> {
    pub(crate) fn new(shared: Shared<S>) -> Self {
        Self { shared, session: Arc::default(), window: Mutex::new(None) }
    }
}

fn limits<S: StemPlugin>() -> [LogicalSize<f32>; 2] {
    SCALES.map(|scale| LogicalSize::new(S::PAGE[0] * scale, S::PAGE[1] * scale))
}

impl<S: StemPlugin> Editor for StemEditor<S> {
    type Handle = StemHandle;

    fn spawn(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        fallback_scale_factor: Option<f64>,
        gui_context: GuiContext,
        host: Option<HostMethods>,
    ) -> Result<SpawnedEditor<Self::Handle>, Box<dyn Error>> {
        let [width, height] = self.shared.size.get();
        let state = EguiEditorState::from_size(LogicalSize::new(width, height), 1.0);
        let keys = Arc::new(HostKeys::default());
        let app = App {
            shared: self.shared.clone(),
            session: self.session.clone(),
            presets: presets::<S>(folder::of_this_user(S::NAME)),
            keys: keys.clone(),
            context: None,
        };
        let settings =
            EguiNiceSettings::new().with_tile(S::NAME).with_resize_hint(self.resize_hint());
        let editor = create_egui_editor(state.clone(), self.shared.repaint.clone(), settings, app)
            .ok_or("the editor's window could not be made")?;
        let spawned =
            editor.spawn(parent, wait_for_parent, fallback_scale_factor, gui_context, host)?;
        *self.window.lock().unwrap_or_else(PoisonError::into_inner) = Some(state);
        let (size, repaint) = (self.shared.size.clone(), self.shared.repaint.clone());
        let handle = StemHandle { adapter: spawned.handle, size, keys, repaint };
        Ok(SpawnedEditor { handle, window: spawned.window })
    }

    fn size(&self) -> NativeSize<u32> {
        let window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let scale = window.as_ref().map_or(1.0, |state| {
            f64::from(state.physical_size().width) / f64::from(state.logical_size().width.max(1.0))
        });
        let [width, height] = self.shared.size.get();
        NativeSize::from_size(LogicalSize::new(width, height).into(), scale)
    }

    fn resize_hint(&self) -> ResizeHint {
        let [smallest, largest] = limits::<S>();
        ResizeHint::resizable().with_min_max_logical_size(Some(smallest), Some(largest))
    }
}

/// What the host holds while a window is open: the adapter's handle, and what it leaves out.
pub struct StemHandle {
    adapter: EguiEditorHandle,
    size: Arc<KeptSize>,
    keys: Arc<HostKeys>,
    repaint: RepaintNotifier,
}

impl EditorHandle for StemHandle {
    type Window = baseview::Window;
    type Error = baseview::Error;

    fn run_until_closed(window: Self::Window) -> Result<(), Self::Error> {
        EguiEditorHandle::run_until_closed(window)
    }

    fn set_parent(
        &self,
        parent: ParentWindowHandle,
        window: &Self::Window,
    ) -> Result<(), Self::Error> {
        self.adapter.set_parent(parent, window)
    }

    fn show(&self, window: &Self::Window) -> Result<(), Self::Error> {
        self.adapter.show(window)
    }

    fn hide(&self, window: &Self::Window) -> Result<(), Self::Error> {
        self.adapter.hide(window)
    }

    fn set_size(
        &self,
        new_size: NativeSize<u32>,
        window: &Self::Window,
    ) -> Result<(), Self::Error> {
        self.adapter.set_size(new_size, window)?;
        // The window hears of it later, on its own thread; hosts ask for the size at once.
        self.size.set(logical(new_size, window.size().scale_factor));
        Ok(())
    }

    fn host_main_thread_callback(&self, window: &Self::Window) {
        self.adapter.host_main_thread_callback(window);
    }

    fn adjust_size(
        &self,
        new_size: NativeSize<u32>,
        window: &Self::Window,
    ) -> Option<NativeSize<u32>> {
        self.adapter.adjust_size(new_size, window)
    }

    fn set_fallback_scale_factor(
        &self,
        scale_factor: f64,
        window: &Self::Window,
    ) -> Result<(), Self::Error> {
        self.adapter.set_fallback_scale_factor(scale_factor, window)
    }

    fn on_virtual_key_from_host(
        &self,
        key_code: VirtualKeyCode,
        is_down: bool,
        modifiers: Modifiers,
    ) -> bool {
        let is_taken = self.keys.take(key_code, is_down, modifiers);
        if is_taken {
            self.repaint.request_repaint();
        }
        is_taken
    }

    fn state_changed(&self) {
        self.adapter.state_changed();
    }

    fn param_value_changed(&self, id: &str, normalized_value: f32) {
        self.adapter.param_value_changed(id, normalized_value);
    }

    fn param_modulation_changed(&self, id: &str, modulation_offset: f32) {
        self.adapter.param_modulation_changed(id, modulation_offset);
    }
}

/// A host's size in points. macOS counts in points itself, the others in pixels.
fn logical(size: NativeSize<u32>, scale_factor: f64) -> [f32; 2] {
    let scale = if cfg!(target_os = "macos") { 1.0 } else { scale_factor };
    [size.width, size.height].map(|length| (f64::from(length) / scale.max(0.1)) as f32)
}

/// What draws while a window is open.
struct App<S: StemPlugin> {
    shared: Shared<S>,
    session: Arc<Mutex<Session>>,
    presets: Source,
    keys: Arc<HostKeys>,
    context: Option<GuiContext>,
}

impl<S: StemPlugin> NiceEguiApp for App<S> {
    fn build(
        &mut self,
        egui_context: egui::Context,
        context: GuiContext,
        frame: &mut Frame,
    ) -> Result<(), baseview::HandlerError> {
        theme::install_fonts(&egui_context);
        egui_context.add_plugin(Forwarder(self.keys.clone()));
        frame.set_clear_color(theme::WINDOW.into());
        self.context = Some(context);
        self.shared.readings.watch();
        Ok(())
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut Frame) {
        let Some(context) = &self.context else { return };
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        draw(ui, &self.shared, &self.presets, &mut session, context);
        // A state loaded into an open window brings its size along.
        if let Some([width, height]) = self.shared.size.take_restored()
            && (vec2(width, height) - ui.max_rect().size()).abs().max_elem() >= 1.0
        {
            ui.ctx().send_viewport_cmd(ViewportCommand::InnerSize(vec2(width, height)));
        }
    }

    fn resized(&mut self, new_size: baseview::WindowSize) {
        let size = [new_size.logical.width as f32, new_size.logical.height as f32];
        self.shared.size.set(size);
    }
}

impl<S: StemPlugin> Drop for App<S> {
    fn drop(&mut self) {
        if let Some(context) = &self.context {
            self.shared.readings.unwatch();
            let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
            session.close(&views(&*self.shared.params), context);
        }
    }
}

/// Where a plugin's presets come from, the user's from `folder`.
pub(crate) fn presets<S: StemPlugin>(folder: Option<PathBuf>) -> Source {
    Source { plugin: S::NAME, factory: S::PRESETS, left_alone: left_alone::<S>(), folder }
}

/// Draws one frame of all that the window shows.
pub(crate) fn draw<S: StemPlugin>(
    ui: &mut Ui,
    shared: &Shared<S>,
    presets: &Source,
    session: &mut Session,
    context: &GuiContext,
) {
    let shown = Shown {
        name: S::NAME,
        monitors: S::MONITORS,
        readings: &shared.readings,
        trace: &shared.trace,
        taps: &shared.taps,
        facts: &shared.facts,
        choices: &shared.choices,
        presets,
        kept_preset: &shared.preset,
        why_idle: &|id| S::why_idle(&shared.params, id),
    };
    page::<S>(ui, &shown, &shared.params, session, context);
    let window = ui.max_rect().size();
    let scale = Look::fitting(S::PAGE.into(), window).scale;
    grip(ui, scale, limits::<S>().map(|size| vec2(size.width, size.height)));
}

#[cfg(all(test, not(target_os = "macos")))]
mod tests {
    use super::*;

    #[test]
    fn a_hosts_pixels_are_points_times_the_scale() {
        assert_eq!(logical(NativeSize::new(1680, 990), 1.5), [1120.0, 660.0]);
        assert_eq!(logical(NativeSize::new(1120, 660), 1.0), [1120.0, 660.0]);
        assert!(logical(NativeSize::new(100, 100), 0.0).iter().all(|length| length.is_finite()));
    }
}
