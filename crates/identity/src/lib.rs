//! Identity (统一身份认证): accounts of citizens and staff, sessions, and the policies that say who may do what.
//!
//! * Passwords are argon2id, sessions are random 256-bit tokens of which only the SHA-256 is stored.
//! * Names are kept sealed like every other personal datum; a citizen is found by a keyed blind index of the citizen number.
//! * Permissions are Cedar policies in `policies/*.cedar`; a denial names the policy ([`policy`]).
//!
//! Cases, windows and what people do in them live in other crates.

mod accounts;
mod entities;
mod error;
mod model;
mod password;
pub mod policy;
mod sessions;
mod staff;
mod throttle;

pub use accounts::{PersonAtWindow, Registration, ensure_person_at_window, person, register_person};
pub use entities::MIGRATIONS;
pub use error::IdentityError;
pub use model::{Person, Post, Principal, Session, StaffMember};
pub use policy::{CaseAct, CaseTarget, DeskAct, DraftAct, DraftTarget, permit_case, permit_desk, permit_draft};
pub use sessions::{SignedIn, session, sign_in_person, sign_in_staff, sign_out};
pub use staff::{StaffDefinition, active_staff, follow_definitions, set_staff_password, staff_member, staff_names, staff_of};
