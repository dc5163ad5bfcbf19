//! A process read as a table, when it has the shape of one: steps one after the other, some of them at the same time or only under a
//! condition, an acceptance, a decision, and what follows it. What the table cannot show is named with element and line.

use std::collections::{BTreeMap, BTreeSet};

use banhao_bpmn::{BpmnProblem, Model, Node, NodeKind, Repeat, SignMode, TimerKind, Trigger};
use banhao_decision::Expression;
use serde_json::{Value, json};

use super::table::{Condition, Frame, Kind, MAX_ROWS, Named, Place, Reminder, Row, Signing, StepTable, TimeOut};

/// Something the table cannot show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotATable {
    /// Id of the element.
    pub element: String,
    /// Line in the file.
    pub line: u32,
    /// What it is, in Chinese.
    pub zh: String,
    /// What it is, in English.
    pub en: String,
}

impl StepTable {
    /// Reads a process as a table.
    ///
    /// # Errors
    /// The first thing the table cannot show.
    pub fn from_model(model: &Model) -> Result<Self, NotATable> {
        let mut table = Reader { model, seen: BTreeSet::new(), entries: BTreeMap::new(), passed: Vec::new() }.table()?;
        table.settle();
        Ok(table)
    }

    /// What stands in the file without effect on the run and is lost when the table is written: lanes, notes and the like.
    pub fn lost(model: &Model) -> impl Iterator<Item = &BpmnProblem> {
        model.remarks().iter().filter(|remark| remark.code == "no-effect")
    }
}

type Read<T> = Result<T, NotATable>;

fn unfit<T>(node: &Node, zh: &str, en: &str) -> Read<T> {
    let name = node.name().unwrap_or(node.id());
    Err(NotATable {
        element: node.id().to_owned(), line: node.line(), zh: format!("“{name}”：{zh}"), en: format!("“{name}”: {en}")
    })
}

fn named(node: &Node) -> Named {
    Named::new(node.id(), node.name().unwrap_or_default())
}

/// Attributes of the office that a row shows.
const SHOWN: [&str; 14] = [
    "banhao:act",
    "banhao:post",
    "banhao:organisation",
    "banhao:days",
    "banhao:special",
    "banhao:sign",
    "banhao:share",
    "banhao:veto",
    "banhao:signers",
    "banhao:allow",
    "banhao:return-to",
    "banhao:return-then",
    "banhao:decision",
    "banhao:result",
];

struct Reader<'m> {
    model: &'m Model,
    /// Nodes that found their place in the table.
    seen: BTreeSet<&'m str>,
    /// Where one comes to when one comes to a node: a row, or the end of the part it stands in (none).
    entries: BTreeMap<&'m str, Option<String>>,
    /// Gateways passed since the last row.
    passed: Vec<&'m str>,
}

/// Rows with what comes behind them.
type Part<'m> = (Vec<Row>, &'m Node);

impl<'m> Reader<'m> {
    fn table(mut self) -> Read<StepTable> {
        let model = self.model;
        let mut frame = Frame::default();
        let starts: Vec<&Node> = model.nodes().iter().filter(|node| node.kind() == NodeKind::StartEvent && !node.is_nested()).collect();
        let [start] = starts.as_slice() else {
            let node = starts.get(1).or(starts.first()).copied().unwrap_or(&model.nodes()[0]);
            return unfit(node, "流程要有一个、也只能有一个开始", "a table has exactly one start");
        };
        if start.trigger().is_some() {
            return unfit(start, "由事件发起的流程不能用表格表示", "a process begun by an event cannot be shown");
        }
        self.plain(start)?;
        frame.start = named(start);
        let first = self.next(start)?;
        let (main, decision) = self.main(first, &mut frame)?;
        let (granted, refused) = self.outcome(decision, &mut frame)?;
        let left_over = model.nodes().iter().find(|node| !self.seen.contains(node.id()));
        if let Some(node) = left_over {
            return unfit(node, "表格里没有它的位置", "there is no place for it in the table");
        }
        let mut table =
            StepTable { id: model.id().to_owned(), name: model.name().unwrap_or_default().to_owned(), frame, main, granted, refused };
        self.time_outs(&mut table)?;
        if let Some((_, row)) = table.rows().nth(MAX_ROWS) {
            let node = model.node(&row.id).unwrap_or(start);
            return unfit(
                node,
                &format!("环节超过 {MAX_ROWS} 个，表格里放不下"),
                &format!("there are more than {MAX_ROWS} steps; a table has no room for them"),
            );
        }
        Ok(table)
    }

    /// The acceptance with its way out, then everything to the decision; gives the gateway behind it.
    fn main(&mut self, first: &'m Node, frame: &mut Frame) -> Read<Part<'m>> {
        let (mut rows, mut at) = self.sequence(first, false)?;
        let accepts = rows.last().is_some_and(|row| row.kind == Kind::Accept);
        if !accepts {
            return unfit(at, "受理要在最前面，后面要有“受理吗”的分支", "acceptance comes first, followed by a choice");
        }
        let (out, on) = self.choice(at, "acceptance", "refused", "accepted")?;
        frame.acceptance = named(at);
        out.name().unwrap_or_default().clone_into(&mut frame.not_accepted);
        on.name().unwrap_or_default().clone_into(&mut frame.accepted);
        frame.turned_away = self.end(self.model.target(out))?;
        let (more, decision) = self.sequence(self.model.target(on), false)?;
        rows.extend(more);
        at = decision;
        if rows.iter().filter(|row| row.kind == Kind::Accept).count() > 1 {
            return unfit(at, "受理只能有一次", "there is one acceptance");
        }
        if rows.last().is_none_or(|row| row.kind != Kind::Decide) {
            return unfit(at, "在决定之前流程不能结束或分开", "the process may not end or divide before the decision");
        }
        Ok((rows, at))
    }

    fn outcome(&mut self, gate: &'m Node, frame: &mut Frame) -> Read<(Vec<Row>, Vec<Row>)> {
        let (granted, refused) = self.choice(gate, "decision", "grant", "refuse")?;
        frame.decision = named(gate);
        granted.name().unwrap_or_default().clone_into(&mut frame.grant);
        refused.name().unwrap_or_default().clone_into(&mut frame.refuse);
        let (granted_rows, end) = self.sequence(self.model.target(granted), false)?;
        frame.granted = self.end(end)?;
        let (refused_rows, end) = self.sequence(self.model.target(refused), false)?;
        frame.refused = self.end(end)?;
        if let Some(row) = granted_rows.iter().chain(&refused_rows).find(|row| matches!(row.kind, Kind::Accept | Kind::Decide)) {
            let node = self.model.node(&row.id).unwrap_or(gate);
            return unfit(node, "受理和决定只能各有一次", "there is one acceptance and one decision");
        }
        Ok((granted_rows, refused_rows))
    }

    /// A gateway with two ways, told apart by what an act decided: the way of the first word, then the other.
    fn choice(
        &mut self,
        gate: &'m Node,
        variable: &str,
        first: &str,
        second: &str,
    ) -> Read<(&'m banhao_bpmn::Flow, &'m banhao_bpmn::Flow)> {
        let ways: Vec<_> = self.model.outgoing(gate).collect();
        let (NodeKind::ExclusiveGateway, [one, other]) = (gate.kind(), ways.as_slice()) else {
            return unfit(gate, "这里应当是两条路的排他网关", "an exclusive gateway with two ways is expected here");
        };
        self.plain(gate)?;
        let default = self.model.default_flow(gate).map(banhao_bpmn::Flow::id);
        let says = |flow: &banhao_bpmn::Flow, word: &str| {
            let text: String = flow.condition().unwrap_or_default().chars().filter(|letter| !letter.is_whitespace()).collect();
            default != Some(flow.id()) && text == format!("{variable}=\"{word}\"")
        };
        let otherwise = |flow: &banhao_bpmn::Flow| default == Some(flow.id());
        for (one, other) in [(*one, *other), (*other, *one)] {
            if (says(one, first) && (otherwise(other) || says(other, second))) || (otherwise(one) && says(other, second)) {
                return Ok((one, other));
            }
        }
        unfit(gate, "它的条件不是表格里的受理、决定分支", "its conditions are not those of acceptance or decision")
    }

    fn end(&mut self, node: &'m Node) -> Read<Named> {
        let end = self.through(node);
        self.close();
        if end.kind() != NodeKind::EndEvent || end.trigger().is_some() {
            return unfit(end, "这里应当是普通的结束事件", "a plain end event is expected here");
        }
        if !self.seen.insert(end.id()) {
            return unfit(end, "几个结果共用一个结束，表格里要分开", "several outcomes share one end; the table has one for each");
        }
        self.plain_marked(end)?;
        Ok(named(end))
    }

    /// Goes through gateways that only bring ways together.
    fn through(&mut self, mut node: &'m Node) -> &'m Node {
        // A ring of gateways has no end; it is told by the engine's check, and here each is passed once.
        while is_meeting(self.model, node) && self.seen.insert(node.id()) {
            self.passed.push(node.id());
            match self.model.outgoing(node).next() {
                Some(flow) => node = self.model.target(flow),
                None => break,
            }
        }
        node
    }

    /// What was passed leads to this row.
    fn open(&mut self, row: &str, nodes: &[&'m str]) {
        for node in self.passed.drain(..).chain(nodes.iter().copied()) {
            self.entries.insert(node, Some(row.to_owned()));
        }
    }

    /// What was passed leads to the end of a part.
    fn close(&mut self) {
        for node in self.passed.drain(..) {
            self.entries.insert(node, None);
        }
    }

    /// Rows one after the other, up to what is no row.
    fn sequence(&mut self, from: &'m Node, in_branch: bool) -> Read<Part<'m>> {
        let mut rows: Vec<Row> = Vec::new();
        let mut at = from;
        loop {
            let passed = self.passed.len();
            at = self.through(at);
            let before = self.passed.get(passed).and_then(|id| self.model.node(id)).map(named);
            if self.seen.contains(at.id()) {
                return unfit(at, "流程绕回到前面的环节，表格里请用退回", "the process goes round; a table has 退回 for that");
            }
            let (mut group, next) = match at.kind() {
                NodeKind::ExclusiveGateway if rows.last().is_some_and(|row| matches!(row.kind, Kind::Accept | Kind::Decide)) => break,
                NodeKind::ExclusiveGateway => {
                    let (row, next) = self.conditional(at)?;
                    (vec![row], next)
                }
                NodeKind::ParallelGateway if self.model.incoming(at).count() > 1 => break,
                NodeKind::ParallelGateway if in_branch => {
                    return unfit(at, "同时进行的里面又同时进行，表格里只有一层", "branches inside branches; the table has one level");
                }
                NodeKind::ParallelGateway => self.branches(at)?,
                kind if is_step(kind) => {
                    self.open(at.id(), &[at.id()]);
                    let row = self.step(at)?;
                    (vec![row], self.next(at)?)
                }
                NodeKind::EndEvent => break,
                _ => return unfit(at, "表格里没有这种元素", "the table has no element of this kind"),
            };
            if in_branch && group.iter().any(|row| matches!(row.kind, Kind::Accept | Kind::Decide)) {
                return unfit(at, "受理和决定不能与别的环节同时进行", "acceptance and decision stand alone");
            }
            if let Some(head) = group.first_mut() {
                head.before = before;
            }
            rows.extend(group);
            at = next;
        }
        Ok((rows, at))
    }

    /// A step that depends on a condition: two ways, of which one goes past it.
    fn conditional(&mut self, gate: &'m Node) -> Read<(Row, &'m Node)> {
        self.plain(gate)?;
        let ways: Vec<_> = self.model.outgoing(gate).collect();
        let default = self.model.default_flow(gate);
        let (Some(otherwise), [one, other]) = (default, ways.as_slice()) else {
            return unfit(gate, "表格里的条件只有两条路：办或者不办", "a condition in the table has two ways: do it or leave it out");
        };
        let when = if one.id() == otherwise.id() { *other } else { *one };
        let Some(condition) = when.condition() else {
            return unfit(gate, "没有写条件", "the condition is missing");
        };
        let (yes, no) = if self.goes_past(when, otherwise) {
            (when, otherwise)
        } else if self.goes_past(otherwise, when) {
            (otherwise, when)
        } else {
            return unfit(gate, "它的一条路要正好越过一个环节", "one of its ways has to go past exactly one step");
        };
        let step = self.model.target(yes);
        self.open(step.id(), &[gate.id()]);
        let mut row = self.step(step)?;
        row.condition = Some(Condition {
            when: condition.to_owned(),
            leaves_out: yes.id() == otherwise.id(),
            gate: named(gate),
            yes: yes.name().unwrap_or_default().to_owned(),
            no: no.name().unwrap_or_default().to_owned(),
        });
        let next = self.next(step)?;
        if is_meeting(self.model, next) {
            row.after = Some(named(next));
        }
        Ok((row, next))
    }

    /// Whether the first way leads to a step and the second to what comes behind it.
    fn goes_past(&self, to: &banhao_bpmn::Flow, by: &banhao_bpmn::Flow) -> bool {
        let step = self.model.target(to);
        let mut behind = self.model.outgoing(step);
        let (Some(next), None) = (behind.next(), behind.next()) else { return false };
        is_step(step.kind()) && resolved(self.model, self.model.target(next)).id() == resolved(self.model, self.model.target(by)).id()
    }

    fn branches(&mut self, split: &'m Node) -> Read<(Vec<Row>, &'m Node)> {
        self.plain(split)?;
        let before: Vec<&str> = std::mem::take(&mut self.passed);
        let mut rows: Vec<Row> = Vec::new();
        let mut join: Option<&Node> = None;
        for flow in self.model.outgoing(split) {
            let (mut branch, end) = self.sequence(self.model.target(flow), true)?;
            self.close();
            if end.kind() != NodeKind::ParallelGateway || join.is_some_and(|join| join.id() != end.id()) {
                return unfit(end, "同时进行的几支要在同一个并行网关汇合", "branches have to meet in one parallel gateway");
            }
            if branch.is_empty() {
                return unfit(split, "同时进行的一支里没有环节", "a branch has no step");
            }
            for (at, row) in branch.iter_mut().enumerate() {
                row.place = if at > 0 {
                    Place::Behind
                } else if rows.is_empty() {
                    Place::After
                } else {
                    Place::Beside
                };
            }
            rows.extend(branch);
            join = Some(end);
        }
        let Some(join) = join else { return unfit(split, "后面没有环节", "nothing follows") };
        if self.model.incoming(join).count() != self.model.outgoing(split).count() {
            return unfit(join, "有别的路也汇合到这里", "other ways meet here too");
        }
        self.plain(join)?;
        let next = self.next(join)?;
        if let Some(head) = rows.first_mut() {
            head.branches = Some((named(split), named(join)));
            for node in before.into_iter().chain([split.id()]) {
                self.entries.insert(node, Some(head.id.clone()));
            }
        }
        Ok((rows, next))
    }

    /// The only way on.
    fn next(&self, node: &'m Node) -> Read<&'m Node> {
        let mut ways = self.model.outgoing(node);
        match (ways.next(), ways.next()) {
            (Some(flow), None) if flow.condition().is_none() => Ok(self.model.target(flow)),
            _ => unfit(node, "后面要正好有一条路，不带条件", "exactly one way without condition may follow"),
        }
    }

    /// Nothing is written on it that the table would lose.
    fn plain(&mut self, node: &'m Node) -> Read<()> {
        self.seen.insert(node.id());
        self.plain_marked(node)
    }

    fn plain_marked(&self, node: &'m Node) -> Read<()> {
        if node.documentation().is_some() {
            return unfit(node, "上面的说明表格里放不下", "the table has no room for its explanation");
        }
        self.no_more(node, &[])
    }

    fn no_more(&self, node: &'m Node, shown: &[&str]) -> Read<()> {
        if let Some(name) = node.attributes().keys().find(|name| !shown.contains(&name.as_str())) {
            return unfit(node, &format!("表格里没有属性 {name}"), &format!("the table does not show the attribute {name}"));
        }
        if node.extensions().is_empty() {
            Ok(())
        } else {
            unfit(node, "带有别的编辑器的扩展内容", "it has extensions of another editor")
        }
    }

    fn step(&mut self, node: &'m Node) -> Read<Row> {
        if !is_step(node.kind()) {
            return unfit(node, "表格里没有这种元素", "the table has no element of this kind");
        }
        self.seen.insert(node.id());
        self.no_more(node, &SHOWN)?;
        let of = |name: &str| node.attribute(&format!("banhao:{name}")).map(ToOwned::to_owned);
        let act = of("act").unwrap_or_default();
        let kind = match node.kind() {
            NodeKind::ReceiveTask => Some(Kind::Message),
            NodeKind::RuleTask => Some(Kind::Rule),
            NodeKind::ServiceTask => (act == "make").then_some(Kind::Make),
            _ => Kind::parse(&act).filter(|kind| kind.is_human()),
        };
        let Some(kind) = kind else {
            return unfit(node, &format!("表格里没有“{act}”这种环节"), &format!("the table has no steps of the kind `{act}`"));
        };
        let mut row = Row::new(node.id(), node.name().unwrap_or_default(), kind);
        row.post = of("post").unwrap_or_default();
        node.documentation().unwrap_or_default().clone_into(&mut row.note);
        self.people(node, &mut row)?;
        match (node.kind(), node.trigger()) {
            (NodeKind::ReceiveTask, Some(Trigger::Message { name, correlation: None })) => row.message.clone_from(name),
            (NodeKind::ReceiveTask, _) => return unfit(node, "消息的关联条件表格里放不下", "the table does not show correlations"),
            _ => {}
        }
        if let Some(asked) = node.decision() {
            row.decision.clone_from(&asked.decision);
            row.result.clone_from(&asked.result);
        }
        self.borders(node, &mut row)?;
        Ok(row)
    }

    fn people(&self, node: &'m Node, row: &mut Row) -> Read<()> {
        let of = |name: &str| node.attribute(&format!("banhao:{name}")).map(ToOwned::to_owned);
        let words = |text: String| text.split_whitespace().map(ToOwned::to_owned).collect::<Vec<_>>();
        row.organisation = of("organisation");
        row.days = match of("days") {
            None => None,
            Some(text) => match text.parse() {
                Ok(days) => Some(days),
                Err(_) => return unfit(node, "时限不是整天数", "its time limit is not a number of days"),
            },
        };
        row.special = of("special");
        row.allow = of("allow").map(|text| words(text).into_iter().collect());
        row.return_to = of("return-to").map(words);
        row.straight = match of("return-then").as_deref() {
            None => None,
            Some("again") => Some(false),
            Some("straight") => Some(true),
            Some(_) => return unfit(node, "退回后的办法不认识", "what follows a return is not known"),
        };
        row.sign = match node.repeat() {
            None => None,
            Some(Repeat::Many(many)) if many.completion.is_none() && node.attribute("banhao:signers").is_some() => {
                let Some(sign) = many.sign else { return unfit(node, "表格里没有多实例环节", "the table has no repeated steps") };
                let (mode, share) = match sign.mode {
                    SignMode::All => ("all", String::new()),
                    SignMode::Any => ("any", String::new()),
                    SignMode::Turn => ("turn", String::new()),
                    SignMode::Vote { .. } => ("vote", of("share").unwrap_or_default()),
                    _ => return unfit(node, "签署方式不认识", "its way of signing is not known"),
                };
                let text = of("signers").unwrap_or_default();
                let (signers, expression) = match listed(&text) {
                    Some(keys) => (keys, String::new()),
                    None => (Vec::new(), text.trim().to_owned()),
                };
                Some(Signing { mode: mode.to_owned(), signers, expression, share, veto: sign.veto })
            }
            Some(_) => return unfit(node, "表格里没有循环和多实例环节", "the table has no loops and repeated steps"),
        };
        Ok(())
    }

    /// Timers on its border.
    fn borders(&mut self, node: &'m Node, row: &mut Row) -> Read<()> {
        let model = self.model;
        for event in model.nodes().iter().filter(|event| model.attached_to(event).is_some_and(|host| host.id() == node.id())) {
            self.seen.insert(event.id());
            self.no_more(event, &["banhao:working"])?;
            let Some(timer) = event.timer() else {
                return unfit(event, "表格里只有超时这一种边界事件", "the table has no border events but time-outs");
            };
            let days = |text: &str| text.trim().strip_prefix('P')?.strip_suffix('D')?.parse::<u16>().ok();
            let (days, again) = match timer.kind {
                TimerKind::Duration => (days(&timer.expression), false),
                TimerKind::Cycle => (timer.expression.trim().strip_prefix("R/").and_then(days), true),
                TimerKind::Date => (None, false),
            };
            let (Some(days), Some("true")) = (days, event.attribute("banhao:working")) else {
                return unfit(event, "表格里的超时按整个工作日计算", "the table counts time-outs in whole working days");
            };
            let next = self.next(event)?;
            let remind = is_reminding(next);
            match (event.is_interrupting(), remind) {
                (true, false) if row.time_out.is_none() && !again => {
                    row.time_out = Some(TimeOut { days, to: Some(next.id().to_owned()), id: event.id().to_owned() });
                }
                (false, true) if row.reminder.is_none() => {
                    self.plain_service(next)?;
                    let end = self.next(next)?;
                    if end.kind() != NodeKind::EndEvent || end.trigger().is_some() || end.name().is_some() {
                        return unfit(end, "提醒之后要直接结束", "a reminder ends at once");
                    }
                    self.plain(end)?;
                    row.reminder = Some(Reminder { days, again, ids: [event, next, end].map(|node| node.id().to_owned()) });
                }
                _ => return unfit(event, "一个环节只能有一次提醒、一次自动转走", "a step has one reminder and one time-out"),
            }
        }
        Ok(())
    }

    fn plain_service(&mut self, node: &'m Node) -> Read<()> {
        self.seen.insert(node.id());
        self.no_more(node, &["banhao:act"])
    }

    /// Where time-outs lead, now that every node has its place.
    fn time_outs(&self, table: &mut StepTable) -> Read<()> {
        let follows: BTreeMap<String, Option<String>> = following(table);
        let later: BTreeMap<String, BTreeSet<String>> =
            table.main.iter().map(|row| (row.id.clone(), table.later(&row.id).into_iter().map(|row| row.id.clone()).collect())).collect();
        for section in super::table::Section::ALL {
            for row in table.rows_of_mut(section) {
                let Some(time_out) = &mut row.time_out else { continue };
                let Some(node) = time_out.to.take() else { continue };
                let to = self.entries.get(node.as_str()).cloned().flatten();
                let at_end = self.entries.get(node.as_str()).is_none_or(Option::is_none);
                let next = follows.get(&row.id).cloned().flatten();
                let target = self.model.node(&node);
                let ends = target.is_some_and(|target| matches!(target.kind(), NodeKind::EndEvent) || is_meeting(self.model, target));
                if (to.is_some() && to == next) || (next.is_none() && at_end && ends) {
                    continue;
                }
                match to {
                    Some(to) if later.get(&row.id).is_some_and(|later| later.contains(&to)) => time_out.to = Some(to),
                    _ => {
                        let event = self.model.node(&time_out.id).unwrap_or(&self.model.nodes()[0]);
                        return unfit(
                            event,
                            "超时只能转到后面的环节，不能转出同时进行的一支",
                            "a time-out leads to a later step, not out of branches",
                        );
                    }
                }
            }
        }
        Ok(())
    }
}

/// The row that follows each row: of the same branch, else what comes behind the branches has no name here.
fn following(table: &StepTable) -> BTreeMap<String, Option<String>> {
    let mut follows = BTreeMap::new();
    for section in super::table::Section::ALL {
        let rows = table.rows_of(section);
        for (at, row) in rows.iter().enumerate() {
            let next = rows.get(at + 1).filter(|next| match next.place {
                Place::Behind => true,
                Place::Beside => false,
                Place::After => !super::table::is_in_group(rows, at),
            });
            follows.insert(row.id.clone(), next.map(|next| next.id.clone()));
        }
    }
    follows
}

fn is_step(kind: NodeKind) -> bool {
    matches!(kind, NodeKind::UserTask | NodeKind::ServiceTask | NodeKind::ReceiveTask | NodeKind::RuleTask)
}

fn is_reminding(node: &Node) -> bool {
    node.kind() == NodeKind::ServiceTask && node.attribute("banhao:act") == Some("remind")
}

/// A gateway that only brings ways together.
fn is_meeting(model: &Model, node: &Node) -> bool {
    node.kind() == NodeKind::ExclusiveGateway && model.outgoing(node).count() == 1
}

/// The node behind gateways that only bring ways together.
fn resolved<'m>(model: &'m Model, mut node: &'m Node) -> &'m Node {
    for _ in 0..model.nodes().len() {
        match model.outgoing(node).next() {
            Some(flow) if is_meeting(model, node) => node = model.target(flow),
            _ => break,
        }
    }
    node
}

/// The keys of a list that is written out.
fn listed(text: &str) -> Option<Vec<String>> {
    let Ok(Value::Array(items)) = Expression::parse(text).ok()?.eval(&json!({})) else { return None };
    items.iter().map(|item| item.as_str().map(ToOwned::to_owned)).collect()
}
