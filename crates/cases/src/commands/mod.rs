//! One file per intention of a user. Each command asks the policies, decides purely (`rules`), and commits once.

pub mod acceptance;
pub mod answers;
pub mod decision;
pub mod delivery;
pub mod draft;
pub mod look;
pub mod material;
pub mod move_cases;
pub mod office;
pub mod review;
pub mod submit;
pub mod supplement;
pub mod task;
pub mod unmask;
pub mod visit;
pub mod withdrawal;
