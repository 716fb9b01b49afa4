//! Random numbers with parameters, built on the leaves.

use super::create::leaf;
use super::{Operand, astype, broadcast_to, operate};
use crate::attr::LeafKind;
use crate::node::Expr;
use tilewright_core::{DType, Error, Grid, Kind, Result};
use tilewright_vecmath::{Draw, Law};

/// Standard numbers of this draw.
pub(super) fn draw(draw: Draw, seed: u64, grid: Grid) -> Result<Expr> {
    draw_of(draw, &[], seed, grid)
}

/// Numbers of this draw, whose law has parameters.
pub(super) fn draw_of(draw: Draw, parameters: &[Expr], seed: u64, grid: Grid) -> Result<Expr> {
    let (name, dtype) = match draw.law() {
        Law::Uniform => ("random.uniform", DType::F64),
        Law::Normal => ("random.normal", DType::F64),
        Law::Integers => ("random.integers", DType::I64),
        Law::Gamma => ("random.gamma", DType::F64),
        Law::Poisson => ("random.poisson", DType::F64),
        Law::Binomial => ("random.binomial", DType::F64),
        Law::VonMises => ("random.vonmises", DType::F64),
        Law::Zipf => ("random.zipf", DType::F64),
        Law::Hypergeometric => ("random.hypergeometric", DType::F64),
    };
    let shape = grid.shape();
    let parameters = parameters
        .iter()
        .map(|x| broadcast_to(&astype(x, dtype)?, &shape));
    let parameters = parameters.collect::<Result<Vec<_>>>()?;
    leaf(name, LeafKind::Draw(draw, seed), dtype, grid, &parameters)
}

/// Uniform numbers in `[low, high)`: `low + (high - low)·u`.
///
/// # Errors
/// [`Kind::Shape`] if parameters do not broadcast to the shape, [`Kind::Value`] if fixed bounds are
/// not finite.
pub fn uniform(low: Operand, high: Operand, seed: u64, grid: Grid) -> Result<Expr> {
    let u = draw(Draw::Uniform, seed, grid)?;
    if is(&low, 0.0) && is(&high, 1.0) {
        return Ok(u);
    }
    let span = match (&low, &high) {
        (Operand::Array(_), _) | (_, Operand::Array(_)) => {
            Operand::Array(operate("subtract", &[high.clone(), low.clone()])?)
        }
        _ => Operand::Float(number(&high) - number(&low)),
    };
    if let Operand::Float(span) = span
        && !span.is_finite()
    {
        return Err(Error::new(
            Kind::Value,
            format!(
                "uniform: the range from {} to {} is not finite",
                number(&low),
                number(&high)
            ),
        )
        .way_out("finite bounds less than the largest float apart"));
    }
    shaped(u.shape(), &affine(&u, span, low)?)
}

/// Normal numbers: `loc + scale·z`.
///
/// # Errors
/// [`Kind::Shape`] if parameters do not broadcast to the shape, [`Kind::Value`] for a negative fixed
/// scale.
pub fn normal(loc: Operand, scale: Operand, seed: u64, grid: Grid) -> Result<Expr> {
    if let Operand::Float(_) | Operand::Int(_) = &scale
        && number(&scale) < 0.0
    {
        return Err(Error::new(
            Kind::Value,
            format!("normal: scale {} is negative", number(&scale)),
        )
        .way_out("a scale of 0 or more"));
    }
    let z = draw(Draw::Normal, seed, grid)?;
    if is(&loc, 0.0) && is(&scale, 1.0) {
        return Ok(z);
    }
    shaped(z.shape(), &affine(&z, scale, loc)?)
}

/// Integers in `[low, high)`.
///
/// # Errors
/// [`Kind::Value`] if a fixed range is empty; [`Kind::DType`] if it does not fit the dtype.
pub fn integers(low: Operand, high: Operand, dtype: DType, seed: u64, grid: Grid) -> Result<Expr> {
    let bound = |operand: &Operand| match operand {
        Operand::Int(value) => Some(*value),
        Operand::Bool(value) => Some(i128::from(*value)),
        _ => None,
    };
    if let (Some(low), Some(high)) = (bound(&low), bound(&high)) {
        if low >= high {
            return Err(Error::new(
                Kind::Value,
                format!("integers: no integer in [{low}, {high})"),
            )
            .way_out("low < high"));
        }
        let range = dtype.integer_range();
        if range.is_none_or(|(least, most)| low < least || high - 1 > most) {
            return Err(Error::new(
                Kind::DType,
                format!("integers: [{low}, {high}) does not fit {}", dtype.name()),
            )
            .way_out("a wider dtype"));
        }
        if high - low > i128::from(u64::MAX) {
            return Err(Error::new(
                Kind::Value,
                format!(
                    "integers: [{low}, {high}) holds 2^64 integers, one more than can be drawn"
                ),
            )
            .way_out("a range shorter by one"));
        }
    }
    let parameter = |operand: Operand| -> Result<Expr> {
        let array = match operand {
            Operand::Array(x) => x,
            // Bounds beyond i64 keep their bits: the draw wraps modulo 2^64.
            Operand::Int(value) => super::constant((value as i64).into())?,
            Operand::Bool(value) => super::constant(i64::from(value).into())?,
            Operand::Float(value) => {
                return Err(Error::new(
                    Kind::DType,
                    format!("integers: the bound {value} is a float"),
                )
                .way_out("integer bounds"));
            }
        };
        if array.dtype().is_float() {
            return Err(
                Error::new(Kind::DType, "integers: the bounds are floats").way_out("astype(int64)")
            );
        }
        Ok(array)
    };
    let args = [parameter(low)?, parameter(high)?];
    let drawn = draw_of(Draw::Integer, &args, seed, grid)?;
    astype(&drawn, dtype)
}

fn is(operand: &Operand, value: f64) -> bool {
    !matches!(operand, Operand::Array(_)) && number(operand) == value
}

pub(super) fn number(operand: &Operand) -> f64 {
    match operand {
        Operand::Array(_) => f64::NAN,
        Operand::Bool(value) => f64::from(u8::from(*value)),
        Operand::Int(value) => *value as f64,
        Operand::Float(value) => *value,
    }
}

fn affine(x: &Expr, scale: Operand, shift: Operand) -> Result<Expr> {
    let scaled = operate("multiply", &[scale, x.clone().into()])?;
    operate("add", &[shift, scaled.into()])
}

/// The parameters may not widen the shape that was asked for.
pub(super) fn shaped(asked: &[i64], got: &Expr) -> Result<Expr> {
    if asked == got.shape() {
        return Ok(got.clone());
    }
    Err(Error::new(
        Kind::Shape,
        format!(
            "parameters of shape {:?} do not broadcast to {:?}",
            got.shape(),
            asked
        ),
    )
    .way_out("a size that holds the parameters' shape"))
}
