//! The rules of a matter at work: which way the process goes, whether the matter applies, whether the platform accepts by itself.

use banhao_cases::{CaseError, model::CaseStatus};
use banhao_kernel::problem::Problem;
use banhao_testbed::{Bed, both_databases};

use crate::city::{ALL, City};

/// One table over the kind of business; `yes` is what it says for every kind but canteens.
pub fn rules(decision: &str, yes: bool) -> String {
    format!(
        r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="规则" namespace="https://banhao.example/test">
  <inputData id="kind" name="经营种类"><variable name="经营种类" typeRef="string"/></inputData>
  <decision id="one" name="{decision}"><variable name="{decision}"/>
    <informationRequirement><requiredInput href="#kind"/></informationRequirement>
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression typeRef="string"><text>经营种类</text></inputExpression></input>
      <output name="结果" typeRef="boolean"/>
      <rule><inputEntry><text>"canteen"</text></inputEntry><outputEntry><text>{}</text></outputEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry><outputEntry><text>{yes}</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"##,
        !yes
    )
}

pub const INPUT: &str = "\n[[decisions.inputs]]\nname = \"经营种类\"\nanswer = \"form.business_kind\"\n";

/// The risk decides whether somebody looks at the premises.
pub const ROUTED: &str = include_str!("../data/routed.bpmn");

both_databases!(ALL, a_rule_decides_which_way_the_process_goes, |bed: Bed| async move {
    let city = City::new(bed).await;
    for (risky, step) in [(true, "site_inspection"), (false, "paper_review")] {
        city.change_decisions("food-licence", &rules("风险高", risky), INPUT, Some(ROUTED)).await;
        let case = city.apply("food-licence").await.case;
        banhao_cases::accept(&city.cases, &city.staff("shou.luo").await, case).await.unwrap();
        let file = city.look(case).await;
        assert_eq!(file.open_steps().map(|step| step.element.as_str()).collect::<Vec<_>>(), [step]);
        assert_eq!(file.timeline.iter().filter(|entry| entry.kind == "case.decided-by-rules").count(), 1, "a fact of the case");
    }
});

both_databases!(ALL, a_matter_that_does_not_apply_is_not_submitted, |bed: Bed| async move {
    let city = City::new(bed).await;
    let used = format!("applies = \"适用\"\n{INPUT}");
    city.change_decisions("food-licence", &rules("适用", false), &used, None).await;
    let draft = city.draft("food-licence").await;
    for _ in 0..2 {
        // The draft is as it was: asked again, the answer is the same, and not that there is no draft.
        let refused = banhao_cases::submit(&city.cases, &city.citizen, draft, "electronic").await.unwrap_err();
        assert!(matches!(&refused, CaseError::MatterClosed { why: "not-applicable", .. }), "{refused:?}");
        assert_eq!(Problem::from(refused).code, "case-matter-closed");
    }
    city.change_decisions("food-licence", &rules("适用", true), &used, None).await;
    city.apply("food-licence").await;
});

both_databases!(ALL, the_platform_accepts_where_the_rules_say_so, |bed: Bed| async move {
    let city = City::new(bed).await;
    let used = format!("acceptance = \"自动受理\"\nacceptance_basis = \"示范规则\"\nacceptance_basis_en = \"Demonstration\"\n{INPUT}");
    for (yes, expected) in [(false, CaseStatus::Received), (true, CaseStatus::Reviewing)] {
        city.change_decisions("food-licence", &rules("自动受理", yes), &used, None).await;
        let case = city.apply("food-licence").await.case;
        city.work().await;
        let file = city.look(case).await;
        assert_eq!(file.state.status, expected);
        let count = |kind: &str| file.timeline.iter().filter(|entry| entry.kind == kind).count();
        assert_eq!((count("case.accepted"), count("case.decided-by-rules")), if yes { (1, 1) } else { (0, 0) });
        let papers = banhao_records::papers_of_case(&city.bed.store, case).await.unwrap();
        assert_eq!(papers.iter().any(|paper| paper.kind == banhao_records::PaperKind::Acceptance), yes, "the notice is made as always");
    }
});

both_databases!(ALL, whoever_has_not_reported_a_lost_card_is_told_before_applying, |bed: Bed| async move {
    let city = City::new(bed).await;
    let snapshot = city.cases.snapshot().await.unwrap();
    let version = snapshot.matter("social-card-replacement").unwrap();
    let mut answers = banhao_cases::samples::answers(&version, snapshot.today);
    answers.form.insert("reported_lost".to_owned(), serde_json::json!(false));
    let draft = banhao_cases::start_draft(&city.cases, &city.citizen, "social-card-replacement", banhao_kernel::actor::Channel::Mobile)
        .await
        .unwrap();
    banhao_cases::save_answers(&city.cases, &city.citizen, draft, answers).await.unwrap();
    let refused = banhao_cases::submit(&city.cases, &city.citizen, draft, "electronic").await.unwrap_err();
    assert!(matches!(&refused, CaseError::MatterClosed { why: "not-applicable", .. }), "{refused:?}");
});
