//! Of which type is a function of rows?

use super::{misfit, refuse_dtypes};
use crate::attr::{Along, Attr};
use crate::node::{Expr, Type};
use crate::op::{AlongRow, Length, OpDef, Role};
use tilewright_core::{AxisGrid, AxisRange, Grid, Result, Shape};

/// The kept axes' cuts are those of all arguments; along the rows' axis a result as long as the
/// row keeps its chunks, a window of it those of the slice, one that follows an argument that
/// argument's, and one of another length is one chunk.
pub(super) fn along(def: &OpDef, row: &AlongRow, attr: &Attr, args: &[Expr]) -> Result<Type> {
    let (Attr::Along(rows), Some(first)) = (attr, args.first()) else {
        return Err(misfit(def));
    };
    if args.len() != row.roles.len() || rows.axis >= first.shape().len() {
        return Err(misfit(def));
    }
    let function = (row.lower)(first.dtype(), rows.dtype);
    let dtypes = (1..)
        .zip(args)
        .all(|(place, x)| function.place_dtype(place) == x.dtype());
    let runs = function.is_defined() && dtypes && function.place_dtype(0) == rows.dtype;
    if (row.dtype)(first.dtype()) != Some(first.dtype()) || !runs {
        return Err(refuse_dtypes(def, args));
    }
    if rows.chunked {
        return chunked(row, rows, args).ok_or_else(|| misfit(def));
    }
    let mut axes = first.grid().axes.clone();
    let each = args
        .iter()
        .zip(row.roles)
        .find(|(_, role)| **role == Role::Each);
    let along = &first.grid().axes[rows.axis];
    axes[rows.axis] = match (row.length, each) {
        (Length::Same, _) if rows.len == along.len() => along.clone(),
        (Length::Window, _) if within(rows, along.len()) => {
            along.slice(AxisRange::new(rows.parameter, 1, rows.len))
        }
        (Length::Each, Some((x, _))) if x.shape().get(rows.axis) == Some(&rows.len) => {
            x.grid().axes[rows.axis].clone()
        }
        (Length::Given, _) if rows.len >= 0 => AxisGrid::whole(rows.len),
        _ => return Err(misfit(def)),
    };
    // What the function touches of each argument is what there is.
    let (n, m) = (along.len(), rows.len);
    for (place, x) in (1..).zip(args) {
        let kept = x.shape().len() == first.shape().len()
            && (0..axes.len()).all(|k| k == rows.axis || x.shape()[k] == first.shape()[k]);
        let extent = function.extent(place, n as usize, m as usize) as i64;
        if !kept || x.shape()[rows.axis] != extent {
            return Err(misfit(def));
        }
        for (k, cuts) in axes.iter_mut().enumerate().filter(|(k, _)| *k != rows.axis) {
            *cuts = cuts.union(&x.grid().axes[k]);
        }
    }
    let mut shape = Shape::from_slice(first.shape());
    shape[rows.axis] = rows.len;
    Ok(Type {
        dtype: rows.dtype,
        shape,
        grid: Grid { axes },
    })
}

fn within(rows: &Along, n: i64) -> bool {
    let end = rows.parameter.checked_add(rows.len);
    rows.parameter >= 0 && rows.len >= 0 && end.is_some_and(|end| end <= n)
}

/// Each chunk under the cuts of all rows gives as much; the results are one axis.
fn chunked(row: &AlongRow, rows: &Along, args: &[Expr]) -> Option<Type> {
    let first = args.first()?;
    let mut rows_of = args
        .iter()
        .zip(row.roles)
        .filter(|(_, role)| **role == Role::Row);
    if rows_of.any(|(x, _)| x.shape() != first.shape()) {
        return None;
    }
    let pieces = row.cuts(args).chunks();
    if row.length != Length::Given || rows.axis != 0 || rows.len < 0 || pieces < 1 {
        return None;
    }
    let made = rows.len / pieces;
    let function = (row.lower)(first.dtype(), rows.dtype);
    let beside = (1..)
        .zip(args)
        .zip(row.roles)
        .all(|((place, x), role)| match role {
            Role::Side => x.shape() == [function.extent(place, 0, made as usize) as i64],
            Role::Row => true,
            Role::Each => false,
        });
    if made * pieces != rows.len || !beside {
        return None;
    }
    Some(Type {
        dtype: rows.dtype,
        shape: [rows.len].into_iter().collect(),
        grid: Grid {
            axes: [AxisGrid::regular(rows.len, made.max(1))]
                .into_iter()
                .collect(),
        },
    })
}
