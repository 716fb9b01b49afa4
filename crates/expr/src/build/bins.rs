//! How many bins does a rule want for a histogram?
//!
//! NumPy's rules, each of which says how wide bins are. Absent: the bins (`histogram`), and the one that
//! tries every number of them (`stone`).

use super::quantile::{Fractions, Method, Quantiles};
use super::stone::{self, Sought};
use super::{Operand, Reduction, astype, constant, fold, map, operate, quantile, reduce};
use crate::node::Expr;
use tilewright_core::{DType, Error, Kind, Result, Scalar};

/// Most bins that a rule wants: more than any memory holds, and exact in float64.
const MOST: f64 = (1u64 << 53) as f64;

/// A rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The narrower of Freedman and Diaconis's bins, if they are not too many, and Sturges's.
    Auto,
    /// Sturges's, with more for what is skewed.
    Doane,
    /// Freedman and Diaconis's: of the range between quartiles.
    Fd,
    /// Twice the cube root of the number of elements.
    Rice,
    /// Scott's: of the standard deviation.
    Scott,
    /// The square root of the number of elements.
    Sqrt,
    /// Stone's: the least of an estimate of the risk.
    Stone,
    /// Sturges's: the logarithm of the number of elements.
    Sturges,
}

impl Rule {
    /// NumPy's rule of this name.
    ///
    /// # Errors
    /// [`Kind::Value`] if there is none.
    pub fn named(name: &str) -> Result<Rule> {
        Ok(match name {
            "auto" => Rule::Auto,
            "doane" => Rule::Doane,
            "fd" => Rule::Fd,
            "rice" => Rule::Rice,
            "scott" => Rule::Scott,
            "sqrt" => Rule::Sqrt,
            "stone" => Rule::Stone,
            "sturges" => Rule::Sturges,
            _ => {
                let message = format!("bins chosen by {name:?}");
                let known = "auto, doane, fd, rice, scott, sqrt, stone, sturges, a number of bins, or edges";
                return Err(Error::new(Kind::Value, message).way_out(known));
            }
        })
    }
}

/// What the rules ask of elements.
struct Sample {
    /// In float64; NaN where an element does not lie in the range.
    values: Expr,
    /// Whether NaN does not count.
    part: bool,
    /// How many count.
    size: Expr,
    /// The greatest less the least.
    spread: Expr,
    /// Where the first bin begins, and the last one ends.
    bounds: [Expr; 2],
}

fn number(value: f64) -> Operand {
    Operand::Float(value)
}

fn apply(name: &str, a: impl Into<Operand>, b: impl Into<Operand>) -> Result<Expr> {
    operate(name, &[a.into(), b.into()])
}

fn of(name: &str, x: Expr) -> Result<Expr> {
    operate(name, &[x.into()])
}

impl Sample {
    fn of(x: &Expr, range: Option<(f64, f64)>) -> Result<Sample> {
        let wide = astype(x, DType::F64)?;
        let (values, size) = match range {
            None => (wide, constant(Scalar::from(x.elements() as f64))?),
            Some((low, high)) => {
                let above = apply("greater_equal", wide.clone(), number(low))?;
                let below = apply("less_equal", wide.clone(), number(high))?;
                let within = map("bitwise_and", &[above, below])?;
                let size = astype(&reduce("sum", &within, None, false)?, DType::F64)?;
                let values = operate("where", &[within.into(), wide.into(), number(f64::NAN)])?;
                (values, size)
            }
        };
        let mut sample = Sample {
            values,
            part: range.is_some(),
            spread: size.clone(),
            bounds: [size.clone(), size.clone()],
            size,
        };
        let (least, most) = (sample.fold("min")?, sample.fold("max")?);
        sample.spread = map("subtract", &[most.clone(), least.clone()])?;
        sample.bounds = match range {
            None => [least, most],
            Some((low, high)) => [constant(Scalar::from(low))?, constant(Scalar::from(high))?],
        };
        Ok(sample)
    }

    fn fold(&self, name: &str) -> Result<Expr> {
        let asked = Reduction {
            skip_nan: self.part,
            ..Reduction::default()
        };
        fold(name, &self.values, &asked)
    }

    fn quartile(&self, fraction: f64) -> Result<Expr> {
        let how = Quantiles {
            method: Method::Linear,
            skip_nan: self.part,
            keepdims: false,
        };
        quantile(&self.values, &Fractions::One(fraction), None, how)
    }

    /// How wide a rule wants the bins; 0 where it does not say.
    fn width(&self, rule: Rule) -> Result<Expr> {
        let (size, spread) = (|| self.size.clone(), || self.spread.clone());
        let doublings = || apply("add", of("log2", size())?, number(1.0));
        match rule {
            Rule::Sqrt => apply("divide", spread(), of("sqrt", size())?),
            Rule::Sturges => apply("divide", spread(), doublings()?),
            Rule::Rice => {
                let root = apply("power", size(), number(1.0 / 3.0))?;
                apply("divide", spread(), apply("multiply", root, number(2.0))?)
            }
            Rule::Scott => {
                let share = apply("divide", number(24.0 * std::f64::consts::PI.sqrt()), size())?;
                let root = apply("power", share, number(1.0 / 3.0))?;
                apply("multiply", root, self.fold("std")?)
            }
            Rule::Fd => {
                let middle = apply("subtract", self.quartile(0.75)?, self.quartile(0.25)?)?;
                let root = apply("power", size(), number(-1.0 / 3.0))?;
                apply("multiply", apply("multiply", middle, number(2.0))?, root)
            }
            Rule::Auto => {
                let least = apply("divide", self.width(Rule::Sqrt)?, number(2.0))?;
                let own = apply("maximum", self.width(Rule::Fd)?, least)?;
                apply("minimum", own, self.width(Rule::Sturges)?)
            }
            Rule::Doane => self.doane(doublings()?),
            Rule::Stone => stone::width(&Sought {
                values: &self.values,
                size: &self.size,
                spread: &self.spread,
                bounds: &self.bounds,
            }),
        }
    }

    fn doane(&self, doublings: Expr) -> Result<Expr> {
        let above = |by: f64| apply("add", self.size.clone(), number(by));
        let error = apply("multiply", above(-2.0)?, number(6.0))?;
        let error = apply(
            "divide",
            error,
            apply("multiply", above(1.0)?, above(3.0)?)?,
        )?;
        let deviation = self.fold("std")?;
        let standard = apply("subtract", self.values.clone(), self.fold("mean")?)?;
        let standard = apply("divide", standard, deviation.clone())?;
        let cubes = Sample {
            values: apply("power", standard, Operand::Int(3))?,
            part: self.part,
            size: self.size.clone(),
            spread: self.spread.clone(),
            bounds: self.bounds.clone(),
        };
        let skew = apply(
            "divide",
            of("absolute", cubes.fold("mean")?)?,
            of("sqrt", error)?,
        )?;
        let more = of("log2", apply("add", skew, number(1.0))?)?;
        let width = apply(
            "divide",
            self.spread.clone(),
            apply("add", doublings, more)?,
        )?;
        let says = map(
            "bitwise_and",
            &[
                apply("greater", self.size.clone(), number(2.0))?,
                apply("greater", deviation, number(0.0))?,
            ],
        )?;
        operate("where", &[says.into(), width.into(), number(0.0)])
    }
}

/// How many bins a rule wants over `x`, within `range` if it is given: an integer without axes, 1 where
/// the rule has no answer.
///
/// # Errors
/// None for valid expressions.
pub fn wanted(x: &Expr, rule: Rule, range: Option<(f64, f64)>) -> Result<Expr> {
    if x.elements() == 0 {
        return constant(Scalar::from(1i64));
    }
    let sample = Sample::of(x, range)?;
    let mut width = sample.width(rule)?;
    if !x.dtype().is_float() {
        let narrow = apply("less", width.clone(), number(1.0))?;
        let some = apply("greater", width.clone(), number(0.0))?;
        let narrow = map("bitwise_and", &[narrow, some])?;
        width = operate("where", &[narrow.into(), number(1.0), width.into()])?;
    }
    let whole = match range {
        Some((low, high)) if low < high => constant(Scalar::from(high - low))?,
        Some(_) => constant(Scalar::from(1.0))?,
        // Of equal elements the range is widened to 1.
        None => {
            let none = apply("equal", sample.spread.clone(), number(0.0))?;
            operate("where", &[none.into(), number(1.0), sample.spread.into()])?
        }
    };
    let count = of("ceil", apply("divide", whole, width.clone())?)?;
    let says = map(
        "bitwise_and",
        &[
            apply("greater", width, number(0.0))?,
            of("isfinite", count.clone())?,
        ],
    )?;
    let count = operate("where", &[says.into(), count.into(), number(1.0)])?;
    let count = apply(
        "minimum",
        apply("maximum", count, number(1.0))?,
        number(MOST),
    )?;
    astype(&count, DType::I64)
}
