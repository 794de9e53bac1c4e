//! Who and where is meant: people by userId or name, groups by `cid…` or title; and the ids that only messages show.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::sandbox::World;
use crate::sandbox::state::group::Group;
use crate::sandbox::state::org::User;

impl World {
    /// The person with this userId or this name.
    pub(super) fn person(&self, name: &str) -> Result<User> {
        let organisation = self.state.organisation.read();
        if let Some(user) = organisation.user(name) {
            return Ok(user.clone());
        }
        let named: Vec<&User> = organisation.users().iter().filter(|user| user.name == name).collect();
        match named[..] {
            [user] => Ok(user.clone()),
            [] => Err(Error::usage(
                format!("nobody in the sandbox is called `{name}`"),
                format!("沙盒里没有叫 `{name}` 的人"),
            )),
            _ => {
                let ids: Vec<&str> = named.iter().map(|user| user.userid.as_str()).collect();
                let ids = ids.join(", ");
                Err(Error::usage(
                    format!("several people are called `{name}`: {ids}"),
                    format!("有多人叫 `{name}`：{ids}"),
                ))
            }
        }
    }

    /// The living group with this `cid…` or this title.
    pub(super) fn group(&self, name: &str) -> Result<Group> {
        let groups = self.state.groups.read();
        let living = || groups.all().iter().filter(|group| !group.disbanded);
        if let Some(group) = living().find(|group| group.open_conversation_id == name) {
            return Ok(group.clone());
        }
        let titled: Vec<&Group> = living().filter(|group| group.title == name).collect();
        match titled[..] {
            [group] => Ok(group.clone()),
            [] => Err(Error::usage(
                format!("no group of the sandbox is called `{name}`"),
                format!("沙盒里没有叫 `{name}` 的群"),
            )),
            _ => {
                let ids: Vec<&str> = titled.iter().map(|group| group.open_conversation_id.as_str()).collect();
                let ids = ids.join(", ");
                Err(Error::usage(
                    format!("several groups are called `{name}`: {ids}"),
                    format!("有多个群叫 `{name}`：{ids}"),
                ))
            }
        }
    }

    /// The group, if the person is in it.
    pub(super) fn group_of(&self, name: &str, person: &User) -> Result<Group> {
        let group = self.group(name)?;
        if group.members.contains(&person.userid) {
            return Ok(group);
        }
        let (person, title) = (&person.name, &group.title);
        Err(Error::usage(
            format!("{person} is not in the group {title}"),
            format!("{person} 不在群 {title} 中"),
        ))
    }
}

/// The encrypted id of somebody, as messages show it.
pub(super) fn dingtalk_id(of: &str) -> String {
    format!("$:LWCP_v1:${}", digest("person", of))
}

/// The conversation of somebody with the robot alone.
pub(super) fn single_cid(userid: &str) -> String {
    format!("cid{}", digest("single", userid))
}

fn digest(kind: &str, of: &str) -> String {
    STANDARD.encode(&Sha256::digest(format!("{kind} {of}"))[..16])
}
