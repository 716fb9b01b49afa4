//! How are functions called that choose among arrays, or give several?

use super::{Bound, Form, Function, Parameters};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, Operand};

const fn parameters(names: &'static [&'static str], required: usize) -> Parameters {
    Parameters {
        names,
        positional: names.len(),
        required,
        packed: None,
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["divmod"],
        parameters: parameters(&["x1", "x2"], 2),
        form: Form::Function,
        call: divmod,
        about: "a // b and a % b",
    },
    Function {
        names: &["modf"],
        parameters: parameters(&["x"], 1),
        form: Form::Function,
        call: |bound| pair(bound, Array::modf),
        about: "fraction and whole part, both with the sign of x",
    },
    Function {
        names: &["frexp"],
        parameters: parameters(&["x"], 1),
        form: Form::Function,
        call: |bound| pair(bound, Array::frexp),
        about: "mantissa in [0.5, 1) or (-1, -0.5] and exponent of 2",
    },
    Function {
        names: &["select"],
        parameters: parameters(&["condlist", "choicelist", "default"], 2),
        form: Form::Function,
        call: select,
        about: "the choice of the first condition that is true, else the default",
    },
    Function {
        names: &["choose"],
        parameters: parameters(&["a", "choices", "out", "mode"], 2),
        form: Form::Both,
        call: choose,
        about: "the choice of number a; numbers beyond them count as the nearest, with mode='wrap' \
                modulo their number",
    },
    Function {
        names: &["piecewise"],
        parameters: parameters(&["x", "condlist", "funclist"], 3),
        form: Form::Function,
        call: piecewise,
        about: "values (numbers or arrays) by conditions, the last that holds; 0 where none does, \
                or one value more for there",
    },
];

fn pair(mut bound: Bound, parts: fn(&Array) -> (Array, Array)) -> Result<Value> {
    let x = convert::array(&bound.need("x")?)?;
    two(&bound, parts(&x))
}

fn two(bound: &Bound, (first, second): (Array, Array)) -> Result<Value> {
    let both = [first, second].map(|part| convert::checked(bound.span, part).map(Value::Array));
    Ok(Value::Tuple(both.into_iter().collect::<Result<_>>()?))
}

fn divmod(mut bound: Bound) -> Result<Value> {
    let operands = [bound.need("x1")?, bound.need("x2")?];
    let [a, b] = [
        convert::operand(&operands[0])?,
        convert::operand(&operands[1])?,
    ];
    let part = |name: &str| tilewright::ops::map(name, &[a.clone(), b.clone()]);
    two(&bound, (part("floor_divide"), part("remainder")))
}

/// The items of a list or tuple.
fn items(value: &Spanned<Value>) -> Result<Vec<Spanned<Value>>> {
    match &value.node {
        Value::List(items) | Value::Tuple(items) => Ok(items
            .iter()
            .map(|item| Spanned::new(item.clone(), value.span))
            .collect()),
        other => Err(EvalError::wrong(
            value.span,
            format!("{} where a list is wanted", other.kind()),
            "a list of arrays: [a, b]",
        )),
    }
}

fn operands(value: &Spanned<Value>) -> Result<Vec<Operand>> {
    items(value)?.iter().map(convert::operand).collect()
}

fn arrays(value: &Spanned<Value>) -> Result<Vec<Array>> {
    items(value)?.iter().map(convert::array).collect()
}

fn select(mut bound: Bound) -> Result<Value> {
    let conditions = arrays(&bound.need("condlist")?)?;
    let choices = operands(&bound.need("choicelist")?)?;
    let default = bound
        .take("default")
        .map_or(Ok(Operand::Int(0)), |value| convert::operand(&value))?;
    let chosen = tilewright::select(&conditions, &choices, default);
    convert::checked(bound.span, chosen).map(Value::Array)
}

fn choose(mut bound: Bound) -> Result<Value> {
    bound.refuse(&["out"])?;
    let index = convert::array(&bound.need("a")?)?;
    let choices = operands(&bound.need("choices")?)?;
    let wrap = match bound.take("mode") {
        None => false,
        Some(mode) => match convert::text(&mode)? {
            "wrap" => true,
            "clip" | "raise" => false,
            other => {
                let message = format!("the mode {other:?}");
                return Err(EvalError::wrong(mode.span, message, "'clip' or 'wrap'"));
            }
        },
    };
    convert::checked(bound.span, index.choose(&choices, wrap)).map(Value::Array)
}

fn piecewise(mut bound: Bound) -> Result<Value> {
    let x = convert::array(&bound.need("x")?)?;
    let conditions = arrays(&bound.need("condlist")?)?;
    let values = operands(&bound.need("funclist")?)?;
    convert::checked(bound.span, x.piecewise(&conditions, &values)).map(Value::Array)
}
