//! How are all nodes visited once, without recursion?
//!
//! The bodies of fused stages are not entered: their `input` leaves mean something inside alone.

use crate::node::Expr;
use crate::op::Family;
use std::collections::{HashMap, HashSet};
use tilewright_core::Result;

/// Every node below the roots, arguments before users, each shared node once.
pub fn postorder(roots: &[Expr]) -> Vec<Expr> {
    let mut order = Vec::new();
    let mut seen = HashSet::new();
    let mut stack: Vec<(Expr, bool)> = roots.iter().rev().map(|r| (r.clone(), false)).collect();
    while let Some((expr, expanded)) = stack.pop() {
        if expanded {
            order.push(expr);
        } else if seen.insert(expr.address()) {
            stack.push((expr.clone(), true));
            stack.extend(expr.args().iter().rev().map(|arg| (arg.clone(), false)));
        }
    }
    order
}

/// Rebuilds the DAG bottom-up: `rebuild(node, new_args)` gives each node's replacement.
///
/// # Errors
/// The first one that `rebuild` gives.
pub fn map_nodes<E>(
    roots: &[Expr],
    mut rebuild: impl FnMut(&Expr, &[Expr]) -> std::result::Result<Expr, E>,
) -> std::result::Result<Vec<Expr>, E> {
    let mut done: HashMap<usize, Expr> = HashMap::new();
    let order = postorder(roots);
    for expr in &order {
        let args: Vec<Expr> = expr
            .args()
            .iter()
            .filter_map(|arg| done.get(&arg.address()).cloned())
            .collect();
        let new = rebuild(expr, &args)?;
        done.insert(expr.address(), new);
    }
    Ok(roots
        .iter()
        .filter_map(|root| done.get(&root.address()).cloned())
        .collect())
}

/// The node over these arguments: itself where they are its own.
///
/// # Errors
/// Whatever the operator's rules refuse.
pub fn over(expr: &Expr, args: &[Expr]) -> Result<Expr> {
    let mut pairs = expr.args().iter().zip(args);
    if pairs.all(|(a, b)| a.address() == b.address()) {
        return Ok(expr.clone());
    }
    Expr::new(expr.op_id(), expr.attr().clone(), args.into())
}

/// Replaces derived operators (mean, variance, …) by their definitions; other nodes are shared.
///
/// # Errors
/// None for valid expressions.
pub fn expand_derived(roots: &[Expr]) -> Result<Vec<Expr>> {
    map_nodes(roots, |expr, args| {
        let node = over(expr, args)?;
        match &node.op().family {
            Family::Derived(row) => (row.expand)(&node),
            _ => Ok(node),
        }
    })
}
