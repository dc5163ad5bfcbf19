//! Buttons pressed twice and two people at once: one of them did it, the other is told, and it happened once.

use std::pin::Pin;

use banhao_cases::{
    AddedWhen,
    facts::{CaseFact, Operation, Verdict},
    queries,
};
use banhao_kernel::ids::{CaseId, TaskId};
use banhao_testbed::{Bed, both_databases};

use crate::city::{ALL, City, why};

const PROCESS: &str = include_str!("../data/office.bpmn");

async fn accepted(city: &City) -> CaseId {
    let case = city.apply("food-licence").await.case;
    banhao_cases::accept(&city.cases, &city.staff("shou.luo").await, case).await.unwrap();
    case
}

async fn open(city: &City, case: CaseId) -> Vec<(String, TaskId)> {
    city.look(case).await.open_steps().map(|step| (step.element.clone(), step.id)).collect()
}

async fn times(city: &City, case: CaseId, operation: Operation) -> usize {
    let done = |entry: &&queries::timeline::TimelineEntry| matches!(&entry.what, Some(CaseFact::Operated { operation: op, .. }) if *op == operation);
    city.look(case).await.timeline.iter().filter(done).count()
}

/// One of the two did it; the other was told something that says so.
fn once(answers: [String; 2], told: &[&str], what: &str) {
    let done = answers.iter().filter(|answer| *answer == "done").count();
    assert_eq!(done, 1, "{what}: {answers:?}");
    let other = answers.iter().find(|answer| *answer != "done").unwrap();
    assert!(told.contains(&other.as_str()), "{what}: the second was told {other}");
}

type Press<'p> = Box<dyn Fn() -> Pin<Box<dyn Future<Output = String> + 'p>> + 'p>;

both_databases!(ALL, a_button_pressed_twice_does_it_once, |bed: Bed| async move {
    let city = City::new(bed).await;
    city.change_process("food-licence", PROCESS).await;
    let cases = &city.cases;
    let (chen, deng, gao, admin, cha) = (
        city.staff("shen.chen").await,
        city.staff("shen.deng").await,
        city.staff("ding.gao").await,
        city.staff("guan.song").await,
        city.staff("cha.he").await,
    );
    let deng_id = deng.staff().unwrap().id;
    let (chen, gao, admin, cha) = (&chen, &gao, &admin, &cha);
    let operations = [
        Operation::HandOver,
        Operation::Delegate,
        Operation::AddSigners,
        Operation::Urge,
        Operation::Suspend,
        Operation::Terminate,
        Operation::Jump,
        Operation::Return,
        Operation::TakeBack,
    ];
    for operation in operations {
        let case = accepted(&city).await;
        let first = open(&city, case).await[0].1;
        let press: Press<'_> = match operation {
            Operation::HandOver => {
                banhao_cases::claim(cases, chen, first, true).await.unwrap();
                Box::new(move || Box::pin(async move { why(banhao_cases::hand_over(cases, chen, first, deng_id, "出差").await) }))
            }
            Operation::Delegate => {
                banhao_cases::claim(cases, chen, first, true).await.unwrap();
                Box::new(move || Box::pin(async move { why(banhao_cases::delegate(cases, chen, first, deng_id, "请核对").await) }))
            }
            Operation::AddSigners => Box::new(move || {
                let who = vec![deng_id.to_string()];
                Box::pin(async move { why(banhao_cases::add_signers(cases, chen, first, who, AddedWhen::Before, "专业").await) })
            }),
            Operation::Urge => Box::new(move || Box::pin(async move { why(banhao_cases::urge(cases, cha, case).await) })),
            Operation::Suspend => Box::new(move || Box::pin(async move { why(banhao_cases::suspend(cases, gao, case, "法院查封").await) })),
            Operation::Terminate => {
                Box::new(move || Box::pin(async move { why(banhao_cases::terminate(cases, gao, case, "已注销").await) }))
            }
            Operation::Jump => {
                Box::new(move || Box::pin(async move { why(banhao_cases::jump(cases, admin, first, "decide", "走不下去").await) }))
            }
            Operation::Return | Operation::TakeBack => {
                banhao_cases::review(cases, chen, case, "paper_review", Verdict::Pass, "齐全".into()).await.unwrap();
                let second = open(&city, case).await[0].1;
                if operation == Operation::Return {
                    Box::new(move || {
                        Box::pin(async move { why(banhao_cases::return_step(cases, chen, second, "paper_review", false, "不清").await) })
                    })
                } else {
                    Box::new(move || Box::pin(async move { why(banhao_cases::take_back(cases, chen, first, "写错了").await) }))
                }
            }
            other => panic!("{other:?} is not tried"),
        };
        let (one, two) = tokio::join!(press(), press());
        let told = [
            "case-changed",
            "case-in-other-hands",
            "case-delegated",
            "case-awaits-signers",
            "case-urged-today",
            "case-suspended",
            "case-wrong-state",
            "case-not-possible",
        ];
        once([one, two], &told, operation.as_str());
        assert_eq!(times(&city, case, operation).await, 1, "{operation:?}");
    }
});

both_databases!(ALL, two_people_at_one_step_do_not_both_have_it_their_way, |bed: Bed| async move {
    let city = City::new(bed).await;
    city.change_process("food-licence", PROCESS).await;
    let cases = &city.cases;
    let (chen, deng, gao) = (city.staff("shen.chen").await, city.staff("shen.deng").await, city.staff("ding.gao").await);
    let deng_id = deng.staff().unwrap().id;
    // One completes what another ends, suspends, moves or gives away at the same moment.
    for round in 0..4 {
        let case = accepted(&city).await;
        let step = open(&city, case).await[0].1;
        let complete = async { why(banhao_cases::review(cases, &chen, case, "paper_review", Verdict::Pass, "齐全".into()).await) };
        let other = async {
            match round {
                0 => why(banhao_cases::terminate(cases, &gao, case, "已注销").await),
                1 => why(banhao_cases::suspend(cases, &gao, case, "法院查封").await),
                2 => why(banhao_cases::hand_over(cases, &gao, step, deng_id, "出差").await),
                _ => why(banhao_cases::review(cases, &deng, case, "paper_review", Verdict::Fail, "缺章".into()).await),
            }
        };
        let (completed, other) = tokio::join!(complete, other);
        // Every command locks the case first: nobody is sent away only because two waited for each other.
        assert!(![&completed, &other].iter().any(|told| *told == "store-contention"), "round {round}: {completed}, {other}");
        let open = open(&city, case).await;
        let file = city.look(case).await;
        let gone_on = completed == "done";
        match round {
            // Ended anyway, before or after it went on.
            0 => assert!(other == "done" && open.is_empty() && !file.process.is_running(), "{completed} {other} {open:?}"),
            1 => assert!(other == "done" && file.state.suspended, "{completed} {other}"),
            _ => {
                assert!(gone_on != (other == "done"), "round {round}: {completed}, {other}");
                let at = if round == 2 && !gone_on { "paper_review" } else { "site_inspection" };
                assert_eq!(open.iter().map(|(element, _)| element.as_str()).collect::<Vec<_>>(), [at], "round {round}");
            }
        }
        let opinions = file.timeline.iter().filter(|entry| matches!(&entry.what, Some(CaseFact::Reviewed { .. }))).count();
        assert_eq!(opinions, usize::from(gone_on) + usize::from(round == 3 && !gone_on), "round {round}: as many opinions as were given");
    }
});
