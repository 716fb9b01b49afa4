//! How does the plan stand as `fused` nodes?
//!
//! Each stage joins its class in the e-graph as a `fused` node over the classes of its inputs, or
//! as a `get` of a stage with several outputs. Absent: choices, which were made.

use super::arena::Arena;
use super::select::{Place, Selection, Take};
use super::walk::{Plan, Stage};
use crate::graph::{Graph, Map};
use crate::stage::Stages;
use tilewright_core::{Error, Kind as ErrorKind, Result};
use tilewright_expr::Expr;

/// Writes the plan; gives the roots.
///
/// # Errors
/// [`ErrorKind::Internal`] if the plan does not hold together.
pub(crate) fn emit(
    graph: &mut Graph,
    arena: &Arena,
    selection: &Selection<'_>,
    plan: &Plan,
) -> Result<Vec<Expr>> {
    let mut writer = Writer {
        graph,
        arena,
        selection,
        stages: Stages::default(),
        done: vec![None; arena.classes.len()],
    };
    let mut units: Vec<Vec<usize>> = plan.shared.clone();
    let mut single = vec![true; plan.stages.len()];
    plan.shared
        .iter()
        .flatten()
        .for_each(|&s| single[s] = false);
    units.extend((0..single.len()).filter(|&s| single[s]).map(|s| vec![s]));
    // Arguments have lower numbers; a shared pass waits for all of its members' inputs.
    units.sort_by_key(|unit| unit.iter().map(|&s| plan.stages[s].class).max());
    while !units.is_empty() {
        let before = units.len();
        let mut later = Vec::new();
        for unit in units {
            let stages: Vec<&Stage> = unit.iter().map(|&s| &plan.stages[s]).collect();
            let inputs = stages.iter().flat_map(|stage| stage.inputs.iter());
            if inputs.clone().all(|&k| writer.done[k as usize].is_some()) {
                writer.unit(&stages)?;
            } else {
                later.push(unit);
            }
        }
        if later.len() == before {
            return Err(internal("stages wait for each other"));
        }
        units = later;
    }
    let root = |&k: &u32| writer.done[k as usize].clone();
    let roots: Option<Vec<Expr>> = arena.roots.iter().map(root).collect();
    writer.graph.egraph.rebuild();
    roots.ok_or_else(|| internal("a root without a stage"))
}

fn internal(what: &str) -> Error {
    Error::new(ErrorKind::Internal, format!("the plan: {what}"))
}

struct Writer<'a> {
    graph: &'a mut Graph,
    arena: &'a Arena,
    selection: &'a Selection<'a>,
    stages: Stages,
    /// The output that holds each stored class.
    done: Vec<Option<Expr>>,
}

/// A body in the making.
#[derive(Default)]
struct Body {
    nodes: Map<(u32, u8), Expr>,
    inputs: Vec<(u32, Expr)>,
}

impl Writer<'_> {
    /// Writes the stage of these outputs.
    fn unit(&mut self, members: &[&Stage]) -> Result<()> {
        let mut body = Body::default();
        let mut roots = Vec::new();
        for member in members {
            roots.push(self.root(&mut body, member)?);
        }
        let inputs: Vec<Expr> = body.inputs.into_iter().map(|(_, x)| x).collect();
        let stage = self.stages.fused(roots, &inputs)?;
        for (k, member) in members.iter().enumerate() {
            let output = if members.len() == 1 {
                stage.clone()
            } else {
                self.stages.get(&stage, k)?
            };
            let id = self.graph.add(&output);
            let class = self.arena.classes[member.class as usize].id;
            self.graph.union(class, id);
            self.done[member.class as usize] = Some(output);
        }
        Ok(())
    }

    /// The body of one output.
    fn root(&mut self, body: &mut Body, stage: &Stage) -> Result<Expr> {
        let class = &self.arena.classes[stage.class as usize];
        let root = &class.alternatives[stage.root as usize];
        let below = |k| Place::Argument.below(root.kind, k);
        let args: Result<Vec<Expr>> = (root.args.iter().enumerate())
            .map(|(k, &arg)| self.node(body, arg, below(k)))
            .collect();
        self.stages
            .node(root.expr.op_id(), root.expr.attr().clone(), &args?)
    }

    /// The body node of a class.
    fn node(&mut self, body: &mut Body, class: u32, place: Place) -> Result<Expr> {
        let mut stack = vec![(class, place, false)];
        while let Some((at, place, expanded)) = stack.pop() {
            if body.nodes.contains_key(&(at, place as u8)) {
                continue;
            }
            let choice = &self.selection.choices[at as usize];
            let made = match choice.at(place) {
                Take::Input => self.input(body, at)?,
                Take::Inline(alternative) => {
                    let node = &self.arena.classes[at as usize].alternatives[alternative as usize];
                    let args = node.args.iter().enumerate();
                    let args = args.map(|(k, &arg)| (arg, place.below(node.kind, k)));
                    if !expanded && !node.args.is_empty() {
                        stack.push((at, place, true));
                        stack.extend(args.rev().map(|(arg, below)| (arg, below, false)));
                        continue;
                    }
                    let args: Option<Vec<Expr>> = args
                        .map(|(arg, below)| body.nodes.get(&(arg, below as u8)).cloned())
                        .collect();
                    let args = args.ok_or_else(|| internal("a body before its arguments"))?;
                    self.stages
                        .node(node.expr.op_id(), node.expr.attr().clone(), &args)?
                }
            };
            body.nodes.insert((at, place as u8), made);
        }
        let made = body.nodes.get(&(class, place as u8)).cloned();
        made.ok_or_else(|| internal("a body without its root"))
    }

    fn input(&mut self, body: &mut Body, class: u32) -> Result<Expr> {
        let stored = self.done[class as usize]
            .clone()
            .ok_or_else(|| internal("an input before its stage"))?;
        let known = body.inputs.iter().position(|(k, _)| *k == class);
        let k = known.unwrap_or(body.inputs.len());
        if known.is_none() {
            body.inputs.push((class, stored.clone()));
        }
        self.stages.input(k, &stored)
    }
}
