//! What can a name stand for?

use super::error::{EvalError, Result};
use super::lambda::Lambda;
use crate::output::float;
use crate::parse::Span;
use crate::parse::ast::BinaryOp;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tilewright::random::Seed;
use tilewright::{Array, DType, Operand, Slice};

/// Items that a repeated list has at most.
const MOST_ITEMS: usize = 100_000;

/// The value of an expression.
#[derive(Clone, Debug)]
pub enum Value {
    /// `None`.
    None,
    /// A plain bool.
    Bool(bool),
    /// A plain integer.
    Int(i128),
    /// A plain float.
    Float(f64),
    /// A string.
    Str(String),
    /// An element type.
    DType(DType),
    /// What `finfo` and `iinfo` give: the limits of a dtype.
    Limits(DType),
    /// `...`
    Ellipsis,
    /// `slice(start, stop, step)`.
    Slice(Slice),
    /// A tuple.
    Tuple(Vec<Value>),
    /// A list.
    List(Vec<Value>),
    /// A dictionary, whose keys are axes wherever it has a meaning.
    Dict(Vec<(Value, Value)>),
    /// A lazy array that could be built.
    Array(Array),
    /// What `random.default_rng` gives.
    Generator(Generator),
    /// A function by its name, as an argument.
    Function(String),
    /// A function that is written out, as an argument.
    Lambda(Lambda),
}

/// Seeds for one draw after the other.
#[derive(Clone, Debug)]
pub struct Generator {
    seed: u64,
    draws: Arc<AtomicU64>,
}

impl Generator {
    /// The generator of this seed.
    pub fn new(seed: u64) -> Generator {
        Generator {
            seed,
            draws: Arc::default(),
        }
    }

    /// The seed of the next draw: the generator's own first, then others derived from it.
    pub fn next_seed(&self) -> Seed {
        match self.draws.fetch_add(1, Ordering::Relaxed) {
            0 => Seed(self.seed),
            draw => Seed(split_mix(self.seed.wrapping_add(draw.wrapping_mul(GOLDEN)))),
        }
    }
}

/// 2^64 divided by the golden ratio, odd.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// A bijection that leaves no pattern of its argument.
///
/// **Source** Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", mix13.
fn split_mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Value {
    /// Python's own arithmetic, where no array takes part: tuples and lists join and repeat, as in
    /// `x.shape + (1,)` and `(0,) * 3`.
    pub(super) fn without_arrays(
        &self,
        op: BinaryOp,
        other: &Value,
        span: Span,
    ) -> Result<Option<Value>> {
        use Value::{Array, List, Tuple};
        let repeated = |items: &[Value], times: &Value, make: fn(Vec<Value>) -> Value| {
            let times = match times {
                Value::Int(times) => *times,
                Value::Bool(once) => i128::from(*once),
                _ => return Err(self.unfit(op, other, span)),
            };
            repeated(items, times, span).map(|all| Some(make(all)))
        };
        match (op, self, other) {
            (_, Array(_), _) | (_, _, Array(_)) => Ok(None),
            (BinaryOp::Add, Tuple(a), Tuple(b)) => Ok(Some(Tuple([&a[..], b].concat()))),
            (BinaryOp::Add, List(a), List(b)) => Ok(Some(List([&a[..], b].concat()))),
            (BinaryOp::Mul, Tuple(items), times) | (BinaryOp::Mul, times, Tuple(items)) => {
                repeated(items, times, Tuple)
            }
            (BinaryOp::Mul, List(items), times) | (BinaryOp::Mul, times, List(items)) => {
                repeated(items, times, List)
            }
            _ => Err(self.unfit(op, other, span)),
        }
    }

    fn unfit(&self, op: BinaryOp, other: &Value, span: Span) -> EvalError {
        EvalError::wrong(
            span,
            format!(
                "{} and {} have no {}",
                self.kind(),
                other.kind(),
                op.symbol()
            ),
            "array([1, 2]) makes an array of a list",
        )
    }

    /// What it is, with an article, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::None => "None",
            Value::Bool(_) => "a bool",
            Value::Int(_) => "an int",
            Value::Float(_) => "a float",
            Value::Str(_) => "a string",
            Value::DType(_) => "a dtype",
            Value::Limits(_) => "the limits of a dtype",
            Value::Ellipsis => "...",
            Value::Slice(_) => "a slice",
            Value::Tuple(_) => "a tuple",
            Value::List(_) => "a list",
            Value::Dict(_) => "a dictionary",
            Value::Array(_) => "an array",
            Value::Generator(_) => "a random generator",
            Value::Function(_) | Value::Lambda(_) => "a function",
        }
    }

    /// The plain number it is, as an operand; or the array.
    pub(super) fn operand(&self) -> Option<Operand> {
        Some(match self {
            Value::Bool(value) => Operand::Bool(*value),
            Value::Int(value) => Operand::Int(*value),
            Value::Float(value) => Operand::Float(*value),
            Value::Array(array) => Operand::Array(array.clone()),
            _ => return None,
        })
    }
}

/// The items, so many times; none for a negative number.
fn repeated(items: &[Value], times: i128, span: Span) -> Result<Vec<Value>> {
    let times = usize::try_from(times.max(0)).unwrap_or(usize::MAX);
    match items.len().checked_mul(times) {
        Some(all) if all <= MOST_ITEMS => Ok(items.iter().cycle().take(all).cloned().collect()),
        _ => Err(EvalError::wrong(
            span,
            format!("a list of more than {MOST_ITEMS} items"),
            "full or tile",
        )),
    }
}

/// As Python's `repr`; arrays by shape and dtype.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::None => f.write_str("None"),
            Value::Bool(value) => f.write_str(if *value { "True" } else { "False" }),
            Value::Int(value) => write!(f, "{value}"),
            Value::Float(value) => f.write_str(&float::repr(*value)),
            Value::Str(text) => write!(f, "'{}'", text.escape_debug()),
            Value::DType(dtype) => f.write_str(dtype.name()),
            Value::Limits(dtype) => {
                let letter = if dtype.is_float() { 'f' } else { 'i' };
                write!(f, "{letter}info({})", dtype.name())
            }
            Value::Ellipsis => f.write_str("..."),
            Value::Slice(slice) => {
                let bound = |at: Option<i64>| at.map_or("None".to_owned(), |at| at.to_string());
                let [start, stop, step] = [slice.start, slice.stop, slice.step].map(bound);
                write!(f, "slice({start}, {stop}, {step})")
            }
            Value::Tuple(items) => match &items[..] {
                [only] => write!(f, "({only},)"),
                items => list(f, '(', items, ')'),
            },
            Value::List(items) => list(f, '[', items, ']'),
            Value::Dict(pairs) => {
                f.write_str("{")?;
                for (k, (key, value)) in pairs.iter().enumerate() {
                    write!(f, "{}{key}: {value}", if k > 0 { ", " } else { "" })?;
                }
                f.write_str("}")
            }
            Value::Array(array) => match (array.dtype(), array.shape()) {
                (Ok(dtype), Ok(shape)) => write!(f, "array {}{shape:?}", dtype.name()),
                _ => f.write_str("array"),
            },
            Value::Generator(generator) => write!(f, "default_rng({})", generator.seed),
            Value::Function(name) => f.write_str(name),
            Value::Lambda(lambda) => lambda.fmt(f),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, open: char, items: &[Value], close: char) -> fmt::Result {
    write!(f, "{open}")?;
    for (k, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if k > 0 { ", " } else { "" })?;
    }
    write!(f, "{close}")
}
