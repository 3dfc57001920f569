//! One frame of a plugin's window, whoever shows it.

use super::choices::Choices;
use super::desk::{Desk, Session};
use super::kept::KeptPreset;
use super::scaffold::Header;
use super::theme::{self, Look};
use super::{Face, Stage, browser, scaffold};
use crate::param_view::{Kind, ParamView, views};
use crate::presets::library::{Library, Source};
use crate::readings::Readings;
use crate::spectrum::Taps;
use crate::trace::Trace;
use egui::{Color32, Ui, vec2};
use nice_plug::context::gui::GuiContext;
use std::sync::atomic::{AtomicU32, Ordering};

/// What the host told the plugin, for the footer.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    rate_hz: AtomicU32,
    latency_samples: AtomicU32,
    /// Bits of the gain Match holds, in dB; no number without one. 0 is 0 dB: what it is before the
    /// first publication is never shown, since Match is off then.
    match_db: AtomicU32,
}

impl Facts {
    /// Takes over the gain Match holds, in dB; whether it is another one. For the audio thread.
    pub(crate) fn set_match(&self, held_db: Option<f64>) -> bool {
        let bits = held_db.map_or(f32::NAN, |db| db as f32).to_bits();
        let changed = self.match_db.load(Ordering::Relaxed) != bits;
        if changed {
            self.match_db.store(bits, Ordering::Relaxed);
        }
        changed
    }

    fn match_db(&self) -> Option<f32> {
        Some(f32::from_bits(self.match_db.load(Ordering::Relaxed))).filter(|db| db.is_finite())
    }

    /// Takes over the sample rate in Hz and the latency in samples.
    pub(crate) fn set(&self, rate_hz: f32, latency_samples: usize) {
        self.rate_hz.store(rate_hz.to_bits(), Ordering::Relaxed);
        self.set_latency(latency_samples);
    }

    /// Takes over another latency in samples.
    pub(crate) fn set_latency(&self, latency_samples: usize) {
        self.latency_samples.store(latency_samples as u32, Ordering::Relaxed);
    }

    fn text(&self) -> String {
        let rate = f32::from_bits(self.rate_hz.load(Ordering::Relaxed));
        let latency = self.latency_samples.load(Ordering::Relaxed);
        let version = concat!("Stemwright ", env!("CARGO_PKG_VERSION"));
        if rate > 0.0 {
            let khz = f64::from(rate) / 1e3;
            let ms = f64::from(latency) * 1e3 / f64::from(rate);
            format!("{latency} samples ({ms:.1} ms)  \u{2022}  {khz} kHz  \u{2022}  {version}")
        } else {
            version.to_owned()
        }
    }
}

/// What a page shows besides its parameters.
pub(crate) struct Shown<'a> {
    pub(crate) name: &'a str,
    pub(crate) monitors: &'static [&'static str],
    pub(crate) readings: &'a Readings,
    pub(crate) trace: &'a Trace,
    pub(crate) taps: &'a Taps,
    pub(crate) facts: &'a Facts,
    pub(crate) choices: &'a Choices,
    /// Where its presets come from.
    pub(crate) presets: &'a Source,
    /// The name of the preset, as the host's session keeps it.
    pub(crate) kept_preset: &'a KeptPreset,
    /// Why a monitor has nothing to do just now.
    pub(crate) why_idle: &'a dyn Fn(&str) -> Option<&'static str>,
}

/// Draws one frame of a plugin's page into all of `ui`.
pub(crate) fn page<F: Face>(
    ui: &mut Ui,
    shown: &Shown<'_>,
    params: &F::Params,
    session: &mut Session,
    host: &GuiContext,
) {
    let window = ui.max_rect();
    let look = Look::fitting(vec2(F::PAGE[0], F::PAGE[1]), window.size());
    let key = egui::Id::unique("look");
    if ui.data(|data| data.get_temp::<f32>(key)) != Some(look.scale) {
        look.apply(ui.ctx());
        ui.data_mut(|data| data.insert_temp(key, look.scale));
    }
    ui.painter().rect_filled(window, 0, theme::WINDOW);

    if shown.kept_preset.take_restored() {
        session.set_preset(shown.kept_preset.get());
    }
    if session.library.is_none() {
        session.library = Some(Library::open::<F::Params>(shown.presets.clone()));
    }
    let mut desk = Desk::new(views(params), F::ABOUT, shown.monitors, host, session);
    scaffold::shortcuts(ui, &mut desk);
    let parts = scaffold::parts(look, window);
    let switches = header_switches(&desk, shown.monitors);
    let header = Header {
        name: shown.name,
        switches: &switches,
        match_db: shown.facts.match_db(),
        why_idle: shown.why_idle,
    };
    let preset = scaffold::header(ui, look, &mut desk, parts.header, &header);
    let mut stage = Stage {
        ui,
        look,
        desk: &mut desk,
        params,
        readings: shown.readings,
        trace: shown.trace,
        taps: shown.taps,
        choices: shown.choices,
    };
    F::body(&mut stage, parts.body);
    browser::show::<F::Params>(ui, look, &mut desk, window, preset);
    scaffold::footer(ui, look, &mut desk, parts.footer, &shown.facts.text());
    shown.kept_preset.set(session.preset());
}

/// The monitors and the bypass, each with the colour it has while on.
fn header_switches(desk: &Desk<'_>, monitors: &[&str]) -> Vec<(usize, Color32)> {
    let controls = || desk.controls().iter().enumerate();
    // A monitor with more than two states has its place on the page.
    let is_switch = |control: &ParamView<'_>| {
        monitors.contains(&control.id.as_str()) && control.kind() == Kind::Switch
    };
    let monitors = controls().filter(|(_, control)| is_switch(control));
    let bypass = controls().filter(|(_, control)| control.is_bypass());
    monitors
        .map(|(index, _)| (index, theme::SIGNAL))
        .chain(bypass.map(|(index, _)| (index, theme::GAIN)))
        .collect()
}
