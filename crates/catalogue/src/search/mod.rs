//! Finding matters: an index in memory, built from the snapshot. Chinese words by jieba, English words, and pairs of
//! characters, so that a slip of the finger or a word nobody thought of still finds something.

mod index;
mod tokens;

pub use index::{Hit, SearchIndex, Suggestion};
pub use tokens::load_dictionary;
