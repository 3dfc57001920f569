//! Many threads, one result; and what happens when somebody fails, or wants to stop.

mod common;

use common::{Folder, RATE, float_options, render_options, tools};
use session::audio_file::{AudioReader, Depth, WavOptions, WavWriter};
use session::bundle::Bundles;
use session::engine::{Engine, Listener, Sink, Source, Tap, Window};
use session::error::{Error, Result};
use session::graph::{Graph, NodeKind};
use session::model::Session;
use session::render::render;
use session::spool::SpoolWriter;
use session::stop::Stop;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

const FRAMES: usize = 20_000;
const BLOCKS: [usize; 5] = [64, 100, 1024, 4096, 65_536];

/// Stems, buses, sends and keys of many latencies.
const TANGLE: &str = r#"
    [[stem]]
    file = "Song_Stem_01_Drums.wav"
    name = "Drums"
    send = [{ to = "room", level_db = -7.5 }, { to = "side", tap = "pre" }]
    insert = [{ plugin = "test.tool", params = { Delay = 31, Gain = -1 } }]
    [[stem]]
    file = "Song_Stem_02_Bass.wav"
    to = "band"
    insert = [{ plugin = "test.tool", params = { Delay = 200, Key = true }, key = "side" }]
    [[stem]]
    file = "Song_Stem_03_Music.wav"
    to = "band"
    send = [{ to = "room", level_db = -3 }]
    [[bus]]
    name = "side"
    to = "none"
    insert = [{ plugin = "test.tool", params = { Delay = 777 } }]
    [[bus]]
    name = "room"
    to = "band"
    insert = [{ plugin = "test.tool", params = { Delay = 5, Gain = 2 } },
              { plugin = "test.tool", params = { Delay = 900 } }]
    [[bus]]
    name = "band"
    [mix]
    insert = [{ plugin = "test.tool", params = { Gain = -2 } },
              { plugin = "test.tool", params = { Delay = 100 } }]
"#;

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let folder = Folder::new();
    for (seed, name) in ["01_Drums", "02_Bass", "03_Music"].into_iter().enumerate() {
        folder.stem(&format!("Song_Stem_{name}.wav"), seed as u64, FRAMES);
    }
    folder.session(TANGLE);
    let mut first = None;
    for threads in [1, 2, 7] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        for block_len in BLOCKS {
            let out = Some(folder.join(&format!("{threads} {block_len}")));
            let options =
                session::render::Options { block_len, out, ..float_options(folder.path()) };
            let mut rendered = pool.install(|| render_options(&options, &mut tools())).unwrap();
            // When and where is not what is compared.
            rendered.report.created.clear();
            rendered.report.files.written.clear();
            let now = (std::fs::read(rendered.master()).unwrap(), rendered.report);
            let first = first.get_or_insert_with(|| now.clone());
            assert!(*first == now, "{threads} threads, block length {block_len}");
        }
    }
}

/// Noise that ends in an error.
struct Failing {
    left: usize,
    name: &'static str,
}

impl Failing {
    fn failure(&self) -> Error {
        Error::NoStems(self.name.into())
    }
}

impl Source for Failing {
    fn fill(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<()> {
        left.fill(0.25);
        right.fill(-0.25);
        match self.left.checked_sub(left.len()) {
            Some(rest) => self.left = rest,
            None => return Err(self.failure()),
        }
        Ok(())
    }
}

impl Sink for Failing {
    fn write(&mut self, left: &[f64], _: &[f64]) -> Result<()> {
        match self.left.checked_sub(left.len()) {
            Some(rest) => self.left = rest,
            None => return Err(self.failure()),
        }
        Ok(())
    }
}

/// Two stems, one of which has a long way to the mix.
fn long_graph() -> Graph {
    let text = r#"
        schema = 1
        [[stem]]
        file = "a.wav"
        name = "a"
        to = "1"
        [[stem]]
        file = "b.wav"
        name = "b"
        [[bus]]
        name = "1"
        to = "2"
        [[bus]]
        name = "2"
        to = "3"
        [[bus]]
        name = "3"
    "#;
    Graph::new(&Session::parse(text, Path::new("session.toml")).unwrap()).unwrap()
}

/// Runs the long graph: where its two stems fail, and who listens to the mix.
fn run_long(block_len: usize, stems: [usize; 2], listener: Listener<'_>) -> Result<()> {
    let graph = long_graph();
    let mut bundles = Bundles::in_folders(Vec::new());
    let engine = Engine::new(&graph, &mut bundles, &[], RATE, block_len, |kind| match kind {
        NodeKind::Stem(stem) => {
            Ok(Box::new(Failing { left: stems[*stem], name: ["a", "b"][*stem] }))
        }
        other => panic!("{other:?}"),
    })?;
    let window = Window::Aligned(FRAMES as u64);
    let mut taps = [Tap { node: graph.mix_output, window, listener }];
    engine.run(&mut taps, &Stop::default(), &mut |_, _| {}).map(drop)
}

#[test]
fn the_first_failure_is_the_one_that_is_told() {
    const NEVER: usize = usize::MAX;
    let told = |block_len, stems, tap: usize| {
        let mut sink = Failing { left: tap, name: "tap" };
        let told = run_long(block_len, stems, Listener::Output(&mut sink));
        told.map_err(|error| match error {
            Error::NoStems(name) => name.display().to_string(),
            other => panic!("{other}"),
        })
    };
    for _ in 0..20 {
        for block_len in BLOCKS {
            assert_eq!(told(block_len, [NEVER; 2], NEVER), Ok(()));
            assert_eq!(told(block_len, [0, 0], 0), Err("a".to_owned()), "the first of one block");
            assert_eq!(told(block_len, [NEVER, 0], 0), Err("b".to_owned()), "before the tap");
            assert_eq!(told(block_len, [NEVER; 2], 0), Err("tap".to_owned()));
        }
        // By the time the tap hears the first block, the stems are five blocks further.
        assert_eq!(told(1024, [2000, 3000], 1000), Err("tap".to_owned()));
        assert_eq!(told(1024, [2000, 1000], NEVER), Err("b".to_owned()));
        assert_eq!(told(1, [2000, 1500], 1400), Err("tap".to_owned()));
    }
}

#[test]
fn a_panic_comes_out_and_nobody_waits_for_ever() {
    struct Panics(usize);
    impl Sink for Panics {
        fn write(&mut self, left: &[f64], _: &[f64]) -> Result<()> {
            self.0 += left.len();
            assert!(self.0 < FRAMES / 2, "on purpose");
            Ok(())
        }
    }
    for block_len in BLOCKS {
        let (tell, told) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            let mut sink = Panics(0);
            let _ = run_long(block_len, [usize::MAX; 2], Listener::Output(&mut sink));
            let _ = tell.send(());
        });
        // The sender falls with the thread: an answer either way.
        let told = told.recv_timeout(Duration::from_mins(2));
        assert_eq!(told, Err(mpsc::RecvTimeoutError::Disconnected), "block length {block_len}");
        assert!(thread.join().is_err());
    }
    // The pool has outlived it.
    let mut sink = Failing { left: usize::MAX, name: "tap" };
    run_long(1024, [usize::MAX; 2], Listener::Output(&mut sink)).unwrap();
}

#[test]
fn a_full_disk_is_one_sentence_and_leaves_no_file() {
    struct Full(usize);
    impl Sink for Full {
        fn write(&mut self, left: &[f64], _: &[f64]) -> Result<()> {
            self.0 += left.len();
            if self.0 < FRAMES / 2 {
                return Ok(());
            }
            Err(Error::Io {
                action: "write",
                path: "/full/Song_Master_48k24.wav".into(),
                // ENOSPC.
                source: std::io::Error::from_raw_os_error(28),
                mend: "check that the folder is writable and has room",
            })
        }
    }
    let folder = Folder::new();
    let graph = long_graph();
    let mut bundles = Bundles::in_folders(Vec::new());
    let engine = Engine::new(&graph, &mut bundles, &[], RATE, 1024, |_| {
        Ok(Box::new(Failing { left: usize::MAX, name: "" }))
    })
    .unwrap();
    let mut full = Full(0);
    let mut spool = SpoolWriter::create(folder.path()).unwrap();
    let master = folder.join("Song_Master_48k24.wav");
    let mut writer = WavWriter::create(&master, WavOptions::new(Depth::Int24, RATE)).unwrap();
    let window = Window::Aligned(FRAMES as u64);
    let tap = |listener| Tap { node: graph.mix_output, window, listener };
    let error = engine
        .run(
            &mut [
                tap(Listener::Output(&mut spool)),
                tap(Listener::Output(&mut writer)),
                tap(Listener::Output(&mut full)),
            ],
            &Stop::default(),
            &mut |_, _| {},
        )
        .err()
        .unwrap();
    let sentence = error.to_string();
    assert!(sentence.contains("Song_Master_48k24.wav"), "{sentence}");
    assert!(sentence.contains("No space left") || sentence.contains("has room"), "{sentence}");
    assert!(!sentence.contains('\n'), "{sentence}");
    drop((spool, writer));
    assert_eq!(folder.contents(), Vec::<String>::new());
}

#[test]
fn a_stem_that_shrinks_while_it_is_read_is_one_sentence_and_leaves_no_file() {
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, 400_000);
    let bass = folder.join("Song_Stem_02_Bass.wav");
    folder.stem("Song_Stem_02_Bass.wav", 2, 400_000);
    folder.session("[[stem]]\nfile = \"*\"\ninsert = [{ plugin = \"test.tool\" }]\n");
    let before = folder.contents();
    let error = render(&float_options(folder.path()), &mut tools(), &mut |_, done, _| {
        if done > 0 {
            std::fs::OpenOptions::new().write(true).open(&bass).unwrap().set_len(9000).unwrap();
        }
    })
    .unwrap_err();
    assert!(matches!(error, Error::Truncated { .. }), "{error}");
    let sentence = error.to_string();
    assert!(sentence.contains("Song_Stem_02_Bass.wav"), "{sentence}");
    assert!(!sentence.contains('\n'), "{sentence}");
    assert_eq!(folder.contents(), before);
    assert!(AudioReader::open(&bass).is_err());
}

#[test]
fn a_request_to_stop_is_answered_and_leaves_no_file() {
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, 400_000);
    folder.session("[[stem]]\nfile = \"*\"\ninsert = [{ plugin = \"test.tool\" }]\n");
    let before = folder.contents();
    for requested_at in [0, 1, 300_000] {
        let options = float_options(folder.path());
        let stop = options.stop.clone();
        if requested_at == 0 {
            stop.request();
        }
        let mut furthest = 0;
        let error = render(&options, &mut tools(), &mut |_, done, _| {
            furthest = done;
            if done >= requested_at {
                stop.request();
            }
        })
        .unwrap_err();
        assert!(matches!(error, Error::Interrupted), "{error}");
        assert!(furthest < 400_000, "it went on to the end");
        assert_eq!(error.to_string(), "stopped on request: nothing was written");
        assert_eq!(folder.contents(), before);
    }
}
