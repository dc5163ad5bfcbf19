//! The process editor as a browser meets it, on both databases: from a changed table to a published version, by two people.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "../desk/town.rs"]
#[expect(dead_code, reason = "what desks need is more")]
mod town;

mod files;
mod huge;
mod jobs;
mod moving;
mod rebase;
mod support;
mod together;

use axum::http::StatusCode;
use banhao_testbed::{Bed, both_databases};

use support::{MATTER, begun, controls, send, with};
use town::{ALL, Browser, Town};

both_databases!(ALL, only_those_who_keep_processes_come_in, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut editor = town.sits("bian.qin").await;
    let draft = begun(&mut editor).await;
    let pages = [
        "/admin".to_owned(),
        MATTER.to_owned(),
        format!("{MATTER}/1/process.bpmn"),
        draft.clone(),
        format!("{draft}/upload"),
        format!("{draft}/simulate"),
        format!("{draft}/files/process.bpmn"),
        "/admin/compare?matter=food-licence&old=1&new=1".to_owned(),
    ];
    for path in &pages {
        let reply = editor.get(path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert!(!reply.text().contains('⟦'), "{path}: a text is missing");
        let english = editor.get(&format!("{path}{}lang=en", if path.contains('?') { '&' } else { '?' })).await;
        assert!(!english.text().contains('⟦'), "{path}: an English text is missing");
        editor.get("/desk?lang=zh").await;
        let nobody = Browser::nobody(&town).get(path).await;
        assert!(matches!(nobody.status, StatusCode::SEE_OTHER | StatusCode::UNAUTHORIZED), "{path}: {}", nobody.status);
        let other = town.sits("shen.chen").await.get(path).await;
        assert_eq!(other.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(editor.get(&format!("{draft}/publish")).await.status, StatusCode::FORBIDDEN);
    let mut lawyer = town.sits("fa.tang").await;
    lawyer.get(&draft).await;
    assert_eq!(lawyer.post(&draft, &[("do", "save"), ("seen", "1")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(lawyer.post(MATTER, &[]).await.status, StatusCode::FORBIDDEN);
});

both_databases!(ALL, a_table_becomes_a_version_by_four_eyes, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let old_case = town.apply().await;
    let mut editor = town.sits("bian.qin").await;
    let draft = begun(&mut editor).await;
    let stored = controls(editor.get(&draft).await.text());

    // A button shows the new row and its drawing at once, and stores nothing.
    let reply = send(&mut editor, &draft, &with(stored.clone(), &[("do", "add.main"), ("new.main", "review")])).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.text().contains("有修改还没有保存"));
    let fresh = controls(reply.text());
    let row = fresh.iter().find(|(name, value)| name.ends_with(".id") && value == "review").expect("the new row").0.clone();
    let n = row.trim_end_matches(".id");
    assert_eq!(controls(editor.get(&draft).await.text()).len(), stored.len());

    // A mistake is told beside the row.
    let bad = with(fresh.clone(), &[("do", "look"), (&format!("{n}.name"), ""), (&format!("{n}.days"), "many")]);
    let reply = send(&mut editor, &draft, &bad).await;
    assert!(reply.text().contains("请写环节名称") && reply.text().contains("天数是 1 到 365 的整数"));

    let good = with(fresh, &[("do", "save"), (&format!("{n}.name"), "复核<一>"), (&format!("{n}.days"), "2")]);
    let reply = send(&mut editor, &draft, &good).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    // Who comes second is shown what they wrote.
    let second = send(&mut editor, &draft, &with(good.clone(), &[(&format!("{n}.name"), "迟到")])).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text().contains("value=\"迟到\"") && second.text().contains("已经改过这份草稿"));

    let saved = controls(editor.get(&draft).await.text());
    assert!(saved.contains(&(format!("{n}.name"), "复核<一>".to_owned())));
    let reply = send(&mut editor, &draft, &with(saved, &[("do", "submit")])).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());

    let mut lawyer = town.sits("fa.tang").await;
    let publish = format!("{draft}/publish");
    let page = lawyer.get(&publish).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert!(page.text().contains("1 件在办件继续按第 1 版办完"));
    let (_, seen) = page.text().split_once("name=\"seen\" value=\"").unwrap();
    let seen = seen.split('"').next().unwrap().to_owned();
    let reply = lawyer.post(&publish, &[("seen", &seen), ("effective_from", "2020-01-01"), ("change_document", "")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let today = town.cases.snapshot().await.unwrap().today.to_string();
    let release = [("seen", seen.as_str()), ("effective_from", today.as_str()), ("change_document", "洪政办发〔2026〕12号")];
    editor.get("/admin").await;
    assert_eq!(editor.post(&publish, &release).await.status, StatusCode::FORBIDDEN);
    let reply = lawyer.post(&publish, &release).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());

    let version = town.cases.snapshot().await.unwrap().matter("food-licence").unwrap();
    assert_eq!((version.version, version.matter.change_document.as_str()), (2, "洪政办发〔2026〕12号"));
    assert!(version.process.node("review").is_some());
    // The old case keeps its version; a new one goes by the new.
    assert_eq!(town.look(old_case).await.version.version, 1);
    let new_case = town.apply().await;
    assert_eq!(town.look(new_case).await.version.version, 2);
});

both_databases!(ALL, bad_input_is_told_and_changes_nothing, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut editor = town.sits("bian.qin").await;
    let draft = begun(&mut editor).await;
    let stored = controls(editor.get(&draft).await.text());
    for changes in [
        &[("do", "save"), ("0.id", "<bad id>"), ("0.kind", "no-such"), ("0.post", "king")][..],
        &[("do", "remove.999"), ("seen", "not a number")],
        &[("do", "up."), ("0.section", "nowhere")],
        &[("do", "add.nowhere"), ("1.when_mode", "only"), ("1.when", "((((")],
        &[("do", "look"), ("1.signers_by", "\u{1}]]>"), ("1.sign", "all"), ("1.days", "-1"), ("1.lapse_days", "99999999999")],
    ] {
        let reply = send(&mut editor, &draft, &with(stored.clone(), changes)).await;
        assert!(!reply.status.is_server_error(), "{changes:?}: {}", reply.status);
        assert!(!reply.text().contains('⟦'), "{changes:?}");
    }
    let missing = editor.get("/admin/drafts/00000000-0000-7000-8000-000000000000").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    for step in ["t.1.accepted", "t.999999999999999999999.x", "r.1.", "..", "f.3.due"] {
        let reply = editor.post(&format!("{draft}/simulate"), &[("step", step), ("step", "t.2.pass"), ("do", step)]).await;
        assert_eq!(reply.status, StatusCode::OK, "{step}");
    }
    let all = editor.post(&format!("{draft}/simulate"), &[("do", "all")]).await;
    assert!(all.text().contains("最长") && !all.text().contains('⟦'), "{}", all.text());
});
