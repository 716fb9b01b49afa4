//! Do the examples run, and draw what they say?
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::Command;

/// Every example, and the pictures that it draws.
const EXAMPLES: &[(&str, &[&str])] = &[
    ("column_mean", &[]),
    ("label_planes", &[]),
    ("normalize_images", &["image-7.png"]),
    ("subsample", &["day-31.png"]),
    ("tsnr", &["tsnr.png"]),
    ("weather_month", &["mean.png", "difference.png"]),
];

/// The example as the tests' build made it, or by way of cargo where only this test was asked for.
fn command(name: &str) -> Command {
    let tests = std::env::current_exe().unwrap();
    let built = tests
        .ancestors()
        .nth(2)
        .unwrap()
        .join("examples")
        .join(name);
    if built.is_file() {
        return Command::new(built);
    }
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "run",
        "--quiet",
        "--package",
        "tilewright",
        "--example",
        name,
        "--",
    ]);
    cargo
}

#[test]
fn every_example_runs_and_draws() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let sources = std::fs::read_dir(sources).unwrap().map(Result::unwrap);
    let count = sources.filter(|entry| entry.path().is_file()).count();
    assert_eq!(count, EXAMPLES.len(), "one stands in no row");
    for (name, pictures) in EXAMPLES {
        let directory =
            std::env::temp_dir().join(format!("tilewright-example-{}-{name}", std::process::id()));
        let output = command(name).arg(&directory).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}: {error}");
        assert!(!output.stdout.is_empty(), "{name} says nothing");
        for picture in *pictures {
            let bytes = std::fs::read(directory.join(picture)).unwrap();
            assert!(bytes.starts_with(b"\x89PNG"), "{name}: {picture}");
        }
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
