//! Random kernels that stay within their memory.
//!
//! Every access gets a buffer that is exactly as long as it reaches, so that one element more
//! would fault. Rows may overlap; elements of one body do not.

use super::{Arguments, Random, hostile, random_bytes};
use tilewright_core::DType;
use tilewright_kernel::ir::{BufferDecl, ScratchDecl};
use tilewright_kernel::{
    BinaryOp, ElementFn, Fold, FoldOp, Index, Kernel, LaneOp, Place, SliceFn, Slot, Stmt, UnaryOp,
};
use tilewright_vecmath::{Draw, MathFn};

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
const UNARY: [UnaryOp; 9] = [
    UnaryOp::Neg,
    UnaryOp::Abs,
    UnaryOp::Not,
    UnaryOp::Sqrt,
    UnaryOp::Floor,
    UnaryOp::Ceil,
    UnaryOp::Trunc,
    UnaryOp::Rint,
    UnaryOp::SwapBytes,
];
const FOLDS: [FoldOp; 6] = [
    FoldOp::Add,
    FoldOp::Mul,
    FoldOp::Min,
    FoldOp::Max,
    FoldOp::And,
    FoldOp::Or,
];

/// A kernel being made.
pub struct Maker {
    random: Random,
    kernel: Kernel,
    arguments: Arguments,
    /// The loop around: its variable and number of rounds.
    rows: Option<(u32, i64)>,
}

/// A random kernel with arguments for it.
pub fn kernel(seed: u64) -> (Kernel, Arguments) {
    let kernel = Kernel {
        buffers: vec![],
        scratch: vec![],
        ints: 0,
        scalars: vec![],
        vars: 0,
        body: vec![],
    };
    let mut maker = Maker {
        random: Random(seed),
        kernel,
        arguments: Arguments::default(),
        rows: None,
    };
    for _ in 0..1 + maker.random.below(3) {
        let statements = maker.part();
        maker.kernel.body.extend(statements);
    }
    (maker.kernel, maker.arguments)
}

impl Maker {
    /// Some statements, perhaps within a loop.
    fn part(&mut self) -> Vec<Stmt> {
        if self.rows.is_none() && self.random.once_in(3) {
            let var = self.kernel.vars;
            self.kernel.vars += 1;
            let rounds = self.random.below(5) as i64;
            let count = self.int(rounds);
            self.rows = Some((var, rounds));
            let body = self.straight();
            self.rows = None;
            return vec![Stmt::Loop { var, count, body }];
        }
        self.straight()
    }

    fn straight(&mut self) -> Vec<Stmt> {
        match self.random.below(6) {
            0 | 1 => self.fold(),
            2 => self.call(),
            _ => vec![self.map()],
        }
    }

    fn dtype(&mut self) -> DType {
        self.random.pick(&DType::ALL)
    }

    fn count(&mut self) -> i64 {
        match self.random.below(8) {
            0 => 0,
            1 => 500 + self.random.below(100) as i64,
            _ => self.random.below(70) as i64,
        }
    }

    /// A number, as a constant or an argument, now and then computed.
    fn int(&mut self, value: i64) -> Index {
        if self.random.once_in(3) {
            return value.into();
        }
        let mut arg = |value| {
            self.arguments.ints.push(value);
            self.kernel.ints += 1;
            Index::Arg(self.kernel.ints - 1)
        };
        match value % 3 {
            0 => arg(value + 5) - 5,
            1 if value > 0 => arg(value * 3) / arg(3),
            _ => arg(value),
        }
    }

    fn buffer(&mut self, dtype: DType, elements: i64, writable: bool) -> Slot {
        self.kernel.buffers.push(BufferDecl { dtype, writable });
        let contents = random_bytes(&mut self.random, dtype, elements as usize);
        self.arguments.buffers.push(contents);
        Slot::Buffer(self.kernel.buffers.len() as u32 - 1)
    }

    fn scratch(&mut self, dtype: DType, elements: u32) -> Slot {
        self.kernel.scratch.push(ScratchDecl {
            dtype,
            len: elements,
        });
        Slot::Scratch(self.kernel.scratch.len() as u32 - 1)
    }

    /// A new buffer reached by `count` elements in steps: its place, and the stride.
    fn access(&mut self, dtype: DType, count: i64, store: bool, writable: bool) -> (Place, Index) {
        let steps: &[i64] = if store {
            &[1, 1, 1, 2, -1, -3]
        } else {
            &[1, 1, 1, 0, 2, -1, 7]
        };
        let step = self.random.pick(steps);
        let (var, rounds) = self
            .rows
            .map_or((None, 1), |(var, rounds)| (Some(var), rounds));
        let row_step = if var.is_some() {
            self.random.pick(&[0, 1, count, -count, count + 3])
        } else {
            0
        };
        let reach = |steps: i64, step: i64| (steps - 1).max(0) * step;
        let (along, across) = (reach(count, step), reach(rounds, row_step));
        let first = -(along.min(0) + across.min(0));
        let last = first + along.max(0) + across.max(0);
        let slot = self.buffer(
            dtype,
            if count > 0 && rounds > 0 { last + 1 } else { 0 },
            writable,
        );
        let mut offset = self.int(first);
        if let Some(var) = var {
            offset = offset + Index::Var(var) * self.int(row_step);
        }
        // A stride that is known decides how it is compiled.
        let stride = if self.random.once_in(4) {
            self.int(step)
        } else {
            step.into()
        };
        (Place { slot, offset }, stride)
    }

    /// A body with values of all kinds, the last of which are stored.
    fn map(&mut self) -> Stmt {
        let count = self.count();
        let mut ops = self.values(count);
        for _ in 0..1 + self.random.below(2) {
            self.store(&mut ops, count);
        }
        Stmt::Lanes {
            count: self.int(count),
            ops,
        }
    }

    fn store(&mut self, ops: &mut Vec<LaneOp>, count: i64) {
        let a = self.late_value(ops);
        let Some(dtype) = ops[a as usize].result() else {
            return;
        };
        // Over what was read, at the same element: allowed.
        let over = ops.iter().find_map(|op| match op {
            LaneOp::Load {
                dtype: d,
                place:
                    place @ Place {
                        slot: Slot::Buffer(k),
                        ..
                    },
                stride,
            } if *d == dtype
                && *stride == Index::Const(1)
                && !self.kernel.buffers[*k as usize].writable =>
            {
                Some((place.clone(), stride.clone(), *k))
            }
            _ => None,
        });
        let (place, stride) = match over {
            Some((place, stride, k)) if self.random.once_in(3) => {
                self.kernel.buffers[k as usize].writable = true;
                (place, stride)
            }
            _ => self.access(dtype, count, true, true),
        };
        ops.push(LaneOp::Store {
            dtype,
            place,
            stride,
            a,
        });
    }

    /// A value, rather one of the last.
    fn late_value(&mut self, ops: &[LaneOp]) -> u32 {
        let made: Vec<u32> = (0..ops.len() as u32)
            .filter(|&k| ops[k as usize].result().is_some())
            .collect();
        let late = 1 + self.random.below(4.min(made.len() as u64));
        made[made.len() - late as usize]
    }

    fn values(&mut self, count: i64) -> Vec<LaneOp> {
        let mut ops = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            let source = self.source(count);
            ops.push(source);
        }
        for _ in 0..self.random.below(14) {
            let op = self.step(&mut ops, count);
            ops.push(op);
        }
        ops
    }

    fn source(&mut self, count: i64) -> LaneOp {
        let dtype = self.dtype();
        match self.random.below(6) {
            0 => LaneOp::Const(self.random.pick(&hostile(dtype))),
            1 => {
                self.kernel.scalars.push(dtype);
                self.arguments
                    .scalars
                    .push(self.random.pick(&hostile(dtype)).bits());
                LaneOp::Arg {
                    dtype,
                    arg: self.kernel.scalars.len() as u32 - 1,
                }
            }
            2 => {
                let (start, step) = (
                    self.random.below(100) as i64 - 50,
                    self.random.below(7) as i64 - 3,
                );
                LaneOp::Iota {
                    start: self.int(start),
                    step: self.int(step),
                }
            }
            _ => {
                let (place, stride) = self.access(dtype, count, false, false);
                LaneOp::Load {
                    dtype,
                    place,
                    stride,
                }
            }
        }
    }

    /// A value of `dtype`, cast to it if there is none.
    fn operand(&mut self, ops: &mut Vec<LaneOp>, dtype: DType) -> u32 {
        let same: Vec<u32> = (0..ops.len() as u32)
            .filter(|&k| ops[k as usize].result() == Some(dtype))
            .collect();
        if !same.is_empty() && !self.random.once_in(4) {
            return self.random.pick(&same);
        }
        let a = self.late_value(ops);
        match ops[a as usize].result() {
            Some(from) if from != dtype => {
                ops.push(LaneOp::Cast { from, to: dtype, a });
                ops.len() as u32 - 1
            }
            _ => a,
        }
    }

    fn step(&mut self, ops: &mut Vec<LaneOp>, count: i64) -> LaneOp {
        let a = self.late_value(ops);
        let dtype = ops[a as usize].result().unwrap_or(DType::F64);
        match self.random.below(10) {
            0 => self.source(count),
            1 | 2 => LaneOp::Cast {
                from: dtype,
                to: self.dtype(),
                a,
            },
            3 => {
                let mask = self.operand(ops, DType::Bool);
                let b = self.operand(ops, dtype);
                LaneOp::Select { dtype, mask, a, b }
            }
            4 => {
                let (a, dtype) = self.computed(ops, a, dtype);
                let op = self.random.pick(&UNARY);
                // Which NaN a computed one is, swapped bytes would show.
                let shows = op == UnaryOp::SwapBytes && dtype.is_float();
                if op.takes(dtype) && !shows {
                    LaneOp::Unary { op, dtype, a }
                } else {
                    LaneOp::Unary {
                        op: UnaryOp::Abs,
                        dtype,
                        a,
                    }
                }
            }
            _ => {
                let (a, dtype) = self.computed(ops, a, dtype);
                let op = self.random.pick(&BINARY);
                let op = if op.takes(dtype) { op } else { BinaryOp::Mul };
                let b = self.operand(ops, dtype);
                LaneOp::Binary { op, dtype, a, b }
            }
        }
    }

    /// The value in the dtype in which it is computed.
    fn computed(&mut self, ops: &mut Vec<LaneOp>, a: u32, from: DType) -> (u32, DType) {
        let to = from.computed();
        if to == from {
            return (a, from);
        }
        ops.push(LaneOp::Cast { from, to, a });
        (ops.len() as u32 - 1, to)
    }

    /// Lanes set, folded into, and copied out.
    fn fold(&mut self) -> Vec<Stmt> {
        let count = self.count();
        let mut ops = self.values(count);
        let mut before = Vec::new();
        let mut after = Vec::new();
        let before_it = self.random.below(20) as i64;
        let from = self.int(before_it);
        for _ in 0..1 + self.random.below(2) {
            let a = self.late_value(&ops);
            let Some(dtype) = ops[a as usize].result() else {
                continue;
            };
            let (a, dtype) = self.computed(&mut ops, a, dtype);
            let op = self.random.pick(&FOLDS);
            let op = if op.binary_on(dtype).is_some() {
                op
            } else {
                FoldOp::Add
            };
            let lanes = Place {
                slot: self.scratch(dtype, 8),
                offset: 0.into(),
            };
            let out = Place {
                slot: self.buffer(dtype, 8, true),
                offset: 0.into(),
            };
            let store = |place: &Place| LaneOp::Store {
                dtype,
                place: place.clone(),
                stride: 1.into(),
                a: 0,
            };
            before.push(Stmt::Lanes {
                count: 8.into(),
                ops: vec![LaneOp::Const(op.identity(dtype)), store(&lanes)],
            });
            let load = LaneOp::Load {
                dtype,
                place: lanes.clone(),
                stride: 1.into(),
            };
            after.push(Stmt::Lanes {
                count: 8.into(),
                ops: vec![load, store(&out)],
            });
            ops.push(LaneOp::Fold {
                op,
                dtype,
                place: lanes,
                from: from.clone(),
                a,
            });
        }
        if self.random.once_in(3) {
            self.store(&mut ops, count);
        }
        let count = self.int(count);
        before.push(Stmt::Lanes { count, ops });
        before.extend(after);
        before
    }

    /// Scratch filled, a slice function called on it, and the result used.
    fn call(&mut self) -> Vec<Stmt> {
        let float = self.random.pick(&[DType::F32, DType::F64]);
        let integer = self.random.pick(&[
            DType::I8,
            DType::I16,
            DType::I32,
            DType::I64,
            DType::U8,
            DType::U64,
        ]);
        let function = match self.random.below(8) {
            0 => SliceFn::Draw(self.random.pick(&[Draw::Uniform, Draw::Normal])),
            1..4 => {
                let function = self.random.pick(&ElementFn::ALL);
                let float = match function {
                    ElementFn::NextAfter => self.random.pick(&[DType::F16, float]),
                    _ => float,
                };
                let dtype = if function.takes(float) {
                    float
                } else {
                    integer
                };
                SliceFn::Element(function, dtype)
            }
            4 => SliceFn::Push(Fold::Op(FoldOp::Add, float)),
            _ => SliceFn::Math(self.random.pick(MathFn::ALL), float),
        };
        let dtype = function.place_dtype(0);
        let count = self.count();
        let ints = match function {
            SliceFn::Push(_) => vec![self.random.below(4) as i64, count],
            _ => [
                count,
                (self.random.next() >> 4) as i64,
                (self.random.next() >> 4) as i64,
                3,
            ][..function.arity().0]
                .to_vec(),
        };
        let mut statements = Vec::new();
        let mut places = Vec::new();
        for k in 0..function.arity().1 {
            let extent = function.extent(k, &ints);
            let place = Place {
                slot: self.scratch(dtype, extent as u32),
                offset: 0.into(),
            };
            let (from, stride) = self.access(dtype, extent as i64, false, false);
            let ops = vec![
                LaneOp::Load {
                    dtype,
                    place: from,
                    stride,
                },
                LaneOp::Store {
                    dtype,
                    place: place.clone(),
                    stride: 1.into(),
                    a: 0,
                },
            ];
            statements.push(Stmt::Lanes {
                count: self.int(extent as i64),
                ops,
            });
            places.push(place);
        }
        let result = places[0].clone();
        let ints = ints.into_iter().map(|int| self.int(int)).collect();
        statements.push(Stmt::Call {
            function,
            ints,
            places,
        });
        let mut ops = vec![LaneOp::Load {
            dtype,
            place: result,
            stride: 1.into(),
        }];
        for _ in 0..self.random.below(4) {
            let op = self.step(&mut ops, count);
            ops.push(op);
        }
        self.store(&mut ops, count);
        statements.push(Stmt::Lanes {
            count: self.int(count),
            ops,
        });
        statements
    }
}
