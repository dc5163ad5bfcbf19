//! What is refused before the XML reader sees it: document types (and with them entities), too much text, too deep nesting,
//! too many attributes. The XML reader compares every attribute of a tag with every other, so their number must be bounded.

use super::problem::DmnProblem;

/// Largest file that is read, in bytes.
pub(crate) const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Deepest nesting of elements that is read.
pub(crate) const MAX_DEPTH: usize = 64;
/// Most attributes and namespace declarations on one element.
pub(crate) const MAX_ATTRIBUTES: usize = 200;
/// Most namespace declarations in one file.
pub(crate) const MAX_DECLARATIONS: usize = 200;
/// Most nodes (elements, texts, comments) in one file.
pub(crate) const MAX_XML_NODES: u32 = 200_000;
/// Longest value of one attribute, in bytes.
pub(crate) const MAX_VALUE: usize = 64 * 1024;

fn refused(code: &'static str, line: u32, zh: String, en: String) -> Result<(), Box<DmnProblem>> {
    Err(Box::new(DmnProblem::error(code, line, zh, en)))
}

/// Looks over the text once, without recursion. Malformed text is left for the XML reader to name: up to the first mistake
/// both see the same tags, and the XML reader stops there.
pub(crate) fn look_over(xml: &str) -> Result<(), Box<DmnProblem>> {
    if xml.len() > MAX_BYTES {
        return refused(
            "xml-too-large",
            0,
            format!("文件有 {} 字节，最多读 {MAX_BYTES} 字节。请去掉嵌入的图片或附件。", xml.len()),
            format!("The file has {} bytes; at most {MAX_BYTES} are read. Remove embedded pictures or attachments.", xml.len()),
        );
    }
    let bytes = xml.as_bytes();
    let mut at = 0;
    let mut depth = 0_usize;
    let mut declarations = 0_usize;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'<') {
        let open = at + found;
        let rest = &bytes[open..];
        if rest.starts_with(b"<!--") {
            at = after(bytes, open + 4, b"-->");
        } else if rest.starts_with(b"<![CDATA[") {
            at = after(bytes, open + 9, b"]]>");
        } else if rest.starts_with(b"<?") {
            at = after(bytes, open + 2, b"?>");
        } else if rest.starts_with(b"<!") {
            return refused(
                "xml-document-type",
                line_at(bytes, open),
                "文件带有文档类型声明（<!DOCTYPE … >）或实体定义。出于安全不读这样的文件，请删去这一段。".to_owned(),
                "The file has a document type declaration (<!DOCTYPE … >) or entity definitions. Such files are refused for safety; remove that part.".to_owned(),
            );
        } else if rest.starts_with(b"</") {
            depth = depth.saturating_sub(1);
            at = after(bytes, open + 2, b">");
        } else {
            let tag = Tag::measure(bytes, open);
            declarations += tag.declarations;
            if tag.attributes > MAX_ATTRIBUTES || declarations > MAX_DECLARATIONS {
                return refused(
                    "xml-too-many-attributes",
                    line_at(bytes, open),
                    format!("一个元素的属性超过 {MAX_ATTRIBUTES} 个，或全文的命名空间声明超过 {MAX_DECLARATIONS} 个。"),
                    format!(
                        "An element has more than {MAX_ATTRIBUTES} attributes, or the file more than {MAX_DECLARATIONS} namespace declarations."
                    ),
                );
            }
            if tag.longest > MAX_VALUE {
                return refused(
                    "xml-value-too-long",
                    line_at(bytes, open),
                    format!("一个属性的值超过 {MAX_VALUE} 字节。"),
                    format!("The value of an attribute is longer than {MAX_VALUE} bytes."),
                );
            }
            if !tag.closed {
                depth += 1;
            }
            if depth > MAX_DEPTH {
                return refused(
                    "xml-too-deep",
                    line_at(bytes, open),
                    format!("元素嵌套超过 {MAX_DEPTH} 层。"),
                    format!("Elements are nested more than {MAX_DEPTH} deep."),
                );
            }
            at = tag.end;
        }
    }
    Ok(())
}

/// A start tag, measured.
struct Tag {
    end: usize,
    closed: bool,
    attributes: usize,
    declarations: usize,
    longest: usize,
}

impl Tag {
    fn measure(bytes: &[u8], open: usize) -> Self {
        let mut tag = Self { end: bytes.len(), closed: false, attributes: 0, declarations: 0, longest: 0 };
        let mut at = open + 1;
        let mut name = at;
        while at < bytes.len() {
            match bytes[at] {
                b'>' => {
                    tag.closed = bytes[at - 1] == b'/';
                    tag.end = at + 1;
                    return tag;
                }
                quote @ (b'"' | b'\'') => {
                    tag.attributes += 1;
                    if bytes[name..at].starts_with(b"xmlns") {
                        tag.declarations += 1;
                    }
                    let end = after(bytes, at + 1, &[quote]);
                    tag.longest = tag.longest.max(end - at);
                    at = end;
                    name = at;
                }
                space if space.is_ascii_whitespace() => {
                    at += 1;
                    name = at;
                }
                _ => at += 1,
            }
        }
        tag
    }
}

/// Where the text goes on behind the next `end`; the end of the text when there is none.
fn after(bytes: &[u8], from: usize, end: &[u8]) -> usize {
    let from = from.min(bytes.len());
    bytes[from..].windows(end.len()).position(|window| window == end).map_or(bytes.len(), |found| from + found + end.len())
}

/// Line number (from 1) of a byte position.
fn line_at(bytes: &[u8], at: usize) -> u32 {
    let newlines = bytes[..at].iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(newlines + 1).unwrap_or(u32::MAX)
}
