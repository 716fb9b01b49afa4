//! What does a kernel mean, in plain loops?
//!
//! The twin of compiled code: every op of a body runs over a column of elements at a time. Absent:
//! speed beyond that, trust in the kernel (it is checked) and in its indices (every access is).

use crate::column::{COLUMN, Columns};
use crate::ir::{Index, Kernel, LaneOp, Stmt};
use crate::memory::Memory;
pub use crate::memory::{Call, RawBuffer};
use crate::print::Line;
use tilewright_core::Result;
use tilewright_core::tree::LANES;

/// Runs a kernel.
///
/// # Errors
/// [`Kind::Internal`](tilewright_core::Kind::Internal) if the kernel is not well-formed, the call
/// does not fit it, or an op reaches outside its slot; what ran before stays written.
///
/// # Safety
/// The buffers of `call` are readable for their lengths, those the kernel declares writable are
/// writable, and nobody else accesses meanwhile what is written. Places of one `Stmt::Call` do not
/// overlap.
#[allow(unsafe_code, reason = "the caller vouches for raw buffers")]
pub unsafe fn run(kernel: &Kernel, call: &mut Call<'_>) -> Result<()> {
    kernel.check()?;
    // SAFETY: the caller's promise.
    let memory = unsafe { Memory::new(kernel, call)? };
    let widest = widest_body(&kernel.body);
    let mut frame = Frame {
        memory,
        ints: call.ints,
        scalars: call.scalars,
        vars: vec![0; kernel.vars as usize],
        columns: Columns::new(widest),
    };
    frame.block(&kernel.body)
}

/// The most ops of any body.
fn widest_body(body: &[Stmt]) -> usize {
    let widths = body.iter().map(|statement| match statement {
        Stmt::Loop { body, .. } => widest_body(body),
        Stmt::Lanes { ops, .. } => ops.len(),
        Stmt::Let { .. } | Stmt::Call { .. } => 0,
    });
    widths.max().unwrap_or(0)
}

struct Frame<'a> {
    memory: Memory,
    ints: &'a [i64],
    scalars: &'a [u64],
    vars: Vec<i64>,
    columns: Columns,
}

impl Frame<'_> {
    fn block(&mut self, body: &[Stmt]) -> Result<()> {
        body.iter()
            .try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &Stmt) -> Result<()> {
        match statement {
            Stmt::Let { var, value } => self.vars[*var as usize] = self.index(value),
            Stmt::Loop { var, count, body } => {
                for k in 0..self.index(count) {
                    self.vars[*var as usize] = k;
                    self.block(body)?;
                }
            }
            Stmt::Lanes { count, ops } => {
                let count = self.index(count);
                for from in (0..count).step_by(COLUMN) {
                    let n = (count - from).min(COLUMN as i64) as usize;
                    for (k, op) in ops.iter().enumerate() {
                        let ran = self.lane_op(k, op, from, n);
                        ran.map_err(|error| error.fact("op", Line((k, op)).to_string()))?;
                    }
                }
            }
            Stmt::Call {
                function,
                ints,
                places,
            } => {
                let ints: Vec<i64> = ints.iter().map(|int| self.index(int)).collect();
                let places = places
                    .iter()
                    .map(|place| (place.slot, self.index(&place.offset)));
                let places: Vec<_> = places.collect();
                let called = self.memory.call(*function, &ints, &places);
                called.map_err(|error| error.fact("op", Line(statement).to_string()))?;
            }
        }
        Ok(())
    }

    fn index(&self, index: &Index) -> i64 {
        match index {
            Index::Const(value) => *value,
            Index::Arg(k) => self.ints[*k as usize],
            Index::Var(k) => self.vars[*k as usize],
            Index::Binary(op, left, right) => op.apply(self.index(left), self.index(right)),
        }
    }

    /// Element `from` of a sequence that starts at one index and goes on by another.
    fn at(&self, start: &Index, step: i64, from: i64) -> i64 {
        self.index(start).wrapping_add(step.wrapping_mul(from))
    }

    /// Runs op number `k` for elements `from..from + n`.
    fn lane_op(&mut self, k: usize, op: &LaneOp, from: i64, n: usize) -> Result<()> {
        match op {
            LaneOp::Load {
                dtype,
                place,
                stride,
            } => {
                let step = self.index(stride);
                let first = self.at(&place.offset, step, from);
                self.columns
                    .load(k, *dtype, n, &self.memory, place.slot, first, step)
            }
            LaneOp::Store {
                dtype,
                place,
                stride,
                a,
            } => {
                let step = self.index(stride);
                let first = self.at(&place.offset, step, from);
                self.columns
                    .store(*a, *dtype, n, &self.memory, place.slot, first, step)
            }
            LaneOp::Fold {
                op,
                dtype,
                place,
                from: before,
                a,
            } => {
                let first = self.index(&place.offset);
                let lane = self.at(before, 1, from).rem_euclid(LANES as i64) as usize;
                self.columns
                    .fold(*op, *dtype, *a, n, &self.memory, place.slot, first, lane)
            }
            LaneOp::Const(value) => {
                self.columns.splat(k, value.dtype(), value.bits(), n);
                Ok(())
            }
            LaneOp::Arg { dtype, arg } => {
                self.columns
                    .splat(k, *dtype, self.scalars[*arg as usize], n);
                Ok(())
            }
            LaneOp::Iota { start, step } => {
                let step = self.index(step);
                self.columns.iota(k, self.at(start, step, from), step, n);
                Ok(())
            }
            LaneOp::Unary { op, dtype, a } => self.columns.unary(k, *op, *dtype, *a, n),
            LaneOp::Binary { op, dtype, a, b } => self.columns.binary(k, *op, *dtype, *a, *b, n),
            LaneOp::Select { dtype, mask, a, b } => {
                self.columns.select(k, *dtype, *mask, *a, *b, n)
            }
            LaneOp::Cast { from, to, a } => self.columns.cast(k, *from, *to, *a, n),
        }
    }
}
