//! Which function of blocks stands in test cases?
//!
//! One that mixes every element of its blocks, and where they are, into each element that it gives:
//! no element can be missing, moved or of another block.

use std::sync::Arc;
use tilewright_core::{DType, Result, Scalar};
use tilewright_expr::Expr;
use tilewright_expr::blocks::{BlockCode, BlockFunction, BlockPlace, BlockView};
use tilewright_expr::build::{self, BlockOptions, Boundary, Made};

/// How far the blocks reach and what they become.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Elements before and after each axis.
    pub depth: Vec<(i64, i64)>,
    /// What lies beyond each axis.
    pub boundary: Vec<Boundary>,
    /// Lengths of the result's blocks.
    pub made: Vec<Made>,
}

impl Asked {
    /// What the function makes of these arrays.
    ///
    /// # Errors
    /// Those of the call.
    pub fn build(&self, arrays: &[Expr]) -> Result<Expr> {
        let options = BlockOptions {
            dtype: DType::I64,
            made: self.made.clone(),
            depth: self.depth.clone(),
            boundary: self.boundary.clone(),
            bytes: 0,
        };
        build::map_blocks(arrays, BlockFunction::new("mix", Arc::new(Mix)), &options)
    }
}

struct Mix;

impl BlockCode for Mix {
    fn run(&self, args: &[BlockView<'_>], place: &BlockPlace, out: &mut [u8]) -> Result<()> {
        let mut mixed = 0u64;
        let mut mix = |bits: u64| {
            mixed = (mixed ^ bits).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^= mixed >> 29;
        };
        let lengths = [
            &place.position,
            &place.start,
            &place.own,
            &place.before,
            &place.made,
        ];
        lengths
            .into_iter()
            .flatten()
            .for_each(|&len| mix(len as u64));
        for block in args {
            block.shape.iter().for_each(|&len| mix(len as u64));
            for element in block.bytes.chunks_exact(block.dtype.itemsize()) {
                let value = Scalar::from_bytes(block.dtype, element);
                let nan = block.dtype.is_float() && value.to_f64().is_nan();
                mix(if nan { u64::MAX } else { value.bits() });
            }
        }
        for (k, to) in out.chunks_exact_mut(8).enumerate() {
            to.copy_from_slice(&mixed.wrapping_add(k as u64).to_le_bytes());
        }
        Ok(())
    }
}
