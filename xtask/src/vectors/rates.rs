//! The group of evaluation metrics (好差评).

use banhao_kernel::rates::{RatingCounts, Ratio, rating_rates};
use serde_json::Value;

use super::report::{Group, number};

pub fn metrics(name: &str, value: &Value) -> Group {
    let mut group = Group::new(name);
    group.only(name, value, &["input", "expected"]);
    let (Some(input), Some(Value::Object(expected))) = (value.get("input"), value.get("expected")) else {
        group.fail(name, "input or expected is missing");
        return group;
    };
    let counts = match counts(&mut group, input) {
        Ok(counts) => counts,
        Err(reason) => {
            group.fail("input", reason);
            return group;
        }
    };
    let rates = rating_rates(&counts);
    for (key, decimal) in expected {
        let rate = match key.as_str() {
            "evaluation_rate" => rates.evaluation,
            "satisfaction_rate" => rates.satisfaction,
            "negative_rate" => rates.negative,
            "rectification_rate" => rates.rectification,
            "on_time_rectification_rate" => rates.on_time_rectification,
            "callback_rate" => rates.callback,
            _ => {
                group.fail(key, "unknown rate: not evaluated");
                continue;
            }
        };
        group.check(key, same_rate(decimal, rate));
    }
    group
}

fn counts(group: &mut Group, input: &Value) -> Result<RatingCounts, String> {
    group.only(
        "input",
        input,
        &[
            "closed_cases",
            "evaluated",
            "by_level",
            "system_default",
            "negative_named",
            "negative_excluded",
            "negative_called_back",
            "negative_rectified",
            "negative_rectified_in_time",
        ],
    );
    let levels = input.get("by_level").ok_or("by_level is missing")?;
    group.only("by_level", levels, &["1", "2", "3", "4", "5"]);
    let mut by_level = [0; 5];
    for (level, count) in (1..=5).zip(&mut by_level) {
        *count = number(levels, &format!("{level}"))?;
    }
    Ok(RatingCounts {
        closed_cases: number(input, "closed_cases")?,
        rated: number(input, "evaluated")?,
        system_default: number(input, "system_default")?,
        by_level,
        negative_excluded: if input.get("negative_excluded").is_some() { number(input, "negative_excluded")? } else { 0 },
        negative_called_back: number(input, "negative_called_back")?,
        negative_rectified: number(input, "negative_rectified")?,
        negative_rectified_in_time: number(input, "negative_rectified_in_time")?,
    })
}

/// Compares in whole numbers: exactly, or rounded when the file writes three decimals or more. `null` is the share of nothing.
fn same_rate(expected: &Value, found: Ratio) -> Result<(), String> {
    if expected.is_null() && found.whole == 0 {
        return Ok(());
    }
    let decimal = expected.as_number().ok_or_else(|| format!("{expected} is no number"))?.to_string();
    let (whole, fraction) = decimal.split_once('.').unwrap_or((&decimal, ""));
    let places = u32::try_from(fraction.len()).map_err(|_| "has too many decimals")?;
    let scaled: u64 = format!("{whole}{fraction}").parse().map_err(|_| format!("{decimal} is no share"))?;
    let exact = 10_u64.checked_pow(places).is_some_and(|one| found == Ratio::new(scaled, one));
    let rounded = places >= 3 && found.scaled(places) == Some(scaled);
    if exact || rounded { Ok(()) } else { Err(format!("expected {decimal}, found {}/{}", found.part, found.whole)) }
}
