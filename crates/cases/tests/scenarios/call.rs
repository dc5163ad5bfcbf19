//! A matter's process calls another one of its file, twice: its steps are steps of the case like all others.

use banhao_cases::facts::{Decision, Verdict};
use banhao_cases::model::CaseStatus;
use banhao_cases::queries;
use banhao_catalogue::CatalogueError;
use banhao_identity::Principal;
use banhao_kernel::actor::Actor;
use banhao_kernel::ids::CaseId;
use banhao_testbed::{Bed, both_databases};

use crate::city::{ALL, City, why};

const PROCESS: &str = include_str!("../data/call.bpmn");

async fn open(city: &City, case: CaseId) -> Vec<String> {
    let file = city.look(case).await;
    let mut open: Vec<String> = file.open_steps().map(|step| format!("{} {}", step.element, step.organisation)).collect();
    open.sort();
    open
}

async fn said(city: &City, who: &Principal, case: CaseId, step: &str, verdict: Verdict) {
    assert_eq!(why(banhao_cases::review(&city.cases, who, case, step, verdict, "有意见".into()).await), "done", "{step}");
}

both_databases!(ALL, a_called_process_is_worked_through_and_called_again, |bed: Bed| async move {
    let city = City::new(bed).await;
    city.change_process("food-licence", PROCESS).await;
    let (chen, feng, xiao, gao) =
        (city.staff("shen.chen").await, city.staff("shen.feng").await, city.staff("shen.xiao").await, city.staff("ding.gao").await);
    let case = city.apply("food-licence").await.case;
    banhao_cases::accept(&city.cases, &city.staff("shou.luo").await, case).await.unwrap();
    said(&city, &chen, case, "paper_review", Verdict::Pass).await;
    assert_eq!(open(&city, case).await, ["check_site scjgj"]);

    // Out of the called process and into it again: it begins anew.
    let step = city.look(case).await.open_steps().next().unwrap().id;
    assert_eq!(why(banhao_cases::return_step(&city.cases, &chen, step, "paper_review", false, "材料不清楚").await), "done");
    assert_eq!(open(&city, case).await, ["paper_review scjgj"]);
    said(&city, &chen, case, "paper_review", Verdict::Pass).await;
    said(&city, &chen, case, "check_site", Verdict::Pass).await;
    assert_eq!(open(&city, case).await, ["check_sign zjj", "check_sign zrzyj"]);
    assert_eq!(city.look(case).await.state.status, CaseStatus::Reviewing);

    // A department of the called process objects: what is behind it in the called process, then the second call.
    said(&city, &feng, case, "check_sign", Verdict::Pass).await;
    said(&city, &xiao, case, "check_sign", Verdict::Fail).await;
    assert_eq!(open(&city, case).await, ["check_sum_up scjgj"]);
    // Inside the called process it goes back, too.
    let step = city.look(case).await.open_steps().next().unwrap().id;
    assert_eq!(why(banhao_cases::return_step(&city.cases, &chen, step, "paper_review", false, "再看").await), "case-not-possible");
    assert_eq!(why(banhao_cases::return_step(&city.cases, &chen, step, "check_site", false, "再查一次").await), "done");
    said(&city, &chen, case, "check_site", Verdict::Pass).await;
    said(&city, &feng, case, "check_sign", Verdict::Fail).await;
    said(&city, &xiao, case, "check_sign", Verdict::Pass).await;
    said(&city, &chen, case, "check_sum_up", Verdict::Pass).await;
    assert_eq!(open(&city, case).await, ["again_site scjgj"], "called once more, because a department objected");
    said(&city, &chen, case, "again_site", Verdict::Pass).await;
    said(&city, &feng, case, "again_sign", Verdict::Pass).await;
    said(&city, &xiao, case, "again_sign", Verdict::Pass).await;
    assert_eq!(open(&city, case).await, ["decide scjgj"], "this time they agree");
    banhao_cases::decide(&city.cases, &gao, case, Decision::Grant, String::new()).await.unwrap();
    city.work().await;
    assert_eq!(open(&city, case).await, ["deliver_result scjgj"]);
    assert!(queries::file::case_file(&city.cases, &feng, case).await.is_ok(), "who signed in a called process took part");
});

both_databases!(ALL, what_is_called_has_to_be_in_the_file, |bed: Bed| async move {
    let city = City::new(bed).await;
    let folder = city.bed.folder().join("calls");
    banhao_catalogue::export(&city.bed.store, &folder).await.unwrap();
    let path = folder.join("matters/food-licence/process.bpmn");
    let (before, behind) = PROCESS.split_once("  <bpmn:process id=\"joint_check\"").unwrap();
    let (_, behind) = behind.split_once("</bpmn:process>\n").unwrap();
    let ring = PROCESS.replace(
        "<bpmn:userTask id=\"sum_up\"",
        "<bpmn:callActivity id=\"ring\" calledElement=\"joint_check\"/><bpmn:userTask id=\"sum_up\"",
    );
    for (text, code, line) in [(format!("{before}{behind}"), "call-unknown", 10), (ring, "call-ring", 9)] {
        std::fs::write(&path, text).unwrap();
        match banhao_catalogue::import(&city.bed.store, &folder, Actor::System).await {
            Err(CatalogueError::Definitions(problems)) => {
                let told = problems.iter().find(|problem| problem.code == code).unwrap_or_else(|| panic!("no {code}: {problems:?}"));
                assert_eq!((told.line, told.file.as_str()), (line, "matters/food-licence/process.bpmn"));
            }
            other => panic!("{code}: {other:?}"),
        }
    }
});
