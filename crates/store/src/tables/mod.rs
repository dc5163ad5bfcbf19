//! The store's own tables.

pub(crate) mod checkpoint;
pub(crate) mod counter;
pub(crate) mod fact;
pub(crate) mod job;
pub(crate) mod leaf;
pub(crate) mod node;
pub(crate) mod setting;
