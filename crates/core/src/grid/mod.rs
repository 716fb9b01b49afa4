//! Where is an axis cut into chunks?
//!
//! A grid is a set of cuts per axis: cut `c` separates element `c-1` from element `c`. It is part
//! of an expression's type: reduction trees and stored chunks follow it, nothing else does. Cuts
//! are held as a progression wherever they are one, so 10^9 chunks cost what ten do.

mod axis;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests;

pub use axis::AxisGrid;

use crate::region::ceil_div;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

/// One [`AxisGrid`] per axis.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Grid {
    /// The cuts, outermost axis first.
    pub axes: SmallVec<[AxisGrid; 4]>,
}

/// Bytes of a chunk where nobody says otherwise: large enough that a task is worth its overhead,
/// small enough that a few fit any cache hierarchy's last level.
const DEFAULT_CHUNK_BYTES: i64 = 8 << 20;

/// Bytes of a row that is not cut while another axis can be: shorter runs of memory are read at half
/// its speed, for each begins on another page.
const ROW_BYTES: i64 = 64 << 10;

impl Grid {
    /// The elements `[from, to)` of a chunk along each axis.
    pub fn bounds<'a>(&'a self, chunk: &'a [i64]) -> impl Iterator<Item = (i64, i64)> + use<'a> {
        let axes = self.axes.iter().zip(chunk);
        axes.map(|(axis, &k)| axis.bounds(k))
    }

    /// One chunk.
    pub fn whole(shape: &[i64]) -> Grid {
        Grid {
            axes: shape.iter().map(|&len| AxisGrid::whole(len)).collect(),
        }
    }

    /// Chunks of these sizes along each axis.
    pub fn regular(shape: &[i64], sizes: &[i64]) -> Grid {
        let axes = shape
            .iter()
            .zip(sizes)
            .map(|(&len, &size)| AxisGrid::regular(len, size));
        Grid {
            axes: axes.collect(),
        }
    }

    /// The grid where none is given: axes are halved, the longest first, until a chunk holds at
    /// most 8 MiB; rows of at most 64 KiB last. Follows from shape and item size alone.
    pub fn automatic(shape: &[i64], itemsize: usize) -> Grid {
        Grid::filled(vec![None; shape.len()], shape, itemsize)
    }

    /// [`Grid::automatic`] on the axes that have no grid yet, one for each length of the shape.
    pub fn filled(axes: Vec<Option<AxisGrid>>, shape: &[i64], itemsize: usize) -> Grid {
        let given = axes.iter().zip(shape);
        let mut sizes: crate::Shape = given
            .map(|(axis, &len)| axis.as_ref().map_or(len, AxisGrid::longest).max(1))
            .collect();
        let bytes = |sizes: &[i64]| {
            sizes
                .iter()
                .try_fold(itemsize as i64, |n, &size| n.checked_mul(size))
                .unwrap_or(i64::MAX)
        };
        while bytes(&sizes) > DEFAULT_CHUNK_BYTES {
            let open = |k: &usize| axes[*k].is_none() && sizes[*k] > 1;
            // The first of the longest.
            let longest =
                |among: std::ops::Range<usize>| among.rev().filter(open).max_by_key(|&k| sizes[k]);
            let short = sizes.last().is_some_and(|&row| bytes(&[row]) <= ROW_BYTES);
            let outer = longest(0..sizes.len().saturating_sub(1)).filter(|_| short);
            let Some(axis) = outer.or_else(|| longest(0..sizes.len())) else {
                break;
            };
            sizes[axis] = ceil_div(sizes[axis], 2);
        }
        let cut = |(k, axis): (usize, Option<AxisGrid>)| {
            axis.unwrap_or_else(|| AxisGrid::regular(shape[k], sizes[k]))
        };
        Grid {
            axes: axes.into_iter().enumerate().map(cut).collect(),
        }
    }

    /// Lengths of the axes.
    pub fn shape(&self) -> crate::Shape {
        self.axes.iter().map(AxisGrid::len).collect()
    }

    /// Number of chunks, saturating.
    pub fn chunks(&self) -> i64 {
        self.axes
            .iter()
            .fold(1, |n, axis| n.saturating_mul(axis.chunks()))
    }

    /// The largest chunk's lengths.
    pub fn longest(&self) -> crate::Shape {
        self.axes.iter().map(AxisGrid::longest).collect()
    }
}
