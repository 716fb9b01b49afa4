//! Random numbers, drawn and reduced.
//!
//! The eager side draws with `rand`'s fastest generator and the ziggurat of `rand_distr`.

use super::{number, one};
use crate::case::{Agreement, Case};
use ndarray::{Array2, Axis, s};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::StandardNormal;
use std::path::Path;
use tilewright::{all_axes, axis, random, shape};

/// Length of each axis.
const SIDE: usize = 4000;

fn normals() -> Array2<f64> {
    let mut generator = SmallRng::seed_from_u64(1);
    Array2::from_shape_simple_fn((SIDE, SIDE), || generator.sample(StandardNormal))
}

fn uniforms() -> Array2<f64> {
    let mut generator = SmallRng::seed_from_u64(1);
    Array2::from_shape_simple_fn((SIDE, SIDE), || generator.random())
}

/// The group.
pub fn cases(_: &Path) -> Vec<Case> {
    let layout = || shape([SIDE as i64; 2]).chunks(1000);
    vec![
        Case {
            name: "mean-of-100-columns",
            expression: "normal(0, 1, (4000, 4000), chunks=1000).mean(axis=0)[0:100]",
            data: "1.6e7 drawn eagerly, 4e5 needed",
            headline: true,
            agreement: Agreement::Statistics(0.2),
            eager: Box::new(|| {
                let mean = normals().mean_axis(Axis(0)).unwrap();
                one(mean.slice(s![0..100]).to_owned())
            }),
            lazy: Box::new(move || {
                let x = random::seed(1).normal(0, 1, layout());
                vec![x.mean(axis(0)).slice(tilewright::s![0..100])]
            }),
        },
        Case {
            name: "normal-mean",
            expression: "normal(0, 1, (4000, 4000), chunks=1000).mean(axis=0)",
            data: "1.6e7 drawn",
            headline: false,
            agreement: Agreement::Statistics(0.2),
            eager: Box::new(|| one(normals().mean_axis(Axis(0)).unwrap())),
            lazy: Box::new(move || vec![random::seed(1).normal(0, 1, layout()).mean(axis(0))]),
        },
        Case {
            name: "uniform-mean",
            expression: "uniform(0, 1, (4000, 4000), chunks=1000).mean()",
            data: "1.6e7 drawn",
            headline: false,
            agreement: Agreement::Statistics(0.01),
            eager: Box::new(|| number(uniforms().mean().unwrap())),
            lazy: Box::new(move || vec![random::seed(1).uniform(0, 1, layout()).mean(all_axes())]),
        },
    ]
}
