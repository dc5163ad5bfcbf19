//! The operations of the office on real cases: who may, what becomes of it, what is written down.

use banhao_cases::{
    AddedWhen, CaseError,
    facts::{CaseFact, Decision, Operation, Verdict},
    model::{CaseStatus, Outcome},
    queries,
};
use banhao_identity::Principal;
use banhao_kernel::ids::{CaseId, StaffId, TaskId};
use banhao_testbed::{Bed, both_databases};

use crate::city::{ALL, City, why};

const PROCESS: &str = include_str!("../data/office.bpmn");

struct Office {
    city: City,
    chen: Principal,
    deng: Principal,
    gao: Principal,
}

impl Office {
    async fn new(bed: Bed) -> Self {
        let city = City::new(bed).await;
        city.change_process("food-licence", PROCESS).await;
        let (chen, deng, gao) = (city.staff("shen.chen").await, city.staff("shen.deng").await, city.staff("ding.gao").await);
        Self { city, chen, deng, gao }
    }

    async fn accepted(&self) -> CaseId {
        let case = self.city.apply("food-licence").await.case;
        banhao_cases::accept(&self.city.cases, &self.city.staff("shou.luo").await, case).await.unwrap();
        case
    }

    async fn step(&self, case: CaseId, element: &str) -> TaskId {
        let file = self.city.look(case).await;
        let open: Vec<_> = file.open_steps().map(|step| step.element.clone()).collect();
        file.open_steps().find(|step| step.element == element).unwrap_or_else(|| panic!("{element} is not in {open:?}")).id
    }

    async fn open(&self, case: CaseId) -> Vec<String> {
        let mut open: Vec<_> = self.city.look(case).await.open_steps().map(|step| step.element.clone()).collect();
        open.sort();
        open
    }

    async fn review(&self, who: &Principal, case: CaseId, element: &str, verdict: Verdict) -> String {
        why(banhao_cases::review(&self.city.cases, who, case, element, verdict, "有意见".into()).await)
    }

    async fn pass(&self, who: &Principal, case: CaseId, element: &str) {
        assert_eq!(self.review(who, case, element, Verdict::Pass).await, "done");
    }

    /// What was done, oldest first.
    async fn operations(&self, case: CaseId) -> Vec<Operation> {
        let file = self.city.look(case).await;
        let operation = |entry: &queries::timeline::TimelineEntry| match &entry.what {
            Some(CaseFact::Operated { operation, .. }) => Some(*operation),
            _ => None,
        };
        file.timeline.iter().filter_map(operation).collect()
    }
}

fn id(who: &Principal) -> StaffId {
    who.staff().unwrap().id
}

both_databases!(ALL, steps_are_returned_and_taken_back, |bed: Bed| async move {
    let office = Office::new(bed).await;
    let (cases, case) = (&office.city.cases, office.accepted().await);
    office.pass(&office.chen, case, "paper_review").await;
    let site = office.step(case, "site_inspection").await;
    let back = |step, to: &'static str, straight, reason: &'static str, who: &Principal| {
        let who = who.clone();
        async move { why(banhao_cases::return_step(cases, &who, step, to, straight, reason).await) }
    };
    assert_eq!(back(site, "paper_review", false, " ", &office.chen).await, "reason");
    assert_eq!(back(site, "", false, "材料不齐", &office.chen).await, "to");
    assert_eq!(back(site, "accept", false, "材料不齐", &office.chen).await, "case-not-possible", "acceptance stands");
    assert_eq!(back(site, "decide", false, "材料不齐", &office.chen).await, "case-not-possible", "not done before");
    assert_eq!(back(site, "paper_review", false, "材料不齐", &office.gao).await, "case-denied", "not the decider's step");
    assert_eq!(back(site, "paper_review", false, "材料不齐", &office.city.staff("shen.xiao").await).await, "case-not-found");
    assert_eq!(office.open(case).await, ["site_inspection"], "nothing has changed");
    assert_eq!(back(site, "paper_review", true, "材料不齐", &office.chen).await, "done");
    assert_eq!(office.open(case).await, ["paper_review"]);
    assert_eq!(back(site, "paper_review", true, "材料不齐", &office.chen).await, "case-changed", "a second time");
    // Straight back to where it came from.
    office.pass(&office.deng, case, "paper_review").await;
    assert_eq!(office.open(case).await, ["site_inspection"]);
    // Who did it takes it back, until somebody has begun with what came after.
    let done = office.city.look(case).await.steps.iter().rev().find(|step| step.element == "paper_review").unwrap().id;
    assert_eq!(why(banhao_cases::take_back(cases, &office.chen, done, "写错了").await), "case-not-possible", "somebody else's");
    assert_eq!(why(banhao_cases::take_back(cases, &office.deng, done, "写错了").await), "done");
    assert_eq!(office.open(case).await, ["paper_review"]);
    office.pass(&office.deng, case, "paper_review").await;
    let site = office.step(case, "site_inspection").await;
    banhao_cases::claim(cases, &office.chen, site, true).await.unwrap();
    let done = office.city.look(case).await.steps.iter().rev().find(|step| step.element == "paper_review").unwrap().id;
    assert_eq!(why(banhao_cases::take_back(cases, &office.deng, done, "写错了").await), "case-not-possible", "begun");
    let accepted = office.city.look(case).await.steps[0].id;
    assert_eq!(why(banhao_cases::take_back(cases, &office.city.staff("shou.luo").await, accepted, "点错了").await), "case-denied");
    assert_eq!(office.operations(case).await, [Operation::Return, Operation::TakeBack]);
    let notes = office.city.look(case).await.notes;
    assert!(notes.iter().any(|note| note.kind == "return" && note.text == "材料不齐"));
});

both_databases!(ALL, departments_sign_together_and_a_decider_returns, |bed: Bed| async move {
    let office = Office::new(bed).await;
    let (cases, case) = (&office.city.cases, office.accepted().await);
    let (feng, xiao, dong) =
        (office.city.staff("shen.feng").await, office.city.staff("shen.xiao").await, office.city.staff("shou.dong").await);
    assert!(queries::file::case_file(cases, &feng, case).await.is_err(), "not asked yet");
    office.pass(&office.chen, case, "paper_review").await;
    office.pass(&office.chen, case, "site_inspection").await;
    let file = office.city.look(case).await;
    assert_eq!(file.state.joint.iter().map(String::as_str).collect::<Vec<_>>(), ["zjj", "zrzyj"]);
    assert_eq!(file.state.status, CaseStatus::Reviewing);
    let mut asked: Vec<_> = file.open_steps().map(|step| (step.element.as_str(), step.organisation.as_str())).collect();
    asked.sort_unstable();
    assert_eq!(asked, [("joint", "zjj"), ("joint", "zrzyj")]);
    // Each department finds its own in its worklist, and signs its own only.
    let list = queries::worklist::worklist(cases, &feng, None, queries::worklist::Hands::Any, None).await.unwrap();
    assert_eq!(list.items.len(), 1);
    assert!(queries::file::case_file(cases, &feng, case).await.is_ok());
    assert_eq!(office.review(&office.chen, case, "joint", Verdict::Pass).await, "case-denied", "not the own department's");
    assert_eq!(office.review(&dong, case, "joint", Verdict::Pass).await, "case-not-found", "not a reviewer's post");
    office.pass(&feng, case, "joint").await;
    assert_eq!(office.review(&feng, case, "joint", Verdict::Pass).await, "case-denied", "signed already");
    office.pass(&xiao, case, "joint").await;
    let file = office.city.look(case).await;
    assert_eq!((file.state.status, office.open(case).await), (CaseStatus::Deciding, vec!["decide".to_owned()]));
    // The decider sends it back to the inspection: the departments are asked again, and one objects.
    let decide = office.step(case, "decide").await;
    banhao_cases::return_step(cases, &office.gao, decide, "site_inspection", false, "核查照片不全").await.unwrap();
    assert_eq!(
        (office.city.look(case).await.state.status, office.open(case).await),
        (CaseStatus::Reviewing, vec!["site_inspection".into()])
    );
    office.pass(&office.chen, case, "site_inspection").await;
    assert_eq!(office.review(&xiao, case, "joint", Verdict::Fail).await, "done");
    assert_eq!(office.open(case).await, ["hear"], "one objection settles it");
    let hear = office.step(case, "hear").await;
    assert_eq!(
        why(banhao_cases::return_step(cases, &office.chen, hear, "site_inspection", false, "再查").await),
        "case-not-allowed",
        "the definition allows copies only"
    );
    office.pass(&office.deng, case, "hear").await;
    banhao_cases::decide(cases, &office.gao, case, Decision::Refuse, "部门不同意".into()).await.unwrap();
    office.city.work().await;
    assert_eq!(office.open(case).await, ["deliver_refusal"]);
});

both_databases!(ALL, a_step_goes_from_hand_to_hand, |bed: Bed| async move {
    let office = Office::new(bed).await;
    let (cases, case) = (&office.city.cases, office.accepted().await);
    let step = office.step(case, "paper_review").await;
    banhao_cases::claim(cases, &office.chen, step, true).await.unwrap();
    assert_eq!(office.review(&office.deng, case, "paper_review", Verdict::Pass).await, "case-in-other-hands");
    let give = |who: &Principal, to: StaffId, reason: &'static str| {
        let who = who.clone();
        async move { why(banhao_cases::hand_over(cases, &who, step, to, reason).await) }
    };
    assert_eq!(give(&office.deng, id(&office.deng), "我来办").await, "case-in-other-hands");
    assert_eq!(give(&office.chen, id(&office.gao), "请您办").await, "case-not-a-candidate", "a decider does not review");
    assert_eq!(
        give(&office.chen, id(&office.city.staff("shen.xiao").await), "请您办").await,
        "case-not-a-candidate",
        "another organisation"
    );
    assert_eq!(give(&office.chen, id(&office.deng), "").await, "reason");
    assert_eq!(give(&office.chen, id(&office.deng), "出差").await, "done");
    assert_eq!(office.city.look(case).await.open_steps().next().unwrap().assignee, Some(id(&office.deng)));
    assert_eq!(office.review(&office.chen, case, "paper_review", Verdict::Pass).await, "case-in-other-hands");
    // The organisation's decider can take it out of anybody's hands.
    assert_eq!(give(&office.gao, id(&office.chen), "邓同志休假").await, "done");
    // 委派: the delegate works and reports, the owner completes.
    let lend = |who: &Principal, to: StaffId| {
        let who = who.clone();
        async move { why(banhao_cases::delegate(cases, &who, step, to, "请先核对图纸").await) }
    };
    assert_eq!(lend(&office.deng, id(&office.chen)).await, "case-in-other-hands");
    assert_eq!(lend(&office.chen, id(&office.deng)).await, "done");
    assert_eq!(office.review(&office.chen, case, "paper_review", Verdict::Pass).await, "case-delegated");
    assert_eq!(office.review(&office.deng, case, "paper_review", Verdict::Pass).await, "case-report-first");
    assert_eq!(give(&office.deng, id(&office.chen), "还给您").await, "case-delegated");
    assert_eq!(why(banhao_cases::claim(cases, &office.deng, step, false).await), "case-report-first");
    assert_eq!(why(banhao_cases::report(cases, &office.chen, step, "图纸一致").await), "case-changed");
    assert_eq!(why(banhao_cases::report(cases, &office.deng, step, " ").await), "report");
    assert_eq!(why(banhao_cases::report(cases, &office.deng, step, "图纸一致").await), "done");
    assert_eq!(office.review(&office.deng, case, "paper_review", Verdict::Pass).await, "case-in-other-hands");
    office.pass(&office.chen, case, "paper_review").await;
    assert_eq!(office.operations(case).await, [Operation::HandOver, Operation::HandOver, Operation::Delegate, Operation::Report]);
});

both_databases!(ALL, signers_are_added_and_removed, |bed: Bed| async move {
    let office = Office::new(bed).await;
    let (cases, case) = (&office.city.cases, office.accepted().await);
    let feng = office.city.staff("shen.feng").await;
    let chen = &office.chen;
    let add = |step, who: Vec<String>, when| async move { why(banhao_cases::add_signers(cases, chen, step, who, when, "专业性强").await) };
    // Before: the step waits.
    let step = office.step(case, "paper_review").await;
    assert_eq!(add(step, vec![], AddedWhen::Before).await, "who");
    assert_eq!(add(step, vec!["scjgj".into()], AddedWhen::Before).await, "case-not-a-candidate", "its own organisation");
    assert_eq!(add(step, vec!["nowhere".into()], AddedWhen::Before).await, "case-not-a-candidate");
    assert_eq!(add(step, vec![id(&office.gao).to_string()], AddedWhen::Before).await, "case-not-a-candidate", "may not review");
    assert_eq!(add(step, vec![id(&office.deng).to_string(), "zrzyj".into()], AddedWhen::Before).await, "done");
    assert_eq!(office.open(case).await, ["paper_review", "paper_review"], "the two who sign");
    assert_eq!(office.review(&office.chen, case, "paper_review", Verdict::Pass).await, "case-awaits-signers");
    office.pass(&office.deng, case, "paper_review").await;
    assert_eq!(office.review(&feng, case, "paper_review", Verdict::Fail).await, "done");
    assert_eq!(office.open(case).await, ["paper_review"], "its owner's again");
    // After: the flow waits until the added one has signed, whatever the owner says.
    assert_eq!(add(step, vec!["zjj".into(), "mzj".into()], AddedWhen::After).await, "done");
    assert_eq!(why(banhao_cases::remove_signer(cases, &office.chen, step, "rsj", "不用了").await), "case-not-possible");
    assert_eq!(why(banhao_cases::remove_signer(cases, &office.chen, step, "mzj", "不用了").await), "done");
    office.pass(&office.chen, case, "paper_review").await;
    let open: Vec<_> = office.city.look(case).await.open_steps().map(|step| (step.element.clone(), step.organisation.clone())).collect();
    assert_eq!(open, [("paper_review".to_owned(), "zjj".to_owned())]);
    office.pass(&office.city.staff("shen.xiao").await, case, "paper_review").await;
    assert_eq!(office.open(case).await, ["site_inspection"]);
    // A department more in a signing step; the last one stays.
    office.pass(&office.chen, case, "site_inspection").await;
    let ours = office.city.look(case).await.open_steps().find(|step| step.organisation == "zrzyj").unwrap().id;
    let more = banhao_cases::add_signers(cases, &feng, ours, vec!["mzj".into()], AddedWhen::Beside, "涉及殡葬").await;
    assert_eq!(why(more), "case-denied", "the competent organisation says who signs");
    assert_eq!(office.open(case).await, ["joint", "joint"]);
    assert_eq!(why(banhao_cases::remove_signer(cases, &office.chen, ours, "zjj", "不涉及").await), "done");
    assert_eq!(why(banhao_cases::remove_signer(cases, &office.chen, ours, "zrzyj", "不涉及").await), "case-not-possible");
    office.pass(&feng, case, "joint").await;
    assert_eq!(office.open(case).await, ["decide"]);
});

both_databases!(ALL, copies_and_urging_change_nothing_but_are_known, |bed: Bed| async move {
    let office = Office::new(bed).await;
    let (cases, case) = (&office.city.cases, office.accepted().await);
    let yuan = office.city.staff("shen.yuan").await;
    let before = office.open(case).await;
    assert_eq!(why(banhao_cases::copy(cases, &office.chen, case, vec![], "").await), "who");
    assert_eq!(why(banhao_cases::copy(cases, &yuan, case, vec![id(&office.chen)], "").await), "case-not-found");
    banhao_cases::copy(cases, &office.chen, case, vec![id(&yuan)], "请知悉").await.unwrap();
    assert_eq!(queries::copies::unseen(cases, &yuan).await.unwrap(), 1);
    assert!(queries::file::case_file(cases, &yuan, case).await.is_ok(), "who was told may look");
    queries::copies::seen(cases, &yuan, case).await.unwrap();
    assert_eq!(queries::copies::unseen(cases, &yuan).await.unwrap(), 0);
    banhao_cases::copy(cases, &office.chen, case, vec![id(&yuan)], "材料有变化").await.unwrap();
    assert_eq!(queries::copies::copies(cases, &yuan).await.unwrap().iter().map(|line| line.seen).collect::<Vec<_>>(), [false], "told anew");
    assert_eq!(office.review(&yuan, case, "paper_review", Verdict::Pass).await, "case-denied");
    let supervisor = office.city.staff("cha.he").await;
    for (who, expected) in [
        (&supervisor, "done"),
        (&supervisor, "case-urged-today"),
        (&office.city.citizen, "done"),
        (&office.city.citizen, "case-urged-today"),
    ] {
        assert_eq!(why(banhao_cases::urge(cases, who, case).await), expected);
    }
    office.city.bed.clock.advance(std::time::Duration::from_secs(24 * 3600));
    assert_eq!(why(banhao_cases::urge(cases, &office.city.citizen, case).await), "done");
    let file = office.city.look(case).await;
    assert_eq!((file.open_steps().next().unwrap().urged, office.open(case).await), (3, before));
});

both_databases!(ALL, a_case_is_suspended_resumed_and_ended, |bed: Bed| async move {
    let office = Office::new(bed).await;
    let (cases, city) = (&office.city.cases, &office.city);
    let fresh = city.apply("food-licence").await.case;
    assert_eq!(why(banhao_cases::suspend(cases, &office.gao, fresh, "法院查封").await), "case-wrong-state", "not accepted yet");
    let case = office.accepted().await;
    let due = city.look(case).await.clock.deadlines;
    assert_eq!(why(banhao_cases::suspend(cases, &office.chen, case, "法院查封").await), "case-denied");
    assert_eq!(why(banhao_cases::suspend(cases, &office.gao, case, "").await), "reason");
    assert_eq!(why(banhao_cases::suspend(cases, &office.gao, case, "法院查封").await), "done");
    assert_eq!(why(banhao_cases::suspend(cases, &office.gao, case, "法院查封").await), "case-suspended");
    assert_eq!(city.look(case).await.clock.deadlines, due, "the legal clock runs on");
    assert_eq!(office.review(&office.chen, case, "paper_review", Verdict::Pass).await, "case-suspended");
    assert_eq!(why(banhao_cases::resume(cases, &office.gao, case, "已解封").await), "done");
    assert_eq!(why(banhao_cases::resume(cases, &office.gao, case, "已解封").await), "case-changed");
    office.pass(&office.chen, case, "paper_review").await;
    banhao_cases::suspend(cases, &office.gao, case, "申请人注销").await.unwrap();
    assert_eq!(why(banhao_cases::terminate(cases, &office.gao, case, "申请人已注销").await), "done");
    let file = city.look(case).await;
    assert_eq!((file.state.status, file.state.outcome), (CaseStatus::Closed, Some(Outcome::Terminated)));
    assert!(!file.process.is_running() && file.open_steps().next().is_none());
    assert_eq!(why(banhao_cases::terminate(cases, &office.gao, case, "再来").await), "case-wrong-state");
    assert_eq!(why(banhao_cases::urge(cases, &city.citizen, case).await), "case-wrong-state");
    city.work().await;
});

both_databases!(ALL, an_administrator_jumps_but_not_over_the_law, |bed: Bed| async move {
    let office = Office::new(bed).await;
    let (cases, city) = (&office.city.cases, &office.city);
    let admin = city.staff("guan.song").await;
    let case = city.apply("food-licence").await.case;
    let accept = office.step(case, "accept").await;
    assert_eq!(why(banhao_cases::jump(cases, &admin, accept, "decide", "走不下去").await), "case-wrong-state", "nobody accepts by a jump");
    banhao_cases::accept(cases, &city.staff("shou.luo").await, case).await.unwrap();
    let step = office.step(case, "paper_review").await;
    for (to, reason, expected) in [
        ("decide", "", "reason"),
        ("", "走不下去", "to"),
        ("deliver_result", "走不下去", "case-not-possible"),
        ("granted", "走不下去", "case-not-possible"),
        ("nowhere", "走不下去", "case-not-possible"),
    ] {
        assert_eq!(why(banhao_cases::jump(cases, &admin, step, to, reason).await), expected, "{to}");
    }
    assert_eq!(why(banhao_cases::jump(cases, &office.gao, step, "decide", "走不下去").await), "case-denied");
    assert_eq!(why(banhao_cases::jump(cases, &admin, step, "decide", "会签部门撤并").await), "done");
    assert_eq!((city.look(case).await.state.status, office.open(case).await), (CaseStatus::Deciding, vec!["decide".to_owned()]));
    assert!(queries::file::case_file(cases, &admin, case).await.is_err(), "an administrator does not read the application");
    assert!(matches!(banhao_cases::accept(cases, &admin, case).await, Err(CaseError::NotFound { .. })));
});
