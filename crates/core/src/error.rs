//! What can go wrong, and how is it told?
//!
//! One error type with a small typed kind. A message says what failed, where, the facts that
//! disagree, and what to try. Absent: panics, error codes, backtraces.

use crate::uri;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// What an operation returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Which contract was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// Shapes that do not fit together, or an array too large to count.
    Shape,
    /// A dtype an operator does not take.
    DType,
    /// An axis out of range or named twice.
    Axis,
    /// An index or slice out of range, or a step of 0.
    Index,
    /// Chunks that do not describe the shape.
    Chunks,
    /// A plan that does not fit the memory budget.
    Budget,
    /// Reading failed.
    Source,
    /// Writing failed.
    Sink,
    /// Text that is no expression.
    Parse,
    /// An argument with a value the operator refuses.
    Value,
    /// User code failed.
    User,
    /// The run was cancelled or ran past its deadline.
    Cancelled,
    /// A defect of Tilewright itself.
    Internal,
}

/// An error: what failed, the facts that disagree, and a way out.
#[derive(Clone, PartialEq, Eq)]
pub struct Error {
    inner: Box<Inner>,
}

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    kind: Kind,
    message: String,
    facts: Vec<(String, String)>,
    way_out: Option<String>,
}

impl Error {
    /// An error of this kind; `message` is one line without a full stop.
    pub fn new(kind: Kind, message: impl Into<String>) -> Error {
        let inner = Inner {
            kind,
            message: message.into(),
            facts: Vec::new(),
            way_out: None,
        };
        Error {
            inner: Box::new(inner),
        }
    }

    /// Adds a labelled fact: `in`, `at`, an operand's name, `axis 1`, …. A URI is told without its
    /// secrets.
    #[must_use]
    pub fn fact(mut self, label: impl Into<String>, text: impl Into<String>) -> Error {
        let text = uri::shown(&text.into()).into_owned();
        self.inner.facts.push((label.into(), text));
        self
    }

    /// Says what to try instead; the first one said stays.
    #[must_use]
    pub fn way_out(mut self, text: impl Into<String>) -> Error {
        self.inner.way_out.get_or_insert_with(|| text.into());
        self
    }

    /// Which contract was broken.
    pub fn kind(&self) -> Kind {
        self.inner.kind
    }

    /// The first line.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// The labelled facts, in the order they were added.
    pub fn facts(&self) -> &[(String, String)] {
        &self.inner.facts
    }

    /// What to try instead.
    pub fn suggestion(&self) -> Option<&str> {
        self.inner.way_out.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&visible(&self.inner.message))?;
        let way_out = self.inner.way_out.as_deref().map(|text| ("try", text));
        let facts = self.inner.facts.iter();
        let facts = facts.map(|(label, text)| (label.as_str(), text.as_str()));
        for (label, text) in facts.chain(way_out) {
            write!(f, "\n  {:<6} {}", visible(label), visible(text))?;
        }
        Ok(())
    }
}

/// Text of which no character moves the cursor or changes a terminal: names may come from files.
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_harmless = |c: char| !c.is_control() || matches!(c, '\n' | '\t');
    match text.chars().all(is_harmless) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.replace(|c| !is_harmless(c), "\u{fffd}")),
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.inner.kind)
    }
}

impl std::error::Error for Error {}

/// An error of a value that the elements of an array may turn out to be, told in advance.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refusal {
    /// What will have failed.
    pub message: String,
    /// What to try instead.
    pub way_out: String,
}

impl Refusal {
    /// The error itself.
    pub fn error(&self) -> Error {
        Error::new(Kind::Value, self.message.clone()).way_out(self.way_out.clone())
    }
}

/// What a panic said.
pub fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

/// A shape as NumPy writes it in messages: `[4, 3]`.
pub fn show_shape(shape: &[i64]) -> String {
    format!("{shape:?}")
}

#[cfg(test)]
mod tests {
    use super::{Error, Kind};

    #[test]
    fn names_from_files_do_not_command_the_terminal() {
        let error = Error::new(Kind::Source, "no \u{1b}[2J").fact("file", "a\rb\u{7}");
        let text = error.way_out("x\u{9b}1m").to_string();
        assert_eq!(
            text,
            "no \u{fffd}[2J\n  file   a\u{fffd}b\u{fffd}\n  try    x\u{fffd}1m"
        );
    }
}
