//! Cases from application to closing on both databases, as the people concerned would tell it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{path::Path, sync::Arc, time::Duration};

use banhao_cases::{
    AtWindow, CaseContext, CaseError, HandOver, Signature as Receipt, StoredFile, Submitted,
    clock::Period,
    facts::{AcceptedHow, CaseFact, Decision, DeliveryMethod, RefusalGround, SupplementItem, Verdict},
    model::{CaseStatus, Outcome},
    queries, samples,
};
use banhao_catalogue::{Catalogue, model::Post};
use banhao_identity::{PersonAtWindow, Principal, Registration};
use banhao_kernel::{
    actor::{Actor, Channel},
    clock::civil_date,
    ids::CaseId,
};
use banhao_papers::{Engine, KeyStore, Subject, Verdict as Signature};
use banhao_records::{PaperKind, PaperState, RecordsContext};
use banhao_store::{MigrationSet, Runner, ledger_log};
use banhao_testbed::{Bed, both_databases};

const ALL: &[MigrationSet] =
    &[banhao_catalogue::MIGRATIONS, banhao_identity::MIGRATIONS, banhao_records::MIGRATIONS, banhao_cases::MIGRATIONS];

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

struct City {
    bed: Bed,
    cases: CaseContext,
    records: RecordsContext,
    runner: Runner,
    citizen: Principal,
}

impl City {
    async fn new(bed: Bed) -> Self {
        let catalogue = Arc::new(Catalogue::new());
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../honghu");
        banhao_catalogue::import(&bed.store, &folder, Actor::System).await.unwrap();
        let cases = CaseContext { store: bed.store.clone(), catalogue: Arc::clone(&catalogue) };
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

    async fn staff(&self, login: &str) -> Principal {
        let member = banhao_identity::staff_member(&self.bed.store, login).await.unwrap().unwrap_or_else(|| panic!("no {login}"));
        Principal::Staff(Box::new(member))
    }

    async fn file(&self, material: &str) -> StoredFile {
        let blob = self.bed.store.blobs().put(samples::PNG.to_vec()).await.unwrap();
        StoredFile {
            material: material.into(), name: "照片.png".into(), media_type: blob.media_type, size: blob.size, sha256: blob.sha256
        }
    }

    async fn draft(&self, matter: &str) -> banhao_kernel::ids::DraftId {
        let draft = banhao_cases::start_draft(&self.cases, &self.citizen, matter, Channel::Mobile).await.unwrap();
        self.fill(&self.citizen, draft, matter).await;
        draft
    }

    async fn fill(&self, who: &Principal, draft: banhao_kernel::ids::DraftId, matter: &str) {
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

    async fn apply(&self, matter: &str) -> Submitted {
        let draft = self.draft(matter).await;
        banhao_cases::submit(&self.cases, &self.citizen, draft, "electronic").await.unwrap()
    }

    async fn work(&self) {
        while self.runner.run_due().await.unwrap() {}
        let failed = banhao_store::jobs::failed(&self.bed.store, 10).await.unwrap();
        assert!(failed.is_empty(), "{failed:?}");
    }

    async fn look(&self, case: CaseId) -> queries::file::CaseFile {
        queries::file::case_file(&self.cases, &Principal::System, case).await.unwrap()
    }

    async fn review_all(&self, case: CaseId, reviewer: &Principal) {
        loop {
            let file = self.look(case).await;
            let Some(step) = file.open_steps().find(|step| matches!(step.act.as_str(), "review" | "inspect")).cloned() else { break };
            banhao_cases::review(&self.cases, reviewer, case, &step.element, Verdict::Pass, "符合条件".into()).await.unwrap();
        }
    }

    async fn paper(&self, case: CaseId, kind: PaperKind) -> Vec<u8> {
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

both_databases!(ALL, from_application_to_licence, |bed: Bed| async move {
    let city = City::new(bed).await;
    let submitted = city.apply("food-licence").await;
    let case = submitted.case;
    assert_eq!(submitted.number.len(), 43);
    let (acceptor, reviewer, decider, exit) =
        (city.staff("shou.luo").await, city.staff("shen.chen").await, city.staff("ding.gao").await, city.staff("chu.lin").await);
    assert_eq!(city.look(case).await.state.status, CaseStatus::Received);
    assert_eq!(city.look(case).await.clock.due(Period::Acceptance).unwrap().to_string(), "2026-11-30");
    // Nobody but the competent may act, and each sees nothing they should not.
    assert!(matches!(banhao_cases::accept(&city.cases, &city.citizen, case).await, Err(CaseError::Denied { .. })));
    let stranger = city.staff("cha.he").await;
    assert!(
        matches!(banhao_cases::accept(&city.cases, &stranger, case).await, Err(CaseError::Denied { policies }) if policies == "supervisor-does-not-act")
    );
    banhao_cases::accept(&city.cases, &acceptor, case).await.unwrap();
    assert!(matches!(banhao_cases::accept(&city.cases, &acceptor, case).await, Err(CaseError::WrongState { .. })));
    city.work().await;
    city.paper(case, PaperKind::Receipt).await;
    city.paper(case, PaperKind::Acceptance).await;
    city.review_all(case, &reviewer).await;
    let file = city.look(case).await;
    assert_eq!(file.state.status, CaseStatus::Deciding);
    assert!(banhao_cases::decide(&city.cases, &reviewer, case, Decision::Grant, String::new()).await.is_err());
    banhao_cases::decide(&city.cases, &decider, case, Decision::Grant, String::new()).await.unwrap();
    assert_eq!(city.look(case).await.state.status, CaseStatus::Making);
    city.work().await;
    let file = city.look(case).await;
    assert_eq!(file.state.status, CaseStatus::Delivering);
    let licence = city.paper(case, PaperKind::Licence).await;
    let mut forged = licence.clone();
    let middle = forged.len() / 3;
    forged[middle] ^= 1;
    let verdict = banhao_records::check_file(&city.records, forged).await.unwrap();
    assert_eq!((verdict.signature.verdict, verdict.known), (Signature::Changed, None));
    let at = AtWindow { hall: file.hall.clone().unwrap(), window: "E01".into() };
    let hand_over =
        |signature| HandOver {
            method: DeliveryMethod::Window, receiver: "测试甲".into(), signature, waybill: None, at: Some(at.clone())
        };
    assert_eq!(why(banhao_cases::deliver(&city.cases, &exit, case, hand_over(None)).await), "signature");
    banhao_cases::deliver(&city.cases, &exit, case, hand_over(Some(Receipt::Drawn(samples::PNG.to_vec())))).await.unwrap();
    city.work().await;
    let file = city.look(case).await;
    assert_eq!((file.state.status, file.state.outcome), (CaseStatus::Closed, Some(Outcome::Granted)));
    assert_eq!(file.line.visits, 1, "the refused hand-over left no visit");
    assert!(!file.process.is_running());
    let Principal::Person(person) = &city.citizen else { unreachable!() };
    let licences = banhao_records::licences_of(&city.bed.store, person.id).await.unwrap();
    assert!(banhao_kernel::LicenceNumber::parse(&licences[0].number).is_ok());
    while ledger_log::sequence_once(&city.bed.store).await.unwrap() > 0 {}
    let key = city.bed.store.ledger_key().verifier();
    assert!(matches!(
        ledger_log::verify_database(&city.bed.store, &key, |_| {}).await.unwrap(),
        ledger_log::Verdict::Sound { unplaced: 0, .. }
    ));
    let share = queries::counts::visit_share(&city.cases, civil_date(city.bed.store.now())).await.unwrap();
    assert_eq!((share.closed, share.permille()), (1, Some(1000)));
});

both_databases!(ALL, a_repeated_submission_is_one_case, |bed: Bed| async move {
    let city = City::new(bed).await;
    let draft = city.draft("social-card-replacement").await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (cases, citizen) = (city.cases.clone(), city.citizen.clone());
        tries.spawn(async move { banhao_cases::submit(&cases, &citizen, draft, "window").await.unwrap() });
    }
    let answers = tries.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.first).count(), 1);
    assert!(answers.iter().all(|answer| answer.number == answers[0].number && answer.case == answers[0].case));
    let Principal::Person(person) = &city.citizen else { unreachable!() };
    assert_eq!(queries::mine::cases_of(&city.cases, person.id, None).await.unwrap().items.len(), 1);
});

both_databases!(ALL, every_matter_of_the_demonstration_can_be_finished, |bed: Bed| async move {
    let city = City::new(bed).await;
    let snapshot = city.cases.snapshot().await.unwrap();
    let matters: Vec<_> = snapshot.matters().cloned().collect();
    assert!(matters.len() >= 12);
    for version in matters {
        let matter = &version.matter;
        let someone = |post: Post| {
            snapshot
                .staff
                .iter()
                .find(|staff| staff.organisation == matter.organisation && staff.posts.contains(&post))
                .unwrap_or_else(|| panic!("{}: nobody is {}", matter.key, post.as_str()))
                .login
                .clone()
        };
        let (acceptor, reviewer, decider) = (
            city.staff(&someone(Post::Acceptor)).await,
            city.staff(&someone(Post::Reviewer)).await,
            city.staff(&someone(Post::Decider)).await,
        );
        let case = if matter.is_online() {
            city.apply(&matter.key).await.case
        } else {
            continue;
        };
        banhao_cases::accept(&city.cases, &acceptor, case).await.unwrap();
        city.review_all(case, &reviewer).await;
        banhao_cases::decide(&city.cases, &decider, case, Decision::Grant, "同意".into())
            .await
            .unwrap_or_else(|error| panic!("{}: {error}", matter.key));
        city.work().await;
        let file = city.look(case).await;
        assert_eq!(file.state.status, CaseStatus::Delivering, "{}", matter.key);
        banhao_cases::receive_electronically(&city.cases, &city.citizen, case).await.unwrap();
        city.work().await;
        assert_eq!(city.look(case).await.state.outcome, Some(Outcome::Granted), "{}", matter.key);
        for kind in [PaperKind::Receipt, PaperKind::Acceptance, PaperKind::Grant, PaperKind::Licence, PaperKind::Delivery] {
            city.paper(case, kind).await;
        }
    }
});

both_databases!(ALL, a_supplement_is_asked_for_once_and_stops_the_clock, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = city.apply("food-licence").await.case;
    let acceptor = city.staff("shou.luo").await;
    let file = city.look(case).await;
    let material = file.files[0].material.clone();
    let items = || {
        vec![SupplementItem {
            material: material.clone(), problem: "照片不清楚".into(), requirement: "请重新拍摄,四角完整".into()
        }]
    };
    assert!(matches!(banhao_cases::request_supplement(&city.cases, &acceptor, case, Vec::new()).await, Err(CaseError::Empty { .. })));
    banhao_cases::request_supplement(&city.cases, &acceptor, case, items()).await.unwrap();
    city.work().await;
    city.paper(case, PaperKind::Supplement).await;
    assert_eq!(city.look(case).await.line.status, CaseStatus::Supplement);
    // The acceptance day passes while the applicant's time runs: nothing is deemed accepted.
    city.bed.clock.advance(Duration::from_secs(9 * 24 * 3600));
    city.work().await;
    assert_eq!(city.look(case).await.line.status, CaseStatus::Supplement);
    assert!(matches!(banhao_cases::answer_supplement(&city.cases, &city.citizen, case).await, Err(CaseError::Incomplete { .. })));
    let new_file = city.file(&material).await;
    banhao_cases::add_case_material(&city.cases, &city.citizen, case, new_file).await.unwrap();
    banhao_cases::answer_supplement(&city.cases, &city.citizen, case).await.unwrap();
    let file = city.look(case).await;
    assert_eq!((file.line.status, file.clock.due(Period::Acceptance).unwrap().to_string().as_str()), (CaseStatus::Received, "2026-12-09"));
    assert!(matches!(banhao_cases::request_supplement(&city.cases, &acceptor, case, items()).await, Err(CaseError::SupplementTwice)));
    banhao_cases::accept(&city.cases, &acceptor, case).await.unwrap();
});

both_databases!(ALL, silence_is_acceptance_as_of_receipt, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = city.apply("food-licence").await.case;
    city.bed.clock.set_civil("2026-11-30T23:59:59".parse().unwrap());
    city.work().await;
    assert_eq!(city.look(case).await.line.status, CaseStatus::Received, "the last day ends at 24:00");
    city.bed.clock.set_civil("2026-12-01T00:00:00".parse().unwrap());
    city.work().await;
    let file = city.look(case).await;
    assert_eq!(file.state.accepted.map(|(on, how)| (on.to_string(), how)), Some(("2026-11-23".into(), AcceptedHow::Deemed)));
    city.paper(case, PaperKind::Acceptance).await;
});

both_databases!(ALL, what_is_not_supplemented_in_time_lapses, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = city.apply("food-licence").await.case;
    let acceptor = city.staff("shou.luo").await;
    let material = city.look(case).await.files[0].material.clone();
    let items = vec![SupplementItem { material, problem: "缺页".into(), requirement: "补齐".into() }];
    banhao_cases::request_supplement(&city.cases, &acceptor, case, items).await.unwrap();
    let due = city.look(case).await.clock.due(Period::Supplement).unwrap();
    city.bed.clock.set(banhao_kernel::clock::end_of_day(due));
    city.work().await;
    let file = city.look(case).await;
    assert_eq!(file.state.outcome, Some(Outcome::Lapsed));
    assert!(!file.process.is_running() && file.open_steps().next().is_none());
});

both_databases!(ALL, refusals_name_ground_and_way, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = city.apply("food-licence").await.case;
    let acceptor = city.staff("shou.luo").await;
    let refuse =
        |go_to| banhao_cases::refuse_acceptance(&city.cases, &acceptor, case, RefusalGround::NotCompetent, go_to, "属其他机关职权".into());
    assert!(matches!(refuse(None).await, Err(CaseError::Empty { what: "go-to" })));
    refuse(Some("荆州市市场监督管理局".into())).await.unwrap();
    city.work().await;
    city.paper(case, PaperKind::NonAcceptance).await;
    assert_eq!(city.look(case).await.state.outcome, Some(Outcome::NotAccepted));
    let second = city.apply("food-licence").await.case;
    banhao_cases::withdraw(&city.cases, &city.citizen, second).await.unwrap();
    assert_eq!(city.look(second).await.state.outcome, Some(Outcome::Withdrawn));
});

both_databases!(ALL, in_person_contacts_are_counted, |bed: Bed| async move {
    let city = City::new(bed).await;
    let clerk = city.staff("win.zhou").await;
    let Principal::Staff(member) = &clerk else { unreachable!() };
    let at = AtWindow { hall: member.hall.clone().unwrap(), window: member.windows[0].clone() };
    let seen =
        PersonAtWindow {
            name: "测试乙".into(), citizen_number: "42108319040229003x".into(), mobile: "13000000001".into(), address: None
        };
    let draft = banhao_cases::take_application(&city.cases, &clerk, "food-licence", seen, at.clone()).await.unwrap();
    city.fill(&clerk, draft, "food-licence").await;
    assert!(matches!(banhao_cases::submit(&city.cases, &city.citizen, draft, "window").await, Err(CaseError::NotFound { .. })));
    let case = banhao_cases::submit(&city.cases, &clerk, draft, "window").await.unwrap().case;
    assert_eq!(city.look(case).await.line.visits, 1);
    assert!(matches!(queries::file::case_file(&city.cases, &city.citizen, case).await, Err(CaseError::NotFound { .. })));
    banhao_cases::record_visit(&city.cases, &clerk, case, at, "supplement").await.unwrap();
    assert_eq!(city.look(case).await.line.visits, 2);
    let number = banhao_cases::unmask(&city.cases, &clerk, case, "applicant_number", "核对身份证件").await.unwrap();
    assert_eq!(number, "91421083DEMQ00018L");
    assert!(banhao_cases::unmask(&city.cases, &clerk, case, "applicant_number", " ").await.is_err());
    assert!(city.look(case).await.timeline.iter().any(|entry| entry.kind == "case.unmasked"));
});

both_databases!(ALL, a_deadline_in_an_unpublished_year_waits_for_its_calendar, |bed: Bed| async move {
    let city = City::new(bed).await;
    city.bed.clock.set_civil("2026-12-28T10:00".parse().unwrap());
    let case = city.apply("food-licence").await.case;
    let file = city.look(case).await;
    assert_eq!((file.clock.pending_year, file.clock.deadlines.len()), (Some(2027), 0), "nothing is guessed");
    let folder = city.bed.folder().join("definitions");
    banhao_catalogue::export(&city.bed.store, &folder).await.unwrap();
    std::fs::create_dir_all(folder.join("calendars")).unwrap();
    let calendar = "year = 2027\nsource = \"测试用,非官方\"\nmakeup_workdays = []\n[[holidays]]\nname = \"元旦\"\nname_en = \"New Year\"\nfrom = \"2027-01-01\"\nto = \"2027-01-03\"\n";
    std::fs::write(folder.join("calendars/2027.toml"), calendar).unwrap();
    banhao_catalogue::import(&city.bed.store, &folder, Actor::System).await.unwrap();
    city.bed.clock.set_civil("2026-12-29T00:00".parse().unwrap());
    city.work().await;
    let file = city.look(case).await;
    assert_eq!(file.clock.due(Period::Acceptance).unwrap().to_string(), "2027-01-05");
    city.bed.clock.set_civil("2027-01-06T00:00".parse().unwrap());
    city.work().await;
    assert_eq!(city.look(case).await.line.status, CaseStatus::Reviewing, "the timer was set when the calendar came");
});

/// A case of the food licence whose result waits at the exit window.
async fn ready_to_deliver(city: &City) -> CaseId {
    let case = city.apply("food-licence").await.case;
    let (acceptor, reviewer, decider) = (city.staff("shou.luo").await, city.staff("shen.chen").await, city.staff("ding.gao").await);
    banhao_cases::accept(&city.cases, &acceptor, case).await.unwrap();
    city.review_all(case, &reviewer).await;
    banhao_cases::decide(&city.cases, &decider, case, Decision::Grant, String::new()).await.unwrap();
    city.work().await;
    case
}

fn why(outcome: Result<(), CaseError>) -> String {
    match outcome {
        Ok(()) => "done".to_owned(),
        Err(CaseError::Empty { what }) => what.to_owned(),
        Err(CaseError::Signature { why }) => why.to_owned(),
        Err(CaseError::Incomplete { fields }) => fields.iter().map(|wrong| wrong.field.as_str()).collect::<Vec<_>>().join(" "),
        Err(error) => banhao_kernel::problem::Problem::from(error).code.to_owned(),
    }
}

both_databases!(ALL, a_hand_over_names_window_receiver_and_signature, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = ready_to_deliver(&city).await;
    let exit = city.staff("chu.lin").await;
    let good = || HandOver {
        method: DeliveryMethod::Window,
        receiver: "测试甲".into(),
        signature: Some(Receipt::Typed("测试甲".into())),
        waybill: None,
        at: Some(AtWindow { hall: "centre".into(), window: "E01".into() }),
    };
    let facts_before = city.look(case).await.timeline.len();
    let big = vec![0; 200_001];
    let wrong: Vec<(&str, HandOver)> = vec![
        ("case-electronic-by-staff", HandOver { method: DeliveryMethod::Electronic, ..good() }),
        ("window", HandOver { at: None, ..good() }),
        ("case-no-window", HandOver { at: Some(AtWindow { hall: "centre".into(), window: "E02".into() }), ..good() }),
        ("case-no-window", HandOver { at: Some(AtWindow { hall: "renshe".into(), window: "E01".into() }), ..good() }),
        ("receiver", HandOver { receiver: " ".into(), ..good() }),
        ("window receiver signature", HandOver { at: None, receiver: " ".into(), signature: None, ..good() }),
        ("signature", HandOver { signature: None, ..good() }),
        ("signature", HandOver { signature: Some(Receipt::Typed(" ".into())), ..good() }),
        ("not-png", HandOver { signature: Some(Receipt::Drawn(b"MZ, not a picture".to_vec())), ..good() }),
        ("too-large", HandOver { signature: Some(Receipt::Drawn(big)), ..good() }),
        ("waybill", HandOver { method: DeliveryMethod::Courier, ..good() }),
    ];
    for (expected, given) in wrong {
        assert_eq!(why(banhao_cases::deliver(&city.cases, &exit, case, given).await), expected);
    }
    // Who may not deliver learns nothing of what is wrong, and nothing is kept of what they sent.
    let unseen = samples::PNG.iter().copied().take(samples::PNG.len() - 12).chain([0, 0, 0, 1, b't', b'E', b'X', b't', b'x', 0, 0, 0, 0]);
    let unseen: Vec<u8> = unseen.chain(samples::PNG[samples::PNG.len() - 12..].iter().copied()).collect();
    let drawn = HandOver { signature: Some(Receipt::Drawn(unseen.clone())), ..good() };
    for login in ["shen.chen", "cha.he"] {
        let other = city.staff(login).await;
        assert_eq!(why(banhao_cases::deliver(&city.cases, &other, case, drawn.clone()).await), "case-denied");
        let bad = HandOver { signature: None, ..good() };
        assert_eq!(why(banhao_cases::deliver(&city.cases, &other, case, bad).await), "case-denied");
    }
    let elsewhere = city.staff("chu.guo").await;
    assert_eq!(why(banhao_cases::deliver(&city.cases, &elsewhere, case, drawn.clone()).await), "case-not-found");
    let address = sha256(&unseen);
    assert!(!city.bed.store.blobs().exists(&address).await.unwrap(), "the file was kept before anybody was asked");
    let file = city.look(case).await;
    assert_eq!((file.state.status, file.line.visits, file.timeline.len()), (CaseStatus::Delivering, 0, facts_before));

    banhao_cases::deliver(&city.cases, &exit, case, good()).await.unwrap();
    let file = city.look(case).await;
    assert_eq!((file.state.outcome, file.line.visits), (Some(Outcome::Granted), 1));
    let delivery = file.delivery.unwrap();
    assert_eq!(delivery.receiver.as_deref(), Some("测试甲"));
    assert_eq!(delivery.signature, Some(queries::file::SignatureView::Typed("测试甲".into())));
    let digest = file.timeline.iter().find_map(|entry| match &entry.what {
        Some(CaseFact::Delivered { signature_sha256, .. }) => signature_sha256.clone(),
        _ => None,
    });
    assert_ne!(digest.unwrap(), sha256("测试甲".as_bytes()), "a name could be guessed from its plain digest");
    assert_eq!(why(banhao_cases::deliver(&city.cases, &exit, case, good()).await), "case-wrong-state");
});

both_databases!(ALL, each_look_at_a_file_is_a_fact_once_a_day, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = ready_to_deliver(&city).await;
    let (exit, reviewer, supervisor) = (city.staff("chu.lin").await, city.staff("shen.chen").await, city.staff("cha.he").await);
    let given = HandOver {
        method: DeliveryMethod::Window,
        receiver: "测试甲".into(),
        signature: Some(Receipt::Drawn(samples::PNG.to_vec())),
        waybill: None,
        at: Some(AtWindow { hall: "centre".into(), window: "E01".into() }),
    };
    banhao_cases::deliver(&city.cases, &exit, case, given).await.unwrap();
    let material = city.look(case).await.files[0].id;
    let paper = banhao_records::papers_of_case(&city.bed.store, case).await.unwrap()[0].id;
    let looks = async || {
        let timeline = city.look(case).await.timeline;
        timeline.iter().filter(|entry| entry.kind == "case.file-viewed").count()
    };
    // Reviewers see everything, exit clerks what they hand over, supervisors no files at all.
    for _ in 0..2 {
        banhao_cases::look_at_material(&city.cases, &reviewer, case, material).await.unwrap();
        banhao_cases::look_at_paper(&city.cases, &reviewer, case, paper).await.unwrap();
    }
    assert_eq!(looks().await, 2);
    assert_eq!(banhao_cases::look_at_signature(&city.cases, &exit, case).await.unwrap(), samples::PNG);
    banhao_cases::look_at_paper(&city.cases, &exit, case, paper).await.unwrap();
    assert_eq!(looks().await, 4);
    assert!(matches!(banhao_cases::look_at_material(&city.cases, &exit, case, material).await, Err(CaseError::Denied { .. })));
    assert!(matches!(banhao_cases::look_at_material(&city.cases, &supervisor, case, material).await, Err(CaseError::Denied { .. })));
    assert!(matches!(banhao_cases::look_at_paper(&city.cases, &supervisor, case, paper).await, Err(CaseError::Denied { .. })));
    assert!(matches!(banhao_cases::look_at_signature(&city.cases, &supervisor, case).await, Err(CaseError::Denied { .. })));
    let elsewhere = city.staff("chu.guo").await;
    assert!(matches!(banhao_cases::look_at_paper(&city.cases, &elsewhere, case, paper).await, Err(CaseError::NotFound { .. })));
    assert_eq!(looks().await, 4, "a refused look is none");
    city.bed.clock.advance(Duration::from_secs(24 * 3600));
    banhao_cases::look_at_paper(&city.cases, &reviewer, case, paper).await.unwrap();
    assert_eq!(looks().await, 5);
    let other = city.apply("food-licence").await.case;
    assert!(matches!(banhao_cases::look_at_paper(&city.cases, &reviewer, other, paper).await, Err(CaseError::NotFound { .. })));
});

both_databases!(ALL, a_visit_is_at_a_window_of_the_clerk, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = city.apply("food-licence").await.case;
    let clerk = city.staff("win.zhou").await;
    let at = |window: &str| AtWindow { hall: "centre".into(), window: window.into() };
    let visit = async |at: Option<AtWindow>, purpose| why(banhao_cases::record_visit(&city.cases, &clerk, case, at, purpose).await);
    assert_eq!(visit(None, "other").await, "window");
    assert_eq!(visit(Some(at("")), "other").await, "case-no-window");
    assert_eq!(visit(Some(at("B01")), "other").await, "case-no-window");
    assert_eq!(visit(Some(at("D01")), "").await, "purpose");
    assert_eq!(city.look(case).await.line.visits, 0);
    assert_eq!(visit(Some(at("D01")), "other").await, "done");
    assert_eq!(city.look(case).await.line.visits, 1);
    let Principal::Staff(mut member) = clerk.clone() else { unreachable!() };
    member.windows.clear();
    let nowhere = Principal::Staff(member);
    assert_eq!(why(banhao_cases::record_visit(&city.cases, &nowhere, case, None, "other").await), "case-no-window");
});
