//! In which order does a reduction combine?
//!
//! Within a chunk the reduced index is flattened; leaves of [`LEAF`] elements in [`LANES`] lanes;
//! above them a binary tree aligned to powers of two; then the same tree over chunks. Node
//! `(level, k)` of a tree over `n` items covers the items `[k·2^level, (k+1)·2^level)` below `n`;
//! a node without a right sibling passes up unchanged. Absent: values; this is geometry alone.

/// Elements in a leaf.
pub const LEAF: i64 = 512;

/// Lanes in a leaf: element `i` of a leaf belongs to lane `i % LANES`.
pub const LANES: usize = 8;

/// Folds the lanes of a leaf: `((l0∘l4)∘(l2∘l6))∘((l1∘l5)∘(l3∘l7))`.
pub fn combine_lanes<T: Copy>(lanes: [T; LANES], op: impl Fn(T, T) -> T) -> T {
    let four = [
        op(lanes[0], lanes[4]),
        op(lanes[1], lanes[5]),
        op(lanes[2], lanes[6]),
        op(lanes[3], lanes[7]),
    ];
    op(op(four[0], four[2]), op(four[1], four[3]))
}

/// The level of the root of a tree over `n` items: the least `l` with `2^l >= n`.
pub fn root_level(n: i64) -> u32 {
    if n <= 1 {
        0
    } else {
        64 - ((n - 1) as u64).leading_zeros()
    }
}

/// Number of nodes at `level` of a tree over `n` items.
pub fn nodes_at(n: i64, level: u32) -> i64 {
    if n <= 0 { 0 } else { ((n - 1) >> level) + 1 }
}

/// The items `[from, to)` that node `k` of `level` covers.
pub fn node_items(n: i64, level: u32, k: i64) -> (i64, i64) {
    ((k << level).min(n), ((k + 1) << level).min(n))
}

/// A binary counter: pushes items in order and keeps at most one value per level.
///
/// The stack after `n` pushes holds a value at level `l` exactly where bit `l` of `n` is set, so
/// [`Counter::finish`] gives the root of the aligned tree.
#[derive(Clone, Debug)]
pub struct Counter<T> {
    count: u64,
    stack: Vec<Option<T>>,
}

impl<T> Default for Counter<T> {
    fn default() -> Self {
        Counter {
            count: 0,
            stack: Vec::new(),
        }
    }
}

impl<T> Counter<T> {
    /// Adds the next item; `merge(left, right)` combines neighbours, left first.
    pub fn push(&mut self, item: T, mut merge: impl FnMut(T, T) -> T) {
        let mut item = item;
        let mut level = 0;
        while let Some(slot) = self.stack.get_mut(level) {
            match slot.take() {
                Some(left) => item = merge(left, item),
                None => break,
            }
            level += 1;
        }
        if level == self.stack.len() {
            self.stack.push(None);
        }
        self.stack[level] = Some(item);
        self.count += 1;
    }

    /// The root; `None` if nothing was pushed.
    pub fn finish(self, mut merge: impl FnMut(T, T) -> T) -> Option<T> {
        let mut levels = self.stack.into_iter().flatten();
        let first = levels.next()?;
        Some(levels.fold(first, |right, left| merge(left, right)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// Bottom-up, level by level, as the module says it.
    fn plain(n: usize) -> String {
        let mut nodes: Vec<String> = (0..n).map(|i| i.to_string()).collect();
        while nodes.len() > 1 {
            nodes = nodes
                .chunks(2)
                .map(|pair| match pair {
                    [a, b] => format!("({a} {b})"),
                    _ => pair[0].clone(),
                })
                .collect();
        }
        nodes[0].clone()
    }

    #[test]
    fn the_counter_builds_the_aligned_tree() {
        for n in 1..70 {
            let mut counter = Counter::default();
            for i in 0..n {
                counter.push(i.to_string(), |a, b| format!("({a} {b})"));
            }
            assert_eq!(
                counter.finish(|a, b| format!("({a} {b})")).unwrap(),
                plain(n)
            );
            assert_eq!(nodes_at(n as i64, root_level(n as i64)), 1);
        }
    }
}
