//! First runs: planning and compiling included, on arrays small enough for them to count.
//!
//! The cases are made to run in a session of their own each time, whose caches are empty.

use super::elementwise::{chain, chain_eager, functions, functions_eager, pair};
use super::{number, one};
use crate::case::{Agreement, Case};
use crate::data::lazy;
use std::path::Path;
use tilewright::{Array, all_axes};

/// Elements of each array.
const LENGTH: usize = 1_000_000;

/// The group.
pub fn cases(_: &Path) -> Vec<Case> {
    let arrays = pair(LENGTH);
    let [a, b, c, d, e, f] = std::array::from_fn(|_| arrays.clone());
    let case = |name, expression| Case {
        name,
        expression,
        data: "1e6 f64 each, first run",
        headline: false,
        agreement: Agreement::Rounding,
        eager: Box::new(Vec::new),
        lazy: Box::new(Vec::new),
    };
    let arrays = |[x, y]: &[crate::data::Shared<ndarray::Ix1>; 2]| -> [Array; 2] {
        [lazy(x, 100_000), lazy(y, 100_000)]
    };
    vec![
        Case {
            eager: Box::new(move || number(a[0].sum())),
            lazy: Box::new(move || vec![arrays(&b)[0].sum(all_axes())]),
            ..case("first-sum", "x.sum()")
        },
        Case {
            eager: Box::new(move || one(chain_eager(&c[0], &c[1]))),
            lazy: Box::new(move || {
                let [x, y] = arrays(&d);
                vec![chain(&x, &y)]
            }),
            ..case("first-chain", "(x*2+y)/3 - sqrt(x*x+y*y)")
        },
        Case {
            eager: Box::new(move || one(functions_eager(&e[0], &e[1]))),
            lazy: Box::new(move || {
                let [x, y] = arrays(&f);
                vec![functions(&x, &y)]
            }),
            ..case("first-functions", "sin(x)*exp(-y)+log(x+1)")
        },
    ]
}
