//! How do expressions stand in the e-graph?
//!
//! A [`Graph`] wraps egg's e-graph: expressions go in, each node once; a class keeps the forms
//! (expressions) that are its nodes, oldest first, and what is proved of it. Rules read forms and
//! make expressions, so that types come from the one inference there is. Absent: rules, costs.

use crate::facts::Facts;
use crate::language::{Head, Node};
use egg::{Analysis, DidMerge, EGraph, Id};
use smallvec::SmallVec;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use tilewright_expr::{Attr, Expr, Family};

/// A node of a class as an expression, with the time it was made.
#[derive(Clone, Debug)]
pub(crate) struct Form {
    /// Grows with every node; arguments are older than their users.
    pub time: usize,
    /// The node.
    pub expr: Expr,
}

/// What is known of a class; attributes have no forms.
#[derive(Debug, Default)]
pub(crate) struct ClassData {
    /// Its nodes as expressions, oldest first.
    pub forms: Vec<Form>,
    /// What is proved of its elements.
    pub facts: Facts,
}

/// egg's analysis: the expression that is being added stands in `pending`.
#[derive(Debug, Default)]
pub(crate) struct Meaning {
    pending: Option<Form>,
}

impl Analysis<Node> for Meaning {
    type Data = ClassData;

    fn make(egraph: &mut EGraph<Node, Self>, node: &Node, _id: Id) -> ClassData {
        let Some(form) = egraph.analysis.pending.take() else {
            return ClassData::default();
        };
        let args: SmallVec<[Facts; 4]> = node.children[1..]
            .iter()
            .map(|&child| egraph[child].data.facts)
            .collect();
        ClassData {
            facts: Facts::of(&form.expr, &args),
            forms: vec![form],
        }
    }

    fn merge(&mut self, a: &mut ClassData, b: ClassData) -> DidMerge {
        debug_assert!(
            match (a.forms.first(), b.forms.first()) {
                (Some(x), Some(y)) => x.expr.ty() == y.expr.ty(),
                _ => true,
            },
            "a class of two types"
        );
        a.facts = a.facts.or(b.facts);
        a.forms.extend(b.forms);
        a.forms.sort_by_key(|form| form.time);
        // Facts of users were settled when they were made; rules look at classes as they are now.
        DidMerge(false, false)
    }
}

/// Hashes addresses and small numbers; the same in every process (and never iterated).
#[derive(Clone, Copy, Default)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }
    fn write_u64(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(26) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    fn write_u16(&mut self, value: u16) {
        self.write_u64(u64::from(value));
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// A hash map under [`Mix`].
pub(crate) type Map<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;

/// Expressions in an e-graph.
#[derive(Default)]
pub(crate) struct Graph {
    /// egg's e-graph.
    pub egraph: EGraph<Node, Meaning>,
    /// The class of every expression seen, by address.
    classes: Map<usize, Id>,
    /// Keeps those expressions alive, so that addresses stay theirs.
    kept: Vec<Expr>,
    /// The class of the attribute that says nothing; attributes are never merged.
    no_attribute: Option<Id>,
    /// Times two nodes differed only in the order of commuting arguments.
    pub commuted: u32,
}

impl Graph {
    /// The class of an expression, which joins the graph if it is new.
    pub fn add(&mut self, root: &Expr) -> Id {
        self.add_listing(root, &mut Vec::new())
    }

    /// As [`Graph::add`]; lists the nodes that were new, arguments before users.
    pub fn add_listing(&mut self, root: &Expr, fresh: &mut Vec<Expr>) -> Id {
        let mut stack: Vec<(Expr, bool)> = vec![(root.clone(), false)];
        while let Some((expr, expanded)) = stack.pop() {
            if self.classes.contains_key(&expr.address()) {
                continue;
            }
            if expanded || expr.args().is_empty() {
                self.add_node(expr, fresh);
            } else {
                let args: SmallVec<[Expr; 4]> = expr.args().iter().rev().cloned().collect();
                stack.push((expr, true));
                stack.extend(args.into_iter().map(|arg| (arg, false)));
            }
        }
        self.class(root)
    }

    /// Adds a node whose arguments are known.
    fn add_node(&mut self, expr: Expr, fresh: &mut Vec<Expr>) {
        let mut children: SmallVec<[Id; 4]> = SmallVec::new();
        children.push(self.attribute(expr.attr()));
        children.extend(expr.args().iter().map(|arg| self.class(arg)));
        let mut swapped = false;
        if let Family::Map(row) = &expr.op().family
            && row.facts.commutative
            && children[1..].windows(2).any(|pair| pair[0] > pair[1])
        {
            children[1..].sort_unstable();
            swapped = true;
        }
        let time = self.kept.len();
        self.kept.push(expr.clone());
        self.egraph.analysis.pending = Some(Form {
            time,
            expr: expr.clone(),
        });
        let id = self.egraph.add(Node {
            head: Head::Op(expr.op_id()),
            children,
        });
        self.classes.insert(expr.address(), id);
        if self.egraph.analysis.pending.take().is_none() {
            fresh.push(expr);
        } else if swapped {
            self.commuted += 1;
        }
    }

    /// The class of an attribute.
    fn attribute(&mut self, attr: &Attr) -> Id {
        let plain = *attr == Attr::None;
        if let (true, Some(id)) = (plain, self.no_attribute) {
            return id;
        }
        let id = self.egraph.add(Node {
            head: Head::Attr(Arc::new(attr.clone())),
            children: SmallVec::new(),
        });
        if plain {
            self.no_attribute = Some(id);
        }
        id
    }

    /// The class of an expression that was added.
    pub fn class(&self, expr: &Expr) -> Id {
        let id = self.classes.get(&expr.address()).copied();
        debug_assert!(id.is_some(), "{expr:?} was never added");
        self.egraph.find(id.unwrap_or_default())
    }

    /// The forms of an added expression's class, oldest first.
    pub fn forms(&self, expr: &Expr) -> &[Form] {
        &self.egraph[self.class(expr)].data.forms
    }

    /// What is proved of an added expression.
    pub fn facts(&self, expr: &Expr) -> Facts {
        self.egraph[self.class(expr)].data.facts
    }

    /// Merges two classes; says whether they were two.
    pub fn union(&mut self, a: Id, b: Id) -> bool {
        self.egraph.union(a, b)
    }

    /// Number of e-nodes made so far.
    pub fn nodes(&self) -> usize {
        self.egraph.nodes().len()
    }
}
