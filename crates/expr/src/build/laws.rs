//! Which laws are formulas of uniform and normal numbers?
//!
//! One row each. Every law draws on a stream of its own, so that equal seeds of different laws are
//! independent; as all is element by element, slices reach the draws and parameters may be arrays.
//! With `u` uniform in [0, 1), `E = −log1p(−u)` is exponential, and `w = 2u − 1 + 2^-53` is exact,
//! symmetric, and never −1, 0 or 1.
//!
//! **Source** Devroye 1986, "Non-Uniform Random Variate Generation", chapters II.2 and IV.4.

use super::random::{draw, number, shaped};
use super::{
    Operand, along, astype, integers, map, operate, rechunk, reshape, searchsorted, slice,
};
use crate::node::Expr;
use tilewright_core::{AxisRange, DType, Error, Grid, Kind, Region, Result, element_count};
use tilewright_vecmath::Draw;

/// One law.
pub struct Law {
    /// NumPy's name.
    pub name: &'static str,
    /// Its parameters.
    pub parameters: &'static [Parameter],
    /// Element type of its numbers.
    pub dtype: DType,
    formula: fn(&Sample, &[Operand]) -> Result<Expr>,
}

/// A parameter of a law.
pub struct Parameter {
    /// NumPy's name.
    pub name: &'static str,
    /// What it is if left out; `None` if it must be given.
    pub default: Option<f64>,
    domain: Domain,
}

/// Where a parameter lies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Domain {
    Any,
    NotNegative,
    Positive,
    Probability,
}

/// What a law's numbers are made from.
struct Sample {
    seed: u64,
    grid: Grid,
}

const fn parameter(name: &'static str, default: Option<f64>, domain: Domain) -> Parameter {
    Parameter {
        name,
        default,
        domain,
    }
}

const LOC: Parameter = parameter("loc", Some(0.0), Domain::Any);
const SCALE: Parameter = parameter("scale", Some(1.0), Domain::NotNegative);

/// Every law that is a formula.
pub static LAWS: &[Law] = &[
    Law {
        name: "standard_exponential",
        parameters: &[],
        dtype: DType::F64,
        formula: |sample, _| sample.exponential(Draw::Exponential),
    },
    Law {
        name: "exponential",
        parameters: &[SCALE],
        dtype: DType::F64,
        formula: |sample, of| multiply(of[0].clone(), sample.exponential(Draw::Exponential)?),
    },
    Law {
        name: "laplace",
        parameters: &[LOC, SCALE],
        dtype: DType::F64,
        formula: |sample, of| {
            let w = sample.symmetric(Draw::Laplace)?;
            let size = one("absolute", w.clone())?;
            let e = one("negative", one("log1p", one("negative", size)?)?)?;
            moved(of, map("copysign", &[e, w])?)
        },
    },
    Law {
        name: "logistic",
        parameters: &[LOC, SCALE],
        dtype: DType::F64,
        // log(u / (1 − u)) with u = (1 + w) / 2.
        formula: |sample, of| {
            let half = one("atanh", sample.symmetric(Draw::Logistic)?)?;
            moved(of, multiply(2.0, half)?)
        },
    },
    Law {
        name: "gumbel",
        parameters: &[LOC, SCALE],
        dtype: DType::F64,
        // The least u is half a step, so that its logarithm is finite; that of the greatest is not 0.
        formula: |sample, of| {
            let u = draw(Draw::Gumbel, sample.seed, sample.grid.clone())?;
            let least = 0.5f64.powi(54);
            let u = operate("maximum", &[u.into(), Operand::Float(least)])?;
            let e = one("negative", one("log", u)?)?;
            moved(of, one("negative", one("log", e)?)?)
        },
    },
    Law {
        name: "rayleigh",
        parameters: &[SCALE],
        dtype: DType::F64,
        formula: |sample, of| {
            let twice = multiply(2.0, sample.exponential(Draw::Rayleigh)?)?;
            multiply(of[0].clone(), one("sqrt", twice)?)
        },
    },
    Law {
        name: "pareto",
        parameters: &[parameter("a", None, Domain::Positive)],
        dtype: DType::F64,
        formula: |sample, of| {
            one(
                "expm1",
                two("divide", sample.exponential(Draw::Pareto)?, of[0].clone())?,
            )
        },
    },
    Law {
        name: "power",
        parameters: &[parameter("a", None, Domain::Positive)],
        dtype: DType::F64,
        formula: |sample, of| {
            let u = draw(Draw::Power, sample.seed, sample.grid.clone())?;
            two("power", u, two("divide", 1.0, of[0].clone())?)
        },
    },
    Law {
        name: "weibull",
        parameters: &[parameter("a", None, Domain::NotNegative)],
        dtype: DType::F64,
        // NumPy: 0 where a is.
        formula: |sample, of| {
            let e = sample.exponential(Draw::Weibull)?;
            let power = two("power", e, two("divide", 1.0, of[0].clone())?)?;
            let none = two("equal", of[0].clone(), 0.0)?;
            operate("where", &[none.into(), Operand::Float(0.0), power.into()])
        },
    },
    Law {
        name: "triangular",
        parameters: &[
            parameter("left", None, Domain::Any),
            parameter("mode", None, Domain::Any),
            parameter("right", None, Domain::Any),
        ],
        dtype: DType::F64,
        formula: triangular,
    },
    Law {
        name: "lognormal",
        parameters: &[
            parameter("mean", Some(0.0), Domain::Any),
            parameter("sigma", Some(1.0), Domain::NotNegative),
        ],
        dtype: DType::F64,
        formula: |sample, of| {
            let z = draw(Draw::Lognormal, sample.seed, sample.grid.clone())?;
            one("exp", moved(of, z)?)
        },
    },
    Law {
        name: "standard_cauchy",
        parameters: &[],
        dtype: DType::F64,
        formula: |sample, _| {
            let quarter = std::f64::consts::FRAC_PI_2;
            one("tan", multiply(quarter, sample.symmetric(Draw::Cauchy)?)?)
        },
    },
    Law {
        name: "wald",
        parameters: &[
            parameter("mean", None, Domain::Positive),
            parameter("scale", None, Domain::Positive),
        ],
        dtype: DType::F64,
        formula: wald,
    },
    Law {
        name: "geometric",
        parameters: &[parameter("p", None, Domain::Probability)],
        dtype: DType::I64,
        // The number of trials: the least k of at least 1 with 1 − (1 − p)^k > u.
        formula: |sample, of| {
            let rate = one("negative", one("log1p", one("negative", of[0].clone())?)?)?;
            let trials = two("divide", sample.exponential(Draw::Geometric)?, rate)?;
            two("maximum", one("ceil", trials)?, 1.0)
        },
    },
];

impl Law {
    /// The law of this name.
    pub fn named(name: &str) -> Option<&'static Law> {
        LAWS.iter().find(|law| law.name == name)
    }

    /// Numbers of this law, one for each element of the grid.
    ///
    /// # Errors
    /// [`Kind::Value`] for a fixed parameter that the law does not have; [`Kind::Shape`] if
    /// parameters do not broadcast to the grid's shape.
    pub fn draw(&self, parameters: &[Operand], seed: u64, grid: Grid) -> Result<Expr> {
        if parameters.len() != self.parameters.len() {
            let message = format!("{} of {} parameters", self.name, parameters.len());
            return Err(Error::new(Kind::Internal, message));
        }
        let given = parameters.iter().zip(self.parameters);
        let floats = given.map(|(operand, parameter)| match operand {
            Operand::Array(x) => astype(x, DType::F64).map(Operand::Array),
            fixed => self.fixed(parameter, number(fixed)),
        });
        let floats = floats.collect::<Result<Vec<_>>>()?;
        let shape = grid.shape();
        let numbers = (self.formula)(&Sample { seed, grid }, &floats)?;
        astype(&shaped(&shape, &numbers)?, self.dtype)
    }

    fn fixed(&self, parameter: &Parameter, value: f64) -> Result<Operand> {
        let (fits, where_it_lies) = match parameter.domain {
            Domain::Any => (true, ""),
            Domain::NotNegative => (value >= 0.0, "0 or more"),
            Domain::Positive => (value > 0.0, "more than 0"),
            Domain::Probability => (value > 0.0 && value <= 1.0, "more than 0 and at most 1"),
        };
        if fits {
            return Ok(Operand::Float(value));
        }
        let message = format!("{}: {} is {value}", self.name, parameter.name);
        let way_out = format!("{} of {where_it_lies}", parameter.name);
        Err(Error::new(Kind::Value, message).way_out(way_out))
    }
}

impl Sample {
    /// −log1p(−u): 0 where u is.
    fn exponential(&self, stream: Draw) -> Result<Expr> {
        let u = draw(stream, self.seed, self.grid.clone())?;
        one("negative", one("log1p", one("negative", u)?)?)
    }

    /// 2u − 1 + 2^-53, every step exact.
    fn symmetric(&self, stream: Draw) -> Result<Expr> {
        let u = draw(stream, self.seed, self.grid.clone())?;
        let centered = multiply(2.0, two("subtract", u, 0.5)?)?;
        two("add", centered, 0.5f64.powi(53))
    }
}

fn one(name: &str, x: impl Into<Operand>) -> Result<Expr> {
    operate(name, &[x.into()])
}

fn two(name: &str, a: impl Into<Operand>, b: impl Into<Operand>) -> Result<Expr> {
    operate(name, &[a.into(), b.into()])
}

fn multiply(a: impl Into<Operand>, b: impl Into<Operand>) -> Result<Expr> {
    two("multiply", a, b)
}

/// loc + scale·x.
fn moved(of: &[Operand], x: Expr) -> Result<Expr> {
    two("add", of[0].clone(), multiply(of[1].clone(), x)?)
}

/// The inverse of its distribution: roots on both sides of the mode.
fn triangular(sample: &Sample, of: &[Operand]) -> Result<Expr> {
    let (left, mode, right) = (of[0].clone(), of[1].clone(), of[2].clone());
    if let [
        Operand::Float(left),
        Operand::Float(mode),
        Operand::Float(right),
    ] = of
        && !(left <= mode && mode <= right && left < right)
    {
        let message = format!("triangular: {left}, {mode} and {right} are not in order");
        return Err(Error::new(Kind::Value, message).way_out("left <= mode <= right, left < right"));
    }
    let u = draw(Draw::Triangular, sample.seed, sample.grid.clone())?;
    let base = two("subtract", right.clone(), left.clone())?;
    let rise = two("subtract", mode.clone(), left.clone())?;
    let fall = multiply(two("subtract", right.clone(), mode)?, base.clone())?;
    let ratio = two("divide", rise.clone(), base.clone())?;
    let below = one("sqrt", multiply(u.clone(), multiply(rise, base)?)?)?;
    let above = one("sqrt", multiply(two("subtract", 1.0, u.clone())?, fall)?)?;
    let (below, above) = (two("add", left, below)?, two("subtract", right, above)?);
    map("where", &[two("less_equal", u, ratio)?, below, above])
}

/// Of the two roots of a squared normal number, one by chance. The smaller is the mean divided by a
/// sum of what is positive: nothing cancels.
///
/// **Source** Michael, Schucany, Haas 1976, "Generating random variates using transformations with
/// multiple roots".
fn wald(sample: &Sample, of: &[Operand]) -> Result<Expr> {
    let (mean, scale) = (of[0].clone(), of[1].clone());
    let z = draw(Draw::Wald, sample.seed, sample.grid.clone())?;
    let u = draw(Draw::WaldRoot, sample.seed, sample.grid.clone())?;
    let ratio = two("divide", mean.clone(), multiply(2.0, scale)?)?;
    let y = multiply(ratio, one("square", z)?)?;
    let root = one("sqrt", multiply(y.clone(), two("add", y.clone(), 2.0)?)?)?;
    let divisor = two("add", two("add", y, 1.0)?, root)?;
    let small = two("divide", mean.clone(), divisor)?;
    let large = two(
        "divide",
        multiply(mean.clone(), mean.clone())?,
        small.clone(),
    )?;
    let sum = two("add", mean.clone(), small.clone())?;
    let first = two("less_equal", u, two("divide", mean, sum)?)?;
    map("where", &[first, small, large])
}

/// The integers below `n` in a random order.
///
/// # Errors
/// [`Kind::Shape`] for a grid of other than one axis.
pub fn permutation(seed: u64, grid: Grid) -> Result<Expr> {
    along("argsort", &draw(Draw::Permutation, seed, grid)?, Some(0))
}

/// Indices of choices among `len`, each as probable as `weights` say (all alike without), repeated
/// or not.
///
/// # Errors
/// [`Kind::Value`] for choices among none, for more than there are that are not repeated, and for
/// weights of those; [`Kind::Shape`] for weights of another shape.
pub fn choice(
    len: i64,
    repeated: bool,
    weights: Option<&Expr>,
    seed: u64,
    grid: Grid,
) -> Result<Expr> {
    let refuse = |what: String, way_out: &str| Err(Error::new(Kind::Value, what).way_out(way_out));
    let asked = element_count(&grid.shape()).unwrap_or(i64::MAX);
    if len == 0 && asked > 0 {
        return refuse(
            "a choice among nothing".to_owned(),
            "an array of at least one element",
        );
    }
    match weights {
        Some(weights) if weights.shape() != [len] => Err(Error::new(
            Kind::Shape,
            format!("{} probabilities of {len} choices", weights.elements()),
        )
        .way_out("one probability for each")),
        Some(_) if !repeated => refuse(
            "choices with probabilities that are not repeated".to_owned(),
            "replace=True, or no probabilities",
        ),
        Some(weights) => {
            let sums = along("cumsum", &astype(weights, DType::F64)?, Some(0))?;
            let whole = Region {
                axes: [AxisRange::new(len - 1, 1, 1)].into_iter().collect(),
            };
            let bounds = map("divide", &[sums.clone(), slice(&sums, whole)?])?;
            searchsorted(&bounds, &draw(Draw::Choice, seed, grid)?, true)
        }
        None if repeated => integers(
            Operand::Int(0),
            Operand::Int(i128::from(len)),
            DType::I64,
            seed,
            grid,
        ),
        None if asked > len => refuse(
            format!("{asked} choices among {len} that are not repeated"),
            "replace=True",
        ),
        None => {
            let order = permutation(seed, Grid::automatic(&[len], 8))?;
            let first = Region {
                axes: [AxisRange::new(0, 1, asked)].into_iter().collect(),
            };
            let chosen = reshape(&slice(&order, first)?, &grid.shape())?;
            rechunk(&chosen, grid)
        }
    }
}
