//! Which iterations does each kernel call of a task cover?

use crate::stage::Running;
use tilewright_core::Shape;
use tilewright_plan::Task;
use tilewright_plan::task::Chunk;

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
        return vec![rows_box(running, task)];
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

/// The iterations of a tile of whole rows.
pub(crate) fn rows_box(running: &Running<'_>, task: &Task) -> Box_ {
    let chunk = running.tasks.chunk(task.chunks.0);
    Box_ {
        from: join(&task.from, &chunk.from),
        len: join(&task.len, &chunk.len),
    }
}
