//! What should be stored?
//!
//! Candidates are the classes that some plan visits more often than they have elements. Few of them
//! are tried in every combination; of many, one is flipped at a time, then two, from the plan that
//! stores nothing it need not. Work is limited by nodes visited, never by a clock. If a plan stores
//! more than memory allows, storing is made dearer and the search repeated.

use super::arena::{Arena, Kind};
use super::select::Selection;
use super::walk::{Plan, Walker};
use crate::cost;
use tilewright_core::{Error, Kind as ErrorKind, Result};

/// Candidates tried in every combination.
const FEW: usize = 10;

/// Nodes visited while every combination is tried, and while flipping.
const ALL_VISITS: usize = 6_000;
const FLIP_VISITS: usize = 120_000;

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

fn at_scale(walker: &mut Walker<'_>, arena: &Arena, scale: f64) -> Result<Found> {
    let nothing = vec![false; arena.classes.len()];
    let mut forced = nothing.clone();
    let (mut wish, mut plan) = match walker.plan(&mut forced, scale) {
        Some(plan) => (nothing.clone(), plan),
        None => {
            // Too much would be computed again: start from storing whatever is shared.
            let start = [shared(arena), computed(arena)]
                .into_iter()
                .find_map(|wish| {
                    forced = wish.clone();
                    walker.plan(&mut forced, scale).map(|plan| (wish, plan))
                });
            start.ok_or_else(no_plan)?
        }
    };
    let candidates = candidates(arena, &plan, &forced, &wish, scale);
    let size = plan
        .stages
        .iter()
        .map(|s| s.visits.len() + 1)
        .sum::<usize>();
    let base = forced.clone();
    let mut stored = forced.clone();
    let mut attempt = |wish: &[bool], walker: &mut Walker<'_>, best: &mut Plan| -> bool {
        let mut now = wish.to_vec();
        match walker.plan(&mut now, scale) {
            Some(new) if new.cost < best.cost => {
                *best = new;
                stored = now;
                true
            }
            _ => false,
        }
    };
    let combinations = 1usize << candidates.len().min(20);
    if candidates.len() <= FEW && combinations * size <= ALL_VISITS {
        for mask in 1..combinations {
            let mut trial = nothing.clone();
            for (bit, &class) in candidates.iter().enumerate() {
                trial[class as usize] = mask >> bit & 1 == 1;
            }
            attempt(&trial, walker, &mut plan);
        }
    } else {
        let limit = walker.visited + FLIP_VISITS;
        loop {
            let mut improved = false;
            for &class in &candidates {
                if walker.visited > limit {
                    break;
                }
                wish[class as usize] ^= true;
                if attempt(&wish, walker, &mut plan) {
                    improved = true;
                } else {
                    wish[class as usize] ^= true;
                }
            }
            improved |= pairs(&candidates, &mut wish, |wish| {
                walker.visited <= limit && attempt(wish, walker, &mut plan)
            });
            if !improved || walker.visited > limit {
                break;
            }
        }
    }
    Ok(Found {
        plan,
        stored,
        forced: base,
        scale,
    })
}

/// Flips two candidates at a time; says whether a flip helped.
fn pairs(candidates: &[u32], wish: &mut [bool], mut helps: impl FnMut(&[bool]) -> bool) -> bool {
    let mut improved = false;
    for (k, &a) in candidates.iter().enumerate() {
        for &b in &candidates[k + 1..] {
            wish[a as usize] ^= true;
            wish[b as usize] ^= true;
            if helps(wish) {
                improved = true;
            } else {
                wish[a as usize] ^= true;
                wish[b as usize] ^= true;
            }
        }
    }
    improved
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

fn costs_something(class: &super::arena::Class) -> bool {
    let free = |kind: Kind| matches!(kind, Kind::Constant | Kind::Affine(_) | Kind::Reduce);
    !class.alternatives.iter().any(|a| free(a.kind))
}

/// Classes whose storing could save something, the most promising first.
fn candidates(
    arena: &Arena,
    plan: &Plan,
    stored: &[bool],
    wish: &[bool],
    store_scale: f64,
) -> Vec<u32> {
    let mut visits = vec![0.0f64; arena.classes.len()];
    for stage in &plan.stages {
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
            if let (Kind::Affine(_), [arg]) = (alternative.kind, &alternative.args[..])
                && needed[*arg as usize]
            {
                visits[*arg as usize] += visits[k];
            }
        }
    }
    let selection = Selection::new(arena, stored, store_scale);
    let mut found: Vec<(f64, u32)> = Vec::new();
    for (k, class) in arena.classes.iter().enumerate() {
        if wish[k] {
            found.push((f64::INFINITY, k as u32));
            continue;
        }
        if stored[k] || class.elements == 0.0 || visits[k] <= class.elements {
            continue;
        }
        let again = selection.again(k) * (visits[k] / class.elements - 1.0);
        let storing = class.bytes * (cost::STORE_BYTE * store_scale)
            + cost::LOAD_BYTE * class.bytes
            + cost::STAGE;
        if again > storing {
            found.push((again - storing, k as u32));
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    found.into_iter().map(|(_, k)| k).collect()
}
