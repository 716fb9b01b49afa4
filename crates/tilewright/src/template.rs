//! Which expressions have the same plan?
//!
//! Those that differ in nothing but the arrays of this process that they read. A template has
//! numbered places where these stood: one number for one array, with the strides, on which a plan
//! depends. A plan made for a template is bound to the arrays of each run.

use std::collections::HashMap;
use std::sync::Arc;
use tilewright_core::Result;
use tilewright_expr::attr::{Attr, Leaf, LeafKind, MemoryArray, SourceRef};
use tilewright_expr::{Expr, walk};

/// Expressions without the arrays they read.
pub(crate) struct Template {
    /// The expressions, with places for arrays.
    pub roots: Vec<Expr>,
    /// The arrays, by the numbers of their places.
    pub arrays: Vec<MemoryArray>,
}

impl Template {
    /// The template of these expressions.
    ///
    /// # Errors
    /// None for valid expressions.
    pub fn of(roots: &[Expr]) -> Result<Template> {
        let (mut arrays, mut numbers) = (Vec::new(), HashMap::new());
        let roots = walk::map_nodes(roots, |expr, args| {
            let Some((leaf, array)) = memory_leaf(expr) else {
                return walk::over(expr, args);
            };
            let number = *numbers.entry(array.id()).or_insert_with(|| {
                arrays.push(array.clone());
                arrays.len() - 1
            });
            let place = MemoryArray::place(number, array.strides.clone());
            let leaf = Leaf {
                kind: LeafKind::Source(SourceRef::Memory(place)),
                ..leaf.clone()
            };
            Expr::new(expr.op_id(), Attr::Leaf(Arc::new(leaf)), args.into())
        })?;
        Ok(Template { roots, arrays })
    }
}

/// A leaf that reads an array of this process, and the array.
fn memory_leaf(expr: &Expr) -> Option<(&Leaf, &MemoryArray)> {
    let Attr::Leaf(leaf) = expr.attr() else {
        return None;
    };
    match &leaf.kind {
        LeafKind::Source(SourceRef::Memory(array)) => Some((leaf, array)),
        _ => None,
    }
}
