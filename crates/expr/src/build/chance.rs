//! What is chosen, ordered or parted by chance?

use super::random::{draw, draw_of};
use super::take::known;
use super::{
    Operand, alone, along, astype, broadcast_to, concatenate, expand_dims, full, integers, map,
    node, operate, rechunk, reduce, reshape, searchsorted, slice,
};
use crate::attr::{Attr, Leaf, LeafKind};
use crate::node::Expr;
use std::sync::Arc;
use tilewright_core::{AxisRange, DType, Error, Grid, Kind, Region, Result, Scalar, element_count};
use tilewright_vecmath::Draw;

/// Parts of 1 along the last axis of the grid, by Dirichlet's law of these parameters.
///
/// # Errors
/// [`Kind::Shape`] if the parameters do not broadcast to the grid's shape, or it has no axis.
pub fn dirichlet(parameters: &Expr, seed: u64, grid: Grid) -> Result<Expr> {
    let parts = draw_of(
        Draw::Dirichlet,
        std::slice::from_ref(parameters),
        seed,
        grid,
    )?;
    let total = reduce("sum", &parts, Some(&[-1]), true)?;
    map("divide", &[parts, total])
}

/// How often each of several outcomes comes up in `trials`, along the last axis of the grid: the
/// binomial law of what is left, one outcome after the other. The last takes what remains.
///
/// # Errors
/// [`Kind::Value`] for probabilities that are known and none, or whose sum is above 1;
/// [`Kind::Shape`] for as many outcomes as the grid has not, or more than [`OUTCOMES`].
pub fn multinomial(trials: &Operand, weights: &Expr, seed: u64, grid: Grid) -> Result<Expr> {
    let shape = grid.shape();
    let last = shape.len().saturating_sub(1);
    let outcomes = shape.last().copied().unwrap_or(0);
    if weights.shape().last() != shape.last() || !(1..=OUTCOMES).contains(&outcomes) {
        return Err(
            Error::new(Kind::Shape, format!("multinomial of {outcomes} outcomes"))
                .way_out(format!("a probability for each of 1 to {OUTCOMES}")),
        );
    }
    let trials = alone(trials)?;
    check_trials(&trials)?;
    check_weights(weights, outcomes as usize)?;
    let part = |from: i64, len: i64| {
        let mut region = Region::full(&shape);
        region.axes[last] = AxisRange::new(from, 1, len);
        region
    };
    let weights = broadcast_to(&astype(weights, DType::F64)?, &shape)?;
    let one = |k: i64| slice(&weights, part(k, 1));
    let empty = slice(&weights, part(0, 1))?;
    let trials = astype(&trials, DType::I64)?;
    let mut left = match trials.shape() {
        [] => broadcast_to(&trials, empty.shape())?,
        _ => broadcast_to(&expand_dims(&trials, &[-1])?, empty.shape())?,
    };
    let mut rest = full(Scalar::from(1.0), empty.grid().clone())?;
    let mut counts = Vec::new();
    for k in 0..outcomes - 1 {
        let p = map("divide", &[one(k)?, rest.clone()])?;
        // Of no probability left nothing is left; rounding may leave a little too much.
        let p = operate(
            "clip",
            &[p.into(), Operand::Float(0.0), Operand::Float(1.0)],
        )?;
        let p = operate("nan_to_num", &[p.into()])?;
        let at = part(k, 1);
        let leaf = Leaf {
            kind: LeafKind::Draw(Draw::Multinomial, seed),
            dtype: DType::F64,
            whole: shape.clone(),
            grid: sliced(&grid, &at),
            at,
        };
        let args = [astype(&left, DType::F64)?, p];
        let drawn = node("random.binomial", Attr::Leaf(Arc::new(leaf)), args)?;
        // Above 2^53 a float of what is left may be more than that.
        let drawn = map("minimum", &[astype(&drawn, DType::I64)?, left.clone()])?;
        left = map("subtract", &[left, drawn.clone()])?;
        rest = map("subtract", &[rest, one(k)?])?;
        counts.push(drawn);
    }
    counts.push(left);
    rechunk(&concatenate(&counts, -1)?, grid)
}

fn sliced(grid: &Grid, at: &Region) -> Grid {
    let axes = grid.axes.iter().zip(&at.axes);
    Grid {
        axes: axes.map(|(axis, range)| axis.slice(*range)).collect(),
    }
}

/// Outcomes of a multinomial law at most: each is a draw of its own.
pub const OUTCOMES: i64 = 256;

fn check_trials(trials: &Expr) -> Result<()> {
    let range = 0..=i128::from(i64::MAX);
    let none = |n: &i128| !range.contains(n);
    let known = known(trials).unwrap_or_default();
    match known.iter().filter_map(|n| n.as_i128()).find(none) {
        Some(n) => {
            let what = format!("multinomial of {n} trials");
            Err(Error::new(Kind::Value, what).way_out("0 trials or more, below 2^63"))
        }
        None => Ok(()),
    }
}

fn check_weights(weights: &Expr, outcomes: usize) -> Result<()> {
    const ROUNDING: f64 = 1e-12;
    let known = known(weights).unwrap_or_default();
    let numbers: Vec<f64> = match &known[..] {
        // One value stands for all of an array that is full of it.
        [one] => vec![one.to_f64(); outcomes],
        several => several.iter().map(|p| p.to_f64()).collect(),
    };
    let fits = numbers.chunks(outcomes).all(|line| {
        let sum: f64 = line[..line.len() - 1].iter().sum();
        line.iter().all(|p| (0.0..=1.0).contains(p)) && sum <= 1.0 + ROUNDING
    });
    match fits {
        true => Ok(()),
        false => Err(Error::new(
            Kind::Value,
            "multinomial: probabilities below 0, above 1, or of a sum above 1",
        )
        .way_out("weights divided by their sum")),
    }
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
