//! 在办件迁移: running cases go on by the process of a new version; what they were promised stays.

use std::{collections::BTreeMap, time::Duration};

use banhao_cases::{
    CaseError, MoveOrder,
    clock::Period,
    facts::{CaseFact, Decision, Verdict},
    model::{CaseState, CaseStatus},
    queries::{
        file::CaseFile,
        moving::{Trial, move_progress, try_move},
        versions::running_by_version,
    },
    rules::moving::{Hindrance, Reason},
};
use banhao_identity::Principal;
use banhao_kernel::ids::{CaseId, StaffId};
use banhao_store::facts;
use banhao_testbed::{Bed, both_databases};
use uuid::Uuid;

use crate::{
    city::{ALL, City, why},
    rules::{INPUT, ROUTED, rules},
};

const FOOD: &str = "food-licence";
const OFFICE: &str = include_str!("../data/office.bpmn");
const WAITING: &str = include_str!("../data/waiting.bpmn");
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The shipped process with the inspection under another id, and a second look at the papers behind the first.
fn with_second_look(shipped: &str) -> String {
    shipped
        .replace("site_inspection", "site_check")
        .replace("sourceRef=\"paper_review\" targetRef=\"join_review\"", "sourceRef=\"paper_review\" targetRef=\"second_look\"")
        .replace("<bpmn:incoming>flow_paper_review_join_review</bpmn:incoming>", "<bpmn:incoming>flow_second_look_join</bpmn:incoming>")
        .replace(
            "<bpmn:parallelGateway id=\"join_review\"",
            "<bpmn:userTask id=\"second_look\" name=\"复核\" banhao:act=\"review\" banhao:post=\"reviewer\"/>\
             <bpmn:sequenceFlow id=\"flow_second_look_join\" sourceRef=\"second_look\" targetRef=\"join_review\"/>\
             <bpmn:parallelGateway id=\"join_review\"",
        )
}

struct Mover {
    city: City,
    lawyer: Principal,
    chen: Principal,
}

impl Mover {
    async fn new(bed: Bed) -> Self {
        let city = City::new(bed).await;
        let (lawyer, chen) = (city.staff("fa.tang").await, city.staff("shen.chen").await);
        Self { city, lawyer, chen }
    }

    async fn shipped(&self) -> String {
        self.city.cases.snapshot().await.unwrap().matter(FOOD).unwrap().process_xml.clone()
    }

    async fn version(&self) -> u32 {
        self.city.cases.snapshot().await.unwrap().matter(FOOD).unwrap().version
    }

    async fn accepted(&self) -> CaseId {
        let case = self.city.apply(FOOD).await.case;
        banhao_cases::accept(&self.city.cases, &self.city.staff("shou.luo").await, case).await.unwrap();
        case
    }

    async fn pass(&self, who: &Principal, case: CaseId, element: &str) {
        banhao_cases::review(&self.city.cases, who, case, element, Verdict::Pass, "同意".into()).await.unwrap();
    }

    async fn trial(&self, from: u32, plan: Option<&[(&str, &str)]>) -> Trial {
        let plan = plan.map(|pairs| pairs.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect());
        try_move(&self.city.cases, FOOD, from, self.version().await, plan).await.unwrap()
    }

    async fn order(&self, who: &Principal, from: u32, plan: BTreeMap<String, String>, reason: &str) -> Result<Uuid, CaseError> {
        let order = MoveOrder {
            id: banhao_cases::new_move_id(&self.city.cases),
            matter: FOOD.into(),
            from,
            to: self.version().await,
            plan,
            reason: reason.into(),
        };
        banhao_cases::order_move(&self.city.cases, who, order).await
    }

    /// Moves all cases of a version as proposed; gives how many moved and stayed.
    async fn move_all(&self, from: u32) -> (u64, u64) {
        let plan = self.trial(from, None).await.plan;
        let id = self.order(&self.lawyer, from, plan, "流程改版").await.unwrap();
        self.city.work().await;
        let progress = move_progress(&self.city.cases, id).await.unwrap();
        assert!(progress.done);
        (progress.moved, progress.stayed)
    }

    /// The row, the ledger and the folded state say the same.
    async fn replays(&self, case: CaseId) -> CaseFile {
        // What a runner that broke off had begun may end between two reads.
        let (file, ledger) = loop {
            let before = facts::of(self.city.bed.store.read(), case.as_uuid()).await.unwrap();
            let file = self.city.look(case).await;
            let ledger = facts::of(self.city.bed.store.read(), case.as_uuid()).await.unwrap();
            if before.len() == ledger.len() {
                break (file, ledger);
            }
        };
        let own: Vec<CaseFact> = ledger.iter().filter_map(|fact| CaseFact::from_ledger(&fact.kind, &fact.body).unwrap()).collect();
        let folded = CaseState::fold(&own).unwrap();
        assert_eq!(folded, file.state);
        assert_eq!(folded.course.unwrap_or(file.version.version), file.course.version);
        file
    }
}

fn open(file: &CaseFile) -> Vec<(&str, &str)> {
    let mut open: Vec<_> = file.open_steps().map(|step| (step.element.as_str(), step.name.as_str())).collect();
    open.sort_unstable();
    open
}

fn reasons(why: &[Hindrance]) -> Vec<&str> {
    why.iter().map(|one| one.reason.as_str()).collect()
}

fn moved_facts(file: &CaseFile) -> usize {
    file.timeline.iter().filter(|entry| entry.kind == "case.moved").count()
}

fn id(who: &Principal) -> StaffId {
    who.staff().unwrap().id
}

both_databases!(ALL, open_steps_of_a_parallel_review_go_on_by_the_new_process, |bed: Bed| async move {
    let mover = Mover::new(bed).await;
    let city = &mover.city;
    let (both, one) = (mover.accepted().await, mover.accepted().await);
    mover.pass(&mover.chen, one, "paper_review").await;
    let site = city.look(one).await.open_steps().next().unwrap().id;
    banhao_cases::claim(&city.cases, &mover.chen, site, true).await.unwrap();
    let promised = city.look(both).await.clock.due(Period::Promised).unwrap();
    city.change_process(FOOD, &with_second_look(&mover.shipped().await)).await;

    // The trial says where each goes and changes nothing.
    let before = city.look(both).await;
    let trial = mover.trial(1, None).await;
    assert_eq!((trial.tried, trial.can_move), (2, 2));
    assert_eq!(trial.to_choose, [("site_inspection".to_owned(), 2)], "gone, and proposed by its name");
    assert_eq!(trial.plan.get("site_inspection").map(String::as_str), Some("site_check"));
    let places = trial.moving.iter().find(|tried| tried.id == both).unwrap().outcome.clone().unwrap();
    assert_eq!(places, [("paper_review".into(), "paper_review".into()), ("site_inspection".into(), "site_check".into())]);
    let after = city.look(both).await;
    assert_eq!((before.process, before.steps, before.timeline), (after.process, after.steps, after.timeline));

    assert_eq!(mover.move_all(1).await, (2, 0));
    assert_eq!(running_by_version(&city.cases, FOOD).await.unwrap(), BTreeMap::from([(2, 2)]));
    let file = mover.replays(both).await;
    assert_eq!((file.version.version, file.course.version), (1, 2), "what was promised stays");
    assert_eq!(open(&file), [("paper_review", "书面审查"), ("site_check", "现场核查")]);
    assert_eq!(file.clock.due(Period::Promised), Some(promised));
    let fact = file.timeline.iter().find(|entry| entry.kind == "case.moved").unwrap();
    assert_eq!(fact.staff, Some(id(&mover.lawyer)));
    assert!(file.notes.iter().any(|note| note.kind == "move" && note.text == "流程改版" && note.author == id(&mover.lawyer)));
    // The branch that waits at the join stays there; who has a step in hand keeps it.
    let file = mover.replays(one).await;
    assert_eq!(open(&file), [("site_check", "现场核查")]);
    assert_eq!(file.open_steps().next().unwrap().assignee, Some(id(&mover.chen)));
    mover.pass(&mover.chen, one, "site_check").await;
    assert_eq!(open(&city.look(one).await), [("decide", "决定")]);
    // The other one has the new step before it, and ends as any case does.
    mover.pass(&mover.chen, both, "paper_review").await;
    mover.pass(&mover.chen, both, "site_check").await;
    assert_eq!(open(&city.look(both).await), [("second_look", "复核")]);
    mover.pass(&mover.chen, both, "second_look").await;
    banhao_cases::decide(&city.cases, &city.staff("ding.gao").await, both, Decision::Grant, String::new()).await.unwrap();
    city.work().await;
    assert_eq!(mover.replays(both).await.state.status, CaseStatus::Delivering);

    // A second time there is nothing left to move.
    assert_eq!(mover.move_all(1).await, (0, 0));
    assert_eq!((moved_facts(&city.look(both).await), moved_facts(&city.look(one).await)), (1, 1));
});

both_databases!(ALL, what_is_waited_for_keeps_its_time_and_takes_its_new_name, |bed: Bed| async move {
    let mover = Mover::new(bed).await;
    let city = &mover.city;
    city.change_process(FOOD, WAITING).await;
    let (asked, slow) = (mover.accepted().await, mover.accepted().await);
    mover.pass(&mover.chen, asked, "paper_review").await;
    let due = |file: &CaseFile, element: &str| file.waiting.iter().find(|wait| wait.element == element).map(|wait| wait.due_at.unwrap());
    let no_answer = due(&city.look(asked).await, "no_answer").unwrap();
    let reminder = due(&city.look(slow).await, "slow").unwrap();
    city.bed.clock.advance(DAY);
    let next = WAITING
        .replace("专家意见\"/>", "专家评审意见\"/>")
        .replace("id=\"no_answer\" name=\"五天没有来\"", "id=\"no_reply\" name=\"五天没有来\"")
        .replace("no_answer", "no_reply")
        .replace("R2/P2D", "R2/P3D")
        .replace(
            "<bpmn:serviceTask id=\"remind\"",
            "<bpmn:boundaryEvent id=\"much_too_slow\" name=\"很久没办\" attachedToRef=\"paper_review\" cancelActivity=\"false\">\
             <bpmn:timerEventDefinition><bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>\
             <bpmn:sequenceFlow id=\"f_much\" sourceRef=\"much_too_slow\" targetRef=\"remind\"/><bpmn:serviceTask id=\"remind\"",
        );
    city.change_process(FOOD, &next).await;
    assert_eq!(mover.move_all(2).await, (2, 0));
    let file = mover.replays(asked).await;
    assert_eq!(due(&file, "no_reply"), Some(no_answer), "counted when it was set, a day before");
    assert_eq!(file.waiting.iter().filter_map(|wait| wait.name.clone()).collect::<Vec<_>>(), ["专家评审意见"]);
    let tell = |name: &'static str| {
        let (cases, chen) = (city.cases.clone(), mover.chen.clone());
        async move { why(banhao_cases::register_message(&cases, &chen, asked, name, Verdict::Pass, "可行").await) }
    };
    assert_eq!(tell("专家意见").await, "case-nobody-waits");
    let file = mover.replays(slow).await;
    assert_eq!(reminder.to_string(), "2026-11-25T16:00:00Z");
    assert_eq!(due(&file, "slow").unwrap().to_string(), "2026-11-27T16:00:00Z", "another time is counted from the move, Tuesday");
    let fresh = due(&file, "much_too_slow").expect("a timer that the new version has more is set");
    assert_eq!(fresh, city.bed.store.now().checked_add(3 * DAY).unwrap());
    // Each rings at its time, once; the old one does not.
    let urged = |file: CaseFile| file.open_steps().next().unwrap().urged;
    city.bed.clock.set_civil("2026-11-27T08:59:59".parse().unwrap());
    city.work().await;
    assert_eq!(urged(city.look(slow).await), 0);
    city.bed.clock.set_civil("2026-11-27T09:00".parse().unwrap());
    city.work().await;
    assert_eq!(urged(city.look(slow).await), 1);
    assert!(open(&city.look(asked).await).is_empty());
    city.bed.clock.set_civil("2026-11-28T09:00".parse().unwrap());
    city.work().await;
    assert_eq!(urged(city.look(slow).await), 2);
    // The other timer falls due under its new name.
    assert_eq!(open(&city.look(asked).await), [("site_inspection", "现场核查")]);
});

both_databases!(ALL, a_round_of_signatures_goes_on_with_what_was_signed, |bed: Bed| async move {
    let mover = Mover::new(bed).await;
    let city = &mover.city;
    city.change_process(FOOD, OFFICE).await;
    let case = mover.accepted().await;
    mover.pass(&mover.chen, case, "paper_review").await;
    mover.pass(&mover.chen, case, "site_inspection").await;
    let (feng, xiao) = (city.staff("shen.feng").await, city.staff("shen.xiao").await);
    mover.pass(&feng, case, "joint").await;
    let next = OFFICE
        .replace("\"joint\"", "\"sign_all\"")
        .replace("joint_agreed", "sign_all_agreed")
        .replace("sourceRef=\"sign_all\" targetRef=\"all_agree\"", "sourceRef=\"sign_all\" targetRef=\"sum_up\"")
        .replace(
            "<bpmn:exclusiveGateway id=\"all_agree\"",
            "<bpmn:userTask id=\"sum_up\" name=\"汇总\" banhao:act=\"review\" banhao:post=\"reviewer\"/>\
             <bpmn:sequenceFlow id=\"f_sum\" sourceRef=\"sum_up\" targetRef=\"all_agree\"/><bpmn:exclusiveGateway id=\"all_agree\"",
        );
    city.change_process(FOOD, &next).await;
    assert_eq!(mover.move_all(2).await, (1, 0));
    let file = mover.replays(case).await;
    assert_eq!(open(&file), [("sign_all", "部门会签")]);
    assert!(banhao_cases::review(&city.cases, &feng, case, "sign_all", Verdict::Pass, "再签".into()).await.is_err(), "signed already");
    mover.pass(&xiao, case, "sign_all").await;
    assert_eq!(open(&city.look(case).await), [("sum_up", "汇总")]);
    mover.pass(&mover.chen, case, "sum_up").await;
    assert_eq!(open(&mover.replays(case).await), [("decide", "决定")], "what the round came to is known under its new name");
});

both_databases!(ALL, what_cannot_move_stays_as_it_is, |bed: Bed| async move {
    let mover = Mover::new(bed).await;
    let city = &mover.city;
    let shipped = mover.shipped().await;
    let (case, suspended, closed) = (mover.accepted().await, mover.accepted().await, mover.accepted().await);
    let gao = city.staff("ding.gao").await;
    banhao_cases::suspend(&city.cases, &gao, suspended, "等法院").await.unwrap();
    banhao_cases::withdraw(&city.cases, &city.citizen, closed).await.unwrap();
    city.work().await;
    // The inspection is gone, and nothing has its name.
    let next = with_second_look(&shipped).replace("name=\"现场核查\"", "name=\"现场查验\"");
    city.change_process(FOOD, &next).await;
    let before = (city.look(case).await, city.look(suspended).await, city.look(closed).await);
    let trial = mover.trial(1, None).await;
    assert_eq!((trial.tried, trial.can_move, trial.plan.len()), (2, 0, 0));
    assert_eq!(trial.to_choose, [("site_inspection".to_owned(), 1)]);
    let of = |id: CaseId| trial.staying.iter().find(|tried| tried.id == id).unwrap().outcome.clone().unwrap_err();
    assert!(reasons(&of(case)).contains(&"gone"));
    assert_eq!(reasons(&of(suspended)), ["suspended"]);
    // What is something else is no choice: it is as if nothing had been chosen.
    assert_eq!(mover.trial(1, Some(&[("site_inspection", "decide")])).await.can_move, 0);
    assert_eq!(mover.move_all(1).await, (0, 2));
    let after = (city.look(case).await, city.look(suspended).await, city.look(closed).await);
    for (before, after) in [(&before.0, &after.0), (&before.1, &after.1), (&before.2, &after.2)] {
        assert_eq!((&before.process, &before.steps, &before.timeline), (&after.process, &after.steps, &after.timeline));
        assert_eq!(after.course.version, 1);
    }
    // Somebody says where it goes, and the suspended one is resumed.
    banhao_cases::resume(&city.cases, &gao, suspended, "可以继续").await.unwrap();
    let trial = mover.trial(1, Some(&[("site_inspection", "site_check")])).await;
    assert_eq!((trial.tried, trial.can_move), (2, 2));
    // One that changes between trial and move is looked at anew.
    banhao_cases::withdraw(&city.cases, &city.citizen, suspended).await.unwrap();
    let order = mover.order(&mover.lawyer, 1, trial.plan, "流程改版").await.unwrap();
    banhao_cases::suspend(&city.cases, &gao, case, "再等").await.unwrap();
    city.work().await;
    let progress = move_progress(&city.cases, order).await.unwrap();
    assert_eq!((progress.cases, progress.moved, progress.stayed, progress.done), (1, 0, 1, true));
    assert_eq!((progress.staying[0].0, reasons(&progress.staying[0].2)), (case, vec!["suspended"]));
});

both_databases!(ALL, nothing_with_a_legal_effect_is_left_out_or_done_twice, |bed: Bed| async move {
    let mover = Mover::new(bed).await;
    let city = &mover.city;
    city.change_process(FOOD, WAITING).await;
    let case = mover.accepted().await;
    mover.pass(&mover.chen, case, "paper_review").await;
    // The case waits at `which`; in the new version that gateway lies behind the decision, and papers are reviewed before acceptance.
    let behind = WAITING
        .replace("sourceRef=\"paper_review\" targetRef=\"which\"", "sourceRef=\"paper_review\" targetRef=\"decide\"")
        .replace("sourceRef=\"decide\" targetRef=\"granted_or_not\"", "sourceRef=\"decide\" targetRef=\"which\"")
        .replace("sourceRef=\"tell\" targetRef=\"decide\"", "sourceRef=\"tell\" targetRef=\"granted_or_not\"");
    city.change_process(FOOD, &behind).await;
    let trial = mover.trial(2, None).await;
    let left_out = Hindrance { detail: "decide".into(), ..Hindrance::whole(Reason::ActLeftOut, "") };
    assert_eq!(trial.staying[0].outcome, Err(vec![left_out]));
    // And the other way round: a step that comes before acceptance there would have the case accepted twice.
    let before = WAITING
        .replace("sourceRef=\"received\" targetRef=\"accept\"", "sourceRef=\"received\" targetRef=\"paper_review\"")
        .replace("sourceRef=\"tell\" targetRef=\"decide\"", "sourceRef=\"tell\" targetRef=\"accept\"")
        .replace("sourceRef=\"accepted_or_not\" targetRef=\"paper_review\"", "sourceRef=\"accepted_or_not\" targetRef=\"decide\"");
    city.change_process(FOOD, &before).await;
    let trial = mover.trial(2, None).await;
    assert_eq!(reasons(trial.staying[0].outcome.as_ref().unwrap_err()), ["act-again"]);
});

both_databases!(ALL, what_the_new_process_asks_about_must_be_known, |bed: Bed| async move {
    let mover = Mover::new(bed).await;
    let city = &mover.city;
    // The old process keeps nothing of the form; the new one asks for it, and it is in the sealed application.
    city.change_process(FOOD, OFFICE).await;
    let case = mover.accepted().await;
    let next = OFFICE.replace("joint_agreed = false", "form.business_kind = null");
    city.change_process(FOOD, &next).await;
    assert_eq!(mover.move_all(2).await, (1, 0));
    let file = mover.replays(case).await;
    let asked = &file.process.variables()["form"]["business_kind"];
    assert_eq!(Some(asked), file.answers.get("business_kind"), "{asked}");
    // A verdict that nobody kept and nobody will give any more is not known.
    mover.pass(&mover.chen, case, "paper_review").await;
    let next = OFFICE.replace("joint_agreed = false", "review = \"fail\"").replace("id=\"joint\"", "id=\"joint\" banhao:note=\"3\"");
    city.change_process(FOOD, &next).await;
    let trial = mover.trial(3, None).await;
    assert_eq!(trial.can_move, 1, "the joint review is still to come");
    mover.pass(&mover.chen, case, "site_inspection").await;
    for who in ["shen.feng", "shen.xiao"] {
        mover.pass(&city.staff(who).await, case, "joint").await;
    }
    let decide = OFFICE.replace("decision = \"grant\"", "decision = \"grant\" and review != \"fail\"");
    city.change_process(FOOD, &decide).await;
    let trial = mover.trial(3, None).await;
    let why = trial.staying[0].outcome.clone().unwrap_err();
    assert_eq!((reasons(&why), why[0].detail.as_str()), (vec!["not-known"], "review"));
});

both_databases!(ALL, rules_asked_after_the_move_are_those_of_the_new_version, |bed: Bed| async move {
    let mover = Mover::new(bed).await;
    let city = &mover.city;
    city.change_decisions(FOOD, &rules("风险高", true), INPUT, Some(ROUTED)).await;
    let (received, routed) = (city.apply(FOOD).await.case, mover.accepted().await);
    assert_eq!(open(&city.look(routed).await), [("site_inspection", "现场核查")]);
    city.change_decisions(FOOD, &rules("风险高", false), INPUT, Some(ROUTED)).await;
    assert_eq!(mover.move_all(2).await, (2, 0));
    banhao_cases::accept(&city.cases, &city.staff("shou.luo").await, received).await.unwrap();
    let made_by = |file: &CaseFile| {
        let version = |fact: &CaseFact| match fact {
            CaseFact::DecidedByRules { matter_version, .. } => Some(*matter_version),
            _ => None,
        };
        file.timeline.iter().filter_map(|entry| entry.what.as_ref().and_then(version)).collect::<Vec<_>>()
    };
    let file = mover.replays(received).await;
    assert_eq!((open(&file), made_by(&file)), (vec![("paper_review", "书面审查")], vec![3]));
    // What was decided before stays decided, by the rules of then.
    let file = mover.replays(routed).await;
    assert_eq!((open(&file), made_by(&file)), (vec![("site_inspection", "现场核查")], vec![2]));
});

both_databases!(ALL, only_who_may_publish_moves_cases, |bed: Bed| async move {
    let mover = Mover::new(bed).await;
    let city = &mover.city;
    let case = mover.accepted().await;
    let refused = |who: &'static str, reason: &'static str| {
        let mover = &mover;
        async move { why(mover.order(&mover.city.staff(who).await, 1, BTreeMap::new(), reason).await.map(drop)) }
    };
    assert_eq!(refused("fa.tang", "改版").await, "case-move-versions", "there is nothing newer");
    city.change_process(FOOD, &with_second_look(&mover.shipped().await)).await;
    for who in ["shen.chen", "bian.qin", "ding.gao", "cha.he"] {
        assert_eq!(refused(who, "改版").await, "identity-denied", "{who}");
    }
    assert_eq!(why(mover.order(&city.citizen, 1, BTreeMap::new(), "改版").await.map(drop)), "identity-anonymous");
    assert_eq!(refused("fa.tang", "  ").await, "reason");
    let order = |matter: &'static str, from, to| MoveOrder {
        id: banhao_cases::new_move_id(&city.cases),
        matter: matter.into(),
        from,
        to,
        plan: BTreeMap::new(),
        reason: "改版".into(),
    };
    for (order, code) in [
        (order(FOOD, 2, 1), "case-move-versions"),
        (order(FOOD, 2, 2), "case-move-versions"),
        (order(FOOD, 1, 3), "case-move-versions"),
        (order(FOOD, 9, 2), "case-not-found"),
        (order("no-such-matter", 1, 2), "case-not-found"),
    ] {
        assert_eq!(why(banhao_cases::order_move(&city.cases, &mover.lawyer, order).await.map(drop)), code);
    }
    city.work().await;
    assert_eq!(moved_facts(&city.look(case).await), 0);
});

both_databases!(ALL, an_order_that_breaks_off_goes_on_where_it_was, |bed: Bed| async move {
    let mover = Mover::new(bed).await;
    let city = &mover.city;
    let mut cases = Vec::new();
    for _ in 0..8 {
        cases.push(mover.accepted().await);
    }
    city.work().await;
    city.change_process(FOOD, &with_second_look(&mover.shipped().await)).await;
    let plan = mover.trial(1, None).await.plan;
    let order = mover.order(&mover.lawyer, 1, plan, "流程改版").await.unwrap();
    let first = async {
        while move_progress(&city.cases, order).await.unwrap().moved < 2 {
            tokio::task::yield_now().await;
        }
    };
    let dying = banhao_cases::register_jobs(banhao_store::Runner::new(city.bed.store.clone()).at_once(1), &city.cases);
    tokio::select! {
        () = first => {}
        _ = dying.run_due() => {}
    }
    drop(dying);
    for case in &cases {
        let file = mover.replays(*case).await;
        let whole = if file.course.version == 2 { (1, "site_check") } else { (0, "site_inspection") };
        assert_eq!((moved_facts(&file), open(&file)[1].0), whole, "moved or as it was");
    }
    // Another runner takes over what was in hand.
    city.work().await;
    let progress = move_progress(&city.cases, order).await.unwrap();
    assert_eq!((progress.moved, progress.stayed, progress.done), (8, 0, true));
    for case in cases {
        assert_eq!(moved_facts(&mover.replays(case).await), 1);
    }
});

both_databases!(ALL, who_the_new_version_gives_a_step_to_finds_it, |bed: Bed| async move {
    let mover = Mover::new(bed).await;
    let city = &mover.city;
    city.change_process(FOOD, OFFICE).await;
    let (free, given) = (mover.accepted().await, mover.accepted().await);
    let step = |file: CaseFile| file.open_steps().next().cloned().unwrap();
    let hand = step(city.look(given).await).id;
    banhao_cases::claim(&city.cases, &mover.chen, hand, true).await.unwrap();
    banhao_cases::hand_over(&city.cases, &mover.chen, hand, id(&city.staff("shen.deng").await), "出差").await.unwrap();
    let next = OFFICE.replace("name=\"书面审查\"", "name=\"规划审查\" banhao:organisation=\"zrzyj\"");
    city.change_process(FOOD, &next).await;
    assert_eq!(mover.move_all(2).await, (1, 1));
    let stays = city.look(given).await;
    assert_eq!((stays.course.version, step(stays).name.as_str()), (2, "书面审查"), "it was handed to somebody");
    let file = mover.replays(free).await;
    assert!(file.state.joint.contains("zrzyj"));
    assert_eq!((step(file.clone()).organisation, step(file).name), ("zrzyj".to_owned(), "规划审查".to_owned()));
    let (feng, xiao) = (city.staff("shen.feng").await, city.staff("shen.xiao").await);
    let own = if feng.staff().unwrap().organisation == "zrzyj" { feng } else { xiao };
    assert!(banhao_cases::review(&city.cases, &mover.chen, free, "paper_review", Verdict::Pass, "同意".into()).await.is_err());
    mover.pass(&own, free, "paper_review").await;
});
