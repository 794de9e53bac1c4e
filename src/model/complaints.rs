//! What may go wrong thousands of times a second is told once and then counted.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// How long a complaint is only counted after it was told.
const QUIET: Duration = Duration::from_secs(10);

/// The complaints in Chinese. What is not here is told in English.
#[rustfmt::skip]
const CHINESE: &[(&str, &str)] = &[
    ("a frame longer than 1 MiB", "超过 1 MiB 的帧"),
    ("a frame that is not a JSON object", "不是 JSON 对象的帧"),
    ("a frame without headers", "没有 headers 的帧"),
    ("a frame without a messageId", "没有 messageId 的帧"),
    ("a frame of an unknown type", "未知类型的帧"),
    ("a frame whose data is not a JSON object", "data 不是 JSON 对象的帧"),
    ("a frame that is not text", "不是文本的帧"),
    ("a callback of an unknown topic", "未知 topic 的回调"),
    ("an event without an eventType", "没有 eventType 的事件"),
    ("a push that cannot be read", "无法解析的推送"),
    ("a push, because 10000 wait to be handled", "一条推送，因为已有 10000 条等待处理"),
    ("a push that could not be recorded", "无法录制的推送"),
    ("an event that could not be forwarded in time", "未能及时转发的事件"),
    ("an event that could not be forwarded", "未能转发的事件"),
    ("a callback that is not a JSON object", "不是 JSON 对象的回调"),
    ("a callback of an unknown kind", "未知类型的回调"),
    ("a callback that is old", "过期的回调"),
    ("a callback, because too many wait to be handled", "一条回调，因为等待处理的过多"),
    ("a web request, because too many are being answered", "一次网页请求，因为正在应答的过多"),
    ("a web request whose handler took longer than 30 s", "一次网页请求，处理函数用时超过 30 秒"),
    ("an event that is not encrypted", "未加密的事件"),
    ("an event, for `event_callback` is not configured", "一条事件，因为未配置 `event_callback`"),
    ("an event that is not a JSON object", "不是 JSON 对象的事件"),
    ("a message, for no app is configured", "一条消息，因为未配置应用"),
    ("a message with a wrong or old signature", "签名错误或过期的消息"),
    ("a card action, for `card_api_secret` is not configured", "一次卡片回传，因为未配置 `card_api_secret`"),
    ("a card action with a wrong or old signature", "签名错误或过期的卡片回传"),
    ("a wrong signature", "错误的签名"),
    ("a text that is not encrypted", "未加密的文本"),
    ("a wrong padding", "错误的填充"),
    ("a wrong length", "错误的长度"),
    ("a push for another app", "发给其他应用的推送"),
    ("a message that is not UTF-8", "不是 UTF-8 的消息"),
];

/// Counts complaints, and tells each of them now and then.
#[derive(Debug, Default)]
pub struct Complaints(Mutex<BTreeMap<&'static str, Complaint>>);

#[derive(Debug, Default)]
struct Complaint {
    count: u64,
    untold: u64,
    told: Option<Instant>,
}

impl Complaints {
    /// One more of this kind; logs it unless that was done within the last ten seconds.
    pub fn add(&self, what: &'static str) {
        let mut all = self.0.lock();
        let complaint = all.entry(what).or_default();
        complaint.count += 1;
        complaint.untold += 1;
        if complaint.told.is_some_and(|told| told.elapsed() < QUIET) {
            return;
        }
        let times = std::mem::take(&mut complaint.untold);
        complaint.told = Some(Instant::now());
        let zh = CHINESE.iter().find(|(en, _)| *en == what).map_or(what, |(_, zh)| zh);
        match times {
            1 => tracing::warn!(target: "dingraia", zh = %format!("已忽略：{zh}"), "ignored: {what}"),
            _ => {
                tracing::warn!(target: "dingraia", zh = %format!("已忽略 {times} 次：{zh}"), "ignored {times} times: {what}");
            }
        }
    }

    /// How many there were of each kind.
    pub fn counts(&self) -> Vec<(&'static str, u64)> {
        self.0.lock().iter().map(|(what, complaint)| (*what, complaint.count)).collect()
    }
}
