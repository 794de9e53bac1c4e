//! Files as messages.

use serde_json::{Value, json};

use super::content::{PNG, amr, mp4, wav};
use super::{quoted, world};
use crate::support::{RELEASE, World};

/// `(msgKey, msgParam)` of the messages that were asked for.
fn templates(world: &World) -> Vec<(String, Value)> {
    let sends = world.sandbox.requests().into_iter().filter(|request| request.path.ends_with("end"));
    sends
        .map(|request| {
            let key = request.body["msgKey"].as_str().unwrap_or("webhook").to_owned();
            let param = request.body["msgParam"].as_str().map(|text| serde_json::from_str(text).unwrap());
            (key, param.unwrap_or(request.body))
        })
        .collect()
}

#[test]
fn every_kind_has_its_template() {
    let (mut world, _host) = world();
    let (amr, mp4) = (quoted(&world.file("a.amr", amr())), quoted(&world.file("a.mp4", mp4())));
    let pdf = quoted(&world.file("报表.PDF", b"%PDF"));
    for (file, key, param) in [
        (format!("Image(\"{PNG}\")"), "sampleImageMsg", json!({ "photoURL": "@media1" })),
        (format!("Audio({amr})"), "sampleAudio", json!({ "mediaId": "@media2", "duration": "2500" })),
        (
            format!("Video({mp4}, #{{cover: Image(\"{PNG}\")}})"),
            "sampleVideo",
            json!({
                "duration": "3", "videoMediaId": "@media3", "videoType": "mp4", "picMediaId": "@media1",
                "height": "360", "width": "640",
            }),
        ),
        (
            format!("File({pdf})"),
            "sampleFile",
            json!({ "mediaId": "@media4", "fileName": "报表.PDF", "fileType": "pdf" }),
        ),
        (
            "Video(#{mediaId: \"@v\", cover: \"@c\", duration: 1})".into(),
            "sampleVideo",
            json!({
                "duration": "1", "videoMediaId": "@v", "videoType": "mp4", "picMediaId": "@c",
                "height": "600", "width": "800",
            }),
        ),
    ] {
        world.run(&format!("app.send_message(\"{RELEASE}\", {file})")).prints("<Response [True]>");
        assert_eq!(templates(&world).pop(), Some((key.to_owned(), param)));
    }
    let last = world.sandbox.requests().pop().unwrap();
    let fields: Vec<&String> = last.body.as_object().unwrap().keys().collect();
    assert_eq!(fields, ["robotCode", "openConversationId", "msgKey", "msgParam"]);
}

#[test]
fn a_person_gets_a_file_too() {
    let (mut world, _host) = world();
    world
        .run(&format!("app.send_message(Member(\"manager4220\"), Image(\"{PNG}\")).recallType"))
        .prints("personal");
    let last = world.sandbox.requests().pop().unwrap();
    assert_eq!(last.path, "/v1.0/robot/oToMessages/batchSend");
    assert_eq!(last.body["userIds"], json!(["manager4220"]));
}

#[test]
fn a_file_is_uploaded_once() {
    let (mut world, host) = world();
    world.run(&format!("let i = Image(\"{PNG}\"); app.send_message(\"{RELEASE}\", i); app.send_message(\"{RELEASE}\", i); i.mediaId"))
        .prints("@media1");
    assert_eq!((host.uploads().len(), templates(&world).len()), (1, 2));
    assert_eq!(world.session.client.usage.session(), 3);
}

#[test]
fn a_chain_with_files_is_split() {
    let (mut world, _host) = world();
    let chain = format!(
        "MessageChain(\"a\", \"b\", Image(\"{PNG}\"), At(\"manager4220\"), File(\"data:,x\", \"x.zip\"), \"c\")"
    );
    world.run(&format!("app.send_message(\"{RELEASE}\", {chain})")).gives(json!([
        "<Response [True]>",
        "<Response [True]>",
        "<Response [True]>",
        "<Response [True]>"
    ]));
    let keys: Vec<String> =
        templates(&world).into_iter().map(|(key, param)| format!("{key} {param}")).collect();
    assert_eq!(
        keys,
        [
            "sampleText {\"content\":\"ab\"}",
            "sampleImageMsg {\"photoURL\":\"@media1\"}",
            "sampleFile {\"mediaId\":\"@media2\",\"fileName\":\"x.zip\",\"fileType\":\"zip\"}",
            "sampleText {\"content\":\"c\"}",
        ]
    );
    world.run(&format!("app.send_message(\"{RELEASE}\", MessageChain(\"a\"))")).prints("<Response [True]>");
    world
        .run(&format!("app.send_message(\"{RELEASE}\", [MessageChain(Image(\"{PNG}\")), \"b\"])"))
        .gives(json!([["<Response [True]>"], "<Response [True]>"]));
}

#[test]
fn a_group_with_a_webhook_gets_files_through_the_api() {
    let (mut world, _host) = world();
    let group = group_with_webhook(&world);
    world
        .run(&format!(
            "app.send_message({group}, MessageChain(\"a\", Image(\"{PNG}\"), At(\"manager4220\"))).len()"
        ))
        .gives(json!(3));
    let keys: Vec<String> = world.sandbox.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(
        keys.iter().filter(|path| path.contains("obot")).collect::<Vec<_>>(),
        ["/robot/sendBySession", "/v1.0/robot/groupMessages/send", "/robot/sendBySession"]
    );
}

#[test]
fn what_cannot_be_sent_is_refused_before_anything_is() {
    let (mut world, host) = world();
    let wav = quoted(&world.file("a.wav", wav(1000)));
    let dull = quoted(&world.file("dull.ogg", "nothing"));
    let film = quoted(&world.file("dull.mp4", "nothing"));
    let image = format!("Image(\"{PNG}\")");
    let address = "https://oapi.dingtalk.com/robot/send?access_token=0";
    for (target, message, part) in [
        ("()".to_owned(), image.clone(), "a webhook carries no files"),
        (format!("\"{address}\""), image.clone(), "a webhook carries no files"),
        (format!("Webhook(\"{address}\")"), image.clone(), "a webhook carries no files"),
        (format!("Webhook(\"{address}\", 1)"), image.clone(), "a webhook carries no files"),
        (format!("\"{address}\""), format!("MessageChain(\"a\", {image})"), "a webhook carries no files"),
        ("()".to_owned(), format!("[\"a\", {image}]"), "a webhook carries no files"),
        (format!("\"{RELEASE}\""), format!("[\"a\", {image}, Video({film})]"), "needs a cover"),
        (
            format!("\"{RELEASE}\""),
            format!("Video({film}, #{{cover: \"@c\"}})"),
            "the duration cannot be read",
        ),
        (
            format!("\"{RELEASE}\""),
            format!("MessageChain({image}, Audio({dull}))"),
            "the duration cannot be read",
        ),
        (format!("\"{RELEASE}\""), format!("Audio({wav})"), "must be ogg or amr, got `wav`"),
        (format!("\"{RELEASE}\""), "Audio(#{mediaId: \"@a\"})".into(), "the duration cannot be read"),
        (format!("\"{RELEASE}\""), "File(#{mediaId: \"@a\"})".into(), "needs a name"),
        (format!("\"{RELEASE}\""), "Image()".into(), "no content"),
        (format!("\"{RELEASE}\""), format!("[{image}, File(\"data:,\", \"a.pdf\")]"), "is empty"),
    ] {
        world.run(&format!("app.send_message({target}, {message})")).fails("unsendable", part);
    }
    world
        .run(&format!("app.send_message(\"{RELEASE}\", MessageChain(\"a\", Image(\"/no/such.png\")))"))
        .fails("file", "no such file");
    world.run(&format!("app.send_message(Group(), {image})"));
    assert!(host.uploads().is_empty() && world.sandbox.requests().is_empty());
    world
        .run(&format!("app.send_message(\"{RELEASE}\", Audio({dull}, #{{duration: 900}}))"))
        .prints("<Response [True]>");
    assert_eq!(templates(&world).pop().unwrap().1["duration"], "900");
}

#[test]
fn a_refusal_in_the_middle_of_a_chain_says_what_stands() {
    let (mut world, _host) = world();
    let fault = dingraia::sandbox::Fault::Status(400).on("/v1.0/robot/groupMessages/send");
    world.sandbox.fault(fault);
    let group = group_with_webhook(&world);
    let call = format!("app.send_message({group}, MessageChain(\"a\", Image(\"{PNG}\"), \"b\"))");
    let ran = world.run(&call);
    assert!(ran.problem().hints.iter().any(|hint| hint.en.contains("the last 2 of 3")));
    ran.fails("partial", "1 done, 1 failed: message 2");
}

/// A group whose messages go to a session webhook of the sandbox.
fn group_with_webhook(world: &World) -> String {
    let oapi = &world.session.config.endpoints.oapi;
    let hook = format!("{oapi}/robot/sendBySession?session=3f3af1ecebbd1410ab417ec0d27bbfcb");
    format!("Group(\"{RELEASE}\", #{{webhook: Webhook(\"{hook}\")}})")
}
