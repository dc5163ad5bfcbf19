//! Signing in, registering, signing out. After signing in the reader comes back to where they wanted to go, on this site only.

use banhao_identity::{IdentityError, Registration, register_person, sign_in_person};
use banhao_kernel::problem::FieldProblem;
use banhao_texts::{self as texts, Lang};
use serde::Deserialize;

use super::encoded;
use crate::page::is_local;
use crate::prelude::*;
use crate::session;

pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route("/sign-in", get(show_sign_in).post(sign_in))
        .route("/register", get(show_register).post(register))
        .route("/sign-out", post(sign_out))
}

#[derive(Debug, Deserialize)]
struct Back {
    #[serde(default)]
    back: String,
}

/// Where to go after signing in: a local path that is no page about accounts.
fn after(back: &str) -> &str {
    let about_accounts = ["/sign-in", "/sign-out", "/register"].iter().any(|page| back.starts_with(page));
    if is_local(back) && !about_accounts { back } else { "/my" }
}

#[derive(Template)]
#[template(path = "portal/sign_in.html")]
struct SignInPage {
    page: Page,
    errors: ErrorSummary,
    back: String,
    register_href: String,
    login: Field,
    password: Field,
}

fn sign_in_view(page: &Page, back: &str, login: &str, mistake: &str) -> SignInPage {
    let login =
        Field::text("login", page.t("portal-login")).hint(page.t("portal-login-hint")).value(login).required().autocomplete("username");
    let password = Field::new(FieldKind::Password, "password", page.t("portal-password")).required().autocomplete("current-password");
    let login = login.error(mistake);
    SignInPage {
        errors: ErrorSummary::of([&login]),
        register_href: if back.is_empty() { "/register".to_owned() } else { format!("/register?back={}", encoded(back)) },
        back: back.to_owned(),
        login,
        password,
        page: page.clone(),
    }
}

async fn show_sign_in(page: Page, Asked(Back { back }): Asked<Back>) -> Answer {
    // Staff have a door of their own.
    let path = back.split('?').next().unwrap_or_default();
    if ["/desk", "/screens"].iter().any(|part| path.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))) {
        return Ok(page.redirect(&format!("/desk/sign-in?back={}", encoded(&back))));
    }
    Ok(page.html(&sign_in_view(&page, &back, "", "")))
}

async fn sign_in(State(state): State<AppState>, page: Page, fields: Fields) -> Answer {
    let (back, login) = (fields.get("back"), fields.get("login"));
    match sign_in_person(&state.cases.store, login, fields.get("password")).await {
        Ok(signed_in) => {
            session::begin(&page, &signed_in);
            Ok(page.redirect(after(back)))
        }
        Err(IdentityError::WrongCredentials) => {
            let again = sign_in_view(&page, back, login, &page.t("portal-sign-in-wrong"));
            Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &again))
        }
        Err(IdentityError::TooManyAttempts { seconds }) => {
            let minutes = (seconds.max(0) / 60 + 1).to_string();
            let again = sign_in_view(&page, back, login, &page.t_args("portal-sign-in-wait", &[("minutes", &minutes)]));
            Ok(page.html_with_status(StatusCode::TOO_MANY_REQUESTS, &again))
        }
        Err(error) => Err(error.into()),
    }
}

async fn sign_out(State(state): State<AppState>, page: Page) -> Answer {
    session::end(&state, &page).await?;
    Ok(page.redirect_with("/", &Flash::good("portal-signed-out")))
}

// ---- registering ------------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "portal/register.html")]
struct RegisterPage {
    page: Page,
    errors: ErrorSummary,
    back: String,
    fields: Vec<Field>,
}

/// The text of a mistake in this form; the form's own words where the general ones would not fit.
fn mistake(lang: Lang, problems: &[FieldProblem], field: &str) -> String {
    problems.iter().find(|problem| problem.field == field).map_or_else(String::new, |problem| {
        let own = format!("portal-field-{}", problem.code);
        if texts::has(lang, &own) { texts::t(lang, &own).into_owned() } else { texts::field_text(lang, problem) }
    })
}

fn register_view(page: &Page, sent: &Fields, problems: &[FieldProblem]) -> RegisterPage {
    let wrong = |field: &str| mistake(page.lang(), problems, field);
    let fields = vec![
        Field::text("name", page.t("portal-person-name"))
            .value(sent.get("name"))
            .required()
            .autocomplete("name")
            .max_length(50)
            .error(wrong("name")),
        Field::new(FieldKind::Code, "citizen_number", page.t("portal-person-number"))
            .hint(page.t("portal-person-number-hint"))
            .value(sent.get("citizen_number"))
            .required()
            .error(wrong("citizen_number")),
        Field::new(FieldKind::Tel, "mobile", page.t("portal-person-mobile"))
            .hint(page.t("portal-person-mobile-hint"))
            .value(sent.get("mobile"))
            .required()
            .autocomplete("tel")
            .error(wrong("mobile")),
        Field::text("address", page.t("portal-person-address")).value(sent.get("address")).autocomplete("street-address").max_length(200),
        Field::new(FieldKind::Password, "password", page.t("portal-password"))
            .hint(page.t("portal-password-hint"))
            .required()
            .autocomplete("new-password")
            .error(wrong("password")),
    ];
    RegisterPage { errors: ErrorSummary::of(&fields), back: sent.get("back").to_owned(), fields, page: page.clone() }
}

async fn show_register(page: Page, Asked(Back { back }): Asked<Back>) -> Answer {
    let empty = Fields::new(vec![("back".to_owned(), back)]);
    Ok(page.html(&register_view(&page, &empty, &[])))
}

async fn register(State(state): State<AppState>, page: Page, fields: Fields) -> Answer {
    let password = fields.get("password").to_owned();
    let registration = Registration {
        name: fields.get("name").to_owned(),
        citizen_number: fields.get("citizen_number").to_owned(),
        mobile: fields.get("mobile").to_owned(),
        address: Some(fields.get("address").to_owned()).filter(|address| !address.is_empty()),
        password: password.clone(),
    };
    let problems = match register_person(&state.cases.store, registration).await {
        Ok(_) => {
            let signed_in = sign_in_person(&state.cases.store, fields.get("citizen_number"), &password).await?;
            session::begin(&page, &signed_in);
            return Ok(page.redirect_with(after(fields.get("back")), &Flash::good("portal-registered")));
        }
        Err(IdentityError::Invalid { fields }) => fields,
        Err(IdentityError::AccountExists) => vec![FieldProblem::new("citizen_number", "account-exists")],
        Err(error) => return Err(error.into()),
    };
    Ok(page.html_with_status(StatusCode::UNPROCESSABLE_ENTITY, &register_view(&page, &fields, &problems)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site_or_in_a_circle() {
        assert_eq!(after("/apply/food-licence"), "/apply/food-licence");
        for bad in ["", "https://evil.example/", "//evil.example", "/\\evil", "/sign-in?back=/x", "/sign-out", "my"] {
            assert_eq!(after(bad), "/my", "{bad}");
        }
    }
}
