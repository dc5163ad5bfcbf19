//! Masking of personal data 脱敏 for lists, logs and public pages. Our own convention: no national rule was found. Takes any
//! text (also one that is no valid number), because old data must be masked too.

const STAR: char = '*';

/// Keeps the first `head` and last `tail` characters; when that would show more than half, hides everything but the first.
fn keep(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    let (head, tail) = if length >= 2 * (head + tail) || length > head + tail + 3 { (head, tail) } else { (usize::from(length > 1), 0) };
    text.chars().enumerate().map(|(at, character)| if at < head || at >= length - tail { character } else { STAR }).collect()
}

/// Selects the glyph before it (rare characters are written with such selectors); no character of its own.
fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Name: the first character stays (测试甲 → 测**); a name of one character is hidden.
#[must_use]
pub fn name(name: &str) -> String {
    let length = name.chars().filter(|character| !is_variation_selector(*character)).count();
    if length <= 1 {
        return STAR.to_string().repeat(length);
    }
    let mut characters = name.chars().peekable();
    let mut masked: String = characters.next().into_iter().collect();
    while let Some(selector) = characters.next_if(|character| is_variation_selector(*character)) {
        masked.push(selector);
    }
    masked.extend(std::iter::repeat_n(STAR, length - 1));
    masked
}

/// Citizen number: first three and last four (421***********0017).
#[must_use]
pub fn citizen_number(number: &str) -> String {
    keep(number, 3, 4)
}

/// Citizen number for public notices: first and last character only.
#[must_use]
pub fn citizen_number_in_public(number: &str) -> String {
    keep(number, 1, 1)
}

/// Mobile: first three and last four (130****0000).
#[must_use]
pub fn mobile(number: &str) -> String {
    keep(number, 3, 4)
}

/// Credit code: first four and last four. A company's code is public; an individual business's leads to a person.
#[must_use]
pub fn credit_code(code: &str) -> String {
    keep(code, 4, 4)
}

/// Address: down to the town or street (湖北省荆州市洪湖市新堤街道****); without one, the first quarter.
#[must_use]
pub fn address(address: &str) -> String {
    const DIVISIONS: [&str; 9] = ["省", "自治区", "市", "县", "区", "旗", "镇", "乡", "街道"];
    if address.is_empty() {
        return String::new();
    }
    let mut end = 0;
    // Each level once, from the top down, so that 市 in the name of a house does not show the rest.
    for level in [&DIVISIONS[..2], &DIVISIONS[2..3], &DIVISIONS[2..6], &DIVISIONS[6..]] {
        let found = level.iter().filter_map(|division| address[end..].find(division).map(|at| (at, at + division.len()))).min();
        if let Some((at, after)) = found
            && address[end..end + at].chars().count() <= 12
        {
            end += after;
        }
    }
    if end == 0 {
        let quarter = address.chars().count() / 4;
        end = address.char_indices().nth(quarter).map_or(0, |(at, _)| at);
    }
    format!("{}****", &address[..end])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names() {
        for (plain, masked) in [
            ("测试甲", "测**"),
            ("测试", "测*"),
            ("测", "*"),
            ("", ""),
            ("阿里木·测试", "阿*****"),
            ("葛\u{E0100}甲", "葛\u{E0100}*"),
            ("𠮷甲", "𠮷*"),
        ] {
            assert_eq!(name(plain), masked);
        }
    }

    #[test]
    fn numbers() {
        assert_eq!(citizen_number("421083190001010017"), "421***********0017");
        assert_eq!(citizen_number_in_public("421083190001010017"), "4****************7");
        assert_eq!(citizen_number("421083000101001"), "421********1001", "old number of 15 digits");
        assert_eq!(mobile("13000000000"), "130****0000");
        assert_eq!(credit_code("92421083DEMQ00026C"), "9242**********026C");
        assert_eq!(mobile("1300"), "1***", "too short to show both ends");
    }

    #[test]
    fn addresses() {
        for (plain, masked) in [
            ("湖北省荆州市洪湖市新堤街道文泉大道特1号", "湖北省荆州市洪湖市新堤街道****"),
            ("湖北省洪湖市峰口镇测试村1组2号", "湖北省洪湖市峰口镇****"),
            ("洪湖市老湾乡测试村3号", "洪湖市老湾乡****"),
            ("测试小区3栋2单元", "测试小区****"),
            ("测试村3组20号门", "测试****"),
            ("甲", "****"),
            ("", ""),
        ] {
            assert_eq!(address(plain), masked);
        }
    }

    proptest! {
        #[test]
        fn a_mask_never_shows_the_middle(text in "[0-9A-Z]{1,30}") {
            for masked in [citizen_number(&text), mobile(&text), credit_code(&text), citizen_number_in_public(&text)] {
                prop_assert_eq!(masked.chars().count(), text.chars().count());
                prop_assert!(masked.contains(STAR));
            }
        }

        #[test]
        fn any_text_is_masked(text in "\\PC{0,40}") {
            let _ = (name(&text), address(&text), citizen_number(&text));
        }
    }
}
