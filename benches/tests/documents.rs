//! Is what the documents say still so?
//!
//! Links lead somewhere; code that is quoted (`<!-- from: PATH -->`) stands there; the output
//! of `explain` (`<!-- explain: EXPR | STAGES -->`) and the manual (`<!-- manual: PART -->`) are what
//! is printed now.
//!
//! `TILEWRIGHT_REWRITE=1 cargo test -p tilewright-benches --test documents` writes the present
//! output into the documents; review the difference.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::fs;
use std::path::{Path, PathBuf};
use tilewright::{Section, Session, ops};
use tilewright_cli::eval::{Value, evaluate, listed};
use tilewright_cli::parse;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

/// Every document, with its text.
fn documents() -> Vec<(PathBuf, String)> {
    let docs = fs::read_dir(root().join("docs")).unwrap();
    let docs = docs.map(|entry| entry.unwrap().path());
    let mut paths: Vec<PathBuf> = docs
        .chain(["README.md", "CHANGELOG.md"].map(|name| root().join(name)))
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    paths.sort();
    assert!(paths.len() > 8, "{paths:?}");
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    };
    paths.into_iter().map(read).collect()
}

/// The blocks that follow a comment `<!-- KEY: … -->`: what the comment says, and where the block's
/// lines stand in the text.
fn blocks<'t>(text: &'t str, key: &str) -> Vec<(&'t str, std::ops::Range<usize>)> {
    let open = format!("<!-- {key}: ");
    let mut found = Vec::new();
    for (at, _) in text.match_indices(&open) {
        let rest = &text[at + open.len()..];
        let (said, _) = rest.split_once(" -->\n```").unwrap();
        let start = at + open.len() + said.len() + " -->\n```".len();
        let start = start + text[start..].find('\n').unwrap() + 1;
        let end = start + text[start - 1..].find("\n```").unwrap();
        found.push((said, start..end));
    }
    found
}

/// The anchor that a heading gets.
fn anchor(heading: &str) -> String {
    let keep = |c: char| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        _ if c.is_alphanumeric() => Some(c.to_ascii_lowercase()),
        _ => None,
    };
    heading
        .trim_start_matches('#')
        .trim()
        .chars()
        .filter_map(keep)
        .collect()
}

#[test]
fn links_lead_somewhere() {
    let mut followed = 0;
    for (path, text) in documents() {
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            if link.contains("://") {
                continue;
            }
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                _ => path.parent().unwrap().join(file),
            };
            assert!(target.exists(), "{}: {link}", path.display());
            if !part.is_empty() {
                let text = fs::read_to_string(&target).unwrap();
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                let found = headings.any(|line| anchor(line) == part);
                assert!(found, "{}: {link}", path.display());
            }
            followed += 1;
        }
    }
    assert!(followed > 20, "{followed}");
}

/// A file, or every file below a directory.
fn sources(path: &Path) -> String {
    if !path.is_dir() {
        return fs::read_to_string(path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    let below = fs::read_dir(path).unwrap();
    below.map(|entry| sources(&entry.unwrap().path())).collect()
}

#[test]
fn quoted_code_stands_in_its_file() {
    let mut quoted = 0;
    for (path, text) in documents() {
        for (file, range) in blocks(&text, "from") {
            let source = sources(&root().join(file));
            let quote = &text[range];
            assert!(
                source.contains(quote),
                "{}: not in {file}:\n{quote}",
                path.display()
            );
            quoted += 1;
        }
    }
    assert!(quoted > 8, "{quoted}");
}

/// What `explain` prints for an expression, on two threads and 8 GiB.
fn explain(text: &str, stages: &str) -> String {
    let program = parse::program(text).unwrap();
    let roots = evaluate(&program, Vec::new()).unwrap_or_else(|e| panic!("{}", e.render(text)));
    let array = |value: Value| match value {
        Value::Array(array) => array,
        other => panic!("{text} is {}", other.kind()),
    };
    let arrays: Vec<_> = roots.into_iter().map(|root| array(root.node)).collect();
    let section = |name| match name {
        "logical" => Section::Logical,
        "optimized" => Section::Optimized,
        "physical" => Section::Physical,
        "kernels" => Section::Kernels,
        _ => panic!("no stage {name}"),
    };
    let sections: Vec<Section> = stages.split(' ').map(section).collect();
    let session = Session::builder()
        .threads(2)
        .memory(8 << 30)
        .build()
        .unwrap();
    session.explain(&arrays).unwrap().text(&sections)
}

/// Compares the blocks behind `<!-- KEY: … -->` in all documents with what is printed now, or
/// writes them anew if asked to; how many there are.
fn renew(key: &str, now: impl Fn(&str) -> String) -> usize {
    let rewrite = std::env::var_os("TILEWRIGHT_REWRITE").is_some();
    let mut shown = 0;
    for (path, text) in documents() {
        let mut new = text.clone();
        // From the last to the first, so that places stay where they are.
        for (said, range) in blocks(&text, key).into_iter().rev() {
            let now = now(said);
            let wide = now.lines().map(|line| line.chars().count()).max();
            assert!(wide <= Some(100), "{said}: {wide:?} columns");
            new.replace_range(range, &now);
            shown += 1;
        }
        if rewrite && new != text {
            fs::write(&path, new).unwrap();
        } else {
            assert_eq!(
                text,
                new,
                "{}: TILEWRIGHT_REWRITE=1 writes it anew",
                path.display()
            );
        }
    }
    shown
}

#[test]
fn explained_output_is_what_is_printed_now() {
    // Stored arrays are named from the root of the project.
    std::env::set_current_dir(root()).unwrap();
    let shown = renew("explain", |said| {
        let (expression, stages) = said.rsplit_once(" | ").unwrap();
        explain(expression, stages)
    });
    assert!(shown > 4, "{shown}");
}

#[test]
fn the_manual_is_that_of_the_rows() {
    let pages = || ops::names().filter_map(ops::page).collect::<Vec<_>>();
    let shown = renew("manual", |said| match said {
        "operators" => pages().join("\n"),
        "command line" => listed(),
        _ => panic!("no part of the manual is called {said}"),
    });
    assert_eq!(shown, 2);
}
