//! Inclusion and consistency proofs: RFC 6962 §2.1.1, §2.1.2; verification as in RFC 9162 §2.1.3.2, §2.1.4.2.

use crate::tree::{Hash, NodeRef, NodeSource, empty_root, node_hash, range_hash, range_nodes, split};

/// A proof that does not prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// Index or sizes that cannot be.
    #[error("index or size out of range")]
    OutOfRange,
    /// Too short or too long.
    #[error("the proof has the wrong length")]
    WrongLength,
    /// The root it leads to is another one.
    #[error("the proof leads to another root")]
    WrongRoot,
}

/// Ranges whose hashes make up an inclusion proof, from the leaf upwards.
fn inclusion_ranges(index: u64, from: u64, to: u64, out: &mut Vec<(u64, u64)>) {
    if to - from <= 1 {
        return;
    }
    let middle = from + split(to - from);
    if index < middle {
        inclusion_ranges(index, from, middle, out);
        out.push((middle, to));
    } else {
        inclusion_ranges(index, middle, to, out);
        out.push((from, middle));
    }
}

/// RFC 6962 §2.1.2 SUBPROOF, as ranges.
fn consistency_ranges(old: u64, from: u64, to: u64, whole: bool, out: &mut Vec<(u64, u64)>) {
    if from + old == to {
        if !whole {
            out.push((from, to));
        }
        return;
    }
    let left = split(to - from);
    if old <= left {
        consistency_ranges(old, from, from + left, whole, out);
        out.push((from + left, to));
    } else {
        consistency_ranges(old - left, from + left, to, false, out);
        out.push((from, from + left));
    }
}

fn nodes_of(ranges: &[(u64, u64)]) -> Vec<NodeRef> {
    ranges.iter().flat_map(|(from, to)| range_nodes(*from, *to)).collect()
}

fn hashes_of(ranges: &[(u64, u64)], source: &impl NodeSource) -> Option<Vec<Hash>> {
    ranges.iter().map(|(from, to)| range_hash(*from, *to, source)).collect()
}

/// The stored nodes an inclusion proof is made from.
#[must_use]
pub fn inclusion_nodes(index: u64, size: u64) -> Vec<NodeRef> {
    let mut ranges = Vec::new();
    if index < size {
        inclusion_ranges(index, 0, size, &mut ranges);
    }
    nodes_of(&ranges)
}

/// The proof that leaf `index` is in the tree of `size` leaves; `None` when the index is outside or a node is missing.
#[must_use]
pub fn inclusion_proof(index: u64, size: u64, source: &impl NodeSource) -> Option<Vec<Hash>> {
    if index >= size {
        return None;
    }
    let mut ranges = Vec::new();
    inclusion_ranges(index, 0, size, &mut ranges);
    hashes_of(&ranges, source)
}

/// The stored nodes a consistency proof is made from.
#[must_use]
pub fn consistency_nodes(old: u64, new: u64) -> Vec<NodeRef> {
    let mut ranges = Vec::new();
    if old > 0 && old <= new {
        consistency_ranges(old, 0, new, true, &mut ranges);
    }
    nodes_of(&ranges)
}

/// The proof that the tree of `old` leaves is a prefix of the tree of `new` leaves.
#[must_use]
pub fn consistency_proof(old: u64, new: u64, source: &impl NodeSource) -> Option<Vec<Hash>> {
    if old > new {
        return None;
    }
    let mut ranges = Vec::new();
    if old > 0 {
        consistency_ranges(old, 0, new, true, &mut ranges);
    }
    hashes_of(&ranges, source)
}

/// Checks an inclusion proof.
///
/// # Errors
/// Says what is wrong with it.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange);
    }
    let (mut position, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if position & 1 == 1 || position == last {
            hash = node_hash(sibling, &hash);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::WrongLength);
    }
    if hash == *root { Ok(()) } else { Err(ProofError::WrongRoot) }
}

/// Checks a consistency proof.
///
/// # Errors
/// Says what is wrong with it.
pub fn verify_consistency(old: u64, new: u64, old_root: &Hash, new_root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::OutOfRange);
    }
    if old == 0 || old == new {
        if !proof.is_empty() {
            return Err(ProofError::WrongLength);
        }
        // Every log begins with the empty one, whose root everybody knows.
        let known = if old == new { *new_root } else { empty_root() };
        return if *old_root == known { Ok(()) } else { Err(ProofError::WrongRoot) };
    }
    let mut path = proof.iter();
    let first = if old.is_power_of_two() { *old_root } else { *path.next().ok_or(ProofError::WrongLength)? };
    let (mut position, mut last) = (old - 1, new - 1);
    while position & 1 == 1 {
        position >>= 1;
        last >>= 1;
    }
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in path {
        if last == 0 {
            return Err(ProofError::WrongLength);
        }
        if position & 1 == 1 || position == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            while position & 1 == 0 && position != 0 {
                position >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        position >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofError::WrongLength);
    }
    if old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(ProofError::WrongRoot) }
}
