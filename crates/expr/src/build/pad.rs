//! `pad`: what stands around an array.
//!
//! The modes that repeat elements are one lookup of all axes. The others go axis by axis, so that
//! corners come from what was put beside earlier axes, as NumPy has them.

use super::repeat::{count, with};
use super::take::outer;
use super::{
    Operand, astype, broadcast_to, concatenate, expand_dims, flip, full, index, map, median,
    operate, reduce, statistic,
};
use crate::build::index::Item;
use crate::node::Expr;
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar, Shape, Slice};

/// Elements before and after an axis.
pub type Widths = (i64, i64);

/// What stands around an array; pairs are before and after each axis, or one for all axes.
#[derive(Clone, Debug, PartialEq)]
pub enum Pad {
    /// These values.
    Constant(Vec<(Scalar, Scalar)>),
    /// The element at the edge.
    Edge,
    /// A line from the edge to these values.
    LinearRamp(Vec<(Scalar, Scalar)>),
    /// The statistic of so many elements from the edge; of all without.
    Statistic(&'static str, Option<Vec<(i64, i64)>>),
    /// A mirror on the edge's element.
    Reflect,
    /// A mirror behind the edge's element.
    Symmetric,
    /// Twice the edge's element less what such a mirror shows; the mirror is behind that element or
    /// on it.
    Odd {
        /// Whether it is behind.
        symmetric: bool,
    },
    /// The other end.
    Wrap,
}

/// An array with `widths` elements more before and after each axis; one pair is of all axes.
///
/// # Errors
/// [`Kind::Value`] for negative widths, other numbers of pairs, or an axis without elements to
/// repeat.
pub fn pad(x: &Expr, widths: &[Widths], mode: &Pad) -> Result<Expr> {
    let widths = &each(widths, x.shape().len())?[..];
    let mode = &mode.of(x.shape().len())?;
    if let Some(negative) = widths.iter().find(|w| w.0 < 0 || w.1 < 0) {
        return Err(
            Error::new(Kind::Value, format!("pad by {negative:?} elements"))
                .way_out("0 elements or more"),
        );
    }
    let bare = |(&len, width): (&i64, &Widths)| len == 0 && *width != (0, 0);
    if !matches!(mode, Pad::Constant(_)) && x.shape().iter().zip(widths).any(bare) {
        return Err(
            Error::new(Kind::Value, "pad of an axis without elements").way_out("mode=\"constant\"")
        );
    }
    match mode {
        Pad::Odd { symmetric } => {
            let odd = |x: Expr, axis: usize| oddly(&x, axis, widths[axis], *symmetric);
            (0..widths.len()).try_fold(x.clone(), odd)
        }
        Pad::Constant(values) if uniform(values) => around(x, widths, values[0].0),
        Pad::Edge | Pad::Reflect | Pad::Symmetric | Pad::Wrap => {
            let axes = x.shape().iter().zip(widths);
            let indices = axes.map(|(&len, &width)| repeated(len, width, mode));
            outer(x, &indices.collect::<Result<Vec<_>>>()?)
        }
        _ => (0..widths.len()).try_fold(x.clone(), |x, axis| beside(&x, axis, widths[axis], mode)),
    }
}

impl Pad {
    /// With a pair for each axis.
    fn of(&self, ndim: usize) -> Result<Pad> {
        Ok(match self {
            Pad::Constant(values) => Pad::Constant(each(values, ndim)?),
            Pad::LinearRamp(ends) => Pad::LinearRamp(each(ends, ndim)?),
            Pad::Statistic(name, Some(lengths)) => Pad::Statistic(name, Some(each(lengths, ndim)?)),
            other => other.clone(),
        })
    }
}

/// A pair for each axis, where one is of all.
fn each<T: Copy>(pairs: &[T], ndim: usize) -> Result<Vec<T>> {
    match pairs {
        [all] => Ok(vec![*all; ndim]),
        _ if pairs.len() == ndim => Ok(pairs.to_vec()),
        _ => {
            let message = format!("pad of {ndim} axes by {} pairs", pairs.len());
            Err(Error::new(Kind::Value, message).way_out("one pair, or one for each axis"))
        }
    }
}

fn uniform(values: &[(Scalar, Scalar)]) -> bool {
    let all = || values.iter().flat_map(|pair| [pair.0, pair.1]);
    all()
        .next()
        .is_some_and(|first| all().all(|value| value == first))
}

fn padded(len: i64, (before, after): Widths) -> Result<i64> {
    let total = before.checked_add(len).and_then(|n| n.checked_add(after));
    total.filter(|&n| n < 1 << 62).ok_or_else(|| {
        Error::new(Kind::Shape, "a padded axis of 2^62 elements or more").way_out("fewer elements")
    })
}

/// Indices along an axis of the result that count from its array's first element.
fn from_first(len: i64, width: Widths) -> Result<Expr> {
    with("subtract", count(padded(len, width)?)?, width.0)
}

/// The element of an axis that stands at each place of the padded one.
fn repeated(len: i64, width: Widths, mode: &Pad) -> Result<Option<Expr>> {
    if width == (0, 0) {
        return Ok(None);
    }
    let at = from_first(len, width)?;
    // Back and forth with this period; the mirror is the last element, or lies behind it.
    let mirrored = |period: i64, last: i64| {
        let forth = with("remainder", at.clone(), period)?;
        let back = operate(
            "subtract",
            &[Operand::Int(last.into()), forth.clone().into()],
        )?;
        map("minimum", &[forth, back])
    };
    Ok(Some(match mode {
        Pad::Wrap => with("remainder", at, len)?,
        Pad::Reflect if len > 1 => mirrored(2 * len - 2, 2 * len - 2)?,
        Pad::Symmetric => mirrored(2 * len, 2 * len - 1)?,
        _ => with("minimum", with("maximum", at, 0)?, len - 1)?,
    }))
}

/// One value all around: the nearest element, or the value where there is none.
fn around(x: &Expr, widths: &[Widths], value: Scalar) -> Result<Expr> {
    let value = value.cast(x.dtype());
    let axes = x.shape().iter().zip(widths);
    let shape: Shape = axes
        .map(|(&len, &width)| padded(len, width))
        .collect::<Result<_>>()?;
    if x.elements() == 0 {
        return full(value, Grid::automatic(&shape, x.dtype().itemsize()));
    }
    let axes = x.shape().iter().zip(widths);
    let indices = axes.map(|(&len, &width)| repeated(len, width, &Pad::Edge));
    let mut out = outer(x, &indices.collect::<Result<Vec<_>>>()?)?;
    for (axis, (&len, &width)) in x.shape().iter().zip(widths).enumerate() {
        if width == (0, 0) {
            continue;
        }
        let at = from_first(len, width)?;
        let inside = map(
            "bitwise_and",
            &[
                with("greater_equal", at.clone(), 0)?,
                with("less", at, len)?,
            ],
        )?;
        let behind: Vec<i64> = (1..(shape.len() - axis) as i64).collect();
        let inside = expand_dims(&inside, &behind)?;
        out = map("where", &[inside, out, super::constant(value)?])?;
    }
    Ok(out)
}

/// What stands before and after one axis.
fn beside(x: &Expr, axis: usize, (before, after): Widths, mode: &Pad) -> Result<Expr> {
    let len = x.shape()[axis];
    padded(len, (before, after))?;
    let ends = [(before, true), (after, false)];
    let mut parts = Vec::new();
    for (width, first) in ends {
        let mut shape = Shape::from_slice(x.shape());
        shape[axis] = width;
        let pick = |pairs: &[(Scalar, Scalar)]| if first { pairs[axis].0 } else { pairs[axis].1 };
        let part = match mode {
            Pad::Constant(values) => {
                let value = super::constant(pick(values).cast(x.dtype()))?;
                broadcast_to(&value, &shape)?
            }
            Pad::LinearRamp(ends) => ramp(x, axis, width, first, pick(ends))?,
            Pad::Statistic(name, lengths) => {
                let most = lengths.as_ref().map(|pairs| {
                    let (left, right) = pairs[axis];
                    if first { left } else { right }
                });
                broadcast_to(&edge_statistic(x, axis, first, name, most)?, &shape)?
            }
            _ => x.clone(),
        };
        parts.push(part);
        if first {
            parts.push(x.clone());
        }
    }
    parts.retain(|part| part.shape()[axis] > 0);
    match parts.is_empty() {
        true => Ok(x.clone()),
        false => concatenate(&parts, axis as i64),
    }
}

/// The first or last `len` elements along an axis.
fn end(x: &Expr, axis: usize, first: bool, len: i64) -> Result<Expr> {
    let all = x.shape()[axis];
    let len = len.min(all);
    let (start, stop) = if first { (0, len) } else { (all - len, all) };
    let mut items = vec![Item::all(); axis];
    items.push(Item::Slice(Slice {
        start: Some(start),
        stop: Some(stop),
        step: None,
    }));
    index(x, &items)
}

/// A statistic of the elements near an end; of integers means and medians are rounded to even.
fn edge_statistic(
    x: &Expr,
    axis: usize,
    first: bool,
    name: &str,
    most: Option<i64>,
) -> Result<Expr> {
    let near = end(x, axis, first, most.unwrap_or(i64::MAX))?;
    let along = [axis as i64];
    let middle = match name {
        "mean" => statistic("mean", &near, Some(&along), 0.0, true)?,
        "median" => median(&near, Some(&along), false, true)?,
        _ => return reduce(name, &near, Some(&along), true),
    };
    let whole = !x.dtype().is_float() && x.dtype() != DType::Bool;
    let middle = if whole {
        map("rint", &[middle])?
    } else {
        middle
    };
    astype(&middle, x.dtype())
}

/// An axis with odd mirrors of itself at both ends, which reach as far as whole laps of it do; then
/// again, until it is long enough.
fn oddly(x: &Expr, axis: usize, width: Widths, symmetric: bool) -> Result<Expr> {
    let len = x.shape()[axis];
    padded(len, width)?;
    if len <= 1 {
        let mut indices = vec![None; x.shape().len()];
        indices[axis] = repeated(len, width, &Pad::Edge)?;
        return outer(x, &indices);
    }
    let (mut out, (mut before, mut after)) = (x.clone(), width);
    let behind = i64::from(!symmetric);
    while before > 0 || after > 0 {
        let now = out.shape()[axis];
        let laps = (now - behind) / (len - behind) * (len - behind);
        let (first, last) = (before.min(laps), after.min(laps));
        let left = turned(&out, axis, true, (behind, first))?;
        let right = turned(&out, axis, false, (behind, last))?;
        out = concatenate(&[left, out, right], axis as i64)?;
        (before, after) = (before - first, after - last);
    }
    Ok(out)
}

/// Twice the element at an end less the `count` elements from it, after `skipped` ones, mirrored.
fn turned(x: &Expr, axis: usize, first: bool, (skipped, count): (i64, i64)) -> Result<Expr> {
    let near = end(&end(x, axis, first, skipped + count)?, axis, !first, count)?;
    let edge = operate(
        "multiply",
        &[Operand::Int(2), end(x, axis, first, 1)?.into()],
    )?;
    let shown = operate(
        "subtract",
        &[edge.into(), flip(&near, Some(&[axis as i64]))?.into()],
    )?;
    astype(&shown, x.dtype())
}

/// A line from a value towards the element at the edge, without that.
fn ramp(x: &Expr, axis: usize, width: i64, first: bool, value: Scalar) -> Result<Expr> {
    let edge = astype(&end(x, axis, first, 1)?, DType::F64)?;
    let mut steps = count(width)?;
    if !first {
        steps = operate(
            "subtract",
            &[Operand::Int((width - 1).into()), steps.into()],
        )?;
    }
    let behind: Vec<i64> = (1..(x.shape().len() - axis) as i64).collect();
    let steps = astype(&expand_dims(&steps, &behind)?, DType::F64)?;
    let value = Operand::Float(value.to_f64());
    let step = operate("subtract", &[edge.into(), value.clone()])?;
    let step = operate("divide", &[step.into(), Operand::Float(width as f64)])?;
    let line = operate("add", &[map("multiply", &[steps, step])?.into(), value])?;
    let line = if x.dtype().is_float() {
        line
    } else {
        map("floor", &[line])?
    };
    astype(&line, x.dtype())
}
