//! Matters: references, task codes, keys of materials, questions and fields; then quality, expressions and process.

use std::collections::BTreeMap;

use super::{decisions, duplicates, expressions, organisations::Known, processes, quality, unknown_reference};
use crate::{
    folder::{
        Draft,
        reader::{Places, is_key},
    },
    model::{FieldKind, Form, HallKind, Matter},
};

pub(super) fn check(draft: &Draft) {
    let known = Known::of(draft);
    let mut task_codes: BTreeMap<String, &str> = BTreeMap::new();
    for (key, matter) in &draft.matters {
        let Some(places) = draft.places_of(&format!("matters/{key}/matter.toml")) else { continue };
        if !is_key(key, '-') {
            places.error(
                "",
                "key-format",
                format!("文件夹名“{key}”不能用作标识：只能用小写字母、数字和“-”，以字母开头。"),
                format!("The folder's name `{key}` cannot be a key: use lower-case letters, digits and `-`, starting with a letter."),
            );
        }
        references(draft, &known, matter, places);
        own_keys(matter, places);
        quality::check(draft, matter, places);
        if let Some(other) = task_codes.insert(matter.task_code.to_string(), key) {
            places.error(
                "catalogue_code",
                "task-code-twice",
                format!("实施编码和 matters/{other} 的一样；同一事项的不同情形用 handling_item 区分。"),
                format!("matters/{other} has the same task code; tell handling items apart by `handling_item`."),
            );
        }
        expressions::matter(draft, matter, places);
        processes::check(draft, matter, places);
        decisions::check(draft, matter, places);
    }
    for (key, form) in &draft.forms {
        if let Some(places) = draft.places_of(&format!("matters/{key}/form.toml")) {
            form_keys(form, places);
            expressions::form(form, draft.matters.get(key), places);
        }
    }
}

fn references(draft: &Draft, known: &Known<'_>, matter: &Matter, places: &Places) {
    known.organisation(places, "organisation", &matter.organisation);
    if let Some(body) = draft.organisations.get(&matter.organisation) {
        if !body.is_valid_on(matter.effective_from) {
            places.error(
                "organisation",
                "organisation-gone",
                format!("{}在 {} 不存在，请改成接手的机构。", body.name.zh, matter.effective_from),
                format!("{} does not exist on {}; write the body that took over.", body.name.en(), matter.effective_from),
            );
        }
        if body.level != matter.use_level {
            places.warning(
                "use_level",
                "use-level-differs",
                format!("行使层级和{}的层级不同，请核对。", body.name.zh),
                format!("The level differs from that of {}; please check.", body.name.en()),
            );
        }
    }
    for (index, hall) in matter.halls.iter().enumerate() {
        known.hall(places, &format!("halls[{index}]"), hall);
    }
    let halls = || matter.halls.iter().filter_map(|hall| draft.halls.get(hall));
    if matter.township_receives && !halls().any(|hall| matches!(hall.kind, HallKind::Township | HallKind::Village)) {
        places.warning(
            "township_receives",
            "township-hall",
            "写了乡镇可以收件，但 halls 里没有乡镇的便民服务中心。",
            "Townships take it, but no township hall is among `halls`.",
        );
    }
    let Some(installation) = &draft.installation else { return };
    for (index, theme) in matter.themes.iter().enumerate() {
        if !installation.themes.iter().any(|known| known.key == *theme) {
            unknown_reference(
                places,
                &format!("themes[{index}]"),
                theme,
                ("主题", "theme"),
                installation.themes.iter().map(|theme| theme.key.as_str()),
            );
        }
    }
    if let Some(template) = &matter.result.template
        && !draft.papers.is_empty()
        && !draft.papers.contains_key(template)
    {
        unknown_reference(places, "result.template", template, ("文书样式", "paper template"), draft.papers.keys().map(String::as_str));
    }
}

fn own_keys(matter: &Matter, places: &Places) {
    duplicates(
        places,
        matter.materials.iter().enumerate().map(|(index, material)| (format!("materials[{index}].key"), material.key.as_str())),
        "material-twice",
    );
    duplicates(
        places,
        matter.questions.iter().enumerate().map(|(index, question)| (format!("questions[{index}].key"), question.key.as_str())),
        "question-twice",
    );
    for (index, question) in matter.questions.iter().enumerate() {
        duplicates(
            places,
            question
                .options
                .iter()
                .enumerate()
                .map(|(at, option)| (format!("questions[{index}].options[{at}].value"), option.value.as_str())),
            "option-twice",
        );
    }
}

fn form_keys(form: &Form, places: &Places) {
    duplicates(places, form.pages.iter().enumerate().map(|(index, page)| (format!("pages[{index}].key"), page.key.as_str())), "page-twice");
    duplicates(
        places,
        form.pages.iter().enumerate().flat_map(|(page_index, page)| {
            page.fields
                .iter()
                .enumerate()
                .map(move |(index, field)| (format!("pages[{page_index}].fields[{index}].key"), field.key.as_str()))
        }),
        "field-twice",
    );
    for (page_index, page) in form.pages.iter().enumerate() {
        for (index, field) in page.fields.iter().enumerate() {
            let identifies = matches!(field.kind, FieldKind::CitizenNumber | FieldKind::Mobile);
            if identifies && !field.personal {
                places.error(
                    &format!("pages[{page_index}].fields[{index}].personal"),
                    "field-personal",
                    format!("“{}”是个人信息，要写 personal = true。", field.label.zh),
                    format!("`{}` is personal data; write personal = true.", field.key),
                );
            }
        }
    }
}
