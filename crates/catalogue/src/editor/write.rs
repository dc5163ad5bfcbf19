//! A table written as BPMN. Always gives a file, also for a table with mistakes: the drawing shows at once what is there.

use std::collections::{BTreeMap, BTreeSet};

use banhao_bpmn::{Model, NodeKind, ProcessBuilder, Timer, TimerKind, tree::Document};

use super::table::{Kind, Named, Place, Row, Section, StepTable, free, groups};

/// A way that waits for where it leads.
#[derive(Debug, Clone, Default)]
struct Way {
    source: String,
    name: String,
    condition: Option<String>,
    by_default: bool,
}

impl Way {
    fn from(source: &str) -> Self {
        Self { source: source.to_owned(), ..Self::default() }
    }

    fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    fn when(mut self, condition: &str) -> Self {
        self.condition = Some(condition.to_owned());
        self
    }

    fn by_default(mut self) -> Self {
        self.by_default = true;
        self
    }
}

struct Writer<'t> {
    table: &'t StepTable,
    process: ProcessBuilder,
    flows: Vec<(Way, String)>,
    /// Time-outs that lead to a row further on.
    jumps: BTreeMap<String, Vec<Way>>,
    messages: BTreeMap<String, String>,
}

impl StepTable {
    /// The process as a file, with a drawing.
    #[must_use]
    pub fn to_bpmn(&self) -> Document {
        let mut table = self.clone();
        table.settle();
        let mut document = Writer::new(&table).document();
        // A table with mistakes may make a file that cannot run; it is drawn as far as it can be read.
        if let Ok(model) = Model::read(&document) {
            document.lay_out(&model);
        }
        document
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

impl<'t> Writer<'t> {
    fn new(table: &'t StepTable) -> Self {
        Self {
            table,
            process: ProcessBuilder::new(&table.id, &table.name),
            flows: Vec::new(),
            jumps: BTreeMap::new(),
            messages: BTreeMap::new(),
        }
    }

    fn document(mut self) -> Document {
        let table = self.table;
        let frame = &table.frame;
        self.node(NodeKind::StartEvent, &frame.start);
        let mut ways = vec![Way::from(&frame.start.id)];
        let last = table.main.len().wrapping_sub(1);
        let mut accepted = false;
        for group in groups(&table.main) {
            ways = self.group(group, ways);
            if !accepted && let [Row { kind: Kind::Accept, .. }] = group {
                accepted = true;
                ways = self.acceptance(ways);
            }
        }
        if table.main.get(last).is_some_and(|row| row.kind == Kind::Decide) {
            self.node(NodeKind::ExclusiveGateway, &frame.decision);
            self.enter(ways, &frame.decision.id);
            let granted = Way::from(&frame.decision.id).named(&frame.grant).when(r#"decision = "grant""#);
            let refused = Way::from(&frame.decision.id).named(&frame.refuse).by_default();
            self.tail(Section::Granted, granted, &frame.granted);
            self.tail(Section::Refused, refused, &frame.refused);
        } else {
            let ways = groups(&table.granted).into_iter().fold(ways, |ways, group| self.group(group, ways));
            self.node(NodeKind::EndEvent, &frame.granted);
            self.enter(ways, &frame.granted.id);
        }
        self.finish()
    }

    fn acceptance(&mut self, ways: Vec<Way>) -> Vec<Way> {
        let frame = &self.table.frame;
        self.node(NodeKind::ExclusiveGateway, &frame.acceptance);
        self.enter(ways, &frame.acceptance.id);
        self.node(NodeKind::EndEvent, &frame.turned_away);
        let out = Way::from(&frame.acceptance.id).named(&frame.not_accepted).when(r#"acceptance = "refused""#);
        self.enter(vec![out], &frame.turned_away.id);
        vec![Way::from(&frame.acceptance.id).named(&frame.accepted).by_default()]
    }

    fn tail(&mut self, section: Section, way: Way, end: &Named) {
        let rows = self.table.rows_of(section);
        let ways = groups(rows).into_iter().fold(vec![way], |ways, group| self.group(group, ways));
        self.node(NodeKind::EndEvent, end);
        self.enter(ways, &end.id);
    }

    fn node(&mut self, kind: NodeKind, named: &Named) {
        self.process.node(kind, &named.id, some(&named.name));
    }

    fn enter(&mut self, ways: Vec<Way>, target: &str) {
        self.flows.extend(ways.into_iter().map(|way| (way, target.to_owned())));
    }

    /// Ways meet in an exclusive gateway.
    fn meet(&mut self, mut ways: Vec<Way>, named: &Named) -> Vec<Way> {
        self.node(NodeKind::ExclusiveGateway, named);
        self.enter(std::mem::take(&mut ways), &named.id);
        vec![Way::from(&named.id)]
    }

    /// One step, or branches.
    fn group(&mut self, rows: &[Row], mut ways: Vec<Way>) -> Vec<Way> {
        let Some(head) = rows.first() else { return ways };
        if let Some(before) = &head.before {
            ways.extend(self.jumps.remove(&head.id).unwrap_or_default());
            ways = self.meet(ways, before);
        }
        let Some((split, join)) = &head.branches else {
            return rows.iter().fold(ways, |ways, row| self.row(row, ways));
        };
        self.node(NodeKind::ParallelGateway, split);
        self.enter(ways, &split.id);
        let mut ends = Vec::new();
        let mut branch = vec![Way::from(&split.id)];
        for (at, row) in rows.iter().enumerate() {
            if at > 0 && row.place == Place::Beside {
                ends.append(&mut branch);
                branch.push(Way::from(&split.id));
            }
            branch = self.row(row, branch);
        }
        ends.append(&mut branch);
        self.node(NodeKind::ParallelGateway, join);
        self.enter(ends, &join.id);
        vec![Way::from(&join.id)]
    }

    fn row(&mut self, row: &Row, mut ways: Vec<Way>) -> Vec<Way> {
        let mut past = Vec::new();
        if let Some(condition) = &row.condition {
            let gate = &condition.gate;
            self.node(NodeKind::ExclusiveGateway, gate);
            self.enter(ways, &gate.id);
            let (to, by) = (Way::from(&gate.id).named(&condition.yes), Way::from(&gate.id).named(&condition.no));
            let (to, by) = if condition.leaves_out {
                (to.by_default(), by.when(&condition.when))
            } else {
                (to.when(&condition.when), by.by_default())
            };
            ways = vec![to];
            past.push(by);
        }
        self.step(row);
        self.enter(ways, &row.id);
        self.reminder(row);
        if let Some(time_out) = &row.time_out {
            let timer = working_days(time_out.days, false);
            self.process.boundary_timer(&time_out.id, None, &row.id, true, &timer).attribute("working", "true");
            let way = Way::from(&time_out.id);
            match &time_out.to {
                None => past.push(way),
                Some(to) => self.jumps.entry(to.clone()).or_default().push(way),
            }
        }
        let mut ways = vec![Way::from(&row.id)];
        if let Some(after) = &row.after {
            ways.append(&mut past);
            ways = self.meet(ways, after);
        }
        ways
    }

    /// The timer, who is reminded, and the end of it: the step stays as it is.
    fn reminder(&mut self, row: &Row) {
        let Some(reminder) = &row.reminder else { return };
        let [late, remind, reminded] = &reminder.ids;
        let timer = working_days(reminder.days, reminder.again);
        self.process.boundary_timer(late, None, &row.id, false, &timer).attribute("working", "true");
        self.process.node(NodeKind::ServiceTask, remind, Some("提醒")).attribute("act", "remind");
        self.process.node(NodeKind::EndEvent, reminded, None);
        self.enter(vec![Way::from(late)], remind);
        self.enter(vec![Way::from(remind)], reminded);
    }

    fn step(&mut self, row: &Row) {
        let kind = match row.kind {
            Kind::Make => NodeKind::ServiceTask,
            Kind::Message => NodeKind::ReceiveTask,
            Kind::Rule => NodeKind::RuleTask,
            _ => NodeKind::UserTask,
        };
        self.process.node(kind, &row.id, some(&row.name));
        match row.kind {
            Kind::Message => {
                let next = free("message", |id| self.messages.values().any(|there| there == id) || self.table.row_of(id).is_some());
                let id = self.messages.entry(row.message.clone()).or_insert(next).clone();
                self.process.own("messageRef", &id);
            }
            Kind::Rule => {
                self.process.attribute("decision", &row.decision).attribute("result", &row.result);
            }
            kind => {
                self.process.attribute("act", kind.as_str());
            }
        }
        if row.kind.is_human() {
            self.people(row);
        }
        if let Some(note) = some(&row.note) {
            self.process.documentation(note);
        }
    }

    fn people(&mut self, row: &Row) {
        let mut put = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                self.process.attribute(name, &value);
            }
        };
        put("post", some(&row.post).map(ToOwned::to_owned));
        put("organisation", row.organisation.clone());
        put("days", row.days.map(|days| days.to_string()));
        put("special", row.special.clone());
        if let Some(sign) = &row.sign {
            put("sign", Some(sign.mode.clone()));
            put("share", some(&sign.share).map(ToOwned::to_owned));
            put("veto", sign.veto.then(|| "true".to_owned()));
            put("signers", Some(signers(&sign.signers, &sign.expression)));
        }
        put("allow", row.allow.as_ref().map(|words| words.iter().cloned().collect::<Vec<_>>().join(" ")));
        put("return-to", row.return_to.as_ref().map(|words| words.join(" ")));
        put("return-then", row.straight.map(|straight| if straight { "straight" } else { "again" }.to_owned()));
    }

    fn finish(mut self) -> Document {
        for (name, id) in &self.messages {
            self.process.message(id, name);
        }
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for (way, target) in &self.flows {
            let id = free(&format!("flow_{}_{target}", way.source), |id| taken.contains(id) || self.table.row_of(id).is_some());
            self.process.flow(&id, &way.source, target);
            if let Some(name) = some(&way.name) {
                self.process.named(name);
            }
            if let Some(condition) = &way.condition {
                self.process.when(condition);
            }
            if way.by_default {
                self.process.by_default();
            }
            taken.insert(id);
        }
        self.process.document()
    }
}

/// A timer that counts working days.
fn working_days(days: u16, again: bool) -> Timer {
    if again {
        Timer { kind: TimerKind::Cycle, expression: format!("R/P{days}D") }
    } else {
        Timer { kind: TimerKind::Duration, expression: format!("P{days}D") }
    }
}

/// The list of departments as FEEL.
fn signers(keys: &[String], expression: &str) -> String {
    if !expression.is_empty() {
        return expression.to_owned();
    }
    let quoted: Vec<String> = keys.iter().map(|key| format!("\"{}\"", key.replace(['"', '\\'], ""))).collect();
    format!("[{}]", quoted.join(", "))
}
