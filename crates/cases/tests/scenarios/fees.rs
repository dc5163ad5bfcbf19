//! What the rules of a matter charge, and what of their decisions is on record.

use banhao_cases::{
    facts::{CaseFact, ViewedFile},
    look_at_reasons,
    queries::file::CaseFile,
};
use banhao_catalogue::decisions;
use banhao_testbed::{Bed, both_databases};
use serde_json::json;

use crate::city::{ALL, City};

/// Charges for the kitchen by its size, and for the card always.
const FEES: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="规则" namespace="https://banhao.example/test">
  <decision id="apply" name="适用"><variable name="适用"/><literalExpression><text>form.business_kind != "canteen"</text></literalExpression></decision>
  <decision id="fees" name="收费"><variable name="收费"/>
    <decisionTable hitPolicy="COLLECT">
      <input label="经营种类"><inputExpression><text>form.business_kind</text></inputExpression></input>
      <output name="项目"/><output name="金额"/>
      <rule><inputEntry><text>-</text></inputEntry><outputEntry><text>"工本费"</text></outputEntry><outputEntry><text>10.50</text></outputEntry></rule>
      <rule><inputEntry><text>"canteen"</text></inputEntry><outputEntry><text>"工本费"</text></outputEntry><outputEntry><text>1</text></outputEntry></rule>
      <rule><inputEntry><text>"catering"</text></inputEntry><outputEntry><text>"核查费"</text></outputEntry><outputEntry><text>3 * 26.70</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"##;

const USED: &str = r#"applies = "适用"
fees = "收费"

[[fees]]
name = "工本费"
standard = "每证 10.5 元"
basis = "示范规定第一条"

[[fees]]
name = "核查费"
standard = "每次 26.7 元"
basis = "示范规定第二条"
"#;

fn by_rules(file: &CaseFile) -> Vec<(String, Vec<u32>, u32, String)> {
    let facts = file.timeline.iter().filter_map(|entry| match &entry.what {
        Some(CaseFact::DecidedByRules { decision, rules, matter_version, result_sha256 }) => {
            assert!(!entry.by_applicant && entry.staff.is_none(), "nobody decided it but the rules");
            Some((decision.clone(), rules.clone(), *matter_version, result_sha256.clone()))
        }
        _ => None,
    });
    facts.collect()
}

both_databases!(ALL, what_the_rules_charged_is_on_record_and_can_be_proved, |bed: Bed| async move {
    let city = City::new(bed).await;
    city.change_decisions("food-licence", FEES, USED, None).await;
    let case = city.apply("food-licence").await.case;
    let file = city.look(case).await;
    let facts = by_rules(&file);
    let told: Vec<_> = facts.iter().map(|(decision, rules, version, _)| (decision.as_str(), rules.as_slice(), *version)).collect();
    assert_eq!(told, [("适用", [].as_slice(), file.version.version), ("收费", [1, 3].as_slice(), file.version.version)]);

    let decided = decisions::settle(&file.version, &file.answers);
    let fees = decided.fees.unwrap();
    assert_eq!(fees.iter().map(|fee| (fee.name.zh.as_str(), fee.amount.fen())).collect::<Vec<_>>(), [("工本费", 1_050), ("核查费", 8_010)]);
    // The record bears out this result, for these answers, and no other.
    let (digest, result) = (&facts[1].3, &decided.made[1].result);
    assert!(file.bears_out(digest, result));
    assert!(!file.bears_out(digest, &json!([{ "项目": "工本费", "金额": 10.5 }])));
    let other = city.apply("food-licence").await.case;
    let other = city.look(other).await;
    assert!(!other.bears_out(digest, result), "another application, sealed by itself");
    assert!(other.bears_out(&by_rules(&other)[1].3, result));
});

both_databases!(ALL, a_matter_without_rules_states_none, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = city.apply("homestead-approval").await.case;
    assert_eq!(by_rules(&city.look(case).await), []);
    // The materials of a matter of the demonstration are decided by its table, and that is a fact.
    let case = city.apply("food-licence").await.case;
    let facts = by_rules(&city.look(case).await);
    assert_eq!(facts.iter().map(|(decision, ..)| decision.as_str()).collect::<Vec<_>>(), ["需要的材料"]);
});

both_databases!(ALL, a_look_at_how_the_rules_decided_is_recorded_once_a_day, |bed: Bed| async move {
    let city = City::new(bed).await;
    let case = city.apply("food-licence").await.case;
    let (acceptor, citizen) = (city.staff("shou.luo").await, city.citizen.clone());
    for _ in 0..3 {
        look_at_reasons(&city.cases, &acceptor, case).await.unwrap();
    }
    let looks = |file: &CaseFile| {
        let is_look = |entry: &&banhao_cases::queries::timeline::TimelineEntry| {
            matches!(entry.what, Some(CaseFact::FileViewed { what: ViewedFile::Reasons, .. }))
        };
        file.timeline.iter().filter(is_look).count()
    };
    assert_eq!(looks(&city.look(case).await), 1);
    look_at_reasons(&city.cases, &citizen, case).await.unwrap_err();
    let stranger = city.staff("shou.xie").await;
    let refused = look_at_reasons(&city.cases, &stranger, case).await.unwrap_err();
    assert_eq!(banhao_kernel::problem::Problem::from(refused).code, "case-not-found");
    assert_eq!(looks(&city.look(case).await), 1, "who may not see it leaves no look");
});
