//! How long one paper takes: every template of the Honghu demo typeset, signed and checked, each time with other data and another QR
//! code so that nothing is remembered from the paper before. Prints median and 95th percentile in milliseconds, and memory.
//!
//! `cargo run --release -p banhao-papers --example timing [ROUNDS]`
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark stops at the first failure and prints")]

use std::{
    path::Path,
    time::{Duration, Instant},
};

use banhao_kernel::{
    clock::{Clock, SystemClock},
    entropy::OsEntropy,
};
use banhao_papers::{Engine, KeyStore, SignatureNote, Subject, Verdict, qr_svg, sign, verify};
use serde_json::Value;

const SAMPLES: &str = include_str!("../tests/data/samples.json");
const STEPS: [&str; 5] = ["QR", "typeset", "sign", "paper", "check"];

fn milliseconds(mut times: Vec<Duration>, share: f64) -> f64 {
    times.sort_unstable();
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a short list")]
    let place = ((times.len() - 1) as f64 * share).round() as usize;
    times[place].as_secs_f64() * 1e3
}

/// A line of `/proc/self/status`, where there is such a thing.
fn memory(line: &str) -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|text| text.strip_prefix(line));
    let kilobytes = found.and_then(|text| text.trim_start_matches(':').trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.map_or_else(|| "?".to_owned(), |kilobytes| format!("{} MB", kilobytes / 1024))
}

fn timed<T>(times: &mut Vec<Duration>, act: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = act();
    times.push(start.elapsed());
    result
}

fn main() {
    let rounds: usize = std::env::args().nth(1).map_or(200, |text| text.parse().unwrap());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../honghu/papers");
    let shared = std::fs::read_to_string(root.join("lib.typ")).unwrap();
    let samples: Value = serde_json::from_str(SAMPLES).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let now = SystemClock.now();

    println!("resident before the engine: {}", memory("VmRSS"));
    let mut starts = Vec::new();
    let engine = timed(&mut starts, || Engine::new().unwrap());
    let subject = Subject { organisation: "洪湖市政务服务平台".to_owned(), demo: true };
    let keys = timed(&mut starts, || KeyStore::open_or_generate(folder.path(), &subject, &OsEntropy, now).unwrap());
    println!("engine made in {:.1} ms, keys in {:.1} ms", starts[0].as_secs_f64() * 1e3, starts[1].as_secs_f64() * 1e3);
    println!("\n{:<16}{:>8}{}", "paper", "kB", STEPS.map(|step| format!("{:>18}", format!("{step} p50/p95"))).join(""));

    for (kind, own) in samples["kinds"].as_object().unwrap() {
        let template = std::fs::read_to_string(root.join(format!("{kind}.typ"))).unwrap();
        let mut data = samples["common"].clone();
        data.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        let mut times: [Vec<Duration>; 5] = Default::default();
        let mut size = 0;
        // One round more, the first is not counted.
        for round in 0..=rounds {
            let url = format!("https://honghu.banhao.example/verify/H7K3M9PQ{round:08}");
            data["applicant"] = format!("测试{round}").into();
            data["number"] = format!("洪市监许受〔2026〕第{round:04}号").into();
            data["verify_url"] = url.clone().into();
            let [qrs, typesets, signs, papers, checks] = &mut times;
            let start = Instant::now();
            let qr = timed(qrs, || qr_svg(&url).unwrap());
            let typeset = timed(typesets, || engine.typeset(&template, &[("lib.typ", &shared)], &data, &qr, (2026, 11, 25)).unwrap());
            let note =
                SignatureNote { organisation: "洪湖市市场监督管理局", reason: kind, location: "湖北省洪湖市", at: now };
            let pdf = timed(signs, || sign(&typeset.pdf, &keys, &note).unwrap());
            papers.push(start.elapsed());
            assert_eq!(timed(checks, || verify(&pdf, &keys)).verdict, Verdict::Genuine);
            size = pdf.len();
            if round == 0 {
                times.iter_mut().for_each(Vec::clear);
            }
        }
        let cells =
            times.map(|times| format!("{:>18}", format!("{:.2} / {:.2}", milliseconds(times.clone(), 0.5), milliseconds(times, 0.95))));
        println!("{kind:<16}{:>8}{}", size / 1024, cells.join(""));
    }
    println!("\nresident: {}, at most {}", memory("VmRSS"), memory("VmHWM"));
}
