//! How many bytes does a plan need at most?
//!
//! Every stage has a bound for one task and for what stays while it runs. Absent: what a budget makes
//! of them, which is [`crate::budget`]'s; measuring, which is exec's.

use crate::abreast;
use crate::extents;
use crate::plan::{Input, Operand, Place, Plan, Stage};
use crate::shared;
use crate::task::Tasks;
use crate::tile::Span;
use tilewright_core::{Shape, element_count, tree};
use tilewright_expr::attr::Access;

/// Bounds of one stage, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageBytes {
    /// Outputs kept in memory by this stage.
    pub outputs: u64,
    /// Earlier outputs that this or a later stage reads, or that are results.
    pub live: u64,
    /// What one running task needs: tile buffers, decoding, scratch, states.
    pub task: u64,
    /// Decoded chunks that are worth keeping because several tasks read them.
    pub cache: u64,
    /// What one task needs of chunks that are asked for ahead.
    pub ahead: Ahead,
    /// Decoded chunks that are worth keeping because an earlier or this stage and a later or this one
    /// read them.
    pub shared: u64,
    /// For each running task, decoded chunks that those of other stages take in the same turn; counted in
    /// `task`.
    pub passing: u64,
}

impl StageBytes {
    /// With one task running and nothing kept for another.
    pub fn need(&self) -> u64 {
        let fixed = self.live.saturating_add(self.outputs);
        fixed.saturating_add(self.task)
    }
}

/// Bytes of the chunks of one task that are asked for before it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ahead {
    /// The chunks.
    pub chunks: u64,
    /// What decoding one of them takes beside it.
    pub decoding: u64,
}

/// Whether an operand is copied into a tile buffer instead of being read where it is.
pub fn is_buffered(plan_sources: &[crate::plan::Source], operand: &Operand) -> bool {
    operand.pieces.len() != 1
        || operand.pieces.iter().any(|piece| {
            !piece.lookups.is_empty() || in_chunks(plan_sources, piece.input).is_some()
        })
}

/// Whether any piece of operands is read chunk by chunk.
pub fn reads_any_chunks(plan_sources: &[crate::plan::Source], operands: &[Operand]) -> bool {
    let mut pieces = operands.iter().flat_map(|operand| &operand.pieces);
    pieces.any(|piece| in_chunks(plan_sources, piece.input).is_some())
}

/// The source behind an input that is read chunk by chunk.
pub(crate) fn in_chunks(
    sources: &[crate::plan::Source],
    input: Input,
) -> Option<&crate::plan::Source> {
    let Input::Source(k) = input else { return None };
    sources.get(k).filter(|s| match &s.place {
        Place::Stored { access, .. } => !matches!(access, Access::Mapped { .. }),
        _ => false,
    })
}

/// Whether an operand's elements differ along an iteration axis.
pub fn depends(operand: &Operand, axis: usize) -> bool {
    (operand.pieces.len() > 1 && operand.along.coefs[axis] != 0)
        || operand
            .pieces
            .iter()
            .any(|p| p.looks_up(axis) || p.maps.iter().any(|map| map.coefs[axis] != 0))
}

/// Bounds of every stage; of those that run in one turn, that of all of them stands with the first.
pub fn stages(plan: &Plan, sinks: &[bool]) -> Vec<StageBytes> {
    let last_use = last_uses(plan);
    let outputs = outputs(plan, sinks);
    let shared = shared::of(plan);
    let bound = |k: usize| {
        let runs: Vec<usize> = plan.in_turn(k).collect();
        if runs.is_empty() {
            return StageBytes::default();
        }
        let lives = |j: &usize| plan.turn(*j) < k && last_use[*j] >= k;
        let readings = runs.iter().map(|&m| {
            let streamed = streams(plan, sinks, m);
            task_bytes(plan, m, streamed)
        });
        let all = readings.fold(Reading::default(), Reading::and);
        let passing = abreast::passing(plan, &runs);
        StageBytes {
            outputs: (runs.iter()).fold(0, |sum: u64, &m| sum.saturating_add(outputs[m])),
            live: ((0..outputs.len()).filter(lives))
                .fold(0, |sum: u64, j| sum.saturating_add(outputs[j])),
            task: (all.task.saturating_add(all.states)).saturating_add(passing),
            cache: all.cache,
            ahead: all.ahead,
            shared: (shared.iter())
                .filter(|s| s.stages.contains(&k))
                .fold(0, |sum: u64, s| sum.saturating_add(s.bytes)),
            passing,
        }
    };
    (0..plan.stages.len()).map(bound).collect()
}

/// Bytes of the outputs that each stage keeps in memory.
pub fn outputs(plan: &Plan, sinks: &[bool]) -> Vec<u64> {
    let bytes = |k: usize| match streams(plan, sinks, k) || plan.stages[k].within.is_some() {
        true => 0,
        false => output_bytes(&plan.stages[k]),
    };
    (0..plan.stages.len()).map(bytes).collect()
}

/// Whether a stage's output goes to its sink tile by tile and is never whole in memory: an
/// element-wise root that nothing else reads.
pub fn streams(plan: &Plan, sinks: &[bool], stage: usize) -> bool {
    let roots: Vec<usize> = (0..plan.roots.len())
        .filter(|&r| plan.roots[r].stage == stage)
        .collect();
    let sunk = !roots.is_empty()
        && roots
            .iter()
            .all(|&r| sinks.get(r).copied().unwrap_or(false))
        && roots.len() == 1;
    let split = |stage: &Stage| stage.rows.is_some() && Tasks::new(stage).chunks > 1;
    sunk && !plan.stages[stage].reduces()
        && !split(&plan.stages[stage])
        && last_uses(plan)[stage] == usize::MAX
        && !read_later(plan, stage)
}

fn read_later(plan: &Plan, stage: usize) -> bool {
    plan.stages
        .iter()
        .any(|other| inputs(other).any(|s| s == stage))
}

fn inputs(stage: &Stage) -> impl Iterator<Item = usize> + '_ {
    stage
        .operands
        .iter()
        .flat_map(|o| &o.pieces)
        .flat_map(|piece| piece.inputs())
        .filter_map(|input| match input {
            Input::Stage(output) => Some(output.stage),
            Input::Source(_) => None,
        })
}

/// The last turn that reads each stage's outputs; `usize::MAX` for results.
pub fn last_uses(plan: &Plan) -> Vec<usize> {
    let mut last: Vec<usize> = (0..plan.stages.len()).map(|k| plan.turn(k)).collect();
    for (k, stage) in plan.stages.iter().enumerate() {
        for input in inputs(stage) {
            last[input] = last[input].max(plan.turn(k));
        }
    }
    for root in &plan.roots {
        last[root.stage] = usize::MAX;
    }
    last
}

fn output_bytes(stage: &Stage) -> u64 {
    let bytes = stage.outputs.iter().map(|output| {
        let n = element_count(&output.shape).unwrap_or(i64::MAX) as u64;
        n.saturating_mul(output.dtype.itemsize() as u64)
    });
    bytes.fold(0, u64::saturating_add)
}

/// What reading takes.
#[derive(Clone, Copy, Debug, Default)]
struct Reading {
    /// Bytes of one task.
    task: u64,
    /// Of the states that wait for their neighbours meanwhile, for each running task.
    states: u64,
    /// Those in which it decodes one chunk after the other.
    decoding: u64,
    /// Of the chunks that more than one task reads.
    cache: u64,
    /// Of those to ask for ahead.
    ahead: Ahead,
}

impl Reading {
    /// What tasks of two stages take that one thread runs in turn, and lets go after each.
    fn and(self, other: Reading) -> Reading {
        Reading {
            task: self.task.max(other.task),
            states: self.states.saturating_add(other.states),
            decoding: self.decoding.max(other.decoding),
            cache: self.cache.saturating_add(other.cache),
            ahead: Ahead {
                chunks: self.ahead.chunks.saturating_add(other.ahead.chunks),
                decoding: self.ahead.decoding.max(other.ahead.decoding),
            },
        }
    }

    /// Adds what one kernel's operands take at most for iterations of any of these extents, and its own
    /// memory.
    fn add<E: AsRef<[i64]>>(&mut self, plan: &Plan, stage: &Stage, extents: &[E]) {
        let Reading {
            task,
            decoding,
            cache,
            ahead,
            ..
        } = self;
        *task = task.saturating_add(stage.kernel.scratch_layout().1 as u64);
        let buffered = |operand: &&Operand| is_buffered(&plan.sources, operand);
        for operand in stage.operands.iter().filter(buffered) {
            let axes: Vec<usize> = (0..stage.domain.len())
                .filter(|&axis| depends(operand, axis))
                .collect();
            let tile = most_bytes(extents, &axes, operand.dtype.itemsize());
            let mut wanted = 0;
            for piece in &operand.pieces {
                let looked_up = extents.iter().map(|of| lookup_bytes(piece, of.as_ref()));
                *task = task.saturating_add(looked_up.max().unwrap_or(0));
                let Some(source) = in_chunks(&plan.sources, piece.input) else {
                    continue;
                };
                let Place::Stored {
                    grid,
                    decode_bytes,
                    access,
                    ..
                } = &source.place
                else {
                    continue;
                };
                let chunk = grid
                    .longest()
                    .iter()
                    .fold(source.dtype.itemsize() as u64, |n, &len| {
                        n.saturating_mul(len.max(1) as u64)
                    });
                *decoding = (*decoding).max(chunk.saturating_add(*decode_bytes));
                if *access == Access::Distant && piece.lookups.is_empty() {
                    wanted = wanted.max(tile.saturating_add(chunk));
                    ahead.decoding = ahead.decoding.max(*decode_bytes);
                }
                if crate::build::work::rereads(stage, operand, piece, grid) {
                    *cache = cache.saturating_add(piece_bytes(source, piece, &stage.domain, grid));
                }
            }
            *task = task.saturating_add(tile);
            ahead.chunks = ahead.chunks.saturating_add(wanted);
        }
    }
}

/// What a task of a stage takes, and of what it reads.
fn task_bytes(plan: &Plan, k: usize, streamed: bool) -> Reading {
    let stage = &plan.stages[k];
    let tile: Vec<i64> = stage
        .tiling
        .kept
        .iter()
        .map(|axis| axis.longest())
        .collect();
    let outputs = (tile.iter()).fold(1, |n: u64, &len| n.saturating_mul(len.max(1) as u64));
    let extents = match &stage.blocks {
        Some(blocks) => blocks.cuts.longest(&stage.domain).to_vec(),
        None => extents::of(stage, &tile),
    };
    let mut reading = Reading::default();
    reading.add(plan, stage, std::slice::from_ref(&extents));
    let shapes = extents::shapes(stage, &extents);
    for (_, part, within) in plan.parts(k) {
        let output = &part.outputs[0];
        let longest = shapes.iter().map(|of| within.longest(of, &output.shape));
        let longest: Vec<Shape> = longest.collect();
        reading.add(plan, part, &longest);
        let all: Vec<usize> = (0..output.shape.len()).collect();
        let bytes = most_bytes(&longest, &all, output.dtype.itemsize());
        reading.task = reading.task.saturating_add(bytes);
    }
    let mut task = reading.task.saturating_add(reading.decoding);
    task = task.saturating_add(stage.store_bytes);
    let (mut made, mut buffers) = (outputs, 0u64);
    if let Some(rows) = &stage.rows {
        made = made.saturating_mul(rows.made.unwrap_or(1) as u64);
        let bytes = |&(dtype, len): &(tilewright_core::DType, i64)| {
            (len.max(0) as u64).saturating_mul(dtype.itemsize() as u64)
        };
        buffers = rows.buffers.iter().map(bytes).fold(0, u64::saturating_add);
        // What a function takes for itself: positions, or a copy of the row.
        buffers = buffers.saturating_add(rows_scratch(stage));
    }
    if let (Some(blocks), Some(output)) = (&stage.blocks, stage.outputs.first()) {
        // The function's own array, and the block that it is copied to.
        let elements = blocks.made().saturating_add(blocks.given(&stage.domain));
        let block = elements.saturating_mul(output.dtype.itemsize() as u64);
        let arguments = blocks.argument_bytes(&stage.domain).into_iter();
        buffers = arguments.fold(block, u64::saturating_add);
        buffers = buffers.saturating_add(blocks.bytes);
    }
    task = task.saturating_add(buffers);
    if streamed && let Some(output) = stage.outputs.first() {
        task = task.saturating_add(made.saturating_mul(output.dtype.itemsize() as u64));
    }
    let states: u64 = stage
        .outputs
        .iter()
        .filter_map(|o| o.fold)
        .map(|(fold, _)| outputs.saturating_mul(8 * fold.components() as u64))
        .fold(0, u64::saturating_add);
    Reading {
        task,
        states: states.saturating_mul(pending(stage)),
        ..reading
    }
}

/// Bytes of elements along some axes, for the extents that give most.
fn most_bytes<E: AsRef<[i64]>>(extents: &[E], axes: &[usize], itemsize: usize) -> u64 {
    let bytes = |of: &E| {
        let lens = axes.iter().map(|&axis| of.as_ref()[axis].max(1) as u64);
        lens.fold(itemsize as u64, u64::saturating_mul)
    };
    extents.iter().map(bytes).max().unwrap_or(0)
}

/// Bytes that a function of rows takes for itself: a copy of a row, or positions in one.
fn rows_scratch(stage: &Stage) -> u64 {
    let row = stage.grid.axes.get(stage.kept);
    let row = row.map_or(0, |axis| axis.longest());
    let at_once = match stage.tiling.span {
        Span::Parts(len) => len.min(row),
        _ => row,
    };
    (at_once.max(0) as u64).saturating_mul(8)
}

/// Bytes that looking up takes: for each place whose indices are looked up, its point along every
/// axis, where it goes, and its place in the order of chunks.
fn lookup_bytes(piece: &crate::plan::Piece, extents: &[i64]) -> u64 {
    if piece.lookups.is_empty() {
        return 0;
    }
    let each = 8 * (piece.maps.len() as u64 + 3);
    (0..extents.len())
        .filter(|&axis| piece.looks_up(axis))
        .fold(each, |n, axis| {
            n.saturating_mul(extents[axis].max(1) as u64)
        })
}

/// States that may wait for their neighbours in the tree for each running task.
fn pending(stage: &Stage) -> u64 {
    let tasks = Tasks::new(stage);
    let chunk = stage.grid.axes[stage.kept..]
        .iter()
        .fold(1i64, |n, axis| n.saturating_mul(axis.longest().max(1)));
    let levels = tree::root_level(tasks.chunks) + tree::root_level((chunk - 1) / tree::LEAF + 1);
    let within = match stage.tiling.span {
        Span::None | Span::Rows | Span::Parts(_) => return 0,
        Span::Leaves(level) | Span::Chunks(level) => level,
    };
    u64::from(levels.saturating_sub(within)) + u64::from(within) + 3
}

/// Bytes of the chunks that a piece touches.
pub(crate) fn piece_bytes(
    source: &crate::plan::Source,
    piece: &crate::plan::Piece,
    domain: &[i64],
    grid: &tilewright_core::Grid,
) -> u64 {
    let (chunks, longest) = (
        crate::build::work::touched(piece, domain, grid),
        grid.longest(),
    );
    chunks
        .iter()
        .zip(&longest)
        .fold(source.dtype.itemsize() as u64, |n, (&chunks, &len)| {
            n.saturating_mul((chunks.saturating_mul(len)).max(1) as u64)
        })
}
