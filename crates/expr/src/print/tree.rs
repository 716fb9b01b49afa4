//! How does an expression read as a tree, one row per node?
//!
//! A node with several users is printed at the first and numbered there, `(2) exp`; the others
//! refer to it, `↑ (2)`. What lies too deep for a line continues under its number below: `↓ (3)`.

use super::graph::Graph;
use crate::node::Expr;
use std::collections::VecDeque;
use tilewright_core::{DType, Shape};

/// Levels a tree is indented by before it continues below.
const DEPTH: usize = 12;

/// A node of a tree: the struct that `explain` renders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The lines that lead to it: `│  ├─ `.
    pub prefix: String,
    /// Operator and attributes, or where the node is printed.
    pub what: String,
    /// Element type.
    pub dtype: DType,
    /// Lengths of the axes.
    pub shape: Shape,
    /// Number of chunks; 0 where the row refers to another or is a constant.
    pub chunks: i64,
    /// Bytes of all elements; 0 where the row refers to another or is a constant.
    pub bytes: i64,
    /// Which part of its whole a leaf is, if not all.
    pub note: String,
}

/// One row per node below these roots, in the order of a tree's lines.
pub fn tree(roots: &[Expr]) -> Vec<Row> {
    let mut graph = Graph::default();
    let roots: Vec<usize> = roots.iter().map(|root| graph.add(root)).collect();
    let mut printer = Printer {
        users: vec![0; graph.nodes.len()],
        numbers: vec![None; graph.nodes.len()],
        last_number: 0,
        deferred: VecDeque::new(),
        queued: vec![false; graph.nodes.len()],
        printed: vec![false; graph.nodes.len()],
        rows: Vec::new(),
        graph,
    };
    let below = printer.graph.nodes.iter().flat_map(|node| &node.children);
    for &node in below.chain(&roots) {
        printer.users[node] += 1;
    }
    for root in roots {
        printer.print(root);
    }
    while let Some(node) = printer.deferred.pop_front() {
        printer.print(node);
    }
    printer.rows
}

struct Printer {
    graph: Graph,
    users: Vec<usize>,
    /// Numbers of the nodes that others refer to.
    numbers: Vec<Option<usize>>,
    last_number: usize,
    /// Nodes that lie too deep, still to be printed.
    deferred: VecDeque<usize>,
    queued: Vec<bool>,
    printed: Vec<bool>,
    rows: Vec<Row>,
}

/// A node to print and the lines that lead to it and to what is below it.
struct Line {
    node: usize,
    own: String,
    below: String,
    depth: usize,
}

impl Printer {
    fn print(&mut self, root: usize) {
        let (own, below) = (String::new(), String::new());
        let mut pending = vec![Line {
            node: root,
            own,
            below,
            depth: 0,
        }];
        while let Some(line) = pending.pop() {
            if !self.row(&line) {
                continue;
            }
            let children = &self.graph.nodes[line.node].children;
            for (k, &node) in children.iter().enumerate().rev() {
                let last = k + 1 == children.len();
                let own = format!("{}{}", line.below, if last { "└─ " } else { "├─ " });
                let below = format!("{}{}", line.below, if last { "   " } else { "│  " });
                pending.push(Line {
                    node,
                    own,
                    below,
                    depth: line.depth + 1,
                });
            }
        }
    }

    /// Adds the row of a node; whether what is below it follows.
    fn row(&mut self, line: &Line) -> bool {
        let node = &self.graph.nodes[line.node];
        let (constant, leaf) = (node.constant, node.children.is_empty());
        let shared = self.users[line.node] > 1 && !constant;
        let deep = line.depth >= DEPTH && !leaf;
        let seen = self.printed[line.node] && !constant;
        let numbered = if shared || deep || seen {
            self.number(line.node)
        } else {
            None
        };
        let number = numbered.or(self.numbers[line.node]);
        let label = number.map_or(String::new(), |n| format!("({n})"));
        let node = &self.graph.nodes[line.node];
        let (what, follows) = if seen {
            (format!("↑ {label}"), false)
        } else if deep {
            if !std::mem::replace(&mut self.queued[line.node], true) {
                self.deferred.push_back(line.node);
            }
            (format!("↓ {label}"), false)
        } else if label.is_empty() {
            (node.what.clone(), true)
        } else {
            (format!("{label} {}", node.what), true)
        };
        let sized = follows && !constant;
        let elements = tilewright_core::element_count(&node.ty.shape).unwrap_or(i64::MAX);
        let bytes = elements.saturating_mul(node.ty.dtype.itemsize() as i64);
        self.rows.push(Row {
            prefix: line.own.clone(),
            what,
            dtype: node.ty.dtype,
            shape: node.ty.shape.clone(),
            chunks: if sized { node.ty.grid.chunks() } else { 0 },
            bytes: if sized { bytes } else { 0 },
            note: if follows {
                node.note.clone()
            } else {
                String::new()
            },
        });
        self.printed[line.node] |= follows;
        follows
    }

    /// The node's number, a new one if it has none.
    fn number(&mut self, node: usize) -> Option<usize> {
        if self.numbers[node].is_none() {
            self.last_number += 1;
            self.numbers[node] = Some(self.last_number);
        }
        self.numbers[node]
    }
}
