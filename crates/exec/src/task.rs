//! One task: bind what it reads, run its kernel.

use crate::account::Held;
use crate::bind::View;
use crate::blocks;
use crate::boxes::{Box_, join, piece_box, pieces, rows_box};
use crate::gather::{self, Layout};
use crate::merge::Position;
use crate::parts::{self, Part};
use crate::raw;
use crate::stage::Running;
use crate::stats::Counts;
use crate::worker::{Tile, Worker};
use std::time::Instant;
use tilewright_core::tree::Counter;
use tilewright_core::{Error, Kind, Result, Shape, c_strides};
use tilewright_kernel::Fold;
use tilewright_kernel::interp::RawBuffer;
use tilewright_plan::Stage;
use tilewright_plan::affine::Affine;
use tilewright_plan::lower::Range;
use tilewright_plan::plan::Rows;
use tilewright_plan::task::{self, Chunk, Task};
use tilewright_plan::tile::Span;

/// Runs a task of a stage.
///
/// # Errors
/// [`Kind::Source`] and [`Kind::Sink`] from storage; [`Kind::Internal`] for a defect.
pub fn run(running: &Running<'_>, worker: &mut Worker, task: &Task) -> Result<()> {
    if let Some(blocks) = &running.stage.blocks {
        blocks::make(running, worker, task, blocks)
    } else if let Some(rows) = &running.stage.rows {
        take_rows(running, worker, task, rows)
    } else if running.stage.reduces() {
        reduce(running, worker, task)
    } else {
        map(running, worker, task)
    }
}

/// Operands bound for one kernel call.
pub(crate) struct Bound {
    pub buffers: Vec<RawBuffer>,
    pub maps: Vec<Affine>,
}

/// Binds operands and affines for the iterations `of`; kernel indices count from `origin`.
pub(crate) fn bind(
    running: &Running<'_>,
    worker: &mut Worker,
    of: &Box_,
    origin: &[i64],
) -> Result<Bound> {
    parts::make(running, worker, of)?;
    let memory = (&mut worker.tiles[..], &mut worker.chunk);
    operands(running, &worker.parts, memory, of, origin)
}

/// As [`bind`], where the parts of stages that are read are made.
pub(crate) fn operands(
    running: &Running<'_>,
    parts: &[Part],
    (tiles, chunk): (&mut [Tile], &mut Held),
    of: &Box_,
    origin: &[i64],
) -> Result<Bound> {
    let stage = running.stage;
    let view = View {
        context: running.context,
        parts,
    };
    let mut bound = Bound {
        buffers: Vec::new(),
        maps: Vec::new(),
    };
    for (operand, tile) in stage.operands.iter().zip(tiles) {
        let (buffer, map) = view.place(stage, operand, of, tile, chunk)?;
        bound.buffers.push(buffer);
        bound.maps.push(Affine {
            base: map.at(origin),
            coefs: map.coefs,
        });
    }
    for affine in &stage.affines {
        bound.maps.push(Affine {
            base: affine.at(origin),
            coefs: affine.coefs.clone(),
        });
    }
    Ok(bound)
}

pub(crate) fn call(
    running: &Running<'_>,
    worker: &mut Worker,
    extents: &[i64],
    range: Range,
    mut bound: Bound,
) -> Result<()> {
    let stage = running.stage;
    let ints = task::arguments(running.layout, stage, extents, range, &mut bound.maps);
    let drawn = tilewright_kernel::drawn::total();
    let started = Instant::now();
    let result = raw::call(
        &running.code,
        &stage.kernel,
        &bound.buffers,
        &ints,
        &worker.scalars,
        worker.scratch.bytes_mut(),
    );
    let counts = &running.context.counts;
    Counts::add(&counts.kernel_ns, started.elapsed().as_nanos() as u64);
    Counts::add(&counts.drawn, tilewright_kernel::drawn::total() - drawn);
    let computed = if stage.reduces() {
        let kept = extents[..stage.kept].iter().product::<i64>();
        kept * (range.to - range.from)
    } else {
        stage.iterations(extents)
    };
    Counts::add(&counts.computed, computed as u64);
    result
}

/// Whether what a task would write stands already, from a store that was interrupted.
pub(crate) fn stands(running: &Running<'_>, from: &[i64], len: &[i64]) -> bool {
    let streamed = running.streamed.as_ref();
    streamed.is_some_and(|sink| crate::store::stands(&**sink, from, len))
}

fn map(running: &Running<'_>, worker: &mut Worker, task: &Task) -> Result<()> {
    let stage = running.stage;
    if stands(running, &task.from, &task.len) {
        return Ok(());
    }
    let of = Box_ {
        from: task.from.clone(),
        len: task.len.clone(),
    };
    let mut bound = bind(running, worker, &of, &task.from)?;
    match &running.streamed {
        None => {
            let output = &running.outputs[0];
            let mut strides = output.strides().clone();
            strides.resize(stage.domain.len(), 0);
            let map = Affine {
                base: 0,
                coefs: strides,
            };
            bound.buffers.push(output.raw());
            bound.maps.push(Affine {
                base: map.at(&task.from),
                coefs: map.coefs,
            });
            call(running, worker, &task.len, Range::default(), bound)
        }
        Some(sink) => {
            let itemsize = stage.outputs[0].dtype.itemsize();
            let bytes = task.len.iter().product::<i64>() as usize * itemsize;
            worker.output.resize(bytes);
            bound.buffers.push(raw::writable(worker.output.bytes_mut()));
            bound.maps.push(Affine {
                base: 0,
                coefs: c_strides(&task.len),
            });
            call(running, worker, &task.len, Range::default(), bound)?;
            crate::store::write_box(
                &**sink,
                worker.output.bytes(),
                &task.from,
                &task.len,
                &mut worker.piece,
                &running.context.counters,
            )
        }
    }
}

/// A tile of whole rows: their chunk of the row's axis, part after part, and the rows beside it.
fn take_rows(running: &Running<'_>, worker: &mut Worker, task: &Task, rows: &Rows) -> Result<()> {
    let stage = running.stage;
    let chunk = running.tasks.chunk(task.chunks.0);
    let all = chunk.len.first().copied().unwrap_or(0);
    let (from, len) = task::output_box(stage, task, (0, all));
    if stands(running, &from, &len) {
        return Ok(());
    }
    for part in task::row_parts(stage, &chunk) {
        running.context.stop.check()?;
        take_part(running, worker, task, rows, part)?;
    }
    Ok(())
}

/// A part of the rows of a tile.
fn take_part(
    running: &Running<'_>,
    worker: &mut Worker,
    task: &Task,
    rows: &Rows,
    part: (i64, i64),
) -> Result<()> {
    let stage = running.stage;
    let (from, len) = task::output_box(stage, task, part);
    let of = rows_box(running, task, part);
    let mut bound = bind(running, worker, &of, &of.from)?;
    let output_map = |strides: &[i64], start: &[i64]| {
        let walk = |axis: &Option<usize>| axis.map_or(0, |axis| strides[axis]);
        Affine {
            base: start.iter().zip(strides).map(|(a, b)| a * b).sum(),
            coefs: rows.walks.iter().map(walk).collect(),
        }
    };
    let range = Range {
        from: part.0,
        to: match stage.tiling.span {
            Span::Parts(_) => part.1,
            _ => rows.made.unwrap_or(0),
        },
        ..Range::default()
    };
    match &running.streamed {
        None => {
            let output = &running.outputs[0];
            bound.buffers.push(output.raw());
            bound.maps.push(output_map(output.strides(), &from));
        }
        Some(_) => {
            let itemsize = stage.outputs[0].dtype.itemsize();
            let bytes = len.iter().product::<i64>() as usize * itemsize;
            worker.output.resize(bytes);
            bound.buffers.push(raw::writable(worker.output.bytes_mut()));
            bound.maps.push(output_map(&c_strides(&len), &[]));
        }
    }
    for row in &mut worker.rows {
        bound.buffers.push(raw::writable(row.bytes_mut()));
    }
    call(running, worker, &of.len, range, bound)?;
    match &running.streamed {
        None => Ok(()),
        Some(sink) => crate::store::write_box(
            &**sink,
            worker.output.bytes(),
            &from,
            &len,
            &mut worker.piece,
            &running.context.counters,
        ),
    }
}

fn reduce(running: &Running<'_>, worker: &mut Worker, task: &Task) -> Result<()> {
    let stage = running.stage;
    let folds: Vec<Fold> = stage
        .outputs
        .iter()
        .filter_map(|o| o.fold.map(|f| f.0))
        .collect();
    let width = task.len.iter().product::<i64>() as usize;
    let mut counter: Counter<Vec<Held>> = Counter::default();
    let mut failed = None;
    let mut merge = |mut left: Vec<Held>, right: Vec<Held>| {
        for (k, fold) in folds.iter().enumerate() {
            if let Err(error) = fold.merge(width, left[k].bytes_mut(), right[k].bytes()) {
                failed = Some(error);
            }
        }
        left
    };
    for (chunk, leaf) in pieces(running, task) {
        counter.push(
            piece(running, worker, task, &chunk, leaf, &folds)?,
            &mut merge,
        );
    }
    let state = counter.finish(&mut merge);
    if let Some(error) = failed {
        return Err(error);
    }
    let state = state.ok_or_else(|| Error::new(Kind::Internal, "a task without chunks"))?;
    let at = position(running, task);
    let root = running
        .merges
        .bring(&folds, width, running.tasks.chunks, at, state)?;
    root.map_or(Ok(()), |state| finish(running, task, width, &state))
}

/// Where a task's state stands in the trees.
fn position(running: &Running<'_>, task: &Task) -> Position {
    match (task.node, running.stage.tiling.span) {
        (Some((level, number)), _) => {
            let chunk = task.chunks.0;
            let leaves = running.tasks.chunk(chunk).leaves();
            Position {
                tile: task.tile,
                within: Some((chunk, leaves)),
                level,
                number,
            }
        }
        (None, Span::Chunks(level)) => Position {
            tile: task.tile,
            within: None,
            level,
            number: task.chunks.0 >> level,
        },
        (None, _) => Position {
            tile: task.tile,
            within: None,
            level: 0,
            number: task.chunks.0,
        },
    }
}

/// The states of a piece of one chunk, or of a run of chunks that are leaves.
fn piece(
    running: &Running<'_>,
    worker: &mut Worker,
    task: &Task,
    chunk: &Chunk,
    leaf: i64,
    folds: &[Fold],
) -> Result<Vec<Held>> {
    let stage = running.stage;
    let width = task.len.iter().product::<i64>() as usize;
    let (from, to) = running.tasks.range(task, chunk);
    let of = piece_box(running, task, chunk);
    let origin = join(&task.from, &chunk.from);
    let mut bound = bind(running, worker, &of, &origin)?;
    let mut strides = state_strides(stage, &task.len);
    strides.resize(stage.domain.len(), 0);
    let mut states = Vec::with_capacity(folds.len());
    for fold in folds {
        let mut state = running.context.account.buffer(fold.state_bytes(width));
        bound.buffers.push(raw::writable(state.bytes_mut()));
        bound.maps.push(Affine {
            base: 0,
            coefs: strides.clone(),
        });
        states.push(state);
    }
    let extents = join(&task.len, &chunk.len);
    let range = Range {
        from,
        to,
        component_stride: width as i64,
        leaf,
    };
    call(running, worker, &extents, range, bound)?;
    Ok(states)
}

/// Distances between neighbouring outputs in a tile's states: 1 along a kept axis that has the lanes.
fn state_strides(stage: &Stage, len: &[i64]) -> Shape {
    let lane = stage.tiling.lane;
    let mut strides = c_strides(len);
    if lane < len.len() {
        for stride in &mut strides[lane + 1..] {
            *stride *= len[lane].max(1);
        }
        strides[lane] = 1;
    }
    strides
}

/// Writes the finished values of a kept tile.
fn finish(running: &Running<'_>, task: &Task, width: usize, states: &[Held]) -> Result<()> {
    let account = &running.context.account;
    for ((output, state), target) in running
        .stage
        .outputs
        .iter()
        .zip(states)
        .zip(&running.outputs)
    {
        let Some((fold, finish)) = output.fold else {
            continue;
        };
        let mut values = account.buffer(width * target.itemsize());
        finish.apply(fold, width, state.bytes(), values.bytes_mut())?;
        let strides = target.strides().clone();
        let start = task.from.iter().zip(&strides).map(|(a, b)| a * b).sum();
        let from = Layout {
            start: 0,
            strides: state_strides(running.stage, &task.len),
        };
        gather::copy_shared(
            &task.len,
            values.bytes(),
            &from,
            target,
            &Layout { start, strides },
        )?;
    }
    Ok(())
}
