//! The groups of days: calendar, clock scenarios, natural-day periods.

use std::collections::BTreeSet;

use banhao_kernel::{
    Date,
    calendar::{CalendarError, Holiday, WorkingCalendar, YearCalendar},
    period,
};
use serde_json::Value;

use super::report::{Group, number, same, text};

fn date_of(value: &Value) -> Result<Date, String> {
    let text = value.as_str().ok_or("is no date")?;
    text.parse().map_err(|error| format!("{text}: {error}"))
}

fn date(value: &Value, key: &str) -> Result<Date, String> {
    date_of(value.get(key).ok_or_else(|| format!("{key} is missing"))?).map_err(|reason| format!("{key} {reason}"))
}

/// Compares a day that is expected, or `ERROR…` with the year that is not loaded.
fn same_day(what: &str, expected: &str, found: Result<Date, CalendarError>) -> Result<(), String> {
    match (expected.starts_with("ERROR"), found) {
        (false, Ok(day)) => same(what, expected, day),
        (true, Ok(day)) => Err(format!("{what} expected {expected:?}, found {day}")),
        (false, Err(error)) => Err(format!("{what} expected {expected}, found the error: {error}")),
        (true, Err(CalendarError::YearNotLoaded { year })) => same(what, expected, format!("ERROR: calendar {year} not loaded")),
        (true, Err(error)) => Err(format!("{what} expected {expected:?}, found the error: {error}")),
    }
}

fn dates(calendar: &Value, key: &str, year: &str) -> Result<BTreeSet<Date>, String> {
    match calendar.get(key).and_then(|years| years.get(year)) {
        None => Ok(BTreeSet::new()),
        Some(Value::Array(days)) => days.iter().map(date_of).collect(),
        Some(_) => Err(format!("{key} {year} is no list")),
    }
}

/// The official calendars, and the years that only the file has.
pub fn build(calendar: Option<&Value>, group: &mut Group) -> WorkingCalendar {
    let mut built = WorkingCalendar::official();
    let Some(calendar) = calendar else { return built };
    group.only(
        "calendar",
        calendar,
        &["source", "holidays", "makeup_workdays", "workdays_per_month", "is_working_day", "add_working_days"],
    );
    let Some(Value::Object(years)) = calendar.get("holidays") else { return built };
    for name in years.keys() {
        let loaded = load(&mut built, calendar, name);
        match loaded {
            Ok(true) => group.note(format!("{name} is not built in: loaded from the file")),
            Ok(false) => {}
            Err(reason) => group.fail(name, reason),
        }
    }
    built
}

/// Whether the year had to be loaded.
fn load(built: &mut WorkingCalendar, calendar: &Value, name: &str) -> Result<bool, String> {
    let year: i16 = name.parse().map_err(|_| "is no year".to_owned())?;
    if built.years().any(|known| known.year == year) {
        return Ok(false);
    }
    let holidays = dates(calendar, "holidays", name)?.into_iter();
    let holidays = holidays.map(|day| Holiday { name: String::new(), name_en: String::new(), from: day, to: day }).collect();
    let year = YearCalendar { year, source: "vectors".to_owned(), makeup_workdays: dates(calendar, "makeup_workdays", name)?, holidays };
    built.load(year).map_err(|error| error.to_string())?;
    Ok(true)
}

/// The groups of the calendar.
pub fn days(value: &Value, calendar: &WorkingCalendar) -> Vec<Group> {
    let mut groups = Vec::new();
    for key in ["holidays", "makeup_workdays"] {
        let mut group = Group::new(format!("calendar.{key}"));
        for year in value.get(key).and_then(Value::as_object).into_iter().flat_map(serde_json::Map::keys) {
            group.check(year, dates(value, key, year).and_then(|theirs| same_days(&theirs, &our_days(calendar, key, year)?)));
        }
        groups.push(group);
    }

    let mut months = Group::new("calendar.workdays_per_month");
    for (month, days) in value.get("workdays_per_month").and_then(Value::as_object).into_iter().flatten() {
        months.check(month, workdays_of(month, calendar).and_then(|found| same("working days", days, found)));
    }
    groups.push(months);

    let mut single = Group::new("calendar.is_working_day");
    for case in single.items(value, "is_working_day") {
        let day = text(case, "date").unwrap_or("?");
        single.only(day, case, &["date", "is_working_day"]);
        single.check(day, is_working_day(case, calendar));
    }
    groups.push(single);

    let mut counted = Group::new("calendar.add_working_days");
    for case in counted.items(value, "add_working_days") {
        let name = format!("{} + {}", text(case, "from").unwrap_or("?"), case.get("working_days").unwrap_or(&Value::Null));
        counted.only(&name, case, &["from", "working_days", "deadline"]);
        counted.check(&name, add_working_days(case, calendar));
    }
    groups.push(counted);
    groups
}

fn our_days(calendar: &WorkingCalendar, key: &str, year: &str) -> Result<BTreeSet<Date>, String> {
    let found =
        calendar.years().find(|known| known.year.to_string() == year).ok_or_else(|| format!("the calendar of {year} is not loaded"))?;
    Ok(if key == "holidays" { found.days_off() } else { found.makeup_workdays.clone() })
}

fn same_days(theirs: &BTreeSet<Date>, ours: &BTreeSet<Date>) -> Result<(), String> {
    let list = |days: Vec<&Date>| days.into_iter().map(Date::to_string).collect::<Vec<_>>().join(" ");
    let (lacking, surplus) = (list(theirs.difference(ours).collect()), list(ours.difference(theirs).collect()));
    if lacking.is_empty() && surplus.is_empty() { Ok(()) } else { Err(format!("we lack [{lacking}], we have besides [{surplus}]")) }
}

fn workdays_of(month: &str, calendar: &WorkingCalendar) -> Result<u32, String> {
    let first: Date = format!("{month}-01").parse().map_err(|error| format!("{error}"))?;
    let before = first.yesterday().map_err(|error| error.to_string())?;
    calendar.working_days_after(before, first.last_of_month()).map_err(|error| error.to_string())
}

fn is_working_day(case: &Value, calendar: &WorkingCalendar) -> Result<(), String> {
    let expected = case.get("is_working_day").ok_or("is_working_day is missing")?;
    match (expected, calendar.is_working_day(date(case, "date")?)) {
        (Value::Bool(expected), Ok(found)) => same("working day", expected, found),
        (Value::String(expected), Err(CalendarError::YearNotLoaded { year })) => {
            same("working day", expected, format!("ERROR: calendar {year} not loaded"))
        }
        (expected, Ok(found)) => Err(format!("expected {expected}, found {found}")),
        (expected, Err(error)) => Err(format!("expected {expected}, found the error: {error}")),
    }
}

fn working_days(case: &Value, key: &str) -> Result<u32, String> {
    u32::try_from(number(case, key)?).map_err(|_| format!("{key} is too large"))
}

fn add_working_days(case: &Value, calendar: &WorkingCalendar) -> Result<(), String> {
    let (from, days) = (date(case, "from")?, working_days(case, "working_days")?);
    let found = calendar.add_working_days(from, days);
    same_day("deadline", text(case, "deadline")?, found.clone())?;
    match found {
        Ok(due) => same("working days counted back", days, calendar.working_days_after(from, due).map_err(|error| error.to_string())?),
        Err(_) => Ok(()),
    }
}

pub fn clock_scenarios(name: &str, value: &Value, calendar: &WorkingCalendar) -> Group {
    let mut group = Group::new(name);
    let Value::Array(cases) = value else {
        group.fail(name, "is not a list");
        return group;
    };
    for (at, case) in cases.iter().enumerate() {
        let label = format!("{} {}", at + 1, text(case, "name").unwrap_or("?"));
        let known = if case.get("received").is_some() {
            &["name", "received", "supplement_notice_sent", "notice_deadline", "deemed_accepted_on", "decision_deadline"][..]
        } else if case.get("promised_days").is_some() {
            &["name", "accepted", "promised_days", "statutory_days", "promised_deadline", "statutory_deadline", "suspended"][..]
        } else {
            &["name", "accepted", "working_days", "suspended", "decision_deadline", "without_suspension"][..]
        };
        group.only(&label, case, known);
        group.check(&label, clock_scenario(case, calendar));
    }
    group
}

fn clock_scenario(case: &Value, calendar: &WorkingCalendar) -> Result<(), String> {
    if case.get("received").is_some() {
        return deemed_acceptance(case, calendar);
    }
    let accepted = date(case, "accepted")?;
    let suspended = suspensions(case)?;
    if case.get("promised_days").is_some() {
        for (days, due) in [("promised_days", "promised_deadline"), ("statutory_days", "statutory_deadline")] {
            same_day(due, text(case, due)?, period::deadline(accepted, working_days(case, days)?, &suspended, calendar))?;
        }
        return Ok(());
    }
    let days = working_days(case, "working_days")?;
    same_day("decision_deadline", text(case, "decision_deadline")?, period::deadline(accepted, days, &suspended, calendar))?;
    if case.get("without_suspension").is_some() {
        same_day("without_suspension", text(case, "without_suspension")?, period::deadline(accepted, days, &[], calendar))?;
    }
    Ok(())
}

fn deemed_acceptance(case: &Value, calendar: &WorkingCalendar) -> Result<(), String> {
    let received = date(case, "received")?;
    same_day("notice_deadline", text(case, "notice_deadline")?, period::deadline(received, period::NOTICE_DAYS, &[], calendar))?;
    let notice = match case.get("supplement_notice_sent") {
        None | Some(Value::Null) => None,
        Some(sent) => Some(date_of(sent)?),
    };
    let accepted = period::deemed_acceptance(received, notice, calendar).map_err(|error| error.to_string())?;
    let found = accepted.map_or_else(|| "null".to_owned(), |day| day.to_string());
    let expected = case.get("deemed_accepted_on").unwrap_or(&Value::Null);
    same("deemed_accepted_on", expected.as_str().unwrap_or("null"), found)?;
    match (accepted, case.get("decision_deadline")) {
        (Some(day), Some(_)) => {
            same_day("decision_deadline", text(case, "decision_deadline")?, period::deadline(day, period::DECISION_DAYS, &[], calendar))
        }
        (None, Some(Value::String(due))) => Err(format!("decision_deadline expected {due}, but nothing is deemed accepted")),
        _ => Ok(()),
    }
}

fn suspensions(case: &Value) -> Result<Vec<(Date, Date)>, String> {
    let Some(list) = case.get("suspended") else { return Ok(Vec::new()) };
    let pair = |pair: &Value| match pair.as_array().map(Vec::as_slice) {
        Some([from, to]) => Ok((date_of(from)?, date_of(to)?)),
        _ => Err("suspended has something that is no pair of days".to_owned()),
    };
    list.as_array().ok_or("suspended is no list")?.iter().map(pair).collect()
}

pub fn natural_days(name: &str, value: &Value, calendar: &WorkingCalendar) -> Group {
    let mut group = Group::new(name);
    for case in group.cases(value, &[]) {
        let label = format!("{} + {}", text(case, "from").unwrap_or("?"), case.get("natural_days").unwrap_or(&Value::Null));
        group.only(&label, case, &["from", "natural_days", "raw_end", "effective_end"]);
        group.check(&label, natural_period(case, calendar));
    }
    group
}

fn natural_period(case: &Value, calendar: &WorkingCalendar) -> Result<(), String> {
    let (from, days) = (date(case, "from")?, working_days(case, "natural_days")?);
    let end = calendar.natural_deadline(from, days);
    same_day("effective_end", text(case, "effective_end")?, end)?;
    if case.get("raw_end").is_some() {
        let raw = date(case, "raw_end")?;
        same("raw_end in days", days, raw.duration_since(from).as_hours() / 24)?;
    }
    Ok(())
}
