//! Error codes: each that DingTalk documents has a class and a remedy in both languages.

use dingraia::client::{CODES, CodeInfo, explain};
use dingraia::error::Class;
use dingraia::sandbox::Fault;
use serde_json::json;

use super::{READ, WRITE, count};
use crate::support::World;

/// The documented codes of oapi.
#[rustfmt::skip]
const OAPI: &[&str] = &[
    "-1", "22", "88", "33012", "40000", "400002", "40001", "40002", "40003", "40004", "40005", "40006",
    "40007", "40009", "40014", "40035", "40078", "40089", "40101", "40103", "41001", "42001", "43001",
    "43002", "43004", "43008", "48004", "50002", "50003", "50004", "60003", "60011", "60020", "60102",
    "60103", "60104", "60111", "60121", "90001", "90002", "90003", "90004", "90005", "90006", "90007",
    "90008", "90009", "90010", "90011", "90012", "90013", "90014", "90017", "90018", "90020", "90030",
    "400001", "400020", "430104", "660041", "660036", "660045", "660046", "660047", "665033", "665036",
    "4000003",
];

/// The documented codes of api.
#[rustfmt::skip]
const API: &[&str] = &[
    "InvalidAuthentication", "invalidClientIdOrSecret", "param.invalid", "parameter.invalid", "paramIllegal",
    "resource.not.found", "unauthorized", "auth.error", "permession.checkFailed", "authFailed",
    "Forbidden.AccessDenied.AccessTokenPermissionDenied", "Forbidden.AccessDenied.IpNotInWhiteList",
    "Forbidden.AccessDenied.QpsLimitForApi", "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi",
    "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi",
    "Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi",
    "Forbidden.AccessDenied.QpmLimitForSuitekeyAndOrgAndApi", "Forbidden.AccessDenied.ApiCountLimitForOrg",
    "InvalidAction.NotFound", "Throttling", "system.error", "system.busy", "systemError",
    "ServiceUnavailable",
];

/// The codes of a robot's messages.
#[rustfmt::skip]
const ROBOT: &[&str] = &[
    "invalidParameter.robotCode.empty", "invalidParameter.robotCode.auth",
    "invalidParameter.robotCode.coolApp", "invalidParameter.robotCode.notExsit",
    "invalidParameter.robotCode.invalid", "invalidParameter.robotCode.missing",
    "invalidParameter.userIds.empty", "invalidParameter.userIds.overMax", "invalidParameter.msgKey.empty",
    "invalidParameter.msgKey.invalid", "invalidParameter.msgParam.invalid",
    "invalidParameter.msgParam.tooLong", "invalidParameter.param.invalid", "invalidParameter.msg.unsupport",
    "miss.openConversationId", "invalid.openConversationId", "group.disbanded", "token.notExisted",
    "bot.stopped", "bot.forbidden.sendMessage", "template.not.existed", "template.stopped", "send.too.fast",
    "send.byToken.tooFast", "send.forbidden", "contain.unsafe.url", "contain.notAllowed.text",
    "contain.notAllowed.picture", "contain.notAllowed.content", "staffId.notExisted",
    "chatbotId.notAllow.sendOTO", "robot.oto.notExist", "session.notExisted", "session.expired",
    "only.groupAdmin.canAtAll", "conversation.org.notMatch", "ip.not.match", "sign.not.match",
    "resource.unavailable",
];

/// The codes of a recall.
#[rustfmt::skip]
const RECALL: &[&str] = &[
    "invalidParameter.robotCode", "invalidParameter.processQueryKeys.overMax",
    "invalidParameter.processQueryKey.missing", "not.allowed.robotCode", "invalid.processQueryKey",
    "robot.processQueryKey.expired", "notRevoke.all.messages", "miss.chatbotId",
];

/// The codes of webhooks.
#[rustfmt::skip]
const WEBHOOK: &[&str] = &[
    "310000", "400013", "400101", "400102", "400105", "400106", "410100", "430101", "430102", "430103",
    "430104", "130101", "300001", "300005", "90030", "40035", "43004",
];

#[test]
fn each_documented_code_has_a_remedy() {
    let missing: Vec<&str> = [OAPI, API, ROBOT, RECALL, WEBHOOK]
        .concat()
        .into_iter()
        .filter(|code| {
            let remedy = explain(code).and_then(CodeInfo::remedy);
            !remedy.is_some_and(|text| !text.en.is_empty() && !text.zh.is_empty() && text.en != text.zh)
        })
        .collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn no_code_stands_there_twice() {
    let mut codes: Vec<&str> = CODES.into_iter().flatten().map(|info| info.code).collect();
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all);
}

#[test]
fn classes() {
    let rows = [
        (Class::Token, &["40001", "40014", "42001", "InvalidAuthentication", "invalidClientIdOrSecret"][..]),
        (Class::Permission, &["60011", "60020", "Forbidden.AccessDenied.IpNotInWhiteList"]),
        (
            Class::Rate,
            &["90002", "90018", "410100", "Forbidden.AccessDenied.QpsLimitForApi", "send.too.fast"],
        ),
        (Class::Quota, &["90020", "90030", "Forbidden.AccessDenied.ApiCountLimitForOrg"]),
        (Class::Server, &["-1", "system.busy", "ServiceUnavailable"]),
        (Class::Request, &["33012", "60003", "60121", "400002", "param.invalid", "430104"]),
    ];
    for (class, codes) in rows {
        for code in codes {
            assert_eq!(explain(code).unwrap().class, class, "{code}");
        }
    }
    let exceptions = [
        ("resource.not.found", "ResourceNotFoundError"),
        ("40005", "InvalidFileTypeError"),
        ("40035", "InvalidParameterError"),
        ("param.invalid", "InvalidParameterError"),
        ("33012", "InvalidUserIdError"),
        ("60003", "DepartmentNotExistError"),
        ("60011", "ApiPermissionDeniedError"),
        ("60020", "IPNotInWhitelistError"),
        ("60121", "UserNotFoundError"),
        ("90002", "APIRateLimitedError"),
        ("90018", "APIRateLimitedError"),
        ("400002", "WrongParameterError"),
        ("430104", "NSFWMessageError"),
        ("-1", "DingtalkAPIError"),
    ];
    for (code, exception) in exceptions {
        assert_eq!(explain(code).unwrap().exception, exception, "{code}");
    }
}

#[test]
fn a_missing_permission_names_what_is_missing() {
    let mut world = World::new();
    world.sandbox.grant_only(&[]);
    let ran = world.run(READ.0);
    let problem = ran.problem();
    let error = problem.error.as_ref().unwrap();
    assert_eq!((error.kind_name(), error.code(), problem.exit_code()), ("permission", "60011", 4));
    assert!(problem.message.en.contains("qyapi_get_department_list"), "{}", problem.message.en);
    let ran = world.run(WRITE.0);
    let problem = ran.problem();
    assert_eq!(problem.exit_code(), 4);
    let hints: Vec<&str> = problem.hints.iter().map(|hint| hint.en.as_ref()).collect();
    assert!(hints.contains(&"missing permission: qyapi_robot_sendmsg"), "{hints:?}");
    assert_eq!((count(&world, READ.1), count(&world, WRITE.1)), (1, 1));
}

#[test]
fn the_table_speaks_through_the_hint() {
    let mut world = World::new();
    world.sandbox.fault(Fault::Busy.on(WRITE.1));
    let ran = world.run(&format!(
        "let r = (); try {{ {} }} catch (e) {{ r = [e.code, e.hint, e.solution]; }} r",
        WRITE.0
    ));
    let hint = "DingTalk is busy; try again in a moment";
    ran.gives(json!(["system.busy", hint, hint]));
}
