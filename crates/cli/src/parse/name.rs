//! What does a dotted name stand for?
//!
//! Takes the prefixes of NumPy and Dask off, so that programs pasted from either mean the same.
//! Which names exist below a module is the evaluator's to know.

use ruff_python_ast::Expr as Python;

use super::error::ParseError;
use super::span::Span;

/// Names that a variable cannot have: the modules below which functions are found, and `None`'s
/// other name.
const RESERVED: &[&str] = &[
    "np", "numpy", "da", "dask", "random", "linalg", "special", "newaxis",
];

/// Modules below NumPy whose names stay dotted, and SciPy's special functions.
const SUBMODULES: &[&str] = &["random", "linalg", "fft", "special", "lib"];

/// Whether `name` cannot be assigned, nor name an input.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// What a name, dotted or not, stands for.
pub(super) enum Path {
    /// A module: NumPy or Dask, or one below them.
    Module,
    /// A member of a module, without the prefix that all have.
    Member(String),
}

/// The path that `expr` spells; nothing for a variable, an attribute of a value, and the rest.
///
/// # Errors
/// A member of Dask other than its arrays.
pub(super) fn path(expr: &Python) -> Result<Option<Path>, ParseError> {
    // From the outside in: the dots first, then the name they start from.
    let mut attributes = Vec::new();
    let mut value = expr;
    while let Python::Attribute(attribute) = value {
        attributes.push(&attribute.attr);
        value = &attribute.value;
    }
    let Python::Name(root) = value else {
        return Ok(None);
    };
    // Empty for NumPy itself.
    let mut module = match root.id.as_str() {
        "np" | "numpy" | "da" => "",
        "dask" => "dask",
        // Alone it may also be the function `random`.
        "random" if !attributes.is_empty() => "random",
        "linalg" if !attributes.is_empty() => "linalg",
        // SciPy's, as `from scipy import special` has them.
        "special" if !attributes.is_empty() => "special",
        _ => return Ok(None),
    };
    while let Some(attribute) = attributes.pop() {
        let name = attribute.as_str();
        let submodule = SUBMODULES.iter().find(|submodule| **submodule == name);
        module = match (module, submodule) {
            ("dask", _) if name == "array" => "",
            ("", Some(submodule)) => submodule,
            ("lib", _) if name == "stride_tricks" => "lib.stride_tricks",
            ("dask", _) if name != "compute" => return Err(unknown_in_dask(name, attribute)),
            // Further dots are attributes of the member.
            _ if !attributes.is_empty() => return Ok(None),
            ("" | "dask", _) => return Ok(Some(Path::Member(name.to_owned()))),
            _ => return Ok(Some(Path::Member(format!("{module}.{name}")))),
        };
    }
    Ok(Some(Path::Module))
}

fn unknown_in_dask(name: &str, place: &ruff_python_ast::Identifier) -> ParseError {
    ParseError::new(
        place.range,
        format!("dask.{name} is not part of the language"),
    )
    .note("of Dask, only its arrays are known")
    .way_out(format!("da.{name}"))
}

/// The error for a module in the place of a value.
pub(super) fn module_as_value(text: &str, span: Span) -> ParseError {
    let name = span.of(text);
    let member = if name.ends_with("random") {
        "normal(0, 1, (10, 10))"
    } else {
        "mean(x)"
    };
    ParseError::new(span, format!("{name} is a module, not a value"))
        .way_out(format!("a member of it, such as {name}.{member}"))
}
