//! Group chats: scene groups, made from a template of the app, and ordinary ones.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::org::Organisation;
use super::switches::Switches;
use crate::clock::hex;

/// A group chat.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Group {
    pub open_conversation_id: String,
    pub chat_id: String,
    pub title: String,
    /// Template of a scene group; an ordinary group has none.
    #[serde(default)]
    pub template_id: Option<String>,
    #[serde(default)]
    pub icon: String,
    /// Empty when everybody was removed.
    pub owner: String,
    #[serde(default)]
    pub admins: Vec<String>,
    pub members: Vec<String>,
    /// Whether the app's robot is in the group.
    #[serde(default)]
    pub robot: bool,
    #[serde(default)]
    pub disbanded: bool,
    #[serde(default)]
    pub options: Switches,
    /// Who is muted, and until when (milliseconds of Unix time).
    #[serde(skip)]
    pub muted: BTreeMap<String, i64>,
    /// How often the join link became invalid.
    #[serde(skip)]
    pub links: u32,
}

impl Group {
    /// The join link; it changes with the title and the owner.
    pub(in crate::sandbox) fn url(&self) -> String {
        let digest = Sha256::digest(format!("{} {}", self.chat_id, self.links));
        let code = hex(&digest[..8]);
        format!("https://h5.dingtalk.com/circle/joinCircle.html?chat={}&code={code}", self.chat_id)
    }

    pub(in crate::sandbox) fn rename(&mut self, title: String) {
        if self.title != title {
            self.title = title;
            self.links += 1;
        }
    }

    /// Makes a member the owner; the old one stays as an ordinary member.
    pub(in crate::sandbox) fn give_to(&mut self, owner: String) {
        if self.owner != owner {
            self.admins.retain(|admin| *admin != owner);
            self.muted.remove(&owner);
            self.owner = owner;
            self.links += 1;
        }
    }

    /// Takes people in who are not members yet.
    pub(in crate::sandbox) fn add(&mut self, people: &[String]) {
        for person in people {
            if !self.members.contains(person) {
                self.members.push(person.clone());
            }
        }
    }

    /// Puts people out; strangers are passed over. When the owner goes, the first admin or else the first member follows.
    pub(in crate::sandbox) fn remove(&mut self, people: &[String]) {
        self.members.retain(|member| !people.contains(member));
        self.admins.retain(|admin| !people.contains(admin));
        self.muted.retain(|member, _| !people.contains(member));
        if people.contains(&self.owner) {
            let heir = self.admins.first().or(self.members.first()).cloned().unwrap_or_default();
            self.give_to(heir);
        }
    }
}

/// Every group of the organisation.
#[derive(Debug)]
pub(in crate::sandbox) struct Groups {
    all: Vec<Group>,
    /// The group that was made for an idempotency key.
    made: HashMap<String, String>,
}

impl Groups {
    /// Checks the groups against the people; the text says what is wrong.
    pub(in crate::sandbox) fn new(groups: Vec<Group>, people: &Organisation) -> Result<Self, String> {
        for (index, group) in groups.iter().enumerate() {
            let cid = &group.open_conversation_id;
            if !cid.starts_with("cid") {
                return Err(format!("group `{cid}`: open_conversation_id must begin with `cid`"));
            }
            if groups[..index].iter().any(|other| other.open_conversation_id == *cid) {
                return Err(format!("group `{cid}` stands there twice"));
            }
            if let Some(stranger) = group.members.iter().find(|member| people.user(member).is_none()) {
                return Err(format!("group `{cid}`: member `{stranger}` is not among the users"));
            }
            let leading = std::iter::once(&group.owner).chain(&group.admins);
            if let Some(outsider) = leading.into_iter().find(|id| !group.members.contains(id)) {
                return Err(format!("group `{cid}`: owner or admin `{outsider}` is not a member"));
            }
        }
        Ok(Self { all: groups, made: HashMap::new() })
    }

    pub(in crate::sandbox) fn get(&self, open_conversation_id: &str) -> Option<&Group> {
        self.all.iter().find(|group| group.open_conversation_id == open_conversation_id)
    }

    pub(in crate::sandbox) fn get_mut(&mut self, open_conversation_id: &str) -> Option<&mut Group> {
        self.all.iter_mut().find(|group| group.open_conversation_id == open_conversation_id)
    }

    /// The templates that groups were made from.
    pub(in crate::sandbox) fn templates(&self) -> impl Iterator<Item = &String> {
        self.all.iter().filter_map(|group| group.template_id.as_ref())
    }

    /// The group that was made for this idempotency key.
    pub(in crate::sandbox) fn made_for(&self, uuid: &str) -> Option<&Group> {
        self.made.get(uuid).and_then(|cid| self.get(cid))
    }

    pub(in crate::sandbox) fn make(&mut self, group: Group, uuid: Option<String>) {
        if let Some(uuid) = uuid {
            self.made.insert(uuid, group.open_conversation_id.clone());
        }
        self.all.push(group);
    }

    /// Every group.
    pub(in crate::sandbox) fn all(&self) -> &[Group] {
        &self.all
    }

    /// The groups that somebody is in.
    pub(in crate::sandbox) fn of(&self, userid: &str) -> Vec<String> {
        let has = |group: &&Group| group.members.iter().any(|member| member == userid);
        self.all.iter().filter(has).map(|group| group.open_conversation_id.clone()).collect()
    }
}
