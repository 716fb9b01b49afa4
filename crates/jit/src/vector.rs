//! How does a value of a few elements lie in registers?
//!
//! A [`Vector`] holds [`Emitter::unit`] elements in as many 128-bit registers as they fill, the
//! first elements in the low lanes. One that does not fill a register leaves the lanes above
//! unspecified: nothing here can trap, so they may hold anything. The tail of a loop is the same
//! code with a unit of one element. A bool vector is a mask: lanes of all ones or all zeros, as
//! wide as is handy. Absent: what the elements mean.

use cranelift_codegen::ir::immediates::Offset32;
use cranelift_codegen::ir::{
    ConstantData, Endianness, InstBuilder, MemFlagsData, Type, Value, types,
};
use cranelift_frontend::FunctionBuilder;
use tilewright_core::DType;

/// Bytes of a register.
pub(crate) const REGISTER: usize = 16;

/// Some elements in registers.
#[derive(Clone, Debug)]
pub(crate) struct Vector {
    /// The registers, of type [`register_type`] (masks: of signed integers of `size` bytes).
    pub(crate) regs: Vec<Value>,
    /// Bytes of one element.
    pub(crate) size: usize,
}

/// Emits straight-line code on vectors of `unit` elements.
pub(crate) struct Emitter<'e, 'f> {
    /// Where the code goes.
    pub(crate) builder: &'e mut FunctionBuilder<'f>,
    /// Elements of a vector: 1, 2, 4, 8 or 16.
    pub(crate) unit: usize,
}

/// The type of one element; bool is a byte.
pub(crate) fn lane_type(dtype: DType) -> Type {
    match dtype {
        DType::F32 => types::F32,
        DType::F64 => types::F64,
        _ => integer_lane(dtype.itemsize()),
    }
}

/// An integer of this many bytes.
pub(crate) fn integer_lane(size: usize) -> Type {
    match size {
        1 => types::I8,
        2 => types::I16,
        4 => types::I32,
        _ => types::I64,
    }
}

/// A register of elements.
pub(crate) fn register_type(dtype: DType) -> Type {
    match dtype {
        DType::F32 => types::F32X4,
        DType::F64 => types::F64X2,
        _ => integer_register(dtype.itemsize()),
    }
}

/// A register of integers of this many bytes.
pub(crate) fn integer_register(size: usize) -> Type {
    match size {
        1 => types::I8X16,
        2 => types::I16X8,
        4 => types::I32X4,
        _ => types::I64X2,
    }
}

/// Accesses of kernel memory: in bounds by the lowering's promise, aligned or not.
pub(crate) fn plain() -> MemFlagsData {
    MemFlagsData::new().with_notrap()
}

/// The low half, twice.
const LOW_HALF: [u8; REGISTER] = [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7];
/// The low halves of two registers, one after the other.
const LOW_HALVES: [u8; REGISTER] = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
/// The high half, twice.
const HIGH_HALF: [u8; REGISTER] = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

impl Emitter<'_, '_> {
    /// Elements of this size in one register that hold something.
    pub(crate) fn lanes(&self, size: usize) -> usize {
        self.unit.min(REGISTER / size)
    }

    /// Registers that hold a vector of this element size.
    pub(crate) fn registers(&self, size: usize) -> usize {
        (self.unit * size).div_ceil(REGISTER)
    }

    /// The same bits as another type of register.
    pub(crate) fn cast_register(&mut self, value: Value, to: Type) -> Value {
        if self.builder.func.dfg.value_type(value) == to {
            return value;
        }
        let flags = MemFlagsData::new().with_endianness(Endianness::Little);
        self.builder.ins().bitcast(to, flags, value)
    }

    /// A register of these bytes.
    pub(crate) fn constant(&mut self, ty: Type, bytes: [u8; REGISTER]) -> Value {
        let data = ConstantData::from(&bytes[..]);
        let constant = self.builder.func.dfg.constants.insert(data);
        self.builder.ins().vconst(ty, constant)
    }

    /// A register with the low bytes of `bits` in every lane.
    pub(crate) fn constant_lanes(&mut self, ty: Type, bits: u64) -> Value {
        let size = ty.lane_type().bytes() as usize;
        let word = bits.to_le_bytes();
        self.constant(ty, std::array::from_fn(|i| word[i % size]))
    }

    /// A vector with one scalar, of the lane type, in every lane.
    pub(crate) fn splat(&mut self, dtype: DType, scalar: Value) -> Vector {
        let register = self.builder.ins().splat(register_type(dtype), scalar);
        self.repeat(dtype, register)
    }

    /// A vector of one register repeated.
    pub(crate) fn repeat(&self, dtype: DType, register: Value) -> Vector {
        let size = dtype.itemsize();
        Vector {
            regs: vec![register; self.registers(size)],
            size,
        }
    }

    /// Register by register.
    pub(crate) fn map(
        &mut self,
        a: &Vector,
        mut f: impl FnMut(&mut Self, Value) -> Value,
    ) -> Vector {
        let regs = a.regs.iter().map(|&a| f(self, a)).collect();
        Vector { regs, size: a.size }
    }

    /// Register by register of two vectors of one element size.
    pub(crate) fn zip(
        &mut self,
        a: &Vector,
        b: &Vector,
        mut f: impl FnMut(&mut Self, Value, Value) -> Value,
    ) -> Vector {
        debug_assert_eq!((a.size, a.regs.len()), (b.size, b.regs.len()));
        let regs = a
            .regs
            .iter()
            .zip(&b.regs)
            .map(|(&a, &b)| f(self, a, b))
            .collect();
        Vector { regs, size: a.size }
    }

    /// Bytes of two registers picked by `order`.
    pub(crate) fn shuffle(&mut self, a: Value, b: Value, order: [u8; REGISTER]) -> Value {
        let ty = self.builder.func.dfg.value_type(a);
        let order = self
            .builder
            .func
            .dfg
            .immediates
            .push(ConstantData::from(&order[..]));
        let (a, b) = (
            self.cast_register(a, types::I8X16),
            self.cast_register(b, types::I8X16),
        );
        let shuffled = self.builder.ins().shuffle(a, b, order);
        self.cast_register(shuffled, ty)
    }

    /// Joins the low halves of neighbouring registers.
    pub(crate) fn join_halves(&mut self, halves: &[Value]) -> Vec<Value> {
        let pairs = halves.chunks(2).map(|pair| match *pair {
            [low, high] => self.shuffle(low, high, LOW_HALVES),
            _ => pair[0],
        });
        pairs.collect()
    }

    /// A register for each half that holds elements, with that half at the bottom.
    pub(crate) fn split_halves(&mut self, a: &Vector) -> Vec<Value> {
        let both = self.unit * a.size > REGISTER / 2;
        let mut halves = Vec::with_capacity(2 * a.regs.len());
        for &register in &a.regs {
            halves.push(register);
            if both {
                halves.push(self.shuffle(register, register, HIGH_HALF));
            }
        }
        halves
    }

    /// The lower half of each register, twice.
    pub(crate) fn low_half_twice(&mut self, a: &Vector) -> Vector {
        self.map(a, |this, register| {
            this.shuffle(register, register, LOW_HALF)
        })
    }

    /// The higher half of each register, at the bottom.
    pub(crate) fn high_half(&mut self, a: &Vector) -> Vector {
        self.map(a, |this, register| {
            this.shuffle(register, register, HIGH_HALF)
        })
    }

    /// Element by element, through scalars of the vectors' lane types; the results are of `dtype`.
    pub(crate) fn per_element(
        &mut self,
        operands: &[&Vector],
        dtype: DType,
        mut f: impl FnMut(&mut Self, &[Value]) -> Value,
    ) -> Vector {
        let scalars = (0..self.unit).map(|element| {
            let scalars: Vec<Value> = operands.iter().map(|v| self.extract(v, element)).collect();
            f(self, &scalars)
        });
        let scalars: Vec<Value> = scalars.collect();
        self.gather(dtype, &scalars)
    }

    /// Element `element` as a scalar.
    pub(crate) fn extract(&mut self, a: &Vector, element: usize) -> Value {
        let lanes = REGISTER / a.size;
        let lane = (element % lanes) as u8;
        self.builder
            .ins()
            .extractlane(a.regs[element / lanes], lane)
    }

    /// A vector of these scalars, one for each element.
    pub(crate) fn gather(&mut self, dtype: DType, scalars: &[Value]) -> Vector {
        let size = dtype.itemsize();
        let regs = scalars.chunks(REGISTER / size);
        Vector {
            regs: regs
                .map(|lanes| self.gather_register(dtype, lanes))
                .collect(),
            size,
        }
    }

    /// Reads the element at each of these addresses and offsets, register by register, so that few
    /// are held apart at a time.
    pub(crate) fn load_apart(&mut self, dtype: DType, places: &[(Value, i32)]) -> Vector {
        let size = dtype.itemsize();
        let regs = places.chunks(REGISTER / size).map(|places| {
            let load = |&(address, offset): &(Value, i32)| {
                let ins = self.builder.ins();
                ins.load(lane_type(dtype), plain(), address, offset)
            };
            let lanes: Vec<Value> = places.iter().map(load).collect();
            self.gather_register(dtype, &lanes)
        });
        Vector {
            regs: regs.collect(),
            size,
        }
    }

    /// A register of these scalars.
    fn gather_register(&mut self, dtype: DType, lanes: &[Value]) -> Value {
        let ty = register_type(dtype);
        // Only words of four or eight bytes move to lane 0 by themselves.
        let (mut register, from) = if dtype.itemsize() >= 4 {
            (self.builder.ins().scalar_to_vector(ty, lanes[0]), 1)
        } else {
            (self.constant(ty, [0; REGISTER]), 0)
        };
        for (lane, &scalar) in lanes.iter().enumerate().skip(from) {
            register = self.builder.ins().insertlane(register, scalar, lane as u8);
        }
        register
    }

    /// Reads a vector of contiguous elements; exactly its own bytes.
    pub(crate) fn load_vector(&mut self, ty: Type, address: Value, offset: i32) -> Vector {
        let size = ty.lane_type().bytes() as usize;
        let regs = (0..self.registers(size)).map(|k| {
            let offset = Offset32::new(offset + (k * REGISTER) as i32);
            let bytes = self.lanes(size) * size;
            let ins = self.builder.ins();
            let word = match bytes {
                REGISTER => return ins.load(ty, plain(), address, offset),
                8 => ins.load(types::F64, plain(), address, offset),
                4 => ins.load(types::F32, plain(), address, offset),
                2 => ins.load(types::I16, plain(), address, offset),
                _ => ins.load(types::I8, plain(), address, offset),
            };
            let word = match bytes {
                8 => self.builder.ins().scalar_to_vector(types::F64X2, word),
                4 => self.builder.ins().scalar_to_vector(types::F32X4, word),
                _ => {
                    let word = self.builder.ins().uextend(types::I32, word);
                    self.builder.ins().scalar_to_vector(types::I32X4, word)
                }
            };
            self.cast_register(word, ty)
        });
        Vector {
            regs: regs.collect(),
            size,
        }
    }

    /// Writes a vector to contiguous elements; exactly its own bytes.
    pub(crate) fn store_vector(&mut self, value: &Vector, address: Value, offset: i32) {
        for (k, &register) in value.regs.iter().enumerate() {
            let offset = Offset32::new(offset + (k * REGISTER) as i32);
            let ty = match self.lanes(value.size) * value.size {
                REGISTER => {
                    self.builder.ins().store(plain(), register, address, offset);
                    continue;
                }
                8 => types::F64X2,
                4 => types::F32X4,
                2 => types::I16X8,
                _ => types::I8X16,
            };
            let register = self.cast_register(register, ty);
            let word = self.builder.ins().extractlane(register, 0);
            self.builder.ins().store(plain(), word, address, offset);
        }
    }
}
