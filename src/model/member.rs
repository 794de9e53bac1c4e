//! A person.

use std::fmt;

/// A person as the guide's `Member`: what is not known is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Member {
    /// The framework's own number for a person, made from the sender id of a message.
    pub id: Option<i64>,
    /// Name.
    pub name: String,
    /// Id inside the organisation, the `userid` of the address book.
    pub staff_id: String,
    /// Id across organisations.
    pub union_id: String,
}

impl Member {
    /// A person known by staffId.
    pub fn staff(staff_id: impl Into<String>) -> Self {
        Self { staff_id: staff_id.into(), ..Self::default() }
    }
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = if self.staff_id.is_empty() { &self.union_id } else { &self.staff_id };
        match (self.name.as_str(), id.as_str()) {
            ("", "") => match self.id {
                Some(id) => write!(f, "<Member {id}>"),
                None => write!(f, "<Member>"),
            },
            ("", id) => write!(f, "<Member {id}>"),
            (name, "") => write!(f, "<Member {name}>"),
            (name, id) => write!(f, "<Member {name} {id}>"),
        }
    }
}
