//! Which keywords of NumPy's have other names here, or say what is so anyway?
//!
//! The names that NumPy gives a function's first argument; where results lie, which is one place
//! here; and the keywords of element-wise functions. Absent: keywords that mean something.

use super::{Arguments, dtypes};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;
use crate::parse::Spanned;
use tilewright::{DType, Operand};

/// What NumPy calls the first argument of functions, where that is not its name here.
const FIRST: &[(&str, &str, &[&str])] = &[
    (
        "m",
        "a",
        &["tril", "triu", "flip", "fliplr", "flipud", "rot90"],
    ),
    (
        "arr",
        "a",
        &["append", "insert", "delete", "take_along_axis"],
    ),
    (
        "ary",
        "a",
        &[
            "ediff1d",
            "split",
            "array_split",
            "hsplit",
            "vsplit",
            "dsplit",
        ],
    ),
    ("array", "a", &["broadcast_to", "pad"]),
    ("x", "a", &["linalg.norm"]),
    ("x", "m", &["corrcoef"]),
    ("A", "a", &["tile"]),
    ("v", "a", &["diag"]),
    ("y", "a", &["trapezoid"]),
    ("a", "x", &["round", "around", "clip"]),
];

/// Keywords that say where and how results lie, which changes no element.
const PLACES: &[(&str, &[&str])] = &[
    ("subok", &["broadcast_to", "broadcast_arrays"]),
    ("copy", &["reshape"]),
    (
        "device",
        &[
            "zeros",
            "ones",
            "full",
            "empty",
            "arange",
            "linspace",
            "eye",
            "zeros_like",
            "ones_like",
            "full_like",
            "empty_like",
            "astype",
        ],
    ),
    (
        "like",
        &[
            "zeros", "ones", "full", "empty", "arange", "eye", "identity", "tri",
        ],
    ),
];

/// The arguments as the function of this name knows them.
///
/// # Errors
/// A place that there is not.
pub(super) fn settle(name: &str, arguments: &mut Arguments) -> Result<()> {
    for (given, own, functions) in FIRST {
        if functions.contains(&name) {
            arguments.rename(given, own);
        }
    }
    for (keyword, functions) in PLACES {
        if !functions.contains(&name) {
            continue;
        }
        let Some(value) = arguments.keyword(keyword) else {
            continue;
        };
        match (&value.node, *keyword) {
            (Value::None, _) | (Value::Bool(_), "subok" | "copy") => {}
            (Value::Str(text), "device") if text == "cpu" => {}
            _ => {
                let message = format!("{name}: {keyword}={}", value.node);
                let way_out = format!("leave {keyword} out");
                return Err(EvalError::wrong(value.span, message, way_out));
            }
        }
    }
    Ok(())
}

/// What an element-wise function is asked for beside its arguments.
pub(super) struct Loop {
    dtype: Option<Spanned<Value>>,
    casting: Option<Spanned<Value>>,
}

impl Loop {
    /// Takes the keywords of NumPy's element-wise functions out of the arguments.
    ///
    /// # Errors
    /// A place for results, or a mask: there is no array whose other elements would stay.
    pub fn of(arguments: &mut Arguments) -> Result<Loop> {
        for (keyword, way_out) in [
            ("out", "leave out out"),
            ("where", "where(condition, f(x), x)"),
        ] {
            match arguments.keyword(keyword) {
                None => {}
                Some(value) if matches!(value.node, Value::None | Value::Bool(true)) => {}
                Some(value) => {
                    let message = format!("{} has no argument {keyword} here", arguments.name);
                    return Err(EvalError::wrong(value.span, message, way_out));
                }
            }
        }
        arguments.keyword("order");
        arguments.keyword("subok");
        let dtype = arguments.keyword("dtype");
        Ok(Loop {
            dtype: dtype.filter(|dtype| !matches!(dtype.node, Value::None)),
            casting: arguments.keyword("casting"),
        })
    }

    /// The operands in the dtype that is asked for; those of a truth stay what they are.
    ///
    /// # Errors
    /// A cast that is not allowed.
    pub fn cast(&self, values: Vec<Spanned<Value>>) -> Result<Vec<Operand>> {
        let to = self.dtype()?.filter(|to| *to != DType::Bool);
        let each = values
            .iter()
            .map(|value| match (convert::operand(value)?, to) {
                (Operand::Array(x), Some(to)) => {
                    dtypes::cast(&x, to, self.casting.as_ref(), value.span).map(Operand::Array)
                }
                (_, Some(to)) => convert::typed_array(value, Some(to)).map(Operand::Array),
                (operand, None) => Ok(operand),
            });
        each.collect()
    }

    /// Refuses a result of another dtype than was asked for.
    ///
    /// # Errors
    /// The dtype that there is no function of.
    pub fn check(&self, result: Value) -> Result<Value> {
        let (Some(asked), Value::Array(array)) = (self.dtype()?, &result) else {
            return Ok(result);
        };
        match (array.dtype(), &self.dtype) {
            (Ok(dtype), Some(given)) if dtype != asked => {
                let message = format!("this function gives {}, not {}", dtype.name(), asked.name());
                Err(EvalError::wrong(
                    given.span,
                    message,
                    "astype of the result",
                ))
            }
            _ => Ok(result),
        }
    }

    fn dtype(&self) -> Result<Option<DType>> {
        self.dtype.as_ref().map(convert::dtype).transpose()
    }
}
