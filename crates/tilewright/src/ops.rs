//! Which operators are there, and how are they called by name?
//!
//! The face of the operator table for whoever reads names at run time, as the command line does.

use crate::elementwise::operate;
use crate::operand::each;
use crate::{Array, Operand, Reduction};
use tilewright_core::{DType, Error, Kind};
use tilewright_expr::op::{Family, OpDef, OpId, Step};
use tilewright_expr::{build, manual};

/// How an operator is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Element by element, of these parameters.
    Map(&'static [&'static str]),
    /// The same, with parameters beyond so many that may be left out.
    Composed(&'static [&'static str], usize),
    /// Along axes.
    Reduce,
    /// Along axes, with delta degrees of freedom.
    Statistic,
    /// In a way of its own: a conversion, a move, an array made, drawn or read.
    Other,
}

/// How the operator `name` is called; `None` if there is no such one.
pub fn form(name: &str) -> Option<Form> {
    let def = OpId::named(name)?.def();
    Some(match &def.family {
        Family::Map(row) if is_cast(row) => Form::Other,
        Family::Map(_) => Form::Map(def.params),
        Family::Composed(row) => Form::Composed(def.params, row.required),
        Family::Reduce(_) => Form::Reduce,
        Family::Derived(_) => Form::Statistic,
        _ => Form::Other,
    })
}

fn is_cast(row: &tilewright_expr::op::MapRow) -> bool {
    use tilewright_core::DType::F64;
    matches!((row.lower)(F64, F64), Step::Cast)
}

/// The dtypes that the element-wise operator `name` takes such operands in; `None` where that is not
/// known, or it is composed of others.
pub fn loop_dtypes(name: &str, operands: &[Operand]) -> Option<Vec<DType>> {
    let plain = operands.iter().map(|operand| match operand {
        Operand::Array(array) => array.expr().ok().cloned().map(build::Operand::Array),
        plain => plain.plain(),
    });
    let operands: Vec<build::Operand> = plain.collect::<Option<_>>()?;
    build::loop_dtypes(name, &operands).ok().flatten()
}

/// The element-wise operator `name`.
///
/// # Errors
/// [`Kind::Parse`] if there is no such operator or for another number of operands, and whatever
/// the operator refuses; held by the array.
#[must_use]
#[track_caller]
pub fn map(name: &str, operands: &[Operand]) -> Array {
    match OpId::named(name).map(OpId::def) {
        Some(OpDef {
            name,
            family: Family::Map(row),
            params,
            ..
        }) if !is_cast(row) && params.len() == operands.len() => operate(name, operands),
        _ => unknown("element-wise operator", name),
    }
}

/// The element-wise operator `name` that is composed of others, with arguments left out.
///
/// # Errors
/// As [`map`].
#[must_use]
#[track_caller]
pub fn compose(name: &str, operands: &[Option<Operand>]) -> Array {
    let named = OpId::named(name).map(|op| op.def().name);
    let (Some(name), Some(Form::Composed(..))) = (named, form(name)) else {
        return unknown("composed operator", name);
    };
    let given: Vec<Operand> = operands.iter().flatten().cloned().collect();
    let present: Vec<bool> = operands.iter().map(Option::is_some).collect();
    each(&given, move |given| {
        let mut given = given.iter().cloned();
        let all = present
            .iter()
            .map(|&here| if here { given.next() } else { None });
        build::compose(name, &all.collect::<Vec<_>>())
    })
}

/// The reduction or statistic `name`; with `skip_nan` NaN does not count.
///
/// # Errors
/// [`Kind::Parse`] if there is no such reduction, and whatever it refuses; held by the array.
#[must_use]
#[track_caller]
pub fn reduce(name: &str, x: &Array, asked: Reduction, skip_nan: bool) -> Array {
    let known = OpId::named(name).map(|op| op.def().name);
    match (known, form(name)) {
        (Some(name), Some(Form::Reduce | Form::Statistic)) => x.fold(name, asked, skip_nan),
        _ => unknown("reduction", name),
    }
}

#[track_caller]
fn unknown(what: &str, name: &str) -> Array {
    Array::new(Err(Error::new(
        Kind::Parse,
        format!("there is no {what} {name} of so many operands"),
    )
    .way_out("a name that `tilewright ops` lists")))
}

/// Names of all operators, in the manual's order.
pub fn names() -> impl Iterator<Item = &'static str> {
    manual::names()
}

/// The manual's page of an operator; `None` if there is no such one.
///
/// ```
/// assert!(tilewright::ops::page("sqrt").is_some_and(|page| page.contains("IEEE 754")));
/// ```
pub fn page(name: &str) -> Option<String> {
    manual::page(name)
}

/// Lines of a text that fit the manual's pages behind so many columns.
pub fn wrap(text: &str, indent: usize) -> Vec<String> {
    manual::wrap(text, indent)
}

/// Every operator with its formula, by family.
pub fn index() -> String {
    manual::index()
}
