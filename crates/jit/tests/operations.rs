//! Every operation on every dtype and hostile values, every length, stride and alignment.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{Against, Arguments, Random, agree, bytes, hostile, random_bytes};
use tilewright_core::{DType, Scalar};
use tilewright_kernel::ir::BufferDecl;
use tilewright_kernel::{BinaryOp, FoldOp, Index, Kernel, LaneOp, Place, Slot, Stmt, UnaryOp};

fn place(buffer: usize) -> Place {
    Place {
        slot: Slot::Buffer(buffer as u32),
        offset: 0.into(),
    }
}

/// A body of `a0` elements over these buffers; the last is written.
fn kernel(dtypes: &[DType], ops: Vec<LaneOp>) -> Kernel {
    let last = dtypes.len() - 1;
    let buffers = dtypes.iter().enumerate().map(|(k, &dtype)| BufferDecl {
        dtype,
        writable: k == last,
    });
    Kernel {
        buffers: buffers.collect(),
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

fn load(dtype: DType, buffer: usize) -> LaneOp {
    LaneOp::Load {
        dtype,
        place: place(buffer),
        stride: 1.into(),
    }
}

fn store(dtype: DType, buffer: usize, a: u32) -> LaneOp {
    LaneOp::Store {
        dtype,
        place: place(buffer),
        stride: 1.into(),
        a,
    }
}

/// Every operation on pairs, stored side by side in one body.
fn all_operations(dtype: DType) -> Vec<LaneOp> {
    use BinaryOp::*;
    let mut ops = Vec::new();
    for op in [
        Add, Sub, Mul, Div, FloorDiv, Rem, Min, Max, And, Or, Xor, Shl, Shr, Eq, Ne, Lt, Le,
        CopySign,
    ] {
        if op.takes(dtype) {
            ops.push(LaneOp::Binary {
                op,
                dtype,
                a: 0,
                b: 1,
            });
        }
    }
    for op in [
        UnaryOp::Neg,
        UnaryOp::Abs,
        UnaryOp::Not,
        UnaryOp::Sqrt,
        UnaryOp::Floor,
        UnaryOp::Ceil,
        UnaryOp::Trunc,
        UnaryOp::Rint,
        UnaryOp::SwapBytes,
    ] {
        if op.takes(dtype) {
            ops.push(LaneOp::Unary { op, dtype, a: 0 });
        }
    }
    for to in DType::ALL {
        ops.push(LaneOp::Cast {
            from: dtype,
            to,
            a: 0,
        });
    }
    ops
}

#[test]
fn shifts_by_one_count_agree_whatever_it_is() {
    for dtype in DType::ALL {
        let one = LaneOp::Load {
            dtype,
            place: place(1),
            stride: 0.into(),
        };
        let values = hostile(dtype);
        let counts = (0..70).map(|count| Scalar::from_i128(dtype, count));
        let counts: Vec<Scalar> = counts.chain(values.iter().copied()).collect();
        for op in [BinaryOp::Shl, BinaryOp::Shr] {
            if !op.takes(dtype) {
                continue;
            }
            let (a, b) = (0, 1);
            let shift = LaneOp::Binary { op, dtype, a, b };
            let ops = vec![load(dtype, 0), one.clone(), shift, store(dtype, 2, 2)];
            let kernel = kernel(&[dtype; 3], ops);
            for &count in &counts {
                let arguments = Arguments {
                    buffers: vec![
                        bytes(values.clone()),
                        bytes(vec![count]),
                        vec![0; values.len() * dtype.itemsize()],
                    ],
                    ints: vec![values.len() as i64],
                    scalars: vec![],
                };
                agree(&kernel, &arguments, Against::End);
            }
        }
    }
}

#[test]
fn operations_agree_on_hostile_pairs() {
    for dtype in DType::ALL {
        let values = hostile(dtype);
        let left: Vec<Scalar> = values.iter().flat_map(|&a| vec![a; values.len()]).collect();
        let right: Vec<Scalar> = values.iter().flat_map(|_| values.clone()).collect();
        for op in all_operations(dtype) {
            let result = op.result().unwrap();
            let ops = vec![load(dtype, 0), load(dtype, 1), op, store(result, 2, 2)];
            let arguments = Arguments {
                buffers: vec![
                    bytes(left.clone()),
                    bytes(right.clone()),
                    vec![0; left.len() * result.itemsize()],
                ],
                ints: vec![left.len() as i64],
                scalars: vec![],
            };
            agree(
                &kernel(&[dtype, dtype, result], ops),
                &arguments,
                Against::End,
            );
        }
    }
}

#[test]
fn operations_agree_beside_wider_and_narrower_ones() {
    // The element size of the rest of the body decides how many registers a value takes.
    let mut random = Random(7);
    for dtype in DType::ALL {
        for beside in [DType::U8, DType::I16, DType::F32, DType::F64, DType::Bool] {
            for op in all_operations(dtype) {
                let result = op.result().unwrap();
                let ops = vec![
                    load(dtype, 0),
                    load(dtype, 1),
                    op,
                    load(beside, 2),
                    LaneOp::Cast {
                        from: beside,
                        to: result,
                        a: 3,
                    },
                    LaneOp::Cast {
                        from: result,
                        to: DType::Bool,
                        a: 4,
                    },
                    LaneOp::Select {
                        dtype: result,
                        mask: 5,
                        a: 2,
                        b: 4,
                    },
                    store(result, 3, 6),
                ];
                let count = 40 + random.below(9) as usize;
                let mut buffers: Vec<Vec<u8>> = [dtype, dtype, beside]
                    .iter()
                    .map(|&d| random_bytes(&mut random, d, count))
                    .collect();
                buffers.push(vec![0; count * result.itemsize()]);
                let arguments = Arguments {
                    buffers,
                    ints: vec![count as i64],
                    scalars: vec![],
                };
                agree(
                    &kernel(&[dtype, dtype, beside, result], ops),
                    &arguments,
                    Against::Start,
                );
            }
        }
    }
}

/// The body, whose step only moves what is not computed in.
fn computed_or_moved(mut ops: Vec<LaneOp>, dtype: DType) -> Vec<LaneOp> {
    let step = ops.len() - 2;
    if dtype.computed() != dtype {
        let (from, to) = (dtype, dtype);
        ops[step] = LaneOp::Cast { from, to, a: 0 };
    }
    ops
}

#[test]
fn every_length_and_alignment_stays_in_bounds() {
    let mut random = Random(1);
    for dtype in DType::ALL {
        let ops = vec![
            load(dtype, 0),
            load(dtype, 1),
            LaneOp::Binary {
                op: BinaryOp::Max,
                dtype,
                a: 0,
                b: 1,
            },
            store(dtype, 2, 2),
        ];
        let ops = computed_or_moved(ops, dtype);
        let kernel = kernel(&[dtype; 3], ops);
        for count in -1..=40i64 {
            let elements = count.max(0) as usize;
            let buffers = (0..3)
                .map(|_| random_bytes(&mut random, dtype, elements))
                .collect();
            let arguments = Arguments {
                buffers,
                ints: vec![count],
                scalars: vec![],
            };
            // At the start of a page everything is aligned; at its end almost nothing is.
            agree(&kernel, &arguments, Against::Start);
            agree(&kernel, &arguments, Against::End);
        }
    }
}

#[test]
fn bases_off_by_one_byte_are_legal() {
    let mut random = Random(2);
    for dtype in DType::ALL {
        let ops = vec![
            load(dtype, 0),
            LaneOp::Unary {
                op: UnaryOp::Abs,
                dtype,
                a: 0,
            },
            store(dtype, 1, 1),
        ];
        let ops = computed_or_moved(ops, dtype);
        let kernel = kernel(&[dtype; 2], ops);
        // A byte too many: the last element ends before the page does.
        let mut buffer = random_bytes(&mut random, dtype, 37);
        buffer.push(0);
        let arguments = Arguments {
            buffers: vec![buffer.clone(), buffer],
            ints: vec![37],
            scalars: vec![],
        };
        agree(&kernel, &arguments, Against::End);
    }
}

#[test]
fn every_stride_reads_and_writes_its_own_elements() {
    let mut random = Random(3);
    for dtype in DType::ALL {
        for step in [1i64, 0, 2, -1, 5] {
            for runtime in [false, true] {
                for count in [-1i64, 0, 1, 2, 7, 8, 9, 33] {
                    let reach = (count - 1).max(0) * step;
                    let elements = if count <= 0 {
                        0
                    } else {
                        reach.unsigned_abs() as usize + 1
                    };
                    let at = |slot| Place {
                        slot: Slot::Buffer(slot),
                        offset: Index::Arg(1),
                    };
                    let stride = if runtime { Index::Arg(2) } else { step.into() };
                    let mut ops = vec![LaneOp::Load {
                        dtype,
                        place: at(0),
                        stride: stride.clone(),
                    }];
                    ops.push(store(dtype, 1, 0));
                    let stored = if step == 0 { Index::Const(1) } else { stride };
                    let two = if step == 0 { place(2) } else { at(2) };
                    ops.push(LaneOp::Store {
                        dtype,
                        place: two,
                        stride: stored,
                        a: 0,
                    });
                    let writable = [false, true, true];
                    let kernel = Kernel {
                        buffers: writable
                            .map(|writable| BufferDecl { dtype, writable })
                            .to_vec(),
                        scratch: vec![],
                        ints: 3,
                        scalars: vec![],
                        vars: 0,
                        body: vec![Stmt::Lanes {
                            count: Index::Arg(0),
                            ops,
                        }],
                    };
                    let whole = count.max(0) as usize;
                    let sizes = [elements, whole, elements.max(whole)];
                    let arguments = Arguments {
                        buffers: sizes.map(|n| random_bytes(&mut random, dtype, n)).to_vec(),
                        ints: vec![count, -reach.min(0), step],
                        scalars: vec![],
                    };
                    agree(&kernel, &arguments, Against::End);
                }
            }
        }
    }
}

#[test]
fn folds_agree_at_every_length() {
    let mut random = Random(4);
    for dtype in DType::ALL {
        for op in [
            FoldOp::Add,
            FoldOp::Mul,
            FoldOp::Min,
            FoldOp::Max,
            FoldOp::And,
            FoldOp::Or,
        ] {
            if op.binary_on(dtype).is_none() {
                continue;
            }
            let ops = vec![
                load(dtype, 0),
                LaneOp::Fold {
                    op,
                    dtype,
                    place: place(1),
                    from: Index::Arg(1),
                    a: 0,
                },
            ];
            let mut kernel = kernel(&[dtype; 2], ops);
            kernel.ints = 2;
            let counts = [0, 1, 2, 7, 8, 9, 15, 16, 17, 100];
            for (count, from) in counts
                .into_iter()
                .flat_map(|n| [0, 3, 7, 16].map(|k| (n, k)))
            {
                let buffers = [count, 8]
                    .map(|n| random_bytes(&mut random, dtype, n))
                    .to_vec();
                let arguments = Arguments {
                    buffers,
                    ints: vec![count as i64, from],
                    scalars: vec![],
                };
                agree(&kernel, &arguments, Against::End);
            }
        }
    }
}

#[test]
fn minimum_and_maximum_know_nan_and_signed_zeros() {
    // Not only that the twins agree: what they agree on.
    let zeros = [0.0f64, -0.0, f64::NAN, 1.0];
    let left: Vec<f64> = zeros.iter().flat_map(|&a| vec![a; 4]).collect();
    let right: Vec<f64> = zeros.iter().flat_map(|_| zeros).collect();
    let both = |values: &[f64]| bytes(values.iter().map(|&v| Scalar::from(v)));
    for op in [BinaryOp::Min, BinaryOp::Max] {
        let dtype = DType::F64;
        let ops = vec![
            load(dtype, 0),
            load(dtype, 1),
            LaneOp::Binary {
                op,
                dtype,
                a: 0,
                b: 1,
            },
            store(dtype, 2, 2),
        ];
        let buffers = vec![both(&left), both(&right), vec![0; 128]];
        let arguments = Arguments {
            buffers,
            ints: vec![16],
            scalars: vec![],
        };
        let after = agree(&kernel(&[dtype; 3], ops), &arguments, Against::End);
        for (k, bytes) in after[2].chunks(8).enumerate() {
            let got = Scalar::from_bytes(dtype, bytes).to_f64();
            let (a, b) = (left[k], right[k]);
            if a.is_nan() || b.is_nan() {
                assert!(got.is_nan());
            } else {
                let first = (a.total_cmp(&b).is_le()) == (op == BinaryOp::Min);
                assert_eq!(
                    got.to_bits(),
                    if first { a } else { b }.to_bits(),
                    "{op} {a} {b}"
                );
            }
        }
    }
}

#[test]
fn indices_agree_on_hostile_numbers() {
    use tilewright_kernel::IndexOp::*;
    let values = [
        0,
        1,
        -1,
        2,
        -2,
        3,
        7,
        -7,
        1 << 40,
        i64::MAX,
        i64::MIN,
        i64::MIN + 1,
    ];
    for op in [Add, Sub, Mul, Div, Rem, Min, Max] {
        let result = Index::Binary(op, Box::new(Index::Arg(0)), Box::new(Index::Arg(1)));
        let kernel = Kernel {
            buffers: vec![BufferDecl {
                dtype: DType::I64,
                writable: true,
            }],
            scratch: vec![],
            ints: 2,
            scalars: vec![],
            vars: 1,
            body: vec![
                Stmt::Let {
                    var: 0,
                    value: result,
                },
                Stmt::Lanes {
                    count: 1.into(),
                    ops: vec![
                        LaneOp::Iota {
                            start: Index::Var(0),
                            step: 0.into(),
                        },
                        store(DType::I64, 0, 0),
                    ],
                },
            ],
        };
        for a in values {
            for b in values {
                let arguments = Arguments {
                    buffers: vec![vec![0; 8]],
                    ints: vec![a, b],
                    scalars: vec![],
                };
                let after = agree(&kernel, &arguments, Against::End);
                assert_eq!(after[0], op.apply(a, b).to_le_bytes(), "{op:?} {a} {b}");
            }
        }
    }
}

/// Every float16, and between each and the next what rounds to either.
#[test]
fn float16_agrees_on_every_number_and_between_them() {
    use tilewright_core::half::{f16, to_f32};
    let halves: Vec<Scalar> = (0..=u16::MAX)
        .map(|bits| f16::from_bits(bits).into())
        .collect();
    let singles = (0..=u16::MAX).flat_map(|bits| {
        let x = to_f32(f16::from_bits(bits)).to_bits();
        // Half-way lies in the first bit that float16 has not.
        let middle = x | (1 << 12);
        [x, middle - 1, middle, middle + 1].map(|bits| Scalar::from(f32::from_bits(bits)))
    });
    let singles: Vec<Scalar> = singles.collect();
    let doubles = singles.iter().flat_map(|x| {
        let bits = x.to_f64().to_bits();
        [bits, bits + 1, bits.wrapping_sub(1)].map(|bits| Scalar::from(f64::from_bits(bits)))
    });
    let doubles: Vec<Scalar> = doubles.collect();
    for (values, to) in [
        (&halves, DType::F32),
        (&halves, DType::F64),
        (&halves, DType::I32),
        (&singles, DType::F16),
        (&doubles, DType::F16),
    ] {
        let from = values[0].dtype();
        let cast = LaneOp::Cast { from, to, a: 0 };
        let arguments = Arguments {
            buffers: vec![bytes(values.clone()), vec![0; values.len() * to.itemsize()]],
            ints: vec![values.len() as i64],
            scalars: vec![],
        };
        let kernel = kernel(&[from, to], vec![load(from, 0), cast, store(to, 1, 1)]);
        agree(&kernel, &arguments, Against::End);
    }
}
