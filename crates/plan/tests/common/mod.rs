//! Stages as the optimizer gives them.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;
use tilewright_core::Region;
use tilewright_expr::attr::{Attr, Body, Leaf, LeafKind};
use tilewright_expr::{Expr, OpId};

/// A fused stage of these inputs.
pub fn stage(root: Expr, inputs: &[Expr]) -> Expr {
    let roots = vec![root];
    let body = Attr::Body(Arc::new(Body { roots }));
    let inputs = inputs.iter().cloned().collect();
    Expr::new(OpId::named("fused").unwrap(), body, inputs).unwrap()
}

/// The leaf that stands for argument `k` of a stage, an array like `x`.
pub fn input(k: usize, x: &Expr) -> Expr {
    let leaf = Leaf {
        kind: LeafKind::Input(k),
        dtype: x.dtype(),
        whole: x.shape().into(),
        at: Region::full(x.shape()),
        grid: x.grid().clone(),
    };
    let attr = Attr::Leaf(Arc::new(leaf));
    Expr::new(
        OpId::named("input").unwrap(),
        attr,
        [].into_iter().collect(),
    )
    .unwrap()
}
