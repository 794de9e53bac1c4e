//! What no call gets past: unknown paths, wrong hosts and verbs, missing permissions, content types; and the log.

use reqwest::Method;
use serde_json::json;

use super::bench::{Bench, EVERYONE, HEADER, ROBOT, WithQuery, answer, ok, refused, without_id};

const API_PATHS: [&str; 5] = [
    "/v1.0/oauth2/accessToken",
    "/v1.0/robot/groupMessages/send",
    "/v1.0/robot/oToMessages/batchSend",
    "/v1.0/robot/groupMessages/recall",
    "/v1.0/robot/otoMessages/batchRecall",
];
const OAPI_PATHS: [&str; 11] = [
    "/gettoken",
    "/robot/send",
    "/robot/sendBySession",
    "/topapi/v2/department/listsub",
    "/topapi/v2/department/get",
    "/topapi/user/listid",
    "/topapi/v2/user/get",
    "/topapi/v2/user/list",
    "/topapi/user/getbyunionid",
    "/topapi/im/chat/scenegroup/get",
    "/topapi/im/chat/scenegroup/member/get",
];

#[tokio::test]
async fn every_path_lives_on_its_own_host_only() {
    let bench = Bench::new().await;
    for path in OAPI_PATHS.into_iter().chain(["/", "/v1.0/nothing", "/v1.0/robot/otoMessages/batchSend"]) {
        refused(bench.api(path, &json!({})).await, 404, "InvalidAction.NotFound");
    }
    for path in API_PATHS.into_iter().chain(["/", "/topapi/nothing", "/topapi/v2/user/get/"]) {
        let body = bench.oapi(path, &json!({})).await;
        assert_eq!(body["errcode"], 22, "{path}: {body}");
        without_id(body);
    }
}

#[tokio::test]
async fn calls_that_dingtalk_has_and_the_sandbox_has_not_never_succeed() {
    let bench = Bench::new().await;
    for path in ["/v1.0/calendar/users/me/calendars", "/v1.0/todo/users/x/tasks", "/v1.0/aiInteraction/send"]
    {
        refused(bench.api(path, &json!({})).await, 404, "InvalidAction.NotFound");
    }
    for path in ["/topapi/attendance/list", "/topapi/role/list", "/user/get_admin"] {
        assert_eq!(bench.oapi(path, &json!({})).await["errcode"], 22, "{path}");
    }
}

#[tokio::test]
async fn wrong_verbs_are_refused() {
    let bench = Bench::new().await;
    for path in API_PATHS {
        let request = bench.http.get(bench.at_api(path)).header(HEADER, &bench.token);
        refused(answer(request).await, 404, "InvalidAction.NotFound");
    }
    for path in &OAPI_PATHS[1..] {
        let body = ok(answer(bench.oapi_request(Method::GET, path)).await);
        assert_eq!(body["errcode"], 43002, "{path}");
    }
    assert_eq!(bench.oapi("/gettoken", &json!({})).await["errcode"], 43001);
}

#[tokio::test]
async fn a_missing_permission_names_itself() {
    let bench = Bench::new().await;
    bench.sandbox.grant_only(&[]);
    for path in &API_PATHS[1..] {
        let (status, body) = bench.api(path, &json!({})).await;
        assert_eq!(body["accessdenieddetail"], json!({"requiredScopes": ["qyapi_robot_sendmsg"]}), "{path}");
        refused((status, body), 403, "Forbidden.AccessDenied.AccessTokenPermissionDenied");
    }
    for path in &OAPI_PATHS[3..] {
        let body = without_id(bench.oapi(path, &json!({})).await);
        assert_eq!((&body["errcode"], &body["sub_code"]), (&json!(88), &json!("60011")), "{path}: {body}");
        let bracket = format!("ding talk error[subcode=60011,submsg={}]", body["sub_msg"].as_str().unwrap());
        assert_eq!(body["errmsg"], bracket);
    }
    bench.sandbox.grant_only(&["qyapi_get_department_list"]);
    assert_eq!(bench.oapi("/topapi/v2/department/listsub", &json!({})).await["errcode"], 0);
    assert_eq!(bench.oapi("/topapi/user/listid", &json!({"dept_id": 1})).await["errcode"], 88);
}

#[tokio::test]
async fn bodies_have_to_be_json_and_declared_so() {
    let bench = Bench::new().await;
    for path in &API_PATHS[1..] {
        let request = bench.http.post(bench.at_api(path)).header(HEADER, &bench.token).body("{}");
        refused(answer(request).await, 415, "UnsupportedContentType");
        let request = bench.http.post(bench.at_api(path)).header(HEADER, &bench.token);
        let request = request.header("content-type", "application/json").body("{");
        refused(answer(request).await, 400, "invalidParameter.param.invalid");
    }
    for path in &OAPI_PATHS[1..] {
        let body = ok(answer(bench.oapi_request(Method::POST, path).body("{}")).await);
        assert_eq!(body["errcode"], 43004, "{path}");
    }
    let twice =
        bench.oapi_request(Method::POST, "/topapi/user/listid").header("content-type", "application/json");
    let body = ok(answer(twice.body(r#"{"dept_id":1,"dept_id":100}"#)).await);
    assert_eq!(body["errcode"], 400_002, "{body}");
}

#[tokio::test]
async fn calls_with_a_token_take_no_other_query() {
    let bench = Bench::new().await;
    let request = bench.oapi_request(Method::POST, "/topapi/user/listid").query(&[("dept_id", "1")]);
    assert_eq!(ok(answer(request.json(&json!({"dept_id": 1}))).await)["errcode"], 400_002);
    let request = bench.oapi_request(Method::POST, "/topapi/user/listid").query(&[("access_token", "x")]);
    assert_eq!(ok(answer(request.json(&json!({"dept_id": 1}))).await)["errcode"], 400_002);
    let request = bench.http.post(bench.at_api(API_PATHS[1])).query(&[("access_token", &bench.token)]);
    let request = request.header(HEADER, &bench.token).json(&json!({}));
    refused(answer(request).await, 400, "invalidParameter.param.invalid");
}

#[tokio::test]
async fn the_log_holds_what_came_in() {
    let bench = Bench::new().await;
    let body = json!({"robotCode": ROBOT, "openConversationId": EVERYONE, "odd": 1});
    bench.api("/v1.0/robot/groupMessages/send", &body).await;
    bench.hook("/robot/send", &[("access_token", "a+b"), ("sign", "c/d=")], &json!({})).await;
    let log = bench.sandbox.requests();
    assert_eq!(log.len(), 3);
    let (send, hook) = (&log[1], &log[2]);
    assert_eq!((send.host, send.method.as_str(), send.status), ("api", "POST", 400));
    assert_eq!(
        (send.path.as_str(), &send.body, send.token),
        ("/v1.0/robot/groupMessages/send", &body, "header")
    );
    let pairs = [("access_token".to_string(), "a+b".to_string()), ("sign".to_string(), "c/d=".to_string())];
    assert_eq!((hook.host, hook.status, &hook.query[..]), ("oapi", 200, &pairs[..]));
}

#[tokio::test]
async fn the_log_is_bounded() {
    let bench = Bench::new().await;
    for number in 0..1005 {
        let request = bench.http.get(bench.at_oapi("/nothing")).query(&[("n", number)]);
        ok(answer(request).await);
    }
    let log = bench.sandbox.requests();
    assert_eq!((log.len(), log[0].query[0].1.as_str()), (1000, "5"));
}
