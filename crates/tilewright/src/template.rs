//! Which expressions have the same plan?
//!
//! Those that differ in nothing but the arrays and sources of this process that they read and the
//! functions of it that they call. A template has numbered places where these stood: one number for
//! one array, with the strides, on which a plan depends. A plan made for a template is bound to the
//! arrays, sources and functions of each run.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;
use tilewright_core::Result;
use tilewright_expr::attr::{Attr, Leaf, LeafKind, MemoryArray, SourceRef, UserSource};
use tilewright_expr::blocks::{BlockFunction, Blocks};
use tilewright_expr::{Expr, Handle, walk};
use tilewright_plan::Handles;

/// Expressions without the arrays they read and the functions they call.
pub(crate) struct Template {
    /// The expressions, with places for arrays.
    pub roots: Vec<Expr>,
    /// What stood in the places, by their numbers.
    pub handles: Handles,
}

impl Template {
    /// The template of these expressions.
    ///
    /// # Errors
    /// None for valid expressions.
    pub fn of(roots: &[Expr]) -> Result<Template> {
        let mut met = Places::default();
        let roots = walk::map_nodes(roots, |expr, args| {
            if let Attr::Blocks(blocks) = expr.attr() {
                let function = &blocks.function;
                let number = met.functions.number(function);
                let blocks = Blocks {
                    function: function.place(number),
                    ..(**blocks).clone()
                };
                return Expr::new(expr.op_id(), Attr::Blocks(Arc::new(blocks)), args.into());
            }
            let Some((leaf, place)) = place(expr, &mut met) else {
                return walk::over(expr, args);
            };
            let leaf = Leaf {
                kind: LeafKind::Source(place),
                ..leaf.clone()
            };
            Expr::new(expr.op_id(), Attr::Leaf(Arc::new(leaf)), args.into())
        })?;
        let handles = Handles {
            arrays: met.arrays.order,
            sources: met.sources.order,
            functions: met.functions.order,
        };
        Ok(Template { roots, handles })
    }
}

/// A leaf that reads something of this process, and the place for it.
fn place<'a>(expr: &'a Expr, met: &mut Places) -> Option<(&'a Leaf, SourceRef)> {
    let Attr::Leaf(leaf) = expr.attr() else {
        return None;
    };
    let LeafKind::Source(source) = &leaf.kind else {
        return None;
    };
    let mut place = source.clone();
    match &mut place {
        SourceRef::Memory(array) => {
            let number = met.arrays.number(array);
            *array = MemoryArray::place(number, array.strides.clone());
        }
        SourceRef::Stored {
            user: Some(user), ..
        } => *user = Handle::place(met.sources.number(user)),
        SourceRef::Stored { user: None, .. } => return None,
    }
    Some((leaf, place))
}

/// What of this process was met.
#[derive(Default)]
struct Places {
    arrays: Met<MemoryArray>,
    sources: Met<UserSource>,
    functions: Met<BlockFunction>,
}

/// Things that were met.
struct Met<T> {
    order: Vec<T>,
    numbers: HashMap<T, usize>,
}

impl<T> Default for Met<T> {
    fn default() -> Met<T> {
        Met {
            order: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Clone + Eq + Hash> Met<T> {
    /// The number of a thing among those that were met.
    fn number(&mut self, thing: &T) -> usize {
        *self.numbers.entry(thing.clone()).or_insert_with(|| {
            self.order.push(thing.clone());
            self.order.len() - 1
        })
    }
}
