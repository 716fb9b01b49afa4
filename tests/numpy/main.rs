//! Does every expression of the corpus give what NumPy gave?
//!
//! `generate.py` wrote the expressions with NumPy's results; here they are evaluated as the command
//! line does it, under three chunk grids each. `live.rs` and `live.py` do the same with programs
//! drawn afresh.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod judge;
mod least;

use judge::{Expected, Judge, Sizes, cut, expected};
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use tilewright::Array;

/// Expressions that the corpus holds at least.
const LEAST: usize = 3_000;

/// Expressions of each function in each area that are run in the least memory.
const OF_EACH: usize = 3;

/// Divergences from NumPy at most.
const DIVERGENCES: usize = 10;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("numpy/corpus")
}

fn read(area: &str) -> String {
    fs::read_to_string(corpus().join(format!("{area}.tsv"))).unwrap()
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.starts_with('#'))
}

/// Every file of expressions.
fn areas() -> Vec<String> {
    let files = fs::read_dir(corpus()).unwrap();
    let stem = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let mut areas: Vec<String> = files.map(|file| stem(file.unwrap().path())).collect();
    areas.retain(|area| area != "inputs");
    areas.sort();
    areas
}

/// Chunk sizes of three grids: one chunk, pairs, and 1, 3, then the rest.
fn three_grids(shape: &[i64]) -> [Sizes; 3] {
    let sizes = |first: &[i64], rest: i64| -> Sizes {
        let axis = |&length: &i64| {
            let (mut sizes, mut left) = (Vec::new(), length);
            let mut next = first.iter().copied();
            while left > 0 {
                sizes.push(next.next().unwrap_or(rest).min(left));
                left -= sizes.last().unwrap();
            }
            if sizes.is_empty() { vec![0] } else { sizes }
        };
        shape.iter().map(axis).collect()
    };
    [
        sizes(&[], i64::MAX),
        sizes(&[], 2),
        sizes(&[1, 3], i64::MAX),
    ]
}

/// What is wrong with a line, under each of three chunk grids; one where all are the same.
fn under_three_grids(judge: &Judge, line: &str) -> Result<(), String> {
    let (text, fields) = line.split_once('\t').unwrap();
    let named = judge.named(text);
    let cuttable = |(_, array): &(String, Array)| array.shape().unwrap().iter().any(|&n| n > 1);
    let grids = if named.iter().any(cuttable) { 3 } else { 1 };
    for grid in 0..grids {
        let regrid = |(name, array): &(String, Array)| {
            let sizes = three_grids(array.shape().unwrap())[grid].clone();
            (name.clone(), cut(array, sizes))
        };
        let inputs = named.iter().map(regrid).collect();
        judge
            .check(text, fields, inputs)
            .map_err(|message| format!("{text}\n  grid {grid}: {message}"))?;
    }
    Ok(())
}

#[test]
fn expressions_give_what_numpy_gave() {
    let mut judge = Judge::new();
    for line in lines(&read("inputs")) {
        let (name, fields) = line.split_once('\t').unwrap();
        judge.input(name, fields, None);
    }
    let (mut wrong, mut count) = (Vec::new(), 0);
    for area in areas() {
        for line in lines(&read(&area)) {
            count += 1;
            if let Err(message) = under_three_grids(&judge, line) {
                wrong.push(format!("{area}: {message}"));
            }
        }
    }
    let all = wrong.len();
    wrong.truncate(std::env::var("TILEWRIGHT_SHOW").map_or(20, |most| most.parse().unwrap()));
    assert!(wrong.is_empty(), "{all} of {count}\n\n{}", wrong.join("\n"));
    assert!(count >= LEAST, "{count} expressions");
}

/// What an expression calls first: a function, a method, or what its area is about.
fn called(text: &str) -> &str {
    let last = text.rsplit("; ").next().unwrap();
    let head = last.split('(').next().unwrap();
    let method = head.rsplit('.').next().unwrap();
    match last.contains('(') {
        true => method.trim_start_matches(|c: char| !c.is_alphabetic()),
        false => "",
    }
}

#[test]
fn every_function_keeps_to_the_least_memory_that_it_takes() {
    let mut judge = Judge::new();
    for line in lines(&read("inputs")) {
        let (name, fields) = line.split_once('\t').unwrap();
        judge.input(name, fields, None);
    }
    let (mut tried, mut wrong) = (HashMap::new(), Vec::new());
    for area in areas() {
        for line in lines(&read(&area)) {
            let (text, fields) = line.split_once('\t').unwrap();
            let (want, _) = expected(fields);
            if !want
                .iter()
                .all(|want| matches!(want, Expected::Array { .. }))
            {
                continue;
            }
            let times = tried.entry((area.clone(), called(text).to_owned()));
            let times = times.or_insert(0);
            *times += 1;
            if *times > OF_EACH {
                continue;
            }
            let cut = |(name, array): (String, Array)| {
                let [_, _, sizes] = three_grids(array.shape().unwrap());
                (name, cut(&array, sizes))
            };
            let inputs = judge.named(text).into_iter().map(cut).collect();
            if let Err(message) = least::check(text, inputs) {
                wrong.push(format!("{area}: {text}\n  {message}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn divergences_are_documented() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/numerics.md");
    let page = fs::read_to_string(path).unwrap();
    let (_, table) = page.split_once("## Where it differs from NumPy").unwrap();
    let name = |row: &str| row.split('|').nth(1).map(|cell| cell.trim().to_owned());
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
    let documented: BTreeSet<String> = rows.filter_map(name).collect();
    assert!(documented.len() <= DIVERGENCES, "{documented:?}");
    for area in areas() {
        for line in lines(&read(&area)) {
            let (_, fields) = line.split_once('\t').unwrap();
            if let (_, Some(name)) = expected(fields) {
                assert!(
                    documented.contains(name),
                    "{name:?} is not documented: {line}"
                );
            }
        }
    }
}
