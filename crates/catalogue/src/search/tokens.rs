//! Texts into words.

use std::sync::{Arc, OnceLock};

use jieba_rs::Jieba;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// The dictionary is large; it is loaded once, when it is first needed or by [`load_dictionary`].
static DICTIONARY: OnceLock<Arc<Jieba>> = OnceLock::new();

/// Loads the dictionary of Chinese words if it is not loaded: takes a moment, so let it happen in the background.
pub fn load_dictionary() {
    dictionary();
}

fn dictionary() -> Arc<Jieba> {
    Arc::clone(DICTIONARY.get_or_init(|| {
        let mut jieba = Jieba::new();
        // Words of this field that the general dictionary cuts apart.
        for word in
            ["网办", "通办", "办件", "容缺", "补正", "首席代表", "一次办好", "宅基地", "低保", "社保卡", "残疾证", "施工许可", "营业执照"]
        {
            jieba.add_word(word, None, None);
        }
        Arc::new(jieba)
    }))
}

/// One text in one shape: full-width letters half-width, letters lower-case.
pub(crate) fn folded(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c),
            '\u{3000}' => ' ',
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Words that say nothing by themselves in a question to an office.
const EMPTY: [&str; 41] = [
    "的",
    "了",
    "吗",
    "呢",
    "我",
    "要",
    "想",
    "怎么",
    "怎么办",
    "怎样",
    "如何",
    "哪里",
    "什么",
    "办",
    "办理",
    "去",
    "在",
    "和",
    "与",
    "或",
    "是",
    "有",
    "请问",
    "可以",
    "需要",
    "申请",
    "一个",
    "a",
    "an",
    "the",
    "to",
    "of",
    "for",
    "and",
    "in",
    "how",
    "do",
    "i",
    "my",
    "apply",
    "get",
];

/// The words of a text: Chinese by the dictionary (long words also in their parts), others as written. With `meaningful`,
/// without words that say nothing, unless nothing else is left.
pub(crate) fn words(text: &str, meaningful: bool) -> Vec<String> {
    let text = folded(text);
    let jieba = dictionary();
    let all: Vec<String> = jieba
        .cut_for_search(&text, true)
        .into_iter()
        .map(|token| token.word.trim())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .map(stem)
        .collect();
    if !meaningful {
        return all;
    }
    let kept: Vec<String> = all.iter().filter(|word| !EMPTY.contains(&word.as_str())).cloned().collect();
    if kept.is_empty() { all } else { kept }
}

/// English plurals and verbs share a word with their plain form: enough for names of matters.
fn stem(word: &str) -> String {
    if word.len() > 4 && word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        for (ending, instead) in [("ies", "y"), ("ing", ""), ("es", ""), ("s", ""), ("ed", "")] {
            if let Some(root) = word.strip_suffix(ending)
                && root.len() >= 3
                && !root.ends_with('s')
            {
                return format!("{root}{instead}").trim_end_matches('e').to_owned();
            }
        }
        return word.trim_end_matches('e').to_owned();
    }
    word.to_owned()
}

/// Words that many matters share: they say little when there is another word.
const COMMON: [&str; 16] = [
    "许可证",
    "许可",
    "证",
    "证书",
    "证明",
    "登记",
    "备案",
    "批准",
    "手续",
    "业务",
    "licence",
    "permit",
    "certificat",
    "card",
    "registration",
    "licenc",
];

/// Whether many matters share the word.
pub(crate) fn is_common(word: &str) -> bool {
    COMMON.contains(&word) || word.chars().all(|c| "许可证登记备案办理申请".contains(c))
}

/// Chinese characters, alone and in pairs with their neighbours, and triples of letters.
pub(crate) fn grams(text: &str) -> Vec<String> {
    let text = folded(text);
    let mut grams = Vec::new();
    let mut run: Vec<char> = Vec::new();
    let mut chinese = false;
    for c in text.chars().chain(std::iter::once(' ')) {
        let same = !run.is_empty() && chinese == is_chinese(c) && c.is_alphanumeric();
        if !same {
            push_grams(&run, if chinese { 2 } else { 3 }, &mut grams);
            run.clear();
        }
        if c.is_alphanumeric() {
            chinese = is_chinese(c);
            run.push(c);
        }
    }
    grams
}

fn push_grams(run: &[char], size: usize, grams: &mut Vec<String>) {
    if run.len() < size {
        if !run.is_empty() {
            grams.push(run.iter().collect());
        }
        return;
    }
    grams.extend(run.windows(size).map(|window| window.iter().collect::<String>()));
    if size == 2 {
        grams.extend(run.iter().map(char::to_string));
    }
}

/// Which way to cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// By words.
    Words,
    /// By neighbouring characters.
    Grams,
}

/// A tokenizer of the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cutter(pub(crate) Cut);

/// Its stream.
pub(crate) struct CutStream {
    words: std::vec::IntoIter<String>,
    token: Token,
}

impl Tokenizer for Cutter {
    type TokenStream<'a> = CutStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> CutStream {
        let words = match self.0 {
            Cut::Words => words(text, false),
            Cut::Grams => grams(text),
        };
        CutStream { words: words.into_iter(), token: Token::default() }
    }
}

impl TokenStream for CutStream {
    fn advance(&mut self) -> bool {
        match self.words.next() {
            Some(word) => {
                self.token.position = self.token.position.wrapping_add(1);
                self.token.text = word;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_grams() {
        assert!(words("我要怎么办食品经营许可证", true).contains(&"食品".to_owned()));
        assert!(!words("我要怎么办食品经营许可证", true).contains(&"怎么".to_owned()));
        assert_eq!(words("如何", true), ["如何"]);
        assert_eq!(words("Restaurants", false), words("restaurant", false));
        assert_eq!(grams("开饭店"), ["开饭", "饭店", "开", "饭", "店"]);
        assert_eq!(grams("cards证"), ["car", "ard", "rds", "证"]);
    }
}
