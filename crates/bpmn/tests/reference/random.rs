//! Random documents with everything XML allows: prefixes, default namespaces that change on the way, CDATA, comments,
//! instructions, references, `xml:space`, a byte order mark, line ends of other systems. Reading and writing keeps them all.

use std::fmt::Write;

use banhao_bpmn::tree::Document;
use proptest::prelude::*;

use crate::canonical::canonical;

#[derive(Clone, Debug)]
enum Part {
    Element { prefix: u8, local: u8, space: u8, declares: bool, attributes: Vec<(u8, u8, String, bool)>, parts: Vec<Part> },
    Text(String),
    Reference(u8),
    Cdata(String),
    Comment(String),
    Instruction(u8, String),
}

const LOCALS: [&str; 5] = ["process", "task", "办理", "e-x.t_1", "definitions"];
const SPACES: [&str; 4] = ["http://www.omg.org/spec/BPMN/20100524/MODEL", "urn:a", "urn:b?x=1&amp;y=2", "https://banhao.example/ns/bpmn"];
const PREFIXES: [&str; 4] = ["", "a", "b", "前缀"];
const REFERENCES: [&str; 10] = ["&#x4E2D;", "&#25991;", "&amp;", "&lt;", "&gt;", "&quot;", "&apos;", "&#13;", "&#10;", "&#x1F600;"];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\r\n    ".to_owned()),
        Just("\n\t".to_owned()),
        Just("  两格 ".to_owned()),
        "[a-z办理“”'\"=/>! -]{0,12}".prop_map(|text| text.replace("]]>", "")),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    let leaf = prop_oneof![
        3 => text().prop_map(Part::Text),
        1 => any::<u8>().prop_map(Part::Reference),
        1 => "[a-z<>&;中\n ]{0,10}".prop_map(Part::Cdata),
        1 => "[a-z<>&中 ]{0,10}".prop_map(Part::Comment),
        1 => (any::<u8>(), "[a-z<>&= ]{0,10}").prop_map(|(target, said)| Part::Instruction(target, said)),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        (
            any::<(u8, u8, u8, bool)>(),
            prop::collection::vec((any::<u8>(), any::<u8>(), text(), any::<bool>()), 0..4),
            prop::collection::vec(inner, 0..6),
        )
            .prop_map(|((prefix, local, space, declares), attributes, parts)| Part::Element {
                prefix,
                local,
                space,
                declares,
                attributes,
                parts,
            })
    })
}

fn pick<'t>(from: &[&'t str], at: u8) -> &'t str {
    from[usize::from(at) % from.len()]
}

/// Writes a part; `known` are the prefixes in scope.
fn write(out: &mut String, part: &Part, known: &[&str]) {
    match part {
        Part::Text(text) => out.push_str(&text.replace('&', "&amp;").replace('<', "&lt;").replace("]]>", "")),
        Part::Reference(at) => out.push_str(pick(&REFERENCES, *at)),
        Part::Cdata(text) => write!(out, "<![CDATA[{text}]]>").unwrap(),
        Part::Comment(text) => write!(out, "<!--{text}-->").unwrap(),
        Part::Instruction(target, said) => write!(out, "<?{} {}?>", pick(&["go", "xml-stylesheet", "a.b"], *target), said.trim()).unwrap(),
        Part::Element { prefix, local, space, declares, attributes, parts } => {
            let (prefix, local) = (pick(&PREFIXES, *prefix), pick(&LOCALS, *local));
            let name = if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
            let mut known = known.to_vec();
            write!(out, "<{name}").unwrap();
            if *declares || !known.contains(&prefix) {
                // The default namespace may also be taken away.
                let address = if prefix.is_empty() && space % 5 == 0 { "" } else { pick(&SPACES, *space) };
                let colon = if prefix.is_empty() { "" } else { ":" };
                write!(out, " xmlns{colon}{prefix}=\"{address}\"").unwrap();
                known.push(prefix);
            }
            for (at, (of, _, value, single)) in attributes.iter().enumerate() {
                let of = pick(&PREFIXES, *of);
                let value = value.replace('&', "&amp;").replace('<', "&lt;");
                let (quote, value) = if *single { ('\'', value.replace('\'', "&apos;")) } else { ('"', value.replace('"', "&#34;")) };
                let colon = if of.is_empty() || !known.contains(&of) { String::new() } else { format!("{of}:") };
                write!(out, "\r\n  {colon}n{at}={quote}{value}&#10;{quote}").unwrap();
            }
            if space % 7 == 0 {
                out.push_str(" xml:space=\"preserve\"");
            }
            if parts.is_empty() && space % 2 == 0 {
                out.push_str(" />");
                return;
            }
            out.push('>');
            for part in parts {
                write(out, part, &known);
            }
            write!(out, "</{name} >").unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn random_documents_are_kept(root in part(), before in text(), mark in any::<bool>(), declared in 0..3_u8) {
        prop_assume!(matches!(root, Part::Element { .. }));
        let mut xml = String::new();
        if mark {
            xml.push('\u{feff}');
        }
        xml.push_str(["", "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\r\n", "<?xml version=\"1.1\"?>"][usize::from(declared)]);
        write!(xml, "<!--{}-->\r\n<?go on?>", before.replace(['-', '\r'], "")).unwrap();
        write(&mut xml, &root, &[""]);
        xml.push_str("\r\n<!-- after -->\n<?end?>");
        let written = Document::parse(&xml).unwrap_or_else(|problem| panic!("{problem}: {xml}")).to_xml();
        prop_assert_eq!(canonical(&xml), canonical(&written), "{} {}", xml, written);
        prop_assert_eq!(Document::parse(&written).unwrap().to_xml(), written);
    }
}

#[test]
fn a_declaration_is_one_however_it_is_spaced() {
    let inside = "<r xmlns=\"u\"/>";
    for declaration in ["<?xml version=\"1.0\"?>", "<?xml\nversion=\"1.0\"?>\n", "<?xml\tversion=\"1.0\" encoding=\"UTF-8\"?>"] {
        let written = Document::parse(&format!("{declaration}{inside}")).unwrap().to_xml();
        assert_eq!(written, format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{inside}\n"));
    }
    // Found by feeding mangled files: these were written so that they could not be read again.
    for wrong in ["<?xml!!! version=\"1.0\"?>", "<!-- a --><?xml\tversion=\"1.0\"?>", "<?XML version=\"1.0\"?>"] {
        assert_eq!(Document::parse(&format!("{wrong}{inside}")).unwrap_err().code, "xml-malformed", "{wrong}");
    }
    assert_eq!(Document::parse("<r><?xml\nversion=\"1.0\"?></r>").unwrap_err().code, "xml-malformed");
}
