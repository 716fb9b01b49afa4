//! How do the steps follow each other?

use crate::extract::arena::{Arena, Kind};
use crate::extract::emit::emit;
use crate::extract::search::{Found, search};
use crate::extract::select::Selection;
use crate::form;
use crate::graph::Graph;
use crate::report::{self, Report};
use crate::saturate::{Tally, relax, saturate};
use tilewright_core::{Error, Kind as ErrorKind, Result};
use tilewright_expr::{Expr, walk};

/// What the optimizer may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Also rules that keep an error bound instead of the bits.
    pub relaxed: bool,
    /// Bytes that arrays stored between stages may take; none: no limit. Over it, storing is made
    /// dearer until a plan fits; the plan that stores least is given if none does.
    pub memory: Option<u64>,
}

/// Equal expressions in the form of [`form`], and how they came about.
#[derive(Clone, Debug)]
pub struct Optimized {
    /// One stage or output of a stage for each root, in their order.
    pub roots: Vec<Expr>,
    /// What was done.
    pub report: Report,
}

/// The cheapest expressions found that are equal to these, element for element and of one type.
///
/// # Errors
/// [`ErrorKind::Internal`] only: a defect of a rule or of extraction.
pub fn optimize(roots: &[Expr], options: &Options) -> Result<Optimized> {
    let mut tally = Tally::default();
    let work_before = report::plain_work(&walk::expand_derived(roots)?);
    let relaxed;
    let roots = if options.relaxed {
        relaxed = relax(roots, &mut tally)?;
        &relaxed[..]
    } else {
        roots
    };
    let mut graph = Graph::default();
    for root in roots {
        graph.add(root);
    }
    saturate(&mut graph, &walk::postorder(roots), &mut tally)?;
    tally.add("commute", graph.commuted);
    let arena = Arena::new(&graph, roots);
    let found = search(&arena, options.memory)?;
    let selection = Selection::new(&arena, &found.stored, found.scale);
    let result = emit(&mut graph, &arena, &selection, &found.plan)?;
    choices(&arena, &found, &mut tally);
    debug_assert_eq!(form::check(&result), Ok(()));
    for (old, new) in roots.iter().zip(&result) {
        if old.ty() != new.ty() {
            return Err(Error::new(ErrorKind::Internal, "the plan has another type")
                .fact("from", format!("{old:?}"))
                .fact("to", format!("{new:?}")));
        }
    }
    Ok(Optimized {
        roots: result,
        report: Report {
            fired: report::fired(&tally),
            work_before,
            work_after: report::plan_work(&arena, &found.plan),
            cost_ns: found.plan.cost,
            nodes: graph.nodes(),
            iterations: tally.rounds,
        },
    })
}

/// Counts what extraction chose.
fn choices(arena: &Arena, found: &Found, tally: &mut Tally) {
    let plan = &found.plan;
    let mut visited = vec![0.0; arena.classes.len()];
    let (mut maps, mut reductions, mut stored) = (0, 0, 0);
    for stage in &plan.stages {
        let computed = stage.visits.iter().filter(|visit| !visit.loads);
        let root = arena.classes[stage.class as usize]
            .alternatives
            .get(stage.root as usize);
        if root.is_some_and(|root| root.kind == Kind::Reduce) {
            reductions += 1;
        } else if computed.clone().count() > 1 {
            maps += 1;
        }
        computed.for_each(|visit| visited[visit.class as usize] += visit.computed);
        stored += u32::from(!found.forced[stage.class as usize]);
    }
    let again = (arena.classes.iter().zip(&visited))
        .filter(|(class, visited)| **visited > class.elements)
        .count();
    tally.add("fuse-map", maps);
    tally.add("tree-reduce", reductions);
    tally.add("share-pass", plan.shared.len() as u32);
    tally.add("fuse-shared", again as u32);
    tally.add("store-shared", stored);
}
