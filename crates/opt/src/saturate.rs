//! In which order do rules run, and when do they stop?
//!
//! Each node is visited when it is made, arguments before users, so that a slice travels to its
//! source in one walk; a node is visited again only if an argument's class changed meanwhile.
//! Limits on nodes and rounds, no clock. Absent: what the rules say.

use crate::graph::{Graph, Map};
use crate::rules::{self, Group, Rule};
use egg::Id;
use std::sync::OnceLock;
use tilewright_core::{Error, Kind, Result};
use tilewright_expr::{Expr, OpDef, OpId, op::OPS, walk};

/// Rounds over the nodes whose arguments changed.
const ROUNDS: usize = 6;

/// E-nodes made for each node of the expression, and on top of that.
const NODES_PER_NODE: usize = 24;
const NODES_MORE: usize = 5_000;

/// Stands for all rules of the push group.
const PUSHED: usize = usize::MAX;

/// How often each rule, by its place among all rules, changed the graph.
#[derive(Default)]
pub(crate) struct Tally {
    /// Indexed as [`rules::all`].
    pub counts: Vec<u32>,
    /// Rounds run in all.
    pub rounds: usize,
}

impl Tally {
    /// Counts applications of a rule.
    pub fn add(&mut self, name: &str, times: u32) {
        self.counts.resize(rules::all().count(), 0);
        if let Some(at) = rules::all().position(|rule| rule.name == name) {
            self.counts[at] += times;
        }
    }
}

/// Groups that run together, in the order of their runs.
static RUNS: [&[Group]; 4] = [
    &[Group::Expand],
    &[Group::Push],
    &[Group::Algebra],
    &[Group::Reduce, Group::Push, Group::Algebra],
];

/// The rules of a run, by row, with their places among all rules.
type Index = Map<OpId, Vec<(usize, &'static Rule)>>;

/// One index per run, made once.
fn indices() -> &'static [Index; 4] {
    static MADE: OnceLock<[Index; 4]> = OnceLock::new();
    MADE.get_or_init(|| {
        RUNS.map(|groups| {
            let of_row = |row: &&'static OpDef| {
                let rules = rules::all()
                    .enumerate()
                    .filter(|(_, rule)| groups.contains(&rule.group) && rule.looks_at(row));
                (OpId::of(row), rules.collect())
            };
            OPS.iter().map(of_row).collect()
        })
    })
}

/// Runs expand, push, algebra and reduce, one after the other, on one e-graph.
///
/// # Errors
/// [`Kind::Internal`] if a rule gives an array of another shape or dtype.
pub(crate) fn saturate(graph: &mut Graph, nodes: &[Expr], tally: &mut Tally) -> Result<()> {
    tally.counts.resize(rules::all().count(), 0);
    let mut walk = Walk {
        limit: graph.nodes() + NODES_PER_NODE * nodes.len() + NODES_MORE,
        work: nodes.to_vec(),
        visited: Map::default(),
        applied: Map::default(),
        changed: Map::default(),
        clock: 0,
        ran: Vec::new(),
    };
    for (groups, index) in RUNS.iter().zip(indices()) {
        walk.run(graph, index, tally)?;
        walk.ran.extend(*groups);
    }
    Ok(())
}

/// The roots under the relaxed rules, each node rewritten once, in a graph of its own.
///
/// # Errors
/// [`Kind::Internal`] if a rule gives an array of another shape or dtype.
pub(crate) fn relax(roots: &[Expr], tally: &mut Tally) -> Result<Vec<Expr>> {
    let mut graph = Graph::default();
    tally.counts.resize(rules::all().count(), 0);
    walk::map_nodes(roots, |node, args| {
        let args = args.iter().cloned().collect();
        let mut node = Expr::new(node.op_id(), node.attr().clone(), args)?;
        for (at, rule) in rules::all().enumerate() {
            if rule.group != Group::Relaxed || !rule.looks_at(node.op()) {
                continue;
            }
            graph.add(&node);
            if let Some(new) = (rule.apply)(&graph, &node).filter(|new| new.ty() == node.ty()) {
                tally.counts[at] += 1;
                node = new;
            }
        }
        Ok(node)
    })
}

struct Walk {
    /// E-nodes allowed.
    limit: usize,
    /// Nodes to visit, arguments before users; new nodes join at the end.
    work: Vec<Expr>,
    /// When each node was last visited, by address.
    visited: Map<usize, usize>,
    /// Nodes, by address, and the rules that applied to them.
    applied: Map<(usize, usize), ()>,
    /// When each class last changed.
    changed: Map<Id, usize>,
    /// Grows with every visit.
    clock: usize,
    /// Groups that have run before.
    ran: Vec<Group>,
}

impl Walk {
    /// Runs the rules of an index until nothing changes.
    fn run(&mut self, graph: &mut Graph, index: &Index, tally: &mut Tally) -> Result<()> {
        let began = self.clock;
        for _ in 0..ROUNDS {
            tally.rounds += 1;
            let mut any = false;
            let mut k = 0;
            while k < self.work.len() {
                any |= self.visit(graph, index, k, began, tally)?;
                k += 1;
            }
            if !any {
                break;
            }
            graph.egraph.rebuild();
        }
        Ok(())
    }

    /// Runs the rules on one node; says whether a class changed.
    fn visit(
        &mut self,
        graph: &mut Graph,
        index: &Index,
        k: usize,
        began: usize,
        tally: &mut Tally,
    ) -> Result<bool> {
        let node = self.work[k].clone();
        let rules = index.get(&node.op_id()).map_or(&[][..], Vec::as_slice);
        if rules.is_empty() {
            return Ok(false);
        }
        self.clock += 1;
        let last = self.visited.get(&node.address()).copied();
        let fresh = last.is_none_or(|seen| {
            let stale = |arg: &Expr| {
                let when = self.changed.get(&graph.class(arg));
                when.is_some_and(|&when| when >= seen)
            };
            node.args().iter().any(stale)
        });
        if !fresh && last.is_some_and(|seen| seen > began) {
            return Ok(false);
        }
        self.visited.insert(node.address(), self.clock);
        let mut any = false;
        for (at, rule) in rules {
            if graph.nodes() > self.limit || (!fresh && self.ran.contains(&rule.group)) {
                continue;
            }
            // A rule applies to a node once; of the pushes the first that does is enough.
            let which = if rule.group == Group::Push {
                PUSHED
            } else {
                *at
            };
            if self.applied.contains_key(&(node.address(), which)) {
                continue;
            }
            let Some(new) = (rule.apply)(graph, &node) else {
                continue;
            };
            check(rule, &node, &new)?;
            // A rewrite that would change the grid is not applied.
            if new.ty() != node.ty() {
                continue;
            }
            self.applied.insert((node.address(), which), ());
            let id = graph.add_listing(&new, &mut self.work);
            let old = graph.class(&node);
            if graph.union(old, id) {
                tally.counts[*at] += 1;
                self.changed.insert(graph.class(&node), self.clock);
                any = true;
            }
        }
        Ok(any)
    }
}

/// A rule must keep shape and dtype.
fn check(rule: &Rule, old: &Expr, new: &Expr) -> Result<()> {
    if old.dtype() == new.dtype() && old.shape() == new.shape() {
        return Ok(());
    }
    Err(Error::new(
        Kind::Internal,
        format!("rule {} gave another type", rule.name),
    )
    .fact("from", format!("{old:?}"))
    .fact("to", format!("{new:?}")))
}
