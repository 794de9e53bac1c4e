//! Management switches of a group: one table of names and defaults, read from seeds and from requests.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// How many switches every call that takes switches has.
const COMMON: usize = 14;

/// Every switch with its default; the common ones first.
const TABLE: [(&str, bool); 17] = [
    ("chat_banned_type", false),
    ("searchable", false),
    ("validation_type", false),
    ("mention_all_authority", false),
    ("management_type", false),
    ("show_history_type", false),
    ("only_admin_can_ding", false),
    ("all_members_can_create_mcs_conf", true),
    ("all_members_can_create_calendar", false),
    ("group_email_disabled", false),
    ("only_admin_can_set_msg_top", false),
    ("add_friend_forbidden", false),
    ("group_live_switch", true),
    ("members_to_admin_chat", false),
    ("not_quit_when_emp_leave", false),
    ("only_admin_can_add_mem", false),
    ("plugin_customize_verify", false),
];

/// The calls that take switches; each knows others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Taker {
    /// oapi, a new group.
    Create,
    /// oapi, an existing group.
    Update,
    /// api, `management_options` of a new group.
    CreateV1,
    /// api, `management_options` of an existing group.
    UpdateV1,
}

impl Taker {
    fn knows(self, index: usize) -> bool {
        let last = TABLE.len() - 1;
        match self {
            Self::Create => index < COMMON,
            Self::Update => index < COMMON || index == last,
            Self::CreateV1 => index < last,
            Self::UpdateV1 => true,
        }
    }

    /// Takes the switches out of `fields`; a value other than the numbers 0 and 1 is named.
    pub(in crate::sandbox) fn take(self, fields: &mut Map<String, Value>) -> Result<Vec<Change>, String> {
        let mut changes = Vec::new();
        for (index, (name, _)) in TABLE.iter().enumerate().filter(|(index, _)| self.knows(*index)) {
            match fields.shift_remove(*name) {
                None => {}
                Some(Value::Number(number)) if number.as_i64() == Some(0) => {
                    changes.push(Change { index, on: false });
                }
                Some(Value::Number(number)) if number.as_i64() == Some(1) => {
                    changes.push(Change { index, on: true });
                }
                Some(other) => return Err(format!("`{name}` must be 0 or 1, not {other}")),
            }
        }
        Ok(changes)
    }
}

/// A switch and how it shall stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) struct Change {
    index: usize,
    on: bool,
}

/// The switches of one group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox) struct Switches([bool; TABLE.len()]);

impl Default for Switches {
    fn default() -> Self {
        Self(TABLE.map(|(_, default)| default))
    }
}

impl Switches {
    pub(in crate::sandbox) fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            self.0[change.index] = change.on;
        }
    }

    /// Names and values in the order of the table.
    pub(in crate::sandbox) fn all(&self) -> impl Iterator<Item = (&'static str, bool)> {
        TABLE.iter().map(|(name, _)| *name).zip(self.0)
    }
}

impl<'de> Deserialize<'de> for Switches {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut switches = Self::default();
        for (name, on) in std::collections::BTreeMap::<String, bool>::deserialize(deserializer)? {
            let index = TABLE.iter().position(|(known, _)| *known == name);
            let index = index.ok_or_else(|| {
                serde::de::Error::custom(format!("unknown field `{name}`, not a switch of a group"))
            })?;
            switches.0[index] = on;
        }
        Ok(switches)
    }
}
