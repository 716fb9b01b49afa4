//! The plain twin of a run: whole arrays, no plan, no kernels.

use crate::computed::Computed;
use crate::job::Finished;
use crate::{Stats, open};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tilewright_core::{Block, Error, Grid, Kind, Result};
use tilewright_expr::{Expr, reference, walk};
use tilewright_io::{Counters, Sink};

/// Evaluates the roots.
///
/// # Errors
/// [`Kind::Budget`] if the whole arrays do not fit; [`Kind::Source`] and [`Kind::Sink`] if storage
/// fails.
pub(crate) fn run(
    roots: &[Expr],
    sinks: &[Option<Arc<dyn Sink>>],
    memory: u64,
) -> Result<Finished> {
    let projected = peak(&walk::expand_derived(roots)?);
    if projected > memory {
        return Err(Error::new(
            Kind::Budget,
            format!("whole arrays need {projected} bytes and the budget is {memory}"),
        )
        .fact("engine", "the reference engine holds every array whole")
        .way_out("the jit engine, or a slice"));
    }
    let counters = Counters::default();
    let blocks = reference::evaluate(roots, &|leaf| open::read_whole(leaf, &counters))?;
    let mut results = Vec::new();
    for (k, mut block) in blocks.into_iter().enumerate() {
        match sinks.get(k).and_then(Option::as_ref) {
            Some(sink) => {
                write(&**sink, &mut block, &counters)?;
                results.push(None);
            }
            None => results.push(Some(Computed::from(Arc::new(block)))),
        }
    }
    for sink in sinks.iter().flatten() {
        sink.finish()?;
    }
    let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let stats = Stats {
        chunks_read: get(&counters.chunks_read),
        bytes_read: get(&counters.bytes_read),
        bytes_decoded: get(&counters.bytes_decoded),
        bytes_written: get(&counters.bytes_written),
        projected_peak_bytes: projected,
        ..Stats::default()
    };
    Ok(Finished { results, stats })
}

/// The most bytes that the evaluator holds at once: each node's array until its last user is done.
fn peak(roots: &[Expr]) -> u64 {
    let order = walk::postorder(roots);
    let mut users: HashMap<usize, usize> = HashMap::new();
    for expr in order.iter().flat_map(Expr::args).chain(roots) {
        *users.entry(expr.address()).or_default() += 1;
    }
    let bytes =
        |expr: &Expr| (expr.elements() as u64).saturating_mul(expr.dtype().itemsize() as u64);
    let (mut held, mut most) = (0u64, 0u64);
    for expr in &order {
        held = held.saturating_add(bytes(expr));
        most = most.max(held);
        for arg in expr.args() {
            if let Some(left) = users.get_mut(&arg.address()) {
                *left -= 1;
                if *left == 0 {
                    held = held.saturating_sub(bytes(arg));
                }
            }
        }
    }
    most
}

/// Writes a whole array, chunk by chunk.
fn write(sink: &dyn Sink, block: &mut Block, counters: &Counters) -> Result<()> {
    let grid: &Grid = &sink.info().grid;
    for chunk in open::indices(grid) {
        let (starts, mut part) = open::chunk_block(grid, block.dtype, &chunk)?;
        open::copy_rows(block, &starts, &mut part, open::Way::Out);
        sink.write_chunk(&chunk, part.data.as_bytes(), counters)?;
    }
    Ok(())
}
