//! How is it asked whether two arrays agree?

use super::along::parameters;
use super::creation::made;
use super::{Bound, Form, Function};
use crate::eval::convert;
use crate::eval::error::Result;
use crate::eval::value::Value;
use tilewright::{Array, Closeness};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["allclose"],
        parameters: parameters(&["a", "b", "rtol", "atol", "equal_nan"], 2),
        form: Form::Function,
        call: allclose,
        about: "whether |a - b| <= atol + rtol * |b| everywhere",
    },
    Function {
        names: &["array_equal"],
        parameters: parameters(&["a1", "a2", "equal_nan"], 2),
        form: Form::Function,
        call: |mut bound| {
            let equal_nan = flag(&mut bound, "equal_nan")?;
            both(bound, |a, b| a.array_equal(b, equal_nan))
        },
        about: "whether both have one shape and equal elements",
    },
    Function {
        names: &["array_equiv"],
        parameters: parameters(&["a1", "a2"], 2),
        form: Form::Function,
        call: |bound| both(bound, Array::array_equiv),
        about: "whether one, broadcast to the other, equals it everywhere",
    },
];

fn flag(bound: &mut Bound, name: &str) -> Result<bool> {
    let given = bound.take(name).map(|value| convert::bool(&value));
    given.transpose().map(|value| value.unwrap_or(false))
}

fn both(mut bound: Bound, agree: impl Fn(&Array, &Array) -> Array) -> Result<Value> {
    let a = convert::array(&bound.need("a1")?)?;
    let b = convert::array(&bound.need("a2")?)?;
    made(&bound, agree(&a, &b))
}

fn allclose(mut bound: Bound) -> Result<Value> {
    let a = convert::array(&bound.need("a")?)?;
    let b = convert::operand(&bound.need("b")?)?;
    let mut number = |name: &str, natural: f64| {
        let given = bound.take(name).map(|value| convert::float(&value));
        given.transpose().map(|value| value.unwrap_or(natural))
    };
    let natural = Closeness::default();
    let (rtol, atol) = (number("rtol", natural.rtol)?, number("atol", natural.atol)?);
    let equal_nan = flag(&mut bound, "equal_nan")?;
    let how = Closeness {
        rtol,
        atol,
        equal_nan,
    };
    made(&bound, a.allclose(b, how))
}
