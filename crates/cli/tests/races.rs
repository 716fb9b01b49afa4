//! Two processes that store to one target: one of them is told, or each has its turn; nothing mixes.

#![allow(clippy::unwrap_used, reason = "tests")]

mod program;
mod scratch;

use program::{command, run};
use scratch::Scratch;
use std::process::{Child, Stdio};

/// Targets of every format that is written, and what is said of a file that says nothing of itself.
const TARGETS: [(&str, &str); 9] = [
    ("x.zarr", ""),
    ("x.npy", ""),
    ("x.npz#a", ""),
    ("x.npystack", ""),
    ("x.raw", "?shape=600,400&dtype=float64"),
    ("x.h5#/a", ""),
    ("x.nc#/group/a", ""),
    ("x.nii", ""),
    ("x.nii.gz", ""),
];

/// What the processes store: of one shape, and other values each.
const STORED: [&str; 2] = [
    "uniform(0, 1, (600, 400), chunks=(100, 400), seed=1)",
    "uniform(2, 3, (600, 400), chunks=(60, 400), seed=2)",
];

fn start(expr: &str, out: &str, more: &[&str]) -> Child {
    let mut command = command(&[&["run", expr, "-o", out, "--threads", "1"], more].concat());
    command.stderr(Stdio::piped()).spawn().unwrap()
}

/// Whether the process succeeded, and what it said.
fn end(child: Child) -> (bool, String) {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.success(), said)
}

fn holds(uri: &str, expr: &str) -> bool {
    let asked = format!("all(read({uri:?}) == {expr})");
    let output = run(&["run", &asked]);
    String::from_utf8(output.stdout)
        .unwrap()
        .starts_with("True")
}

#[test]
fn of_two_stores_to_one_new_target_one_succeeds_and_the_other_is_told() {
    for (name, said) in TARGETS {
        for round in 0..3 {
            let directory = Scratch::new("race");
            let out = directory.path(name);
            let ended = STORED.map(|expr| start(expr, &out, &[])).map(end);
            let [first, second] = &ended;
            assert_ne!(first.0, second.0, "{name} {round}: {ended:?}");
            let (stored, told) = if first.0 {
                (0, &second.1)
            } else {
                (1, &first.1)
            };
            let way_out = told.contains("try") && told.contains("another name");
            assert!(way_out && told.contains(&out), "{name}: {told}");
            assert!(holds(&format!("{out}{said}"), STORED[stored]), "{name}");
            let file = name.split('#').next().unwrap();
            assert_eq!(directory.names(), [file], "{name}");
        }
    }
}

#[test]
fn two_stores_that_overwrite_leave_one_of_them_whole() {
    for (name, said) in TARGETS {
        let directory = Scratch::new("overwritten");
        let out = directory.path(name);
        for round in 0..3 {
            let ended = STORED
                .map(|expr| start(expr, &out, &["--overwrite"]))
                .map(end);
            assert!(ended.iter().any(|end| end.0), "{name} {round}: {ended:?}");
            for (_, told) in ended.iter().filter(|end| !end.0) {
                assert!(told.contains("try"), "{name}: {told}");
            }
            let uri = format!("{out}{said}");
            let whole = STORED.iter().any(|expr| holds(&uri, expr));
            assert!(whole, "{name} {round}");
            let file = name.split('#').next().unwrap();
            assert_eq!(directory.names(), [file], "{name}");
        }
    }
}

#[test]
fn two_datasets_that_go_into_one_file_at_once_are_both_there() {
    for more in [&[][..], &["--overwrite"]] {
        let directory = Scratch::new("both");
        for round in 0..3 {
            let file = directory.path(&format!("{round}.h5"));
            let uris = ["a", "group/b"].map(|name| format!("{file}#/{name}"));
            let started = [0, 1].map(|k| start(STORED[k], &uris[k], more));
            for (stored, told) in started.map(end) {
                assert!(stored, "{round}: {told}");
            }
            for k in 0..2 {
                assert!(holds(&uris[k], STORED[k]), "{round}: {}", uris[k]);
            }
        }
    }
}
