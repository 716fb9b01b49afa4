//! A reduction whose lanes run along the reduced axes, leaf by leaf.
//!
//! A leaf of one reduced axis is one run of lanes. A leaf of several is a run for each row it
//! touches; a run knows how many elements came before it, so that element `i` of the leaf goes to
//! lane `i % 8` wherever rows end.

use super::count;
use super::emit::{Emitter, Run, Sink};
use super::layout::Layout;
use super::pairs;
use super::state::{self, Memory, Reduction};
use crate::program::{Program, Value};
use crate::tile::Leaves;
use tilewright_core::tree::LEAF;
use tilewright_kernel::ir::Place;
use tilewright_kernel::{Index, Kernel, Slot, Stmt};

/// The loops of a reduction leaf by leaf.
pub struct Nest {
    /// Kept axes, which come first.
    pub kept: usize,
    /// What a leaf is.
    pub leaves: Leaves,
    /// Elements of the longest chunk.
    pub elements: i64,
}

/// The kernel that reduces a piece of a chunk for every kept index.
pub fn lower(
    program: &Program,
    layout: Layout,
    lane_strides: Vec<Option<i64>>,
    nest: &Nest,
    reductions: &[Reduction],
) -> Kernel {
    let mut emitter = Emitter::new(program, layout, lane_strides);
    let memories: Vec<Memory> = reductions
        .iter()
        .map(|&r| Memory::new(&mut emitter, r, 1, LEAF, nest.leaves == Leaves::Single))
        .collect();
    let body = loops(&mut emitter, nest, &memories);
    state::kernel(emitter, reductions, body)
}

fn loops(emitter: &mut Emitter<'_>, nest: &Nest, memories: &[Memory]) -> Vec<Stmt> {
    let kept = nest.kept;
    let several = nest.leaves == Leaves::Own && nest.elements >= pairs::LEAST;
    let layout = emitter.layout;
    let (leaves, count_leaves) = count::count_leaves(emitter);
    let one = Index::Const(1);
    let vars: Vec<u32> = (0..kept).map(|_| emitter.var()).collect();
    let mut point: Vec<Index> = vars.iter().map(|&var| Index::Var(var)).collect();
    point.resize(layout.axes, Index::Const(0));

    let (mut body, taken) = match several && pairs::pay(emitter, kept, memories) {
        true => pairs::lower(emitter, kept, &point, memories),
        false => (Vec::new(), Index::Const(0)),
    };
    let leaf_var = emitter.var();
    let (first_var, count_var) = (emitter.var(), emitter.var());
    let leaf = taken.clone() + Index::Var(leaf_var);
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
    let mut origin = point.clone();
    origin[kept] = first.clone();
    leaf_body.extend(if layout.axes - kept == 1 {
        let run = Run {
            count: count.clone(),
            point: origin.clone(),
            lane: kept,
        };
        emitter.run(&run, &roots(emitter, memories, &Index::Const(0)))
    } else {
        by_rows(emitter, kept, &point, memories, &first, &count)
    });
    let shape = state::Leaf {
        point: origin,
        axis: kept,
        rows: count,
        width: one.clone(),
    };
    for memory in memories {
        leaf_body.extend(memory.finish_leaf(layout, &shape, (&leaf, &leaves)));
    }

    body.push(Stmt::Loop {
        var: leaf_var,
        count: leaves.clone() - taken,
        body: leaf_body,
    });
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
    body.insert(0, count_leaves);
    body
}

/// Folds each reduction's value, or keeps its elements, of which `before` have come.
fn roots(emitter: &Emitter<'_>, memories: &[Memory], before: &Index) -> Vec<(Value, Sink)> {
    let sink = |memory: &Memory| {
        let value = memory.reduction.value;
        let dtype = emitter.program.dtypes[value];
        let sink = match memory.block {
            Some(slot) => Sink::Store {
                dtype,
                place: Place {
                    slot,
                    offset: before.clone(),
                },
                stride: Index::Const(1),
            },
            None => {
                let (rows, before) = (memory.clone(), before.clone());
                Sink::Ops(Box::new(move |a, ops| {
                    rows.fold_along(a, dtype, &before, ops);
                }))
            }
        };
        (value, sink)
    };
    memories.iter().filter(|m| m.walks()).map(sink).collect()
}

/// A leaf that spans rows of the last reduced axis, row by row.
fn by_rows(
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
            value: first.clone().max(row_start.clone()),
        },
    ];
    let mut point = point.to_vec();
    body.extend(count::unflatten(emitter, number, kept..last, &mut point));
    point[last] = from.clone() - row_start;
    let run = Run {
        count: end - from.clone(),
        point,
        lane: last,
    };
    let before = from - first.clone();
    let roots = roots(emitter, memories, &before);
    body.extend(emitter.run(&run, &roots));
    vec![Stmt::Loop {
        var: row_var,
        count: last_row - first_row + 1,
        body,
    }]
}
