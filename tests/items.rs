//! What must work at the end, through the library: exact counts and the same bits.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod language;

use language::{array, bits};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tilewright::{Array, CancelToken, Engine, Kind, Section, Session, Stats, Store};

const PLENTY: u64 = 4 << 30;

fn session(threads: usize) -> Session {
    Session::builder()
        .engine(Engine::Jit)
        .threads(threads)
        .memory(PLENTY)
        .build()
        .unwrap()
}

/// The bits and counts of a run.
fn run_in(session: &Session, x: &Array) -> (Vec<u64>, Stats) {
    let finished = session.job([x]).run().unwrap();
    let result = finished.results[0].as_ref().unwrap();
    assert_eq!(finished.stats.interpreted_kernels, 0);
    assert!(
        finished.stats.peak_bytes <= finished.stats.projected_peak_bytes,
        "{} bytes, {} projected",
        finished.stats.peak_bytes,
        finished.stats.projected_peak_bytes
    );
    (bits(result.block()), finished.stats)
}

fn run(text: &str) -> (Vec<u64>, Stats) {
    run_in(&session(2), &array(text))
}

/// The same bits for 1, 2 and 8 threads, small budgets, the interpreter and without the optimizer;
/// the counts of the first run.
fn same_everywhere(text: &str) -> (Vec<u64>, Stats) {
    let x = array(text);
    let (want, stats) = run_in(&session(1), &x);
    for threads in [2, 8] {
        let (got, other) = run_in(&session(threads), &x);
        assert_eq!(got, want, "{text} on {threads} threads");
        assert_eq!(other.elements_generated, stats.elements_generated, "{text}");
        assert_eq!(other.chunks_read, stats.chunks_read, "{text}");
    }
    // The smallest budget that is accepted, and some above it.
    // A task takes a slot of a byte even where it needs none.
    let mut budget = stats.projected_peak_bytes + 1;
    let mut tried = 0;
    while budget > 16 {
        let small = Session::builder()
            .threads(2)
            .memory(budget)
            .build()
            .unwrap();
        match small.compute(&x) {
            Ok(got) => assert_eq!(bits(got.block()), want, "{text} in {budget} bytes"),
            Err(error) => {
                assert_eq!(error.kind(), Kind::Budget, "{text}: {error}");
                assert!(error.suggestion().is_some(), "{error}");
                break;
            }
        }
        tried += 1;
        budget -= budget / 3;
    }
    assert!(tried > 0, "{text} is refused its own projected peak");
    for builder in [
        Session::builder().engine(Engine::Interpreter),
        Session::builder().optimize(false),
        Session::builder().engine(Engine::Reference),
    ] {
        let session = builder.threads(2).memory(PLENTY).build().unwrap();
        let got = session.compute(&x).unwrap();
        assert_eq!(bits(got.block()), want, "{text}");
    }
    (want, stats)
}

fn floats(bits: &[u64]) -> Vec<f64> {
    bits.iter().map(|&b| f64::from_bits(b)).collect()
}

#[test]
fn item_1_the_mean_of_100_columns_draws_their_numbers_alone() {
    let x = "normal(0, 1, (10000, 10000), chunks=(1000, 1000), seed=1).mean(axis=0)[0:100]";
    let (want, stats) = run(x);
    assert_eq!(want.len(), 100);
    assert_eq!(stats.elements_generated, 1_000_000);
    assert!(stats.projected_peak_bytes < 2_000_000, "{stats:?}");
    assert!(stats.peak_bytes < 2_000_000, "{stats:?}");
    for threads in [1, 8] {
        assert_eq!(
            run_in(&session(threads), &array(x)).0,
            want,
            "{threads} threads"
        );
    }
    let small = Session::builder()
        .threads(2)
        .memory(200_000)
        .build()
        .unwrap();
    assert_eq!(run_in(&small, &array(x)).0, want);
    // Other chunks: the same numbers, another tree. Σ|x| is below 10000 · 1; γ_d with d of 80.
    let other = "normal(0, 1, (10000, 10000), chunks=(10000, 100), seed=1).mean(axis=0)[0:100]";
    let (other, stats) = run(other);
    assert_eq!(stats.elements_generated, 1_000_000);
    for (a, b) in floats(&want).into_iter().zip(floats(&other)) {
        assert!((a - b).abs() <= 2.0 * 80.0 * f64::EPSILON, "{a} {b}");
    }
}

#[test]
fn item_1_the_bits_depend_on_nothing_but_the_expression() {
    let x = "normal(0, 1, (1000, 2000), chunks=(100, 300), seed=1).mean(axis=0)[0:100]";
    let (_, stats) = same_everywhere(x);
    assert_eq!(stats.elements_generated, 100_000);
}

/// Numbers of 1000×1000 in chunks of 100×100, stored.
fn stored(dir: &Path) -> String {
    let path = dir.join("x.zarr").display().to_string();
    let x = array("normal(3, 2, (1000, 1000), chunks=(100, 100), seed=5)");
    session(2).store(&x, Store::to(path.clone())).unwrap();
    path
}

/// Whether a file's name begins with a dot, as metadata and markers do.
fn hidden(path: &Path) -> bool {
    path.file_name().unwrap().to_string_lossy().starts_with('.')
}

/// The chunk files of a stored array.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files(&path));
        } else if !hidden(&path) && !path.ends_with("zarr.json") {
            out.push(path);
        }
    }
    out
}

#[test]
fn item_2_only_the_stored_chunks_under_the_answer_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = stored(dir.path());
    let read = format!("x = read(\"{path}\"); ");
    for (expression, chunks) in [
        ("x.mean(axis=0)[0:100]", 10),
        ("x.mean(axis=0)[::100]", 100),
        ("x.mean(axis=0)[::-1][:5]", 10),
        ("x.mean(axis=0)[-1]", 10),
        ("x[::100]", 100),
        ("x[::-1][:5]", 10),
        ("x[-1]", 10),
        ("x[5, 5]", 1),
        ("x[::2, 50:].mean(axis=1)", 100),
        ("x[::300, ::300]", 16),
    ] {
        let (_, stats) = same_everywhere(&format!("{read}{expression}"));
        assert_eq!(stats.chunks_read, chunks, "{expression}");
        assert_eq!(stats.bytes_decoded, chunks * 80_000, "{expression}");
    }
}

#[test]
fn item_2_no_other_chunk_matters() {
    let dir = tempfile::tempdir().unwrap();
    let path = stored(dir.path());
    let x = format!("read(\"{path}\").mean(axis=0)[0:100]");
    let (want, _) = run(&x);
    let column_of = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    let (mut removed, mut corrupted) = (0, 0);
    for file in files(Path::new(&path)) {
        if column_of(&file) != "0" {
            if removed % 2 == 0 {
                fs::write(&file, b"no chunk at all").unwrap();
                corrupted += 1;
            } else {
                fs::remove_file(&file).unwrap();
            }
            removed += 1;
        }
    }
    assert_eq!((removed, corrupted), (90, 45));
    let (got, stats) = run(&x);
    assert_eq!(got, want);
    assert_eq!(stats.chunks_read, 10);
    // Any other answer meets them.
    let error = session(1)
        .compute(&array(&format!("read(\"{path}\").sum()")))
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Source);
    assert!(error.suggestion().is_some(), "{error}");
}

#[test]
fn item_2_arrays_that_python_wrote() {
    // (40, 30) or (23, 17), chunks of 10 rows; values are i / 2 - 100 of the flat index.
    for name in [
        "v3.zarr/even",
        "v3.zarr/zstd",
        "v3.zarr/blosc_zstd",
        "v3.zarr/raw",
        "v3.zarr/sharded",
        "v2.zarr/zstd",
        "v2.zarr/blosc",
        "v2.zarr/raw",
    ] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fixtures")
            .join(name);
        let read = format!("x = read(\"{}\"); ", from.display());
        let x = array(&format!("{read}x"));
        let [rows, columns] = *x.shape().unwrap() else {
            panic!("{name}")
        };
        let mean = format!("{read}x.mean(axis=0)[0:5]");
        let (got, stats) = same_everywhere(&mean);
        let [down, across] = &x.grid().unwrap().axes[..] else {
            panic!("{name}")
        };
        let chunks = down.chunks() * (across.chunk_of(4) + 1);
        assert_eq!(stats.chunks_read, chunks as u64, "{name}");
        for (column, got) in floats(&got).into_iter().enumerate() {
            let middle = (rows - 1) as f64 / 2.0 * columns as f64 + column as f64;
            assert_eq!(got, middle * 0.5 - 100.0, "{name}");
        }
        // Chunks of other columns may be anything.
        if !name.contains("sharded") {
            let dir = tempfile::tempdir().unwrap();
            copy(&from, dir.path());
            let (mut kept, mut spoilt) = (0, 0);
            for file in files(dir.path()) {
                let key = file.strip_prefix(dir.path()).unwrap().display().to_string();
                if key.ends_with("/0") || key.ends_with(".0") {
                    kept += 1;
                } else {
                    fs::write(file, b"spoilt").unwrap();
                    spoilt += 1;
                }
            }
            assert!(
                kept >= 3 && spoilt >= 3,
                "{name}: {kept} kept, {spoilt} spoilt"
            );
            let (again, _) = run(&format!(
                "read(\"{}\").mean(axis=0)[0:5]",
                dir.path().display()
            ));
            assert_eq!(again, got, "{name}");
        }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn item_3_mean_and_std_share_one_pass() {
    let dir = tempfile::tempdir().unwrap();
    let path = stored(dir.path());
    let read = format!("x = read(\"{path}\"); ");
    let (_, stats) = same_everywhere(&format!("{read}x.mean(axis=-1) / x.std(axis=-1)"));
    assert_eq!(stats.chunks_read, 100);
    let explanation = session(2)
        .explain([&array(&format!("{read}x.mean(axis=-1) / x.std(axis=-1)"))])
        .unwrap();
    assert!(
        explanation
            .rules
            .iter()
            .any(|rule| rule.name == "share-pass")
    );
    let passes = explanation
        .stages
        .iter()
        .filter(|stage| stage.estimated.chunks > 0.0);
    assert_eq!(passes.count(), 1);
    // One square root for each output, above the merge.
    let roots = explanation
        .stages
        .iter()
        .filter(|stage| stage.kernel.contains("sqrt"));
    let domains: Vec<i64> = roots.map(|stage| stage.domain.iter().product()).collect();
    assert_eq!(domains, [1000]);

    // Where memory holds x, its chunks are read once for the statistics and the result.
    let normalized = format!("{read}(x - x.mean(axis=0)) / x.std(axis=0)");
    let (_, stats) = same_everywhere(&normalized);
    assert_eq!(stats.chunks_read, 100);
}

#[test]
fn item_3_a_second_pass_where_memory_does_not_hold_the_array() {
    let dir = tempfile::tempdir().unwrap();
    let path = stored(dir.path());
    let x = array(&format!(
        "x = read(\"{path}\"); (x - x.mean(axis=0)) / x.std(axis=0)"
    ));
    let (want, _) = run_in(&session(2), &x);
    // 8 MB of result, and less than the 8 MB of x beside it.
    let small = Session::builder().threads(1).memory(12_000_000).build();
    let small = small.unwrap();
    let (got, stats) = run_in(&small, &x);
    assert_eq!(got, want);
    // What the memory has room for is kept for the second pass.
    assert!((101..200).contains(&stats.chunks_read), "{stats:?}");
    // explain says so; what is small is kept all the same: one square root for each column.
    let text = small.explain([&x]).unwrap().text(&[Section::Physical]);
    assert!(
        text.contains(&format!("again  {path} is read by stages 0, ")),
        "{text}"
    );
    assert!(stats.elements_computed < 2_010_000, "{stats:?}");
}

#[test]
fn item_3_variance_is_never_negative_and_0_for_constants() {
    for value in ["0.1", "1e300", "-3.7e-300", "12345.678901"] {
        let x = format!("full((1000, 7), {value}, chunks=(170, 7))");
        for expression in [
            format!("{x}.var(axis=0)"),
            format!("({x} * uniform(1, 1, (1000, 7), seed=1)).std()"),
        ] {
            let (got, _) = run(&expression);
            assert!(floats(&got).into_iter().all(|v| v == 0.0), "{expression}");
        }
    }
    // 1e9 + tiny: the textbook formula loses every digit here.
    let (got, _) = run("(uniform(0, 1, (100000,), seed=3, chunks=7000) + 1e9).var()");
    let got = floats(&got)[0];
    assert!((got - 1.0 / 12.0).abs() < 1e-3, "{got}");
}

#[test]
fn item_4_transposes_broadcasts_and_integers() {
    let x = "x = normal(0, 1, (300, 300), chunks=(100, 70), seed=2); ";
    same_everywhere(&format!("{x}y = x + x.T; y[::2, 50:].mean(axis=1)"));
    same_everywhere(&format!("{x}sin(x[:, 0]) * x.T"));
    let (_, stats) = same_everywhere(&format!("{x}(sin(x[:, 0]) * x.T)[:10, :10]"));
    assert!(stats.elements_generated <= 200, "{stats:?}");
    same_everywhere(
        "im = normal(9, 1, (30, 20, 20), chunks=(7, 20, 20), seed=2); \
         im / im.max(axis=(1, 2))[:, None, None]",
    );
    let (sum, _) = same_everywhere(
        "x = integers(-40000, 40000, (200, 200), dtype=int32, seed=4, chunks=(50, 60)); (x**2).sum()",
    );
    let (parts, _) = run(
        "x = integers(-40000, 40000, (200, 200), dtype=int32, seed=4, chunks=(50, 60)); x.astype(int64)",
    );
    // Squares wrap in 32 bits, their sum in 64.
    let square = |bits: &u64| i64::from((*bits as i32).wrapping_mul(*bits as i32));
    let want = parts.iter().map(square).fold(0i64, i64::wrapping_add);
    assert_eq!(sum, [want as u64]);
}

#[test]
fn item_5_a_terabyte_starts_at_once_and_stops_cleanly() {
    let x = array("uniform(0, 1, (1500000, 100000), chunks=(10000, 10000), seed=1).mean()");
    let session = session(2);
    let began = Instant::now();
    let explanation = session.explain([&x]).unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(2),
        "{:?}",
        began.elapsed()
    );
    assert_eq!(explanation.totals.work.drawn, 1.5e11);
    assert!(
        explanation.totals.peak_bytes < 64 << 20,
        "{}",
        explanation.totals.peak_bytes
    );
    let cancel = CancelToken::default();
    let stopper = cancel.clone();
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        stopper.cancel();
    });
    let (began, seen) = (
        Instant::now(),
        std::sync::Arc::new(std::sync::Mutex::new(0.0)),
    );
    let told = seen.clone();
    let job = session.job([&x]).cancel(cancel).progress(move |progress| {
        let mut seen = told.lock().unwrap();
        assert!(progress.done <= progress.total);
        *seen = f64::max(*seen, progress.done);
    });
    assert_eq!(job.run().unwrap_err().kind(), Kind::Cancelled);
    assert!(
        began.elapsed() < Duration::from_secs(5),
        "{:?}",
        began.elapsed()
    );
    thread.join().unwrap();
    assert!(*seen.lock().unwrap() > 0.0, "no progress was told");
    // The session still works, and a slice of it runs in flat memory.
    let slice = array(
        "uniform(0, 1, (1500000, 100000), chunks=(10000, 10000), seed=1)[:10000, :700].mean()",
    );
    let (got, stats) = run_in(&session, &slice);
    assert_eq!(stats.elements_generated, 7_000_000);
    assert!((floats(&got)[0] - 0.5).abs() < 1e-3);
    assert!(stats.peak_bytes < 8 << 20, "{stats:?}");
}

#[test]
fn several_roots_share_their_reads() {
    let dir = tempfile::tempdir().unwrap();
    let path = stored(dir.path());
    for roots in [
        "x.mean(axis=0), x.std(axis=0), x.sum(axis=0)",
        "x.mean(), x.std(), x.min(), x.max(), histogram(x, 16, range=(-4, 4))[0]",
    ] {
        let arrays = language::arrays(&format!("x = read(\"{path}\"); {roots}")).unwrap();
        let finished = session(2).job(&arrays).run().unwrap();
        assert_eq!(finished.stats.chunks_read, 100, "{roots}");
        for (k, x) in arrays.iter().enumerate() {
            let alone = session(1).compute(x).unwrap();
            let together = finished.results[k].as_ref().unwrap();
            assert_eq!(bits(alone.block()), bits(together.block()), "{roots}");
        }
    }
}
