//! Oversight (监督): what people say of the service (好差评), what the clock says of it (电子监察), and both seen from above.
//!
//! * [`rate`] takes one rating per case, only from its applicant; [`tags`] and [`Satisfaction`] are the national tables.
//! * [`register_jobs`] watches the last days that cases leave as timers and raises alarms by [`RULES`]; none is ever deleted.
//! * [`jobs_in_trouble`] are the background jobs that failed, for the system administrator: tried again, or given up with a reason.
//! * [`cockpit`] gathers the numbers of the day.
//!
//! It changes no case. What it knows of cases it asks through their public queries; it keeps only its own tables.

mod alarms;
mod cockpit;
mod entities;
mod error;
mod jobs;
mod ratings;
mod rules;
mod satisfaction;
pub mod tags;

pub use alarms::{AlarmView, alarms_of, latest_alarms, register as register_jobs};
pub use cockpit::{Cockpit, RatingCounts, cockpit};
pub use entities::MIGRATIONS;
pub use error::OversightError;
pub use jobs::{
    About, JOB_KINDS, JobAct, JobInTrouble, LONGEST_REASON, TroublePage, Which, all_jobs_again, give_job_up, job_again, job_in_trouble,
    jobs_in_trouble,
};
pub use ratings::{ASSIGNED, LONGEST_TEXT, Rated, RatingInput, RatingView, rate, rating_of};
pub use rules::{AlarmLevel, AlarmRule, RULES, rule_for};
pub use satisfaction::{RatingChannel, Satisfaction};
