//! The names of types in the words of this program: Rhai writes `&str | ImmutableString | String`, `i64` or a path of Rust.

use crate::lang::Text;

/// The one word that help and messages have for a type of Rhai or of ours.
pub fn plain_type(text: &str) -> &str {
    match text.trim() {
        "&str | ImmutableString | String" | "string" | "String" | "ImmutableString" | "&str" | "str" => {
            "text"
        }
        "i64" | "INT" => "int",
        "f64" | "FLOAT" => "float",
        "array" | "Array" => "list",
        "Map" => "map",
        "blob" | "Blob" => "bytes",
        "Fn" | "FnPtr" => "function",
        "timestamp" | "Instant" => "timestamp",
        "range=" => "range",
        other => other.rsplit("::").next().unwrap_or(other).trim_end_matches('>'),
    }
}

/// A type in both languages, as it stands in a sentence: `a number`, `a Member`.
pub(super) fn type_text(text: &str) -> Text {
    let name = plain_type(text);
    let (en, zh) = match name {
        "text" => ("text", "文本"),
        "int" => ("a whole number", "整数"),
        "float" => ("a decimal number", "小数"),
        "bool" => ("a truth value (true or false)", "布尔值（true 或 false）"),
        "char" => ("a character", "字符"),
        "list" => ("a list", "列表"),
        "map" => ("a map", "映射"),
        "bytes" => ("bytes", "字节"),
        "function" => ("a function", "函数"),
        "range" => ("a range", "范围"),
        "timestamp" => ("a timestamp", "时间戳"),
        "()" => ("nothing (`()`)", "空值 `()`"),
        other if other.starts_with(char::is_uppercase) => {
            return Text::made(format!("a {other}"), format!(" {other}"));
        }
        other => return Text::made(other, format!(" {other}")),
    };
    Text::fixed(en, zh)
}

#[cfg(test)]
mod tests {
    use super::{plain_type, type_text};

    #[test]
    fn types_have_plain_names() {
        let rows = [("&str | ImmutableString | String", "text"), ("i64", "int"), ("array", "list")];
        for (rhai, ours) in rows {
            assert_eq!(plain_type(rhai), ours);
        }
        assert_eq!(plain_type("dingraia::model::shared::Shared<dingraia::model::member::Member>"), "Member");
        assert_eq!(type_text("Member").en, "a Member");
        assert_eq!(type_text("i64").zh, "整数");
    }
}
