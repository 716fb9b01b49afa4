//! Is this kernel well-formed?
//!
//! A checked kernel names only what it declares, in SSA order and with agreeing dtypes, so that
//! the interpreter and the compiler need no second opinion. Absent: bounds of accesses, which
//! depend on the arguments.

use crate::ir::{Index, Kernel, LaneOp, Place, Slot, Stmt, Val};
use crate::print::Line;
use std::collections::BTreeMap;
use tilewright_core::{DType, Error, Kind, Result};

impl Kernel {
    /// Checks that every variable is defined once and before its use, every slot, argument and
    /// value exists with the dtype its user names, slots that are written are writable, and every
    /// function and operation takes its dtype and number of arguments.
    ///
    /// # Errors
    /// [`Kind::Internal`] with the line that breaks the contract.
    pub fn check(&self) -> Result<()> {
        let mut checker = Checker {
            kernel: self,
            variables: BTreeMap::new(),
        };
        checker.block(&self.body)
    }
}

struct Checker<'k> {
    kernel: &'k Kernel,
    /// Those that are defined, and whether they are in scope.
    variables: BTreeMap<u32, bool>,
}

fn broken(why: impl Into<String>) -> Error {
    Error::new(Kind::Internal, why)
}

fn ensure(holds: bool, why: impl FnOnce() -> String) -> Result<()> {
    if holds { Ok(()) } else { Err(broken(why())) }
}

impl Checker<'_> {
    fn block(&mut self, body: &[Stmt]) -> Result<()> {
        let mut defined = Vec::new();
        for statement in body {
            let checked = self.statement(statement, &mut defined);
            checked.map_err(|error| error.fact("in", Line(statement).to_string()))?;
        }
        for var in defined {
            self.variables.insert(var, false);
        }
        Ok(())
    }

    fn statement(&mut self, statement: &Stmt, defined: &mut Vec<u32>) -> Result<()> {
        match statement {
            Stmt::Let { var, value } => {
                self.index(value)?;
                defined.push(self.define(*var)?);
            }
            Stmt::Loop { var, count, body } => {
                self.index(count)?;
                let var = self.define(*var)?;
                self.block(body)?;
                self.variables.insert(var, false);
            }
            Stmt::Lanes { count, ops } => {
                self.index(count)?;
                for (k, op) in ops.iter().enumerate() {
                    let checked = self.lane_op(op, &ops[..k]);
                    checked.map_err(|error| error.fact("op", Line((k, op)).to_string()))?;
                }
            }
            Stmt::Call {
                function,
                ints,
                places,
            } => {
                ensure(function.is_defined(), || format!("there is no {function}"))?;
                ensure(function.arity() == (ints.len(), places.len()), || {
                    format!("{function} takes {:?} ints and places", function.arity())
                })?;
                ints.iter().try_for_each(|int| self.index(int))?;
                for (k, place) in places.iter().enumerate() {
                    self.place(place, function.place_dtype(k), function.writes(k))?;
                }
            }
        }
        Ok(())
    }

    fn define(&mut self, var: u32) -> Result<u32> {
        ensure(var < self.kernel.vars, || {
            format!("the kernel declares no variable i{var}")
        })?;
        match self.variables.insert(var, true) {
            None => Ok(var),
            Some(_) => Err(broken(format!("i{var} is defined twice"))),
        }
    }

    fn index(&self, index: &Index) -> Result<()> {
        match index {
            Index::Const(_) => Ok(()),
            Index::Arg(arg) => ensure(*arg < self.kernel.ints, || {
                format!("the kernel has no integer argument a{arg}")
            }),
            Index::Var(var) => ensure(self.variables.get(var) == Some(&true), || {
                format!("i{var} is not in scope")
            }),
            Index::Binary(_, left, right) => {
                self.index(left)?;
                self.index(right)
            }
        }
    }

    fn place(&self, place: &Place, dtype: DType, written: bool) -> Result<()> {
        self.index(&place.offset)?;
        let slot = self.kernel.slot_dtype(place.slot);
        ensure(slot == Some(dtype), || {
            let is = slot.map_or("missing", DType::short);
            format!("{} is {is}, used as {dtype}", place.slot)
        })?;
        let Slot::Buffer(buffer) = place.slot else {
            return Ok(());
        };
        let writable = self
            .kernel
            .buffers
            .get(buffer as usize)
            .is_some_and(|b| b.writable);
        ensure(writable || !written, || {
            format!("{} is not writable", place.slot)
        })
    }

    fn lane_op(&self, op: &LaneOp, before: &[LaneOp]) -> Result<()> {
        let value = |at: Val, dtype: DType| {
            let made = before.get(at as usize).and_then(LaneOp::result);
            ensure(made == Some(dtype), || {
                let is = made.map_or("missing", DType::short);
                format!("v{at} is {is}, used as {dtype}")
            })
        };
        match op {
            LaneOp::Load {
                dtype,
                place,
                stride,
            } => {
                self.place(place, *dtype, false)?;
                self.index(stride)
            }
            LaneOp::Const(_) => Ok(()),
            LaneOp::Arg { dtype, arg } => {
                let declared = self.kernel.scalars.get(*arg as usize);
                ensure(declared == Some(dtype), || {
                    let is = declared.map_or("missing", |d| d.short());
                    format!("c{arg} is {is}, used as {dtype}")
                })
            }
            LaneOp::Iota { start, step } => {
                self.index(start)?;
                self.index(step)
            }
            LaneOp::Unary { op, dtype, a } => {
                ensure(op.takes(*dtype), || format!("{op} does not take {dtype}"))?;
                value(*a, *dtype)
            }
            LaneOp::Binary { op, dtype, a, b } => {
                ensure(op.takes(*dtype), || format!("{op} does not take {dtype}"))?;
                value(*a, *dtype)?;
                value(*b, *dtype)
            }
            LaneOp::Select { dtype, mask, a, b } => {
                value(*mask, DType::Bool)?;
                value(*a, *dtype)?;
                value(*b, *dtype)
            }
            LaneOp::Cast { from, a, .. } => value(*a, *from),
            LaneOp::Store {
                dtype,
                place,
                stride,
                a,
            } => {
                self.place(place, *dtype, true)?;
                self.index(stride)?;
                ensure(*stride != Index::Const(0), || "a store has stride 0".into())?;
                value(*a, *dtype)
            }
            LaneOp::Fold {
                op,
                dtype,
                place,
                from,
                a,
            } => {
                let takes = op.binary_on(*dtype).is_some();
                ensure(takes, || format!("{op} does not fold {dtype}"))?;
                self.place(place, *dtype, true)?;
                self.index(from)?;
                let apart = |op: &LaneOp| matches!(op, LaneOp::Fold { from: f, .. } if f != from);
                ensure(!before.iter().any(apart), || {
                    "the folds of a body start at two lanes".into()
                })?;
                value(*a, *dtype)
            }
        }
    }
}
