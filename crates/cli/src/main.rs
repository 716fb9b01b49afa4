//! The `tilewright` command.
//!
//! Exit status 0; 1 for a failed computation; 2 for a bad expression or argument. Results on
//! standard output, everything else on standard error.

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;
use tilewright_cli::args::Cli;
use tilewright_cli::command;

fn main() -> ExitCode {
    match command::execute(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Where standard error is closed, the status still tells.
            let _ = std::io::stderr().write_all(failure.text.as_bytes());
            ExitCode::from(failure.status)
        }
    }
}
