//! The proxies that the environment names, with curl's names and rules. They may hold a password.

use std::net::IpAddr;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::env::Env;
use crate::error::{Error, Result};
use crate::lang::Text;
use crate::secret::Secret;

/// The schemes of a proxy.
const SCHEMES: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// What is on this machine is reached directly: a proxy would look for it on its own.
const HERE: &str = "localhost,127.0.0.0/8,::1";

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

    /// All that is reached directly, separated by commas.
    pub fn direct(&self) -> String {
        format!("{HERE},{}", self.except)
    }

    /// The one that `target` is reached through, without its password.
    pub fn of(&self, target: &Url) -> Option<String> {
        let proxy = if target.scheme() == "https" { &self.https } else { &self.http };
        let (url, host) = (Url::parse(proxy.as_ref()?.expose()).ok()?, target.host()?);
        if self.direct().split(',').any(|entry| covers(entry.trim(), &host)) {
            return None;
        }
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!("{}://{}{port}", url.scheme(), url.host_str()?))
    }
}

/// Whether an entry of `NO_PROXY` is for `host`, by the rules of the HTTP client: a name and all below it, an address, or addresses
/// as `10.0.0.0/8`.
fn covers(entry: &str, host: &Host<&str>) -> bool {
    let address = match host {
        Host::Domain(name) => {
            let (name, bare) =
                (name.to_ascii_lowercase(), entry.trim_start_matches('.').to_ascii_lowercase());
            let below = name.strip_suffix(&bare).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
            return entry == "*" || !bare.is_empty() && below;
        }
        Host::Ipv4(address) => IpAddr::from(*address),
        Host::Ipv6(address) => IpAddr::from(*address),
    };
    let (net, length) = entry.split_once('/').map_or((entry, None), |(net, bits)| (net, Some(bits)));
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()) << 96, 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let Ok(net) = net.parse::<IpAddr>() else { return false };
    let ((net, most), (own, other)) = (bits(net), bits(address));
    let Ok(length) = length.map_or(Ok(most), str::parse::<u32>) else { return false };
    most == other && length <= most && (length == 0 || (net ^ own) >> (128 - length) == 0)
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

#[cfg(test)]
mod tests {
    use super::{Proxies, Url};
    use crate::secret::Secret;

    #[test]
    fn a_host_has_its_proxy() {
        let of = |except: &str, target: &str| {
            let proxies = Proxies {
                http: Some(Secret::new("http://u:p@one:3128")),
                https: Some(Secret::new("socks5h://two:1080")),
                except: except.into(),
                ..Proxies::default()
            };
            proxies.of(&Url::parse(target).unwrap())
        };
        assert_eq!(of("", "http://ding.example/x").as_deref(), Some("http://one:3128"));
        assert_eq!(of("", "https://ding.example/x").as_deref(), Some("socks5h://two:1080"));
        for (except, target) in [
            ("ding.example", "https://ding.example"),
            ("a, .ding.example", "https://Ding.example"),
            ("example", "http://api.ding.example:8080"),
            ("*", "http://ding.example"),
            ("10.0.0.0/8", "http://10.1.2.3"),
            ("10.1.2.3", "http://10.1.2.3:80"),
            ("fd00::/8", "http://[fd12::1]"),
            ("", "http://localhost:1"),
            ("", "https://127.3.2.1"),
            ("", "https://[::1]"),
        ] {
            assert_eq!(of(except, target), None, "{except} {target}");
        }
        for (except, target) in [
            ("ding.example", "https://notding.example"),
            ("10.0.0.0/8", "http://11.1.2.3"),
            ("10.0.0.0/33", "http://10.0.0.0"),
            ("0.0.0.0/0", "http://[fd12::1]"),
            (",", "https://ding.example"),
            ("*", "https://1.2.3.4"),
        ] {
            assert!(of(except, target).is_some(), "{except} {target}");
        }
    }
}
