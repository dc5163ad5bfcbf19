//! 加签 and 减签.

use banhao_bpmn::{Command, Signers};
use banhao_identity::{CaseAct, Principal};
use banhao_kernel::ids::{StaffId, TaskId};
use serde_json::json;

use super::{OnStep, needs_reason, state};
use crate::{
    commands::task::act_of,
    context::CaseContext,
    error::CaseError,
    facts::Operation,
    flow::{self, INSPECT, REVIEW},
    rules::office as rules,
};

/// When added signers sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddedWhen {
    /// 前加签: before the step is done.
    Before,
    /// 后加签: when it is done.
    After,
    /// 并加签: at the same time.
    Beside,
}

impl AddedWhen {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Before, Self::Beside, Self::After];

    /// Stable name in forms and text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Beside => "beside",
        }
    }

    /// The one with this stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|when| when.as_str() == name)
    }

    const fn engine(self) -> Signers {
        match self {
            Self::Before => Signers::Before,
            Self::After => Signers::After,
            Self::Beside => Signers::Beside,
        }
    }
}

/// A signer that was named: another organisation by its key, or a member of staff of the step's own organisation.
async fn signer(tx: &banhao_store::Tx, there: &OnStep, who: &str) -> Result<String, CaseError> {
    if let Ok(staff) = who.parse::<StaffId>() {
        there.candidate(tx, staff, act_of(&there.row)).await?;
    } else if !there.case.snapshot.has_reviewer(who) || who == there.row.organisation {
        return Err(CaseError::NotACandidate { who: who.to_owned() });
    }
    Ok(who.to_owned())
}

/// 加签: more people or organisations sign the step.
///
/// # Errors
/// Nobody named, somebody who cannot sign it or signs it already; no reason; the policies.
pub async fn add_signers(
    ctx: &CaseContext,
    principal: &Principal,
    step: TaskId,
    who: Vec<String>,
    when: AddedWhen,
    reason: &str,
) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, reason) = (principal.clone(), reason.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let there = super::load(tx, snapshot, &principal, step).await?;
            there.case.permit(&principal, CaseAct::ChangeSigners)?;
            there.case.permit(&principal, act_of(&there.row))?;
            there.allowed(Operation::AddSigners)?;
            // Who signs a round is the competent organisation's to say, also when it does not sign itself.
            if there.row.signer.is_some() {
                there.open()?
            } else {
                there.in_my_hands()?
            }
            rules::under_review(&there.case.state, Operation::AddSigners)?;
            if ![REVIEW, INSPECT].contains(&there.row.act.as_str()) {
                return Err(CaseError::NotAllowed { operation: Operation::AddSigners.as_str() });
            }
            if who.is_empty() {
                return Err(CaseError::Empty { what: "who" });
            }
            let task = flow::token(&there.row)?;
            let already = rules::signers_to_come(&flow::instance(tx, &there.case).await?, task);
            for one in &who {
                signer(tx, &there, one).await?;
                if already.contains(one) {
                    return Err(CaseError::NotACandidate { who: one.clone() });
                }
            }
            needs_reason(&reason)?;
            let (mut case, row) = (there.case, there.row);
            state(tx, &mut case, &principal, Operation::AddSigners, &row.element, who.clone(), &reason).await?;
            let order = Command::AddSigners { task, who: who.iter().map(|who| json!(who)).collect(), how: when.engine() };
            flow::command(tx, &mut case, &order, &principal).await?;
            case.save(tx).await?;
            Ok(())
        })
    })
    .await
}

/// 减签: somebody need not sign any more.
///
/// # Errors
/// Somebody who does not sign, has signed, or is the last; no reason; the policies.
pub async fn remove_signer(ctx: &CaseContext, principal: &Principal, step: TaskId, who: &str, reason: &str) -> Result<(), CaseError> {
    let snapshot = ctx.snapshot().await?;
    let (principal, who, reason) = (principal.clone(), who.to_owned(), reason.to_owned());
    ctx.write(move |tx| {
        Box::pin(async move {
            let there = super::load(tx, snapshot, &principal, step).await?;
            there.case.permit(&principal, CaseAct::ChangeSigners)?;
            there.case.permit(&principal, act_of(&there.row))?;
            there.allowed(Operation::RemoveSigner)?;
            if who.is_empty() {
                return Err(CaseError::Empty { what: "who" });
            }
            needs_reason(&reason)?;
            let (mut case, row) = (there.case, there.row);
            state(tx, &mut case, &principal, Operation::RemoveSigner, &row.element, vec![who.clone()], &reason).await?;
            let order = Command::RemoveSigner { task: flow::token(&row)?, who: json!(who) };
            flow::command(tx, &mut case, &order, &principal).await?;
            case.save(tx).await?;
            Ok(())
        })
    })
    .await
}
