//! How are nested lists of arrays put together?

use crate::Array;
use tilewright_expr::{Expr, build};

/// Arrays in nested lists, for [`block`].
#[derive(Clone, Debug)]
pub enum Blocks {
    /// An array.
    Array(Array),
    /// What stands side by side, along the last axis for the innermost lists.
    List(Vec<Blocks>),
}

impl Blocks {
    fn arrays<'a>(&'a self, all: &mut Vec<&'a Array>) {
        match self {
            Blocks::Array(array) => all.push(array),
            Blocks::List(items) => items.iter().for_each(|item| item.arrays(all)),
        }
    }

    fn inner(&self, exprs: &mut impl Iterator<Item = Expr>) -> Option<build::Blocks> {
        Some(match self {
            Blocks::Array(_) => build::Blocks::Array(exprs.next()?),
            Blocks::List(items) => {
                let items = items.iter().map(|item| item.inner(exprs));
                build::Blocks::List(items.collect::<Option<_>>()?)
            }
        })
    }
}

/// Arrays put together as nested lists show them.
///
/// # Errors
/// [`Kind::Value`](crate::Kind::Value) for lists that are empty or not equally deep, else as
/// [`concatenate`](crate::concatenate).
#[must_use]
#[track_caller]
pub fn block(blocks: &Blocks) -> Array {
    let mut arrays = Vec::new();
    blocks.arrays(&mut arrays);
    let blocks = blocks.clone();
    Array::join(arrays, move |exprs| {
        let inner = blocks.inner(&mut exprs.iter().cloned());
        build::block(&inner.ok_or_else(|| crate::internal("a block without its array"))?)
    })
}
