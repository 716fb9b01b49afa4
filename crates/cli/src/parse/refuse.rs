//! How does the language refuse what Python would accept?
//!
//! One function per construct; each names it and says what to write in its place. Constructs
//! that a single word gives away are refused earlier, in [`word`](super::word).

use ruff_python_ast as python;
use ruff_python_ast::{BoolOp, CmpOp, Expr as Python, Operator, Stmt};
use ruff_text_size::{Ranged, TextRange};

use super::error::ParseError;
use super::span::{Span, Spanned};
use super::statement::Reader;

/// Longest piece of the user's text that is repeated in a way out.
const QUOTED: usize = 60;

/// The text of `node` as an operand of `&`, `|` or `~`; `name` if it is long.
fn operand(reader: &Reader<'_>, node: &Python, name: &str) -> String {
    let text = reader.text_of(node);
    if text.len() > QUOTED || text.contains(['\n', '\r']) {
        return name.to_owned();
    }
    match node {
        Python::Name(_) | Python::Call(_) | Python::Subscript(_) | Python::Attribute(_) => {
            text.to_owned()
        }
        _ => format!("({text})"),
    }
}

/// `a and b`
pub(super) fn boolean(reader: &Reader<'_>, boolean: &python::ExprBoolOp) -> ParseError {
    let (word, symbol) = match boolean.op {
        BoolOp::And => ("and", " & "),
        BoolOp::Or => ("or", " | "),
    };
    let names = ["a", "b", "c", "d"];
    let operands: Vec<String> = boolean
        .values
        .iter()
        .zip(names)
        .map(|(value, name)| operand(reader, value, name))
        .collect();
    ParseError::new(
        boolean.range,
        format!("\"{word}\" asks a whole array for one truth value"),
    )
    .way_out(operands.join(symbol))
}

/// `not a`
pub(super) fn not(reader: &Reader<'_>, unary: &python::ExprUnaryOp) -> ParseError {
    ParseError::new(
        unary.range,
        "\"not\" asks a whole array for one truth value",
    )
    .way_out(format!("~{}", operand(reader, &unary.operand, "a")))
}

/// `a < b < c`, or what `a > 0 & b > 0` turns into.
pub(super) fn chained_comparison(reader: &Reader<'_>, compare: &python::ExprCompare) -> ParseError {
    let ([first, second], [middle, right]) = (&*compare.ops, &*compare.comparators) else {
        return chained(compare.range).way_out("(a < b) & (b < c)");
    };
    let operator = unbracketed_operator(reader, &compare.left, middle);
    let error = match operator {
        Some((symbol, ..)) => ParseError::new(
            compare.range,
            format!("\"{symbol}\" binds tighter than the comparisons round it"),
        ),
        None => chained(compare.range),
    };
    let text = reader.text_of(compare);
    if text.len() > QUOTED || text.contains(['\n', '\r']) {
        return error.way_out("(a < b) & (b < c)");
    }
    let middle = reader.text_of(middle);
    let (symbol, lower, upper) = operator.unwrap_or(("&", middle, middle));
    let (left, right) = (reader.text_of(&*compare.left), reader.text_of(right));
    let (first, second) = (first.as_str(), second.as_str());
    error.way_out(format!(
        "({left} {first} {lower}) {symbol} ({upper} {second} {right})"
    ))
}

/// The operator, left and right text of `middle`, if it is `b & c` without parentheses.
fn unbracketed_operator<'a>(
    reader: &Reader<'a>,
    left: &Python,
    middle: &Python,
) -> Option<(&'static str, &'a str, &'a str)> {
    let Python::BinOp(binary) = middle else {
        return None;
    };
    if !matches!(
        binary.op,
        Operator::BitAnd | Operator::BitOr | Operator::BitXor
    ) {
        return None;
    }
    let between = reader
        .text
        .get(left.end().to_usize()..middle.start().to_usize())?;
    let parts = (
        binary.op.as_str(),
        reader.text_of(&*binary.left),
        reader.text_of(&*binary.right),
    );
    (!between.contains('(')).then_some(parts)
}

fn chained(range: TextRange) -> ParseError {
    ParseError::new(
        range,
        "a chain of comparisons asks a whole array for one truth value",
    )
}

/// `a is b`, `a in b`
pub(super) fn identity_or_membership(
    reader: &Reader<'_>,
    compare: &python::ExprCompare,
    op: CmpOp,
    right: &Python,
) -> ParseError {
    let (left, right) = (
        operand(reader, &compare.left, "a"),
        operand(reader, right, "b"),
    );
    let error = ParseError::new(
        compare.range,
        format!(
            "\"{}\" compares objects, and arrays are compared by value",
            op.as_str()
        ),
    );
    error.way_out(match op {
        CmpOp::Is => format!("{left} == {right}"),
        CmpOp::IsNot => format!("{left} != {right}"),
        CmpOp::NotIn => format!("~isin({left}, {right})"),
        _ => format!("isin({left}, {right})"),
    })
}

/// `f(*args)`, `f(**kwargs)`, `[*a]`
pub(super) fn starred(range: TextRange) -> ParseError {
    ParseError::new(range, "unpacking with a star is not part of the language")
        .way_out("the items one by one")
}

/// `lambda x=1: x`, `lambda *a: a`
pub(super) fn parameters(place: impl Into<Span>) -> ParseError {
    ParseError::new(place, "the parameters of a lambda are names alone")
        .way_out("lambda x, y: x + y")
}

/// `lambda x, x: x`, `lambda np: np`
pub(super) fn parameter(name: &Spanned<String>) -> ParseError {
    let message = format!("{} cannot be a parameter here", name.node);
    ParseError::new(name.span, message).way_out(format!("{}_", name.node))
}

/// `2(x)`, `f(x)(y)`
pub(super) fn callee(reader: &Reader<'_>, callee: &Python, call: &python::ExprCall) -> ParseError {
    let error = ParseError::new(callee.range(), "only functions and methods can be called");
    match callee {
        Python::Call(_) => error.way_out("a method of its result: f(x).method(y)"),
        _ => {
            let arguments = reader.text_of(&call.arguments);
            let factor = if arguments.len() > QUOTED {
                "(...)"
            } else {
                arguments
            };
            error.way_out(format!("{} * {factor}", operand(reader, callee, "a")))
        }
    }
}

/// `x.compute(num_workers=4)`
pub(super) fn compute_arguments(place: impl Into<Span>) -> ParseError {
    ParseError::new(place, "compute takes no options here")
        .way_out(".compute(), and --threads or --memory on the command line")
}

/// Every other expression.
pub(super) fn expression(expr: &Python) -> ParseError {
    let (construct, way_out) = match expr {
        Python::Starred(starred_expr) => return starred(starred_expr.range),
        Python::Set(_) => ("a set", "a list: [1, 2]"),
        Python::BytesLiteral(_) => ("a bytes literal", "a string: \"...\""),
        Python::Slice(_) => ("a slice outside a subscript", "x[1:3]"),
        _ => ("this construct", "operators, calls and subscripts"),
    };
    ParseError::new(
        expr.range(),
        format!("{construct} is not part of the language"),
    )
    .way_out(way_out)
}

/// `a[0] = b = 1`
pub(super) fn chained_assignment(reader: &Reader<'_>, targets: &[Python]) -> ParseError {
    let range = targets
        .iter()
        .map(Ranged::range)
        .reduce(TextRange::cover)
        .unwrap_or_default();
    let first = targets.first().map(|first| operand(reader, first, "a"));
    ParseError::new(range, "only names are assigned at once").way_out(format!(
        "one statement for each: {} = ...",
        first.unwrap_or_default()
    ))
}

/// `x[0][1] = 1`, `x.shape = (2, 3)`, `a, b[0] = x`
pub(super) fn assignment_target(reader: &Reader<'_>, target: &Python) -> ParseError {
    match target {
        Python::Subscript(_) => {
            ParseError::new(target.range(), "only a part of a variable is assigned")
                .note("arrays do not change; a new one is made from the old")
                .way_out("y = x[0]; y[1] = value")
        }
        Python::Attribute(attribute) => {
            let array = operand(reader, &attribute.value, "x");
            let way_out = match attribute.attr.as_str() {
                "shape" => format!("{array} = {array}.reshape(...)"),
                "dtype" => format!("{array} = {array}.astype(...)"),
                _ => "a new variable: y = ...".to_owned(),
            };
            ParseError::new(target.range(), "assigning to an attribute is not supported")
                .note("arrays do not change; a new one is made from the old")
                .way_out(way_out)
        }
        _ => ParseError::new(
            target.range(),
            "only names stand between the commas of an assignment",
        )
        .way_out("a, b = x, and one statement for each part of them"),
    }
}

/// Every statement that is no assignment, import or expression.
pub(super) fn statement(statement: &Stmt) -> ParseError {
    ParseError::new(
        statement.range(),
        "this statement is not part of the language",
    )
    .way_out("name = expression, or an expression at the end")
}
