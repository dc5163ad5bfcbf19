//! The jobs of this crate, for the program to run.

use banhao_records::ISSUED_JOB;
use banhao_store::{JobError, Runner, StoreError};

use crate::{
    commands::{acceptance::on_due, delivery::on_issued},
    context::CaseContext,
    error::CaseError,
    loaded::DUE_JOB,
};

/// A job that somebody else took over did its work there.
fn outcome(result: Result<(), CaseError>) -> Result<(), JobError> {
    match result {
        Ok(()) | Err(CaseError::Store(StoreError::LostClaim)) => Ok(()),
        Err(error) => Err(JobError::from_error(error)),
    }
}

/// Adds the handlers of this crate to a runner.
#[must_use]
pub fn register(runner: Runner, ctx: &CaseContext) -> Runner {
    let (due, issued) = (ctx.clone(), ctx.clone());
    runner
        .on(DUE_JOB, move |_, job| {
            let ctx = due.clone();
            async move { outcome(on_due(&ctx, job).await) }
        })
        .on(ISSUED_JOB, move |_, job| {
            let ctx = issued.clone();
            async move { outcome(on_issued(&ctx, job).await) }
        })
}
