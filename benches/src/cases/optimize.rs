//! What rewriting saves: work that eager evaluation does and the answer does not need.

use super::{number, one};
use crate::case::{Agreement, Case};
use crate::data::{Shared, lazy, numbers};
use ndarray::{Array3, Axis, Ix2, s};
use std::path::Path;
use tilewright::{Array, all_axes, axis, ones, s as items, shape};

/// `(x - x.mean(axis=0)) / x.std(axis=0)`
fn standardize(x: &Array) -> Array {
    (x - x.mean(axis(0))) / x.std(axis(0))
}

/// The group.
pub fn cases(_: &Path) -> Vec<Case> {
    let x: Shared<Ix2> = numbers((4000, 4000), 10);
    let [a, b, c, d, e, f] = std::array::from_fn(|_| x.clone());
    let case = |name, expression, data| Case {
        name,
        expression,
        data,
        headline: false,
        agreement: Agreement::Rounding,
        eager: Box::new(Vec::new),
        lazy: Box::new(Vec::new),
    };
    let square = "4000×4000 f64";
    vec![
        Case {
            eager: Box::new(move || {
                let y = &a + &a.t();
                one(y.slice(s![..;2, 50..]).mean_axis(Axis(1)).unwrap())
            }),
            lazy: Box::new(move || {
                let x = lazy(&b, 1000);
                let y = &x + x.t();
                vec![y.slice(items![..;2, 50..]).mean(axis(1))]
            }),
            ..case(
                "sliced-sum",
                "y = x + x.T; y[::2, 50:].mean(axis=1)",
                square,
            )
        },
        Case {
            eager: Box::new(move || {
                let y = c.column(0).mapv(f64::sin) * c.t();
                one(y.slice(s![..10, ..10]).to_owned())
            }),
            lazy: Box::new(move || {
                let x = lazy(&d, 1000);
                vec![(x.slice(items![.., 0]).sin() * x.t()).slice(items![..10, ..10])]
            }),
            ..case("corner", "(sin(x[:, 0]) * x.T)[:10, :10]", square)
        },
        Case {
            eager: Box::new(move || {
                let apart = &e - &e.mean_axis(Axis(0)).unwrap();
                one(apart / &e.std_axis(Axis(0), 0.0))
            }),
            lazy: Box::new(move || vec![standardize(&lazy(&f, 1000))]),
            ..case(
                "standardize",
                "(x - x.mean(axis=0)) / x.std(axis=0)",
                square,
            )
        },
        Case {
            eager: Box::new(|| number(Array3::<f64>::ones((300, 300, 300)).t().sum())),
            lazy: Box::new(|| vec![ones(shape([300, 300, 300]).chunks(60)).t().sum(all_axes())]),
            ..case(
                "ones",
                "ones((300, 300, 300), chunks=60).T.sum()",
                "2.7e7 f64 eagerly",
            )
        },
    ]
}
