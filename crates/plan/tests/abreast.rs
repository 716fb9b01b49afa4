//! Stages whose tasks alternate: which do, what that takes, and that no other plan is accepted.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{input, stage};
use tilewright_core::{DType, Grid, Kind};
use tilewright_expr::Expr;
use tilewright_expr::attr::{Access, SourceRef};
use tilewright_expr::build;
use tilewright_plan::{Options, Plan, memory, plan};

const LITTLE: u64 = 8 << 20;

/// An array of 32 MB in chunks of 320 kB, in a file.
fn stored(uri: &str) -> Expr {
    let grid = Grid::regular(&[2000, 2000], &[200, 200]);
    let source = SourceRef::Stored {
        uri: uri.into(),
        identity: "".into(),
        decode_bytes: 0,
        grid: grid.clone(),
        access: Access::Chunks,
        user: None,
    };
    build::read(source, DType::F64, grid).unwrap()
}

fn total(x: &Expr) -> Expr {
    build::reduce("sum", x, Some(&[0, 1]), false).unwrap()
}

fn along(name: &str, x: &Expr, axis: i64) -> Expr {
    build::reduce(name, x, Some(&[axis]), false).unwrap()
}

fn planned(roots: &[Expr], budget: u64) -> Plan {
    let options = Options {
        memory: Some(budget),
        ..Options::default()
    };
    (*plan(roots, &options).unwrap().plan).clone()
}

/// The stage that each runs abreast of.
fn abreast(roots: &[Expr], budget: u64) -> Vec<Option<usize>> {
    let plan = planned(roots, budget);
    plan.stages.iter().map(|stage| stage.abreast).collect()
}

#[test]
fn stages_that_walk_one_way_take_turns_where_memory_is_short() {
    let x = stored("x.zarr");
    let roots = [along("sum", &x, 0), along("max", &x, 0), total(&x)].map(|root| stage(root, &[]));
    assert_eq!(abreast(&roots, 1 << 30), [None; 3]);
    // The third goes along rows of chunks, they along columns.
    assert_eq!(abreast(&roots, LITTLE), [None, Some(0), None]);
    let plan = planned(&roots, LITTLE);
    assert_eq!(plan.in_turn(0).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(plan.in_turn(1).count(), 0);
    let bytes = memory::stages(&plan, &[]);
    assert!(bytes[0].passing > 0 && bytes[0].task > bytes[0].passing);
    assert_eq!(bytes[1], memory::StageBytes::default());
    // Both outputs live until the end.
    assert_eq!((bytes[0].outputs, bytes[2].live), (32_000, 32_000));
    // What the first has read the second does not read.
    assert_eq!(plan.stages[0].work.chunks, 100.0);
    assert_eq!(plan.stages[1].work.chunks, 0.0);
}

#[test]
fn a_stage_that_needs_another_comes_after_it() {
    let x = stored("x.zarr");
    let first = stage(total(&x), &[]);
    let scaled = build::map("multiply", &[x.clone(), input(0, &first)]).unwrap();
    let second = stage(total(&scaled), std::slice::from_ref(&first));
    // Nor does one that needs what comes between, or reads another file.
    let other = stage(total(&stored("y.zarr")), &[]);
    assert_eq!(abreast(&[first, second, other], LITTLE), [None; 3]);
}

#[test]
fn a_plan_whose_turns_do_not_fit_is_refused() {
    let x = stored("x.zarr");
    let first = stage(along("sum", &x, 0), &[]);
    let second = stage(along("max", &x, 0), &[]);
    let third = stage(
        build::map("negative", &[input(0, &second)]).unwrap(),
        std::slice::from_ref(&second),
    );
    let plan = planned(&[first, third], LITTLE);
    plan.check().unwrap();
    let refused = |stage: usize, abreast: Option<usize>| {
        let mut other = plan.clone();
        other.stages[stage].abreast = abreast;
        assert_eq!(other.check().unwrap_err().kind(), Kind::Internal);
        assert!(Plan::from_bytes(&other.to_bytes().unwrap()).is_err());
    };
    refused(0, Some(0));
    refused(0, Some(1));
    refused(1, Some(7));
    // It reads what the same turn makes.
    refused(2, Some(0));
    refused(2, Some(1));
}
