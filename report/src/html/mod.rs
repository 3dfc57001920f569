//! A report as one page: what a mastering engineer sends along with the files.
//!
//! Everything it needs is inside: no script, no font, no picture from elsewhere. It is well-formed
//! as XML, too, and the same report gives the same bytes.

mod files;
mod head;
mod prints;
mod processing;
mod table;

use crate::markup::Markup;
use crate::model::Report;
use crate::palette::{DARK, LIGHT};

const STYLE: &str = include_str!("style.css");

/// The page.
pub fn html(report: &Report) -> String {
    let mut page = Markup::new();
    page.raw("<!DOCTYPE html>\n");
    let title = if report.song.is_empty() { "Untitled" } else { &report.song };
    page.element("html", &[("lang", "en"), ("xmlns", "http://www.w3.org/1999/xhtml")], |m| {
        m.element("head", &[], |m| {
            m.void("meta", &[("charset", "utf-8")]);
            let viewport = "width=device-width, initial-scale=1";
            m.void("meta", &[("name", "viewport"), ("content", viewport)]);
            m.void("meta", &[("name", "color-scheme"), ("content", "dark light")]);
            // Should anything ever slip through, nothing of it may run or be fetched.
            let policy = "default-src 'none'; style-src 'unsafe-inline'";
            m.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", policy)]);
            m.leaf("title", &[], &format!("{title}: delivery report"));
            m.element("style", &[], |m| m.raw(&style()));
        });
        m.element("body", &[], |m| {
            m.element("main", &[], |m| {
                head::write(m, report, title);
                prints::write(m, report);
                processing::write(m, report);
                files::write(m, report);
            });
        });
    });
    page.raw("\n");
    page.finish()
}

/// Dark unless light is preferred; light on paper.
fn style() -> String {
    let (dark, light) = (DARK.properties(), LIGHT.properties());
    format!(
        "\n:root{{color-scheme:dark light;{dark}}}\n@media (prefers-color-scheme:light){{:root{{{light}}}}}\n\
         @media print{{:root{{{light}}}}}\n{STYLE}"
    )
}

/// A section with its heading.
fn section(markup: &mut Markup, heading: &str, inside: impl FnOnce(&mut Markup)) {
    markup.element("section", &[], |m| {
        m.leaf("h2", &[], heading);
        inside(m);
    });
}
