//! How are functions called that round to decimals?

use super::creation::made;
use super::moves::parameters;
use super::{Bound, Form, Function, Parameters, Place, dtypes, out};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use tilewright::{DType, Operand, ops};

pub(super) const FUNCTIONS: &[Function] = &[Function {
    names: &["round", "around"],
    parameters: Parameters {
        out: Place::Own,
        ..parameters(&["a", "decimals", "out"], 1)
    },
    form: Form::Both,
    call: round,
    about: "to decimals, halves to even digits; with out in the dtype that is there",
}];

fn round(mut bound: Bound) -> Result<Value> {
    let (a, decimals) = (bound.need("a")?, bound.take("decimals"));
    let decimals = decimals.map_or(Ok(0), |decimals| convert::int(&decimals))?;
    let Some(given) = bound.take("out") else {
        let operands = [Some(convert::operand(&a)?), Some(Operand::from(decimals))];
        return made(&bound, ops::compose("round", &operands));
    };
    let (x, place) = (convert::array(&a)?, out::place(&given)?);
    let wrong = |error| EvalError::new(given.span, error);
    let (own, there) = (x.dtype().map_err(wrong)?, place.dtype().map_err(wrong)?);
    // Integers without decimals are only converted.
    if !own.is_integer() || decimals < 0 {
        let scaled = if own.is_float() { own } else { DType::F64 };
        dtypes::check("same_kind", scaled, there, given.span)?;
    }
    let (result, wanted) = (x.shape().map_err(wrong)?, place.shape().map_err(wrong)?);
    if result != wanted {
        let message = format!("round: a result of shape {result:?} in an array of {wanted:?}");
        let way_out = "an array of its shape";
        return Err(EvalError::wrong(given.span, message, way_out));
    }
    made(&bound, x.round_as(decimals, there))
}
