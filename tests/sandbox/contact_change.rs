//! Changing the address book.

use serde_json::{Value, json};

use super::bench::{Bench, EVERYONE, RELEASE, with, without, without_id};

const CREATE: &str = "/topapi/v2/user/create";
const UPDATE: &str = "/topapi/v2/user/update";
const DELETE: &str = "/topapi/v2/user/delete";
const GET: &str = "/topapi/v2/user/get";
const LISTID: &str = "/topapi/user/listid";

fn newcomer() -> Value {
    json!({"userid": "zhangsan", "name": "张三", "mobile": "13900000001", "dept_id_list": "100,200"})
}

async fn get(bench: &Bench, userid: &str) -> Value {
    bench.oapi(GET, &json!({"userid": userid})).await["result"].clone()
}

#[tokio::test]
async fn a_newcomer_has_everything_that_was_given() {
    let bench = Bench::new().await;
    let body = json!({
        "userid": "zhangsan", "name": "张三", "mobile": "+86-13900000001", "dept_id_list": "100,200",
        "hide_mobile": true, "telephone": "8002", "job_number": "XH100", "title": "顾问",
        "email": "zhangsan@example.com", "org_email": "zhangsan@xinghe.example", "org_email_type": "base",
        "work_place": "上海", "remark": "远程", "dept_order_list": [{"dept_id": 200, "order": 5}],
        "dept_title_list": [{"dept_id": 200, "title": "顾问"}], "extension": "{\"爱好\":\"围棋\"}",
        "senior_mode": true, "hired_date": 1_700_000_000_000_i64, "manager_userid": "0110000001",
        "login_email": "zhangsan@example.com",
    });
    let answer = without_id(bench.oapi(CREATE, &body).await);
    let union = answer["result"]["unionId"].as_str().unwrap();
    let result = json!({"userid": "zhangsan", "unionId": union});
    assert_eq!(answer, json!({"errcode": 0, "errmsg": "ok", "result": result}));
    assert!(union.len() == 27 && union.ends_with("iEiE"), "{union}");
    let user = get(&bench, "zhangsan").await;
    for name in [
        "name",
        "mobile",
        "hide_mobile",
        "telephone",
        "job_number",
        "title",
        "email",
        "org_email",
        "work_place",
        "remark",
        "extension",
        "hired_date",
        "manager_userid",
    ] {
        assert_eq!(user[name], body[name], "{name}");
    }
    assert_eq!((&user["senior"], &user["dept_id_list"]), (&json!(true), &json!([100, 200])));
    assert_eq!(user["dept_order_list"], json!([{"dept_id": 100, "order": 1}, {"dept_id": 200, "order": 5}]));
    let listed = bench.oapi(LISTID, &json!({"dept_id": 200})).await;
    assert!(listed["result"]["userid_list"].as_array().unwrap().contains(&json!("zhangsan")));
    let found = bench.oapi("/topapi/user/getbyunionid", &json!({"unionid": union})).await;
    assert_eq!(found["result"]["userid"], "zhangsan");
}

#[tokio::test]
async fn a_newcomer_without_userid_is_given_one() {
    let bench = Bench::new().await;
    let body = bench.oapi(CREATE, &without(&newcomer(), "userid")).await;
    let id = body["result"]["userid"].as_str().unwrap();
    assert!(id.len() == 17 && id.bytes().all(|byte| byte.is_ascii_digit()), "{id}");
    assert_eq!(get(&bench, id).await["name"], "张三");
}

#[tokio::test]
async fn newcomers_are_refused() {
    let bench = Bench::new().await;
    let long = |count: usize| json!("x".repeat(count));
    let departments: Vec<String> = std::iter::repeat_n("100".to_string(), 101).collect();
    let cases = [
        (with(&newcomer(), "userid", json!("manager4220")), 60102),
        (with(&newcomer(), "userid", json!("")), 33012),
        (with(&newcomer(), "userid", long(65)), 33012),
        (with(&newcomer(), "mobile", json!("13800004220")), 60104),
        (with(&newcomer(), "mobile", json!("1380000")), 60103),
        (with(&newcomer(), "mobile", json!("+8613900000001")), 60103),
        (without(&newcomer(), "mobile"), 400_002),
        (without(&newcomer(), "name"), 400_002),
        (with(&newcomer(), "name", long(81)), 400_002),
        (without(&newcomer(), "dept_id_list"), 400_002),
        (with(&newcomer(), "dept_id_list", json!([100])), 400_002),
        (with(&newcomer(), "dept_id_list", json!("100,x")), 40009),
        (with(&newcomer(), "dept_id_list", json!("100, 200")), 40009),
        (with(&newcomer(), "dept_id_list", json!("-1")), 40009),
        (with(&newcomer(), "dept_id_list", json!("999")), 60003),
        (with(&newcomer(), "dept_id_list", json!(departments.join(","))), 400_002),
        (with(&newcomer(), "email", json!("linxiao@xinghe.example")), 40101),
        (with(&newcomer(), "org_email", json!("linxiao@xinghe.example")), 40101),
        (with(&newcomer(), "email", json!("nobody")), 400_002),
        (with(&newcomer(), "telephone", json!("8001")), 400_002),
        (with(&newcomer(), "telephone", long(51)), 400_002),
        (with(&newcomer(), "job_number", long(51)), 400_002),
        (with(&newcomer(), "title", long(201)), 400_002),
        (with(&newcomer(), "work_place", long(101)), 400_002),
        (with(&newcomer(), "remark", long(2001)), 400_002),
        (with(&newcomer(), "hide_mobile", json!("true")), 400_002),
        (with(&newcomer(), "senior_mode", json!(1)), 400_002),
        (with(&newcomer(), "hired_date", json!("2021-01-01")), 400_002),
        (with(&newcomer(), "manager_userid", json!("nobody")), 60121),
        (with(&newcomer(), "extension", json!({"a": "b"})), 400_002),
        (with(&newcomer(), "extension", json!("plain")), 400_002),
        (with(&newcomer(), "org_email_type", json!("other")), 400_002),
        (with(&newcomer(), "dept_order_list", json!([{"dept_id": 300, "order": 1}])), 400_002),
        (with(&newcomer(), "dept_order_list", json!([{"dept_id": 100, "dept_order": 1}])), 400_002),
        (with(&newcomer(), "dept_title_list", json!([{"dept_id": 100, "dept_title": "t"}])), 400_002),
        (with(&newcomer(), "language", json!("zh_CN")), 400_002),
        (with(&newcomer(), "mobilePhone", json!("13900000001")), 400_002),
    ];
    for (body, code) in cases {
        assert_eq!(bench.errcode(CREATE, &body).await, code, "{body}");
    }
    assert_eq!(bench.errcode(GET, &json!({"userid": "zhangsan"})).await, 60121);
}

#[tokio::test]
async fn an_update_changes_what_is_given() {
    let bench = Bench::new().await;
    let body = json!({
        "userid": "0110000001", "name": "张大伟", "hide_mobile": true, "title": "副总", "dept_id_list": "200",
        "extension": "{\"a\":\"1\"}", "hired_date": 1_600_000_000_000_i64, "language": "zh_CN",
        "email": "zhangwei@xinghe.example", "senior_mode": true,
    });
    assert_eq!(without_id(bench.oapi(UPDATE, &body).await), json!({"errcode": 0}));
    let user = get(&bench, "0110000001").await;
    for name in ["name", "hide_mobile", "title", "extension", "hired_date"] {
        assert_eq!(user[name], body[name], "{name}");
    }
    assert_eq!((&user["job_number"], &user["mobile"]), (&json!("XH002"), &json!("13800110001")));
    assert_eq!(user["leader_in_dept"], json!([{"dept_id": 200, "leader": false}]));
    let listed = bench.oapi(LISTID, &json!({"dept_id": 100})).await;
    assert!(!listed["result"]["userid_list"].as_array().unwrap().contains(&json!("0110000001")));
    let more = json!({"userid": "0110000001", "extension": "{\"b\":\"2\"}", "ext_attrs_update_mode": 1});
    assert_eq!(bench.errcode(UPDATE, &more).await, 0);
    assert_eq!(get(&bench, "0110000001").await["extension"], "{\"a\":\"1\",\"b\":\"2\"}");
    assert_eq!(bench.errcode(UPDATE, &without(&more, "ext_attrs_update_mode")).await, 0);
    assert_eq!(get(&bench, "0110000001").await["extension"], "{\"b\":\"2\"}");
}

#[tokio::test]
async fn only_force_clears_a_manager() {
    let bench = Bench::new().await;
    let body = json!({"userid": "0110000001", "manager_userid": ""});
    assert_eq!(bench.errcode(UPDATE, &body).await, 0);
    assert_eq!(get(&bench, "0110000001").await["manager_userid"], "manager4220");
    let forced = with(&body, "force_update_fields", json!("manager_userid"));
    assert_eq!(bench.errcode(UPDATE, &forced).await, 0);
    assert_eq!(get(&bench, "0110000001").await["manager_userid"], "");
    for fields in [json!("name"), json!("manager_userid,name"), json!(["manager_userid"])] {
        assert_eq!(bench.errcode(UPDATE, &with(&body, "force_update_fields", fields)).await, 400_002);
    }
}

#[tokio::test]
async fn updates_are_refused() {
    let bench = Bench::new().await;
    let good = json!({"userid": "0110000001"});
    let cases = [
        (json!({"name": "x"}), 400_002),
        (json!({"userid": "nobody"}), 60121),
        (json!({"userid": "a b"}), 33012),
        (with(&good, "name", json!("")), 400_002),
        (with(&good, "mobile", json!("13900000001")), 400_002),
        (with(&good, "language", json!("zh")), 400_002),
        (with(&good, "ext_attrs_update_mode", json!(2)), 400_002),
        (with(&good, "email", json!("lina@xinghe.example")), 40101),
        (with(&good, "dept_id_list", json!("999")), 60003),
        (with(&good, "hired_date", json!("2021-01-01")), 400_002),
        (with(&good, "org_email_type", json!("base")), 400_002),
    ];
    for (body, code) in cases {
        assert_eq!(bench.errcode(UPDATE, &body).await, code, "{body}");
    }
}

#[tokio::test]
async fn who_leaves_is_gone_everywhere() {
    let bench = Bench::new().await;
    let body = without_id(bench.oapi(DELETE, &json!({"userid": "0110000001"})).await);
    assert_eq!(body, json!({"errcode": 0, "errmsg": "ok"}));
    assert_eq!(bench.errcode(GET, &json!({"userid": "0110000001"})).await, 60121);
    assert_eq!(get(&bench, "0110000002").await["manager_userid"], "");
    let listed = bench.oapi(LISTID, &json!({"dept_id": 100})).await;
    assert_eq!(listed["result"]["userid_list"], json!(["0110000002", "0110000005"]));
    let group = bench.sandbox.group(RELEASE).unwrap();
    assert_eq!((group.members.len(), group.admins.len()), (5, 0));
    assert_eq!(bench.errcode(DELETE, &json!({"userid": "manager4220"})).await, 0);
    assert_eq!(bench.sandbox.group(EVERYONE).unwrap().owner, "0130000001");
    for (body, code) in [
        (json!({"userid": "0110000001"}), 60121),
        (json!({"userid": "a b"}), 33012),
        (json!({}), 400_002),
        (json!({"userid": "0110000002", "force": true}), 400_002),
    ] {
        assert_eq!(bench.errcode(DELETE, &body).await, code, "{body}");
    }
}
