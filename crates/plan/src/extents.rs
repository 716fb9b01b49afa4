//! How long is what one call of a task's kernel covers?
//!
//! Along each iteration axis, of the largest tile. Absent: what that takes in bytes.

use crate::plan::Stage;
use crate::tile::{Leaves, Span};
use tilewright_core::tree;

/// Extents of a task's iterations: its tile and the part of the reduced axes it reads at once.
pub(crate) fn of(stage: &Stage, kept: &[i64]) -> Vec<i64> {
    let mut extents = kept.to_vec();
    let mut chunk: Vec<i64> = stage.grid.axes[stage.kept..]
        .iter()
        .map(|axis| axis.longest())
        .collect();
    // Short chunks of one axis run together.
    if let (Span::Chunks(level), [length]) = (stage.tiling.span, &mut chunk[..])
        && (*length <= tree::LEAF || stage.tiling.leaves == Leaves::Any)
    {
        let run = length.saturating_mul(1 << level.min(62));
        *length = run.min(stage.domain[stage.kept]);
    }
    if let (Span::Parts(len), [length]) = (stage.tiling.span, &mut chunk[..]) {
        *length = len.min(*length);
    }
    let mut room = match stage.tiling.span {
        Span::Leaves(level) => tree::LEAF << level,
        _ => i64::MAX,
    };
    // A flattened run that leaves a row reaches over the whole of every row it touches.
    let mut tail = Vec::new();
    for (position, &len) in chunk.iter().enumerate().rev() {
        tail.push(if position == 0 { len.min(room) } else { len });
        room = (room / len.max(1)).saturating_add(2);
    }
    extents.extend(tail.into_iter().rev());
    extents
}

/// Extents of which one covers whatever a call does: a run of elements of a chunk that is narrow is
/// tall, and what is read around it is another box.
pub(crate) fn shapes(stage: &Stage, longest: &[i64]) -> Vec<Vec<i64>> {
    let mut shapes = vec![longest.to_vec()];
    let reduced = &stage.grid.axes[stage.kept..];
    let (Span::Leaves(level), [outermost, inner @ ..]) = (stage.tiling.span, reduced) else {
        return shapes;
    };
    let room = tree::LEAF << level;
    let widest = inner.iter().map(|axis| axis.longest().max(1));
    let widest = widest.fold(1, i64::saturating_mul);
    let narrowest = inner.iter().map(|axis| axis.shortest().max(1));
    let mut narrow = narrowest.fold(1, i64::saturating_mul);
    // Of chunks up to a quarter wider than the narrowest, then of those up to a quarter wider again.
    while narrow < widest {
        let wide = match inner.len() {
            1 => narrow.saturating_add(narrow / 4 + 1).min(widest),
            _ => widest,
        };
        let mut shape = longest.to_vec();
        let rows = (room / narrow).saturating_add(2);
        shape[stage.kept] = outermost.longest().min(rows);
        if let [_] = inner {
            shape[stage.kept + 1] = wide;
        }
        shapes.push(shape);
        narrow = wide;
    }
    shapes
}
