//! What there is to say about the cache as a whole: figures, the tree of departments, the API calls of the month.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Session;
use crate::cache::{Cache, DepartmentRow, Table};
use crate::lang::{Lang, Text};

/// The figures of the cache: file, size, rows, hits of this session.
pub fn cache_stats(session: &Session) -> Map<String, Value> {
    let cache = &session.cache;
    let stats = cache.stats();
    let (hits, misses) = cache.answers();
    let asked = hits + misses;
    let rate = (asked > 0).then(|| hits as f64 / asked as f64);
    let rows: Map<String, Value> =
        Table::ALL.iter().map(|table| (table.name().to_owned(), cache.count_rows(*table).into())).collect();
    let mut map = Map::new();
    map.insert("path".into(), stats.path.map(|path| path.display().to_string()).into());
    map.insert("mode".into(), stats.mode.name().into());
    map.insert("problem".into(), stats.problem.map(|problem| problem.en.into_owned()).into());
    map.insert("bytes".into(), cache.bytes().into());
    map.insert("rows".into(), rows.into());
    map.insert("hits".into(), hits.into());
    map.insert("misses".into(), misses.into());
    map.insert("hit_rate".into(), rate.into());
    map.insert("indexing".into(), cache.upkeep().into());
    map
}

/// The departments as a tree, with how many people are directly in each where that is known.
pub fn cache_tree(cache: &Cache, lang: Lang) -> String {
    let rows = cache.departments();
    let mut lines = Vec::with_capacity(rows.len());
    let tops: Vec<&DepartmentRow> =
        rows.iter().filter(|row| rows.iter().all(|other| other.id != row.parent)).collect();
    for top in tops {
        lines.push(label(top, lang));
        branch(&rows, top.id, "", lang, &mut lines);
    }
    lines.join("\n")
}

fn branch(rows: &[DepartmentRow], parent: i64, before: &str, lang: Lang, lines: &mut Vec<String>) {
    let children: Vec<&DepartmentRow> = rows.iter().filter(|row| row.parent == parent).collect();
    for (index, child) in children.iter().enumerate() {
        let is_last = index + 1 == children.len();
        let (here, below) = if is_last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        lines.push(format!("{before}{here}{}", label(child, lang)));
        branch(rows, child.id, &format!("{before}{below}"), lang, lines);
    }
}

fn label(row: &DepartmentRow, lang: Lang) -> String {
    let organisation = Text::fixed("organisation", "组织");
    let name = if row.name.is_empty() { organisation.get(lang) } else { &row.name };
    if row.counted == 0.0 {
        return format!("{name} ({})", row.id);
    }
    let people = row.members.len();
    let people = Text::made(format!("{people} people"), format!("{people} 人"));
    format!("{name} ({}, {})", row.id, people.get(lang))
}

/// The API calls of the month.
#[derive(Debug, Clone, PartialEq)]
pub struct UsageReport {
    /// `YYYY_MM`.
    pub month: String,
    /// Calls of the month, by whatever program.
    pub spent: u64,
    /// What DingTalk allows.
    pub quota: f64,
    /// What this program keeps to.
    pub budget: Option<f64>,
    /// Calls of this session.
    pub session: u64,
    /// By method, the most frequent first: calls of the month, calls of this session.
    pub methods: Vec<(String, u64, u64)>,
    /// By day.
    pub days: BTreeMap<String, u64>,
}

impl Session {
    /// What was called this month.
    pub fn usage_report(&self) -> UsageReport {
        self.flush_usage();
        let month = self.clock.month();
        let (mut methods, mut days) = (BTreeMap::<String, (u64, u64)>::new(), BTreeMap::new());
        for row in self.cache.usage(&month) {
            methods.entry(row.method).or_default().0 += row.count;
            *days.entry(row.day).or_insert(0) += row.count;
        }
        for (method, count) in self.client.usage.session_by_method() {
            methods.entry(method).or_default().1 += count;
        }
        let mut methods: Vec<_> =
            methods.into_iter().map(|(method, (month, session))| (method, month, session)).collect();
        methods.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let spent = self.cache.count(&month).unsigned_abs();
        let noted: u64 = days.values().sum();
        if spent > noted && !methods.is_empty() {
            // The Python framework and older versions count the month only.
            methods.push((String::new(), spent - noted, 0));
        }
        UsageReport {
            month,
            spent,
            quota: self.config.usage.quota,
            budget: self.config.usage.budget,
            session: self.client.usage.session(),
            methods,
            days,
        }
    }
}

impl UsageReport {
    /// As plain data.
    pub fn to_json(&self) -> Value {
        let methods: Vec<Value> = self
            .methods
            .iter()
            .map(|(method, month, session)| json!({ "method": method, "calls": month, "session": session }))
            .collect();
        json!({
            "month": self.month, "calls": self.spent, "quota": self.quota, "budget": self.budget,
            "session": self.session, "methods": methods, "days": self.days,
        })
    }
}
