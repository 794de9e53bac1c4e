//! A chain with files as the messages it becomes: what stands between files is one text, each file is its own.

use super::{Element, Message, MessageChain};
use crate::model::{File, Shared};

impl Message {
    /// The files in it.
    pub fn files(&self) -> Vec<&Shared<File>> {
        match self {
            Self::File(file) => vec![file],
            Self::Chain(chain) => chain.files().collect(),
            _ => Vec::new(),
        }
    }
}

impl MessageChain {
    /// The files in it.
    pub fn files(&self) -> impl Iterator<Item = &Shared<File>> {
        self.elements.iter().filter_map(|element| match element {
            Element::File(file) => Some(file),
            Element::Plain(_) | Element::At(_) => None,
        })
    }

    /// Its messages in order. With `marks`, a part that holds nothing but marks is kept; blank text never is.
    pub fn split(&self, marks: bool) -> Vec<Message> {
        let mut messages = Vec::new();
        let mut part = Self::default();
        for element in &self.elements {
            if let Element::File(file) = element {
                messages.extend(std::mem::take(&mut part).worth_sending(marks));
                messages.push(Message::File(file.clone()));
            } else {
                part.elements.push(element.clone());
            }
        }
        messages.extend(part.worth_sending(marks));
        messages
    }

    fn worth_sending(self, marks: bool) -> Option<Message> {
        let speaks = !self.plain().trim().is_empty() || (marks && self.marks().next().is_some());
        speaks.then_some(Message::Chain(self))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{At, Element, Message, MessageChain};
    use crate::model::{File, Shared};

    #[test]
    fn texts_stay_together_between_files() {
        let file = || Element::File(Shared::new(File::default()));
        let text = |text: &str| Element::Plain(text.into());
        let chain = MessageChain {
            elements: vec![text("a"), text("b"), file(), text(" "), file(), Element::At(At::All), text("")],
        };
        let shown = |messages: &[Message]| messages.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(shown(&chain.split(false)), ["ab", "<File>", "<File>"]);
        assert_eq!(shown(&chain.split(true)), ["ab", "<File>", "<File>", "@all"]);
    }
}
