//! Departments and people.

use dingraia::sandbox::Seed;
use serde_json::{Value, json};

use super::bench::{Bench, without_id};

const LISTSUB: &str = "/topapi/v2/department/listsub";
const LISTID: &str = "/topapi/user/listid";
const GET: &str = "/topapi/v2/user/get";
const UNION: &str = "/topapi/user/getbyunionid";
const LIST: &str = "/topapi/v2/user/list";
const DEPT: &str = "/topapi/v2/department/get";

fn code(body: &Value) -> i64 {
    body["errcode"].as_i64().unwrap()
}

#[tokio::test]
async fn listsub_gives_direct_children() {
    let bench = Bench::new().await;
    let dept = |id: i64, name: &str, parent: i64| {
        json!({
            "dept_id": id, "name": name, "parent_id": parent, "create_dept_group": true, "auto_add_user": true,
        })
    };
    let top = json!([dept(100, "研发部", 1), dept(200, "市场部", 1), dept(300, "行政部", 1)]);
    let expected = json!({"errcode": 0, "errmsg": "ok", "result": top});
    for request in [json!({}), json!({"dept_id": 1}), json!({"dept_id": "1", "language": "zh_CN"})] {
        assert_eq!(without_id(bench.oapi(LISTSUB, &request).await), expected, "{request}");
    }
    let below = bench.oapi(LISTSUB, &json!({"dept_id": 100})).await;
    assert_eq!(below["result"], json!([dept(110, "前端组", 100)]));
    assert_eq!(bench.oapi(LISTSUB, &json!({"dept_id": 110})).await["result"], json!([]));
    assert_eq!(code(&bench.oapi(LISTSUB, &json!({"dept_id": 999})).await), 60003);
    for bad in [
        json!({"dept_id": "x"}),
        json!({"dept_id": [1]}),
        json!({"language": "de_DE"}),
        json!({"deptId": 1}),
        json!([]),
    ] {
        assert_eq!(code(&bench.oapi(LISTSUB, &bad).await), 400_002, "{bad}");
    }
}

#[tokio::test]
async fn listid_gives_the_people_directly_in_a_department() {
    let bench = Bench::new().await;
    let body = without_id(bench.oapi(LISTID, &json!({"dept_id": 110})).await);
    let ids = json!({"userid_list": ["0110000003", "0110000004"]});
    assert_eq!(body, json!({"errcode": 0, "errmsg": "ok", "result": ids}));
    let root = bench.oapi(LISTID, &json!({"dept_id": 1})).await;
    assert_eq!(root["result"]["userid_list"], json!(["manager4220"]));
    assert_eq!(code(&bench.oapi(LISTID, &json!({"dept_id": 5})).await), 60003);
    assert_eq!(code(&bench.oapi(LISTID, &json!({})).await), 400_002);
    assert_eq!(code(&bench.oapi(LISTID, &json!({"dept_id": 1, "language": "zh_CN"})).await), 400_002);
}

#[tokio::test]
async fn user_get_shows_the_whole_profile() {
    let bench = Bench::new().await;
    let body = without_id(bench.oapi(GET, &json!({"userid": "0110000001", "language": "zh_CN"})).await);
    assert_eq!((&body["errcode"], &body["errmsg"]), (&json!(0), &json!("ok")));
    let user = &body["result"];
    let expected = json!({
        "userid": "0110000001", "unionid": user["unionid"], "name": "张伟", "avatar": "", "mobile": "13800110001",
        "hide_mobile": false, "telephone": "", "job_number": "XH002", "title": "研发总监",
        "email": "zhangwei@xinghe.example", "org_email": "", "work_place": "", "remark": "", "dept_id_list": [100],
        "extension": "{}", "hired_date": 1_585_612_800_000_i64, "active": true, "admin": false, "boss": false,
        "exclusive_account": false, "state_code": "86", "dept_order_list": [{"dept_id": 100, "order": 1}],
        "leader_in_dept": [{"dept_id": 100, "leader": true}], "role_list": [], "real_authed": true, "senior": false,
        "manager_userid": "manager4220", "union_emp_ext": {},
    });
    assert_eq!(user, &expected);
    let union = user["unionid"].as_str().unwrap();
    assert!(union.len() == 27 && union.ends_with("iEiE"), "{union}");
    let admin = bench.oapi(GET, &json!({"userid": "manager4220"})).await;
    assert_eq!((&admin["result"]["name"], &admin["result"]["admin"]), (&json!("林晓"), &json!(true)));
}

#[tokio::test]
async fn user_get_refuses_unknown_people_and_bad_parameters() {
    let bench = Bench::new().await;
    let cases = [
        (json!({"userid": "nobody"}), 60121),
        (json!({"userid": "x".repeat(65)}), 33012),
        (json!({"userid": "a b"}), 33012),
        (json!({"userid": ""}), 400_002),
        (json!({}), 400_002),
        (json!({"userid": 110}), 400_002),
        (json!({"userId": "0110000001"}), 400_002),
        (json!({"userid": "0110000001", "language": "zh"}), 400_002),
    ];
    for (request, expected) in cases {
        assert_eq!(code(&bench.oapi(GET, &request).await), expected, "{request}");
    }
}

#[tokio::test]
async fn guarded_fields_need_their_own_permission() {
    let bench = Bench::new().await;
    bench.sandbox.grant_only(&["qyapi_get_member"]);
    let user = bench.oapi(GET, &json!({"userid": "0110000001"})).await;
    let user = user["result"].as_object().unwrap();
    assert_eq!(user["name"], "张伟");
    for field in ["mobile", "state_code", "email", "org_email"] {
        assert!(!user.contains_key(field), "{field}");
    }
}

#[tokio::test]
async fn a_unionid_leads_to_a_userid() {
    let bench = Bench::new().await;
    let user = bench.oapi(GET, &json!({"userid": "0130000002"})).await;
    let body = without_id(bench.oapi(UNION, &json!({"unionid": user["result"]["unionid"]})).await);
    let result = json!({"contact_type": 0, "userid": "0130000002"});
    assert_eq!(body, json!({"errcode": 0, "errmsg": "ok", "result": result}));
    assert_eq!(code(&bench.oapi(UNION, &json!({"unionid": "0130000002"})).await), 60121);
    assert_eq!(code(&bench.oapi(UNION, &json!({})).await), 400_002);
    assert_eq!(code(&bench.oapi(UNION, &json!({"unionId": "x"})).await), 400_002);
}

#[tokio::test]
async fn user_list_pages_through_a_department() {
    let bench = Bench::new().await;
    let first = bench.oapi(LIST, &json!({"dept_id": 200, "cursor": 0, "size": 3})).await;
    let names = |body: &Value| -> Vec<Value> {
        body["result"]["list"].as_array().unwrap().iter().map(|user| user["name"].clone()).collect()
    };
    assert_eq!(names(&first), ["陈静", "杨帆", "赵磊"]);
    assert_eq!((&first["result"]["has_more"], &first["result"]["next_cursor"]), (&json!(true), &json!(3)));
    assert_eq!(first["result"]["list"][0]["leader"], true);
    let last = bench.oapi(LIST, &json!({"dept_id": 200, "cursor": 3, "size": 3})).await;
    assert_eq!((names(&last), &last["result"]["has_more"]), (vec![json!("吴昊")], &json!(false)));
    for bad in [
        json!({"dept_id": 200, "cursor": 0, "size": 101}),
        json!({"dept_id": 200, "cursor": 0, "size": 0}),
        json!({"dept_id": 200, "cursor": -1, "size": 1}),
        json!({"dept_id": 200, "cursor": 0}),
        json!({"dept_id": 200, "cursor": 0, "size": 1, "order_field": "name"}),
    ] {
        assert_eq!(code(&bench.oapi(LIST, &bad).await), 400_002, "{bad}");
    }
}

#[tokio::test]
async fn department_get_names_its_leaders() {
    let bench = Bench::new().await;
    let body = bench.oapi(DEPT, &json!({"dept_id": 110})).await;
    assert_eq!((&body["result"]["name"], &body["result"]["parent_id"]), (&json!("前端组"), &json!(100)));
    assert_eq!(body["result"]["dept_manager_userid_list"], json!(["0110000003"]));
    assert!(bench.oapi(DEPT, &json!({"dept_id": 1})).await["result"].get("parent_id").is_none());
    assert_eq!(code(&bench.oapi(DEPT, &json!({"dept_id": 9})).await), 60003);
    assert_eq!(code(&bench.oapi(DEPT, &json!({})).await), 400_002);
}

#[tokio::test]
async fn the_empty_organisation_has_a_root_and_an_admin() {
    let bench = Bench::of(&Seed::Empty).await;
    assert_eq!(bench.oapi(LISTSUB, &json!({})).await["result"], json!([]));
    let ids = bench.oapi(LISTID, &json!({"dept_id": 1})).await;
    assert_eq!(ids["result"]["userid_list"], json!(["manager4220"]));
    assert_eq!(bench.sandbox.credentials().webhook_token, "");
}
