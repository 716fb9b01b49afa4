//! Case files: plan and values together.
//!
//! A file of `cases/` holds statements (`x = normal(...)`, in the command line's language), and
//! after each `show EXPR` what is expected of it:
//!
//! ```text
//! optimized                      the tree of the optimized expression, then
//!   ...                          its lines, indented
//! rules    NAME, NAME            the rules that fire
//! error                          what is said instead, then
//!   ...                          its lines, indented
//! same-as  EXPR                  another spelling of the same plan
//! values   optimized == identity == interp == jit; threads 1 == 8
//! ```
//!
//! `TILEWRIGHT_REWRITE=1 cargo nextest run -p tilewright-tests --test cases` writes what is there
//! now into every `optimized`, `rules` and `error`; review the difference.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod language;

use language::{arrays, bits};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tilewright::{Array, Engine, Explanation, Session};
use tilewright_expr::print::table;
use tilewright_opt::{Class, rules};

fn files() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "case"))
        .collect();
    files.sort();
    files
}

/// What stands in a file.
#[derive(Clone, Debug, PartialEq)]
enum Line {
    /// A comment, a blank line.
    Plain(String),
    /// `name = …`
    Statement(String),
    /// `show EXPR`
    Show(String),
    /// A keyword with the rest of its line and the indented lines under it.
    Expected(String, String, Vec<String>),
}

const KEYWORDS: [&str; 5] = ["optimized", "rules", "error", "same-as", "values"];

fn lines(text: &str) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    for line in text.lines() {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        if let Some(indented) = line.strip_prefix("  ") {
            match out.last_mut() {
                Some(Line::Expected(_, _, under)) => under.push(indented.to_owned()),
                _ => panic!("an indented line under nothing: {line}"),
            }
        } else if line.is_empty() || line.starts_with('#') {
            out.push(Line::Plain(line.to_owned()));
        } else if word == "show" {
            out.push(Line::Show(rest.trim().to_owned()));
        } else if KEYWORDS.contains(&word) {
            out.push(Line::Expected(
                word.to_owned(),
                rest.trim().to_owned(),
                vec![],
            ));
        } else {
            out.push(Line::Statement(line.to_owned()));
        }
    }
    out
}

fn written(lines: &[Line]) -> String {
    let mut out = String::new();
    for line in lines {
        match line {
            Line::Plain(text) | Line::Statement(text) => out.push_str(text),
            Line::Show(text) => out.push_str(&format!("show {text}")),
            Line::Expected(word, rest, under) => {
                out.push_str(format!("{word:<8} {rest}").trim_end());
                for line in under {
                    out.push_str(format!("\n  {line}").trim_end());
                }
            }
        }
        out.push('\n');
    }
    out
}

fn plan_of(arrays: &[Array]) -> Result<Explanation, String> {
    let session = Session::builder()
        .threads(1)
        .memory(8 << 30)
        .build()
        .unwrap();
    session
        .explain(arrays)
        .map_err(|error| format!("error: {error}\n"))
}

fn tree(plan: &Explanation) -> Vec<String> {
    table(&plan.optimized)
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}

fn fired(plan: &Explanation) -> String {
    let names: Vec<&str> = plan.rules.iter().map(|rule| rule.name.as_str()).collect();
    names.join(", ")
}

/// The values of every way to compute these arrays.
fn agree(arrays: &[Array]) -> Result<(), String> {
    let builder = || Session::builder().memory(8 << 30);
    let ways = [
        ("reference", builder().engine(Engine::Reference).threads(1)),
        ("jit on 1 thread", builder().engine(Engine::Jit).threads(1)),
        ("jit on 8 threads", builder().engine(Engine::Jit).threads(8)),
        ("interp", builder().engine(Engine::Interpreter).threads(1)),
        ("identity", builder().optimize(false).threads(1)),
    ];
    let mut want = None;
    for (name, builder) in ways {
        let finished = builder.build().unwrap().job(arrays).run();
        let finished = finished.map_err(|error| format!("{name}: {error}"))?;
        if finished.stats.interpreted_kernels != 0 {
            return Err(format!("{name}: a kernel did not compile"));
        }
        let results = finished.results.iter();
        let got: Vec<_> = results.map(|r| bits(r.as_ref().unwrap().block())).collect();
        let want = want.get_or_insert_with(|| got.clone());
        if *want != got {
            return Err(format!("{name} differs from the reference"));
        }
    }
    Ok(())
}

/// Runs a file; what should stand in it, and what is wrong with it.
fn check(text: &str) -> (String, Vec<String>) {
    let (mut out, mut wrong) = (Vec::new(), Vec::new());
    let mut statements = String::new();
    // The expression shown last, and its plan.
    let mut shown = String::new();
    let mut built: Result<Vec<Array>, String> = Ok(vec![]);
    let mut plan: Result<Explanation, String> = Err(String::new());
    for line in lines(text) {
        let mut now = line.clone();
        match &mut now {
            Line::Plain(_) => {}
            Line::Statement(text) => statements.push_str(&format!("{text}\n")),
            Line::Show(expr) => {
                shown = expr.clone();
                built = arrays(&format!("{statements}{expr}"));
                plan = built.clone().and_then(|arrays| plan_of(&arrays));
            }
            Line::Expected(word, rest, under) => match (word.as_str(), &plan) {
                ("optimized", Ok(plan)) => *under = tree(plan),
                ("rules", Ok(plan)) => *rest = fired(plan),
                ("error", Err(message)) => {
                    *under = message.lines().map(|l| l.trim_end().to_owned()).collect();
                }
                ("same-as", Ok(plan)) => {
                    let other = arrays(&format!("{statements}{rest}"));
                    match other.and_then(|other| plan_of(&other)) {
                        Ok(other) if tree(&other) == tree(plan) => {}
                        Ok(other) => wrong.push(format!(
                            "show {shown}\n{}\nis not the plan of {rest}\n{}",
                            tree(plan).join("\n"),
                            tree(&other).join("\n")
                        )),
                        Err(error) => wrong.push(format!("same-as {rest}: {error}")),
                    }
                }
                ("values", Ok(_)) => {
                    if let Err(error) = agree(built.as_ref().unwrap()) {
                        wrong.push(format!("show {shown}: {error}"));
                    }
                }
                (_, Ok(_)) => wrong.push(format!("show {shown} is no error")),
                (_, Err(error)) => wrong.push(format!("show {shown}: {error}")),
            },
        }
        if now != line {
            wrong.push(format!(
                "show {shown}\nexpected\n{}is\n{}",
                written(std::slice::from_ref(&line)),
                written(std::slice::from_ref(&now))
            ));
        }
        out.push(now);
    }
    (written(&out), wrong)
}

fn run(name: &str) {
    let rewrite = std::env::var_os("TILEWRIGHT_REWRITE").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in files() {
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        if !file.starts_with(name) {
            continue;
        }
        count += 1;
        let text = fs::read_to_string(&path).unwrap();
        let (now, found) = check(&text);
        if rewrite && now != text {
            fs::write(&path, &now).unwrap();
            // What is wrong without a line to rewrite stays wrong.
            wrong.extend(check(&now).1);
        } else {
            wrong.extend(found.iter().map(|w| format!("{}: {w}", path.display())));
        }
    }
    assert!(count > 0, "no case file {name}*");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn workloads() {
    run("workload");
}

#[test]
fn rules_fire_where_they_should() {
    run("rules");
}

#[test]
fn errors_say_what_where_and_a_way_out() {
    run("errors");
}

/// Rules of functions of the caller's, which have no text; their cases are the optimizer's own.
const WITHOUT_TEXT: [&str; 1] = ["slice-through-blocks"];

#[test]
fn every_rule_stands_in_a_case() {
    let mut named = BTreeSet::new();
    for path in files() {
        for line in lines(&fs::read_to_string(path).unwrap()) {
            if let Line::Expected(word, rest, _) = line
                && word == "rules"
            {
                named.extend(rest.split(", ").map(str::to_owned));
            }
        }
    }
    // Relaxed rules change bits; cases run without them.
    let exact = rules().iter().filter(|rule| rule.class != Class::R);
    let missing: Vec<&str> = exact
        .map(|rule| rule.name)
        .filter(|name| !named.contains(*name) && !WITHOUT_TEXT.contains(name))
        .collect();
    assert!(missing.is_empty(), "no case shows {}", missing.join(", "));
    let known = |name: &String| rules().iter().any(|rule| rule.name == *name);
    let unknown: Vec<_> = named
        .iter()
        .filter(|n| !n.is_empty() && !known(n))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?} are no rules");
}

#[test]
fn every_case_has_expectations() {
    for path in files() {
        let lines = lines(&fs::read_to_string(&path).unwrap());
        for (k, line) in lines.iter().enumerate() {
            if let Line::Show(text) = line {
                let next = lines.get(k + 1);
                let expected = matches!(next, Some(Line::Expected(..)));
                assert!(
                    expected,
                    "{}: nothing is expected of {text}",
                    path.display()
                );
            }
        }
    }
}
