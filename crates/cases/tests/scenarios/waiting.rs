//! Timers, messages and reminders of a process: durable, once each, and still while a case is suspended.

use std::time::Duration;

use banhao_cases::{facts::Verdict, queries::file::CaseFile};
use banhao_identity::Principal;
use banhao_kernel::ids::CaseId;
use banhao_testbed::{Bed, both_databases};

use crate::city::{ALL, City, why};

const PROCESS: &str = include_str!("../data/waiting.bpmn");
const DAY: Duration = Duration::from_secs(24 * 3600);

async fn accepted(city: &City) -> CaseId {
    let case = city.apply("food-licence").await.case;
    banhao_cases::accept(&city.cases, &city.staff("shou.luo").await, case).await.unwrap();
    case
}

fn open(file: &CaseFile) -> Vec<&str> {
    file.open_steps().map(|step| step.element.as_str()).collect()
}

async fn waits(city: &City, case: CaseId) -> Vec<String> {
    city.look(case).await.waiting.iter().map(|wait| wait.element.clone()).collect()
}

fn fired(file: &CaseFile) -> usize {
    file.timeline.iter().filter(|entry| entry.kind == "case.timer-fired").count()
}

both_databases!(ALL, a_slow_step_is_reminded_twice_in_working_days, |bed: Bed| async move {
    let city = City::new(bed).await;
    city.change_process("food-licence", PROCESS).await;
    let case = accepted(&city).await; // Monday 2026-11-23
    let file = city.look(case).await;
    assert_eq!(file.waiting[0].due_at.unwrap().to_string(), "2026-11-25T16:00:00Z", "the end of the second working day in Shanghai");
    city.bed.clock.set_civil("2026-11-25T23:59:59".parse().unwrap());
    city.work().await;
    assert_eq!(city.look(case).await.open_steps().next().unwrap().urged, 0);
    city.bed.clock.set_civil("2026-11-26T00:00".parse().unwrap());
    city.work().await;
    let file = city.look(case).await;
    assert_eq!((open(&file), file.open_steps().next().unwrap().urged, fired(&file)), (vec!["paper_review"], 1, 1));
    assert!(file.timeline.iter().any(|entry| entry.kind == "case.reminded"));
    city.bed.clock.set_civil("2026-12-20T00:00".parse().unwrap());
    city.work().await;
    let file = city.look(case).await;
    assert_eq!((file.open_steps().next().unwrap().urged, fired(&file)), (2, 2), "twice, never again");
});

both_databases!(ALL, two_replicas_fire_a_timer_once, |bed: Bed| async move {
    let city = City::new(bed).await;
    city.change_process("food-licence", PROCESS).await;
    let mut cases = Vec::new();
    for _ in 0..5 {
        cases.push(accepted(&city).await);
    }
    city.work().await;
    city.bed.clock.set_civil("2026-11-26T08:00".parse().unwrap());
    let other = banhao_cases::register_jobs(banhao_store::Runner::new(city.bed.store.clone()), &city.cases);
    for _ in 0..20 {
        let (one, two) = tokio::join!(city.runner.run_due(), other.run_due());
        if !one.unwrap() && !two.unwrap() {
            break;
        }
    }
    for case in cases {
        let file = city.look(case).await;
        assert_eq!((file.open_steps().next().unwrap().urged, fired(&file)), (1, 1));
    }
});

both_databases!(ALL, what_is_waited_for_comes_or_its_time_is_over, |bed: Bed| async move {
    let city = City::new(bed).await;
    city.change_process("food-licence", PROCESS).await;
    let chen = city.staff("shen.chen").await;
    let pass = |case| {
        let (cases, chen) = (city.cases.clone(), chen.clone());
        async move { banhao_cases::review(&cases, &chen, case, "paper_review", Verdict::Pass, "同意".into()).await.unwrap() }
    };
    let (first, second, third) = (accepted(&city).await, accepted(&city).await, accepted(&city).await);
    let tell = |case, name: &'static str, who: &Principal, reply, note: &'static str| {
        let (cases, who) = (city.cases.clone(), who.clone());
        async move { why(banhao_cases::register_message(&cases, &who, case, name, reply, note).await) }
    };
    assert_eq!(tell(first, "专家意见", &chen, Verdict::Pass, "可行").await, "case-nobody-waits", "too early");
    for case in [first, second, third] {
        pass(case).await;
    }
    assert_eq!(waits(&city, first).await, ["expert", "no_answer"]);
    assert!(open(&city.look(first).await).is_empty());
    assert_eq!(tell(first, "专家意见", &chen, Verdict::Pass, " ").await, "note");
    assert_eq!(tell(first, "别的", &chen, Verdict::Pass, "可行").await, "case-nobody-waits");
    assert_eq!(tell(first, "专家意见", &city.staff("cha.he").await, Verdict::Pass, "可行").await, "case-denied");
    assert_eq!(tell(first, "专家意见", &chen, Verdict::Pass, "可行").await, "done");
    assert_eq!(open(&city.look(first).await), ["decide"]);
    assert_eq!(tell(first, "专家意见", &chen, Verdict::Pass, "可行").await, "case-nobody-waits", "once");
    assert_eq!(tell(second, "专家意见", &chen, Verdict::Fail, "要看现场").await, "done");
    assert_eq!(open(&city.look(second).await), ["site_inspection"]);
    // Nothing comes for the third; while it is suspended its time passes, and it goes on when it is resumed.
    let gao = city.staff("ding.gao").await;
    banhao_cases::suspend(&city.cases, &gao, third, "等法院").await.unwrap();
    city.bed.clock.advance(6 * DAY);
    city.work().await;
    assert_eq!(waits(&city, third).await, ["expert", "no_answer"]);
    banhao_cases::resume(&city.cases, &gao, third, "可以继续").await.unwrap();
    city.work().await;
    let file = city.look(third).await;
    assert_eq!((open(&file), waits(&city, third).await.len()), (vec!["site_inspection"], 0));
    assert!(city.look(first).await.timeline.iter().any(|entry| entry.kind == "case.message-sent"));
    // What ended does not ring.
    banhao_cases::terminate(&city.cases, &gao, third, "申请人撤销").await.unwrap();
    city.bed.clock.advance(30 * DAY);
    city.work().await;
    assert_eq!(fired(&city.look(first).await), 0);
});

/// A second case waits until the first one says that it is done.
const FOLLOWER: &str = r#"<bpmn:intermediateCatchEvent id="expert" name="等牵头件" banhao:correlation="form.applicant_name"><bpmn:messageEventDefinition messageRef="m_done"/></bpmn:intermediateCatchEvent>"#;

both_databases!(ALL, cases_tell_each_other, |bed: Bed| async move {
    let city = City::new(bed).await;
    city.change_process("food-licence", PROCESS).await;
    let chen = city.staff("shen.chen").await;
    let leader = accepted(&city).await;
    let own = r#"<bpmn:intermediateCatchEvent id="expert" name="专家意见来了"><bpmn:messageEventDefinition messageRef="m_expert"/></bpmn:intermediateCatchEvent>"#;
    assert!(PROCESS.contains(own));
    let number = city.look(leader).await.line.number.clone();
    let wanted = FOLLOWER.replace("form.applicant_name", &format!("&quot;{number}&quot;"));
    city.change_process("food-licence", &PROCESS.replace(own, &wanted)).await;
    let follower = accepted(&city).await;
    let other = accepted(&city).await;
    for case in [leader, follower] {
        banhao_cases::review(&city.cases, &chen, case, "paper_review", Verdict::Pass, "同意".into()).await.unwrap();
    }
    city.work().await;
    assert_eq!(waits(&city, follower).await, ["expert", "no_answer"]);
    banhao_cases::register_message(&city.cases, &chen, leader, "专家意见", Verdict::Pass, "可行").await.unwrap();
    city.work().await;
    assert_eq!(open(&city.look(follower).await), ["decide"], "the leader's message came");
    assert_eq!(open(&city.look(other).await), ["paper_review"], "nobody else was told");
});
