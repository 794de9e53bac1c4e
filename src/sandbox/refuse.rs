//! How a call is refused: the error bodies of the two hosts and of the webhooks.

use axum::http::StatusCode;
use serde_json::json;

use super::content::Content;
use crate::clock::{Clock, hex};

/// One of the two hosts of the open platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Host {
    /// `api.dingtalk.com`.
    Api,
    /// `oapi.dingtalk.com`.
    Oapi,
}

/// A call that is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// api: an HTTP error with `code`, `message` and `requestid`.
    Api { status: u16, code: String, message: String },
    /// api: a permission point is missing, HTTP 403.
    ApiDenied { scope: &'static str },
    /// oapi: HTTP 200 with `errcode`, `errmsg` and `request_id`.
    Oapi { errcode: i64, errmsg: String },
    /// oapi: a permission point is missing, `errcode` 88 with `sub_code` 60011.
    OapiDenied { scope: &'static str },
    /// Webhooks and `/gettoken`: HTTP 200 with `errcode` and `errmsg` alone.
    Bare { errcode: i64, errmsg: String },
    /// The storage host: HTTP 403 with XML.
    Storage { code: &'static str, message: &'static str },
}

/// How a route refuses parameters that are missing, unknown or of the wrong type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Malformed {
    Api(&'static str),
    Oapi(i64),
    Bare(i64),
}

impl Malformed {
    /// The refusal with a sentence about the parameter.
    pub(super) fn refuse(self, message: impl Into<String>) -> Refusal {
        match self {
            Self::Api(code) => api(code, message),
            Self::Oapi(errcode) => oapi(errcode, message),
            Self::Bare(errcode) => bare(errcode, message),
        }
    }
}

/// An api refusal with HTTP 400.
pub(super) fn api(code: impl Into<String>, message: impl Into<String>) -> Refusal {
    Refusal::Api { status: 400, code: code.into(), message: message.into() }
}

/// An oapi refusal.
pub(super) fn oapi(errcode: i64, errmsg: impl Into<String>) -> Refusal {
    Refusal::Oapi { errcode, errmsg: errmsg.into() }
}

/// A webhook refusal.
pub(super) fn bare(errcode: i64, errmsg: impl Into<String>) -> Refusal {
    Refusal::Bare { errcode, errmsg: errmsg.into() }
}

impl Host {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Oapi => "oapi",
        }
    }

    /// A path or a verb that the host does not have.
    pub(super) fn no_such_call(self, method: &str, path: &str) -> Refusal {
        match self {
            Self::Api => Refusal::Api {
                status: 404,
                code: "InvalidAction.NotFound".into(),
                message: format!(
                    "Specified api is not found, please check your url and method: {method} {path}"
                ),
            },
            Self::Oapi => oapi(22, format!("不合法的请求方法或路径: {path}")),
        }
    }

    /// The verb is not the one that the path has.
    pub(super) fn wrong_verb(self, method: &str, path: &str, right: &str) -> Refusal {
        match (self, right) {
            (Self::Api, _) => self.no_such_call(method, path),
            (Self::Oapi, "GET") => oapi(43001, "需要GET请求"),
            (Self::Oapi, _) => oapi(43002, "需要POST请求"),
        }
    }

    pub(super) fn denied(self, scope: &'static str) -> Refusal {
        match self {
            Self::Api => Refusal::ApiDenied { scope },
            Self::Oapi => Refusal::OapiDenied { scope },
        }
    }

    /// Too many calls of this app to this call within a second.
    pub(super) fn too_many_calls(self) -> Refusal {
        match self {
            Self::Api => Refusal::Api {
                status: 403,
                code: "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi".into(),
                message: "您的应用调用该接口的QPS超过限制".into(),
            },
            Self::Oapi => oapi(90018, "您的服务器调用该接口过于频繁，请稍候再试"),
        }
    }

    /// DingTalk is busy.
    pub(super) fn busy(self) -> Refusal {
        match self {
            Self::Api => {
                Refusal::Api { status: 500, code: "system.busy".into(), message: "系统繁忙".into() }
            }
            Self::Oapi => oapi(-1, "系统繁忙"),
        }
    }
}

impl Refusal {
    /// HTTP status and body.
    pub(super) fn render(&self, clock: &Clock) -> (StatusCode, Content) {
        let (status, body) = match self {
            Self::Api { status, code, message } => {
                let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_REQUEST);
                (status, json!({"code": code, "message": message, "requestid": api_request_id(clock)}))
            }
            Self::ApiDenied { scope } => {
                let body = json!({
                    "code": "Forbidden.AccessDenied.AccessTokenPermissionDenied",
                    "message": format!("应用尚未开通所需的权限：[{scope}]"),
                    "requestid": api_request_id(clock),
                    "accessdenieddetail": {"requiredScopes": [scope]},
                });
                (StatusCode::FORBIDDEN, body)
            }
            Self::Oapi { errcode, errmsg } => {
                let id = oapi_request_id(clock);
                (StatusCode::OK, json!({"errcode": errcode, "errmsg": errmsg, "request_id": id}))
            }
            Self::OapiDenied { scope } => {
                let why = format!("没有调用该接口的权限，需要的权限点：{scope}");
                let body = json!({
                    "errcode": 88,
                    "sub_code": "60011",
                    "sub_msg": why,
                    "errmsg": format!("ding talk error[subcode=60011,submsg={why}]"),
                    "request_id": oapi_request_id(clock),
                });
                (StatusCode::OK, body)
            }
            Self::Bare { errcode, errmsg } => (StatusCode::OK, json!({"errcode": errcode, "errmsg": errmsg})),
            Self::Storage { code, message } => {
                let xml = format!(
                    "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
                );
                let content = Content::Bytes { content_type: "application/xml", bytes: xml.into_bytes() };
                return (StatusCode::FORBIDDEN, content);
            }
        };
        (status, Content::Json(body))
    }
}

impl Refusal {
    /// The sentence of a refusal, without its form.
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Api { message, .. } => message,
            Self::Oapi { errmsg, .. } | Self::Bare { errmsg, .. } => errmsg,
            Self::ApiDenied { scope } | Self::OapiDenied { scope } => scope,
            Self::Storage { message, .. } => message,
        }
    }
}

/// `requestid` of api: an upper-case UUID.
pub(super) fn api_request_id(clock: &Clock) -> String {
    clock.uuid().to_uppercase()
}

/// `request_id` of oapi: twelve lower-case alphanumerics.
pub(super) fn oapi_request_id(clock: &Clock) -> String {
    let mut bytes = [0; 6];
    clock.random(&mut bytes);
    hex(&bytes)
}
