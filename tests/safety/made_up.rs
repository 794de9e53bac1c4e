//! What a dry run makes up is good for going on, and for nothing else.

use serde_json::json;

use super::{Told, paths};
use crate::support::World;

#[test]
fn a_group_that_was_not_made_can_be_gone_on_with() {
    let mut world = World::new();
    let told = Told::of(&world);
    world.session.safety.set_dry(true);
    let script = r#"
        let made = app.create_group("测试群聊", "c3540000-0000-4000-b4ea-6f1ab0000065", "manager4220", (), ["0110000001", "0110000002"]);
        let cid = made.result.open_conversation_id;
        app.add_member(cid, "0110000003");
        let group = app.get_group(cid);
        [group.title, group.user_ids, app.get_info(cid)[1]]"#;
    world.run(script).gives(json!(["测试群聊", ["0110000001", "0110000002"], 0]));
    assert_eq!(told.take().len(), 2);
    assert!(paths(&world).is_empty(), "{:?}", paths(&world));
    world.session.safety.set_dry(false);
    world.run("app.add_member(cid, \"0110000003\")").fails("unsendable", "was made up by a dry run");
    assert!(paths(&world).is_empty());
}

#[test]
fn a_mirror_is_run_to_its_end() {
    let mut world = World::new();
    let told = Told::of(&world);
    world.session.safety.set_dry(true);
    world
        .run("app.mirror_group(\"cidSandboxRelease0001==\").open_conversation_id.contains(\"dryrun\")")
        .gives(json!(true));
    let shown = told.take().into_iter().filter(|step| step.starts_with("dry run")).collect::<Vec<_>>();
    let methods = ["scenegroup/create", "member/add", "subAdmins", "scenegroup/update"];
    assert_eq!(shown.len(), methods.len(), "{shown:#?}");
    for (step, part) in shown.iter().zip(methods) {
        assert!(step.contains(part), "{step}");
    }
}

#[test]
fn an_upload_that_was_not_made_is_made_later() {
    let mut world = World::new();
    let file = world.file("a.txt", "hello");
    let zip = world.file("b.zip", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
    let told = Told::of(&world);
    let _ = file;
    world.session.safety.set_dry(true);
    world
        .run(&format!(
            "let f = File({:?}); app.send_message(\"cidSandboxRelease0001==\", f).ok",
            zip.display().to_string()
        ))
        .gives(json!(true));
    let shown = told.take();
    assert_eq!(shown.len(), 2, "{shown:#?}");
    assert!(shown[0].contains("/media/upload") && shown[0].contains("b.zip, 22 bytes"), "{shown:#?}");
    world.session.safety.set_dry(false);
    world.run("app.send_message(\"cidSandboxRelease0001==\", f).ok").gives(json!(true));
    assert_eq!(paths(&world), ["/media/upload", "/v1.0/robot/groupMessages/send"]);
    assert_eq!(world.sandbox.sent().len(), 1);
}

#[test]
fn the_cache_learns_nothing() {
    let mut world = World::new();
    world.run("app.get_group(\"cidSandboxRelease0001==\");");
    world.session.safety.set_dry(true);
    world.run("app.change_group_title(\"cidSandboxRelease0001==\", \"别的名字\");");
    world.session.safety.set_dry(false);
    world.run("app.get_info(\"cidSandboxRelease0001==\")[0].dingraia_cache.name").prints("发布小组");
    world.run("cache.files().len()").gives(json!(0));
}
