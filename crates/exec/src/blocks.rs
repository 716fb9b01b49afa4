//! One task of a function of blocks: its blocks bound and filled, the function called, the result
//! put where it belongs.

use crate::boxes::Box_;
use crate::gather::{self, Layout};
use crate::raw;
use crate::stage::Running;
use crate::store::{each_chunk, write_box};
use crate::task::{bind, call, stands};
use crate::worker::Worker;
use tilewright_core::{Error, Kind, Result, Shape, c_strides};
use tilewright_plan::affine::Affine;
use tilewright_plan::lower::Range;
use tilewright_plan::plan::Blocks;
use tilewright_plan::{BlockView, Task};

/// Makes the blocks of a tile.
///
/// # Errors
/// Those of the function, which name the block; [`Kind::Source`] and [`Kind::Sink`] from storage.
pub(crate) fn make(
    running: &Running<'_>,
    worker: &mut Worker,
    task: &Task,
    blocks: &Blocks,
) -> Result<()> {
    let ndim = blocks.cuts.made.axes.len();
    let (from, len) = (&task.from[..ndim], &task.len[..ndim]);
    if len.contains(&0) || stands(running, from, len) {
        return Ok(());
    }
    let tile = len.iter().product::<i64>() as usize * running.stage.outputs[0].dtype.itemsize();
    if running.streamed.is_some() {
        worker.output.resize(tile);
    }
    each_chunk(&blocks.cuts.made, from, len, |block| {
        running.context.stop.check()?;
        one(running, worker, blocks, block, (from, len))
    })?;
    match &running.streamed {
        None => Ok(()),
        Some(sink) => write_box(
            &**sink,
            worker.output.bytes(),
            from,
            len,
            &mut worker.piece,
            &running.context.counters,
        ),
    }
}

/// Makes one block, and copies it to its place in the tile or in the output.
fn one(
    running: &Running<'_>,
    worker: &mut Worker,
    blocks: &Blocks,
    block: &[i64],
    (from, len): (&[i64], &[i64]),
) -> Result<()> {
    let (stage, context) = (running.stage, running.context);
    let function = context.planned.handles.functions.get(blocks.function);
    let function = function.ok_or_else(|| {
        Error::new(
            Kind::User,
            "the plan calls a function that is not in this process",
        )
        .way_out("plan it here")
    })?;
    let taken = blocks.cuts.taken(block, &stage.domain);
    let shape = taken.shape();
    let mut of = Box_ {
        from: taken.axes.iter().map(|range| range.start).collect(),
        len: shape.clone(),
    };
    // A kernel loops over at least one axis.
    of.from.resize(stage.domain.len(), 0);
    of.len.resize(stage.domain.len(), 1);
    let mut bound = bind(running, worker, &of, &of.from)?;
    let elements = shape.iter().product::<i64>() as usize;
    for (held, dtype) in worker.blocks.iter_mut().zip(&blocks.dtypes) {
        held.resize(elements * dtype.itemsize());
        bound.buffers.push(raw::writable(held.bytes_mut()));
        bound.maps.push(Affine {
            base: 0,
            coefs: c_strides(&of.len),
        });
    }
    if elements > 0 {
        call(running, worker, &of.len, Range::default(), bound)?;
    }
    let place = blocks.cuts.place(block, &stage.domain);
    let itemsize = stage.outputs[0].dtype.itemsize();
    let bytes = place.made.iter().product::<i64>() as usize * itemsize;
    let Some((made, arguments)) = worker.blocks.split_last_mut() else {
        return Err(Error::new(Kind::Internal, "a block without room for it"));
    };
    made.resize(bytes);
    let views: Vec<BlockView<'_>> = (arguments.iter().zip(&blocks.dtypes))
        .map(|(held, &dtype)| BlockView {
            dtype,
            shape: &shape,
            bytes: held.bytes(),
        })
        .collect();
    // What the function makes and takes for itself lives while it runs.
    let given = bytes.max(elements * itemsize) as u64;
    let own = context.account.reserve(given.saturating_add(blocks.bytes));
    function.call(&views, &place, made.bytes_mut())?;
    drop(own);
    let given = blocks.cuts.given(block);
    let source = Layout {
        start: 0,
        strides: c_strides(&place.made),
    };
    let at = |strides: Shape, origin: &[i64]| Layout {
        start: (given.axes.iter().zip(&strides).zip(origin))
            .map(|((range, stride), from)| (range.start - from) * stride)
            .sum(),
        strides,
    };
    match &running.streamed {
        Some(_) => {
            let to = at(c_strides(len), from);
            let into = worker.output.bytes_mut();
            gather::copy(&place.made, itemsize, made.bytes(), &source, into, &to)
        }
        None => {
            let output = &running.outputs[0];
            let to = at(output.strides().clone(), &Shape::from_elem(0, from.len()));
            gather::copy_shared(&place.made, made.bytes(), &source, output, &to)
        }
    }
}
