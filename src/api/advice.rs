//! What the documentation of a method does not say at first sight: the permission it needs, what goes wrong easily, and what else
//! belongs to the task. A row for each method of `app`.

use crate::lang::Text;

/// Advice about one method.
#[derive(Debug)]
pub struct Advice {
    /// The method.
    pub name: &'static str,
    /// The permission point that the app needs; empty when none is known or needed.
    pub permission: &'static str,
    /// Methods and constructors that belong to the same task.
    pub related: &'static [&'static str],
    pitfalls: &'static [(&'static str, &'static str)],
}

impl Advice {
    /// What goes wrong easily.
    pub fn pitfalls(&self) -> impl Iterator<Item = Text> {
        self.pitfalls.iter().map(|(en, zh)| Text::fixed(en, zh))
    }
}

/// The advice about `name`.
pub fn advice(name: &str) -> Option<&'static Advice> {
    ROWS.iter().find(|row| row.name == name)
}

type Pitfall = (&'static str, &'static str);

const fn row(
    name: &'static str,
    permission: &'static str,
    related: &'static [&'static str],
    pitfalls: &'static [Pitfall],
) -> Advice {
    Advice { name, permission, related, pitfalls }
}

const SEND: &str = "qyapi_robot_sendmsg";
const CARD: &str = "Card.Instance.Write";
const STREAM: &str = "Card.Streaming.Write";
const MANAGE: &str = "qyapi_chat_manage";
const READ_CHAT: &str = "qyapi_chat_read";
const MEMBER: &str = "qyapi_get_member";
const BOOK: &str = "qyapi_manage_addresslist";

const SCENE_ONLY: Pitfall = (
    "works on scene groups made from a template of this app; ordinary groups refuse with 400020",
    "只适用于用本应用模板创建的场景群；普通群会返回 400020",
);
const JUST_MADE: Pitfall = (
    "a group that was made seconds ago may refuse with 400020 for a moment",
    "刚创建几秒的群可能会暂时返回 400020",
);
const ONE_TRACK: Pitfall =
    ("an outTrackId that was used before makes no new card", "重复使用 outTrackId 不会创建新卡片");

/// The rows, in the order of the README's table.
#[rustfmt::skip]
pub const ROWS: &[Advice] = &[
    row("send_message", SEND, &["recall_message", "send_card", "send_ding", "MessageChain", "Markdown"], &[
        ("a robot that sends through the API cannot @ anybody: `At` in a chain works for webhooks only", "通过 API 发送时无法 @ 人：消息链中的 `At` 只对 Webhook 有效"),
        ("a message to people goes to at most 20 in a call; who is outside of the app's visible range does not get it", "单聊每次最多 20 人；不在应用可见范围内的人收不到"),
        ("the body may have 15000 bytes", "消息内容最多 15000 字节"),
        ("a webhook takes 20 messages a minute, then rests for 10 minutes; it carries no files", "Webhook 每分钟最多 20 条，超出后限流 10 分钟；且不能发送文件"),
        ("a `FeedCard` goes through a webhook only", "`FeedCard` 只能通过 Webhook 发送"),
    ]),
    row("sendMessage", SEND, &["send_message", "recall_message"], &[
        ("the third argument is a map of HTTP headers, not a second message", "第三个参数是 HTTP 请求头，不是第二条消息"),
    ]),
    row("recall_message", SEND, &["send_message"], &[
        ("a message to a person can be recalled for 24 hours", "单聊消息只能在 24 小时内撤回"),
        ("messages of a webhook cannot be recalled", "Webhook 消息无法撤回"),
        ("the answer may hold failures: look at `failedResult`", "返回中可能含失败项：请查看 `failedResult`"),
    ]),
    row("send_ding", "Premium.Ding.Write", &["send_message", "get_user"], &[
        ("in the app at most 200 people, by SMS and phone 20", "应用内最多 200 人，短信与电话最多 20 人"),
        ("SMS and phone are paid from a quota of their own (`ding.serverquota.insufficient`)", "短信与电话另有额度（`ding.serverquota.insufficient`）"),
    ]),
    row("send_card", CARD, &["update_card", "send_markdown_card", "get_card_data", "PrivateDataBuilder"], &[
        ONE_TRACK,
        ("every value of the card is text: numbers and lists are sent as JSON text", "卡片的值都是文本：数字和列表会转为 JSON 文本"),
        ("a value has at most 1 KB, a key 100 bytes", "单个值最多 1 KB，键最多 100 字节"),
        ("clicks come back only when a Stream or HTTP callback is set up", "只有配置了 Stream 或 HTTP 回调才能收到点击"),
    ]),
    row("send_markdown_card", CARD, &["send_card", "update_card"], &[
        ONE_TRACK,
        ("the logo is a mediaId that begins with @, or a File that is uploaded first (one more call)", "logo 为以 @ 开头的 mediaId，或会先上传的 File（多一次调用）"),
    ]),
    row("update_card", CARD, &["send_card", "send_markdown_card", "get_card_data"], &[
        ("only the values you give are changed; everything else stays", "只修改给出的值，其余保持不变"),
    ]),
    row("send_ai_card", STREAM, &["AICard", "send_ai_message", "assistant_send_ai_card", "update_card"], &[
        ONE_TRACK,
        ("it needs a template with a streaming variable, `content` unless you name another `key`", "需要带流式变量的模板，变量名默认为 `content`，可用 `key` 指定"),
        ("each update of the text is a call; two a second at most are sent", "文本每次更新都是一次调用；每秒最多发送两次"),
    ]),
    row("send_ai_message", SEND, &["AICard", "send_ai_card"], &[
        ("each paragraph is a message, and costs what a message costs", "每个段落是一条消息，按条计费"),
    ]),
    row("assistant_send_ai_card", "", &["AICard", "send_ai_card"], &[
        ("DingTalk has moved this call to its old documents and gives no new permissions for it", "钉钉已将该接口归为旧版，不再授予新的权限"),
        ("the conversationToken comes with a question to the assistant and is good for that answer only", "conversationToken 随助理的提问而来，只能用于该次回答"),
    ]),
    row("get_card_data", "", &["send_card", "update_card"], &[
        ("it knows callbacks that arrived in this session; nothing is asked", "只知道本次会话收到的回调，不会发出请求"),
    ]),
    row("get_user", MEMBER, &["get_dept_users", "unionId2staffId", "update_user", "Member"], &[
        ("it takes a staffId (userid), not a unionId: `app.unionId2staffId` finds it", "参数是 staffId（userid）而不是 unionId：用 `app.unionId2staffId` 换取"),
        ("mobile and e-mail are in the answer only with a field permission of their own", "手机号与邮箱需要单独的字段权限才会返回"),
        ("for an hour the answer comes from the cache; `using_cache: false` asks again", "一小时内使用缓存；`using_cache: false` 会重新获取"),
    ]),
    row("get_depts", "qyapi_get_department_list", &["get_dept_users"], &[
        ("only the direct children; go down yourself for the whole tree (scripts/directory.rhai)", "只返回下一级部门；整棵树需自行遍历（见 scripts/directory.rhai）"),
    ]),
    row("get_dept_users", MEMBER, &["get_depts", "get_user"], &[
        ("people of the departments below are not in it", "不含下级部门的成员"),
        ("it gives staffIds; `parallel(ids, |id| app.get_user(id))` fetches the people, a call each", "返回 staffId；用 `parallel(ids, |id| app.get_user(id))` 获取详情，每人一次调用"),
    ]),
    row("unionId2staffId", MEMBER, &["get_user", "Member"], &[
        ("a person from outside the organisation has no profile here (contact_type 1)", "外部联系人（contact_type 1）没有组织内的资料"),
    ]),
    row("create_user", BOOK, &["update_user", "remove_user", "get_depts"], &[
        ("the person may have to accept an invitation first (40103)", "对方可能需要先接受邀请（40103）"),
        ("mobile, telephone, e-mail and userid must be unique in the organisation", "手机号、分机号、邮箱与 userid 在组织内必须唯一"),
        ("a userid cannot be changed later", "userid 创建后不能修改"),
    ]),
    row("update_user", BOOK, &["get_user", "create_user"], &[
        ("the mobile number cannot be changed here", "不能通过此接口修改手机号"),
        ("`extension` is replaced as a whole unless `ext_attrs_update_mode` is 1", "`extension` 默认整体替换；`ext_attrs_update_mode` 为 1 时为追加"),
        ("dept_id_list is the whole list: who is left out of a department leaves it", "dept_id_list 为完整列表：未列出的部门会被移出"),
    ]),
    row("remove_user", BOOK, &["create_user", "get_user"], &[
        ("the person leaves the whole organisation, with all groups and files; nothing asks back", "会将该成员移出整个组织及其所有群，且没有确认步骤"),
    ]),
    row("create_group", MANAGE, &["get_group", "add_member", "update_group", "disband_group"], &[
        ("the template comes from the developer console and must belong to this app (665036)", "模板来自开发者后台，且必须属于本应用（665036）"),
        ("the same UUID gives the same group again", "相同的 UUID 会返回同一个群"),
        ("`mention_all_authority: 1` restricts @all to the owner", "`mention_all_authority: 1` 表示仅群主可 @所有人"),
    ]),
    row("get_group", READ_CHAT, &["Group", "OpenConversationId", "update_group", "mirror_group"], &[
        SCENE_ONLY,
        JUST_MADE,
        ("`group_url`, the link to join, dies when owner or title change", "更换群主或群名后，入群链接 `group_url` 会失效"),
    ]),
    row("mirror_group", MANAGE, &["get_group", "create_group", "disband_group"], &[
        SCENE_ONLY,
        ("it makes six calls or more, and invites everybody at once", "至少消耗 6 次调用，并会立即邀请所有成员"),
        ("messages, files and robots of the old group do not come along", "原群的消息、文件与机器人不会复制"),
    ]),
    row("update_group", MANAGE, &["change_group_title", "change_group_owner", "mute_all", "get_group"], &[
        SCENE_ONLY,
        ("for `management_type`, `mention_all_authority` and `only_admin_can_ding` 1 means: the owner only", "`management_type`、`mention_all_authority` 与 `only_admin_can_ding` 为 1 时表示仅群主"),
    ]),
    row("disband_group", MANAGE, &["kick_member", "get_group"], &[
        SCENE_ONLY,
        ("it really costs three calls or more: the members are read, then removed", "实际至少消耗 3 次调用：先读取成员，再逐批移出"),
        ("without `real: true` the empty group stays", "不加 `real: true` 时空群仍会保留"),
    ]),
    row("change_group_title", MANAGE, &["update_group"], &[SCENE_ONLY, ("a title has at most 30 characters", "群名最多 30 个字符")]),
    row("change_group_owner", MANAGE, &["update_group", "set_admin"], &[
        SCENE_ONLY,
        ("the new owner must be a member of the group", "新群主必须是群成员"),
        ("the link to join dies with the change", "更换后原入群链接失效"),
    ]),
    row("mute_all", MANAGE, &["unmute_all", "mute_member"], &[SCENE_ONLY, ("owner and administrators can speak on", "群主与管理员仍可发言")]),
    row("unmute_all", MANAGE, &["mute_all", "unmute_member"], &[SCENE_ONLY, ("people who were muted one by one stay muted", "被单独禁言的成员不受影响")]),
    row("kick_member", MANAGE, &["add_member", "get_group", "disband_group"], &[SCENE_ONLY, JUST_MADE, ("the owner cannot be removed; change the owner first", "不能移出群主；请先更换群主")]),
    row("add_member", MANAGE, &["kick_member", "create_group"], &[SCENE_ONLY, JUST_MADE, ("a group has at most 1000 members (665033)", "群最多 1000 人（665033）")]),
    row("set_admin", MANAGE, &["change_group_owner", "get_group"], &[SCENE_ONLY, ("they must be members already (userNotInGroup)", "对方必须已是群成员（userNotInGroup）")]),
    row("mute_member", MANAGE, &["unmute_member", "mute_all"], &[
        SCENE_ONLY,
        ("the time is in seconds; DingTalk documents no longest one", "时长单位为秒；钉钉未说明上限"),
        ("owner and administrators cannot be muted (cannot.ban.owner)", "不能禁言群主与管理员（cannot.ban.owner）"),
    ]),
    row("unmute_member", MANAGE, &["mute_member", "unmute_all"], &[SCENE_ONLY]),
    row("set_off_duty_prompt", "", &["send_message"], &[
        ("works for robots in Stream mode only", "只适用于 Stream 模式的机器人"),
        ("DingTalk has no page about this call, so its answer may change", "钉钉没有该接口的文档，返回可能变化"),
    ]),
    row("get_user_access_token", "", &["get_login_url", "AccessToken", "get_user"], &[
        ("a code is good once and for a few minutes", "授权码只能使用一次，且几分钟内有效"),
        ("the refresh token lives 30 days; keep the newest one", "刷新令牌有效期 30 天，请保留最新的"),
    ]),
    row("get_login_url", "", &["get_user_access_token"], &[
        ("the address to come back to must be registered in the developer console", "回调地址必须先在开发者后台登记"),
        ("check that `state` comes back unchanged", "请核对返回的 `state` 是否一致"),
    ]),
    row("upload_file", "qyapi_base", &["File", "Image", "download_file", "send_message"], &[
        ("voice at most 2 MB, everything else 20 MB", "语音最大 2 MB，其他最大 20 MB"),
        ("the same bytes are uploaded once: later the mediaId comes from the cache", "相同内容只上传一次：之后使用缓存的 mediaId"),
    ]),
    row("download_file", SEND, &["upload_file", "File"], &[
        ("a downloadCode comes with a received message; a mediaId is none", "downloadCode 来自收到的消息；mediaId 不能用于下载"),
        ("the address behind it is good for a short time", "下载地址的有效期很短"),
        ("the path must name the file: its type is not guessed", "路径必须包含文件名：不会猜测类型"),
    ]),
    row("get_info", "", &["update_object", "get_user", "get_group"], &[
        ("it reads the cache and asks nobody: `[#{}, 0]` when nothing is known", "只读缓存，不发出请求；未知时返回 `[#{}, 0]`"),
    ]),
    row("warm", "qyapi_get_department_list, qyapi_get_member", &["get_depts", "get_dept_users", "get_user", "get_group"], &[
        ("it makes a call for each department, person and group; what it will cost is said first", "每个部门、人员与群各需一次调用；开始前会先说明消耗"),
    ]),
    row("update_object", "", &["get_info", "Member", "Group"], &[("only empty fields are filled", "只填充空字段")]),
    row("get_api_counts", "", &["get_info"], &[
        ("it counts what this cache has seen this month, not what other programs of the app used", "只统计本缓存本月的调用，不含该应用其他程序的消耗"),
    ]),
    row("run_coroutine", "", &["create_task"], &[("calls wait by themselves here; it is for scripts that come from Python", "这里的调用会自动等待；该方法仅为兼容 Python 写法")]),
    row("with_access_token", "", &["AccessToken", "get_user_access_token"], &[
        ("the token holds inside of the function only, and is never renewed", "令牌只在该函数内有效，且不会自动更新"),
    ]),
    row("dry_run", "", &["send_message", "create_task"], &[
        ("nothing that was made up may be used later: ids in it say `dryrun`, and are refused", "虚构的内容之后不能使用：其中的 ID 含有 `dryrun`，会被拒绝"),
        ("tasks and handlers that are started inside stay dry", "在其中启动的任务与处理函数同样只试运行"),
    ]),
    row("create_task", "", &["coroutine_watcher", "run_coroutine", "stop"], &[
        ("lists and maps are shared with the prompt: two at once on the same one is an error", "列表与映射与提示符共享：同时使用同一个会出错"),
        ("tasks end when the program ends", "程序结束时任务也会结束"),
    ]),
    row("start", "", &["stop", "wait_message", "create_task"], &[
        ("Stream mode must be on for the app in the developer console", "须在开发者后台为应用开启 Stream 模式"),
        ("two programs on one app share its events: each event goes to one of them", "同一应用的多个程序会分摊事件：每个事件只发给其中之一"),
    ]),
    row("wait_message", "", &["start", "send_message"], &[("nothing arrives before listening has begun: `app.start()`", "须先开始监听：`app.start()`")]),
    row("every", "", &["at", "create_task", "tasks"], &[("it ends with the program", "程序结束时停止")]),
    row("at", "", &["every", "create_task", "tasks"], &[("it ends with the program", "程序结束时停止")]),
    row("tasks", "", &["create_task", "stop"], &[]),
    row("coroutine_watcher", "", &["create_task", "stop"], &[("it starts the function again after an error; three errors within 10 seconds end it","函数出错后会重新启动；10 秒内出错 3 次则停止")]),
    row("stop", "", &["create_task", "coroutine_watcher"], &[("it ends the tasks, not the console", "结束的是任务，不是控制台")]),
];
