//! Words and marks that several pages share: the status of a case, its clock, what happened in it.

use banhao_cases::clock::{ClockState as Legal, LegalClock};
use banhao_cases::facts::{AcceptedHow, CaseFact, Decision};
use banhao_cases::model::{CaseStatus, Outcome};
use banhao_cases::queries::mine::CaseLine;
use banhao_cases::queries::timeline::TimelineEntry;
use banhao_catalogue::Snapshot;
use banhao_catalogue::model::Bilingual;
use banhao_kernel::Date;
use banhao_texts::Lang;

use crate::components::{Chip, ClockBadge, ClockState};
use crate::flash::Tone;
use crate::page::Page;

/// So few working days left count as due soon.
const SOON: u32 = 2;

/// The status of a case, or how it ended.
#[must_use]
pub fn status_chip(page: &Page, status: CaseStatus, outcome: Option<Outcome>) -> Chip {
    if let (CaseStatus::Closed, Some(outcome)) = (status, outcome) {
        let tone = match outcome {
            Outcome::Granted => Tone::Good,
            Outcome::Refused | Outcome::NotAccepted => Tone::Bad,
            Outcome::Withdrawn | Outcome::Lapsed | Outcome::Terminated => Tone::Info,
        };
        return Chip::new(tone, page.t(&format!("common-outcome-{}", outcome.as_str())));
    }
    let tone = match status {
        CaseStatus::Supplement => Tone::Warn,
        CaseStatus::Delivering | CaseStatus::Closed => Tone::Good,
        _ => Tone::Info,
    };
    Chip::new(tone, page.t(&format!("common-status-{}", status.as_str())))
}

/// Where a deadline stands today. A year without a calendar shows the date alone.
#[must_use]
pub fn deadline_state(snapshot: &Snapshot, due: Date) -> ClockState {
    let today = snapshot.today;
    let days = |from, to| snapshot.calendar.working_days_after(from, to).unwrap_or(0);
    if due < today {
        return ClockState::Overdue(days(due, today).max(1));
    }
    if due == today {
        return ClockState::DueToday;
    }
    match days(today, due) {
        few @ 0..=SOON => ClockState::DueSoon(few),
        days => ClockState::Running(days),
    }
}

/// The clock of a case: the next last day.
#[must_use]
pub fn clock_badge(snapshot: &Snapshot, clock: &LegalClock) -> Option<ClockBadge> {
    let first = clock.deadlines.first()?;
    let state = match clock.state {
        Legal::Running => deadline_state(snapshot, first.due),
        Legal::Paused | Legal::Stopped => ClockState::Stopped,
    };
    Some(ClockBadge::new(state, Some(first.due)))
}

/// The clock of a case in a list.
#[must_use]
pub fn line_badge(snapshot: &Snapshot, line: &CaseLine) -> Option<ClockBadge> {
    let due = line.due_on?;
    let state = if line.status == CaseStatus::Supplement { ClockState::Stopped } else { deadline_state(snapshot, due) };
    Some(ClockBadge::new(state, Some(due)))
}

/// Name of a definition in the reader's language.
#[must_use]
pub fn named(page: &Page, text: &Bilingual) -> String {
    text.get(page.lang()).to_owned()
}

/// Name of a matter as the reader's language has it; the name kept with the case when the definition is gone.
#[must_use]
pub fn matter_name(page: &Page, snapshot: &Snapshot, key: &str, kept: &str) -> String {
    snapshot.matter_versions(key).last().map_or_else(|| kept.to_owned(), |version| named(page, &version.matter.name))
}

/// Name of a matter as the reader's language has it, by the Chinese name kept with a case.
#[must_use]
pub fn matter_called(page: &Page, snapshot: &Snapshot, kept: &str) -> String {
    let version = snapshot.matters().find(|version| version.matter.name.get(Lang::ZhCn) == kept);
    version.map_or_else(|| kept.to_owned(), |version| named(page, &version.matter.name))
}

/// What happened, in words, and how to mark it.
#[must_use]
pub fn happening(page: &Page, entry: &TimelineEntry) -> (String, Tone) {
    let plain = |suffix: &str| page.t(&format!("fact-{}{suffix}", entry.kind.replace('.', "-"))).into_owned();
    match &entry.what {
        Some(CaseFact::Accepted { how: AcceptedHow::Deemed, .. }) => (plain("-deemed"), Tone::Good),
        Some(CaseFact::Accepted { .. }) => (plain(""), Tone::Good),
        Some(CaseFact::Decided { decision: Decision::Grant, .. }) => (plain("-grant"), Tone::Good),
        Some(CaseFact::Decided { decision: Decision::Refuse, .. }) => (plain("-refuse"), Tone::Bad),
        Some(CaseFact::NotAccepted { .. }) => (plain(""), Tone::Bad),
        Some(CaseFact::SupplementRequested { .. }) => (plain(""), Tone::Warn),
        Some(CaseFact::Delivered { method, .. }) => (plain(&format!("-{}", method.as_str())), Tone::Good),
        Some(CaseFact::FileViewed { what, .. }) => (plain(&format!("-{}", what.as_str())), Tone::Info),
        Some(CaseFact::Operated { operation, .. }) => (plain(&format!("-{}", operation.as_str())), Tone::Info),
        Some(CaseFact::MessageSent { message } | CaseFact::MessageReceived { message, .. }) => {
            (page.t_args(&format!("fact-{}", entry.kind.replace('.', "-")), &[("message", message)]), Tone::Info)
        }
        Some(CaseFact::DecidedByRules { decision, .. }) => {
            (page.t_args("fact-case-decided-by-rules", &[("decision", decision)]), Tone::Info)
        }
        Some(CaseFact::Moved { to_version, .. }) => (page.t_args("fact-case-moved", &[("to", &to_version.to_string())]), Tone::Info),
        Some(CaseFact::Closed { outcome }) => {
            let how = page.t(&format!("common-outcome-{}", outcome.as_str()));
            (page.t_args("fact-case-closed", &[("outcome", &how)]), Tone::Info)
        }
        _ => (plain(""), Tone::Info),
    }
}

/// Who did it, as the applicant reads it.
#[must_use]
pub fn by_whom(page: &Page, entry: &TimelineEntry) -> String {
    let key = match (entry.by_applicant, entry.staff) {
        (true, _) => "portal-by-you",
        (false, Some(_)) => "portal-by-staff",
        (false, None) => "portal-by-system",
    };
    page.t(key).into_owned()
}
