//! Does every call mean what NumPy 2 means by it?
//!
//! `tests/expected.txt` was written by NumPy (`tests/make_expected.py`); each line is a call, which
//! the tests build and evaluate with the reference.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod calls;
mod dtypes;
mod elements;
mod reductions;

use tilewright_core::half::f16;
use tilewright_core::{Block, DType, Grid, Kind, Scalar};
use tilewright_expr::{Expr, build, reference};

const EXPECTED: &str = include_str!("../expected.txt");

/// The lines of one kind, split at their bars.
fn lines(kind: &str) -> Vec<Vec<&'static str>> {
    let lines = EXPECTED
        .lines()
        .filter(|line| line.split(' ').next() == Some(kind));
    let lines: Vec<_> = lines
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(!lines.is_empty(), "no line of kind {kind}");
    lines
}

fn dtype(name: &str) -> DType {
    DType::parse(name).unwrap()
}

/// `2x3`, or `-` for no axis.
fn shape(text: &str) -> Vec<i64> {
    if text == "-" {
        return Vec::new();
    }
    text.split('x').map(|len| len.parse().unwrap()).collect()
}

fn numbers(text: &str) -> Vec<i64> {
    text.split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect()
}

/// A value of expected.txt: a decimal integer, or a float's bits in hex.
fn value(dtype: DType, text: &str) -> Scalar {
    match (dtype, text) {
        (dtype, "nan") if dtype.is_float() => Scalar::from_f64(dtype, f64::NAN),
        (DType::F16, bits) => f16::from_bits(u16::from_str_radix(bits, 16).unwrap()).into(),
        (DType::F32, bits) => f32::from_bits(u32::from_str_radix(bits, 16).unwrap()).into(),
        (DType::F64, bits) => f64::from_bits(u64::from_str_radix(bits, 16).unwrap()).into(),
        (_, digits) => Scalar::from_i128(dtype, digits.parse().unwrap()),
    }
}

fn values(dtype: DType, text: &str) -> Vec<Scalar> {
    text.split_whitespace()
        .map(|text| value(dtype, text))
        .collect()
}

fn array(elements: Vec<Scalar>, dtype: DType, shape: &[i64]) -> Expr {
    build::array(elements, dtype, Grid::whole(shape)).unwrap()
}

/// `arange(n).reshape(shape)`, i64.
fn counting(shape: &[i64]) -> Expr {
    let n: i64 = shape.iter().product();
    array((0..n).map(Scalar::from).collect(), DType::I64, shape)
}

fn evaluate(expr: &Expr) -> Block {
    let refuse = |_: &tilewright_expr::Leaf| {
        Err(tilewright_core::Error::new(
            Kind::Source,
            "no test reads a file",
        ))
    };
    reference::evaluate(std::slice::from_ref(expr), &refuse)
        .unwrap()
        .remove(0)
}

fn elements(block: &Block) -> Vec<Scalar> {
    (0..block.len()).map(|k| block.get(k).unwrap()).collect()
}

/// The same bits, any NaN being the same.
fn same(a: Scalar, b: Scalar) -> bool {
    a == b || (a.dtype() == b.dtype() && a.to_f64().is_nan() && b.to_f64().is_nan())
}

/// Asserts dtype, shape and values of an expression; the case names itself if it fails.
fn check(case: &[&str], expr: &Expr, dtype: DType, shape: &[i64], want: &[Scalar]) {
    assert_eq!(expr.dtype(), dtype, "{case:?}");
    assert_eq!(expr.shape(), shape, "{case:?}");
    let got = elements(&evaluate(expr));
    assert_eq!(got.len(), want.len(), "{case:?}");
    for (k, (&got, &want)) in got.iter().zip(want).enumerate() {
        assert!(
            same(got, want),
            "element {k} is {got:?}, NumPy has {want:?}: {case:?}"
        );
    }
}
