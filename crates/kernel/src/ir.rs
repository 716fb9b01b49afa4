//! What can a kernel say?
//!
//! Nested loops, element-wise statements over lanes, and calls of slice functions. Sizes, strides
//! and constants are arguments, so that edge tiles and `x*2`, `x*3` share code. No statement can
//! trap: integer division by 0 gives 0, conversions saturate. Float16 is loaded, stored, chosen and
//! converted, never computed in. Swapped bytes are bits until they are swapped: nothing else is
//! done with them.

use crate::fold::FoldOp;
use crate::slice_fn::SliceFn;
use serde::{Deserialize, Serialize};
use tilewright_core::{DType, Scalar};

/// An index computation over arguments and loop variables, in wrapping i64.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Index {
    /// A number.
    Const(i64),
    /// An integer argument of the kernel.
    Arg(u32),
    /// A loop or `let` variable in scope.
    Var(u32),
    /// A computation.
    Binary(
        IndexOp,
        #[serde(deserialize_with = "crate::depth::limited")] Box<Index>,
        #[serde(deserialize_with = "crate::depth::limited")] Box<Index>,
    ),
}

/// What indices compute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum IndexOp {
    /// Wrapping sum.
    Add,
    /// Wrapping difference.
    Sub,
    /// Wrapping product.
    Mul,
    /// Quotient of non-negative numbers; 0 where the divisor is 0.
    Div,
    /// Remainder of non-negative numbers; 0 where the divisor is 0.
    Rem,
    /// The smaller.
    Min,
    /// The larger.
    Max,
}

/// Memory a statement names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Slot {
    /// A buffer argument.
    Buffer(u32),
    /// Scratch memory of this call, unspecified at first.
    Scratch(u32),
}

/// An element of a slot: `offset` counts elements of the slot's dtype.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Which memory.
    pub slot: Slot,
    /// Which element.
    pub offset: Index,
}

/// An SSA value of a [`Stmt::Lanes`]: the position of the op that makes it.
pub type Val = u32;

/// Element-wise functions of one argument; operand and result have one dtype.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum UnaryOp {
    /// Negation; integers wrap.
    Neg,
    /// Absolute value; `abs(INT_MIN)` is `INT_MIN`; of unsigned and bool, the value.
    Abs,
    /// Bitwise complement; of bool, the logical one.
    Not,
    /// Square root, correctly rounded (floats).
    Sqrt,
    /// Largest integer not above (floats).
    Floor,
    /// Smallest integer not below (floats).
    Ceil,
    /// The integer toward 0 (floats).
    Trunc,
    /// The nearest integer, halves to even (floats).
    Rint,
    /// The bytes in the other order (elements of more than one): what a file of another machine
    /// holds becomes a number.
    SwapBytes,
}

/// Element-wise functions of two arguments of one dtype; comparisons give bool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BinaryOp {
    /// Sum; integers wrap; of bool, `or`.
    Add,
    /// Difference; integers wrap.
    Sub,
    /// Product; integers wrap; of bool, `and`.
    Mul,
    /// Quotient (floats).
    Div,
    /// Quotient rounded down (integers); 0 where the divisor is 0; `INT_MIN // -1` wraps.
    FloorDiv,
    /// Remainder with the divisor's sign (integers); 0 where the divisor is 0.
    Rem,
    /// The smaller; NaN wins; −0 is below +0.
    Min,
    /// The larger; NaN wins; −0 is below +0.
    Max,
    /// Bitwise and (integers, bool).
    And,
    /// Bitwise or (integers, bool).
    Or,
    /// Bitwise exclusive or (integers, bool).
    Xor,
    /// Shift left (integers); 0 where the shift is negative or at least the width.
    Shl,
    /// Shift right (integers), arithmetic if signed; 0 or −1 beyond the width.
    Shr,
    /// Equal.
    Eq,
    /// Not equal (true for NaN).
    Ne,
    /// Below.
    Lt,
    /// Below or equal.
    Le,
    /// The left magnitude with the right sign (floats).
    CopySign,
}

impl BinaryOp {
    /// Whether the result is bool whatever the operands are.
    pub fn compares(self) -> bool {
        matches!(
            self,
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le
        )
    }

    /// The u8 operation that is this one on bool bytes; `None` where bool has none.
    pub fn on_bool(self) -> Option<BinaryOp> {
        use BinaryOp::*;
        match self {
            Add | Max | Or => Some(Or),
            Mul | Min | And => Some(And),
            Xor | Eq | Ne | Lt | Le => Some(self),
            Sub | Div | FloorDiv | Rem | Shl | Shr | CopySign => None,
        }
    }

    /// Whether operands may be of this dtype.
    pub fn takes(self, dtype: DType) -> bool {
        use BinaryOp::*;
        match self {
            _ if dtype == DType::Bool => self.on_bool().is_some(),
            _ if dtype.computed() != dtype => false,
            Add | Sub | Mul | Min | Max | Eq | Ne | Lt | Le => true,
            Div | CopySign => dtype.is_float(),
            FloorDiv | Rem | And | Or | Xor | Shl | Shr => dtype.is_integer(),
        }
    }
}

impl UnaryOp {
    /// Whether the operand may be of this dtype.
    pub fn takes(self, dtype: DType) -> bool {
        match self {
            UnaryOp::SwapBytes => dtype.itemsize() > 1,
            _ if dtype.computed() != dtype => false,
            UnaryOp::Neg => dtype != DType::Bool,
            UnaryOp::Abs => true,
            UnaryOp::Not => !dtype.is_float(),
            UnaryOp::Sqrt | UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Trunc | UnaryOp::Rint => {
                dtype.is_float()
            }
        }
    }
}

/// One step of a straight-line element-wise body. Element `k` of the body's `count` is computed
/// from element `k` of each operand; bool is a byte 0 or 1.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LaneOp {
    /// Reads element `offset + k·stride` of a slot.
    Load {
        /// Element type, that of the slot.
        dtype: DType,
        /// Element 0.
        place: Place,
        /// Elements between neighbours; `Const(1)` is contiguous, `Const(0)` one value for all.
        stride: Index,
    },
    /// A fixed value.
    Const(Scalar),
    /// A scalar argument of the kernel.
    Arg {
        /// Element type, that of the argument.
        dtype: DType,
        /// Which argument.
        arg: u32,
    },
    /// The i64 `start + k·step`, wrapping.
    Iota {
        /// Value of element 0.
        start: Index,
        /// Difference of neighbours.
        step: Index,
    },
    /// A function of one value.
    Unary {
        /// Which.
        op: UnaryOp,
        /// Of operand and result.
        dtype: DType,
        /// Operand.
        a: Val,
    },
    /// A function of two values.
    Binary {
        /// Which.
        op: BinaryOp,
        /// Of both operands.
        dtype: DType,
        /// Left.
        a: Val,
        /// Right.
        b: Val,
    },
    /// `a` where the mask is 1, else `b`.
    Select {
        /// Of `a`, `b` and the result.
        dtype: DType,
        /// A bool value.
        mask: Val,
        /// Where true.
        a: Val,
        /// Where false.
        b: Val,
    },
    /// Conversion: integers wrap, floats round once, float to integer truncates and saturates with
    /// NaN giving 0, to bool is `!= 0`.
    Cast {
        /// Of the operand.
        from: DType,
        /// Of the result.
        to: DType,
        /// Operand.
        a: Val,
    },
    /// Writes element `offset + k·stride` of a slot. Stores of one body do not overlap its loads
    /// but at the same `k`.
    Store {
        /// Element type, that of the slot.
        dtype: DType,
        /// Element 0.
        place: Place,
        /// Elements between neighbours; not 0.
        stride: Index,
        /// The value.
        a: Val,
    },
    /// Folds element `k` into lane `(from + k) % 8` of eight contiguous elements, in order of `k`.
    /// No other op of the body reads or writes them; all folds of a body have one `from`.
    Fold {
        /// How two values combine; the lane is the left operand.
        op: FoldOp,
        /// Of value and lanes.
        dtype: DType,
        /// Lane 0.
        place: Place,
        /// How many elements came before; not negative.
        from: Index,
        /// The value.
        a: Val,
    },
}

impl LaneOp {
    /// The dtype of the value it makes; `None` if it makes none.
    pub fn result(&self) -> Option<DType> {
        match self {
            LaneOp::Load { dtype, .. } | LaneOp::Arg { dtype, .. } => Some(*dtype),
            LaneOp::Const(value) => Some(value.dtype()),
            LaneOp::Iota { .. } => Some(DType::I64),
            LaneOp::Binary { op, .. } if op.compares() => Some(DType::Bool),
            LaneOp::Unary { dtype, .. }
            | LaneOp::Binary { dtype, .. }
            | LaneOp::Select { dtype, .. } => Some(*dtype),
            LaneOp::Cast { to, .. } => Some(*to),
            LaneOp::Store { .. } | LaneOp::Fold { .. } => None,
        }
    }
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Stmt {
    /// Runs the body with `var` = 0, 1, … below `count`.
    Loop {
        /// The variable; assigned nowhere else.
        var: u32,
        /// Number of rounds; none if not positive.
        count: Index,
        /// What is repeated.
        #[serde(deserialize_with = "crate::depth::limited")]
        body: Vec<Stmt>,
    },
    /// Names an index for the rest of this block.
    Let {
        /// The variable; assigned nowhere else.
        var: u32,
        /// Its value.
        value: Index,
    },
    /// Runs a straight-line body for elements `0..count`.
    Lanes {
        /// Number of elements; none if not positive.
        count: Index,
        /// The body.
        ops: Vec<LaneOp>,
    },
    /// Calls a slice function.
    Call {
        /// Which.
        function: SliceFn,
        /// Its integers, as [`SliceFn`] documents them.
        ints: Vec<Index>,
        /// Its slices, as [`SliceFn`] documents them; none overlaps another.
        places: Vec<Place>,
    },
}

/// A buffer argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BufferDecl {
    /// Element type.
    pub dtype: DType,
    /// Whether the kernel may write it.
    pub writable: bool,
}

/// Scratch memory of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ScratchDecl {
    /// Element type.
    pub dtype: DType,
    /// Number of elements.
    pub len: u32,
}

/// A kernel: what one task does to its buffers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Kernel {
    /// Buffer arguments.
    pub buffers: Vec<BufferDecl>,
    /// Scratch memory.
    pub scratch: Vec<ScratchDecl>,
    /// Number of integer arguments.
    pub ints: u32,
    /// Scalar arguments.
    pub scalars: Vec<DType>,
    /// Number of variables, numbered from 0.
    pub vars: u32,
    /// The statements.
    pub body: Vec<Stmt>,
}

/// Alignment of every scratch slot within the arena, in bytes: one cache line.
const SCRATCH_ALIGN: usize = 64;

impl Kernel {
    /// Byte offsets of the scratch slots in one arena, and the arena's length.
    pub fn scratch_layout(&self) -> (Vec<usize>, usize) {
        let mut end = 0;
        let offsets = self.scratch.iter().map(|slot| {
            let at = end;
            let bytes = slot.len as usize * slot.dtype.itemsize();
            end = (at + bytes).next_multiple_of(SCRATCH_ALIGN);
            at
        });
        (offsets.collect(), end)
    }

    /// Whether it calls slice functions.
    pub fn calls(&self) -> bool {
        fn any(body: &[Stmt]) -> bool {
            body.iter().any(|statement| match statement {
                Stmt::Loop { body, .. } => any(body),
                Stmt::Call { .. } => true,
                Stmt::Lanes { .. } | Stmt::Let { .. } => false,
            })
        }
        any(&self.body)
    }

    /// Operations of the whole body, those of loops once.
    pub fn operations(&self) -> usize {
        fn of(body: &[Stmt]) -> usize {
            let count = |statement: &Stmt| match statement {
                Stmt::Loop { body, .. } => of(body),
                Stmt::Lanes { ops, .. } => ops.len(),
                Stmt::Let { .. } | Stmt::Call { .. } => 1,
            };
            body.iter().map(count).sum()
        }
        of(&self.body)
    }

    /// The dtype of a slot; `None` if there is no such slot.
    pub fn slot_dtype(&self, slot: Slot) -> Option<DType> {
        match slot {
            Slot::Buffer(k) => self.buffers.get(k as usize).map(|b| b.dtype),
            Slot::Scratch(k) => self.scratch.get(k as usize).map(|s| s.dtype),
        }
    }
}

impl From<i64> for Index {
    fn from(value: i64) -> Index {
        Index::Const(value)
    }
}

macro_rules! index_ops {
    ($($trait:ident $method:ident $op:ident;)*) => {$(
        impl<R: Into<Index>> std::ops::$trait<R> for Index {
            type Output = Index;
            fn $method(self, right: R) -> Index {
                Index::binary(IndexOp::$op, self, right.into())
            }
        }
    )*};
}
index_ops! {
    Add add Add;
    Sub sub Sub;
    Mul mul Mul;
    Div div Div;
    Rem rem Rem;
}

impl Index {
    /// The smaller of two.
    #[must_use]
    pub fn min(self, right: impl Into<Index>) -> Index {
        Index::binary(IndexOp::Min, self, right.into())
    }

    /// The larger of two.
    #[must_use]
    pub fn max(self, right: impl Into<Index>) -> Index {
        Index::binary(IndexOp::Max, self, right.into())
    }

    /// A computation, folded where it is plain.
    pub fn binary(op: IndexOp, left: Index, right: Index) -> Index {
        use Index::Const;
        match (op, left, right) {
            (op, Const(a), Const(b)) => Const(op.apply(a, b)),
            (IndexOp::Add, Const(0), x) | (IndexOp::Add | IndexOp::Sub, x, Const(0)) => x,
            (IndexOp::Mul, Const(1), x) | (IndexOp::Mul | IndexOp::Div, x, Const(1)) => x,
            (IndexOp::Mul, Const(0), _) | (IndexOp::Mul, _, Const(0)) => Const(0),
            (op, left, right) => Index::Binary(op, Box::new(left), Box::new(right)),
        }
    }
}

impl IndexOp {
    /// The computation on numbers.
    pub fn apply(self, a: i64, b: i64) -> i64 {
        match self {
            IndexOp::Add => a.wrapping_add(b),
            IndexOp::Sub => a.wrapping_sub(b),
            IndexOp::Mul => a.wrapping_mul(b),
            IndexOp::Div => a.checked_div(b).unwrap_or(0),
            IndexOp::Rem => a.checked_rem(b).unwrap_or(0),
            IndexOp::Min => a.min(b),
            IndexOp::Max => a.max(b),
        }
    }
}
