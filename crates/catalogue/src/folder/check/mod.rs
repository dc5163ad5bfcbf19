//! Checks between files and of publication quality (domain reference 1.6). Each notes what it finds where it is found.

mod cells;
mod decisions;
mod expressions;
mod matters;
mod organisations;
mod processes;
mod quality;
mod steps;

use std::collections::BTreeMap;

use super::{Draft, problem::DefinitionProblem, reader::Places};

/// Runs every check. Gives problems about files that are not there; the others are noted in their files.
pub(crate) fn whole(draft: &Draft) -> Vec<DefinitionProblem> {
    organisations::check(draft);
    matters::check(draft);
    missing_files(draft)
}

fn missing_files(draft: &Draft) -> Vec<DefinitionProblem> {
    let mut problems = Vec::new();
    let mut need = |path: &str, zh: &str, en: &str| {
        if draft.places_of(path).is_none() {
            problems.push(DefinitionProblem::file(
                path,
                "file-missing",
                format!("缺少这个文件：{zh}"),
                format!("This file is missing: {en}"),
            ));
        }
    };
    need("installation.toml", "平台的名称、区划、办公时间和主题。", "name, region, office hours and themes of the platform.");
    need("regions.toml", "行政区划。", "the regions.");
    let keys: std::collections::BTreeSet<&str> =
        draft.places.keys().filter_map(|path| path.strip_prefix("matters/")?.split('/').next()).collect();
    for key in keys {
        need(&format!("matters/{key}/matter.toml"), "办事指南。", "the guide of the matter.");
        need(&format!("matters/{key}/form.toml"), "申请表。", "the form.");
        need(&format!("matters/{key}/process.bpmn"), "办理流程。", "the process.");
    }
    if !draft.papers.is_empty() && !draft.matters.is_empty() {
        for kind in REQUIRED_PAPERS {
            need(&format!("papers/{kind}.typ"), "文书样式。", "the template of this paper.");
        }
    }
    problems
}

/// Papers the law asks for in every case.
const REQUIRED_PAPERS: [&str; 5] = ["receipt", "acceptance", "supplement", "non-acceptance", "grant"];

/// Notes every key that occurs more than once, at its later places.
pub(crate) fn duplicates<'k>(places: &Places, keys: impl Iterator<Item = (String, &'k str)>, code: &'static str) {
    let mut first: BTreeMap<&str, String> = BTreeMap::new();
    for (field, key) in keys {
        if key.is_empty() {
            continue;
        }
        if let Some(before) = first.get(key) {
            let line = places.line(before);
            places.error(
                &field,
                code,
                format!("“{key}”和第 {line} 行重复，每个只能写一次。"),
                format!("`{key}` is already written in line {line}; each may be there once."),
            );
        } else {
            first.insert(key, field);
        }
    }
}

/// Notes a reference to something that is not defined, offering the nearest that is.
pub(crate) fn unknown_reference<'k>(places: &Places, field: &str, key: &str, what: (&str, &str), known: impl Iterator<Item = &'k str>) {
    let meant = crate::model::closest(key, known);
    let (zh, en) = meant.map_or_else(
        || ("请先定义它，或者改正。".to_owned(), "define it first, or correct the key.".to_owned()),
        |meant| (format!("是不是“{meant}”？"), format!("did you mean `{meant}`?")),
    );
    places.error(field, "reference-unknown", format!("没有“{key}”这个{}。{zh}", what.0), format!("There is no {} `{key}`; {en}", what.1));
}

/// A telephone number with area code, such as 0716-2423691, or the hotline 0716-12345.
pub(crate) fn is_phone(text: &str) -> bool {
    text.split_once('-').is_some_and(|(area, number)| {
        (3..=4).contains(&area.len())
            && area.starts_with('0')
            && (5..=8).contains(&number.len())
            && area.bytes().chain(number.bytes()).all(|byte| byte.is_ascii_digit())
    })
}

/// Notes telephones that are no telephones or the same.
pub(crate) fn phones(places: &Places, phone: (&str, &str), supervise: (&str, &str)) {
    for (field, text) in [phone, supervise] {
        if !text.is_empty() && !is_phone(text) {
            places.error(
                field,
                "phone-format",
                format!("“{text}”不是带区号的电话，应当写成 \"0716-2423691\" 的样子。"),
                format!("`{text}` is not a telephone with area code; write it as \"0716-2423691\"."),
            );
        }
    }
    if !phone.1.is_empty() && phone.1 == supervise.1 {
        places.error(
            supervise.0,
            "phones-same",
            "监督投诉电话不能和咨询电话一样。",
            "The telephone for complaints must differ from the one for questions.",
        );
    }
}
