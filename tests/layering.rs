//! Does every crate know only what it may know?
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What each crate may use, beside `tilewright-core`, which all may use.
const EDGES: &[(&str, &[&str])] = &[
    ("tilewright-core", &[]),
    ("tilewright-vecmath", &[]),
    ("tilewright-kernel", &["vecmath"]),
    ("tilewright-expr", &["vecmath", "kernel"]),
    ("tilewright-opt", &["expr"]),
    ("tilewright-plan", &["expr", "kernel"]),
    ("tilewright-jit", &["kernel", "vecmath"]),
    ("tilewright-io", &[]),
    ("tilewright-exec", &["plan", "kernel", "jit", "io"]),
    (
        "tilewright",
        &[
            "vecmath", "kernel", "expr", "opt", "plan", "jit", "io", "exec",
        ],
    ),
    ("tilewright-cli", &[""]),
];

/// Packages that test or measure the whole may use all of it.
const ABOVE_ALL: &[&str] = &["tilewright-tests", "tilewright-benches"];

/// The only files that hold `unsafe`: calls of compiled code, vector intrinsics, memory maps and what
/// the system says of them.
const UNSAFE: &[&str] = &[
    "crates/exec/src/raw.rs",
    "crates/io/src/cut.rs",
    "crates/io/src/map.rs",
    "crates/jit/src/compiled.rs",
    "crates/kernel/src/interp.rs",
    "crates/kernel/src/memory.rs",
    "crates/kernel/src/shim.rs",
    "crates/kernel/src/slice_fn.rs",
    "crates/vecmath/src/level.rs",
    "crates/vecmath/src/prefetch.rs",
];

/// Longest file, in lines; a test module at its end does not count.
const LONGEST: usize = 400;

/// Files that may be longer, and why.
const LONG: &[(&str, &str)] = &[
    (
        "crates/core/src/grid/axis.rs",
        "one type and its algebra: cuts that are sliced, united, joined",
    ),
    (
        "crates/expr/src/op/mod.rs",
        "one table: every operator's row, in the manual's order",
    ),
    (
        "crates/kernel/src/ir.rs",
        "one table: every instruction of the language, declared once",
    ),
    (
        "crates/kernel/src/shim.rs",
        "one way in: raw slices become typed ones here and nowhere else",
    ),
    (
        "crates/plan/src/lower/emit.rs",
        "one emitter: what the three loop shapes share",
    ),
    (
        "crates/plan/src/program.rs",
        "one walk over a body, one arm per family",
    ),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_owned()
}

fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every source file of the crates, by path from the root.
fn sources() -> BTreeMap<String, String> {
    fn visit(dir: &Path, root: &Path, out: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, root, out);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.strip_prefix(root).unwrap();
                let name = name.to_string_lossy().into_owned();
                out.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut out = BTreeMap::new();
    visit(&root().join("crates"), &root(), &mut out);
    assert!(
        out.len() > 100,
        "only {} source files were found",
        out.len()
    );
    out
}

/// The code of a line, without its comment and string literals on one line.
fn code(line: &str) -> String {
    let line = line.split("//").next().unwrap_or("");
    line.split('"').step_by(2).collect()
}

#[test]
fn crates_use_only_the_crates_below_them() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap();
        seen.insert(name);
        if ABOVE_ALL.contains(&name) {
            continue;
        }
        let Some((_, allowed)) = EDGES.iter().find(|(n, _)| *n == name) else {
            wrong.push(format!("{name} is in no room of the house"));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let target = dependency["name"].as_str().unwrap();
            let ours = target == "tilewright" || target.starts_with("tilewright-");
            // Tests may look at more than the code does.
            if !ours || dependency["kind"] == "dev" || target == "tilewright-core" {
                continue;
            }
            let short = target
                .trim_start_matches("tilewright")
                .trim_start_matches('-');
            if !allowed.contains(&short) {
                wrong.push(format!("{name} -> {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let expected: BTreeSet<&str> = EDGES
        .iter()
        .map(|(name, _)| *name)
        .chain(ABOVE_ALL.iter().copied())
        .collect();
    assert_eq!(seen, expected, "packages of the workspace");
}

/// The crates' edges have no circle: the table above is in an order in which each crate stands
/// after those it may use.
#[test]
fn the_layers_have_no_circle() {
    for (k, (name, allowed)) in EDGES.iter().enumerate() {
        for short in *allowed {
            let full = if short.is_empty() {
                "tilewright".to_owned()
            } else {
                format!("tilewright-{short}")
            };
            let at = EDGES.iter().position(|(n, _)| *n == full).unwrap();
            assert!(at < k, "{name} may use {full}, which stands above it");
        }
    }
}

#[test]
fn unsafe_stands_in_named_files_only() {
    let mut wrong = Vec::new();
    let mut found = BTreeSet::new();
    for (path, text) in sources() {
        if !path.contains("/src/") {
            continue;
        }
        for (n, line) in text.lines().enumerate() {
            let code = code(line);
            let words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            if words.into_iter().any(|word| word == "unsafe") {
                found.insert(path.clone());
                if !UNSAFE.contains(&path.as_str()) {
                    wrong.push(format!("{path}:{}: {}", n + 1, line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for path in UNSAFE {
        assert!(
            found.contains(*path),
            "{path} holds no unsafe: strike it from the list"
        );
    }
}

#[test]
fn files_are_short() {
    let mut wrong = Vec::new();
    let sources = sources();
    for (path, _) in LONG {
        assert!(sources.contains_key(*path), "there is no {path}");
    }
    for (path, text) in sources {
        if !path.contains("/src/") || path.contains("/tests/") || path.ends_with("/tests.rs") {
            continue;
        }
        let code = text.split("\n#[cfg(test)]").next().unwrap_or("");
        let lines = code.lines().count();
        let listed = LONG.iter().any(|(name, _)| *name == path);
        if lines > LONGEST && !listed {
            wrong.push(format!("{path}: {lines} lines"));
        }
        if lines <= LONGEST && listed {
            wrong.push(format!(
                "{path} has only {lines} lines: strike it from the list"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a room must never have heard of (design 2), by the words its code may not use.
#[test]
fn layers_absent_by_design_are_absent() {
    let absent: &[(&str, &[&str])] = &[
        ("crates/jit/src/", &["tilewright_expr", "OpDef", "Family"]),
        ("crates/io/src/", &["tilewright_expr", "tilewright_plan"]),
        ("crates/opt/src/", &["std::fs", "std::thread", "Instant"]),
        ("crates/plan/src/", &["std::fs", "std::thread", "Instant"]),
        ("crates/kernel/src/", &["rayon", "std::fs"]),
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if path.contains("/tests/") {
            continue;
        }
        // What stands in a file's test module is free.
        let text = text.split("#[cfg(test)]").next().unwrap_or("");
        for (room, words) in absent.iter().filter(|(room, _)| path.starts_with(room)) {
            for (n, line) in text.lines().enumerate() {
                let code = code(line);
                if let Some(word) = words.iter().find(|word| code.contains(**word)) {
                    wrong.push(format!("{path}:{}: {word} in {room}", n + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
