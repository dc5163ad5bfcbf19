//! Test cases in the form of the DMN Technology Compatibility Kit (namespace `…/DMN/20160719/testcase`), run against a model.
//! Here a mistake on the way gives null, as the standard says; [`DecisionModel::evaluate`] gives it as an error instead.

use dsntk_feel::{Name, context::FeelContext, values::Value as Feel};
use roxmltree::{Document, Node as Xml};
use serde_json::Value;

use super::{model::DecisionModel, naming};
use crate::convert;

/// Numbers that differ by less are the same.
const TOLERANCE: f64 = 1e-8;

/// How one expected result compares.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The same.
    Passed,
    /// Another result.
    Failed {
        /// What the test case expects.
        expected: Value,
        /// What came out.
        found: Value,
    },
    /// The model or the kind of test is beyond what is supported; why.
    Unsupported(String),
}

/// One expected result of one test case.
#[derive(Clone, Debug, PartialEq)]
pub struct TckResult {
    /// The test case's id.
    pub case: String,
    /// The decision.
    pub node: String,
    /// How it compares.
    pub verdict: Verdict,
}

/// The file name of the model that a file of test cases is for.
///
/// # Errors
/// When the text is no file of test cases.
pub fn model_name(tests: &str) -> Result<String, String> {
    let document = document(tests)?;
    child(document.root_element(), "modelName").map(|node| content(node).trim().to_owned()).ok_or_else(|| "no modelName".to_owned())
}

/// Runs every test case of a file against a model.
///
/// # Errors
/// When the text is no file of test cases.
pub fn run(tests: &str, model: &str) -> Result<Vec<TckResult>, String> {
    let document = document(tests)?;
    let model = DecisionModel::parse(model).map_err(|problems| problems.first().map_or_else(String::new, ToString::to_string));
    let mut results = Vec::new();
    for case in children(document.root_element(), "testCase") {
        let id = case.attribute("id").unwrap_or_default();
        for expected in children(case, "resultNode") {
            let node = expected.attribute("name").unwrap_or_default();
            let verdict = match &model {
                Ok(model) => verdict(model, case, node, expected),
                Err(problem) => Verdict::Unsupported(problem.clone()),
            };
            results.push(TckResult { case: id.to_owned(), node: node.to_owned(), verdict });
        }
    }
    Ok(results)
}

fn verdict(model: &DecisionModel, case: Xml<'_, '_>, node: &str, expected: Xml<'_, '_>) -> Verdict {
    let asked = match case.attribute("type") {
        None | Some("decision") => node,
        Some("decisionService") => case.attribute("invocableName").unwrap_or(node),
        Some(other) => return Verdict::Unsupported(format!("test cases of type {other}")),
    };
    let mut data = FeelContext::new();
    for input in children(case, "inputNode") {
        match value(input) {
            Ok(value) => data.set_entry(&Name::from(naming::key(input.attribute("name").unwrap_or_default()).as_str()), value),
            Err(problem) => return Verdict::Unsupported(problem),
        }
    }
    let wanted = match child(expected, "expected").map_or(Ok(Feel::Null(None)), value) {
        Ok(value) => json(model, &value),
        Err(problem) => return Verdict::Unsupported(problem),
    };
    match model.evaluate_leniently(asked, &data) {
        Ok((found, _)) => {
            let found = json(model, &found);
            if same(&wanted, &found) { Verdict::Passed } else { Verdict::Failed { expected: wanted, found } }
        }
        Err(error) => Verdict::Unsupported(error.to_string()),
    }
}

fn json(model: &DecisionModel, value: &Feel) -> Value {
    // What has no form in JSON (a function) cannot be expected by a test case either.
    convert::to_json_named(value, &|name| model.naming().original(name)).unwrap_or_else(|error| Value::String(error.to_string()))
}

fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => match (left.as_f64(), right.as_f64()) {
            (Some(left), Some(right)) => (left - right).abs() <= TOLERANCE * left.abs().max(1.0),
            _ => left == right,
        },
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len() && left.iter().all(|(name, value)| right.get(name).is_some_and(|other| same(value, other)))
        }
        _ => left == right,
    }
}

/// `value`, `list` or `component`s inside an element.
fn value(around: Xml<'_, '_>) -> Result<Feel, String> {
    let is_nil = |node: Xml<'_, '_>| node.attributes().any(|attribute| attribute.name() == "nil" && attribute.value() == "true");
    if is_nil(around) {
        return Ok(Feel::Null(None));
    }
    if let Some(list) = child(around, "list") {
        if is_nil(list) {
            return Ok(Feel::Null(None));
        }
        return Ok(Feel::List(children(list, "item").map(value).collect::<Result<_, _>>()?));
    }
    let mut components = children(around, "component").peekable();
    if components.peek().is_some() {
        let mut context = FeelContext::new();
        for component in components {
            context.set_entry(&Name::from(naming::key(component.attribute("name").unwrap_or_default()).as_str()), value(component)?);
        }
        return Ok(Feel::Context(context));
    }
    let Some(single) = child(around, "value") else { return Ok(Feel::Null(None)) };
    if is_nil(single) {
        return Ok(Feel::Null(None));
    }
    let kind = single.attributes().find(|attribute| attribute.name() == "type").map_or("string", |attribute| attribute.value());
    let kind = kind.rsplit(':').next().unwrap_or(kind);
    let text = content(single);
    let read = match kind {
        "string" | "anySimpleType" => Ok(Feel::String(text.clone())),
        "boolean" => Ok(Feel::Boolean(matches!(text.trim(), "true" | "1"))),
        "decimal" | "double" | "integer" | "int" | "long" | "float" => text.trim().parse().map(Feel::Number).map_err(|_| ()),
        "date" => Feel::try_from_xsd_date(text.trim()).map_err(|_| ()),
        "time" => Feel::try_from_xsd_time(text.trim()).map_err(|_| ()),
        "dateTime" => Feel::try_from_xsd_date_time(text.trim()).map_err(|_| ()),
        "duration" | "dayTimeDuration" | "yearMonthDuration" => Feel::try_from_xsd_duration(text.trim()).map_err(|_| ()),
        _ => Err(()),
    };
    read.map_err(|()| format!("a value “{text}” of type {kind}"))
}

fn document(tests: &str) -> Result<Document<'_>, String> {
    banhao_xml::look_over(tests).map_err(|refusal| refusal.en)?;
    let document = Document::parse(tests).map_err(|error| error.to_string())?;
    if document.root_element().tag_name().name() == "testCases" { Ok(document) } else { Err("no testCases".to_owned()) }
}

fn children<'a, 'i>(node: Xml<'a, 'i>, name: &'static str) -> impl Iterator<Item = Xml<'a, 'i>> + use<'a, 'i> {
    node.children().filter(move |child| child.tag_name().name() == name)
}

fn child<'a, 'i>(node: Xml<'a, 'i>, name: &'static str) -> Option<Xml<'a, 'i>> {
    children(node, name).next()
}

/// All text in an element, also in parts between comments.
fn content(node: Xml<'_, '_>) -> String {
    node.children().filter(Xml::is_text).filter_map(|text| text.text()).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const MODEL: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="m" namespace="n">
        <inputData id="i" name="Full Name"><variable name="Full Name" typeRef="string"/></inputData>
        <decision id="g" name="Greeting"><variable name="Greeting" typeRef="string"/>
        <informationRequirement><requiredInput href="#i"/></informationRequirement>
        <literalExpression><text>"Hello " + Full Name</text></literalExpression></decision></definitions>"##;

    fn tests(expected: &str) -> String {
        format!(
            r#"<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
            <modelName>m.dmn</modelName><testCase id="001"><inputNode name="Full Name"><value xsi:type="xsd:string">Ann</value></inputNode>
            <resultNode name="Greeting" type="decision"><expected>{expected}</expected></resultNode></testCase></testCases>"#
        )
    }

    fn first(tests: &str, model: &str) -> Verdict {
        run(tests, model).unwrap().remove(0).verdict
    }

    #[test]
    fn results_are_compared() {
        let right = tests(r#"<value xsi:type="xsd:string">Hello Ann</value>"#);
        assert_eq!(model_name(&right).unwrap(), "m.dmn");
        assert_eq!(first(&right, MODEL), Verdict::Passed);
        assert!(matches!(first(&tests("<value>Hello Bob</value>"), MODEL), Verdict::Failed { .. }));
        assert!(matches!(first(&tests(r#"<value xsi:nil="true"/>"#), MODEL), Verdict::Failed { .. }));
        assert!(matches!(first(&tests("<list><item><value>Hello Ann</value></item></list>"), MODEL), Verdict::Failed { .. }));
        assert!(matches!(first(&right, "<a/>"), Verdict::Unsupported(_)));
        assert!(run("<a/>", MODEL).is_err());
    }
}
