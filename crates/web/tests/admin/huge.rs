//! Tables as large as they may be, and files larger than any table.

use std::fmt::Write as _;

use axum::http::StatusCode;
use banhao_catalogue::editor::{Kind, Place, Row, Signing, StepTable};
use banhao_testbed::{Bed, both_databases};

use crate::support::{begun, controls, hidden, row_of, send, stored, upload, with};
use crate::town::{ALL, Town};

/// As many steps as a table has room for, with names as long as they may be; one of them signed by twenty departments.
fn largest(departments: &[String]) -> StepTable {
    let mut table = StepTable::shortest("food_licence", "食品经营许可（新办）");
    let decide = table.main.pop().unwrap();
    for n in 0..195 {
        let mut row = Row::new(format!("step_{n}"), format!("第{n}步{}", "审查材料是否齐全".repeat(12)), Kind::Review);
        row.place = if n % 5 == 1 { Place::Beside } else { Place::After };
        row.days = Some(1);
        row.note = "请对照法定条件逐项审查".repeat(10);
        if n == 100 {
            row.sign = Some(Signing { mode: "all".to_owned(), signers: departments.to_vec(), ..Signing::default() });
        }
        table.main.push(row);
    }
    table.main.push(decide);
    table.settle();
    assert_eq!(table.rows().count(), 200);
    table
}

both_databases!(ALL, two_hundred_steps_and_twenty_departments, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut editor = town.sits("bian.qin").await;
    let snapshot = town.cases.snapshot().await.unwrap();
    let departments: Vec<String> = snapshot.organisations.keys().take(20).cloned().collect();
    assert_eq!(departments.len(), 20);
    let draft = begun(&mut editor).await;
    let xml = largest(&departments).to_bpmn().to_xml();
    let reply = upload(&mut editor, &draft, "1", &[("process", "large.bpmn", xml.as_bytes())]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let page = editor.get(&draft).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("不能用表格表示"));
    assert!(page.body.len() < 5 * 1024 * 1024, "{} bytes for a page", page.body.len());
    let fields = controls(page.text());
    let row = row_of(&fields, "step_100");
    let size: usize = fields.iter().map(|(name, value)| name.len() + value.len() * 3 + 2).sum();
    assert!(size < 1024 * 1024, "the form would not be taken: {size} bytes");
    for department in &departments {
        assert!(fields.contains(&(format!("{row}.signers"), department.clone())), "{department}");
    }
    // There is no room for one more, and the page says nothing else than before.
    let reply = send(&mut editor, &draft, &with(fields.clone(), &[("do", "add.main"), ("new.main", "review")])).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(reply.text().contains("环节太多，最多 200 个"), "told why there is no other row");
    assert_eq!(controls(reply.text()).len(), fields.len());
    let reply = send(&mut editor, &draft, &with(fields, &[("do", "save"), (&format!("{row}.days"), "3")])).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    assert!(stored(&mut editor, &draft).await.contains("banhao:days=\"3\""));
    let seen = hidden(editor.get(&draft).await.text(), "seen");
    let id = draft.rsplit('/').next().unwrap();
    assert_eq!(editor.get(&format!("/admin/compare?matter=food-licence&old=1&new=draft:{id}")).await.status, StatusCode::OK);
    for button in ["restart", "all"] {
        let reply = editor.post(&format!("{draft}/simulate"), &[("do", button)]).await;
        assert_eq!(reply.status, StatusCode::OK, "{button}");
    }
    // One step more than a table has room for: the file is kept, and said why it is no table.
    let mut more = largest(&departments);
    more.main.insert(1, Row::new("one_more", "多出的一步", Kind::Review));
    let reply = upload(&mut editor, &draft, &seen, &[("process", "more.bpmn", more.to_bpmn().to_xml().as_bytes())]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let page = editor.get(&draft).await;
    assert!(page.text().contains("环节超过 200 个，表格里放不下"), "{}", page.text());
});

both_databases!(ALL, the_largest_file_is_shown, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut editor = town.sits("bian.qin").await;
    let draft = begun(&mut editor).await;
    let mut xml = String::from(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" id=\"d\" targetNamespace=\"x\"><process id=\"p\" isExecutable=\"true\"><startEvent id=\"t0\"/>",
    );
    let steps = 1_990;
    for n in 1..=steps {
        let before = n - 1;
        write!(xml, "<userTask id=\"t{n}\" name=\"第{n}步\"/><sequenceFlow id=\"f{n}\" sourceRef=\"t{before}\" targetRef=\"t{n}\"/>")
            .unwrap();
    }
    write!(xml, "<endEvent id=\"e\"/><sequenceFlow id=\"f\" sourceRef=\"t{steps}\" targetRef=\"e\"/></process>").unwrap();
    write!(xml, "<!--{}--></definitions>", "x".repeat(1_900_000 - xml.len())).unwrap();
    let reply = upload(&mut editor, &draft, "1", &[("process", "large.bpmn", xml.as_bytes())]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    let page = editor.get(&draft).await;
    assert_eq!(page.status, StatusCode::OK);
    // Every step is without act and post; nobody reads four thousand lines.
    assert!(page.text().matches("banhao:act").count() <= 210, "{} mistakes", page.text().matches("banhao:act").count());
    let reply = editor.post(&format!("{draft}/simulate"), &[("do", "all")]).await;
    assert_eq!(reply.status, StatusCode::OK);
});
