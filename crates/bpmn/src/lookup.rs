//! Ways to find things in a run, made from its state: so that a step finds what it needs without going through everything.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    shelf::looked_at,
    state::{Armed, Token},
};

/// Flows into a join by which tokens wait there, with the tokens.
pub(crate) type Waiting = BTreeMap<String, BTreeSet<u64>>;

/// Ways to find things.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lookup {
    /// Tokens of each frame.
    members: BTreeMap<u64, BTreeSet<u64>>,
    /// Tokens by the task whose completion led to them.
    came: BTreeMap<u64, BTreeSet<u64>>,
    /// Tokens waiting at joins, by frame and join.
    waiting: BTreeMap<u64, BTreeMap<String, Waiting>>,
    /// How many tokens wait at joins, by frame.
    waits: BTreeMap<u64, usize>,
    /// Armed events by frame and by the token they wait for (0: for the frame itself).
    owned: BTreeMap<u64, BTreeMap<u64, BTreeSet<u64>>>,
    /// Armed events by element and by the text of what has to be brought.
    heard: BTreeMap<String, BTreeMap<Option<String>, BTreeSet<u64>>>,
}

impl Lookup {
    pub(crate) fn token(&mut self, id: u64, token: &Token, there: bool) {
        put(&mut self.members, token.frame, id, there);
        if let Some(from) = token.from {
            put(&mut self.came, from, id, there);
        }
        let Some(by) = &token.by else { return };
        let joins = self.waiting.entry(token.frame).or_default();
        let flows = entry(joins, &token.at);
        put(flows, by.clone(), id, there);
        if flows.is_empty() {
            joins.remove(&token.at);
        }
        if joins.is_empty() {
            self.waiting.remove(&token.frame);
        }
        let waits = self.waits.entry(token.frame).or_default();
        *waits = if there { *waits + 1 } else { waits.saturating_sub(1) };
        if *waits == 0 {
            self.waits.remove(&token.frame);
        }
    }

    pub(crate) fn armed(&mut self, id: u64, armed: &Armed, there: bool) {
        let owners = self.owned.entry(armed.frame).or_default();
        put(owners, armed.token.unwrap_or(0), id, there);
        if owners.is_empty() {
            self.owned.remove(&armed.frame);
        }
        let keys = entry(&mut self.heard, &armed.at);
        put(keys, armed.key.as_ref().map(words_of), id, there);
        if keys.is_empty() {
            self.heard.remove(&armed.at);
        }
    }

    pub(crate) fn members(&self, frame: u64) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.members.get(&frame).into_iter().flatten().copied().inspect(|_| looked_at(1))
    }

    /// Tokens that the completion of a task led to.
    pub(crate) fn came_from(&self, task: u64) -> Vec<u64> {
        self.came.get(&task).into_iter().flatten().copied().inspect(|_| looked_at(1)).collect()
    }

    /// Whether no token is in a frame.
    pub(crate) fn is_empty(&self, frame: u64) -> bool {
        !self.members.contains_key(&frame)
    }

    /// Whether there are tokens in a frame, and all of them wait at joins.
    pub(crate) fn only_waits(&self, frame: u64) -> bool {
        let all = self.members.get(&frame).map_or(0, BTreeSet::len);
        all > 0 && self.waits.get(&frame) == Some(&all)
    }

    /// What waits at a join.
    pub(crate) fn waiting_at(&self, frame: u64, join: &str) -> Option<&Waiting> {
        self.waiting.get(&frame)?.get(join)
    }

    /// Joins of a frame at which something waits.
    pub(crate) fn joins(&self, frame: u64) -> impl Iterator<Item = (&str, &Waiting)> {
        self.waiting.get(&frame).into_iter().flatten().map(|(join, waiting)| (join.as_str(), waiting)).inspect(|_| looked_at(1))
    }

    /// Everything that waits at joins, anywhere.
    pub(crate) fn all_waiting(&self) -> impl Iterator<Item = (&str, &BTreeSet<u64>)> {
        self.waiting.values().flat_map(BTreeMap::values).flatten().map(|(flow, tokens)| (flow.as_str(), tokens)).inspect(|_| looked_at(1))
    }

    /// Events armed for a token, or for the frame itself.
    pub(crate) fn armed_for(&self, frame: u64, token: Option<u64>) -> Vec<u64> {
        let owned = self.owned.get(&frame).and_then(|owners| owners.get(&token.unwrap_or(0)));
        owned.into_iter().flatten().copied().inspect(|_| looked_at(1)).collect()
    }

    /// Events armed at an element.
    pub(crate) fn armed_at(&self, element: &str) -> impl Iterator<Item = u64> + '_ {
        self.heard.get(element).into_iter().flat_map(BTreeMap::values).flatten().copied().inspect(|_| looked_at(1))
    }

    /// The first event armed at an element that asks for nothing, or for just this.
    pub(crate) fn first_for(&self, element: &str, key: Option<&Value>) -> Option<u64> {
        let keys = self.heard.get(element)?;
        let first = |key: &Option<String>| keys.get(key).and_then(BTreeSet::first).copied();
        let asked = key.and_then(|key| first(&Some(words_of(key))));
        looked_at(2);
        first(&None).into_iter().chain(asked).min()
    }
}

/// A value as text: equal ones, and only those, have the same text. (The entries of objects may come in any order.)
fn words_of(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(words_of).collect::<Vec<_>>().join(",")),
        Value::Object(entries) => {
            let sorted: BTreeMap<&String, String> = entries.iter().map(|(name, value)| (name, words_of(value))).collect();
            format!("{sorted:?}")
        }
        plain => plain.to_string(),
    }
}

/// The entry of a name; the name is only copied when it is new.
fn entry<'m, V: Default>(map: &'m mut BTreeMap<String, V>, name: &str) -> &'m mut V {
    if !map.contains_key(name) {
        map.insert(name.to_owned(), V::default());
    }
    map.get_mut(name).expect("it was just put there")
}

fn put<K: Ord>(sets: &mut BTreeMap<K, BTreeSet<u64>>, key: K, id: u64, there: bool) {
    if there {
        sets.entry(key).or_default().insert(id);
    } else if let Some(set) = sets.get_mut(&key) {
        set.remove(&id);
        if set.is_empty() {
            sets.remove(&key);
        }
    }
}
