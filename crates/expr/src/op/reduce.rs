//! Rows: reductions. Means and variances are built on these in `statistics`.

use super::{Doc, Family, OpDef, ReduceRow};
use tilewright_core::dtype::Class;
use tilewright_core::{DType, Scalar};
use tilewright_kernel::fold::Finish;
use tilewright_kernel::{Fold, FoldOp};

/// NumPy's accumulator of sums and products: integers widen to 64 bits, floats stay.
pub(super) fn widen(dtype: DType) -> Option<DType> {
    Some(match dtype.class() {
        Class::Bool | Class::Signed => DType::I64,
        Class::Unsigned => DType::U64,
        Class::Float => dtype,
    })
}

fn keep(dtype: DType) -> Option<DType> {
    Some(dtype)
}

fn truth(_: DType) -> Option<DType> {
    Some(DType::Bool)
}

fn same(dtype: DType) -> DType {
    dtype
}

fn value(_: i64) -> Finish {
    Finish::Value
}

fn refuse(_: DType) -> Option<Scalar> {
    None
}

/// Sum.
pub static SUM: OpDef = OpDef {
    name: "sum",
    family: Family::Reduce(ReduceRow {
        accumulator: widen,
        fold: |dtype| Fold::Op(FoldOp::Add, dtype),
        finish: |_| Finish::Sum,
        output: same,
        empty: |dtype| Some(Scalar::zero(dtype)),
    }),
    params: &["x"],
    options: &["axis", "dtype", "keepdims", "initial", "where"],
    doc: Doc {
        formula: "sum of x along the axes",
        edges: "empty gives 0, and no sum is -0.0; integers widen to 64 bits and wrap; float error at most γ_d·Σ|x| with the canonical tree's depth d",
        source: "NumPy 2 sum; Higham 2002 §4.2",
    },
};

/// Product.
pub static PROD: OpDef = OpDef {
    name: "prod",
    family: Family::Reduce(ReduceRow {
        accumulator: widen,
        fold: |dtype| Fold::Op(FoldOp::Mul, dtype),
        finish: value,
        output: same,
        empty: |dtype| Some(Scalar::from_i128(dtype, 1)),
    }),
    params: &["x"],
    options: &["axis", "dtype", "keepdims", "initial", "where"],
    doc: Doc {
        formula: "product of x along the axes",
        edges: "empty gives 1; integers widen to 64 bits and wrap",
        source: "NumPy 2 prod",
    },
};

/// Minimum.
pub static MIN: OpDef = OpDef {
    name: "min",
    family: Family::Reduce(ReduceRow {
        accumulator: keep,
        fold: |dtype| Fold::Op(FoldOp::Min, dtype),
        finish: value,
        output: same,
        empty: refuse,
    }),
    params: &["x"],
    options: &["axis", "keepdims", "initial", "where"],
    doc: Doc {
        formula: "smallest of x along the axes",
        edges: "NaN wins; -0.0 is below 0.0; an empty axis is refused",
        source: "NumPy 2 min",
    },
};

/// Maximum.
pub static MAX: OpDef = OpDef {
    name: "max",
    family: Family::Reduce(ReduceRow {
        accumulator: keep,
        fold: |dtype| Fold::Op(FoldOp::Max, dtype),
        finish: value,
        output: same,
        empty: refuse,
    }),
    params: &["x"],
    options: &["axis", "keepdims", "initial", "where"],
    doc: Doc {
        formula: "largest of x along the axes",
        edges: "NaN wins; -0.0 is below 0.0; an empty axis is refused",
        source: "NumPy 2 max",
    },
};

/// Logical or.
pub static ANY: OpDef = OpDef {
    name: "any",
    family: Family::Reduce(ReduceRow {
        accumulator: truth,
        fold: |dtype| Fold::Op(FoldOp::Or, dtype),
        finish: value,
        output: same,
        empty: |_| Some(false.into()),
    }),
    params: &["x"],
    options: &["axis", "keepdims", "where"],
    doc: Doc {
        formula: "whether any x is not 0",
        edges: "empty gives False; NaN is true",
        source: "NumPy 2 any",
    },
};

/// Logical and.
pub static ALL: OpDef = OpDef {
    name: "all",
    family: Family::Reduce(ReduceRow {
        accumulator: truth,
        fold: |dtype| Fold::Op(FoldOp::And, dtype),
        finish: value,
        output: same,
        empty: |_| Some(true.into()),
    }),
    params: &["x"],
    options: &["axis", "keepdims", "where"],
    doc: Doc {
        formula: "whether every x is not 0",
        edges: "empty gives True; NaN is true",
        source: "NumPy 2 all",
    },
};

/// Mean of integers.
pub static WIDE_MEAN: OpDef = OpDef {
    name: "wide_mean",
    family: Family::Reduce(ReduceRow {
        accumulator: |dtype| match dtype.itemsize() {
            1..=4 if dtype.is_integer() => Some(dtype),
            _ => widen(dtype).filter(|d| !d.is_float()),
        },
        fold: |_| Fold::WideSum,
        finish: |count| Finish::WideMean { count },
        output: |_| DType::F64,
        empty: |_| Some(f64::NAN.into()),
    }),
    params: &["x"],
    options: &["axis", "keepdims"],
    doc: Doc {
        formula: "exact sum of integers divided by their number, rounded once",
        edges: "empty gives NaN",
        source: "the definition of mean for integers",
    },
};

/// Whether squares of the dtype are summed exactly: integers of at most 16 bits.
pub(crate) fn is_short(dtype: DType) -> bool {
    dtype.is_integer() && dtype.itemsize() <= 2
}

/// Sum of squared deviations from the mean.
pub static SQUARED_DEVIATIONS: OpDef = OpDef {
    name: "squared_deviations",
    family: Family::Reduce(ReduceRow {
        accumulator: |dtype| (dtype == DType::F64 || is_short(dtype)).then_some(dtype),
        fold: |dtype| match is_short(dtype) {
            true => Fold::Squares,
            false => Fold::Moments,
        },
        finish: |count| Finish::SquaredDeviations { count },
        output: |_| DType::F64,
        empty: |_| Some(0.0.into()),
    }),
    params: &["x"],
    options: &["axis", "keepdims"],
    doc: Doc {
        formula: "sum of (x - mean)^2 along the axes",
        edges: "never negative; 0 for constant data; of integers of at most 16 bits, rounded once; empty gives 0",
        source: "Chan, Golub, LeVeque 1979, eq. 2.1",
    },
};
