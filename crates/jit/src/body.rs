//! How is one body of lanes emitted for some elements?
//!
//! Op by op, for the `unit` elements from element `at + ahead` on. Loads and stores are exactly as
//! wide as their elements. Absent: the loop around it.

use crate::quotient::Divisor;
use crate::vector::{Emitter, Vector, plain, register_type};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use tilewright_core::DType;
use tilewright_kernel::{BinaryOp, FoldOp, Index, LaneOp};

/// What of an op is computed before its loop.
#[derive(Clone, Debug)]
pub(crate) enum Prepared {
    /// Nothing.
    Nothing,
    /// One register of equal elements.
    Splat(Value),
    /// The address of element 0, contiguous.
    Contiguous(Value),
    /// The address of element 0 and the bytes between neighbours.
    Strided(Value, Value),
    /// The same where the bytes are known and few.
    Spaced(Value, i32),
    /// Element 0 and the difference of neighbours of an iota.
    Sequence(Value, Value),
    /// A number that others are divided by.
    Divisor(Divisor),
}

/// Where the elements of one emission lie.
#[derive(Clone, Copy)]
pub(crate) struct Position {
    /// A multiple of the unit, known when the loop runs.
    pub(crate) at: Value,
    /// Elements beyond `at`, known now.
    pub(crate) ahead: i64,
}

/// Whether an op gives one value to all elements.
fn is_splat(op: &LaneOp) -> bool {
    match op {
        LaneOp::Const(_) | LaneOp::Arg { .. } => true,
        LaneOp::Load { stride, .. } => *stride == Index::Const(0),
        _ => false,
    }
}

impl Emitter<'_, '_> {
    /// Emits the ops; `fold` takes the value of each [`LaneOp::Fold`], by its number.
    pub(crate) fn body(
        &mut self,
        ops: &[LaneOp],
        prepared: &[Prepared],
        position: Position,
        mut fold: impl FnMut(&mut Self, usize, &Vector),
    ) {
        let mut values: Vec<Vector> = Vec::with_capacity(ops.len());
        for (k, (op, prepared)) in ops.iter().zip(prepared).enumerate() {
            let value = match op {
                LaneOp::Load { dtype, .. } => self.load(*dtype, prepared, position),
                LaneOp::Const(value) => self.splatted(value.dtype(), prepared),
                LaneOp::Arg { dtype, .. } => self.splatted(*dtype, prepared),
                LaneOp::Iota { .. } => self.iota(prepared, position),
                LaneOp::Unary { op, dtype, a } => self.unary(*op, *dtype, &values[*a as usize]),
                LaneOp::Binary {
                    op: op @ (BinaryOp::Shl | BinaryOp::Shr),
                    dtype,
                    a,
                    b,
                } if is_splat(&ops[*b as usize]) => {
                    self.shift_all(*op, *dtype, &values[*a as usize], &values[*b as usize])
                }
                LaneOp::Binary { op, dtype, a, b } => match prepared {
                    Prepared::Divisor(by) => self.divide_all(&values[*a as usize], *by),
                    _ => self.binary(*op, *dtype, &values[*a as usize], &values[*b as usize]),
                },
                LaneOp::Select { dtype, mask, a, b } => {
                    let [mask, a, b] = [mask, a, b].map(|v| &values[*v as usize]);
                    self.select(*dtype, mask, a, b)
                }
                LaneOp::Cast { from, to, a } => self.cast(*from, *to, &values[*a as usize]),
                LaneOp::Store { dtype, a, .. } => {
                    let value = values[*a as usize].clone();
                    self.store(*dtype, &value, prepared, position);
                    // Takes the place of a value; nothing refers to it.
                    value
                }
                LaneOp::Fold { a, .. } => {
                    let value = values[*a as usize].clone();
                    fold(self, k, &value);
                    value
                }
            };
            values.push(value);
        }
    }

    /// Combines a value into lanes of the same elements.
    pub(crate) fn combine(
        &mut self,
        op: FoldOp,
        dtype: DType,
        lanes: &Vector,
        a: &Vector,
    ) -> Vector {
        let Some(op) = op.binary_on(dtype) else {
            return lanes.clone();
        };
        if dtype == DType::Bool {
            let a = self.resize_mask(a, lanes.size);
            return self.binary(op, dtype, lanes, &a);
        }
        self.binary(op, dtype, lanes, a)
    }

    /// Reads contiguous elements; bool becomes a mask.
    pub(crate) fn load_elements(&mut self, dtype: DType, address: Value, offset: i32) -> Vector {
        let loaded = self.load_vector(register_type(dtype), address, offset);
        if dtype == DType::Bool {
            self.not_zero(&loaded)
        } else {
            loaded
        }
    }

    /// Writes contiguous elements; masks become bool.
    pub(crate) fn store_elements(&mut self, dtype: DType, a: &Vector, address: Value, offset: i32) {
        if dtype == DType::Bool {
            let bytes = self.mask_bytes(a);
            self.store_vector(&bytes, address, offset);
        } else {
            self.store_vector(a, address, offset);
        }
    }

    /// A splat for before the loop: one register of a scalar; bool becomes a mask.
    pub(crate) fn prepare_splat(&mut self, dtype: DType, scalar: Value) -> Prepared {
        let register = self.builder.ins().splat(register_type(dtype), scalar);
        if dtype != DType::Bool {
            return Prepared::Splat(register);
        }
        let zero = self.constant(types::I8X16, [0; 16]);
        Prepared::Splat(self.builder.ins().icmp(IntCC::NotEqual, register, zero))
    }

    fn splatted(&mut self, dtype: DType, prepared: &Prepared) -> Vector {
        match prepared {
            Prepared::Splat(register) => self.repeat(dtype, *register),
            _ => Vector {
                regs: Vec::new(),
                size: dtype.itemsize(),
            },
        }
    }

    fn load(&mut self, dtype: DType, prepared: &Prepared, position: Position) -> Vector {
        match prepared {
            Prepared::Contiguous(base) => {
                let (address, offset) = self.contiguous(*base, dtype, position);
                self.load_elements(dtype, address, offset)
            }
            Prepared::Strided(..) | Prepared::Spaced(..) => {
                let places = self.places(prepared, position);
                let loaded = self.load_apart(dtype, &places);
                if dtype == DType::Bool {
                    self.not_zero(&loaded)
                } else {
                    loaded
                }
            }
            _ => self.splatted(dtype, prepared),
        }
    }

    fn store(&mut self, dtype: DType, a: &Vector, prepared: &Prepared, position: Position) {
        match prepared {
            Prepared::Contiguous(base) => {
                let (address, offset) = self.contiguous(*base, dtype, position);
                self.store_elements(dtype, a, address, offset);
            }
            Prepared::Strided(..) | Prepared::Spaced(..) => {
                let a = if dtype == DType::Bool {
                    self.mask_bytes(a)
                } else {
                    a.clone()
                };
                let places = self.places(prepared, position);
                for (element, (address, offset)) in places.into_iter().enumerate() {
                    let scalar = self.extract(&a, element);
                    self.builder.ins().store(plain(), scalar, address, offset);
                }
            }
            _ => {}
        }
    }

    /// The address of element `at`, and the bytes from there to `ahead`.
    fn contiguous(&mut self, base: Value, dtype: DType, position: Position) -> (Value, i32) {
        let shift = dtype.itemsize().trailing_zeros();
        let bytes = if shift == 0 {
            position.at
        } else {
            let shift = self.builder.ins().iconst(types::I64, i64::from(shift));
            self.builder.ins().ishl(position.at, shift)
        };
        let address = self.builder.ins().iadd(base, bytes);
        (address, (position.ahead * dtype.itemsize() as i64) as i32)
    }

    /// The address of each element of a place whose neighbours lie apart, and the bytes from there.
    fn places(&mut self, prepared: &Prepared, position: Position) -> Vec<(Value, i32)> {
        match *prepared {
            Prepared::Strided(base, stride) => {
                let element = self.element(position);
                let bytes = self.builder.ins().imul(element, stride);
                let mut address = self.builder.ins().iadd(base, bytes);
                let mut places = vec![(address, 0)];
                for _ in 1..self.unit {
                    address = self.builder.ins().iadd(address, stride);
                    places.push((address, 0));
                }
                places
            }
            Prepared::Spaced(base, bytes) => {
                let stride = self.builder.ins().iconst(types::I64, i64::from(bytes));
                let offset = self.builder.ins().imul(position.at, stride);
                let address = self.builder.ins().iadd(base, offset);
                let ahead = position.ahead as i32;
                let offsets = (0..self.unit as i32).map(|k| (address, (ahead + k) * bytes));
                offsets.collect()
            }
            _ => Vec::new(),
        }
    }

    fn element(&mut self, position: Position) -> Value {
        let ahead = self.builder.ins().iconst(types::I64, position.ahead);
        self.builder.ins().iadd(position.at, ahead)
    }

    fn iota(&mut self, prepared: &Prepared, position: Position) -> Vector {
        let Prepared::Sequence(start, step) = prepared else {
            return self.splatted(DType::I64, prepared);
        };
        let element = self.element(position);
        let offset = self.builder.ins().imul(element, *step);
        let first = self.builder.ins().iadd(*start, offset);
        let first = self.splat(DType::I64, first);
        // Independent of the position, so that it is computed before the loop.
        let steps: Vec<Value> = (0..self.unit as i64)
            .map(|k| {
                let k = self.builder.ins().iconst(types::I64, k);
                self.builder.ins().imul(k, *step)
            })
            .collect();
        let steps = self.gather(DType::I64, &steps);
        self.zip(&first, &steps, |e, a, b| e.builder.ins().iadd(a, b))
    }
}
