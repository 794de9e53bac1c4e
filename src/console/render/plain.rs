//! Values on one line, without colour: in cells, in cards, as JSON.

use serde_json::Value;

use crate::console::style::Role;
use crate::console::text::{escape, is_unsafe, quote};
use crate::script::view::{Bytes, View};

/// How many bytes of a blob stand on a line.
const MOST_BYTES: usize = 12;

/// A part without parts of its own, as text without colour.
pub(super) fn plain(view: &View) -> String {
    match view {
        View::Nil => "null".into(),
        View::Bool(value) => value.to_string(),
        View::Int(value) => value.to_string(),
        View::Float(value) => format!("{value:?}"),
        View::Text(text) => quote(text),
        View::Opaque(text) => escape(text).into_owned(),
        View::Record(record) => escape(&record.text).into_owned(),
        View::Bytes(blob) => bytes(blob),
        View::List(_) | View::Part(_) => "[]".into(),
        View::Map(_) => "{}".into(),
    }
}

/// The size, and the first bytes in hexadecimal and as letters.
fn bytes(blob: &Bytes) -> String {
    let head = &blob.head[..blob.head.len().min(MOST_BYTES)];
    let rest = if blob.size > head.len() { "…" } else { "" };
    let hex: Vec<String> = head.iter().map(|byte| format!("{byte:02x}")).collect();
    let letter = |byte: &u8| if (b' '..=b'~').contains(byte) { char::from(*byte) } else { '.' };
    let letters: String = head.iter().map(letter).collect();
    match blob.size {
        0 => "<0 bytes>".into(),
        size => format!("<{}: {}{rest} {letters}{rest}>", size_text(size), hex.join(" ")),
    }
}

/// `1 byte`, `999 bytes`, `1.2 KiB (1234 bytes)`.
fn size_text(size: usize) -> String {
    let unit = |bits: u32, name: &str| {
        format!("{:.1} {name} ({size} bytes)", size as f64 / f64::from(1_u32 << bits))
    };
    match size {
        1 => "1 byte".into(),
        0..1_024 => format!("{size} bytes"),
        1_024..1_048_576 => unit(10, "KiB"),
        _ => unit(20, "MiB"),
    }
}

/// A value in a cell: text without quotes, nested values as JSON, always one line.
pub(super) fn cell(view: &View) -> String {
    match view {
        View::Text(text) => escape(text).into_owned(),
        View::List(_) | View::Part(_) | View::Map(_) => compact(view),
        scalar => plain(scalar),
    }
}

/// True for what says nothing: `()`, no text, no items, also where DingTalk writes them as JSON in a text.
pub(super) fn is_empty(view: &View) -> bool {
    match view {
        View::Nil => true,
        View::Text(text) => matches!(text.trim(), "" | "{}" | "[]"),
        View::List(items) => items.is_empty(),
        View::Map(fields) => fields.is_empty(),
        _ => false,
    }
}

/// The colour of a value.
pub(super) fn role(view: &View) -> Role {
    match view {
        View::Nil => Role::Null,
        View::Bool(_) => Role::Bool,
        View::Int(_) | View::Float(_) => Role::Number,
        View::Text(_) => Role::Text,
        View::Opaque(_) | View::Record(_) | View::Bytes(_) => Role::Object,
        View::List(_) | View::Part(_) | View::Map(_) => Role::Dim,
    }
}

/// Strict JSON on one line. Characters that could drive a terminal stand as `\u` escapes, which JSON allows.
pub(in crate::console) fn compact(view: &View) -> String {
    let json = match view.to_json() {
        Value::Null => return "null".into(),
        value => value.to_string(),
    };
    if !json.contains(is_unsafe) {
        return json;
    }
    let escaped = |c: char| if is_unsafe(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() };
    json.chars().map(escaped).collect()
}
