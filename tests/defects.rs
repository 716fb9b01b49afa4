//! Do the planted defects still apply? `tests/defects/run.sh` plants them and looks for each.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Defects at least.
const LEAST: usize = 20;

#[test]
fn every_defect_applies_to_the_tree() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = tests.parent().unwrap();
    let mut count = 0;
    let mut stale = Vec::new();
    for entry in fs::read_dir(tests.join("defects")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "patch") {
            continue;
        }
        count += 1;
        let applies = Command::new("git")
            .args(["apply", "--check"])
            .arg(&path)
            .current_dir(root)
            .output()
            .unwrap();
        if !applies.status.success() {
            stale.push(String::from_utf8_lossy(&applies.stderr).into_owned());
        }
        let text = fs::read_to_string(&path).unwrap();
        let sentence = text.lines().next().unwrap_or("");
        assert!(
            sentence.ends_with('.'),
            "{path:?} says in its first line what it breaks"
        );
    }
    assert!(count >= LEAST, "{count} defects");
    assert!(stale.is_empty(), "{}", stale.join("\n"));
}
