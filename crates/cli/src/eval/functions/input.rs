//! How are arrays read called?

use super::creation::made;
use super::{Bound, Form, Function, Parameters};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::glob::open_all;
use crate::eval::value::Value;
use crate::parse::Spanned;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["read", "load", "open"],
        parameters: Parameters {
            names: &["uri", "chunks"],
            positional: 1,
            required: 1,
            packed: None,
        },
        form: Form::Function,
        call: |mut bound| {
            let uri = bound.need("uri")?;
            let text = convert::text(&uri)?.to_owned();
            open(&mut bound, &Spanned::new(text, uri.span))
        },
        about: "a stored array: x.npy, x.zarr, x.zarr/group/array; a glob gives a list",
    },
    Function {
        names: &["from_zarr"],
        parameters: Parameters {
            names: &["url", "component", "chunks"],
            positional: 2,
            required: 1,
            packed: None,
        },
        form: Form::Function,
        call: |mut bound| {
            let url = bound.need("url")?;
            let mut text = convert::text(&url)?.to_owned();
            if let Some(component) = bound.take("component") {
                text = format!(
                    "{}/{}",
                    text.trim_end_matches('/'),
                    convert::text(&component)?
                );
            }
            open(&mut bound, &Spanned::new(text, url.span))
        },
        about: "as read, of an array in a zarr store",
    },
    Function {
        names: &["from_array"],
        parameters: Parameters {
            names: &["x", "chunks", "name", "lock", "asarray", "fancy"],
            positional: 2,
            required: 1,
            packed: None,
        },
        form: Form::Function,
        call: |mut bound| {
            // Dask's advice to its scheduler, which nothing here needs.
            for name in ["name", "lock", "asarray", "fancy"] {
                bound.take(name);
            }
            let x = convert::array(&bound.need("x")?)?;
            match bound.take("chunks") {
                Some(chunks) => made(&bound, x.rechunk(convert::chunks(&chunks)?)),
                None => Ok(Value::Array(x)),
            }
        },
        about: "an array, rechunked if chunks are given",
    },
];

/// The array at a URI, or the arrays that a pattern names.
fn open(bound: &mut Bound, uri: &Spanned<String>) -> Result<Value> {
    let opened = open_all(&uri.node).map_err(|error| EvalError::new(uri.span, error))?;
    let Some(chunks) = bound.take("chunks") else {
        return Ok(opened);
    };
    let chunks = convert::chunks(&chunks)?;
    Ok(match opened {
        Value::Array(array) => made(bound, array.rechunk(chunks))?,
        Value::List(items) => {
            let items = items.into_iter().map(|item| match item {
                Value::Array(array) => made(bound, array.rechunk(chunks.clone())),
                other => Ok(other),
            });
            Value::List(items.collect::<Result<_>>()?)
        }
        other => other,
    })
}
