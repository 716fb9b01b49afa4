//! Which classes and alternatives are reachable, without cycles?
//!
//! The e-graph below the roots as a flat list, arguments before users. A class that is equal to
//! something above it (`-(-x)` and `x`) makes a cycle; alternatives that close one are dropped, the
//! cheapest of each class kept.

use crate::cost;
use crate::graph::{Graph, Map};
use egg::Id;
use smallvec::SmallVec;
use tilewright_expr::op::MoveKind;
use tilewright_expr::{Attr, Expr, Family, LeafKind};

/// How an alternative computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Element by element.
    Map,
    /// An affine move.
    Affine(MoveKind),
    /// A reshape, which takes an input or a leaf that is linear in the C-order index.
    Reshape,
    /// Windows, which are of a stored array.
    Windows,
    /// A concatenation, which takes parts that are read or stored.
    Concatenate,
    /// A lookup, which takes an array that is read or stored, and indices in memory.
    Lookup,
    /// One value; nothing to compute.
    Constant,
    /// Made from the index, or drawn; `linear`: a reshape may stand directly above.
    Made {
        /// Whether it takes all of its whole and has no arguments.
        linear: bool,
    },
    /// Read, of the source with this number.
    Read(u32),
    /// A reduction: a stage of its own.
    Reduce,
    /// A function of rows: a stage of its own.
    Along,
    /// A function of blocks: a stage of its own.
    Opaque,
}

impl Kind {
    /// Whether it is the root of a stage or nothing.
    pub fn stands_alone(self) -> bool {
        matches!(self, Kind::Reduce | Kind::Along | Kind::Opaque)
    }
}

/// One way to compute a class.
#[derive(Clone, Debug)]
pub(crate) struct Alternative {
    /// The node.
    pub expr: Expr,
    /// How it computes.
    pub kind: Kind,
    /// Classes of its arguments.
    pub args: SmallVec<[u32; 2]>,
    /// Nanoseconds per element it computes, draws, makes or folds.
    pub ns: f64,
}

impl Alternative {
    /// Elements that a stage goes through whose root it is: its own, or those that it folds or
    /// whose rows it takes.
    pub fn domain(&self, classes: &[Class]) -> f64 {
        let own = self.expr.elements() as f64;
        match (self.kind.stands_alone(), self.args.first()) {
            (true, Some(&arg)) => classes[arg as usize].elements.max(own),
            _ => own,
        }
    }
}

/// An e-class.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    /// The e-graph's number.
    pub id: Id,
    /// Elements.
    pub elements: f64,
    /// Bytes.
    pub bytes: f64,
    /// Its alternatives, in the order of their text: of equally cheap ones the first is taken.
    pub alternatives: Vec<Alternative>,
    /// Whether one of them stands alone: a reduction, a function of rows or of blocks.
    pub reduces: bool,
    /// Whether all alternatives stand alone: the class is stored or not computed at all.
    pub only_reduces: bool,
    /// The alternative over which a reshape may stand.
    pub linear: Option<u32>,
    /// Whether one may be a part of a concatenation without being stored.
    pub chains: bool,
}

/// The classes below the roots, arguments before users.
#[derive(Clone, Debug)]
pub(crate) struct Arena {
    /// The classes.
    pub classes: Vec<Class>,
    /// The roots.
    pub roots: Vec<u32>,
}

fn kind(expr: &Expr) -> Option<Kind> {
    Some(match &expr.op().family {
        Family::Map(_) => Kind::Map,
        Family::Move(MoveKind::Reshape) => Kind::Reshape,
        Family::Move(MoveKind::Concatenate) => Kind::Concatenate,
        Family::Move(MoveKind::Windows) => Kind::Windows,
        Family::Move(kind) => Kind::Affine(*kind),
        Family::Index => Kind::Lookup,
        Family::Reduce(_) => Kind::Reduce,
        Family::Along(_) => Kind::Along,
        Family::Opaque => Kind::Opaque,
        Family::Source => Kind::Read(0),
        Family::Create | Family::Random => match expr.attr() {
            Attr::Leaf(leaf) if matches!(leaf.kind, LeafKind::Full(_)) => Kind::Constant,
            Attr::Leaf(leaf) => Kind::Made {
                linear: expr.args().is_empty() && leaf.at.is_full(&leaf.whole),
            },
            _ => return None,
        },
        Family::Derived(_) | Family::Composed(_) | Family::Stage(_) => return None,
    })
}

impl Arena {
    /// The part of the graph below these roots.
    pub fn new(graph: &Graph, roots: &[Expr]) -> Arena {
        let mut flat = Flat::default();
        let roots: Vec<u32> = roots.iter().map(|r| flat.number(graph.class(r))).collect();
        let mut next = 0;
        while next < flat.ids.len() {
            let forms = &graph.egraph[flat.ids[next]].data.forms;
            let mut alternatives: Vec<Alternative> = Vec::new();
            for form in forms {
                let Some(mut kind) = kind(&form.expr) else {
                    continue;
                };
                if let (Kind::Read(number), Attr::Leaf(leaf)) = (&mut kind, form.expr.attr()) {
                    let next = flat.sources.len() as u32;
                    *number = *flat.sources.entry(leaf.kind.clone()).or_insert(next);
                }
                let args = form.expr.args().iter();
                let new = Alternative {
                    kind,
                    args: args.map(|arg| flat.number(graph.class(arg))).collect(),
                    ns: cost::per_element(&form.expr),
                    expr: form.expr.clone(),
                };
                let twin = |old: &Alternative| {
                    old.args == new.args
                        && old.expr.op_id() == new.expr.op_id()
                        && old.expr.attr() == new.expr.attr()
                };
                if !alternatives.iter().any(twin) {
                    alternatives.push(new);
                }
            }
            flat.alternatives.push(alternatives);
            next += 1;
        }
        flat.order(graph, &roots)
    }
}

/// Classes in the order of discovery.
#[derive(Default)]
struct Flat {
    numbers: Map<Id, u32>,
    ids: Vec<Id>,
    alternatives: Vec<Vec<Alternative>>,
    /// Numbers of sources.
    sources: Map<LeafKind, u32>,
}

impl Flat {
    fn number(&mut self, id: Id) -> u32 {
        *self.numbers.entry(id).or_insert_with(|| {
            self.ids.push(id);
            self.ids.len() as u32 - 1
        })
    }

    fn elements(&self, graph: &Graph, k: usize) -> (f64, f64) {
        match graph.egraph[self.ids[k]].data.forms.first() {
            Some(form) => {
                let n = form.expr.elements() as f64;
                (n, n * form.expr.dtype().itemsize() as f64)
            }
            None => (0.0, 0.0),
        }
    }

    /// Renumbers so that arguments come first, dropping alternatives that close a cycle.
    fn order(mut self, graph: &Graph, roots: &[u32]) -> Arena {
        let mut place = vec![u32::MAX; self.ids.len()];
        let mut order: Vec<u32> = Vec::with_capacity(self.ids.len());
        for component in components(&self.alternatives) {
            for k in self.untangle(graph, &component, &place) {
                place[k as usize] = order.len() as u32;
                order.push(k);
            }
        }
        let mut classes = Vec::with_capacity(order.len());
        for (at, &k) in order.iter().enumerate() {
            let mut alternatives = std::mem::take(&mut self.alternatives[k as usize]);
            for alternative in &mut alternatives {
                for arg in &mut alternative.args {
                    *arg = place[*arg as usize];
                }
            }
            alternatives.retain(|a| a.args.iter().all(|&arg| (arg as usize) < at));
            alternatives.sort_by(|a, b| {
                let text = |x: &Alternative| x.expr.op().name;
                (text(a), a.expr.attr(), &a.args).cmp(&(text(b), b.expr.attr(), &b.args))
            });
            let (elements, bytes) = self.elements(graph, k as usize);
            let reduces = |a: &Alternative| a.kind.stands_alone();
            let linear = |a: &Alternative| match a.kind {
                Kind::Made { linear } => linear,
                kind => kind == Kind::Constant,
            };
            let chains = |a: &Alternative| match a.kind {
                Kind::Affine(kind) => kind != MoveKind::Broadcast,
                kind => matches!(kind, Kind::Read(_)),
            };
            classes.push(Class {
                id: self.ids[k as usize],
                elements,
                bytes,
                reduces: alternatives.iter().any(reduces),
                only_reduces: alternatives.iter().all(reduces),
                linear: alternatives.iter().position(linear).map(|at| at as u32),
                chains: alternatives.iter().any(chains),
                alternatives,
            });
        }
        Arena {
            classes,
            roots: roots.iter().map(|&r| place[r as usize]).collect(),
        }
    }

    /// The classes of a component in an order in which each has an alternative over earlier ones,
    /// the cheapest first.
    fn untangle(&self, graph: &Graph, component: &[u32], place: &[u32]) -> Vec<u32> {
        if let [only] = component {
            return vec![*only];
        }
        let mut cost: Map<u32, f64> = Map::default();
        let mut left: Vec<u32> = component.to_vec();
        let mut done = Vec::new();
        while !left.is_empty() {
            let price = |k: u32| {
                let (elements, _) = self.elements(graph, k as usize);
                let known = |arg: &u32| {
                    if place[*arg as usize] != u32::MAX {
                        Some(0.0)
                    } else {
                        cost.get(arg).copied()
                    }
                };
                self.alternatives[k as usize]
                    .iter()
                    .filter_map(|a| {
                        let args: Option<f64> = a.args.iter().map(known).sum();
                        args.map(|ns| ns + elements * a.ns + 1.0)
                    })
                    .min_by(f64::total_cmp)
            };
            let best = (0..left.len())
                .filter_map(|at| price(left[at]).map(|ns| (ns, at)))
                .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let Some((ns, at)) = best else {
                // No class of it can be computed without another: none is reachable by a plan.
                done.append(&mut left);
                break;
            };
            let k = left.remove(at);
            cost.insert(k, ns);
            done.push(k);
        }
        done
    }
}

/// Strongly connected components, arguments first (Tarjan 1972, without recursion).
fn components(alternatives: &[Vec<Alternative>]) -> Vec<Vec<u32>> {
    let n = alternatives.len();
    let (mut index, mut low) = (vec![u32::MAX; n], vec![0u32; n]);
    let mut on_stack = vec![false; n];
    let (mut stack, mut found, mut next) = (Vec::new(), Vec::new(), 0u32);
    let children: Vec<SmallVec<[u32; 4]>> = alternatives
        .iter()
        .map(|all| all.iter().flat_map(|a| a.args.iter().copied()).collect())
        .collect();
    for start in 0..n {
        if index[start] != u32::MAX {
            continue;
        }
        let mut calls = vec![(start, 0usize)];
        while let Some((k, at)) = calls.pop() {
            if at == 0 {
                index[k] = next;
                low[k] = next;
                next += 1;
                stack.push(k as u32);
                on_stack[k] = true;
            } else {
                let child = children[k][at - 1] as usize;
                low[k] = low[k].min(low[child]);
            }
            let mut at = at;
            let mut descended = false;
            while let Some(&child) = children[k].get(at) {
                let child = child as usize;
                at += 1;
                if index[child] == u32::MAX {
                    calls.push((k, at));
                    calls.push((child, 0));
                    descended = true;
                    break;
                }
                if on_stack[child] {
                    low[k] = low[k].min(index[child]);
                }
            }
            if !descended && low[k] == index[k] {
                let mut component = Vec::new();
                while let Some(top) = stack.pop() {
                    on_stack[top as usize] = false;
                    component.push(top);
                    if top as usize == k {
                        break;
                    }
                }
                component.sort_unstable();
                found.push(component);
            }
        }
    }
    found
}
