//! A step is one transaction: whatever fails at whichever statement, all is as it was, and the next try does it, once.
//!
//! Each command is tried with a fault at its first statement, then at its second, and so on until it goes through. On PostgreSQL the
//! connection is cut before or after each statement, reads, BEGIN and COMMIT among them; on SQLite each row that is written is refused, or
//! the database gives the transaction up at it, and the commit fails.

use std::{collections::BTreeMap, pin::Pin, sync::Arc};

use banhao_cases::{
    AddedWhen, CaseContext, CaseError,
    facts::{Decision, Verdict},
    queries,
};
use banhao_catalogue::Catalogue;
use banhao_identity::Principal;
use banhao_kernel::ids::{CaseId, DraftId, StaffId, TaskId};
use banhao_store::ledger_log;
use banhao_testbed::{Bed, Fault, Faults, both_databases, difference};

use crate::city::{ALL, City, why};

const BRANCHES: &str = include_str!("../data/branches.bpmn");
const WAITING: &str = include_str!("../data/waiting.bpmn");
/// No command has as many statements.
const MANY: u32 = 400;

type Contents = BTreeMap<String, Vec<String>>;
type Doing<'c> = Pin<Box<dyn Future<Output = String> + 'c>>;

/// The city with a database that fails where told.
struct Shaky {
    city: City,
    faults: Faults,
}

impl Shaky {
    async fn new(mut bed: Bed, process: &str) -> Self {
        let faults = Faults::under(&mut bed).await;
        let city = City::new(bed).await;
        city.change_process("food-licence", process).await;
        Self { city, faults }
    }

    async fn accepted(&self) -> CaseId {
        let case = self.city.apply("food-licence").await.case;
        banhao_cases::accept(&self.city.cases, &self.city.staff("shou.luo").await, case).await.unwrap();
        case
    }

    /// Both branches are open: the inspection, and the departments that sign.
    async fn branched(&self) -> CaseId {
        let case = self.accepted().await;
        assert_eq!(self.pass("shen.chen", case, "paper_review").await, "done");
        case
    }

    async fn pass(&self, who: &str, case: CaseId, element: &str) -> String {
        let who = self.city.staff(who).await;
        why(banhao_cases::review(&self.city.cases, &who, case, element, Verdict::Pass, "同意".into()).await)
    }

    async fn step(&self, case: CaseId, element: &str) -> TaskId {
        self.city.look(case).await.open_steps().find(|step| step.element == element).unwrap().id
    }

    async fn open(&self, case: CaseId) -> Vec<String> {
        let mut open: Vec<_> = self.city.look(case).await.open_steps().map(|step| step.element.clone()).collect();
        open.sort();
        open
    }

    /// Everything that is due is done and everything that was stated has its place in the ledger.
    async fn settle(&self) {
        self.city.work().await;
        while ledger_log::sequence_once(&self.city.bed.store).await.unwrap() > 0 {}
        self.verify().await;
    }

    async fn verify(&self) {
        let key = self.city.bed.store.ledger_key().verifier();
        let verdict = ledger_log::verify_database(&self.city.bed.store, &key, |_| {}).await.unwrap();
        assert!(matches!(verdict, ledger_log::Verdict::Sound { unplaced: 0, .. }), "{verdict:?}");
    }

    /// What differs. On PostgreSQL a submission that fails leaves its number and its receipt's out (`Tx::next_number`), and nothing else.
    fn changed(&self, before: &Contents, after: &Contents) -> Option<String> {
        let (mut before, mut after) = (before.clone(), after.clone());
        if self.faults.kinds().contains(&Fault::CutBefore) {
            for side in [&mut before, &mut after] {
                side.get_mut("counter").unwrap().retain(|row| !row.contains("case/") && !row.contains("/收/"));
            }
        }
        difference(&before, &after)
    }

    /// What a program shows of a case.
    async fn shown(cases: &CaseContext, case: CaseId) -> String {
        let file = queries::file::case_file(cases, &Principal::System, case).await.unwrap();
        format!("{:?} {:?} {:?} {:?} {:?}", file.state, file.steps, file.waiting, file.process, file.notes)
    }

    /// The program in hand shows the same as one that has just been started: it keeps nothing that the database does not know.
    async fn keeps_nothing(&self, case: CaseId) {
        let fresh = CaseContext::new(self.city.bed.store.clone(), Arc::new(Catalogue::new()));
        assert_eq!(Self::shown(&self.city.cases, case).await, Self::shown(&fresh, case).await);
    }

    /// Tries a command with a fault at each of its statements in turn. `again` is what a repetition may be told. Gives the number of
    /// failures.
    async fn exhaust<'c>(&'c self, name: &str, fault: Fault, case: CaseId, act: &dyn Fn() -> Doing<'c>, again: &[&str]) -> u32 {
        self.settle().await;
        let before = self.faults.contents().await;
        let shown = Self::shown(&self.city.cases, case).await;
        let mut failures = 0;
        let after = loop {
            let at = failures + 1;
            assert!(at < MANY, "{name}: never goes through");
            if fault != Fault::CommitFails || at == 1 {
                self.faults.arm(fault, at).await;
            }
            let told = act().await;
            self.faults.disarm().await;
            let after = self.faults.contents().await;
            let changed = self.changed(&before, &after);
            match (told.starts_with("done"), changed) {
                (true, Some(_)) => break after,
                (true, None) => panic!("{name}, {fault:?} at {at}: told that it was done, and nothing was"),
                // The one case in which somebody is told of a failure that was none: the answer to the commit was lost.
                (false, Some(_)) if fault == Fault::CutAfter => {
                    failures += 1;
                    break after;
                }
                (false, Some(changed)) => panic!("{name}, {fault:?} at {at}: told {told}, but {changed}"),
                (false, None) => {
                    assert!(told.starts_with("store-"), "{name}, {fault:?} at {at}: {told}");
                    failures += 1;
                }
            }
            assert_eq!(shown, Self::shown(&self.city.cases, case).await, "{name}, {fault:?} at {at}");
        };
        assert!(failures > 0, "{name}: {fault:?} never happened");
        // Once more, as somebody would who saw no answer: it is done already.
        let told = act().await;
        assert!(again.contains(&told.as_str()), "{name}, {fault:?}, a second time: {told}");
        assert_eq!(self.changed(&after, &self.faults.contents().await), None, "{name}, {fault:?}, a second time");
        self.keeps_nothing(case).await;
        self.settle().await;
        failures
    }

    /// The same for what runs as a job; `done` says whether the effect is there. A job that leads to another one goes on with that.
    async fn exhaust_job(&self, name: &str, fault: Fault, case: CaseId, done: &dyn Fn(&queries::file::CaseFile) -> bool) -> u32 {
        let but_jobs = |contents: &Contents| {
            let mut contents = contents.clone();
            contents.remove("job");
            contents
        };
        let (mut failures, mut at) = (0, 1);
        let mut before = self.faults.contents().await;
        loop {
            assert!(at < MANY, "{name}: never goes through");
            if fault != Fault::CommitFails || at == 1 {
                self.faults.arm(fault, at).await;
            }
            let taken = self.city.runner.run_due().await;
            self.faults.disarm().await;
            self.faults.let_jobs_be_tried_again().await;
            let after = self.faults.contents().await;
            if done(&self.city.look(case).await) {
                break;
            }
            failures += 1;
            assert_eq!(difference(&but_jobs(&before), &but_jobs(&after)), None, "{name}, {fault:?} at {at} ({taken:?})");
            // The first job of a chain has left its successor: now that one is tried at each of its statements.
            at = if before == after { at + 1 } else { 1 };
            before = after;
        }
        assert!(failures > 0, "{name}: {fault:?} never happened");
        self.settle().await;
        assert!(done(&self.city.look(case).await), "{name}");
        failures
    }
}

fn id(who: &Principal) -> StaffId {
    who.staff().unwrap().id
}

fn told(outcome: Result<banhao_cases::Submitted, CaseError>) -> String {
    match outcome {
        Ok(submitted) => format!("done {}", submitted.number),
        Err(error) => why(Err(error)),
    }
}

both_databases!(ALL, a_command_that_fails_anywhere_leaves_nothing_and_is_done_once, |bed: Bed| async move {
    let shaky = Shaky::new(bed, BRANCHES).await;
    let (city, cases) = (&shaky.city, &shaky.city.cases);
    let (luo, chen, deng, gao, guan) = (
        &city.staff("shou.luo").await,
        &city.staff("shen.chen").await,
        &city.staff("shen.deng").await,
        &city.staff("ding.gao").await,
        &city.staff("guan.song").await,
    );
    let (feng, xiao, yuan) = (&city.staff("shen.feng").await, &city.staff("shen.xiao").await, &city.staff("shen.yuan").await);
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for fault in shaky.faults.kinds() {
        let mut count = |name: &'static str, failures: u32| *counted.entry(name).or_default() += failures;

        let draft: DraftId = city.draft("food-licence").await;
        let submit = || Box::pin(async move { told(banhao_cases::submit(cases, &city.citizen, draft, "window").await) }) as Doing<'_>;
        // A repetition is given the number of the case that is there.
        shaky.settle().await;
        let mine = async || {
            let Principal::Person(person) = &city.citizen else { unreachable!() };
            queries::mine::cases_of(cases, person.id, None).await.unwrap().items
        };
        let had = mine().await.len();
        let numbers: Vec<String> = mine().await.into_iter().map(|line| line.number).collect();
        let before = shaky.faults.contents().await;
        let mut failures = 0;
        loop {
            assert!(failures < MANY);
            if *fault != Fault::CommitFails || failures == 0 {
                shaky.faults.arm(*fault, failures + 1).await;
            }
            let told = submit().await;
            shaky.faults.disarm().await;
            let changed = shaky.changed(&before, &shaky.faults.contents().await);
            if !told.starts_with("done") {
                failures += 1;
                assert!(told.starts_with("store-"), "{told}");
            }
            if changed.is_some() {
                assert!(told.starts_with("done") || *fault == Fault::CutAfter, "{told}: {changed:?}");
                break;
            }
        }
        assert!(failures > 0);
        count("submit", failures);
        let there = mine().await;
        let new: Vec<_> = there.iter().filter(|line| !numbers.contains(&line.number)).collect();
        assert_eq!((there.len(), new.len()), (had + 1, 1));
        assert_eq!(submit().await, format!("done {}", new[0].number));
        assert_eq!(mine().await.len(), had + 1);
        let case = new[0].id;

        let accept = || Box::pin(async move { why(banhao_cases::accept(cases, luo, case).await) }) as Doing<'_>;
        count("accept", shaky.exhaust("accept", *fault, case, &accept, &["case-wrong-state"]).await);

        let review = |who, element: &'static str| {
            move || {
                let act = async move { why(banhao_cases::review(cases, who, case, element, Verdict::Pass, "同意".into()).await) };
                Box::pin(act) as Doing<'_>
            }
        };
        let gone = ["case-wrong-state"];
        count("complete", shaky.exhaust("complete", *fault, case, &review(chen, "paper_review"), &gone).await);
        assert_eq!(shaky.open(case).await, ["joint", "joint", "joint", "site_inspection"]);

        let step = shaky.step(case, "site_inspection").await;
        let hand_over = || Box::pin(async move { why(banhao_cases::hand_over(cases, chen, step, id(deng), "出差").await) }) as Doing<'_>;
        count("hand over", shaky.exhaust("hand over", *fault, case, &hand_over, &["case-in-other-hands"]).await);
        let delegate = || Box::pin(async move { why(banhao_cases::delegate(cases, deng, step, id(chen), "核对").await) }) as Doing<'_>;
        count("delegate", shaky.exhaust("delegate", *fault, case, &delegate, &["case-delegated"]).await);
        let report = || Box::pin(async move { why(banhao_cases::report(cases, chen, step, "一致").await) }) as Doing<'_>;
        count("report", shaky.exhaust("report", *fault, case, &report, &["case-changed"]).await);
        let more = || {
            let act = async move { why(banhao_cases::add_signers(cases, deng, step, vec!["rsj".into()], AddedWhen::Before, "用工").await) };
            Box::pin(act) as Doing<'_>
        };
        count("add signers", shaky.exhaust("add signers", *fault, case, &more, &["case-awaits-signers"]).await);
        let urge = || Box::pin(async move { why(banhao_cases::urge(cases, deng, case).await) }) as Doing<'_>;
        count("urge", shaky.exhaust("urge", *fault, case, &urge, &["case-urged-today"]).await);
        assert_eq!(shaky.pass("shou.peng", case, "site_inspection").await, "done");
        assert_eq!(shaky.pass("shen.deng", case, "site_inspection").await, "done");

        let photos = shaky.step(case, "photos").await;
        let back = || {
            let act = async move { why(banhao_cases::return_step(cases, chen, photos, "site_inspection", false, "照片不全").await) };
            Box::pin(act) as Doing<'_>
        };
        count("return", shaky.exhaust("return", *fault, case, &back, &["case-changed"]).await);
        assert_eq!(shaky.open(case).await, ["joint", "joint", "joint", "site_inspection"]);

        let (sign, settle) = (review(feng, "joint"), review(yuan, "joint"));
        count("sign", shaky.exhaust("sign", *fault, case, &sign, &["case-denied"]).await);
        let theirs = city.look(case).await.open_steps().find(|step| step.organisation == "zjj").unwrap().id;
        let remove = || Box::pin(async move { why(banhao_cases::remove_signer(cases, chen, theirs, "zjj", "不涉及").await) }) as Doing<'_>;
        count("remove a signer", shaky.exhaust("remove a signer", *fault, case, &remove, &["case-changed", "case-not-possible"]).await);
        count("last signature", shaky.exhaust("last signature", *fault, case, &settle, &gone).await);
        assert_eq!(shaky.open(case).await, ["site_inspection", "sum_up"]);

        assert_eq!(shaky.pass("shen.chen", case, "sum_up").await, "done");
        let done = city.look(case).await.steps.iter().rev().find(|step| step.element == "sum_up").unwrap().id;
        let take_back = || Box::pin(async move { why(banhao_cases::take_back(cases, chen, done, "写错了").await) }) as Doing<'_>;
        count("take back", shaky.exhaust("take back", *fault, case, &take_back, &["case-not-possible", "case-changed"]).await);
        assert_eq!(shaky.open(case).await, ["site_inspection", "sum_up"]);

        let suspend = || Box::pin(async move { why(banhao_cases::suspend(cases, gao, case, "查封").await) }) as Doing<'_>;
        count("suspend", shaky.exhaust("suspend", *fault, case, &suspend, &["case-suspended"]).await);
        let resume = || Box::pin(async move { why(banhao_cases::resume(cases, gao, case, "解封").await) }) as Doing<'_>;
        count("resume", shaky.exhaust("resume", *fault, case, &resume, &["case-changed"]).await);

        for element in ["site_inspection", "photos", "sum_up"] {
            assert_eq!(shaky.pass("shen.chen", case, element).await, "done");
        }
        let wrap_up = shaky.step(case, "wrap_up").await;
        let jump = || Box::pin(async move { why(banhao_cases::jump(cases, guan, wrap_up, "decide", "走不下去").await) }) as Doing<'_>;
        count("jump", shaky.exhaust("jump", *fault, case, &jump, &["case-changed"]).await);
        let decide =
            || Box::pin(async move { why(banhao_cases::decide(cases, gao, case, Decision::Grant, "同意".into()).await) }) as Doing<'_>;
        count("decide", shaky.exhaust("decide", *fault, case, &decide, &gone).await);
        assert_eq!(shaky.open(case).await, ["deliver_result"]);

        let other = shaky.branched().await;
        let end = || Box::pin(async move { why(banhao_cases::terminate(cases, gao, other, "申请人注销").await) }) as Doing<'_>;
        count("terminate", shaky.exhaust("terminate", *fault, other, &end, &gone).await);
        assert!(shaky.open(other).await.is_empty());
        // Nobody signs what is over.
        for who in [feng, xiao] {
            let late = banhao_cases::review(cases, who, other, "joint", Verdict::Pass, "同意".into()).await;
            assert_eq!(why(late), "case-wrong-state");
        }
    }
    // The test cannot shrink unnoticed: so many failures there were at least.
    let failures = counted.values().sum::<u32>();
    assert!(counted.len() == 18 && failures >= 250, "{failures} failures: {counted:?}");
});

fn happened(file: &queries::file::CaseFile, kind: &str) -> usize {
    file.timeline.iter().filter(|entry| entry.kind == kind).count()
}

both_databases!(ALL, timers_and_messages_come_once_whatever_fails, |bed: Bed| async move {
    let shaky = Shaky::new(bed, BRANCHES).await;
    let city = &shaky.city;
    let chen = &city.staff("shen.chen").await;
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for fault in shaky.faults.kinds() {
        city.change_process("food-licence", BRANCHES).await;
        let case = shaky.branched().await;
        shaky.settle().await;
        city.bed.clock.advance(std::time::Duration::from_secs(3 * 24 * 3600));
        let reminded = |file: &queries::file::CaseFile| {
            let (fired, told) = (happened(file, "case.timer-fired"), happened(file, "case.reminded"));
            assert!(fired <= 1 && fired == told, "{fired} {told}");
            assert!(file.open_steps().all(|step| step.urged == i32::try_from(fired).unwrap()));
            fired == 1
        };
        *counted.entry("timer that reminds").or_default() += shaky.exhaust_job("timer that reminds", *fault, case, &reminded).await;
        city.bed.clock.advance(std::time::Duration::from_secs(2 * 24 * 3600));
        let over = |file: &queries::file::CaseFile| {
            let fired = happened(file, "case.timer-fired");
            assert!((1..=2).contains(&fired));
            let photos = file.steps.iter().filter(|step| step.element == "photos").count();
            assert_eq!(photos, fired - 1);
            fired == 2
        };
        *counted.entry("timer that ends a step").or_default() += shaky.exhaust_job("timer that ends a step", *fault, case, &over).await;
        assert_eq!(shaky.open(case).await, ["joint", "joint", "joint", "photos"]);

        // Two cases wait for one that tells them.
        city.change_process("food-licence", WAITING).await;
        let leader = shaky.accepted().await;
        let own = r#"<bpmn:intermediateCatchEvent id="expert" name="专家意见来了"><bpmn:messageEventDefinition messageRef="m_expert"/></bpmn:intermediateCatchEvent>"#;
        assert!(WAITING.contains(own));
        city.change_process("food-licence", &WAITING.replace(own, &own.replace("m_expert", "m_done"))).await;
        let followers = [shaky.accepted().await, shaky.accepted().await];
        for case in [leader, followers[0], followers[1]] {
            assert_eq!(shaky.pass("shen.chen", case, "paper_review").await, "done");
        }
        shaky.settle().await;
        let register = || {
            let act =
                async move { why(banhao_cases::register_message(&city.cases, chen, leader, "专家意见", Verdict::Pass, "可行").await) };
            Box::pin(act) as Doing<'_>
        };
        let (mut failures, before) = (0, shaky.faults.contents().await);
        loop {
            if *fault != Fault::CommitFails || failures == 0 {
                shaky.faults.arm(*fault, failures + 1).await;
            }
            let told = register().await;
            shaky.faults.disarm().await;
            failures += u32::from(told != "done");
            if difference(&before, &shaky.faults.contents().await).is_some() {
                assert!(told == "done" || *fault == Fault::CutAfter, "{told}");
                break;
            }
            assert!(told.starts_with("store-") && failures < MANY, "{told}");
        }
        *counted.entry("message registered").or_default() += failures;
        assert_eq!(register().await, "case-nobody-waits");
        assert_eq!(shaky.open(leader).await, ["decide"]);
        while ledger_log::sequence_once(&city.bed.store).await.unwrap() > 0 {}
        // Two cases are told in two transactions: those are looked at one by one.
        let mut failures = 0;
        let mut at = 1;
        loop {
            let jobs = shaky.faults.contents().await;
            if *fault != Fault::CommitFails || at == 1 {
                shaky.faults.arm(*fault, at).await;
            }
            let _ = city.runner.run_due().await;
            shaky.faults.disarm().await;
            shaky.faults.let_jobs_be_tried_again().await;
            let mut told = 0;
            for case in followers {
                let file = city.look(case).await;
                let came = happened(&file, "case.message-received");
                assert!(came <= 1, "told twice");
                let open: Vec<_> = file.open_steps().map(|step| step.element.as_str()).collect();
                assert_eq!(open, ["decide"][..came], "what is written and what the process did go together");
                told += came;
            }
            if told == 2 {
                break;
            }
            failures += 1;
            at = if jobs == shaky.faults.contents().await { at + 1 } else { 1 };
            assert!(at < MANY);
        }
        assert!(failures > 0);
        *counted.entry("message to two cases").or_default() += failures;
        shaky.settle().await;
        for case in followers {
            assert_eq!(happened(&city.look(case).await, "case.message-received"), 1);
        }
    }
    let failures = counted.values().sum::<u32>();
    assert!(counted.len() == 4 && failures >= 90, "{failures} failures: {counted:?}");
});
