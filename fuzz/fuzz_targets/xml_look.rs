//! What the look over an XML text lets through is bounded for the XML reader too: whatever it reads has the depth, the
//! attributes and the declarations that were promised.
#![no_main]

use banhao_fuzz::guarded;
use banhao_xml::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_XML_NODES, look_over};
use libfuzzer_sys::fuzz_target;
use roxmltree::{Document, ParsingOptions};

fuzz_target!(|text: &str| guarded(|| {
    if look_over(text).is_err() {
        return;
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_XML_NODES, entity_resolver: None };
    let Ok(document) = Document::parse_with_options(text, options) else { return };
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        assert!(node.attributes().len() <= MAX_ATTRIBUTES);
        assert!(node.ancestors().filter(roxmltree::Node::is_element).count() <= MAX_DEPTH);
    }
}));
