//! Which iterations does each kernel call of a task cover?

use crate::stage::Running;
use tilewright_core::Shape;
use tilewright_plan::Task;
use tilewright_plan::task::{Chunk, row_parts};
use tilewright_plan::tile::Span;

/// The iterations a kernel call covers, in the stage's iteration space.
#[derive(Clone, Debug)]
pub struct Box_ {
    /// First index along each axis.
    pub from: Shape,
    /// Extent along each axis.
    pub len: Shape,
}

/// The pieces of a task that reduces, one for each call of its kernel, and the elements of their
/// leaves: its chunks, or a run of them that are leaves.
pub(crate) fn pieces(running: &Running<'_>, task: &Task) -> impl Iterator<Item = (Chunk, i64)> {
    let together = running.tasks.run_of_leaves(task);
    let alone = match together {
        Some(_) => 0..0,
        None => task.chunks.0..task.chunks.1,
    };
    let leaf = running.stage.tiling.leaves.elements();
    let alone = alone.map(move |number| (running.tasks.chunk(number), leaf));
    together.into_iter().chain(alone)
}

/// The iterations of what a task takes of a chunk.
pub(crate) fn piece_box(running: &Running<'_>, task: &Task, chunk: &Chunk) -> Box_ {
    let (from, to) = running.tasks.range(task, chunk);
    let (start, len) = running.tasks.hull(chunk, from, to);
    let first: Shape = chunk.from.iter().zip(&start).map(|(a, b)| a + b).collect();
    Box_ {
        from: join(&task.from, &first),
        len: join(&task.len, &len),
    }
}

/// A point or the extents of kept and of reduced axes.
pub(crate) fn join(kept: &[i64], reduced: &[i64]) -> Shape {
    kept.iter().chain(reduced).copied().collect()
}

/// The iterations of a task, call by call of its kernel; none of a function of blocks.
pub(crate) fn boxes(running: &Running<'_>, task: &Task) -> Vec<Box_> {
    let stage = running.stage;
    if stage.blocks.is_some() {
        return Vec::new();
    }
    if stage.rows.is_some() {
        let rows = running.tasks.chunk(task.chunks.0);
        let parts = row_parts(stage, &rows);
        return parts.map(|part| rows_box(running, task, part)).collect();
    }
    if stage.reduces() {
        let pieces = pieces(running, task);
        return pieces
            .map(|(chunk, _)| piece_box(running, task, &chunk))
            .collect();
    }
    vec![Box_ {
        from: task.from.clone(),
        len: task.len.clone(),
    }]
}

/// The iterations of a tile of rows, of which a part is taken.
pub(crate) fn rows_box(running: &Running<'_>, task: &Task, (start, len): (i64, i64)) -> Box_ {
    let mut rows = running.tasks.chunk(task.chunks.0);
    if let Span::Parts(_) = running.stage.tiling.span {
        rows.from[0] += start;
        rows.len[0] = len;
    }
    Box_ {
        from: join(&task.from, &rows.from),
        len: join(&task.len, &rows.len),
    }
}
