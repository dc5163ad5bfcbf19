//! QR codes as SVG.

use qrcode::{EcLevel, QrCode, render::svg};

use crate::error::PaperError;

/// A QR code as SVG, error correction M, with the quiet zone.
///
/// # Errors
/// When the text is too long for a QR code.
pub fn qr_svg(text: &str) -> Result<String, PaperError> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| PaperError::Qr(error.to_string()))?;
    Ok(code
        .render::<svg::Color<'_>>()
        .min_dimensions(120, 120)
        .dark_color(svg::Color("#000000"))
        .light_color(svg::Color("#ffffff"))
        .build())
}
