//! Commands within a round of signatures: together, in turn, by vote.

use std::collections::BTreeMap;

use banhao_cases::{
    AddedWhen,
    facts::{Operation, Verdict},
    rules::office as rules,
};
use banhao_testbed::{Bed, both_databases};

use super::{BRANCHES, Doing, Shaky, id};
use crate::city::{ALL, why};

const SIGNERS: &str = "[&quot;zrzyj&quot;, &quot;zjj&quot;, &quot;mzj&quot;]";
const ROUNDS: [&str; 3] = ["banhao:sign=\"all\"", "banhao:sign=\"turn\"", "banhao:sign=\"vote\" banhao:share=\"2/3\""];

both_databases!(ALL, within_a_round_a_command_that_fails_leaves_nothing_and_is_done_once, |bed: Bed| async move {
    let shaky = Shaky::new(bed, BRANCHES).await;
    let (city, cases) = (&shaky.city, &shaky.city.cases);
    let (chen, deng, guan) = (&city.staff("shen.chen").await, &city.staff("shen.deng").await, &city.staff("guan.song").await);
    let xiao = &city.staff("shen.xiao").await;
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for (number, sign) in ROUNDS.into_iter().enumerate() {
        let process =
            BRANCHES.replace("banhao:sign=\"all\"", sign).replace(SIGNERS, "[&quot;scjgj&quot;, &quot;zjj&quot;, &quot;mzj&quot;]");
        assert_ne!(process, BRANCHES);
        city.change_process("food-licence", &process).await;
        let in_turn = sign.contains("turn");
        // Not each kind of round with each kind of fault: that would take long. Each is there.
        for (_, fault) in shaky.faults.kinds().iter().enumerate().filter(|(kind, _)| (kind + number) % 3 != 2) {
            let mut count = |operation: Operation, failures: u32| *counted.entry(operation.as_str()).or_default() += failures;
            let case = shaky.branched().await;
            let all = if in_turn { vec!["scjgj"] } else { vec!["mzj", "scjgj", "zjj"] };
            assert_eq!(shaky.city.signers(case).await, all, "{sign}");
            let ours = shaky.city.signature(case, "scjgj").await;

            let give = || Box::pin(async move { why(banhao_cases::hand_over(cases, chen, ours, id(deng), "出差").await) }) as Doing<'_>;
            count(Operation::HandOver, shaky.exhaust("hand over", *fault, case, &give, &["case-in-other-hands"]).await);
            let lend = || Box::pin(async move { why(banhao_cases::delegate(cases, deng, ours, id(chen), "核对").await) }) as Doing<'_>;
            count(Operation::Delegate, shaky.exhaust("delegate", *fault, case, &lend, &["case-delegated"]).await);
            let tell = || Box::pin(async move { why(banhao_cases::report(cases, chen, ours, "一致").await) }) as Doing<'_>;
            count(Operation::Report, shaky.exhaust("report", *fault, case, &tell, &["case-changed"]).await);
            let more = || {
                let act = banhao_cases::add_signers(cases, deng, ours, vec!["rsj".into()], AddedWhen::Before, "用工");
                Box::pin(async move { why(act.await) }) as Doing<'_>
            };
            count(Operation::AddSigners, shaky.exhaust("add signers", *fault, case, &more, &["case-not-a-candidate"]).await);
            let fewer = || Box::pin(async move { why(banhao_cases::remove_signer(cases, deng, ours, "mzj", "不涉及").await) }) as Doing<'_>;
            count(Operation::RemoveSigner, shaky.exhaust("remove a signer", *fault, case, &fewer, &["case-not-possible"]).await);
            let urge = || Box::pin(async move { why(banhao_cases::urge(cases, deng, case).await) }) as Doing<'_>;
            count(Operation::Urge, shaky.exhaust("urge", *fault, case, &urge, &["case-urged-today"]).await);
            let left = if in_turn { vec!["scjgj"] } else { vec!["rsj", "scjgj", "zjj"] };
            assert_eq!(shaky.city.signers(case).await, left, "{sign}");

            // 退回 out of the round: the round goes, and the other branch, and both come again.
            let back = || {
                let act = banhao_cases::return_step(cases, deng, ours, "paper_review", false, "材料不全");
                Box::pin(async move { why(act.await) }) as Doing<'_>
            };
            count(Operation::Return, shaky.exhaust("return", *fault, case, &back, &["case-changed"]).await);
            assert_eq!(shaky.open(case).await, ["paper_review"], "{sign}");
            assert_eq!(shaky.pass("shen.chen", case, "paper_review").await, "done");
            assert_eq!(shaky.city.signers(case).await, all, "{sign}: as the definition says");
            // 撤回 of what led to the round: nobody has begun.
            let file = city.look(case).await;
            let possible = |step: &&banhao_cases::queries::file::StepView| {
                step.element == "paper_review" && rules::can_take_back(&file.course.process, &file.process, step.token, &step.act)
            };
            let done = file.steps.iter().find(possible).unwrap().id;
            let again = || Box::pin(async move { why(banhao_cases::take_back(cases, chen, done, "写错了").await) }) as Doing<'_>;
            let told = ["case-not-possible", "case-changed"];
            count(Operation::TakeBack, shaky.exhaust("take back", *fault, case, &again, &told).await);
            assert_eq!(shaky.open(case).await, ["paper_review"], "{sign}");
            assert_eq!(shaky.pass("shen.chen", case, "paper_review").await, "done");

            // All have signed but one, whose signature settles it; taken back by that one, all are asked again.
            assert_eq!(shaky.pass("shen.chen", case, "joint").await, "done", "{sign}");
            if in_turn {
                assert_eq!(shaky.city.signers(case).await, ["zjj"]);
            }
            let last = || {
                let act = banhao_cases::review(cases, xiao, case, "joint", Verdict::Pass, "同意".into());
                Box::pin(async move { why(act.await) }) as Doing<'_>
            };
            let failures = shaky.exhaust("sign", *fault, case, &last, &["case-denied", "case-wrong-state"]).await;
            *counted.entry("sign").or_default() += failures;
            if shaky.city.signers(case).await.is_empty() {
                assert!(sign.contains("vote"), "{sign}: settled by two of three");
            } else {
                assert_eq!(shaky.city.signers(case).await, ["mzj"], "{sign}");
                assert_eq!(shaky.pass("shen.yuan", case, "joint").await, "done", "{sign}");
            }
            assert_eq!(shaky.open(case).await, ["site_inspection", "sum_up"], "{sign}");

            let other = shaky.branched().await;
            let ours = shaky.city.signature(other, "scjgj").await;
            let jump = || Box::pin(async move { why(banhao_cases::jump(cases, guan, ours, "sum_up", "部门撤并").await) }) as Doing<'_>;
            *counted.entry("jump").or_default() += shaky.exhaust("jump", *fault, other, &jump, &["case-changed"]).await;
            assert_eq!(shaky.open(other).await, ["site_inspection", "sum_up"], "{sign}");
        }
    }
    let failures = counted.values().sum::<u32>();
    assert!(counted.len() == 10 && failures >= 200, "{failures} failures: {counted:?}");
});
