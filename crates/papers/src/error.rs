//! What can go wrong with a paper.

/// A failure of typesetting, signing or reading.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// The template has a mistake; the text names file and place.
    #[error("template: {0}")]
    Template(String),
    /// The document cannot be written as PDF/A.
    #[error("pdf: {0}")]
    Pdf(String),
    /// A QR code cannot hold the text.
    #[error("qr: {0}")]
    Qr(String),
    /// A key or certificate cannot be made, read or used.
    #[error("keys: {0}")]
    Keys(String),
    /// The signature cannot be made.
    #[error("signature: {0}")]
    Signature(String),
    /// The threads that make papers cannot be started, or the work broke off.
    #[error("press: {0}")]
    Press(String),
}

impl PaperError {
    /// Stable name of this kind of error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Template(_) => "paper-template",
            Self::Pdf(_) => "paper-pdf",
            Self::Qr(_) => "paper-qr",
            Self::Keys(_) => "paper-keys",
            Self::Signature(_) => "paper-signature",
            Self::Press(_) => "paper-press",
        }
    }
}
