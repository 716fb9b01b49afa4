//! Where in the text does a node stand?

use ruff_text_size::TextRange;

/// A half-open range of byte offsets into the text of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes `start..end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The text under the span; empty if the span does not fit `text`.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

impl From<TextRange> for Span {
    fn from(range: TextRange) -> Self {
        Self::new(range.start().to_usize(), range.end().to_usize())
    }
}

/// A thing and its place.
///
/// Two are equal if the things are, wherever they stand: the same program laid out in another
/// way is the same program.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The thing.
    pub node: T,
    /// Its place.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `node` at `span`.
    pub fn new(node: T, span: impl Into<Span>) -> Self {
        Self {
            node,
            span: span.into(),
        }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}
