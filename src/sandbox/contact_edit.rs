//! What a person's fields have to look like, and how they are written into the address book.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::refuse::{Refusal, oapi};
use super::route::Call;
use super::state::org::{Organisation, User};
use super::strict::joined;
use crate::clock::{Clock, hex};

/// Most departments of one person.
const MOST_DEPARTMENTS: usize = 100;

/// The place of a person within a department.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeptOrder {
    dept_id: i64,
    order: i64,
}

/// The title of a person within a department.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeptTitle {
    dept_id: i64,
    title: String,
}

/// Fields to be written; what is absent stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    pub(super) name: Option<String>,
    pub(super) dept_id_list: Option<String>,
    hide_mobile: Option<bool>,
    telephone: Option<String>,
    job_number: Option<String>,
    title: Option<String>,
    email: Option<String>,
    org_email: Option<String>,
    work_place: Option<String>,
    remark: Option<String>,
    dept_order_list: Option<Vec<DeptOrder>>,
    dept_title_list: Option<Vec<DeptTitle>>,
    pub(super) extension: Option<String>,
    senior_mode: Option<bool>,
    hired_date: Option<i64>,
    pub(super) manager_userid: Option<String>,
}

impl Edit {
    /// Checks every field and writes it into `user`.
    pub(super) fn apply(self, call: &Call<'_>, book: &Organisation, user: &mut User) -> Result<(), Refusal> {
        if let Some(list) = &self.dept_id_list {
            user.dept_ids = departments(call, book, list)?;
            let dept_ids = &user.dept_ids;
            user.leads.retain(|dept| dept_ids.contains(dept));
            user.orders.retain(|(dept, _)| dept_ids.contains(dept));
        }
        self.check_unique(call, book, user)?;
        if let Some(manager) = self.manager_userid.filter(|manager| !manager.is_empty()) {
            if book.user(&manager).is_none() {
                return Err(oapi(60121, format!("找不到该用户: {manager}")));
            }
            user.manager_userid = manager;
        }
        for DeptOrder { dept_id, order } in self.dept_order_list.unwrap_or_default() {
            own_department(call, user, dept_id)?;
            user.orders.retain(|(dept, _)| *dept != dept_id);
            user.orders.push((dept_id, order));
        }
        for DeptTitle { dept_id, title } in self.dept_title_list.unwrap_or_default() {
            own_department(call, user, dept_id)?;
            check_length(call, "dept_title_list", &title, 200)?;
        }
        if let Some(extension) = self.extension {
            check_length(call, "extension", &extension, 2000)?;
            attributes(call, &extension)?;
            user.extension = extension;
        }
        let texts = [
            ("name", self.name, &mut user.name, 80),
            ("telephone", self.telephone, &mut user.telephone, 50),
            ("job_number", self.job_number, &mut user.job_number, 50),
            ("title", self.title, &mut user.title, 200),
            ("email", self.email, &mut user.email, 50),
            ("org_email", self.org_email, &mut user.org_email, 100),
            ("work_place", self.work_place, &mut user.work_place, 100),
            ("remark", self.remark, &mut user.remark, 2000),
        ];
        for (name, value, place, longest) in texts {
            if let Some(text) = value {
                check_length(call, name, &text, longest)?;
                *place = text;
            }
        }
        user.hide_mobile = self.hide_mobile.unwrap_or(user.hide_mobile);
        user.senior = self.senior_mode.unwrap_or(user.senior);
        user.hired_date = self.hired_date.or(user.hired_date);
        Ok(())
    }

    fn check_unique(&self, call: &Call<'_>, book: &Organisation, user: &User) -> Result<(), Refusal> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let taken = |has: &dyn Fn(&User) -> bool| book.taken(&user.userid, has);
        for mail in given(&self.email).into_iter().chain(given(&self.org_email)) {
            if !mail.contains('@') || mail.chars().any(char::is_whitespace) {
                return Err(call.bad(format!("{mail} is no mail address")));
            }
            if taken(&|other| other.email == mail || other.org_email == mail) {
                return Err(oapi(40101, "邮箱已存在"));
            }
        }
        if given(&self.telephone).is_some_and(|telephone| taken(&|other| other.telephone == telephone)) {
            return Err(call.bad("`telephone` belongs to somebody else"));
        }
        Ok(())
    }
}

/// A person of whom only the ids are known.
pub(super) fn newcomer(clock: &Clock, userid: String, mobile: String) -> User {
    let mut bytes = [0; 12];
    clock.random(&mut bytes);
    User {
        userid,
        unionid: format!("{}iEiE", &hex(&bytes)[..23]),
        mobile,
        extension: "{}".into(),
        ..User::default()
    }
}

/// A userid for somebody who was given none.
pub(super) fn digits(clock: &Clock) -> String {
    let mut bytes = [0; 8];
    clock.random(&mut bytes);
    format!("{:017}", u64::from_le_bytes(bytes) % 100_000_000_000_000_000)
}

/// A Chinese mobile, or a foreign one as `+xx-xxxxxx`.
pub(super) fn check_mobile(mobile: &str) -> Result<(), Refusal> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let good = match mobile.strip_prefix('+') {
        Some(foreign) => foreign.split_once('-').is_some_and(|(code, number)| digits(code) && digits(number)),
        None => mobile.len() == 11 && mobile.starts_with('1') && digits(mobile),
    };
    if good { Ok(()) } else { Err(oapi(60103, "手机号码不合法")) }
}

/// Attributes with more attributes over them.
pub(super) fn merged(call: &Call<'_>, old: &str, more: &str) -> Result<String, Refusal> {
    let mut all = attributes(call, old)?;
    all.extend(attributes(call, more)?);
    Ok(Value::Object(all).to_string())
}

fn attributes(call: &Call<'_>, text: &str) -> Result<Map<String, Value>, Refusal> {
    serde_json::from_str(text)
        .map_err(|error| call.bad(format!("`extension` is not the text of a JSON object: {error}")))
}

fn departments(call: &Call<'_>, book: &Organisation, list: &str) -> Result<Vec<i64>, Refusal> {
    let bad = || oapi(40009, "不合法的部门id");
    let ids: Option<Vec<i64>> =
        joined(list).ok_or_else(bad)?.iter().map(|id| id.parse().ok().filter(|id| *id > 0)).collect();
    let ids = ids.ok_or_else(bad)?;
    if ids.len() > MOST_DEPARTMENTS {
        return Err(call.bad(format!("{} departments, at most {MOST_DEPARTMENTS}", ids.len())));
    }
    if ids.iter().any(|id| book.department(*id).is_none()) {
        return Err(oapi(60003, "部门不存在"));
    }
    Ok(ids)
}

fn own_department(call: &Call<'_>, user: &User, dept_id: i64) -> Result<(), Refusal> {
    if user.dept_ids.contains(&dept_id) {
        return Ok(());
    }
    Err(call.bad(format!("department {dept_id} is not among those of the person")))
}

fn check_length(call: &Call<'_>, name: &str, text: &str, longest: usize) -> Result<(), Refusal> {
    let length = text.chars().count();
    if length <= longest {
        return Ok(());
    }
    Err(call.bad(format!("`{name}` has {length} characters, at most {longest}")))
}
