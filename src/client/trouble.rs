//! What a failure of the network was, in words: who did not answer, why, and what to do about it.

use rustls::{CertificateError, Error as TlsError};

use super::Client;
use super::http::Failure;
use crate::error::{Error, Kind, Limit, Sent};
use crate::lang::Text;

impl Client {
    /// A request of `call` to `host` that did not get through.
    pub(super) fn broken(&self, call: String, host: String, failure: &Failure) -> Error {
        let sent = if failure.is_unsent() { Sent::No } else { Sent::Unknown };
        if failure.is_timeout() {
            return late(call, host, Limit::Connect, self.config.timeouts.connect, sent);
        }
        let (tls, failed_at) = (failure.tls(), failure.url());
        let problem = tls.and_then(certificate).map_or_else(|| failure.innermost(), str::to_owned);
        let error = Error::new(Kind::Network { call, host, problem, sent });
        let error = match (tls, sent) {
            (Some(tls), _) => error.hint(tls_hint(tls)),
            (None, Sent::No) => error.hint(Text::fixed(
                "check the network, the proxy (HTTPS_PROXY) and `[endpoints]`; `dingraia doctor` tests each step",
                "请检查网络、代理（HTTPS_PROXY）与 `[endpoints]`；`dingraia doctor` 会逐项检查",
            )),
            (None, Sent::Yes | Sent::Unknown) => return error,
        };
        match failed_at.and_then(|url| self.config.proxies.of(url)) {
            Some(proxy) if sent == Sent::No => error.hint(Text::made(
                format!("the environment names a proxy: {proxy}"),
                format!("环境变量中设置了代理：{proxy}"),
            )),
            _ => error,
        }
    }
}

/// An answer that did not come in time.
pub(super) fn late(call: String, host: String, limit: Limit, after: f64, sent: Sent) -> Error {
    let key = limit.key();
    Error::new(Kind::TimedOut { call, host, limit, after, sent }).hint(Text::made(
        format!("`timeouts.{key}` in the configuration sets this limit"),
        format!("该时限由配置中的 `timeouts.{key}` 设定"),
    ))
}

/// What is wrong with a certificate, as a person would say it.
fn certificate(error: &TlsError) -> Option<&'static str> {
    let TlsError::InvalidCertificate(problem) = error else { return None };
    match problem {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            Some("its certificate is from an authority that is not trusted here")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Some("its certificate is for another name")
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            Some("its certificate has expired")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Some("its certificate is not valid yet")
        }
        _ => None,
    }
}

fn tls_hint(error: &TlsError) -> Text {
    use CertificateError::{
        BadSignature, Expired, ExpiredContext, NotValidForName, NotValidForNameContext, NotValidYet,
        NotValidYetContext, UnknownIssuer,
    };
    match error {
        TlsError::InvalidCertificate(UnknownIssuer | BadSignature) => Text::fixed(
            "somebody stands in between, or the authority is your own: `tls.ca_file` names its certificate (PEM)",
            "中间可能有代理，或使用了自建 CA：可用 `tls.ca_file` 指定其证书（PEM）",
        ),
        TlsError::InvalidCertificate(NotValidForName | NotValidForNameContext { .. }) => Text::fixed(
            "another host answers there: check `[endpoints]`, the proxy and the network (a login page?)",
            "该地址由其他主机应答：请检查 `[endpoints]`、代理与网络（是否有登录页？）",
        ),
        TlsError::InvalidCertificate(
            Expired | ExpiredContext { .. } | NotValidYet | NotValidYetContext { .. },
        ) => Text::fixed("check this machine's clock", "请检查本机时钟"),
        _ => Text::fixed(
            "the other side speaks no TLS as it should: is it https there, or a proxy in between?",
            "对方的 TLS 握手异常：该地址是否为 https，中间是否有代理？",
        ),
    }
}
