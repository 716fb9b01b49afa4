//! Which imports may a pasted program keep?
//!
//! Those that give NumPy and Dask the names they have here anyway. They do nothing.

use ruff_python_ast::{Alias, StmtImport, StmtImportFrom};

use super::error::ParseError;

/// Imports without effect, as (module, name it is given, if any).
const KNOWN: &[(&str, Option<&str>)] = &[
    ("numpy", None),
    ("numpy", Some("np")),
    ("numpy", Some("numpy")),
    ("dask", None),
    ("dask.array", None),
    ("dask.array", Some("da")),
];

/// Accepts `import numpy as np` and its kin.
pub(super) fn import(statement: &StmtImport) -> Result<(), ParseError> {
    statement
        .names
        .iter()
        .try_for_each(|alias| check("", alias))
}

/// Accepts `from dask import array as da`.
pub(super) fn import_from(statement: &StmtImportFrom) -> Result<(), ParseError> {
    let module = statement
        .module
        .as_ref()
        .map_or("", |module| module.as_str());
    statement
        .names
        .iter()
        .try_for_each(|alias| check(&format!("{module}."), alias))
}

fn check(prefix: &str, alias: &Alias) -> Result<(), ParseError> {
    let module = format!("{prefix}{}", alias.name.as_str());
    let name = alias.asname.as_ref().map(|name| name.as_str());
    if KNOWN.contains(&(module.as_str(), name)) {
        return Ok(());
    }
    let error = ParseError::new(
        alias.range,
        format!("{module} cannot be imported like this"),
    )
    .note("functions are known without an import");
    Err(match module.split('.').next() {
        Some("numpy") => error.way_out("import numpy as np, or no import"),
        Some("dask") => error.way_out("import dask.array as da, or no import"),
        _ => error.way_out("leave the import out"),
    })
}
