//! Functions that give several arrays, or take lists of them.

use super::take::known;
use super::{
    Beyond, Operand, Outside, alone, astype, constant, map, operate, reduce, require, resolve,
};
use crate::infer::refuse_dtypes;
use crate::node::Expr;
use crate::op::OpId;
use crate::op::math::float_of;
use tilewright_core::error::Refusal;
use tilewright_core::{DType, Error, Kind, Result, Scalar};

/// Quotient rounded down, and remainder with the divisor's sign.
///
/// # Errors
/// As [`operate`].
pub fn divmod(a: &Operand, b: &Operand) -> Result<[Expr; 2]> {
    let operands = [a.clone(), b.clone()];
    Ok([
        operate("floor_divide", &operands)?,
        operate("remainder", &operands)?,
    ])
}

/// Fraction and whole part, both with the sign of `x`.
///
/// # Errors
/// As [`operate`].
pub fn modf(x: &Operand) -> Result<[Expr; 2]> {
    let x = alone(x)?;
    let x = astype(&x, float_of(x.dtype()))?;
    let whole = map("trunc", std::slice::from_ref(&x))?;
    let rest = map("subtract", &[x.clone(), whole.clone()])?;
    let infinite = operate("isinf", &[x.clone().into()])?;
    let rest = operate(
        "where",
        &[infinite.into(), Operand::Float(0.0), rest.into()],
    )?;
    Ok([map("copysign", &[rest, x])?, whole])
}

/// Mantissa in ±[0.5, 1) and int32 exponent of 2.
///
/// # Errors
/// As [`operate`].
pub fn frexp(x: &Operand) -> Result<[Expr; 2]> {
    let x = [alone(x)?];
    let exponent = astype(&map("frexp_exponent", &x)?, DType::I32)?;
    Ok([map("frexp_mantissa", &x)?, exponent])
}

fn refuse(function: &str, what: &str, way_out: &str) -> Error {
    Error::new(Kind::Value, format!("{function}: {what}")).way_out(way_out)
}

/// The element of the first choice whose condition is true, else the default.
///
/// # Errors
/// [`Kind::Value`] for lists of different lengths or none; [`Kind::DType`] for a condition that is
/// not bool; [`Kind::Shape`] if shapes do not broadcast.
pub fn select(conditions: &[Expr], choices: &[Operand], default: &Operand) -> Result<Expr> {
    if conditions.len() != choices.len() || conditions.is_empty() {
        let (conditions, choices) = (conditions.len(), choices.len());
        let what = format!("{conditions} conditions and {choices} choices");
        return Err(refuse("select", &what, "one choice for each condition"));
    }
    if let Some(number) = conditions.iter().position(|c| c.dtype() != DType::Bool) {
        let dtype = conditions[number].dtype();
        return Err(Error::new(
            Kind::DType,
            format!("select: condition {number} is {}, not bool", dtype.name()),
        )
        .way_out("a comparison, or astype(bool)"));
    }
    let all = [choices, std::slice::from_ref(default)].concat();
    let mut values = resolve(&all, |_| Beyond::Wrapped)?;
    let last = values.pop().map_or_else(|| alone(default), Ok)?;
    let mut choices = conditions.iter().zip(values).rev();
    choices.try_fold(last, |rest, (condition, value)| {
        map("where", &[condition.clone(), value, rest])
    })
}

/// The element of choice number `index`.
///
/// # Errors
/// [`Kind::DType`] for an index that is no integer; [`Kind::Value`] for no choices, and for a number
/// that is refused: of the run, where it is not written out.
pub fn choose(index: &Expr, choices: &[Operand], outside: Outside) -> Result<Expr> {
    if index.dtype().is_float() {
        let op = OpId::named("where").map(OpId::def);
        let refused = |op| refuse_dtypes(op, std::slice::from_ref(index));
        return Err(op.map_or_else(|| super::unknown("where"), refused));
    }
    // Truths are numbers of two choices.
    let sure = index.dtype() == DType::Bool && choices.len() > 1;
    let mut index = astype(index, DType::I64)?;
    let count = choices.len() as i64;
    if outside == Outside::Wrap && count > 0 {
        index = operate("remainder", &[index.into(), Operand::Int(count.into())])?;
    }
    let mut values = resolve(choices, |_| Beyond::Wrapped)?;
    let last = values.pop();
    let last = last.ok_or_else(|| refuse("choose", "no choices", "a list of arrays"))?;
    let mut choices = values.into_iter().enumerate().rev();
    let chosen = choices.try_fold(last, |rest, (number, value)| {
        let here = operate(
            "less_equal",
            &[index.clone().into(), Operand::Int(number as i128)],
        )?;
        map("where", &[here, value, rest])
    })?;
    // A single choice still has the shape of the indices.
    let here = map("equal", &[index.clone(), index.clone()])?;
    let chosen = map("where", &[here, chosen.clone(), chosen])?;
    match outside {
        Outside::Raise if !sure => all_below(&index, count, chosen),
        _ => Ok(chosen),
    }
}

/// What was chosen, if every number is one of so many choices.
fn all_below(index: &Expr, count: i64, chosen: Expr) -> Result<Expr> {
    let message = format!("choose: a number that is none of {count} choices");
    let way_out = "mode='clip' or mode='wrap'".to_owned();
    if let Some(numbers) = known(index) {
        let one = |number: &Scalar| {
            let number = number.as_i128();
            number.is_some_and(|number| (0..i128::from(count)).contains(&number))
        };
        return match numbers.iter().all(one) {
            true => Ok(chosen),
            false => Err(Error::new(Kind::Value, message).way_out(way_out)),
        };
    }
    let low = operate("greater_equal", &[index.clone().into(), Operand::Int(0)])?;
    let high = operate("less", &[index.clone().into(), Operand::Int(count.into())])?;
    let all = reduce("all", &map("bitwise_and", &[low, high])?, None, false)?;
    require(&chosen, &all, Refusal { message, way_out })
}

/// Values by conditions, in the dtype of `x`: the last condition that holds decides, 0 where none
/// does; one value more than conditions is for there.
///
/// # Errors
/// [`Kind::Value`] for another number of values; [`Kind::Shape`] if shapes do not broadcast.
pub fn piecewise(x: &Expr, conditions: &[Expr], values: &[Operand]) -> Result<Expr> {
    let (given, wanted) = (values.len(), conditions.len());
    if given != wanted && given != wanted + 1 {
        let what = format!("{given} values for {wanted} conditions");
        return Err(refuse(
            "piecewise",
            &what,
            "one value for each, or one more",
        ));
    }
    let range = x
        .dtype()
        .integer_range()
        .filter(|_| x.dtype() != DType::Bool);
    let typed = |value: &Operand| match (value, range) {
        (Operand::Int(value), Some((low, high))) if !(low..=high).contains(value) => {
            let what = format!("{value} does not fit {}", x.dtype().name());
            Err(refuse(
                "piecewise",
                &what,
                "astype of the array to a wider dtype first",
            ))
        }
        _ => astype(&alone(value)?, x.dtype()),
    };
    let rest = match values.get(wanted) {
        Some(value) => typed(value)?,
        None => constant(Scalar::zero(x.dtype()))?,
    };
    let everywhere = map("equal", &[x.clone(), x.clone()])?;
    let mut out = map("where", &[everywhere, rest.clone(), rest])?;
    for (condition, value) in conditions.iter().zip(values) {
        let condition = astype(condition, DType::Bool)?;
        out = map("where", &[condition, typed(value)?, out])?;
    }
    Ok(out)
}
