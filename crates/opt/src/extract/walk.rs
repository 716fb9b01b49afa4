//! What does that plan compute, load and store, each shared thing once?
//!
//! From the roots down, stage by stage: within a stage a node under one index map is computed once
//! however many use it; between stages nothing is shared but what is stored.

use super::arena::{Arena, Kind};
use super::index_map::IndexMaps;
use super::select::{Place, Selection, Take};
use super::share;
use crate::cost;
use crate::graph::Map;

/// Nodes visited before a plan is given up as too large to compute without storing more.
const MOST_VISITS: usize = 400_000;

/// Something a stage does once: a node under an index map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Visit {
    /// The class.
    pub class: u32,
    /// Under which index map.
    pub map: u32,
    /// Nanoseconds.
    pub ns: f64,
    /// Taken from memory or a source rather than computed.
    pub loads: bool,
    /// Elements computed or drawn.
    pub computed: f64,
    /// Bytes read from a source.
    pub bytes_read: f64,
}

/// One pass.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    /// What it computes.
    pub class: u32,
    /// By which alternative.
    pub root: u32,
    /// Elements it goes through: its own, or those that it folds.
    pub domain: f64,
    /// What it does, without constants and moves.
    pub visits: Vec<Visit>,
    /// Classes it loads, in the order of meeting.
    pub inputs: Vec<u32>,
    /// Those of them that it takes whole: looks up in, or goes through in another shape.
    pub whole: Vec<u32>,
    /// Nanoseconds for folding; 0 for element-wise stages.
    pub fold_ns: f64,
}

/// A plan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// Nanoseconds in all.
    pub cost: f64,
    /// Its stages, roots first.
    pub stages: Vec<Stage>,
    /// Stages that share a pass, by their place; at least two each.
    pub shared: Vec<Vec<usize>>,
    /// Bytes stored between stages, roots left out.
    pub stored_bytes: f64,
}

/// Walks plans; keeps index maps between them.
pub(crate) struct Walker<'a> {
    arena: &'a Arena,
    maps: IndexMaps,
    /// Nodes visited in all plans so far, a choice counted as a quarter of a visit: the clock of
    /// the search.
    pub visited: usize,
    /// What the stage at hand has visited; kept for its memory.
    seen: Map<u64, ()>,
}

impl<'a> Walker<'a> {
    /// For plans of this arena.
    pub fn new(arena: &'a Arena) -> Walker<'a> {
        Walker {
            arena,
            maps: IndexMaps::default(),
            visited: 0,
            seen: Map::default(),
        }
    }

    /// The plan in which these classes are stored; `None` if it is too large.
    ///
    /// Classes that must be stored whatever was wished (reductions, computed parts of a
    /// concatenation, what is below a reshape) join `stored`.
    pub fn plan(&mut self, stored: &mut [bool], store_scale: f64) -> Option<Plan> {
        for &root in &self.arena.roots {
            stored[root as usize] = true;
        }
        loop {
            let selection = Selection::new(self.arena, stored, store_scale);
            self.visited += self.arena.classes.len() / 4;
            let plan = self.walk(&selection)?;
            let mut late: Vec<usize> = (plan.stages.iter())
                .map(|stage| stage.class as usize)
                .filter(|&class| !stored[class])
                .collect();
            if late.is_empty() {
                return Some(share::passes(self.arena, plan, store_scale));
            }
            // What can be stored only comes first: others may then be cut out of it.
            let only_reduces = |class: &usize| self.arena.classes[*class].only_reduces;
            if late.iter().any(only_reduces) {
                late.retain(only_reduces);
            }
            for class in late {
                stored[class] = true;
            }
        }
    }

    fn walk(&mut self, selection: &Selection<'_>) -> Option<Plan> {
        let mut plan = Plan::default();
        let mut known = vec![false; self.arena.classes.len()];
        let mut queue: Vec<u32> = Vec::new();
        let mut total = 0;
        let mut need = |class: u32, queue: &mut Vec<u32>| {
            if !std::mem::replace(&mut known[class as usize], true) {
                queue.push(class);
            }
        };
        for &root in &self.arena.roots {
            need(root, &mut queue);
        }
        let mut next = 0;
        while next < queue.len() {
            let stage = self.stage(queue[next], selection)?;
            total += stage.visits.len();
            if total > MOST_VISITS {
                return None;
            }
            for &input in &stage.inputs {
                need(input, &mut queue);
            }
            plan.stages.push(stage);
            next += 1;
        }
        self.visited += total + plan.stages.len();
        Some(plan)
    }

    /// The stage that computes a class.
    fn stage(&mut self, class: u32, selection: &Selection<'_>) -> Option<Stage> {
        let choice = &selection.choices[class as usize];
        let root = self.arena.classes[class as usize]
            .alternatives
            .get(choice.root as usize)?;
        let domain = root.domain(&self.arena.classes);
        let alone = root.kind.stands_alone();
        let fold_ns = if alone { domain * root.ns } else { 0.0 };
        let mut visits = Vec::new();
        let (mut inputs, mut whole): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        let mut opened: Map<u32, ()> = Map::default();
        self.seen.clear();
        // What stands where, and how many elements of it are visited.
        let mut stack: Vec<(u32, u32, Place, Option<u32>, f64)> = Vec::new();
        if alone {
            for (&arg, x) in root.args.iter().zip(root.expr.args()).rev() {
                let identity = self.maps.identity(x.shape());
                let visited = self.arena.classes[arg as usize].elements;
                stack.push((arg, identity, Place::Argument, None, visited));
            }
        } else {
            let identity = self.maps.identity(root.expr.shape());
            stack.push((class, identity, Place::Argument, Some(choice.root), domain));
        }
        while let Some((at, map, place, forced, domain)) = stack.pop() {
            // Classes and index maps are numbered from 0 and far below 2^30 and 2^31.
            let key = u64::from(at) << 34 | u64::from(map) << 3 | place as u64;
            if self.seen.insert(key, ()).is_some() {
                continue;
            }
            if visits.len() > MOST_VISITS {
                return None;
            }
            let here = &self.arena.classes[at as usize];
            let choice = &selection.choices[at as usize];
            let take = forced.map_or(choice.at(place), Take::Inline);
            let mut visit = Visit {
                class: at,
                map,
                ns: 0.0,
                loads: true,
                computed: 0.0,
                bytes_read: 0.0,
            };
            let Take::Inline(alternative) = take else {
                let size = here.bytes / here.elements.max(1.0);
                visit.ns = here.elements.min(domain) * size * cost::LOAD_BYTE;
                visits.push(visit);
                if !inputs.contains(&at) {
                    inputs.push(at);
                }
                if !matches!(place, Place::Argument | Place::Part) {
                    whole.push(at);
                }
                continue;
            };
            let node = &here.alternatives[alternative as usize];
            match node.kind {
                Kind::Read(source) => {
                    let (open, byte) = cost::source(&node.expr);
                    // A source is opened once however many regions of it a stage reads.
                    let open = match opened.insert(source, ()) {
                        None => open,
                        Some(()) => 0.0,
                    };
                    let size = node.expr.dtype().itemsize() as f64;
                    visit.bytes_read = here.elements.min(domain) * size;
                    visit.ns = open + visit.bytes_read * byte;
                    visits.push(visit);
                }
                Kind::Map | Kind::Lookup | Kind::Made { .. } => {
                    visit.ns = domain * node.ns;
                    visit.loads = false;
                    visit.computed = domain;
                    visits.push(visit);
                }
                _ => {}
            }
            // A part of a concatenation is a domain of its own, all the way down.
            let moves = match node.kind {
                Kind::Affine(_) => place != Place::Part,
                kind => {
                    matches!(kind, Kind::Reshape | Kind::Windows | Kind::Concatenate)
                }
            };
            let moved = if moves || node.kind == Kind::Lookup {
                self.maps.below(map, (at, alternative), node)
            } else {
                map
            };
            for (k, &arg) in node.args.iter().enumerate().rev() {
                // Indices follow the lookup's own elements.
                let follows = node.kind == Kind::Lookup && k > 0;
                let map = if follows { map } else { moved };
                stack.push((arg, map, place.below(node.kind, k), None, domain));
            }
        }
        Some(Stage {
            class,
            root: choice.root,
            domain,
            visits,
            inputs,
            whole,
            fold_ns,
        })
    }
}
