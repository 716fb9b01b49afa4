//! A function of whole rows, row by row.
//!
//! For every index of the axes that are neither a row's nor the result's along it: each argument's
//! row is made contiguous, unless it lies so in an operand, the function called once, and its
//! result stored, unless it was written in place. What a function carries from one part of a row to
//! the next stands in a buffer of its own, one element for each row.

use super::assemble::assemble;
use super::emit::{BLOCK, Emitter, Run, Sink};
use super::layout::Layout;
use super::state::at;
use crate::program::{Op, Program, Value};
use tilewright_core::DType;
use tilewright_kernel::ir::Place;
use tilewright_kernel::{Index, Kernel, LaneOp, RowFn, SliceFn, Slot, Stmt};

/// One argument of a function of rows.
pub struct Argument {
    /// Its value.
    pub value: Value,
    /// The iteration axes outside of `axis` that a row is made of, outermost first.
    pub outer: Vec<usize>,
    /// The iteration axis along which its rows lie.
    pub axis: usize,
    /// Element type.
    pub dtype: DType,
    /// For each operand, the stride along that axis where the plan knows it.
    pub strides: Vec<Option<i64>>,
    /// Whether the function overwrites it.
    pub written: bool,
}

/// A function and what it takes.
pub struct Calls {
    /// The function.
    pub function: RowFn,
    /// Its parameter.
    pub parameter: i64,
    /// The iteration axis along which its result is walked.
    pub result: usize,
    /// Whether the result is contiguous along it.
    pub contiguous: bool,
    /// Its arguments.
    pub arguments: Vec<Argument>,
}

impl Argument {
    /// The operand in which the argument's rows lie contiguous, if there is one.
    fn lies_in(&self, program: &Program) -> Option<usize> {
        let Op::Load(k) = program.ops[self.value] else {
            return None;
        };
        let contiguous = self.strides.get(k).copied().flatten() == Some(1);
        Some(k).filter(|_| contiguous && !self.written && self.outer.is_empty())
    }
}

impl Argument {
    /// Number of elements of a row.
    fn length(&self, layout: Layout) -> Index {
        let outer = self.outer.iter().map(|&axis| layout.extent(axis));
        outer.fold(layout.extent(self.axis), |n, extent| n * extent)
    }
}

impl Calls {
    /// Whether buffer `k` is filled: one for each argument, then one for the result.
    pub fn fills(&self, program: &Program, k: usize) -> bool {
        match self.arguments.get(k) {
            Some(argument) => argument.lies_in(program).is_none(),
            None => !self.contiguous,
        }
    }
}

/// The kernel of a stage; `buffers` are those of the arguments, and the result's.
pub fn lower(
    program: &Program,
    layout: Layout,
    kept: usize,
    calls: &Calls,
    buffers: &[(DType, i64)],
) -> Kernel {
    let mut emitter = Emitter::new(program, layout, vec![None; program.operands.len()]);
    let body = loops(&mut emitter, kept, calls);
    let rows = buffers.iter().map(|&(dtype, _)| dtype);
    let writes = std::iter::once(calls.function.place_dtype(0)).chain(rows);
    assemble(emitter, writes, body)
}

fn loops(emitter: &mut Emitter<'_>, kept: usize, calls: &Calls) -> Vec<Stmt> {
    let layout = emitter.layout;
    let rows: Vec<usize> = calls.arguments.iter().map(|a| a.axis).collect();
    let length = calls.arguments[0].length(layout);
    let vars: Vec<u32> = (0..kept).map(|_| emitter.var()).collect();
    let looped = |axis: &usize| *axis < kept && !rows.contains(axis);
    let mut point = vec![Index::Const(0); layout.axes];
    for axis in (0..kept).filter(looped) {
        point[axis] = Index::Var(vars[axis]);
    }
    let (mut body, mut places) = (Vec::new(), Vec::new());
    for (k, argument) in calls.arguments.iter().enumerate() {
        let buffer = Slot::Buffer(layout.output_buffer(1 + k));
        places.push(match argument.lies_in(emitter.program) {
            Some(operand) => Place {
                slot: Slot::Buffer(operand as u32),
                offset: layout.operand_at(operand, &point),
            },
            None => {
                body.extend(fill(emitter, argument, &point, buffer));
                at(buffer, 0)
            }
        });
    }
    let follows = calls.result < kept;
    let made = if follows {
        layout.extent(calls.result)
    } else {
        layout.to()
    };
    let out = Place {
        slot: Slot::Buffer(layout.output_buffer(0)),
        offset: layout.output_at(0, &point),
    };
    let buffer = Slot::Buffer(layout.output_buffer(1 + calls.arguments.len()));
    let result = if calls.contiguous {
        out.clone()
    } else {
        at(buffer, 0)
    };
    places.insert(0, result.clone());
    let mut parameter = Index::Const(calls.parameter);
    if calls.function.carries() {
        let rows = (0..kept).filter(looped).fold(Index::Const(0), |row, axis| {
            row * layout.extent(axis) + Index::Var(vars[axis])
        });
        places.push(Place {
            slot: Slot::Buffer(layout.output_buffer(2 + calls.arguments.len())),
            offset: rows,
        });
        parameter = layout.from();
    }
    body.push(Stmt::Call {
        function: SliceFn::Row(calls.function),
        ints: vec![length, made.clone(), parameter],
        places,
    });
    if !calls.contiguous {
        let dtype = calls.function.place_dtype(0);
        body.push(Stmt::Lanes {
            count: made,
            ops: vec![
                LaneOp::Load {
                    dtype,
                    place: result,
                    stride: Index::Const(1),
                },
                LaneOp::Store {
                    dtype,
                    place: out,
                    stride: layout.output_coef(0, calls.result),
                    a: 0,
                },
            ],
        });
    }
    for axis in (0..kept).rev().filter(looped) {
        body = vec![Stmt::Loop {
            var: vars[axis],
            count: layout.extent(axis),
            body,
        }];
    }
    body
}

/// Computes an argument's row into a buffer, block by block where it calls slice functions.
fn fill(
    emitter: &mut Emitter<'_>,
    argument: &Argument,
    point: &[Index],
    buffer: Slot,
) -> Vec<Stmt> {
    let extent = emitter.layout.extent(argument.axis);
    let blocks = emitter.calls_for(argument.value);
    let block = emitter.var();
    let start = if blocks {
        Index::Var(block) * BLOCK
    } else {
        Index::Const(0)
    };
    let count = if blocks {
        Index::from(BLOCK).min(extent.clone() - start.clone())
    } else {
        extent.clone()
    };
    let mut point = point.to_vec();
    point[argument.axis] = start.clone();
    let vars: Vec<u32> = argument.outer.iter().map(|_| emitter.var()).collect();
    let mut row = Index::Const(0);
    for (&axis, &var) in argument.outer.iter().zip(&vars) {
        point[axis] = Index::Var(var);
        row = row * emitter.layout.extent(axis) + Index::Var(var);
    }
    let run = Run {
        count,
        point,
        lane: argument.axis,
    };
    emitter.lane_strides.clone_from(&argument.strides);
    let sink = Sink::Store {
        dtype: argument.dtype,
        place: Place {
            slot: buffer,
            offset: row * extent.clone() + start,
        },
        stride: Index::Const(1),
    };
    let mut body = emitter.run(&run, &[(argument.value, sink)]);
    if blocks {
        body = vec![Stmt::Loop {
            var: block,
            count: (extent + (BLOCK - 1)) / BLOCK,
            body,
        }];
    }
    for (&axis, &var) in argument.outer.iter().zip(&vars).rev() {
        let count = emitter.layout.extent(axis);
        body = vec![Stmt::Loop { var, count, body }];
    }
    body
}
