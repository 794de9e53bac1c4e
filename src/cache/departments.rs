//! Departments: our table `dingraia_department`. It also remembers how far a walk through the organisation came.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, Row, params};
use serde_json::{Map, Value};

use super::{Cache, own, row};

/// A path has no more parts; one that has is a circle.
const DEEPEST: usize = 50;

/// A cached department.
#[derive(Debug, Clone, PartialEq)]
pub struct DepartmentRow {
    /// Its id.
    pub id: i64,
    /// The department above it; 0 for the root.
    pub parent: i64,
    /// Name; the root's may be empty.
    pub name: String,
    /// Its place among its siblings.
    pub position: i64,
    /// What DingTalk said of it.
    pub info: Map<String, Value>,
    /// When the row was written, Unix time in seconds; 0 when it was not described yet.
    pub time: f64,
    /// When its children were listed, Unix time in seconds; 0 when they were not.
    pub listed: f64,
    /// staffIds of the people directly in it; meaningful when `counted` is not 0.
    pub members: Vec<String>,
    /// When its people were listed, Unix time in seconds; 0 when they were not.
    pub counted: f64,
}

/// A department that DingTalk just described.
#[derive(Debug, Clone, Copy)]
pub struct DepartmentSeen<'a> {
    /// Its id.
    pub id: i64,
    /// The department above it.
    pub parent: i64,
    /// Name.
    pub name: &'a str,
    /// The description.
    pub info: &'a Map<String, Value>,
}

impl DepartmentRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let members = row::text(row, 7)?;
        Ok(Self {
            id: row.get(0)?,
            parent: row.get(1)?,
            name: row::text(row, 2)?,
            position: row.get(3)?,
            info: row::info(row, 4)?,
            time: row::number(row, 5)?,
            listed: row::number(row, 6)?,
            members: members.split_whitespace().map(str::to_owned).collect(),
            counted: row::number(row, 8)?,
        })
    }
}

impl Cache {
    /// Stores the children of `parent`, as DingTalk just listed them; those it no longer has are forgotten with all below.
    pub fn save_children(&self, parent: i64, children: &[DepartmentSeen<'_>]) {
        if self.shared.off {
            return;
        }
        let now = self.now();
        self.shared.store.lock().write(|tx| {
            tx.prepare_cached(PLACEHOLDER)?.execute([parent])?;
            for (position, child) in (0_i64..).zip(children) {
                let info = row::info_text(child.info);
                tx.prepare_cached(UPSERT)?
                    .execute(params![child.id, parent, child.name, position, info, now])?;
            }
            let mut known = tx.prepare_cached("select id from dingraia_department where parent = ?1")?;
            let known =
                known.query_map([parent], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
            for gone in known.iter().filter(|id| children.iter().all(|child| child.id != **id)) {
                tx.prepare_cached(FORGET)?.execute([gone])?;
            }
            tx.prepare_cached("update dingraia_department set listed = ?2 where id = ?1")?
                .execute(params![parent, now])
                .map(drop)
        });
    }

    /// Stores who is directly in a department, as DingTalk just listed them.
    pub fn save_members(&self, department: i64, staff_ids: &[String]) {
        if self.shared.off {
            return;
        }
        let (now, members) = (self.now(), staff_ids.join(" "));
        self.shared.store.lock().write(|tx| {
            tx.prepare_cached(PLACEHOLDER)?.execute([department])?;
            tx.prepare_cached("update dingraia_department set members = ?2, counted = ?3 where id = ?1")?
                .execute(params![department, members, now])
                .map(drop)
        });
    }

    /// The department with this id.
    pub fn department(&self, id: i64) -> Option<DepartmentRow> {
        let sql = format!("{SELECT} where id = ?1");
        let found = self.shared.store.lock().read(|conn| {
            if !own::has(conn, "dingraia_department")? {
                return Ok(None);
            }
            conn.prepare_cached(&sql)?.query_row([id], DepartmentRow::read).optional()
        });
        found.into_iter().flatten().next()
    }

    /// All departments, parents before children and siblings in their order; the root comes first when anything is known.
    pub fn departments(&self) -> Vec<DepartmentRow> {
        let sql = format!("{SELECT} order by parent, position, id");
        let found = self.shared.store.lock().read(|conn| {
            if !own::has(conn, "dingraia_department")? {
                return Ok(None);
            }
            conn.prepare_cached(&sql)?
                .query_map([], DepartmentRow::read)?
                .collect::<rusqlite::Result<Vec<_>>>()
                .map(Some)
        });
        let mut known = HashMap::new();
        // What memory holds is newer than the file.
        for row in found.into_iter().flatten().rev().flatten() {
            known.insert(row.id, row);
        }
        let mut children: HashMap<i64, Vec<DepartmentRow>> = HashMap::new();
        for row in known.values() {
            let parent = if known.contains_key(&row.parent) { row.parent } else { 0 };
            children.entry(parent).or_default().push(row.clone());
        }
        for siblings in children.values_mut() {
            siblings.sort_by_key(|row| (row.position, row.id));
        }
        let mut ordered = Vec::with_capacity(known.len());
        below(0, &mut children, &mut ordered);
        ordered
    }

    /// The names from the top to this department, as `总部/研发/前端`; the root only when its name is known.
    pub fn department_path(&self, id: i64) -> String {
        let mut parts = Vec::new();
        let mut next = id;
        while let Some(row) = self.department(next).filter(|_| parts.len() < DEEPEST) {
            if !row.name.is_empty() {
                parts.push(row.name);
            }
            next = row.parent;
        }
        parts.reverse();
        parts.join("/")
    }
}

/// Moves what is below `parent` into `ordered`. Rows of a circle are below nothing and stay out.
fn below(parent: i64, children: &mut HashMap<i64, Vec<DepartmentRow>>, ordered: &mut Vec<DepartmentRow>) {
    for row in children.remove(&parent).unwrap_or_default() {
        let id = row.id;
        ordered.push(row);
        below(id, children, ordered);
    }
}

const SELECT: &str = "select id, parent, name, position, info, timeStamp, listed, members, counted \
    from dingraia_department";
/// A department of which nothing but the id is known.
const PLACEHOLDER: &str = "insert or ignore into dingraia_department(id, parent, name, position, info, timeStamp) \
    values(?1, 0, '', 0, '{}', 0)";
const UPSERT: &str = "insert into dingraia_department(id, parent, name, position, info, timeStamp) \
    values(?1, ?2, ?3, ?4, ?5, ?6) on conflict(id) do update set parent = excluded.parent, name = excluded.name, \
    position = excluded.position, info = excluded.info, timeStamp = excluded.timeStamp";
/// A department and everything below it.
const FORGET: &str = "with recursive gone(id) as (select ?1 union select d.id from dingraia_department d join gone \
    on d.parent = gone.id) delete from dingraia_department where id in (select id from gone)";
