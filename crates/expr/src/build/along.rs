//! Functions of whole rows: sorting, running sums, places in sorted arrays.

use super::index::{Item, index};
use super::take::{known, take_along_axis};
use super::{astype, broadcast_to, expand_dims, map, node, normalize_axes, reshape, squeeze};
use crate::attr::{Along, Attr};
use crate::infer::refuse_dtypes;
use crate::node::Expr;
use crate::op::{AlongRow, Family, OpId};
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Kind, Result, Scalar, Shape};

/// The function of rows with this name.
fn row(name: &str) -> Result<(OpId, &'static AlongRow)> {
    let op = OpId::named(name).ok_or_else(|| super::unknown(name))?;
    match &op.def().family {
        Family::Along(row) => Ok((op, row)),
        _ => Err(Error::new(
            Kind::Internal,
            format!("{name} is no function of rows"),
        )),
    }
}

/// An array and the axis of it that a call without one means: its elements in C order.
///
/// # Errors
/// [`Kind::Axis`] if the axis is out of range.
pub(super) fn rows_of(x: &Expr, axis: Option<i64>) -> Result<(Expr, usize)> {
    match axis {
        None => Ok((reshape(x, &[-1])?, 0)),
        Some(axis) => Ok((x.clone(), normalize_axes(&[axis], x.shape().len())?[0])),
    }
}

/// Whether a call on an array without axes names the one that an array of one element has.
pub(super) fn only_axis(x: &Expr, axis: Option<i64>) -> bool {
    x.shape().is_empty() && matches!(axis, Some(0 | -1))
}

/// The node of a function of rows.
pub(super) fn rows(name: &str, args: &[Expr], rows: Along) -> Result<Expr> {
    node(name, Attr::Along(rows), args.iter().cloned())
}

/// The function of rows `name` of one argument along `axis`, or of its elements in C order.
///
/// # Errors
/// [`Kind::Axis`] if the axis is out of range, [`Kind::DType`] if the dtype is refused.
pub fn along(name: &str, x: &Expr, axis: Option<i64>) -> Result<Expr> {
    let (op, row) = row(name)?;
    let lifts = row.lifts && only_axis(x, axis);
    let (x, axis) = rows_of(x, axis.filter(|_| !lifts))?;
    let dtype =
        (row.dtype)(x.dtype()).ok_or_else(|| refuse_dtypes(op.def(), std::slice::from_ref(&x)))?;
    let x = astype(&x, dtype.computed())?;
    let call = Along {
        axis,
        len: x.shape()[axis],
        dtype: (row.output)(x.dtype()),
        parameter: 0,
        chunked: false,
    };
    astype(&rows(name, &[x], call)?, (row.output)(dtype))
}

/// The positions along an axis that sort by the last of some keys, by the one before where it is
/// equal, and so on.
///
/// # Errors
/// [`Kind::Value`] for no keys, [`Kind::Shape`] for keys of different shapes, [`Kind::Axis`] for a
/// bad axis.
pub fn lexsort(keys: &[Expr], axis: i64) -> Result<Expr> {
    let Some((first, others)) = keys.split_first() else {
        return Err(Error::new(Kind::Value, "lexsort of no keys").way_out("a list of arrays"));
    };
    if let Some(other) = others.iter().find(|key| key.shape() != first.shape()) {
        return Err(
            Error::new(Kind::Shape, "lexsort of keys of different shapes")
                .fact("first", show_shape(first.shape()))
                .fact("other", show_shape(other.shape()))
                .way_out("keys of one shape"),
        );
    }
    // Each sort is stable, so that it keeps the order of those before it.
    let mut order = along("argsort", first, Some(axis))?;
    for key in others {
        let key = take_along_axis(key, &order, Some(axis))?;
        order = take_along_axis(&order, &along("argsort", &key, Some(axis))?, Some(axis))?;
    }
    Ok(order)
}

/// `partition` (of "sort") and `argpartition` (of "argsort"): what sorting gives, which has every
/// element where a partition wants it.
///
/// # Errors
/// [`Kind::Index`] if a `kth` is out of range where there are elements, else as [`along`].
pub fn partition(name: &str, x: &Expr, kth: &[i64], axis: Option<i64>) -> Result<Expr> {
    let (x, axis) = rows_of(x, axis)?;
    let len = x.shape()[axis];
    let beyond = kth.iter().find(|&&k| !(-len..len).contains(&k));
    if let Some(kth) = beyond.filter(|_| x.elements() > 0) {
        return Err(Error::new(
            Kind::Index,
            format!("kth {kth} is out of range for an axis of {len}"),
        )
        .way_out(format!("a kth from {} to {}", -len, len - 1)));
    }
    along(name, &x, Some(axis as i64))
}

/// The `k` largest elements (of "sort") or their positions (of "argsort") in descending order; the
/// smallest in ascending order for a negative `k`.
///
/// # Errors
/// As [`along`].
pub fn top(name: &str, x: &Expr, k: i64, axis: i64) -> Result<Expr> {
    let sorted = along(name, x, Some(axis))?;
    let axis = normalize_axes(&[axis], x.shape().len())?[0];
    let len = x.shape()[axis];
    let count = k.saturating_abs().min(len);
    let mut region = tilewright_core::Region::full(x.shape());
    region.axes[axis] = if k < 0 {
        tilewright_core::AxisRange::new(0, 1, count)
    } else {
        tilewright_core::AxisRange::new(len - 1, -1, count)
    };
    if count == 0 {
        region.axes[axis] = tilewright_core::AxisRange::new(0, 1, 0);
    }
    super::slice(&sorted, region)
}

/// As [`along`], with NaN taken as this number.
///
/// # Errors
/// As [`along`].
pub fn along_without_nan(name: &str, x: &Expr, axis: Option<i64>, instead: i64) -> Result<Expr> {
    let filled = if x.dtype().is_float() {
        let nan = map("not_equal", &[x.clone(), x.clone()])?;
        let value = super::constant(Scalar::from_i128(x.dtype(), instead.into()))?;
        map("where", &[nan, value, x.clone()])?
    } else {
        x.clone()
    };
    along(name, &filled, axis)
}

/// An array of one axis in the order of `sorter`: the positions that sort it.
///
/// # Errors
/// [`Kind::Shape`] for other than one position for each element; [`Kind::Index`] for one that is
/// known and no position, [`Kind::DType`] for positions that are no integers.
pub fn in_order(x: &Expr, sorter: &Expr) -> Result<Expr> {
    if sorter.shape() != x.shape() || x.shape().len() != 1 {
        return Err(Error::new(
            Kind::Shape,
            format!(
                "a sorter of shape {} for an array of shape {}",
                show_shape(sorter.shape()),
                show_shape(x.shape())
            ),
        )
        .way_out("argsort(a) of an array of one axis"));
    }
    let negative = |place: &Scalar| place.as_i128().is_some_and(|place| place < 0);
    if known(sorter).is_some_and(|places| places.iter().any(negative)) {
        return Err(
            Error::new(Kind::Index, "a sorter with a position below 0").way_out("argsort(a)")
        );
    }
    if !sorter.dtype().is_integer() {
        let what = format!("a sorter of {}", sorter.dtype().name());
        return Err(Error::new(Kind::DType, what).way_out("argsort(a)"));
    }
    index(x, &[Item::Array(sorter.clone())])
}

/// For every `values` the number of elements of the sorted 1-d array `sorted` below it, with
/// `right` also of those equal to it.
///
/// # Errors
/// [`Kind::Shape`] if `sorted` has not one axis.
pub fn searchsorted(sorted: &Expr, values: &Expr, right: bool) -> Result<Expr> {
    let [len] = *sorted.shape() else {
        return Err(Error::new(
            Kind::Shape,
            format!("searchsorted in an array of {} axes", sorted.shape().len()),
        )
        .way_out("a sorted array of one axis"));
    };
    let dtype = DType::promote(sorted.dtype(), values.dtype()).computed();
    // An array without axes is searched for as one of one element.
    let scalar = values.shape().is_empty();
    let each = if scalar {
        expand_dims(values, &[0])?
    } else {
        values.clone()
    };
    let axis = each.shape().len() - 1;
    let mut shape = Shape::from_slice(each.shape());
    let call = Along {
        axis,
        len: shape[axis],
        dtype: DType::I64,
        parameter: right.into(),
        chunked: false,
    };
    shape[axis] = len;
    let table = broadcast_to(&astype(sorted, dtype)?, &shape)?;
    let found = rows("searchsorted", &[table, astype(&each, dtype)?], call)?;
    if scalar {
        squeeze(&found, None)
    } else {
        Ok(found)
    }
}
