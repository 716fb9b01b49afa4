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

impl Grid {
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
    /// most 8 MiB; follows from shape and item size alone.
    pub fn automatic(shape: &[i64], itemsize: usize) -> Grid {
        let mut sizes: crate::Shape = shape.iter().map(|&len| len.max(1)).collect();
        loop {
            let bytes = sizes
                .iter()
                .try_fold(itemsize as i64, |n, &size| n.checked_mul(size))
                .unwrap_or(i64::MAX);
            if bytes <= DEFAULT_CHUNK_BYTES {
                return Grid::regular(shape, &sizes);
            }
            // The first of the longest axes, so that rows stay contiguous.
            let mut longest = 0;
            for axis in 1..sizes.len() {
                if sizes[axis] > sizes[longest] {
                    longest = axis;
                }
            }
            sizes[longest] = ceil_div(sizes[longest], 2);
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
