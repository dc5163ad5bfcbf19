//! Cases (办件): applications, their processes, their clock, their papers, their delivery.
//!
//! A command asks the policies, decides by a pure rule in [`rules`], states facts and commits once. The facts are the truth; the
//! row of a case is a mirror of them for lists. The legal clock ([`clock`]) is a pure function over facts.
//!
//! Matters and forms are the catalogue's; papers and licences are made by records; alarms and ratings belong to oversight.

pub mod clock;
pub mod commands;
mod context;
mod entities;
mod error;
pub mod facts;
mod flow;
mod jobs;
mod loaded;
pub mod model;
mod papers;
pub mod queries;
mod repeat;
pub mod rules;
pub mod samples;
mod sealed;

pub use commands::{
    acceptance::{accept, refuse_acceptance, request_supplement},
    answers::save_answers,
    decision::decide,
    delivery::{deliver, receive_electronically},
    draft::{AtWindow, new_draft_id, start_draft, take_application},
    look::{look_at_material, look_at_paper, look_at_reasons, look_at_signature},
    material::{StoredFile, add_case_material, add_material, check_material, remove_material},
    move_cases::{MAX_REASON, MOVE_JOB, MoveOrder, may_move, new_move_id, order_move},
    office::{
        AddedWhen, add_signers, copy, delegate, hand_over, jump, register_message, remove_signer, report, resume, return_step, suspend,
        take_back, terminate, urge,
    },
    review::review,
    submit::{Submitted, mistakes, submit},
    supplement::answer_supplement,
    task::claim,
    unmask::unmask,
    visit::{PURPOSES, record_visit},
    withdrawal::withdraw,
};
pub use context::CaseContext;
pub use entities::MIGRATIONS;
pub use error::CaseError;
pub use jobs::{CASE_JOBS, register as register_jobs};
pub use loaded::{OVERDUE_JOB, Overdue};
pub use papers::long_date;
pub use repeat::Request;
pub use rules::{delivery::HandOver, signature::Signature};
pub use sealed::Answers;
