//! Commands of the office, one after the other on one case.

use std::collections::BTreeMap;

use banhao_cases::{
    AddedWhen, CaseError,
    facts::{Decision, Verdict},
    queries,
};
use banhao_identity::Principal;
use banhao_kernel::ids::DraftId;
use banhao_testbed::{Bed, Fault, both_databases};

use super::{BRANCHES, Doing, MANY, Shaky, id};
use crate::city::{ALL, why};

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
