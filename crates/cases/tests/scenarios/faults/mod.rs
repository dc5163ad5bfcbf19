//! A step is one transaction: whatever fails at whichever statement, all is as it was, and the next try does it, once.
//!
//! Each command is tried with a fault at its first statement, then at its second, and so on until it goes through. On PostgreSQL the
//! connection is cut before or after each statement, reads and COMMIT among them; on SQLite each row that is written is refused, or
//! the database gives the transaction up at it, and the commit fails.

mod commands;
mod jobs;
mod others;
mod rounds;

use std::{collections::BTreeMap, pin::Pin, sync::Arc};

use banhao_cases::{CaseContext, facts::Verdict, queries};
use banhao_catalogue::Catalogue;
use banhao_identity::Principal;
use banhao_kernel::ids::{CaseId, StaffId, TaskId};
use banhao_store::ledger_log;
use banhao_testbed::{Bed, Fault, Faults, difference};

use crate::city::{City, why};

pub const BRANCHES: &str = include_str!("../../data/branches.bpmn");
/// No command has as many statements.
pub const MANY: u32 = 400;

pub type Contents = BTreeMap<String, Vec<String>>;
pub type Doing<'c> = Pin<Box<dyn Future<Output = String> + 'c>>;

/// The city with a database that fails where told.
pub struct Shaky {
    pub city: City,
    pub faults: Faults,
}

impl Shaky {
    pub async fn new(mut bed: Bed, process: &str) -> Self {
        let faults = Faults::under(&mut bed).await;
        let city = City::new(bed).await;
        city.change_process("food-licence", process).await;
        Self { city, faults }
    }

    pub async fn accepted(&self) -> CaseId {
        let case = self.city.apply("food-licence").await.case;
        banhao_cases::accept(&self.city.cases, &self.city.staff("shou.luo").await, case).await.unwrap();
        case
    }

    /// Both branches are open: the inspection, and the departments that sign.
    pub async fn branched(&self) -> CaseId {
        let case = self.accepted().await;
        assert_eq!(self.pass("shen.chen", case, "paper_review").await, "done");
        case
    }

    pub async fn pass(&self, who: &str, case: CaseId, element: &str) -> String {
        let who = self.city.staff(who).await;
        why(banhao_cases::review(&self.city.cases, &who, case, element, Verdict::Pass, "同意".into()).await)
    }

    pub async fn step(&self, case: CaseId, element: &str) -> TaskId {
        self.city.look(case).await.open_steps().find(|step| step.element == element).unwrap().id
    }

    pub async fn open(&self, case: CaseId) -> Vec<String> {
        let mut open: Vec<_> = self.city.look(case).await.open_steps().map(|step| step.element.clone()).collect();
        open.sort();
        open
    }

    /// Everything that is due is done and everything that was stated has its place in the ledger.
    pub async fn settle(&self) {
        self.city.work().await;
        while ledger_log::sequence_once(&self.city.bed.store).await.unwrap() > 0 {}
        self.verify().await;
    }

    pub async fn verify(&self) {
        let key = self.city.bed.store.ledger_key().verifier();
        let verdict = ledger_log::verify_database(&self.city.bed.store, &key, |_| {}).await.unwrap();
        assert!(matches!(verdict, ledger_log::Verdict::Sound { unplaced: 0, .. }), "{verdict:?}");
    }

    /// What differs. On PostgreSQL a submission that fails leaves its number and its receipt's out (`Tx::next_number`), and nothing else.
    pub fn changed(&self, before: &Contents, after: &Contents) -> Option<String> {
        let (mut before, mut after) = (before.clone(), after.clone());
        if self.faults.kinds().contains(&Fault::CutBefore) {
            for side in [&mut before, &mut after] {
                side.get_mut("counter").unwrap().retain(|row| !row.contains("case/") && !row.contains("/收/"));
            }
        }
        difference(&before, &after)
    }

    /// What a program shows of a case.
    pub async fn shown(cases: &CaseContext, case: CaseId) -> String {
        let file = queries::file::case_file(cases, &Principal::System, case).await.unwrap();
        format!("{:?} {:?} {:?} {:?} {:?}", file.state, file.steps, file.waiting, file.process, file.notes)
    }

    /// The program in hand shows the same as one that has just been started: it keeps nothing that the database does not know.
    pub async fn keeps_nothing(&self, case: CaseId) {
        let fresh = CaseContext::new(self.city.bed.store.clone(), Arc::new(Catalogue::new()));
        assert_eq!(Self::shown(&self.city.cases, case).await, Self::shown(&fresh, case).await);
    }

    /// Tries a command with a fault at each of its statements in turn. `again` is what a repetition may be told. Gives the number of
    /// failures.
    pub async fn exhaust<'c>(&'c self, name: &str, fault: Fault, case: CaseId, act: &dyn Fn() -> Doing<'c>, again: &[&str]) -> u32 {
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
    pub async fn exhaust_job(&self, name: &str, fault: Fault, case: CaseId, done: &dyn Fn(&queries::file::CaseFile) -> bool) -> u32 {
        self.exhaust_chain(name, fault, case, done, &[]).await
    }

    /// The same for a chain of jobs, the earlier of which write in some tables.
    pub async fn exhaust_chain(
        &self,
        name: &str,
        fault: Fault,
        case: CaseId,
        done: &dyn Fn(&queries::file::CaseFile) -> bool,
        in_between: &[&str],
    ) -> u32 {
        let but_jobs = |contents: &Contents| {
            let mut contents = contents.clone();
            contents.retain(|table, _| table != "job" && !in_between.contains(&table.as_str()));
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

pub fn id(who: &Principal) -> StaffId {
    who.staff().unwrap().id
}

pub fn happened(file: &queries::file::CaseFile, kind: &str) -> usize {
    file.timeline.iter().filter(|entry| entry.kind == kind).count()
}
