//! Verifying a paper or licence: by its code, or by the file itself. Open to everybody; says in plain words whether it is
//! genuine, changed or unknown.

use banhao_papers::Verdict;
use banhao_records::{PublicPaper, check_code, check_file, grouped};
use serde::Deserialize;

use super::encoded;
use super::words::named;
use crate::prelude::*;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/verify", get(show))
        .route("/verify/file", body::limit(post(check).get(|page: Page| async move { page.redirect("/verify") }), MOST))
        .route("/verify/{code}", get(by_code))
}

/// Largest file that is looked at.
const MOST: u64 = 20 * MIB;

#[derive(Debug, Deserialize)]
struct Asking {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "portal/verify.html")]
struct VerifyPage {
    page: Page,
    errors: ErrorSummary,
    verdict: Option<Notice>,
    paper: Option<SummaryList>,
    sha256: String,
    code: Field,
    upload: Field,
}

fn view(page: &Page, typed: &str, wrong_code: &str, wrong_file: &str) -> VerifyPage {
    let code = Field::new(FieldKind::Code, "code", page.t("portal-verify-code"))
        .hint(page.t("portal-verify-code-hint"))
        .value(typed)
        .required()
        .error(wrong_code);
    let upload = Field::new(
        FieldKind::File { accept: ".pdf".to_owned(), multiple: false, most: MOST, have: Vec::new() },
        "file",
        page.t("portal-verify-file"),
    )
    .hint(page.t("portal-verify-file-hint"))
    .required()
    .error(wrong_file);
    VerifyPage {
        errors: ErrorSummary::of([&code, &upload]),
        verdict: None,
        paper: None,
        sha256: String::new(),
        code,
        upload,
        page: page.clone(),
    }
}

async fn show(page: Page, Asked(asking): Asked<Asking>) -> Answer {
    let letters: String = asking.code.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
    if !letters.is_empty() {
        return Ok(page.redirect(&format!("/verify/{}", encoded(&letters.to_ascii_uppercase()))));
    }
    let wrong = if asking.code.trim().is_empty() { "".into() } else { page.t("portal-verify-unknown-code") };
    Ok(page.html(&view(&page, &asking.code, &wrong, "")))
}

/// What everybody may learn of a paper.
async fn about(state: &AppState, page: &Page, paper: &PublicPaper) -> Result<SummaryList, Failure> {
    let snapshot = state.cases.snapshot().await?;
    let organisation = snapshot.organisation(&paper.organisation).map_or_else(String::new, |body| named(page, &body.name));
    let mut list = SummaryList::new()
        .text(page.t("portal-paper-kind"), page.t(&format!("paper-{}", paper.kind.as_str())))
        .text(page.t("portal-paper-number"), &paper.number)
        .text(page.t("portal-paper-organisation"), organisation)
        .text(page.t("portal-paper-holder"), &paper.holder_masked);
    if let Some(at) = paper.issued_at {
        list = list.text(page.t("portal-paper-at"), filters::moment_text(page.lang(), at));
    }
    if let Some(licence) = &paper.licence {
        let until = match licence.valid_to {
            Some(day) => filters::date_text(page.lang(), day),
            None => page.t("portal-licence-no-end").into_owned(),
        };
        list = list
            .text(page.t("portal-licence-name"), &licence.name)
            .text(page.t("portal-licence-number"), &licence.number)
            .text(page.t("portal-licence-state"), page.t(&format!("licence-status-{}", licence.status)))
            .text(page.t("portal-licence-begins"), filters::date_text(page.lang(), licence.valid_from))
            .text(page.t("portal-licence-ends"), until);
    }
    Ok(list)
}

async fn by_code(State(state): State<AppState>, page: Page, PathId(code): PathId<String>) -> Answer {
    let code: String = code.chars().take(60).collect();
    let Some(paper) = check_code(&state.cases.store, &code).await? else {
        let again = view(&page, &code, &page.t("portal-verify-unknown-code"), "");
        return Ok(page.html_with_status(StatusCode::NOT_FOUND, &again));
    };
    let mut view = view(&page, &grouped(&code), "", "");
    let over = paper.licence.as_ref().is_some_and(|licence| licence.status != "valid");
    view.verdict = Some(match (&paper.issued_at, over) {
        (None, _) => Notice::new(Tone::Info, page.t("portal-verdict-making"), page.t("portal-verdict-making-text")),
        (Some(_), true) => Notice::new(Tone::Warn, page.t("portal-verdict-over"), page.t("portal-verdict-over-text")),
        (Some(_), false) => Notice::new(Tone::Good, page.t("portal-verdict-record"), page.t("portal-verdict-record-text")),
    });
    view.paper = Some(about(&state, &page, &paper).await?);
    view.sha256 = paper.sha256.unwrap_or_default();
    Ok(page.html(&view))
}

async fn check(State(state): State<AppState>, page: Page, mut uploads: Uploads) -> Answer {
    let mut bytes = Vec::new();
    while let Some(mut part) = uploads.next().await? {
        let ours = part.name() == "file" && bytes.is_empty();
        while let Some(piece) = part.chunk().await? {
            if ours {
                bytes.extend_from_slice(&piece);
            }
        }
    }
    if bytes.is_empty() {
        let again = view(&page, "", "", &page.t("portal-file-none"));
        return Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again));
    }
    let checked = check_file(&state.records, bytes).await?;
    let mut view = view(&page, "", "", "");
    let (tone, name) = match (checked.signature.verdict, &checked.known) {
        (Verdict::Genuine, Some(_)) => (Tone::Good, "genuine"),
        (Verdict::Genuine, None) => (Tone::Warn, "signed-only"),
        (Verdict::Changed | Verdict::NotWhole | Verdict::BadSignature, _) => (Tone::Bad, "changed"),
        (Verdict::NotPdf, _) => (Tone::Bad, "not-pdf"),
        (Verdict::Unsigned | Verdict::Stranger, _) => (Tone::Bad, "unknown"),
    };
    view.verdict = Some(Notice::new(tone, page.t(&format!("portal-verdict-{name}")), page.t(&format!("portal-verdict-{name}-text"))));
    if let Some(paper) = &checked.known {
        view.paper = Some(about(&state, &page, paper).await?);
        view.sha256 = paper.sha256.clone().unwrap_or_default();
    }
    Ok(page.html(&view))
}
