//! Calls whose points are arrays: how often to repeat, what to delete, where to insert.
//!
//! What is written out becomes the plain call, whose result's length is known. Absent: the counting,
//! which is the caller's.

use super::index::Item;
use super::repeat::{count, with};
use super::shape::ravel;
use super::take::{known, require, take, with_axis};
use super::{
    Operand, Outside, Points, Repeats, along, assign, astype, broadcast_to, concatenate, constant,
    delete, edit, full, insert, map, normalize_axes, operate, reduce, repeat, reshape,
    searchsorted,
};
use crate::node::Expr;
use tilewright_core::error::{Refusal, show_shape};
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar};

/// The array and its axis; in C order without one.
fn along_axis(x: &Expr, axis: Option<i64>) -> Result<(Expr, usize)> {
    match axis {
        None => Ok((ravel(x)?, 0)),
        Some(axis) => Ok((x.clone(), normalize_axes(&[axis], x.shape().len())?[0])),
    }
}

/// Elements up to which one value for all counts as written out.
const MOST_WRITTEN: i64 = 1 << 16;

/// The elements of an array that is written out, in C order.
fn written(points: &Expr) -> Option<Vec<Scalar>> {
    let (elements, all) = (known(points)?, points.elements());
    match elements[..] {
        [one] if all <= MOST_WRITTEN => Some(vec![one; all as usize]),
        _ => Some(elements.to_vec()).filter(|elements| elements.len() as i64 == all),
    }
}

/// Points that are written out.
fn written_points(points: &Expr) -> Option<Points> {
    let elements = written(points)?;
    let integer = |element: &Scalar| element.as_i128().and_then(|at| i64::try_from(at).ok());
    match (points.dtype(), points.shape(), &elements[..]) {
        (DType::Bool, [_], _) => {
            let truth = |element: &Scalar| element.as_i128() == Some(1);
            Some(Points::Mask(elements.iter().map(truth).collect()))
        }
        (dtype, [], [only]) if dtype.is_integer() => integer(only).map(Points::One),
        (dtype, [_], _) if dtype.is_integer() => {
            let list: Option<Vec<i64>> = elements.iter().map(integer).collect();
            list.map(Points::List)
        }
        _ => None,
    }
}

/// Integers as int64.
fn whole(points: &Expr, what: &str) -> Result<Expr> {
    if points.dtype().is_float() || points.dtype() == DType::U64 {
        let message = format!("{what} of {}", points.dtype().name());
        return Err(Error::new(Kind::DType, message).way_out("astype(int64) first"));
    }
    astype(points, DType::I64)
}

/// The element at each place of an axis, as often as its number says.
#[derive(Clone, Debug)]
pub struct Repeated {
    x: Expr,
    axis: usize,
    counts: Expr,
    /// The counts, where they are written out.
    written: Option<Repeats>,
}

impl Repeated {
    /// Elements of `x` along an axis, or in C order without one, as often as `counts` says; one count
    /// is of all.
    ///
    /// # Errors
    /// [`Kind::Axis`] for a bad axis; [`Kind::DType`] for counts that are no integers;
    /// [`Kind::Shape`] for others than one for each element.
    pub fn new(x: &Expr, counts: &Expr, axis: Option<i64>) -> Result<Repeated> {
        let (x, axis) = along_axis(&with_axis(x)?, axis)?;
        let len = x.shape()[axis];
        let counts = whole(counts, "repeats")?;
        let counts = match counts.shape() {
            [] | [1] => broadcast_to(&counts, &[len])?,
            [given] if *given == len => counts,
            other => {
                let message = format!(
                    "repeats of shape {} along an axis of {len}",
                    show_shape(other)
                );
                return Err(Error::new(Kind::Shape, message)
                    .way_out("a number for each element, or one for all"));
            }
        };
        let number = |n: &Scalar| n.as_i128().unwrap_or(0) as i64;
        let written = known(&counts).and_then(|elements| match &elements[..] {
            [all] => Some(Repeats::Each(number(all))),
            each if each.len() as i64 == len => {
                Some(Repeats::Counts(each.iter().map(number).collect()))
            }
            _ => None,
        });
        Ok(Repeated {
            x,
            axis,
            counts,
            written,
        })
    }

    /// How many there are; `None` where the counts are written out.
    ///
    /// # Errors
    /// None for valid expressions.
    pub fn total(&self) -> Result<Option<Expr>> {
        if self.written.is_some() {
            return Ok(None);
        }
        let natural = with("greater_equal", self.counts.clone(), 0)?;
        let refusal = Refusal {
            message: "repeats below 0".to_owned(),
            way_out: "0 times or more".to_owned(),
        };
        let total = reduce("sum", &self.counts, None, false)?;
        require(&total, &reduce("all", &natural, None, false)?, refusal).map(Some)
    }

    /// The elements, `total` of them where that had to be counted.
    ///
    /// # Errors
    /// [`Kind::Value`] for counts below 0 that are written out.
    pub fn elements(&self, total: Option<i64>) -> Result<Expr> {
        let axis = Some(self.axis as i64);
        let total = match (&self.written, total) {
            (Some(repeats), _) => return repeat(&self.x, repeats, axis),
            (None, Some(total)) => total,
            (None, None) => return Err(Error::new(Kind::Internal, "repeats that nobody counted")),
        };
        let ends = along("cumsum", &self.counts, Some(0))?;
        let index = searchsorted(&ends, &count(total)?, true)?;
        take(&self.x, &index, axis, Outside::Raise)
    }
}

/// Whether each point of an axis stays when these go.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis; [`Kind::Index`] for a mask of another length; as an index.
pub fn kept(x: &Expr, points: &Expr, axis: Option<i64>) -> Result<Expr> {
    let (x, axis) = along_axis(x, axis)?;
    let len = x.shape()[axis];
    if points.dtype() == DType::Bool {
        if points.shape() != [len] {
            let mask = show_shape(points.shape());
            let message = format!("a mask of shape {mask} for an axis of length {len}");
            return Err(Error::new(Kind::Index, message).way_out("a mask as long as the axis"));
        }
        return map("invert", std::slice::from_ref(points));
    }
    let all = full(Scalar::from(true), Grid::automatic(&[len], 1))?;
    assign(&all, &[Item::Array(points.clone())], &Operand::Bool(false))
}

/// As [`delete`], where the points are written out.
///
/// # Errors
/// As [`delete`].
pub fn delete_written(x: &Expr, points: &Expr, axis: Option<i64>) -> Option<Result<Expr>> {
    written_points(points).map(|points| delete(x, &points, axis))
}

/// As [`insert`], before points that are an array of integers.
///
/// # Errors
/// As [`insert`]; [`Kind::Shape`] for points of more than one axis, [`Kind::DType`] for points that
/// are no integers. A point that is out of range is an error of the run.
pub fn insert_at(x: &Expr, points: &Expr, values: &Expr, axis: Option<i64>) -> Result<Expr> {
    if let Some(points) = written_points(points) {
        return insert(x, &points, values, axis);
    }
    let (x, axis) = along_axis(x, axis)?;
    let len = x.shape()[axis];
    let places = match points.shape() {
        [] => None,
        [places] => Some(*places),
        other => {
            let message = format!("insert at points of shape {}", show_shape(other));
            return Err(Error::new(Kind::Shape, message).way_out("points.ravel()"));
        }
    };
    let values = edit::spread(&x, values, axis, places)?;
    let new = values.shape()[axis];
    if new == 0 {
        return Ok(x);
    }
    let points = reshape(&whole(points, "points")?, &[places.unwrap_or(1)])?;
    let within = map(
        "bitwise_and",
        &[
            with("greater_equal", points.clone(), -len)?,
            with("less_equal", points.clone(), len)?,
        ],
    )?;
    let refusal = Refusal {
        message: format!("a point to insert at is out of range for an axis of length {len}"),
        way_out: format!("points from {} to {len}", -len),
    };
    let negative = with("less", points.clone(), 0)?;
    let points = map(
        "where",
        &[negative, with("add", points.clone(), len)?, points],
    )?;
    let points = require(&points, &reduce("all", &within, None, false)?, refusal)?;
    let points = broadcast_to(&points, &[new])?;
    // Those before equal points keep their order; each moves what is behind it by one.
    let order = along("argsort", &points, Some(0))?;
    let at = |x: &Expr, index: &Expr| take(x, index, Some(0), Outside::Raise);
    let places = map("add", &[at(&points, &order)?, count(new)?])?;
    let index = count(len + new)?;
    let before = searchsorted(&places, &index, false)?;
    let next = with("minimum", before.clone(), new - 1)?;
    let inserted = map("equal", &[at(&places, &next)?, index.clone()])?;
    let value = with("add", at(&order, &next)?, len)?;
    let old = operate("subtract", &[index.into(), before.into()])?;
    // Behind the last element nothing old is left to take.
    let old = map("minimum", &[old, constant(Scalar::from((len - 1).max(0)))?])?;
    let source = map("where", &[inserted, value, old])?;
    let both = concatenate(&[x, values], axis as i64)?;
    take(&both, &source, Some(axis as i64), Outside::Raise)
}
