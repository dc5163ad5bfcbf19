//! The group of formats: each has texts that are fine and texts that are not.

use banhao_kernel::{EbillNumber, Mobile, ProjectCode, RegionCode, RegionLevel};
use serde_json::Value;

use super::report::{Group, same, text};

/// One group for each format.
pub fn all(value: &Value) -> Vec<Group> {
    let Value::Object(formats) = value else {
        let mut group = Group::new("formats");
        group.fail("formats", "is not an object");
        return vec![group];
    };
    let evaluate = |(name, format): (&String, &Value)| {
        let mut group = Group::new(format!("formats.{name}"));
        match name.as_str() {
            "mobile" => texts(&mut group, format, |text| Mobile::parse(text).map(drop).map_err(|error| error.to_string())),
            "project_code_GBT40058" => project_codes(&mut group, format),
            "ebill" => ebills(&mut group, format),
            "region" => regions(&mut group, format),
            _ => group.fail(name, "unknown format: not evaluated"),
        }
        group
    };
    formats.iter().map(evaluate).collect()
}

/// `ok`, `ok_shape`: accepted as they are; `bad`, `bad_shape`: refused. A remark in parentheses after the text is not part of it.
fn texts(group: &mut Group, format: &Value, parse: impl Fn(&str) -> Result<(), String>) {
    group.only("format", format, &["regex", "length", "ok", "bad", "ok_shape", "bad_shape"]);
    for (key, fine) in [("ok", true), ("ok_shape", true), ("bad", false), ("bad_shape", false)] {
        for item in group.items(format, key) {
            let Some(text) = item.as_str() else {
                group.fail(key, format!("{item} is no text"));
                continue;
            };
            let bare = text.split_once(" (").map_or(text, |(bare, _)| bare);
            let outcome = match (fine, parse(bare)) {
                (true, Ok(())) | (false, Err(_)) => Ok(()),
                (true, Err(reason)) => Err(format!("expected to be accepted, found refused: {reason}")),
                (false, Ok(())) => Err("expected to be refused, found accepted".to_owned()),
            };
            group.check(text, outcome);
        }
    }
}

fn project_codes(group: &mut Group, format: &Value) {
    texts(group, format, |text| ProjectCode::parse(text).map(drop).map_err(|error| error.to_string()));
    if let Some(length) = format.get("length") {
        for code in group.items(format, "ok_shape") {
            group.check("length", same("length", length, code.as_str().unwrap_or_default().len()));
        }
    }
}

fn ebills(group: &mut Group, format: &Value) {
    group.only("format", format, &["code_len", "number_len", "check_len", "layout", "ok_shape", "bad_shape"]);
    for (key, fine) in [("ok_shape", true), ("bad_shape", false)] {
        for bill in group.items(format, key) {
            let label = bill.to_string();
            group.only(&label, bill, &["code", "number", "check"]);
            let outcome = match (fine, ebill(bill)) {
                (true, Ok(number)) => lengths(format, &number),
                (false, Ok(number)) => Err(format!("expected to be refused, found accepted: {number}")),
                (true, Err(reason)) => Err(reason),
                (false, Err(_)) => Ok(()),
            };
            group.check(&label, outcome);
        }
    }
}

fn ebill(bill: &Value) -> Result<EbillNumber, String> {
    EbillNumber::new(text(bill, "code")?, text(bill, "number")?, text(bill, "check")?).map_err(|error| error.to_string())
}

fn lengths(format: &Value, number: &EbillNumber) -> Result<(), String> {
    for (key, part) in [("code_len", number.code()), ("number_len", number.number()), ("check_len", number.check())] {
        if let Some(length) = format.get(key) {
            same(key, length, part.len())?;
        }
    }
    Ok(())
}

fn regions(group: &mut Group, format: &Value) {
    for (name, code) in format.as_object().into_iter().flatten() {
        group.check(name, region(name, code));
    }
}

/// Reads the code; the level of the names that are known, and that every region of the file is nested in Hubei's levels.
fn region(name: &str, code: &Value) -> Result<(), String> {
    let code = code.as_str().ok_or("is no text")?;
    let region = RegionCode::parse(code).map_err(|error| format!("{code}: {error}"))?;
    same("region", code, &region)?;
    let level = match name {
        "hubei" => RegionLevel::Province,
        "jingzhou" => RegionLevel::Prefecture,
        "honghu" => RegionLevel::County,
        name if name.starts_with("township") => RegionLevel::Township,
        name if name.starts_with("village") => RegionLevel::Village,
        _ => return Ok(()),
    };
    same("level", format!("{level:?}"), format!("{:?}", region.level()))
}
