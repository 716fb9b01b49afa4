//! What is known of each operator? One static row each.
//!
//! Everything else follows from the rows: the e-graph language, inference, the reference
//! evaluator, fusion, lowering, printing, the command line's functions, the Rust methods and the
//! operator manual. Code may match on a family, never on a row's name, except in rule text.

pub mod along;
pub mod arithmetic;
pub mod bounds;
pub mod classify;
pub mod compare;
pub mod create;
pub mod division;
pub mod exponent;
pub mod exponential;
pub mod hyperbolic;
pub mod index;
pub mod integer;
pub mod logic;
pub mod math;
pub mod moves;
pub mod opaque;
pub mod reduce;
pub mod rounding;
pub mod rows;
pub mod sign;
mod slice;
pub mod special;
pub mod stage;
pub mod statistics;
pub mod trigonometric;

pub use rows::{AlongRow, Length, Role};

use crate::build::Operand;
use crate::node::Expr;
use serde::{Deserialize, Serialize};
use tilewright_core::{DType, Result, Scalar};
use tilewright_kernel::ir::{BinaryOp, UnaryOp};
use tilewright_kernel::{ElementFn, Fold, SliceFn, fold::Finish};

/// One operator.
pub struct OpDef {
    /// NumPy's name.
    pub name: &'static str,
    /// How it computes, and what else its family needs to know.
    pub family: Family,
    /// Names of its array arguments.
    pub params: &'static [&'static str],
    /// What else is said when it is written: axes, a shape, a seed.
    pub options: &'static [&'static str],
    /// The manual's page.
    pub doc: Doc,
}

/// The manual's page of an operator.
pub struct Doc {
    /// What it gives, as a formula.
    pub formula: &'static str,
    /// Edge cases.
    pub edges: &'static str,
    /// The standard or paper it follows.
    pub source: &'static str,
}

/// The closed families; code matches on these.
pub enum Family {
    /// Element by element.
    Map(MapRow),
    /// Axes fold away.
    Reduce(ReduceRow),
    /// Whole rows along one axis become rows of another length.
    Along(AlongRow),
    /// Elements move; none is computed.
    Move(MoveKind),
    /// Elements move to where index arrays say.
    Index,
    /// What a function of the user's makes of blocks.
    Opaque,
    /// Arrays made from an index or a value.
    Create,
    /// Random numbers; a leaf, or with parameters as arguments.
    Random,
    /// Arrays read.
    Source,
    /// Defined by other operators.
    Derived(DerivedRow),
    /// Element by element, written as other operators: it has no node of its own.
    Composed(ComposedRow),
    /// What the optimizer makes: fused stages and their outputs.
    Stage(StageKind),
}

/// An element-wise operator.
pub struct MapRow {
    /// Dtypes of the arguments after casting and of the result; `None` refuses.
    pub signature: fn(&[DType]) -> Option<Signature>,
    /// The meaning for one element of loop dtypes.
    pub eval: fn(&[Scalar], DType) -> Scalar,
    /// The kernel step for loop dtype (that of the last argument) and result dtype.
    pub lower: fn(DType, DType) -> Step,
    /// What the optimizer may use.
    pub facts: Facts,
}

impl MapRow {
    /// The loop for arguments of these dtypes, and the dtype that its result is cast to; `None`
    /// refuses. What no kernel computes in is computed in the dtype that holds it: float16 in
    /// float32, rounded once.
    pub fn computed(&self, dtypes: &[DType]) -> Option<(Signature, DType)> {
        let asked = (self.signature)(dtypes)?;
        if self.runs(&asked, dtypes.len()) {
            return Some((asked, asked.output));
        }
        let wide = asked.inputs.map(DType::computed);
        Some(((self.signature)(wide.get(..dtypes.len())?)?, asked.output))
    }

    /// Whether kernels have the step of a loop with so many arguments.
    pub fn runs(&self, signature: &Signature, arguments: usize) -> bool {
        let dtype = signature.inputs[arguments.clamp(1, 3) - 1];
        match (self.lower)(dtype, signature.output) {
            Step::Unary(op) => op.takes(dtype),
            Step::Binary(op) | Step::Swapped(op) | Step::Twice(op) => op.takes(dtype),
            Step::Slice(function) => function.is_defined(),
            Step::Same | Step::Select | Step::Cast => true,
        }
    }
}

/// Dtypes of an element-wise loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// What each argument is cast to (the last one stands for the rest).
    pub inputs: [DType; 3],
    /// Result.
    pub output: DType,
}

/// How an element-wise operator runs in a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// The argument itself.
    Same,
    /// One instruction of one argument.
    Unary(UnaryOp),
    /// One instruction of two.
    Binary(BinaryOp),
    /// The same with the arguments exchanged.
    Swapped(BinaryOp),
    /// An instruction of the argument with itself.
    Twice(BinaryOp),
    /// `where`.
    Select,
    /// `astype`.
    Cast,
    /// A slice function over a block.
    Slice(SliceFn),
}

impl Step {
    /// Whether it occupies the divider: quotients, remainders, square roots.
    pub fn divides(self) -> bool {
        matches!(
            self,
            Step::Unary(UnaryOp::Sqrt)
                | Step::Binary(BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Rem)
                | Step::Slice(SliceFn::Element(
                    ElementFn::FloorDivide | ElementFn::Remainder | ElementFn::Fmod,
                    _
                ))
        )
    }
}

/// Algebraic facts of an element-wise operator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// `f(a, b) = f(b, a)`, bit for bit.
    pub commutative: bool,
    /// `f(f(a)) = f(a)`.
    pub idempotent: bool,
    /// The result is never negative (NaN is possible).
    pub non_negative: bool,
}

impl Facts {
    /// None of them.
    pub const NONE: Facts = Facts {
        commutative: false,
        idempotent: false,
        non_negative: false,
    };
    /// Commutative alone.
    pub const COMMUTATIVE: Facts = Facts {
        commutative: true,
        ..Facts::NONE
    };
}

/// A reduction.
pub struct ReduceRow {
    /// The dtype the argument is cast to; `None` refuses.
    pub accumulator: fn(DType) -> Option<DType>,
    /// The monoid for an accumulator dtype.
    pub fold: fn(DType) -> Fold,
    /// What becomes of the state, given the number of elements reduced.
    pub finish: fn(i64) -> Finish,
    /// The result's dtype for an accumulator dtype.
    pub output: fn(DType) -> DType,
    /// The value for no elements; `None` refuses to reduce an empty axis.
    pub empty: fn(DType) -> Option<Scalar>,
}

/// How elements move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveKind {
    /// A region.
    Slice,
    /// Axes in another order.
    Transpose,
    /// Axes of length 1 repeat, new ones stand before.
    Broadcast,
    /// New axes of length 1.
    ExpandDims,
    /// Axes of length 1 go.
    Squeeze,
    /// The same elements in C order under another shape.
    Reshape,
    /// Arrays end to end.
    Concatenate,
    /// The same elements under another chunk grid.
    Rechunk,
    /// New axes that walk windows along others.
    Windows,
}

/// An operator defined by others.
pub struct DerivedRow {
    /// Its definition: the node's equal by other operators.
    pub expand: fn(&Expr) -> Result<Expr>,
    /// The same of the elements that count.
    pub counted: fn(&statistics::Counted<'_>) -> Result<Expr>,
    /// Whether NumPy gives it in an integer dtype.
    pub in_integers: bool,
    /// Whether it is of deviations from a mean, which may be given.
    pub deviates: bool,
}

/// An element-wise operator that stands for an expression of others.
pub struct ComposedRow {
    /// How many parameters must be given; those after them may be left out.
    pub required: usize,
    /// The expression, one operand for each parameter; `None` for one left out.
    pub compose: fn(&[Option<Operand>]) -> Result<Expr>,
}

/// What the optimizer makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageKind {
    /// Argument `k` of the fused stage around it.
    Input,
    /// One pass over the inputs.
    Fused,
    /// An output of a stage that has several.
    Get,
}

/// Every row, in the manual's order.
pub static OPS: &[&OpDef] = &[
    &arithmetic::ADD,
    &arithmetic::SUBTRACT,
    &arithmetic::MULTIPLY,
    &arithmetic::DIVIDE,
    &arithmetic::FLOOR_DIVIDE,
    &arithmetic::REMAINDER,
    &arithmetic::POWER,
    &exponential::FLOAT_POWER,
    &arithmetic::NEGATIVE,
    &arithmetic::ABSOLUTE,
    &arithmetic::SQUARE,
    &division::FMOD,
    &division::RECIPROCAL,
    &sign::POSITIVE,
    &sign::FABS,
    &sign::SIGN,
    &sign::SIGNBIT,
    &sign::COPYSIGN,
    &sign::HEAVISIDE,
    &sign::REAL,
    &sign::IMAG,
    &sign::CONJUGATE,
    &arithmetic::MINIMUM,
    &arithmetic::MAXIMUM,
    &bounds::FMIN,
    &bounds::FMAX,
    &bounds::CLIP,
    &compare::EQUAL,
    &compare::NOT_EQUAL,
    &compare::LESS,
    &compare::LESS_EQUAL,
    &compare::GREATER,
    &compare::GREATER_EQUAL,
    &compare::BITWISE_AND,
    &compare::BITWISE_OR,
    &compare::BITWISE_XOR,
    &compare::INVERT,
    &integer::LEFT_SHIFT,
    &integer::RIGHT_SHIFT,
    &integer::GCD,
    &integer::LCM,
    &integer::BITWISE_COUNT,
    &logic::LOGICAL_AND,
    &logic::LOGICAL_OR,
    &logic::LOGICAL_XOR,
    &logic::LOGICAL_NOT,
    &classify::ISNAN,
    &classify::ISFINITE,
    &classify::ISINF,
    &classify::ISPOSINF,
    &classify::ISNEGINF,
    &classify::ISCLOSE,
    &classify::NAN_TO_NUM,
    &compare::WHERE,
    &math::SQRT,
    &exponential::EXP,
    &exponential::EXP2,
    &exponential::EXPM1,
    &exponential::LOG,
    &exponential::LOG2,
    &exponential::LOG10,
    &exponential::LOG1P,
    &exponential::LOGADDEXP,
    &exponential::LOGADDEXP2,
    &exponential::CBRT,
    &exponential::HYPOT,
    &trigonometric::SIN,
    &trigonometric::COS,
    &trigonometric::TAN,
    &trigonometric::ASIN,
    &trigonometric::ACOS,
    &trigonometric::ATAN,
    &trigonometric::ATAN2,
    &trigonometric::DEG2RAD,
    &trigonometric::RAD2DEG,
    &trigonometric::SINC,
    &hyperbolic::SINH,
    &hyperbolic::COSH,
    &hyperbolic::TANH,
    &hyperbolic::ASINH,
    &hyperbolic::ACOSH,
    &hyperbolic::ATANH,
    &special::ERF,
    &special::ERFC,
    &special::GAMMA,
    &special::GAMMALN,
    &special::I0,
    &math::FLOOR,
    &math::CEIL,
    &rounding::TRUNC,
    &rounding::RINT,
    &rounding::ROUND,
    &exponent::NEXTAFTER,
    &exponent::SCALEB,
    &exponent::LDEXP,
    &exponent::FREXP_MANTISSA,
    &exponent::FREXP_EXPONENT,
    &math::ASTYPE,
    &reduce::SUM,
    &reduce::PROD,
    &reduce::MIN,
    &reduce::MAX,
    &reduce::ANY,
    &reduce::ALL,
    &reduce::WIDE_MEAN,
    &reduce::SQUARED_DEVIATIONS,
    &along::SORT,
    &along::ARGSORT,
    &along::CUMSUM,
    &along::CUMPROD,
    &along::MINIMUM_ACCUMULATE,
    &along::MAXIMUM_ACCUMULATE,
    &along::SEARCHSORTED,
    &along::HISTOGRAM_COUNTS,
    &along::HISTOGRAM_WEIGHTS,
    &along::QUANTILE,
    &along::SVDVALS,
    &statistics::MEAN,
    &statistics::VAR,
    &statistics::STD,
    &moves::SLICE,
    &moves::TRANSPOSE,
    &moves::BROADCAST_TO,
    &moves::EXPAND_DIMS,
    &moves::SQUEEZE,
    &moves::RESHAPE,
    &moves::CONCATENATE,
    &moves::RECHUNK,
    &moves::SLIDING_WINDOW_VIEW,
    &index::TAKE,
    &opaque::MAP_BLOCKS,
    &create::FULL,
    &create::IOTA,
    &create::ARRAY,
    &create::UNIFORM,
    &create::NORMAL,
    &create::INTEGERS,
    &create::GAMMA,
    &create::POISSON,
    &create::BINOMIAL,
    &create::VON_MISES,
    &create::ZIPF,
    &create::HYPERGEOMETRIC,
    &create::READ,
    &stage::INPUT,
    &stage::FUSED,
    &stage::GET,
];

/// A row's number; rows are compared and ordered by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OpId(u16);

impl OpId {
    /// The operator of this name.
    pub fn named(name: &str) -> Option<OpId> {
        OPS.iter()
            .position(|op| op.name == name)
            .map(|k| OpId(k as u16))
    }

    /// The number of a row of [`OPS`].
    pub fn of(def: &'static OpDef) -> OpId {
        let at = OPS.iter().position(|op| std::ptr::eq(*op, def));
        OpId(at.unwrap_or(0) as u16)
    }

    /// The row.
    pub fn def(self) -> &'static OpDef {
        OPS[usize::from(self.0).min(OPS.len() - 1)]
    }
}

impl OpDef {
    /// This row's number.
    pub fn id(&'static self) -> OpId {
        OpId::of(self)
    }
}
