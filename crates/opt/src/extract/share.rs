//! Which reductions share a pass?
//!
//! Those with equal axes over operands of one shape and one grid on these axes that have something
//! in common, unless one needs the other's result. Each keeps its own accumulators; what they have
//! in common is read or computed once.

use super::arena::{Arena, Kind};
use super::walk::{Plan, Stage, Visit};
use crate::cost;
use crate::graph::Map;
use tilewright_expr::{Attr, Expr};

/// Groups stages that share a pass, and prices the plan.
pub(crate) fn passes(arena: &Arena, mut plan: Plan, store_scale: f64) -> Plan {
    plan.shared = groups(arena, &plan.stages);
    let mut grouped = vec![false; plan.stages.len()];
    plan.cost = 0.0;
    for group in &plan.shared {
        let visits = group.iter().flat_map(|&s| plan.stages[s].visits.iter());
        let mut once: Map<(u32, u32), ()> = Map::default();
        for visit in visits {
            if once.insert((visit.class, visit.map), ()).is_none() {
                plan.cost += visit.ns;
            }
        }
        plan.cost += cost::STAGE;
        for &s in group {
            grouped[s] = true;
        }
    }
    let within = within(arena, &plan);
    for ((stage, grouped), within) in plan.stages.iter().zip(grouped).zip(within) {
        let bytes = arena.classes[stage.class as usize].bytes;
        let byte = match within {
            true => cost::PART_BYTE,
            false => cost::STORE_BYTE * store_scale,
        };
        plan.cost += stage.fold_ns + bytes * byte;
        if !grouped {
            plan.cost += cost::STAGE + stage.visits.iter().map(|v| v.ns).sum::<f64>();
        }
        if !within && !arena.roots.contains(&stage.class) {
            plan.stored_bytes += bytes;
        }
    }
    plan
}

/// The stages whose output is never whole in memory: each element is computed by itself, and one later
/// pass alone reads them, or others that are computed within the same.
fn within(arena: &Arena, plan: &Plan) -> Vec<bool> {
    let mut place: Map<u32, usize> = Map::default();
    let mut pass: Vec<usize> = (0..plan.stages.len()).collect();
    for (s, stage) in plan.stages.iter().enumerate() {
        place.insert(stage.class, s);
    }
    for group in &plan.shared {
        group.iter().for_each(|&s| pass[s] = group[0]);
    }
    let kind = |s: usize| {
        let stage = &plan.stages[s];
        let class = &arena.classes[stage.class as usize];
        class
            .alternatives
            .get(stage.root as usize)
            .map(|root| root.kind)
    };
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); plan.stages.len()];
    let mut whole = vec![false; plan.stages.len()];
    for (t, stage) in plan.stages.iter().enumerate() {
        for input in &stage.inputs {
            if let Some(&s) = place.get(input) {
                readers[s].push(t);
                whole[s] |= kind(t) == Some(Kind::Opaque) || stage.whole.contains(input);
            }
        }
    }
    // Readers have higher classes.
    let mut order: Vec<usize> = (0..plan.stages.len()).collect();
    order.sort_unstable_by_key(|&s| std::cmp::Reverse(plan.stages[s].class));
    let mut outermost = pass.clone();
    let mut within = vec![false; plan.stages.len()];
    for s in order {
        let class = plan.stages[s].class;
        let by_element = kind(s).is_some_and(|kind| !kind.stands_alone());
        let several = arena.classes[class as usize].elements > 1.0;
        let mut all = readers[s].iter().map(|&t| outermost[t]);
        if let Some(first) = all.next()
            && all.all(|other| other == first)
            && by_element
            && several
            && !whole[s]
            && !arena.roots.contains(&class)
        {
            within[s] = true;
            outermost[s] = first;
        }
    }
    within
}

/// A reduction stage's node.
fn reduction<'a>(arena: &'a Arena, stage: &Stage) -> Option<&'a Expr> {
    let class = &arena.classes[stage.class as usize];
    let root = class.alternatives.get(stage.root as usize)?;
    (root.kind == Kind::Reduce).then_some(&root.expr)
}

/// Whether the reductions of two stages run over one domain in one order.
fn agree_at(arena: &Arena, stages: &[Stage], s: usize, t: usize) -> bool {
    match (reduction(arena, &stages[s]), reduction(arena, &stages[t])) {
        (Some(a), Some(b)) => agree(a, b),
        _ => false,
    }
}

/// Whether two reductions run over one domain in one order.
fn agree(a: &Expr, b: &Expr) -> bool {
    let (x, y) = (&a.args()[0], &b.args()[0]);
    let Attr::Axes(axes) = a.attr() else {
        return false;
    };
    a.attr() == b.attr()
        && x.shape() == y.shape()
        && axes
            .iter()
            .all(|&axis| x.grid().axes[axis] == y.grid().axes[axis])
}

/// Whether two stages have more in common than single values.
fn in_common(arena: &Arena, a: &[Visit], b: &[Visit]) -> bool {
    let mine: Map<(u32, u32), ()> = a.iter().map(|v| ((v.class, v.map), ())).collect();
    b.iter().any(|v| {
        arena.classes[v.class as usize].elements > 1.0 && mine.contains_key(&(v.class, v.map))
    })
}

fn groups(arena: &Arena, stages: &[Stage]) -> Vec<Vec<usize>> {
    let reductions: Vec<usize> = (0..stages.len())
        .filter(|&s| reduction(arena, &stages[s]).is_some())
        .collect();
    if reductions.len() < 2 {
        return Vec::new();
    }
    let mut reach = Reach::new(arena, stages);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &s in &reductions {
        // It may join several groups, which then are one.
        let mut joined = vec![s];
        for group in &mut groups {
            let common = |&t: &usize| {
                agree_at(arena, stages, s, t)
                    && in_common(arena, &stages[t].visits, &stages[s].visits)
            };
            let apart = |&t: &usize| joined.iter().all(|&u| !reach.either(t, u));
            if group.iter().any(common) && group.iter().all(apart) {
                joined.append(group);
            }
        }
        groups.retain(|group| !group.is_empty());
        joined.sort_unstable();
        if joined.len() > 1 {
            reach.merge(&joined);
        }
        groups.push(joined);
    }
    groups.sort_unstable();
    groups.retain(|group| group.len() > 1);
    groups
}

/// Which stages need which others' results, groups taken as one.
struct Reach {
    words: usize,
    /// A row of bits per stage: the stages it needs, directly or not.
    bits: Vec<u64>,
}

impl Reach {
    fn new(arena: &Arena, stages: &[Stage]) -> Reach {
        let words = stages.len().div_ceil(64);
        let mut place: Map<u32, usize> = Map::default();
        for (s, stage) in stages.iter().enumerate() {
            place.insert(stage.class, s);
        }
        let mut reach = Reach {
            words,
            bits: vec![0; words * stages.len()],
        };
        // Classes are numbered arguments first, and so are needs.
        let mut order: Vec<usize> = (0..stages.len()).collect();
        order.sort_unstable_by_key(|&s| stages[s].class);
        debug_assert!(
            stages
                .iter()
                .all(|s| (s.class as usize) < arena.classes.len())
        );
        for s in order {
            for input in &stages[s].inputs {
                if let Some(&t) = place.get(input) {
                    reach.include(s, t);
                }
            }
        }
        reach
    }

    fn has(&self, s: usize, t: usize) -> bool {
        self.bits[s * self.words + t / 64] >> (t % 64) & 1 == 1
    }

    fn either(&self, s: usize, t: usize) -> bool {
        self.has(s, t) || self.has(t, s)
    }

    /// `s` needs `t` and all that `t` needs.
    fn include(&mut self, s: usize, t: usize) {
        for w in 0..self.words {
            self.bits[s * self.words + w] |= self.bits[t * self.words + w];
        }
        self.bits[s * self.words + t / 64] |= 1 << (t % 64);
    }

    /// These run together: who needs one needs all that any of them needs.
    fn merge(&mut self, members: &[usize]) {
        let mut joint = vec![0u64; self.words];
        for &m in members {
            for (w, word) in joint.iter_mut().enumerate() {
                *word |= self.bits[m * self.words + w];
            }
        }
        let mut together = vec![0u64; self.words];
        members
            .iter()
            .for_each(|&m| together[m / 64] |= 1 << (m % 64));
        for (s, row) in self.bits.chunks_mut(self.words).enumerate() {
            let needs = row.iter().zip(&together).any(|(a, b)| a & b != 0);
            if needs || members.contains(&s) {
                row.iter_mut().zip(&joint).for_each(|(a, b)| *a |= b);
            }
            if needs {
                row.iter_mut().zip(&together).for_each(|(a, b)| *a |= b);
            }
        }
    }
}
