//! Which expressions have the same plan?
//!
//! Those that differ in nothing but the arrays of this process that they read and the functions of
//! it that they call. A template has numbered places where these stood: one number for one array,
//! with the strides, on which a plan depends. A plan made for a template is bound to the arrays and
//! functions of each run.

use std::collections::HashMap;
use std::sync::Arc;
use tilewright_core::Result;
use tilewright_expr::attr::{Attr, Leaf, LeafKind, MemoryArray, SourceRef};
use tilewright_expr::blocks::{BlockFunction, Blocks};
use tilewright_expr::{Expr, walk};

/// Expressions without the arrays they read and the functions they call.
pub(crate) struct Template {
    /// The expressions, with places for arrays.
    pub roots: Vec<Expr>,
    /// The arrays, by the numbers of their places.
    pub arrays: Vec<MemoryArray>,
    /// The functions, by the numbers of theirs.
    pub functions: Vec<BlockFunction>,
}

impl Template {
    /// The template of these expressions.
    ///
    /// # Errors
    /// None for valid expressions.
    pub fn of(roots: &[Expr]) -> Result<Template> {
        let (mut arrays, mut numbers) = (Vec::new(), HashMap::new());
        let mut functions: Vec<BlockFunction> = Vec::new();
        let roots = walk::map_nodes(roots, |expr, args| {
            if let Attr::Blocks(blocks) = expr.attr() {
                let known = functions.iter().position(|f| *f == blocks.function);
                let number = known.unwrap_or_else(|| {
                    functions.push(blocks.function.clone());
                    functions.len() - 1
                });
                let blocks = Blocks {
                    function: BlockFunction::place(number, blocks.function.name.clone()),
                    ..(**blocks).clone()
                };
                return Expr::new(expr.op_id(), Attr::Blocks(Arc::new(blocks)), args.into());
            }
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
        Ok(Template {
            roots,
            arrays,
            functions,
        })
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
