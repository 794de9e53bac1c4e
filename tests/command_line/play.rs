//! `sandbox say|press|event|fault|state`: people in a sandbox that another process serves.

use serde_json::{Value, json};

use super::serve::serve;
use crate::support::{Program, World};

#[test]
fn the_served_sandbox_is_found_and_people_speak_in_it() {
    let world = World::new();
    let run = |args: &[&str]| {
        let words = [&["sandbox"], args].concat();
        Program::new(world.folder.path()).run(words)
    };
    run(&["say", "张伟", "hi"]).code(3).says("no sandbox is being served").says("sandbox serve");
    let served = serve(&world, &[]);
    run(&["say", "张伟", "发布小组", "你好", "世界"]).code(0).stdout("not sent: nobody is connected\n");
    run(&["--lang", "zh", "say", "张伟", "你好"]).code(0).stdout("未推送：没有客户端连接\n");
    run(&["say", "没有的人", "hi"]).code(3).stdout("").says("nobody in the sandbox is called `没有的人`");
    run(&["say", "张伟"]).code(3).says("TEXT");
    run(&["event", "calendar_event_change", "{\"changeType\":\"create\"}"]).code(0);
    run(&["event", "calendar_event_change", "{"]).code(3).says("not JSON");
    run(&["press", "c1", "张伟", "ok"]).code(3).says("no card `c1`");
    run(&["fault", "call.busy", "--times", "2"]).code(0).stdout("strikes 2\n");
    run(&["fault", "frame.thrice"]).code(3).says("frame.twice");
    let names = run(&["fault"]).code(0).stdout;
    assert!(names.lines().any(|name| name == "link.disconnect"), "{names}");
    let state: Value = serde_json::from_str(&run(&["-o", "json", "state"]).code(0).stdout).unwrap();
    assert_eq!(state["counts"], json!({"pushed": 3, "done": 0, "failed": 3, "waiting": 0}));
    // Another sandbox is named by its address.
    let other = serve(&world, &[]);
    let at = |served: &super::serve::Served| served.1["api"].as_str().unwrap().to_owned();
    run(&["say", "--url", &at(&served), "张伟", "hi"]).code(0);
    let state = run(&["-o", "json", "state", "--url", &at(&served)]).code(0).stdout;
    assert_eq!(serde_json::from_str::<Value>(&state).unwrap()["counts"]["pushed"], 4);
    // The last that is still served is meant, also when a later one was killed and left its note.
    drop(other);
    run(&["say", "张伟", "hi"]).code(0);
    drop(served);
    run(&["say", "张伟", "hi"]).code(6).says("still being served").says("the request was not sent");
    let told = run(&["--lang", "zh", "state"]).code(6).stderr;
    assert!(told.contains("连接被拒绝") && told.contains("请求未发出"), "{told}");
    assert!(
        !told.contains("sandbox is") && !told.contains("error sending") && !told.contains("refused"),
        "{told}"
    );
    run(&["state", "--url", "http://example.com"]).code(3).says("this machine only");
    run(&["state", "--url", "nonsense"]).code(3);
}

#[test]
fn the_note_goes_with_the_server() {
    let world = World::new();
    let mut served = serve(&world, &[]);
    let port = served.1["api"].as_str().unwrap().rsplit(':').next().unwrap().to_owned();
    let note = world.folder.path().join(format!(".local/state/dingraia/sandboxes/{port}.json"));
    let text = std::fs::read_to_string(&note).unwrap();
    assert!(text.contains(served.1["api"].as_str().unwrap()), "{text}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(note.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    // A second one goes, and the first is found as before.
    let mut second = serve(&world, &[]);
    let end = |served: &mut super::serve::Served| {
        let pid = served.0.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        assert_eq!(served.0.wait().unwrap().code(), Some(0));
    };
    end(&mut second);
    Program::new(world.folder.path()).run(["sandbox", "say", "张伟", "hi"]).code(0);
    end(&mut served);
    assert!(!note.exists());
}
