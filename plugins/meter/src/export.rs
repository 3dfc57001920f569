//! Exports: the verdict, its figures and the history as files, written beside the window.
//!
//! PNG for people, JSON for programs, CSV for spreadsheets: the same as `stemwright report` writes, by the
//! same code. They go into `Stemwright` in the user's documents, under the date and the time; no file is
//! ever replaced.

use egui::Context;
use report::delivery::Delivery;
use report::delivery::history::{HistoryPoint, timeline};
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Files that may be of one minute.
const MOST_OF_A_NAME: usize = 1000;

/// Writes files for one window, on a thread of their own.
#[derive(Debug, Default)]
pub(crate) struct Exporter {
    busy: AtomicBool,
    news: Mutex<Option<String>>,
}

impl Exporter {
    /// Whether files are being written.
    pub(crate) fn is_busy(&self) -> bool {
        self.busy.load(Ordering::Acquire)
    }

    /// What there is to say of the last export, once.
    pub(crate) fn take_news(&self) -> Option<String> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Writes all files; the window is drawn again when it is done.
    pub(crate) fn begin(
        self: &Arc<Self>,
        delivery: Delivery,
        steps: Vec<HistoryPoint>,
        window: Context,
    ) {
        if self.busy.swap(true, Ordering::AcqRel) {
            return;
        }
        let exporter = self.clone();
        let work = move || {
            let news = match folder_of_this_user().map(|folder| write(&folder, delivery, &steps)) {
                None => "Nothing was written: this user has no home folder.".to_owned(),
                Some(Ok(stem)) => format!("Wrote {} as PNG, JSON and CSV.", stem.display()),
                Some(Err(error)) => format!("Nothing was written: {error}."),
            };
            *exporter.news.lock().unwrap_or_else(PoisonError::into_inner) = Some(news);
            exporter.busy.store(false, Ordering::Release);
            window.request_repaint();
        };
        let name = "stem-meter-export".to_owned();
        if std::thread::Builder::new().name(name).spawn(work).is_err() {
            self.busy.store(false, Ordering::Release);
        }
    }
}

/// Where exports go.
fn folder_of_this_user() -> Option<PathBuf> {
    let home = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    let home = std::env::var_os(home).map(PathBuf::from).filter(|path| path.has_root())?;
    Some(home.join("Documents").join("Stemwright"))
}

/// Writes everything into a folder, all under one name; gives that, without an extension.
fn write(folder: &Path, delivery: Delivery, steps: &[HistoryPoint]) -> Result<PathBuf, String> {
    let now = jiff::Zoned::now();
    let delivery = Delivery {
        programme: "Stem Meter".to_owned(),
        created: now.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        stemwright: env!("CARGO_PKG_VERSION").to_owned(),
        history: Some(timeline(steps)),
        ..delivery
    };
    let cannot = |what: &Path, error: io::Error| format!("{}: {error}", what.display());
    fs::create_dir_all(folder).map_err(|error| cannot(folder, error))?;
    let json = report::json::write(&delivery).map_err(|error| error.to_string())?;
    let png = report::png::delivery(&delivery).map_err(|error| error.to_string())?;
    let figures = report::delivery::csv::figures(&delivery).into_bytes();
    let history = report::delivery::csv::history(steps).into_bytes();
    let files: [(&str, &[u8]); 4] =
        [(".png", &png), (".json", &json), ("_figures.csv", &figures), ("_history.csv", &history)];
    let named = format!("Stem_Meter_{}", now.strftime("%Y-%m-%d_%H%M"));
    for n in 1..MOST_OF_A_NAME {
        let stem = if n == 1 { named.clone() } else { format!("{named}_{n}") };
        let path = |tail: &str| folder.join(format!("{stem}{tail}"));
        if files.iter().any(|(tail, _)| path(tail).exists()) {
            continue;
        }
        for (tail, bytes) in files {
            let path = path(tail);
            let made = OpenOptions::new().write(true).create_new(true).open(&path);
            let written = made.and_then(|mut file| file.write_all(bytes));
            written.map_err(|error| cannot(&path, error))?;
        }
        return Ok(folder.join(stem));
    }
    Err(cannot(folder, io::Error::from(ErrorKind::AlreadyExists)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use report::delivery::Measured;
    use report::model::Target;

    #[test]
    fn all_files_are_written_and_none_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let measured = Measured {
            seconds: 12.0,
            sample_rate_hz: 48_000,
            channels: 2,
            integrated_lufs: Some(-13.7),
            ..Measured::default()
        };
        let delivery = Delivery::new("", &Target::own(Some(-14.0), 1.0, Some(-1.0)), measured);
        let steps: Vec<HistoryPoint> = (0..120)
            .map(|step| HistoryPoint {
                step,
                momentary_lufs: -13.0,
                shortterm_lufs: -13.5,
                integrated_lufs: -13.7,
                true_peak_dbtp: -1.5,
                correlation: 0.5,
                fold_loss_db: -0.3,
            })
            .collect();
        let first = write(folder.path(), delivery.clone(), &steps).expect("written");
        let second = write(folder.path(), delivery, &steps).expect("written");
        assert_ne!(first, second);
        let count = fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(count, 8);
        let text = fs::read(first.with_extension("json")).expect("JSON");
        let back: Delivery = report::json::read(&text).expect("readable");
        assert_eq!(back.measured.integrated_lufs, Some(-13.7));
        let png = fs::read(first.with_extension("png")).expect("PNG");
        assert!(png.starts_with(b"\x89PNG"));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        fs::write(&file, "no folder").expect("written");
        let error = write(&file.join("below"), Delivery::default(), &[]).expect_err("refused");
        assert!(error.contains("below"), "{error}");
    }
}
