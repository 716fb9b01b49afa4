//! What is chosen, ordered or parted by chance?

use super::random::{draw, draw_of};
use super::{Operand, along, astype, integers, map, rechunk, reduce, reshape, searchsorted, slice};
use crate::node::Expr;
use tilewright_core::{AxisRange, DType, Error, Grid, Kind, Region, Result, element_count};
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
