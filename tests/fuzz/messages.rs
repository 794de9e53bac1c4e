//! Messages become bodies that DingTalk can read, or are refused.

use dingraia::message::{
    ActionCard, ActionCardButton, At, Element, FeedCard, FeedCardNode, Link, MAX_MSG_PARAM, Markdown,
    Message, MessageChain, Orientation, address, template, webhook_body,
};
use dingraia::model::{File, Shared};
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use serde_json::Value;

use super::cases;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => ".{0,12}", 1 => "[ \t\n]{0,4}", 1 => Just("字".repeat(6_000)), 1 => any::<String>()]
}

fn element() -> impl Strategy<Value = Element> {
    prop_oneof![
        3 => text().prop_map(Element::Plain),
        2 => text().prop_map(|text| Element::At(At::parse(&text))),
        1 => Just(Element::At(At::All)),
        1 => Just(Element::File(Shared::new(File::default()))),
    ]
}

fn button() -> impl Strategy<Value = ActionCardButton> {
    (text(), text()).prop_map(|(title, url)| ActionCardButton { title, url })
}

fn message() -> impl Strategy<Value = Message> {
    let chain = prop::collection::vec(element(), 0..60)
        .prop_map(|elements| Message::Chain(MessageChain { elements }));
    let markdown = (text(), text()).prop_map(|(text, title)| Message::Markdown(Markdown { text, title }));
    let link = (text(), text(), text(), text()).prop_map(|(title, text, message_url, pic_url)| {
        Message::Link(Link { title, text, message_url, pic_url })
    });
    let card = (text(), text(), prop::collection::vec(button(), 0..8), any::<bool>()).prop_map(
        |(title, text, buttons, flat)| {
            let orientation = if flat { Orientation::Horizontal } else { Orientation::Vertical };
            Message::ActionCard(ActionCard { title, text, buttons, orientation })
        },
    );
    let feed = prop::collection::vec((text(), text(), text()), 0..4).prop_map(|nodes| {
        let node = |(title, message_url, pic_url)| FeedCardNode { title, message_url, pic_url };
        Message::FeedCard(FeedCard { nodes: nodes.into_iter().map(node).collect() })
    });
    prop_oneof![chain, markdown, link, card, feed]
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn a_message_is_a_body_or_refused(message in message()) {
        if let Ok((key, param)) = template(&message) {
            assert!(key.starts_with("sample") && param.len() <= MAX_MSG_PARAM);
            assert!(serde_json::from_str::<Value>(&param).unwrap().is_object());
        }
        if let Ok(body) = webhook_body(&message) {
            let kind = body["msgtype"].as_str().unwrap();
            assert!(body[kind].is_object(), "{body}");
        }
        let _ = (message.to_string(), message.is_empty());
    }

    /// Nothing that can be said is lost when a chain is taken apart.
    #[test]
    fn a_chain_is_split_whole(elements in prop::collection::vec(element(), 0..12), marks in any::<bool>()) {
        let chain = MessageChain { elements };
        let parts = chain.split(marks);
        let said: String = parts.iter().map(|part| match part {
            Message::Chain(chain) => chain.plain(),
            _ => String::new(),
        }).collect();
        let wanted: String = chain.plain().chars().filter(|c| !c.is_whitespace()).collect();
        assert_eq!(said.chars().filter(|c| !c.is_whitespace()).collect::<String>(), wanted);
        let files = parts.iter().filter(|part| matches!(part, Message::File(_))).count();
        assert_eq!(files, chain.files().count());
    }

    /// An address stays what it is when it is made whole again.
    #[test]
    fn an_address_is_made_whole_once(text in text()) {
        let once = address(&text);
        assert_eq!(address(&once), once);
    }
}
