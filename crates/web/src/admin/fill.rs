//! The rows as the form sent them, put over the rows as they are stored: what the form does not show is kept by the row's id.

use std::collections::{BTreeMap, BTreeSet};

use banhao_catalogue::editor::{Condition, Kind, Place, Reminder, Row, Section, Signing, StepTable, TimeOut, is_id};

use crate::prelude::Fields;

/// Office operations that can be offered on a step.
pub(super) const OPERATIONS: [&str; 8] = ["return", "take-back", "hand-over", "delegate", "add-signers", "remove-signer", "copy", "urge"];
/// Ways of signing.
pub(super) const SIGNING: [&str; 4] = ["all", "any", "turn", "vote"];

/// Longest text of one answer.
const LONG: usize = 2_000;

fn short(text: &str) -> String {
    text.chars().take(LONG).filter(|letter| !letter.is_control()).collect::<String>().trim().to_owned()
}

/// The table as the form says.
pub(super) fn table(stored: &StepTable, fields: &Fields) -> StepTable {
    let mut table = StepTable { main: Vec::new(), granted: Vec::new(), refused: Vec::new(), ..stored.clone() };
    if fields.has("process-name") {
        table.name = short(fields.get("process-name"));
    }
    for fields in by_row(fields).into_values() {
        let Some(section) = Section::parse(fields.get("section")).filter(|_| fields.has("id")) else { continue };
        let row = row(stored, &fields);
        match section {
            Section::Main => table.main.push(row),
            Section::Granted => table.granted.push(row),
            Section::Refused => table.refused.push(row),
        }
    }
    table.settle();
    table
}

/// The answers `7.name`, `7.kind` … of each row, without their numbers.
fn by_row(fields: &Fields) -> BTreeMap<usize, Fields> {
    let mut rows: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
    for (name, value) in fields.iter() {
        if let Some((number, name)) = name.split_once('.')
            && let Ok(number) = number.parse()
        {
            rows.entry(number).or_default().push((name.to_owned(), value.to_owned()));
        }
    }
    rows.into_iter().map(|(number, pairs)| (number, Fields::new(pairs))).collect()
}

fn days(text: &str) -> Option<u16> {
    // What is no number is kept as one that is told to be wrong.
    (!text.is_empty()).then(|| text.parse().unwrap_or(u16::MAX))
}

fn row(stored: &StepTable, fields: &Fields) -> Row {
    let of = |name: &str| fields.get(name);
    let all = |name: &str| fields.all(name).into_iter().map(|text| short(&text)).filter(|text| !text.is_empty()).collect::<Vec<_>>();
    let kind = Kind::parse(of("kind")).unwrap_or(Kind::Review);
    let id = of("id");
    let mut row = stored.row(id).cloned().unwrap_or_else(|| Row::new(if is_id(id) { id } else { "" }, "", kind));
    row.kind = kind;
    row.name = short(of("name"));
    row.place = Place::parse(of("place")).unwrap_or_default();
    row.note = short(of("note"));
    condition(&mut row, fields);
    row.message = if kind == Kind::Message { short(of("message")) } else { String::new() };
    (row.decision, row.result) = if kind == Kind::Rule { (short(of("decision")), short(of("result"))) } else { Default::default() };
    row.time_out = days(of("lapse_days")).map(|days| TimeOut {
        days,
        to: Some(short(of("lapse_to"))).filter(|to| !to.is_empty()),
        id: row.time_out.take().map(|before| before.id).unwrap_or_default(),
    });
    row.reminder = days(of("remind_days")).map(|days| Reminder {
        days,
        again: of("remind_again") == "yes",
        ids: row.reminder.take().map(|before| before.ids).unwrap_or_default(),
    });
    if !kind.is_human() {
        let (note, place) = (row.note.clone(), row.place);
        let plain = Row::new(row.id.clone(), row.name.clone(), kind);
        return Row {
            note,
            place,
            condition: row.condition,
            message: row.message,
            decision: row.decision,
            result: row.result,
            time_out: row.time_out,
            before: row.before,
            after: row.after,
            branches: row.branches,
            ..plain
        };
    }
    row.post = short(of("post"));
    row.organisation = Some(short(of("organisation"))).filter(|key| !key.is_empty());
    row.days = days(of("days"));
    row.special = Some(short(of("special"))).filter(|key| !key.is_empty());
    row.sign = SIGNING.contains(&of("sign")).then(|| Signing {
        mode: of("sign").to_owned(),
        signers: all("signers"),
        expression: short(of("signers_by")),
        share: if of("sign") == "vote" { short(of("share")) } else { String::new() },
        veto: of("veto") == "yes",
    });
    row.allow = (of("allow_set") == "some")
        .then(|| all("allow").into_iter().filter(|word| OPERATIONS.contains(&word.as_str())).collect::<BTreeSet<_>>());
    row.return_to = (of("return_set") == "some").then(|| all("return_to"));
    row.straight = match of("straight") {
        "again" => Some(false),
        "straight" => Some(true),
        _ => None,
    };
    row
}

/// A condition, put together from an answer of the form or written out.
fn condition(row: &mut Row, fields: &Fields) {
    let of = |name: &str| fields.get(name);
    let (field, value) = (short(of("when_field")), short(of("when_value")));
    let put_together = !field.is_empty() && field.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_'));
    let when = if put_together {
        let sign = ["=", "!=", ">", ">=", "<", "<="].into_iter().find(|sign| *sign == of("when_sign")).unwrap_or("=");
        let value = if value.parse::<f64>().is_ok() || matches!(value.as_str(), "true" | "false") {
            value
        } else {
            format!("\"{}\"", value.replace(['"', '\\'], ""))
        };
        format!("{field} {sign} {value}")
    } else {
        short(of("when"))
    };
    let mode = of("when_mode");
    row.condition = (matches!(mode, "only" | "skip") || put_together).then(|| Condition {
        when,
        leaves_out: mode == "skip",
        ..row.condition.take().unwrap_or_default()
    });
}
