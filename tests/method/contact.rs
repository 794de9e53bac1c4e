//! The address book.

use serde_json::{Value, json};

use super::{LIN, calls, received, token_calls};
use crate::support::World;

const USER: &str = "/topapi/v2/user/get";
const UNION: &str = "qLXJN1dYe11z9mLXTzlDHVyiEiE";

fn user(id: &str, language: &str) -> (&'static str, &'static str, &'static str, Value) {
    ("oapi", USER, "query", json!({"userid": id, "language": language}))
}

#[test]
fn a_profile() {
    let mut world = World::new();
    let ran = world.run(r#"let u = app.get_user("manager4220"); [u.name, u.userid, u.unionid, u.dept_id_list, u.admin, "dingraia_cache" in u]"#);
    ran.gives(json!(["林晓", LIN, UNION, [1], true, false]));
    received(&world, &[user(LIN, "zh_CN")]);
    let names: Vec<String> = calls(&world).remove(0).query.into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["access_token"]);
    world.run(r#"app.get_user("manager4220", #{language: "en_US", using_cache: false})"#);
    received(&world, &[user(LIN, "zh_CN"), user(LIN, "en_US")]);
}

#[test]
fn a_person_in_every_form() {
    let mut world = World::new();
    world.run(r#"app.get_user("manager4220")"#);
    for person in [
        r#""manager4220""#.to_owned(),
        r#"Member("manager4220")"#.to_owned(),
        format!(r#"Member(#{{unionId: "{UNION}"}})"#),
    ] {
        let ran = world.run(&format!("app.get_user({person}, #{{using_cache: false}}).name"));
        ran.prints("林晓");
    }
    assert_eq!(calls(&world).len(), 4);
    assert!(calls(&world).iter().all(|call| call.body["userid"] == LIN));
}

#[test]
fn the_cache_answers_while_it_is_fresh() {
    let mut world = World::new();
    world.run(r#"app.get_user("manager4220")"#);
    world.clock.advance(3_599_000);
    let ran = world.run(r#"let u = app.get_user("manager4220"); u.dingraia_cache + #{same: u.name}"#);
    let marker = ran.json();
    assert_eq!(marker["name"], "林晓");
    assert_eq!(marker["staffId"], LIN);
    assert_eq!(marker["unionId"], UNION);
    assert_eq!(marker["id"], "");
    assert_eq!(marker["timeStamp"], 1_772_438_400.0);
    assert_eq!(marker["strfTimeStamp"].as_str().unwrap().len(), 19);
    assert_eq!(marker["same"], "林晓");
    assert_eq!(calls(&world).len(), 1);

    world.clock.advance(2_000);
    let old = r#"["dingraia_cache" in app.get_user("manager4220", #{using_cache: true}), "dingraia_cache" in app.get_user("manager4220")]"#;
    world.run(old).gives(json!([true, false]));
    assert_eq!(calls(&world).len(), 2, "true takes an old row, nothing given asks again");
    world.run(r#"app.get_user("manager4220", #{using_cache: false})"#);
    assert_eq!(calls(&world).len(), 3, "false never takes the cache");
}

#[test]
fn the_lifetime_is_configured() {
    let mut world = World::with(|config| config.data_cache_time.user = 10.0);
    world.run(r#"app.get_user("manager4220")"#);
    world.clock.advance(11_000);
    world.run(r#"app.get_user("manager4220")"#);
    assert_eq!(calls(&world).len(), 2);
}

#[test]
fn a_stub_row_is_a_miss() {
    let mut world = World::new();
    world.session.cache.save_union(UNION, LIN);
    world.run(r#"app.get_user("manager4220", #{using_cache: true}).name"#).prints("林晓");
    assert_eq!(calls(&world).len(), 1);
    world.run(r#"app.get_user("manager4220", #{using_cache: true}).dingraia_cache.name"#).prints("林晓");
    assert_eq!(calls(&world).len(), 1);
}

#[test]
fn without_a_database_nothing_is_kept() {
    let mut world = World::with(|config| config.use_database = false);
    world.run(r#"app.get_user("manager4220"); app.get_user("manager4220", #{using_cache: true})"#);
    assert_eq!(calls(&world).len(), 2);
}

#[test]
fn departments() {
    let mut world = World::new();
    let ran = world.run("app.get_depts().map(|d| [d.dept_id, d.name, d.parent_id])");
    ran.gives(json!([[100, "研发部", 1], [200, "市场部", 1], [300, "行政部", 1]]));
    world.run(r#"app.get_depts("100").map(|d| d.name)"#).gives(json!(["前端组"]));
    world.run(r#"app.get_depts(#{dept_id: 110, language: "en_US"})"#).gives(json!([]));
    let path = "/topapi/v2/department/listsub";
    received(
        &world,
        &[
            ("oapi", path, "query", json!({"dept_id": 1})),
            ("oapi", path, "query", json!({"dept_id": 100})),
            ("oapi", path, "query", json!({"dept_id": 110, "language": "en_US"})),
        ],
    );
}

#[test]
fn people_of_a_department() {
    let mut world = World::new();
    world.run("app.get_dept_users()").gives(json!([LIN]));
    world.run(r#"app.get_dept_users("110")"#).gives(json!(["0110000003", "0110000004"]));
    let path = "/topapi/user/listid";
    received(
        &world,
        &[("oapi", path, "query", json!({"dept_id": 1})), ("oapi", path, "query", json!({"dept_id": 110}))],
    );
}

#[test]
fn refusals_name_their_exception_and_remedy() {
    let rows = [
        (r#"app.get_user("nobody01")"#, "60121", "UserNotFoundError"),
        (r#"app.get_user("a b")"#, "33012", "InvalidUserIdError"),
        ("app.get_depts(999)", "60003", "DepartmentNotExistError"),
    ];
    let mut world = World::new();
    for (line, code, exception) in rows {
        let ran = world.run(&format!(
            "let r = (); try {{ {line} }} catch (e) {{ r = [e.kind, e.code, e.exception, e.hint != \"\", e.request_id != \"\", e.sent, e.status]; }} r"
        ));
        ran.gives(json!(["refused", code, exception, true, true, "yes", 200]));
    }
}

#[test]
fn not_raised_a_refusal_is_the_body() {
    let mut world = World::with(|config| config.raise_for_api_error = false);
    world.run(r#"app.get_user("nobody01").errcode"#).gives(json!(60121));
    world.run("app.get_depts(999).errcode").gives(json!(60003));
    // Only DingTalk's refusals become values.
    world.run("app.get_user(1)").fails("argument", "`userId` must be");
}

#[test]
fn a_token_of_ones_own_is_never_renewed() {
    let mut world = World::new();
    for token in [r#""mine""#, r#"AccessToken("mine")"#] {
        for line in [
            format!(r#"app.get_user("manager4220", #{{access_token: {token}}})"#),
            format!("app.get_depts(#{{access_token: {token}}})"),
            format!("app.get_dept_users(#{{access_token: {token}}})"),
            format!(r#"app.get_group("cidSandboxRelease0001==", #{{access_token: {token}}})"#),
            format!(r#"app.oapi.post("/topapi/user/listid", #{{dept_id: 1}}, #{{access_token: {token}}})"#),
        ] {
            let before = calls(&world).len();
            world.run(&line).fails("token", "40014");
            assert_eq!(calls(&world).len(), before + 1, "{line} was sent again");
            let query = calls(&world).pop().unwrap().query;
            assert_eq!(query, [("access_token".to_owned(), "mine".to_owned())], "{line}");
        }
    }
    assert_eq!(token_calls(&world), 0);
}

#[test]
fn a_token_of_ones_own_changes_nothing_else() {
    let mut world = World::new();
    world.run("app.get_depts()");
    let token = calls(&world).remove(0).query.remove(0).1;
    world.run(&format!(
        r#"app.get_depts(#{{access_token: "{token}"}});
           app.get_user("manager4220", #{{access_token: AccessToken("{token}")}})"#
    ));
    let depts = ("oapi", "/topapi/v2/department/listsub", "query", json!({"dept_id": 1}));
    received(&world, &[depts.clone(), depts, user(LIN, "zh_CN")]);
}
