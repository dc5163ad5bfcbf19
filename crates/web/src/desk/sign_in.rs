//! The staff's own door.

use banhao_identity::{IdentityError, sign_in_staff};
use serde::Deserialize;

use crate::page::is_local;
use crate::prelude::*;
use crate::session;

pub(super) fn routes() -> Router<AppState> {
    Router::new().route("/desk/sign-in", get(show).post(sign_in))
}

#[derive(Debug, Deserialize)]
struct Back {
    #[serde(default)]
    back: String,
}

/// Where to go after signing in: a page of staff on this site.
fn after(back: &str) -> &str {
    let for_staff = ["/desk", "/screens"].iter().any(|part| back.starts_with(part)) && !back.starts_with("/desk/sign-in");
    if is_local(back) && for_staff { back } else { "/desk" }
}

#[derive(Template)]
#[template(path = "desk/sign_in.html")]
struct SignInPage {
    page: Page,
    errors: ErrorSummary,
    back: String,
    login: Field,
    password: Field,
}

fn view(page: &Page, back: &str, login: &str, mistake: &str) -> SignInPage {
    let login = Field::text("login", page.t("desk-login")).value(login).required().autocomplete("username").error(mistake);
    let password = Field::new(FieldKind::Password, "password", page.t("desk-password")).required().autocomplete("current-password");
    SignInPage { errors: ErrorSummary::of([&login]), back: back.to_owned(), login, password, page: page.clone() }
}

async fn show(page: Page, Asked(Back { back }): Asked<Back>) -> Answer {
    Ok(page.html(&view(&page, &back, "", "")))
}

async fn sign_in(State(state): State<AppState>, page: Page, fields: Fields) -> Answer {
    let (back, login) = (fields.get("back"), fields.get("login"));
    match sign_in_staff(&state.cases.store, login, fields.get("password")).await {
        Ok(signed_in) => {
            session::begin(&page, &signed_in);
            Ok(page.redirect(after(back)))
        }
        Err(IdentityError::WrongCredentials) => {
            let again = view(&page, back, login, &page.t("desk-sign-in-wrong"));
            Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
        Err(error) => Err(error.into()),
    }
}
