//! The same request sent again – a second click, a lost answer, two tabs – hears the first answer, and it happened once. Another request
//! is another act: it is carried out or refused with words.

use std::{cell::Cell, pin::Pin};

use banhao_cases::{
    AddedWhen, AtWindow, CaseContext, HandOver, Request,
    facts::{Decision, DeliveryMethod, RefusalGround, SupplementItem, Verdict},
};
use banhao_identity::Principal;
use banhao_kernel::ids::{CaseId, TaskId};
use banhao_testbed::{Bed, both_databases};

use crate::city::{ALL, City, why};

const OFFICE: &str = include_str!("../data/office.bpmn");
const WAITING: &str = include_str!("../data/waiting.bpmn");

type Doing<'d> = Pin<Box<dyn Future<Output = String> + 'd>>;

struct Desk {
    city: City,
    tried: Cell<usize>,
}

impl Desk {
    async fn new(bed: Bed, process: &str) -> Self {
        let city = City::new(bed).await;
        city.change_process("food-licence", process).await;
        Self { city, tried: Cell::new(0) }
    }

    fn request(&self, who: &Principal, case: CaseId, act: &str, seen: usize, words: &str) -> CaseContext {
        let seen = seen.to_string();
        let fields = [("seen", seen.as_str()), ("reason", words)];
        self.city.cases.for_request(Request::new(&self.city.bed.store, who, case, act, fields.into_iter()))
    }

    async fn accepted(&self) -> CaseId {
        let case = self.city.apply("food-licence").await.case;
        banhao_cases::accept(&self.city.cases, &self.city.staff("shou.luo").await, case).await.unwrap();
        case
    }

    async fn step(&self, case: CaseId, element: &str) -> TaskId {
        self.city.look(case).await.open_steps().find(|step| step.element == element).unwrap_or_else(|| panic!("{element}")).id
    }

    /// Sent four times at once and once more later, it is done once and each hears so. Sent from a page that shows more, it is told
    /// `second`.
    async fn pressed<'d>(&self, who: &Principal, case: CaseId, name: &str, second: &str, act: impl Fn(CaseContext) -> Doing<'d>) {
        let seen = self.city.look(case).await.happened;
        let before = self.city.look(case).await.timeline.len();
        let one = self.request(who, case, name, seen, "理由");
        let (a, b, c, d) = tokio::join!(act(one.clone()), act(one.clone()), act(one.clone()), act(one));
        assert_eq!([a, b, c, d], ["done"; 4], "{name}");
        let after = format!("{:?}", self.city.look(case).await);
        let stated = self.city.look(case).await.timeline.len() - before;
        assert_eq!(act(self.request(who, case, name, seen, "理由")).await, "done", "{name}: the answer was lost");
        assert_eq!(format!("{:?}", self.city.look(case).await), after, "{name}: repeated");
        let fresh = self.city.look(case).await.happened;
        assert!(fresh > seen, "{name}: what happened is told from what was there");
        assert_eq!(act(self.request(who, case, name, fresh, "理由")).await, second, "{name}: another request");
        let twice = self.city.look(case).await.timeline.len() - before;
        assert_eq!(twice, if second == "done" { 2 * stated } else { stated }, "{name}");
        self.tried.set(self.tried.get() + 1);
    }
}

/// A command of this crate as something that is pressed.
macro_rules! press {
    ($command:ident $(, $arg:expr)*) => {
        |ctx: CaseContext| Box::pin(async move { why(banhao_cases::$command(&ctx $(, $arg)*).await) }) as Doing<'_>
    };
}

both_databases!(ALL, the_same_request_hears_its_first_answer, |bed: Bed| async move {
    let desk = Desk::new(bed, OFFICE).await;
    let city = &desk.city;
    let (luo, zhou, lin) = (&city.staff("shou.luo").await, &city.staff("win.zhou").await, &city.staff("chu.lin").await);
    let (chen, deng, gao, song) =
        (&city.staff("shen.chen").await, &city.staff("shen.deng").await, &city.staff("ding.gao").await, &city.staff("guan.song").await);
    let (feng, yuan) = (&city.staff("shen.feng").await, &city.staff("shen.yuan").await);
    let id = |who: &Principal| who.staff().unwrap().id;
    let (chen_id, deng_id, yuan_id) = (id(chen), id(deng), id(yuan));
    let member = zhou.staff().unwrap();
    let at = &AtWindow { hall: member.hall.clone().unwrap(), window: member.windows[0].clone() };
    let cases = &city.cases;

    let case = city.apply("food-licence").await.case;
    desk.pressed(zhou, case, "visit", "done", press!(record_visit, zhou, case, at.clone(), "other")).await;
    assert_eq!(city.look(case).await.line.visits, 2, "two visits, not six");
    desk.pressed(luo, case, "accept", "case-wrong-state", press!(accept, luo, case)).await;
    let paper = desk.step(case, "paper_review").await;
    banhao_cases::claim(cases, chen, paper, true).await.unwrap();
    desk.pressed(chen, case, "hand-over", "case-in-other-hands", press!(hand_over, chen, paper, deng_id, "理由")).await;
    desk.pressed(deng, case, "delegate", "case-delegated", press!(delegate, deng, paper, chen_id, "理由")).await;
    desk.pressed(chen, case, "report", "case-changed", press!(report, chen, paper, "理由")).await;
    let more = press!(add_signers, deng, paper, vec!["zrzyj".to_owned(), "zjj".to_owned()], AddedWhen::Before, "理由");
    desk.pressed(deng, case, "add-signers", "case-awaits-signers", more).await;
    desk.pressed(deng, case, "remove-signer", "case-not-possible", press!(remove_signer, deng, paper, "zjj", "理由")).await;
    let sign = press!(review, feng, case, "paper_review", Verdict::Pass, "理由".to_owned());
    desk.pressed(feng, case, "review", "case-denied", sign).await;
    // The same opinion on the same step, each time it was given anew.
    let review = press!(review, deng, case, "paper_review", Verdict::Pass, "理由".to_owned());
    desk.pressed(deng, case, "review", "case-wrong-state", review).await;
    let take_back = press!(take_back, deng, paper, "理由");
    desk.pressed(deng, case, "take-back", "case-not-possible", take_back).await;
    desk.pressed(deng, case, "review", "case-wrong-state", review).await;
    let site = desk.step(case, "site_inspection").await;
    desk.pressed(chen, case, "return", "case-changed", press!(return_step, chen, site, "paper_review", false, "理由")).await;
    desk.pressed(deng, case, "review", "case-wrong-state", review).await;

    desk.pressed(chen, case, "copy", "done", press!(copy, chen, case, vec![yuan_id], "理由")).await;
    desk.pressed(chen, case, "urge", "case-urged-today", press!(urge, chen, case)).await;
    assert!(city.look(case).await.open_steps().all(|step| step.urged == 1));
    for _ in 0..2 {
        desk.pressed(gao, case, "suspend", "case-suspended", press!(suspend, gao, case, "理由")).await;
        desk.pressed(gao, case, "resume", "case-changed", press!(resume, gao, case, "理由")).await;
    }
    let site = desk.step(case, "site_inspection").await;
    desk.pressed(song, case, "jump", "case-changed", press!(jump, song, site, "decide", "理由")).await;
    let decide = press!(decide, gao, case, Decision::Grant, "理由".to_owned());
    desk.pressed(gao, case, "decide", "case-wrong-state", decide).await;
    city.work().await;
    let courier =
        || HandOver { method: DeliveryMethod::Courier, receiver: String::new(), signature: None, waybill: Some("SF1".into()), at: None };
    desk.pressed(lin, case, "deliver", "case-wrong-state", press!(deliver, lin, case, courier())).await;

    let second = city.apply("food-licence").await.case;
    let material = &city.look(second).await.files[0].material.clone();
    let items = || vec![SupplementItem { material: material.clone(), problem: "不清楚".into(), requirement: "重拍".into() }];
    let supplement = press!(request_supplement, luo, second, items());
    desk.pressed(luo, second, "request-supplement", "case-wrong-state", supplement).await;
    let third = city.apply("food-licence").await.case;
    let refuse = press!(refuse_acceptance, luo, third, RefusalGround::NotNeeded, None, "理由".to_owned());
    desk.pressed(luo, third, "refuse", "case-wrong-state", refuse).await;
    let fourth = desk.accepted().await;
    desk.pressed(gao, fourth, "terminate", "case-wrong-state", press!(terminate, gao, fourth, "理由")).await;

    city.change_process("food-licence", WAITING).await;
    let waiting = desk.accepted().await;
    banhao_cases::review(cases, chen, waiting, "paper_review", Verdict::Pass, "齐全".into()).await.unwrap();
    let message = press!(register_message, chen, waiting, "专家意见", Verdict::Pass, "理由");
    desk.pressed(chen, waiting, "operate/message", "case-nobody-waits", message).await;
    assert_eq!(desk.tried.get(), 26, "none was left out");
});

both_databases!(ALL, what_is_another_request_is_not_taken_for_a_repetition, |bed: Bed| async move {
    let desk = Desk::new(bed, OFFICE).await;
    let city = &desk.city;
    let (chen, deng, gao) = (&city.staff("shen.chen").await, &city.staff("shen.deng").await, &city.staff("ding.gao").await);
    let case = desk.accepted().await;
    let seen = city.look(case).await.happened;
    let review = async |who: &Principal, case: CaseId, seen: usize, words: &str| {
        let ctx = desk.request(who, case, "review", seen, words);
        why(banhao_cases::review(&ctx, who, case, "paper_review", Verdict::Pass, words.to_owned()).await)
    };
    // What was refused was not carried out: the same request goes through when it can.
    banhao_cases::suspend(&city.cases, gao, case, "查封").await.unwrap();
    assert_eq!(review(chen, case, seen, "齐全").await, "case-suspended");
    banhao_cases::resume(&city.cases, gao, case, "解封").await.unwrap();
    assert_eq!(review(chen, case, seen, "齐全").await, "done");
    assert_eq!(review(chen, case, seen, "齐全").await, "done", "repeated");
    // Other words, somebody else, another case, another act.
    assert_eq!(review(chen, case, seen, "缺页").await, "case-wrong-state");
    assert_eq!(review(deng, case, seen, "齐全").await, "case-wrong-state");
    let other = desk.accepted().await;
    assert_eq!(review(chen, other, seen, "齐全").await, "done");
    assert_eq!(city.look(other).await.open_steps().next().unwrap().element, "site_inspection", "done, and not only said to be");
    let ctx = desk.request(chen, case, "urge", seen, "齐全");
    assert_eq!(why(banhao_cases::urge(&ctx, chen, case).await), "done");
    assert!(city.look(case).await.open_steps().all(|step| step.urged == 1));
    // Looks at files do not make it another request; whatever else happens does.
    let happened = city.look(case).await.happened;
    banhao_cases::unmask(&city.cases, chen, case, "applicant_number", "核对").await.unwrap();
    assert_eq!(city.look(case).await.happened, happened);
    assert_eq!(
        happened,
        banhao_cases::queries::file::case_process(&city.cases, &city.staff("guan.song").await, case).await.unwrap().happened
    );
});

both_databases!(ALL, repetitions_and_somebody_else_at_once, |bed: Bed| async move {
    let desk = Desk::new(bed, OFFICE).await;
    let city = &desk.city;
    let (chen, deng) = (&city.staff("shen.chen").await, &city.staff("shen.deng").await);
    for round in 0..6 {
        let case = desk.accepted().await;
        let seen = city.look(case).await.happened;
        let review = |who: &'static str| {
            let (desk, who) = (&desk, if who == "chen" { chen } else { deng });
            async move {
                let ctx = desk.request(who, case, "review", seen, "齐全");
                why(banhao_cases::review(&ctx, who, case, "paper_review", Verdict::Pass, "齐全".into()).await)
            }
        };
        let order = if round % 2 == 0 { ["chen", "deng", "chen"] } else { ["deng", "chen", "deng"] };
        let (a, b, c) = tokio::join!(review(order[0]), review(order[1]), review(order[2]));
        // The one who did it hears so each time; the other hears each time that it is over.
        assert!(a == c && (a == "done") != (b == "done"), "round {round}: {a} {b} {c}");
        assert!([&a, &b].iter().any(|told| *told == "case-wrong-state"), "round {round}: {a} {b}");
        let file = city.look(case).await;
        assert_eq!(file.notes.iter().filter(|note| note.kind == "opinion").count(), 1, "round {round}");
        assert_eq!(file.open_steps().map(|step| step.element.as_str()).collect::<Vec<_>>(), ["site_inspection"]);
    }
});
