//! Rows: what kind of number is it, and how near are two?

use super::arithmetic::promote;
use super::sign::{choose, compare, nowhere, only};
use super::{ComposedRow, Doc, Facts, Family, MapRow, OpDef, Signature, Step};
use crate::build::{self, Operand};
use crate::node::Expr;
use crate::reference::digits;
use tilewright_core::{DType, Error, Kind, Result, Scalar};
use tilewright_kernel::ir::BinaryOp;

/// Any dtype; the result is bool.
fn truth(inputs: &[DType]) -> Option<Signature> {
    promote(inputs).map(|s| Signature {
        output: DType::Bool,
        ..s
    })
}

/// Whether it is NaN.
pub static ISNAN: OpDef = OpDef {
    name: "isnan",
    family: Family::Map(MapRow {
        signature: truth,
        eval: digits::isnan,
        lower: |_, _| Step::Twice(BinaryOp::Ne),
        facts: Facts::NONE,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "x != x",
        edges: "no integer is NaN",
        source: "IEEE 754-2019 §5.7.2; NumPy 2 isnan",
    },
};

/// Whether a float compares with an infinity; `integers` is the answer for other dtypes.
fn against_infinity(x: &Expr, name: &str, infinity: f64) -> Result<Expr> {
    if x.dtype().is_float() {
        compare(name, x, Operand::Float(infinity))
    } else {
        nowhere(x)
    }
}

fn isfinite(args: &[Option<Operand>]) -> Result<Expr> {
    let x = only(args)?;
    if x.dtype().is_float() {
        let size = build::map("absolute", &[x])?;
        return against_infinity(&size, "less", f64::INFINITY);
    }
    build::map("equal", &[x.clone(), x])
}

/// Whether it is neither infinite nor NaN.
pub static ISFINITE: OpDef = OpDef {
    name: "isfinite",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: isfinite,
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "|x| < inf",
        edges: "false for NaN; every integer is finite",
        source: "IEEE 754-2019 §5.7.2; NumPy 2 isfinite",
    },
};

/// Whether it is infinite.
pub static ISINF: OpDef = OpDef {
    name: "isinf",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: |args| {
            let size = build::map("absolute", &[only(args)?])?;
            against_infinity(&size, "equal", f64::INFINITY)
        },
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "|x| = inf",
        edges: "false for NaN; no integer is infinite",
        source: "IEEE 754-2019 §5.7.2; NumPy 2 isinf",
    },
};

/// Whether it is inf.
pub static ISPOSINF: OpDef = OpDef {
    name: "isposinf",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: |args| against_infinity(&only(args)?, "equal", f64::INFINITY),
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "x = inf",
        edges: "no integer is infinite",
        source: "NumPy 2 isposinf",
    },
};

/// Whether it is -inf.
pub static ISNEGINF: OpDef = OpDef {
    name: "isneginf",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: |args| against_infinity(&only(args)?, "equal", f64::NEG_INFINITY),
    }),
    params: &["x"],
    options: &[],
    doc: Doc {
        formula: "x = -inf",
        edges: "no integer is infinite",
        source: "NumPy 2 isneginf",
    },
};

/// Arithmetic that leaves two plain floats plain.
fn weakly(name: &str, plain: fn(f64, f64) -> f64, a: Operand, b: Operand) -> Result<Operand> {
    match (a, b) {
        (Operand::Float(a), Operand::Float(b)) => Ok(Operand::Float(plain(a, b))),
        (a, b) => build::operate(name, &[a, b]).map(Operand::Array),
    }
}

/// A plain number as a float; an array stays.
fn plain_float(operand: &Operand) -> Operand {
    match operand {
        Operand::Int(value) => Operand::Float(*value as f64),
        Operand::Bool(value) => Operand::Float(f64::from(u8::from(*value))),
        other => other.clone(),
    }
}

fn isclose(args: &[Option<Operand>]) -> Result<Expr> {
    let [Some(a), Some(b), rtol, atol, equal_nan] = args else {
        return Err(Error::new(Kind::Internal, "isclose of other than two"));
    };
    let tolerance = |given: &Option<Operand>, natural: f64| {
        given.as_ref().map_or(Operand::Float(natural), plain_float)
    };
    let (rtol, atol) = (tolerance(rtol, 1e-5), tolerance(atol, 1e-8));
    // The second is a float, so that its absolute value is right for the least integer too.
    let b = match plain_float(b) {
        Operand::Array(b) if !b.dtype().is_float() => build::astype(&b, DType::F64)?.into(),
        b => b,
    };
    let size = match &b {
        Operand::Float(b) => Operand::Float(b.abs()),
        b => build::operate("absolute", std::slice::from_ref(b))?.into(),
    };
    let distance = build::operate("subtract", &[a.clone(), b.clone()])?;
    let distance = build::map("absolute", &[distance])?;
    let share = weakly("multiply", |a, b| a * b, rtol, size)?;
    let most = weakly("add", |a, b| a + b, atol, share)?;
    let near = build::operate("less_equal", &[distance.into(), most])?;
    let finite = build::operate("isfinite", std::slice::from_ref(&b))?;
    let near = build::map("bitwise_and", &[near, finite])?;
    let same = build::operate("equal", &[a.clone(), b.clone()])?;
    let close = build::map("bitwise_or", &[near, same])?;
    match equal_nan {
        None | Some(Operand::Bool(false) | Operand::Int(0)) => Ok(close),
        Some(Operand::Bool(true) | Operand::Int(1)) => {
            let nans = [a, &b].map(|x| build::operate("isnan", std::slice::from_ref(x)));
            let [x, y] = nans;
            build::map(
                "bitwise_or",
                &[close, build::map("bitwise_and", &[x?, y?])?],
            )
        }
        Some(_) => Err(
            Error::new(Kind::Value, "isclose: equal_nan is not True or False")
                .way_out("equal_nan=True"),
        ),
    }
}

/// Whether two are equal within tolerances.
pub static ISCLOSE: OpDef = OpDef {
    name: "isclose",
    family: Family::Composed(ComposedRow {
        required: 2,
        compose: isclose,
    }),
    params: &["a", "b", "rtol", "atol", "equal_nan"],
    options: &[],
    doc: Doc {
        formula: "|a - b| <= atol + rtol * |b|, or a = b",
        edges: "rtol is 1e-5 and atol 1e-8 where left out; infinities are close to themselves, NaN \
                to NaN with equal_nan",
        source: "NumPy 2 isclose",
    },
};

fn nan_to_num(args: &[Option<Operand>]) -> Result<Expr> {
    let [Some(x), _copy, nan, above, below] = args else {
        return Err(Error::new(Kind::Internal, "nan_to_num of nothing"));
    };
    let x = build::alone(x)?;
    let dtype = x.dtype();
    if !dtype.is_float() {
        return Ok(x);
    }
    let value = |given: &Option<Operand>, natural: Scalar| -> Result<Expr> {
        match given {
            Some(given) => build::astype(&build::alone(given)?, dtype),
            None => build::constant(natural),
        }
    };
    let most = dtype.largest_float();
    let nan = value(nan, Scalar::zero(dtype))?;
    let above = value(above, Scalar::from_f64(dtype, most))?;
    let below = value(below, Scalar::from_f64(dtype, -most))?;
    let is_nan = build::map("isnan", std::slice::from_ref(&x))?;
    let is_above = compare("equal", &x, Operand::Float(f64::INFINITY))?;
    let is_below = compare("equal", &x, Operand::Float(f64::NEG_INFINITY))?;
    let out = choose(is_below, below, x)?;
    choose(is_nan, nan, choose(is_above, above, out)?)
}

/// Numbers for NaN and infinities.
pub static NAN_TO_NUM: OpDef = OpDef {
    name: "nan_to_num",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: nan_to_num,
    }),
    params: &["x", "copy", "nan", "posinf", "neginf"],
    options: &[],
    doc: Doc {
        formula: "nan where x is NaN, posinf or neginf at infinities, else x",
        edges: "nan is 0 where left out, posinf and neginf the largest and smallest of the dtype; \
                integers and bool stay as they are",
        source: "NumPy 2 nan_to_num",
    },
};
