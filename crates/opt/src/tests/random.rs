//! Do generated expressions keep their bits?
//!
//! Small typed expressions with shared nodes, awkward shapes and grids: the original, its plain
//! twin and its optimized form must agree, and each optimization must give one text.

use super::data::{checked, evaluate, literal, memory, odd_grid, slice};
use crate::graph::Graph;
use crate::saturate::{Tally, saturate};
use crate::{Options, optimize};
use std::collections::BTreeMap;
use tilewright_core::{DType, Grid, Scalar};
use tilewright_expr::build::{self, Operand};
use tilewright_expr::{Expr, Family, op::OPS, print, walk};

/// A small generator of numbers, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % n.max(1)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

const SHAPES: [&[i64]; 12] = [
    &[],
    &[1],
    &[5],
    &[7],
    &[19],
    &[0],
    &[3, 4],
    &[1, 6],
    &[5, 7],
    &[9, 1],
    &[2, 3, 4],
    &[4, 0],
];

fn leaf(dice: &mut Dice) -> Expr {
    let shape = *dice.pick(&SHAPES);
    let dtype = *dice.pick(&DType::ALL);
    let skip = dice.below(9);
    let grid = odd_grid(shape);
    match dice.below(8) {
        0 => build::normal(Operand::Float(0.0), Operand::Float(1.0), skip as u64, grid).unwrap(),
        1 => build::uniform(Operand::Float(0.0), Operand::Float(1.0), skip as u64, grid).unwrap(),
        2 => {
            let high = Operand::Int(3 + skip as i128);
            build::integers(Operand::Int(-5), high, DType::I64, skip as u64, grid).unwrap()
        }
        3 => {
            let value = *dice.pick(&[0.0, 1.0, -1.0, 2.0, 0.5, -0.0, 3.0]);
            build::full(Scalar::from_f64(dtype, value), grid).unwrap()
        }
        4 if !shape.is_empty() => build::create::iota(dice.below(shape.len()), grid).unwrap(),
        5 => literal(dtype, shape, skip),
        _ => memory(dtype, shape, skip),
    }
}

fn region(dice: &mut Dice, x: &Expr) -> Expr {
    let mut ranges = Vec::new();
    for &len in x.shape() {
        let step = *dice.pick(&[1, 1, 2, -1, -2, 3]);
        let len = if len == 0 || dice.one_in(12) {
            ranges.push((0, 1, 0));
            continue;
        } else {
            len
        };
        let start = dice.below(len as usize) as i64;
        let room: i64 = if step > 0 {
            (len - 1 - start) / step
        } else {
            start / -step
        };
        let count = if dice.one_in(3) {
            1
        } else {
            1 + dice.below(room as usize + 1) as i64
        };
        ranges.push((start, step, count.min(room + 1)));
    }
    slice(x, &ranges)
}

/// One more node over those there are; none if the operator refuses them.
fn grow(dice: &mut Dice, pool: &[Expr]) -> Option<Expr> {
    // The youngest are taken more often, so that expressions grow deep.
    let take = |dice: &mut Dice| {
        let back = dice.below(pool.len()).min(dice.below(pool.len()));
        pool[pool.len() - 1 - back].clone()
    };
    let x = take(dice);
    let ndim = x.shape().len();
    match dice.below(16) {
        0..=5 => {
            let maps: Vec<_> = OPS
                .iter()
                .filter(|op| matches!(op.family, Family::Map(_)))
                .collect();
            let row = dice.pick(&maps);
            let mut args = vec![x];
            while args.len() < row.params.len() {
                args.push(take(dice));
            }
            build::map(row.name, &args).ok()
        }
        6 => build::astype(&x, *dice.pick(&DType::ALL)).ok(),
        7 | 8 => Some(region(dice, &x)),
        9 | 10 => {
            let names = [
                "sum", "prod", "min", "max", "any", "all", "mean", "var", "std",
            ];
            let axes: Vec<i64> = (0..ndim as i64).filter(|_| !dice.one_in(3)).collect();
            let name = dice.pick(&names);
            match *name {
                "mean" | "var" | "std" => {
                    build::statistic(name, &x, Some(&axes), 0.0, dice.one_in(2))
                }
                _ => build::reduce(name, &x, Some(&axes), dice.one_in(2)),
            }
            .ok()
        }
        11 => {
            let mut order: Vec<i64> = (0..ndim as i64).collect();
            for k in (1..ndim).rev() {
                order.swap(k, dice.below(k + 1));
            }
            build::transpose(&x, Some(&order)).ok()
        }
        12 => {
            let total = x.elements();
            let split = *dice.pick(&[1, 2, 3, 5]);
            let shape: Vec<i64> = if total % split == 0 && dice.one_in(2) {
                vec![split, total / split]
            } else {
                vec![total]
            };
            build::reshape(&x, &shape).ok()
        }
        13 => {
            let other = take(dice);
            build::concatenate(&[x, other], if dice.one_in(2) { 0 } else { -1 }).ok()
        }
        14 => {
            let size: Vec<i64> = x.shape().iter().map(|_| 1 + dice.below(4) as i64).collect();
            build::rechunk(&x, Grid::regular(x.shape(), &size)).ok()
        }
        _ if dice.one_in(2) => build::expand_dims(&x, &[dice.below(ndim + 1) as i64]).ok(),
        _ => build::squeeze(&x, None).ok(),
    }
}

fn text(roots: &[Expr]) -> String {
    print::table(&print::tree(roots))
}

/// The nodes of one generated expression, oldest first.
fn generate(case: u64, dice: &mut Dice) -> Vec<Expr> {
    *dice = Dice(case * 7919 + 17);
    let mut pool: Vec<Expr> = (0..1 + dice.below(3)).map(|_| leaf(dice)).collect();
    for _ in 0..2 + dice.below(14) {
        if let Some(new) = grow(dice, &pool)
            && new.elements() <= 2000
            && new.shape().len() <= 4
        {
            pool.push(new);
        }
    }
    pool
}

#[test]
fn facts_hold_of_every_element() {
    let mut proved = [0; 4];
    for case in 0..1500 {
        let pool = generate(case, &mut Dice(0));
        let mut graph = Graph::default();
        for expr in &pool {
            graph.add(expr);
        }
        saturate(&mut graph, &walk::postorder(&pool), &mut Tally::default()).unwrap();
        for (expr, values) in pool.iter().zip(evaluate(&pool)) {
            let facts = graph.facts(expr);
            for k in 0..values.len() {
                let value = values.get(k).unwrap();
                let float = value.to_f64();
                let holds = [
                    facts.constant.is_none_or(|c| c == value || float.is_nan()),
                    !facts.never_nan || !float.is_nan(),
                    !facts.finite || float.is_finite(),
                    !facts.sign_clear || float.is_nan() || !float.is_sign_negative(),
                ];
                assert_eq!(holds, [true; 4], "{expr:?}: {facts:?}, but {value:?}");
            }
            let known = [
                facts.constant.is_some(),
                facts.never_nan,
                facts.finite,
                facts.sign_clear,
            ];
            for (count, known) in proved.iter_mut().zip(known) {
                *count += u32::from(known && expr.dtype().is_float() && !values.is_empty());
            }
        }
    }
    assert!(proved.iter().all(|&count| count > 50), "{proved:?}");
}

#[test]
fn generated_expressions_keep_their_bits() {
    let cases = std::env::var("TILEWRIGHT_CASES")
        .ok()
        .and_then(|n| n.parse().ok());
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for case in 0..cases.unwrap_or(5000) {
        let mut dice = Dice(0);
        let pool = generate(case, &mut dice);
        let roots = &pool[pool.len() - 1 - dice.below(2).min(pool.len() - 1)..];
        let done = checked(roots);
        for fired in &done.report.fired {
            *counts.entry(fired.name).or_default() += 1;
        }
        let again = optimize(roots, &Options::default()).unwrap();
        assert_eq!(text(&done.roots), text(&again.roots));
    }
    println!("{counts:#?}");
}
