//! How is asked where an array is not 0, and which values it holds?

use super::creation::made;
use super::moves::{array, parameters};
use super::{Bound, Form, Function, axes, joins};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::operators::map;
use crate::eval::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["where"],
        parameters: parameters(&["condition", "x", "y"], 1),
        form: Form::Function,
        call: |mut bound| {
            let condition = bound.need("condition")?;
            match (bound.take_given("x"), bound.take_given("y")) {
                (Some(x), Some(y)) => map("where", &[condition, x, y], bound.span),
                (None, None) => {
                    let condition = convert::array(&condition)?;
                    axes::all(&bound, condition.nonzero(), Value::Tuple)
                }
                _ => Err(EvalError::wrong(
                    bound.span,
                    "where takes both x and y, or neither",
                    "where(condition, x, y)",
                )),
            }
        },
        about: "x where a condition holds, else y; without them, the indices where it holds",
    },
    Function {
        names: &["nonzero"],
        parameters: parameters(&["a"], 1),
        form: Form::Both,
        call: |mut bound| {
            let a = array(&mut bound)?;
            axes::all(&bound, a.nonzero(), Value::Tuple)
        },
        about: "where an array is not 0: an index array for each axis",
    },
    Function {
        names: &["flatnonzero"],
        parameters: parameters(&["a"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            made(&bound, a.flatnonzero())
        },
        about: "where an array is not 0, as positions in C order",
    },
    Function {
        names: &["argwhere"],
        parameters: parameters(&["a"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            made(&bound, a.argwhere())
        },
        about: "where an array is not 0: a line of indices for each place",
    },
    Function {
        names: &["compress"],
        parameters: parameters(&["condition", "a", "axis", "out"], 2),
        form: Form::Function,
        call: compress,
        about: "the lines along an axis where a condition holds; in C order without axis",
    },
    Function {
        names: &["compress"],
        parameters: parameters(&["a", "condition", "axis", "out"], 2),
        form: Form::Method,
        call: compress,
        about: "as the function, of the array before the dot",
    },
    Function {
        names: &["extract"],
        parameters: parameters(&["condition", "arr"], 2),
        form: Form::Function,
        call: |mut bound| {
            let condition = convert::array(&bound.need("condition")?)?;
            let a = convert::array(&bound.need("arr")?)?;
            made(&bound, a.compress(&condition.ravel(), None))
        },
        about: "the elements in C order where a condition holds",
    },
    Function {
        names: &["unique"],
        parameters: parameters(
            &[
                "ar",
                "return_index",
                "return_inverse",
                "return_counts",
                "axis",
                "equal_nan",
                "sorted",
            ],
            1,
        ),
        form: Form::Function,
        call: |mut bound| {
            // NumPy's order without it is of no account.
            bound.take("sorted");
            let a = convert::array(&bound.need("ar")?)?;
            let line = a.ndim().is_ok_and(|ndim| ndim == 1);
            let axis = bound.take("axis").map(|axis| convert::int(&axis));
            let axis = axis
                .transpose()?
                .filter(|axis| !(line && matches!(axis, 0 | -1)));
            let mut flag = |name: &str, or: bool| {
                let value = bound.take(name);
                value.map_or(Ok(or), |value| convert::bool(&value))
            };
            let asked = [
                flag("return_index", false)?,
                flag("return_inverse", false)?,
                flag("return_counts", false)?,
            ];
            let equal_nan = flag("equal_nan", true)?;
            let unique = match axis {
                None => a.unique(equal_nan),
                Some(axis) => a.unique_lines(axis),
            };
            if asked == [false; 3] {
                return made(&bound, unique.values);
            }
            let parts = [unique.index, unique.inverse, unique.counts];
            let parts = parts.into_iter().zip(asked).filter(|(_, asked)| *asked);
            let all = std::iter::once(unique.values).chain(parts.map(|(part, _)| part));
            axes::all(&bound, all.collect(), Value::Tuple)
        },
        about: "the distinct elements, or lines along an axis, sorted; where each is first, its numbers, how often \
                it is",
    },
];

fn compress(mut bound: Bound) -> Result<Value> {
    let condition = convert::array(&bound.need("condition")?)?;
    let (a, axis) = (array(&mut bound)?, joins::axis(&mut bound)?);
    made(&bound, a.compress(&condition, axis))
}
