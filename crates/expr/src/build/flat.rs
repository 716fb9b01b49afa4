//! How do positions in C order and an index for each axis turn into each other?

use super::take::{Outside, bounded, known};
use super::{Operand, astype, constant, iota, map, operate, reduce, require, reshape};
use crate::node::Expr;
use tilewright_core::error::{Refusal, show_shape};
use tilewright_core::{DType, Error, Grid, Kind, Result, Shape, c_strides, element_count};

/// How far neighbours of each axis lie apart; with `first_fastest` the first axis runs fastest.
fn strides(shape: &[i64], first_fastest: bool) -> Shape {
    if !first_fastest {
        return c_strides(shape);
    }
    let reversed: Shape = shape.iter().rev().copied().collect();
    c_strides(&reversed).into_iter().rev().collect()
}

fn count(name: &str, shape: &[i64]) -> Result<i64> {
    let fits = shape.iter().all(|&len| len >= 0);
    element_count(shape).filter(|_| fits).ok_or_else(|| {
        Error::new(
            Kind::Shape,
            format!("{name} of shape {}", show_shape(shape)),
        )
        .way_out("lengths of 0 or more with a product below 2^63")
    })
}

/// Indices of i64; floats are refused.
fn integers(name: &str, x: &Expr) -> Result<Expr> {
    match x.dtype() {
        dtype if !dtype.is_float() => astype(x, DType::I64),
        dtype => Err(Error::new(
            Kind::DType,
            format!("{name} of indices of {}", dtype.name()),
        )
        .way_out("integers")),
    }
}

/// The indices, all within `0..len`: an error at once where they are written out, else of the run.
fn within(name: &str, x: &Expr, len: i64) -> Result<Expr> {
    let message = format!("{name}: an index lies outside 0 to {}", len - 1);
    let way_out = "smaller indices, or mode=\"wrap\" or \"clip\"";
    if let Some(values) = known(x) {
        let inside = |value: i128| (0..i128::from(len)).contains(&value);
        return match values.iter().all(|v| v.as_i128().is_some_and(inside)) {
            true => Ok(x.clone()),
            false => Err(Error::new(Kind::Value, message).way_out(way_out)),
        };
    }
    let low = operate("greater_equal", &[x.clone().into(), Operand::Int(0)])?;
    let high = operate("less", &[x.clone().into(), Operand::Int(len.into())])?;
    let all = reduce("all", &map("bitwise_and", &[low, high])?, None, false)?;
    let way_out = way_out.to_owned();
    require(x, &all, Refusal { message, way_out })
}

/// The positions of elements of an array of this shape, given an index for each axis, with a rule
/// for each axis for those that lie outside.
///
/// # Errors
/// [`Kind::Shape`] for other than one index array and one rule for each axis, or a shape that has no
/// such array; [`Kind::DType`] for indices that are no integers; [`Kind::Value`] for one that lies
/// outside, when it is computed if it is not written out.
pub fn ravel_multi_index(
    indices: &[Expr],
    shape: &[i64],
    outside: &[Outside],
    first_fastest: bool,
) -> Result<Expr> {
    const NAME: &str = "ravel_multi_index";
    count(NAME, shape)?;
    if indices.len() != shape.len() || outside.len() != shape.len() || shape.is_empty() {
        let message = format!("{} index arrays for {} axes", indices.len(), shape.len());
        return Err(Error::new(Kind::Shape, message).way_out("one for each axis"));
    }
    let mut total: Option<Expr> = None;
    let axes = shape.iter().zip(strides(shape, first_fastest)).zip(outside);
    for (index, ((&len, stride), outside)) in indices.iter().zip(axes) {
        let index = integers(NAME, index)?;
        let index = match outside {
            Outside::Raise => within(NAME, &index, len)?,
            _ if len == 0 && index.elements() > 0 => {
                let message = format!("{NAME}: an index for an axis of length 0");
                return Err(Error::new(Kind::Value, message).way_out("an axis that is not empty"));
            }
            outside => bounded(&index, len, *outside)?,
        };
        let term = operate("multiply", &[index.into(), Operand::Int(stride.into())])?;
        total = Some(match total {
            None => term,
            Some(total) => map("add", &[total, term])?,
        });
    }
    total.ok_or_else(|| Error::new(Kind::Internal, "positions of no axes"))
}

/// An index for each axis of an array of this shape, given positions in it.
///
/// # Errors
/// As [`ravel_multi_index`].
pub fn unravel_index(positions: &Expr, shape: &[i64], first_fastest: bool) -> Result<Vec<Expr>> {
    const NAME: &str = "unravel_index";
    let all = count(NAME, shape)?;
    let positions = within(NAME, &integers(NAME, positions)?, all)?;
    let with = |name: &str, x: Expr, number: i64| map(name, &[x, constant(number.into())?]);
    let axes = shape.iter().zip(strides(shape, first_fastest));
    axes.map(|(&len, stride)| {
        let line = with("floor_divide", positions.clone(), stride.max(1))?;
        with("remainder", line, len.max(1))
    })
    .collect()
}

/// The index along each axis of an array of this grid, i64; with `sparse` each of one long axis.
///
/// # Errors
/// None for a valid grid.
pub fn indices(grid: &Grid, sparse: bool) -> Result<Vec<Expr>> {
    let ndim = grid.axes.len();
    let along = |axis: usize| {
        if !sparse {
            return iota(axis, grid.clone());
        }
        let line = Grid {
            axes: [grid.axes[axis].clone()].into_iter().collect(),
        };
        let mut shape = vec![1; ndim];
        shape[axis] = grid.axes[axis].len();
        reshape(&iota(0, line)?, &shape)
    };
    (0..ndim).map(along).collect()
}
