//! Examining a stretch of the ledger between two checkpoints: is every record as it was signed, and if not, which is the first
//! that was changed, dropped or moved.

use crate::tree::{Frontier, Hash, NodeRef, NodeSource, node_hash, range_hash, range_nodes, split};

/// The leaves between two checkpoints, as the database has them now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// For each place: the hash recomputed from the record that claims it, or `None` when no record does.
    pub records: Vec<Option<Hash>>,
    /// For each place: the leaf hash kept beside the tree, or `None` when it is gone.
    pub leaves: Vec<Option<Hash>>,
}

/// What is wrong with a section: the first record concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The record at this place was changed.
    Changed {
        /// Place.
        index: u64,
    },
    /// The record at this place is gone; what followed it may have been moved up.
    Dropped {
        /// Place.
        index: u64,
    },
    /// A record that belongs to another place stands here.
    Moved {
        /// Place.
        index: u64,
        /// Where it belongs.
        belongs_at: u64,
    },
    /// Records *and* the tree kept beside them were rewritten; some record from `from` up to `to` (exclusive) is not what was
    /// signed, and all before `from` are.
    Rewritten {
        /// First place in question.
        from: u64,
        /// End.
        to: u64,
    },
}

/// Examines the section that follows `before`. On success the frontier stands at its end.
///
/// The signed root decides. Where the records do not lead to it, the leaf hashes kept beside the tree tell the first record that
/// differs, as far as they themselves lead to the signed root. After [`Finding::Rewritten`], [`locate`] can say more.
///
/// # Errors
/// The first record concerned.
pub fn examine(before: &mut Frontier, section: &Section, signed_root: &Hash) -> Result<(), Finding> {
    if let Some(complete) = section.records.iter().copied().collect::<Option<Vec<Hash>>>() {
        let mut after = before.clone();
        for hash in complete {
            after.append(hash);
        }
        if after.root() == *signed_root {
            *before = after;
            return Ok(());
        }
    }
    let size = before.size() + section.records.len() as u64;
    Err(locate(before, section, size, signed_root, &Unknown))
}

/// The first record concerned in a section that [`examine`] found to be [`Finding::Rewritten`]: the stored nodes
/// ([`section_nodes`]) lead to it even where its leaf hash was rewritten with it.
///
/// `size` and `signed_root` may be those of any checkpoint that covers the section; the latest says most.
#[must_use]
pub fn locate(before: &Frontier, section: &Section, size: u64, signed_root: &Hash, nodes: &impl NodeSource) -> Finding {
    let mut descent = Descent { before, section, nodes, signed: vec![None; section.records.len()] };
    descent.descend(0, size, signed_root);
    descent.finding()
}

/// The stored nodes that [`locate`] can use for the places `from..to` of the tree of `size` leaves.
#[must_use]
pub fn section_nodes(from: u64, to: u64, size: u64) -> Vec<NodeRef> {
    let mut nodes = Vec::new();
    collect_nodes((from, to), 0, size, &mut nodes);
    nodes
}

fn collect_nodes(section: (u64, u64), from: u64, to: u64, nodes: &mut Vec<NodeRef>) {
    if from == to || to <= section.0 {
        return;
    }
    let whole = range_nodes(from, to);
    if from >= section.1 {
        nodes.extend(whole);
        return;
    }
    if let [node] = whole[..] {
        nodes.push(node);
    }
    if to - from > 1 {
        let middle = from + split(to - from);
        collect_nodes(section, from, middle, nodes);
        collect_nodes(section, middle, to, nodes);
    }
}

struct Unknown;

impl NodeSource for Unknown {
    fn node(&self, _: NodeRef) -> Option<Hash> {
        None
    }
}

/// The way down from the signed root. A pair of children counts as what was signed when it hashes to its signed parent; each
/// child may come from the records, from the stored nodes or from the stored leaf hashes, so that one rewritten value beside the
/// tree does not hide where the records differ.
struct Descent<'a, N> {
    before: &'a Frontier,
    section: &'a Section,
    nodes: &'a N,
    /// For each place of the section: the leaf hash that was signed, as far as it could be proved.
    signed: Vec<Option<Hash>>,
}

impl<N: NodeSource> Descent<'_, N> {
    fn descend(&mut self, from: u64, to: u64, signed: &Hash) {
        let (start, end) = (self.before.size(), self.end());
        if to <= start || from >= end {
            return;
        }
        if self.hash(&self.section.records, from, to) == Some(*signed) {
            let here = offset(from.max(start), start)..offset(to.min(end), start);
            self.signed[here.clone()].copy_from_slice(&self.section.records[here]);
            return;
        }
        if to - from == 1 {
            self.signed[offset(from, start)] = Some(*signed);
            return;
        }
        let middle = from + split(to - from);
        let (lefts, rights) = (self.candidates(from, middle), self.candidates(middle, to));
        let pair = lefts
            .iter()
            .flatten()
            .find_map(|left| rights.iter().flatten().find(|right| node_hash(left, right) == *signed).map(|right| (*left, *right)));
        if let Some((left, right)) = pair {
            self.descend(from, middle, &left);
            self.descend(middle, to, &right);
        }
    }

    fn candidates(&self, from: u64, to: u64) -> [Option<Hash>; 3] {
        [self.hash(&self.section.records, from, to), self.stored(from, to), self.hash(&self.section.leaves, from, to)]
    }

    /// The hash over `from..to` from the stored nodes; what lies before the section is known from the frontier.
    fn stored(&self, from: u64, to: u64) -> Option<Hash> {
        if to <= self.before.size() {
            return self.before.edge(from, to);
        }
        if let [node] = range_nodes(from, to)[..] {
            return self.nodes.node(node);
        }
        let middle = from + split(to - from);
        Some(node_hash(&self.stored(from, middle)?, &self.stored(middle, to)?))
    }

    fn end(&self) -> u64 {
        self.before.size() + self.section.records.len() as u64
    }

    /// The hash over `from..to`, with these leaves in the section; what lies before it is known from the frontier, what lies
    /// behind it from the stored nodes.
    fn hash(&self, leaves: &[Option<Hash>], from: u64, to: u64) -> Option<Hash> {
        let start = self.before.size();
        if to <= start {
            return self.before.edge(from, to);
        }
        if from >= self.end() {
            return range_hash(from, to, self.nodes);
        }
        if to - from == 1 {
            return leaves.get(offset(from, start)).copied().flatten();
        }
        let middle = from + split(to - from);
        Some(node_hash(&self.hash(leaves, from, middle)?, &self.hash(leaves, middle, to)?))
    }

    fn finding(&self) -> Finding {
        let start = self.before.size();
        let records = &self.section.records;
        let place = |offset: usize| start + offset as u64;
        let differs = records.iter().zip(&self.signed).position(|(record, signed)| record.is_none() || record != signed);
        let Some(offset) = differs else {
            // Every place proved sound and yet the root is another: cannot be, but must not read as "sound".
            return Finding::Rewritten { from: start, to: place(records.len()) };
        };
        let index = place(offset);
        match (records[offset], self.signed[offset]) {
            (None, _) => Finding::Dropped { index },
            (Some(_), None) => {
                let unproved = self.signed[offset..].iter().take_while(|signed| signed.is_none()).count();
                Finding::Rewritten { from: index, to: index + unproved as u64 }
            }
            (Some(record), Some(signed)) => match self.signed.iter().position(|other| *other == Some(record)) {
                Some(other) if records.contains(&Some(signed)) => Finding::Moved { index, belongs_at: place(other) },
                Some(_) => Finding::Dropped { index },
                None => Finding::Changed { index },
            },
        }
    }
}

fn offset(place: u64, start: u64) -> usize {
    usize::try_from(place - start).expect("a section is in memory")
}
