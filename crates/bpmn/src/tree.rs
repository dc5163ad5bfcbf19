//! The XML file as a tree that loses nothing: foreign elements and attributes, comments, prefixes. What the elements mean is
//! not known here (that is [`crate::Model`]); editing a definition means changing this tree and writing it again.

use roxmltree::{Node as XmlNode, NodeType, ParsingOptions};

use crate::problem::BpmnProblem;

/// A whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Comments and instructions before the root.
    pub before: Vec<Content>,
    /// The root element.
    pub root: Element,
    /// Comments and instructions after the root.
    pub after: Vec<Content>,
}

/// An element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: Name,
    /// Namespaces declared on this element: prefix (none: the default namespace) and address.
    pub declarations: Vec<(Option<String>, String)>,
    /// Attributes in the order of the file.
    pub attributes: Vec<Attribute>,
    /// What is inside, in the order of the file.
    pub content: Vec<Content>,
    /// Line in the file it was read from; 0 when it was built.
    pub line: u32,
}

/// A name with its prefix as written and the namespace it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Prefix as written.
    pub prefix: Option<String>,
    /// Local part.
    pub local: String,
    /// Namespace.
    pub namespace: Option<String>,
}

/// An attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: Name,
    /// Its value, unescaped.
    pub value: String,
}

/// Something inside an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A child element.
    Element(Element),
    /// Text, unescaped; white space is kept.
    Text(String),
    /// A comment.
    Comment(String),
    /// A processing instruction.
    Instruction {
        /// Target.
        target: String,
        /// What it says.
        value: String,
    },
}

impl Document {
    /// Reads XML. Document types and entities are refused, as are files that are too large or too deep ([`crate::limits`]).
    ///
    /// # Errors
    /// The first thing that is not well-formed or not allowed.
    pub fn parse(xml: &str) -> Result<Self, BpmnProblem> {
        let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml);
        banhao_xml::look_over(xml).map_err(refused)?;
        let options = ParsingOptions { allow_dtd: false, nodes_limit: banhao_xml::MAX_XML_NODES, entity_resolver: None };
        let parsed = roxmltree::Document::parse_with_options(xml, options).map_err(|error| refused(banhao_xml::malformed(&error, xml)))?;
        refuse_declarations(&parsed)?;
        let reader = Reader { xml, lines: std::iter::once(0).chain(xml.match_indices('\n').map(|(at, _)| at + 1)).collect() };
        let mut before = Vec::new();
        let mut root = None;
        let mut after = Vec::new();
        for child in parsed.root().children() {
            match reader.content(child) {
                Some(Content::Element(element)) => root = Some(element),
                Some(other) if root.is_none() => before.push(other),
                Some(other) => after.push(other),
                None => {}
            }
        }
        root.map(|root| Self { before, root, after }).ok_or_else(|| {
            BpmnProblem::error("xml-malformed", 0, None, "文件里没有元素。".to_owned(), "The file has no element.".to_owned())
        })
    }
}

impl Element {
    /// Value of an attribute without prefix.
    #[must_use]
    pub fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name.prefix.is_none() && attribute.name.local == local)
            .map(|attribute| attribute.value.as_str())
    }

    /// Value of an attribute in a namespace.
    #[must_use]
    pub fn attribute_in(&self, namespace: &str, local: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name.namespace.as_deref() == Some(namespace) && attribute.name.local == local)
            .map(|attribute| attribute.value.as_str())
    }

    /// Child elements.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        self.content.iter().filter_map(|content| match content {
            Content::Element(element) => Some(element),
            _ => None,
        })
    }

    /// Text directly inside, without white space around it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for content in &self.content {
            if let Content::Text(part) = content {
                text.push_str(part);
            }
        }
        text.trim().to_owned()
    }

    /// Whether the element has this name in this namespace.
    #[must_use]
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.name.local == local && self.name.namespace.as_deref() == Some(namespace)
    }
}

/// Copies the parsed file into our tree. Recursion is bounded by [`banhao_xml::MAX_DEPTH`].
struct Reader<'x> {
    xml: &'x str,
    lines: Vec<usize>,
}

impl Reader<'_> {
    fn content(&self, node: XmlNode<'_, '_>) -> Option<Content> {
        match node.node_type() {
            NodeType::Element => Some(Content::Element(self.element(node))),
            // An empty CDATA section says nothing.
            NodeType::Text => node.text().filter(|text| !text.is_empty()).map(|text| Content::Text(text.to_owned())),
            NodeType::Comment => node.text().map(|text| Content::Comment(text.to_owned())),
            NodeType::PI if is_declaration(node) => None,
            NodeType::PI => {
                node.pi().map(|pi| Content::Instruction { target: pi.target.to_owned(), value: pi.value.unwrap_or_default().to_owned() })
            }
            NodeType::Root => None,
        }
    }

    fn element(&self, node: XmlNode<'_, '_>) -> Element {
        let declarations = self.declarations(node);
        let attributes = node
            .attributes()
            .map(|attribute| Attribute {
                name: Name {
                    prefix: prefix_of(&self.xml[attribute.range_qname()]),
                    local: attribute.name().to_owned(),
                    namespace: attribute.namespace().map(str::to_owned),
                },
                value: attribute.value().to_owned(),
            })
            .collect();
        let start = node.range().start;
        let tag = &self.xml[start + 1..node.range().end];
        let tag = &tag[..tag.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(tag.len())];
        Element {
            name: Name {
                prefix: prefix_of(tag),
                local: node.tag_name().name().to_owned(),
                namespace: node.tag_name().namespace().map(str::to_owned),
            },
            declarations,
            attributes,
            content: node.children().filter_map(|child| self.content(child)).collect(),
            line: u32::try_from(self.lines.partition_point(|begin| *begin <= start)).unwrap_or(u32::MAX),
        }
    }

    /// The namespaces an element declares itself. The reader only tells which are in scope, and comparing with the parent's is
    /// dear, so it is done only where the tag's text says there is a declaration.
    fn declarations(&self, node: XmlNode<'_, '_>) -> Vec<(Option<String>, String)> {
        let tag_end = node.first_child().map_or(node.range().end, |child| child.range().start);
        if !self.xml[node.range().start..tag_end].contains("xmlns") {
            return Vec::new();
        }
        let inherited: Vec<_> = node.parent_element().map(|parent| parent.namespaces().collect()).unwrap_or_default();
        node.namespaces()
            .filter(|space| {
                space.name() != Some("xml") && !inherited.iter().any(|old| old.name() == space.name() && old.uri() == space.uri())
            })
            .map(|space| (space.name().map(str::to_owned), space.uri().to_owned()))
            .collect()
    }
}

/// The name `xml` is reserved (XML 1.0, 2.6). The reader takes a declaration with a line break or tab behind `<?xml` for an
/// instruction: at the beginning it is a declaration all the same, which the writer makes anew; elsewhere it is a mistake.
fn refuse_declarations(parsed: &roxmltree::Document<'_>) -> Result<(), BpmnProblem> {
    for node in parsed.descendants().filter(|node| is_declaration(*node)) {
        let said = node.pi().and_then(|pi| pi.value).unwrap_or_default();
        if node.range().start > 0 || node.pi().is_none_or(|pi| pi.target != "xml") || !said.starts_with("version") {
            let row = parsed.text_pos_at(node.range().start).row;
            return Err(BpmnProblem::error(
                "xml-malformed",
                row,
                None,
                format!("这不是完好的 XML 文件，第 {row} 行：<?xml … ?> 只能写在开头一次。请删去这一处。"),
                format!("This is not well-formed XML, line {row}: <?xml … ?> may stand only once, at the beginning. Remove it here."),
            ));
        }
    }
    Ok(())
}

fn is_declaration(node: XmlNode<'_, '_>) -> bool {
    node.pi().is_some_and(|pi| pi.target.eq_ignore_ascii_case("xml"))
}

fn prefix_of(qualified: &str) -> Option<String> {
    qualified.split_once(':').map(|(prefix, _)| prefix.to_owned())
}

fn refused(refusal: banhao_xml::Refusal) -> BpmnProblem {
    BpmnProblem::error(refusal.code, refusal.line, None, refusal.zh, refusal.en)
}
