//! What follows a dot behind `finfo(float32)` and `iinfo(int8)`?

use super::attribute::kind;
use super::convert::checked;
use super::error::Result;
use super::value::Value;
use crate::parse::Span;
use tilewright::{DType, Scalar, shape};

/// The attribute of this name of a dtype's limits, if it is one.
pub(super) fn attribute(dtype: DType, name: &str, span: Span) -> Result<Option<Value>> {
    let bits = 8 * dtype.itemsize() as i32;
    match name {
        "bits" => return Ok(Some(Value::Int(bits.into()))),
        "dtype" => return Ok(Some(Value::DType(dtype))),
        _ => {}
    }
    if let Some((least, most)) = dtype.integer_range() {
        return Ok(match name {
            "min" => Some(Value::Int(least)),
            "max" => Some(Value::Int(most)),
            "kind" => Some(Value::Str(kind(dtype).to_owned())),
            _ => None,
        });
    }
    // IEEE 754: digits behind the leading one, and the exponents of the largest and the least number.
    let digits = dtype.digits() as i32 - 1;
    let exponent_bits = bits - digits - 1;
    let most = 1 << (exponent_bits - 1);
    let least = 2 - most;
    let decimals = (f64::from(digits) * std::f64::consts::LOG10_2).floor() as i32;
    let power = |exponent: i32| 2f64.powi(exponent);
    let largest = (2.0 - power(-digits)) * power(most - 1);
    let whole = match name {
        "nmant" => Some(digits),
        "nexp" | "iexp" => Some(exponent_bits),
        "maxexp" => Some(most),
        "minexp" => Some(least),
        "machep" => Some(-digits),
        "negep" => Some(-digits - 1),
        "precision" => Some(decimals),
        _ => None,
    };
    if let Some(whole) = whole {
        return Ok(Some(Value::Int(whole.into())));
    }
    let number = match name {
        "eps" => power(-digits),
        "epsneg" => power(-digits - 1),
        "max" => largest,
        "min" => -largest,
        "tiny" | "smallest_normal" => power(least),
        "smallest_subnormal" => f64::MIN_POSITIVE * power(least - digits + 1022),
        "resolution" => 1.0 / 10f64.powi(decimals),
        _ => return Ok(None),
    };
    let number = tilewright::full(shape([]).dtype(dtype), Scalar::from_f64(dtype, number));
    checked(span, number).map(|number| Some(Value::Array(number)))
}
