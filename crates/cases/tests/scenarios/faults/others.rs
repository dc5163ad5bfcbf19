//! What the office does besides going on with a step, sent as a form sends it: whoever got no answer sends it again and hears the first one.
//! And what the platform does by itself: definitions come in, running cases are moved, papers are issued.

use std::collections::BTreeMap;

use banhao_cases::{
    AtWindow, CaseContext, CaseError, HandOver, MoveOrder, Request, Signature,
    facts::{CaseFact, Decision, DeliveryMethod, RefusalGround, SupplementItem, Verdict},
    model::CaseStatus,
    queries, samples,
};
use banhao_identity::Principal;
use banhao_kernel::{actor::Actor, ids::CaseId};
use banhao_records::PaperState;
use banhao_testbed::{Bed, Fault, both_databases, difference};

use super::{BRANCHES, Contents, Doing, MANY, Shaky, happened, id};
use crate::city::{ALL, why};

const FOOD: &str = "food-licence";

impl Shaky {
    /// What a command is given for one request.
    fn once(&self, who: &Principal, case: CaseId, act: &str) -> CaseContext {
        let cases = &self.city.cases;
        cases.for_request(Request::new(&cases.store, who, case, act, [("seen", "1")].into_iter()))
    }

    /// Papers are made by as many jobs as there are papers, whose effects come one by one: until all is done, each paper is issued or is not,
    /// with its fact, and the licence exists as soon as its paper does and not before. Gives the number of failures.
    async fn exhaust_papers(&self, fault: Fault, case: CaseId) -> u32 {
        let Principal::Person(person) = &self.city.citizen else { unreachable!() };
        let licences_before = banhao_records::licences_of(&self.city.bed.store, person.id).await.unwrap().len();
        let (mut failures, mut at) = (0, 1);
        loop {
            assert!(at < MANY, "papers: never all issued");
            let before = self.faults.contents().await;
            if fault != Fault::CommitFails || at == 1 {
                self.faults.arm(fault, at).await;
            }
            let _ = self.city.runner.run_due().await;
            self.faults.disarm().await;
            self.faults.let_jobs_be_tried_again().await;
            let papers = banhao_records::papers_of_case(&self.city.bed.store, case).await.unwrap();
            let issued = papers.iter().filter(|paper| paper.state == PaperState::Issued).count();
            let file = self.city.look(case).await;
            assert_eq!(issued, happened(&file, "paper.issued"), "{fault:?} at {at}: each paper with its fact, once");
            let licences = banhao_records::licences_of(&self.city.bed.store, person.id).await.unwrap().len() - licences_before;
            let made = happened(&file, "case.made");
            assert!(licences <= 1 && made <= licences, "{fault:?} at {at}: {licences} licences, made {made} times");
            assert_eq!(made == 1, file.state.status == CaseStatus::Delivering, "{fault:?} at {at}");
            if made == 1 && issued == papers.len() {
                break;
            }
            failures += 1;
            at = if before == self.faults.contents().await { at + 1 } else { 1 };
        }
        assert!(failures > 0, "papers: {fault:?} never happened");
        failures
    }
}

both_databases!(ALL, a_form_whose_answer_was_lost_is_carried_out_once, |bed: Bed| async move {
    let shaky = Shaky::new(bed, BRANCHES).await;
    let city = &shaky.city;
    let (luo, chen, gao, lin) =
        (&city.staff("shou.luo").await, &city.staff("shen.chen").await, &city.staff("ding.gao").await, &city.staff("chu.lin").await);
    let zhou = &city.staff("win.zhou").await;
    let window = |who: &Principal| {
        let member = who.staff().unwrap();
        AtWindow { hall: member.hall.clone().unwrap(), window: member.windows[0].clone() }
    };
    let yuan = id(&city.staff("shen.yuan").await);
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for fault in shaky.faults.kinds() {
        let mut count = |name: &'static str, failures: u32| *counted.entry(name).or_default() += failures;
        let done = ["done"];
        let asked = city.apply(FOOD).await.case;
        let material = &city.look(asked).await.files[0].material.clone();
        let ctx = &shaky.once(luo, asked, "request-supplement");
        let ask = || {
            let items = vec![SupplementItem { material: material.clone(), problem: "不清楚".into(), requirement: "重拍".into() }];
            Box::pin(async move { why(banhao_cases::request_supplement(ctx, luo, asked, items).await) }) as Doing<'_>
        };
        count("request a supplement", shaky.exhaust("request a supplement", *fault, asked, &ask, &done).await);
        let refused = city.apply(FOOD).await.case;
        let ctx = &shaky.once(luo, refused, "refuse");
        let refuse = || {
            let act = banhao_cases::refuse_acceptance(ctx, luo, refused, RefusalGround::NotNeeded, None, "不需要许可".into());
            Box::pin(async move { why(act.await) }) as Doing<'_>
        };
        count("refuse", shaky.exhaust("refuse", *fault, refused, &refuse, &done).await);

        let case = city.apply(FOOD).await.case;
        let ctx = &shaky.once(zhou, case, "visit");
        let visit = || Box::pin(async move { why(banhao_cases::record_visit(ctx, zhou, case, window(zhou), "other").await) }) as Doing<'_>;
        count("visit", shaky.exhaust("visit", *fault, case, &visit, &done).await);
        assert_eq!(city.look(case).await.line.visits, 1);
        let ctx = &shaky.once(luo, case, "accept");
        let accept = || Box::pin(async move { why(banhao_cases::accept(ctx, luo, case).await) }) as Doing<'_>;
        count("accept", shaky.exhaust("accept", *fault, case, &accept, &done).await);

        let step = shaky.step(case, "paper_review").await;
        let cases = &city.cases;
        let claim = |take: bool| move || Box::pin(async move { why(banhao_cases::claim(cases, chen, step, take).await) }) as Doing<'_>;
        count("claim", shaky.exhaust("claim", *fault, case, &claim(true), &done).await);
        count("put back", shaky.exhaust("put back", *fault, case, &claim(false), &done).await);
        let ctx = &shaky.once(chen, case, "copy");
        let copy = || Box::pin(async move { why(banhao_cases::copy(ctx, chen, case, vec![yuan], "请知悉").await) }) as Doing<'_>;
        count("copy", shaky.exhaust("copy", *fault, case, &copy, &done).await);
        let ctx = &shaky.once(chen, case, "review");
        let review = || {
            let act = banhao_cases::review(ctx, chen, case, "paper_review", Verdict::Pass, "同意".into());
            Box::pin(async move { why(act.await) }) as Doing<'_>
        };
        count("review", shaky.exhaust("review", *fault, case, &review, &done).await);

        for who in ["shen.feng", "shen.xiao", "shen.yuan"] {
            assert_eq!(shaky.pass(who, case, "joint").await, "done");
        }
        for element in ["site_inspection", "photos", "sum_up", "wrap_up"] {
            assert_eq!(shaky.pass("shen.chen", case, element).await, "done");
        }
        shaky.settle().await;
        banhao_cases::decide(&city.cases, gao, case, Decision::Grant, "同意".into()).await.unwrap();
        count("issue papers", shaky.exhaust_papers(*fault, case).await);

        let ctx = &shaky.once(lin, case, "deliver");
        let signature = || Some(Signature::Drawn(samples::PNG.to_vec()));
        let deliver = || {
            let given = HandOver {
                method: DeliveryMethod::Window,
                receiver: "测试甲".into(),
                signature: signature(),
                waybill: None,
                at: Some(window(lin)),
            };
            Box::pin(async move { why(banhao_cases::deliver(ctx, lin, case, given).await) }) as Doing<'_>
        };
        count("deliver", shaky.exhaust("deliver", *fault, case, &deliver, &done).await);
        let file = city.look(case).await;
        assert_eq!((file.state.status, file.line.visits), (CaseStatus::Closed, 2));
    }
    let failures = counted.values().sum::<u32>();
    assert!(counted.len() == 10 && failures >= 150, "{failures} failures: {counted:?}");
});

both_databases!(ALL, definitions_come_in_and_cases_move_once_whatever_fails, |bed: Bed| async move {
    let shaky = Shaky::new(bed, BRANCHES).await;
    let city = &shaky.city;
    let lawyer = &city.staff("fa.tang").await;
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for (round, fault) in shaky.faults.kinds().iter().enumerate() {
        let mut count = |name: &'static str, failures: u32| *counted.entry(name).or_default() += failures;
        let both = [shaky.branched().await, shaky.branched().await];
        let case = both[0];
        shaky.settle().await;
        let from = city.look(case).await.course.version;
        let renamed = format!("第{round}次改名");
        let next = BRANCHES.replace("name=\"现场核查\"", &format!("name=\"{renamed}\""));
        let folder = &city.with_process(FOOD, &next).await;
        let import = || {
            let act = async move {
                let done = banhao_catalogue::import(&city.bed.store, folder, Actor::System).await;
                why(done.map(drop).map_err(CaseError::Catalogue))
            };
            Box::pin(act) as Doing<'_>
        };
        count("import", shaky.exhaust("import", *fault, case, &import, &["done"]).await);
        let there = city.cases.snapshot().await.unwrap().matter(FOOD).unwrap();
        assert_eq!((there.version, &there.process_xml), (from + 1, &next), "in force, as it was written");

        let order = MoveOrder {
            id: banhao_cases::new_move_id(&city.cases),
            matter: FOOD.into(),
            from,
            to: from + 1,
            plan: BTreeMap::new(),
            reason: "改名".into(),
        };
        let order_id = order.id;
        let order = &order;
        let send = || {
            let act = async move { why(banhao_cases::order_move(&city.cases, lawyer, order.clone()).await.map(drop)) };
            Box::pin(act) as Doing<'_>
        };
        // Settling would carry the order out: it is repeated before.
        let before = shaky.faults.contents().await;
        let mut failures = 0;
        loop {
            if *fault != Fault::CommitFails || failures == 0 {
                shaky.faults.arm(*fault, failures + 1).await;
            }
            let told = send().await;
            shaky.faults.disarm().await;
            failures += u32::from(told != "done");
            let changed = shaky.changed(&before, &shaky.faults.contents().await);
            assert!(failures < MANY && (told == "done" || told.starts_with("store-")), "{told}");
            assert!(told != "done" || changed.is_some(), "told that it was ordered, and it was not");
            if changed.is_some() {
                assert!(told == "done" || *fault == Fault::CutAfter, "{told}: {changed:?}");
                break;
            }
        }
        count("order to move", failures);
        let ordered = shaky.faults.contents().await;
        assert_eq!(send().await, "done");
        assert_eq!(shaky.changed(&ordered, &shaky.faults.contents().await), None, "ordered twice");

        // Looking for the cases, then one job for each.
        let moved = |file: &queries::file::CaseFile| {
            let facts = file.timeline.iter().filter(|entry| matches!(entry.what, Some(CaseFact::Moved { .. }))).count();
            let site = file.open_steps().find(|step| step.element == "site_inspection").unwrap();
            assert_eq!((facts == 1, facts <= 1), (file.course.version == from + 1, true), "moved and said so, once");
            assert_eq!(facts == 1, site.name == renamed, "the step is the new version's when the case is");
            facts == 1
        };
        let tables = ["case_move", "case_move_result", "fact", "case_note", "case_record", "case_task", "case_process"];
        let mut failures = 0;
        let mut at = 1;
        loop {
            let before = shaky.faults.contents().await;
            if *fault != Fault::CommitFails || at == 1 {
                shaky.faults.arm(*fault, at).await;
            }
            let _ = city.runner.run_due().await;
            shaky.faults.disarm().await;
            shaky.faults.let_jobs_be_tried_again().await;
            let mut gone = 0;
            for case in both {
                gone += usize::from(moved(&city.look(case).await));
            }
            let after = shaky.faults.contents().await;
            let elsewhere = |contents: &Contents| {
                let mut contents = contents.clone();
                contents.retain(|table, _| table != "job" && !tables.contains(&table.as_str()));
                contents
            };
            assert_eq!(difference(&elsewhere(&before), &elsewhere(&after)), None, "a move touches nothing else");
            let progress = queries::moving::move_progress(&city.cases, order_id).await.unwrap();
            assert_eq!((progress.moved, progress.stayed), (gone as u64, 0), "noted with the move");
            if gone == both.len() {
                break;
            }
            failures += 1;
            at = if before == after { at + 1 } else { 1 };
            assert!(at < MANY, "never all moved");
        }
        assert!(failures > 0);
        count("move", failures);
        shaky.settle().await;
        let progress = queries::moving::move_progress(&city.cases, order_id).await.unwrap();
        assert_eq!((progress.done, progress.cases, progress.moved, progress.stayed), (true, both.len() as u64, both.len() as u64, 0));
        for case in both {
            assert!(moved(&city.look(case).await));
            shaky.keeps_nothing(case).await;
            // The other cases of this test are not in the next order.
            banhao_cases::terminate(&city.cases, &city.staff("ding.gao").await, case, "办完").await.unwrap();
        }
    }
    let failures = counted.values().sum::<u32>();
    assert!(counted.len() == 3 && failures >= 40, "{failures} failures: {counted:?}");
});
