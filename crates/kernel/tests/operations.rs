//! Every operation, on every dtype and hostile values, against plain arithmetic on scalars.
//!
//! The arithmetic here is written a second time, over i128 and f64, so that it shares nothing with
//! the interpreter's.
#![allow(unsafe_code, clippy::unwrap_used, reason = "tests of raw buffers")]

use tilewright_core::{DType, Scalar};
use tilewright_kernel::ir::BufferDecl;
use tilewright_kernel::{
    BinaryOp, Call, FoldOp, Index, Kernel, LaneOp, Place, RawBuffer, Slot, Stmt, UnaryOp, interp,
};

/// Values where operations differ or break.
fn hostile(dtype: DType) -> Vec<Scalar> {
    let Some((low, high)) = dtype.integer_range() else {
        let values = [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.5,
            -0.5,
            1.5,
            2.5,
            -2.5,
            3.0,
            7.0,
            127.5,
            -129.0,
            255.9,
            256.0,
            32768.0,
            -32769.0,
            65535.5,
            70000.0,
            2147483647.5,
            -2147483649.0,
            4294967295.5,
            4294967296.0,
            9.3e18,
            -9.3e18,
            1.8446744073709552e19,
            1e30,
            -1e300,
            1e308,
            f64::MIN_POSITIVE,
            5e-324,
            -5e-324,
            1e-40,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NAN,
            -f64::NAN,
            0.1,
            1e16,
            9007199254740993.0,
        ];
        return values.map(|v| Scalar::from_f64(dtype, v)).to_vec();
    };
    let mut values: Vec<i128> = vec![
        0, 1, 2, 3, 5, 7, 8, 15, 16, 31, 32, 33, 63, 64, 65, 100, 127, 128,
    ];
    values.extend(values.clone().iter().map(|v| -v));
    values.extend([
        low,
        low + 1,
        low / 2,
        high / 2,
        high - 1,
        high,
        255,
        256,
        65535,
        65536,
        1 << 31,
        1 << 32,
        (1 << 53) + 1,
    ]);
    values.retain(|v| (low..=high).contains(v));
    values.sort_unstable();
    values.dedup();
    values
        .into_iter()
        .map(|v| Scalar::from_i128(dtype, v))
        .collect()
}

fn same(a: Scalar, b: Scalar) -> bool {
    a == b
        || (a.dtype() == b.dtype()
            && a.dtype().is_float()
            && a.to_f64().is_nan()
            && b.to_f64().is_nan())
}

fn place(buffer: u32) -> Place {
    Place {
        slot: Slot::Buffer(buffer),
        offset: Index::Const(0),
    }
}

/// Runs `ops` after a load of each column; the last value is stored.
fn run(columns: &[Vec<Scalar>], ops: Vec<LaneOp>) -> Vec<Scalar> {
    let n = columns[0].len();
    let mut body: Vec<LaneOp> = columns
        .iter()
        .enumerate()
        .map(|(k, column)| LaneOp::Load {
            dtype: column[0].dtype(),
            place: place(k as u32),
            stride: 1.into(),
        })
        .collect();
    body.extend(ops);
    let result = body.last().unwrap().result().unwrap();
    let a = body.len() as u32 - 1;
    body.push(LaneOp::Store {
        dtype: result,
        place: place(columns.len() as u32),
        stride: 1.into(),
        a,
    });
    let mut buffers: Vec<BufferDecl> = columns
        .iter()
        .map(|column| BufferDecl {
            dtype: column[0].dtype(),
            writable: false,
        })
        .collect();
    buffers.push(BufferDecl {
        dtype: result,
        writable: true,
    });
    let kernel = Kernel {
        buffers,
        scratch: vec![],
        ints: 1,
        scalars: vec![],
        vars: 0,
        body: vec![Stmt::Lanes {
            count: Index::Arg(0),
            ops: body,
        }],
    };
    let bytes = |column: &Vec<Scalar>| -> Vec<u8> {
        column
            .iter()
            .flat_map(|v| v.bits().to_le_bytes()[..v.dtype().itemsize()].to_vec())
            .collect()
    };
    let mut memory: Vec<Vec<u8>> = columns.iter().map(bytes).collect();
    memory.push(vec![0xaa; n * result.itemsize()]);
    execute(&kernel, &mut memory, &[n as i64]).unwrap();
    let out = memory.last().unwrap();
    out.chunks(result.itemsize())
        .map(|bytes| Scalar::from_bytes(result, bytes))
        .collect()
}

fn execute(kernel: &Kernel, memory: &mut [Vec<u8>], ints: &[i64]) -> tilewright_core::Result<()> {
    let raw: Vec<RawBuffer> = memory
        .iter_mut()
        .map(|m| RawBuffer {
            ptr: m.as_mut_ptr(),
            len: m.len(),
        })
        .collect();
    let mut scratch = vec![0u64; kernel.scratch_layout().1 / 8];
    let scratch: &mut [u8] = bytemuck::cast_slice_mut(&mut scratch);
    let mut call = Call {
        buffers: &raw,
        ints,
        scalars: &[],
        scratch,
    };
    // SAFETY: every buffer is exclusively borrowed.
    unsafe { interp::run(kernel, &mut call) }
}

fn integer(op: BinaryOp, dtype: DType, a: i128, b: i128) -> Scalar {
    let floor = |a: i128, b: i128| a.div_euclid(b) - i128::from(b < 0 && a.rem_euclid(b) != 0);
    let (_, high) = dtype.integer_range().unwrap();
    let width = i128::from(dtype.bits());
    let value = match op {
        BinaryOp::Add if high == 1 => i128::from(a + b > 0),
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a.wrapping_mul(b),
        BinaryOp::FloorDiv if b == 0 => 0,
        BinaryOp::FloorDiv => floor(a, b),
        BinaryOp::Rem if b == 0 => 0,
        BinaryOp::Rem => a - b * floor(a, b),
        BinaryOp::Min => a.min(b),
        BinaryOp::Max => a.max(b),
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        BinaryOp::Shl if (0..width).contains(&b) => a.wrapping_shl(b as u32),
        BinaryOp::Shl => 0,
        BinaryOp::Shr if (0..width).contains(&b) => a >> b,
        BinaryOp::Shr => -i128::from(a < 0),
        BinaryOp::Eq => return (a == b).into(),
        BinaryOp::Ne => return (a != b).into(),
        BinaryOp::Lt => return (a < b).into(),
        BinaryOp::Le => return (a <= b).into(),
        BinaryOp::Div | BinaryOp::CopySign => unreachable!("not for integers"),
    };
    Scalar::from_i128(dtype, value)
}

/// f32 arithmetic through f64 is exact before its one rounding (53 ≥ 2·24 + 2 bits).
fn float(op: BinaryOp, dtype: DType, a: f64, b: f64) -> Scalar {
    let pick = |first: bool| if first { a } else { b };
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div => a / b,
        BinaryOp::Min | BinaryOp::Max if a.is_nan() || b.is_nan() => f64::NAN,
        BinaryOp::Min => pick(a.total_cmp(&b).is_le()),
        BinaryOp::Max => pick(a.total_cmp(&b).is_ge()),
        BinaryOp::CopySign => a.copysign(if b.is_nan() { 0.0 } else { b }),
        BinaryOp::Eq => return (a == b).into(),
        BinaryOp::Ne => return (a != b).into(),
        BinaryOp::Lt => return (a < b).into(),
        BinaryOp::Le => return (a <= b).into(),
        _ => unreachable!("not for floats"),
    };
    Scalar::from_f64(dtype, value)
}

const BINARY: [BinaryOp; 18] = [
    BinaryOp::Add,
    BinaryOp::Sub,
    BinaryOp::Mul,
    BinaryOp::Div,
    BinaryOp::FloorDiv,
    BinaryOp::Rem,
    BinaryOp::Min,
    BinaryOp::Max,
    BinaryOp::And,
    BinaryOp::Or,
    BinaryOp::Xor,
    BinaryOp::Shl,
    BinaryOp::Shr,
    BinaryOp::Eq,
    BinaryOp::Ne,
    BinaryOp::Lt,
    BinaryOp::Le,
    BinaryOp::CopySign,
];

#[test]
fn binary_operations_mean_what_they_say() {
    let mut checked = 0;
    for dtype in DType::ALL {
        let values = hostile(dtype);
        let pairs: Vec<(Scalar, Scalar)> = values
            .iter()
            .flat_map(|&a| values.iter().map(move |&b| (a, b)))
            .collect();
        let (left, right) = pairs.iter().copied().unzip();
        let columns: [Vec<Scalar>; 2] = [left, right];
        for op in BINARY.into_iter().filter(|op| op.takes(dtype)) {
            let results = run(
                &columns,
                vec![LaneOp::Binary {
                    op,
                    dtype,
                    a: 0,
                    b: 1,
                }],
            );
            for (&(a, b), got) in pairs.iter().zip(results) {
                let want = match (a.as_i128(), b.as_i128()) {
                    (Some(a), Some(b)) => integer(op, dtype, a, b),
                    _ => float(op, dtype, a.to_f64(), b.to_f64()),
                };
                assert!(same(got, want), "{op} {a:?} {b:?}: {got:?}, not {want:?}");
                checked += 1;
            }
        }
    }
    assert!(checked > 100_000, "{checked}");
}

#[test]
fn unary_operations_mean_what_they_say() {
    use UnaryOp::*;
    for dtype in DType::ALL {
        let values = hostile(dtype);
        for op in [Neg, Abs, Not, Sqrt, Floor, Ceil, Trunc, Rint, SwapBytes]
            .into_iter()
            .filter(|op| op.takes(dtype))
        {
            let results = run(
                std::slice::from_ref(&values),
                vec![LaneOp::Unary { op, dtype, a: 0 }],
            );
            for (&a, got) in values.iter().zip(results) {
                let x = a.to_f64();
                let want = match (op, a.as_i128()) {
                    (SwapBytes, _) => {
                        let mut bytes = a.bits().to_le_bytes();
                        bytes[..dtype.itemsize()].reverse();
                        Scalar::from_bytes(dtype, &bytes[..dtype.itemsize()])
                    }
                    (Neg, Some(v)) => Scalar::from_i128(dtype, -v),
                    (Abs, Some(v)) => Scalar::from_i128(dtype, v.abs()),
                    (Not, Some(v)) if dtype == DType::Bool => (v == 0).into(),
                    (Not, Some(v)) => Scalar::from_i128(dtype, -v - 1),
                    (Neg, None) => Scalar::from_f64(dtype, -x),
                    (Abs, None) => Scalar::from_f64(dtype, x.abs()),
                    (Sqrt, _) => Scalar::from_f64(dtype, x.sqrt()),
                    (Floor, _) => Scalar::from_f64(dtype, x.floor()),
                    (Trunc, _) => Scalar::from_f64(dtype, x.trunc()),
                    (Rint, _) => Scalar::from_f64(dtype, x.round_ties_even()),
                    _ => Scalar::from_f64(dtype, x.ceil()),
                };
                assert!(same(got, want), "{op} {a:?}: {got:?}, not {want:?}");
            }
        }
    }
}

#[test]
fn casts_mean_what_they_say() {
    for from in DType::ALL {
        let values = hostile(from);
        for to in DType::ALL {
            let results = run(
                std::slice::from_ref(&values),
                vec![LaneOp::Cast { from, to, a: 0 }],
            );
            for (&a, got) in values.iter().zip(results) {
                assert!(
                    same(got, a.cast(to)),
                    "{a:?} to {to}: {got:?}, not {:?}",
                    a.cast(to)
                );
            }
        }
    }
}

#[test]
fn select_takes_the_first_where_the_mask_is_set() {
    for dtype in DType::ALL {
        let values = hostile(dtype);
        let other: Vec<Scalar> = values.iter().rev().copied().collect();
        let mask: Vec<Scalar> = (0..values.len())
            .map(|k| Scalar::from(k % 3 == 0))
            .collect();
        let results = run(
            &[mask, values.clone(), other.clone()],
            vec![LaneOp::Select {
                dtype,
                mask: 0,
                a: 1,
                b: 2,
            }],
        );
        for (k, got) in results.into_iter().enumerate() {
            assert_eq!(got, if k % 3 == 0 { values[k] } else { other[k] });
        }
    }
}

#[test]
fn folds_keep_eight_lanes_in_order() {
    for dtype in DType::ALL {
        let values: Vec<Scalar> = hostile(dtype).into_iter().cycle().take(77).collect();
        for op in [
            FoldOp::Add,
            FoldOp::Mul,
            FoldOp::Min,
            FoldOp::Max,
            FoldOp::And,
            FoldOp::Or,
        ] {
            let Some(binary) = op.binary_on(dtype) else {
                continue;
            };
            let mut lanes = [op.identity(dtype); 8];
            for (k, &value) in values.iter().enumerate() {
                let lane = &mut lanes[(5 + k) % 8];
                *lane = match (lane.as_i128(), value.as_i128()) {
                    (Some(a), Some(b)) => integer(binary, dtype, a, b),
                    _ => float(binary, dtype, lane.to_f64(), value.to_f64()),
                };
            }
            let kernel = Kernel {
                buffers: vec![
                    BufferDecl {
                        dtype,
                        writable: false,
                    },
                    BufferDecl {
                        dtype,
                        writable: true,
                    },
                ],
                scratch: vec![],
                ints: 1,
                scalars: vec![],
                vars: 0,
                body: vec![Stmt::Lanes {
                    count: Index::Arg(0),
                    ops: vec![
                        LaneOp::Load {
                            dtype,
                            place: place(0),
                            stride: 1.into(),
                        },
                        LaneOp::Fold {
                            op,
                            dtype,
                            place: place(1),
                            from: 5.into(),
                            a: 0,
                        },
                    ],
                }],
            };
            let size = dtype.itemsize();
            let bytes = |column: &[Scalar]| -> Vec<u8> {
                column
                    .iter()
                    .flat_map(|v| v.bits().to_le_bytes()[..size].to_vec())
                    .collect()
            };
            let mut memory = [bytes(&values), bytes(&[op.identity(dtype); 8])];
            execute(&kernel, &mut memory, &[77]).unwrap();
            for (got, want) in memory[1].chunks(size).zip(lanes) {
                let got = Scalar::from_bytes(dtype, got);
                assert!(same(got, want), "{op} {dtype}: {got:?}, not {want:?}");
            }
        }
    }
}
