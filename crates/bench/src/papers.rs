//! Typesetting and signing one paper, each time with other data and another QR code, so that nothing is remembered.

use std::{path::Path, time::Instant};

use banhao_kernel::{
    clock::{Clock, SystemClock},
    entropy::OsEntropy,
};
use banhao_papers::{Engine, KeyStore, SignatureNote, Subject, Verdict, qr_svg, sign, verify};
use serde_json::Value;

use crate::Outcome;

/// How often each paper is made.
const ROUNDS: usize = 200;

/// Milliseconds per paper, sorted; every paper is checked afterwards.
pub fn measure(root: &Path, kind: &str) -> Outcome<Vec<f64>> {
    let read = |path: &str| std::fs::read_to_string(root.join(path));
    let (template, shared) = (read(&format!("honghu/papers/{kind}.typ"))?, read("honghu/papers/lib.typ")?);
    let samples: Value = serde_json::from_str(&read("crates/papers/tests/data/samples.json")?)?;
    let mut data = samples["common"].clone();
    let own = samples["kinds"][kind].as_object().ok_or("no sample of this paper")?.clone();
    data.as_object_mut().ok_or("the samples are not an object")?.extend(own);
    let (folder, now) = (tempfile::tempdir()?, SystemClock.now());
    let subject = Subject { organisation: "洪湖市政务服务平台".to_owned(), demo: true };
    let (engine, keys) = (Engine::new()?, KeyStore::open_or_generate(folder.path(), &subject, &OsEntropy, now)?);
    let mut times = Vec::new();
    for round in 0..=ROUNDS {
        let url = format!("https://honghu.banhao.example/verify/H7K3M9PQ{round:08}");
        data["applicant"] = format!("测试{round}").into();
        data["verify_url"] = url.clone().into();
        let start = Instant::now();
        let typeset = engine.typeset(&template, &[("lib.typ", &shared)], &data, &qr_svg(&url)?, (2026, 11, 25))?;
        let note = SignatureNote { organisation: "洪湖市市场监督管理局", reason: kind, location: "湖北省洪湖市", at: now };
        let pdf = sign(&typeset.pdf, &keys, &note)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        if verify(&pdf, &keys).verdict != Verdict::Genuine {
            return Err(format!("a signed {kind} does not verify").into());
        }
    }
    // The first one fills caches that every later paper uses.
    times.remove(0);
    times.sort_unstable_by(f64::total_cmp);
    Ok(times)
}
