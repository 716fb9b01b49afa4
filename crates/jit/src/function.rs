//! How do a kernel's statements become blocks and branches?
//!
//! One function per kernel: `(buffers, ints, scalars, scratch)`. Indices are i64 values; what does
//! not change in a loop is hoisted out of it by Cranelift, since no index has side effects.
//! Absent: what a body computes.

use crate::vector::{Emitter, lane_type};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    AbiParam, FuncRef, InstBuilder, MemFlagsData, Signature, StackSlot, StackSlotData,
    StackSlotKind, Type, Value, types,
};
use cranelift_frontend::FunctionBuilder;
use std::collections::BTreeMap;
use tilewright_core::DType;
use tilewright_kernel::{Index, IndexOp, Kernel, Place, RawBuffer, SliceFn, Slot, Stmt};

/// Builds the function of one kernel.
pub(crate) struct Generator<'g, 'f> {
    pub(crate) builder: &'g mut FunctionBuilder<'f>,
    functions: &'g BTreeMap<String, FuncRef>,
    buffers: Vec<Value>,
    scratch: Vec<Value>,
    ints: Vec<Value>,
    scalars: Value,
    vars: Vec<Option<Value>>,
    /// Integers and places of the call being made.
    arguments: Option<(StackSlot, StackSlot)>,
}

/// The signature of a kernel's function.
pub(crate) fn declare_parameters(signature: &mut Signature, pointer: Type) {
    for _ in ["buffers", "ints", "scalars", "scratch"] {
        signature.params.push(AbiParam::new(pointer));
    }
}

/// Every slice function a kernel calls.
pub(crate) fn called(body: &[Stmt], names: &mut BTreeMap<String, SliceFn>) {
    for statement in body {
        match statement {
            Stmt::Loop { body, .. } => called(body, names),
            Stmt::Call { function, .. } => {
                names.insert(function.to_string(), *function);
            }
            Stmt::Let { .. } | Stmt::Lanes { .. } => {}
        }
    }
}

/// Emits the whole function of a checked kernel.
pub(crate) fn generate(
    kernel: &Kernel,
    builder: &mut FunctionBuilder<'_>,
    functions: &BTreeMap<String, FuncRef>,
) {
    let entry = builder.create_block();
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    let parameters = builder.block_params(entry).to_vec();
    // The arguments themselves do not change while the kernel runs: unused ones vanish.
    let fixed = MemFlagsData::trusted().with_readonly().with_can_move();
    let buffers = (0..kernel.buffers.len()).map(|k| {
        let offset = k * size_of::<RawBuffer>() + std::mem::offset_of!(RawBuffer, ptr);
        builder
            .ins()
            .load(types::I64, fixed, parameters[0], offset as i32)
    });
    let buffers = buffers.collect();
    let ints = (0..kernel.ints)
        .map(|k| {
            builder
                .ins()
                .load(types::I64, fixed, parameters[1], 8 * k as i32)
        })
        .collect();
    let (offsets, _) = kernel.scratch_layout();
    let scratch = offsets.into_iter().map(|offset| {
        let offset = builder.ins().iconst(types::I64, offset as i64);
        builder.ins().iadd(parameters[3], offset)
    });
    let scratch = scratch.collect();
    let mut generator = Generator {
        functions,
        buffers,
        scratch,
        ints,
        scalars: parameters[2],
        vars: vec![None; kernel.vars as usize],
        arguments: None,
        builder,
    };
    generator.block(&kernel.body);
    generator.builder.ins().return_(&[]);
    generator.builder.seal_all_blocks();
}

impl<'g, 'f> Generator<'g, 'f> {
    /// Straight-line code on vectors of `unit` elements, here.
    pub(crate) fn emitter(&mut self, unit: usize) -> Emitter<'_, 'f> {
        Emitter {
            builder: self.builder,
            unit,
        }
    }

    fn block(&mut self, body: &[Stmt]) {
        for statement in body {
            match statement {
                Stmt::Loop { var, count, body } => self.repeat(*var, count, body),
                Stmt::Let { var, value } => {
                    let value = self.index(value);
                    self.define(*var, value);
                }
                Stmt::Lanes { count, ops } => self.lanes(count, ops),
                Stmt::Call {
                    function,
                    ints,
                    places,
                } => self.call(*function, ints, places),
            }
        }
    }

    fn define(&mut self, var: u32, value: Value) {
        if let Some(slot) = self.vars.get_mut(var as usize) {
            *slot = Some(value);
        }
    }

    fn repeat(&mut self, var: u32, count: &Index, body: &[Stmt]) {
        let count = self.index(count);
        let zero = self.builder.ins().iconst(types::I64, 0);
        self.count_up((zero, count, 1), &[], |this, at, _| {
            this.define(var, at);
            this.block(body);
            Vec::new()
        });
    }

    /// The value of an index. An unknown name would be 0: none passes `Kernel::check`.
    pub(crate) fn index(&mut self, index: &Index) -> Value {
        let known = match index {
            Index::Const(value) => return self.builder.ins().iconst(types::I64, *value),
            Index::Arg(k) => self.ints.get(*k as usize).copied(),
            Index::Var(k) => self.vars.get(*k as usize).copied().flatten(),
            Index::Binary(op, left, right) => {
                let (left, right) = (self.index(left), self.index(right));
                return self.index_op(*op, left, right);
            }
        };
        known.unwrap_or_else(|| self.builder.ins().iconst(types::I64, 0))
    }

    fn index_op(&mut self, op: IndexOp, a: Value, b: Value) -> Value {
        let ins = self.builder.ins();
        match op {
            IndexOp::Add => ins.iadd(a, b),
            IndexOp::Sub => ins.isub(a, b),
            IndexOp::Mul => ins.imul(a, b),
            IndexOp::Min => ins.smin(a, b),
            IndexOp::Max => ins.smax(a, b),
            IndexOp::Div | IndexOp::Rem => self.index_quotient(op == IndexOp::Div, a, b),
        }
    }

    /// As `IndexOp::apply`: 0 where the machine would trap.
    fn index_quotient(&mut self, quotient: bool, a: Value, b: Value) -> Value {
        let zero = self.builder.ins().iconst(types::I64, 0);
        let one = self.builder.ins().iconst(types::I64, 1);
        let minus_one = self.builder.ins().iconst(types::I64, -1);
        let smallest = self.builder.ins().iconst(types::I64, i64::MIN);
        let by_zero = self.builder.ins().icmp(IntCC::Equal, b, zero);
        let at_smallest = self.builder.ins().icmp(IntCC::Equal, a, smallest);
        let by_minus_one = self.builder.ins().icmp(IntCC::Equal, b, minus_one);
        let overflows = self.builder.ins().band(at_smallest, by_minus_one);
        let traps = self.builder.ins().bor(by_zero, overflows);
        let safe = self.builder.ins().select(traps, one, b);
        let result = if quotient {
            self.builder.ins().sdiv(a, safe)
        } else {
            self.builder.ins().srem(a, safe)
        };
        self.builder.ins().select(traps, zero, result)
    }

    /// The address of a place whose elements have this many bytes.
    pub(crate) fn address(&mut self, place: &Place, size: usize) -> Value {
        let base = match place.slot {
            Slot::Buffer(k) => self.buffers.get(k as usize).copied(),
            Slot::Scratch(k) => self.scratch.get(k as usize).copied(),
        };
        // `Kernel::check` has found the slot.
        let base = base.unwrap_or(self.scalars);
        let offset = self.index(&place.offset);
        let size = self.builder.ins().iconst(types::I64, size as i64);
        let bytes = self.builder.ins().imul(offset, size);
        self.builder.ins().iadd(base, bytes)
    }

    /// A scalar argument.
    pub(crate) fn scalar(&mut self, dtype: DType, arg: u32) -> Value {
        let fixed = MemFlagsData::trusted().with_readonly().with_can_move();
        self.builder
            .ins()
            .load(lane_type(dtype), fixed, self.scalars, 8 * arg as i32)
    }

    fn call(&mut self, function: SliceFn, ints: &[Index], places: &[Place]) {
        let Some(&callee) = self.functions.get(&function.to_string()) else {
            return;
        };
        let (int_slot, place_slot) = self.argument_slots();
        for (k, int) in ints.iter().enumerate() {
            let int = self.index(int);
            self.builder
                .ins()
                .stack_store(types::I64, int, int_slot, 8 * k as i32);
        }
        for (k, place) in places.iter().enumerate() {
            let address = self.address(place, function.place_dtype(k).itemsize());
            self.builder
                .ins()
                .stack_store(types::I64, address, place_slot, 8 * k as i32);
        }
        let ints = self.builder.ins().stack_addr(types::I64, int_slot, 0);
        let places = self.builder.ins().stack_addr(types::I64, place_slot, 0);
        self.builder.ins().call(callee, &[ints, places]);
    }

    /// Room for the arguments of any call; they live only until it returns.
    fn argument_slots(&mut self) -> (StackSlot, StackSlot) {
        const MOST: u32 = SliceFn::MOST_ARGUMENTS as u32;
        *self.arguments.get_or_insert_with(|| {
            let data = || StackSlotData::new(StackSlotKind::ExplicitSlot, 8 * MOST, 3);
            (
                self.builder.create_sized_stack_slot(data()),
                self.builder.create_sized_stack_slot(data()),
            )
        })
    }
}
