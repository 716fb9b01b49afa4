//! Element-wise calls: promotion, weak Python scalars, broadcasting.

use super::{broadcast_shapes, broadcast_to, constant, node};
use crate::attr::Attr;
use crate::infer::refuse_dtypes;
use crate::node::Expr;
use crate::op::{Family, MapRow, OpId};
use tilewright_core::dtype::Class;
use tilewright_core::error::Refusal;
use tilewright_core::{DType, Error, Kind, Result, Scalar};

/// An argument of an element-wise operator.
#[derive(Clone, Debug)]
pub enum Operand {
    /// An array, whose dtype counts.
    Array(Expr),
    /// A Python bool.
    Bool(bool),
    /// A Python int: takes the dtype of the arrays beside it.
    Int(i128),
    /// A Python float: takes the dtype of float arrays beside it, else f64.
    Float(f64),
}

impl From<Expr> for Operand {
    fn from(expr: Expr) -> Operand {
        Operand::Array(expr)
    }
}

impl From<f64> for Operand {
    fn from(value: f64) -> Operand {
        Operand::Float(value)
    }
}

/// The element-wise operator `name` of arrays, cast and broadcast to each other.
///
/// # Errors
/// [`Kind::Shape`] if shapes do not broadcast, [`Kind::DType`] if the operator refuses a dtype.
pub fn map(name: &str, args: &[Expr]) -> Result<Expr> {
    let op = OpId::named(name).ok_or_else(|| super::unknown(name))?;
    let Family::Map(row) = &op.def().family else {
        return Err(Error::new(
            Kind::Internal,
            format!("{name} is not element-wise"),
        ));
    };
    if args.len() != op.def().params.len() {
        return Err(Error::new(
            Kind::Parse,
            format!(
                "{name} takes {} arguments, not {}",
                op.def().params.len(),
                args.len()
            ),
        )
        .way_out(format!("{name}({})", op.def().params.join(", "))));
    }
    if let [a, b] = args
        && compares(row)
        && let Some(exact) = compare_signs_first(name, row, a, b)?
    {
        return Ok(exact);
    }
    let dtypes: Vec<DType> = args.iter().map(Expr::dtype).collect();
    let (signature, output) = row
        .computed(&dtypes)
        .ok_or_else(|| refuse_dtypes(op.def(), args))?;
    let shape = broadcast_shapes(name, args)?;
    let cast = args.iter().zip(signature.inputs).map(|(arg, dtype)| {
        // Cast before broadcasting: fewer elements to convert.
        broadcast_to(&astype(arg, dtype)?, &shape)
    });
    let result = Expr::new(op, Attr::None, cast.collect::<Result<_>>()?)?;
    astype(&result, output)
}

/// Whether the operator compares.
fn compares(row: &MapRow) -> bool {
    let integers = (row.signature)(&[DType::I64, DType::I64]);
    integers.is_some_and(|signature| signature.output == DType::Bool)
}

/// A comparison of signed integers with u64, which no integer dtype holds both: where the signed
/// one is negative it is the smaller, elsewhere both are u64. NumPy 2 compares them exactly too.
fn compare_signs_first(name: &str, row: &MapRow, a: &Expr, b: &Expr) -> Result<Option<Expr>> {
    let signed = |x: &Expr| x.dtype().class() == Class::Signed;
    let (signed, small, large) = match (a.dtype(), b.dtype()) {
        (_, DType::U64) if signed(a) => (a, 0, 1),
        (DType::U64, _) if signed(b) => (b, 1, 0),
        _ => return Ok(None),
    };
    let negative = map(
        "less",
        &[signed.clone(), constant(Scalar::zero(signed.dtype()))?],
    )?;
    let below = (row.eval)(&[Scalar::from(small), Scalar::from(large)], DType::Bool);
    let unsigned = map(name, &[astype(a, DType::U64)?, astype(b, DType::U64)?])?;
    map("where", &[negative, constant(below)?, unsigned]).map(Some)
}

/// The array in another dtype; itself if it has it.
///
/// # Errors
/// None for a valid expression.
pub fn astype(x: &Expr, dtype: DType) -> Result<Expr> {
    if x.dtype() == dtype {
        return Ok(x.clone());
    }
    node("astype", Attr::DType(dtype), [x.clone()])
}

/// As [`map`], with weak Python scalars among the arguments (NEP 50); also for operators that are
/// composed of others.
///
/// # Errors
/// As [`map`]; [`Kind::Value`] if a Python int does not fit the dtype of the arrays beside it.
pub fn operate(name: &str, operands: &[Operand]) -> Result<Expr> {
    let op = OpId::named(name).ok_or_else(|| super::unknown(name))?;
    match &op.def().family {
        Family::Composed(_) => {
            let given: Vec<Option<Operand>> = operands.iter().cloned().map(Some).collect();
            compose(name, &given)
        }
        Family::Map(row) => map(name, &loop_arguments(row, operands)?),
        _ => map(name, &[]),
    }
}

/// The composed operator `name`, some of whose arguments are left out.
///
/// # Errors
/// [`Kind::Parse`] if there is no such operator or too few or many arguments; whatever it refuses.
pub fn compose(name: &str, operands: &[Option<Operand>]) -> Result<Expr> {
    let def = OpId::named(name).ok_or_else(|| super::unknown(name))?.def();
    let Family::Composed(row) = &def.family else {
        return Err(Error::new(
            Kind::Internal,
            format!("{name} is not composed of others"),
        ));
    };
    let mut all = operands.to_vec();
    let missing = all.iter().take(row.required).any(Option::is_none);
    if missing || !(row.required..=def.params.len()).contains(&all.len()) {
        return Err(Error::new(
            Kind::Parse,
            format!("{name} of other arguments than it has"),
        )
        .way_out(format!("{name}({})", def.params.join(", "))));
    }
    all.resize(def.params.len(), None);
    (row.compose)(&all)
}

/// What becomes of a Python int that the dtype of the arrays beside it does not hold.
#[derive(Clone, Copy)]
pub(crate) enum Beyond {
    /// NumPy refuses it.
    Refused,
    /// Comparisons are answered by value.
    Compared,
    /// The loop computes in this float dtype, whatever the arrays': `x / 300`.
    Float(DType),
    /// Chosen, not computed: it wraps.
    Wrapped,
}

/// The dtypes that an element-wise operator takes such operands in; `None` if it is composed of others.
///
/// # Errors
/// As [`operate`].
pub fn loop_dtypes(name: &str, operands: &[Operand]) -> Result<Option<Vec<DType>>> {
    let op = OpId::named(name).ok_or_else(|| super::unknown(name))?;
    let Family::Map(row) = &op.def().family else {
        return Ok(None);
    };
    let dtypes = loop_arguments(row, operands)?;
    let dtypes: Vec<DType> = dtypes.iter().map(|x| x.dtype()).collect();
    let inputs = (row.signature)(&dtypes).map(|signature| signature.inputs);
    Ok(inputs.and_then(|inputs| inputs.get(..dtypes.len()).map(<[DType]>::to_vec)))
}

/// The arguments of an element-wise operator's loop.
fn loop_arguments(row: &MapRow, operands: &[Operand]) -> Result<Vec<Expr>> {
    // Of three arguments the first is a mask, whose dtype does not take part.
    if let [mask, a, b] = operands {
        let chosen = resolve(&[a.clone(), b.clone()], |_| Beyond::Wrapped)?;
        return Ok([vec![alone(mask)?], chosen].concat());
    }
    if let [only] = operands {
        return Ok(vec![alone(only)?]);
    }
    let beyond = |dtype: DType| match (row.signature)(&vec![dtype; operands.len()]) {
        _ if compares(row) => Beyond::Compared,
        Some(signature) if signature.inputs[0].is_float() => Beyond::Float(signature.inputs[0]),
        _ => Beyond::Refused,
    };
    resolve(operands, beyond)
}

/// Arrays of the dtypes that these operands have beside each other; none is cast or broadcast.
/// `beyond` says of the arrays' dtype what becomes of a Python int that it does not hold.
///
/// # Errors
/// [`Kind::Value`] if a Python int is refused.
pub(crate) fn resolve(operands: &[Operand], beyond: impl Fn(DType) -> Beyond) -> Result<Vec<Expr>> {
    let strong = operands.iter().filter_map(|operand| match operand {
        Operand::Array(x) => Some(x.dtype()),
        Operand::Bool(_) => Some(DType::Bool),
        _ => None,
    });
    let strong = DType::promote_all(strong);
    let any_float = operands.iter().any(|o| matches!(o, Operand::Float(_)));
    let args = operands.iter().map(|operand| match operand {
        Operand::Array(x) => Ok(x.clone()),
        Operand::Bool(value) => constant((*value).into()),
        Operand::Float(value) => {
            let dtype = strong.filter(|d| d.is_float()).unwrap_or(DType::F64);
            constant(Scalar::from_f64(dtype, *value))
        }
        Operand::Int(value) => constant(weak_int(*value, strong, any_float, &beyond)?),
    });
    args.collect()
}

/// An operand as an array by itself: a Python int is int64, or uint64 where that alone holds it, a float
/// float64.
///
/// # Errors
/// [`Kind::Value`] if a Python int does not fit.
pub(crate) fn alone(operand: &Operand) -> Result<Expr> {
    if let Operand::Int(value) = operand
        && i64::try_from(*value).is_err()
        && let Ok(value) = u64::try_from(*value)
    {
        return constant(value.into());
    }
    match resolve(std::slice::from_ref(operand), |_| Beyond::Refused)?.pop() {
        Some(array) => Ok(array),
        None => Err(Error::new(Kind::Internal, "an operand that is no array")),
    }
}

fn weak_int(
    value: i128,
    strong: Option<DType>,
    any_float: bool,
    beyond: impl Fn(DType) -> Beyond,
) -> Result<Scalar> {
    let dtype = match strong {
        Some(dtype) if dtype.class() != Class::Bool => dtype,
        _ if any_float => DType::F64,
        _ => DType::I64,
    };
    let fits = |d: DType| {
        d.integer_range()
            .is_none_or(|(low, high)| (low..=high).contains(&value))
    };
    if fits(dtype) {
        return Ok(Scalar::from_i128(dtype, value));
    }
    let wide = [DType::I64, DType::U64].into_iter().find(|&d| fits(d));
    match (beyond(dtype), wide) {
        // What no integer dtype holds compares as infinity does.
        (Beyond::Compared, None) => Ok(f64::INFINITY.copysign(value as f64).into()),
        (Beyond::Compared, Some(wide)) => Ok(Scalar::from_i128(wide, value)),
        (Beyond::Float(dtype), _) => Ok(Scalar::from_f64(dtype, value as f64)),
        (Beyond::Wrapped, Some(_)) => Ok(Scalar::from_i128(dtype, value)),
        (Beyond::Refused | Beyond::Wrapped, _) => Err(Error::new(
            Kind::Value,
            format!("the integer {value} does not fit {}", dtype.name()),
        )
        .way_out("astype of the array to a wider dtype first")),
    }
}

/// `base ** exponent` as NumPy's operator has it: the scalar exponents 2, 1, 0.5 and −1 are
/// `square`, the array itself, `sqrt` and `1 / x` (2 for integers, all four for floats).
///
/// # Errors
/// As [`operate`]; [`Kind::Value`] for integers to a negative power: of the run, where powers that are an
/// array are not written out.
pub fn power(base: &Operand, exponent: &Operand) -> Result<Expr> {
    if let Operand::Array(x) = base {
        let float = x.dtype().is_float();
        let scalar = match exponent {
            Operand::Int(value) if x.dtype().is_integer() && *value < 0 => {
                let Refusal { message, way_out } = negative_power();
                return Err(Error::new(Kind::Value, message).way_out(way_out));
            }
            Operand::Int(value) => Some(*value as f64),
            Operand::Float(value) if float => Some(*value),
            _ => None,
        };
        match scalar {
            Some(2.0) if x.dtype() != DType::Bool => return map("square", std::slice::from_ref(x)),
            Some(1.0) if float => return Ok(x.clone()),
            Some(0.5) if float => return map("sqrt", std::slice::from_ref(x)),
            Some(-1.0) if float => return operate("divide", &[Operand::Int(1), base.clone()]),
            _ => {}
        }
    }
    let result = operate("power", &[base.clone(), exponent.clone()])?;
    match exponent {
        Operand::Array(n) if result.dtype().is_integer() && n.dtype().class() == Class::Signed => {
            none_negative(n, result)
        }
        _ => Ok(result),
    }
}

/// Integers to a negative power are none.
fn negative_power() -> Refusal {
    Refusal {
        message: "integers to a negative integer power are not integers".to_owned(),
        way_out: "x.astype(float64) ** n".to_owned(),
    }
}

/// Powers of integers, if no exponent is negative.
fn none_negative(exponents: &Expr, powers: Expr) -> Result<Expr> {
    if let Some(known) = super::take::known(exponents) {
        let negative = |n: &Scalar| n.as_i128().is_some_and(|n| n < 0);
        let Refusal { message, way_out } = negative_power();
        return match known.iter().any(negative) {
            true => Err(Error::new(Kind::Value, message).way_out(way_out)),
            false => Ok(powers),
        };
    }
    let negative = operate("less", &[exponents.clone().into(), Operand::Int(0)])?;
    let negative = super::reduce("any", &negative, None, false)?;
    super::require(&powers, &map("invert", &[negative])?, negative_power())
}
