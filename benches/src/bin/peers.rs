//! Tilewright's side of the comparison with its peers.
//!
//! `benches/peers/measure.py` starts it with the directory of its arrays and says on standard
//! input what to do: `row NAME` loads a row and answers its variants, `operators` answers which
//! operators there are, `operator NAME LAYOUT FILE…` loads one; then `run VARIANT` answers seconds,
//! `store PATH` writes the result, `peak` answers the most bytes a run held.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::io::BufRead;
use std::path::PathBuf;
use tilewright_benches::eager::{Timed, eager};
use tilewright_benches::operators;
use tilewright_benches::rows::{Prepared, prepare, prepare_operator};

fn main() {
    let directory = PathBuf::from(std::env::args().nth(1).unwrap());
    let mut current: Option<Prepared> = None;
    let mut twin: Option<Timed> = None;
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        let answer = match verb {
            "row" => {
                // What the last row held goes first.
                drop(current.take());
                let row = current.insert(prepare(&directory, rest));
                row.variants().join("|")
            }
            "operators" => operators::list().join("|"),
            "operator" => {
                let words: Vec<&str> = rest.split(' ').collect();
                drop((current.take(), twin.take()));
                current = prepare_operator(&directory, &words);
                twin = eager(&directory, words[0], words[1], &words[2..]);
                current.as_ref().map_or("refused", |_| "ready").to_owned()
            }
            "kernels" => current.as_ref().unwrap().kernels().to_string(),
            "eager" => twin
                .as_ref()
                .map_or("none".to_owned(), |twin| twin().to_string()),
            "run" => current.as_mut().unwrap().run(rest).to_string(),
            "store" => {
                current.as_ref().unwrap().store(rest);
                "stored".to_owned()
            }
            _ => current.as_ref().unwrap().peak().to_string(),
        };
        println!("{answer}");
    }
}
