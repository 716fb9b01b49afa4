//! What does the text of an expression say?
//!
//! Text in NumPy's Python syntax goes in, a [`Program`] comes out: assignments, then one or more
//! root expressions, every node with its place in the text. The first step of `run` and
//! `explain`; the evaluator walks the tree and builds arrays from it.
//!
//! Knows nothing of operators, shapes, dtypes or files: `nrmal(0, 1)` is a good tree here, and
//! the evaluator's to refuse (with [`nearest`] and [`render`]).
//!
//! The grammar is that of `ruff_python_parser`. Before it runs, a scanner bounds the depth of
//! the tree, so that no later walk over the tree can overflow the stack.

pub mod ast;
mod error;
mod expression;
mod import;
mod index;
mod limits;
mod literal;
mod name;
mod nearest;
mod print;
mod refuse;
mod render;
mod scan;
mod span;
mod statement;
mod syntax;
#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]
mod tests;
mod word;

pub use ast::{Expr, Program, SpannedExpr};
pub use error::ParseError;
pub use limits::{MAX_DEPTH, MAX_TEXT};
pub use name::is_reserved;
pub use nearest::nearest;
pub use print::{print, print_expr};
pub use render::render;
pub use span::{Span, Spanned};

/// The program that `text` spells.
///
/// Statements are separated by newlines or `;`: any number of assignments `name = expression`,
/// `name[index] = expression`, `a, b = expression`, and `+=` and its kin (and imports of NumPy and
/// Dask, which are dropped), then one expression. A tuple there, or `dask.compute(a, b)`, gives
/// several roots. `.compute()` is dropped wherever it stands, and
/// the prefixes `np.`, `numpy.`, `da.` and `dask.array.` are taken off.
///
/// # Errors
/// A [`ParseError`] with the place and a way out if the text is not Python, uses a construct
/// outside the language, is longer than [`MAX_TEXT`] bytes, or nests deeper than [`MAX_DEPTH`].
///
/// # Example
/// ```
/// let program = tilewright_cli::parse::program("x = np.ones((4, 3)); x.mean(axis=0).compute()")?;
/// assert_eq!(program.assignments[0].target.names()[0].node, "x");
/// assert_eq!(tilewright_cli::parse::print_expr(&program.roots[0]), "x.mean(axis=0)");
/// # Ok::<(), tilewright_cli::parse::ParseError>(())
/// ```
pub fn program(text: &str) -> Result<Program, ParseError> {
    limits::check_length(text)?;
    scan::check(text)?;
    let module = syntax::module(text)?;
    statement::Reader::new(text).program(&module)
}
