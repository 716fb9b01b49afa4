//! Is the text Python?
//!
//! The only place that runs the parser. Turns its first error into ours, with a way out for the
//! mistakes that are made in expressions.

use std::borrow::Cow;

use ruff_python_ast::ModModule;
use ruff_python_parser::{
    LexicalErrorType, Mode, ParseError as Error, ParseErrorType, ParseOptions, parse_unchecked,
};

use super::error::ParseError;
use super::span::Span;
use super::word::unknown_character;

/// The statements of `text`, which has passed the scanner.
pub(super) fn module(text: &str) -> Result<ModModule, ParseError> {
    let flush = flush_left(text);
    let parsed = parse_unchecked(&flush, ParseOptions::from(Mode::Module));
    if let Some(error) = parsed
        .errors()
        .iter()
        .min_by_key(|error| error.location.start())
    {
        return Err(explain(error));
    }
    match parsed.try_into_module() {
        Some(module) => Ok(module.into_syntax()),
        None => Err(ParseError::new(Span::default(), "this is not a program")),
    }
}

/// `text` with the indentation of its first line taken off every line.
///
/// A program in a shell's quotes is often indented as a whole. A form feed sets the indentation
/// back to zero, so the offsets stay those of `text`.
fn flush_left(text: &str) -> Cow<'_, str> {
    let lines = || text.split_inclusive(['\n', '\r']);
    let first = lines().find(|line| !matches!(line.trim_start().as_bytes(), [] | [b'#', ..]));
    let indent = first.map_or("", |line| {
        line.split_at(line.len() - line.trim_start_matches([' ', '\t']).len())
            .0
    });
    if indent.is_empty() {
        return Cow::Borrowed(text);
    }
    let feeds = "\x0c".repeat(indent.len());
    Cow::Owned(
        lines()
            .flat_map(|line| match line.strip_prefix(indent) {
                Some(rest) => [feeds.as_str(), rest],
                None => ["", line],
            })
            .collect(),
    )
}

fn explain(error: &Error) -> ParseError {
    let plain = |message: &str| ParseError::new(error.location, message);
    match &error.error {
        ParseErrorType::Lexical(LexicalErrorType::UnrecognizedToken { tok }) => {
            unknown_character(error.location.into(), *tok)
        }
        ParseErrorType::Lexical(LexicalErrorType::IndentationError)
        | ParseErrorType::UnexpectedIndentation => plain("this line is indented by itself")
            .note("there are no blocks: all lines start in the same column")
            .way_out("take the indentation off, or put brackets round a long expression"),
        ParseErrorType::ExpectedExpression => {
            plain("an expression is missing here").way_out("a value after the operator before it")
        }
        ParseErrorType::EmptySlice => {
            plain("nothing between the brackets").way_out("x[:] for all of it, x[0] for the first")
        }
        ParseErrorType::SimpleStatementsOnSameLine => plain("an operator is missing before this")
            .way_out("an operator or a comma, or \";\" between two statements"),
        ParseErrorType::SimpleAndCompoundStatementOnSameLine => {
            plain("this reads as the start of a block")
                .way_out("another name, or a new line in place of the \";\"")
        }
        ParseErrorType::ExpectedToken { .. } => {
            plain(&lower_case(&error.error)).way_out("an operator, a comma or a closing bracket")
        }
        ParseErrorType::PositionalAfterKeywordArgument
        | ParseErrorType::PositionalAfterKeywordUnpacking => {
            plain("an argument without a name follows one with a name")
                .way_out("put it before the named ones, or name it too")
        }
        ParseErrorType::InvalidStarredExpressionUsage => super::refuse::starred(error.location),
        ParseErrorType::InvalidAssignmentTarget
        | ParseErrorType::InvalidAugmentedAssignmentTarget => {
            plain("only a name can be assigned").way_out("name = value, or == to compare")
        }
        ParseErrorType::Lexical(
            LexicalErrorType::UnicodeError
            | LexicalErrorType::MissingUnicodeLbrace
            | LexicalErrorType::MissingUnicodeRbrace,
        ) => plain("this escape names no character").way_out("\\\\ for a backslash"),
        ParseErrorType::Lexical(LexicalErrorType::OtherError(_)) => {
            plain("this is not a literal of Python")
                .way_out("10, 0x1f, 1.5e-3 for a number, 'x.npy' for a string")
        }
        // An operator that binds too loosely for its place.
        ParseErrorType::OtherError(message) if message.ends_with("cannot be used here") => {
            plain(&lower_case(&error.error)).way_out("parentheses round it")
        }
        other => plain(&lower_case(other)).way_out("an expression, such as x[1:3].mean(axis=0)"),
    }
}

/// The parser's own words, in the case of our messages.
fn lower_case(error: &ParseErrorType) -> String {
    let message = error.to_string();
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => message,
    }
}
