//! The Chinese texts of the command line. The English ones stand beside the options, where clap reads them.

/// The text of a command or an option and what follows it: for a command the longer part, for an option its values.
pub(super) fn chinese(key: &str) -> Option<(&'static str, &'static str)> {
    TEXTS.iter().find(|(name, ..)| *name == key).map(|(_, text, more)| (*text, *more))
}

/// The texts by the name of the option, with its commands before it; the program itself has an empty name.
#[rustfmt::skip]
pub(super) const TEXTS: &[(&str, &str, &str)] = &[
    ("", "钉钉（DingTalk）控制台：可用的客户端、本地缓存与全部 API 方法，以 Rhai 编写脚本。", "不带命令时打开控制台；从管道输入时作为脚本运行。没有配置时使用内置的练习组织（沙盒）。"),
    ("expression", "计算 EXPR 并输出结果（同 `eval`）", ""),
    ("config", "配置文件；或查看、查找、写入配置", ""),
    ("profile", "配置文件中的配置方案", ""),
    ("sandbox", "使用练习组织（沙盒），忽略现有配置", ""),
    ("no_init", "不运行 `main.rhai`", ""),
    ("trust", "信任项目的 `main.rhai` 及其配置指定的主机", ""),
    ("output", "结果的形式；json 时错误也以一行 JSON 写到 stderr", "table（表格与排版）、json（每个结果一行）、raw（文本原样）"),
    ("color", "颜色", "auto（在终端中）、always、never"),
    ("lang", "文本语言", "en、zh"),
    ("timeout", "在若干秒后停止（命令与脚本）", ""),
    ("quiet", "不在 stderr 显示提示，只显示错误", ""),
    ("verbose", "在 stderr 显示更多信息，最多三次", ""),
    ("run", "运行脚本文件；`-` 表示从 stdin 读取。`dingraia FILE.rhai` 相同", ""),
    ("run.file", "脚本", ""),
    ("run.args", "脚本中 `ARGS` 的内容", ""),
    ("eval", "计算表达式并输出结果", ""),
    ("eval.expression", "表达式", ""),
    ("methods", "列出方法，或显示其中之一", ""),
    ("methods.name", "方法", ""),
    ("methods.json", "以 JSON 输出", ""),
    ("methods.rhai", "输出 Rhai 语言服务器的定义（`dingraia.d.rhai`）", ""),
    ("config.path", "输出使用中的配置文件路径", ""),
    ("config.show", "输出每个值及其来源，密钥已遮盖", ""),
    ("config.init", "逐项询问，并写入只有你能读取的带注释的文件", ""),
    ("config.init.path", "写到哪里；默认为用户配置目录", ""),
    ("config.init.force", "覆盖已有文件", ""),
    ("doctor", "检查配置、令牌、时钟与缓存，并说明如何处理", ""),
    ("sandbox.coverage", "列出各方法的接口被了解的程度", ""),
    ("sandbox.serve", "提供沙盒服务直到停止；任何钉钉客户端都可使用", ""),
    ("sandbox.serve.port", "api 主机的端口；oapi 主机为下一个端口。0 表示任意两个", ""),
    ("sandbox.serve.seed", "初始数据：small、empty 或文件", ""),
    ("completions", "输出 shell 的补全脚本", ""),
    ("completions.shell", "shell", "bash、elvish、fish、powershell、zsh"),
];

/// What clap itself writes around the texts.
pub(super) const FRAME: &[(&str, &str)] = &[
    ("Usage:", "用法："),
    ("Commands:", "命令："),
    ("Options:", "选项："),
    ("Arguments:", "参数："),
    ("[OPTIONS]", "[选项]"),
    ("[COMMAND]", "[命令]"),
    ("<COMMAND>", "<命令>"),
    ("[default: ", "[默认："),
    ("[possible values: ", "[可选："),
    ("[aliases: ", "[别名："),
    ("Print help (see a summary with '-h')", "显示帮助（`-h` 为摘要）"),
    ("Print help (see more with '--help')", "显示帮助（`--help` 更详细）"),
    ("Print help", "显示帮助"),
    ("Print version", "显示版本"),
];
