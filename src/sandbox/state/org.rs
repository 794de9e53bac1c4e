//! The address book: departments and the people in them.

use std::collections::HashSet;

use serde::Deserialize;

/// The company itself; its name is the one of the root department.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Company {
    /// Identifier of the organisation, `ding…`.
    pub corp_id: String,
}

/// A department; the root has `dept_id` 1 and no parent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct Department {
    pub dept_id: i64,
    pub name: String,
    #[serde(default)]
    pub parent_id: Option<i64>,
}

/// A person of the organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::sandbox) struct User {
    pub userid: String,
    pub unionid: String,
    pub name: String,
    pub mobile: String,
    pub dept_ids: Vec<i64>,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub job_number: String,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub org_email: String,
    #[serde(default)]
    pub telephone: String,
    #[serde(default)]
    pub work_place: String,
    #[serde(default)]
    pub remark: String,
    #[serde(default)]
    pub manager_userid: String,
    /// Milliseconds of Unix time.
    #[serde(default)]
    pub hired_date: Option<i64>,
    #[serde(default)]
    pub hide_mobile: bool,
    #[serde(default)]
    pub admin: bool,
    #[serde(default)]
    pub boss: bool,
    /// Whether the person is shielded from messages of people far below.
    #[serde(default)]
    pub senior: bool,
    /// Departments that this person leads.
    #[serde(default)]
    pub leads: Vec<i64>,
    /// Place within a department, where one was given.
    #[serde(skip)]
    pub orders: Vec<(i64, i64)>,
    /// Further attributes, JSON text of an object.
    #[serde(default = "no_attributes")]
    pub extension: String,
}

fn no_attributes() -> String {
    "{}".into()
}

/// The organisation as it stands.
#[derive(Debug)]
pub(in crate::sandbox) struct Organisation {
    pub company: Company,
    departments: Vec<Department>,
    users: Vec<User>,
}

impl Organisation {
    /// Checks that ids are unique and that every reference exists; the text says what is wrong.
    pub(in crate::sandbox) fn new(
        company: Company,
        departments: Vec<Department>,
        users: Vec<User>,
    ) -> Result<Self, String> {
        let organisation = Self { company, departments, users };
        organisation.check_departments()?;
        organisation.check_users()?;
        Ok(organisation)
    }

    fn check_departments(&self) -> Result<(), String> {
        let mut seen = HashSet::new();
        for dept in &self.departments {
            if !seen.insert(dept.dept_id) {
                return Err(format!("department {} stands there twice", dept.dept_id));
            }
            match dept.parent_id {
                None if dept.dept_id != 1 => {
                    return Err(format!(
                        "department {} has no parent_id; only the root, 1, may",
                        dept.dept_id
                    ));
                }
                // A parent has to stand before its children, which also keeps circles out.
                Some(parent) if !seen.contains(&parent) || parent == dept.dept_id => {
                    return Err(format!(
                        "department {}: parent {parent} does not stand before it",
                        dept.dept_id
                    ));
                }
                None | Some(_) => {}
            }
        }
        if seen.contains(&1) { Ok(()) } else { Err("the root department, dept_id 1, is missing".into()) }
    }

    fn check_users(&self) -> Result<(), String> {
        let (mut ids, mut unions, mut mobiles) = (HashSet::new(), HashSet::new(), HashSet::new());
        for user in &self.users {
            let id = &user.userid;
            if id.is_empty() || id.chars().count() > 64 {
                return Err(format!("userid `{id}` must have 1 to 64 characters"));
            }
            if !ids.insert(id) {
                return Err(format!("user `{id}` stands there twice"));
            }
            if !unions.insert(&user.unionid) {
                return Err(format!("user `{id}`: unionid `{}` belongs to somebody else", user.unionid));
            }
            if !mobiles.insert(&user.mobile) {
                return Err(format!("user `{id}`: mobile `{}` belongs to somebody else", user.mobile));
            }
            if user.dept_ids.is_empty() {
                return Err(format!("user `{id}` is in no department"));
            }
            if let Some(dept) = user.dept_ids.iter().find(|dept| self.department(**dept).is_none()) {
                return Err(format!("user `{id}`: no department {dept}"));
            }
        }
        Ok(())
    }

    pub(in crate::sandbox) fn department(&self, dept_id: i64) -> Option<&Department> {
        self.departments.iter().find(|dept| dept.dept_id == dept_id)
    }

    /// Direct children only.
    pub(in crate::sandbox) fn children(&self, dept_id: i64) -> impl Iterator<Item = &Department> {
        self.departments.iter().filter(move |dept| dept.parent_id == Some(dept_id))
    }

    /// People who are directly in the department.
    pub(in crate::sandbox) fn people_in(&self, dept_id: i64) -> impl Iterator<Item = &User> {
        self.users.iter().filter(move |user| user.dept_ids.contains(&dept_id))
    }

    pub(in crate::sandbox) fn user(&self, userid: &str) -> Option<&User> {
        self.users.iter().find(|user| user.userid == userid)
    }

    pub(in crate::sandbox) fn user_mut(&mut self, userid: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.userid == userid)
    }

    /// Whether somebody other than `but` has this property.
    pub(in crate::sandbox) fn taken(&self, but: &str, has: impl Fn(&User) -> bool) -> bool {
        self.users.iter().any(|user| user.userid != but && has(user))
    }

    pub(in crate::sandbox) fn join(&mut self, user: User) {
        self.users.push(user);
    }

    /// Takes somebody out; false when there is no such person.
    pub(in crate::sandbox) fn leave(&mut self, userid: &str) -> bool {
        let before = self.users.len();
        self.users.retain(|user| user.userid != userid);
        for user in self.users.iter_mut().filter(|user| user.manager_userid == userid) {
            user.manager_userid.clear();
        }
        self.users.len() < before
    }

    /// Everybody.
    pub(in crate::sandbox) fn users(&self) -> &[User] {
        &self.users
    }

    pub(in crate::sandbox) fn user_by_union(&self, unionid: &str) -> Option<&User> {
        self.users.iter().find(|user| user.unionid == unionid)
    }
}
