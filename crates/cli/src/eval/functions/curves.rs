//! How are products of vectors, integrals and interpolations called?

use super::axes::int;
use super::creation::made;
use super::moves::{array, parameters};
use super::products::OUTER;
use super::{Bound, Form, Function, Parameters, Place};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use std::f64::consts::TAU;
use tilewright::{Array, CrossAxes, Ends, Operand, Overlap};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["cross"],
        parameters: parameters(&["a", "b", "axisa", "axisb", "axisc", "axis"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, b) = both(&mut bound)?;
            let mut axes = CrossAxes {
                a: int(&mut bound, "axisa", -1)?,
                b: int(&mut bound, "axisb", -1)?,
                c: int(&mut bound, "axisc", -1)?,
            };
            if let Some(axis) = bound.take("axis") {
                axes = same_axis(convert::int(&axis)?);
            }
            made(&bound, a.cross(&b, axes))
        },
        about: "the cross product of vectors of three components; those of two have 0 as the third, and \
                two of them give the third component alone",
    },
    Function {
        names: &["linalg.cross"],
        parameters: Parameters {
            positional: 2,
            ..parameters(&["a", "b", "axis"], 2)
        },
        form: Form::Function,
        call: |mut bound| {
            let (a, b) = both(&mut bound)?;
            let axis = int(&mut bound, "axis", -1)?;
            for x in [&a, &b] {
                let shape = x
                    .shape()
                    .map_err(|error| EvalError::new(bound.span, error))?;
                let at = if axis < 0 {
                    axis + shape.len() as i64
                } else {
                    axis
                };
                let length = usize::try_from(at).ok().and_then(|at| shape.get(at));
                if length.is_some_and(|length| *length != 3) {
                    return Err(bound.refused(
                        "axis",
                        "has not three components",
                        "vectors of length 3",
                    ));
                }
            }
            made(&bound, a.cross(&b, same_axis(axis)))
        },
        about: "the cross product of vectors of three components",
    },
    Function {
        names: &["convolve"],
        parameters: parameters(&["a", "v", "mode"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, v) = (vector(bound.need("a")?)?, vector(bound.need("v")?)?);
            let overlap = overlap(&mut bound, Overlap::Full)?;
            made(&bound, a.convolve(&v, overlap))
        },
        about: "the sums over n of a[n] * v[k - n], of two vectors; mode is 'full', 'same' or 'valid'",
    },
    Function {
        names: &["correlate"],
        parameters: parameters(&["a", "v", "mode"], 2),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let v = convert::array(&bound.need("v")?)?;
            let overlap = overlap(&mut bound, Overlap::Valid)?;
            made(&bound, a.correlate(&v, overlap))
        },
        about: "the sums over n of a[n + k] * v[n], of two vectors; mode is 'valid', 'same' or 'full'",
    },
    Function {
        names: &["unwrap"],
        parameters: Parameters {
            positional: 3,
            ..parameters(&["p", "discont", "axis", "period"], 1)
        },
        form: Form::Function,
        call: |mut bound| {
            let p = convert::array(&bound.need("p")?)?;
            let most = bound.take("discont").map(|most| convert::float(&most));
            let axis = int(&mut bound, "axis", -1)?;
            let period = bound.take("period").map(|period| convert::operand(&period));
            let period = period.transpose()?.unwrap_or(Operand::Float(TAU));
            made(&bound, p.unwrap(most.transpose()?, axis, period))
        },
        about: "jumps between neighbours of more than discont, half a period without, taken back by whole \
                periods, 2 pi without one",
    },
    Function {
        names: &["vander"],
        parameters: parameters(&["x", "N", "increasing"], 1),
        form: Form::Function,
        call: |mut bound| {
            let x = convert::array(&bound.need("x")?)?;
            let own = x.size().unwrap_or(0);
            let count = bound
                .take("N")
                .map_or(Ok(own), |count| convert::int(&count))?;
            let increasing = bound.take("increasing").map(|value| convert::bool(&value));
            let increasing = increasing.transpose()? == Some(true);
            made(&bound, x.vander(count, increasing))
        },
        about: "the powers of each element of a vector, as many as it has elements or N, down to 0 or increasing",
    },
    Function {
        names: &["vecdot", "linalg.vecdot"],
        parameters: Parameters {
            positional: 3,
            out: Place::Cast("same_kind"),
            ..parameters(&["a", "b", "out", "axis"], 2)
        },
        form: Form::Function,
        call: |mut bound| {
            let (a, b) = both(&mut bound)?;
            let axis = int(&mut bound, "axis", -1)?;
            made(&bound, a.vecdot(&b, axis))
        },
        about: "the products of vectors along an axis, summed",
    },
    Function {
        names: &["matvec"],
        parameters: OUTER,
        form: Form::Function,
        call: |mut bound| {
            let (a, b) = both(&mut bound)?;
            made(&bound, a.matvec(&b))
        },
        about: "matrices in the last two axes of a times vectors in the last of b",
    },
    Function {
        names: &["vecmat"],
        parameters: OUTER,
        form: Form::Function,
        call: |mut bound| {
            let (a, b) = both(&mut bound)?;
            made(&bound, a.vecmat(&b))
        },
        about: "vectors in the last axis of a times matrices in the last two of b",
    },
    Function {
        names: &["trapezoid", "trapz"],
        parameters: parameters(&["a", "x", "dx", "axis"], 1),
        form: Form::Function,
        call: |mut bound| {
            let y = array(&mut bound)?;
            let x = bound.take("x").map(|x| convert::array(&x)).transpose()?;
            let dx = bound.take("dx").map(|dx| convert::operand(&dx));
            let dx = dx.transpose()?.unwrap_or(Operand::Float(1.0));
            let axis = int(&mut bound, "axis", -1)?;
            made(
                &bound,
                match x {
                    None => y.trapezoid(dx, axis),
                    Some(x) => y.trapezoid_at(&x, axis),
                },
            )
        },
        about: "the integral along an axis by the trapezoid rule",
    },
    Function {
        names: &["interp"],
        parameters: parameters(&["x", "xp", "fp", "left", "right", "period"], 3),
        form: Form::Function,
        call: interp,
        about: "the value at each x on the lines between known points, or beside them left and right",
    },
];

/// One axis for the vectors of both factors and of the result.
fn same_axis(axis: i64) -> CrossAxes {
    CrossAxes {
        a: axis,
        b: axis,
        c: axis,
    }
}

/// An array, a number as one of one element.
fn vector(given: Spanned<Value>) -> Result<Array> {
    let x = convert::array(&given)?;
    match x.ndim() {
        Ok(0) => Ok(x.expand_dims([0])),
        _ => Ok(x),
    }
}

/// Which places of a vector that slides count: by name, or NumPy's number of it.
fn overlap(bound: &mut Bound, otherwise: Overlap) -> Result<Overlap> {
    let Some(mode) = bound.take_given("mode") else {
        return Ok(otherwise);
    };
    let name = match &mode.node {
        Value::Int(number) => ["valid", "same", "full"]
            .get(usize::try_from(*number).unwrap_or(usize::MAX))
            .copied(),
        _ => Some(convert::text(&mode)?),
    };
    match name {
        Some("valid") => Ok(Overlap::Valid),
        Some("same") => Ok(Overlap::Same),
        Some("full") => Ok(Overlap::Full),
        _ => {
            let what = format!("{} is unknown", mode.node);
            Err(bound.refused("mode", &what, "'full', 'same' or 'valid'"))
        }
    }
}

fn both(bound: &mut Bound) -> Result<(Array, Array)> {
    let a = array(bound)?;
    Ok((a, convert::array(&bound.need("b")?)?))
}

fn interp(mut bound: Bound) -> Result<Value> {
    let x = convert::array(&bound.need("x")?)?;
    let places = convert::array(&bound.need("xp")?)?;
    let values = convert::array(&bound.need("fp")?)?;
    let mut end = |name: &str| {
        let given = bound.take(name).map(|value| convert::float(&value));
        given.transpose()
    };
    let ends = Ends {
        left: end("left")?,
        right: end("right")?,
    };
    match end("period")? {
        None => made(&bound, x.interp(&places, &values, ends)),
        Some(period) => made(&bound, x.interp_periodic(&places, &values, period)),
    }
}
