//! Which nodes does a tree show, each once?
//!
//! Stages are entered: the argument of a stage stands where its body reads it. Equal nodes are one,
//! whether or not they share memory. Absent: text layout.

use super::name::name;
use crate::attr::{Attr, Leaf, LeafKind, SourceRef};
use crate::node::{Expr, Type};
use crate::op::{Family, MoveKind, OpId, StageKind};
use std::collections::HashMap;

/// A node that is shown.
pub(super) struct Shown {
    /// Operator and attributes.
    pub what: String,
    /// Its type.
    pub ty: Type,
    /// Which part of its whole a leaf is, if not all.
    pub note: String,
    /// Positions of its arguments.
    pub children: Vec<usize>,
    /// Constants are short enough to be repeated.
    pub constant: bool,
}

/// An expression and the body it stands in: 0 is none, `k + 1` that of stage `k`.
type Place = (usize, Expr);

/// Every node below some roots, arguments before users.
#[derive(Default)]
pub(super) struct Graph {
    /// The nodes.
    pub nodes: Vec<Shown>,
    stages: Vec<Place>,
    stage_numbers: HashMap<(usize, usize), usize>,
    /// By place and address.
    done: HashMap<(usize, usize), usize>,
    /// By meaning: whether a stage, operator, attribute and arguments.
    equal: HashMap<(bool, OpId, Attr, Vec<usize>), usize>,
    /// In-memory arrays by first appearance.
    memory: Vec<u64>,
}

/// How a node is shown: under the name of `title`, with `below` under it.
struct Opened {
    stage: bool,
    title: Expr,
    below: Vec<Place>,
}

impl Graph {
    /// Adds what is at and below an expression; gives its position.
    pub fn add(&mut self, root: &Expr) -> usize {
        let root = self.resolve((0, root.clone()));
        let mut pending = vec![root.clone()];
        while let Some(place) = pending.last().cloned() {
            if self.find(&place).is_some() {
                pending.pop();
                continue;
            }
            let opened = self.open(&place);
            let below = opened.below.iter();
            let missing: Vec<Place> = below.filter(|p| self.find(p).is_none()).cloned().collect();
            if missing.is_empty() {
                pending.pop();
                let at = self.intern(&opened, &place.1);
                self.done.insert((place.0, place.1.address()), at);
            } else {
                pending.extend(missing.into_iter().rev());
            }
        }
        self.find(&root).unwrap_or(0)
    }

    fn find(&self, place: &Place) -> Option<usize> {
        self.done.get(&(place.0, place.1.address())).copied()
    }

    fn open(&mut self, (at, expr): &Place) -> Opened {
        let Attr::Body(body) = expr.attr() else {
            let below = self.arguments(*at, expr);
            return Opened {
                stage: false,
                title: expr.clone(),
                below,
            };
        };
        let next = self.stages.len();
        let number = *self
            .stage_numbers
            .entry((*at, expr.address()))
            .or_insert(next);
        if number == next {
            self.stages.push((*at, expr.clone()));
        }
        let inside = number + 1;
        let (title, below) = match &body.roots[..] {
            // The stage takes the name of its only output.
            [root] => (root.clone(), self.arguments(inside, root)),
            roots => {
                let roots = roots
                    .iter()
                    .map(|root| self.resolve((inside, root.clone())));
                (expr.clone(), roots.collect())
            }
        };
        Opened {
            stage: true,
            title,
            below,
        }
    }

    /// What stands below a node: its arguments, or what an input reads.
    fn arguments(&self, at: usize, expr: &Expr) -> Vec<Place> {
        match self.input(at, expr) {
            Some(argument) => vec![self.resolve(argument)],
            None => expr
                .args()
                .iter()
                .map(|arg| self.resolve((at, arg.clone())))
                .collect(),
        }
    }

    /// The argument of the stage that an input leaf reads.
    fn input(&self, at: usize, expr: &Expr) -> Option<Place> {
        let (Attr::Leaf(leaf), Some((outside, stage))) =
            (expr.attr(), self.stages.get(at.wrapping_sub(1)))
        else {
            return None;
        };
        match leaf.kind {
            LeafKind::Input(k) => Some((*outside, stage.args().get(k)?.clone())),
            _ => None,
        }
    }

    /// Skips what is not shown: inputs that are read whole, and broadcasts of constants.
    fn resolve(&self, mut place: Place) -> Place {
        loop {
            let (at, expr) = &place;
            let next = match (&expr.op().family, expr.attr(), expr.args()) {
                (Family::Stage(StageKind::Input), Attr::Leaf(leaf), _) if is_whole(leaf) => {
                    self.input(*at, expr)
                }
                (Family::Move(MoveKind::Broadcast), _, [x]) => {
                    Some(self.resolve((*at, x.clone()))).filter(|(_, x)| is_constant(x))
                }
                _ => None,
            };
            match next {
                Some(next) => place = next,
                None => return place,
            }
        }
    }

    /// The position of this node or one equal to it.
    fn intern(&mut self, opened: &Opened, expr: &Expr) -> usize {
        let children: Vec<usize> = opened.below.iter().filter_map(|p| self.find(p)).collect();
        let title = &opened.title;
        let attr = match title.attr() {
            Attr::Body(_) => Attr::None,
            attr => attr.clone(),
        };
        let key = (opened.stage, title.op_id(), attr, children.clone());
        if let Some(&known) = self.equal.get(&key) {
            return known;
        }
        let (what, note) = self.describe(title);
        // A stage with several outputs has its own name already.
        let prefix = opened.stage && !matches!(title.attr(), Attr::Body(_));
        self.nodes.push(Shown {
            what: if prefix {
                format!("fused {what}")
            } else {
                what
            },
            ty: expr.ty().clone(),
            note,
            children,
            constant: !opened.stage && is_constant(expr),
        });
        self.equal.insert(key, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    /// What a node is, and which part of its whole.
    fn describe(&mut self, title: &Expr) -> (String, String) {
        let Attr::Leaf(leaf) = title.attr() else {
            return (name(title), String::new());
        };
        let note = if is_whole(leaf) {
            String::new()
        } else {
            format!("at {}", leaf.at)
        };
        let what = match &leaf.kind {
            LeafKind::Source(SourceRef::Memory(array)) => {
                let known = self.memory.iter().position(|&id| id == array.owner.id());
                let number = known.unwrap_or_else(|| {
                    self.memory.push(array.owner.id());
                    self.memory.len() - 1
                });
                format!("memory array {}", number + 1)
            }
            LeafKind::Input(_) => "copy".to_owned(),
            _ => name(title),
        };
        (what, note)
    }
}

fn is_whole(leaf: &Leaf) -> bool {
    leaf.at.is_full(&leaf.whole)
}

fn is_constant(expr: &Expr) -> bool {
    matches!(expr.attr(), Attr::Leaf(leaf) if matches!(leaf.kind, LeafKind::Full(_)))
        && expr.shape().is_empty()
}
