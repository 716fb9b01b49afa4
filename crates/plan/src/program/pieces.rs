//! Which arrays is an operand read from?
//!
//! One, or several end to end. Absent: what is looked up in them.

use super::{Builder, Op, SWAP, Value, malformed, through_move};
use crate::affine::Affine;
use crate::plan::{Input, Lookup, Operand, Piece};
use tilewright_core::{DType, Result};
use tilewright_expr::Expr;
use tilewright_expr::attr::{Attr, Leaf, LeafKind, SourceRef};
use tilewright_expr::op::Family;

impl Builder<'_> {
    /// A source of native elements: if its own are not, they are copied.
    pub(super) fn copied(&mut self, leaf: &Leaf, source: &SourceRef) -> Result<Input> {
        match source.is_swapped() {
            true => self.inputs.source(leaf, &source.in_chunks()),
            false => self.inputs.source(leaf, source),
        }
    }

    pub(super) fn swapped(&mut self, loaded: Value, dtype: DType) -> Value {
        let op = Op::Step {
            step: SWAP,
            from: dtype,
            to: dtype,
            args: vec![loaded],
        };
        self.push(op, dtype)
    }

    pub(super) fn load(
        &mut self,
        dtype: DType,
        input: Input,
        shape: &[i64],
        maps: Vec<Affine>,
    ) -> Value {
        self.single(dtype, input, shape, maps, Vec::new())
    }

    /// An operand of one piece.
    pub(super) fn single(
        &mut self,
        dtype: DType,
        input: Input,
        shape: &[i64],
        maps: Vec<Affine>,
        lookups: Vec<Lookup>,
    ) -> Value {
        let piece = Piece {
            input,
            shape: shape.into(),
            maps,
            lookups,
            from: 0,
            to: i64::MAX,
        };
        let along = Affine::constant(0, self.axes);
        self.operand(Operand {
            dtype,
            along,
            pieces: vec![piece],
        })
    }

    fn operand(&mut self, operand: Operand) -> Value {
        let dtype = operand.dtype;
        let known = self.program.operands.iter().position(|o| *o == operand);
        let k = known.unwrap_or_else(|| {
            self.program.operands.push(operand);
            self.program.operands.len() - 1
        });
        self.push(Op::Load(k), dtype)
    }

    pub(super) fn concatenate(
        &mut self,
        expr: &Expr,
        maps: &[Affine],
        axis: usize,
    ) -> Result<Value> {
        let (mut pieces, mut from) = (Vec::new(), 0);
        for part in expr.args() {
            let to = from + part.shape()[axis];
            let mut maps = maps.to_vec();
            maps[axis] = maps[axis].scaled(1, -from);
            let mut part = part.clone();
            while let Family::Move(_) = part.op().family {
                (part, maps) = through_move(&part, &maps, self.axes)?;
            }
            let Attr::Leaf(leaf) = part.attr() else {
                return Err(malformed("a concatenation of something computed"));
            };
            let input = match &leaf.kind {
                LeafKind::Source(source) => self.copied(leaf, source)?,
                LeafKind::Input(k) => self.inputs.argument(*k)?,
                LeafKind::Literal(elements) => self.inputs.literal(leaf, elements)?,
                _ => return Err(malformed("a concatenation of something computed")),
            };
            let at = maps
                .iter()
                .zip(&leaf.at.axes)
                .map(|(map, range)| map.within(range));
            if to > from {
                let maps = at.collect();
                pieces.push(Piece {
                    input,
                    shape: leaf.whole.clone(),
                    maps,
                    lookups: Vec::new(),
                    from,
                    to,
                });
            }
            from = to;
        }
        Ok(self.operand(Operand {
            dtype: expr.dtype(),
            along: maps[axis].clone(),
            pieces,
        }))
    }
}
