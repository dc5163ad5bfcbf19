//! Cuts cycles, gives every node a layer (longest way from the start) and puts a bend where a flow passes through a layer.

use super::border::Leave;
use crate::model::Model;

/// Flows that would need more bends than this in all are drawn without (only in absurdly large drawings).
const MAX_BENDS: usize = 20_000;

/// Vertices are the nodes of the model, followed by the bends.
pub(super) struct Layers {
    /// Number of nodes; higher vertices are bends.
    pub(super) nodes: usize,
    /// Layer of each vertex.
    pub(super) layer: Vec<usize>,
    /// Vertices of each layer, in order across.
    pub(super) order: Vec<Vec<usize>>,
    /// For each flow the vertices it visits from source to target; `None` for a flow that leads back.
    pub(super) chains: Vec<Option<Vec<usize>>>,
    /// The lane each vertex keeps to, from the first; a bend that of the flow's source.
    pub(super) band: Vec<usize>,
    /// Longest way through each flow, for deciding what runs straight.
    pub(super) weight: Vec<usize>,
}

impl Layers {
    pub(super) fn of(model: &Model, leaves: &[Option<Leave>], bands: &[usize]) -> Self {
        let count = model.nodes.len();
        let (back, topological) = cut_cycles(model);
        let mut layer = vec![0_usize; count];
        for at in &topological {
            for flow in model.nodes[*at].outgoing.iter().filter(|flow| !back[**flow]) {
                let target = model.flows[*flow].target;
                layer[target] = layer[target].max(layer[*at] + 1);
            }
        }
        let mut remaining = vec![0_usize; count];
        for at in topological.iter().rev() {
            for flow in model.nodes[*at].outgoing.iter().filter(|flow| !back[**flow]) {
                remaining[*at] = remaining[*at].max(remaining[model.flows[*flow].target] + 1);
            }
        }
        let weight = model.flows.iter().map(|flow| layer[flow.source] + 1 + remaining[flow.target]).collect();
        let mut graph =
            Self { nodes: count, layer, order: Vec::new(), chains: Vec::with_capacity(model.flows.len()), band: bands.to_vec(), weight };
        for (at, flow) in model.flows.iter().enumerate() {
            graph.chains.push((!back[at]).then(|| vec![flow.source, flow.target]));
        }
        graph.add_bends();
        graph.first_order(model, &back, &remaining, leaves);
        for layer in &mut graph.order {
            layer.sort_by_key(|vertex| graph.band[*vertex]);
        }
        graph
    }

    /// Whether a vertex is a bend.
    pub(super) fn is_bend(&self, vertex: usize) -> bool {
        vertex >= self.nodes
    }

    /// Pairs of vertices in neighbouring layers, with the flow.
    pub(super) fn segments(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        self.chains
            .iter()
            .enumerate()
            .flat_map(|(flow, chain)| chain.as_deref().unwrap_or_default().windows(2).map(move |pair| (pair[0], pair[1], flow)))
    }

    fn add_bends(&mut self) {
        let mut wanted = 0;
        for at in 0..self.chains.len() {
            let Some([source, target]) = self.chains[at].as_deref() else {
                continue;
            };
            let (source, target) = (*source, *target);
            wanted += self.layer[target] - self.layer[source] - 1;
            if wanted > MAX_BENDS {
                continue;
            }
            let mut chain = vec![source];
            for layer in self.layer[source] + 1..self.layer[target] {
                chain.push(self.layer.len());
                self.layer.push(layer);
                self.band.push(self.band[source]);
            }
            chain.push(target);
            self.chains[at] = Some(chain);
        }
    }

    /// Depth first, the longest way first: it comes to lie on top (or left).
    fn first_order(&mut self, model: &Model, back: &[bool], remaining: &[usize], leaves: &[Option<Leave>]) {
        let layers = self.layer.iter().max().map_or(0, |last| last + 1);
        self.order = vec![Vec::new(); layers];
        let mut seen = vec![false; self.layer.len()];
        let mut roots: Vec<usize> = (0..self.nodes).collect();
        roots.sort_by_key(|at| self.layer[*at]);
        for root in roots {
            let mut open = vec![root];
            while let Some(vertex) = open.pop() {
                if std::mem::replace(&mut seen[vertex], true) {
                    continue;
                }
                self.order[self.layer[vertex]].push(vertex);
                if self.is_bend(vertex) {
                    continue;
                }
                let mut ways: Vec<usize> = model.nodes[vertex].outgoing.iter().copied().filter(|flow| !back[*flow]).collect();
                // Last pushed is visited first; of like ways the first in the file.
                // What leads back comes last, nearest to the lanes of such flows.
                ways.reverse();
                ways.sort_by_key(|flow| {
                    let target = model.flows[*flow].target;
                    let leads_back = model.nodes[target].outgoing.iter().any(|out| back[*out]);
                    // Flows out of events on the far border come to lie behind the others, those of the last event first:
                    // so they do not cross.
                    let rank = leaves[*flow].map_or(remaining[target], |leave| leave.place);
                    (leaves[*flow].is_none(), rank, !leads_back)
                });
                for flow in ways {
                    if let Some(chain) = &self.chains[flow] {
                        open.extend(chain[1..].iter().rev());
                    }
                }
            }
        }
    }
}

/// Flows that lead back, and the nodes in an order in which all other flows lead forward.
fn cut_cycles(model: &Model) -> (Vec<bool>, Vec<usize>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Visit {
        New,
        Open,
        Closed,
    }
    let count = model.nodes.len();
    let mut back = vec![false; model.flows.len()];
    let mut visit = vec![Visit::New; count];
    let mut finished = Vec::with_capacity(count);
    let roots = model.start().into_iter().chain((0..count).filter(|at| model.nodes[*at].incoming.is_empty())).chain(0..count);
    for root in roots {
        if visit[root] != Visit::New {
            continue;
        }
        visit[root] = Visit::Open;
        let mut open = vec![(root, 0_usize)];
        while let Some((at, next)) = open.last_mut() {
            let node = &model.nodes[*at];
            let Some(flow) = node.outgoing.get(*next) else {
                visit[*at] = Visit::Closed;
                finished.push(*at);
                open.pop();
                continue;
            };
            *next += 1;
            let target = model.flows[*flow].target;
            match visit[target] {
                Visit::New => {
                    visit[target] = Visit::Open;
                    open.push((target, 0));
                }
                Visit::Open => back[*flow] = true,
                Visit::Closed => {}
            }
        }
    }
    finished.reverse();
    (back, finished)
}
