//! How is asked where an array is not 0, and which values it holds?

use super::creation::made;
use super::moves::{array, parameters};
use super::{Bound, Form, Function, axes, joins};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::operators::map;
use crate::eval::value::Value;
use tilewright::Triangle;

/// Axes of an array at most.
const MOST_AXES: i64 = 32;

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
        names: &["tril_indices"],
        parameters: parameters(&["n", "k", "m"], 1),
        form: Form::Function,
        call: |bound| triangle(bound, Triangle::Lower),
        about: "the rows and columns of a matrix on its diagonal k and below it, an index array for each axis",
    },
    Function {
        names: &["triu_indices"],
        parameters: parameters(&["n", "k", "m"], 1),
        form: Form::Function,
        call: |bound| triangle(bound, Triangle::Upper),
        about: "the rows and columns of a matrix on its diagonal k and above it, an index array for each axis",
    },
    Function {
        names: &["tril_indices_from"],
        parameters: parameters(&["arr", "k"], 1),
        form: Form::Function,
        call: |bound| triangle_of(bound, Triangle::Lower),
        about: "tril_indices of the shape of a matrix",
    },
    Function {
        names: &["triu_indices_from"],
        parameters: parameters(&["arr", "k"], 1),
        form: Form::Function,
        call: |bound| triangle_of(bound, Triangle::Upper),
        about: "triu_indices of the shape of a matrix",
    },
    Function {
        names: &["diag_indices"],
        parameters: parameters(&["n", "ndim"], 1),
        form: Form::Function,
        call: |mut bound| {
            let n = convert::int(&bound.need("n")?)?;
            let ndim = axes::int(&mut bound, "ndim", 2)?;
            diagonal(&bound, n, ndim)
        },
        about: "the places of the main diagonal of an array of n along each axis, an index array for each axis",
    },
    Function {
        names: &["diag_indices_from"],
        parameters: parameters(&["arr"], 1),
        form: Form::Function,
        call: |mut bound| {
            let shape = shape_of(&mut bound)?;
            match shape[..] {
                [n, _, ..] if shape.iter().all(|len| *len == n) => {
                    diagonal(&bound, n, shape.len() as i64)
                }
                _ => {
                    let what = format!("has the shape {shape:?}");
                    let way_out = "two axes or more of one length";
                    Err(bound.refused("arr", &what, way_out))
                }
            }
        },
        about: "diag_indices of the shape of an array",
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

fn triangle(mut bound: Bound, side: Triangle) -> Result<Value> {
    let n = convert::int(&bound.need("n")?)?;
    let k = axes::int(&mut bound, "k", 0)?;
    let m = bound.take("m").map_or(Ok(n), |m| convert::int(&m))?;
    let both = tilewright::triangle_indices(n, m, k, side);
    axes::all(&bound, both.into(), Value::Tuple)
}

fn triangle_of(mut bound: Bound, side: Triangle) -> Result<Value> {
    let k = axes::int(&mut bound, "k", 0)?;
    match shape_of(&mut bound)?[..] {
        [n, m] => {
            let both = tilewright::triangle_indices(n, m, k, side);
            axes::all(&bound, both.into(), Value::Tuple)
        }
        _ => Err(bound.refused("arr", "is no matrix", "an array of two axes")),
    }
}

fn shape_of(bound: &mut Bound) -> Result<Vec<i64>> {
    let x = convert::array(&bound.need("arr")?)?;
    let shape = x.shape().map(<[i64]>::to_vec);
    shape.map_err(|error| EvalError::new(bound.span, error))
}

/// The places of a diagonal: the same along each axis.
fn diagonal(bound: &Bound, n: i64, ndim: i64) -> Result<Value> {
    if ndim > MOST_AXES {
        return Err(bound.refused("ndim", "is more than 32", "fewer axes"));
    }
    let places = tilewright::arange(0, n, 1);
    axes::all(bound, vec![places; ndim.max(0) as usize], Value::Tuple)
}
