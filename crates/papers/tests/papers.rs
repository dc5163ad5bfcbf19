//! Papers from template to check: what is signed is genuine, every changed byte is noticed, other people's tools agree.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{path::Path, process::Command};

use banhao_kernel::{Timestamp, entropy::SeededEntropy};
use banhao_papers::{Engine, KeyStore, SignatureNote, Subject, Verdict, missing_glyphs, printable, qr_svg, sign, verify};
use serde_json::json;

const TEMPLATE: &str = r#"
#let d = json("data.json")
#set document(title: "测试文书", author: d.organ)
#set text(font: "Noto Serif SC", lang: "zh", region: "cn", size: 16pt)
#text(font: "Noto Sans SC", weight: 500, size: 22pt)[受理通知书]

#d.applicant:#d.matter
#image("qr.svg", width: 22mm)
"#;

fn now() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn keys(folder: &Path, seed: u64) -> KeyStore {
    let subject = Subject { organisation: "洪湖市政务服务平台".into(), demo: true };
    KeyStore::open_or_generate(folder, &subject, &SeededEntropy::new(seed), now()).unwrap()
}

fn unsigned(applicant: &str) -> banhao_papers::Typeset {
    let data = json!({ "organ": "洪湖市市场监督管理局", "applicant": applicant, "matter": "食品经营许可" });
    Engine::new().unwrap().typeset(TEMPLATE, &[], &data, &qr_svg("https://example.test/verify").unwrap(), (2026, 11, 23)).unwrap()
}

fn signed(keys: &KeyStore) -> Vec<u8> {
    let note = SignatureNote {
        organisation: "洪湖市市场监督管理局", reason: "受理通知书", location: "湖北省洪湖市", at: now()
    };
    sign(&unsigned("测试甲").pdf, keys, &note).unwrap()
}

#[test]
fn a_signed_paper_is_genuine_and_every_changed_byte_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let keys = keys(folder.path(), 1);
    let pdf = signed(&keys);
    assert_eq!(verify(&pdf, &keys).verdict, Verdict::Genuine);
    assert!(verify(&pdf, &keys).signer.unwrap().contains("示范"));
    // Every 37th byte and all of the last 14,000, where the signature is.
    let tail = pdf.len().saturating_sub(14_000);
    let places = (0..tail).step_by(37).chain((tail..pdf.len()).step_by(3));
    for place in places {
        let mut changed = pdf.clone();
        changed[place] ^= 0x01;
        assert_ne!(verify(&changed, &keys).verdict, Verdict::Genuine, "byte {place} of {}", pdf.len());
    }
    let mut longer = pdf.clone();
    longer.extend_from_slice(b"\n% appended");
    assert_eq!(verify(&longer, &keys).verdict, Verdict::NotWhole);
    assert_ne!(verify(&pdf[..pdf.len() - 1], &keys).verdict, Verdict::Genuine);
}

#[test]
fn strangers_and_garbage_are_told_apart() {
    let (ours, theirs) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (ours, theirs) = (keys(ours.path(), 1), keys(theirs.path(), 2));
    assert_eq!(verify(&signed(&theirs), &ours).verdict, Verdict::Stranger);
    assert_eq!(verify(&unsigned("测试甲").pdf, &ours).verdict, Verdict::Unsigned);
    assert_eq!(verify(b"PK\x03\x04", &ours).verdict, Verdict::NotPdf);
    for garbage in
        ["%PDF-1.7 /ByteRange [0 1 99999999999999999999 3]", "%PDF-/ByteRange [0 5 18446744073709551615 9]", "%PDF-/ByteRange[0 2 4 41]<>"]
    {
        assert_ne!(verify(garbage.as_bytes(), &ours).verdict, Verdict::Genuine);
    }
}

#[test]
fn keys_are_kept_and_secret() {
    let folder = tempfile::tempdir().unwrap();
    let first = keys(folder.path(), 1);
    let again = keys(folder.path(), 99);
    assert_eq!(first.authority_pem().unwrap(), again.authority_pem().unwrap());
    #[cfg(unix)]
    for name in ["paper-ca.key", "paper-signer.key"] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(unsigned("测试甲").pdf, unsigned("测试甲").pdf);
}

#[test]
fn a_rare_character_is_printed_as_its_code_point_and_told() {
    let rare = "张\u{31350}"; // not in any shipped font
    let other = "测试\u{3E2F}\u{4E00}";
    assert_eq!(printable(rare), "张〔U+31350〕");
    assert!(missing_glyphs(other).is_empty());
    let paper = unsigned(rare);
    assert_eq!(paper.missing_glyphs.into_iter().collect::<String>(), "\u{31350}");
}

#[test]
fn a_mistake_in_a_template_names_its_line() {
    let error = Engine::new()
        .unwrap()
        .typeset("#set text(size: 3pt)\n#let x = \n#nonsense", &[], &json!({}), "", (2026, 1, 1))
        .unwrap_err()
        .to_string();
    assert!(error.contains("main.typ:"), "{error}");
}

fn tool(variable: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| match variable {
        "BANHAO_TEST_PDFSIG" => "pdfsig".to_owned(),
        _ => "python3".to_owned(),
    })
}

/// Poppler reads the signature as valid (its certificate is our own authority's, which Poppler does not know).
#[test]
fn pdfsig_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paper.pdf");
    std::fs::write(&path, signed(&keys(folder.path(), 1))).unwrap();
    let output = Command::new(tool("BANHAO_TEST_PDFSIG"))
        .arg(&path)
        .output()
        .expect("pdfsig is there: `cargo xtask test` installs poppler-utils, or set BANHAO_TEST_PDFSIG");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("Signature is Valid"), "{text}");
    assert!(text.contains("Total document signed"), "{text}");
    assert!(text.contains("ETSI.CAdES.detached"), "{text}");
}

/// pyHanko, with our authority as trust root, finds the signature valid, trusted and covering the whole file.
#[test]
fn pyhanko_agrees() {
    let folder = tempfile::tempdir().unwrap();
    let keys = keys(folder.path(), 1);
    let (pdf, root) = (folder.path().join("paper.pdf"), folder.path().join("root.pem"));
    std::fs::write(&pdf, signed(&keys)).unwrap();
    std::fs::write(&root, keys.authority_pem().unwrap()).unwrap();
    let script = r"
import sys
from datetime import datetime, timezone
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
root = load_cert_from_pemder(sys.argv[2])
context = ValidationContext(trust_roots=[root], moment=datetime(2026, 11, 23, 2, tzinfo=timezone.utc))
with open(sys.argv[1], 'rb') as file:
    signature = PdfFileReader(file).embedded_signatures[0]
    status = validate_pdf_signature(signature, context)
    print(status.bottom_line, status.coverage, status.summary())
    assert status.bottom_line, status.pretty_print_details()
    assert 'ENTIRE_FILE' in str(status.coverage)
";
    let output = Command::new(tool("BANHAO_TEST_PYTHON"))
        .args(["-c", script])
        .args([&pdf, &root])
        .output()
        .expect("a Python with pyHanko is there: `cargo xtask test` makes one, or set BANHAO_TEST_PYTHON");
    assert!(output.status.success(), "{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
}
