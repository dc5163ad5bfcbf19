//! Cases from application to closing on both databases, as the people concerned would tell it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod branches;
mod call;
mod city;
mod faults;
mod fees;
mod hand_over;
mod many;
mod moving;
mod office;
mod races;
mod repeats;
mod rounds;
mod rules;
mod waiting;

use std::time::Duration;

use banhao_cases::{
    AtWindow, CaseError, HandOver, Signature as Receipt,
    clock::Period,
    facts::{AcceptedHow, Decision, DeliveryMethod, RefusalGround, SupplementItem},
    model::{CaseStatus, Outcome},
    queries, samples,
};
use banhao_catalogue::model::Post;
use banhao_identity::{PersonAtWindow, Principal};
use banhao_kernel::{actor::Actor, clock::civil_date};
use banhao_papers::Verdict as Signature;
use banhao_records::PaperKind;
use banhao_store::ledger_log;
use banhao_testbed::{Bed, both_databases};

use city::{ALL, City, why};

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
    let draft = banhao_cases::take_application(
        &city.cases,
        &clerk,
        banhao_cases::new_draft_id(&city.cases),
        "food-licence",
        seen,
        Some(at.clone()),
    )
    .await
    .unwrap();
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
