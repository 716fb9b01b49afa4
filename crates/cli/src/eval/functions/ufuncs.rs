//! What do `add.reduce`, `add.accumulate` and `add.outer` mean?
//!
//! The methods of NumPy's element-wise functions: other names of reductions and running sums, which
//! go along the first axis here, and an operator of every pair. Absent: `at` and `reduceat`.

use super::{Arguments, call, rows};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;

/// Functions, their methods, and what these are called otherwise.
const METHODS: &[(&str, &str, &str)] = &[
    ("add", "reduce", "sum"),
    ("add", "accumulate", "cumsum"),
    ("multiply", "reduce", "prod"),
    ("multiply", "accumulate", "cumprod"),
    ("minimum", "reduce", "min"),
    ("maximum", "reduce", "max"),
    ("logical_and", "reduce", "all"),
    ("logical_or", "reduce", "any"),
];

/// What a method of the function of this name gives.
///
/// # Errors
/// A method that there is not, and whatever the function that it stands for refuses.
pub(in crate::eval) fn method(
    function: &str,
    name: &Spanned<String>,
    mut arguments: Arguments,
) -> Result<Value> {
    let row = rows::row(function);
    if name.node == "outer" && rows::takes_two(function) {
        return outer(function, name, arguments);
    }
    let known = METHODS
        .iter()
        .find(|(own, method, _)| *own == row && *method == name.node);
    let Some((_, _, other)) = known else {
        let message = format!("{function} has no method {}", name.node);
        let own: Vec<String> = METHODS
            .iter()
            .filter(|(own, ..)| *own == row)
            .map(|(own, method, _)| format!("{own}.{method}"))
            .collect();
        let way_out = match own.is_empty() {
            true => format!("{function}(...)"),
            false => format!("{}, {row}.outer", own.join(", ")),
        };
        return Err(EvalError::wrong(name.span, message, way_out));
    };
    arguments.rename("array", "a");
    let axis = |(keyword, _): &(Spanned<String>, Spanned<Value>)| keyword.node == "axis";
    if arguments.positional.len() < 2 && !arguments.keywords.iter().any(axis) {
        let axis = Spanned::new("axis".to_owned(), name.span);
        let first = Spanned::new(Value::Int(0), name.span);
        arguments.keywords.push((axis, first));
    }
    arguments.name = (*other).to_owned();
    call(&Spanned::new((*other).to_owned(), name.span), arguments)
}

/// A function of each element of one array and each of another.
fn outer(function: &str, name: &Spanned<String>, mut arguments: Arguments) -> Result<Value> {
    let [a, b] = &arguments.positional[..] else {
        let message = format!("{function}.outer of other than two arrays");
        return Err(EvalError::wrong(name.span, message, "add.outer(a, b)"));
    };
    let axes = |value: &Spanned<Value>| -> Result<i64> {
        let ndim = convert::array(value)?.ndim();
        ndim.map(|ndim| ndim as i64)
            .map_err(|error| EvalError::new(value.span, error))
    };
    let (own, more) = (axes(a)?, axes(b)?);
    if more > 0 {
        let behind: Vec<i64> = (own..own + more).collect();
        let spread = convert::checked(a.span, convert::array(a)?.expand_dims(behind))?;
        arguments.positional[0].node = Value::Array(spread);
    }
    arguments.name = function.to_owned();
    call(&Spanned::new(function.to_owned(), name.span), arguments)
}
