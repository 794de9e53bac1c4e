//! The events that a handler can wait for: one row each, read by whoever names them.

use crate::lang::Text;

/// One kind of event.
#[derive(Debug)]
pub struct Event {
    /// Its name in `on("…", |event| …)`.
    pub name: &'static str,
    /// Its name on the wire; empty for one of this program.
    pub wire: &'static str,
    /// When it happens.
    pub doc: Text,
}

const fn event(name: &'static str, wire: &'static str, en: &'static str, zh: &'static str) -> Event {
    Event { name, wire, doc: Text::fixed(en, zh) }
}

/// Every kind: messages, what DingTalk tells, then what this program tells.
pub const EVENTS: &[Event] = &[
    event("GroupMessage", "", "a message to the robot", "机器人收到消息"),
    event("AiAssistantMessage", "", "a message to the AI assistant", "AI 助理收到消息"),
    event("GroupNameChange", "chat_update_title", "a group has another name", "群名称变更"),
    event("GroupDisband", "chat_disband", "a group was disbanded", "群解散"),
    event("ChatQuit", "chat_quit", "somebody left a group", "成员退群"),
    event("ChatKick", "chat_remove_member", "somebody was removed from a group", "成员被移出群"),
    event("ChatAdd", "chat_add_member", "somebody was added to a group", "成员入群"),
    event("ChatOwnerChange", "chat_update_owner", "a group has another owner", "群主变更"),
    event("CalendarEventChange", "calendar_event_change", "a calendar entry changed", "日程变更"),
    event("RobotMessageRead", "robot_msg_read", "a message of the robot was read", "机器人消息已读"),
    event(
        "RobotMessageRecall",
        "robot_msg_recall",
        "a message of the robot was recalled",
        "机器人消息被撤回",
    ),
    event("CircleUserAction", "circle_user_action", "somebody acted in a circle", "圈子成员操作"),
    event("CheckUrl", "check_url", "DingTalk tests the callback address", "钉钉验证回调地址"),
    event("BasicEvent", "", "any other event of DingTalk", "钉钉的其他事件"),
    event("LoadComplete", "", "everything is loaded", "加载完成"),
    event("RadioComplete", "", "all handlers of an event are done", "事件处理完成"),
    event("MessageSend", "", "a message was sent", "消息已发送"),
    event("NoMessageSend", "", "a message was not sent", "消息未发送"),
    event("GettingMessageError", "", "a message could not be read", "消息读取出错"),
];

#[cfg(test)]
mod tests {
    use super::EVENTS;

    #[test]
    fn every_name_stands_once() {
        for (index, event) in EVENTS.iter().enumerate() {
            let others = &EVENTS[..index];
            assert!(others.iter().all(|other| other.name != event.name), "{}", event.name);
            assert!(
                event.wire.is_empty() || others.iter().all(|other| other.wire != event.wire),
                "{}",
                event.wire
            );
        }
    }
}
