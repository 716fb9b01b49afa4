//! How fast is compiled code, and how long does compiling take?
//!
//! `cargo run --release -p tilewright-jit --example throughput`: bytes read and written per second
//! of some kernels on arrays that stay in L2 and on arrays that do not.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement"
)]

use std::time::Instant;
use tilewright_core::{DType, Scalar};
use tilewright_jit::{Options, compile_with};
use tilewright_kernel::ir::{BufferDecl, ScratchDecl};
use tilewright_kernel::{
    BinaryOp, Call, FoldOp, Index, Kernel, LaneOp, Place, RawBuffer, Slot, Stmt, UnaryOp, interp,
};

fn at(slot: Slot, offset: impl Into<Index>) -> Place {
    Place {
        slot,
        offset: offset.into(),
    }
}

fn buffers(dtypes: &[DType]) -> Vec<BufferDecl> {
    dtypes
        .iter()
        .enumerate()
        .map(|(k, &dtype)| BufferDecl {
            dtype,
            writable: k + 1 == dtypes.len(),
        })
        .collect()
}

fn load(dtype: DType, buffer: u32) -> LaneOp {
    LaneOp::Load {
        dtype,
        place: at(Slot::Buffer(buffer), 0),
        stride: 1.into(),
    }
}

fn store(dtype: DType, buffer: u32, a: u32) -> LaneOp {
    LaneOp::Store {
        dtype,
        place: at(Slot::Buffer(buffer), 0),
        stride: 1.into(),
        a,
    }
}

fn binary(op: BinaryOp, dtype: DType, a: u32, b: u32) -> LaneOp {
    LaneOp::Binary { op, dtype, a, b }
}

/// `(x*2 + y)/3 - sqrt(x*x + y*y)`.
fn chain(dtype: DType) -> Kernel {
    use BinaryOp::*;
    let ops = vec![
        load(dtype, 0),
        load(dtype, 1),
        LaneOp::Arg { dtype, arg: 0 },
        LaneOp::Arg { dtype, arg: 1 },
        binary(Mul, dtype, 0, 2),
        binary(Add, dtype, 4, 1),
        binary(Div, dtype, 5, 3),
        binary(Mul, dtype, 0, 0),
        binary(Mul, dtype, 1, 1),
        binary(Add, dtype, 7, 8),
        LaneOp::Unary {
            op: UnaryOp::Sqrt,
            dtype,
            a: 9,
        },
        binary(Sub, dtype, 6, 10),
        store(dtype, 2, 11),
    ];
    Kernel {
        buffers: buffers(&[dtype; 3]),
        scratch: vec![],
        ints: 1,
        scalars: vec![dtype; 2],
        vars: 0,
        body: vec![Stmt::Lanes {
            count: Index::Arg(0),
            ops,
        }],
    }
}

/// `where(x < y, x, y*2)`.
fn choose(dtype: DType) -> Kernel {
    let ops = vec![
        load(dtype, 0),
        load(dtype, 1),
        LaneOp::Arg { dtype, arg: 0 },
        binary(BinaryOp::Mul, dtype, 1, 2),
        binary(BinaryOp::Lt, dtype, 0, 1),
        LaneOp::Select {
            dtype,
            mask: 4,
            a: 0,
            b: 3,
        },
        store(dtype, 2, 5),
    ];
    Kernel {
        body: vec![Stmt::Lanes {
            count: Index::Arg(0),
            ops,
        }],
        ..chain(dtype)
    }
}

/// `x + y` of two dtypes, in the wider float.
fn mixed(from: DType) -> Kernel {
    let ops = vec![
        load(from, 0),
        load(DType::F64, 1),
        LaneOp::Cast {
            from,
            to: DType::F64,
            a: 0,
        },
        binary(BinaryOp::Add, DType::F64, 2, 1),
        store(DType::F64, 2, 3),
    ];
    Kernel {
        buffers: buffers(&[from, DType::F64, DType::F64]),
        body: vec![Stmt::Lanes {
            count: Index::Arg(0),
            ops,
        }],
        ..chain(DType::F64)
    }
}

/// Lanes of leaves of 512, one after the other; the last is written.
fn sum(dtype: DType, op: FoldOp) -> Kernel {
    let (lanes, leaf) = (Slot::Scratch(0), Index::Var(0) * 512);
    let ops = vec![
        LaneOp::Load {
            dtype,
            place: at(Slot::Buffer(0), leaf),
            stride: 1.into(),
        },
        LaneOp::Fold {
            op,
            dtype,
            place: at(lanes, 0),
            from: 0.into(),
            a: 0,
        },
    ];
    let before = vec![
        LaneOp::Const(op.identity(dtype)),
        LaneOp::Store {
            dtype,
            place: at(lanes, 0),
            stride: 1.into(),
            a: 0,
        },
    ];
    let after = vec![
        LaneOp::Load {
            dtype,
            place: at(lanes, 0),
            stride: 1.into(),
        },
        store(dtype, 1, 0),
    ];
    let body = vec![
        Stmt::Lanes {
            count: 8.into(),
            ops: before,
        },
        Stmt::Lanes {
            count: 512.into(),
            ops,
        },
        Stmt::Lanes {
            count: 8.into(),
            ops: after,
        },
    ];
    Kernel {
        buffers: buffers(&[dtype; 2]),
        scratch: vec![ScratchDecl { dtype, len: 8 }],
        ints: 1,
        scalars: vec![],
        vars: 1,
        body: vec![Stmt::Loop {
            var: 0,
            count: Index::Arg(0) / 512,
            body,
        }],
    }
}

/// `x + x.T` of a square matrix of `a1` rows, in square tiles of 32.
fn transposed(dtype: DType) -> Kernel {
    let side = || Index::Arg(1);
    let (tile_row, tile_column, row) = (Index::Var(0) * 32, Index::Var(1) * 32, Index::Var(2));
    let line = Index::Var(3);
    let ops = vec![
        LaneOp::Load {
            dtype,
            place: at(Slot::Buffer(0), line.clone() * side() + tile_column.clone()),
            stride: 1.into(),
        },
        LaneOp::Load {
            dtype,
            place: at(Slot::Buffer(0), tile_column.clone() * side() + line.clone()),
            stride: side(),
        },
        binary(BinaryOp::Add, dtype, 0, 1),
        LaneOp::Store {
            dtype,
            place: at(Slot::Buffer(1), line * side() + tile_column),
            stride: 1.into(),
            a: 2,
        },
    ];
    let rows = vec![
        Stmt::Let {
            var: 3,
            value: tile_row + row,
        },
        Stmt::Lanes {
            count: 32.into(),
            ops,
        },
    ];
    let columns = vec![Stmt::Loop {
        var: 2,
        count: 32.into(),
        body: rows,
    }];
    let tiles = vec![Stmt::Loop {
        var: 1,
        count: side() / 32,
        body: columns,
    }];
    Kernel {
        buffers: buffers(&[dtype; 2]),
        scratch: vec![],
        ints: 2,
        scalars: vec![],
        vars: 4,
        body: vec![Stmt::Loop {
            var: 0,
            count: side() / 32,
            body: tiles,
        }],
    }
}

/// Seconds of one run, the best of many.
fn best(mut run: impl FnMut()) -> f64 {
    let mut best = f64::INFINITY;
    let started = Instant::now();
    while started.elapsed().as_millis() < 150 {
        let before = Instant::now();
        run();
        best = best.min(before.elapsed().as_secs_f64());
    }
    best
}

fn measure(name: &str, kernel: &Kernel, elements: usize, outputs: usize) {
    let compiled = compile_with(
        kernel,
        Options {
            verify: false,
            keep_clif: false,
        },
    )
    .unwrap();
    let mut bytes = 0;
    let mut memory: Vec<Vec<u64>> = Vec::new();
    for (k, declared) in kernel.buffers.iter().enumerate() {
        let count = if k + 1 == kernel.buffers.len() {
            outputs
        } else {
            elements
        };
        bytes += count * declared.dtype.itemsize();
        let word = Scalar::from_f64(declared.dtype, 1.5).bits();
        let word =
            word << (64 - 8 * declared.dtype.itemsize()) >> (64 - 8 * declared.dtype.itemsize());
        let per_word = 8 / declared.dtype.itemsize();
        let word = (0..per_word).fold(0, |w, k| {
            w | word << (8 * declared.dtype.itemsize() * k % 64)
        });
        memory.push(vec![word; count.div_ceil(per_word)]);
    }
    let raw: Vec<RawBuffer> = memory
        .iter_mut()
        .map(|m| RawBuffer {
            ptr: m.as_mut_ptr().cast(),
            len: 8 * m.len(),
        })
        .collect();
    let ints = [elements as i64, (elements as f64).sqrt() as i64];
    let scalars: Vec<u64> = kernel
        .scalars
        .iter()
        .enumerate()
        .map(|(k, &d)| Scalar::from_f64(d, k as f64 + 2.0).bits())
        .collect();
    let mut scratch = vec![0u64; kernel.scratch_layout().1 / 8];
    let scratch = scratch.as_mut_ptr().cast::<u8>();
    let scratch_len = kernel.scratch_layout().1;
    let timed = |interpret: bool| {
        best(|| {
            // SAFETY: the words of `scratch`, which nobody else uses meanwhile.
            let scratch = unsafe { std::slice::from_raw_parts_mut(scratch, scratch_len) };
            let mut call = Call {
                buffers: &raw,
                ints: &ints,
                scalars: &scalars,
                scratch,
            };
            if interpret {
                // SAFETY: the buffers are ours alone and as long as the kernel reaches.
                unsafe { interp::run(kernel, &mut call) }.unwrap();
            } else {
                // SAFETY: as above; the interpreter has run the same call.
                unsafe { compiled.call(&mut call) };
            }
        })
    };
    let interpreted = timed(true);
    let seconds = timed(false);
    let compile = best(|| {
        drop(
            compile_with(
                kernel,
                Options {
                    verify: false,
                    keep_clif: false,
                },
            )
            .unwrap(),
        )
    });
    println!(
        "{name:<34} {elements:>9} elements {:>7.2} GB/s {:>6.2} ns/8 B  interp {:>6.2} GB/s  compile {:>5.2} ms  code {:>5} B",
        bytes as f64 / seconds / 1e9,
        seconds * 8e9 / bytes as f64,
        bytes as f64 / interpreted / 1e9,
        compile * 1e3,
        compiled.code_bytes(),
    );
}

fn main() {
    use DType::*;
    for elements in [8 << 10, 4 << 20] {
        measure(
            "(x*2+y)/3 - sqrt(x*x+y*y) f64",
            &chain(F64),
            elements,
            elements,
        );
        measure(
            "(x*2+y)/3 - sqrt(x*x+y*y) f32",
            &chain(F32),
            elements,
            elements,
        );
        measure("where(x < y, x, y*2) f64", &choose(F64), elements, elements);
        measure("where(x < y, x, y*2) i32", &choose(I32), elements, elements);
        measure("where(x < y, x, y*2) u8", &choose(U8), elements, elements);
        measure("u8 + f64", &mixed(U8), elements, elements);
        measure("f32 + f64", &mixed(F32), elements, elements);
        for dtype in [F64, F32, I64, I32] {
            measure(
                &format!("sum {dtype}, leaves of 512"),
                &sum(dtype, FoldOp::Add),
                elements,
                8,
            );
        }
        measure(
            "min f64, leaves of 512",
            &sum(F64, FoldOp::Min),
            elements,
            8,
        );
        let side = if elements < 1 << 20 { 64 } else { 2048 };
        measure(
            "x + x.T f64, tiles of 32",
            &transposed(F64),
            side * side,
            side * side,
        );
    }
}
