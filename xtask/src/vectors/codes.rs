//! The groups of codes and masks.

use banhao_kernel::{
    CaseNumber, CitizenNumber, CitizenNumberError, CreditCode, CreditCodeError, Date, LicenceNumber, LicenceNumberError, OrganisationCode,
    Sex, TaskCode,
    codes::{citizen_number, credit_code, organisation_code},
    mask,
};
use serde_json::{Value, json};

use super::report::{Group, number, same, text};

/// The day the vectors are dated: births after it are in the future.
const TODAY: Date = Date::constant(2026, 11, 23);

/// Compares a constant of the standard that the file states.
fn constant(group: &mut Group, value: &Value, key: &str, ours: &Value) {
    if let Some(theirs) = value.get(key) {
        group.check(key, same(key, theirs, ours));
    }
}

pub fn citizen_numbers(name: &str, value: &Value) -> Group {
    let mut group = Group::new(name);
    constant(&mut group, value, "weights", &json!(citizen_number::WEIGHTS));
    constant(&mut group, value, "check_map_for_remainder_0_to_10", &json!(citizen_number::CHECK_CHARACTERS));
    for case in group.cases(value, &["weights", "check_map_for_remainder_0_to_10"]) {
        let id = text(case, "id").unwrap_or("?");
        group.only(id, case, &["id", "expect", "birth", "sex", "region"]);
        group.check(id, citizen_number(case));
    }
    group
}

fn citizen_number(case: &Value) -> Result<(), String> {
    let (id, expect) = (text(case, "id")?, text(case, "expect")?);
    let number = match (expect, CitizenNumber::parse_on(id, TODAY)) {
        ("ok" | "ok_if_region_table_not_enforced", Ok(number)) => {
            same("number", id, &number)?;
            number
        }
        ("ok_after_normalising", Ok(number)) if number.as_str() != id => {
            same("number", id.to_ascii_uppercase(), &number)?;
            number
        }
        ("ok_after_normalising", Ok(_)) => return Err("expected to be normalised, but it was as it should be".to_owned()),
        ("format", Err(CitizenNumberError::Format))
        | ("check", Err(CitizenNumberError::Check))
        | ("birthdate", Err(CitizenNumberError::BirthDate))
        | ("birthdate_range", Err(CitizenNumberError::BirthRange)) => return Ok(()),
        (_, outcome) => return unexpected(expect, &outcome.map_err(|error| error.to_string())),
    };
    if case.get("birth").is_some() {
        same("birth", text(case, "birth")?, number.birth_date())?;
    }
    if case.get("sex").is_some() {
        let sex = match number.sex() {
            Sex::Male => "M",
            Sex::Female => "F",
        };
        same("sex", text(case, "sex")?, sex)?;
    }
    if case.get("region").is_some() {
        let region = text(case, "region")?;
        same("region", region.strip_suffix(" (unassigned)").unwrap_or(region), number.region_digits())?;
    }
    Ok(())
}

fn unexpected<T: std::fmt::Display>(expect: &str, outcome: &Result<T, String>) -> Result<(), String> {
    match outcome {
        Ok(value) => Err(format!("expected {expect}, found valid {value}")),
        Err(reason) => Err(format!("expected {expect}, found refused: {reason}")),
    }
}

pub fn masks(name: &str, value: &Value) -> Group {
    let mut group = Group::new(name);
    for case in group.cases(value, &[]) {
        let plain = text(case, "in").unwrap_or("?");
        group.only(plain, case, &["kind", "in", "out"]);
        group.check(plain, masked(case));
    }
    group
}

fn masked(case: &Value) -> Result<(), String> {
    let plain = text(case, "in")?;
    let found = match text(case, "kind")? {
        "citizen_id" => mask::citizen_number(plain),
        "citizen_id_public" => mask::citizen_number_in_public(plain),
        "name" => mask::name(plain),
        "mobile" => mask::mobile(plain),
        "address" => mask::address(plain),
        "uscc" => mask::credit_code(plain),
        other => return Err(format!("unknown kind {other:?}: not evaluated")),
    };
    same("mask", text(case, "out")?, found)
}

pub fn credit_codes(name: &str, value: &Value) -> [Group; 2] {
    let mut group = Group::new(name);
    let mut organisation = Group::new(format!("{name}.org_code_GB11714"));
    constant(&mut group, value, "alphabet", &json!(credit_code::ALPHABET));
    constant(&mut group, value, "weights", &json!(credit_code::WEIGHTS));
    if let Some(value) = value.get("org_code_GB11714") {
        organisation.only("org_code_GB11714", value, &["weights", "cases"]);
        constant(&mut organisation, value, "weights", &json!(organisation_code::WEIGHTS));
        if value.get("cases").is_some() {
            organisation.fail("cases", "the form of these cases is unknown: not evaluated");
        }
    }
    for case in group.cases(value, &["alphabet", "weights", "org_code_GB11714"]) {
        let code = text(case, "uscc").unwrap_or("?");
        group.only(code, case, &["uscc", "expect", "org_code"]);
        group.check(code, credit_code(case));
        if case.get("org_code").is_some() {
            organisation.check(code, inner_code(case));
        }
    }
    [group, organisation]
}

fn credit_code(case: &Value) -> Result<(), String> {
    let (code, expect) = (text(case, "uscc")?, text(case, "expect")?);
    match (expect, CreditCode::parse(code)) {
        ("ok", Ok(found)) => same("code", code, found),
        ("format", Err(CreditCodeError::Format)) | ("check", Err(CreditCodeError::Check)) => Ok(()),
        (_, outcome) => unexpected(expect, &outcome.map_err(|error| error.to_string())),
    }
}

fn inner_code(case: &Value) -> Result<(), String> {
    let code = CreditCode::parse(text(case, "uscc")?).map_err(|error| error.to_string())?;
    let inner = code.organisation_code().map_err(|error| error.to_string())?;
    same("organisation code", text(case, "org_code")?, &inner)?;
    same("organisation code read by itself", &inner, OrganisationCode::parse(text(case, "org_code")?).map_err(|error| error.to_string())?)
}

pub fn task_codes(name: &str, value: &Value) -> Group {
    let mut group = Group::new(name);
    for case in group.cases(value, &[]) {
        let code = text(case, "task_code").unwrap_or("?");
        group.only(code, case, &["task_code", "uscc", "use_level", "catalog_code", "handle_item_code", "expect"]);
        group.check(code, task_code(case));
    }
    group
}

fn task_code(case: &Value) -> Result<(), String> {
    let parsed = TaskCode::parse(text(case, "task_code")?);
    match case.get("expect").and_then(Value::as_str) {
        None | Some("ok") => {}
        Some(expect) => {
            let refused = parsed.as_ref().err().map(|error| error.code().trim_start_matches("task-code-"));
            return if refused == Some(expect) { Ok(()) } else { unexpected(expect, &parsed.map_err(|error| error.to_string())) };
        }
    }
    let code = parsed.map_err(|error| error.to_string())?;
    if case.get("uscc").is_some() {
        same("uscc", text(case, "uscc")?, code.body())?;
    }
    if case.get("use_level").is_some() {
        same("use_level", text(case, "use_level")?, code.use_level().digit())?;
    }
    if case.get("catalog_code").is_some() {
        same("catalog_code", text(case, "catalog_code")?, code.catalogue_code())?;
    }
    if case.get("handle_item_code").is_some() {
        let handled = TaskCode::parse(text(case, "handle_item_code")?).map_err(|error| format!("handle_item_code: {error}"))?;
        same("handle_item_code without its item", code.implementation(), handled.implementation())?;
        let item = handled.handling_item().ok_or("handle_item_code has no item")?;
        let joined = code.with_handling_item(item).map_err(|error| error.to_string())?;
        same("handle_item_code", text(case, "handle_item_code")?, joined)?;
    }
    Ok(())
}

pub fn case_numbers(name: &str, value: &Value) -> Group {
    let mut group = Group::new(name);
    if let Some(observed) = value.get("observed").and_then(Value::as_str) {
        let number = observed.split(' ').next().unwrap_or_default();
        group.check("observed", CaseNumber::parse(number).map(drop).map_err(|error| format!("{number}: {error}")));
    }
    for case in group.cases(value, &["observed"]) {
        let number = text(case, "case_no").unwrap_or("?");
        group.only(number, case, &["task_code", "received", "serial", "case_no"]);
        group.check(number, case_number(case));
    }
    group
}

fn case_number(case: &Value) -> Result<(), String> {
    let task = TaskCode::parse(text(case, "task_code")?).map_err(|error| error.to_string())?;
    let received: Date = text(case, "received")?.parse().map_err(|error| format!("received: {error}"))?;
    let made = CaseNumber::new(&task, received, number(case, "serial")?).map_err(|error| error.to_string())?;
    same("case_no", text(case, "case_no")?, &made)?;
    let read = CaseNumber::parse(text(case, "case_no")?).map_err(|error| error.to_string())?;
    same("case_no read back", &made, read)
}

pub fn licence_numbers(name: &str, value: &Value) -> Group {
    let mut group = Group::new(name);
    constant(&mut group, value, "root", &json!(banhao_kernel::codes::licence_number::ROOT));
    for case in group.cases(value, &["root", "check"]) {
        let id = text(case, "id").unwrap_or("?");
        group.only(id, case, &["id", "expect"]);
        group.check(id, licence_number(case));
    }
    group
}

fn licence_number(case: &Value) -> Result<(), String> {
    let (id, expect) = (text(case, "id")?, text(case, "expect")?);
    match (expect, LicenceNumber::parse(id)) {
        ("ok", Ok(found)) => same("number", id, found),
        ("format", Err(LicenceNumberError::Format)) | ("check", Err(LicenceNumberError::Check)) => Ok(()),
        (_, outcome) => unexpected(expect, &outcome.map_err(|error| error.to_string())),
    }
}
