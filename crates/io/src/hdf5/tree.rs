//! Which bytes find the chunks of a dataset?
//!
//! A B-tree of the first kind, built whole from the bottom: every node is full but the last of its
//! level. Absent: changing a tree.

use super::message::NOWHERE;

/// Children of a node: twice the rank that the format takes where nothing is said.
pub const CHILDREN: usize = 64;

/// Most levels of a tree: no index of chunks has more than 64 bits.
const DEEPEST: u64 = 11;

/// A chunk, or the first chunk of a node.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its first element, along the axes.
    pub start: Vec<u64>,
    /// Its bytes in the file.
    pub len: u32,
    /// Bit `k` is set where filter `k` was left out.
    pub mask: u32,
    /// Where it is, or its node.
    pub address: u64,
}

/// The nodes of the tree of these chunks, which stand in order, if the first node stands at `base`;
/// and where its root is.
pub fn tree(chunks: Vec<Entry>, chunk: &[u32], base: u64) -> (Vec<u8>, u64) {
    let mut out = Vec::new();
    let mut level = 0;
    let mut below = chunks;
    while !below.is_empty() {
        let size = node_bytes(chunk.len()) as u64;
        let first = base + out.len() as u64;
        let count = below.len().div_ceil(CHILDREN);
        let mut nodes = Vec::with_capacity(count);
        for (k, children) in below.chunks(CHILDREN).enumerate() {
            let beside = |there: bool, k: usize| {
                if there {
                    first + k as u64 * size
                } else {
                    NOWHERE
                }
            };
            let after = below.get((k + 1) * CHILDREN);
            let siblings = [
                beside(k > 0, k.wrapping_sub(1)),
                beside(k + 1 < count, k + 1),
            ];
            node(&mut out, level, children, after, siblings, chunk);
            nodes.push(Entry {
                address: first + k as u64 * size,
                ..children[0].clone()
            });
        }
        if let [root] = &nodes[..] {
            return (out, root.address);
        }
        (below, level) = (nodes, level + 1);
    }
    (out, NOWHERE)
}

/// Upper bound of the bytes that the tree of so many chunks takes, with the entries it is made of.
pub fn bytes(chunks: u64, axes: usize) -> u64 {
    let entry = size_of::<Entry>() as u64 + 8 * axes as u64;
    let nodes = (chunks / CHILDREN as u64 + DEEPEST).saturating_mul(node_bytes(axes) as u64);
    // Nodes of nodes are fewer than one for 63, and nodes are copied as their list grows.
    let nodes = nodes.saturating_add(nodes / 63).saturating_mul(2);
    chunks.saturating_mul(2 * entry).saturating_add(nodes)
}

/// Bytes of a node of a dataset of so many axes, full or not.
fn node_bytes(axes: usize) -> usize {
    let key = 8 + 8 * (axes + 1);
    24 + CHILDREN * 8 + (CHILDREN + 1) * key
}

/// Adds a node.
fn node(
    out: &mut Vec<u8>,
    level: u8,
    children: &[Entry],
    after: Option<&Entry>,
    siblings: [u64; 2],
    chunk: &[u32],
) {
    let end = out.len() + node_bytes(chunk.len());
    out.extend(b"TREE\x01");
    out.push(level);
    out.extend((children.len() as u16).to_le_bytes());
    for sibling in siblings {
        out.extend(sibling.to_le_bytes());
    }
    let key = |out: &mut Vec<u8>, (len, mask): (u32, u32), start: &[u64]| {
        out.extend(len.to_le_bytes());
        out.extend(mask.to_le_bytes());
        for at in start {
            out.extend(at.to_le_bytes());
        }
        // The place within an element.
        out.extend(0u64.to_le_bytes());
    };
    for child in children {
        key(out, (child.len, child.mask), &child.start);
        out.extend(child.address.to_le_bytes());
    }
    // The last key is that of what comes after: the next node, or a chunk behind the last.
    match (after, children.last()) {
        (Some(after), _) => key(out, (after.len, after.mask), &after.start),
        (None, Some(last)) => {
            let mut start = last.start.clone();
            for (at, len) in start.iter_mut().zip(chunk) {
                *at += u64::from(*len);
            }
            key(out, (0, 0), &start);
        }
        (None, None) => {}
    }
    out.resize(end, 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_has_a_node_for_64_below() {
        let entry = |k: u64| Entry {
            start: vec![k * 2],
            len: 16,
            mask: 0,
            address: 1000 + k,
        };
        for (chunks, nodes) in [
            (0, 0),
            (1, 1),
            (64, 1),
            (65, 3),
            (64 * 64, 65),
            (64 * 64 + 1, 68),
        ] {
            let chunks: Vec<Entry> = (0..chunks).map(entry).collect();
            let (bytes, root) = tree(chunks, &[2], 48);
            assert_eq!(bytes.len(), nodes * node_bytes(1));
            let last = 48 + (nodes.max(1) - 1) as u64 * node_bytes(1) as u64;
            assert_eq!(root, if nodes == 0 { NOWHERE } else { last });
        }
    }
}
