//! A plain editor: every parameter as a slider, every reading as a number, until the real one comes.

use crate::param_view::{Kind, views};
use crate::readings::Readings;
use egui::{RichText, ScrollArea, Slider};
use nice_plug::context::gui::GuiContext;
use nice_plug::editor::dpi::LogicalSize;
use nice_plug::prelude::Params;
use nice_plug_egui::{EguiEditorState, Frame, NiceEguiApp};
use std::sync::Arc;
use std::time::Duration;

/// What a plugin adds to its placeholder editor.
pub trait PlaceholderUi: Sized + Send + 'static {
    /// Its parameters.
    type Params: Params + Default;

    /// Its own rows below the parameters.
    fn rows(
        _ui: &mut egui::Ui,
        _params: &Self::Params,
        _readings: &Readings,
        _context: &GuiContext,
    ) {
    }
}

/// The placeholder's window size.
pub(crate) fn new_state() -> Arc<EguiEditorState> {
    EguiEditorState::from_size(LogicalSize::new(520.0, 560.0), 1.0)
}

/// The placeholder editor of one plugin.
pub struct PlaceholderApp<S: PlaceholderUi> {
    name: &'static str,
    params: Arc<S::Params>,
    readings: Arc<Readings>,
    context: Option<GuiContext>,
}

impl<S: PlaceholderUi> PlaceholderApp<S> {
    pub(crate) fn new(name: &'static str, params: Arc<S::Params>, readings: Arc<Readings>) -> Self {
        Self { name, params, readings, context: None }
    }
}

impl<S: PlaceholderUi> NiceEguiApp for PlaceholderApp<S> {
    fn build(
        &mut self,
        _egui_context: egui::Context,
        context: GuiContext,
        _frame: &mut Frame,
    ) -> Result<(), nice_plug_egui::baseview::HandlerError> {
        self.context = Some(context);
        Ok(())
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut Frame) {
        let Some(context) = self.context.clone() else { return };
        egui::Frame::central_panel(ui.style()).show(ui, |ui| {
            ui.set_min_size(ui.available_size());
            ui.heading(self.name);
            ui.label(RichText::new(concat!("Stemwright ", env!("CARGO_PKG_VERSION"))).weak());
            ui.separator();
            ScrollArea::vertical().show(ui, |ui| {
                parameter_rows(ui, &*self.params, &context);
                ui.separator();
                S::rows(ui, &self.params, &self.readings, &context);
                reading_rows(ui, &self.readings);
            });
        });
        ui.ctx().request_repaint_after(Duration::from_millis(33));
    }
}

fn parameter_rows<P: Params>(ui: &mut egui::Ui, params: &P, context: &GuiContext) {
    egui::Grid::new("parameters").num_columns(3).striped(true).show(ui, |ui| {
        for view in views(params) {
            ui.label(view.name());
            let mut value = view.normalized();
            let mut slider = Slider::new(&mut value, 0.0..=1.0).show_value(false);
            if let Some(steps) = view.step_count().filter(|_| view.kind() != Kind::Continuous) {
                slider = slider.step_by(1.0 / steps as f64);
            }
            let response = ui.add(slider).on_hover_text(format!(
                "{} to {}, default {}",
                view.text_of(0.0),
                view.text_of(1.0),
                view.text_of(view.default_normalized()),
            ));
            view.follow(context, &response, value);
            if response.double_clicked() {
                view.set_as_gesture(context, view.default_normalized());
            }
            ui.label(view.text_of(view.normalized()));
            ui.end_row();
        }
    });
}

fn reading_rows(ui: &mut egui::Ui, readings: &Readings) {
    egui::Grid::new("readings").num_columns(2).striped(true).show(ui, |ui| {
        for (reading, value) in readings.iter() {
            ui.label(reading.name);
            ui.monospace(text_of(value, reading.unit));
            ui.end_row();
        }
    });
}

/// A reading as text: a dash where there is none, a true minus sign.
fn text_of(value: f32, unit: &str) -> String {
    if value.is_finite() {
        format!("{value:.1} {unit}").replace('-', "\u{2212}")
    } else {
        format!("\u{2013} {unit}")
    }
}
