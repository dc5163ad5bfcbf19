//! What every page gets without asking: headers, languages, CSRF check, problem pages, limits.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use banhao_kernel::Timestamp;
use banhao_kernel::clock::ManualClock;
use banhao_kernel::entropy::SeededEntropy;
use banhao_kernel::problem::{FieldProblem, Problem, ProblemKind};
use banhao_web::prelude::*;
use banhao_web::shell::{Shell, Site, WebConfig};
use banhao_web::{assets, csrf, layers};
use futures_util::stream;
use tower::ServiceExt;

// ---- a small site ----------------------------------------------------------------------------------------------

#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% extends "layouts/portal.html" %}{% block title %}x{% endblock %}{% block main %}{% if form %}<form method="post" action="/form">{{ page.csrf_field() }}</form>{% endif %}{% endblock %}"#
)]
struct Small {
    page: Page,
    form: bool,
}

async fn plain(page: Page) -> Answer {
    Ok(page.html(&Small { page: page.clone(), form: false }))
}

async fn with_form(page: Page) -> Answer {
    Ok(page.html(&Small { page: page.clone(), form: true }))
}

async fn take_form(page: Page, fields: Fields) -> Answer {
    assert!(!fields.has(csrf::FIELD), "the token is no field of the form");
    Ok(page.redirect_with("/plain", &Flash::good("web-track").with("n", fields.all("tick").len())))
}

async fn take_files(mut uploads: Uploads) -> Answer {
    let mut names = Vec::new();
    while let Some(mut part) = uploads.next().await? {
        let mut length = 0;
        while let Some(chunk) = part.chunk().await? {
            length += chunk.len();
        }
        names.push(format!("{}={}:{length}", part.name(), part.file_name()));
    }
    Ok(names.join(",").into_response())
}

async fn wrong() -> Answer {
    let fields = vec![FieldProblem::new("name", "web-test")];
    Err(Problem::new("no-such-words", ProblemKind::Conflict).with_fields(fields).into())
}

#[expect(clippy::panic, reason = "the test is about panics")]
async fn panics() -> Answer {
    panic!("a secret detail");
}

async fn path(PathId(id): PathId<banhao_kernel::ids::CaseId>) -> Answer {
    Ok(id.to_string().into_response())
}

fn site(config: WebConfig) -> Router {
    let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
    let entropy = Arc::new(SeededEntropy::new(7));
    let names = Site { name: "示范站".into(), name_en: "Model site".into(), ..Site::default() };
    let shell = Arc::new(Shell::new(names, config, clock, entropy, [3; 32]));
    let router = Router::new()
        .route("/plain", get(plain))
        .route("/form", get(with_form).post(take_form))
        .route("/files", body::limit(post(take_files), 64 * 1024))
        .route("/wrong", get(wrong))
        .route("/panics", get(panics))
        .route("/case/{id}", get(path))
        .route("/typed", post(|Form(_): Form<Vec<(String, u32)>>| async { "read" }));
    layers::wrap(router, Arc::clone(&shell)).with_state(())
}

struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    fn cookies(&self) -> String {
        let lines = self.headers.get_all(header::SET_COOKIE).iter();
        lines.map(|line| line.to_str().unwrap().split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
    }

    fn token(&self) -> String {
        let start = self.body.find(r#"name="csrf" value=""#).unwrap() + r#"name="csrf" value=""#.len();
        self.body[start..].split('"').next().unwrap().to_owned()
    }
}

async fn send(router: &Router, request: Request<Body>) -> Reply {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Reply { status: parts.status, headers: parts.headers, body: String::from_utf8(bytes.to_vec()).unwrap() }
}

fn request(method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let mut builder = Request::builder().method(method).uri(path).header("host", "site.example").header("accept", "text/html");
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(body.into()).unwrap()
}

async fn open(router: &Router, path: &str, headers: &[(&str, &str)]) -> Reply {
    send(router, request(Method::GET, path, headers, "")).await
}

const URLENCODED: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

// ---- headers ---------------------------------------------------------------------------------------------------

#[tokio::test]
async fn every_answer_is_protected() {
    let router = site(WebConfig::default());
    for path in ["/plain", "/no-such-page", "/wrong", assets::href("portal.css")] {
        let reply = open(&router, path, &[]).await;
        assert_eq!(reply.header("content-security-policy"), layers::CONTENT_SECURITY_POLICY, "{path}");
        assert!(!reply.header("content-security-policy").contains("unsafe"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("x-frame-options"), "DENY");
        assert_eq!(reply.header("referrer-policy"), "same-origin");
        assert_eq!(reply.header("x-request-id").len(), 16);
        assert_eq!(reply.header("strict-transport-security"), "");
    }
}

#[tokio::test]
async fn behind_https_cookies_are_secure_and_browsers_are_told() {
    let router = site(WebConfig { https: true, ..WebConfig::default() });
    let reply = open(&router, "/form", &[]).await;
    assert_eq!(reply.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
    assert!(reply.header("set-cookie").starts_with("__Host-banhao_visitor="));
    assert!(reply.header("set-cookie").contains("Secure") && reply.header("set-cookie").contains("HttpOnly"));
}

#[tokio::test]
async fn pages_have_no_inline_scripts_or_styles() {
    let router = site(WebConfig::default());
    for path in ["/plain", "/form", "/no-such-page"] {
        let page = open(&router, path, &[]).await.body;
        assert!(!page.contains("style=") && !page.contains("<style") && !page.contains("onclick"), "{path}");
        assert!(page.matches("<script").count() == page.matches("<script type=\"module\" src=\"/assets/").count(), "{path}");
    }
}

#[tokio::test]
async fn shared_pages_can_be_revalidated_and_personal_ones_are_not_kept() {
    let router = site(WebConfig::default());
    let first = open(&router, "/plain", &[]).await;
    assert_eq!(first.header("cache-control"), "no-cache");
    assert_eq!(first.header("set-cookie"), "", "a page without form sets no cookie");
    let tag = first.header("etag").to_owned();
    let second = open(&router, "/plain", &[("if-none-match", &tag)]).await;
    assert_eq!(second.status, StatusCode::NOT_MODIFIED);
    assert_eq!(second.body, "");
    let english = open(&router, "/plain", &[("if-none-match", &tag), ("accept-language", "en")]).await;
    assert_eq!(english.status, StatusCode::OK);
    let personal = open(&router, "/form", &[]).await;
    assert_eq!(personal.header("cache-control"), "no-store");
    assert_eq!(personal.header("etag"), "");
}

#[tokio::test]
async fn pages_travel_compressed() {
    let router = site(WebConfig::default());
    let request = request(Method::GET, "/plain", &[("accept-encoding", "gzip")], "");
    let response = router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_ENCODING], "gzip");
}

#[tokio::test]
async fn a_proxys_request_id_is_kept_when_it_looks_like_one() {
    let router = site(WebConfig::default());
    assert_eq!(open(&router, "/plain", &[("x-request-id", "abc-12345678")]).await.header("x-request-id"), "abc-12345678");
    assert_eq!(open(&router, "/plain", &[("x-request-id", "no spaces please")]).await.header("x-request-id").len(), 16);
}

// ---- languages -------------------------------------------------------------------------------------------------

#[tokio::test]
async fn the_language_can_be_chosen_and_is_remembered() {
    let router = site(WebConfig::default());
    let chinese = open(&router, "/plain", &[]).await;
    assert!(chinese.body.contains("<html lang=\"zh-CN\"") && chinese.body.contains("示范站"));
    assert!(chinese.body.contains("href=\"/plain?lang=en\""));
    let english = open(&router, "/plain?lang=en", &[]).await;
    assert!(english.body.contains("<html lang=\"en\"") && english.body.contains("Model site"));
    assert_eq!(english.header("content-language"), "en");
    assert_eq!(english.cookies(), "banhao_lang=en");
    let later = open(&router, "/plain", &[("cookie", &english.cookies())]).await;
    assert!(later.body.contains("<html lang=\"en\""));
    let large = open(&router, "/plain?large=1", &[]).await;
    assert!(large.body.contains("class=\"portal large\""));
    assert_eq!(large.cookies(), "banhao_large=1");
}

#[tokio::test]
async fn no_page_shows_a_missing_text() {
    let router = site(WebConfig::default());
    for path in ["/plain", "/plain?lang=en", "/no-such-page", "/no-such-page?lang=en", "/panics", "/wrong?lang=en"] {
        let page = open(&router, path, &[]).await.body;
        assert!(!page.contains('⟦') || path.starts_with("/wrong"), "{path}: {page}");
    }
}

// ---- forms and CSRF --------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_form_of_ours_is_accepted_and_leaves_a_message_once() {
    let router = site(WebConfig::default());
    let page = open(&router, "/form", &[]).await;
    let body = format!("csrf={}&tick=a&tick=b", page.token());
    let cookies = page.cookies();
    let sent = [URLENCODED, ("cookie", cookies.as_str()), ("origin", "http://site.example"), ("sec-fetch-site", "same-origin")];
    let reply = send(&router, request(Method::POST, "/form", &sent, body)).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/plain"));
    let flash = reply.cookies();
    let shown = open(&router, "/plain", &[("cookie", &flash)]).await;
    assert!(shown.body.contains("flash") && shown.body.contains("role=\"status\""));
    assert!(shown.header("set-cookie").starts_with("banhao_flash=; "));
    assert_eq!(shown.header("cache-control"), "no-store");
    let forged = open(&router, "/plain", &[("cookie", "banhao_flash=eyJ0b25lIjoiZ29vZCIsImtleSI6IngifQ.AAAA")]).await;
    assert!(!forged.body.contains("role=\"status\""));
}

#[tokio::test]
async fn a_forged_form_is_refused() {
    let router = site(WebConfig::default());
    let page = open(&router, "/form", &[]).await;
    let stranger = open(&router, "/form", &[]).await;
    let good = format!("csrf={}", page.token());
    let cookies = page.cookies();
    let own = ("cookie", cookies.as_str());
    let session = format!("{cookies}; banhao_session=abcdefgh");
    type Attempt<'a> = (&'a str, Vec<(&'a str, &'a str)>, String);
    let attempts: Vec<Attempt<'_>> = vec![
        ("no token", vec![own], String::new()),
        ("no cookie", vec![], good.clone()),
        ("another browser's token", vec![own], format!("csrf={}", stranger.token())),
        ("a token from before signing in", vec![("cookie", session.as_str())], good.clone()),
        ("a changed token", vec![own], good.replace('=', "=A")),
        ("another site by fetch metadata", vec![own, ("sec-fetch-site", "cross-site")], good.clone()),
        ("a sister site", vec![own, ("sec-fetch-site", "same-site")], good.clone()),
        ("another origin", vec![own, ("origin", "http://evil.example")], good.clone()),
        ("an opaque origin", vec![own, ("origin", "null")], good.clone()),
    ];
    for (what, mut headers, body) in attempts {
        headers.push(URLENCODED);
        let reply = send(&router, request(Method::POST, "/form", &headers, body)).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{what}");
        assert!(reply.body.contains("<main") && reply.header("content-type").starts_with("text/html"), "{what}");
    }
    let reply = send(&router, request(Method::POST, "/form", &[own, URLENCODED], good)).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "the same without forgery");
}

#[tokio::test]
async fn tokens_differ_each_time_and_scripts_may_send_them_in_a_header() {
    let router = site(WebConfig::default());
    let page = open(&router, "/form", &[]).await;
    let again = open(&router, "/form", &[("cookie", &page.cookies())]).await;
    assert_ne!(page.token(), again.token());
    let token = again.token();
    let cookies = page.cookies();
    let headers = [URLENCODED, ("cookie", cookies.as_str()), (csrf::HEADER, token.as_str())];
    assert_eq!(send(&router, request(Method::POST, "/form", &headers, "a=b")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_unreadable_form_is_a_problem_page() {
    let router = site(WebConfig::default());
    let page = open(&router, "/form", &[]).await;
    let cookies = page.cookies();
    let body = format!("csrf={}&n=many", page.token());
    let reply = send(&router, request(Method::POST, "/typed", &[URLENCODED, ("cookie", &cookies)], body)).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert!(reply.body.contains("<main") && reply.body.contains("web-bad-form"));
}

// ---- uploads ---------------------------------------------------------------------------------------------------

fn multipart(token: &str, length: usize) -> String {
    format!(
        "--XX\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--XX\r\nContent-Disposition: form-data; \
         name=\"file\"; filename=\"C:\\\\..\\\\plan.pdf\"\r\nContent-Type: application/pdf\r\n\r\n{}\r\n--XX--\r\n",
        "x".repeat(length)
    )
}

const MULTIPART: (&str, &str) = ("content-type", "multipart/form-data; boundary=XX");

/// A body without declared length, in small pieces, as a browser on a slow line sends it.
fn trickle(text: String) -> Body {
    let pieces: Vec<_> = text.into_bytes().chunks(50).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
    Body::from_stream(stream::iter(pieces))
}

#[tokio::test]
async fn an_upload_arrives_whole_in_whatever_pieces() {
    let router = site(WebConfig::default());
    let page = open(&router, "/form", &[]).await;
    let cookies = page.cookies();
    let text = multipart(&page.token(), 30_000);
    for body in [Body::from(text.clone()), trickle(text)] {
        let reply = send(&router, request(Method::POST, "/files", &[MULTIPART, ("cookie", &cookies)], body)).await;
        assert_eq!((reply.status, reply.body.as_str()), (StatusCode::OK, "file=plan.pdf:30000"));
    }
}

#[tokio::test]
async fn an_upload_without_token_is_refused() {
    let router = site(WebConfig::default());
    let page = open(&router, "/form", &[]).await;
    let cookies = page.cookies();
    for text in [multipart("wrong", 10), "--XX--\r\n".to_owned(), String::new(), "garbage".repeat(2000)] {
        let reply = send(&router, request(Method::POST, "/files", &[MULTIPART, ("cookie", &cookies)], text)).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn too_much_is_answered_with_a_friendly_page() {
    let router = site(WebConfig::default());
    let page = open(&router, "/form", &[]).await;
    let cookies = page.cookies();
    let own = ("cookie", cookies.as_str());
    let text = multipart(&page.token(), 70_000);
    let length = text.len().to_string();
    let declared = ("content-length", length.as_str());
    for (headers, body) in [(vec![MULTIPART, own, declared], Body::from(text.clone())), (vec![MULTIPART, own], trickle(text))] {
        let reply = send(&router, request(Method::POST, "/files", &headers, body)).await;
        assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(reply.body.contains("64 KB") && reply.body.contains("<main"), "the page names the limit");
    }
    // Two gigabytes are never read into memory: the declared length is enough to say no.
    let huge = [MULTIPART, own, ("content-length", "2147483648")];
    let reply = send(&router, request(Method::POST, "/files", &huge, multipart(&page.token(), 10))).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    let form = format!("csrf={}&text={}", page.token(), "x".repeat(1024 * 1024));
    let reply = send(&router, request(Method::POST, "/form", &[URLENCODED, own], form)).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}

// ---- problems --------------------------------------------------------------------------------------------------

#[tokio::test]
async fn an_unknown_address_is_a_page_with_search() {
    let router = site(WebConfig::default());
    let reply = open(&router, "/no-such-page", &[]).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert!(reply.body.contains("action=\"/search\"") && reply.body.contains("没有找到这个页面"));
    let english = open(&router, "/no-such-page?lang=en", &[]).await;
    assert!(english.body.contains("This page was not found"));
    assert_eq!(open(&router, "/case/not-an-id", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(open(&router, "/case/%ff", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_wrong_method_is_a_page_too() {
    let router = site(WebConfig::default());
    let reply = send(&router, request(Method::PUT, "/plain", &[], "")).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "what changes something needs a token first");
    let page = open(&router, "/form", &[]).await;
    let token = page.token();
    let cookies = page.cookies();
    let reply = send(&router, request(Method::PUT, "/plain", &[("cookie", &cookies), (csrf::HEADER, &token)], "")).await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(reply.header("allow"), "GET,HEAD");
    assert!(reply.body.contains("<main"));
}

#[tokio::test]
async fn a_panic_is_a_page_that_tells_nothing_of_it() {
    let router = site(WebConfig::default());
    let reply = open(&router, "/panics", &[]).await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!reply.body.contains("secret"));
    assert!(reply.body.contains(reply.header("x-request-id")), "the number to tell on the telephone");
}

#[tokio::test]
async fn machines_get_problem_json() {
    let router = site(WebConfig::default());
    let request = Request::get("/wrong").header("accept", "application/json").body(Body::empty()).unwrap();
    let reply = send(&router, request).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.header("content-type").starts_with("application/problem+json"));
    let json: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(json["code"], "no-such-words");
    assert_eq!(json["status"], 409);
    assert_eq!(json["errors"][0]["field"], "name");
    assert_eq!(json["translation"]["lang"], "en");
    assert!(json["title"].as_str().unwrap().chars().any(|letter| letter > '\u{4e00}'), "words by kind when a code has none");
    let api = send(&router, Request::post("/api/nothing").body(Body::empty()).unwrap()).await;
    assert_eq!(api.status, StatusCode::NOT_FOUND);
    assert!(api.header("content-type").starts_with("application/problem+json"));
}

#[tokio::test]
async fn a_redirect_stays_on_this_site() {
    for (to, local) in [
        ("/", true),
        ("/me?x=1#y", true),
        ("//evil.example", false),
        ("/\\evil.example", false),
        ("https://evil.example", false),
        ("/a\r\nb", false),
        ("", false),
    ] {
        assert_eq!(banhao_web::page::is_local(to), local, "{to:?}");
    }
}

// ---- files, live pages, stopping -------------------------------------------------------------------------------

#[tokio::test]
async fn a_file_may_be_framed_by_us_only() {
    let answer = || async { banhao_web::file::file("application/pdf", "许可证.pdf", banhao_web::file::Use::Look, "%PDF") };
    let shell = Arc::new(Shell::new(
        Site::default(),
        WebConfig::default(),
        Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH)),
        Arc::new(SeededEntropy::new(1)),
        [0; 32],
    ));
    let router: Router = layers::wrap(Router::new().route("/file", get(answer)), shell);
    let reply = open(&router, "/file", &[]).await;
    assert_eq!(reply.header("content-security-policy"), banhao_web::file::POLICY);
    assert_eq!(reply.header("x-frame-options"), "SAMEORIGIN");
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn signing_in_leads_back() {
    let router = site(WebConfig::default());
    let page = open(&router, "/plain?a=1&b=2", &[]).await;
    assert!(page.body.contains("href=\"/sign-in?back=%2Fplain%3Fa%3D1%26b%3D2\""));
}

#[tokio::test]
async fn a_live_page_sends_what_changed_and_ends_with_the_server() {
    use futures_util::StreamExt;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    let shell = Shell::new(
        Site::default(),
        WebConfig::default(),
        Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH)),
        Arc::new(SeededEntropy::new(1)),
        [0; 32],
    );
    let changes = tokio::sync::watch::Sender::new(0_u64);
    let count = Arc::new(AtomicU64::new(1));
    let seen = Arc::clone(&count);
    let response = banhao_web::live::live(&shell, changes.subscribe(), Duration::ZERO, Duration::from_secs(3600), move || {
        let now = seen.load(Ordering::SeqCst);
        async move {
            Ok(vec![
                banhao_web::live::LivePart { id: "same", html: "always".into() },
                banhao_web::live::LivePart { id: "count", html: format!("<b>{now}</b>") },
            ])
        }
    });
    let mut events = response.into_body().into_data_stream();
    let first = String::from_utf8(events.next().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(first.contains("event: parts") && first.contains("always") && first.contains("<b>1</b>"), "{first}");
    count.store(2, Ordering::SeqCst);
    changes.send_replace(1);
    let second = String::from_utf8(events.next().await.unwrap().unwrap().to_vec()).unwrap();
    assert!(!second.contains("always") && second.contains("<b>2</b>"), "only what changed: {second}");
    shell.close();
    assert!(events.next().await.is_none(), "the stream ends when the server stops");
}

#[tokio::test]
async fn stopping_lets_a_running_request_finish() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::Notify;

    let (started, go_on, stop) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (started, go_on) = (Arc::clone(&started), Arc::clone(&go_on));
        move || async move {
            started.notify_one();
            go_on.notified().await;
            "finished"
        }
    };
    let shell = Arc::new(Shell::new(
        Site::default(),
        WebConfig::default(),
        Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH)),
        Arc::new(SeededEntropy::new(1)),
        [0; 32],
    ));
    let router: Router = layers::wrap(Router::new().route("/slow", get(slow)), Arc::clone(&shell));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let order = Arc::clone(&stop);
    let server =
        tokio::spawn(async move { banhao_web::serve::serve(listener, router, shell, async move { order.notified().await }).await });
    let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
    client.write_all(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    started.notified().await;
    stop.notify_one();
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    go_on.notify_one();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("finished"), "{answer}");
    server.await.unwrap().unwrap();
}
