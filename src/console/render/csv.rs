//! Tables as CSV (RFC 4180): CRLF at the end of each line, quotes where a field needs them, `()` as an empty field. Numbers and
//! times stand as they are, nested values as JSON.

use serde_json::{Map, Value};

use super::column::keys;
use super::plain::{cell, is_empty};
use crate::console::text::escape;
use crate::script::view::View;

/// What spreadsheets need to see that the file is UTF-8: without it Excel reads 汉字 in the charset of its country.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The title of the column of a list whose items have no fields.
const VALUE: &str = "value";

/// The value as CSV with a line of titles: a list of maps or objects by its fields, another list as one column, a map as one
/// line, anything else as one field. [`None`] for what has nothing in it.
pub fn render(view: &View) -> Option<String> {
    let rows: &[View] = match view.items() {
        Some(items) => items,
        None if is_empty(view) => return None,
        None => std::slice::from_ref(view),
    };
    let titles = keys(rows.iter().filter_map(View::fields));
    let is_flat = rows.iter().any(|row| row.fields().is_none());
    let mut out = String::new();
    let values = is_flat.then_some(VALUE);
    line(&mut out, titles.iter().copied().chain(values).map(|title| escape(title).into_owned()));
    for row in rows {
        let fields = row.fields();
        let find = |title: &&str| {
            let found = fields.and_then(|fields| fields.iter().find(|entry| entry.0 == **title));
            found.map_or_else(String::new, |found| field(&found.1))
        };
        let own = values.map(|_| if fields.is_some() { String::new() } else { field(row) });
        line(&mut out, titles.iter().map(find).chain(own));
    }
    Some(out)
}

/// The value as CSV without the last line break; a value without parts is a field without a title.
pub(super) fn text(view: &View) -> String {
    match render(view) {
        Some(csv) if view.items().is_some() || view.fields().is_some() => {
            csv.trim_end_matches('\n').to_owned()
        }
        _ => field(view),
    }
}

/// The columns of a row as one line, for rows that come one by one; the line break is the caller's.
pub fn record(row: &Map<String, Value>, columns: &[&str]) -> String {
    let fields = columns.iter().map(|column| row.get(*column).cloned().map_or(View::Nil, View::from));
    let mut out = String::new();
    line(&mut out, fields.map(|value| field(&value)));
    out.truncate(out.len() - 1);
    out
}

/// A value as it stands in a field. Line breaks of a text are kept: CSV can hold them.
fn field(value: &View) -> String {
    match value {
        View::Nil => String::new(),
        View::Text(text) => text.clone(),
        other => cell(other),
    }
}

fn line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push(',');
        }
        let needs_quotes =
            field.contains(['"', ',', '\n', '\r']) || field.starts_with(' ') || field.ends_with(' ');
        if needs_quotes {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(&field);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::script::view::View;
    use serde_json::json;

    fn csv(value: serde_json::Value) -> Option<String> {
        render(&View::from(value))
    }

    #[test]
    fn rows_and_fields() {
        let rows = json!([
            {"姓名": "张三", "note": "a, \"b\"\nc", "age": 3},
            {"姓名": "李四", "tags": [1, "x"], "none": null, "flag": true, "note": " 空"},
        ]);
        assert_eq!(
            csv(rows).unwrap(),
            "姓名,note,age,tags,none,flag\r\n张三,\"a, \"\"b\"\"\nc\",3,,,\r\n李四,\" 空\",,\"[1,\"\"x\"\"]\",,true\r\n"
        );
    }

    #[test]
    fn what_has_no_fields_is_one_column() {
        assert_eq!(csv(json!(["a", 2])).unwrap(), "value\r\na\r\n2\r\n");
        assert_eq!(csv(json!([{"a": 1}, 2])).unwrap(), "a,value\r\n1,\r\n,2\r\n");
        assert_eq!(csv(json!({"a": 1, "b": 2})).unwrap(), "a,b\r\n1,2\r\n");
        assert_eq!(csv(json!([])).unwrap(), "\r\n");
        assert_eq!(csv(json!(3)).unwrap(), "value\r\n3\r\n");
        assert_eq!((csv(json!({})), csv(json!(null))), (None, None));
    }
}
