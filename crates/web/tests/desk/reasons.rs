//! How the rules decided: the page of staff, and what the applicant sees of fees before and after submitting.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use banhao_cases::facts::{CaseFact, ViewedFile};
use banhao_cases::samples;
use banhao_kernel::actor::{Actor, Channel};
use banhao_kernel::ids::CaseId;
use banhao_testbed::{Bed, both_databases};

use crate::town::{ALL, Browser, PASSWORD, Town};

/// Fees by rows over a question, the kind of business and a person's name; `inspection` is the amount of the third row.
fn fees(inspection: &str) -> String {
    format!(
        r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="规则" namespace="https://banhao.example/test">
  <inputData id="who" name="负责人"><variable name="负责人" typeRef="string"/></inputData>
  <decision id="fees" name="收多少"><variable name="收多少"/>
    <informationRequirement><requiredInput href="#who"/></informationRequirement>
    <decisionTable hitPolicy="COLLECT">
      <input label="经营种类"><inputExpression><text>form.business_kind</text></inputExpression></input>
      <input label="自动设备"><inputExpression><text>q.vending</text></inputExpression></input>
      <input label="负责人"><inputExpression><text>负责人</text></inputExpression></input>
      <output name="项目"/><output name="金额"/><annotation name="依据"/>
      <rule><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"工本费"</text></outputEntry><outputEntry><text>10.50</text></outputEntry>
        <annotationEntry><text>每证一份</text></annotationEntry></rule>
      <rule><inputEntry><text>"catering"</text></inputEntry><inputEntry><text>"no"</text></inputEntry><inputEntry><text>not("某甲")</text></inputEntry>
        <outputEntry><text>"核查费"</text></outputEntry><outputEntry><text>{inspection}</text></outputEntry>
        <annotationEntry><text>现场核查一次</text></annotationEntry></rule>
      <rule><inputEntry><text>"canteen"</text></inputEntry><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"核查费"</text></outputEntry><outputEntry><text>7</text></outputEntry>
        <annotationEntry><text>食堂减半</text></annotationEntry></rule>
    </decisionTable>
  </decision>
</definitions>"##
    )
}

const USED: &str = r#"fees = "收多少"

[[decisions.inputs]]
name = "负责人"
answer = "form.person_in_charge"

[[fees]]
name = "工本费"
standard = "每证 10.5 元"
basis = "示范规定第一条"

[[fees]]
name = "核查费"
name_en = "Inspection"
standard = "每次 80.10 元"
basis = "示范规定第二条"

"#;

/// The food licence with these rules in the place of its own.
async fn ruled_by(town: &Town, dmn: &str) {
    let folder = town.bed.folder().join("ruled");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    banhao_catalogue::export(&town.bed.store, &folder).await.unwrap();
    let matter = folder.join("matters/food-licence");
    std::fs::write(matter.join("decisions.dmn"), dmn).unwrap();
    let text = std::fs::read_to_string(matter.join("matter.toml")).unwrap();
    let (before, behind) = text.split_once("[decisions]").unwrap();
    let (_, behind) = behind.split_once("[result]").unwrap();
    let line = before.lines().find(|line| line.starts_with("version = ")).unwrap();
    let next = format!("version = {}", line["version = ".len()..].parse::<u32>().unwrap() + 1);
    let text = format!("{}[decisions]\n{USED}[result]{behind}", before.replacen(line, &next, 1));
    std::fs::write(matter.join("matter.toml"), text).unwrap();
    banhao_catalogue::import(&town.bed.store, &folder, Actor::System).await.unwrap();
}

pub async fn citizen(town: &Town) -> Browser<'_> {
    let mut browser = Browser { town, cookies: BTreeMap::new(), token: String::new() };
    browser.get("/sign-in").await;
    let reply = browser.post("/sign-in", &[("login", "13000000000"), ("password", PASSWORD)]).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
    browser
}

async fn looks(town: &Town, case: CaseId) -> usize {
    let file = town.look(case).await;
    file.timeline.iter().filter(|entry| matches!(entry.what, Some(CaseFact::FileViewed { what: ViewedFile::Reasons, .. }))).count()
}

both_databases!(ALL, staff_see_which_rows_decided_and_that_the_record_holds, |bed: Bed| async move {
    let town = Town::new(bed).await;
    let case = town.apply().await;
    let (file, reasons) = (format!("/desk/cases/{case}"), format!("/desk/cases/{case}/reasons"));
    let mut acceptor = town.sits("shou.luo").await;
    let page = acceptor.get(&file).await;
    assert!(page.text().contains(&format!("href=\"{reasons}\"")) && page.text().contains("规则怎么定的（1 个决策）"));
    assert!(!page.text().contains("行政许可法第二十九条第二款"), "the rows stand on their own page");
    assert_eq!(looks(&town, case).await, 0);

    let page = acceptor.get(&reasons).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    for told in ["需要的材料", "由第 1 版规则决定：第 1、2 行", "与记录一致", "✓", "行政许可法第二十九条第二款", "不会"]
    {
        assert!(page.text().contains(told), "{told} is not told");
    }
    assert!(!page.text().contains('⟦') && !page.text().contains("不一致"));
    // The decision is called what it is about: said once.
    assert!(page.text().contains(">需要的材料</h2>") && !page.text().contains("需要的材料：需要的材料"), "{}", page.text());
    let english = acceptor.get(&format!("{reasons}?lang=en")).await;
    assert!(english.text().contains("Decided by the rules of version 1: row 1, 2") || english.text().contains("As recorded"));
    assert!(!english.text().contains('⟦'), "a text is missing in English");
    assert!(english.text().contains(">Materials needed</h2>") && !english.text().contains("Materials needed: 需要的材料"));
    assert_eq!(looks(&town, case).await, 1, "one look a day");
    assert!(acceptor.get(&format!("{file}?lang=zh")).await.text().contains("查看规则怎么定的"));

    // Of another body, or of nobody: there is no such case, and no look.
    let mut stranger = town.sits("shou.xie").await;
    assert_eq!(stranger.get(&reasons).await.status, StatusCode::NOT_FOUND);
    assert_eq!(Browser::nobody(&town).get(&reasons).await.status, StatusCode::SEE_OTHER);
    assert_eq!(looks(&town, case).await, 1);
});

both_databases!(ALL, a_fee_is_told_before_it_is_owed_and_stays_what_it_was, |bed: Bed| async move {
    let town = Town::new(bed).await;
    ruled_by(&town, &fees("26.70 * 3")).await;
    let mut browser = citizen(&town).await;
    let guide = browser.get("/matters/food-licence").await;
    assert!(guide.text().contains("要看还没有回答的问题") && guide.text().contains("示范规定第二条") && !guide.text().contains("90.60"));

    let draft = town.draft(Channel::Web).await;
    let check = browser.get(&format!("/apply/draft/{draft}/check")).await;
    let snapshot = town.cases.snapshot().await.unwrap();
    let answers = samples::answers(&snapshot.matter("food-licence").unwrap(), snapshot.today);
    let name = answers.text("person_in_charge").unwrap();
    for told in [
        "10.50 元",
        "80.10 元",
        "合计 90.60 元",
        "第 2 行：经营种类：餐饮服务（现做现卖）；自动设备：不会；负责人：不是某甲",
        "现场核查一次",
    ] {
        assert!(check.text().contains(told), "{told} is not told before submitting: {}", check.text());
    }
    assert!(!check.text().contains("7.00 元"), "a row that does not hold charges nothing");
    let english = browser.get(&format!("/apply/draft/{draft}/check?lang=en")).await;
    assert!(english.text().contains("90.60 yuan in all") && english.text().contains("Inspection") && !english.text().contains('⟦'));
    browser.get("/?lang=zh").await;

    let case = banhao_cases::submit(&town.cases, &town.citizen, draft, "window").await.unwrap().case;
    // Other rules from tomorrow on are not for what was submitted today.
    ruled_by(&town, &fees("500")).await;
    let page = browser.get(&format!("/cases/{case}")).await;
    assert!(page.text().contains("合计 90.60 元") && page.text().contains("现场核查一次"));
    let mut acceptor = town.sits("shou.luo").await;
    let file = acceptor.get(&format!("/desk/cases/{case}")).await;
    assert!(file.text().contains("合计 90.60 元") && file.text().contains("负责人：个人信息，不显示") && !file.text().contains("某甲"));
    let reasons = acceptor.get(&format!("/desk/cases/{case}/reasons")).await;
    assert!(reasons.text().contains(">收费：收多少</h2>"), "called otherwise, its name is told");
    assert!(reasons.text().contains("收多少") && reasons.text().contains("第 1、2 行") && reasons.text().contains("与记录一致"));
    assert!(!reasons.text().contains("某甲") && !reasons.text().contains(name), "what a row asks of a person would tell the answer");
});

both_databases!(ALL, an_amount_that_is_none_is_said_and_not_charged, |bed: Bed| async move {
    let town = Town::new(bed).await;
    ruled_by(&town, &fees("10 / 3")).await;
    let mut browser = citizen(&town).await;
    let draft = town.draft(Channel::Web).await;
    let check = browser.get(&format!("/apply/draft/{draft}/check")).await;
    assert!(check.text().contains("收费规则算不出来") && !check.text().contains("10.50 元"));
    // The application does not wait for the rules to be mended.
    let case = banhao_cases::submit(&town.cases, &town.citizen, draft, "window").await.unwrap().case;
    assert!(browser.get(&format!("/cases/{case}")).await.text().contains("收费规则算不出来"));
});
