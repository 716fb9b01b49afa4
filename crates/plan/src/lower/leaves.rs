//! A reduction whose lanes run along the reduced axes, leaf by leaf.
//!
//! A leaf of one reduced axis is one run of lanes. A leaf of several is gathered row by row into a
//! block first, so that lane `i % 8` holds wherever rows end.

use super::emit::{Emitter, Run, Sink};
use super::layout::Layout;
use super::state::{self, Memory, Reduction};
use crate::program::{Program, Value};
use tilewright_core::tree::LEAF;
use tilewright_kernel::ir::Place;
use tilewright_kernel::{Index, Kernel, LaneOp, Slot, Stmt};

/// The kernel that reduces a piece of a chunk for every kept index; `kept` axes come first.
pub fn lower(
    program: &Program,
    layout: Layout,
    lane_strides: Vec<Option<i64>>,
    kept: usize,
    reductions: &[Reduction],
) -> Kernel {
    let mut emitter = Emitter::new(program, layout, lane_strides);
    let memories: Vec<Memory> = reductions
        .iter()
        .map(|&r| Memory::new(&mut emitter, r, 1))
        .collect();
    let body = loops(&mut emitter, kept, &memories);
    state::kernel(program, emitter, reductions, body)
}

fn loops(emitter: &mut Emitter<'_>, kept: usize, memories: &[Memory]) -> Vec<Stmt> {
    let layout = emitter.layout;
    let one = Index::Const(1);
    let vars: Vec<u32> = (0..kept).map(|_| emitter.var()).collect();
    let mut point: Vec<Index> = vars.iter().map(|&var| Index::Var(var)).collect();
    point.resize(layout.axes, Index::Const(0));

    let leaf_var = emitter.var();
    let (first_var, count_var) = (emitter.var(), emitter.var());
    let leaf = Index::Var(leaf_var);
    let first = layout.from() + leaf.clone() * layout.leaf();
    let mut leaf_body = vec![
        Stmt::Let {
            var: first_var,
            value: first.clone(),
        },
        Stmt::Let {
            var: count_var,
            value: layout.leaf().min(layout.to() - first),
        },
    ];
    let (first, count) = (Index::Var(first_var), Index::Var(count_var));
    for memory in memories {
        leaf_body.extend(memory.clear(&one));
    }
    leaf_body.extend(if layout.axes - kept == 1 {
        let mut point = point.clone();
        point[kept] = first;
        let run = Run {
            count: count.clone(),
            point,
            lane: kept,
        };
        emitter.run(&run, &roots(emitter, memories))
    } else {
        gathered(emitter, kept, &point, memories, &first, &count)
    });
    for memory in memories {
        leaf_body.extend(memory.finish_leaf(&count, &leaf, &one));
    }

    let leaves = (layout.to() - layout.from() + layout.leaf() - 1) / layout.leaf();
    let mut body = vec![Stmt::Loop {
        var: leaf_var,
        count: leaves.clone(),
        body: leaf_body,
    }];
    for (k, memory) in memories.iter().enumerate() {
        let slot = Slot::Buffer(layout.output_buffer(k));
        let out = Place {
            slot,
            offset: layout.output_at(k, &point[..kept]),
        };
        body.extend(memory.store(&leaves, &one, &out, &one, &layout.component_stride()));
    }
    for axis in (0..kept).rev() {
        body = vec![Stmt::Loop {
            var: vars[axis],
            count: layout.extent(axis),
            body,
        }];
    }
    body
}

/// Folds each reduction's value, or keeps its elements.
fn roots(emitter: &Emitter<'_>, memories: &[Memory]) -> Vec<(Value, Sink)> {
    let sink = |memory: &Memory| {
        let value = memory.reduction.value;
        let dtype = emitter.program.dtypes[value];
        let sink = match memory.block {
            Some(slot) => Sink::Store {
                dtype,
                place: state::at(slot, 0),
                stride: Index::Const(1),
            },
            None => {
                let rows = memory.clone();
                Sink::Ops(Box::new(move |a, ops| rows.fold_along(a, dtype, ops)))
            }
        };
        (value, sink)
    };
    memories.iter().map(sink).collect()
}

/// A leaf that spans rows of the last reduced axis: each value into a block, then the block folds.
fn gathered(
    emitter: &mut Emitter<'_>,
    kept: usize,
    point: &[Index],
    memories: &[Memory],
    first: &Index,
    count: &Index,
) -> Vec<Stmt> {
    let layout = emitter.layout;
    let last = layout.axes - 1;
    let length = layout.extent(last);
    let (row_var, number_var, from_var) = (emitter.var(), emitter.var(), emitter.var());
    let first_row = first.clone() / length.clone();
    let last_row = (first.clone() + count.clone() - 1) / length.clone();
    let number = Index::Var(number_var);
    let row_start = number.clone() * length.clone();
    let from = Index::Var(from_var);
    let end = (first.clone() + count.clone()).min(row_start.clone() + length);
    let mut body = vec![
        Stmt::Let {
            var: number_var,
            value: first_row.clone() + Index::Var(row_var),
        },
        Stmt::Let {
            var: from_var,
            value: first.clone().max(row_start),
        },
    ];
    let mut point = point.to_vec();
    body.extend(state::unflatten(emitter, from.clone(), kept, &mut point));
    let run = Run {
        count: end - from.clone(),
        point,
        lane: last,
    };

    let mut blocks: Vec<(Value, Slot)> = Vec::new();
    for memory in memories {
        let value = memory.reduction.value;
        if !blocks.iter().any(|b| b.0 == value) {
            let dtype = emitter.program.dtypes[value];
            let slot = memory.block.unwrap_or_else(|| emitter.scratch(dtype, LEAF));
            blocks.push((value, slot));
        }
    }
    let offset = from - first.clone();
    let roots: Vec<(Value, Sink)> = blocks
        .iter()
        .map(|&(value, slot)| {
            let place = Place {
                slot,
                offset: offset.clone(),
            };
            let dtype = emitter.program.dtypes[value];
            (
                value,
                Sink::Store {
                    dtype,
                    place,
                    stride: Index::Const(1),
                },
            )
        })
        .collect();
    body.extend(emitter.run(&run, &roots));
    let rows = last_row - first_row + 1;
    let mut stmts = vec![Stmt::Loop {
        var: row_var,
        count: rows,
        body,
    }];
    for memory in memories {
        let value = memory.reduction.value;
        let Some(&(_, slot)) = blocks.iter().find(|b| b.0 == value) else {
            continue;
        };
        let dtype = emitter.program.dtypes[value];
        let place = state::at(slot, 0);
        let mut ops = vec![LaneOp::Load {
            dtype,
            place,
            stride: Index::Const(1),
        }];
        match memory.block {
            Some(block) if block == slot => continue,
            Some(block) => ops.push(LaneOp::Store {
                dtype,
                place: state::at(block, 0),
                stride: Index::Const(1),
                a: 0,
            }),
            None => memory.clone().fold_along(0, dtype, &mut ops),
        }
        stmts.push(Stmt::Lanes {
            count: count.clone(),
            ops,
        });
    }
    stmts
}
