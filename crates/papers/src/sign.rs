//! PAdES B-B (ETSI EN 319 142-1): a detached CMS signature over the whole file, with the signing certificate bound into the signed
//! attributes (signing-certificate-v2, RFC 5035) and the time in the signature dictionary.

use banhao_kernel::{Timestamp, clock::civil_datetime};
use cms::{
    cert::{CertificateChoices, IssuerAndSerialNumber},
    content_info::{CmsVersion, ContentInfo},
    signed_data::{CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos},
};
use der::{
    Any, Encode, Sequence,
    asn1::{ObjectIdentifier, OctetString, SetOfVec},
    oid::db::{rfc5911, rfc5912},
};
use p256::ecdsa::{Signature, signature::Signer};
use sha2::{Digest, Sha256};
use x509_cert::{attr::Attribute, spki::AlgorithmIdentifierOwned};

use crate::{
    error::PaperError,
    keys::{KeyStore, valid_between},
    pdf::{Prepared, RESERVED, prepare},
};

/// What the signature dictionary says.
#[derive(Debug, Clone)]
pub struct SignatureNote<'n> {
    /// Who.
    pub organisation: &'n str,
    /// Why.
    pub reason: &'n str,
    /// Where.
    pub location: &'n str,
    /// When.
    pub at: Timestamp,
}

pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// RFC 5035 ESSCertIDv2 with the default hash, SHA-256.
#[derive(Sequence)]
pub(crate) struct EssCertIdV2 {
    pub(crate) hash: OctetString,
}

/// RFC 5035 SigningCertificateV2 without policies.
#[derive(Sequence)]
pub(crate) struct SigningCertificateV2 {
    pub(crate) certs: Vec<EssCertIdV2>,
}

fn fault(error: impl std::fmt::Display) -> PaperError {
    PaperError::Signature(error.to_string())
}

fn attribute(oid: ObjectIdentifier, value: &impl Encode) -> Result<Attribute, PaperError> {
    use der::Decode;
    let any = Any::from_der(&value.to_der().map_err(fault)?).map_err(fault)?;
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![any]).map_err(fault)? })
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

/// Signs a PDF. The bytes of the PDF stay; the signature is appended.
///
/// # Errors
/// When the PDF cannot be read, the certificate is not valid at that time, or the signature cannot be made.
pub fn sign(pdf: &[u8], keys: &KeyStore, note: &SignatureNote<'_>) -> Result<Vec<u8>, PaperError> {
    if !valid_between(&keys.certificate).is_some_and(|(first, last)| (first..=last).contains(&note.at.as_second())) {
        return Err(PaperError::Signature(format!("the signing certificate is not valid at {}", note.at)));
    }
    let at = civil_datetime(note.at);
    let signed_at =
        format!("D:{:04}{:02}{:02}{:02}{:02}{:02}+08'00'", at.year(), at.month(), at.day(), at.hour(), at.minute(), at.second());
    let Prepared { mut bytes, gap: (from, to) } = prepare(pdf, note.organisation, note.reason, note.location, &signed_at)?;
    let digest = Sha256::new().chain_update(&bytes[..from]).chain_update(&bytes[to..]).finalize();
    let cms = signed_data(keys, &digest)?;
    if cms.len() > RESERVED {
        return Err(PaperError::Signature("the signature does not fit".to_owned()));
    }
    for (index, byte) in cms.iter().enumerate() {
        let place = from + 1 + index * 2;
        bytes[place..place + 2].copy_from_slice(format!("{byte:02X}").as_bytes());
    }
    Ok(bytes)
}

fn signed_data(keys: &KeyStore, digest: &[u8]) -> Result<Vec<u8>, PaperError> {
    let certificate_hash = Sha256::digest(keys.certificate_der()?);
    let signing_certificate =
        SigningCertificateV2 { certs: vec![EssCertIdV2 { hash: OctetString::new(certificate_hash.to_vec()).map_err(fault)? }] };
    let attributes = SetOfVec::try_from(vec![
        attribute(rfc5911::ID_CONTENT_TYPE, &rfc5911::ID_DATA)?,
        attribute(rfc5911::ID_MESSAGE_DIGEST, &OctetString::new(digest).map_err(fault)?)?,
        attribute(SIGNING_CERTIFICATE_V2, &signing_certificate)?,
    ])
    .map_err(fault)?;
    let signature: Signature = keys.signer.try_sign(&attributes.to_der().map_err(fault)?).map_err(fault)?;
    // Of the two ways to write an ECDSA signature the one with the low s; a check takes no other, so nobody can rewrite it unnoticed.
    let signature = signature.normalize_s().to_der();
    let tbs = keys.certificate.tbs_certificate();
    let signer = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer().clone(),
            serial_number: tbs.serial_number().clone(),
        }),
        digest_alg: algorithm(rfc5912::ID_SHA_256),
        signed_attrs: Some(attributes),
        signature_algorithm: algorithm(rfc5912::ECDSA_WITH_SHA_256),
        signature: OctetString::new(signature.as_bytes()).map_err(fault)?,
        unsigned_attrs: None,
    };
    let certificates = SetOfVec::try_from(vec![
        CertificateChoices::Certificate(keys.certificate.clone()),
        CertificateChoices::Certificate(keys.authority.clone()),
    ])
    .map_err(fault)?;
    let data = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm(rfc5912::ID_SHA_256)]).map_err(fault)?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: rfc5911::ID_DATA, econtent: None },
        certificates: Some(CertificateSet(certificates)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![signer]).map_err(fault)?),
    };
    let info = ContentInfo { content_type: rfc5911::ID_SIGNED_DATA, content: Any::encode_from(&data).map_err(fault)? };
    info.to_der().map_err(fault)
}
