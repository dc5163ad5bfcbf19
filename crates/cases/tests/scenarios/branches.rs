//! The operations of the office in one of two parallel branches and within a round of signatures: what becomes of the other branch, who
//! may not, what is written down, and that there are words for it.

use banhao_cases::{
    AddedWhen,
    facts::{CaseFact, Operation, Verdict},
    model::Outcome,
    queries::{file::CaseFile, timeline::TimelineEntry},
};
use banhao_identity::Principal;
use banhao_kernel::ids::{CaseId, StaffId, TaskId};
use banhao_testbed::{Bed, both_databases};
use banhao_texts::Lang;

use crate::city::{ALL, City, why};

const BRANCHES: &str = include_str!("../data/branches.bpmn");
const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
const SIGNERS: &str = "[&quot;zrzyj&quot;, &quot;zjj&quot;, &quot;mzj&quot;]";

struct Floor {
    city: City,
    chen: Principal,
    deng: Principal,
    gao: Principal,
    guan: Principal,
}

impl Floor {
    /// The departments sign as told.
    async fn new(bed: Bed, sign: &str, signers: &str) -> Self {
        let city = City::new(bed).await;
        city.change_process("food-licence", &process(sign, signers)).await;
        let (chen, deng) = (city.staff("shen.chen").await, city.staff("shen.deng").await);
        let (gao, guan) = (city.staff("ding.gao").await, city.staff("guan.song").await);
        Self { city, chen, deng, gao, guan }
    }

    /// The inspection is open in one branch, the departments sign in the other.
    async fn branched(&self) -> CaseId {
        let case = self.city.apply("food-licence").await.case;
        banhao_cases::accept(&self.city.cases, &self.city.staff("shou.luo").await, case).await.unwrap();
        assert_eq!(self.sign(&self.chen, case, "paper_review", Verdict::Pass).await, "done");
        case
    }

    async fn sign(&self, who: &Principal, case: CaseId, element: &str, verdict: Verdict) -> String {
        why(banhao_cases::review(&self.city.cases, who, case, element, verdict, "有意见".into()).await)
    }

    /// Open steps of an element: whose, and which.
    async fn open(&self, case: CaseId, element: &str) -> Vec<(String, TaskId)> {
        let file = self.city.look(case).await;
        let mut open: Vec<_> =
            file.open_steps().filter(|step| step.element == element).map(|step| (step.organisation.clone(), step.id)).collect();
        open.sort();
        open
    }

    async fn elements(&self, case: CaseId) -> Vec<String> {
        let mut open: Vec<_> = self.city.look(case).await.open_steps().map(|step| step.element.clone()).collect();
        open.sort();
        open
    }

    async fn step(&self, case: CaseId, element: &str) -> TaskId {
        self.open(case, element).await.first().unwrap_or_else(|| panic!("{element} is not open")).1
    }

    /// Several people try what they may not: each is told why, and nothing is changed or stated.
    async fn refused<F: Future<Output = String>>(
        &self,
        case: CaseId,
        what: &str,
        who: &[(&Principal, &str)],
        act: impl Fn(Principal) -> F,
    ) {
        for (who, expected) in who {
            let before = all(&self.city.look(case).await);
            let told = act((*who).clone()).await;
            let name = who.staff().map_or("the applicant", |staff| staff.login.as_str());
            assert_eq!(told, *expected, "{what} by {name}");
            assert_eq!(before, all(&self.city.look(case).await), "{what} by {name}");
        }
    }

    /// An operation is done once, by who may: it is a fact with the digest of its reason, the reason is kept, and there are words for it.
    async fn done(&self, case: CaseId, operation: Operation, reason: &str, act: impl Future<Output = String>) {
        let before = self.city.look(case).await;
        assert_eq!(act.await, "done", "{operation:?}");
        let after = self.city.look(case).await;
        let new = &after.timeline[before.timeline.len()..];
        let stated: Vec<_> = new
            .iter()
            .filter_map(|entry| match &entry.what {
                Some(CaseFact::Operated { operation: done, reason_sha256, by, .. }) => Some((*done, reason_sha256.is_some(), *by)),
                _ => None,
            })
            .collect();
        assert_eq!(stated.iter().map(|(done, reason, _)| (*done, *reason)).collect::<Vec<_>>(), [(operation, !reason.is_empty())]);
        assert!(stated[0].2.is_some() && new.iter().any(|entry| entry.staff == stated[0].2), "who did it");
        let kept = after.notes.iter().filter(|note| note.kind == operation.as_str() && note.text == reason).count();
        assert_eq!(kept > 0, !reason.is_empty(), "{operation:?}: the reason is kept");
        for entry in new {
            told_in_words(entry);
        }
    }
}

fn process(sign: &str, signers: &str) -> String {
    let text = BRANCHES.replace("banhao:sign=\"all\"", sign).replace(SIGNERS, signers);
    assert!(BRANCHES.contains("banhao:sign=\"all\"") && BRANCHES.contains(SIGNERS));
    text
}

fn all(file: &CaseFile) -> String {
    format!("{:?} {:?} {:?} {:?} {:?} {:?}", file.state, file.steps, file.waiting, file.process, file.notes, file.timeline)
}

fn told_in_words(entry: &TimelineEntry) {
    let mut key = format!("fact-{}", entry.kind.replace('.', "-"));
    if let Some(CaseFact::Operated { operation, .. }) = &entry.what {
        key = format!("{key}-{}", operation.as_str());
    }
    for lang in [Lang::ZhCn, Lang::En] {
        assert!(banhao_texts::has(lang, &key), "{key} has no words in {lang:?}");
        let words = banhao_texts::t_args(lang, &key, &[("message", "m"), ("outcome", "o"), ("to", "2"), ("decision", "d")]);
        assert!(!words.is_empty() && !words.contains('⟦') && !words.contains('{'), "{key} in {lang:?}: {words}");
    }
}

fn id(who: &Principal) -> StaffId {
    who.staff().unwrap().id
}

const ALL_SIGN: &str = "banhao:sign=\"all\"";

both_databases!(ALL, what_is_done_in_one_branch_leaves_the_other_alone, |bed: Bed| async move {
    let floor = Floor::new(bed, ALL_SIGN, SIGNERS).await;
    let (city, cases) = (&floor.city, &floor.city.cases);
    let (chen, deng, gao, guan, citizen) = (&floor.chen, &floor.deng, &floor.gao, &floor.guan, &city.citizen);
    // Another department that signs; another post of the same one; a department that has nothing to do with it.
    let (feng, luo, shen) = (&city.staff("shen.feng").await, &city.staff("shou.luo").await, &city.staff("shen.shen").await);
    let case = floor.branched().await;
    let others = floor.open(case, "joint").await;
    assert_eq!(others.iter().map(|(whose, _)| whose.as_str()).collect::<Vec<_>>(), ["mzj", "zjj", "zrzyj"]);
    let site = floor.step(case, "site_inspection").await;
    banhao_cases::claim(cases, chen, site, true).await.unwrap();
    let anonymous = "identity-anonymous";

    let give = |who: Principal| async move { why(banhao_cases::hand_over(cases, &who, site, id(deng), "出差").await) };
    let not_theirs =
        [(deng, "case-in-other-hands"), (feng, "case-denied"), (luo, "case-denied"), (shen, "case-not-found"), (citizen, anonymous)];
    floor.refused(case, "hand over", &not_theirs, give).await;
    floor.done(case, Operation::HandOver, "出差", give(chen.clone())).await;
    assert_eq!(floor.open(case, "joint").await, others);

    let lend = |who: Principal| async move { why(banhao_cases::delegate(cases, &who, site, id(chen), "核对图纸").await) };
    let not_theirs =
        [(chen, "case-in-other-hands"), (feng, "case-denied"), (luo, "case-denied"), (shen, "case-not-found"), (citizen, anonymous)];
    floor.refused(case, "delegate", &not_theirs, lend).await;
    floor.done(case, Operation::Delegate, "核对图纸", lend(deng.clone())).await;
    let tell = |who: Principal| async move { why(banhao_cases::report(cases, &who, site, "一致").await) };
    let not_theirs =
        [(deng, "case-changed"), (feng, "case-changed"), (luo, "case-changed"), (shen, "case-not-found"), (citizen, anonymous)];
    floor.refused(case, "report", &not_theirs, tell).await;
    floor.done(case, Operation::Report, "一致", tell(chen.clone())).await;
    assert_eq!(floor.open(case, "joint").await, others);

    // 并加签 in one branch: the other does not wait for it, and the branch does.
    let more = |who: Principal| async move {
        why(banhao_cases::add_signers(cases, &who, site, vec!["rsj".into(), "nyncj".into()], AddedWhen::Beside, "用工").await)
    };
    let not_theirs =
        [(chen, "case-in-other-hands"), (feng, "case-denied"), (luo, "case-denied"), (shen, "case-not-found"), (citizen, anonymous)];
    floor.refused(case, "add signers", &not_theirs, more).await;
    floor.done(case, Operation::AddSigners, "用工", more(deng.clone())).await;
    let fewer = |who: Principal| async move { why(banhao_cases::remove_signer(cases, &who, site, "nyncj", "不涉及").await) };
    floor.refused(case, "remove a signer", &[(luo, "case-denied"), (citizen, anonymous)], fewer).await;
    floor.done(case, Operation::RemoveSigner, "不涉及", fewer(deng.clone())).await;
    assert_eq!(floor.open(case, "joint").await, others);
    assert_eq!(floor.sign(deng, case, "site_inspection", Verdict::Pass).await, "done");
    assert_eq!(floor.elements(case).await, ["joint", "joint", "joint", "site_inspection"], "the added one has not signed");
    assert_eq!(floor.sign(&city.staff("shou.peng").await, case, "site_inspection", Verdict::Pass).await, "done");
    assert_eq!(floor.elements(case).await, ["joint", "joint", "joint", "photos"]);

    // 抄送 and 催办.
    let copy = |who: Principal| async move { why(banhao_cases::copy(cases, &who, case, vec![id(gao)], "请知悉").await) };
    floor.refused(case, "copy", &[(shen, "case-not-found"), (citizen, anonymous)], copy).await;
    floor.done(case, Operation::Copy, "请知悉", copy(chen.clone())).await;
    let urge = |who: Principal| async move { why(banhao_cases::urge(cases, &who, case).await) };
    floor.refused(case, "urge", &[(shen, "case-not-found")], urge).await;
    floor.done(case, Operation::Urge, "", urge(chen.clone())).await;
    floor.refused(case, "urge again", &[(chen, "case-urged-today")], urge).await;
    assert_eq!(floor.open(case, "joint").await, others);

    // 退回 within the branch, and 撤回.
    let photos = floor.step(case, "photos").await;
    let back =
        |who: Principal| async move { why(banhao_cases::return_step(cases, &who, photos, "site_inspection", false, "照片不全").await) };
    let not_theirs = [(gao, "case-denied"), (feng, "case-denied"), (luo, "case-denied"), (shen, "case-not-found"), (citizen, anonymous)];
    floor.refused(case, "return", &not_theirs, back).await;
    floor.done(case, Operation::Return, "照片不全", back(chen.clone())).await;
    assert_eq!((floor.elements(case).await.pop().unwrap().as_str(), floor.open(case, "joint").await), ("site_inspection", others.clone()));
    assert_eq!(floor.sign(chen, case, "site_inspection", Verdict::Pass).await, "done");
    let done = city.look(case).await.steps.iter().rev().find(|step| step.element == "site_inspection").unwrap().id;
    let take_back = |who: Principal| async move { why(banhao_cases::take_back(cases, &who, done, "写错了").await) };
    let not_theirs =
        [(deng, "case-not-possible"), (feng, "case-not-possible"), (luo, "case-denied"), (shen, "case-not-found"), (citizen, anonymous)];
    floor.refused(case, "take back", &not_theirs, take_back).await;
    floor.done(case, Operation::TakeBack, "写错了", take_back(chen.clone())).await;
    assert_eq!((floor.elements(case).await.pop().unwrap().as_str(), floor.open(case, "joint").await), ("site_inspection", others.clone()));

    // 挂起 and 恢复 concern both branches, and change neither.
    let suspend = |who: Principal| async move { why(banhao_cases::suspend(cases, &who, case, "法院查封").await) };
    floor.refused(case, "suspend", &[(chen, "case-denied"), (feng, "case-denied"), (shen, "case-not-found")], suspend).await;
    floor.done(case, Operation::Suspend, "法院查封", suspend(gao.clone())).await;
    for (who, element) in [(feng, "joint"), (chen, "site_inspection")] {
        assert_eq!(floor.sign(who, case, element, Verdict::Pass).await, "case-suspended");
    }
    let resume = |who: Principal| async move { why(banhao_cases::resume(cases, &who, case, "已解封").await) };
    floor.refused(case, "resume", &[(chen, "case-denied"), (feng, "case-denied"), (shen, "case-not-found")], resume).await;
    floor.done(case, Operation::Resume, "已解封", resume(gao.clone())).await;
    assert_eq!(floor.open(case, "joint").await, others);

    // 跳转 within the branch; into the other one is not possible: it would leave a join without partner.
    let site = floor.step(case, "site_inspection").await;
    let jump = |to: &'static str| move |who: Principal| async move { why(banhao_cases::jump(cases, &who, site, to, "走不下去").await) };
    floor
        .refused(
            case,
            "jump",
            &[(chen, "case-denied"), (gao, "case-denied"), (shen, "case-not-found"), (citizen, anonymous)],
            jump("photos"),
        )
        .await;
    floor.refused(case, "jump into the other branch", &[(guan, "case-not-possible")], jump("sum_up")).await;
    floor.done(case, Operation::Jump, "走不下去", jump("photos")(guan.clone())).await;
    assert_eq!((floor.elements(case).await.pop().unwrap().as_str(), floor.open(case, "joint").await), ("photos", others.clone()));

    // 退回 to before the split takes the other branch along: it is done again from there, once.
    let photos = floor.step(case, "photos").await;
    let far = why(banhao_cases::return_step(cases, chen, photos, "paper_review", false, "重来").await);
    assert_eq!((far.as_str(), floor.elements(case).await), ("done", vec!["paper_review".to_owned()]));
    assert_eq!(floor.sign(feng, case, "joint", Verdict::Pass).await, "case-wrong-state", "withdrawn");
    assert_eq!(floor.sign(chen, case, "paper_review", Verdict::Pass).await, "done");
    let fresh = floor.open(case, "joint").await;
    assert!(fresh.len() == 3 && fresh.iter().all(|one| !others.contains(one)));
    assert_eq!(floor.elements(case).await, ["joint", "joint", "joint", "site_inspection"]);

    // 终止 ends both.
    let end = |who: Principal| async move { why(banhao_cases::terminate(cases, &who, case, "申请人已注销").await) };
    floor.refused(case, "terminate", &[(chen, "case-denied"), (feng, "case-denied"), (shen, "case-not-found")], end).await;
    floor.done(case, Operation::Terminate, "申请人已注销", end(gao.clone())).await;
    let file = city.look(case).await;
    assert_eq!((file.state.outcome, file.open_steps().count(), file.process.is_running()), (Some(Outcome::Terminated), 0, false));
    for entry in &file.timeline {
        told_in_words(entry);
    }
});

both_databases!(ALL, rounds_of_signatures_settle_beside_another_branch, |bed: Bed| async move {
    let floor = Floor::new(bed, ALL_SIGN, SIGNERS).await;
    let city = &floor.city;
    let (feng, xiao, yuan) = (&city.staff("shen.feng").await, &city.staff("shen.xiao").await, &city.staff("shen.yuan").await);
    let (pass, fail) = (Verdict::Pass, Verdict::Fail);
    // How they sign, who signs what in which order, who is left when it is settled, whether they agreed, and with how many voices.
    let rounds = [
        (ALL_SIGN, vec![(xiao, pass), (feng, fail), (yuan, pass)], false, (2, 1)),
        ("banhao:sign=\"all\" banhao:veto=\"true\"", vec![(xiao, pass), (feng, fail)], false, (1, 1)),
        ("banhao:sign=\"any\"", vec![(yuan, pass)], true, (1, 0)),
        ("banhao:sign=\"any\"", vec![(yuan, fail)], false, (0, 1)),
        ("banhao:sign=\"turn\"", vec![(feng, pass), (xiao, pass), (yuan, pass)], true, (3, 0)),
        ("banhao:sign=\"turn\" banhao:veto=\"true\"", vec![(feng, pass), (xiao, fail)], false, (1, 1)),
        ("banhao:sign=\"vote\" banhao:share=\"2/3\"", vec![(yuan, pass), (xiao, pass)], true, (2, 0)),
        ("banhao:sign=\"vote\" banhao:share=\"2/3\"", vec![(yuan, fail), (xiao, fail)], false, (0, 2)),
    ];
    for (sign, voices, agreed, counted) in rounds {
        city.change_process("food-licence", &process(sign, SIGNERS)).await;
        let case = floor.branched().await;
        let site = floor.open(case, "site_inspection").await;
        for (at, (who, verdict)) in voices.iter().enumerate() {
            let open = floor.open(case, "joint").await;
            let expected = if sign.contains("turn") { 1 } else { 3 - at };
            assert_eq!(open.len(), expected, "{sign}");
            assert_eq!(
                floor.sign(&floor.chen, case, "joint", *verdict).await,
                "case-denied",
                "{sign}: the competent department does not sign"
            );
            if sign.contains("turn") {
                let too_early = if at == 0 { yuan } else { feng };
                assert!(
                    ["case-denied", "case-not-found"].contains(&floor.sign(too_early, case, "joint", *verdict).await.as_str()),
                    "{sign}"
                );
            }
            assert_eq!(floor.sign(who, case, "joint", *verdict).await, "done", "{sign}");
            assert_ne!(floor.sign(who, case, "joint", *verdict).await, "done", "{sign}: a second time");
            assert_eq!(floor.open(case, "site_inspection").await, site, "{sign}");
        }
        assert_eq!(floor.elements(case).await, ["site_inspection", "sum_up"], "{sign}");
        let file = city.look(case).await;
        let variables = file.process.variables();
        let said = (&variables["joint_agreed"], &variables["joint_agree"], &variables["joint_disagree"]);
        assert_eq!(said, (&serde_json::json!(agreed), &serde_json::json!(counted.0), &serde_json::json!(counted.1)), "{sign}");
        for late in [feng, xiao, yuan] {
            let told = floor.sign(late, case, "joint", pass).await;
            assert!(["case-wrong-state", "case-not-found"].contains(&told.as_str()), "{sign}: {told}");
        }
        // Both branches meet, once.
        for element in ["sum_up", "site_inspection", "photos", "wrap_up"] {
            assert_eq!(floor.sign(&floor.chen, case, element, pass).await, "done", "{sign} {element}");
        }
        assert_eq!(floor.elements(case).await, ["decide"], "{sign}");
    }
});

both_databases!(ALL, operations_within_a_round_concern_one_signature, |bed: Bed| async move {
    let floor = Floor::new(bed, ALL_SIGN, "[&quot;nyncj&quot;, &quot;zjj&quot;, &quot;mzj&quot;]").await;
    let (city, cases) = (&floor.city, &floor.city.cases);
    let (chen, guan, gao) = (&floor.chen, &floor.guan, &floor.gao);
    let (lu, jiang) = (&city.staff("shen.lu").await, &city.staff("shen.jiang").await);
    let (xiao, yuan) = (&city.staff("shen.xiao").await, &city.staff("shen.yuan").await);
    let case = floor.branched().await;
    let site = floor.open(case, "site_inspection").await;
    let round = floor.open(case, "joint").await;
    let ours = round.iter().find(|(whose, _)| whose == "nyncj").unwrap().1;
    banhao_cases::claim(cases, lu, ours, true).await.unwrap();
    let give = |who: Principal| async move { why(banhao_cases::hand_over(cases, &who, ours, id(jiang), "出差").await) };
    let not_theirs = [(jiang, "case-in-other-hands"), (xiao, "case-denied"), (chen, "case-denied")];
    floor.refused(case, "hand over a signature", &not_theirs, give).await;
    floor.done(case, Operation::HandOver, "出差", give(lu.clone())).await;
    assert_eq!(floor.sign(lu, case, "joint", Verdict::Pass).await, "case-in-other-hands");
    let lend = |who: Principal| async move { why(banhao_cases::delegate(cases, &who, ours, id(lu), "核对").await) };
    floor.refused(case, "delegate a signature", &[(lu, "case-in-other-hands"), (xiao, "case-denied")], lend).await;
    floor.done(case, Operation::Delegate, "核对", lend(jiang.clone())).await;
    assert_eq!(floor.sign(jiang, case, "joint", Verdict::Pass).await, "case-delegated");
    floor.done(case, Operation::Report, "一致", async { why(banhao_cases::report(cases, lu, ours, "一致").await) }).await;
    assert_eq!((floor.open(case, "joint").await, floor.open(case, "site_inspection").await), (round.clone(), site.clone()));

    // 减签 by the competent department only; the other signatures stay.
    let fewer = |who: Principal| async move { why(banhao_cases::remove_signer(cases, &who, ours, "mzj", "不涉及").await) };
    floor.refused(case, "remove a signature", &[(jiang, "case-denied"), (yuan, "case-denied"), (gao, "case-denied")], fewer).await;
    floor.done(case, Operation::RemoveSigner, "不涉及", fewer(chen.clone())).await;
    assert_eq!(floor.open(case, "joint").await.iter().map(|(whose, _)| whose.as_str()).collect::<Vec<_>>(), ["nyncj", "zjj"]);
    assert_eq!(floor.sign(yuan, case, "joint", Verdict::Pass).await, "case-denied", "need not sign any more");
    assert_eq!(floor.open(case, "site_inspection").await, site);

    // Time passes: what the drawing says happens in the other branch, and the round does not notice.
    let round = floor.open(case, "joint").await;
    city.bed.clock.advance(3 * DAY);
    city.work().await;
    assert!(city.look(case).await.open_steps().all(|step| step.urged == 1), "reminded");
    city.bed.clock.advance(2 * DAY);
    city.work().await;
    assert_eq!(floor.elements(case).await, ["joint", "joint", "photos"], "the inspection's time is over");
    assert_eq!(floor.open(case, "joint").await, round);
    assert_eq!(floor.sign(chen, case, "site_inspection", Verdict::Pass).await, "case-wrong-state");

    // 跳转 out of the round takes the whole round and leaves the other branch.
    let photos = floor.open(case, "photos").await;
    let jump = |to: &'static str| move |who: Principal| async move { why(banhao_cases::jump(cases, &who, ours, to, "部门撤并").await) };
    floor.refused(case, "jump out of a round", &[(jiang, "case-denied"), (chen, "case-denied")], jump("sum_up")).await;
    floor.refused(case, "jump into the other branch", &[(guan, "case-not-possible")], jump("photos")).await;
    floor.done(case, Operation::Jump, "部门撤并", jump("sum_up")(guan.clone())).await;
    assert_eq!((floor.elements(case).await, floor.open(case, "photos").await), (vec!["photos".to_owned(), "sum_up".to_owned()], photos));
    assert_eq!(floor.sign(xiao, case, "joint", Verdict::Pass).await, "case-wrong-state");
    for entry in &city.look(case).await.timeline {
        told_in_words(entry);
    }
});
