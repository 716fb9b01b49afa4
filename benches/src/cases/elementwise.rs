//! Fused chains of element-wise operators.

use super::one;
use crate::case::{Agreement, Case};
use crate::data::{Shared, lazy, numbers};
use ndarray::{Array1, Ix1, Ix2};
use std::path::Path;
use tilewright::Array;

/// Elements of the long arrays: 160 MB each.
const LENGTH: usize = 20_000_000;

/// Chunks of the long arrays.
const CHUNK: i64 = 1_000_000;

/// `(x*2+y)/3 - sqrt(x*x+y*y)`, eagerly.
pub(super) fn chain_eager(x: &Shared<Ix1>, y: &Shared<Ix1>) -> Array1<f64> {
    (x * 2.0 + y) / 3.0 - (x * x + y * y).mapv(f64::sqrt)
}

/// `(x*2+y)/3 - sqrt(x*x+y*y)`, lazily.
pub(super) fn chain(x: &Array, y: &Array) -> Array {
    (x * 2 + y) / 3 - (x * x + y * y).sqrt()
}

/// `sin(x)*exp(-y)+log(x+1)`, eagerly.
pub(super) fn functions_eager(x: &Shared<Ix1>, y: &Shared<Ix1>) -> Array1<f64> {
    x.mapv(f64::sin) * y.mapv(|y| -y).mapv(f64::exp) + (x + 1.0).mapv(f64::ln)
}

/// `sin(x)*exp(-y)+log(x+1)`, lazily.
pub(super) fn functions(x: &Array, y: &Array) -> Array {
    x.sin() * (-y).exp() + (x + 1).log()
}

/// Two long arrays.
pub(super) fn pair(length: usize) -> [Shared<Ix1>; 2] {
    [numbers(length, 1), numbers(length, 2)]
}

/// The group.
pub fn cases(_: &Path) -> Vec<Case> {
    let [x, y] = pair(LENGTH);
    let (x2, y2) = (x.clone(), y.clone());
    let (x3, y3) = (x.clone(), y.clone());
    let (x4, y4) = (x.clone(), y.clone());
    let square: Shared<Ix2> = numbers((4000, 4000), 3);
    let square2 = square.clone();
    vec![
        Case {
            name: "chain",
            expression: "(x*2+y)/3 - sqrt(x*x+y*y)",
            data: "2e7 f64 each",
            headline: true,
            agreement: Agreement::Rounding,
            eager: Box::new(move || one(chain_eager(&x, &y))),
            lazy: Box::new(move || vec![chain(&lazy(&x2, CHUNK), &lazy(&y2, CHUNK))]),
        },
        Case {
            name: "functions",
            expression: "sin(x)*exp(-y)+log(x+1)",
            data: "2e7 f64 each",
            headline: false,
            agreement: Agreement::Rounding,
            eager: Box::new(move || one(functions_eager(&x3, &y3))),
            lazy: Box::new(move || vec![functions(&lazy(&x4, CHUNK), &lazy(&y4, CHUNK))]),
        },
        Case {
            name: "transpose",
            expression: "x + x.T",
            data: "4000×4000 f64",
            headline: false,
            agreement: Agreement::Rounding,
            eager: Box::new(move || one(&square + &square.t())),
            lazy: Box::new(move || {
                let x = lazy(&square2, 1000);
                vec![&x + x.t()]
            }),
        },
    ]
}
