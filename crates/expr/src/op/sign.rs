//! Rows: signs and magnitudes.

use super::arithmetic::promote_refuse_bool;
use super::math::{float, float_of};
use super::{ComposedRow, Doc, Facts, Family, MapRow, OpDef, Step};
use crate::build::{self, Beyond, Operand};
use crate::infer::refuse_dtypes;
use crate::node::Expr;
use crate::reference::{digits, element};
use tilewright_core::dtype::Class;
use tilewright_core::{DType, Error, Kind, Result, Scalar};
use tilewright_kernel::ir::{BinaryOp, UnaryOp};

/// The array itself.
pub static POSITIVE: OpDef = OpDef {
    name: "positive",
    family: Family::Map(MapRow {
        signature: promote_refuse_bool,
        eval: digits::positive,
        lower: |_, _| Step::Same,
        facts: Facts {
            idempotent: true,
            ..Facts::NONE
        },
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "x",
        edges: "bool is refused",
        source: "NumPy 2 positive",
    },
};

/// Absolute value as a float.
pub static FABS: OpDef = OpDef {
    name: "fabs",
    family: Family::Map(MapRow {
        signature: float,
        eval: element::absolute,
        lower: |_, _| Step::Unary(UnaryOp::Abs),
        facts: Facts {
            idempotent: true,
            non_negative: true,
            ..Facts::NONE
        },
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "|x|, a float",
        edges: "fabs(-0.0) is 0.0",
        source: "IEEE 754-2019 §5.5.1; NumPy 2 fabs",
    },
};

/// The magnitude of one number with the sign of another.
pub static COPYSIGN: OpDef = OpDef {
    name: "copysign",
    family: Family::Map(MapRow {
        signature: float,
        eval: digits::copysign,
        lower: |_, _| Step::Binary(BinaryOp::CopySign),
        facts: Facts::NONE,
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "|a| with the sign of b",
        edges: "the sign of -0.0 counts, that of a NaN is positive; integers become floats",
        source: "IEEE 754-2019 §5.5.1; NumPy 2 copysign",
    },
};

/// The only argument of an operator that has one.
pub(super) fn only(args: &[Option<Operand>]) -> Result<Expr> {
    match args {
        [Some(x), ..] => build::alone(x),
        _ => Err(Error::new(Kind::Internal, "an operator of nothing")),
    }
}

/// `a` where the mask is true, else `b`.
pub(super) fn choose(mask: Expr, a: impl Into<Operand>, b: impl Into<Operand>) -> Result<Expr> {
    build::operate("where", &[mask.into(), a.into(), b.into()])
}

/// `x` compared with a number.
pub(super) fn compare(name: &str, x: &Expr, with: Operand) -> Result<Expr> {
    build::operate(name, &[x.clone().into(), with])
}

/// A bool array of x's shape, false everywhere: no integer differs from itself.
pub(super) fn nowhere(x: &Expr) -> Result<Expr> {
    build::map("not_equal", &[x.clone(), x.clone()])
}

fn sign(args: &[Option<Operand>]) -> Result<Expr> {
    let x = only(args)?;
    if x.dtype() == DType::Bool {
        return Err(refuse_dtypes(&SIGN, &[x]));
    }
    let above = compare("greater", &x, Operand::Int(0))?;
    let rest = match x.dtype().class() {
        Class::Float => {
            let zero = Operand::Float(0.0);
            let rest = choose(
                build::map("isnan", std::slice::from_ref(&x))?,
                x.clone(),
                zero,
            )?;
            choose(
                compare("less", &x, Operand::Int(0))?,
                Operand::Int(-1),
                rest,
            )?
        }
        Class::Signed => {
            let zero = build::constant(Scalar::zero(x.dtype()))?;
            choose(
                compare("less", &x, Operand::Int(0))?,
                Operand::Int(-1),
                zero,
            )?
        }
        _ => build::constant(Scalar::zero(x.dtype()))?,
    };
    choose(above, Operand::Int(1), rest)
}

/// -1, 0 or 1.
pub static SIGN: OpDef = OpDef {
    name: "sign",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: sign,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "1 where x > 0, -1 where x < 0, else 0",
        edges: "sign(-0.0) is 0.0, of NaN NaN; bool is refused",
        source: "NumPy 2 sign",
    },
};

fn signbit(args: &[Option<Operand>]) -> Result<Expr> {
    let x = only(args)?;
    if !x.dtype().is_float() {
        let x = build::astype(
            &x,
            if x.dtype() == DType::Bool {
                DType::I8
            } else {
                x.dtype()
            },
        )?;
        return compare("less", &x, Operand::Int(0));
    }
    let one = build::constant(Scalar::from_f64(x.dtype(), 1.0))?;
    let unit = build::map("copysign", &[one, x])?;
    compare("less", &unit, Operand::Int(0))
}

/// Whether the sign is set.
pub static SIGNBIT: OpDef = OpDef {
    name: "signbit",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: signbit,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "copysign(1, x) < 0",
        edges: "true for -0.0; false for a NaN, whatever the sign of its bits",
        source: "IEEE 754-2019 §5.7.2 isSignMinus; NumPy 2 signbit",
    },
};

fn heaviside(args: &[Option<Operand>]) -> Result<Expr> {
    let [Some(x), Some(at_zero)] = args else {
        return Err(Error::new(Kind::Internal, "heaviside of other than two"));
    };
    let operands = [x.clone(), at_zero.clone()];
    let args = build::resolve(&operands, |dtype| Beyond::Float(float_of(dtype)))?;
    let dtypes: Vec<DType> = args.iter().map(Expr::dtype).collect();
    let dtype = float(&dtypes).map_or(float_of(dtypes[0]), |signature| signature.output);
    let (x, at_zero) = (
        build::astype(&args[0], dtype)?,
        build::astype(&args[1], dtype)?,
    );
    let below = choose(
        compare("less", &x, Operand::Int(0))?,
        Operand::Float(0.0),
        x.clone(),
    )?;
    let beside = choose(
        compare("greater", &x, Operand::Int(0))?,
        Operand::Float(1.0),
        below,
    )?;
    choose(compare("equal", &x, Operand::Int(0))?, at_zero, beside)
}

/// The step function.
pub static HEAVISIDE: OpDef = OpDef {
    name: "heaviside",
    family: Family::Composed(ComposedRow {
        required: 2,
        compose: heaviside,
    }),
    params: &["x", "h"],
    options: &[],
    doc: Doc {
        formula: "0 where x < 0, h where x = 0, 1 where x > 0",
        edges: "NaN where x is NaN; integers become floats",
        source: "NumPy 2 heaviside",
    },
};

/// The real part.
pub static REAL: OpDef = OpDef {
    name: "real",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: only,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "x",
        edges: "there are no complex dtypes",
        source: "NumPy 2 real",
    },
};

fn imag(args: &[Option<Operand>]) -> Result<Expr> {
    let x = only(args)?;
    build::full(Scalar::zero(x.dtype()), x.grid().clone())
}

/// The imaginary part.
pub static IMAG: OpDef = OpDef {
    name: "imag",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: imag,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "0",
        edges: "there are no complex dtypes",
        source: "NumPy 2 imag",
    },
};

fn conjugate(args: &[Option<Operand>]) -> Result<Expr> {
    let x = only(args)?;
    match x.dtype() {
        DType::Bool => build::astype(&x, DType::I8),
        _ => Ok(x),
    }
}

/// The complex conjugate.
pub static CONJUGATE: OpDef = OpDef {
    name: "conjugate",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: conjugate,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "x",
        edges: "there are no complex dtypes; bool becomes int8",
        source: "NumPy 2 conjugate",
    },
};
