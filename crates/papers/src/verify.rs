//! Checking a signed PDF: does the signature cover the whole file, does the digest fit, is it signed by a certificate of this
//! installation. Reads the bytes themselves, not through a PDF reader: what is appended, hidden or rearranged is never trusted.

use banhao_kernel::{Timestamp, clock::instant};
use cms::{
    cert::CertificateChoices,
    content_info::{CmsVersion, ContentInfo},
    signed_data::{SignedData, SignerIdentifier, SignerInfo},
};
use der::{
    Decode, Encode,
    asn1::OctetString,
    oid::db::{rfc5911, rfc5912},
};
use p256::ecdsa::{DerSignature, Signature, VerifyingKey, signature::Verifier};
use sha2::{Digest, Sha256};
use x509_cert::Certificate;

use crate::{
    keys::{KeyStore, key_bits, valid_between},
    sign::{SIGNING_CERTIFICATE_V2, SigningCertificateV2},
};

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Unchanged since it was signed, and signed by this installation.
    Genuine,
    /// Not a PDF.
    NotPdf,
    /// A PDF without a signature.
    Unsigned,
    /// The signature does not cover the whole file: something was appended or cut off.
    NotWhole,
    /// The content was changed after it was signed.
    Changed,
    /// The signature itself is damaged or forged.
    BadSignature,
    /// Correctly signed, but not by this installation.
    Stranger,
}

impl Verdict {
    /// Stable name for texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Genuine => "genuine",
            Self::NotPdf => "not-pdf",
            Self::Unsigned => "unsigned",
            Self::NotWhole => "not-whole",
            Self::Changed => "changed",
            Self::BadSignature => "bad-signature",
            Self::Stranger => "stranger",
        }
    }
}

/// The outcome of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureReport {
    /// What was found.
    pub verdict: Verdict,
    /// Subject of the signing certificate, when one could be read.
    pub signer: Option<String>,
    /// When it was signed, as the signature dictionary says.
    pub signed_at: Option<Timestamp>,
    /// First and last second of the certificate's validity.
    pub validity: Option<(i64, i64)>,
}

impl SignatureReport {
    const fn just(verdict: Verdict) -> Self {
        Self { verdict, signer: None, signed_at: None, validity: None }
    }
}

/// Checks a PDF against the installation's authority. Garbage gives a verdict, never a panic.
#[must_use]
pub fn verify(pdf: &[u8], keys: &KeyStore) -> SignatureReport {
    if !pdf.starts_with(b"%PDF-") {
        return SignatureReport::just(Verdict::NotPdf);
    }
    let Some((from, to, end)) = signed_range(pdf) else { return SignatureReport::just(Verdict::Unsigned) };
    if end != pdf.len() {
        return SignatureReport::just(Verdict::NotWhole);
    }
    let Some(cms) = contents(pdf, from, to) else { return SignatureReport::just(Verdict::BadSignature) };
    let digest = Sha256::new().chain_update(&pdf[..from]).chain_update(&pdf[to..]).finalize();
    let Some((signed, signer, certificate, others)) = open(&cms) else { return SignatureReport::just(Verdict::BadSignature) };
    let tbs = certificate.tbs_certificate();
    let (signed_at, validity) = (signed_at(&pdf[..from]), valid_between(&certificate));
    let report = |verdict| SignatureReport { verdict, signer: Some(tbs.subject().to_string()), signed_at, validity };
    // The order matters to the reader: first whether the content is what was signed, then who signed.
    if signed.as_bytes() != digest.as_slice() {
        return report(Verdict::Changed);
    }
    let attributes = signer.signed_attrs.as_ref().and_then(|attributes| attributes.to_der().ok()).unwrap_or_default();
    if !low_s(signer.signature.as_bytes())
        || !meant(&signer, &certificate)
        || !signed_by(&certificate, &attributes, signer.signature.as_bytes())
    {
        return report(Verdict::BadSignature);
    }
    let issued = certificate.signature_algorithm() == tbs.signature()
        && certificate.signature().unused_bits() == 0
        && tbs.issuer() == keys.authority.tbs_certificate().subject()
        && tbs
            .to_der()
            .is_ok_and(|tbs| certificate.signature().as_bytes().is_some_and(|signature| signed_by(&keys.authority, &tbs, signature)));
    if !issued {
        return report(Verdict::Stranger);
    }
    // The authority's certificate travels along unsigned: it must be ours to the last byte.
    if others.iter().any(|other| *other != keys.authority) {
        return report(Verdict::BadSignature);
    }
    let in_time = signed_at.zip(validity).is_some_and(|(at, (first, last))| (first..=last).contains(&at.as_second()));
    report(if in_time { Verdict::Genuine } else { Verdict::Stranger })
}

/// Whether an ECDSA signature is written the way this program writes it: (r, n−s) would be right too.
fn low_s(signature: &[u8]) -> bool {
    DerSignature::from_bytes(signature).and_then(Signature::try_from).is_ok_and(|signature| signature.normalize_s() == signature)
}

/// Whether the signed attributes name this very certificate (signing-certificate-v2, RFC 5035).
fn meant(signer: &SignerInfo, certificate: &Certificate) -> bool {
    let meant = || {
        let attribute = signer.signed_attrs.as_ref()?.iter().find(|attribute| attribute.oid == SIGNING_CERTIFICATE_V2)?;
        let value = SigningCertificateV2::from_der(&attribute.values.get(0)?.to_der().ok()?).ok()?;
        let [only] = value.certs.as_slice() else { return None };
        Some(only.hash.as_bytes() == Sha256::digest(certificate.to_der().ok()?).as_slice())
    };
    meant() == Some(true)
}

/// The time in `/M (D:20261123090000+08'00')` of the signature dictionary, which stands just before the gap.
fn signed_at(before: &[u8]) -> Option<Timestamp> {
    const MARK: &[u8] = b"/M (D:";
    let tail = &before[before.len().saturating_sub(300)..];
    let at = tail.windows(MARK.len()).rposition(|window| window == MARK)? + MARK.len();
    let text = std::str::from_utf8(tail.get(at..at + 21)?).ok()?.strip_suffix("+08'00'")?;
    Some(instant(jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", text).ok()?))
}

fn signed_by(certificate: &Certificate, message: &[u8], signature: &[u8]) -> bool {
    let Some(key) = key_bits(certificate).and_then(|bits| VerifyingKey::from_sec1_bytes(bits).ok()) else { return false };
    DerSignature::from_bytes(signature).is_ok_and(|signature| key.verify(message, &signature).is_ok())
}

/// The last `/ByteRange [0 a b c]`: where the gap begins and ends and where the signed bytes end.
fn signed_range(pdf: &[u8]) -> Option<(usize, usize, usize)> {
    const MARK: &[u8] = b"/ByteRange";
    let at = pdf.windows(MARK.len()).rposition(|window| window == MARK)?;
    let text = pdf.get(at + MARK.len()..pdf.len().min(at + MARK.len() + 80))?;
    let open = text.iter().position(|byte| *byte == b'[')?;
    let close = text.iter().position(|byte| *byte == b']')?;
    let numbers: Vec<usize> =
        std::str::from_utf8(text.get(open + 1..close)?).ok()?.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    let [0, from, to, rest] = numbers[..] else { return None };
    let end = to.checked_add(rest)?;
    (from < to && end <= pdf.len()).then_some((from, to, end))
}

/// The CMS bytes in the gap `<…>`, trailing zeros left out by its own length.
fn contents(pdf: &[u8], from: usize, to: usize) -> Option<Vec<u8>> {
    let hex = pdf.get(from..to)?.strip_prefix(b"<")?.strip_suffix(b">")?;
    let mut bytes = Vec::with_capacity(hex.len() / 2);
    for pair in hex.chunks(2) {
        // Upper-case digits only, as this program writes them: a changed case is a changed byte too.
        let digit = |byte: &u8| match byte {
            b'0'..=b'9' => Some(byte - b'0'),
            b'A'..=b'F' => Some(byte - b'A' + 10),
            _ => None,
        };
        let [high, low] = pair else { return None };
        bytes.push(digit(high)? << 4 | digit(low)?);
    }
    let length = der_length(&bytes)?;
    // What follows the signature in the gap is not signed: it must be nothing.
    if bytes.get(length..)?.iter().any(|byte| *byte != 0) {
        return None;
    }
    bytes.truncate(length);
    Some(bytes)
}

/// Length of the DER value at the beginning, header included.
fn der_length(bytes: &[u8]) -> Option<usize> {
    match bytes.get(1)? {
        short @ 0..=0x7F => Some(2 + usize::from(*short)),
        0x81 => Some(3 + usize::from(*bytes.get(2)?)),
        0x82 => Some(4 + usize::from(*bytes.get(2)?) * 256 + usize::from(*bytes.get(3)?)),
        _ => None,
    }
}

/// The signed digest, the signer and its certificate. Only one way of writing a signature is read: what does not encode back to the
/// same bytes is refused.
fn open(cms: &[u8]) -> Option<(OctetString, SignerInfo, Certificate, Vec<Certificate>)> {
    let info = ContentInfo::from_der(cms).ok()?;
    if info.content_type != rfc5911::ID_SIGNED_DATA || info.to_der().ok()? != cms {
        return None;
    }
    let data: SignedData = info.content.decode_as().ok()?;
    if data.to_der().ok()? != info.content.to_der().ok()? || data.digest_algorithms.len() != 1 {
        return None;
    }
    let signer = data.signer_infos.0.get(0)?.clone();
    if data.signer_infos.0.len() != 1 || data.encap_content_info.econtent.is_some() {
        return None;
    }
    // What the signature does not cover must be exactly what this program writes.
    let plain = data.version == CmsVersion::V1
        && signer.version == CmsVersion::V1
        && data.crls.is_none()
        && signer.unsigned_attrs.is_none()
        && data.encap_content_info.econtent_type == rfc5911::ID_DATA
        && data.digest_algorithms.iter().all(|algorithm| *algorithm == signer.digest_alg)
        && signer.digest_alg.oid == rfc5912::ID_SHA_256
        && signer.digest_alg.parameters.is_none()
        && signer.signature_algorithm.oid == rfc5912::ECDSA_WITH_SHA_256
        && signer.signature_algorithm.parameters.is_none();
    if !plain {
        return None;
    }
    let SignerIdentifier::IssuerAndSerialNumber(id) = &signer.sid else { return None };
    let certificate = data.certificates.as_ref()?.0.iter().find_map(|choice| match choice {
        CertificateChoices::Certificate(certificate)
            if *certificate.tbs_certificate().serial_number() == id.serial_number
                && *certificate.tbs_certificate().issuer() == id.issuer =>
        {
            Some(certificate.clone())
        }
        _ => None,
    })?;
    let attribute = signer.signed_attrs.as_ref()?.iter().find(|attribute| attribute.oid == rfc5911::ID_MESSAGE_DIGEST)?;
    let digest = OctetString::from_der(&attribute.values.get(0)?.to_der().ok()?).ok()?;
    let others = data
        .certificates
        .as_ref()?
        .0
        .iter()
        .filter_map(|choice| if let CertificateChoices::Certificate(other) = choice { Some(other.clone()) } else { None })
        .filter(|other| *other != certificate)
        .collect();
    Some((digest, signer, certificate, others))
}
