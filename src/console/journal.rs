//! Lines of the journal as a person reads them.

use serde_json::{Map, Value};

use super::text::escape;
use crate::clock::local_time;
use crate::journal::Filter;
use crate::lang::{Lang, Text};
use crate::script::view::View;
use crate::spec::Effect;

/// The fields of a line in their order, for CSV.
pub const FIELDS: &[&str] = &[
    "time",
    "profile",
    "method",
    "call",
    "target",
    "effect",
    "result",
    "sent",
    "try",
    "cost",
    "ms",
    "request_id",
    "pid",
];

/// How many lines are shown when nobody says how many.
pub const SHOWN: usize = 20;

/// There is nothing to show, or nothing that `filter` wants.
pub fn nothing(filter: &Filter) -> Text {
    if *filter == Filter::default() {
        Text::fixed("nothing was called", "没有调用记录")
    } else {
        Text::fixed("no call fits", "没有符合条件的调用记录")
    }
}

/// The lines as a table. How each ended comes early: a narrow window leaves the last columns out.
pub fn table(entries: &[Map<String, Value>], lang: Lang) -> View {
    let titles = match lang {
        Lang::En => ["time", "method", "result", "target", "ms", "effect"],
        Lang::Zh => ["时间", "方法", "结果", "对象", "毫秒", "作用"],
    };
    let row = |entry: &Map<String, Value>| {
        let ms = entry.get("ms").and_then(Value::as_f64).map_or(View::Nil, View::Float);
        let texts = [time(entry), what(entry), result(entry, lang), text(entry, "target")];
        let values = texts.into_iter().map(View::Text).chain([ms, View::Text(effect(entry, lang))]);
        View::Map(titles.iter().map(|title| (*title).to_owned()).zip(values).collect())
    };
    View::List(entries.iter().map(row).collect())
}

/// A line on one line.
pub fn line(entry: &Map<String, Value>, lang: Lang) -> String {
    let parts = [time(entry), what(entry), text(entry, "target"), result(entry, lang)];
    let ms = entry.get("ms").and_then(Value::as_f64).unwrap_or_default();
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    escape(&format!("{}  {ms} ms", parts.join("  "))).into_owned()
}

fn text(entry: &Map<String, Value>, name: &str) -> String {
    entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// In the time of this place, without the year.
fn time(entry: &Map<String, Value>) -> String {
    let time = text(entry, "time");
    let Ok(at) = time.parse::<jiff::Timestamp>() else { return time };
    let local = local_time(at.as_millisecond() as f64 / 1000.0);
    local.split_once('-').map_or(local.clone(), |(_, rest)| rest.to_owned())
}

/// The method, or what was called where there is none.
fn what(entry: &Map<String, Value>) -> String {
    let (method, call) = (text(entry, "method"), text(entry, "call"));
    if method.is_empty() { call } else { method }
}

/// How it ended; of a failure, whether it may have been received, and which try it was.
fn result(entry: &Map<String, Value>, lang: Lang) -> String {
    let unknown = Text::fixed("; may have been received", "；可能已被接收");
    let unsent = Text::fixed("; not sent", "；未发出");
    let mut result = match text(entry, "result").as_str() {
        "held" => Text::fixed("held", "已拦下").get(lang).to_owned(),
        "interrupted" => Text::fixed("interrupted", "已中断").get(lang).to_owned(),
        word => word.to_owned(),
    };
    match text(entry, "sent").as_str() {
        "unknown" => result.push_str(unknown.get(lang)),
        "no" => result.push_str(unsent.get(lang)),
        _ => {}
    }
    if let Some(tried @ 2..) = entry.get("try").and_then(Value::as_u64) {
        result += Text::made(format!("; try {tried}"), format!("；第 {tried} 次")).get(lang);
    }
    result
}

/// What it does to the world, in words.
fn effect(entry: &Map<String, Value>, lang: Lang) -> String {
    let word = text(entry, "effect");
    let all = [Effect::Read, Effect::Write, Effect::Notify, Effect::Destroy];
    let known = all.into_iter().find(|effect| effect.name() == word);
    known.map_or(word, |effect| effect.text().get(lang).to_owned())
}
