//! A user's presets as files: where they are, and how they are written, replaced and removed.
//!
//! | system | folder |
//! | --- | --- |
//! | Linux | `$XDG_DATA_HOME/Stemwright/<Plugin>/presets`, else `~/.local/share/Stemwright/…` |
//! | macOS | `~/Library/Audio/Presets/Stemwright/<Plugin>` |
//! | Windows | `%APPDATA%\Stemwright\<Plugin>\presets` |
//!
//! On Windows not in Documents: that folder is often moved into a cloud, and where it is has to be
//! asked of the shell, while `APPDATA` is where every program is told that its settings belong.

use std::fs;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

/// A preset's file is smaller; what is larger is none, and is not read.
const LARGEST_BYTES: u64 = 256 * 1024;
/// Longest name of a file before its extension, in bytes: systems allow 255.
const LONGEST_STEM: usize = 120;
const EXTENSION: &str = "json";

/// The presets folder of a plugin for the user this process runs as. It need not be there yet.
pub(crate) fn of_this_user(plugin: &str) -> Option<PathBuf> {
    on(std::env::consts::OS, plugin, |name| std::env::var_os(name).map(PathBuf::from))
}

/// The same on a system whose environment `variable` looks up. A relative path counts as none: it
/// would mean another folder in every host.
fn on(system: &str, plugin: &str, variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let base = |name: &str| variable(name).filter(|path| path.has_root());
    match system {
        "windows" => Some(base("APPDATA")?.join("Stemwright").join(plugin).join("presets")),
        "macos" => {
            Some(base("HOME")?.join("Library/Audio/Presets").join("Stemwright").join(plugin))
        }
        _ => {
            let data = base("XDG_DATA_HOME").or_else(|| Some(base("HOME")?.join(".local/share")));
            Some(data?.join("Stemwright").join(plugin).join("presets"))
        }
    }
}

/// A file of the folder: its path, and its text or why that cannot be had.
pub(crate) type Found = (PathBuf, Result<String, String>);

/// All files that ought to be presets, sorted by name. A folder that is not there holds none.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<Found>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let is_json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case(EXTENSION));
        let is_hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if is_json && !is_hidden {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths.into_iter().map(|path| (path.clone(), text_of(&path))).collect())
}

fn text_of(path: &Path) -> Result<String, String> {
    let cannot = |error: io::Error| format!("cannot be read: {error}");
    // A pipe would wait for ever.
    if !fs::metadata(path).map_err(cannot)?.is_file() {
        return Err("is no file".to_owned());
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(cannot)?;
    file.take(LARGEST_BYTES + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > LARGEST_BYTES {
        return Err("is too large for a preset".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "is no text in UTF-8".to_owned())
}

/// Writes a new file for a preset of this name, whose text is `text`; gives its path. A file that is
/// there already is never touched: a number is added to the name.
pub(crate) fn write_new(folder: &Path, name: &str, text: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let stem = file_stem(name);
    for number in 1..1000 {
        let file = if number == 1 { stem.clone() } else { format!("{stem} {number}") };
        let path = folder.join(format!("{file}.{EXTENSION}"));
        match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(mut file) => {
                let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all());
                if let Err(error) = written {
                    // Half a preset is worse than none; what removing it says does not matter then.
                    let _ = fs::remove_file(&path);
                    return Err(error);
                }
                return Ok(path);
            }
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Puts `text` in the place of a preset's file: all of it, or the old one stays.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().ok_or(ErrorKind::NotFound)?;
    let mut hidden = std::ffi::OsString::from(".new-");
    hidden.push(path.file_name().ok_or(ErrorKind::NotFound)?);
    let fresh = folder.join(hidden);
    let placed = fs::File::create(&fresh)
        .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&fresh, path));
    if placed.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    placed
}

/// Removes a preset's file.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

/// A file name, without its extension, for a preset of this name: safe on every system, whichever
/// wrote it. Letters and digits of all scripts stay, so that people know their files again.
fn file_stem(name: &str) -> String {
    let is_kept = |c: char| c.is_alphanumeric() || " -_+,()".contains(c) || c == '.';
    let mut stem: String = name.chars().map(|c| if is_kept(c) { c } else { '_' }).collect();
    let mut end = LONGEST_STEM.min(stem.len());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    stem.truncate(end);
    // A dot in front hides a file, at the end Windows drops it, and so it does with spaces.
    let stem = stem.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let device = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered =
        |prefix: &str| device.strip_prefix(prefix).is_some_and(|n| n.chars().count() == 1);
    let is_device = matches!(device.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || numbered("COM")
        || numbered("LPT");
    if stem.is_empty() || is_device { format!("_{stem}") } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_system_has_its_folder() {
        let home = |name: &str| match name {
            "HOME" => Some(PathBuf::from("/home/ada")),
            "APPDATA" => Some(PathBuf::from("/users/ada/roaming")),
            _ => None,
        };
        let at = |system| on(system, "Stem Trim", home).expect("a folder");
        assert_eq!(at("linux"), Path::new("/home/ada/.local/share/Stemwright/Stem Trim/presets"));
        assert_eq!(at("macos"), Path::new("/home/ada/Library/Audio/Presets/Stemwright/Stem Trim"));
        assert_eq!(at("windows"), Path::new("/users/ada/roaming/Stemwright/Stem Trim/presets"));
        let with = |data: &'static str| {
            let variable = move |name: &str| match name {
                "XDG_DATA_HOME" => Some(PathBuf::from(data)),
                other => home(other),
            };
            on("linux", "Stem Trim", variable).expect("a folder")
        };
        assert_eq!(with("/data"), Path::new("/data/Stemwright/Stem Trim/presets"));
        assert_eq!(with("data"), at("linux"));
        assert_eq!(on("linux", "Stem Trim", |_| None), None);
    }

    #[test]
    fn a_name_makes_a_file_that_every_system_takes() {
        for (name, stem) in [
            ("Vocal High-Pass 80 Hz", "Vocal High-Pass 80 Hz"),
            ("\u{dc}bung 1,5 (neu)", "\u{dc}bung 1,5 (neu)"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("C:\\Windows", "C__Windows"),
            ("a/b:c*d?e\"f<g>h|i", "a_b_c_d_e_f_g_h_i"),
            (".hidden", "hidden"),
            ("ends. ", "ends"),
            ("...", "_"),
            ("con", "_con"),
            ("LPT1.old", "_LPT1.old"),
            ("Console", "Console"),
            ("COM10", "COM10"),
        ] {
            assert_eq!(file_stem(name), stem, "{name}");
        }
        let long = file_stem(&"\u{1f399}\u{e9}".repeat(60));
        assert!(long.len() <= LONGEST_STEM && long.starts_with('_'), "{long}");
    }

    #[test]
    fn nothing_is_overwritten_unless_it_is_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let folder = folder.path().join("deep/er");
        assert_eq!(files(&folder).expect("none yet"), []);
        let first = write_new(&folder, "A:B", "one").expect("written");
        let second = write_new(&folder, "A?B", "two").expect("written");
        assert_eq!(first, folder.join("A_B.json"));
        assert_eq!(second, folder.join("A_B 2.json"));
        replace(&first, "three").expect("replaced");
        let texts: Vec<_> = files(&folder).expect("two").into_iter().map(|(_, t)| t).collect();
        assert_eq!(texts, [Ok("two".to_owned()), Ok("three".to_owned())]);
        remove(&second).expect("removed");
        assert!(remove(&second).is_err());
        assert_eq!(fs::read_dir(&folder).expect("there").count(), 1, "something was left behind");
    }

    #[test]
    fn what_cannot_be_read_is_said_and_hides_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |name: &str, bytes: &[u8]| {
            fs::write(folder.path().join(name), bytes).expect("written");
        };
        put("a.json", &[0xff, 0xfe]);
        put("b.json", &vec![b' '; LARGEST_BYTES as usize + 1]);
        put("c.JSON", b"{}");
        put("notes.txt", b"no preset");
        put(".new-d.json", b"half of one");
        fs::create_dir(folder.path().join("e.json")).expect("a folder");
        let said: Vec<String> = files(folder.path())
            .expect("listed")
            .into_iter()
            .map(|(_, text)| text.unwrap_or_else(|fault| fault))
            .collect();
        assert_eq!(said, ["is no text in UTF-8", "is too large for a preset", "{}", "is no file"]);
    }
}
