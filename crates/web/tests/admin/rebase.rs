//! A draft whose matter gets another version while it is being written.

use std::fs;

use axum::http::StatusCode;
use banhao_kernel::actor::Actor;
use banhao_testbed::{Bed, both_databases};

use crate::support::{begun, controls, hidden, row_of, send, stored, with};
use crate::town::{ALL, Browser, Town};

/// Imports the next version of the food licence, with changes in its files.
async fn imported(town: &Town, number: u32, changes: &[(&str, &str, &str)]) {
    let folder = town.bed.folder().join(format!("import-{number}"));
    banhao_catalogue::export(&town.bed.store, &folder).await.unwrap();
    let matter = folder.join("matters/food-licence");
    let before = format!("version = {}", number - 1);
    let version = [("matter.toml", before.as_str(), format!("version = {number}"))];
    let all = version.iter().map(|(file, old, new)| (*file, *old, new.as_str())).chain(changes.iter().copied());
    for (file, old, new) in all {
        let text = fs::read_to_string(matter.join(file)).unwrap();
        assert!(text.contains(old), "{file}: no {old}");
        fs::write(matter.join(file), text.replacen(old, new, 1)).unwrap();
    }
    banhao_catalogue::import(&town.bed.store, &folder, Actor::System).await.unwrap();
}

/// Saves another name for a step.
async fn renamed(editor: &mut Browser<'_>, draft: &str, step: &str, name: &str) {
    let fields = controls(editor.get(draft).await.text());
    let row = row_of(&fields, step);
    let reply = send(editor, draft, &with(fields, &[("do", "save"), (&format!("{row}.name"), name)])).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
}

both_databases!(ALL, a_draft_goes_over_when_the_process_is_the_same, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let (mut editor, mut lawyer) = (town.sits("bian.qin").await, town.sits("fa.tang").await);
    let draft = begun(&mut editor).await;
    let nothing = editor.get(&format!("{draft}/rebase")).await;
    assert_eq!((nothing.status, nothing.header("location")), (StatusCode::SEE_OTHER, draft.as_str()));
    renamed(&mut editor, &draft, "paper_review", "资料审查").await;
    let fields = with(controls(editor.get(&draft).await.text()), &[("do", "submit")]);
    assert_eq!(send(&mut editor, &draft, &fields).await.status, StatusCode::SEE_OTHER);
    let publish = format!("{draft}/publish");
    let seen = hidden(lawyer.get(&publish).await.text(), "seen");

    // Between looking and publishing, another version comes with an import.
    imported(&town, 2, &[]).await;
    let today = town.cases.snapshot().await.unwrap().today.to_string();
    let reply = lawyer.post(&publish, &[("seen", &seen), ("effective_from", &today), ("change_document", "洪政办发〔2026〕12号")]).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("已经有第 2 版，草稿依据的还是第 1 版"), "{}", reply.text());
    assert!(reply.text().contains("请把草稿接到第 2 版再提交。</textarea>") && !reply.text().contains("name=\"effective_from\""));
    assert!(editor.get(&draft).await.text().contains("请审核人退回修改"));
    let back = [("seen", seen.as_str()), ("note", "请接到第 2 版")];
    assert_eq!(lawyer.post(&format!("{draft}/send-back"), &back).await.status, StatusCode::SEE_OTHER);

    let page = editor.get(&draft).await;
    assert!(page.text().contains("已经有第 2 版") && page.text().contains(&format!("{draft}/rebase")));
    // Not handed over as it is.
    let fields = with(controls(page.text()), &[("do", "submit")]);
    let reply = send(&mut editor, &draft, &fields).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let rebase = format!("{draft}/rebase");
    let page = editor.get(&rebase).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("流程和决策都没有改") && page.text().contains("资料审查") && page.text().contains("可以直接接上"));
    let (seen, onto) = (hidden(page.text(), "seen"), hidden(page.text(), "onto"));
    for _ in 0..2 {
        let reply = editor.post(&rebase, &[("seen", &seen), ("onto", &onto)]).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, draft.as_str()), "{}", reply.text());
    }
    let page = editor.get(&draft).await;
    assert!(page.text().contains("草稿已接到第 2 版") && page.text().contains("依据第 2 版"));
    let fields = with(controls(page.text()), &[("do", "submit")]);
    assert_eq!(send(&mut editor, &draft, &fields).await.status, StatusCode::SEE_OTHER);
    let seen = hidden(lawyer.get(&publish).await.text(), "seen");
    let release = [("seen", seen.as_str()), ("effective_from", &today), ("change_document", "洪政办发〔2026〕12号")];
    assert_eq!(lawyer.post(&publish, &release).await.status, StatusCode::SEE_OTHER);
    let version = town.cases.snapshot().await.unwrap().matter("food-licence").unwrap();
    assert_eq!((version.version, version.process.node("paper_review").unwrap().name()), (3, Some("资料审查")));
});

both_databases!(ALL, where_both_changed_somebody_chooses, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut editor = town.sits("bian.qin").await;
    let drafts = [begun(&mut editor).await, begun(&mut editor).await, begun(&mut editor).await];
    for draft in &drafts[..2] {
        renamed(&mut editor, draft, "paper_review", "草稿的名称").await;
    }
    imported(&town, 2, &[("process.bpmn", "书面审查", "导入的名称")]).await;
    for (draft, choice, kept) in [(&drafts[0], "draft", "草稿的名称"), (&drafts[1], "version", "导入的名称")] {
        let rebase = format!("{draft}/rebase");
        let page = editor.get(&rebase).await;
        assert!(page.text().contains("草稿的名称") && page.text().contains("导入的名称"), "{}", page.text());
        assert!(page.text().contains("第 2 版的修改不会带进来"));
        let (seen, onto) = (hidden(page.text(), "seen"), hidden(page.text(), "onto"));
        editor.post(&rebase, &[("seen", &seen), ("onto", &onto)]).await.asks_again(&["请选一个"]);
        let stale = editor.post(&rebase, &[("seen", "1"), ("onto", &onto), ("process", choice)]).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        assert!(stale.text().contains("已经改过这份草稿") && stale.text().contains(" checked"));
        assert_eq!(editor.post(&rebase, &[("seen", &seen), ("onto", "1"), ("process", choice)]).await.status, StatusCode::CONFLICT);
        let reply = editor.post(&rebase, &[("seen", &seen), ("onto", &onto), ("process", choice)]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        assert!(stored(&mut editor, draft).await.contains(kept));
        assert!(editor.get(draft).await.text().contains("没有发现问题"));
    }
    // The draft that changed nothing takes what the version changed.
    let rebase = format!("{}/rebase", drafts[2]);
    let page = editor.get(&rebase).await;
    assert!(!page.text().contains("name=\"process\""));
    // One more version while somebody looks at it.
    imported(&town, 3, &[("process.bpmn", "导入的名称", "又导入的名称")]).await;
    let reply = editor.post(&rebase, &[("seen", "1"), ("onto", "2")]).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("刚刚又公布了第 3 版"), "{}", reply.text());
    assert_eq!(editor.post(&rebase, &[("seen", "1"), ("onto", "3")]).await.status, StatusCode::SEE_OTHER);
    assert!(stored(&mut editor, &drafts[2]).await.contains("又导入的名称"));
});
