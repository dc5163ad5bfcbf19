//! Issuing an ordered paper: typeset, sign, file, and in one transaction say so. A job; it can be repeated without harm.

use std::sync::Arc;

use banhao_catalogue::Catalogue;
use banhao_kernel::{
    actor::Actor,
    clock::civil_date,
    digest::sha256_hex,
    ids::{CaseId, LicenceId, PaperId},
};
use banhao_papers::{Engine, KeyStore, SignatureNote, SignatureReport, qr_svg, sign, verify};
use banhao_store::{Job, JobError, Moment, NewFact, NewJob, Runner, Store, StoreError};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};

use crate::{
    entities::{licence, paper},
    error::RecordsError,
    model::{PaperKind, PublicPaper},
    orders::{ISSUE_JOB, ISSUED_JOB, PURPOSE, SealedOrder},
    queries::paper_with_digest,
};

/// What issuing needs.
#[derive(Clone)]
pub struct RecordsContext {
    /// The store.
    pub store: Store,
    /// The definitions, for templates.
    pub catalogue: Arc<Catalogue>,
    /// Typesets.
    pub engine: Arc<Engine>,
    /// Signs.
    pub keys: Arc<KeyStore>,
    /// Where the public verification page is: `https://zw.example`, without a slash at the end.
    pub public_url: String,
}

/// What the case is told when a paper is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// The paper.
    pub paper: PaperId,
    /// Its kind.
    pub kind: PaperKind,
    /// Whether it is the result itself.
    pub is_result: bool,
    /// Number of the licence it brought into being.
    pub licence_number: Option<String>,
}

/// What a check of a file found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileVerdict {
    /// The signature.
    pub signature: SignatureReport,
    /// The paper on record that is exactly this file.
    pub known: Option<PublicPaper>,
}

/// Adds the handler of this crate to a runner.
#[must_use]
pub fn register_jobs(runner: Runner, context: &RecordsContext) -> Runner {
    let context = context.clone();
    runner.on(ISSUE_JOB, move |_, job| {
        let context = context.clone();
        async move {
            match issue(&context, job).await {
                Ok(()) | Err(RecordsError::Store(StoreError::LostClaim)) => Ok(()),
                Err(error) => Err(JobError::told(error)),
            }
        }
    })
}

/// The code in groups of four, as printed.
#[must_use]
pub fn grouped(code: &str) -> String {
    code.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned()).collect::<Vec<_>>().join(" ")
}

async fn issue(context: &RecordsContext, job: Job) -> Result<(), RecordsError> {
    let store = &context.store;
    let row = paper::Entity::find_by_id(job.subject).one(store.read()).await?.ok_or(RecordsError::NotFound)?;
    if row.state == "issued" {
        return store.write(move |tx| Box::pin(async move { Ok(tx.finish(&job).await?) })).await;
    }
    let kind = PaperKind::from_name(&row.kind).ok_or_else(|| RecordsError::Damaged(row.kind.clone()))?;
    let order: SealedOrder = serde_json::from_slice(&store.vault().open(PURPOSE, &row.order_data)?)?;
    let snapshot = context.catalogue.current(store).await?;
    let template = snapshot.paper(kind.as_str()).ok_or(RecordsError::NoTemplate { kind: kind.as_str() })?.to_owned();
    let shared = snapshot.paper("lib").unwrap_or_default().to_owned();
    let organ =
        snapshot.organisation(&row.organisation).ok_or_else(|| RecordsError::NoOrganisation { organisation: row.organisation.clone() })?;
    let verify_url = format!("{}/verify/{}", context.public_url, row.verify_code);
    let mut data = order.data;
    data["number"] = row.number.clone().into();
    data["verify_code"] = grouped(&row.verify_code).into();
    data["verify_url"] = verify_url.clone().into();
    let ordered = civil_date(row.ordered_at.into());
    let (engine, keys) = (Arc::clone(&context.engine), Arc::clone(&context.keys));
    let note =
        (organ.name.zh.clone(), data["matter"].as_str().unwrap_or_default().to_owned(), snapshot.installation.name.zh.clone(), store.now());
    // Typesetting and signing take some milliseconds of processor time: on threads that give way to those that answer requests.
    let press = Arc::clone(&engine);
    let make = move || {
        let qr = qr_svg(&verify_url)?;
        let typeset = engine.typeset(&template, &[("lib.typ", &shared)], &data, &qr, (ordered.year(), ordered.month(), ordered.day()))?;
        let note = SignatureNote { organisation: &note.0, reason: &note.1, location: &note.2, at: note.3 };
        let signed = sign(&typeset.pdf, &keys, &note)?;
        Ok::<_, banhao_papers::PaperError>((signed, typeset.missing_glyphs))
    };
    let made = press.press().run(make).await.and_then(|made| made).map_err(|error| RecordsError::Paper(error.to_string()));
    let (pdf, missing) = made?;
    let blob = store.blobs().put(pdf).await?;
    let missing: String = missing.into_iter().collect();
    let purpose_licence = order.licence;
    store
        .write(move |tx| {
            Box::pin(async move {
                tx.finish(&job).await?;
                let (id, case) = (PaperId::from_uuid(row.id), CaseId::from_uuid(row.case_id));
                let licence_number = purpose_licence.as_ref().map(|licence| licence.number.clone());
                tx.state(NewFact {
                    subject_kind: "case",
                    subject: row.case_id,
                    kind: "paper.issued".to_owned(),
                    actor: Actor::System,
                    body: serde_json::json!({
                        "paper": id, "kind": kind, "number": row.number, "sha256": blob.sha256,
                        "licence_number": licence_number, "unprintable": missing.chars().count(),
                    }),
                });
                if let Some(order) = purpose_licence {
                    let licence_id = LicenceId::generate(tx.clock(), tx.entropy());
                    let sealed = tx.vault().seal(PURPOSE, &serde_json::to_vec(&order)?)?;
                    licence::Entity::insert(licence::ActiveModel {
                        id: Set(licence_id.as_uuid()),
                        number: Set(order.number.clone()),
                        paper: Set(row.id),
                        case_id: Set(row.case_id),
                        holder: Set(row.recipient),
                        name: Set(order.name),
                        licence_type: Set(order.licence_type),
                        organisation: Set(row.organisation.clone()),
                        sealed: Set(sealed),
                        issued_on: Set(civil_date(tx.now()).to_string()),
                        valid_from: Set(order.valid_from.to_string()),
                        valid_to: Set(order.valid_to.map(|day| day.to_string())),
                        status: Set("valid".to_owned()),
                    })
                    .exec_without_returning(tx.conn())
                    .await?;
                    tx.state(NewFact {
                        subject_kind: "licence",
                        subject: licence_id.as_uuid(),
                        kind: "licence.issued".to_owned(),
                        actor: Actor::System,
                        body: serde_json::json!({ "number": order.number, "paper": id, "case": case, "sha256": blob.sha256 }),
                    });
                }
                let issued = Issued { paper: id, kind, is_result: kind == PaperKind::Licence, licence_number };
                tx.enqueue(NewJob { kind: ISSUED_JOB, subject: row.case_id, run_at: None, payload: serde_json::to_value(issued)? });
                let now = Moment::from(tx.now());
                let mut changed = row.into_active_model();
                changed.state = Set("issued".to_owned());
                changed.issued_at = Set(Some(now));
                changed.sha256 = Set(Some(blob.sha256));
                changed.size = Set(Some(i64::try_from(blob.size).unwrap_or(i64::MAX)));
                changed.missing_glyphs = Set((!missing.is_empty()).then_some(missing));
                changed.update(tx.conn()).await?;
                Ok(())
            })
        })
        .await
}

/// Checks a file that somebody holds: is its signature ours and whole, and is it a paper on record.
///
/// # Errors
/// When the store fails; a bad file is a verdict, not an error.
pub async fn check_file(context: &RecordsContext, bytes: Vec<u8>) -> Result<FileVerdict, RecordsError> {
    let sha256 = sha256_hex(&bytes);
    let keys = Arc::clone(&context.keys);
    let signature =
        tokio::task::spawn_blocking(move || verify(&bytes, &keys)).await.map_err(|error| RecordsError::Paper(error.to_string()))?;
    Ok(FileVerdict { signature, known: paper_with_digest(&context.store, &sha256).await? })
}
