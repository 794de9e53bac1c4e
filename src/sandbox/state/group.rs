//! Group chats: scene groups, made from a template of the app, and ordinary ones.

use serde::Deserialize;

use super::org::Organisation;

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
    pub options: Options,
}

/// Management switches of a group, all off by default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct Options {
    pub chat_banned_type: bool,
    pub searchable: bool,
    pub validation_type: bool,
    pub mention_all_authority: bool,
    pub management_type: bool,
    pub show_history_type: bool,
}

/// Every group of the organisation.
#[derive(Debug)]
pub(in crate::sandbox) struct Groups(Vec<Group>);

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
        Ok(Self(groups))
    }

    pub(in crate::sandbox) fn get(&self, open_conversation_id: &str) -> Option<&Group> {
        self.0.iter().find(|group| group.open_conversation_id == open_conversation_id)
    }
}
