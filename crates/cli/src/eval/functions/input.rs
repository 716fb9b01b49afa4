//! How are arrays read called?

use super::creation::made;
use super::{Bound, Form, Function, Parameters, Place};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::glob::open_all;
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::Array;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["read", "load", "open"],
        parameters: Parameters {
            names: &[
                "uri", "chunks", "decode", "shape", "dtype", "offset", "order",
            ],
            positional: 1,
            required: 1,
            packed: None,
            out: Place::Any,
        },
        form: Form::Function,
        call: |mut bound| {
            let uri = bound.need("uri")?;
            let mut text = convert::text(&uri)?.to_owned();
            text.push_str(&said(&mut bound)?);
            let decode = bound.take("decode");
            let decode = decode.map_or(Ok(false), |decode| convert::bool(&decode))?;
            let how = if decode {
                tilewright::open_decoded
            } else {
                tilewright::open
            };
            open(&mut bound, &Spanned::new(text, uri.span), how)
        },
        about: "a stored array: x.npy, x.npz#name, x.zarr/group/array, x.h5#/group/data, x.nii.gz; a \
                glob gives a list; decode=True does what the CF conventions say; shape=, dtype=, \
                offset= and order= say what a file of bare elements holds",
    },
    Function {
        names: &["from_zarr"],
        parameters: Parameters {
            names: &["url", "component", "chunks"],
            positional: 2,
            required: 1,
            packed: None,
            out: Place::Any,
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
            open(&mut bound, &Spanned::new(text, url.span), tilewright::open)
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
            out: Place::Any,
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

/// What is said of a file of bare elements, as a part of its URI.
fn said(bound: &mut Bound) -> Result<String> {
    let mut parts = Vec::new();
    if let Some(shape) = bound.take("shape") {
        let lens: Vec<String> = convert::shape(&shape)?.iter().map(i64::to_string).collect();
        parts.push(format!("shape={}", lens.join(",")));
    }
    if let Some(dtype) = bound.take("dtype") {
        // A string may say the byte order, which a dtype does not.
        parts.push(match convert::text(&dtype) {
            Ok(text) => format!("dtype={text}"),
            Err(_) => format!("dtype={}", convert::dtype(&dtype)?),
        });
    }
    if let Some(offset) = bound.take("offset") {
        parts.push(format!("offset={}", convert::int(&offset)?));
    }
    if let Some(order) = bound.take("order") {
        parts.push(format!("order={}", convert::text(&order)?));
    }
    Ok(if parts.is_empty() {
        String::new()
    } else {
        format!("?{}", parts.join("&"))
    })
}

/// The array at a URI, or the arrays that a pattern names.
fn open(bound: &mut Bound, uri: &Spanned<String>, how: fn(&str) -> Array) -> Result<Value> {
    let opened = open_all(&uri.node, how).map_err(|error| EvalError::new(uri.span, error))?;
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
