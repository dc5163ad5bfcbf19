//! Words for what the XML reader finds wrong: what it is, where, and what to do. Every kind of its errors has a sentence of ours in
//! both languages; the reader's own English never reaches a page.

use roxmltree::Error;

use crate::Refusal;

/// What to do, at the end of every sentence.
const AGAIN: (&str, &str) =
    ("请改正这一处，或用流程图、决策表编辑器重新保存文件。", "Mend that place, or save the file again from the editor it was drawn in.");
/// The same where the file is cut off.
const CUT_OFF: (&str, &str) = (
    "文件可能没有传完整，请重新导出或重新上传整个文件。",
    "The file may have been cut off: export it again, or upload the whole file again.",
);
/// The same where a limit is reached.
const TOO_MUCH: (&str, &str) = ("请删去用不着的内容，或分成几个文件。", "Remove what is not needed, or split it into several files.");

/// What is wrong with a text that is no well-formed XML.
#[must_use]
pub fn malformed(error: &Error, xml: &str) -> Refusal {
    let line = line(error, xml);
    let (zh, en) = what(error);
    let (todo_zh, todo_en) = match error {
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream | Error::NoRootNode => CUT_OFF,
        Error::NodesLimitReached | Error::AttributesLimitReached | Error::NamespacesLimitReached => TOO_MUCH,
        _ => AGAIN,
    };
    Refusal {
        code: "xml-malformed",
        line,
        zh: format!("这不是完好的 XML 文件，第 {line} 行：{zh}。{todo_zh}"),
        en: format!("This is not well-formed XML, line {line}: {en}. {todo_en}"),
    }
}

/// Line of an error; the last where the text ends too early.
fn line(error: &Error, xml: &str) -> u32 {
    match error {
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream => u32::try_from(xml.lines().count().max(1)).unwrap_or(u32::MAX),
        other => other.pos().row,
    }
}

/// What is wrong, without a full stop. No arm for all others: a new kind of error has to be given words.
fn what(error: &Error) -> (String, String) {
    let plain = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match error {
        Error::InvalidXmlPrefixUri(_) => plain(
            "前缀 xml 是保留的，不能指到别的命名空间（xmlns:xml）",
            "the prefix “xml” is reserved and cannot stand for another namespace (xmlns:xml)",
        ),
        Error::UnexpectedXmlUri(_) => plain(
            "XML 自己的命名空间只能用前缀 xml，不能声明给别的前缀",
            "the namespace of XML itself belongs to the prefix “xml” and cannot be declared for another",
        ),
        Error::UnexpectedXmlnsUri(_) => {
            plain("命名空间 http://www.w3.org/2000/xmlns/ 不能声明", "the namespace http://www.w3.org/2000/xmlns/ must not be declared")
        }
        Error::InvalidElementNamePrefix(_) => plain("元素名不能用前缀 xmlns", "an element cannot have the prefix “xmlns”"),
        Error::DuplicatedNamespace(prefix, _) => {
            let prefix = quoted(prefix);
            (
                format!("命名空间前缀“{prefix}”在同一个元素上声明了两次"),
                format!("the namespace prefix “{prefix}” is declared twice on one element"),
            )
        }
        Error::UnknownNamespace(prefix, _) => {
            let prefix = quoted(prefix);
            (
                format!("用了没有声明的命名空间前缀“{prefix}”，要在根元素上写 xmlns:{prefix}=\"…\""),
                format!("the namespace prefix “{prefix}” is used but not declared; the root element needs xmlns:{prefix}=\"…\""),
            )
        }
        Error::UnexpectedCloseTag(expected, actual, _) => {
            let (expected, actual) = (quoted(expected), quoted(actual));
            (
                format!("这里应当是结束标签 </{expected}>，写的却是 </{actual}>"),
                format!("the end tag </{expected}> should stand here, but it is </{actual}>"),
            )
        }
        Error::UnexpectedEntityCloseTag(_) => plain("实体里只有结束标签，没有开始标签", "an entity has an end tag without its start tag"),
        Error::UnknownEntityReference(name, _) => {
            let name = quoted(name);
            (format!("不认识“&{name};”；文字里的 & 要写成 &amp;"), format!("“&{name};” is not known; write the character & as &amp;"))
        }
        Error::MalformedEntityReference(_) => plain(
            "& 后面不是完整的字符引用；文字里的 & 要写成 &amp;，< 要写成 &lt;",
            "the character & begins no complete reference; write & as &amp; and < as &lt;",
        ),
        Error::EntityReferenceLoop(_) => plain("实体互相引用，没有尽头", "entities refer to each other without end"),
        Error::InvalidAttributeValue(_) | Error::InvalidChar(b'\'' | b'"', b'<', _) => plain(
            "属性值里有 <，要写成 &lt;；也可能是前面少了一个引号",
            "the value of an attribute holds “<”, which is written &lt;; or a quotation mark is missing before it",
        ),
        Error::DuplicatedAttribute(name, _) => {
            let name = quoted(name);
            (format!("同一个元素上的属性“{name}”写了两次"), format!("the attribute “{name}” stands twice on one element"))
        }
        Error::NoRootNode => plain("文件里没有完整的元素", "the file has no whole element"),
        Error::UnclosedRootNode => plain("到文件末尾还有元素没有结束标签", "the file ends before all elements have their end tags"),
        Error::UnexpectedDeclaration(_) => plain(
            "<?xml … ?> 只能写在文件最开头一次，前面不能有空格或空行",
            "<?xml … ?> may stand only once, at the very beginning, with no blank before it",
        ),
        Error::DtdDetected => plain(
            "文件带有文档类型声明（<!DOCTYPE … >），出于安全不读，请删去这一段",
            "the file has a document type declaration (<!DOCTYPE … >), which is refused for safety; remove that part",
        ),
        Error::NodesLimitReached => plain("元素和文字太多", "there are too many elements and texts"),
        Error::AttributesLimitReached => plain("属性太多", "there are too many attributes"),
        Error::NamespacesLimitReached => plain("命名空间声明太多", "there are too many namespace declarations"),
        Error::InvalidName(_) => plain(
            "元素或属性的名字不合规定：名字以字母、汉字或下划线开头",
            "the name of an element or attribute is not allowed: names begin with a letter or an underscore",
        ),
        Error::NonXmlChar(character, _) => {
            let code = u32::from(*character);
            (
                format!("有一个 XML 不允许的字符（编码 U+{code:04X}），多半是从别处粘贴带来的不可见字符"),
                format!("there is a character that XML does not allow (U+{code:04X}), most likely an invisible one that was pasted"),
            )
        }
        Error::InvalidChar(expected, actual, _) => {
            let (expected, actual) = (character(*expected), character(*actual));
            (format!("这里应当是“{expected}”，写的却是“{actual}”"), format!("“{expected}” should stand here, but it is “{actual}”"))
        }
        Error::InvalidChar2(expected, actual, _) => {
            let actual = character(*actual);
            let (zh, en) = match *expected {
                "a quote" => ("引号（\" 或 '）", "a quotation mark (\" or ')"),
                "a whitespace" => ("空格", "a blank"),
                _ => ("别的字符", "another character"),
            };
            (format!("这里应当是{zh}，写的却是“{actual}”"), format!("{en} should stand here, but it is “{actual}”"))
        }
        Error::InvalidString(expected, _) => (format!("这里应当是“{expected}”"), format!("“{expected}” should stand here")),
        Error::InvalidExternalID(_) => plain("文档类型声明里的外部标识写错了", "the external identifier of the document type is wrong"),
        // What a resolver says is its own; none is used here.
        Error::EntityResolver(..) => {
            plain("文件引用了外部实体，出于安全不读", "the file refers to an external entity, which is refused for safety")
        }
        Error::InvalidComment(_) => plain("注释里不能有 --，也不能以 - 结尾", "a comment may not hold “--” or end with “-”"),
        Error::InvalidCharacterData(_) => plain("文字里不能有 ]]>，要写成 ]]&gt;", "text may not hold “]]>”; write it as ]]&gt;"),
        Error::UnknownToken(_) => plain(
            "这里的内容不属于任何元素；根元素的前后只能有注释",
            "what stands here belongs to no element; before and behind the root element only comments may stand",
        ),
        Error::UnexpectedEndOfStream => {
            plain("文件在一个标签、属性或注释中间就结束了", "the file ends within a tag, an attribute or a comment")
        }
    }
}

/// A piece of the file, short enough to be read.
fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// A byte of the file as a person would name it.
fn character(byte: u8) -> String {
    if byte.is_ascii_graphic() { char::from(byte).to_string() } else { format!("0x{byte:02X}") }
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, ParsingOptions, TextPos};

    use super::*;

    fn refusal(xml: &str) -> (Error, Refusal) {
        let options = ParsingOptions { nodes_limit: 20, ..ParsingOptions::default() };
        let error = Document::parse_with_options(xml, options).expect_err(xml);
        let refusal = malformed(&error, xml);
        (error, refusal)
    }

    /// One of each kind, as the reader finds it in a text where that is possible.
    fn every_kind() -> Vec<(Error, Refusal)> {
        let texts = [
            "<a xmlns:xml='b'/>",
            "<a xmlns:b='http://www.w3.org/XML/1998/namespace'/>",
            "<a xmlns:b='http://www.w3.org/2000/xmlns/'/>",
            "<xmlns:a/>",
            "<a xmlns:b='c' xmlns:b='d'/>",
            "<a>\n<b:c/></a>",
            "<a>\n<b>\n</c></a>",
            "<a>&b;</a>",
            "<a>&</a>",
            "<a b='<'/>",
            "<a b='1' b='2'/>",
            "<!-- a -->",
            "<a>\n<b></b>\n",
            "<a/><?xml version='1.0'?>",
            "<!DOCTYPE a><a/>",
            "<a><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/><b/></a>",
            "<1/>",
            "<a>\u{1}</a>",
            "<a b 'c'/>",
            "<a b=c/>",
            "<a b='c'd='e'/>",
            "<?xml versio='1.0'?><a/>",
            "<a><!-- -- --></a>",
            "<a>]]></a>",
            "<a/>b",
            "<a",
        ];
        let mut all: Vec<(Error, Refusal)> = texts.iter().map(|xml| refusal(xml)).collect();
        let at = TextPos::new(7, 1);
        let others = [
            Error::UnexpectedEntityCloseTag(at),
            Error::EntityReferenceLoop(at),
            Error::AttributesLimitReached,
            Error::NamespacesLimitReached,
            Error::InvalidExternalID(at),
            Error::EntityResolver(at, "no resolver".to_owned()),
            Error::InvalidAttributeValue(at),
            Error::UnexpectedEndOfStream,
            Error::InvalidChar(b'=', 0, at),
            Error::InvalidString("?>", at),
        ];
        all.extend(others.into_iter().map(|error| {
            let refusal = malformed(&error, "<a/>");
            (error, refusal)
        }));
        all
    }

    #[test]
    fn every_kind_of_error_has_words_in_both_languages() {
        let all = every_kind();
        let kinds: std::collections::HashSet<_> = all.iter().map(|(error, _)| std::mem::discriminant(error)).collect();
        assert_eq!(kinds.len(), 31, "{:?}", all.iter().map(|(error, _)| error).collect::<Vec<_>>());
        for (error, Refusal { code, line, zh, en }) in &all {
            assert_eq!(*code, "xml-malformed");
            let own = error.to_string();
            assert!(!zh.contains(&own) && !en.contains(&own), "{own}: {zh} {en}");
            assert!(zh.contains(&format!("第 {line} 行")) && zh.contains("请") && zh.ends_with('。'), "{zh}");
            assert!(en.contains(&format!("line {line}:")) && en.ends_with('.'), "{en}");
            // Longer English words in the Chinese sentence are pieces of XML only.
            let words = zh.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 3);
            let pieces = ["DOCTYPE", "http", "xmlns", "version"];
            assert!(words.clone().all(|word| pieces.contains(&word)), "{zh}: {:?}", words.collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_line_is_where_a_person_looks() {
        let line = |xml: &str| refusal(xml).1.line;
        assert_eq!(line("<a>\n<b>\n</c></a>"), 3);
        assert_eq!(line("<a>\n\n<b x='1' x='2'/></a>"), 3);
        // Cut off: where the text ends, not where it begins.
        assert_eq!(line("<a>\n<b>\n</b>\n"), 3);
        assert_eq!(line("<a>\n<b c='"), 2);
    }
}
