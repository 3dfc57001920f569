//! Tables that stack into cards where there is no room.

use crate::markup::Markup;

/// A column's heading, and whether it holds numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// The heading: what, then the unit.
    pub(super) name: &'static str,
    /// What stands before the value in a card.
    pub(super) label: &'static str,
    /// How its cells are set.
    pub(super) class: &'static str,
}

/// A column of numbers.
pub(super) const fn numbers(name: &'static str, label: &'static str) -> Column {
    Column { name, label, class: "number" }
}

/// A column of words, a card's full width.
pub(super) const fn words(name: &'static str, class: &'static str) -> Column {
    Column { name, label: "", class }
}

/// What a cell holds.
pub(super) type Cell<'a> = Box<dyn FnOnce(&mut Markup) + 'a>;

/// A cell of text.
pub(super) fn text<'a>(text: String) -> Cell<'a> {
    Box::new(move |m| m.text(&text))
}

/// A cell of text that is marked as over, by word and by colour.
pub(super) fn over<'a>(text: String) -> Cell<'a> {
    Box::new(move |m| m.leaf("span", &[("class", "over-text")], &format!("{text} over")))
}

/// Adds a table of `rows`.
pub(super) fn write<'a>(
    m: &mut Markup,
    columns: &[Column],
    rows: impl Iterator<Item = Vec<Cell<'a>>>,
) {
    m.element("div", &[("class", "scroll")], |m| {
        m.element("table", &[("class", "stack")], |m| {
            m.element("thead", &[], |m| {
                m.element("tr", &[], |m| {
                    for column in columns {
                        m.leaf("th", &[("class", column.class), ("scope", "col")], column.name);
                    }
                });
            });
            m.element("tbody", &[], |m| {
                for row in rows {
                    m.element("tr", &[], |m| {
                        for (column, cell) in columns.iter().zip(row) {
                            let mut attributes = vec![("class", column.class)];
                            if !column.label.is_empty() {
                                attributes.push(("data-label", column.label));
                            }
                            m.element("td", &attributes, cell);
                        }
                    });
                }
            });
        });
    });
}
