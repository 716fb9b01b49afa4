//! How long and how deep may a program be?
//!
//! The tree is walked by recursion, here and in the evaluator, so its depth is bounded before it
//! exists. [`Depth`] counts from tokens alone: an upper bound of the depth of the tree that the
//! parser will build.

use super::error::ParseError;
use super::span::Span;

/// Longest program in bytes.
pub const MAX_TEXT: usize = 1 << 20;

/// Deepest tree, counted in nodes from a root to a leaf. A chain of 253 `+` is the longest that
/// surely fits. Measured in the development profile, making the tree takes at most 3 KiB of stack
/// per level, so that more than half of a Rust thread's 2 MiB are left.
pub const MAX_DEPTH: usize = 256;

/// Refuses a text that is too long to parse.
pub(super) fn check_length(text: &str) -> Result<(), ParseError> {
    if text.len() <= MAX_TEXT {
        return Ok(());
    }
    let message = format!(
        "this program has {} bytes and the limit is {MAX_TEXT}",
        text.len()
    );
    Err(ParseError::new(Span::default(), message)
        .way_out("put large literals into a file and read(\"data.npy\") it"))
}

/// The depth of what stands between one pair of brackets, or outside of all.
///
/// A segment ends at a comma, which may also stand between the parameters of a lambda: these count to
/// the end of the bracket. Inside a segment, a path through the tree crosses each operator at most
/// once, then enters one operand, crosses its dots and brackets, and enters one of these.
#[derive(Default)]
pub(super) struct Depth {
    /// Operators of the segment.
    operators: usize,
    /// The deepest finished operand of the segment.
    operand: usize,
    /// Dots and brackets of the operand in progress.
    postfix: usize,
    /// The deepest bracket of the operand in progress.
    inner: usize,
    /// The deepest finished segment.
    segment: usize,
    /// Lambdas so far.
    lambdas: usize,
}

impl Depth {
    /// An upper bound of the depth so far.
    pub(super) fn bound(&self) -> usize {
        self.lambdas + self.segment_bound()
    }

    fn segment_bound(&self) -> usize {
        self.segment
            .max(self.operators + self.operand.max(self.postfix + self.inner))
    }

    /// The word before parameters.
    pub(super) fn lambda(&mut self) {
        self.lambdas += 1;
        self.operator();
    }

    /// A unary or binary operator: the operand before it ends.
    pub(super) fn operator(&mut self) {
        self.operators += 1;
        self.operand = self.operand.max(self.postfix + self.inner);
        (self.postfix, self.inner) = (0, 0);
    }

    /// A dot or an opening bracket.
    pub(super) fn postfix(&mut self) {
        self.postfix += 1;
    }

    /// A closing bracket round what `inner` has counted.
    pub(super) fn close(&mut self, inner: &Self) {
        self.inner = self.inner.max(inner.bound());
    }

    /// A comma.
    pub(super) fn comma(&mut self) {
        *self = Self {
            segment: self.segment_bound(),
            lambdas: self.lambdas,
            ..Self::default()
        };
    }

    /// Refuses a depth above [`MAX_DEPTH`]; `place` is the token that reached it.
    pub(super) fn check(&self, place: Span) -> Result<(), ParseError> {
        // The leaf is a level, and so is a tuple without brackets.
        if self.bound() + 2 <= MAX_DEPTH {
            Ok(())
        } else {
            Err(too_deep(place))
        }
    }
}

/// The error for a tree deeper than [`MAX_DEPTH`].
pub(super) fn too_deep(place: Span) -> ParseError {
    ParseError::new(
        place,
        format!("this expression nests more than {MAX_DEPTH} levels deep"),
    )
    .note("brackets, attributes and each operator of a chain count as one level")
    .way_out("name a part of it: part = ...; part + ...")
}
