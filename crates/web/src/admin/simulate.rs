//! Trying a draft out with sample answers (试运行): step by step, or every way at once. The whole run travels in the form.

use banhao_bpmn::{Model, Progress};
use banhao_catalogue::editor::{Choice as Doing, Happened, MAX_CHOICES, Trial, TrialStop, explore};
use banhao_catalogue::forms::{Answers, process_variables};
use banhao_catalogue::process_model;
use banhao_decision::DecisionModel;
use serde_json::Value;
use uuid::Uuid;

use super::{Open, enter};
use crate::portal::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/admin/drafts/{id}/simulate", get(show).post(go))
}

struct Done {
    said: String,
    reached: String,
    decided: Vec<String>,
}

/// What can be pressed at one step.
struct Now {
    name: String,
    buttons: Vec<(String, String)>,
}

struct End {
    name: String,
    ways: usize,
    days: String,
    longest: String,
}

#[derive(Template)]
#[template(path = "admin/simulate.html")]
struct SimulatePage {
    page: Page,
    crumbs: Crumbs,
    id: String,
    name: String,
    questions: Vec<Field>,
    words: Vec<String>,
    begun: bool,
    over: bool,
    stop: String,
    done: Vec<Done>,
    now: Vec<Now>,
    drawing: Option<ProcessDrawing>,
    ends: Vec<End>,
    all: bool,
    cut: bool,
    never: Vec<String>,
    stopped: Vec<(String, String)>,
    promised: String,
}

/// Names after `form.` or `q.` in the texts of a draft.
fn mentioned(open: &Open, prefix: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in [Some(open.draft.content.process.as_str()), open.draft.content.decisions.as_deref()].into_iter().flatten() {
        for (at, _) in text.match_indices(prefix) {
            let name: String = text[at + prefix.len()..].chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            if !name.is_empty() && !found.contains(&name) {
                found.push(name);
            }
        }
    }
    found
}

/// The answers that decide something, as questions; and their values for the process.
fn questions(page: &Page, open: &Open, fields: &Fields) -> (Vec<Field>, Value) {
    let mut list = Vec::new();
    let mut answers = Answers::default();
    for key in mentioned(open, "q.") {
        let Some(question) = open.version.matter.questions.iter().find(|question| question.key == key) else { continue };
        let choices = question.options.iter().map(|option| Choice::new(option.value.clone(), named(page, &option.label))).collect();
        let name = format!("q.{key}");
        let value = fields.get(&name).to_owned();
        if question.options.iter().any(|option| option.value == value) {
            answers.q.insert(key, Value::from(value.clone()));
        }
        list.push(Field::new(FieldKind::Select(choices), name, named(page, &question.text)).value(value));
    }
    for key in mentioned(open, "form.") {
        use banhao_catalogue::model::FieldKind as Kind;
        let Some(asked) = open.version.form.field(&key).filter(|field| !field.personal) else { continue };
        let name = format!("form.{key}");
        let value = fields.get(&name).to_owned();
        let label = named(page, &asked.label);
        let choices = || asked.options.iter().map(|option| Choice::new(option.value.clone(), named(page, &option.label))).collect();
        let (field, json) = match asked.kind {
            Kind::Choice | Kind::Region => (Field::new(FieldKind::Select(choices()), name, label), Value::from(value.clone())),
            Kind::Choices => (Field::new(FieldKind::Select(choices()), name, label), Value::from(vec![value.clone()])),
            Kind::YesNo => {
                let choices = [("true", "common-yes"), ("false", "common-no")].map(|(value, key)| Choice::new(value, page.t(key))).to_vec();
                (Field::new(FieldKind::Select(choices), name, label), Value::from(value == "true"))
            }
            Kind::Number | Kind::Money => {
                let number = value.parse::<i64>().map(Value::from).ok().or_else(|| value.parse::<f64>().ok().map(Value::from));
                (Field::new(FieldKind::Number, name, label), number.unwrap_or(Value::Null))
            }
            Kind::Date => (Field::new(FieldKind::Date, name, label), Value::from(value.clone())),
            _ => (Field::text(name, label), Value::from(value.clone())),
        };
        if !value.is_empty() {
            answers.form.insert(key, json);
        }
        list.push(field.value(value));
    }
    let variables = process_variables(&open.version.form, &answers);
    (list, variables)
}

fn name_of(model: &Model, element: &str) -> String {
    let Some(node) = model.node(element) else { return element.to_owned() };
    let host = model.attached_to(node);
    node.name().or_else(|| host.and_then(banhao_bpmn::Node::name)).unwrap_or(element).to_owned()
}

fn label(page: &Page, model: &Model, doing: &Doing) -> String {
    let word = page.t(&format!("editor-do-{}", doing.what)).into_owned();
    match (&doing.to, &doing.signer) {
        (Some(to), _) => {
            let inside = banhao_bpmn::steps_inside(model, to);
            let to = if inside.is_empty() {
                name_of(model, to)
            } else {
                inside.iter().map(|id| name_of(model, id)).collect::<Vec<_>>().join("、")
            };
            format!("{word}：{to}")
        }
        (None, Some(signer)) => format!("{signer} {word}"),
        (None, None) => word,
    }
}

fn stop_text(page: &Page, stop: &TrialStop) -> String {
    match stop {
        TrialStop::Run(zh, en) => page.pick(zh, en).to_owned(),
        TrialStop::Unknown(_) => page.t("editor-trial-unknown").into_owned(),
        TrialStop::TooLong => page.t("editor-trial-long").into_owned(),
    }
}

fn done(page: &Page, model: &Model, happened: &Happened) -> Done {
    let said = match &happened.choice {
        None => page.t("editor-trial-begun").into_owned(),
        Some(doing) => format!("{} · {}", name_of(model, &doing.element), label(page, model, doing)),
    };
    let mut reached = happened.reached.iter().map(|id| name_of(model, id)).collect::<Vec<_>>().join("、");
    if happened.reminded {
        reached = format!("{} {reached}", page.t("editor-trial-reminded"));
    }
    let decided = happened.decided.iter().map(|(name, evaluation)| {
        let rows: Vec<String> = evaluation.tables.iter().flat_map(|table| table.used.iter().map(ToString::to_string)).collect();
        page.t_args("editor-trial-decided", &[("name", name), ("answer", &evaluation.result.to_string()), ("rows", &rows.join("、"))])
    });
    Done { said, reached, decided: decided.collect() }
}

fn way(page: &Page, model: &Model, steps: &[(String, &'static str)]) -> String {
    let one = |(element, what): &(String, &'static str)| format!("{} {}", name_of(model, element), page.t(&format!("editor-do-{what}")));
    steps.iter().map(one).collect::<Vec<_>>().join(" → ")
}

fn view(page: &Page, open: &Open, fields: &Fields, begun: bool) -> SimulatePage {
    let (questions, variables) = questions(page, open, fields);
    let mut words: Vec<String> = fields.all("step").into_iter().take(MAX_CHOICES).collect();
    let button = fields.get("do");
    match button {
        "restart" => words.clear(),
        "back" => {
            words.pop();
        }
        word if word.contains('.') => words.push(word.to_owned()),
        _ => {}
    }
    let mut shown = SimulatePage {
        crumbs: open.crumbs(page, "editor-simulate"),
        id: open.draft.id.to_string(),
        name: named(page, &open.version.matter.name),
        questions,
        words: Vec::new(),
        begun,
        over: false,
        stop: String::new(),
        done: Vec::new(),
        now: Vec::new(),
        drawing: None,
        ends: Vec::new(),
        all: button == "all",
        cut: false,
        never: Vec::new(),
        stopped: Vec::new(),
        promised: String::new(),
        page: page.clone(),
    };
    let Ok(model) = process_model(&open.draft.content.process) else {
        shown.stop = page.t("editor-unreadable").into_owned();
        return shown;
    };
    let decisions = open.draft.content.decisions.as_deref().and_then(|text| DecisionModel::parse(text).ok());
    if !begun {
        shown.drawing = Some(super::content::drawing(page, "trial", &model));
        return shown;
    }
    if shown.all {
        everything(page, open, &model, decisions.as_ref(), &variables, &mut shown);
        shown.words = words;
        return shown;
    }
    match Trial::replay(&model, decisions.as_ref(), &variables, &words) {
        Err(stop) => shown.stop = stop_text(page, &stop),
        Ok((trial, stop)) => {
            // What could not be done is not remembered.
            words.truncate(trial.happened().len().saturating_sub(1));
            shown.stop = stop.map(|stop| stop_text(page, &stop)).unwrap_or_default();
            shown.done = trial.happened().iter().map(|happened| done(page, &model, happened)).collect();
            shown.over = !trial.instance().is_running();
            for doing in trial.choices() {
                let name = name_of(&model, &doing.element);
                let pressed = (doing.word.clone(), label(page, &model, &doing));
                match shown.now.iter_mut().find(|now| now.name == name) {
                    Some(now) => now.buttons.push(pressed),
                    None => shown.now.push(Now { name, buttons: vec![pressed] }),
                }
            }
            let progress = Progress::of(trial.instance());
            shown.drawing = Some(ProcessDrawing::new(page.lang(), page.t("editor-drawing"), "trial", &model, Some(&progress)));
        }
    }
    shown.words = words;
    shown
}

fn everything(page: &Page, open: &Open, model: &Model, decisions: Option<&DecisionModel>, variables: &Value, shown: &mut SimulatePage) {
    let outlook = explore(model, decisions, variables);
    let days = |(least, most): (u32, u32)| {
        if least == most {
            page.t_args("editor-days-n", &[("n", &most.to_string())])
        } else {
            page.t_args("editor-days-range", &[("least", &least.to_string()), ("most", &most.to_string())])
        }
    };
    let longest = outlook.endings.iter().map(|ending| ending.days.1).max().unwrap_or(0);
    let promised = u32::from(open.version.matter.clock.promised_days);
    let key = match (promised, longest > promised) {
        (0, false) => "editor-promise-kept-at-once",
        (0, true) => "editor-promise-broken-at-once",
        (_, false) => "editor-promise-kept",
        (_, true) => "editor-promise-broken",
    };
    shown.promised = page.t_args(key, &[("promised", &promised.to_string()), ("longest", &longest.to_string())]);
    shown.ends = outlook
        .endings
        .iter()
        .map(|ending| End {
            name: if ending.end.is_empty() {
                page.t("editor-end-none").into_owned()
            } else {
                ending.end.split(' ').map(|id| name_of(model, id)).collect::<Vec<_>>().join("、")
            },
            ways: ending.ways,
            days: days(ending.days),
            longest: way(page, model, &ending.longest),
        })
        .collect();
    shown.stopped = outlook.stopped.iter().take(20).map(|(steps, stop)| (way(page, model, steps), stop_text(page, stop))).collect();
    shown.never = outlook.never.iter().map(|id| name_of(model, id)).collect();
    shown.cut = outlook.cut;
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>) -> Answer {
    enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    Ok(page.html(&view(&page, &open, &Fields::default(), false)))
}

async fn go(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<Uuid>, fields: Fields) -> Answer {
    enter(&state, &page, &who).await?;
    let open = Open::load(&state, id).await?;
    let shown = {
        let page = page.clone();
        // Every way at once takes its time: not on the threads that answer requests.
        tokio::task::spawn_blocking(move || view(&page, &open, &fields, true)).await.map_err(|_| crate::problem::internal())?
    };
    Ok(page.html(&shown))
}
