//! The dry run of moving looks at every running case, however many there are: those in the same situation have the same answer.

use std::collections::BTreeMap;

use banhao_cases::{
    CaseError,
    facts::Verdict,
    queries::moving::{MAX_NAMED, try_move},
    rules::moving::Reason,
};
use banhao_kernel::ids::CaseId;
use banhao_testbed::{Bed, On, both_databases};
use sea_orm::{ConnectionTrait, Statement};

use crate::city::{ALL, City};

const FOOD: &str = "food-licence";
const OFFICE: &str = include_str!("../data/office.bpmn");

/// Writes more cases like one that is there, by the rows.
async fn copy(city: &City, case: CaseId, tag: usize, times: u64) {
    let file = city.look(case).await;
    let sqlite = city.bed.on() == On::Sqlite;
    let number = file.line.number.clone();
    let (series, id) = if sqlite {
        let series = format!("(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times}) SELECT i FROM n) AS n");
        (series, format!("CAST(printf('%08d%08d', {tag}, n.i) AS BLOB)"))
    } else {
        (format!("generate_series(1, {times}) AS n(i)"), format!("md5('{tag}-' || n.i)::uuid"))
    };
    let tables = [
        ("case_draft", "id = (SELECT draft FROM case_record WHERE number = '$')", vec![("id", id.clone())]),
        (
            "case_record",
            "number = '$'",
            vec![
                ("id", id.clone()),
                ("draft", id.clone()),
                ("number", "number || '-' || n.i".to_owned()),
                ("query_code", "query_code || n.i".to_owned()),
            ],
        ),
        ("case_process", "case_id = (SELECT id FROM case_record WHERE number = '$')", vec![("case_id", id.clone())]),
    ];
    for (table, which, replaced) in tables {
        let columns = if sqlite {
            format!("SELECT name FROM pragma_table_info('{table}')")
        } else {
            format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'")
        };
        let which = which.replace('$', &number);
        let (series, replaced) = (series.clone(), replaced.into_iter().collect::<BTreeMap<_, _>>());
        let write = city.bed.store.write(move |tx| {
            Box::pin(async move {
                let conn = tx.conn();
                let rows = conn.query_all_raw(Statement::from_string(conn.get_database_backend(), columns)).await?;
                let names: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
                let values: Vec<String> =
                    names.iter().map(|name| replaced.get(name.as_str()).cloned().unwrap_or_else(|| format!("t.{name}"))).collect();
                let (names, values) = (names.join(", "), values.join(", "));
                conn.execute_unprepared(&format!(
                    "INSERT INTO {table} ({names}) SELECT {values} FROM (SELECT * FROM {table} WHERE {which}) AS t, {series}"
                ))
                .await?;
                Ok::<(), CaseError>(())
            })
        });
        write.await.unwrap();
    }
}

both_databases!(ALL, a_dry_run_looks_at_every_case, |bed: Bed| async move {
    let city = City::new(bed).await;
    city.change_process(FOOD, OFFICE).await;
    let cases = &city.cases;
    let (luo, chen, gao) = (city.staff("shou.luo").await, city.staff("shen.chen").await, city.staff("ding.gao").await);
    let mut there = Vec::new();
    for _ in 0..4 {
        let case = city.apply(FOOD).await.case;
        banhao_cases::accept(cases, &luo, case).await.unwrap();
        there.push(case);
    }
    // One in the first step, two in the second one – with other opinions, and one of them in somebody's hands –, one suspended.
    for (case, verdict) in [(there[1], Verdict::Pass), (there[2], Verdict::Fail)] {
        banhao_cases::review(cases, &chen, case, "paper_review", verdict, "看过".into()).await.unwrap();
    }
    let step = city.look(there[2]).await.open_steps().next().unwrap().id;
    let deng = city.staff("shen.deng").await.staff().unwrap().id;
    banhao_cases::hand_over(cases, &chen, step, deng, "出差").await.unwrap();
    banhao_cases::suspend(cases, &gao, there[3], "查封").await.unwrap();
    let parts = [3_200, 1_000, 500, 500];
    for (tag, (case, times)) in there.iter().zip(parts).enumerate() {
        copy(&city, *case, tag, times).await;
    }
    let [first, second, handed, suspended] = parts.map(|part| part + 1);

    // The first step has another id in the new version, the second another department: not in the hands of whom it was given to.
    let next = OFFICE
        .replace("id=\"paper_review\"", "id=\"desk_review\"")
        .replace("\"paper_review\"", "\"desk_review\"")
        .replace("name=\"现场核查\"", "name=\"现场核查\" banhao:organisation=\"zjj\"");
    city.change_process(FOOD, &next).await;
    let trial = try_move(cases, FOOD, 2, 3, None).await.unwrap();
    assert!(trial.tried > 5_000 && trial.tried == first + second + handed + suspended);
    assert_eq!(trial.can_move, first + second);
    assert_eq!((trial.moving.len(), trial.staying.len()), (MAX_NAMED, MAX_NAMED));
    assert_eq!(trial.to_choose, [("paper_review".to_owned(), first)], "with as many cases as stand there");
    let mut whys = BTreeMap::new();
    for case in &trial.staying {
        *whys.entry(case.outcome.clone().unwrap_err()[0].reason).or_insert(0) += 1;
    }
    assert_eq!(whys.keys().copied().collect::<Vec<_>>(), [Reason::InHand, Reason::Suspended]);
    // Without the proposed place, those in the first step stay.
    let stays = try_move(cases, FOOD, 2, 3, Some(BTreeMap::new())).await.unwrap();
    assert_eq!((stays.tried, stays.can_move), (trial.tried, second));
});
