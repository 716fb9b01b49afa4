//! What is wrong with a program, where, and what to write in its place?

use std::fmt;

use super::span::Span;

/// An error at a place in the text, with a way out.
///
/// Also the shape of the evaluator's errors: whatever has a place in the program is shown by
/// [`render`](super::render).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Where; an empty span stands for the place before its offset's character.
    pub span: Span,
    /// What failed, one line, lower case, no full stop.
    pub message: String,
    /// A fact that helps to understand it.
    pub note: Option<String>,
    /// What to write in its place.
    pub way_out: Option<String>,
}

impl ParseError {
    /// An error at `span` without note and way out.
    pub fn new(span: impl Into<Span>, message: impl Into<String>) -> Self {
        Self {
            span: span.into(),
            message: message.into(),
            note: None,
            way_out: None,
        }
    }

    /// The same error with a fact that helps to understand it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// The same error with what to write in place of the text under its span.
    #[must_use]
    pub fn way_out(mut self, way_out: impl Into<String>) -> Self {
        self.way_out = Some(way_out.into());
        self
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ParseError {}
