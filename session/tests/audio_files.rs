//! Audio files of every kind we read, each put together by hand from its specification.

mod common;

use common::audio_bytes::{
    RATE_8000, RATE_44100, RATE_48000, RATE_384000, aifc, aiff, bext, chunk, comm, data, ds64,
    every_kind, fmt, fmt_extensible, rf64, ssnd, wave,
};
use session::audio_file::{AudioReader, Encoding};
use session::{Error, Result};
use std::io::Cursor;
use std::path::Path;

fn open(bytes: &[u8]) -> Result<AudioReader<Cursor<&[u8]>>> {
    AudioReader::new(Cursor::new(bytes), Path::new("Drums.aif"))
}

/// Both sides of a file that must be good.
fn samples(bytes: &[u8]) -> [Vec<f64>; 2] {
    let mut reader = open(bytes).unwrap_or_else(|e| panic!("{e}"));
    let frames = reader.frames() as usize;
    let (mut left, mut right) = (vec![9.0; frames], vec![9.0; frames]);
    assert_eq!(reader.read(&mut left, &mut right).unwrap(), frames);
    assert_eq!(reader.read(&mut [0.0], &mut [0.0]).unwrap(), 0, "the end");
    [left, right]
}

/// The sentence that refuses a file, which has these parts.
fn refused(bytes: &[u8], parts: &[&str]) {
    let sentence = open(bytes).err().map(|e| e.to_string()).expect("the file is refused");
    for part in [&["Drums.aif"], parts].concat() {
        assert!(sentence.contains(part), "\"{part}\" is missing: {sentence}");
    }
}

/// 16-bit values of both channels, interleaved.
const VALUES: [i16; 8] = [0, 1, -1, 32_767, -32_768, 256, 12_345, -4_321];

fn expected() -> [Vec<f64>; 2] {
    let side = |from| VALUES[from..].iter().step_by(2).map(|&v| f64::from(v) / 32_768.0).collect();
    [side(0), side(1)]
}

/// The values at the upper end of big-endian integers of so many bytes.
fn big_endian(bytes: usize) -> Vec<u8> {
    VALUES.iter().flat_map(|v| [v.to_be_bytes().to_vec(), vec![0; bytes - 2]].concat()).collect()
}

fn little_endian(bytes: usize) -> Vec<u8> {
    VALUES.iter().flat_map(|v| [vec![0; bytes - 2], v.to_le_bytes().to_vec()].concat()).collect()
}

#[test]
fn every_kind_is_read_to_its_end() {
    for file in every_kind() {
        let [left, _] = samples(&file.bytes);
        assert!(left.len() >= 12, "{}", file.name);
    }
}

#[test]
fn aiff_of_every_depth_and_compression_type() {
    let floats = |double: bool| -> Vec<u8> {
        let value = |v: &i16| f64::from(*v) / 32_768.0;
        let bytes = |v: f64| {
            if double { v.to_be_bytes().to_vec() } else { (v as f32).to_be_bytes().to_vec() }
        };
        VALUES.iter().flat_map(|v| bytes(value(v))).collect()
    };
    let cases: Vec<(Option<&[u8; 4]>, u16, Encoding, _)> = vec![
        (None, 16, Encoding::Int16, big_endian(2)),
        (None, 24, Encoding::Int24, big_endian(3)),
        (None, 32, Encoding::Int32, big_endian(4)),
        (Some(b"NONE"), 16, Encoding::Int16, big_endian(2)),
        (Some(b"NONE"), 24, Encoding::Int24, big_endian(3)),
        (Some(b"twos"), 16, Encoding::Int16, big_endian(2)),
        (Some(b"sowt"), 16, Encoding::Int16, little_endian(2)),
        (Some(b"sowt"), 24, Encoding::Int24, little_endian(3)),
        (Some(b"sowt"), 32, Encoding::Int32, little_endian(4)),
        // The number of bits beside these types is often wrong.
        (Some(b"in24"), 16, Encoding::Int24, big_endian(3)),
        (Some(b"in32"), 16, Encoding::Int32, big_endian(4)),
        (Some(b"fl32"), 32, Encoding::Float32, floats(false)),
        (Some(b"FL32"), 16, Encoding::Float32, floats(false)),
        (Some(b"fl64"), 64, Encoding::Float64, floats(true)),
        (Some(b"FL64"), 64, Encoding::Float64, floats(true)),
    ];
    for (compression, bits, encoding, audio) in cases {
        let chunks = [comm(2, 4, bits, RATE_48000, compression), ssnd(0, &audio)];
        let file = if compression.is_some() { aifc(&chunks) } else { aiff(&chunks) };
        let format = open(&file).unwrap().format();
        assert_eq!((format.encoding, format.valid_bits), (encoding, None), "{compression:?}");
        assert_eq!((format.channels, format.sample_rate_hz), (2, 48_000));
        assert_eq!(samples(&file), expected(), "{compression:?}");
    }
}

#[test]
fn eight_bits_are_signed_in_aiff_and_unsigned_in_wav_and_raw() {
    let signed = aiff(&[comm(1, 3, 8, RATE_44100, None), ssnd(0, &[0x80, 0x00, 0x7F])]);
    let raw = aifc(&[comm(1, 3, 8, RATE_44100, Some(b"raw ")), ssnd(0, &[0x00, 0x80, 0xFF])]);
    let wav = wave(&[fmt(1, 1, 44_100, 8), data(&[0x00, 0x80, 0xFF])]);
    for file in [signed, raw, wav] {
        assert_eq!(samples(&file)[0], [-1.0, 0.0, 127.0 / 128.0]);
    }
}

#[test]
fn rates_of_80_bits() {
    for (rate, hz) in
        [(RATE_8000, 8_000), (RATE_44100, 44_100), (RATE_48000, 48_000), (RATE_384000, 384_000)]
    {
        let file = aiff(&[comm(1, 1, 16, rate, None), ssnd(0, &[0, 1])]);
        assert_eq!(open(&file).unwrap().format().sample_rate_hz, hz);
    }
    let with = |rate| aiff(&[comm(1, 1, 16, rate, None), ssnd(0, &[0, 1])]);
    // 44 100.5 Hz; then zero, less than zero, infinity and the largest number there is.
    refused(&with([0x40, 0x0E, 0xAC, 0x44, 0x80, 0, 0, 0, 0, 0]), &["44100.5 Hz", "whole"]);
    refused(&with([0; 10]), &["0 Hz"]);
    refused(&with([0xC0, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]), &["Hz is not within"]);
    refused(&with([0x7F, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0]), &["Hz is not within"]);
    refused(&with([0x7F, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0]), &["Hz is not within"]);
    refused(&with([0x7F, 0xFE, 255, 255, 255, 255, 255, 255, 255, 255]), &["Hz is not within"]);
    refused(&with([0, 1, 255, 255, 255, 255, 255, 255, 255, 255]), &["Hz is not within"]);
}

#[test]
fn aiff_chunks_come_in_any_order_with_offsets_and_padding() {
    let odd = || chunk(b"ANNO", true, b"odd");
    let common = || comm(2, 4, 16, RATE_48000, None);
    let audio = big_endian(2);
    for chunks in [
        vec![odd(), common(), odd(), ssnd(0, &audio)],
        vec![ssnd(5, &audio), odd(), common()],
        vec![common(), ssnd(4096, &audio), odd()],
        // Padded up to a block.
        vec![common(), ssnd(0, &[audio.clone(), vec![0x55; 100]].concat())],
    ] {
        assert_eq!(samples(&aiff(&chunks)), expected());
    }
}

#[test]
fn what_is_wrong_with_an_aiff_is_said() {
    let audio = big_endian(2);
    let common = |frames, bits| comm(2, frames, bits, RATE_48000, None);
    let compressed = |id| aifc(&[comm(2, 4, 16, RATE_48000, Some(id)), ssnd(0, &audio)]);
    refused(&compressed(b"ima4"), &["AIFF-C compressed with 'ima4'"]);
    refused(&compressed(b"\x00\xFF'\n"), &[r"compressed with '\x00\xff\'\n'"]);
    refused(&compressed(b"raw "), &["16 bits"]);
    refused(&aiff(&[ssnd(0, &audio)]), &["no common chunk"]);
    refused(&aiff(&[common(4, 16)]), &["no sound data chunk"]);
    refused(&aiff(&[common(4, 0), ssnd(0, &audio)]), &["0 bits"]);
    refused(&aiff(&[common(4, 33), ssnd(0, &audio)]), &["33 bits"]);
    refused(&aiff(&[common(0, 16)]), &["holds no audio"]);
    refused(&aiff(&[common(0, 16), ssnd(0, &[])]), &["holds no audio"]);
    refused(&aiff(&[common(0, 16), ssnd(0, &audio)]), &["never finished"]);
    refused(&aiff(&[common(5, 16), ssnd(0, &audio)]), &["promises 20 bytes", "16 are there"]);
    let tail = chunk(b"ANNO", true, &[0; 100]);
    refused(&aiff(&[common(5, 16), ssnd(0, &audio), tail]), &["more audio than its sound data"]);
    refused(&aiff(&[common(u32::MAX, 16), ssnd(0, &audio)]), &["promises 17179869180 bytes"]);
    refused(&aiff(&[comm(6, 4, 16, RATE_48000, None), ssnd(0, &audio)]), &["6 channels"]);
    refused(&aiff(&[chunk(b"COMM", true, &[0; 17])]), &["impossible size"]);
    refused(&aiff(&[common(4, 16), chunk(b"SSND", true, &[0; 4])]), &["cut short"]);
    // The offset alone leads beyond the end.
    let mut far = ssnd(0, &audio);
    far[8..12].fill(0xFF);
    refused(&aiff(&[common(4, 16), far]), &["promises 16 bytes", "0 are there"]);
}

#[test]
fn other_kinds_of_file_are_named() {
    for (start, name) in [
        (b"fLaC".as_slice(), "FLAC"),
        (b"OggS", "Ogg"),
        (b"caff", "Core Audio"),
        (b"riff", "Wave64"),
        (b"ID3\x04", "MP3"),
        (b"\xFF\xFB\x90\x00", "MP3"),
        (b"\x00\x00\x00\x18ftyp", "neither RIFF nor FORM"),
    ] {
        refused(&[start, &[0; 64]].concat(), &[name]);
    }
    let mut avi = wave(&[]);
    avi[8..12].copy_from_slice(b"AVI ");
    refused(&avi, &["not WAVE"]);
    let mut picture = aiff(&[]);
    picture[8..12].copy_from_slice(b"ILBM");
    refused(&picture, &["not AIFF"]);
}

#[test]
fn wav_formats_that_are_no_pcm_are_named() {
    for (tag, bits, name) in
        [(2, 4, "ADPCM"), (6, 8, "A-law"), (0x55, 0, "MP3"), (0x1234, 16, "format 4660")]
    {
        refused(&wave(&[fmt(tag, 2, 48_000, bits), data(&[0; 64])]), &[name]);
    }
    refused(&wave(&[fmt(1, 2, 48_000, 40), data(&[0; 80])]), &["PCM, 40 bits"]);
}

#[test]
fn valid_bits_are_kept_apart_from_the_container() {
    let audio = little_endian(3);
    for (chunk, valid_bits) in [
        (fmt_extensible(48_000, 24, 20), Some(20)),
        (fmt_extensible(48_000, 24, 24), None),
        (fmt_extensible(48_000, 24, 0), None),
        (fmt_extensible(48_000, 24, 99), None),
        (fmt(1, 2, 48_000, 20), Some(20)),
        (fmt(1, 2, 48_000, 24), None),
    ] {
        let file = wave(&[chunk, data(&audio)]);
        let format = open(&file).unwrap().format();
        assert_eq!((format.encoding, format.valid_bits), (Encoding::Int24, valid_bits));
        assert_eq!(samples(&file), expected());
    }
    let file = aiff(&[comm(2, 4, 20, RATE_48000, None), ssnd(0, &big_endian(3))]);
    assert_eq!(open(&file).unwrap().format().valid_bits, Some(20));
    assert_eq!(samples(&file), expected());
}

#[test]
fn the_time_reference_is_found_wherever_the_chunk_is() {
    let format = || fmt(1, 2, 48_000, 16);
    let audio = || data(&little_endian(2));
    let time = 0x0123_4567_89AB;
    let of = |chunks: &[Vec<u8>]| {
        let file = wave(chunks);
        assert_eq!(samples(&file), expected());
        open(&file).unwrap().time_reference_samples()
    };
    assert_eq!(of(&[bext(time), format(), audio()]), Some(time));
    assert_eq!(of(&[format(), audio(), chunk(b"LIST", false, b"odd"), bext(time)]), Some(time));
    assert_eq!(of(&[format(), audio()]), None);
    assert_eq!(of(&[chunk(b"bext", false, &[1; 200]), format(), audio()]), None);
    // Behind the audio nothing can be so wrong as to lose it.
    assert_eq!(of(&[format(), audio(), b"bext\xFF\xFF\xFF\xFFand no more".to_vec()]), None);
}

#[test]
fn rf64_takes_its_sizes_from_ds64() {
    let format = || fmt(1, 2, 48_000, 16);
    let audio = little_endian(2);
    for id in [b"RF64", b"BW64"] {
        let file = rf64(id, &[bext(5), format()], &audio);
        assert_eq!(samples(&file), expected());
        assert_eq!(open(&file).unwrap().time_reference_samples(), Some(5));
    }
    // Sizes that are fine count, whatever ds64 says: in RF64 and in RIFF.
    let mut small = wave(&[ds64(99_999, &[]), format(), data(&audio)]);
    assert_eq!(samples(&small), expected());
    small[..4].copy_from_slice(b"RF64");
    assert_eq!(samples(&small), expected());
    // A chunk before the audio may be that long, too, and its size is in the table.
    let mut long = chunk(b"axml", false, &[7; 10]);
    long[4..8].fill(0xFF);
    let table = [(*b"none", 1), (*b"axml", 10)];
    let mut tabled = wave(&[ds64(16, &table), long.clone(), format(), data(&audio)]);
    assert_eq!(samples(&tabled), expected());
    tabled[4..8].fill(0);
    assert_eq!(samples(&tabled), expected());
    refused(&wave(&[ds64(16, &[]), long, format(), data(&audio)]), &["ds64", "'axml'"]);
}

#[test]
fn rf64_whose_padding_is_counted_in_is_read_by_its_frames() {
    // As ffmpeg writes it: three frames of 24 bits, mono, are 9 bytes, and 10 in ds64.
    let mut file = rf64(b"RF64", &[fmt(1, 1, 48_000, 24)], &[1; 9]);
    file[28..36].copy_from_slice(&10u64.to_le_bytes());
    refused(&file, &["whole sample"]);
    file[36..44].copy_from_slice(&3u64.to_le_bytes());
    assert_eq!(samples(&file)[0].len(), 3);
    // Frames that say something else are no reason to drop audio.
    file[36..44].copy_from_slice(&u64::MAX.to_le_bytes());
    refused(&file, &["whole sample"]);
}

#[test]
fn what_is_wrong_with_rf64_is_said() {
    let audio = little_endian(2);
    let good = rf64(b"RF64", &[fmt(1, 2, 48_000, 16)], &audio);
    let at = 12 + 8 + 8;
    let with = |data_bytes: u64| {
        let mut file = good.clone();
        file[at..at + 8].copy_from_slice(&data_bytes.to_le_bytes());
        file
    };
    assert_eq!(samples(&with(16)), expected());
    refused(&with(20), &["promises 20 bytes", "16 are there"]);
    refused(&with(u64::MAX), &["promises 18446744073709551615 bytes"]);
    refused(&with(15), &["whole sample"]);
    refused(&with(0), &["never finished"]);
    let mut unfinished = wave(&[fmt(1, 2, 48_000, 16), data(&audio)]);
    let data_size = unfinished.len() - 16 - 4;
    unfinished[data_size..data_size + 4].fill(0xFF);
    refused(&unfinished, &["never finished"]);
}

#[test]
fn riff_sizes_are_not_believed() {
    for size in [0u32, 1, 0xFFFF_FFFF] {
        let mut file = wave(&[fmt(1, 2, 48_000, 16), data(&little_endian(2))]);
        file[4..8].copy_from_slice(&size.to_le_bytes());
        assert_eq!(samples(&file), expected());
    }
}

#[test]
fn raw_reading_hands_on_what_is_no_number() {
    let values = [0.5f32, f32::NAN, f32::INFINITY, -0.5];
    let audio: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let file = wave(&[fmt(3, 1, 48_000, 32), data(&audio)]);
    let (mut left, mut right) = ([0.0; 4], [0.0; 4]);
    assert_eq!(open(&file).unwrap().read_raw(&mut left, &mut right).unwrap(), 4);
    assert!(left[0] == 0.5 && left[1].is_nan() && left[2] == f64::INFINITY && left[3] == -0.5);
    let mut strict = open(&file).unwrap();
    assert_eq!(strict.read(&mut left[..1], &mut right[..1]).unwrap(), 1);
    let error = strict.read(&mut left, &mut right).unwrap_err();
    let Error::NotFinite { seconds, .. } = error else { panic!("{error}") };
    assert!((seconds - 1.0 / 48_000.0).abs() < 1e-12);
}

#[test]
fn a_file_of_six_gigabytes_is_read_at_once() {
    // Sparse: the audio is one long hole.
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut head = rf64(b"RF64", &[fmt(1, 2, 48_000, 24)], &[]);
    let frames: u64 = 1_000_000_001;
    head[28..36].copy_from_slice(&(6 * frames).to_le_bytes());
    std::fs::write(file.path(), &head).unwrap();
    file.as_file().set_len(head.len() as u64 + 6 * frames).unwrap();
    let start = std::time::Instant::now();
    let mut reader = AudioReader::open(file.path()).unwrap();
    assert_eq!(reader.frames(), frames);
    let (mut left, mut right) = ([1.0; 1000], [1.0; 1000]);
    assert_eq!(reader.read(&mut left, &mut right).unwrap(), 1000);
    assert_eq!(left, [0.0; 1000]);
    assert!(start.elapsed().as_secs_f64() < 1.0);
    file.as_file().set_len(head.len() as u64 + 6 * frames - 1).unwrap();
    let error = AudioReader::open(file.path()).unwrap_err();
    assert!(matches!(error, Error::Truncated { .. }), "{error}");
}
