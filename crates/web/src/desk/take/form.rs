//! The second page: the whole form, all materials and the way of delivery in one form. Whatever was typed or scanned is kept,
//! right or wrong; all mistakes are shown at once.

use std::sync::Arc;

use banhao_cases::commands::submit::mistakes;
use banhao_cases::facts::DeliveryMethod;
use banhao_cases::queries::drafts::{DraftView, draft, draft_file};
use banhao_cases::{CaseError, add_material, remove_material, save_answers, submit};
use banhao_catalogue::forms::{self, Answers};
use banhao_catalogue::{MatterVersion, Snapshot};
use banhao_kernel::ids::{DraftId, MaterialId};
use banhao_kernel::problem::FieldProblem;
use banhao_texts as texts;
use serde_json::Value;

use crate::file::{Use, file};
use crate::portal::guide::{how, question_fields};
use crate::portal::question::control;
use crate::portal::upload;
use crate::portal::words::named;
use crate::prelude::*;
use crate::problem;

/// Longest text of one field.
const LONGEST: usize = 20_000;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/desk/take/{id}", body::limit(get(show).post(send), upload::MOST))
        .route("/desk/take/{id}/save", post(keep))
        .route("/desk/take/{id}/files/{file}", get(look))
}

struct Section {
    title: String,
    fields: Vec<Field>,
}

struct Slot {
    key: String,
    name: String,
    standard: String,
    chip: Chip,
    field: Field,
}

#[derive(Template)]
#[template(path = "desk/take_form.html")]
struct FormPage {
    page: Page,
    id: DraftId,
    matter: String,
    errors: Vec<(String, String)>,
    sections: Vec<Section>,
    slots: Vec<Slot>,
    fetched: Vec<(String, String)>,
    delivery: Field,
}

/// An application that is being taken.
struct Work {
    snapshot: Arc<Snapshot>,
    version: Arc<MatterVersion>,
    draft: DraftView,
}

impl Work {
    async fn open(state: &AppState, who: &Who, id: DraftId) -> Result<Self, Failure> {
        who.staff()?;
        let draft = draft(&state.cases, &who.0, id).await?;
        let snapshot = state.cases.snapshot().await?;
        let version = snapshot.matter_version(&draft.matter, draft.matter_version).ok_or_else(problem::not_found)?;
        Ok(Self { snapshot, version, draft })
    }

    fn sent(&self, page: &Page) -> Option<Response> {
        self.draft.case.map(|_| page.redirect(&format!("/desk/take/{}/receipt", self.draft.id)))
    }

    /// What is missing or wrong now.
    fn mistakes(&self) -> Vec<FieldProblem> {
        let uploaded: Vec<&str> = self.draft.files.iter().map(|file| file.material.as_str()).collect();
        let unanswered = self.version.matter.questions.iter().filter(|question| !self.draft.answers.q.contains_key(&question.key));
        let mut all: Vec<FieldProblem> = unanswered.map(|question| FieldProblem::new(format!("q.{}", question.key), "choose")).collect();
        all.extend(mistakes(&self.snapshot, &self.version, &self.draft.answers, &uploaded));
        all
    }
}

/// What came with a form besides answers.
#[derive(Default)]
struct Came {
    pairs: Vec<(String, String)>,
    refused: Vec<(String, String)>,
    remove: Option<MaterialId>,
}

impl Came {
    fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

fn view(page: &Page, work: &Work, wrong: &[FieldProblem], refused: &[(String, String)], delivery: &str) -> FormPage {
    let answers = &work.draft.answers;
    let text_of = |key: &str| {
        let found = wrong.iter().find(|wrong| wrong.field == key);
        found.map_or_else(String::new, |wrong| texts::field_text(page.lang(), wrong))
    };
    let mut sections = Vec::new();
    let questions = question_fields(page, &work.version, answers);
    if !questions.is_empty() {
        let fields = questions.into_iter().map(|field| field.clone().error(text_of(&field.name))).collect();
        sections.push(Section { title: page.t("portal-questions-heading").into_owned(), fields });
    }
    for form_page in forms::visible_pages(&work.version.form, answers) {
        let fields = forms::visible_fields(&work.version.form, form_page, answers)
            .into_iter()
            .map(|field| control(page, &work.snapshot, answers, field).error(text_of(&field.key)))
            .collect();
        sections.push(Section { title: named(page, &form_page.title), fields });
    }
    let mut errors: Vec<(String, String)> = sections
        .iter()
        .flat_map(|section| &section.fields)
        .filter(|field| !field.error.is_empty())
        .map(|field| {
            (format!("#f-{}", field.key()), page.t_args("portal-mistake-field", &[("field", &field.label), ("text", &field.error)]))
        })
        .collect();
    let (mut slots, mut fetched) = (Vec::new(), Vec::new());
    for needed in forms::materials_needed(&work.version, answers) {
        let (material, name) = (needed.material, named(page, &needed.material.name));
        if !needed.uploaded {
            fetched.push((name, how(page, material)));
            continue;
        }
        let chip = upload::chip(page, &needed, &work.draft.files);
        let look = |file: &banhao_cases::queries::drafts::FileView| Some(format!("/desk/take/{}/files/{}", work.draft.id, file.id));
        let mut field = upload::field(page, material, &work.draft.files, look, true);
        let key = format!("material.{}", material.key);
        let mut said: Vec<String> = refused.iter().filter(|(of, _)| *of == material.key).map(|(_, text)| text.clone()).collect();
        if said.is_empty() && wrong.iter().any(|wrong| wrong.field == key) {
            said.push(page.t_args("portal-mistake-material", &[("name", &name)]));
        }
        errors.extend(said.iter().map(|text| (format!("#m-{}", material.key), text.clone())));
        field.name = format!("file.{}", material.key);
        field.label = page.t_args("portal-upload-of", &[("name", &name)]);
        // What is missing is said when it is submitted; the chip says so before.
        field.required = false;
        field.conditional = needed.required;
        slots.push(Slot {
            key: material.key.clone(),
            standard: named(page, &material.standard),
            name,
            chip,
            field: field.error(said.join(" ")),
        });
    }
    let choices = [DeliveryMethod::Window, DeliveryMethod::Courier, DeliveryMethod::Electronic]
        .map(|method| Choice::new(method.as_str(), page.t(&format!("desk-delivery-{}", method.as_str()))))
        .into();
    let missing = text_of("delivery");
    if !missing.is_empty() {
        let label = page.t("desk-take-delivery");
        errors.push(("#f-delivery".to_owned(), page.t_args("portal-mistake-field", &[("field", &label), ("text", &missing)])));
    }
    FormPage {
        id: work.draft.id,
        matter: named(page, &work.version.matter.name),
        errors,
        sections,
        slots,
        fetched,
        delivery: Field::radio("delivery", page.t("desk-take-delivery"), choices).required().value(delivery).error(missing),
        page: page.clone(),
    }
}

async fn show(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<DraftId>) -> Answer {
    let work = Work::open(&state, &who, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    super::super::worklist::bar(&state, &page, &who).await?;
    Ok(page.html(&view(&page, &work, &[], &[], "")))
}

/// Saves what was typed: questions, and every field of the pages that were shown.
async fn save(state: &AppState, who: &Who, work: &mut Work, pairs: &[(String, String)]) -> Result<(), Failure> {
    let version = Arc::clone(&work.version);
    let mut changed = Answers::default();
    for question in &version.matter.questions {
        let name = format!("q.{}", question.key);
        let given = pairs.iter().find(|(have, _)| *have == name).map(|(_, value)| value.as_str()).unwrap_or_default();
        if question.options.iter().any(|option| option.value == given) {
            changed.q.insert(question.key.clone(), given.into());
        }
    }
    for form_page in forms::visible_pages(&version.form, &work.draft.answers) {
        let visible: Vec<&str> =
            forms::visible_fields(&version.form, form_page, &work.draft.answers).into_iter().map(|field| field.key.as_str()).collect();
        let mut read = Answers::default();
        forms::read_page(form_page, pairs, &mut read);
        for field in &form_page.fields {
            let shown = visible.contains(&field.key.as_str()) || pairs.iter().any(|(name, _)| *name == field.key);
            if shown {
                changed.form.insert(field.key.clone(), read.form.remove(&field.key).unwrap_or(Value::Null));
            }
        }
    }
    save_answers(&state.cases, &who.0, work.draft.id, changed).await?;
    *work = Work::open(state, who, work.draft.id).await?;
    Ok(())
}

/// Saves while the clerk is typing (scripts only).
async fn keep(State(state): State<AppState>, who: Who, PathId(id): PathId<DraftId>, fields: Fields) -> Answer {
    let mut work = Work::open(&state, &who, id).await?;
    let pairs: Vec<(String, String)> = fields.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    save(&state, &who, &mut work, &pairs).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Reads the parts of a form: texts, and files straight into the file store and the draft.
async fn receive(state: &AppState, page: &Page, who: &Who, work: &Work, mut uploads: Uploads) -> Result<Came, Failure> {
    let mut came = Came::default();
    while let Some(part) = uploads.next().await? {
        let name = part.name().to_owned();
        match name.strip_prefix("file.") {
            Some(_) if part.file_name().is_empty() => {}
            Some(key) => {
                let material =
                    work.version.matter.material(key).filter(|material| material.is_uploaded()).ok_or_else(problem::not_found)?;
                match upload::store(state, part, material).await? {
                    Ok(file) => {
                        add_material(&state.cases, &who.0, work.draft.id, file).await?;
                    }
                    Err((file, refused)) => came.refused.push((key.to_owned(), upload::words(page, material, &file, &refused))),
                }
            }
            None if name == "remove" => came.remove = Some(part.text(64).await?.parse().map_err(|_| problem::bad_form())?),
            None => {
                let text = part.text(LONGEST).await?.trim().to_owned();
                came.pairs.push((name, text));
            }
        }
    }
    Ok(came)
}

async fn send(State(state): State<AppState>, page: Page, who: Who, PathId(id): PathId<DraftId>, uploads: Uploads) -> Answer {
    let mut work = Work::open(&state, &who, id).await?;
    if let Some(sent) = work.sent(&page) {
        return Ok(sent);
    }
    let came = receive(&state, &page, &who, &work, uploads).await?;
    if let Some(file) = came.remove {
        remove_material(&state.cases, &who.0, id, file).await?;
    }
    save(&state, &who, &mut work, &came.pairs).await?;
    let delivery = came.get("delivery");
    let submitting = came.get("then") == "submit" && came.remove.is_none();
    let mut wrong = Vec::new();
    if submitting {
        wrong = work.mistakes();
        if DeliveryMethod::from_name(delivery).is_none() {
            wrong.push(FieldProblem::new("delivery", "choose"));
        }
        if wrong.is_empty() && came.refused.is_empty() {
            match submit(&state.cases, &who.0, id, delivery).await {
                Ok(_) => return Ok(page.redirect(&format!("/desk/take/{id}/receipt"))),
                Err(CaseError::Incomplete { fields }) => wrong = fields,
                Err(error) => return Err(error.into()),
            }
        }
    }
    super::super::worklist::bar(&state, &page, &who).await?;
    if wrong.is_empty() && came.refused.is_empty() {
        return Ok(page.redirect_with(&format!("/desk/take/{id}"), &Flash::good("desk-take-saved")));
    }
    Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &view(&page, &work, &wrong, &came.refused, delivery)))
}

/// A scan of an application that is being taken.
async fn look(State(state): State<AppState>, who: Who, PathId((id, of)): PathId<(DraftId, MaterialId)>) -> Answer {
    who.staff()?;
    let view = draft_file(&state.cases, &who.0, id, of).await?;
    let bytes = state.cases.store.blobs().get(&view.sha256).await?;
    Ok(file(&view.media_type, &view.name, Use::Look, bytes))
}
