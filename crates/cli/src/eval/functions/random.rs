//! How are arrays drawn called?
//!
//! With NumPy's names and orders, and `seed=` and `chunks=` besides. Without a seed each call
//! draws a fresh one; a generator's calls take one seed after the other.

use super::creation::{chunks, made};
use super::{Arguments, Bound, Form, Function, Parameters, Place, chance};
use crate::eval::convert;
use crate::eval::error::{EvalError, Result};
use crate::eval::value::{Generator, Value};
use crate::parse::{Spanned, nearest};
use tilewright::random::{Seed, fresh, law_parameters};
use tilewright::{Array, DType, Layout, Operand};

const fn parameters(names: &'static [&'static str], positional: usize) -> Parameters {
    Parameters {
        names,
        positional,
        required: 0,
        packed: None,
        out: Place::Any,
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

/// Laws that are formulas: the name, the parameters, how many must be given, and one line.
macro_rules! laws {
    ($($name:literal $law:literal [$($parameter:literal),*] $required:literal $about:literal;)*) => {
        [$(Function {
            names: &[$name],
            parameters: Parameters {
                required: $required,
                ..parameters(
                    &[$($parameter,)* "size", "chunks", "seed"],
                    ["size", $($parameter),*].len(),
                )
            },
            form: Form::Function,
            call: |mut bound| {
                let seed = seed(&mut bound)?.unwrap_or_else(fresh);
                law(bound, seed, $law)
            },
            about: $about,
        }),*]
    };
}

pub(super) const LAWS: &[Function] = &laws! {
    "exponential" "exponential" ["scale"] 0 "exponential numbers of mean scale";
    "standard_exponential" "standard_exponential" [] 0 "exponential numbers of mean 1";
    "laplace" "laplace" ["loc", "scale"] 0 "Laplace's law: exponential on both sides of loc";
    "logistic" "logistic" ["loc", "scale"] 0 "the logistic law";
    "gumbel" "gumbel" ["loc", "scale"] 0 "Gumbel's law of extremes";
    "rayleigh" "rayleigh" ["scale"] 0 "Rayleigh's law";
    "pareto" "pareto" ["a"] 1 "Pareto's law from 0 on: Lomax's";
    // The plain name is the operator's.
    "random.power" "power" ["a"] 1 "powers 1/a of uniform numbers";
    "weibull" "weibull" ["a"] 1 "Weibull's law of scale 1";
    "triangular" "triangular" ["left", "mode", "right"] 3 "the triangular law";
    "lognormal" "lognormal" ["mean", "sigma"] 0 "exponentials of normal numbers";
    "standard_cauchy" "standard_cauchy" [] 0 "Cauchy's law";
    "wald" "wald" ["mean", "scale"] 2 "Wald's law: the inverse normal one";
    "standard_gamma" "standard_gamma" ["shape"] 1 "the gamma law of scale 1";
    "gamma" "gamma" ["shape", "scale"] 1 "the gamma law";
    "chisquare" "chisquare" ["df"] 1 "chi square";
    "beta" "beta" ["a", "b"] 2 "the beta law";
    "random.f" "f" ["dfnum", "dfden"] 2 "Fisher's law of ratios of variances";
    "standard_t" "standard_t" ["df"] 1 "Student's law";
    "poisson" "poisson" ["lam"] 0 "Poisson's law of mean lam";
    "binomial" "binomial" ["n", "p"] 2 "successes of n trials of probability p";
    "negative_binomial" "negative_binomial" ["n", "p"] 2 "failures before n successes";
    "logseries" "logseries" ["p"] 1 "the logarithmic law";
    "geometric" "geometric" ["p"] 1 "numbers of trials up to the first success";
    "vonmises" "vonmises" ["mu", "kappa"] 2 "angles about mu, by von Mises' law";
    "zipf" "zipf" ["a"] 1 "Zipf's law";
    "hypergeometric" "hypergeometric" ["ngood", "nbad", "nsample"] 3 "good ones among a sample";
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
        names: &["dirichlet"],
        parameters: Parameters {
            required: 1,
            ..parameters(&["alpha", "size", "chunks", "seed"], 2)
        },
        form: Form::Function,
        call: seeded!(chance::dirichlet),
        about: "parts of 1 along a new last axis, by Dirichlet's law",
    },
    Function {
        names: &["multinomial"],
        parameters: Parameters {
            required: 2,
            ..parameters(&["n", "pvals", "size", "chunks", "seed"], 3)
        },
        form: Form::Function,
        call: seeded!(chance::multinomial),
        about: "how often each outcome comes up in n trials, along a new last axis",
    },
    Function {
        names: &["permutation"],
        parameters: Parameters {
            required: 1,
            ..parameters(&["x", "seed"], 1)
        },
        form: Form::Function,
        call: seeded!(chance::permutation),
        about: "the integers below x, or the parts of x along its first axis, in a random order",
    },
    Function {
        names: &["choice"],
        parameters: Parameters {
            required: 1,
            ..parameters(&["a", "size", "replace", "p", "chunks", "seed"], 4)
        },
        form: Form::Function,
        call: seeded!(chance::choice),
        about: "elements of a (integers below it), chosen by chance, with probabilities p",
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

/// The name without NumPy's module, if it means the same.
pub(super) fn bare(name: &str) -> &str {
    let below = name.strip_prefix("random.");
    below
        .filter(|name| all().any(|function| function.names.contains(name)))
        .unwrap_or(name)
}

fn all() -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().chain(LAWS)
}

/// A generator's method.
pub(super) fn draw_from(
    generator: &Generator,
    name: &Spanned<String>,
    mut arguments: Arguments,
) -> Result<Value> {
    let long = format!("random.{}", name.node);
    let wanted = |own: &&str| **own == name.node || **own == long;
    let found = all().find(|function| function.names.iter().any(wanted));
    let found = found.filter(|function| function.names[0] != "default_rng");
    let Some(function) = found else {
        let known = all().flat_map(|function| function.names.iter().copied());
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

/// The layout of the size asked for, or of the shape to which the parameters broadcast.
fn layout(bound: &mut Bound, parameters: &[Operand]) -> Result<Layout> {
    let shape = size(bound, parameters)?;
    Ok(tilewright::shape(shape).chunks(chunks(bound)?))
}

/// The size asked for, or the shape to which the parameters broadcast.
pub(super) fn size(bound: &mut Bound, parameters: &[Operand]) -> Result<Vec<i64>> {
    if let Some(value) = bound.take("size") {
        return convert::shape(&value);
    }
    let arrays = parameters.iter().filter_map(|operand| match operand {
        Operand::Array(array) => Some(array.clone()),
        _ => None,
    });
    let both =
        |a: Array, b: Array| tilewright::ops::map("equal", &[Operand::Array(a), Operand::Array(b)]);
    let Some(whole) = arrays.reduce(both) else {
        return Ok(Vec::new());
    };
    let whole = convert::checked(bound.span, whole)?;
    let shape = whole.shape();
    let shape = shape.map_err(|error| EvalError::new(bound.span, error))?;
    Ok(shape.to_vec())
}

fn normal(mut bound: Bound, seed: Seed) -> Result<Value> {
    let loc = parameter(&mut bound, "loc", 0.0)?;
    let scale = parameter(&mut bound, "scale", 1.0)?;
    let layout = layout(&mut bound, &[loc.clone(), scale.clone()])?;
    made(&bound, seed.normal(loc, scale, layout))
}

fn uniform(mut bound: Bound, seed: Seed) -> Result<Value> {
    let low = parameter(&mut bound, "low", 0.0)?;
    let high = parameter(&mut bound, "high", 1.0)?;
    let layout = layout(&mut bound, &[low.clone(), high.clone()])?;
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
    let bounds = [low.clone(), high.clone()];
    let layout = layout(&mut bound, &bounds)?.dtype(asked.unwrap_or(DType::I64));
    made(&bound, seed.integers(low, high, layout))
}

fn law(mut bound: Bound, seed: Seed, name: &str) -> Result<Value> {
    let parameters = law_parameters(name).unwrap_or_default().into_iter();
    let given = parameters.map(|(name, default)| match (bound.take(name), default) {
        (Some(value), _) => convert::operand(&value),
        (None, Some(default)) => Ok(Operand::Float(default)),
        (None, None) => Err(bound.refused(name, "is None", "a number")),
    });
    let given = given.collect::<Result<Vec<_>>>()?;
    let layout = layout(&mut bound, &given)?;
    made(&bound, seed.law(name, &given, layout))
}
