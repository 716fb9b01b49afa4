//! How are functions called that choose among arrays, or give several?

use super::lookup::outside;
use super::loops::{Loop, several};
use super::{Bound, Form, Function, Parameters, Place, apply};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use std::cell::RefCell;
use tilewright::{Array, Operand, Piece};

const fn parameters(names: &'static [&'static str], required: usize) -> Parameters {
    Parameters {
        names,
        positional: names.len(),
        required,
        packed: None,
        out: Place::Any,
    }
}

/// A loop of two results.
const fn loop_of(names: &'static [&'static str], arguments: usize) -> Parameters {
    Parameters {
        positional: arguments + 2,
        out: Place::Own,
        ..parameters(names, arguments)
    }
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["divmod"],
        parameters: loop_of(several!("x1", "x2", "out1", "out2"), 2),
        form: Form::Function,
        call: divmod,
        about: "a // b and a % b",
    },
    Function {
        names: &["modf"],
        parameters: loop_of(several!("x", "out1", "out2"), 1),
        form: Form::Function,
        call: |bound| pair(bound, Array::modf),
        about: "fraction and whole part, both with the sign of x",
    },
    Function {
        names: &["frexp"],
        parameters: loop_of(several!("x", "out1", "out2"), 1),
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
        about: "the choice of number a; with mode='clip' numbers beyond them count as the nearest, with \
                mode='wrap' modulo their number",
    },
    Function {
        names: &["piecewise"],
        parameters: parameters(&["x", "condlist", "funclist"], 3),
        form: Form::Function,
        call: piecewise,
        about: "values (numbers, arrays or functions of the elements there) by conditions, the last that \
                holds; 0 where none does, or one value more for there",
    },
];

fn pair(mut bound: Bound, parts: fn(&Array) -> (Array, Array)) -> Result<Value> {
    let asked = Loop::of_two(&mut bound)?;
    let x = bound.need("x")?;
    let x = match asked.cast(&x)? {
        Operand::Array(x) => x,
        _ => convert::array(&x)?,
    };
    two(&asked, parts(&x))
}

fn two(asked: &Loop, (first, second): (Array, Array)) -> Result<Value> {
    Ok(Value::Tuple(vec![
        asked.held(0, first)?,
        asked.held(1, second)?,
    ]))
}

fn divmod(mut bound: Bound) -> Result<Value> {
    let asked = Loop::of_two(&mut bound)?;
    let operands = [
        asked.cast(&bound.need("x1")?)?,
        asked.cast(&bound.need("x2")?)?,
    ];
    asked.check("floor_divide", &operands)?;
    let part = |name: &str| tilewright::ops::map(name, &operands);
    two(&asked, (part("floor_divide"), part("remainder")))
}

/// The items of a list or tuple.
fn items(value: &Spanned<Value>) -> Result<Vec<Spanned<Value>>> {
    match &value.node {
        Value::List(items) | Value::Tuple(items) => Ok(items
            .iter()
            .map(|item| Spanned::new(item.clone(), value.span))
            .collect()),
        // An array is the list of its parts.
        Value::Array(whole) => {
            let parts = convert::parts(whole, value.span)?.into_iter();
            Ok(parts
                .map(|part| Spanned::new(Value::Array(part), value.span))
                .collect())
        }
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
    let index = convert::array(&bound.need("a")?)?;
    let choices = operands(&bound.need("choices")?)?;
    let outside = outside(&mut bound)?;
    convert::checked(bound.span, index.choose(&choices, outside)).map(Value::Array)
}

/// The conditions of [`piecewise`]: a list of arrays or lists, or one of them, which is alone then.
fn conditions(x: &Array, given: &Spanned<Value>) -> Result<Vec<Array>> {
    let axes = x
        .ndim()
        .map_err(|error| EvalError::new(given.span, error))?;
    let alone = match &given.node {
        Value::List(items) | Value::Tuple(items) => {
            let listed = |item: &Value| matches!(item, Value::List(_) | Value::Array(_));
            axes > 0 && items.first().is_some_and(|first| !listed(first))
        }
        Value::Array(whole) => whole
            .ndim()
            .is_ok_and(|ndim| ndim < 2 && (ndim == 0 || axes > 0)),
        _ => true,
    };
    match alone {
        true => Ok(vec![convert::array(given)?]),
        false => arrays(given),
    }
}

fn piecewise(mut bound: Bound) -> Result<Value> {
    let x = convert::array(&bound.need("x")?)?;
    let conditions = conditions(&x, &bound.need("condlist")?)?;
    if conditions.is_empty() {
        return Err(bound.refused("condlist", "is empty", "one condition at least"));
    }
    let values = items(&bound.need("funclist")?)?;
    let failed = RefCell::new(None);
    let functions = values.iter().map(|value| {
        let own = matches!(value.node, Value::Function(_) | Value::Lambda(_)).then_some(value);
        own.map(|function| {
            let (span, failed) = (bound.span, &failed);
            move |x: &Array| {
                let given = apply(function, vec![Value::Array(x.clone())], span);
                let given = given.and_then(|value| convert::array(&Spanned::new(value, span)));
                given.unwrap_or_else(|error| {
                    failed.borrow_mut().get_or_insert(error);
                    x.clone()
                })
            }
        })
    });
    let functions: Vec<_> = functions.collect();
    let pieces = functions.iter().zip(&values).map(|(function, value)| {
        Ok(match function {
            Some(function) => Piece::Function(function),
            None => Piece::Value(convert::operand(value)?),
        })
    });
    let made = x.piecewise(&conditions, &pieces.collect::<Result<Vec<_>>>()?);
    match failed.take() {
        Some(error) => Err(error),
        None => convert::checked(bound.span, made).map(Value::Array),
    }
}
