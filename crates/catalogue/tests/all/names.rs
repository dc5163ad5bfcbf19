//! Every word of the definitions has a name in both languages, every problem its words.

use banhao_catalogue::{CatalogueError, model};

#[test]
fn words_have_names() {
    let problems: Vec<String> = CatalogueError::CODES.iter().map(|code| format!("problem-{code}")).collect();
    let mut keys: Vec<&str> = Vec::new();
    macro_rules! all {
        ($($name:ident),+) => { $( keys.extend(model::$name::ALL.iter().map(|word| word.name_key())); )+ };
    }
    all!(
        AfterHoursRule,
        ApplicantKind,
        CaseKind,
        CrossHandling,
        FieldKind,
        HallKind,
        HandlingForm,
        ItemType,
        MaterialForm,
        MaterialSource,
        Necessity,
        OrganisationKind,
        PeriodUnit,
        Post,
        ResultKind,
        SpecialKind,
        ThemeAudience,
        WindowArea
    );
    keys.extend((1..=7).filter_map(|level| model::UseLevel::try_from(level).ok()).map(model::use_level_name_key));
    let keys = keys.into_iter().chain(problems.iter().map(String::as_str));
    assert_eq!(banhao_texts::missing(keys), Vec::<String>::new());
}
