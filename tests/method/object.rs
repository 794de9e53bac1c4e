//! The constructors and their objects.

use dingraia::api::methods;
use dingraia::spec::On;
use serde_json::json;

use crate::support::World;

/// Each line and what it gives.
fn rows(world: &mut World, rows: &[(&str, serde_json::Value)]) {
    for (line, expected) in rows {
        let ran = world.run(line);
        assert!(ran.is_value(), "{line}: {}", ran.problem().message.en);
        let found = ran.json();
        assert!(found == *expected, "{line} gives {found}, not {expected}");
    }
}

#[test]
fn by_position_and_by_name() {
    let mut world = World::new();
    rows(
        &mut world,
        &[
            (r#"Member("m1")"#, json!("<Member m1>")),
            (r#"Member(#{staffId: "m1", name: "张"})"#, json!("<Member 张 m1>")),
            (r#"Member("m1", #{name: "张", unionId: "u", id: 5}).unionId"#, json!("u")),
            (r#"Member(#{staff_id: "m1", union_id: "u"}).union_id"#, json!("u")),
            ("Member()", json!("<Member>")),
            (r#"Group("cidA==")"#, json!("<Group cidA==>")),
            (r#"Group(#{OpenConversationId: "cidA==", name: "群"})"#, json!("<Group 群 cidA==>")),
            ("Group(5)", json!("<Group 5>")),
            (r#"Group(OpenConversationId("cidA=="))"#, json!("<Group cidA==>")),
            (r#"OpenConversationId("cidA==")"#, json!("<OpenConversationId cidA==>")),
            (r#"OpenConversationId("cidA==", "群").name"#, json!("群")),
            (r#"OpenConversationId(#{openConversationId: "cidA=="}).openConversationId"#, json!("cidA==")),
            (r#"Webhook("http://h/x?session=1", 1700000000).expired_time"#, json!(1_700_000_000.0)),
            (r#"Webhook(#{url: "http://h/x", expired_time: 1700000000000}).expired"#, json!(1_700_000_000.0)),
            (r#"Webhook("http://h/x").expired"#, json!(0.0)),
            (r#"AccessToken("t").token"#, json!("t")),
            (r#"AccessToken(#{accessToken: "t"}).token"#, json!("t")),
            (r#"MessageChain("a", At("m1"), 1, 2.5)"#, json!("<MessageChain \"a@m112.5\">")),
            (r#"MessageChain(["a", At("m1")]).text"#, json!("a@m1")),
            (r#"MessageChain(#{elements: ["a"]}).text"#, json!("a")),
            (r#"Markdown("x", "t")"#, json!("<Markdown \"t\">")),
            (r#"Markdown(#{text: "x", title: "t"}).text"#, json!("x")),
            (r#"At("13800110001")"#, json!("<At @13800110001>")),
            (r#"At(#{target: Member("m1")})"#, json!("<At @m1>")),
            (r#"At("all")"#, json!("<At @all>")),
            (r#"Bot("k", "s", "r", "00", "SEC1")"#, json!("<Bot>")),
            (r#"Bot(#{AppKey: "k", appSecret: "s"})"#, json!("<Bot>")),
            (
                r#"CallBack("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "token", "key")"#,
                json!("<CallBack>"),
            ),
            (r#"Stream(#{AppKey: "k", AppSecret: "s"})"#, json!("<Stream>")),
            (
                r#"Config(#{bot: Bot("k", "s"), dataCacheTime: 60, raiseForApiError: false})"#,
                json!("<Config>"),
            ),
            (r#"Dingtalk(Config(#{bot: Bot("k", "s"), use_database: false}))"#, json!("<Dingtalk>")),
            (r#"Dingtalk(#{config: Config(#{use_database: false})})"#, json!("<Dingtalk>")),
        ],
    );
}

#[test]
fn fields_are_set_and_objects_shared() {
    let mut world = World::new();
    rows(
        &mut world,
        &[
            (
                r#"let m = Member(); m.staffId = "m1"; m.name = "张"; m.id = 7; `${m} ${m.staffid} ${m.id}`"#,
                json!("<Member 张 m1> m1 7"),
            ),
            (r#"let g = Group(); g.openConversationId = "cidA=="; g.member = m; g.member.name"#, json!("张")),
            (
                r#"g.webhook = Webhook("http://h/x?session=secret"); `${g.webhook}`"#,
                json!("<Webhook http://h/x?session=***>"),
            ),
            ("let n = m; n.name = \"李\"; m.name", json!("李")),
            (r#"Member("a") == Member("a") && Group(1) == Group(1)"#, json!(true)),
            (r#"let d = Markdown("x"); d.title = "t"; d.text = "y"; [d.title, d.text]"#, json!(["t", "y"])),
        ],
    );
}

#[test]
fn no_printed_form_shows_a_secret() {
    let mut world = World::new();
    let ran = world.run(
        r#"let all = [AccessToken("S3CRET"), Bot("k", "S3CRET"), Webhook("http://h/x?a=S3CRET&b=S3CRET"),
                      Config(#{bot: Bot("k", "S3CRET")}), Stream("k", "S3CRET"), Dingtalk(Config(#{bot: Bot("k", "S3CRET")})), app];
           for x in all { print(x); debug(x); }
           `${all}` + to_json(all)"#,
    );
    let shown = format!("{}{}", ran.printed, ran.json());
    assert!(shown.contains("***") && !shown.contains("S3CRET"), "{shown}");
}

#[test]
fn another_client_has_its_own_configuration() {
    let mut world = World::new();
    let (api, oapi) =
        (world.session.config.endpoints.api.clone(), world.session.config.endpoints.oapi.clone());
    let secret = world.sandbox.credentials().app_secret;
    world
        .run(&format!(
            r#"let other = Dingtalk(Config(#{{bot: Bot("dingsandboxapp000001", "{secret}"), endpoints: #{{api: "{api}", oapi: "{oapi}"}}}}));
               let wrong = Dingtalk(Config(#{{bot: Bot("dingsandboxapp000001", "no"), endpoints: #{{api: "{api}", oapi: "{oapi}"}}}}));
               other.get_user("manager4220").name"#
        ))
        .prints("林晓");
    world.run("wrong.get_depts()").fails("token", "invalidClientIdOrSecret");
    world.run("app.get_depts().len()").gives(json!(3));
}

#[test]
fn what_cannot_be_is_refused() {
    let mut world = World::new();
    let rows = [
        (r#"OpenConversationId("x")"#, "OpenConversationId: `x` does not begin with `cid`"),
        (
            "Group(\"x\")",
            "Group: `id` must be a conversation id (cid…), an OpenConversationId or a Group, got \"x\"",
        ),
        ("Markdown()", "Markdown: `text` is missing; it must be text"),
        (r#"Bot("k")"#, "Bot: `app_secret` is missing; it must be text"),
        (
            r#"Webhook("u", "soon")"#,
            "Webhook: `expired_time` must be a Unix time in seconds or milliseconds, got \"soon\"",
        ),
        ("Dingtalk(1)", "Dingtalk: `config` must be a Config, got 1"),
        (r#"Member(#{staffid2: "x"})"#, "Member: no parameter `staffid2`; did you mean `staffId`?"),
    ];
    for (line, message) in rows {
        let ran = world.run(line);
        assert_eq!(ran.problem().message.en, message, "{line}");
        assert_eq!(ran.problem().exit_code(), 3, "{line}");
    }
    world.run(r#"Config(#{app_kei: "k"})"#).fails("setting", "app_kei");
    world.run(r#"Config(#{pace: #{calls_per_second: -1}})"#).fails("setting", "calls_per_second");
}

/// What is called on nothing is handed the script's own variable.
#[test]
fn what_a_constructor_takes_stays_where_it_was() {
    let mut world = World::new();
    let constructors: Vec<&str> =
        methods().filter(|method| method.on == On::Nothing).map(|m| m.name).collect();
    assert!(constructors.len() > 20, "{constructors:?}");
    for name in constructors.into_iter().chain(["every", "at"]) {
        for value in ["\"cidA==\"", "[1, [2]]", "#{a: 1}"] {
            let rest = if matches!(name, "every" | "at") { ", || 1" } else { "" };
            let call = format!("try {{ {name}(v{rest}) }} catch {{ }}");
            let expected = world.run(value).json();
            world.run(&format!("let v = {value}; {call} v")).gives(expected.clone());
            world
                .run(&format!("let v = {value}; let f = || {{ {call} v }}; f.call()"))
                .gives(expected.clone());
            world.run(&format!("fn f(v) {{ {call} v }} f({value})")).gives(expected);
        }
    }
    world
        .run("let text = \"# a\"; [Markdown(text), Markdown(text)].map(|m| m.text)")
        .gives(json!(["# a", "# a"]));
}
