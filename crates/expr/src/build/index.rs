//! Subscripts: integers, slices, `...` and `None`.

use super::{expand_dims, slice, squeeze};
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::{AxisRange, Error, Kind, Region, Result, Slice};

/// One item of a subscript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// An integer: takes one point and drops the axis.
    Int(i64),
    /// A slice.
    Slice(Slice),
    /// `...`: full slices for the axes that the others leave.
    Ellipsis,
    /// `None`: a new axis of length 1.
    NewAxis,
}

/// `x[items]`.
///
/// # Errors
/// [`Kind::Index`] for too many items, two `...`, an integer out of range or a step of 0.
pub fn index(x: &Expr, items: &[Item]) -> Result<Expr> {
    let ndim = x.shape().len();
    let named = items
        .iter()
        .filter(|i| matches!(i, Item::Int(_) | Item::Slice(_)))
        .count();
    let ellipses = items.iter().filter(|i| matches!(i, Item::Ellipsis)).count();
    if named > ndim {
        return Err(Error::new(
            Kind::Index,
            format!("{named} indices for an array of {ndim} dimensions"),
        )
        .fact("x", show_shape(x.shape()))
        .way_out("fewer indices, or None for new axes"));
    }
    if ellipses > 1 {
        return Err(Error::new(Kind::Index, "an index holds `...` twice").way_out("one `...`"));
    }
    let (mut ranges, mut dropped, mut added) = (Vec::new(), Vec::new(), Vec::new());
    // Position in the result before integer axes are squeezed away.
    for item in items {
        let axis = ranges.len();
        match item {
            Item::NewAxis => added.push((axis - dropped.len() + added.len()) as i64),
            Item::Ellipsis => {
                ranges.extend((axis..axis + ndim - named).map(|a| AxisRange::full(x.shape()[a])));
            }
            Item::Slice(written) => ranges.push(written.resolve(x.shape()[axis])?),
            Item::Int(at) => {
                let len = x.shape()[axis];
                let point = if *at < 0 { at.saturating_add(len) } else { *at };
                if !(0..len).contains(&point) {
                    return Err(Error::new(
                        Kind::Index,
                        format!("index {at} is out of range for axis {axis} of length {len}"),
                    )
                    .way_out(if len == 0 {
                        "an axis that is not empty".to_owned()
                    } else {
                        format!("an index from {} to {}", -len, len - 1)
                    }));
                }
                dropped.push(axis as i64);
                ranges.push(AxisRange::new(point, 1, 1));
            }
        }
    }
    ranges.extend((ranges.len()..ndim).map(|axis| AxisRange::full(x.shape()[axis])));
    let part = slice(
        x,
        Region {
            axes: ranges.into(),
        },
    )?;
    let part = if dropped.is_empty() {
        part
    } else {
        squeeze(&part, Some(&dropped))?
    };
    expand_dims(&part, &added)
}
