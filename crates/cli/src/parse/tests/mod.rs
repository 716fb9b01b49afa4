//! Tests of the front half, by question.

mod construct;
mod limit;
mod name;
mod nearest;
mod refused;
mod render;
mod round_trip;
mod span;

use super::ast::Expr;
use super::{ParseError, Program, SpannedExpr, print, program};

/// The only root of a program of one expression.
fn root(text: &str) -> SpannedExpr {
    let mut program = program(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
    assert_eq!(program.roots.len(), 1, "{text}");
    program.roots.remove(0)
}

/// The canonical text of a program.
fn canonical(text: &str) -> String {
    print(&parsed(text))
}

fn parsed(text: &str) -> Program {
    program(text).unwrap_or_else(|error| panic!("{text}: {error:?}"))
}

fn failure(text: &str) -> ParseError {
    match program(text) {
        Ok(program) => panic!("{text:.100} is accepted as {}", print(&program)),
        Err(error) => error,
    }
}

/// `error`'s place in `text`.
fn place<'a>(text: &'a str, error: &ParseError) -> &'a str {
    error.span.of(text)
}

fn name(name: &str) -> Expr {
    Expr::Name(name.to_owned())
}
