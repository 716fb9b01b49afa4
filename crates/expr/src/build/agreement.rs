//! Do two arrays agree everywhere? `array_equal`, `array_equiv`, `allclose`.
//!
//! One comparison and one reduction to a single truth. Absent: where they differ.

use super::{Operand, broadcast_shapes, compose, constant, map, operate, reduce};
use crate::node::Expr;
use tilewright_core::Result;

fn everywhere(truths: &Expr) -> Result<Expr> {
    reduce("all", truths, None, false)
}

/// Whether both have one shape and equal elements; with `equal_nan`, NaN equals itself.
///
/// # Errors
/// None but those of the operators it is made of.
pub fn array_equal(a: &Expr, b: &Expr, equal_nan: bool) -> Result<Expr> {
    if a.shape() != b.shape() {
        return constant(false.into());
    }
    let operands = [a.clone().into(), b.clone().into()];
    let mut equal = operate("equal", &operands)?;
    if equal_nan {
        let nan = |x: &Expr| map("isnan", std::slice::from_ref(x));
        let both = map("bitwise_and", &[nan(a)?, nan(b)?])?;
        equal = map("bitwise_or", &[equal, both])?;
    }
    everywhere(&equal)
}

/// Whether one, broadcast to the other, equals it everywhere.
///
/// # Errors
/// None but those of the operators it is made of.
pub fn array_equiv(a: &Expr, b: &Expr) -> Result<Expr> {
    if broadcast_shapes("array_equiv", &[a.clone(), b.clone()]).is_err() {
        return constant(false.into());
    }
    everywhere(&operate("equal", &[a.clone().into(), b.clone().into()])?)
}

/// Whether two are close everywhere; the operands are those of `isclose`.
///
/// # Errors
/// As `isclose`.
pub fn allclose(operands: &[Option<Operand>]) -> Result<Expr> {
    everywhere(&compose("isclose", operands)?)
}
