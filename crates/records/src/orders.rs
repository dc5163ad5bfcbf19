//! Ordering a paper: inside the command's transaction it gets its number, its verification code and its place; typesetting
//! and signing follow at once in a job ([`crate::issue`]).

use banhao_kernel::{CreditCode, LicenceNumber, clock::civil_date, entropy::Entropy, ids::PaperId};
use banhao_store::{Moment, NewJob, Tx};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde::{Deserialize, Serialize};

use crate::{
    entities::paper,
    error::RecordsError,
    model::{LicenceOrder, PaperOrder},
};

/// Kind of the job that typesets and signs.
pub const ISSUE_JOB: &str = "paper.issue";
/// Kind of the job that tells the case that a paper is there. The payload is a [`crate::issue::Issued`].
pub const ISSUED_JOB: &str = "paper.issued";
pub(crate) const PURPOSE: &str = "records.order";

/// What is kept of an order, sealed.
#[derive(Serialize, Deserialize)]
pub(crate) struct SealedOrder {
    pub(crate) matter: String,
    pub(crate) matter_version: u32,
    pub(crate) organisation_code: String,
    pub(crate) data: serde_json::Value,
    pub(crate) licence: Option<LicenceOrder>,
}

/// Letters and digits of verification codes: none that are mistaken for another when read aloud or copied by hand.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/// A code of 16 characters (80 bits), written in groups of four.
pub(crate) fn verify_code(entropy: &dyn Entropy) -> String {
    let mut bytes = [0_u8; 16];
    entropy.fill(&mut bytes);
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect()
}

/// The next number of a licence of a type and issuer (GB/T 36904): day and daily serial, version 001, check character.
///
/// # Errors
/// When type or issuer are not codes, or the store fails.
pub async fn next_licence_number(tx: &mut Tx, licence_type: &str, issuer: &CreditCode) -> Result<String, RecordsError> {
    let today = civil_date(tx.now());
    let day = format!("{:04}{:02}{:02}", today.year(), today.month(), today.day());
    let serial = tx.next_serial(&format!("licence/{licence_type}/{day}")).await?;
    LicenceNumber::new(licence_type, issuer, &format!("{day}{serial:010}"), 1)
        .map(|number| number.to_string())
        .map_err(|error| RecordsError::LicenceNumber(error.to_string()))
}

/// Orders a paper.
///
/// # Errors
/// When the store fails.
pub async fn order_paper(tx: &mut Tx, order: PaperOrder) -> Result<PaperId, RecordsError> {
    let id = PaperId::generate(tx.clock(), tx.entropy());
    let year = civil_date(tx.now()).year();
    let series = order.kind.series();
    let scope = format!("paper/{}/{series}/{year}", order.organisation);
    // Every submission orders a receipt; the numbers of decisions have no gaps.
    let busy = order.kind == crate::model::PaperKind::Receipt;
    let serial = if busy { tx.next_number(&scope).await? } else { tx.next_serial(&scope).await? };
    let number = format!("{}许{series}〔{year}〕第{serial:04}号", order.organisation_short);
    let sealed = SealedOrder {
        matter: order.matter,
        matter_version: order.matter_version,
        organisation_code: order.organisation_code,
        data: order.data,
        licence: order.licence,
    };
    let row = paper::ActiveModel {
        id: Set(id.as_uuid()),
        kind: Set(order.kind.as_str().to_owned()),
        case_id: Set(order.case_id.as_uuid()),
        case_number: Set(order.case_number),
        organisation: Set(order.organisation),
        recipient: Set(order.recipient.as_uuid()),
        number: Set(number),
        verify_code: Set(verify_code(tx.entropy())),
        holder_masked: Set(order.holder_masked),
        ordered_at: Set(Moment::from(tx.now())),
        order_data: Set(tx.vault().seal(PURPOSE, &serde_json::to_vec(&sealed)?)?),
        state: Set("ordered".to_owned()),
        issued_at: Set(None),
        sha256: Set(None),
        size: Set(None),
        missing_glyphs: Set(None),
    };
    paper::Entity::insert(row).exec_without_returning(tx.conn()).await?;
    tx.enqueue(NewJob { kind: ISSUE_JOB, subject: id.as_uuid(), run_at: None, payload: serde_json::Value::Null });
    Ok(id)
}
