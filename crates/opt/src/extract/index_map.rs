//! Which element of a node does a stage visit?
//!
//! Below affine moves each axis of a node is indexed by `start + step·d` of one axis `d` of the
//! stage's domain, or by a constant. Two paths to one node with one index map visit the same
//! elements: that is what a stage computes once. Absent: bounds.

use super::arena::{Alternative, Kind};
use crate::graph::Map;
use smallvec::SmallVec;
use tilewright_expr::op::MoveKind;
use tilewright_expr::{Attr, Expr};

/// Axis number of a constant index.
const FIXED: u8 = u8::MAX;

/// `(domain axis, start, step)` for each axis of a node.
type IndexMap = SmallVec<[(u8, i64, i64); 4]>;

/// Index maps by number: equal maps have equal numbers.
#[derive(Default)]
pub(crate) struct IndexMaps {
    maps: Vec<IndexMap>,
    numbers: Map<IndexMap, u32>,
    /// `(map, class, alternative)` to the map of the argument.
    steps: Map<(u32, u32, u32), u32>,
}

impl IndexMaps {
    fn number(&mut self, mut map: IndexMap, shape: &[i64]) -> u32 {
        for (axis, &len) in map.iter_mut().zip(shape) {
            // An axis of one element is indexed by a constant, whatever the domain.
            if len == 1 {
                *axis = (FIXED, 0, 0);
            }
        }
        if let Some(&known) = self.numbers.get(&map) {
            return known;
        }
        let number = self.maps.len() as u32;
        self.maps.push(map.clone());
        self.numbers.insert(map, number);
        number
    }

    /// The map under which a stage visits its own domain.
    pub fn identity(&mut self, shape: &[i64]) -> u32 {
        let map = (0..shape.len()).map(|axis| (axis as u8, 0, 1)).collect();
        self.number(map, shape)
    }

    /// The map of the argument of a move whose result is visited under `map`.
    pub fn below(&mut self, map: u32, at: (u32, u32), node: &Alternative) -> u32 {
        let key = (map, at.0, at.1);
        if let Some(&known) = self.steps.get(&key) {
            return known;
        }
        let result = match (node.kind, node.expr.args().first()) {
            (Kind::Affine(kind), Some(x)) => {
                let moved = step(&self.maps[map as usize], kind, &node.expr, x);
                self.number(moved, x.shape())
            }
            // Behind a reshape or a concatenation lies a domain of its own.
            _ => {
                let fresh = self.maps.len() as u32;
                self.maps.push(SmallVec::new());
                fresh
            }
        };
        self.steps.insert(key, result);
        result
    }
}

fn step(map: &IndexMap, kind: MoveKind, node: &Expr, x: &Expr) -> IndexMap {
    match (kind, node.attr()) {
        (MoveKind::Slice, Attr::Region(region)) => (map.iter().zip(&region.axes))
            .map(|(&(axis, start, step), range)| {
                let start = range.start.wrapping_add(range.step.wrapping_mul(start));
                (axis, start, range.step.wrapping_mul(step))
            })
            .collect(),
        (MoveKind::Transpose, Attr::Axes(order)) => {
            let mut moved = map.clone();
            for (k, &source) in order.iter().enumerate() {
                moved[source] = map[k];
            }
            moved
        }
        (MoveKind::Broadcast, _) => {
            let lead = map.len() - x.shape().len();
            map[lead..].iter().copied().collect()
        }
        (MoveKind::ExpandDims, Attr::Axes(new)) => (map.iter().enumerate())
            .filter(|(k, _)| !new.contains(k))
            .map(|(_, &axis)| axis)
            .collect(),
        (MoveKind::Squeeze, Attr::Axes(gone)) => {
            let mut kept = map.iter();
            (0..x.shape().len())
                .map(|k| match gone.contains(&k) {
                    true => (FIXED, 0, 0),
                    false => kept.next().copied().unwrap_or((FIXED, 0, 0)),
                })
                .collect()
        }
        _ => map.clone(),
    }
}
