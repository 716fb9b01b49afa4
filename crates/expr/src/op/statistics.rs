//! Rows: statistics, defined by other operators.

use super::{DerivedRow, Doc, Family, OpDef};
use crate::attr::{Attr, Axes};
use crate::build;
use crate::node::Expr;
use tilewright_core::{DType, Error, Kind, Result, Scalar, Shape, element_count};

/// The axes and delta degrees of freedom of a statistic.
fn parts(node: &Expr) -> Result<(&Expr, &Axes, f64)> {
    match (node.args(), node.attr()) {
        ([x], Attr::Statistic { axes, ddof }) => Ok((x, axes, ddof.to_f64())),
        _ => Err(Error::new(Kind::Internal, "a statistic without axes")),
    }
}

/// The dtype of a statistic of `x`: floats keep theirs, others give f64.
pub(crate) fn output(dtype: DType) -> DType {
    if dtype.is_float() { dtype } else { DType::F64 }
}

/// Number of elements reduced.
fn count(x: &Expr, axes: &Axes) -> i64 {
    let reduced: Shape = axes.iter().map(|&axis| x.shape()[axis]).collect();
    element_count(&reduced).unwrap_or(i64::MAX)
}

fn expand_mean(node: &Expr) -> Result<Expr> {
    let (x, axes, _) = parts(node)?;
    if !x.dtype().is_float() {
        return build::reduce_axes("wide_mean", x, axes.clone());
    }
    let sum = build::reduce_axes("sum", &build::astype(x, DType::F64)?, axes.clone())?;
    let mean = build::map(
        "divide",
        &[sum, build::constant(Scalar::from(count(x, axes) as f64))?],
    )?;
    build::astype(&mean, x.dtype())
}

fn expand_var_f64(node: &Expr) -> Result<Expr> {
    let (x, axes, ddof) = parts(node)?;
    let wide = build::astype(x, DType::F64)?;
    let deviations = build::reduce_axes("squared_deviations", &wide, axes.clone())?;
    let divisor = (count(x, axes) as f64 - ddof).max(0.0);
    build::map(
        "divide",
        &[deviations, build::constant(Scalar::from(divisor))?],
    )
}

fn expand_var(node: &Expr) -> Result<Expr> {
    build::astype(&expand_var_f64(node)?, output(node.args()[0].dtype()))
}

fn expand_std(node: &Expr) -> Result<Expr> {
    let root = build::map("sqrt", &[expand_var_f64(node)?])?;
    build::astype(&root, output(node.args()[0].dtype()))
}

/// Mean.
pub static MEAN: OpDef = OpDef {
    name: "mean",
    family: Family::Derived(DerivedRow {
        expand: expand_mean,
    }),
    params: &["x"],
    options: &["axis", "keepdims"],
    doc: Doc {
        formula: "sum(x) / n",
        edges: "empty gives NaN; integers are exact and rounded once; f32 accumulates in f64",
        source: "Python array API 2024.12 mean; Chan, Golub, LeVeque 1979",
    },
};

/// Variance.
pub static VAR: OpDef = OpDef {
    name: "var",
    family: Family::Derived(DerivedRow { expand: expand_var }),
    params: &["x"],
    options: &["axis", "ddof", "keepdims"],
    doc: Doc {
        formula: "sum((x - mean(x))^2) / max(n - ddof, 0)",
        edges: "never negative; 0 for constant data; n <= ddof gives NaN or inf; integers and f32 \
                accumulate in f64",
        source: "Python array API 2024.12 var; Chan, Golub, LeVeque 1979",
    },
};

/// Standard deviation.
pub static STD: OpDef = OpDef {
    name: "std",
    family: Family::Derived(DerivedRow { expand: expand_std }),
    params: &["x"],
    options: &["axis", "ddof", "keepdims"],
    doc: Doc {
        formula: "sqrt(var(x))",
        edges: "one square root per output element",
        source: "Python array API 2024.12 std; Chan, Golub, LeVeque 1979",
    },
};
