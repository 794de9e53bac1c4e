//! How a group or a person is at the moment, read before it is changed. A read costs an API call, so only a prompt and a plan do it.

use serde_json::{Map, Value};

use super::deed::Deed;
use crate::error::Result;
use crate::ops::{Context, contact, group};

/// What can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// A group without its members.
    Settings(String),
    /// The members of a group.
    Members(String),
    /// A person.
    Person(String),
}

/// Something as it was when it was read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ops) struct Image {
    pub(super) subject: Subject,
    /// DingTalk's answer; for members `{"user_ids": […]}`.
    pub(super) fields: Map<String, Value>,
}

impl Subject {
    /// What `deed` changes, when that can be read.
    pub(super) fn of(deed: &Deed) -> Option<Self> {
        match deed {
            Deed::Settings { group, .. } | Deed::Admins { group, .. } => Some(Self::Settings(group.clone())),
            Deed::Added { group, .. } | Deed::Removed { group, .. } => Some(Self::Members(group.clone())),
            Deed::PersonChanged { person, .. } => Some(Self::Person(person.clone())),
            _ => None,
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// As the calls.
    pub(super) async fn read(self, cx: &Context) -> Result<Image> {
        let cx = &cx.aside();
        let fields = match &self {
            Self::Settings(cid) => group::read(cx, cid, None).await?,
            Self::Members(cid) => {
                let (ids, _) = group::members(cx, cid, None).await?;
                Map::from_iter([("user_ids".to_owned(), Value::Array(ids))])
            }
            Self::Person(id) => contact::fetch(cx, id, "zh_CN", None).await?,
        };
        Ok(Image { subject: self, fields })
    }
}
