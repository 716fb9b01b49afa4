//! Calls that look elements up by index arrays.

use super::index::{Item, index};
use super::{
    array, astype, broadcast_shapes, broadcast_to, constant, expand_dims, map, node,
    normalize_axes, ravel, reshape, transpose,
};
use crate::attr::{Attr, Followed, Leaf, LeafKind, Lookup};
use crate::node::Expr;
use crate::op::{Family, MoveKind};
use crate::{reference, walk};
use std::sync::Arc;
use tilewright_core::error::{Refusal, show_shape};
use tilewright_core::region::point;
use tilewright_core::{DType, Error, Grid, Kind, Result, Scalar, Shape};

/// What becomes of an index that lies outside its axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outside {
    /// It is refused.
    #[default]
    Raise,
    /// It is taken modulo the length of the axis.
    Wrap,
    /// It becomes the nearest end; negative ones do not count from the end.
    Clip,
}

/// The elements at `indices`, all of the shape of the result; `how` says for each axis of `x` which
/// axis of the result it follows, or `None` for the next of `indices`.
///
/// # Errors
/// [`Kind::Index`] for an index that is known and out of range; [`Kind::DType`] if indices are no
/// integers.
pub fn lookup(x: &Expr, how: impl Into<Lookup>, indices: &[Expr]) -> Result<Expr> {
    let how = how.into();
    let looked_up = (0..how.axes.len()).filter(|&axis| how.axes[axis].is_none());
    for (axis, index) in looked_up.zip(indices) {
        check(index, x.shape()[axis], &format!("axis {axis}"))?;
    }
    let indices = indices.iter().map(as_index).collect::<Result<Vec<_>>>()?;
    let args = [x.clone()].into_iter().chain(indices);
    node("take", Attr::Lookup(how), args)
}

/// `x`, if a condition without axes holds when it is computed; else an error, this one.
///
/// # Errors
/// None for valid expressions.
pub fn require(x: &Expr, condition: &Expr, refusal: Refusal) -> Result<Expr> {
    let number = |value: i64| constant(value.into());
    let index = map("where", &[condition.clone(), number(0)?, number(1)?])?;
    let index = broadcast_to(&index, x.shape())?;
    let kept = (0..x.shape().len()).map(Some);
    let how = Lookup {
        axes: [None].into_iter().chain(kept).collect(),
        refusal: Some(Arc::new(refusal)),
    };
    lookup(&expand_dims(x, &[0])?, how, &[index])
}

/// Refuses indices that are written out and lie outside.
fn check(index: &Expr, len: i64, which: &str) -> Result<()> {
    known(index)
        .unwrap_or_default()
        .iter()
        .try_for_each(|value| match value.as_i128().map(i64::try_from) {
            Some(Ok(value)) => point(value, len, which).map(|_| ()),
            Some(Err(_)) => point(i64::MAX, len, which).map(|_| ()),
            None => Ok(()),
        })
}

/// Elements that [`written`] gives at most.
const MOST_WRITTEN: i64 = 4_096;

/// Nodes that [`written`] looks at at most.
const MOST_NODES: usize = 64;

/// The elements of an array in C order, if they follow from numbers that are written out: nothing is
/// read or drawn, and none of the arrays on the way is large.
pub fn written(x: &Expr) -> Option<Vec<Scalar>> {
    let nodes = walk::postorder(std::slice::from_ref(x));
    let small = nodes.iter().all(|node| {
        let made = matches!(
            &node.op().family,
            Family::Map(_)
                | Family::Move(_)
                | Family::Reduce(_)
                | Family::Along(_)
                | Family::Create
        );
        made && node.elements() <= MOST_WRITTEN
    });
    if !small || nodes.len() > MOST_NODES {
        return None;
    }
    let none = |_: &Leaf| Err(Error::new(Kind::Internal, "nothing is read here"));
    let block = reference::evaluate(std::slice::from_ref(x), &none)
        .ok()?
        .pop()?;
    (0..block.len()).map(|k| block.get(k)).collect()
}

/// The elements of an array that is written out, whatever its shape was made.
pub fn known(x: &Expr) -> Option<Arc<[Scalar]>> {
    match (&x.op().family, x.attr()) {
        (Family::Create, Attr::Leaf(leaf)) => match &leaf.kind {
            LeafKind::Literal(elements) if leaf.at.is_full(&leaf.whole) => Some(elements.clone()),
            LeafKind::Full(value) => Some([*value].into()),
            _ => None,
        },
        (Family::Move(MoveKind::Broadcast | MoveKind::ExpandDims | MoveKind::Reshape), _) => {
            known(x.args().first()?)
        }
        (Family::Map(row), Attr::DType(to)) if x.args().len() == 1 => {
            let elements = known(x.args().first()?)?;
            Some(elements.iter().map(|e| (row.eval)(&[*e], *to)).collect())
        }
        _ => None,
    }
}

/// Indices as i64; what lies above it stays out of range.
fn as_index(index: &Expr) -> Result<Expr> {
    match index.dtype() {
        DType::U64 => {
            let most = constant(Scalar::from_i128(DType::U64, i128::from(i64::MAX)))?;
            astype(&map("minimum", &[index.clone(), most])?, DType::I64)
        }
        dtype if dtype.is_integer() => astype(index, DType::I64),
        // NumPy's empty list is one of floats, and an index all the same.
        _ if index.elements() == 0 && index.dtype() != DType::Bool => astype(index, DType::I64),
        dtype => Err(
            Error::new(Kind::DType, format!("indices of {}", dtype.name()))
                .way_out("integers, or a bool array of the shape that it indexes"),
        ),
    }
}

/// Indices of i64 under a rule for those that lie outside an axis of this length.
pub(super) fn bounded(indices: &Expr, len: i64, outside: Outside) -> Result<Expr> {
    let number = |value: i64| constant(value.into());
    if outside == Outside::Raise || len == 0 {
        return Ok(indices.clone());
    }
    match outside {
        Outside::Wrap => map("remainder", &[indices.clone(), number(len)?]),
        _ => {
            let above = map("maximum", &[indices.clone(), number(0)?])?;
            map("minimum", &[above, number(len - 1)?])
        }
    }
}

/// `indices`, of any shape, along one axis, whose place their axes take; along the array in C
/// order without an axis.
///
/// # Errors
/// [`Kind::Axis`] for a bad axis, [`Kind::Index`] for an index that is known and out of range.
pub fn take(x: &Expr, indices: &Expr, axis: Option<i64>, outside: Outside) -> Result<Expr> {
    let Some(axis) = axis else {
        return take(&ravel(x)?, indices, Some(0), outside);
    };
    let x = &with_axis(x)?;
    let axis = normalize_axes(&[axis], x.shape().len())?[0];
    // NumPy takes truths for 0 and 1 here, and for a mask between brackets alone.
    let indices = match indices.dtype() {
        DType::Bool => astype(indices, DType::I64)?,
        _ => as_index(indices)?,
    };
    // Computed ones too, and where nothing comes of them.
    let (before, from) = x.shape().split_at(axis);
    if outside == Outside::Raise && from[0] == 0 && indices.elements() > 0 && !before.contains(&0) {
        return Err(Error::new(Kind::Index, "elements of an axis of length 0")
            .way_out("an axis that is not empty, or no indices"));
    }
    let indices = bounded(&indices, x.shape()[axis], outside)?;
    let mut items: Vec<Item> = vec![Item::Slice(Default::default()); axis];
    items.push(Item::Array(indices));
    index(x, &items)
}

/// The array; one without axes as one of one element, as NumPy takes it here.
pub(super) fn with_axis(x: &Expr) -> Result<Expr> {
    match x.shape() {
        [] => ravel(x),
        _ => Ok(x.clone()),
    }
}

/// For each line of `x` along an axis, the elements at that line's indices.
///
/// # Errors
/// [`Kind::Shape`] if the numbers of axes differ or the other axes do not broadcast;
/// [`Kind::Index`] for an index that is known and out of range.
pub fn take_along_axis(x: &Expr, indices: &Expr, axis: Option<i64>) -> Result<Expr> {
    let Some(axis) = axis else {
        if indices.shape().len() != 1 {
            return Err(Error::new(
                Kind::Shape,
                format!(
                    "take_along_axis without an axis, of indices {}",
                    show_shape(indices.shape())
                ),
            )
            .way_out("indices of one axis"));
        }
        return take_along_axis(&ravel(x)?, indices, Some(0));
    };
    let axis = normalize_axes(&[axis], x.shape().len())?[0];
    if indices.shape().len() != x.shape().len() {
        return Err(Error::new(
            Kind::Shape,
            format!(
                "take_along_axis of shapes {} and {}",
                show_shape(x.shape()),
                show_shape(indices.shape())
            ),
        )
        .way_out("as many axes of indices as of the array"));
    }
    // The other axes broadcast; the one looked up has each its own length.
    let line = |y: &Expr| {
        let mut items = vec![Item::Slice(Default::default()); axis];
        items.push(Item::Slice(tilewright_core::Slice {
            stop: Some(1),
            ..Default::default()
        }));
        index(y, &items)
    };
    let mut shape = if x.shape()[axis] > 0 && indices.shape()[axis] > 0 {
        broadcast_shapes("take_along_axis", &[line(x)?, line(indices)?])?
    } else {
        Shape::from_slice(indices.shape())
    };
    shape[axis] = x.shape()[axis];
    let x = broadcast_to(x, &shape)?;
    shape[axis] = indices.shape()[axis];
    let indices = broadcast_to(indices, &shape)?;
    let axes: Followed = (0..shape.len()).map(|k| (k != axis).then_some(k)).collect();
    lookup(&x, axes, &[indices])
}

/// Each axis that has indices, of one axis, taken by them, whatever the others are.
///
/// # Errors
/// As [`lookup`].
pub fn outer(x: &Expr, indices: &[Option<Expr>]) -> Result<Expr> {
    let lens = x.shape().iter().zip(indices);
    let shape: Shape = lens
        .map(|(&len, index)| index.as_ref().map_or(len, Expr::elements))
        .collect();
    let place = |(axis, index): (usize, &Option<Expr>)| {
        let others: Vec<i64> = (0..shape.len())
            .filter(|&k| k != axis)
            .map(|k| k as i64)
            .collect();
        let index = expand_dims(index.as_ref()?, &others);
        Some(index.and_then(|index| broadcast_to(&index, &shape)))
    };
    let placed: Vec<Expr> = (indices.iter().enumerate())
        .filter_map(place)
        .collect::<Result<_>>()?;
    if placed.is_empty() {
        return Ok(x.clone());
    }
    let axes = indices.iter().enumerate();
    let axes = axes.map(|(axis, index)| index.is_none().then_some(axis));
    lookup(x, axes.collect::<Followed>(), &placed)
}

/// Index arrays broadcast to each other and stood at place `at` of a result of this shape.
pub(super) fn spread(indices: &[Expr], at: usize, basic: &[i64]) -> Result<(Vec<Expr>, Shape)> {
    let common = broadcast_shapes("an index", indices)?;
    let shape: Shape = (basic[..at].iter().chain(&common).chain(&basic[at..]))
        .copied()
        .collect();
    let behind = (basic.len() - at) as i64;
    let place = |index: &Expr| {
        let ndim = index.shape().len() as i64;
        let new: Vec<i64> = (ndim..ndim + behind).collect();
        broadcast_to(&expand_dims(index, &new)?, &shape)
    };
    let placed = indices.iter().map(place).collect::<Result<_>>()?;
    Ok((placed, shape))
}

/// A list of positions as an index array.
///
/// # Errors
/// None.
pub fn positions(list: impl IntoIterator<Item = i64>) -> Result<Expr> {
    let list: Vec<Scalar> = list.into_iter().map(Scalar::from).collect();
    let len = list.len() as i64;
    array(list, DType::I64, Grid::whole(&[len]))
}

/// The elements where two axes have the same index, `offset` above the main diagonal, along a new
/// last axis.
///
/// # Errors
/// [`Kind::Axis`] for bad or equal axes, [`Kind::Shape`] for fewer than two.
pub fn diagonal(x: &Expr, offset: i64, axis1: i64, axis2: i64) -> Result<Expr> {
    let ndim = x.shape().len();
    if ndim < 2 {
        return Err(Error::new(
            Kind::Shape,
            format!("the diagonal of an array of {ndim} dimensions"),
        )
        .way_out("an array of two axes or more; diag makes one of a vector"));
    }
    let pair = normalize_axes(&[axis1, axis2], ndim)?;
    let (rows, columns) = (x.shape()[pair[0]], x.shape()[pair[1]]);
    let (down, right) = (offset.saturating_neg().max(0), offset.max(0));
    let len = (rows - down).min(columns - right).max(0);
    let order: Vec<i64> = (0..ndim)
        .filter(|axis| !pair.contains(axis))
        .chain(pair.iter().copied())
        .map(|axis| axis as i64)
        .collect();
    let x = transpose(x, Some(&order))?;
    let along = |from: i64| {
        let line = super::iota(0, Grid::automatic(&[len], 8))?;
        super::operate("add", &[line.into(), super::Operand::Int(i128::from(from))])
    };
    let mut items = vec![Item::Slice(Default::default()); ndim - 2];
    items.extend([Item::Array(along(down)?), Item::Array(along(right)?)]);
    if len == 0 {
        let mut shape = Shape::from_slice(&x.shape()[..ndim - 2]);
        shape.push(0);
        return empty_like(&x, &shape);
    }
    index(&x, &items)
}

/// No elements, in this shape.
fn empty_like(x: &Expr, shape: &[i64]) -> Result<Expr> {
    let none: Vec<Item> = x
        .shape()
        .iter()
        .map(|_| {
            Item::Slice(tilewright_core::Slice {
                stop: Some(0),
                ..Default::default()
            })
        })
        .collect();
    reshape(&index(x, &none)?, shape)
}
