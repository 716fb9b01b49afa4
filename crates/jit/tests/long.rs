//! Kernels of thousands of operations: they compile in time, and agree with the interpreter.

mod common;

use common::{Against, Arguments, Random, agree, random_bytes};
use tilewright_core::DType;
use tilewright_kernel::ir::BufferDecl;
use tilewright_kernel::{BinaryOp, Index, Kernel, LaneOp, Place, Slot, Stmt};

/// Elements of a window.
const WINDOW: usize = 1500;

/// The sum of a window, added pairwise, at every place of `a0`.
fn window_sum(dtype: DType) -> Kernel {
    let place = |buffer, offset: usize| Place {
        slot: Slot::Buffer(buffer),
        offset: Index::Const(offset as i64),
    };
    let mut ops: Vec<LaneOp> = (0..WINDOW)
        .map(|k| LaneOp::Load {
            dtype,
            place: place(0, k),
            stride: 1.into(),
        })
        .collect();
    let mut level: Vec<u32> = (0..WINDOW as u32).collect();
    while level.len() > 1 {
        let mut next = Vec::new();
        for pair in level.chunks(2) {
            match *pair {
                [a, b] => {
                    let op = BinaryOp::Add;
                    next.push(ops.len() as u32);
                    ops.push(LaneOp::Binary { op, dtype, a, b });
                }
                _ => next.extend(pair),
            }
        }
        level = next;
    }
    ops.push(LaneOp::Store {
        dtype,
        place: place(1, 0),
        stride: 1.into(),
        a: level[0],
    });
    let decl = |writable| BufferDecl { dtype, writable };
    Kernel {
        buffers: vec![decl(false), decl(true)],
        scratch: vec![],
        ints: 1,
        scalars: vec![],
        vars: 0,
        body: vec![Stmt::Lanes {
            count: Index::Arg(0),
            ops,
        }],
    }
}

#[test]
fn long_bodies_agree() {
    let mut random = Random(5);
    for dtype in [DType::F64, DType::F32, DType::I32, DType::U8] {
        let kernel = window_sum(dtype);
        for count in [1, 5, 33, 70] {
            let arguments = Arguments {
                buffers: vec![
                    random_bytes(&mut random, dtype, count + WINDOW - 1),
                    vec![0; count * dtype.itemsize()],
                ],
                ints: vec![count as i64],
                scalars: vec![],
            };
            agree(&kernel, &arguments, Against::End);
        }
    }
}
