//! Does any room recurse along a chain of nodes? Each test runs on a stack of 256 KiB, which a
//! recursion of 100,000 calls overflows.

use super::{count_up, floats};
use std::time::{Duration, Instant};
use tilewright_expr::build::{self, Operand};
use tilewright_expr::{Expr, print, reference, walk};

const NODES: usize = 100_000;

fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(256 << 10)
        .spawn(test)
        .unwrap()
        .join()
        .unwrap();
}

/// `x + 1 - 1 + 1 …`.
fn chain(nodes: usize) -> Expr {
    let mut x = floats(&[2], &[0.0, 1.0]);
    for k in 0..nodes {
        let op = if k % 2 == 0 { "add" } else { "subtract" };
        x = build::operate(op, &[x.into(), Operand::Int(1)]).unwrap();
    }
    x
}

#[test]
fn a_long_chain_is_built_compared_and_dropped() {
    on_a_small_stack(|| {
        let start = Instant::now();
        let (a, b, c) = (chain(NODES), chain(NODES), chain(NODES - 1));
        assert!(a == b && a <= b, "equal chains without a shared node");
        assert!(a != c);
        drop((a, b, c));
        assert!(start.elapsed() < Duration::from_secs(10), "not quadratic");
    });
}

#[test]
fn a_long_chain_is_walked_and_evaluated() {
    on_a_small_stack(|| {
        let x = chain(NODES);
        // The chain, and below each node a constant and its broadcast.
        assert_eq!(
            walk::postorder(std::slice::from_ref(&x)).len(),
            3 * NODES + 1
        );
        let rebuilt = walk::map_nodes(std::slice::from_ref(&x), |node, args| {
            Expr::new(node.op_id(), node.attr().clone(), args.into())
        });
        assert!(rebuilt.unwrap() == [x.clone()]);
        let value = reference::evaluate(&[x], &count_up).unwrap().remove(0);
        assert_eq!(value.as_slice::<f64>().unwrap(), [0.0, 1.0]);
    });
}

#[test]
fn a_long_chain_is_printed() {
    on_a_small_stack(|| {
        let x = chain(NODES);
        assert!(print::one_line(&x).chars().count() <= 80);
        let rows = print::tree(std::slice::from_ref(&x));
        // Every node and its constant, and two rows where the tree continues below.
        assert!(
            rows.len() > 2 * NODES && rows.len() < 3 * NODES,
            "{}",
            rows.len()
        );
        assert!(
            print::table(&rows)
                .lines()
                .all(|line| line.chars().count() <= 100)
        );
    });
}

#[test]
fn shared_nodes_are_visited_once() {
    let doubled = || {
        let mut x = floats(&[], &[1.0]);
        // 2^60 paths lead to the leaf.
        for _ in 0..60 {
            x = build::map("add", &[x.clone(), x.clone()]).unwrap();
        }
        x
    };
    let (a, b) = (doubled(), doubled());
    assert!(a == b);
    assert_eq!(walk::postorder(std::slice::from_ref(&a)).len(), 62);
    // The leaf is a reshape of a literal line.
    let value = reference::evaluate(std::slice::from_ref(&a), &count_up).unwrap();
    assert_eq!(value[0].as_slice::<f64>().unwrap(), [2f64.powi(60)]);
    assert!(print::tree(&[a, b]).len() < 200);
}

#[test]
fn many_parts_are_not_quadratic() {
    let start = Instant::now();
    let parts: Vec<Expr> = (0..10_000)
        .map(|k| super::read(&format!("{k}"), tilewright_core::DType::I16, &[3, 2]))
        .collect();
    let all = build::concatenate(&parts, 0).unwrap();
    assert_eq!(all.shape(), [30_000, 2]);
    assert_eq!(print::tree(std::slice::from_ref(&all)).len(), 10_001);
    assert!(print::one_line(&all).chars().count() <= 80);
    assert!(start.elapsed() < Duration::from_secs(5));
}
