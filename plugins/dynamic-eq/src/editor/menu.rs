//! The menu of a right click: on a node what it is, beside all what to put there.

use super::band::{self, What};
use super::display::add;
use super::{BANDS, EqStage, detail, view};
use crate::params::Type;
use egui::{Align2, Id, Popup, PopupKind, Pos2, Sense, Ui, WidgetInfo, pos2, vec2};
use support::editor::Look;
use support::editor::theme::{self, size};
use support::editor::widgets::curve::{Hands, Plot};

/// Width of a column, and height of a line, at 100 %.
const COLUMN: f32 = 124.0;
const LINE: f32 = 24.0;

/// What the menu is about, kept while it is open.
#[derive(Debug, Clone, Default)]
struct About {
    /// The bands it changes; none for an empty place.
    bands: Vec<usize>,
    at: Pos2,
}

/// What was copied from a band, 0 to 1 by [`What`].
#[derive(Debug, Clone, Default)]
struct Copied(Vec<f32>);

/// Something to do, from the menu.
enum Order {
    Choose(What, usize),
    Switch(bool),
    Reset,
    Remove,
    Copy,
    Paste,
    Solo,
    Add(Type),
}

/// Opens the menu where hands ask for it, and shows it while it is open.
pub(super) fn show(stage: &mut EqStage<'_, '_>, plot: &Plot, hands: &Hands) {
    let id = Id::unique("band menu");
    if let Some((node, at)) = hands.menu {
        let bands = match node {
            // A node among those selected stands for all of them.
            Some(node) if hands.selected.contains(&node) => hands.selected.clone(),
            Some(node) => vec![node],
            None => Vec::new(),
        };
        if let Some(node) = node {
            view::show_band(stage.choices, node);
        }
        stage.ui.data_mut(|data| data.insert_temp(id, About { bands, at }));
        Popup::open_id(stage.ui.ctx(), id);
    }
    let about: About = stage.ui.data(|data| data.get_temp(id)).unwrap_or_default();
    let mut order = None;
    Popup::new(id, stage.ui.ctx().clone(), about.at, stage.ui.layer_id())
        .kind(PopupKind::Menu)
        .open_memory(None)
        .show(|ui| {
            order = if about.bands.is_empty() {
                place_menu(ui, stage)
            } else {
                band_menu(ui, stage, &about.bands)
            };
        });
    if let Some(order) = order {
        Popup::close_id(stage.ui.ctx(), id);
        obey(stage, plot, &about, &order);
    }
}

/// A line of the menu: whether it was chosen.
fn line(
    ui: &mut Ui,
    look: Look,
    text: &str,
    spoken: &str,
    mark: Option<bool>,
    enabled: bool,
) -> bool {
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (place, response) = ui.allocate_exact_size(look.size(COLUMN, LINE), sense);
    let lit = enabled && (response.hovered() || response.has_focus());
    let chosen = mark == Some(true);
    if lit || chosen {
        let fill = if lit { theme::LINE } else { theme::WELL };
        ui.painter().rect_filled(place, look.corner(4.0), fill);
    }
    let font = if chosen { look.bold(size::BODY) } else { look.font(size::BODY) };
    let colour = if enabled { theme::TEXT } else { theme::LABEL };
    let at = pos2(place.left() + look.px(8.0), place.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, text, font, colour);
    response.widget_info(|| match mark {
        Some(chosen) => WidgetInfo::selected(egui::Role::MenuItemRadio, enabled, chosen, spoken),
        None => WidgetInfo::labeled(egui::Role::MenuItem, enabled, spoken),
    });
    response.clicked() && enabled
}

fn title(ui: &mut Ui, look: Look, text: &str) {
    let (place, _) = ui.allocate_exact_size(vec2(look.px(COLUMN), look.px(18.0)), Sense::hover());
    let at = pos2(place.left() + look.px(8.0), place.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, text, look.font(size::SMALL), theme::LABEL);
}

/// What can be put where nothing is.
fn place_menu(ui: &mut Ui, stage: &EqStage<'_, '_>) -> Option<Order> {
    let look = stage.look;
    let is_free = (0..BANDS).any(|at| !band::is_on(stage.desk, at));
    title(ui, look, if is_free { "Add a band here" } else { "All bands are in use" });
    let control = stage.desk.control(band::index(stage.desk, 0, What::Type));
    let mut order = None;
    for band_type in TYPES {
        let name = control.text_of(control.normalized_of(band_type as i32 as f32));
        if line(ui, look, &name, &format!("Add {name}"), None, is_free) {
            order = Some(Order::Add(band_type));
        }
    }
    order
}

const TYPES: [Type; 8] = [
    Type::Bell,
    Type::LowShelf,
    Type::HighShelf,
    Type::Tilt,
    Type::LowCut,
    Type::HighCut,
    Type::Notch,
    Type::BandPass,
];

/// What can be done with bands.
fn band_menu(ui: &mut Ui, stage: &EqStage<'_, '_>, bands: &[usize]) -> Option<Order> {
    let look = stage.look;
    let desk = &*stage.desk;
    let mut order = None;
    let choices = |ui: &mut Ui, what: What, name: &str, order: &mut Option<Order>| {
        title(ui, look, name);
        let control = desk.control(band::index(desk, bands[0], what));
        let steps = control.step_count().unwrap_or(1);
        let plain = |band: &usize| band::plain(desk, *band, what) as usize;
        for step in 0..=steps {
            let text = control.text_of(control.normalized_of(step as f32));
            let chosen = bands.iter().map(plain).all(|at| at == step);
            if line(ui, look, &text, &format!("{name}: {text}"), Some(chosen), true) {
                *order = Some(Order::Choose(what, step));
            }
        }
    };
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| choices(ui, What::Type, "Type", &mut order));
        ui.vertical(|ui| {
            choices(ui, What::Placement, "Placement", &mut order);
            choices(ui, What::Key, "Moved by", &mut order);
        });
        ui.vertical(|ui| {
            let one = if let [band] = bands { Some(*band) } else { None };
            let heading =
                one.map_or(format!("{} bands", bands.len()), |at| format!("Band {}", at + 1));
            title(ui, look, &heading);
            let on = bands.iter().all(|at| band::is_on(desk, *at));
            let is_soloed = one.is_some() && stage.params.band_solo.value().index() == one;
            let copied: Copied =
                ui.data(|data| data.get_temp(Id::unique("copied band"))).unwrap_or_default();
            let lines = [
                (if on { "Switch off" } else { "Switch on" }, true, Order::Switch(!on)),
                (if is_soloed { "Stop solo" } else { "Solo" }, one.is_some(), Order::Solo),
                ("Copy", one.is_some(), Order::Copy),
                ("Paste", !copied.0.is_empty(), Order::Paste),
                ("Reset", true, Order::Reset),
                ("Remove", true, Order::Remove),
            ];
            for (text, enabled, what) in lines {
                if line(ui, look, text, text, None, enabled) {
                    order = Some(what);
                }
            }
        });
    });
    order
}

fn obey(stage: &mut EqStage<'_, '_>, plot: &Plot, about: &About, order: &Order) {
    let copied_id = Id::unique("copied band");
    let desk = &mut *stage.desk;
    let each = |what: &dyn Fn(usize) -> Vec<(usize, f32)>| -> Vec<(usize, f32)> {
        about.bands.iter().flat_map(|at| what(*at)).collect()
    };
    let changes = match order {
        Order::Choose(what, step) => each(&|at| vec![band::change(desk, at, *what, *step as f32)]),
        Order::Switch(on) => {
            let to = if *on { 1.0 } else { 0.0 };
            each(&|at| vec![band::change(desk, at, What::On, to)])
        }
        Order::Remove => each(&|at| band::defaults(desk, at)),
        Order::Reset => each(&|at| {
            let kept = [What::On, What::Type].map(|what| band::index(desk, at, what));
            let all = band::defaults(desk, at);
            all.into_iter().filter(|(index, _)| !kept.contains(index)).collect()
        }),
        Order::Copy => {
            let copied = Copied(band::values(desk, about.bands[0]));
            stage.ui.data_mut(|data| data.insert_temp(copied_id, copied));
            Vec::new()
        }
        Order::Paste => {
            let copied: Copied = stage.ui.data(|data| data.get_temp(copied_id)).unwrap_or_default();
            each(&|at| {
                let indices = What::ALL.iter().map(|(what, _)| band::index(desk, at, *what));
                indices.zip(copied.0.iter().copied()).collect()
            })
        }
        Order::Solo => {
            let index = desk.index("band-solo");
            detail::toggle_solo(stage, index, about.bands[0]);
            return;
        }
        Order::Add(band_type) => {
            add(stage, [plot.hz(about.at.x), plot.db(about.at.y)], *band_type);
            return;
        }
    };
    if !changes.is_empty() {
        desk.edit_all(&changes);
    }
}
