//! Subscripts: integers, slices, `...`, `None` and index arrays.

use super::take::{lookup, spread};
use super::{expand_dims, slice, squeeze};
use crate::attr::Lookup;
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::region::point;
use tilewright_core::{AxisRange, DType, Error, Kind, Region, Result, Slice};

/// One item of a subscript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An integer: takes one point and drops the axis.
    Int(i64),
    /// A slice.
    Slice(Slice),
    /// `...`: full slices for the axes that the others leave.
    Ellipsis,
    /// `None`: a new axis of length 1.
    NewAxis,
    /// An array of integers: takes these points; several broadcast to each other.
    Array(Expr),
}

impl Item {
    /// Every point of an axis.
    pub fn all() -> Item {
        Item::Slice(Slice::default())
    }

    /// Whether it says what is taken of an axis.
    fn names_axis(&self) -> bool {
        matches!(self, Item::Int(_) | Item::Slice(_) | Item::Array(_))
    }

    /// Whether it counts among the index arrays, once there is one.
    fn is_advanced(&self) -> bool {
        matches!(self, Item::Int(_) | Item::Array(_))
    }
}

/// `x[items]`.
///
/// The axes of index arrays, broadcast to each other, stand where the first of them stood; first of
/// all where a slice, `...` or `None` separates them. Integers beside index arrays are index
/// arrays.
///
/// # Errors
/// [`Kind::Index`] for too many items, two `...`, an integer out of range or a step of 0;
/// [`Kind::Shape`] if index arrays do not broadcast; [`Kind::DType`] if they are no integers.
pub fn index(x: &Expr, items: &[Item]) -> Result<Expr> {
    let items = complete(x, items)?;
    let basic = basic(x, &items)?;
    let arrays: Vec<Expr> = items
        .iter()
        .filter_map(|item| match item {
            Item::Array(array) => Some(array.clone()),
            _ => None,
        })
        .collect();
    if arrays.is_empty() {
        return Ok(basic);
    }
    // What each axis of `basic` is; integers are gone.
    let kept = items.iter().filter(|item| !matches!(item, Item::Int(_)));
    let is_array: Vec<bool> = kept.map(|item| matches!(item, Item::Array(_))).collect();
    let shape: Vec<i64> = (basic.shape().iter().zip(&is_array))
        .filter(|(_, array)| !**array)
        .map(|(&len, _)| len)
        .collect();
    let at = place(&items);
    let (indices, result) = spread(&arrays, at, &shape)?;
    let common = result.len() - shape.len();
    let mut followed = 0;
    let axes: Lookup = is_array
        .iter()
        .map(|&array| {
            if array {
                return None;
            }
            followed += 1;
            let axis = followed - 1;
            Some(if axis < at { axis } else { axis + common })
        })
        .collect();
    lookup(&basic, axes, &indices)
}

/// How many axes of slices stand before those of the index arrays.
fn place(items: &[Item]) -> usize {
    let advanced = |item: &Item| item.is_advanced();
    let first = items.iter().position(advanced).unwrap_or(0);
    let last = items.iter().rposition(advanced).unwrap_or(0);
    if items[first..=last].iter().all(advanced) {
        first
    } else {
        0
    }
}

/// The items with `...` written out and full slices at the end.
fn complete(x: &Expr, items: &[Item]) -> Result<Vec<Item>> {
    let ndim = x.shape().len();
    let named = items.iter().filter(|item| item.names_axis()).count();
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
    let mut all = Vec::with_capacity(items.len() + ndim - named);
    for item in items {
        match item {
            Item::Ellipsis => all.extend((named..ndim).map(|_| Item::all())),
            other => all.push(other.clone()),
        }
    }
    if ellipses == 0 {
        all.extend((named..ndim).map(|_| Item::all()));
    }
    Ok(all)
}

/// What the items other than index arrays take; the axes of index arrays are left whole.
fn basic(x: &Expr, items: &[Item]) -> Result<Expr> {
    let (mut ranges, mut dropped, mut added) = (Vec::new(), Vec::new(), Vec::new());
    // Position in the result before integer axes are squeezed away.
    for item in items {
        let axis = ranges.len();
        match item {
            Item::NewAxis => added.push((axis - dropped.len() + added.len()) as i64),
            Item::Array(index) if index.dtype() == DType::Bool => {
                return Err(
                    Error::new(Kind::DType, "a bool array among the indices of this call")
                        .way_out("flatnonzero of it, or x[mask] where masks are taken"),
                );
            }
            Item::Ellipsis | Item::Array(_) => ranges.push(AxisRange::full(x.shape()[axis])),
            Item::Slice(written) => ranges.push(written.resolve(x.shape()[axis])?),
            Item::Int(at) => {
                let at = point(*at, x.shape()[axis], &format!("axis {axis}"))?;
                dropped.push(axis as i64);
                ranges.push(AxisRange::new(at, 1, 1));
            }
        }
    }
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
