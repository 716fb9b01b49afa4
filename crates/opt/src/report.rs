//! What did the optimizer do, and what is it worth?

use crate::extract::arena::Arena;
use crate::extract::walk::Plan;
use crate::graph::Map;
use crate::rules::{Class, Group, rules};
use crate::saturate::Tally;
use tilewright_expr::{Expr, Family, walk};

/// What a plan does, in closed form from shapes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Elements computed or drawn; reductions, which fold them, are not counted again.
    pub elements: u64,
    /// Bytes read from sources.
    pub bytes_read: u64,
    /// Bytes stored, roots included.
    pub bytes_stored: u64,
}

/// A rule that changed the plan's e-graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fired {
    /// The rule's name.
    pub name: &'static str,
    /// What it keeps.
    pub class: Class,
    /// When it runs.
    pub group: Group,
    /// Why it is right.
    pub because: &'static str,
    /// How often it applied.
    pub count: u32,
}

/// What the optimizer did.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Rules that applied, in the order of the rule tables.
    pub fired: Vec<Fired>,
    /// Work of the plain plan.
    pub work_before: Work,
    /// Work of the chosen plan.
    pub work_after: Work,
    /// Its cost in nanoseconds of the cost table.
    pub cost_ns: f64,
    /// E-nodes made.
    pub nodes: usize,
    /// Rounds of rewriting.
    pub iterations: usize,
}

/// The rules that fired.
pub(crate) fn fired(tally: &Tally) -> Vec<Fired> {
    let counted = rules().iter().zip(&tally.counts);
    counted
        .filter(|(_, count)| **count > 0)
        .map(|(rule, &count)| Fired {
            name: rule.name,
            class: rule.class,
            group: rule.group,
            because: rule.because,
            count,
        })
        .collect()
}

fn bytes(node: &Expr) -> u64 {
    (node.elements() as u64).saturating_mul(node.dtype().itemsize() as u64)
}

/// The work of expanded expressions with every node a stage of its own.
pub(crate) fn plain_work(roots: &[Expr]) -> Work {
    let mut work = Work::default();
    for node in walk::postorder(roots) {
        match node.op().family {
            Family::Create => continue,
            Family::Source => {
                work.bytes_read = work.bytes_read.saturating_add(bytes(&node));
                continue;
            }
            Family::Map(_) | Family::Random => {
                work.elements = work.elements.saturating_add(node.elements() as u64);
            }
            _ => {}
        }
        work.bytes_stored = work.bytes_stored.saturating_add(bytes(&node));
    }
    work
}

/// The work of a plan.
pub(crate) fn plan_work(arena: &Arena, plan: &Plan) -> Work {
    let (mut elements, mut read, mut stored) = (0.0, 0.0, 0.0);
    let mut group = vec![None; plan.stages.len()];
    for (g, members) in plan.shared.iter().enumerate() {
        members.iter().for_each(|&s| group[s] = Some(g));
    }
    let mut once: Map<(usize, u32, u32), ()> = Map::default();
    for (s, stage) in plan.stages.iter().enumerate() {
        stored += arena.classes[stage.class as usize].bytes;
        for visit in &stage.visits {
            let repeated =
                group[s].is_some_and(|g| once.insert((g, visit.class, visit.map), ()).is_some());
            if !repeated {
                elements += visit.computed;
                read += visit.bytes_read;
            }
        }
    }
    Work {
        elements: elements as u64,
        bytes_read: read as u64,
        bytes_stored: stored as u64,
    }
}
