//! A town with staff at their desks: the program's router over a fresh store, and browsers that keep cookies and tokens.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use banhao_cases::facts::{Decision, Verdict};
use banhao_cases::queries::file::{CaseFile, case_file};
use banhao_cases::{CaseContext, StoredFile, samples};
use banhao_catalogue::Catalogue;
use banhao_identity::{Principal, Registration, StaffDefinition, follow_definitions, set_staff_password, staff_member};
use banhao_kernel::actor::{Actor, Channel};
use banhao_kernel::clock::Clock;
use banhao_kernel::entropy::SeededEntropy;
use banhao_kernel::ids::{CaseId, DraftId};
use banhao_papers::{Engine, KeyStore, Subject};
use banhao_records::RecordsContext;
use banhao_store::{MigrationSet, Runner};
use banhao_testbed::Bed;
use banhao_web::shell::{Shell, Site, WebConfig};
use banhao_web::{AppState, desk, layers, portal};
use tower::ServiceExt;

pub const ALL: &[MigrationSet] =
    &[banhao_catalogue::MIGRATIONS, banhao_identity::MIGRATIONS, banhao_records::MIGRATIONS, banhao_cases::MIGRATIONS];
pub const PASSWORD: &str = "a long pass phrase";

pub struct Town {
    pub bed: Bed,
    pub cases: CaseContext,
    pub runner: Runner,
    pub router: Router,
    pub staff: Vec<StaffDefinition>,
    pub citizen: Principal,
}

impl Town {
    pub async fn new(bed: Bed) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../honghu");
        banhao_catalogue::import(&bed.store, &folder, Actor::System).await.unwrap();
        let cases = CaseContext::new(bed.store.clone(), Arc::new(Catalogue::new()));
        let define = |post: &banhao_catalogue::model::StaffPost| StaffDefinition {
            login: post.login.clone(),
            name: post.name.clone(),
            organisation: post.organisation.clone(),
            posts: post.posts.iter().map(|post| post.as_str().to_owned()).collect(),
            hall: post.hall.clone(),
            windows: post.windows.clone(),
        };
        let staff: Vec<_> = cases.snapshot().await.unwrap().staff.iter().map(define).collect();
        follow_definitions(&bed.store, staff.clone()).await.unwrap();
        let subject = Subject { organisation: "洪湖市政务服务平台".into(), demo: true };
        let keys = KeyStore::open_or_generate(&bed.folder().join("keys"), &subject, bed.store.entropy().as_ref(), bed.store.now()).unwrap();
        let records = RecordsContext {
            store: bed.store.clone(),
            catalogue: Arc::clone(&cases.catalogue),
            engine: Arc::new(Engine::new().unwrap()),
            keys: Arc::new(keys),
            public_url: "https://zw.honghu.example".into(),
        };
        let runner = banhao_records::register_jobs(Runner::new(bed.store.clone()), &records);
        let runner = banhao_cases::register_jobs(runner, &cases);
        let clock = Arc::clone(&bed.clock) as Arc<dyn Clock>;
        let shell = Arc::new(Shell::new(Site::default(), WebConfig::default(), clock, Arc::new(SeededEntropy::new(11)), [5; 32]));
        let state = AppState::new(Arc::clone(&shell), cases.clone(), records);
        let router = layers::wrap(portal::routes(&state).merge(desk::routes(&state)), shell).with_state(state);
        let person = banhao_identity::register_person(
            &bed.store,
            Registration {
                name: "测试甲".into(),
                citizen_number: "421083190001010017".into(),
                mobile: "13000000000".into(),
                address: None,
                password: PASSWORD.into(),
            },
        );
        let person = banhao_identity::person(&bed.store, person.await.unwrap()).await.unwrap().unwrap();
        Self { bed, cases, runner, router, staff, citizen: Principal::Person(Box::new(person)) }
    }

    pub async fn principal(&self, login: &str) -> Principal {
        Principal::Staff(Box::new(staff_member(&self.bed.store, login).await.unwrap().unwrap_or_else(|| panic!("no {login}"))))
    }

    /// Somebody at their desk, signed in.
    pub async fn sits(&self, login: &str) -> Browser<'_> {
        set_staff_password(&self.bed.store, login, PASSWORD).await.unwrap();
        let mut browser = Browser { town: self, cookies: BTreeMap::new(), token: String::new() };
        browser.get("/desk/sign-in").await;
        let reply = browser.post("/desk/sign-in", &[("login", login), ("password", PASSWORD)]).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/desk"));
        browser.get("/desk").await;
        browser
    }

    pub async fn apply(&self) -> CaseId {
        let draft = self.draft(Channel::Web).await;
        banhao_cases::submit(&self.cases, &self.citizen, draft, "window").await.unwrap().case
    }

    /// An application of the food licence, complete and not submitted.
    pub async fn draft(&self, channel: Channel) -> DraftId {
        let draft = banhao_cases::start_draft(&self.cases, &self.citizen, "food-licence", channel).await.unwrap();
        let snapshot = self.cases.snapshot().await.unwrap();
        let version = snapshot.matter("food-licence").unwrap();
        let answers = samples::answers(&version, snapshot.today);
        banhao_cases::save_answers(&self.cases, &self.citizen, draft, answers.clone()).await.unwrap();
        for needed in banhao_catalogue::forms::materials_needed(&version, &answers).into_iter().filter(|needed| needed.required) {
            let blob = self.bed.store.blobs().put(samples::PNG.to_vec()).await.unwrap();
            let file = StoredFile {
                material: needed.material.key.clone(),
                name: "照片.png".into(),
                media_type: blob.media_type,
                size: blob.size,
                sha256: blob.sha256,
            };
            banhao_cases::add_material(&self.cases, &self.citizen, draft, file).await.unwrap();
        }
        draft
    }

    pub async fn reviewed(&self) -> CaseId {
        let case = self.apply().await;
        banhao_cases::accept(&self.cases, &self.principal("shou.luo").await, case).await.unwrap();
        let reviewer = self.principal("shen.chen").await;
        for step in self.look(case).await.open_steps() {
            banhao_cases::review(&self.cases, &reviewer, case, &step.element, Verdict::Pass, "符合条件".into()).await.unwrap();
        }
        case
    }

    pub async fn made(&self) -> CaseId {
        let case = self.reviewed().await;
        banhao_cases::decide(&self.cases, &self.principal("ding.gao").await, case, Decision::Grant, String::new()).await.unwrap();
        while self.runner.run_due().await.unwrap() {}
        case
    }

    pub async fn look(&self, case: CaseId) -> CaseFile {
        case_file(&self.cases, &Principal::System, case).await.unwrap()
    }
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Whether the form came back with these mistakes, each in the summary and beside its field.
    pub fn asks_again(&self, mistakes: &[&str]) {
        assert_eq!(self.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", self.text());
        assert!(!self.text().contains('⟦'), "a text is missing");
        assert!(self.text().contains("<title>有误："), "the title does not say so");
        let (_, summary) = self.text().split_once("data-error-summary").unwrap();
        let (summary, page) = summary.split_once("</div>").unwrap();
        let told: Vec<&str> = summary.split("<li>").skip(1).collect();
        assert_eq!(told.len(), mistakes.len(), "{summary}");
        for mistake in mistakes {
            let link = told.iter().find(|line| line.contains(mistake)).unwrap_or_else(|| panic!("{mistake} is not told: {summary}"));
            let (_, target) = link.split_once("href=\"#").unwrap();
            let target = target.split('"').next().unwrap();
            assert_eq!(page.matches(&format!("id=\"{target}\"")).count(), 1, "#{target} leads nowhere");
            assert!(page.contains(mistake), "{mistake} does not stand beside its field");
        }
    }
}

pub struct Browser<'t> {
    pub town: &'t Town,
    pub cookies: BTreeMap<String, String>,
    pub token: String,
}

impl Browser<'_> {
    pub fn nobody(town: &Town) -> Browser<'_> {
        Browser { town, cookies: BTreeMap::new(), token: String::new() }
    }

    pub async fn send(&mut self, method: Method, path: &str, body: String) -> Reply {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "site.example")
            .header("accept", "text/html")
            .header("accept-language", "zh-CN")
            .header("cookie", cookies.join("; "))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let (parts, body) = self.town.router.clone().oneshot(request).await.unwrap().into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let (name, value) = line.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let reply = Reply { status: parts.status, headers: parts.headers, body: to_bytes(body, usize::MAX).await.unwrap().to_vec() };
        if let Some((_, after)) = String::from_utf8_lossy(&reply.body).split_once("name=\"csrf\" value=\"") {
            self.token = after.split('"').next().unwrap().to_owned();
        }
        reply
    }

    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(Method::GET, path, String::new()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.append_pair("csrf", &self.token);
        body.extend_pairs(fields);
        let body = body.finish();
        self.send(Method::POST, path, body).await
    }

    /// An act that goes well leads back to the file, which says so.
    pub async fn does(&mut self, case: CaseId, act: &str, fields: &[(&str, &str)]) {
        let file = format!("/desk/cases/{case}");
        let reply = self.post(&format!("{file}/{act}"), fields).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, file.as_str()), "{}", reply.text());
        assert!(self.get(&file).await.text().contains("已办理"));
    }
}
