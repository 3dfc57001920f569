//! Tens of thousands of damaged audio files and session files, the same on every run: none may
//! panic, take memory that its header claims, or be read as anything but what it says it holds.

mod common;

use common::audio_bytes::{Fixture, every_kind};
use session::audio_file::AudioReader;
use session::graph::Graph;
use session::model::Session;
use session::template::{self, Template};
use session::{Error, Result};
use shared_dsp::random::Random;
use std::fmt::Write as _;
use std::io::Cursor;
use std::path::Path;

const PATH: &str = "Drums.wav";

/// A whole number below `bound`, which is not 0.
fn below(random: &mut Random, bound: usize) -> usize {
    (random.next_u64() % bound as u64) as usize
}

/// A size that a header should not have, or one that is just off.
fn wild(random: &mut Random, was: u32) -> u32 {
    match below(random, 8) {
        0 => 0,
        1 => u32::MAX,
        2 => i32::MAX as u32,
        3 => random.next_u64() as u32,
        4 => was.wrapping_add(1),
        5 => was.wrapping_sub(1),
        6 => was.wrapping_mul(2),
        _ => 1 << below(random, 32),
    }
}

/// Where the chunks of an undamaged file begin and end.
fn chunks(file: &Fixture) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut at = 12;
    while at + 8 <= file.bytes.len() {
        let size = number(file, at + 4) as usize;
        let end = (at + 8 + size + size % 2).min(file.bytes.len());
        found.push(at..end);
        at = end;
    }
    found
}

fn number(file: &Fixture, at: usize) -> u32 {
    let bytes = file.bytes[at..at + 4].try_into().unwrap();
    if file.big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
}

/// One mistake more in `bytes`, which began as `file`.
fn damage(random: &mut Random, files: &[Fixture], file: &Fixture, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    let at = below(random, bytes.len());
    match below(random, 8) {
        // Bits turned, most of them in what matters.
        0 | 1 => {
            for _ in 0..=below(random, 4) {
                let reach = if below(random, 4) > 0 { bytes.len().min(120) } else { bytes.len() };
                let at = below(random, reach);
                bytes[at] ^= 1 << below(random, 8);
            }
        }
        2 => bytes.truncate(at),
        // A chunk's size.
        3 | 4 => {
            let chunks = chunks(file);
            let at = chunks[below(random, chunks.len())].start + 4;
            let size = wild(random, number(file, at));
            let size = if file.big_endian { size.to_be_bytes() } else { size.to_le_bytes() };
            if let Some(field) = bytes.get_mut(at..at + 4) {
                field.copy_from_slice(&size);
            }
        }
        // Any number.
        5 => {
            let value = wild(random, 1).to_le_bytes();
            for (byte, new) in bytes[at..].iter_mut().zip(value) {
                *byte = new;
            }
        }
        // The chunks of two files in any order, some twice, some not at all.
        6 => {
            let other = &files[below(random, files.len())];
            let mut shuffled = bytes[..bytes.len().min(12)].to_vec();
            for _ in 0..=below(random, 6) {
                let source = if below(random, 3) > 0 { file } else { other };
                let chunks = chunks(source);
                shuffled.extend(&source.bytes[chunks[below(random, chunks.len())].clone()]);
            }
            *bytes = shuffled;
        }
        // Something in between, or missing.
        _ => {
            let many = below(random, 9);
            if below(random, 2) == 0 {
                let extra: Vec<u8> = (0..many).map(|_| random.next_u64() as u8).collect();
                bytes.splice(at..at, extra);
            } else {
                bytes.drain(at..(at + many).min(bytes.len()));
            }
        }
    }
}

/// Opens a file and reads it to its end, both ways, in blocks that suit it ill.
fn read_through(bytes: &[u8]) -> Result<u64> {
    let path = Path::new(PATH);
    let mut reader = AudioReader::new(Cursor::new(bytes), path)?;
    let format = reader.format();
    let frame_bytes = u64::from(format.channels) * format.encoding.bytes() as u64;
    assert!(matches!(format.channels, 1..=2));
    assert!((8_000..=384_000).contains(&format.sample_rate_hz));
    assert!((1..=bytes.len() as u64 / frame_bytes).contains(&reader.frames()));
    let (mut left, mut right) = ([0.0; 37], [0.0; 37]);
    let mut frames = 0;
    let mut all_finite = true;
    loop {
        let read = reader.read_raw(&mut left, &mut right).expect("the file holds it");
        frames += read as u64;
        all_finite &= left[..read].iter().chain(&right[..read]).all(|s| s.is_finite());
        if read == 0 {
            break;
        }
    }
    assert_eq!(frames, reader.frames());
    let mut strict = AudioReader::new(Cursor::new(bytes), path)?;
    let refused = loop {
        match strict.read(&mut left, &mut right) {
            Ok(0) => break false,
            Ok(_) => {}
            Err(Error::NotFinite { .. }) => break true,
            Err(e) => panic!("{e}"),
        }
    };
    assert_eq!(refused, !all_finite);
    Ok(frames)
}

#[test]
fn damaged_audio_files_are_read_as_they_say_or_refused() {
    const CASES: usize = 60_000;
    // Two readers that read ahead, and a block of each.
    const MOST_BYTES: u64 = 2 * (1 << 16) + (1 << 14);
    let files = every_kind();
    let mut random = Random::new(0xBAD_F11E);
    let (mut read, mut refused) = (0, 0);
    for case in 0..CASES {
        let file = &files[case % files.len()];
        let mut bytes = file.bytes.clone();
        for _ in 0..=below(&mut random, 3) {
            damage(&mut random, &files, file, &mut bytes);
        }
        let mut outcome = None;
        let taken = allocation_counter::measure(|| {
            outcome = Some(
                std::panic::catch_unwind(|| read_through(&bytes))
                    .unwrap_or_else(|_| panic!("case {case}, from {}: {bytes:02X?}", file.name)),
            );
        });
        assert!(taken.bytes_max <= MOST_BYTES, "case {case}: {} bytes", taken.bytes_max);
        match outcome {
            Some(Err(error)) => {
                let sentence = error.to_string();
                assert!(sentence.contains(PATH), "{sentence}");
                assert!(!sentence.contains(char::is_control), "one line: {sentence:?}");
                refused += 1;
            }
            _ => read += 1,
        }
    }
    // Damage that breaks everything, or nothing, would prove nothing.
    assert!(read > CASES / 10 && refused > CASES / 10, "{read} read, {refused} refused");
}

/// A session with everything in it that a session file can have.
const EVERYTHING: &str = r#"
schema = 1
name = "Harbor"
[[stem]]
file = "Drums.wav"
role = "Drums"
name = "Kit"
to = "band"
send = [{ to = "sum", level_db = -3.0, tap = 1 }, { to = "sum", tap = "pre" }]
[[stem.insert]]
plugin = "org.stemwright.stem-trim"
params = { Role = "{role}", Gain = -1.5, Bypass = false, "123" = 4 }
[[stem]]
file = "*"
[[bus]]
name = "band"
[[bus.insert]]
plugin = "org.stemwright.bus-compressor"
key = "Kit"
[[bus]]
name = "sum"
to = "none"
[[mix.insert]]
plugin = "org.stemwright.limiter"
key = { from = "sum", tap = "post" }
"#;

/// One mistake more in a session file.
fn damage_text(random: &mut Random, text: &mut Vec<u8>) {
    const WORDS: [&str; 20] = [
        "mix",
        "none",
        "sum",
        "band",
        "Kit",
        "\"",
        "[",
        "]",
        "{",
        "}",
        "=",
        "\n",
        "''",
        "nan",
        "-inf",
        "9223372036854775807",
        "1e400",
        "0xFFFFFFFFFFFFFFFF",
        "\u{0}",
        "\u{1F3B8}",
    ];
    if text.is_empty() {
        return;
    }
    let at = below(random, text.len());
    let line = |text: &[u8], from: usize| {
        let start = text[..from].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let end =
            text[from..].iter().position(|b| *b == b'\n').map_or(text.len(), |i| from + i + 1);
        start..end
    };
    match below(random, 7) {
        0 => text[at] ^= 1 << below(random, 8),
        1 => text.truncate(at),
        2 => {
            let word = WORDS[below(random, WORDS.len())];
            text.splice(at..at, word.bytes());
        }
        // A line that is missing, or twice, or somewhere else.
        3 => {
            text.drain(line(text, at));
        }
        4 | 5 => {
            let copy = text[line(text, at)].to_vec();
            let to = line(text, below(random, text.len())).start;
            text.splice(to..to, copy);
        }
        // A name in the place of another.
        _ => {
            let quotes: Vec<usize> =
                text.iter().enumerate().filter(|(_, b)| **b == b'"').map(|(i, _)| i).collect();
            if quotes.len() >= 2 {
                let from = below(random, quotes.len() - 1);
                let word = WORDS[below(random, 5)];
                text.splice(quotes[from] + 1..quotes[from + 1], word.bytes());
            }
        }
    }
}

/// A session file's text, as far as it goes without plugins.
fn open_session(text: &str, folder: Option<&Path>) -> Result<Graph> {
    let session = Session::parse(text, Path::new("session.toml"))?;
    match folder {
        Some(folder) => Graph::new(&template::expand(session, folder)?.session),
        None => Graph::new(&session),
    }
}

#[test]
fn damaged_sessions_are_understood_or_refused() {
    const CASES: usize = 30_000;
    // Measured: 20 kB, and 32 times the text at most, which is a table of its own for every name.
    const MOST_BYTES_PER_BYTE: u64 = 64;
    let folder = tempfile::tempdir().unwrap();
    for name in ["Drums.wav", "Bass.aiff"] {
        std::fs::write(folder.path().join(name), b"").unwrap();
    }
    let mut random = Random::new(0xBAD_5E55);
    let (mut understood, mut refused) = (0, 0);
    for case in 0..CASES {
        let mut text = [EVERYTHING, Template::Master.text().0, Template::Mix.text().0][case % 3]
            .as_bytes()
            .to_vec();
        for _ in 0..=below(&mut random, 3) {
            damage_text(&mut random, &mut text);
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        let folder = (case % 4 < 2).then_some(folder.path());
        let mut outcome = None;
        let taken = allocation_counter::measure(|| {
            outcome = Some(
                std::panic::catch_unwind(|| open_session(&text, folder))
                    .unwrap_or_else(|_| panic!("case {case}: {text}")),
            );
        });
        let most = MOST_BYTES_PER_BYTE * text.len() as u64 + (1 << 16);
        assert!(taken.bytes_max <= most, "case {case}: {} bytes for {text}", taken.bytes_max);
        match outcome {
            Some(Err(error)) => {
                let sentence = error.to_string();
                assert_eq!(sentence.lines().count(), 1, "{sentence:?} for {text}");
                refused += 1;
            }
            _ => understood += 1,
        }
    }
    assert!(understood > CASES / 20 && refused > CASES / 10, "{understood}, {refused}");
}

#[test]
fn sessions_that_are_deep_or_long_end_soon() {
    let start = std::time::Instant::now();
    let nested = format!("schema = 1\nname = {}", "[".repeat(100_000));
    assert!(matches!(open_session(&nested, None), Err(Error::SessionSyntax { .. })));
    let nested = format!("schema = 1\nname = {}", "{a=".repeat(100_000));
    assert!(matches!(open_session(&nested, None), Err(Error::SessionSyntax { .. })));
    let dotted = format!("schema = 1\n{}a = 1", "a.".repeat(100_000));
    assert!(matches!(open_session(&dotted, None), Err(Error::SessionSyntax { .. })));
    // A chain of buses, each after the one it feeds: as long as four million letters allow.
    let mut chain = "schema = 1\n".to_owned();
    for bus in 0..60_000 {
        let to = if bus == 0 { "mix".to_owned() } else { format!("b{}", bus - 1) };
        writeln!(chain, "[[bus]]\nname = \"b{bus}\"\nto = \"{to}\"").unwrap();
    }
    let graph = open_session(&chain, None).unwrap();
    assert_eq!(graph.nodes.len(), 60_001);
    // The same, closed to a circle.
    let circle = chain.replacen("to = \"mix\"", "to = \"b59999\"", 1);
    assert!(matches!(open_session(&circle, None), Err(Error::Cycle { .. })));
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
