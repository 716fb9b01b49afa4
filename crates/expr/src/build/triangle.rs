//! Calls around the diagonals of arrays, written in `where` over indices.

use super::index::Item;
use super::repeat::{count, with};
use super::shape::ravel;
use super::take::take;
use super::{
    Operand, Outside, astype, constant, diagonal, expand_dims, full, index, map, operate, places,
};
use crate::node::Expr;
use tilewright_core::{Error, Grid, Kind, Result, Scalar};

/// How far each element of a matrix lies right of the main diagonal, as rows and columns that
/// broadcast: `test(column - row, k)`.
fn right_of(rows: i64, columns: i64, test: &str, k: i64) -> Result<Expr> {
    let row = expand_dims(&with("add", count(rows)?, k)?, &[1])?;
    map(test, &[count(columns)?, row])
}

/// The last two axes of an array; a vector counts as each row of a square.
fn matrix(x: &Expr, name: &str) -> Result<(i64, i64)> {
    match x.shape() {
        [] => Err(
            Error::new(Kind::Shape, format!("{name} of an array of 0 dimensions"))
                .way_out("an array of one axis or more"),
        ),
        [len] => Ok((*len, *len)),
        [.., rows, columns] => Ok((*rows, *columns)),
    }
}

/// A side of a diagonal, which is part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Triangle {
    /// Below it, or left of it.
    Lower,
    /// Above it, or right of it.
    Upper,
}

/// The rows and columns of the elements on one side of the diagonal `k` places right of the main one,
/// of a matrix of so many rows and columns.
///
/// # Errors
/// [`Kind::Shape`] for a matrix that has 2^31 rows or columns and more.
pub fn triangle_indices(rows: i64, columns: i64, k: i64, side: Triangle) -> Result<[Expr; 2]> {
    let (rows, columns) = (rows.max(0), columns.max(0));
    if rows.max(columns) >= 1 << 31 {
        return Err(Error::new(
            Kind::Shape,
            format!("a triangle of {rows} rows and {columns} columns"),
        )
        .way_out("fewer than 2^31 of both"));
    }
    let k = k.clamp(-rows - 1, columns + 1);
    let below = up_to(rows, columns, k - i64::from(side == Triangle::Upper));
    let (test, count) = match side {
        Triangle::Lower => ("less_equal", below),
        Triangle::Upper => ("greater_equal", rows * columns - below),
    };
    let mask = right_of(rows, columns, test, k)?;
    let mut found = places(&mask, count)?.into_iter();
    match (found.next(), found.next()) {
        (Some(rows), Some(columns)) => Ok([rows, columns]),
        _ => Err(Error::new(Kind::Internal, "a matrix without two axes")),
    }
}

/// How many elements of a matrix lie on the diagonal `k` or below it.
fn up_to(rows: i64, columns: i64, k: i64) -> i64 {
    // A row that the diagonal meets has as many as its number from the first such row on.
    let first = |rows: i64| {
        let within = rows.clamp(0, columns);
        within * (within + 1) / 2 + (rows.max(0) - within) * columns
    };
    first(rows + k) - first(k)
}

/// 0 above the diagonal `k` places right of the main one.
///
/// # Errors
/// [`Kind::Shape`] for an array without axes.
pub fn tril(x: &Expr, k: i64) -> Result<Expr> {
    let (rows, columns) = matrix(x, "tril")?;
    let kept = right_of(rows, columns, "less_equal", k)?;
    map(
        "where",
        &[kept, x.clone(), constant(Scalar::zero(x.dtype()))?],
    )
}

/// 0 below the diagonal `k` places right of the main one.
///
/// # Errors
/// [`Kind::Shape`] for an array without axes.
pub fn triu(x: &Expr, k: i64) -> Result<Expr> {
    let (rows, columns) = matrix(x, "triu")?;
    let kept = right_of(rows, columns, "greater_equal", k)?;
    map(
        "where",
        &[kept, x.clone(), constant(Scalar::zero(x.dtype()))?],
    )
}

/// A vector on the diagonal `k` places right of the main one of a matrix of zeros; of a matrix,
/// that diagonal.
///
/// # Errors
/// [`Kind::Shape`] for an array of other than one or two axes.
pub fn diag(x: &Expr, k: i64) -> Result<Expr> {
    let len = match *x.shape() {
        [len] => len,
        [_, _] => return diagonal(x, k, 0, 1),
        _ => {
            return Err(Error::new(
                Kind::Shape,
                format!("diag of an array of {} dimensions", x.shape().len()),
            )
            .way_out("an array of one axis or two"));
        }
    };
    let side = k
        .checked_abs()
        .and_then(|k| k.checked_add(len))
        .filter(|&side| side < 1 << 31)
        .ok_or_else(|| {
            Error::new(Kind::Shape, "a matrix of 2^31 rows or more").way_out("a smaller k")
        })?;
    if len == 0 {
        let grid = Grid::automatic(&[side, side], x.dtype().itemsize());
        return full(Scalar::zero(x.dtype()), grid);
    }
    // The element of each row; rows that have none take any.
    let rows = if k == 0 {
        x.clone()
    } else {
        let first = k.saturating_neg().max(0);
        let at = with("subtract", count(side)?, first)?;
        take(x, &at, Some(0), Outside::Clip)?
    };
    let on = right_of(side, side, "equal", k)?;
    let zero = constant(Scalar::zero(x.dtype()))?;
    map("where", &[on, expand_dims(&rows, &[1])?, zero])
}

/// An array whose main diagonal is `value`, repeated, in the array's dtype; with `wrap` the
/// diagonal of a tall matrix begins anew below its end.
///
/// # Errors
/// [`Kind::Shape`] for fewer than two axes, or more of unequal lengths.
pub fn fill_diagonal(x: &Expr, value: &Expr, wrap: bool) -> Result<Expr> {
    let shape = x.shape();
    if shape.len() < 2 || (shape.len() > 2 && shape.iter().any(|&len| len != shape[0])) {
        return Err(
            Error::new(Kind::Shape, format!("fill_diagonal of shape {shape:?}"))
                .way_out("two axes, or more of one length"),
        );
    }
    let ndim = shape.len();
    let along = |axis: usize| {
        let behind: Vec<i64> = (1..(ndim - axis) as i64).collect();
        expand_dims(&count(shape[axis])?, &behind)
    };
    let (mut row, columns) = (along(0)?, shape[1]);
    if wrap && ndim == 2 {
        // A row without one after each square.
        row = with("remainder", row, columns + 1)?;
    }
    let mut on = map("equal", &[row, along(1)?])?;
    for axis in 2..ndim {
        on = map(
            "bitwise_and",
            &[on, map("equal", &[along(0)?, along(axis)?])?],
        )?;
    }
    let value = astype(&ravel(value)?, x.dtype())?;
    let filled = match value.elements() {
        0 if x.elements() == 0 => return Ok(x.clone()),
        0 => {
            return Err(Error::new(Kind::Value, "fill_diagonal with no values").way_out("a number"));
        }
        1 => index(&value, &[Item::Int(0)])?,
        len => {
            // The values follow each other along the diagonal; with `wrap`, a row without a
            // diagonal element takes none.
            let rows = count(shape[0])?;
            let nth = if wrap && ndim == 2 {
                let gaps = with("floor_divide", rows.clone(), columns + 1)?;
                operate("subtract", &[rows.into(), Operand::Array(gaps)])?
            } else {
                rows
            };
            let nth = with("remainder", nth, len)?;
            let taken = take(&value, &nth, Some(0), Outside::Raise)?;
            expand_dims(&taken, &(1..ndim as i64).collect::<Vec<_>>())?
        }
    };
    map("where", &[on, filled, x.clone()])
}
