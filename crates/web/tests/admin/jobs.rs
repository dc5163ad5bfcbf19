//! Background jobs as the administrator's browser meets them: what failed and why, try again, give up; refusals are told.

use std::time::Duration;

use axum::http::StatusCode;
use banhao_kernel::ids::{CaseId, JobId};
use banhao_store::trouble::{Trouble, Which, jobs_in_trouble};
use banhao_store::{NewJob, StoreError, facts};
use banhao_testbed::{Bed, both_databases};
use uuid::Uuid;

use super::town::{ALL, Browser, Town};

const JOBS: &str = "/admin/jobs";

/// Leaves jobs that cannot be done: what they are told makes no sense.
async fn leave(town: &Town, kind: &'static str, subject: Uuid, count: usize) {
    let leaving = town.bed.store.write(move |tx| {
        Box::pin(async move {
            for _ in 0..count {
                tx.enqueue(NewJob { kind, subject, run_at: None, payload: serde_json::json!({ "nonsense": true }) });
            }
            Ok::<_, StoreError>(())
        })
    });
    leaving.await.unwrap();
}

async fn until_they_give_up(town: &Town) {
    for _ in 0..12 {
        while town.runner.run_due().await.unwrap() {}
        town.bed.clock.advance(Duration::from_secs(601));
    }
}

async fn ids(town: &Town, trouble: Trouble) -> Vec<JobId> {
    let which = Which { trouble: Some(trouble), ..Which::default() };
    jobs_in_trouble(&town.bed.store, &which, 100).await.unwrap().iter().map(|job| job.id).collect()
}

async fn stated(town: &Town, job: JobId) -> Vec<String> {
    facts::of(town.bed.store.read(), job.as_uuid()).await.unwrap().into_iter().map(|fact| fact.kind).collect()
}

async fn both_languages(browser: &mut Browser<'_>, path: &str) -> String {
    let english = browser.get(&format!("{path}{}lang=en", if path.contains('?') { '&' } else { '?' })).await;
    assert!(!english.text().contains('⟦'), "{path}: an English text is missing");
    let chinese = browser.get(&format!("{path}{}lang=zh", if path.contains('?') { '&' } else { '?' })).await;
    assert_eq!(chinese.status, StatusCode::OK, "{path}");
    assert!(!chinese.text().contains('⟦'), "{path}: a text is missing");
    chinese.text().to_owned()
}

async fn with_failed_jobs(bed: Bed) -> (Town, CaseId) {
    let town = Town::new(bed).await;
    let case = town.apply().await;
    leave(&town, "case.message", case.as_uuid(), 2).await;
    leave(&town, "paper.issue", Uuid::from_u128(1), 1).await;
    until_they_give_up(&town).await;
    assert_eq!(ids(&town, Trouble::Failed).await.len(), 3);
    (town, case)
}

both_databases!(ALL, the_administrator_sees_what_failed_and_lets_it_be_tried_again, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut keeper = town.sits("guan.song").await;
    let page = both_languages(&mut keeper, JOBS).await;
    assert!(page.contains("没有等人处理的任务") && page.contains("aria-current=\"page\">后台任务</a>"), "{page}");
    let case = town.apply().await;
    leave(&town, "case.message", case.as_uuid(), 2).await;
    let page = both_languages(&mut keeper, JOBS).await;
    assert!(page.contains("排队最久的是“") && page.contains("已等 1 分钟以内"), "{page}");
    town.bed.clock.advance(Duration::from_secs(1_000));
    let page = both_languages(&mut keeper, JOBS).await;
    assert!(page.contains("已等 16 分钟") && page.contains("多半是后台停住了"), "{page}");
    while town.runner.run_due().await.unwrap() {}
    let failing = both_languages(&mut keeper, "/admin/jobs?state=failing").await;
    assert!(failing.contains("通知相关办件") && failing.contains("1 次") && failing.contains("还会再试 2 项"), "{failing}");
    until_they_give_up(&town).await;
    let mut keeper = town.sits("guan.song").await;
    let page = both_languages(&mut keeper, JOBS).await;
    for words in ["<span class=\"hidden\">等人处理</span>2</span>", "等人处理 2 项", "12 次", "技术信息", "不再自动试"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let way = format!("/desk/cases/{case}/process");
    assert!(page.contains(&way), "{page}");
    assert_eq!(keeper.get(&way).await.status, StatusCode::OK, "the link leads to what the administrator may see");
    let [first, second] = ids(&town, Trouble::Failed).await[..] else { panic!("two") };
    both_languages(&mut keeper, &format!("{JOBS}/{first}")).await;
    // One, twice: stated once.
    for told in ["已排队", "不用再试"] {
        let reply = keeper.post(&format!("{JOBS}/{first}/again"), &[]).await;
        assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, JOBS), "{}", reply.text());
        assert!(keeper.get(JOBS).await.text().contains(told), "{told}");
    }
    assert_eq!((stated(&town, first).await, stated(&town, second).await), (vec!["job.let-try-again".to_owned()], vec![]));
    // All of a kind: the one that is queued already is not among them.
    for told in ["已让 1 项任务马上再试", "没有等着再试的任务"] {
        assert_eq!(keeper.post(JOBS, &[("kind", "case.message")]).await.status, StatusCode::SEE_OTHER);
        assert!(keeper.get(JOBS).await.text().contains(told), "{told}");
    }
    assert_eq!(stated(&town, second).await, ["job.let-try-again"]);
    assert_eq!(ids(&town, Trouble::Failing).await.len(), 2);
    assert!(town.runner.run_due().await.unwrap(), "they are tried at once");
});

both_databases!(ALL, one_is_given_up_with_a_reason_and_kept, |bed: Bed| async move {
    let (town, _) = with_failed_jobs(bed).await;
    let mut keeper = town.sits("guan.song").await;
    let job = ids(&town, Trouble::Failed).await[0];
    let (path, act) = (format!("{JOBS}/{job}"), format!("{JOBS}/{job}/give-up"));
    keeper.get(&path).await;
    keeper.post(&act, &[("reason", "  ")]).await.asks_again(&["请写放弃的理由"]);
    keeper.post(&act, &[("reason", &"长".repeat(501))]).await.asks_again(&["理由太长，最多 500 个字"]);
    assert!(stated(&town, job).await.is_empty());
    for (reason, told) in [("已经人工办好 <b>", "已放弃，不再试"), ("又一次", "已经放弃过了")] {
        assert_eq!(keeper.post(&act, &[("reason", reason)]).await.status, StatusCode::SEE_OTHER);
        assert!(keeper.get(JOBS).await.text().contains(told), "{told}");
    }
    assert_eq!(stated(&town, job).await, ["job.given-up"]);
    // The ledger has the digest, not the words.
    let body = facts::of(town.bed.store.read(), job.as_uuid()).await.unwrap()[0].body.to_string();
    assert!(body.contains("reason_sha256") && !body.contains("人工"), "{body}");
    let page = both_languages(&mut keeper, &path).await;
    assert!(page.contains("已经人工办好 &#60;b&#62;") && page.contains("宋处暑"), "{page}");
    assert!(both_languages(&mut keeper, "/admin/jobs?state=given-up").await.contains(&path));
    town.bed.clock.advance(Duration::from_secs(86_400));
    while town.runner.run_due().await.unwrap() {}
    assert_eq!(ids(&town, Trouble::GivenUp).await, [job], "nothing deletes it");
    // Undone: tried again.
    let mut keeper = town.sits("guan.song").await;
    assert_eq!(keeper.post(&format!("{path}/again"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(stated(&town, job).await, ["job.given-up", "job.let-try-again"]);
});

both_databases!(ALL, nobody_else_may_and_nonsense_is_told, |bed: Bed| async move {
    let (town, _) = with_failed_jobs(bed).await;
    let job = ids(&town, Trouble::Failed).await[0];
    let acts = [
        (JOBS.to_owned(), ("kind", "case.message")),
        (format!("{JOBS}/{job}/again"), ("x", "")),
        (format!("{JOBS}/{job}/give-up"), ("reason", "算了")),
    ];
    for login in ["shou.luo", "shen.chen", "ding.gao", "ting.liang", "bian.qin", "fa.tang"] {
        let mut other = town.sits(login).await;
        assert!(!other.get("/desk").await.text().contains(JOBS), "{login} is led there");
        for path in [JOBS.to_owned(), format!("{JOBS}/{job}")] {
            assert_eq!(other.get(&path).await.status, StatusCode::FORBIDDEN, "{login} {path}");
        }
        other.get("/desk").await;
        for (path, field) in &acts {
            assert_eq!(other.post(path, &[*field]).await.status, StatusCode::FORBIDDEN, "{login} {path}");
        }
    }
    let mut nobody = Browser::nobody(&town);
    let reply = nobody.get(JOBS).await;
    assert!(reply.status == StatusCode::SEE_OTHER && reply.header("location").starts_with("/desk/sign-in"), "{}", reply.status);
    let mut keeper = town.sits("guan.song").await;
    // Without the token of the form.
    for (path, field) in &acts {
        keeper.token = "nonsense".to_owned();
        let reply = keeper.post(path, &[*field]).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(stated(&town, job).await.is_empty());
    keeper.get(JOBS).await;
    for id in ["00000000-0000-7000-8000-000000000000", "nonsense", "..%2f"] {
        assert_eq!(keeper.get(&format!("{JOBS}/{id}")).await.status, StatusCode::NOT_FOUND, "{id}");
        keeper.get(JOBS).await;
        for act in ["again", "give-up"] {
            let reply = keeper.post(&format!("{JOBS}/{id}/{act}"), &[("reason", "算了")]).await;
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "{id} {act}");
            assert!(!reply.text().contains('⟦'));
        }
        keeper.get(JOBS).await;
    }
    assert_eq!(keeper.post(JOBS, &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(keeper.post(JOBS, &[("kind", "no.such")]).await.status, StatusCode::SEE_OTHER);
    for query in ["?state=nonsense", "?kind=no.such", "?after=nonsense", "?state=failed&after=ffffffff-ffff-7fff-bfff-ffffffffffff"] {
        let reply = keeper.get(&format!("{JOBS}{query}")).await;
        assert!(reply.status == StatusCode::OK && !reply.text().contains('⟦'), "{query}");
    }
    // By kind, and page by page.
    let page = both_languages(&mut keeper, "/admin/jobs?kind=paper.issue").await;
    assert!(page.contains("只看：制作文书") && page.contains("所属的办件已经没有了") && !page.contains("/process\""), "{page}");
    leave(&town, "paper.issue", Uuid::from_u128(2), 40).await;
    while town.runner.run_due().await.unwrap() {}
    let first = both_languages(&mut keeper, "/admin/jobs?state=failing").await;
    let next = first.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
    let next = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
    let second = both_languages(&mut keeper, &next).await;
    assert_eq!((first.matches("/again\"").count(), second.matches("/again\"").count()), (30, 10), "{next}");
});
