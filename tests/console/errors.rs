//! What an error says at the prompt, and what `%explain` adds.

use tempfile::tempdir;

use super::window::{Window, console};
use crate::support::World;

#[test]
fn the_last_error_is_explained() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    assert_eq!(window.answer("%explain", 1), "nothing has failed yet");
    window.answer("app.get_depts();", 2);
    let told = window.answer("app.get_user(\"nobody\")", 3);
    assert!(told.contains("request id: ") && told.contains("hint: no such person"), "{told}");
    let page = window.answer("%explain", 4);
    for part in [
        &told,
        "kind      refused: DingTalk understood the request and said no",
        "DingTalk  找不到该用户 (60121)",
        "English   no such person in this organisation",
        "Chinese   找不到该用户",
        "Python    UserNotFoundError",
        "sent      yes: DingTalk has received it",
        "call      POST /topapi/v2/user/get, 127.0.0.1:",
        "\"userid\": \"nobody\"",
        "\"errcode\": 60121",
    ] {
        assert!(page.contains(part), "{part:?} in\n{page}");
    }
    window.answer("1 / 0", 5);
    let page = window.answer("%explain", 6);
    assert!(page.contains("division by zero: 1 / 0") && page.contains("kind      script"), "{page}");
    assert!(!page.contains("call "), "{page}");
}

/// No secret is in it, neither of the configuration nor of an answer.
#[test]
fn what_is_explained_has_no_secret() {
    let world = World::new();
    let config = &world.session.config;
    let mut command = console(world.folder.path());
    command
        .env("DINGRAIA_API_BASE", &config.endpoints.api)
        .env("DINGRAIA_OAPI_BASE", &config.endpoints.oapi)
        .env("DINGRAIA_APP_KEY", "dingkey")
        .env("DINGRAIA_APP_SECRET", "hunter22hunter22");
    let mut window = Window::open(&command);
    window.at_prompt(1);
    assert!(window.answer("app.get_depts()", 1).contains("error[token]"));
    let page = window.answer("%explain", 2);
    assert!(page.contains("\"appKey\": \"dingkey\"") && page.contains("\"appSecret\": \"***\""), "{page}");
    assert!(!page.contains("hunter22"), "{page}");
}

#[test]
fn the_languages_own_errors_have_places_and_remedies() {
    let home = tempdir().unwrap();
    let mut window = Window::console(home.path());
    // The repaired line is offered behind the next prompt.
    let told = window.enter("let x = “林”;").shows("] 2>");
    assert!(told.contains("`“` does not belong here") && told.contains("the language writes `\"`"), "{told}");
    assert_eq!(window.above_caret(), "“");
    window.press("()").press("\r").at_prompt(3);
    let told = window.answer("let n = 5; n.len", 3);
    assert!(told.contains("int has no field `len`"), "{told}");
    let told = window.answer("let r = (); try { [][0] } catch (e) { r = [e.kind, e.message, e.sent]; } r", 4);
    assert_eq!(told, "[\"script\", \"the list is empty\", \"no\"]");
}
