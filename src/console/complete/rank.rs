//! Which names fit what was typed, and in which order.

/// The most steps of a name that is listed behind those that begin with what was typed.
const NEAR: usize = 2;

/// How well a name fits; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// It begins with what was typed.
    Prefix,
    /// It does so when case and `_` are set aside.
    Loose,
    /// It has the letters in that order, with so many steps between them.
    Fuzzy(usize),
}

/// How well `name` fits `typed`.
pub(super) fn fit(name: &str, typed: &str) -> Option<Fit> {
    if name.starts_with(typed) {
        return Some(Fit::Prefix);
    }
    let (folded, wanted) = (fold(name), fold(typed));
    if wanted.is_empty() {
        return None;
    }
    if folded.starts_with(&wanted) {
        return Some(Fit::Loose);
    }
    (wanted.chars().count() > 1).then(|| steps(name, &wanted)).flatten().map(Fit::Fuzzy)
}

fn fold(text: &str) -> String {
    text.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// The steps that are passed over when the letters are looked for one behind the other; a letter that begins a word costs
/// nothing. The first letter must begin a word, or else everything would fit.
fn steps(name: &str, wanted: &str) -> Option<usize> {
    let letters: Vec<(char, bool)> = letters(name);
    let begins = letters.iter().enumerate().filter(|(_, (c, begins))| *begins && wanted.starts_with(*c));
    begins.filter_map(|(start, _)| steps_from(&letters[start..], wanted).map(|steps| steps + start)).min()
}

fn steps_from(letters: &[(char, bool)], wanted: &str) -> Option<usize> {
    let (mut at, mut cost) = (0, 0);
    for c in wanted.chars() {
        let rest = letters.get(at..)?;
        if rest.first().is_some_and(|(letter, _)| *letter == c) {
            at += 1;
            continue;
        }
        let word = rest.iter().position(|(letter, begins)| *begins && *letter == c);
        let any = || rest.iter().position(|(letter, _)| *letter == c);
        cost += if word.is_some() { 1 } else { 2 + any()? };
        at += word.or_else(any)? + 1;
    }
    Some(cost)
}

/// The letters in lower case, each with whether it begins a word: `get_userId` has three.
fn letters(name: &str) -> Vec<(char, bool)> {
    let mut found = Vec::new();
    let mut last = '_';
    for c in name.chars() {
        if c != '_' {
            let begins = last == '_' || (c.is_uppercase() && !last.is_uppercase());
            found.extend(c.to_lowercase().map(|letter| (letter, begins)));
        }
        last = c;
    }
    found
}

/// The items that fit, best first. One that begins with what was typed, and is the only one, stands for itself.
pub(super) fn ranked<T>(
    items: impl IntoIterator<Item = T>,
    typed: &str,
    name: impl Fn(&T) -> &str,
) -> Vec<(Fit, T)> {
    let fits = |item: T| fit(name(&item), typed).map(|fit| (fit, item));
    let mut found: Vec<(Fit, T)> = items.into_iter().filter_map(fits).collect();
    found.sort_by_key(|(fit, _)| *fit);
    let close = found.iter().filter(|(fit, _)| !matches!(fit, Fit::Fuzzy(_))).count();
    match close {
        0 => {}
        1 => found.truncate(1),
        _ => found.retain(|(fit, _)| *fit <= Fit::Fuzzy(NEAR)),
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Fit, fit, ranked};

    #[test]
    fn names_fit_in_this_order() {
        assert_eq!(fit("get_user", "get_u"), Some(Fit::Prefix));
        assert_eq!(fit("get_user", "GetUs"), Some(Fit::Loose));
        assert!(matches!(fit("get_user", "gu"), Some(Fit::Fuzzy(_))));
        assert!(matches!(fit("get_dept_users", "users"), Some(Fit::Fuzzy(_))));
        assert_eq!(fit("get_user", "su"), None);
        assert_eq!(fit("get_user", "xu"), None);
        assert_eq!(fit("get_user", "e"), None);
        assert!(fit("get_dept_users", "gdu") < fit("get_mode_outside", "gdu"));
    }

    #[test]
    fn one_that_fits_stands_alone() {
        let names = ["get_dept_users", "get_user", "get_usage", "get_api_counts", "send"];
        let found =
            |typed| ranked(names, typed, |name| name).into_iter().map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(found("get_us"), ["get_user", "get_usage", "get_dept_users"]);
        assert_eq!(found("se"), ["send"]);
        assert_eq!(found("gdu"), ["get_dept_users"]);
        assert_eq!(found(""), names);
    }
}
