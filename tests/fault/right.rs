//! What is right for each fault, written by hand from DingTalk's documentation and the rules of the pipeline, and not from the
//! client: what cannot have happened, and reads, are tried again; a write that may have been received is never sent twice.

use super::kind::Fault;

/// What a call is.
#[derive(Debug, Clone, Copy)]
pub struct Nature {
    pub effect: Effect,
    pub token: Token,
    /// What lies behind an address: whoever has it knows nothing of DingTalk's codes.
    pub file: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing.
    Reads,
    /// Changes something, or reaches people.
    Writes,
    /// Changes something, and the same twice is the same as once: each frame of a card holds the whole text. Its sender has a
    /// newer frame by then, and sends that.
    Frames,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// The app's.
    App,
    /// One that the caller brought.
    Given,
    /// None of the app's: the address holds its own, or the call asks for one.
    None,
}

/// The calls that change nothing; all others do.
const READS: &[&str] = &[
    "GET /v1.0/contact/users/me",
    "GET /v1.0/no/such/path",
    "GET /no/such/path",
    "POST /gettoken",
    "POST /topapi/im/chat/scenegroup/get",
    "POST /topapi/im/chat/scenegroup/member/get",
    "POST /topapi/user/getbyunionid",
    "POST /topapi/user/listid",
    "POST /topapi/v2/department/listsub",
    "POST /topapi/v2/user/get",
    "POST /v1.0/oauth2/accessToken",
    "POST /v1.0/robot/messageFiles/download",
];

/// The calls whose body holds a key by which DingTalk knows a repetition, or everything there is to say.
const FRAMES: &[&str] = &["PUT /v1.0/card/streaming", "POST /v1.0/aiInteraction/reply"];

/// The calls that carry no token of the app.
const OPEN: &[&str] = &["/robot/send", "/robot/sendBySession", "/v1.0/oauth2/userAccessToken"];

impl Nature {
    /// Of a call that `method` makes; `given` when with a token that it was given.
    pub fn of(method: &str, verb: &str, path: &str, given: bool) -> Self {
        let name = format!("{verb} {path}");
        // What lies behind an address is fetched.
        let is_file = path.starts_with("/files/");
        // What a raw call does is known where the call is documented to read; the verb is all there is to go by elsewhere.
        let is_raw = ["post", "put", "delete"].contains(&method) && !READS.contains(&name.as_str());
        let effect = match name.as_str() {
            _ if is_raw => Effect::Writes,
            name if READS.contains(&name) || is_file => Effect::Reads,
            name if FRAMES.contains(&name) => Effect::Frames,
            _ => Effect::Writes,
        };
        let token = match path {
            path if OPEN.contains(&path) || is_file => Token::None,
            _ if given || path == "/v1.0/contact/users/me" => Token::Given,
            _ => Token::App,
        };
        Self { effect, token, file: is_file }
    }
}

/// How a call must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// As if nothing had been, after so many requests that the proxy saw.
    Well(usize),
    /// With this kind, this `sent`, after so many requests.
    Badly(&'static str, &'static str, usize),
    /// Well, or with this kind: whether something was written before the reset is a matter of microseconds.
    Either(&'static str),
}

use Right::{Badly, Either, Well};

/// How often a call is tried at most.
const TRIES: usize = 4;

/// A file is fetched like everything that is read, as long as none of it has come; its bytes are taken as they are.
fn right_for_file(fault: Fault) -> Right {
    let call = Nature { effect: Effect::Reads, token: Token::None, file: false };
    match fault {
        Fault::CutBody => Badly("network", "yes", 1),
        Fault::CutJson | Fault::Banned | Fault::Xml => Well(1),
        Fault::WrongType => Badly("unreadable", "yes", 1),
        Fault::Expired | Fault::Revoked | Fault::Forbidden | Fault::Quota | Fault::Qpm | Fault::Busy => {
            Badly("unreadable", "yes", 1)
        }
        Fault::Qps | Fault::QpsOfAll | Fault::QpsInside => Badly("unreadable", "yes", 1),
        fault => right(fault, call),
    }
}

/// How a call of this nature must end when `fault` strikes once; a door that is closed stays closed.
pub fn right(fault: Fault, nature: Nature) -> Right {
    let reads = nature.effect == Effect::Reads;
    // A read is made again, anything else may have been done.
    let read_again = |kind, sent| if reads { Well(2) } else { Badly(kind, sent, 1) };
    match fault {
        _ if nature.file => right_for_file(fault),
        // The proxy sees nothing of a connection that does not come to be.
        Fault::Refused | Fault::NoSuchHost => Badly("network", "no", 0),
        Fault::RefusedBriefly => Well(1),
        Fault::ResetAtOnce if reads => Well(1),
        Fault::ResetAtOnce => Either("network"),
        Fault::ResetBefore | Fault::ResetAfter | Fault::ClosedAfter | Fault::CutHead | Fault::NoHttp => {
            read_again("network", "unknown")
        }
        Fault::CutBody => read_again("network", "yes"),
        Fault::Late => Badly("timeout", "unknown", 1),
        Fault::Stuck => Badly("timeout", "yes", 1),
        Fault::Trickle | Fault::WrongType | Fault::Interim | Fault::Twice => Well(1),
        Fault::CutJson | Fault::Html | Fault::Xml | Fault::Moved => Badly("unreadable", "yes", 1),
        Fault::Gateway | Fault::BrokenBare => read_again("unreadable", "yes"),
        Fault::Busy | Fault::Broken | Fault::Unavailable => read_again("server", "yes"),
        // Throttled calls were not done, and their window is a second.
        Fault::TooMany | Fault::TooManyBare | Fault::Qps | Fault::QpsOfAll | Fault::QpsInside => Well(2),
        // These windows are not worth waiting for.
        Fault::Qpm | Fault::Banned => Badly("rate", "yes", 1),
        Fault::Quota => Badly("quota", "yes", 1),
        Fault::Forbidden => Badly("permission", "yes", 1),
        Fault::Expired if nature.token == Token::App => Well(2),
        Fault::Revoked if nature.token == Token::App => Badly("token", "yes", 2),
        Fault::Expired | Fault::Revoked => Badly("token", "yes", 1),
    }
}

/// How the call of a method must end when its token cannot be fetched; the call itself is not sent then.
pub fn right_without_token(fault: Fault) -> Right {
    let fetching = Nature { effect: Effect::Reads, token: Token::None, file: false };
    match right(fault, fetching) {
        Badly(kind, _, tries) => Badly(kind, "no", tries),
        other => other,
    }
}

/// The requests of one call that are not refused as throttled: what it may count as.
pub fn counts(status: u16, body: &[u8]) -> bool {
    let body: serde_json::Value = serde_json::from_slice(body).unwrap_or_default();
    let code = body["errcode"].as_i64().unwrap_or_default();
    let inside = body["errmsg"].as_str().is_some_and(|text| text.contains("subcode=900"));
    let throttled =
        matches!(code, 90001..=90014 | 90017 | 90018 | 90020) || inside || body["punish"].is_string();
    (200..300).contains(&status) && !throttled
}

/// The most requests of a call.
pub fn most(nature: Nature) -> usize {
    if nature.effect == Effect::Frames { 2 * TRIES } else { TRIES }
}
