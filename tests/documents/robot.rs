//! The sample robot, spoken to by people of the sandbox.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use dingraia::clock::Clock;
use dingraia::sandbox::{SentMessage, Via};
use serde_json::Value;

use super::root;
use crate::support::canned::Canned;
use crate::support::{NOW, RELEASE, World, until};

const SPOKEN: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"四十\"}}]}\n\n\
                      data: {\"choices\":[{\"delta\":{\"content\":\"二\"}}]}\n\ndata: [DONE]\n\n";

/// The robot at work.
struct Robot {
    child: Child,
    lines: BufReader<ChildStdout>,
    world: World,
}

impl Robot {
    fn start(server: &str) -> Self {
        let world = World::new();
        // Webhooks end by the clock of the program, which is the machine's.
        world.clock.advance(Clock::system().millis() - NOW);
        let mut program = world.program();
        let command =
            program.command().arg("run").arg(root().join("scripts/robot.rhai")).arg(RELEASE).arg(server);
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap());
        let mut robot = Self { child, lines, world };
        assert_eq!(robot.line(), "listening\n");
        robot
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).unwrap();
        line
    }

    fn say(&self, person: &str, text: &str) {
        self.world.sandbox.say(person, Some("发布小组"), text).unwrap();
    }

    /// What the robot said last, once it has said so many things in all.
    #[track_caller]
    fn said(&self, count: usize) -> SentMessage {
        until("the robot says something", || self.world.sandbox.sent().len() >= count);
        let mut sent = self.world.sandbox.sent();
        assert_eq!(sent.len(), count, "{sent:#?}");
        sent.pop().unwrap()
    }

    #[track_caller]
    fn says(&self, count: usize, text: &str) {
        let said = self.said(count);
        assert_eq!(said.body["text"]["content"].as_str(), Some(text), "{said:#?}");
        assert_eq!((said.via, said.to.as_str()), (Via::Session, RELEASE));
    }
}

impl Drop for Robot {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_helps_and_reminds() {
    let mut robot = Robot::start("");
    robot.say("张伟", "你好");
    robot.says(1, "说 /help 看看我会什么");
    robot.say("张伟", "/help");
    let help = robot.said(2);
    assert_eq!((help.kind.as_str(), help.body["markdown"]["title"].as_str()), ("markdown", Some("我会这些")));
    for wrong in ["/remind", "/remind 10x 喝水", "/remind m 喝水"] {
        let count = robot.world.sandbox.sent().len() + 1;
        robot.say("张伟", wrong);
        robot.says(count, "这样说：/remind 10m 喝水（s 秒、m 分、h 小时）");
    }
    robot.say("张伟", "/remind 0s 喝 水");
    until("both are said", || robot.world.sandbox.sent().len() == 7);
    let mut texts: Vec<Value> =
        robot.world.sandbox.sent().iter().skip(5).map(|sent| sent.body["text"]["content"].clone()).collect();
    texts.sort_by_key(Value::to_string);
    assert_eq!(texts, ["@0110000001 该喝 水了", "好的，0s 后提醒你"]);
    robot.say("张伟", "/ask 什么");
    robot.says(8, "没有配置回答问题的服务");
    let pid = robot.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(robot.child.wait().unwrap().code(), Some(130));
}

#[test]
fn it_answers_with_a_card() {
    let server = Canned::new(|_| (200, "text/event-stream", SPOKEN.into()));
    let robot = Robot::start(&format!("{}/v1/chat/completions", server.url()));
    robot.say("张伟", "/ask 六乘七是多少");
    until("the card is written", || {
        robot.world.sandbox.cards().first().is_some_and(|card| card.flow.status() == "3")
    });
    let card = robot.world.sandbox.cards().pop().unwrap();
    assert_eq!(card.params["content"], "四十二");
    assert_eq!(server.seen()[0].body["messages"][0]["content"], "六乘七是多少");
    assert_eq!((robot.said(1).kind.as_str(), robot.said(1).to.as_str()), ("card", RELEASE));
}

#[test]
fn it_asks_questions() {
    let robot = Robot::start("");
    robot.say("张伟", "/leave");
    robot.says(1, "哪天请假？");
    // Somebody else is answered meanwhile.
    robot.say("李娜", "在吗");
    robot.says(2, "说 /help 看看我会什么");
    robot.say("张伟", "周五");
    robot.says(3, "什么原因？");
    robot.say("张伟", "搬家");
    robot.says(4, "周五请假，原因：搬家。提交吗？（是/否）");
    robot.say("张伟", "是的");
    robot.says(5, "已提交");
    robot.say("张伟", "好");
    robot.says(6, "说 /help 看看我会什么");
}
