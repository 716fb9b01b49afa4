//! Which loads, draws and steps does a stage's body hold?
//!
//! Walks the body from its root down, carrying the affine map from iterations to the node's
//! indices, so that every move disappears into the maps of the leaves. What index arrays look up is
//! in `lookup`; which arrays an operand is read from, in `pieces`.

mod lookup;
mod pieces;

use crate::affine::Affine;
use crate::plan::{Input, Operand};
use std::collections::HashMap;
use tilewright_core::{DType, Error, Kind, Result, Scalar, c_strides};
use tilewright_expr::Expr;
use tilewright_expr::attr::Draw;
use tilewright_expr::attr::{Attr, Leaf, LeafKind, SourceRef};
use tilewright_expr::op::{Family, MoveKind, Step};
use tilewright_kernel::ir::{BinaryOp, UnaryOp};

/// A value of a program: the position of the op that makes it.
pub type Value = usize;

/// One op of a straight-line program over one iteration.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// Reads an operand.
    Load(usize),
    /// A scalar argument.
    Scalar(usize),
    /// An affine index, as i64.
    Index(usize),
    /// A random number: which draw, the affine that is the seed, and the one that counts.
    Draw(Draw, usize, usize),
    /// A random number of a law with parameters.
    DrawOf {
        /// Which.
        draw: Draw,
        /// The affine that is the seed.
        seed: usize,
        /// The affine that counts.
        counter: usize,
        /// The parameters.
        args: Vec<Value>,
    },
    /// An element-wise step; dtypes of the operands (the last one's) and the result.
    Step {
        /// Which.
        step: Step,
        /// Dtype of the (last) operand.
        from: DType,
        /// Dtype of the result.
        to: DType,
        /// The operands.
        args: Vec<Value>,
    },
}

/// A body in straight line.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The ops, operands before users.
    pub ops: Vec<Op>,
    /// Dtype of each op's result.
    pub dtypes: Vec<DType>,
    /// What is read.
    pub operands: Vec<Operand>,
    /// Index computations.
    pub affines: Vec<Affine>,
    /// Scalar arguments.
    pub scalars: Vec<Scalar>,
}

impl Program {
    /// How many times as many iterations as of wide elements a task should have, so that handing it
    /// out costs the same share: narrow ones take less memory and, in vector lanes, less time.
    pub fn narrowness(&self) -> i64 {
        let widest = self.dtypes.iter().map(|dtype| dtype.itemsize()).max();
        (4 / widest.unwrap_or(8) as i64).max(1)
    }

    /// Whether it swaps bytes.
    pub fn swaps(&self) -> bool {
        let swap = |op: &Op| matches!(op, Op::Step { step: SWAP, .. });
        self.ops.iter().any(swap)
    }

    /// Steps for each element.
    pub fn steps(&self) -> usize {
        let step = |op: &&Op| matches!(op, Op::Step { .. });
        self.ops.iter().filter(step).count()
    }
}

/// Names the inputs of a body: its sources and its arguments.
pub trait Inputs {
    /// Argument `k` of the stage.
    fn argument(&self, k: usize) -> Result<Input>;
    /// A source leaf.
    fn source(&mut self, leaf: &Leaf, source: &SourceRef) -> Result<Input>;
    /// A literal.
    fn literal(&mut self, leaf: &Leaf, elements: &[Scalar]) -> Result<Input>;
}

/// What makes a number of an element whose bytes stand in the other order.
pub const SWAP: Step = Step::Unary(UnaryOp::SwapBytes);

/// Where the bytes of elements are swapped that lie in a map in the other order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swaps {
    /// In the kernel, as it loads them.
    InKernels,
    /// In a copy, which the kernel loads.
    InCopies,
}

/// Builds a program; `axes` is the number of iteration axes.
pub struct Builder<'a> {
    program: Program,
    axes: usize,
    inputs: &'a mut dyn Inputs,
    swaps: Swaps,
    memo: HashMap<(usize, Vec<Affine>), Value>,
    known: HashMap<Op, Value>,
}

fn malformed(what: &str) -> Error {
    Error::new(Kind::Internal, format!("a stage's body holds {what}"))
}

impl<'a> Builder<'a> {
    /// An empty program over `axes` iteration axes.
    pub fn new(axes: usize, inputs: &'a mut dyn Inputs, swaps: Swaps) -> Builder<'a> {
        Builder {
            program: Program::default(),
            axes,
            inputs,
            swaps,
            memo: HashMap::new(),
            known: HashMap::new(),
        }
    }

    /// The finished program.
    pub fn finish(self) -> Program {
        self.program
    }

    /// The value of `expr` at the indices that `maps` gives.
    ///
    /// # Errors
    /// [`Kind::Internal`] if the body is not of the form one pass can run.
    pub fn value(&mut self, expr: &Expr, maps: Vec<Affine>) -> Result<Value> {
        // An explicit stack: bodies of fused chains are as deep as the chain.
        enum Work {
            Visit(Expr, Vec<Affine>),
            Combine(Expr, Vec<Affine>, Vec<(usize, Vec<Affine>)>),
        }
        let root = (expr.address(), maps.clone());
        let mut stack = vec![Work::Visit(expr.clone(), maps)];
        while let Some(work) = stack.pop() {
            match work {
                Work::Visit(expr, maps) => {
                    let key = (expr.address(), maps);
                    if self.memo.contains_key(&key) {
                        continue;
                    }
                    let maps = key.1;
                    let below = self.arguments(&expr, &maps)?;
                    let keys = below
                        .iter()
                        .map(|(e, m)| (e.address(), m.clone()))
                        .collect();
                    stack.push(Work::Combine(expr, maps, keys));
                    stack.extend(below.into_iter().rev().map(|(e, m)| Work::Visit(e, m)));
                }
                Work::Combine(expr, maps, keys) => {
                    let args: Vec<Value> = keys
                        .iter()
                        .filter_map(|key| self.memo.get(key).copied())
                        .collect();
                    let value = self.combine(&expr, &maps, &args)?;
                    self.memo.insert((expr.address(), maps), value);
                }
            }
        }
        self.memo
            .get(&root)
            .copied()
            .ok_or_else(|| malformed("a node without a value"))
    }

    /// The nodes whose values this one needs, each with its maps.
    fn arguments(&self, expr: &Expr, maps: &[Affine]) -> Result<Vec<(Expr, Vec<Affine>)>> {
        match &expr.op().family {
            Family::Map(_) | Family::Random => Ok(expr
                .args()
                .iter()
                .map(|arg| (arg.clone(), maps.to_vec()))
                .collect()),
            Family::Move(MoveKind::Concatenate | MoveKind::Reshape) => Ok(Vec::new()),
            Family::Move(_) => {
                let (arg, maps) = through_move(expr, maps, self.axes)?;
                Ok(vec![(arg, maps)])
            }
            _ => Ok(Vec::new()),
        }
    }

    fn combine(&mut self, expr: &Expr, maps: &[Affine], args: &[Value]) -> Result<Value> {
        match (&expr.op().family, expr.attr()) {
            (Family::Map(row), _) => {
                let from = expr.args().last().map_or(expr.dtype(), Expr::dtype);
                let step = (row.lower)(from, expr.dtype());
                if step == Step::Same {
                    return args
                        .first()
                        .copied()
                        .ok_or_else(|| malformed("a map of nothing"));
                }
                let op = Op::Step {
                    step,
                    from,
                    to: expr.dtype(),
                    args: args.to_vec(),
                };
                Ok(self.push(op, expr.dtype()))
            }
            (Family::Move(MoveKind::Concatenate), Attr::Index(axis)) => {
                self.concatenate(expr, maps, *axis)
            }
            (Family::Move(MoveKind::Reshape), _) => {
                let strides = c_strides(expr.shape());
                let index = Affine::linear(maps, &strides, self.axes);
                self.linear_leaf(&expr.args()[0], index)
            }
            (Family::Index, Attr::Lookup(lookup)) => self.look_up(expr, maps, lookup),
            (Family::Move(_), _) => args
                .first()
                .copied()
                .ok_or_else(|| malformed("a move of nothing")),
            (_, Attr::Leaf(leaf)) => self.leaf(leaf, maps, args),
            _ => Err(malformed(expr.op().name)),
        }
    }

    /// A leaf whose region is all of it, under its C-order index.
    fn linear_leaf(&mut self, expr: &Expr, index: Affine) -> Result<Value> {
        let Attr::Leaf(leaf) = expr.attr() else {
            return Err(malformed("a reshape of something computed"));
        };
        match &leaf.kind {
            LeafKind::Input(k) => {
                let input = self.inputs.argument(*k)?;
                Ok(self.load(leaf.dtype, input, &[expr.elements()], vec![index]))
            }
            LeafKind::Literal(elements) => {
                let input = self.inputs.literal(leaf, elements)?;
                Ok(self.load(leaf.dtype, input, &[expr.elements()], vec![index]))
            }
            LeafKind::Draw(draw, seed) if draw.parameters() == 0 => {
                let (seed, counter) = (self.seed(*seed), self.affine(index));
                Ok(self.push(Op::Draw(*draw, seed, counter), leaf.dtype))
            }
            LeafKind::Full(value) => Ok(self.scalar(*value)),
            LeafKind::Iota(axis) => {
                let strides = c_strides(&leaf.whole);
                let at = self.affine(index);
                let linear = self.push(Op::Index(at), DType::I64);
                let quotient = self.integer_step(linear, strides[*axis], true);
                Ok(self.integer_step(quotient, leaf.whole[*axis].max(1), false))
            }
            _ => Err(malformed(
                "a reshape of an array that is not linear in its index",
            )),
        }
    }

    fn integer_step(&mut self, a: Value, by: i64, divide: bool) -> Value {
        let by = self.scalar(by.into());
        let step = Step::Binary(if divide {
            BinaryOp::FloorDiv
        } else {
            BinaryOp::Rem
        });
        let op = Op::Step {
            step,
            from: DType::I64,
            to: DType::I64,
            args: vec![a, by],
        };
        self.push(op, DType::I64)
    }

    fn leaf(&mut self, leaf: &Leaf, maps: &[Affine], args: &[Value]) -> Result<Value> {
        let at: Vec<Affine> = maps
            .iter()
            .zip(&leaf.at.axes)
            .map(|(map, range)| map.within(range))
            .collect();
        match &leaf.kind {
            LeafKind::Full(value) => Ok(self.scalar(*value)),
            LeafKind::Iota(axis) => {
                let index = self.affine(at[*axis].clone());
                Ok(self.push(Op::Index(index), DType::I64))
            }
            LeafKind::Draw(draw, seed) => {
                let index = Affine::linear(&at, &c_strides(&leaf.whole), self.axes);
                let (seed, counter) = (self.seed(*seed), self.affine(index));
                if args.len() != draw.parameters() {
                    return Err(malformed("a draw without its parameters"));
                }
                let op = match args {
                    [] => Op::Draw(*draw, seed, counter),
                    args => Op::DrawOf {
                        draw: *draw,
                        seed,
                        counter,
                        args: args.to_vec(),
                    },
                };
                Ok(self.push(op, leaf.dtype))
            }
            LeafKind::Literal(elements) => {
                let input = self.inputs.literal(leaf, elements)?;
                Ok(self.load(leaf.dtype, input, &leaf.whole, at))
            }
            LeafKind::Source(source) => {
                let swaps = source.is_swapped() && self.swaps == Swaps::InKernels;
                let input = match swaps {
                    true => self.inputs.source(leaf, source)?,
                    false => self.copied(leaf, source)?,
                };
                let loaded = self.load(leaf.dtype, input, &leaf.whole, at);
                Ok(match swaps {
                    true => self.swapped(loaded, leaf.dtype),
                    false => loaded,
                })
            }
            LeafKind::Input(k) => {
                let input = self.inputs.argument(*k)?;
                Ok(self.load(leaf.dtype, input, &leaf.whole, at))
            }
        }
    }

    /// A seed as an index computation that is the same everywhere: a kernel takes it as an
    /// argument, so that kernels of fresh seeds share their code.
    fn seed(&mut self, seed: u64) -> usize {
        self.affine(Affine::constant(seed as i64, self.axes))
    }

    fn affine(&mut self, affine: Affine) -> usize {
        let known = self.program.affines.iter().position(|a| *a == affine);
        known.unwrap_or_else(|| {
            self.program.affines.push(affine);
            self.program.affines.len() - 1
        })
    }

    fn scalar(&mut self, value: Scalar) -> Value {
        let known = self.program.scalars.iter().position(|s| *s == value);
        let k = known.unwrap_or_else(|| {
            self.program.scalars.push(value);
            self.program.scalars.len() - 1
        });
        self.push(Op::Scalar(k), value.dtype())
    }

    /// The op, or the equal one that is there.
    fn push(&mut self, op: Op, dtype: DType) -> Value {
        if let Some(&value) = self.known.get(&op) {
            return value;
        }
        self.program.ops.push(op.clone());
        self.program.dtypes.push(dtype);
        self.known.insert(op, self.program.ops.len() - 1);
        self.program.ops.len() - 1
    }
}

/// The argument of a move, and its maps.
fn through_move(expr: &Expr, maps: &[Affine], axes: usize) -> Result<(Expr, Vec<Affine>)> {
    let arg = expr
        .args()
        .first()
        .ok_or_else(|| malformed("a move of nothing"))?;
    let Family::Move(kind) = expr.op().family else {
        return Err(malformed("no move"));
    };
    let zero = || Affine::constant(0, axes);
    let ndim = arg.shape().len();
    let below = match (kind, expr.attr()) {
        (MoveKind::Slice, Attr::Region(region)) => maps
            .iter()
            .zip(&region.axes)
            .map(|(map, range)| map.within(range))
            .collect(),
        (MoveKind::Transpose, Attr::Axes(order)) => {
            let mut below = vec![zero(); ndim];
            for (map, &from) in maps.iter().zip(order) {
                below[from] = map.clone();
            }
            below
        }
        (MoveKind::Broadcast, _) => {
            let lead = maps.len() - ndim;
            let axis = |k: usize| {
                if arg.shape()[k] == 1 {
                    zero()
                } else {
                    maps[lead + k].clone()
                }
            };
            (0..ndim).map(axis).collect()
        }
        (MoveKind::ExpandDims, Attr::Axes(new)) => {
            let old = (0..maps.len()).filter(|k| !new.contains(k));
            old.map(|k| maps[k].clone()).collect()
        }
        (MoveKind::Squeeze, Attr::Axes(gone)) => {
            let mut rest = maps.iter();
            let axis = |k: usize| {
                if gone.contains(&k) {
                    zero()
                } else {
                    rest.next().cloned().unwrap_or_else(zero)
                }
            };
            (0..ndim).map(axis).collect()
        }
        (MoveKind::Windows, Attr::Windows(windows)) => {
            let mut below = maps[..ndim].to_vec();
            for (&(axis, _), walk) in windows.iter().zip(&maps[ndim..]) {
                below[axis] = below[axis].plus(walk);
            }
            below
        }
        (MoveKind::Rechunk, _) => maps.to_vec(),
        _ => return Err(malformed("a move that is not affine")),
    };
    Ok((arg.clone(), below))
}
