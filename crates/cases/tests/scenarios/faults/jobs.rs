//! Timers and messages.

use std::collections::BTreeMap;

use banhao_cases::{facts::Verdict, queries};
use banhao_store::ledger_log;
use banhao_testbed::{Bed, Fault, both_databases, difference};

use super::{BRANCHES, Doing, MANY, Shaky, happened};
use crate::city::{ALL, why};

const WAITING: &str = include_str!("../../data/waiting.bpmn");

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
