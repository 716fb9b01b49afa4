//! How are functions called that put arrays together or take them apart?

use super::axes::{all, int};
use super::creation::made;
use super::moves::{array, parameters};
use super::{Bound, Form, Function, Parameters, dtypes};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{Array, Blocks, Cuts};

macro_rules! stacks {
    ($($name:ident, $($other:literal)?, $about:literal;)*) => {
        [$(Function {
            names: &[stringify!($name) $(, $other)?],
            parameters: Parameters {
                positional: 1,
                ..parameters(&["tup", "dtype", "casting"], 1)
            },
            form: Form::Function,
            call: |mut bound| {
                let mut arrays = convert::list(&bound.need("tup")?)?;
                if let Some(dtype) = bound.take("dtype") {
                    let (to, casting) = (convert::dtype(&dtype)?, bound.take("casting"));
                    for array in &mut arrays {
                        *array = dtypes::cast(array, to, casting.as_ref(), dtype.span)?;
                    }
                }
                made(&bound, tilewright::$name(&arrays))
            },
            about: $about,
        }),*]
    };
}

pub(super) const STACKS: &[Function] = &stacks! {
    hstack, , "arrays side by side along their second axis, vectors along their only one";
    vstack, "row_stack", "arrays one below the other; a vector is a row";
    dstack, , "arrays one behind the other, along a third axis";
    column_stack, , "vectors as columns, beside arrays of two axes";
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["block"],
        parameters: parameters(&["arrays"], 1),
        form: Form::Function,
        call: |mut bound| {
            let arrays = bound.need("arrays")?;
            made(&bound, tilewright::block(&blocks(&arrays)?))
        },
        about: "arrays put together as nested lists show them",
    },
    Function {
        names: &["append"],
        parameters: parameters(&["a", "values", "axis"], 2),
        form: Form::Function,
        call: |mut bound| {
            let (a, values) = (array(&mut bound)?, convert::array(&bound.need("values")?)?);
            let axis = axis(&mut bound)?;
            made(&bound, a.append(&values, axis))
        },
        about: "values behind the elements of a; both in C order without axis",
    },
    Function {
        names: &["split"],
        parameters: parameters(&["a", "indices_or_sections", "axis"], 2),
        form: Form::Function,
        call: |bound| parts(bound, None, Cuts::Sections),
        about: "the parts of an array: so many equal ones, or those between these points",
    },
    Function {
        names: &["array_split"],
        parameters: parameters(&["a", "indices_or_sections", "axis"], 2),
        form: Form::Function,
        call: |bound| parts(bound, None, Cuts::NearlyEqual),
        about: "as split, of parts that need not be equal",
    },
    Function {
        names: &["hsplit"],
        parameters: parameters(&["a", "indices_or_sections"], 2),
        form: Form::Function,
        call: |bound| parts(bound, Some("hsplit"), Cuts::Sections),
        about: "split along the second axis, or the only one",
    },
    Function {
        names: &["vsplit"],
        parameters: parameters(&["a", "indices_or_sections"], 2),
        form: Form::Function,
        call: |bound| parts(bound, Some("vsplit"), Cuts::Sections),
        about: "split along the first axis",
    },
    Function {
        names: &["dsplit"],
        parameters: parameters(&["a", "indices_or_sections"], 2),
        form: Form::Function,
        call: |bound| parts(bound, Some("dsplit"), Cuts::Sections),
        about: "split along the third axis",
    },
    Function {
        names: &["unstack"],
        parameters: parameters(&["a", "axis"], 1),
        form: Form::Function,
        call: |mut bound| {
            let a = array(&mut bound)?;
            let axis = int(&mut bound, "axis", 0)?;
            all(&bound, a.unstack(axis), Value::Tuple)
        },
        about: "the parts of an array at each index of an axis",
    },
];

/// The argument `axis`, if one is given.
pub(super) fn axis(bound: &mut Bound) -> Result<Option<i64>> {
    bound
        .take("axis")
        .map(|axis| convert::int(&axis))
        .transpose()
}

/// The parts of an array; `name` fixes the axis.
fn parts(mut bound: Bound, name: Option<&str>, sections: fn(i64) -> Cuts) -> Result<Value> {
    let a = array(&mut bound)?;
    let given = bound.need("indices_or_sections")?;
    let given = convert::plain(&given);
    let cuts = match &given.node {
        Value::Int(_) => sections(convert::int(&given)?),
        _ => Cuts::Before(convert::axes(&given)?),
    };
    let axis = match name {
        None => int(&mut bound, "axis", 0)?,
        Some(name) => a
            .split_axis(name)
            .map_err(|error| EvalError::new(bound.span, error))?,
    };
    all(&bound, a.split(&cuts, axis), Value::List)
}

/// Nested lists of arrays.
fn blocks(value: &Spanned<Value>) -> Result<Blocks> {
    match &value.node {
        Value::List(items) => {
            let inner = |item: &Value| blocks(&Spanned::new(item.clone(), value.span));
            items
                .iter()
                .map(inner)
                .collect::<Result<_>>()
                .map(Blocks::List)
        }
        Value::Tuple(_) => {
            let message = "a tuple among blocks";
            Err(EvalError::wrong(
                value.span,
                message,
                "lists of arrays: [[a, b], [c, d]]",
            ))
        }
        _ => convert::array(value).map(|x: Array| Blocks::Array(x)),
    }
}
