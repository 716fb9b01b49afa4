//! What do lanes accumulate of a reduced value?
//!
//! The components of its fold that one element alone makes. Absent: the lanes.

use tilewright_core::dtype::Class;
use tilewright_core::{DType, Scalar};
use tilewright_kernel::ir::BinaryOp;
use tilewright_kernel::{Fold, LaneOp};

/// How many components of a leaf lanes accumulate, given the dtype of what is reduced.
pub fn accumulated(fold: Fold, value: DType) -> usize {
    match fold {
        Fold::Moments => 0,
        Fold::Op(..) => 1,
        Fold::WideSum if value.itemsize() < 8 => 1,
        Fold::WideSum | Fold::Squares => 2,
    }
}

/// The component values that the lanes accumulate, built from the reduced value.
pub fn components(fold: Fold, a: u32, dtype: DType, ops: &mut Vec<LaneOp>) -> Vec<u32> {
    let mut push = |op: LaneOp| {
        ops.push(op);
        ops.len() as u32 - 1
    };
    let binary = |op, dtype, a, b| LaneOp::Binary { op, dtype, a, b };
    let widened = |from, a| LaneOp::Cast {
        from,
        to: DType::I64,
        a,
    };
    match fold {
        Fold::WideSum if dtype.itemsize() == 8 => {
            let mask = push(LaneOp::Const(Scalar::from_i128(dtype, 0xffff_ffff)));
            let low = push(binary(BinaryOp::And, dtype, a, mask));
            let half = push(LaneOp::Const(Scalar::from_i128(dtype, 32)));
            let high = push(binary(BinaryOp::Shr, dtype, a, half));
            [low, high].map(|part| push(widened(dtype, part))).to_vec()
        }
        Fold::WideSum => vec![push(widened(dtype, a))],
        Fold::Squares => {
            // Squares of 16 bits have 32, with a sign or without.
            let to = match dtype.class() {
                Class::Signed => DType::I32,
                _ => DType::U32,
            };
            let word = push(LaneOp::Cast { from: dtype, to, a });
            let square = push(binary(BinaryOp::Mul, to, word, word));
            [word, square].map(|part| push(widened(to, part))).to_vec()
        }
        Fold::Op(..) | Fold::Moments => vec![a],
    }
}
