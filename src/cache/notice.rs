//! What can go wrong with the file, what follows from it, and the sentence that says so once per run.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::lang::Text;

/// Something the user should know about the cache file; nothing failed because of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: Text,
}

/// What went wrong. Details are SQLite's or the system's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    Locked,
    NotADatabase,
    NotAFile,
    Damaged(String),
    ReadOnly,
    Full,
    /// The file was made by a newer version of this program.
    Newer,
    /// Somebody deleted the file while it was open.
    Deleted,
    /// Somebody put another file in its place.
    Replaced,
    Failed(String),
    Unopenable(String),
    CopyFailed(String),
    Statement(String),
}

/// What follows from a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The run goes on without the file.
    Memory,
    /// The file is read; what is new stays in memory.
    ReadOnly,
    /// This one read missed, or this one write was not made.
    Skipped,
    /// The file that is there now is used, a new one when there is none.
    Reopened,
}

/// Whether another program holds a lock, which passes.
pub(super) fn is_locked(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

impl From<rusqlite::Error> for Problem {
    fn from(error: rusqlite::Error) -> Self {
        let detail = error.to_string();
        match error.sqlite_error_code() {
            _ if is_locked(&error) => Self::Locked,
            Some(ErrorCode::NotADatabase) => Self::NotADatabase,
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(detail),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::CannotOpen) => Self::Unopenable(detail),
            Some(ErrorCode::SystemIoFailure | ErrorCode::FileLockingProtocolFailed) => Self::Failed(detail),
            _ => Self::Statement(detail),
        }
    }
}

impl Problem {
    /// Whether reading may still work although writing does not.
    pub(super) fn may_still_read(&self) -> bool {
        matches!(self, Self::ReadOnly | Self::Full | Self::Newer | Self::Failed(_) | Self::Unopenable(_))
    }

    /// The problem as the end of a sentence that begins with the file.
    pub(super) fn text(&self) -> Text {
        match self {
            Self::Locked => Text::fixed("another program keeps it locked", "文件被其他程序锁定"),
            Self::NotADatabase => Text::fixed("it is not a SQLite database", "它不是 SQLite 数据库"),
            Self::NotAFile => Text::fixed("it is not a file", "它不是普通文件"),
            Self::Damaged(why) => {
                Text::made(format!("it is damaged ({why})"), format!("文件已损坏（{why}）"))
            }
            Self::ReadOnly => Text::fixed("it cannot be written", "没有写入权限"),
            Self::Full => Text::fixed("the disk is full", "磁盘已满"),
            Self::Deleted => Text::fixed("the file was deleted", "文件已被删除"),
            Self::Replaced => Text::fixed("another file was put in its place", "文件已被替换"),
            Self::Newer => Text::fixed("a newer version of this program made it", "它由更新版本的程序创建"),
            Self::Failed(why) => {
                Text::made(format!("reading or writing it failed ({why})"), format!("读写失败（{why}）"))
            }
            Self::Unopenable(why) => {
                Text::made(format!("it cannot be opened ({why})"), format!("无法打开（{why}）"))
            }
            Self::CopyFailed(why) => Text::made(
                format!(
                    "its tables have another form, and it could not be copied before replacing them ({why})"
                ),
                format!("表结构不同，替换前的备份失败（{why}）"),
            ),
            Self::Statement(why) => {
                Text::made(format!("a statement failed ({why})"), format!("语句执行失败（{why}）"))
            }
        }
    }
}

impl Outcome {
    fn text(self) -> Text {
        match self {
            Self::Memory => Text::fixed(
                "it is left as it is, and this run keeps its cache in memory",
                "文件保持原样，本次运行的缓存只保存在内存中",
            ),
            Self::ReadOnly => Text::fixed(
                "this run reads it and keeps what is new in memory",
                "本次运行只读取该文件，新内容只保存在内存中",
            ),
            Self::Reopened => {
                Text::fixed("what is there now is used, or a new file", "改用现在的文件，没有则新建")
            }
            Self::Skipped => Text::fixed("the entry is skipped until it works again", "恢复之前跳过相关条目"),
        }
    }
}

/// The notices not yet taken, and the problems already told.
#[derive(Debug, Default)]
pub(super) struct Notices {
    told: Vec<Problem>,
    waiting: Vec<Notice>,
}

impl Notices {
    /// Tells of `problem` unless that was done before.
    pub(super) fn tell(&mut self, path: Option<&Path>, problem: &Problem, outcome: Outcome) {
        if self.told.contains(problem) {
            return;
        }
        self.told.push(problem.clone());
        let (what, then) = (problem.text(), outcome.text());
        let place = path.map(|path| format!(" {}", path.display())).unwrap_or_default();
        self.waiting.push(Notice {
            text: Text::made(
                format!("cache{place}: {}; {}", what.en, then.en),
                format!("缓存{place}：{}；{}", what.zh, then.zh),
            ),
        });
    }

    /// Tells anything else.
    pub(super) fn say(&mut self, text: Text) {
        self.waiting.push(Notice { text });
    }

    /// Tells that `tables` of the file were made new after it was copied to `copy`.
    pub(super) fn tell_rebuilt(&mut self, path: &Path, copy: &Path, tables: &str) {
        let (path, copy) = (path.display(), copy.display());
        self.waiting.push(Notice {
            text: Text::made(
                format!(
                    "cache {path}: made new because of another form: {tables}; the old file is kept as {copy}"
                ),
                format!("缓存 {path}：表结构不同，已重建：{tables}；旧文件已完整备份为 {copy}"),
            ),
        });
    }

    /// Puts what was told and is waiting to be told of a file before in front.
    pub(super) fn follow(&mut self, mut earlier: Self) {
        std::mem::swap(self, &mut earlier);
        self.told.append(&mut earlier.told);
        self.waiting.append(&mut earlier.waiting);
    }

    pub(super) fn take(&mut self) -> Vec<Notice> {
        std::mem::take(&mut self.waiting)
    }
}
