//! Calls that take arrays apart, written in slices.

use super::index::{Item, index};
use super::normalize_axes;
use crate::node::Expr;
use tilewright_core::{Error, Kind, Result, Slice};

/// Where an array is taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cuts {
    /// Into so many parts of equal length.
    Sections(i64),
    /// Into so many parts whose lengths differ by one at most, the longer ones first.
    NearlyEqual(i64),
    /// Before these points.
    Before(Vec<i64>),
}

/// The parts of an array along an axis.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis; [`Kind::Value`] for no parts, or parts that cannot be equal.
pub fn split(x: &Expr, cuts: &Cuts, axis: i64) -> Result<Vec<Expr>> {
    let axis = normalize_axes(&[axis], x.shape().len())?[0];
    let len = x.shape()[axis];
    let ends: Vec<i64> = match cuts {
        Cuts::Before(points) => points.clone(),
        Cuts::Sections(parts) | Cuts::NearlyEqual(parts) => {
            let equal = matches!(cuts, Cuts::Sections(_));
            if *parts <= 0 {
                return Err(Error::new(Kind::Value, format!("split into {parts} parts"))
                    .way_out("1 part or more"));
            }
            if equal && len % parts != 0 {
                return Err(Error::new(
                    Kind::Value,
                    format!("an axis of length {len} does not split into {parts} equal parts"),
                )
                .way_out("array_split"));
            }
            let (each, longer) = (len / parts, len % parts);
            (1..*parts).map(|k| k * each + k.min(longer)).collect()
        }
    };
    let mut parts = Vec::with_capacity(ends.len() + 1);
    let mut start = Some(0);
    for stop in ends.iter().copied().map(Some).chain([None]) {
        let mut items = vec![Item::all(); axis];
        items.push(Item::Slice(Slice {
            start,
            stop,
            step: None,
        }));
        parts.push(index(x, &items)?);
        start = stop;
    }
    Ok(parts)
}

/// The axis along which NumPy's `hsplit` (0), `vsplit` (1) and `dsplit` (2) of an array cut.
///
/// # Errors
/// [`Kind::Shape`] for an array of too few axes.
pub fn split_axis(x: &Expr, name: &str) -> Result<i64> {
    let ndim = x.shape().len();
    let (least, axis) = match name {
        "hsplit" => (1, i64::from(ndim > 1)),
        "vsplit" => (2, 0),
        _ => (3, 2),
    };
    if ndim < least {
        return Err(Error::new(
            Kind::Shape,
            format!("{name} of an array of {ndim} dimensions"),
        )
        .way_out(format!("an array of {least} axes or more")));
    }
    Ok(axis)
}

/// The parts of an array at each index of an axis, which goes.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis.
pub fn unstack(x: &Expr, axis: i64) -> Result<Vec<Expr>> {
    let axis = normalize_axes(&[axis], x.shape().len())?[0];
    let at = |k| {
        let mut items = vec![Item::all(); axis];
        items.push(Item::Int(k));
        index(x, &items)
    };
    (0..x.shape()[axis]).map(at).collect()
}
