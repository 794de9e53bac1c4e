//! The one table of keys: parsing, hints, `config show` and the template all read it.
//!
//! Defaults stand in the `Default` of the structs (`model.rs`), where the type checker sees them.

use crate::lang::Text;

/// What a value must look like.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// A table of these keys.
    Table(&'static [Key]),
    /// Any number of such tables; a single one is accepted too.
    Tables(&'static [Key]),
    /// A table of lifetimes, or one number for those of users and groups.
    Times(&'static [Key]),
    /// A table of header names and secret values.
    Headers,
    /// Text that is not empty and has no spaces.
    Word,
    /// `http://` or `https://` with a host.
    Url,
    /// `ws://` or `wss://` with a host.
    SocketUrl,
    /// Hexadecimal text, or the whole webhook URL.
    WebhookToken,
    /// 43 letters and digits.
    AesKey,
    /// 3 to 32 letters and digits.
    CallbackToken,
    /// A number, 0 or more.
    Number,
    /// A number of seconds above 0.
    Seconds,
    /// `true` or `false`.
    Switch,
    /// A path of a file.
    Path,
    /// `en` or `zh`.
    Language,
    /// `legacy` or `v1`.
    GroupApi,
    /// `emacs` or `vi`.
    EditMode,
    /// `never`, `destroy` or `all`.
    Confirm,
    /// A name of the Python framework that means nothing here; only its empty value is accepted.
    Unused,
}

/// One key of the configuration.
#[derive(Debug)]
pub struct Key {
    /// Its name. Case, `_` and `-` do not matter when it is read: `AppKey` and `appKey` are `app_key`.
    pub name: &'static str,
    /// Other words for it, those of the Python framework.
    pub aliases: &'static [&'static str],
    /// What its value must look like.
    pub shape: Shape,
    /// The environment variable that beats the file.
    pub env: Option<&'static str>,
    /// True when its value is never printed.
    pub secret: bool,
    /// What it is for.
    pub doc: Text,
}

impl Key {
    const fn new(name: &'static str, shape: Shape, en: &'static str, zh: &'static str) -> Self {
        let secret =
            matches!(shape, Shape::Headers | Shape::WebhookToken | Shape::AesKey | Shape::CallbackToken);
        Self { name, aliases: &[], shape, env: None, secret, doc: Text::fixed(en, zh) }
    }

    const fn also(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    const fn env(mut self, name: &'static str) -> Self {
        self.env = Some(name);
        self
    }

    const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The keys of a table; empty for a value.
    pub fn children(&self) -> &'static [Self] {
        match self.shape {
            Shape::Table(keys) | Shape::Tables(keys) | Shape::Times(keys) => keys,
            _ => &[],
        }
    }
}

/// Every key, in the order `config show` lists them.
pub static KEYS: &[Key] = &[
    Key::new("bot", Shape::Table(BOT), "The app and its robot", "应用及其机器人"),
    Key::new(
        "event_callback",
        Shape::Table(EVENT_CALLBACK),
        "Events and messages pushed over HTTP",
        "通过 HTTP 推送的事件与消息",
    ),
    Key::new(
        "stream",
        Shape::Tables(STREAM),
        "Stream connections, one table each",
        "Stream 连接，每个连接一张表",
    ),
    Key::new(
        "custom_stream_connect",
        Shape::Table(CUSTOM_STREAM_CONNECT),
        "A Stream server of your own",
        "自建的 Stream 服务",
    ),
    Key::new(
        "card_route_key",
        Shape::Word,
        "Route key of card callbacks over HTTP, as it was registered",
        "卡片 HTTP 回调的路由键（callbackRouteKey）",
    )
    .also(&["callback_route_key"]),
    Key::new(
        "card_api_secret",
        Shape::Word,
        "apiSecret of card callbacks over HTTP, as it was registered",
        "卡片 HTTP 回调注册时的 apiSecret",
    )
    .secret(),
    Key::new(
        "auto_bot_config",
        Shape::Switch,
        "Take the app from the first stream when [bot] names none",
        "[bot] 未填写应用时，使用第一个 stream 的应用",
    ),
    Key::new("use_database", Shape::Switch, "Keep the cache in a file", "将缓存保存到文件")
        .env("DINGRAIA_USE_DATABASE"),
    Key::new(
        "database",
        Shape::Path,
        "The cache file, relative to the folder of this file",
        "缓存文件，相对于本文件所在目录",
    )
    .env("DINGRAIA_DATABASE"),
    Key::new(
        "data_cache_time",
        Shape::Times(DATA_CACHE_TIME),
        "How long cached answers are good, in seconds",
        "缓存的有效时间（秒）",
    ),
    Key::new(
        "group_api",
        Shape::GroupApi,
        "Family of the scene group calls: legacy or v1",
        "场景群接口系列：legacy 或 v1",
    ),
    Key::new(
        "raise_for_api_error",
        Shape::Switch,
        "A refusal of DingTalk is an error, not a value",
        "钉钉返回错误时抛出异常",
    ),
    Key::new(
        "wait_radio_message_finished_timeout",
        Shape::Number,
        "Seconds to wait for running handlers at the end",
        "退出时等待消息处理完成的时间（秒）",
    ),
    Key::new(
        "web_request_handlers",
        Shape::Unused,
        "Functions of a script that answer other requests: only in `Config(#{…})`",
        "处理其他 HTTP 请求的脚本函数：仅用于 `Config(#{…})`",
    ),
    Key::new(
        "journal",
        Shape::Switch,
        "Write a line about every request to the journal",
        "将每次请求记入调用日志",
    )
    .env("DINGRAIA_JOURNAL"),
    Key::new(
        "language",
        Shape::Language,
        "Language of the program: \"en\" or \"zh\"",
        "程序语言：\"en\" 或 \"zh\"",
    )
    .env("DINGRAIA_LANG"),
    Key::new(
        "edit_mode",
        Shape::EditMode,
        "Keys of the console: \"emacs\" or \"vi\"",
        "控制台的按键方式：\"emacs\" 或 \"vi\"",
    )
    .env("DINGRAIA_EDIT_MODE"),
    Key::new(
        "read_only",
        Shape::Switch,
        "Send nothing that changes or reaches anything: reads only",
        "只读：不发送任何会更改数据或触达他人的请求",
    )
    .env("DINGRAIA_READ_ONLY"),
    Key::new(
        "confirm",
        Shape::Confirm,
        "What a live console asks about: \"never\", \"destroy\" (removals and what reaches more than 20 people) or \"all\"",
        "正式环境的控制台在何时询问：\"never\"、\"destroy\"（移除操作与触达超过 20 人的操作）或 \"all\"",
    ),
    Key::new("endpoints", Shape::Table(ENDPOINTS), "Where requests go", "请求发往的地址"),
    Key::new(
        "pace",
        Shape::Table(PACE),
        "How fast requests go out; 0 means no limit",
        "请求的发送速度，0 表示不限制",
    ),
    Key::new("timeouts", Shape::Table(TIMEOUTS), "How long to wait, in seconds", "等待时间（秒）"),
    Key::new("tls", Shape::Table(TLS), "Whose certificates are trusted", "信任哪些证书"),
    Key::new("usage", Shape::Table(USAGE), "API calls of a month", "每月的 API 调用次数"),
];

const APP_KEY: Key =
    Key::new("app_key", Shape::Word, "AppKey (Client ID) of the app", "应用的 AppKey（Client ID）");
const APP_SECRET: Key = Key::new(
    "app_secret",
    Shape::Word,
    "AppSecret (Client Secret) of the app",
    "应用的 AppSecret（Client Secret）",
)
.secret();

static BOT: &[Key] = &[
    APP_KEY.env("DINGRAIA_APP_KEY"),
    APP_SECRET.env("DINGRAIA_APP_SECRET"),
    Key::new(
        "robot_code",
        Shape::Word,
        "Code of the robot; the AppKey when left out",
        "机器人编码，默认与 AppKey 相同",
    )
    .also(&["corp_id"])
    .env("DINGRAIA_ROBOT_CODE"),
    Key::new(
        "group_webhook_access_token",
        Shape::WebhookToken,
        "Custom robot of a group: access_token, or its whole webhook URL",
        "群自定义机器人的 access_token，或完整的 Webhook 地址",
    ),
    Key::new(
        "group_webhook_secure_key",
        Shape::Word,
        "Custom robot of a group: the signing key (SEC…)",
        "群自定义机器人的加签密钥（SEC…）",
    )
    .secret(),
];

static EVENT_CALLBACK: &[Key] = &[
    Key::new("aes_key", Shape::AesKey, "AES key: 43 letters and digits", "加密 aes_key：43 位字母或数字"),
    Key::new(
        "token",
        Shape::CallbackToken,
        "Signing token: 3 to 32 letters and digits",
        "签名 token：3 至 32 位字母或数字",
    ),
    Key::new(
        "app_key",
        Shape::Word,
        "Owner of the callback; the AppKey of [bot] when left out",
        "回调所属的 AppKey，默认为 [bot] 的 AppKey",
    ),
];

static STREAM: &[Key] = &[APP_KEY, APP_SECRET];

static CUSTOM_STREAM_CONNECT: &[Key] = &[
    Key::new(
        "stream_url",
        Shape::SocketUrl,
        "Websocket address: ws:// or wss://",
        "Websocket 地址：ws:// 或 wss://",
    ),
    Key::new(
        "sign_url",
        Shape::Url,
        "Address that answers with endpoint and ticket",
        "返回 endpoint 与 ticket 的地址",
    )
    .also(&["sign_handler"]),
    Key::new("headers", Shape::Headers, "Extra headers of the connection", "连接时附加的 HTTP 头部")
        .also(&["extra_headers"]),
];

static DATA_CACHE_TIME: &[Key] = &[
    Key::new("user", Shape::Number, "Members", "用户信息").also(&["user_info_cache_time"]),
    Key::new("group", Shape::Number, "Groups", "群组信息").also(&["group_info_cache_time"]),
    Key::new("union_id", Shape::Number, "unionId to staffId", "unionId 与 staffId 的对应关系")
        .also(&["user_union_id_convent_cache_time"]),
];

static ENDPOINTS: &[Key] = &[
    Key::new("api", Shape::Url, "The API with x-acs-dingtalk-access-token", "新版服务端 API")
        .env("DINGRAIA_API_BASE"),
    Key::new("oapi", Shape::Url, "The API with access_token", "旧版服务端 API").env("DINGRAIA_OAPI_BASE"),
];

static PACE: &[Key] = &[
    Key::new("calls_per_second", Shape::Number, "Calls a second of each method", "每个方法每秒的调用次数"),
    Key::new(
        "webhook_per_minute",
        Shape::Number,
        "Messages a minute of each webhook",
        "每个 Webhook 每分钟的消息数",
    ),
];

static USAGE: &[Key] = &[
    Key::new("quota", Shape::Number, "How many DingTalk allows a month", "钉钉每月允许的次数"),
    Key::new(
        "budget",
        Shape::Number,
        "A call beyond so many a month is not sent",
        "每月达到此次数后不再发送调用",
    )
    .env("DINGRAIA_BUDGET"),
    Key::new("warn_at", Shape::Number, "Warn at so many percent of the quota", "达到额度的百分之几时提醒"),
];

static TLS: &[Key] = &[Key::new(
    "ca_file",
    Shape::Path,
    "PEM file of authorities to trust beside the system's, such as a company proxy's",
    "除系统外还信任的 CA 证书（PEM 文件），例如公司代理的证书",
)
.env("DINGRAIA_CA_FILE")];

static TIMEOUTS: &[Key] = &[
    Key::new("connect", Shape::Seconds, "Until the connection stands", "建立连接"),
    Key::new("first_byte", Shape::Seconds, "Until the answer begins", "应答开始"),
    Key::new("call", Shape::Seconds, "The whole call with its retries", "整个调用，包括重试"),
];
