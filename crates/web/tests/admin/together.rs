//! Two people at one draft, buttons pressed twice, and who may do what.

use axum::http::StatusCode;
use banhao_catalogue::editor::{Content, DraftStep, draft, move_draft, open_drafts, save_draft};
use banhao_testbed::{Bed, both_databases};
use uuid::Uuid;

use crate::support::{MATTER, begun, controls, hidden, joins, row_of, send, stored, upload, with};
use crate::town::{ALL, Browser, Town};

fn id_of(draft: &str) -> Uuid {
    draft.rsplit('/').next().unwrap().parse().unwrap()
}

/// Begins a draft, changes a name and hands it over.
async fn submitted(editor: &mut Browser<'_>, name: &str) -> String {
    let draft = begun(editor).await;
    let fields = controls(editor.get(&draft).await.text());
    let row = row_of(&fields, "paper_review");
    let reply = send(editor, &draft, &with(fields, &[("do", "submit"), (&format!("{row}.name"), name)])).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    draft
}

fn release<'r>(seen: &'r str, today: &'r str) -> [(&'r str, &'r str); 3] {
    [("seen", seen), ("effective_from", today), ("change_document", "洪政办发〔2026〕12号")]
}

both_databases!(ALL, who_comes_second_keeps_what_they_wrote, |bed: Bed| async move {
    let mut town = Town::new(bed).await;
    joins(&mut town, "bian.er", "zwfwzx", "matter-editor").await;
    let (mut one, mut two) = (town.sits("bian.qin").await, town.sits("bian.er").await);
    let draft = begun(&mut one).await;
    let fields = controls(two.get(&draft).await.text());
    let row = row_of(&fields, "paper_review");
    let name = format!("{row}.name");
    one.get(&draft).await;
    assert_eq!(send(&mut one, &draft, &with(fields.clone(), &[("do", "save"), (&name, "甲写的")])).await.status, StatusCode::SEE_OTHER);

    let mine = with(fields.clone(), &[("do", "save"), (&name, "乙写的")]);
    let reply = send(&mut two, &draft, &mine).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("秦惊蛰 已经改过这份草稿") && reply.text().contains("value=\"乙写的\""));
    assert!(stored(&mut two, &draft).await.contains("甲写的"));
    // A draft of its own, pressed twice: one.
    let again = with(controls(reply.text()), &[("do", "copy"), ("copy", &hidden(reply.text(), "copy"))]);
    let copy = send(&mut two, &draft, &again).await.header("location").to_owned();
    assert_eq!(send(&mut two, &draft, &again).await.header("location"), copy);
    assert_ne!(copy, draft);
    assert!(stored(&mut two, &copy).await.contains("乙写的") && stored(&mut two, &draft).await.contains("甲写的"));
    assert_eq!(open_drafts(&town.bed.store, Some("food-licence")).await.unwrap().len(), 2);
    // Or once more: what was seen to be different is replaced.
    let over = with(controls(reply.text()), &[("do", "save")]);
    assert_eq!(send(&mut two, &draft, &over).await.status, StatusCode::SEE_OTHER);
    assert!(stored(&mut two, &draft).await.contains("乙写的"));

    // Somebody uploads what is no table, while somebody else is at the table.
    let fields = controls(two.get(&draft).await.text());
    let modeler = include_bytes!("../../../bpmn/tests/data/modeler.bpmn");
    let seen = hidden(one.get(&draft).await.text(), "seen");
    assert_eq!(upload(&mut one, &draft, &seen, &[("process", "m.bpmn", modeler)]).await.status, StatusCode::SEE_OTHER);
    two.get(&draft).await;
    let reply = send(&mut two, &draft, &with(fields, &[("do", "save"), (&name, "乙又写的")])).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("value=\"乙又写的\""), "{}", reply.text());
    assert_eq!(stored(&mut two, &draft).await.as_bytes(), modeler);

    // Handed over, published or discarded meanwhile: what was written can only become another draft.
    let draft = begun(&mut one).await;
    let fields = controls(two.get(&draft).await.text());
    assert_eq!(one.post(&draft, &[("do", "submit"), ("seen", "1")]).await.status, StatusCode::SEE_OTHER);
    for button in ["save", "submit", "look", "add.main"] {
        let reply = send(&mut two, &draft, &with(fields.clone(), &[("do", button), (&name, "晚了一步")])).await;
        assert_eq!(reply.status, StatusCode::CONFLICT, "{button}");
        assert!(reply.text().contains("秦惊蛰 已经把这份草稿提交审核"), "{button}");
        assert!(reply.text().contains("value=\"晚了一步\"") && reply.text().contains("value=\"copy\""), "{button}");
        assert!(!reply.text().contains("value=\"save\"") && !reply.text().contains('⟦'), "{button}");
    }
    two.get(&format!("{draft}/discard")).await;
    assert_eq!(two.post(&format!("{draft}/discard"), &[("seen", "2")]).await.status, StatusCode::SEE_OTHER);
    let reply = send(&mut one, &draft, &with(fields, &[("do", "save"), (&name, "晚了两步")])).await;
    assert!(reply.text().contains("已经作废了这份草稿"));
    let copy = with(controls(reply.text()), &[("do", "copy"), ("copy", "no id at all")]);
    let reply = send(&mut one, &draft, &copy).await;
    assert!(stored(&mut one, reply.header("location")).await.contains("晚了两步"));
});

both_databases!(ALL, a_button_pressed_twice_does_it_once, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let (mut editor, mut lawyer) = (town.sits("bian.qin").await, town.sits("fa.tang").await);
    let id = hidden(editor.get(MATTER).await.text(), "id");
    let draft = editor.post(MATTER, &[("id", &id)]).await.header("location").to_owned();
    assert_eq!(editor.post(MATTER, &[("id", &id)]).await.header("location"), draft);
    // The same id for another matter is no way into a draft.
    let other = editor.post("/admin/processes/social-card-replacement", &[("id", &id)]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let count = async |drafts: usize| assert_eq!(open_drafts(&town.bed.store, None).await.unwrap().len(), drafts);
    count(1).await;

    let fields = controls(editor.get(&draft).await.text());
    let row = row_of(&fields, "paper_review");
    let edits = async || draft_edits(&town, &draft).await;
    for (button, name, acts) in
        [("save", "初审", &["begun", "saved"][..]), ("submit", "再审", &["begun", "saved", "saved", "submitted"][..])]
    {
        let fields = controls(editor.get(&draft).await.text());
        let fields = with(fields, &[("do", button), (&format!("{row}.name"), name)]);
        for _ in 0..2 {
            let reply = send(&mut editor, &draft, &fields).await;
            assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, draft.as_str()), "{}", reply.text());
        }
        assert_eq!(edits().await, acts);
    }
    let publish = format!("{draft}/publish");
    let seen = hidden(lawyer.get(&publish).await.text(), "seen");
    for _ in 0..2 {
        let reply = lawyer.post(&format!("{draft}/send-back"), &[("seen", &seen), ("note", "请写清楚")]).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    }
    let shown = editor.get(&draft).await;
    assert!(shown.text().contains("请写清楚"));
    let fields = with(controls(shown.text()), &[("do", "submit")]);
    assert_eq!(send(&mut editor, &draft, &fields).await.status, StatusCode::SEE_OTHER);
    let today = town.cases.snapshot().await.unwrap().today.to_string();
    let seen = hidden(lawyer.get(&publish).await.text(), "seen");
    for _ in 0..2 {
        let reply = lawyer.post(&publish, &release(&seen, &today)).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, MATTER), "{}", reply.text());
    }
    assert_eq!(town.cases.snapshot().await.unwrap().matter_versions("food-licence").len(), 2);
    let gone = begun(&mut editor).await;
    let seen = hidden(editor.get(&format!("{gone}/discard")).await.text(), "seen");
    for _ in 0..2 {
        assert_eq!(editor.post(&format!("{gone}/discard"), &[("seen", &seen)]).await.header("location"), MATTER);
    }
    assert_eq!(draft_edits(&town, &gone).await, ["begun", "discarded"]);
    assert_eq!(editor.get(&format!("{gone}/discard")).await.status, StatusCode::CONFLICT);
    count(0).await;
});

async fn draft_edits(town: &Town, path: &str) -> Vec<String> {
    draft(&town.bed.store, id_of(path)).await.unwrap().edits.into_iter().map(|edit| edit.act).collect()
}

both_databases!(ALL, who_checks_is_told_when_somebody_was_first, |bed: Bed| async move {
    let mut town = Town::new(bed).await;
    joins(&mut town, "fa.er", "fzb", "legal-reviewer").await;
    let mut editor = town.sits("bian.qin").await;
    let (mut one, mut two) = (town.sits("fa.tang").await, town.sits("fa.er").await);
    let draft = submitted(&mut editor, "资料审查").await;
    let (publish, back) = (format!("{draft}/publish"), format!("{draft}/send-back"));
    let seen = hidden(one.get(&publish).await.text(), "seen");
    two.get(&publish).await;
    assert_eq!(two.post(&back, &[("seen", &seen), ("note", "乙的意见")]).await.status, StatusCode::SEE_OTHER);
    // What was written is on the page, and nothing was sent.
    let reply = one.post(&back, &[("seen", &seen), ("note", "甲的意见<b>")]).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("测试fa.er 已经改动或者退回了这份草稿"), "{}", reply.text());
    assert!(reply.text().contains("您写的意见没有送出") && reply.text().contains("甲的意见&#60;b&#62;"), "{}", reply.text());
    assert!(!reply.text().contains(&format!("action=\"{back}\"")) && !reply.text().contains(&format!("action=\"{publish}\"")));
    let today = town.cases.snapshot().await.unwrap().today.to_string();
    assert_eq!(one.post(&publish, &release(&seen, &today)).await.status, StatusCode::CONFLICT);
    assert_eq!(one.get(&publish).await.status, StatusCode::CONFLICT);
    // Mended and handed over again: what is written stays in its field.
    let fields = controls(editor.get(&draft).await.text());
    let row = row_of(&fields, "paper_review");
    assert_eq!(
        send(&mut editor, &draft, &with(fields, &[("do", "submit"), (&format!("{row}.name"), "材料审查")])).await.status,
        StatusCode::SEE_OTHER
    );
    let reply = one.post(&back, &[("seen", &seen), ("note", "甲的意见")]).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("秦惊蛰 已经改过并重新提交这份草稿") && reply.text().contains("甲的意见</textarea>"), "{}", reply.text());
    let reply = one.post(&publish, &release(&seen, &today)).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("value=\"洪政办发〔2026〕12号\""));
    let seen = hidden(reply.text(), "seen");
    assert_eq!(one.post(&publish, &release(&seen, &today)).await.status, StatusCode::SEE_OTHER);
    let reply = two.post(&publish, &release(&seen, &today)).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("唐大雪 已经公布了这份草稿"), "{}", reply.text());
    assert_eq!(two.post(&back, &[("seen", &seen), ("note", "晚了")]).await.status, StatusCode::CONFLICT);
});

both_databases!(ALL, a_draft_with_mistakes_is_not_published, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let (mut editor, mut lawyer) = (town.sits("bian.qin").await, town.sits("fa.tang").await);
    let draft = begun(&mut editor).await;
    let sound = stored(&mut editor, &draft).await;
    // Handed over past the page, as a change of other definitions could make it wrong, too.
    let process = sound.replacen("banhao:post=\"reviewer\"", "banhao:post=\"king\"", 1);
    let decisions = Some(editor.get(&format!("{draft}/files/decisions.dmn")).await.text().to_owned());
    let who = town.principal("bian.qin").await.staff().unwrap().id;
    let store = &town.bed.store;
    let seen = save_draft(store, id_of(&draft), 1, Content { process, decisions }, who).await.unwrap();
    let seen = move_draft(store, id_of(&draft), seen, DraftStep::Submit, who).await.unwrap().to_string();
    let page = lawyer.get(&format!("{draft}/publish")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("要写 banhao:post") && page.text().contains(" disabled>公布第"), "{}", page.text());
    let today = town.cases.snapshot().await.unwrap().today.to_string();
    let reply = lawyer.post(&format!("{draft}/publish"), &release(&seen, &today)).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, summary) = reply.text().split_once("data-error-summary").unwrap();
    let (summary, rest) = summary.split_once("</div>").unwrap();
    assert_eq!(summary.matches("要写 banhao:post").count(), 1, "{summary}");
    assert_eq!(rest.matches("要写 banhao:post").count(), 1);
    assert_eq!(town.cases.snapshot().await.unwrap().matter_versions("food-licence").len(), 1);
    assert_eq!(lawyer.post(&format!("{draft}/send-back"), &[("seen", &seen), ("note", "岗位写错了")]).await.status, StatusCode::SEE_OTHER);
    // The editor finds it beside the row.
    let shown = editor.get(&draft).await;
    assert!(shown.text().contains("岗位写错了") && shown.text().contains("请选由哪个岗位办"), "{}", shown.text());
});

both_databases!(ALL, two_published_at_the_same_moment_both_come_to_be, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut editor = town.sits("bian.qin").await;
    let matters = ["food-licence", "social-card-replacement", "birth-registration"];
    let today = town.cases.snapshot().await.unwrap().today.to_string();
    let mut waiting = Vec::new();
    for matter in matters {
        let path = format!("/admin/processes/{matter}");
        editor.get(&path).await;
        let draft = editor.post(&path, &[]).await.header("location").to_owned();
        let page = editor.get(&draft).await;
        let fields = with(controls(page.text()), &[("do", "submit"), ("process-name", "同一时刻公布的流程")]);
        let reply = send(&mut editor, &draft, &fields).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{matter}: {}", reply.text());
        let mut lawyer = town.sits("fa.tang").await;
        let seen = hidden(lawyer.get(&format!("{draft}/publish")).await.text(), "seen");
        waiting.push((lawyer, format!("{draft}/publish"), seen));
    }
    let today = today.as_str();
    let going = waiting.into_iter().map(|(mut lawyer, path, seen)| async move { lawyer.post(&path, &release(&seen, today)).await.status });
    let all = futures_util::future::join_all(going).await;
    assert_eq!(all, [StatusCode::SEE_OTHER; 3]);
    let snapshot = town.cases.snapshot().await.unwrap();
    for matter in matters {
        let version = snapshot.matter(matter).unwrap();
        assert_eq!((version.version, version.process.name()), (2, Some("同一时刻公布的流程")), "{matter}");
    }
});

both_databases!(ALL, each_does_what_their_post_allows, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut editor = town.sits("bian.qin").await;
    let draft = submitted(&mut editor, "资料审查").await;
    let today = town.cases.snapshot().await.unwrap().today.to_string();
    // Editors do not publish, those who publish do not edit, everybody else does not even see.
    for (login, edits, publishes, sees) in [
        ("bian.qin", true, false, true),
        ("fa.tang", false, true, true),
        ("guan.song", false, true, true),
        ("shen.chen", false, false, false),
        ("ding.gao", false, false, false),
    ] {
        let mut browser = town.sits(login).await;
        let refused = |allowed: bool, status: StatusCode| assert_eq!(status == StatusCode::FORBIDDEN, !allowed, "{login}: {status}");
        refused(sees, browser.get(&draft).await.status);
        refused(sees, browser.get("/admin").await.status);
        refused(edits, browser.get(&format!("{draft}/upload")).await.status);
        refused(edits, browser.get(&format!("{draft}/rebase")).await.status);
        refused(publishes, browser.get(&format!("{draft}/publish")).await.status);
        browser.get("/desk").await;
        // Each with a state of the draft that is long past: whoever may do it is told so, and nothing happens.
        refused(edits, browser.post(&draft, &[("do", "save"), ("rows", "yes"), ("seen", "0")]).await.status);
        refused(edits, browser.post(&format!("{draft}/rebase"), &[("seen", "0")]).await.status);
        refused(edits, browser.post(&format!("{draft}/discard"), &[("seen", "0")]).await.status);
        refused(edits, upload(&mut browser, &draft, "0", &[("process", "x.bpmn", b"<x/>")]).await.status);
        refused(publishes, browser.post(&format!("{draft}/publish"), &release("0", &today)).await.status);
        refused(publishes, browser.post(&format!("{draft}/send-back"), &[("seen", "0"), ("note", "x")]).await.status);
    }
    assert_eq!(draft_edits(&town, &draft).await, ["begun", "saved", "submitted"]);
    // Without a token, and with somebody else's.
    let mut lawyer = town.sits("fa.tang").await;
    lawyer.get(&format!("{draft}/publish")).await;
    editor.get("/admin").await;
    lawyer.token.clone_from(&editor.token);
    assert_eq!(lawyer.post(&format!("{draft}/publish"), &release("3", &today)).await.status, StatusCode::FORBIDDEN);
});
