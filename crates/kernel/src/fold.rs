//! What does a reduction keep, and how do two states merge?
//!
//! A state is one or more components of one dtype for each output element, component-major:
//! component `c` of `width` outputs lies at `c·width`. Merging is left to right along the
//! canonical tree (`tilewright_core::tree`). Absent: the tree itself.

use crate::ir::BinaryOp;
use serde::{Deserialize, Serialize};
use tilewright_core::{DType, Scalar};

/// How two values of one dtype combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FoldOp {
    /// Sum; integers wrap.
    Add,
    /// Product; integers wrap.
    Mul,
    /// The smaller; NaN wins; −0 is below +0.
    Min,
    /// The larger; NaN wins; −0 is below +0.
    Max,
    /// Bitwise and.
    And,
    /// Bitwise or.
    Or,
}

/// A monoid: what is kept for each output element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Fold {
    /// One value under one operation.
    Op(FoldOp, DType),
    /// f64 count, mean, mean_low and m2 (the sum of squared deviations from the mean).
    Moments,
    /// The sum of integers as two i64: `low + high·2^32`, `low` in `[0, 2^32)` after a merge. Of an
    /// element `x` of 64 bits, `low = x & 0xffffffff` and `high = x >> 32` (arithmetic if signed,
    /// logical if unsigned); of a narrower one, `low = x` and `high = 0`. Exact below 2^95 in
    /// magnitude: any sum of fewer than 2^31 elements.
    WideSum,
    /// The sum of integers of at most 16 bits and that of their squares as three i64: `sum`, and
    /// `low + high·2^32` as in [`Fold::WideSum`]. Exact for fewer than [`Fold::MOST_SQUARES`]
    /// elements.
    Squares,
}

/// What becomes of a finished state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Finish {
    /// Component 0.
    Value,
    /// Component 0 plus 0.0: a sum begins at 0.0, so that it is never −0.0.
    Sum,
    /// The sum of squared deviations from the mean: component `m2` of [`Fold::Moments`]; of
    /// [`Fold::Squares`] `Σx² − (Σx)²/count`, rounded once.
    SquaredDeviations {
        /// Number of elements reduced.
        count: i64,
    },
    /// The sum of [`Fold::WideSum`] divided by the number of elements, rounded once to f64.
    WideMean {
        /// Number of elements reduced; 0 gives NaN.
        count: i64,
    },
}

impl FoldOp {
    /// Whether folding an element in twice, or at another place, makes no difference.
    pub fn is_idempotent(self) -> bool {
        matches!(self, FoldOp::Min | FoldOp::Max | FoldOp::And | FoldOp::Or)
    }

    /// The value that combines to the other one, bit for bit: −0.0 for a float sum.
    pub fn identity(self, dtype: DType) -> Scalar {
        let range = dtype.integer_range();
        match (self, range) {
            (FoldOp::Add, None) => Scalar::from_f64(dtype, -0.0),
            (FoldOp::Add | FoldOp::Or, _) => Scalar::zero(dtype),
            (FoldOp::Mul, _) => Scalar::from_i128(dtype, 1),
            (FoldOp::Min, None) => Scalar::from_f64(dtype, f64::INFINITY),
            (FoldOp::Max, None) => Scalar::from_f64(dtype, f64::NEG_INFINITY),
            (FoldOp::Min, Some((_, high))) => Scalar::from_i128(dtype, high),
            (FoldOp::Max, Some((low, _))) => Scalar::from_i128(dtype, low),
            (FoldOp::And, _) if dtype == DType::Bool => true.into(),
            (FoldOp::And, _) => Scalar::from_i128(dtype, -1),
        }
    }
}

impl FoldOp {
    /// The operation on two values.
    pub fn binary(self) -> BinaryOp {
        match self {
            FoldOp::Add => BinaryOp::Add,
            FoldOp::Mul => BinaryOp::Mul,
            FoldOp::Min => BinaryOp::Min,
            FoldOp::Max => BinaryOp::Max,
            FoldOp::And => BinaryOp::And,
            FoldOp::Or => BinaryOp::Or,
        }
    }

    /// The operation on two values of a dtype (of bool, on its bytes); `None` if it has none.
    pub fn binary_on(self, dtype: DType) -> Option<BinaryOp> {
        let op = self.binary();
        match dtype {
            DType::Bool => op.on_bool(),
            _ => Some(op).filter(|op| op.takes(dtype)),
        }
    }
}

impl Fold {
    /// Elements from which [`Fold::Squares`] might wrap.
    pub const MOST_SQUARES: i64 = 1 << 47;

    /// Element type of every component.
    pub fn dtype(self) -> DType {
        match self {
            Fold::Op(_, dtype) => dtype,
            Fold::Moments => DType::F64,
            Fold::WideSum | Fold::Squares => DType::I64,
        }
    }

    /// Whether no order of combining changes a bit.
    pub fn order_free(self) -> bool {
        match self {
            Fold::Op(FoldOp::Add | FoldOp::Mul, dtype) => !dtype.is_float(),
            Fold::Op(..) | Fold::WideSum | Fold::Squares => true,
            Fold::Moments => false,
        }
    }

    /// Components of a state.
    pub fn components(self) -> usize {
        match self {
            Fold::Op(..) => 1,
            Fold::Moments => 4,
            Fold::WideSum => 2,
            Fold::Squares => 3,
        }
    }
}

impl std::fmt::Display for FoldOp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            FoldOp::Add => "add",
            FoldOp::Mul => "mul",
            FoldOp::Min => "min",
            FoldOp::Max => "max",
            FoldOp::And => "and",
            FoldOp::Or => "or",
        })
    }
}

impl std::fmt::Display for Fold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fold::Op(op, dtype) => write!(f, "{op} {dtype}"),
            Fold::Moments => f.write_str("moments"),
            Fold::WideSum => f.write_str("wide_sum"),
            Fold::Squares => f.write_str("squares"),
        }
    }
}
