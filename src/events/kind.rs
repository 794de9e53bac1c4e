//! The kinds of events: one row each, named as the Python framework names its classes.

use crate::lang::Text;

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Somebody wrote to the robot.
    GroupMessage,
    /// An AI assistant passes a question on.
    AiAssistantMessage,
    /// Somebody used a card.
    CardAction,
    /// A card asks for its data.
    CardDataRequest,
    /// A group has a new title.
    GroupNameChange,
    /// A group has a new owner.
    GroupOwnerChange,
    /// A group was disbanded.
    GroupDisband,
    /// People were added to a group.
    ChatAdd,
    /// People were removed from a group.
    ChatKick,
    /// Somebody left a group.
    ChatQuit,
    /// A calendar entry changed.
    CalendarEventChange,
    /// A robot's message was read.
    RobotMessageRead,
    /// A robot's message was recalled.
    RobotMessageRecall,
    /// Something happened in a circle.
    CircleUserAction,
    /// The address of the callback is checked.
    CheckUrl,
    /// Any other event.
    BasicEvent,
    /// A message that could not be delivered as one, such as with the quota used up.
    GettingMessageError,
    /// Listening has begun.
    LoadComplete,
    /// The handlers of a message are done.
    RadioComplete,
    /// … and something was sent.
    MessageSend,
    /// … and nothing was sent.
    NoMessageSend,
}

/// What is known about a kind.
#[derive(Debug)]
pub struct Info {
    /// Which.
    pub kind: Kind,
    /// Its name.
    pub name: &'static str,
    /// `eventType`, or other names that are understood.
    pub wire: &'static [&'static str],
    /// What it means.
    pub doc: Text,
    /// Fields of its own, by their names on the wire.
    pub fields: &'static [&'static str],
}

/// The fields of most things that happen to a group.
const GROUP: &[&str] =
    &["openConversationId", "chatId", "corpId", "operator", "operatorUnionId", "timeStamp"];
/// … with people.
const PEOPLE: &[&str] = &[
    "openConversationId",
    "chatId",
    "corpId",
    "operator",
    "operatorUnionId",
    "timeStamp",
    "userId",
    "unionId",
];
/// The fields of what happens to a robot's message.
const SENT: &[&str] =
    &["processQueryKey", "openConversationId", "robotCode", "userId", "unionId", "operatTime"];

const fn row(
    kind: Kind,
    name: &'static str,
    wire: &'static [&'static str],
    en: &'static str,
    zh: &'static str,
    fields: &'static [&'static str],
) -> Info {
    Info { kind, name, wire, doc: Text::fixed(en, zh), fields }
}

/// Every kind.
#[rustfmt::skip]
pub const KINDS: &[Info] = &[
    row(Kind::GroupMessage, "GroupMessage", &["Message"], "somebody wrote to the robot, in a group or alone", "机器人收到消息（群聊或单聊）", &["conversationId", "conversationType", "conversationTitle", "msgId", "msgtype", "senderNick", "senderStaffId", "isAdmin", "isInAtList", "createAt", "robotCode"]),
    row(Kind::AiAssistantMessage, "AiAssistantMessage", &[], "an AI assistant passes a question on", "AI 助理收到消息", &["rawInput", "conversationToken", "inputAttribute", "openConversationId", "userId", "unionId", "corpId"]),
    row(Kind::CardAction, "CardAction", &["CardCallback"], "somebody used a card", "卡片回传", &["actionIds", "params", "outTrackId", "userId", "spaceType", "spaceId", "extension", "corpId"]),
    row(Kind::CardDataRequest, "CardDataRequest", &[], "a card asks for its data", "卡片请求动态数据", &["outTrackId"]),
    row(Kind::GroupNameChange, "GroupNameChange", &["chat_update_title"], "a group has a new title", "群名称变更", &["title", "openConversationId", "chatId", "corpId", "operator", "operatorUnionId", "timeStamp"]),
    row(Kind::GroupOwnerChange, "GroupOwnerChange", &["chat_update_owner"], "a group has a new owner", "群主变更", &["owner", "openConversationId", "corpId", "operatorUnionId", "timeStamp"]),
    row(Kind::GroupDisband, "GroupDisband", &["chat_disband"], "a group was disbanded", "群解散", GROUP),
    row(Kind::ChatAdd, "ChatAdd", &["chat_add_member"], "people were added to a group", "成员被加入群", PEOPLE),
    row(Kind::ChatKick, "ChatKick", &["chat_remove_member"], "people were removed from a group", "成员被移出群", PEOPLE),
    row(Kind::ChatQuit, "ChatQuit", &["chat_quit"], "somebody left a group", "成员退群", GROUP),
    row(Kind::CalendarEventChange, "CalendarEventChange", &["calendar_event_change"], "a calendar entry changed", "日程变更", &["calendarEventId", "calendarId", "changeType", "unionIdList", "calendarEventUpdateTime", "legacyCalendarEventId"]),
    row(Kind::RobotMessageRead, "RobotMessageRead", &["robot_msg_read"], "a robot's message was read", "机器人消息已读", SENT),
    row(Kind::RobotMessageRecall, "RobotMessageRecall", &["robot_msg_recall"], "a robot's message was recalled", "机器人消息被撤回", SENT),
    row(Kind::CircleUserAction, "CircleUserAction", &["circle_user_action"], "something happened in a circle", "圈子用户动作", &["optName", "optTime", "circleUserid", "circleCorpId", "circleOrgName", "belongCorpId", "allUserOnline"]),
    row(Kind::CheckUrl, "CheckUrl", &["check_url"], "the address of the callback is checked", "校验回调地址", &[]),
    row(Kind::BasicEvent, "BasicEvent", &[], "any other event", "其他事件", &[]),
    row(Kind::GettingMessageError, "GettingMessageError", &[], "a message that could not be delivered", "接收消息出错", &["errorCode", "errorMessage", "conversationId", "senderNick", "senderStaffId"]),
    row(Kind::LoadComplete, "LoadComplete", &[], "listening has begun", "开始监听", &[]),
    row(Kind::RadioComplete, "RadioComplete", &[], "the handlers of a message are done", "消息处理完成", &[]),
    row(Kind::MessageSend, "MessageSend", &[], "the handlers of a message sent something", "处理消息时发送了内容", &[]),
    row(Kind::NoMessageSend, "NoMessageSend", &[], "the handlers of a message sent nothing", "处理消息时未发送内容", &[]),
];

impl Kind {
    /// The row of this kind.
    pub fn info(self) -> &'static Info {
        KINDS.iter().find(|info| info.kind == self).unwrap_or(&KINDS[0])
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The kind of an event with this `eventType`.
    pub fn of_wire(event_type: &str) -> Self {
        let known = KINDS.iter().find(|info| info.wire.contains(&event_type) || info.name == event_type);
        known.map_or(Self::BasicEvent, |info| info.kind)
    }

    /// The kind with this name, that of the framework or that of the wire.
    pub fn parse(name: &str) -> Option<Self> {
        KINDS.iter().find(|info| info.name == name || info.wire.contains(&name)).map(|info| info.kind)
    }

    /// Whether it arises here: no push brings it.
    pub fn is_internal(self) -> bool {
        matches!(self, Self::LoadComplete | Self::RadioComplete | Self::MessageSend | Self::NoMessageSend)
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Kind};

    #[test]
    fn every_kind_has_its_own_row() {
        for info in KINDS {
            assert_eq!(info.kind.name(), info.name);
            assert_eq!(Kind::parse(info.name), Some(info.kind));
            assert!(info.wire.iter().all(|wire| Kind::of_wire(wire) == info.kind));
        }
        assert_eq!((Kind::of_wire("new_thing"), Kind::parse("new_thing")), (Kind::BasicEvent, None));
    }
}
