//! The door for other programs.

use serde_json::{Value, json};

use super::bench::{Bench, RELEASE, answer, ok};
use super::receiver::Receiver;
use super::socket::{ALL, Socket, data, until};

async fn post(bench: &Bench, name: &str, body: &Value) -> (u16, Value) {
    let secret = bench.sandbox.credentials().app_secret;
    let request = bench.http.post(bench.at_api(&format!("/sandbox/{name}")));
    answer(request.header("x-sandbox-secret", secret).json(body)).await
}

async fn done(bench: &Bench, name: &str, body: &Value) -> Value {
    ok(post(bench, name, body).await)
}

async fn state(bench: &Bench) -> Value {
    let secret = bench.sandbox.credentials().app_secret;
    ok(answer(bench.http.get(bench.at_api("/sandbox/state")).header("x-sandbox-secret", secret)).await)
}

#[tokio::test]
async fn it_wants_the_secret_and_stays_out_of_the_log() {
    let bench = Bench::new().await;
    let logged = bench.sandbox.requests().len();
    let request =
        || bench.http.post(bench.at_api("/sandbox/say")).json(&json!({"person": "张伟", "text": "x"}));
    assert_eq!(answer(request()).await.0, 401);
    assert_eq!(answer(request().header("x-sandbox-secret", "wrong")).await.0, 401);
    assert_eq!(post(&bench, "nothing", &json!({})).await.0, 404);
    assert_eq!(post(&bench, "say", &json!({"person": "张伟", "txt": "x"})).await.0, 400);
    let (status, body) = post(&bench, "say", &json!({"person": "没有的人", "text": "x"})).await;
    assert_eq!((status, &body["error"]["zh"]), (400, &json!("沙盒里没有叫 `没有的人` 的人")));
    // A failure that is planned for a call does not strike here.
    done(&bench, "fault", &json!({"name": "call.busy"})).await;
    state(&bench).await;
    assert_eq!(bench.sandbox.requests().len(), logged);
    assert_eq!(bench.errcode("/topapi/user/listid", &json!({"dept_id": 1})).await, -1);
    // On the other host there is no such door.
    assert_eq!(bench.oapi("/sandbox/say", &json!({})).await["errcode"], 22);
}

#[tokio::test]
async fn people_speak_through_it() {
    let bench = Bench::new().await;
    let nobody = done(&bench, "say", &json!({"person": "张伟", "text": "x"})).await;
    assert_eq!(nobody["placed"], json!({"to": "nobody"}));
    let mut socket = Socket::open(&bench, &ALL).await;
    let id = bench.sandbox.connections()[0].id.clone();
    let words = |words: &[&str]| json!({"person": "张伟", "words": words});
    let said = done(&bench, "say", &words(&["发布小组", "你好", "世界"])).await;
    assert_eq!(said["placed"], json!({"to": "connection", "id": id}));
    let payload = data(&socket.frame().await);
    assert_eq!(payload, said["payload"]);
    assert_eq!(
        (&payload["conversationId"], &payload["text"]["content"]),
        (&json!(RELEASE), &json!(" 你好 世界"))
    );
    // A group alone is a word.
    done(&bench, "say", &words(&["发布小组"])).await;
    assert_eq!(data(&socket.frame().await)["text"]["content"], "发布小组");
    let file = json!({"person": "张伟", "kind": "file", "name": "a.txt", "base64": "aGk="});
    done(&bench, "say", &file).await;
    assert_eq!(data(&socket.frame().await)["content"]["fileName"], "a.txt");
    let rich = json!({"person": "张伟", "kind": "richText", "parts": [{"text": "a"}, {"base64": "aGk="}]});
    done(&bench, "say", &rich).await;
    assert_eq!(data(&socket.frame().await)["content"]["richText"][1]["type"], "picture");
    let unheard = json!({"person": "张伟", "group": RELEASE, "text": "x", "to_robot": false});
    assert_eq!(done(&bench, "say", &unheard).await["placed"], json!({"to": "not_mentioned"}));
    for wrong in [
        json!({"person": "张伟"}),
        json!({"person": "张伟", "kind": "poem", "text": "x"}),
        json!({"person": "张伟", "kind": "picture", "base64": "?"}),
        json!({"person": "张伟", "kind": "richText", "parts": [{}]}),
    ] {
        assert_eq!(post(&bench, "say", &wrong).await.0, 400, "{wrong}");
    }
    done(&bench, "ask", &json!({"person": "张伟", "text": "who?"})).await;
    assert_eq!(socket.frame().await["headers"]["topic"], "/v1.0/graph/api/invoke");
    done(&bench, "flood", &json!({"person": "张伟", "text": "x", "count": 3})).await;
    for _ in 0..3 {
        socket.frame().await;
    }
}

#[tokio::test]
async fn things_happen_through_it() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &ALL).await;
    let act = |body: Value| {
        let bench = &bench;
        async move { done(bench, "act", &body).await }
    };
    act(json!({"what": "rename", "person": "林晓", "group": RELEASE, "title": "新"})).await;
    socket.take("chat_update_title").await;
    act(json!({"what": "invite", "person": "林晓", "group": RELEASE, "others": ["陈静"]})).await;
    socket.take("chat_add_member").await;
    act(json!({"what": "quit", "person": "陈静", "group": RELEASE})).await;
    socket.take("chat_quit").await;
    act(json!({"what": "dissolve", "person": "林晓", "group": RELEASE})).await;
    socket.take("chat_disband").await;
    assert_eq!(post(&bench, "act", &json!({"what": "sing", "person": "林晓"})).await.0, 400);
    done(&bench, "event", &json!({"type": "calendar_event_change", "data": {"changeType": "create"}})).await;
    assert_eq!(socket.take("calendar_event_change").await, json!({"changeType": "create"}));
    assert_eq!(post(&bench, "event", &json!({"type": ""})).await.0, 400);
    assert_eq!(done(&bench, "raw", &json!({"text": "{}"})).await["connections"], 1);
    assert_eq!(socket.text().await, "{}");
    until(|| bench.sandbox.push_counts().done == 5).await;
    let state = state(&bench).await;
    assert_eq!((&state["counts"]["done"], &state["counts"]["waiting"]), (&json!(5), &json!(0)));
    assert_eq!(state["pushes"][4]["name"], "calendar_event_change");
    assert_eq!(
        (&state["pushes"][4]["outcome"], &state["connections"][0]["answered"]),
        (&json!("done"), &json!(5))
    );
}

#[tokio::test]
async fn failures_and_settings_go_through_it() {
    let bench = Bench::new().await;
    let mut socket = Socket::open(&bench, &ALL).await;
    let twice = done(&bench, "fault", &json!({"name": "frame.twice", "on": "messages", "times": 2})).await;
    assert_eq!(twice["strikes"], 2);
    done(&bench, "say", &json!({"person": "张伟", "text": "x"})).await;
    assert_eq!(socket.frame().await, socket.frame().await);
    let (status, body) = post(&bench, "fault", &json!({"name": "frame.thrice"})).await;
    assert_eq!(status, 400);
    let hints = body["hints"]["en"][0].as_str().unwrap();
    for name in dingraia::sandbox::Sandbox::wishes() {
        assert!(hints.contains(&name), "{name}");
        assert_eq!(post(&bench, "fault", &json!({"name": name, "on": "nothing", "times": 0})).await.0, 200);
    }
    done(&bench, "fault", &json!({"name": "ticket.refuse"})).await;
    let ticket = super::socket::ticket(&bench, &ALL).await;
    assert_eq!(super::socket::refusal(&ticket).await, 401);
    assert!(tokio_tungstenite::connect_async(&ticket).await.is_ok());
    done(&bench, "timing", &json!({"redelivery": 7, "ping": 100})).await;
    let timing = bench.sandbox.timing();
    assert_eq!((timing.redelivery.as_millis(), timing.ping.as_millis()), (7, 100));
    assert_eq!(timing.close.as_secs(), 10);
    let receiver = Receiver::new().await;
    done(&bench, "address", &json!({"messages": receiver.url("/m")})).await;
    let said = done(&bench, "say", &json!({"person": "张伟", "text": "x"})).await;
    assert_eq!(said["placed"], json!({"to": "address", "url": receiver.url("/m")}));
    done(&bench, "address", &json!({"messages": null})).await;
    assert_eq!(done(&bench, "say", &json!({"person": "张伟", "text": "x"})).await["placed"]["to"], "nobody");
    let events = json!({"url": receiver.url("/e"), "token": "x", "aes_key": "y"});
    assert_eq!(post(&bench, "address", &json!({"events": events})).await.0, 400);
}
