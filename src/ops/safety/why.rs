//! Why something that was done cannot be taken back.

use serde_json::Value;

use super::deed::Deed;
use super::ledger::Request;
use crate::lang::Text;

/// The reason, and what can be done instead.
pub(super) fn why_not(deed: &Deed, request: &Request) -> Text {
    let made = request
        .answer
        .pointer("/result/open_conversation_id")
        .or_else(|| request.answer.get("open_conversation_id"));
    match deed {
        Deed::Webhook => Text::fixed("a webhook's message cannot be recalled", "Webhook 消息无法撤回"),
        Deed::GroupMade => {
            let cid = made.and_then(Value::as_str).unwrap_or("cid…");
            Text::made(
                format!("the group stays; `app.disband_group(\"{cid}\", #{{real: true}})` ends it for good"),
                format!("群仍然存在；可用 `app.disband_group(\"{cid}\", #{{real: true}})` 彻底解散"),
            )
        }
        Deed::PersonMade => Text::fixed(
            "the person stays; `app.remove_user(…)` removes them",
            "人员仍然存在；可用 `app.remove_user(…)` 移除",
        ),
        Deed::PersonRemoved { .. } => Text::fixed(
            "a person who was removed comes back only by an invitation: `app.create_user(…)`",
            "被移除的人员只能重新邀请：`app.create_user(…)`",
        ),
        Deed::Disbanded { .. } => Text::fixed("a disbanded group does not come back", "已解散的群无法恢复"),
        Deed::Muted { .. } => Text::fixed(
            "for how long they were still muted is not known; `app.mute_member(…)` mutes them",
            "不知道剩余的禁言时间；可用 `app.mute_member(…)` 重新禁言",
        ),
        Deed::Recalled => Text::fixed(
            "a recalled message does not come back; send it again",
            "撤回的消息无法恢复；请重新发送",
        ),
        Deed::Ding => Text::fixed("a DING was seen, heard or read", "DING 已送达，无法撤销"),
        Deed::Card => Text::fixed(
            "a card cannot be recalled; `app.update_card(…)` changes it",
            "卡片无法撤回；可用 `app.update_card(…)` 修改",
        ),
        Deed::Upload => {
            Text::fixed("an uploaded file stays, and nobody sees it", "已上传的文件会保留，但不会被他人看到")
        }
        _ => Text::fixed("it is not known what this call changes", "不清楚该调用更改了什么"),
    }
}
