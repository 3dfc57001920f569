//! Any bytes as an audio file: refused, or read as exactly what the header says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use session::audio_file::AudioReader;
use std::io::Cursor;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = AudioReader::new(Cursor::new(bytes), Path::new("fuzzed.wav")) else {
        return;
    };
    let format = reader.format();
    let frame_bytes = u64::from(format.channels) * format.encoding.bytes() as u64;
    assert!(reader.frames() >= 1 && reader.frames() * frame_bytes <= bytes.len() as u64);
    let (mut left, mut right) = ([0.0; 61], [0.0; 61]);
    let mut frames = 0;
    loop {
        match reader.read_raw(&mut left, &mut right).expect("the bytes are there") {
            0 => break,
            read => frames += read as u64,
        }
    }
    assert_eq!(frames, reader.frames());
});
