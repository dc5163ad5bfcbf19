//! The city the scenarios happen in: the demonstration's definitions and staff over a fresh store, and one citizen.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use banhao_cases::{
    CaseContext, CaseError, StoredFile, Submitted,
    facts::{Decision, Verdict},
    queries, samples,
};
use banhao_catalogue::Catalogue;
use banhao_identity::{Principal, Registration};
use banhao_kernel::{
    actor::{Actor, Channel},
    ids::{CaseId, TaskId},
};
use banhao_papers::{Engine, KeyStore, Subject, Verdict as Signature};
use banhao_records::{PaperKind, PaperState, RecordsContext};
use banhao_store::{
    MigrationSet, Runner,
    trouble::{Trouble, Which},
};
use banhao_testbed::Bed;

pub const ALL: &[MigrationSet] =
    &[banhao_catalogue::MIGRATIONS, banhao_identity::MIGRATIONS, banhao_records::MIGRATIONS, banhao_cases::MIGRATIONS];

pub struct City {
    pub bed: Bed,
    pub cases: CaseContext,
    pub records: RecordsContext,
    pub runner: Runner,
    pub citizen: Principal,
}

impl City {
    pub async fn new(bed: Bed) -> Self {
        let catalogue = Arc::new(Catalogue::new());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../honghu");
        banhao_catalogue::import(&bed.store, &folder, Actor::System).await.unwrap();
        let cases = CaseContext::new(bed.store.clone(), Arc::clone(&catalogue));
        let snapshot = cases.snapshot().await.unwrap();
        let staff = snapshot
            .staff
            .iter()
            .map(|post| banhao_identity::StaffDefinition {
                login: post.login.clone(),
                name: post.name.clone(),
                organisation: post.organisation.clone(),
                posts: post.posts.iter().map(|post| post.as_str().to_owned()).collect(),
                hall: post.hall.clone(),
                windows: post.windows.clone(),
            })
            .collect();
        banhao_identity::follow_definitions(&bed.store, staff).await.unwrap();
        let subject = Subject { organisation: "洪湖市政务服务平台".into(), demo: true };
        let keys = KeyStore::open_or_generate(&bed.folder().join("keys"), &subject, bed.store.entropy().as_ref(), bed.store.now()).unwrap();
        let records = RecordsContext {
            store: bed.store.clone(),
            catalogue,
            engine: Arc::new(Engine::new().unwrap()),
            keys: Arc::new(keys),
            public_url: "https://zw.honghu.example".into(),
        };
        let runner = Runner::new(bed.store.clone());
        let runner = banhao_records::register_jobs(runner, &records);
        let runner = banhao_cases::register_jobs(runner, &cases);
        let person = banhao_identity::register_person(
            &bed.store,
            Registration {
                name: "测试甲".into(),
                citizen_number: "421083190001010017".into(),
                mobile: "13000000000".into(),
                address: None,
                password: "a long pass phrase".into(),
            },
        )
        .await
        .unwrap();
        let person = banhao_identity::person(&bed.store, person).await.unwrap().unwrap();
        Self { bed, cases, records, runner, citizen: Principal::Person(Box::new(person)) }
    }

    /// Puts another process in force for a matter; cases that were there keep theirs.
    pub async fn change_process(&self, matter: &str, bpmn: &str) {
        let folder = self.with_process(matter, bpmn).await;
        banhao_catalogue::import(&self.bed.store, &folder, Actor::System).await.unwrap();
    }

    /// The definitions in force with another process of a matter, as a new version, to be imported.
    pub async fn with_process(&self, matter: &str, bpmn: &str) -> PathBuf {
        let folder = self.bed.folder().join("changed");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        banhao_catalogue::export(&self.bed.store, &folder).await.unwrap();
        std::fs::write(folder.join(format!("matters/{matter}/process.bpmn")), bpmn).unwrap();
        let path = folder.join(format!("matters/{matter}/matter.toml"));
        let text = std::fs::read_to_string(&path).unwrap();
        let line = text.lines().find(|line| line.starts_with("version = ")).unwrap();
        let next = format!("version = {}", line["version = ".len()..].parse::<u32>().unwrap() + 1);
        std::fs::write(&path, text.replacen(line, &next, 1)).unwrap();
        folder
    }

    /// Gives a matter that has decisions others, and says in its table `[decisions]` what they are used for.
    pub async fn change_decisions(&self, matter: &str, dmn: &str, used: &str, bpmn: Option<&str>) {
        let folder = self.bed.folder().join("decided");
        if folder.exists() {
            std::fs::remove_dir_all(&folder).unwrap();
        }
        banhao_catalogue::export(&self.bed.store, &folder).await.unwrap();
        let path = |name: &str| folder.join(format!("matters/{matter}/{name}"));
        std::fs::write(path("decisions.dmn"), dmn).unwrap();
        if let Some(bpmn) = bpmn {
            std::fs::write(path("process.bpmn"), bpmn).unwrap();
        }
        let text = std::fs::read_to_string(path("matter.toml")).unwrap();
        let (before, behind) = text.split_once("[decisions]").unwrap();
        let (_, behind) = behind.split_once("[result]").unwrap();
        let line = before.lines().find(|line| line.starts_with("version = ")).unwrap();
        let next = format!("version = {}", line["version = ".len()..].parse::<u32>().unwrap() + 1);
        let text = format!("{}[decisions]\n{used}\n[result]{behind}", before.replacen(line, &next, 1));
        std::fs::write(path("matter.toml"), text).unwrap();
        banhao_catalogue::import(&self.bed.store, &folder, Actor::System).await.unwrap();
    }

    pub async fn staff(&self, login: &str) -> Principal {
        let member = banhao_identity::staff_member(&self.bed.store, login).await.unwrap().unwrap_or_else(|| panic!("no {login}"));
        Principal::Staff(Box::new(member))
    }

    pub async fn file(&self, material: &str) -> StoredFile {
        let blob = self.bed.store.blobs().put(samples::PNG.to_vec()).await.unwrap();
        StoredFile {
            material: material.into(), name: "照片.png".into(), media_type: blob.media_type, size: blob.size, sha256: blob.sha256
        }
    }

    pub async fn draft(&self, matter: &str) -> banhao_kernel::ids::DraftId {
        let draft = banhao_cases::start_draft(&self.cases, &self.citizen, matter, Channel::Mobile).await.unwrap();
        self.fill(&self.citizen, draft, matter).await;
        draft
    }

    pub async fn fill(&self, who: &Principal, draft: banhao_kernel::ids::DraftId, matter: &str) {
        let snapshot = self.cases.snapshot().await.unwrap();
        let version = snapshot.matter(matter).unwrap();
        let answers = samples::answers(&version, snapshot.today);
        banhao_cases::save_answers(&self.cases, who, draft, answers.clone()).await.unwrap();
        for needed in banhao_catalogue::forms::materials_needed(&version, &answers) {
            if needed.required {
                let file = self.file(&needed.material.key).await;
                banhao_cases::add_material(&self.cases, who, draft, file).await.unwrap();
            }
        }
    }

    pub async fn apply(&self, matter: &str) -> Submitted {
        let draft = self.draft(matter).await;
        banhao_cases::submit(&self.cases, &self.citizen, draft, "electronic").await.unwrap()
    }

    pub async fn work(&self) {
        while self.runner.run_due().await.unwrap() {}
        let failed = banhao_store::trouble::jobs_in_trouble(&self.bed.store, &Which::default(), 10).await.unwrap();
        assert!(failed.iter().all(|job| job.trouble != Trouble::Failed), "{failed:?}");
    }

    pub async fn look(&self, case: CaseId) -> queries::file::CaseFile {
        queries::file::case_file(&self.cases, &Principal::System, case).await.unwrap()
    }

    /// The open signature of a department in the round `joint`.
    pub async fn signature(&self, case: CaseId, whose: &str) -> TaskId {
        let file = self.look(case).await;
        let mut open = file.open_steps().filter(|step| step.element == "joint");
        open.find(|step| step.organisation == whose).unwrap_or_else(|| panic!("{whose} does not sign")).id
    }

    /// Whose signatures are open there.
    pub async fn signers(&self, case: CaseId) -> Vec<String> {
        let file = self.look(case).await;
        let mut open: Vec<_> = file.open_steps().filter(|step| step.element == "joint").map(|step| step.organisation.clone()).collect();
        open.sort();
        open
    }

    pub async fn review_all(&self, case: CaseId, reviewer: &Principal) {
        loop {
            let file = self.look(case).await;
            let Some(step) = file.open_steps().find(|step| matches!(step.act.as_str(), "review" | "inspect")).cloned() else { break };
            banhao_cases::review(&self.cases, reviewer, case, &step.element, Verdict::Pass, "符合条件".into()).await.unwrap();
        }
    }

    pub async fn paper(&self, case: CaseId, kind: PaperKind) -> Vec<u8> {
        let papers = banhao_records::papers_of_case(&self.bed.store, case).await.unwrap();
        let paper = papers.iter().find(|paper| paper.kind == kind).unwrap_or_else(|| panic!("no {kind:?} in {papers:?}"));
        assert_eq!(paper.state, PaperState::Issued);
        let bytes = banhao_records::paper_bytes(&self.bed.store, paper).await.unwrap();
        let verdict = banhao_records::check_file(&self.records, bytes.clone()).await.unwrap();
        assert_eq!(verdict.signature.verdict, Signature::Genuine);
        assert_eq!(verdict.known.unwrap().number, paper.number);
        assert!(
            banhao_records::check_code(&self.bed.store, &banhao_records::grouped(&paper.verify_code).to_lowercase())
                .await
                .unwrap()
                .is_some()
        );
        bytes
    }
}

/// A case of the food licence whose result waits at the exit window.
pub async fn ready_to_deliver(city: &City) -> CaseId {
    let case = city.apply("food-licence").await.case;
    let (acceptor, reviewer, decider) = (city.staff("shou.luo").await, city.staff("shen.chen").await, city.staff("ding.gao").await);
    banhao_cases::accept(&city.cases, &acceptor, case).await.unwrap();
    city.review_all(case, &reviewer).await;
    banhao_cases::decide(&city.cases, &decider, case, Decision::Grant, String::new()).await.unwrap();
    city.work().await;
    case
}

pub fn why(outcome: Result<(), CaseError>) -> String {
    match outcome {
        Ok(()) => "done".to_owned(),
        Err(CaseError::Empty { what }) => what.to_owned(),
        Err(CaseError::Signature { why }) => why.to_owned(),
        Err(CaseError::Incomplete { fields }) => fields.iter().map(|wrong| wrong.field.as_str()).collect::<Vec<_>>().join(" "),
        Err(error) => banhao_kernel::problem::Problem::from(error).code.to_owned(),
    }
}
