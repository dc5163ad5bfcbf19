//! What is refused before the XML reader sees it: document types (and with them entities), too much text, too deep nesting,
//! too many attributes. What it finds wrong itself is told in our words (`malformed`). The XML reader compares every attribute of a tag with every other, so their number must be bounded.

mod malformed;

pub use malformed::malformed;

/// A text that is not read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable code, such as `xml-too-deep`.
    pub code: &'static str,
    /// Line in the text, from 1; 0 when it concerns the text as a whole.
    pub line: u32,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// What is wrong and what to do, in English.
    pub en: String,
}

/// Largest file that is read, in bytes.
pub const MAX_BYTES: usize = 4 * 1024 * 1024;
/// Deepest nesting of elements that is read.
pub const MAX_DEPTH: usize = 100;
/// Most attributes and namespace declarations on one element.
pub const MAX_ATTRIBUTES: usize = 200;
/// Most namespace declarations in one file.
pub const MAX_DECLARATIONS: usize = 200;
/// Most nodes (elements, texts, comments) in one file.
pub const MAX_XML_NODES: u32 = 200_000;
/// Longest value of one attribute, in bytes.
pub const MAX_VALUE: usize = 64 * 1024;

fn refused(code: &'static str, line: u32, zh: String, en: String) -> Result<(), Refusal> {
    Err(Refusal { code, line, zh, en })
}

/// Looks over the text once, without recursion. Malformed text is left for the XML reader to name: up to the first mistake
/// both see the same tags, and the XML reader stops there.
///
/// # Errors
/// With the first thing that is refused.
pub fn look_over(xml: &str) -> Result<(), Refusal> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn code(xml: &str) -> Option<(&'static str, u32)> {
        look_over(xml).err().map(|refusal| (refusal.code, refusal.line))
    }

    #[test]
    fn what_grows_without_bound_is_refused() {
        assert_eq!(code("<a b='<!-- 1 -->'><!-- <!DOCTYPE a> --><![CDATA[<!ENTITY]]></a>"), None);
        assert_eq!(code("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), Some(("xml-document-type", 2)));
        assert_eq!(code(&"<a>".repeat(MAX_DEPTH)), None);
        assert_eq!(code(&"<a>".repeat(MAX_DEPTH + 1)), Some(("xml-too-deep", 1)));
        assert_eq!(code(&"<a></a><b/>".repeat(MAX_DEPTH + 1)), None);
        assert_eq!(code(&format!("<a{}/>", " b='1'".repeat(MAX_ATTRIBUTES + 1))), Some(("xml-too-many-attributes", 1)));
        assert_eq!(code(&"<a xmlns='b'/>".repeat(MAX_DECLARATIONS + 1)), Some(("xml-too-many-attributes", 1)));
        assert_eq!(code(&format!("\n<a b='{}'/>", "c".repeat(MAX_VALUE))), Some(("xml-value-too-long", 2)));
        assert_eq!(code(&" ".repeat(MAX_BYTES + 1)), Some(("xml-too-large", 0)));
    }

    #[test]
    fn what_never_ends_is_left_to_the_reader() {
        for xml in ["<", "<a", "<a b='", "<!--", "<![CDATA[", "<?", "</", ""] {
            assert_eq!(code(xml), None, "{xml}");
        }
    }
}
