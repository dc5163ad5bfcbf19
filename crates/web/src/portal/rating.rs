//! Rating a finished case (好差评): voluntary, once, five levels, reasons that belong to the level, own words.

use banhao_cases::model::CaseStatus;
use banhao_cases::queries::file::CaseFile;
use banhao_kernel::ids::CaseId;
use banhao_oversight::{LONGEST_TEXT, OversightError, RatingChannel, RatingInput, Satisfaction, rate, rating_of, tags};
use serde::Deserialize;

use super::case::own;
use super::citizen::Citizen;
use super::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/cases/{id}/rate", get(show).post(send))
}

#[derive(Debug, Deserialize)]
struct Chosen {
    #[serde(default)]
    level: String,
}

#[derive(Template)]
#[template(path = "portal/rate.html")]
struct RatePage {
    page: Page,
    crumbs: Crumbs,
    id: CaseId,
    errors: ErrorSummary,
    given: Option<SummaryList>,
    closed: bool,
    level: Field,
    reasons: Vec<Field>,
    text: Field,
}

fn stars(page: &Page, level: Satisfaction) -> Choice {
    Choice::new(level.star().to_string(), page.t(&format!("rating-level-{}", level.star())))
}

fn tag_name(page: &Page, tag: &tags::Tag) -> &'static str {
    if page.is_english() { tag.en } else { tag.zh }
}

async fn view(state: &AppState, page: &Page, file: &CaseFile, sent: &Fields, wrong: &str) -> Result<RatePage, Failure> {
    let id = file.line.id;
    let given = rating_of(&state.cases, id).await?.map(|rating| {
        let names: Vec<&str> = rating.tags.iter().filter_map(|code| tags::find(*code)).map(|tag| tag_name(page, tag)).collect();
        SummaryList::new()
            .text(page.t("portal-rate-level"), page.t(&format!("rating-level-{}", rating.level.star())))
            .text(page.t("portal-rate-tags"), names.join(page.t("portal-comma").as_ref()))
            .text(page.t("portal-rate-text"), rating.text.unwrap_or_default())
    });
    let chosen = sent.get("level").parse().ok().and_then(Satisfaction::from_star);
    let level = Field::radio("level", page.t("portal-rate-level"), Satisfaction::ALL.map(|level| stars(page, level)).into())
        .value(sent.get("level"))
        .required()
        .error(wrong);
    // The reasons of the chosen level; before one is chosen there are none to tick.
    let reasons = chosen
        .map(|level| {
            let choices = tags::of(level).map(|tag| Choice::new(tag.code.to_string(), tag_name(page, tag))).collect();
            Field::new(FieldKind::Checkboxes(choices), "tags", page.t("portal-rate-tags")).values(sent.all("tags"))
        })
        .into_iter()
        .collect();
    let most = u32::try_from(LONGEST_TEXT).unwrap_or(u32::MAX);
    let text = Field::new(FieldKind::Multiline { rows: 4 }, "text", page.t("portal-rate-text")).value(sent.get("text")).max_length(most);
    let name = named(page, &file.version.matter.name);
    Ok(RatePage {
        crumbs: Crumbs::new().to(page.t("portal-my-title"), "/my").to(name, format!("/cases/{id}")).here(page.t("portal-rate-heading")),
        errors: ErrorSummary::of([&level]),
        closed: file.state.status == CaseStatus::Closed || file.state.delivered_on.is_some(),
        id,
        given,
        level,
        reasons,
        text,
        page: page.clone(),
    })
}

async fn show(
    State(state): State<AppState>,
    page: Page,
    citizen: Citizen,
    PathId(id): PathId<CaseId>,
    Asked(Chosen { level }): Asked<Chosen>,
) -> Answer {
    let file = own(&state, &citizen, id).await?;
    let sent = Fields::new(vec![("level".to_owned(), level)]);
    Ok(page.html(&view(&state, &page, &file, &sent, "").await?))
}

async fn send(State(state): State<AppState>, page: Page, citizen: Citizen, PathId(id): PathId<CaseId>, fields: Fields) -> Answer {
    let file = own(&state, &citizen, id).await?;
    let level = fields.get("level").parse().ok().and_then(Satisfaction::from_star);
    if fields.get("then") == "reasons" && level.is_some() {
        return Ok(page.html(&view(&state, &page, &file, &fields, "").await?));
    }
    let Some(level) = level else {
        let again = view(&state, &page, &file, &fields, &page.t("field-choose")).await?;
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
    };
    // Reasons of another level, ticked before the level was changed, no longer count.
    let of_level = fields.all("tags").into_iter().filter(|code| tags::of(level).any(|tag| tag.code.to_string() == *code)).collect();
    let input = RatingInput { level: level.star(), tags: of_level, text: fields.get("text").to_owned(), channel: RatingChannel::Web };
    match rate(&state.cases, &citizen.principal, id, input).await {
        Ok(_) => Ok(page.redirect_with(&format!("/cases/{id}"), &Flash::good("portal-rate-done"))),
        Err(OversightError::Invalid { fields: wrong }) => {
            let words = wrong.first().map_or_else(String::new, |wrong| banhao_texts::field_text(page.lang(), wrong));
            let again = view(&state, &page, &file, &fields, &words).await?;
            Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
        Err(error) => Err(error.into()),
    }
}
