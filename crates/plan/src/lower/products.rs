//! A reduction of products of two matrices, block by block of both outputs.
//!
//! For every index of the other kept axes: blocks of lines and columns, each leaf of the reduced axis by
//! one slice function, leaf states through the binary counter. So an element of either matrix is
//! read once for many of the other's, where rows of one output after another would read it anew.

use super::count;
use super::emit::Emitter;
use super::layout::Layout;
use super::state::{self, Memory, Reduction};
use crate::program::Program;
use tilewright_core::tree::LEAF;
use tilewright_kernel::ir::Place;
use tilewright_kernel::{Index, Kernel, LaneOp, SliceFn, Slot, Stmt};

/// Lines of a block, and columns: a leaf of either is 256 KiB of f64, so that both are packed in a
/// second-level cache.
const BLOCK: [i64; 2] = [64, 64];

/// The matrices of a stage.
#[derive(Clone, Copy, Debug)]
pub struct Matrices {
    /// The operand with lines, the one with columns.
    pub operands: [usize; 2],
    /// The kept axis of lines, the one of columns.
    pub axes: [usize; 2],
}

/// The kernel that reduces a piece of a chunk; `kept` axes come first, one is reduced.
pub fn lower(
    program: &Program,
    layout: Layout,
    kept: usize,
    matrices: Matrices,
    reduction: Reduction,
) -> Kernel {
    let mut emitter = Emitter::new(program, layout, vec![None; program.operands.len()]);
    let memory = Memory::of_states(&mut emitter, reduction, BLOCK[0] * BLOCK[1]);
    let dtype = reduction.fold.dtype();
    let packed = BLOCK.map(|edge| state::at(emitter.scratch(dtype, LEAF * edge), 0));
    let body = loops(&mut emitter, kept, matrices, &memory, packed);
    state::kernel(emitter, &[reduction], body)
}

fn loops(
    emitter: &mut Emitter<'_>,
    kept: usize,
    matrices: Matrices,
    memory: &Memory,
    [packed_a, packed_b]: [Place; 2],
) -> Vec<Stmt> {
    let layout = emitter.layout;
    let (leaves, count_leaves) = count::count_leaves(emitter);
    let vars: Vec<u32> = (0..kept).map(|_| emitter.var()).collect();
    let mut point: Vec<Index> = vars.iter().map(|&var| Index::Var(var)).collect();
    point.resize(layout.axes, Index::Const(0));
    let mut body = Vec::new();
    let sizes: [Index; 2] = std::array::from_fn(|k| {
        let (axis, size) = (matrices.axes[k], emitter.var());
        point[axis] = Index::Var(vars[axis]) * BLOCK[k];
        let value = Index::from(BLOCK[k]).min(layout.extent(axis) - point[axis].clone());
        body.push(Stmt::Let { var: size, value });
        Index::Var(size)
    });
    let [lines, columns] = sizes;
    let width = lines.clone() * columns.clone();

    let (leaf_var, first_var) = (emitter.var(), emitter.var());
    let (leaf, first) = (Index::Var(leaf_var), Index::Var(first_var));
    let mut origin = point.clone();
    origin[kept] = first.clone();
    let [a, b] = matrices.operands.map(|operand| Place {
        slot: Slot::Buffer(operand as u32),
        offset: layout.operand_at(operand, &origin),
    });
    let [a_steps, b_steps] = [0, 1].map(|k| {
        let along = |axis| layout.operand_coef(matrices.operands[k], axis);
        [along(kept), along(matrices.axes[k])]
    });
    let rows = layout.leaf().min(layout.to() - first);
    let sizes = [rows, lines.clone(), columns.clone()];
    let leaf_body = vec![
        Stmt::Let {
            var: first_var,
            value: layout.from() + leaf.clone() * layout.leaf(),
        },
        Stmt::Call {
            function: SliceFn::ProductsLeaf(memory.reduction.fold.dtype()),
            ints: sizes.into_iter().chain(a_steps).chain(b_steps).collect(),
            places: vec![memory.state(), a, b, packed_a, packed_b],
        },
        memory.push(&leaf, &leaves, &width),
    ];
    body.push(Stmt::Loop {
        var: leaf_var,
        count: leaves.clone(),
        body: leaf_body,
    });
    body.push(memory.root(&leaves, &width));
    body.push(store(emitter, matrices, memory, &point, [lines, columns]));
    for axis in (0..kept).rev() {
        let block = matrices.axes.iter().position(|&a| a == axis);
        let count = match block {
            Some(k) => (layout.extent(axis) + (BLOCK[k] - 1)) / BLOCK[k],
            None => layout.extent(axis),
        };
        let var = vars[axis];
        body = vec![Stmt::Loop { var, count, body }];
    }
    body.insert(0, count_leaves);
    body
}

/// Stores a block's states, line by line.
fn store(
    emitter: &mut Emitter<'_>,
    matrices: Matrices,
    memory: &Memory,
    point: &[Index],
    [lines, columns]: [Index; 2],
) -> Stmt {
    let (layout, line) = (emitter.layout, emitter.var());
    let dtype = memory.reduction.fold.dtype();
    let kept = point.len() - 1;
    let mut point = point[..kept].to_vec();
    let [axis, across] = matrices.axes;
    point[axis] = point[axis].clone() + Index::Var(line);
    let mut from = memory.state();
    from.offset = Index::Var(line) * columns.clone();
    let load = LaneOp::Load {
        dtype,
        place: from,
        stride: Index::Const(1),
    };
    let store = LaneOp::Store {
        dtype,
        place: Place {
            slot: Slot::Buffer(layout.output_buffer(0)),
            offset: layout.output_at(0, &point),
        },
        stride: layout.output_coef(0, across),
        a: 0,
    };
    Stmt::Loop {
        var: line,
        count: lines,
        body: vec![Stmt::Lanes {
            count: columns,
            ops: vec![load, store],
        }],
    }
}
