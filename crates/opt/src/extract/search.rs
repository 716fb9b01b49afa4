//! What should be stored?
//!
//! Candidates are the classes that some plan visits more often than they have elements. Few of them
//! are tried in every combination; of many, all are stored and those not worth it dropped, then one
//! is flipped at a time, then two. Work is limited by nodes visited, never by a clock. If a plan stores
//! more than memory allows, storing is made dearer and the search repeated.

use super::arena::{Arena, Class, Kind};
use super::select::Selection;
use super::walk::{Plan, Walker};
use crate::cost;
use tilewright_core::{Error, Kind as ErrorKind, Result};

/// Candidates tried in every combination, if that visits few nodes.
const FEW: usize = 10;
const ALL_VISITS: usize = 2_000;

/// Nodes visited while flipping: some, and more for each class.
const FLIP_VISITS: usize = 4_000;
const FLIP_VISITS_PER_CLASS: usize = 12;

/// Rounds of dropping what is not worth storing.
const THINNINGS: usize = 8;

/// Factors by which storing is made dearer until a plan fits.
const DEARER: [f64; 6] = [1.0, 4.0, 16.0, 64.0, 256.0, 4096.0];

/// The cheapest plan found, and what it stores by choice.
pub(crate) struct Found {
    /// The plan.
    pub plan: Plan,
    /// What it stores.
    pub stored: Vec<bool>,
    /// What the plan without choice stores.
    pub forced: Vec<bool>,
    /// How many times dearer storing was taken to be.
    pub scale: f64,
}

/// Searches for the cheapest plan that stores no more than `memory` bytes between stages.
///
/// # Errors
/// [`ErrorKind::Internal`] if there is no plan at all.
pub(crate) fn search(arena: &Arena, memory: Option<u64>) -> Result<Found> {
    let mut walker = Walker::new(arena);
    let mut best: Option<Found> = None;
    for scale in DEARER {
        let found = at_scale(&mut walker, arena, scale)?;
        let fits = memory.is_none_or(|limit| found.plan.stored_bytes <= limit as f64);
        let better = best
            .as_ref()
            .is_none_or(|old| found.plan.stored_bytes < old.plan.stored_bytes);
        if better {
            best = Some(found);
        }
        if fits {
            break;
        }
    }
    best.ok_or_else(no_plan)
}

fn no_plan() -> Error {
    Error::new(ErrorKind::Internal, "no plan computes the roots")
}

/// A set of wishes and the plan it gives.
struct Tried {
    wish: Vec<bool>,
    stored: Vec<bool>,
    plan: Plan,
}

/// Plans for wishes on top of what is stored in any case.
struct Trials<'w, 'a> {
    walker: &'w mut Walker<'a>,
    /// Stored without choice.
    base: Vec<bool>,
    scale: f64,
}

impl Trials<'_, '_> {
    fn plan(&mut self, wish: Vec<bool>) -> Option<Tried> {
        let mut stored: Vec<bool> = wish.iter().zip(&self.base).map(|(a, b)| a | b).collect();
        let plan = self.walker.plan(&mut stored, self.scale)?;
        Some(Tried { wish, stored, plan })
    }

    /// Replaces the best by the plan of a wish, if that is cheaper.
    fn improve(&mut self, best: &mut Tried, wish: &[bool]) -> bool {
        match self.plan(wish.to_vec()) {
            Some(new) if new.plan.cost < best.plan.cost => {
                *best = new;
                true
            }
            _ => false,
        }
    }
}

fn at_scale(walker: &mut Walker<'_>, arena: &Arena, scale: f64) -> Result<Found> {
    let nothing = vec![false; arena.classes.len()];
    let mut trials = Trials {
        walker,
        base: nothing.clone(),
        scale,
    };
    // Where too much would be computed again, start from storing whatever is shared.
    let start = [nothing.clone(), shared(arena), computed(arena)]
        .into_iter()
        .find_map(|wish| trials.plan(wish));
    let mut best = start.ok_or_else(no_plan)?;
    let with_base = best.stored.iter().zip(&best.wish);
    trials.base = with_base.map(|(&stored, &wish)| stored && !wish).collect();
    let candidates = candidates(arena, &best, scale);
    let visits = best.plan.stages.iter().map(|s| s.visits.len() + 1);
    let size = visits.sum::<usize>() + arena.classes.len() / 4;
    let subset = |mask: usize| {
        let mut wish = nothing.clone();
        for (bit, &class) in candidates.iter().enumerate() {
            wish[class as usize] = mask >> bit.min(63) & 1 == 1;
        }
        wish
    };
    let combinations = 1usize << candidates.len().min(20);
    if candidates.len() <= FEW && combinations * size <= ALL_VISITS {
        for mask in 1..combinations {
            trials.improve(&mut best, &subset(mask));
        }
    } else {
        let mut all = nothing.clone();
        candidates
            .iter()
            .for_each(|&class| all[class as usize] = true);
        if let Some(thinned) = thin(&mut trials, arena, all)
            && thinned.plan.cost < best.plan.cost
        {
            best = thinned;
        }
        flip(&mut trials, arena, &candidates, &mut best);
    }
    Ok(Found {
        plan: best.plan,
        stored: best.stored,
        forced: trials.base,
        scale,
    })
}

/// Drops what is not worth storing, many at a time, as long as that helps.
fn thin(trials: &mut Trials<'_, '_>, arena: &Arena, wish: Vec<bool>) -> Option<Tried> {
    let mut best = trials.plan(wish)?;
    for _ in 0..THINNINGS {
        let selection = Selection::new(arena, &best.stored, trials.scale);
        let mut visited = vec![0.0; arena.classes.len()];
        let mut users: Vec<Vec<u32>> = vec![Vec::new(); arena.classes.len()];
        for stage in &best.plan.stages {
            for visit in stage.visits.iter().filter(|visit| visit.loads) {
                visited[visit.class as usize] += stage.domain;
                users[visit.class as usize].push(stage.class);
            }
        }
        let mut wish = best.wish.clone();
        let mut dropped = false;
        // Users have higher numbers: when one is dropped, its arguments wait for the next round.
        for k in (0..wish.len()).rev().filter(|&k| best.wish[k]) {
            let class = &arena.classes[k];
            let again = selection.again(k) * (visited[k] / class.elements.max(1.0) - 1.0);
            let kept = users[k]
                .iter()
                .all(|&u| wish[u as usize] == best.wish[u as usize]);
            if kept && again < storing(class) {
                wish[k] = false;
                dropped = true;
            }
        }
        if !dropped || !trials.improve(&mut best, &wish) {
            break;
        }
    }
    Some(best)
}

/// Nanoseconds at least to store a class and load it once: in parts, where it is never whole.
fn storing(class: &Class) -> f64 {
    class.bytes * (cost::PART_BYTE + cost::LOAD_BYTE) + cost::STAGE
}

/// Flips one candidate at a time, then two, as long as that helps and the limit allows.
fn flip(trials: &mut Trials<'_, '_>, arena: &Arena, candidates: &[u32], best: &mut Tried) {
    let limit = trials.walker.visited + FLIP_VISITS + FLIP_VISITS_PER_CLASS * arena.classes.len();
    loop {
        let mut improved = false;
        for &class in candidates {
            if trials.walker.visited > limit {
                return;
            }
            let mut wish = best.wish.clone();
            wish[class as usize] ^= true;
            improved |= trials.improve(best, &wish);
        }
        for (k, &a) in candidates.iter().enumerate() {
            for &b in &candidates[k + 1..] {
                if trials.walker.visited > limit {
                    return;
                }
                let mut wish = best.wish.clone();
                wish[a as usize] ^= true;
                wish[b as usize] ^= true;
                improved |= trials.improve(best, &wish);
            }
        }
        if !improved {
            return;
        }
    }
}

/// Classes with several users, in a graph too entangled to start from nothing.
fn shared(arena: &Arena) -> Vec<bool> {
    let mut users = vec![0u32; arena.classes.len()];
    for class in &arena.classes {
        for alternative in &class.alternatives {
            for &arg in &alternative.args {
                users[arg as usize] += 1;
            }
        }
    }
    (arena.classes.iter().zip(users))
        .map(|(class, users)| users > 1 && costs_something(class))
        .collect()
}

/// Every class that computes something.
fn computed(arena: &Arena) -> Vec<bool> {
    arena.classes.iter().map(costs_something).collect()
}

fn costs_something(class: &Class) -> bool {
    let free = |kind: Kind| matches!(kind, Kind::Constant | Kind::Affine(_)) || kind.stands_alone();
    !class.alternatives.iter().any(|a| free(a.kind))
}

/// Classes whose storing could save something, the most promising first: those that save it by
/// themselves, whatever is stored of what they are made of.
fn candidates(arena: &Arena, start: &Tried, scale: f64) -> Vec<u32> {
    let mut visits = vec![0.0f64; arena.classes.len()];
    for stage in &start.plan.stages {
        // A node that a stage or two hold under several index maps is visited that often.
        for visit in &stage.visits {
            let domain = if visit.loads {
                arena.classes[visit.class as usize].elements
            } else {
                visit.computed
            };
            visits[visit.class as usize] += domain;
        }
    }
    // What a plan computes apart could also be cut out of the array it is cut from.
    let needed: Vec<bool> = visits.iter().map(|&v| v > 0.0).collect();
    for (k, class) in arena.classes.iter().enumerate().filter(|(k, _)| needed[*k]) {
        for alternative in &class.alternatives {
            if let (Kind::Affine(_), [arg]) = (alternative.kind, &alternative.args[..]) {
                visits[*arg as usize] += visits[k];
            }
        }
    }
    let selection = Selection::new(arena, &start.stored, scale);
    let mut found: Vec<(f64, f64, u32)> = Vec::new();
    for (k, class) in arena.classes.iter().enumerate() {
        if start.wish[k] {
            found.push((f64::INFINITY, 0.0, k as u32));
            continue;
        }
        if start.stored[k] || class.elements == 0.0 || visits[k] <= class.elements {
            continue;
        }
        let more = visits[k] / class.elements - 1.0;
        let gain = selection.again(k) * more - storing(class);
        if gain > 0.0 {
            let alone = selection.own(k) * more - storing(class);
            found.push((alone.max(0.0), gain, k as u32));
        }
    }
    found.sort_by(|a, b| {
        let gains = b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1));
        gains.then(a.2.cmp(&b.2))
    });
    found.into_iter().map(|(_, _, k)| k).collect()
}
