//! The same form sent again – a second click, the browser's retry, two tabs – leads to the same page as the first time; what is really
//! a second act is refused with words.

use axum::http::StatusCode;
use banhao_kernel::ids::CaseId;
use banhao_testbed::{Bed, both_databases};

use crate::town::{ALL, Browser, Town};

/// What the page of a case has in its forms to tell the same request: the same in each of them.
fn seen(page: &str) -> String {
    let all: Vec<&str> = page.split("name=\"seen\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(!all.is_empty() && all.iter().all(|one| *one == all[0]), "{all:?}");
    all[0].to_owned()
}

fn tab<'t>(browser: &Browser<'t>) -> Browser<'t> {
    Browser { town: browser.town, cookies: browser.cookies.clone(), token: browser.token.clone() }
}

/// Sends a form from two tabs at once and a third time later; each time the answer is the same. From a page that shows what happened it is
/// told `second`.
async fn twice(browser: &mut Browser<'_>, case: CaseId, page: &str, act: &str, fields: &[(&str, &str)], second: StatusCode) {
    let shown = browser.get(page).await;
    let seen_then = seen(shown.text());
    let mut sent = fields.to_vec();
    sent.push(("seen", &seen_then));
    let path = if act.is_empty() { page.to_owned() } else { format!("/desk/cases/{case}/{act}") };
    let (mut one, mut two) = (tab(browser), tab(browser));
    assert_eq!(seen(two.get(page).await.text()), seen_then, "{act}: opened in a second tab");
    let (first, other) = tokio::join!(one.post(&path, &sent), two.post(&path, &sent));
    let town = browser.town;
    let happened = town.look(case).await.timeline.len();
    let late = browser.post(&path, &sent).await;
    for reply in [&first, &other, &late] {
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, page), "{act}: {}", reply.text());
    }
    assert_eq!(town.look(case).await.timeline.len(), happened, "{act}: repeated");
    let after = browser.get(page).await;
    assert!(after.text().contains("已办理"), "{act}");
    let fresh = if after.text().contains("name=\"seen\"") { seen(after.text()) } else { town.look(case).await.happened.to_string() };
    assert_ne!(fresh, seen_then, "{act}");
    let mut sent = fields.to_vec();
    sent.push(("seen", &fresh));
    let reply = browser.post(&path, &sent).await;
    assert_eq!(reply.status, second, "{act}, from the new page");
    if second == StatusCode::CONFLICT {
        assert!(reply.text().contains(&format!("href=\"/desk/cases/{case}\"")), "{act}: no way back to the case");
    }
}

both_databases!(ALL, a_form_sent_twice_leads_where_it_led_the_first_time, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.apply().await;
    let page = format!("/desk/cases/{case}");
    let step = async |element: &str| {
        let file = town.look(case).await;
        file.steps.iter().rev().find(|step| step.element == element).unwrap_or_else(|| panic!("{element}")).id.to_string()
    };
    let (conflict, again) = (StatusCode::CONFLICT, StatusCode::SEE_OTHER);
    let mut luo = town.sits("shou.luo").await;
    twice(&mut luo, case, &page, "accept", &[], conflict).await;
    let mut zhou = town.sits("win.zhou").await;
    twice(&mut zhou, case, &page, "visit", &[("purpose", "other"), ("window", "D01")], again).await;
    assert_eq!(town.look(case).await.line.visits, 2);

    let (mut chen, mut deng, mut gao) = (town.sits("shen.chen").await, town.sits("shen.deng").await, town.sits("ding.gao").await);
    let id = async |login: &str| town.principal(login).await.staff().unwrap().id.to_string();
    let (chen_id, deng_id, yuan_id) = (id("shen.chen").await, id("shen.deng").await, id("shen.yuan").await);
    let paper = step("paper_review").await;
    let give = [("step", &*paper), ("to", &*deng_id), ("reason", "出差")];
    twice(&mut chen, case, &page, "operate/hand-over", &give, conflict).await;
    let lend = [("step", &*paper), ("to", &*chen_id), ("reason", "核对")];
    twice(&mut deng, case, &page, "operate/delegate", &lend, conflict).await;
    twice(&mut chen, case, &page, "operate/report", &[("step", &*paper), ("report", "一致")], conflict).await;
    let review = [("step", "paper_review"), ("verdict", "pass"), ("opinion", "符合")];
    twice(&mut deng, case, &page, "review", &review, conflict).await;
    let back = [("step", &*paper), ("reason", "漏看一页")];
    twice(&mut deng, case, &page, "operate/take-back", &back, conflict).await;
    twice(&mut deng, case, &page, "review", &review, conflict).await;
    twice(&mut chen, case, &page, "operate/copy", &[("who", &*yuan_id), ("reason", "请知悉")], again).await;
    twice(&mut chen, case, &page, "operate/urge", &[], conflict).await;
    twice(&mut gao, case, &page, "operate/suspend", &[("reason", "查封")], conflict).await;
    twice(&mut gao, case, &page, "operate/resume", &[("reason", "解封")], conflict).await;

    let mut song = town.sits("guan.song").await;
    let site = step("site_inspection").await;
    let process = format!("{page}/process");
    let jump = [("step", &*site), ("to", "decide"), ("reason", "走不下去")];
    twice(&mut song, case, &process, "", &jump, conflict).await;
    twice(&mut gao, case, &page, "decide", &[("decision", "grant"), ("reason", "")], conflict).await;
    while town.runner.run_due().await.unwrap() {}
    let mut lin = town.sits("chu.lin").await;
    let given = [("method", "window"), ("receiver", "测试甲"), ("signature", "测试甲"), ("window", "")];
    twice(&mut lin, case, &page, "deliver", &given, conflict).await;
    assert_eq!(town.look(case).await.line.visits, 3, "handed over once");
});

both_databases!(ALL, a_form_that_was_changed_is_another_request, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.apply().await;
    let page = format!("/desk/cases/{case}");
    banhao_cases::accept(&town.cases, &town.principal("shou.luo").await, case).await.unwrap();
    let (mut chen, mut deng) = (town.sits("shen.chen").await, town.sits("shen.deng").await);
    let seen = seen(chen.get(&page).await.text());
    let review = |opinion: &'static str| [("step", "paper_review"), ("verdict", "pass"), ("opinion", opinion), ("seen", seen.as_str())];
    let path = format!("{page}/review");
    assert_eq!(chen.post(&path, &review("符合")).await.status, StatusCode::SEE_OTHER);
    // Back in the browser, the words changed, sent again: it was given already, and the page says so.
    let changed = chen.post(&path, &review("不完全符合")).await;
    assert_eq!(changed.status, StatusCode::CONFLICT);
    assert!(changed.text().contains(&format!("href=\"{page}\"")));
    // A colleague with the same words did not do it.
    assert_eq!(deng.post(&path, &review("符合")).await.status, StatusCode::CONFLICT);
    // Without what the page showed, it is carried out as often as it is sent.
    let bare = [("step", "paper_review"), ("verdict", "pass"), ("opinion", "符合")];
    assert_eq!(chen.post(&path, &bare).await.status, StatusCode::CONFLICT);
    assert_eq!(town.look(case).await.notes.iter().filter(|note| note.kind == "opinion").count(), 1);
});
