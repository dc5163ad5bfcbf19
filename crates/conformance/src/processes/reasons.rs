//! Differences that are known and whose cause is known. Each is recognised by what the process has in it and by what exactly
//! differs, so that none covers another fault. The standard's word on each: docs/differential.md.

use super::{
    block::Scope,
    compare::{Other, Trace},
    drawing::Drawing,
};

/// A known difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {}

impl Reason {
    /// Its name in docs/differential.md.
    pub fn name(self) -> &'static str {
        match self {}
    }
}

/// Why the engines differ in this run, when that is known.
pub fn of(other: Other, scope: &Scope, drawing: &Drawing, trace: &Trace) -> Option<Reason> {
    let _ = (other, scope, drawing, trace);
    None
}
