//! Submissions and guide pages through HTTP.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use banhao_cases::{CaseContext, StoredFile, samples, start_draft};
use banhao_catalogue::Catalogue;
use banhao_kernel::{actor::Channel, clock::SystemClock, entropy::OsEntropy};
use banhao_store::{Store, StoreConfig};
use tokio::{sync::Mutex, task::JoinSet};
use uuid::Uuid;

use crate::{CLIENTS, Outcome, http::Client};

/// Light matters: few questions, few materials.
const MATTERS: [&str; 4] =
    ["social-card-replacement", "individual-business-registration", "disability-certificate", "subsistence-allowance"];
/// The guide page that is asked for, and words that must be on it.
pub const GUIDE: &str = "/matters/food-licence";
/// Kept connections that ask for the guide page.
const READERS: usize = 32;
/// No load takes longer.
const BOUND: Duration = Duration::from_secs(180);

/// A signed-in citizen with drafts ready to be submitted.
pub struct Prepared {
    /// The session cookie.
    pub session: String,
    /// The drafts.
    pub drafts: Vec<Uuid>,
}

/// Signs the demonstration's first citizen in and writes complete drafts; not part of what is timed.
pub async fn prepare(config: StoreConfig, data: &Path, number: usize) -> Outcome<Prepared> {
    let sign_ins = std::fs::read_to_string(data.join("demo-sign-ins.txt"))?;
    let mut citizen =
        sign_ins.lines().find(|line| line.starts_with("/sign-in\t")).ok_or("no citizen among the sign-ins")?.split('\t').skip(1);
    let (login, password) = (citizen.next().unwrap_or_default(), citizen.next().unwrap_or_default());
    let store = Store::open(config, Arc::new(SystemClock), Arc::new(OsEntropy)).await?;
    let signed_in = banhao_identity::sign_in_person(&store, login, password).await?;
    let who = signed_in.session.principal;
    let ctx = CaseContext::new(store.clone(), Arc::new(Catalogue::new()));
    let snapshot = ctx.snapshot().await?;
    let mut drafts = Vec::with_capacity(number);
    for matter in MATTERS.iter().cycle().take(number) {
        let version = snapshot.matter(matter).ok_or_else(|| format!("no matter {matter}"))?;
        let answers = samples::answers(&version, snapshot.today);
        let draft = start_draft(&ctx, &who, matter, Channel::Web).await?;
        banhao_cases::save_answers(&ctx, &who, draft, answers.clone()).await?;
        for needed in banhao_catalogue::forms::materials_needed(&version, &answers).into_iter().filter(|needed| needed.required) {
            let blob = store.blobs().put(samples::PNG.to_vec()).await?;
            let file = StoredFile {
                material: needed.material.key.clone(),
                name: "示范.png".to_owned(),
                media_type: blob.media_type,
                size: blob.size,
                sha256: blob.sha256,
            };
            banhao_cases::add_material(&ctx, &who, draft, file).await?;
        }
        drafts.push(draft.as_uuid());
    }
    store.shutdown().await;
    Ok(Prepared { session: signed_in.token, drafts })
}

/// What a load gave.
pub struct Load {
    /// Requests per second.
    pub rate: f64,
    /// Latencies in milliseconds, sorted.
    pub latencies: Vec<f64>,
    /// The cases made, in the order of their answers.
    pub cases: Vec<Uuid>,
}

/// Submits every draft once, over [`CLIENTS`] kept connections.
pub async fn submit(port: u16, prepared: Prepared) -> Outcome<Load> {
    let first = prepared.drafts.first().ok_or("no drafts")?;
    let check = Client::connect(port, &prepared.session).await?.get(&format!("/apply/draft/{first}/check")).await?;
    let page = String::from_utf8(check.body)?;
    let token =
        page.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).ok_or("the check page has no form token")?;
    let form = Arc::new(format!("csrf={token}&delivery=electronic&declare=yes"));
    let (queue, mut tasks) = (Arc::new(Mutex::new(prepared.drafts)), JoinSet::new());
    let start = Instant::now();
    for _ in 0..CLIENTS {
        let (queue, form, mut client) = (Arc::clone(&queue), Arc::clone(&form), Client::connect(port, &prepared.session).await?);
        tasks.spawn(async move {
            let mut done = Vec::new();
            while start.elapsed() < BOUND {
                let Some(draft) = queue.lock().await.pop() else { return Outcome::Ok(done) };
                let asked = Instant::now();
                let reply = client.post(&format!("/apply/draft/{draft}/submit"), &form).await?;
                let took = asked.elapsed().as_secs_f64() * 1e3;
                let case = reply.location.strip_prefix("/cases/").and_then(|rest| rest.strip_suffix("/receipt"));
                let case = case.ok_or_else(|| format!("a submission was answered with {} {}", reply.status, reply.location))?;
                done.push((took, case.parse::<Uuid>()?));
            }
            Err("the submissions took too long".into())
        });
    }
    let mut done = Vec::new();
    while let Some(part) = tasks.join_next().await {
        done.extend(part??);
    }
    let seconds = start.elapsed().as_secs_f64();
    let mut cases: Vec<_> = done.iter().map(|(_, case)| *case).collect();
    cases.sort_unstable();
    cases.dedup();
    if cases.len() != done.len() {
        return Err(format!("{} submissions made {} cases", done.len(), cases.len()).into());
    }
    let mut latencies: Vec<_> = done.into_iter().map(|(took, _)| took).collect();
    latencies.sort_unstable_by(f64::total_cmp);
    Ok(Load { rate: crate::number(cases.len()) / seconds, latencies, cases })
}

/// Asks for the guide page `number` times over 32 kept connections; every body must be whole and the right one.
pub async fn guide(port: u16, number: usize) -> Outcome<f64> {
    let expected = Client::connect(port, "").await?.get(GUIDE).await?;
    let text = String::from_utf8(expected.body)?;
    if expected.status != 200 || !text.contains("食品经营许可") || !text.trim_end().ends_with("</html>") {
        return Err(format!("the guide page is not right: status {}, {} bytes", expected.status, text.len()).into());
    }
    let (each, length) = (number / READERS, text.len());
    let mut tasks = JoinSet::new();
    let start = Instant::now();
    for _ in 0..READERS {
        let mut client = Client::connect(port, "").await?;
        tasks.spawn(async move {
            for _ in 0..each {
                let reply = client.get(GUIDE).await?;
                // Form tokens are fresh in each rendering, but always of one length.
                if reply.status != 200 || reply.body.len() != length || start.elapsed() > BOUND {
                    return Err(
                        format!("a guide page came with status {}, {} bytes instead of {length}", reply.status, reply.body.len()).into()
                    );
                }
            }
            Outcome::Ok(())
        });
    }
    while let Some(part) = tasks.join_next().await {
        part??;
    }
    Ok(crate::number(each * READERS) / start.elapsed().as_secs_f64())
}
