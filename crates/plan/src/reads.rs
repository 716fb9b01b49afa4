//! How often is a stored chunk read?
//!
//! Once, where what several tasks take of it is kept until the last has it; else once by each of them,
//! in closed form from the cuts. Absent: what parts of bare chunks save.

use crate::build::work;
use crate::memory::{self, StageBytes};
use crate::plan::{Input, Operand, Piece, Place, Plan, Stage};
use crate::tile::Span;
use crate::{affine::Affine, budget};
use tilewright_core::{AxisGrid, AxisRange, Grid, tree};

/// A source whose chunks a stage reads again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Again {
    /// Its position in the plan.
    pub source: usize,
    /// How often a chunk is read, on average and at most.
    pub times: f64,
    /// The chunks.
    pub chunks: f64,
    /// Bytes of the chunks: with room for them, each is read once.
    pub bytes: u64,
}

/// The sources whose chunks a stage reads again, with this many tasks running.
pub fn again(
    plan: &Plan,
    stage: usize,
    bytes: &StageBytes,
    threads: u64,
    memory: u64,
) -> Vec<Again> {
    if budget::cache(bytes, threads, memory) >= bytes.cache {
        return Vec::new();
    }
    let own = std::iter::once(&plan.stages[stage]);
    let readers = own.chain(plan.parts(stage).map(|(_, part, _)| part));
    let mut again: Vec<Again> = Vec::new();
    for (stage, operand) in readers.flat_map(|s| s.operands.iter().map(move |o| (s, o))) {
        for piece in &operand.pieces {
            let (Input::Source(number), Some(source)) =
                (piece.input, memory::in_chunks(&plan.sources, piece.input))
            else {
                continue;
            };
            let Place::Stored { grid, .. } = &source.place else {
                continue;
            };
            if !work::rereads(stage, operand, piece, grid) {
                continue;
            }
            let times = times(stage, operand, piece, grid);
            let chunks = work::touched(piece, &stage.domain, grid);
            let bytes = memory::piece_bytes(source, piece, &stage.domain, grid);
            match again.iter_mut().find(|known| known.source == number) {
                // Of several pieces each reads them.
                Some(known) => known.times += times,
                None => again.push(Again {
                    source: number,
                    times,
                    chunks: chunks.iter().map(|&n| n as f64).product(),
                    bytes,
                }),
            }
        }
    }
    again.retain(|source| source.times > 1.0);
    again
}

/// How many tasks take some of a chunk, on average.
fn times(stage: &Stage, operand: &Operand, piece: &Piece, grid: &Grid) -> f64 {
    let tiles = |k: usize| match k < stage.kept {
        true => stage.read_cuts(k),
        false => &stage.grid.axes[k],
    };
    let halo = work::overlaps(stage);
    let looked_up = |axis: usize| piece.lookups.iter().find(|lookup| lookup.axis == axis);
    let all = |maps: &mut dyn Iterator<Item = &Affine>| {
        let maps: Vec<&Affine> = maps.collect();
        let involved = (0..stage.kept).filter(|&k| maps.iter().any(|map| map.coefs[k] != 0));
        involved.map(|k| tiles(k).chunks() as f64).product::<f64>()
    };
    let along = |(axis, (map, chunks)): (usize, (&Affine, &AxisGrid))| {
        if let Some(lookup) = looked_up(axis) {
            return all(&mut lookup.maps.iter());
        }
        match map.only_axis() {
            _ if map.is_constant() => 1.0,
            Some(k) => {
                let range = AxisRange::new(map.base, map.coefs[k], stage.domain[k]);
                let (chunks, tiles) = (chunks.slice(range), tiles(k));
                // Every chunk and tile that share something is one cell of their common grid.
                let mut shared = chunks.union(tiles).chunks();
                if halo {
                    shared += 2 * (tiles.chunks() - 1);
                }
                shared as f64 / chunks.chunks().max(1) as f64
            }
            None => {
                let chunks = chunks.chunks() as f64;
                (chunks + all(&mut std::iter::once(map)) - 1.0) / chunks.max(1.0)
            }
        }
    };
    let own = piece.maps.iter().zip(&grid.axes).enumerate().map(along);
    let repeated = (0..stage.kept)
        .filter(|&k| !memory::depends(operand, k))
        .map(|k| tiles(k).chunks() as f64);
    let nodes = match stage.tiling.span {
        Span::Leaves(level) => {
            let reduced = stage.grid.axes[stage.kept..].iter();
            let chunk = reduced.fold(1i64, |n, axis| n.saturating_mul(axis.longest().max(1)));
            tree::nodes_at((chunk - 1) / tree::LEAF + 1, level) as f64
        }
        _ => 1.0,
    };
    own.chain(repeated).product::<f64>() * nodes
}
