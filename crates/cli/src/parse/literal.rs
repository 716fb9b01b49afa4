//! Which value does a literal spell?

use ruff_python_ast::{ExprNumberLiteral, ExprStringLiteral, Number};

use super::ast::Expr;
use super::error::ParseError;
use super::statement::Reader;

impl Reader<'_> {
    /// An integer or float.
    pub(super) fn number(&self, literal: &ExprNumberLiteral) -> Result<Expr, ParseError> {
        match &literal.value {
            Number::Int(value) => Ok(integer(&value.to_string())),
            Number::Float(value) => Ok(Expr::Float(*value)),
            Number::Complex { .. } => Err(ParseError::new(
                literal.range,
                "complex numbers are not supported yet",
            )
            .way_out("the real and imaginary parts as two arrays")),
        }
    }

    /// A string, its adjacent parts joined.
    pub(super) fn string(&self, literal: &ExprStringLiteral) -> Result<Expr, ParseError> {
        for part in &literal.value {
            if self.text_of(part).contains(['\n', '\r']) {
                return Err(
                    ParseError::new(part.range, "this string spans several lines")
                        .way_out("\\n for a line break"),
                );
            }
        }
        Ok(Expr::Str(literal.value.to_str().to_owned()))
    }
}

/// The integer that `digits` spell, in any of Python's bases.
fn integer(digits: &str) -> Expr {
    let digits = digits.replace('_', "").to_ascii_lowercase();
    let (number, radix) = match digits.get(..2) {
        Some("0x") => (&digits[2..], 16),
        Some("0o") => (&digits[2..], 8),
        Some("0b") => (&digits[2..], 2),
        _ => (digits.as_str(), 10),
    };
    match i128::from_str_radix(number, radix) {
        Ok(value) => Expr::Int(value),
        Err(_) => Expr::BigInt(digits),
    }
}
