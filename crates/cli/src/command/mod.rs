//! What does each command do?

mod convert;
mod explain;
mod info;
mod ops;
mod program;
mod run;
mod store;

use crate::args::{Cli, Command, How};
use crate::failure::Failure;
use std::time::Instant;
use tilewright::{Engine, Math, Session};

/// Runs a command; results go to standard output.
///
/// # Errors
/// What to write on standard error, with the exit status.
pub fn execute(cli: &Cli) -> Result<(), Failure> {
    let started = Instant::now();
    match &cli.command {
        Command::Run(run) => run::run(run, started),
        Command::Explain(explain) => explain::explain(explain),
        Command::Info { uri } => info::info(uri),
        Command::Convert(convert) => convert::convert(convert),
        Command::Ops { name } => ops::ops(name.as_deref()),
    }
}

/// The session that the arguments describe.
fn session(how: &How) -> Result<Session, Failure> {
    let mut builder = Session::builder()
        .engine(match how.engine {
            crate::args::Engine::Auto => Engine::Auto,
            crate::args::Engine::Jit => Engine::Jit,
            crate::args::Engine::Interp => Engine::Interpreter,
            crate::args::Engine::Reference => Engine::Reference,
        })
        .math(match how.math {
            crate::args::Math::Exact => Math::Exact,
            crate::args::Math::Relaxed => Math::Relaxed,
        })
        .optimize(!how.no_optimize);
    if let Some(threads) = how.threads {
        builder = builder.threads(usize::from(threads));
    }
    if let Some(memory) = how.memory {
        builder = builder.memory(memory);
    }
    builder.build().map_err(|error| Failure::computing(&error))
}

/// Writes text on standard output. A reader that went away (`| head`) is no failure.
fn print(text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::writing("standard output", &error))
        }
        _ => Ok(()),
    }
}
