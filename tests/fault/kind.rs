//! What can go wrong between a client and DingTalk.

use super::message::Message;

/// A way to fail, at one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// Nobody listens until the method has ended.
    Refused,
    /// The name of the host leads nowhere, from the beginning.
    NoSuchHost,
    /// Nobody listens for a moment.
    RefusedBriefly,
    /// The connection is reset as soon as it stands: nothing is read.
    ResetAtOnce,
    /// The request is read and the connection reset; the server behind never sees it.
    ResetBefore,
    /// The request is done, and the connection reset instead of an answer.
    ResetAfter,
    /// The request is done, and the connection closed instead of an answer.
    ClosedAfter,
    /// The answer breaks off within its headers.
    CutHead,
    /// The answer breaks off within its body.
    CutBody,
    /// The body breaks off, and nothing says how long it was to be.
    CutJson,
    /// The answer comes too late.
    Late,
    /// The body never comes to its end.
    Stuck,
    /// The answer comes later than usual, in small pieces.
    Trickle,
    /// The answer is JSON and says that it is not.
    WrongType,
    /// An answer before the answer: HTTP 100.
    Interim,
    /// The answer comes twice.
    Twice,
    /// A page of HTML.
    Html,
    /// A page of HTML of a gateway that did not reach the server.
    Gateway,
    /// Bytes that are no HTTP.
    NoHttp,
    /// A page of XML.
    Xml,
    /// A redirection to another host.
    Moved,
    /// HTTP 429 with DingTalk's JSON.
    TooMany,
    /// HTTP 429 of a gateway, without JSON.
    TooManyBare,
    /// The app calls this too often in a second.
    Qps,
    /// All apps call this too often in a second.
    QpsOfAll,
    /// The same, packed into the code for authorisation.
    QpsInside,
    /// Too often in a minute.
    Qpm,
    /// All calls of this address are banned for five minutes.
    Banned,
    /// The month's calls are used up.
    Quota,
    /// DingTalk is busy.
    Busy,
    /// HTTP 500 with JSON.
    Broken,
    /// HTTP 503 with JSON.
    Unavailable,
    /// HTTP 500 with nothing.
    BrokenBare,
    /// The token has ended; a new one is good.
    Expired,
    /// No token is good any more.
    Revoked,
    /// The permission is missing.
    Forbidden,
}

use Fault::{
    Banned, Broken, BrokenBare, Busy, ClosedAfter, CutBody, CutHead, CutJson, Expired, Forbidden, Gateway,
    Html, Interim, Late, Moved, NoHttp, NoSuchHost, Qpm, Qps, QpsInside, QpsOfAll, Quota, Refused,
    RefusedBriefly, ResetAfter, ResetAtOnce, ResetBefore, Revoked, Stuck, TooMany, TooManyBare, Trickle,
    Twice, Unavailable, WrongType, Xml,
};

/// All of them.
#[rustfmt::skip]
pub const FAULTS: &[Fault] = &[
    Refused, NoSuchHost, RefusedBriefly, ResetAtOnce, ResetBefore, ResetAfter, ClosedAfter, CutHead, CutBody, CutJson,
    Late, Stuck, Trickle, WrongType, Interim, Twice, Html, Gateway, NoHttp, Xml, Moved, TooMany,
    TooManyBare, Qps, QpsOfAll, QpsInside, Qpm, Banned, Quota, Busy, Broken, Unavailable, BrokenBare, Expired,
    Revoked, Forbidden,
];

/// What a fault is to a proxy.
pub enum Deed {
    /// Nobody accepts connections.
    Deaf,
    /// Accepts connections and closes them.
    Slam,
    /// Does not hand the request on, and resets.
    Swallow,
    /// Answers in the server's place.
    Answer(Message),
    /// Sends these bytes in the server's place.
    Bytes(&'static [u8]),
    /// Hands the request on and spoils its answer.
    Spoil,
}

impl Fault {
    /// What to do with a request to `api`, or to oapi.
    #[allow(clippy::too_many_lines, reason = "a table")]
    pub fn deed(self, api: bool) -> Deed {
        let json = |status: u16, api_body: &str, oapi_body: &str| {
            // oapi says no with HTTP 200.
            let (status, body) = if api { (status, api_body) } else { (200, oapi_body) };
            Deed::Answer(answer(status, "application/json", body))
        };
        let page = |status: u16, kind: &str, body: &str| Deed::Answer(answer(status, kind, body));
        match self {
            Refused | RefusedBriefly | NoSuchHost => Deed::Deaf,
            ResetAtOnce => Deed::Slam,
            ResetBefore => Deed::Swallow,
            ResetAfter | ClosedAfter | CutHead | CutBody | CutJson | Late | Stuck | Trickle | WrongType
            | Interim | Twice => Deed::Spoil,
            NoHttp => Deed::Bytes(b"SSH-2.0-OpenSSH_9.6\r\n"),
            Html => page(200, "text/html", "<!DOCTYPE html><html><body>please log in</body></html>"),
            Gateway => page(502, "text/html", "<html><body>502 Bad Gateway</body></html>"),
            Xml => page(200, "text/xml", "<?xml version=\"1.0\"?><Error><Code>X</Code></Error>"),
            Moved => page(302, "text/html", "<a href=\"http://elsewhere.invalid/\">moved</a>"),
            TooMany => page(429, "application/json", r#"{"code":"Throttling.User","message":"slow down"}"#),
            TooManyBare => page(429, "text/html", "<html>429 Too Many Requests</html>"),
            Qps => json(
                403,
                r#"{"code":"Forbidden.AccessDenied.QpsLimitForAppkeyAndApi","message":"qps","requestid":"R1"}"#,
                r#"{"errcode":90018,"errmsg":"qps","request_id":"r1"}"#,
            ),
            QpsOfAll => json(
                403,
                r#"{"code":"Forbidden.AccessDenied.QpsLimitForApi","message":"qps","requestid":"R1"}"#,
                r#"{"errcode":90002,"errmsg":"qps","request_id":"r1"}"#,
            ),
            QpsInside => json(
                403,
                r#"{"code":"Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi","message":"qps"}"#,
                r#"{"errcode":88,"errmsg":"ding talk error[subcode=90018,submsg=qps]"}"#,
            ),
            Qpm => json(
                403,
                r#"{"code":"Forbidden.AccessDenied.QpmLimitForAppkeyAndApi","message":"qpm"}"#,
                r#"{"errcode":90006,"errmsg":"throttled"}"#,
            ),
            Banned => page(
                200,
                "application/json",
                r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"u1"}"#,
            ),
            Quota => json(
                403,
                r#"{"code":"Forbidden.AccessDenied.ApiCountLimitForOrg","message":"quota"}"#,
                r#"{"errcode":90020,"errmsg":"quota"}"#,
            ),
            Busy => json(
                400,
                r#"{"code":"system.busy","message":"busy"}"#,
                r#"{"errcode":-1,"errmsg":"system busy"}"#,
            ),
            Broken => page(500, "application/json", r#"{"code":"system.error","message":"oops"}"#),
            Unavailable => {
                page(503, "application/json", r#"{"code":"ServiceUnavailable","message":"later"}"#)
            }
            BrokenBare => page(500, "text/plain", ""),
            Expired => json(
                400,
                r#"{"code":"InvalidAuthentication","message":"不合法的access_token"}"#,
                r#"{"errcode":42001,"errmsg":"access_token超时"}"#,
            ),
            Revoked => json(
                400,
                r#"{"code":"InvalidAuthentication","message":"不合法的access_token"}"#,
                r#"{"errcode":40014,"errmsg":"不合法的access_token"}"#,
            ),
            Forbidden => json(
                403,
                r#"{"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","message":"no"}"#,
                r#"{"errcode":88,"sub_code":"60011","sub_msg":"no","errmsg":"ding talk error"}"#,
            ),
        }
    }

    /// True for what keeps connections from standing.
    pub fn is_at_the_door(self) -> bool {
        matches!(self.deed(true), Deed::Deaf | Deed::Slam)
    }

    /// True when the client gets a whole answer all the same.
    pub fn is_whole(self) -> bool {
        !matches!(self, ResetAfter | ClosedAfter | CutHead | CutBody | Late | Stuck)
    }

    /// True for what needs a short limit to be seen.
    pub fn is_slow(self) -> bool {
        matches!(self, Late | Stuck)
    }
}

fn answer(status: u16, kind: &str, body: &str) -> Message {
    Message {
        first: format!("HTTP/1.1 {status} Fault"),
        headers: vec![("content-type".into(), kind.into())],
        body: body.into(),
    }
}
