//! Which array does a lookup read, and where are its indices?
//!
//! Indices stand in memory when the stage runs: written out, given, or an earlier stage's output.

use super::{Builder, Value, malformed, through_move};
use crate::affine::Affine;
use crate::plan::Lookup;
use tilewright_core::{AxisRange, Result};
use tilewright_expr::Expr;
use tilewright_expr::attr::{self, Attr, LeafKind, SourceRef};
use tilewright_expr::op::Family;

impl Builder<'_> {
    /// An array whose elements other arrays, in memory, point at.
    pub(super) fn look_up(
        &mut self,
        expr: &Expr,
        maps: &[Affine],
        lookup: &attr::Lookup,
    ) -> Result<Value> {
        let [x, indices @ ..] = expr.args() else {
            return Err(malformed("a lookup in nothing"));
        };
        let (leaf, input) = match x.attr() {
            Attr::Leaf(leaf) => match &leaf.kind {
                LeafKind::Source(source) => (leaf, self.copied(leaf, source)?),
                LeafKind::Input(k) => (leaf, self.inputs.argument(*k)?),
                _ => return Err(malformed("a lookup in something computed")),
            },
            _ => return Err(malformed("a lookup in something computed")),
        };
        let (mut at, mut lookups) = (Vec::new(), Vec::new());
        let mut indices = indices.iter();
        for (axis, (result, range)) in lookup.axes.iter().zip(&leaf.at.axes).enumerate() {
            at.push(match result {
                Some(result) => maps[*result].within(range),
                None => {
                    let index = indices.next().ok_or_else(|| malformed("too few indices"))?;
                    lookups.push(self.index_array(index, maps, axis, *range, lookup)?);
                    Affine::constant(0, self.axes)
                }
            });
        }
        Ok(self.single(leaf.dtype, input, &leaf.whole, at, lookups))
    }

    /// An index array: moves over an array in memory.
    fn index_array(
        &mut self,
        expr: &Expr,
        maps: &[Affine],
        axis: usize,
        points: AxisRange,
        lookup: &attr::Lookup,
    ) -> Result<Lookup> {
        let (mut expr, mut maps) = (expr.clone(), maps.to_vec());
        while let Family::Move(_) = expr.op().family {
            (expr, maps) = through_move(&expr, &maps, self.axes)?;
        }
        let Attr::Leaf(leaf) = expr.attr() else {
            return Err(malformed("indices that are computed"));
        };
        let input = match &leaf.kind {
            LeafKind::Source(source @ SourceRef::Memory(_)) => self.inputs.source(leaf, source)?,
            LeafKind::Input(k) => self.inputs.argument(*k)?,
            LeafKind::Literal(elements) => self.inputs.literal(leaf, elements)?,
            _ => return Err(malformed("indices that are computed")),
        };
        let within = maps
            .iter()
            .zip(&leaf.at.axes)
            .map(|(map, range)| map.within(range));
        Ok(Lookup {
            axis,
            input,
            shape: leaf.whole.clone(),
            maps: within.collect(),
            points,
            refusal: lookup.refusal.as_deref().cloned(),
        })
    }
}
