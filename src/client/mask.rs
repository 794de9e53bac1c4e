//! Secrets out of bodies: by the names of their fields, and by what they are.

use crate::secret::MASK;

/// The shortest text that is looked for as a secret: shorter ones would mask parts of words.
const SHORTEST_SECRET: usize = 6;

/// `text`, which is JSON that may break off, without `secrets` and without what stands in fields for secrets; `also` names
/// further fields.
pub(super) fn masked(text: &str, secrets: &[&str], also: &[&str]) -> String {
    let text = mask_fields(text, also);
    let secrets = secrets.iter().filter(|secret| secret.len() >= SHORTEST_SECRET);
    secrets.fold(text, |text, secret| text.replace(secret, MASK))
}

/// Parts of the names of fields that hold secrets.
const SECRET_NAMES: &[&str] =
    &["token", "secret", "ticket", "password", "aeskey", "aes_key", "webhook", "authorization"];

/// Fields with addresses that open what is behind them: their queries are signatures.
const ADDRESSES: &[&str] = &["downloadurl", "download_url", "resourceurl", "resource_url"];

fn mask_fields(text: &str, also: &[&str]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let (mut is_secret, mut is_address) = (false, false);
    while let Some(open) = rest.find('"') {
        let body = &rest[open + 1..];
        let end = string_end(body);
        let is_cut = end == body.len();
        let (inside, after) = (&body[..end], body.get(end + 1..).unwrap_or_default());
        let between = &rest[..open];
        // A secret field's value is what stands behind its colon, a list of texts included.
        is_secret &= between.chars().all(|c| matches!(c, ':' | '[' | ',' | ' ' | '\n'));
        out.push_str(between);
        out.push('"');
        let is_name = after.trim_start().starts_with(':');
        match inside.split_once('?').filter(|(place, _)| place.starts_with("http")) {
            _ if is_secret && !is_name => out.push_str(MASK),
            Some((place, _)) if is_address => {
                out.push_str(place);
                out.push('?');
                out.push_str(MASK);
            }
            _ => out.push_str(inside),
        }
        if !is_cut {
            out.push('"');
        }
        if is_name {
            let name = inside.to_ascii_lowercase();
            is_address = ADDRESSES.contains(&name.as_str());
            is_secret = SECRET_NAMES.iter().any(|part| name.contains(part)) || also.contains(&name.as_str());
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where the text ends that has just begun: at its quote, or where everything breaks off.
fn string_end(body: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in body.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at,
            _ => {}
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn secrets_are_masked() {
        let text = r#"{"appKey":"ding1","appSecret":"s3cr\"et","a":[{"access_token":"tok"}],"list_of_tokens":["x", "y"],"n":"ok","expireIn":7200}"#;
        let expected = r#"{"appKey":"ding1","appSecret":"***","a":[{"access_token":"***"}],"list_of_tokens":["***", "***"],"n":"ok","expireIn":7200}"#;
        assert_eq!(masked(text, &[], &[]), expected);
        assert_eq!(
            masked(r#"{"text":"send SEC123456 now"}"#, &["SEC123456"], &[]),
            r#"{"text":"send *** now"}"#
        );
        assert_eq!(masked(r#"{"code":"c1","errcode":0}"#, &[], &["code"]), r#"{"code":"***","errcode":0}"#);
        assert_eq!(masked(r#"{"accessToken":"broken o"#, &[], &[]), r#"{"accessToken":"***"#);
        let signed = r#"{"downloadUrl":"https://h/f?Expires=1&Signature=x","text":"https://h/f?a=1","pcUrl":"https://h/f?a=1"}"#;
        let expected =
            r#"{"downloadUrl":"https://h/f?***","text":"https://h/f?a=1","pcUrl":"https://h/f?a=1"}"#;
        assert_eq!(masked(signed, &[], &[]), expected);
    }
}
