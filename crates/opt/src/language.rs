//! What are the e-graph's nodes?
//!
//! An operator's row with its attribute and its arguments as children; attributes are leaf e-nodes
//! of their own, so that hashing a node hashes numbers. Absent: types and facts, which are the
//! analysis' (`graph`).

use egg::{Id, Language};
use smallvec::SmallVec;
use std::sync::Arc;
use tilewright_expr::{Attr, OpId};

/// What a node is, beside its children.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Head {
    /// An attribute; no children.
    Attr(Arc<Attr>),
    /// A row; the children are its attribute and its arguments.
    Op(OpId),
}

/// An e-node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Node {
    /// What it is.
    pub head: Head,
    /// Its attribute's class, then its arguments' classes.
    pub children: SmallVec<[Id; 4]>,
}

impl Language for Node {
    type Discriminant = Option<OpId>;

    fn discriminant(&self) -> Option<OpId> {
        match self.head {
            Head::Attr(_) => None,
            Head::Op(op) => Some(op),
        }
    }

    fn matches(&self, other: &Self) -> bool {
        self.head == other.head && self.children.len() == other.children.len()
    }

    fn children(&self) -> &[Id] {
        &self.children
    }

    fn children_mut(&mut self) -> &mut [Id] {
        &mut self.children
    }
}
