//! What is wrong, and where?

use crate::parse::{ParseError, Span, render};
use std::fmt;
use tilewright::{Error, Kind};

/// The library's error, at a place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalError {
    /// Where.
    pub span: Span,
    /// What, with its facts and a way out.
    pub error: Error,
}

impl EvalError {
    /// An error at a place.
    pub fn new(span: Span, error: Error) -> EvalError {
        EvalError { span, error }
    }

    /// An error of the expression itself, with what to write instead.
    pub(super) fn wrong(
        span: Span,
        message: impl Into<String>,
        way_out: impl Into<String>,
    ) -> EvalError {
        EvalError::new(span, Error::new(Kind::Parse, message).way_out(way_out))
    }

    /// The error as text of several lines: what, where, the facts, the way out.
    ///
    /// `text` is the program it came from.
    pub fn render(&self, text: &str) -> String {
        let mut out = render(text, &ParseError::new(self.span, self.error.message()));
        let facts = self
            .error
            .facts()
            .iter()
            .map(|(label, text)| (label.as_str(), text.as_str()));
        let way_out = self.error.suggestion().map(|text| ("try", text));
        for (label, text) in facts.chain(way_out) {
            let text: String = text
                .chars()
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect();
            out.push_str(&format!("  {label:<6} {text}\n"));
        }
        out
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.error.message())
    }
}

impl std::error::Error for EvalError {}

/// What evaluating gives.
pub(super) type Result<T, E = EvalError> = std::result::Result<T, E>;
