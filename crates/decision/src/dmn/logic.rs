//! From the logic of a decision, as it stands in the file, to what can be evaluated.

use std::{collections::BTreeMap, sync::Arc};

use dsntk_feel::{FeelType, Name};

use super::{
    boxed::{Boxed, Each, Function},
    data::{Aggregation, HitPolicy, Logic, Table, TableLines},
    naming,
    prepare::{Place, Preparer},
    problem::{Cell, Column},
    remarks,
    table::{ReadyInput, ReadyOutput, ReadyRule, ReadyTable},
    types::{Base, Type},
};

impl Preparer {
    /// Prepares the logic.
    pub(crate) fn logic(&mut self, logic: &Logic, place: &Place) -> Boxed {
        match logic {
            Logic::Literal { text, line } => self.expression(text, &place.line(*line)).map_or(Boxed::Nothing, Boxed::Literal),
            Logic::Table { table, lines } => self.table(table, lines, place).map_or(Boxed::Nothing, |table| Boxed::Table(Box::new(table))),
            Logic::Context(entries) => self.within(BTreeMap::new(), |this| {
                let mut ready = Vec::new();
                for (name, entry) in entries {
                    let value = this.logic(entry, place);
                    let declared = name.as_ref().map(|name| this.declared(name, place));
                    let (key, kind) = match declared {
                        None => (None, Type::default()),
                        Some((key, kind)) => {
                            this.know(key.clone(), known_as(&kind, entry));
                            (Some(Name::from(key.as_str())), kind)
                        }
                    };
                    ready.push((key, kind, value));
                }
                Boxed::Context(ready)
            }),
            Logic::Invocation { callee, bindings, line } => {
                let callee = self.expression(callee, &place.line(*line));
                let bindings: Vec<(Name, Boxed)> = bindings
                    .iter()
                    .map(|(parameter, value)| {
                        let key = self.naming.learn(&parameter.name);
                        (Name::from(key.as_str()), self.logic(value, place))
                    })
                    .collect();
                callee.map_or(Boxed::Nothing, |callee| Boxed::Invocation { callee, bindings })
            }
            Logic::List(items) => Boxed::List(items.iter().map(|item| self.logic(item, place)).collect()),
            Logic::Relation { columns, rows } => Boxed::Relation {
                columns: columns.iter().map(|column| Name::from(self.naming.learn(column).as_str())).collect(),
                rows: rows.iter().map(|row| row.iter().map(|cell| self.logic(cell, place)).collect()).collect(),
            },
            Logic::Function { parameters, body } => {
                let ready: Vec<(String, Type)> = parameters.iter().map(|parameter| self.declared(parameter, place)).collect();
                let names = ready.iter().map(|(key, kind)| (key.clone(), kind.feel())).collect();
                let body = self.within(names, |this| this.logic(body, place));
                let parameters = ready.into_iter().map(|(key, kind)| (Name::from(key.as_str()), kind)).collect();
                Boxed::Function(Arc::new(Function {
                    owner: place.owner.clone(),
                    line: place.line,
                    parameters,
                    body,
                    result: Type::default(),
                }))
            }
            Logic::Conditional { test, then, otherwise } => {
                Boxed::Conditional(Box::new([self.logic(test, place), self.logic(then, place), self.logic(otherwise, place)]))
            }
            Logic::Filter { list, test } => self.each(Each::Keep, "item", list, test, place),
            Logic::For { variable, list, body } => self.each(Each::Return, variable, list, body, place),
            Logic::Quantified { every, variable, list, test } => {
                self.each(if *every { Each::Every } else { Each::Some }, variable, list, test, place)
            }
        }
    }

    fn each(&mut self, kind: Each, variable: &str, list: &Logic, body: &Logic, place: &Place) -> Boxed {
        let list = self.logic(list, place);
        let key = if kind == Each::Keep { "item".to_owned() } else { self.naming.learn(variable) };
        let names = BTreeMap::from([(key.clone(), FeelType::Any)]);
        let body = self.within(names, |this| this.logic(body, place));
        Boxed::Each { kind, variable: Name::from(key.as_str()), list: Box::new(list), body: Box::new(body) }
    }

    fn table(&mut self, table: &Table, lines: &TableLines, place: &Place) -> Option<ReadyTable> {
        let before = self.problems.len();
        self.shape(table, lines, place);
        let head = |line: &u32, column| place.cell(*line, Cell { rule: None, column: Some(column) });
        let mut inputs = Vec::new();
        for (at, (input, line)) in table.inputs.iter().zip(&lines.inputs).enumerate() {
            let place = head(line, Column::Input(at + 1));
            let kind = self.kind(input.type_ref.as_deref(), &place);
            let allowed = input.allowed.as_deref().filter(|text| !text.trim().is_empty()).and_then(|text| self.tests(text, &place));
            if let Some(asked) = self.expression(&input.expression, &place) {
                let label = input.label.as_deref().filter(|label| !label.trim().is_empty()).unwrap_or(&input.expression);
                inputs.push(ReadyInput { label: label.trim().to_owned(), asked, kind, allowed, line: *line });
            }
        }
        let mut outputs = Vec::new();
        for (at, (output, line)) in table.outputs.iter().zip(&lines.outputs).enumerate() {
            let place = head(line, Column::Output(at + 1));
            let kind = self.kind(output.type_ref.as_deref(), &place);
            let allowed = output.allowed.as_deref().filter(|text| !text.trim().is_empty()).and_then(|text| self.tests(text, &place));
            let default = output.default.as_deref().filter(|text| !text.trim().is_empty()).and_then(|text| self.expression(text, &place));
            let key = output.name.as_deref().map(|name| Name::from(self.naming.learn(name).as_str()));
            outputs.push(ReadyOutput { key, kind, allowed, default, line: *line });
        }
        let mut rules = Vec::new();
        for (row, (rule, line)) in table.rules.iter().zip(&lines.rules).enumerate() {
            let at = |column| place.cell(*line, Cell { rule: Some(row + 1), column: Some(column) });
            let cells =
                rule.inputs.iter().enumerate().filter_map(|(column, text)| self.tests(text, &at(Column::Input(column + 1)))).collect();
            let outputs = rule
                .outputs
                .iter()
                .enumerate()
                .map(|(column, text)| match text.trim() {
                    "" => None,
                    text => self.expression(text, &at(Column::Output(column + 1))).map(Arc::new),
                })
                .collect();
            rules.push(ReadyRule { cells, outputs, annotations: rule.annotations.clone(), line: *line });
        }
        if self.problems.len() > before {
            return None;
        }
        let ready = ReadyTable { owner: place.owner.clone(), hit_policy: table.hit_policy, inputs, outputs, rules, line: lines.table };
        remarks::look(&ready, self, place);
        Some(ready)
    }

    /// What must be so of every table.
    fn shape(&mut self, table: &Table, lines: &TableLines, place: &Place) {
        let whole = place.line(lines.table);
        if table.outputs.is_empty() {
            self.error("no-output", &whole, "决策表没有输出列。".to_owned(), "The table has no output column.".to_owned());
        }
        let several = table.outputs.len() > 1;
        if several && matches!(table.hit_policy, HitPolicy::Collect(Aggregation::Sum | Aggregation::Min | Aggregation::Max)) {
            self.error(
                "collect-several",
                &whole,
                "有几个输出列时不能求和、取最小或取最大。".to_owned(),
                "Several outputs cannot be summed up, nor can their smallest or largest be taken.".to_owned(),
            );
        }
        for (at, (output, line)) in table.outputs.iter().zip(&lines.outputs).enumerate() {
            let place = place.cell(*line, Cell { rule: None, column: Some(Column::Output(at + 1)) });
            let name = output.name.as_deref().map(naming::tidy).unwrap_or_default();
            if several && name.is_empty() {
                self.error(
                    "output-without-name",
                    &place,
                    "有几个输出列时，每一列都要有名称。".to_owned(),
                    "With several outputs, each must have a name.".to_owned(),
                );
            }
            if several && table.outputs[..at].iter().any(|other| other.name.as_deref().map(naming::tidy).as_ref() == Some(&name)) {
                self.error("output-twice", &place, format!("有两个输出列都叫“{name}”。"), format!("Two outputs are called “{name}”."));
            }
            let ordered = matches!(table.hit_policy, HitPolicy::Priority | HitPolicy::OutputOrder);
            if ordered && output.allowed.as_deref().is_none_or(|text| text.trim().is_empty()) && !several {
                self.error(
                    "priority-without-values",
                    &place,
                    "按优先级或输出顺序取结果时，输出列要列出允许的值，优先的在前。".to_owned(),
                    "For PRIORITY and OUTPUT ORDER the output must list its allowed values, the highest first.".to_owned(),
                );
            }
        }
        for (row, (rule, line)) in table.rules.iter().zip(&lines.rules).enumerate() {
            let place = place.cell(*line, Cell { rule: Some(row + 1), column: None });
            if rule.inputs.len() != table.inputs.len() || rule.outputs.len() != table.outputs.len() {
                self.error(
                    "row-length",
                    &place,
                    format!(
                        "这一行有 {} 个输入格、{} 个输出格，应当有 {} 个和 {} 个。",
                        rule.inputs.len(),
                        rule.outputs.len(),
                        table.inputs.len(),
                        table.outputs.len()
                    ),
                    format!(
                        "This rule has {} input and {} output cells; it must have {} and {}.",
                        rule.inputs.len(),
                        rule.outputs.len(),
                        table.inputs.len(),
                        table.outputs.len()
                    ),
                );
            }
        }
    }
}

/// What the parser should know of a name: its declared type, or the entries that can be seen in its logic.
pub(crate) fn known_as(kind: &Type, logic: &Logic) -> FeelType {
    if !matches!(kind.base, Base::Any) {
        return kind.feel();
    }
    let entries = |names: Vec<String>| FeelType::Context(names.into_iter().map(|name| (Name::from(name), FeelType::Any)).collect());
    match logic {
        Logic::Context(parts) if parts.iter().all(|(name, _)| name.is_some()) => FeelType::Context(
            parts
                .iter()
                .filter_map(|(name, part)| Some((Name::from(naming::key(&name.as_ref()?.name)), known_as(&Type::default(), part))))
                .collect(),
        ),
        Logic::Table { table, .. } if table.outputs.len() > 1 => {
            entries(table.outputs.iter().filter_map(|output| output.name.as_deref().map(naming::key)).collect())
        }
        Logic::Relation { columns, .. } => FeelType::List(Box::new(entries(columns.iter().map(|name| naming::key(name)).collect()))),
        _ => FeelType::Any,
    }
}
