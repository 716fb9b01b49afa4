//! Of which shape and grid is what index arrays look up?

use super::misfit;
use crate::attr::{Attr, Lookup};
use crate::node::{Expr, Type};
use crate::op::OpDef;
use tilewright_core::{AxisGrid, DType, Error, Grid, Kind, Result};

/// The type of a lookup: the shape is that of every index array; an axis that is followed keeps
/// its cuts, united with theirs.
pub(super) fn lookup(def: &OpDef, attr: &Attr, args: &[Expr]) -> Result<Type> {
    let ([x, indices @ ..], Attr::Lookup(Lookup { axes, .. })) = (args, attr) else {
        return Err(misfit(def));
    };
    let first = indices.first().ok_or_else(|| misfit(def))?;
    let looked_up = axes.iter().filter(|axis| axis.is_none()).count();
    let alike = |index: &Expr| index.shape() == first.shape() && index.dtype() == DType::I64;
    if axes.len() != x.shape().len() || looked_up != indices.len() || !indices.iter().all(alike) {
        return Err(misfit(def));
    }
    let shape = first.shape();
    let mut cuts: Vec<AxisGrid> = shape.iter().map(|&len| AxisGrid::whole(len)).collect();
    let mut followed = vec![false; shape.len()];
    for (axis, &result) in axes.iter().enumerate() {
        let len = x.shape()[axis];
        match result {
            Some(result) => {
                if shape.get(result) != Some(&len) || std::mem::replace(&mut followed[result], true)
                {
                    return Err(misfit(def));
                }
                cuts[result] = x.grid().axes[axis].clone();
            }
            None if len == 0 && !shape.contains(&0) => {
                return Err(
                    Error::new(Kind::Index, format!("take from axis {axis} of length 0"))
                        .way_out("an axis that is not empty, or no indices"),
                );
            }
            None => {}
        }
    }
    for index in indices {
        for (mine, theirs) in cuts.iter_mut().zip(&index.grid().axes) {
            *mine = mine.union(theirs);
        }
    }
    Ok(Type {
        dtype: x.dtype(),
        shape: shape.into(),
        grid: Grid { axes: cuts.into() },
    })
}
