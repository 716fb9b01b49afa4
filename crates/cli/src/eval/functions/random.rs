//! How are arrays drawn called?
//!
//! With NumPy's names and orders, and `seed=` and `chunks=` besides. Without a seed each call
//! draws a fresh one; a generator's calls take one seed after the other.

use super::creation::{chunks, made};
use super::{Arguments, Bound, Form, Function, Parameters};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::{Generator, Value};
use crate::parse::{Spanned, nearest};
use tilewright::random::{Seed, fresh};
use tilewright::{DType, Layout, Operand};

const fn parameters(names: &'static [&'static str], positional: usize) -> Parameters {
    Parameters {
        names,
        positional,
        required: 0,
        packed: None,
    }
}

/// Draws with the seed that was given, or else a fresh one.
macro_rules! seeded {
    ($draw:path) => {
        |mut bound| {
            let seed = seed(&mut bound)?.unwrap_or_else(fresh);
            $draw(bound, seed)
        }
    };
}

const NORMAL: Parameters = parameters(&["loc", "scale", "size", "chunks", "seed"], 3);
const UNIFORM: Parameters = parameters(&["low", "high", "size", "chunks", "seed"], 3);
const INTEGERS: Parameters = parameters(
    &["low", "high", "size", "dtype", "endpoint", "chunks", "seed"],
    5,
);
const SIZE: Parameters = parameters(&["size", "chunks", "seed"], 1);
const LENGTHS: Parameters = Parameters {
    packed: Some(0),
    ..parameters(&["size", "chunks", "seed"], 1)
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["normal"],
        parameters: NORMAL,
        form: Form::Function,
        call: seeded!(normal),
        about: "normal numbers, a pure function of the seed and the index",
    },
    Function {
        names: &["standard_normal"],
        parameters: SIZE,
        form: Form::Function,
        call: seeded!(normal),
        about: "normal numbers of mean 0 and deviation 1",
    },
    Function {
        names: &["randn"],
        parameters: LENGTHS,
        form: Form::Function,
        call: seeded!(normal),
        about: "as standard_normal, of the lengths given: randn(2, 3)",
    },
    Function {
        names: &["uniform"],
        parameters: UNIFORM,
        form: Form::Function,
        call: seeded!(uniform),
        about: "uniform numbers in [low, high)",
    },
    Function {
        names: &["random", "random_sample", "ranf", "sample"],
        parameters: SIZE,
        form: Form::Function,
        call: seeded!(uniform),
        about: "uniform numbers in [0, 1)",
    },
    Function {
        names: &["rand"],
        parameters: LENGTHS,
        form: Form::Function,
        call: seeded!(uniform),
        about: "as random, of the lengths given: rand(2, 3)",
    },
    Function {
        names: &["integers"],
        parameters: INTEGERS,
        form: Form::Function,
        call: seeded!(integers),
        about: "integers in [low, high); integers(n, ...) in [0, n)",
    },
    Function {
        names: &["randint"],
        parameters: parameters(&["low", "high", "size", "dtype", "chunks", "seed"], 4),
        form: Form::Function,
        call: seeded!(integers),
        about: "as integers",
    },
    Function {
        names: &["default_rng", "RandomState"],
        parameters: parameters(&["seed"], 1),
        form: Form::Function,
        call: |mut bound| {
            let seed = seed(&mut bound)?.unwrap_or_else(fresh);
            Ok(Value::Generator(Generator::new(seed.0)))
        },
        about: "a generator: default_rng(7).normal(size=(2, 3))",
    },
];

/// The name without NumPy's module.
pub(super) fn bare(name: &str) -> &str {
    let below = name.strip_prefix("random.");
    below.filter(|name| named(name).is_some()).unwrap_or(name)
}

fn named(name: &str) -> Option<&'static Function> {
    FUNCTIONS
        .iter()
        .find(|function| function.names.contains(&name))
}

/// A generator's method.
pub(super) fn draw_from(
    generator: &Generator,
    name: &Spanned<String>,
    mut arguments: Arguments,
) -> Result<Value> {
    let found = named(&name.node).filter(|function| function.names[0] != "default_rng");
    let Some(function) = found else {
        let known = FUNCTIONS
            .iter()
            .flat_map(|function| function.names.iter().copied());
        let way_out = nearest(&name.node, known).unwrap_or("normal, uniform, integers, random");
        let message = format!("unknown method {:?} of a random generator", name.node);
        return Err(EvalError::wrong(name.span, message, way_out));
    };
    arguments.positional.remove(0);
    arguments.method = false;
    let seeded = arguments
        .keywords
        .iter()
        .any(|(keyword, _)| keyword.node == "seed");
    if !seeded {
        let seed = Value::Int(i128::from(generator.next_seed().0));
        let key = |node| Spanned::new(node, name.span);
        arguments
            .keywords
            .push((Spanned::new("seed".to_owned(), name.span), key(seed)));
    }
    (function.call)(arguments.bind(&function.parameters)?)
}

fn seed(bound: &mut Bound) -> Result<Option<Seed>> {
    bound
        .take("seed")
        .map(|value| convert::seed(&value).map(Seed))
        .transpose()
}

fn parameter(bound: &mut Bound, name: &str, own: f64) -> Result<Operand> {
    bound
        .take(name)
        .map_or(Ok(Operand::Float(own)), |value| convert::operand(&value))
}

/// The size asked for, or the shape to which the parameters broadcast.
fn layout(bound: &mut Bound, parameters: [&Operand; 2], dtype: DType) -> Result<Layout> {
    let shape = match bound.take("size") {
        Some(value) => convert::shape(&value)?,
        None => {
            let operands = parameters.map(Operand::clone);
            let any_array = operands
                .iter()
                .any(|operand| matches!(operand, Operand::Array(_)));
            let whole = any_array.then(|| tilewright::ops::map("add", &operands));
            match whole {
                None => Vec::new(),
                Some(whole) => {
                    let whole = convert::checked(bound.span, whole)?;
                    let shape = whole
                        .shape()
                        .map_err(|error| EvalError::new(bound.span, error));
                    shape?.to_vec()
                }
            }
        }
    };
    Ok(tilewright::shape(shape).chunks(chunks(bound)?).dtype(dtype))
}

fn normal(mut bound: Bound, seed: Seed) -> Result<Value> {
    let loc = parameter(&mut bound, "loc", 0.0)?;
    let scale = parameter(&mut bound, "scale", 1.0)?;
    let layout = layout(&mut bound, [&loc, &scale], DType::F64)?;
    made(&bound, seed.normal(loc, scale, layout))
}

fn uniform(mut bound: Bound, seed: Seed) -> Result<Value> {
    let low = parameter(&mut bound, "low", 0.0)?;
    let high = parameter(&mut bound, "high", 1.0)?;
    let layout = layout(&mut bound, [&low, &high], DType::F64)?;
    made(&bound, seed.uniform(low, high, layout))
}

fn integers(mut bound: Bound, seed: Seed) -> Result<Value> {
    let first = convert::operand(&bound.need("low")?)?;
    let second = bound
        .take("high")
        .map(|value| convert::operand(&value))
        .transpose()?;
    let endpoint = bound
        .take("endpoint")
        .map_or(Ok(false), |value| convert::bool(&value))?;
    let (low, mut high) = match second {
        Some(high) => (first, high),
        None => (Operand::Int(0), first),
    };
    if endpoint {
        high = match high {
            Operand::Int(high) => Operand::Int(high.saturating_add(1)),
            other => Operand::Array(tilewright::ops::map("add", &[other, Operand::Int(1)])),
        };
    }
    let asked = bound
        .take("dtype")
        .map(|value| convert::dtype(&value))
        .transpose()?;
    let layout = layout(&mut bound, [&low, &high], asked.unwrap_or(DType::I64))?;
    made(&bound, seed.integers(low, high, layout))
}
