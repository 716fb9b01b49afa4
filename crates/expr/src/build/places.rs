//! Where is a mask true, once it is known how often?
//!
//! The positions of its true elements in C order: for each of them the first place where the
//! running count reaches its number. Absent: the count, which is computed before.

use super::index::{Item, index};
use super::shape::ravel;
use super::take::{Outside, take, with_axis};
use super::{
    Selection, along, array, astype, concatenate, constant, diff, full, iota, map, normalize_axes,
    reshape, searchsorted, stack,
};
use crate::node::Expr;
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar, Slice, c_strides};

/// The sorted elements of an array, and where each is the first of its value.
#[derive(Clone, Debug)]
pub struct Unique {
    /// The positions of the sorted elements in the array.
    order: Expr,
    sorted: Expr,
    /// A mask of the sorted elements.
    pub first: Expr,
}

/// Where a mask that is true `count` times is true, in C order, an index array for each axis.
///
/// # Errors
/// None for a mask and its count.
pub fn places(mask: &Expr, count: i64) -> Result<Vec<Expr>> {
    let flat = flat_places(mask, count)?;
    let lengths = mask.shape().iter().zip(c_strides(mask.shape()));
    let along = |(&len, stride): (&i64, i64)| {
        let line = with("floor_divide", &flat, stride.max(1))?;
        with("remainder", &line, len.max(1))
    };
    match mask.shape() {
        [_] => Ok(vec![flat]),
        _ => lengths.map(along).collect(),
    }
}

/// Where a mask that is true `count` times is true, as positions in C order.
///
/// # Errors
/// None for a mask and its count.
pub fn flat_places(mask: &Expr, count: i64) -> Result<Expr> {
    let turns = with("add", &iota(0, Grid::automatic(&[count], 8))?, 1)?;
    if count == 0 {
        return Ok(turns);
    }
    let reached = along("cumsum", &ravel(mask)?, Some(0))?;
    searchsorted(&reached, &turns, false)
}

/// Where a mask that is true `count` times is true: a line of indices for each place, of no index
/// where the mask has no axes.
///
/// # Errors
/// None for a mask and its count.
pub fn argwhere(mask: &Expr, count: i64) -> Result<Expr> {
    match mask.shape() {
        [] => full(Scalar::from(0i64), Grid::whole(&[count, 0])),
        _ => stack(&places(mask, count)?, 1),
    }
}

/// Where elements are not 0; NaN is not.
///
/// # Errors
/// None for a valid expression.
pub fn truth(x: &Expr) -> Result<Expr> {
    astype(x, DType::Bool)
}

/// The elements of a selection that counts so many.
///
/// # Errors
/// None for the count of its mask.
pub fn elements(selection: &Selection, count: i64) -> Result<Expr> {
    let mut items = vec![Item::all(); selection.axis];
    items.extend(places(&selection.mask, count)?.into_iter().map(Item::Array));
    index(&selection.x, &items)
}

/// The lines along an axis, of the array in C order without one, where a mask of one axis that is
/// true `count` times is true.
///
/// # Errors
/// [`Kind::Shape`] for a mask of other than one axis, [`Kind::Index`] for one that is longer than
/// the axis.
pub fn compress(x: &Expr, mask: &Expr, count: i64, axis: Option<i64>) -> Result<Expr> {
    let Some(axis) = axis else {
        return compress(&ravel(x)?, mask, count, Some(0));
    };
    let x = &with_axis(x)?;
    let along = normalize_axes(&[axis], x.shape().len())?[0];
    let [given] = *mask.shape() else {
        return Err(Error::new(
            Kind::Shape,
            format!("a condition of {} axes", mask.shape().len()),
        )
        .way_out("a condition of one axis, or x[mask]"));
    };
    let len = x.shape()[along];
    if given > len {
        return Err(Error::new(
            Kind::Index,
            format!("a condition of {given} for an axis of length {len}"),
        )
        .way_out("a condition that is no longer than the axis"));
    }
    take(x, &flat_places(mask, count)?, Some(axis), Outside::Raise)
}

fn with(name: &str, x: &Expr, number: i64) -> Result<Expr> {
    map(name, &[x.clone(), constant(number.into())?])
}

/// The elements between two bounds.
fn between(x: &Expr, start: Option<i64>, stop: Option<i64>) -> Result<Expr> {
    let step = None;
    index(x, &[Item::Slice(Slice { start, stop, step })])
}

impl Unique {
    /// That of an array; every NaN is one value if `equal_nan`.
    ///
    /// # Errors
    /// None for a valid expression.
    pub fn new(x: &Expr, equal_nan: bool) -> Result<Unique> {
        let flat = ravel(x)?;
        let (order, sorted) = (
            along("argsort", &flat, Some(0))?,
            along("sort", &flat, Some(0))?,
        );
        if flat.elements() == 0 {
            let first = map("not_equal", &[flat.clone(), flat])?;
            return Ok(Unique {
                order,
                sorted,
                first,
            });
        }
        let (here, before) = (
            between(&sorted, Some(1), None)?,
            between(&sorted, None, Some(-1))?,
        );
        let mut differs = map("not_equal", &[here.clone(), before.clone()])?;
        if equal_nan && x.dtype().is_float() {
            // NaN is sorted last: what stands before one and equals itself is no NaN.
            let number = |x: &Expr| map("equal", &[x.clone(), x.clone()]);
            let either = map("bitwise_or", &[number(&here)?, number(&before)?])?;
            differs = map("bitwise_and", &[differs, either])?;
        }
        let start = array(vec![Scalar::from(true)], DType::Bool, Grid::whole(&[1]))?;
        let first = concatenate(&[start, differs], 0)?;
        Ok(Unique {
            order,
            sorted,
            first,
        })
    }

    /// The values, of which there are `count`.
    ///
    /// # Errors
    /// None for the count of `first`.
    pub fn values(&self, count: i64) -> Result<Expr> {
        self.at(&self.sorted, count)
    }

    /// Where each value stands first in the array.
    ///
    /// # Errors
    /// As [`Unique::values`].
    pub fn index(&self, count: i64) -> Result<Expr> {
        self.at(&self.order, count)
    }

    fn at(&self, x: &Expr, count: i64) -> Result<Expr> {
        take(
            x,
            &flat_places(&self.first, count)?,
            Some(0),
            Outside::Raise,
        )
    }

    /// How often each value stands in the array.
    ///
    /// # Errors
    /// As [`Unique::values`].
    pub fn counts(&self, count: i64) -> Result<Expr> {
        let end = Scalar::from(self.first.elements());
        let end = array(vec![end], DType::I64, Grid::whole(&[1]))?;
        diff(&flat_places(&self.first, count)?, 1, 0, None, Some(&end))
    }

    /// For each element of an array of this shape the number of its value.
    ///
    /// # Errors
    /// None for the array's shape.
    pub fn inverse(&self, shape: &[i64]) -> Result<Expr> {
        let numbers = with("subtract", &along("cumsum", &self.first, Some(0))?, 1)?;
        let back = along("argsort", &self.order, Some(0))?;
        reshape(&take(&numbers, &back, Some(0), Outside::Raise)?, shape)
    }
}
