//! How are lookups by index arrays called?

use super::creation::made;
use super::joins::axis;
use super::moves::{array, parameters};
use super::{Form, Function};
use crate::eval::convert;
use tilewright::Outside;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["take"],
        parameters: parameters(&["a", "indices", "axis", "out", "mode"], 2),
        form: Form::Both,
        call: |mut bound| {
            bound.refuse(&["out"])?;
            let (a, indices) = (array(&mut bound)?, convert::array(&bound.need("indices")?)?);
            let axis = axis(&mut bound)?;
            let mode = bound.take("mode");
            let outside = match mode.as_ref().map_or(Ok("raise"), convert::text)? {
                "raise" => Outside::Raise,
                "wrap" => Outside::Wrap,
                "clip" => Outside::Clip,
                other => {
                    let what = format!("{other:?} is unknown");
                    return Err(bound.refused("mode", &what, "raise, wrap or clip"));
                }
            };
            made(&bound, a.take(&indices, axis, outside))
        },
        about: "the elements at indices along an axis; in C order without axis",
    },
    Function {
        names: &["take_along_axis"],
        parameters: parameters(&["a", "indices", "axis"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, indices) = (array(&mut bound)?, convert::array(&bound.need("indices")?)?);
            // NumPy's default is the last axis; None is the array in C order.
            let axis = match bound.take_given("axis") {
                None => Some(-1),
                Some(value) if matches!(value.node, crate::eval::value::Value::None) => None,
                Some(value) => Some(convert::int(&value)?),
            };
            made(&bound, a.take_along_axis(&indices, axis))
        },
        about: "for each line along an axis the elements at that line's indices",
    },
];
