//! What the elements and flows of the old version are called in the new one.

use std::collections::{BTreeMap, BTreeSet};

use super::Plan;
use crate::model::{Flow, Model};

/// Old id → new id, for those that differ.
pub(super) struct Names {
    pub(super) ids: BTreeMap<String, String>,
}

impl Names {
    /// What the plan says, and the flows that are found by their ends: whoever draws a flow anew gives it another id.
    pub(super) fn of(old: &Model, new: &Model, plan: &Plan) -> Self {
        let mut names = Self { ids: plan.ids.clone() };
        let known: BTreeSet<&str> = old.flows.iter().map(|flow| names.to(&flow.id)).filter(|id| new.flow(id).is_some()).collect();
        let mut found = Vec::new();
        for flow in &old.flows {
            if names.ids.contains_key(&flow.id) || new.flow(&flow.id).is_some() {
                continue;
            }
            let [source, target] = ends(old, flow);
            if old.flows.iter().any(|other| other.id != flow.id && ends(old, other) == [source, target]) {
                continue;
            }
            let wanted = [names.to(source), names.to(target)];
            let mut there = new.flows.iter().filter(|other| ends(new, other) == wanted && !known.contains(other.id.as_str()));
            if let (Some(only), None) = (there.next(), there.next()) {
                found.push((flow.id.clone(), only.id.clone()));
            }
        }
        names.ids.extend(found);
        names
    }

    pub(super) fn to<'n>(&'n self, id: &'n str) -> &'n str {
        self.ids.get(id).map_or(id, String::as_str)
    }
}

fn ends<'m>(model: &'m Model, flow: &Flow) -> [&'m str; 2] {
    [model.nodes[flow.source].id.as_str(), model.nodes[flow.target].id.as_str()]
}
