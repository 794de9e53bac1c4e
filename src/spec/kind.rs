//! The kinds of arguments: what each must be, in words.

use crate::lang::Text;

/// What an argument must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A whole number.
    Int,
    /// `true`/`false`, also 1/0 and "1"/"0".
    Flag,
    /// Seconds, 0 or more.
    Seconds,
    /// `zh_CN` or `en_US`.
    Lang,
    /// A staffId.
    User,
    /// A department id.
    Dept,
    /// One or more department ids.
    Depts,
    /// One or more people.
    Users,
    /// A group's name.
    Title,
    /// A picture by mediaId.
    Icon,
    /// A switch that goes over the wire as 1 or 0.
    Switch,
    /// A family of group calls.
    Family,
    /// JSON text, or what becomes it.
    Json,
    /// A day.
    Date,
    /// A list of maps.
    Maps,
    /// A code, or an access token that can be renewed.
    Code,
    /// A group's openConversationId.
    Conversation,
    /// Where a message goes.
    Target,
    /// One or more messages.
    Messages,
    /// Something with text in it that goes into a chain.
    Element,
    /// The answer of `send_message`.
    Receipt,
    /// One text or a list of them.
    Texts,
    /// An access token.
    Token,
    /// A map.
    Map,
    /// A path on a host of DingTalk.
    Path,
    /// An `http(s)` address.
    Url,
    /// Something the cache knows.
    Cached,
    /// A point in time, Unix seconds or milliseconds.
    Time,
    /// Where a card goes.
    CardTarget,
    /// A card that was sent.
    CardId,
    /// The values of a card.
    CardData,
    /// What single people see in a card.
    PrivateData,
    /// How a card's clicks come back.
    CallbackType,
    /// A picture that was uploaded.
    MediaId,
    /// `auto`, `full` or `stream`.
    ContentType,
    /// Where a text comes from.
    TextSource,
    /// HTTP headers.
    Headers,
    /// A whole number, 1 or more.
    Count,
    /// A TCP port.
    Port,
    /// How long it is from one time to the next.
    Period,
    /// A time of day.
    TimeOfDay,
    /// A function.
    Function,
    /// A configuration.
    Config,
    /// The content of a file, or a file object.
    File,
    /// The code of a received file.
    DownloadCode,
    /// A path on this machine.
    LocalPath,
    /// Milliseconds.
    Millis,
    /// Pixels.
    Pixels,
    /// The cover of a film.
    Cover,
    /// An object of the named type, or a list of them.
    Object(&'static str),
    /// A unionId.
    Union,
    /// A person's name.
    Name,
    /// A kind of mail account.
    MailType,
    /// The voice of a telephone call.
    Voice,
    /// A person, or nobody.
    Manager,
    /// Anything.
    Any,
}

impl Kind {
    /// What it must be, for error texts and help.
    #[expect(clippy::too_many_lines, reason = "one line a kind")]
    pub fn text(self) -> Text {
        let (en, zh) = match self {
            Self::Text => ("text", "文本"),
            Self::Int => ("a whole number", "整数"),
            Self::Flag => ("true or false", "true 或 false"),
            Self::Seconds => ("seconds, 0 or more", "不小于 0 的秒数"),
            Self::Lang => ("\"zh_CN\" or \"en_US\"", "\"zh_CN\" 或 \"en_US\""),
            Self::User => ("a staffId or a Member", " staffId 或 Member"),
            Self::Dept => ("a department id (a number)", "部门 ID（数字）"),
            Self::Depts => ("a department id or a list of them", "部门 ID 或其列表"),
            Self::Users => ("a staffId, a Member or a list of them", " staffId、Member 或其列表"),
            Self::Title => ("a name of 1 to 30 characters", " 1 到 30 个字符的名称"),
            Self::Icon => {
                ("a mediaId that begins with @ or $, or a File", "以 @ 或 $ 开头的 mediaId，或 File")
            }
            Self::Switch => ("true, false, 1 or 0", " true、false、1 或 0"),
            Self::Family => ("\"legacy\" or \"v1\"", " \"legacy\" 或 \"v1\""),
            Self::Json => ("a map, or text that is JSON", "映射，或 JSON 文本"),
            Self::Date => (
                "a day such as \"2021-01-31\", or Unix milliseconds",
                "日期（如 \"2021-01-31\"）或 Unix 毫秒",
            ),
            Self::Maps => ("a map or a list of maps", "映射或映射列表"),
            Self::Code => ("a login code or an AccessToken of a user", "登录授权码或用户的 AccessToken"),
            Self::Conversation => (
                "a conversation id (cid…), an OpenConversationId or a Group",
                "会话 ID（cid…）、OpenConversationId 或 Group",
            ),
            Self::Target => (
                "a conversation id (cid…), an http(s) address, an OpenConversationId, a Group, a Member, a Webhook or ()",
                "会话 ID（cid…）、http(s) 地址、OpenConversationId、Group、Member、Webhook 或 ()",
            ),
            Self::Messages => (
                "text, a MessageChain, a Markdown, Link, ActionCard, FeedCard, File, Image, Audio or Video, or a list of them",
                "文本、MessageChain、Markdown、Link、ActionCard、FeedCard、File、Image、Audio、Video，或由它们组成的列表",
            ),
            Self::Element => ("text or an element such as At(…)", "文本或 At(…) 等消息元素"),
            Self::Receipt => {
                ("the Response of send_message or a list of them", " send_message 返回的 Response 或其列表")
            }
            Self::Texts => ("text or a list of texts", "文本或文本列表"),
            Self::Token => ("an access token (text or AccessToken)", "访问令牌（文本或 AccessToken）"),
            Self::Map => ("a map #{…}", "映射 #{…}"),
            Self::Path => ("a path that begins with /", "以 / 开头的路径"),
            Self::Url => ("an http(s) address", " http(s) 地址"),
            Self::Cached => (
                "a Member, a Group, an OpenConversationId, a staffId, a conversation id (cid…) or a number",
                " Member、Group、OpenConversationId、staffId、会话 ID（cid…）或数字",
            ),
            Self::Time => ("a Unix time in seconds or milliseconds", " Unix 时间（秒或毫秒）"),
            Self::CardTarget => (
                "a conversation id (cid…), an OpenConversationId, a Group or a Member",
                "会话 ID（cid…）、OpenConversationId、Group 或 Member",
            ),
            Self::CardId => ("a CardResponse or its outTrackId", " CardResponse 或其 outTrackId"),
            Self::CardData => ("a map #{…} or a Markdown", "映射 #{…} 或 Markdown"),
            Self::PrivateData => (
                "a PrivateDataBuilder or a map #{staffId: #{key: value}}",
                " PrivateDataBuilder 或映射 #{staffId: #{key: value}}",
            ),
            Self::CallbackType => ("\"auto\", \"Stream\" or \"HTTP\"", "\"auto\"、\"Stream\" 或 \"HTTP\""),
            Self::MediaId => ("a mediaId that begins with @, or a File", "以 @ 开头的 mediaId 或 File"),
            Self::ContentType => ("\"auto\", \"full\" or \"stream\"", "\"auto\"、\"full\" 或 \"stream\""),
            Self::TextSource => ("text, a list of texts or a function", "文本、文本列表或函数"),
            Self::Headers => ("a map of headers #{…}", "请求头映射 #{…}"),
            Self::Count => ("a whole number, 1 or more", "不小于 1 的整数"),
            Self::Port => ("a port, 0 to 65535", "端口号（0 到 65535）"),
            Self::Period => {
                ("a number of seconds above 0, or a text such as \"5m\"", "大于 0 的秒数，或如 \"5m\" 的文本")
            }
            Self::TimeOfDay => ("a time of day such as \"09:00\"", "如 \"09:00\" 的时刻"),
            Self::Function => ("a function or closure", "函数或闭包"),
            Self::Config => ("a Config", " Config"),
            Self::File | Self::DownloadCode | Self::LocalPath | Self::Millis | Self::Pixels | Self::Cover => {
                self.about_files()
            }
            Self::Object(name) => return Text::made(format!("a {name}"), format!(" {name}")),
            Self::Union => ("a unionId, or a Member that has one", " unionId，或带有 unionId 的 Member"),
            Self::Manager => {
                ("a staffId, a Member, or \"\" for nobody", " staffId、Member，或表示无上级的 \"\"")
            }
            Self::Name => ("a name of 1 to 80 characters", " 1 到 80 个字符的姓名"),
            Self::MailType => ("\"base\" or \"profession\"", " \"base\" 或 \"profession\""),
            Self::Voice => {
                ("a voice such as \"Standard_Female_Voice\"", "语音，例如 \"Standard_Female_Voice\"")
            }
            Self::Any => ("any value", "任意值"),
        };
        Text::fixed(en, zh)
    }

    /// The words of what files are made of; for every other kind those of a file.
    fn about_files(self) -> (&'static str, &'static str) {
        match self {
            Self::DownloadCode => ("a downloadCode or a File that has one", " downloadCode 或带有它的 File"),
            Self::LocalPath => ("a path with a file name", "包含文件名的路径"),
            Self::Millis => ("milliseconds, more than 0", "大于 0 的毫秒数"),
            Self::Pixels => ("pixels, 1 to 65535", " 1 到 65535 的像素数"),
            Self::Cover => ("an Image, a mediaId or the path of a picture", " Image、mediaId 或图片路径"),
            _ => (
                "a path, an http(s) address, a `data:` text, bytes or a File",
                "路径、http(s) 地址、`data:` 文本、字节或 File",
            ),
        }
    }

    /// The short word of machine output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Flag => "flag",
            Self::Seconds => "seconds",
            Self::Lang => "lang",
            Self::User => "user",
            Self::Dept => "dept",
            Self::Depts => "depts",
            Self::Users => "users",
            Self::Title => "title",
            Self::Icon => "icon",
            Self::Switch => "switch",
            Self::Family => "family",
            Self::Json => "json",
            Self::Date => "date",
            Self::Maps => "maps",
            Self::Code => "code",
            Self::Conversation => "conversation",
            Self::Target => "target",
            Self::Messages => "messages",
            Self::Element => "element",
            Self::Receipt => "receipt",
            Self::Texts => "texts",
            Self::Token => "token",
            Self::Map => "map",
            Self::Path => "path",
            Self::Url => "url",
            Self::Cached => "cached",
            Self::Time => "time",
            Self::CardTarget => "card_target",
            Self::CardId => "card_id",
            Self::CardData => "card_data",
            Self::PrivateData => "private_data",
            Self::CallbackType => "callback_type",
            Self::MediaId => "media_id",
            Self::ContentType => "content_type",
            Self::TextSource => "text_source",
            Self::Headers => "headers",
            Self::Count => "count",
            Self::Port => "port",
            Self::Period => "period",
            Self::TimeOfDay => "time",
            Self::Function => "function",
            Self::Config => "config",
            Self::File => "file",
            Self::DownloadCode => "download_code",
            Self::LocalPath => "path_here",
            Self::Millis => "millis",
            Self::Pixels => "pixels",
            Self::Cover => "cover",
            Self::Object(name) => name,
            Self::Union => "union",
            Self::Name => "name",
            Self::MailType => "mail_type",
            Self::Voice => "voice",
            Self::Manager => "manager",
            Self::Any => "any",
        }
    }

    /// True when a map is a value of this kind, so that a trailing map may be the argument itself.
    pub fn takes_map(self) -> bool {
        matches!(self, Self::Map | Self::CardData | Self::Json | Self::Maps | Self::Any)
    }

    /// True when a trailing map may be a value of this kind, unless it names parameters.
    pub fn may_take_map(self) -> bool {
        matches!(self, Self::PrivateData | Self::Headers)
    }
}
