//! The templates of the Honghu demo with sample data: every one can be typeset and signed, fits its pages, prints what it was given,
//! and holds when names are long, lists are long, optional things are missing and characters are strange.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{path::PathBuf, process::Command};

use banhao_papers::{Engine, Typeset, qr_svg};
use serde_json::{Value, json};

const KINDS: [&str; 8] = ["receipt", "acceptance", "supplement", "non-acceptance", "grant", "refusal", "licence", "delivery"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../honghu/papers")
}

fn source(name: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{name}.typ"))).unwrap()
}

/// Sample data of a kind, with changes.
fn sample(kind: &str, changes: &Value) -> Value {
    let samples: Value = serde_json::from_str(include_str!("data/samples.json")).unwrap();
    let mut data = samples["common"].clone();
    let all = data.as_object_mut().unwrap();
    all.extend(samples["kinds"][kind].as_object().unwrap().clone());
    all.extend(changes.as_object().unwrap().clone());
    data
}

fn typeset(engine: &Engine, kind: &str, data: &Value) -> Typeset {
    let qr = qr_svg(data["verify_url"].as_str().unwrap()).unwrap();
    engine
        .typeset(&source(kind), &[("lib.typ", &source("lib"))], data, &qr, (2026, 11, 25))
        .unwrap_or_else(|error| unreachable!("{kind}: {error}"))
}

fn pages(pdf: &[u8]) -> usize {
    lopdf::Document::load_mem(pdf).unwrap().get_pages().len()
}

/// Text of a PDF without spaces and line breaks, as poppler reads it.
fn text(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, pdf).unwrap();
    let output = Command::new("pdftotext")
        .args(["-raw", "-enc", "UTF-8"])
        .arg(&path)
        .arg("-")
        .output()
        .expect("pdftotext is there: `cargo xtask test` installs poppler-utils");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().split_whitespace().collect()
}

#[test]
fn every_paper_fits_one_page_and_says_what_it_must() {
    let engine = Engine::new().unwrap();
    let must = [
        ("receipt", "收件凭证", &["与食品经营相适应的主要设备设施", "本凭证只证明收到申请材料"][..]),
        ("acceptance", "受理通知书", &["第三十二条第一款第（五）项", "5个工作日内", "2026年11月30日", "H7K3M9PQ2XWD4"]),
        ("supplement", "补正告知书", &["一次性告知", "第三十二条第一款第（四）项", "没有标明面积和用途分区", "补正期间不计入办理期限"]),
        ("non-acceptance", "不予受理决定书", &["不属于本机关职权范围", "洪湖市农业农村局", "六十日内", "六个月内"]),
        ("grant", "准予行政许可决定书", &["《中华人民共和国食品安全法》第三十五条", "第三十八条第一款", "食品经营许可证"]),
        ("refusal", "不予行政许可决定书", &["不足二十五米", "第三十八条第二款", "洪湖市人民政府", "洪湖市人民法院", "六个月内"]),
        ("licence", "食品经营许可证", &["洪湖市测试甲餐饮店", "2031年11月24日", "001.K"]),
        ("delivery", "送达回证", &["直接送达", "测试丁", "2026年11月26日"]),
    ];
    assert_eq!(must.map(|(kind, ..)| kind), KINDS);
    for (kind, title, words) in must {
        let paper = typeset(&engine, kind, &sample(kind, &json!({})));
        assert!(paper.missing_glyphs.is_empty(), "{kind}: {:?}", paper.missing_glyphs);
        assert_eq!(pages(&paper.pdf), 1, "{kind}");
        let text = text(&paper.pdf);
        let common =
            [title, "洪湖市市场监督管理局", "测试甲", "1142108300000000013442199806003202611230001", "H7K3M9PQ2XWD4RTY", "不具法律效力"];
        for word in common.iter().chain(words) {
            assert!(text.contains(word), "{kind} does not say {word}: {text}");
        }
    }
}

#[test]
fn a_matter_that_is_no_licence_is_not_decided_under_the_licensing_law() {
    let engine = Engine::new().unwrap();
    let changes = json!({ "is_licence_matter": false, "matter": "最低生活保障对象认定", "organ": "洪湖市民政局",
        "articles": ["《社会救助暂行办法》第九条"], "result_name": "最低生活保障审核确认通知书" });
    for kind in KINDS {
        let text = text(&typeset(&engine, kind, &sample(kind, &changes)).pdf);
        assert!(!text.contains("行政许可"), "{kind}: {text}");
        let decides = !matches!(kind, "receipt" | "licence" | "delivery");
        assert_eq!(text.contains("《社会救助暂行办法》第九条"), decides, "{kind}: {text}");
    }
}

#[test]
fn only_a_demonstration_is_marked_as_one() {
    let engine = Engine::new().unwrap();
    for kind in KINDS {
        let text = text(&typeset(&engine, kind, &sample(kind, &json!({ "demo": false }))).pdf);
        assert!(!text.contains("示范文书") && !text.contains("法律效力"), "{kind}: {text}");
    }
}

#[test]
fn missing_things_and_long_things_still_make_a_paper() {
    let engine = Engine::new().unwrap();
    let bare = json!({ "accepted_on": null, "decided_on": null, "statutory_days": null, "articles": [], "phone": "", "supervise_phone": "",
        "review_organ": "", "court": "", "seal": "", "valid_to": null, "licence_number": null, "go_to": null, "reason": "", "items": [], "fields": [],
        "promised_days": 0, "organ": "局", "receiver": "", "deliverer": "", "result_name": "" });
    let name = "湖北省洪湖市滨湖街道办事处示范水产品生态养殖与精深加工产业联合发展股份有限公司洪湖经济开发区第一分公司筹备组办公室";
    let item =
        json!({ "material": name, "copies": 12, "problem": "没有加盖公章。\n第三页的数据与申请书不一致".repeat(3), "requirement": name });
    let long = json!({ "applicant": name, "organ": name, "matter": name, "reason": format!("{name}。\n").repeat(30), "items": vec![item; 40],
        "fields": vec![json!(["经营场所", name]); 14], "verify_url": format!("https://honghu.banhao.example/{}", "a".repeat(150)) });
    for kind in KINDS {
        assert_eq!(pages(&typeset(&engine, kind, &sample(kind, &bare)).pdf), 1, "{kind}");
        let paper = typeset(&engine, kind, &sample(kind, &long));
        assert!((1..=20).contains(&pages(&paper.pdf)), "{kind}: {} pages", pages(&paper.pdf));
        assert!(text(&paper.pdf).contains("筹备组办公室"), "{kind}");
    }
}

/// What a person types is text, whatever Typst would make of it as markup.
#[test]
fn markup_in_the_data_is_printed_not_obeyed() {
    let engine = Engine::new().unwrap();
    let typed = "#strong[*x*]$a$<b>@c\\u{1}/*d*/#read(\"main.typ\")";
    for kind in KINDS {
        let data = sample(kind, &json!({ "applicant": typed, "reason": typed, "receiver": typed, "fields": [[typed, typed]] }));
        assert!(text(&typeset(&engine, kind, &data).pdf).contains("#strong[*x*]$a$<b>@c"), "{kind}");
    }
}

/// A template reads nothing but what it is given.
#[test]
fn a_template_cannot_read_other_files_or_packages() {
    let engine = Engine::new().unwrap();
    for attempt in ["#read(\"/etc/passwd\")", "#read(\"../Cargo.toml\")", "#import \"@preview/cetz:0.3.0\"", "#image(\"/etc/hostname\")"] {
        assert!(engine.typeset(attempt, &[], &json!({}), "", (2026, 11, 25)).is_err(), "{attempt}");
    }
}

/// Every character of the first planes that a person can type makes a paper: printed, or printed as its code point and told.
#[test]
fn no_character_stops_a_paper() {
    let engine = Engine::new().unwrap();
    let all: Vec<char> = (0x20..0x7F)
        .chain(0xA0..0x3400)
        .chain(0xA000..0xA100)
        .chain(0xD7F0..0x1_0100)
        .chain(0x1_F300..0x1_F700)
        .chain(0x2_0000..0x2_0040)
        .chain(0xE_0100..0xE_0120)
        .filter_map(char::from_u32)
        .collect();
    let reason: String = all.chunks(60).flat_map(|chunk| chunk.iter().copied().chain(['\n'])).collect();
    let paper = typeset(&engine, "refusal", &sample("refusal", &json!({ "reason": reason })));
    assert!(paper.missing_glyphs.contains(&'\u{20000}'));
    assert!(text(&paper.pdf).contains("〔U+1F600〕"));
}
