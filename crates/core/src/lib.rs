//! Types every room of Tilewright shares.
//!
//! | file | question |
//! |---|---|
//! | [`dtype`] | which element types are there, and how do they promote? |
//! | [`half`] | how is a number rounded to float16? |
//! | [`scalar`] | how is one element held without knowing its type at compile time? |
//! | [`region`] | which points of an axis does a slice take? |
//! | [`grid`] | where is an axis cut into chunks? |
//! | [`tree`] | in which order does a reduction combine? |
//! | [`block`] | where do elements live in memory? |
//! | `memory` | where does that memory come from? |
//! | [`error`] | what can go wrong, and how is it told? |
//! | [`uri`] | how is a URI told? |
//!
//! Absent: operators, expressions, files, threads.

pub mod block;
pub mod dtype;
pub mod error;
pub mod grid;
pub mod half;
mod memory;
pub mod region;
pub mod scalar;
pub mod tree;
pub mod uri;

pub use block::{Block, Buffer, Element};
pub use dtype::DType;
pub use error::{Error, Kind, Result};
pub use grid::{AxisGrid, Grid};
pub use memory::Spare;
pub use region::{AxisRange, Region, Slice};
pub use scalar::Scalar;

/// Lengths of an array's axes, outermost first; each is at least 0.
pub type Shape = smallvec::SmallVec<[i64; 4]>;

/// Number of elements of an array of this shape.
///
/// `None` if the product does not fit below 2^63.
pub fn element_count(shape: &[i64]) -> Option<i64> {
    // A zero anywhere makes the array empty, however long the other axes are.
    if shape.contains(&0) {
        return Some(0);
    }
    shape.iter().try_fold(1i64, |n, &len| n.checked_mul(len))
}

/// C-order strides, in elements, of a contiguous array of this shape.
pub fn c_strides(shape: &[i64]) -> Shape {
    let mut strides = Shape::from_elem(1, shape.len());
    for axis in (0..shape.len().saturating_sub(1)).rev() {
        strides[axis] = strides[axis + 1].wrapping_mul(shape[axis + 1].max(1));
    }
    strides
}
