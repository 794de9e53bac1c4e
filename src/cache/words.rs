//! Under which words a name is found: itself, its pinyin and its initials, from the beginning or from the middle.

use pinyin::ToPinyin;

/// A name is read up to this many characters.
const MOST_LETTERS: usize = 40;

/// Longer words are cut: nobody types more.
const MOST_BYTES: usize = 48;

/// Characters that have a second reading in names of people and places. A name has at most two readings: the common one of
/// every character, with `v` for `ü`; and this one of those that have one, with `u`.
#[rustfmt::skip]
const SECOND_READINGS: &[(char, &str)] = &[
    ('曾', "zeng"), ('单', "shan"), ('解', "xie"), ('仇', "qiu"), ('区', "ou"), ('查', "zha"), ('朴', "piao"),
    ('翟', "zhai"), ('盖', "ge"), ('覃', "qin"), ('乐', "yue"), ('缪', "miao"), ('折', "she"), ('种', "chong"),
    ('尉', "yu"), ('员', "yun"), ('隗', "wei"), ('郇', "xun"), ('繁', "po"), ('秘', "bi"), ('召', "shao"),
    ('薄', "bo"), ('柏', "bo"), ('阿', "e"), ('重', "chong"), ('长', "chang"), ('行', "hang"), ('厦', "xia"),
    ('都', "du"), ('会', "kuai"), ('朝', "zhao"), ('传', "zhuan"), ('藏', "zang"), ('调', "tiao"),
    ('校', "jiao"), ('角', "jue"), ('弹', "tan"),
];

/// A word that leads to a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    /// False when the name begins with it.
    pub(super) inside: bool,
    /// In lower case and without spaces.
    pub(super) text: String,
}

/// What a person typed, in the form of the words.
pub(super) fn typed(text: &str) -> String {
    let letters = text.chars().filter(|letter| !letter.is_whitespace());
    clip(letters.flat_map(char::to_lowercase).collect())
}

/// Whether what was typed leads to `name`, as [`super::Cache::find`] does it: by itself, pinyin or initials.
pub fn leads_to(text: &str, name: &str) -> bool {
    let text = typed(text);
    words(name).iter().any(|word| word.text.starts_with(&text))
}

/// All words of a name, each once.
pub(super) fn words(name: &str) -> Vec<Word> {
    let letters: Vec<char> = name
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .flat_map(char::to_lowercase)
        .take(MOST_LETTERS)
        .collect();
    let mut found = Vec::new();
    endings(&letters.iter().map(char::to_string).collect::<Vec<_>>(), &mut found);
    let common: Vec<String> = letters.iter().map(|letter| reading(*letter, &[])).collect();
    if common.iter().zip(&letters).any(|(reading, letter)| !reading.starts_with(*letter)) {
        let second: Vec<String> = letters.iter().map(|letter| reading(*letter, SECOND_READINGS)).collect();
        spoken(&common, &mut found);
        if second != common {
            spoken(&second, &mut found);
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Pinyin, initials, and the first syllable with the initials of the others (`zhangxm`).
fn spoken(syllables: &[String], found: &mut Vec<Word>) {
    endings(syllables, found);
    let initials: Vec<String> =
        syllables.iter().filter_map(|syllable| syllable.chars().next()).map(String::from).collect();
    endings(&initials, found);
    if let [first, _, ..] = syllables {
        let text = clip(format!("{first}{}", initials[1..].concat()));
        found.push(Word { inside: false, text });
    }
}

/// The whole, and what remains behind each part.
fn endings(parts: &[String], found: &mut Vec<Word>) {
    for at in 0..parts.len() {
        found.push(Word { inside: at > 0, text: clip(parts[at..].concat()) });
    }
}

/// How a character is read; one that is not Chinese is itself.
fn reading(letter: char, rather: &[(char, &str)]) -> String {
    if let Some((_, other)) = rather.iter().find(|(known, _)| *known == letter) {
        return (*other).to_owned();
    }
    let umlaut = if rather.is_empty() { "v" } else { "u" };
    letter.to_pinyin().map_or_else(|| letter.to_string(), |pinyin| pinyin.plain().replace('ü', umlaut))
}

fn clip(mut text: String) -> String {
    if text.len() > MOST_BYTES {
        let end = (0..=MOST_BYTES).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Word, typed, words};

    /// Whether `typed` leads to `name`: `Some(true)` from its middle.
    fn leads(text: &str, name: &str) -> Option<bool> {
        let text = typed(text);
        words(name).into_iter().filter(|word| word.text.starts_with(&text)).map(|word| word.inside).min()
    }

    #[test]
    fn a_name_is_found_by_its_beginning() {
        for text in ["张", "张晓明", "zhang", "zhangxiaoming", "Zhang Xiao", "zxm", "zhangxm", "z"] {
            assert_eq!(leads(text, "张晓明"), Some(false), "{text}");
        }
    }

    #[test]
    fn and_by_its_middle() {
        for text in ["晓明", "明", "xiaoming", "ming", "xm"] {
            assert_eq!(leads(text, "张晓明"), Some(true), "{text}");
        }
        for text in ["hang", "iao", "张明", "zm"] {
            assert_eq!(leads(text, "张晓明"), None, "{text}");
        }
    }

    #[test]
    fn polyphones_have_two_readings() {
        assert_eq!(leads("zengguofan", "曾国藩"), Some(false));
        assert_eq!(leads("cengguofan", "曾国藩"), Some(false));
        assert_eq!((leads("zgf", "曾国藩"), leads("cgf", "曾国藩")), (Some(false), Some(false)));
        assert_eq!(leads("changsha", "长沙分公司"), Some(false));
        assert_eq!((leads("lv", "吕布"), leads("lu", "吕布")), (Some(false), Some(false)));
    }

    #[test]
    fn other_letters_stay() {
        assert_eq!(leads("lin xiao", "Lin Xiao"), Some(false));
        assert_eq!(leads("xiao", "Lin Xiao"), Some(true));
        assert_eq!(leads("q3xiangmu", "2026 Q3 项目组"), Some(true));
        assert_eq!(leads("q3x", "2026 Q3 项目组"), Some(true));
        assert_eq!(words(""), Vec::<Word>::new());
        assert!(words(&"很长的名字".repeat(50)).len() < 200);
        assert!(words(&"🧧".repeat(50)).iter().all(|word| word.text.len() <= 48));
    }
}
