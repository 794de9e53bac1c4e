//! One post to an address: its headers and body, and what its answer says.

use axum::http::HeaderMap;
use axum::http::header::{CONTENT_TYPE, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use sha2::Sha256;
use tokio::time::Instant;

use super::answer::CardAnswer;
use super::callback::EventAddress;
use super::crypto::Cipher;
use super::parcel::{Outcome, Parcel, Topic};
use crate::clock::{Clock, hex};
use crate::sandbox::World;
use crate::sandbox::refuse::Malformed;
use crate::sandbox::route::Call;
use crate::sandbox::state::message::{SentMessage, Via};
use crate::sandbox::webhook_body;

/// A post before it is sent.
struct Post {
    url: String,
    headers: Vec<(&'static str, String)>,
    body: String,
    /// The keys that its answer is encrypted with.
    cipher: Option<Cipher>,
}

/// Posts a parcel and takes note of what came back.
pub(super) async fn post(world: &World, parcel: Parcel) {
    let since = Instant::now();
    let (to, outcome, answer) = match prepare(world, &parcel) {
        Err(why) => (String::new(), Outcome::Unreachable(why), String::new()),
        Ok(post) => {
            let to = post.url.clone();
            let (outcome, answer) = send(world, post, &parcel).await;
            (to, outcome, answer)
        }
    };
    world.push.ended(world, parcel, &to, outcome, answer, since.elapsed());
}

/// Posts the test event that an address has to answer before it is used; the text says what is wrong.
pub(super) async fn check_url(world: &World, address: &EventAddress) -> Result<(), String> {
    let parcel = Parcel::event("check_url".into(), String::new(), world.clock.millis(), "{}".into());
    let post = event(world, address, r#"{"EventType":"check_url"}"#)?;
    match send(world, post, &parcel).await.0 {
        Outcome::Done => Ok(()),
        Outcome::Unanswered => Err("no answer in time".into()),
        other => Err(other.detail().to_string()),
    }
}

fn prepare(world: &World, parcel: &Parcel) -> Result<Post, String> {
    let addresses = world.push.addresses.read().clone();
    let url = addresses.of(&world.state, parcel).ok_or("the address was taken away")?;
    let timestamp = world.clock.millis().to_string();
    match parcel.topic {
        Topic::Event => {
            let address = addresses.events.ok_or("the address was taken away")?;
            event(world, &address, &flat(world, parcel))
        }
        Topic::Card => {
            let key = parcel.route_key.as_deref().unwrap_or_default();
            let secret = world.state.cards.lock().routes.get(key).map(|route| route.secret.clone());
            let signature = mac(&secret.unwrap_or_default(), &timestamp);
            let headers =
                vec![("x-ddpaas-signature-timestamp", timestamp), ("x-ddpaas-signature", signature)];
            Ok(Post { url, headers, body: parcel.data.clone(), cipher: None })
        }
        _ => {
            let secret = world.state.app.read().app_secret.clone();
            let sign = mac(&secret, &format!("{timestamp}\n{secret}"));
            let headers = vec![("timestamp", timestamp), ("sign", sign)];
            Ok(Post { url, headers, body: parcel.data.clone(), cipher: None })
        }
    }
}

/// The payload of an event with its type, time and ids beside it.
fn flat(world: &World, parcel: &Parcel) -> String {
    let mut fields = json!({
        "EventType": parcel.name,
        "EventTime": parcel.born,
        "CorpId": world.state.organisation.read().company.corp_id,
        "BizId": format!("{}01", parcel.born),
        "eventId": parcel.id,
    });
    if let (Some(fields), Ok(payload)) =
        (fields.as_object_mut(), serde_json::from_str::<Map<String, Value>>(&parcel.data))
    {
        fields.extend(payload);
    }
    fields.to_string()
}

fn event(world: &World, address: &EventAddress, message: &str) -> Result<Post, String> {
    let cipher = address.cipher(&world.state)?;
    let mut random = [0; 16];
    world.clock.random(&mut random);
    let (timestamp, nonce) = (world.clock.millis().to_string(), nonce(&world.clock));
    let encrypted = cipher.seal(random, message);
    let signature = cipher.sign(&timestamp, &nonce, &encrypted);
    let mut url = url::Url::parse(&address.url).map_err(|error| error.to_string())?;
    let name = if address.msg_signature { "msg_signature" } else { "signature" };
    url.query_pairs_mut()
        .append_pair(name, &signature)
        .append_pair("timestamp", &timestamp)
        .append_pair("nonce", &nonce);
    let body = json!({"encrypt": encrypted}).to_string();
    Ok(Post { url: url.into(), headers: Vec::new(), body, cipher: Some(cipher) })
}

fn nonce(clock: &Clock) -> String {
    let mut bytes = [0; 8];
    clock.random(&mut bytes);
    hex(&bytes)
}

/// HMAC-SHA256 in base64.
fn mac(key: &str, message: &str) -> String {
    // A key of any length is a key.
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes());
    mac.map(|mac| STANDARD.encode(mac.chain_update(message).finalize().into_bytes())).unwrap_or_default()
}

async fn send(world: &World, post: Post, parcel: &Parcel) -> (Outcome, String) {
    let client = match world.push.courier.client() {
        Ok(client) => client,
        Err(why) => return (Outcome::Unreachable(why), String::new()),
    };
    let mut request = client.post(&post.url).header("content-type", "application/json").body(post.body);
    for (name, value) in post.headers {
        request = request.header(name, value);
    }
    let answered = async {
        let response = request.send().await?;
        Ok::<_, reqwest::Error>((response.status().as_u16(), response.text().await?))
    };
    let (status, text) = match tokio::time::timeout(world.push.timing().http_answer, answered).await {
        Err(_) => return (Outcome::Unanswered, String::new()),
        Ok(Err(error)) => return (Outcome::Unreachable(error.without_url().to_string()), String::new()),
        Ok(Ok(answer)) => answer,
    };
    let outcome = if status == 200 {
        judge(world, post.cipher.as_ref(), parcel, &text)
    } else {
        Err(format!("HTTP status {status}"))
    };
    (outcome.map_or_else(Outcome::Wrong, |()| Outcome::Done), text)
}

fn judge(world: &World, cipher: Option<&Cipher>, parcel: &Parcel, text: &str) -> Result<(), String> {
    let json = || serde_json::from_str(text).map_err(|error| format!("the answer is not JSON: {error}"));
    match (cipher, parcel.topic) {
        (Some(cipher), _) => encrypted(cipher, &json()?),
        (None, Topic::Card) => CardAnswer::read(&json()?).map(|_| ()),
        (None, _) if text.trim().is_empty() => Ok(()),
        (None, _) => reply(world, parcel, &json()?),
    }
}

/// The encrypted `success`.
#[derive(Deserialize)]
struct Sealed {
    msg_signature: String,
    #[serde(rename = "timeStamp")]
    timestamp: String,
    nonce: String,
    encrypt: String,
}

fn encrypted(cipher: &Cipher, answer: &Value) -> Result<(), String> {
    let answer = Sealed::deserialize(answer).map_err(|error| format!("the answer: {error}"))?;
    if cipher.sign(&answer.timestamp, &answer.nonce, &answer.encrypt) != answer.msg_signature {
        return Err("the signature of the answer is wrong".into());
    }
    match cipher.open(&answer.encrypt)?.as_str() {
        "success" => Ok(()),
        other => Err(format!("the answer is `{other}` and not `success`")),
    }
}

/// The answer to a message may be a message itself.
fn reply(world: &World, parcel: &Parcel, answer: &Value) -> Result<(), String> {
    let Some(fields) = answer.as_object() else { return Err("the answer is no object".into()) };
    if fields.is_empty() || answer["msgtype"] == "empty" {
        return Ok(());
    }
    let bytes = answer.to_string().into_bytes();
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let call = Call {
        world,
        state: &world.state,
        clock: &world.clock,
        malformed: Malformed::Bare(40035),
        path: "",
        headers: &headers,
        query: &[],
        bytes: &bytes,
        form: None,
    };
    let message =
        webhook_body::check(&call).map_err(|refusal| format!("the answer: {}", refusal.reason()))?;
    let asked: Value = serde_json::from_str(&parcel.data).unwrap_or_default();
    let to = if asked["conversationType"] == "1" { "senderStaffId" } else { "conversationId" };
    world.state.messages.lock().deliver(SentMessage {
        to: asked[to].as_str().unwrap_or_default().into(),
        via: Via::Session,
        kind: message.kind.into(),
        body: answer.clone(),
        process_query_key: None,
        recalled: false,
        at: world.clock.millis(),
    });
    Ok(())
}
