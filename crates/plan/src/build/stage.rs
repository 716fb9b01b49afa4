//! How does one fused node become a stage?

use super::functions::Functions;
use super::inputs::Names;
use super::iterations::{Iterations, Kind};
use super::lanes::Strides;
use super::{Planner, SinkShape, blocks, matrices, not_a_stage};
use crate::lower::emit::calls;
use crate::lower::{Layout, along, leaves, map, products, rows, state::Reduction};
use crate::memory;
use crate::plan::{Blocks, Output, Stage, StageOutput, Work};
use crate::program::{Builder, Program, Swaps, Value};
use crate::tile::{self, Leaves, Question};
use tilewright_core::{AxisGrid, Result, Scalar};
use tilewright_expr::Expr;
use tilewright_expr::attr::{Attr, Body};
use tilewright_expr::op::Family;
use tilewright_kernel::Fold;

impl Planner {
    pub(super) fn output_of(&self, expr: &Expr) -> Result<StageOutput> {
        self.outputs
            .get(&expr.address())
            .copied()
            .ok_or_else(|| not_a_stage(expr))
    }

    pub(super) fn stage(&mut self, expr: &Expr, body: &Body, args: &[Expr]) -> Result<()> {
        let arguments = args
            .iter()
            .map(|arg| self.output_of(arg))
            .collect::<Result<Vec<_>>>()?;
        let root = body.roots.first().ok_or_else(|| not_a_stage(expr))?;
        let iterations = Iterations::of(root)?;
        let known = self.sources.len();
        let mut built = self.program(&body.roots, &iterations, &arguments, Swaps::InKernels)?;
        if self.swaps_matrices(&body.roots, &iterations, &built.0, &built.1)? {
            self.sources.truncate(known);
            built = self.program(&body.roots, &iterations, &arguments, Swaps::InCopies)?;
        }
        let (program, values) = built;
        let store = self.stores.get(&expr.address()).cloned();
        let blocks = self.blocks(root);
        let parts = self.parts(expr.address(), &program.operands);
        let chunks = |k: usize| memory::reads_any_chunks(&self.sources, &self.stages[k].operands);
        let stored = parts.positions().any(chunks);
        let of = (program, &values[..], stored);
        let stage = self.lower(&body.roots, iterations, of, store, blocks)?;
        self.settle(parts, &stage);
        self.candidates
            .retain(|_, reader| *reader != expr.address());
        if let Some(&reader) = self.only.get(&expr.address()) {
            self.candidates.insert(self.stages.len(), reader);
        }
        self.stages.push(stage);
        let output = StageOutput {
            stage: self.stages.len() - 1,
            output: 0,
        };
        self.outputs.insert(expr.address(), output);
        Ok(())
    }

    /// The program of a body, and the values that it makes.
    fn program(
        &mut self,
        roots: &[Expr],
        iterations: &Iterations,
        arguments: &[StageOutput],
        swaps: Swaps,
    ) -> Result<(Program, Vec<Value>)> {
        let mut names = Names {
            planner: self,
            arguments,
        };
        let mut builder = Builder::new(iterations.domain.len(), &mut names, swaps);
        let mut values = Vec::new();
        if iterations.kind == Kind::Reduce {
            for root in roots {
                values.push(builder.value(&root.args()[0], iterations.maps(0))?);
            }
        } else {
            for (k, operand) in iterations.operands.iter().enumerate() {
                values.push(builder.value(operand, iterations.maps(k))?);
            }
        }
        Ok((builder.finish(), values))
    }

    /// Whether blocks of matrices would do, were their elements native.
    fn swaps_matrices(
        &self,
        roots: &[Expr],
        iterations: &Iterations,
        program: &Program,
        values: &[Value],
    ) -> Result<bool> {
        if iterations.kind != Kind::Reduce || !program.swaps() {
            return Ok(false);
        }
        let outputs = roots.iter().map(output).collect::<Result<Vec<_>>>()?;
        let strides = Strides::new(self, program, iterations.domain.len());
        let of = (&iterations.domain[..], iterations.kept);
        Ok(matrices::of(program, &strides, &outputs, values, of).is_some())
    }

    fn lower(
        &self,
        roots: &[Expr],
        iterations: Iterations,
        (program, values, stored): (Program, &[Value], bool),
        store: Option<SinkShape>,
        blocks: Option<Blocks>,
    ) -> Result<Stage> {
        let outputs = roots.iter().map(output).collect::<Result<Vec<_>>>()?;
        let reduces = iterations.kind == Kind::Reduce;
        let strides = Strides::new(self, &program, iterations.domain.len());
        let functions = match iterations.kind {
            Kind::Rows => Some(Functions::of(&roots[0], &iterations, values, &strides)?),
            _ => None,
        };
        let Iterations {
            kept, domain, grid, ..
        } = iterations;
        let matrices = match reduces {
            true if !program.swaps() => {
                matrices::of(&program, &strides, &outputs, values, (&domain, kept))
            }
            _ => None,
        };
        let lane = match (&functions, &matrices) {
            (Some(functions), _) => functions.lane(),
            (None, Some(matrices)) => matrices.axes[1],
            (None, None) => strides.best_lane(&program, &domain, kept, &grid),
        };
        let across = if iterations.kind == Kind::Map {
            strides.across(lane, &domain)
        } else {
            None
        };
        let stored = stored || memory::reads_any_chunks(&self.sources, &program.operands);
        let reduced = (lane >= kept).then(|| &grid.axes[kept..]);
        let leaves = leaves(&program, &outputs, reduced);
        let align = store.as_ref().filter(|_| !reduces).map(|store| {
            let mut grid = store.grid.clone();
            if let Some(functions) = &functions {
                functions.without_rows(&mut grid);
            }
            grid
        });
        let question = Question {
            domain: &domain,
            kept,
            grid: &grid,
            stored,
            align: align.as_ref(),
            lane,
            order: match reduces {
                true => strides.kept_order(kept),
                false => (0..kept).rev().collect(),
            },
            across: across.as_ref().map(|across| across.axis),
            lines: matrices.map(|matrices| matrices.axes[0]),
            leaves,
            rows: functions.is_some(),
            target: self.target() * program.narrowness(),
        };
        let mut tiling = match &blocks {
            Some(blocks) => blocks::tiling(blocks, align.as_ref(), lane),
            None => tile::tiling(&question),
        };
        if let Some(functions) = &functions {
            let written = store.as_ref().map(|store| &store.grid);
            functions.in_parts(&question, written, &mut tiling);
        }
        let layout = Layout {
            axes: domain.len(),
            operands: program.operands.len(),
            affines: program.affines.len(),
            outputs: match &blocks {
                Some(_) => values.len(),
                None => outputs.len(),
            },
        };
        let (kernel, rows) = match (&functions, iterations.kind) {
            (Some(functions), _) => {
                let rows = functions.rows(&roots[0], &program, &grid, &tiling);
                let kernel = along::lower(&program, layout, kept, &functions.calls, &rows.buffers);
                (kernel, Some(rows))
            }
            (None, Kind::Reduce) => {
                let lane_strides = strides.known(lane);
                let reduction = |(output, &value): (&Output, &Value)| {
                    let (fold, _) = output.fold?;
                    let in_place = match fold {
                        Fold::Moments => strides.in_place(&program, value, lane, kept),
                        _ => None,
                    };
                    Some(Reduction {
                        value,
                        fold,
                        in_place,
                    })
                };
                let reductions: Vec<Reduction> =
                    outputs.iter().zip(values).filter_map(reduction).collect();
                let kernel = if let (Some(matrices), [reduction]) = (matrices, &reductions[..]) {
                    products::lower(&program, layout, kept, matrices, *reduction)
                } else if lane < kept {
                    let mut reduced = grid.axes[kept..].iter();
                    let single = leaves == Leaves::Own && reduced.all(|axis| axis.longest() <= 1);
                    let nest = rows::Nest { kept, lane, single };
                    rows::lower(&program, layout, lane_strides, &nest, &reductions)
                } else {
                    let lengths = grid.axes[kept..].iter().map(AxisGrid::longest);
                    let elements = lengths.fold(1, i64::saturating_mul);
                    let nest = leaves::Nest {
                        kept,
                        leaves,
                        elements,
                    };
                    leaves::lower(&program, layout, lane_strides, &nest, &reductions)
                };
                (kernel, None)
            }
            _ => {
                let nest = map::Nest {
                    lane,
                    across,
                    contiguous: lane + 1 == domain.len(),
                };
                let lane_strides = strides.known(lane);
                let kernel = map::lower(&program, layout, lane_strides, &nest, values);
                (kernel, None)
            }
        };
        let mut stage = Stage {
            label: label(roots, &program),
            domain,
            kept,
            grid,
            operands: program.operands.clone(),
            affines: program.affines.clone(),
            scalars: program.scalars.clone(),
            outputs,
            rows,
            blocks,
            tiling,
            within: None,
            abreast: None,
            kernel,
            store_bytes: store.map_or(0, |store| store_bytes(roots, &store)),
            work: Work::default(),
        };
        stage.work = self.work(&program, &stage);
        Ok(stage)
    }
}

/// What a kernel takes for a leaf; `reduced` are the grid's reduced axes if lanes run along them.
fn leaves(program: &Program, outputs: &[Output], reduced: Option<&[AxisGrid]>) -> Leaves {
    let all = |wanted: fn(Fold) -> bool| {
        let mut folds = outputs.iter().filter_map(|output| output.fold);
        folds.all(|(fold, _)| wanted(fold))
    };
    // Slice functions take a block, which holds a leaf of the tree.
    if all(Fold::order_free) && !calls(program) {
        return Leaves::Any;
    }
    match reduced {
        Some([axis])
            if axis.uniform(0, axis.chunks()) == Some(1)
                && all(|fold| matches!(fold, Fold::Op(..))) =>
        {
            Leaves::Single
        }
        _ => Leaves::Own,
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

/// Bytes that writing one chunk takes: the chunk and what encoding it takes.
fn store_bytes(roots: &[Expr], store: &SinkShape) -> u64 {
    let itemsize = roots.first().map_or(1, |root| root.dtype().itemsize()) as u64;
    let chunk = store.grid.longest();
    let chunk = chunk
        .iter()
        .fold(itemsize, |n, &len| n.saturating_mul(len.max(1) as u64));
    chunk.saturating_add(store.encode_bytes)
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
        Attr::Blocks(blocks) if !blocks.function.name.is_empty() => {
            format!("{} {}", root.op().name, blocks.function.name)
        }
        Attr::Along(rows) if !rows.chunked => format!("{} axis={}", root.op().name, rows.axis),
        _ => root.op().name.to_owned(),
    };
    let names: Vec<String> = roots.iter().map(name).collect();
    let fused = if program.steps() > 1 { "fused " } else { "" };
    format!("{fused}{}", names.join(", "))
}
