//! Mistakes in a table, told beside the row. What the file's own checks say better (docs/process-semantics.md, section 7) is left to
//! them; here is what would make the written process another one than the table shows.

use std::collections::BTreeSet;

use banhao_decision::Expression;

use super::table::{Kind, MAX_ROWS, Place, Row, Section, StepTable, groups};
use crate::model::Post;

/// Something wrong in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableProblem {
    /// Id of the row; none for the table as a whole.
    pub row: Option<String>,
    /// Which answer of the row: the name of its field in the form.
    pub field: &'static str,
    /// Stable code; the text is `editor-CODE`.
    pub code: &'static str,
}

/// Longest time limit, in working days.
pub const MAX_DAYS: u16 = 365;
/// Longest name and explanation.
pub const MAX_NAME: usize = 100;

impl StepTable {
    /// Every mistake of the table, in its order.
    #[must_use]
    pub fn problems(&self) -> Vec<TableProblem> {
        let mut found = Found(Vec::new());
        if self.rows().count() > MAX_ROWS {
            found.table("row-many");
        }
        self.frame_rows(&mut found);
        for (section, row) in self.rows() {
            found.row(self, section, row);
        }
        found.0
    }

    /// One acceptance in front, one decision at the end, what is made only when it was granted.
    fn frame_rows(&self, found: &mut Found) {
        let alone = |kind: Kind| groups(&self.main).into_iter().position(|group| matches!(group, [row] if row.kind == kind));
        let steps = groups(&self.main);
        match alone(Kind::Accept) {
            None => found.table("accept-missing"),
            Some(at) if steps[..at].iter().any(|group| group.iter().any(|row| row.kind != Kind::Rule)) => found.table("accept-first"),
            Some(_) => {}
        }
        match alone(Kind::Decide) {
            None => found.table("decide-missing"),
            Some(at) if at + 1 != steps.len() => found.table("decide-last"),
            Some(_) => {}
        }
        for kind in [Kind::Accept, Kind::Decide] {
            for (_, row) in self.rows().filter(|(_, row)| row.kind == kind).skip(1) {
                found.at(row, "kind", "once-only");
            }
        }
        for (section, row) in self.rows() {
            let wrong = match row.kind {
                Kind::Make => section != Section::Granted,
                Kind::Accept | Kind::Decide => section != Section::Main,
                Kind::Deliver => section == Section::Main,
                Kind::Review | Kind::Inspect | Kind::Message | Kind::Rule => false,
            };
            if wrong {
                found.at(row, "kind", "kind-not-here");
            }
        }
        if self.granted.is_empty() && self.refused.is_empty() {
            found.table("nothing-after");
        }
    }
}

struct Found(Vec<TableProblem>);

impl Found {
    fn table(&mut self, code: &'static str) {
        self.0.push(TableProblem { row: None, field: "", code });
    }

    fn at(&mut self, row: &Row, field: &'static str, code: &'static str) {
        self.0.push(TableProblem { row: Some(row.id.clone()), field, code });
    }

    fn row(&mut self, table: &StepTable, section: Section, row: &Row) {
        if row.name.trim().is_empty() {
            self.at(row, "name", "name-missing");
        } else if row.name.chars().count() > MAX_NAME {
            self.at(row, "name", "name-long");
        }
        if row.kind.is_human() && Post::parse(&row.post).is_none_or(|post| !DOES_STEPS.contains(&post)) {
            self.at(row, "post", "post-missing");
        }
        if row.days.is_some_and(|days| !(1..=MAX_DAYS).contains(&days)) {
            self.at(row, "days", "days-range");
        }
        match row.kind {
            Kind::Message if row.message.trim().is_empty() => self.at(row, "message", "message-missing"),
            Kind::Rule if row.decision.trim().is_empty() => self.at(row, "decision", "decision-missing"),
            Kind::Rule if !is_variable(&row.result) => self.at(row, "result", "result-missing"),
            _ => {}
        }
        self.condition(row);
        self.signing(row);
        self.returning(table, row);
        self.time(section, table, row);
        if row.place != Place::After && matches!(row.kind, Kind::Accept | Kind::Decide) {
            self.at(row, "place", "stands-alone");
        }
    }

    fn condition(&mut self, row: &Row) {
        let Some(condition) = &row.condition else { return };
        if !row.kind.may_depend() {
            self.at(row, "when", "condition-not-here");
        } else if condition.when.trim().is_empty() {
            self.at(row, "when", "condition-missing");
        } else if Expression::parse(&condition.when).is_err() {
            self.at(row, "when", "condition-unreadable");
        }
    }

    fn signing(&mut self, row: &Row) {
        let Some(sign) = &row.sign else { return };
        if !row.kind.is_examination() {
            self.at(row, "sign", "sign-not-here");
        }
        if sign.signers.is_empty() && sign.expression.trim().is_empty() {
            self.at(row, "signers", "signers-missing");
        }
        if sign.mode == "vote" && !is_share(&sign.share) {
            self.at(row, "share", "share-format");
        }
    }

    fn returning(&mut self, table: &StepTable, row: &Row) {
        let Some(targets) = &row.return_to else { return };
        let earlier: BTreeSet<&str> = table.earlier(&row.id).into_iter().map(|row| row.id.as_str()).collect();
        let known = |target: &String| matches!(target.as_str(), "start" | "previous") || earlier.contains(target.as_str());
        if !targets.iter().all(known) {
            self.at(row, "return_to", "return-unknown");
        }
    }

    fn time(&mut self, section: Section, table: &StepTable, row: &Row) {
        if let Some(reminder) = &row.reminder {
            if !row.kind.is_human() {
                self.at(row, "remind_days", "remind-not-here");
            } else if !(1..=MAX_DAYS).contains(&reminder.days) {
                self.at(row, "remind_days", "days-range");
            }
        }
        let Some(time_out) = &row.time_out else { return };
        if !row.kind.may_lapse() || section != Section::Main {
            self.at(row, "lapse_days", "lapse-not-here");
        } else if !(1..=MAX_DAYS).contains(&time_out.days) {
            self.at(row, "lapse_days", "days-range");
        } else if time_out.to.as_ref().is_some_and(|to| !table.later(&row.id).iter().any(|row| row.id == *to)) {
            self.at(row, "lapse_to", "lapse-to-unknown");
        }
    }
}

/// Posts that do steps.
pub const DOES_STEPS: [Post; 5] = [Post::WindowClerk, Post::Acceptor, Post::Reviewer, Post::Decider, Post::ExitClerk];

/// A name that a FEEL expression can use.
fn is_variable(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// “2/3” or “60%”.
fn is_share(text: &str) -> bool {
    let text = text.trim();
    match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<u32>().is_ok_and(|percent| (1..=100).contains(&percent)),
        None => text.split_once('/').is_some_and(|(of, out_of)| {
            matches!((of.trim().parse::<u32>(), out_of.trim().parse::<u32>()), (Ok(of), Ok(out_of)) if of > 0 && of <= out_of)
        }),
    }
}
