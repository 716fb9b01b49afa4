//! Rows: the smaller and the larger where NaN does not count, and values kept within bounds.

use super::sign::choose;
use super::{ComposedRow, Doc, Family, OpDef};
use crate::build::{self, Beyond, Operand};
use crate::node::Expr;
use tilewright_core::{Error, Kind, Result};

/// `name` of two, or the other one where one is NaN.
fn beside_nan(name: &str, args: &[Option<Operand>]) -> Result<Expr> {
    let operands: Vec<Operand> = args.iter().flatten().cloned().collect();
    let args = build::resolve(&operands, |_| Beyond::Refused)?;
    let both = build::map(name, &args)?;
    let [a, b] = &args[..] else {
        return Err(Error::new(Kind::Internal, "a bound of other than two"));
    };
    if !both.dtype().is_float() {
        return Ok(both);
    }
    let is_nan = |x: &Expr| build::map("isnan", std::slice::from_ref(x));
    let rest = choose(is_nan(a)?, b.clone(), both)?;
    choose(is_nan(b)?, a.clone(), rest)
}

/// The smaller of two numbers.
pub static FMIN: OpDef = OpDef {
    name: "fmin",
    family: Family::Composed(ComposedRow {
        required: 2,
        compose: |args| beside_nan("minimum", args),
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "min(a, b), or the other one where one is NaN",
        edges: "NaN where both are; fmin(-0.0, 0.0) is -0.0",
        source: "IEEE 754-2019 §9.6 minimumNumber; NumPy 2 fmin",
    },
};

/// The larger of two numbers.
pub static FMAX: OpDef = OpDef {
    name: "fmax",
    family: Family::Composed(ComposedRow {
        required: 2,
        compose: |args| beside_nan("maximum", args),
    }),
    params: &["a", "b"],
    options: &[],
    doc: Doc {
        formula: "max(a, b), or the other one where one is NaN",
        edges: "NaN where both are; fmax(-0.0, 0.0) is 0.0",
        source: "IEEE 754-2019 §9.6 maximumNumber; NumPy 2 fmax",
    },
};

fn clip(args: &[Option<Operand>]) -> Result<Expr> {
    let [Some(x), a_min, a_max, min, max] = args else {
        return Err(Error::new(Kind::Internal, "clip of nothing"));
    };
    let x = build::alone(x)?;
    let range = x.dtype().integer_range().filter(|_| x.dtype().is_integer());
    // A plain integer beyond what the dtype holds bounds nothing.
    let bounds = |bound: Option<&Operand>, beyond: fn(i128, (i128, i128)) -> bool| match bound {
        Some(Operand::Int(value)) if range.is_some_and(|range| beyond(*value, range)) => None,
        other => other.cloned(),
    };
    let low = bounds(a_min.as_ref().or(min.as_ref()), |value, (low, _)| {
        value <= low
    });
    let high = bounds(a_max.as_ref().or(max.as_ref()), |value, (_, high)| {
        value >= high
    });
    let given = [Some(Operand::Array(x)), low.clone(), high.clone()];
    let operands: Vec<Operand> = given.into_iter().flatten().collect();
    let mut all = build::resolve(&operands, |_| Beyond::Refused)?.into_iter();
    let mut out = all
        .next()
        .ok_or_else(|| Error::new(Kind::Internal, "clip of nothing"))?;
    let names = [low.map(|_| "maximum"), high.map(|_| "minimum")];
    for (name, bound) in names.into_iter().flatten().zip(all) {
        out = build::map(name, &[out, bound])?;
    }
    Ok(out)
}

/// Values kept within bounds.
pub static CLIP: OpDef = OpDef {
    name: "clip",
    family: Family::Composed(ComposedRow {
        required: 1,
        compose: clip,
    }),
    params: &["x", "a_min", "a_max", "min", "max"],
    options: &[],
    doc: Doc {
        formula: "min(max(x, a_min), a_max)",
        edges: "a bound left out bounds nothing; NaN wins; where a_min > a_max the result is a_max; \
                min and max are other names of the bounds",
        source: "NumPy 2 clip",
    },
};
