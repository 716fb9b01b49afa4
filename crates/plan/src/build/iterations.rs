//! Over which box does a stage iterate?

use crate::affine::Affine;
use tilewright_core::{AxisGrid, Grid, Result, Shape};
use tilewright_expr::Expr;
use tilewright_expr::attr::{Along, Attr};
use tilewright_expr::op::{AlongRow, Family, Length, Role};

/// The iterations of a body: which axis of its operand each iteration axis is.
pub(super) struct Iterations {
    pub kept: usize,
    pub domain: Shape,
    pub grid: Grid,
    /// What is computed: the root itself, or what it reduces or takes rows of.
    pub operands: Vec<Expr>,
    /// For each operand, the iteration axis that each of its axes is.
    axes: Vec<Vec<usize>>,
    pub kind: Kind,
}

/// What becomes of the computed values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// They are stored.
    Map,
    /// They fold away.
    Reduce,
    /// Their rows are taken by a function.
    Rows,
    /// Their blocks are taken by a function.
    Blocks,
}

impl Iterations {
    pub fn of(root: &Expr) -> Result<Iterations> {
        let taken = match root.op().family {
            Family::Opaque => root.args(),
            _ => &[],
        };
        let (operand, reduced) = match (&root.op().family, root.attr(), root.args()) {
            (Family::Along(row), Attr::Along(rows), _) if rows.chunked => {
                return Ok(Iterations::chunks(row, root));
            }
            (Family::Along(row), Attr::Along(rows), [first, ..]) => {
                return Ok(Iterations::rows(row, rows, root, first));
            }
            (Family::Reduce(_), Attr::Axes(axes), [x]) => (x, Some(axes)),
            (Family::Opaque, _, [first, ..]) => (first, None),
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
        let mut axes = vec![0; order.len()];
        for (iteration, &axis) in order.iter().enumerate() {
            axes[axis] = iteration;
        }
        Ok(Iterations {
            kept,
            domain,
            grid,
            axes: vec![axes; taken.len().max(1)],
            operands: match taken {
                [] => vec![operand.clone()],
                taken => taken.to_vec(),
            },
            kind: match (reduced, taken) {
                (Some(_), _) => Kind::Reduce,
                (None, []) => Kind::Map,
                (None, _) => Kind::Blocks,
            },
        })
    }

    /// Tiles cut the result's axes, but not the one along rows of another length; then the row's
    /// axis, then that of a row beside it.
    fn rows(row: &AlongRow, rows: &Along, root: &Expr, first: &Expr) -> Iterations {
        let follows = row.length == Length::Each;
        let ndim = root.shape().len();
        let kept: Vec<usize> = (0..ndim).filter(|&k| follows || k != rows.axis).collect();
        let mut domain: Shape = kept.iter().map(|&k| root.shape()[k]).collect();
        let mut cuts: Vec<AxisGrid> = kept.iter().map(|&k| root.grid().axes[k].clone()).collect();
        let along = &first.grid().axes[rows.axis];
        domain.push(along.len());
        cuts.push(AxisGrid::whole(along.len()));
        let mut beside = None;
        for (x, role) in root.args().iter().zip(row.roles) {
            if *role == Role::Side {
                beside = Some(domain.len());
                domain.push(x.shape()[rows.axis]);
                cuts.push(AxisGrid::whole(x.shape()[rows.axis]));
            }
        }
        let axes = row.roles.iter().map(|role| {
            let place = |k: usize| match role {
                _ if k != rows.axis => kept.iter().position(|&axis| axis == k).unwrap_or(0),
                Role::Each => kept.iter().position(|&axis| axis == k).unwrap_or(0),
                Role::Row => kept.len(),
                Role::Side => beside.unwrap_or(kept.len()),
            };
            (0..ndim).map(place).collect()
        });
        Iterations {
            kept: kept.len(),
            axes: axes.collect(),
            operands: root.args().to_vec(),
            domain,
            grid: Grid {
                axes: cuts.into_iter().collect(),
            },
            kind: Kind::Rows,
        }
    }

    /// Chunks are rows: no axis is kept, and the array's are followed by one beside them.
    fn chunks(row: &AlongRow, root: &Expr) -> Iterations {
        let mut grid = row.cuts(root.args());
        let ndim = grid.axes.len();
        let mut domain = grid.shape();
        for (x, role) in root.args().iter().zip(row.roles) {
            if *role == Role::Side {
                domain.push(x.shape()[0]);
                grid.axes.push(AxisGrid::whole(x.shape()[0]));
            }
        }
        let axes = row.roles.iter().map(|role| match role {
            Role::Row => (0..ndim).collect(),
            Role::Side | Role::Each => vec![ndim],
        });
        Iterations {
            kept: 0,
            axes: axes.collect(),
            operands: root.args().to_vec(),
            domain,
            grid,
            kind: Kind::Rows,
        }
    }

    /// The axes of an operand as functions of the iteration.
    pub fn maps(&self, operand: usize) -> Vec<Affine> {
        let axes = self.domain.len();
        let map = |&iteration: &usize| Affine::axis(iteration, axes);
        self.axes[operand].iter().map(map).collect()
    }

    /// The iteration axes that an operand's rows are made of, outermost first.
    pub fn row_of(&self, operand: usize, rows: &Along) -> Vec<usize> {
        match rows.chunked {
            true => self.axes[operand].clone(),
            false => vec![self.axes[operand][rows.axis]],
        }
    }
}
