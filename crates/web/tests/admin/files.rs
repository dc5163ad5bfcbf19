//! Files that come up: whatever they are, the draft keeps what it holds until a file can be read, and the page says what to do.

use axum::http::StatusCode;
use banhao_testbed::{Bed, both_databases};

use crate::support::{begun, hidden, stored, upload};
use crate::town::{ALL, Town};

const MODELER: &[u8] = include_bytes!("../../../bpmn/tests/data/modeler.bpmn");
const SCRIPT: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x"><process id="p" isExecutable="true">
<startEvent id="s"/><sequenceFlow id="f" sourceRef="s" targetRef="t"/>
<scriptTask id="t" name="算费用"/><sequenceFlow id="g" sourceRef="t" targetRef="e"/><endEvent id="e"/></process></definitions>"#;

both_databases!(ALL, what_cannot_be_read_is_told_and_changes_nothing, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut editor = town.sits("bian.qin").await;
    let draft = begun(&mut editor).await;
    let before = stored(&mut editor, &draft).await;
    let seen = hidden(editor.get(&draft).await.text(), "seen");
    let decisions = editor.get(&format!("{draft}/files/decisions.dmn")).await.body;
    let gbk = [b"<?xml version=\"1.0\" encoding=\"GBK\"?><definitions name=\"".as_slice(), &[0xca, 0xdc, 0xc0, 0xed], b"\"/>"].concat();
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(before.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let deep = format!("{}{}", "<a>".repeat(50_000), "</a>".repeat(50_000));
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ENTITY b \"cc\"><!ENTITY d \"&b;&b;&b;\">]><a>&d;</a>";
    let process = before.as_bytes();
    for (field, file, content, told) in [
        ("process", "broken.bpmn", &process[..process.len() / 2], "process.bpmn"),
        ("process", "bomb.bpmn", bomb.as_bytes(), "文档类型声明"),
        ("process", "deep.bpmn", deep.as_bytes(), "process.bpmn"),
        ("process", "picture.png", banhao_cases::samples::PNG, "这不是流程图编辑器存的文件"),
        ("process", "decisions.dmn", &decisions, "这是 DMN 决策文件"),
        ("decisions", "process.bpmn", process, "这是 BPMN 流程文件"),
        ("process", "picture.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "这不是 BPMN 2.0 文件"),
        ("process", "gbk.bpmn", &gbk, "不是 UTF-8 编码"),
        ("process", "utf16.bpmn", &utf16, "不是 UTF-8 编码"),
        ("process", "empty.bpmn", b"", "文件是空的"),
        ("decisions", "blank.dmn", b" \r\n\t", "文件是空的"),
        ("process", "script.bpmn", SCRIPT.as_bytes(), "process.bpmn 第 3 行"),
        ("decisions", "broken.dmn", &decisions[..decisions.len() / 2], "decisions.dmn 第"),
        ("process", "", b"", "请选择要上传的文件"),
    ] {
        let reply = upload(&mut editor, &draft, &seen, &[(field, file, content)]).await;
        let shown: String = reply.text().chars().take(4_000).collect();
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{file}: {shown}");
        let (_, main) = reply.text().split_once("<main").unwrap();
        let (_, summary) = main.split_once("data-error-summary").unwrap_or_else(|| panic!("{file}: {main}"));
        assert!(summary.split("</div>").next().unwrap().contains(told), "{file}: {summary}");
        assert!(!reply.text().contains('⟦') && reply.text().contains("<title>有误："), "{file}");
    }
    // Two files, one of them broken: neither is taken.
    let reply = upload(&mut editor, &draft, &seen, &[("process", "modeler.bpmn", MODELER), ("decisions", "x.dmn", b"<x/>")]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let large = [process, b"<!--", &vec![b'x'; 2 * 1024 * 1024 + 1], b"-->"].concat();
    let reply = upload(&mut editor, &draft, &seen, &[("process", "large.bpmn", &large)]).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(reply.text().contains("2 MB"), "{}", reply.text());
    assert_eq!(stored(&mut editor, &draft).await, before);
    assert_eq!(hidden(editor.get(&draft).await.text(), "seen"), seen);
});

both_databases!(ALL, a_file_of_a_modeler_is_kept_to_the_letter, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut editor = town.sits("bian.qin").await;
    let draft = begun(&mut editor).await;
    let with_mark = [&[0xef, 0xbb, 0xbf], MODELER].concat();
    let reply = upload(&mut editor, &draft, "1", &[("process", "C:\\\\files\\\\modeler.bpmn", &with_mark)]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let page = editor.get(&draft).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(stored(&mut editor, &draft).await.as_bytes(), MODELER);
    assert!(page.text().contains("这个流程不能用表格表示") && page.text().contains("文件已存入草稿"), "{}", page.text());
    assert!(!page.text().contains("value=\"save\""), "there is no table to save");
    for path in ["/upload", "/simulate", "/discard"] {
        assert_eq!(editor.get(&format!("{draft}{path}")).await.status, StatusCode::OK, "{path}");
    }
    let id = draft.rsplit('/').next().unwrap();
    let compared = editor.get(&format!("/admin/compare?matter=food-licence&old=1&new=draft:{id}")).await;
    assert_eq!(compared.status, StatusCode::OK);
    for button in ["begin", "all", "restart"] {
        assert_eq!(editor.post(&format!("{draft}/simulate"), &[("do", button)]).await.status, StatusCode::OK);
    }
    // It says nothing of acts and posts: it cannot be handed over.
    let seen = hidden(editor.get(&draft).await.text(), "seen");
    let reply = editor.post(&draft, &[("do", "submit"), ("seen", &seen)]).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("还没有提交审核") && reply.text().contains("banhao:act"), "{}", reply.text());
    assert_eq!(stored(&mut editor, &draft).await.as_bytes(), MODELER);
});

both_databases!(ALL, an_upload_does_not_run_over_somebody_else, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut editor = town.sits("bian.qin").await;
    let draft = begun(&mut editor).await;
    let before = stored(&mut editor, &draft).await;
    let first = before.replace("现场核查", "实地核查");
    assert_eq!(upload(&mut editor, &draft, "1", &[("process", "a.bpmn", first.as_bytes())]).await.status, StatusCode::SEE_OTHER);
    // The same button pressed twice.
    assert_eq!(upload(&mut editor, &draft, "1", &[("process", "a.bpmn", first.as_bytes())]).await.status, StatusCode::SEE_OTHER);
    let second = before.replace("现场核查", "上门核查");
    let reply = upload(&mut editor, &draft, "1", &[("process", "b.bpmn", second.as_bytes())]).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert!(reply.text().contains("秦惊蛰 已经改过这份草稿"), "{}", reply.text());
    assert_eq!(stored(&mut editor, &draft).await, first);
    // Looked at, and once more.
    let seen = hidden(reply.text(), "seen");
    assert_eq!(upload(&mut editor, &draft, &seen, &[("process", "b.bpmn", second.as_bytes())]).await.status, StatusCode::SEE_OTHER);
    let seen = hidden(editor.get(&draft).await.text(), "seen");
    // Without decisions: the form of the matter asks them which materials are needed, and the page says so.
    assert_eq!(upload(&mut editor, &draft, &seen, &[("remove_decisions", "", b"yes")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(editor.get(&format!("{draft}/files/decisions.dmn")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(editor.get(&draft).await.status, StatusCode::OK);
    // Handed over, nothing comes in any more.
    let draft = begun(&mut editor).await;
    assert_eq!(editor.post(&draft, &[("do", "submit"), ("seen", "1")]).await.status, StatusCode::SEE_OTHER);
    let reply = upload(&mut editor, &draft, "2", &[("process", "a.bpmn", first.as_bytes())]).await;
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert_eq!(editor.get(&format!("{draft}/upload")).await.status, StatusCode::CONFLICT);
    assert_eq!(stored(&mut editor, &draft).await, before);
});
