//! Every file in and out, with its hash.

use super::section;
use crate::markup::Markup;
use crate::model::{File, Report};
use crate::number::grouped;

/// Adds them, and the foot of the page.
pub(super) fn write(m: &mut Markup, report: &Report) {
    section(m, "Files", |m| {
        for (name, files) in [("Read", &report.files.read), ("Written", &report.files.written)] {
            if !files.is_empty() {
                m.leaf("h3", &[], name);
                list(m, files);
            }
        }
    });
    let schema = &report.schema;
    m.leaf(
        "footer",
        &[],
        &format!("Stemwright {} \u{b7} {} {}", report.stemwright, schema.name, schema.version),
    );
}

fn list(m: &mut Markup, files: &[File]) {
    m.element("ul", &[("class", "files")], |m| {
        for file in files {
            m.element("li", &[], |m| {
                m.text(&file.path);
                if let Some(bytes) = file.bytes {
                    m.leaf("span", &[("class", "quiet")], &format!(" {} bytes", grouped(bytes)));
                }
                if let Some(hash) = &file.sha256 {
                    m.leaf("div", &[("class", "mono quiet")], &format!("sha256 {hash}"));
                }
            });
        }
    });
}
