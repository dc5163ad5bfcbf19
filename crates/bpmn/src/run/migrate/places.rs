//! Where something stands among the parallel regions of its scope: inside which splits, by which of their branches.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    model::{Model, NodeKind},
    run::place::{Region, splits},
};

/// Splits around a place, by id, each with the flows out of it by which the place is come to.
pub(super) type Around<'m> = BTreeMap<&'m str, BTreeSet<&'m str>>;

/// The regions of a model, found once.
pub(super) struct Places<'m> {
    model: &'m Model,
    regions: Vec<Vec<(usize, Region)>>,
}

impl<'m> Places<'m> {
    pub(super) fn of(model: &'m Model) -> Self {
        let of_scope = |scope| splits(model, scope).map(|split| (split, Region::of(model, scope, split))).collect();
        Self { model, regions: (0..model.scopes.len()).map(of_scope).collect() }
    }

    /// Around a node.
    pub(super) fn around_node(&self, at: usize) -> Around<'m> {
        self.around(self.model.nodes[at].scope, |_, region| region.branches(at))
    }

    /// Around a flow, by which something waits at a join: what came straight from a split is inside it, too.
    pub(super) fn around_flow(&self, flow: usize) -> Around<'m> {
        let source = self.model.flows[flow].source;
        self.around(self.model.nodes[source].scope, |split, region| {
            let way = || self.model.nodes[split].outgoing.iter().position(|way| *way == flow);
            if source == split { way().map(|way| BTreeSet::from([way])) } else { region.branches(source) }
        })
    }

    fn around(&self, scope: usize, branches: impl Fn(usize, &Region) -> Option<BTreeSet<usize>>) -> Around<'m> {
        let mut around = Around::new();
        for (split, region) in &self.regions[scope] {
            let Some(ways) = branches(*split, region) else { continue };
            let node = &self.model.nodes[*split];
            // Behind a boundary event lies one branch, whatever flows lead out of it.
            let flows = match node.kind {
                NodeKind::BoundaryEvent => BTreeSet::new(),
                _ => ways.into_iter().map(|way| self.model.flows[node.outgoing[way]].id.as_str()).collect(),
            };
            around.insert(&node.id, flows);
        }
        around
    }
}
