//! Marks and frames: as they are drawn in Unicode, and what stands for them where the locale has only ASCII.

/// The marks that a terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Glyphs {
    /// Box-drawing characters.
    #[default]
    Unicode,
    /// Nothing but ASCII.
    Ascii,
}

/// The lines of a table, each as left end, filling, crossing, right end.
pub(super) struct Frame {
    pub(super) top: [&'static str; 4],
    pub(super) head: [&'static str; 4],
    pub(super) bottom: [&'static str; 4],
    /// Left of a row, between its cells, right of it.
    pub(super) row: [&'static str; 3],
}

/// The marks before an entry of a tree: it has a younger sibling, it has none, and the same for the lines below it.
pub(super) struct Branches {
    pub(super) entry: [&'static str; 2],
    pub(super) below: [&'static str; 2],
}

const UNICODE: Frame = Frame {
    top: ["┌─", "─", "─┬─", "─┐"],
    head: ["╞═", "═", "═╪═", "═╡"],
    bottom: ["└─", "─", "─┴─", "─┘"],
    row: ["│ ", " ┆ ", " │"],
};

const ASCII: Frame = Frame {
    top: ["+-", "-", "-+-", "-+"],
    head: ["+=", "=", "=+=", "=+"],
    bottom: ["+-", "-", "-+-", "-+"],
    row: ["| ", " | ", " |"],
};

impl Glyphs {
    /// What the locale can show: the first of `LC_ALL`, `LC_CTYPE` and `LANG` that is set says so, and without any it is the C
    /// locale.
    pub fn of_locale(variables: [Option<&str>; 3]) -> Self {
        let locale = variables.into_iter().flatten().find(|value| !value.is_empty()).unwrap_or("C");
        let charset: String = locale.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        if cfg!(windows) || charset.contains("utf8") { Self::Unicode } else { Self::Ascii }
    }

    /// What stands for something that is left out.
    pub fn ellipsis(self) -> &'static str {
        self.pick("…", "...")
    }

    /// What stands between two remarks.
    pub fn dot(self) -> &'static str {
        self.pick("·", "-")
    }

    fn pick(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self {
            Self::Unicode => unicode,
            Self::Ascii => ascii,
        }
    }

    pub(super) fn frame(self) -> &'static Frame {
        match self {
            Self::Unicode => &UNICODE,
            Self::Ascii => &ASCII,
        }
    }

    pub(super) fn branches(self) -> Branches {
        match self {
            Self::Unicode => Branches { entry: ["├─ ", "└─ "], below: ["│  ", "   "] },
            Self::Ascii => Branches { entry: ["|- ", "`- "], below: ["|  ", "   "] },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Glyphs;

    #[test]
    fn the_locale_tells_the_charset() {
        let of = |all, ctype, lang| Glyphs::of_locale([all, ctype, lang]);
        assert_eq!(of(None, None, Some("zh_CN.UTF-8")), Glyphs::Unicode);
        assert_eq!(of(None, None, Some("C.utf8")), Glyphs::Unicode);
        assert_eq!(of(Some("en_US.UTF-8"), None, Some("C")), Glyphs::Unicode);
        if !cfg!(windows) {
            assert_eq!(of(Some("C"), None, Some("zh_CN.UTF-8")), Glyphs::Ascii);
            assert_eq!(of(Some(""), Some("zh_CN.GB18030"), Some("zh_CN.UTF-8")), Glyphs::Ascii);
            assert_eq!(of(None, None, None), Glyphs::Ascii);
        }
    }
}
