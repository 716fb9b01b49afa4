//! How are products of vectors, integrals and interpolations called?

use super::axes::int;
use super::creation::made;
use super::moves::{array, parameters};
use super::products::OUTER;
use super::{Bound, Form, Function, Parameters, Place};
use crate::eval::convert;
use crate::eval::error::Result;
use crate::eval::value::Value;
use tilewright::{Array, CrossAxes, Ends, Operand};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["cross", "linalg.cross"],
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
                let axis = convert::int(&axis)?;
                axes = CrossAxes {
                    a: axis,
                    b: axis,
                    c: axis,
                };
            }
            made(&bound, a.cross(&b, axes))
        },
        about: "the cross product of vectors of three components",
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
