//! The names of a render's files: the first version of them of which none is taken.

use super::Options;
use super::order::Ordered;
use super::stems::Stems;
use crate::error::{Error, Result};
use crate::names::Delivery;
use crate::output::{self, OutputFolder};
use crate::template::Expanded;
use std::path::{Path, PathBuf};

/// Versions tried before a folder counts as full.
const MOST_VERSIONS: usize = 10_000;

/// Where a render goes.
pub(super) struct Names {
    folder: OutputFolder,
    /// The prints' paths, in the order's order.
    pub(super) prints: Vec<PathBuf>,
    /// `report.json`.
    pub(super) report_file: PathBuf,
    /// `report.html`.
    pub(super) report_page: PathBuf,
    /// The version that was taken because the one asked for was not free.
    pub(super) moved_to: Option<u32>,
}

impl Names {
    /// Makes the folder and finds names in it.
    ///
    /// # Errors
    /// If the folder is the stems' own or cannot be made.
    pub(super) fn find(
        options: &Options,
        expanded: &Expanded,
        stems: &Stems,
        ordered: &[Ordered],
    ) -> Result<Self> {
        let folder =
            options.out.clone().unwrap_or_else(|| expanded.folder.join(output::DEFAULT_FOLDER));
        if output::holds_any(&folder, &stems.files) {
            return Err(Error::AmongStems(folder));
        }
        let asked = Delivery::new(
            &expanded.song,
            stems.sample_rate_hz,
            options.date.as_deref(),
            options.version,
        );
        let mut delivery = asked.clone();
        for _ in 0..MOST_VERSIONS {
            let (prints, report_file, report_page) = paths(&delivery, &folder, ordered);
            let is_free = |path: &PathBuf| path.symlink_metadata().is_err();
            if prints.iter().chain([&report_file, &report_page]).all(is_free) {
                let moved_to = delivery.version().filter(|_| delivery != asked);
                let folder = OutputFolder::make(&folder)?;
                return Ok(Self { folder, prints, report_file, report_page, moved_to });
            }
            delivery = delivery.next();
        }
        Err(Error::NoFreeName(folder))
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Gives up the folder, so that files can be named in it.
    pub(super) fn into_folder(self) -> OutputFolder {
        self.folder
    }
}

fn paths(
    delivery: &Delivery,
    folder: &Path,
    ordered: &[Ordered],
) -> (Vec<PathBuf>, PathBuf, PathBuf) {
    let print = |p: &Ordered| folder.join(delivery.print(&p.part, p.depth.name()));
    (
        ordered.iter().map(print).collect(),
        folder.join(delivery.report("json")),
        folder.join(delivery.report("html")),
    )
}
