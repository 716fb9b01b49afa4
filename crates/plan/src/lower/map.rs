//! An element-wise stage: loops around one run of lanes.

use super::assemble::assemble;
use super::emit::{BLOCK, Emitter, Run, Sink, calls};
use super::layout::Layout;
use crate::program::{Program, Value};
use crate::tile::SQUARE;
use tilewright_kernel::ir::Place;
use tilewright_kernel::{Index, Kernel, LaneOp, Slot, Stmt};

/// Elements between the rows of a square in scratch memory: a cache line of f64 more than it has,
/// so that the elements of a column do not fall into the same few sets of the cache.
const PITCH: i64 = SQUARE + 8;

/// The loops of an element-wise stage.
pub struct Nest {
    /// The axis along which lanes run.
    pub lane: usize,
    /// An axis walked in squares with the lanes'.
    pub across: Option<Across>,
    /// Whether the output is contiguous along the lanes.
    pub contiguous: bool,
}

/// An axis along which operands are contiguous that jump along the lanes.
pub struct Across {
    /// The axis.
    pub axis: usize,
    /// Those operands, with their strides along the axis where they are 1.
    pub operands: Vec<(usize, Option<i64>)>,
}

/// The kernel that stores these values of the program for every iteration of a tile, each in an
/// output of its own.
pub fn lower(
    program: &Program,
    layout: Layout,
    lane_strides: Vec<Option<i64>>,
    nest: &Nest,
    values: &[Value],
) -> Kernel {
    let mut emitter = Emitter::new(program, layout, lane_strides);
    let body = loops(&mut emitter, nest, values);
    let writes = values.iter().map(|&value| program.dtypes[value]);
    assemble(emitter, writes, body)
}

fn loops(emitter: &mut Emitter<'_>, nest: &Nest, values: &[Value]) -> Vec<Stmt> {
    let axes = emitter.layout.axes;
    let vars: Vec<u32> = (0..axes).map(|_| emitter.var()).collect();
    let mut point: Vec<Index> = vars.iter().map(|&var| Index::Var(var)).collect();
    let extent = emitter.layout.extent(nest.lane);
    let (block, square) = (emitter.var(), emitter.var());
    // Lanes walk the whole axis unless blocks in scratch memory or squares bound them.
    let across = nest.across.as_ref().map(|across| across.axis);
    let size = match (calls(emitter.program), across) {
        (_, Some(_)) => Some(SQUARE),
        (true, None) => Some(BLOCK),
        (false, None) => None,
    };
    let (count, start) = match size {
        None => (extent.clone(), Index::Const(0)),
        Some(size) => {
            let start = Index::Var(block) * size;
            (Index::from(size).min(extent.clone() - start.clone()), start)
        }
    };
    point[nest.lane] = start;
    let mut copies = Vec::new();
    if let Some(across) = &nest.across {
        let start = Index::Var(square) * SQUARE;
        point[across.axis] = start.clone();
        let extent = emitter.layout.extent(across.axis);
        let rows = Index::from(SQUARE).min(extent - start.clone());
        let row = Index::Var(vars[across.axis]);
        copies = copy_squares(emitter, across, nest.lane, &count, &rows, &point, &row);
        point[across.axis] = start + row;
    }
    let run = Run {
        count,
        point,
        lane: nest.lane,
    };
    let stores: Vec<(Value, Sink)> = (values.iter().enumerate())
        .map(|(k, &value)| (value, store(emitter, nest, &run, k, value)))
        .collect();
    let mut body = emitter.run(&run, &stores);
    let blocks = |size: i64, extent: Index| (extent + (size - 1)) / size;
    if let Some(across) = across {
        let start = Index::Var(square) * SQUARE;
        let extent = emitter.layout.extent(across);
        let rows = Index::from(SQUARE).min(extent.clone() - start);
        copies.push(Stmt::Loop {
            var: vars[across],
            count: rows,
            body,
        });
        body = copies;
        body = wrap(
            block,
            size.map(|size| blocks(size, emitter.layout.extent(nest.lane))),
            body,
        );
        body = vec![Stmt::Loop {
            var: square,
            count: blocks(SQUARE, extent),
            body,
        }];
    } else {
        body = wrap(block, size.map(|size| blocks(size, extent)), body);
    }
    for axis in (0..axes)
        .rev()
        .filter(|&a| a != nest.lane && Some(a) != across)
    {
        let count = emitter.layout.extent(axis);
        body = vec![Stmt::Loop {
            var: vars[axis],
            count,
            body,
        }];
    }
    body
}

/// Where a value goes: output `k`.
fn store(emitter: &Emitter<'_>, nest: &Nest, run: &Run, k: usize, value: Value) -> Sink {
    let layout = emitter.layout;
    Sink::Store {
        dtype: emitter.program.dtypes[value],
        place: Place {
            slot: Slot::Buffer(layout.output_buffer(k)),
            offset: layout.output_at(k, &run.point),
        },
        stride: if nest.contiguous {
            Index::Const(1)
        } else {
            layout.output_coef(k, nest.lane)
        },
    }
}

/// Copies a square of each operand that is contiguous across the lanes, line by line along that axis;
/// its loads at `row` of the square read the copy from then on.
fn copy_squares(
    emitter: &mut Emitter<'_>,
    across: &Across,
    lane: usize,
    lanes: &Index,
    rows: &Index,
    point: &[Index],
    row: &Index,
) -> Vec<Stmt> {
    let copy = |&(operand, stride): &(usize, Option<i64>)| {
        let dtype = emitter.program.operands[operand].dtype;
        let (slot, line) = (emitter.scratch(dtype, SQUARE * PITCH), emitter.var());
        let offset = row.clone();
        emitter.copied(operand, Place { slot, offset }, Index::Const(PITCH));
        let mut point = point.to_vec();
        point[lane] = point[lane].clone() + Index::Var(line);
        let layout = emitter.layout;
        let load = LaneOp::Load {
            dtype,
            place: Place {
                slot: Slot::Buffer(operand as u32),
                offset: layout.operand_at(operand, &point),
            },
            stride: stride.map_or_else(|| layout.operand_coef(operand, across.axis), Index::Const),
        };
        let store = LaneOp::Store {
            dtype,
            place: Place {
                slot,
                offset: Index::Var(line) * PITCH,
            },
            stride: Index::Const(1),
            a: 0,
        };
        Stmt::Loop {
            var: line,
            count: lanes.clone(),
            body: vec![Stmt::Lanes {
                count: rows.clone(),
                ops: vec![load, store],
            }],
        }
    };
    across.operands.iter().map(copy).collect()
}

fn wrap(var: u32, count: Option<Index>, body: Vec<Stmt>) -> Vec<Stmt> {
    match count {
        Some(count) => vec![Stmt::Loop { var, count, body }],
        None => body,
    }
}
