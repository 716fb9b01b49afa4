//! An element-wise stage: loops around one run of lanes.

use super::emit::{BLOCK, Emitter, Run, Sink};
use super::layout::Layout;
use crate::program::{Program, Value};
use tilewright_core::DType;
use tilewright_kernel::ir::{BufferDecl, Place};
use tilewright_kernel::{Index, Kernel, Slot, Stmt};

/// Edge of the square sub-tiles in which operands that run across each other are walked: 64 × 64
/// elements of two f64 operands are 64 KiB, and each cache line is used whole before it leaves.
const SQUARE: i64 = 64;

/// The loops of an element-wise stage.
pub struct Nest {
    /// The axis along which lanes run.
    pub lane: usize,
    /// An axis along which some operand is contiguous though the lanes are not: walked in squares.
    pub across: Option<usize>,
    /// Whether the output is contiguous along the lanes.
    pub contiguous: bool,
}

/// The kernel that stores `value` of the program for every iteration of a tile.
pub fn lower(
    program: &Program,
    layout: Layout,
    lane_strides: Vec<Option<i64>>,
    nest: &Nest,
    value: Value,
) -> Kernel {
    let mut emitter = Emitter::new(program, layout, lane_strides);
    let dtype = program.dtypes[value];
    let body = loops(&mut emitter, nest, value, dtype);
    let mut buffers: Vec<BufferDecl> = program
        .operands
        .iter()
        .map(|operand| BufferDecl {
            dtype: operand.dtype,
            writable: false,
        })
        .collect();
    buffers.push(BufferDecl {
        dtype,
        writable: true,
    });
    Kernel {
        buffers,
        ints: layout.ints() as u32,
        scalars: program.scalars.iter().map(|s| s.dtype()).collect(),
        vars: emitter.vars(),
        scratch: emitter.into_scratch(),
        body,
    }
}

fn loops(emitter: &mut Emitter<'_>, nest: &Nest, value: Value, dtype: DType) -> Vec<Stmt> {
    let axes = emitter.layout.axes;
    let vars: Vec<u32> = (0..axes).map(|_| emitter.var()).collect();
    let mut point: Vec<Index> = vars.iter().map(|&var| Index::Var(var)).collect();
    let extent = emitter.layout.extent(nest.lane);
    let (block, square) = (emitter.var(), emitter.var());
    // Lanes walk the whole axis unless blocks in scratch memory or squares bound them.
    let size = match (emitter.calls(), nest.across) {
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
    if let Some(across) = nest.across {
        point[across] = Index::Var(square) * SQUARE + Index::Var(vars[across]);
    }
    let run = Run {
        count,
        point,
        lane: nest.lane,
    };
    let slot = Slot::Buffer(emitter.layout.output_buffer(0));
    let place = Place {
        slot,
        offset: emitter.layout.output_at(0, &run.point),
    };
    let stride = if nest.contiguous {
        Index::Const(1)
    } else {
        emitter.layout.output_coef(0, nest.lane)
    };
    let mut body = emitter.run(
        &run,
        &[(
            value,
            Sink::Store {
                dtype,
                place,
                stride,
            },
        )],
    );
    let blocks = |size: i64, extent: Index| (extent + (size - 1)) / size;
    if let Some(across) = nest.across {
        let start = Index::Var(square) * SQUARE;
        let extent = emitter.layout.extent(across);
        let rows = Index::from(SQUARE).min(extent.clone() - start);
        body = vec![Stmt::Loop {
            var: vars[across],
            count: rows,
            body,
        }];
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
        .filter(|&a| a != nest.lane && Some(a) != nest.across)
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

fn wrap(var: u32, count: Option<Index>, body: Vec<Stmt>) -> Vec<Stmt> {
    match count {
        Some(count) => vec![Stmt::Loop { var, count, body }],
        None => body,
    }
}
