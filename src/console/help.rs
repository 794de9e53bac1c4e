//! Help, made of the rows and the table of functions.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::style::{Palette, Role};
use super::text::{pad, width, wrap};
use crate::api::methods;
use crate::error::Error;
use crate::lang::{Lang, Text};
use crate::script::{BUILTINS, Builtin, CACHE};
use crate::spec::{Effect, Form, Method, On, nearest};

/// Writes help for a reader.
#[derive(Clone, Copy)]
pub struct Help {
    /// The colours.
    pub palette: Palette,
    /// The language.
    pub lang: Lang,
    /// Columns of a line.
    pub columns: usize,
}

impl Help {
    /// The list of all methods, by topic, and the functions beside them.
    pub fn list(self) -> String {
        let names = methods().map(Method::full_name).chain(BUILTINS.iter().map(|word| word.name.to_owned()));
        let widest = names.map(|name| width(&name)).max().unwrap_or(0);
        let mut out = String::new();
        let mut group = "";
        for method in methods() {
            if method.group != group {
                group = method.group;
                self.heading(&mut out, group);
            }
            let cost = if method.cost == "0" { String::new() } else { format!(" [{}]", method.cost) };
            let text = format!("{}{cost}", first_sentence(&method.doc.get(self.lang)));
            self.row(&mut out, &method.full_name(), widest, &text);
        }
        self.heading(&mut out, "function");
        for builtin in BUILTINS {
            self.row(&mut out, builtin.name, widest, builtin.doc.get(self.lang));
        }
        self.heading(&mut out, "cache");
        let words = Text::fixed("looks into the cache:", "查看缓存：");
        let names = CACHE.iter().map(|word| word.name).collect::<Vec<_>>().join(", ");
        self.row(&mut out, "cache", widest, &format!("{} {names}", words.get(self.lang)));
        let last = Text::fixed(
            "\n`x?` tells more about x. In brackets: API calls; `1 / 0` is one or none.",
            "\n`x?` 查看 x 的说明。方括号中为 API 消耗次数；`1 / 0` 表示一次或不消耗。",
        );
        out.push_str(&wrap(last.get(self.lang), self.columns, 0));
        out
    }

    /// Everything about one name.
    ///
    /// # Errors
    /// When nothing has it: the nearest names.
    pub fn topic(self, name: &str) -> Result<String, Error> {
        let bare = ["app.", "api.", "oapi.", "cache."]
            .iter()
            .fold(name.trim(), |name, front| name.strip_prefix(front).unwrap_or(name));
        let bare = bare.trim_end_matches("()");
        if matches!(bare, "" | "app") {
            return Ok(self.list());
        }
        if bare == "cache" {
            return Ok(self.cache());
        }
        let rows = methods().filter(|method| method.name == bare || method.aliases.contains(&bare));
        let builtins = BUILTINS.iter().filter(|builtin| builtin.name == bare);
        let screens: Vec<String> = rows
            .map(|method| self.method(method))
            .chain(builtins.map(|builtin| self.builtin(builtin)))
            .chain(CACHE.iter().filter(|word| word.name == bare).map(|word| self.builtin(word)))
            .collect();
        if screens.is_empty() { Err(unknown(bare)) } else { Ok(screens.join("\n\n")) }
    }

    fn heading(self, out: &mut String, text: &str) {
        let _ = writeln!(out, "{}", self.palette.paint(Role::Heading, text));
    }

    /// An indented name and what is said about it, which begins at the same column in every row.
    pub(super) fn row(self, out: &mut String, name: &str, widest: usize, text: &str) {
        let name = self.palette.paint(Role::Object, &pad(name, widest));
        let _ = writeln!(out, "{}", wrap(&format!("  {name}  {text}"), self.columns, widest + 4));
    }

    fn method(self, method: &Method) -> String {
        let mut out = self.head(&method.signature(), &method.doc.get(self.lang));
        let widest = method.params.iter().map(|param| width(param.name)).max().unwrap_or(0);
        for param in method.params {
            let default =
                if param.default.is_empty() { String::new() } else { format!(" (={})", param.default) };
            let kind = param.kind.text();
            let kind = self.palette.paint(Role::Dim, &format!("{}{default}", kind.get(self.lang).trim()));
            self.row(&mut out, param.name, widest, &format!("{}  {kind}", param.doc.get(self.lang)));
        }
        self.fact(&mut out, Text::fixed("returns", "返回"), method.returns.get(self.lang));
        if method.on != On::Nothing {
            let effect =
                self.palette.paint(effect_role(method.effect), effect_name(method.effect, self.lang));
            let cost = format!("{}, {effect}", cost(method, self.lang));
            self.fact(&mut out, Text::fixed("cost", "消耗"), &cost);
        }
        for endpoint in method.form.endpoints() {
            let call = format!("{} {} {}", endpoint.verb.name(), endpoint.host.name(), endpoint.path);
            self.fact(&mut out, Text::fixed("calls", "接口"), &call);
        }
        self.example(&mut out, method.example);
        out
    }

    /// The object `cache`.
    fn cache(self) -> String {
        let what =
            Text::fixed("A live look into the cache of the current `app`.", "当前 `app` 缓存的实时视图。");
        let mut out = self.head("cache", what.get(self.lang));
        let widest = CACHE.iter().map(|word| width(word.usage)).max().unwrap_or(0);
        for word in CACHE {
            self.row(&mut out, word.usage, widest, first_sentence(word.doc.get(self.lang)));
        }
        out
    }

    fn builtin(self, builtin: &Builtin) -> String {
        let mut out = self.head(builtin.usage, builtin.doc.get(self.lang));
        self.example(&mut out, builtin.example);
        out
    }

    fn head(self, usage: &str, doc: &str) -> String {
        let usage = self.palette.paint(Role::Heading, usage);
        format!("{}\n{}\n", wrap(&usage, self.columns, 4), wrap(doc, self.columns, 0))
    }

    fn label(self, text: &Text) -> String {
        self.palette.paint(Role::Dim, &pad(text.get(self.lang), LABEL))
    }

    #[allow(clippy::needless_pass_by_value, reason = "a label is written where it is used")]
    fn fact(self, out: &mut String, label: Text, text: &str) {
        let _ = writeln!(out, "{}", wrap(&format!("{}{text}", self.label(&label)), self.columns, LABEL));
    }

    /// The example as it is: somebody will copy it.
    fn example(self, out: &mut String, example: &str) {
        let _ = write!(out, "{}{example}", self.label(&Text::fixed("example", "示例")));
    }
}

/// Columns of a label.
const LABEL: usize = 10;

/// What fits into a list; help of its own says the rest.
fn first_sentence(text: &str) -> &str {
    let end = text.find(". ").map(|at| at + 1).or_else(|| text.find('。').map(|at| at + '。'.len_utf8()));
    &text[..end.unwrap_or(text.len())]
}

fn unknown(name: &str) -> Error {
    let known = methods().map(|method| method.name).chain(BUILTINS.iter().map(|builtin| builtin.name));
    let error = Error::usage(format!("nothing is called `{name}`"), format!("没有 `{name}`"));
    error.hint(match nearest(name, known) {
        Some(near) => Text::made(format!("did you mean `{near}`?"), format!("是否想写 `{near}`？")),
        None => Text::fixed("`help` lists everything", "`help` 列出全部"),
    })
}

fn cost(method: &Method, lang: Lang) -> String {
    let text = match method.cost {
        "0" => return Text::fixed("no API call", "不消耗 API").get(lang).to_owned(),
        "1" => Text::fixed("1 API call", "1 次 API"),
        cost => Text::made(format!("{cost} API calls"), format!("{cost} 次 API")),
    };
    text.get(lang).to_owned()
}

fn effect_name(effect: Effect, lang: Lang) -> &'static str {
    let (en, zh) = match effect {
        Effect::Read => ("reads only", "只读"),
        Effect::Write => ("changes data", "修改数据"),
        Effect::Notify => ("reaches people", "会通知到人"),
        Effect::Destroy => ("removes something", "会删除内容"),
    };
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

fn effect_role(effect: Effect) -> Role {
    match effect {
        Effect::Read => Role::Dim,
        Effect::Write | Effect::Notify => Role::Number,
        Effect::Destroy => Role::Error,
    }
}

/// Everything about the methods as JSON, enough for an editor.
pub fn json(name: Option<&str>) -> Value {
    methods()
        .filter(|method| name.is_none_or(|name| method.name == name || method.aliases.contains(&name)))
        .map(method_json)
        .collect()
}

fn method_json(method: &'static Method) -> Value {
    let texts = |text: &Text| json!({ "en": text.en, "zh": text.zh });
    let params: Vec<Value> = method
        .params
        .iter()
        .enumerate()
        .map(|(index, param)| {
            json!({
                "name": param.name,
                "aliases": param.aliases,
                "kind": param.kind.name(),
                "required": param.required,
                "default": (!param.default.is_empty()).then_some(param.default),
                "by_position": index < method.by_position,
                "doc": { "en": param.doc.get(Lang::En), "zh": param.doc.get(Lang::Zh) },
            })
        })
        .collect();
    let endpoints: Vec<Value> = method
        .form
        .endpoints()
        .iter()
        .map(|endpoint| {
            json!({
                "verb": endpoint.verb.name(), "host": endpoint.host.name(), "path": endpoint.path,
            })
        })
        .collect();
    json!({
        "name": method.name,
        "aliases": method.aliases,
        "on": match method.on { On::App => "app", On::Door => "door", On::Nothing => "constructor" },
        "group": method.group,
        "signature": method.signature(),
        "doc": { "en": method.doc.get(Lang::En), "zh": method.doc.get(Lang::Zh) },
        "params": params,
        "cost": method.cost,
        "effect": method.effect.name(),
        "local": method.form == Form::Local,
        "endpoints": endpoints,
        "returns": texts(&method.returns),
        "example": method.example,
    })
}

/// The table of the README.
pub fn markdown() -> String {
    let mut out = String::from(
        "| Method | What it does | 说明 | API calls | Effect |\n| --- | --- | --- | --- | --- |\n",
    );
    for method in methods() {
        let signature = method.signature().replace('|', "\\|");
        let _ = writeln!(
            out,
            "| `{signature}` | {} | {} | {} | {} |",
            method.doc.get(Lang::En),
            method.doc.get(Lang::Zh),
            method.cost,
            method.effect.name(),
        );
    }
    out
}
