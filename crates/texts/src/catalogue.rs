//! The texts of one language, loaded once. Texts without variables are resolved at loading, so that showing one is a single
//! look-up without allocation; only texts with variables go through Fluent.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};

use crate::Lang;

include!(concat!(env!("OUT_DIR"), "/files.rs"));

static CATALOGUES: LazyLock<[Catalogue; 2]> = LazyLock::new(|| [Catalogue::load(Lang::ZhCn, ZH_CN), Catalogue::load(Lang::En, EN)]);

/// The texts of a language.
pub(crate) fn of(lang: Lang) -> &'static Catalogue {
    match lang {
        Lang::ZhCn => &CATALOGUES[0],
        Lang::En => &CATALOGUES[1],
    }
}

enum Text {
    Plain(String),
    WithVariables { message: String, attribute: Option<String>, variables: Vec<String> },
}

pub(crate) struct Catalogue {
    texts: HashMap<String, Text>,
    bundle: FluentBundle<FluentResource>,
    /// What is wrong with the files; a test sees to it that this is empty.
    mistakes: Vec<String>,
}

impl Catalogue {
    fn load(lang: Lang, files: &[(&str, &str)]) -> Self {
        let mut mistakes = Vec::new();
        let locale = lang.tag().parse().expect("the tags of the languages are valid");
        let mut bundle = FluentBundle::new_concurrent(vec![locale]);
        // Isolation marks around arguments would show up in papers, titles and attribute values.
        bundle.set_use_isolating(false);
        let mut found = Vec::new();
        for (file, source) in files {
            let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(resource, errors)| {
                mistakes.extend(errors.iter().map(|error| format!("{file}: {error}")));
                resource
            });
            for entry in resource.entries() {
                let Entry::Message(message) = entry else { continue };
                let mut add = |attribute: Option<&str>, pattern: &Pattern<&str>| {
                    let mut needs = Needs::default();
                    collect(pattern, &mut needs);
                    found.push((message.id.name.to_owned(), attribute.map(str::to_owned), needs));
                };
                if let Some(pattern) = &message.value {
                    add(None, pattern);
                }
                for attribute in &message.attributes {
                    add(Some(attribute.id.name), &attribute.value);
                }
            }
            if let Err(errors) = bundle.add_resource(resource) {
                mistakes.extend(errors.iter().map(|error| format!("{file}: {error}")));
            }
        }
        let mut catalogue = Self { texts: HashMap::with_capacity(found.len()), bundle, mistakes };
        let of_messages: HashMap<String, Needs> = found
            .iter()
            .filter(|(_, attribute, _)| attribute.is_none())
            .map(|(message, _, needs)| (message.clone(), needs.clone()))
            .collect();
        for (message, attribute, needs) in found {
            let variables = needs.with_those_of(&of_messages);
            let key = attribute.as_ref().map_or_else(|| message.clone(), |attribute| format!("{message}.{attribute}"));
            let text = if variables.is_empty() {
                let mut errors = Vec::new();
                let text = catalogue
                    .pattern(&message, attribute.as_deref())
                    .map(|pattern| catalogue.bundle.format_pattern(pattern, None, &mut errors).into_owned());
                catalogue.mistakes.extend(errors.iter().map(|error| format!("{key}: {error}")));
                Text::Plain(text.unwrap_or_default())
            } else {
                Text::WithVariables { message, attribute, variables: variables.into_iter().collect() }
            };
            catalogue.texts.insert(key, text);
        }
        catalogue
    }

    fn pattern(&self, message: &str, attribute: Option<&str>) -> Option<&Pattern<&str>> {
        let message = self.bundle.get_message(message)?;
        match attribute {
            None => message.value(),
            Some(attribute) => message.get_attribute(attribute).map(|attribute| attribute.value()),
        }
    }

    pub(crate) fn text(&'static self, key: &str, args: &[(&str, &str)]) -> Cow<'static, str> {
        match self.texts.get(key) {
            Some(Text::Plain(text)) => Cow::Borrowed(text),
            Some(Text::WithVariables { message, attribute, .. }) => {
                let Some(pattern) = self.pattern(message, attribute.as_deref()) else { return format!("⟦{key}⟧").into() };
                let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, argument(value))).collect();
                // An argument that was forgotten is shown as {$name}, which is what a person can report.
                self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned().into()
            }
            None => format!("⟦{key}⟧").into(),
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    pub(crate) fn keys(&'static self) -> impl Iterator<Item = &'static str> {
        let keys: BTreeSet<&str> = self.texts.keys().map(String::as_str).collect();
        keys.into_iter()
    }

    pub(crate) fn variables(&'static self, key: &str) -> Option<&'static [String]> {
        self.texts.get(key).map(|text| match text {
            Text::Plain(_) => &[][..],
            Text::WithVariables { variables, .. } => variables,
        })
    }
}

/// A whole number as people write it becomes a number (it may select a plural form and is shown the same); numbers with
/// leading zeros or many digits are codes and stay text.
fn argument(value: &str) -> FluentValue<'_> {
    match value.parse::<i64>() {
        Ok(number) if value.len() <= 15 && number.to_string() == value => FluentValue::from(number),
        _ => FluentValue::from(value),
    }
}

/// What a text needs to be shown: its variables, and the messages it contains.
#[derive(Clone, Default)]
struct Needs {
    variables: BTreeSet<String>,
    messages: BTreeSet<String>,
}

impl Needs {
    /// The variables of a text and of the messages it contains, however deep.
    fn with_those_of(mut self, all: &HashMap<String, Self>) -> BTreeSet<String> {
        let mut open: Vec<String> = self.messages.iter().cloned().collect();
        while let Some(needs) = open.pop().and_then(|message| all.get(&message)) {
            self.variables.extend(needs.variables.iter().cloned());
            open.extend(needs.messages.iter().filter(|message| self.messages.insert((*message).clone())).cloned());
        }
        self.variables
    }
}

fn collect(pattern: &Pattern<&str>, needs: &mut Needs) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            collect_expression(expression, needs);
        }
    }
}

fn collect_expression(expression: &Expression<&str>, needs: &mut Needs) {
    match expression {
        Expression::Inline(inline) => collect_inline(inline, needs),
        Expression::Select { selector, variants } => {
            collect_inline(selector, needs);
            for variant in variants {
                collect(&variant.value, needs);
            }
        }
    }
}

fn collect_inline(inline: &InlineExpression<&str>, needs: &mut Needs) {
    match inline {
        InlineExpression::VariableReference { id } => {
            needs.variables.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => collect_expression(expression, needs),
        InlineExpression::FunctionReference { arguments, .. } => collect_arguments(arguments, needs),
        InlineExpression::TermReference { arguments: Some(arguments), .. } => collect_arguments(arguments, needs),
        InlineExpression::MessageReference { id, attribute: None } => {
            needs.messages.insert(id.name.to_owned());
        }
        InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { arguments: None, .. } => {}
    }
}

fn collect_arguments(arguments: &CallArguments<&str>, needs: &mut Needs) {
    for inline in arguments.positional.iter().chain(arguments.named.iter().map(|named| &named.value)) {
        collect_inline(inline, needs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_have_no_mistakes() {
        for lang in Lang::ALL {
            assert_eq!(of(lang).mistakes, Vec::<String>::new(), "{lang}");
        }
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        let [zh, en] = Lang::ALL.map(|lang| of(lang).keys().collect::<BTreeSet<_>>());
        assert_eq!(zh.difference(&en).collect::<Vec<_>>(), Vec::<&&str>::new(), "lacking in en");
        assert_eq!(en.difference(&zh).collect::<Vec<_>>(), Vec::<&&str>::new(), "lacking in zh-CN");
    }

    #[test]
    fn both_languages_have_the_same_variables() {
        // A definition's own words are handed over in both languages, as NAME and NAME_en: English takes the latter.
        let named = |lang, key: &&str| {
            let names = of(lang).variables(key)?;
            Some(names.iter().map(|name| name.strip_suffix("_en").unwrap_or(name).to_owned()).collect::<BTreeSet<String>>())
        };
        let differing: Vec<_> = of(Lang::ZhCn)
            .keys()
            .filter(|key| named(Lang::ZhCn, key) != named(Lang::En, key))
            .map(|key| format!("{key}: zh-CN {:?}, en {:?}", of(Lang::ZhCn).variables(key), of(Lang::En).variables(key)))
            .collect();
        assert_eq!(differing, Vec::<String>::new());
    }

    #[test]
    fn both_languages_have_the_same_files() {
        let names =
            |files: &[(&'static str, &str)]| files.iter().map(|(file, _)| file.rsplit('/').next().unwrap_or(file)).collect::<Vec<_>>();
        assert_eq!(names(ZH_CN), names(EN));
    }

    fn sample(source: &'static str) -> &'static Catalogue {
        Box::leak(Box::new(Catalogue::load(Lang::En, &[("sample.ftl", source)])))
    }

    #[test]
    fn plain_texts_are_not_allocated_and_resolve_references() {
        let catalogue =
            sample("-product = Banhao\nwelcome = Welcome to { -product }\n    .hint = { \"{\" } as it is\nsecond = { welcome }!\n");
        for (key, text) in [("welcome", "Welcome to Banhao"), ("welcome.hint", "{ as it is"), ("second", "Welcome to Banhao!")] {
            assert!(matches!(catalogue.text(key, &[]), Cow::Borrowed(found) if found == text), "{key}");
        }
        assert_eq!(catalogue.text("nothing", &[]), "⟦nothing⟧");
        assert_eq!(catalogue.text("-product", &[]), "⟦-product⟧", "terms are not for showing");
    }

    #[test]
    fn a_text_has_the_variables_of_the_messages_in_it() {
        let catalogue = sample("why = Not { $why }\nwhole = { middle }. Again?\nmiddle = { why }, { $who }\n");
        assert_eq!(catalogue.variables("whole"), Some(&["who".to_owned(), "why".to_owned()][..]));
        assert_eq!(catalogue.text("whole", &[("who", "Wang"), ("why", "now")]), "Not now, Wang. Again?");
    }

    #[test]
    fn numbers_choose_their_form_and_codes_stay_codes() {
        let catalogue = sample(
            "left = { $n ->\n    [0] nothing left\n    [one] { $n } day left\n   *[other] { $n } days left\n}\ncode = Code { $code }\n",
        );
        for (n, text) in
            [("0", "nothing left"), ("1", "1 day left"), ("-1", "-1 day left"), ("2", "2 days left"), ("1200", "1200 days left")]
        {
            assert_eq!(catalogue.text("left", &[("n", n)]), text);
        }
        for code in ["007", "42108319000101001", "1.50", "+1", "4210831900010100170001", "甲"] {
            assert_eq!(catalogue.text("code", &[("code", code)]), format!("Code {code}"));
        }
        assert_eq!(catalogue.text("code", &[]), "Code {$code}", "a forgotten argument is visible");
        assert_eq!(catalogue.variables("left"), Some(&["n".to_owned()][..]));
    }

    #[test]
    fn mistakes_are_collected_not_swallowed() {
        let catalogue = sample("one = a\none = b\ntwo = { three }\n= broken\n");
        assert_eq!(catalogue.mistakes.len(), 3, "{:?}", catalogue.mistakes);
    }
}
