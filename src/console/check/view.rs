//! A checked script as a person or a program reads it.

use serde_json::{Map, Value, json};

use super::Checked;
use crate::console::show::Show;
use crate::console::style::Role;
use crate::console::text::wrap;
use crate::lang::{Lang, Text};
use crate::script::view::View;
use crate::script::{Problem, Reach, Report, Use};
use crate::spec::Effect;

/// The whole report, without a line break at the end.
pub fn text(checked: &Checked, show: &Show) -> String {
    let report = &checked.report;
    // It is a result, and goes where results go.
    let mut show = *show;
    (show.palette, show.note_columns) = (show.renderer.palette, show.text_columns);
    show.renderer = show.renderer.of_all();
    let mut parts: Vec<String> = report.problems.iter().map(|problem| show.text_of(problem)).collect();
    let head = match report.problems.len() {
        0 => show.palette.paint(Role::Hint, Text::fixed("nothing wrong", "没有问题").get(show.lang)),
        1 => show.palette.paint(Role::Error, Text::fixed("1 problem", "1 个问题").get(show.lang)),
        count => {
            let text = Text::made(format!("{count} problems"), format!("{count} 个问题"));
            show.palette.paint(Role::Error, text.get(show.lang))
        }
    };
    parts.push(wrap(&format!("{}: {head}", checked.name), show.text_columns, 2));
    parts.extend(report.warnings.iter().map(|one| wrap(warning(one).get(show.lang), show.text_columns, 2)));
    if !report.uses.is_empty() {
        let rows = report.uses.iter().map(|one| View::from(Value::Object(row(one, show.lang)))).collect();
        parts.push(show.renderer.value(&View::List(rows)));
    }
    // Of a script that calls nothing because it is wrong, nothing can be said.
    let says_something = !report.uses.is_empty() || report.problems.is_empty();
    let facts = if says_something { facts(report) } else { Vec::new() };
    parts.extend(facts.iter().map(|fact| wrap(fact.get(show.lang), show.text_columns, 2)));
    parts.join("\n")
}

/// A warning on a line.
fn warning(problem: &Problem) -> Text {
    let line = problem.spot.map_or(0, |spot| spot.0);
    let said = |lang: Lang| {
        let hints = problem.hints.iter().map(|hint| hint.get(lang));
        std::iter::once(problem.message.get(lang)).chain(hints).collect::<Vec<_>>()
    };
    Text::made(
        format!("warning, line {line}: {}", said(Lang::En).join("; ")),
        format!("警告，第 {line} 行：{}", said(Lang::Zh).join("；")),
    )
}

/// What it means for whoever runs the script.
fn facts(report: &Report) -> Vec<Text> {
    let mut facts = vec![cost(report)];
    let names = |reach: Reach| report.with(reach).map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    for (reach, en, zh) in [
        (Reach::Known(Effect::Write), "changes data: ", "会修改数据："),
        (Reach::Known(Effect::Notify), "reaches people: ", "会通知到人："),
        (Reach::Known(Effect::Destroy), "removes something: ", "会删除内容："),
        (Reach::Unknown, "may change data: ", "可能修改数据："),
    ] {
        let names = names(reach);
        if !names.is_empty() {
            facts.push(Text::made(format!("{en}{names}"), format!("{zh}{names}")));
        }
    }
    let permissions = report.permissions().join(", ");
    if !permissions.is_empty() {
        facts.push(Text::made(format!("needs: {permissions}"), format!("需要权限：{permissions}")));
    }
    if !report.imports.is_empty() {
        let names = report.imports.join(", ");
        facts.push(Text::made(
            format!("not looked into: the modules {names}"),
            format!("未检查所导入的模块：{names}"),
        ));
    }
    facts
}

/// What a run costs.
fn cost(report: &Report) -> Text {
    let repeated: Vec<&str> = report.repeated().map(|one| one.name.as_str()).collect();
    let fixed = match report.most_calls() {
        Some(0) => Text::fixed("no API calls", "不消耗 API"),
        Some(1) => Text::fixed("at most 1 API call", "最多 1 次 API"),
        Some(most) => Text::made(format!("at most {most} API calls"), format!("最多 {most} 次 API")),
        None => Text::fixed("more API calls than can be counted", "API 次数无法预计"),
    };
    let names = repeated.join(", ");
    match (repeated.is_empty(), report.most_calls()) {
        (true, _) => Text::made(format!("a run costs {}", fixed.en), format!("每次运行{}", fixed.zh)),
        (false, Some(0)) => Text::made(
            format!("a run costs API calls for each round of a loop or closure: {names}"),
            format!("每次运行的消耗取决于循环或闭包的次数：{names}"),
        ),
        (false, _) => Text::made(
            format!("a run costs {}, and for each round of a loop or closure: {names}", fixed.en),
            format!("每次运行{}，另外循环或闭包每次还需：{names}", fixed.zh),
        ),
    }
}

/// `1`, `0..1`, `3+`
fn calls(one: &Use) -> String {
    match (one.calls.least, one.calls.most) {
        (least, Some(most)) if least == most => most.to_string(),
        (least, Some(most)) => format!("{least}..{most}"),
        (least, None) => format!("{least}+"),
    }
}

fn row(one: &Use, lang: Lang) -> Map<String, Value> {
    let effect = match one.reach {
        Reach::Known(effect) => effect.text(),
        Reach::Unknown => Text::fixed("may change data", "可能修改数据"),
    };
    let times = match (one.once, one.each) {
        (0, true) => Text::fixed("each time", "每次"),
        // It stands in a function that nothing in the file calls.
        (0, false) => Text::fixed("not called", "未调用"),
        (once, true) => Text::made(format!("{once} + each time"), format!("{once} + 每次")),
        (once, false) => Text::made(once.to_string(), once.to_string()),
    };
    let titles = match lang {
        Lang::En => ["method", "lines", "times", "calls", "effect"],
        Lang::Zh => ["方法", "行", "次数", "API", "作用"],
    };
    let lines = one.lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let values =
        [one.name.clone(), lines, times.get(lang).to_owned(), calls(one), effect.get(lang).to_owned()];
    titles.iter().zip(values).map(|(title, value)| ((*title).to_owned(), value.into())).collect()
}

/// The uses as rows, for CSV.
pub fn rows(checked: &Checked) -> Vec<Value> {
    checked
        .report
        .uses
        .iter()
        .map(|one| {
            let mut row = used(one);
            row["lines"] = one.lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ").into();
            let mut whole = Map::from_iter([("file".to_owned(), Value::from(checked.name.as_str()))]);
            whole.extend(row.as_object().cloned().unwrap_or_default());
            Value::Object(whole)
        })
        .collect()
}

fn used(one: &Use) -> Value {
    json!({
        "name": one.name,
        "effect": one.reach.name(),
        "lines": one.lines,
        "once": one.once,
        "each_time": one.each,
        "least_calls": one.calls.least,
        "most_calls": one.calls.most,
        "permission": (!one.permission.is_empty()).then_some(one.permission),
    })
}

/// The report for programs: an object.
pub fn json(checked: &Checked) -> Value {
    let report = &checked.report;
    let has = |effect: Effect| report.with(Reach::Known(effect)).next().is_some();
    json!({
        "file": checked.name,
        "ok": checked.is_clean(),
        "problems": report.problems.iter().map(problem).collect::<Vec<_>>(),
        "warnings": report.warnings.iter().map(problem).collect::<Vec<_>>(),
        "methods": report.uses.iter().map(used).collect::<Vec<_>>(),
        "most_calls_once": report.most_calls(),
        "calls_each_time": report.repeated().map(|one| one.name.as_str()).collect::<Vec<_>>(),
        "permissions": report.permissions(),
        "notifies": has(Effect::Notify),
        "destroys": has(Effect::Destroy),
        "imports": report.imports,
    })
}

fn problem(problem: &Problem) -> Value {
    json!({
        "kind": problem.error.as_deref().map_or("script", crate::error::Error::kind_name),
        "message": problem.message.en,
        "hint": problem.hints.iter().map(|hint| hint.get(Lang::En)).collect::<Vec<_>>().join("; "),
        "line": problem.spot.map(|spot| spot.0),
        "column": problem.spot.map(|spot| spot.1),
    })
}
