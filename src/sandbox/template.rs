//! Message templates of the app's robot: `msgKey` and the fields of its `msgParam`
//! (<https://open.dingtalk.com/document/orgapp/types-of-messages-sent-by-robots>).

use serde_json::{Map, Value};

use super::refuse::{Refusal, api};

/// The largest `msgParam` in bytes.
const LARGEST: usize = 15_000;

/// A template with its fields; every value is a text.
struct Template {
    key: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
}

const fn template(key: &'static str, required: &'static [&'static str]) -> Template {
    Template { key, required, optional: &[] }
}

#[rustfmt::skip]
const TEMPLATES: &[Template] = &[
    template("sampleText", &["content"]),
    template("sampleMarkdown", &["title", "text"]),
    template("sampleImageMsg", &["photoURL"]),
    template("sampleLink", &["text", "title", "picUrl", "messageUrl"]),
    template("sampleActionCard", &["title", "text", "singleTitle", "singleURL"]),
    template("sampleActionCard2", &[
        "title", "text", "actionTitle1", "actionURL1", "actionTitle2", "actionURL2",
    ]),
    template("sampleActionCard3", &[
        "title", "text", "actionTitle1", "actionURL1", "actionTitle2", "actionURL2", "actionTitle3", "actionURL3",
    ]),
    template("sampleActionCard4", &[
        "title", "text", "actionTitle1", "actionURL1", "actionTitle2", "actionURL2", "actionTitle3", "actionURL3",
        "actionTitle4", "actionURL4",
    ]),
    template("sampleActionCard5", &[
        "title", "text", "actionTitle1", "actionURL1", "actionTitle2", "actionURL2", "actionTitle3", "actionURL3",
        "actionTitle4", "actionURL4", "actionTitle5", "actionURL5",
    ]),
    template("sampleActionCard6", &[
        "title", "text", "buttonTitle1", "buttonUrl1", "buttonTitle2", "buttonUrl2",
    ]),
    template("sampleAudio", &["mediaId", "duration"]),
    template("sampleFile", &["mediaId", "fileName", "fileType"]),
    Template {
        key: "sampleVideo",
        required: &["duration", "videoMediaId", "videoType", "picMediaId"],
        optional: &["height", "width"],
    },
];

/// Checks a message against its template and gives its decoded parameters.
pub(super) fn check(msg_key: Option<&str>, msg_param: Option<&str>) -> Result<Value, Refusal> {
    let Some(key) = msg_key.filter(|key| !key.is_empty()) else {
        return Err(api("invalidParameter.msgKey.empty", "msgKey is empty"));
    };
    let Some(template) = TEMPLATES.iter().find(|template| template.key == key) else {
        return Err(api("invalidParameter.msgKey.invalid", format!("unknown msgKey {key}")));
    };
    let Some(text) = msg_param.filter(|text| !text.is_empty()) else {
        return Err(invalid("msgParam is empty"));
    };
    if text.len() > LARGEST {
        let message = format!("msgParam has {} bytes, more than {LARGEST}", text.len());
        return Err(api("invalidParameter.msgParam.tooLong", message));
    }
    let fields: Map<String, Value> = serde_json::from_str(text)
        .map_err(|error| invalid(format!("msgParam is not a JSON object: {error}")))?;
    template.check(&fields)?;
    Ok(Value::Object(fields))
}

impl Template {
    fn check(&self, fields: &Map<String, Value>) -> Result<(), Refusal> {
        if let Some(missing) = self.required.iter().find(|name| !fields.contains_key(**name)) {
            return Err(invalid(format!("msgParam of {}: missing {missing}", self.key)));
        }
        for (name, value) in fields {
            let name = name.as_str();
            if !self.required.contains(&name) && !self.optional.contains(&name) {
                return Err(invalid(format!("msgParam of {}: unknown field {name}", self.key)));
            }
            let Value::String(text) = value else {
                return Err(invalid(format!("msgParam of {}: {name} must be a string", self.key)));
            };
            if let Some(rule) = broken_rule(name, text) {
                return Err(invalid(format!("msgParam of {}: {name} {rule}", self.key)));
            }
        }
        Ok(())
    }
}

/// What is wrong with a value, if anything.
fn broken_rule(name: &str, text: &str) -> Option<&'static str> {
    match name {
        "picUrl" => None,
        _ if text.is_empty() => Some("is empty"),
        "duration" | "height" | "width" => {
            let positive =
                text.bytes().all(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte != b'0');
            (!positive).then_some("must be a positive whole number")
        }
        "mediaId" | "videoMediaId" | "picMediaId" => {
            (!text.starts_with(['@', '$'])).then_some("must be a media id, which begins with @ or $")
        }
        "photoURL" => {
            let good = ["@", "$", "http://", "https://"].iter().any(|start| text.starts_with(start));
            (!good).then_some("must be a URL or a media id")
        }
        "videoType" => (text != "mp4").then_some("must be mp4"),
        "fileType" => {
            let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            (!plain).then_some("must be an extension without a dot")
        }
        _ => None,
    }
}

fn invalid(message: impl Into<String>) -> Refusal {
    api("invalidParameter.msgParam.invalid", message)
}
