//! Which keywords of NumPy's have other names here, or say what is so anyway?
//!
//! The names that NumPy gives a function's first argument, and where results lie, which is one place
//! here. Absent: keywords of element-wise functions (`loops`).

use super::Arguments;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::Value;

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
    ("v", "a", &["diag", "diagflat"]),
    ("val", "x", &["real", "imag"]),
    ("y", "a", &["trapezoid"]),
    ("a", "x", &["clip"]),
];

/// Keywords that say where and how results lie, which changes no element.
const PLACES: &[(&str, &[&str])] = &[
    (
        "subok",
        &[
            "broadcast_to",
            "broadcast_arrays",
            "sliding_window_view",
            "lib.stride_tricks.sliding_window_view",
        ],
    ),
    (
        "writeable",
        &[
            "sliding_window_view",
            "lib.stride_tricks.sliding_window_view",
        ],
    ),
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
            "asarray",
        ],
    ),
    (
        "like",
        &[
            "zeros", "ones", "full", "empty", "arange", "eye", "identity", "tri", "array",
            "asarray",
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
            (Value::None, _) => {}
            (Value::Bool(_) | Value::Int(0 | 1), "subok" | "copy" | "writeable") => {}
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
