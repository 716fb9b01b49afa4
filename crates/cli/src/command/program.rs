//! How does the text of an expression become values?

use crate::args::Input;
use crate::eval::{self, Value};
use crate::failure::Failure;
use crate::parse::{self, Spanned, is_reserved};
use tilewright::{Error, Kind};

/// Reads, parses and evaluates what the arguments name: the values of the roots, with their places.
pub(super) fn evaluate(input: &Input) -> Result<Vec<Spanned<Value>>, Failure> {
    let text = text(&input.expr)?;
    let program = parse::program(&text).map_err(|error| Failure::parse(&text, &error))?;
    let inputs = input
        .input
        .iter()
        .map(|input| named(input))
        .collect::<Result<_, _>>()?;
    let roots = eval::evaluate(&program, inputs).map_err(|error| Failure::eval(&text, &error))?;
    Ok(flat(roots))
}

/// A list or tuple of arrays as several roots.
fn flat(roots: Vec<Spanned<Value>>) -> Vec<Spanned<Value>> {
    let each = roots.into_iter().flat_map(|root| match root.node {
        Value::List(items) | Value::Tuple(items)
            if items.iter().any(|item| matches!(item, Value::Array(_))) =>
        {
            items
                .into_iter()
                .map(|item| Spanned::new(item, root.span))
                .collect()
        }
        node => vec![Spanned::new(node, root.span)],
    });
    each.collect()
}

/// The expression itself, or the contents of `@FILE`.
fn text(expr: &str) -> Result<String, Failure> {
    let Some(path) = expr.strip_prefix('@') else {
        return Ok(expr.to_owned());
    };
    let refuse = |what: String| Failure::argument(what, "@FILE with an expression in it");
    let size = std::fs::metadata(path).map(|metadata| metadata.len());
    if size.is_ok_and(|size| size > parse::MAX_TEXT as u64) {
        return Err(refuse(format!(
            "{path} is longer than {} bytes",
            parse::MAX_TEXT
        )));
    }
    std::fs::read_to_string(path).map_err(|error| refuse(format!("{path} cannot be read: {error}")))
}

/// An input `NAME=URI`.
fn named(input: &str) -> Result<(String, Value), Failure> {
    const FORM: &str = "-i x=x.zarr";
    let Some((name, uri)) = input.split_once('=') else {
        return Err(Failure::argument(format!("-i {input} has no name"), FORM));
    };
    let mut characters = name.chars();
    let starts = characters
        .next()
        .is_some_and(|c| c.is_alphabetic() || c == '_');
    if !starts || !characters.all(|c| c.is_alphanumeric() || c == '_') {
        return Err(Failure::argument(
            format!("-i {input}: {name:?} is no name"),
            FORM,
        ));
    }
    if is_reserved(name) {
        let message = format!("-i {input}: {name} is a name of the language");
        return Err(Failure::argument(message, "another name"));
    }
    let value = eval::open_all(uri, tilewright::open).map_err(|error| {
        let error = error.fact("input", name);
        match error.kind() {
            Kind::Source => Failure::computing(&error),
            _ => Failure {
                status: 2,
                ..Failure::computing(&error)
            },
        }
    })?;
    Ok((name.to_owned(), value))
}

/// The arrays among the roots.
pub(super) fn arrays(roots: &[Spanned<Value>]) -> Vec<tilewright::Array> {
    let arrays = roots.iter().filter_map(|root| match &root.node {
        Value::Array(array) => Some(array.clone()),
        _ => None,
    });
    arrays.collect()
}

/// A root that cannot be computed.
pub(super) fn no_array(value: &Value) -> Error {
    Error::new(Kind::Parse, format!("{} is not an array", value.kind()))
        .way_out("an expression over arrays")
}
