//! Reductions with all that NumPy's take: elements that do not count, where to begin, a dtype.
//!
//! An element that does not count becomes the identity of the monoid, so that the others combine on
//! the tree of the whole array. Absent: means and variances of what counts, which their rows say.

use super::reduction::{folded_axes, keep, reduce_axes, sorted_axes, statistic};
use super::{Operand, astype, broadcast_to, constant, full, map, operate, rechunk};
use crate::infer::refuse_dtypes;
use crate::node::Expr;
use crate::op::statistics::{Counted, output};
use crate::op::{DerivedRow, Family, OpId, ReduceRow};
use tilewright_core::error::show_shape;
use tilewright_core::{DType, Error, Kind, Result, Scalar};
use tilewright_kernel::{Fold, FoldOp};

/// What a reduction is asked for.
#[derive(Clone, Debug, Default)]
pub struct Reduction {
    /// Axes that fold away; all without.
    pub axes: Option<Vec<i64>>,
    /// Whether they stay as length 1.
    pub keepdims: bool,
    /// Element type to compute in, and of the result.
    pub dtype: Option<DType>,
    /// Which elements count (NumPy's `where`): bools that broadcast to the array.
    pub only: Option<Expr>,
    /// The value that the reduction begins with.
    pub initial: Option<Operand>,
    /// Delta degrees of freedom of a variance.
    pub ddof: Option<f64>,
    /// What a variance's deviations are from, instead of the mean.
    pub mean: Option<Operand>,
    /// Whether NaN does not count. Where nothing else is there, minima, maxima, means and variances
    /// are NaN.
    pub skip_nan: bool,
}

/// The reduction or statistic `name`.
///
/// # Errors
/// As [`reduce`](super::reduce); [`Kind::Value`] for what this reduction does not take,
/// [`Kind::DType`] for a mask that is not bool, [`Kind::Shape`] for one that does not broadcast.
pub fn fold(name: &str, x: &Expr, asked: &Reduction) -> Result<Expr> {
    let def = OpId::named(name).ok_or_else(|| super::unknown(name))?.def();
    let counts = counted(x, asked)?;
    match &def.family {
        Family::Reduce(row) => {
            refuse(name, "delta degrees of freedom", asked.ddof.is_some())?;
            refuse(name, "mean", asked.mean.is_some())?;
            folded(name, row, x, counts.as_ref(), asked)
        }
        Family::Derived(row) => {
            refuse(name, "initial value", asked.initial.is_some())?;
            refuse(name, "mean", asked.mean.is_some() && !row.deviates)?;
            let dtype = asked.dtype.unwrap_or(x.dtype());
            match asked.dtype.filter(|dtype| !dtype.is_float()) {
                Some(_) if x.dtype().is_float() && asked.skip_nan || !row.in_integers => {
                    Err(refuse_dtypes(def, std::slice::from_ref(x))
                        .way_out("dtype=float32 or float64"))
                }
                Some(dtype) => divided(x, dtype, counts, asked),
                None => spread(name, row, &astype(x, dtype)?, counts.as_ref(), asked),
            }
        }
        _ => Err(Error::new(
            Kind::Internal,
            format!("{name} is no reduction"),
        )),
    }
}

/// Which elements count; `None` for all.
fn counted(x: &Expr, asked: &Reduction) -> Result<Option<Expr>> {
    let numbers = match asked.skip_nan && x.dtype().is_float() {
        true => Some(map("equal", &[x.clone(), x.clone()])?),
        false => None,
    };
    let Some(only) = &asked.only else {
        return Ok(numbers);
    };
    if only.dtype() != DType::Bool {
        let message = format!("a mask of {}, not bool", only.dtype().name());
        return Err(Error::new(Kind::DType, message).way_out("a comparison, or astype(bool)"));
    }
    let only = broadcast_to(only, x.shape()).map_err(|error| {
        error
            .fact("mask", show_shape(only.shape()))
            .fact("x", show_shape(x.shape()))
    })?;
    match numbers {
        Some(numbers) => map("bitwise_and", &[only, numbers]).map(Some),
        None => Ok(Some(only)),
    }
}

fn refuse(name: &str, what: &str, given: bool) -> Result<()> {
    match given {
        true => Err(Error::new(Kind::Value, format!("{name} has no {what}"))
            .way_out(format!("{name} without it"))),
        false => Ok(()),
    }
}

/// A reduction of one value.
fn folded(
    name: &str,
    row: &ReduceRow,
    x: &Expr,
    counts: Option<&Expr>,
    asked: &Reduction,
) -> Result<Expr> {
    let Fold::Op(op, _) = (row.fold)(x.dtype()) else {
        return Err(Error::new(
            Kind::Internal,
            format!("{name} keeps more than a value"),
        ));
    };
    let (adds, logical) = (
        matches!(op, FoldOp::Add | FoldOp::Mul),
        matches!(op, FoldOp::And | FoldOp::Or),
    );
    refuse(name, "dtype", asked.dtype.is_some() && !adds)?;
    refuse(name, "initial value", asked.initial.is_some() && logical)?;
    let extreme = !adds && !logical;
    if extreme && asked.only.is_some() && asked.initial.is_none() {
        let message = format!("{name} of what a mask leaves, which may be nothing");
        return Err(Error::new(Kind::Value, message).way_out("an initial value"));
    }
    let axes = sorted_axes(x, asked.axes.as_deref())?;
    let given = match counts {
        Some(counts) => {
            let identity = constant(op.identity(x.dtype()))?;
            map("where", &[counts.clone(), x.clone(), identity])?
        }
        None => x.clone(),
    };
    let given = astype(&given, asked.dtype.unwrap_or(x.dtype()).computed())?;
    let nothing = extreme && axes.iter().any(|&axis| x.shape()[axis] == 0);
    let mut result = match &asked.initial {
        Some(_) if nothing => reduce_axes("any", &given, axes.clone())?,
        _ => folded_axes(name, &given, &axes)?,
    };
    let dtype = match asked.dtype {
        Some(dtype) => dtype,
        None if nothing => x.dtype(),
        None => (row.accumulator)(x.dtype()).map_or(result.dtype(), row.output),
    };
    if let Some(initial) = &asked.initial {
        let initial = beginning(name, initial, dtype)?;
        result = match op {
            _ if nothing => {
                let everywhere = broadcast_to(&initial, result.shape())?;
                rechunk(&everywhere, result.grid().clone())?
            }
            FoldOp::Add => map("add", &[initial, result])?,
            FoldOp::Mul => map("multiply", &[initial, result])?,
            FoldOp::Min if asked.skip_nan => operate("fmin", &[initial.into(), result.into()])?,
            FoldOp::Max if asked.skip_nan => operate("fmax", &[initial.into(), result.into()])?,
            FoldOp::Min => map("minimum", &[initial, result])?,
            _ => map("maximum", &[initial, result])?,
        };
    } else if let Some(counts) = counts.filter(|_| extreme) {
        let any = folded_axes("any", counts, &axes)?;
        let nan = constant(Scalar::from_f64(dtype, f64::NAN))?;
        result = map("where", &[any, result, nan])?;
    }
    keep(astype(&result, dtype)?, &axes, asked.keepdims)
}

/// The value that a reduction begins with, in the dtype of its result.
fn beginning(name: &str, initial: &Operand, dtype: DType) -> Result<Expr> {
    let refused = |what: String, way_out: &str| {
        Err(Error::new(Kind::Value, format!("{name} cannot begin with {what}")).way_out(way_out))
    };
    let range = dtype.integer_range();
    match initial {
        Operand::Array(x) if x.shape().is_empty() => astype(x, dtype),
        Operand::Array(x) => refused(
            format!("an array of shape {}", show_shape(x.shape())),
            "one value",
        ),
        Operand::Bool(value) => constant(Scalar::from(*value).cast(dtype)),
        Operand::Int(value) if range.is_some_and(|(low, high)| !(low..=high).contains(value)) => {
            refused(
                format!("{value}, which is no {}", dtype.name()),
                "a smaller number",
            )
        }
        Operand::Int(value) => constant(Scalar::from_i128(dtype, *value)),
        Operand::Float(value) if range.is_some() && !value.is_finite() => refused(
            format!("{value}, which is no {}", dtype.name()),
            "a finite number",
        ),
        Operand::Float(value) => constant(Scalar::from_f64(dtype, *value)),
    }
}

/// How many elements count, f64.
fn number(x: &Expr, counts: Option<Expr>, asked: &Reduction) -> Result<Expr> {
    let axes = sorted_axes(x, asked.axes.as_deref())?;
    let number = match counts {
        Some(counts) => folded_axes("sum", &counts, &axes)?,
        None => {
            let lengths = axes.iter().map(|&axis| x.shape()[axis]);
            return constant(Scalar::from(lengths.product::<i64>() as f64));
        }
    };
    keep(astype(&number, DType::F64)?, &axes, asked.keepdims)
}

/// A mean in an integer dtype: the sum in it, divided, truncated.
fn divided(x: &Expr, dtype: DType, counts: Option<Expr>, asked: &Reduction) -> Result<Expr> {
    let sum = fold("sum", x, asked)?;
    let mean = map("divide", &[sum, number(x, counts, asked)?])?;
    astype(&mean, dtype)
}

/// Deviations from a mean that is given.
fn from_mean(x: &Expr, mean: &Operand) -> Result<Expr> {
    let deviations = operate("subtract", &[x.clone().into(), mean.clone()])?;
    match deviations.shape() == x.shape() {
        true => Ok(deviations),
        false => {
            let message = format!(
                "deviations from a mean of shape {}",
                show_shape(deviations.shape())
            );
            Err(Error::new(Kind::Shape, message)
                .fact("x", show_shape(x.shape()))
                .way_out("a mean that broadcasts to the array: mean(x, axis, keepdims=True)"))
        }
    }
}

/// A statistic in a float dtype.
fn spread(
    name: &str,
    row: &DerivedRow,
    x: &Expr,
    counts: Option<&Expr>,
    asked: &Reduction,
) -> Result<Expr> {
    let ddof = asked.ddof.unwrap_or(0.0);
    let natural = match &asked.mean {
        Some(mean) if !(asked.skip_nan && x.dtype().is_float()) => from_mean(x, mean)?.dtype(),
        _ => x.dtype(),
    };
    let dtype = output(asked.dtype.unwrap_or(natural));
    let wide = astype(x, DType::F64)?;
    let deviations = asked.mean.as_ref().map(|mean| from_mean(&wide, mean));
    let deviations = deviations.transpose()?;
    let counts = match (counts, &deviations) {
        (Some(counts), _) => counts.clone(),
        (None, Some(_)) => full(Scalar::from(true), x.grid().clone())?,
        (None, None) => return statistic(name, x, asked.axes.as_deref(), ddof, asked.keepdims),
    };
    let axes = sorted_axes(x, asked.axes.as_deref())?;
    let part = Counted {
        x: &wide,
        counts: &counts,
        axes: &axes,
        ddof,
        skip_nan: asked.skip_nan,
        deviations: deviations.as_ref(),
    };
    keep(
        astype(&(row.counted)(&part)?, dtype)?,
        &axes,
        asked.keepdims,
    )
}
