//! Read-only sessions: anything but reads is refused, and nothing is sent.

use dingraia::api::methods;
use dingraia::spec::{Effect, On};
use serde_json::json;

use super::paths;
use crate::support::World;

#[test]
fn writes_are_refused() {
    let mut world = World::with(|config| config.read_only = true);
    world.run("app.get_user(\"manager4220\").name").prints("林晓");
    let ran = world.run("app.mute_all(\"cidSandboxRelease0001==\")");
    let ran = ran.fails(
        "read_only",
        "read-only: POST /topapi/im/chat/scenegroup/update is not a read; the request was not sent",
    );
    assert!(ran.problem().hints[0].en.contains("%readonly off"));
    world
        .run("let seen = (); try { app.send_message(\"cidSandboxRelease0001==\", \"a\") } catch (e) { seen = [e.kind, e.sent, e.code] } seen")
        .gives(json!(["read_only", "no", ""]));
    assert_eq!(paths(&world), ["/topapi/v2/user/get"]);
    world.session.safety.set_read_only(false);
    world.run("app.mute_all(\"cidSandboxRelease0001==\").errcode").gives(json!(0));
}

/// Every example of a method that changes something is refused before anything but a read was sent.
#[test]
fn every_method_that_changes_something_is_refused() {
    for method in methods().filter(|method| method.on == On::App && method.effect != Effect::Read) {
        let mut world = World::with(|config| config.read_only = true);
        world.run(method.example).fails("read_only", "is not a read");
        assert!(world.sandbox.sent().is_empty(), "{}", method.name);
    }
}

#[test]
fn a_configuration_can_say_it() {
    let mut world = World::new();
    let script = "let other = Dingtalk(Config(#{bot: Bot(\"dingx\", \"secretsecret\"), read_only: true})); other.api.post(\"/v1.0/x\")";
    world.run(script).fails("read_only", "POST /v1.0/x is not a read");
}

#[test]
fn the_command_line_and_the_environment_can_say_it() {
    let world = World::new();
    let call = "app.send_message(\"cidSandboxRelease0001==\", \"a\").ok";
    let flagged = world.program().run(["--read-only", "eval", call]).code(3);
    flagged.says("error[read_only]: read-only: POST /v1.0/robot/groupMessages/send is not a read");
    world.program().env("DINGRAIA_READ_ONLY", "1").run(["eval", call]).code(3).says("error[read_only]");
    let dry = world.program().run(["--dry-run", "eval", call]).code(0).stdout("true\n");
    dry.says("dry run: send_message (reaches people, 1 API call) is not sent");
    // A dry run sends nothing, so it may show what a read-only session would refuse.
    world.program().run(["--dry-run", "--read-only", "eval", call]).code(0).says("dry run: ");
    let zh = world.program().run(["--dry-run", "--lang", "zh", "eval", call]).code(0);
    zh.says("试运行：send_message（会通知到人，1 次 API 调用）未发送");
    assert!(world.sandbox.sent().is_empty());
    world.program().run(["eval", call]).code(0).stdout("true\n");
    assert_eq!(world.sandbox.sent().len(), 1);
}
