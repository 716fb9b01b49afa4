//! What does each kind of node mean?

use super::arguments::Arguments;
use super::error::{EvalError, Result};
use super::functions;
use super::lambda::Lambda;
use super::operators::{binary, compare, unary};
use super::value::Value;
use super::{attribute, grids, subscript};
use crate::parse::ast::{Call, Callee};
use crate::parse::{Expr, Span, Spanned, SpannedExpr, nearest};
use std::collections::{HashMap, HashSet};
use tilewright::DType;

/// Names without a prefix that are values.
const CONSTANTS: &[(&str, f64)] = &[
    ("pi", std::f64::consts::PI),
    ("e", std::f64::consts::E),
    ("euler_gamma", 0.577_215_664_901_532_9),
    ("inf", f64::INFINITY),
    ("nan", f64::NAN),
];

/// Names that are dtypes.
const DTYPES: &[&str] = &[
    "bool",
    "bool_",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
    "int",
    "float",
    "int_",
    "intp",
    "uint",
    "uintp",
    "intc",
    "uintc",
    "byte",
    "ubyte",
    "short",
    "ushort",
    "long",
    "ulong",
    "longlong",
    "ulonglong",
    "half",
    "single",
    "double",
];

/// What Python's tutorials call, and the command line does by itself.
const ELSEWHERE: &[(&str, &str)] = &[
    ("print", "the expression alone: its value is printed"),
    ("display", "the expression alone: its value is printed"),
    ("visualize", "tilewright explain EXPR, in the place of run"),
    ("dask_graph", "tilewright explain EXPR, in the place of run"),
    ("save", "-o x.npy"),
    (
        "tolist",
        "the array alone: its elements are printed, or -o x.npy",
    ),
    ("item", "reshape(()), an array of the one element"),
    (
        "to_numpy",
        "the array alone: its elements are printed, or -o x.npy",
    ),
    ("plot", "-o x.npy, and a program that draws"),
    ("range", "arange"),
    ("object", "a dtype of numbers: float64, int64, bool, …"),
    ("str", "a dtype of numbers: float64, int64, bool, …"),
    (
        "complex",
        "a real dtype: float64; the parts of a number as two arrays",
    ),
    ("to_zarr", "-o x.zarr"),
    ("to_npy_stack", "-o x.npy"),
    ("store", "-o x.zarr"),
];

/// Functions that give arrays, also without axes, where others give one of NumPy's numbers.
const MAKERS: &[&str] = &[
    "array",
    "asarray",
    "asanyarray",
    "zeros",
    "ones",
    "empty",
    "full",
    "zeros_like",
    "ones_like",
    "empty_like",
    "full_like",
    "reshape",
    "broadcast_to",
    "where",
    "copy",
];

/// Methods that give arrays of arrays without axes, and numbers of numbers.
const KEEPERS: &[&str] = &["astype", "copy", "view", "squeeze", "transpose"];

/// Variables, and how expressions over them are valued.
pub(super) struct Evaluator {
    variables: HashMap<String, Value>,
    /// Those whose arrays are none of NumPy's numbers, though they may have no axes.
    arrays: HashSet<String>,
}

impl Evaluator {
    pub fn new(variables: Vec<(String, Value)>) -> Evaluator {
        Evaluator::of(variables.into_iter().collect())
    }

    pub fn of(variables: HashMap<String, Value>) -> Evaluator {
        let arrays = variables.keys().cloned().collect();
        Evaluator { variables, arrays }
    }

    pub fn assign(&mut self, name: String, value: Value) {
        self.variables.insert(name, value);
    }

    /// Tells whether what a name stands for from now on is an array, if it has no axes: as
    /// [`makes_array`](Self::makes_array) says.
    pub fn tell(&mut self, name: &str, array: bool) {
        match array {
            true => self.arrays.insert(name.to_owned()),
            false => self.arrays.remove(name),
        };
    }

    /// Whether an expression of no axes is an array, not one of NumPy's numbers, as reductions and
    /// element-wise functions give them.
    pub fn makes_array(&self, expr: &SpannedExpr) -> bool {
        match &expr.node {
            Expr::Name(name) => self.arrays.contains(name),
            Expr::Attribute { value, name } => name.node == "T" && self.makes_array(value),
            Expr::Call(call) => match &call.callee {
                Callee::Function(name) => MAKERS.contains(&name.node.as_str()),
                Callee::Method { receiver, name } => {
                    let name = name.node.as_str();
                    name == "reshape" || (KEEPERS.contains(&name) && self.makes_array(receiver))
                }
            },
            _ => false,
        }
    }

    /// Whether a name stands for an array, if it has no axes.
    pub fn is_array(&self, name: &str) -> bool {
        self.arrays.contains(name)
    }

    /// The value of a variable.
    pub fn variable(&self, name: &Spanned<String>) -> Result<Value> {
        let value = self.variables.get(&name.node).cloned();
        value.ok_or_else(|| unknown("name", &name.node, name.span, self.names()))
    }

    /// The value of a node.
    pub fn value(&self, expr: &SpannedExpr) -> Result<Value> {
        let span = expr.span;
        match &expr.node {
            Expr::Name(name) => match self.variables.get(name) {
                Some(value) => Ok(value.clone()),
                None => self.library(name, span),
            },
            Expr::Library(name) => self.library(name, span),
            Expr::Int(value) => Ok(Value::Int(*value)),
            Expr::BigInt(_) => Err(EvalError::wrong(
                span,
                "this integer does not fit 128 bits",
                "a float, such as 1e40",
            )),
            Expr::Float(value) => Ok(Value::Float(*value)),
            Expr::Bool(value) => Ok(Value::Bool(*value)),
            Expr::Str(text) => Ok(Value::Str(text.clone())),
            Expr::None => Ok(Value::None),
            Expr::Ellipsis => Ok(Value::Ellipsis),
            Expr::Unary { op, operand } => {
                let operand = self.spanned(operand)?;
                unary(*op, operand, span)
            }
            Expr::Binary { op, left, right } => {
                let (left, right) = (self.spanned(left)?, self.spanned(right)?);
                binary(*op, left, right, span)
            }
            Expr::Compare { op, left, right } => {
                let (left, right) = (self.spanned(left)?, self.spanned(right)?);
                compare(*op, left, right, span)
            }
            Expr::Subscript { value, items } => {
                if let Some(notation) = self.notation(value) {
                    return grids::indexed(self, notation, items, span);
                }
                let value = self.spanned(value)?;
                subscript::subscript(self, value, items, span)
            }
            Expr::Attribute { value, name } => {
                let value = self.spanned(value)?;
                attribute::attribute(&value, name, span)
            }
            Expr::Call(call) => self.call(call, span),
            Expr::Tuple(items) => self.values(items).map(Value::Tuple),
            Expr::List(items) => self.values(items).map(Value::List),
            Expr::Dict(pairs) => {
                let pairs = pairs.iter();
                let pairs = pairs.map(|(key, value)| Ok((self.value(key)?, self.value(value)?)));
                pairs.collect::<Result<_>>().map(Value::Dict)
            }
            Expr::Lambda { .. } => Err(EvalError::wrong(
                span,
                "a lambda where no function is wanted",
                "its body, or fromfunction(lambda i, j: i + j, (3, 4))",
            )),
        }
    }

    /// The value of a node, with its place.
    pub fn spanned(&self, expr: &SpannedExpr) -> Result<Spanned<Value>> {
        Ok(Spanned::new(self.value(expr)?, expr.span))
    }

    /// The notation that a name without a variable is.
    fn notation(&self, expr: &SpannedExpr) -> Option<grids::Notation> {
        match &expr.node {
            Expr::Name(name) if self.variables.contains_key(name) => None,
            Expr::Name(name) | Expr::Library(name) => grids::notation(name),
            _ => None,
        }
    }

    /// The function that a name without a variable is.
    fn function<'a>(&self, expr: &'a SpannedExpr) -> Option<&'a str> {
        match &expr.node {
            Expr::Name(name) if self.variables.contains_key(name) => None,
            Expr::Name(name) | Expr::Library(name) => {
                let function = functions::exists(name) && dtype_named(name).is_none();
                function.then_some(name.as_str())
            }
            _ => None,
        }
    }

    /// The value of an argument, which may be a function.
    fn argument(&self, expr: &SpannedExpr) -> Result<Spanned<Value>> {
        if let Some(name) = self.function(expr) {
            return Ok(Spanned::new(Value::Function(name.to_owned()), expr.span));
        }
        match &expr.node {
            Expr::Lambda { params, body } => {
                let lambda = Lambda::new(params, body, &self.variables);
                Ok(Spanned::new(Value::Lambda(lambda), expr.span))
            }
            Expr::List(items) => self.arguments(items, expr.span, Value::List),
            Expr::Tuple(items) => self.arguments(items, expr.span, Value::Tuple),
            _ => self.spanned(expr),
        }
    }

    /// Arguments in a list, which may be functions, too.
    fn arguments(
        &self,
        items: &[SpannedExpr],
        span: Span,
        all: fn(Vec<Value>) -> Value,
    ) -> Result<Spanned<Value>> {
        let items = items.iter().map(|item| self.argument(item));
        let items = items.map(|item| item.map(|item| item.node));
        Ok(Spanned::new(all(items.collect::<Result<_>>()?), span))
    }

    fn values(&self, items: &[SpannedExpr]) -> Result<Vec<Value>> {
        items.iter().map(|item| self.value(item)).collect()
    }

    fn library(&self, name: &str, span: Span) -> Result<Value> {
        if let Some((_, value)) = CONSTANTS.iter().find(|(known, _)| *known == name) {
            return Ok(Value::Float(*value));
        }
        if let Some(dtype) = dtype_named(name) {
            return Ok(Value::DType(dtype));
        }
        if functions::exists(name) {
            return Err(uncalled(name, span));
        }
        Err(unknown("name", name, span, self.names()))
    }

    /// Every name there is.
    fn names(&self) -> impl Iterator<Item = &str> {
        let constants = CONSTANTS.iter().map(|(name, _)| *name);
        let known = constants
            .chain(DTYPES.iter().copied())
            .chain(functions::names());
        // The variables' names live shorter than the others.
        let known = known.map(|name| -> &str { name });
        self.variables.keys().map(String::as_str).chain(known)
    }

    fn call(&self, call: &Call, span: Span) -> Result<Value> {
        let (name, receiver, function) = match &call.callee {
            Callee::Function(name) => (name, None, None),
            Callee::Method { receiver, name } => match self.function(receiver) {
                Some(function) => (name, None, Some(function)),
                None => (name, Some(self.spanned(receiver)?), None),
            },
        };
        let method = receiver.is_some();
        let mut positional: Vec<Spanned<Value>> = receiver.into_iter().collect();
        for argument in &call.args {
            positional.push(self.argument(argument)?);
        }
        let mut keywords = Vec::new();
        for keyword in &call.kwargs {
            keywords.push((keyword.name.clone(), self.argument(&keyword.value)?));
        }
        let arguments = Arguments {
            name: name.node.clone(),
            span,
            positional,
            keywords,
            method,
        };
        if let Some(function) = function {
            return functions::method_of_function(function, name, arguments);
        }
        if let (false, Some(dtype)) = (method, dtype_named(&name.node)) {
            return functions::convert(dtype, arguments);
        }
        if !method && self.variables.contains_key(&name.node) && !functions::exists(&name.node) {
            return Err(EvalError::wrong(
                name.span,
                format!("{} is a variable, not a function", name.node),
                format!("{}[...] for an index", name.node),
            ));
        }
        functions::call(name, arguments)
    }
}

/// The dtype of a name that is one.
fn dtype_named(name: &str) -> Option<DType> {
    DTYPES.contains(&name).then(|| DType::parse(name)).flatten()
}

/// What to write in place of a name that has no meaning here.
pub(super) fn elsewhere(name: &str) -> Option<&'static str> {
    let known = ELSEWHERE.iter().find(|(known, _)| *known == name);
    known.map(|(_, way_out)| *way_out)
}

/// The error for a function where a value is wanted.
pub(super) fn uncalled(name: &str, span: Span) -> EvalError {
    EvalError::wrong(
        span,
        format!("{name} is a function"),
        format!("{name}(...)"),
    )
}

/// The error for a name that is not known.
pub(super) fn unknown<'a>(
    what: &str,
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'a str>,
) -> EvalError {
    let way_out = match (elsewhere(name), nearest(name, known)) {
        (Some(way_out), _) => way_out.to_owned(),
        (None, Some(near)) => near.to_owned(),
        (None, None) => {
            "`tilewright ops` lists what there is; -i NAME=URI names an input".to_owned()
        }
    };
    EvalError::wrong(span, format!("unknown {what} {name:?}"), way_out)
}
