//! The process and the insides of its subprocesses.

use std::collections::HashMap;

use super::{LooseFlow, MAX_FLOWS, MAX_NODES, Reader, documentation, ours};
use crate::{
    asides::Asides,
    lanes::Lanes,
    model::{Model, NodeKind, Place, Scope, asked},
    problem::BpmnProblem,
    tree::Element,
    vocabulary,
};

impl<'d> Reader<'d> {
    pub(super) fn process(&mut self, process: &'d Element) -> Option<Model> {
        let id = self.id(process)?;
        let name = self.name(process);
        self.scope(process, None, None);
        if self.nodes.len() > MAX_NODES || self.loose.len() > MAX_FLOWS {
            let (nodes, flows) = (self.nodes.len(), self.loose.len());
            self.problems.push(BpmnProblem::error(
                "process-too-large",
                process.line,
                Some(&id),
                format!("流程最多 {MAX_NODES} 个环节、{MAX_FLOWS} 条流向，现有 {nodes}、{flows}。"),
                format!("A process may have {MAX_NODES} nodes and {MAX_FLOWS} flows; this one has {nodes} and {flows}."),
            ));
            return None;
        }
        let mut index: HashMap<String, Place> =
            self.nodes.iter().enumerate().map(|(at, node)| (node.id.clone(), Place::Node(at))).collect();
        let flows = self.connect(&mut index);
        self.attach(&index);
        self.link();
        self.compensate(&index);
        let expressions = std::mem::take(&mut self.expressions);
        Some(Model {
            id,
            name,
            documentation: documentation(process),
            scopes: std::mem::take(&mut self.scopes),
            nodes: std::mem::take(&mut self.nodes),
            asked: asked(&expressions),
            expressions,
            flows,
            index,
            diagrams: Vec::new(),
            drawn: None,
            lanes: Lanes::default(),
            asides: Asides::default(),
            neighbours: Vec::new(),
            remarks: Vec::new(),
        })
    }

    /// Reads what stands inside a process or subprocess; recursion is bounded by the depth of the file. Gives its number.
    fn scope(&mut self, element: &'d Element, parent: Option<usize>, owner: Option<usize>) -> usize {
        let scope = self.scopes.len();
        self.scopes.push(Scope { parent, owner, nodes: Vec::new(), handlers: Vec::new(), inclusive_joins: Vec::new() });
        for child in ours(element) {
            match child.name.local.as_str() {
                "documentation" | "extensionElements" => {}
                "sequenceFlow" => {
                    if let Some(id) = self.id(child) {
                        self.loose.push(LooseFlow { element: child, id });
                    }
                }
                "association" => self.associations.push(child),
                local if vocabulary::is_flow_element(local) => self.flow_element(child, scope),
                local if owner.is_some() && vocabulary::is_activity_part(local) => {} // Read with the subprocess itself.
                _ => self.kept(child),
            }
        }
        scope
    }

    fn flow_element(&mut self, element: &'d Element, scope: usize) {
        let Some(node) = self.node(element, scope) else { return };
        let (at, kind) = (self.nodes.len(), node.kind);
        self.nodes.push(node);
        self.elements.push(element);
        self.scopes[scope].nodes.push(at);
        if kind.is_scope() {
            let inner = self.scope(element, Some(scope), Some(at));
            self.nodes[at].inner = Some(inner);
        }
        if kind == NodeKind::InclusiveGateway {
            self.scopes[scope].inclusive_joins.push(at);
        }
        if kind == NodeKind::EventSubProcess {
            self.scopes[scope].handlers.push(at);
            let inside = self.nodes[at].inner.map(|inner| self.scopes[inner].nodes.as_slice()).unwrap_or_default();
            let start = inside.iter().map(|at| &self.nodes[*at]).find(|node| node.kind == NodeKind::StartEvent);
            self.nodes[at].interrupting = start.is_none_or(|start| start.interrupting);
        }
    }
}
