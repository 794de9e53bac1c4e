//! What the object `cache` can do, for help and completion.

use super::builtins::Builtin;
use crate::lang::Text;

const fn word(
    name: &'static str,
    usage: &'static str,
    en: &'static str,
    zh: &'static str,
    example: &'static str,
) -> Builtin {
    Builtin { name, usage, doc: Text::fixed(en, zh), example }
}

/// The functions of `cache`, by their names behind the dot.
pub const CACHE: &[Builtin] = &[
    word(
        "users",
        "cache.users(#{secrets?})",
        "The cached people, read as they are looked at: `for`, `.count()`, `.first(n)`, `.filter(f)`, `.map(f)`, `.to_array()`.",
        "缓存中的成员，按需读取：`for`、`.count()`、`.first(n)`、`.filter(f)`、`.map(f)`、`.to_array()`。",
        "for user in cache.users() { print(user.name) }",
    ),
    word(
        "groups",
        "cache.groups()",
        "The cached groups.",
        "缓存中的群。",
        "cache.groups().map(|group| group.name)",
    ),
    word(
        "departments",
        "cache.departments()",
        "The cached departments.",
        "缓存中的部门。",
        "cache.departments().count()",
    ),
    word(
        "webhooks",
        "cache.webhooks(#{secrets?})",
        "The session webhooks; their addresses are masked unless `secrets: true` asks for them.",
        "会话 Webhook；除非指定 `secrets: true`，地址会被隐藏。",
        "cache.webhooks()",
    ),
    word("files", "cache.files()", "The uploaded files.", "已上传的文件。", "cache.files()"),
    word(
        "counts",
        "cache.counts()",
        "The API calls by month.",
        "按月统计的 API 调用次数。",
        "cache.counts()",
    ),
    word(
        "user",
        "cache.user(x)",
        "The row of a person by staffId, unionId, number, `Member` or whole name; `()` when there is none.",
        "成员的缓存行，可用 staffId、unionId、数字、`Member` 或完整姓名；没有时为 `()`。",
        "cache.user(\"manager4220\")",
    ),
    word(
        "group",
        "cache.group(x)",
        "The row of a group by openConversationId, number, `Group` or whole name.",
        "群的缓存行，可用 openConversationId、数字、`Group` 或完整群名。",
        "cache.group(\"cidSandboxRelease0001==\")",
    ),
    word(
        "department",
        "cache.department(id)",
        "The row of a department by id or whole name.",
        "部门的缓存行，可用 ID 或完整名称。",
        "cache.department(100)",
    ),
    word(
        "find",
        "cache.find(text, limit?)",
        "People, groups and departments by name, pinyin, initials or id.",
        "按姓名、拼音、首字母或 ID 查找成员、群和部门。",
        "cache.find(\"lx\")",
    ),
    word(
        "sql",
        "cache.sql(text, [params])",
        "The rows of a statement that only reads.",
        "只读 SQL 语句的结果。",
        "cache.sql(\"select name from user_info where staffId = ?\", [\"manager4220\"])",
    ),
    word(
        "show",
        "cache.show(x)",
        "Everything about one, with its age and where it came from.",
        "一项的全部内容，包括缓存时长与来源。",
        "cache.show(\"manager4220\")",
    ),
    word(
        "age",
        "cache.age(x)",
        "How many seconds ago a row was written.",
        "缓存行写入至今的秒数。",
        "cache.age(\"manager4220\")",
    ),
    word(
        "path",
        "cache.path(id)",
        "The names from the top to a department.",
        "从顶层到该部门的路径。",
        "cache.path(110)",
    ),
    word("tree", "cache.tree()", "Prints the departments as a tree.", "以树形输出部门。", "cache.tree()"),
    word("tables", "cache.tables()", "The tables and their rows.", "各表及其行数。", "cache.tables()"),
    word(
        "schema",
        "cache.schema()",
        "The statements that made the file's tables, indexes and triggers.",
        "文件中各表、索引与触发器的建立语句。",
        "cache.schema()",
    ),
    word(
        "stats",
        "cache.stats()",
        "Path, size, rows, and how often the cache answered in this session.",
        "路径、大小、行数，以及本次会话的命中次数。",
        "cache.stats()",
    ),
    word(
        "usage",
        "cache.usage()",
        "The API calls of this month, by method and by day.",
        "本月的 API 调用，按方法和日期统计。",
        "cache.usage().calls",
    ),
    word(
        "forget",
        "cache.forget(x)",
        "Deletes the row of one.",
        "删除一项的缓存行。",
        "cache.forget(\"manager4220\")",
    ),
    word(
        "clear",
        "cache.clear(table, #{yes?})",
        "Deletes all rows of a table; asks first unless `yes: true`.",
        "删除一个表的全部行；除非指定 `yes: true`，会先询问。",
        "cache.clear(\"files\", #{yes: true})",
    ),
    word(
        "backup",
        "cache.backup(path)",
        "Copies the whole file.",
        "完整复制缓存文件。",
        "cache.backup(\"backup.db\")",
    ),
    word(
        "export",
        "cache.export(path, #{secrets?})",
        "Writes all rows as JSON lines; webhooks only with `secrets: true`.",
        "将全部行导出为 JSON 行；仅在 `secrets: true` 时包含 Webhook。",
        "cache.export(\"cache.jsonl\")",
    ),
    word(
        "import",
        "cache.import(path)",
        "Reads an export; what the cache has newer stays.",
        "读取导出文件；缓存中较新的内容保留。",
        "cache.export(\"cache.jsonl\"); cache.import(\"cache.jsonl\")",
    ),
    word(
        "on_change",
        "cache.on_change(|change| …)",
        "Calls the function for every row that changes, whoever changes it; gives a task whose `cancel()` ends it.",
        "任何程序改变缓存行时调用该函数；返回任务，`cancel()` 可停止。",
        "cache.on_change(|change| print(change.key))",
    ),
];
