//! Reductions, and what is fused with them.

use super::elementwise::{chain, chain_eager, pair};
use super::{number, one};
use crate::case::{Agreement, Case};
use crate::data::{Shared, lazy, numbers};
use ndarray::{Axis, Ix2, Ix3, Zip};
use std::path::Path;
use tilewright::{NewAxis, all_axes, axes, axis, s};

/// Elements of the long arrays.
const LENGTH: usize = 20_000_000;

/// The group.
pub fn cases(_: &Path) -> Vec<Case> {
    let mut cases = plain();
    cases.push(fused_chain());
    cases.push(images());
    cases.push(quadratic());
    cases.push(energy());
    cases
}

/// Sum, mean and standard deviation of a matrix.
fn plain() -> Vec<Case> {
    let x: Shared<Ix2> = numbers((4000, 5000), 4);
    let [a, b, c, d, e, f] = std::array::from_fn(|_| x.clone());
    let case = |name, expression, headline| Case {
        name,
        expression,
        data: "4000×5000 f64",
        headline,
        agreement: Agreement::Rounding,
        eager: Box::new(Vec::new),
        lazy: Box::new(Vec::new),
    };
    vec![
        Case {
            eager: Box::new(move || number(a.sum())),
            lazy: Box::new(move || vec![lazy(&b, 1000).sum(all_axes())]),
            ..case("sum", "x.sum()", false)
        },
        Case {
            eager: Box::new(move || one(c.mean_axis(Axis(0)).unwrap())),
            lazy: Box::new(move || vec![lazy(&d, 1000).mean(axis(0))]),
            ..case("mean-axis-0", "x.mean(axis=0)", false)
        },
        Case {
            eager: Box::new(move || one(e.std_axis(Axis(0), 0.0))),
            lazy: Box::new(move || vec![lazy(&f, 1000).std(axis(0))]),
            ..case("std-axis-0", "x.std(axis=0)", true)
        },
    ]
}

/// A chain that is summed: nothing of it is stored.
fn fused_chain() -> Case {
    let [x, y] = pair(LENGTH);
    let (x2, y2) = (x.clone(), y.clone());
    Case {
        name: "chain-sum",
        expression: "((x*2+y)/3 - sqrt(x*x+y*y)).sum()",
        data: "2e7 f64 each",
        headline: true,
        agreement: Agreement::Rounding,
        eager: Box::new(move || number(chain_eager(&x, &y).sum())),
        lazy: Box::new(move || {
            let [x, y] = [&x2, &y2].map(|x| lazy(x, 1_000_000));
            vec![chain(&x, &y).sum(all_axes())]
        }),
    }
}

/// Each image by its largest element.
fn images() -> Case {
    let x: Shared<Ix3> = numbers((10, 1500, 1500), 5);
    let x2 = x.clone();
    Case {
        name: "images",
        expression: "im / im.max(axis=(1, 2))[:, None, None]",
        data: "10×1500×1500 f64",
        headline: false,
        agreement: Agreement::Rounding,
        eager: Box::new(move || {
            let rows = x.fold_axis(Axis(2), f64::NEG_INFINITY, |a, b| a.max(*b));
            let most = rows.fold_axis(Axis(1), f64::NEG_INFINITY, |a, b| a.max(*b));
            one(&x / &most.insert_axis(Axis(1)).insert_axis(Axis(2)))
        }),
        lazy: Box::new(move || {
            let x = lazy(&x2, [1, 1500, 1500]);
            let most = x.max(axes([1, 2]));
            vec![&x / most.slice(s![.., NewAxis, NewAxis])]
        }),
    }
}

/// Three quadratic means of two arrays, computed together.
fn quadratic() -> Case {
    let [u, v]: [Shared<Ix2>; 2] = [numbers((4000, 2500), 6), numbers((4000, 2500), 7)];
    let (u2, v2) = (u.clone(), v.clone());
    Case {
        name: "quadratic-means",
        expression: "(u**2).mean(0), (v**2).mean(0), (u*v).mean(0)",
        data: "4000×2500 f64 each",
        headline: false,
        agreement: Agreement::Rounding,
        eager: Box::new(move || {
            [u.mapv(|u| u * u), v.mapv(|v| v * v), &u * &v]
                .map(|x| x.mean_axis(Axis(0)).unwrap().into_dyn())
                .into()
        }),
        lazy: Box::new(move || {
            let [u, v] = [&u2, &v2].map(|x| lazy(x, 500));
            [u.pow(2), v.pow(2), &u * &v]
                .map(|x| x.mean(axis(0)))
                .into()
        }),
    }
}

/// The Lennard-Jones energy of points: every pair's distance, eagerly as whole arrays.
fn energy() -> Case {
    let points: Shared<Ix2> = numbers((2500, 3), 8);
    let points2 = points.clone();
    Case {
        name: "lennard-jones",
        expression: "d = ((c[:,None]-c[None])**2).sum(-1); s = (1/d)**3; where(d>0, 4*(s*s-s), 0).sum()/2",
        data: "c 2500×3 f64",
        headline: true,
        agreement: Agreement::Rounding,
        eager: Box::new(move || {
            let apart = &points.view().insert_axis(Axis(1)) - &points.view().insert_axis(Axis(0));
            let d = apart.mapv(|x| x * x).sum_axis(Axis(2));
            let s = (1.0 / &d).mapv(|x| x * x * x);
            let pairs = 4.0 * (&s * &s - &s);
            let pairs = Zip::from(&d)
                .and(&pairs)
                .map_collect(|&d, &e| if d > 0.0 { e } else { 0.0 });
            number(pairs.sum() / 2.0)
        }),
        lazy: Box::new(move || {
            let c = lazy(&points2, -1);
            let apart = c.slice(s![.., NewAxis]) - c.slice(s![NewAxis]);
            let d = apart.pow(2).sum(axis(-1));
            let s = (1 / &d).pow(3);
            let pairs = 4 * (&s * &s - &s);
            vec![d.gt(0).where_(pairs, 0).sum(all_axes()) / 2]
        }),
    }
}
