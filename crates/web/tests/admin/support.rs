//! What the tests of the editor share: the form of a table as a browser would send it, uploads, one more editor.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use banhao_identity::{StaffDefinition, follow_definitions};
use tower::ServiceExt;

use crate::town::{Browser, Reply, Town};

pub const MATTER: &str = "/admin/processes/food-licence";

/// Value of every control of the table as the page shows it, as a browser would send it.
pub fn controls(page: &str) -> Vec<(String, String)> {
    let (_, form) = page.split_once("data-editor-form").unwrap();
    let (form, _) = form.split_once("</form>").unwrap();
    let attribute = |tag: &str, name: &str| {
        let (_, after) = tag.split_once(&format!(" {name}=\""))?;
        Some(after.split('"').next().unwrap().replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&"))
    };
    let mut found = Vec::new();
    let mut select = String::new();
    for tag in form.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap();
        match tag.split_whitespace().next().unwrap_or_default() {
            "input" => {
                let is_box = attribute(tag, "type").as_deref() == Some("checkbox");
                let name = attribute(tag, "name").unwrap();
                if name != "csrf" && (!is_box || tag.ends_with(" checked")) {
                    found.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            }
            "select" => {
                select = attribute(tag, "name").unwrap();
                found.push((select.clone(), String::new()));
            }
            "option" if tag.ends_with(" selected") => {
                found.retain(|(name, _)| *name != select);
                found.push((select.clone(), attribute(tag, "value").unwrap_or_default()));
            }
            _ => {}
        }
    }
    found
}

pub async fn send(browser: &mut Browser<'_>, path: &str, fields: &[(String, String)]) -> Reply {
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &pairs).await
}

pub fn with(mut fields: Vec<(String, String)>, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    for (name, value) in changes {
        fields.retain(|(there, _)| there != name);
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    fields
}

/// Begins a draft; gives its address.
pub async fn begun(editor: &mut Browser<'_>) -> String {
    editor.get(MATTER).await;
    let reply = editor.post(MATTER, &[]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    reply.header("location").to_owned()
}

/// Value of a hidden field of a page.
pub fn hidden(page: &str, name: &str) -> String {
    let (_, after) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}: {page}"));
    after.split('"').next().unwrap().to_owned()
}

/// Number of the row with this id.
pub fn row_of(fields: &[(String, String)], id: &str) -> String {
    let found = fields.iter().find(|(name, value)| name.ends_with(".id") && value == id);
    found.unwrap_or_else(|| panic!("no row {id}")).0.trim_end_matches(".id").to_owned()
}

/// The stored process of a draft.
pub async fn stored(browser: &mut Browser<'_>, draft: &str) -> String {
    let reply = browser.get(&format!("{draft}/files/process.bpmn")).await;
    assert_eq!(reply.status, StatusCode::OK);
    reply.text().to_owned()
}

/// Sends files: name of the field, name of the file, content.
pub async fn upload(browser: &mut Browser<'_>, draft: &str, seen: &str, files: &[(&str, &str, &[u8])]) -> Reply {
    const BOUNDARY: &str = "----banhao-test-boundary";
    browser.get(&format!("{draft}/discard")).await;
    let mut body = Vec::new();
    let mut part = |head: String, content: &[u8]| {
        body.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n").as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    };
    part("name=\"csrf\"".to_owned(), browser.token.as_bytes());
    part("name=\"seen\"".to_owned(), seen.as_bytes());
    for (field, file, content) in files {
        let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"\r\nContent-Type: application/octet-stream") };
        part(format!("name=\"{field}\"{file}"), content);
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("{draft}/upload"))
        .header("host", "site.example")
        .header("accept", "text/html")
        .header("cookie", cookies.join("; "))
        .header("content-length", body.len().to_string())
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(Body::from(body))
        .unwrap();
    let (parts, body) = browser.town.router.clone().oneshot(request).await.unwrap().into_parts();
    for line in parts.headers.get_all(header::SET_COOKIE) {
        let (name, value) = line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
        browser.cookies.insert(name.to_owned(), value.to_owned());
    }
    Reply { status: parts.status, headers: parts.headers, body: to_bytes(body, usize::MAX).await.unwrap().to_vec() }
}

/// One more person on the staff.
pub async fn joins(town: &mut Town, login: &str, organisation: &str, post: &str) {
    town.staff.push(StaffDefinition {
        login: login.to_owned(),
        name: format!("测试{login}"),
        organisation: organisation.to_owned(),
        posts: vec![post.to_owned()],
        hall: None,
        windows: Vec::new(),
    });
    follow_definitions(&town.bed.store, town.staff.clone()).await.unwrap();
}
