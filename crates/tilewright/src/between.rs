//! Which arrays lie between two arrays?

use crate::operand::{arrays, combine};
use crate::{Array, Operand};
use tilewright_core::DType;
use tilewright_expr::build;

/// `num` arrays from `start` to `stop` along a new first axis, evenly apart, in the float that both have
/// or in `dtype`; without `stop` unless `endpoint`.
///
/// ```
/// use tilewright::{array, linspace_between};
///
/// let (low, high) = (array([0.0, 1.0], [2]), array([4.0, 3.0], [2]));
/// let lines = linspace_between(&low, &high, 3, true, None);
/// assert_eq!(lines.compute()?.to_vec::<f64>()?, [0.0, 1.0, 2.0, 2.0, 4.0, 3.0]);
/// # Ok::<(), tilewright::Error>(())
/// ```
///
/// # Errors
/// [`Kind::Value`](crate::Kind::Value) if `num` is negative, [`Kind::Shape`](crate::Kind::Shape) if the
/// ends do not broadcast.
#[must_use]
#[track_caller]
pub fn linspace_between(
    start: &Array,
    stop: &Array,
    num: i64,
    endpoint: bool,
    dtype: Option<DType>,
) -> Array {
    Array::join([start, stop], move |ends| {
        build::lines([&ends[0], &ends[1]], num, endpoint, dtype)
    })
}

/// `base` to the power of what [`linspace_between`] gives, in its dtype or in `dtype`. A base that is an
/// array broadcasts with the ends.
///
/// ```
/// use tilewright::{array, logspace_between};
///
/// let (low, high) = (array([0.0, 1.0], [2]), array([2.0, 3.0], [2]));
/// let lines = logspace_between(&low, &high, 3, true, 2, None);
/// assert_eq!(lines.compute()?.to_vec::<f64>()?, [1.0, 2.0, 2.0, 4.0, 4.0, 8.0]);
/// # Ok::<(), tilewright::Error>(())
/// ```
///
/// # Errors
/// As [`linspace_between`].
#[must_use]
#[track_caller]
pub fn logspace_between(
    start: &Array,
    stop: &Array,
    num: i64,
    endpoint: bool,
    base: impl Into<Operand>,
    dtype: Option<DType>,
) -> Array {
    combine(&[start.into(), stop.into(), base.into()], move |given| {
        let ends = arrays(&given[..2])?;
        build::power_lines([&ends[0], &ends[1]], num, endpoint, &given[2], dtype)
    })
}

/// `num` arrays from `start` to `stop` along a new first axis, each the one before it times the same, in
/// the float that both have or in `dtype`; without `stop` unless `endpoint`.
///
/// ```
/// use tilewright::{array, geomspace_between};
///
/// let (low, high) = (array([1.0, 16.0], [2]), array([4.0, 1.0], [2]));
/// let lines = geomspace_between(&low, &high, 2, true, None);
/// assert_eq!(lines.compute()?.to_vec::<f64>()?, [1.0, 16.0, 4.0, 1.0]);
/// # Ok::<(), tilewright::Error>(())
/// ```
///
/// # Errors
/// As [`linspace_between`]. An end that is 0 is an error of the run.
#[must_use]
#[track_caller]
pub fn geomspace_between(
    start: &Array,
    stop: &Array,
    num: i64,
    endpoint: bool,
    dtype: Option<DType>,
) -> Array {
    Array::join([start, stop], move |ends| {
        build::geometric_lines([&ends[0], &ends[1]], num, endpoint, dtype)
    })
}
