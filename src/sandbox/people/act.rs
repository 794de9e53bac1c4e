//! What people do to groups and messages; each of it is told as an event.

use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::sandbox::group_event::Cause;
use crate::sandbox::push::Placed;
use crate::sandbox::state::message::{SentMessage, Via};
use crate::sandbox::state::org::User;
use crate::sandbox::{Sandbox, World};

impl Sandbox {
    /// Sends any event with any payload: for types of which the sandbox knows nothing.
    pub fn emit(&self, event_type: &str, payload: &Value) -> Placed {
        self.0.emit(event_type, payload)
    }

    /// Somebody leaves a group: `chat_quit`.
    ///
    /// # Errors
    /// When there is no such person or group, or when the person is not in it.
    pub fn quit(&self, person: &str, group: &str) -> Result<()> {
        let person = self.0.person(person)?;
        let group = self.0.group_of(group, &person)?;
        let gone = [person.userid.clone()];
        self.0.change_group(&group.open_conversation_id, Cause::Quit(&person.userid), |group| {
            group.remove(&gone);
        });
        Ok(())
    }

    /// Somebody takes others into a group: `chat_add_member`.
    ///
    /// # Errors
    /// As [`Sandbox::quit`].
    pub fn invite(&self, person: &str, group: &str, others: &[&str]) -> Result<()> {
        let others = others.iter().map(|other| Ok(self.0.person(other)?.userid));
        let others = others.collect::<Result<Vec<String>>>()?;
        let person = self.0.person(person)?;
        let group = self.0.group_of(group, &person)?;
        self.0.change_group(&group.open_conversation_id, Cause::Person(&person.userid), |group| {
            group.add(&others);
        });
        Ok(())
    }

    /// Somebody gives a group another title: `chat_update_title`.
    ///
    /// # Errors
    /// As [`Sandbox::quit`].
    pub fn rename(&self, person: &str, group: &str, title: &str) -> Result<()> {
        let person = self.0.person(person)?;
        let group = self.0.group_of(group, &person)?;
        self.0.change_group(&group.open_conversation_id, Cause::Person(&person.userid), |group| {
            group.rename(title.into());
        });
        Ok(())
    }

    /// The owner dissolves a group: `chat_disband`.
    ///
    /// # Errors
    /// As [`Sandbox::quit`], or when the person is not the owner.
    pub fn dissolve(&self, person: &str, group: &str) -> Result<()> {
        let person = self.0.person(person)?;
        let group = self.0.group_of(group, &person)?;
        if group.owner != person.userid {
            let (name, title) = (&person.name, &group.title);
            return Err(Error::usage(
                format!("{name} does not own the group {title}"),
                format!("{name} 不是群 {title} 的群主"),
            ));
        }
        self.0.change_group(&group.open_conversation_id, Cause::Person(&person.userid), |group| {
            group.disbanded = true;
        });
        Ok(())
    }

    /// Somebody reads a message of the robot, by its key: `robot_msg_read`.
    ///
    /// # Errors
    /// When there is no such person, or no such message that the person can see.
    pub fn read(&self, person: &str, process_query_key: &str) -> Result<()> {
        let person = self.0.person(person)?;
        let message = self.0.message(&person, process_query_key)?;
        self.0.emit_message("robot_msg_read", &person, &message);
        Ok(())
    }

    /// Somebody takes a message of the robot back, by its key: `robot_msg_recall`.
    ///
    /// # Errors
    /// As [`Sandbox::read`].
    pub fn take_back(&self, person: &str, process_query_key: &str) -> Result<()> {
        let person = self.0.person(person)?;
        let message = self.0.message(&person, process_query_key)?;
        self.0.state.messages.lock().recall(process_query_key, message.via, Some(&message.to), i64::MIN);
        self.0.emit_message("robot_msg_recall", &person, &message);
        Ok(())
    }
}

impl World {
    /// The message with this key that the person can see.
    fn message(&self, person: &User, key: &str) -> Result<SentMessage> {
        let groups = self.state.groups.read().of(&person.userid);
        let messages = self.state.messages.lock().all();
        let found = messages.into_iter().find(|message| {
            let seen = message.to == person.userid || groups.contains(&message.to);
            message.process_query_key.as_deref() == Some(key) && !message.recalled && seen
        });
        found.ok_or_else(|| {
            let name = &person.name;
            Error::usage(
                format!("{name} sees no message of the robot with the key `{key}`"),
                format!("{name} 看不到 processQueryKey 为 `{key}` 的机器人消息"),
            )
        })
    }

    fn emit_message(&self, name: &str, person: &User, message: &SentMessage) {
        let cid = match message.via {
            Via::OneToOne => super::find::single_cid(&person.userid),
            _ => message.to.clone(),
        };
        let payload = json!({
            "unionId": person.unionid,
            "operatTime": self.clock.millis(),
            "robotCode": self.state.app.read().robot_code.clone(),
            "openConversationId": cid,
            "userId": person.userid,
            "processQueryKey": message.process_query_key,
        });
        self.emit(name, &payload);
    }
}
