//! Subscripts: integers, slices, `...`, `None` and index arrays.

use super::take::{known, lookup, positions, spread};
use super::{expand_dims, reshape, slice, squeeze};
use crate::attr::Followed;
use crate::node::Expr;
use tilewright_core::error::show_shape;
use tilewright_core::region::point;
use tilewright_core::{AxisRange, DType, Error, Kind, Region, Result, Slice, c_strides};

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
    /// An array of integers: takes these points; several broadcast to each other. Of bool: a mask
    /// of as many axes as it has; without axes, of a new one of length 1.
    Array(Expr),
}

impl Item {
    /// Every point of an axis.
    pub fn all() -> Item {
        Item::Slice(Slice::default())
    }

    /// Of how many axes it says what is taken.
    fn axes(&self) -> usize {
        match self {
            Item::Ellipsis | Item::NewAxis => 0,
            Item::Array(mask) if mask.dtype() == DType::Bool => mask.shape().len(),
            Item::Int(_) | Item::Slice(_) | Item::Array(_) => 1,
        }
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
    let (x, items) = complete(x, items)?;
    let basic = Basic::new(&x, &items)?.take(&x)?;
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
    let at = common_place(&items);
    let (indices, result) = spread(&arrays, at, &shape)?;
    let common = result.len() - shape.len();
    let mut followed = 0;
    let axes: Followed = is_array
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
pub(super) fn common_place(items: &[Item]) -> usize {
    let advanced = |item: &Item| item.is_advanced();
    let first = items.iter().position(advanced).unwrap_or(0);
    let last = items.iter().rposition(advanced).unwrap_or(0);
    if items[first..=last].iter().all(advanced) {
        first
    } else {
        0
    }
}

/// The array, with a new axis for each mask without axes, and the items with `...` written out, full
/// slices at the end, and the points of masks that are written out.
///
/// # Errors
/// As [`index`].
pub fn complete(x: &Expr, items: &[Item]) -> Result<(Expr, Vec<Item>)> {
    let ndim = x.shape().len();
    let named: usize = items.iter().map(Item::axes).sum();
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
    let (x, items) = widened(x, items, ndim - named)?;
    let (ndim, named) = (x.shape().len(), items.iter().map(Item::axes).sum::<usize>());
    let (mut all, mut axis) = (Vec::with_capacity(items.len() + ndim - named), 0);
    for item in &items {
        match item {
            Item::Ellipsis => {
                all.extend((named..ndim).map(|_| Item::all()));
                axis += ndim - named;
                continue;
            }
            Item::Array(mask) if mask.dtype() == DType::Bool => {
                check_mask(mask, &x.shape()[axis..], axis)?;
                match points(mask)? {
                    Some(points) => all.extend(points.into_iter().map(Item::Array)),
                    None => all.push(item.clone()),
                }
            }
            other => all.push(other.clone()),
        }
        axis += item.axes();
    }
    if ellipses == 0 {
        all.extend((named..ndim).map(|_| Item::all()));
    }
    Ok((x, all))
}

/// The array with a new axis of length 1 where a mask without axes stands, which becomes a mask of
/// that axis; `...` is of `left` axes.
fn widened(x: &Expr, items: &[Item], left: usize) -> Result<(Expr, Vec<Item>)> {
    let (mut axis, mut new, mut all) = (0, Vec::new(), Vec::with_capacity(items.len()));
    for item in items {
        let of_one = match item {
            Item::Array(mask) if item.axes() == 0 => {
                new.push(axis as i64);
                Item::Array(reshape(mask, &[1])?)
            }
            other => other.clone(),
        };
        axis += match of_one {
            Item::Ellipsis => left,
            _ => of_one.axes(),
        };
        all.push(of_one);
    }
    Ok((expand_dims(x, &new)?, all))
}

/// Where a mask is true, an array for each axis, if it is written out.
fn points(mask: &Expr) -> Result<Option<Vec<Expr>>> {
    let count = mask.elements() as usize;
    let Some(elements) = known(mask).filter(|elements| elements.len() == count) else {
        return Ok(None);
    };
    let places = (0..count as i64).filter(|&k| elements[k as usize].truth());
    let places: Vec<i64> = places.collect();
    let strides = c_strides(mask.shape());
    let along = |(&stride, &len): (&i64, &i64)| {
        positions(
            places
                .iter()
                .map(|&place| place / stride.max(1) % len.max(1)),
        )
    };
    let axes = strides.iter().zip(mask.shape()).map(along);
    axes.collect::<Result<_>>().map(Some)
}

/// What the items other than index arrays take; the axes of index arrays are left whole.
pub(super) struct Basic {
    /// What is taken of each axis.
    pub ranges: Vec<AxisRange>,
    /// Axes that integers drop.
    pub dropped: Vec<i64>,
    /// New axes, by their places in the result.
    pub added: Vec<i64>,
}

impl Basic {
    /// That of complete items.
    pub fn new(x: &Expr, items: &[Item]) -> Result<Basic> {
        let (mut ranges, mut dropped, mut added) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            let axis = ranges.len();
            match item {
                Item::NewAxis => added.push((axis - dropped.len() + added.len()) as i64),
                Item::Array(index) if index.dtype() == DType::Bool => {
                    return Err(Error::new(
                        Kind::Index,
                        "a mask beside index arrays, or where a length is needed",
                    )
                    .fact("mask", crate::print::one_line(index))
                    .way_out("one mask and no other array: x[mask], x[:, mask]"));
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
        Ok(Basic {
            ranges,
            dropped,
            added,
        })
    }

    /// The part of `x`.
    pub fn take(&self, x: &Expr) -> Result<Expr> {
        let axes = self.ranges.iter().copied().collect();
        let part = slice(x, Region { axes })?;
        let part = if self.dropped.is_empty() {
            part
        } else {
            squeeze(&part, Some(&self.dropped))?
        };
        expand_dims(&part, &self.added)
    }
}

/// Refuses a mask of other lengths than those of the axes that it is of, from `axis` on.
pub(super) fn check_mask(mask: &Expr, lengths: &[i64], axis: usize) -> Result<()> {
    let pairs = mask.shape().iter().zip(lengths);
    match pairs.enumerate().find(|(_, (mask, len))| mask != len) {
        None => Ok(()),
        Some((k, (mask_len, len))) => Err(Error::new(
            Kind::Index,
            format!(
                "a mask of shape {} for axis {} of length {len}",
                show_shape(mask.shape()),
                axis + k
            ),
        )
        .fact(
            format!("axis {}", axis + k),
            format!("{len} against {mask_len} of the mask"),
        )
        .way_out("a mask of the shape that it indexes, or of its leading axes")),
    }
}
