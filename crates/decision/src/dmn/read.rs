//! From DMN XML (1.1 to 1.5) to data. What is not understood is named, with its line.

use roxmltree::{Document, Node as Xml, ParsingOptions};

use super::{
    data::{
        Aggregation, Declared, Definitions, HitPolicy, ItemDefinition, Kind, Logic, Node, Rule, Table, TableInput, TableLines, TableOutput,
    },
    lines::Lines,
    problem::{DmnProblem, shortened},
};

/// Namespaces of all versions begin so.
const NAMESPACE: &str = "www.omg.org/spec/DMN/";
/// Most rules of one table.
pub(crate) const MAX_RULES: usize = 5_000;
/// Most cells of one table.
pub(crate) const MAX_CELLS: usize = 50_000;

struct Reader {
    lines: Lines,
    problems: Vec<DmnProblem>,
    remarks: Vec<DmnProblem>,
}

/// Reads a file.
pub(crate) fn read(xml: &str) -> Result<Definitions, Vec<DmnProblem>> {
    banhao_xml::look_over(xml).map_err(|refusal| vec![DmnProblem::error(refusal.code, refusal.line, refusal.zh, refusal.en)])?;
    let options = ParsingOptions { allow_dtd: false, nodes_limit: banhao_xml::MAX_XML_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(xml, options).map_err(|error| {
        let told = banhao_xml::malformed(&error, xml);
        vec![DmnProblem::error("xml", told.line, told.zh, told.en)]
    })?;
    let mut reader = Reader { lines: Lines::of(xml), problems: Vec::new(), remarks: Vec::new() };
    let root = document.root_element();
    let namespace = root.tag_name().namespace().unwrap_or_default();
    if root.tag_name().name() != "definitions" || !namespace.contains(NAMESPACE) {
        return Err(vec![DmnProblem::error(
            "not-dmn",
            reader.line(root),
            "不是 DMN 文件：根元素应当是 DMN 命名空间里的 definitions。".to_owned(),
            "Not a DMN file: the root element must be “definitions” in a DMN namespace.".to_owned(),
        )]);
    }
    let definitions = reader.definitions(root);
    if reader.problems.is_empty() { Ok(definitions) } else { Err(reader.problems) }
}

fn elements<'a, 'i: 'a>(node: Xml<'a, 'i>) -> impl Iterator<Item = Xml<'a, 'i>> {
    node.children().filter(Xml::is_element)
}

fn named<'a, 'i: 'a>(node: Xml<'a, 'i>, name: &'static str) -> impl Iterator<Item = Xml<'a, 'i>> {
    elements(node).filter(move |child| child.tag_name().name() == name)
}

fn child<'a, 'i: 'a>(node: Xml<'a, 'i>, name: &'static str) -> Option<Xml<'a, 'i>> {
    named(node, name).next()
}

fn attribute(node: Xml<'_, '_>, name: &str) -> Option<String> {
    node.attribute(name).map(str::to_owned)
}

/// The text of the `text` element within.
fn text(node: Xml<'_, '_>) -> Option<String> {
    child(node, "text").map(|text| text.children().filter_map(|part| part.text()).collect())
}

/// Elements that say nothing about what is decided.
fn is_without_meaning(name: &str) -> bool {
    matches!(
        name,
        "description"
            | "extensionElements"
            | "DMNDI"
            | "textAnnotation"
            | "association"
            | "knowledgeSource"
            | "elementCollection"
            | "organizationUnit"
            | "performanceIndicator"
            | "group"
    )
}

impl Reader {
    fn definitions(&mut self, root: Xml<'_, '_>) -> Definitions {
        let mut definitions = Definitions { name: attribute(root, "name").unwrap_or_default(), ..Definitions::default() };
        for element in elements(root) {
            match element.tag_name().name() {
                "itemDefinition" => {
                    let item = self.item(element);
                    definitions.items.push(item);
                }
                "inputData" => {
                    let node = self.node(element, Kind::Input);
                    definitions.nodes.push(node);
                }
                "decision" => {
                    let logic = self.first_logic(element);
                    let mut node = self.node(element, Kind::Decision(logic));
                    node.requires = self.requirements(element);
                    definitions.nodes.push(node);
                }
                "businessKnowledgeModel" => {
                    let kind = self.knowledge(element);
                    let mut node = self.node(element, kind);
                    node.requires = self.requirements(element);
                    definitions.nodes.push(node);
                }
                "decisionService" => {
                    let references = |name| named(element, name).filter_map(reference).collect();
                    let kind = Kind::Service {
                        outputs: references("outputDecision"),
                        encapsulated: references("encapsulatedDecision"),
                        decisions: references("inputDecision"),
                        data: references("inputData"),
                    };
                    let node = self.node(element, kind);
                    definitions.nodes.push(node);
                }
                "import" => self.problem(
                    "import",
                    element,
                    "不支持导入其他文件（import），请把内容放进同一个文件。".to_owned(),
                    "Importing other files is not supported; put everything into one file.".to_owned(),
                ),
                name if is_without_meaning(name) => {}
                other => self.unknown(element, other),
            }
        }
        definitions.remarks = std::mem::take(&mut self.remarks);
        definitions
    }

    fn line(&self, node: Xml<'_, '_>) -> u32 {
        self.lines.at(node.range().start)
    }

    fn declared(&self, element: Xml<'_, '_>) -> Declared {
        Declared { name: attribute(element, "name").unwrap_or_default(), type_ref: type_ref(element), line: self.line(element) }
    }

    fn problem(&mut self, code: &'static str, at: Xml<'_, '_>, zh: String, en: String) {
        if self.problems.len() < 200 {
            let mut problem = DmnProblem::error(code, self.line(at), zh, en);
            problem.decision = owner(at);
            self.problems.push(problem);
        }
    }

    fn unknown(&mut self, at: Xml<'_, '_>, name: &str) {
        let name = shortened(name).to_owned();
        self.problem(
            "unknown-element",
            at,
            format!("不认识的元素“{name}”，这里不支持。"),
            format!("The element “{name}” is not supported here."),
        );
    }

    fn node(&mut self, element: Xml<'_, '_>, kind: Kind) -> Node {
        let name = attribute(element, "name").unwrap_or_default();
        if name.trim().is_empty() {
            self.problem("no-name", element, "没有名称（name）。".to_owned(), "There is no name.".to_owned());
        }
        let variable = child(element, "variable");
        let variable = Declared {
            name: variable
                .and_then(|variable| attribute(variable, "name"))
                .filter(|name| !name.trim().is_empty())
                .unwrap_or_else(|| name.clone()),
            type_ref: variable.and_then(type_ref),
            line: self.line(variable.unwrap_or(element)),
        };
        let id = attribute(element, "id").unwrap_or_else(|| name.clone());
        Node { id, name, variable, kind, requires: Vec::new(), line: self.line(element) }
    }

    fn requirements(&mut self, element: Xml<'_, '_>) -> Vec<(String, u32)> {
        let mut found = Vec::new();
        for requirement in elements(element) {
            if !matches!(requirement.tag_name().name(), "informationRequirement" | "knowledgeRequirement") {
                continue;
            }
            for required in elements(requirement) {
                if matches!(required.tag_name().name(), "requiredInput" | "requiredDecision" | "requiredKnowledge") {
                    match reference(required) {
                        Some(id) => found.push((id, self.line(required))),
                        None => self.problem(
                            "reference",
                            required,
                            "引用（href）应当写成“#标识”，指向同一个文件里的元素。".to_owned(),
                            "A reference (href) must be “#id” of an element in the same file.".to_owned(),
                        ),
                    }
                }
            }
        }
        found
    }

    fn item(&mut self, element: Xml<'_, '_>) -> ItemDefinition {
        ItemDefinition {
            name: attribute(element, "name").unwrap_or_default(),
            type_ref: type_ref(element),
            allowed: child(element, "allowedValues").or_else(|| child(element, "typeConstraint")).and_then(text),
            collection: element.attribute("isCollection") == Some("true"),
            components: named(element, "itemComponent").map(|component| self.item(component)).collect(),
            line: self.line(element),
        }
    }

    fn knowledge(&mut self, element: Xml<'_, '_>) -> Kind {
        let Some(encapsulated) = child(element, "encapsulatedLogic") else {
            return Kind::Knowledge { parameters: Vec::new(), body: None };
        };
        let (parameters, body) = self.function(encapsulated);
        Kind::Knowledge { parameters, body }
    }

    fn function(&mut self, element: Xml<'_, '_>) -> (Vec<Declared>, Option<Logic>) {
        if element.attribute("kind").is_some_and(|kind| kind != "FEEL") {
            self.problem(
                "external-function",
                element,
                "不能用外部函数（Java、PMML）：规则只能按填写的内容得出结果。".to_owned(),
                "External functions (Java, PMML) are not allowed: rules may only use what was filled in.".to_owned(),
            );
            return (Vec::new(), None);
        }
        let parameters = named(element, "formalParameter").map(|named| self.declared(named)).collect();
        (parameters, self.first_logic(element))
    }

    fn first_logic(&mut self, element: Xml<'_, '_>) -> Option<Logic> {
        let mut found = None;
        for part in elements(element) {
            match part.tag_name().name() {
                "variable"
                | "informationRequirement"
                | "knowledgeRequirement"
                | "authorityRequirement"
                | "formalParameter"
                | "question"
                | "allowedAnswers"
                | "supportedObjective"
                | "impactedPerformanceIndicator"
                | "decisionMaker"
                | "decisionOwner"
                | "usingProcess"
                | "usingTask" => {}
                name if is_without_meaning(name) => {}
                _ if found.is_some() => self.problem(
                    "two-expressions",
                    part,
                    "这里只能有一个表达式。".to_owned(),
                    "Only one expression can stand here.".to_owned(),
                ),
                _ => found = self.logic(part),
            }
        }
        found
    }

    /// The logic within, or a problem when there is none.
    fn required(&mut self, element: Option<Xml<'_, '_>>, around: Xml<'_, '_>) -> Logic {
        let found = element.and_then(|element| self.first_logic(element));
        found.unwrap_or_else(|| {
            self.problem("no-expression", around, "缺少表达式。".to_owned(), "An expression is missing.".to_owned());
            Logic::List(Vec::new())
        })
    }

    fn logic(&mut self, element: Xml<'_, '_>) -> Option<Logic> {
        let at = self.line(element);
        Some(match element.tag_name().name() {
            "literalExpression" => self.literal(element)?,
            "decisionTable" => self.table(element)?,
            "context" => {
                let mut entries = Vec::new();
                for entry in named(element, "contextEntry") {
                    let name = child(entry, "variable").map(|named| self.declared(named));
                    let logic = self.required(Some(entry), entry);
                    entries.push((name, logic));
                }
                Logic::Context(entries)
            }
            "invocation" => {
                let callee = child(element, "literalExpression").and_then(text).unwrap_or_default();
                if callee.trim().is_empty() {
                    self.problem("no-callee", element, "没有写明调用什么。".to_owned(), "What is called is missing.".to_owned());
                }
                let mut bindings = Vec::new();
                for binding in named(element, "binding") {
                    let Some(parameter) = child(binding, "parameter").map(|named| self.declared(named)) else {
                        self.unknown(binding, "binding");
                        continue;
                    };
                    let value = elements(binding).find(|part| part.tag_name().name() != "parameter").and_then(|part| self.logic(part));
                    bindings.push((parameter, value.unwrap_or(Logic::Literal { text: "null".to_owned(), line: at })));
                }
                Logic::Invocation { callee, bindings, line: at }
            }
            "list" => Logic::List(elements(element).filter_map(|item| self.logic_unless_description(item)).collect()),
            "relation" => {
                let columns: Vec<String> = named(element, "column").map(|column| attribute(column, "name").unwrap_or_default()).collect();
                let mut rows = Vec::new();
                for row in named(element, "row") {
                    let cells: Vec<Logic> = elements(row).filter_map(|cell| self.logic_unless_description(cell)).collect();
                    if cells.len() != columns.len() {
                        self.problem(
                            "row-length",
                            row,
                            format!("这一行有 {} 格，应当有 {} 格。", cells.len(), columns.len()),
                            format!("This row has {} cells; it must have {}.", cells.len(), columns.len()),
                        );
                    }
                    rows.push(cells);
                }
                Logic::Relation { columns, rows }
            }
            "functionDefinition" => {
                let (parameters, body) = self.function(element);
                Logic::Function { parameters, body: Box::new(body.unwrap_or(Logic::Literal { text: "null".to_owned(), line: at })) }
            }
            "conditional" => Logic::Conditional {
                test: Box::new(self.required(child(element, "if"), element)),
                then: Box::new(self.required(child(element, "then"), element)),
                otherwise: Box::new(self.required(child(element, "else"), element)),
            },
            "filter" => Logic::Filter {
                list: Box::new(self.required(child(element, "in"), element)),
                test: Box::new(self.required(child(element, "match"), element)),
            },
            "for" => Logic::For {
                variable: attribute(element, "iteratorVariable").unwrap_or_default(),
                list: Box::new(self.required(child(element, "in"), element)),
                body: Box::new(self.required(child(element, "return"), element)),
            },
            name @ ("some" | "every") => Logic::Quantified {
                every: name == "every",
                variable: attribute(element, "iteratorVariable").unwrap_or_default(),
                list: Box::new(self.required(child(element, "in"), element)),
                test: Box::new(self.required(child(element, "satisfies"), element)),
            },
            other => {
                self.unknown(element, other);
                return None;
            }
        })
    }

    fn logic_unless_description(&mut self, element: Xml<'_, '_>) -> Option<Logic> {
        if is_without_meaning(element.tag_name().name()) { None } else { self.logic(element) }
    }

    fn literal(&mut self, element: Xml<'_, '_>) -> Option<Logic> {
        let language = element.attribute("expressionLanguage").unwrap_or_default();
        if !language.is_empty() && !language.to_ascii_lowercase().contains("feel") {
            let language = shortened(language).to_owned();
            self.problem(
                "language",
                element,
                format!("只支持 FEEL 表达式，不支持“{language}”。"),
                format!("Only FEEL is supported, not “{language}”."),
            );
            return None;
        }
        match text(element) {
            Some(text) => Some(Logic::Literal { text, line: self.line(child(element, "text").unwrap_or(element)) }),
            None => {
                self.problem("no-expression", element, "缺少表达式。".to_owned(), "An expression is missing.".to_owned());
                None
            }
        }
    }

    fn table(&mut self, element: Xml<'_, '_>) -> Option<Logic> {
        let mut table = Table { hit_policy: self.hit_policy(element)?, ..Table::default() };
        let mut lines = TableLines { table: self.line(element), ..TableLines::default() };
        for part in elements(element) {
            match part.tag_name().name() {
                "input" => {
                    let expression = child(part, "inputExpression");
                    table.inputs.push(TableInput {
                        label: attribute(part, "label"),
                        expression: expression.and_then(text).unwrap_or_default(),
                        type_ref: expression.and_then(type_ref),
                        allowed: child(part, "inputValues").and_then(text),
                    });
                    lines.inputs.push(self.line(part));
                }
                "output" => {
                    table.outputs.push(TableOutput {
                        name: attribute(part, "name"),
                        label: attribute(part, "label"),
                        type_ref: type_ref(part),
                        allowed: child(part, "outputValues").and_then(text),
                        default: child(part, "defaultOutputEntry").and_then(text),
                    });
                    lines.outputs.push(self.line(part));
                }
                "annotation" => table.annotations.push(attribute(part, "name").unwrap_or_default()),
                "rule" => {
                    table.rules.push(Rule {
                        inputs: named(part, "inputEntry").map(|cell| text(cell).unwrap_or_default()).collect(),
                        outputs: named(part, "outputEntry").map(|cell| text(cell).unwrap_or_default()).collect(),
                        annotations: named(part, "annotationEntry").map(|cell| text(cell).unwrap_or_default()).collect(),
                    });
                    lines.rules.push(self.line(part));
                }
                name if is_without_meaning(name) => {}
                other => self.unknown(part, other),
            }
        }
        let width = table.inputs.len() + table.outputs.len();
        if table.rules.len() > MAX_RULES || table.rules.len() * width > MAX_CELLS {
            self.problem(
                "table-too-large",
                element,
                format!("决策表太大：最多 {MAX_RULES} 行、{MAX_CELLS} 格。请拆成几张表。"),
                format!("The table is too large: at most {MAX_RULES} rules and {MAX_CELLS} cells. Split it."),
            );
            return None;
        }
        Some(Logic::Table { table: Box::new(table), lines })
    }

    fn hit_policy(&mut self, element: Xml<'_, '_>) -> Option<HitPolicy> {
        let aggregation = match element.attribute("aggregation") {
            None => Some(Aggregation::List),
            Some("SUM") => Some(Aggregation::Sum),
            Some("MIN") => Some(Aggregation::Min),
            Some("MAX") => Some(Aggregation::Max),
            Some("COUNT") => Some(Aggregation::Count),
            Some(_) => None,
        };
        let policy = match element.attribute("hitPolicy") {
            None | Some("UNIQUE") => Some(HitPolicy::Unique),
            Some("ANY") => Some(HitPolicy::Any),
            Some("PRIORITY") => Some(HitPolicy::Priority),
            Some("FIRST") => Some(HitPolicy::First),
            Some("RULE ORDER") => Some(HitPolicy::RuleOrder),
            Some("OUTPUT ORDER") => Some(HitPolicy::OutputOrder),
            Some("COLLECT") => aggregation.map(HitPolicy::Collect),
            Some(_) => None,
        };
        if policy.is_none() || aggregation.is_none() {
            self.problem(
                "hit-policy",
                element,
                "不认识的命中策略（hitPolicy 或 aggregation）。".to_owned(),
                "Unknown hit policy or aggregation.".to_owned(),
            );
            return None;
        }
        policy
    }
}

/// The type: an attribute, or an element in DMN 1.1.
fn type_ref(element: Xml<'_, '_>) -> Option<String> {
    let found =
        attribute(element, "typeRef").or_else(|| child(element, "typeRef").map(|inner| inner.text().unwrap_or_default().to_owned()))?;
    let found = found.trim();
    (!found.is_empty()).then(|| found.to_owned())
}

fn reference(element: Xml<'_, '_>) -> Option<String> {
    element.attribute("href")?.strip_prefix('#').map(str::to_owned)
}

/// The name of the node an element belongs to.
fn owner(element: Xml<'_, '_>) -> Option<String> {
    element
        .ancestors()
        .find(|node| {
            matches!(node.tag_name().name(), "decision" | "businessKnowledgeModel" | "inputData" | "decisionService" | "itemDefinition")
        })
        .and_then(|node| node.attribute("name"))
        .map(|name| shortened(name).to_owned())
}
