//! Holds the writer against `hound`, our own reader, and the text of the standards.

use super::*;
use crate::audio_file::AudioReader;
use proptest::prelude::*;

fn render(name: &str, depth: Depth, blocks: &[usize], signal: &[f64]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let mut writer = WavWriter::create(&path, WavOptions::new(depth, 48_000)).unwrap();
    let mut at = 0;
    for &block in blocks.iter().cycle() {
        let end = (at + block).min(signal.len());
        writer.write(&signal[at..end], &signal[at..end]).unwrap();
        at = end;
        if at == signal.len() {
            break;
        }
    }
    let pending = writer.finish().unwrap();
    assert!(!path.exists(), "nothing under its name before the end");
    pending.commit().unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    std::fs::read(&path).unwrap()
}

fn sine() -> Vec<f64> {
    (0..5000).map(|i| 0.5 * (f64::from(i) * 0.1).sin()).collect()
}

#[test]
fn dither_is_reproducible_whatever_the_block_and_differs_by_name() {
    for depth in [Depth::Int16, Depth::Int24] {
        let one = render("a.wav", depth, &[5000], &sine());
        assert_eq!(one, render("a.wav", depth, &[1, 17, 640], &sine()));
        assert_ne!(one, render("b.wav", depth, &[5000], &sine()));
    }
}

#[test]
fn hound_reads_what_we_write() {
    for (depth, bits, tolerance) in [
        (Depth::Int16, 16, 2.0 / 32_768.0),
        (Depth::Int24, 24, 2.0 / 8_388_608.0),
        (Depth::Float32, 32, 1e-7),
    ] {
        let bytes = render("a.wav", depth, &[300], &sine());
        let mut reader = hound::WavReader::new(&bytes[..]).unwrap();
        let spec = reader.spec();
        assert_eq!((spec.channels, spec.sample_rate, spec.bits_per_sample), (2, 48_000, bits));
        assert_eq!(reader.duration(), 5000);
        let read: Vec<f64> = if depth == Depth::Float32 {
            reader.samples::<f32>().map(|s| f64::from(s.unwrap())).collect()
        } else {
            let full = f64::from(1u32 << (bits - 1));
            reader.samples::<i32>().map(|s| f64::from(s.unwrap()) / full).collect()
        };
        for (i, wanted) in sine().iter().enumerate() {
            assert!((read[2 * i] - wanted).abs() <= tolerance);
            assert!((read[2 * i + 1] - wanted).abs() <= tolerance);
        }
    }
}

#[test]
fn dither_is_triangular_and_two_channels_differ() {
    let bytes = render("a.wav", Depth::Int24, &[640], &vec![0.0; 20_000]);
    let mut reader = hound::WavReader::new(&bytes[..]).unwrap();
    let samples: Vec<i32> = reader.samples::<i32>().map(Result::unwrap).collect();
    assert!(samples.iter().all(|s| s.abs() <= 1));
    // Rounding a triangular value of ±1: |d| > 1/2 has probability 1/4.
    let share = samples.iter().filter(|s| **s != 0).count() as f64 / samples.len() as f64;
    assert!((share - 0.25).abs() < 0.01, "{share}");
    assert!(samples.chunks(2).any(|s| s[0] != s[1]));
}

#[test]
fn beyond_full_scale_is_clipped_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let mut writer = WavWriter::create(&path, WavOptions::new(Depth::Int16, 48_000)).unwrap();
    writer.write(&[2.0, 1.0, -3.0], &[0.0, -1.0, 0.0]).unwrap();
    assert_eq!((writer.clipped(), writer.peak()), (2, 3.0));
    writer.finish().unwrap().commit().unwrap();
    let mut reader = hound::WavReader::open(&path).unwrap();
    let samples: Vec<i32> = reader.samples::<i32>().map(Result::unwrap).collect();
    assert_eq!((samples[0], samples[2]), (32_767, 32_767));
    assert_eq!(samples[4], -32_768);
}

#[test]
fn a_dropped_writer_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer =
        WavWriter::create(&folder.path().join("a.wav"), WavOptions::new(Depth::Int24, 48_000))
            .unwrap();
    writer.write(&[0.0; 100], &[0.0; 100]).unwrap();
    drop(writer);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The bytes of a file, from blocks of 100.
fn written(options: &WavOptions, limit: u64, left: &[f64], right: &[f64]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.wav");
    let mut writer = WavWriter::with_limit(&path, options.clone(), limit).unwrap();
    for (left, right) in left.chunks(100).zip(right.chunks(100)) {
        writer.write(left, right).unwrap();
    }
    std::fs::read(writer.finish().unwrap().temporary_path()).unwrap()
}

/// A file's samples as our reader has them, with its time reference.
fn read_back(bytes: &[u8]) -> (Vec<f64>, Vec<f64>, Option<u64>) {
    let mut reader = AudioReader::new(std::io::Cursor::new(bytes), Path::new("a.wav")).unwrap();
    let frames = reader.frames() as usize;
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    assert_eq!(reader.read(&mut left, &mut right).unwrap(), frames);
    (left, right, reader.time_reference_samples())
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

#[test]
fn a_broadcast_extension_is_laid_out_as_the_standard_says() {
    let broadcast = Broadcast {
        time_reference_samples: 0x1_2345_6789,
        date: Some("2026-05-12 and more".to_owned()),
        time: Some("1\u{e9}:30".to_owned()),
    };
    let options =
        WavOptions { broadcast: Some(broadcast), ..WavOptions::new(Depth::Int24, 48_000) };
    let bytes = written(&options, LONGEST_RIFF_BYTES, &sine(), &sine());
    // Behind RIFF and what is reserved.
    let at = 12 + 36;
    assert_eq!(&bytes[at..at + 8], b"bext\x5A\x02\0\0");
    let body = &bytes[at + 8..][..602];
    assert!(body[..256].iter().all(|b| *b == 0), "no description");
    assert_eq!(&body[256..267], b"Stemwright\0");
    assert_eq!(&body[320..330], b"2026-05-12");
    assert_eq!(&body[330..338], b"1?:30\0\0\0");
    assert_eq!(u64_at(body, 338), 0x1_2345_6789);
    assert_eq!(&body[346..348], [1, 0]);
    assert!(body[348..].iter().all(|b| *b == 0), "no UMID, nothing in what is reserved");
    assert_eq!(&bytes[at + 8 + 602..][..4], b"fmt ");
}

#[test]
fn files_become_rf64_exactly_where_they_have_to() {
    for (depth, mono) in [(Depth::Int24, true), (Depth::Int24, false), (Depth::Float32, false)] {
        let options = WavOptions { mono, dither: false, ..WavOptions::new(depth, 48_000) };
        let signal = &sine()[..333];
        let riff = written(&options, LONGEST_RIFF_BYTES, signal, signal);
        let riff_bytes = riff.len() as u64 - 8;
        assert_eq!((&riff[..4], &riff[12..16]), (b"RIFF".as_slice(), b"JUNK".as_slice()));
        assert_eq!(u64::from(u32_at(&riff, 4)), riff_bytes);
        assert_eq!(riff.len() % 2, 0);
        assert!(written(&options, riff_bytes, signal, signal) == riff);

        let rf64 = written(&options, riff_bytes - 1, signal, signal);
        assert_eq!((&rf64[..4], &rf64[8..16]), (b"RF64".as_slice(), b"WAVEds64".as_slice()));
        assert_eq!((u32_at(&rf64, 4), u32_at(&rf64, 16)), (u32::MAX, 28));
        let data_bytes = 333 * u64::from(options.channels()) * depth.encoding().bytes() as u64;
        let sizes = [u64_at(&rf64, 20), u64_at(&rf64, 28), u64_at(&rf64, 36)];
        assert_eq!(sizes, [riff_bytes, data_bytes, 333]);
        assert_eq!(u32_at(&rf64, 44), 0, "no table");
        let data = rf64.windows(4).position(|w| w == b"data").unwrap();
        assert_eq!(u32_at(&rf64, data + 4), u32::MAX);
        // The rest is the same, but for the number of frames of the fact chunk.
        assert!(rf64[data + 8..] == riff[data + 8..]);
        assert_eq!(read_back(&rf64), read_back(&riff));
    }
}

#[test]
fn undithered_audio_that_is_on_the_steps_stays_as_it_is() {
    for (depth, full) in [(Depth::Int16, 32_768.0), (Depth::Int24, 8_388_608.0)] {
        let mut random = Random::new(3);
        let on_steps: Vec<f64> = [-1.0, -1.0 / full, 0.0, 1.0 / full, 1.0 - 1.0 / full]
            .into_iter()
            .chain((0..5000).map(|_| (random.bipolar() * full).trunc() / full))
            .collect();
        let options = WavOptions { dither: false, ..WavOptions::new(depth, 96_000) };
        let back = read_back(&written(&options, LONGEST_RIFF_BYTES, &on_steps, &on_steps));
        assert_eq!((back.0, back.1), (on_steps.clone(), on_steps));
    }
}

#[test]
fn the_peak_is_that_of_what_was_handed_in() {
    let folder = tempfile::tempdir().unwrap();
    for mono in [false, true] {
        let options = WavOptions { mono, ..WavOptions::new(Depth::Float32, 48_000) };
        let mut writer = WavWriter::create(&folder.path().join("a.wav"), options).unwrap();
        assert_eq!(writer.peak(), 0.0);
        let (mut left, mut right) = (vec![0.25; 2001], vec![0.0; 2001]);
        left[7] = -0.5;
        right[2000] = 1.5;
        writer.write(&left, &right).unwrap();
        assert_eq!((writer.peak(), writer.clipped()), (if mono { 0.5 } else { 1.5 }, 0));
    }
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let path = Path::new("/nowhere/at/all/a.wav");
    let error = WavWriter::create(path, WavOptions::new(Depth::Int24, 48_000)).unwrap_err();
    assert!(error.to_string().contains("/nowhere/at/all/a.wav"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_written_is_read(
        frames in proptest::collection::vec((-1.0f64..1.0, -1.0f64..1.0), 1..700),
        depth in prop_oneof![Just(Depth::Int16), Just(Depth::Int24), Just(Depth::Float32)],
        (mono, dither, long) in any::<(bool, bool, bool)>(),
        time_reference_samples in any::<Option<u64>>(),
        sample_rate_hz in 8_000u32..=384_000,
    ) {
        let (left, right): (Vec<f64>, Vec<f64>) = frames.into_iter().unzip();
        let broadcast = time_reference_samples
            .map(|time_reference_samples| Broadcast { time_reference_samples, date: None, time: None });
        let options = WavOptions { sample_rate_hz, depth, mono, dither, broadcast };
        let limit = if long { 0 } else { LONGEST_RIFF_BYTES };
        let bytes = written(&options, limit, &left, &right);
        let path = Path::new("a.wav");
        let reader = AudioReader::new(std::io::Cursor::new(&bytes), path).unwrap();
        let format = reader.format();
        prop_assert_eq!((format.channels, format.sample_rate_hz), (options.channels(), sample_rate_hz));
        prop_assert_eq!((format.encoding, format.valid_bits), (depth.encoding(), None));
        let (l, r, time) = read_back(&bytes);
        prop_assert_eq!(time, time_reference_samples);
        let step = match depth {
            Depth::Int16 => 1.0 / 32_768.0,
            Depth::Int24 => 1.0 / 8_388_608.0,
            Depth::Float32 => f64::from(f32::EPSILON),
        };
        // Half a step of rounding, and a whole one more of dither.
        let tolerance = step * if dither { 1.5 } else { 0.5 };
        let wanted = if mono { [&left, &left] } else { [&left, &right] };
        for (read, wanted) in [l, r].iter().zip(wanted) {
            prop_assert_eq!(read.len(), wanted.len());
            for (read, wanted) in read.iter().zip(wanted) {
                // The uppermost step is one below full scale.
                let wanted = wanted.min(1.0 - step);
                prop_assert!((read - wanted).abs() <= tolerance, "{read} for {wanted}");
            }
        }
        if !long {
            let reader = hound::WavReader::new(&bytes[..]).unwrap();
            prop_assert_eq!(reader.duration() as usize, left.len());
        }
    }
}
