//! Topics: what belongs to no single method. One screen each.

use crate::lang::Text;

/// A topic.
#[derive(Debug)]
pub struct Topic {
    /// Its name.
    pub name: &'static str,
    /// Other names that answer.
    pub aliases: &'static [&'static str],
    /// What it is about.
    pub title: Text,
    /// What there is to say.
    pub lines: &'static [Line],
}

/// A line of a topic.
#[derive(Debug)]
pub enum Line {
    /// A sentence or two, English and Chinese.
    Say(&'static str, &'static str),
    /// A term and what it is.
    Item(&'static str, &'static str, &'static str),
    /// Code to try.
    Code(&'static str),
}

use Line::{Code, Item, Say};

/// The topic with this name or alias.
pub fn find(name: &str) -> Option<&'static Topic> {
    let name = name.trim().to_lowercase().replace(['_', '-'], " ");
    TOPICS.iter().find(|topic| topic.name == name || topic.aliases.contains(&name.as_str()))
}

/// Every topic, in the order of the list.
#[rustfmt::skip]
pub const TOPICS: &[Topic] = &[
    Topic {
        name: "ids", aliases: &["id", "staffid", "userid", "unionid", "openconversationid", "chatid", "cid", "conversationid", "mediaid", "robotcode", "deptid", "标识"],
        title: Text::fixed("which id is which, and how to get one from the other", "各种 ID 及其互相转换"),
        lines: &[
            Item("staffId", "a person in this organisation, as `manager4220`; DingTalk also says userid", "组织内的成员，例如 `manager4220`；钉钉也称 userid"),
            Item("unionId", "the same person for one developer, in any organisation", "同一开发者下的同一个人，跨组织相同"),
            Item("openConversationId", "a group, `cid…==`; what methods call cid", "群会话，`cid…==`，也称 cid"),
            Item("chatId", "the old id of a group, `chat…`; no method here takes it", "旧版群 ID，`chat…`；这里的方法不使用它"),
            Item("dept_id", "a department, a number; 1 is the root", "部门，数字；根部门为 1"),
            Item("mediaId", "an uploaded file, begins with @", "已上传的文件，以 @ 开头"),
            Item("robotCode", "the robot; mostly the AppKey", "机器人编码，通常与 AppKey 相同"),
            Say("A staffId comes from a unionId:", "由 unionId 得到 staffId："),
            Code("app.unionId2staffId(\"…\")"),
            Say("A unionId comes from a staffId:", "由 staffId 得到 unionId："),
            Code("app.get_user(\"manager4220\").unionid"),
            Say("A staffId by name: go through a department. A cid comes with a message to the robot, or from create_group; the cache remembers both.", "按姓名查 staffId：遍历部门。cid 来自机器人收到的消息或 create_group；缓存会记住。"),
            Code("app.get_dept_users(100).map(|id| [id, app.get_user(id).name])"),
        ],
    },
    Topic {
        name: "quota", aliases: &["cost", "calls", "usage", "limits", "rate", "pace", "额度", "限流"],
        title: Text::fixed("what calls cost, and how fast they may come", "调用的消耗与频率限制"),
        lines: &[
            Item("5,000", "API calls a month in the standard edition; professional 200,000", "标准版每月 API 调用次数；专业版 200,000"),
            Item("3,000", "webhook and Stream messages a month in the standard edition", "标准版每月 Webhook 与 Stream 消息数"),
            Item("20/s", "calls of each method; this program waits by itself (`%set pace`)", "每个方法每秒调用数；程序会自动等待（`%set pace`）"),
            Item("20/min", "messages of each webhook, then it rests for 10 minutes", "每个 Webhook 每分钟消息数，超出后限流 10 分钟"),
            Item("[1]", "in the list of methods: the calls a method makes; `1 / 0` is none when the cache answers", "方法列表中的调用次数；`1 / 0` 表示缓存命中时不消耗"),
            Say("Tokens and throttled calls are not counted. What this cache has counted this month:", "令牌与被限流的调用不计数。本缓存本月的计数："),
            Code("app.get_api_counts()"),
            Item("%usage", "the calls by method and day, against the quota and the budget", "按方法与日期统计调用，对照额度与预算"),
            Say("`%time CODE` tells the calls of one piece of code.", "`%time CODE` 显示一段代码消耗的次数。"),
        ],
    },
    Topic {
        name: "sandbox", aliases: &["practice", "沙盒"],
        title: Text::fixed("the practice organisation", "练习用的组织"),
        lines: &[
            Say("A server inside of this program plays DingTalk: 12 people, 5 departments, three groups, one robot. Nothing leaves this machine, and it keeps its state until you leave.", "程序内置的服务器模拟钉钉：12 人、5 个部门、3 个群、1 个机器人。数据不会离开本机，退出前保持状态。"),
            Item("--sandbox", "asks for it, whatever is configured; without a configuration it is there by itself", "无论是否有配置都使用沙盒；没有配置时自动使用"),
            Item("manager4220", "林晓, who may do everything", "林晓，管理员"),
            Item("0110000001", "张伟 of 研发部; 0110000002 and so on follow", "研发部的张伟；其余依次为 0110000002 等"),
            Item("cidSandboxRelease0001==", "a scene group; cidSandboxLunch000003== is an ordinary one, which refuses scene calls", "场景群；cidSandboxLunch000003== 是普通群，会拒绝场景群接口"),
            Code("app.send_message(\"cidSandboxRelease0001==\", \"你好\")"),
            Item("%as, %sandbox", "its people speak, press buttons; failures are asked for", "让其中的人说话、点击按钮，或制造故障"),
            Item("dingraia sandbox serve", "serves it to any client of DingTalk", "供任何钉钉客户端使用"),
        ],
    },
    Topic {
        name: "configuration", aliases: &["config", "profile", "profiles", "settings", "environment", "main.rhai", "配置"],
        title: Text::fixed("where settings come from", "配置从哪里来"),
        lines: &[
            Item("dingraia.toml", "the first of --config FILE, $DINGRAIA_CONFIG, this folder or a parent, your configuration folder", "依次查找 --config FILE、$DINGRAIA_CONFIG、当前目录及上级、用户配置目录"),
            Item("[profiles.NAME]", "other values under a name: `dingraia --profile NAME`, or `%profile NAME` here", "命名的配置方案：`dingraia --profile NAME`，或在此 `%profile NAME`"),
            Item("DINGRAIA_…", "environment variables beat the file, flags beat both", "环境变量优先于文件，参数优先于两者"),
            Item("main.rhai", "a script beside the file that runs at start; it is trusted once (`--trust`)", "与配置文件同目录的启动脚本，需信任一次（`--trust`）"),
            Item("dingraia config init", "asks for the values and writes the file", "逐项询问并写入文件"),
            Item("dingraia config show", "every value with where it came from; secrets masked", "显示每个值及其来源，密钥已遮盖"),
            Item("%doctor", "tries them", "逐项检查"),
            Item("%reload", "reads them again", "重新读取"),
            Item("%set", "settings of this session alone", "仅本次会话的设置"),
        ],
    },
    Topic {
        name: "exit codes", aliases: &["exit code", "exitcode", "exitcodes", "codes", "退出码"],
        title: Text::fixed("how a script or a command ended", "脚本或命令的退出码"),
        lines: &[
            Item("0", "done", "完成"),
            Item("1", "DingTalk refused", "钉钉拒绝"),
            Item("2", "credentials or token", "凭证或令牌"),
            Item("3", "wrong usage, input or configuration", "用法、输入或配置错误"),
            Item("4", "no permission, or the IP is not in the app's list", "没有权限，或 IP 不在白名单"),
            Item("5", "a mistake of this program", "本程序的错误"),
            Item("6", "network, time-out, or an answer that is none", "网络、超时或无效应答"),
            Item("7", "done in part", "部分完成"),
            Item("8", "error of the script", "脚本错误"),
            Item("130", "interrupted", "被中断"),
            Code("exit(3)"),
        ],
    },
    Topic {
        name: "errors", aliases: &["error", "catch", "try", "exceptions", "错误", "异常"],
        title: Text::fixed("what failed, and what to do about it", "错误及处理方法"),
        lines: &[
            Say("An error says what happened, where in your text, and what to do next. `%explain` tells the last one in full, with what was sent and what came back.", "错误会说明发生了什么、在你的代码何处、下一步怎么做。`%explain` 完整解释最近的错误，包括请求与应答。"),
            Code("try { app.get_user(\"nobody\") } catch (e) { print(`${e.code}: ${e.hint}`) }"),
            Item("e.kind", "a word for its kind: refused, token, permission, rate, quota, network, argument, script, …", "错误类别：refused、token、permission、rate、quota、network、argument、script 等"),
            Item("e.code", "DingTalk's code, empty for other errors", "钉钉错误码，其他错误为空"),
            Item("e.message", "what happened; e.hint what to do", "发生了什么；e.hint 为处理建议"),
            Item("e.sent", "\"no\", \"yes\" or \"unknown\": whether the request may have been received", "\"no\"、\"yes\" 或 \"unknown\"：请求是否可能已被接收"),
            Item("e.line", "line and e.position in your text", "代码行号，e.position 为列"),
            Item("e.body", "DingTalk's whole answer; e.status and e.request_id belong to it", "钉钉的完整应答；另有 e.status 与 e.request_id"),
            Say("A write that may have been received is never sent twice by itself.", "可能已被接收的写操作不会自动重发。"),
        ],
    },
    Topic {
        name: "messages", aliases: &["message", "send", "webhook", "target", "targets", "消息"],
        title: Text::fixed("whom a message reaches, and what it is made of", "消息的目标与内容"),
        lines: &[
            Item("\"cid…\"", "a group, through the API (1 call)", "群，经 API（1 次调用）"),
            Item("Member(\"staffId\")", "a person, through the API", "个人，经 API"),
            Item("()", "the group of the configured webhook (no API call)", "配置的 Webhook 所在群（不消耗 API）"),
            Item("Webhook(\"https://…\")", "a webhook; Group(…) uses its session's while that is fresh", "Webhook；Group(…) 会优先使用未过期的会话 Webhook"),
            Item("\"text\"", "text; Markdown(…), Link(…), ActionCard(…), Image(…), File(…)", "文本；另有 Markdown(…)、Link(…)、ActionCard(…)、Image(…)、File(…)"),
            Item("MessageChain(…)", "several parts as one message: At(\"staffId\"), text, files", "将多个部分组成一条消息：At(\"staffId\")、文本、文件"),
            Code("app.send_message(Member(\"0110000001\"), Markdown(\"## 你好\", \"标题\"))"),
            Say("What comes back can be recalled: `app.recall_message(it)`.", "返回值可用于撤回：`app.recall_message(it)`。"),
        ],
    },
    Topic {
        name: "groups", aliases: &["group", "scene group", "scene groups", "场景群", "群"],
        title: Text::fixed("scene groups and ordinary groups", "场景群与普通群"),
        lines: &[
            Say("A scene group is made from a template of your app. Only there a program can read members, mute, rename and remove. In ordinary groups a robot can only send messages.", "场景群由应用的模板创建。只有场景群能由程序读取成员、禁言、改名、移人。普通群中机器人只能发消息。"),
            Item("create_group", "makes one; mirror_group copies one", "创建；mirror_group 复制"),
            Item("get_group", "reads it with its members", "读取群与成员"),
            Item("update_group", "changes settings", "修改设置"),
            Item("400020", "the refusal of a group without a template, and of one that is seconds old", "普通群，或刚创建几秒的群会返回的错误码"),
            Item("group_api", "`legacy` or `v1`: DingTalk has two families of these calls", "`legacy` 或 `v1`：钉钉有两套场景群接口"),
        ],
    },
    Topic {
        name: "permissions", aliases: &["permission", "60011", "access", "权限"],
        title: Text::fixed("what the app must be allowed to do", "应用需要的权限"),
        lines: &[
            Say("Each call needs a permission point, given in the developer console; help of a method names it. A refusal is exit code 4.", "每个接口需要在开发者后台申请权限点；方法说明会列出。拒绝时退出码为 4。"),
            Item("qyapi_robot_sendmsg", "send and recall messages, fetch files", "发送与撤回消息、下载文件"),
            Item("qyapi_get_member", "read people; mobile and e-mail need more", "读取成员；手机号与邮箱需另外申请"),
            Item("qyapi_get_department_list", "read departments", "读取部门"),
            Item("qyapi_manage_addresslist", "add, change, remove people", "新增、修改、删除成员"),
            Item("qyapi_chat_manage", "change scene groups; qyapi_chat_read reads them", "管理场景群；qyapi_chat_read 为读取"),
            Item("Card.Instance.Write", "cards; Card.Streaming.Write writes them while they are read", "卡片；Card.Streaming.Write 为流式更新"),
            Item("60020", "not a permission: this machine's IP is not in the app's list", "不是权限问题：本机 IP 不在应用白名单"),
        ],
    },
    Topic {
        name: "events", aliases: &["event", "stream", "callback", "listener", "listeners", "事件"],
        title: Text::fixed("what DingTalk tells a program", "钉钉推送的事件"),
        lines: &[
            Say("DingTalk tells of messages to the robot, clicks on cards and changes in the organisation, over a Stream connection or a callback address. The configuration has keys for both: `stream`, `event_callback`.", "钉钉会推送机器人消息、卡片点击与组织变更，方式为 Stream 连接或回调地址。配置项为 `stream` 与 `event_callback`。"),
            Item("on", "`on(\"GroupMessage\", |event| …)` registers a handler, `app.start()` begins to listen; `help GroupMessage` tells an event's fields", "`on(\"GroupMessage\", |event| …)` 注册处理函数，`app.start()` 开始监听；`help GroupMessage` 列出该事件的字段"),
            Item("event.reply", "answers where it came from; `event.ask(question, seconds)` waits for the same person's answer", "在来源处回复；`event.ask(问题, 秒数)` 等待同一人的回答"),
            Item("wait_message", "`app.wait_message(Waiter(group, member), seconds)` waits without asking", "`app.wait_message(Waiter(群, 成员), 秒数)` 只等待、不提问"),
            Item("%as", "somebody of the sandbox speaks to the robot: `%as 张伟 hello`; scripts/robot.rhai is one to copy", "让沙盒中的人对机器人说话：`%as 张伟 发布小组 你好`；scripts/robot.rhai 可供参考"),
            Item("route", "answers other requests to the port of `app.start(#{port: 8080})`", "应答发往 `app.start(#{port: 8080})` 端口的其他请求"),
            Item("%listen", "listens beside the prompt; `dingraia listen` prints events as JSON", "在后台监听；`dingraia listen` 以 JSON 输出事件"),
            Item("get_card_data", "the last click on a card that has arrived", "已收到的卡片最近一次点击"),
        ],
    },
    Topic {
        name: "caching", aliases: &["freshness", "database", "缓存"],
        title: Text::fixed("what is remembered, and for how long", "缓存的内容与时效"),
        lines: &[
            Say("Answers about people and groups are kept in a file, one for each profile, in the format of the Python framework. In the sandbox it is in memory.", "成员与群的信息保存在文件中，每个配置方案一个，格式与 Python 框架一致。沙盒的缓存在内存中。"),
            Item("1 h", "people and groups (`data_cache_time`); unionIds nearly for ever", "成员与群（`data_cache_time`）；unionId 几乎永久"),
            Item("using_cache: false", "asks DingTalk in any case; `true` takes what is there, however old", "强制重新获取；`true` 则始终使用缓存"),
            Item("get_info", "reads the cache and asks nobody", "只读缓存"),
            Item("%cache", "what is in it; `cache` is the object for scripts, `dingraia cache` the command", "查看内容；脚本使用对象 `cache`，命令行使用 `dingraia cache`"),
            Code("app.get_user(\"manager4220\", #{ using_cache: false }).name"),
        ],
    },
    Topic {
        name: "secrets", aliases: &["secret", "token", "tokens", "password", "history file", "密钥", "令牌"],
        title: Text::fixed("what is never written down", "不会被记录的内容"),
        lines: &[
            Say("App secret, tokens, webhook addresses and AES keys print as ***, and stand in no error, log, exchange or history. Lines with one of them are not kept in the history, and `%save` leaves them out.", "AppSecret、令牌、Webhook 地址与 AES 密钥显示为 ***，不会出现在错误、日志、请求记录与历史中。含有它们的输入不写入历史，`%save` 也会略去。"),
            Item("0600", "the mode of every private file: configuration, history, saved scripts", "私有文件的权限：配置、历史与保存的脚本"),
            Item("%journal", "every request with its target and its end, without bodies and tokens; `dingraia journal` shows more", "每次请求的对象与结果，不含内容与令牌；`dingraia journal` 可查看更多"),
            Item("token", "the app's is fetched once, shared, and renewed by itself", "应用令牌自动获取、共享并更新"),
            Item("with_access_token", "uses another token for a function", "在函数内使用其他令牌"),
        ],
    },
    Topic {
        name: "safety", aliases: &["dry run", "dry", "readonly", "read only", "confirm", "confirmation", "plan", "undo", "安全", "试运行", "只读", "撤销"],
        title: Text::fixed("how not to hurt yourself", "如何避免误操作"),
        lines: &[
            Item("%dry on", "reads are made, the rest is shown and not sent; also `--dry-run`, and app.dry_run(|| …) for one function", "只执行读取，其余只显示；也可用 `--dry-run`，或 app.dry_run(|| …) 限于一个函数"),
            Item("dry_run", "stands in answers that were made up; ids in them say `dryrun` and are refused later", "虚构的返回含有此字段；其中的 ID 含 `dryrun`，之后会被拒绝"),
            Item("%readonly on", "refuses the rest; also `--read-only` and `read_only` in the configuration", "拒绝其余请求；也可用 `--read-only` 与配置 `read_only`"),
            Item("%set confirm", "what a live prompt asks about: never, destroy (and more than 20 people), all", "正式环境询问的范围：never、destroy（及超过 20 人）、all"),
            Say("A no is an error that `catch` sees: e.kind is `declined`. Files, scripts, pipes and the sandbox never ask. In a handler or task that was typed at the prompt nobody can be asked: what destroys is refused there.", "拒绝后为 `catch` 可见的错误，e.kind 为 `declined`。文件、脚本、管道与沙盒从不询问。在提示符中输入的处理函数或任务无法询问：其中的移除操作会被拒绝。"),
            Item("%plan { … }", "collects what would be sent, with before and after; %apply sends exactly that, unless the world has moved", "收集将要发送的请求及前后变化；%apply 按此发送，情况有变则拒绝"),
            Item("%undo", "takes back the last call at the prompt, `%undo 3` three; says what cannot be taken back", "撤销提示符下最近一次调用，`%undo 3` 为三次；并说明无法撤销的内容"),
            Say("A raw call is judged by its path: that of a method has the method's effect, another GET is a read, the rest is none.", "原始调用按路径判断：与方法相同的路径取其效果，其他 GET 视为读取，其余均不是读取。"),
            Code("app.dry_run(|| app.kick_member(\"cidSandboxRelease0001==\", \"0110000001\"))"),
        ],
    },
    Topic {
        name: "scripts", aliases: &["script", "rhai", "language", "syntax", "run", "脚本", "语法"],
        title: Text::fixed("the language in one screen", "一屏了解脚本语言"),
        lines: &[
            Code("let name = \"林晓\"; const LIMIT = 3;"),
            Code("if name.len() > 2 { print(`你好 ${name}`) } else { print(\"短\") }"),
            Code("for id in app.get_dept_users(100) { print(app.get_user(id).name) }"),
            Code("fn about(id) { let user = app.get_user(id); `${user.name}，${user.title}` }"),
            Code("let map = #{ name: \"林\", list: [1, 2] }; map.name; map.get(\"age\", 0); \"age\" in map"),
            Code("[1, 2, 3].filter(|x| x > 1).map(|x| x * 2)"),
            Code("parallel(app.get_dept_users(100), |id| about(id), #{ limit: 8 })"),
            Item("()", "nothing; `x ?? y` is y when x is nothing", "空值；`x ?? y` 在 x 为空时取 y"),
            Item("traps", "what surprises: `help traps`", "容易出错之处：`help traps`"),
            Item("%run FILE", "runs a script here; `dingraia run FILE ARGS…` runs it alone, with `ARGS`", "在此运行脚本；`dingraia run FILE ARGS…` 单独运行，参数为 `ARGS`"),
            Item("%check FILE", "what is wrong with a script and what it would do, without running it; `dingraia check FILE…` too", "不运行脚本，检查其错误及作用；也可用 `dingraia check FILE…`"),
            Item("%save FILE", "writes what you entered as a script", "将输入保存为脚本"),
        ],
    },
    Topic {
        name: "traps", aliases: &["trap", "pitfalls", "gotchas", "closures", "closure", "scope", "陷阱", "闭包"],
        title: Text::fixed("what surprises in scripts", "脚本中容易出错之处"),
        lines: &[
            Say("All rounds of a loop share its variable: a function that runs later sees the last value. A `let` in the loop gives each round its own.", "循环的各次共用循环变量：之后才运行的函数看到的是最后一个值。在循环中用 `let` 为每次各建一个。"),
            Code("for id in app.get_dept_users(100) { let who = id; app.create_task(|| print(who)); }"),
            Say("A function that is written with `fn` sees no variables from outside; constants it sees as `global::NAME`. A closure sees both.", "用 `fn` 定义的函数看不到外面的变量；常量可写作 `global::NAME`。闭包都能看到。"),
            Code("const LIMIT = 3; fn most() { global::LIMIT } most()"),
            Say("A list or map that is given to a function is a copy: have the function return what it made.", "传给函数的列表或映射是副本：请让函数返回结果。"),
            Code("fn with_one(list) { list.push(1); list } let list = with_one([]); list"),
            Say("`try { } catch { }` is a statement, and gives no value. In a closure `return` gives one.", "`try { } catch { }` 是语句，没有值；可在闭包中用 `return` 返回。"),
            Code("let name = |id| { try { return app.get_user(id).name } catch (e) { return e.kind } }; name.call(\"nobody\")"),
            Say("`sort`, `reverse`, `trim`, `push` and `replace` change the list or text itself, and give nothing.", "`sort`、`reverse`、`trim`、`push`、`replace` 直接修改列表或文本，没有返回值。"),
            Code("let text = \" 你好 \"; text.trim(); text"),
            Say("A function that a method of a list is given cannot use that list: give it a copy.", "传给列表方法的函数不能使用该列表本身：请给它一份副本。"),
            Code("let list = [1, 2]; let all = list; list.map(|x| x * all.len())"),
        ],
    },
    Topic {
        name: "keys", aliases: &["keyboard", "shortcuts", "editing", "key", "按键", "快捷键"],
        title: Text::fixed("keys at the prompt", "提示符处的按键"),
        lines: &[
            Item("Tab", "completes", "补全"),
            Item("Enter", "enters, or begins a new line while something is open; a blank line enters in any case", "提交；输入未完整时换行；空行总是提交"),
            Item("Alt-Enter", "begins a new line", "换行"),
            Item("Up, Ctrl-R", "earlier lines; searching them", "历史；搜索历史"),
            Item("Ctrl-A, Ctrl-E", "start and end of the line; Ctrl-W, Ctrl-U, Ctrl-K, Ctrl-Y cut and paste", "行首与行尾；Ctrl-W、Ctrl-U、Ctrl-K、Ctrl-Y 剪切与粘贴"),
            Item("Ctrl-C", "clears the line, or stops what runs; twice within a second leaves behind what does not stop", "清空当前行，或停止运行；一秒内按两次可放弃无法停止的操作"),
            Item("Ctrl-D", "leaves at an empty prompt", "在空提示符处退出"),
            Item("Ctrl-Z", "suspends; `fg` comes back", "挂起；`fg` 返回"),
            Item("Ctrl-L", "clears the screen", "清屏"),
            Item("%set edit_mode vi", "the keys of vi", "使用 vi 按键"),
        ],
    },
    Topic {
        name: "colours", aliases: &["colour", "color", "colors", "no color", "颜色"],
        title: Text::fixed("colours, and how to be without", "颜色及其关闭方法"),
        lines: &[
            Say("Colours appear on a terminal, unless NO_COLOR is set or TERM is dumb. No colour carries a meaning alone: the words say it too.", "仅在终端中使用颜色；设置 NO_COLOR 或 TERM=dumb 时关闭。颜色不单独承载含义。"),
            Item("--color never", "without, from the start; `always` in any case", "启动时关闭；`always` 强制开启"),
            Item("%set color off", "without, from now on", "从现在起关闭"),
            Item("red", "the prompt of a live app, errors, methods that remove something", "红色：正式环境的提示符、错误、会删除内容的方法"),
            Item("blue", "the prompt of the sandbox, objects", "蓝色：沙盒的提示符、对象"),
        ],
    },
];
