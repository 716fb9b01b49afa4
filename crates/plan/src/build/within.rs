//! Which stages are computed within the tasks of another?
//!
//! One that computes each element by itself, and which one later stage alone reads, or others that
//! are computed within the same. Each task computes the part that it reads: windows, differences and
//! stencils take the memory of a task, however long the array is. What two parts share is computed
//! twice, so parts must be long beside that. Absent: which arrays are worth storing, which the
//! optimizer chose.

use super::Planner;
use crate::affine::Affine;
use crate::extents;
use crate::plan::{Input, Operand, Piece, Stage, StageOutput, Within};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use tilewright_core::AxisGrid;
use tilewright_expr::attr::Attr;
use tilewright_expr::op::Family;
use tilewright_expr::{Expr, walk};

/// Tasks whose parts together take no more than what would be stored.
const AT_ONCE: f64 = 2.0;

/// How many times as many elements may be computed as an array has.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Several {
    /// As many as take less than storing the array does.
    #[default]
    Few,
    /// More, where the array does not fit the memory.
    Many,
}

impl Several {
    /// Of the output of this stage: arithmetic takes a tenth of what storing and loading takes, a
    /// function or a draw as much.
    fn of(self, stage: &Stage) -> f64 {
        match self {
            Several::Few if stage.kernel.calls() => 1.25,
            Several::Few => 3.0,
            Several::Many => 16.0,
        }
    }
}

/// The stages that only one other reads, or some within that one, with that one: by their addresses.
pub(super) fn only_readers(roots: &[Expr]) -> HashMap<usize, usize> {
    let order = walk::postorder(roots);
    let mut readers: HashMap<usize, Vec<usize>> = HashMap::new();
    for expr in &order {
        for arg in expr.args() {
            let known = readers.entry(arg.address()).or_default();
            known.push(expr.address());
        }
    }
    let mut only: HashMap<usize, usize> = HashMap::new();
    for expr in order.iter().rev().filter(|expr| may_be_within(expr)) {
        let address = expr.address();
        if roots.iter().any(|root| root.address() == address) {
            continue;
        }
        let outermost = |reader: &usize| only.get(reader).copied().unwrap_or(*reader);
        let mut all = readers.get(&address).into_iter().flatten().map(outermost);
        if let Some(first) = all.next()
            && all.all(|other| other == first)
        {
            only.insert(address, first);
        }
    }
    // A function of blocks is given its arguments block by block.
    let takes_blocks = |expr: &&Expr| root_is(expr, |family| matches!(family, Family::Opaque));
    let blocks: Vec<usize> = order
        .iter()
        .filter(takes_blocks)
        .map(Expr::address)
        .collect();
    only.retain(|_, reader| !blocks.contains(reader));
    only
}

/// Whether a stage's outputs are of such a family, the first at least.
fn root_is(expr: &Expr, wanted: fn(&Family) -> bool) -> bool {
    match expr.attr() {
        Attr::Body(body) => body
            .roots
            .first()
            .is_some_and(|root| wanted(&root.op().family)),
        _ => false,
    }
}

/// Whether a stage computes each element of an array by itself.
fn may_be_within(expr: &Expr) -> bool {
    let whole = |family: &Family| {
        matches!(
            family,
            Family::Reduce(_) | Family::Along(_) | Family::Opaque
        )
    };
    let single = matches!(expr.attr(), Attr::Body(body) if body.roots.len() == 1);
    single && !root_is(expr, whole) && !expr.shape().is_empty()
}

/// Stages that the next one may have within its tasks, in the order of the plan, and what one of its
/// iterations reads of each; `None` of one that is no part.
pub(super) struct Parts(BTreeMap<usize, Option<Within>>);

impl Parts {
    /// Those that are parts.
    pub fn positions(&self) -> impl Iterator<Item = usize> + '_ {
        let parts = self.0.iter().filter(|(_, part)| part.is_some());
        parts.map(|(stage, _)| *stage)
    }
}

impl Planner {
    /// Whether an output may be of a stage within the tasks of another, which is not planned yet.
    pub(super) fn may_be_part(&self, output: StageOutput) -> bool {
        self.candidates.contains_key(&output.stage)
    }

    /// The stages that the next one may have within its tasks, which is at this address and has these
    /// operands.
    pub(super) fn parts(&self, address: usize, operands: &[Operand]) -> Parts {
        // Also those that nothing reads, since it is empty: they are computed as a whole.
        let candidates = self.candidates.iter();
        let own = candidates.filter(|(_, reader)| **reader == address);
        let mut parts = Parts(own.map(|(&stage, _)| (stage, None)).collect());
        let Some(axes) = operands.first().map(|o| o.along.coefs.len()) else {
            return parts;
        };
        let own = Within {
            stage: self.stages.len(),
            maps: (0..axes).map(|axis| Affine::axis(axis, axes)).collect(),
            reach: vec![0; axes],
        };
        let mut refused = BTreeSet::new();
        self.read(&mut parts, operands, Some(&own), &mut refused);
        let positions: Vec<usize> = parts.0.keys().rev().copied().collect();
        for k in positions {
            let part = parts.0.get(&k).cloned().flatten();
            let part = part.filter(|_| !refused.contains(&k));
            let operands = &self.stages[k].operands;
            self.read(&mut parts, operands, part.as_ref(), &mut refused);
        }
        for (stage, part) in &mut parts.0 {
            *part = part.take().filter(|_| !refused.contains(stage));
        }
        parts
    }

    /// Adds what operands read of candidates, where their stage is read so; refuses those of which
    /// that is no box.
    fn read(
        &self,
        parts: &mut Parts,
        operands: &[Operand],
        reader: Option<&Within>,
        refused: &mut BTreeSet<usize>,
    ) {
        for piece in operands.iter().flat_map(|operand| &operand.pieces) {
            let looked_up = piece.lookups.iter().map(|lookup| lookup.input);
            refused.extend(looked_up.filter_map(stage_of));
            let Some(stage) = stage_of(piece.input) else {
                continue;
            };
            let Some(part) = parts.0.get_mut(&stage) else {
                continue;
            };
            let whole = &self.stages[stage].outputs[0].shape;
            let box_of = |_: &&Within| piece.lookups.is_empty() && piece.shape == *whole;
            let read = reader.filter(box_of).map(|reader| through(piece, reader));
            match (read, part) {
                (None, _) => {
                    refused.insert(stage);
                }
                (Some(read), part @ None) => *part = Some(read),
                (Some(read), Some(known)) => {
                    if !join(known, &read) {
                        refused.insert(stage);
                    }
                }
            }
        }
    }

    /// Makes candidates parts of the next stage, as far as what is computed several times is within
    /// the limit, and if a task then holds less than would be stored.
    pub(super) fn settle(&mut self, parts: Parts, next: &Stage) {
        let tile: Vec<i64> = next.tiling.kept.iter().map(AxisGrid::longest).collect();
        let extents = extents::of(next, &tile);
        let mut refused: BTreeSet<usize> = BTreeSet::new();
        let mut settled = Vec::new();
        let (mut held, mut stored) = (0.0, 0.0);
        for (k, part) in parts.0.into_iter().rev() {
            let made = &self.stages[k];
            let output = &made.outputs[0];
            let computed = |part: &Within| computed(part, &output.shape, &next.domain, &extents);
            let several = part.as_ref().map_or(f64::INFINITY, computed);
            let Some(part) =
                part.filter(|_| several <= self.targets.several.of(made) && !refused.contains(&k))
            else {
                // It is computed as a whole, and reads as a whole.
                refused.extend(inputs(&made.operands));
                continue;
            };
            let longest = part.longest(&extents, &output.shape);
            let bytes = |lens: &[i64]| {
                let elements = lens.iter().map(|&len| len as f64).product::<f64>();
                elements * output.dtype.itemsize() as f64
            };
            held += bytes(&longest);
            stored += bytes(&output.shape);
            settled.push((k, part, longest, several.max(1.0)));
        }
        let little = AT_ONCE * held <= stored;
        if self.targets.several == Several::Few && !little {
            return;
        }
        for (k, part, longest, several) in settled {
            let made = &mut self.stages[k];
            let cuts = made.domain.iter().zip(&longest);
            let cuts = cuts.map(|(&len, &part)| AxisGrid::regular(len, part.max(1)));
            made.tiling.kept = cuts.collect();
            made.tiling.because = "as much as a task reads".to_owned();
            made.work.elements *= several;
            made.work.drawn *= several;
            made.within = Some(part);
        }
    }
}

/// The stages that operands read.
fn inputs(operands: &[Operand]) -> impl Iterator<Item = usize> + '_ {
    let pieces = operands.iter().flat_map(|operand| &operand.pieces);
    pieces.flat_map(Piece::inputs).filter_map(stage_of)
}

/// How many times as many elements the parts of all tasks have as the array, which has this shape:
/// along each axis their ends overlap, and tasks that differ in other axes alone read the same.
fn computed(part: &Within, shape: &[i64], domain: &[i64], extents: &[i64]) -> f64 {
    let tiles = |k: usize| (domain[k] as f64 / extents[k].max(1) as f64).ceil();
    let longest = part.longest(extents, shape);
    let mut along = vec![false; domain.len()];
    let mut times = 1.0;
    for (axis, (map, &reach)) in part.maps.iter().zip(&part.reach).enumerate() {
        let len = shape[axis].max(1) as f64;
        match map.only_axis() {
            Some(k) => {
                along[k] = true;
                let step = map.coefs[k].unsigned_abs() as f64 * extents[k].max(1) as f64;
                let parts = tiles(k).min((len / step).ceil() + 1.0);
                times *= 1.0 + (parts - 1.0) * reach as f64 / len;
            }
            None if map.is_constant() => {}
            None => times *= longest[axis] as f64 / len,
        }
    }
    let apart = (0..domain.len()).filter(|&k| !along[k]);
    times * apart.map(tiles).product::<f64>()
}

fn stage_of(input: Input) -> Option<usize> {
    match input {
        Input::Stage(output) => Some(output.stage),
        Input::Source(_) => None,
    }
}

/// What a piece reads, where its stage is read so.
fn through(piece: &Piece, reader: &Within) -> Within {
    let axes = reader.maps.first().map_or(0, |map| map.coefs.len());
    let along = |map: &Affine| {
        let mut read = (Affine::constant(map.base, axes), 0i64);
        for ((&coef, own), &reach) in map.coefs.iter().zip(&reader.maps).zip(&reader.reach) {
            let least = own.scaled(1, if coef < 0 { reach } else { 0 });
            read.0 = read.0.plus(&least.scaled(coef, 0));
            read.1 = read
                .1
                .saturating_add(coef.saturating_abs().saturating_mul(reach));
        }
        read
    };
    let (maps, reach) = piece.maps.iter().map(along).unzip();
    Within {
        stage: reader.stage,
        maps,
        reach,
    }
}

/// Widens what is read of a stage; `false` if both together are no box that moves as one.
fn join(known: &mut Within, other: &Within) -> bool {
    for axis in 0..known.maps.len() {
        let (a, b) = (&mut known.maps[axis], &other.maps[axis]);
        if a.coefs != b.coefs {
            return false;
        }
        let end = |base: i64, reach: i64| base.saturating_add(reach);
        let last = end(a.base, known.reach[axis]).max(end(b.base, other.reach[axis]));
        a.base = a.base.min(b.base);
        known.reach[axis] = last.saturating_sub(a.base);
    }
    true
}
