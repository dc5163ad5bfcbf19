//! The operations of the office within a round of signatures – together, in turn, by vote –, as those concerned see it: whose worklist has
//! what, that the clock runs as it did, what is stated, and what the applicant is told.

use banhao_cases::{
    AddedWhen,
    clock::LegalClock,
    facts::{CaseFact, Operation, Verdict},
    model::{CaseStatus, Outcome},
    queries::{
        file::{CaseFile, case_file},
        worklist::{Hands, worklist},
    },
    rules::office as rules,
};
use banhao_identity::Principal;
use banhao_kernel::ids::{CaseId, StaffId};
use banhao_testbed::{Bed, both_databases};

use crate::city::{ALL, City, why};

const BRANCHES: &str = include_str!("../data/branches.bpmn");
const SIGNERS: &str = "[&quot;zrzyj&quot;, &quot;zjj&quot;, &quot;mzj&quot;]";
const OURS_TOO: &str = "[&quot;scjgj&quot;, &quot;zjj&quot;, &quot;mzj&quot;]";
const TOGETHER: &str = "banhao:sign=\"all\"";
const IN_TURN: &str = "banhao:sign=\"turn\"";
const BY_VOTE: &str = "banhao:sign=\"vote\" banhao:share=\"2/3\"";

/// A table with those who sign around it: of the competent department, and of two others.
struct Round {
    city: City,
    chen: Principal,
    deng: Principal,
    xiao: Principal,
    yuan: Principal,
    gao: Principal,
    guan: Principal,
}

fn id(who: &Principal) -> StaffId {
    who.staff().unwrap().id
}

impl Round {
    async fn new(bed: Bed) -> Self {
        let city = City::new(bed).await;
        let (chen, deng) = (city.staff("shen.chen").await, city.staff("shen.deng").await);
        let (xiao, yuan) = (city.staff("shen.xiao").await, city.staff("shen.yuan").await);
        let (gao, guan) = (city.staff("ding.gao").await, city.staff("guan.song").await);
        Self { city, chen, deng, xiao, yuan, gao, guan }
    }

    /// A case in which the departments sign, beside the inspection.
    async fn begun(&self, sign: &str, signers: &str) -> CaseId {
        assert!(BRANCHES.contains(SIGNERS) && BRANCHES.contains(TOGETHER));
        self.city.change_process("food-licence", &BRANCHES.replace(TOGETHER, sign).replace(SIGNERS, signers)).await;
        let case = self.city.apply("food-licence").await.case;
        banhao_cases::accept(&self.city.cases, &self.city.staff("shou.luo").await, case).await.unwrap();
        assert_eq!(self.sign(&self.chen, case, "paper_review", Verdict::Pass).await, "done");
        case
    }

    async fn sign(&self, who: &Principal, case: CaseId, element: &str, verdict: Verdict) -> String {
        why(banhao_cases::review(&self.city.cases, who, case, element, verdict, "有意见".into()).await)
    }

    /// What somebody finds of a case in their worklist.
    async fn finds(&self, who: &Principal, case: CaseId) -> Vec<String> {
        let list = worklist(&self.city.cases, who, None, Hands::Any, None).await.unwrap();
        let mut steps: Vec<_> = list.items.into_iter().filter(|row| row.case == case).map(|row| row.step).collect();
        steps.sort();
        steps
    }

    /// An operation that is done: stated once, with its reason sealed beside it; the clock runs as it did; the applicant is told by the same
    /// fact, may still read the file, and sees the case where it is.
    async fn done(&self, case: CaseId, operation: Operation, status: CaseStatus, act: impl Future<Output = String>) -> CaseFile {
        let before = self.city.look(case).await;
        assert_eq!(act.await, "done", "{operation:?}");
        let after = self.city.look(case).await;
        let new = &after.timeline[before.timeline.len()..];
        let operated = |entry: &&banhao_cases::queries::timeline::TimelineEntry| matches!(&entry.what, Some(CaseFact::Operated { operation: done, .. }) if *done == operation);
        assert_eq!(new.iter().filter(operated).count(), 1, "{operation:?}");
        let kept = after.notes.iter().filter(|note| note.kind == operation.as_str()).count();
        assert_eq!(kept, 1 + before.notes.iter().filter(|note| note.kind == operation.as_str()).count(), "{operation:?}");
        if status != CaseStatus::Closed {
            assert_eq!(days(&after.clock), days(&before.clock), "{operation:?} moved a day of the clock");
        }
        let shown = case_file(&self.city.cases, &self.city.citizen, case).await.unwrap();
        assert_eq!((shown.state.status, shown.timeline.len()), (status, after.timeline.len()), "{operation:?}");
        after
    }
}

fn days(clock: &LegalClock) -> String {
    format!("{:?} {:?}", clock.deadlines, clock.state)
}

const REVIEWING: CaseStatus = CaseStatus::Reviewing;

both_databases!(ALL, a_return_out_of_a_round_takes_the_whole_round, |bed: Bed| async move {
    let round = Round::new(bed).await;
    let (city, cases, chen) = (&round.city, &round.city.cases, &round.chen);
    for sign in [TOGETHER, IN_TURN, BY_VOTE] {
        let case = round.begun(sign, OURS_TOO).await;
        let in_turn = sign == IN_TURN;
        let ours = round.city.signature(case, "scjgj").await;
        assert_eq!(round.finds(&round.xiao, case).await, if in_turn { vec![] } else { vec!["部门会签"] }, "{sign}");
        // One has signed: its voice goes with the round.
        if !in_turn {
            assert_eq!(round.sign(&round.yuan, case, "joint", Verdict::Fail).await, "done");
        }
        let file = city.look(case).await;
        let token = file.steps.iter().find(|step| step.id == ours).unwrap().token;
        let targets = rules::returns(&file.course.process, &file.process, token);
        assert_eq!(targets, [("paper_review".to_owned(), false)], "{sign}: before the split, not straight back, not into the other branch");
        let back = |to: &'static str, straight: bool| async move {
            why(banhao_cases::return_step(cases, chen, ours, to, straight, "材料不全").await)
        };
        for (to, straight) in [("site_inspection", false), ("sum_up", false), ("paper_review", true)] {
            assert_eq!(back(to, straight).await, "case-not-possible", "{sign}: {to} {straight}");
        }
        let other = banhao_cases::return_step(cases, &round.xiao, ours, "paper_review", false, "材料不全").await;
        // In turn, whose turn has not come knows of no case.
        let told = if in_turn { "case-not-found" } else { "case-denied" };
        assert_eq!(why(other), told, "{sign}: the competent department returns");
        let file = round.done(case, Operation::Return, REVIEWING, back("paper_review", false)).await;
        assert_eq!(file.open_steps().map(|step| step.element.as_str()).collect::<Vec<_>>(), ["paper_review"], "{sign}");
        assert_eq!(round.finds(chen, case).await, ["书面审查"], "{sign}");
        for who in [&round.xiao, &round.yuan] {
            assert!(round.finds(who, case).await.is_empty(), "{sign}: withdrawn from their worklists");
            let told = if in_turn { "case-not-found" } else { "case-wrong-state" };
            assert_eq!(round.sign(who, case, "joint", Verdict::Pass).await, told, "{sign}");
        }
        // Done again, all are asked again, and what was said before does not count.
        assert_eq!(round.sign(chen, case, "paper_review", Verdict::Pass).await, "done");
        assert_eq!(round.city.signers(case).await, if in_turn { vec!["scjgj"] } else { vec!["mzj", "scjgj", "zjj"] }, "{sign}");
        for who in [chen, &round.xiao, &round.yuan] {
            if !round.city.signers(case).await.is_empty() {
                assert_eq!(round.sign(who, case, "joint", Verdict::Pass).await, "done", "{sign}");
            }
        }
        let file = city.look(case).await;
        assert_eq!(file.process.variables()["joint_disagree"], 0, "{sign}");
        assert_eq!(file.process.variables()["joint_agreed"], true, "{sign}");
        // 退回 of the step behind goes to the round as a whole.
        let sum_up = file.open_steps().find(|step| step.element == "sum_up").unwrap().id;
        let back = async { why(banhao_cases::return_step(cases, chen, sum_up, "joint", false, "意见不清").await) };
        round.done(case, Operation::Return, REVIEWING, back).await;
        assert_eq!(round.city.signers(case).await, if in_turn { vec!["scjgj"] } else { vec!["mzj", "scjgj", "zjj"] }, "{sign}: all anew");
    }
});

both_databases!(ALL, a_signature_that_was_given_stands, |bed: Bed| async move {
    let round = Round::new(bed).await;
    let (city, cases) = (&round.city, &round.city.cases);
    for sign in [TOGETHER, IN_TURN, BY_VOTE] {
        let case = round.begun(sign, OURS_TOO).await;
        // What led to the round, as long as nobody has signed or begun.
        let paper = city.look(case).await.steps.iter().find(|step| step.element == "paper_review").unwrap().id;
        let back = async { why(banhao_cases::take_back(cases, &round.chen, paper, "看漏了").await) };
        let file = round.done(case, Operation::TakeBack, REVIEWING, back).await;
        assert_eq!(file.open_steps().map(|step| step.element.as_str()).collect::<Vec<_>>(), ["paper_review"], "{sign}");
        assert!(round.finds(&round.xiao, case).await.is_empty(), "{sign}");
        assert_eq!(round.sign(&round.chen, case, "paper_review", Verdict::Pass).await, "done");

        let ours = round.city.signature(case, "scjgj").await;
        assert_eq!(round.sign(&round.chen, case, "joint", Verdict::Pass).await, "done");
        // A voice that was given stands while the others sign; so does what led to the round.
        for step in [ours, city.look(case).await.steps.iter().rev().find(|step| step.element == "paper_review").unwrap().id] {
            let told = why(banhao_cases::take_back(cases, &round.chen, step, "改主意").await);
            assert_eq!(told, "case-not-possible", "{sign}");
        }
        // So does the one that settles the round: the competent department has it done again as a whole, by returning to it.
        let theirs = round.city.signature(case, "zjj").await;
        assert_eq!(round.sign(&round.xiao, case, "joint", Verdict::Pass).await, "done");
        let mut last = (&round.xiao, theirs);
        if !round.city.signers(case).await.is_empty() {
            last = (&round.yuan, round.city.signature(case, "mzj").await);
            assert_eq!(round.sign(&round.yuan, case, "joint", Verdict::Pass).await, "done");
        }
        let file = city.look(case).await;
        assert!(file.open_steps().any(|step| step.element == "sum_up"), "{sign}");
        for (who, step) in [(&round.chen, ours), last] {
            let token = file.steps.iter().find(|there| there.id == step).unwrap().token;
            assert!(!rules::can_take_back(&file.course.process, &file.process, token, "review"), "{sign}: not offered");
            assert_eq!(why(banhao_cases::take_back(cases, who, step, "看错件").await), "case-not-possible", "{sign}");
        }
    }
});

both_databases!(ALL, a_signature_goes_from_hand_to_hand_within_its_department, |bed: Bed| async move {
    let round = Round::new(bed).await;
    let cases = &round.city.cases;
    for sign in [TOGETHER, IN_TURN, BY_VOTE] {
        let case = round.begun(sign, OURS_TOO).await;
        let (chen, deng) = (&round.chen, &round.deng);
        let ours = round.city.signature(case, "scjgj").await;
        let others: Vec<_> = [round.finds(&round.xiao, case).await, round.finds(&round.yuan, case).await].into();
        let give = async { why(banhao_cases::hand_over(cases, chen, ours, id(deng), "出差").await) };
        round.done(case, Operation::HandOver, REVIEWING, give).await;
        let mine = worklist(cases, deng, None, Hands::Mine, None).await.unwrap();
        assert_eq!(mine.items.iter().filter(|row| row.case == case).map(|row| row.task).collect::<Vec<_>>(), [ours], "{sign}");
        let lend = async { why(banhao_cases::delegate(cases, deng, ours, id(chen), "请核对").await) };
        round.done(case, Operation::Delegate, REVIEWING, lend).await;
        assert_eq!(round.sign(deng, case, "joint", Verdict::Pass).await, "case-delegated", "{sign}");
        assert_eq!(round.sign(chen, case, "joint", Verdict::Pass).await, "case-report-first", "{sign}");
        round.done(case, Operation::Report, REVIEWING, async { why(banhao_cases::report(cases, chen, ours, "一致").await) }).await;
        assert_eq!([round.finds(&round.xiao, case).await, round.finds(&round.yuan, case).await].to_vec(), others, "{sign}: theirs stay");
        assert_eq!(round.sign(chen, case, "joint", Verdict::Pass).await, "case-in-other-hands", "{sign}");
        assert_eq!(round.sign(deng, case, "joint", Verdict::Pass).await, "done", "{sign}");
    }
});

both_databases!(ALL, who_signs_is_the_competent_departments_to_say, |bed: Bed| async move {
    let round = Round::new(bed).await;
    let (city, cases, chen) = (&round.city, &round.city.cases, &round.chen);
    let (feng, peng) = (&city.staff("shen.feng").await, &city.staff("shou.peng").await);
    for sign in [TOGETHER, IN_TURN, BY_VOTE] {
        // The competent department does not sign itself.
        let case = round.begun(sign, SIGNERS).await;
        let first = round.city.signature(case, "zrzyj").await;
        let add = |who: Principal, body: &'static str, when: AddedWhen| async move {
            why(banhao_cases::add_signers(cases, &who, first, vec![body.into()], when, "涉及用工").await)
        };
        assert_eq!(add(feng.clone(), "rsj", AddedWhen::Beside).await, "case-denied", "{sign}");
        round.done(case, Operation::AddSigners, REVIEWING, add(chen.clone(), "rsj", AddedWhen::Before)).await;
        assert_eq!(add(chen.clone(), "rsj", AddedWhen::Before).await, "case-not-a-candidate", "{sign}: signs already");
        assert_eq!(round.finds(peng, case).await.is_empty(), sign == IN_TURN, "{sign}");
        let fewer = async { why(banhao_cases::remove_signer(cases, chen, first, "mzj", "不涉及").await) };
        round.done(case, Operation::RemoveSigner, REVIEWING, fewer).await;
        assert!(round.finds(&round.yuan, case).await.is_empty(), "{sign}: need not sign any more");
        assert_eq!(round.sign(feng, case, "joint", Verdict::Pass).await, "done", "{sign}");
        // In turn, who was added before comes right after the one whose turn it is.
        assert_eq!(round.sign(peng, case, "joint", Verdict::Pass).await, "done", "{sign}");
        if sign == BY_VOTE {
            assert!(round.city.signers(case).await.is_empty(), "two of three agree");
        } else {
            assert_eq!(round.city.signers(case).await, ["zjj"], "{sign}");
            assert_eq!(round.sign(&round.xiao, case, "joint", Verdict::Pass).await, "done", "{sign}");
        }
        assert_eq!(city.look(case).await.process.variables()["joint_agreed"], true, "{sign}");
    }
    // Removing one settles the vote when the others have said enough.
    let case = round.begun("banhao:sign=\"vote\" banhao:share=\"1/2\"", SIGNERS).await;
    let first = round.city.signature(case, "zrzyj").await;
    assert_eq!(round.sign(feng, case, "joint", Verdict::Pass).await, "done");
    assert_eq!(round.city.signers(case).await, ["mzj", "zjj"]);
    let open = round.city.signature(case, "zjj").await;
    assert_ne!(open, first);
    let fewer = async { why(banhao_cases::remove_signer(cases, chen, open, "mzj", "不涉及").await) };
    let file = round.done(case, Operation::RemoveSigner, REVIEWING, fewer).await;
    assert!(file.open_steps().any(|step| step.element == "sum_up"), "one of two is half");
    assert!(round.finds(&round.xiao, case).await.is_empty() && round.finds(&round.yuan, case).await.is_empty());
    assert_eq!(file.process.variables()["joint_agreed"], true);
});

both_databases!(ALL, a_round_is_held_jumped_over_and_ended_as_a_whole, |bed: Bed| async move {
    let round = Round::new(bed).await;
    let (city, cases, gao, guan) = (&round.city, &round.city.cases, &round.gao, &round.guan);
    for sign in [TOGETHER, IN_TURN, BY_VOTE] {
        let case = round.begun(sign, OURS_TOO).await;
        let all = round.city.signers(case).await;
        round.done(case, Operation::Suspend, REVIEWING, async { why(banhao_cases::suspend(cases, gao, case, "法院查封").await) }).await;
        let ours = round.city.signature(case, "scjgj").await;
        assert_eq!(round.sign(&round.chen, case, "joint", Verdict::Pass).await, "case-suspended", "{sign}");
        for told in [
            why(banhao_cases::hand_over(cases, &round.chen, ours, id(&round.deng), "出差").await),
            why(banhao_cases::add_signers(cases, &round.chen, ours, vec!["rsj".into()], AddedWhen::Beside, "用工").await),
            why(banhao_cases::remove_signer(cases, &round.chen, ours, "mzj", "不涉及").await),
            why(banhao_cases::return_step(cases, &round.chen, ours, "paper_review", false, "不全").await),
            why(banhao_cases::jump(cases, guan, ours, "sum_up", "撤并").await),
        ] {
            assert_eq!(told, "case-suspended", "{sign}");
        }
        round.done(case, Operation::Resume, REVIEWING, async { why(banhao_cases::resume(cases, gao, case, "已解封").await) }).await;
        assert_eq!((round.city.signers(case).await, round.city.signature(case, "scjgj").await), (all.clone(), ours), "{sign}: as it was");

        let file = city.look(case).await;
        let token = file.steps.iter().find(|step| step.id == ours).unwrap().token;
        assert!(rules::jumps(&file.course.process, &file.process, token).contains(&"sum_up".to_owned()), "{sign}");
        round.done(case, Operation::Jump, REVIEWING, async { why(banhao_cases::jump(cases, guan, ours, "sum_up", "撤并").await) }).await;
        assert!(round.city.signers(case).await.is_empty(), "{sign}");
        for who in [&round.xiao, &round.yuan] {
            assert!(round.finds(who, case).await.is_empty(), "{sign}");
        }

        let other = round.begun(sign, OURS_TOO).await;
        assert_eq!(round.sign(&round.chen, other, "joint", Verdict::Pass).await, "done");
        let end = async { why(banhao_cases::terminate(cases, gao, other, "申请人已注销").await) };
        let file = round.done(other, Operation::Terminate, CaseStatus::Closed, end).await;
        assert_eq!((file.state.outcome, file.open_steps().count()), (Some(Outcome::Terminated), 0), "{sign}");
        for who in [&round.chen, &round.xiao, &round.yuan] {
            assert!(round.finds(who, other).await.is_empty(), "{sign}");
        }
        assert!(file.clock.deadlines.is_empty(), "{sign}: nothing is due any more");
    }
});
