//! Stages within the tasks of others: which are, what their tasks take, and that no other plan is accepted.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::{input, stage};
use tilewright_core::{AxisRange, Grid, Kind, Region};
use tilewright_expr::Expr;
use tilewright_expr::build::{self, Operand};
use tilewright_plan::plan::Within;
use tilewright_plan::{Options, Plan, memory, plan};

fn drawn(shape: &[i64]) -> Expr {
    let grid = Grid::regular(shape, shape);
    let x = build::uniform(Operand::Float(0.0), Operand::Float(1.0), 1, grid).unwrap();
    stage(x, &[])
}

/// Elements `start..` of `x` along its first axis, `len` of them, `step` apart.
fn cut(x: &Expr, start: i64, step: i64, len: i64) -> Expr {
    let mut region = Region::full(x.shape());
    region.axes[0] = AxisRange::new(start, step, len);
    build::slice(x, region).unwrap()
}

fn add(a: &Expr, b: &Expr) -> Expr {
    build::map("add", &[a.clone(), b.clone()]).unwrap()
}

fn total(x: &Expr) -> Expr {
    let axes: Vec<i64> = (0..x.shape().len() as i64).collect();
    build::reduce("sum", x, Some(&axes), false).unwrap()
}

fn planned(root: &Expr, memory: Option<u64>) -> Plan {
    let options = Options {
        memory,
        ..Options::default()
    };
    (*plan(std::slice::from_ref(root), &options).unwrap().plan).clone()
}

/// The stages that are within the tasks of another.
fn within(plan: &Plan) -> Vec<usize> {
    let stages = plan.stages.iter().enumerate();
    let parts = stages.filter(|(_, stage)| stage.within.is_some());
    parts.map(|(k, _)| k).collect()
}

/// The sum of `a[..n] + b[reach..]`, of two stages or one twice.
fn shifted(a: &Expr, b: &Expr, reach: i64) -> Expr {
    let n = a.shape()[0].min(b.shape()[0]) - reach;
    let second = usize::from(a.address() != b.address());
    let sum = add(
        &cut(&input(0, a), 0, 1, n),
        &cut(&input(second, b), reach, 1, n),
    );
    let inputs = [a.clone(), b.clone()];
    stage(total(&sum), &inputs[..=second])
}

#[test]
fn what_a_later_stage_reads_with_a_halo_is_made_by_its_tasks() {
    let n = 10_000_000;
    let x = drawn(&[n]);
    let plan = planned(&shifted(&x, &x, 99), None);
    assert_eq!(within(&plan), [0]);
    let part = plan.stages[0].within.clone().unwrap();
    let box_of = |from: i64, len: i64| {
        let (first, extent) = part.part(&[from], &[len], &[n]);
        (first[0], extent[0])
    };
    assert_eq!(box_of(500, 100), (500, 199));
    assert_eq!(box_of(n - 50, 100), (n - 50, 50));
    assert!(memory::stages(&plan, &[])[1].task < 2 << 20);
}

#[test]
fn a_chain_of_parts_reaches_as_far_as_its_links_together() {
    let x = drawn(&[10_000_000]);
    let first = input(0, &x);
    let n = x.shape()[0] - 3;
    let y = stage(
        add(&cut(&first, 0, 1, n), &cut(&first, 3, 1, n)),
        std::slice::from_ref(&x),
    );
    let plan = planned(&shifted(&x, &y, 5), None);
    assert_eq!(within(&plan), [0, 1]);
    let reach = |k: usize| plan.stages[k].within.as_ref().unwrap().reach[0];
    assert_eq!((reach(0), reach(1)), (8, 0));
}

#[test]
fn what_runs_two_ways_is_stored() {
    let x = drawn(&[1_000_000]);
    let n = x.shape()[0];
    let both = add(&input(0, &x), &cut(&input(0, &x), n - 1, -1, n));
    assert!(
        within(&planned(
            &stage(total(&both), std::slice::from_ref(&x)),
            None
        ))
        .is_empty()
    );
}

#[test]
fn what_every_task_would_make_again_is_stored_where_it_fits() {
    // Each of 10,000 rows meets all of the other array.
    let (rows, columns) = (drawn(&[10_000, 1]), drawn(&[1, 10_000]));
    let shape = [10_000, 10_000];
    let whole = |k: usize, x: &Expr| build::broadcast_to(&input(k, x), &shape).unwrap();
    let sum = add(&whole(0, &rows), &whole(1, &columns));
    let plan = planned(&stage(total(&sum), &[rows, columns]), None);
    assert_eq!(within(&plan), [0]);
}

#[test]
fn what_does_not_fit_is_made_several_times_and_then_refused() {
    let x = drawn(&[2_000, 2_000]);
    let plan = |reach: i64, memory: u64| {
        let options = Options {
            memory: Some(memory),
            ..Options::default()
        };
        plan(&[shifted(&x, &x, reach)], &options)
    };
    // 32 MB; tasks of 65 rows.
    let few = planned(&shifted(&x, &x, 200), None);
    assert!(within(&few).is_empty());
    assert_eq!(within(&plan(200, 10 << 20).unwrap().plan), [0]);
    let error = plan(1900, 10 << 20).unwrap_err();
    assert_eq!(error.kind(), Kind::Budget);
}

#[test]
fn two_readers_share_what_is_stored() {
    let x = drawn(&[1_000_000]);
    let (a, b) = (shifted(&x, &x, 5), shifted(&x, &x, 6));
    let both = plan(&[a, b], &Options::default()).unwrap();
    assert!(within(&both.plan).is_empty());
}

#[test]
fn what_a_stage_reads_that_is_itself_read_by_nothing_is_stored() {
    let x = drawn(&[10_000_000]);
    let y = stage(
        build::map("negative", &[input(0, &x)]).unwrap(),
        std::slice::from_ref(&x),
    );
    // Of y no element at all.
    let n = x.shape()[0] - 3;
    let parts = [cut(&input(0, &x), 0, 1, n), cut(&input(1, &y), 0, 1, 0)];
    let end_to_end = build::concatenate(&parts, 0).unwrap();
    let sum = add(&end_to_end, &cut(&input(0, &x), 3, 1, n));
    let plan = planned(&stage(total(&sum), &[x, y]), None);
    assert_eq!(plan.stages.len(), 3);
    assert!(within(&plan).is_empty());
    plan.check().unwrap();
}

#[test]
fn a_plan_whose_parts_do_not_fit_is_refused() {
    let x = drawn(&[10_000_000]);
    let plan = planned(&shifted(&x, &x, 99), None);
    plan.check().unwrap();
    let refused = |change: &dyn Fn(&mut Within)| {
        let mut other = plan.clone();
        change(other.stages[0].within.as_mut().unwrap());
        let error = other.check().unwrap_err();
        assert_eq!(error.kind(), Kind::Internal);
        assert!(Plan::from_bytes(&other.to_bytes().unwrap()).is_err());
    };
    refused(&|within| within.stage = 0);
    refused(&|within| within.stage = 7);
    refused(&|within| within.reach[0] = -1);
    refused(&|within| within.maps.clear());
    refused(&|within| within.maps[0].coefs.push(1));
}
