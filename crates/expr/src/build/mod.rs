//! How does NumPy's call become nodes in normal form?
//!
//! Functions with NumPy's names and arguments; they broadcast, promote, normalise axes and
//! indices, and give [`Expr`]s or the error a user should see. Absent: operator overloading,
//! sessions, parsing.

pub mod agreement;
pub mod along;
pub mod arguments;
pub mod assign;
pub mod bins;
pub mod blocks;
pub mod chance;
pub mod coarse;
pub mod covariance;
pub mod create;
pub mod curves;
pub mod differences;
pub mod edit;
pub mod einsum;
pub mod elementwise;
pub mod flat;
pub mod histogram;
pub mod hold;
pub mod index;
pub mod join;
pub mod laws;
pub mod masked;
mod moments;
pub mod moves;
pub mod pad;
pub mod parts;
pub mod places;
pub mod points;
pub mod products;
pub mod quantile;
pub mod random;
pub mod reduction;
pub mod repeat;
mod rounding;
mod sample;
pub mod select;
pub mod sets;
pub mod shape;
pub mod singular;
pub mod slide;
pub mod spaces;
pub mod split;
mod stone;
pub mod summary;
pub mod take;
pub mod triangle;
pub mod unique;
pub mod vectors;
pub mod weighted;
pub mod windows;

pub use agreement::{allclose, array_equal, array_equiv};
pub use along::{along, along_without_nan, in_order, lexsort, partition, searchsorted, top};
pub use arguments::argument;
pub use assign::assign;
pub use blocks::{BlockOptions, Boundary, Made, map_blocks};
pub use chance::{choice, dirichlet, multinomial, permutation};
pub use coarse::coarse;
pub use covariance::{Covariance, corrcoef, cov};
pub use create::{arange, array, constant, eye, full, gap, iota, linspace, read};
pub use curves::{Ends, interp, interp_periodic, trapezoid, trapezoid_at};
pub use differences::{diff, ediff1d, gradient, unwrap};
pub use edit::{Points, delete, insert};
pub use einsum::einsum;
pub(crate) use elementwise::{Beyond, alone, resolve};
pub use elementwise::{Operand, astype, compose, loop_dtypes, map, operate, power};
pub use flat::{indices, ravel_multi_index, unravel_index};
pub use histogram::{Bins, digitize, histogram, histogram2d};
pub use hold::hold;
pub use index::{Item, index};
pub use join::{Blocks, append, block, column_stack, dstack, hstack, vstack};
pub use laws::Law;
pub use masked::{Reduction, fold};
pub use moves::{
    broadcast_shapes, broadcast_to, concatenate, expand_dims, rechunk, reshape, slice, squeeze,
    stack, transpose,
};
pub use pad::{Pad, pad};
pub use parts::{choose, divmod, frexp, modf, piecewise, select};
pub use places::{argwhere, compress, elements, flat_places, places, truth};
pub use points::{Repeated, delete_written, insert_at, kept};
pub use products::{dot, inner, kron, matmul, outer, tensordot, tensordot_last, vdot};
pub use quantile::{median, quantile, quantile_at};
pub use random::{integers, normal, uniform};
pub use reduction::{reduce, reduce_axes, statistic};
pub use repeat::{Repeats, repeat, resize, roll, tile};
pub use rounding::round;
pub use select::{Folded, Selection, count};
pub use sets::{isin, unpaired};
pub use shape::{atleast, broadcast_arrays, flip, moveaxis, ravel, rollaxis, rot90, swapaxes};
pub use singular::svdvals;
pub use slide::{Overlap, convolve, correlate};
pub use spaces::{geometric_lines, geomspace, lines, logspace, meshgrid, power_lines, tri, vander};
pub use split::{Cuts, split, split_axis, unstack};
pub use summary::{Order, average, count_nonzero, moment, norm, ptp, trace};
pub use take::{Outside, diagonal, lookup, require, take, take_along_axis};
pub use triangle::{Triangle, diag, fill_diagonal, triangle_indices, tril, triu};
pub use unique::Unique;
pub use vectors::{CrossAxes, cross, matvec, vecdot, vecmat};
pub use weighted::weighted_quantile;
pub use windows::sliding_window_view;

use crate::attr::Attr;
use crate::node::{Args, Expr};
use crate::op::OpId;
use tilewright_core::{Error, Kind, Result};

/// The node of a named operator.
fn node(name: &str, attr: Attr, args: impl IntoIterator<Item = Expr>) -> Result<Expr> {
    let op = OpId::named(name).ok_or_else(|| unknown(name))?;
    Expr::new(op, attr, args.into_iter().collect::<Args>())
}

fn unknown(name: &str) -> Error {
    Error::new(Kind::Parse, format!("there is no operator {name}"))
        .way_out("a name of `tilewright ops`")
}

/// Axis numbers from 0, negative ones counted from the end; each once.
///
/// # Errors
/// [`Kind::Axis`] if one is out of range or named twice.
pub fn normalize_axes(axes: &[i64], ndim: usize) -> Result<crate::attr::Axes> {
    let mut out = crate::attr::Axes::new();
    for &axis in axes {
        let positive = if axis < 0 { axis + ndim as i64 } else { axis };
        if !(0..ndim as i64).contains(&positive) {
            return Err(Error::new(
                Kind::Axis,
                format!("axis {axis} is out of range for an array of {ndim} dimensions"),
            )
            .way_out(if ndim == 0 {
                "no axis: the array has none".to_owned()
            } else {
                format!("an axis from {} to {}", -(ndim as i64), ndim - 1)
            }));
        }
        if out.contains(&(positive as usize)) {
            return Err(
                Error::new(Kind::Axis, format!("axis {axis} is named twice"))
                    .way_out("each axis once"),
            );
        }
        out.push(positive as usize);
    }
    Ok(out)
}
