//! The signature of receipt (签收): a drawing that has to be a picture, or a typed name. Looks at bytes only.

use crate::error::CaseError;

/// Largest drawing, in bytes.
pub const MOST_BYTES: usize = 200_000;
/// Largest width and height of a drawing, in pixels.
pub const MOST_PIXELS: u32 = 4000;
/// Longest typed name, in characters.
pub const MOST_LETTERS: usize = 60;

const MAGIC: &[u8] = b"\x89PNG\r\n\x1a\n";

/// How somebody signed for what they received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// Drawn with finger, pen or mouse: a PNG.
    Drawn(Vec<u8>),
    /// The name, typed in their presence.
    Typed(String),
}

impl Signature {
    /// Media type of the drawing, or of the sealed name when opened.
    #[must_use]
    pub const fn media_type(&self) -> &'static str {
        match self {
            Self::Drawn(_) => DRAWN,
            Self::Typed(_) => TYPED,
        }
    }
}

/// Media type of a drawing.
pub const DRAWN: &str = "image/png";
/// Media type of a typed name.
pub const TYPED: &str = "text/plain";

/// Refuses what is no signature.
///
/// # Errors
/// An empty or overlong name; a drawing that is no PNG, too large, or has no sane size.
pub fn check(signature: &Signature) -> Result<(), CaseError> {
    match signature {
        Signature::Typed(name) => {
            super::require_text("signature", name)?;
            if name.chars().count() > MOST_LETTERS { Err(CaseError::Signature { why: "too-long" }) } else { Ok(()) }
        }
        Signature::Drawn(bytes) if bytes.len() > MOST_BYTES => Err(CaseError::Signature { why: "too-large" }),
        Signature::Drawn(bytes) => match size(bytes) {
            None => Err(CaseError::Signature { why: "not-png" }),
            Some((width, height)) if (1..=MOST_PIXELS).contains(&width) && (1..=MOST_PIXELS).contains(&height) => Ok(()),
            Some(_) => Err(CaseError::Signature { why: "pixels" }),
        },
    }
}

/// Width and height of a PNG whose chunks follow each other without a gap from `IHDR` over `IDAT` to `IEND`, which is the end.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut rest = bytes.strip_prefix(MAGIC)?;
    let (mut measured, mut drawn) = (None, false);
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let (kind, after) = after.split_first_chunk::<4>()?;
        let (content, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
        let (_checksum, after) = after.split_first_chunk::<4>()?;
        match (kind, measured) {
            (b"IHDR", None) if content.len() == 13 => {
                let (width, content) = content.split_first_chunk::<4>()?;
                let (height, _) = content.split_first_chunk::<4>()?;
                measured = Some((u32::from_be_bytes(*width), u32::from_be_bytes(*height)));
            }
            (b"IHDR", _) | (_, None) => return None,
            (b"IDAT", _) => drawn = true,
            (b"IEND", found) => return found.filter(|_| drawn && after.is_empty()),
            _ => {}
        }
        rest = after;
    }
    None
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::samples::PNG;

    fn why(signature: Signature) -> &'static str {
        match check(&signature) {
            Ok(()) => "fine",
            Err(CaseError::Signature { why }) => why,
            Err(CaseError::Empty { what }) => what,
            Err(_) => "another error",
        }
    }

    fn sized(width: u32, height: u32) -> Vec<u8> {
        let mut png = PNG.to_vec();
        png[16..20].copy_from_slice(&width.to_be_bytes());
        png[20..24].copy_from_slice(&height.to_be_bytes());
        png
    }

    #[test]
    fn a_drawing_is_a_picture_of_sane_size() {
        assert_eq!(why(Signature::Drawn(PNG.to_vec())), "fine");
        assert_eq!(why(Signature::Drawn(sized(4000, 4000))), "fine");
        for (width, height) in [(4001, 1), (1, 4001), (0, 1), (1, 0), (u32::MAX, u32::MAX)] {
            assert_eq!(why(Signature::Drawn(sized(width, height))), "pixels", "{width}x{height}");
        }
        assert_eq!(why(Signature::Drawn(vec![0; MOST_BYTES + 1])), "too-large");
        let mut trailing = PNG.to_vec();
        trailing.extend(b"<script>");
        for not_png in [b"".to_vec(), b"MZ".to_vec(), b"GIF89a".to_vec(), MAGIC.to_vec(), trailing] {
            assert_eq!(why(Signature::Drawn(not_png)), "not-png");
        }
    }

    #[test]
    fn a_typed_name_is_one() {
        assert_eq!(why(Signature::Typed("测试甲".into())), "fine");
        assert_eq!(why(Signature::Typed(" ".into())), "signature");
        assert_eq!(why(Signature::Typed("长".repeat(MOST_LETTERS + 1))), "too-long");
    }

    proptest! {
        #[test]
        fn a_part_of_a_picture_is_none(length in 0..PNG.len()) {
            prop_assert_eq!(why(Signature::Drawn(PNG[..length].to_vec())), "not-png");
        }

        #[test]
        fn no_bytes_confuse_it(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut png = MAGIC.to_vec();
            png.extend(bytes);
            prop_assert!(matches!(why(Signature::Drawn(png)), "fine" | "not-png" | "pixels"));
        }
    }

    #[test]
    fn the_sample_is_measured() {
        assert_eq!(size(PNG).unwrap(), (1, 1));
    }
}
