//! How do tests run the program?

use std::process::{Command, Output};

/// The program with these arguments.
pub fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tilewright"));
    command.args(args);
    command
}

/// Runs it, which has to succeed.
pub fn run(args: &[&str]) -> Output {
    let output = command(args).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {error}");
    output
}
