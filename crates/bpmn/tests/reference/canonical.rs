//! An XML text as a list of what it says, independent of how it is written (in the spirit of Canonical XML): elements with
//! namespace and prefix, attributes in order of their names, the namespaces each element adds, text with references and CDATA
//! resolved, comments and instructions, all in document order. Read with the XML reader alone, not with the tree under test.

use roxmltree::{Document, Node, NodeType};

pub fn canonical(xml: &str) -> Vec<String> {
    let document = Document::parse(xml.strip_prefix('\u{feff}').unwrap_or(xml)).unwrap_or_else(|error| panic!("{error}: {xml}"));
    let mut said = Vec::new();
    say(document.root(), xml.strip_prefix('\u{feff}').unwrap_or(xml), &mut said);
    said
}

fn say(node: Node<'_, '_>, xml: &str, said: &mut Vec<String>) {
    match node.node_type() {
        NodeType::Element => {
            let qualified = xml[node.range().start + 1..].split([' ', '\n', '\r', '\t', '>', '/']).next().unwrap_or_default();
            said.push(format!("<{qualified} {:?}", node.tag_name().namespace()));
            let inherited: Vec<_> = node.parent_element().map(|parent| parent.namespaces().collect()).unwrap_or_default();
            let mut own: Vec<String> = node
                .namespaces()
                .filter(|space| !inherited.iter().any(|old| old.name() == space.name() && old.uri() == space.uri()))
                .map(|space| format!("xmlns:{:?}={}", space.name(), space.uri()))
                .collect();
            own.sort();
            said.extend(own);
            let mut attributes: Vec<String> = node
                .attributes()
                .map(|attribute| format!("@{:?} {}={:?}", attribute.namespace(), &xml[attribute.range_qname()], attribute.value()))
                .collect();
            attributes.sort();
            said.extend(attributes);
        }
        NodeType::Text if node.text().unwrap_or_default().is_empty() => {}
        NodeType::Text => match said.last_mut() {
            Some(last) if last.starts_with('"') && node.prev_sibling().is_some_and(|before| before.is_text()) => {
                last.push_str(node.text().unwrap_or_default());
            }
            _ => said.push(format!("\"{}", node.text().unwrap_or_default())),
        },
        NodeType::Comment => said.push(format!("<!--{:?}", node.text())),
        NodeType::PI => said.push(format!("<?{:?}", node.pi())),
        NodeType::Root => {}
    }
    for child in node.children() {
        say(child, xml, said);
    }
    if node.is_element() {
        said.push("</>".to_owned());
    }
}
