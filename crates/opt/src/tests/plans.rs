//! Are the chosen plans the cheapest, and as the design has them?

use super::bars::{chain, files, shifted, tangled};
use super::data::{fold, map, slice, stored, value};
use crate::extract::arena::{Arena, Kind};
use crate::extract::search::search;
use crate::extract::walk::Walker;
use crate::graph::Graph;
use crate::saturate::{Tally, saturate};
use crate::stage::Stages;
use crate::{Class, Options, form, identity, optimize};
use tilewright_core::{DType::F64, Grid};
use tilewright_expr::build::{self, Operand};
use tilewright_expr::op::StageKind;
use tilewright_expr::{Attr, Expr, Family, print, walk};

fn normal(shape: &[i64], chunks: &[i64]) -> Expr {
    let (zero, one) = (Operand::Float(0.0), Operand::Float(1.0));
    build::normal(zero, one, 7, Grid::regular(shape, chunks)).unwrap()
}

fn uniform(shape: &[i64], chunks: &[i64]) -> Expr {
    let (zero, one) = (Operand::Float(0.0), Operand::Float(1.0));
    build::uniform(zero, one, 7, Grid::regular(shape, chunks)).unwrap()
}

fn text(roots: &[Expr]) -> String {
    let table = print::table(&print::tree(roots));
    let lines: Vec<&str> = table.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

fn plan(roots: &[Expr]) -> crate::Optimized {
    let done = optimize(roots, &Options::default()).unwrap();
    form::check(&done.roots).unwrap();
    form::check(&identity(roots).unwrap()).unwrap();
    done
}

fn cost(roots: &[Expr]) -> f64 {
    plan(roots).report.cost_ns
}

fn arena(roots: &[Expr]) -> Arena {
    let mut graph = Graph::default();
    for root in roots {
        graph.add(root);
    }
    saturate(&mut graph, &walk::postorder(roots), &mut Tally::default()).unwrap();
    Arena::new(&graph, roots)
}

/// The cost of the plan that stores exactly what it must: what tree costs, which do not see
/// sharing, lead to.
fn cost_storing_nothing(roots: &[Expr]) -> f64 {
    let arena = arena(roots);
    let mut stored = vec![false; arena.classes.len()];
    Walker::new(&arena).plan(&mut stored, 1.0).unwrap().cost
}

/// The cost of the plan that stores every computed array.
fn cost_storing_all(roots: &[Expr]) -> f64 {
    let arena = arena(roots);
    let computes = |kind: Kind| matches!(kind, Kind::Map | Kind::Reduce | Kind::Made { .. });
    let mut stored: Vec<bool> = (arena.classes.iter())
        .map(|class| class.alternatives.iter().all(|a| computes(a.kind)))
        .collect();
    Walker::new(&arena).plan(&mut stored, 1.0).unwrap().cost
}

/// The stages of a plan by their roots' names, users first.
fn stages(roots: &[Expr]) -> Vec<Vec<&'static str>> {
    let mut all: Vec<Vec<&str>> = walk::postorder(roots)
        .iter()
        .filter(|x| matches!(x.op().family, Family::Stage(StageKind::Fused)))
        .map(|x| match x.attr() {
            Attr::Body(body) => body.roots.iter().map(|r| r.op().name).collect(),
            _ => Vec::new(),
        })
        .collect();
    all.reverse();
    all
}

#[test]
fn the_mean_of_a_hundred_columns_draws_them_alone() {
    let mean = fold("mean", &normal(&[10_000, 10_000], &[1000, 1000]), &[0]);
    let done = plan(&[slice(&mean, &[(0, 1, 100)])]);
    let want = "\
fused divide                f64[100]           1 chunk   800 B
├─ fused sum axis=0         f64[100]           1 chunk   800 B
│  └─ random.normal seed=7  f64[10000, 100]  10 chunks  8.0 MB  at [0:10000, 0:100]
└─ 10000.0                  f64[]";
    assert_eq!(text(&done.roots), want);
    assert_eq!(done.report.work_before.elements, 100_010_000);
    assert_eq!(done.report.work_after.elements, 1_000_100);
    let fired: Vec<_> = done
        .report
        .fired
        .iter()
        .map(|f| (f.name, f.class))
        .collect();
    for rule in [
        ("expand-mean", Class::E),
        ("slice-through-map", Class::E),
        ("slice-through-reduce", Class::O),
        ("slice-into-random", Class::E),
        ("tree-reduce", Class::O),
    ] {
        assert!(fired.contains(&rule), "{rule:?} is not among {fired:?}");
    }
}

#[test]
fn standard_scores_take_one_pass_for_mean_and_deviation() {
    let a = stored("a", F64, &[4000, 3000], &[500, 500]);
    let centred = map("subtract", &[&a, &fold("mean", &a, &[0])]);
    let done = plan(&[map("divide", &[&centred, &fold("std", &a, &[0])])]);
    let names = stages(&done.roots);
    assert_eq!(names[0], ["divide"]);
    assert!(names.contains(&vec!["sqrt"]), "{names:?}");
    assert!(
        names.contains(&vec!["sum", "squared_deviations"]),
        "{names:?}"
    );
    assert!(done.report.fired.iter().any(|f| f.name == "share-pass"));
    // The file is held where memory allows, and read twice where it does not.
    assert_eq!(done.report.work_after.bytes_read, 4000 * 3000 * 8);
    let options = Options {
        memory: Some(1 << 20),
        ..Options::default()
    };
    let tight = optimize(
        &[map("divide", &[&centred, &fold("std", &a, &[0])])],
        &options,
    )
    .unwrap();
    assert_eq!(tight.report.work_after.bytes_read, 2 * 4000 * 3000 * 8);
}

#[test]
fn several_roots_share_a_pass() {
    let (u, v) = (
        stored("u", F64, &[4000, 3000], &[500, 500]),
        stored("v", F64, &[4000, 3000], &[500, 500]),
    );
    let mean = |x: &Expr| fold("mean", x, &[0]);
    let products = [
        map("square", &[&u]),
        map("square", &[&v]),
        map("multiply", &[&u, &v]),
    ];
    let done = plan(&products.each_ref().map(mean));
    assert_eq!(done.report.work_after.bytes_read, 2 * 4000 * 3000 * 8);
    assert!(stages(&done.roots).iter().any(|roots| roots.len() == 3));
}

#[test]
fn a_reduction_never_shares_a_pass_with_its_own_argument() {
    let x = stored("x", F64, &[4000, 3000], &[500, 500]);
    let deviation = map("subtract", &[&x, &fold("mean", &x, &[0])]);
    let variance = fold("mean", &map("square", &[&deviation]), &[0]);
    let done = plan(&[variance, fold("mean", &x, &[0])]);
    assert!(stages(&done.roots).iter().all(|roots| roots.len() == 1));
}

#[test]
fn greedy_pushing_would_compute_an_exponential_twice() {
    let x = stored("x", F64, &[1_000_000], &[1000]);
    let e = map("exp", &[&x]);
    let roots = [e.clone(), slice(&e, &[(0, 1, 900_000)])];
    // The greedy result is what follows if the slice is pushed before anything is chosen.
    let pushed = [e, map("exp", &[&slice(&x, &[(0, 1, 900_000)])])];
    assert!(
        cost(&roots) < 0.75 * cost(&pushed),
        "{} {}",
        cost(&roots),
        cost(&pushed)
    );
    let done = plan(&roots);
    assert_eq!(done.report.work_after.elements, 1_000_000);
    assert_eq!(done.report.work_after.bytes_read, 8_000_000);
}

#[test]
fn tree_costs_would_compute_what_two_consumers_share_twice() {
    let x = uniform(&[2000, 2000], &[500, 500]);
    let names = ["log", "sin", "exp", "cos", "exp"];
    let y = names.iter().fold(x, |x, name| map(name, &[&x]));
    let roots = [map("divide", &[&y, &fold("max", &y, &[0, 1])])];
    assert!(cost(&roots) < 0.85 * cost_storing_nothing(&roots));
    assert!(cost(&roots) <= cost_storing_all(&roots));
    assert_eq!(plan(&roots).report.work_after.elements, 7 * 4_000_000);
}

#[test]
fn a_broadcast_producer_is_computed_once() {
    let v = stored("v", F64, &[3000], &[1000]);
    let x = stored("x", F64, &[3000, 4000], &[1000, 1000]);
    let sine = build::expand_dims(&map("sin", &[&v]), &[1]).unwrap();
    let roots = [map("multiply", &[&sine, &x])];
    assert!(cost(&roots) < 0.9 * cost_storing_nothing(&roots));
    assert_eq!(plan(&roots).report.work_after.elements, 3000 + 3000 * 4000);
    // Of a few elements, computing again is cheaper than another stage.
    let few = [slice(&roots[0], &[(0, 1, 10), (0, 1, 10)])];
    assert_eq!(stages(&plan(&few).roots), [["multiply"]]);
}

#[test]
fn dear_numbers_are_stored_and_cheap_ones_drawn_again() {
    let centred = |x: &Expr| map("subtract", &[x, &fold("mean", x, &[0])]);
    let shape = [4000, 4000];
    let dear = [centred(&normal(&shape, &[500, 500]))];
    let cheap = [centred(&uniform(&shape, &[500, 500]))];
    // Each element drawn is counted; the differences are as many again.
    let draws = |roots: &[Expr]| plan(roots).report.work_after.elements / 16_000_000;
    assert_eq!((draws(&dear), draws(&cheap)), (2, 3));
    assert!(cost(&dear) < cost_storing_nothing(&dear));
    assert!(cost(&cheap) < cost_storing_all(&cheap));
    let options = Options {
        memory: Some(1 << 20),
        ..Options::default()
    };
    let tight = optimize(&dear, &options).unwrap();
    assert_eq!(tight.report.work_after.elements / 16_000_000, 3);
}

#[test]
fn no_subset_of_stored_classes_is_cheaper_on_small_graphs() {
    let x = stored("x", F64, &[2000, 1000], &[500, 500]);
    let u = uniform(&[2000, 1000], &[500, 500]);
    let e = map("exp", &[&u]);
    let ratio = map("divide", &[&e, &fold("max", &e, &[0])]);
    let scores = map("subtract", &[&ratio, &fold("mean", &ratio, &[1, 0])]);
    let row = slice(&map("sin", &[&x]), &[(0, 1, 1), (0, 1, 1000)]);
    let wide = map("multiply", &[&map("sin", &[&x]), &row]);
    for roots in [
        vec![ratio.clone()],
        vec![scores],
        vec![wide.clone()],
        vec![
            wide,
            slice(&map("sin", &[&x]), &[(0, 1, 1000), (0, 1, 1000)]),
        ],
        vec![ratio, fold("mean", &e, &[0])],
    ] {
        let arena = arena(&roots);
        let found = search(&arena, None).unwrap().plan.cost;
        let fixed = |kind: Kind| matches!(kind, Kind::Constant | Kind::Affine(_) | Kind::Reduce);
        let free: Vec<usize> = (0..arena.classes.len())
            .filter(|&k| !arena.classes[k].alternatives.iter().any(|a| fixed(a.kind)))
            .collect();
        assert!(free.len() <= 12, "{}", free.len());
        let mut walker = Walker::new(&arena);
        for mask in 0..1usize << free.len() {
            let mut stored = vec![false; arena.classes.len()];
            for (bit, &k) in free.iter().enumerate() {
                stored[k] = mask >> bit & 1 == 1;
            }
            let other = walker.plan(&mut stored, 1.0).unwrap().cost;
            assert!(found <= other * (1.0 + 1e-9), "{roots:?}: {found} {other}");
        }
    }
}

#[test]
fn ones_are_summed_without_an_element() {
    let ones = build::full(1.0.into(), Grid::regular(&[10_000; 3], &[2000; 3])).unwrap();
    let all = fold("sum", &build::transpose(&ones, None).unwrap(), &[0, 1, 2]);
    let done = plan(&[all.clone(), fold("mean", &ones, &[1])]);
    assert_eq!(done.report.work_after.elements, 0);
    assert_eq!(stages(&plan(&[all]).roots), [["full"]]);
}

#[test]
fn pair_forces_are_one_pass() {
    let c = stored("c", F64, &[7000, 3], &[7000, 3]);
    let apart = map(
        "subtract",
        &[
            &build::expand_dims(&c, &[1]).unwrap(),
            &build::expand_dims(&c, &[0]).unwrap(),
        ],
    );
    let d = fold("sum", &map("square", &[&apart]), &[2]);
    let inverse = map("divide", &[&value(1.0), &d]);
    let s = map("multiply", &[&inverse, &map("square", &[&inverse])]);
    let energy = fold(
        "sum",
        &map("subtract", &[&map("square", &[&s]), &s]),
        &[0, 1],
    );
    let done = plan(&[energy]);
    let names = stages(&done.roots);
    assert!(names.len() <= 2 && names[0] == ["sum"], "{names:?}");
    assert!(done.report.fired.iter().any(|f| f.name == "reduce-few"));
    assert!(done.report.work_after.bytes_stored < 1_000_000);
}

#[test]
fn misaligned_differences_and_symmetric_sums_read_what_they_need() {
    let x = stored("x", F64, &[8000, 8000], &[1000, 1000]);
    let y = map("add", &[&x, &build::transpose(&x, None).unwrap()]);
    let part = slice(&y, &[(0, 2, 4000), (50, 1, 7950)]);
    let done = plan(&[fold("mean", &part, &[1])]);
    assert_eq!(stages(&done.roots).len(), 2);
    assert_eq!(done.report.work_after.elements, 4000 * 7950 + 4000);
}

#[test]
fn one_file_of_ten_thousand_is_read() {
    let done = plan(&[files(10_000)]);
    assert_eq!(stages(&done.roots), [["read"]]);
    assert_eq!(done.report.work_after.bytes_read, 24 * 100 * 8);
}

#[test]
fn deep_chains_are_one_application() {
    let root = chain(10_000);
    let done = plan(std::slice::from_ref(&root));
    assert_eq!(stages(&done.roots), [["multiply"]]);
    let fuse = done.report.fired.iter().find(|f| f.name == "fuse-map");
    assert_eq!(fuse.map(|f| f.count), Some(1));
    // A slice of it travels the whole way in one walk.
    let done = plan(&[slice(&root, &[(7, 1, 10)])]);
    assert_eq!(done.report.work_after.bytes_read, 80);
    // Of shifted sums each level visits one more point of each below: some levels are stored.
    let stored = |name: &str| {
        plan(&[shifted(40)])
            .report
            .fired
            .iter()
            .any(|f| f.name == name)
    };
    assert!(stored("store-shared"));
}

#[test]
fn plans_have_one_text() {
    for n in [20, 60, 200] {
        let first = plan(&[tangled(n)]);
        let second = plan(&[tangled(n)]);
        assert_eq!(text(&first.roots), text(&second.roots));
        assert_eq!(first.report, second.report);
    }
}

#[test]
fn sibling_roots_may_be_equal_or_leaves() {
    let x = stored("x", F64, &[10, 10], &[5, 5]);
    let done = plan(&[x.clone(), x.clone(), value(2.0)]);
    assert_eq!(done.roots[0], done.roots[1]);
    assert_eq!(stages(&done.roots[2..]), [["full"]]);
    assert!(plan(&[]).roots.is_empty());
}

#[test]
fn the_form_refuses_what_a_pass_cannot_hold() {
    let x = stored("x", F64, &[6, 4], &[3, 4]);
    let e = map("exp", &[&x]);
    let mut stages = Stages::default();
    let input = stages.input(0, &x).unwrap();
    let held = stages.fused(vec![x.clone()], &[]).unwrap();
    let bodies = [
        (vec![map("exp", &[&fold("sum", &x, &[0])])], "stands inside"),
        (vec![build::reshape(&e, &[24]).unwrap()], "reshape"),
        (vec![build::reshape(&x, &[24]).unwrap()], "reshape"),
        (
            vec![build::concatenate(&[x.clone(), e.clone()], 0).unwrap()],
            "concatenation",
        ),
        (
            vec![fold("sum", &x, &[0]), fold("sum", &x, &[1])],
            "other axes",
        ),
        (vec![fold("sum", &x, &[0]), e.clone()], "no reduction"),
        (vec![fold("mean", &x, &[0])], "inside a body"),
        (vec![input], "not of its argument's type"),
    ];
    for (roots, why) in bodies {
        let several = roots.len() > 1;
        let stage = stages.fused(roots, &[]).unwrap();
        let root = if several {
            stages.get(&stage, 0).unwrap()
        } else {
            stage
        };
        let said = form::check(&[root]).unwrap_err();
        assert!(said.contains(why), "{said}");
    }
    let unused = stages.fused(vec![e.clone()], &[held]).unwrap();
    assert!(form::check(&[unused]).unwrap_err().contains("not used"));
    assert!(form::check(&[e]).unwrap_err().contains("no stage's output"));
}
