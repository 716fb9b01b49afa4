//! What are a law's numbers made from, and how do the longer formulas read?

use super::random::{draw, draw_of};
use super::{Operand, alone, map, operate};
use crate::node::Expr;
use tilewright_core::{Error, Grid, Kind, Result};
use tilewright_vecmath::Draw;

/// What a law's numbers are made from.
pub(super) struct Sample {
    /// The seed.
    pub seed: u64,
    /// Shape and chunks.
    pub grid: Grid,
}

impl Sample {
    /// −log1p(−u): 0 where u is.
    pub(super) fn exponential(&self, stream: Draw) -> Result<Expr> {
        let u = draw(stream, self.seed, self.grid.clone())?;
        one("negative", one("log1p", one("negative", u)?)?)
    }

    /// Numbers of a law with these parameters.
    pub(super) fn of(&self, stream: Draw, parameters: &[Operand]) -> Result<Expr> {
        let arrays = parameters.iter().map(alone).collect::<Result<Vec<_>>>()?;
        draw_of(stream, &arrays, self.seed, self.grid.clone())
    }

    /// Of the gamma law whose shape is half of a number of degrees of freedom.
    pub(super) fn half(&self, stream: Draw, degrees: &Operand) -> Result<Expr> {
        let shape = two("divide", degrees.clone(), 2.0)?;
        self.of(stream, &[shape.into()])
    }

    /// 2u − 1 + 2^-53, every step exact.
    pub(super) fn symmetric(&self, stream: Draw) -> Result<Expr> {
        let u = draw(stream, self.seed, self.grid.clone())?;
        let centered = multiply(2.0, two("subtract", u, 0.5)?)?;
        two("add", centered, 0.5f64.powi(53))
    }
}

/// An element-wise operator of one.
pub(super) fn one(name: &str, x: impl Into<Operand>) -> Result<Expr> {
    operate(name, &[x.into()])
}

/// … of two.
pub(super) fn two(name: &str, a: impl Into<Operand>, b: impl Into<Operand>) -> Result<Expr> {
    operate(name, &[a.into(), b.into()])
}

/// a·b.
pub(super) fn multiply(a: impl Into<Operand>, b: impl Into<Operand>) -> Result<Expr> {
    two("multiply", a, b)
}

/// loc + scale·x.
pub(super) fn moved(of: &[Operand], x: Expr) -> Result<Expr> {
    two("add", of[0].clone(), multiply(of[1].clone(), x)?)
}

/// The inverse of its distribution: roots on both sides of the mode.
pub(super) fn triangular(sample: &Sample, of: &[Operand]) -> Result<Expr> {
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
pub(super) fn wald(sample: &Sample, of: &[Operand]) -> Result<Expr> {
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

/// Geometric numbers of a random parameter q.
///
/// **Source** Kemp 1981, "Efficient generation of logarithmically distributed pseudo-random
/// variables", algorithm LK.
pub(super) fn logseries(sample: &Sample, of: &[Operand]) -> Result<Expr> {
    let u = draw(Draw::LogseriesRate, sample.seed, sample.grid.clone())?;
    let v = draw(Draw::Logseries, sample.seed, sample.grid.clone())?;
    // The least v is half a step, so that its logarithm is finite.
    let v = two("maximum", v, 0.5f64.powi(54))?;
    let rate = one("log1p", one("negative", of[0].clone())?)?;
    let q = one("negative", one("expm1", multiply(rate, u)?)?)?;
    let ratio = two("divide", one("log", v.clone())?, one("log", q.clone())?)?;
    let many = one("floor", two("add", ratio, 1.0)?)?;
    let some = operate(
        "where",
        &[
            two("less_equal", v.clone(), one("square", q.clone())?)?.into(),
            many.into(),
            Operand::Float(2.0),
        ],
    )?;
    let one_alone = two("greater_equal", v, q)?;
    operate(
        "where",
        &[one_alone.into(), Operand::Float(1.0), some.into()],
    )
}

/// Angles about mu, from −π to π: of d = 1 − cos x the angle is 2·asin √(d/2), which loses nothing
/// near 0.
pub(super) fn von_mises(sample: &Sample, of: &[Operand]) -> Result<Expr> {
    const PI: f64 = std::f64::consts::PI;
    let d = sample.of(Draw::VonMises, &of[1..])?;
    let half = one("sqrt", multiply(0.5, one("absolute", d.clone())?)?)?;
    let angle = two("copysign", multiply(2.0, one("asin", half)?)?, d)?;
    let turned = two("add", two("add", of[0].clone(), angle)?, PI)?;
    two("subtract", two("remainder", turned, 2.0 * PI)?, PI)
}

/// No more than there are can be taken.
pub(super) fn hypergeometric(sample: &Sample, of: &[Operand]) -> Result<Expr> {
    if let [
        Operand::Float(good),
        Operand::Float(bad),
        Operand::Float(taken),
    ] = of
        && *taken > good + bad
    {
        let message = format!("hypergeometric: {taken} of {} are taken", good + bad);
        return Err(Error::new(Kind::Value, message).way_out("nsample <= ngood + nbad"));
    }
    sample.of(Draw::Hypergeometric, of)
}
