//! What the interpreter refuses, and how a kernel reads.
#![allow(unsafe_code, clippy::unwrap_used, reason = "tests of raw buffers")]

use tilewright_core::{DType, Kind, Scalar};
use tilewright_kernel::ir::{BufferDecl, ScratchDecl};
use tilewright_kernel::{
    BinaryOp, Call, ElementFn, Fold, FoldOp, Index, Kernel, LaneOp, Place, RawBuffer, SliceFn,
    Slot, Stmt, interp,
};

fn at(slot: Slot, offset: impl Into<Index>) -> Place {
    Place {
        slot,
        offset: offset.into(),
    }
}

/// Scales rows of a matrix and pushes the sum of each as a leaf.
fn sample() -> Kernel {
    let f64 = DType::F64;
    let row = Index::Var(0);
    let ops = vec![
        LaneOp::Load {
            dtype: f64,
            place: at(Slot::Buffer(0), Index::Arg(2) + row.clone() * Index::Arg(3)),
            stride: 1.into(),
        },
        LaneOp::Arg { dtype: f64, arg: 0 },
        LaneOp::Binary {
            op: BinaryOp::Mul,
            dtype: f64,
            a: 0,
            b: 1,
        },
        LaneOp::Store {
            dtype: f64,
            place: at(Slot::Buffer(1), row.clone() * Index::Arg(1)),
            stride: 1.into(),
            a: 2,
        },
        LaneOp::Fold {
            op: FoldOp::Add,
            dtype: f64,
            place: at(Slot::Scratch(0), 0),
            from: 0.into(),
            a: 2,
        },
    ];
    let push = SliceFn::Push(Fold::Op(FoldOp::Add, f64));
    Kernel {
        buffers: vec![
            BufferDecl {
                dtype: f64,
                writable: false,
            },
            BufferDecl {
                dtype: f64,
                writable: true,
            },
        ],
        scratch: vec![
            ScratchDecl { dtype: f64, len: 8 },
            ScratchDecl {
                dtype: f64,
                len: 8 * 8,
            },
        ],
        ints: 4,
        scalars: vec![f64],
        vars: 1,
        body: vec![Stmt::Loop {
            var: 0,
            count: Index::Arg(0),
            body: vec![
                Stmt::Lanes {
                    count: 8.into(),
                    ops: vec![
                        LaneOp::Const(Scalar::from(-0.0)),
                        LaneOp::Store {
                            dtype: f64,
                            place: at(Slot::Scratch(0), 0),
                            stride: 1.into(),
                            a: 0,
                        },
                    ],
                },
                Stmt::Lanes {
                    count: Index::Arg(1),
                    ops,
                },
                Stmt::Call {
                    function: push,
                    ints: vec![row, 8.into()],
                    places: vec![at(Slot::Scratch(1), 0), at(Slot::Scratch(0), 0)],
                },
            ],
        }],
    }
}

fn run(
    kernel: &Kernel,
    input: &mut [f64],
    output: &mut [f64],
    ints: &[i64],
) -> tilewright_core::Result<()> {
    let raw = [input, output].map(|b| RawBuffer {
        ptr: b.as_mut_ptr().cast(),
        len: size_of_val(b),
    });
    let mut scratch = vec![0u64; kernel.scratch_layout().1 / 8];
    let scratch: &mut [u8] = bytemuck::cast_slice_mut(&mut scratch);
    let mut call = Call {
        buffers: &raw,
        ints,
        scalars: &[2f64.to_bits()],
        scratch,
    };
    // SAFETY: every buffer is exclusively borrowed.
    unsafe { interp::run(kernel, &mut call) }
}

#[test]
fn a_kernel_reads_line_by_line() {
    let want = "\
in b0 f64
inout b1 f64
scratch s0 f64[8]
scratch s1 f64[64]
ints a0..a4
scalar c0 f64
loop i0 < a0 {
  lanes 8 {
    v0 = const f64 -0.0
    store f64 s0[0] step 1 = v0
  }
  lanes a1 {
    v0 = load f64 b0[a2 + i0*a3] step 1
    v1 = arg f64 c0
    v2 = mul f64 v0, v1
    store f64 b1[i0*a1] step 1 = v2
    fold add f64 s0[0] with v2
  }
  call push add f64 (i0, 8) on s1[0], s0[0]
}
";
    assert_eq!(sample().to_string(), want);
}

#[test]
fn it_runs_within_its_memory_and_not_past_it() {
    let kernel = sample();
    let mut input: Vec<f64> = (0..30).map(f64::from).collect();
    let mut output = vec![0.0; 15];
    run(&kernel, &mut input, &mut output, &[3, 5, 1, 10]).unwrap();
    let want: Vec<f64> = (0..15)
        .map(|k| 2.0 * f64::from(k / 5 * 10 + k % 5 + 1))
        .collect();
    assert_eq!(output, want);
    for ints in [
        [3, 6, 1, 10],
        [4, 5, 1, 10],
        [3, 5, -1, 10],
        [3, 5, i64::MAX, 10],
        [3, 5, 1, i64::MIN],
    ] {
        let error = run(&kernel, &mut input, &mut output, &ints).unwrap_err();
        assert_eq!(error.kind(), Kind::Internal);
        assert!(
            error
                .facts()
                .iter()
                .any(|(label, text)| label == "op" && text.contains(" b")),
            "{error}"
        );
    }
    run(&kernel, &mut input, &mut output, &[0, 6, -9, 10]).unwrap();
    run(&kernel, &mut input, &mut output, &[2, -6, -9, 10]).unwrap();
}

#[test]
fn a_call_that_does_not_fit_is_refused() {
    let kernel = sample();
    let mut call = Call {
        buffers: &[],
        ints: &[],
        scalars: &[],
        scratch: &mut [],
    };
    // SAFETY: there is no buffer.
    let error = unsafe { interp::run(&kernel, &mut call) }.unwrap_err();
    assert_eq!(error.kind(), Kind::Internal);
}

#[test]
fn the_checker_names_what_is_broken() {
    let broken = |change: fn(&mut Kernel), why: &str| {
        let mut kernel = sample();
        change(&mut kernel);
        let error = kernel.check().unwrap_err().to_string();
        assert!(error.contains(why), "{error}\nshould say {why}");
    };
    fn ops(kernel: &mut Kernel) -> &mut Vec<LaneOp> {
        let Some(Stmt::Loop { body, .. }) = kernel.body.first_mut() else {
            unreachable!()
        };
        let Some(Stmt::Lanes { ops, .. }) = body.get_mut(1) else {
            unreachable!()
        };
        ops
    }
    sample().check().unwrap();
    broken(|k| k.vars = 0, "declares no variable i0");
    broken(|k| k.body.extend(sample().body), "i0 is defined twice");
    broken(
        |k| {
            k.body.push(Stmt::Lanes {
                count: Index::Var(0),
                ops: vec![],
            })
        },
        "i0 is not in scope",
    );
    broken(|k| k.ints = 3, "no integer argument a3");
    broken(|k| k.buffers[1].writable = false, "b1 is not writable");
    broken(
        |k| k.buffers[0].dtype = DType::F32,
        "b0 is f32, used as f64",
    );
    broken(|k| k.scratch.truncate(1), "s1 is missing");
    broken(|k| k.scalars[0] = DType::I64, "c0 is i64, used as f64");
    broken(
        |k| {
            ops(k)[2] = LaneOp::Binary {
                op: BinaryOp::Mul,
                dtype: DType::F64,
                a: 0,
                b: 2,
            }
        },
        "v2 is missing",
    );
    broken(
        |k| {
            ops(k)[2] = LaneOp::Binary {
                op: BinaryOp::Shl,
                dtype: DType::F64,
                a: 0,
                b: 1,
            }
        },
        "shl does not take f64",
    );
    broken(
        |k| ops(k)[1] = LaneOp::Const(Scalar::from(1i32)),
        "v1 is i32, used as f64",
    );
    broken(
        |k| {
            k.body.push(Stmt::Call {
                function: SliceFn::Element(ElementFn::Power, DType::F64),
                ints: vec![],
                places: vec![],
            })
        },
        "there is no integer_power f64",
    );
    broken(
        |k| {
            k.body.push(Stmt::Call {
                function: SliceFn::MomentsLeaf,
                ints: vec![],
                places: vec![],
            })
        },
        "takes (3, 2) ints and places",
    );
}
