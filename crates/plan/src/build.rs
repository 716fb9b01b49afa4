//! The road from stage expressions to a plan.

use crate::affine::Affine;
use crate::lower::{Layout, leaves, map, rows, state::Reduction};
use crate::memory;
use crate::plan::{
    Input, Operand, Output, Piece, Place, Plan, Source, Stage, StageOutput, VERSION, Work,
};
use crate::program::{Builder, Inputs, Op, Program, Value};
use crate::tile::{self, Question, TARGET};
use std::collections::HashMap;
use tilewright_core::{
    AxisGrid, AxisRange, DType, Error, Grid, Kind, Result, Scalar, Shape, c_strides, element_count,
};
use tilewright_expr::attr::{Attr, Body, Leaf, MemoryArray, SourceRef};
use tilewright_expr::op::{Family, StageKind};
use tilewright_expr::{Expr, walk};

/// What planning may use.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Bytes that a run may hold; unlimited without.
    pub memory: Option<u64>,
    /// For each root that goes to a store, the chunks written there.
    pub align: Vec<Option<Grid>>,
}

/// A plan, and the arrays of this process that it names.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// The arrays behind [`Place::Memory`].
    pub handles: Vec<MemoryArray>,
}

/// Iterations per task that are tried before a plan is refused.
const TARGETS: [i64; 3] = [TARGET, TARGET >> 4, TARGET >> 8];

/// Plans stage expressions: `fused` and `get` nodes, as the optimizer gives them.
///
/// # Errors
/// [`Kind::Budget`] if no tiling fits the memory, naming the stage, its need and a way out;
/// [`Kind::Internal`] if the expressions are not stages.
pub fn plan(roots: &[Expr], options: &Options) -> Result<Planned> {
    let sinks: Vec<bool> = (0..roots.len())
        .map(|k| options.align.get(k).is_some_and(Option::is_some))
        .collect();
    let mut refusal = None;
    for target in TARGETS {
        let planned = attempt(roots, options, target)?;
        planned
            .plan
            .stages
            .iter()
            .try_for_each(|stage| stage.kernel.check())?;
        let Some(budget) = options.memory else {
            return Ok(planned);
        };
        let bytes = memory::stages(&planned.plan, &sinks);
        match bytes.iter().position(|b| memory::slots(b, 1, budget) == 0) {
            None => return Ok(planned),
            Some(stage) => refusal = Some(refuse(&planned.plan, stage, &bytes[stage], budget)),
        }
    }
    Err(refusal.unwrap_or_else(|| Error::new(Kind::Budget, "no plan fits the budget")))
}

fn refuse(plan: &Plan, stage: usize, bytes: &memory::StageBytes, budget: u64) -> Error {
    let need = bytes
        .live
        .saturating_add(bytes.outputs)
        .saturating_add(bytes.task);
    let label = &plan.stages[stage].label;
    Error::new(
        Kind::Budget,
        format!(
            "this plan needs {} and the budget is {}",
            size(need),
            size(budget)
        ),
    )
    .fact("stage", format!("{stage} {label}"))
    .fact(
        "array",
        format!(
            "{} kept in memory",
            size(bytes.live.saturating_add(bytes.outputs))
        ),
    )
    .fact("task", format!("{} for one task", size(bytes.task)))
    .way_out(if bytes.task > bytes.live.saturating_add(bytes.outputs) {
        format!(
            "smaller chunks (rechunk), or --memory {}",
            size(need).replace(' ', "")
        )
    } else {
        format!(
            "a slice or a reduction of it, -o to stream it, or --memory {}",
            size(need).replace(' ', "")
        )
    })
}

/// Bytes as people write them.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        (value, unit) = (value / 1024.0, unit + 1);
    }
    if unit == 0 {
        format!("{bytes} B")
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

fn attempt(roots: &[Expr], options: &Options, target: i64) -> Result<Planned> {
    let mut planner = Planner {
        target,
        ..Planner::default()
    };
    for (root, align) in roots
        .iter()
        .zip(options.align.iter().chain(std::iter::repeat(&None)))
    {
        if let (Some(grid), true) = (align, is_stage(root)) {
            planner.align.insert(root.address(), grid.clone());
        }
    }
    for expr in walk::postorder(roots) {
        match (&expr.op().family, expr.attr(), expr.args()) {
            (Family::Stage(StageKind::Fused), Attr::Body(body), args) => {
                planner.stage(&expr, body, args)?;
            }
            (Family::Stage(StageKind::Get), Attr::Index(k), [stage]) => {
                let output = planner.output_of(stage)?;
                planner.outputs.insert(
                    expr.address(),
                    StageOutput {
                        output: *k,
                        ..output
                    },
                );
            }
            _ => return Err(not_a_stage(&expr)),
        }
    }
    let outputs = roots
        .iter()
        .map(|root| planner.output_of(root))
        .collect::<Result<_>>()?;
    let plan = Plan {
        version: VERSION,
        sources: planner.sources,
        stages: planner.stages,
        roots: outputs,
    };
    Ok(Planned {
        plan,
        handles: planner.handles,
    })
}

fn is_stage(expr: &Expr) -> bool {
    matches!(expr.op().family, Family::Stage(StageKind::Fused))
}

fn not_a_stage(expr: &Expr) -> Error {
    Error::new(Kind::Internal, format!("{} is not a stage", expr.op().name))
}

#[derive(Default)]
struct Planner {
    target: i64,
    sources: Vec<Source>,
    handles: Vec<MemoryArray>,
    stages: Vec<Stage>,
    outputs: HashMap<usize, StageOutput>,
    /// Chunks written, by the address of the root.
    align: HashMap<usize, Grid>,
}

/// The inputs of one stage.
struct Names<'a> {
    planner: &'a mut Planner,
    arguments: Vec<StageOutput>,
}

impl Inputs for Names<'_> {
    fn argument(&self, k: usize) -> Result<Input> {
        let output = self.arguments.get(k).copied();
        output
            .map(Input::Stage)
            .ok_or_else(|| Error::new(Kind::Internal, "a stage misses an input"))
    }

    fn source(&mut self, leaf: &Leaf, source: &SourceRef) -> Result<Input> {
        let sources = &mut self.planner.sources;
        let place = match source {
            SourceRef::Stored {
                uri,
                identity,
                decode_bytes,
                grid,
            } => Place::Stored {
                uri: uri.to_string(),
                identity: identity.to_string(),
                grid: grid.clone(),
                decode_bytes: *decode_bytes,
            },
            SourceRef::Memory(array) => {
                let handles = &mut self.planner.handles;
                let known = handles.iter().position(|h| h == array);
                let handle = known.unwrap_or_else(|| {
                    handles.push(array.clone());
                    handles.len() - 1
                });
                Place::Memory { handle }
            }
        };
        let source = Source {
            place,
            dtype: leaf.dtype,
            shape: leaf.whole.clone(),
        };
        Ok(Input::Source(intern(sources, source)))
    }

    fn literal(&mut self, leaf: &Leaf, elements: &[Scalar]) -> Result<Input> {
        let size = leaf.dtype.itemsize();
        let bytes = elements
            .iter()
            .flat_map(|e| e.bits().to_le_bytes()[..size].to_vec())
            .collect();
        let place = Place::Literal { bytes };
        let source = Source {
            place,
            dtype: leaf.dtype,
            shape: leaf.whole.clone(),
        };
        Ok(Input::Source(intern(&mut self.planner.sources, source)))
    }
}

fn intern(sources: &mut Vec<Source>, source: Source) -> usize {
    sources
        .iter()
        .position(|s| *s == source)
        .unwrap_or_else(|| {
            sources.push(source);
            sources.len() - 1
        })
}

/// The iterations of a body: which axis of its operand each iteration axis is.
struct Iterations {
    order: Vec<usize>,
    kept: usize,
    domain: Shape,
    grid: Grid,
}

impl Iterations {
    fn of(root: &Expr) -> Result<(Iterations, bool)> {
        let (operand, reduced) = match (&root.op().family, root.attr(), root.args()) {
            (Family::Reduce(_), Attr::Axes(axes), [x]) => (x, Some(axes)),
            _ => (root, None),
        };
        let all = 0..operand.shape().len();
        let mut order: Vec<usize> = all
            .filter(|axis| reduced.is_none_or(|gone| !gone.contains(axis)))
            .collect();
        let mut kept = order.len();
        order.extend(reduced.into_iter().flatten());
        let mut domain: Shape = order.iter().map(|&axis| operand.shape()[axis]).collect();
        let mut grid = Grid {
            axes: order
                .iter()
                .map(|&axis| operand.grid().axes[axis].clone())
                .collect(),
        };
        // A kernel loops over at least one axis, a reduction over at least one that it reduces.
        if order.is_empty() || (reduced.is_some() && order.len() == kept) {
            domain.push(1);
            grid.axes.push(AxisGrid::whole(1));
            kept += usize::from(reduced.is_none());
        }
        Ok((
            Iterations {
                order,
                kept,
                domain,
                grid,
            },
            reduced.is_some(),
        ))
    }

    /// The operand's axes as functions of the iteration.
    fn maps(&self) -> Vec<Affine> {
        let axes = self.domain.len();
        let mut maps = vec![Affine::constant(0, axes); self.order.len()];
        for (iteration, &axis) in self.order.iter().enumerate() {
            maps[axis] = Affine::axis(iteration, axes);
        }
        maps
    }
}

impl Planner {
    fn output_of(&self, expr: &Expr) -> Result<StageOutput> {
        self.outputs
            .get(&expr.address())
            .copied()
            .ok_or_else(|| not_a_stage(expr))
    }

    fn stage(&mut self, expr: &Expr, body: &Body, args: &[Expr]) -> Result<()> {
        let arguments = args
            .iter()
            .map(|arg| self.output_of(arg))
            .collect::<Result<_>>()?;
        let root = body.roots.first().ok_or_else(|| not_a_stage(expr))?;
        let (iterations, reduces) = Iterations::of(root)?;
        let mut names = Names {
            planner: self,
            arguments,
        };
        let mut builder = Builder::new(iterations.domain.len(), &mut names);
        let mut values = Vec::new();
        for root in &body.roots {
            let operand = if reduces { &root.args()[0] } else { root };
            values.push(builder.value(operand, iterations.maps())?);
        }
        let program = builder.finish();
        let align = self.align.get(&expr.address()).cloned();
        let stage = self.lower(&body.roots, iterations, program, &values, align)?;
        self.stages.push(stage);
        let output = StageOutput {
            stage: self.stages.len() - 1,
            output: 0,
        };
        self.outputs.insert(expr.address(), output);
        Ok(())
    }

    fn lower(
        &self,
        roots: &[Expr],
        iterations: Iterations,
        program: Program,
        values: &[Value],
        align: Option<Grid>,
    ) -> Result<Stage> {
        let Iterations {
            kept, domain, grid, ..
        } = iterations;
        let outputs = roots.iter().map(output).collect::<Result<Vec<_>>>()?;
        let reduces = outputs.iter().any(|o| o.fold.is_some());
        let strides = Strides::new(self, &program, domain.len());
        let lane = strides.best_lane(&program, &domain, kept, &grid);
        let across = if reduces {
            None
        } else {
            strides.across(lane, &domain)
        };
        let stored = program
            .operands
            .iter()
            .any(|o| memory::is_buffered(&self.sources, o));
        let tiling = tile::tiling(&Question {
            domain: &domain,
            kept,
            grid: &grid,
            stored,
            align: align.as_ref().filter(|_| !reduces),
            lane,
            across,
            target: self.target,
        });
        let layout = Layout {
            axes: domain.len(),
            operands: program.operands.len(),
            affines: program.affines.len(),
            outputs: outputs.len(),
        };
        let lane_strides = strides.known(lane);
        let kernel = if reduces {
            let reductions: Vec<Reduction> = outputs
                .iter()
                .zip(values)
                .filter_map(|(o, &value)| o.fold.map(|(fold, _)| Reduction { value, fold }))
                .collect();
            if lane < kept {
                rows::lower(&program, layout, lane_strides, kept, lane, &reductions)
            } else {
                leaves::lower(&program, layout, lane_strides, kept, &reductions)
            }
        } else {
            let contiguous = lane + 1 == domain.len();
            let nest = map::Nest {
                lane,
                across,
                contiguous,
            };
            map::lower(&program, layout, lane_strides, &nest, values[0])
        };
        let work = self.work(&program, &domain, &outputs);
        Ok(Stage {
            label: label(roots, &program),
            domain,
            kept,
            grid,
            operands: program.operands,
            affines: program.affines,
            scalars: program.scalars,
            outputs,
            tiling,
            kernel,
            work,
        })
    }

    fn work(&self, program: &Program, domain: &[i64], outputs: &[Output]) -> Work {
        let iterations = domain.iter().map(|&n| n as f64).product::<f64>();
        let count = |wanted: fn(&Op) -> bool| {
            program.ops.iter().filter(|op| wanted(op)).count() as f64 * iterations
        };
        let mut work = Work {
            elements: count(|op| matches!(op, Op::Step { .. })),
            drawn: count(|op| matches!(op, Op::Draw(..) | Op::DrawInteger { .. })),
            ..Work::default()
        };
        if outputs.iter().any(|o| o.fold.is_some()) {
            work.elements += iterations * outputs.len() as f64;
        }
        for output in outputs {
            let n = element_count(&output.shape).unwrap_or(i64::MAX) as f64;
            work.bytes_stored += n * output.dtype.itemsize() as f64;
        }
        let mut seen: Vec<&Piece> = Vec::new();
        for piece in program.operands.iter().flat_map(|o| &o.pieces) {
            let Input::Source(k) = piece.input else {
                continue;
            };
            let Place::Stored { grid, .. } = &self.sources[k].place else {
                continue;
            };
            if seen.contains(&piece) || iterations == 0.0 {
                continue;
            }
            seen.push(piece);
            let chunks = touched(piece, domain, grid);
            let longest = grid.longest();
            let bytes = chunks
                .iter()
                .zip(&longest)
                .map(|(&n, &len)| n as f64 * len as f64);
            work.chunks += chunks.iter().map(|&n| n as f64).product::<f64>();
            work.bytes_read += bytes.product::<f64>() * self.sources[k].dtype.itemsize() as f64;
        }
        work
    }
}

fn output(root: &Expr) -> Result<Output> {
    let (fold, empty) = match (&root.op().family, root.attr(), root.args()) {
        (Family::Reduce(row), Attr::Axes(axes), [x]) => {
            let count = axes.iter().map(|&axis| x.shape()[axis]).product();
            let fold = ((row.fold)(x.dtype()), (row.finish)(count));
            (
                Some(fold),
                (row.empty)(x.dtype()).unwrap_or(Scalar::zero(root.dtype())),
            )
        }
        _ => (None, Scalar::zero(root.dtype())),
    };
    Ok(Output {
        dtype: root.dtype(),
        shape: root.shape().into(),
        grid: root.grid().clone(),
        fold,
        empty,
    })
}

fn label(roots: &[Expr], program: &Program) -> String {
    let name = |root: &Expr| match root.attr() {
        Attr::Axes(axes) if matches!(root.op().family, Family::Reduce(_)) => {
            let axes: Vec<String> = axes.iter().map(usize::to_string).collect();
            match &axes[..] {
                [only] => format!("{} axis={only}", root.op().name),
                _ => format!("{} axis=({})", root.op().name, axes.join(", ")),
            }
        }
        _ => root.op().name.to_owned(),
    };
    let names: Vec<String> = roots.iter().map(name).collect();
    let steps = program
        .ops
        .iter()
        .filter(|op| matches!(op, Op::Step { .. }))
        .count();
    let fused = if steps > 1 { "fused " } else { "" };
    format!("{fused}{}", names.join(", "))
}

/// Where each operand's neighbours lie in memory, in elements; `None` for tile buffers, whose
/// order follows the lanes.
struct Strides {
    operands: Vec<Option<Affine>>,
    depends: Vec<Vec<bool>>,
}

impl Strides {
    fn new(planner: &Planner, program: &Program, axes: usize) -> Strides {
        let operands = program.operands.iter().map(|operand| {
            let piece = operand.pieces.first()?;
            if memory::is_buffered(&planner.sources, operand) {
                return None;
            }
            Some(Affine::linear(&piece.maps, &planner.strides(piece), axes))
        });
        let depends = program
            .operands
            .iter()
            .map(|o| (0..axes).map(|axis| memory::depends(o, axis)).collect())
            .collect();
        Strides {
            operands: operands.collect(),
            depends,
        }
    }

    /// The iteration axis along which the most operands are contiguous.
    fn best_lane(&self, program: &Program, domain: &[i64], kept: usize, grid: &Grid) -> usize {
        let axes = domain.len();
        let reduces = kept < axes;
        let score = |axis: usize| {
            let jumps = |map: &Affine| i64::from(map.coefs[axis].abs() > 1);
            let direct = self.operands.iter().flatten().map(jumps).sum::<i64>() * 4;
            let drawn = program.affines.iter().map(jumps).sum::<i64>();
            let output = i64::from(!reduces && axis + 1 != axes) * 4;
            let run = if axis < kept {
                domain[axis]
            } else {
                grid.axes[kept..]
                    .iter()
                    .fold(1, |n: i64, a| n.saturating_mul(a.longest()))
            };
            let short = i64::from(run < 32) * 6 + i64::from(run < 8) * 6;
            // Stored arrays are C order: their last axis is the one that lies contiguous.
            let buffered = self.operands.iter().zip(&self.depends);
            let gathers = buffered
                .filter(|(o, depends)| {
                    let stored_last = depends.iter().rposition(|&d| d);
                    o.is_none() && stored_last.is_some_and(|last| last != axis)
                })
                .count() as i64;
            direct + drawn + output + short + gathers
        };
        let candidates: Vec<usize> = if reduces {
            (0..kept).chain([axes - 1]).collect()
        } else {
            (0..axes).collect()
        };
        candidates
            .into_iter()
            .rev()
            .min_by_key(|&axis| score(axis))
            .unwrap_or(0)
    }

    /// An axis along which some operand is contiguous that jumps along the lanes.
    fn across(&self, lane: usize, domain: &[i64]) -> Option<usize> {
        self.operands.iter().flatten().find_map(|map| {
            let jumps = map.coefs.get(lane).is_some_and(|c| c.abs() > 1) && domain[lane] > 16;
            let along = (0..domain.len()).find(|&k| map.coefs[k].abs() == 1 && domain[k] > 16);
            along.filter(|&axis| jumps && axis != lane)
        })
    }

    /// Strides along the lanes that kernels may rely on.
    fn known(&self, lane: usize) -> Vec<Option<i64>> {
        self.operands
            .iter()
            .zip(&self.depends)
            .map(|(operand, depends)| match operand {
                None => Some(i64::from(depends.get(lane).copied().unwrap_or(false))),
                Some(map) => {
                    let stride = map.coefs.get(lane).copied().unwrap_or(0);
                    Some(stride).filter(|s| (0..=1).contains(s))
                }
            })
            .collect()
    }
}

impl Planner {
    /// Elements between neighbours along each axis of a piece.
    fn strides(&self, piece: &Piece) -> Shape {
        if let Input::Source(k) = piece.input
            && let Place::Memory { handle } = self.sources[k].place
            && let Some(array) = self.handles.get(handle)
        {
            return array.strides.clone();
        }
        c_strides(&piece.shape)
    }
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
    piece.maps.iter().zip(&grid.axes).map(along).collect()
}

/// Whether more than one task reads a stored chunk of this piece.
pub(crate) fn rereads(stage: &Stage, operand: &Operand, piece: &Piece, grid: &Grid) -> bool {
    let aligned = |(map, axis): (&Affine, &AxisGrid)| match map.only_axis() {
        _ if map.is_constant() => true,
        Some(k) => {
            let chunks = axis.slice(AxisRange::new(map.base, map.coefs[k], stage.domain[k]));
            let tiles = stage.tiling.kept.get(k).unwrap_or(&stage.grid.axes[k]);
            chunks.union(tiles) == chunks
        }
        None => false,
    };
    // Tiles along an axis that the piece does not depend on read the same chunks again.
    let repeats =
        (0..stage.kept).any(|k| stage.tiling.kept[k].chunks() > 1 && !memory::depends(operand, k));
    let within = matches!(stage.tiling.span, tile::Span::Leaves(_));
    let twice = stage.operands.iter().flat_map(|o| &o.pieces);
    let twice = twice.filter(|p| p.input == piece.input).count() > 1;
    repeats || within || twice || !piece.maps.iter().zip(&grid.axes).all(aligned)
}

/// Element types are part of a plan's text.
impl Operand {
    /// Bytes per element.
    pub fn itemsize(&self) -> usize {
        let dtype: DType = self.dtype;
        dtype.itemsize()
    }
}
