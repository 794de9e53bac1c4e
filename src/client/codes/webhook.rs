//! Error codes of the custom and session webhooks.

use super::{CodeInfo, row};
use crate::error::Class::{Permission, Rate, Request, Token};

#[rustfmt::skip]
pub(super) const ROWS: &[CodeInfo] = &[
    row("310000", Request, "DingtalkAPIError", "the robot's security settings refuse it: keyword, signature (`group_webhook_secure_key`, clock within 1 h) or IP", "被机器人的安全设置拒绝：关键词、加签（`group_webhook_secure_key`，时钟误差 1 小时内）或 IP"),
    row("400013", Request, "DingtalkAPIError", "the group was disbanded", "群已解散"),
    row("400101", Token, "DingtalkAPIError", "the webhook's token is missing or unknown", "Webhook 的 access_token 缺失或不存在"),
    row("400102", Permission, "DingtalkAPIError", "the robot is stopped", "机器人已停用"),
    row("400105", Request, "DingtalkAPIError", "a webhook cannot send this kind of message", "Webhook 不支持该消息类型"),
    row("400106", Request, "DingtalkAPIError", "no such robot", "机器人不存在"),
    row("410100", Rate, "DingtalkAPIError", "more than 20 messages a minute; the robot rests for 10 minutes", "每分钟超过 20 条，机器人将被限流 10 分钟"),
    row("430101", Request, "DingtalkAPIError", "the message holds an unsafe link", "消息包含不安全的外链"),
    row("430102", Request, "DingtalkAPIError", "DingTalk does not allow this text", "消息包含不合适的文本"),
    row("430103", Request, "DingtalkAPIError", "DingTalk does not allow this picture", "消息包含不合适的图片"),
    row("430104", Request, "NSFWMessageError", "DingTalk does not allow this content; change the text", "消息包含不合适的内容，请修改"),
    row("130101", Rate, "DingtalkAPIError", "more than 20 messages a minute; the robot rests for 10 minutes", "每分钟超过 20 条，机器人将被限流 10 分钟"),
    row("300001", Token, "DingtalkAPIError", "the webhook does not exist, or the session has ended", "Webhook 不存在，或会话已过期"),
    row("300005", Token, "DingtalkAPIError", "the webhook does not exist", "Webhook 不存在"),
];
