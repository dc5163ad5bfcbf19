//! The installation's keys for papers: made on first start, never defaulted. A certificate authority of the installation's own signs
//! the certificate that signs papers; both are ECDSA P-256. A real installation replaces them by its provincial ones.

use std::{path::Path, str::FromStr, time::Duration};

use banhao_kernel::{Timestamp, entropy::Entropy};
use der::{DateTime, DecodePem, Encode, EncodePem, asn1::BitString, pem::LineEnding};
use p256::{
    ecdsa::{DerSignature, SigningKey},
    pkcs8::{DecodePrivateKey, EncodePrivateKey},
};
use x509_cert::{
    Certificate, SubjectPublicKeyInfo,
    builder::{Builder, CertificateBuilder, profile::BuilderProfile},
    certificate::TbsCertificate,
    ext::{
        Extension, ToExtension,
        pkix::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier},
    },
    name::Name,
    serial_number::SerialNumber,
    spki::SubjectPublicKeyInfoRef,
    time::{Time, Validity},
};

use crate::error::PaperError;

/// Who signs, as it stands in the certificate.
#[derive(Debug, Clone)]
pub struct Subject {
    /// Name of the body: 洪湖市政务服务平台.
    pub organisation: String,
    /// Whether it is a demonstration; the certificate says so.
    pub demo: bool,
}

/// The keys and certificates.
pub struct KeyStore {
    pub(crate) signer: SigningKey,
    pub(crate) certificate: Certificate,
    pub(crate) authority: Certificate,
}

const DAY: u64 = 24 * 60 * 60;

fn fault(error: impl std::fmt::Display) -> PaperError {
    PaperError::Keys(error.to_string())
}

struct Profile {
    subject: Name,
    issuer: Name,
    authority: bool,
}

impl BuilderProfile for Profile {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        key: SubjectPublicKeyInfoRef<'_>,
        issuer: SubjectPublicKeyInfoRef<'_>,
        tbs: &TbsCertificate,
    ) -> Result<Vec<Extension>, x509_cert::builder::Error> {
        let subject = tbs.subject();
        let usage = if self.authority {
            KeyUsages::KeyCertSign | KeyUsages::CRLSign
        } else {
            KeyUsages::DigitalSignature | KeyUsages::NonRepudiation
        };
        let mut extensions = Vec::new();
        let constraints = BasicConstraints { ca: self.authority, path_len_constraint: self.authority.then_some(0) };
        extensions.push(constraints.to_extension(subject, &extensions)?);
        extensions.push(KeyUsage(usage).to_extension(subject, &extensions)?);
        extensions.push(SubjectKeyIdentifier::try_from(key)?.to_extension(subject, &extensions)?);
        extensions.push(AuthorityKeyIdentifier::try_from(issuer)?.to_extension(subject, &extensions)?);
        Ok(extensions)
    }
}

fn name(common: &str, organisation: &str) -> Result<Name, PaperError> {
    let escape = |text: &str| text.replace(['\\', ',', '+', '"', '<', '>', ';', '='], " ");
    Name::from_str(&format!("CN={},O={},C=CN", escape(common), escape(organisation))).map_err(fault)
}

fn new_key(entropy: &dyn Entropy) -> SigningKey {
    loop {
        let mut bytes = [0_u8; 32];
        entropy.fill(&mut bytes);
        // All but a vanishing share of 32 random bytes is a key.
        if let Ok(key) = SigningKey::from_slice(&bytes) {
            return key;
        }
    }
}

fn validity(now: Timestamp, years: u64) -> Result<Validity, PaperError> {
    let time =
        |seconds: u64| DateTime::from_unix_duration(Duration::from_secs(seconds)).map(|at| Time::GeneralTime(at.into())).map_err(fault);
    let from = u64::try_from(now.as_second()).unwrap_or(0).saturating_sub(300);
    Ok(Validity::new(time(from)?, time(from + years * 366 * DAY)?))
}

fn serial(entropy: &dyn Entropy) -> Result<SerialNumber, PaperError> {
    let mut bytes = [0_u8; 16];
    entropy.fill(&mut bytes);
    bytes[0] = bytes[0] & 0x7f | 0x40;
    SerialNumber::new(&bytes).map_err(fault)
}

fn public(key: &SigningKey) -> Result<SubjectPublicKeyInfo, PaperError> {
    SubjectPublicKeyInfo::from_key(key.verifying_key()).map_err(fault)
}

fn certificate(
    profile: Profile,
    serial: SerialNumber,
    validity: Validity,
    key: &SigningKey,
    issuer: &SigningKey,
) -> Result<Certificate, PaperError> {
    let builder = CertificateBuilder::new(profile, serial, validity, public(key)?).map_err(fault)?;
    builder.build::<_, DerSignature>(issuer).map_err(fault)
}

fn write(path: &Path, text: &str, secret: bool) -> Result<(), PaperError> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    if secret {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    // Written beside, then renamed: a file is there whole or not at all.
    let beside = path.with_extension("new");
    let mut file = options.open(&beside).map_err(|error| fault(format!("{}: {error}", beside.display())))?;
    let written = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| fault(format!("{}: {error}", path.display())))
}

fn read(path: &Path) -> Result<String, PaperError> {
    std::fs::read_to_string(path).map_err(|error| fault(format!("{}: {error}", path.display())))
}

impl KeyStore {
    /// Reads the keys in a folder, or makes them: `paper-ca.key`, `paper-ca.crt`, `paper-signer.key`, `paper-signer.crt`; secret ones
    /// are readable by the owner only.
    ///
    /// # Errors
    /// When the folder cannot be read or written, or a file in it is damaged.
    pub fn open_or_generate(folder: &Path, subject: &Subject, entropy: &dyn Entropy, now: Timestamp) -> Result<Self, PaperError> {
        std::fs::create_dir_all(folder).map_err(fault)?;
        // Two programs that start at the same time on one folder make one authority, not two.
        let lock = std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(folder.join("paper.lock")).map_err(fault)?;
        lock.lock().map_err(fault)?;
        // A certificate is written after its key: where there is one, the pair is complete. An authority that is lost is never
        // replaced in silence: every paper signed so far would become a stranger's.
        if !folder.join("paper-ca.crt").exists() {
            if folder.join("paper-signer.crt").exists() {
                return Err(PaperError::Keys(format!("{} is missing: put it back from the backup", folder.join("paper-ca.crt").display())));
            }
            Self::generate_authority(folder, subject, entropy, now)?;
        }
        let authority = Certificate::from_pem(read(&folder.join("paper-ca.crt"))?).map_err(fault)?;
        if !folder.join("paper-signer.crt").exists() {
            Self::generate_signer(folder, subject, &authority, entropy, now)?;
        }
        Ok(Self {
            signer: SigningKey::from_pkcs8_pem(&read(&folder.join("paper-signer.key"))?).map_err(fault)?,
            certificate: Certificate::from_pem(read(&folder.join("paper-signer.crt"))?).map_err(fault)?,
            authority,
        })
    }

    fn generate_authority(folder: &Path, subject: &Subject, entropy: &dyn Entropy, now: Timestamp) -> Result<(), PaperError> {
        let key = new_key(entropy);
        let mark = if subject.demo { "(示范)" } else { "" };
        let authority_name = name(&format!("{}证书签发{mark}", subject.organisation), &subject.organisation)?;
        let authority = certificate(
            Profile { subject: authority_name.clone(), issuer: authority_name, authority: true },
            serial(entropy)?,
            validity(now, 10)?,
            &key,
            &key,
        )?;
        write(&folder.join("paper-ca.key"), &key.to_pkcs8_pem(LineEnding::LF).map_err(fault)?, true)?;
        write(&folder.join("paper-ca.crt"), &authority.to_pem(LineEnding::LF).map_err(fault)?, false)
    }

    fn generate_signer(
        folder: &Path,
        subject: &Subject,
        authority: &Certificate,
        entropy: &dyn Entropy,
        now: Timestamp,
    ) -> Result<(), PaperError> {
        let issuer = SigningKey::from_pkcs8_pem(&read(&folder.join("paper-ca.key"))?).map_err(fault)?;
        let key = new_key(entropy);
        let mark = if subject.demo { "(示范)" } else { "" };
        let signer_name = name(&format!("{}文书签章{mark}", subject.organisation), &subject.organisation)?;
        let signer = certificate(
            Profile { subject: signer_name, issuer: authority.tbs_certificate().subject().clone(), authority: false },
            serial(entropy)?,
            validity(now, 5)?,
            &key,
            &issuer,
        )?;
        write(&folder.join("paper-signer.key"), &key.to_pkcs8_pem(LineEnding::LF).map_err(fault)?, true)?;
        write(&folder.join("paper-signer.crt"), &signer.to_pem(LineEnding::LF).map_err(fault)?, false)
    }

    /// The authority's certificate as PEM, for others to check papers with.
    ///
    /// # Errors
    /// When it cannot be encoded, which is a fault of the program.
    pub fn authority_pem(&self) -> Result<String, PaperError> {
        self.authority.to_pem(LineEnding::LF).map_err(fault)
    }

    pub(crate) fn certificate_der(&self) -> Result<Vec<u8>, PaperError> {
        self.certificate.to_der().map_err(fault)
    }
}

/// Raw bits of a public key, for checking signatures.
pub(crate) fn key_bits(certificate: &Certificate) -> Option<&[u8]> {
    let bits: &BitString = &certificate.tbs_certificate().subject_public_key_info().subject_public_key;
    bits.as_bytes()
}

/// First and last second (since 1970) in which a certificate may sign.
pub(crate) fn valid_between(certificate: &Certificate) -> Option<(i64, i64)> {
    let seconds = |time: &Time| i64::try_from(time.to_unix_duration().as_secs()).ok();
    let validity = certificate.tbs_certificate().validity();
    Some((seconds(&validity.not_before)?, seconds(&validity.not_after)?))
}
