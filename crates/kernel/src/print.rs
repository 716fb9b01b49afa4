//! How does a kernel read?
//!
//! One op per line, stable text: `b` buffers, `s` scratch, `a` integer arguments, `c` scalar
//! arguments, `i` variables, `v` values of a body. Absent: addresses, sizes that arguments decide.

use crate::ir::{BinaryOp, Index, IndexOp, Kernel, LaneOp, Place, Slot, Stmt, UnaryOp};
use std::fmt::{Display, Formatter, Result};

/// The first line of a statement, or the line of an op with its number.
pub(crate) struct Line<T>(pub(crate) T);

impl Display for Slot {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Slot::Buffer(k) => write!(f, "b{k}"),
            Slot::Scratch(k) => write!(f, "s{k}"),
        }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}[{}]", self.slot, self.offset)
    }
}

impl Display for Index {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.write(f, 0)
    }
}

impl Index {
    /// Writes the index as an operand of something that binds as tightly as `outer`.
    fn write(&self, f: &mut Formatter<'_>, outer: u8) -> Result {
        let Index::Binary(op, left, right) = self else {
            return match self {
                Index::Const(value) if *value < 0 && outer > 0 => write!(f, "({value})"),
                Index::Const(value) => write!(f, "{value}"),
                Index::Arg(k) => write!(f, "a{k}"),
                Index::Var(k) => write!(f, "i{k}"),
                Index::Binary(..) => Ok(()),
            };
        };
        let (sign, binds) = match op {
            IndexOp::Add => (" + ", 1),
            IndexOp::Sub => (" - ", 1),
            IndexOp::Mul => ("*", 2),
            IndexOp::Div => ("/", 2),
            IndexOp::Rem => ("%", 2),
            IndexOp::Min => return write!(f, "min({left}, {right})"),
            IndexOp::Max => return write!(f, "max({left}, {right})"),
        };
        if binds < outer {
            f.write_str("(")?;
        }
        left.write(f, binds)?;
        f.write_str(sign)?;
        // The right operand binds tighter: nothing here is regrouped.
        let associative = matches!(op, IndexOp::Add);
        right.write(f, if associative { binds } else { binds + 1 })?;
        if binds < outer {
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl Display for UnaryOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            UnaryOp::Neg => "neg",
            UnaryOp::Abs => "abs",
            UnaryOp::Not => "not",
            UnaryOp::Sqrt => "sqrt",
            UnaryOp::Floor => "floor",
            UnaryOp::Ceil => "ceil",
            UnaryOp::Trunc => "trunc",
            UnaryOp::Rint => "rint",
            UnaryOp::SwapBytes => "swap_bytes",
        })
    }
}

impl Display for BinaryOp {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            BinaryOp::Add => "add",
            BinaryOp::Sub => "sub",
            BinaryOp::Mul => "mul",
            BinaryOp::Div => "div",
            BinaryOp::FloorDiv => "floor_div",
            BinaryOp::Rem => "rem",
            BinaryOp::Min => "min",
            BinaryOp::Max => "max",
            BinaryOp::And => "and",
            BinaryOp::Or => "or",
            BinaryOp::Xor => "xor",
            BinaryOp::Shl => "shl",
            BinaryOp::Shr => "shr",
            BinaryOp::Eq => "eq",
            BinaryOp::Ne => "ne",
            BinaryOp::Lt => "lt",
            BinaryOp::Le => "le",
            BinaryOp::CopySign => "copysign",
        })
    }
}

impl Display for Line<(usize, &LaneOp)> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Line((k, op)) = self;
        if op.result().is_some() {
            write!(f, "v{k} = ")?;
        }
        match op {
            LaneOp::Load {
                dtype,
                place,
                stride,
            } => write!(f, "load {dtype} {place} step {stride}"),
            LaneOp::Const(value) => write!(f, "const {} {}", value.dtype(), value),
            LaneOp::Arg { dtype, arg } => write!(f, "arg {dtype} c{arg}"),
            LaneOp::Iota { start, step } => write!(f, "iota i64 from {start} step {step}"),
            LaneOp::Unary { op, dtype, a } => write!(f, "{op} {dtype} v{a}"),
            LaneOp::Binary { op, dtype, a, b } => write!(f, "{op} {dtype} v{a}, v{b}"),
            LaneOp::Select { dtype, mask, a, b } => {
                write!(f, "select {dtype} v{mask} ? v{a} : v{b}")
            }
            LaneOp::Cast { from, to, a } => write!(f, "cast {from} to {to} v{a}"),
            LaneOp::Store {
                dtype,
                place,
                stride,
                a,
            } => {
                write!(f, "store {dtype} {place} step {stride} = v{a}")
            }
            LaneOp::Fold {
                op,
                dtype,
                place,
                from: Index::Const(0),
                a,
            } => write!(f, "fold {op} {dtype} {place} with v{a}"),
            LaneOp::Fold {
                op,
                dtype,
                place,
                from,
                a,
            } => write!(f, "fold {op} {dtype} {place} from {from} with v{a}"),
        }
    }
}

impl Display for Line<&Stmt> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Stmt::Loop { var, count, .. } => write!(f, "loop i{var} < {count} {{"),
            Stmt::Let { var, value } => write!(f, "let i{var} = {value}"),
            Stmt::Lanes { count, .. } => write!(f, "lanes {count} {{"),
            Stmt::Call {
                function,
                ints,
                places,
            } => {
                write!(f, "call {function} (")?;
                list(f, ints)?;
                f.write_str(") on ")?;
                list(f, places)
            }
        }
    }
}

fn list<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> Result {
    for (k, item) in items.iter().enumerate() {
        write!(f, "{}{item}", if k == 0 { "" } else { ", " })?;
    }
    Ok(())
}

fn block(f: &mut Formatter<'_>, body: &[Stmt], depth: usize) -> Result {
    for statement in body {
        writeln!(f, "{:1$}{2}", "", 2 * depth, Line(statement))?;
        match statement {
            Stmt::Loop { body, .. } => block(f, body, depth + 1)?,
            Stmt::Lanes { ops, .. } => {
                for op in ops.iter().enumerate() {
                    writeln!(f, "{:1$}{2}", "", 2 * depth + 2, Line(op))?;
                }
            }
            Stmt::Let { .. } | Stmt::Call { .. } => continue,
        }
        writeln!(f, "{:1$}}}", "", 2 * depth)?;
    }
    Ok(())
}

impl Display for Kernel {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (k, buffer) in self.buffers.iter().enumerate() {
            let access = if buffer.writable { "inout" } else { "in" };
            writeln!(f, "{access} b{k} {}", buffer.dtype)?;
        }
        for (k, scratch) in self.scratch.iter().enumerate() {
            writeln!(f, "scratch s{k} {}[{}]", scratch.dtype, scratch.len)?;
        }
        if self.ints > 0 {
            writeln!(f, "ints a0..a{}", self.ints)?;
        }
        for (k, dtype) in self.scalars.iter().enumerate() {
            writeln!(f, "scalar c{k} {dtype}")?;
        }
        block(f, &self.body, 0)
    }
}
