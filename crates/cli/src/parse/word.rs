//! Which words and characters of a text are outside the language, and what stands for them?
//!
//! A table: what Python calls it, and what an array program writes in its place.

use super::error::ParseError;
use super::span::Span;

/// The construct that the keyword `word` begins, and what to write in its place.
///
/// `at_start` tells a statement from an expression, `in_brackets` a comprehension from a loop.
pub(super) fn refused(
    word: &str,
    at_start: bool,
    in_brackets: bool,
) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "lambda" if !in_brackets => (
            "a lambda outside of a call",
            "the expression itself: y = x * 2; y + 1",
        ),
        "for" if in_brackets => (
            "a comprehension",
            "arange(10) ** 2, or the items one by one",
        ),
        "for" => ("a \"for\" loop", "an operation on the whole array: x * 2"),
        "while" => ("a \"while\" loop", "an operation on the whole array: x * 2"),
        "if" if at_start => ("an \"if\" statement", "where(condition, a, b)"),
        "if" | "elif" | "else" => ("a conditional expression", "where(condition, a, b)"),
        "def" => (
            "a function definition",
            "a variable for each step: y = x * 2; y + 1",
        ),
        "class" => ("a class", "a variable for each value: y = x * 2; y + 1"),
        "return" => ("\"return\"", "the expression alone, as the last statement"),
        "yield" => ("\"yield\"", "several results as a tuple: a, b"),
        "async" | "await" => ("asynchronous code", "the expression alone"),
        "with" => ("a \"with\" block", "read(\"data.npy\") for a file"),
        "try" | "except" | "finally" => ("exception handling", "the expression alone"),
        "raise" => ("\"raise\"", "the expression alone"),
        "assert" => ("\"assert\"", "the condition as an expression: all(x > 0)"),
        "del" => ("\"del\"", "nothing: memory is freed by itself"),
        "global" | "nonlocal" => ("a scope declaration", "nothing: all names are global"),
        "pass" | "break" | "continue" => ("a block", "an operation on the whole array: x * 2"),
        _ => return None,
    })
}

/// The error for a character that starts no token.
pub(super) fn unknown_character(span: Span, c: char) -> ParseError {
    let message = if c.is_control() || c.is_whitespace() {
        format!(
            "the character U+{:04X} is not part of the language",
            u32::from(c)
        )
    } else {
        format!("the character \"{c}\" is not part of the language")
    };
    let way_out = match c {
        '!' => "~x for not, a != b for unequal",
        '²' => "**2",
        '³' => "**3",
        '×' | '·' | '⋅' | '∗' => "*",
        '÷' | '∕' => "/",
        '−' | '–' | '—' => "-",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '√' => "sqrt(x)",
        '∞' => "inf",
        '∑' => "sum(x)",
        '∧' | '¬' | '∨' => "&, | and ~",
        '“' | '”' | '„' | '‘' | '’' | '`' | '«' | '»' => "\"...\" for a string",
        '…' => "...",
        '\\' => "leave it out, or end the line after it",
        c if c.is_whitespace() => "a plain space",
        _ => "leave it out",
    };
    ParseError::new(span, message).way_out(way_out)
}
