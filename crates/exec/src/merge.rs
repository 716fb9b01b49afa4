//! Partial states on their way up the canonical tree.
//!
//! Tasks finish in any order. A state waits at its node until its sibling is there; whoever brings
//! the second one merges them, left first, and goes on upwards. So the order of additions is that
//! of the tree, whatever the order of completion.

use crate::account::Held;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tilewright_core::{Result, tree};
use tilewright_kernel::Fold;

/// A node: kept tile, chunk (−1 in the tree over chunks), level, number.
type Node = (i64, i64, u32, i64);

/// States that wait for their siblings; each holds one buffer per output.
#[derive(Default)]
pub struct Merges {
    waiting: Mutex<HashMap<Node, Vec<Held>>>,
}

/// Where in the two trees a state stands.
#[derive(Clone, Copy, Debug)]
pub struct Position {
    /// The kept tile.
    pub tile: i64,
    /// The chunk and the number of its leaves, or `None` in the tree over chunks.
    pub within: Option<(i64, i64)>,
    /// Level.
    pub level: u32,
    /// Number within the level.
    pub number: i64,
}

impl Merges {
    /// Brings a state; gives the root's once the last one is there.
    ///
    /// # Errors
    /// [`Kind::Internal`](tilewright_core::Kind::Internal) if states do not fit together.
    pub fn bring(
        &self,
        folds: &[Fold],
        width: usize,
        chunks: i64,
        mut at: Position,
        mut state: Vec<Held>,
    ) -> Result<Option<Vec<Held>>> {
        loop {
            let items = at.within.map_or(chunks, |(_, leaves)| leaves);
            if at.level >= tree::root_level(items) {
                match at.within {
                    None => return Ok(Some(state)),
                    Some((chunk, _)) => {
                        at = Position {
                            within: None,
                            level: 0,
                            number: chunk,
                            ..at
                        };
                        continue;
                    }
                }
            }
            let alone = at.number % 2 == 0 && at.number + 1 >= tree::nodes_at(items, at.level);
            if !alone {
                let node = |number| (at.tile, at.within.map_or(-1, |w| w.0), at.level, number);
                let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                let Some(other) = waiting.remove(&node(at.number ^ 1)) else {
                    waiting.insert(node(at.number), state);
                    return Ok(None);
                };
                drop(waiting);
                let (mut left, right) = if at.number % 2 == 0 {
                    (state, other)
                } else {
                    (other, state)
                };
                for (k, fold) in folds.iter().enumerate() {
                    fold.merge(width, left[k].bytes_mut(), right[k].bytes())?;
                }
                state = left;
            }
            at.level += 1;
            at.number /= 2;
        }
    }
}
