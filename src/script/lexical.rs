//! Wrong pieces of text: signs of other languages and of Chinese input methods, texts without an end, numbers that are none.

use rhai::LexError;

use super::syntax::{Words, fixed, hinted, lower_first, made};

/// A wrong piece of text.
pub(super) fn lexical(error: &LexError) -> Words {
    match error {
        LexError::UnexpectedInput(text) => unexpected(text),
        LexError::UnterminatedString => hinted(
            fixed("the text has no end", "文本没有结束引号"),
            "a text of several lines stands between back-ticks: `…`",
            "多行文本请用反引号：`…`",
        ),
        LexError::StringTooLong(most) => literal_too_large("Length of string", *most),
        LexError::MalformedEscapeSequence(text) => hinted(
            made(
                format!("`{text}` means nothing inside a text"),
                format!("文本中的 `{text}` 不是有效的转义"),
            ),
            "a backslash itself is written `\\\\`",
            "反斜杠本身请写作 `\\\\`",
        ),
        LexError::MalformedNumber(text) if text.is_empty() => fixed("this is not a number", "不是有效的数字"),
        LexError::MalformedNumber(text) => {
            made(format!("`{text}` is not a number"), format!("`{text}` 不是有效的数字"))
        }
        LexError::MalformedChar(text) => hinted(
            made(format!("'{text}' is not one character"), format!("'{text}' 不是单个字符")),
            format!("a text stands between double quotes: \"{text}\""),
            format!("文本请用双引号：\"{text}\""),
        ),
        LexError::MalformedIdentifier(text) => {
            made(format!("`{text}` cannot be a name"), format!("`{text}` 不能用作名称"))
        }
        LexError::ImproperSymbol(symbol, _) => improper(symbol),
        LexError::Runtime(text) => made(text.clone(), text.clone()),
        // `non_exhaustive`: those of versions to come.
        other => {
            let text = lower_first(&other.to_string());
            made(text.clone(), format!("语法错误：{text}"))
        }
    }
}

/// A character that no part of the language begins with; a Chinese input method types some that look like those of the language.
fn unexpected(text: &str) -> Words {
    let words = made(format!("`{text}` does not belong here"), format!("此处不应出现 `{text}`"));
    let Some(ascii) = text.chars().next().and_then(half_width) else { return words };
    hinted(words, format!("the language writes `{ascii}`"), format!("请使用半角 `{ascii}`"))
}

/// What the language writes for a full-width sign.
fn half_width(c: char) -> Option<char> {
    Some(match c {
        '“' | '”' | '「' | '」' => '"',
        '‘' | '’' => '\'',
        '，' | '、' => ',',
        '。' => '.',
        '；' => ';',
        '：' => ':',
        '（' => '(',
        '）' => ')',
        '【' => '[',
        '】' => ']',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0)?,
        _ => return None,
    })
}

/// Signs of other languages.
fn improper(symbol: &str) -> Words {
    let words = made(format!("`{symbol}` means nothing here"), format!("`{symbol}` 在这里没有意义"));
    let better = match symbol {
        "===" => "==",
        "!==" => "!=",
        ":=" => "=",
        "<-" => "<=",
        ":;" | "::<" => "::",
        "(*" | "*)" => "/* … */",
        "#" | "# {" => "#{",
        "->" => "|x| …",
        _ => return words,
    };
    hinted(words, format!("did you mean `{better}`?"), format!("是否想写 `{better}`？"))
}

pub(super) fn literal_too_large(what: &str, most: usize) -> Words {
    let (en, zh) = match what {
        what if what.contains("string") => ("the text", "文本"),
        what if what.contains("map") => ("the map", "映射"),
        _ => ("the list", "列表"),
    };
    made(format!("{en} is too long; at most {most}"), format!("{zh}过长，最多 {most}"))
}
