//! Do programs drawn by `live.py` give what NumPy gives?
//!
//! Reads requests from standard input, one a line, and answers each `run` with a line: `ok`, or what
//! is different.
//!
//! ```text
//! input NAME ⇥ SIZES ⇥ ARRAY      sizes of the chunks: 2,1;3 or - for no dimensions
//! run TEXT ⇥ EXPECTED...          as a line of the corpus
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test's half"
)]

mod judge;

use judge::{Judge, Sizes};
use std::io::{Write, stdin, stdout};

fn sizes(text: &str) -> Sizes {
    let axes = text.split(';').filter(|axis| *axis != "-");
    let axis = |axis: &str| axis.split(',').map(|size| size.parse().unwrap()).collect();
    axes.map(axis).collect()
}

fn main() {
    let mut judge = Judge::new();
    for line in stdin().lines() {
        let line = line.unwrap();
        let (request, rest) = line.split_once(' ').unwrap();
        let (head, rest) = rest.split_once('\t').unwrap();
        match request {
            "input" => {
                let (cuts, array) = rest.split_once('\t').unwrap();
                judge.input(head, array, Some(sizes(cuts)));
            }
            _ => {
                let answer = judge.check(head, rest, judge.named(head));
                let answer = answer.map_or_else(|error| error.replace('\n', "⏎"), |()| "ok".into());
                println!("{answer}");
                stdout().flush().unwrap();
            }
        }
    }
}
