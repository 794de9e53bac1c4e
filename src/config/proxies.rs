//! The proxies that the environment names, with curl's names and rules. They may hold a password.

use percent_encoding::percent_decode_str;
use url::Url;

use super::env::Env;
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::secret::Secret;

/// The schemes of a proxy.
const SCHEMES: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// What requests go through. This machine itself is always reached directly.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For `http://`.
    pub http: Option<Secret>,
    /// For `https://`.
    pub https: Option<Secret>,
    /// Hosts that are reached directly, separated by commas.
    pub except: String,
    /// The passwords in them.
    pub passwords: Vec<Secret>,
}

impl Proxies {
    /// Reads `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in capitals or not.
    pub(super) fn read(env: &Env) -> Result<Self> {
        let all = one(env, &["ALL_PROXY", "all_proxy"])?;
        // In a CGI program that variable is a header of the request.
        let is_cgi = env.raw("REQUEST_METHOD").is_some();
        let http = if is_cgi { None } else { one(env, &["HTTP_PROXY", "http_proxy"])? };
        let https = one(env, &["HTTPS_PROXY", "https_proxy"])?;
        let except = ["NO_PROXY", "no_proxy"].iter().find_map(|name| env.var(name)).unwrap_or_default();
        let (http, https) = (http.or_else(|| all.clone()), https.or(all));
        let passwords = http.iter().chain(&https).filter_map(password).collect();
        Ok(Self { http, https, except: except.to_owned(), passwords })
    }

    /// The one that DingTalk is reached through, without its password.
    pub fn shown(&self) -> Option<String> {
        let url = Url::parse(self.https.as_ref().or(self.http.as_ref())?.expose()).ok()?;
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!("{}://{}{port}", url.scheme(), url.host_str()?))
    }
}

fn password(url: &Secret) -> Option<Secret> {
    let url = Url::parse(url.expose()).ok()?;
    Some(Secret::new(percent_decode_str(url.password()?).decode_utf8_lossy()))
}

fn one(env: &Env, names: &[&'static str]) -> Result<Option<Secret>> {
    let Some((name, value)) = names.iter().find_map(|name| Some((*name, env.raw(name)?))) else {
        return Ok(None);
    };
    let text = value.to_str().map(str::trim).unwrap_or_default();
    let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    match Url::parse(&text) {
        Ok(url) if SCHEMES.contains(&url.scheme()) && url.has_host() => Ok(Some(Secret::new(url.as_str()))),
        // What it is is not said: it may hold a password.
        _ => Err(Error::setting(
            None,
            name,
            Text::fixed(
                "in the environment must be the address of a proxy, like http://host:8080 or socks5://host:1080",
                "（环境变量）必须是代理地址，例如 http://host:8080 或 socks5://host:1080",
            ),
        )),
    }
}
