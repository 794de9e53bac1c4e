//! People speak to the robot: the payload of a message, and its way to the app.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use tokio::time::{Instant, sleep_until};

use super::find::{dingtalk_id, single_cid};
use super::speech::Saying;
use crate::clock::hex;
use crate::error::{Error, Result};
use crate::sandbox::push::{Parcel, Placed, Topic};
use crate::sandbox::state::group::Group;
use crate::sandbox::state::message::{SentMessage, Via};
use crate::sandbox::state::org::User;
use crate::sandbox::state::webhook::Session;
use crate::sandbox::{Sandbox, World};

/// What became of something that was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The payload as the app gets it.
    pub payload: Value,
    /// Where it went; nothing when the robot was not mentioned in a group.
    pub placed: Option<Placed>,
}

impl Sandbox {
    /// Somebody (userId or name) says something to the robot: in a group (`cid…` or title), or to the robot alone.
    ///
    /// It is sent once, to an address when there is one ([`Sandbox::messages_to`]), else through one of the connections. When
    /// nobody is connected, the robot shows its off-duty card, if it has one.
    ///
    /// # Errors
    /// When there is no such person or group, when the person is not in it or may not speak there, or when it cannot be
    /// said in a group.
    pub fn say(&self, person: &str, group: Option<&str>, saying: impl Into<Saying>) -> Result<Said> {
        self.0.say(person, group, &saying.into())
    }

    /// As [`Sandbox::say`], `count` times, for measurements: so many a second, or as fast as the connections (or the address)
    /// take them. As fast as possible means that frames wait for the client, which shows in [`Push::took`].
    ///
    /// [`Push::took`]: crate::sandbox::Push::took
    ///
    /// # Errors
    /// As [`Sandbox::say`].
    pub async fn flood(
        &self,
        person: &str,
        group: Option<&str>,
        saying: impl Into<Saying>,
        count: usize,
        per_second: Option<u32>,
    ) -> Result<()> {
        let (saying, began) = (saying.into(), Instant::now());
        for number in 0..count {
            if let Some(rate) = per_second {
                let due = began + Duration::from_secs_f64(number as f64 / f64::from(rate.max(1)));
                sleep_until(due).await;
            }
            self.0.push.room(Topic::Message).await;
            self.0.say(person, group, &saying)?;
        }
        Ok(())
    }

    /// Whether a group (`cid…` or title) is there, so that words can be told from places.
    pub fn is_group(&self, name: &str) -> bool {
        self.0.group(name).is_ok()
    }
}

/// Where something is said.
struct Place {
    cid: String,
    group: Option<Group>,
}

impl World {
    fn say(&self, name: &str, group: Option<&str>, saying: &Saying) -> Result<Said> {
        let speaker = if saying.stranger { stranger(name) } else { self.person(name)? };
        let place = match group {
            Some(group) => self.place(group, &speaker, saying)?,
            None if saying.stranger => {
                return Err(Error::usage(
                    "somebody from outside speaks in groups only",
                    "组织外的人只能在群里说话",
                ));
            }
            None => Place { cid: single_cid(&speaker.userid), group: None },
        };
        let payload = self.payload(&speaker, &place, saying)?;
        if place.group.is_some() && !saying.to_robot && saying.delegate.is_none() {
            return Ok(Said { payload, placed: None });
        }
        let topic = if saying.delegate.is_some() { Topic::Delegate } else { Topic::Message };
        let parcel = Parcel::new(topic, self.clock.millis(), payload.to_string(), place.cid.clone());
        let placed = self.push(parcel);
        if placed == Placed::Nobody {
            self.off_duty(&speaker, &place);
        }
        Ok(Said { payload, placed: Some(placed) })
    }

    /// The group, if it can be said there.
    fn place(&self, name: &str, speaker: &User, saying: &Saying) -> Result<Place> {
        let group = if saying.stranger { self.group(name)? } else { self.group_of(name, speaker)? };
        let (person, title) = (&speaker.name, &group.title);
        if !group.robot {
            return Err(Error::usage(
                format!("the robot is not in the group {title}"),
                format!("机器人不在群 {title} 中"),
            ));
        }
        if saying.speech.is_private() {
            return Err(Error::usage(
                "recordings, films and files reach a robot only when it is alone with somebody",
                "语音、视频和文件只能在与机器人的单聊中发送",
            ));
        }
        let leads = group.owner == speaker.userid || group.admins.contains(&speaker.userid);
        let muted = group.muted.get(&speaker.userid).is_some_and(|until| self.clock.millis() < *until);
        let all_muted = group.options.all().any(|(name, on)| name == "chat_banned_type" && on);
        if muted || (all_muted && !leads) {
            return Err(Error::usage(
                format!("{person} is muted in the group {title}"),
                format!("{person} 在群 {title} 中被禁言"),
            ));
        }
        Ok(Place { cid: group.open_conversation_id.clone(), group: Some(group) })
    }

    fn payload(&self, speaker: &User, place: &Place, saying: &Saying) -> Result<Value> {
        let app = self.state.app.read().clone();
        let corp = self.state.organisation.read().company.corp_id.clone();
        let (robot, now) = (dingtalk_id(&app.robot_code), self.clock.millis());
        let (session, until) = self.session(place, speaker, self.push.timing().session_webhook.as_millis());
        let mut payload = Map::new();
        let mut put = |name: &str, value: Value| drop(payload.insert(name.into(), value));
        put("conversationId", place.cid.as_str().into());
        if place.group.is_some() {
            put("atUsers", self.mentions(saying, &robot)?);
        }
        put("chatbotCorpId", corp.as_str().into());
        put("chatbotUserId", robot.into());
        put("msgId", message_id(self).into());
        put("senderNick", speaker.name.as_str().into());
        put("isAdmin", speaker.admin.into());
        if !saying.stranger {
            put("senderStaffId", speaker.userid.as_str().into());
            put("senderCorpId", corp.as_str().into());
        }
        put("sessionWebhookExpiredTime", until.into());
        put("createAt", now.into());
        put("conversationType", if place.group.is_some() { "2" } else { "1" }.into());
        put("senderId", dingtalk_id(&speaker.userid).into());
        if let Some(group) = &place.group {
            put("conversationTitle", group.title.as_str().into());
            put("isInAtList", saying.to_robot.into());
        }
        if let Some(delegate) = &saying.delegate {
            let host = self.person(delegate)?;
            put("hostingContext", json!({"userId": host.userid, "nick": host.name}));
            let context =
                json!([{"readStatus": "1", "senderUserId": speaker.userid, "sendTime": now.to_string()}]);
            put("conversationMsgContext", context);
        }
        put("sessionWebhook", session.into());
        put("robotCode", app.robot_code.into());
        saying.speech.fill(&mut payload, place.group.is_some(), (&self.state, &self.clock));
        Ok(Value::Object(payload))
    }

    /// The robot, if it is mentioned, and everybody else who is.
    fn mentions(&self, saying: &Saying, robot: &str) -> Result<Value> {
        let mut users = Vec::new();
        if saying.to_robot {
            users.push(json!({"dingtalkId": robot}));
        }
        for name in &saying.mentions {
            let person = self.person(name)?;
            users.push(json!({"dingtalkId": dingtalk_id(&person.userid), "staffId": person.userid}));
        }
        Ok(users.into())
    }

    /// A new session webhook, and until when it is good.
    fn session(&self, place: &Place, speaker: &User, life: u128) -> (String, i64) {
        let person = place.group.is_none().then(|| speaker.userid.clone());
        self.new_session(&place.cid, person, i64::try_from(life).unwrap_or(i64::MAX))
    }

    /// A session webhook for a conversation, and until when it is good (milliseconds).
    pub(super) fn new_session(&self, cid: &str, person: Option<String>, life: i64) -> (String, i64) {
        let mut bytes = [0; 16];
        self.clock.random(&mut bytes);
        let (id, expires) = (hex(&bytes), self.clock.millis().saturating_add(life));
        let oapi = self.push.addresses.read().oapi;
        let base = oapi.map_or_else(|| "https://oapi.dingtalk.com".into(), |at| format!("http://{at}"));
        let url = format!("{base}/robot/sendBySession?session={id}");
        let session = Session { open_conversation_id: cid.into(), person, expires };
        self.state.webhooks.lock().give(id, session);
        (url, expires)
    }

    /// What the robot shows while nobody is connected.
    fn off_duty(&self, speaker: &User, place: &Place) {
        let Some(card) = self.state.off_duty.lock().clone() else { return };
        let in_group = place.group.is_some();
        self.state.messages.lock().deliver(SentMessage {
            to: if in_group { place.cid.clone() } else { speaker.userid.clone() },
            via: if in_group { Via::Group } else { Via::OneToOne },
            kind: "StandardCard".into(),
            body: card,
            process_query_key: None,
            recalled: false,
            at: self.clock.millis(),
        });
    }
}

/// Somebody of whom only the name is known.
fn stranger(name: &str) -> User {
    User { userid: format!("stranger {name}"), name: name.into(), ..User::default() }
}

fn message_id(world: &World) -> String {
    let mut bytes = [0; 16];
    world.clock.random(&mut bytes);
    format!("msg{}", STANDARD.encode(bytes))
}
