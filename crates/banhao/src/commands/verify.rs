//! `banhao verify`: proves that no record was changed, dropped or reordered – of a whole database, or of one receipt.

use std::path::Path;

use banhao_ledger::{Finding, Receipt, VerifierKey};
use banhao_store::ledger_log::{Verdict, verify_database};
use indicatif::ProgressBar;

use crate::{fault::Fault, installation::Installation, say};

/// Verifies the whole database. With `key` an outside copy of the public key is used, which is what an auditor should do.
///
/// # Errors
/// Names the first record that is not as it was signed.
pub async fn database(installation: &Installation, key: Option<VerifierKey>) -> Result<(), Fault> {
    let key = key.unwrap_or_else(|| installation.store.ledger_key().verifier());
    let bar = ProgressBar::new_spinner();
    let verdict = verify_database(&installation.store, &key, |done| {
        bar.set_message(format!("{done}"));
        bar.tick();
    })
    .await?;
    bar.finish_and_clear();
    match verdict {
        Verdict::Sound { size, checkpoints, unplaced } => {
            say(&format!(
                "完好：{size} 条记录、{checkpoints} 个检查点全部一致，{unplaced} 条尚未入账。\n\
                 Sound: {size} records and {checkpoints} checkpoints agree; {unplaced} not yet placed.\n公钥 public key: {key}"
            ));
            Ok(())
        }
        Verdict::Tampered { finding, fact, sound_before } => {
            let name = fact.map_or_else(|| "?".to_owned(), |id| id.to_string());
            let (zh, en) = match finding {
                Finding::Changed { index } => {
                    (format!("第 {index} 条记录（{name}）被修改"), format!("record {index} ({name}) was changed"))
                }
                Finding::Dropped { index } => {
                    (format!("第 {index} 条记录（{name}）被删除"), format!("record {index} ({name}) was dropped"))
                }
                Finding::Moved { index, belongs_at } => (
                    format!("第 {index} 条记录（{name}）被调换顺序：该处现在是第 {belongs_at} 条"),
                    format!("record {index} ({name}) was reordered: record {belongs_at} stands in its place"),
                ),
                Finding::Rewritten { from, to } => {
                    (format!("第 {from} 至 {} 条之间有记录被改写", to - 1), format!("a record between {from} and {} was rewritten", to - 1))
                }
            };
            Err(Fault::new(
                format!("不一致：{zh}。此前 {sound_before} 条完好。"),
                format!("Not sound: {en}. The {sound_before} before it are sound."),
            ))
        }
        Verdict::TreeDamaged { level: 0, position, fact } => {
            let name = fact.map_or_else(|| "?".to_owned(), |id| id.to_string());
            Err(Fault::new(
                format!("不一致：第 {position} 条记录（{name}）本身完好，但账本中它的哈希被改动或删除。"),
                format!("Not sound: record {position} ({name}) itself is sound, but its hash in the ledger was changed or removed."),
            ))
        }
        Verdict::TreeDamaged { level, position, .. } => {
            let (from, to) = (position << level, ((position + 1) << level) - 1);
            Err(Fault::new(
                format!("不一致：第 {from} 至 {to} 条记录完好，但它们上方的树节点（第 {level} 层）被改动或删除。"),
                format!("Not sound: records {from} to {to} are sound, but the node above them (level {level}) was changed or removed."),
            ))
        }
        Verdict::ForgedCheckpoint { size, reason } => Err(Fault::new(
            format!("不一致：大小为 {size} 的检查点不是真的（{reason}）。"),
            format!("Not sound: the checkpoint of size {size} is not genuine ({reason})."),
        )),
        Verdict::MissingCheckpoint { from } => Err(Fault::new(
            format!("不一致：有记录不在任何检查点之内（签名的记录共 {from} 条）：检查点被删除，或者混入了记录。"),
            format!(
                "Not sound: records stand outside of every checkpoint ({from} are signed): checkpoints were dropped, or records slipped in."
            ),
        )),
    }
}

/// Reads a public key from a text or a file.
///
/// # Errors
/// When it is no key.
pub fn key(text: &str) -> Result<VerifierKey, Fault> {
    let read = std::fs::read_to_string(text).unwrap_or_else(|_| text.to_owned());
    read.trim().parse().map_err(|error| Fault::new(format!("不是账本公钥：{error}"), format!("Not a ledger key: {error}")))
}

/// Verifies one receipt; needs no database.
///
/// # Errors
/// Says what is wrong with it.
pub fn receipt(path: &Path, key: &VerifierKey) -> Result<(), Fault> {
    let text = std::fs::read_to_string(path).map_err(|error| Fault::system(&path.display().to_string(), &error))?;
    let wrong = |error: &dyn std::fmt::Display| Fault::new(format!("回执无效：{error}"), format!("The receipt is not valid: {error}"));
    let receipt = Receipt::from_json(&text).map_err(|error| wrong(&error))?;
    let checkpoint = receipt.verify(key).map_err(|error| wrong(&error))?;
    say(&format!(
        "有效：事实 {} 是账本第 {} 条，在 {} 条记录的检查点之内。\nValid: fact {} is record {} of the ledger, covered by a checkpoint of {} records.",
        receipt.fact.kind, receipt.leaf_index, checkpoint.size, receipt.fact.kind, receipt.leaf_index, checkpoint.size
    ));
    Ok(())
}
