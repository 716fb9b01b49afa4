//! Over which box does a stage iterate?

use crate::affine::Affine;
use tilewright_core::{AxisGrid, Grid, Result, Shape};
use tilewright_expr::Expr;
use tilewright_expr::attr::Attr;
use tilewright_expr::op::Family;

/// The iterations of a body: which axis of its operand each iteration axis is.
pub(super) struct Iterations {
    pub order: Vec<usize>,
    pub kept: usize,
    pub domain: Shape,
    pub grid: Grid,
}

impl Iterations {
    pub fn of(root: &Expr) -> Result<(Iterations, bool)> {
        let (operand, reduced) = match (&root.op().family, root.attr(), root.args()) {
            (Family::Reduce(_), Attr::Axes(axes), [x]) => (x, Some(axes)),
            _ => (root, None),
        };
        let all = 0..operand.shape().len();
        let mut order: Vec<usize> = all
            .filter(|axis| reduced.is_none_or(|gone| !gone.contains(axis)))
            .collect();
        let mut kept = order.len();
        order.extend(reduced.into_iter().flatten());
        let mut domain: Shape = order.iter().map(|&axis| operand.shape()[axis]).collect();
        let mut grid = Grid {
            axes: order
                .iter()
                .map(|&axis| operand.grid().axes[axis].clone())
                .collect(),
        };
        // A kernel loops over at least one axis, a reduction over at least one that it reduces.
        if order.is_empty() || (reduced.is_some() && order.len() == kept) {
            domain.push(1);
            grid.axes.push(AxisGrid::whole(1));
            kept += usize::from(reduced.is_none());
        }
        Ok((
            Iterations {
                order,
                kept,
                domain,
                grid,
            },
            reduced.is_some(),
        ))
    }

    /// The operand's axes as functions of the iteration.
    pub fn maps(&self) -> Vec<Affine> {
        let axes = self.domain.len();
        let mut maps = vec![Affine::constant(0, axes); self.order.len()];
        for (iteration, &axis) in self.order.iter().enumerate() {
            maps[axis] = Affine::axis(iteration, axes);
        }
        maps
    }
}
