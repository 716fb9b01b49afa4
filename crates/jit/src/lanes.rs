//! How does a body run over all its elements?
//!
//! A main loop of some elements per round, then one element per round; where folds start at another
//! lane than the first, one element per round up to the first lane, too. The lanes of folds are
//! loaded before the main loop, carried by it in registers and stored after it; what is left on
//! either side folds in memory. Folds that may take an element twice are carried in several sets, so
//! that a round's vectors do not wait for each other. Absent: masked or padded accesses, so that
//! nothing outside the elements is touched.

use crate::body::{Position, Prepared};
use crate::function::Generator;
use crate::quotient::fuses;
use crate::vector::{Emitter, REGISTER, Vector, lane_type, plain, register_type};
use cranelift_codegen::ir::{InstBuilder, Value, types};
use tilewright_core::DType;
use tilewright_kernel::{BinaryOp, FoldOp, Index, LaneOp};

/// Lanes of a fold.
const LANES: usize = tilewright_core::tree::LANES;

/// Elements between neighbours that an address names by itself.
const MOST_APART: u64 = 1 << 16;

/// How many elements the main loop handles.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Steps {
    /// Elements of a vector.
    unit: usize,
    /// Vectors of a round.
    vectors: usize,
    /// Sets of lanes that a fold is carried in.
    sets: usize,
}

/// A [`LaneOp::Fold`] of the body.
struct FoldState {
    number: usize,
    op: FoldOp,
    dtype: DType,
    /// Address of lane 0.
    address: Value,
    /// How many elements came before.
    from: Value,
    /// While they are in registers, a vector for each `unit` lanes, those of one set after another:
    /// vector k of a round folds into vector k modulo their number.
    vectors: Vec<Vector>,
}

impl Steps {
    /// How many in the main loop, and in another for what that leaves. The narrowest element fills a
    /// register, or eight of them do half; folds that need their lanes in order keep eight apart.
    fn of(ops: &[LaneOp]) -> Vec<Steps> {
        let sizes = || ops.iter().filter_map(element_size);
        let narrowest = sizes().min().unwrap_or(8);
        let widest = sizes().max().unwrap_or(8);
        let folds = || ops.iter().filter_map(folded);
        let twice = folds().all(|(op, _)| op.is_idempotent());
        let unit = match REGISTER / narrowest {
            // Sixteen bytes at a time only where nothing is wider than two registers of it, and folds
            // are of bytes that may be folded twice.
            16 if widest > 2
                || folds().any(|(op, dtype)| !op.is_idempotent() || dtype.itemsize() > 1) =>
            {
                8
            }
            unit => unit,
        };
        let long = ops.len() > 48;
        if folds().next().is_none() {
            // Four registers of the widest element, while the code stays short.
            let vectors = (4 * REGISTER / (unit * widest)).clamp(1, 32 / unit);
            let vectors = if long { 1 } else { vectors };
            return vec![Steps {
                unit,
                vectors,
                sets: 1,
            }];
        }
        // All lanes, and four vectors where they are fewer, eight of floats that may be folded twice.
        let once = LANES.div_ceil(unit);
        let floats = folds().all(|(_, dtype)| dtype.is_float());
        let vectors = if twice && floats { 8 } else { 4 };
        let more = (once < vectors && !long).then_some(vectors);
        let steps = more.into_iter().chain([once]).map(|vectors| Steps {
            unit,
            vectors,
            sets: if twice { vectors / once } else { 1 },
        });
        steps.collect()
    }

    /// Vectors that hold all lanes once.
    fn once(&self) -> usize {
        LANES.div_ceil(self.unit)
    }
}

/// How an op folds, and what.
fn folded(op: &LaneOp) -> Option<(FoldOp, DType)> {
    match op {
        LaneOp::Fold { op, dtype, .. } => Some((*op, *dtype)),
        _ => None,
    }
}

/// Bytes of the elements an op reads, makes or writes; masks have no size of their own.
fn element_size(op: &LaneOp) -> Option<usize> {
    match op {
        LaneOp::Store { dtype, .. } | LaneOp::Fold { dtype, .. } | LaneOp::Load { dtype, .. } => {
            Some(dtype.itemsize())
        }
        LaneOp::Binary { dtype, .. } if *dtype != DType::Bool => Some(dtype.itemsize()),
        _ => op
            .result()
            .filter(|&dtype| dtype != DType::Bool)
            .map(DType::itemsize),
    }
}

impl Generator<'_, '_> {
    /// Emits a `Stmt::Lanes`.
    pub(crate) fn lanes(&mut self, count: &Index, ops: &[LaneOp]) {
        let count = self.index(count);
        let (begin, done) = (self.builder.create_block(), self.builder.create_block());
        self.begin_if_positive(count, begin, done);
        self.builder.switch_to_block(begin);
        // Only now may a load before the loop assume that there is an element.
        let mut prepared: Vec<Prepared> = Vec::with_capacity(ops.len());
        for op in ops {
            prepared.push(self.prepare(op, &prepared));
        }
        let mut folds = self.fold_states(ops, &prepared);
        let zero = self.builder.ins().iconst(types::I64, 0);
        let head = self.head(count, ops);
        if let Some(head) = head {
            self.one_by_one((zero, head), ops, &prepared, &folds);
        }
        let mut reached = head.unwrap_or(zero);
        for steps in Steps::of(ops) {
            reached = self.main_loop(reached, count, ops, &prepared, steps, &mut folds);
        }
        self.one_by_one((reached, count), ops, &prepared, &folds);
        self.builder.ins().jump(done, &[]);
        self.builder.switch_to_block(done);
    }

    /// What an op needs before its loop; `before` is what those before it need.
    fn prepare(&mut self, op: &LaneOp, before: &[Prepared]) -> Prepared {
        match op {
            LaneOp::Binary {
                op: BinaryOp::Div,
                dtype: DType::F64,
                b,
                ..
            } => match before[*b as usize] {
                Prepared::Splat(divisor) if fuses() => self.emitter(1).prepare_divisor(divisor),
                _ => Prepared::Nothing,
            },
            LaneOp::Load {
                dtype,
                place,
                stride: Index::Const(0),
            } => {
                let address = self.address(place, dtype.itemsize());
                let scalar = self
                    .builder
                    .ins()
                    .load(lane_type(*dtype), plain(), address, 0);
                self.emitter(1).prepare_splat(*dtype, scalar)
            }
            LaneOp::Load {
                dtype,
                place,
                stride,
            }
            | LaneOp::Store {
                dtype,
                place,
                stride,
                ..
            } => {
                let address = self.address(place, dtype.itemsize());
                match *stride {
                    Index::Const(1) => return Prepared::Contiguous(address),
                    Index::Const(elements) if elements.unsigned_abs() <= MOST_APART => {
                        return Prepared::Spaced(
                            address,
                            elements as i32 * dtype.itemsize() as i32,
                        );
                    }
                    _ => {}
                }
                let stride = self.index(stride);
                let size = self
                    .builder
                    .ins()
                    .iconst(types::I64, dtype.itemsize() as i64);
                Prepared::Strided(address, self.builder.ins().imul(stride, size))
            }
            LaneOp::Fold { dtype, place, .. } => {
                Prepared::Contiguous(self.address(place, dtype.itemsize()))
            }
            LaneOp::Const(value) if value.dtype() == DType::Bool => {
                let bits = if value.bits() == 0 { 0 } else { u64::MAX };
                Prepared::Splat(self.emitter(1).constant_lanes(types::I8X16, bits))
            }
            LaneOp::Const(value) => {
                let ty = register_type(value.dtype());
                Prepared::Splat(self.emitter(1).constant_lanes(ty, value.bits()))
            }
            LaneOp::Arg { dtype, arg } => {
                let scalar = self.scalar(*dtype, *arg);
                self.emitter(1).prepare_splat(*dtype, scalar)
            }
            LaneOp::Iota { start, step } => {
                let start = self.index(start);
                Prepared::Sequence(start, self.index(step))
            }
            _ => Prepared::Nothing,
        }
    }

    fn fold_states(&mut self, ops: &[LaneOp], prepared: &[Prepared]) -> Vec<FoldState> {
        let mut states = Vec::new();
        for (number, (op, prepared)) in ops.iter().zip(prepared).enumerate() {
            let (
                LaneOp::Fold {
                    op, dtype, from, ..
                },
                Prepared::Contiguous(address),
            ) = (op, prepared)
            else {
                continue;
            };
            let from = self.index(from);
            states.push(FoldState {
                number,
                op: *op,
                dtype: *dtype,
                address: *address,
                from,
                vectors: Vec::new(),
            });
        }
        states
    }

    /// The first element that belongs to lane 0, where folds start at another.
    fn head(&mut self, count: Value, ops: &[LaneOp]) -> Option<Value> {
        let from = ops.iter().find_map(|op| match op {
            LaneOp::Fold { from, .. } if *from != Index::Const(0) => Some(from),
            _ => None,
        })?;
        let from = self.index(from);
        let zero = self.builder.ins().iconst(types::I64, 0);
        let missing = self.builder.ins().isub(zero, from);
        let mask = self.builder.ins().iconst(types::I64, LANES as i64 - 1);
        let missing = self.builder.ins().band(missing, mask);
        Some(self.builder.ins().smin(missing, count))
    }

    /// Runs whole rounds from element `from` on; gives the first element that is left.
    fn main_loop(
        &mut self,
        from: Value,
        count: Value,
        ops: &[LaneOp],
        prepared: &[Prepared],
        steps: Steps,
        folds: &mut [FoldState],
    ) -> Value {
        let step = (steps.unit * steps.vectors) as i64;
        let whole = self.builder.ins().iconst(types::I64, -step);
        let left = self.builder.ins().isub(count, from);
        let left = self.builder.ins().band(left, whole);
        let limit = self.builder.ins().iadd(from, left);
        for fold in folds.iter_mut() {
            self.emitter(steps.unit.min(LANES)).load_lanes(fold, steps);
        }
        let before: Vec<Value> = registers(folds).map(|register| *register).collect();
        let (reached, carried) =
            self.count_up((from, limit, step), &before, |this, at, carried| {
                set_registers(folds, carried);
                for vector in 0..steps.vectors {
                    let position = Position {
                        at,
                        ahead: (vector * steps.unit) as i64,
                    };
                    this.emitter(steps.unit).body(
                        ops,
                        prepared,
                        position,
                        |emitter, number, value| {
                            for fold in folds.iter_mut().filter(|fold| fold.number == number) {
                                let k = vector % fold.vectors.len();
                                let lanes = &mut fold.vectors[k];
                                *lanes = emitter.combine(fold.op, fold.dtype, lanes, value);
                            }
                        },
                    );
                }
                registers(folds).map(|register| *register).collect()
            });
        set_registers(folds, &carried);
        for fold in folds {
            self.emitter(steps.unit).store_lanes(fold, steps);
        }
        reached
    }

    /// Runs the elements from the first on to before the second, one by one.
    fn one_by_one(
        &mut self,
        (from, to): (Value, Value),
        ops: &[LaneOp],
        prepared: &[Prepared],
        folds: &[FoldState],
    ) {
        self.count_up((from, to, 1), &[], |this, at, _| {
            let position = Position { at, ahead: 0 };
            this.emitter(1)
                .body(ops, prepared, position, |emitter, number, value| {
                    for fold in folds.iter().filter(|fold| fold.number == number) {
                        emitter.fold_element(fold, at, value);
                    }
                });
            Vec::new()
        });
    }
}

impl Emitter<'_, '_> {
    /// Takes the lanes of a fold into registers, once for every set; a vector of more elements than
    /// there are lanes has all of them twice.
    fn load_lanes(&mut self, fold: &mut FoldState, steps: Steps) {
        let lanes = (0..LANES).step_by(self.unit).map(|lane| {
            let offset = lane * fold.dtype.itemsize();
            let lanes = self.load_elements(fold.dtype, fold.address, offset as i32);
            match steps.unit > LANES {
                true => self.low_half_twice(&lanes),
                false => lanes,
            }
        });
        let lanes: Vec<Vector> = lanes.collect();
        fold.vectors = vec![lanes; steps.sets].concat();
    }

    /// Folds the sets into one, and stores its lanes.
    fn store_lanes(&mut self, fold: &FoldState, steps: Steps) {
        let mut lanes = fold.vectors[..steps.once()].to_vec();
        for (k, vector) in fold.vectors.iter().enumerate().skip(steps.once()) {
            let into = &mut lanes[k % steps.once()];
            *into = self.combine(fold.op, fold.dtype, into, vector);
        }
        if self.unit > LANES {
            let high = self.high_half(&lanes[0]);
            self.unit = LANES;
            lanes[0] = self.combine(fold.op, fold.dtype, &lanes[0], &high);
        }
        for (k, vector) in lanes.iter().enumerate() {
            let offset = k * self.unit * fold.dtype.itemsize();
            self.store_elements(fold.dtype, vector, fold.address, offset as i32);
        }
    }

    /// Folds element `at` into its lane in memory.
    fn fold_element(&mut self, fold: &FoldState, at: Value, value: &Vector) {
        let mask = self.builder.ins().iconst(types::I64, LANES as i64 - 1);
        let lane = self.builder.ins().iadd(fold.from, at);
        let lane = self.builder.ins().band(lane, mask);
        let size = self
            .builder
            .ins()
            .iconst(types::I64, fold.dtype.itemsize() as i64);
        let bytes = self.builder.ins().imul(lane, size);
        let address = self.builder.ins().iadd(fold.address, bytes);
        let lane = self.load_elements(fold.dtype, address, 0);
        let folded = self.combine(fold.op, fold.dtype, &lane, value);
        self.store_elements(fold.dtype, &folded, address, 0);
    }
}

/// Every register of every fold, in one order.
fn registers(folds: &mut [FoldState]) -> impl Iterator<Item = &mut Value> {
    let vectors = folds.iter_mut().flat_map(|fold| &mut fold.vectors);
    vectors.flat_map(|vector| &mut vector.regs)
}

fn set_registers(folds: &mut [FoldState], values: &[Value]) {
    for (register, &value) in registers(folds).zip(values) {
        *register = value;
    }
}
