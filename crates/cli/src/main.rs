//! The `tilewright` command.
//!
//! Exit status 0; 1 for a failed computation; 2 for a bad expression or argument. Results on
//! standard output, everything else on standard error.

use clap::Parser;
use std::io::Write;
use std::process::ExitCode;
use tilewright_cli::args::Cli;
use tilewright_cli::command;

/// Lets a write beyond the limit of file sizes fail as on a full disk: the signal that comes with it
/// would end the process and leave half a file.
#[cfg(unix)]
fn survive_size_limits() {
    let reached = std::sync::Arc::default();
    // Without it, what the system does by default.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, reached);
}

#[cfg(not(unix))]
fn survive_size_limits() {}

fn main() -> ExitCode {
    survive_size_limits();
    match command::execute(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Where standard error is closed, the status still tells.
            let _ = std::io::stderr().write_all(failure.text.as_bytes());
            ExitCode::from(failure.status)
        }
    }
}
