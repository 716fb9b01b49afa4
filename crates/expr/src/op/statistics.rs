//! Rows: statistics, defined by other operators.

use super::reduce::is_short;
use super::{DerivedRow, Doc, Family, OpDef};
use crate::attr::{Attr, Axes};
use crate::build;
use crate::build::reduction::folded_axes;
use crate::node::Expr;
use tilewright_core::{DType, Error, Kind, Result, Scalar, Shape, element_count};
use tilewright_kernel::Fold;

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
pub(crate) fn count(x: &Expr, axes: &Axes) -> i64 {
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
    let exact = is_short(x.dtype()) && count(x, axes) < Fold::MOST_SQUARES;
    let wide = match exact {
        true => x.clone(),
        false => build::astype(x, DType::F64)?,
    };
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

/// Elements of an f64 array that count, along axes.
pub struct Counted<'a> {
    /// The array.
    pub x: &'a Expr,
    /// Which of its elements count.
    pub counts: &'a Expr,
    /// Reduced axes.
    pub axes: &'a Axes,
    /// Delta degrees of freedom.
    pub ddof: f64,
    /// Whether too few degrees of freedom give NaN, as in NumPy's `nan…` forms.
    pub skip_nan: bool,
    /// Their deviations, if it is not their own mean that they are from.
    pub deviations: Option<&'a Expr>,
}

impl Counted<'_> {
    /// How many there are.
    fn number(&self) -> Result<Expr> {
        let number = folded_axes("sum", self.counts, self.axes)?;
        build::astype(&number, DType::F64)
    }

    /// The sum of values where elements count.
    fn sum(&self, values: Expr) -> Result<Expr> {
        let zero = build::constant(Scalar::from(0.0))?;
        let counted = build::map("where", &[self.counts.clone(), values, zero])?;
        folded_axes("sum", &counted, self.axes)
    }
}

fn mean_of(part: &Counted<'_>) -> Result<Expr> {
    build::map("divide", &[part.sum(part.x.clone())?, part.number()?])
}

/// The mean first, in a pass of its own: a state of counts, means and deviations has one count for
/// all columns.
fn var_of(part: &Counted<'_>) -> Result<Expr> {
    let deviations = match part.deviations {
        Some(deviations) => deviations.clone(),
        None => {
            let axes: Vec<i64> = part.axes.iter().map(|&axis| axis as i64).collect();
            let mean = build::expand_dims(&mean_of(part)?, &axes)?;
            build::map("subtract", &[part.x.clone(), mean])?
        }
    };
    let squares = part.sum(build::map("square", &[deviations])?)?;
    let number = |value: f64| build::constant(Scalar::from(value));
    let free = build::map("subtract", &[part.number()?, number(part.ddof)?])?;
    let divisor = build::map("maximum", &[free.clone(), number(0.0)?])?;
    let variance = build::map("divide", &[squares, divisor])?;
    if !part.skip_nan {
        return Ok(variance);
    }
    let enough = build::map("greater", &[free, number(0.0)?])?;
    build::map("where", &[enough, variance, number(f64::NAN)?])
}

fn std_of(part: &Counted<'_>) -> Result<Expr> {
    build::map("sqrt", &[var_of(part)?])
}

/// Mean.
pub static MEAN: OpDef = OpDef {
    name: "mean",
    family: Family::Derived(DerivedRow {
        expand: expand_mean,
        counted: mean_of,
        in_integers: true,
        deviates: false,
    }),
    params: &["x"],
    options: &["axis", "dtype", "keepdims", "where"],
    doc: Doc {
        formula: "sum(x) / n",
        edges: "empty gives NaN; integers are exact and rounded once; f32 accumulates in f64",
        source: "Python array API 2024.12 mean; Chan, Golub, LeVeque 1979",
    },
};

/// Variance.
pub static VAR: OpDef = OpDef {
    name: "var",
    family: Family::Derived(DerivedRow {
        expand: expand_var,
        counted: var_of,
        in_integers: false,
        deviates: true,
    }),
    params: &["x"],
    options: &["axis", "dtype", "ddof", "keepdims", "where", "mean"],
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
    family: Family::Derived(DerivedRow {
        expand: expand_std,
        counted: std_of,
        in_integers: false,
        deviates: true,
    }),
    params: &["x"],
    options: &["axis", "dtype", "ddof", "keepdims", "where", "mean"],
    doc: Doc {
        formula: "sqrt(var(x))",
        edges: "one square root per output element",
        source: "Python array API 2024.12 std; Chan, Golub, LeVeque 1979",
    },
};
