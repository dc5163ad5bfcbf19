//! The operations of the office as forms: offered to whom they are for, refused with what was typed, and what the file then shows.

use axum::http::StatusCode;
use banhao_cases::model::{CaseStatus, Outcome};
use banhao_kernel::actor::Actor;
use banhao_kernel::ids::CaseId;
use banhao_testbed::{Bed, both_databases};

use crate::reasons::citizen;
use crate::town::{ALL, Town};

async fn accepted(town: &Town) -> CaseId {
    let case = town.apply().await;
    banhao_cases::accept(&town.cases, &town.principal("shou.luo").await, case).await.unwrap();
    case
}

async fn step(town: &Town, case: CaseId, element: &str) -> String {
    town.look(case).await.open_steps().find(|step| step.element == element).unwrap().id.to_string()
}

async fn staff(town: &Town, login: &str) -> String {
    town.principal(login).await.staff().unwrap().id.to_string()
}

both_databases!(ALL, each_operation_asks_for_what_it_needs_and_is_done, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = accepted(&town).await;
    let at = |operation: &str| format!("/desk/cases/{case}/operate/{operation}");
    let mut chen = town.sits("shen.chen").await;
    let paper = step(&town, case, "paper_review").await;
    let deng = staff(&town, "shen.deng").await;
    let page = chen.get(&format!("/desk/cases/{case}")).await;
    for offered in ["operate/hand-over", "operate/delegate", "operate/add-signers", "operate/copy", "operate/urge"] {
        assert!(page.text().contains(offered), "{offered} is not offered");
    }
    for kept in ["operate/suspend", "operate/terminate", "operate/return", "operate/report", "operate/take-back"] {
        assert!(!page.text().contains(kept), "{kept} is offered");
    }
    assert!(!page.text().contains(" checked") && !page.text().contains('⟦'));
    let before = town.look(case).await.timeline.len();

    chen.post(&at("hand-over"), &[("step", &paper)]).await.asks_again(&["请选择人员或部门", "请写理由"]);
    let reply = chen.post(&at("hand-over"), &[("step", &paper), ("to", "nobody"), ("reason", "出差三天")]).await;
    reply.asks_again(&["不能选这个人员或部门"]);
    assert!(reply.text().contains("出差三天</textarea>"), "what was typed is lost");
    chen.post(&at("add-signers"), &[("step", &paper), ("reason", "专业性强")]).await.asks_again(&["请选择人员或部门", "请选择什么时候签"]);
    chen.post(&at("add-signers"), &[("step", &paper), ("when", "before"), ("reason", "专业性强")]).await.asks_again(&["请选择人员或部门"]);
    chen.post(&at("copy"), &[]).await.asks_again(&["请选择人员或部门"]);
    assert_eq!(chen.post(&at("dance"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(chen.post(&at("suspend"), &[("reason", "查封")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(chen.post(&at("hand-over"), &[("step", "x"), ("to", &deng), ("reason", "出差")]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(town.look(case).await.timeline.len(), before, "a refused form left a fact");

    // Handed over: the file says who has it; the one who gave it away is offered nothing more for it.
    chen.does(case, "operate/hand-over", &[("step", &paper), ("to", &deng), ("reason", "出差三天")]).await;
    let page = chen.get(&format!("/desk/cases/{case}")).await;
    assert!(page.text().contains("转办理由") && !page.text().contains("id=\"act-review-paper_review\""));
    // Delegated on: the delegate gets a form to report, and no other.
    let mut second = town.sits("shen.deng").await;
    let chen_id = staff(&town, "shen.chen").await;
    second.does(case, "operate/delegate", &[("step", &paper), ("to", &chen_id), ("reason", "请核对图纸")]).await;
    let page = chen.get(&format!("/desk/cases/{case}")).await;
    assert!(page.text().contains("operate/report") && page.text().contains("委派"));
    chen.post(&at("report"), &[("step", &paper)]).await.asks_again(&["请写办理情况"]);
    chen.does(case, "operate/report", &[("step", &paper), ("report", "图纸一致")]).await;
    second.does(case, "review", &[("step", "paper_review"), ("verdict", "pass"), ("opinion", "符合")]).await;
    // Taken back by who did it.
    let page = second.get(&format!("/desk/cases/{case}")).await;
    assert!(page.text().contains("operate/take-back"));
    let done =
        town.look(case).await.steps.iter().find(|step| step.element == "paper_review" && step.done.is_some()).unwrap().id.to_string();
    second.post(&at("take-back"), &[("step", &done)]).await.asks_again(&["请写理由"]);
    second.does(case, "operate/take-back", &[("step", &done), ("reason", "漏看一页")]).await;
    assert!(town.look(case).await.open_steps().any(|step| step.element == "paper_review"));

    // A copy: the one who was told finds it in the worklist and may read, once unseen.
    let yuan = town.principal("shen.yuan").await;
    banhao_cases::copy(&town.cases, &town.principal("shen.chen").await, case, vec![yuan.staff().unwrap().id], "请知悉").await.unwrap();
    let mut told = town.sits("shen.yuan").await;
    let link = format!("/desk/cases/{case}");
    assert!(told.get("/desk").await.text().contains(&link));
    assert_eq!(told.get(&link).await.status, StatusCode::OK);
    assert!(!told.get("/desk").await.text().contains(&link), "seen");
    chen.does(case, "operate/urge", &[]).await;
    assert!(chen.get("/desk").await.text().contains("已催办 1 次"));
    assert_eq!(chen.post(&at("urge"), &[]).await.status, StatusCode::CONFLICT);
});

both_databases!(ALL, a_decider_returns_suspends_and_ends, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.reviewed().await;
    let at = |operation: &str| format!("/desk/cases/{case}/operate/{operation}");
    let mut gao = town.sits("ding.gao").await;
    let decide = step(&town, case, "decide").await;
    let page = gao.get(&format!("/desk/cases/{case}")).await;
    assert!(page.text().contains("书面审查、现场核查（都重新办）") && page.text().contains("operate/return"), "{}", page.text());
    gao.post(&at("return"), &[("step", &decide)]).await.asks_again(&["请选择退到或者转给哪里", "请写理由"]);
    gao.post(&at("return"), &[("step", &decide), ("to", "accept"), ("reason", "不全")]).await.asks_again(&["这里不能这样办理"]);
    gao.does(case, "operate/return", &[("step", &decide), ("to", "split_review"), ("reason", "材料不全")]).await;
    assert_eq!((town.look(case).await.state.status, town.look(case).await.open_steps().count()), (CaseStatus::Reviewing, 2));
    gao.does(case, "operate/suspend", &[("reason", "法院查封")]).await;
    let mut chen = town.sits("shen.chen").await;
    let page = chen.get(&format!("/desk/cases/{case}")).await;
    assert!(page.text().contains("办件已挂起") && !page.text().contains("act-review-paper_review"));
    let mut applicant = citizen(&town).await;
    let own = format!("/cases/{case}");
    assert!(applicant.get(&own).await.text().contains("办理暂时停下了"), "the applicant is not told that it rests");
    gao.does(case, "operate/resume", &[("reason", "已解封")]).await;
    assert!(!applicant.get(&own).await.text().contains("办理暂时停下了"));
    gao.post(&at("terminate"), &[("reason", " ")]).await.asks_again(&["请写理由"]);
    gao.does(case, "operate/terminate", &[("reason", "申请人已注销")]).await;
    assert_eq!(town.look(case).await.state.outcome, Some(Outcome::Terminated));
    let page = applicant.get(&own).await;
    assert!(
        page.text().contains("没有作出决定就终止了") && page.text().contains("<blockquote class=\"reason-text\">申请人已注销</blockquote>")
    );
    assert!(!page.text().contains("这件事已经办完") && !page.text().contains("法院查封"), "only the reason of the end is told");
    let english = gao.get(&format!("/desk/cases/{case}?lang=en")).await;
    assert!(english.text().contains("Ended without a decision") && !english.text().contains('⟦'));
});

both_databases!(ALL, an_administrator_sees_the_process_and_nothing_else, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = accepted(&town).await;
    let mut song = town.sits("guan.song").await;
    let file = town.look(case).await;
    assert_eq!(song.get(&format!("/desk/cases/{case}")).await.status, StatusCode::NOT_FOUND);
    let found = song.get(&format!("/desk/search?q={}", file.line.query_code)).await;
    let process = format!("/desk/cases/{case}/process");
    assert_eq!((found.status, found.header("location")), (StatusCode::SEE_OTHER, process.as_str()));
    let page = song.get(&process).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains(&file.applicant_name) && !page.text().contains(&file.line.applicant_masked));
    let paper = step(&town, case, "paper_review").await;
    song.post(&process, &[("step", &paper)]).await.asks_again(&["请选择退到或者转给哪里", "请写理由"]);
    song.post(&process, &[("step", &paper), ("to", "granted"), ("reason", "走不下去")]).await.asks_again(&["这里不能这样办理"]);
    let reply = song.post(&process, &[("step", &paper), ("to", "decide"), ("reason", "走不下去")]).await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, process.as_str()), "{}", reply.text());
    assert_eq!(town.look(case).await.state.status, CaseStatus::Deciding);
    let mut chen = town.sits("shen.chen").await;
    assert_eq!(chen.post(&process, &[("step", &paper), ("to", "decide"), ("reason", "我来")]).await.status, StatusCode::FORBIDDEN);
});

both_databases!(ALL, a_material_the_answers_do_not_ask_for_is_not_missing, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.apply().await;
    let mut luo = town.sits("shou.luo").await;
    let file = luo.get(&format!("/desk/cases/{case}")).await;
    let (_, materials) = file.text().split_once("id=\"pane-materials\"").unwrap();
    let (materials, _) = materials.split_once("<h2>").unwrap();
    for told in ["由申请表生成", "由机关调取、核对，不由申请人提交", "本件不需要："] {
        assert!(materials.contains(told), "{told} is not told: {materials}");
    }
    assert!(!materials.contains("id=\"m-vending-places\""), "what is not needed stands among what is");
    // What nobody may see is told in the words of the desk.
    let gone = luo.get("/desk/cases/01a21e73-9573-7879-b540-f16112edc881").await;
    assert!(gone.status == StatusCode::NOT_FOUND && gone.text().contains("请从待办打开") && !gone.text().contains("我的办件"));
    let none = luo.get("/desk/search?q=zzz").await;
    assert!(none.status == StatusCode::NOT_FOUND && none.text().contains("“zzz”没有对应的办件"), "{}", none.text());
});

both_databases!(ALL, the_rules_of_a_case_are_told_in_words, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = accepted(&town).await;
    let page = town.sits("shen.chen").await.get(&format!("/desk/cases/{case}/reasons")).await;
    assert!(page.text().contains("✓ 用到这一行"));
    assert!(page.text().contains("委托别人办") && !page.text().contains("power-of-attorney</td>"), "keys instead of names");
});

both_databases!(ALL, the_competent_department_says_who_signs, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let folder = town.bed.folder().join("signed");
    banhao_catalogue::export(&town.bed.store, &folder).await.unwrap();
    let matter = folder.join("matters/food-licence");
    std::fs::write(matter.join("process.bpmn"), include_str!("../../../cases/tests/data/branches.bpmn")).unwrap();
    let text = std::fs::read_to_string(matter.join("matter.toml")).unwrap();
    std::fs::write(matter.join("matter.toml"), text.replacen("version = 1", "version = 2", 1)).unwrap();
    banhao_catalogue::import(&town.bed.store, &folder, Actor::System).await.unwrap();
    let case = accepted(&town).await;
    let mut chen = town.sits("shen.chen").await;
    chen.does(case, "review", &[("step", "paper_review"), ("verdict", "pass"), ("opinion", "齐全")]).await;
    // One form to add and one to remove for the whole round, beside the one to add for the inspection.
    let round: Vec<String> =
        town.look(case).await.open_steps().filter(|step| step.element == "joint").map(|step| step.id.to_string()).collect();
    let page = chen.get(&format!("/desk/cases/{case}")).await;
    let forms = |page: &str, what: &str| -> Vec<String> {
        round.iter().filter(|step| page.contains(&format!("id=\"act-{what}-{step}\""))).cloned().collect()
    };
    let (add, remove) = (forms(page.text(), "add-signers"), forms(page.text(), "remove-signer"));
    assert_eq!((add.len(), &add, page.text().matches("operate/add-signers\"").count()), (1, &remove, 2));
    chen.does(case, "operate/add-signers", &[("step", &add[0]), ("body", "rsj"), ("when", "beside"), ("reason", "涉及用工")]).await;
    let mut signs: Vec<String> =
        town.look(case).await.open_steps().filter(|step| step.element == "joint").map(|step| step.organisation.clone()).collect();
    signs.sort();
    assert_eq!(signs, ["mzj", "rsj", "zjj", "zrzyj"]);
    // Who signs is not theirs to say.
    let mut feng = town.sits("shen.feng").await;
    let page = feng.get(&format!("/desk/cases/{case}")).await;
    assert!(page.text().contains("act-review-joint") && !page.text().contains("operate/add-signers"), "{}", page.text());
});
