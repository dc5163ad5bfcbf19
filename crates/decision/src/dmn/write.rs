//! From a table to DMN 1.5 XML.

use super::{
    data::{Aggregation, HitPolicy, Table},
    problem::{Cell, Column, DmnProblem},
};
use crate::Inputs;

/// The hit policy as it is called in the standard.
pub(crate) fn policy_name(policy: HitPolicy) -> &'static str {
    match policy {
        HitPolicy::Unique => "UNIQUE",
        HitPolicy::Any => "ANY",
        HitPolicy::Priority => "PRIORITY",
        HitPolicy::First => "FIRST",
        HitPolicy::RuleOrder => "RULE ORDER",
        HitPolicy::OutputOrder => "OUTPUT ORDER",
        HitPolicy::Collect(Aggregation::List) => "COLLECT",
        HitPolicy::Collect(Aggregation::Sum) => "COLLECT +",
        HitPolicy::Collect(Aggregation::Min) => "COLLECT <",
        HitPolicy::Collect(Aggregation::Max) => "COLLECT >",
        HitPolicy::Collect(Aggregation::Count) => "COLLECT #",
    }
}

fn policy_attributes(policy: HitPolicy) -> (&'static str, Option<&'static str>) {
    match policy {
        HitPolicy::Collect(aggregation) => (
            "COLLECT",
            match aggregation {
                Aggregation::List => None,
                Aggregation::Sum => Some("SUM"),
                Aggregation::Min => Some("MIN"),
                Aggregation::Max => Some("MAX"),
                Aggregation::Count => Some("COUNT"),
            },
        ),
        other => (policy_name(other), None),
    }
}

impl Table {
    /// A whole DMN file with one decision of this name, made by this table, and its inputs. Read again, the table is the same.
    ///
    /// # Errors
    /// When a text has characters that XML cannot carry, or a row is not as wide as the table.
    pub fn to_xml(&self, decision: &str, inputs: &Inputs) -> Result<String, Vec<DmnProblem>> {
        let problems = self.unwritable(decision, inputs);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut xml = Writer(String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"));
        xml.open(
            0,
            "definitions",
            &[
                ("xmlns", Some("https://www.omg.org/spec/DMN/20230324/MODEL/")),
                ("id", Some("definitions")),
                ("name", Some(decision)),
                ("namespace", Some("https://banhao.invalid/dmn")),
            ],
        );
        for (at, input) in inputs.iter().enumerate() {
            let id = format!("input-{}", at + 1);
            xml.open(1, "inputData", &[("id", Some(&id)), ("name", Some(&input.name))]);
            xml.empty(2, "variable", &[("name", Some(&input.name)), ("typeRef", input.kind.type_ref())]);
            xml.close(1, "inputData");
        }
        xml.open(1, "decision", &[("id", Some("decision")), ("name", Some(decision))]);
        xml.empty(2, "variable", &[("name", Some(decision))]);
        for at in 1..=inputs.iter().count() {
            xml.open(2, "informationRequirement", &[("id", Some(&format!("requirement-{at}")))]);
            xml.empty(3, "requiredInput", &[("href", Some(&format!("#input-{at}")))]);
            xml.close(2, "informationRequirement");
        }
        self.write(&mut xml);
        xml.close(1, "decision");
        xml.close(0, "definitions");
        Ok(xml.0)
    }

    fn write(&self, xml: &mut Writer) {
        let (policy, aggregation) = policy_attributes(self.hit_policy);
        xml.open(2, "decisionTable", &[("id", Some("table")), ("hitPolicy", Some(policy)), ("aggregation", aggregation)]);
        for (at, input) in self.inputs.iter().enumerate() {
            xml.open(3, "input", &[("id", Some(&format!("in-{}", at + 1))), ("label", input.label.as_deref())]);
            xml.open(4, "inputExpression", &[("typeRef", input.type_ref.as_deref())]);
            xml.text(5, &input.expression);
            xml.close(4, "inputExpression");
            xml.wrapped(4, "inputValues", input.allowed.as_deref());
            xml.close(3, "input");
        }
        for (at, output) in self.outputs.iter().enumerate() {
            let attributes = [
                ("id", Some(format!("out-{}", at + 1))),
                ("name", output.name.clone()),
                ("label", output.label.clone()),
                ("typeRef", output.type_ref.clone()),
            ];
            let attributes: Vec<(&str, Option<&str>)> = attributes.iter().map(|(name, value)| (*name, value.as_deref())).collect();
            xml.open(3, "output", &attributes);
            xml.wrapped(4, "outputValues", output.allowed.as_deref());
            xml.wrapped(4, "defaultOutputEntry", output.default.as_deref());
            xml.close(3, "output");
        }
        for annotation in &self.annotations {
            xml.empty(3, "annotation", &[("name", Some(annotation))]);
        }
        for (at, rule) in self.rules.iter().enumerate() {
            xml.open(3, "rule", &[("id", Some(&format!("rule-{}", at + 1)))]);
            for (name, cells) in [("inputEntry", &rule.inputs), ("outputEntry", &rule.outputs), ("annotationEntry", &rule.annotations)] {
                for cell in cells {
                    xml.wrapped(4, name, Some(cell));
                }
            }
            xml.close(3, "rule");
        }
        xml.close(2, "decisionTable");
    }

    fn unwritable(&self, decision: &str, inputs: &Inputs) -> Vec<DmnProblem> {
        let mut problems = Vec::new();
        let mut look = |text: Option<&str>, cell: Option<Cell>| {
            if text.is_some_and(|text| text.chars().any(|c| !is_xml(c))) {
                let problem = DmnProblem::error(
                    "control-character",
                    0,
                    "文字里有不能写入文件的控制字符，请删去。".to_owned(),
                    "A text has control characters that cannot be written; remove them.".to_owned(),
                );
                problems.push(problem.of(decision).at(cell));
            }
        };
        look(Some(decision), None);
        inputs.iter().for_each(|input| look(Some(&input.name), None));
        for (at, input) in self.inputs.iter().enumerate() {
            let cell = Some(Cell { rule: None, column: Some(Column::Input(at + 1)) });
            for text in [input.label.as_deref(), Some(&input.expression), input.type_ref.as_deref(), input.allowed.as_deref()] {
                look(text, cell);
            }
        }
        for (at, output) in self.outputs.iter().enumerate() {
            let cell = Some(Cell { rule: None, column: Some(Column::Output(at + 1)) });
            for text in [&output.name, &output.label, &output.type_ref, &output.allowed, &output.default] {
                look(text.as_deref(), cell);
            }
        }
        self.annotations.iter().for_each(|annotation| look(Some(annotation), None));
        for (row, rule) in self.rules.iter().enumerate() {
            for (at, text) in rule.inputs.iter().enumerate() {
                look(Some(text), Some(Cell { rule: Some(row + 1), column: Some(Column::Input(at + 1)) }));
            }
            for (at, text) in rule.outputs.iter().enumerate() {
                look(Some(text), Some(Cell { rule: Some(row + 1), column: Some(Column::Output(at + 1)) }));
            }
            rule.annotations.iter().for_each(|text| look(Some(text), Some(Cell { rule: Some(row + 1), column: None })));
        }
        problems
    }
}

/// Characters that XML 1.0 can carry.
fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

struct Writer(String);

impl Writer {
    fn start(&mut self, depth: usize, name: &str, attributes: &[(&str, Option<&str>)]) {
        self.0.push_str(&"  ".repeat(depth));
        self.0.push('<');
        self.0.push_str(name);
        for (name, value) in attributes {
            if let Some(value) = value {
                self.0.push_str(&format!(" {name}=\"{}\"", escaped(value)));
            }
        }
    }

    fn open(&mut self, depth: usize, name: &str, attributes: &[(&str, Option<&str>)]) {
        self.start(depth, name, attributes);
        self.0.push_str(">\n");
    }

    fn empty(&mut self, depth: usize, name: &str, attributes: &[(&str, Option<&str>)]) {
        self.start(depth, name, attributes);
        self.0.push_str("/>\n");
    }

    fn close(&mut self, depth: usize, name: &str) {
        self.0.push_str(&format!("{}</{name}>\n", "  ".repeat(depth)));
    }

    fn text(&mut self, depth: usize, text: &str) {
        self.0.push_str(&format!("{}<text>{}</text>\n", "  ".repeat(depth), escaped(text)));
    }

    fn wrapped(&mut self, depth: usize, name: &str, text: Option<&str>) {
        if let Some(text) = text {
            self.open(depth, name, &[]);
            self.text(depth + 1, text);
            self.close(depth, name);
        }
    }
}

fn escaped(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => result.push_str("&amp;"),
            '<' => result.push_str("&lt;"),
            '>' => result.push_str("&gt;"),
            '"' => result.push_str("&quot;"),
            // Line ends and tabs would be changed by the reader.
            '\n' => result.push_str("&#10;"),
            '\r' => result.push_str("&#13;"),
            '\t' => result.push_str("&#9;"),
            other => result.push(other),
        }
    }
    result
}
