//! Writes the measured tables of the documentation from one run.
//!
//! `cargo run --release -p tilewright-benches --bin table`: checks that both sides of every
//! comparison agree, takes the shortest of several times for each, in turns, and puts the tables
//! between the markers of `docs/benchmarks.md` and `README.md`. Exit status 1 if a side differs or
//! a bar of planning is missed.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tilewright::Session;
use tilewright_benches::case::Case;
use tilewright_benches::cases::GROUPS;
use tilewright_benches::planning;

/// Most milliseconds that planning an expression may take.
const PLANNING_MS: f64 = 10.0;

/// Most that planning 10^9 chunks may take, as a multiple of planning 10^2.
const PLANNING_RATIO: f64 = 1.5;

/// Rounds of each comparison.
const ROUNDS: usize = 5;

/// One measured comparison: seconds.
struct Row {
    group: &'static str,
    case: Case,
    eager: f64,
    /// On one thread, and on all of the machine.
    lazy: [f64; 2],
}

fn main() {
    let directory = tempfile::tempdir().unwrap();
    let mut broken = Vec::new();
    let rows = compare(directory.path(), &mut broken);
    let plans = plans(directory.path(), &mut broken);
    let tables = format!("{}\n{}\n{}", machine(), comparisons(&rows, false), plans);
    insert("docs/benchmarks.md", &tables);
    insert(
        "README.md",
        &format!("{}\n{}", machine(), comparisons(&rows, true)),
    );
    for line in &broken {
        eprintln!("error: {line}");
    }
    std::process::exit(i32::from(!broken.is_empty()));
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, |n| n.get().max(2))
}

fn session(threads: usize) -> Session {
    Session::builder().threads(threads).build().unwrap()
}

fn compare(directory: &Path, broken: &mut Vec<String>) -> Vec<Row> {
    let mut rows = Vec::new();
    for (group, cases) in GROUPS {
        for case in cases(directory) {
            println!("{group}: {}", case.name);
            let warm = [1, threads()].map(session);
            if let Err(apart) = case.check(&warm[0]) {
                broken.push(format!("{group}: {apart}"));
                continue;
            }
            let (mut eager, mut lazy) = (f64::MAX, [f64::MAX; 2]);
            for _ in 0..ROUNDS {
                eager = eager.min(seconds(|| drop(std::hint::black_box((case.eager)()))));
                for (time, warm) in lazy.iter_mut().zip(&warm) {
                    // First runs are what the group `compile` measures: nothing is cached there.
                    let fresh = (group == "compile").then(|| session(warm.threads()));
                    let session = fresh.as_ref().unwrap_or(warm);
                    *time = time.min(seconds(|| case.run(session)));
                }
            }
            rows.push(Row {
                group,
                case,
                eager,
                lazy,
            });
        }
    }
    rows
}

fn seconds(run: impl FnOnce()) -> f64 {
    let started = Instant::now();
    run();
    started.elapsed().as_secs_f64()
}

/// What the times were measured on.
fn machine() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info
        .lines()
        .find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("an unnamed processor", |m| {
        m.trim_start_matches([' ', '\t', ':'])
    });
    format!(
        "Shortest of {ROUNDS} runs in turns, in milliseconds, on {model} with {} hardware threads. \
         *Eager* is `ndarray`: whole arrays, one operation after another, on 1 thread.\n",
        threads()
    )
}

fn comparisons(rows: &[Row], headlines: bool) -> String {
    let many = threads();
    let mut out = format!(
        "| group | expression | data | eager | Tilewright, 1 thread | Tilewright, {many} threads | eager / Tilewright, 1 thread |\n\
         |---|---|---|--:|--:|--:|--:|\n"
    );
    for row in rows.iter().filter(|row| row.case.headline || !headlines) {
        let [one, all] = row.lazy;
        let _ = writeln!(
            out,
            "| {} | `{}` | {} | {} | {} | {} | {} |",
            row.group,
            row.case.expression.replace('|', "\\|"),
            row.case.data,
            milliseconds(row.eager),
            milliseconds(one),
            milliseconds(all),
            ratio(row.eager / one),
        );
    }
    out
}

fn milliseconds(seconds: f64) -> String {
    significant(seconds * 1e3)
}

/// Three digits, or the whole number.
fn significant(value: f64) -> String {
    let digits = (2 - value.abs().log10().floor() as i32).clamp(0, 4) as usize;
    format!("{value:.digits$}")
}

fn ratio(value: f64) -> String {
    let digits = usize::from(value < 10.0);
    format!("{value:.digits$}×")
}

/// The table of planning times, and the bars that were missed.
fn plans(directory: &Path, broken: &mut Vec<String>) -> String {
    let [few, many] = [10, 31_623].map(planning::columns);
    let mut times = [Duration::MAX; 2];
    for _ in 0..50 {
        times[0] = times[0].min(planning::time(&few, 3));
        times[1] = times[1].min(planning::time(&many, 3));
    }
    let [few, many] = times.map(|time| time.as_secs_f64());
    let times_more = many / few;
    if times_more > PLANNING_RATIO {
        broken.push(format!(
            "planning 10^9 chunks takes {times_more:.2} times that of 10^2"
        ));
    }
    let mut out = format!(
        "Planning `x.mean(axis=0)[0:100]` takes {} ms over 10^2 chunks and {} ms over 10^9: {:.2}×.\n\n\
         | planned | milliseconds | stages |\n|---|--:|--:|\n",
        milliseconds(few),
        milliseconds(many),
        times_more,
    );
    for planned in planning::expressions(directory) {
        let stages = planning::plan(&planned.roots).unwrap().plan.stages.len();
        let time = planning::time(&planned.roots, 20).as_secs_f64();
        if time * 1e3 > PLANNING_MS {
            let (ms, text) = (milliseconds(time), &planned.expression);
            broken.push(format!("planning {text} takes {ms} ms"));
        }
        let _ = writeln!(
            out,
            "| `{}` | {} | {stages} |",
            planned.expression.replace('|', "\\|"),
            milliseconds(time)
        );
    }
    out
}

/// Puts text between the markers of a file.
fn insert(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(name);
    let (begin, end) = ("<!-- measured: begin -->\n", "<!-- measured: end -->");
    let whole = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = whole.split_once(begin).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    std::fs::write(&path, format!("{before}{begin}{text}{end}{after}")).unwrap();
    println!("wrote {name}");
}
