//! People ask the assistant: a call of its graph, with a token that its replies need.

use serde_json::{Value, json};

use super::find::single_cid;
use super::say::Said;
use crate::clock::hex;
use crate::error::Result;
use crate::sandbox::push::{Parcel, Topic};
use crate::sandbox::{Sandbox, World};

/// How long the webhook of a question is good, in milliseconds.
const LIFE: i64 = 600_000;

impl Sandbox {
    /// Somebody (userId or name) asks the assistant, in a group (`cid…` or title) or alone; [`Said::payload`] is the call
    /// of the graph. Replies need the `conversationToken` in its body.
    ///
    /// # Errors
    /// When there is no such person or group, or when the person is not in it.
    pub fn ask(&self, person: &str, group: Option<&str>, text: &str) -> Result<Said> {
        self.0.ask(person, group, text)
    }
}

impl World {
    fn ask(&self, name: &str, group: Option<&str>, text: &str) -> Result<Said> {
        let person = self.person(name)?;
        let cid = match group {
            Some(group) => self.group_of(group, &person)?.open_conversation_id,
            None => single_cid(&person.userid),
        };
        let alone = group.is_none().then(|| person.userid.clone());
        let (webhook, _) = self.new_session(&cid, alone, LIFE);
        let mut bytes = [0; 8];
        self.clock.random(&mut bytes);
        let token = format!("ctok{}", hex(&bytes));
        self.state.assistant.lock().asked.insert(token.clone());
        let body = json!({
            "rawInput": text,
            "openConversationId": cid,
            "unionId": person.unionid,
            "userId": person.userid,
            "sessionWebhook": webhook,
            "corpId": self.state.organisation.read().company.corp_id,
            "inputAttribute": json!({"msgType": "text"}).to_string(),
            "conversationToken": token,
        });
        let payload: Value = json!({
            "requestLine": {"method": "POST", "uri": "/dingraia/assistant"},
            "headers": {"x-plugin-id": "plg0001", "x-plugin-version": "1.0.0", "x-ability-key": "chat"},
            "body": body.to_string(),
        });
        let parcel = Parcel::new(Topic::Assistant, self.clock.millis(), payload.to_string(), cid);
        let placed = self.push(parcel);
        Ok(Said { payload, placed: Some(placed) })
    }
}
