//! How is chosen, ordered and parted by chance?

use super::Bound;
use super::creation::{chunks, made};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use tilewright::Operand;
use tilewright::random::Seed;

pub(super) fn dirichlet(mut bound: Bound, seed: Seed) -> Result<Value> {
    let alpha = convert::array(&bound.need("alpha")?)?;
    let size = bound.take("size").map(|value| convert::shape(&value));
    let mut shape = size.transpose()?.unwrap_or_default();
    match alpha
        .shape()
        .map_err(|error| EvalError::new(bound.span, error))?
    {
        [len] => shape.push(*len),
        _ => return Err(bound.refused("alpha", "is not of one axis", "[1, 2, 3]")),
    }
    let layout = tilewright::shape(shape).chunks(chunks(&mut bound)?);
    made(&bound, seed.dirichlet(&alpha, layout))
}

pub(super) fn multinomial(mut bound: Bound, seed: Seed) -> Result<Value> {
    let trials = convert::operand(&bound.need("n")?)?;
    let weights = convert::array(&bound.need("pvals")?)?;
    let given = weights.shape();
    let given = given.map_err(|error| EvalError::new(bound.span, error))?;
    let Some((&outcomes, batch)) = given.split_last() else {
        return Err(bound.refused("pvals", "is no list", "[0.2, 0.8]"));
    };
    let mut shape = match bound.take("size") {
        Some(size) => convert::shape(&size)?,
        None => match &trials {
            Operand::Array(n) if batch.is_empty() => {
                let shape = n.shape().map_err(|error| EvalError::new(bound.span, error));
                shape?.to_vec()
            }
            _ => batch.to_vec(),
        },
    };
    shape.push(outcomes);
    let layout = tilewright::shape(shape).chunks(chunks(&mut bound)?);
    made(&bound, seed.multinomial(trials, &weights, layout))
}

pub(super) fn permutation(mut bound: Bound, seed: Seed) -> Result<Value> {
    let x = bound.need("x")?;
    if let Value::Int(_) = x.node {
        return made(&bound, seed.permutation(convert::int(&x)?));
    }
    let x = convert::array(&x)?;
    let shape = x
        .shape()
        .map_err(|error| EvalError::new(bound.span, error))?;
    let Some(&len) = shape.first() else {
        return Err(bound.refused("x", "has no axis", "a whole number or an array of an axis"));
    };
    made(
        &bound,
        x.take(&seed.permutation(len), Some(0), Default::default()),
    )
}

pub(super) fn choice(mut bound: Bound, seed: Seed) -> Result<Value> {
    let a = bound.need("a")?;
    let options = match a.node {
        Value::Int(_) => tilewright::arange(0, convert::int(&a)?, 1),
        _ => convert::array(&a)?,
    };
    let replace = bound.take("replace").map(|value| convert::bool(&value));
    let repeated = replace.transpose()?.unwrap_or(true);
    let weights = bound.take("p").map(|value| convert::array(&value));
    let weights = weights.transpose()?;
    let size = bound.take("size").map(|size| convert::shape(&size));
    let shape = size.transpose()?.unwrap_or_default();
    let layout = tilewright::shape(shape).chunks(chunks(&mut bound)?);
    made(
        &bound,
        seed.choice(&options, layout, repeated, weights.as_ref()),
    )
}
