//! Nodes on a curve: handles that move several parameters at once.
//!
//! Drag for frequency and gain, Alt-drag for a third parameter, the wheel and the page keys for a
//! fourth; the arrow keys move the node that has the focus, with Alt the third parameter. Shift is
//! fine, a double click, Ctrl-click or Delete resets frequency and gain. Several nodes are selected
//! with Shift-click and move together. Whatever a hand does is one gesture and one step of undo.

use super::axes::Plot;
use crate::editor::desk::Desk;
use crate::editor::handle::{FINE, keep_arrows, notches, pressed};
use crate::editor::theme::{self, Look, size};
use crate::editor::widgets::value::open;
use egui::{Align2, Color32, Id, Key, Modifiers, Pos2, Rect, Response, Sense, Ui, WidgetInfo};
use egui::{Vec2, pos2, vec2};

/// Radius of a node, and of what a hand can take hold of, at 100 %.
const RADIUS: f32 = 9.0;
const REACH: f32 = 13.0;
/// How far beyond an end a drag may go, so that a parameter can be taken past the axis to its own.
const BEYOND: f32 = 0.08;

/// One node: what it is called and what it moves. Parameters by their indices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Node<'a> {
    /// What it is, for hints and assistive technology: `Band 1`.
    pub name: &'a str,
    /// What is written in it: `1`.
    pub mark: &'a str,
    /// The frequency, in Hz.
    pub frequency: usize,
    /// The gain, in dB; none for a filter that has none.
    pub gain: Option<usize>,
    /// The height at which a node without gain stands, in dB.
    pub rest_db: f32,
    /// What Alt-drag moves, in dB like the axis.
    pub alt: Option<usize>,
    /// What the wheel moves.
    pub wheel: Option<usize>,
    /// Whose value Enter opens for typing: it has to stand on the same page.
    pub enter: Option<usize>,
    /// Its colour.
    pub colour: Color32,
    /// Whether it does something: one that does not is an empty ring.
    pub on: bool,
    /// Whether it is left out for now: it keeps its place in the list.
    pub hidden: bool,
}

impl Node<'_> {
    /// What a drag moves.
    fn moved(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.frequency).chain(self.gain)
    }

    fn place(&self, desk: &Desk<'_>, plot: &Plot) -> Pos2 {
        let plain = |index: usize| desk.control(index).plain_of(desk.value(index));
        let at = pos2(plot.x(plain(self.frequency)), plot.y(self.gain.map_or(self.rest_db, plain)));
        at.clamp(plot.rect.min, plot.rect.max)
    }

    fn text(&self, desk: &Desk<'_>) -> String {
        self.moved().map(|index| desk.text(index)).collect::<Vec<_>>().join(", ")
    }

    /// The hint: where it is, and what hands can do with it.
    fn hint(&self, desk: &Desk<'_>) -> String {
        let name = |index: usize| desk.control(index).name().to_owned();
        let names = self.moved().map(name).collect::<Vec<_>>().join(" and ");
        let wheel = self.wheel.map(|index| format!(", wheel for {}", name(index)));
        let alt = self.alt.map(|index| format!(", Alt-drag for {}", name(index)));
        let [wheel, alt] = [wheel, alt].map(Option::unwrap_or_default);
        format!(
            "{}: {}. Drag for {names}{wheel}{alt}; double-click resets.",
            self.name,
            self.text(desk)
        )
    }

    fn reset(&self, desk: &mut Desk<'_>) {
        let defaults: Vec<_> =
            self.moved().map(|index| (index, desk.control(index).default_normalized())).collect();
        desk.edit_all(&defaults);
    }
}

/// What hands did to the nodes in this frame; nodes by their place in the list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hands {
    /// The node under the pointer.
    pub hovered: Option<usize>,
    /// The node that has just been taken hold of, by pointer or keyboard.
    pub taken: Option<usize>,
    /// The nodes selected, in rising order.
    pub selected: Vec<usize>,
    /// A right click, on a node or beside all, and where: time for a menu.
    pub menu: Option<(Option<usize>, Pos2)>,
    /// A double click beside all nodes: the frequency in Hz and the level in dB there.
    pub added: Option<[f32; 2]>,
}

/// The nodes selected, kept from frame to frame.
#[derive(Debug, Clone, PartialEq, Default)]
struct Selection(Vec<usize>);

impl Selection {
    fn load(ui: &Ui, id: Id) -> Self {
        ui.data(|data| data.get_temp(id)).unwrap_or_default()
    }

    fn toggle(&mut self, node: usize) {
        match self.0.binary_search(&node) {
            Ok(at) => {
                self.0.remove(at);
            }
            Err(at) => self.0.insert(at, node),
        }
    }
}

/// Selects nodes from elsewhere on the page: the list of bands beside the curve.
pub fn select(ui: &Ui, name: &str, nodes: &[usize]) {
    let mut sorted = nodes.to_vec();
    sorted.sort_unstable();
    ui.data_mut(|data| data.insert_temp(selection_id(ui, name), Selection(sorted)));
}

fn selection_id(ui: &Ui, name: &str) -> Id {
    ui.scope_id().with(("nodes", name))
}

/// A drag under way.
#[derive(Debug, Clone, Default)]
struct Drag {
    /// The pointer, as far as it has been followed.
    at: Pos2,
    /// Where its nodes are, before their values are put on their grids: frequency and gain as shares
    /// of the axes, and the third parameter in dB.
    places: Vec<(usize, [f32; 3])>,
}

/// Nodes on a plot. `name` tells this plot from others on the page.
pub fn nodes(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    plot: &Plot,
    name: &str,
    nodes: &[Node<'_>],
) -> Hands {
    let id = selection_id(ui, name);
    let mut hands = Hands::default();
    let mut selection = Selection::load(ui, id);
    selection.0.retain(|node| nodes.get(*node).is_some_and(|node| !node.hidden));
    let beside = ui.interact(plot.rect, id.with("beside"), Sense::CLICK);
    if let Some(at) = beside.interact_pointer_pos() {
        if beside.clicked() {
            selection.0.clear();
        }
        if beside.double_clicked() {
            hands.added = Some([plot.hz(at.x), plot.db(at.y)]);
        }
        if beside.secondary_clicked() {
            hands.menu = Some((None, at));
        }
    }
    for (at, node) in nodes.iter().enumerate().filter(|(_, node)| !node.hidden) {
        let centre = node.place(desk, plot);
        let reach = look.px(REACH) * 2.0;
        let node_id = id.with(at);
        let hand = Rect::from_center_size(centre, vec2(reach, reach));
        let response = ui.interact(hand, node_id, Sense::click_and_drag());
        if response.hovered() || response.dragged() {
            hands.hovered = Some(at);
        }
        if response.gained_focus() || response.clicked() || response.drag_started() {
            hands.taken = Some(at);
        }
        clicks(ui, desk, nodes, at, &response, &mut selection, &mut hands);
        drag(ui, desk, plot, nodes, at, &response, &selection);
        if response.contains_pointer() && !response.dragged() {
            let (turned, fine) = notches(ui, &response);
            if let Some(index) = node.wheel.filter(|_| turned != 0.0) {
                desk.nudge(index, desk.stepped(index, desk.value(index), turned, fine));
            }
        }
        if response.has_focus() {
            keys(ui, desk, node, &response);
        }
        let focused = response.has_focus() && desk.hint.is_none();
        if response.hovered() || response.dragged() || focused {
            desk.hint = Some(node.hint(desk));
        }
        draw(ui, look, desk, plot, node, &response, selection.0.contains(&at));
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Slider, true, node.name));
        let text = node.text(desk);
        ui.ctx().accesskit_node_builder(node_id, |accessible| accessible.set_value(text));
        if !response.dragged() {
            let tooltip = node
                .moved()
                .chain(node.wheel)
                .chain(node.alt)
                .map(|index| desk.tooltip(index))
                .collect::<Vec<_>>()
                .join("\n");
            response.on_hover_text(tooltip);
        }
    }
    hands.selected.clone_from(&selection.0);
    ui.data_mut(|data| data.insert_temp(id, selection));
    hands
}

fn clicks(
    ui: &Ui,
    desk: &mut Desk<'_>,
    nodes: &[Node<'_>],
    at: usize,
    response: &Response,
    selection: &mut Selection,
    hands: &mut Hands,
) {
    let modifiers = ui.input(|input| input.modifiers);
    let by_pointer = response.interact_pointer_pos();
    if response.drag_started() {
        response.request_focus();
        if !selection.0.contains(&at) {
            selection.0 = vec![at];
        }
    }
    if response.double_clicked() {
        nodes[at].reset(desk);
    } else if response.clicked() && by_pointer.is_some() {
        response.request_focus();
        if modifiers.command {
            nodes[at].reset(desk);
        } else if modifiers.shift {
            selection.toggle(at);
        } else {
            selection.0 = vec![at];
        }
    }
    if response.secondary_clicked() {
        hands.menu = by_pointer.map(|place| (Some(at), place));
    }
}

fn drag(
    ui: &Ui,
    desk: &mut Desk<'_>,
    plot: &Plot,
    nodes: &[Node<'_>],
    at: usize,
    response: &Response,
    selection: &Selection,
) {
    let frequency = nodes[at].frequency;
    if response.drag_started() {
        let moving = || selection.0.iter().map(|node| (*node, &nodes[*node]));
        let indices: Vec<usize> = moving().flat_map(|(_, node)| node.moved()).collect();
        let places = moving().map(|(place, node)| (place, shares(desk, plot, node))).collect();
        desk.begin_all(&indices);
        // egui calls it a drag once the pointer has gone a few points: those count as well.
        let from = ui.input(|input| input.pointer.press_origin().or(input.pointer.latest_pos()));
        let drag = Drag { at: from.unwrap_or_default(), places };
        ui.data_mut(|data| data.insert_temp(response.id, drag));
    }
    // A release in the same frame as the last movement does not swallow it.
    if (response.dragged() || response.drag_stopped()) && desk.is_moving(frequency) {
        let modifiers = ui.input(|input| input.modifiers);
        let fine = if modifiers.shift { FINE } else { 1.0 };
        let mut drag: Drag = ui.data(|data| data.get_temp(response.id)).unwrap_or_default();
        let pointer = ui.input(|input| input.pointer.latest_pos()).unwrap_or(drag.at);
        let moved = (pointer - drag.at) * fine;
        drag.at = pointer;
        let (across, up) = (moved.x / plot.rect.width(), -moved.y / plot.rect.height());
        for (place, [x, y, alt_db]) in drag.places.iter_mut().filter(|_| moved != Vec2::ZERO) {
            let Some(node) = nodes.get(*place) else { continue };
            if let Some(alt) = node.alt.filter(|_| modifiers.alt) {
                *alt_db += up * (plot.axes.db[1] - plot.axes.db[0]);
                desk.join(alt);
                set(desk, alt, *alt_db);
                continue;
            }
            // It may go on past the ends a little, so that turning back answers soon.
            *x = onwards(*x, across);
            *y = onwards(*y, up);
            set(desk, node.frequency, plot.axes.hz_at(*x));
            if let Some(gain) = node.gain {
                set(desk, gain, plot.axes.db_at(*y));
            }
        }
        ui.data_mut(|data| data.insert_temp(response.id, drag));
    }
    if response.drag_stopped() && desk.is_moving(frequency) {
        desk.end();
    }
}

/// A share of an axis moved by so much: not farther beyond the ends than a little, or than it was.
fn onwards(share: f32, by: f32) -> f32 {
    (share + by).clamp(share.min(-BEYOND), share.max(1.0 + BEYOND))
}

/// Where a node is as a drag begins.
fn shares(desk: &Desk<'_>, plot: &Plot, node: &Node<'_>) -> [f32; 3] {
    let plain = |index: usize| desk.control(index).plain_of(desk.value(index));
    let x = plot.axes.share_of_hz(plain(node.frequency));
    let y = plot.axes.share_of_db(node.gain.map_or(node.rest_db, plain));
    [x, y, node.alt.map_or(0.0, plain)]
}

/// Moves a parameter of the gesture to a value in its own unit, on its grid.
fn set(desk: &mut Desk<'_>, index: usize, plain: f32) {
    desk.set(index, desk.gridded(index, desk.control(index).normalized_of(plain)));
}

fn keys(ui: &Ui, desk: &mut Desk<'_>, node: &Node<'_>, response: &Response) {
    keep_arrows(ui, response);
    let step = |desk: &mut Desk<'_>, index: Option<usize>, steps: f32, fine: bool| {
        if let Some(index) = index {
            desk.nudge(index, desk.stepped(index, desk.value(index), steps, fine));
        }
    };
    for (key, way) in [(Key::ArrowUp, 1.0), (Key::ArrowDown, -1.0)] {
        // Those with Alt first: asked for without modifiers, egui gives them too.
        let alt = ui.input_mut(|input| input.count_and_consume_key(Modifiers::ALT, key));
        if alt > 0 {
            step(desk, node.alt, way * alt as f32, false);
        }
        let (times, fine) = pressed(ui, key);
        if times > 0 {
            step(desk, node.gain, way * times as f32, fine);
        }
    }
    let others = [
        (Key::ArrowRight, Some(node.frequency), 1.0),
        (Key::ArrowLeft, Some(node.frequency), -1.0),
        (Key::PageUp, node.wheel, 1.0),
        (Key::PageDown, node.wheel, -1.0),
    ];
    for (key, index, way) in others {
        let (times, fine) = pressed(ui, key);
        if times > 0 {
            step(desk, index, way * times as f32, fine);
        }
    }
    if pressed(ui, Key::Delete).0 + pressed(ui, Key::Backspace).0 > 0 {
        node.reset(desk);
    }
    if let Some(index) = node.enter.filter(|_| pressed(ui, Key::Enter).0 > 0) {
        open(desk, index);
    }
}

fn draw(
    ui: &Ui,
    look: Look,
    desk: &Desk<'_>,
    plot: &Plot,
    node: &Node<'_>,
    response: &Response,
    selected: bool,
) {
    let centre = node.place(desk, plot);
    let painter = ui.painter();
    let lit = response.hovered() || response.dragged();
    let radius = look.px(if lit { RADIUS + 1.0 } else { RADIUS });
    let font = look.bold(size::SMALL);
    if node.on {
        painter.circle(centre, radius, node.colour, look.stroke(1.5, theme::WELL));
        painter.text(centre, Align2::CENTER_CENTER, node.mark, font, theme::WELL);
    } else {
        painter.circle(centre, radius, theme::WELL, look.stroke(1.5, node.colour));
        painter.text(centre, Align2::CENTER_CENTER, node.mark, font, theme::LABEL);
    }
    if selected {
        painter.circle_stroke(centre, radius + look.px(2.5), look.stroke(1.5, theme::TEXT));
    }
    if response.has_focus() {
        painter.circle_stroke(centre, radius + look.px(5.5), look.stroke(1.5, theme::TEXT));
    }
}
