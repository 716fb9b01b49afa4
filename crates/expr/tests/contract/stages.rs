//! Are stages, which the optimizer makes, evaluated and printed as what they stand for?

use super::{evaluate, floats, normal};
use std::sync::Arc;
use tilewright_core::{Grid, Region};
use tilewright_expr::attr::{Attr, Body, LeafKind};
use tilewright_expr::build::{self, Operand};
use tilewright_expr::{Expr, Leaf, OpId, print};

fn input(k: usize, of: &Expr) -> Expr {
    let leaf = Leaf {
        kind: LeafKind::Input(k),
        dtype: of.dtype(),
        whole: of.shape().into(),
        at: Region::full(of.shape()),
        grid: of.grid().clone(),
    };
    Expr::new(
        OpId::named("input").unwrap(),
        Attr::Leaf(Arc::new(leaf)),
        [].as_slice().into(),
    )
    .unwrap()
}

fn fused(roots: &[Expr], inputs: &[Expr]) -> Expr {
    let body = Attr::Body(Arc::new(Body {
        roots: roots.to_vec(),
    }));
    Expr::new(OpId::named("fused").unwrap(), body, inputs.into()).unwrap()
}

fn get(k: usize, stage: &Expr) -> Expr {
    Expr::new(
        OpId::named("get").unwrap(),
        Attr::Index(k),
        [stage.clone()].as_slice().into(),
    )
    .unwrap()
}

/// The mean of a column slice: one stage that sums, one that divides.
fn mean() -> Expr {
    let x = normal(&[20, 30], &[10, 10], 7);
    let sum = fused(&[build::reduce("sum", &x, Some(&[0]), false).unwrap()], &[]);
    let divided = build::operate("divide", &[input(0, &sum).into(), Operand::Float(20.0)]).unwrap();
    fused(&[divided], &[sum])
}

/// One pass with two outputs, both used twice.
fn shared_pass() -> Expr {
    let x = floats(&[4], &[1.0, 2.0, 3.0, 10.0]);
    let inside = input(0, &x);
    let reduce = |op: &str| build::reduce(op, &inside, None, false).unwrap();
    let pass = fused(&[reduce("min"), reduce("max")], &[x]);
    let (low, high) = (get(0, &pass), get(1, &pass));
    build::map("subtract", &[high, low]).unwrap()
}

#[test]
fn stages_mean_their_bodies() {
    let x = normal(&[20, 30], &[10, 10], 7);
    let plain = build::statistic("mean", &x, Some(&[0]), 0.0, false).unwrap();
    assert_eq!(evaluate(&mean()), evaluate(&plain));
    assert_eq!(evaluate(&shared_pass()), [9.0.into()]);
}

#[test]
fn stages_print_as_trees() {
    assert_eq!(
        print::table(&print::tree(&[mean()])),
        "\
fused divide                f64[30]      3 chunks   240 B
├─ fused sum axis=0         f64[30]      3 chunks   240 B
│  └─ random.normal seed=7  f64[20, 30]  6 chunks  4.8 kB
└─ 20.0                     f64[]
"
    );
    assert_eq!(
        print::table(&print::tree(&[shared_pass()])),
        "\
subtract                                     f64[]   1 chunk   8 B
├─ get 1                                     f64[]   1 chunk   8 B
│  └─ (1) fused 2 outputs                    f64[]   1 chunk   8 B
│     ├─ min axis=0                          f64[]   1 chunk   8 B
│     │  └─ (2) array [1.0, 2.0, 3.0, 10.0]  f64[4]  1 chunk  32 B
│     └─ max axis=0                          f64[]   1 chunk   8 B
│        └─ ↑ (2)                            f64[4]
└─ get 0                                     f64[]   1 chunk   8 B
   └─ ↑ (1)                                  f64[]
"
    );
    assert_eq!(print::one_line(&mean()), "fused(divide(input(0), 20.0))");
}

#[test]
fn a_part_of_an_input_is_noted() {
    let x = floats(&[4], &[1.0, 2.0, 3.0, 10.0]);
    let Attr::Leaf(whole) = input(0, &x).attr().clone() else {
        panic!()
    };
    let at = Region {
        axes: [tilewright_core::AxisRange::new(3, -1, 2)]
            .as_slice()
            .into(),
    };
    let part = Leaf {
        at,
        grid: Grid::whole(&[2]),
        ..(*whole).clone()
    };
    let op = OpId::named("input").unwrap();
    let part = Expr::new(op, Attr::Leaf(Arc::new(part)), [].as_slice().into()).unwrap();
    let stage = fused(&[build::map("negative", &[part]).unwrap()], &[x]);
    assert_eq!(evaluate(&stage), [(-10.0).into(), (-3.0).into()]);
    assert_eq!(
        print::table(&print::tree(&[stage])),
        "\
fused negative                     f64[2]  1 chunk  16 B
└─ copy                            f64[2]  1 chunk  16 B  at [3:1:-1]
   └─ array [1.0, 2.0, 3.0, 10.0]  f64[4]  1 chunk  32 B
"
    );
}

#[test]
fn broken_stages_are_errors() {
    let x = floats(&[2], &[1.0, 2.0]);
    let refuse = |expr: &Expr| {
        let error =
            tilewright_expr::reference::evaluate(std::slice::from_ref(expr), &super::count_up);
        assert_eq!(error.unwrap_err().kind(), tilewright_core::Kind::Internal);
    };
    refuse(&input(0, &x));
    refuse(&fused(&[input(1, &x)], std::slice::from_ref(&x)));
    refuse(&fused(&[input(0, &x)], &[floats(&[3], &[0.0; 3])]));
    // Stages within stages, without end: refused and dropped, not overflowed.
    let nested = (0..50_000).fold(x, |inner, _| fused(&[inner], &[]));
    refuse(&nested);
}
