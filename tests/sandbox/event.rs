//! Every change is told, and told again until it is answered.

use dingraia::sandbox::{FrameFault, LinkFault, Outcome, Spoil};
use serde_json::{Value, json};

use super::bench::{Bench, LUNCH, NOW, RELEASE};
use super::socket::{EVENTS, Socket, data, millis, timing, until};

const TEMPLATE: &str = "c3540000-0000-4000-b4ea-6f1ab0000065";
const CHAT: &str = "chat68b076be5ba974795f927bf1aa53b0dc";
const CORP: &str = "ding19f4c684a3ff4f2dfa73b8d9098257cf";
const BOSS: &str = "manager4220";
const BOSS_UNION: &str = "qLXJN1dYe11z9mLXTzlDHVyiEiE";

async fn scene(bench: &Bench, call: &str, body: &Value) {
    let answer = bench.oapi(&format!("/topapi/im/chat/scenegroup/{call}"), body).await;
    assert_eq!(answer["errcode"], 0, "{answer}");
}

/// What every event of the release group says.
fn common() -> Value {
    json!({
        "timeStamp": NOW, "chatId": CHAT, "corpId": CORP, "operatorUnionId": BOSS_UNION, "operator": BOSS,
        "openConversationId": RELEASE,
    })
}

/// [`common`] and more.
fn common_and(more: &Value) -> Value {
    let mut all = common();
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

#[tokio::test]
async fn a_frame_of_an_event() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &[EVENTS]).await;
    scene(&bench, "update", &json!({"open_conversation_id": RELEASE, "title": "发布小组 2"})).await;
    let (frame, data) = socket.event("chat_update_title").await;
    assert_eq!(data, common_and(&json!({"title": "发布小组 2"})));
    let headers = frame["headers"].as_object().unwrap();
    let names: Vec<&str> = headers.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "topic",
            "messageId",
            "contentType",
            "time",
            "eventType",
            "eventId",
            "eventCorpId",
            "eventBornTime",
            "eventUnifiedAppId"
        ]
    );
    assert_eq!((&headers["topic"], &headers["eventCorpId"]), (&json!("*"), &json!(CORP)));
    assert_eq!(headers["eventBornTime"], NOW.to_string());
    assert_eq!(headers["messageId"].as_str().unwrap().split('_').count(), 4);
    assert_eq!(headers["eventId"].as_str().unwrap().len(), 32);
    assert_eq!(headers["eventUnifiedAppId"].as_str().unwrap().len(), 36);
    socket.success(&frame).await;
    until(|| bench.sandbox.push_counts().done == 1).await;
    let push = bench.sandbox.pushes().remove(0);
    assert_eq!((push.name.as_str(), push.attempt, &push.outcome), ("chat_update_title", 1, &Outcome::Done));
    assert_eq!(push.id, headers["eventId"].as_str().unwrap());
}

#[tokio::test]
async fn groups_tell_what_becomes_of_them() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &[EVENTS]).await;
    let body = |people: &str| json!({"open_conversation_id": RELEASE, "user_ids": people});
    scene(&bench, "member/add", &body("0120000001,0110000001")).await;
    let newcomer = common_and(&json!({
        "eventType": "chat_add_member", "userId": ["0120000001"], "unionId": ["eQiEYUo5HlGxRwfSU18FCfKiEiE"],
    }));
    assert_eq!(socket.take("chat_add_member").await, newcomer);
    scene(&bench, "member/delete", &body("0120000001,0130000001")).await;
    let gone = common_and(&json!({"userId": ["0120000001"], "unionId": ["eQiEYUo5HlGxRwfSU18FCfKiEiE"]}));
    assert_eq!(socket.take("chat_remove_member").await, gone);
    scene(&bench, "update", &json!({"open_conversation_id": RELEASE, "owner_user_id": "0110000002"})).await;
    let owner = json!({
        "owner": "0110000002", "timeStamp": NOW, "corpId": CORP, "operatorUnionId": BOSS_UNION,
        "openConversationId": RELEASE,
    });
    assert_eq!(socket.take("chat_update_owner").await, owner);
    // Whoever follows an owner that is put out is told, too.
    scene(&bench, "member/delete", &body("0110000002")).await;
    assert_eq!(socket.take("chat_remove_member").await["userId"], json!(["0110000002"]));
    assert_eq!(socket.take("chat_update_owner").await["owner"], "0110000001");
    let (status, _) =
        bench.api("/v1.0/im/chat/scenegroup/disband", &json!({"openConversationId": RELEASE})).await;
    assert_eq!(status, 200);
    let end = socket.take("chat_disband").await;
    assert_eq!((&end["operator"], end.as_object().unwrap().len()), (&json!("0110000001"), 6));
    // What changes nothing, or nothing that has an event, tells nothing.
    let made = json!({"title": "新群", "template_id": TEMPLATE, "owner_user_id": BOSS});
    scene(&bench, "create", &made).await;
    socket.silent().await;
}

#[tokio::test]
async fn people_do_things_in_groups() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &[EVENTS]).await;
    bench.sandbox.quit("王芳", "午饭搭子").unwrap();
    let quit = socket.take("chat_quit").await;
    assert_eq!((&quit["operator"], &quit["openConversationId"]), (&json!("0110000002"), &json!(LUNCH)));
    assert!(quit.get("userId").is_none());
    bench.sandbox.invite("刘洋", LUNCH, &["王芳", "黄磊"]).unwrap();
    let invited = socket.take("chat_add_member").await;
    assert_eq!(
        (&invited["operator"], &invited["userId"]),
        (&json!("0110000004"), &json!(["0110000002", "0110000005"]))
    );
    bench.sandbox.rename("黄磊", LUNCH, "晚饭搭子").unwrap();
    assert_eq!(socket.take("chat_update_title").await["title"], "晚饭搭子");
    assert!(bench.sandbox.dissolve("黄磊", LUNCH).is_err());
    bench.sandbox.dissolve("刘洋", LUNCH).unwrap();
    socket.take("chat_disband").await;
    assert!(bench.sandbox.rename("黄磊", LUNCH, "x").is_err());
    assert!(bench.sandbox.quit("黄磊", "没有的群").is_err());
    assert!(bench.sandbox.quit("没有的人", RELEASE).is_err());
}

#[tokio::test]
async fn people_read_and_take_back_messages() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &[EVENTS]).await;
    let body = json!({
        "robotCode": super::bench::ROBOT, "openConversationId": RELEASE, "msgKey": "sampleText",
        "msgParam": "{\"content\":\"a\"}",
    });
    let (_, answer) = bench.api("/v1.0/robot/groupMessages/send", &body).await;
    let key = answer["processQueryKey"].as_str().unwrap();
    bench.sandbox.read("张伟", key).unwrap();
    let read = socket.take("robot_msg_read").await;
    let expected = json!({
        "unionId": "1dstQczhgA1FBZpX4ZwRXlxiEiE", "operatTime": NOW, "robotCode": super::bench::ROBOT,
        "openConversationId": RELEASE, "userId": "0110000001", "processQueryKey": key,
    });
    assert_eq!(read, expected);
    assert!(bench.sandbox.read("陈静", key).is_err());
    bench.sandbox.take_back("林晓", key).unwrap();
    assert_eq!(socket.take("robot_msg_recall").await["userId"], BOSS);
    assert!(bench.sandbox.sent()[0].recalled);
    assert!(bench.sandbox.take_back("林晓", key).is_err());
}

#[tokio::test]
async fn the_address_book_tells_who_comes_changes_and_leaves() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &[EVENTS]).await;
    let user = json!({"userid": "u1", "name": "新人", "mobile": "13900000001", "dept_id_list": "100"});
    assert_eq!(bench.errcode("/topapi/v2/user/create", &user).await, 0);
    let joined = socket.take("user_add_org").await;
    assert_eq!(joined, json!({"timeStamp": NOW.to_string(), "optStaffId": BOSS, "userId": ["u1"]}));
    assert_eq!(bench.errcode("/topapi/v2/user/update", &json!({"userid": "u1", "remark": "r"})).await, 0);
    let changed = socket.take("user_modify_org").await;
    let diff = &changed["diffInfo"][0];
    assert_eq!((&diff["prev"]["remark"], &diff["curr"]["remark"]), (&json!(""), &json!("r")));
    assert_eq!((&diff["userid"], &changed["userId"]), (&json!("u1"), &json!(["u1"])));
    // The same again changes nothing.
    assert_eq!(bench.errcode("/topapi/v2/user/update", &json!({"userid": "u1", "remark": "r"})).await, 0);
    assert_eq!(bench.errcode("/topapi/v2/user/delete", &json!({"userid": "0110000004"})).await, 0);
    assert_eq!(socket.take("user_leave_org").await["userId"], json!(["0110000004"]));
    for _ in 0..2 {
        let gone = socket.take("chat_remove_member").await;
        assert_eq!(gone["unionId"], json!(["4xPu4yyk99RBjkpXO98YMAdiEiE"]), "{gone}");
    }
    socket.take("chat_remove_member").await;
    assert_eq!(socket.take("chat_update_owner").await["openConversationId"], LUNCH);
    socket.silent().await;
}

/// Emits an event and gives its first frame.
async fn emitted(bench: &Bench, socket: &mut Socket, kind: &str) -> Value {
    bench.sandbox.emit(kind, &json!({"number": 1}));
    socket.event(kind).await.0
}

/// The next frame has to be the same event in another frame.
async fn again(socket: &mut Socket, first: &Value) -> Value {
    let frame = socket.frame().await;
    assert_eq!(frame["headers"]["eventId"], first["headers"]["eventId"], "{frame}");
    assert_ne!(frame["headers"]["messageId"], first["headers"]["messageId"], "{frame}");
    assert_eq!(frame["data"], first["data"]);
    frame
}

#[tokio::test]
async fn an_event_comes_again_until_it_is_answered_well() {
    let bench = Bench::new().await;
    timing(&bench.sandbox, |timing| timing.redelivery = millis(5));
    let mut socket = Socket::open(&bench, &[EVENTS]).await;
    let first = emitted(&bench, &mut socket, "circle_user_action").await;
    socket.answer(&first, &json!({"status": "LATER", "message": "busy"})).await;
    let second = again(&mut socket, &first).await;
    socket.answer(&second, &json!({"response": null})).await;
    let third = again(&mut socket, &first).await;
    let headers = json!({"messageId": third["headers"]["messageId"], "contentType": "application/json"});
    socket.send(&json!({"code": 500, "headers": headers, "message": "no", "data": "{}"})).await;
    let fourth = again(&mut socket, &first).await;
    timing(&bench.sandbox, |timing| timing.event_answer = millis(100));
    let headers = json!({"messageId": fourth["headers"]["messageId"]});
    let good = json!({"status": "SUCCESS", "message": "ok"}).to_string();
    socket.send(&json!({"code": 200, "headers": headers, "message": "OK", "data": good})).await;
    // Not at all.
    let fifth = again(&mut socket, &first).await;
    timing(&bench.sandbox, |timing| timing.event_answer = millis(5000));
    let sixth = again(&mut socket, &first).await;
    socket.success(&sixth).await;
    until(|| bench.sandbox.push_counts().done == 1).await;
    // The answer to the fifth is too late.
    socket.success(&fifth).await;
    until(|| bench.sandbox.connections()[0].stray == 1).await;
    socket.silent().await;
    let ended: Vec<(u32, Outcome)> =
        bench.sandbox.pushes().into_iter().map(|push| (push.attempt, push.outcome)).collect();
    let wrong = |why: &str| Outcome::Wrong(why.into());
    assert_eq!(
        ended,
        [
            (1, Outcome::Later),
            (2, wrong("`status` is neither SUCCESS nor LATER")),
            (3, wrong("code 500 no")),
            (4, wrong("the header `contentType` is not application/json")),
            (5, Outcome::Unanswered),
            (6, Outcome::Done),
        ]
    );
    let counts = bench.sandbox.push_counts();
    assert_eq!((counts.pushed, counts.failed, counts.waiting), (1, 5, 0));
}

#[tokio::test]
async fn an_event_survives_its_connection() {
    let bench = Bench::new().await;
    timing(&bench.sandbox, |timing| timing.redelivery = millis(5));
    // Nobody ever listened: there is nothing to keep.
    bench.sandbox.emit("circle_user_action", &json!({}));
    assert_eq!((bench.sandbox.push_counts().failed, bench.sandbox.push_counts().waiting), (1, 0));
    let mut socket = Socket::open(&bench, &[EVENTS]).await;
    let first = emitted(&bench, &mut socket, "circle_user_action").await;
    bench.sandbox.link_fault(LinkFault::Drop, None);
    until(|| bench.sandbox.pushes().iter().any(|push| push.outcome == Outcome::Cut)).await;
    // It is tried while nobody is there, and comes when somebody is.
    until(|| bench.sandbox.pushes().iter().filter(|push| push.outcome == Outcome::Nobody).count() > 2).await;
    let mut socket = Socket::open(&bench, &[EVENTS]).await;
    let frame = again(&mut socket, &first).await;
    socket.success(&frame).await;
    until(|| bench.sandbox.push_counts().done == 1).await;
}

#[tokio::test]
async fn frames_arrive_as_on_a_bad_day() {
    let bench = Bench::new().await;
    timing(&bench.sandbox, |timing| timing.redelivery = millis(10));
    let mut socket = Socket::open(&bench, &[EVENTS]).await;
    bench.sandbox.frame_fault(FrameFault::Twice.on("twice"));
    let first = emitted(&bench, &mut socket, "twice").await;
    assert_eq!(socket.frame().await, first);
    socket.success(&first).await;
    socket.success(&first).await;
    until(|| bench.sandbox.connections()[0].stray == 1).await;

    bench.sandbox.frame_fault(FrameFault::Late(40).on("late"));
    bench.sandbox.emit("late", &json!({}));
    bench.sandbox.emit("soon", &json!({}));
    socket.take("soon").await;
    socket.take("late").await;

    timing(&bench.sandbox, |timing| timing.event_answer = millis(20));
    bench.sandbox.frame_fault(FrameFault::Lost.on("lost").times(2));
    bench.sandbox.emit("lost", &json!({}));
    until(|| bench.sandbox.pushes().iter().filter(|push| push.name == "lost").count() == 2).await;
    socket.take("lost").await;
}

#[tokio::test]
async fn spoiled_frames_come_again_whole() {
    let bench = Bench::new().await;
    timing(&bench.sandbox, |timing| timing.redelivery = millis(5));
    let mut socket = Socket::open(&bench, &[EVENTS]).await;
    for (name, spoil) in Spoil::ALL {
        timing(&bench.sandbox, |timing| timing.event_answer = millis(20));
        bench.sandbox.frame_fault(FrameFault::Spoiled(spoil));
        bench.sandbox.emit(name, &json!({"number": 1}));
        // It counts from the next attempt on.
        timing(&bench.sandbox, |timing| timing.event_answer = millis(5000));
        let spoiled = match socket.next().await {
            Some(message) if spoil == Spoil::Binary => {
                assert!(message.is_binary());
                Value::Null
            }
            Some(message) => serde_json::from_str(message.to_text().unwrap()).unwrap_or(Value::Null),
            None => panic!("closed"),
        };
        let whole = socket.frame().await;
        assert_eq!(whole["headers"]["eventType"], name);
        socket.success(&whole).await;
        assert_ne!(spoiled, whole, "{name}");
        if spoil == Spoil::HeaderSpelled {
            assert_eq!(spoiled["header"]["eventId"], whole["headers"]["eventId"]);
        }
        if spoil == Spoil::RawData {
            assert_eq!(spoiled["data"], data(&whole));
        }
    }
    assert_eq!(bench.sandbox.send_raw("by hand"), 1);
    assert_eq!(socket.text().await, "by hand");
}
