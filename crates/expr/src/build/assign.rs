//! `x[items] = value`, as a new array.
//!
//! Slices are written by moves alone: what they leave stands around what they take. What a mask
//! selects is `where`; index arrays are inverted, so that each element of the array finds the last
//! value that was written to it.

use super::index::{Basic, Item, check_mask, common_place, complete};
use super::shape::{moveaxis, ravel};
use super::take::{Outside, spread, take};
use super::{
    Operand, along, astype, broadcast_shapes, broadcast_to, concatenate, constant, expand_dims,
    flip, iota, lookup, map, rechunk, reduce_axes, require, reshape, searchsorted, slice, squeeze,
};
use crate::attr::{Followed, Lookup};
use crate::node::Expr;
use std::sync::Arc;
use tilewright_core::dtype::Class;
use tilewright_core::error::{Refusal, show_shape};
use tilewright_core::{
    AxisRange, DType, Error, Grid, Kind, Region, Result, Scalar, Shape, element_count,
};

/// `x` with `value`, in its dtype and broadcast, at `items`; of equal integers among index arrays
/// the last one's value stays.
///
/// # Errors
/// As [`index`](super::index()); [`Kind::Shape`] if the value does not broadcast; [`Kind::Value`]
/// for a plain number that the dtype does not hold.
pub fn assign(x: &Expr, items: &[Item], value: &Operand) -> Result<Expr> {
    let value = stored(value, x.dtype())?;
    let element = !items.is_empty() && items.len() == x.shape().len();
    let element = element && items.iter().all(|item| matches!(item, Item::Int(_)));
    if element && !value.shape().is_empty() {
        let message = "an array where the value of one element is wanted";
        return Err(Error::new(Kind::Value, message)
            .fact("value", show_shape(value.shape()))
            .way_out("a number, or x[0:1] for a part of one element"));
    }
    let (wide, items) = complete(x, items)?;
    let arrays = items.iter().filter(|item| matches!(item, Item::Array(_)));
    let is_mask = |item: &Item| matches!(item, Item::Array(a) if a.dtype() == DType::Bool);
    let new = match (arrays.count(), items.iter().position(is_mask)) {
        (0, _) => {
            let basic = Basic::new(&wide, &items)?;
            let target = basic.take(&wide)?;
            put(&wide, &basic, &fit(&value, target.shape())?)?
        }
        (1, Some(at)) => by_mask(&wide, &items, at, &value)?,
        _ => by_arrays(&wide, &items, &value)?,
    };
    rechunk(&reshape(&new, x.shape())?, x.grid().clone())
}

/// A value as elements of a dtype, as NumPy's assignment converts it.
fn stored(value: &Operand, dtype: DType) -> Result<Expr> {
    let beyond = |what: String| {
        Error::new(Kind::Value, format!("{what} does not fit {}", dtype.name()))
            .way_out("astype of the array to a wider dtype first")
    };
    let whole = |value: i128, what: String| match (dtype.class(), dtype.integer_range()) {
        (Class::Bool, _) => Ok(Scalar::from(value != 0)),
        (_, Some((low, high))) if !(low..=high).contains(&value) => Err(beyond(what)),
        (Class::Float, _) => Ok(Scalar::from_f64(dtype, value as f64)),
        _ => Ok(Scalar::from_i128(dtype, value)),
    };
    let scalar = match value {
        Operand::Array(array) => return astype(array, dtype),
        Operand::Bool(value) => Scalar::from(*value).cast(dtype),
        Operand::Int(value) => whole(*value, value.to_string())?,
        Operand::Float(value) => match dtype.class() {
            Class::Float => Scalar::from_f64(dtype, *value),
            Class::Bool => Scalar::from(*value != 0.0),
            _ if !value.is_finite() => return Err(beyond(value.to_string())),
            _ => whole(*value as i128, value.to_string())?,
        },
    };
    constant(scalar)
}

/// A value broadcast to a shape; axes of length 1 that it has too many go.
fn fit(value: &Expr, shape: &[i64]) -> Result<Expr> {
    let own = value.shape();
    let more = own.len().saturating_sub(shape.len());
    let kept = &own[more..];
    let pairs = kept.iter().rev().zip(shape.iter().rev());
    let fits = own[..more].iter().all(|&len| len == 1);
    if !fits || !pairs.into_iter().all(|(&a, &b)| a == b || a == 1) {
        return Err(Error::new(
            Kind::Shape,
            format!(
                "a value of shape {} does not broadcast to {}",
                show_shape(own),
                show_shape(shape)
            ),
        )
        .way_out("a number, or an array of the shape of what is assigned to"));
    }
    let kept = if more == 0 {
        value.clone()
    } else {
        reshape(value, kept)?
    };
    broadcast_to(&kept, shape)
}

/// `x` with an array of the shape of a part in its place.
fn put(x: &Expr, basic: &Basic, part: &Expr) -> Result<Expr> {
    let part = match basic.added[..] {
        [] => part.clone(),
        _ => squeeze(part, Some(&basic.added))?,
    };
    place(x, &basic.ranges, &expand_dims(&part, &basic.dropped)?)
}

/// `x` with `value`, of their shape, at these points of its axes.
fn place(x: &Expr, ranges: &[AxisRange], value: &Expr) -> Result<Expr> {
    let whole = |axis: &usize| ranges[*axis] == AxisRange::full(x.shape()[*axis]);
    let Some(axis) = (0..ranges.len()).find(|axis| !whole(axis)) else {
        return Ok(value.clone());
    };
    let AxisRange { start, step, len } = ranges[axis];
    let mut ranges = ranges.to_vec();
    if len == 0 {
        return Ok(x.clone());
    }
    if step < 0 {
        ranges[axis] = AxisRange::new(start + (len - 1) * step, -step, len);
        return place(x, &ranges, &flip(value, Some(&[axis as i64]))?);
    }
    let along = |range: AxisRange| {
        let mut region = Region::full(x.shape());
        region.axes[axis] = range;
        slice(x, region)
    };
    let inner = along(ranges[axis])?;
    let taken = std::mem::replace(&mut ranges[axis], AxisRange::full(len));
    let inner = place(&inner, &ranges, value)?;
    if step > 1 && len > 1 {
        return between(x, axis, taken, &inner);
    }
    let (end, total) = (start + 1 + (len - 1) * step, x.shape()[axis]);
    let parts = [
        along(AxisRange::new(0, 1, start))?,
        inner,
        along(AxisRange::new(end, 1, total - end))?,
    ];
    let parts: Vec<Expr> = parts.into_iter().filter(|p| p.shape()[axis] > 0).collect();
    concatenate(&parts, axis as i64)
}

/// `x` with the lines of `new` at points of an axis that are further than one apart.
fn between(x: &Expr, axis: usize, range: AxisRange, new: &Expr) -> Result<Expr> {
    let AxisRange { start, step, len } = range;
    let lines = numbers(x.shape()[axis])?;
    let from = with("subtract", &lines, start)?;
    let nearest = with("floor_divide", &from, step)?;
    let nearest = with("minimum", &with("maximum", &nearest, 0)?, len - 1)?;
    let on = map("equal", &[from, with("multiply", &nearest, step)?])?;
    let behind: Vec<i64> = (1..(x.shape().len() - axis) as i64).collect();
    let new = take(new, &nearest, Some(axis as i64), Outside::Raise)?;
    map("where", &[expand_dims(&on, &behind)?, new, x.clone()])
}

/// `0..len` as i64.
fn numbers(len: i64) -> Result<Expr> {
    iota(0, Grid::automatic(&[len], 8))
}

/// An operator of an i64 array and a number.
fn with(name: &str, x: &Expr, number: i64) -> Result<Expr> {
    map(name, &[x.clone(), constant(number.into())?])
}

/// Assignment where a mask, item `at`, is true.
fn by_mask(x: &Expr, items: &[Item], at: usize, value: &Expr) -> Result<Expr> {
    let Item::Array(mask) = &items[at] else {
        return Err(Error::new(Kind::Internal, "a mask that is no array"));
    };
    let masked = mask.shape().len();
    let mut whole = items.to_vec();
    whole.splice(at..=at, (0..masked).map(|_| Item::all()));
    let basic = Basic::new(x, &whole)?;
    let part = basic.take(x)?;
    let kept = |item: &&Item| !matches!(item, Item::Int(_));
    let stood = items[..at].iter().filter(kept).count();
    let axis = common_place(items);
    let block = |from: usize| -> Vec<i64> { (from..from + masked).map(|k| k as i64).collect() };
    let part = moveaxis(&part, &block(stood), &block(axis))?;
    check_mask(mask, &part.shape()[axis..axis + masked], stood)?;
    let (before, behind) = (&part.shape()[..axis], &part.shape()[axis + masked..]);
    // How many values there are along the axis that is counted.
    let from_end = behind.len() + 1;
    let lengths = value.shape();
    let given = lengths.len().checked_sub(from_end).map(|k| lengths[k]);
    let count = given.unwrap_or(1);
    let target: Shape = before
        .iter()
        .chain([&count])
        .chain(behind)
        .copied()
        .collect();
    let value = fit(value, &target)?;
    let new = match count {
        1 => {
            // One value for all places.
            let one = expand_dims(&value, &block(axis + 1)[..masked - 1])?;
            broadcast_to(&one, part.shape())?
        }
        _ => in_order(mask, &value, axis, part.shape())?,
    };
    let beside: Vec<i64> = (masked..masked + behind.len()).map(|k| k as i64).collect();
    let new = map("where", &[expand_dims(mask, &beside)?, new, part])?;
    put(x, &basic, &moveaxis(&new, &block(axis), &block(stood))?)
}

/// For each place of a mask the value, along an axis, whose turn it is there.
fn in_order(mask: &Expr, value: &Expr, axis: usize, shape: &[i64]) -> Result<Expr> {
    let (masked, given) = (mask.shape().len(), value.shape()[axis]);
    let refusal = Refusal {
        message: format!("{given} values for another number of places where the mask is true"),
        way_out: "as many values as the mask counts, or one".to_owned(),
    };
    let axes = || (0..masked).collect();
    let counted = reduce_axes("sum", mask, axes())?;
    let all = map("equal", &[counted, constant(given.into())?])?;
    if given == 0 {
        let zero = broadcast_to(&constant(Scalar::zero(value.dtype()))?, shape)?;
        return require(&zero, &all, refusal);
    }
    let turns = along("cumsum", &ravel(mask)?, Some(0))?;
    let turns = reshape(&with("subtract", &turns, 1)?, mask.shape())?;
    let turns = map("where", &[mask.clone(), turns, constant(0i64.into())?])?;
    let turns = map("where", &[all, turns, constant(given.into())?])?;
    let others: Vec<i64> = [&shape[..axis], &shape[axis + masked..]].concat();
    let (placed, _) = spread(&[turns], axis, &others)?;
    let follow = |k: usize| match k.cmp(&axis) {
        std::cmp::Ordering::Less => Some(k),
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Greater => Some(k + masked - 1),
    };
    let how = Lookup {
        axes: (0..value.shape().len()).map(follow).collect::<Followed>(),
        refusal: Some(Arc::new(refusal)),
    };
    lookup(value, how, &placed)
}

/// Assignment at the points of index arrays.
fn by_arrays(x: &Expr, items: &[Item], value: &Expr) -> Result<Expr> {
    let basic = Basic::new(x, items)?;
    let part = basic.take(x)?;
    let kept = items.iter().filter(|item| !matches!(item, Item::Int(_)));
    let (mut indices, mut looked_up) = (Vec::new(), Vec::new());
    for (axis, item) in kept.enumerate() {
        if let Item::Array(index) = item {
            let points = numbers(part.shape()[axis])?;
            // Looked up in the points of its axis, an index out of range is found.
            indices.push(take(&points, index, Some(0), Outside::Raise)?);
            looked_up.push(axis);
        }
    }
    let common = broadcast_shapes("an index", &indices)?;
    let rest: Vec<usize> = (0..part.shape().len())
        .filter(|axis| !looked_up.contains(axis))
        .collect();
    let rest_shape: Shape = rest.iter().map(|&axis| part.shape()[axis]).collect();
    let at = common_place(items);
    let target: Shape = (rest_shape[..at]
        .iter()
        .chain(&common)
        .chain(&rest_shape[at..]))
    .copied()
    .collect();
    let number = |k: usize| k as i64;
    let places: Vec<i64> = (at..at + common.len()).map(number).collect();
    let first: Vec<i64> = (0..common.len()).map(number).collect();
    let value = moveaxis(&fit(value, &target)?, &places, &first)?;
    let axes: Vec<i64> = looked_up.iter().copied().map(number).collect();
    let first: Vec<i64> = (0..axes.len()).map(number).collect();
    let turned = moveaxis(&part, &axes, &first)?;
    // Both as lines: of the array, one for each point; of the value, one for each write.
    let lines = |x: &Expr, axes: usize| {
        let count = element_count(&x.shape()[..axes]).unwrap_or(i64::MAX);
        let shape: Shape = [count].iter().chain(&x.shape()[axes..]).copied().collect();
        reshape(x, &shape)
    };
    let (old, value) = (lines(&turned, axes.len())?, lines(&value, common.len())?);
    let mut flat = constant(0i64.into())?;
    for (index, &axis) in indices.iter().zip(&looked_up) {
        let scaled = with("multiply", &flat, part.shape()[axis])?;
        flat = map("add", &[scaled, index.clone()])?;
    }
    let flat = ravel(&broadcast_to(&flat, &common)?)?;
    let new = reshape(&scatter(&old, &flat, &value)?, turned.shape())?;
    put(x, &basic, &moveaxis(&new, &first, &axes)?)
}

/// The lines of `old`, those at `points` replaced by lines of `value`, the last one first asked.
fn scatter(old: &Expr, points: &Expr, value: &Expr) -> Result<Expr> {
    let (lines, writes) = (old.shape()[0], points.elements());
    if writes == 0 || lines == 0 {
        return Ok(old.clone());
    }
    let order = along("argsort", points, Some(0))?;
    let sorted = take(points, &order, Some(0), Outside::Raise)?;
    let line = numbers(lines)?;
    // How many writes go to this line or one before it; the last of them may be to this one.
    let until = searchsorted(&sorted, &line, true)?;
    let last = with("maximum", &with("subtract", &until, 1)?, 0)?;
    let found = take(&sorted, &last, Some(0), Outside::Raise)?;
    let written = map("equal", &[found, line])?;
    let last = take(&order, &last, Some(0), Outside::Raise)?;
    let new = take(value, &last, Some(0), Outside::Raise)?;
    let behind: Vec<i64> = (1..old.shape().len() as i64).collect();
    map(
        "where",
        &[expand_dims(&written, &behind)?, new, old.clone()],
    )
}
