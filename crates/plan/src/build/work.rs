//! What does a stage cost, in closed form from shapes?

use super::Planner;
use crate::affine::Affine;
use crate::memory;
use crate::plan::{Input, Operand, Piece, Place, Source, Stage, Work};
use crate::program::{Op, Program};
use crate::tile;
use tilewright_core::{AxisGrid, AxisRange, Grid, element_count};
use tilewright_expr::attr::Access;

impl Planner {
    pub(super) fn work(&self, program: &Program, stage: &Stage) -> Work {
        let (domain, outputs) = (&stage.domain[..], &stage.outputs);
        let iterations = stage.iterations(domain) as f64;
        let count = |wanted: fn(&Op) -> bool| {
            program.ops.iter().filter(|op| wanted(op)).count() as f64 * iterations
        };
        let mut work = Work {
            elements: iterations,
            drawn: count(|op| matches!(op, Op::Draw(..) | Op::DrawOf { .. })),
            ..Work::default()
        };
        for output in outputs {
            let n = element_count(&output.shape).unwrap_or(i64::MAX) as f64;
            work.bytes_stored += n * output.dtype.itemsize() as f64;
        }
        for operand in program
            .operands
            .iter()
            .filter(|o| !self.reads_stored(o) && iterations > 0.0)
        {
            let axes = (0..domain.len()).filter(|&axis| memory::depends(operand, axis));
            let elements = axes.map(|axis| domain[axis] as f64).product::<f64>();
            work.bytes_loaded += elements * operand.itemsize() as f64;
        }
        if iterations > 0.0 {
            let any = |_: usize| true;
            (work.chunks, work.bytes_read) = read(&self.sources, (&program.operands, domain), any);
        }
        work
    }

    fn reads_stored(&self, operand: &Operand) -> bool {
        let stored = |piece: &Piece| match piece.input {
            Input::Source(k) => matches!(self.sources[k].place, Place::Stored { .. }),
            Input::Stage(_) => false,
        };
        operand.pieces.iter().any(stored)
    }
}

/// Stored chunks of sources, of those that are wanted, which operands touch, and their decoded bytes.
pub(crate) fn read(
    sources: &[Source],
    (operands, domain): (&[Operand], &[i64]),
    wanted: impl Fn(usize) -> bool,
) -> (f64, f64) {
    let mut seen: Vec<&Piece> = Vec::new();
    let (mut all, mut bytes) = (0.0, 0.0);
    for piece in operands.iter().flat_map(|o| &o.pieces) {
        let Input::Source(k) = piece.input else {
            continue;
        };
        let Place::Stored { grid, access, .. } = &sources[k].place else {
            continue;
        };
        if seen.contains(&piece) || !wanted(k) {
            continue;
        }
        seen.push(piece);
        let chunks = touched(piece, domain, grid);
        let longest = grid.longest();
        let whole = chunks
            .iter()
            .zip(&longest)
            .map(|(&n, &len)| n as f64 * len as f64);
        let elements: f64 = match access {
            Access::Mapped { .. } => points(piece, domain, grid),
            Access::Chunks | Access::Distant => whole.product(),
        };
        all += chunks.iter().map(|&n| n as f64).product::<f64>();
        bytes += elements * sources[k].dtype.itemsize() as f64;
    }
    (all, bytes)
}

/// The number of stored chunks that a piece touches along each of its axes.
pub(crate) fn touched(piece: &Piece, domain: &[i64], grid: &Grid) -> Vec<i64> {
    let along = |(map, axis): (&Affine, &AxisGrid)| match map.only_axis() {
        _ if map.is_constant() => 1,
        Some(k) => axis
            .slice(AxisRange::new(map.base, map.coefs[k], domain[k]))
            .chunks(),
        None => axis.chunks(),
    };
    let mut touched: Vec<i64> = piece.maps.iter().zip(&grid.axes).map(along).collect();
    for lookup in &piece.lookups {
        // At most a chunk for each index.
        let indices = lookup
            .shape
            .iter()
            .fold(1, |n: i64, &len| n.saturating_mul(len));
        touched[lookup.axis] = grid.axes[lookup.axis].chunks().min(indices);
    }
    touched
}

/// The number of elements that a piece takes.
fn points(piece: &Piece, domain: &[i64], grid: &Grid) -> f64 {
    let mut points: Vec<i64> = (piece.maps.iter().zip(&grid.axes))
        .map(|(map, axis)| match map.only_axis() {
            _ if map.is_constant() => 1,
            Some(k) => domain[k].min(axis.len()),
            None => axis.len(),
        })
        .collect();
    for lookup in &piece.lookups {
        points[lookup.axis] = lookup
            .shape
            .iter()
            .product::<i64>()
            .min(points[lookup.axis]);
    }
    points.iter().map(|&n| n as f64).product()
}

/// Whether what neighbouring tasks read of an argument overlaps, whatever the chunks.
pub(crate) fn overlaps(stage: &Stage) -> bool {
    let blocks = stage.blocks.as_ref();
    blocks.is_some_and(|blocks| blocks.cuts.overlap()) || stage.within.is_some()
}

/// Whether more than one task reads a stored chunk of this piece.
pub(crate) fn rereads(stage: &Stage, operand: &Operand, piece: &Piece, grid: &Grid) -> bool {
    let aligned = |(map, axis): (&Affine, &AxisGrid)| match map.only_axis() {
        _ if map.is_constant() => true,
        Some(k) => {
            let chunks = axis.slice(AxisRange::new(map.base, map.coefs[k], stage.domain[k]));
            let tiles = match k < stage.kept {
                true => stage.read_cuts(k),
                false => &stage.grid.axes[k],
            };
            chunks.union(tiles) == chunks
        }
        None => false,
    };
    // Tiles along an axis that the piece does not depend on read the same chunks again.
    let repeats =
        (0..stage.kept).any(|k| stage.read_cuts(k).chunks() > 1 && !memory::depends(operand, k));
    let within = matches!(stage.tiling.span, tile::Span::Leaves(_));
    let twice = stage.operands.iter().flat_map(|o| &o.pieces);
    let twice = twice.filter(|p| p.input == piece.input).count() > 1;
    let looked_up = !piece.lookups.is_empty();
    repeats
        || overlaps(stage)
        || within
        || twice
        || looked_up
        || !piece.maps.iter().zip(&grid.axes).all(aligned)
}
