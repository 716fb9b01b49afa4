//! Which values does an array hold, and where?
//!
//! Its elements, or its lines along an axis, are sorted; how many are the first of their value is
//! counted when they are computed. Lines are compared by numbers: those of the elements in their
//! columns, then of pairs of columns, until one number is left for a line.

use super::index::{Item, index};
use super::places::{flat_places, with};
use super::shape::{moveaxis, ravel};
use super::take::{Outside, take, take_along_axis};
use super::{along, array, concatenate, diff, full, map, normalize_axes, reduce, reshape};
use crate::node::Expr;
use tilewright_core::{DType, Grid, Result, Scalar, Slice};

/// The sorted elements of an array, or its lines along an axis, and where each is the first of its value.
#[derive(Clone, Debug)]
pub struct Unique {
    /// The positions of the sorted elements in the array.
    order: Expr,
    sorted: Expr,
    /// A mask of the sorted elements.
    pub first: Expr,
    /// The array whose lines along an axis are the elements, if it is not its own.
    lines: Option<(Expr, i64)>,
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
        Unique::of_elements(&ravel(x)?, |here, before, _| match equal_nan {
            true => differ(here, before),
            false => map("not_equal", &[here.clone(), before.clone()]),
        })
    }

    /// That of the elements along one axis, sorted; `differs` says which differ from those before them,
    /// given both and their order.
    fn of_elements(
        x: &Expr,
        differs: impl FnOnce(&Expr, &Expr, &Expr) -> Result<Expr>,
    ) -> Result<Unique> {
        let (order, sorted) = (along("argsort", x, Some(0))?, along("sort", x, Some(0))?);
        let first = match x.elements() {
            0 => map("not_equal", &[x.clone(), x.clone()])?,
            _ => {
                let here = between(&sorted, Some(1), None)?;
                let before = between(&sorted, None, Some(-1))?;
                let start = array(vec![Scalar::from(true)], DType::Bool, Grid::whole(&[1]))?;
                concatenate(&[start, differs(&here, &before, &order)?], 0)?
            }
        };
        Ok(Unique {
            order,
            sorted,
            first,
            lines: None,
        })
    }

    /// That of the lines along an axis, in the order of their elements in C order. A line with NaN equals
    /// none.
    ///
    /// # Errors
    /// [`Kind::Axis`](tilewright_core::Kind::Axis) for a bad axis.
    pub fn of_lines(x: &Expr, axis: i64) -> Result<Unique> {
        let place = normalize_axes(&[axis], x.shape().len())?[0];
        let count = x.shape()[place];
        let each = x.elements().checked_div(count).unwrap_or(0);
        let lines = reshape(&moveaxis(x, &[axis], &[0])?, &[count, each])?;
        let unique = Unique::of_elements(&ranks(&lines)?, |here, before, order| {
            let differs = map("not_equal", &[here.clone(), before.clone()])?;
            if !x.dtype().is_float() {
                return Ok(differs);
            }
            let holes = map("not_equal", &[lines.clone(), lines])?;
            let holes = reduce("any", &holes, Some(&[1]), false)?;
            let holes = take(&holes, order, Some(0), Outside::Raise)?;
            map("bitwise_or", &[differs, between(&holes, Some(1), None)?])
        })?;
        Ok(Unique {
            lines: Some((x.clone(), axis)),
            ..unique
        })
    }

    /// The values, of which there are `count`.
    ///
    /// # Errors
    /// None for the count of `first`.
    pub fn values(&self, count: i64) -> Result<Expr> {
        match &self.lines {
            None => self.at(&self.sorted, count),
            Some((x, axis)) => take(x, &self.index(count)?, Some(*axis), Outside::Raise),
        }
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

/// Which sorted elements differ from those before them; every NaN is one value.
fn differ(here: &Expr, before: &Expr) -> Result<Expr> {
    let differs = map("not_equal", &[here.clone(), before.clone()])?;
    if !here.dtype().is_float() {
        return Ok(differs);
    }
    // NaN is sorted last: what stands before one and equals itself is no NaN.
    let number = |x: &Expr| map("equal", &[x.clone(), x.clone()]);
    let either = map("bitwise_or", &[number(here)?, number(before)?])?;
    map("bitwise_and", &[differs, either])
}

/// For each line of a matrix a number: how many lines of other elements come before it.
fn ranks(lines: &Expr) -> Result<Expr> {
    let &[count, columns] = lines.shape() else {
        return Err(tilewright_core::Error::new(
            tilewright_core::Kind::Internal,
            "lines of other than two axes",
        ));
    };
    if count == 0 || columns == 0 {
        return full(Scalar::from(0i64), Grid::whole(&[count]));
    }
    let mut numbers = dense(lines)?;
    while let &[_, columns] = numbers.shape()
        && columns > 1
    {
        let each = |start: i64| {
            let every = Slice {
                start: Some(start),
                stop: Some(columns / 2 * 2),
                step: Some(2),
            };
            index(&numbers, &[Item::all(), Item::Slice(every)])
        };
        let pairs = map("add", &[with("multiply", &each(0)?, count)?, each(1)?])?;
        numbers = match columns % 2 {
            0 => dense(&pairs)?,
            _ => {
                let last = Slice {
                    start: Some(-1),
                    stop: None,
                    step: None,
                };
                let last = index(&numbers, &[Item::all(), Item::Slice(last)])?;
                dense(&concatenate(&[pairs, last], 1)?)?
            }
        };
    }
    ravel(&numbers)
}

/// For each element of a matrix how many other values are below it in its column; NaN is above all.
fn dense(x: &Expr) -> Result<Expr> {
    let (order, sorted) = (along("argsort", x, Some(0))?, along("sort", x, Some(0))?);
    let differs = differ(
        &between(&sorted, Some(1), None)?,
        &between(&sorted, None, Some(-1))?,
    )?;
    let none = full(Scalar::from(false), Grid::whole(&[1, x.shape()[1]]))?;
    let numbers = along("cumsum", &concatenate(&[none, differs], 0)?, Some(0))?;
    take_along_axis(&numbers, &along("argsort", &order, Some(0))?, Some(0))
}
