//! The desk as a browser meets it, on both databases: every act with good and with bad input, what a refused form gives back, that
//! nothing changes by it, and who may look into files.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod office;
mod reasons;
mod repeats;
mod taking;
mod town;

use axum::http::StatusCode;
use banhao_cases::facts::CaseFact;
use banhao_cases::model::{CaseStatus, Outcome};
use banhao_cases::samples;
use banhao_identity::follow_definitions;
use banhao_testbed::{Bed, both_databases};
use base64::Engine as _;

use town::{ALL, Browser, Town};

fn png_url(bytes: &[u8]) -> String {
    format!("data:image/png;base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes))
}

both_databases!(ALL, what_is_not_chosen_before_acceptance_is_asked_again, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.apply().await;
    let at = |act: &str| format!("/desk/cases/{case}/{act}");
    let mut acceptor = town.sits("shou.luo").await;
    let page = acceptor.get(&format!("/desk/cases/{case}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains(" checked"), "something is chosen beforehand");
    let english = acceptor.get(&format!("/desk/cases/{case}?lang=en")).await;
    assert!(english.text().contains("Materials") && !english.text().contains('⟦'), "a text is missing in English");
    acceptor.get(&format!("/desk/cases/{case}?lang=zh")).await;
    let before = town.look(case).await.timeline.len();

    acceptor.post(&at("refuse"), &[("ground", "")]).await.asks_again(&["请选择不予受理的法定情形", "请写理由"]);
    let reply = acceptor.post(&at("refuse"), &[("ground", "perhaps"), ("go_to", "荆州市某局"), ("reason", "不归本局管")]).await;
    reply.asks_again(&["请选择不予受理的法定情形"]);
    assert!(reply.text().contains("value=\"荆州市某局\"") && reply.text().contains("不归本局管</textarea>"), "what was typed is lost");
    let reply = acceptor.post(&at("refuse"), &[("ground", "not-competent"), ("reason", "不归本局管")]).await;
    reply.asks_again(&["请写应当向哪个机关申请"]);
    assert!(reply.text().contains("value=\"not-competent\" checked"));

    let material = town.look(case).await.files[0].material.clone();
    acceptor.post(&at("check"), &[("material", &material)]).await.asks_again(&["请选择“合格”或者“不合格”"]);
    acceptor.post(&at("check"), &[("material", &material), ("in_order", "maybe")]).await.asks_again(&["请选择“合格”或者“不合格”"]);
    let unknown = acceptor.post(&at("check"), &[("material", "none"), ("in_order", "yes")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);

    acceptor.post(&at("request-supplement"), &[]).await.asks_again(&["请至少写一项需要补正的材料"]);
    let (problem, requirement) = (format!("problem.{material}"), format!("requirement.{material}"));
    let reply = acceptor.post(&at("request-supplement"), &[(&problem, "照片不清楚"), (&requirement, " ")]).await;
    reply.asks_again(&["请写补正要求"]);
    assert!(reply.text().contains("value=\"照片不清楚\""));
    acceptor.post(&at("request-supplement"), &[(&problem, ""), (&requirement, "请重拍")]).await.asks_again(&["请写存在的问题"]);

    acceptor.post(&at("unmask"), &[]).await.asks_again(&["请选择", "请写理由"]);
    acceptor.post(&at("unmask"), &[("field", "no_such_field"), ("reason", "核对")]).await.asks_again(&["请选择"]);
    acceptor.post(&at("unmask"), &[("field", "applicant_number"), ("reason", " ")]).await.asks_again(&["请写理由"]);
    assert_eq!(town.look(case).await.timeline.len(), before, "a refused form left a fact");

    let reply = acceptor.post(&at("unmask"), &[("field", "applicant_number"), ("reason", "核对身份")]).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.text().contains("91421083DEMQ00018L"));
    acceptor.does(case, "check", &[("material", &material), ("in_order", "no")]).await;
    assert_eq!(town.look(case).await.files[0].check_state.as_deref(), Some("not-in-order"));
    acceptor.does(case, "request-supplement", &[(&problem, "照片不清楚"), (&requirement, "请重拍")]).await;
    assert_eq!(town.look(case).await.state.status, CaseStatus::Supplement);

    let second = town.apply().await;
    acceptor.does(second, "refuse", &[("ground", "not-competent"), ("go_to", "荆州市某局"), ("reason", "不归本局管")]).await;
    assert_eq!(town.look(second).await.state.outcome, Some(Outcome::NotAccepted));
    let third = town.apply().await;
    acceptor.does(third, "accept", &[]).await;
    let again = acceptor.post(&format!("/desk/cases/{third}/accept"), &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text().contains(&format!("href=\"/desk/cases/{third}\"")), "no way back to the case");
    // A mistake in a form that is no longer there is no reproach about the form.
    let late = acceptor.post(&format!("/desk/cases/{third}/refuse"), &[]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
});

both_databases!(ALL, opinions_and_decisions_are_never_assumed, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.apply().await;
    let at = |act: &str| format!("/desk/cases/{case}/{act}");
    banhao_cases::accept(&town.cases, &town.principal("shou.luo").await, case).await.unwrap();
    let steps: Vec<String> = town.look(case).await.open_steps().map(|step| step.element.clone()).collect();
    let before = town.look(case).await.timeline.len();
    let mut reviewer = town.sits("shen.chen").await;
    let page = reviewer.get(&format!("/desk/cases/{case}")).await;
    assert!(!page.text().contains(" checked"), "something is chosen beforehand");

    reviewer.post(&at("review"), &[("step", &steps[0])]).await.asks_again(&["请选择审查结论", "请写审查意见"]);
    let reply = reviewer.post(&at("review"), &[("step", &steps[1]), ("verdict", "grant"), ("opinion", "材料<齐全>")]).await;
    reply.asks_again(&["请选择审查结论"]);
    assert_eq!(reply.text().matches("材料&#60;齐全&#62;</textarea>").count(), 1, "kept in the form of its own step only: {}", reply.text());
    reviewer.post(&at("review"), &[("step", &steps[1]), ("verdict", "fail"), ("opinion", "")]).await.asks_again(&["请写审查意见"]);
    let nowhere = reviewer.post(&at("review"), &[("step", "no-such-step"), ("opinion", "好")]).await;
    assert_eq!(nowhere.status, StatusCode::CONFLICT);
    assert_eq!(town.look(case).await.timeline.len(), before, "a refused form left a fact");
    for step in &steps {
        reviewer.does(case, "review", &[("step", step), ("verdict", "pass"), ("opinion", "符合条件")]).await;
    }

    let before = town.look(case).await.timeline.len();
    let mut decider = town.sits("ding.gao").await;
    let reply = decider.post(&at("decide"), &[("reason", "同意发证")]).await;
    reply.asks_again(&["请选择准予或者不予"]);
    assert!(reply.text().contains("同意发证</textarea>"));
    decider.post(&at("decide"), &[("decision", "pass")]).await.asks_again(&["请选择准予或者不予"]);
    decider.post(&at("decide"), &[("decision", "refuse"), ("reason", " ")]).await.asks_again(&["请写理由"]);
    // Who may not decide does not even learn that a choice is missing.
    for login in ["shen.chen", "cha.he", "chu.lin"] {
        let mut other = town.sits(login).await;
        for fields in [&[][..], &[("decision", "grant")]] {
            let reply = other.post(&at("decide"), fields).await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{login}");
            assert!(reply.text().contains(&format!("href=\"/desk/cases/{case}\"")) && reply.text().contains("class=\"desk"));
        }
    }
    let stranger = town.sits("shou.xie").await.post(&at("decide"), &[]).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND, "whose case it is not, for them there is none");
    assert_eq!(town.look(case).await.timeline.len(), before, "a refused decision left a fact");
    decider.does(case, "decide", &[("decision", "grant")]).await;
    assert_eq!(town.look(case).await.state.status, CaseStatus::Making);
});

both_databases!(ALL, a_result_is_handed_over_against_a_signature, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.made().await;
    let at = |act: &str| format!("/desk/cases/{case}/{act}");
    let mut exit = town.sits("chu.lin").await;
    let page = exit.get(&format!("/desk/cases/{case}")).await;
    assert!(page.text().contains("data-signature-pad") && page.text().contains("signature."), "the pad is there with its script");
    assert!(!page.text().contains(" checked"), "something is chosen beforehand");
    let before = town.look(case).await.timeline.len();

    let reply = exit.post(&at("deliver"), &[("receiver", "测试甲"), ("waybill", "SF1")]).await;
    reply.asks_again(&["请选择送达方式"]);
    assert!(reply.text().contains("value=\"测试甲\"") && reply.text().contains("value=\"SF1\""));
    exit.post(&at("deliver"), &[("method", "pigeon")]).await.asks_again(&["请选择送达方式"]);
    let electronic = [("method", "electronic"), ("receiver", "测试甲"), ("signature", "测试甲")];
    exit.post(&at("deliver"), &electronic).await.asks_again(&["电子送达要由申请人自己收取"]);
    exit.post(&at("deliver"), &[("method", "window")]).await.asks_again(&["请填领取人姓名", "请领取人签名"]);
    exit.post(&at("deliver"), &[("method", "courier")]).await.asks_again(&["请填物流单号"]);
    let window = |signature: &str| {
        [("method", "window"), ("receiver", "测试甲"), ("signature-drawing", signature)].map(|(a, b)| (a.to_owned(), b.to_owned()))
    };
    for (wrong, told) in [
        (png_url(b"MZ, not a picture"), "签名图片读不出来"),
        ("data:image/png;base64,*".to_owned(), "签名图片读不出来"),
        (png_url(&vec![0; 200_001]), "签名图片超过 200 KB"),
    ] {
        let fields = window(&wrong);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let reply = exit.post(&at("deliver"), &fields).await;
        reply.asks_again(&[told]);
        assert!(reply.text().contains("value=\"测试甲\""));
    }
    let drawing = png_url(samples::PNG);
    let reply = exit.post(&at("deliver"), &[("method", "window"), ("signature-drawing", &drawing)]).await;
    reply.asks_again(&["请填领取人姓名"]);
    assert!(reply.text().contains(&drawing.replace('+', "&#43;")) || reply.text().contains(&drawing), "the drawing is lost");
    for login in ["shen.chen", "cha.he"] {
        let reply = town.sits(login).await.post(&at("deliver"), &[("method", "window")]).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{login}");
    }
    let file = town.look(case).await;
    assert_eq!((file.state.status, file.timeline.len(), file.line.visits), (CaseStatus::Delivering, before, 0));

    exit.does(case, "deliver", &[("method", "window"), ("receiver", "测试甲"), ("signature-drawing", &drawing)]).await;
    let file = town.look(case).await;
    assert_eq!((file.state.outcome, file.line.visits), (Some(Outcome::Granted), 1));
    let page = exit.get(&format!("/desk/cases/{case}")).await;
    for word in ["送达情况", "测试甲", "林霜降", &at("signature")] {
        assert!(page.text().contains(word), "{word}");
    }
    let signature = exit.get(&at("signature")).await;
    assert_eq!(
        (signature.status, signature.header("content-type"), signature.body.as_slice()),
        (StatusCode::OK, "image/png", samples::PNG)
    );
    assert!(signature.header("content-security-policy").contains("frame-ancestors 'self'"));
    let mut supervisor = town.sits("cha.he").await;
    assert_eq!(supervisor.get(&at("signature")).await.status, StatusCode::FORBIDDEN);
    let page = supervisor.get(&format!("/desk/cases/{case}")).await;
    assert!(!page.text().contains("测试甲") && !page.text().contains(&at("signature")), "the receiver is told to everybody");

    let second = town.made().await;
    exit.does(second, "deliver", &[("method", "courier"), ("waybill", "SF1234567890")]).await;
    let file = town.look(second).await;
    assert_eq!((file.line.visits, file.delivery.unwrap().waybill.as_deref()), (0, Some("SF1234567890")));
    let third = town.made().await;
    exit.does(third, "deliver", &[("method", "window"), ("receiver", "测试甲"), ("signature", "测试甲")]).await;
    assert!(exit.get(&format!("/desk/cases/{third}")).await.text().contains("键入：测试甲"));
    assert_eq!(exit.get(&format!("/desk/cases/{third}/signature")).await.status, StatusCode::NOT_FOUND, "nobody drew one");
});

both_databases!(ALL, meeting_somebody_needs_a_window, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.made().await;
    let at = |act: &str| format!("/desk/cases/{case}/{act}");
    let mut clerk = town.sits("win.zhou").await;
    clerk.post(&at("visit"), &[("purpose", "other")]).await.asks_again(&["请选择您现在所在的窗口"]);
    clerk.post(&at("visit"), &[("purpose", "other"), ("window", "B01")]).await.asks_again(&["请选择您现在所在的窗口"]);
    let reply = clerk.post(&at("visit"), &[("purpose", "party"), ("window", "D01")]).await;
    reply.asks_again(&["请选择来办什么"]);
    assert!(reply.text().contains("value=\"D01\" selected"));
    assert_eq!(town.look(case).await.line.visits, 0);
    clerk.does(case, "visit", &[("purpose", "other"), ("window", "D01")]).await;
    let file = town.look(case).await;
    assert!(
        file.timeline
            .iter()
            .any(|entry| matches!(&entry.what, Some(CaseFact::Visited { hall, window, .. }) if hall == "centre" && window == "D01"))
    );

    // Taken from the window, the exit clerk is told why it does not go on; the courier stays possible.
    let mut moved = town.staff.clone();
    for member in moved.iter_mut().filter(|member| member.login == "chu.lin") {
        member.windows.clear();
    }
    follow_definitions(&town.bed.store, moved).await.unwrap();
    let mut exit = town.sits("chu.lin").await;
    assert!(exit.get(&format!("/desk/cases/{case}")).await.text().contains("您没有分配大厅和窗口"));
    let reply = exit.post(&at("deliver"), &[("method", "window"), ("receiver", "测试甲"), ("signature", "测试甲")]).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("要先有您自己的窗口") && reply.text().contains(&format!("href=\"/desk/cases/{case}\"")));
    assert_eq!(exit.post(&at("visit"), &[("purpose", "collect")]).await.status, StatusCode::CONFLICT);
    let file = town.look(case).await;
    assert_eq!((file.state.status, file.line.visits), (CaseStatus::Delivering, 1));
    exit.does(case, "deliver", &[("method", "courier"), ("waybill", "SF1")]).await;
});

both_databases!(ALL, files_are_for_those_who_may_and_each_look_is_recorded, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.made().await;
    let file = town.look(case).await;
    let material = format!("/desk/cases/{case}/files/{}", file.files[0].id);
    let papers = banhao_records::papers_of_case(&town.bed.store, case).await.unwrap();
    let paper = format!("/desk/cases/{case}/papers/{}", papers[0].id);
    let page = format!("/desk/cases/{case}");
    let looks = async || {
        let timeline = town.look(case).await.timeline;
        timeline.iter().filter(|entry| matches!(entry.what, Some(CaseFact::FileViewed { .. }))).count()
    };

    let mut reviewer = town.sits("shen.chen").await;
    let shown = reviewer.get(&page).await;
    for part in [&*format!("href=\"{material}\" target=\"desk-viewer\""), &format!("href=\"{paper}\" target=\"desk-viewer\""), "<iframe"] {
        assert!(shown.text().contains(part), "{part}");
    }
    assert!(shown.header("content-security-policy").contains("frame-src 'self'"));
    assert_eq!(looks().await, 0, "opening the page is no look at a file");
    for _ in 0..2 {
        let got = reviewer.get(&material).await;
        assert_eq!((got.status, got.header("content-type"), got.header("x-frame-options")), (StatusCode::OK, "image/png", "SAMEORIGIN"));
        let got = reviewer.get(&paper).await;
        assert_eq!((got.status, got.header("content-type")), (StatusCode::OK, "application/pdf"));
    }
    assert_eq!(looks().await, 2, "each file once");
    assert!(reviewer.get(&page).await.text().contains("查看文件的记录（2 次）"));

    let mut exit = town.sits("chu.lin").await;
    assert_eq!(exit.get(&paper).await.status, StatusCode::OK, "what is handed over can be printed");
    assert_eq!(exit.get(&material).await.status, StatusCode::FORBIDDEN);
    assert!(!exit.get(&page).await.text().contains(&material));
    let mut supervisor = town.sits("cha.he").await;
    let shown = supervisor.get(&page).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(!shown.text().contains(&material) && !shown.text().contains(&paper) && !shown.text().contains("<iframe"));
    for path in [&material, &paper] {
        assert_eq!(supervisor.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let mut stranger = town.sits("shou.xie").await;
    for path in [&page, &material, &paper] {
        assert_eq!(stranger.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(looks().await, 3, "a refused look is none");
});

both_databases!(ALL, without_a_session_the_way_leads_to_the_staffs_door, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.apply().await;
    let file = format!("/desk/cases/{case}");
    let back = format!("/desk/sign-in?back=%2Fdesk%2Fcases%2F{case}");
    let mut nobody = Browser::nobody(&town);
    let reply = nobody.get(&file).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, back.as_str()));
    nobody.get("/desk/sign-in").await;
    for act in ["accept", "request-supplement", "refuse", "check", "review", "decide", "deliver", "visit", "unmask"] {
        let reply = nobody.post(&format!("{file}/{act}"), &[]).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{act}");
        assert!(reply.text().contains(&format!("href=\"{back}\"")) && !reply.text().contains("href=\"/sign-in"), "{act}: {}", reply.text());
    }
    assert_eq!(town.look(case).await.state.status, CaseStatus::Received);
});
