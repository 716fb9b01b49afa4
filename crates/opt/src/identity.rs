//! What is the plan without any optional rewrite?
//!
//! The plain twin of `optimize`: derived operators are expanded and every node is a stage of its
//! own. Constants, arrays made from an index, and reads stand inside their consumer's stage.
//! Absent: choices.

use crate::form::holds_indices;
use crate::graph::Map;
use crate::stage::Stages;
use tilewright_core::Result;
use tilewright_expr::op::MoveKind;
use tilewright_expr::{Attr, Expr, Family, LeafKind, walk};

/// Every node a stage of its own, in the form of `optimize`'s result.
///
/// # Errors
/// None for valid expressions.
pub fn identity(roots: &[Expr]) -> Result<Vec<Expr>> {
    let roots = walk::expand_derived(roots)?;
    let mut plan = Plain::default();
    for node in walk::postorder(&roots) {
        if !stands_inside(&node) {
            let stage = plan.stage(&node)?;
            plan.done.insert(node.address(), stage);
        }
    }
    roots.iter().map(|root| plan.stored(root)).collect()
}

#[derive(Default)]
struct Plain {
    stages: Stages,
    /// The stage of each node, by address.
    done: Map<usize, Expr>,
}

impl Plain {
    /// The node's array as a stage's output.
    fn stored(&mut self, node: &Expr) -> Result<Expr> {
        if let Some(stage) = self.done.get(&node.address()) {
            return Ok(stage.clone());
        }
        let stage = self.stage(node)?;
        self.done.insert(node.address(), stage.clone());
        Ok(stage)
    }

    /// A stage for one node.
    fn stage(&mut self, node: &Expr) -> Result<Expr> {
        let (mut inputs, mut args) = (Vec::<Expr>::new(), Vec::new());
        for (place, arg) in node.args().iter().enumerate() {
            args.push(if inside(node, place, arg) {
                self.body(arg)?
            } else {
                let stage = self.stored(arg)?;
                let known = inputs.iter().position(|i| i.address() == stage.address());
                let k = known.unwrap_or(inputs.len());
                if known.is_none() {
                    inputs.push(stage);
                }
                self.stages.input(k, arg)?
            });
        }
        let root = self.stages.node(node.op_id(), node.attr().clone(), &args)?;
        self.stages.fused(vec![root], &inputs)
    }

    /// A leaf, or the broadcast of one value, as a body node.
    fn body(&mut self, node: &Expr) -> Result<Expr> {
        let args: Result<Vec<Expr>> = node.args().iter().map(|arg| self.body(arg)).collect();
        self.stages.node(node.op_id(), node.attr().clone(), &args?)
    }
}

fn is_full(node: &Expr) -> bool {
    matches!(node.attr(), Attr::Leaf(leaf) if matches!(leaf.kind, LeafKind::Full(_)))
}

/// Whether a node never needs a stage of its own.
fn stands_inside(node: &Expr) -> bool {
    match &node.op().family {
        Family::Create | Family::Source => true,
        Family::Move(MoveKind::Broadcast) => {
            matches!(node.args(), [x] if x.shape().is_empty() && is_full(x))
        }
        _ => false,
    }
}

/// Whether argument `place` may stand inside this node's stage.
fn inside(node: &Expr, place: usize, arg: &Expr) -> bool {
    match &node.op().family {
        Family::Move(MoveKind::Reshape) => match (&arg.op().family, arg.attr()) {
            (Family::Create, Attr::Leaf(leaf)) => leaf.at.is_full(&leaf.whole),
            _ => false,
        },
        Family::Move(MoveKind::Windows) => false,
        Family::Move(MoveKind::Concatenate) => matches!(arg.op().family, Family::Source),
        Family::Index if place == 0 => matches!(arg.op().family, Family::Source),
        Family::Index => holds_indices(arg),
        _ => stands_inside(arg),
    }
}
