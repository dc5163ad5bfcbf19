//! The drawing in words: one line for each node, in the order in which the flow comes to them, with its state and where it
//! leads. For screen readers, for narrow screens, and beside every drawing.

use crate::{
    model::{Model, Node, NodeKind},
    progress::{Mark, Progress},
    words::Words,
};

/// One node in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineLine {
    /// Number, from 1.
    pub number: usize,
    /// Id of the element.
    pub element: String,
    /// What it is.
    pub kind: NodeKind,
    /// Its name, else its id.
    pub name: String,
    /// How far it is; [`Mark::Ahead`] when no progress is given.
    pub mark: Mark,
    /// Where it leads.
    pub next: Vec<OutlineNext>,
}

/// A way out of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineNext {
    /// Name of the flow.
    pub label: Option<String>,
    /// Number of the line it leads to.
    pub number: usize,
    /// Name of the node it leads to.
    pub name: String,
    /// Whether it was taken.
    pub taken: bool,
}

impl OutlineLine {
    /// The line as one sentence, such as “3. 受理吗？ · 选择其一 · 已办 → 不予受理：4. 不予受理；受理：5. 审查”.
    #[must_use]
    pub fn text(&self, words: &Words, with_state: bool) -> String {
        let mut text = format!("{}. {} · {}", self.number, self.name, words.kind(self.kind));
        if with_state {
            text.push_str(" · ");
            text.push_str(words.mark(self.mark));
        }
        for (at, next) in self.next.iter().enumerate() {
            text.push_str(if at == 0 { " → " } else { words.semicolon });
            if let Some(label) = &next.label {
                text.push_str(label);
                text.push_str(words.colon);
            }
            text.push_str(&format!("{}. {}", next.number, next.name));
        }
        text
    }
}

/// The whole process in words.
#[must_use]
pub fn outline(model: &Model, progress: Option<&Progress>) -> Vec<OutlineLine> {
    let order = reading_order(model);
    let mut number = vec![0; model.nodes.len()];
    for (at, node) in order.iter().enumerate() {
        number[*node] = at + 1;
    }
    order
        .iter()
        .map(|at| {
            let node = &model.nodes[*at];
            OutlineLine {
                number: number[*at],
                element: node.id.clone(),
                kind: node.kind,
                name: called(node),
                mark: progress.map_or(Mark::Ahead, |progress| progress.mark(node)),
                next: model
                    .outgoing(node)
                    .map(|flow| OutlineNext {
                        label: flow.name.clone(),
                        number: number[flow.target],
                        name: called(model.target(flow)),
                        taken: progress.is_some_and(|progress| progress.taken(flow)),
                    })
                    .collect(),
            }
        })
        .collect()
}

/// Depth first from the start, but a node where branches meet comes after all of them: the order in which layers lie.
pub(crate) fn reading_order(model: &Model) -> Vec<usize> {
    let mut finished = Vec::with_capacity(model.nodes.len());
    let mut seen = vec![false; model.nodes.len()];
    let mut ways: Vec<Option<Vec<usize>>> = vec![None; model.nodes.len()];
    let roots = model.start().into_iter().chain(0..model.nodes.len());
    // Unreached nodes begin walks of their own; each walk is put in order by itself and stands after those before it.
    for root in roots {
        if seen[root] {
            continue;
        }
        let mut walk = Vec::new();
        seen[root] = true;
        let mut open = vec![(root, 0_usize)];
        while let Some((at, next)) = open.last_mut() {
            let ways = ways[*at].get_or_insert_with(|| ways_on(model, *at));
            if *next == ways.len() {
                walk.push(*at);
                open.pop();
                continue;
            }
            // Backwards, so that the first way out stands first when the walk is turned round.
            *next += 1;
            let target = ways[ways.len() - *next];
            if !seen[target] {
                seen[target] = true;
                open.push((target, 0));
            }
        }
        walk.reverse();
        finished.extend(walk);
    }
    finished
}

/// What is read after a node: its inside, the events on its border, what undoes it, then where it leads.
fn ways_on(model: &Model, at: usize) -> Vec<usize> {
    let node = &model.nodes[at];
    let inside = node.inner.map(|inner| model.scopes[inner].nodes.as_slice()).unwrap_or_default();
    let first = inside.iter().copied().filter(|at| model.nodes[*at].incoming.is_empty() && model.nodes[*at].attached_to.is_none());
    let boundaries = node.boundaries.iter().copied();
    let outgoing = node.outgoing.iter().map(|flow| model.flows[*flow].target);
    first.chain(boundaries).chain(node.compensator).chain(node.link).chain(outgoing).collect()
}

pub(crate) fn called(node: &Node) -> String {
    node.name.clone().unwrap_or_else(|| node.id.clone())
}
