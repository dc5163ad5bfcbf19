//! Enumerations that definitions write as words: one table gives the word, the national code, and the key of the name.

/// A word of a fixed list.
pub trait Word: Sized + Copy + 'static {
    /// All words, in order.
    const ALL: &'static [Self];
    /// The word as it is written in definitions.
    fn as_str(self) -> &'static str;
    /// The word of this spelling.
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.as_str() == text)
    }
    /// All spellings, for telling what may be written.
    fn spellings() -> String {
        Self::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" | ")
    }
}

/// The spelling that is meant by a mistyped one, if one is near enough.
#[must_use]
pub fn closest<'a>(text: &str, spellings: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    spellings
        .map(|spelling| (distance(text, spelling), spelling))
        .filter(|(distance, spelling)| *distance <= (spelling.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, spelling)| spelling)
}

/// Edit distance (insert, delete, replace, swap neighbours).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for j in 0..b.len() {
            let replace = above[j] + usize::from(a[i] != b[j]);
            let mut least = replace.min(row[j] + 1).min(above[j + 1] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

/// Declares an enumeration of words. `"word" => "national code"`; the code is empty where the tables have none.
macro_rules! words {
    ($(
        $(#[$doc:meta])*
        $name:ident ($prefix:literal) { $($(#[$variant_doc:meta])* $variant:ident = $word:literal => $code:literal),+ $(,)? }
    )+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $(
            $(#[$variant_doc])*
            #[serde(rename = $word)]
            $variant
        ),+ }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word as definitions write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The word of this spelling.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                <Self as $crate::model::Word>::parse(text)
            }

            /// The code of the national tables; empty where there is none.
            #[must_use]
            pub const fn national_code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Key of its name in the texts.
            #[must_use]
            pub const fn name_key(self) -> &'static str {
                match self { $(Self::$variant => concat!($prefix, "-", $word)),+ }
            }
        }

        impl $crate::model::Word for $name {
            const ALL: &'static [Self] = Self::ALL;
            fn as_str(self) -> &'static str {
                self.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )+};
}
pub(crate) use words;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_spelling_is_offered() {
        let words = ["licence", "confirmation", "benefit"];
        assert_eq!(closest("license", words.into_iter()), Some("licence"));
        assert_eq!(closest("benifit", words.into_iter()), Some("benefit"));
        assert_eq!(closest("penalty", words.into_iter()), None);
        assert_eq!(closest("nmae", ["name", "region"].into_iter()), Some("name"));
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
    }
}
