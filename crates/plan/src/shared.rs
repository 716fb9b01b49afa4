//! Which sources do several stages read?
//!
//! What one of them has decoded the others need not decode again. Absent: how much of it is kept,
//! which is [`crate::budget`]'s.

use crate::memory;
use crate::plan::{Input, Place, Plan};
use std::ops::RangeInclusive;

/// A source that several stages read chunk by chunk.
pub struct Shared {
    /// Its position in the plan.
    pub source: usize,
    /// From the first stage that reads it to the last.
    pub stages: RangeInclusive<usize>,
    /// Bytes of the chunks that one of them reads at most.
    pub(crate) bytes: u64,
}

/// The sources that several stages read chunk by chunk.
pub fn of(plan: &Plan) -> Vec<Shared> {
    // Of each source the first turn that reads it, the last, and the bytes.
    let mut reads: Vec<Option<(usize, usize, u64)>> = vec![None; plan.sources.len()];
    for (k, stage) in plan.stages.iter().enumerate() {
        let turn = plan.turn(k);
        for piece in stage.operands.iter().flat_map(|operand| &operand.pieces) {
            let (Input::Source(number), Some(source)) =
                (piece.input, memory::in_chunks(&plan.sources, piece.input))
            else {
                continue;
            };
            let Place::Stored { grid, .. } = &source.place else {
                continue;
            };
            let bytes = memory::piece_bytes(source, piece, &stage.domain, grid);
            let (first, last, most) = reads[number].unwrap_or((turn, turn, 0));
            reads[number] = Some((first.min(turn), last.max(turn), most.max(bytes)));
        }
    }
    let of = |(source, read): (usize, Option<(usize, usize, u64)>)| {
        let (first, last, bytes) = read?;
        let stages = first..=last;
        (first < last).then_some(Shared {
            source,
            stages,
            bytes,
        })
    };
    reads.into_iter().enumerate().filter_map(of).collect()
}
