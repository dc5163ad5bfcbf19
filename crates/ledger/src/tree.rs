//! RFC 6962 §2.1: hashes of leaves, nodes and ranges, and the frontier that appends without reading the tree.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// Hash of a leaf: SHA-256(0x00 ‖ data).
#[must_use]
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// Hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// A complete subtree: `level` 0 is a leaf, and `position` counts subtrees of that level from the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeRef {
    /// Height above the leaves.
    pub level: u32,
    /// From the left.
    pub position: u64,
}

/// Where hashes of complete subtrees come from.
pub trait NodeSource {
    /// The hash of a complete subtree, when known.
    fn node(&self, node: NodeRef) -> Option<Hash>;
}

impl NodeSource for HashMap<NodeRef, Hash> {
    fn node(&self, node: NodeRef) -> Option<Hash> {
        self.get(&node).copied()
    }
}

/// The largest power of two below `n` (n ≥ 2).
pub(crate) const fn split(n: u64) -> u64 {
    1 << (63 - (n - 1).leading_zeros())
}

/// The complete subtrees that together cover the leaves `from..to`, left to right; `from..to` is a subtree as RFC 6962 cuts them.
#[must_use]
pub fn range_nodes(from: u64, to: u64) -> Vec<NodeRef> {
    let n = to.saturating_sub(from);
    match n {
        0 => Vec::new(),
        n if n.is_power_of_two() && from.is_multiple_of(n) => vec![NodeRef { level: n.trailing_zeros(), position: from / n }],
        n => {
            let middle = from + split(n);
            let mut nodes = range_nodes(from, middle);
            nodes.extend(range_nodes(middle, to));
            nodes
        }
    }
}

/// The hash over the leaves `from..to`; `None` when a node is missing.
#[must_use]
pub fn range_hash(from: u64, to: u64, source: &impl NodeSource) -> Option<Hash> {
    let n = to.checked_sub(from)?;
    if n == 0 {
        return Some(empty_root());
    }
    if n.is_power_of_two() && from.is_multiple_of(n) {
        return source.node(NodeRef { level: n.trailing_zeros(), position: from / n });
    }
    let middle = from + split(n);
    Some(node_hash(&range_hash(from, middle, source)?, &range_hash(middle, to, source)?))
}

/// The right edge of a tree: enough to append to it and to know its root.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    /// Hashes of the complete subtrees that cover all leaves, left to right.
    edge: Vec<(u32, Hash)>,
}

impl Frontier {
    /// The frontier of an existing tree from its covering nodes; `None` when one is missing.
    #[must_use]
    pub fn load(size: u64, source: &impl NodeSource) -> Option<Self> {
        let edge =
            range_nodes(0, size).into_iter().map(|node| source.node(node).map(|hash| (node.level, hash))).collect::<Option<Vec<_>>>()?;
        Some(Self { size, edge })
    }

    /// Number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf; gives the complete subtrees that came into being above it.
    pub fn append(&mut self, leaf: Hash) -> Vec<(NodeRef, Hash)> {
        let index = self.size;
        self.size += 1;
        let (mut level, mut hash) = (0, leaf);
        let mut made = Vec::new();
        while let Some((edge_level, left)) = self.edge.last().copied() {
            if edge_level != level {
                break;
            }
            self.edge.pop();
            hash = node_hash(&left, &hash);
            level += 1;
            made.push((NodeRef { level, position: index >> level }, hash));
        }
        self.edge.push((level, hash));
        made
    }

    /// The hash over `from..to`, where that is one of the complete subtrees this frontier consists of.
    pub(crate) fn edge(&self, from: u64, to: u64) -> Option<Hash> {
        let wanted = range_nodes(from, to);
        range_nodes(0, self.size).iter().zip(&self.edge).find(|(node, _)| wanted == [**node]).map(|(_, (_, hash))| *hash)
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut edge = self.edge.iter().rev().map(|(_, hash)| *hash);
        let Some(last) = edge.next() else { return empty_root() };
        edge.fold(last, |right, left| node_hash(&left, &right))
    }
}
