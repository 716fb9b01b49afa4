//! Datasets that the command adds to HDF5 files: several in one pass, killed, out of space.

#![allow(clippy::unwrap_used, reason = "tests")]

mod program;
mod scratch;

use program::{command, run};
use scratch::Scratch;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Whether an expression is true.
fn holds(expr: &str) -> bool {
    let printed = String::from_utf8(run(&["run", expr]).stdout).unwrap();
    printed.starts_with("True")
}

#[test]
fn several_datasets_go_to_one_file_in_one_pass() {
    let directory = Scratch::new("datasets");
    let file = directory.path("x.h5");
    let uri = |key: &str| format!("{file}#/{key}");
    let [a, b, c] = ["a", "group/b", "group/c"].map(uri);
    let expr = "x = uniform(0, 1, (400, 300), chunks=(50, 60), seed=2); x, x.mean(axis=0)";
    run(&["run", expr, "-o", &a, "-o", &b]);
    // From a dataset of the file into another.
    run(&["run", &format!("read({a:?}) * 2"), "-o", &c]);
    assert!(holds(&format!("(read({c:?}) == read({a:?}) * 2).all()")));
    assert!(holds(&format!(
        "(read({b:?}) == read({a:?}).mean(axis=0)).all()"
    )));
    let again = command(&["run", "ones(3)", "-o", &b]).output().unwrap();
    let error = String::from_utf8(again.stderr).unwrap();
    assert!(
        error.contains("exists already") && error.contains("--overwrite"),
        "{error}"
    );
    run(&["run", "ones(3)", "-o", &b, "--overwrite"]);
    assert!(holds(&format!("(read({b:?}) == ones(3)).all()")));
    assert!(holds(&format!("(read({c:?}) == read({a:?}) * 2).all()")));
    assert_eq!(directory.names(), ["x.h5"]);
}

#[test]
fn a_file_that_is_added_to_survives_a_kill_at_any_point() {
    let directory = Scratch::new("added-killed");
    let file = directory.path("x.h5");
    let [old, new] = ["old", "new"].map(|key| format!("{file}#/{key}"));
    let first = "uniform(0, 1, (90, 90), chunks=(40, 60), seed=1)";
    run(&["run", first, "-o", &old]);
    let expr = "uniform(0, 1, (600, 600), chunks=(40, 60), seed=2)";
    let (mut killed, mut shown) = (0, 0);
    for point in 0..100u64 {
        let mut child = command(&["run", expr, "-o", &new, "--threads", "2", "--overwrite"])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(point));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(
            holds(&format!("(read({old:?}) == {first}).all()")),
            "{point}"
        );
        let found = command(&["info", &new]).output().unwrap().status.success();
        if found {
            // It shows, and so it is whole.
            assert!(
                holds(&format!("(read({new:?}) == {expr}).all()")),
                "{point}"
            );
            run(&["run", first, "-o", &old, "--overwrite"]);
            shown += 1;
        } else {
            killed += 1;
        }
        if shown > 3 {
            break;
        }
    }
    assert!(killed > 0);
    run(&["run", expr, "-o", &new, "--overwrite"]);
    assert!(holds(&format!("(read({new:?}) == {expr}).all()")));
    assert!(holds(&format!("(read({old:?}) == {first}).all()")));
    assert_eq!(directory.names(), ["x.h5"]);
}

#[test]
fn a_dataset_that_is_appended_to_survives_a_kill_at_any_point() {
    let directory = Scratch::new("appended-killed");
    let file = directory.path("x.h5");
    let [old, grows] = ["old", "grows"].map(|key| format!("{file}#/{key}"));
    let first = "uniform(0, 1, (90, 600), chunks=(40, 60), seed=1)";
    run(&["run", first, "-o", &old]);
    run(&["run", first, "-o", &grows]);
    let more = "uniform(0, 1, (500, 600), chunks=(40, 60), seed=2)";
    let is = |expr: &str, uri: &str| holds(&format!("array_equal(read({uri:?}), {expr})"));
    let appended = format!("concatenate([{first}, {more}])");
    let append = ["run", more, "-o", &grows, "--threads", "2", "--append", "0"];
    let (mut killed, mut shown) = (0, 0);
    for point in 0..60u64 {
        let mut child = command(&append).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(5 * point));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(is(first, &old), "{point}");
        if is(first, &grows) {
            killed += 1;
            continue;
        }
        assert!(is(&appended, &grows), "{point}");
        shown += 1;
        if shown > 2 {
            break;
        }
        run(&["run", first, "-o", &grows, "--overwrite"]);
    }
    assert!(killed > 0);
    run(&["run", first, "-o", &grows, "--overwrite"]);
    run(&append);
    assert!(is(&appended, &grows) && is(first, &old));
    assert_eq!(directory.names(), ["x.h5"]);
}

#[test]
fn parts_of_several_datasets_go_to_one_file_in_one_pass() {
    let directory = Scratch::new("parts-datasets");
    let file = directory.path("x.h5");
    let [a, b] = ["a", "group/b"].map(|key| format!("{file}#/{key}"));
    let expr = "x = uniform(0, 1, (40, 30), chunks=(16, 12), seed=2); x, x * 2";
    run(&["run", expr, "-o", &a, "-o", &b]);
    run(&["run", expr, "-o", &a, "-o", &b, "--append", "0"]);
    // From the dataset itself into it.
    let turned = format!("read({b:?})[::-1, 5:20]");
    run(&["run", &turned, "-o", &a, "--region", ":, 5:20"]);
    assert!(holds(&format!(
        "x = uniform(0, 1, (40, 30), chunks=(16, 12), seed=2); y = concatenate([x, x]); z = read({a:?}); \
         (z[:, :5] == y[:, :5]).all() & (z[:, 5:20] == y[::-1, 5:20] * 2).all() & (z[:, 20:] == y[:, 20:]).all()"
    )));
    let again = command(&["run", "ones((1, 29))", "-o", &a, "--append", "0"]);
    let error = { again }.output().unwrap();
    let error = String::from_utf8(error.stderr).unwrap();
    assert!(error.contains("29 elements along axis 1"), "{error}");
    assert_eq!(directory.names(), ["x.h5"]);
}

#[test]
fn a_full_disk_leaves_the_file_as_it_was() {
    let directory = Scratch::new("added-full");
    let file = directory.path("x.h5");
    let [old, new] = ["old", "new"].map(|key| format!("{file}#/{key}"));
    let expr = "uniform(0, 1, (70, 70), chunks=(70, 70), seed=1)";
    run(&["run", expr, "-o", &old]);
    let before = std::fs::read(&file).unwrap();
    // Files of at most 128 blocks: the dataset fits one of its own, and not the one that exists.
    let script = "ulimit -f 128; exec \"$0\" \"$@\"";
    let binary = env!("CARGO_BIN_EXE_tilewright");
    let output = Command::new("sh")
        .args(["-c", script, binary, "run", expr, "-o", &new])
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(
        error.contains("writing failed") && error.contains("space"),
        "{error}"
    );
    assert!(std::fs::read(&file).unwrap() == before);
    // So does one that is appended.
    let output = Command::new("sh")
        .args([
            "-c", script, binary, "run", expr, "-o", &old, "--append", "0",
        ])
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("writing failed") && error.contains("space"),
        "{error}"
    );
    assert!(std::fs::read(&file).unwrap() == before);
    assert_eq!(directory.names(), ["x.h5"]);
}
