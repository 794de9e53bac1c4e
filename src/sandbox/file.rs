//! Files of received messages: POST api `/v1.0/robot/messageFiles/download` gives a signed URL, and the URL the bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;

use super::refuse::{Refusal, api};
use super::robot::SCOPE;
use super::route::{Answer, Auth, Call, Route, Success};
use super::strict::filled;

/// How long a signed URL is good, in seconds.
const LIFE: i64 = 3600;
/// Where the URLs point.
const FOLDER: &str = "/files/";

pub(super) const ROUTES: &[Route] = &[
    Route::api(
        "POST",
        "/v1.0/robot/messageFiles/download",
        Auth::App(SCOPE),
        "invalidParameter.param.invalid",
        download,
    ),
    Route::api("GET", "/files/*", Auth::Open, "invalidParameter.param.invalid", fetch),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Download {
    #[serde(rename = "downloadCode")]
    download_code: Option<String>,
    #[serde(rename = "robotCode")]
    robot_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    #[serde(rename = "Expires")]
    expires: Option<String>,
    #[serde(rename = "Signature")]
    signature: Option<String>,
}

fn download(call: &Call<'_>) -> Answer {
    let request: Download = call.body()?;
    let (Some(code), Some(robot)) =
        (filled(request.download_code.as_deref()), filled(request.robot_code.as_deref()))
    else {
        return Err(api("invalidParameter.robotCode.empty", "robotCode or downloadCode is empty"));
    };
    if call.state.app.read().robot_code != robot {
        return Err(api("invalidParameter.robotCode.auth", format!("robot {robot} is not of this app")));
    }
    let Some(name) = call.state.files.read().name_of(code) else {
        return Err(api("invalidParameter.robotCode.downloadCode", "downloadCode is invalid or expired"));
    };
    let expires = (call.clock.millis() / 1000 + LIFE).to_string();
    let signature = STANDARD.encode(sign(call, &name, &expires)?.finalize().into_bytes());
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("Expires", &expires)
        .append_pair("Signature", &signature)
        .finish();
    let host = call.host();
    Ok(Success::Body(json!({"downloadUrl": format!("http://{host}{FOLDER}{name}?{query}")})))
}

/// A storage host: it knows nothing of tokens, only of its own signature and its end.
fn fetch(call: &Call<'_>) -> Answer {
    let name = call.path.strip_prefix(FOLDER).unwrap_or_default();
    let denied = |message| Refusal::Storage { code: "AccessDenied", message };
    let query: Signed = call.query().map_err(|_| denied("unknown query parameter"))?;
    let expires = query.expires.unwrap_or_default();
    let signature = STANDARD.decode(query.signature.unwrap_or_default()).map_err(|_| mismatch())?;
    sign(call, name, &expires)?.verify_slice(&signature).map_err(|_| mismatch())?;
    let until: i64 = expires.parse().unwrap_or_default();
    if until * 1000 <= call.clock.millis() {
        return Err(denied("Request has expired."));
    }
    // A right signature names a file that is there.
    let bytes = call.state.files.read().bytes(name).ok_or_else(mismatch)?;
    Ok(Success::File { content_type: "application/octet-stream", bytes })
}

fn mismatch() -> Refusal {
    Refusal::Storage { code: "SignatureDoesNotMatch", message: "the signature is wrong" }
}

/// The signature of a name and its end under the secret of the app.
fn sign(call: &Call<'_>, name: &str, expires: &str) -> Result<Hmac<Sha256>, Refusal> {
    let secret = call.state.app.read().app_secret.clone();
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_err(|_| mismatch())?;
    mac.update(format!("GET\n{name}\n{expires}").as_bytes());
    Ok(mac)
}
