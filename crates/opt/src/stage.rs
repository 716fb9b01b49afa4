//! How are stages written down?
//!
//! A stage is a `fused` node whose body stands over `input(k)` leaves; body nodes are interned, so
//! that equal bodies are one object however deep they are. Absent: what goes into a stage.

use crate::graph::Mix;
use smallvec::SmallVec;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::sync::Arc;
use tilewright_core::{Region, Result};
use tilewright_expr::attr::Body;
use tilewright_expr::op::stage;
use tilewright_expr::{Attr, Expr, Leaf, LeafKind, OpId};

/// What tells body nodes apart: arguments by address.
type Key = (OpId, Attr, SmallVec<[usize; 2]>);

/// Makes stages; equal body nodes are made once.
#[derive(Default)]
pub(crate) struct Stages {
    nodes: HashMap<Key, Expr, BuildHasherDefault<Mix>>,
}

impl Stages {
    /// A body node.
    pub fn node(&mut self, op: OpId, attr: Attr, args: &[Expr]) -> Result<Expr> {
        let key = (op, attr, args.iter().map(Expr::address).collect());
        if let Some(known) = self.nodes.get(&key) {
            return Ok(known.clone());
        }
        let made = Expr::new(op, key.1.clone(), args.iter().cloned().collect())?;
        self.nodes.insert(key, made.clone());
        Ok(made)
    }

    /// The leaf that stands for argument `k` of the stage, an array like `x`.
    pub fn input(&mut self, k: usize, x: &Expr) -> Result<Expr> {
        let leaf = Leaf {
            kind: LeafKind::Input(k),
            dtype: x.dtype(),
            whole: x.shape().into(),
            at: Region::full(x.shape()),
            grid: x.grid().clone(),
        };
        self.node(stage::INPUT.id(), Attr::Leaf(Arc::new(leaf)), &[])
    }

    /// The stage with these outputs over these inputs.
    pub fn fused(&self, roots: Vec<Expr>, inputs: &[Expr]) -> Result<Expr> {
        let body = Attr::Body(Arc::new(Body { roots }));
        Expr::new(stage::FUSED.id(), body, inputs.iter().cloned().collect())
    }

    /// Output `k` of a stage that has several.
    pub fn get(&self, stage: &Expr, k: usize) -> Result<Expr> {
        let args = [stage.clone()].into_iter().collect();
        Expr::new(stage::GET.id(), Attr::Index(k), args)
    }
}
