//! How does a command fail?

use crate::eval::EvalError;
use crate::parse::{ParseError, render};
use tilewright::{Error, Kind};

/// What is written on standard error, and the exit status.
#[derive(Debug)]
pub struct Failure {
    /// Text of one or more lines, with its newline.
    pub text: String,
    /// 1 for a failed computation, 2 for a bad expression or argument.
    pub status: u8,
}

/// The status of a bad expression or argument.
const BAD: u8 = 2;

/// The status of a failed computation.
const FAILED: u8 = 1;

impl Failure {
    /// A bad argument, and what to write instead.
    pub fn argument(message: impl std::fmt::Display, way_out: impl std::fmt::Display) -> Failure {
        Failure {
            text: format!("error: {message}\n  try    {way_out}\n"),
            status: BAD,
        }
    }

    /// A bad expression.
    pub fn parse(text: &str, error: &ParseError) -> Failure {
        Failure {
            text: render(text, error),
            status: BAD,
        }
    }

    /// An expression that does not evaluate. A file that cannot be opened is no fault of the
    /// expression.
    pub fn eval(text: &str, error: &EvalError) -> Failure {
        let status = if error.error.kind() == Kind::Source {
            FAILED
        } else {
            BAD
        };
        Failure {
            text: error.render(text),
            status,
        }
    }

    /// A computation that failed.
    pub fn computing(error: &Error) -> Failure {
        Failure {
            text: format!("error: {error}\n"),
            status: FAILED,
        }
    }

    /// Writing a result or statistics failed.
    pub fn writing(name: &str, error: &std::io::Error) -> Failure {
        let text = format!(
            "error: writing failed: {error}\n  file   {name}\n  try    a place that can be written\n"
        );
        Failure {
            text,
            status: FAILED,
        }
    }
}
