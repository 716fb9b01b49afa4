//! What does a reduction's kernel count?
//!
//! The leaves of a piece, and the index along each axis that a flattened position stands for.
//! Absent: what is folded.

use super::emit::Emitter;
use std::ops::Range;
use tilewright_kernel::{Index, Stmt};

/// Names the number of a piece's leaves; for the start of a kernel.
pub fn count_leaves(emitter: &mut Emitter<'_>) -> (Index, Stmt) {
    let (layout, var) = (emitter.layout, emitter.var());
    let value = (layout.to() - layout.from() + layout.leaf() - 1) / layout.leaf();
    (Index::Var(var), Stmt::Let { var, value })
}

/// A statement that runs once where there are several leaves, and not at all where there is one;
/// `var` is for it alone.
pub fn if_several(leaves: &Index, var: u32, statement: Stmt) -> Stmt {
    Stmt::Loop {
        var,
        count: (leaves.clone() - 1).min(1),
        body: vec![statement],
    }
}

/// Names the index along each of the axes that flattened position `flat` of them stands for.
pub fn unflatten(
    emitter: &mut Emitter<'_>,
    flat: Index,
    axes: Range<usize>,
    point: &mut [Index],
) -> Vec<Stmt> {
    let (mut rest, mut stmts) = (flat, Vec::new());
    for axis in axes.clone().rev() {
        let extent = emitter.layout.extent(axis);
        let outermost = axis == axes.start;
        let index = if outermost {
            rest.clone()
        } else {
            rest.clone() % extent.clone()
        };
        let var = emitter.var();
        stmts.push(Stmt::Let { var, value: index });
        point[axis] = Index::Var(var);
        if !outermost {
            let var = emitter.var();
            stmts.push(Stmt::Let {
                var,
                value: rest / extent,
            });
            rest = Index::Var(var);
        }
    }
    stmts
}
