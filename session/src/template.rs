//! From what a folder holds to a session in which everything is named.
//!
//! A template is a session file whose stems are patterns. Expanding puts a stem for every file in
//! the place of a pattern, and fills in names and roles; what comes out needs no folder to be
//! understood.

mod keys;

use crate::audio_file::is_audio_file;
use crate::error::{Error, Result};
use crate::model::{Insert, MIX, NONE, Session, Stem, Value};
use crate::names;
use crate::role::{self, Role};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a folder without a session file is rendered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Template {
    /// A trim on every stem and a limiter on their sum.
    #[default]
    Master,
    /// The same, and the music makes room for the voice.
    Mix,
}

impl Template {
    /// The session file, and what it is called.
    pub fn text(self) -> (&'static str, &'static str) {
        match self {
            Self::Master => (include_str!("../templates/master.toml"), "master.toml"),
            Self::Mix => (include_str!("../templates/mix.toml"), "mix.toml"),
        }
    }
}

/// The session file a folder is searched for.
pub const SESSION_FILE: &str = "session.toml";

/// Larger than any session file that a person or a program writes.
const MOST_SESSION_BYTES: u64 = 4 << 20;

/// A session whose every stem has a file, a name and a role.
#[derive(Debug, Clone, PartialEq)]
pub struct Expanded {
    /// The session, without patterns; `name`, and `name` and `role` of every stem, are set.
    pub session: Session,
    /// The song's title.
    pub song: String,
    /// The folder the files are in.
    pub folder: PathBuf,
    /// The file of each stem, in order.
    pub files: Vec<PathBuf>,
}

/// Opens `path`: a session file, or a folder with a `session.toml`, or a folder of stems, which
/// gets the template asked for, or [`Template::Master`].
///
/// # Errors
/// A sentence about the path, the session file, or a missing or doubled stem;
/// [`Error::TemplateUnused`] for a template where a session file says what to do.
pub fn open(path: &Path, template: Option<Template>) -> Result<Expanded> {
    let (session, folder) = load(path, template)?;
    expand(session, &folder)
}

/// The session that `path` stands for, not yet expanded, and the folder its files are in.
///
/// # Errors
/// A sentence about the path or the session file; [`Error::TemplateUnused`].
pub(crate) fn load(path: &Path, template: Option<Template>) -> Result<(Session, PathBuf)> {
    let metadata = std::fs::metadata(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::NoSuchPath(path.to_owned()),
        _ => Error::read(path, e),
    })?;
    let file_says = |file: &Path| match template {
        Some(_) => Err(Error::TemplateUnused(file.to_owned())),
        None => read(file),
    };
    if metadata.is_dir() {
        let file = path.join(SESSION_FILE);
        let session = if file.is_file() {
            file_says(&file)?
        } else {
            let (text, name) = template.unwrap_or_default().text();
            Session::parse(text, Path::new(name))?
        };
        return Ok((session, path.to_owned()));
    }
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
        return Ok((file_says(path)?, folder.unwrap_or(Path::new(".")).to_owned()));
    }
    Err(Error::NotASession(path.to_owned()))
}

fn read(path: &Path) -> Result<Session> {
    let metadata = std::fs::metadata(path).map_err(|e| Error::read(path, e))?;
    if !metadata.is_file() || metadata.len() > MOST_SESSION_BYTES {
        return Err(Error::NotASession(path.to_owned()));
    }
    let text = std::fs::read_to_string(path).map_err(|e| Error::read(path, e))?;
    Session::parse(&text, path)
}

/// Fills in a session from the files in `folder`. Where patterns alone name the stems, these stand in
/// the files' order.
///
/// # Errors
/// A missing or doubled stem, a doubled or reserved name, a key that nobody plays, no stems at all.
pub fn expand(session: Session, folder: &Path) -> Result<Expanded> {
    let found = stems_in(folder)?;
    let named: BTreeSet<PathBuf> = session
        .stems
        .iter()
        .filter(|s| !is_pattern(&s.file))
        .map(|s| real(&folder.join(&s.file)))
        .collect();

    // Which file belongs to which entry. Plain names come first, whatever their order, so that a
    // pattern never takes a file that somebody named.
    let only_patterns = named.is_empty();
    let mut taken = BTreeSet::new();
    let mut entries: Vec<(Stem, PathBuf)> = Vec::new();
    let titles = file_titles(&found);
    let song = names::song(&titles.iter().map(String::as_str).collect::<Vec<_>>());
    for stem in session.stems {
        if is_pattern(&stem.file) {
            for (file, title) in found.iter().zip(&titles) {
                let name = file.file_name().unwrap_or_default().to_string_lossy();
                let role = role::told_by(&names::stem_label(title, song.as_deref()));
                let file_itself = real(file);
                if named.contains(&file_itself)
                    || taken.contains(&file_itself)
                    || !matches(&stem.file, &name)
                    || stem.role.is_some_and(|wanted| wanted != role)
                {
                    continue;
                }
                taken.insert(file_itself);
                let one = Stem { file: name.into_owned(), ..stem.clone() };
                entries.push((one, file.clone()));
            }
        } else {
            let file = folder.join(&stem.file);
            if !file.is_file() {
                return Err(Error::MissingStem(file));
            }
            if !taken.insert(real(&file)) {
                return Err(Error::DuplicateFile(file));
            }
            entries.push((stem, file));
        }
    }
    if entries.is_empty() {
        return Err(Error::NoStems(folder.to_owned()));
    }
    if only_patterns {
        entries.sort_by(|(_, a), (_, b)| a.cmp(b));
    }

    // The song is what the stems in use have in common.
    let titles = file_titles(&entries.iter().map(|(_, f)| f.clone()).collect::<Vec<_>>());
    let song = names::song(&titles.iter().map(String::as_str).collect::<Vec<_>>());
    let mut labels: Vec<String> =
        titles.iter().map(|t| names::stem_label(t, song.as_deref())).collect();
    let roles: Vec<Role> = labels.iter().map(|l| role::told_by(l)).collect();
    distinguish(&mut labels, &titles);

    let (mut stems, mut files) = (Vec::new(), Vec::new());
    for (((mut stem, file), label), role) in entries.into_iter().zip(labels).zip(roles) {
        // A pattern's `name` would be doubled; only a named file may carry one.
        let role = *stem.role.get_or_insert(role);
        let name = stem.name.get_or_insert(label).clone();
        for insert in &mut stem.inserts {
            substitute(insert, role, &name);
        }
        stems.push(stem);
        files.push(file);
    }

    let song = session.name.or(song).unwrap_or_else(|| folder_name(folder));
    let mut session = Session { name: Some(song.clone()), stems, ..session };
    keys::find(&mut session)?;
    check_names(&session)?;
    Ok(Expanded { session, song, folder: folder.to_owned(), files })
}

/// The audio files of a folder that are stems, by name.
fn stems_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = audio_files_in(folder)?;
    files.retain(|file| !names::is_mix(&title(file)));
    Ok(files)
}

/// The audio files of a folder, stems and mixes, sorted.
///
/// # Errors
/// If the folder cannot be read.
pub(crate) fn audio_files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| Error::read(folder, e))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|e| Error::read(folder, e))?.path();
        // Hidden files are the system's (._Drums.wav on shared disks), not the mixer's.
        if is_audio_file(&path) && !title(&path).starts_with('.') && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The file itself, however it is written: `Drums.wav` and `./Drums.wav` are one.
fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// A file's name without its extension.
pub(crate) fn title(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn file_titles(files: &[PathBuf]) -> Vec<String> {
    files.iter().map(|f| title(f)).collect()
}

fn folder_name(folder: &Path) -> String {
    let absolute = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.file_name().map_or_else(|| "Session".to_owned(), |n| n.to_string_lossy().into_owned())
}

/// Labels that several files share give way to the files' whole names.
fn distinguish(labels: &mut [String], titles: &[String]) {
    let folded: Vec<String> = labels.iter().map(|l| l.to_lowercase()).collect();
    for (i, label) in labels.iter_mut().enumerate() {
        if folded.iter().filter(|other| **other == folded[i]).count() > 1 {
            label.clone_from(&titles[i]);
        }
    }
}

/// Puts role and name into text values that ask for them.
fn substitute(insert: &mut Insert, role: Role, name: &str) {
    for value in insert.params.values_mut() {
        if let Value::Text(text) = value {
            *text = text.replace("{role}", role.name()).replace("{name}", name);
        }
    }
}

/// Channel names are unique and not reserved. Case does not distinguish them.
fn check_names(session: &Session) -> Result<()> {
    let mut seen = BTreeSet::new();
    let stems = session.stems.iter().filter_map(|s| s.name.as_deref());
    for name in stems.chain(session.buses.iter().map(|b| b.name.as_str())) {
        let folded = name.to_lowercase();
        if folded.trim().is_empty() || folded == MIX || folded == NONE {
            return Err(Error::ReservedName(name.to_owned()));
        }
        if !seen.insert(folded) {
            return Err(Error::DuplicateName(name.to_owned()));
        }
    }
    Ok(())
}

/// Whether a stem's `file` stands for several.
pub(crate) fn is_pattern(file: &str) -> bool {
    file.contains('*')
}

/// Whether `name` fits `pattern`, in which `*` stands for anything. Case does not matter, as on
/// the file systems most mixers use.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or("");
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(folder.path().join(file), b"").unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_of_stems_gets_the_master_template() {
        let folder = folder(&[
            "Harbor_Mix_Main_48k24.wav",
            "Harbor_Stem_01_Drums_48k24.wav",
            "Harbor_Stem_04_VoxLead_48k24.wav",
            "Harbor_Stem_05_BGV_48k24.WAV",
            "._Harbor_Stem_05_BGV_48k24.wav",
            "notes.txt",
        ]);
        let expanded = open(folder.path(), None).unwrap();
        assert_eq!(expanded.song, "Harbor");
        let stems = &expanded.session.stems;
        let named: Vec<_> =
            stems.iter().map(|s| (s.name.as_deref().unwrap(), s.role.unwrap())).collect();
        assert_eq!(
            named,
            [("Drums", Role::Drums), ("VoxLead", Role::LeadVocal), ("BGV", Role::BackingVocals)]
        );
        assert_eq!(stems[1].inserts[0].params["Role"], Value::Text("Lead Vocal".to_owned()));
        let bus: Vec<_> = expanded.session.mix.inserts.iter().map(|i| &*i.plugin).collect();
        assert_eq!(bus, ["org.stemwright.limiter", "org.stemwright.meter"]);
    }

    #[test]
    fn a_pattern_leaves_named_files_alone_and_may_ask_for_a_role() {
        let folder = folder(&["Harbor_Drums.wav", "Harbor_Vox.wav", "Harbor_Bass.wav"]);
        let text = "schema = 1\n[[stem]]\nfile = \"*\"\nrole = \"Lead Vocal\"\nto = \"none\"\n\
                    [[stem]]\nfile = \"*\"\n[[stem]]\nfile = \"Harbor_Drums.wav\"\nname = \"Kit\"\n";
        std::fs::write(folder.path().join(SESSION_FILE), text).unwrap();
        let expanded = open(folder.path(), None).unwrap();
        let stems = &expanded.session.stems;
        let names: Vec<_> = stems.iter().map(|s| s.name.as_deref().unwrap()).collect();
        assert_eq!(names, ["Vox", "Bass", "Kit"]);
        assert_eq!(stems[0].to, "none");
    }

    #[test]
    fn the_mix_template_keys_the_music_with_the_voice_and_keeps_the_order() {
        let files = ["H_01_Drums.wav", "H_02_Music.wav", "H_03_VoxLead.wav", "H_04_VO.wav"];
        let folder = folder(&files);
        let session = open(folder.path(), Some(Template::Mix)).unwrap().session;
        let names: Vec<_> = session.stems.iter().map(|s| s.name.as_deref().unwrap()).collect();
        assert_eq!(names, ["Drums", "Music", "VoxLead", "VO"]);
        let plugins = |stem: usize| {
            let inserts = session.stems[stem].inserts.iter();
            inserts.map(|insert| insert.plugin.as_str()).collect::<Vec<_>>()
        };
        let trim = "org.stemwright.stem-trim";
        let compressor = "org.stemwright.bus-compressor";
        assert_eq!(plugins(0), [trim, compressor]);
        assert_eq!(plugins(1), [trim, "org.stemwright.dynamic-eq"]);
        let de_esser = "org.stemwright.de-esser";
        assert_eq!([plugins(2), plugins(3)], [[trim, de_esser], [trim, de_esser]]);
        let bus: Vec<_> = session.mix.inserts.iter().map(|insert| &*insert.plugin).collect();
        assert_eq!(bus, [compressor, "org.stemwright.limiter", "org.stemwright.meter"]);
        assert_eq!(session.buses[0].to, NONE);
    }

    #[test]
    fn a_template_is_refused_where_a_session_file_says_what_to_do() {
        let folder = folder(&["A.wav"]);
        let file = folder.path().join(SESSION_FILE);
        std::fs::write(&file, "schema = 1\n[[stem]]\nfile = \"*\"\n").unwrap();
        for path in [folder.path(), &file] {
            let refused = open(path, Some(Template::Mix));
            assert!(matches!(refused, Err(Error::TemplateUnused(_))), "{refused:?}");
            assert!(open(path, None).is_ok());
        }
    }

    #[test]
    fn the_folder_names_the_song_when_the_stems_do_not() {
        let folder = folder(&["Drums.wav", "Bass.wav"]);
        let expanded = open(folder.path(), None).unwrap();
        assert_eq!(expanded.song, folder.path().file_name().unwrap().to_string_lossy());
    }

    #[test]
    fn labels_that_collide_become_whole_names() {
        let folder = folder(&["H_Stem_01_Gtr.wav", "H_Stem_02_Gtr.wav", "H_Stem_03_Bass.wav"]);
        let expanded = open(folder.path(), None).unwrap();
        let names: Vec<_> =
            expanded.session.stems.iter().map(|s| s.name.clone().unwrap()).collect();
        assert_eq!(names, ["H_Stem_01_Gtr", "H_Stem_02_Gtr", "Bass"]);
        assert_eq!(expanded.session.stems[0].role, Some(Role::Guitars));
    }

    #[test]
    fn what_is_missing_or_doubled_is_said() {
        let folder = folder(&["A.wav", "B.wav"]);
        let write = |text: &str| std::fs::write(folder.path().join(SESSION_FILE), text).unwrap();
        write("schema = 1\n[[stem]]\nfile = \"C.wav\"\n");
        assert!(matches!(open(folder.path(), None), Err(Error::MissingStem(_))));
        write("schema = 1\n[[stem]]\nfile = \"A.wav\"\n[[stem]]\nfile = \"./A.wav\"\n");
        assert!(matches!(open(folder.path(), None), Err(Error::DuplicateFile(_))));
        write(
            "schema = 1\n[[stem]]\nfile = \"A.wav\"\nname = \"x\"\n[[stem]]\nfile = \"B.wav\"\nname = \"X\"\n",
        );
        assert!(matches!(open(folder.path(), None), Err(Error::DuplicateName(_))));
        write("schema = 1\n[[stem]]\nfile = \"A.wav\"\nname = \"Mix\"\n");
        assert!(matches!(open(folder.path(), None), Err(Error::ReservedName(_))));
        write("schema = 1\n");
        assert!(matches!(open(folder.path(), None), Err(Error::NoStems(_))));
        assert!(matches!(open(&folder.path().join("nowhere"), None), Err(Error::NoSuchPath(_))));
        assert!(matches!(open(&folder.path().join("A.wav"), None), Err(Error::NotASession(_))));
    }

    #[test]
    fn patterns_match_as_expected() {
        for (pattern, name, fits) in [
            ("*", "anything.wav", true),
            ("*.wav", "a.WAV", true),
            ("*_Vox*", "Harbor_VoxLead.wav", true),
            ("Harbor*Drums*", "Harbor_01_Drums.wav", true),
            ("Harbor*Drums*", "Drums_Harbor.wav", false),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }
}
