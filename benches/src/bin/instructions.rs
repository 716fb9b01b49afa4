//! How many instructions do the main kernels take? Compared with the counts that are stored.
//!
//! `cargo run -p tilewright-benches --bin instructions` runs itself under valgrind's
//! callgrind, which counts every instruction of compiled code too, and shows processors with AVX2
//! and without AVX-512: counts are the same on every machine and in every run. Exit status 1 if a
//! kernel takes more than 5 % over its stored count; `-- --store` stores the counts.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a measurement"
)]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use tilewright::{Array, Engine, Session, axis, random, shape};
use tilewright_benches::data::{lazy, numbers};

/// Most that a count may grow.
const SLACK: f64 = 1.05;

/// The argument under which this program runs kernels instead of counting them.
const RUN: &str = "--run";

/// Square arrays of this edge: one task or a few.
const EDGE: usize = 320;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some(RUN) => run(arguments[1].parse().unwrap()),
        Some("--store") => store(&count()),
        _ => std::process::exit(i32::from(!compare(&count()))),
    }
}

/// What is counted, in the order of the stored counts.
fn kernels() -> Vec<(&'static str, Array)> {
    let edge = EDGE as i64;
    let square = |seed| lazy(&numbers([EDGE, EDGE], seed), -1);
    let (x, y) = (square(1), square(2));
    let whole = (&x * 1000.0).astype(tilewright::DType::I32);
    let whole =
        Array::from_ndarray_chunked(whole.compute().unwrap().to_ndarray::<i32>().unwrap(), -1);
    let chain = (&x * 2.0 + &y) / 3.0 - (&x * &x + &y * &y).sqrt();
    let functions = x.sin() * (-&y).exp() + (&x + 1.0).log();
    let layout = || shape([edge, edge]).chunks(-1);
    let short = |seed| lazy(&numbers([EDGE], seed), -1);
    let apart = (short(3).expand_dims([1]) - short(4)).square();
    vec![
        ("sum", x.sum(..)),
        ("sum axis=0", x.sum(axis(0))),
        ("sum axis=1", x.sum(axis(1))),
        ("max", x.max(..)),
        ("mean of int32", whole.mean(..)),
        ("(x**2).sum() of int32", whole.square().sum(..)),
        ("std", x.std(..)),
        ("std axis=0", x.std(axis(0))),
        ("(x*2+y)/3 - sqrt(x*x+y*y)", chain.clone()),
        ("((x*2+y)/3 - sqrt(x*x+y*y)).sum()", chain.sum(..)),
        ("sin(x)*exp(-y) + log(x+1)", functions.clone()),
        ("(sin(x)*exp(-y) + log(x+1)).sum()", functions.sum(..)),
        ("x + x.T", &x + x.t()),
        ("((a[:,None] - b)**2).sum(axis=1)", apart.sum(axis(1))),
        ("astype(float32)", x.astype(tilewright::DType::F32)),
        ("uniform", random::seed(5).uniform(0, 1, layout())),
        (
            "normal(…).mean(axis=0)",
            random::seed(6).normal(0, 1, layout()).mean(axis(0)),
        ),
    ]
}

/// Runs a kernel once where it is counted, after it was planned and compiled.
fn run(kernel: usize) {
    let builder = Session::builder().threads(1).memory(1 << 30);
    let session = builder.engine(Engine::Jit).build().unwrap();
    let (_, array) = &kernels()[kernel];
    session.compute(array).unwrap();
    counted_kernel(&session, array);
}

/// What callgrind counts, found by this name.
#[inline(never)]
fn counted_kernel(session: &Session, array: &Array) {
    std::hint::black_box(session.compute(array).unwrap());
}

/// The instructions of each kernel.
fn count() -> Vec<(&'static str, u64)> {
    let names = kernels().into_iter().map(|(name, _)| name).enumerate();
    names.map(|(k, name)| (name, count_one(k))).collect()
}

fn count_one(kernel: usize) -> u64 {
    let directory = tempfile::tempdir().unwrap();
    let profile = directory.path().join("counts");
    let status = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--quiet",
            "--toggle-collect=*counted_kernel*",
        ])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(std::env::current_exe().unwrap())
        .args([RUN, &kernel.to_string()])
        .status()
        .unwrap_or_else(|error| panic!("valgrind does not start: {error}"));
    assert!(status.success(), "valgrind: {status}");
    total(&profile)
}

/// The instructions of one profile.
fn total(profile: &Path) -> u64 {
    let text = std::fs::read_to_string(profile).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("totals: "));
    line.unwrap().trim().parse().unwrap()
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.txt")
}

fn store(counts: &[(&str, u64)]) {
    let mut text = String::new();
    for (name, count) in counts {
        writeln!(text, "{count:>10} {name}").unwrap();
    }
    std::fs::write(path(), text).unwrap();
}

/// Whether no count has grown; prints all of them. A kernel without a stored count is only printed.
fn compare(counts: &[(&str, u64)]) -> bool {
    let text = std::fs::read_to_string(path()).unwrap_or_default();
    let stored = |name: &str| {
        let mut lines = text
            .lines()
            .filter_map(|line| line.trim_start().split_once(' '));
        let found = lines.find(|(_, kernel)| *kernel == name);
        found.map(|(count, _)| count.parse::<u64>().unwrap())
    };
    let mut good = true;
    for (name, count) in counts {
        let Some(stored) = stored(name) else {
            println!("{count:>10}  not stored  {name}");
            continue;
        };
        let ratio = *count as f64 / stored as f64;
        let remark = if ratio > SLACK { "  too many" } else { "" };
        println!("{count:>10}  {ratio:.3}  {name}{remark}");
        good &= ratio <= SLACK;
    }
    println!("stored with: cargo run -p tilewright-benches --bin instructions -- --store");
    good
}
