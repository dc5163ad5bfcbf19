//! The numbered things of a run. Nothing else gives access to them, so that tests can count how many of them a step looks at: a step
//! that goes through the whole state, or copies it, is seen at once and not only where a clock is watched.

use std::{
    collections::{BTreeMap, btree_map},
    iter::Map,
};

use serde::{Deserialize, Serialize};

/// Tokens, frames, armed events or forks by their numbers; boxed, because they are large and go from hand to hand.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Shelf<V>(BTreeMap<u64, Box<V>>);

impl<V> Default for Shelf<V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<V: Clone> Clone for Shelf<V> {
    fn clone(&self) -> Self {
        looked_at(self.0.len());
        Self(self.0.clone())
    }
}

impl<V> Shelf<V> {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn contains_key(&self, id: &u64) -> bool {
        looked_at(1);
        self.0.contains_key(id)
    }

    pub(crate) fn get(&self, id: &u64) -> Option<&V> {
        looked_at(1);
        self.0.get(id).map(Box::as_ref)
    }

    pub(crate) fn get_mut(&mut self, id: &u64) -> Option<&mut V> {
        looked_at(1);
        self.0.get_mut(id).map(Box::as_mut)
    }

    /// Puts something in a place, or nothing; gives what was there.
    pub(crate) fn exchange(&mut self, id: u64, value: Option<Box<V>>) -> Option<Box<V>> {
        looked_at(1);
        match value {
            Some(value) => self.0.insert(id, value),
            None => self.0.remove(&id),
        }
    }

    /// All, in the order of their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&u64, &V)> {
        self.0.iter().map(plain).inspect(|_| looked_at(1))
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.0.values().map(Box::as_ref).inspect(|_| looked_at(1))
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.values_mut().map(Box::as_mut).inspect(|_| looked_at(1))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&u64, &mut V)> {
        self.0.iter_mut().map(|(id, value)| (id, value.as_mut())).inspect(|_| looked_at(1))
    }
}

impl<'s, V> IntoIterator for &'s Shelf<V> {
    type Item = (&'s u64, &'s V);
    type IntoIter = Map<btree_map::Iter<'s, u64, Box<V>>, Plain<'s, V>>;

    fn into_iter(self) -> Self::IntoIter {
        looked_at(self.0.len());
        self.0.iter().map(plain as Plain<'s, V>)
    }
}

type Plain<'s, V> = fn((&'s u64, &'s Box<V>)) -> (&'s u64, &'s V);

#[expect(clippy::borrowed_box, reason = "what an iterator over a map of boxes gives")]
fn plain<'s, V>((id, value): (&'s u64, &'s Box<V>)) -> (&'s u64, &'s V) {
    (id, value)
}

/// Counts looks in tests; nothing otherwise.
#[inline]
pub(crate) fn looked_at(things: usize) {
    #[cfg(test)]
    counting::LOOKS.with(|looks| looks.set(looks.get() + things));
    #[cfg(not(test))]
    let _ = things;
}

#[cfg(test)]
pub(crate) mod counting {
    use std::cell::Cell;

    /// How many things were looked at.
    pub(crate) type Counted = usize;

    thread_local! {
        pub(super) static LOOKS: Cell<Counted> = const { Cell::new(0) };
    }

    /// Does something and counts the looks.
    pub(crate) fn counted<T>(work: impl FnOnce() -> T) -> (Counted, T) {
        let before = LOOKS.with(Cell::get);
        let done = work();
        (LOOKS.with(Cell::get) - before, done)
    }
}
