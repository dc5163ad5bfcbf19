//! Reads `calendars/NAME.toml`: the official calendar of a year beyond the built-in ones, and local exceptions.

use std::collections::BTreeSet;

use banhao_kernel::{
    Date,
    calendar::{CalendarError, Holiday, LocalException, WorkingCalendar, YearCalendar},
};
use banhao_texts::{Lang, problem};

use super::{Draft, reader::Reader};

/// A calendar file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarFile {
    /// The calendar of a year, if the file has one.
    pub year: Option<YearCalendar>,
    /// Local exceptions.
    pub exceptions: Vec<LocalException>,
}

pub(crate) fn calendar(reader: Reader<'_>) -> CalendarFile {
    let year = reader.opt_integer("year", (2_000, 2_200));
    let source = reader.opt_text("source");
    let makeup: Vec<Option<Date>> = reader.opt_texts("makeup_workdays").iter().map(|day| reader.as_date("makeup_workdays", day)).collect();
    let holidays = reader.tables("holidays").into_iter().filter_map(holiday).collect();
    let exceptions = reader.tables("exceptions").into_iter().filter_map(exception).collect();
    let year = year.and_then(|year| {
        let Some(source) = source else {
            reader.error(
                "source",
                "calendar-source",
                "写明是照哪份通知抄的（source）。",
                "Say which document it was copied from (`source`).",
            );
            return None;
        };
        let calendar = YearCalendar { year, source, makeup_workdays: makeup.into_iter().flatten().collect::<BTreeSet<_>>(), holidays };
        if let Err(error) = calendar.check() {
            wrong(&reader, "year", &error);
            return None;
        }
        Some(calendar)
    });
    reader.finish();
    CalendarFile { year, exceptions }
}

fn said(lang: Lang, error: &CalendarError) -> String {
    let words = problem(lang, &error.clone().into());
    format!("{} {} {}", words.title, words.text, words.remedy).trim().to_owned()
}

fn wrong(reader: &Reader<'_>, field: &str, error: &CalendarError) {
    reader.error(field, error.code(), said(Lang::ZhCn, error), said(Lang::En, error));
}

fn holiday(reader: Reader<'_>) -> Option<Holiday> {
    let name = reader.text("name");
    let name_en = reader.opt_text("name_en").unwrap_or_default();
    let (from, to) = (reader.date("from"), reader.date("to"));
    reader.finish();
    Some(Holiday { name, name_en, from: from?, to: to? })
}

fn exception(reader: Reader<'_>) -> Option<LocalException> {
    let date = reader.date("date");
    let working = reader.bool("working");
    let document = reader.text("document");
    let reason = reader.opt_text("reason").unwrap_or_default();
    reader.finish();
    Some(LocalException { date: date?, working, document, reason })
}

/// The official calendars with those of the files.
///
/// # Errors
/// The first contradiction.
pub(crate) fn working_calendar(files: &[CalendarFile]) -> Result<WorkingCalendar, CalendarError> {
    let mut calendar = WorkingCalendar::official();
    for year in files.iter().filter_map(|file| file.year.clone()) {
        calendar.load(year)?;
    }
    for exception in files.iter().flat_map(|file| file.exceptions.iter().cloned()) {
        calendar.except(exception)?;
    }
    Ok(calendar)
}

/// Notes a contradiction between calendar files.
pub(crate) fn check(draft: &Draft) {
    if let Err(error) = working_calendar(&draft.calendars)
        && let Some(places) = draft.places.iter().find(|(path, _)| path.starts_with("calendars/")).map(|(_, places)| places)
    {
        places.error("", error.code(), said(Lang::ZhCn, &error), said(Lang::En, &error));
    }
}
