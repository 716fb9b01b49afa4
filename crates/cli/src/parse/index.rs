//! What stands between the brackets of a subscript?
//!
//! Python passes one tuple, with or without parentheses: `x[1, 2]` is `x[(1, 2)]`.

use ruff_python_ast::Expr as Python;
use ruff_text_size::Ranged;

use super::ast::{Expr, IndexItem, SpannedExpr};
use super::error::ParseError;
use super::span::Spanned;
use super::statement::Reader;

impl Reader<'_> {
    /// The items of a subscript.
    pub(super) fn index_items(
        &self,
        slice: &Python,
    ) -> Result<Vec<Spanned<IndexItem>>, ParseError> {
        let items = match slice {
            Python::Tuple(tuple) => tuple.elts.as_slice(),
            single => std::slice::from_ref(single),
        };
        // A loop, here and in `exprs`: an iterator's frames would double the stack per level.
        let mut read = Vec::with_capacity(items.len());
        for item in items {
            read.push(self.index_item(item)?);
        }
        Ok(read)
    }

    fn index_item(&self, item: &Python) -> Result<Spanned<IndexItem>, ParseError> {
        let node = match item {
            Python::Slice(slice) => IndexItem::Slice {
                lower: self.bound(slice.lower.as_deref())?,
                upper: self.bound(slice.upper.as_deref())?,
                step: self.bound(slice.step.as_deref())?,
            },
            other => {
                let value = self.expr(other)?;
                match value.node {
                    Expr::None => IndexItem::NewAxis,
                    Expr::Ellipsis => IndexItem::Ellipsis,
                    _ => IndexItem::Index(value),
                }
            }
        };
        Ok(Spanned::new(node, item.range()))
    }

    /// A bound of a slice; `None` says that there is none.
    fn bound(&self, bound: Option<&Python>) -> Result<Option<SpannedExpr>, ParseError> {
        let bound = bound.map(|bound| self.expr(bound)).transpose()?;
        Ok(bound.filter(|bound| bound.node != Expr::None))
    }
}
