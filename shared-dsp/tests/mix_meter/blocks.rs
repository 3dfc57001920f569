//! No block costs much more than another: what falls due once in 10 or 100 ms is as small as what every
//! sample asks for. Callgrind counts the instructions of each block of 64 samples in this build, so the
//! numbers are the same each time.

use crate::ready;
use crate::support::not_run::not_run;
use shared_dsp::mix_meter::MixMeter;
use shared_dsp::random::Random;
use std::hint::black_box;
use std::process::Command;

const BLOCK: usize = 64;
/// Past 3 s, when everything has something to look back on.
const WARM_UP: usize = 2_400;
/// A second and a quarter: all that comes once in 10 and in 100 ms.
const COUNTED: usize = 938;
/// What a block may cost, as a multiple of the median.
const MOST: u64 = 10;
const NO_VALGRIND: &str =
    "what a block of the mix meter costs: needs valgrind; `sudo apt install valgrind`";
/// Set where this test runs under callgrind.
const INSIDE: &str = "STEMWRIGHT_COUNTS_BLOCKS";

/// The block callgrind looks at: from where it begins to where [`ended`] does.
#[inline(never)]
fn counted(meter: &mut MixMeter, block: [&[f32]; 2]) {
    meter.process(black_box(&block), Some(&block));
}

#[inline(never)]
fn ended(number: usize) {
    black_box(number);
}

/// Bass, strokes of noise and their reverse, with a key, so that every part has work.
fn play() {
    let mut meter = ready(48_000.0, 2);
    let mut random = Random::new(5);
    let mut room = [[0f32; BLOCK]; 2];
    for number in 0..WARM_UP + COUNTED {
        for (i, n) in (number * BLOCK..(number + 1) * BLOCK).enumerate() {
            let t = n as f64 / 48_000.0;
            let bass = 0.25 * (std::f64::consts::TAU * 55.0 * t).sin();
            let stroke = 0.5 * random.bipolar() * (-(t % 0.25) * 25.0).exp();
            room[0][i] = (bass + stroke) as f32;
            room[1][i] = (bass - 0.4 * stroke) as f32;
        }
        let block = [&room[0][..], &room[1][..]];
        if number < WARM_UP {
            meter.process(&block, Some(&block));
        } else {
            counted(&mut meter, block);
            ended(number);
        }
    }
    black_box(meter.readings());
}

#[test]
fn no_block_costs_ten_times_the_median() {
    if std::env::var_os(INSIDE).is_some() {
        play();
        return;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        not_run(NO_VALGRIND);
        return;
    }
    let mut costs = instructions_per_block();
    costs.sort_unstable();
    let (median, most) = (costs[costs.len() / 2], costs[costs.len() - 1]);
    println!(
        "{median} instructions a block, at most {most}: {:.2} times",
        most as f64 / median as f64
    );
    assert!(most <= MOST * median, "{most} instructions, {median} in the median");
}

/// Runs this test under callgrind, which dumps its counts at the end of each block.
fn instructions_per_block() -> Vec<u64> {
    let folder = std::env::temp_dir().join(format!("stemwright-blocks-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the counts");
    let run = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--zero-before=mix_meter::blocks::counted*",
            "--dump-before=mix_meter::blocks::ended*",
        ])
        .arg(format!("--callgrind-out-file={}", folder.join("out").display()))
        .arg(std::env::current_exe().expect("this test"))
        .args(["--exact", "blocks::no_block_costs_ten_times_the_median", "--test-threads=1"])
        .env(INSIDE, "1")
        .output()
        .expect("valgrind starts");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    let costs = std::fs::read_dir(&folder)
        .expect("the counts")
        .filter_map(|file| count(&std::fs::read_to_string(file.ok()?.path()).ok()?))
        .collect::<Vec<_>>();
    std::fs::remove_dir_all(&folder).expect("the folder can go");
    assert!(costs.len() == COUNTED, "{} blocks were counted: {said}", costs.len());
    costs
}

/// The instructions of a dump at the end of a block; none of the one at the program's end.
fn count(dump: &str) -> Option<u64> {
    dump.lines().find(|line| line.starts_with("desc: Trigger: --dump-before"))?;
    let line = dump.lines().find_map(|line| line.strip_prefix("totals: "))?;
    line.trim().parse().ok()
}
