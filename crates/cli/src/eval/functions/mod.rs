//! Which functions and methods are there?
//!
//! Operators come from the operator table by themselves: a new row is a function here, and a
//! method if it reduces. What is called in a way of its own stands in the tables of:
//!
//! | file | question |
//! |---|---|
//! | `rows` | how are operators of the table called? |
//! | `loops` | what is an element-wise function asked for beside its arguments? |
//! | `reductions` | … reductions? |
//! | `choice` | … functions of lists of arrays, or that give several? |
//! | `along` | … functions along an axis? |
//! | `quantiles` | … medians and quantiles? |
//! | `differences` | … differences of neighbours? |
//! | `curves` | … products of vectors, integrals, interpolations? |
//! | `agreement` | … questions whether two arrays agree? |
//! | `products` | … products, histograms and correlations? |
//! | `creation` | … arrays made? |
//! | `spaces` | … arrays that are formulas of an index? |
//! | `random` | … arrays drawn? |
//! | `chance` | … choices and orders by chance? |
//! | `input` | … arrays read? |
//! | `moves` | … moves and conversions? |
//! | `out` | what becomes of a result that is to lie in an array there is? |
//! | `dtypes` | … functions of dtypes? |
//! | `rounding` | … functions that round to decimals? |
//! | `axes` | … functions of the order and number of axes? |
//! | `joins` | … what puts arrays together or takes them apart? |
//! | `edges` | … what repeats, pads, inserts and deletes? |
//! | `lookup` | … lookups by index arrays? |
//! | `places` | … what tells where an array is not 0? |
//! | `sets` | … arrays taken as sets? |
//! | `ufuncs` | what do `add.reduce` and its kin mean? |
//! | `python` | … Python's own functions of plain numbers? |

mod agreement;
mod along;
mod axes;
mod chance;
mod choice;
mod creation;
mod curves;
mod differences;
mod dtypes;
mod edges;
mod input;
mod joins;
mod keywords;
mod lookup;
mod loops;
mod moves;
mod out;
mod places;
mod products;
mod python;
mod quantiles;
mod random;
mod reductions;
mod rounding;
mod rows;
mod sets;
mod spaces;
mod ufuncs;

pub(super) use dtypes::{cast_by, together};
pub(super) use python::convert;
pub(super) use ufuncs::method as method_of_function;

use super::arguments::{Arguments, Bound, Parameters, Place, signature};
use super::error::{EvalError, Result};
use super::expression::{elsewhere, unknown};
use super::value::Value;
use crate::parse::{Span, Spanned, nearest};
use tilewright::ops;

/// A function that is called in a way of its own.
pub(super) struct Function {
    /// Its names, the usual one first.
    names: &'static [&'static str],
    /// Its parameters.
    parameters: Parameters,
    /// Who may call it.
    form: Form,
    /// What it gives.
    call: fn(Bound) -> Result<Value>,
    /// One line for the manual.
    about: &'static str,
}

/// Who may call a function.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `f(x)` alone.
    Function,
    /// `x.f()` alone.
    Method,
    /// Both.
    Both,
    /// Both; the method takes several positional arguments as one tuple: `x.reshape(2, 3)`.
    Packing,
}

/// Every function that is no row of the operator table, in the manual's order.
fn own() -> impl Iterator<Item = &'static Function> {
    [
        creation::FUNCTIONS,
        spaces::FUNCTIONS,
        random::FUNCTIONS,
        random::LAWS,
        input::FUNCTIONS,
        moves::FUNCTIONS,
        dtypes::FUNCTIONS,
        rounding::FUNCTIONS,
        choice::FUNCTIONS,
        reductions::WITHOUT_NAN,
        reductions::FUNCTIONS,
        along::FUNCTIONS,
        quantiles::FUNCTIONS,
        differences::FUNCTIONS,
        products::FUNCTIONS,
        curves::FUNCTIONS,
        agreement::FUNCTIONS,
        axes::FUNCTIONS,
        joins::STACKS,
        joins::FUNCTIONS,
        edges::FUNCTIONS,
        lookup::FUNCTIONS,
        places::FUNCTIONS,
        sets::FUNCTIONS,
        python::FUNCTIONS,
    ]
    .into_iter()
    .flatten()
}

/// The function of this name that is not called in the other form; a method may stand beside a
/// function whose arguments have another order.
fn find(name: &str, other: Form) -> Option<&'static Function> {
    own().find(|function| function.names.contains(&name) && function.form != other)
}

/// That which `f(x)` calls.
fn function(name: &str) -> Option<&'static Function> {
    find(name, Form::Method)
}

/// That which `x.f()` calls.
fn method(name: &str) -> Option<&'static Function> {
    find(name, Form::Function)
}

/// Every name that can be called.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    own()
        .flat_map(|function| function.names.iter().copied())
        .chain(rows::names())
}

/// Whether there is a function of this name.
pub(super) fn exists(name: &str) -> bool {
    let name = random::bare(name);
    function(name).is_some() || rows::exists(name)
}

/// Whether arrays have a method of this name.
pub(super) fn is_method(name: &str) -> bool {
    method(name).is_some() || rows::is_method(name)
}

/// What a call gives.
///
/// # Errors
/// An unknown name, arguments that do not fit, and whatever the operator refuses.
pub(super) fn call(name: &Spanned<String>, mut arguments: Arguments) -> Result<Value> {
    if let (true, Some(Value::Generator(generator))) = (
        arguments.method,
        arguments.positional.first().map(|first| first.node.clone()),
    ) {
        return random::draw_from(&generator, name, arguments);
    }
    if arguments.method {
        return call_method(name, arguments);
    }
    if let Some(value) = python::builtin(&name.node, &arguments) {
        return value;
    }
    let bare = random::bare(&name.node);
    keywords::settle(bare, &mut arguments)?;
    match function(bare) {
        Some(function) => {
            arguments.name = bare.to_owned();
            out::called(arguments.bind(&function.parameters)?, function.call)
        }
        None if rows::exists(&name.node) => rows::call(&name.node, arguments),
        None if method(bare).is_some() => Err(EvalError::wrong(
            name.span,
            format!("{bare} is a method"),
            format!("x.{bare}(...)"),
        )),
        None => Err(unknown("function", &name.node, name.span, names())),
    }
}

/// The value of a function that is an argument, for arguments of its own; `span` is the call that takes it.
///
/// # Errors
/// As [`call`]; what is no function.
fn apply(function: &Spanned<Value>, arguments: Vec<Value>, span: Span) -> Result<Value> {
    let name = match &function.node {
        Value::Lambda(lambda) => return lambda.call(arguments, span),
        Value::Function(name) => name,
        other => {
            let message = format!("{} where a function is wanted", other.kind());
            let way_out = "lambda x: x + 1, or a name: add";
            return Err(EvalError::wrong(function.span, message, way_out));
        }
    };
    let positional = arguments.into_iter();
    let arguments = Arguments {
        name: name.clone(),
        span,
        positional: positional.map(|value| Spanned::new(value, span)).collect(),
        keywords: Vec::new(),
        method: false,
    };
    call(&Spanned::new(name.clone(), function.span), arguments)
}

fn call_method(name: &Spanned<String>, mut arguments: Arguments) -> Result<Value> {
    let receiver = arguments.positional.first().map(|receiver| &receiver.node);
    if let Some(other) = receiver.filter(|value| !matches!(value, Value::Array(_))) {
        let message = format!("{} has no method {}", other.kind(), name.node);
        let way_out = match other {
            Value::List(_) => "stack(x) or concatenate(x) first",
            _ => "methods of arrays, or a function of the same name",
        };
        return Err(EvalError::wrong(name.span, message, way_out));
    }
    match method(&name.node) {
        Some(function) => {
            // `x.reshape(2, 3)` is `x.reshape((2, 3))`.
            if function.form == Form::Packing && arguments.positional.len() > 2 {
                arguments.pack(1);
            }
            if let ("transpose", [(keyword, _), ..]) = (function.names[0], &arguments.keywords[..])
            {
                let message = format!("the method {} takes no keywords", name.node);
                return Err(EvalError::wrong(keyword.span, message, "x.transpose(1, 0)"));
            }
            out::called(arguments.bind(&function.parameters)?, function.call)
        }
        None if rows::is_method(&name.node) => rows::call(&name.node, arguments),
        _ if exists(&name.node) => Err(EvalError::wrong(
            name.span,
            format!("{} is a function, not a method", name.node),
            format!("{}(x)", name.node),
        )),
        _ => {
            let methods = names().filter(|name| is_method(name));
            let way_out = match (elsewhere(&name.node), nearest(&name.node, methods)) {
                (Some(way_out), _) => way_out.to_owned(),
                (None, Some(near)) => format!(".{near}(...)"),
                (None, None) => "`tilewright ops` lists what there is".to_owned(),
            };
            Err(EvalError::wrong(
                name.span,
                format!("unknown method {:?}", name.node),
                way_out,
            ))
        }
    }
}

/// Functions that are no rows of the operator table.
pub fn listed() -> String {
    let mut out = String::from("functions of the command line\n");
    for function in own() {
        let call = signature(function.names[0], function.parameters.names);
        for (k, line) in ops::wrap(&call, 6).iter().enumerate() {
            out.push_str(&format!("  {}{line}\n", if k == 0 { "" } else { "    " }));
        }
        for line in ops::wrap(function.about, 6) {
            out.push_str(&format!("      {line}\n"));
        }
    }
    out
}

/// The page of a function that is no row of the operator table; the row's name for another
/// spelling of a row.
pub fn page(name: &str) -> Option<String> {
    let name = random::bare(name);
    if let Some(function) = function(name).or_else(|| method(name)) {
        let mut out = signature(function.names[0], function.parameters.names);
        out.push('\n');
        for line in ops::wrap(function.about, 2) {
            out.push_str(&format!("  {line}\n"));
        }
        if let [_, others @ ..] = function.names
            && !others.is_empty()
        {
            out.push_str(&format!("  also   {}\n", others.join(", ")));
        }
        return Some(out);
    }
    let row = rows::row(name);
    (row != name).then(|| ops::page(row)).flatten()
}
