//! Taking an application at the window: who may, what is asked again, that it is begun once and counts as one visit.

use axum::http::StatusCode;
use banhao_testbed::{Bed, both_databases};

use crate::town::{ALL, Town};

const SEEN: [(&str, &str); 4] =
    [("citizen_number", "421083190001010033"), ("name", "测试丙"), ("mobile", "13000000002"), ("window", "A01")];

fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    text.split_once(from).unwrap_or_else(|| panic!("no {from}")).1.split_once(to).unwrap().0
}

both_databases!(ALL, an_application_is_taken_once, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut clerk = town.sits("win.zhou").await;
    let page = clerk.get("/desk/take?matter=food-licence").await;
    assert_eq!(page.status, StatusCode::OK);
    let id = between(page.text(), "name=\"id\" value=\"", "\"").to_owned();
    let form = |changes: &[(&'static str, &'static str)]| {
        let mut form: Vec<(&str, &str)> = vec![("id", &id), ("matter", "food-licence")];
        form.extend(SEEN.iter().map(|(name, value)| (*name, changes.iter().find(|(of, _)| of == name).map_or(*value, |(_, new)| *new))));
        form.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };

    let wrong = form(&[("citizen_number", "421083190001010034"), ("mobile", "123"), ("window", "")]);
    let pairs: Vec<(&str, &str)> = wrong.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let reply = clerk.post("/desk/take", &pairs).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(reply.text().contains("value=\"测试丙\""), "what was typed is lost");

    // Twice, as a double click would.
    let right = form(&[]);
    let pairs: Vec<(&str, &str)> = right.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let first = clerk.post("/desk/take", &pairs).await;
    let second = clerk.post("/desk/take", &pairs).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    assert_eq!(first.header("location"), format!("/desk/take/{id}"));
    assert_eq!(second.header("location"), first.header("location"));
    let list = clerk.get("/desk/take").await;
    assert_eq!(list.text().matches(&format!("/desk/take/{id}")).count(), 1);

    // Nobody else works on it; citizens and other staff are told nothing.
    for login in ["shou.luo", "shen.chen", "chu.lin"] {
        let mut other = town.sits(login).await;
        assert_eq!(other.get(&format!("/desk/take/{id}")).await.status, StatusCode::NOT_FOUND, "{login}");
        assert_eq!(other.get("/desk/take").await.status, StatusCode::FORBIDDEN, "{login}");
        assert_eq!(other.post("/desk/take", &pairs).await.status, StatusCode::FORBIDDEN, "{login}");
    }
    let page = clerk.get(&format!("/desk/take/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("value=\"测试丙\""), "what is known is filled in");
});

both_databases!(ALL, somebody_elses_window_is_refused, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let mut clerk = town.sits("win.zhou").await;
    let form = |window| [("matter", "food-licence"), SEEN[0], SEEN[1], SEEN[2], ("window", window)];
    assert_eq!(clerk.post("/desk/take", &form("Z99")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let closed = clerk.post("/desk/take", &[("matter", "no-such-matter"), SEEN[0], SEEN[1], SEEN[2], SEEN[3]]).await;
    assert!(closed.status.is_client_error(), "{}", closed.status);
    // The name on the card differs from the one that is known.
    clerk.post("/desk/take", &form("A01")).await;
    let other = clerk.post("/desk/take", &[("matter", "food-licence"), SEEN[0], ("name", "测试丁"), SEEN[2], SEEN[3]]).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
});
