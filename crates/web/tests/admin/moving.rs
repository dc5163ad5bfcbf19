//! Moving running cases as a browser meets it: plan, trial, order, progress; refusals are told.

use axum::http::StatusCode;
use banhao_kernel::actor::Actor;
use banhao_kernel::ids::CaseId;
use banhao_testbed::{Bed, both_databases};

use super::town::{ALL, Browser, Town};

const MATTER: &str = "/admin/processes/food-licence";
const MOVE: &str = "/admin/processes/food-licence/move";

/// Puts the next version in force, with another process.
async fn next_version(town: &Town, edit: impl Fn(&str) -> String) -> u32 {
    let folder = town.bed.folder().join("next");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    banhao_catalogue::export(&town.bed.store, &folder).await.unwrap();
    let path = |name: &str| folder.join(format!("matters/food-licence/{name}"));
    let process = std::fs::read_to_string(path("process.bpmn")).unwrap();
    std::fs::write(path("process.bpmn"), edit(&process)).unwrap();
    let guide = std::fs::read_to_string(path("matter.toml")).unwrap();
    let line = guide.lines().find(|line| line.starts_with("version = ")).unwrap();
    let next = line["version = ".len()..].parse::<u32>().unwrap() + 1;
    std::fs::write(path("matter.toml"), guide.replacen(line, &format!("version = {next}"), 1)).unwrap();
    banhao_catalogue::import(&town.bed.store, &folder, Actor::System).await.unwrap();
    next
}

/// The inspection under another id.
fn renamed(process: &str) -> String {
    process.replace("site_inspection", "site_check")
}

async fn accepted(town: &Town) -> CaseId {
    let case = town.apply().await;
    banhao_cases::accept(&town.cases, &town.principal("shou.luo").await, case).await.unwrap();
    case
}

async fn both_languages(browser: &mut Browser<'_>, path: &str) -> String {
    let english = browser.get(&format!("{path}{}lang=en", if path.contains('?') { '&' } else { '?' })).await;
    assert!(!english.text().contains('⟦'), "{path}: an English text is missing");
    let chinese = browser.get(&format!("{path}{}lang=zh", if path.contains('?') { '&' } else { '?' })).await;
    assert_eq!(chinese.status, StatusCode::OK, "{path}");
    assert!(!chinese.text().contains('⟦'), "{path}: a text is missing");
    chinese.text().to_owned()
}

both_databases!(ALL, running_cases_move_by_plan_trial_and_order, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let (one, two) = (accepted(&town).await, accepted(&town).await);
    let mut lawyer = town.sits("fa.tang").await;
    assert!(both_languages(&mut lawyer, MOVE).await.contains("没有可以迁移的在办件"));
    assert!(!lawyer.get(MATTER).await.text().contains(MOVE), "nothing to move yet");
    next_version(&town, renamed).await;
    assert!(lawyer.get(MATTER).await.text().contains(MOVE));
    let page = both_languages(&mut lawyer, MOVE).await;
    for words in ["第 1 版，在办 2 件", "现场核查（2 件）转到", "可以迁移 2 件，不能迁移 0 件", "迁移 2 件"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(page.contains("<option value=\"site_check\" selected"), "proposed by its name");
    // Nowhere: then they stay, and the page says why.
    let tried = lawyer.post(MOVE, &[("do", "try"), ("from", "1"), ("to", "2"), ("to.site_inspection", "")]).await;
    assert_eq!(tried.status, StatusCode::OK);
    assert!(tried.text().contains("可以迁移 0 件，不能迁移 2 件") && tried.text().contains("“现场核查”在新版里没有"), "{}", tried.text());
    assert!(!tried.text().contains("value=\"go\""), "nothing can be ordered");
    let order = [("do", "go"), ("from", "1"), ("to", "2"), ("to.site_inspection", "site_check"), ("reason", "洪政数发〔2026〕9号")];
    let without = [order[0], order[1], order[2], order[3], ("reason", " ")];
    lawyer.post(MOVE, &without).await.asks_again(&["请写迁移理由"]);
    let reply = lawyer.post(MOVE, &order).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let progress = reply.header("location").to_owned();
    assert!(both_languages(&mut lawyer, &progress).await.contains("正在迁移"));
    while town.runner.run_due().await.unwrap() {}
    let page = both_languages(&mut lawyer, &progress).await;
    assert!(
        page.contains("迁移完毕") && page.contains("已迁移 2 件，未迁移 0 件，共 2 件") && page.contains("洪政数发〔2026〕9号"),
        "{page}"
    );
    assert!(both_languages(&mut lawyer, MOVE).await.contains(&progress), "listed");
    for case in [one, two] {
        assert_eq!((town.look(case).await.version.version, town.look(case).await.course.version), (1, 2));
    }
    // What happened stands in the file with its reason; the drawing is the new one.
    let mut reviewer = town.sits("shen.chen").await;
    let file = reviewer.get(&format!("/desk/cases/{one}")).await;
    assert!(file.text().contains("改按第 2 版流程继续办理") && file.text().contains("迁移理由"), "{}", file.text());
    assert!(!reviewer.get(&format!("/desk/cases/{one}?lang=en")).await.text().contains('⟦'));
});

both_databases!(ALL, what_is_not_possible_is_told_and_moves_nothing, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = accepted(&town).await;
    next_version(&town, renamed).await;
    let order = [("do", "go"), ("from", "1"), ("to", "2"), ("to.site_inspection", "site_check"), ("reason", "改版")];
    // Editors look, legal reviewers move; everybody else stays outside.
    let mut editor = town.sits("bian.qin").await;
    let page = both_languages(&mut editor, MOVE).await;
    assert!(page.contains("可以迁移 1 件") && page.contains("编审分离") && !page.contains("value=\"go\""), "{page}");
    assert_eq!(editor.post(MOVE, &order).await.status, StatusCode::FORBIDDEN);
    let mut reviewer = town.sits("shen.chen").await;
    assert_eq!(reviewer.get(MOVE).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reviewer.post(MOVE, &order).await.status, StatusCode::FORBIDDEN);
    let mut lawyer = town.sits("fa.tang").await;
    lawyer.get(MOVE).await;
    let with = |name: &'static str, value: &'static str| {
        let mut fields = order.to_vec();
        fields.retain(|(there, _)| *there != name);
        fields.push((name, value));
        fields
    };
    for (fields, status) in [
        (with("to", "3"), StatusCode::CONFLICT),
        (with("from", "2"), StatusCode::CONFLICT),
        (with("from", "7"), StatusCode::NOT_FOUND),
        (with("from", "many"), StatusCode::BAD_REQUEST),
        (with("do", "try"), StatusCode::OK),
    ] {
        let reply = lawyer.post(MOVE, &fields).await;
        assert_eq!(reply.status, status, "{fields:?}: {}", reply.text());
        assert!(!reply.text().contains('⟦'), "{fields:?}");
    }
    // Nonsense in a plan is as if nothing had been chosen.
    for (name, value) in [("to.site_inspection", "decide"), ("to.", "x"), ("to.no_such", "site_check"), ("to.site_inspection", "<b>\u{1}")]
    {
        let reply = lawyer.post(MOVE, &[("do", "try"), ("from", "1"), ("to", "2"), (name, value)]).await;
        assert!(reply.status == StatusCode::OK && reply.text().contains("可以迁移 0 件"), "{name}={value}: {}", reply.status);
    }
    for path in [
        "/admin/processes/no-such/move".to_owned(),
        format!("{MATTER}/moves/00000000-0000-7000-8000-000000000000"),
        format!("{MATTER}/moves/nonsense"),
    ] {
        assert_eq!(lawyer.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(lawyer.get(&format!("{MOVE}?from=99")).await.status, StatusCode::OK);
    assert_eq!(town.look(case).await.course.version, 1);
    // One that is suspended between trial and move stays, and the progress says why. Sent twice, it is ordered once.
    let twice = with("order", "018f0000-0000-7000-8000-000000000001");
    let (first, second) = (lawyer.post(MOVE, &twice).await, lawyer.post(MOVE, &twice).await);
    assert_eq!((first.status, first.header("location")), (StatusCode::SEE_OTHER, second.header("location")));
    banhao_cases::suspend(&town.cases, &town.principal("ding.gao").await, case, "等法院").await.unwrap();
    while town.runner.run_due().await.unwrap() {}
    let page = both_languages(&mut lawyer, first.header("location")).await;
    assert!(page.contains("已迁移 0 件，未迁移 1 件，共 1 件") && page.contains("挂起中"), "{page}");
    let elsewhere = first.header("location").replace("food-licence", "social-card-replacement");
    assert_eq!(lawyer.get(&elsewhere).await.status, StatusCode::NOT_FOUND);
});
