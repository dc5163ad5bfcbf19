//! The rows as the page shows them: every answer with what can be chosen, and what is wrong beside it.

use std::collections::BTreeMap;

use banhao_bpmn::Model;
use banhao_catalogue::editor::{Checked, Condition, DOES_STEPS, Kind, Place, Row, Section, StepTable};

use super::fill::{OPERATIONS, SIGNING};
use super::{Open, Told, content, told};
use crate::portal::words::named;
use crate::prelude::*;

/// Something that can be chosen.
pub(super) struct Pick {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) on: bool,
}

impl Pick {
    fn new(value: impl Into<String>, label: impl Into<String>, on: bool) -> Self {
        Self { value: value.into(), label: label.into(), on }
    }
}

/// A row of the form.
pub(super) struct RowView {
    pub(super) n: usize,
    pub(super) section: &'static str,
    pub(super) row: Row,
    pub(super) title: String,
    pub(super) kinds: Vec<Pick>,
    pub(super) places: Vec<Pick>,
    pub(super) posts: Vec<Pick>,
    pub(super) organisations: Vec<Pick>,
    pub(super) specials: Vec<Pick>,
    pub(super) signing: Vec<Pick>,
    pub(super) signers: Vec<Pick>,
    pub(super) operations: Vec<Pick>,
    pub(super) earlier: Vec<Pick>,
    pub(super) later: Vec<Pick>,
    pub(super) answers: Vec<Pick>,
    pub(super) condition: Condition,
    pub(super) mode: &'static str,
    pub(super) paper: String,
    pub(super) problems: Vec<Told>,
    /// Names of the answers that are wrong.
    pub(super) wrong: Vec<&'static str>,
    /// What the further answers say, in a line.
    pub(super) further: String,
    /// Whether the further answers are shown at once.
    pub(super) open: bool,
    /// Whether it can stand beside or behind the one above.
    pub(super) placed: bool,
    pub(super) up: bool,
    pub(super) down: bool,
    pub(super) removable: bool,
}

/// Answers that stand beside the name, in sight at once.
const IN_SIGHT: [&str; 8] = ["name", "kind", "place", "post", "days", "message", "decision", "result"];

/// Whether everything goes through this kind of step: it stands alone, where it stands.
fn is_fixed(kind: Kind) -> bool {
    matches!(kind, Kind::Accept | Kind::Decide)
}

impl RowView {
    pub(super) fn is_wrong(&self, field: &str) -> bool {
        self.wrong.contains(&field)
    }

    pub(super) fn has_errors(&self) -> bool {
        self.problems.iter().any(|told| told.error)
    }

    pub(super) fn human(&self) -> bool {
        self.row.kind.is_human()
    }

    pub(super) fn examines(&self) -> bool {
        self.row.kind.is_examination()
    }

    pub(super) fn depends(&self) -> bool {
        self.row.kind.may_depend()
    }

    pub(super) fn lapses(&self) -> bool {
        self.row.kind.may_lapse() && self.section == "main"
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.row.kind.as_str() == word
    }

    pub(super) fn days(&self) -> String {
        self.row.days.map(number).unwrap_or_default()
    }

    pub(super) fn remind_days(&self) -> String {
        self.row.reminder.as_ref().map(|reminder| number(reminder.days)).unwrap_or_default()
    }

    pub(super) fn remind_again(&self) -> bool {
        self.row.reminder.as_ref().is_some_and(|reminder| reminder.again)
    }

    pub(super) fn lapse_days(&self) -> String {
        self.row.time_out.as_ref().map(|time_out| number(time_out.days)).unwrap_or_default()
    }

    pub(super) fn share(&self) -> &str {
        self.row.sign.as_ref().map_or("", |sign| sign.share.as_str())
    }

    pub(super) fn signers_by(&self) -> &str {
        self.row.sign.as_ref().map_or("", |sign| sign.expression.as_str())
    }

    pub(super) fn veto(&self) -> bool {
        self.row.sign.as_ref().is_some_and(|sign| sign.veto)
    }

    pub(super) fn straight(&self, word: &str) -> bool {
        word == match self.row.straight {
            None => "",
            Some(true) => "straight",
            Some(false) => "again",
        }
    }
}

/// What was no number is shown as an empty answer, and told.
fn number(days: u16) -> String {
    if days == u16::MAX { String::new() } else { days.to_string() }
}

/// Most steps before or behind a row that it can be sent to. Each row of a long table would otherwise list all the others.
const NEAR: usize = 30;
/// Most letters of a name in a list of steps.
const SHORT: usize = 24;

fn short(name: &str) -> String {
    if name.chars().count() <= SHORT { name.to_owned() } else { format!("{}…", name.chars().take(SHORT).collect::<String>()) }
}

/// Mistakes by row, and those of the table as a whole.
#[derive(Default)]
pub(super) struct Mistakes {
    pub(super) rows: BTreeMap<String, Vec<Told>>,
    /// Names of the wrong answers of each row.
    pub(super) fields: BTreeMap<String, Vec<&'static str>>,
    pub(super) whole: Vec<Told>,
    pub(super) errors: usize,
}

impl Mistakes {
    /// Of a table and of the file it is written as.
    pub(super) fn of(page: &Page, table: &StepTable, model: Option<&Model>, checked: &Checked) -> Self {
        let mut mistakes = Self::default();
        for problem in table.problems() {
            if let Some(row) = &problem.row {
                mistakes.fields.entry(row.clone()).or_default().push(problem.field);
            }
            let text = page.t(&format!("editor-p-{}", problem.code)).into_owned();
            mistakes.put(problem.row, Told { error: true, place: String::new(), text });
        }
        let own = mistakes.errors > 0;
        for problem in checked.all() {
            let is_process = problem.file.ends_with("process.bpmn");
            let row = is_process.then(|| row_of(table, model, &problem.field)).flatten();
            let mut said = told(page, problem);
            if is_process {
                // The file is written by us: its lines say nothing to who sees a table.
                said.place.clear();
            }
            // The table's own mistakes come out again in the file; once is enough.
            let doubled = own && is_process && row.as_ref().is_some_and(|row| mistakes.rows.contains_key(row));
            if !doubled {
                mistakes.put(row, said);
            }
        }
        mistakes
    }

    fn put(&mut self, row: Option<String>, told: Told) {
        self.errors += usize::from(told.error);
        match row {
            Some(row) => self.rows.entry(row).or_default().push(told),
            None => self.whole.push(told),
        }
    }
}

/// The row an element of the file belongs to; a flow belongs to the row it leaves or comes to.
fn row_of(table: &StepTable, model: Option<&Model>, element: &str) -> Option<String> {
    let row = |id: &str| table.row_of(id).map(|row| row.id.clone());
    row(element).or_else(|| {
        let model = model?;
        let flow = model.flow(element)?;
        row(model.source(flow).id()).or_else(|| row(model.target(flow).id()))
    })
}

/// All rows of the form.
pub(super) fn views(page: &Page, open: &Open, table: &StepTable, mistakes: &mut Mistakes) -> Vec<RowView> {
    let mut views = Vec::new();
    for section in Section::ALL {
        let rows = table.rows_of(section);
        for (at, row) in rows.iter().enumerate() {
            let problems = mistakes.rows.remove(&row.id).unwrap_or_default();
            let mut view = view(page, open, table, section, row, views.len(), problems);
            view.title = page.t_args("editor-step-n", &[("n", &(at + 1).to_string()), ("name", &row.name)]);
            view.wrong = mistakes.fields.remove(&row.id).unwrap_or_default();
            // What the file's own check says is of something further in.
            view.open = view.has_errors() && (view.wrong.is_empty() || view.wrong.iter().any(|field| !IN_SIGHT.contains(field)));
            // A step does not go past acceptance (but a decision table may) or decision, and these two stay where they are.
            let past = |other: &Row| !is_fixed(other.kind) || (other.kind == Kind::Accept && row.kind == Kind::Rule);
            let goes = |other: Option<&Row>| other.is_some_and(past) && !is_fixed(row.kind);
            let above = at.checked_sub(1).and_then(|above| rows.get(above));
            view.up = goes(above);
            view.down = goes(rows.get(at + 1));
            view.placed = view.up && above.is_some_and(|above| !is_fixed(above.kind));
            view.removable = !is_fixed(row.kind) || table.rows().filter(|(_, other)| other.kind == row.kind).count() > 1;
            views.push(view);
        }
    }
    views
}

fn view(page: &Page, open: &Open, table: &StepTable, section: Section, row: &Row, n: usize, problems: Vec<Told>) -> RowView {
    let word = |family: &str, word: &str| page.t(&format!("editor-{family}-{word}")).into_owned();
    let snapshot = &open.snapshot;
    let matter = &open.version.matter;
    let has_decisions = open.draft.content.decisions.is_some();
    let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::Rule || has_decisions || row.kind == Kind::Rule);
    let posts =
        DOES_STEPS.into_iter().map(|post| Pick::new(post.as_str(), page.t(&format!("post-{}", post.as_str())), post.as_str() == row.post));
    let mut organisations: Vec<Pick> = snapshot
        .organisations
        .values()
        .filter(|body| snapshot.has_reviewer(&body.key) || row.organisation.as_ref() == Some(&body.key))
        .map(|body| Pick::new(&body.key, named(page, &body.name), row.organisation.as_ref() == Some(&body.key)))
        .collect();
    let body = |key: &String| snapshot.organisation(key).map_or_else(|| key.clone(), |body| named(page, &body.name));
    if let Some(key) = row.organisation.as_ref().filter(|key| !organisations.iter().any(|pick| pick.value == **key)) {
        organisations.push(Pick::new(key, body(key), true));
    }
    let chosen = row.sign.as_ref().map(|sign| sign.signers.clone()).unwrap_or_default();
    let mut signers: Vec<Pick> = if row.kind.is_examination() {
        organisations.iter().map(|pick| Pick::new(&pick.value, &pick.label, chosen.contains(&pick.value))).collect()
    } else {
        Vec::new()
    };
    let unknown: Vec<Pick> =
        chosen.iter().filter(|key| !signers.iter().any(|pick| pick.value == **key)).map(|key| Pick::new(key, body(key), true)).collect();
    signers.extend(unknown);
    let returns = row.return_to.clone().unwrap_or_default();
    let mut earlier = vec![
        Pick::new("previous", page.t("editor-return-previous"), returns.iter().any(|to| to == "previous")),
        Pick::new("start", page.t("editor-return-start"), returns.iter().any(|to| to == "start")),
    ];
    let behind = table.earlier(&row.id);
    let far = behind.len().saturating_sub(NEAR);
    let chosen_or_near = behind.into_iter().enumerate().filter(|(at, there)| *at >= far || returns.contains(&there.id));
    earlier.extend(chosen_or_near.map(|(_, there)| Pick::new(&there.id, short(&there.name), returns.contains(&there.id))));
    let to = row.time_out.as_ref().and_then(|time_out| time_out.to.as_ref());
    let (condition, mode) = match &row.condition {
        None => (Condition::default(), ""),
        Some(condition) => (condition.clone(), if condition.leaves_out { "skip" } else { "only" }),
    };
    RowView {
        n,
        section: section.as_str(),
        title: String::new(),
        kinds: kinds.map(|kind| Pick::new(kind.as_str(), word("kind", kind.as_str()), kind == row.kind)).collect(),
        places: Place::ALL.into_iter().map(|place| Pick::new(place.as_str(), word("place", place.as_str()), place == row.place)).collect(),
        posts: posts.collect(),
        organisations,
        specials: matter
            .special_procedures
            .iter()
            .map(|special| {
                Pick::new(special.kind.as_str(), named(page, &special.name), row.special.as_deref() == Some(special.kind.as_str()))
            })
            .collect(),
        signing: SIGNING
            .into_iter()
            .map(|mode| Pick::new(mode, word("sign", mode), row.sign.as_ref().is_some_and(|sign| sign.mode == mode)))
            .collect(),
        signers,
        operations: OPERATIONS
            .into_iter()
            .map(|operation| {
                Pick::new(
                    operation,
                    page.t(&format!("desk-op-{operation}")),
                    row.allow.as_ref().is_none_or(|allow| allow.contains(operation)),
                )
            })
            .collect(),
        earlier,
        later: table
            .later(&row.id)
            .into_iter()
            .enumerate()
            .filter(|(at, there)| *at < NEAR || to == Some(&there.id))
            .map(|(_, there)| Pick::new(&there.id, short(&there.name), to == Some(&there.id)))
            .collect(),
        answers: answers(page, open),
        paper: content::paper(page, matter, section, row),
        further: content::further(page, snapshot, &open.version, table, row),
        wrong: Vec::new(),
        open: false,
        problems,
        condition,
        mode,
        row: row.clone(),
        placed: false,
        up: false,
        down: false,
        removable: false,
    }
}

/// Answers that a condition can ask for.
fn answers(page: &Page, open: &Open) -> Vec<Pick> {
    let version = &open.version;
    let questions =
        version.matter.questions.iter().map(|question| Pick::new(format!("q.{}", question.key), named(page, &question.text), false));
    let fields = version
        .form
        .fields()
        .filter(|field| !field.personal)
        .map(|field| Pick::new(format!("form.{}", field.key), named(page, &field.label), false));
    let acts = ["review", "inspection", "reply"].map(|name| Pick::new(name, page.t(&format!("editor-answer-{name}")), false));
    acts.into_iter().chain(questions).chain(fields).collect()
}
