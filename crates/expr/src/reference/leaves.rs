//! What are the elements of an array that is made, drawn or read?

use super::moves::{points, slice};
use super::{Read, fill, internal};
use crate::attr::{Leaf, LeafKind, MemoryArray, SourceRef};
use std::sync::Arc;
use tilewright_core::{AxisRange, Block, DType, Result, Scalar, Shape, c_strides};
use tilewright_vecmath::{Draw, draw_f64, draw_integers, draw_of};

/// The elements of the part of the whole that a leaf is.
pub(super) fn leaf(
    leaf: &Leaf,
    args: &[&Block],
    inputs: &[Arc<Block>],
    read: Read,
) -> Result<Block> {
    let shape = leaf.at.shape();
    match &leaf.kind {
        LeafKind::Full(value) => fill(leaf.dtype, &shape, |_| *value),
        LeafKind::Iota(axis) => each(leaf, |index| {
            Some(Scalar::from(*index.get(*axis)?).cast(leaf.dtype))
        }),
        LeafKind::Literal(elements) => each(leaf, |index| {
            elements.get(linear(leaf, index) as usize).copied()
        }),
        LeafKind::Draw(draw, seed) => draws(leaf, *draw, *seed, args),
        LeafKind::Source(SourceRef::Memory(array)) => {
            each(leaf, |index| element(array, index, leaf.dtype))
        }
        LeafKind::Source(SourceRef::Stored { .. }) => part(leaf, &read(leaf)?),
        LeafKind::Input(k) => match inputs.get(*k) {
            Some(input) => part(leaf, input),
            None => Err(internal("an input its stage does not have")),
        },
    }
}

/// The leaf's region of its whole.
fn part(leaf: &Leaf, whole: &Block) -> Result<Block> {
    if whole.dtype != leaf.dtype || whole.shape != leaf.whole {
        return Err(internal("an array of another type than its leaf"));
    }
    slice(whole, &leaf.at)
}

/// A block of the element at each index of the whole that the leaf takes.
fn each(leaf: &Leaf, element: impl Fn(&[i64]) -> Option<Scalar>) -> Result<Block> {
    let mut missing = false;
    let mut points = points(&leaf.at);
    let block = fill(leaf.dtype, &leaf.at.shape(), |_| {
        let value = points.next().and_then(|index| element(&index));
        missing |= value.is_none();
        value.unwrap_or(Scalar::zero(leaf.dtype))
    })?;
    if missing {
        return Err(internal("a leaf with fewer elements than its shape"));
    }
    Ok(block)
}

/// The C-order index of a point in the whole, modulo 2^64.
fn linear(leaf: &Leaf, index: &[i64]) -> u64 {
    let strides = c_strides(&leaf.whole);
    let terms = index
        .iter()
        .zip(&strides)
        .map(|(&i, &stride)| (i as u64).wrapping_mul(stride as u64));
    terms.fold(0, u64::wrapping_add)
}

/// Random numbers, row by row: each is a function of its index in the whole alone.
fn draws(leaf: &Leaf, draw: Draw, seed: u64, args: &[&Block]) -> Result<Block> {
    let mut out = Block::zeros(leaf.dtype, &leaf.at.shape())?;
    if out.is_empty() {
        return Ok(out);
    }
    let mut firsts = leaf.at.clone();
    let (row, step) = match firsts.axes.last_mut() {
        Some(last) => {
            let row = (last.len as usize, last.step);
            *last = AxisRange::new(last.start, 1, 1);
            row
        }
        None => (1, 1),
    };
    for (k, first) in points(&firsts).enumerate() {
        let counter = linear(leaf, &first);
        let place = k * row..(k + 1) * row;
        match (draw, args) {
            (Draw::Integer, [low, high]) => {
                let (low, high) = (low.as_slice()?, high.as_slice()?);
                let (Some(low), Some(high)) = (low.get(place.clone()), high.get(place.clone()))
                else {
                    return Err(internal("bounds of another shape than their numbers"));
                };
                let numbers = &mut out.data.as_slice_mut::<i64>()[place];
                draw_integers(seed, counter, step, low, high, numbers);
            }
            (_, []) => draw_f64(
                draw,
                seed,
                counter,
                step,
                &mut out.data.as_slice_mut::<f64>()[place],
            ),
            (_, parameters) => {
                let part = |x: &Block| -> Result<Vec<f64>> {
                    let part = x.as_slice::<f64>()?.get(place.clone());
                    part.map(<[f64]>::to_vec)
                        .ok_or_else(|| internal("parameters of another shape than their numbers"))
                };
                let given = parameters.iter().map(|x| part(x));
                let given = given.collect::<Result<Vec<_>>>()?;
                let parameters =
                    std::array::from_fn(|k| given.get(k).map_or(&[][..], Vec::as_slice));
                let numbers = &mut out.data.as_slice_mut::<f64>()[place];
                draw_of(draw, seed, counter, step, parameters, numbers);
            }
        }
    }
    Ok(out)
}

/// An element of a strided array in memory; `None` if it lies outside.
fn element(array: &MemoryArray, index: &[i64], dtype: DType) -> Option<Scalar> {
    let terms = index
        .iter()
        .zip(&array.strides)
        .map(|(&i, &stride)| i.checked_mul(stride));
    let position = terms
        .collect::<Option<Shape>>()?
        .iter()
        .try_fold(0i64, |n, &term| n.checked_add(term))?;
    let size = dtype.itemsize();
    let byte = position
        .checked_mul(size as i64)?
        .checked_add(i64::try_from(array.offset).ok()?)?;
    let start = usize::try_from(byte).ok()?;
    let bytes = array.bytes().get(start..start.checked_add(size)?)?;
    Some(Scalar::from_bytes(dtype, bytes))
}
