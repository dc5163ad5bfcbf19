//! Formal papers (文书): typeset with Typst to PDF/A, signed as PAdES, checked, with QR codes. Knows nothing of cases.
//!
//! ```text
//! template + data ──typeset──▶ PDF/A-2b ──sign──▶ PAdES B-B ──verify──▶ report
//! ```

mod engine;
mod error;
mod glyphs;
mod keys;
mod pdf;
mod press;
mod qr;
mod sign;
mod verify;

pub use engine::{Engine, Typeset};
pub use error::PaperError;
pub use glyphs::{missing_glyphs, printable};
pub use keys::{KeyStore, Subject};
pub use press::Press;
pub use qr::qr_svg;
pub use sign::{SignatureNote, sign};
pub use verify::{SignatureReport, Verdict, verify};
