//! Which stages' tasks alternate?
//!
//! Those that walk over a stored array in one order, need nothing of each other, and would decode its
//! chunks once each, since memory does not keep them from stage to stage: what a task of the one has
//! decoded, a task of the other takes. Absent: in which order tasks are taken, which is exec's.

use crate::build::work;
use crate::memory::{self, StageBytes};
use crate::plan::{Input, Operand, Piece, Place, Plan, Stage};
use crate::tile::Span;
use crate::{budget, shared};
use std::collections::BTreeSet;
use tilewright_core::{AxisGrid, Grid};

/// Tasks' worth of chunks that wait for the other stages, for each that runs: those of the tasks that
/// run, and of the next.
const WAITING: u64 = 2;

impl Plan {
    /// The stages whose tasks run in turn with those of this one, itself first; none where its own run
    /// in the turn of another, or it has none.
    pub fn in_turn(&self, of: usize) -> impl Iterator<Item = usize> + '_ {
        let by_itself = |k: &usize| self.stages[*k].within.is_none();
        let runs = (of..self.stages.len()).filter(by_itself);
        runs.filter(move |&k| self.turn(k) == of)
    }

    /// The stage in whose turn what a stage reads is read.
    pub fn turn(&self, k: usize) -> usize {
        let reader = self.stages[k].reader(k);
        self.stages[reader].abreast.unwrap_or(reader)
    }
}

/// Lets stages alternate where that saves decoding and fits the memory with as many tasks at once, of
/// which `threads` are wanted.
pub(crate) fn choose(plan: &mut Plan, sinks: &[bool], threads: u64, budget: u64) {
    let bytes = memory::stages(plan, sinks);
    let kept = budget::kept(&bytes, threads, budget);
    if bytes.iter().any(|b| b.shared > kept) {
        join(plan, sinks, threads, budget);
        leave(plan);
    }
}

/// Takes from what stages read what those before them in their turn leave to them.
fn leave(plan: &mut Plan) {
    for first in 0..plan.stages.len() {
        let turn: Vec<usize> = plan.in_turn(first).collect();
        let passed = passed(plan, &turn);
        let mut known: BTreeSet<usize> = BTreeSet::new();
        for k in turn {
            let stage = &plan.stages[k];
            let left = |source: usize| passed.contains(&source) && known.contains(&source);
            let (chunks, bytes) = work::read(&plan.sources, (&stage.operands, &stage.domain), left);
            known.extend(sources(stage));
            let work = &mut plan.stages[k].work;
            work.chunks -= chunks;
            work.bytes_read -= bytes;
        }
    }
}

fn join(plan: &mut Plan, sinks: &[bool], threads: u64, budget: u64) {
    let mut tried: BTreeSet<(usize, usize)> = BTreeSet::new();
    for source in shared::of(plan) {
        let readers: Vec<usize> = source.stages.collect();
        for (place, &first) in readers.iter().enumerate() {
            let stage = &plan.stages[first];
            if stage.within.is_some() || stage.abreast.is_some() {
                continue;
            }
            let Some(walk) = Walk::of(plan, first, source.source) else {
                continue;
            };
            for &other in &readers[place + 1..] {
                let stage = &plan.stages[other];
                let alone = stage.within.is_none() && plan.in_turn(other).nth(1).is_none();
                if stage.abreast.is_none()
                    && alone
                    && needs_nothing_from(plan, first, other)
                    && Walk::of(plan, other, source.source).as_ref() == Some(&walk)
                    && tried.insert((first, other))
                {
                    let apart = memory::stages(plan, sinks);
                    plan.stages[other].abreast = Some(first);
                    if !fits(&apart, &memory::stages(plan, sinks), threads, budget) {
                        plan.stages[other].abreast = None;
                    }
                }
            }
        }
    }
}

/// Whether all that a stage reads is there in the turn of an earlier one.
fn needs_nothing_from(plan: &Plan, first: usize, other: usize) -> bool {
    let parts = plan.parts(other).map(|(_, part, _)| part);
    let reads = std::iter::once(&plan.stages[other]).chain(parts);
    let pieces = reads.flat_map(|stage| stage.operands.iter().flat_map(|o| &o.pieces));
    pieces.flat_map(Piece::inputs).all(|input| match input {
        Input::Source(_) => true,
        Input::Stage(output) => {
            let own = plan.stages[output.stage].reader(output.stage) == other;
            own || plan.turn(output.stage) < first
        }
    })
}

/// Whether every stage runs as many tasks at once as before.
fn fits(apart: &[StageBytes], together: &[StageBytes], threads: u64, budget: u64) -> bool {
    let slots = |bytes: &[StageBytes]| {
        let each = bytes.iter().map(|b| budget::slots(b, threads, budget));
        each.min().unwrap_or(threads)
    };
    slots(together) >= slots(apart)
}

/// The sources whose chunks stages which run in one turn leave to each other.
pub fn passed(plan: &Plan, stages: &[usize]) -> BTreeSet<usize> {
    if stages.len() < 2 {
        return BTreeSet::new();
    }
    let chunked = |source: &usize| chunks_of(plan, *source).is_some();
    let of = |&k: &usize| -> BTreeSet<usize> { sources(&plan.stages[k]).filter(chunked).collect() };
    let (mut once, mut several) = (BTreeSet::new(), BTreeSet::new());
    for source in stages.iter().flat_map(of) {
        if !once.insert(source) {
            several.insert(source);
        }
    }
    several
}

/// For each running task, bytes of the chunks that stages which run in one turn leave to each other.
pub(crate) fn passing(plan: &Plan, stages: &[usize]) -> u64 {
    let passed = passed(plan, stages);
    if passed.is_empty() {
        return 0;
    }
    let bytes = |stage: &Stage, piece: &Piece| match piece.input {
        Input::Source(source) if passed.contains(&source) => {
            let itemsize = plan.sources[source].dtype.itemsize() as u64;
            let taken = chunks_of(plan, source).map(|grid| taken(stage, piece, grid));
            taken.unwrap_or(0).saturating_mul(itemsize)
        }
        _ => 0,
    };
    let of = |&k: &usize| {
        let stage = &plan.stages[k];
        let longest = stage.operands.iter().map(|operand| {
            let pieces = operand.pieces.iter().map(|piece| bytes(stage, piece));
            pieces.max().unwrap_or(0)
        });
        longest.fold(0, u64::saturating_add)
    };
    let most = stages.iter().map(of).max().unwrap_or(0);
    most.saturating_mul(WAITING)
}

/// The sources that a stage reads.
fn sources(stage: &Stage) -> impl Iterator<Item = usize> + '_ {
    let pieces = stage.operands.iter().flat_map(|operand| &operand.pieces);
    pieces.filter_map(|piece| match piece.input {
        Input::Source(source) => Some(source),
        Input::Stage(_) => None,
    })
}

/// The chunks of a source that is read chunk by chunk.
fn chunks_of(plan: &Plan, source: usize) -> Option<&Grid> {
    let source = memory::in_chunks(&plan.sources, Input::Source(source))?;
    match &source.place {
        Place::Stored { grid, .. } => Some(grid),
        _ => None,
    }
}

/// Elements of the chunks of which one task takes something.
fn taken(stage: &Stage, piece: &Piece, grid: &Grid) -> u64 {
    let touched = work::touched(piece, &stage.domain, grid);
    let mut elements = match stage.tiling.span {
        Span::Chunks(level) => 1u64 << level.min(62),
        _ => 1,
    };
    for ((map, axis), touched) in piece.maps.iter().zip(&grid.axes).zip(touched) {
        let chunk = axis.longest().max(1);
        let chunks = match map.only_axis() {
            Some(k) if k < stage.kept => {
                let reach = stage.tiling.kept[k].longest().saturating_sub(1);
                let reach = reach.saturating_mul(map.coefs[k].saturating_abs());
                (reach / chunk).saturating_add(1).min(touched)
            }
            Some(_) => 1,
            None => touched,
        };
        elements = elements.saturating_mul(chunks.saturating_mul(chunk).max(1) as u64);
    }
    elements
}

/// How a stage's tasks walk over the chunks of a source.
#[derive(PartialEq, Eq)]
struct Walk {
    /// The source's axes that have several chunks, the slowest first, and the first and last of them.
    axes: Vec<(usize, i64, i64)>,
}

impl Walk {
    /// `None` where tasks come back to chunks that they have left, or go another way for one operand
    /// than for another.
    fn of(plan: &Plan, stage: usize, source: usize) -> Option<Walk> {
        let mut in_parts = plan.parts(stage).flat_map(|(_, part, _)| sources(part));
        if in_parts.any(|read| read == source) {
            return None;
        }
        let stage = &plan.stages[stage];
        let grid = chunks_of(plan, source)?;
        let operands = stage.operands.iter();
        let pieces = operands.flat_map(|o| o.pieces.iter().map(move |piece| (o, piece)));
        let own = pieces.filter(|(_, piece)| piece.input == Input::Source(source));
        let mut walks = own.map(|(operand, piece)| Walk::over(stage, operand, piece, grid));
        let first = walks.next()??;
        walks
            .all(|walk| walk.as_ref() == Some(&first))
            .then_some(first)
    }

    fn over(stage: &Stage, operand: &Operand, piece: &Piece, grid: &Grid) -> Option<Walk> {
        if stage.blocks.is_some() || !piece.lookups.is_empty() || stage.domain.contains(&0) {
            return None;
        }
        let origin = vec![0; stage.domain.len()];
        // The chunks that each iteration axis walks over.
        let mut along: Vec<Option<(usize, i64, i64)>> = vec![None; stage.domain.len()];
        for (axis, (map, chunks)) in piece.maps.iter().zip(&grid.axes).enumerate() {
            // One of several pieces covers a part of the iterations.
            let within = |index: i64| index.clamp(0, (chunks.len() - 1).max(0));
            let (low, high) = map.range(&origin, &stage.domain);
            let (low, high) = (chunks.chunk_of(within(low)), chunks.chunk_of(within(high)));
            if low == high {
                continue;
            }
            let k = map.only_axis().filter(|&k| map.coefs[k] > 0)?;
            along[k] = Some((axis, low, high));
        }
        let cuts = |k: usize| -> &AxisGrid {
            match k < stage.kept {
                true => &stage.tiling.kept[k],
                false => &stage.grid.axes[k],
            }
        };
        let last = along.iter().rposition(Option::is_some)?;
        let to_the_next_piece = |k: usize| operand.pieces.len() > 1 && operand.along.coefs[k] != 0;
        let goes_on =
            |k: usize| along[k].is_some() || cuts(k).chunks() == 1 || to_the_next_piece(k);
        (0..last).all(goes_on).then(|| Walk {
            axes: along.into_iter().flatten().collect(),
        })
    }
}
