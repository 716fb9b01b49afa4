//! Of which type is what a function of blocks makes?

use super::misfit;
use crate::attr::Attr;
use crate::node::{Expr, Type};
use crate::op::OpDef;
use tilewright_core::Result;

/// What the node says: the arguments are of one shape and hold the elements it speaks of.
pub(super) fn blocks(def: &OpDef, attr: &Attr, args: &[Expr]) -> Result<Type> {
    let (Attr::Blocks(blocks), [first, rest @ ..]) = (attr, args) else {
        return Err(misfit(def));
    };
    let (cuts, shape) = (&blocks.cuts, first.shape());
    let ndim = shape.len();
    let alike = rest.iter().all(|x| x.shape() == shape);
    let axes = [&cuts.made.axes, &cuts.own.axes].map(|axes| axes.len());
    let lengths = [cuts.first.len(), cuts.start.len(), cuts.reach.len()];
    if !alike || axes.iter().chain(&lengths).any(|&n| n != ndim) {
        return Err(misfit(def));
    }
    let holds = |axis: usize| {
        let (made, own) = (&cuts.made.axes[axis], &cuts.own.axes[axis]);
        let reach = cuts.reach[axis];
        let least = [reach.before, reach.after, reach.lead];
        made.chunks() == own.chunks()
            && least.iter().all(|&n| (0..1 << 62).contains(&n))
            && reach.lead + own.len() <= shape[axis]
    };
    let made = cuts.made.shape();
    let called = !made.contains(&0);
    if !(0..ndim).all(holds) || (called && shape.contains(&0)) {
        return Err(misfit(def));
    }
    Ok(Type {
        dtype: blocks.dtype,
        shape: made,
        grid: cuts.made.clone(),
    })
}
