//! The `tilewright` command: reads an expression and writes it back in canonical form.
//!
//! Exit status 0, or 2 for an expression that is not part of the language.

use std::io::Write;
use std::process::ExitCode;

use tilewright_cli::parse;

fn main() -> ExitCode {
    let text = std::env::args().nth(1).unwrap_or_default();
    let (written, status) = match parse::program(&text) {
        Ok(program) => (writeln!(std::io::stdout(), "{}", parse::print(&program)), 0),
        Err(error) => (
            write!(std::io::stderr(), "{}", parse::render(&text, &error)),
            2,
        ),
    };
    if written.is_err() {
        ExitCode::FAILURE
    } else {
        ExitCode::from(status)
    }
}
