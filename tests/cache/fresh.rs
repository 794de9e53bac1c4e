//! What was changed through a method is read anew; until then its row says that it is outdated.

use serde_json::json;

use crate::method::calls;
use crate::support::{RELEASE, World};

#[test]
fn a_person_who_was_changed_is_read_anew() {
    let mut world = World::new();
    world.run(r#"app.get_user("0110000001").name"#).gives(json!("张伟"));
    world.run(r#"app.update_user("0110000001", #{name: "张伟伟"}); ()"#).gives(json!(null));
    assert_eq!(calls(&world).len(), 2);
    world
        .run(r#"[app.get_user("0110000001").name, app.get_user("0110000001").name]"#)
        .gives(json!(["张伟伟", "张伟伟"]));
    assert_eq!(calls(&world).len(), 3, "once anew, then from the cache");
    world.run(r#"app.remove_user("0110000001"); ()"#).gives(json!(null));
    world.run(r#"app.get_user("0110000001")"#).fails("refused", "60121");
    // What was known can be looked at all the same.
    world.run(r#"app.get_user("0110000001", #{using_cache: true}).name"#).gives(json!("张伟伟"));
}

#[test]
fn a_group_that_was_changed_is_read_anew() {
    let mut world = World::new();
    let members = format!("app.get_group(\"{RELEASE}\").user_ids.len()");
    let before = world.run(&members).json().as_i64().unwrap();
    for change in [
        format!("app.kick_member(\"{RELEASE}\", \"0110000004\")"),
        format!("app.add_member(\"{RELEASE}\", \"0110000004\")"),
        format!("app.change_group_title(\"{RELEASE}\", \"发布二组\")"),
        format!("app.set_admin(\"{RELEASE}\", \"0110000004\")"),
    ] {
        world.run(&format!("{change}; ()")).gives(json!(null));
        let sent = calls(&world).len();
        let now = world.run(&members).json().as_i64().unwrap();
        assert!(calls(&world).len() > sent, "{change}");
        assert_eq!(now, before - i64::from(change.contains("kick")), "{change}");
        let sent = calls(&world).len();
        world.run(&members);
        assert_eq!(calls(&world).len(), sent, "{change}");
    }
    world.run(&format!("app.get_group(\"{RELEASE}\").title")).gives(json!("发布二组"));
}
