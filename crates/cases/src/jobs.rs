//! The jobs of this crate, for the program to run.

use banhao_records::ISSUED_JOB;
use banhao_store::{JobError, Runner, StoreError};

use crate::{
    commands::{
        acceptance::{on_calendar, on_due},
        delivery::on_issued,
        move_cases::{MOVE_JOB, MOVE_ONE_JOB, on_move, on_move_one},
    },
    context::CaseContext,
    error::CaseError,
    flow::{self, MESSAGE_JOB, SIGNAL_JOB, TIMER_JOB},
    loaded::{CALENDAR_JOB, DUE_JOB},
};

/// The jobs of this crate that are about one case.
pub const CASE_JOBS: [&str; 7] = [DUE_JOB, CALENDAR_JOB, ISSUED_JOB, TIMER_JOB, MESSAGE_JOB, SIGNAL_JOB, MOVE_ONE_JOB];

/// A job that somebody else took over did its work there.
fn outcome(result: Result<(), CaseError>) -> Result<(), JobError> {
    match result {
        Ok(()) | Err(CaseError::Store(StoreError::LostClaim)) => Ok(()),
        Err(error) => Err(JobError::told(error)),
    }
}

/// Adds the handlers of this crate to a runner.
#[must_use]
pub fn register(runner: Runner, ctx: &CaseContext) -> Runner {
    let (due, calendar, issued) = (ctx.clone(), ctx.clone(), ctx.clone());
    let (timer, message, signal) = (ctx.clone(), ctx.clone(), ctx.clone());
    let (moving, moving_one) = (ctx.clone(), ctx.clone());
    runner
        .on(DUE_JOB, move |_, job| {
            let ctx = due.clone();
            async move { outcome(on_due(&ctx, job).await) }
        })
        .on(CALENDAR_JOB, move |_, job| {
            let ctx = calendar.clone();
            async move { outcome(on_calendar(&ctx, job).await) }
        })
        .on(ISSUED_JOB, move |_, job| {
            let ctx = issued.clone();
            async move { outcome(on_issued(&ctx, job).await) }
        })
        .on(MOVE_JOB, move |_, job| {
            let ctx = moving.clone();
            async move { outcome(on_move(&ctx, job).await) }
        })
        .on(MOVE_ONE_JOB, move |_, job| {
            let ctx = moving_one.clone();
            async move { outcome(on_move_one(&ctx, job).await) }
        })
        .on(TIMER_JOB, move |_, job| {
            let ctx = timer.clone();
            async move { outcome(flow::on_timer(&ctx, job).await) }
        })
        .on(MESSAGE_JOB, move |_, job| {
            let ctx = message.clone();
            async move { outcome(flow::on_message(&ctx, job, false).await) }
        })
        .on(SIGNAL_JOB, move |_, job| {
            let ctx = signal.clone();
            async move { outcome(flow::on_message(&ctx, job, true).await) }
        })
}
