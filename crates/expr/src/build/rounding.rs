//! Rounding to decimals.

use super::{Operand, astype, map, operate};
use crate::node::Expr;
use tilewright_core::{DType, Result};

/// A power of ten as NumPy computes it: a product beyond 10^9.
fn power_of_ten(exponent: u64) -> f64 {
    const EXACT: i32 = 9;
    let first = 10f64.powi(exponent.min(EXACT as u64) as i32);
    (EXACT as u64..exponent.min(400)).fold(first, |power, _| power * 10.0)
}

/// `x` rounded to decimals, halves to even digits; with `there` each step is of that dtype, as NumPy
/// rounds into an array of it.
///
/// # Errors
/// None for valid expressions.
pub fn round(x: &Expr, decimals: i64, there: Option<DType>) -> Result<Expr> {
    let dtype = there.unwrap_or(x.dtype());
    let stored = |step: Expr| match there {
        Some(there) => astype(&step, there),
        None => Ok(step),
    };
    if x.dtype().is_integer() && decimals >= 0 {
        return astype(x, dtype);
    }
    if decimals == 0 {
        return stored(map("rint", std::slice::from_ref(x))?);
    }
    let scale = Operand::Float(power_of_ten(decimals.unsigned_abs()));
    let (apart, back) = if decimals > 0 {
        ("multiply", "divide")
    } else {
        ("divide", "multiply")
    };
    let scaled = stored(operate(apart, &[x.clone().into(), scale.clone()])?)?;
    let whole = map("rint", &[scaled])?;
    astype(&operate(back, &[whole.into(), scale])?, dtype)
}
