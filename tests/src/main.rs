//! Runs generated cases: `cargo run -p tilewright-tests`, with the variables of
//! `Campaign::from_environment`. Exit status 1 if a way to compute one does not agree.
#![allow(clippy::print_stdout, reason = "it prints what it found")]

use std::process::ExitCode;
use tilewright_tests::campaign::Campaign;

fn main() -> ExitCode {
    let found = Campaign::from_environment(20_000).run();
    println!("{}", found.tally);
    for failure in &found.failures {
        println!("{failure}\n");
    }
    ExitCode::from(u8::from(!found.failures.is_empty()))
}
