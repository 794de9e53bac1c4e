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
        let proxy = failure.url().filter(|_| sent == Sent::No).and_then(|url| self.config.proxies.of(url));
        let through = proxy.map(|proxy| {
            Text::made(
                format!("the environment names a proxy: {proxy}"),
                format!("环境变量中设置了代理：{proxy}"),
            )
        });
        if failure.is_timeout() {
            let after = self.config.timeouts.connect;
            return through.into_iter().fold(late(call, host, Limit::Connect, after, sent), Error::hint);
        }
        let tls = failure.tls();
        let problem = tls.and_then(certificate).unwrap_or_else(|| failure.innermost());
        let error = Error::new(Kind::Network { call, host, problem, sent });
        // Whether to try again depends on it.
        let error = tls.into_iter().fold(error, |error, tls| error.because(tls.clone()));
        let error = match (tls, sent) {
            (Some(tls), _) => error.hint(tls_hint(tls)),
            (None, Sent::No) => error
                .hint(Text::fixed(
                    "check the network, the proxy (HTTPS_PROXY) and `[endpoints]`",
                    "请检查网络、代理（HTTPS_PROXY）与 `[endpoints]`",
                ))
                .hint(DOCTOR),
            (None, Sent::Yes | Sent::Unknown) => error,
        };
        through.into_iter().fold(error, Error::hint)
    }
}

/// Who looks closer; whoever that is needs not say it.
pub const DOCTOR: Text = Text::fixed("`dingraia doctor` tests each step", "`dingraia doctor` 会逐项检查");

/// An answer that did not come in time.
pub(super) fn late(call: String, host: String, limit: Limit, after: f64, sent: Sent) -> Error {
    let key = limit.key();
    Error::new(Kind::TimedOut { call, host, limit, after, sent }).hint(Text::made(
        format!("`timeouts.{key}` in the configuration sets this limit"),
        format!("该时限由配置中的 `timeouts.{key}` 设定"),
    ))
}

/// Whether the other side is not who it should be: that gets no better with another try.
pub(super) fn is_distrust(error: &Error) -> bool {
    let tls = std::error::Error::source(error).and_then(|cause| cause.downcast_ref());
    matches!(tls, Some(TlsError::InvalidCertificate(_) | TlsError::NoCertificatesPresented))
}

/// What can be wrong with a certificate.
enum Fault {
    /// Nobody trusted signed it.
    Stranger,
    /// It is that of an authority itself, as self-signed ones often are.
    Authority,
    Name,
    Expired,
    Early,
    /// Something else, in the library's word for it.
    Other(String),
}

impl Fault {
    fn of(error: &TlsError) -> Option<Self> {
        use CertificateError as E;
        let TlsError::InvalidCertificate(problem) = error else { return None };
        Some(match problem {
            E::UnknownIssuer | E::BadSignature => Self::Stranger,
            E::NotValidForName | E::NotValidForNameContext { .. } => Self::Name,
            E::Expired | E::ExpiredContext { .. } => Self::Expired,
            E::NotValidYet | E::NotValidYetContext { .. } => Self::Early,
            // The library has no name for it.
            E::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => Self::Authority,
            other => Self::Other(format!("{other:?}")),
        })
    }

    /// As a person would say it.
    fn text(&self) -> Text {
        match self {
            Self::Stranger => Text::fixed(
                "its certificate is from an authority that is not trusted here",
                "其证书由不受信任的 CA 签发",
            ),
            Self::Authority => Text::fixed(
                "its certificate is that of an authority, perhaps self-signed, and not of a server",
                "其证书是 CA 证书（可能为自签名），而不是服务器证书",
            ),
            Self::Name => Text::fixed("its certificate is for another name", "其证书属于其他域名"),
            Self::Expired => Text::fixed("its certificate has expired", "其证书已过期"),
            Self::Early => Text::fixed("its certificate is not valid yet", "其证书尚未生效"),
            Self::Other(word) => {
                Text::made(format!("its certificate is not good: {word}"), format!("其证书无效：{word}"))
            }
        }
    }

    fn hint(&self) -> Text {
        match self {
            Self::Stranger | Self::Other(_) => Text::fixed(
                "somebody stands in between, or the authority is your own: `tls.ca_file` names its certificate (PEM)",
                "中间可能有代理，或使用了自建 CA：可用 `tls.ca_file` 指定其证书（PEM）",
            ),
            Self::Authority => Text::fixed(
                "the server needs a certificate of its own (`CA:FALSE`); `tls.ca_file` names that of the authority that signed it (PEM)",
                "服务器需要自己的证书（`CA:FALSE`）；可用 `tls.ca_file` 指定签发它的 CA 证书（PEM）",
            ),
            Self::Name => Text::fixed(
                "another host answers there: check `[endpoints]`, the proxy and the network (a login page?)",
                "该地址由其他主机应答：请检查 `[endpoints]`、代理与网络（是否有登录页？）",
            ),
            Self::Expired | Self::Early => Text::fixed("check this machine's clock", "请检查本机时钟"),
        }
    }
}

/// What is wrong with a certificate.
fn certificate(error: &TlsError) -> Option<Text> {
    Fault::of(error).map(|fault| fault.text())
}

fn tls_hint(error: &TlsError) -> Text {
    Fault::of(error).map_or(NO_TLS, |fault| fault.hint())
}

const NO_TLS: Text = Text::fixed(
    "the other side speaks no TLS as it should: is it https there, or a proxy in between?",
    "对方的 TLS 握手异常：该地址是否为 https，中间是否有代理？",
);
