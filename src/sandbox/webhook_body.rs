//! Bodies of webhook messages: the fields of every `msgtype` and the rule of `at`
//! (<https://open.dingtalk.com/document/robots/custom-robot-access>).

use serde::Deserialize;

use super::refuse::{Refusal, bare};
use super::route::Call;

/// Most people one message can mention.
const MOST_MENTIONS: usize = 50;

/// A message whose body is right.
pub(super) struct Message {
    /// Its `msgtype`.
    pub(super) kind: &'static str,
    /// Every text a reader sees, for keywords.
    pub(super) words: String,
    /// Its `msgUuid`.
    pub(super) uuid: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    msgtype: Option<String>,
    text: Option<Text>,
    link: Option<Link>,
    markdown: Option<Markdown>,
    #[serde(rename = "actionCard")]
    action_card: Option<ActionCard>,
    #[serde(rename = "feedCard")]
    feed_card: Option<FeedCard>,
    at: Option<At>,
    #[serde(rename = "msgUuid")]
    uuid: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    content: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    title: String,
    text: String,
    #[serde(rename = "messageUrl")]
    message_url: String,
    #[serde(rename = "picUrl", default)]
    _pic_url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Markdown {
    title: String,
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ActionCard {
    title: String,
    text: String,
    #[serde(rename = "btnOrientation")]
    orientation: Option<String>,
    #[serde(rename = "hideAvatar")]
    hide_avatar: Option<String>,
    #[serde(rename = "singleTitle")]
    single_title: Option<String>,
    #[serde(rename = "singleURL")]
    single_url: Option<String>,
    btns: Option<Vec<Button>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Button {
    title: String,
    #[serde(rename = "actionURL")]
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedCard {
    links: Vec<FeedLink>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FeedLink {
    title: String,
    #[serde(rename = "messageURL")]
    url: String,
    #[serde(rename = "picURL")]
    picture: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct At {
    #[serde(rename = "atMobiles")]
    mobiles: Vec<String>,
    #[serde(rename = "atUserIds")]
    user_ids: Vec<String>,
    #[serde(rename = "isAtAll")]
    all: bool,
}

/// What one `msgtype` shows: its words, and the text in which mentions are marked, if it can have any.
struct Shown {
    kind: &'static str,
    words: String,
    mentions_in: Option<String>,
}

/// Reads and checks the body of a webhook call.
pub(super) fn check(call: &Call<'_>) -> Result<Message, Refusal> {
    let body: Body = call.body()?;
    let shown = body.shown(call)?;
    body.only(&shown, call)?;
    body.at.unwrap_or_default().check(shown.mentions_in.as_deref(), call)?;
    Ok(Message { kind: shown.kind, words: shown.words, uuid: body.uuid })
}

impl Body {
    fn shown(&self, call: &Call<'_>) -> Result<Shown, Refusal> {
        match self.msgtype.as_deref() {
            None => Err(call.bad("missing parameter `msgtype`")),
            Some("text") => {
                let text = call.need(self.text.as_ref(), "text")?;
                filled(call, &[("content", &text.content)])?;
                let (words, mentions_in) = (text.content.clone(), Some(text.content.clone()));
                Ok(Shown { kind: "text", words, mentions_in })
            }
            Some("link") => {
                let link = call.need(self.link.as_ref(), "link")?;
                filled(
                    call,
                    &[("title", &link.title), ("text", &link.text), ("messageUrl", &link.message_url)],
                )?;
                Ok(Shown { kind: "link", words: format!("{}\n{}", link.title, link.text), mentions_in: None })
            }
            Some("markdown") => {
                let markdown = call.need(self.markdown.as_ref(), "markdown")?;
                filled(call, &[("title", &markdown.title), ("text", &markdown.text)])?;
                let words = format!("{}\n{}", markdown.title, markdown.text);
                Ok(Shown { kind: "markdown", words, mentions_in: Some(markdown.text.clone()) })
            }
            Some("actionCard") => call.need(self.action_card.as_ref(), "actionCard")?.shown(call),
            Some("feedCard") => call.need(self.feed_card.as_ref(), "feedCard")?.shown(call),
            Some(other) => Err(bare(400_105, format!("unsupported msgtype {other}"))),
        }
    }

    /// No object but the one of the `msgtype` may be there.
    fn only(&self, shown: &Shown, call: &Call<'_>) -> Result<(), Refusal> {
        let given = [
            ("text", self.text.is_some()),
            ("link", self.link.is_some()),
            ("markdown", self.markdown.is_some()),
            ("actionCard", self.action_card.is_some()),
            ("feedCard", self.feed_card.is_some()),
        ];
        match given.into_iter().find(|(name, there)| *there && *name != shown.kind) {
            Some((name, _)) => Err(call.bad(format!("`{name}` does not belong to msgtype {}", shown.kind))),
            None => Ok(()),
        }
    }
}

impl ActionCard {
    fn shown(&self, call: &Call<'_>) -> Result<Shown, Refusal> {
        filled(call, &[("title", &self.title), ("text", &self.text)])?;
        for (name, value) in [("btnOrientation", &self.orientation), ("hideAvatar", &self.hide_avatar)] {
            if value.as_deref().is_some_and(|value| value != "0" && value != "1") {
                return Err(call.bad(format!("`{name}` must be \"0\" or \"1\"")));
            }
        }
        let mut words = format!("{}\n{}", self.title, self.text);
        match (&self.single_title, &self.single_url, &self.btns) {
            (Some(title), Some(url), None) => {
                filled(call, &[("singleTitle", title), ("singleURL", url)])?;
                words = format!("{words}\n{title}");
            }
            (None, None, Some(buttons)) if !buttons.is_empty() => {
                for button in buttons {
                    filled(call, &[("title", &button.title), ("actionURL", &button.url)])?;
                    words = format!("{words}\n{}", button.title);
                }
            }
            _ => return Err(call.bad("an actionCard needs singleTitle and singleURL, or btns, not both")),
        }
        Ok(Shown { kind: "actionCard", words, mentions_in: Some(self.text.clone()) })
    }
}

impl FeedCard {
    fn shown(&self, call: &Call<'_>) -> Result<Shown, Refusal> {
        if self.links.is_empty() {
            return Err(call.bad("`links` is empty"));
        }
        let mut words = String::new();
        for link in &self.links {
            filled(call, &[("title", &link.title), ("messageURL", &link.url), ("picURL", &link.picture)])?;
            words = format!("{words}{}\n", link.title);
        }
        Ok(Shown { kind: "feedCard", words, mentions_in: None })
    }
}

impl At {
    /// A mention shows only where the text itself holds `@` and the id, so one that cannot show is refused.
    fn check(&self, text: Option<&str>, call: &Call<'_>) -> Result<(), Refusal> {
        let mut people = self.mobiles.iter().chain(&self.user_ids);
        let Some(text) = text else {
            let nobody = people.next().is_none() && !self.all;
            return if nobody { Ok(()) } else { Err(call.bad("this msgtype cannot mention anybody")) };
        };
        if self.mobiles.len() + self.user_ids.len() > MOST_MENTIONS {
            return Err(call.bad(format!("at most {MOST_MENTIONS} people can be mentioned")));
        }
        match people.find(|id| !text.contains(&format!("@{id}"))) {
            Some(id) => Err(call.bad(format!("the text does not hold @{id}"))),
            None => Ok(()),
        }
    }
}

fn filled(call: &Call<'_>, fields: &[(&str, &String)]) -> Result<(), Refusal> {
    match fields.iter().find(|(_, text)| text.is_empty()) {
        Some((name, _)) => Err(call.bad(format!("`{name}` is empty"))),
        None => Ok(()),
    }
}
