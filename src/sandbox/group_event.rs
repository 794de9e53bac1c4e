//! The events of changes: what changed in a group, who came, changed or left in the organisation
//! (<https://open.dingtalk.com/document/orgapp/org-event-overview>).

use serde_json::{Value, json};

use super::World;
use super::push::{Parcel, Placed};
use super::state::group::Group;
use super::state::org::User;
use crate::clock::hex;

/// Why a group changes.
#[derive(Clone, Copy)]
pub(super) enum Cause<'c> {
    /// A call of the app, in the name of the owner.
    Call,
    /// Somebody did it, by userId.
    Person(&'c str),
    /// Somebody leaves the group, by userId.
    Quit(&'c str),
    /// Somebody is not in the organisation any more.
    Left(&'c User),
}

impl World {
    /// Sends an event on its way.
    pub(super) fn emit(&self, name: &str, payload: &Value) -> Placed {
        let mut id = [0; 16];
        self.clock.random(&mut id);
        let parcel = Parcel::event(name.into(), hex(&id), self.clock.millis(), payload.to_string());
        self.push(parcel)
    }

    /// Tells that somebody came, changed (`before` is how it was) or left.
    pub(super) fn emit_person(&self, name: &str, person: &User, before: Option<&User>) {
        let admin = self.state.organisation.read().users().iter().find(|user| user.admin).cloned();
        let mut payload = json!({"timeStamp": self.clock.millis().to_string()});
        if let Some(before) = before {
            payload["diffInfo"] = json!([
                {"prev": profile(before), "curr": profile(person), "userid": person.userid}
            ]);
        }
        payload["optStaffId"] = admin.map(|admin| admin.userid).unwrap_or_default().into();
        payload["userId"] = json!([person.userid]);
        self.emit(name, &payload);
    }

    /// Changes a group and tells what became of it; false when there is no such group.
    pub(super) fn change_group(&self, cid: &str, cause: Cause<'_>, edit: impl FnOnce(&mut Group)) -> bool {
        let (before, after) = {
            let mut groups = self.state.groups.write();
            let Some(group) = groups.get_mut(cid) else { return false };
            let before = group.clone();
            edit(group);
            (before, group.clone())
        };
        for (name, payload) in self.changes(&before, &after, cause) {
            self.emit(name, &payload);
        }
        true
    }

    /// The events of a change, in the order in which a person would make it.
    fn changes(&self, before: &Group, after: &Group, cause: Cause<'_>) -> Vec<(&'static str, Value)> {
        let common = self.common(before, cause);
        if after.disbanded && !before.disbanded {
            return vec![("chat_disband", common)];
        }
        let mut events = Vec::new();
        if after.title != before.title {
            let mut payload = common.clone();
            payload["title"] = after.title.as_str().into();
            events.push(("chat_update_title", payload));
        }
        let missing = |group: &Group, other: &Group| -> Vec<String> {
            let strange = group.members.iter().filter(|member| !other.members.contains(member));
            strange.cloned().collect()
        };
        let (came, went) = (missing(after, before), missing(before, after));
        if !came.is_empty() {
            let mut payload = self.people(&common, &came, cause);
            payload["eventType"] = "chat_add_member".into();
            events.push(("chat_add_member", payload));
        }
        match cause {
            _ if went.is_empty() => {}
            Cause::Quit(_) => events.push(("chat_quit", common.clone())),
            _ => events.push(("chat_remove_member", self.people(&common, &went, cause))),
        }
        if after.owner != before.owner {
            events.push((
                "chat_update_owner",
                json!({
                    "owner": after.owner,
                    "timeStamp": common["timeStamp"],
                    "corpId": common["corpId"],
                    "operatorUnionId": common["operatorUnionId"],
                    "openConversationId": common["openConversationId"],
                }),
            ));
        }
        events
    }

    /// What every event of a group says.
    fn common(&self, group: &Group, cause: Cause<'_>) -> Value {
        let organisation = self.state.organisation.read();
        let operator = match cause {
            Cause::Call => group.owner.as_str(),
            Cause::Person(person) | Cause::Quit(person) => person,
            Cause::Left(user) => user.userid.as_str(),
        };
        let union = match cause {
            Cause::Left(user) => user.unionid.clone(),
            _ => organisation.user(operator).map(|user| user.unionid.clone()).unwrap_or_default(),
        };
        json!({
            "timeStamp": self.clock.millis(),
            "chatId": group.chat_id,
            "corpId": organisation.company.corp_id,
            "operatorUnionId": union,
            "operator": operator,
            "openConversationId": group.open_conversation_id,
        })
    }

    /// The common fields with people in front.
    fn people(&self, common: &Value, people: &[String], cause: Cause<'_>) -> Value {
        let organisation = self.state.organisation.read();
        let union = |id: &String| match cause {
            Cause::Left(user) if user.userid == *id => user.unionid.clone(),
            _ => organisation.user(id).map(|user| user.unionid.clone()).unwrap_or_default(),
        };
        let unions: Vec<String> = people.iter().map(union).collect();
        let mut payload = json!({"timeStamp": common["timeStamp"], "unionId": unions, "userId": people});
        if let (Some(payload), Some(common)) = (payload.as_object_mut(), common.as_object()) {
            payload.extend(common.clone());
        }
        payload
    }
}

/// What `user_modify_org` shows of a person.
fn profile(user: &User) -> Value {
    json!({
        "extFields": user.extension,
        "name": user.name,
        "telephone": user.telephone,
        "remark": user.remark,
        "workPlace": user.work_place,
        "jobNumber": user.job_number,
        "email": user.email,
    })
}
