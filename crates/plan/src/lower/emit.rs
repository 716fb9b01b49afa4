//! How does a straight-line program become lanes, blocks and calls?
//!
//! Steps that are kernel instructions run in lanes; draws and transcendental steps are slice
//! functions over blocks in scratch memory. The program is cut into phases: the lanes of a phase
//! store what its calls read, its calls fill what the next phase's lanes load.

use super::layout::Layout;
use crate::program::{Op, Program, Value};
use std::collections::HashMap;
use tilewright_core::DType;
use tilewright_expr::op::Step;
use tilewright_kernel::ir::{Place, ScratchDecl};
use tilewright_kernel::{Index, LaneOp, SliceFn, Slot, Stmt};

/// Elements of a block between slice functions: 4 KiB of f64, so that a handful stay in L1.
pub const BLOCK: i64 = 512;

/// Where a run of lanes stands and what it may assume.
pub struct Run {
    /// Number of elements; at most [`BLOCK`] if the program calls slice functions.
    pub count: Index,
    /// Index of element 0 along each iteration axis.
    pub point: Vec<Index>,
    /// The iteration axis along which elements follow each other.
    pub lane: usize,
}

/// What becomes of a value.
pub enum Sink {
    /// Stored.
    Store {
        /// Element type.
        dtype: DType,
        /// Where element 0 goes.
        place: Place,
        /// Elements between neighbours.
        stride: Index,
    },
    /// Anything else, built from the value.
    Ops(BuildOps),
}

/// Appends ops that use a value.
pub type BuildOps = Box<dyn Fn(u32, &mut Vec<LaneOp>)>;

/// Emits one stage's program.
pub struct Emitter<'a> {
    /// The program.
    pub program: &'a Program,
    /// Argument order.
    pub layout: Layout,
    /// For each operand, the stride along the lane axis where the plan knows it.
    pub lane_strides: Vec<Option<i64>>,
    scratch: Vec<ScratchDecl>,
    vars: u32,
    /// Operands that are read from a copy: its element 0 and the elements between neighbours.
    copies: HashMap<usize, (Place, Index)>,
    /// Scratch block of each spilled or called value.
    blocks: HashMap<Value, Slot>,
}

impl<'a> Emitter<'a> {
    /// An emitter without scratch memory or variables.
    pub fn new(program: &'a Program, layout: Layout, lane_strides: Vec<Option<i64>>) -> Self {
        Emitter {
            program,
            layout,
            lane_strides,
            scratch: Vec::new(),
            vars: 0,
            copies: HashMap::new(),
            blocks: HashMap::new(),
        }
    }

    /// A new variable.
    pub fn var(&mut self) -> u32 {
        self.vars += 1;
        self.vars - 1
    }

    /// Number of variables.
    pub fn vars(&self) -> u32 {
        self.vars
    }

    /// New scratch memory.
    pub fn scratch(&mut self, dtype: DType, len: i64) -> Slot {
        self.scratch.push(ScratchDecl {
            dtype,
            len: len as u32,
        });
        Slot::Scratch(self.scratch.len() as u32 - 1)
    }

    /// Reads an operand from a copy from now on.
    pub fn copied(&mut self, operand: usize, place: Place, stride: Index) {
        self.copies.insert(operand, (place, stride));
    }

    /// All scratch memory.
    pub fn into_scratch(self) -> Vec<ScratchDecl> {
        self.scratch
    }

    /// Whether it calls one to make a value.
    pub fn calls_for(&self, value: Value) -> bool {
        let needed = self.needed([value]);
        let mut ops = self.program.ops.iter().zip(needed);
        ops.any(|(op, needed)| needed && is_call(op))
    }

    /// Which values these are made of, themselves among them.
    fn needed(&self, roots: impl IntoIterator<Item = Value>) -> Vec<bool> {
        let mut needed = vec![false; self.program.ops.len()];
        roots.into_iter().for_each(|root| needed[root] = true);
        // Operands stand before their users.
        for value in (0..needed.len()).rev() {
            if needed[value] {
                for arg in arguments(&self.program.ops[value]) {
                    needed[arg] = true;
                }
            }
        }
        needed
    }

    /// The statements of one run.
    pub fn run(&mut self, run: &Run, roots: &[(Value, Sink)]) -> Vec<Stmt> {
        let phases = self.phases();
        let last = roots
            .iter()
            .map(|(v, _)| self.available(&phases, *v))
            .max()
            .unwrap_or(0);
        let needed = self.needed(roots.iter().map(|(value, _)| *value));
        self.place_blocks(&phases, roots, &needed);
        let mut stmts = Vec::new();
        for phase in 0..=last {
            let spills: Vec<Value> = (0..self.program.ops.len())
                .filter(|&v| phases[v] == phase && !is_call(&self.program.ops[v]))
                .filter(|v| needed[*v] && self.blocks.contains_key(v))
                .collect();
            let mut lanes = Lanes::new(self, run, &phases, phase);
            for value in spills {
                lanes.spill(value);
            }
            if phase == last {
                for (value, sink) in roots {
                    lanes.sink(*value, sink);
                }
            }
            let ops = lanes.ops;
            if !ops.is_empty() {
                stmts.push(Stmt::Lanes {
                    count: run.count.clone(),
                    ops,
                });
            }
            let calls = self.program.ops.iter().zip(&phases).enumerate();
            let calls = calls.filter(|(value, _)| needed[*value]);
            for (value, _) in calls.filter(|(_, (op, at))| **at == phase && is_call(op)) {
                stmts.extend(self.call(value, run));
            }
        }
        stmts
    }

    /// The values of a run in straight line: its ops, and the number of each value. For programs
    /// that call no slice function.
    pub fn straight(&self, run: &Run, values: &[Value]) -> (Vec<LaneOp>, Vec<u32>) {
        let phases = vec![0; self.program.ops.len()];
        let mut lanes = Lanes::new(self, run, &phases, 0);
        let made = values.iter().map(|&value| lanes.value(value)).collect();
        (lanes.ops, made)
    }

    /// The phase in which each value is made.
    fn phases(&self) -> Vec<u32> {
        let mut phases: Vec<u32> = Vec::with_capacity(self.program.ops.len());
        for op in &self.program.ops {
            let call = is_call(op);
            let after = |&arg: &Value| {
                // A call reads earlier calls of its phase; lanes see them in the next one.
                phases[arg] + u32::from(is_call(&self.program.ops[arg]) && !call)
            };
            let phase = arguments(op).iter().map(after).max().unwrap_or(0);
            phases.push(phase);
        }
        phases
    }

    /// The first phase whose lanes can see a value.
    fn available(&self, phases: &[u32], value: Value) -> u32 {
        phases[value] + u32::from(is_call(&self.program.ops[value]))
    }

    /// Gives a block to every called value, every argument of a call, and every step that a later
    /// phase needs. Loads, scalars and indices are made again instead.
    fn place_blocks(&mut self, phases: &[u32], roots: &[(Value, Sink)], needed: &[bool]) {
        let last = roots
            .iter()
            .map(|(v, _)| self.available(phases, *v))
            .max()
            .unwrap_or(0);
        let mut wanted: Vec<Value> = Vec::new();
        for (value, op) in self
            .program
            .ops
            .iter()
            .enumerate()
            .filter(|(v, _)| needed[*v])
        {
            if is_call(op) {
                wanted.push(value);
                wanted.extend(arguments(op));
            } else {
                let steps = arguments(op).into_iter();
                wanted.extend(steps.filter(|&a| self.is_step(a) && phases[a] < phases[value]));
            }
        }
        wanted.extend(
            roots
                .iter()
                .map(|r| r.0)
                .filter(|&v| self.is_step(v) && phases[v] < last),
        );
        for value in wanted {
            if !self.blocks.contains_key(&value) {
                let slot = self.scratch(self.program.dtypes[value], BLOCK);
                self.blocks.insert(value, slot);
            }
        }
    }

    fn is_step(&self, value: Value) -> bool {
        matches!(self.program.ops[value], Op::Step { .. }) && !is_call(&self.program.ops[value])
    }

    fn block(&self, value: Value) -> Place {
        let slot = self.blocks.get(&value).copied().unwrap_or(Slot::Scratch(0));
        Place {
            slot,
            offset: Index::Const(0),
        }
    }

    fn call(&self, value: Value, run: &Run) -> Option<Stmt> {
        let dst = self.block(value);
        let counter = |affine: usize| {
            let start = self.layout.affine_at(affine, &run.point);
            [start, self.layout.affine_coef(affine, run.lane)]
        };
        let seed = |affine: usize| self.layout.affine_base(affine);
        let (function, mut ints, mut places) = match &self.program.ops[value] {
            Op::Step {
                step: Step::Slice(function),
                args,
                ..
            } => (
                *function,
                vec![],
                args.iter().map(|&a| self.block(a)).collect(),
            ),
            Op::Draw(draw, key, affine) => {
                let [start, step] = counter(*affine);
                (SliceFn::Draw(*draw), vec![seed(*key), start, step], vec![])
            }
            Op::DrawOf {
                draw,
                seed: key,
                counter: affine,
                args,
            } => {
                let [start, step] = counter(*affine);
                let args = args.iter().map(|&a| self.block(a)).collect();
                (SliceFn::DrawOf(*draw), vec![seed(*key), start, step], args)
            }
            _ => return None,
        };
        ints.insert(0, run.count.clone());
        places.insert(0, dst);
        Some(Stmt::Call {
            function,
            ints,
            places,
        })
    }
}

/// Whether a program calls slice functions.
pub fn calls(program: &Program) -> bool {
    program.ops.iter().any(is_call)
}

/// Whether an op is a slice function over a block.
fn is_call(op: &Op) -> bool {
    match op {
        Op::Draw(..) | Op::DrawOf { .. } => true,
        Op::Step { step, .. } => matches!(step, Step::Slice(_)),
        _ => false,
    }
}

fn arguments(op: &Op) -> Vec<Value> {
    match op {
        Op::Step { args, .. } | Op::DrawOf { args, .. } => args.clone(),
        _ => Vec::new(),
    }
}

/// One straight-line body under construction.
struct Lanes<'e, 'a> {
    emitter: &'e Emitter<'a>,
    run: &'e Run,
    phases: &'e [u32],
    phase: u32,
    ops: Vec<LaneOp>,
    made: HashMap<Value, u32>,
}

impl<'e, 'a> Lanes<'e, 'a> {
    fn new(emitter: &'e Emitter<'a>, run: &'e Run, phases: &'e [u32], phase: u32) -> Self {
        Lanes {
            emitter,
            run,
            phases,
            phase,
            ops: Vec::new(),
            made: HashMap::new(),
        }
    }

    fn push(&mut self, op: LaneOp) -> u32 {
        self.ops.push(op);
        self.ops.len() as u32 - 1
    }

    fn spill(&mut self, value: Value) {
        let a = self.value(value);
        let place = self.emitter.block(value);
        let dtype = self.emitter.program.dtypes[value];
        self.push(LaneOp::Store {
            dtype,
            place,
            stride: Index::Const(1),
            a,
        });
    }

    fn sink(&mut self, value: Value, sink: &Sink) {
        let a = self.value(value);
        match sink {
            Sink::Store {
                dtype,
                place,
                stride,
            } => {
                let (place, stride) = (place.clone(), stride.clone());
                self.push(LaneOp::Store {
                    dtype: *dtype,
                    place,
                    stride,
                    a,
                });
            }
            Sink::Ops(build) => build(a, &mut self.ops),
        }
    }

    /// Whether a value comes out of a block that an earlier phase filled.
    fn in_block(&self, value: Value) -> bool {
        let op = &self.emitter.program.ops[value];
        is_call(op) || (self.emitter.is_step(value) && self.phases[value] < self.phase)
    }

    fn value(&mut self, root: Value) -> u32 {
        // Values below the root that this phase makes, then those in program order.
        let mut needed = vec![false; root + 1];
        needed[root] = true;
        for value in (0..=root).rev() {
            if needed[value] && !self.made.contains_key(&value) && !self.in_block(value) {
                for arg in arguments(&self.emitter.program.ops[value]) {
                    needed[arg] = true;
                }
            }
        }
        for value in (0..=root).filter(|&v| needed[v]) {
            if !self.made.contains_key(&value) {
                let op = self.lane_op(value);
                let made = self.push(op);
                self.made.insert(value, made);
            }
        }
        self.made.get(&root).copied().unwrap_or(0)
    }

    fn lane_op(&self, value: Value) -> LaneOp {
        let Emitter {
            program,
            layout,
            lane_strides,
            ..
        } = self.emitter;
        let dtype = program.dtypes[value];
        let Run { point, lane, .. } = self.run;
        let val = |v: &Value| self.made.get(v).copied().unwrap_or(0);
        if self.in_block(value) {
            let place = self.emitter.block(value);
            return LaneOp::Load {
                dtype,
                place,
                stride: Index::Const(1),
            };
        }
        match &program.ops[value] {
            Op::Load(k) if self.emitter.copies.contains_key(k) => {
                let (place, stride) = self.emitter.copies[k].clone();
                LaneOp::Load {
                    dtype,
                    place,
                    stride,
                }
            }
            Op::Load(k) => {
                let slot = Slot::Buffer(*k as u32);
                let place = Place {
                    slot,
                    offset: layout.operand_at(*k, point),
                };
                let stride =
                    lane_strides[*k].map_or_else(|| layout.operand_coef(*k, *lane), Index::Const);
                LaneOp::Load {
                    dtype,
                    place,
                    stride,
                }
            }
            Op::Scalar(k) => LaneOp::Arg {
                dtype,
                arg: *k as u32,
            },
            Op::Index(k) => LaneOp::Iota {
                start: layout.affine_at(*k, point),
                step: layout.affine_coef(*k, *lane),
            },
            Op::Step {
                step,
                from,
                to,
                args,
            } => {
                let arg = |k: usize| args.get(k).map(val).unwrap_or(0);
                lane_step(*step, *from, *to, &arg)
            }
            // Calls are in blocks.
            Op::Draw(..) | Op::DrawOf { .. } => LaneOp::Arg { dtype, arg: 0 },
        }
    }
}

fn lane_step(step: Step, from: DType, to: DType, arg: &dyn Fn(usize) -> u32) -> LaneOp {
    match step {
        Step::Unary(op) => LaneOp::Unary {
            op,
            dtype: from,
            a: arg(0),
        },
        Step::Binary(op) => LaneOp::Binary {
            op,
            dtype: from,
            a: arg(0),
            b: arg(1),
        },
        Step::Swapped(op) => LaneOp::Binary {
            op,
            dtype: from,
            a: arg(1),
            b: arg(0),
        },
        Step::Twice(op) => LaneOp::Binary {
            op,
            dtype: from,
            a: arg(0),
            b: arg(0),
        },
        Step::Select => LaneOp::Select {
            dtype: from,
            mask: arg(0),
            a: arg(1),
            b: arg(2),
        },
        Step::Cast | Step::Same | Step::Slice(_) => LaneOp::Cast {
            from,
            to,
            a: arg(0),
        },
    }
}
