//! A reduction whose lanes run along a kept axis, row by row.
//!
//! Rows of the reduced axes are added into eight rows of accumulators; four rows of one lane at a
//! time where the body allows it, so that an accumulator is loaded and stored once for four
//! additions. Never column by column.

use super::count;
use super::emit::{BLOCK, Emitter, Run, Sink, calls};
use super::layout::Layout;
use super::renumber::renumber;
use super::state::{self, Memory, Reduction};
use crate::program::{Program, Value};
use tilewright_core::tree::{LANES, LEAF};
use tilewright_kernel::ir::Place;
use tilewright_kernel::{Fold, Index, Kernel, Slot, Stmt};

/// Outputs of one run at most: what is read of a row is long enough for memory to stream, and eight
/// rows of accumulators are 64 KiB of f64.
const WIDTH: i64 = 1024;
/// Elements of a leaf's run where they are read first and looked at again: 256 KiB of f64, from 64 outputs
/// of a leaf of 512 rows to [`WIDTH`] of one of 32.
const KEPT: i64 = 64 * LEAF;
/// Rows of one lane taken together.
const TOGETHER: i64 = 4;

/// The loops of a reduction row by row.
pub struct Nest {
    /// Kept axes, which come first.
    pub kept: usize,
    /// The one of them that has the lanes.
    pub lane: usize,
    /// Whether every leaf is one row.
    pub single: bool,
}

/// The kernel that reduces a piece of a chunk.
pub fn lower(
    program: &Program,
    layout: Layout,
    lane_strides: Vec<Option<i64>>,
    nest: &Nest,
    reductions: &[Reduction],
) -> Kernel {
    let mut emitter = Emitter::new(program, layout, lane_strides);
    let widest = if calls(program) { BLOCK } else { WIDTH };
    let memories: Vec<Memory> = reductions
        .iter()
        .map(|&r| match nest.single && r.fold != Fold::Moments {
            true => Memory::of_single_elements(&mut emitter, r, widest),
            false => Memory::new(&mut emitter, r, widest, KEPT, false),
        })
        .collect();
    // Elements that are walked once are looked at again while the second cache holds them.
    let moments = reductions.iter().any(|r| r.fold == Fold::Moments);
    let limit = if moments && memories.iter().any(Memory::walks) {
        let rows = layout.leaf().min(layout.to() - layout.from());
        (Index::Const(KEPT) / rows).min(widest)
    } else {
        Index::Const(widest)
    };
    let body = loops(&mut emitter, nest, limit, &memories);
    state::kernel(emitter, reductions, body)
}

fn loops(
    emitter: &mut Emitter<'_>,
    &Nest { kept, lane, single }: &Nest,
    limit: Index,
    memories: &[Memory],
) -> Vec<Stmt> {
    let layout = emitter.layout;
    let (leaves, count_leaves) = count::count_leaves(emitter);
    let vars: Vec<u32> = (0..kept).map(|_| emitter.var()).collect();
    let mut point: Vec<Index> = vars.iter().map(|&var| Index::Var(var)).collect();
    point.resize(layout.axes, Index::Const(0));
    let (block, width_var) = (emitter.var(), emitter.var());
    point[lane] = Index::Var(block) * limit.clone();
    let width = Index::Var(width_var);
    let extent = layout.extent(lane);
    let name_width = Stmt::Let {
        var: width_var,
        value: limit.clone().min(extent.clone() - point[lane].clone()),
    };

    let leaf_var = emitter.var();
    let (first_var, rows_var) = (emitter.var(), emitter.var());
    let leaf = Index::Var(leaf_var);
    let first = layout.from() + leaf.clone() * layout.leaf();
    let mut leaf_body = vec![
        Stmt::Let {
            var: first_var,
            value: first.clone(),
        },
        Stmt::Let {
            var: rows_var,
            value: layout.leaf().min(layout.to() - first),
        },
    ];
    let shape = Leaf {
        kept,
        lane,
        width: width.clone(),
        first: Index::Var(first_var),
        rows: Index::Var(rows_var),
        single,
    };
    for memory in memories {
        leaf_body.extend(memory.clear(&width));
    }
    leaf_body.extend(rows(emitter, &shape, &point, memories));
    let mut origin = point.clone();
    origin[kept] = shape.first;
    let whole = state::Leaf {
        point: origin,
        axis: kept,
        rows: shape.rows,
        width: width.clone(),
    };
    for memory in memories {
        leaf_body.extend(memory.finish_leaf(layout, &whole, (&leaf, &leaves)));
    }

    let mut body = vec![
        name_width,
        Stmt::Loop {
            var: leaf_var,
            count: leaves.clone(),
            body: leaf_body,
        },
    ];
    for (k, memory) in memories.iter().enumerate() {
        let slot = Slot::Buffer(layout.output_buffer(k));
        let out = Place {
            slot,
            offset: layout.output_at(k, &point[..kept]),
        };
        let (stride, apart) = (layout.output_coef(k, lane), layout.component_stride());
        body.extend(memory.store(&leaves, &width, &out, &stride, &apart));
    }
    let mut body = vec![Stmt::Loop {
        var: block,
        count: (extent + limit.clone() - 1) / limit,
        body,
    }];
    for axis in (0..kept).rev().filter(|&axis| axis != lane) {
        body = vec![Stmt::Loop {
            var: vars[axis],
            count: layout.extent(axis),
            body,
        }];
    }
    body.insert(0, count_leaves);
    body
}

/// One leaf of one run of outputs.
struct Leaf {
    kept: usize,
    lane: usize,
    width: Index,
    first: Index,
    rows: Index,
    single: bool,
}

/// All rows of a leaf.
fn rows(emitter: &mut Emitter<'_>, leaf: &Leaf, point: &[Index], memories: &[Memory]) -> Vec<Stmt> {
    let walked: Vec<Memory> = memories.iter().filter(|m| m.walks()).cloned().collect();
    let memories = &walked[..];
    if memories.is_empty() {
        return Vec::new();
    }
    let row = emitter.var();
    let one =
        |emitter: &mut Emitter<'_>, index: Index| one_row(emitter, leaf, point, memories, index);
    let keeps_elements = memories.iter().any(|m| m.block.is_some());
    if calls(emitter.program) || keeps_elements || leaf.single {
        let body = one(emitter, Index::Var(row));
        return vec![Stmt::Loop {
            var: row,
            count: leaf.rows.clone(),
            body,
        }];
    }
    let group_size = LANES as i64 * TOGETHER;
    let (group, lane) = (emitter.var(), emitter.var());
    let whole = leaf.rows.clone() / group_size;
    let first = Index::Var(group) * group_size + Index::Var(lane);
    let together = together(emitter, leaf, point, memories, &first, &Index::Var(lane));
    let inner = Stmt::Loop {
        var: lane,
        count: Index::Const(LANES as i64),
        body: together,
    };
    let rest = leaf.rows.clone() % group_size;
    let tail = one(emitter, whole.clone() * group_size + Index::Var(row));
    vec![
        Stmt::Loop {
            var: group,
            count: whole,
            body: vec![inner],
        },
        Stmt::Loop {
            var: row,
            count: rest,
            body: tail,
        },
    ]
}

/// Row `index` of the leaf.
fn one_row(
    emitter: &mut Emitter<'_>,
    leaf: &Leaf,
    point: &[Index],
    memories: &[Memory],
    index: Index,
) -> Vec<Stmt> {
    let (axes, mut point) = (emitter.layout.axes, point.to_vec());
    let flat = leaf.first.clone() + index.clone();
    let mut stmts = count::unflatten(emitter, flat, leaf.kept..axes, &mut point);
    let run = Run {
        count: leaf.width.clone(),
        point,
        lane: leaf.lane,
    };
    let lane = index.clone() % LANES as i64;
    let roots: Vec<(Value, Sink)> = memories
        .iter()
        .map(|memory| {
            let value = memory.reduction.value;
            let dtype = emitter.program.dtypes[value];
            let sink = match memory.block {
                Some(slot) => {
                    let offset = index.clone() * leaf.width.clone();
                    let place = Place { slot, offset };
                    Sink::Store {
                        dtype,
                        place,
                        stride: Index::Const(1),
                    }
                }
                None if leaf.single => setting(memory, dtype, leaf.width.clone()),
                None => folding(memory, dtype, lane.clone(), leaf.width.clone()),
            };
            (value, sink)
        })
        .collect();
    stmts.extend(emitter.run(&run, &roots));
    stmts
}

/// A sink that adds one row into a lane's accumulators.
fn folding(memory: &Memory, dtype: tilewright_core::DType, lane: Index, width: Index) -> Sink {
    let rows = memory.clone();
    Sink::Ops(Box::new(move |a, ops| {
        rows.fold_rows(&[a], dtype, &lane, &width, ops)
    }))
}

/// A sink that makes one row the leaf's state.
fn setting(memory: &Memory, dtype: tilewright_core::DType, width: Index) -> Sink {
    let leaf = memory.clone();
    Sink::Ops(Box::new(move |a, ops| leaf.set(a, dtype, &width, ops)))
}

/// Four rows of one lane, `LANES` rows apart.
fn together(
    emitter: &mut Emitter<'_>,
    leaf: &Leaf,
    point: &[Index],
    memories: &[Memory],
    first: &Index,
    lane: &Index,
) -> Vec<Stmt> {
    let values: Vec<Value> = memories.iter().map(|m| m.reduction.value).collect();
    let axes = emitter.layout.axes;
    let (mut stmts, mut ops) = (Vec::new(), Vec::new());
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); memories.len()];
    for k in 0..TOGETHER {
        let mut point = point.to_vec();
        let flat = leaf.first.clone() + first.clone() + k * LANES as i64;
        stmts.extend(count::unflatten(emitter, flat, leaf.kept..axes, &mut point));
        let run = Run {
            count: leaf.width.clone(),
            point,
            lane: leaf.lane,
        };
        let (part, made) = emitter.straight(&run, &values);
        let shift = ops.len() as u32;
        ops.extend(part.into_iter().map(|op| renumber(op, shift)));
        for (row, value) in rows.iter_mut().zip(made) {
            row.push(value + shift);
        }
    }
    for (memory, row) in memories.iter().zip(&rows) {
        let dtype = emitter.program.dtypes[memory.reduction.value];
        memory
            .clone()
            .fold_rows(row, dtype, lane, &leaf.width, &mut ops);
    }
    stmts.push(Stmt::Lanes {
        count: leaf.width.clone(),
        ops,
    });
    stmts
}
