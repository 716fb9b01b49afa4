//! Does the hostile-data test reject rules that are wrong?
//!
//! A rule is tried alone on every node of the samples: where it applies, the node and its
//! replacement must have the same bits. Sound rules pass, each of these must not.

use super::data::{difference, evaluate, fold, map, memory, value};
use crate::facts::is;
use crate::graph::Graph;
use crate::rules::{self, Apply, Group};
use tilewright_core::DType::{self, *};
use tilewright_core::{Grid, Scalar};
use tilewright_expr::build::Operand;
use tilewright_expr::op::{
    arithmetic as a, compare as c, exponential as e, math as m, reduce as r,
};
use tilewright_expr::{Expr, OpDef, build, walk};

/// The first node on which a rule changes bits, or how often it applied.
fn verdict(
    rule: Apply,
    sees: impl Fn(&'static OpDef) -> bool,
    samples: &[Expr],
) -> Result<u32, String> {
    let mut applied = 0;
    for sample in samples {
        let mut graph = Graph::default();
        graph.add(sample);
        for node in walk::postorder(std::slice::from_ref(sample)) {
            if !sees(node.op()) {
                continue;
            }
            let Some(new) = rule(&graph, &node).filter(|new| new.ty() == node.ty()) else {
                continue;
            };
            applied += 1;
            let values = evaluate(&[node.clone(), new.clone()]);
            if let Some(text) = difference(&values[0], &values[1]) {
                return Err(format!("{node:?} -> {new:?}: {text}"));
            }
        }
    }
    Ok(applied)
}

fn x(d: DType) -> Expr {
    memory(d, &[19], 0)
}

fn y(d: DType) -> Expr {
    memory(d, &[19], 3)
}

fn z(d: DType) -> Expr {
    memory(d, &[19], 8)
}

fn k(d: DType, v: f64) -> Expr {
    value(Scalar::from_f64(d, v))
}

/// Expressions on which some rule, right or wrong, could apply.
fn samples() -> Vec<Expr> {
    let unit = |seed| {
        let grid = Grid::whole(&[300]);
        build::uniform(Operand::Int(0), Operand::Int(9), seed, grid).unwrap()
    };
    let (unit, more) = (unit(1), [unit(2), unit(3)]);
    let mut all = vec![
        map("power", &[&unit, &k(F64, 3.0)]),
        map("divide", &[&unit, &k(F64, 3.0)]),
        map("add", &[&map("add", &[&unit, &more[0]]), &more[1]]),
    ];
    for v in [0.1, 0.3, 0.7, 1.1, 3.0] {
        all.push(fold("sum", &map("multiply", &[&unit, &k(F64, v)]), &[0]));
    }
    for d in [F64, I8, U8] {
        for outer in ["absolute", "square", "negative", "floor"] {
            for inner in ["absolute", "square", "negative", "floor"] {
                all.push(map(outer, &[&map(inner, &[&x(d)])]));
            }
        }
    }
    for d in [F64, F32, I8, I64, U8] {
        let (p, q, w) = (x(d), y(d), z(d));
        for v in [0.0, 1.0, 2.0, 3.0, -1.0, 10.0] {
            for name in ["add", "multiply", "subtract", "divide", "power"] {
                all.push(map(name, &[&p, &k(d, v)]));
            }
        }
        let twice = |name: &str| map(name, &[&p, &p]);
        all.extend(["add", "subtract", "multiply", "minimum", "equal", "divide"].map(twice));
        for name in ["less", "less_equal", "greater", "greater_equal"] {
            all.push(map("invert", &[&map(name, &[&p, &q])]));
        }
        all.push(map("negative", &[&map("subtract", &[&p, &q])]));
        all.push(map("negative", &[&map("subtract", &[&p, &p])]));
        all.push(map("sqrt", &[&map("multiply", &[&p, &p])]));
        all.push(map("multiply", &[&p, &map("add", &[&q, &w])]));
        let products = [map("multiply", &[&p, &q]), map("multiply", &[&p, &w])];
        all.push(map("add", &[&products[0], &products[1]]));
        all.push(map("add", &[&map("add", &[&p, &q]), &w]));
        all.push(map(
            "multiply",
            &[&map("multiply", &[&p, &k(d, 4.0)]), &k(d, 0.25)],
        ));
        all.push(map("where", &[&map("less", &[&p, &q]), &p, &q]));
        all.push(map("log", &[&map("exp", &[&p])]));
        all.push(fold("sum", &map("multiply", &[&p, &k(d, 3.0)]), &[0]));
        all.push(fold("max", &map("negative", &[&p]), &[0]));
        all.push(fold("min", &map("floor", &[&p]), &[0]));
        all.push(fold("max", &map("sqrt", &[&p]), &[0]));
        for middle in [F32, I8, U8, F64] {
            let there = build::astype(&p, middle).unwrap();
            all.push(build::astype(&there, d).unwrap());
        }
    }
    all
}

fn make(row: &'static OpDef, args: &[&Expr]) -> Option<Expr> {
    build::map(
        row.name,
        &args.iter().map(|&x| x.clone()).collect::<Vec<_>>(),
    )
    .ok()
}

fn constant(graph: &Graph, x: &Expr) -> Option<f64> {
    graph.facts(x).constant.map(Scalar::to_f64)
}

fn two(node: &Expr) -> Option<(&Expr, &Expr)> {
    match node.args() {
        [x, y] => Some((x, y)),
        _ => None,
    }
}

fn zeros(node: &Expr) -> Option<Expr> {
    build::full(Scalar::zero(node.dtype()), node.grid().clone()).ok()
}

fn arg_of<'e>(node: &'e Expr, k: usize, row: &'static OpDef) -> Option<&'e Expr> {
    node.args().get(k).filter(|x| is(x, row))
}

/// Name, the row it looks at, and the wrong replacement.
static BAD: &[(&str, &OpDef, Apply)] = &[
    ("x * 0 -> 0", &a::MULTIPLY, |g, n| {
        let (_, y) = two(n)?;
        (constant(g, y)? == 0.0).then(|| zeros(n))?
    }),
    ("x + 0 -> x", &a::ADD, |g, n| {
        let (x, y) = two(n)?;
        (constant(g, y)? == 0.0).then(|| x.clone())
    }),
    ("x - x -> 0", &a::SUBTRACT, |_, n| {
        let (x, y) = two(n)?;
        (x == y).then(|| zeros(n))?
    }),
    ("x / x -> 1", &a::DIVIDE, |_, n| {
        let (x, y) = two(n)?;
        (x == y).then(|| build::full(Scalar::from_f64(n.dtype(), 1.0), n.grid().clone()).ok())?
    }),
    ("x == x -> True", &c::EQUAL, |_, n| {
        let (x, y) = two(n)?;
        (x == y).then(|| build::full(true.into(), n.grid().clone()).ok())?
    }),
    ("not (a < b) -> a >= b", &c::INVERT, |_, n| {
        let (x, y) = two(arg_of(n, 0, &c::LESS)?)?;
        make(&c::GREATER_EQUAL, &[x, y])
    }),
    ("-(a - b) -> b - a", &a::NEGATIVE, |_, n| {
        let (x, y) = two(arg_of(n, 0, &a::SUBTRACT)?)?;
        make(&a::SUBTRACT, &[y, x])
    }),
    ("x / c -> x * (1/c)", &a::DIVIDE, |g, n| {
        let (x, y) = two(n)?;
        let inverse = value(Scalar::from_f64(n.dtype(), 1.0 / constant(g, y)?));
        make(&a::MULTIPLY, &[x, &inverse])
    }),
    ("sqrt(x * x) -> |x|", &m::SQRT, |_, n| {
        let (x, y) = two(arg_of(n, 0, &a::MULTIPLY)?)?;
        (x == y).then(|| make(&a::ABSOLUTE, &[x]))?
    }),
    ("x ** 3 -> x * x * x", &a::POWER, |g, n| {
        let (x, y) = two(n)?;
        let cube = make(&a::MULTIPLY, &[&make(&a::MULTIPLY, &[x, x])?, x])?;
        (constant(g, y)? == 3.0).then_some(cube)
    }),
    ("x ** 2 -> 2 * x", &a::POWER, |g, n| {
        let (x, y) = two(n)?;
        (constant(g, y)? == 2.0).then(|| make(&a::ADD, &[x, x]))?
    }),
    ("(x * c).sum() -> c * x.sum()", &r::SUM, |_, n| {
        let (x, y) = two(arg_of(n, 0, &a::MULTIPLY)?)?;
        let first = build::slice(
            y,
            tilewright_core::Region {
                axes: [tilewright_core::AxisRange::new(0, 1, 1)]
                    .into_iter()
                    .collect(),
            },
        );
        let scale = build::squeeze(&first.ok()?, None).ok()?;
        make(&a::MULTIPLY, &[&fold("sum", x, &[0]), &scale])
    }),
    ("a * (b + c) -> a*b + a*c", &a::MULTIPLY, |_, n| {
        let (x, _) = two(n)?;
        let (b, c) = two(arg_of(n, 1, &a::ADD)?)?;
        make(
            &a::ADD,
            &[&make(&a::MULTIPLY, &[x, b])?, &make(&a::MULTIPLY, &[x, c])?],
        )
    }),
    ("a*b + a*c -> a * (b + c)", &a::ADD, |_, n| {
        let (x, b) = two(arg_of(n, 0, &a::MULTIPLY)?)?;
        let (y, c) = two(arg_of(n, 1, &a::MULTIPLY)?)?;
        (x == y).then(|| make(&a::MULTIPLY, &[x, &make(&a::ADD, &[b, c])?]))?
    }),
    ("(a + b) + c -> a + (b + c)", &a::ADD, |_, n| {
        let (x, y) = two(arg_of(n, 0, &a::ADD)?)?;
        make(&a::ADD, &[x, &make(&a::ADD, &[y, &n.args()[1]])?])
    }),
    ("(x * 4) * 0.25 -> x", &a::MULTIPLY, |g, n| {
        let (x, y) = two(arg_of(n, 0, &a::MULTIPLY)?)?;
        let product = constant(g, y)? * constant(g, &n.args()[1])?;
        (product == 1.0).then(|| x.clone())
    }),
    ("where(a < b, a, b) -> minimum(a, b)", &c::WHERE, |_, n| {
        let (x, y) = two(arg_of(n, 0, &c::LESS)?)?;
        (*x == n.args()[1] && *y == n.args()[2]).then(|| make(&a::MINIMUM, &[x, y]))?
    }),
    ("log(exp(x)) -> x", &e::LOG, |_, n| {
        Some(arg_of(n, 0, &e::EXP)?.args()[0].clone())
    }),
    ("astype there and back -> x", &m::ASTYPE, |_, n| {
        let inner = arg_of(n, 0, &m::ASTYPE)?;
        Some(inner.args()[0].clone())
    }),
    ("max(-x) -> -max(x)", &r::MAX, |_, n| {
        let inner = arg_of(n, 0, &a::NEGATIVE)?;
        make(&a::NEGATIVE, &[&fold("max", &inner.args()[0], &[0])])
    }),
    ("max(sqrt(x)) -> sqrt(max(x))", &r::MAX, |_, n| {
        let inner = arg_of(n, 0, &m::SQRT)?;
        make(&m::SQRT, &[&fold("max", &inner.args()[0], &[0])])
    }),
];

#[test]
fn every_bad_rule_is_rejected() {
    let samples = samples();
    for (name, row, rule) in BAD {
        match verdict(*rule, |seen| std::ptr::eq(seen, *row), &samples) {
            Err(_) => {}
            Ok(0) => panic!("no sample for {name}"),
            Ok(n) => panic!("{name} passed {n} times"),
        }
    }
}

#[test]
fn every_good_rule_is_accepted() {
    let samples = samples();
    let mut applied = 0;
    for rule in rules::all().filter(|rule| rule.group != Group::Relaxed) {
        match verdict(rule.apply, |row| rule.looks_at(row), &samples) {
            Ok(n) => applied += n,
            Err(text) => panic!("{}: {text}", rule.name),
        }
    }
    assert!(applied > 100);
}

#[test]
fn a_relaxed_rule_is_not_exact() {
    let samples = samples();
    for rule in rules::all().filter(|rule| rule.group == Group::Relaxed) {
        assert!(
            verdict(rule.apply, |row| rule.looks_at(row), &samples).is_err(),
            "{}",
            rule.name
        );
    }
}
