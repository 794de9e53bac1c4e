//! Whose word a server's certificate needs: the authorities that the system trusts and those of `tls.ca_file`; Mozilla's on a
//! machine that has none.
//!
//! They are read at the first handshake: that takes longer than starting the program, and a sandbox has none.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error as TlsError, SignatureScheme};
use rustls_platform_verifier::Verifier;

use crate::error::{Error, Kind, Result};
use crate::lang::Text;

/// How to speak TLS, with the certificates of `ca_file` trusted beside the usual ones.
///
/// # Errors
/// When that file holds none.
pub(super) fn config(ca_file: Option<&Path>) -> Result<ClientConfig> {
    let extra = ca_file.map(read).transpose()?.unwrap_or_default();
    let provider = Arc::new(ring::default_provider());
    let versions =
        ClientConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
    let builder = versions
        .map_err(|error| Error::new(Kind::Bug { problem: "TLS cannot be spoken".into() }).because(error))?;
    let trust = Arc::new(Trust { provider, extra, verifier: OnceLock::new() });
    Ok(builder.dangerous().with_custom_certificate_verifier(trust).with_no_client_auth())
}

/// The certificates of a PEM file.
fn read(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let bytes = std::fs::read(path).map_err(|error| Error::file(path, error))?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    certificates.ok().filter(|certificates| !certificates.is_empty()).ok_or_else(|| {
        let problem = "no certificates in PEM form (-----BEGIN CERTIFICATE-----)".into();
        Error::new(Kind::File { path: path.into(), problem }).hint(Text::fixed(
            "`tls.ca_file` names a PEM file with the certificates of the authorities to trust",
            "`tls.ca_file` 应为 PEM 文件，包含要信任的 CA 证书",
        ))
    })
}

/// The usual check of a certificate, made ready when the first one comes.
#[derive(Debug)]
struct Trust {
    provider: Arc<CryptoProvider>,
    extra: Vec<CertificateDer<'static>>,
    verifier: OnceLock<Result<Verifier, TlsError>>,
}

impl Trust {
    fn verifier(&self) -> Result<&Verifier, TlsError> {
        let made = || {
            let with = |extra| Verifier::new_with_extra_roots(extra, Arc::clone(&self.provider));
            Verifier::new(Arc::clone(&self.provider)).map_or_else(
                |_| {
                    let usual = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned();
                    with(usual.chain(self.extra.iter().cloned()).collect::<Vec<_>>())
                },
                |usual| if self.extra.is_empty() { Ok(usual) } else { with(self.extra.clone()) },
            )
        };
        self.verifier.get_or_init(made).as_ref().map_err(Clone::clone)
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        self.verifier()?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
