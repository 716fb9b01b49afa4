//! Which sources do several stages read?
//!
//! What one of them has decoded the others need not decode again. Absent: how much of it is kept,
//! which is [`crate::budget`]'s.

use crate::memory;
use crate::plan::{Input, Place, Plan, Stage};
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
    let of = |(number, source): (usize, &crate::plan::Source)| {
        let input = Input::Source(number);
        memory::in_chunks(&plan.sources, input)?;
        let Place::Stored { grid, .. } = &source.place else {
            return None;
        };
        let pieces = |stage: &Stage| {
            let pieces = stage.operands.iter().flat_map(|operand| &operand.pieces);
            let read = pieces.filter(|piece| piece.input == input);
            read.map(|piece| memory::piece_bytes(source, piece, &stage.domain, grid))
                .max()
        };
        let mut reads: Vec<Option<u64>> = vec![None; plan.stages.len()];
        for (k, stage) in plan.stages.iter().enumerate() {
            let reader = stage.reader(k);
            reads[reader] = reads[reader].max(pieces(stage));
        }
        let first = reads.iter().position(Option::is_some)?;
        let last = reads.iter().rposition(Option::is_some)?;
        let bytes = reads.into_iter().flatten().max()?;
        (first < last).then_some(Shared {
            source: number,
            stages: first..=last,
            bytes,
        })
    };
    plan.sources.iter().enumerate().filter_map(of).collect()
}
