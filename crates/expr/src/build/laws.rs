//! Which laws are formulas of the numbers that are drawn?
//!
//! One row each. Every law draws on a stream of its own, so that equal seeds of different laws are
//! independent; as all is element by element, slices reach the draws and parameters may be arrays.
//! With `u` uniform in [0, 1), `E = −log1p(−u)` is exponential, and `w = 2u − 1 + 2^-53` is exact,
//! symmetric, and never −1, 0 or 1.
//!
//! **Source** Devroye 1986, "Non-Uniform Random Variate Generation", chapters II.2 and IV.4.

use super::random::{draw, number, shaped};
use super::sample::{
    Sample, hypergeometric, logseries, moved, multiply, one, triangular, two, von_mises, wald,
};
use super::{Operand, astype, map, operate};
use crate::node::Expr;
use tilewright_core::{DType, Error, Grid, Kind, Result};
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
    /// (0, 1]
    Probability,
    /// [0, 1]
    Fraction,
    /// [0, 1)
    BelowOne,
    /// (1, ∞)
    AboveOne,
    /// [0, 1e9)
    Count,
    /// Of numbers that int64 holds: [0, [`LARGEST_MEAN`]].
    Mean,
}

/// Ten standard deviations below the largest int64, as NumPy's largest mean of Poisson's law.
const LARGEST_MEAN: f64 = 9.223372006484771e18;

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
    Law {
        name: "standard_gamma",
        parameters: &[parameter("shape", None, Domain::NotNegative)],
        dtype: DType::F64,
        formula: |sample, of| sample.of(Draw::Gamma, of),
    },
    Law {
        name: "gamma",
        parameters: &[parameter("shape", None, Domain::NotNegative), SCALE],
        dtype: DType::F64,
        formula: |sample, of| multiply(of[1].clone(), sample.of(Draw::Gamma, &of[..1])?),
    },
    Law {
        name: "chisquare",
        parameters: &[parameter("df", None, Domain::Positive)],
        dtype: DType::F64,
        formula: |sample, of| multiply(2.0, sample.half(Draw::ChiSquare, &of[0])?),
    },
    Law {
        name: "beta",
        parameters: &[
            parameter("a", None, Domain::Positive),
            parameter("b", None, Domain::Positive),
        ],
        dtype: DType::F64,
        formula: |sample, of| {
            let part = sample.of(Draw::Beta, &of[..1])?;
            let rest = sample.of(Draw::BetaRest, &of[1..])?;
            two("divide", part.clone(), two("add", part, rest)?)
        },
    },
    Law {
        name: "f",
        parameters: &[
            parameter("dfnum", None, Domain::Positive),
            parameter("dfden", None, Domain::Positive),
        ],
        dtype: DType::F64,
        formula: |sample, of| {
            let above = multiply(sample.half(Draw::Fisher, &of[0])?, of[1].clone())?;
            let below = multiply(sample.half(Draw::FisherBelow, &of[1])?, of[0].clone())?;
            two("divide", above, below)
        },
    },
    Law {
        name: "standard_t",
        parameters: &[parameter("df", None, Domain::Positive)],
        dtype: DType::F64,
        formula: |sample, of| {
            let z = draw(Draw::Student, sample.seed, sample.grid.clone())?;
            let below = sample.half(Draw::StudentBelow, &of[0])?;
            let ratio = two("divide", two("divide", of[0].clone(), 2.0)?, below)?;
            multiply(z, one("sqrt", ratio)?)
        },
    },
    Law {
        name: "poisson",
        parameters: &[parameter("lam", Some(1.0), Domain::Mean)],
        dtype: DType::I64,
        formula: |sample, of| sample.of(Draw::Poisson, of),
    },
    Law {
        name: "binomial",
        parameters: &[
            parameter("n", None, Domain::NotNegative),
            parameter("p", None, Domain::Fraction),
        ],
        dtype: DType::I64,
        formula: |sample, of| sample.of(Draw::Binomial, of),
    },
    Law {
        name: "negative_binomial",
        parameters: &[
            parameter("n", None, Domain::Positive),
            parameter("p", None, Domain::Probability),
        ],
        dtype: DType::I64,
        // Poisson's law whose mean follows the gamma law.
        formula: |sample, of| {
            let odds = two(
                "divide",
                two("subtract", 1.0, of[1].clone())?,
                of[1].clone(),
            )?;
            let mean = multiply(sample.of(Draw::NegativeBinomial, &of[..1])?, odds)?;
            sample.of(Draw::NegativeBinomialCount, &[mean.into()])
        },
    },
    Law {
        name: "logseries",
        parameters: &[parameter("p", None, Domain::BelowOne)],
        dtype: DType::I64,
        formula: logseries,
    },
    Law {
        name: "vonmises",
        parameters: &[
            parameter("mu", None, Domain::Any),
            parameter("kappa", None, Domain::NotNegative),
        ],
        dtype: DType::F64,
        formula: von_mises,
    },
    Law {
        name: "zipf",
        parameters: &[parameter("a", None, Domain::AboveOne)],
        dtype: DType::I64,
        formula: |sample, of| sample.of(Draw::Zipf, of),
    },
    Law {
        name: "hypergeometric",
        parameters: &[
            parameter("ngood", None, Domain::Count),
            parameter("nbad", None, Domain::Count),
            parameter("nsample", None, Domain::NotNegative),
        ],
        dtype: DType::I64,
        formula: hypergeometric,
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
            Domain::Fraction => ((0.0..=1.0).contains(&value), "0 to 1"),
            Domain::BelowOne => ((0.0..1.0).contains(&value), "0 or more, below 1"),
            Domain::AboveOne => (value > 1.0, "more than 1"),
            Domain::Count => ((0.0..1e9).contains(&value), "0 or more, below 1e9"),
            Domain::Mean => ((0.0..=LARGEST_MEAN).contains(&value), "0 to 9.22e18"),
        };
        if fits {
            return Ok(Operand::Float(value));
        }
        let message = format!("{}: {} is {value}", self.name, parameter.name);
        let way_out = format!("{} of {where_it_lies}", parameter.name);
        Err(Error::new(Kind::Value, message).way_out(way_out))
    }
}
