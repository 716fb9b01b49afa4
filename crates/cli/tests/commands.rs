//! The command itself: what it prints, what it stores, and its exit status.

#![allow(clippy::unwrap_used, reason = "tests")]

mod scratch;

use scratch::Scratch;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn tilewright(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tilewright"))
        .args(args)
        .output()
        .unwrap()
}

/// Standard output of a command that succeeds.
fn stdout(args: &[&str]) -> String {
    let output = tilewright(args);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        output.stderr.is_empty(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    text
}

/// Exit status and standard error of a command that fails.
fn failure(args: &[&str]) -> (i32, String) {
    let output = tilewright(args);
    assert!(
        output.stdout.is_empty(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stdout)
    );
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

fn stats(args: &[&str], directory: &Scratch) -> serde_json::Value {
    let file = directory.path("stats.json");
    stdout(&[args, &["--stats", &file]].concat());
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(file).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn results_are_printed_as_numpy_prints_them() {
    assert_eq!(
        stdout(&["run", "arange(3) / 2"]),
        "[0.  0.5 1. ]\nshape=(3,) dtype=float64\n"
    );
    assert_eq!(
        stdout(&["run", "arange(6).reshape(2, 3).T"]),
        "[[0 3]\n [1 4]\n [2 5]]\nshape=(3, 2) dtype=int64\n"
    );
    let several = stdout(&[
        "run",
        "x = ones((2, 2), dtype='f4'); x.sum(), x.shape, 2**70",
    ]);
    assert_eq!(
        several,
        "4.0\nshape=() dtype=float32\n(2, 2)\n1180591620717411303424\n"
    );
}

#[test]
fn every_engine_and_setting_gives_the_same_text() {
    let expr = "x = normal(1, 2, (300, 40), chunks=(70, 9), seed=3); \
                (x - x.mean(axis=0)) / x.std(axis=0), (x[::-2, 3:] * 2).sum(axis=1), x.var()";
    let want = stdout(&["run", expr, "--engine", "reference"]);
    for more in [
        &["--threads", "1"][..],
        &["--threads", "8"],
        &["--no-optimize"],
        &["--engine", "interp"],
        &["--memory", "4MiB"],
    ] {
        assert_eq!(stdout(&[&["run", expr], more].concat()), want, "{more:?}");
    }
}

#[test]
fn the_mean_of_a_hundred_columns_draws_a_million_numbers() {
    let directory = Scratch::new("draws");
    let expr = "normal(0, 1, (10000, 10000), chunks=(1000, 1000), seed=1).mean(axis=0)[0:100]";
    let stats = stats(&["run", expr], &directory);
    assert_eq!(stats["elements_generated"], 1_000_000);
    assert_eq!(stats["interpreted_kernels"], 0);
    assert!(stats["peak_bytes"].as_u64().unwrap() < 2_000_000);
    assert!(stats["projected_peak_bytes"].as_u64().unwrap() < 2_000_000);
    let names = [
        "wall_s",
        "plan_s",
        "compile_s",
        "kernels",
        "kernel_cache_hits",
        "tasks",
        "chunks_read",
        "bytes_read",
        "bytes_decoded",
        "elements_generated",
        "elements_computed",
        "bytes_written",
        "projected_peak_bytes",
        "peak_bytes",
        "peak_rss_bytes",
        "spilled_bytes",
        "threads",
        "interpreted_kernels",
    ];
    let mut want = names.map(str::to_owned).to_vec();
    let mut got: Vec<String> = stats.as_object().unwrap().keys().cloned().collect();
    want.sort();
    got.sort();
    assert_eq!(got, want);
}

#[test]
fn what_is_stored_is_read_back() {
    let directory = Scratch::new("stored");
    let (zarr, npy) = (directory.path("x.zarr"), directory.path("m.npy"));
    let made = "x = arange(120, dtype='i4').reshape(10, 12).rechunk((3, 5)); x, x.mean(axis=0)";
    assert_eq!(stdout(&["run", made, "-o", &zarr, "-o", &npy]), "");
    assert_eq!(directory.names(), ["m.npy", "x.zarr"]);
    let named = format!("x={zarr}");
    let values = stdout(&["run", "x[::-4, ::6]", "-i", &named]);
    assert_eq!(
        values,
        "[[108 114]\n [ 60  66]\n [ 12  18]]\nshape=(3, 2) dtype=int32\n"
    );
    let mean = format!("m = read({npy:?}); (m == read({zarr:?}).mean(axis=0)).all()");
    assert_eq!(stdout(&["run", &mean]), "True\nshape=() dtype=bool\n");

    let info = stdout(&["info", &zarr]);
    for line in [
        "shape       (10, 12)",
        "dtype       int32",
        "chunks      (3, 5), 12 chunks",
    ] {
        assert!(info.contains(line), "{info}");
    }
    // One chunk of twelve holds the point.
    let counts = stats(&["run", "x[5, 5]", "-i", &named], &directory);
    assert_eq!(counts["chunks_read"], 1);

    let (status, error) = failure(&["run", "ones((2, 2))", "-o", &zarr]);
    assert_eq!(status, 1);
    assert!(
        error.contains("exists already") && error.contains("--overwrite"),
        "{error}"
    );
    assert_eq!(
        stdout(&[
            "run",
            "ones((2, 2))",
            "-o",
            &zarr,
            "--overwrite",
            "--chunks",
            "1"
        ]),
        ""
    );
    assert!(stdout(&["info", &zarr]).contains("(1, 1), 4 chunks"));
    assert_eq!(directory.names(), ["m.npy", "x.zarr"]);
}

#[test]
fn a_glob_is_a_list_in_the_order_of_names() {
    let directory = Scratch::new("glob");
    for k in 0..3 {
        let file = directory.path(&format!("run-{k}.npy"));
        stdout(&["run", &format!("full((2,), {k})"), "-o", &file]);
    }
    let named = format!("d={}", directory.path("run-*.npy"));
    let got = stdout(&[
        "run",
        "stack(d), d[0] - stack(d).mean(axis=0), concatenate(d)",
        "-i",
        &named,
    ]);
    let want = "[[0 0]\n [1 1]\n [2 2]]\nshape=(3, 2) dtype=int64\n\
                [-1. -1.]\nshape=(2,) dtype=float64\n\
                [0 0 1 1 2 2]\nshape=(6,) dtype=int64\n";
    assert_eq!(got, want);
}

#[test]
fn bad_expressions_and_arguments_exit_with_2() {
    let cases: [(&[&str], &str); 12] = [
        (&["run", "nrmal(0, 1, (10,)).mean()"], "try    normal"),
        (
            &["run", "ones((4, 3)) + ones((4, 5))"],
            "axis 1 3 against 5",
        ),
        (&["run", "ones(3)[::0]"], "step is 0"),
        (&["run", "ones(3).mean(axis=2)"], "out of range"),
        (&["run", "ones(3"], "error:"),
        (&["run", "ones(3, dtyp=int8)"], "try    dtype="),
        (&["run", "ones(3)", "--memory", "lots"], "8GiB"),
        (&["run", "ones(3)", "--threads", "0"], "--threads"),
        (
            &["run", "ones(3)", "-i", "np=x.npy"],
            "a name of the language",
        ),
        (
            &["run", "ones(3), ones(3)", "-o", "only-one.npy"],
            "one -o for each array",
        ),
        (&["run", "@/nonexistent/file"], "cannot be read"),
        (&["ops", "sqrtt"], "tilewright ops sqrt"),
    ];
    for (args, want) in cases {
        let (status, error) = failure(args);
        assert_eq!(status, 2, "{args:?}: {error}");
        assert!(error.contains(want), "{args:?}: {error}");
    }
}

#[test]
fn failed_computations_exit_with_1_and_leave_nothing() {
    let directory = Scratch::new("failed");
    let missing = format!("x={}", directory.path("missing.npy"));
    let (status, error) = failure(&["run", "x + 1", "-i", &missing]);
    assert_eq!((status, error.contains("input  x")), (1, true), "{error}");
    let text = directory.path("text.npy");
    std::fs::write(&text, "no array").unwrap();
    let (status, error) = failure(&["run", &format!("read({text:?}).sum()")]);
    assert_eq!(status, 1, "{error}");
    assert!(error.contains("^^^"), "the place is shown: {error}");

    let out = directory.path("out.zarr");
    let large = "ones((100000, 1000)).T.reshape(-1)";
    let (status, error) = failure(&["run", large, "--memory", "1MB"]);
    assert_eq!(status, 1, "{error}");
    assert!(error.contains("budget") && error.contains("try"), "{error}");
    let gone = directory.path("no/such/place/out.npy");
    assert_eq!(failure(&["run", "ones(3)", "-o", &gone]).0, 1);
    assert!(!Path::new(&out).exists());
    assert_eq!(directory.names(), ["text.npy"]);
}

#[test]
fn explain_shows_every_stage_in_every_format() {
    let expr = "normal(0, 1, (100, 100), chunks=(10, 10), seed=7).mean(axis=0)[0:10]";
    let usual = stdout(&["explain", expr]);
    for part in [
        "== logical ==",
        "== optimized ==",
        "== physical ==",
        "rules",
        "totals",
        "seed=7",
    ] {
        assert!(usual.contains(part), "{part}: {usual}");
    }
    assert!(
        usual.lines().all(|line| line.chars().count() <= 100),
        "{usual}"
    );
    assert_eq!(stdout(&["explain", expr]), usual, "the text is stable");
    let all = stdout(&["explain", expr, "--stage", "all"]);
    assert!(all.contains("== kernels ==") && all.contains("== clif ==") && all.contains("block0"));
    let json = stdout(&["explain", expr, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["totals"]["estimated"]["elements_generated"], 1000.0);
    assert!(
        json["rules"]
            .as_array()
            .is_some_and(|rules| !rules.is_empty())
    );
    let dot = stdout(&["explain", expr, "--format", "dot"]);
    assert!(dot.starts_with("digraph") && dot.contains("->") && dot.ends_with("}\n"));
    let svg = stdout(&["explain", expr, "--format", "svg"]);
    assert!(svg.contains("<svg") && svg.contains("random.normal") && svg.contains("</svg>"));
    assert_eq!(
        stdout(&["explain", expr, "--format", "svg"]),
        svg,
        "the picture is stable"
    );
    assert_eq!(svg.matches("<title>").count(), 3 + 4 + 2, "{svg}");
    let html = stdout(&["explain", expr, "--format", "html", "--stage", "all"]);
    assert!(html.starts_with("<!DOCTYPE html>") && html.ends_with("</html>\n"));
    assert_eq!(html.matches("<svg").count(), 3);
    assert!(html.contains("block0") && !html.contains("<script") && !html.contains("src="));
    let measured = stdout(&["explain", expr, "--analyze", "--stage", "physical"]);
    assert!(measured.contains("measured"), "{measured}");
    let several = "x = ones((4, 4)); x.sum(), histogram(x, bins=2, range=(0, 2))";
    let several = stdout(&["explain", several, "--stage", "logical"]);
    assert!(several.contains("histogram"), "{several}");
    let plain = stdout(&["explain", expr, "--no-optimize"]);
    assert!(plain.contains("not optimized") && !plain.contains("rules"));
}

#[test]
fn the_manual_has_a_page_for_every_row_and_function() {
    let index = stdout(&["ops"]);
    for name in ["sqrt(x)", "arange(", "squeeze(", "normal("] {
        assert!(index.contains(name), "{name}: {index}");
    }
    assert!(stdout(&["ops", "sqrt"]).contains("IEEE 754"));
    assert!(stdout(&["ops", "mod"]).starts_with("remainder("));
    assert!(stdout(&["ops", "random.normal"]).contains("seed"));
}

#[test]
fn an_interrupt_stops_a_run_and_leaves_nothing() {
    let directory = Scratch::new("interrupt");
    let out = directory.path("out.zarr");
    let expr = "uniform(0, 1, (1500000, 100000), chunks=(1000, 1000), seed=1)";
    let mut child = Command::new(env!("CARGO_BIN_EXE_tilewright"))
        .args(["run", expr, "-o", &out, "--progress", "always"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(700));
    let interrupted = Instant::now();
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(kill.success());
    let status = child.wait().unwrap();
    assert!(interrupted.elapsed() < Duration::from_secs(10));
    assert_eq!(status.code(), Some(1));
    let mut text = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut text).unwrap();
    assert!(text.contains("cancelled"), "{text}");
    assert_eq!(directory.names(), [""; 0]);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tilewright"))
        .args(["run", "arange(1000)"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn explain_says_how_often_a_store_reads_a_chunk() {
    let directory = Scratch::new("explain-store");
    let (rows, columns) = (directory.path("rows.zarr"), directory.path("columns.zarr"));
    let made = "random.uniform(0, 1, (1000, 600), chunks=(10, 600), seed=1)";
    stdout(&["run", made, "-o", &rows]);
    let expr = format!("read('{rows}')");
    let store = ["-o", &columns, "--chunks", "1000, 6", "--threads", "2"];
    let explain = |memory: &str| {
        let how = ["--memory", memory, "--format", "json"];
        let text = stdout(&[&["explain", &expr], &store[..], &how].concat());
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["stages"][0].clone()
    };
    let short = explain("8MiB");
    let again = &short["again"][0];
    assert_eq!(again["array"], rows.as_str());
    assert!(!Path::new(&columns).exists(), "nothing is written");
    let run = |memory: &str| {
        let how = ["--memory", memory, "--stats", "-", "--overwrite"];
        let text = stdout(&[&["run", &expr], &store[..], &how].concat());
        let stats: serde_json::Value = serde_json::from_str(&text).unwrap();
        stats["chunks_read"].as_f64().unwrap()
    };
    let most = 100.0 * again["times"].as_f64().unwrap();
    assert!(
        most > 200.0 && (101.0..=most).contains(&run("8MiB")),
        "{again}"
    );
    let enough = again["enough"].as_u64().unwrap().to_string();
    assert_eq!(explain(&enough)["again"], serde_json::json!([]));
    assert_eq!(run(&enough), 100.0);
    let svg = stdout(&[&["explain", &expr], &store[..], &["--format", "svg"]].concat());
    assert!(svg.contains("class=\"stored\"") && svg.contains("columns.zarr</text>"));
    let text = stdout(&[&["explain", &expr], &store[..], &["--memory", "8MiB"]].concat());
    let into = format!("{columns}: zarr v3, f64[1000, 600] in 100 chunks of [1000, 6]");
    let unbroken = text.replace("\n         ", " ");
    assert!(unbroken.contains(&format!("into   {into}")), "{text}");
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(
        words.join(" ").contains("each; once with --memory"),
        "{text}"
    );
}

#[test]
fn pictures_are_well_formed_whatever_names_hold() {
    let directory = Scratch::new("explain-names");
    let odd = directory.path("a<b>&'\u{1}--\".npy");
    stdout(&["run", "ones((2, 3))", "-o", &odd]);
    let input = format!("x={odd}");
    for format in ["svg", "html"] {
        let shown = stdout(&[
            "explain",
            "x.sum(axis=0) + 1",
            "-i",
            &input,
            "--format",
            format,
        ]);
        // Of names nothing is left that is markup.
        let mut open: Vec<&str> = Vec::new();
        for tag in shown.split('<').skip(1) {
            let (tag, text) = tag.split_once('>').unwrap();
            assert!(!text.contains('>'), "{tag} {text}");
            let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "{shown}");
            } else if !(tag.ends_with('/') || ["!DOCTYPE", "meta"].contains(&name)) {
                open.push(name);
            }
        }
        assert!(
            open.is_empty() && shown.contains("a&lt;b&gt;&amp;"),
            "{shown}"
        );
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
    }
}
