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
    assert_eq!(directory.names(), ["x.h5"]);
}
