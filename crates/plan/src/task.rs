//! Which piece of its stage is task number `k`?
//!
//! Tasks are enumerated as they are run, never listed: kept tiles in C order, and for each of them
//! the nodes of the reduction's tree from first to last.

use crate::affine::Affine;
use crate::lower::{Layout, Range};
use crate::plan::Stage;
use crate::tile::{Leaves, Span};
use tilewright_core::Shape;
use tilewright_core::tree::{self, LEAF};

/// The tasks of one stage.
pub struct Tasks<'a> {
    stage: &'a Stage,
    /// Number of kept tiles.
    pub tiles: i64,
    /// Number of chunks over the reduced axes.
    pub chunks: i64,
    /// Nodes per chunk, or 1 where a node spans chunks; an upper bound for short chunks.
    nodes: i64,
    /// Nodes of chunks, or chunks.
    groups: i64,
}

/// One task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Number of its kept tile.
    pub tile: i64,
    /// First index along each kept axis.
    pub from: Shape,
    /// Extent along each kept axis.
    pub len: Shape,
    /// Chunks `[first, end)` of the reduced axes, flattened.
    pub chunks: (i64, i64),
    /// A node of the leaf tree of the only chunk: level and number; `None` for whole chunks.
    pub node: Option<(u32, i64)>,
}

/// A chunk over the reduced axes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// First index along each reduced axis.
    pub from: Shape,
    /// Extent along each reduced axis.
    pub len: Shape,
    /// Number of elements.
    pub elements: i64,
}

impl Chunk {
    /// Number of leaves.
    pub fn leaves(&self) -> i64 {
        if self.elements == 0 {
            0
        } else {
            (self.elements - 1) / LEAF + 1
        }
    }
}

impl<'a> Tasks<'a> {
    /// The tasks of this stage; none if its domain is empty.
    pub fn new(stage: &'a Stage) -> Tasks<'a> {
        let product = |n: i64, axis: &tilewright_core::AxisGrid| n.saturating_mul(axis.chunks());
        let reduced = &stage.grid.axes[stage.kept..];
        let chunks = reduced.iter().fold(1, product);
        let empty = stage.domain.contains(&0);
        let tiles = if empty {
            0
        } else {
            stage.tiling.kept.iter().fold(1, product)
        };
        let longest = reduced
            .iter()
            .fold(1i64, |n, axis| n.saturating_mul(axis.longest()));
        let (nodes, groups) = match stage.tiling.span {
            Span::None => (1, 1),
            Span::Rows | Span::Parts(_) => (1, chunks),
            Span::Leaves(level) => (tree::nodes_at((longest - 1) / LEAF + 1, level), chunks),
            Span::Chunks(level) => (1, tree::nodes_at(chunks, level)),
        };
        Tasks {
            stage,
            tiles,
            chunks,
            nodes,
            groups,
        }
    }

    /// How many numbers there are; [`Tasks::get`] gives `None` for some where chunks are short.
    pub fn count(&self) -> i64 {
        self.tiles
            .saturating_mul(self.groups)
            .saturating_mul(self.nodes)
    }

    /// How many of a tile's numbers there are.
    pub fn per_tile(&self) -> i64 {
        self.groups.saturating_mul(self.nodes)
    }

    /// Task number `k`.
    pub fn get(&self, k: i64) -> Option<Task> {
        let (rest, node) = (k / self.nodes, k % self.nodes);
        let (tile, group) = (rest / self.groups, rest % self.groups);
        let (from, len) = self.tile(tile);
        let (chunks, node) = match self.stage.tiling.span {
            Span::None => ((0, 1), None),
            Span::Rows | Span::Parts(_) => ((group, group + 1), None),
            Span::Chunks(level) => (tree::node_items(self.chunks, level, group), None),
            Span::Leaves(level) => {
                let leaves = self.chunk(group).leaves();
                if node >= tree::nodes_at(leaves, level) {
                    return None;
                }
                ((group, group + 1), Some((level, node)))
            }
        };
        Some(Task {
            tile,
            from,
            len,
            chunks,
            node,
        })
    }

    /// First index and extent of a kept tile.
    pub fn tile(&self, tile: i64) -> (Shape, Shape) {
        let mut rest = tile;
        let kept = &self.stage.tiling.kept;
        let mut bounds = vec![(0, 0); kept.len()];
        for (bound, axis) in bounds.iter_mut().zip(kept).rev() {
            *bound = axis.bounds(rest % axis.chunks());
            rest /= axis.chunks();
        }
        bounds
            .into_iter()
            .map(|(from, to)| (from, to - from))
            .unzip()
    }

    /// Chunk number `c` over the reduced axes.
    pub fn chunk(&self, c: i64) -> Chunk {
        let mut rest = c;
        let reduced = &self.stage.grid.axes[self.stage.kept..];
        let mut bounds = vec![(0, 0); reduced.len()];
        for (bound, axis) in bounds.iter_mut().zip(reduced).rev() {
            *bound = axis.bounds(rest % axis.chunks());
            rest /= axis.chunks();
        }
        let (from, len): (Shape, Shape) = bounds
            .into_iter()
            .map(|(from, to)| (from, to - from))
            .unzip();
        let elements = len.iter().fold(1, |n: i64, &len| n.saturating_mul(len));
        Chunk {
            from,
            len,
            elements,
        }
    }

    /// The chunks of a task as one run, and the elements of its leaves: many short chunks of one
    /// reduced axis, each a leaf, whose tree over chunks is a tree over leaves of that length.
    pub fn run_of_leaves(&self, task: &Task) -> Option<(Chunk, i64)> {
        let [axis] = &self.stage.grid.axes[self.stage.kept..] else {
            return None;
        };
        let (first, end) = task.chunks;
        let leaf = match self.stage.tiling.leaves {
            Leaves::Own => axis.uniform(first, end).filter(|&length| length <= LEAF)?,
            leaves => leaves.elements(),
        };
        if end - first < 2 {
            return None;
        }
        let (from, to) = (axis.bounds(first).0, axis.bounds(end - 1).1);
        let chunk = Chunk {
            from: smallvec::smallvec![from],
            len: smallvec::smallvec![to - from],
            elements: to - from,
        };
        Some((chunk, leaf))
    }

    /// The flattened elements `[from, to)` of a chunk that a task takes.
    pub fn range(&self, task: &Task, chunk: &Chunk) -> (i64, i64) {
        match task.node {
            None => (0, chunk.elements),
            Some((level, k)) => {
                let (from, to) = tree::node_items(chunk.leaves(), level, k);
                (from * LEAF, (to * LEAF).min(chunk.elements))
            }
        }
    }

    /// The iterations of a chunk that the flattened range `[from, to)` touches: first index and
    /// extent along each reduced axis, relative to the chunk.
    pub fn hull(&self, chunk: &Chunk, from: i64, to: i64) -> (Shape, Shape) {
        let n = chunk.len.len();
        let (mut start, mut len) = (Shape::from_elem(0, n), chunk.len.clone());
        let (mut low, mut high, mut size) = (from, to - 1, chunk.elements);
        for axis in 0..n {
            size /= chunk.len[axis].max(1);
            let (first, last) = (low / size.max(1), high / size.max(1));
            start[axis] = first;
            len[axis] = last - first + 1;
            if first != last {
                break;
            }
            low -= first * size;
            high -= first * size;
        }
        (start, len)
    }
}

/// The parts of rows that a task takes one after the other: first element and number of them. All
/// of them in one, where the function does not carry from part to part.
pub fn row_parts(stage: &Stage, rows: &Chunk) -> impl Iterator<Item = (i64, i64)> + use<> {
    let all = rows.len.first().copied().unwrap_or(0);
    let at_once = match stage.tiling.span {
        Span::Parts(len) => len.max(1),
        _ => all.max(1),
    };
    let parts = if all == 0 { 1 } else { (all - 1) / at_once + 1 };
    (0..parts).map(move |k| (k * at_once, at_once.min(all - k * at_once)))
}

/// The part of the output that a task of a stage of rows makes of a part of its rows: first index
/// and extent along each of its axes.
pub fn output_box(stage: &Stage, task: &Task, (start, len): (i64, i64)) -> (Shape, Shape) {
    let (mut from, mut lens) = (task.from.clone(), task.len.clone());
    if let Some(rows) = &stage.rows
        && let (Some(made), Some(Some(axis))) = (rows.made, rows.walks.get(stage.kept))
    {
        let (first, made) = match stage.tiling.span {
            Span::Parts(_) => (start, len),
            _ => (made * task.chunks.0, made),
        };
        from.insert(*axis, first);
        lens.insert(*axis, made);
    }
    (from, lens)
}

/// The integers of a kernel call.
///
/// `maps` are those of operands, affines and outputs at the task's origin. Axes that every map walks as
/// one are made one, so that rows of three become rows of thousands: where lanes run along the last
/// axis, its neighbours (of a reduction, those that it reduces); where they run along a kept axis
/// of a reduction, those that go on where it ends.
pub fn arguments(
    layout: Layout,
    stage: &Stage,
    extents: &[i64],
    range: Range,
    maps: &mut [Affine],
) -> Vec<i64> {
    let mut extents = Shape::from_slice(extents);
    let last = layout.axes.wrapping_sub(1);
    let first = if stage.reduces() { stage.kept } else { 0 };
    if stage.rows.is_none() && layout.axes > 1 && stage.tiling.lane == last {
        merge_axes(first, &mut extents, maps);
    }
    if stage.reduces() && stage.tiling.lane < stage.kept {
        merge_lanes(stage.tiling.lane, stage.kept, &mut extents, maps);
    }
    layout.fill(&extents, range, maps)
}

/// Merges kept axes into that of the lanes, whose every end they go on from.
fn merge_lanes(lane: usize, kept: usize, extents: &mut Shape, maps: &mut [Affine]) {
    let goes_on = |axis: usize, extents: &Shape, maps: &[Affine]| {
        let end = |map: &Affine| map.coefs[lane].wrapping_mul(extents[lane]);
        axis != lane && extents[axis] > 1 && maps.iter().all(|map| map.coefs[axis] == end(map))
    };
    while let Some(axis) = (0..kept).find(|&axis| goes_on(axis, extents, maps)) {
        extents[lane] *= extents[axis];
        extents[axis] = 1;
        for map in maps.iter_mut() {
            map.coefs[axis] = 0;
        }
    }
}

/// Merges neighbouring axes from `first` on towards the last one; freed axes get extent 1 in front.
fn merge_axes(first: usize, extents: &mut Shape, maps: &mut [Affine]) {
    let mut into = extents.len() - 1;
    for axis in (first..into).rev() {
        let length = extents[into];
        let as_one = extents[axis] == 1
            || maps
                .iter()
                .all(|map| map.coefs[axis] == map.coefs[into].wrapping_mul(length));
        if as_one {
            extents[into] *= extents[axis];
        } else {
            into -= 1;
            extents[into] = extents[axis];
            for map in maps.iter_mut() {
                map.coefs[into] = map.coefs[axis];
            }
        }
    }
    for axis in first..into {
        extents[axis] = 1;
        for map in maps.iter_mut() {
            map.coefs[axis] = 0;
        }
    }
}
