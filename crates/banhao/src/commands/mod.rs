//! What the program does besides serving, one file per command.

pub mod bpmn;
pub mod check;
pub mod definitions;
pub mod dmn;
pub mod verify;
