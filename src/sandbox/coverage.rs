//! Which calls each method makes, and how sure it is that DingTalk itself behaves like this sandbox.

/// How well the wire form of a method is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grade {
    /// From DingTalk's documentation or an official SDK.
    Documented,
    /// From the Python framework only.
    FromPython,
    /// No source settles all of it.
    Unverified,
    /// Not served here.
    Absent,
}

impl Grade {
    /// One word for tables and machines.
    pub fn name(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::FromPython => "from python",
            Self::Unverified => "unverified",
            Self::Absent => "absent",
        }
    }
}

/// One method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Coverage {
    /// Its name.
    pub method: &'static str,
    /// The calls it can make, each as `VERB host path`; a local method makes none.
    pub calls: &'static [&'static str],
    /// How well they are known.
    pub grade: Grade,
}

const GROUP_SEND: &str = "POST api /v1.0/robot/groupMessages/send";
const PEOPLE_SEND: &str = "POST api /v1.0/robot/oToMessages/batchSend";
const UPLOAD: &str = "POST oapi /media/upload";
const SEND: &[&str] =
    &[GROUP_SEND, PEOPLE_SEND, "POST oapi /robot/sendBySession", "POST oapi /robot/send", UPLOAD];
const MAKE_CARD: &str = "POST api /v1.0/card/instances";
const DELIVER_CARD: &str = "POST api /v1.0/card/instances/deliver";
const CARD_AT_ONCE: &str = "POST api /v1.0/card/instances/createAndDeliver";
const GET_GROUP: &str = "POST oapi /topapi/im/chat/scenegroup/get";
const GET_MEMBERS: &str = "POST oapi /topapi/im/chat/scenegroup/member/get";
const MAKE_GROUP: &str = "POST oapi /topapi/im/chat/scenegroup/create";
const ADD: &str = "POST oapi /topapi/im/chat/scenegroup/member/add";
const REMOVE: &str = "POST oapi /topapi/im/chat/scenegroup/member/delete";
const CHANGE_GROUP: &str = "POST oapi /topapi/im/chat/scenegroup/update";
const CHANGE_GROUP_V1: &str = "POST api /v1.0/im/sceneGroup/update";
const CHANGE: &[&str] = &[CHANGE_GROUP, CHANGE_GROUP_V1];
const ADMINS: &str = "PUT api /v1.0/im/sceneGroups/subAdmins";
const MUTE: &[&str] = &["POST api /v1.0/im/sceneGroups/muteMembers/set"];
const GET_USER: &str = "POST oapi /topapi/v2/user/get";
const BY_UNION: &str = "POST oapi /topapi/user/getbyunionid";

const fn known(method: &'static str, calls: &'static [&'static str]) -> Coverage {
    Coverage { method, calls, grade: Grade::Documented }
}

const fn local(method: &'static str) -> Coverage {
    Coverage { method, calls: &[], grade: Grade::FromPython }
}

const TABLE: &[Coverage] = &[
    known("__init__", &["POST api /v1.0/oauth2/accessToken", "GET oapi /gettoken"]),
    known("send_message", SEND),
    known("sendMessage", SEND),
    known(
        "recall_message",
        &["POST api /v1.0/robot/groupMessages/recall", "POST api /v1.0/robot/otoMessages/batchRecall"],
    ),
    known("send_ding", &["POST api /v1.0/robot/ding/send"]),
    known("send_card", &[MAKE_CARD, DELIVER_CARD, CARD_AT_ONCE, "POST api /v1.0/card/callbacks/register"]),
    known("send_markdown_card", &[MAKE_CARD, DELIVER_CARD, CARD_AT_ONCE, UPLOAD]),
    known("update_card", &["PUT api /v1.0/card/instances"]),
    known("sned_ai_card", &[MAKE_CARD, DELIVER_CARD, CARD_AT_ONCE, "PUT api /v1.0/card/streaming"]),
    known("create_group", &[MAKE_GROUP, "POST api /v1.0/im/sceneGroup/create", UPLOAD]),
    known(
        "get_group",
        &[
            GET_GROUP,
            GET_MEMBERS,
            "POST api /v1.0/im/sceneGroups/query",
            "POST api /v1.0/im/sceneGroups/members/batchQuery",
        ],
    ),
    known("get_depts", &["POST oapi /topapi/v2/department/listsub"]),
    known("get_dept_users", &["POST oapi /topapi/user/listid"]),
    known("get_user", &[GET_USER, "GET api /v1.0/contact/users/me", BY_UNION]),
    known("unionId2staffId", &[BY_UNION]),
    known("remove_user", &["POST oapi /topapi/v2/user/delete"]),
    known("create_user", &["POST oapi /topapi/v2/user/create"]),
    known("update_user", &["POST oapi /topapi/v2/user/update"]),
    known("mirror_group", &[GET_GROUP, GET_MEMBERS, MAKE_GROUP, ADD, ADMINS, CHANGE_GROUP]),
    known("update_group", CHANGE),
    known("disband_group", &[GET_GROUP, GET_MEMBERS, REMOVE, "POST api /v1.0/im/chat/scenegroup/disband"]),
    known("change_group_title", CHANGE),
    known("change_group_owner", CHANGE),
    known("mute_all", CHANGE),
    known("unmute_all", CHANGE),
    known("kick_member", &[REMOVE, "POST api /v1.0/im/sceneGroup/member/delete"]),
    known("add_member", &[ADD, "POST api /v1.0/im/sceneGroup/member/add"]),
    known("set_admin", &[ADMINS]),
    known("mute_member", MUTE),
    known("unmute_member", MUTE),
    Coverage {
        method: "set_off_duty_prompt",
        calls: &["POST api /v1.0/innerApi/robot/stream/away/template/update", UPLOAD],
        grade: Grade::Unverified,
    },
    known("upload_file", &[UPLOAD]),
    known("download_file", &["POST api /v1.0/robot/messageFiles/download"]),
    local("run_coroutine"),
    local("with_access_token"),
    local("create_task"),
    local("stop"),
    local("coroutine_watcher"),
    local("get_info"),
    local("update_object"),
];

/// Every documented method, in the order of its documentation.
pub fn coverage() -> Vec<Coverage> {
    TABLE.to_vec()
}
