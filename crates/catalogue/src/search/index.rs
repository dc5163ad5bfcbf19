//! The index and its questions.

use std::collections::BTreeMap;

use tantivy::{
    Index, IndexReader, ReloadPolicy, TantivyDocument, Term,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, FuzzyTermQuery, Occur, Query, TermQuery},
    schema::{Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value},
    tokenizer::{TextAnalyzer, TokenizerManager},
};

use super::tokens::{Cut, Cutter, folded, grams, is_common, words};
use crate::{
    error::CatalogueError,
    snapshot::{MatterVersion, Snapshot},
};

/// Memory for building, in bytes; a hundred matters need a few hundred kilobytes.
const BUILD_MEMORY: usize = 15_000_000;
/// Longest question that is looked at, in characters.
const MAX_QUERY: usize = 100;
/// Weight of words that many matters share.
const COMMON_WEIGHT: f32 = 0.2;
/// What a name or keyword said as a whole adds to the score, per character.
const PHRASE: f32 = 4.0;
/// Below this many good hits, similar ones are looked for as well.
const ENOUGH: usize = 3;

/// A matter that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Key of the matter.
    pub key: String,
    /// How well it fits; only the order means something.
    pub score: f32,
    /// Whether it was found only by likeness: say "did you mean".
    pub similar: bool,
}

/// What may be typed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The words.
    pub text: String,
    /// Key of the matter they lead to.
    pub key: String,
}

/// The index of the matters in force.
pub struct SearchIndex {
    reader: IndexReader,
    fields: Fields,
    /// Names and keywords with the matter they lead to, for suggestions.
    phrases: Vec<(String, String, String)>,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchIndex").field("phrases", &self.phrases.len()).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Copy)]
struct Fields {
    key: Field,
    name: Field,
    keywords: Field,
    about: Field,
    rest: Field,
    grams: Field,
}

impl Fields {
    /// Fields of words with their weight.
    fn weighted(self) -> [(Field, f32); 4] {
        [(self.name, 6.0), (self.keywords, 4.0), (self.about, 2.0), (self.rest, 1.0)]
    }
}

fn failed(error: impl std::fmt::Display) -> CatalogueError {
    CatalogueError::Search(error.to_string())
}

impl SearchIndex {
    /// Builds it from the matters in force.
    ///
    /// # Errors
    /// When the index refuses.
    pub fn build(snapshot: &Snapshot) -> Result<Self, CatalogueError> {
        let mut schema = Schema::builder();
        let text = |tokenizer: &str| {
            TextOptions::default()
                .set_indexing_options(TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(IndexRecordOption::WithFreqs))
        };
        let fields = Fields {
            key: schema.add_text_field("key", STORED),
            name: schema.add_text_field("name", text("words")),
            keywords: schema.add_text_field("keywords", text("words")),
            about: schema.add_text_field("about", text("words")),
            rest: schema.add_text_field("rest", text("words")),
            grams: schema.add_text_field("grams", text("grams")),
        };
        let tokenizers = TokenizerManager::default();
        tokenizers.register("words", TextAnalyzer::builder(Cutter(Cut::Words)).build());
        tokenizers.register("grams", TextAnalyzer::builder(Cutter(Cut::Grams)).build());
        let mut writer = Index::builder()
            .schema(schema.build())
            .tokenizers(tokenizers)
            .single_segment_index_writer(tantivy::directory::RamDirectory::create(), BUILD_MEMORY)
            .map_err(failed)?;
        let mut phrases = Vec::new();
        for version in snapshot.matters() {
            writer.add_document(document(fields, snapshot, version)).map_err(failed)?;
            let matter = &version.matter;
            let names = [Some(matter.name.zh.as_str()), matter.name.en.as_deref()];
            for phrase in names.into_iter().flatten().chain(matter.keywords.iter().map(String::as_str)) {
                phrases.push((folded(phrase), phrase.to_owned(), version.key.clone()));
            }
        }
        let index = writer.finalize().map_err(failed)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(4).try_into().map_err(failed)?;
        Ok(Self { reader, fields, phrases })
    }

    /// The matters that fit, the best first. Similar ones follow when few fit well.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<Hit>, CatalogueError> {
        let query: String = query.chars().take(MAX_QUERY).collect();
        let mut hits = match self.by_words(&query) {
            Some(wanted) => self.run(wanted.as_ref(), limit.max(ENOUGH), false)?,
            None => Vec::new(),
        };
        self.prefer_phrases(&query, &mut hits);
        if hits.len() < ENOUGH.min(limit)
            && let Some(wanted) = self.by_likeness(&query)
        {
            let known: Vec<String> = hits.iter().map(|hit| hit.key.clone()).collect();
            let more = self.run(wanted.as_ref(), limit, true)?;
            hits.extend(more.into_iter().filter(|hit| !known.contains(&hit.key)));
        }
        hits.truncate(limit);
        Ok(hits)
    }

    /// Matters one of whose names or keywords is in the question as a whole, or the other way round, come first.
    fn prefer_phrases(&self, query: &str, hits: &mut Vec<Hit>) {
        let query = folded(query.trim());
        if query.chars().count() < 2 {
            return;
        }
        for (phrase, _, key) in &self.phrases {
            let length = phrase.chars().count();
            let said = length >= 2 && query.contains(phrase.as_str());
            if !said && !phrase.contains(&query) {
                continue;
            }
            let bonus = if said { PHRASE * length as f32 } else { PHRASE };
            match hits.iter_mut().find(|hit| hit.key == *key) {
                Some(hit) => hit.score += bonus,
                None => hits.push(Hit { key: key.clone(), score: bonus, similar: false }),
            }
        }
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.key.cmp(&b.key)));
    }

    /// Names and keywords that begin with, or contain, what was typed.
    #[must_use]
    pub fn suggest(&self, typed: &str, limit: usize) -> Vec<Suggestion> {
        let typed = folded(typed.trim());
        if typed.is_empty() {
            return Vec::new();
        }
        let mut found: BTreeMap<(usize, usize, &str), &str> = BTreeMap::new();
        for (folded, phrase, key) in &self.phrases {
            if let Some(at) = folded.find(&typed) {
                found.entry((usize::from(at > 0), phrase.chars().count(), phrase.as_str())).or_insert(key);
            }
        }
        found.into_iter().take(limit).map(|((_, _, phrase), key)| Suggestion { text: phrase.to_owned(), key: key.to_owned() }).collect()
    }

    /// Words in any field; half of those that tell matters apart must be there.
    fn by_words(&self, query: &str) -> Option<Box<dyn Query>> {
        let mut terms = words(query, true);
        terms.sort();
        terms.dedup();
        let (common, telling): (Vec<String>, Vec<String>) = terms.into_iter().partition(|word| is_common(word));
        if telling.is_empty() {
            let clauses = common.iter().map(|word| (Occur::Should, self.word_anywhere(word))).collect::<Vec<_>>();
            return (!clauses.is_empty()).then(|| Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>);
        }
        let mut wanted = BooleanQuery::new(telling.iter().map(|word| (Occur::Should, self.word_anywhere(word))).collect());
        wanted.set_minimum_number_should_match(telling.len().div_ceil(2));
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = vec![(Occur::Must, Box::new(wanted))];
        clauses.extend(
            common.iter().map(|word| (Occur::Should, Box::new(BoostQuery::new(self.word_anywhere(word), COMMON_WEIGHT)) as Box<dyn Query>)),
        );
        Some(Box::new(BooleanQuery::new(clauses)))
    }

    fn word_anywhere(&self, word: &str) -> Box<dyn Query> {
        let in_fields = self.fields.weighted().into_iter().map(|(field, weight)| {
            let term = Term::from_field_text(field, word);
            let query: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, Box::new(BoostQuery::new(query, weight)) as Box<dyn Query>)
        });
        Box::new(BooleanQuery::new(in_fields.collect()))
    }

    /// Shared neighbouring characters, and English words with one or two letters wrong.
    fn by_likeness(&self, query: &str) -> Option<Box<dyn Query>> {
        let mut pieces = grams(query);
        pieces.sort();
        pieces.dedup();
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = pieces
            .iter()
            .filter(|gram| !is_common(gram))
            .map(|gram| {
                let weight = if gram.chars().count() == 1 { 0.4 } else { 1.0 };
                let term = Term::from_field_text(self.fields.grams, gram);
                let query: Box<dyn Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
                (Occur::Should, Box::new(BoostQuery::new(query, weight)) as Box<dyn Query>)
            })
            .collect();
        for word in words(query, true) {
            let length = word.chars().count();
            if word.is_ascii() && length >= 4 {
                let distance = if length >= 7 { 2 } else { 1 };
                for (field, weight) in [(self.fields.name, 3.0), (self.fields.about, 1.0)] {
                    let fuzzy = FuzzyTermQuery::new(Term::from_field_text(field, &word), distance, true);
                    clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(fuzzy), weight))));
                }
            }
        }
        (!clauses.is_empty()).then(|| Box::new(BooleanQuery::new(clauses)) as Box<dyn Query>)
    }

    fn run(&self, query: &dyn Query, limit: usize, similar: bool) -> Result<Vec<Hit>, CatalogueError> {
        let searcher = self.reader.searcher();
        let found = searcher.search(query, &TopDocs::with_limit(limit.max(1)).order_by_score()).map_err(failed)?;
        let best = found.first().map_or(0.0, |(score, _)| *score);
        let mut hits = Vec::with_capacity(found.len());
        for (score, address) in found {
            // The tail of a search by likeness is noise.
            if similar && score < best * 0.3 {
                break;
            }
            let document: TantivyDocument = searcher.doc(address).map_err(failed)?;
            if let Some(key) = document.get_first(self.fields.key).and_then(|value| value.as_str()) {
                hits.push(Hit { key: key.to_owned(), score, similar });
            }
        }
        Ok(hits)
    }
}

fn document(fields: Fields, snapshot: &Snapshot, version: &MatterVersion) -> TantivyDocument {
    let matter = &version.matter;
    let mut document = TantivyDocument::default();
    document.add_text(fields.key, &version.key);
    let add = |document: &mut TantivyDocument, field: Field, text: &crate::model::Bilingual| {
        document.add_text(field, &text.zh);
        if let Some(en) = &text.en {
            document.add_text(field, en);
        }
    };
    add(&mut document, fields.name, &matter.name);
    add(&mut document, fields.grams, &matter.name);
    for keyword in &matter.keywords {
        document.add_text(fields.keywords, keyword);
        document.add_text(fields.grams, keyword);
    }
    add(&mut document, fields.about, &matter.summary);
    add(&mut document, fields.about, &matter.result.name);
    add(&mut document, fields.grams, &matter.result.name);
    if let Some(organisation) = snapshot.organisation(&matter.organisation) {
        add(&mut document, fields.about, &organisation.name);
    }
    for theme in matter.themes.iter().filter_map(|key| snapshot.theme(key)) {
        add(&mut document, fields.about, &theme.name);
    }
    document.add_text(fields.rest, matter.item_type.as_str());
    for material in &matter.materials {
        add(&mut document, fields.rest, &material.name);
    }
    for faq in &matter.faq {
        add(&mut document, fields.rest, &faq.question);
        add(&mut document, fields.rest, &faq.answer);
    }
    document
}
