//! How is chosen, ordered and parted by chance?

use super::Bound;
use super::creation::{chunks, made};
use super::random::size;
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use tilewright::random::Seed;
use tilewright::{Operand, s};

pub(super) fn dirichlet(mut bound: Bound, seed: Seed) -> Result<Value> {
    let alpha = convert::array(&bound.need("alpha")?)?;
    let mut shape = size(&mut bound, &[])?;
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
    let Some(&outcomes @ 1..) = given.last() else {
        return Err(bound.refused("pvals", "is no list", "[0.2, 0.8]"));
    };
    let batch = weights.slice(s![..., 0]);
    let mut shape = size(&mut bound, &[trials.clone(), Operand::Array(batch)])?;
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
    let shape = size(&mut bound, &[])?;
    let layout = tilewright::shape(shape).chunks(chunks(&mut bound)?);
    made(
        &bound,
        seed.choice(&options, layout, repeated, weights.as_ref()),
    )
}
